/* model_cover.c: cover pools: what a key is short of comes from others that stand behind it, all of
 * it or nothing, by a virement inside the entry. */
#include "tests/sim/model_internal.h"
#include <stdlib.h>
#include <string.h>

#define TOUCHED_MAX 160
#define DONORS_MAX (2 * SIM_COVER_COUNT)

/* The number of a word of a dimension; -1 when it is none. */
static int
find_word(SimDim dim, const char *text)
{
    for (int i = 0; i < sim_word_count(dim); i++) {
        if (strcmp(sim_word(dim, i), text) == 0) {
            return i;
        }
    }
    return -1;
}

static int
find_entity(const char *text)
{
    for (int i = 0; i < SIM_ENTITY_COUNT; i++) {
        if (strcmp(sim_entity_code(i), text) == 0) {
            return i;
        }
    }
    return -1;
}

/* "entity=A programme=1 year=2024", or without the year: every year, 0. */
bool
sim_model_parse_key(const SimModel *model, int control, const char *text, SimKey *out_key)
{
    const SimControl *rule = sim_model_control(model, control);
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    int count = (int)g_strv_length(words);
    *out_key = (SimKey){.control = control, .from = 1, .to = 12};
    if (count < rule->part_count + 1 || count > rule->part_count + 2) {
        return false;
    }
    for (int i = -1; i < count - 1; i++) {
        g_auto(GStrv) halves = g_strsplit(words[i + 1], "=", 2);
        if (strcmp(halves[0], sim_model_column(rule, i)) != 0) {
            return false;
        }
        if (i < 0) {
            out_key->entity = find_entity(halves[1]);
        } else if (i < rule->part_count) {
            out_key->dim[rule->part[i]] = find_word((SimDim)rule->part[i], halves[1]);
        } else {
            out_key->year = atoi(halves[1]);
        }
    }
    return out_key->entity >= 0 && sim_model_fact(model, SIM_EVENT_ENTITY, out_key->entity) != NULL;
}

static bool
is_whole(const SimControl *control)
{
    bool is_whole = control->accounts == 0;
    for (int i = 0; i < control->part_count; i++) {
        is_whole = is_whole && control->length[i] == 0 && control->depth[i] == 0;
    }
    return is_whole;
}

bool
sim_model_is_sound_cover(const SimModel *model, const SimEvent *event)
{
    const SimControl *control = sim_model_control(model, event->of_control);
    SimKey receiver;
    SimKey donor;
    return control != NULL && is_whole(control) &&
           sim_model_parse_key(model, event->of_control, event->key, &receiver) &&
           sim_model_parse_key(model, event->of_control, event->donor, &donor) &&
           receiver.entity == donor.entity && receiver.year == donor.year &&
           strcmp(event->key, event->donor) != 0;
}

/* Asking --------------------------------------------------------------------------------------- */

static SimLine
line_of(const SimKey *key)
{
    SimLine line = {.account = key->account};
    memcpy(line.dim, key->dim, sizeof line.dim);
    return line;
}

static bool
is_key(const SimModel *model, const SimKey *key, int control, const char *text, int year)
{
    SimKey other;
    SimLine line = line_of(key);
    return sim_model_parse_key(model, control, text, &other) &&
           (other.year == 0 || other.year == year) &&
           sim_model_has_words(model, &other, key->entity, &line);
}

/* What is left of a key from the entry's boundary on: the least. */
static int64_t
left_of(const Decision *decision, const SimKey *key, Sums *out_before, Sums *out_after)
{
    const SimControl *control = sim_model_control(decision->model, key->control);
    int end = sim_model_span_end(sim_model_interval(control), key->from);
    int64_t least = INT64_MAX;
    for (SimKey window = *key;;) {
        Sums before = sim_model_sum_key(decision->model, &window);
        Sums after = sim_model_add_entry(decision, &window, before);
        least = MIN(least, after.limit - sim_model_consumed(&after));
        if (window.to == key->to) {
            *out_before = before;
            *out_after = after;
        }
        if (window.to == end) {
            return least;
        }
        window.to = sim_model_span_end(sim_model_boundary(control), window.to + 1);
    }
}

/* What a key is short of because of the entry; revaluations do not make it short. */
static int64_t
missing_of(const Decision *decision, const SimKey *key, Sums *out_after)
{
    Sums before;
    int64_t revalued = sim_model_revalued(decision, key);
    int64_t left = left_of(decision, key, &before, out_after) + revalued;
    int64_t asked = (before.limit - sim_model_consumed(&before)) -
                    (out_after->limit - sim_model_consumed(out_after)) - revalued;
    return asked > 0 && left < 0 ? -left : 0;
}

/* What a donor can give. */
static int64_t
given_by(const Decision *decision, const SimKey *key)
{
    Sums before;
    Sums after;
    int64_t left = left_of(decision, key, &before, &after);
    return after.is_budgeted ? MAX(left, 0) : 0;
}

/* The pools behind a key, in the order in which they were first told of. */
static int
find_donors(const Decision *decision, const SimKey *key, SimKey out_donors[DONORS_MAX])
{
    const SimModel *model = decision->model;
    int count = 0;
    for (int number = 1; number <= SIM_COVER_COUNT; number++) {
        for (int subject = 0; subject < SIM_COVER_COUNT; subject++) {
            const SimEvent *fact = sim_model_fact(model, SIM_EVENT_COVER, subject);
            if (fact == NULL || fact->of_control != key->control ||
                sim_model_number(model, SIM_EVENT_COVER, subject) != number) {
                continue;
            }
            bool is_reciprocal = fact->is_reciprocal != (model->mistake == SIM_WRONG_COVER);
            const char *donor =
                is_key(model, key, key->control, fact->key, key->year) ? fact->donor
                : is_reciprocal && is_key(model, key, key->control, fact->donor, key->year)
                    ? fact->key
                    : NULL;
            SimKey found;
            if (donor != NULL && sim_model_parse_key(model, key->control, donor, &found)) {
                found.year = key->year;
                found.from = key->from;
                found.to = key->to;
                out_donors[count++] = found;
            }
        }
    }
    return count;
}

/* Drawing -------------------------------------------------------------------------------------- */

/* The first line that takes from the key; none when a block does. */
static const SimLine *
asking_line(const Decision *decision, const SimKey *key)
{
    const SimModel *model = decision->model;
    const SimControl *control = sim_model_control(model, key->control);
    const SimLine *first = NULL;
    for (int i = decision->posted.financial; i < decision->posted.line_count; i++) {
        const SimLine *line = &decision->posted.line[i];
        Sums sums = {0};
        if (!sim_model_counts(model, control, line) ||
            !sim_model_has_words(model, key, decision->entry->entity, line)) {
            continue;
        }
        sim_model_add_to_sums(model, control, line, &sums);
        bool is_taking = sums.limit < 0 || sim_model_consumed(&sums) > 0;
        if (is_taking && sim_line_stage(line) == FISC_STAGE_BLOCK) {
            return NULL;
        }
        first = first == NULL && is_taking ? line : first;
    }
    return first;
}

static void
append_change(Decision *decision, const int *dim, int party, int64_t amount)
{
    const FiscStage stages[] = {FISC_STAGE_CHANGE, FISC_STAGE_AVAILABLE};
    for (int i = 0; i < 2; i++) {
        SimLine line = {.account = sim_account_of(stages[i]),
                        .amount = i == 0 ? amount : -amount,
                        .party = party};
        memcpy(line.dim, dim, sizeof line.dim);
        sim_model_append_line(decision, &line);
    }
}

static void
draw(Decision *decision, const SimKey *key, const SimLine *asking, const SimKey *donor,
     int64_t amount)
{
    Sums before;
    Sums after;
    left_of(decision, key, &before, &after);
    SimShortage drawn = {.code = FISC_ERROR_COVER_DRAWN,
                         .key = *key,
                         .limit = after.limit,
                         .consumed = sim_model_consumed(&after),
                         .requested = amount};
    sim_model_format_key(decision->model, key, drawn.text);
    sim_model_fill_consumed(&after, drawn.stage);
    decision->verdict->warning[decision->verdict->warning_count++] = drawn;
    SimLine taking = *asking; /* appending may not move it, but be plain */
    append_change(decision, taking.dim, taking.party, amount);
    append_change(decision, donor->dim, 0, -amount);
}

static void
cover_key(Decision *decision, const SimKey *key)
{
    SimKey donors[DONORS_MAX];
    Sums after;
    int64_t missing = missing_of(decision, key, &after);
    const SimLine *asking = asking_line(decision, key);
    int count = find_donors(decision, key, donors);
    __int128 within_reach = 0;
    for (int i = 0; i < count; i++) {
        within_reach += given_by(decision, &donors[i]);
    }
    if (missing <= 0 || !after.is_budgeted || asking == NULL || within_reach < missing) {
        return;
    }
    for (int i = 0; i < count && missing > 0; i++) {
        int64_t amount = MIN(given_by(decision, &donors[i]), missing);
        if (amount > 0) {
            draw(decision, key, asking, &donors[i], amount);
            missing -= amount;
        }
    }
}

static bool
is_listed(const SimModel *model, const SimKey *keys, int count, const SimKey *key)
{
    SimLine line = line_of(key);
    for (int i = 0; i < count; i++) {
        if (keys[i].control == key->control &&
            sim_model_has_words(model, &keys[i], key->entity, &line)) {
            return true;
        }
    }
    return false;
}

/* The keys that the entry's lines fall under: line by line, and for each the controls in the order
 * in which they were first told of. */
static int
list_keys(const Decision *decision, SimKey out_keys[TOUCHED_MAX])
{
    const SimModel *model = decision->model;
    int entity = decision->entry->entity;
    int count = 0;
    for (int i = 0; i < decision->posted.line_count; i++) {
        for (int number = 1; number <= SIM_CONTROL_COUNT; number++) {
            for (int name = 0; name < SIM_CONTROL_COUNT; name++) {
                const SimControl *control = sim_model_control(model, name);
                const SimLine *line = &decision->posted.line[i];
                if (control == NULL || sim_model_number(model, SIM_EVENT_CONTROL, name) != number ||
                    !sim_model_covers(control, entity) || !sim_model_counts(model, control, line)) {
                    continue;
                }
                SimKey key = sim_model_key(model, name, entity, line,
                                           fisc_period_year(decision->posted.period),
                                           sim_model_month(model, decision->posted.period));
                if (!is_listed(model, out_keys, count, &key)) {
                    g_assert(count < TOUCHED_MAX);
                    out_keys[count++] = key;
                }
            }
        }
        SimKey growing[SIM_GROWTH_COUNT];
        int grown = sim_model_growing_keys(decision, i, growing);
        for (int k = 0; k < grown; k++) {
            if (!is_listed(model, out_keys, count, &growing[k])) {
                out_keys[count++] = growing[k];
            }
        }
    }
    return count;
}

static bool
has_pools(const SimModel *model)
{
    for (int subject = 0; subject < SIM_COVER_COUNT; subject++) {
        if (sim_model_fact(model, SIM_EVENT_COVER, subject) != NULL) {
            return true;
        }
    }
    return false;
}

void
sim_model_cover(Decision *decision)
{
    const SimModel *model = decision->model;
    bool can_change =
        sim_model_fact(model, SIM_EVENT_ACCOUNT, sim_account_of(FISC_STAGE_CHANGE)) != NULL;
    if (!has_pools(model) || !can_change) {
        return;
    }
    SimKey keys[TOUCHED_MAX];
    int count = list_keys(decision, keys);
    for (int i = 0; i < count; i++) {
        const SimControl *control = sim_model_control(model, keys[i].control);
        if (control->level == SIM_LEVEL_ABSOLUTE && is_whole(control) &&
            sim_model_is_in_force(model, control, decision->entry->effective)) {
            cover_key(decision, &keys[i]);
        }
    }
}
