/* agent.c: a round: what is new in the folder or the database goes into the queue, what is in the
 * queue goes to the server, in its order. A document that the server refuses is laid aside, so that
 * one bad file does not hold up those behind it; an outage ends the round. */
#include "app/agent/agent_queue.h"
#include "fisc/fetch.h"
#include "fisc/handover.h"
#include <string.h>

#define ANSWER_MAX 4000
#define TOTAL_MS (10 * 60 * 1000)

void
fisc_agent_round_clear(FiscAgentRound *round)
{
    g_clear_pointer(&round->held_up, g_free);
    g_clear_pointer(&round->away, g_free);
    g_clear_pointer(&round->complaints, g_ptr_array_unref);
}

/* Nobody but the server; a body of 32 MiB may take its time on a thin line. */
static bool
fetch(const FiscAgentOrder *order, const FiscFetchRequest *request, FiscFetchReply **out_reply,
      GError **error)
{
    const char *const private_addresses[] = {order->private_address, NULL};
    const FiscFetchRules rules = {.schemes = order->is_plain ? FISC_SCHEME_HTTP : FISC_SCHEME_HTTPS,
                                  .private_addresses =
                                      order->private_address != NULL ? private_addresses : NULL,
                                  .ca_file = order->ca_file,
                                  .pinned_keys = order->pinned_keys,
                                  .total_ms = TOTAL_MS};
    return fisc_fetch(&rules, request, out_reply, error);
}

/* Signed when it is sent: a key that was replaced needs no new queue. Caller frees. */
static char *
signature_of(const FiscAgentOrder *order, const FiscAgentItem *item)
{
    uint8_t signature[FISC_SIGNATURE_SIZE];
    GString *hex = g_string_new(NULL);
    const FiscHandover handover = {order->feeder, item->document, item->version, item->certified_by,
                                   item->bytes};
    fisc_handover_sign(&handover, order->key, signature);
    for (int i = 0; i < FISC_SIGNATURE_SIZE; i++) {
        g_string_append_printf(hex, "%02x", signature[i]);
    }
    return g_string_free(hex, FALSE);
}

static char *
address_of(const FiscAgentOrder *order, const FiscAgentItem *item, const char *signature)
{
    g_autofree char *feeder = g_uri_escape_string(order->feeder, NULL, FALSE);
    g_autofree char *document = g_uri_escape_string(item->document, NULL, FALSE);
    g_autofree char *version = g_uri_escape_string(item->version, NULL, FALSE);
    g_autofree char *certified = g_uri_escape_string(item->certified_by, NULL, FALSE);
    return g_strdup_printf("%s/v1/feeders/%s/documents/%s?version=%s&signature=%s%s%s",
                           order->server, feeder, document, version, signature,
                           *certified != '\0' ? "&certified_by=" : "", certified);
}

static bool
send_item(const FiscAgentOrder *order, const FiscAgentItem *item, FiscFetchReply **out_reply,
          GError **error)
{
    g_autofree char *signature = signature_of(order, item);
    g_autofree char *url = address_of(order, item, signature);
    g_autofree char *bearer = g_strdup_printf("Authorization: Bearer %s", order->token);
    /* The signature is of all that is said: the same words are the same write. */
    g_autofree char *key = g_strdup_printf("Idempotency-Key: %.100s", signature);
    const char *const headers[] = {bearer, key, "Content-Type: text/plain", NULL};
    const FiscFetchRequest request = {
        .method = "POST", .url = url, .headers = headers, .body = item->bytes};
    return fetch(order, &request, out_reply, error);
}

static char *
text_of(const FiscFetchReply *reply)
{
    gsize length = 0;
    const char *bytes = g_bytes_get_data(reply->body, &length);
    return g_utf8_make_valid(bytes != NULL ? bytes : "", (gssize)MIN(length, ANSWER_MAX));
}

/* *out_goes_on: false when the rest has to wait. */
static bool
settle(const FiscAgentOrder *order, const FiscAgentItem *item, const FiscFetchReply *reply,
       FiscAgentRound *round, bool *out_goes_on, GError **error)
{
    g_autofree char *text = text_of(reply);
    switch (fisc_fetch_answer(reply->status)) {
    case FISC_ANSWER_DONE:
        round->sent++;
        round->waiting--;
        return fisc_agent_queue_move(order, item, "sent", text, error);
    case FISC_ANSWER_LATER:
        break;
    case FISC_ANSWER_NO:
        /* Not the document is refused, but who sends it, or the server is not ready for him. */
        if (reply->status == 401 || reply->status == 403 || reply->status == 404 ||
            reply->status >= 500) {
            break;
        }
        round->refused++;
        round->waiting--;
        g_ptr_array_add(round->complaints, g_strdup_printf("%s (%s): %u %s", item->document,
                                                           item->number, reply->status, text));
        return fisc_agent_queue_move(order, item, "refused", text, error);
    }
    round->held_up = g_strdup_printf("the server answered %u: %s", reply->status, text);
    round->retry_after_s = reply->retry_after_s;
    *out_goes_on = false;
    return true;
}

static bool
send_all(const FiscAgentOrder *order, const GPtrArray *numbers, FiscAgentRound *round,
         GError **error)
{
    bool goes_on = true;
    round->waiting = (int)numbers->len;
    for (guint i = 0; goes_on && i < numbers->len; i++) {
        g_autoptr(FiscAgentItem) item = NULL;
        g_autoptr(FiscFetchReply) reply = NULL;
        g_autoptr(GError) outage = NULL;
        if (!fisc_agent_queue_read(order, numbers->pdata[i], &item, error)) {
            return false;
        }
        if (!send_item(order, item, &reply, &outage)) {
            round->held_up = g_strdup(outage->message);
            return true;
        }
        if (!settle(order, item, reply, round, &goes_on, error)) {
            return false;
        }
    }
    return true;
}

/* A database that is away does not hold up what is queued, nor do its own words when they are
 * wrong; what it has is left for another round, all of it. */
static void
read_database(const FiscAgentOrder *order, FiscAgentDatabase **out_database,
              GPtrArray **out_results, FiscAgentRound *round)
{
    g_autoptr(GError) reason = NULL;
    if (order->database == NULL ||
        (fisc_agent_database_load(order->database, out_database, &reason) &&
         fisc_agent_database_read(*out_database, out_results, &reason))) {
        return;
    }
    if (g_error_matches(reason, FISC_ERROR, FISC_ERROR_PEER_UNAVAILABLE)) {
        round->away = g_strdup(reason->message);
    } else {
        fisc_agent_complain(round, "database", reason->message);
    }
}

static bool
fill(const FiscAgentOrder *order, FiscAgentRound *round, GError **error)
{
    g_autoptr(FiscAgentDatabase) database = NULL;
    g_autoptr(GPtrArray) results = NULL;
    read_database(order, &database, &results, round);
    const FiscAgentFound found = {results, database};
    return fisc_agent_queue_fill(order, &found, round, error);
}

bool
fisc_agent_round(const FiscAgentOrder *order, FiscAgentRound *out_round, GError **error)
{
    g_autoptr(GPtrArray) numbers = NULL;
    int lock = -1;
    *out_round =
        (FiscAgentRound){.retry_after_s = -1, .complaints = g_ptr_array_new_with_free_func(g_free)};
    if (!fisc_agent_queue_open(order, &lock, error)) {
        return false;
    }
    bool is_done = fill(order, out_round, error) && fisc_agent_queue_list(order, &numbers, error) &&
                   send_all(order, numbers, out_round, error);
    fisc_agent_queue_close(lock);
    return is_done;
}

bool
fisc_agent_ask(const FiscAgentOrder *order, char **out_text, GError **error)
{
    g_autofree char *feeder = g_uri_escape_string(order->feeder, NULL, FALSE);
    g_autofree char *url =
        g_strdup_printf("%s/v1/runs?feeder=%s&format=table", order->server, feeder);
    g_autofree char *bearer = g_strdup_printf("Authorization: Bearer %s", order->token);
    const char *const headers[] = {bearer, NULL};
    const FiscFetchRequest request = {.url = url, .headers = headers};
    g_autoptr(FiscFetchReply) reply = NULL;
    if (!fetch(order, &request, &reply, error)) {
        return false;
    }
    if (fisc_fetch_answer(reply->status) != FISC_ANSWER_DONE) {
        return fisc_fail(error, FISC_ERROR_PEER_FORBIDDEN, "%s answered %u", url, reply->status);
    }
    return fisc_fetch_text(reply, out_text, error);
}
