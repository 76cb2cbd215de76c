/* counterparts.c: the code of a counterparty, found once for each. */
#include "reporting/counterparts.h"

struct _FiscCounterparts {
    const FiscNation *nation;
    GHashTable *codes; /* counterparty -> its code */
};

FiscCounterparts *
fisc_counterparts_new(const FiscNation *nation)
{
    FiscCounterparts *counterparts = g_new0(FiscCounterparts, 1);
    counterparts->nation = nation;
    counterparts->codes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return counterparts;
}

void
fisc_counterparts_free(FiscCounterparts *counterparts)
{
    if (counterparts == NULL) {
        return;
    }
    g_hash_table_unref(counterparts->codes);
    g_free(counterparts);
}

static char *
find_code(const FiscNation *nation, const char *counterparty)
{
    const FiscEntity *entity = fisc_nation_entity(nation, counterparty);
    if (entity != NULL) {
        return g_strdup(entity->cp_code);
    }
    const FiscGroup *group = fisc_nation_group(nation, counterparty);
    g_autofree char *common = NULL;
    for (guint i = 0; group != NULL && i < group->members->len; i++) {
        entity = fisc_nation_entity(nation, g_ptr_array_index(group->members, i));
        const char *code = entity != NULL ? entity->cp_code : "";
        if (common == NULL) {
            common = g_strdup(code);
        }
        size_t same = 0;
        while (common[same] != '\0' && common[same] == code[same]) {
            same++;
        }
        common[same] = '\0';
    }
    return common != NULL ? g_steal_pointer(&common) : g_strdup("");
}

const char *
fisc_counterparts_code(FiscCounterparts *counterparts, const char *counterparty)
{
    char *code = g_hash_table_lookup(counterparts->codes, counterparty);
    if (code == NULL) {
        code = find_code(counterparts->nation, counterparty);
        g_hash_table_insert(counterparts->codes, g_strdup(counterparty), code);
    }
    return code;
}
