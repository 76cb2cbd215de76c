/* plan_ceiling.c: the most that may be requested: which lines a ceiling speaks of, what they come
 * to, and who is over. Pure. When it is asked is for the step of the procedure to say. */
#include "budget/plan_ceiling.h"
#include "budget/plan_table.h"
#include "fisc/money.h"
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *column;
    FiscDimension dimension;
} prefixes[] = {
    {"programme", FISC_DIM_PROGRAMME},
    {"section", FISC_DIM_SECTION},
    {"economic", FISC_DIM_ECONOMIC},
    {"gfs_code", FISC_DIM_GFS},
};

static FiscPlanCeiling *
take_ceiling(const FiscPlanTable *table, const FiscPlanRow *row)
{
    FiscPlanCeiling *ceiling = g_new0(FiscPlanCeiling, 1);
    int broken = fisc_amount_parse(fisc_plan_table_field(table, row, "amount"),
                                   table->frame.decimals, '.', 0, &ceiling->limit);
    g_assert(broken == 0);
    ceiling->name = fisc_plan_table_field(table, row, "ceiling");
    ceiling->entity = fisc_plan_table_field(table, row, "entity");
    ceiling->nature = fisc_plan_table_field(table, row, "nature");
    ceiling->article = fisc_plan_table_field(table, row, "article");
    ceiling->year = atoi(fisc_plan_table_field(table, row, "year"));
    for (gsize i = 0; i < G_N_ELEMENTS(prefixes); i++) {
        ceiling->prefix[i] = fisc_plan_table_field(table, row, prefixes[i].column);
    }
    return ceiling;
}

static void
append_key(GString *key, const char *word, const char *value)
{
    if (*value != '\0') {
        g_string_append_printf(key, "%s=%s ", word, value);
    }
}

char *
fisc_plan_ceiling_key(const FiscPlanCeiling *ceiling)
{
    GString *key = g_string_new(NULL);
    append_key(key, "entity", ceiling->entity);
    for (gsize i = 0; i < G_N_ELEMENTS(prefixes); i++) {
        append_key(key, prefixes[i].column, ceiling->prefix[i]);
    }
    append_key(key, "nature", ceiling->nature);
    g_string_append_printf(key, "year=%d", ceiling->year);
    return g_string_free(key, FALSE);
}

bool
fisc_plan_ceiling_is_of(const char *pattern, const char *entity)
{
    gsize length = strlen(pattern);
    if (length > 0 && pattern[length - 1] == '*') {
        return strncmp(pattern, entity, length - 1) == 0;
    }
    return length == 0 || strcmp(pattern, entity) == 0;
}

/* A line that does not say is a policy that goes on. */
static bool
is_of_nature(const char *nature, const FiscPlanLine *line)
{
    const char *own = *line->nature != '\0' ? line->nature : "continuing";
    return *nature == '\0' || strcmp(nature, own) == 0;
}

static bool
speaks_of(const FiscPlanCeiling *ceiling, const FiscPlanLine *line)
{
    if (line->side != FISC_SIDE_EXPENDITURE ||
        !fisc_plan_ceiling_is_of(ceiling->entity, line->entity) ||
        !is_of_nature(ceiling->nature, line)) {
        return false;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(prefixes); i++) {
        if (!g_str_has_prefix(line->dim[prefixes[i].dimension], ceiling->prefix[i])) {
            return false;
        }
    }
    return true;
}

/* The figure, or the last one given before it. */
static int64_t
amount_up_to(const FiscPlanLine *line, FiscFigureKind last, int year)
{
    for (int figure = (int)last; figure >= FISC_FIGURE_REQUEST; figure--) {
        if (line->figure[figure].is_given) {
            return line->figure[figure].amount[year];
        }
    }
    return 0;
}

static void
add_line(FiscPlanCeiling *ceiling, const FiscPlanLine *line, int year)
{
    ceiling->lines++;
    ceiling->requested += amount_up_to(line, FISC_FIGURE_REQUEST, year);
    ceiling->marked += amount_up_to(line, FISC_FIGURE_MARK, year);
    ceiling->proposed += amount_up_to(line, FISC_FIGURE_AMENDMENT, year);
}

static void
add_lines(FiscPlanCeiling *ceiling, const FiscPlanLines *lines)
{
    int year = ceiling->year - lines->frame.year;
    for (guint i = 0; i < lines->lines->len; i++) {
        const FiscPlanLine *line = lines->lines->pdata[i];
        if (speaks_of(ceiling, line)) {
            add_line(ceiling, line, year);
        }
    }
}

FiscPlanTable *
fisc_plan_ceilings_read(const FiscPlanLines *lines, const char *text, GPtrArray **out_ceilings,
                        FiscRefusals *refusals)
{
    FiscPlanTable *table =
        fisc_plan_table_read_text(FISC_PART_CEILINGS, &lines->frame, text, refusals);
    if (table == NULL) {
        return NULL;
    }
    GPtrArray *ceilings = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < table->rows->len; i++) {
        FiscPlanCeiling *ceiling = take_ceiling(table, table->rows->pdata[i]);
        add_lines(ceiling, lines);
        g_ptr_array_add(ceilings, ceiling);
    }
    *out_ceilings = ceilings;
    return table;
}

static int64_t
clamp(__int128 sum)
{
    return sum > INT64_MAX ? INT64_MAX : (int64_t)sum;
}

static void
refuse(const FiscPlanCeiling *ceiling, const FiscPlanLines *lines, FiscRefusals *refusals)
{
    const FiscPlanLine *line = lines->lines->pdata[0];
    FiscRefusal *refusal =
        fisc_refusals_add(refusals, FISC_ERROR_CEILING_EXCEEDED, NULL, 0, NULL,
                          "%d lines of %s in %d", ceiling->lines, line->entity, ceiling->year);
    refusal->control = g_strdup(ceiling->name);
    refusal->key = fisc_plan_ceiling_key(ceiling);
    refusal->limit = ceiling->limit;
    refusal->requested = clamp(ceiling->proposed);
    refusal->shortfall = clamp(ceiling->proposed - ceiling->limit);
    refusal->article = *ceiling->article != '\0' ? g_strdup(ceiling->article) : NULL;
}

bool
fisc_plan_ceilings_check(const FiscPlanLines *lines, const char *ceilings, FiscRefusals *refusals)
{
    guint refused_before = refusals->len;
    g_autoptr(GPtrArray) list = NULL;
    g_autoptr(FiscPlanTable) table = fisc_plan_ceilings_read(lines, ceilings, &list, refusals);
    for (guint i = 0; table != NULL && i < list->len; i++) {
        const FiscPlanCeiling *ceiling = list->pdata[i];
        if (ceiling->proposed > ceiling->limit) {
            refuse(ceiling, lines, refusals);
        }
    }
    return refusals->len == refused_before;
}
