/* privacy.c: rules about what leaves the house, held against the rows of a table.
 *
 * A condition is "column=code column=prefix*", all of which must hold; beside the columns of the
 * table there are "file" and, of a column that names a unit, "column.sector". */
#include "reporting/privacy.h"
#include <string.h>

#define WHOLE_ROW "*"
#define SECTOR ".sector"

typedef enum { ACTION_KEEP, ACTION_MASK, ACTION_DROP } Action;

static const char *const actions[] = {"keep", "mask", "drop"};

/* One of the conditions of a rule. */
typedef struct {
    char *column;
    char *code;
    bool is_prefix;
} Condition;

typedef struct {
    char *name, *column, *where, *article;
    Action action;
    GArray *conditions; /* of Condition */
} Rule;

struct _FiscPrivacy {
    const FiscNation *nation;
    GPtrArray *rules; /* of Rule */
};

/* Hold before any rule on record does. */
static const struct {
    const char *name, *column;
    Action action;
    const char *where, *article;
} defaults[] = {
    {"memos", "memo", ACTION_DROP, "", "may name natural persons"},
    {"persons", "counterparty_entity", ACTION_MASK, "counterparty_entity.sector=S14*",
     "natural persons"},
    {"payees", "cash_counterparty", ACTION_MASK, "cash_counterparty.sector=S14*",
     "natural persons"},
    {"households", WHOLE_ROW, ACTION_DROP, "file=entities sector=S14*", "natural persons"},
    {"party-names", WHOLE_ROW, ACTION_DROP, "file=segments segment=counterparty_entity",
     "natural persons"},
    {"payee-names", WHOLE_ROW, ACTION_DROP, "file=segments segment=cash_counterparty",
     "natural persons"},
    {"members", WHOLE_ROW, ACTION_DROP, "file=groups entity.sector=S14*", "natural persons"},
};

/* Rules ---------------------------------------------------------------------------------------- */

static void
condition_clear(gpointer data)
{
    Condition *condition = data;
    g_free(condition->column);
    g_free(condition->code);
}

static void
rule_free(gpointer data)
{
    Rule *rule = data;
    g_free(rule->name);
    g_free(rule->column);
    g_free(rule->where);
    g_free(rule->article);
    g_array_unref(rule->conditions);
    g_free(rule);
}

void
fisc_privacy_free(FiscPrivacy *privacy)
{
    if (privacy != NULL) {
        g_ptr_array_unref(privacy->rules);
        g_free(privacy);
    }
}

static bool
add_condition(Rule *rule, const char *word, GError **error)
{
    const char *equals = strchr(word, '=');
    if (equals == NULL || equals == word) {
        return fisc_fail(
            error, FISC_ERROR_VALUE_INVALID,
            "privacy \"%s\": a condition is \"column=code\" or \"column=prefix*\", not "
            "\"%s\"",
            rule->name, word);
    }
    bool is_prefix = g_str_has_suffix(equals, "*");
    gsize length = strlen(equals + 1) - (is_prefix ? 1 : 0);
    Condition condition = {.column = g_strndup(word, (gsize)(equals - word)),
                           .code = g_strndup(equals + 1, length),
                           .is_prefix = is_prefix};
    g_array_append_val(rule->conditions, condition);
    return true;
}

static bool
add_rule(FiscPrivacy *privacy, const char *name, const char *column, Action action,
         const char *where, const char *article, GError **error)
{
    Rule *rule = g_new0(Rule, 1);
    rule->name = g_strdup(name);
    rule->column = g_strdup(column);
    rule->action = action;
    rule->where = g_strdup(where);
    rule->article = g_strdup(article);
    rule->conditions = g_array_new(FALSE, FALSE, sizeof(Condition));
    g_array_set_clear_func(rule->conditions, condition_clear);
    g_ptr_array_add(privacy->rules, rule);
    g_auto(GStrv) words = g_strsplit(where, " ", -1);
    for (char **word = words; *word != NULL; word++) {
        if (**word != '\0' && !add_condition(rule, *word, error)) {
            return false;
        }
    }
    return true;
}

static Action
action_of(const char *word)
{
    for (gsize i = 0; i < G_N_ELEMENTS(actions); i++) {
        if (strcmp(actions[i], word) == 0) {
            return (Action)i;
        }
    }
    return ACTION_DROP; /* the record admits no other word; unsaid is withheld */
}

bool
fisc_privacy_new(const FiscNation *nation, FiscPrivacy **out_privacy, GError **error)
{
    g_autoptr(FiscPrivacy) privacy = g_new0(FiscPrivacy, 1);
    g_autoptr(GPtrArray) facts = fisc_nation_facts(nation, "privacy");
    privacy->nation = nation;
    privacy->rules = g_ptr_array_new_with_free_func(rule_free);
    for (gsize i = 0; i < G_N_ELEMENTS(defaults); i++) {
        if (!add_rule(privacy, defaults[i].name, defaults[i].column, defaults[i].action,
                      defaults[i].where, defaults[i].article, error)) {
            return false;
        }
    }
    for (guint i = 0; i < facts->len; i++) {
        const FiscFact *fact = g_ptr_array_index(facts, i);
        if (!add_rule(privacy, fact->subject, fisc_fact_field(fact, "column"),
                      action_of(fisc_fact_field(fact, "action")), fisc_fact_field(fact, "where"),
                      fisc_fact_field(fact, "article"), error)) {
            return false;
        }
    }
    *out_privacy = g_steal_pointer(&privacy);
    return true;
}

FiscTable *
fisc_privacy_table(const FiscPrivacy *privacy)
{
    static const char *const names[] = {"rule", "column", "action", "where", "article"};
    FiscTable *table = fisc_table_new("privacy", "What is withheld", 0);
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        fisc_table_add_column(table, names[i], FISC_COLUMN_TEXT);
    }
    for (guint k = 0; k < privacy->rules->len; k++) {
        const Rule *rule = g_ptr_array_index(privacy->rules, k);
        const char *cells[] = {rule->name, rule->column, actions[rule->action], rule->where,
                               rule->article};
        FiscRow *row = fisc_table_add_row(table);
        for (gsize i = 0; i < G_N_ELEMENTS(cells); i++) {
            fisc_table_set_text(table, row, (int)i, cells[i]);
        }
    }
    return table;
}

/* Conditions ----------------------------------------------------------------------------------- */

/* A table that rules are held against. */
typedef struct {
    const FiscPrivacy *privacy;
    const char *file;
    FiscTable *table;
} View;

static const char *
cell_text(const View *view, const FiscRow *row, const char *column)
{
    int at = fisc_table_column(view->table, column);
    const char *text = at >= 0 ? row->cells[at].text : NULL;
    return text != NULL ? text : "";
}

/* Of a unit on record; "" for one that is none, as a group of them. */
static const char *
sector_of(const View *view, const char *code)
{
    const FiscEntity *entity = fisc_nation_entity(view->privacy->nation, code);
    return entity != NULL ? entity->sector : "";
}

static const char *
value_of(const View *view, const FiscRow *row, const char *column)
{
    if (strcmp(column, "file") == 0) {
        return view->file;
    }
    if (g_str_has_suffix(column, SECTOR)) {
        g_autofree char *unit = g_strndup(column, strlen(column) - strlen(SECTOR));
        return sector_of(view, cell_text(view, row, unit));
    }
    return cell_text(view, row, column);
}

static bool
fits(const View *view, const FiscRow *row, const Rule *rule)
{
    for (guint i = 0; i < rule->conditions->len; i++) {
        const Condition *condition = &g_array_index(rule->conditions, Condition, i);
        const char *value = value_of(view, row, condition->column);
        if (condition->is_prefix ? !g_str_has_prefix(value, condition->code)
                                 : strcmp(value, condition->code) != 0) {
            return false;
        }
    }
    return true;
}

/* What the last rule that fits says of a column, or of WHOLE_ROW. *out_rule NULL: none. */
static Action
decide(const View *view, const FiscRow *row, const char *column, const Rule **out_rule)
{
    *out_rule = NULL;
    for (guint i = 0; i < view->privacy->rules->len; i++) {
        const Rule *rule = g_ptr_array_index(view->privacy->rules, i);
        if (strcmp(rule->column, column) == 0 && fits(view, row, rule)) {
            *out_rule = rule;
        }
    }
    return *out_rule != NULL ? (*out_rule)->action : ACTION_KEEP;
}

/* Applying ------------------------------------------------------------------------------------- */

/* A household is known to be one; any other text is only withheld. */
static void
hide_cell(const View *view, FiscRow *row, int at, Action action)
{
    FiscCell *cell = &row->cells[at];
    if (cell->text == NULL || *cell->text == '\0') {
        return;
    }
    const char *sector = sector_of(view, cell->text);
    const char *shown = *sector != '\0' ? sector : FISC_PRIVACY_WITHHELD;
    fisc_table_set_text(view->table, row, at, action == ACTION_DROP ? "" : shown);
}

static bool
is_text(const FiscTable *table, int at)
{
    return g_array_index(table->columns, FiscColumn, at).kind == FISC_COLUMN_TEXT;
}

/* All cells of a row are judged by what stood in it before any was hidden. */
static void
hide_cells(const View *view, FiscRow *row)
{
    guint columns = view->table->columns->len;
    g_autofree Action *decided = g_new0(Action, columns);
    for (guint i = 0; i < columns; i++) {
        const Rule *rule = NULL;
        const char *name = g_array_index(view->table->columns, FiscColumn, i).name;
        decided[i] = decide(view, row, name, &rule);
    }
    for (guint i = 0; i < columns; i++) {
        if (decided[i] != ACTION_KEEP && is_text(view->table, (int)i)) {
            hide_cell(view, row, (int)i, decided[i]);
        }
    }
}

/* The last rule about a column is without a condition and drops it: nobody learns that it is there.
 */
static bool
is_dropped(const FiscPrivacy *privacy, const char *column)
{
    bool is_dropped = false;
    for (guint i = 0; i < privacy->rules->len; i++) {
        const Rule *rule = g_ptr_array_index(privacy->rules, i);
        if (strcmp(rule->column, column) == 0) {
            is_dropped = rule->conditions->len == 0 ? rule->action == ACTION_DROP
                                                    : is_dropped && rule->action == ACTION_DROP;
        }
    }
    return is_dropped;
}

static bool
drop_columns(const FiscPrivacy *privacy, FiscTable *table, GError **error)
{
    g_autoptr(GString) kept = g_string_new(NULL);
    guint dropped = 0;
    for (guint i = 0; i < table->columns->len; i++) {
        const char *name = g_array_index(table->columns, FiscColumn, i).name;
        if (is_dropped(privacy, name)) {
            dropped++;
        } else {
            g_string_append_printf(kept, "%s%s", kept->len > 0 ? "," : "", name);
        }
    }
    return dropped == 0 || fisc_table_select(table, kept->str, error);
}

bool
fisc_privacy_apply(const FiscPrivacy *privacy, const char *file, FiscTable *table,
                   guint *out_withheld, GError **error)
{
    const View view = {privacy, file, table};
    guint before = table->rows->len;
    guint kept = 0;
    for (guint i = 0; i < before; i++) {
        FiscRow *row = g_ptr_array_index(table->rows, i);
        const Rule *rule = NULL;
        if (decide(&view, row, WHOLE_ROW, &rule) == ACTION_KEEP) {
            hide_cells(&view, row);
            /* Those that leave gather at the end. */
            table->rows->pdata[i] = table->rows->pdata[kept];
            table->rows->pdata[kept++] = row;
        }
    }
    fisc_table_truncate(table, kept);
    *out_withheld = before - kept;
    return drop_columns(privacy, table, error);
}
