/* transfer.h: one request on the wire: a handle of libcurl with every setting that matters for
 * whom it trusts and how long it waits, and what it saw. fetch.c and list.c run it. */
#ifndef FISC_NET_TRANSFER_H
#define FISC_NET_TRANSFER_H

#include "core/net/reading.h"
#include "core/net/target.h"

typedef struct {
    const FiscFetchRules *rules;
    const FiscFetchRequest *request;
    FiscTarget *target;
    FiscReading reading;
    CURL *curl;
    CURLM *multi;
    CURLcode setting_code; /* of the first setting that was not taken */
    struct curl_slist *header_list;
    char detail[CURL_ERROR_SIZE];
    char *refused;     /* the address that the rules did not admit */
    char *key_seen;    /* of an SSH host */
    bool is_key_wrong; /* ... and it is not the agreed one */
} FiscTransfer;

/** Makes everything ready; nothing is sent. */
bool fisc_transfer_new(const FiscFetchRules *rules, const FiscFetchRequest *request,
                       FiscTransfer **out_transfer, GError **error);
void fisc_transfer_free(FiscTransfer *transfer); /* NULL does nothing */

/** Sends and takes what comes. False with @error when there is no whole answer; what that means for
 * a write is decided here, too. May be called again: the connection is kept. */
bool fisc_transfer_run(FiscTransfer *transfer, GError **error);

const char *fisc_transfer_method(const FiscTransfer *transfer);
bool fisc_transfer_is_sftp(const FiscTransfer *transfer);
/** Does the request change something over there? */
bool fisc_transfer_is_write(const FiscTransfer *transfer);
/** "sha256//...", the key that the server showed, also when it was refused for it; "" when none.
 * Caller frees. */
char *fisc_transfer_tls_key(const FiscTransfer *transfer);

/** The time that the rules give for all of it. */
guint fisc_transfer_total_ms(const FiscFetchRules *rules);

/** What was seen, as a reply. */
FiscFetchReply *fisc_transfer_to_reply(FiscTransfer *transfer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscTransfer, fisc_transfer_free)

#endif
