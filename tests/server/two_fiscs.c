/* two_fiscs.c: see two_fiscs.h. */
#include "tests/server/two_fiscs.h"
#include "app/flows/signin.h"
#include "core/base/sign.h"
#include "fisc/feeder.h"
#include "tests/integrations/fixture.h"
#include "tests/support/suite.h"
#include <string.h>

#define HEADER CITY_HEADER
#define PAYS                                                                                       \
    "P1,2024-02-01,STA,2631,500.00,,CIT,7018,,T-1\nP1,2024-02-01,STA,3202,,500.00,BANK,,26,T-1\n"
#define CITY_ENTITIES                                                                              \
    "entity,name,sector,cp_code,reporting,currency\nSTATE,The State,S1311,11,Y,EUR\n"              \
    "CITY,A city,S1313,11,Y,EUR\nBANKS,Banks,S12202,132,N,EUR\n"

/* ---- who is between them ---- */

static json_t *
items_of(json_t *document)
{
    return json_object_get(json_object_get(document, "proof"), "items");
}

static void
spoil_document(Fault fault, json_t *document)
{
    json_t *items = items_of(document);
    json_t *entry = json_object_get(json_array_get(items, 0), "entry");
    if (fault == ALTERED) {
        json_t *line = json_array_get(json_object_get(entry, "lines"), 0);
        json_object_set_new(line, "amount", json_string("90000"));
    } else if (fault == FEWER) {
        json_array_remove(items, 0);
    } else if (fault == SWAPPED) {
        json_t *first = json_incref(json_array_get(items, 0));
        json_array_remove(items, 0);
        json_array_insert_new(items, 1, first);
    } else if (fault == OTHER_KEY) {
        json_t *proof = json_object_get(document, "proof");
        const char *head = json_string_value(json_object_get(proof, "head"));
        g_autofree char *other = g_strdup(head);
        char *signature = strstr(other, "signed-by ") + strlen("signed-by ") + 20;
        *signature = *signature == '0' ? '1' : '0';
        json_object_set_new(proof, "head", json_string(other));
    }
}

/* What is passed on instead of @body; caller frees. */
static char *
spoil(Fault fault, const char *path, const char *body, gsize *length)
{
    bool is_document = strstr(path, "/v1/sealed/") != NULL;
    if (fault == LIST && strstr(path, "/v1/sealed?") != NULL) {
        char *list = g_strdup(body);
        char *count = strstr(list, "2024-02 ");
        count[strlen("2024-02 ")]--;
        return list;
    }
    if (is_document && fault == CUT) {
        *length /= 2;
        return g_strndup(body, *length);
    }
    if (!is_document || fault == HONEST || fault == LIST) {
        return g_strdup(body);
    }
    json_t *document = json_loads(body, 0, NULL);
    spoil_document(fault, document);
    char *text = json_dumps(document, JSON_COMPACT);
    char *copy = g_strdup(text);
    free(text);
    json_decref(document);
    *length = strlen(copy);
    return copy;
}

static void
answer(GOutputStream *out, int status, const char *type, const char *body, gsize length)
{
    g_autofree char *head = g_strdup_printf("HTTP/1.1 %d X\r\nContent-Type: %s\r\n"
                                            "Content-Length: %zu\r\nConnection: close\r\n\r\n",
                                            status, type, length);
    g_output_stream_write_all(out, head, strlen(head), NULL, NULL, NULL);
    g_output_stream_write_all(out, body, length, NULL, NULL, NULL);
}

/* One request: its first line and what lets it in go on, the answer comes back spoiled. */
static gboolean
pass_on(GThreadedSocketService *service, GSocketConnection *connection, GObject *source,
        gpointer data)
{
    Between *between = data;
    g_autoptr(GDataInputStream) in =
        g_data_input_stream_new(g_io_stream_get_input_stream(G_IO_STREAM(connection)));
    GOutputStream *out = g_io_stream_get_output_stream(G_IO_STREAM(connection));
    g_autofree char *first = g_data_input_stream_read_line(in, NULL, NULL, NULL);
    g_auto(GStrv) words = g_strsplit(first != NULL ? first : "", " ", 3);
    g_autofree char *allow = g_strdup("");
    g_auto(ServingAnswer) got = {0};
    (void)service;
    (void)source;
    for (;;) {
        g_autofree char *line = g_data_input_stream_read_line(in, NULL, NULL, NULL);
        g_strchomp(line != NULL ? line : first);
        if (line == NULL || *line == '\0') {
            break;
        }
        if (g_ascii_strncasecmp(line, "Authorization:", 14) == 0) {
            g_free(allow);
            allow = g_strconcat(line, "\r\n", NULL);
        }
    }
    Fault fault = (Fault)g_atomic_int_get(&between->fault);
    if (g_strv_length(words) < 2 || fault == DOWN ||
        !node_ask(g_atomic_int_get(&between->to), "GET", words[1], allow, NULL, &got)) {
        answer(out, 503, "text/plain", "", 0);
        return TRUE;
    }
    const char *type = serving_answer_header(&got, "Content-Type");
    gsize length = got.length;
    g_autofree char *path = g_strdup(words[1]);
    if (strstr(path, "/v1/sealed/") != NULL) {
        g_atomic_int_inc(&between->asked);
    }
    g_autofree char *body =
        got.status == 200 ? spoil(fault, path, got.body, &length) : g_strdup(got.body);
    answer(out, got.status, type != NULL ? type : "text/plain", body, length);
    return TRUE;
}

static gpointer
serve(gpointer data)
{
    Between *between = data;
    g_main_context_push_thread_default(between->context);
    g_autoptr(GError) error = NULL;
    between->service = g_threaded_socket_service_new(4);
    int port =
        g_socket_listener_add_any_inet_port(G_SOCKET_LISTENER(between->service), NULL, &error);
    g_assert_no_error(error);
    g_signal_connect(between->service, "run", G_CALLBACK(pass_on), between);
    g_socket_service_start(between->service);
    g_atomic_int_set(&between->port, port);
    g_main_loop_run(between->loop);
    g_socket_service_stop(between->service);
    g_socket_listener_close(G_SOCKET_LISTENER(between->service));
    g_object_unref(between->service);
    g_main_context_pop_thread_default(between->context);
    return NULL;
}

static void
between_start(Between *between, int to)
{
    between->context = g_main_context_new();
    between->loop = g_main_loop_new(between->context, FALSE);
    g_atomic_int_set(&between->to, to);
    between->thread = g_thread_new("between", serve, between);
    while (g_atomic_int_get(&between->port) == 0) {
        g_usleep(1000);
    }
}

static void
between_stop(Between *between)
{
    g_main_loop_quit(between->loop);
    g_thread_join(between->thread);
    g_main_loop_unref(between->loop);
    g_main_context_unref(between->context);
}

/* ---- the two books ---- */

static void
fill_city(Books *books, const void *data G_GNUC_UNUSED)
{
    books_must_load_entities(books, CITY_ENTITIES);
    books_set_period(books, "2024", "open");
    books_must_post(books, HEADER CITY_GETS("R1", "2024-02-03", "500.00", "T-1")
                               CITY_GETS("R2", "2024-02-20", "70.00", "")
                                   CITY_GETS("R3", "2024-03-02", "30.00", ""));
}

static void
fill_state(Books *books, const void *data G_GNUC_UNUSED)
{
    g_autofree char *entities = NULL;
    g_autofree char *path = books_source_path("examples/another-fisc/entities.csv");
    g_assert(g_file_get_contents(path, &entities, NULL, NULL));
    books_must_load_entities(books, entities);
    books_set_period(books, "2024", "open");
    books_must_post(books, HEADER PAYS);
}

char *
two_fiscs_sign_in(Books *books)
{
    char token[FISC_SECRET_TEXT] = "";
    FiscContext own = books->ctx;
    g_autofree char *name = g_uuid_string_random();
    FiscTokenWords words = {.person = "ana", .name = name, .uses = "admin"};
    g_autoptr(GError) error = NULL;
    own.actor = "ana";
    if (!fisc_flow_token_make(&own, &words, token, &error)) {
        g_error("%s", error->message);
    }
    return g_strdup_printf("Authorization: Bearer %s\r\n", token);
}

/* What the feeder's word secret=city names. */
static void
write_secret(const TwoFiscs *fiscs)
{
    g_autofree char *header = two_fiscs_sign_in(fiscs->city);
    g_autofree char *path = g_build_filename(fiscs->folder, "city", NULL);
    g_assert(g_file_set_contents(path, header + strlen("Authorization: Bearer "), -1, NULL));
}

void
two_fiscs_trust(TwoFiscs *fiscs, const char *key)
{
    g_autofree char *text = g_strdup_printf(
        "feeder,title,entities,connector,at,documents,read,trust\n"
        "city,A city,CIT,fisc,http://127.0.0.1:%d/,sealed-*.json=entries.csv,each,"
        "seal=%s;units=CITY;secret=city;http=yes;private=127.0.0.1:%d;total_s=60\n",
        g_atomic_int_get(&fiscs->between.port), key, g_atomic_int_get(&fiscs->between.port));
    g_autofree char *map = books_source_path("examples/another-fisc/map");
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autoptr(FiscMapAnswer) answer_of_map = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *document = NULL;
    if (!fisc_flow_feeder_put(&fiscs->state->ctx, text, strlen(text), "test", &document, &receipt,
                              refusals, &error) ||
        !fisc_flow_feeder_map(&fiscs->state->ctx, "city", map, 0, NULL, &answer_of_map, refusals,
                              &error)) {
        g_error("%s", error->message);
    }
    g_autofree char *refused = books_first_refusal(refusals);
    FISC_ASSERT_TEXT(refused, "");
}

Books *
two_fiscs_city(void)
{
    return books_filled("city", fill_city, NULL);
}

void
two_fiscs_serve(TwoFiscs *fiscs, Books *city)
{
    node_kill(fiscs->node);
    g_free(fiscs->node->words[1]);
    fiscs->node->words[1] = g_strdup(city->admin);
    fiscs->city = city;
    write_secret(fiscs);
    node_restart(fiscs->node);
    g_atomic_int_set(&fiscs->between.to, g_atomic_int_get(&fiscs->node->port));
}

TwoFiscs *
two_fiscs_new(void)
{
    TwoFiscs *fiscs = g_new0(TwoFiscs, 1);
    g_autoptr(FiscSignKey) key = NULL;
    g_autofree char *id = NULL;
    fiscs->folder = g_dir_make_tmp("fisc-sealed-XXXXXX", NULL);
    g_autofree char *key_file = g_build_filename(fiscs->folder, "head.key", NULL);
    g_autofree char *option = g_strconcat("--head-key=", key_file, NULL);
    g_assert(fisc_flow_head_key(key_file, "city", &id, NULL) &&
             fisc_sign_key_load(key_file, &key, NULL));
    g_autofree char *public_key = fisc_sign_key_text(key);
    fiscs->city = two_fiscs_city();
    fiscs->state = books_filled("state", fill_state, NULL);
    write_secret(fiscs);
    fiscs->node = node_start("--db", fiscs->city->admin, option);
    between_start(&fiscs->between, g_atomic_int_get(&fiscs->node->port));
    two_fiscs_trust(fiscs, public_key);
    return fiscs;
}

void
two_fiscs_free(TwoFiscs *fiscs)
{
    between_stop(&fiscs->between);
    node_free(fiscs->node);
    books_free(fiscs->city);
    books_free(fiscs->state);
    fixture_remove(fiscs->folder);
    g_free(fiscs);
}

char *
two_fiscs_pull(TwoFiscs *fiscs, Fault fault)
{
    static const char *const feeders[] = {"city", NULL};
    const FiscPullOrder order = {.feeders = feeders, .secrets_dir = fiscs->folder, .tries = 1};
    g_autoptr(FiscPullReport) report = NULL;
    g_autoptr(GError) error = NULL;
    int posted = 0;
    g_atomic_int_set(&fiscs->between.fault, fault);
    if (!fisc_flow_pull(&fiscs->state->ctx, &order, &report, &error)) {
        g_error("%s", error->message);
    }
    for (guint i = 0; i < report->runs->len; i++) {
        posted += ((const FiscPullRun *)report->runs->pdata[i])->posted;
    }
    const FiscPullRun *last = report->runs->pdata[report->runs->len - 1];
    const char *word = fisc_pull_outcome_word(last->outcome);
    return last->outcome == FISC_PULL_POSTED || last->outcome == FISC_PULL_UNCHANGED
               ? g_strdup_printf("%u %s %d", report->runs->len, word, posted)
               : g_strdup_printf("%s %s", word, last->reason);
}

void
two_fiscs_expect_pull(TwoFiscs *fiscs, const char *expected)
{
    g_autofree char *told = two_fiscs_pull(fiscs, HONEST);
    FISC_ASSERT_TEXT(told, expected);
    books_expect_whole(fiscs->state);
}
