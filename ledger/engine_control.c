/* engine_control.c: controls and their keys: the part of the engine that says no for lack of funds.
 *
 * A control takes a key out of a budgetary coding (entity, and segments or their first characters)
 * and a year. Lines on appropriation accounts make the key's limit; lines on the spending stages
 * consume it. What is judged is the net effect of a whole entry on each key, and every failing key
 * is named (rules R5, R7, R9). Releases never fail: only an entry that lowers what is available
 * can. */
#include "ledger/engine_internal.h"
#include "fisc/poster.h"
#include <string.h>

static guint
hash_name(gconstpointer key)
{
    const FiscKeyName *name = key;
    guint hash = (guint)name->control * 2654435761u ^ (guint)name->year;
    for (int i = 0; i < FISC_KEY_PARTS_MAX; i++) {
        hash = (hash ^ (guint)name->part[i]) * 16777619u;
    }
    return hash;
}

static gboolean
equal_name(gconstpointer a, gconstpointer b)
{
    return memcmp(a, b, sizeof(FiscKeyName)) == 0;
}

static void
control_free(gpointer data)
{
    FiscControl *control = data;
    if (control != NULL) {
        g_clear_pointer(&control->entities, g_hash_table_unref);
        g_free(control->name);
        g_free(control);
    }
}

/* "entity programme:1 economic:1" */
static const char *
parse_key(const char *text, FiscControl *control)
{
    g_auto(GStrv) words = g_strsplit(text != NULL ? text : "", " ", -1);
    for (int i = 0; words[i] != NULL; i++) {
        if (*words[i] == '\0') {
            continue;
        }
        if (control->part_count == FISC_KEY_PARTS_MAX) {
            return "a key has at most 8 parts";
        }
        char *colon = strchr(words[i], ':');
        FiscKeyPart part = {.length = colon != NULL ? atoi(colon + 1) : 0};
        if (colon != NULL) {
            *colon = '\0';
            if (part.length <= 0) {
                return "the length behind ':' is a number above zero";
            }
        }
        bool is_entity = strcmp(words[i], "entity") == 0;
        part.dim = is_entity ? -1 : fisc_dimension_find(words[i]);
        if (!is_entity && part.dim < 0) {
            return "a part of the key is no dimension";
        }
        control->parts[control->part_count++] = part;
    }
    return control->part_count > 0 && control->parts[0].dim == -1 ? NULL
                                                                  : "the key begins with entity";
}

static const char *
parse_words(const char *level, const char *absent, FiscControl *control)
{
    static const char *const levels[] = {"none", "track", "absolute", NULL};
    static const char *const absents[] = {"refuse", "zero", "none", NULL};
    int found = -1;
    for (int i = 0; levels[i] != NULL; i++) {
        if (g_strcmp0(level, levels[i]) == 0) {
            control->level = (FiscLevel)i;
            found = i;
        }
    }
    if (found < 0) {
        return "level is none, track or absolute";
    }
    found = -1;
    for (int i = 0; absents[i] != NULL; i++) {
        if (g_strcmp0(absent, absents[i]) == 0) {
            control->absent = (FiscAbsent)i;
            found = i;
        }
    }
    return found < 0 ? "absent is refuse, zero or none" : NULL;
}

static void
parse_entities(const char *text, FiscControl *control)
{
    if (text == NULL || strcmp(text, "*") == 0) {
        return;
    }
    control->entities = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_auto(GStrv) codes = g_strsplit(text, " ", -1);
    for (int i = 0; codes[i] != NULL; i++) {
        if (*codes[i] != '\0') {
            g_hash_table_add(control->entities, g_strdup(codes[i]));
        }
    }
}

static FiscControl *
parse_control(const char *name, GPtrArray *fields, const char **out_wrong)
{
    FiscControl *control = g_new0(FiscControl, 1);
    control->name = g_strdup(name);
    *out_wrong = parse_key(fisc_engine_field(fields, "key"), control);
    if (*out_wrong == NULL) {
        *out_wrong = parse_words(fisc_engine_field(fields, "level"),
                                 fisc_engine_field(fields, "absent"), control);
    }
    parse_entities(fisc_engine_field(fields, "entities"), control);
    return control;
}

const char *
fisc_engine_check_control(const FiscEngine *engine, const FiscEvent *event)
{
    (void)engine;
    const char *wrong = NULL;
    control_free(parse_control(event->subject, event->fields, &wrong));
    return wrong;
}

static int
key_part_symbol(FiscEngine *engine, const FiscKeyPart *part, const FiscEngineCoding *coding)
{
    const char *text = part->dim < 0 ? engine->entity_codes->pdata[coding->key.entity_id - 1]
                                     : fisc_engine_symbol_text(engine, coding->key.dim[part->dim]);
    if (part->length == 0 || (int)strlen(text) <= part->length) {
        return fisc_engine_symbol(engine, text);
    }
    g_autofree char *head = g_strndup(text, (gsize)part->length);
    return fisc_engine_symbol(engine, head);
}

static FiscKeyState *
find_key(FiscEngine *engine, int control_no, const FiscEngineCoding *coding, int year)
{
    const FiscControl *control = engine->controls->pdata[control_no];
    const char *entity = engine->entity_codes->pdata[coding->key.entity_id - 1];
    if (control->level == FISC_LEVEL_NONE ||
        (control->entities != NULL && !g_hash_table_contains(control->entities, entity))) {
        return NULL;
    }
    FiscKeyName name = {.control = control_no, .year = year};
    for (int i = 0; i < control->part_count; i++) {
        name.part[i] = key_part_symbol(engine, &control->parts[i], coding);
    }
    FiscKeyState *state = g_hash_table_lookup(engine->key_states, &name);
    if (state == NULL) {
        state = g_new0(FiscKeyState, 1);
        state->name = name;
        state->control = control;
        g_hash_table_insert(engine->key_states, &state->name, state);
    }
    return state;
}

/* The keys of a coding in a year; kept with the coding until a control changes. */
static GPtrArray *
keys_of(FiscEngine *engine, FiscEngineCoding *coding, int year)
{
    if (coding->cached != NULL && coding->cached_year == year &&
        coding->cached_version == engine->controls_version) {
        return coding->cached;
    }
    if (coding->cached == NULL) {
        coding->cached = g_ptr_array_new();
    }
    g_ptr_array_set_size(coding->cached, 0);
    coding->cached_year = year;
    coding->cached_version = engine->controls_version;
    for (guint i = 0; i < engine->controls->len; i++) {
        FiscKeyState *state = find_key(engine, (int)i, coding, year);
        if (state != NULL) {
            g_ptr_array_add(coding->cached, state);
        }
    }
    return coding->cached;
}

static bool
is_limit_stage(FiscStage stage)
{
    return stage == FISC_STAGE_APPROPRIATION || stage == FISC_STAGE_CHANGE;
}

static bool
is_consuming_stage(FiscStage stage)
{
    return stage >= FISC_STAGE_AUTHORIZATION && stage <= FISC_STAGE_PAYMENT;
}

static int64_t
consumed_of(const FiscKeyState *state)
{
    int64_t consumed = 0;
    for (int stage = FISC_STAGE_AUTHORIZATION; stage <= FISC_STAGE_PAYMENT; stage++) {
        consumed += state->stage[stage];
    }
    return consumed;
}

static void
touch(FiscEngine *engine, FiscKeyState *state)
{
    if (!state->is_touched) {
        state->is_touched = true;
        state->before_limit = state->limit;
        state->before_consumed = consumed_of(state);
        g_ptr_array_add(engine->touched, state);
    }
}

static void
fold_into_key(FiscEngine *engine, FiscKeyState *state, FiscStage stage, int64_t amount)
{
    touch(engine, state);
    if (is_limit_stage(stage)) {
        fisc_engine_add_key(engine, &state->limit, amount);
        fisc_engine_add_key(engine, &state->rows, 1);
    } else {
        fisc_engine_add_key(engine, &state->stage[stage], -amount);
    }
}

static FiscYearTotal *
total_of(FiscEngineCoding *coding, int year)
{
    for (guint i = 0; i < coding->years->len; i++) {
        FiscYearTotal *total = coding->years->pdata[i];
        if (total->year == year) {
            return total;
        }
    }
    FiscYearTotal *total = g_new0(FiscYearTotal, 1);
    total->year = year;
    g_ptr_array_add(coding->years, total);
    return total;
}

void
fisc_engine_fold(FiscEngine *engine, FiscEngineCoding *coding, int year, int64_t debit,
                 int64_t credit)
{
    FiscYearTotal *total = total_of(coding, year);
    fisc_engine_add(engine, &total->debit, debit);
    fisc_engine_add(engine, &total->credit, credit);
    if (!is_limit_stage(coding->stage) && !is_consuming_stage(coding->stage)) {
        return;
    }
    GPtrArray *keys = keys_of(engine, coding, year);
    for (guint i = 0; i < keys->len; i++) {
        fold_into_key(engine, keys->pdata[i], coding->stage, debit - credit);
    }
}

bool
fisc_engine_is_budgeted(FiscEngine *engine, FiscEngineCoding *coding, int year)
{
    GPtrArray *keys = keys_of(engine, coding, year);
    for (guint i = 0; i < keys->len; i++) {
        const FiscKeyState *state = keys->pdata[i];
        if (state->rows > 0 || state->control->absent != FISC_ABSENT_NONE) {
            return true;
        }
    }
    return false;
}

/* A key of a budget line gets a row; the probe stands for the coding it has none of. */
static void
fold_budget_line(FiscEngine *engine, const FiscBudgetLine *line)
{
    FiscEngineCoding probe = {.key = line->key, .stage = FISC_STAGE_APPROPRIATION};
    GPtrArray *keys = keys_of(engine, &probe, line->year);
    for (guint i = 0; i < keys->len; i++) {
        ((FiscKeyState *)keys->pdata[i])->rows++;
    }
    g_ptr_array_unref(probe.cached);
}

void
fisc_engine_set_budget_line(FiscEngine *engine, const char *subject, GPtrArray *fields)
{
    const char *entity = fisc_engine_field(fields, "entity");
    const char *year = fisc_engine_field(fields, "year");
    FiscBudgetLine *line = g_new0(FiscBudgetLine, 1);
    line->key.entity_id = entity != NULL ? fisc_engine_entity(engine, entity) : 0;
    line->year = year != NULL ? atoi(year) : 0;
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        const char *value = fisc_engine_field(fields, fisc_dimension_column((FiscDimension)i));
        line->key.dim[i] = value != NULL ? fisc_engine_symbol(engine, value) : 0;
    }
    bool is_new = g_hash_table_insert(engine->budget_lines, g_strdup(subject), line);
    if (is_new && line->key.entity_id != 0) {
        fold_budget_line(engine, line);
    } else if (!is_new) {
        fisc_engine_refold(engine);
    }
}

void
fisc_engine_remove_budget_line(FiscEngine *engine, const char *subject)
{
    g_hash_table_remove(engine->budget_lines, subject);
    fisc_engine_refold(engine);
}

void
fisc_engine_refold(FiscEngine *engine)
{
    engine->controls_version++;
    g_hash_table_remove_all(engine->key_states);
    g_ptr_array_set_size(engine->touched, 0);
    for (guint i = 0; i < engine->codings->len; i++) {
        FiscEngineCoding *coding = engine->codings->pdata[i];
        bool is_controlled = is_limit_stage(coding->stage) || is_consuming_stage(coding->stage);
        for (guint y = 0; is_controlled && y < coding->years->len; y++) {
            const FiscYearTotal *total = coding->years->pdata[y];
            if (total->debit == 0 && total->credit == 0) {
                continue; /* all of it was taken back: it never was */
            }
            GPtrArray *keys = keys_of(engine, coding, total->year);
            for (guint k = 0; k < keys->len; k++) {
                FiscKeyState *state = keys->pdata[k];
                if (is_limit_stage(coding->stage)) {
                    state->limit += total->debit - total->credit;
                    state->rows++;
                } else {
                    state->stage[coding->stage] -= total->debit - total->credit;
                }
            }
        }
    }
    GHashTableIter iter;
    gpointer line;
    g_hash_table_iter_init(&iter, engine->budget_lines);
    while (g_hash_table_iter_next(&iter, NULL, &line)) {
        if (((FiscBudgetLine *)line)->key.entity_id != 0) {
            fold_budget_line(engine, line);
        }
    }
}

static int
find_control(const FiscEngine *engine, const char *name)
{
    for (guint i = 0; i < engine->controls->len; i++) {
        if (strcmp(((FiscControl *)engine->controls->pdata[i])->name, name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

void
fisc_engine_set_control(FiscEngine *engine, const char *name, GPtrArray *fields)
{
    if (engine->controls->len == 0) {
        g_ptr_array_set_free_func(engine->controls, control_free);
    }
    const char *wrong = NULL;
    FiscControl *control = parse_control(name, fields, &wrong);
    int at = find_control(engine, name);
    if (at < 0) {
        g_ptr_array_add(engine->controls, control);
    } else {
        control_free(engine->controls->pdata[at]);
        engine->controls->pdata[at] = control;
    }
    fisc_engine_refold(engine);
}

void
fisc_engine_remove_control(FiscEngine *engine, const char *name)
{
    int at = find_control(engine, name);
    if (at >= 0) {
        g_ptr_array_remove_index(engine->controls, (guint)at);
        fisc_engine_refold(engine);
    }
}

char *
fisc_engine_key_text(const FiscEngine *engine, const FiscKeyState *state)
{
    GString *text = g_string_new(NULL);
    for (int i = 0; i < state->control->part_count; i++) {
        const FiscKeyPart *part = &state->control->parts[i];
        g_string_append_printf(text, "%s=%s ",
                               part->dim < 0 ? "entity"
                                             : fisc_dimension_column((FiscDimension)part->dim),
                               fisc_engine_symbol_text(engine, state->name.part[i]));
    }
    g_string_append_printf(text, "year=%d", state->name.year);
    return g_string_free(text, FALSE);
}

static void
refuse_key(const FiscEngine *engine, const FiscKeyState *state, const FiscEntry *entry,
           FiscError code, FiscRefusals *refusals)
{
    int64_t available = state->limit - consumed_of(state);
    int64_t before = state->before_limit - state->before_consumed;
    g_autofree char *key = fisc_engine_key_text(engine, state);
    FiscRefusal *refusal = fisc_refusals_add(refusals, code, entry->file, entry->row, NULL,
                                             "\"%s\"", entry->reference);
    refusal->control = g_strdup(state->control->name);
    refusal->key = g_steal_pointer(&key);
    refusal->limit = state->before_limit; /* a cut of the limit is a request, too */
    refusal->consumed = state->before_consumed;
    refusal->requested = before - available;
    refusal->shortfall = available < 0 ? -available : 0;
}

static void
judge_key(const FiscEngine *engine, const FiscKeyState *state, const FiscEntry *entry,
          FiscRefusals *refusals)
{
    int64_t available = state->limit - consumed_of(state);
    if (available >= state->before_limit - state->before_consumed) {
        return; /* nothing is asked of the key */
    }
    if (state->rows == 0 && state->control->absent != FISC_ABSENT_ZERO) {
        if (state->control->absent == FISC_ABSENT_REFUSE) {
            refuse_key(engine, state, entry, FISC_ERROR_NO_BUDGET, refusals);
        }
        return;
    }
    if (state->control->level == FISC_LEVEL_ABSOLUTE && available < 0) {
        refuse_key(engine, state, entry, FISC_ERROR_BUDGET_EXCEEDED, refusals);
    }
}

void
fisc_engine_judge(FiscEngine *engine, const FiscEntry *entry, FiscRefusals *refusals)
{
    for (guint i = 0; i < engine->touched->len; i++) {
        FiscKeyState *state = engine->touched->pdata[i];
        judge_key(engine, state, entry, refusals);
        state->is_touched = false;
    }
    g_ptr_array_set_size(engine->touched, 0);
}

static bool
matches(const FiscEngine *engine, const FiscKeyState *state, const char *entity, int year,
        const char *const dim[FISC_DIM_COUNT])
{
    if (state->name.year != year) {
        return false;
    }
    for (int i = 0; i < state->control->part_count; i++) {
        const FiscKeyPart *part = &state->control->parts[i];
        const char *wanted = part->dim < 0 ? entity : dim[part->dim];
        const char *has = fisc_engine_symbol_text(engine, state->name.part[i]);
        bool is_same = wanted == NULL || (part->length > 0 ? g_str_has_prefix(wanted, has)
                                                           : strcmp(wanted, has) == 0);
        if (!is_same) {
            return false;
        }
    }
    return true;
}

static gint
compare_funds(gconstpointer a, gconstpointer b)
{
    const FiscFunds *left = *(FiscFunds *const *)a;
    const FiscFunds *right = *(FiscFunds *const *)b;
    int by_control = strcmp(left->control, right->control);
    return by_control != 0 ? by_control : strcmp(left->key, right->key);
}

void
fisc_engine_funds(FiscEngine *engine, const char *entity, int year,
                  const char *const dim[FISC_DIM_COUNT], GPtrArray *out_funds)
{
    static const char *const levels[] = {"none", "track", "absolute"};
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, engine->key_states);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const FiscKeyState *state = value;
        bool is_on_record = state->rows > 0 || consumed_of(state) != 0;
        if (!is_on_record || !matches(engine, state, entity, year, dim)) {
            continue;
        }
        FiscFunds *funds = g_new0(FiscFunds, 1);
        funds->control = g_strdup(state->control->name);
        funds->level = g_strdup(levels[state->control->level]);
        funds->key = fisc_engine_key_text(engine, state);
        funds->limit = state->limit;
        memcpy(funds->stage, state->stage, sizeof funds->stage);
        funds->available = state->limit - consumed_of(state);
        g_ptr_array_add(out_funds, funds);
    }
    g_ptr_array_sort(out_funds, compare_funds);
}

GHashTable *
fisc_engine_key_table(void)
{
    return g_hash_table_new_full(hash_name, equal_name, NULL, g_free);
}
