/* perimeter.c: who is inside a unit or group, and which lines its consolidation leaves out.
 *
 * Elimination is decided when a statement is asked for, from the counterparty on the coding, so any
 * group works and nothing is ever stored consolidated. Sources: GFSM 2014, 3.152-3.166. */
#include "reporting/perimeter.h"
#include "fisc/gfs.h"

/* Contributions of a government employer are routed through households (GFSM 2014, 3.164): revenue
 * and expense stay, whoever the line names. */
static const char *const never_eliminated[] = {"12", "212"};

static GHashTable *
every_entity(const FiscNation *nation)
{
    GHashTable *members = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < nation->entities->len; i++) {
        const FiscEntity *entity = g_ptr_array_index(nation->entities, i);
        g_hash_table_add(members, entity->code);
    }
    return members;
}

static int
decimals_of(const FiscPerimeter *perimeter)
{
    for (guint i = 0; i < perimeter->nation->entities->len; i++) {
        const FiscEntity *entity = g_ptr_array_index(perimeter->nation->entities, i);
        if (fisc_perimeter_has(perimeter, entity->code)) {
            return entity->decimals;
        }
    }
    return 2;
}

static const char *
name_of(const FiscNation *nation, const char *unit)
{
    const FiscGroup *group = fisc_nation_group(nation, unit);
    const FiscEntity *entity = fisc_nation_entity(nation, unit);
    return group != NULL ? group->name : entity != NULL ? entity->name : "";
}

bool
fisc_perimeter_find(const FiscNation *nation, const char *unit, FiscPerimeter **out_perimeter,
                    GError **error)
{
    GHashTable *members = unit != NULL ? fisc_nation_perimeter(nation, unit) : every_entity(nation);
    if (members == NULL) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "no entity or group has the code \"%s\"",
                         unit);
    }
    FiscPerimeter *perimeter = g_new0(FiscPerimeter, 1);
    perimeter->nation = nation;
    perimeter->unit = unit != NULL ? unit : "";
    perimeter->name = unit != NULL ? name_of(nation, unit) : "every unit";
    perimeter->members = members;
    perimeter->is_inside = g_hash_table_new(g_str_hash, g_str_equal);
    perimeter->decimals = decimals_of(perimeter);
    *out_perimeter = perimeter;
    return true;
}

void
fisc_perimeter_free(FiscPerimeter *perimeter)
{
    if (perimeter == NULL) {
        return;
    }
    g_hash_table_unref(perimeter->members);
    g_hash_table_unref(perimeter->is_inside);
    g_free(perimeter);
}

bool
fisc_perimeter_has(const FiscPerimeter *perimeter, const char *entity)
{
    return g_hash_table_contains(perimeter->members, entity);
}

bool
fisc_perimeter_is_inside(const FiscPerimeter *perimeter, const char *counterparty)
{
    if (counterparty[0] == '\0') {
        return false;
    }
    void *known = NULL;
    if (g_hash_table_lookup_extended(perimeter->is_inside, counterparty, NULL, &known)) {
        return GPOINTER_TO_INT(known) != 0;
    }
    bool is_inside = fisc_nation_is_inside(perimeter->nation, perimeter->members, counterparty);
    g_hash_table_insert(perimeter->is_inside, (void *)counterparty, GINT_TO_POINTER(is_inside));
    return is_inside;
}

bool
fisc_perimeter_eliminates(const FiscPerimeter *perimeter, const char *gfs_code,
                          const char *counterparty)
{
    for (guint i = 0; i < G_N_ELEMENTS(never_eliminated); i++) {
        if (fisc_gfs_is_under(gfs_code, never_eliminated[i])) {
            return false;
        }
    }
    return fisc_perimeter_is_inside(perimeter, counterparty);
}

const char *
fisc_perimeter_widest(const FiscNation *nation)
{
    const FiscGroup *widest = NULL;
    for (guint i = 0; i < nation->groups->len; i++) {
        const FiscGroup *group = g_ptr_array_index(nation->groups, i);
        if (widest == NULL || group->members->len > widest->members->len) {
            widest = group;
        }
    }
    return widest != NULL ? widest->code : NULL;
}
