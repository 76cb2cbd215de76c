/* pull.c: which feeders are pulled, by how many workers, and what is told of it. A worker is a
 * thread that takes one feeder after the other, each to its end (pull_feeder.c). One that fails
 * does not keep the others; when our own side fails, nothing new is begun. It is told in the order
 * of the register, whoever ended first. */
#include "app/flows/pull.h"
#include "app/flows/person.h"
#include "integrations/parse.h"
#include <string.h>

#define WORKERS 4         /* when nobody says */
#define MANY_ENTRIES 1000 /* so many at once change what the planner should know ... */
#define MANY_MORE 10      /* ... and so many times more do it again */

/* A feeder in the order of the register. */
typedef struct {
    const FiscFact *fact;
    GPtrArray *runs; /* of FiscPullRun; NULL: it was not begun */
} Turn;

typedef struct {
    FiscPull *pull;
    GPtrArray *turns; /* of Turn */
    guint taken;      /* of them; with the mutex held, as what follows */
    GError *failure;  /* the first of ours */
} Crew;

static void
turn_free(gpointer data)
{
    Turn *turn = data;
    g_clear_pointer(&turn->runs, g_ptr_array_unref);
    g_free(turn);
}

/* What workers share ----------------------------------------------------------------------------
 */

bool
fisc_pull_must_stop(const FiscPull *pull)
{
    const FiscPullOrder *order = pull->order;
    return order->should_stop != NULL && order->should_stop(order->stop_data);
}

bool
fisc_pull_poster(FiscPull *pull, FiscPoster **out_poster, GError **error)
{
    g_mutex_lock(&pull->mutex);
    bool is_open = pull->poster != NULL || fisc_flow_open_poster(&pull->ctx, &pull->poster, error);
    *out_poster = pull->poster;
    g_mutex_unlock(&pull->mutex);
    return is_open;
}

/* How often a number has grown to be worth telling. */
static int
magnitude(int64_t posted)
{
    int steps = 0;
    for (int64_t many = MANY_ENTRIES; many <= posted; many *= MANY_MORE) {
        steps++;
    }
    return steps;
}

bool
fisc_pull_count(FiscPull *pull, int64_t posted, GError **error)
{
    g_mutex_lock(&pull->mutex);
    bool is_much_more = magnitude(pull->posted + posted) > magnitude(pull->posted);
    pull->posted += posted;
    g_mutex_unlock(&pull->mutex);
    return !is_much_more || fisc_flow_refresh_statistics(&pull->ctx, MANY_ENTRIES, error);
}

/* With the mutex held, so that who listens is told one thing at a time. */
static void
tell(FiscPull *pull, const char *feeder, int done, int total)
{
    pull->progress.feeder = feeder;
    pull->progress.parts_done = done;
    pull->progress.parts = total;
    if (pull->order->progress != NULL) {
        pull->order->progress(&pull->progress, pull->order->progress_data);
    }
}

void
fisc_pull_tell(FiscPull *pull, const char *feeder, int done, int total)
{
    g_mutex_lock(&pull->mutex);
    tell(pull, feeder, done, total);
    g_mutex_unlock(&pull->mutex);
}

static bool
has_outcome(const GPtrArray *runs, FiscPullOutcome outcome)
{
    for (guint i = 0; i < runs->len; i++) {
        if (((const FiscPullRun *)runs->pdata[i])->outcome == outcome) {
            return true;
        }
    }
    return false;
}

static void
tell_done(FiscPull *pull, const Turn *turn)
{
    g_mutex_lock(&pull->mutex);
    pull->progress.done++;
    pull->progress.quarantined += has_outcome(turn->runs, FISC_PULL_QUARANTINED);
    pull->progress.failed += has_outcome(turn->runs, FISC_PULL_FAILED);
    tell(pull, turn->fact->subject, 0, 0);
    g_mutex_unlock(&pull->mutex);
}

/* Workers -------------------------------------------------------------------------------------- */

/* The next feeder for whoever is free; NULL when there is none, or nothing new is to be begun. */
static Turn *
next_turn(Crew *crew)
{
    Turn *turn = NULL;
    bool is_over = fisc_pull_must_stop(crew->pull);
    g_mutex_lock(&crew->pull->mutex);
    if (!is_over && crew->failure == NULL && crew->taken < crew->turns->len) {
        turn = crew->turns->pdata[crew->taken++];
    }
    g_mutex_unlock(&crew->pull->mutex);
    return turn;
}

static void
take_turn(Crew *crew, Turn *turn)
{
    GError *failure = NULL;
    turn->runs = fisc_pull_runs_new();
    if (fisc_pull_feeder(crew->pull, turn->fact, turn->runs, &failure)) {
        tell_done(crew->pull, turn);
        return;
    }
    g_mutex_lock(&crew->pull->mutex);
    if (crew->failure == NULL) {
        crew->failure = g_steal_pointer(&failure);
    }
    g_mutex_unlock(&crew->pull->mutex);
    g_clear_error(&failure);
}

static gpointer
work_on(gpointer data)
{
    Crew *crew = data;
    Turn *turn;
    fisc_parse_begin();
    while ((turn = next_turn(crew)) != NULL) {
        take_turn(crew, turn);
    }
    fisc_parse_end();
    return NULL;
}

/* This very thread is one of the workers. */
static bool
work(Crew *crew, GError **error)
{
    guint wanted = crew->pull->order->workers;
    guint workers = MIN(wanted > 0 ? wanted : WORKERS, crew->turns->len);
    g_autoptr(GPtrArray) others = g_ptr_array_new();
    for (guint i = 1; i < workers; i++) {
        g_ptr_array_add(others, g_thread_new("fisc-pull", work_on, crew));
    }
    work_on(crew);
    for (guint i = 0; i < others->len; i++) {
        g_thread_join(others->pdata[i]);
    }
    if (crew->failure != NULL) {
        g_propagate_error(error, g_steal_pointer(&crew->failure));
        return false;
    }
    return true;
}

/* The pull ------------------------------------------------------------------------------------- */

static void
add_turn(GPtrArray *turns, const FiscFact *fact)
{
    Turn *turn = g_new0(Turn, 1);
    turn->fact = fact;
    g_ptr_array_add(turns, turn);
}

/* All feeders, or those that are named, each once, in their order. */
static bool
choose(const FiscPull *pull, GPtrArray *turns, GError **error)
{
    const FiscNation *nation = pull->masters->nation;
    const char *const *names = pull->order->feeders;
    g_autoptr(GPtrArray) facts = fisc_nation_facts(nation, "feeder");
    g_autoptr(GHashTable) chosen = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; names == NULL && i < facts->len; i++) {
        add_turn(turns, facts->pdata[i]);
    }
    for (int i = 0; names != NULL && names[i] != NULL; i++) {
        const FiscFact *fact = fisc_nation_fact(nation, "feeder", names[i]);
        if (fact == NULL) {
            return fisc_fail(error, FISC_ERROR_NOT_FOUND,
                             "there is no feeder \"%s\": `fisc feeder list` tells those there are",
                             names[i]);
        }
        if (g_hash_table_add(chosen, (gpointer)names[i])) {
            add_turn(turns, fact);
        }
    }
    return true;
}

static bool
open_pull(FiscPull *pull, FiscContext *ctx, GError **error)
{
    g_mutex_init(&pull->mutex);
    pull->ctx = *ctx;
    pull->ctx.progress = NULL; /* of one thread; the order's is of all */
    pull->at_hand = g_hash_table_new_full(
        g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, (GDestroyNotify)fisc_map_unref);
    if (!fisc_flow_take_masters(&pull->ctx, &pull->masters, error)) {
        return false;
    }
    if (!fisc_pull_open_stage(pull, error)) {
        return false;
    }
    pull->maps = fisc_feeder_maps(pull->masters->nation, fisc_flow_today());
    return true;
}

static void
close_pull(FiscPull *pull)
{
    fisc_feeder_locks_close(pull->locks);
    fisc_poster_close(pull->poster);
    fisc_registry_free(pull->registry);
    g_clear_pointer(&pull->maps, g_hash_table_unref);
    g_clear_pointer(&pull->at_hand, g_hash_table_unref);
    fisc_master_copy_unref(pull->masters);
    g_mutex_clear(&pull->mutex);
}

static FiscPullReport *
make_report(const GPtrArray *turns)
{
    FiscPullReport *report = g_new0(FiscPullReport, 1);
    report->runs = fisc_pull_runs_new();
    for (guint i = 0; i < turns->len; i++) {
        Turn *turn = turns->pdata[i];
        if (turn->runs == NULL) {
            report->left++;
            continue;
        }
        g_ptr_array_extend_and_steal(report->runs, g_steal_pointer(&turn->runs));
    }
    return report;
}

bool
fisc_flow_pull(FiscContext *ctx, const FiscPullOrder *order, FiscPullReport **out_report,
               GError **error)
{
    FiscPull pull = {.order = order};
    g_autoptr(GPtrArray) turns = g_ptr_array_new_with_free_func(turn_free);
    Crew crew = {.pull = &pull, .turns = turns};
    bool is_done = open_pull(&pull, ctx, error) && choose(&pull, turns, error) &&
                   fisc_feeder_locks_open(ctx->pool, ctx->book_id, &pull.locks, error);
    if (is_done) {
        pull.progress.feeders = (int)turns->len;
        is_done = work(&crew, error);
    }
    if (is_done) {
        *out_report = make_report(turns);
    }
    close_pull(&pull);
    return is_done;
}

/* A trial -------------------------------------------------------------------------------------- */

bool
fisc_pull_try_map(FiscContext *ctx, const char *feeder, GBytes *map, GHashTable *effect,
                  GPtrArray **out_trials, GError **error)
{
    const FiscPullOrder order = {.is_replay = true};
    FiscPull pull = {.order = &order, .effect = effect};
    g_autoptr(GPtrArray) trials = fisc_pull_runs_new();
    g_autoptr(FiscMap) opened = NULL;
    if (!fisc_map_open(map, &opened, error)) {
        return false;
    }
    bool is_done = open_pull(&pull, ctx, error);
    pull.ctx.is_dry_run = true;
    g_autoptr(GPtrArray) facts =
        is_done ? fisc_nation_facts(pull.masters->nation, "feeder") : g_ptr_array_new();
    fisc_parse_begin();
    for (guint i = 0; is_done && i < facts->len; i++) {
        const FiscFact *fact = facts->pdata[i];
        is_done = strcmp(fisc_feeder_map_owner(fact), feeder) != 0 ||
                  fisc_pull_feeder_try(&pull, fact, opened, trials, error);
    }
    fisc_parse_end();
    close_pull(&pull);
    if (is_done) {
        *out_trials = g_steal_pointer(&trials);
    }
    return is_done;
}
