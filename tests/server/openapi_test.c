/* openapi_test.c: the description of the API: the committed file is what the tables say, and what
 * the tables say is whole. */
#include "app/server/api.h"
#include "app/server/server.h"
#include "tests/app/books.h"
#include "tests/support/suite.h"
#include <string.h>

typedef void (*EachRoute)(const FiscRoute *route, gpointer data);

static void
each_route(EachRoute each, gpointer data)
{
    for (const FiscResource *resource = fisc_resources; resource->tag != NULL; resource++) {
        for (const FiscRoute *route = resource->routes; route->method != NULL; route++) {
            each(route, data);
        }
    }
}

static void
test_the_committed_file_is_what_the_tables_say(void)
{
    g_autofree char *path = books_source_path("docs/openapi.yaml");
    g_autofree char *committed = NULL;
    g_autofree char *made = fisc_openapi_yaml();
    CU_ASSERT_FATAL(g_file_get_contents(path, &committed, NULL, NULL));
    if (strcmp(committed, made) != 0) {
        gsize same = 0;
        while (committed[same] == made[same]) {
            same++;
        }
        g_print(
            "docs/openapi.yaml differs at \"%.60s\"; make it again with: fisc serve --openapi\n",
            made + same);
        CU_FAIL("docs/openapi.yaml is not what the tables say");
    }
}

static void
check_operation(const FiscRoute *route, gpointer data)
{
    g_autofree char *key = g_strdup_printf("%s %s", route->method, route->path);
    bool is_new = g_hash_table_add(data, g_strdup(route->operation));
    bool is_alone = g_hash_table_add(data, g_steal_pointer(&key));
    if (!is_new || !is_alone) {
        g_print("%s stands twice\n", route->operation);
    }
    CU_ASSERT(is_new && is_alone);
}

static void
test_operations_are_unique(void)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    each_route(check_operation, seen);
    CU_ASSERT(g_hash_table_size(seen) > 100);
}

/* Collects what is wrong with a field, and with those inside. */
static void
check_field(const FiscApiField *field, const FiscRoute *route, GString *faults)
{
    bool is_silent = field->meaning == NULL || *field->meaning == '\0';
    if (is_silent || g_str_has_suffix(field->meaning, ".")) {
        g_string_append_printf(faults, "%s: %s: %s\n", route->operation, field->name,
                               is_silent ? "no meaning" : "its meaning ends with a full stop");
    }
    for (const FiscApiField *inner = field->fields; inner != NULL && inner->name != NULL; inner++) {
        check_field(inner, route, faults);
    }
}

static bool
has_example(const FiscRoute *route)
{
    const FiscApiExample *examples = fisc_route_examples(route);
    return examples != NULL && examples->title != NULL;
}

static void
check_words(const FiscRoute *route, gpointer data)
{
    GString *faults = data;
    if (route->summary == NULL || *route->summary == '\0' ||
        g_str_has_suffix(route->summary, ".")) {
        g_string_append_printf(faults, "%s: its summary\n", route->operation);
    }
    if (!has_example(route)) {
        g_string_append_printf(faults, "%s: no example\n", route->operation);
    }
    if (route->answer != NULL && (route->answer->name == NULL || route->answer->meaning == NULL)) {
        g_string_append_printf(faults, "%s: its answer has no name\n", route->operation);
    }
    for (const FiscApiField *field = route->fields; field != NULL && field->name != NULL; field++) {
        check_field(field, route, faults);
    }
    const FiscApiShape *shape = route->answer;
    for (const FiscApiField *field = shape != NULL ? shape->fields : NULL;
         field != NULL && field->name != NULL; field++) {
        check_field(field, route, faults);
    }
}

static void
test_every_route_says_what_it_does(void)
{
    g_autoptr(GString) faults = g_string_new(NULL);
    each_route(check_words, faults);
    FISC_ASSERT_TEXT(faults->str, "");
}

/* Every name in the path is a field of the path, and the reverse. */
static void
check_path(const FiscRoute *route, gpointer data)
{
    GString *faults = data;
    int names = 0, fields = 0;
    for (const char *at = strchr(route->path, '{'); at != NULL; at = strchr(at + 1, '{')) {
        const char *begin = at + 1 + (at[1] == '+');
        g_autofree char *name = g_strndup(begin, strcspn(begin, "}"));
        const FiscApiField *field = fisc_api_field(route->fields, FISC_IN_PATH, name);
        if (field == NULL || !field->is_required) {
            g_string_append_printf(faults, "%s: {%s}\n", route->operation, name);
        }
        names++;
    }
    for (const FiscApiField *field = route->fields; field != NULL && field->name != NULL; field++) {
        fields += field->place == FISC_IN_PATH;
    }
    if (names != fields) {
        g_string_append_printf(faults, "%s: %d names, %d fields\n", route->operation, names,
                               fields);
    }
}

static void
test_paths_and_fields_agree(void)
{
    g_autoptr(GString) faults = g_string_new(NULL);
    each_route(check_path, faults);
    FISC_ASSERT_TEXT(faults->str, "");
}

/* Two answers of one name are one schema: they have to be the same. */
static void
check_shape(const FiscRoute *route, gpointer data)
{
    if (route->answer == NULL) {
        return;
    }
    const FiscApiShape *first = g_hash_table_lookup(data, route->answer->name);
    if (first == NULL) {
        g_hash_table_insert(data, (gpointer)route->answer->name, (gpointer)route->answer);
    } else if (first->fields != route->answer->fields) {
        g_print("%s: another answer is called %s\n", route->operation, first->name);
        CU_FAIL("two answers of one name");
    }
}

static void
test_answers_of_one_name_are_one(void)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (const FiscApiShape *shape = fisc_shared_shapes; shape->name != NULL; shape++) {
        g_hash_table_insert(seen, (gpointer)shape->name, (gpointer)shape);
    }
    each_route(check_shape, seen);
    CU_ASSERT(g_hash_table_size(seen) > 10);
}

/* What every reference leads to is there. */
static void
check_references(const json_t *root, const json_t *value, GString *faults)
{
    const char *key;
    json_t *member;
    size_t at;
    const char *path = json_string_value(json_object_get(value, "$ref"));
    if (path != NULL) {
        g_auto(GStrv) words = g_strsplit(path, "/", -1);
        const json_t *found = root;
        for (char **word = words + 1; words[0] != NULL && *word != NULL; word++) {
            found = json_object_get(found, *word);
        }
        if (found == NULL) {
            g_string_append_printf(faults, "%s\n", path);
        }
    }
    json_object_foreach((json_t *)value, key, member)
    {
        check_references(root, member, faults);
    }
    json_array_foreach((json_t *)value, at, member)
    {
        check_references(root, member, faults);
    }
}

static void
test_no_reference_leads_nowhere(void)
{
    json_t *root = fisc_openapi_value();
    g_autoptr(GString) faults = g_string_new(NULL);
    FISC_ASSERT_TEXT(json_string_value(json_object_get(root, "openapi")), "3.1.0");
    CU_ASSERT(json_object_size(json_object_get(root, "paths")) > 50);
    check_references(root, root, faults);
    FISC_ASSERT_TEXT(faults->str, "");
    json_decref(root);
}

/* A row "| `CODE` | 422 |", or for what an accepted entry is told "| `CODE` |". */
static void
check_code(const char *doc, const char *code, int status)
{
    g_autofree char *row = status == 200 ? g_strdup_printf("| `%s` | ", code)
                                         : g_strdup_printf("| `%s` | %d | ", code, status);
    if (strstr(doc, row) == NULL) {
        g_print("docs/api.md has no row %s\n", row);
        CU_FAIL("a code is missing in docs/api.md");
    }
}

static void
test_the_manual_has_every_code(void)
{
    g_autofree char *path = books_source_path("docs/api.md");
    g_autofree char *doc = NULL;
    CU_ASSERT_FATAL(g_file_get_contents(path, &doc, NULL, NULL));
    for (int code = 0; code < FISC_ERROR_COUNT; code++) {
        check_code(doc, fisc_error_name((FiscError)code), fisc_error_http_status((FiscError)code));
    }
    for (const FiscApiProblem *problem = fisc_api_problems; problem->code != NULL; problem++) {
        check_code(doc, problem->code, problem->status);
    }
}

const FiscTest fisc_openapi_tests[] = {
    {"the committed file is what the tables say", test_the_committed_file_is_what_the_tables_say},
    {"operations and routes are unique", test_operations_are_unique},
    {"every route says what it does, with an example and what it means",
     test_every_route_says_what_it_does},
    {"names in paths are fields, and fields are names", test_paths_and_fields_agree},
    {"answers of one name are one", test_answers_of_one_name_are_one},
    {"the manual has every code of a problem, with its status", test_the_manual_has_every_code},
    {"no reference leads nowhere", test_no_reference_leads_nowhere},
    {NULL, NULL},
};
