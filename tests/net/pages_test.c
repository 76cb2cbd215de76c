/* pages_test.c: the peer's lists that are read page by page (pages.py) do what they say. Whoever
 * reads such lists is tested against them; that they go wrong as promised is tested here. */
#include "tests/net/evil.h"
#include "tests/support/suite.h"
#include <jansson.h>
#include <string.h>

extern const FiscTest fisc_pages_tests[];

#define PAGES_MAX 20
#define SEEDS 5

/* What a reader that follows cursors and checks nothing ends up with. */
typedef struct {
    GHashTable *times; /* id -> how often */
    int items;
    int steps_back; /* an id smaller than the one before */
    int pages;
} List;

static void
take_items(List *list, const json_t *items, int *last)
{
    for (size_t i = 0; i < json_array_size(items); i++) {
        const char *id = json_string_value(json_object_get(json_array_get(items, i), "id"));
        CU_ASSERT_PTR_NOT_NULL_FATAL(id);
        int number = (int)g_ascii_strtoll(strrchr(id, '-') + 1, NULL, 10);
        list->steps_back += number < *last;
        *last = number;
        int times = GPOINTER_TO_INT(g_hash_table_lookup(list->times, id));
        g_hash_table_insert(list->times, g_strdup(id), GINT_TO_POINTER(times + 1));
        list->items++;
    }
}

static List
read_list(int seed, const char *fault)
{
    const FiscFetchRules rules = fisc_evil_rules();
    List list = {.times = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
    g_autofree char *cursor = g_strdup("0");
    int last = -1;
    while (cursor != NULL && list.pages++ < PAGES_MAX) {
        g_autofree char *path = g_strdup_printf("/pages/%d/%s?cursor=%s", seed, fault, cursor);
        g_autoptr(FiscFetchReply) reply = NULL;
        g_autoptr(GError) error = NULL;
        CU_ASSERT_TRUE_FATAL(fisc_evil_get(&rules, path, &reply, &error));
        g_autofree char *body = fisc_evil_body(reply);
        json_t *page = json_loads(body, 0, NULL);
        take_items(&list, json_object_get(page, "items"), &last);
        g_free(cursor);
        cursor = g_strdup(json_string_value(json_object_get(page, "next")));
        json_decref(page);
    }
    return list;
}

static void
test_lists_go_wrong_as_they_say(void)
{
    for (int seed = 1; seed <= SEEDS; seed++) {
        List good = read_list(seed, "none");
        int count = good.items;
        FISC_ASSERT_INT(g_hash_table_size(good.times), count);
        FISC_ASSERT_INT(good.steps_back, 0);
        CU_ASSERT_TRUE(count > 30 && good.pages < PAGES_MAX);
        const struct {
            const char *fault;
            int more;     /* items than there are */
            int missing;  /* ids that never come */
            bool is_back; /* out of order */
        } cases[] = {
            {"duplicate", 10, 0, true}, {"missing", -10, 10, false}, {"change", 0, 1, false}};
        for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
            List list = read_list(seed, cases[i].fault);
            FISC_ASSERT_INT(list.items - count, cases[i].more);
            FISC_ASSERT_INT(count - (int)g_hash_table_size(list.times), cases[i].missing);
            FISC_ASSERT_INT(list.steps_back > 0, cases[i].is_back);
            g_hash_table_unref(list.times);
        }
        List reordered = read_list(seed, "reorder");
        FISC_ASSERT_INT(g_hash_table_size(reordered.times), count);
        FISC_ASSERT_INT(reordered.items, count);
        FISC_ASSERT_INT(reordered.steps_back, 1);
        List looped = read_list(seed, "loop");
        FISC_ASSERT_INT(looped.pages, PAGES_MAX + 1); /* nothing but the reader ends it */
        g_hash_table_unref(reordered.times);
        g_hash_table_unref(looped.times);
        g_hash_table_unref(good.times);
    }
}

const FiscTest fisc_pages_tests[] = {
    {"lists that are read page by page go wrong as they say", test_lists_go_wrong_as_they_say},
    {NULL, NULL},
};
