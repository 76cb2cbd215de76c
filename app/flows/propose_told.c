/* propose_told.c: proposals for people: as a table with reasons, and as rows that a person may put
 * into a table of the map. */
#include "app/flows/propose.h"
#include <string.h>

static const char *
name_of(const FiscProposing *proposing, const char *code)
{
    const FiscAccount *account = fisc_nation_account(proposing->masters->nation, code);
    return account != NULL ? account->name : "";
}

static bool
is_asked(const FiscUnknown *unknown, const char *table)
{
    return table == NULL || strcmp(unknown->rule->table, table) == 0;
}

/* As a table ---------------------------------------------------------------------------------- */

enum { TABLE, PLACE, CODE, TITLE, ROWS, AMOUNT, SINCE, RANK, PROPOSED, NAME, SCORE, REASONS };

static void
set_number(FiscRow *row, int column, int64_t number)
{
    row->cells[column].number = number;
    row->cells[column].is_set = true;
}

static FiscRow *
add_code(FiscTable *table, const FiscUnknown *unknown)
{
    FiscRow *row = fisc_table_add_row(table);
    fisc_table_set_text(table, row, TABLE, unknown->rule->table);
    fisc_table_set_text(table, row, PLACE, unknown->place);
    fisc_table_set_text(table, row, CODE, unknown->code);
    fisc_table_set_text(table, row, TITLE, unknown->title);
    set_number(row, ROWS, unknown->rows);
    fisc_table_set_amount(table, row, AMOUNT, unknown->amount);
    fisc_table_set_text(table, row, SINCE, unknown->since);
    return row;
}

static void
add_proposals(FiscTable *table, const FiscProposing *proposing, const FiscUnknown *unknown)
{
    for (guint i = 0; i < unknown->proposals->len; i++) {
        const FiscProposal *proposal = unknown->proposals->pdata[i];
        FiscRow *row = add_code(table, unknown);
        set_number(row, RANK, (int64_t)i + 1);
        fisc_table_set_text(table, row, PROPOSED, proposal->result);
        fisc_table_set_text(table, row, NAME, name_of(proposing, proposal->result));
        set_number(row, SCORE, proposal->score_ppm);
        fisc_table_set_text(table, row, REASONS, proposal->reasons);
    }
    if (unknown->proposals->len == 0) {
        add_code(table, unknown);
    }
}

FiscTable *
fisc_propose_table(const FiscProposing *proposing, const char *table)
{
    static const struct {
        const char *name;
        FiscColumnKind kind;
    } columns[] = {
        {"table", FISC_COLUMN_TEXT}, {"map", FISC_COLUMN_TEXT},      {"code", FISC_COLUMN_TEXT},
        {"title", FISC_COLUMN_TEXT}, {"rows", FISC_COLUMN_INTEGER},  {"value", FISC_COLUMN_AMOUNT},
        {"since", FISC_COLUMN_TEXT}, {"rank", FISC_COLUMN_INTEGER},  {"proposed", FISC_COLUMN_TEXT},
        {"name", FISC_COLUMN_TEXT},  {"score", FISC_COLUMN_INTEGER}, {"reasons", FISC_COLUMN_TEXT},
    };
    FiscTable *told = fisc_table_new(
        "proposals", "What codes may mean that no map knows; nothing is in force", 2);
    for (gsize i = 0; i < G_N_ELEMENTS(columns); i++) {
        fisc_table_add_column(told, columns[i].name, columns[i].kind);
    }
    for (guint i = 0; i < proposing->unknown->len; i++) {
        const FiscUnknown *unknown = proposing->unknown->pdata[i];
        if (is_asked(unknown, table)) {
            add_proposals(told, proposing, unknown);
        }
    }
    return told;
}

/* As rows ------------------------------------------------------------------------------------- */

/* The one table asked for, by a rule of it. */
static bool
choose_table(const FiscProposing *proposing, const char *table, const FiscMapRule **out_rule,
             GError **error)
{
    const FiscMapRule *rule = NULL;
    for (guint i = 0; i < proposing->unknown->len; i++) {
        const FiscUnknown *unknown = proposing->unknown->pdata[i];
        if (!is_asked(unknown, table)) {
            continue;
        }
        if (rule != NULL && strcmp(rule->path, unknown->rule->path) != 0) {
            return fisc_fail(error, FISC_ERROR_USAGE,
                             "codes are missing in several tables, %s and %s: --table NAME says "
                             "for which the rows are",
                             rule->table, unknown->rule->table);
        }
        rule = unknown->rule;
    }
    *out_rule = rule;
    return rule != NULL || fisc_fail(error, FISC_ERROR_NOT_FOUND, "no code is missing in %s",
                                     table != NULL ? table : "the tables of its map");
}

/* A row of the table being made: as many fields as it has columns. */
typedef struct {
    const FiscUnknown *unknown;
    const FiscProposal *proposal; /* NULL: none */
    char **fields;
} NewRow;

static void
new_row_free(gpointer data)
{
    NewRow *row = data;
    g_strfreev(row->fields);
    g_free(row);
}

static void
set_field(const FiscMapRule *rule, NewRow *row, const char *column, const char *text)
{
    int at = fisc_csv_column(rule->rows, column);
    if (at >= 0) {
        g_free(row->fields[at]);
        row->fields[at] = g_strdup(text);
    }
}

static void
set_scopes(const FiscMapRule *rule, NewRow *row)
{
    for (guint i = 0; i < rule->scopes->len; i++) {
        const FiscRuleScope *scope = rule->scopes->pdata[i];
        set_field(rule, row, scope->column, scope->words[0] != NULL ? scope->words[0] : "");
    }
}

/* Like the row that it resembles, when that has the same result; else of the rule's first scope. */
static char **
fields_like(const FiscMapRule *rule, const FiscProposal *proposal, bool *out_is_copy)
{
    guint count = rule->rows->columns->len;
    char **fields = g_new0(char *, count + 1);
    const FiscCsvRow *like =
        proposal->row >= 0 ? &g_array_index(rule->rows->rows, FiscCsvRow, proposal->row) : NULL;
    int result = fisc_csv_column(rule->rows, rule->result);
    *out_is_copy =
        like != NULL && strcmp(fisc_csv_field(rule->rows, like, result), proposal->result) == 0;
    for (guint i = 0; i < count; i++) {
        fields[i] = g_strdup(*out_is_copy ? like->fields[i] : "");
    }
    return fields;
}

static NewRow *
new_row(const FiscUnknown *unknown, const FiscProposal *proposal)
{
    static const char *const titles[] = {"title", "name", "label", NULL};
    const FiscMapRule *rule = unknown->rule;
    NewRow *row = g_new0(NewRow, 1);
    bool is_copy = false;
    row->unknown = unknown;
    row->proposal = proposal;
    row->fields = fields_like(rule, proposal, &is_copy);
    if (!is_copy) {
        set_scopes(rule, row);
    }
    set_field(rule, row, "note", "");
    for (int i = 0; titles[i] != NULL; i++) {
        set_field(rule, row, titles[i], unknown->title);
    }
    set_field(rule, row, rule->prefix, unknown->code);
    set_field(rule, row, rule->result, proposal->result);
    return row;
}

/* A second value of the same table knows the code as little: its result goes into the same row. */
static bool
joins_row(GPtrArray *rows, const FiscUnknown *unknown, const FiscProposal *proposal)
{
    for (guint i = 0; i < rows->len; i++) {
        NewRow *row = rows->pdata[i];
        const FiscMapRule *rule = row->unknown->rule;
        if (strcmp(row->unknown->code, unknown->code) == 0 &&
            strcmp(rule->prefix, unknown->rule->prefix) == 0 &&
            strcmp(rule->result, unknown->rule->result) != 0) {
            set_field(rule, row, unknown->rule->result, proposal->result);
            return true;
        }
    }
    return false;
}

/* A line break within a comment would be a row. */
static void
append_comment(GString *csv, const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        g_string_append_c(csv, *at == '\n' || *at == '\r' ? ' ' : *at);
    }
}

static void
append_reasons(GString *csv, const FiscUnknown *unknown, const FiscProposal *proposal)
{
    g_string_append(csv, "# ");
    append_comment(csv, unknown->code);
    g_string_append_c(csv, ' ');
    append_comment(csv, unknown->title);
    if (proposal == NULL) {
        g_string_append(csv, ": nothing is like it\n");
        return;
    }
    g_string_append_printf(csv, ": %s=%s, %d of 1000000: ", unknown->rule->result, proposal->result,
                           proposal->score_ppm);
    append_comment(csv, proposal->reasons);
    g_string_append_c(csv, '\n');
}

static void
append_fields(GString *csv, char *const *fields)
{
    for (int i = 0; fields[i] != NULL; i++) {
        if (i > 0) {
            g_string_append_c(csv, ',');
        }
        fisc_csv_append(csv, fields[i]);
    }
    g_string_append_c(csv, '\n');
}

static void
append_header(GString *csv, const FiscMapRule *rule)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (guint i = 0; i < rule->rows->columns->len; i++) {
        g_ptr_array_add(names, rule->rows->columns->pdata[i]);
    }
    g_ptr_array_add(names, NULL);
    append_fields(csv, (char *const *)names->pdata);
}

bool
fisc_propose_rows(const FiscProposing *proposing, const char *table, char **out_csv, GError **error)
{
    const FiscMapRule *rule = NULL;
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(new_row_free);
    if (!choose_table(proposing, table, &rule, error)) {
        return false;
    }
    GString *csv = g_string_new(NULL);
    append_header(csv, rule);
    for (guint i = 0; i < proposing->unknown->len; i++) {
        const FiscUnknown *unknown = proposing->unknown->pdata[i];
        if (strcmp(unknown->rule->path, rule->path) != 0) {
            continue;
        }
        const FiscProposal *best =
            unknown->proposals->len > 0 ? unknown->proposals->pdata[0] : NULL;
        append_reasons(csv, unknown, best);
        if (best != NULL && !joins_row(rows, unknown, best)) {
            g_ptr_array_add(rows, new_row(unknown, best));
        }
    }
    for (guint i = 0; i < rows->len; i++) {
        append_fields(csv, ((NewRow *)rows->pdata[i])->fields);
    }
    *out_csv = g_string_free(csv, FALSE);
    return true;
}
