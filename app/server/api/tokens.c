/* tokens.c: one's own tokens and sessions: made, looked at, taken back. */
#include "app/server/api/writing.h"
#include "app/server/server_internal.h"
#include "app/server/signin.h"

/* Tokens --------------------------------------------------------------------------------------- */

static const FiscApiField made_fields[] = {
    {.name = "token", .meaning = "the token: shown once"},
    {.name = "name", .meaning = "what it is called", .example = "feed"},
    {NULL},
};
static const FiscApiShape made_shape = {"Token", "A token that was made", made_fields};
static const FiscApiField make_fields[] = {
    FISC_NEEDED("name", FISC_API_TEXT, "what it shall be called", "feed"),
    FISC_GIVEN("for", FISC_API_TEXT, "read, post, approve, admin, joined by commas; read",
               "read,post"),
    FISC_GIVEN("entity", FISC_API_TEXT, "the only entity it is good for", "001"),
    FISC_GIVEN("expires", FISC_API_DATE, "its last day, a year ahead at most; 90 days", NULL),
    {NULL},
};
static const FiscApiField name_fields[] = {
    FISC_PATH("token", "what it is called", "feed"),
    {NULL},
};

static bool
get_tokens(FiscCall *call, GError **error)
{
    FiscContext ctx = fisc_server_identity_context(call, NULL);
    FiscTable *table = NULL;
    return fisc_flow_token_list(&ctx, call->principal.person, &table, error) &&
           fisc_call_answer_table(call, table, error);
}

/* A token does not make one that is good for more than itself, or longer. */
static bool
post_token(FiscCall *call, GError **error)
{
    const FiscPrincipal *principal = &call->principal;
    const char *entity = fisc_call_text(call, "entity");
    bool is_token = !principal->is_session && !principal->is_certificate && !principal->is_operator;
    const FiscTokenWords words = {.person = principal->person,
                                  .name = fisc_call_text(call, "name"),
                                  .uses = fisc_call_text(call, "for"),
                                  .entity = entity != NULL ? entity : principal->entity,
                                  .expires = fisc_call_text(call, "expires"),
                                  .maker = is_token ? principal->holder : NULL};
    FiscContext ctx = fisc_server_identity_context(call, principal->person);
    char token[FISC_SECRET_TEXT];
    if (!fisc_flow_token_make(&ctx, &words, token, error)) {
        return false;
    }
    fisc_call_answer_json(call, 201, json_pack("{s:s, s:s}", "token", token, "name", words.name));
    fisc_secret_wipe(token);
    return true;
}

static bool
delete_token(FiscCall *call, GError **error)
{
    const char *person = call->principal.person;
    FiscContext ctx = fisc_server_identity_context(call, person);
    if (!fisc_flow_token_revoke(&ctx, person, fisc_call_text(call, "token"), error)) {
        return false;
    }
    fisc_door_forget(call->server, person);
    call->reply->status = 204;
    return true;
}

/* Sessions ------------------------------------------------------------------------------------- */

static const FiscApiField session_fields[] = {
    FISC_PATH("session", "its id, or how that begins; all: all of them", "0f3a19c2b7de"),
    {NULL},
};

static bool
get_sessions(FiscCall *call, GError **error)
{
    FiscContext ctx = fisc_server_identity_context(call, NULL);
    FiscTable *table = NULL;
    return fisc_flow_session_list(&ctx, call->principal.person, &table, error) &&
           fisc_call_answer_table(call, table, error);
}

static bool
delete_sessions(FiscCall *call, GError **error)
{
    const char *id = fisc_call_text(call, "session"), *person = call->principal.person;
    FiscContext ctx = fisc_server_identity_context(call, person);
    int count = 0;
    if (!fisc_flow_session_end(&ctx, person, g_str_equal(id, "all") ? NULL : id, NULL, &count,
                               error)) {
        return false;
    }
    if (count == 0) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "there is no such session");
    }
    fisc_door_forget(call->server, person);
    call->reply->status = 204;
    return true;
}

/* Routes --------------------------------------------------------------------------------------- */

static const FiscApiExample tokens_examples[] = {
    {"One's tokens", "/v1/tokens", NULL, 200},
    {NULL},
};
static const FiscApiExample sessions_examples[] = {
    {"One's sessions", "/v1/sessions", NULL, 200},
    {NULL},
};

const FiscRoute fisc_api_tokens[] = {
    {.method = "GET",
     .path = "/v1/tokens",
     .operation = "listTokens",
     .summary = "One's own tokens, and when they were used last",
     .access = FISC_ACCESS_PERSON,
     .run = get_tokens,
     .examples = tokens_examples},
    {.method = "POST",
     .path = "/v1/tokens",
     .operation = "makeToken",
     .summary = "A token for a program that acts in one's name",
     .access = FISC_ACCESS_PERSON,
     .lane = FISC_HTTP_POST,
     .fields = make_fields,
     .body = FISC_BODY_JSON,
     .answer = &made_shape,
     .status = 201,
     .run = post_token},
    {.method = "DELETE",
     .path = "/v1/tokens/{token}",
     .operation = "revokeToken",
     .summary = "Takes one of one's tokens back",
     .access = FISC_ACCESS_PERSON,
     .lane = FISC_HTTP_POST,
     .fields = name_fields,
     .status = 204,
     .run = delete_token},
    {.method = "GET",
     .path = "/v1/sessions",
     .operation = "listSessions",
     .summary = "Where one is signed in",
     .access = FISC_ACCESS_PERSON,
     .run = get_sessions,
     .examples = sessions_examples},
    {.method = "DELETE",
     .path = "/v1/sessions/{session}",
     .operation = "endSessions",
     .summary = "Ends one of one's sessions, or all",
     .access = FISC_ACCESS_PERSON,
     .fields = session_fields,
     .status = 204,
     .run = delete_sessions},
    {NULL},
};
