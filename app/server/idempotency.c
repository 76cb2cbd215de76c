/* idempotency.c: see idempotency.h. Called once for every write, from server.c. */
#include "app/server/idempotency.h"
#include "app/server/answers.h"
#include "app/server/server_internal.h"
#include "core/base/hash.h"
#include "core/base/kill_point.h"
#include <string.h>

#define KEY_MAX 200
#define NAME_LENGTH 20

/* What hands out secrets, or writes nothing: nothing to keep. */
static const char *const keyless[] = {
    "/v1/session",   "/v1/session/",   "/v1/step-ups",  "/v1/tokens",    "/v1/tokens/",
    "/v1/sessions/", "/v1/passkeys",   "/v1/passkeys/", "/v1/step-ups/", "/v1/passwords",
    "/v1/totp",      "/v1/passwords/", "/v1/totp/",     "/v1/try",       NULL};

static bool
is_keyless(const char *path)
{
    for (int i = 0; keyless[i] != NULL; i++) {
        bool is_folder = g_str_has_suffix(keyless[i], "/");
        if (is_folder ? g_str_has_prefix(path, keyless[i]) : strcmp(path, keyless[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool
needs_key(const FiscCall *call)
{
    return fisc_route_is_write(call->route) && call->principal.person != NULL &&
           !call->context.is_dry_run && !call->route->is_repeatable &&
           !is_keyless(call->request->path);
}

static bool
is_key(const char *key)
{
    gsize length = strlen(key);
    for (gsize i = 0; i < length; i++) {
        if (key[i] < '!' || key[i] > '~') {
            return false;
        }
    }
    return length > 0 && length <= KEY_MAX;
}

/* Of all that says what shall be done, and for whom. */
static void
take_digest(const FiscCall *call, char out_digest[65])
{
    const FiscHttpRequest *request = call->request;
    uint8_t hash[FISC_HASH_SIZE];
    g_autoptr(FiscHash) words = fisc_hash_new();
    fisc_hash_add_text(words, request->method);
    fisc_hash_add_text(words, request->path);
    fisc_hash_add_text(words, call->principal.on_behalf);
    fisc_hash_add_int(words, request->query->len);
    for (guint i = 0; i < request->query->len; i++) {
        fisc_hash_add_text(words, request->query->pdata[i]);
    }
    fisc_hash_add_bytes(words, request->body->data, request->body->len);
    fisc_hash_finish(words, hash);
    fisc_hash_format(hash, out_digest);
}

char *
fisc_idempotency_name(const FiscCall *call)
{
    uint8_t hash[FISC_HASH_SIZE];
    char text[FISC_HASH_TEXT];
    const char *key = fisc_http_header(call->request, "Idempotency-Key");
    g_autoptr(FiscHash) words = fisc_hash_new();
    fisc_hash_add_text(words, call->principal.person);
    fisc_hash_add_text(words, key != NULL ? key : call->request->request_id);
    fisc_hash_finish(words, hash);
    return g_strndup(fisc_hash_format(hash, text), NAME_LENGTH);
}

static void
answer_again(FiscCall *call, const FiscAnswer *answer)
{
    FiscHttpReply *reply = call->reply;
    g_auto(GStrv) lines = g_strsplit(answer->head, "\n", -1);
    g_byte_array_set_size(reply->body, 0);
    reply->status = answer->status;
    for (char **line = lines; *line != NULL; line++) {
        char *colon = strstr(*line, ": ");
        if (colon != NULL) {
            *colon = '\0';
            fisc_http_reply_header(reply, *line, colon + 2);
        }
    }
    g_byte_array_append(reply->body, (const guint8 *)answer->body, (guint)strlen(answer->body));
    fisc_http_reply_header(reply, "Idempotency-Replayed", "true");
}

static bool
answer_state(FiscCall *call, FiscAnswerState state, const FiscAnswer *answer)
{
    switch (state) {
    case FISC_ANSWER_NONE:
        return true;
    case FISC_ANSWER_KEPT:
        answer_again(call, answer);
        return false;
    case FISC_ANSWER_OTHER:
        fisc_call_problem(call, 422, "IDEMPOTENCY_MISMATCH", NULL,
                          "this Idempotency-Key was used for another request");
        return false;
    case FISC_ANSWER_IN_FLIGHT:
        break;
    }
    fisc_http_reply_header(call->reply, "Retry-After", "1");
    fisc_call_problem(call, 409, "IN_FLIGHT", NULL,
                      "the request with this Idempotency-Key is still being answered");
    return false;
}

bool
fisc_idempotency_begin(FiscCall *call, FiscIdempotency *write)
{
    const char *key = fisc_http_header(call->request, "Idempotency-Key");
    FiscAnswer answer = {.status = 0};
    FiscAnswerState state = FISC_ANSWER_NONE;
    g_autoptr(GError) error = NULL;
    if (!needs_key(call)) {
        return true;
    }
    if (key == NULL || !is_key(key)) {
        fisc_call_problem(call, 400, "IDEMPOTENCY_KEY_MISSING", NULL,
                          "a write needs the header Idempotency-Key: up to %d visible characters "
                          "that you choose, the same when you ask again",
                          KEY_MAX);
        return false;
    }
    take_digest(call, write->digest);
    if (!fisc_answers_find(call->server->answers, call->principal.person, key, write->digest,
                           &state, &answer, &error)) {
        fisc_call_fail(call, error);
        return false;
    }
    write->is_taken = state == FISC_ANSWER_NONE;
    bool goes_on = answer_state(call, state, &answer);
    fisc_answer_clear(&answer);
    return goes_on;
}

/* What was done, or decided against. Everything else is as if it had not been asked. */
static bool
is_answer(const FiscHttpReply *reply)
{
    bool is_final = (reply->status >= 200 && reply->status < 300) || reply->status == 409 ||
                    reply->status == 422;
    return is_final && reply->stream == NULL &&
           (reply->body->len == 0 ||
            g_utf8_validate_len((const char *)reply->body->data, reply->body->len, NULL));
}

static char *
head_of(const FiscHttpReply *reply)
{
    static const char *const kept[] = {"Content-Type", "Location", "ETag", "Fisc-Batch", NULL};
    GString *head = g_string_new(NULL);
    for (guint i = 0; i + 1 < reply->headers->len; i += 2) {
        if (g_strv_contains(kept, reply->headers->pdata[i])) {
            g_string_append_printf(head, "%s: %s\n", (const char *)reply->headers->pdata[i],
                                   (const char *)reply->headers->pdata[i + 1]);
        }
    }
    return g_string_free(head, FALSE);
}

void
fisc_idempotency_end(FiscCall *call, FiscIdempotency *write)
{
    const char *key = fisc_http_header(call->request, "Idempotency-Key");
    const FiscHttpReply *reply = call->reply;
    if (!write->is_taken) {
        return;
    }
    fisc_kill_point("server.before_keep");
    if (!is_answer(reply)) {
        fisc_answers_let_go(call->server->answers, call->principal.person, key);
        return;
    }
    FiscAnswer answer = {.status = reply->status,
                         .head = head_of(reply),
                         .body = reply->body->len > 0
                                     ? g_strndup((const char *)reply->body->data, reply->body->len)
                                     : g_strdup("")};
    /* Of entries the chain tells the answer again; nothing else does. */
    bool is_told_again = g_str_has_prefix(call->request->path, "/v1/entries");
    fisc_answers_keep(call->server->answers, call->principal.person, key, &answer, !is_told_again);
    fisc_answer_clear(&answer);
}
