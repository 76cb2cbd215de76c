/* tls_test.c: TLS with certificates made for the test: of the server, and of clients whose
 * authority is trusted or not. */
#include "tests/server/transport.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"
#include <gnutls/gnutls.h>
#include <string.h>

#define REQUEST "GET /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

int fisc_tls_set_up(void);
int fisc_tls_tear_down(void);

static char *folder; /* of the certificates */

static char *
path_of(const char *name, const char *suffix)
{
    g_autofree char *file = g_strconcat(name, suffix, NULL);
    return g_build_filename(folder, file, NULL);
}

static void
run_openssl(const char *command)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *line =
        g_strdup_printf("sh -c 'cd %s && { %s; } 2>/dev/null'", folder, command);
    int status = 0;
    if (!g_spawn_command_line_sync(line, NULL, NULL, &status, &error) || status != 0) {
        g_error("%s: %s", command, error != NULL ? error->message : "it failed");
    }
}

static void
make_authority(const char *name)
{
    g_autofree char *command = g_strdup_printf(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 "
        "-subj \"/CN=%s\" -keyout %s.key -out %s.pem",
        name, name, name);
    run_openssl(command);
}

static void
make_certificate(const char *authority, const char *name, const char *subject, const char *use)
{
    g_autofree char *command = g_strdup_printf(
        "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj \"%s\" "
        "-keyout %s.key -out %s.csr && printf "
        "\"extendedKeyUsage=%s\\nsubjectAltName=DNS:localhost\" "
        "> %s.ext && openssl x509 -req -in %s.csr -CA %s.pem -CAkey %s.key -CAcreateserial -days 2 "
        "-extfile %s.ext -out %s.pem",
        subject, name, name, use, name, name, authority, authority, name, name);
    run_openssl(command);
}

int
fisc_tls_set_up(void)
{
    folder = fisc_test_folder_new();
    make_authority("ministry");
    make_authority("stranger");
    make_certificate("ministry", "server", "/CN=localhost", "serverAuth");
    make_certificate("ministry", "bank", "/C=ES/O=Bank, of all/CN=bank", "clientAuth");
    make_certificate("stranger", "forger", "/C=ES/O=Bank, of all/CN=bank", "clientAuth");
    return 0;
}

int
fisc_tls_tear_down(void)
{
    fisc_test_folder_remove(folder);
    g_clear_pointer(&folder, g_free);
    return 0;
}

static void
use_tls(FiscHttpOptions *options)
{
    static char *cert, *key, *ca;
    g_free(cert);
    g_free(key);
    g_free(ca);
    options->tls_cert = cert = path_of("server", ".pem");
    options->tls_key = key = path_of("server", ".key");
    options->tls_client_ca = ca = path_of("ministry", ".pem");
    options->limits.head_ms = 2000;
}

/* A client that checks the server by the authority, and shows a certificate or none. */
typedef struct {
    gnutls_certificate_credentials_t credentials;
    gnutls_session_t session;
    ServingLink *link;
} Client;

static void
client_open(Client *client, int port, const char *name, const char *priorities)
{
    g_autofree char *ca = path_of("ministry", ".pem");
    gnutls_certificate_allocate_credentials(&client->credentials);
    gnutls_certificate_set_x509_trust_file(client->credentials, ca, GNUTLS_X509_FMT_PEM);
    if (name != NULL) {
        g_autofree char *cert = path_of(name, ".pem");
        g_autofree char *key = path_of(name, ".key");
        FISC_ASSERT_INT(gnutls_certificate_set_x509_key_file(client->credentials, cert, key,
                                                             GNUTLS_X509_FMT_PEM),
                        0);
    }
    /* Shows what it has, whichever authorities the server names. */
    gnutls_init(&client->session, GNUTLS_CLIENT | GNUTLS_FORCE_CLIENT_CERT);
    gnutls_priority_set_direct(client->session, priorities, NULL);
    gnutls_credentials_set(client->session, GNUTLS_CRD_CERTIFICATE, client->credentials);
    gnutls_server_name_set(client->session, GNUTLS_NAME_DNS, "localhost", strlen("localhost"));
    gnutls_session_set_verify_cert(client->session, "localhost", 0);
    client->link = serving_link_open(port);
    gnutls_transport_set_int(client->session, serving_link_socket(client->link));
}

static void
client_close(Client *client)
{
    gnutls_deinit(client->session);
    gnutls_certificate_free_credentials(client->credentials);
    serving_link_free(client->link);
}

/* Everything the server says to a request; "" when it does not talk to such a client. */
static char *
client_ask(Client *client, const char *request)
{
    GString *said = g_string_new(NULL);
    char block[4096];
    int status = GNUTLS_E_AGAIN;
    while (status < 0 && !gnutls_error_is_fatal(status)) {
        status = gnutls_handshake(client->session);
    }
    if (status == 0 && gnutls_record_send(client->session, request, strlen(request)) > 0) {
        ssize_t count;
        while ((count = gnutls_record_recv(client->session, block, sizeof(block))) > 0) {
            g_string_append_len(said, block, count);
        }
    }
    return g_string_free(said, FALSE);
}

static char *
ask_as(const Transport *transport, const char *name, const char *priorities)
{
    Client client;
    client_open(&client, transport->port, name, priorities);
    char *said = client_ask(&client, REQUEST);
    client_close(&client);
    return said;
}

static void
test_speaks_tls(void)
{
    static const char *const priorities[] = {"NORMAL:-VERS-ALL:+VERS-TLS1.3",
                                             "NORMAL:-VERS-ALL:+VERS-TLS1.2"};
    g_autoptr(Transport) transport = transport_new(use_tls);
    for (gsize i = 0; i < G_N_ELEMENTS(priorities); i++) {
        g_autofree char *said = ask_as(transport, NULL, priorities[i]);
        FISC_ASSERT_CONTAINS(said, "HTTP/1.1 200 ");
        FISC_ASSERT_CONTAINS(said, "\"secure\":true");
        FISC_ASSERT_CONTAINS(said, "\"peer\":null");
    }
}

static void
test_knows_clients_by_their_certificates(void)
{
    g_autoptr(Transport) transport = transport_new(use_tls);
    g_autofree char *bank = ask_as(transport, "bank", "NORMAL");
    FISC_ASSERT_CONTAINS(bank, "\"peer\":\"CN=bank,O=Bank\\\\, of all,C=ES\"");
}

static void
test_lets_no_other_certificates_in(void)
{
    static const struct {
        const char *name, *priorities;
    } cases[] = {
        {"forger", "NORMAL"}, /* of another authority, the same subject */
        {"forger", "NORMAL:-VERS-ALL:+VERS-TLS1.2"},
        {"server", "NORMAL"}, /* of the authority, but not for clients */
        {NULL, "NORMAL:-VERS-ALL:+VERS-TLS1.1:+VERS-TLS1.0"},
    };
    g_autoptr(Transport) transport = transport_new(use_tls);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *said = ask_as(transport, cases[i].name, cases[i].priorities);
        FISC_ASSERT_TEXT(said, "");
    }
    FISC_ASSERT_INT(transport_handled(transport), 0);
}

static void
test_closes_who_speaks_no_tls(void)
{
    g_autoptr(Transport) transport = transport_new(use_tls);
    static const char *const words[] = {REQUEST, "\x16\x03\x01\x02", ""};
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        g_autoptr(ServingLink) link = serving_link_open(transport->port);
        char block[256];
        serving_link_send(link, words[i], -1);
        while (serving_link_read(link, block, sizeof(block)) > 0) { /* an alert, perhaps */
            CU_ASSERT(memcmp(block, "HTTP", 4) != 0);
        }
    }
    FISC_ASSERT_INT(transport_handled(transport), 0);
    CU_ASSERT(transport_wait_for_connections(transport, 0));
}

static void
test_sends_long_answers_through_tls(void)
{
    g_autoptr(Transport) transport = transport_new(use_tls);
    Client client;
    client_open(&client, transport->port, NULL, "NORMAL");
    g_autofree char *said =
        client_ask(&client, "GET /long HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    const char *body = strstr(said, "\r\n\r\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(body);
    FISC_ASSERT_INT(strlen(body + 4), TRANSPORT_LONG);
    client_close(&client);
}

static void
test_does_not_open_without_its_certificate(void)
{
    g_autofree char *cert = path_of("server", ".pem");
    g_autofree char *other_key = path_of("bank", ".key");
    g_autofree char *empty = path_of("server", ".ext");
    const struct {
        const char *cert, *key, *ca;
    } cases[] = {
        {cert, other_key, NULL},
        {cert, NULL, NULL},
        {"/nowhere.pem", other_key, NULL},
        {empty, other_key, NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        FiscHttpOptions options = {.listen = "127.0.0.1:0",
                                   .tls_cert = cases[i].cert,
                                   .tls_key = cases[i].key,
                                   .tls_client_ca = cases[i].ca};
        g_autoptr(GError) error = NULL;
        FiscHttp *http = NULL;
        CU_ASSERT_FALSE(fisc_http_open(&options, &http, &error));
        CU_ASSERT_PTR_NULL(http);
        CU_ASSERT_PTR_NOT_NULL(error);
    }
}

const FiscTest fisc_tls_tests[] = {
    {"speaks TLS 1.2 and 1.3", test_speaks_tls},
    {"knows clients by their certificates", test_knows_clients_by_their_certificates},
    {"lets no other certificates in", test_lets_no_other_certificates_in},
    {"closes connections of who speaks no TLS", test_closes_who_speaks_no_tls},
    {"sends long answers through TLS", test_sends_long_answers_through_tls},
    {"does not open without its certificate", test_does_not_open_without_its_certificate},
    {NULL, NULL},
};
