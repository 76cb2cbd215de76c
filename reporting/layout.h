/* layout.h: the rows of a statement, read from reporting/layouts/ (docs/layouts.md). */
#ifndef FISC_LAYOUT_H
#define FISC_LAYOUT_H

#include "core/base/hash.h"
#include "reporting/figures.h"

typedef enum {
    FISC_SHOW_ALWAYS,
    FISC_SHOW_NONZERO,
    FISC_SHOW_POSTED, /* a list's row, whatever its sum */
} FiscShow;

typedef enum {
    FISC_LAYOUT_HEADING,    /* words for people */
    FISC_LAYOUT_ROW,        /* one code */
    FISC_LAYOUT_LIST,       /* one row for each code posted under the formula's */
    FISC_LAYOUT_INTEGRATED, /* the same with opening and flows in the label */
    FISC_LAYOUT_NOTE,       /* words on what the statement assumes: a note of it, in every format */
} FiscLayoutKind;

/* One summand: a figure, or a row above (then source is -1). */
typedef struct {
    int sign;
    int source; /* FiscSource */
    char *code;
} FiscTerm;

typedef struct {
    FiscLayoutKind kind;
    char *code;    /* "" for headings and lists */
    char *label;   /* "" = the manual's name of the code */
    guint digits;  /* a list's codes are cut to so many; 0 = as posted */
    bool deeper;   /* with the codes as posted below those that are cut, one level deeper */
    GArray *terms; /* of FiscTerm */
    FiscShow show;
    int level;
    bool strong;
    bool memo; /* for information: no part of the total it stands under */
    int line;  /* of the file */
} FiscLayoutRow;

typedef struct {
    char *statement;   /* "SOO" */
    GPtrArray *rows;   /* of FiscLayoutRow */
    GHashTable *codes; /* those of its rows of one code */
} FiscLayout;

/* The files of reporting/layouts/, in the order statements are printed. */
typedef struct {
    const char *statement; /* "SOO" */
    const char *file;      /* "soo.csv" */
    const char *text;
} FiscLayoutFile;

/* What has to be said below statements whatever they show. */
typedef struct {
    const char *about; /* "T6B" */
    const char *text;
} FiscLayoutNote;

/* A family of layouts: statements that belong together, printed in the order of the files. */
typedef struct {
    const char *name;             /* "gfsm2014": a folder of reporting/layouts/ */
    const char *title;            /* "Government finance statistics (GFSM 2014)" */
    const FiscLayoutFile *files;  /* ended by { NULL } */
    const FiscLayoutFile *bridge; /* from GFSM 2014 to its codes (bridge.h); NULL = the same */
    const FiscLayoutNote *notes;  /* ended by a NULL about; NULL = none */
} FiscLayoutFamily;
extern const FiscLayoutFamily fisc_layout_families[]; /* ended by { NULL }; the first is usual */
/** The family of a name, the usual one for NULL; USAGE names those there are. */
bool fisc_layout_family_find(const char *name, const FiscLayoutFamily **out_family, GError **error);
/* Those of reporting/layouts/national/: statements over the numbers of a national chart. */
extern const FiscLayoutFile fisc_national_layout_files[]; /* ended by { NULL } */

/** The statements of GFSM 2014 that one is like ("SO" is like "SOO"), itself where it is none of
 * them: what is not covered of those, or in transit, is not here either. */
const char *fisc_layout_like(const char *statement);
/** USAGE names the statements there are when @asked, a list separated by commas, has another word.
 *  NULL asks for all. */
bool fisc_layout_check_asked(const FiscLayoutFamily *family, const char *asked, GError **error);
/** True when @asked lists one of @names, both separated by commas. NULL asks for all. */
bool fisc_layout_is_asked(const char *asked, const char *names);

/** True for a name that a statement of this program has: a layout on record takes another. */
bool fisc_layout_is_compiled(const char *name);
/** The text of a layout by name: a national one that is compiled in, or one on record in @nation,
 *  which owns it. USAGE names those there are. */
bool fisc_layout_find(const FiscNation *nation, const char *name, FiscLayoutFile *out_file,
                      GError **error);
/** SHA-256 in hex of the layouts that a report is made by: that of the name @layout, or else every
 *  one of a family (docs/hashes.md). NULL as in FiscReportQuery. */
bool fisc_layout_digest(const FiscNation *nation, const char *family, const char *layout,
                        char out_digest[FISC_HASH_TEXT], GError **error);

/** Reads one layout. Every mistake is a refusal with file, line, field; then there is no layout. */
void fisc_layout_read(const FiscLayoutFile *file, FiscLayout **out_layout, FiscRefusals *refusals);
/** The same, of a text that was read before. FAILED names file, line and field of the first
 *  mistake. */
bool fisc_layout_parse(const FiscLayoutFile *file, FiscLayout **out_layout, GError **error);
void fisc_layout_free(FiscLayout *layout);
/** Holds a layout against the classification: codes that nothing is posted to, signs, totals, gaps,
 *  what is counted twice. @nation gives the accounts of a national chart, NULL = they are not
 *  known. @file names the text in refusals. */
void fisc_layout_check(const FiscLayout *layout, const char *file, const FiscNation *nation,
                       FiscRefusals *refusals);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscLayout, fisc_layout_free)

#endif
