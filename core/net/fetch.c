/* fetch.c: a fetch from the outside: one request, one answer. What is behind it: target.c (whom),
 * transfer.c (the wire), reading.c (is it whole), fault.c (what went wrong). */
#include "fisc/fetch.h"
#include "core/net/transfer.h"

bool
fisc_fetch(const FiscFetchRules *rules, const FiscFetchRequest *request, FiscFetchReply **out_reply,
           GError **error)
{
    g_autoptr(FiscTransfer) transfer = NULL;
    if (!fisc_transfer_new(rules, request, &transfer, error) ||
        !fisc_transfer_run(transfer, error)) {
        return false;
    }
    *out_reply = fisc_transfer_to_reply(transfer);
    return true;
}

void
fisc_fetch_reply_free(FiscFetchReply *reply)
{
    if (reply == NULL) {
        return;
    }
    g_clear_pointer(&reply->headers, g_hash_table_unref);
    g_clear_pointer(&reply->body, g_bytes_unref);
    g_free(reply->content_type);
    g_free(reply->charset);
    g_free(reply->address);
    g_free(reply->key_seen);
    g_free(reply);
}

const char *
fisc_fetch_header(const FiscFetchReply *reply, const char *name)
{
    g_autofree char *lower = g_ascii_strdown(name, -1);
    return g_hash_table_lookup(reply->headers, lower);
}

FiscAnswer
fisc_fetch_answer(guint status)
{
    if (status / 100 == 2) {
        return FISC_ANSWER_DONE;
    }
    static const guint later[] = {408, 425, 429, 502, 503, 504};
    for (gsize i = 0; i < G_N_ELEMENTS(later); i++) {
        if (later[i] == status) {
            return FISC_ANSWER_LATER;
        }
    }
    return FISC_ANSWER_NO;
}
