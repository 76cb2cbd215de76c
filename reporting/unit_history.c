/* unit_history.c: facts about units and groups become what they are in a period.
 *
 * A unit is what its last history before the end of the period says. A group's members are judged
 * month by month: a fact about a membership replaces, for that unit, what the group was registered
 * with. What a change of members does to balances is unit_stays.c's. */
#include "fisc/history.h"
#include <string.h>

#define MONTHS_MAX 10000 /* beyond year 800, before any book */

int
fisc_month_number(FiscPeriod period)
{
    int month = period % 100;
    return 12 * fisc_period_year(period) + MIN(month, 12) - 1;
}

const char *
fisc_month_format(int month, char *buffer)
{
    return fisc_period_format(100 * (month / 12) + month % 12 + 1, buffer);
}

/* The month of a fact's day; @fallback when it has none. */
static int
month_of_field(const FiscFact *fact, const char *name, int fallback)
{
    FiscDate date;
    return fisc_date_parse(fisc_fact_field(fact, name), &date)
               ? fisc_month_number(fisc_period_of(date))
               : fallback;
}

/* The last month at whose end a day has not passed. */
static int
last_month_of(const FiscFact *fact, const char *name)
{
    FiscDate date;
    if (!fisc_date_parse(fisc_fact_field(fact, name), &date)) {
        return G_MAXINT;
    }
    int month = fisc_month_number(fisc_period_of(date));
    return fisc_period_of(date + 1) == fisc_period_of(date) ? month - 1 : month;
}

/* Units ---------------------------------------------------------------------------------------- */

static int
compare_days(const void *a, const void *b)
{
    const FiscFact *left = *(const FiscFact *const *)a, *right = *(const FiscFact *const *)b;
    return strcmp(fisc_fact_field(left, "from"), fisc_fact_field(right, "from"));
}

/* Histories by day; of one day in the order in which they were told. */
static GPtrArray *
list_histories(const FiscNation *nation)
{
    GPtrArray *histories = fisc_nation_facts(nation, "history");
    g_ptr_array_sort(histories, compare_days);
    return histories;
}

static const char *
or_else(const char *text, const char *otherwise)
{
    return *text != '\0' ? text : otherwise;
}

static void
become(FiscNation *nation, const FiscFact *history)
{
    const FiscEntity *known = fisc_nation_entity(nation, fisc_fact_field(history, "entity"));
    if (known == NULL) {
        return;
    }
    const char *reporting = fisc_fact_field(history, "reporting");
    g_autofree char *sector = g_strdup(known->sector);
    FiscEntity *entity = fisc_nation_add_entity(
        nation, known->code, or_else(fisc_fact_field(history, "name"), known->name),
        or_else(fisc_fact_field(history, "sector"), sector),
        or_else(fisc_fact_field(history, "cp_code"), known->cp_code),
        *reporting != '\0' ? *reporting == 'Y' : known->reporting, known->currency);
    if (entity->first_sector == NULL && strcmp(entity->sector, sector) != 0) {
        entity->first_sector = g_steal_pointer(&sector);
    }
}

static void
add_note(FiscNation *nation, const char *unit, char *text)
{
    FiscNote *note = g_new0(FiscNote, 1);
    note->unit = g_strdup(unit);
    note->statement = g_strdup("*");
    note->text = text;
    g_ptr_array_add(nation->notes, note);
}

static void
note_history(FiscNation *nation, const FiscFact *history)
{
    static const char *const words[][2] = {
        {"name", "its name"}, {"sector", "its sector"}, {"cp_code", "its code as a counterparty"}};
    const char *article = fisc_fact_field(history, "article");
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
        const char *value = fisc_fact_field(history, words[i][0]);
        if (*value != '\0') {
            g_string_append_printf(text, "%s %s is %s", text->len > 0 ? "," : "", words[i][1],
                                   value);
        }
    }
    if (text->len > 0) {
        add_note(nation, fisc_fact_field(history, "entity"),
                 g_strdup_printf("From %s on%s%s%s%s.", fisc_fact_field(history, "from"), text->str,
                                 *article != '\0' ? " (" : "", article,
                                 *article != '\0' ? ")" : ""));
    }
}

/* Groups --------------------------------------------------------------------------------------- */

/* The months that a question is about, and what is asked of each entity in each. */
typedef struct {
    FiscNation *nation;
    int open, end;           /* the month before the period, and its last */
    FiscGroup *group;        /* that is made */
    GHashTable *memberships; /* entity -> GPtrArray of const FiscFact of this group */
    GHashTable *registered;  /* entities of a group that is told by its list; NULL: by sector */
    const FiscGroup *within; /* by sector only */
    GHashTable *inside;      /* members of @within; NULL: everybody */
    GPtrArray *histories;
    FiscBelongs belongs;
    gconstpointer data;
} Making;

static const char *
sector_in(const Making *making, const FiscEntity *entity, int month)
{
    const char *sector = entity->first_sector != NULL ? entity->first_sector : entity->sector;
    for (guint i = 0; entity->first_sector != NULL && i < making->histories->len; i++) {
        const FiscFact *history = making->histories->pdata[i];
        if (strcmp(fisc_fact_field(history, "entity"), entity->code) == 0 &&
            month_of_field(history, "from", MONTHS_MAX * 12) <= month) {
            sector = or_else(fisc_fact_field(history, "sector"), sector);
        }
    }
    return sector;
}

static bool
has_stay(const FiscGroup *group, const char *entity, int month)
{
    bool is_dated = false;
    for (guint i = 0; group->stays != NULL && i < group->stays->len; i++) {
        const FiscStay *stay = &g_array_index(group->stays, FiscStay, i);
        if (strcmp(stay->entity, entity) == 0) {
            is_dated = true;
            if (stay->from <= month && month <= stay->to) {
                return true;
            }
        }
    }
    return !is_dated;
}

static bool
is_member_in(const Making *making, const FiscEntity *entity, int month)
{
    if (making->registered == NULL) {
        return (making->inside == NULL ||
                (g_hash_table_contains(making->inside, entity->code) &&
                 (making->within == NULL || has_stay(making->within, entity->code, month)))) &&
               making->belongs(sector_in(making, entity, month), making->data);
    }
    const GPtrArray *facts = g_hash_table_lookup(making->memberships, entity->code);
    for (guint i = 0; facts != NULL && i < facts->len; i++) {
        const FiscFact *fact = facts->pdata[i];
        if (month_of_field(fact, "from", 0) <= month && month <= last_month_of(fact, "to")) {
            return true;
        }
    }
    return facts == NULL && g_hash_table_contains(making->registered, entity->code);
}

/* As a counterparty in months when it is outside: the same unit, under another code. */
static void
add_outside(FiscNation *nation, const FiscEntity *entity)
{
    g_autofree char *code = fisc_outside_code(entity->code);
    if (fisc_nation_entity(nation, code) != NULL) {
        return;
    }
    FiscEntity *twin = g_new0(FiscEntity, 1);
    *twin = (FiscEntity){.code = g_steal_pointer(&code),
                         .name = g_strdup(entity->name),
                         .sector = g_strdup(entity->sector),
                         .cp_code = g_strdup(entity->cp_code),
                         .currency = g_strdup(entity->currency),
                         .decimals = entity->decimals};
    g_ptr_array_add(nation->outside, twin);
    g_hash_table_insert(nation->by_entity, twin->code, twin);
}

static void
note_stay(const Making *making, const FiscStay *stay)
{
    char month[FISC_DATE_TEXT];
    const char *unit = making->group->code;
    if (stay->from > making->open) {
        fisc_month_format(stay->from, month);
        add_note(making->nation, unit,
                 g_strdup_printf("%s belongs to it from %s on: what it owned and owed before came "
                                 "in then, as other volume changes.",
                                 stay->entity, month));
    }
    if (stay->to < making->end) {
        fisc_month_format(stay->to, month);
        add_note(making->nation, unit,
                 g_strdup_printf("%s belonged to it until %s: what it then owned and owed went out "
                                 "in the month after, as other volume changes.",
                                 stay->entity, month));
    }
}

static void
add_stay(const Making *making, const FiscEntity *entity, int from, int to)
{
    /* What holds at the first month held before, as far as a statement can tell; and likewise. */
    FiscStay stay = {.entity = entity->code,
                     .from = from == making->open ? 0 : from,
                     .to = to == making->end ? G_MAXINT : to};
    if (making->group->stays == NULL) {
        making->group->stays = g_array_new(FALSE, FALSE, sizeof(FiscStay));
    }
    g_array_append_val(making->group->stays, stay);
    note_stay(making, &stay);
}

/* Walks the months; true when the entity belongs to the group in one of them. */
static bool
judge_months(const Making *making, const FiscEntity *entity)
{
    int since = -1;
    bool was_ever = false;
    bool is_always = true;
    for (int month = making->open; month <= making->end; month++) {
        bool is_member = is_member_in(making, entity, month);
        was_ever = was_ever || is_member;
        is_always = is_always && is_member;
    }
    for (int month = making->open; was_ever && !is_always && month <= making->end + 1; month++) {
        bool is_member = month <= making->end && is_member_in(making, entity, month);
        if (is_member && since < 0) {
            since = month;
        } else if (!is_member && since >= 0) {
            add_stay(making, entity, since, month - 1);
            since = -1;
        }
    }
    if (was_ever && !is_always) {
        add_outside(making->nation, entity);
    }
    return was_ever;
}

/* Most have no history: one month is as good as all. */
static bool
is_dated(const Making *making, const FiscEntity *entity)
{
    if (making->registered != NULL) {
        return g_hash_table_contains(making->memberships, entity->code);
    }
    return entity->first_sector != NULL ||
           (making->within != NULL && making->within->stays != NULL);
}

static void
judge_entity(Making *making, const FiscEntity *entity)
{
    bool is_in = is_dated(making, entity) ? judge_months(making, entity)
                                          : is_member_in(making, entity, making->end);
    if (is_in) {
        g_ptr_array_add(making->group->members, g_strdup(entity->code));
    }
}

static void
free_array(gpointer array)
{
    g_ptr_array_unref(array);
}

/* What is said of the members of a group; empty: nothing. */
static GHashTable *
memberships_of(const GPtrArray *facts, const char *group)
{
    GHashTable *found = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_array);
    for (guint i = 0; i < facts->len; i++) {
        FiscFact *fact = facts->pdata[i];
        if (strcmp(fisc_fact_field(fact, "group"), group) != 0) {
            continue;
        }
        const char *entity = fisc_fact_field(fact, "entity");
        GPtrArray *list = g_hash_table_lookup(found, entity);
        if (list == NULL) {
            list = g_ptr_array_new();
            g_hash_table_insert(found, (void *)entity, list);
        }
        g_ptr_array_add(list, fact);
    }
    return found;
}

/* Members stay in the order they were registered in; who came later follows. */
static void
date_group(FiscNation *nation, FiscGroup *group, const GPtrArray *facts, int open, int end)
{
    g_autoptr(GHashTable) memberships = memberships_of(facts, group->code);
    if (g_hash_table_size(memberships) == 0) {
        return;
    }
    g_autoptr(GHashTable) registered = fisc_nation_perimeter(nation, group->code);
    g_autoptr(GPtrArray) before = g_steal_pointer(&group->members);
    Making making = {.nation = nation,
                     .open = open,
                     .end = end,
                     .group = group,
                     .memberships = memberships,
                     .registered = registered};
    group->members = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < before->len; i++) {
        const FiscEntity *entity = fisc_nation_entity(nation, before->pdata[i]);
        if (entity != NULL) {
            judge_entity(&making, entity);
        }
    }
    for (guint i = 0; i < nation->entities->len; i++) {
        const FiscEntity *entity = nation->entities->pdata[i];
        if (!g_hash_table_contains(registered, entity->code) &&
            g_hash_table_contains(memberships, entity->code)) {
            judge_entity(&making, entity);
        }
    }
}

static void
date_nation(FiscNation *nation, int open, int end)
{
    g_autoptr(GPtrArray) histories = list_histories(nation);
    g_autoptr(GPtrArray) memberships = fisc_nation_facts(nation, "membership");
    for (guint i = 0; i < histories->len; i++) {
        int month = month_of_field(histories->pdata[i], "from", MONTHS_MAX * 12);
        if (month <= end) {
            become(nation, histories->pdata[i]);
        }
        if (open < month && month <= end) {
            note_history(nation, histories->pdata[i]);
        }
    }
    for (guint i = 0; memberships->len > 0 && i < nation->groups->len; i++) {
        date_group(nation, nation->groups->pdata[i], memberships, open, end);
    }
}

/* The month at whose end a period opens. */
static int
opening_of(FiscPeriod from)
{
    return from % 100 == 0 ? fisc_month_number(from) : fisc_month_number(from) - 1;
}

void
fisc_nation_during(FiscNation *nation, FiscPeriod from, FiscPeriod to)
{
    date_nation(nation, opening_of(from), fisc_month_number(to));
}

void
fisc_nation_at(FiscNation *nation, FiscPeriod to)
{
    date_nation(nation, fisc_month_number(to), fisc_month_number(to));
    for (guint i = 0; i < nation->entities->len; i++) {
        FiscEntity *entity = nation->entities->pdata[i];
        g_clear_pointer(&entity->first_sector, g_free); /* it always was where it is */
    }
}

/* Groups by sector ----------------------------------------------------------------------------- */

FiscGroup *
fisc_nation_add_group_of(FiscNation *nation, const char *code, const char *name, const char *within,
                         FiscPeriod from, FiscPeriod to, FiscBelongs belongs, gconstpointer data)
{
    g_autoptr(GPtrArray) histories = list_histories(nation);
    g_autoptr(GHashTable) inside = within != NULL ? fisc_nation_perimeter(nation, within) : NULL;
    Making making = {.nation = nation,
                     .open = opening_of(from),
                     .end = fisc_month_number(to),
                     .group = fisc_nation_add_group(nation, code, name, ""),
                     .within = fisc_nation_group(nation, within),
                     .inside = inside,
                     .histories = histories,
                     .belongs = belongs,
                     .data = data};
    for (guint i = 0; i < nation->entities->len; i++) {
        judge_entity(&making, nation->entities->pdata[i]);
    }
    return making.group;
}

/* "S13111+S1314" is in both. */
static bool
begins_so(const char *sector, gconstpointer data)
{
    g_auto(GStrv) codes = g_strsplit(sector, "+", -1);
    for (char **code = codes; *code != NULL; code++) {
        if (g_str_has_prefix(*code, data)) {
            return true;
        }
    }
    return false;
}

static bool
is_anybody_in(const FiscNation *nation, const char *sector)
{
    for (guint i = 0; i < nation->entities->len; i++) {
        const FiscEntity *entity = nation->entities->pdata[i];
        if (begins_so(entity->sector, sector) ||
            (entity->first_sector != NULL && begins_so(entity->first_sector, sector))) {
            return true;
        }
    }
    return false;
}

bool
fisc_nation_add_sector(FiscNation *nation, const char *sector, FiscPeriod from, FiscPeriod to)
{
    bool is_code = sector != NULL && sector[0] == 'S' && sector[1] != '\0' &&
                   strspn(sector + 1, "0123456789") == strlen(sector + 1);
    if (!is_code || fisc_nation_entity(nation, sector) != NULL ||
        fisc_nation_group(nation, sector) != NULL || !is_anybody_in(nation, sector)) {
        return false;
    }
    g_autofree char *name = g_strdup_printf("Sector %s", sector);
    fisc_nation_add_group_of(nation, sector, name, NULL, from, to, begins_so, sector);
    return true;
}
