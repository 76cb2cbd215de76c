/* simulation.c: see simulation.h. The engine is driven as a poster drives it: batches, some taken
 * back because another writer was first, some by an engine that was just restored. */
#include "tests/sim/simulation.h"
#include "fisc/poster.h"
#include "tests/sim/generator.h"
#include "tests/sim/record.h"
#include <string.h>

#define UNITS_MAX 6    /* submissions of a batch */
#define STORY_UNITS 6  /* told of a failure */
#define FUNDS_EVERY 12 /* batches */
#define RESTORE_EVERY 40
#define FOLLOW_EVERY 25
#define UNDO_PERCENT 15
#define LAUNCH_PERCENT 20
#define CRASH_PERCENT 40 /* of the launched */

typedef struct {
    SimUnit unit;
    FiscSubmission *submission;
    bool is_each; /* every entry on its own, as importers do */
} Request;

typedef struct {
    SimGenerator generator;
    SimModel *model;
    SimRecord *record;
    FiscEngine *engine;
    FiscEngine *follower; /* another process: behind, and catching up now and then */
    GPtrArray *requests;  /* of Request: of the batch at work */
    GQueue told;          /* of char *: the last submissions */
    GString *difference;
    SimStatistics *statistics;
    int64_t operations, batches; /* of this nation: what happens depends on nothing else */
} Simulation;

static void G_GNUC_PRINTF(2, 3) differ(Simulation *simulation, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_string_append(simulation->difference, "  ");
    g_string_append_vprintf(simulation->difference, format, arguments);
    g_string_append_c(simulation->difference, '\n');
    va_end(arguments);
}

static bool
is_good(const Simulation *simulation)
{
    return simulation->difference->len == 0;
}

/* Comparing answers -------------------------------------------------------------------------- */

static const char *
kind_word(FiscResultKind kind)
{
    static const char *const words[] = {"posted", "repeated", "conflict", "refused"};
    return words[kind];
}

static int
compare_codes(gconstpointer a, gconstpointer b)
{
    return (int)*(const FiscError *)a - (int)*(const FiscError *)b;
}

static bool
has_other_than_shape(const FiscError *codes, int count)
{
    for (int i = 0; i < count; i++) {
        if (codes[i] != FISC_ERROR_ENTRY_SHAPE) {
            return true;
        }
    }
    return false;
}

/* Whether mixed openings are noticed beside other faults depends on which line comes first, and
 * nothing hangs on it: a shape counts only when it stands alone. */
static char *
codes_text(const FiscError *codes, int count)
{
    GString *text = g_string_new(NULL);
    bool skips_shape = has_other_than_shape(codes, count);
    for (int i = 0; i < count; i++) {
        if (!skips_shape || codes[i] != FISC_ERROR_ENTRY_SHAPE) {
            g_string_append_printf(text, "%s%s", text->len > 0 ? " " : "",
                                   fisc_error_name(codes[i]));
        }
    }
    return g_string_free(text, FALSE);
}

static char *
refusal_codes_text(const FiscRefusals *refusals)
{
    FiscError codes[SIM_CODES_MAX];
    int count = refusals != NULL ? (int)refusals->len : 0;
    g_assert(count <= SIM_CODES_MAX);
    for (int i = 0; i < count; i++) {
        codes[i] = ((const FiscRefusal *)refusals->pdata[i])->code;
    }
    qsort(codes, (size_t)count, sizeof codes[0], compare_codes);
    return codes_text(codes, count);
}

static const FiscRefusal *
find_refusal(const FiscRefusals *refusals, const SimShortage *shortage)
{
    for (guint i = 0; i < refusals->len; i++) {
        const FiscRefusal *refusal = refusals->pdata[i];
        if (refusal->code == shortage->code &&
            g_strcmp0(refusal->control, sim_control_name(shortage->control)) == 0 &&
            g_strcmp0(refusal->key, shortage->key) == 0) {
            return refusal;
        }
    }
    return NULL;
}

static void
compare_shortages(Simulation *simulation, const FiscResult *result, const SimVerdict *verdict)
{
    for (int i = 0; i < verdict->shortage_count; i++) {
        const SimShortage *expected = &verdict->shortage[i];
        const FiscRefusal *refusal = find_refusal(result->refusals, expected);
        simulation->statistics->funds_refusals++;
        if (refusal == NULL) {
            differ(simulation, "%s: the engine does not name %s %s of control %s",
                   result->reference, fisc_error_name(expected->code), expected->key,
                   sim_control_name(expected->control));
        } else if (refusal->limit != expected->limit || refusal->consumed != expected->consumed ||
                   refusal->requested != expected->requested ||
                   refusal->shortfall != expected->shortfall) {
            differ(simulation,
                   "%s: %s %s: the engine says limit %" G_GINT64_FORMAT
                   " consumed %" G_GINT64_FORMAT " requested %" G_GINT64_FORMAT
                   " short %" G_GINT64_FORMAT ", the model %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
                   " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT,
                   result->reference, refusal->control, refusal->key, refusal->limit,
                   refusal->consumed, refusal->requested, refusal->shortfall, expected->limit,
                   expected->consumed, expected->requested, expected->shortfall);
        }
    }
}

static void
count_result(SimStatistics *statistics, FiscResultKind kind)
{
    statistics->posted += kind == FISC_RESULT_POSTED ? 1 : 0;
    statistics->repeated += kind == FISC_RESULT_REPEATED ? 1 : 0;
    statistics->conflicts += kind == FISC_RESULT_CONFLICT ? 1 : 0;
    statistics->refused += kind == FISC_RESULT_REFUSED ? 1 : 0;
}

static void
compare_result(Simulation *simulation, const FiscResult *result, const SimVerdict *verdict)
{
    g_autofree char *codes = refusal_codes_text(result->refusals);
    g_autofree char *expected = codes_text(verdict->code, verdict->code_count);
    count_result(simulation->statistics, result->kind);
    if (result->kind != verdict->kind || strcmp(codes, expected) != 0) {
        differ(simulation, "%s: the engine says %s (%s), the model %s (%s)", result->reference,
               kind_word(result->kind), codes, kind_word(verdict->kind), expected);
    } else if (result->entry_id != verdict->entry_id || result->batch_no != verdict->batch_no) {
        differ(simulation,
               "%s %s: the engine says entry %" G_GINT64_FORMAT " of batch %" G_GINT64_FORMAT
               ", the model %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT,
               result->reference, kind_word(result->kind), result->entry_id, result->batch_no,
               verdict->entry_id, verdict->batch_no);
    } else {
        compare_shortages(simulation, result, verdict);
    }
}

static void
compare_answer(Simulation *simulation, bool is_engine_good, const FiscReceipt *receipt,
               const SimAnswer *answer)
{
    g_autofree char *codes = refusal_codes_text(receipt->refusals);
    g_autofree char *expected = codes_text(answer->event_code, answer->event_code_count);
    if (strcmp(codes, expected) != 0) {
        differ(simulation, "events: the engine says (%s), the model (%s)", codes, expected);
        return;
    }
    if ((int)receipt->results->len != answer->verdict_count) {
        differ(simulation, "the engine gives %u results, the model %d", receipt->results->len,
               answer->verdict_count);
        return;
    }
    for (int i = 0; i < answer->verdict_count; i++) {
        compare_result(simulation, receipt->results->pdata[i], &answer->verdict[i]);
    }
    if (is_engine_good != answer->is_good && is_good(simulation)) {
        differ(simulation, "the results agree, but the engine says %s of the group",
               is_engine_good ? "yes" : "no");
    }
}

/* Requests ----------------------------------------------------------------------------------- */

static void
request_free(gpointer data)
{
    Request *request = data;
    fisc_submission_free(request->submission);
    g_free(request);
}

static Request *
new_request(Simulation *simulation)
{
    Request *request = g_new0(Request, 1);
    sim_generate(&simulation->generator, simulation->model, &request->unit);
    request->submission = sim_unit_to_submission(&request->unit);
    request->is_each = sim_random_chance(&simulation->generator.random, 50);
    g_ptr_array_add(simulation->requests, request);
    return request;
}

/* Only the last few are told when something differs, so only they are kept. */
static void
tell(Simulation *simulation, const Request *request)
{
    SimUnit *copy = g_memdup2(&request->unit, sizeof request->unit);
    g_queue_push_tail(&simulation->told, copy);
    if (g_queue_get_length(&simulation->told) > STORY_UNITS) {
        g_free(g_queue_pop_head(&simulation->told));
    }
}

/* One group through both. False when its events were refused. */
static bool
decide_group(Simulation *simulation, FiscEngine *engine, const Request *request, int first,
             int count, bool with_events)
{
    SimAnswer answer;
    g_autoptr(FiscReceipt) receipt = fisc_receipt_new();
    sim_model_decide(simulation->model, &request->unit, first, count, with_events, &answer);
    bool is_engine_good = fisc_engine_apply(engine, request->submission, (guint)first, (guint)count,
                                            with_events, receipt);
    compare_answer(simulation, is_engine_good, receipt, &answer);
    return answer.event_code_count == 0;
}

static void
decide_request(Simulation *simulation, FiscEngine *engine, const Request *request)
{
    bool with_events = request->unit.event_count > 0;
    int count = request->unit.entry_count;
    if (!request->is_each || count == 0) {
        simulation->statistics->groups += count > 1 ? 1 : 0;
        decide_group(simulation, engine, request, 0, count, with_events);
        return;
    }
    for (int i = 0; i < count && is_good(simulation); i++) {
        if (!decide_group(simulation, engine, request, i, 1, with_events && i == 0)) {
            return; /* nothing of it is written */
        }
    }
}

/* What the poster finds in the database before it decides. */
static void
tell_known(Simulation *simulation, const Request *request, GHashTable *known)
{
    sim_record_find(simulation->record, request->submission, known);
}

/* Batches ------------------------------------------------------------------------------------ */

static const SimCoding *
coding_of(const Simulation *simulation, const FiscBatch *batch, int coding_id, SimCoding *buffer)
{
    if (coding_id < batch->first_coding) {
        return sim_record_coding(simulation->record, coding_id);
    }
    const FiscDecidedCoding *decided =
        &g_array_index(batch->codings, FiscDecidedCoding, coding_id - batch->first_coding);
    *buffer =
        (SimCoding){decided->entity_id, decided->account_id, decided->flow, decided->kind, {NULL}};
    memcpy(buffer->dim, decided->dim, sizeof buffer->dim);
    return buffer;
}

static bool
is_coding_of(const Simulation *simulation, const SimCoding *coding, const SimPosted *posted,
             const SimLine *line)
{
    const SimAccount *account = &sim_accounts[line->account];
    int number =
        sim_model_number(simulation->model, SIM_EVENT_ACCOUNT, sim_account_base(line->account));
    int entity = sim_model_number(simulation->model, SIM_EVENT_ENTITY, posted->entry.entity);
    const char *party = sim_party_code(line->party);
    if (coding->entity_id != entity || coding->account_id != number ||
        coding->flow != account->flow || coding->kind != account->kind ||
        strcmp(coding->dim[FISC_DIM_COUNTERPARTY], party != NULL ? party : "") != 0) {
        return false;
    }
    for (int i = 0; i < SIM_DIM_COUNT; i++) {
        if (strcmp(coding->dim[sim_dimension((SimDim)i)], sim_word((SimDim)i, line->dim[i])) != 0) {
            return false;
        }
    }
    return true;
}

static void
compare_lines(Simulation *simulation, const FiscBatch *batch, const FiscDecidedEntry *decided,
              const SimPosted *posted)
{
    __int128 sums[2] = {0, 0};
    for (int i = 0; i < decided->count; i++) {
        const SimLine *line = &posted->entry.line[posted->kept[i]];
        SimCoding buffer;
        const SimCoding *coding = coding_of(simulation, batch, decided->coding[i], &buffer);
        sums[i < decided->financial ? 0 : 1] += decided->amount[i];
        if (decided->amount[i] != line->amount || !is_coding_of(simulation, coding, posted, line)) {
            differ(simulation, "%s: line %d is decided as another", decided->reference, i + 1);
        }
    }
    if (sums[0] != 0 || sums[1] != 0) {
        differ(simulation, "%s: a side of the decided entry does not balance", decided->reference);
    }
}

static void
compare_decided(Simulation *simulation, const FiscBatch *batch, guint at)
{
    const FiscDecidedEntry *decided = batch->entries->pdata[at];
    const SimPosted *posted = sim_model_posted(simulation->model, batch->first_entry + at);
    const SimModel *model = simulation->model;
    if (decided->count != posted->kept_count || decided->financial != posted->financial ||
        decided->period != posted->period || decided->effective != posted->entry.effective ||
        decided->corrects != posted->corrects_id || decided->reverses != posted->entry.reverses ||
        decided->entity_id != sim_model_number(model, SIM_EVENT_ENTITY, posted->entry.entity) ||
        decided->source_id != sim_model_number(model, SIM_EVENT_SOURCE, posted->source) ||
        decided->maker != sim_model_number(model, SIM_EVENT_PERSON, posted->actor)) {
        differ(simulation, "%s is decided with another head or other lines", decided->reference);
        return;
    }
    compare_lines(simulation, batch, decided, posted);
}

static bool
is_same_refusal(const FiscDecidedRefusal *decided, const SimRefusal *refusal)
{
    if (strcmp(decided->reference, refusal->reference) != 0) {
        return false;
    }
    for (int i = 0; i < refusal->shortage_count; i++) {
        const SimShortage *shortage = &refusal->shortage[i];
        const FiscRefusal *reason = find_refusal(decided->reasons, shortage);
        if (reason == NULL || reason->limit != shortage->limit ||
            reason->consumed != shortage->consumed || reason->requested != shortage->requested) {
            return false;
        }
    }
    return true;
}

static bool
is_entity_on_record(const Simulation *simulation, int entity_id)
{
    for (int i = 0; i < SIM_ENTITY_COUNT; i++) {
        if (sim_model_number(simulation->model, SIM_EVENT_ENTITY, i) == entity_id) {
            return true;
        }
    }
    return false;
}

static void
compare_refusals(Simulation *simulation, const FiscBatch *batch)
{
    const GArray *expected = sim_model_batch_refusals(simulation->model);
    if (batch->refusals->len != expected->len) {
        differ(simulation, "%u refusals are on record, and %u in the model", batch->refusals->len,
               expected->len);
        return;
    }
    for (guint i = 0; i < expected->len; i++) {
        const SimRefusal *refusal = &g_array_index(expected, SimRefusal, i);
        if (!is_same_refusal(batch->refusals->pdata[i], refusal)) {
            differ(simulation, "the refusal of %s is on record as another", refusal->reference);
        }
    }
    for (guint i = 0; i < batch->refusals->len; i++) {
        const FiscDecidedRefusal *refusal = batch->refusals->pdata[i];
        if (!is_entity_on_record(simulation, refusal->entity_id)) {
            differ(simulation, "the refusal of %s names entity %d, which is not on record",
                   refusal->reference, refusal->entity_id);
        }
    }
}

static void
compare_batch(Simulation *simulation, const FiscBatch *batch)
{
    const SimModel *model = simulation->model;
    guint posted = (guint)(sim_model_posted_count(model) - (batch->first_entry - 1));
    guint events = (guint)sim_model_batch_events(model);
    if (batch->entries->len != posted || batch->events->len != events ||
        batch->items != (int)(posted + events + batch->refusals->len)) {
        differ(simulation,
               "the engine's batch has %u entries, %u events and %u refusals in %d items; the "
               "model's %u and %u",
               batch->entries->len, batch->events->len, batch->refusals->len, batch->items, posted,
               events);
        return;
    }
    for (guint i = 0; i < posted; i++) {
        compare_decided(simulation, batch, i);
    }
    compare_refusals(simulation, batch);
    if (memcmp(batch->prev_hash, fisc_engine_head(simulation->engine), FISC_HASH_BYTES) != 0) {
        differ(simulation, "the batch does not link to the head");
    }
}

/* Decides the same batch by another engine: it must be the same, bit for bit. */
static void
decide_by_twin(Simulation *simulation, FiscEngine *twin, const FiscBatch *batch, GHashTable *known)
{
    fisc_engine_begin(twin);
    fisc_engine_set_known(twin, known);
    for (guint i = 0; i < simulation->requests->len; i++) {
        const Request *request = simulation->requests->pdata[i];
        int count = request->unit.entry_count;
        bool is_each = request->is_each && count > 0;
        bool goes_on = true;
        for (int k = 0; k < (is_each ? count : 1) && goes_on; k++) {
            g_autoptr(FiscReceipt) receipt = fisc_receipt_new();
            fisc_engine_apply(twin, request->submission, (guint)k, (guint)(is_each ? 1 : count),
                              request->unit.event_count > 0 && k == 0, receipt);
            goes_on = receipt->refusals == NULL;
        }
    }
    fisc_engine_set_known(twin, NULL);
    const FiscBatch *other = fisc_engine_seal(twin);
    if (memcmp(other->hash, batch->hash, FISC_HASH_BYTES) != 0) {
        differ(simulation, "a restored engine decides batch %" G_GINT64_FORMAT " differently",
               batch->batch_no);
    }
}

static void
decide_batch(Simulation *simulation, GHashTable *known, bool makes_new)
{
    int units = makes_new ? sim_random_between(&simulation->generator.random, 1, UNITS_MAX)
                          : (int)simulation->requests->len;
    for (int i = 0; i < units && is_good(simulation); i++) {
        Request *request = makes_new ? new_request(simulation) : simulation->requests->pdata[i];
        tell(simulation, request);
        tell_known(simulation, request, known);
        decide_request(simulation, simulation->engine, request);
        simulation->operations += request->unit.event_count + request->unit.entry_count;
    }
}

static void
take_back(Simulation *simulation)
{
    fisc_engine_undo(simulation->engine);
    sim_model_undo(simulation->model);
    simulation->statistics->undone++;
}

static void
commit(Simulation *simulation, const FiscBatch *batch)
{
    simulation->statistics->batches++;
    simulation->batches++;
    if (batch->items == 0) {
        fisc_engine_undo(simulation->engine);
        sim_model_undo(simulation->model);
        return;
    }
    sim_record_add(simulation->record, batch);
    fisc_engine_commit(simulation->engine);
    sim_model_commit(simulation->model);
}

/* The batch is being written; the next one is decided on top of it. Then it is in, or it is not:
 * another writer was first, and both are decided again, as one. */
static void
launch(Simulation *simulation, GHashTable *known)
{
    const FiscBatch *batch = fisc_engine_seal(simulation->engine);
    compare_batch(simulation, batch);
    if (!is_good(simulation) || batch->items == 0) {
        return;
    }
    fisc_engine_launch(simulation->engine);
    sim_model_launch(simulation->model);
    decide_batch(simulation, known, true);
    if (!is_good(simulation)) {
        return;
    }
    if (sim_random_chance(&simulation->generator.random, CRASH_PERCENT)) {
        fisc_engine_undo(simulation->engine);
        sim_model_undo(simulation->model);
        fisc_engine_crashed(simulation->engine);
        sim_model_crashed(simulation->model);
        simulation->statistics->crashed++;
        decide_batch(simulation, known, false);
        return;
    }
    sim_record_add(simulation->record, batch);
    fisc_engine_landed(simulation->engine);
    sim_model_landed(simulation->model);
    simulation->statistics->landed++;
}

/* @twin: an engine restored just now, or NULL. It takes over when it agrees. */
static void
run_batch(Simulation *simulation, FiscEngine *twin)
{
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_ptr_array_set_size(simulation->requests, 0);
    fisc_engine_begin(simulation->engine);
    sim_model_begin(simulation->model);
    fisc_engine_set_known(simulation->engine, known);
    decide_batch(simulation, known, true);
    if (is_good(simulation) && sim_random_chance(&simulation->generator.random, UNDO_PERCENT)) {
        take_back(simulation); /* another writer was first: decide all of it again */
        decide_batch(simulation, known, false);
    } else if (is_good(simulation) && twin == NULL &&
               sim_random_chance(&simulation->generator.random, LAUNCH_PERCENT)) {
        launch(simulation, known);
    }
    fisc_engine_set_known(simulation->engine, NULL);
    if (!is_good(simulation)) {
        return;
    }
    const FiscBatch *batch = fisc_engine_seal(simulation->engine);
    compare_batch(simulation, batch);
    if (twin != NULL && is_good(simulation)) {
        decide_by_twin(simulation, twin, batch, known);
        fisc_engine_undo(twin);
    }
    if (is_good(simulation)) {
        commit(simulation, batch);
    }
}

/* Funds -------------------------------------------------------------------------------------- */

static bool
is_same_funds(const FiscFunds *engine, const SimFunds *model)
{
    static const char *const levels[] = {"none", "track", "absolute"};
    bool is_same = strcmp(engine->control, sim_control_name(model->control)) == 0 &&
                   strcmp(engine->key, model->key) == 0 &&
                   strcmp(engine->level, levels[model->level]) == 0 &&
                   engine->limit == model->limit && engine->available == model->available;
    for (int stage = FISC_STAGE_AUTHORIZATION; stage <= FISC_STAGE_PAYMENT; stage++) {
        is_same = is_same && engine->stage[stage] == model->stage[stage];
    }
    return is_same;
}

static void
compare_funds_of(Simulation *simulation, FiscEngine *engine, const char *who, int year)
{
    static const char *const any[FISC_DIM_COUNT] = {NULL};
    g_autoptr(GPtrArray) funds = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_funds_free);
    g_autoptr(GArray) expected = sim_model_funds(simulation->model, year);
    fisc_engine_funds(engine, NULL, year, any, funds);
    if (funds->len != expected->len) {
        differ(simulation, "%s has %u keys on record in %d, the model %u", who, funds->len, year,
               expected->len);
    }
    for (guint i = 0; i < MIN(funds->len, expected->len); i++) {
        const FiscFunds *item = funds->pdata[i];
        const SimFunds *other = &g_array_index(expected, SimFunds, i);
        simulation->statistics->funds_compared++;
        if (!is_same_funds(item, other)) {
            differ(simulation,
                   "%s: %s %s has %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
                   " available; the model: %s %s has %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT,
                   who, item->control, item->key, item->available, item->limit,
                   sim_control_name(other->control), other->key, other->available, other->limit);
            return;
        }
    }
}

static void
compare_funds(Simulation *simulation, FiscEngine *engine, const char *who)
{
    for (int year = 2024; year <= 2025 && is_good(simulation); year++) {
        compare_funds_of(simulation, engine, who, year);
    }
}

static void
compare_head(Simulation *simulation, const FiscEngine *engine, const char *who)
{
    const FiscEngine *original = simulation->engine;
    if (fisc_engine_batch_no(engine) != fisc_engine_batch_no(original) ||
        fisc_engine_next_item(engine) != fisc_engine_next_item(original) ||
        fisc_engine_next_entry(engine) != fisc_engine_next_entry(original) ||
        fisc_engine_next_coding(engine) != fisc_engine_next_coding(original) ||
        memcmp(fisc_engine_head(engine), fisc_engine_head(original), FISC_HASH_BYTES) != 0) {
        differ(simulation, "%s stands at another head", who);
    }
}

/* A new process: the engine is thrown away, and made again from what is on record. */
static void
restore(Simulation *simulation)
{
    int64_t entries = sim_record_entries(simulation->record);
    int64_t checkpoint = sim_random_below(&simulation->generator.random, (int)entries + 1);
    FiscEngine *twin = sim_record_restore(simulation->record, checkpoint);
    compare_head(simulation, twin, "the restored engine");
    compare_funds(simulation, twin, "the restored engine");
    if (is_good(simulation)) {
        run_batch(simulation, twin); /* both decide the next one; the old one keeps it */
        simulation->statistics->restored++;
    }
    if (is_good(simulation)) {
        sim_record_catch_up(simulation->record, twin);
        fisc_engine_free(simulation->engine);
        simulation->engine = twin;
        return;
    }
    fisc_engine_free(twin);
}

/* Another process that was idle for some batches reads what is new. */
static void
follow(Simulation *simulation)
{
    sim_record_catch_up(simulation->record, simulation->follower);
    compare_head(simulation, simulation->follower, "the engine that caught up");
    compare_funds(simulation, simulation->follower, "the engine that caught up");
    simulation->statistics->followed++;
}

/* Nations ------------------------------------------------------------------------------------ */

static void
look_around(Simulation *simulation)
{
    int64_t batches = simulation->batches;
    if (batches % FUNDS_EVERY == 0) {
        compare_funds(simulation, simulation->engine, "the engine");
    }
    if (is_good(simulation) && batches % FOLLOW_EVERY == 0) {
        follow(simulation);
    }
    if (is_good(simulation) && batches % RESTORE_EVERY == 0) {
        restore(simulation);
    }
}

static char *
tell_story(Simulation *simulation, uint64_t seed)
{
    GString *story = g_string_new(NULL);
    g_string_append_printf(story,
                           "the engine and the model differ: seed %" G_GUINT64_FORMAT
                           ", operation %" G_GINT64_FORMAT "\n%sthe last submissions:\n",
                           seed, simulation->operations, simulation->difference->str);
    for (GList *at = simulation->told.head; at != NULL; at = at->next) {
        g_autofree char *text = sim_unit_to_text(at->data);
        g_string_append(story, text);
    }
    g_string_append_printf(story, "replay: test_sim --seed %" G_GUINT64_FORMAT " --ops %d\n", seed,
                           SIM_NATION_OPERATIONS);
    return g_string_free(story, FALSE);
}

static void
clear(Simulation *simulation)
{
    sim_generator_clear(&simulation->generator);
    sim_model_free(simulation->model);
    sim_record_free(simulation->record);
    fisc_engine_free(simulation->engine);
    fisc_engine_free(simulation->follower);
    g_ptr_array_unref(simulation->requests);
    g_queue_clear_full(&simulation->told, g_free);
    g_string_free(simulation->difference, TRUE);
}

bool
sim_run_nation(uint64_t seed, int64_t operations, int64_t limit_error, SimStatistics *statistics,
               char **out_story)
{
    Simulation simulation = {
        .model = sim_model_new(limit_error),
        .record = sim_record_new(),
        .engine = fisc_engine_new(1),
        .follower = fisc_engine_new(1),
        .requests = g_ptr_array_new_with_free_func(request_free),
        .told = G_QUEUE_INIT,
        .difference = g_string_new(NULL),
        .statistics = statistics,
    };
    sim_generator_init(&simulation.generator, seed);
    while (is_good(&simulation) && simulation.operations < operations) {
        run_batch(&simulation, NULL);
        if (is_good(&simulation)) {
            look_around(&simulation);
        }
    }
    bool has_agreed = is_good(&simulation);
    if (has_agreed) {
        compare_funds(&simulation, simulation.engine, "the engine");
        has_agreed = is_good(&simulation);
    }
    if (!has_agreed) {
        *out_story = tell_story(&simulation, seed);
    }
    statistics->operations += simulation.operations;
    statistics->nations++;
    clear(&simulation);
    return has_agreed;
}

bool
sim_run(uint64_t seed, int64_t operations, SimStatistics *statistics, char **out_story)
{
    int64_t begin = statistics->operations;
    for (uint64_t nation = seed; statistics->operations - begin < operations; nation++) {
        int64_t rest = operations - (statistics->operations - begin);
        if (!sim_run_nation(nation, MIN(rest, SIM_NATION_OPERATIONS), 0, statistics, out_story)) {
            return false;
        }
    }
    return true;
}
