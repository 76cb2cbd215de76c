/* engine_ask.c: what rehearsals ask of the engine beside its decisions: where the budget of an
 * entity stands, which keys bind its lines, and by which rules money may move between them.
 *
 * Nothing is proposed here. What follows from it is the budget's business (budget/remedy.c). */
#include "fisc/poster.h"
#include "ledger/engine_virement.h"
#include <string.h>

void
fisc_engine_authorize(FiscEngine *engine, bool is_authorized)
{
    engine->is_authorized = is_authorized;
}

/* Values ----------------------------------------------------------------------------------- */

static void
key_free(gpointer data)
{
    FiscKeyPosition *key = data;
    g_free(key->control);
    g_free(key->key);
    g_free(key->article);
    g_free(key);
}

static void
line_free(gpointer data)
{
    FiscLinePosition *line = data;
    g_ptr_array_unref(line->keys);
    g_ptr_array_unref(line->caps);
    g_ptr_array_unref(line->ways_out);
    g_free(line);
}

static void
rule_free(gpointer data)
{
    FiscRulePosition *rule = data;
    g_free(rule->name);
    g_free(rule->approval);
    g_free(rule->article);
    g_free(rule);
}

static void
pool_free(gpointer data)
{
    FiscPoolPosition *pool = data;
    g_free(pool->name);
    g_free(pool->control);
    g_free(pool->receiver);
    g_free(pool->donor);
    g_free(pool->article);
    g_free(pool);
}

FiscBudgetPosition *
fisc_budget_position_new(const char *entity, FiscPeriod period, FiscDate effective)
{
    FiscBudgetPosition *position = g_new0(FiscBudgetPosition, 1);
    position->entity = g_strdup(entity);
    position->period = period;
    position->effective = effective;
    position->asked = g_ptr_array_new_with_free_func(line_free);
    position->lines = g_ptr_array_new_with_free_func(line_free);
    position->keys = g_ptr_array_new_with_free_func(key_free);
    position->rules = g_ptr_array_new_with_free_func(rule_free);
    position->pools = g_ptr_array_new_with_free_func(pool_free);
    position->caps = g_ptr_array_new_with_free_func(g_free);
    position->chunk = g_string_chunk_new(4096);
    return position;
}

void
fisc_budget_position_free(FiscBudgetPosition *position)
{
    if (position != NULL) {
        GPtrArray *lists[] = {position->asked, position->lines, position->keys,
                              position->rules, position->pools, position->caps};
        for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
            g_ptr_array_unref(lists[i]);
        }
        g_string_chunk_free(position->chunk);
        g_free(position->entity);
        g_free(position);
    }
}

static FiscLinePosition *
line_new(FiscBudgetPosition *position, const char *const dim[FISC_DIM_COUNT])
{
    FiscLinePosition *line = g_new0(FiscLinePosition, 1);
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        line->dim[i] = g_string_chunk_insert_const(position->chunk, dim[i] != NULL ? dim[i] : "");
    }
    line->keys = g_ptr_array_new();
    line->caps = g_ptr_array_new();
    line->ways_out = g_ptr_array_new();
    return line;
}

void
fisc_budget_position_ask(FiscBudgetPosition *position, const char *const dim[FISC_DIM_COUNT],
                         int64_t requested)
{
    FiscLinePosition *line = line_new(position, dim);
    line->requested = requested;
    g_ptr_array_add(position->asked, line);
}

/* Keys ------------------------------------------------------------------------------------- */

/* One question on its way. */
typedef struct {
    FiscEngine *engine;
    FiscBudgetPosition *position;
    int entity_id;
    int year;
    GHashTable *keys;     /* "control\x1fkey" -> FiscKeyPosition */
    GHashTable *lines;    /* FiscCodingKey without account -> FiscLinePosition */
    GPtrArray *line_keys; /* of FiscCodingKey, in step with position->lines */
    GPtrArray *rules;     /* of FiscVirementRule in force, in step with position->rules */
} Question;

/* False when the control does not bind the coding. */
static bool
name_key(const Question *question, guint control_no, const FiscCodingKey *coding,
         FiscKeyName *out_name)
{
    const FiscControl *control = question->engine->controls->pdata[control_no];
    if (control->level != FISC_LEVEL_ABSOLUTE || control->accounts != NULL ||
        !fisc_control_is_in_force(control, question->position->effective) ||
        (control->entities != NULL &&
         !g_hash_table_contains(control->entities, question->position->entity))) {
        return false;
    }
    *out_name = (FiscKeyName){.control = (int32_t)control_no, .year = question->year};
    for (int i = 0; i < control->part_count; i++) {
        out_name->part[i] = fisc_key_part_symbol(question->engine, &control->parts[i], coding);
    }
    return true;
}

static FiscKeyPosition *
key_of(Question *question, const FiscControl *control, const FiscKeyName *name)
{
    FiscWindow year = {.first = 1, .last = 12};
    FiscKeyState absent = {.name = *name, .control = control};
    FiscKeyState *state = fisc_key_find(question->engine, name);
    g_autofree char *text = fisc_key_text(question->engine, state != NULL ? state : &absent, year);
    g_autofree char *id = g_strdup_printf("%s\x1f%s", control->name, text);
    FiscKeyPosition *key = g_hash_table_lookup(question->keys, id);
    if (key == NULL) {
        key = g_new0(FiscKeyPosition, 1);
        key->control = g_strdup(control->name);
        key->key = g_steal_pointer(&text);
        key->article = g_strdup(control->article);
        key->available = state != NULL ? fisc_key_available(state, question->position->period) : 0;
        key->has_budget = state != NULL && state->rows > 0;
        key->is_overridable = control->is_overridable;
        key->is_released = control->slots[FISC_STAGE_RELEASE] == FISC_SLOT_LIMIT;
        key->is_windowed =
            control->interval != FISC_INTERVAL_YEAR || control->boundary != FISC_INTERVAL_YEAR;
        g_ptr_array_add(question->position->keys, key);
        g_hash_table_insert(question->keys, g_steal_pointer(&id), key);
    }
    return key;
}

static void
bind_line(Question *question, FiscLinePosition *line, const FiscCodingKey *coding)
{
    for (guint i = 0; i < question->engine->controls->len; i++) {
        FiscKeyName name;
        if (name_key(question, i, coding, &name)) {
            const FiscControl *control = question->engine->controls->pdata[i];
            g_ptr_array_add(line->keys, key_of(question, control, &name));
        }
    }
}

/* Lines ------------------------------------------------------------------------------------ */

static guint
hash_coding(gconstpointer data)
{
    const FiscCodingKey *coding = data;
    guint hash = 2166136261u;
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        hash = (hash ^ (guint)coding->dim[i]) * 16777619u;
    }
    return hash;
}

static gboolean
equal_coding(gconstpointer a, gconstpointer b)
{
    return memcmp(a, b, sizeof(FiscCodingKey)) == 0;
}

static int64_t
turnover_of(const FiscEngineCoding *coding, int year)
{
    int64_t sum = 0;
    for (const FiscTurnover *turnover = coding->turnovers; turnover != NULL;
         turnover = turnover->earlier) {
        if (fisc_period_year(turnover->period) == year) {
            sum += turnover->debit - turnover->credit;
        }
    }
    return sum;
}

static FiscLinePosition *
line_of(Question *question, const FiscEngineCoding *coding)
{
    FiscCodingKey own = coding->key;
    own.account_id = 0;
    own.flow = 0;
    own.kind = 0;
    FiscLinePosition *line = g_hash_table_lookup(question->lines, &own);
    if (line == NULL) {
        const char *dim[FISC_DIM_COUNT];
        FiscCodingKey *kept = g_memdup2(&own, sizeof own);
        for (int i = 0; i < FISC_DIM_COUNT; i++) {
            dim[i] = fisc_engine_symbol_text(question->engine, own.dim[i]);
        }
        line = line_new(question->position, dim);
        g_ptr_array_add(question->position->lines, line);
        g_ptr_array_add(question->line_keys, kept);
        g_hash_table_insert(question->lines, kept, line);
        bind_line(question, line, kept);
    }
    return line;
}

/* What makes a budget line. */
static int64_t *
given_to(FiscLinePosition *line, FiscStage stage)
{
    return stage == FISC_STAGE_RELEASE ? &line->released
           : stage == FISC_STAGE_CARRY ? &line->carried
                                       : &line->enacted;
}

static bool
is_given(FiscStage stage)
{
    return stage == FISC_STAGE_APPROPRIATION || stage == FISC_STAGE_CHANGE ||
           stage == FISC_STAGE_CARRY || stage == FISC_STAGE_RELEASE;
}

/* What is left of a line, and held back of it, stands on its own codes. */
static void
read_rest(Question *question, const FiscEngineCoding *coding)
{
    FiscCodingKey own = coding->key;
    own.account_id = 0;
    own.flow = 0;
    own.kind = 0;
    FiscLinePosition *line = g_hash_table_lookup(question->lines, &own);
    if (line != NULL) {
        int64_t amount = turnover_of(coding, question->year);
        *(coding->stage == FISC_STAGE_BLOCK ? &line->blocked : &line->available) -= amount;
    }
}

static void
read_lines(Question *question)
{
    for (guint i = 0; i < question->engine->codings->len; i++) {
        const FiscEngineCoding *coding = question->engine->codings->pdata[i];
        int64_t amount = turnover_of(coding, question->year);
        if (coding->key.entity_id == question->entity_id && amount != 0 &&
            is_given(coding->stage)) {
            *given_to(line_of(question, coding), coding->stage) += amount;
        }
    }
    for (guint i = 0; i < question->engine->codings->len; i++) {
        const FiscEngineCoding *coding = question->engine->codings->pdata[i];
        bool is_rest = coding->stage == FISC_STAGE_AVAILABLE || coding->stage == FISC_STAGE_BLOCK;
        if (coding->key.entity_id == question->entity_id && is_rest) {
            read_rest(question, coding);
        }
    }
}

/* The words of the entry, as symbols. */
static FiscCodingKey
coding_of(const Question *question, const FiscLinePosition *line)
{
    FiscCodingKey coding = {.entity_id = question->entity_id};
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        coding.dim[i] = fisc_engine_symbol(question->engine, line->dim[i]);
    }
    return coding;
}

/* Rules ------------------------------------------------------------------------------------ */

/* What was appropriated to a capped key, and what has left it. */
typedef struct {
    FiscCapPosition *position;
    __int128 original, left;
} Cap;

static char *
parts_text(const Question *question, const FiscKeyPart *parts, int count,
           const FiscCodingKey *coding)
{
    GString *text = g_string_new(NULL);
    for (int i = 0; i < count; i++) {
        g_string_append_printf(text, "%d ",
                               fisc_key_part_symbol(question->engine, &parts[i], coding));
    }
    return g_string_free(text, FALSE);
}

static void
add_turnovers(Cap *cap, const FiscEngineCoding *coding, int year)
{
    for (const FiscTurnover *turnover = coding->turnovers; turnover != NULL;
         turnover = turnover->earlier) {
        if (fisc_period_year(turnover->period) != year) {
            continue;
        }
        if (coding->stage == FISC_STAGE_APPROPRIATION) {
            cap->original += (__int128)turnover->debit - turnover->credit;
        } else {
            cap->left += turnover->credit;
        }
    }
}

/* Every capped key of a rule, whatever entity's: so the engine counts, too. */
static GHashTable *
read_caps(const Question *question, const FiscVirementRule *rule)
{
    GHashTable *caps = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (guint i = 0; i < question->engine->codings->len; i++) {
        const FiscEngineCoding *coding = question->engine->codings->pdata[i];
        if (coding->stage != FISC_STAGE_APPROPRIATION && coding->stage != FISC_STAGE_CHANGE) {
            continue;
        }
        char *text = parts_text(question, rule->key, rule->key_count, &coding->key);
        Cap *cap = g_hash_table_lookup(caps, text);
        if (cap == NULL) {
            cap = g_new0(Cap, 1);
            cap->position = g_new0(FiscCapPosition, 1);
            g_ptr_array_add(question->position->caps, cap->position);
            g_hash_table_insert(caps, text, cap);
        } else {
            g_free(text);
        }
        add_turnovers(cap, coding, question->year);
        __int128 room = MAX(cap->original, 0) * rule->cap / FISC_MILLION - cap->left;
        cap->position->room = (int64_t)CLAMP(room, 0, (__int128)INT64_MAX);
    }
    return caps;
}

static void
add_rule(Question *question, const FiscVirementRule *rule)
{
    FiscRulePosition *own = g_new0(FiscRulePosition, 1);
    own->name = g_strdup(rule->name);
    own->approval = g_strdup(rule->approval);
    own->approvals = rule->approvals;
    own->article = g_strdup(rule->article);
    g_ptr_array_add(question->position->rules, own);
    g_ptr_array_add(question->rules, (gpointer)rule);
    g_autoptr(GHashTable) caps = rule->cap >= 0 ? read_caps(question, rule) : NULL;
    for (guint i = 0; i < question->position->lines->len; i++) {
        FiscLinePosition *line = question->position->lines->pdata[i];
        g_autofree char *text =
            parts_text(question, rule->key, rule->key_count, question->line_keys->pdata[i]);
        Cap *cap = caps != NULL ? g_hash_table_lookup(caps, text) : NULL;
        g_ptr_array_add(line->caps, cap != NULL ? cap->position : NULL);
    }
}

static void
read_rules(Question *question)
{
    const GPtrArray *rules = fisc_engine_virement_rules(question->engine);
    for (guint i = 0; rules != NULL && i < rules->len; i++) {
        const FiscVirementRule *rule = rules->pdata[i];
        if (question->rules->len < FISC_RULES_ASKED_MAX &&
            fisc_virement_rule_holds(rule, question->position->entity,
                                     question->position->effective)) {
            add_rule(question, rule);
        }
    }
}

static bool
is_barred(const Question *question, const GArray *bars, const FiscCodingKey *coding)
{
    for (guint i = 0; i < bars->len; i++) {
        const FiscVirementBar *bar = &g_array_index(bars, FiscVirementBar, i);
        const char *code =
            bar->part.dim == FISC_PART_ENTITY
                ? question->position->entity
                : fisc_engine_symbol_text(question->engine, coding->dim[bar->part.dim]);
        if (g_str_has_prefix(code, bar->prefix)) {
            return true;
        }
    }
    return false;
}

static bool
share_key(const Question *question, const FiscVirementRule *rule, const FiscCodingKey *a,
          const FiscCodingKey *b)
{
    for (int i = 0; i < rule->same_count; i++) {
        if (fisc_key_part_symbol(question->engine, &rule->same[i], a) !=
            fisc_key_part_symbol(question->engine, &rule->same[i], b)) {
            return false;
        }
    }
    return true;
}

static void
read_ways(Question *question, FiscLinePosition *asked, const FiscCodingKey *receiver)
{
    for (guint i = 0; i < question->line_keys->len; i++) {
        const FiscCodingKey *donor = question->line_keys->pdata[i];
        guint ways = 0;
        for (guint k = 0; k < question->rules->len; k++) {
            const FiscVirementRule *rule = question->rules->pdata[k];
            bool is_way = share_key(question, rule, donor, receiver) &&
                          !is_barred(question, rule->donor_not, donor) &&
                          !is_barred(question, rule->receiver_not, receiver);
            ways |= is_way ? 1u << k : 0;
        }
        g_ptr_array_add(asked->ways_out, GUINT_TO_POINTER(ways));
    }
}

/* Pools ------------------------------------------------------------------------------------ */

static gint
compare_pools(gconstpointer a, gconstpointer b)
{
    return strcmp((*(FiscPoolPosition *const *)a)->name, (*(FiscPoolPosition *const *)b)->name);
}

static void
read_pools(Question *question)
{
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, question->engine->masters);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const FiscMaster *master = value;
        if (strcmp(master->kind, "cover") != 0) {
            continue;
        }
        FiscPoolPosition *pool = g_new0(FiscPoolPosition, 1);
        pool->name = g_strdup(master->subject);
        pool->control = g_strdup(fisc_engine_field(master->fields, "control"));
        pool->receiver = g_strdup(fisc_engine_field(master->fields, "receiver"));
        pool->donor = g_strdup(fisc_engine_field(master->fields, "donor"));
        pool->is_reciprocal =
            g_strcmp0(fisc_engine_field(master->fields, "mode"), "reciprocal") == 0;
        pool->article = g_strdup(fisc_engine_field(master->fields, "article"));
        g_ptr_array_add(question->position->pools, pool);
    }
    g_ptr_array_sort(question->position->pools, compare_pools);
}

void
fisc_engine_position(FiscEngine *engine, FiscBudgetPosition *position)
{
    Question question = {.engine = engine,
                         .position = position,
                         .entity_id = fisc_engine_entity(engine, position->entity),
                         .year = fisc_period_year(position->period)};
    position->today = fisc_engine_today(engine);
    if (question.entity_id == 0) {
        return;
    }
    question.keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    question.lines = g_hash_table_new(hash_coding, equal_coding);
    question.line_keys = g_ptr_array_new_with_free_func(g_free);
    question.rules = g_ptr_array_new();
    read_lines(&question);
    read_rules(&question);
    read_pools(&question);
    for (guint i = 0; i < position->asked->len; i++) {
        FiscLinePosition *asked = position->asked->pdata[i];
        FiscCodingKey coding = coding_of(&question, asked);
        bind_line(&question, asked, &coding);
        read_ways(&question, asked, &coding);
    }
    g_hash_table_unref(question.keys);
    g_hash_table_unref(question.lines);
    g_ptr_array_unref(question.line_keys);
    g_ptr_array_unref(question.rules);
}
