/* pull_feeder.c: one feeder on its way: it is asked, its documents are received and kept as they
 * are; those that are new, or all when their map is another one, are run part by part, small parts
 * together (pull_run.c). An outage is noted, and asked again later. Whoever stops it stops it
 * between two documents or two such groups: what was received is kept, what was posted is in the
 * ledger, and the next pull goes on. */
#include "app/flows/pull.h"
#include "core/base/kill_point.h"
#include <string.h>

#define RETRY_BASE_MS 60000            /* after an outage a minute, doubled each time ... */
#define RETRY_CAP_MS (6 * 3600 * 1000) /* ... up to six hours */
#define AT_HAND_MAX (4 * 1024 * 1024)  /* of what was received, until it is read */
#define MAY_NOT "who pulls it needs the right to stage feeds (integration) for all its entities"
#define STOPPED "stopped before it was done: the next pull goes on"

static void
feeding_clear(FiscFeeding *feeding)
{
    fisc_feeder_free(feeding->feeder);
    g_clear_pointer(&feeding->documents, g_ptr_array_unref);
    g_clear_pointer(&feeding->fresh, g_hash_table_unref);
    g_clear_pointer(&feeding->bodies, g_hash_table_unref);
    g_clear_pointer(&feeding->map, fisc_map_unref);
    g_clear_pointer(&feeding->next_cursor, g_free);
    g_clear_pointer(&feeding->waiting, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiscFeeding, feeding_clear)

static bool
feeding_open(FiscFeeding *feeding, const FiscFact *fact, GError **error)
{
    feeding->ctx = &feeding->pull->ctx;
    feeding->fresh = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    feeding->bodies =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
    return fisc_feeder_of(fact, &feeding->feeder, error) &&
           fisc_intake_newest(feeding->ctx, feeding->feeder->name, &feeding->documents, error);
}

static FiscPullRun *
add_run(FiscFeeding *feeding, const char *part)
{
    FiscPullRun *told = fisc_pull_run_new(feeding->feeder->name, part);
    g_ptr_array_add(feeding->runs, told);
    return told;
}

/* Received ------------------------------------------------------------------------------------- */

static const FiscDelivery *
find_delivery(const FiscFeeding *feeding, const char *document)
{
    for (guint i = 0; i < feeding->documents->len; i++) {
        const FiscDelivery *delivery = feeding->documents->pdata[i];
        if (strcmp(delivery->document, document) == 0) {
            return delivery;
        }
    }
    return NULL;
}

static bool
check_name(const FiscFound *found, FiscPullRun *told)
{
    const char *name = found->name;
    gsize length = strlen(name);
    if (length > 0 && length <= 100 && name[0] != '.' && strchr(name, '/') == NULL &&
        g_utf8_validate(name, -1, NULL)) {
        return true;
    }
    fisc_refusals_add(told->refusals, FISC_ERROR_VALUE_INVALID, NULL, 0, NULL,
                      "the source has a document whose name is none of a file");
    return false;
}

/* Under one version a source says one thing, for ever: otherwise nobody knows which is true. */
static void
refuse_conflict(FiscPullRun *told, const FiscFound *found)
{
    fisc_refusals_add(told->refusals, FISC_ERROR_REFERENCE_CONFLICT, found->name, 0, NULL,
                      "the source gave version %s before with another content; this one is kept "
                      "and not posted",
                      found->declared);
}

static void
note_fresh(FiscFeeding *feeding, const char *document, GBytes *body)
{
    gsize bytes = g_bytes_get_size(body);
    g_hash_table_add(feeding->fresh, g_strdup(document));
    if (feeding->bytes + bytes <= AT_HAND_MAX) {
        feeding->bytes += bytes;
        g_hash_table_insert(feeding->bodies, g_strdup(document), g_bytes_ref(body));
    }
}

/* Writes down what came: in one statement, since each takes a commit. */
static bool
keep(FiscFeeding *feeding, GPtrArray *arrivals, FiscPullRun *told, GError **error)
{
    if (arrivals->len == 0) {
        return true;
    }
    fisc_kill_point("pull.before_keeping");
    if (!fisc_intake_receive(feeding->ctx, feeding->feeder, arrivals, error)) {
        return false;
    }
    for (guint i = 0; i < arrivals->len; i++) {
        const FiscArrival *arrival = arrivals->pdata[i];
        if (arrival->is_conflict) {
            refuse_conflict(told, arrival->found);
        } else if (arrival->is_new) {
            note_fresh(feeding, arrival->found->name, arrival->body);
        }
    }
    g_ptr_array_set_size(arrivals, 0);
    return true;
}

static bool
is_full(const GPtrArray *arrivals)
{
    gsize bytes = 0;
    for (guint i = 0; i < arrivals->len; i++) {
        bytes += g_bytes_get_size(((const FiscArrival *)arrivals->pdata[i])->body);
    }
    return arrivals->len >= FISC_PULL_TOGETHER || bytes >= FISC_PULL_TOGETHER_BYTES;
}

static bool
get_one(FiscFeeding *feeding, FiscDoor *door, const FiscConnector *connector,
        const FiscFound *found, GPtrArray *arrivals, GError **error)
{
    const FiscDelivery *before = find_delivery(feeding, found->name);
    g_autoptr(GBytes) body = NULL;
    g_autofree char *tag = NULL;
    if (!connector->get(door, found, before != NULL ? before->tag : NULL, &body, &tag, error)) {
        return false;
    }
    if (body != NULL) {
        g_ptr_array_add(arrivals, fisc_arrival_new(found, tag != NULL ? tag : "", body));
    }
    return true;
}

/* What came before an outage, or before it was stopped, is kept. */
static bool
get_all(FiscFeeding *feeding, FiscDoor *door, const GPtrArray *found, FiscPullRun *told,
        GError **error)
{
    const FiscConnector *connector = fisc_connector_find(feeding->feeder->connector);
    g_autoptr(GPtrArray) arrivals =
        g_ptr_array_new_with_free_func((GDestroyNotify)fisc_arrival_free);
    GError *outage = NULL;
    for (guint i = 0; outage == NULL && i < found->len && !fisc_pull_must_stop(feeding->pull);
         i++) {
        fisc_kill_point("pull.between_documents");
        if (is_full(arrivals) && !keep(feeding, arrivals, told, error)) {
            return false;
        }
        if (check_name(found->pdata[i], told)) {
            get_one(feeding, door, connector, found->pdata[i], arrivals, &outage);
        }
    }
    GError *failure = NULL;
    if (!keep(feeding, arrivals, told, &failure)) {
        g_clear_error(&outage);
        outage = failure;
    }
    if (outage != NULL) {
        g_propagate_error(error, outage);
    }
    return outage == NULL;
}

static bool
receive_all(FiscFeeding *feeding, const FiscWatch *watch, FiscPullRun *told, GError **error)
{
    const FiscPullOrder *order = feeding->pull->order;
    FiscDoor door = {.feeder = feeding->feeder,
                     .secrets_dir = order->secrets_dir,
                     .cursor = watch->cursor,
                     .tries = order->tries,
                     .should_stop = order->should_stop,
                     .stop_data = order->stop_data};
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_found_free);
    bool is_done = fisc_connector_find(feeding->feeder->connector)->list(&door, found, error) &&
                   get_all(feeding, &door, found, told, error);
    g_free(door.session);
    g_clear_pointer(&door.brought, g_hash_table_unref);
    if (!is_done) {
        g_free(door.next_cursor);
        return false;
    }
    feeding->next_cursor = door.next_cursor;
    return true;
}

/* An outage of a source is no failure of ours: it is noted, and the others go on. */
static bool
note_outage(FiscFeeding *feeding, const FiscWatch *watch, const GError *failure, GError **error)
{
    const FiscBackoff backoff = {.base_ms = RETRY_BASE_MS, .cap_ms = RETRY_CAP_MS};
    uint64_t seed = (uint64_t)g_get_real_time();
    int64_t milliseconds = fisc_backoff_ms(&backoff, (guint)watch->failures + 1, -1, &seed);
    fisc_pull_run_set(add_run(feeding, ""), FISC_PULL_FAILED, failure->message);
    return fisc_intake_note_try(feeding->ctx, feeding->feeder, NULL, false, failure->message,
                                milliseconds / 1000 + 1, error);
}

/* *out_is_reached: false after an outage, which is noted, and after it was stopped. */
static bool
receive(FiscFeeding *feeding, const FiscWatch *watch, bool *out_is_reached, GError **error)
{
    g_autoptr(GError) failure = NULL;
    FiscPullRun *told = fisc_pull_run_new(feeding->feeder->name, "");
    bool is_done = receive_all(feeding, watch, told, &failure);
    bool is_stopped = fisc_pull_must_stop(feeding->pull);
    *out_is_reached = is_done && !is_stopped;
    if (is_done && told->refusals->len > 0) {
        fisc_pull_run_refuse(told);
        g_ptr_array_add(feeding->runs, told);
    } else {
        fisc_pull_run_free(told);
    }
    if (!is_done && !fisc_pull_is_theirs(failure)) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return false;
    }
    if (is_stopped) {
        fisc_pull_run_set(add_run(feeding, ""), FISC_PULL_SKIPPED, STOPPED);
        return true;
    }
    if (!is_done) {
        return note_outage(feeding, watch, failure, error);
    }
    g_ptr_array_unref(g_steal_pointer(&feeding->documents));
    return fisc_intake_newest(feeding->ctx, feeding->feeder->name, &feeding->documents, error);
}

/* Run ------------------------------------------------------------------------------------------ */

/* The same map is opened once for all who are read by it. */
static bool
find_map(FiscFeeding *feeding, GError **error)
{
    FiscPull *pull = feeding->pull;
    g_autoptr(GBytes) digest = g_bytes_new(feeding->map_digest, sizeof feeding->map_digest);
    g_mutex_lock(&pull->mutex);
    FiscMap *map = g_hash_table_lookup(pull->at_hand, digest);
    feeding->map = map != NULL ? fisc_map_ref(map) : NULL;
    g_mutex_unlock(&pull->mutex);
    if (feeding->map != NULL) {
        return true;
    }
    g_autoptr(GBytes) packed = NULL;
    if (!fisc_intake_body(feeding->ctx, feeding->map_digest, &packed, error) ||
        !fisc_map_open(packed, &feeding->map, error)) {
        return false;
    }
    g_mutex_lock(&pull->mutex);
    g_hash_table_replace(pull->at_hand, g_bytes_ref(digest), fisc_map_ref(feeding->map));
    g_mutex_unlock(&pull->mutex);
    return true;
}

static bool
take_map(FiscFeeding *feeding, const FiscFact *fact, GError **error)
{
    const char *owner = fisc_feeder_map_owner(fact);
    const FiscFact *map = g_hash_table_lookup(feeding->pull->maps, owner);
    return fisc_feeder_map_read(map, owner, feeding->map_digest, error) && find_map(feeding, error);
}

/* Parts to run: all together, or each document by itself; those that the newest run has not dealt
 * with, by this map. */
static bool
list_parts(const FiscFeeding *feeding, GPtrArray *parts, GError **error)
{
    const FiscPullOrder *order = feeding->pull->order;
    g_autoptr(GHashTable) settled = NULL;
    if (!fisc_intake_settled(feeding->ctx, feeding->feeder->name, feeding->map_digest,
                             order->feeders == NULL, &settled, error)) {
        return false;
    }
    bool is_any = false;
    bool is_waiting = feeding->waiting != NULL && g_hash_table_contains(feeding->waiting, "");
    for (guint i = 0; i < feeding->documents->len; i++) {
        const FiscDelivery *delivery = feeding->documents->pdata[i];
        bool is_settled =
            (!order->is_replay && g_hash_table_contains(settled, &delivery->delivery_id)) ||
            (feeding->waiting != NULL &&
             g_hash_table_contains(feeding->waiting, delivery->document));
        is_any = is_any || !is_settled;
        if (!feeding->feeder->is_together && !is_settled) {
            g_ptr_array_add(parts, delivery->document);
        }
    }
    if (feeding->feeder->is_together && is_any && !is_waiting) {
        g_ptr_array_add(parts, (gpointer) "");
    }
    return true;
}

/* So many small documents from @first on as go together; a large one goes alone. */
static guint
count_together(const FiscFeeding *feeding, const GPtrArray *parts, guint first)
{
    int64_t bytes = 0;
    guint count = 0;
    while (first + count < parts->len && count < FISC_PULL_TOGETHER) {
        const FiscDelivery *delivery = find_delivery(feeding, parts->pdata[first + count]);
        bytes += delivery != NULL ? delivery->bytes : 0;
        if (count > 0 && bytes > FISC_PULL_TOGETHER_BYTES) {
            break;
        }
        count++;
    }
    return count;
}

static bool
run_together(FiscFeeding *feeding, const GPtrArray *parts, guint first, guint count, GError **error)
{
    g_autoptr(GPtrArray) told = g_ptr_array_new();
    for (guint i = 0; i < count; i++) {
        FiscPullRun *run = add_run(feeding, parts->pdata[first + i]);
        run->fresh = (int)g_hash_table_size(feeding->fresh);
        g_ptr_array_add(told, run);
    }
    fisc_pull_tell(feeding->pull, feeding->feeder->name, (int)first, (int)parts->len);
    return fisc_pull_parts(feeding, told, error);
}

/* What is left alone since it waits for somebody. */
static void
tell_waiting(FiscFeeding *feeding)
{
    GHashTableIter iter;
    gpointer part, document;
    if (feeding->waiting == NULL) {
        return;
    }
    g_hash_table_iter_init(&iter, feeding->waiting);
    while (g_hash_table_iter_next(&iter, &part, &document)) {
        g_autofree char *waits = g_strdup_printf("waits for approval: %s", (char *)document);
        FiscPullRun *told = add_run(feeding, part);
        told->document = g_strdup(document);
        fisc_pull_run_set(told, FISC_PULL_STAGED, waits);
    }
}

/* *out_is_whole: false when it was stopped between two parts. */
static bool
run_parts(FiscFeeding *feeding, bool *out_is_whole, GError **error)
{
    g_autoptr(GPtrArray) parts = g_ptr_array_new();
    if (!fisc_pull_review(feeding, error) || !list_parts(feeding, parts, error)) {
        return false;
    }
    guint told_before = feeding->runs->len;
    tell_waiting(feeding);
    for (guint first = 0, count = 0; first < parts->len; first += count) {
        if (fisc_pull_must_stop(feeding->pull)) {
            fisc_pull_run_set(add_run(feeding, parts->pdata[first]), FISC_PULL_SKIPPED, STOPPED);
            *out_is_whole = false;
            return true;
        }
        count = count_together(feeding, parts, first);
        if (!run_together(feeding, parts, first, count, error)) {
            return false;
        }
    }
    if (parts->len == 0 && feeding->runs->len == told_before) {
        FiscPullRun *told = add_run(feeding, "");
        told->documents = (int)feeding->documents->len;
        fisc_pull_run_set(told, FISC_PULL_UNCHANGED, "nothing new");
    }
    return true;
}

/* The feeder ----------------------------------------------------------------------------------- */

int64_t
fisc_feeder_interval_s(const char *word)
{
    return strcmp(word, "hour") == 0    ? 3600
           : strcmp(word, "week") == 0  ? 7 * 86400
           : strcmp(word, "month") == 0 ? 30 * 86400
                                        : 86400;
}

/* A feeder whose own words or map are wrong does not keep the others. */
static bool
tell_failure(const char *feeder, GPtrArray *runs, GError *failure, GError **error)
{
    if (!fisc_pull_is_of_feeder(failure)) {
        g_propagate_error(error, failure);
        return false;
    }
    FiscPullRun *told = fisc_pull_run_new(feeder, "");
    fisc_pull_run_set(told, FISC_PULL_FAILED, failure->message);
    g_ptr_array_add(runs, told);
    g_error_free(failure);
    return true;
}

/* It has answered. That is noted when its parts are through: until then it is due. */
static bool
run_and_note(FiscFeeding *feeding, const FiscFact *fact, GError **error)
{
    FiscPull *pull = feeding->pull;
    GError *failure = NULL;
    bool is_whole = true;
    if (!(take_map(feeding, fact, &failure) && run_parts(feeding, &is_whole, &failure)) &&
        !tell_failure(feeding->feeder->name, feeding->runs, failure, error)) {
        return false;
    }
    return pull->order->is_replay || !is_whole ||
           fisc_intake_note_try(feeding->ctx, feeding->feeder, feeding->next_cursor, true, "",
                                fisc_feeder_interval_s(feeding->interval), error);
}

static bool
pull_locked(FiscPull *pull, const FiscFact *fact, GPtrArray *runs, GError **error)
{
    g_auto(FiscFeeding) feeding = {.pull = pull, .runs = runs};
    g_auto(FiscWatch) watch = {0};
    const char *every = fisc_fact_field(fact, "every");
    bool is_reached = true;
    feeding.interval = *every != '\0' ? every : "day";
    if (!feeding_open(&feeding, fact, error) ||
        !fisc_intake_watch(&pull->ctx, fact->subject, &watch, error)) {
        return false;
    }
    bool is_named = pull->order->feeders != NULL;
    if (strcmp(feeding.feeder->state, "active") != 0 || (!is_named && !watch.is_due)) {
        fisc_pull_run_set(add_run(&feeding, ""), FISC_PULL_SKIPPED,
                          watch.is_due ? feeding.feeder->state : "its time has not come");
        return true;
    }
    if (!fisc_pull_may_stage(pull, feeding.feeder)) {
        fisc_pull_run_set(add_run(&feeding, ""), FISC_PULL_FAILED, MAY_NOT);
        return true;
    }
    if (!pull->order->is_replay && !receive(&feeding, &watch, &is_reached, error)) {
        return false;
    }
    return !is_reached || run_and_note(&feeding, fact, error);
}

bool
fisc_pull_feeder(FiscPull *pull, const FiscFact *fact, GPtrArray *runs, GError **error)
{
    GError *failure = NULL;
    bool is_ours = false;
    if (!fisc_feeder_lock(pull->locks, fact->subject, &is_ours, error)) {
        return false;
    }
    if (!is_ours) {
        FiscPullRun *told = fisc_pull_run_new(fact->subject, "");
        fisc_pull_run_set(told, FISC_PULL_SKIPPED, "another pull of it is under way");
        g_ptr_array_add(runs, told);
        return true;
    }
    bool is_done = pull_locked(pull, fact, runs, &failure);
    fisc_feeder_unlock(pull->locks, fact->subject);
    return is_done || tell_failure(fact->subject, runs, failure, error);
}

bool
fisc_pull_feeder_try(FiscPull *pull, const FiscFact *fact, FiscMap *map, GPtrArray *runs,
                     GError **error)
{
    g_auto(FiscFeeding) feeding = {.pull = pull, .runs = runs, .map = fisc_map_ref(map)};
    bool is_whole = true;
    return feeding_open(&feeding, fact, error) && run_parts(&feeding, &is_whole, error);
}
