/* matrix_test.c: every route x every role x own unit, another's, none. What is expected is computed
 * from the route's access and the role's scope, so that a new route is covered by being there. */
#include "tests/server/paths.h"
#include "tests/server/serving.h"
#include "tests/server/two_books.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_matrix_server_tests[];

/* What became of a request, as far as access decides. */
typedef enum { LET_IN, SIGN_IN, HIDDEN, NOT_THE_BOOK, BROKEN } Outcome;
static const char *const outcome_words[] = {"let in", "sign in", "no such unit", "not the book",
                                            "broken"};

static bool
is_detail(const ServingAnswer *answer, const char *text)
{
    return strcmp(serving_answer_text(answer, "detail"), text) == 0;
}

static Outcome
outcome_of(const ServingAnswer *answer)
{
    return answer->status == 401                                                 ? SIGN_IN
           : answer->status == 404 && is_detail(answer, "there is no such unit") ? HIDDEN
           : answer->status == 403 && is_detail(answer, "this takes a view of the whole book")
               ? NOT_THE_BOOK
           : answer->status >= 500 ? BROKEN
                                   : LET_IN;
}

/* Who asks: his header, and whether he sees the whole book. */
typedef struct {
    const char *name;
    char *header;
    bool is_known, sees_all;
} Caller;

static Outcome
expected_of(const FiscRoute *route, const Caller *caller, const char *unit, bool names_unit,
            Outcome got)
{
    bool is_own = unit != NULL && strcmp(unit, OWN) == 0;
    if (route->access == FISC_ACCESS_ANYONE) { /* a sign-in that fails is an answer, too */
        return got == SIGN_IN ? SIGN_IN : LET_IN;
    }
    if (!caller->is_known) {
        return SIGN_IN;
    }
    if (caller->sees_all) {
        return LET_IN;
    }
    if (route->access == FISC_ACCESS_BOOK) {
        return NOT_THE_BOOK;
    }
    bool is_foreign = names_unit && unit != NULL && !is_own;
    return is_foreign || (route->access == FISC_ACCESS_ENTITY && unit == NULL) ? HIDDEN : LET_IN;
}

/* Routes that would end the session of who asks, or never end. */
static bool
is_left_out(const FiscRoute *route)
{
    bool is_ending =
        strcmp(route->method, "DELETE") == 0 && strcmp(route->path, "/v1/session") == 0;
    return is_ending || paths_is_stream(route);
}

/* A unit that the route must have: without one "none" asks for a unit that there is not. */
static bool
needs_unit(const FiscRoute *route)
{
    for (const FiscApiField *field = route->fields; field != NULL && field->name != NULL; field++) {
        if (paths_is_unit(field->name) && (field->is_required || field->place == FISC_IN_PATH)) {
            return true;
        }
    }
    return false;
}

static void
ask(Serving *serving, const FiscRoute *route, const Caller *caller, const char *unit)
{
    ServingAnswer answer = {0};
    PathsRequest request = paths_request(route, unit);
    const char *asked = unit == NULL && needs_unit(route) ? "NONE" : unit;
    g_autofree char *headers = g_strconcat(request.headers, caller->header, NULL);
    g_autofree char *what =
        g_strdup_printf("%s %s as %s", route->method, request.path, caller->name);
    if (serving_request(serving, route->method, request.path, headers, request.body, &answer)) {
        Outcome got = outcome_of(&answer);
        Outcome expected = expected_of(route, caller, asked, request.names_unit, got);
        fisc_assert_text(outcome_words[got], outcome_words[expected], what, __FILE__, __LINE__);
    }
    serving_answer_clear(&answer);
    paths_request_clear(&request);
}

static int
ask_all(Serving *serving, const Caller *caller)
{
    static const char *const units[] = {OWN, OTHER, NULL};
    int count = 0;
    for (const FiscResource *resource = fisc_resources; resource->tag != NULL; resource++) {
        for (const FiscRoute *route = resource->routes; route->method != NULL; route++) {
            for (gsize i = 0; i < G_N_ELEMENTS(units) && !is_left_out(route); i++) {
                ask(serving, route, caller, units[i]);
                count++;
            }
        }
    }
    return count;
}

static Caller
caller_at(Serving *serving, const char *role)
{
    g_autofree char *person = g_strconcat("at-", role, NULL);
    g_autofree char *sql = g_strdup_printf(
        "select count(*) from ledger.master where kind = 'duty' and subject like '%s/%%'"
        " and jsonb_object(fields) ->> 'rights' like '%%V*%%'",
        role);
    g_autofree char *views = books_ask(serving->books, sql);
    return (Caller){role, serving_sign_in(serving, person), true, strcmp(views, "0") != 0};
}

static void
test_matrix(void)
{
    Serving *serving = serving_new(two_books_new(TWO_BOOKS_POOR), NULL);
    g_auto(GStrv) roles = two_books_roles(serving->books);
    Caller nobody = {"nobody", g_strdup(""), false, false};
    int count = ask_all(serving, &nobody);
    CU_ASSERT(g_strv_length(roles) >= 9);
    for (int i = 0; roles[i] != NULL; i++) {
        Caller caller = caller_at(serving, roles[i]);
        count += ask_all(serving, &caller);
        g_free(caller.header);
    }
    CU_ASSERT(count > 300);
    g_free(nobody.header);
    serving_free(serving);
}

/* Not yours, and not there: the same bytes but for the request's own number. */
static void
test_same_bytes(void)
{
    Serving *serving = serving_new(two_books_new(TWO_BOOKS_POOR), NULL);
    static const char *const pairs[][2] = {
        {"/v1/funds?period=2024&entity=" OTHER, "/v1/funds?period=2024&entity=NONE"},
        {"/v1/reports/gfs?period=2024&unit=" OTHER, "/v1/reports/gfs?period=2024&unit=NONE"},
        {"/v1/reports/gfs?period=2024&unit=BOTH", "/v1/reports/gfs?period=2024&unit=NONE"},
        {"/v1/reports/gfs?period=2024&unit=AAA&beside=unit=" OTHER,
         "/v1/reports/gfs?period=2024&unit=AAA&beside=unit=NONE"},
    };
    g_autofree char *header = serving_sign_in(serving, "at-agency_accountant");
    for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++) {
        ServingAnswer one = {0}, two = {0};
        CU_ASSERT_TRUE_FATAL(serving_request(serving, "GET", pairs[i][0], header, NULL, &one));
        CU_ASSERT_TRUE_FATAL(serving_request(serving, "GET", pairs[i][1], header, NULL, &two));
        FISC_ASSERT_INT(one.status, 404);
        json_object_del(one.json, "instance");
        json_object_del(two.json, "instance");
        CU_ASSERT(json_equal(one.json, two.json));
        serving_answer_clear(&one);
        serving_answer_clear(&two);
    }
    serving_free(serving);
}

/* The key of the first figure of a report; "" when there is none. Caller frees. */
static char *
first_key(Serving *serving, const char *header, const char *path)
{
    ServingAnswer answer = {0};
    char *key = g_strdup("");
    size_t at;
    json_t *row, *cell;
    const char *column;
    CU_ASSERT_TRUE_FATAL(serving_request(serving, "GET", path, header, NULL, &answer));
    json_array_foreach(json_object_get(answer.json, "rows"), at, row)
    {
        json_object_foreach(json_object_get(row, "drill"), column, cell)
        {
            if (*key == '\0' && json_is_string(cell)) {
                g_free(key);
                key = g_strdup(json_string_value(cell));
            }
        }
    }
    serving_answer_clear(&answer);
    return key;
}

static void
expect_drill(Serving *serving, const char *header, const char *key, int status)
{
    static const char *const levels[] = {"balances", "entries", "lines", "documents"};
    g_autofree char *escaped = g_uri_escape_string(key, NULL, false);
    for (gsize i = 0; i < G_N_ELEMENTS(levels); i++) {
        ServingAnswer answer = {0};
        g_autofree char *path = g_strdup_printf("/v1/drill?to=%s&key=%s", levels[i], escaped);
        CU_ASSERT_TRUE_FATAL(serving_request(serving, "GET", path, header, NULL, &answer));
        FISC_ASSERT_INT(answer.status, status);
        serving_answer_clear(&answer);
    }
}

/* A key names its unit inside, where no field of the route tells. */
static void
test_figures_of_others(void)
{
    Serving *serving = serving_new(two_books_new(TWO_BOOKS_POOR), NULL);
    g_autofree char *auditor = serving_sign_in(serving, "at-auditor");
    g_autofree char *accountant = serving_sign_in(serving, "at-agency_accountant");
    static const struct {
        const char *unit;
        int status;
    } cases[] = {{OWN, 200}, {"ALONE", 200}, {OTHER, 404}, {"BOTH", 404}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path =
            g_strconcat("/v1/reports/gfs?period=2024&unit=", cases[i].unit, NULL);
        g_autofree char *key = first_key(serving, auditor, path);
        CU_ASSERT(*key != '\0');
        expect_drill(serving, auditor, key, 200);
        expect_drill(serving, accountant, key, cases[i].status);
    }
    serving_free(serving);
}

/* What is cut away is others': of one's own unit one sees what who sees everything sees. */
static void
test_own_figures_are_whole(void)
{
    Serving *serving = serving_new(two_books_new(TWO_BOOKS_RICH), NULL);
    g_autofree char *auditor = serving_sign_in(serving, "at-auditor");
    g_autofree char *accountant = serving_sign_in(serving, "at-agency_accountant");
    static const char *const paths[] = {
        "/v1/reports/gfs?period=2024&unit=" OWN,
        "/v1/reports/gfs?period=2024&unit=ALONE",
        "/v1/reports/gfs?period=2024&unit=ALONE&beside=members",
        "/v1/reports/gfs?period=2024&unit=" OWN "&as_of=2024-02-15",
        "/v1/reports/gfs?period=2024&unit=" OWN "&known_at=3",
        "/v1/reports/trial-balance?period=2024&unit=" OWN,
        "/v1/reports/trial-balance?period=2024&unit=" OWN "&known_at=4",
        "/v1/reports/budget-execution?period=2024&unit=" OWN,
        "/v1/reports/budget-book?period=2024&unit=" OWN,
        "/v1/reports/budget-stages?period=2024&unit=" OWN "&by=economic",
        "/v1/funds?period=2024&entity=" OWN,
        "/v1/entries?entity=" OWN,
        "/v1/entries/AAA/A1",
        "/v1/documents?entity=" OWN,
        "/v1/documents/AAA-D1",
        "/v1/trace/AAA%2FA1",
        "/v1/trace/AAA%2FA9",
        "/v1/budgets/draft/parts/lines?entity=" OWN,
        "/v1/accounts",
        "/v1/entities",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
        ServingAnswer whole = {0}, own = {0};
        CU_ASSERT_TRUE_FATAL(serving_request(serving, "GET", paths[i], auditor, NULL, &whole));
        CU_ASSERT_TRUE_FATAL(serving_request(serving, "GET", paths[i], accountant, NULL, &own));
        fisc_assert_text(own.body, whole.body, paths[i], __FILE__, __LINE__);
        FISC_ASSERT_INT(whole.status, 200);
        serving_answer_clear(&whole);
        serving_answer_clear(&own);
    }
    serving_free(serving);
}

/* Of a grant between two, who sees one of them sees his own entry and the other's name. */
static void
test_one_side_of_a_grant(void)
{
    Serving *serving = serving_new(two_books_new(TWO_BOOKS_RICH), NULL);
    g_autofree char *auditor = serving_sign_in(serving, "at-auditor");
    g_autofree char *accountant = serving_sign_in(serving, "at-agency_accountant");
    static const char path[] = "/v1/reports/transfers?period=2024&unit=" OWN;
    ServingAnswer whole = {0}, own = {0};
    CU_ASSERT_TRUE_FATAL(serving_request(serving, "GET", path, auditor, NULL, &whole));
    CU_ASSERT_TRUE_FATAL(serving_request(serving, "GET", path, accountant, NULL, &own));
    FISC_ASSERT_TEXT(serving_answer_text(&whole, "rows/0/state"), "matched");
    FISC_ASSERT_TEXT(serving_answer_text(&whole, "rows/0/payer_entries"), "BBB/B4");
    FISC_ASSERT_TEXT(serving_answer_text(&own, "rows/0/state"), "one side");
    FISC_ASSERT_TEXT(serving_answer_text(&own, "rows/0/payer"), OTHER);
    FISC_ASSERT_TEXT(serving_answer_text(&own, "rows/0/receiver_amount"), "30.00");
    FISC_ASSERT_TEXT(serving_answer_text(&own, "rows/0/receiver_entries"), "AAA/A3");
    CU_ASSERT_PTR_NULL(strstr(own.body, "B4"));
    CU_ASSERT_PTR_NULL(strstr(own.body, "\"difference\":\"")); /* an empty cell */
    serving_answer_clear(&whole);
    serving_answer_clear(&own);
    serving_free(serving);
}

const FiscTest fisc_matrix_server_tests[] = {
    {"lets every role into every route as its access and scope say", test_matrix},
    {"answers what is not yours as what is not there", test_same_bytes},
    {"shows of one's own unit what who sees everything sees", test_own_figures_are_whole},
    {"shows of a grant one's own side, and of the other its name", test_one_side_of_a_grant},
    {"takes no figure of others apart, by whatever key", test_figures_of_others},
    {NULL, NULL},
};
