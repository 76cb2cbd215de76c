/* eliminations.c: the journal lines that consolidation leaves out, one by one (convention 11).
 *
 * The same rule as the statements' (perimeter.c), applied to lines instead of sums, so that a
 * reader can see each elimination and where it came from. Opening stocks are no journal lines. The
 * same lines added up by pair are the short view. */
#include "fisc/statement.h"
#include "fisc/gfs.h"
#include "fisc/money.h"
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

enum { PAIR_GROUP, PAIR_FROM, PAIR_TO, PAIR_LINES, PAIR_AMOUNTS };

/* The column of each kind, behind PAIR_AMOUNTS: first what the two sides say of one dealing. */
static const char *const pair_kinds[] = {"payable", "receivable", "asset", "financial"};

static FiscTable *
new_pair_table(int decimals)
{
    FiscTable *table =
        fisc_table_new("eliminations", "Left out on consolidation, by group and pair", decimals);
    fisc_table_add_column(table, "group", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "from_entity", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "to_entity", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "lines", FISC_COLUMN_INTEGER);
    for (guint i = 0; i < G_N_ELEMENTS(pair_kinds); i++) {
        fisc_table_add_column(table, pair_kinds[i], FISC_COLUMN_AMOUNT);
    }
    return table;
}

static FiscRow *
add_pair(FiscTable *pairs, const FiscRow *line)
{
    FiscRow *row = fisc_table_add_row(pairs);
    fisc_table_set_text(pairs, row, PAIR_GROUP, line->cells[GROUP].text);
    fisc_table_set_text(pairs, row, PAIR_FROM, line->cells[FROM].text);
    fisc_table_set_text(pairs, row, PAIR_TO, line->cells[TO].text);
    for (guint i = 0; i < G_N_ELEMENTS(pair_kinds); i++) {
        fisc_table_set_amount(pairs, row, (int)(PAIR_AMOUNTS + i), 0);
    }
    return row;
}

static void
add_to_pair(FiscTable *pairs, GHashTable *rows, const FiscRow *line)
{
    g_autofree char *key = g_strjoin("\x1f", line->cells[FROM].text, line->cells[TO].text, NULL);
    FiscRow *row = g_hash_table_lookup(rows, key);
    if (row == NULL) {
        row = add_pair(pairs, line);
        g_hash_table_insert(rows, g_steal_pointer(&key), row);
    }
    int column = fisc_table_column(pairs, line->cells[KIND].text);
    fisc_table_set_amount(pairs, row, PAIR_LINES, row->cells[PAIR_LINES].number + 1);
    fisc_table_set_amount(pairs, row, column,
                          row->cells[column].number + line->cells[AMOUNT].number);
}

static int
compare_pairs(const void *a, const void *b)
{
    const FiscRow *left = *(const FiscRow *const *)a;
    const FiscRow *right = *(const FiscRow *const *)b;
    int order = strcmp(left->cells[PAIR_FROM].text, right->cells[PAIR_FROM].text);
    return order != 0 ? order : strcmp(left->cells[PAIR_TO].text, right->cells[PAIR_TO].text);
}

/* Rows of one group, sorted, with their totals as a note. */
static FiscTable *
add_up(const FiscTable *lines, const char *group)
{
    FiscTable *pairs = new_pair_table(lines->decimals);
    g_autoptr(GHashTable) rows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GString) totals = g_string_new(NULL);
    for (guint i = 0; i < lines->rows->len; i++) {
        add_to_pair(pairs, rows, g_ptr_array_index(lines->rows, i));
    }
    g_ptr_array_sort(pairs->rows, compare_pairs);
    for (guint kind = 0; kind < G_N_ELEMENTS(pair_kinds); kind++) {
        char amount[FISC_SUM_TEXT];
        __int128 total = 0;
        for (guint i = 0; i < pairs->rows->len; i++) {
            const FiscRow *row = g_ptr_array_index(pairs->rows, i);
            total += row->cells[PAIR_AMOUNTS + kind].number;
        }
        g_string_append_printf(totals, "%s %s %s", kind > 0 ? "," : "", pair_kinds[kind],
                               fisc_sum_format_grouped(total, pairs->decimals, amount));
    }
    g_autofree char *text = g_strdup_printf("Total of %s:%s", group, totals->str);
    fisc_table_add_note_about(pairs, group, NULL, false, text);
    return pairs;
}

static bool
append_pairs(FiscTable **table, const FiscNation *nation, const FiscPostedLines *lines,
             const char *group, GError **error)
{
    g_autoptr(FiscTable) listed = NULL;
    if (!fisc_statement_eliminations(nation, lines, group, &listed, error)) {
        return false;
    }
    FiscTable *pairs = add_up(listed, group);
    if (*table == NULL) {
        *table = pairs;
    } else {
        fisc_table_append(*table, pairs);
    }
    return true;
}

bool
fisc_statement_eliminations_by_pair(const FiscNation *nation, const FiscPostedLines *lines,
                                    const char *group, FiscTable **out_table, GError **error)
{
    g_autoptr(FiscTable) table = NULL;
    if (group != NULL && !append_pairs(&table, nation, lines, group, error)) {
        return false;
    }
    for (guint i = 0; group == NULL && i < nation->groups->len; i++) {
        const FiscGroup *one = g_ptr_array_index(nation->groups, i);
        if (!append_pairs(&table, nation, lines, one->code, error)) {
            return false;
        }
    }
    *out_table = table != NULL ? g_steal_pointer(&table) : new_pair_table(2);
    return true;
}
