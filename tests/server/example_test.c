/* example_test.c: every example of every route is asked of a school's books: it gives the status it
 * says, and the answer is what the table says that it is. */
#include "tests/app/school.h"
#include "tests/server/conform.h"
#include "tests/support/suite.h"
#include "tests/support/database.h"
#include <string.h>

static char *key_file;

static void
use_key(FiscServerOptions *options)
{
    options->head_key = key_file;
}

/* Writes need a key of their own each time; what is sent says what it is. */
static char *
headers_of(const FiscRoute *route, const char *sign_in)
{
    g_autofree char *key = g_uuid_string_random();
    const char *type = route->body == FISC_BODY_TEXT ? "text/csv" : "application/json";
    return g_strdup_printf("%sIdempotency-Key: %s\r\n%s%s%s", sign_in, key,
                           route->body != FISC_BODY_NONE ? "Content-Type: " : "",
                           route->body != FISC_BODY_NONE ? type : "",
                           route->body != FISC_BODY_NONE ? "\r\n" : "");
}

static void
run_example(Serving *serving, const FiscRoute *route, const FiscApiExample *example,
            const char *sign_in, GString *faults)
{
    g_autofree char *headers = headers_of(route, sign_in);
    g_auto(ServingAnswer) answer = {0};
    const char *body = example->body != NULL || route->body == FISC_BODY_NONE ? example->body : "";
    if (!serving_request(serving, route->method, example->path, headers, body, &answer)) {
        g_string_append_printf(faults, "%s %s: no answer\n", route->method, example->path);
        return;
    }
    if (answer.status != example->status) {
        g_string_append_printf(faults, "%s %s: %d, not %d: %s\n", route->method, example->path,
                               answer.status, example->status, answer.body);
        return;
    }
    g_autofree char *what = conform_answer(route, &answer);
    if (what != NULL) {
        g_string_append_printf(faults, "%s %s: %s\n", route->method, example->path, what);
    }
}

/* What goes on for ever is not waited for. */
static bool
is_finite(const FiscRoute *route)
{
    return g_strcmp0(route->type, "text/event-stream") != 0;
}

static void
run_examples(Serving *serving, bool is_write, GString *faults)
{
    for (const FiscResource *resource = fisc_resources; resource->tag != NULL; resource++) {
        for (const FiscRoute *route = resource->routes; route->method != NULL; route++) {
            if ((strcmp(route->method, "GET") != 0) != is_write || !is_finite(route)) {
                continue;
            }
            g_autofree char *sign_in = serving_sign_in(serving, "ana");
            for (const FiscApiExample *example = fisc_route_examples(route);
                 example != NULL && example->title != NULL; example++) {
                run_example(serving, route, example, sign_in, faults);
            }
        }
    }
}

static Serving *
serve_school(void)
{
    g_autofree char *folder = fisc_test_folder_new();
    g_autofree char *id = NULL;
    key_file = g_build_filename(folder, "head.key", NULL);
    CU_ASSERT(fisc_flow_head_key(key_file, "test", &id, NULL));
    Serving *serving = serving_new(school_books(), use_key);
    return serving;
}

static void
end(Serving *serving)
{
    g_autofree char *folder = g_path_get_dirname(key_file);
    serving_free(serving);
    fisc_test_folder_remove(folder);
    g_clear_pointer(&key_file, g_free);
}

static void
test_every_question(void)
{
    Serving *serving = serve_school();
    g_autoptr(GString) faults = g_string_new(NULL);
    run_examples(serving, false, faults);
    FISC_ASSERT_TEXT(faults->str, "");
    end(serving);
}

static void
test_every_write(void)
{
    Serving *serving = serve_school();
    g_autoptr(GString) faults = g_string_new(NULL);
    run_examples(serving, true, faults);
    FISC_ASSERT_TEXT(faults->str, "");
    end(serving);
}

const FiscTest fisc_example_tests[] = {
    {"every example of a question is answered as it says", test_every_question},
    {"every example of a write is answered as it says", test_every_write},
    {NULL, NULL},
};
