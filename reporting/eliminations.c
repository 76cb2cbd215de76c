/* eliminations.c: the journal lines that consolidation leaves out, one by one (convention 11).
 *
 * The same rule as the statements' (perimeter.c), applied to lines instead of sums, so that a
 * reader can see each elimination and where it came from. Opening stocks are no journal lines. */
#include "fisc/statement.h"
#include "fisc/gfs.h"
#include "reporting/perimeter.h"
#include <string.h>

enum { GROUP, JOURNAL, FROM, TO, GFS_CODE, KIND, AMOUNT };

/* What a code's line is called and which side of it is the payer; the first that matches. */
static const struct {
    const char *under;
    const char *kind;
    bool is_credit; /* shown credit - debit, from the counterparty to the entity */
} kinds[] = {
    {"1", "receivable", true},
    {"2", "payable", false},
    {"31", "asset", false},
    {NULL, "financial", false},
};

static void
list_line(FiscTable *table, const char *group, const FiscPostedLine *line, const char *code)
{
    guint kind = 0;
    while (kinds[kind].under != NULL && !fisc_gfs_is_under(code, kinds[kind].under)) {
        kind++;
    }
    const char *entity = line->coding.entity;
    const char *counterparty = line->coding.dim[FISC_DIM_COUNTERPARTY];
    bool is_credit = kinds[kind].is_credit;
    bool has_document = line->document != NULL && line->document[0] != '\0';
    FiscRow *row = fisc_table_add_row(table);
    fisc_table_set_text(table, row, GROUP, group);
    fisc_table_set_text(table, row, JOURNAL, has_document ? line->document : line->reference);
    fisc_table_set_text(table, row, FROM, is_credit ? counterparty : entity);
    fisc_table_set_text(table, row, TO, is_credit ? entity : counterparty);
    fisc_table_set_text(table, row, GFS_CODE, code);
    fisc_table_set_text(table, row, KIND, kinds[kind].kind);
    fisc_table_set_amount(table, row, AMOUNT,
                          is_credit ? -(__int128)line->amount : (__int128)line->amount);
}

static bool
is_flow_of_gfs(const FiscCoding *coding)
{
    return coding->account->class_ != FISC_CLASS_BUDGETARY && coding->flow != FISC_FLOW_OPENING &&
           coding->account->gfs[0] != '\0';
}

static bool
list_group(FiscTable *table, const FiscNation *nation, const FiscPostedLines *lines,
           const char *group, GError **error)
{
    g_autoptr(FiscPerimeter) perimeter = NULL;
    if (!fisc_perimeter_find(nation, group, &perimeter, error)) {
        return false;
    }
    for (guint i = 0; i < lines->rows->len; i++) {
        const FiscPostedLine *line = &g_array_index(lines->rows, FiscPostedLine, i);
        const FiscCoding *coding = &line->coding;
        char code[FISC_GFS_CODE];
        if (!is_flow_of_gfs(coding) || !fisc_perimeter_has(perimeter, coding->entity)) {
            continue;
        }
        fisc_gfs_compose(coding->account->gfs, coding->flow, coding->kind, code);
        if (fisc_perimeter_eliminates(perimeter, code, coding->dim[FISC_DIM_COUNTERPARTY])) {
            list_line(table, group, line, code);
        }
    }
    return true;
}

static FiscTable *
new_table(const FiscPerimeter *perimeter)
{
    FiscTable *table = fisc_table_new("eliminations", "Lines left out on consolidation, by group",
                                      perimeter->decimals);
    fisc_table_add_column(table, "group", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "journal_id", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "from_entity", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "to_entity", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "gfs_code", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "kind", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "amount", FISC_COLUMN_AMOUNT);
    return table;
}

bool
fisc_statement_eliminations(const FiscNation *nation, const FiscPostedLines *lines,
                            const char *group, FiscTable **out_table, GError **error)
{
    g_autoptr(FiscPerimeter) perimeter = NULL;
    if (!fisc_perimeter_find(nation, group, &perimeter, error)) {
        return false;
    }
    g_autoptr(FiscTable) table = new_table(perimeter);
    if (group != NULL && !list_group(table, nation, lines, group, error)) {
        return false;
    }
    for (guint i = 0; group == NULL && i < nation->groups->len; i++) {
        const FiscGroup *one = g_ptr_array_index(nation->groups, i);
        if (!list_group(table, nation, lines, one->code, error)) {
            return false;
        }
    }
    *out_table = g_steal_pointer(&table);
    return true;
}

/* ---- the same, added up by pair ---- */

/* The columns of a line that its pair shares, and of the pair, in that order. */
static const int shared[] = {GROUP, FROM, TO, GFS_CODE, KIND};
enum { PAIR_GROUP, PAIR_FROM, PAIR_TO, PAIR_CODE, PAIR_KIND, PAIR_LINES, PAIR_AMOUNT };

static FiscTable *
new_pair_table(const FiscTable *lines)
{
    FiscTable *table = fisc_table_new(
        "eliminations", "Left out on consolidation, by group and pair", lines->decimals);
    for (guint i = 0; i < G_N_ELEMENTS(shared); i++) {
        const FiscColumn *column = &g_array_index(lines->columns, FiscColumn, shared[i]);
        fisc_table_add_column(table, column->name, FISC_COLUMN_TEXT);
    }
    fisc_table_add_column(table, "lines", FISC_COLUMN_INTEGER);
    fisc_table_add_column(table, "amount", FISC_COLUMN_AMOUNT);
    return table;
}

static char *
pair_key(const FiscRow *line)
{
    GString *key = g_string_new(NULL);
    for (guint i = 0; i < G_N_ELEMENTS(shared); i++) {
        g_string_append_printf(key, "%s\x1f", line->cells[shared[i]].text);
    }
    return g_string_free(key, FALSE);
}

static void
add_to_pair(FiscTable *pairs, GHashTable *rows, const FiscRow *line)
{
    char *key = pair_key(line);
    FiscRow *row = g_hash_table_lookup(rows, key);
    if (row == NULL) {
        row = fisc_table_add_row(pairs);
        for (guint i = 0; i < G_N_ELEMENTS(shared); i++) {
            fisc_table_set_text(pairs, row, (int)i, line->cells[shared[i]].text);
        }
        g_hash_table_insert(rows, g_strdup(key), row);
    }
    g_free(key);
    fisc_table_set_amount(pairs, row, PAIR_LINES, row->cells[PAIR_LINES].number + 1);
    fisc_table_set_amount(pairs, row, PAIR_AMOUNT,
                          row->cells[PAIR_AMOUNT].number + line->cells[AMOUNT].number);
}

/* By words inside a group; the groups stay in their order, for the sort is stable. */
static int
compare_pairs(const void *a, const void *b)
{
    const FiscRow *left = *(const FiscRow *const *)a;
    const FiscRow *right = *(const FiscRow *const *)b;
    int order = 0;
    if (g_str_equal(left->cells[PAIR_GROUP].text, right->cells[PAIR_GROUP].text)) {
        for (int column = PAIR_FROM; order == 0 && column <= PAIR_KIND; column++) {
            order = strcmp(left->cells[column].text, right->cells[column].text);
        }
    }
    return order;
}

bool
fisc_statement_eliminations_by_pair(const FiscNation *nation, const FiscPostedLines *lines,
                                    const char *group, FiscTable **out_table, GError **error)
{
    g_autoptr(FiscTable) all = NULL;
    if (!fisc_statement_eliminations(nation, lines, group, &all, error)) {
        return false;
    }
    g_autoptr(FiscTable) pairs = new_pair_table(all);
    g_autoptr(GHashTable) rows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < all->rows->len; i++) {
        add_to_pair(pairs, rows, g_ptr_array_index(all->rows, i));
    }
    g_ptr_array_sort(pairs->rows, compare_pairs);
    *out_table = g_steal_pointer(&pairs);
    return true;
}
