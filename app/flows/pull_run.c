/* pull_run.c: runs: the documents of a part are read by the map and settled with the books
 * (pull_post.c), or quarantined as a whole, with every fault on record; and the source is told.
 * Some parts go together, each step for all of them, each of them all or nothing by itself. */
#include "app/flows/pull.h"
#include "core/base/hash.h"
#include "core/base/kill_point.h"
#include "core/base/log.h"
#include "fisc/money.h"
#include "integrations/parse.h"
#include <jansson.h>
#include <string.h>

static bool
is_of_part(const FiscDelivery *delivery, const char *part)
{
    return *part == '\0' || strcmp(part, delivery->document) == 0;
}

/* Parsed, mapped ------------------------------------------------------------------------------- */

/* What came just now is still at hand. */
static bool
take_body(FiscFeeding *feeding, const FiscDelivery *delivery, GBytes **out_body, GError **error)
{
    GBytes *body = g_hash_table_lookup(feeding->bodies, delivery->document);
    if (body != NULL) {
        *out_body = g_bytes_ref(body);
        return true;
    }
    return fisc_intake_body(feeding->ctx, delivery->digest, out_body, error);
}

/* A source that could bring a profile or a table would say itself what its codes mean. */
static bool
refuse_name(const FiscDelivery *delivery, const char *name, FiscRefusals *refusals)
{
    fisc_refusals_add(refusals, FISC_ERROR_DENIED, delivery->document, 0, NULL,
                      "a document is not read as %s: that is a name of the map", name);
    return true;
}

static bool
place_document(FiscFeeding *feeding, const FiscDelivery *delivery, FiscMapDocuments *placed,
               FiscRefusals *refusals, GError **error)
{
    const FiscConnector *connector = fisc_connector_find(feeding->feeder->connector);
    const char *name = fisc_feeder_profile_name(feeding->feeder, delivery->document);
    g_autoptr(GBytes) body = NULL;
    g_autoptr(GBytes) text = NULL;
    if (name == NULL) {
        return true; /* the feeder asked for it once, and does no more */
    }
    if (g_str_has_suffix(name, ".profile")) {
        return refuse_name(delivery, name, refusals);
    }
    if (!take_body(feeding, delivery, &body, error)) {
        return false;
    }
    if (connector->convert == NULL) {
        text = g_bytes_ref(body);
    } else if (!fisc_parse_convert(feeding->feeder, delivery->document, body, &text, refusals,
                                   error)) {
        return false;
    }
    if (text == NULL) {
        return true; /* refused */
    }
    fisc_map_place(feeding->map, placed, name, text);
    return !placed->is_spoiled || refuse_name(delivery, name, refusals);
}

/* Two documents under one name: the second would take the place of the first, and its rows be lost.
 */
static void
check_place(const FiscFeeding *feeding, const FiscDelivery *delivery, GHashTable *placed,
            FiscRefusals *refusals)
{
    const char *name = fisc_feeder_profile_name(feeding->feeder, delivery->document);
    if (name != NULL && !g_hash_table_add(placed, (gpointer)name)) {
        fisc_refusals_add(refusals, FISC_ERROR_DUPLICATE_ROW, delivery->document, 0, NULL,
                          "another document is read as %s, too: say read = each", name);
    }
}

static bool
place_documents(FiscFeeding *feeding, const char *part, FiscMapDocuments *placed,
                FiscRefusals *refusals, GError **error)
{
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < feeding->documents->len; i++) {
        const FiscDelivery *delivery = feeding->documents->pdata[i];
        if (!is_of_part(delivery, part)) {
            continue;
        }
        check_place(feeding, delivery, names, refusals);
        if (!place_document(feeding, delivery, placed, refusals, error)) {
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

/* Once for a program: every document is read like that then. */
static void
warn_of_filter(void)
{
    static gsize is_warned;
    if (fisc_parse_lacked_filter() && g_once_init_enter(&is_warned)) {
        fisc_log(FISC_LOG_WARN, "documents are read without a filter of system calls", "see",
                 "fisc doctor", NULL);
        g_once_init_leave(&is_warned, 1);
    }
}

/* The documents by their map, as a package; NULL with refusals. */
static bool
read_documents(FiscFeeding *feeding, FiscPullRun *told, FiscPackage **out_package, GError **error)
{
    g_auto(FiscMapDocuments) placed = {0};
    bool is_done =
        place_documents(feeding, told->part, &placed, told->refusals, error) &&
        (told->refusals->len > 0 ||
         fisc_package_read_over(feeding->map, placed.files, feeding->pull->masters->texts,
                                feeding->ctx->actor, out_package, told->refusals, error));
    warn_of_filter();
    if (is_done && *out_package != NULL) {
        count_rows(*out_package, told);
    }
    return is_done;
}

/* Acknowledged --------------------------------------------------------------------------------- */

static json_t *
json_of_documents(const FiscFeeding *feeding, const char *part)
{
    json_t *list = json_array();
    for (guint i = 0; i < feeding->documents->len; i++) {
        const FiscDelivery *delivery = feeding->documents->pdata[i];
        char digest[FISC_HASH_TEXT];
        if (is_of_part(delivery, part)) {
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

/* What was taken, as what, and where to find it. */
json_t *
fisc_pull_receipt(const FiscFeeding *feeding, const FiscIntakeRun *run)
{
    const FiscPullRun *told = run->told;
    char map[FISC_HASH_TEXT];
    return json_pack("{s:s, s:s, s:I, s:s, s:o, s:s, s:I, s:o, s:o, s:o, s:o, s:i, s:i, s:i, s:I}",
                     "feeder", told->feeder, "part", told->part, "run", (json_int_t)told->run_id,
                     "outcome", fisc_pull_outcome_word(told->outcome), "documents",
                     json_of_documents(feeding, told->part), "map",
                     fisc_hash_format(feeding->map_digest, map), "rows", (json_int_t)told->rows,
                     "value", json_of_sum(told->value), "mapped", json_of_sum(told->mapped),
                     "suspense", json_of_sum(told->suspense), "unknown", json_of_suspense(told),
                     "posted", told->posted, "reversed", told->reversed, "unchanged",
                     told->unchanged, "batch", (json_int_t)told->batch_no);
}

static char *
make_receipt(const FiscFeeding *feeding, const FiscIntakeRun *run)
{
    json_t *receipt = fisc_pull_receipt(feeding, run);
    char *dumped = json_dumps(receipt, JSON_SORT_KEYS | JSON_COMPACT);
    char *text = g_strdup(dumped);
    free(dumped);
    json_decref(receipt);
    return text;
}

static void
sign(const FiscFeeding *feeding, const FiscSignKey *key, FiscIntakeRun *run)
{
    run->receipt = make_receipt(feeding, run);
    if (key != NULL) {
        fisc_sign(key, run->receipt, strlen(run->receipt), run->signature);
        run->is_signed = true;
    }
}

/* Runs -------------------------------------------------------------------------------------------
 */

/* Reads the documents of each run; what is wrong with one of them ends its run. */
static bool
read_each(FiscFeeding *feeding, GPtrArray *runs, GPtrArray *read, GError **error)
{
    for (guint i = 0; i < runs->len; i++) {
        FiscIntakeRun *run = runs->pdata[i];
        FiscPackage *package = NULL;
        GError *failure = NULL;
        if (!read_documents(feeding, run->told, &package, &failure) &&
            !fisc_pull_run_fail(run->told, failure, error)) {
            return false;
        }
        if (package != NULL) {
            FiscPullRead *one = g_new0(FiscPullRead, 1);
            *one = (FiscPullRead){run, package};
            g_ptr_array_add(read, one);
            fisc_intake_reach(run, "parsed", "%" G_GINT64_FORMAT " rows", run->told->rows);
            fisc_intake_reach(run, "mapped", "%u codes unknown", run->told->unknown->len);
        }
    }
    return true;
}

static bool
read_all(FiscFeeding *feeding, GPtrArray *runs, GPtrArray *read, GError **error)
{
    fisc_parse_turns_begin();
    bool is_done = read_each(feeding, runs, read, error);
    fisc_parse_turns_end();
    return is_done;
}

static bool
read_and_post(FiscFeeding *feeding, GPtrArray *runs, GError **error)
{
    g_autoptr(GPtrArray) read = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_pull_read_free);
    if (!read_all(feeding, runs, read, error)) {
        return false;
    }
    fisc_kill_point("pull.before_posting");
    bool is_done = fisc_pull_settle(feeding, read, error);
    fisc_kill_point("pull.after_posting");
    return is_done;
}

static void
acknowledge(const FiscFeeding *feeding, const FiscSignKey *key, FiscIntakeRun *run)
{
    FiscPullRun *told = run->told;
    if (told->outcome == FISC_PULL_FAILED) {
        return;
    }
    if (told->refusals->len > 0) {
        fisc_pull_run_refuse(told);
        fisc_intake_reach(run, "quarantined", "%u faults", told->refusals->len);
        return;
    }
    if (told->outcome == FISC_PULL_STAGED) {
        fisc_intake_reach(run, "staged", "%s", told->document != NULL ? told->document : "");
        return; /* its source is told when it is posted */
    }
    if (told->outcome == FISC_PULL_POSTED) {
        fisc_intake_reach(run, "posted", "%d posted, %d reversed, %d as they were", told->posted,
                          told->reversed, told->unchanged);
    }
    sign(feeding, key, run);
    fisc_intake_reach(run, "acknowledged", "%s",
                      run->is_signed ? "signed" : "not signed: there is no key");
}

static bool
is_any_good(const GPtrArray *runs)
{
    for (guint i = 0; i < runs->len; i++) {
        const FiscPullRun *told = ((const FiscIntakeRun *)runs->pdata[i])->told;
        if (told->outcome != FISC_PULL_FAILED && told->refusals->len == 0) {
            return true;
        }
    }
    return false;
}

static bool
finish(FiscFeeding *feeding, GPtrArray *runs, GError **error)
{
    const char *key_file = feeding->pull->order->key_file;
    g_autoptr(FiscSignKey) key = NULL;
    if (key_file != NULL && is_any_good(runs) &&
        !fisc_flow_load_private_key(key_file, &key, error)) {
        return false;
    }
    for (guint i = 0; i < runs->len; i++) {
        acknowledge(feeding, key, runs->pdata[i]);
    }
    return fisc_intake_end(feeding->ctx, runs, error);
}

static void
list_deliveries(const FiscFeeding *feeding, FiscIntakeRun *run)
{
    run->is_certified = feeding->documents->len > 0;
    for (guint i = 0; i < feeding->documents->len; i++) {
        const FiscDelivery *delivery = feeding->documents->pdata[i];
        if (is_of_part(delivery, run->told->part)) {
            g_array_append_val(run->deliveries, delivery->delivery_id);
            run->is_certified = run->is_certified && strcmp(delivery->status, "certified") == 0;
        }
    }
}

static GPtrArray *
runs_of(const FiscFeeding *feeding, const GPtrArray *told)
{
    GPtrArray *runs = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_intake_run_free);
    for (guint i = 0; i < told->len; i++) {
        FiscIntakeRun *run = fisc_intake_run_new(told->pdata[i]);
        list_deliveries(feeding, run);
        run->told->documents = (int)run->deliveries->len;
        fisc_intake_reach(run, "received", "%d documents, %d of them new", run->told->documents,
                          run->told->fresh);
        g_ptr_array_add(runs, run);
    }
    return runs;
}

/* What is wrong with the feeder ends its runs, not the pull. */
static bool
note_failure(FiscFeeding *feeding, GPtrArray *runs, GError *failure, GError **error)
{
    bool is_begun = false;
    if (!fisc_pull_is_of_feeder(failure)) {
        g_propagate_error(error, failure);
        return false;
    }
    for (guint i = 0; i < runs->len; i++) {
        FiscIntakeRun *run = runs->pdata[i];
        is_begun = is_begun || run->run_id != 0;
        if (run->told->refusals->len > 0) {
            acknowledge(feeding, NULL, run); /* it is quarantined as it is */
        } else if (run->told->outcome != FISC_PULL_FAILED) {
            fisc_pull_run_set(run->told, FISC_PULL_FAILED, failure->message);
        }
    }
    g_error_free(failure);
    return !is_begun || fisc_intake_end(feeding->ctx, runs, error);
}

bool
fisc_pull_parts(FiscFeeding *feeding, GPtrArray *told, GError **error)
{
    g_autoptr(GPtrArray) runs = runs_of(feeding, told);
    GError *failure = NULL;
    bool is_done =
        fisc_intake_begin(feeding->ctx, feeding->feeder, feeding->map_digest, runs, &failure) &&
        read_and_post(feeding, runs, &failure) && finish(feeding, runs, &failure);
    return is_done || note_failure(feeding, runs, failure, error);
}
