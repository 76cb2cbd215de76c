/* lens_calendar.c: each unit's own fiscal year in the place of the period.
 *
 * A unit whose year begins in July is six months ahead: what it did from July 2023 to June 2024,
 * its year that ends in 2024, is moved to the months of 2024. Everything of the unit is moved
 * alike, what was there before too, so that its stocks at the end of its year stand at the end of
 * the period. A statement of a group says whose year differs, moved or not, and by how much
 * (IPSAS 35.46 lets dates of reporting differ by three months). */
#include "fisc/lens.h"
#include "reporting/fiscal_year.h"

#define MONTHS_APART_MAX 3

/* What is asked of one unit, found once. */
typedef struct {
    const char *entity;
    int begins;
    int shift;
} Year;

typedef struct {
    const FiscNation *nation;
    const FiscLensQuery *query;
    GHashTable *by_entity; /* code -> Year */
    GPtrArray *years;      /* those that do not begin in January, in order of registration */
} Years;

static Years
find_years(const FiscNation *nation, const FiscLensQuery *query, GHashTable *members)
{
    Years years = {.nation = nation, .query = query};
    years.by_entity = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    years.years = g_ptr_array_new();
    for (guint i = 0; i < nation->entities->len; i++) {
        const FiscEntity *entity = nation->entities->pdata[i];
        int begins = fisc_fiscal_year_begins(nation, entity->code, fisc_period_year(query->to));
        if (begins == 1 || (members != NULL && !g_hash_table_contains(members, entity->code))) {
            continue;
        }
        Year *year = g_new0(Year, 1);
        *year = (Year){entity->code, begins, fisc_fiscal_year_shift(nation, query, entity->code)};
        g_hash_table_insert(years.by_entity, entity->code, year);
        g_ptr_array_add(years.years, year);
    }
    return years;
}

static void
move_rows(const Years *years, FiscBalances *balances)
{
    guint kept = 0;
    for (guint i = 0; i < balances->rows->len; i++) {
        FiscBalance row = g_array_index(balances->rows, FiscBalance, i);
        const Year *year = g_hash_table_lookup(years->by_entity, row.coding->entity);
        if (year != NULL && year->shift > 0) {
            row.period = fisc_period_shift(row.period, year->shift);
            if (row.period > years->query->to) {
                continue; /* of its next year */
            }
        }
        g_array_index(balances->rows, FiscBalance, kept++) = row;
    }
    g_array_set_size(balances->rows, kept);
}

static char *
moved_words(const FiscLensQuery *query, const Year *year)
{
    char from[FISC_DATE_TEXT], to[FISC_DATE_TEXT];
    FiscPeriod first = query->from % 100 == 0 ? query->from + 1 : query->from;
    FiscPeriod last = query->to % 100 == 13 ? query->to - 1 : query->to;
    fisc_period_format(fisc_period_shift(first, -year->shift), from);
    fisc_period_format(fisc_period_shift(last, -year->shift), to);
    return g_strdup_printf("Calendar: the year of %s ends %d month%s earlier: its figures are of "
                           "%s to %s%s",
                           year->entity, year->shift, year->shift == 1 ? "" : "s", from, to,
                           year->shift > MONTHS_APART_MAX
                               ? "; that is more than three months apart (IPSAS 35.46): adjust "
                                 "for what happened between, or report on common months"
                               : "");
}

static char *
common_words(const Year *year)
{
    int apart = (13 - year->begins) % 12;
    return g_strdup_printf("Calendar: the fiscal year of %s begins in month %02d and ends %d "
                           "month%s earlier; its figures here are of the same months as the "
                           "others'",
                           year->entity, year->begins, apart, apart == 1 ? "" : "s");
}

bool
fisc_lens_calendar(const FiscNation *nation, const FiscLensQuery *query, FiscBalances *balances,
                   GPtrArray *notes, GError **error)
{
    bool is_own = g_strcmp0(query->calendar, "own") == 0;
    if (!is_own && query->calendar != NULL && !g_str_equal(query->calendar, "common")) {
        return fisc_fail(error, FISC_ERROR_USAGE, "--calendar is own or common, not \"%s\"",
                         query->calendar);
    }
    g_autoptr(GPtrArray) facts = fisc_nation_facts(nation, "calendar");
    if (facts->len == 0) {
        return true;
    }
    g_autoptr(GHashTable) members =
        query->unit != NULL ? fisc_nation_perimeter(nation, query->unit) : NULL;
    Years years = find_years(nation, query, members);
    if (is_own) {
        move_rows(&years, balances);
    }
    for (guint i = 0; i < years.years->len; i++) {
        const Year *year = years.years->pdata[i];
        g_ptr_array_add(notes, is_own ? moved_words(query, year) : common_words(year));
    }
    g_ptr_array_unref(years.years);
    g_hash_table_unref(years.by_entity);
    return true;
}

/* Years are moved forward: nothing behind the period is needed. */
FiscPeriod
fisc_lens_calendar_end(const FiscNation *nation, const FiscLensQuery *query)
{
    (void)nation;
    return query->to;
}
