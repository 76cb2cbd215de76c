/* nation.c: the containers of the master data and the question who belongs to whom.
 *
 * Filling a nation from the database is ledger/reader.c. Adding a code again replaces what is known
 * of it in place, so that pointers to it stay good while later events change its words. */
#include "fisc/nation.h"
#include "fisc/money.h"
#include <string.h>

static void
entity_clear(FiscEntity *entity)
{
    g_free(entity->name);
    g_free(entity->sector);
    g_free(entity->cp_code);
    g_free(entity->currency);
}

static void
entity_free(FiscEntity *entity)
{
    entity_clear(entity);
    g_free(entity->first_sector);
    g_free(entity->code);
    g_free(entity);
}

static void
group_clear(FiscGroup *group)
{
    g_free(group->name);
    g_clear_pointer(&group->members, g_ptr_array_unref);
    g_clear_pointer(&group->stays, g_array_unref);
}

static void
group_free(FiscGroup *group)
{
    group_clear(group);
    g_free(group->code);
    g_free(group);
}

static void
account_clear(FiscAccount *account)
{
    g_free(account->name);
    g_free(account->gfs);
}

static void
account_free(FiscAccount *account)
{
    account_clear(account);
    g_free(account->code);
    g_free(account);
}

static void
note_free(FiscNote *note)
{
    g_free(note->unit);
    g_free(note->statement);
    g_free(note->text);
    g_free(note);
}

static void
memorandum_free(FiscMemorandum *memorandum)
{
    g_free(memorandum->unit);
    g_free(memorandum->code);
    g_free(memorandum->label);
    g_free(memorandum->note);
    g_free(memorandum);
}

static void
fact_free(FiscFact *fact)
{
    g_free(fact->kind);
    g_free(fact->subject);
    g_ptr_array_unref(fact->fields);
    g_free(fact);
}

FiscNation *
fisc_nation_new(void)
{
    FiscNation *nation = g_new0(FiscNation, 1);
    nation->entities = g_ptr_array_new_with_free_func((GDestroyNotify)entity_free);
    nation->outside = g_ptr_array_new_with_free_func((GDestroyNotify)entity_free);
    nation->groups = g_ptr_array_new_with_free_func((GDestroyNotify)group_free);
    nation->accounts = g_ptr_array_new_with_free_func((GDestroyNotify)account_free);
    nation->notes = g_ptr_array_new_with_free_func((GDestroyNotify)note_free);
    nation->memoranda = g_ptr_array_new_with_free_func((GDestroyNotify)memorandum_free);
    nation->facts = g_ptr_array_new_with_free_func((GDestroyNotify)fact_free);
    nation->by_entity = g_hash_table_new(g_str_hash, g_str_equal);
    nation->by_group = g_hash_table_new(g_str_hash, g_str_equal);
    nation->by_account = g_hash_table_new(g_str_hash, g_str_equal);
    return nation;
}

void
fisc_nation_free(FiscNation *nation)
{
    if (nation == NULL) {
        return;
    }
    g_hash_table_unref(nation->by_entity);
    g_hash_table_unref(nation->by_group);
    g_hash_table_unref(nation->by_account);
    g_ptr_array_unref(nation->entities);
    g_ptr_array_unref(nation->outside);
    g_ptr_array_unref(nation->groups);
    g_ptr_array_unref(nation->accounts);
    g_ptr_array_unref(nation->notes);
    g_ptr_array_unref(nation->memoranda);
    g_ptr_array_unref(nation->facts);
    g_free(nation);
}

static char *
copy_of(const char *text)
{
    return g_strdup(text != NULL ? text : "");
}

FiscEntity *
fisc_nation_add_entity(FiscNation *nation, const char *code, const char *name, const char *sector,
                       const char *cp_code, bool reporting, const char *currency)
{
    FiscEntity *entity = g_hash_table_lookup(nation->by_entity, code);
    if (entity == NULL) {
        entity = g_new0(FiscEntity, 1);
        entity->code = g_strdup(code);
        g_ptr_array_add(nation->entities, entity);
        g_hash_table_insert(nation->by_entity, entity->code, entity);
    }
    FiscEntity before = *entity; /* the arguments may be its own words */
    entity->name = copy_of(name);
    entity->sector = copy_of(sector);
    entity->cp_code = copy_of(cp_code);
    entity->reporting = reporting;
    entity->currency = copy_of(currency);
    int decimals = fisc_currency_decimals(entity->currency);
    entity->decimals = decimals >= 0 ? decimals : 2; /* codes were checked on the way in */
    entity_clear(&before);
    return entity;
}

static GPtrArray *
split_members(const char *members)
{
    GPtrArray *list = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) words = g_strsplit_set(members != NULL ? members : "", " \t", -1);
    for (char **word = words; *word != NULL; word++) {
        if (**word != '\0') {
            g_ptr_array_add(list, g_strdup(*word));
        }
    }
    return list;
}

FiscGroup *
fisc_nation_add_group(FiscNation *nation, const char *code, const char *name, const char *members)
{
    FiscGroup *group = g_hash_table_lookup(nation->by_group, code);
    if (group == NULL) {
        group = g_new0(FiscGroup, 1);
        group->code = g_strdup(code);
        g_ptr_array_add(nation->groups, group);
        g_hash_table_insert(nation->by_group, group->code, group);
    }
    FiscGroup before = *group;
    group->name = copy_of(name);
    group->members = split_members(members);
    group->stays = NULL;
    group_clear(&before);
    return group;
}

FiscAccount *
fisc_nation_add_account(FiscNation *nation, const char *code, const char *name, FiscClass class_,
                        const char *gfs, int kind, bool national, FiscStage stage)
{
    FiscAccount *account = g_hash_table_lookup(nation->by_account, code);
    if (account == NULL) {
        account = g_new0(FiscAccount, 1);
        account->code = g_strdup(code);
        g_ptr_array_add(nation->accounts, account);
        g_hash_table_insert(nation->by_account, account->code, account);
    }
    FiscAccount before = *account;
    account->name = copy_of(name);
    account->class_ = class_;
    account->gfs = copy_of(gfs);
    account->kind = kind;
    account->national = national;
    account->stage = stage;
    account_clear(&before);
    return account;
}

const FiscFact *
fisc_nation_fact(const FiscNation *nation, const char *kind, const char *subject)
{
    for (guint i = 0; i < nation->facts->len; i++) {
        const FiscFact *fact = g_ptr_array_index(nation->facts, i);
        if (strcmp(fact->kind, kind) == 0 && strcmp(fact->subject, subject) == 0) {
            return fact;
        }
    }
    return NULL;
}

GPtrArray *
fisc_nation_facts(const FiscNation *nation, const char *kind)
{
    GPtrArray *list = g_ptr_array_new();
    for (guint i = 0; i < nation->facts->len; i++) {
        FiscFact *fact = g_ptr_array_index(nation->facts, i);
        if (strcmp(fact->kind, kind) == 0) {
            g_ptr_array_add(list, fact);
        }
    }
    return list;
}

FiscFact *
fisc_nation_add_fact(FiscNation *nation, const char *kind, const char *subject, char *const *fields,
                     int count)
{
    FiscFact *fact = g_new0(FiscFact, 1);
    fact->kind = g_strdup(kind);
    fact->subject = g_strdup(subject);
    fact->fields = g_ptr_array_new_with_free_func(g_free);
    for (int i = 0; i + 1 < count; i += 2) {
        g_ptr_array_add(fact->fields, g_strdup(fields[i]));
        g_ptr_array_add(fact->fields, g_strdup(fields[i + 1]));
    }
    g_ptr_array_add(nation->facts, fact);
    return fact;
}

const FiscEntity *
fisc_nation_entity(const FiscNation *nation, const char *code)
{
    return code != NULL ? g_hash_table_lookup(nation->by_entity, code) : NULL;
}

const FiscGroup *
fisc_nation_group(const FiscNation *nation, const char *code)
{
    return code != NULL ? g_hash_table_lookup(nation->by_group, code) : NULL;
}

const FiscAccount *
fisc_nation_account(const FiscNation *nation, const char *code)
{
    return code != NULL ? g_hash_table_lookup(nation->by_account, code) : NULL;
}

bool
fisc_nation_is_inside(const FiscNation *nation, GHashTable *members, const char *code)
{
    if (code == NULL || *code == '\0') {
        return false;
    }
    if (g_hash_table_contains(members, code)) {
        return true;
    }
    const FiscGroup *group =
        fisc_nation_entity(nation, code) == NULL ? fisc_nation_group(nation, code) : NULL;
    if (group == NULL || group->members->len == 0) {
        return false;
    }
    for (guint i = 0; i < group->members->len; i++) {
        if (!g_hash_table_contains(members, g_ptr_array_index(group->members, i))) {
            return false;
        }
    }
    return true;
}

GHashTable *
fisc_nation_perimeter(const FiscNation *nation, const char *unit)
{
    const FiscGroup *group = fisc_nation_group(nation, unit);
    const FiscEntity *entity = group == NULL ? fisc_nation_entity(nation, unit) : NULL;
    if (group == NULL && entity == NULL) {
        return NULL;
    }
    GHashTable *members = g_hash_table_new(g_str_hash, g_str_equal);
    if (entity != NULL) {
        g_hash_table_add(members, entity->code);
    }
    for (guint i = 0; group != NULL && i < group->members->len; i++) {
        g_hash_table_add(members, g_ptr_array_index(group->members, i));
    }
    return members;
}
