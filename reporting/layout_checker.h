/* layout_checker.h: what the parts of the check of a layout share (layout_check.c, layout_total.c).
 */
#ifndef FISC_LAYOUT_CHECKER_H
#define FISC_LAYOUT_CHECKER_H

#include "reporting/layout_scheme.h"

/* A layout while it is checked. */
typedef struct {
    const FiscLayout *layout;
    const char *file;
    const FiscScheme *scheme;
    GHashTable *forms;    /* code of a row -> its form */
    GPtrArray *row_forms; /* of FiscForm: one for each row; NULL for words */
    FiscRefusals *refusals;
} FiscLayoutChecker;

FiscRefusal *fisc_layout_refuse(const FiscLayoutChecker *checker, FiscError code,
                                const FiscLayoutRow *row, const char *column, const char *detail);
static inline const FiscTerm *
fisc_layout_term(const FiscLayoutRow *row, guint at)
{
    return &g_array_index(row->terms, FiscTerm, at);
}

/** Rows that stand below a row are its parts: all of it, once, with one sign. */
void fisc_layout_check_parts(const FiscLayoutChecker *checker);
/** A total of some of the rows above it is a total of all of them. */
void fisc_layout_check_sums(const FiscLayoutChecker *checker);

#endif
