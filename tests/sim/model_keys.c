/* model_keys.c: what a control makes of lines: keys, and what is on record under each, found by
 * looking through all lines. */
#include "tests/sim/model_internal.h"
#include <string.h>

static bool
makes_limit(FiscStage stage)
{
    return stage == FISC_STAGE_APPROPRIATION || stage == FISC_STAGE_CHANGE;
}

static bool
uses_funds(FiscStage stage)
{
    return stage == FISC_STAGE_AUTHORIZATION || stage == FISC_STAGE_COMMITMENT ||
           stage == FISC_STAGE_OBLIGATION || stage == FISC_STAGE_PAYMENT;
}

bool
sim_model_covers(const SimEvent *control, int entity)
{
    return control->level != SIM_LEVEL_NONE &&
           (control->entities == 0 || (control->entities & (1u << entity)) != 0);
}

/* Whether two codings fall under the same key of a control. */
bool
sim_model_is_same_key(const SimEvent *control, const int *a, const int *b)
{
    for (int i = 0; i < control->part_count; i++) {
        SimDim dim = (SimDim)control->part[i];
        int length = control->length[i];
        bool is_same = length == 0 ? a[dim] == b[dim]
                                   : strncmp(sim_word(dim, a[dim]), sim_word(dim, b[dim]),
                                             (size_t)length) == 0;
        if (!is_same) {
            return false;
        }
    }
    return true;
}

void
sim_model_format_key(const SimEvent *control, int entity, const int *dim, int year, char *out_text)
{
    GString *text = g_string_new(NULL);
    g_string_printf(text, "entity=%s ", sim_entity_code(entity));
    for (int i = 0; i < control->part_count; i++) {
        SimDim part = (SimDim)control->part[i];
        int length = control->length[i];
        const char *word = sim_word(part, dim[part]);
        g_string_append_printf(text, "%s=%.*s ", fisc_dimension_column(sim_dimension(part)),
                               length > 0 ? length : (int)strlen(word), word);
    }
    g_string_append_printf(text, "year=%d", year);
    g_strlcpy(out_text, text->str, SIM_KEY_TEXT);
    g_string_free(text, TRUE);
}

int64_t
sim_model_consumed(const Sums *sums)
{
    return sums->stage[FISC_STAGE_AUTHORIZATION] + sums->stage[FISC_STAGE_COMMITMENT] +
           sums->stage[FISC_STAGE_OBLIGATION] + sums->stage[FISC_STAGE_PAYMENT];
}

void
sim_model_add_to_sums(Sums *sums, FiscStage stage, int64_t amount)
{
    if (makes_limit(stage)) {
        sums->limit += amount;
        sums->is_budgeted = true;
    } else {
        sums->stage[stage] -= amount;
    }
}

static bool
has_budget_line(const SimModel *model, const SimEvent *control, int entity, const int *dim,
                int year)
{
    for (int subject = 0; subject < SIM_BUDGET_LINE_COUNT; subject++) {
        const SimEvent *line = sim_model_fact(model, SIM_EVENT_BUDGET_LINE, subject);
        if (line != NULL && line->entity == entity && line->year == year &&
            sim_model_is_same_key(control, line->dim, dim)) {
            return true;
        }
    }
    return false;
}

Sums
sim_model_sum_key(const SimModel *model, const SimEvent *control, int entity, const int *dim,
                  int year)
{
    Sums sums = {.is_budgeted = has_budget_line(model, control, entity, dim, year)};
    for (guint i = 0; i < model->moves->len; i++) {
        const Move *move = &g_array_index(model->moves, Move, i);
        if (move->entity == entity && move->year == year &&
            sim_model_is_same_key(control, move->dim, dim)) {
            sim_model_add_to_sums(&sums, move->stage, move->amount);
        }
    }
    return sums;
}

bool
sim_model_has_moved(const SimModel *model, const SimEvent *control, int entity, const int *dim,
                    int year)
{
    for (guint i = 0; i < model->moves->len; i++) {
        const Move *move = &g_array_index(model->moves, Move, i);
        if (move->entity == entity && move->year == year &&
            sim_model_is_same_key(control, move->dim, dim)) {
            return true;
        }
    }
    return false;
}

bool
sim_model_touches_funds(const SimLine *line)
{
    FiscStage stage = sim_accounts[line->account].stage;
    return makes_limit(stage) || uses_funds(stage);
}

/* Asking ------------------------------------------------------------------------------------- */

static bool
has_funds(const GArray *funds, int control, const char *key)
{
    for (guint i = 0; i < funds->len; i++) {
        const SimFunds *item = &g_array_index(funds, SimFunds, i);
        if (item->control == control && strcmp(item->key, key) == 0) {
            return true;
        }
    }
    return false;
}

static void
add_funds(const SimModel *model, const SimEvent *control, int entity, const int *dim, int year,
          GArray *funds)
{
    SimFunds item = {.control = control->subject, .level = control->level};
    sim_model_format_key(control, entity, dim, year, item.key);
    if (!sim_model_covers(control, entity) || has_funds(funds, item.control, item.key)) {
        return;
    }
    Sums sums = sim_model_sum_key(model, control, entity, dim, year);
    if (!sums.is_budgeted && sim_model_consumed(&sums) == 0) {
        return;
    }
    item.limit = sums.limit;
    memcpy(item.stage, sums.stage, sizeof item.stage);
    item.available = sums.limit - sim_model_consumed(&sums);
    g_array_append_val(funds, item);
}

static int
compare_funds(gconstpointer a, gconstpointer b)
{
    const SimFunds *left = a;
    const SimFunds *right = b;
    int by_control = strcmp(sim_control_name(left->control), sim_control_name(right->control));
    return by_control != 0 ? by_control : strcmp(left->key, right->key);
}

GArray *
sim_model_funds(const SimModel *model, int year)
{
    GArray *funds = g_array_new(FALSE, FALSE, sizeof(SimFunds));
    for (int name = 0; name < SIM_CONTROL_COUNT; name++) {
        const SimEvent *control = sim_model_fact(model, SIM_EVENT_CONTROL, name);
        for (guint i = 0; control != NULL && i < model->moves->len; i++) {
            const Move *move = &g_array_index(model->moves, Move, i);
            if (move->year == year) {
                add_funds(model, control, move->entity, move->dim, year, funds);
            }
        }
        for (int subject = 0; control != NULL && subject < SIM_BUDGET_LINE_COUNT; subject++) {
            const SimEvent *line = sim_model_fact(model, SIM_EVENT_BUDGET_LINE, subject);
            if (line != NULL && line->year == year) {
                add_funds(model, control, line->entity, line->dim, year, funds);
            }
        }
    }
    g_array_sort(funds, compare_funds);
    return funds;
}
