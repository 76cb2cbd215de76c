/* soak_client.c: clients that do their work: they post, ask, sign in, begin jobs. What they send
 * and what they must be told. Those who are no pleasure are in soak_rough.c. */
#include "tests/server/soak_client.h"
#include "tests/server/posting.h"
#include <string.h>

#define REQUESTS_A_LINK 16
#define JOBS_A_KEPT_ONE 16
#define POLL_US 20000

/* Asking -------------------------------------------------------------------------------------- */

void
soak_complain(SoakClient *client, const char *format, ...)
{
    va_list words;
    va_start(words, format);
    if (client->trouble == NULL) {
        client->trouble = g_strdup_vprintf(format, words);
    }
    va_end(words);
}

void
soak_count(SoakClient *client)
{
    client->asked++;
    g_atomic_int_inc(client->requests);
}

bool
soak_ask_any(SoakClient *client, const char *method, const char *path, const char *headers,
             const char *body, ServingAnswer *out_answer)
{
    g_autofree char *request = posting_request(method, path, headers, body);
    if (client->link == NULL) {
        client->link = serving_link_open(client->door->port);
    }
    bool is_answered = serving_link_send(client->link, request, -1) &&
                       serving_link_receive(client->link, false, out_answer);
    const char *word = is_answered ? serving_answer_header(out_answer, "Connection") : "close";
    if (word != NULL && g_ascii_strcasecmp(word, "close") == 0) {
        g_clear_pointer(&client->link, serving_link_free);
    }
    soak_count(client);
    return is_answered;
}

bool
soak_ask(SoakClient *client, const char *method, const char *path, const char *headers,
         const char *body, int status, ServingAnswer *out_answer)
{
    ServingAnswer answer = {0};
    if (!soak_ask_any(client, method, path, headers, body, &answer)) {
        soak_complain(client, "%s %s: no answer", method, path);
        return false;
    }
    if (answer.status != status) {
        soak_complain(client, "%s %s: %d, not %d: %s", method, path, answer.status, status,
                      answer.body);
    }
    bool is_right = answer.status == status;
    if (out_answer != NULL && is_right) {
        *out_answer = answer;
    } else {
        serving_answer_clear(&answer);
    }
    return is_right;
}

char *
soak_headers(const char *who, const char *key)
{
    return g_strdup_printf("%s" JSON_TYPE "Idempotency-Key: %s\r\n", who, key);
}

/* Posts --------------------------------------------------------------------------------------- */

/* A fine: no budget runs out, however long it goes on. */
char *
soak_fine(const char *journal, const char *amount)
{
    return g_strdup_printf(
        "{\"entity\":\"SCH\",\"journal_id\":\"%s\",\"date\":\"2024-03-05\",\"lines\":["
        "{\"gfs_code\":\"3208\",\"debit\":\"%s\",\"counterparty_entity\":\"CORP\"},"
        "{\"gfs_code\":\"143\",\"credit\":\"%s\",\"counterparty_entity\":\"CORP\"}]}",
        journal, amount, amount);
}

int64_t
soak_entry(const ServingAnswer *answer)
{
    const json_t *results = json_object_get(answer->json, "results");
    return json_integer_value(json_object_get(json_array_get(results, 0), "entry"));
}

void
soak_note(SoakClient *client, const char *journal, int64_t entry)
{
    SoakKnown known = {g_strconcat("SCH/", journal, NULL), entry};
    g_array_append_val(client->known, known);
}

/* The very same again: the answer of then, for the same key or, as the chain has it, for another.
 */
static void
repeat(SoakClient *client, const char *headers, const char *body, int status, int64_t entry)
{
    g_auto(ServingAnswer) answer = {0};
    if (soak_ask(client, "POST", "/v1/entries", headers, body, status, &answer) &&
        soak_entry(&answer) != entry) {
        soak_complain(client, "entry %" G_GINT64_FORMAT " became another: %s", entry, answer.body);
    }
}

/* What comes beside a post, in turn. */
static void
post_beside(SoakClient *client, int round, const char *journal, int64_t entry)
{
    const char *who = client->door->writer;
    g_autofree char *other_key = g_strconcat(journal, "-again", NULL);
    g_autofree char *same = soak_headers(who, journal);
    g_autofree char *other = soak_headers(who, other_key);
    g_autofree char *body = soak_fine(journal, "0.01");
    g_autofree char *changed = soak_fine(journal, "0.02");
    g_autofree char *goods = posting_goods(NULL, "9999.00"); /* 300.00 are budgeted */
    g_autofree char *cheap = posting_goods(NULL, "0.10");
    g_autofree char *question = g_strdup_printf("{\"entries\":[%s]}", cheap);
    switch (round % 8) {
    case 1:
        repeat(client, same, body, 201, entry);
        break;
    case 2:
        repeat(client, other, body, 200, entry);
        break;
    case 3:
        soak_ask(client, "POST", "/v1/entries", same, changed, 422, NULL);
        break;
    case 4:
        soak_ask(client, "POST", "/v1/entries?dry_run=true", same, cheap, 200, NULL);
        break;
    case 5:
        soak_ask(client, "POST", "/v1/entries", other, goods, 422, NULL);
        break;
    case 6:
        soak_ask(client, "POST", "/v1/try", same, question, 200, NULL);
        break;
    case 7:
        g_clear_pointer(&client->link, serving_link_free);
        break;
    default:
        break;
    }
}

void
soak_post(SoakClient *client, int round)
{
    g_autofree char *journal = g_strdup_printf("M%d-%d", client->number, round);
    g_autofree char *headers = soak_headers(client->door->writer, journal);
    g_autofree char *body = soak_fine(journal, "0.01");
    g_auto(ServingAnswer) answer = {0};
    if (soak_ask(client, "POST", "/v1/entries", headers, body, 201, &answer)) {
        soak_note(client, journal, soak_entry(&answer));
        post_beside(client, round, journal, soak_entry(&answer));
    }
}

/* Questions ----------------------------------------------------------------------------------- */

static const char *const questions[] = {
    "/v1/funds?entity=SCH&period=2024",
    "/v1/reports/trial-balance?unit=SCH&period=2024",
    "/v1/funds?entity=SCH&period=2024&gfs_code=22",
    "/v1/reports/gfs?unit=SCH&period=2024",
    "/v1/entries/SCH/1",
    "/v1/reports",
    "/v1/funds?entity=SCH&period=2024&format=csv",
    "/v1/reports/budget-execution?unit=SCH&period=2024",
    "/v1/service",
    "/v1/reports/gfs?unit=SCH&period=2024&format=xlsx",
    "/v1/periods",
    "/v1/reports/trial-balance?unit=SCH&period=2024&as_of=2024-02-15",
    "/v1/entries?entity=SCH&limit=50",
    "/v1/reports/gfs?unit=SCH&period=2024&format=csv",
    "/v1/session",
    "/v1/accounts",
    "/v1/book",
    "/v1/entities",
    "/v1/budget-lines?entity=SCH&year=2024",
    "/v1/documents",
    "/v1/jobs",
    "/v1/openapi.json",
    "/metrics",
    "/readyz",
};

int
soak_questions(void)
{
    return (int)G_N_ELEMENTS(questions);
}

/* On a link for some, then on a new one. */
void
soak_read(SoakClient *client, int round)
{
    int at = (round + client->number) % (int)G_N_ELEMENTS(questions);
    soak_ask(client, "GET", questions[at], client->door->reader, NULL, 200, NULL);
    if (round % REQUESTS_A_LINK == 0) {
        g_clear_pointer(&client->link, serving_link_free);
    }
}

/* Sign-ins ------------------------------------------------------------------------------------ */

static void
try_wrong_password(SoakClient *client)
{
    g_autofree char *body = g_strdup_printf("{\"person\":\"%s\",\"password\":\"not the password\"}",
                                            client->door->person);
    soak_ask(client, "POST", "/v1/session", JSON_TYPE, body, 401, NULL);
}

/* Comes in, looks round, goes; and is not known any more. */
void
soak_sign_in(SoakClient *client, int round)
{
    g_autofree char *body = g_strdup_printf("{\"person\":\"%s\",\"password\":\"%s\"}",
                                            client->door->person, client->door->password);
    g_auto(ServingAnswer) session = {0};
    if (round % 4 == 3) {
        try_wrong_password(client);
    }
    if (!soak_ask(client, "POST", "/v1/session", JSON_TYPE, body, 201, &session)) {
        return;
    }
    const char *set = serving_answer_header(&session, "Set-Cookie");
    g_autofree char *cookie = g_strndup(set, strcspn(set, ";"));
    g_autofree char *headers = g_strdup_printf("Cookie: %s\r\nX-Fisc-Csrf: %s\r\n", cookie,
                                               serving_answer_text(&session, "csrf"));
    if (soak_ask(client, "GET", "/v1/session", headers, NULL, 200, NULL) &&
        soak_ask(client, "GET", "/v1/funds?entity=SCH&period=2024", headers, NULL, 200, NULL) &&
        soak_ask(client, "DELETE", "/v1/session", headers, NULL, 204, NULL)) {
        soak_ask(client, "GET", "/v1/session", headers, NULL, 401, NULL);
    }
}

/* Jobs ---------------------------------------------------------------------------------------- */

static bool
is_open(const ServingAnswer *answer)
{
    const char *state = serving_answer_text(answer, "state");
    return strcmp(state, "waiting") == 0 || strcmp(state, "running") == 0;
}

/* The whole book is verified; it has to be clean, whatever is posted meanwhile. */
void
soak_begin_job(SoakClient *client, int round)
{
    const char *who = client->door->writer;
    g_autofree char *key = g_strdup_printf("job-%d", round);
    g_autofree char *end_key = g_strdup_printf("job-%d-end", round);
    g_autofree char *headers = soak_headers(who, key);
    g_autofree char *end_headers = soak_headers(who, end_key);
    g_auto(ServingAnswer) begun = {0};
    if (!soak_ask(client, "POST", "/v1/verifications", headers, "{}", 202, &begun)) {
        return;
    }
    const char *place = serving_answer_header(&begun, "Location");
    g_auto(ServingAnswer) job = {0};
    bool is_told = soak_ask(client, "GET", place, who, NULL, 200, &job);
    while (is_told && is_open(&job)) {
        g_usleep(POLL_US);
        serving_answer_clear(&job);
        is_told = soak_ask(client, "GET", place, who, NULL, 200, &job);
    }
    const json_t *result = is_told ? json_object_get(job.json, "result") : NULL;
    if (is_told && !json_is_true(json_object_get(result, "clean"))) {
        soak_complain(client, "a verification ended with %s", job.body);
    }
    if (is_told && round % JOBS_A_KEPT_ONE != 0) {
        soak_ask(client, "DELETE", place, end_headers, NULL, 204, NULL);
    }
}

/* Housekeeping -------------------------------------------------------------------------------- */

void
soak_client_clear(SoakClient *client)
{
    for (guint i = 0; i < client->known->len; i++) {
        g_free(g_array_index(client->known, SoakKnown, i).reference);
    }
    g_array_unref(client->known);
    g_free(client->trouble);
}
