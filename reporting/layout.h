/* layout.h: the rows of a statement, read from reporting/layouts/ (docs/layouts.md). */
#ifndef FISC_LAYOUT_H
#define FISC_LAYOUT_H

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

/* A family of layouts: statements that belong together, printed in the order of the files. */
typedef struct {
    const char *name;            /* "gfsm2014": a folder of reporting/layouts/ */
    const char *title;           /* "Government finance statistics (GFSM 2014)" */
    const FiscLayoutFile *files; /* ended by { NULL } */
} FiscLayoutFamily;
extern const FiscLayoutFamily fisc_layout_families[]; /* ended by { NULL }; the first is usual */
/** The family of a name, the usual one for NULL; USAGE names those there are. */
bool fisc_layout_family_find(const char *name, const FiscLayoutFamily **out_family, GError **error);
/* Those of reporting/layouts/national/: statements over the numbers of a national chart. */
extern const FiscLayoutFile fisc_national_layout_files[]; /* ended by { NULL } */

/** USAGE names the statements there are when @asked, a list separated by commas, has another word.
 *  NULL asks for all. */
bool fisc_layout_check_asked(const FiscLayoutFamily *family, const char *asked, GError **error);
/** True when @asked lists one of @names, both separated by commas. NULL asks for all. */
bool fisc_layout_is_asked(const char *asked, const char *names);

/** Reads one layout. FAILED names file, line and field of the first mistake. */
bool fisc_layout_parse(const FiscLayoutFile *file, FiscLayout **out_layout, GError **error);
void fisc_layout_free(FiscLayout *layout);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscLayout, fisc_layout_free)

#endif
