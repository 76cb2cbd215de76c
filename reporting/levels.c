/* levels.c: subsectors by SNA codes, then groups on record by size. */
#include "reporting/levels.h"
#include <string.h>

/* Inside a subsector, then central government, then general government. */
static const char *const subsectors[] = {"S13111", "S13112", "S1314", "S1312",
                                         "S1313",  "S1311",  "S13"};

struct _FiscLevels {
    const FiscNation *nation;
    GHashTable *found; /* "one\x1fother" -> level */
};

FiscLevels *
fisc_levels_new(const FiscNation *nation)
{
    FiscLevels *levels = g_new0(FiscLevels, 1);
    levels->nation = nation;
    levels->found = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return levels;
}

void
fisc_levels_free(FiscLevels *levels)
{
    if (levels != NULL) {
        g_hash_table_unref(levels->found);
        g_free(levels);
    }
}

/* A unit may be of two subsectors: "S13112+S1314". */
static bool
entity_is_of(const FiscEntity *entity, const char *subsector)
{
    g_auto(GStrv) words = g_strsplit(entity != NULL ? entity->sector : "", "+", -1);
    for (char **word = words; *word != NULL; word++) {
        if (g_str_has_prefix(*word, subsector)) {
            return true;
        }
    }
    return false;
}

static bool
unit_is_of(const FiscNation *nation, const char *unit, const char *subsector)
{
    const FiscEntity *entity = fisc_nation_entity(nation, unit);
    const FiscGroup *class_ = entity == NULL ? fisc_nation_group(nation, unit) : NULL;
    if (class_ == NULL) {
        return entity_is_of(entity, subsector);
    }
    for (guint i = 0; i < class_->members->len; i++) {
        if (!entity_is_of(fisc_nation_entity(nation, class_->members->pdata[i]), subsector)) {
            return false;
        }
    }
    return class_->members->len > 0;
}

static bool
group_holds(const FiscNation *nation, const FiscGroup *group, const char *one, const char *other)
{
    g_autoptr(GHashTable) members = fisc_nation_perimeter(nation, group->code);
    return fisc_nation_is_inside(nation, members, one) &&
           fisc_nation_is_inside(nation, members, other);
}

static const char *
smallest_group(const FiscNation *nation, const char *one, const char *other)
{
    const FiscGroup *smallest = NULL;
    for (guint i = 0; i < nation->groups->len; i++) {
        const FiscGroup *group = nation->groups->pdata[i];
        if ((smallest == NULL || group->members->len < smallest->members->len) &&
            group_holds(nation, group, one, other)) {
            smallest = group;
        }
    }
    return smallest != NULL ? smallest->code : "";
}

static const char *
find_level(const FiscNation *nation, const char *one, const char *other)
{
    for (guint i = 0; i < G_N_ELEMENTS(subsectors); i++) {
        if (unit_is_of(nation, one, subsectors[i]) && unit_is_of(nation, other, subsectors[i])) {
            return subsectors[i];
        }
    }
    return smallest_group(nation, one, other);
}

const char *
fisc_levels_of(FiscLevels *levels, const char *one, const char *other)
{
    char *key = g_strjoin("\x1f", one, other, NULL);
    const char *level = g_hash_table_lookup(levels->found, key);
    if (level != NULL) {
        g_free(key);
        return level;
    }
    level = find_level(levels->nation, one, other);
    g_hash_table_insert(levels->found, key, (void *)level);
    return level;
}

int
fisc_levels_rank(const FiscLevels *levels, const char *level)
{
    for (guint i = 0; i < G_N_ELEMENTS(subsectors); i++) {
        if (strcmp(subsectors[i], level) == 0) {
            return (int)i;
        }
    }
    const FiscGroup *group = fisc_nation_group(levels->nation, level);
    return (int)G_N_ELEMENTS(subsectors) + (group != NULL ? (int)group->members->len : 0);
}
