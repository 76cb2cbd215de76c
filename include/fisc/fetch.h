/* fetch.h: talking to outside systems: HTTPS, HTTP where it is named, SFTP. The only way out.
 *
 * A fetch is one request and one answer, within rules that the caller states: whom it may talk to,
 * by which keys it knows them, how long it waits and how much it takes. What comes back is the
 * whole answer or an error, never a part of it that looks whole. A redirect is not followed.
 *
 * Three kinds of error, because three different people act on them, each naming the host:
 *   PEER_UNAVAILABLE  not reached, or too slow: ask again later (fisc_backoff_ms)
 *   PEER_FORBIDDEN    not allowed by the rules, not who it should be, or it does not let us in:
 *                     asking again is no use until somebody changes a setting
 *   PEER_FAULT        it answered what cannot be right: cut short, endless, garbled
 * and of a write (any method but GET, HEAD, OPTIONS) OUTCOME_UNKNOWN when the request may have been
 * received: it is asked again with the same reference, or looked up. With any other code a write
 * was not done. An HTTP status is no error: it is an answer. */
#ifndef FISC_FETCH_H
#define FISC_FETCH_H

#include "fisc/error.h"
#include <stdint.h>

typedef enum {
    FISC_SCHEME_HTTPS = 1 << 0,
    FISC_SCHEME_HTTP = 1 << 1,
    FISC_SCHEME_SFTP = 1 << 2,
} FiscScheme;

/* Whom a fetch may talk to, and within which bounds. All zero: any public host by HTTPS, known by
 * the system's authorities, with the bounds below. Borrowed for the call. */
typedef struct {
    guint schemes; /* of FiscScheme; 0: HTTPS */
    /* Exactly these, as "host:port"; NULL: any. */
    const char *const *hosts;
    /* What is not public (loopback, private, link-local, shared, multicast, documentation) is
     * refused unless named here: networks ("10.20.0.0/16", "::1/128") or hosts ("host:port", which
     * may then have any address but those of metadata services). Looked at when the connection is
     * made, so a name that resolves differently the second time gains nothing. */
    const char *const *private_addresses;

    const char *ca_file;     /* PEM; NULL: the system's */
    const char *pinned_keys; /* "sha256//BASE64" of the server's public key, more after ';' */
    const char *client_certificate; /* PEM file; NULL: none */
    const char *client_key;         /* PEM file */

    /* SFTP: SHA-256 of the host keys it may have, base64 as ssh-keygen -lf prints it, with or
     * without "SHA256:". Required: there is no first use that is believed. */
    const char *const *ssh_host_keys;
    const char *ssh_user;
    const char *ssh_key_file; /* private key without passphrase */

    guint connect_ms;    /* 0: 10 s */
    guint total_ms;      /* 0: 60 s; for all of it */
    guint stall_bytes;   /* fewer bytes a second than this ... 0: 100 */
    guint stall_s;       /* ... for so long is an outage. 0: 20 */
    gsize bytes_max;     /* of the body, unpacked. 0: 16 MiB */
    guint ratio_max;     /* unpacked to packed. 0: 200 */
    bool allows_unsized; /* take a body that says nowhere where it ends (HTTP/1.0): it cannot be
                            told whether that one is whole */
} FiscFetchRules;

/** Takes a piece of the body. False with @error ends the fetch. What came is not to be believed
 * before fisc_fetch returns true. */
typedef bool (*FiscFetchSink)(gconstpointer piece, gsize length, gpointer data, GError **error);

typedef struct {
    const char *method;         /* NULL: GET */
    const char *url;            /* no user, no password, no fragment */
    const char *const *headers; /* "Name: value"; NULL: none */
    GBytes *body;               /* NULL: none */
    FiscFetchSink sink; /* takes the body of a 2xx; NULL: it is kept in the reply. Other answers'
                           bodies are always kept */
    gpointer sink_data;
    bool (*should_stop)(gpointer data); /* asked about once a second; true ends the fetch */
    gpointer stop_data;
} FiscFetchRequest;

typedef struct {
    guint status;        /* of HTTP; 200 for SFTP */
    GHashTable *headers; /* lower-case name -> value; several of a name joined by ", " */
    GBytes *body;        /* never NULL */
    char *content_type;  /* "application/json", lower case; "" when not said */
    char *charset;       /* "utf-8", lower case; "" when not said */
    char *address;       /* that was talked to, "192.0.2.1:443" */
    char *key_seen;      /* "sha256//..." of the TLS key, "SHA256:..." of the SSH host key; or "" */
    int retry_after_s;   /* as the answer asks; -1 when it does not */
    int64_t bytes;       /* of the body, unpacked */
} FiscFetchReply;

/** Does one request. True with a reply: the answer, whole, whatever its status. */
bool fisc_fetch(const FiscFetchRules *rules, const FiscFetchRequest *request,
                FiscFetchReply **out_reply, GError **error);
void fisc_fetch_reply_free(FiscFetchReply *reply); /* NULL does nothing */

/** The value of a header, whatever its case; NULL when there is none. */
const char *fisc_fetch_header(const FiscFetchReply *reply, const char *name);

/** The body as UTF-8, by the charset of the answer and the mark at its beginning; without both it
 * has to be UTF-8. Caller frees. ENCODING_INVALID when the two contradict each other, when bytes
 * are no text of that charset or the charset is none that we take; NUL_BYTE. */
bool fisc_fetch_text(const FiscFetchReply *reply, char **out_text, GError **error);

/** What an answer's status means for whoever asked. A write that was answered 408, 502 or 504 may
 * have been done all the same: it is asked again with the same reference, or looked up. */
typedef enum {
    FISC_ANSWER_DONE,  /* 2xx */
    FISC_ANSWER_LATER, /* 408, 425, 429, 502, 503, 504: again, after retry_after_s */
    FISC_ANSWER_NO,    /* the rest: the same request gets the same answer */
} FiscAnswer;
FiscAnswer fisc_fetch_answer(guint status);

/* ---- directories (SFTP) ---- */

typedef struct {
    char *name; /* without a path; control characters and '/' do not occur */
    int64_t bytes;
    int64_t
        modified_s; /* since 1970; -1 when it is not to be learned, as of a file we may not read */
    bool is_folder;
} FiscFetchEntry;

/** Lists the directory of an sftp:// URL that ends with '/': plain files and folders by name, no
 * links. @entries_max: more is a PEER_FAULT. *out_entries: of FiscFetchEntry, owned. */
bool fisc_fetch_list(const FiscFetchRules *rules, const char *url, guint entries_max,
                     GPtrArray **out_entries, GError **error);
void fisc_fetch_entry_free(FiscFetchEntry *entry);

/* ---- asking again: pure, the caller gives the time ---- */

typedef struct {
    guint base_ms;           /* the first wait is below this. 0: 500 */
    guint cap_ms;            /* no wait is longer, but for what the peer asks. 0: 60 s */
    guint retry_after_cap_s; /* a peer that asks for more is believed up to here. 0: 1 hour */
} FiscBackoff;

/** How long to wait before try number @attempt (1: the first again): a random part of
 * base * 2^(attempt-1), "full jitter", so that many who failed together do not come back together;
 * at least what the peer asked for (@retry_after_s; -1: nothing). *seed is the randomness, moved on
 * by the call. */
int64_t
fisc_backoff_ms(const FiscBackoff *backoff, guint attempt, int retry_after_s, uint64_t *seed);

/** Reads Retry-After: seconds or an HTTP date, which counts from @now_s. Never negative. False when
 * it is neither. */
bool fisc_retry_after_read(const char *text, int64_t now_s, int *out_seconds);

typedef enum {
    FISC_BREAKER_CLOSED,    /* all may ask */
    FISC_BREAKER_OPEN,      /* nobody asks until @until_ms */
    FISC_BREAKER_HALF_OPEN, /* one asks; its answer decides */
} FiscBreakerState;

/* A circuit breaker: after so many failures in a row a system is left alone for a while; then one
 * request tries it. Plain data: kept, saved and locked by the caller. */
typedef struct {
    guint failures_max; /* 0: 5 */
    guint open_ms;      /* 0: 30 s */
    FiscBreakerState state;
    guint failures; /* in a row */
    int64_t until_ms;
} FiscBreaker;

/** May a request be made now? In the half-open state only the first who asks; who was let in and
 * never told how it went is forgotten after open_ms. */
bool fisc_breaker_allow(FiscBreaker *breaker, int64_t now_ms);
/** How it went. Only outages and faults count as failures; a refusal is an answer. */
void fisc_breaker_record(FiscBreaker *breaker, bool was_success, int64_t now_ms);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscFetchReply, fisc_fetch_reply_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscFetchEntry, fisc_fetch_entry_free)

#endif
