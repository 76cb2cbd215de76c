/* asymmetries.c: dealings that the two units do not record alike (convention 12).
 *
 * Only what the units reported is compared: an adjustment settles the statements, and the
 * difference stays on the list until a unit corrects its own record. Nothing is plugged. Grants
 * come first and alone, unless every kind of dealing is asked for. */
#include "fisc/gfs.h"
#include "fisc/money.h"
#include "fisc/statement.h"
#include "reporting/asymmetry_causes.h"
#include "reporting/period_label.h"
#include "reporting/rates.h"
#include <string.h>

enum {
    PAYER,
    RECEIVER,
    KIND,
    PAYER_AMOUNT,
    RECEIVER_AMOUNT,
    DIFFERENCE,
    CLASS,
    OWNER,
    SINCE,
    DAYS,
};

/* All dealings inside the group, whether they differ or not. */
typedef struct {
    const FiscAsymmetryQuery *query;
    FiscPerimeter *perimeter;
    FiscPairs *pairs;
    __int128 grants[2]; /* by FiscSide */
    GPtrArray *list;    /* of FiscPair that differ */
    GPtrArray *found;   /* of FiscAsymmetry, in the order of the report */
    GHashTable *by_set; /* kind and set -> FiscAsymmetry */
} Search;

/* As reported, between units of the perimeter, of a kind that has two sides. */
static bool
is_inside(const Search *search, const FiscCoding *coding, FiscDealing *out_dealing)
{
    return coding->dim[FISC_DIM_LAYER][0] == '\0' &&
           fisc_perimeter_has(search->perimeter, coding->entity) &&
           fisc_perimeter_is_inside(search->perimeter, coding->dim[FISC_DIM_COUNTERPARTY]) &&
           fisc_dealing_of(coding, out_dealing);
}

static bool
is_counted(const Search *search, const FiscDealing *dealing, FiscPeriod period)
{
    return period <= search->query->to && (dealing->is_stock || period >= search->query->from);
}

static void
add_records(Search *search)
{
    const GArray *rows = search->query->balances->rows;
    for (guint i = 0; i < rows->len; i++) {
        const FiscBalance *row = &g_array_index(rows, FiscBalance, i);
        const FiscCoding *coding = row->coding;
        FiscDealing dealing;
        if (!is_inside(search, coding, &dealing) || !is_counted(search, &dealing, row->period)) {
            continue;
        }
        __int128 amount = fisc_dealing_amount(&dealing, (__int128)row->debit - row->credit);
        if (fisc_pairs_add(search->pairs, dealing.side, coding->entity,
                           coding->dim[FISC_DIM_COUNTERPARTY], dealing.kind, amount) &&
            dealing.is_grant) {
            search->grants[dealing.side] += amount;
        }
    }
}

/* Every month's records of the pairs that differ, of the months around the period, too. */
static void
add_months(Search *search)
{
    const GArray *rows = search->query->balances->rows;
    for (guint i = 0; i < rows->len; i++) {
        const FiscBalance *row = &g_array_index(rows, FiscBalance, i);
        const FiscCoding *coding = row->coding;
        FiscDealing dealing;
        if (!is_inside(search, coding, &dealing)) {
            continue;
        }
        gint64 set = fisc_pairs_set(search->pairs, dealing.side, coding->entity,
                                    coding->dim[FISC_DIM_COUNTERPARTY], dealing.kind);
        FiscAsymmetry *asymmetry = g_hash_table_lookup(search->by_set, &set);
        if (asymmetry != NULL) {
            asymmetry->dealing = dealing;
            fisc_asymmetry_add(asymmetry, coding, dealing.side, row->period,
                               fisc_dealing_amount(&dealing, (__int128)row->debit - row->credit));
        }
    }
}

static bool
is_grant_kind(const char *kind)
{
    return strcmp(kind, "current") == 0 || strcmp(kind, "capital") == 0 ||
           strcmp(kind, "unclassified") == 0;
}

static void
take_pairs(Search *search, bool of_grants)
{
    for (guint i = 0; i < search->list->len; i++) {
        FiscPair *pair = search->list->pdata[i];
        if (is_grant_kind(pair->what) == of_grants) {
            FiscDealing none = {.kind = pair->what};
            FiscAsymmetry *asymmetry = fisc_asymmetry_new(pair, &none);
            g_ptr_array_add(search->found, asymmetry);
            g_hash_table_insert(search->by_set, &pair->set, asymmetry);
        }
    }
}

/* The day of the first entry that the difference stands since: in its month, the first line after
 * which the two sides have not been even again. */
static void
refine_since(Search *search, FiscAsymmetry *asymmetry)
{
    const FiscPostedLines *lines = search->query->lines;
    FiscPeriod month = fisc_period_of(asymmetry->since);
    __int128 sum = 0;
    FiscDate since = 0;
    for (guint i = 0; lines != NULL && i < lines->rows->len; i++) {
        const FiscPostedLine *line = &g_array_index(lines->rows, FiscPostedLine, i);
        FiscDealing dealing;
        if (line->period != month || !is_inside(search, &line->coding, &dealing) ||
            fisc_pairs_set(search->pairs, dealing.side, line->coding.entity,
                           line->coding.dim[FISC_DIM_COUNTERPARTY],
                           dealing.kind) != asymmetry->pair->set) {
            continue;
        }
        since = sum == 0 || line->effective < since ? line->effective : since;
        __int128 amount = fisc_dealing_amount(&dealing, line->amount);
        sum += dealing.side == FISC_SIDE_FROM ? amount : -amount;
    }
    asymmetry->since = since != 0 ? since : asymmetry->since;
}

static void
search_clear(Search *search)
{
    g_clear_pointer(&search->by_set, g_hash_table_unref);
    g_clear_pointer(&search->found, g_ptr_array_unref);
    g_clear_pointer(&search->list, g_ptr_array_unref);
    g_clear_pointer(&search->pairs, fisc_pairs_free);
    g_clear_pointer(&search->perimeter, fisc_perimeter_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Search, search_clear)

static bool
search_run(Search *search, const FiscAsymmetryQuery *query, GError **error)
{
    const char *group = query->group != NULL ? query->group : fisc_perimeter_widest(query->nation);
    search->query = query;
    if (!fisc_perimeter_find(query->nation, group, &search->perimeter, error)) {
        return false;
    }
    search->pairs = fisc_pairs_new(search->perimeter);
    search->by_set = g_hash_table_new(g_int64_hash, g_int64_equal);
    search->found = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_asymmetry_free);
    add_records(search);
    search->list = fisc_pairs_list(search->pairs);
    take_pairs(search, true);
    take_pairs(search, false);
    add_months(search);
    fisc_asymmetry_explain(search->found, query->nation, query->from, query->to);
    for (guint i = 0; i < search->found->len; i++) {
        refine_since(search, search->found->pdata[i]);
    }
    return true;
}

/* The report ----------------------------------------------------------------------------------- */

static FiscTable *
new_table(const Search *search)
{
    const FiscPerimeter *perimeter = search->perimeter;
    g_autofree char *period = fisc_period_label(search->query->from, search->query->to);
    g_autofree char *title = g_strdup_printf(
        "%s, %s %s, %s",
        search->query->every_kind ? "Dealings recorded differently by the two units"
                                  : "Grants recorded differently by payer and receiver",
        perimeter->unit, perimeter->name, period);
    FiscTable *table = fisc_table_new("asymmetries", title, perimeter->decimals);
    fisc_table_add_column(table, "payer", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "receiver", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "kind", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "payer_amount", FISC_COLUMN_AMOUNT);
    fisc_table_add_column(table, "receiver_amount", FISC_COLUMN_AMOUNT);
    fisc_table_add_column(table, "difference", FISC_COLUMN_AMOUNT);
    fisc_table_add_column(table, "class", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "owner", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "since", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "days", FISC_COLUMN_INTEGER);
    return table;
}

static void
list_asymmetry(FiscTable *table, const FiscAsymmetry *asymmetry, FiscPeriod to)
{
    const FiscPair *pair = asymmetry->pair;
    __int128 paid = pair->amount[FISC_SIDE_FROM];
    __int128 received = pair->amount[FISC_SIDE_TO];
    char since[FISC_DATE_TEXT];
    FiscRow *row = fisc_table_add_row(table);
    fisc_table_set_text(table, row, PAYER, pair->from);
    fisc_table_set_text(table, row, RECEIVER, pair->to);
    fisc_table_set_text(table, row, KIND, pair->what);
    fisc_table_set_amount(table, row, PAYER_AMOUNT, paid);
    fisc_table_set_amount(table, row, RECEIVER_AMOUNT, received);
    fisc_table_set_amount(table, row, DIFFERENCE, paid - received);
    fisc_table_set_text(table, row, CLASS, asymmetry->class_);
    fisc_table_set_text(table, row, OWNER, asymmetry->owner);
    fisc_table_set_text(table, row, SINCE, fisc_date_format(asymmetry->since, since));
    fisc_table_set_amount(table, row, DAYS, fisc_rates_last_day(to) - asymmetry->since);
}

static void
note_grants(FiscTable *table, const Search *search)
{
    char paid[FISC_SUM_TEXT], received[FISC_SUM_TEXT], difference[FISC_SUM_TEXT];
    const char *unit = search->perimeter->unit;
    __int128 payers = search->grants[FISC_SIDE_FROM];
    __int128 receivers = search->grants[FISC_SIDE_TO];
    g_autofree char *text =
        g_strdup_printf("Grants inside %s: payers recorded %s, receivers %s, difference %s", unit,
                        fisc_sum_format_grouped(payers, table->decimals, paid),
                        fisc_sum_format_grouped(receivers, table->decimals, received),
                        fisc_sum_format_grouped(payers - receivers, table->decimals, difference));
    fisc_table_add_note_about(table, unit, NULL, false, text);
}

/* How many of the other kinds differ, where only grants are listed. */
static void
note_others(FiscTable *table, guint others)
{
    if (others > 0) {
        fisc_table_add_note(table, "%u other dealing%s recorded differently: --by kind lists them",
                            others, others == 1 ? " is" : "s are");
    }
}

bool
fisc_statement_asymmetries(const FiscAsymmetryQuery *query, FiscTable **out_table, GError **error)
{
    g_auto(Search) search = {0};
    if (!search_run(&search, query, error)) {
        return false;
    }
    g_autoptr(FiscTable) table = new_table(&search);
    guint others = 0;
    for (guint i = 0; i < search.found->len; i++) {
        const FiscAsymmetry *asymmetry = search.found->pdata[i];
        if (query->every_kind || is_grant_kind(asymmetry->pair->what)) {
            list_asymmetry(table, asymmetry, query->to);
        } else {
            others++;
        }
    }
    note_grants(table, &search);
    note_others(table, others);
    *out_table = g_steal_pointer(&table);
    return true;
}

/* Both sides' records, one by one ---------------------------------------------------------------
 */

enum {
    LINE_PAYER,
    LINE_RECEIVER,
    LINE_KIND,
    LINE_SIDE,
    LINE_ENTITY,
    LINE_DATE,
    LINE_REFERENCE,
    LINE_DOCUMENT,
    LINE_CODE,
    LINE_AMOUNT,
};

static FiscTable *
new_line_table(const FiscPerimeter *perimeter, FiscPeriod from, FiscPeriod to)
{
    static const char *const texts[] = {"payer", "receiver",  "kind",     "side",    "entity",
                                        "date",  "reference", "document", "gfs_code"};
    g_autofree char *period = fisc_period_label(from, to);
    g_autofree char *title = g_strdup_printf("Records behind what differs, %s %s, %s",
                                             perimeter->unit, perimeter->name, period);
    FiscTable *table = fisc_table_new("asymmetries", title, perimeter->decimals);
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        fisc_table_add_column(table, texts[i], FISC_COLUMN_TEXT);
    }
    fisc_table_add_column(table, "amount", FISC_COLUMN_AMOUNT);
    return table;
}

static FiscRow *
list_side(FiscTable *table, const FiscPair *pair, FiscSide side, __int128 amount)
{
    FiscRow *row = fisc_table_add_row(table);
    fisc_table_set_text(table, row, LINE_PAYER, pair->from);
    fisc_table_set_text(table, row, LINE_RECEIVER, pair->to);
    fisc_table_set_text(table, row, LINE_KIND, pair->what);
    fisc_table_set_text(table, row, LINE_SIDE, side == FISC_SIDE_FROM ? "payer" : "receiver");
    fisc_table_set_amount(table, row, LINE_AMOUNT, amount);
    return row;
}

/* One side's lines; of a stock, also what it was before the period. */
static void
list_records(FiscTable *table, Search *search, const FiscPair *pair, FiscSide side)
{
    const GArray *rows = search->query->lines->rows;
    __int128 rest = pair->amount[side];
    for (guint i = 0; i < rows->len; i++) {
        const FiscPostedLine *line = &g_array_index(rows, FiscPostedLine, i);
        const FiscCoding *coding = &line->coding;
        char date[FISC_DATE_TEXT], code[FISC_GFS_CODE];
        FiscDealing dealing;
        if (!is_inside(search, coding, &dealing) || dealing.side != side ||
            !is_counted(search, &dealing, line->period) ||
            fisc_pairs_set(search->pairs, side, coding->entity, coding->dim[FISC_DIM_COUNTERPARTY],
                           dealing.kind) != pair->set) {
            continue;
        }
        __int128 amount = fisc_dealing_amount(&dealing, line->amount);
        FiscRow *row = list_side(table, pair, side, amount);
        fisc_gfs_compose(coding->account->gfs, coding->flow, coding->kind, code);
        fisc_table_set_text(table, row, LINE_ENTITY, coding->entity);
        fisc_table_set_text(table, row, LINE_DATE, fisc_date_format(line->effective, date));
        fisc_table_set_text(table, row, LINE_REFERENCE, line->reference);
        fisc_table_set_text(table, row, LINE_DOCUMENT, line->document);
        fisc_table_set_text(table, row, LINE_CODE, code);
        rest -= amount;
    }
    if (rest != 0) {
        FiscRow *row = list_side(table, pair, side, rest);
        fisc_table_set_text(table, row, LINE_REFERENCE, "opening and earlier");
    }
}

bool
fisc_statement_asymmetry_records(const FiscAsymmetryQuery *query, FiscTable **out_table,
                                 GError **error)
{
    g_auto(Search) search = {0};
    if (!search_run(&search, query, error)) {
        return false;
    }
    *out_table = new_line_table(search.perimeter, query->from, query->to);
    for (guint i = 0; i < search.found->len; i++) {
        const FiscAsymmetry *asymmetry = search.found->pdata[i];
        if (query->every_kind || is_grant_kind(asymmetry->pair->what)) {
            list_records(*out_table, &search, asymmetry->pair, FISC_SIDE_FROM);
            list_records(*out_table, &search, asymmetry->pair, FISC_SIDE_TO);
        }
    }
    return true;
}
