/* simulation.c: see simulation.h. The engine is driven as a poster drives it: batches, some taken
 * back because another writer was first, some by an engine that was just restored. */
#include "tests/sim/compare.h"
#include <string.h>

#define UNITS_MAX 6    /* submissions of a batch */
#define STORY_UNITS 6  /* told of a failure */
#define FUNDS_EVERY 12 /* batches */
#define RESTORE_EVERY 40
#define FOLLOW_EVERY 25
#define UNDO_PERCENT 15
#define LAUNCH_PERCENT 20
#define DAY_US (INT64_C(86400) * 1000000)
#define NOON_US (DAY_US / 2)
#define CRASH_PERCENT 40 /* of the launched */

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
    sim_compare_answer(simulation, is_engine_good, receipt, &answer);
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
    for (int i = 0; i < count && sim_is_good(simulation); i++) {
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

static void
tell_time(Simulation *simulation)
{
    fisc_engine_set_time(simulation->engine, sim_model_day(simulation->model) * DAY_US + NOON_US);
}

/* Time goes on, now and then by months, so that what expires does so. */
static void
set_clock(Simulation *simulation)
{
    SimRandom *random = &simulation->generator.random;
    FiscDate day = sim_model_day(simulation->model);
    day += sim_random_chance(random, 5) ? 30 : sim_random_chance(random, 50) ? 1 : 0;
    sim_model_set_day(simulation->model, day);
    tell_time(simulation);
}

/* Decides the same batch by another engine: it must be the same, bit for bit. */
static void
decide_by_twin(Simulation *simulation, FiscEngine *twin, const FiscBatch *batch, GHashTable *known)
{
    fisc_engine_begin(twin);
    fisc_engine_set_time(twin, batch->posted_at_us);
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
        sim_differ(simulation, "a restored engine decides batch %" G_GINT64_FORMAT " differently",
                   batch->batch_no);
    }
}

static void
decide_batch(Simulation *simulation, GHashTable *known, bool makes_new)
{
    int units = makes_new ? sim_random_between(&simulation->generator.random, 1, UNITS_MAX)
                          : (int)simulation->requests->len;
    for (int i = 0; i < units && sim_is_good(simulation); i++) {
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

/* The batch is in the database. */
static void
keep(Simulation *simulation, const FiscBatch *batch)
{
    sim_record_add(simulation->record, batch);
    sim_replay_batch(simulation->replay, batch, simulation->difference);
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
    keep(simulation, batch);
    fisc_engine_commit(simulation->engine);
    sim_model_commit(simulation->model);
}

/* The batch is being written; the next one is decided on top of it. Then it is in, or it is not:
 * another writer was first, and both are decided again, as one. */
static void
launch(Simulation *simulation, GHashTable *known)
{
    const FiscBatch *batch = fisc_engine_seal(simulation->engine);
    sim_compare_batch(simulation, batch);
    if (!sim_is_good(simulation) || batch->items == 0) {
        return;
    }
    fisc_engine_launch(simulation->engine);
    sim_model_launch(simulation->model);
    set_clock(simulation);
    decide_batch(simulation, known, true);
    if (!sim_is_good(simulation)) {
        return;
    }
    if (sim_random_chance(&simulation->generator.random, CRASH_PERCENT)) {
        fisc_engine_undo(simulation->engine);
        sim_model_undo(simulation->model);
        fisc_engine_crashed(simulation->engine);
        sim_model_crashed(simulation->model);
        tell_time(simulation);
        simulation->statistics->crashed++;
        decide_batch(simulation, known, false);
        return;
    }
    keep(simulation, batch);
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
    set_clock(simulation);
    fisc_engine_set_known(simulation->engine, known);
    decide_batch(simulation, known, true);
    if (sim_is_good(simulation) && sim_random_chance(&simulation->generator.random, UNDO_PERCENT)) {
        take_back(simulation); /* another writer was first: decide all of it again */
        decide_batch(simulation, known, false);
    } else if (sim_is_good(simulation) && twin == NULL &&
               sim_random_chance(&simulation->generator.random, LAUNCH_PERCENT)) {
        launch(simulation, known);
    }
    fisc_engine_set_known(simulation->engine, NULL);
    if (!sim_is_good(simulation)) {
        return;
    }
    const FiscBatch *batch = fisc_engine_seal(simulation->engine);
    sim_compare_batch(simulation, batch);
    if (twin != NULL && sim_is_good(simulation)) {
        decide_by_twin(simulation, twin, batch, known);
        fisc_engine_undo(twin);
    }
    if (sim_is_good(simulation)) {
        commit(simulation, batch);
    }
}

/* Other processes ----------------------------------------------------------------------------- */

static void
compare_head(Simulation *simulation, const FiscEngine *engine, const char *who)
{
    const FiscEngine *original = simulation->engine;
    if (fisc_engine_batch_no(engine) != fisc_engine_batch_no(original) ||
        fisc_engine_next_item(engine) != fisc_engine_next_item(original) ||
        fisc_engine_next_entry(engine) != fisc_engine_next_entry(original) ||
        fisc_engine_next_coding(engine) != fisc_engine_next_coding(original) ||
        memcmp(fisc_engine_head(engine), fisc_engine_head(original), FISC_HASH_BYTES) != 0) {
        sim_differ(simulation, "%s stands at another head", who);
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
    sim_compare_funds(simulation, twin, "the restored engine");
    if (sim_is_good(simulation)) {
        run_batch(simulation, twin); /* both decide the next one; the old one keeps it */
        simulation->statistics->restored++;
    }
    if (sim_is_good(simulation)) {
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
    sim_compare_funds(simulation, simulation->follower, "the engine that caught up");
    simulation->statistics->followed++;
}

/* Nations ------------------------------------------------------------------------------------ */

static void
look_around(Simulation *simulation)
{
    int64_t batches = simulation->batches;
    if (batches % FUNDS_EVERY == 0) {
        sim_compare_funds(simulation, simulation->engine, "the engine");
    }
    if (sim_is_good(simulation) && batches % FOLLOW_EVERY == 0) {
        follow(simulation);
    }
    if (sim_is_good(simulation) && batches % RESTORE_EVERY == 0) {
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
    fisc_replay_free(simulation->replay);
    g_ptr_array_unref(simulation->requests);
    g_queue_clear_full(&simulation->told, g_free);
    g_string_free(simulation->difference, TRUE);
}

bool
sim_run_nation(uint64_t seed, int64_t operations, SimMistake mistake, SimStatistics *statistics,
               char **out_story)
{
    Simulation simulation = {
        .model = sim_model_new(mistake),
        .record = sim_record_new(),
        .engine = fisc_engine_new(1),
        .follower = fisc_engine_new(1),
        .replay = fisc_replay_new(1),
        .requests = g_ptr_array_new_with_free_func(request_free),
        .told = G_QUEUE_INIT,
        .difference = g_string_new(NULL),
        .statistics = statistics,
    };
    sim_generator_init(&simulation.generator, seed);
    sim_model_set_day(simulation.model, fisc_date_make(2024, 1, 1));
    while (sim_is_good(&simulation) && simulation.operations < operations) {
        run_batch(&simulation, NULL);
        if (sim_is_good(&simulation)) {
            look_around(&simulation);
        }
    }
    bool has_agreed = sim_is_good(&simulation);
    if (has_agreed) {
        sim_compare_funds(&simulation, simulation.engine, "the engine");
        has_agreed = sim_is_good(&simulation);
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
        if (!sim_run_nation(nation, MIN(rest, SIM_NATION_OPERATIONS), SIM_RIGHT, statistics,
                            out_story)) {
            return false;
        }
    }
    return true;
}
