/* generated_test.c: requests made from the tables, with good words and bad ones for every field:
 * whatever is asked, nothing breaks, and every answer is what its route or a problem says it is.
 *
 * The seed is printed; FISC_TEST_SEED=N asks the same again. */
#include "tests/app/school.h"
#include "tests/server/conform.h"
#include "tests/support/suite.h"
#include <stdlib.h>
#include <string.h>

#ifdef __SANITIZE_ADDRESS__
#define REQUESTS 300
#else
#define REQUESTS 2000
#endif
#define REQUESTS_OF_A_PERSON 50 /* some of them end their own token */
#define SEED 20241122

static const char *const good_texts[] = {
    "SCH",        "CORP",  "BANK",        "SCH/1",    "SCH/2", "22",       "3308",
    "70912",      "gfs",   "2024",        "budget",   "ana",   "package",  "budget-execution",
    "economic",   "DOC-1", "draft",       "draft@1",  "lines", "cofog",    "trial-balance",
    "entity=SCH", "name",  "entity,name", "quarters", "en",    "gfsm2014",
};

static const char *const bad_texts[] = {
    "",
    " ",
    "/",
    "..",
    "../../etc/passwd",
    "' or 1=1 --",
    "\"; drop table ledger.entry; --",
    "%s%n%d",
    "\xff\xfe",
    "\xe2\x80\xae"
    "fdp.exe",
    "a\nb",
    "a\x1f"
    "b",
    "{",
    "null",
    "-9223372036854775809",
    "99999999999999999999",
    "1e9",
    "2024-02-30",
    "2024-13-01",
    "9999-99",
    "2024-01..2023-01",
    "NaN",
    "\xf0\x9f\x92\xb6",
};

static const char *const accepts[] = {
    "*/*",    "application/json",     "text/csv", "text/html;q=0.5", "application/xml",
    ";;;,q=", "text/plain, */*;q=0.1"};

static const char *
pick(GRand *rand, const char *const *words, gsize count)
{
    return words[g_rand_int_range(rand, 0, (gint32)count)];
}

static bool
chance(GRand *rand, int percent)
{
    return g_rand_int_range(rand, 0, 100) < percent;
}

/* Words ---------------------------------------------------------------------------------------- */

static char *
bad_word(GRand *rand)
{
    return chance(rand, 5) ? g_strnfill(3000, 'x')
                           : g_strdup(pick(rand, bad_texts, G_N_ELEMENTS(bad_texts)));
}

static char *
good_word(GRand *rand, const FiscApiField *field)
{
    static const char *const integers[] = {"0", "1", "2", "5", "100", "2024"};
    static const char *const dates[] = {"2024-01-01", "2024-06-30", "2023-12-31", "2025-02-28"};
    static const char *const periods[] = {"2024", "2024-Q1", "2024-02", "2024-01..2024-07", "2023"};
    static const char *const amounts[] = {"0", "1.50", "-20", "100000000.00"};
    if (field->choices != NULL) {
        g_auto(GStrv) words = g_strsplit(field->choices, " ", -1);
        return g_strdup(words[g_rand_int_range(rand, 0, (gint32)g_strv_length(words))]);
    }
    if (field->example != NULL && chance(rand, 40)) {
        return g_strdup(field->example);
    }
    switch (field->type) {
    case FISC_API_INTEGER:
        return g_strdup(pick(rand, integers, G_N_ELEMENTS(integers)));
    case FISC_API_BOOLEAN:
        return g_strdup(chance(rand, 50) ? "true" : "false");
    case FISC_API_DATE:
        return g_strdup(pick(rand, dates, G_N_ELEMENTS(dates)));
    case FISC_API_PERIOD:
        return g_strdup(pick(rand, periods, G_N_ELEMENTS(periods)));
    case FISC_API_AMOUNT:
        return g_strdup(pick(rand, amounts, G_N_ELEMENTS(amounts)));
    default:
        return g_strdup(pick(rand, good_texts, G_N_ELEMENTS(good_texts)));
    }
}

static char *
word_for(GRand *rand, const FiscApiField *field)
{
    return chance(rand, 75) ? good_word(rand, field) : bad_word(rand);
}

static bool
is_given(GRand *rand, const FiscApiField *field)
{
    return chance(rand, field->is_required ? 95 : 20);
}

/* Bytes of a target that are not plain go as %XX. */
static void
append_escaped(GString *target, const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        if (g_ascii_isalnum(*at) || strchr("-_.", *at) != NULL) {
            g_string_append_c(target, *at);
        } else {
            g_string_append_printf(target, "%%%02X", (guchar)*at);
        }
    }
}

/* Requests ------------------------------------------------------------------------------------- */

static char *
make_target(GRand *rand, const FiscRoute *route)
{
    GString *target = g_string_new(NULL);
    for (const char *at = route->path; *at != '\0'; at++) {
        if (*at != '{') {
            g_string_append_c(target, *at);
            continue;
        }
        const char *begin = at + 1 + (at[1] == '+');
        g_autofree char *name = g_strndup(begin, strcspn(begin, "}"));
        g_autofree char *word = word_for(rand, fisc_api_field(route->fields, FISC_IN_PATH, name));
        append_escaped(target, word);
        at = strchr(at, '}');
    }
    char mark = '?';
    for (const FiscApiField *field = route->fields; field != NULL && field->name != NULL; field++) {
        if (field->place == FISC_IN_QUERY && is_given(rand, field)) {
            g_autofree char *word = word_for(rand, field);
            g_string_append_printf(target, "%c%s=", mark, field->name);
            append_escaped(target, word);
            mark = '&';
        }
    }
    if (chance(rand, 3)) {
        g_string_append_printf(target, "%cunknown=1", mark);
    }
    return g_string_free(target, FALSE);
}

static json_t *make_members(GRand *rand, const FiscApiField *fields, bool is_inner);

static json_t *
make_value(GRand *rand, const FiscApiField *field)
{
    if (chance(rand, 10)) {
        static const char *const odd[] = {"null",       "[]",   "{}",
                                          "1.5",        "true", "[[[1]]]",
                                          "\"x\"",      "-1",   "{\"a\":{\"b\":[1]}}",
                                          "99999999999"};
        return json_loads(pick(rand, odd, G_N_ELEMENTS(odd)), JSON_DECODE_ANY, NULL);
    }
    g_autofree char *word = word_for(rand, field);
    g_autofree char *text = g_utf8_make_valid(word, -1);
    switch (field->type) {
    case FISC_API_INTEGER:
        return json_integer(atoll(text));
    case FISC_API_BOOLEAN:
        return json_boolean(chance(rand, 50));
    case FISC_API_OBJECT:
        return field->fields != NULL ? make_members(rand, field->fields, true)
                                     : json_pack("{s:s}", "programme", text);
    case FISC_API_LIST:
        return json_pack("[o]", field->fields != NULL ? make_members(rand, field->fields, true)
                                                      : json_string(text));
    default:
        return json_string(text);
    }
}

static json_t *
make_members(GRand *rand, const FiscApiField *fields, bool is_inner)
{
    json_t *object = json_object();
    for (const FiscApiField *field = fields; field != NULL && field->name != NULL; field++) {
        if ((field->place == FISC_IN_BODY || is_inner) && is_given(rand, field)) {
            json_object_set_new(object, field->name, make_value(rand, field));
        }
    }
    return object;
}

static char *
make_body(GRand *rand, const FiscRoute *route)
{
    static const char *const texts[] = {
        "",
        "[]",
        "{}",
        "{",
        "\xff",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
        "entity,line\nSCH,1\n",
        SCHOOL_HEADER SCHOOL_GOODS("G1", "2024-04-01", "1.00"),
        SCHOOL_HEADER "1,2024-13-01,SCH,22,x,,,,,,,\n",
        "{\"reference\":\"G2\",\"entity\":\"SCH\",\"date\":\"2024-04-01\",\"lines\":[]}",
        "{\"reference\":1}\n{\"reference\":",
        "{\"a\":1,\"a\":2}",
        "1e999999",
        "\"\\ud800\""};
    if (route->body == FISC_BODY_NONE) {
        return NULL;
    }
    if (route->body != FISC_BODY_JSON || chance(rand, 10)) {
        return g_strdup(pick(rand, texts, G_N_ELEMENTS(texts)));
    }
    json_t *object = make_members(rand, route->fields, false);
    if (chance(rand, 3)) {
        json_object_set_new(object, "unknown", json_true());
    }
    char *text = json_dumps(object, JSON_COMPACT);
    char *own = g_strdup(text);
    free(text);
    json_decref(object);
    return own;
}

static char *
make_headers(GRand *rand, const FiscRoute *route, const char *sign_in)
{
    GString *headers = g_string_new(chance(rand, 97) ? sign_in : "");
    if (chance(rand, 90)) {
        g_string_append_printf(headers, "Idempotency-Key: key-%u\r\n", g_rand_int(rand));
    }
    if (route->body != FISC_BODY_NONE) {
        bool is_text = route->body == FISC_BODY_TEXT || chance(rand, 20);
        g_string_append_printf(headers, "Content-Type: %s\r\n",
                               is_text ? "text/csv" : "application/json");
    }
    if (chance(rand, 30)) {
        g_string_append_printf(headers, "Accept: %s\r\n",
                               pick(rand, accepts, G_N_ELEMENTS(accepts)));
    }
    return g_string_free(headers, FALSE);
}

static GPtrArray *
list_routes(void)
{
    GPtrArray *routes = g_ptr_array_new();
    for (const FiscResource *resource = fisc_resources; resource->tag != NULL; resource++) {
        for (const FiscRoute *route = resource->routes; route->method != NULL; route++) {
            if (g_strcmp0(route->type, "text/event-stream") != 0) {
                g_ptr_array_add(routes, (gpointer)route);
            }
        }
    }
    return routes;
}

/* The route that the target really leads to: a path with an odd word may lead elsewhere. */
static char *
judge(const FiscRoute *route, const ServingAnswer *answer)
{
    /* 503 of /readyz is an answer; whoever is busy says so, and that is no fault. */
    if (answer->status >= 500 && answer->status != 501 && answer->status != 505 &&
        strcmp(route->path, "/readyz") != 0) {
        return g_strdup_printf("%d: %s", answer->status, answer->body);
    }
    return conform_answer(route, answer);
}

static void
ask_one(Serving *serving, GRand *rand, const FiscRoute *route, int number, GString *faults)
{
    g_autofree char *person = g_strdup_printf("person%d", number / REQUESTS_OF_A_PERSON);
    g_autofree char *sign_in = serving_sign_in(serving, person);
    g_autofree char *target = make_target(rand, route);
    g_autofree char *body = make_body(rand, route);
    g_autofree char *headers = make_headers(rand, route, sign_in);
    g_auto(ServingAnswer) answer = {0};
    if (!serving_request(serving, route->method, target, headers, body, &answer)) {
        g_string_append_printf(faults, "%d: %s %s: no answer\n", number, route->method, target);
        return;
    }
    g_autofree char *what = judge(route, &answer);
    if (what != NULL) {
        g_string_append_printf(faults, "%d: %s %s\n  %s\n  %s\n", number, route->method, target,
                               body != NULL ? body : "", what);
    }
}

static void
test_nothing_breaks(void)
{
    const char *given = g_getenv("FISC_TEST_SEED");
    guint32 seed = given != NULL ? (guint32)strtoul(given, NULL, 10) : SEED;
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    g_autoptr(Serving) serving = serving_new(school_books(), NULL);
    g_autoptr(GPtrArray) routes = list_routes();
    g_autoptr(GString) faults = g_string_new(NULL);
    g_print("(seed %u) ", seed);
    for (int i = 0; i < REQUESTS && faults->len < 8000; i++) {
        const FiscRoute *route = routes->pdata[g_rand_int_range(rand, 0, (gint32)routes->len)];
        ask_one(serving, rand, route, i, faults);
    }
    FISC_ASSERT_TEXT(faults->str, "");
    books_expect_whole(serving->books);
}

const FiscTest fisc_generated_tests[] = {
    {"whatever is asked, nothing breaks and every answer is what it says", test_nothing_breaks},
    {NULL, NULL},
};
