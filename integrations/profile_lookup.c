/* profile_lookup.c: which codes the rows of a file have, what the source calls them, and what the
 * map makes of them: the evidence from which codes that no map knows get proposals. Kept only when
 * somebody asks. */
#include "integrations/profile_run.h"
#include <string.h>

void
fisc_lookup_free(gpointer data)
{
    FiscLookup *lookup = data;
    g_free(lookup->file);
    g_free(lookup->value);
    g_free(lookup->code);
    g_free(lookup->title);
    g_free(lookup->result);
    g_free(lookup);
}

GHashTable *
fisc_profile_lookups_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, fisc_lookup_free);
}

static int
compare_lookups(const void *a, const void *b)
{
    const FiscLookup *one = *(const FiscLookup *const *)a, *other = *(const FiscLookup *const *)b;
    int order = strcmp(one->file, other->file);
    order = order != 0 ? order : strcmp(one->value, other->value);
    return order != 0 ? order : strcmp(one->code, other->code);
}

GPtrArray *
fisc_profile_lookups_take(GHashTable *lookups)
{
    GPtrArray *list = g_ptr_array_new_with_free_func(fisc_lookup_free);
    GHashTableIter iter;
    gpointer key, value;
    g_hash_table_iter_init(&iter, lookups);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        g_hash_table_iter_steal(&iter);
        g_free(key);
        g_ptr_array_add(list, value);
    }
    g_ptr_array_sort(list, compare_lookups);
    return list;
}

static FiscLookup *
add_lookup(FiscProfileRun *run, const FiscProfileValue *value, const char *code)
{
    const char *result = fisc_mapping_find(value->mapping, code);
    FiscLookup *lookup = g_new0(FiscLookup, 1);
    lookup->file = g_strdup(run->profile->file);
    lookup->value = g_strdup(value->name);
    lookup->code = g_strdup(code);
    lookup->result = g_strdup(result);
    return lookup;
}

/* The first row that has words gives them. */
static void
take_title(FiscProfileRun *run, const FiscProfileValue *value, FiscLookup *lookup)
{
    if (lookup->title == NULL || *lookup->title == '\0') {
        g_free(lookup->title);
        lookup->title = g_strdup(value->title != NULL ? fisc_profile_fill(run, value->title) : "");
    }
}

void
fisc_profile_note_lookup(FiscProfileRun *run, guint at)
{
    const FiscProfileValue *value = run->profile->values->pdata[at];
    const char *code = fisc_profile_fill(run, value->text);
    g_autofree char *key = g_strjoin("\n", run->profile->file, value->name, code, NULL);
    FiscLookup *lookup = g_hash_table_lookup(run->reader->lookups, key);
    if (lookup == NULL) {
        lookup = add_lookup(run, value, code);
        g_hash_table_insert(run->reader->lookups, g_steal_pointer(&key), lookup);
    }
    lookup->rows += run->is_first_look;
    take_title(run, value, lookup);
}
