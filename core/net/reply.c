/* reply.c: what a transfer saw, as the reply that the caller gets. */
#include "core/net/transfer.h"
#include "core/base/certificate.h"
#include "core/base/hash.h"
#include <string.h>

/* The first certificate of the chain is the server's own. */
char *
fisc_transfer_tls_key(const FiscTransfer *transfer)
{
    struct curl_certinfo *chain = NULL;
    if (curl_easy_getinfo(transfer->curl, CURLINFO_CERTINFO, &chain) != CURLE_OK || chain == NULL ||
        chain->num_of_certs == 0) {
        return g_strdup("");
    }
    for (struct curl_slist *line = chain->certinfo[0]; line != NULL; line = line->next) {
        if (g_str_has_prefix(line->data, "Cert:")) {
            uint8_t hash[FISC_HASH_SIZE];
            if (fisc_certificate_hash_key(line->data + strlen("Cert:"), hash)) {
                g_autofree char *text = g_base64_encode(hash, sizeof hash);
                return g_strconcat("sha256//", text, NULL);
            }
        }
    }
    return g_strdup("");
}

static char *
get_address(CURL *curl)
{
    const char *ip = NULL;
    long port = 0;
    curl_easy_getinfo(curl, CURLINFO_PRIMARY_IP, &ip);
    curl_easy_getinfo(curl, CURLINFO_PRIMARY_PORT, &port);
    bool is_ipv6 = ip != NULL && strchr(ip, ':') != NULL;
    return g_strdup_printf(is_ipv6 ? "[%s]:%ld" : "%s:%ld", ip != NULL ? ip : "", port);
}

/* "text/csv; header=present; Charset=\"UTF-8\"" */
static void
read_content_type(FiscFetchReply *reply)
{
    const char *value = fisc_fetch_header(reply, "content-type");
    g_auto(GStrv) parts = g_strsplit(value != NULL ? value : "", ";", -1);
    for (gsize i = 0; parts[i] != NULL; i++) {
        char *part = g_strstrip(parts[i]);
        if (i == 0) {
            reply->content_type = g_ascii_strdown(part, -1);
        } else if (g_ascii_strncasecmp(part, "charset=", 8) == 0 && reply->charset == NULL) {
            reply->charset = g_ascii_strdown(g_strstrip(g_strdelimit(part + 8, "\"", ' ')), -1);
        }
    }
    reply->content_type = reply->content_type != NULL ? reply->content_type : g_strdup("");
    reply->charset = reply->charset != NULL ? reply->charset : g_strdup("");
}

/* A date is meant by the peer's clock, which the answer tells, too. */
static int
read_retry_after(const FiscFetchReply *reply)
{
    const char *value = fisc_fetch_header(reply, "retry-after");
    const char *date = fisc_fetch_header(reply, "date");
    time_t peer_s = date != NULL ? curl_getdate(date, NULL) : -1;
    int64_t now_s = peer_s >= 0 ? (int64_t)peer_s : g_get_real_time() / G_USEC_PER_SEC;
    int seconds = -1;
    return value != NULL && fisc_retry_after_read(value, now_s, &seconds) ? seconds : -1;
}

FiscFetchReply *
fisc_transfer_to_reply(FiscTransfer *transfer)
{
    FiscReading *reading = &transfer->reading;
    FiscFetchReply *reply = g_new0(FiscFetchReply, 1);
    reply->status = reading->status;
    reply->headers = g_steal_pointer(&reading->headers);
    reply->body = g_byte_array_free_to_bytes(g_steal_pointer(&reading->body));
    reply->bytes = reading->bytes;
    reply->address = get_address(transfer->curl);
    reply->key_seen = transfer->target->scheme == FISC_SCHEME_SFTP
                          ? g_strdup(transfer->key_seen != NULL ? transfer->key_seen : "")
                          : fisc_transfer_tls_key(transfer);
    reply->retry_after_s = read_retry_after(reply);
    read_content_type(reply);
    return reply;
}
