/* freshness.c: the beginning and the end of every request, as an operator sees it: what the answer
 * may know, whether it may be given at all, and what is counted and logged of it.
 *
 * `Fisc-Batch: N` promises that everything up to batch N was on record when the answer was made: so
 * a client that posted in batch N and reads elsewhere knows whether its entry can be in the answer.
 */
#include "app/server/ops.h"
#include "app/server/server_internal.h"
#include <string.h>

static const char *const services[] = {"/healthz", "/readyz", "/metrics"};

bool
fisc_ops_is_service(const FiscRoute *route)
{
    for (gsize i = 0; i < G_N_ELEMENTS(services); i++) {
        if (strcmp(route->path, services[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool
refuse_write(FiscCall *call)
{
    const char *primary = call->server->options.primary;
    fisc_http_reply_header(call->reply, "Allow", "GET, HEAD");
    if (primary != NULL) {
        fisc_http_reply_header(call->reply, "Fisc-Primary", primary);
    }
    fisc_call_problem(call, 405, "READ_ONLY", NULL,
                      "this server only reads, from a replica%s%s: nothing was written",
                      primary != NULL ? "; write to " : "", primary != NULL ? primary : "");
    return false;
}

bool
fisc_ops_admit(FiscCall *call)
{
    FiscServer *server = call->server;
    FiscSight sight = fisc_ops_sight(server);
    call->batch = fisc_ops_batch(server);
    if (fisc_ops_is_service(call->route)) {
        return true;
    }
    if (!sight.is_current || !sight.is_whole) {
        fisc_call_problem(call, 503, "SETUP", NULL, "%s",
                          !sight.is_whole ? "the chain is not the one that this server has read: "
                                            "the database was exchanged or restored; start anew"
                                          : sight.trouble);
        return false;
    }
    return !server->options.is_read_only || !fisc_route_is_write(call->route) || refuse_write(call);
}

/* The caller's own span is the parent; ours is named by the request's id. */
static void
add_trace(FiscCall *call)
{
    const FiscHttpRequest *request = call->request;
    g_autofree char *parent =
        g_strdup_printf("00-%s-%.16s-01", request->trace_id, request->request_id);
    fisc_http_reply_header(call->reply, "traceparent", parent);
}

static void
add_freshness(FiscCall *call)
{
    char number[32];
    g_snprintf(number, sizeof(number), "%" G_GINT64_FORMAT, call->batch);
    fisc_http_reply_header(call->reply, "Fisc-Batch", number);
    if (call->server->options.is_read_only) {
        FiscSight sight = fisc_ops_sight(call->server);
        int64_t silent_ms = (g_get_monotonic_time() - sight.looked_at_us) / 1000;
        g_autofree char *text =
            g_strdup_printf("batch=%" G_GINT64_FORMAT ", behind=%" G_GINT64_FORMAT, call->batch,
                            (sight.behind_ms + silent_ms) / 1000);
        fisc_http_reply_header(call->reply, "Fisc-Freshness", text);
    }
}

void
fisc_ops_finish(FiscCall *call)
{
    int64_t elapsed_us = g_get_monotonic_time() - call->request->begun_at_us;
    FiscMetrics *metrics = fisc_ops_metrics(call->server);
    call->batch = call->batch > 0 ? call->batch : fisc_ops_batch(call->server);
    if (call->route != NULL && strcmp(call->route->path, "/v1/funds") == 0) {
        fisc_metrics_count(metrics, FISC_COUNTER_FUNDS, 1);
    }
    add_trace(call);
    add_freshness(call);
    fisc_metrics_request(metrics, call->route, call->request->method, call->reply->status,
                         elapsed_us);
    fisc_log_request(call, elapsed_us);
}

void
fisc_ops_note_code(FiscCall *call, const char *code)
{
    g_strlcpy(call->code, code, sizeof(call->code));
    fisc_metrics_code(fisc_ops_metrics(call->server), code);
}

static void
note_refusals(FiscMetrics *metrics, const FiscRefusals *refusals)
{
    for (guint i = 0; refusals != NULL && i < refusals->len; i++) {
        const FiscRefusal *refusal = refusals->pdata[i];
        fisc_metrics_code(metrics, fisc_error_name(refusal->code));
    }
}

void
fisc_ops_note_receipt(FiscCall *call, const FiscReceipt *receipt)
{
    FiscMetrics *metrics = fisc_ops_metrics(call->server);
    if (call->context.is_dry_run) {
        return;
    }
    fisc_metrics_count(metrics, FISC_COUNTER_ENTRIES, receipt->posted);
    fisc_metrics_count(metrics, FISC_COUNTER_REPEATED, receipt->repeated);
    fisc_metrics_count(metrics, FISC_COUNTER_REFUSED, receipt->refused);
    note_refusals(metrics, receipt->refusals);
    call->batch = MAX(call->batch, receipt->batch_no);
    for (guint i = 0; i < receipt->results->len; i++) {
        const FiscResult *result = receipt->results->pdata[i];
        note_refusals(metrics, result->refusals);
        call->batch = MAX(call->batch, result->batch_no);
    }
    fisc_ops_note_batch(call->server, call->batch);
}
