/* certificate_test.c: clients that sign in by their certificates, all the way: a server with TLS
 * and an authority for clients, curl as the client, a subject that is bound to a person and taken
 * from him again. */
#include "app/flows/signin.h"
#include "app/server/server_internal.h"
#include "tests/app/school.h"
#include "tests/server/serving.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"
#include <stdlib.h>
#include <string.h>

extern const FiscTest fisc_certificate_tests[];
int fisc_certificate_set_up(void);
int fisc_certificate_tear_down(void);

#define SUBJECT "/C=ES/O=School Board/CN=feed"
#define SUBJECT_AS_BOUND "CN=feed,O=School Board,C=ES"

static char *folder;

static void
run_openssl(const char *command)
{
    g_autofree char *line =
        g_strdup_printf("sh -c 'cd %s && { %s; } 2>/dev/null'", folder, command);
    int status = 0;
    if (!g_spawn_command_line_sync(line, NULL, NULL, &status, NULL) || status != 0) {
        g_error("%s failed", command);
    }
}

static void
make_authority(const char *name)
{
    g_autofree char *command = g_strdup_printf(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 "
        "-subj /CN=%s -keyout %s.key -out %s.pem",
        name, name, name);
    run_openssl(command);
}

/* @days: negative ones are over. */
static void
make_certificate(const char *authority, const char *name, const char *subject, const char *use,
                 int days)
{
    g_autofree char *command = g_strdup_printf(
        "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj \"%s\" "
        "-keyout %s.key -out %s.csr && printf "
        "\"extendedKeyUsage=%s\\nsubjectAltName=DNS:localhost\" > %s.ext && "
        "openssl x509 -req -in %s.csr -CA %s.pem -CAkey %s.key -CAcreateserial -days %d "
        "-extfile %s.ext -out %s.pem",
        subject, name, name, use, name, name, authority, authority, days, name, name);
    run_openssl(command);
}

int
fisc_certificate_set_up(void)
{
    folder = fisc_test_folder_new();
    make_authority("ministry");
    make_authority("stranger");
    make_certificate("ministry", "server", "/CN=localhost", "serverAuth", 2);
    make_certificate("ministry", "feed", SUBJECT, "clientAuth", 2);
    make_certificate("ministry", "renewed", SUBJECT, "clientAuth", 1);
    make_certificate("ministry", "other", "/C=ES/O=School Board/CN=other", "clientAuth", 2);
    make_certificate("ministry", "expired", SUBJECT, "clientAuth", -1);
    make_certificate("stranger", "forger", SUBJECT, "clientAuth", 2);
    return 0;
}

int
fisc_certificate_tear_down(void)
{
    fisc_test_folder_remove(folder);
    g_clear_pointer(&folder, g_free);
    return 0;
}

static void
use_tls(FiscServerOptions *options)
{
    static char *cert, *key, *ca;
    g_free(cert);
    g_free(key);
    g_free(ca);
    options->tls_cert = cert = g_build_filename(folder, "server.pem", NULL);
    options->tls_key = key = g_build_filename(folder, "server.key", NULL);
    options->tls_client_ca = ca = g_build_filename(folder, "ministry.pem", NULL);
}

/* The status that a client gets, or 0 where the server does not talk to it. @name: of its
 * certificate, or NULL. @out_body (owned): NULL when it is not wanted. */
static int
ask_as(const Serving *serving, const char *name, const char *path, const char *more,
       char **out_body)
{
    g_autofree char *shown = name != NULL ? g_strdup_printf("--cert %s/%s.pem --key %s/%s.key",
                                                            folder, name, folder, name)
                                          : g_strdup("");
    g_autofree char *line = g_strdup_printf(
        "curl --silent --noproxy '*' --max-time %d --cacert %s/ministry.pem %s %s --write-out "
        "'\\n%%{http_code}' --connect-to localhost:%d:127.0.0.1:%d https://localhost:%d%s",
        SERVING_WAIT_S, folder, shown, more, serving->port, serving->port, serving->port, path);
    g_autofree char *said = NULL;
    CU_ASSERT_TRUE_FATAL(g_spawn_command_line_sync(line, &said, NULL, NULL, NULL));
    char *status = strrchr(said, '\n');
    CU_ASSERT_PTR_NOT_NULL_FATAL(status);
    *status++ = '\0';
    if (out_body != NULL) {
        *out_body = g_strdup(said);
    }
    return atoi(status);
}

static Serving *
serve(void)
{
    Serving *serving = serving_new(school_books(), use_tls);
    FiscContext own = serving->books->ctx;
    own.actor = "ana";
    own.poster = serving->server->poster;
    CU_ASSERT_TRUE_FATAL(fisc_flow_certificate_add(&own, "ana", SUBJECT_AS_BOUND, NULL));
    return serving;
}

static void
every_certificate_has_its_answer(void)
{
    static const struct {
        const char *what, *name;
        int status; /* 0: the server does not talk to it */
    } cases[] = {
        {"bound", "feed", 200},
        {"bound, and made again", "renewed", 200},
        {"of the authority, and nobody's", "other", 401},
        {"over", "expired", 0},
        {"of another authority, with the bound subject", "forger", 0},
        {"of a server", "server", 0},
        {"none", NULL, 401},
    };
    g_autoptr(Serving) serving = serve();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *body = NULL;
        int status = ask_as(serving, cases[i].name, "/v1/session", "", &body);
        fisc_assert_int(status, cases[i].status, cases[i].what, __FILE__, __LINE__);
        CU_ASSERT((strstr(body, "\"person\":\"ana\"") != NULL) == (cases[i].status == 200));
    }
}

/* A browser shows certificates by itself, whoever wrote the page. */
static void
a_page_of_others_writes_nothing(void)
{
    static const struct {
        const char *headers;
        int status;
    } cases[] = {
        {"", 201},
        {"--header 'Sec-Fetch-Site: cross-site'", 403},
        {"--header 'Origin: https://evil.example'", 403},
    };
    g_autoptr(Serving) serving = serve();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *name = g_strdup_printf("t%zu", i);
        g_autofree char *more =
            g_strdup_printf("%s --json '{\"name\":\"%s\"}'", cases[i].headers, name);
        FISC_ASSERT_INT(ask_as(serving, "feed", "/v1/tokens", more, NULL), cases[i].status);
    }
}

/* What is remembered of a certificate is a second old at most. */
static void
a_binding_that_is_taken_back_ends(void)
{
    g_autoptr(Serving) serving = serve();
    FiscContext own = serving->books->ctx;
    own.actor = "ana";
    own.poster = serving->server->poster;
    FISC_ASSERT_INT(ask_as(serving, "feed", "/v1/session", "", NULL), 200);
    CU_ASSERT_TRUE_FATAL(fisc_flow_certificate_remove(&own, "ana", SUBJECT_AS_BOUND, NULL));
    int64_t end = g_get_monotonic_time() + SERVING_WAIT_S * (int64_t)G_USEC_PER_SEC;
    int status = 200;
    while (status == 200 && g_get_monotonic_time() < end) {
        status = ask_as(serving, "feed", "/v1/session", "", NULL);
    }
    FISC_ASSERT_INT(status, 401);
    books_expect(serving->books,
                 "select count(*) from identity.credential where kind = 'certificate'", "0");
}

const FiscTest fisc_certificate_tests[] = {
    {"every client's certificate has its answer", every_certificate_has_its_answer},
    {"a page of another site writes nothing by a certificate", a_page_of_others_writes_nothing},
    {"a certificate whose binding is taken back signs nobody in",
     a_binding_that_is_taken_back_ends},
    {NULL, NULL},
};
