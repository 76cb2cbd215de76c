/* pull.c: the walk that brings outside books into ours. Of each feeder: its documents are received
 * and kept as they are; those that are new, or all when their map is another one, are read by the
 * map and settled with the books (pull_post.c). What cannot be read or posted is quarantined as a
 * whole, with every fault on record; an outage is noted, and asked again later. Killed anywhere,
 * the next pull goes on: what was received is kept, what was posted is in the ledger. */
#include "app/flows/intake.h"
#include "app/flows/person.h"
#include "core/base/hash.h"
#include "core/base/kill_point.h"
#include "fisc/money.h"
#include <jansson.h>
#include <string.h>

#define RETRY_BASE_MS 60000            /* after an outage a minute, doubled each time ... */
#define RETRY_CAP_MS (6 * 3600 * 1000) /* ... up to six hours */

typedef struct {
    FiscContext *ctx;
    const FiscPullOrder *order;
    FiscNation *nation;
    FiscPullReport *report;
    GHashTable *effect; /* as in FiscPullWork */
} Pull;

/* A feeder on its way. */
typedef struct {
    Pull *pull;
    FiscFeeder *feeder;
    GPtrArray *documents; /* of FiscDelivery: the newest versions */
    GHashTable *fresh;    /* names of those that are new */
    GBytes *map;
    uint8_t map_digest[32];
    char *next_cursor;
    const char *interval; /* how often it is asked: hour day week month */
} Feeding;

const char *
fisc_pull_outcome_word(FiscPullOutcome outcome)
{
    static const char *const words[] = {"posted", "unchanged", "quarantined", "failed", "skipped"};
    return words[outcome];
}

char *
fisc_pull_classified(const FiscPullRun *run)
{
    if (run->mapped == 0) {
        return g_strdup("");
    }
    int tenths = (int)((run->mapped - run->suspense) * 1000 / run->mapped);
    return g_strdup_printf("%d.%d %%", tenths / 10, tenths % 10);
}

static void
suspense_free(gpointer data)
{
    FiscSuspense *one = data;
    g_free(one->map);
    g_free(one->code);
    g_free(one);
}

FiscPullRun *
fisc_pull_run_new(const char *feeder, const char *part)
{
    FiscPullRun *run = g_new0(FiscPullRun, 1);
    run->feeder = g_strdup(feeder);
    run->part = g_strdup(part);
    run->reason = g_strdup("");
    run->outcome = FISC_PULL_QUARANTINED;
    run->refusals = fisc_refusals_new();
    run->unknown = g_ptr_array_new_with_free_func(suspense_free);
    run->remarks = g_ptr_array_new_with_free_func(g_free);
    return run;
}

void
fisc_pull_run_free(FiscPullRun *run)
{
    if (run != NULL) {
        g_free(run->feeder);
        g_free(run->part);
        g_free(run->reason);
        g_ptr_array_unref(run->refusals);
        g_ptr_array_unref(run->unknown);
        g_ptr_array_unref(run->remarks);
        g_free(run);
    }
}

void
fisc_pull_report_free(FiscPullReport *report)
{
    if (report != NULL) {
        g_ptr_array_unref(report->runs);
        g_free(report);
    }
}

static void
feeding_clear(Feeding *feeding)
{
    fisc_feeder_free(feeding->feeder);
    g_clear_pointer(&feeding->documents, g_ptr_array_unref);
    g_clear_pointer(&feeding->fresh, g_hash_table_unref);
    g_clear_pointer(&feeding->map, g_bytes_unref);
    g_clear_pointer(&feeding->next_cursor, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Feeding, feeding_clear)

static void
set_reason(FiscPullRun *told, FiscPullOutcome outcome, const char *reason)
{
    told->outcome = outcome;
    g_free(told->reason);
    told->reason = g_strdup(reason);
}

/* Received ------------------------------------------------------------------------------------- */

static const FiscDelivery *
find_delivery(const Feeding *feeding, const char *document)
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

static bool
receive_one(Feeding *feeding, FiscDoor *door, const FiscConnector *connector,
            const FiscFound *found, FiscPullRun *told, GError **error)
{
    const FiscDelivery *before = find_delivery(feeding, found->name);
    g_autoptr(GBytes) body = NULL;
    g_autofree char *tag = NULL;
    FiscReceived received = {0};
    if (!connector->get(door, found, before != NULL ? before->tag : NULL, &body, &tag, error)) {
        return false;
    }
    if (body == NULL) {
        return true;
    }
    if (!fisc_intake_receive(feeding->pull->ctx, feeding->feeder, found, tag != NULL ? tag : "",
                             body, &received, error)) {
        return false;
    }
    if (received.is_conflict) {
        refuse_conflict(told, found);
    } else if (received.is_new) {
        g_hash_table_add(feeding->fresh, g_strdup(found->name));
    }
    return true;
}

static bool
receive_all(Feeding *feeding, FiscPullRun *told, GError **error)
{
    const FiscPullOrder *order = feeding->pull->order;
    const FiscConnector *connector = fisc_connector_find(feeding->feeder->connector);
    FiscDoor door = {.feeder = feeding->feeder,
                     .secrets_dir = order->secrets_dir,
                     .cursor = "",
                     .tries = order->tries,
                     .should_stop = order->should_stop,
                     .stop_data = order->stop_data};
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_found_free);
    bool is_done = connector->list(&door, found, error);
    for (guint i = 0; is_done && i < found->len; i++) {
        fisc_kill_point("pull.between_documents");
        is_done = !check_name(found->pdata[i], told) ||
                  receive_one(feeding, &door, connector, found->pdata[i], told, error);
    }
    g_free(door.session);
    if (!is_done) {
        g_free(door.next_cursor);
        return false;
    }
    feeding->next_cursor = door.next_cursor;
    return true;
}

/* Parsed, mapped ------------------------------------------------------------------------------- */

static bool
write_document(Feeding *feeding, const FiscDelivery *delivery, const FiscScratch *scratch,
               FiscRefusals *refusals, GError **error)
{
    const FiscConnector *connector = fisc_connector_find(feeding->feeder->connector);
    const char *name = fisc_feeder_profile_name(feeding->feeder, delivery->document);
    g_autoptr(GBytes) body = NULL;
    g_autoptr(GBytes) text = NULL;
    if (name == NULL) {
        return true; /* the feeder asked for it once, and does no more */
    }
    if (!fisc_intake_body(feeding->pull->ctx, delivery->digest, &body, error)) {
        return false;
    }
    if (connector->convert == NULL) {
        text = g_bytes_ref(body);
    } else if (!connector->convert(feeding->feeder, delivery->document, body, &text, refusals)) {
        return true;
    }
    return fisc_map_place(feeding->map, scratch, name, text, error);
}

/* Two documents under one name: the second would take the place of the first, and its rows be lost.
 */
static void
check_place(const Feeding *feeding, const FiscDelivery *delivery, GHashTable *placed,
            FiscRefusals *refusals)
{
    const char *name = fisc_feeder_profile_name(feeding->feeder, delivery->document);
    if (name != NULL && !g_hash_table_add(placed, (gpointer)name)) {
        fisc_refusals_add(refusals, FISC_ERROR_DUPLICATE_ROW, delivery->document, 0, NULL,
                          "another document is read as %s, too: say read = each", name);
    }
}

static bool
write_folder(Feeding *feeding, const char *part, const FiscScratch *scratch, FiscRefusals *refusals,
             GError **error)
{
    g_autoptr(GHashTable) placed = g_hash_table_new(g_str_hash, g_str_equal);
    if (!fisc_map_unpack(feeding->map, scratch, error)) {
        return false;
    }
    for (guint i = 0; i < feeding->documents->len; i++) {
        const FiscDelivery *delivery = feeding->documents->pdata[i];
        bool is_of_part = *part == '\0' || strcmp(part, delivery->document) == 0;
        if (is_of_part) {
            check_place(feeding, delivery, placed, refusals);
        }
        if (is_of_part && !write_document(feeding, delivery, scratch, refusals, error)) {
            return false;
        }
    }
    return true;
}

static void
add_unknown(const FiscMapped *mapped, FiscPullRun *told)
{
    told->mapped += mapped->value;
    told->suspense += mapped->value - mapped->value_classified;
    for (guint i = 0; i < mapped->unmapped->len; i++) {
        const FiscUnmapped *unmapped = mapped->unmapped->pdata[i];
        FiscSuspense *one = g_new0(FiscSuspense, 1);
        one->map = g_strconcat(mapped->file, ":", mapped->name, NULL);
        one->code = g_strdup(unmapped->code);
        one->rows = unmapped->rows;
        one->value = unmapped->value;
        g_ptr_array_add(told->unknown, one);
    }
}

static void
count_rows(const FiscPackage *package, FiscPullRun *told)
{
    const char *file = NULL;
    for (guint i = 0; i < package->totals->len; i++) {
        const FiscControlTotal *total = package->totals->pdata[i];
        if (file == NULL || strcmp(file, total->file) != 0) {
            told->rows += total->rows;
            file = total->file;
        }
    }
    for (guint i = 0; i < package->mapped->len; i++) {
        add_unknown(package->mapped->pdata[i], told);
    }
    for (guint i = 0; i < package->remarks->len; i++) {
        g_ptr_array_add(told->remarks, g_strdup(package->remarks->pdata[i]));
    }
}

/* The documents by their map, as a package; NULL with refusals. */
static bool
read_documents(Feeding *feeding, const char *part, FiscPullRun *told, FiscPackage **out_package,
               GError **error)
{
    FiscContext *ctx = feeding->pull->ctx;
    g_auto(FiscScratch) scratch = {0};
    if (!fisc_scratch_open(&scratch, error)) {
        return false;
    }
    bool is_done = write_folder(feeding, part, &scratch, told->refusals, error) &&
                   (told->refusals->len > 0 ||
                    fisc_package_read(scratch.dir, feeding->pull->nation, ctx->actor, out_package,
                                      told->refusals, error));
    if (is_done && *out_package != NULL) {
        count_rows(*out_package, told);
    }
    return is_done;
}

/* Acknowledged --------------------------------------------------------------------------------- */

static json_t *
json_of_documents(const Feeding *feeding, const char *part)
{
    json_t *list = json_array();
    for (guint i = 0; i < feeding->documents->len; i++) {
        const FiscDelivery *delivery = feeding->documents->pdata[i];
        char digest[FISC_HASH_TEXT];
        if (*part == '\0' || strcmp(part, delivery->document) == 0) {
            json_array_append_new(
                list,
                json_pack("{s:s, s:i, s:s, s:I, s:s}", "document", delivery->document, "version",
                          delivery->version, "sha256", fisc_hash_format(delivery->digest, digest),
                          "bytes", (json_int_t)delivery->bytes, "status", delivery->status));
        }
    }
    return list;
}

static json_t *
json_of_sum(__int128 sum)
{
    char text[FISC_SUM_TEXT];
    return json_string(fisc_sum_format(sum, 2, text));
}

static json_t *
json_of_suspense(const FiscPullRun *told)
{
    json_t *list = json_array();
    for (guint i = 0; i < told->unknown->len; i++) {
        const FiscSuspense *one = told->unknown->pdata[i];
        json_array_append_new(list, json_pack("{s:s, s:s, s:I, s:o}", "map", one->map, "code",
                                              one->code, "rows", (json_int_t)one->rows, "value",
                                              json_of_sum(one->value)));
    }
    return list;
}

/* What the source is told: what was taken, as what, and where to find it. */
static char *
make_receipt(const Feeding *feeding, const FiscIntakeRun *run)
{
    const FiscPullRun *told = run->told;
    char map[FISC_HASH_TEXT];
    json_t *receipt = json_pack(
        "{s:s, s:s, s:I, s:s, s:o, s:s, s:I, s:o, s:o, s:o, s:o, s:i, s:i, s:i, s:I}", "feeder",
        told->feeder, "part", told->part, "run", (json_int_t)told->run_id, "outcome",
        fisc_pull_outcome_word(told->outcome), "documents", json_of_documents(feeding, told->part),
        "map", fisc_hash_format(feeding->map_digest, map), "rows", (json_int_t)told->rows, "value",
        json_of_sum(told->value), "mapped", json_of_sum(told->mapped), "suspense",
        json_of_sum(told->suspense), "unknown", json_of_suspense(told), "posted", told->posted,
        "reversed", told->reversed, "unchanged", told->unchanged, "batch",
        (json_int_t)told->batch_no);
    char *dumped = json_dumps(receipt, JSON_SORT_KEYS | JSON_COMPACT);
    char *text = g_strdup(dumped);
    free(dumped);
    json_decref(receipt);
    return text;
}

static bool
sign(const Feeding *feeding, FiscIntakeRun *run, GError **error)
{
    const char *key_file = feeding->pull->order->key_file;
    g_autoptr(FiscSignKey) key = NULL;
    run->receipt = make_receipt(feeding, run);
    if (key_file == NULL) {
        return true;
    }
    if (!fisc_flow_load_private_key(key_file, &key, error)) {
        return false;
    }
    fisc_sign(key, run->receipt, strlen(run->receipt), run->signature);
    run->is_signed = true;
    return true;
}

/* A run ---------------------------------------------------------------------------------------- */

static bool
read_and_post(Feeding *feeding, FiscIntakeRun *run, GError **error)
{
    FiscContext *ctx = feeding->pull->ctx;
    FiscPullRun *told = run->told;
    FiscPackage *package = NULL;
    bool is_done = fisc_intake_reach(ctx, run, "received", error, "%d documents, %d of them new",
                                     told->documents, told->fresh) &&
                   read_documents(feeding, told->part, told, &package, error);
    if (is_done && package != NULL) {
        const FiscPullWork work = {feeding->feeder, told->part, package, feeding->pull->effect};
        is_done =
            fisc_intake_reach(ctx, run, "parsed", error, "%" G_GINT64_FORMAT " rows", told->rows) &&
            fisc_intake_reach(ctx, run, "mapped", error, "%u codes unknown", told->unknown->len);
        fisc_kill_point("pull.before_posting");
        is_done = is_done && fisc_pull_settle(ctx, &work, run, error);
        fisc_kill_point("pull.after_posting");
    }
    fisc_package_free(package);
    return is_done;
}

static bool
finish(Feeding *feeding, FiscIntakeRun *run, GError **error)
{
    FiscContext *ctx = feeding->pull->ctx;
    FiscPullRun *told = run->told;
    if (told->refusals->len > 0) {
        const FiscRefusal *first = told->refusals->pdata[0];
        g_autofree char *sentence = fisc_refusal_to_text(first, 2);
        set_reason(told, FISC_PULL_QUARANTINED, sentence);
        return fisc_intake_reach(ctx, run, "quarantined", error, "%u faults",
                                 told->refusals->len) &&
               fisc_intake_end(ctx, run, error);
    }
    bool is_posted = told->outcome == FISC_PULL_POSTED;
    return (!is_posted ||
            fisc_intake_reach(ctx, run, "posted", error, "%d posted, %d reversed, %d as they were",
                              told->posted, told->reversed, told->unchanged)) &&
           sign(feeding, run, error) &&
           fisc_intake_reach(ctx, run, "acknowledged", error, "%s",
                             run->is_signed ? "signed" : "not signed: there is no key") &&
           fisc_intake_end(ctx, run, error);
}

static GArray *
list_delivery_ids(const Feeding *feeding, const char *part, bool *out_is_certified)
{
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
    *out_is_certified = feeding->documents->len > 0;
    for (guint i = 0; i < feeding->documents->len; i++) {
        const FiscDelivery *delivery = feeding->documents->pdata[i];
        if (*part == '\0' || strcmp(part, delivery->document) == 0) {
            g_array_append_val(ids, delivery->delivery_id);
            *out_is_certified = *out_is_certified && strcmp(delivery->status, "certified") == 0;
        }
    }
    return ids;
}

static bool
run_part(Feeding *feeding, FiscPullRun *told, GError **error)
{
    FiscContext *ctx = feeding->pull->ctx;
    FiscIntakeRun run = {.told = told};
    g_autoptr(GArray) ids = list_delivery_ids(feeding, told->part, &run.is_certified);
    told->documents = (int)ids->len;
    bool is_done = (ctx->is_dry_run || fisc_intake_begin(ctx, feeding->feeder, told->part,
                                                         feeding->map_digest, ids, &run, error)) &&
                   read_and_post(feeding, &run, error) && finish(feeding, &run, error);
    g_free(run.receipt);
    return is_done;
}

/* A feeder ---------------------------------------------------------------------------------------
 */

static bool
is_named(const Pull *pull)
{
    return pull->order->feeders != NULL;
}

/* Parts to run: all together, or each document by itself; those that the newest run has not dealt
 * with, by this map. */
static bool
list_parts(const Feeding *feeding, GPtrArray *parts, GError **error)
{
    Pull *pull = feeding->pull;
    g_autoptr(GHashTable) settled = NULL;
    if (!fisc_intake_settled(pull->ctx, feeding->feeder->name, feeding->map_digest, !is_named(pull),
                             &settled, error)) {
        return false;
    }
    bool is_any = false;
    for (guint i = 0; i < feeding->documents->len; i++) {
        const FiscDelivery *delivery = feeding->documents->pdata[i];
        bool is_settled =
            !pull->order->is_replay && g_hash_table_contains(settled, &delivery->delivery_id);
        is_any = is_any || !is_settled;
        if (!feeding->feeder->is_together && !is_settled) {
            g_ptr_array_add(parts, delivery->document);
        }
    }
    if (feeding->feeder->is_together && is_any) {
        g_ptr_array_add(parts, (gpointer) "");
    }
    return true;
}

static FiscPullRun *
add_run(Feeding *feeding, const char *part)
{
    FiscPullRun *told = fisc_pull_run_new(feeding->feeder->name, part);
    g_ptr_array_add(feeding->pull->report->runs, told);
    return told;
}

static void
tell_progress(const Feeding *feeding, int64_t done, int64_t total)
{
    const FiscContext *ctx = feeding->pull->ctx;
    if (ctx->progress != NULL) {
        ctx->progress(feeding->feeder->name, done, total, ctx->progress_data);
    }
}

static bool
run_parts(Feeding *feeding, GError **error)
{
    g_autoptr(GPtrArray) parts = g_ptr_array_new();
    if (!list_parts(feeding, parts, error)) {
        return false;
    }
    for (guint i = 0; i < parts->len; i++) {
        FiscPullRun *told = add_run(feeding, parts->pdata[i]);
        told->fresh = (int)g_hash_table_size(feeding->fresh);
        tell_progress(feeding, i, parts->len);
        if (!run_part(feeding, told, error)) {
            return false;
        }
        tell_progress(feeding, i + 1, parts->len);
    }
    if (parts->len == 0) {
        FiscPullRun *told = add_run(feeding, "");
        told->documents = (int)feeding->documents->len;
        set_reason(told, FISC_PULL_UNCHANGED, "nothing new");
    }
    return true;
}

static int64_t
interval_s(const char *word)
{
    return strcmp(word, "hour") == 0    ? 3600
           : strcmp(word, "week") == 0  ? 7 * 86400
           : strcmp(word, "month") == 0 ? 30 * 86400
                                        : 86400;
}

/* An outage of a source is no failure of ours: it is noted, and the others go on. */
static bool
is_theirs(const GError *failure)
{
    return g_error_matches(failure, FISC_ERROR, FISC_ERROR_PEER_UNAVAILABLE) ||
           g_error_matches(failure, FISC_ERROR, FISC_ERROR_PEER_FORBIDDEN) ||
           g_error_matches(failure, FISC_ERROR, FISC_ERROR_PEER_FAULT) ||
           g_error_matches(failure, FISC_ERROR, FISC_ERROR_SETUP);
}

static bool
note_outage(Feeding *feeding, const FiscWatch *watch, const GError *failure, GError **error)
{
    const FiscBackoff backoff = {.base_ms = RETRY_BASE_MS, .cap_ms = RETRY_CAP_MS};
    uint64_t seed = (uint64_t)g_get_real_time();
    int64_t milliseconds = fisc_backoff_ms(&backoff, (guint)watch->failures + 1, -1, &seed);
    set_reason(add_run(feeding, ""), FISC_PULL_FAILED, failure->message);
    return fisc_intake_note_try(feeding->pull->ctx, feeding->feeder, NULL, false, failure->message,
                                milliseconds / 1000 + 1, error);
}

/* Documents on record, with what came now. *out_is_reached: false after an outage. */
static bool
receive(Feeding *feeding, const FiscWatch *watch, bool *out_is_reached, GError **error)
{
    FiscContext *ctx = feeding->pull->ctx;
    g_autoptr(GError) failure = NULL;
    FiscPullRun *told = fisc_pull_run_new(feeding->feeder->name, "");
    bool is_done = receive_all(feeding, told, &failure);
    *out_is_reached = is_done;
    if (!is_done) {
        fisc_pull_run_free(told);
        if (!is_theirs(failure)) {
            g_propagate_error(error, g_steal_pointer(&failure));
            return false;
        }
        return note_outage(feeding, watch, failure, error);
    }
    if (told->refusals->len > 0) {
        const FiscRefusal *first = told->refusals->pdata[0];
        g_autofree char *sentence = fisc_refusal_to_text(first, 2);
        set_reason(told, FISC_PULL_QUARANTINED, sentence);
        g_ptr_array_add(feeding->pull->report->runs, told);
    } else {
        fisc_pull_run_free(told);
    }
    return fisc_intake_note_try(ctx, feeding->feeder, feeding->next_cursor, true, "",
                                interval_s(feeding->interval), error);
}

static bool
take_map(Feeding *feeding, GError **error)
{
    g_autofree char *version = NULL;
    return fisc_feeder_map_in_force(feeding->pull->nation, feeding->feeder->name, fisc_flow_today(),
                                    feeding->map_digest, &version, error) &&
           fisc_intake_body(feeding->pull->ctx, feeding->map_digest, &feeding->map, error);
}

static bool
pull_feeder(Pull *pull, const FiscFact *fact, GError **error)
{
    g_auto(Feeding) feeding = {.pull = pull};
    g_auto(FiscWatch) watch = {0};
    const char *every = fisc_fact_field(fact, "every");
    bool is_reached = true;
    feeding.interval = *every != '\0' ? every : "day";
    feeding.fresh = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (!fisc_feeder_find(pull->nation, fact->subject, &feeding.feeder, error) ||
        !fisc_intake_watch(pull->ctx, fact->subject, &watch, error) ||
        !fisc_intake_newest(pull->ctx, fact->subject, &feeding.documents, error)) {
        return false;
    }
    if (strcmp(feeding.feeder->state, "active") != 0 || (!is_named(pull) && !watch.is_due)) {
        set_reason(add_run(&feeding, ""), FISC_PULL_SKIPPED,
                   watch.is_due ? feeding.feeder->state : "its time has not come");
        return true;
    }
    if (!pull->order->is_replay) {
        if (!receive(&feeding, &watch, &is_reached, error)) {
            return false;
        }
        if (!is_reached) {
            return true; /* noted; the other feeders go on */
        }
        g_ptr_array_unref(g_steal_pointer(&feeding.documents));
        if (!fisc_intake_newest(pull->ctx, fact->subject, &feeding.documents, error)) {
            return false;
        }
    }
    return take_map(&feeding, error) && run_parts(&feeding, error);
}

/* All feeders, or those that are named, in their order. */
static bool
choose(const Pull *pull, GPtrArray *chosen, GError **error)
{
    g_autoptr(GPtrArray) facts = fisc_nation_facts(pull->nation, "feeder");
    for (guint i = 0; !is_named(pull) && i < facts->len; i++) {
        g_ptr_array_add(chosen, facts->pdata[i]);
    }
    for (int i = 0; is_named(pull) && pull->order->feeders[i] != NULL; i++) {
        const FiscFact *fact = fisc_nation_fact(pull->nation, "feeder", pull->order->feeders[i]);
        if (fact == NULL) {
            return fisc_fail(error, FISC_ERROR_NOT_FOUND,
                             "there is no feeder \"%s\": `fisc feeder list` tells those there are",
                             pull->order->feeders[i]);
        }
        g_ptr_array_add(chosen, (gpointer)fact);
    }
    return true;
}

static bool
must_stop(const FiscPullOrder *order)
{
    return order->should_stop != NULL && order->should_stop(order->stop_data);
}

/* A feeder whose own words or map are wrong does not keep the others. */
static bool
tell_failure(Pull *pull, const char *feeder, GError *failure, GError **error)
{
    bool is_of_feeder = g_error_matches(failure, FISC_ERROR, FISC_ERROR_NOT_FOUND) ||
                        g_error_matches(failure, FISC_ERROR, FISC_ERROR_VALUE_INVALID) ||
                        is_theirs(failure);
    if (!is_of_feeder) {
        g_propagate_error(error, failure);
        return false;
    }
    FiscPullRun *told = fisc_pull_run_new(feeder, "");
    set_reason(told, FISC_PULL_FAILED, failure->message);
    g_ptr_array_add(pull->report->runs, told);
    g_error_free(failure);
    return true;
}

static bool
pull_all(Pull *pull, GError **error)
{
    g_autoptr(GPtrArray) chosen = g_ptr_array_new();
    if (!fisc_flow_load_nation(pull->ctx, &pull->nation, error) || !choose(pull, chosen, error)) {
        return false;
    }
    for (guint i = 0; i < chosen->len && !must_stop(pull->order); i++) {
        const FiscFact *fact = chosen->pdata[i];
        GError *failure = NULL;
        if (!pull_feeder(pull, fact, &failure) &&
            !tell_failure(pull, fact->subject, failure, error)) {
            return false;
        }
    }
    return true;
}

bool
fisc_pull_try_map(FiscContext *ctx, FiscNation *nation, FiscFeeder *feeder, GBytes *map,
                  GHashTable *effect, GPtrArray **out_trials, GError **error)
{
    FiscContext asking = *ctx;
    FiscPullReport report = {g_ptr_array_new_with_free_func((GDestroyNotify)fisc_pull_run_free)};
    const FiscPullOrder order = {.is_replay = true};
    Pull pull = {
        .ctx = &asking, .order = &order, .nation = nation, .report = &report, .effect = effect};
    Feeding feeding = {.pull = &pull, .feeder = feeder, .map = map};
    asking.is_dry_run = true;
    feeding.fresh = g_hash_table_new(g_str_hash, g_str_equal);
    bool is_done = fisc_intake_newest(ctx, feeder->name, &feeding.documents, error) &&
                   run_parts(&feeding, error);
    g_hash_table_unref(feeding.fresh);
    g_clear_pointer(&feeding.documents, g_ptr_array_unref);
    if (is_done) {
        *out_trials = report.runs;
    } else {
        g_ptr_array_unref(report.runs);
    }
    return is_done;
}

bool
fisc_flow_pull(FiscContext *ctx, const FiscPullOrder *order, FiscPullReport **out_report,
               GError **error)
{
    Pull pull = {.ctx = ctx, .order = order};
    pull.report = g_new0(FiscPullReport, 1);
    pull.report->runs = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_pull_run_free);
    bool is_done = pull_all(&pull, error);
    fisc_nation_free(pull.nation);
    if (is_done) {
        *out_report = pull.report;
    } else {
        fisc_pull_report_free(pull.report);
    }
    return is_done;
}
