/* layers.c: what was reported, and what was put right beside it. Each amount is of one layer, so
 * statements of the layers add up to the statement of all of them. */
#include "reporting/layers.h"
#include <string.h>

#define REPORTED "reported"

static bool
is_all(const char *asked)
{
    return asked == NULL || strcmp(asked, "all") == 0;
}

bool
fisc_layers_count(const char *asked, const char *layer)
{
    if (is_all(asked)) {
        return true;
    }
    const char *wanted = *layer != '\0' ? layer : REPORTED;
    g_auto(GStrv) words = g_strsplit(asked, ",", -1);
    return g_strv_contains((const char *const *)words, wanted);
}

static GHashTable *
layers_of(const FiscBalances *balances)
{
    GHashTable *layers = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < balances->codings->len; i++) {
        const FiscCoding *coding = balances->codings->pdata[i];
        if (*coding->dim[FISC_DIM_LAYER] != '\0') {
            g_hash_table_add(layers, (void *)coding->dim[FISC_DIM_LAYER]);
        }
    }
    return layers;
}

static char *
list_of(GHashTable *layers)
{
    g_autoptr(GList) names = g_list_sort(g_hash_table_get_keys(layers), (GCompareFunc)strcmp);
    g_autoptr(GString) list = g_string_new(REPORTED);
    for (GList *name = names; name != NULL; name = name->next) {
        g_string_append_printf(list, ", %s", (const char *)name->data);
    }
    return g_string_free(g_steal_pointer(&list), FALSE);
}

bool
fisc_layers_check(const char *asked, const FiscBalances *balances, GError **error)
{
    if (is_all(asked)) {
        return true;
    }
    g_autoptr(GHashTable) layers = layers_of(balances);
    g_auto(GStrv) words = g_strsplit(asked, ",", -1);
    for (char **word = words; *word != NULL; word++) {
        if (strcmp(*word, REPORTED) != 0 && !g_hash_table_contains(layers, *word)) {
            g_autofree char *list = list_of(layers);
            return fisc_fail(error, FISC_ERROR_NOT_FOUND,
                             "nothing stands in a layer \"%s\"; the layers are: %s, all", *word,
                             list);
        }
    }
    return true;
}
