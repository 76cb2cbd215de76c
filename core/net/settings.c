/* settings.c: a handle of libcurl, told what to do down to the last default that matters.
 *
 * Nothing is taken from the environment, from a home folder or from an answer. HTTP/1.1, one
 * request a connection: framing is then the simplest there is, and the end of the connection proves
 * the end of the body. */
#include "core/net/transfer.h"
#include "core/base/hash.h"
#include <string.h>
#include <sys/socket.h>

#define CONNECT_MS (10 * 1000)
#define TOTAL_MS (60 * 1000)
#define STALL_BYTES 100
#define STALL_S 20
#define USER_AGENT "fisc"

/* A setting that this libcurl does not know, a pinned key above all, must not be left out silently.
 */
#define SET(transfer, option, value)                                                               \
    note(transfer, curl_easy_setopt((transfer)->curl, option, value))

static void
note(FiscTransfer *transfer, CURLcode code)
{
    transfer->setting_code = transfer->setting_code != CURLE_OK ? transfer->setting_code : code;
}

static guint
or_default(guint value, guint value_default)
{
    return value > 0 ? value : value_default;
}

guint
fisc_transfer_total_ms(const FiscFetchRules *rules)
{
    return or_default(rules->total_ms, TOTAL_MS);
}

/* ---- what libcurl asks us ---- */

static curl_socket_t
open_socket(void *data, curlsocktype purpose, struct curl_sockaddr *address)
{
    (void)purpose;
    FiscTransfer *transfer = data;
    g_autofree char *text = NULL;
    if (!fisc_target_admits(transfer->target, transfer->rules, &address->addr, &text)) {
        g_free(transfer->refused);
        transfer->refused = g_steal_pointer(&text);
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static size_t
take_line(char *line, size_t size, size_t count, void *data)
{
    FiscTransfer *transfer = data;
    return fisc_reading_take_line(&transfer->reading, line, size * count) ? size * count : 0;
}

static size_t
take_body(char *piece, size_t size, size_t count, void *data)
{
    FiscTransfer *transfer = data;
    bool is_taken =
        fisc_reading_take_body(&transfer->reading, (const uint8_t *)piece, size * count);
    return is_taken ? size * count : 0;
}

/* "SHA256:..." as ssh-keygen -lf prints it: base64 without padding. */
static char *
format_ssh_key(const void *key, gsize length)
{
    uint8_t hash[FISC_HASH_SIZE];
    fisc_hash_data(key, length, hash);
    g_autofree char *text = g_base64_encode(hash, sizeof hash);
    text[strcspn(text, "=")] = '\0';
    return g_strconcat("SHA256:", text, NULL);
}

static bool
is_same_ssh_key(const char *agreed, const char *seen)
{
    const char *begin = g_str_has_prefix(agreed, "SHA256:") ? agreed + strlen("SHA256:") : agreed;
    g_autofree char *text = g_strdup(begin);
    text[strcspn(text, "=")] = '\0';
    return strcmp(text, seen + strlen("SHA256:")) == 0;
}

static int
check_ssh_key(void *data, int type, const char *key, size_t length)
{
    (void)type;
    FiscTransfer *transfer = data;
    g_free(transfer->key_seen);
    transfer->key_seen = format_ssh_key(key, length);
    transfer->is_key_wrong = true;
    for (gsize i = 0; transfer->rules->ssh_host_keys[i] != NULL; i++) {
        if (is_same_ssh_key(transfer->rules->ssh_host_keys[i], transfer->key_seen)) {
            transfer->is_key_wrong = false;
        }
    }
    return transfer->is_key_wrong ? CURLKHMATCH_MISMATCH : CURLKHMATCH_OK;
}

/* ---- getting ready ---- */

bool
fisc_transfer_is_sftp(const FiscTransfer *transfer)
{
    return transfer->target->scheme == FISC_SCHEME_SFTP;
}

static void
set_bounds(FiscTransfer *transfer)
{
    const FiscFetchRules *rules = transfer->rules;
    SET(transfer, CURLOPT_CONNECTTIMEOUT_MS, (long)or_default(rules->connect_ms, CONNECT_MS));
    SET(transfer, CURLOPT_TIMEOUT_MS, (long)fisc_transfer_total_ms(rules));
    SET(transfer, CURLOPT_LOW_SPEED_LIMIT, (long)or_default(rules->stall_bytes, STALL_BYTES));
    SET(transfer, CURLOPT_LOW_SPEED_TIME, (long)or_default(rules->stall_s, STALL_S));
    SET(transfer, CURLOPT_NOSIGNAL, 1L);
    SET(transfer, CURLOPT_QUICK_EXIT, 1L); /* a resolver that hangs is left behind */
}

/* Nothing comes from the environment (proxies), from a home folder (.netrc, known hosts) or from an
 * answer (redirects, cookies, other protocols). */
static void
set_manners(FiscTransfer *transfer)
{
    SET(transfer, CURLOPT_CURLU, transfer->target->url);
    SET(transfer, CURLOPT_PROTOCOLS_STR, "https,http,sftp");
    SET(transfer, CURLOPT_FOLLOWLOCATION, 0L);
    SET(transfer, CURLOPT_PROXY, "");
    SET(transfer, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    SET(transfer, CURLOPT_USERAGENT, USER_AGENT);
    SET(transfer, CURLOPT_PATH_AS_IS, 1L);
    SET(transfer, CURLOPT_ERRORBUFFER, transfer->detail);
    SET(transfer, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    SET(transfer, CURLOPT_OPENSOCKETDATA, transfer);
    SET(transfer, CURLOPT_WRITEFUNCTION, take_body);
    SET(transfer, CURLOPT_WRITEDATA, transfer);
}

static void
set_tls(FiscTransfer *transfer)
{
    const FiscFetchRules *rules = transfer->rules;
    SET(transfer, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    SET(transfer, CURLOPT_SSL_VERIFYPEER, 1L);
    SET(transfer, CURLOPT_SSL_VERIFYHOST, 2L);
    SET(transfer, CURLOPT_CERTINFO, 1L);
    if (rules->ca_file != NULL) {
        SET(transfer, CURLOPT_CAINFO, rules->ca_file);
        SET(transfer, CURLOPT_CAPATH, NULL);
    }
    if (rules->pinned_keys != NULL) {
        SET(transfer, CURLOPT_PINNEDPUBLICKEY, rules->pinned_keys);
    }
    if (rules->client_certificate != NULL) {
        SET(transfer, CURLOPT_SSLCERT, rules->client_certificate);
        SET(transfer, CURLOPT_SSLKEY, rules->client_key);
    }
}

static void
set_ssh(FiscTransfer *transfer)
{
    const FiscFetchRules *rules = transfer->rules;
    SET(transfer, CURLOPT_SSH_AUTH_TYPES, (long)CURLSSH_AUTH_PUBLICKEY);
    SET(transfer, CURLOPT_USERNAME, rules->ssh_user);
    SET(transfer, CURLOPT_SSH_PRIVATE_KEYFILE, rules->ssh_key_file);
    SET(transfer, CURLOPT_SSH_PUBLIC_KEYFILE, "");
    SET(transfer, CURLOPT_SSH_HOSTKEYFUNCTION, check_ssh_key);
    SET(transfer, CURLOPT_SSH_HOSTKEYDATA, transfer);
}

/* What frames a request is ours to write. */
static bool
is_our_header(const char *header)
{
    static const char *const ours[] = {
        "host",   "connection", "content-length", "transfer-encoding",
        "expect", "te",         "upgrade",        "accept-encoding"};
    for (gsize i = 0; i < G_N_ELEMENTS(ours); i++) {
        gsize length = strlen(ours[i]);
        if (g_ascii_strncasecmp(header, ours[i], length) == 0 && header[length] == ':') {
            return true;
        }
    }
    return false;
}

static bool
check_header(const char *header, GError **error)
{
    gsize name_length =
        strspn(header, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
    bool is_good = name_length > 0 && strncmp(header + name_length, ": ", 2) == 0 &&
                   header[name_length + 2] != '\0' && !is_our_header(header);
    for (const char *c = header; *c != '\0'; c++) {
        is_good = is_good && (guint8)*c >= 0x20 && *c != 0x7f;
    }
    /* Its value may be a secret: only the name is told. */
    return is_good ||
           fisc_fail(error, FISC_ERROR_VALUE_INVALID,
                     "the header \"%.*s\" of a request cannot be sent", (int)name_length, header);
}

static bool
set_headers(FiscTransfer *transfer, GError **error)
{
    static const char *const always[] = {"Connection: close", "Accept-Encoding: gzip", "Expect:"};
    const char *const *headers = transfer->request->headers;
    bool has_type = false;
    for (gsize i = 0; i < G_N_ELEMENTS(always); i++) {
        transfer->header_list = curl_slist_append(transfer->header_list, always[i]);
    }
    for (gsize i = 0; headers != NULL && headers[i] != NULL; i++) {
        if (!check_header(headers[i], error)) {
            return false;
        }
        has_type = has_type || g_ascii_strncasecmp(headers[i], "content-type:", 13) == 0;
        transfer->header_list = curl_slist_append(transfer->header_list, headers[i]);
    }
    if (!has_type) {
        transfer->header_list = curl_slist_append(transfer->header_list, "Content-Type:");
    }
    SET(transfer, CURLOPT_HTTPHEADER, transfer->header_list);
    return true;
}

const char *
fisc_transfer_method(const FiscTransfer *transfer)
{
    return transfer->request->method != NULL ? transfer->request->method : "GET";
}

bool
fisc_transfer_is_write(const FiscTransfer *transfer)
{
    static const char *const reading[] = {"GET", "HEAD", "OPTIONS", NULL};
    return !fisc_transfer_is_sftp(transfer) &&
           !g_strv_contains(reading, fisc_transfer_method(transfer));
}

static bool
set_method(FiscTransfer *transfer, GError **error)
{
    const char *method = fisc_transfer_method(transfer);
    GBytes *body = transfer->request->body;
    gsize length = strlen(method);
    if (length == 0 || strspn(method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != length ||
        strcmp(method, "CONNECT") == 0 || strcmp(method, "TRACE") == 0) {
        return fisc_fail(error, FISC_ERROR_VALUE_INVALID, "\"%s\" is no method", method);
    }
    if (body != NULL && !fisc_transfer_is_write(transfer)) {
        return fisc_fail(error, FISC_ERROR_VALUE_INVALID, "%s has no body", method);
    }
    if (strcmp(method, "HEAD") == 0) {
        SET(transfer, CURLOPT_NOBODY, 1L);
    } else if (body != NULL || strcmp(method, "POST") == 0) {
        gsize size = 0;
        gconstpointer bytes = body != NULL ? g_bytes_get_data(body, &size) : NULL;
        SET(transfer, CURLOPT_POST, 1L);
        SET(transfer, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)size);
        SET(transfer, CURLOPT_POSTFIELDS, bytes != NULL ? bytes : "");
    }
    if (strcmp(method, "HEAD") != 0 && strcmp(method, "GET") != 0) {
        SET(transfer, CURLOPT_CUSTOMREQUEST, method);
    }
    return true;
}

/* The length that an answer announces is counted by reading.c, which also sees what comes beyond.
 */
static bool
set_http(FiscTransfer *transfer, GError **error)
{
    SET(transfer, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(transfer, CURLOPT_HTTP_CONTENT_DECODING, 0L);
    SET(transfer, CURLOPT_IGNORE_CONTENT_LENGTH, 1L);
    SET(transfer, CURLOPT_HEADERFUNCTION, take_line);
    SET(transfer, CURLOPT_HEADERDATA, transfer);
    return set_method(transfer, error) && set_headers(transfer, error);
}

static bool
init_curl(GError **error)
{
    static gsize is_ready = 0;
    if (g_once_init_enter(&is_ready)) {
        g_once_init_leave(&is_ready, curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? 1 : 2);
    }
    return is_ready == 1 || fisc_fail(error, FISC_ERROR_SETUP, "libcurl cannot be started");
}

bool
fisc_transfer_new(const FiscFetchRules *rules, const FiscFetchRequest *request,
                  FiscTransfer **out_transfer, GError **error)
{
    if (!init_curl(error)) {
        return false;
    }
    g_autoptr(FiscTransfer) transfer = g_new0(FiscTransfer, 1);
    transfer->rules = rules;
    transfer->request = request;
    if (!fisc_target_read(rules, request->url, &transfer->target, error)) {
        return false;
    }
    fisc_reading_init(&transfer->reading, rules, request, transfer->target->name);
    transfer->curl = curl_easy_init();
    transfer->multi = curl_multi_init();
    g_assert(transfer->curl != NULL && transfer->multi != NULL);
    set_manners(transfer);
    set_bounds(transfer);
    set_tls(transfer);
    if (fisc_transfer_is_sftp(transfer)) {
        set_ssh(transfer);
        fisc_reading_begin_file(&transfer->reading);
    } else if (!set_http(transfer, error)) {
        return false;
    }
    if (transfer->setting_code != CURLE_OK) {
        return fisc_fail(error, FISC_ERROR_SETUP, "this libcurl cannot do what is needed: %s",
                         curl_easy_strerror(transfer->setting_code));
    }
    *out_transfer = g_steal_pointer(&transfer);
    return true;
}

void
fisc_transfer_free(FiscTransfer *transfer)
{
    if (transfer == NULL) {
        return;
    }
    curl_easy_cleanup(transfer->curl);
    curl_multi_cleanup(transfer->multi);
    curl_slist_free_all(transfer->header_list);
    fisc_reading_clear(&transfer->reading);
    fisc_target_free(transfer->target);
    g_free(transfer->refused);
    g_free(transfer->key_seen);
    g_free(transfer);
}
