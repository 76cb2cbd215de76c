/* layout_scheme.h: what figures are made of: for each source the finest codes of the
 * classification, so that formulas can be held against each other without any books. */
#ifndef FISC_LAYOUT_SCHEME_H
#define FISC_LAYOUT_SCHEME_H

#include "fisc/gfs.h"
#include "reporting/layout.h"

/* The finest code of a source: "11411"; "31111.1": assets by kind. */
typedef struct {
    FiscSource source;
    char *code;
} FiscLeaf;

typedef struct {
    GArray *leaves; /* of FiscLeaf, those of a source together */
    guint first[FISC_SOURCE_COUNT + 1];
    bool has_accounts; /* the accounts of a nation are among them */
} FiscScheme;

/* A formula as how often it counts every leaf, debits positive: one number for each leaf. */
typedef int8_t FiscForm;

/** GFSM 2014, and the accounts of @nation, NULL = not known. */
FiscScheme *fisc_scheme_new(const FiscNation *nation);
void fisc_scheme_free(FiscScheme *scheme);
/** False for a source whose codes are not known: memoranda, the accounts of no nation. */
bool fisc_scheme_knows(const FiscScheme *scheme, FiscSource source);
/** How many digits of a code tell its class: "11" is of "1", "3111" of "31". */
gsize fisc_scheme_class_digits(const char *code);
/** Adds a figure to a form, with its natural sign. False when nothing can be posted to the code. */
bool fisc_scheme_add(const FiscScheme *scheme, FiscSource source, const char *code, int sign,
                     FiscForm *form);
FiscForm *fisc_scheme_form(const FiscScheme *scheme); /* nothing, yet; caller frees */
/** The leaves of @whole that @part lacks, by the shortest codes: "12, 14, 31.3". Caller frees; NULL
 *  when none is. */
char *fisc_scheme_missing(const FiscScheme *scheme, const FiscForm *whole, const FiscForm *part);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscScheme, fisc_scheme_free)

#endif
