/* layout_check.c: does a layout make sense? What can be told without any books: codes that nothing
 * is posted to, signs against the side of a code, rows that are not the sum of the rows below them,
 * parts of the classification that nobody counts, or two rows do.
 *
 * Every row is worked out as a form: how often it counts each of the finest codes of its sources
 * (layout_scheme.h). Forms are then compared. That a text can be read at all is layout.c's. The
 * rules are written for people in docs/layouts.md. */
#include "reporting/figure_sums.h"
#include "reporting/layout_checker.h"
#include <string.h>

FiscRefusal *
fisc_layout_refuse(const FiscLayoutChecker *checker, FiscError code, const FiscLayoutRow *row,
                   const char *column, const char *detail)
{
    return fisc_refusals_add(checker->refusals, code, checker->file, row->line, column, "%s",
                             detail);
}

/* Forms -------------------------------------------------------------------------------------- */

static void
add_row_above(const FiscLayoutChecker *checker, const FiscTerm *term, FiscForm *form)
{
    const FiscForm *other = g_hash_table_lookup(checker->forms, term->code);
    for (guint i = 0; other != NULL && i < checker->scheme->leaves->len; i++) {
        form[i] = (FiscForm)CLAMP(form[i] + term->sign * other[i], -100, 100);
    }
}

static void
add_figure(const FiscLayoutChecker *checker, const FiscLayoutRow *row, const FiscTerm *term,
           FiscForm *form)
{
    FiscSource source = (FiscSource)term->source;
    if (fisc_scheme_knows(checker->scheme, source) &&
        !fisc_scheme_add(checker->scheme, source, term->code, term->sign, form)) {
        g_autofree char *detail = g_strdup_printf("\"%s\": nothing is posted there", term->code);
        fisc_layout_refuse(checker, FISC_ERROR_LAYOUT_CODE, row, "formula", detail);
    }
}

/* The first code that a form counts more than once. */
static const char *
counted_twice(const FiscLayoutChecker *checker, const FiscForm *form)
{
    for (guint i = 0; i < checker->scheme->leaves->len; i++) {
        if (ABS(form[i]) > 1) {
            return g_array_index(checker->scheme->leaves, FiscLeaf, i).code;
        }
    }
    return NULL;
}

static FiscForm *
work_out(const FiscLayoutChecker *checker, const FiscLayoutRow *row)
{
    FiscForm *form = fisc_scheme_form(checker->scheme);
    for (guint i = 0; i < row->terms->len; i++) {
        const FiscTerm *term = fisc_layout_term(row, i);
        if (term->source >= 0) {
            add_figure(checker, row, term, form);
        } else {
            add_row_above(checker, term, form);
        }
    }
    const char *twice = counted_twice(checker, form);
    if (twice != NULL) {
        g_autofree char *detail = g_strdup_printf("the formula counts %s more than once", twice);
        fisc_layout_refuse(checker, FISC_ERROR_LAYOUT_TWICE, row, "formula", detail);
    }
    return form;
}

static void
work_out_rows(FiscLayoutChecker *checker)
{
    for (guint i = 0; i < checker->layout->rows->len; i++) {
        const FiscLayoutRow *row = g_ptr_array_index(checker->layout->rows, i);
        bool has_figures = row->kind != FISC_LAYOUT_HEADING && row->kind != FISC_LAYOUT_NOTE;
        FiscForm *form = has_figures ? work_out(checker, row) : NULL;
        g_ptr_array_add(checker->row_forms, form);
        if (row->code != NULL) {
            g_hash_table_insert(checker->forms, row->code, form);
        }
    }
}

/* Signs -------------------------------------------------------------------------------------- */

static bool
is_cash(int source)
{
    return source == FISC_SOURCE_CASH || source == FISC_SOURCE_CASH_DOMESTIC ||
           source == FISC_SOURCE_CASH_EXTERNAL;
}

/* The sign under which a figure alone is printed positive when it is as it usually is. Cash is
 * received or paid; every other figure has its side already. */
static int
usual_sign(const FiscTerm *term)
{
    bool is_receipt = term->code[0] == '1' || g_str_has_prefix(term->code, "33") ||
                      g_str_has_suffix(term->code, ".2");
    return is_cash(term->source) && !is_receipt ? -1 : 1;
}

/* Debits and credits of these may be added up: flows of the period, and each kind of stock. */
static int
sum_group(const FiscTerm *term)
{
    bool is_other_flow =
        term->source == FISC_SOURCE_FLOW && (term->code[0] == '4' || term->code[0] == '5');
    return term->source * 10 + (is_other_flow ? term->code[0] - '0' : 0);
}

static int
weight_of(const FiscTerm *term)
{
    return term->sign * fisc_figure_side((FiscSource)term->source, term->code);
}

/* One of two codes is inside the other: it is taken out of it. */
static bool
is_nested(const FiscTerm *a, const FiscTerm *b)
{
    return a->source == b->source &&
           (fisc_gfs_is_under(a->code, b->code) || fisc_gfs_is_under(b->code, a->code));
}

static bool
is_nested_in_any(const FiscLayoutRow *row, guint at)
{
    for (guint i = 0; i < row->terms->len; i++) {
        if (i != at && fisc_layout_term(row, i)->source >= 0 &&
            is_nested(fisc_layout_term(row, i), fisc_layout_term(row, at))) {
            return true;
        }
    }
    return false;
}

static bool
is_figure_of_gfs(const FiscTerm *term)
{
    return term->source >= 0 && term->source != FISC_SOURCE_MEMORANDUM &&
           term->source != FISC_SOURCE_ACCOUNT_OPEN && term->source != FISC_SOURCE_ACCOUNT_CLOSE &&
           term->source != FISC_SOURCE_ACCOUNT_DEBIT && term->source != FISC_SOURCE_ACCOUNT_CREDIT;
}

/* What is added must be on the same side: revenue less expense, assets less liabilities. */
static void
check_signs_of_sum(const FiscLayoutChecker *checker, const FiscLayoutRow *row)
{
    for (guint i = 0; i < row->terms->len; i++) {
        for (guint k = i + 1; k < row->terms->len; k++) {
            const FiscTerm *a = fisc_layout_term(row, i);
            const FiscTerm *b = fisc_layout_term(row, k);
            if (!is_figure_of_gfs(a) || !is_figure_of_gfs(b) || is_nested_in_any(row, i) ||
                is_nested_in_any(row, k) || sum_group(a) != sum_group(b) ||
                weight_of(a) == weight_of(b)) {
                continue;
            }
            g_autofree char *detail = g_strdup_printf(
                "\"%s\" and \"%s\" are on different sides: one of them is taken from the other",
                a->code, b->code);
            fisc_layout_refuse(checker, FISC_ERROR_LAYOUT_SIGN, row, "formula", detail);
            return;
        }
    }
}

static void
check_signs(const FiscLayoutChecker *checker)
{
    for (guint i = 0; i < checker->layout->rows->len; i++) {
        const FiscLayoutRow *row = g_ptr_array_index(checker->layout->rows, i);
        if (row->kind != FISC_LAYOUT_ROW) {
            continue;
        }
        const FiscTerm *only = row->terms->len == 1 ? fisc_layout_term(row, 0) : NULL;
        if (only != NULL && is_figure_of_gfs(only) && only->sign != usual_sign(only)) {
            g_autofree char *detail = g_strdup_printf(
                "\"%s\" would be printed negative when it is as it usually is", only->code);
            FiscRefusal *refusal =
                fisc_layout_refuse(checker, FISC_ERROR_LAYOUT_SIGN, row, "formula", detail);
            refusal->hint = g_strdup("print it on its own side, and take it off in the total");
        }
        check_signs_of_sum(checker, row);
    }
}

/* Gaps of the whole -------------------------------------------------------------------------- */

/* What a layout shows of one class of one source: "1" of flow, "62" of close. */
typedef struct {
    FiscSource source;
    const char *first_code;
    char *common; /* what all its codes begin with */
    const FiscLayoutRow *first;
    FiscForm *shown;
} Reach;

static Reach *
find_reach(GArray *reaches, const FiscLayoutChecker *checker, const FiscTerm *term,
           const FiscLayoutRow *row)
{
    gsize digits = fisc_scheme_class_digits(term->code);
    for (guint i = 0; i < reaches->len; i++) {
        Reach *reach = &g_array_index(reaches, Reach, i);
        if ((int)reach->source == term->source &&
            strncmp(reach->first_code, term->code, digits) == 0) {
            return reach;
        }
    }
    Reach reach = {.source = (FiscSource)term->source,
                   .first_code = term->code,
                   .common = g_strndup(term->code, strcspn(term->code, ".")),
                   .first = row,
                   .shown = fisc_scheme_form(checker->scheme)};
    g_array_append_val(reaches, reach);
    return &g_array_index(reaches, Reach, reaches->len - 1);
}

static void
shorten_to_common(char *common, const char *code)
{
    gsize length = 0;
    while (common[length] != '\0' && common[length] == code[length]) {
        length++;
    }
    common[length] = '\0';
}

static void
add_reach(GArray *reaches, const FiscLayoutChecker *checker, const FiscTerm *term,
          const FiscLayoutRow *row)
{
    g_autofree FiscForm *form = fisc_scheme_form(checker->scheme);
    if (!is_figure_of_gfs(term) ||
        !fisc_scheme_add(checker->scheme, (FiscSource)term->source, term->code, 1, form)) {
        return;
    }
    Reach *reach = find_reach(reaches, checker, term, row);
    shorten_to_common(reach->common, term->code);
    for (guint i = 0; i < checker->scheme->leaves->len; i++) {
        reach->shown[i] = reach->shown[i] != 0 || form[i] != 0;
    }
}

static void
finish_reach(const FiscLayoutChecker *checker, Reach *reach)
{
    g_autofree FiscForm *whole = fisc_scheme_form(checker->scheme);
    fisc_scheme_add(checker->scheme, reach->source, reach->common, 1, whole);
    g_autofree char *missing = fisc_scheme_missing(checker->scheme, whole, reach->shown);
    if (missing != NULL) {
        g_autofree char *detail = g_strdup_printf(
            "rows of the layout show parts of %s, and none shows %s", reach->common, missing);
        FiscRefusal *refusal =
            fisc_layout_refuse(checker, FISC_ERROR_LAYOUT_GAP, reach->first, "formula", detail);
        refusal->hint = g_strdup("show it, if only by a row of the style memo");
    }
    g_free(reach->common);
    g_free(reach->shown);
}

/* Who shows 11, 12 and 13 and not 14 has forgotten something; who shows 11 alone has not. */
static void
check_gaps(const FiscLayoutChecker *checker)
{
    g_autoptr(GArray) reaches = g_array_new(FALSE, FALSE, sizeof(Reach));
    for (guint i = 0; i < checker->layout->rows->len; i++) {
        const FiscLayoutRow *row = g_ptr_array_index(checker->layout->rows, i);
        for (guint k = 0; k < row->terms->len; k++) {
            add_reach(reaches, checker, fisc_layout_term(row, k), row);
        }
    }
    for (guint i = 0; i < reaches->len; i++) {
        finish_reach(checker, &g_array_index(reaches, Reach, i));
    }
}

void
fisc_layout_check(const FiscLayout *layout, const char *file, const FiscNation *nation,
                  FiscRefusals *refusals)
{
    g_autoptr(FiscScheme) scheme = fisc_scheme_new(nation);
    g_autoptr(GHashTable) forms = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) row_forms = g_ptr_array_new_with_free_func(g_free);
    FiscLayoutChecker checker = {layout, file, scheme, forms, row_forms, refusals};
    work_out_rows(&checker);
    check_signs(&checker);
    fisc_layout_check_parts(&checker);
    fisc_layout_check_sums(&checker);
    check_gaps(&checker);
}
