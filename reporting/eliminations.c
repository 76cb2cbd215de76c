/* eliminations.c: the journal lines that consolidation leaves out, one by one (convention 11).
 *
 * The same rule as the statements' (perimeter.c), applied to lines instead of sums, so that a
 * reader can see each elimination and where it came from. Opening stocks are no journal lines. The
 * same lines added up by pair, or by the level at which they are left out first, are the short
 * view. */
#include "fisc/statement.h"
#include "fisc/gfs.h"
#include "fisc/money.h"
#include "reporting/levels.h"
#include "reporting/perimeter.h"
#include <string.h>

enum { GROUP, JOURNAL, FROM, TO, GFS_CODE, KIND, AMOUNT, LEVEL };

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
list_line(FiscTable *table, FiscLevels *levels, const char *group, const FiscPostedLine *line,
          const char *code)
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
    fisc_table_set_text(table, row, LEVEL, fisc_levels_of(levels, entity, counterparty));
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
    g_autoptr(FiscLevels) levels = fisc_levels_new(nation);
    for (guint i = 0; i < lines->rows->len; i++) {
        const FiscPostedLine *line = &g_array_index(lines->rows, FiscPostedLine, i);
        const FiscCoding *coding = &line->coding;
        char code[FISC_GFS_CODE];
        if (!is_flow_of_gfs(coding) || !fisc_perimeter_has(perimeter, coding->entity)) {
            continue;
        }
        fisc_gfs_compose(coding->account->gfs, coding->flow, coding->kind, code);
        if (fisc_perimeter_eliminates(perimeter, code, coding->dim[FISC_DIM_COUNTERPARTY])) {
            list_line(table, levels, group, line, code);
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
    fisc_table_add_column(table, "level", FISC_COLUMN_TEXT);
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

/* ---- the same, added up by pair or by level ---- */

/* What the lines of one group are added up by: columns of the list. */
typedef struct {
    const char *title;
    int count;
    int columns[2];
} Sums;

static const Sums by_pair = {"Left out on consolidation, by group and pair", 2, {FROM, TO}};
static const Sums by_level = {
    "Left out on consolidation, by group and level, inside subsectors first", 1, {LEVEL}};

/* The column of each kind, behind those: first what the two sides say of one dealing. */
static const char *const kind_columns[] = {"payable", "receivable", "asset", "financial"};

static FiscTable *
new_sum_table(const Sums *sums, const FiscTable *lines, int decimals)
{
    FiscTable *table = fisc_table_new("eliminations", sums->title, decimals);
    fisc_table_add_column(table, "group", FISC_COLUMN_TEXT);
    for (int i = 0; i < sums->count; i++) {
        const FiscColumn *column = &g_array_index(lines->columns, FiscColumn, sums->columns[i]);
        fisc_table_add_column(table, column->name, FISC_COLUMN_TEXT);
    }
    fisc_table_add_column(table, "lines", FISC_COLUMN_INTEGER);
    for (guint i = 0; i < G_N_ELEMENTS(kind_columns); i++) {
        fisc_table_add_column(table, kind_columns[i], FISC_COLUMN_AMOUNT);
    }
    return table;
}

static FiscRow *
add_sum(FiscTable *table, const Sums *sums, const FiscRow *line)
{
    FiscRow *row = fisc_table_add_row(table);
    fisc_table_set_text(table, row, 0, line->cells[GROUP].text);
    for (int i = 0; i < sums->count; i++) {
        fisc_table_set_text(table, row, 1 + i, line->cells[sums->columns[i]].text);
    }
    for (guint i = 0; i < G_N_ELEMENTS(kind_columns); i++) {
        fisc_table_set_amount(table, row, fisc_table_column(table, kind_columns[i]), 0);
    }
    return row;
}

static void
add_to_sum(FiscTable *table, const Sums *sums, GHashTable *rows, const FiscRow *line)
{
    g_autoptr(GString) key = g_string_new(NULL);
    for (int i = 0; i < sums->count; i++) {
        g_string_append_printf(key, "%s\x1f", line->cells[sums->columns[i]].text);
    }
    FiscRow *row = g_hash_table_lookup(rows, key->str);
    if (row == NULL) {
        row = add_sum(table, sums, line);
        g_hash_table_insert(rows, g_strdup(key->str), row);
    }
    int count = 1 + sums->count;
    int column = fisc_table_column(table, line->cells[KIND].text);
    fisc_table_set_amount(table, row, count, row->cells[count].number + 1);
    fisc_table_set_amount(table, row, column,
                          row->cells[column].number + line->cells[AMOUNT].number);
}

static int
compare_pairs(const void *a, const void *b, void *data)
{
    (void)data;
    const FiscRow *left = *(const FiscRow *const *)a;
    const FiscRow *right = *(const FiscRow *const *)b;
    int order = strcmp(left->cells[1].text, right->cells[1].text);
    return order != 0 ? order : strcmp(left->cells[2].text, right->cells[2].text);
}

static int
compare_levels(const void *a, const void *b, void *data)
{
    const char *left = (*(const FiscRow *const *)a)->cells[1].text;
    const char *right = (*(const FiscRow *const *)b)->cells[1].text;
    int order = fisc_levels_rank(data, left) - fisc_levels_rank(data, right);
    return order != 0 ? order : strcmp(left, right);
}

static void
note_totals(FiscTable *table, const char *group)
{
    g_autoptr(GString) totals = g_string_new(NULL);
    for (guint kind = 0; kind < G_N_ELEMENTS(kind_columns); kind++) {
        char amount[FISC_SUM_TEXT];
        __int128 total = 0;
        int column = fisc_table_column(table, kind_columns[kind]);
        for (guint i = 0; i < table->rows->len; i++) {
            const FiscRow *row = g_ptr_array_index(table->rows, i);
            total += row->cells[column].number;
        }
        g_string_append_printf(totals, "%s %s %s", kind > 0 ? "," : "", kind_columns[kind],
                               fisc_sum_format_grouped(total, table->decimals, amount));
    }
    g_autofree char *text = g_strdup_printf("Total of %s:%s", group, totals->str);
    fisc_table_add_note_about(table, group, NULL, false, text);
}

/* Rows of one group, sorted, with their totals as a note. */
static FiscTable *
add_up(const FiscTable *lines, const FiscNation *nation, const Sums *sums, const char *group)
{
    FiscTable *table = new_sum_table(sums, lines, lines->decimals);
    g_autoptr(FiscLevels) levels = fisc_levels_new(nation);
    g_autoptr(GHashTable) rows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < lines->rows->len; i++) {
        add_to_sum(table, sums, rows, g_ptr_array_index(lines->rows, i));
    }
    g_ptr_array_sort_with_data(table->rows, sums == &by_pair ? compare_pairs : compare_levels,
                               levels);
    note_totals(table, group);
    return table;
}

static bool
append_sums(FiscTable **table, const Sums *sums, const FiscNation *nation,
            const FiscPostedLines *lines, const char *group, GError **error)
{
    g_autoptr(FiscTable) listed = NULL;
    if (!fisc_statement_eliminations(nation, lines, group, &listed, error)) {
        return false;
    }
    FiscTable *part = add_up(listed, nation, sums, group);
    if (*table == NULL) {
        *table = part;
    } else {
        fisc_table_append(*table, part);
    }
    return true;
}

static bool
build_sums(const Sums *sums, const FiscNation *nation, const FiscPostedLines *lines,
           const char *group, FiscTable **out_table, GError **error)
{
    g_autoptr(FiscTable) table = NULL;
    if (group != NULL && !append_sums(&table, sums, nation, lines, group, error)) {
        return false;
    }
    for (guint i = 0; group == NULL && i < nation->groups->len; i++) {
        const FiscGroup *one = g_ptr_array_index(nation->groups, i);
        if (!append_sums(&table, sums, nation, lines, one->code, error)) {
            return false;
        }
    }
    if (table == NULL) {
        g_autoptr(FiscTable) nothing = NULL;
        if (!fisc_statement_eliminations(nation, lines, NULL, &nothing, error)) {
            return false;
        }
        table = new_sum_table(sums, nothing, nothing->decimals);
    }
    *out_table = g_steal_pointer(&table);
    return true;
}

bool
fisc_statement_eliminations_by_pair(const FiscNation *nation, const FiscPostedLines *lines,
                                    const char *group, FiscTable **out_table, GError **error)
{
    return build_sums(&by_pair, nation, lines, group, out_table, error);
}

bool
fisc_statement_eliminations_by_level(const FiscNation *nation, const FiscPostedLines *lines,
                                     const char *group, FiscTable **out_table, GError **error)
{
    return build_sums(&by_level, nation, lines, group, out_table, error);
}
