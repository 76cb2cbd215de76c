/* transfer.c: one request on the wire: driving libcurl, and judging what it says in the end. The
 * handle is made ready in settings.c. */
#include "core/net/transfer.h"
#include "core/net/fault.h"
#include <pthread.h>
#include <signal.h>

/* A body is all here and the peer keeps the connection open although it was asked not to: how long
 * to look whether more follows that should not. */
#define GRACE_MS 250
#define WAIT_MS_MAX 500

static bool
must_stop(FiscTransfer *transfer)
{
    const FiscFetchRequest *request = transfer->request;
    return request->should_stop != NULL && request->should_stop(request->stop_data);
}

static CURLcode
get_result(FiscTransfer *transfer)
{
    int left = 0;
    CURLMsg *message = NULL;
    while ((message = curl_multi_info_read(transfer->multi, &left)) != NULL) {
        if (message->msg == CURLMSG_DONE) {
            return message->data.result;
        }
    }
    return CURLE_FAILED_INIT; /* it did not even begin */
}

/* Until libcurl is done, or the body is all here and nothing follows it for a while. */
static CURLcode
drive(FiscTransfer *transfer)
{
    int running = 1;
    gint64 end_at_us = G_MAXINT64;
    while (curl_multi_perform(transfer->multi, &running) == CURLM_OK && running > 0) {
        gint64 now_us = g_get_monotonic_time();
        if (end_at_us == G_MAXINT64 && fisc_reading_is_at_end(&transfer->reading)) {
            end_at_us = now_us + GRACE_MS * 1000;
        }
        if (now_us >= end_at_us) {
            return CURLE_OK;
        }
        if (must_stop(transfer)) {
            return CURLE_ABORTED_BY_CALLBACK;
        }
        int wait_ms = (int)MIN((end_at_us - now_us) / 1000 + 1, WAIT_MS_MAX);
        curl_multi_poll(transfer->multi, NULL, 0, wait_ms, NULL);
    }
    return get_result(transfer);
}

/* OpenSSL writes to a socket that the peer may have closed, and the signal for that would end the
 * program. It is sent to the thread that writes, so it is held off and taken back there. */
static CURLcode
drive_without_signal(FiscTransfer *transfer)
{
    sigset_t pipe_signal;
    sigset_t before;
    sigset_t pending;
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    sigpending(&pending);
    bool was_pending = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
    curl_multi_add_handle(transfer->multi, transfer->curl);
    CURLcode code = drive(transfer);
    curl_multi_remove_handle(transfer->multi, transfer->curl);
    const struct timespec at_once = {0, 0};
    while (!was_pending && sigtimedwait(&pipe_signal, NULL, &at_once) == SIGPIPE) {
        continue;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return code;
}

/* From here on the peer may have it: the connection stood, and the request was about to be sent. */
static bool
may_be_received(FiscTransfer *transfer)
{
    curl_off_t ready_us = 0;
    curl_easy_getinfo(transfer->curl, CURLINFO_PRETRANSFER_TIME_T, &ready_us);
    return ready_us > 0;
}

/* 307 and 308 say: not here, send it there. That was not done. */
static bool
is_sent_elsewhere(const FiscTransfer *transfer)
{
    return transfer->reading.is_head_whole &&
           (transfer->reading.status == 307 || transfer->reading.status == 308);
}

static bool
fail_run(FiscTransfer *transfer, GError *cause, GError **error)
{
    if (fisc_transfer_is_write(transfer) && may_be_received(transfer) &&
        !is_sent_elsewhere(transfer)) {
        fisc_fail(error, FISC_ERROR_OUTCOME_UNKNOWN, "%s; whether %s was done is not known",
                  cause->message, fisc_transfer_method(transfer));
        g_error_free(cause);
        return false;
    }
    g_propagate_error(error, cause);
    return false;
}

static GError *
to_error(FiscTransfer *transfer, CURLcode code)
{
    g_autofree char *tls_key = fisc_transfer_tls_key(transfer);
    FiscFault fault = {
        .host = transfer->target->name,
        .code = code,
        .detail = transfer->detail,
        .refused = transfer->refused,
        .tls_key = tls_key,
        .key_refused = transfer->is_key_wrong ? transfer->key_seen : NULL,
    };
    GError *error = NULL;
    fisc_fault_fail(&fault, &error);
    return error;
}

bool
fisc_transfer_run(FiscTransfer *transfer, GError **error)
{
    transfer->detail[0] = '\0';
    CURLcode code = drive_without_signal(transfer);
    FiscReading *reading = &transfer->reading;
    /* Once the body is all here, how the connection ends says nothing about it. */
    bool is_ended = code == CURLE_OK || fisc_reading_is_at_end(reading);
    if (reading->error == NULL && !is_ended) {
        return fail_run(transfer, to_error(transfer, code), error);
    }
    if (!fisc_reading_end(reading)) {
        return fail_run(transfer, g_steal_pointer(&reading->error), error);
    }
    return true;
}
