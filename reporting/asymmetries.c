/* asymmetries.c: grants that payer and receiver do not record alike (convention 12).
 *
 * Only what the units reported is compared: an adjustment settles the statements, and the
 * difference stays on the list until a unit corrects its own record. Nothing is plugged. */
#include "fisc/statement.h"
#include "fisc/gfs.h"
#include "fisc/money.h"
#include "reporting/pairs.h"
#include "reporting/period_label.h"

enum { PAYER, RECEIVER, KIND, PAYER_AMOUNT, RECEIVER_AMOUNT, DIFFERENCE };

/* The first that a code lies under. */
static const struct {
    const char *under;
    FiscSide side;
    const char *kind;
} grants[] = {
    {"2631", FISC_SIDE_FROM, "current"},     {"1331", FISC_SIDE_TO, "current"},
    {"2632", FISC_SIDE_FROM, "capital"},     {"1332", FISC_SIDE_TO, "capital"},
    {"263", FISC_SIDE_FROM, "unclassified"}, {"133", FISC_SIDE_TO, "unclassified"},
};

static const char *
widest_group(const FiscNation *nation)
{
    const FiscGroup *widest = NULL;
    for (guint i = 0; i < nation->groups->len; i++) {
        const FiscGroup *group = g_ptr_array_index(nation->groups, i);
        if (widest == NULL || group->members->len > widest->members->len) {
            widest = group;
        }
    }
    return widest != NULL ? widest->code : NULL;
}

static bool
is_reported_grant(const FiscBalance *row, const FiscPerimeter *perimeter, FiscPeriod from,
                  FiscPeriod to)
{
    const FiscCoding *coding = row->coding;
    FiscClass class_ = coding->account->class_;
    return row->period >= from && row->period <= to &&
           (class_ == FISC_CLASS_REVENUE || class_ == FISC_CLASS_EXPENSE) &&
           coding->dim[FISC_DIM_LAYER][0] == '\0' &&
           fisc_perimeter_has(perimeter, coding->entity) &&
           fisc_perimeter_is_inside(perimeter, coding->dim[FISC_DIM_COUNTERPARTY]);
}

/* All grants inside the group, whether they differ or not. */
typedef struct {
    FiscPairs *pairs;
    __int128 total[2]; /* by FiscSide */
} Grants;

static void
add_record(Grants *sums, const FiscBalance *row)
{
    const FiscCoding *coding = row->coding;
    __int128 debit = (__int128)row->debit - row->credit;
    for (guint i = 0; i < G_N_ELEMENTS(grants); i++) {
        if (!fisc_gfs_is_under(coding->account->gfs, grants[i].under)) {
            continue;
        }
        FiscSide side = grants[i].side;
        __int128 amount = side == FISC_SIDE_FROM ? debit : -debit;
        if (fisc_pairs_add(sums->pairs, side, coding->entity, coding->dim[FISC_DIM_COUNTERPARTY],
                           grants[i].kind, amount)) {
            sums->total[side] += amount;
        }
        return;
    }
}

static void
note_totals(FiscTable *table, const Grants *sums, const char *unit)
{
    char paid[FISC_SUM_TEXT], received[FISC_SUM_TEXT], difference[FISC_SUM_TEXT];
    __int128 payers = sums->total[FISC_SIDE_FROM];
    __int128 receivers = sums->total[FISC_SIDE_TO];
    g_autofree char *text =
        g_strdup_printf("Grants inside %s: payers recorded %s, receivers %s, difference %s", unit,
                        fisc_sum_format_grouped(payers, table->decimals, paid),
                        fisc_sum_format_grouped(receivers, table->decimals, received),
                        fisc_sum_format_grouped(payers - receivers, table->decimals, difference));
    fisc_table_add_note_about(table, unit, NULL, false, text);
}

static FiscTable *
new_table(const FiscPerimeter *perimeter, FiscPeriod from, FiscPeriod to)
{
    g_autofree char *period = fisc_period_label(from, to);
    g_autofree char *title = g_strdup_printf("Grants recorded differently by payer and receiver, "
                                             "%s %s, %s",
                                             perimeter->unit, perimeter->name, period);
    FiscTable *table = fisc_table_new("asymmetries", title, perimeter->decimals);
    fisc_table_add_column(table, "payer", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "receiver", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "kind", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "payer_amount", FISC_COLUMN_AMOUNT);
    fisc_table_add_column(table, "receiver_amount", FISC_COLUMN_AMOUNT);
    fisc_table_add_column(table, "difference", FISC_COLUMN_AMOUNT);
    return table;
}

static void
list_pair(FiscTable *table, const FiscPair *pair)
{
    __int128 paid = pair->amount[FISC_SIDE_FROM];
    __int128 received = pair->amount[FISC_SIDE_TO];
    FiscRow *row = fisc_table_add_row(table);
    fisc_table_set_text(table, row, PAYER, pair->from);
    fisc_table_set_text(table, row, RECEIVER, pair->to);
    fisc_table_set_text(table, row, KIND, pair->what);
    fisc_table_set_amount(table, row, PAYER_AMOUNT, paid);
    fisc_table_set_amount(table, row, RECEIVER_AMOUNT, received);
    fisc_table_set_amount(table, row, DIFFERENCE, paid - received);
}

bool
fisc_statement_asymmetries(const FiscNation *nation, const FiscBalances *balances,
                           const char *group, FiscPeriod from, FiscPeriod to, FiscTable **out_table,
                           GError **error)
{
    g_autoptr(FiscPerimeter) perimeter = NULL;
    if (!fisc_perimeter_find(nation, group != NULL ? group : widest_group(nation), &perimeter,
                             error)) {
        return false;
    }
    g_autoptr(FiscPairs) pairs = fisc_pairs_new(perimeter);
    Grants sums = {.pairs = pairs};
    for (guint i = 0; i < balances->rows->len; i++) {
        const FiscBalance *row = &g_array_index(balances->rows, FiscBalance, i);
        if (is_reported_grant(row, perimeter, from, to)) {
            add_record(&sums, row);
        }
    }
    g_autoptr(FiscTable) table = new_table(perimeter, from, to);
    g_autoptr(GPtrArray) list = fisc_pairs_list(pairs);
    for (guint i = 0; i < list->len; i++) {
        list_pair(table, g_ptr_array_index(list, i));
    }
    note_totals(table, &sums, perimeter->unit);
    *out_table = g_steal_pointer(&table);
    return true;
}
