/* trial_balance.c: turnovers and balances by account: the plainest view of the books. */
#include "fisc/statement.h"
#include "fisc/money.h"
#include "reporting/cell_key.h"
#include "reporting/perimeter.h"
#include "reporting/period_label.h"
#include "reporting/posted_account.h"
#include <string.h>

enum { ENTITY, ACCOUNT, DEBIT, CREDIT, BALANCE, TITLE, SIDE };

typedef struct {
    const char *entity;
    const FiscAccount *meaning;
    char account[FISC_CODE_MAX]; /* as posted */
    __int128 debit;              /* of the period */
    __int128 credit;
    __int128 balance; /* after it, debits positive */
} Sum;

static Sum *
find_sum(GHashTable *sums, const FiscCoding *coding)
{
    char account[FISC_CODE_MAX];
    fisc_posted_account(coding, account);
    g_autofree char *key = g_strdup_printf("%s\x1f%s", coding->entity, account);
    Sum *sum = g_hash_table_lookup(sums, key);
    if (sum == NULL) {
        sum = g_new0(Sum, 1);
        sum->entity = coding->entity;
        sum->meaning = coding->account;
        memcpy(sum->account, account, sizeof account);
        g_hash_table_insert(sums, g_steal_pointer(&key), sum);
    }
    return sum;
}

static GHashTable *
sum_by_account(const FiscPerimeter *perimeter, const FiscBalances *balances, FiscPeriod from,
               FiscPeriod to)
{
    GHashTable *sums = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(GHashTable) by_coding = g_hash_table_new(NULL, NULL);
    for (guint i = 0; i < balances->rows->len; i++) {
        const FiscBalance *row = &g_array_index(balances->rows, FiscBalance, i);
        if (row->period > to || !fisc_perimeter_has(perimeter, row->coding->entity)) {
            continue;
        }
        Sum *sum = g_hash_table_lookup(by_coding, row->coding);
        if (sum == NULL) {
            sum = find_sum(sums, row->coding);
            g_hash_table_insert(by_coding, (void *)row->coding, sum);
        }
        sum->balance += (__int128)row->debit - row->credit;
        if (row->period >= from) {
            sum->debit += row->debit;
            sum->credit += row->credit;
        }
    }
    return sums;
}

static bool
is_budgetary(const Sum *sum)
{
    return sum->meaning->class_ == FISC_CLASS_BUDGETARY;
}

static int
compare_sums(const void *a, const void *b)
{
    const Sum *left = *(const Sum *const *)a;
    const Sum *right = *(const Sum *const *)b;
    int order = strcmp(left->entity, right->entity);
    /* In a chart of two sets the numbers of one stand among those of the other. */
    order = order != 0 ? order : is_budgetary(left) - is_budgetary(right);
    return order != 0 ? order : strcmp(left->account, right->account);
}

static void
list_amount(FiscTable *table, FiscRow *row, const Sum *sum, int column, __int128 amount,
            const FiscPeriod range[2])
{
    const char *name = g_array_index(table->columns, FiscColumn, column).name;
    g_autofree char *path =
        fisc_cell_path(table->name, sum->entity, range[0], range[1], name, sum->account);
    fisc_table_set_amount(table, row, column, amount);
    fisc_table_set_drill(table, row, column, path);
}

static void
list_sum(FiscTable *table, const Sum *sum, const FiscPeriod range[2])
{
    FiscRow *row = fisc_table_add_row(table);
    fisc_table_set_text(table, row, ENTITY, sum->entity);
    fisc_table_set_text(table, row, ACCOUNT, sum->account);
    list_amount(table, row, sum, DEBIT, sum->debit, range);
    list_amount(table, row, sum, CREDIT, sum->credit, range);
    list_amount(table, row, sum, BALANCE, sum->balance, range);
    fisc_table_set_text(table, row, TITLE, fisc_posted_account_title(sum->meaning, sum->account));
    fisc_table_set_text(table, row, SIDE, is_budgetary(sum) ? "budgetary" : "financial");
}

/* What stands on the other side than its chart calls normal is lawful, and worth a look. */
static void
note_contrary(FiscTable *table, Sum *const *sums, guint count)
{
    g_autoptr(GString) names = g_string_new(NULL);
    for (guint i = 0; i < count; i++) {
        if (sums[i]->balance * sums[i]->meaning->normal >= 0) {
            continue;
        }
        char amount[FISC_SUM_TEXT];
        g_string_append_printf(names, "%s%s %s %s", names->len > 0 ? ", " : "", sums[i]->entity,
                               sums[i]->account,
                               fisc_sum_format_grouped(sums[i]->balance, table->decimals, amount));
    }
    if (names->len > 0) {
        fisc_table_add_note(table, "Balances on the other side than normal: %s", names->str);
    }
}

static FiscTable *
new_table(const FiscPerimeter *perimeter, FiscPeriod from, FiscPeriod to)
{
    g_autofree char *period = fisc_period_label(from, to);
    g_autofree char *title =
        g_strdup_printf("Trial balance, %s%s%s, %s", perimeter->unit,
                        perimeter->unit[0] != '\0' ? " " : "", perimeter->name, period);
    FiscTable *table = fisc_table_new("trial-balance", title, perimeter->decimals);
    fisc_table_add_column(table, "entity", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "account", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "debit", FISC_COLUMN_AMOUNT);
    fisc_table_add_column(table, "credit", FISC_COLUMN_AMOUNT);
    fisc_table_add_column(table, "balance", FISC_COLUMN_AMOUNT);
    fisc_table_add_column(table, "title", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "side", FISC_COLUMN_TEXT);
    return table;
}

bool
fisc_statement_trial_balance(const FiscNation *nation, const FiscBalances *balances,
                             const char *unit, FiscPeriod from, FiscPeriod to,
                             FiscTable **out_table, GError **error)
{
    g_autoptr(FiscPerimeter) perimeter = NULL;
    if (!fisc_perimeter_find(nation, unit, &perimeter, error)) {
        return false;
    }
    g_autoptr(GHashTable) sums = sum_by_account(perimeter, balances, from, to);
    guint count = 0;
    g_autofree Sum **sorted = g_new(Sum *, g_hash_table_size(sums) + 1);
    GHashTableIter iterator;
    void *value = NULL;
    g_hash_table_iter_init(&iterator, sums);
    while (g_hash_table_iter_next(&iterator, NULL, &value)) {
        sorted[count++] = value;
    }
    qsort(sorted, count, sizeof *sorted, compare_sums);
    g_autoptr(FiscTable) table = new_table(perimeter, from, to);
    for (guint i = 0; i < count; i++) {
        list_sum(table, sorted[i], (const FiscPeriod[]){from, to});
    }
    note_contrary(table, sorted, count);
    *out_table = g_steal_pointer(&table);
    return true;
}
