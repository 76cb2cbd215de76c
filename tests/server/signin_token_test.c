/* signin_token_test.c mirrors app/server/signin_uses.c and api/tokens.c: what programs sign in
 * with, and what they may do with it. */
#include "app/flows/signin.h"
#include "app/server/server_internal.h"
#include "app/server/signin.h"
#include "tests/server/signing.h"
#include "tests/support/suite.h"
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

extern const FiscTest fisc_signin_token_tests[];

#define SIGN_IN(person) "{\"person\":\"" person "\",\"password\":\"" SIGNING_PASSWORD "\"}"

/* Tokens --------------------------------------------------------------------------------------- */

static void
a_token_is_for_what_it_was_made_for(void)
{
    static const struct {
        const char *uses, *method, *path, *body;
        int status;
    } cases[] = {
        {"read", "GET", "/v1/funds?entity=SCH&period=2024", NULL, 200},
        {"read", "POST", "/v1/documents?dry_run=true", SIGNING_ORDER, 403},
        {"read", "GET", "/v1/tokens", NULL, 403},
        {"read", "POST", "/v1/tokens", "{\"name\":\"other\"}", 403},
        {"read", "GET", "/v1/session", NULL, 200},
        {"post", "GET", "/v1/funds?entity=SCH&period=2024", NULL, 200},
        {"post", "GET", "/v1/reports", NULL, 403},
        {"post", "POST", "/v1/documents?dry_run=true", SIGNING_ORDER, 200},
        {"approve", "POST", "/v1/documents?dry_run=true", SIGNING_ORDER, 403},
        {"read,post", "GET", "/v1/reports", NULL, 200},
        {"read,post,approve", "PUT", "/v1/periods/202403", "{\"state\":\"closed\"}", 403},
        {"admin", "GET", "/v1/tokens", NULL, 200},
        {"admin", "GET", "/v1/reports", NULL, 200},
    };
    g_autoptr(Serving) serving = signing_serve();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *name = g_strdup_printf("t%zu", i);
        g_autofree char *token = signing_token(serving, "ana", name, cases[i].uses, NULL);
        int status =
            signing_ask_with(serving, token, cases[i].method, cases[i].path, cases[i].body);
        g_autofree char *what = g_strjoin(" ", cases[i].uses, cases[i].method, cases[i].path, NULL);
        fisc_assert_int(status, cases[i].status, what, __FILE__, __LINE__);
    }
}

static void
a_route_that_is_not_listed_takes_a_token_for_all(void)
{
    static const struct {
        const char *method, *path;
        unsigned uses;
    } cases[] = {
        {"GET", "/v1/whatever", FISC_USE_READ | FISC_USE_ADMIN},
        {"POST", "/v1/whatever", FISC_USE_ADMIN},
        {"PUT", "/v1/budgets/{version}/parts/{kind}", FISC_USE_ADMIN},
        {"DELETE", "/v1/whatever", FISC_USE_ADMIN},
        {"PATCH", "/v1/entries", FISC_USE_ADMIN},
        {"POST", "/v1/entries", FISC_USE_POST | FISC_USE_ADMIN},
        {"POST", "/v1/documents/{document}/approve", FISC_USE_APPROVE | FISC_USE_ADMIN},
        {"POST", "/v1/totp", FISC_USE_ADMIN},
        {"POST", "/v1/passwords", FISC_USE_ADMIN},
        {"DELETE", "/v1/session", FISC_USE_ADMIN},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        FISC_ASSERT_INT(fisc_route_uses(cases[i].method, cases[i].path), cases[i].uses);
    }
}

static void
a_token_ends(void)
{
    static const char *const changes[] = {
        "expires_at = now()",
        "revoked_at = now()",
        "digest = sha256('other')",
    };
    g_autoptr(Serving) serving = signing_serve();
    for (gsize i = 0; i < G_N_ELEMENTS(changes); i++) {
        g_autofree char *name = g_strdup_printf("t%zu", i);
        g_autofree char *token = signing_token(serving, "ana", name, "read", NULL);
        g_autofree char *headers = g_strdup_printf("Authorization: Bearer %s\r\n", token);
        CU_ASSERT(signing_becomes(serving, "/v1/session", headers, 200));
        g_autofree char *sql = g_strdup_printf(
            "update identity.token set %s where name = '%s' returning 1", changes[i], name);
        g_autofree char *done = books_ask(serving->books, sql);
        FISC_ASSERT_TEXT(done, "1");
        CU_ASSERT(signing_becomes(serving, "/v1/session", headers, 401));
    }
    g_autofree char *token = signing_token(serving, "ana", "feed", "admin", NULL);
    FISC_ASSERT_INT(signing_ask_with(serving, token, "DELETE", "/v1/tokens/feed", NULL), 204);
    FISC_ASSERT_INT(signing_ask_with(serving, token, "GET", "/v1/session", NULL), 401);
    FISC_ASSERT_INT(signing_ask_with(serving, "fisc_nonsense", "GET", "/v1/session", NULL), 401);
    FISC_ASSERT_INT(signing_ask_with(serving, "ana", "GET", "/v1/session", NULL), 401);
}

/* Days from now, as a date. Caller frees. */
static char *
day_from_now(int days)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autoptr(GDateTime) then = g_date_time_add_days(now, days);
    return g_date_time_format(then, "%Y-%m-%d");
}

static int
make_token(Serving *serving, const char *token, const char *name, const char *more)
{
    g_autofree char *body = g_strdup_printf("{\"name\":\"%s\"%s}", name, more);
    return signing_ask_with(serving, token, "POST", "/v1/tokens", body);
}

/* A token that leaks must not live on in those that it makes. */
static void
a_token_makes_none_that_outlives_it(void)
{
    g_autoptr(Serving) serving = signing_serve();
    g_autofree char *maker = signing_token(serving, "ana", "maker", "admin", NULL);
    g_autofree char *done =
        books_ask(serving->books, "update identity.token set expires_at = date_trunc('day', now()"
                                  " at time zone 'UTC') at time zone 'UTC' + interval '10 days'"
                                  " where name = 'maker' returning 1");
    FISC_ASSERT_TEXT(done, "1");
    static const struct {
        int days, status;
    } cases[] = {{0, 201}, {9, 201}, {10, 403}, {89, 403}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *day = day_from_now(cases[i].days);
        g_autofree char *name = g_strdup_printf("d%d", cases[i].days);
        g_autofree char *more = g_strdup_printf(",\"expires\":\"%s\"", day);
        fisc_assert_int(make_token(serving, maker, name, more), cases[i].status, name, __FILE__,
                        __LINE__);
    }
    FISC_ASSERT_INT(make_token(serving, maker, "usual", ""), 201);
    books_expect(serving->books,
                 "select count(*) from identity.token m, identity.token t where m.name = 'maker'"
                 " and t.name in ('d0', 'd9', 'usual') and t.expires_at <= m.expires_at",
                 "3");
}

static void
a_token_of_one_entity_makes_none_of_others(void)
{
    g_autoptr(Serving) serving = signing_serve();
    g_autofree char *maker = signing_token(serving, "ana", "maker", "admin", "SCH");
    FISC_ASSERT_INT(make_token(serving, maker, "same", ",\"entity\":\"SCH\""), 201);
    FISC_ASSERT_INT(make_token(serving, maker, "none", ""), 201);
    CU_ASSERT(make_token(serving, maker, "other", ",\"entity\":\"BANK\"") >= 400);
    books_expect(serving->books,
                 "select string_agg(name || ' ' || coalesce(entity, '*'), ', ' order by name)"
                 " from identity.token where name in ('same', 'none', 'other')",
                 "none SCH, same SCH");
}

/* Whoever can write the table and not the chain has gained nothing. */
static void
a_token_that_the_chain_does_not_have_opens_nothing(void)
{
    g_autoptr(Serving) serving = signing_serve();
    char forged[FISC_SECRET_TEXT], hex[FISC_DIGEST_HEX];
    uint8_t digest[FISC_DIGEST_SIZE];
    fisc_secret_make(FISC_TOKEN_PREFIX, forged);
    fisc_digest_of(forged, digest);
    g_autofree char *sql = g_strdup_printf(
        "insert into identity.token (book_id, person, name, digest, uses, expires_at)"
        " values (1, 'ana', 'forged', decode('%s', 'hex'), '{admin}', now() + interval '1 day')"
        " returning 1",
        fisc_digest_format(digest, hex));
    g_autofree char *done = books_ask(serving->books, sql);
    FISC_ASSERT_TEXT(done, "1");
    FISC_ASSERT_INT(signing_ask_with(serving, forged, "GET", "/v1/session", NULL), 401);
    g_autoptr(FiscHasher) hasher = fisc_hasher_new();
    g_autofree char *verifier = NULL;
    CU_ASSERT_TRUE_FATAL(fisc_hasher_make(hasher, SIGNING_PASSWORD, &verifier, NULL));
    g_autofree char *slipped =
        g_strdup_printf("insert into identity.credential (book_id, person, kind, state, secret)"
                        " values (1, 'ana', 'password', 'set', '%s') returning 1",
                        verifier);
    g_autofree char *also = books_ask(serving->books, slipped);
    FISC_ASSERT_TEXT(also, "1");
    g_auto(ServingAnswer) answer = {0};
    FISC_ASSERT_INT(signing_ask(serving, "POST", "/v1/session", NULL, SIGN_IN("ana"), &answer),
                    401);
}

static void
a_token_of_one_entity_sees_no_other(void)
{
    g_autoptr(Serving) serving = signing_serve();
    g_autofree char *own = signing_token(serving, "ana", "school", "read,post", "SCH");
    g_autofree char *other = signing_token(serving, "ana", "bank", "read,post", "BANK");
    g_auto(ServingAnswer) who = {0};
    g_autofree char *headers = g_strdup_printf("Authorization: Bearer %s\r\n", own);
    FISC_ASSERT_INT(signing_ask(serving, "GET", "/v1/session", headers, NULL, &who), 200);
    FISC_ASSERT_TEXT(serving_answer_text(&who, "scope/entities/0"), "SCH");
    CU_ASSERT(json_is_false(json_object_get(json_object_get(who.json, "scope"), "all")));
    FISC_ASSERT_INT(signing_ask_with(serving, own, "GET", "/v1/funds?entity=SCH&period=2024", NULL),
                    200);
    FISC_ASSERT_INT(
        signing_ask_with(serving, other, "GET", "/v1/funds?entity=SCH&period=2024", NULL), 404);
    g_autoptr(GError) error = NULL;
    FiscContext ctx = serving->books->ctx;
    char token[FISC_SECRET_TEXT];
    FiscTokenWords words = {.person = "ana", .name = "none", .entity = "NOWHERE"};
    ctx.actor = "ana";
    CU_ASSERT_FALSE(fisc_flow_token_make(&ctx, &words, token, &error));
    FISC_ASSERT_INT(error->code, FISC_ERROR_NOT_FOUND);
}

/* Certificates, and the operator's socket ------------------------------------------------------ */

static void
a_certificate_is_one_persons(void)
{
    static const char subject[] = "CN=feed,O=School Board,C=ES";
    g_autoptr(Serving) serving = signing_serve();
    g_autoptr(GError) error = NULL;
    g_auto(FiscBearer) nobody = {0};
    g_auto(FiscBearer) feed = {0};
    g_auto(FiscBearer) gone = {0};
    FiscContext own = serving->books->ctx;
    own.actor = "ana";
    own.poster = serving->server->poster;
    CU_ASSERT(fisc_door_find(serving->server, FISC_DOOR_CERTIFICATE, subject, &nobody, &error));
    CU_ASSERT_PTR_NULL(nobody.person);
    CU_ASSERT_TRUE_FATAL(fisc_flow_certificate_add(&own, "feed", subject, &error));
    CU_ASSERT(fisc_door_find(serving->server, FISC_DOOR_CERTIFICATE, subject, &feed, &error));
    FISC_ASSERT_TEXT(feed.person, "feed");
    CU_ASSERT_FALSE(fisc_flow_certificate_add(&own, "ben", subject, &error));
    FISC_ASSERT_INT(error->code, FISC_ERROR_MASTER_CONFLICT);
    g_clear_error(&error);
    CU_ASSERT_TRUE_FATAL(fisc_flow_certificate_remove(&own, "feed", subject, &error));
    fisc_door_forget(serving->server, NULL);
    CU_ASSERT(fisc_door_find(serving->server, FISC_DOOR_CERTIFICATE, subject, &gone, &error));
    CU_ASSERT_PTR_NULL(gone.person);
}

static char *socket_path;

static void
listen_there(FiscServerOptions *options)
{
    options->listen = socket_path;
}

static void
who_operates_the_machine_names_the_actor_at_its_socket(void)
{
    static const char request[] = "GET /v1/session HTTP/1.1\r\nHost: localhost\r\n"
                                  "X-Fisc-Actor: ana\r\nConnection: close\r\n\r\n";
    g_autofree char *folder = g_dir_make_tmp("fisc-socket-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "s", NULL);
    socket_path = g_strconcat("unix:", path, NULL);
    Serving *serving = serving_new(NULL, listen_there);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int own = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_strlcpy(address.sun_path, path, sizeof address.sun_path);
    CU_ASSERT_FATAL(connect(own, (struct sockaddr *)&address, sizeof address) == 0);
    ServingLink *link = serving_link_new(own);
    g_auto(ServingAnswer) answer = {0};
    CU_ASSERT(serving_link_send(link, request, -1));
    CU_ASSERT_FATAL(serving_link_receive(link, false, &answer));
    FISC_ASSERT_INT(answer.status, 200);
    FISC_ASSERT_TEXT(serving_answer_text(&answer, "person"), "ana");
    serving_link_free(link);
    serving_free(serving);
    g_unlink(path);
    g_rmdir(folder);
    g_clear_pointer(&socket_path, g_free);
}

static void
nobody_names_the_actor_over_the_network(void)
{
    g_autoptr(Serving) serving = signing_serve();
    g_auto(ServingAnswer) answer = {0};
    FISC_ASSERT_INT(
        signing_ask(serving, "GET", "/v1/session", "X-Fisc-Actor: ana\r\n", NULL, &answer), 401);
}

const FiscTest fisc_signin_token_tests[] = {
    {"a token makes none that outlives it", a_token_makes_none_that_outlives_it},
    {"a token of one entity makes none of others", a_token_of_one_entity_makes_none_of_others},
    {"a token is for what it was made for", a_token_is_for_what_it_was_made_for},
    {"a route that is not listed takes a token for all",
     a_route_that_is_not_listed_takes_a_token_for_all},
    {"a token ends: on its day, revoked, replaced", a_token_ends},
    {"a token or password that the chain does not have opens nothing",
     a_token_that_the_chain_does_not_have_opens_nothing},
    {"a token of one entity sees no other", a_token_of_one_entity_sees_no_other},
    {"a certificate is one person's", a_certificate_is_one_persons},
    {"who operates the machine names the actor at its socket",
     who_operates_the_machine_names_the_actor_at_its_socket},
    {"nobody names the actor over the network", nobody_names_the_actor_over_the_network},
    {NULL, NULL},
};
