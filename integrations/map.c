/* map.c: see map.h. */
#include "integrations/map.h"
#include "fisc/error.h"
#include "integrations/profile_path.h"
#include <jansson.h>
#include <string.h>

struct _FiscMap {
    gint references;     /* atomic */
    GHashTable *files;   /* path -> GBytes */
    GPtrArray *profiles; /* names; the strings of @files */
    GPtrArray *shelves;  /* where profiles look for documents outside of their folder; owned */
    GMutex mutex;        /* guards what follows */
    gpointer understood;
    FiscMapForget forget;
};

static bool
is_name(const char *name)
{
    return (strchr(name, '/') == NULL && name[0] != '.') ||
           fisc_shelf_path_is_good(name, FISC_SHELF_MAPS);
}

static int
compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Where a profile looks for its document outside of its folder: "../published/town/x.csv"; NULL. */
static char *
shelf_of(const char *text)
{
    g_autoptr(GKeyFile) keys = g_key_file_new();
    if (!g_key_file_load_from_data(keys, text, strlen(text), G_KEY_FILE_NONE, NULL)) {
        return NULL; /* whoever reads the profile tells what is wrong with it */
    }
    g_autofree char *path = g_key_file_get_string(keys, "file", "name", NULL);
    bool is_it = path != NULL && strchr(path, '/') != NULL &&
                 fisc_shelf_path_is_good(path, FISC_SHELF_PUBLISHED);
    return is_it ? g_steal_pointer(&path) : NULL;
}

static void
add_file(FiscMap *map, const char *name, json_t *content)
{
    char *key = g_strdup(name);
    g_hash_table_replace(
        map->files, key,
        g_bytes_new(json_string_value(content), (gsize)json_string_length(content)));
    if (!g_str_has_suffix(name, ".profile")) {
        return;
    }
    char *shelf = shelf_of(json_string_value(content));
    g_ptr_array_add(map->profiles, key);
    if (shelf != NULL) {
        g_ptr_array_add(map->shelves, shelf);
    }
}

static bool
add_files(FiscMap *map, json_t *files, GError **error)
{
    const char *name;
    json_t *content;
    if (!json_is_object(files)) {
        return fisc_fail(error, FISC_ERROR_TAMPERED, "what is kept of the map is no map");
    }
    json_object_foreach(files, name, content)
    {
        if (!is_name(name) || !json_is_string(content)) {
            return fisc_fail(error, FISC_ERROR_TAMPERED, "\"%s\" is no file of a map", name);
        }
        add_file(map, name, content);
    }
    g_ptr_array_sort(map->profiles, compare_names);
    return true;
}

bool
fisc_map_open(GBytes *packed, FiscMap **out_map, GError **error)
{
    gsize length = 0;
    const char *text = g_bytes_get_data(packed, &length);
    FiscMap *map = g_new0(FiscMap, 1);
    map->references = 1;
    map->files =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
    map->profiles = g_ptr_array_new();
    map->shelves = g_ptr_array_new_with_free_func(g_free);
    g_mutex_init(&map->mutex);
    json_t *files = json_loadb(text, length, 0, NULL);
    bool is_done = add_files(map, files, error);
    json_decref(files);
    if (is_done) {
        *out_map = map;
    } else {
        fisc_map_unref(map);
    }
    return is_done;
}

FiscMap *
fisc_map_ref(FiscMap *map)
{
    g_atomic_int_inc(&map->references);
    return map;
}

void
fisc_map_unref(FiscMap *map)
{
    if (map == NULL || !g_atomic_int_dec_and_test(&map->references)) {
        return;
    }
    if (map->understood != NULL) {
        map->forget(map->understood);
    }
    g_hash_table_unref(map->files);
    g_ptr_array_unref(map->profiles);
    g_ptr_array_unref(map->shelves);
    g_mutex_clear(&map->mutex);
    g_free(map);
}

GBytes *
fisc_map_file(const FiscMap *map, const char *path)
{
    return g_hash_table_lookup(map->files, path);
}

const GPtrArray *
fisc_map_profiles(const FiscMap *map)
{
    return map->profiles;
}

void
fisc_map_documents_clear(FiscMapDocuments *documents)
{
    g_clear_pointer(&documents->files, g_hash_table_unref);
    documents->is_spoiled = false;
}

void
fisc_map_place(const FiscMap *map, FiscMapDocuments *documents, const char *name, GBytes *bytes)
{
    bool is_placed = false;
    if (documents->files == NULL) {
        documents->files =
            g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
    }
    for (guint i = 0; i < map->shelves->len; i++) {
        const char *path = map->shelves->pdata[i];
        if (strcmp(strrchr(path, '/') + 1, name) == 0) {
            g_hash_table_replace(documents->files, g_strdup(path), g_bytes_ref(bytes));
            is_placed = true;
        }
    }
    if (!is_placed) {
        g_hash_table_replace(documents->files, g_strdup(name), g_bytes_ref(bytes));
    }
    documents->is_spoiled = documents->is_spoiled || fisc_map_file(map, name) != NULL;
}

void
fisc_map_lock(FiscMap *map)
{
    g_mutex_lock(&map->mutex);
}

void
fisc_map_unlock(FiscMap *map)
{
    g_mutex_unlock(&map->mutex);
}

gpointer
fisc_map_understood(const FiscMap *map)
{
    return map->understood;
}

void
fisc_map_understand(FiscMap *map, gpointer understood, FiscMapForget forget)
{
    map->understood = understood;
    map->forget = forget;
}
