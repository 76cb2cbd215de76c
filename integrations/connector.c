/* connector.c: the ways in which documents are taken, as a table, and what those over a network
 * share: the rules a feeder's own words make, and asking again. */
#include "integrations/connector.h"
#include <string.h>

#define MEGABYTE (1024 * 1024)
#define TRIES_MAX 4
#define WAIT_MAX_MS 30000

/* Its documents come by themselves (app/flows/handover.c): there is nothing to be fetched. */
static bool
list_nothing(FiscDoor *door, GPtrArray *found, GError **error)
{
    (void)door;
    (void)found;
    (void)error;
    return true;
}

const FiscConnector fisc_connectors[] = {
    {"folder",
     "files of a folder of this machine",
     {"/", NULL},
     fisc_folder_list,
     fisc_folder_get,
     NULL},
    {"https",
     "files by name below an address; with ETag only what is new is transferred",
     {"https://", "http://", NULL},
     fisc_web_list,
     fisc_web_get,
     NULL},
    {"sftp",
     "files of a folder of an SSH server, whose key is pinned",
     {"sftp://", NULL},
     fisc_web_list,
     fisc_web_get,
     NULL},
    {"hledger-web",
     "the journal of a hledger-web, as rows of debit and credit; its document is transactions.json",
     {"https://", "http://", NULL},
     fisc_hledger_list,
     fisc_hledger_get,
     fisc_hledger_convert},
    {"tryton",
     "the posted moves of a Tryton, as rows of debit and credit; a document for each period, "
     "moves-2024-01-01-7.json",
     {"https://", "http://", NULL},
     fisc_tryton_list,
     fisc_tryton_get,
     fisc_tryton_convert},
    {"fisc",
     "the entries of another fisc, sealed by its key, as rows of one line each; a document for "
     "each "
     "part of a unit's period, sealed-CITY-2024-03-1.json",
     {"https://", "http://", NULL},
     fisc_fisc_list,
     fisc_fisc_get,
     fisc_fisc_convert},
    {"camt053",
     "statements of a bank (ISO 20022 camt.053), files of a folder or below an address, as rows of "
     "receipts and payments",
     {"/", "https://", "http://", "sftp://", NULL},
     fisc_camt_list,
     fisc_camt_get,
     fisc_camt_convert},
    {"ifix",
     "fiscal events of a tenant of an iFIX (India), as rows of one amount each; asked for below an "
     "address, or published to us (at = ifix:). A document for each event, RECEIPT-R-17.json",
     {"https://", "http://", "ifix:", NULL},
     fisc_ifix_list,
     fisc_ifix_get,
     fisc_ifix_convert},
    {"agent",
     "documents that the unit's own agent hands over, signed (`fisc agent`)",
     {"agent:", NULL},
     list_nothing,
     NULL,
     NULL},
    {NULL, NULL, {NULL}, NULL, NULL, NULL},
};

static const char *
trust(const FiscDoor *door, const char *word)
{
    return g_hash_table_lookup(door->feeder->trust, word);
}

/* A number of `trust`; 0 when it does not say. */
static guint
trust_number(const FiscDoor *door, const char *word)
{
    const char *text = trust(door, word);
    guint64 number = 0;
    return text != NULL && g_ascii_string_to_unsigned(text, 10, 1, 100000, &number, NULL)
               ? (guint)number
               : 0;
}

/* "https://host:8443/path" -> "host:8443"; the port of the scheme when none is said. */
static char *
host_of(const char *at)
{
    g_autoptr(GUri) uri = g_uri_parse(at, G_URI_FLAGS_NONE, NULL);
    if (uri == NULL || g_uri_get_host(uri) == NULL) {
        return NULL;
    }
    const char *scheme = g_uri_get_scheme(uri);
    int port = g_uri_get_port(uri);
    if (port <= 0) {
        port = strcmp(scheme, "sftp") == 0 ? 22 : strcmp(scheme, "http") == 0 ? 80 : 443;
    }
    return g_strdup_printf("%s:%d", g_uri_get_host(uri), port);
}

bool
fisc_door_rules(const FiscDoor *door, FiscDoorRules *out_rules, GError **error)
{
    const char *at = door->feeder->at;
    const char *private_addresses = trust(door, "private");
    *out_rules = (FiscDoorRules){.host = host_of(at)};
    if (out_rules->host == NULL) {
        return fisc_fail(error, FISC_ERROR_VALUE_INVALID, "\"%s\" is no address", at);
    }
    out_rules->hosts[0] = out_rules->host;
    if (private_addresses != NULL) {
        out_rules->private_addresses = g_strsplit(private_addresses, " ", -1);
    }
    if (trust(door, "hostkey") != NULL) {
        out_rules->host_keys = g_strsplit(trust(door, "hostkey"), " ", -1);
    }
    out_rules->rules = (FiscFetchRules){
        .schemes = g_str_has_prefix(at, "sftp:")   ? FISC_SCHEME_SFTP
                   : g_str_has_prefix(at, "http:") ? FISC_SCHEME_HTTP
                                                   : FISC_SCHEME_HTTPS,
        .hosts = out_rules->hosts,
        .private_addresses = (const char *const *)out_rules->private_addresses,
        .ca_file = trust(door, "ca"),
        .pinned_keys = trust(door, "pin"),
        .client_certificate = trust(door, "cert"),
        .client_key = trust(door, "cert") != NULL ? trust(door, "key") : NULL,
        .ssh_host_keys = (const char *const *)out_rules->host_keys,
        .ssh_user = trust(door, "user"),
        .ssh_key_file = trust(door, "key"),
        .total_ms = trust_number(door, "total_s") * 1000,
        .bytes_max = (gsize)trust_number(door, "max_mb") * MEGABYTE,
    };
    return true;
}

void
fisc_door_rules_clear(FiscDoorRules *rules)
{
    g_clear_pointer(&rules->host, g_free);
    g_clear_pointer(&rules->private_addresses, g_strfreev);
    g_clear_pointer(&rules->host_keys, g_strfreev);
}

/* Waits; false when somebody wants it to end. */
static bool
wait_ms(const FiscDoor *door, int64_t milliseconds)
{
    for (int64_t waited = 0; waited < milliseconds; waited += 100) {
        if (door->should_stop != NULL && door->should_stop(door->stop_data)) {
            return false;
        }
        g_usleep((gulong)MIN(100, milliseconds - waited) * 1000);
    }
    return true;
}

static bool
fail_status(const FiscFetchRequest *request, const FiscFetchReply *reply, GError **error)
{
    FiscAnswer answer = fisc_fetch_answer(reply->status);
    return fisc_fail(
        error,
        answer == FISC_ANSWER_LATER ? FISC_ERROR_PEER_UNAVAILABLE : FISC_ERROR_PEER_FORBIDDEN,
        "%s answered %u%s%s", request->url, reply->status,
        fisc_fetch_header(reply, "location") != NULL ? ", to be found at " : "",
        fisc_fetch_header(reply, "location") != NULL ? fisc_fetch_header(reply, "location") : "");
}

/* Whether another try may help; *out_wait_ms: after so long. */
static bool
may_repeat(const FiscDoor *door, const GError *failure, const FiscFetchReply *reply, guint attempt,
           uint64_t *seed, int64_t *out_wait_ms)
{
    const FiscBackoff backoff = {.cap_ms = WAIT_MAX_MS, .retry_after_cap_s = WAIT_MAX_MS / 1000};
    bool is_outage = failure != NULL
                         ? g_error_matches(failure, FISC_ERROR, FISC_ERROR_PEER_UNAVAILABLE) ||
                               g_error_matches(failure, FISC_ERROR, FISC_ERROR_PEER_FAULT)
                         : fisc_fetch_answer(reply->status) == FISC_ANSWER_LATER;
    *out_wait_ms =
        fisc_backoff_ms(&backoff, attempt, reply != NULL ? reply->retry_after_s : -1, seed);
    return is_outage && attempt < (door->tries > 0 ? door->tries : TRIES_MAX);
}

bool
fisc_door_fetch(FiscDoor *door, const FiscFetchRequest *request, FiscFetchReply **out_reply,
                GError **error)
{
    g_auto(FiscDoorRules) rules = {{0}};
    uint64_t seed = (uint64_t)g_get_monotonic_time();
    if (!fisc_door_rules(door, &rules, error)) {
        return false;
    }
    for (guint attempt = 1;; attempt++) {
        g_autoptr(GError) failure = NULL;
        g_autoptr(FiscFetchReply) reply = NULL;
        int64_t milliseconds = 0;
        bool is_done = fisc_fetch(&rules.rules, request, &reply, &failure);
        if (is_done &&
            (fisc_fetch_answer(reply->status) == FISC_ANSWER_DONE || reply->status == 304)) {
            *out_reply = g_steal_pointer(&reply);
            return true;
        }
        if (!may_repeat(door, failure, reply, attempt, &seed, &milliseconds) ||
            !wait_ms(door, milliseconds)) {
            if (failure != NULL) {
                g_propagate_error(error, g_steal_pointer(&failure));
                return false;
            }
            return fail_status(request, reply, error);
        }
    }
}

char *
fisc_door_url(const FiscDoor *door, const char *path)
{
    const char *at = door->feeder->at;
    return g_strconcat(at, g_str_has_suffix(at, "/") ? "" : "/", path, NULL);
}

/* "Authorization: Bearer ..." of the feeder's secret; NULL without @error when it has none. */
static char *
secret_header(const FiscDoor *door, GError **error)
{
    const char *name = g_hash_table_lookup(door->feeder->trust, "secret");
    g_autofree char *text = NULL;
    if (name == NULL) {
        return NULL;
    }
    g_autofree char *path = door->secrets_dir != NULL && strchr(name, '/') == NULL
                                ? g_build_filename(door->secrets_dir, name, NULL)
                                : NULL;
    if (path == NULL || !g_file_get_contents(path, &text, NULL, NULL)) {
        fisc_fail(error, FISC_ERROR_SETUP,
                  "feeder %s: the secret \"%s\" is no file of the folder of secrets",
                  door->feeder->name, name);
        return NULL;
    }
    return g_strconcat("Authorization: Bearer ", g_strstrip(text), NULL);
}

/* @body NULL: GET. */
static bool
ask(FiscDoor *door, const char *path, const char *header, GBytes *body, FiscFetchReply **out_reply,
    GError **error)
{
    g_autoptr(GError) failure = NULL;
    g_autofree char *url = fisc_door_url(door, path);
    g_autofree char *secret = secret_header(door, &failure);
    const char *headers[3] = {NULL};
    int count = 0;
    if (failure != NULL) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return false;
    }
    if (secret != NULL) {
        headers[count++] = secret;
    }
    if (header != NULL) {
        headers[count++] = header;
    }
    const FiscFetchRequest request = {.method = body != NULL ? "POST" : NULL,
                                      .url = url,
                                      .headers = headers,
                                      .body = body,
                                      .should_stop = door->should_stop,
                                      .stop_data = door->stop_data};
    return fisc_door_fetch(door, &request, out_reply, error);
}

bool
fisc_door_ask(FiscDoor *door, const char *path, const char *header, FiscFetchReply **out_reply,
              GError **error)
{
    return ask(door, path, header, NULL, out_reply, error);
}

bool
fisc_door_ask_json(FiscDoor *door, const char *path, GBytes *question, FiscFetchReply **out_reply,
                   GError **error)
{
    g_autoptr(GError) failure = NULL;
    if (ask(door, path, "Content-Type: application/json", question, out_reply, &failure)) {
        return true;
    }
    if (g_error_matches(failure, FISC_ERROR, FISC_ERROR_OUTCOME_UNKNOWN)) {
        return fisc_fail(error, FISC_ERROR_PEER_UNAVAILABLE, "%s", failure->message);
    }
    g_propagate_error(error, g_steal_pointer(&failure));
    return false;
}
