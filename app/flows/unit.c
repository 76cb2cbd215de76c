/* unit.c: units and groups that change: what they are from a day on, and who belongs to whom. What
 * successors take over is unit_succeed.c's. */
#include "fisc/unit.h"
#include "app/flows/internal.h"
#include "fisc/history.h"
#include <string.h>

#define SOURCE "unit"
#define ALWAYS "1900-01-01" /* before any book: of who was registered as a member */

/* Reading -------------------------------------------------------------------------------------- */

static char *
groups_of(const FiscNation *nation, const char *entity)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < nation->groups->len; i++) {
        const FiscGroup *group = nation->groups->pdata[i];
        if (g_ptr_array_find_with_equal_func(group->members, entity, g_str_equal, NULL)) {
            g_string_append_printf(text, "%s%s", text->len > 0 ? " " : "", group->code);
        }
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

bool
fisc_flow_unit_list(FiscContext *ctx, FiscDate on, FiscTable **out_table, GError **error)
{
    static const char *const columns[] = {"entity",  "name",       "sector",
                                          "cp_code", "statements", "groups"};
    g_autoptr(FiscNation) nation = NULL;
    char day[FISC_DATE_TEXT];
    if (!fisc_flow_load_nation(ctx, &nation, error)) {
        return false;
    }
    fisc_nation_at(nation, fisc_period_of(on));
    g_autofree char *title = g_strdup_printf("Units on %s", fisc_date_format(on, day));
    FiscTable *table = fisc_table_new("units", title, 0);
    for (guint i = 0; i < G_N_ELEMENTS(columns); i++) {
        fisc_table_add_column(table, columns[i], FISC_COLUMN_TEXT);
    }
    for (guint i = 0; i < nation->entities->len; i++) {
        const FiscEntity *entity = nation->entities->pdata[i];
        g_autofree char *groups = groups_of(nation, entity->code);
        const char *const words[] = {entity->code,
                                     entity->name,
                                     entity->sector,
                                     entity->cp_code,
                                     entity->reporting ? "Y" : "N",
                                     groups};
        FiscRow *row = fisc_table_add_row(table);
        for (guint k = 0; k < G_N_ELEMENTS(words); k++) {
            fisc_table_set_text(table, row, (int)k, words[k]);
        }
    }
    *out_table = table;
    return true;
}

static void
add_record(FiscTable *table, const char *from, const char *to, const char *what, const char *value,
           const char *article)
{
    const char *const words[] = {from, to, what, value, article};
    FiscRow *row = fisc_table_add_row(table);
    for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
        fisc_table_set_text(table, row, (int)i, words[i]);
    }
}

static void
show_registered(FiscTable *table, const FiscNation *nation, const FiscEntity *entity)
{
    g_autofree char *groups = groups_of(nation, entity->code);
    add_record(table, "", "", "name", entity->name, "");
    add_record(table, "", "", "sector", entity->sector, "");
    add_record(table, "", "", "cp_code", entity->cp_code, "");
    add_record(table, "", "", "statements", entity->reporting ? "Y" : "N", "");
    add_record(table, "", "", "groups", groups, "");
}

static bool
has_word(const char *text, const char *word)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    return g_strv_contains((const char *const *)words, word);
}

static void
show_history(FiscTable *table, const FiscFact *fact)
{
    static const char *const names[] = {"name", "sector", "cp_code", "reporting"};
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        const char *value = fisc_fact_field(fact, names[i]);
        if (*value != '\0') {
            add_record(table, fisc_fact_field(fact, "from"), "",
                       strcmp(names[i], "reporting") == 0 ? "statements" : names[i], value,
                       fisc_fact_field(fact, "article"));
        }
    }
}

static void
show_succession(FiscTable *table, const FiscFact *fact, const char *entity)
{
    const char *date = fisc_fact_field(fact, "date"), *article = fisc_fact_field(fact, "article");
    const char *into = fisc_fact_field(fact, "into"), *rule = fisc_fact_field(fact, "rule");
    if (strcmp(fisc_fact_field(fact, "entity"), entity) == 0) {
        g_autofree char *value =
            *rule != '\0' ? g_strdup_printf("%s (%s)", into, rule) : g_strdup(into);
        add_record(table, date, "", "succeeded by", value, article);
    } else if (has_word(into, entity)) {
        add_record(table, date, "", "takes over from", fisc_fact_field(fact, "entity"), article);
    }
}

static void
show_fact(FiscTable *table, const FiscFact *fact, const char *entity)
{
    bool is_own = strcmp(fisc_fact_field(fact, "entity"), entity) == 0;
    if (strcmp(fact->kind, "succession") == 0) {
        show_succession(table, fact, entity);
    } else if (is_own && strcmp(fact->kind, "history") == 0) {
        show_history(table, fact);
    } else if (is_own && strcmp(fact->kind, "membership") == 0) {
        add_record(table, fisc_fact_field(fact, "from"), fisc_fact_field(fact, "to"), "member of",
                   fisc_fact_field(fact, "group"), fisc_fact_field(fact, "article"));
    }
}

bool
fisc_flow_unit_show(FiscContext *ctx, const char *entity, FiscTable **out_table, GError **error)
{
    static const char *const columns[] = {"from", "to", "what", "value", "article"};
    g_autoptr(FiscNation) nation = NULL;
    const FiscEntity *found = NULL;
    if (!fisc_flow_load_nation(ctx, &nation, error) ||
        !fisc_flow_find_entity(nation, entity, &found, error)) {
        return false;
    }
    g_autofree char *title = g_strdup_printf("%s, as registered and since", entity);
    FiscTable *table = fisc_table_new("unit", title, 0);
    for (guint i = 0; i < G_N_ELEMENTS(columns); i++) {
        fisc_table_add_column(table, columns[i], FISC_COLUMN_TEXT);
    }
    show_registered(table, nation, found);
    for (guint i = 0; i < nation->facts->len; i++) {
        show_fact(table, nation->facts->pdata[i], entity);
    }
    *out_table = table;
    return true;
}

/* Writing -------------------------------------------------------------------------------------- */

bool
fisc_flow_unit_change(FiscContext *ctx, const FiscUnitChange *change, char **out_document,
                      FiscReceipt **out_receipt, GError **error)
{
    char day[FISC_DATE_TEXT];
    if (change->name == NULL && change->sector == NULL && change->cp_code == NULL &&
        change->reporting == NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "say what %s is from that day on",
                         change->entity);
    }
    fisc_date_format(change->from, day);
    g_autofree char *subject = g_strdup_printf("%s/%s", change->entity, day);
    g_autoptr(FiscSubmission) facts = fisc_submission_new(SOURCE, ctx->actor);
    fisc_submission_event(facts, "history", subject, "entity", change->entity, "from", day, "name",
                          change->name, "sector", change->sector, "cp_code", change->cp_code,
                          "reporting", change->reporting, "article", change->article, NULL);
    return fisc_flow_put_facts(ctx, facts, change->article != NULL ? change->article : "a unit",
                               out_document, out_receipt, error);
}

/* The membership that has no end yet. */
static const FiscFact *
find_open_stay(const FiscNation *nation, const char *group, const char *entity)
{
    g_autoptr(GPtrArray) facts = fisc_nation_facts(nation, "membership");
    for (guint i = facts->len; i > 0; i--) {
        const FiscFact *fact = facts->pdata[i - 1];
        if (strcmp(fisc_fact_field(fact, "group"), group) == 0 &&
            strcmp(fisc_fact_field(fact, "entity"), entity) == 0 &&
            *fisc_fact_field(fact, "to") == '\0') {
            return fact;
        }
    }
    return NULL;
}

/* Since when who leaves has been a member; NULL: it is none. */
static const char *
member_since(const FiscNation *nation, const FiscGroup *group, const char *entity)
{
    const FiscFact *stay = find_open_stay(nation, group->code, entity);
    g_autofree char *prefix = g_strdup_printf("%s/%s/", group->code, entity);
    bool is_dated = stay != NULL;
    g_autoptr(GPtrArray) facts = fisc_nation_facts(nation, "membership");
    for (guint i = 0; i < facts->len && !is_dated; i++) {
        is_dated = g_str_has_prefix(((const FiscFact *)facts->pdata[i])->subject, prefix);
    }
    if (stay != NULL) {
        return fisc_fact_field(stay, "from");
    }
    bool is_registered =
        g_ptr_array_find_with_equal_func(group->members, entity, g_str_equal, NULL);
    return !is_dated && is_registered ? ALWAYS : NULL;
}

bool
fisc_flow_unit_membership(FiscContext *ctx, const FiscMembership *membership, char **out_document,
                          FiscReceipt **out_receipt, GError **error)
{
    g_autoptr(FiscNation) nation = NULL;
    char day[FISC_DATE_TEXT];
    const FiscEntity *entity = NULL;
    fisc_date_format(membership->day, day);
    if (!fisc_flow_load_nation(ctx, &nation, error) ||
        !fisc_flow_find_entity(nation, membership->entity, &entity, error)) {
        return false;
    }
    const FiscGroup *group = fisc_nation_group(nation, membership->group);
    if (group == NULL) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "there is no group \"%s\"",
                         membership->group);
    }
    const char *from = membership->is_end ? member_since(nation, group, entity->code) : day;
    if (from == NULL) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "%s is no member of %s", entity->code,
                         group->code);
    }
    g_autofree char *subject = g_strdup_printf("%s/%s/%s", group->code, entity->code, from);
    g_autoptr(FiscSubmission) facts = fisc_submission_new(SOURCE, ctx->actor);
    fisc_submission_event(facts, "membership", subject, "group", group->code, "entity",
                          entity->code, "from", from, "to", membership->is_end ? day : NULL,
                          "article", membership->article, NULL);
    return fisc_flow_put_facts(ctx, facts,
                               membership->article != NULL ? membership->article : "a member",
                               out_document, out_receipt, error);
}
