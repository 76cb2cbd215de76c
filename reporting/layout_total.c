/* layout_total.c: rows and the rows they are made of: what stands below a row is all of it, once
 * and with one sign; what adds up rows above it adds up all of them. */
#include "reporting/layout_checker.h"
#include <string.h>

static FiscForm *
form_of_row(const FiscLayoutChecker *checker, guint at)
{
    return g_ptr_array_index(checker->row_forms, at);
}

/* What a row is called in messages. */
static const char *
name_of(const FiscLayoutRow *row)
{
    return row->code != NULL ? row->code : "the list";
}

/* Totals and their parts --------------------------------------------------------------------- */

/* A row with deeper rows below it. */
typedef struct {
    const FiscLayoutRow *row;
    const FiscForm *form;
    FiscForm *covered; /* by the parts so far; begins anew when they were complete */
    bool has_parts;
} Total;

typedef enum { PART_NONE, PART_FOREIGN, PART_CROOKED, PART_GOOD } PartKind;

/* How a row relates to the total it stands under. */
static PartKind
judge_part(const FiscLayoutChecker *checker, const Total *total, const FiscForm *part)
{
    int shares = 0;
    int factor = 0;
    bool is_crooked = false;
    bool is_foreign = false;
    for (guint i = 0; i < checker->scheme->leaves->len; i++) {
        if (part[i] != 0 && total->form[i] != 0) {
            int ratio = part[i] == total->form[i] ? 1 : part[i] == -total->form[i] ? -1 : 2;
            is_crooked = is_crooked || ratio == 2 || (factor != 0 && factor != ratio);
            factor = ratio;
            shares++;
        } else if (part[i] != 0) {
            is_foreign = true;
        }
    }
    return shares == 0  ? PART_NONE
           : is_foreign ? PART_FOREIGN
           : is_crooked ? PART_CROOKED
                        : PART_GOOD;
}

static bool
is_complete(const FiscLayoutChecker *checker, const Total *total)
{
    for (guint i = 0; i < checker->scheme->leaves->len; i++) {
        if (total->form[i] != 0 && total->covered[i] == 0) {
            return false;
        }
    }
    return true;
}

static void
begin_anew(const FiscLayoutChecker *checker, Total *total)
{
    memset(total->covered, 0, checker->scheme->leaves->len * sizeof(FiscForm));
}

/* The first code that was covered before; a list leaves out what has a row. */
static const char *
cover(const FiscLayoutChecker *checker, Total *total, const FiscForm *part)
{
    const char *twice = NULL;
    for (guint i = 0; i < checker->scheme->leaves->len; i++) {
        if (part[i] != 0 && total->covered[i] != 0 && twice == NULL) {
            twice = g_array_index(checker->scheme->leaves, FiscLeaf, i).code;
        }
        total->covered[i] = total->covered[i] != 0 || part[i] != 0;
    }
    return twice;
}

static void
add_part(const FiscLayoutChecker *checker, Total *total, const FiscLayoutRow *row,
         const FiscForm *part)
{
    if (is_complete(checker, total)) {
        begin_anew(checker, total); /* another way to take it apart: by kind instead of by class */
    }
    const char *twice = cover(checker, total, part);
    total->has_parts = true;
    if (twice != NULL && row->kind == FISC_LAYOUT_ROW) {
        g_autofree char *detail =
            g_strdup_printf("%s is in a row above it under %s, too", twice, name_of(total->row));
        fisc_layout_refuse(checker, FISC_ERROR_LAYOUT_TWICE, row, "formula", detail);
    }
}

static void
take_part(const FiscLayoutChecker *checker, Total *total, const FiscLayoutRow *row,
          const FiscForm *part)
{
    g_autofree char *detail = NULL;
    switch (judge_part(checker, total, part)) {
    case PART_NONE:
        return; /* of other sources, or for information */
    case PART_FOREIGN:
        detail = g_strdup_printf("%s counts more than %s, which it stands under", name_of(row),
                                 name_of(total->row));
        break;
    case PART_CROOKED:
        detail = g_strdup_printf("%s is in %s with both signs", name_of(row), name_of(total->row));
        break;
    case PART_GOOD:
        add_part(checker, total, row, part);
        return;
    }
    FiscRefusal *refusal =
        fisc_layout_refuse(checker, FISC_ERROR_LAYOUT_TOTAL, row, "formula", detail);
    refusal->hint = g_strdup("give it the style memo when it is no part of that row");
}

static void
finish_total(const FiscLayoutChecker *checker, Total *total)
{
    g_autofree char *missing =
        total->has_parts ? fisc_scheme_missing(checker->scheme, total->form, total->covered) : NULL;
    if (missing != NULL) {
        g_autofree char *detail =
            g_strdup_printf("no row below %s shows %s", name_of(total->row), missing);
        fisc_layout_refuse(checker, FISC_ERROR_LAYOUT_GAP, total->row, "code", detail);
    }
    g_clear_pointer(&total->covered, g_free);
    total->row = NULL;
}

#define LEVELS 10

/* Rows that no deeper row can be part of any more. */
static void
close_totals(const FiscLayoutChecker *checker, Total *totals, int level)
{
    for (int i = LEVELS - 1; i >= level; i--) {
        if (totals[i].row != NULL) {
            finish_total(checker, &totals[i]);
        }
    }
}

static Total *
find_total(Total *totals, int level)
{
    for (int i = level - 1; i >= 0; i--) {
        if (totals[i].row != NULL) {
            return &totals[i];
        }
    }
    return NULL;
}

/* A heading begins something else, whatever its level. */
void
fisc_layout_check_parts(const FiscLayoutChecker *checker)
{
    Total totals[LEVELS] = {{NULL, NULL, NULL, false}};
    for (guint i = 0; i < checker->layout->rows->len; i++) {
        const FiscLayoutRow *row = g_ptr_array_index(checker->layout->rows, i);
        FiscForm *form = form_of_row(checker, i);
        close_totals(checker, totals, row->kind == FISC_LAYOUT_HEADING ? 0 : row->level);
        Total *total = form != NULL && !row->memo ? find_total(totals, row->level) : NULL;
        if (total != NULL) {
            take_part(checker, total, row, form);
        }
        if (row->kind == FISC_LAYOUT_ROW) {
            totals[row->level] = (Total){row, form, fisc_scheme_form(checker->scheme), false};
        }
    }
    close_totals(checker, totals, 0);
}

/* Totals below their parts ------------------------------------------------------------------- */

static bool
is_referred(const FiscLayoutRow *total, const FiscLayoutRow *part)
{
    for (guint i = 0; i < total->terms->len; i++) {
        const FiscTerm *term = fisc_layout_term(total, i);
        if (term->source < 0 && strcmp(term->code, part->code) == 0) {
            return true;
        }
    }
    return false;
}

/* Two rows that count the same. */
static bool
share(const FiscLayoutChecker *checker, guint a, guint b)
{
    const FiscForm *one = form_of_row(checker, a);
    const FiscForm *other = form_of_row(checker, b);
    for (guint i = 0; one != NULL && i < checker->scheme->leaves->len; i++) {
        if (one[i] != 0 && other[i] != 0) {
            return true;
        }
    }
    return false;
}

/* The rows one step deeper between a row and the one of its level before it, but for those that are
 * parts of the latter. */
static GPtrArray *
rows_summed(const FiscLayoutChecker *checker, guint at)
{
    GPtrArray *rows = g_ptr_array_new();
    const FiscLayoutRow *total = g_ptr_array_index(checker->layout->rows, at);
    guint first = at;
    for (; first > 0; first--) {
        const FiscLayoutRow *row = g_ptr_array_index(checker->layout->rows, first - 1);
        if (row->level <= total->level ||
            (row->kind == FISC_LAYOUT_HEADING && row->level <= total->level + 1)) {
            break;
        }
    }
    for (guint i = first; i < at; i++) {
        FiscLayoutRow *row = g_ptr_array_index(checker->layout->rows, i);
        if (row->kind == FISC_LAYOUT_ROW && !row->memo && row->level == total->level + 1 &&
            !(first > 0 && share(checker, first - 1, i))) {
            g_ptr_array_add(rows, row);
        }
    }
    return rows;
}

static void
check_sum(const FiscLayoutChecker *checker, guint at)
{
    const FiscLayoutRow *total = g_ptr_array_index(checker->layout->rows, at);
    g_autoptr(GPtrArray) rows = rows_summed(checker, at);
    bool is_sum = false;
    for (guint i = 0; i < rows->len; i++) {
        is_sum = is_sum || is_referred(total, g_ptr_array_index(rows, i));
    }
    for (guint i = 0; is_sum && i < rows->len; i++) {
        const FiscLayoutRow *row = g_ptr_array_index(rows, i);
        if (!is_referred(total, row)) {
            g_autofree char *detail =
                g_strdup_printf("%s adds up rows above it, but not %s", total->code, row->code);
            fisc_layout_refuse(checker, FISC_ERROR_LAYOUT_TOTAL, total, "formula", detail);
        }
    }
}

void
fisc_layout_check_sums(const FiscLayoutChecker *checker)
{
    for (guint i = 0; i < checker->layout->rows->len; i++) {
        const FiscLayoutRow *row = g_ptr_array_index(checker->layout->rows, i);
        if (row->kind == FISC_LAYOUT_ROW) {
            check_sum(checker, i);
        }
    }
}
