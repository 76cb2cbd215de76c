/* intake_map.c: a map as one text: the profiles and tables that a feeder is read by, kept under
 * their digest, so that what was read once can be read again in the same way for ever. */
#include "app/flows/intake.h"
#include "integrations/profile_path.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <jansson.h>
#include <string.h>

#define FILE_MAX (16 * 1024 * 1024)

static int
compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool
list_profiles(const char *dir, GPtrArray *names, GError **error)
{
    g_autoptr(GError) reason = NULL;
    GDir *folder = g_dir_open(dir, 0, &reason);
    if (folder == NULL) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "%s", reason->message);
    }
    const char *name;
    while ((name = g_dir_read_name(folder)) != NULL) {
        if (name[0] != '.' && g_str_has_suffix(name, ".profile")) {
            g_ptr_array_add(names, g_strdup(name));
        }
    }
    g_dir_close(folder);
    g_ptr_array_sort(names, compare_names);
    return true;
}

static void
pack_file(json_t *map, const char *dir, const char *name, FiscRefusals *refusals)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);
    g_autofree char *text = NULL;
    g_autoptr(GError) reason = NULL;
    gsize length = 0;
    if (!g_file_get_contents(path, &text, &length, &reason)) {
        fisc_refusals_add(refusals, FISC_ERROR_IO, name, 0, NULL, "%s", reason->message);
    } else if (length > FILE_MAX || !g_utf8_validate(text, (gssize)length, NULL)) {
        fisc_refusals_add(refusals, FISC_ERROR_ENCODING_INVALID, name, 0, NULL,
                          "a map is text in UTF-8, of at most %d MiB", FILE_MAX / 1048576);
    } else {
        json_object_set_new(map, name, json_stringn(text, length));
    }
}

static bool
is_name(const char *name)
{
    return (strchr(name, '/') == NULL && name[0] != '.') ||
           fisc_shelf_path_is_good(name, FISC_SHELF_MAPS);
}

/* Where a profile names a table. */
typedef struct {
    const char *profile, *section;
} Named;

static void
pack_table(json_t *map, const char *dir, const char *name, const Named *named,
           FiscRefusals *refusals)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);
    if (g_file_test(path, G_FILE_TEST_EXISTS)) {
        pack_file(map, dir, name, refusals);
    } else {
        fisc_refusals_add(refusals, FISC_ERROR_VALUE_INVALID, named->profile, 0, named->section,
                          "there is no file \"%s\" in the folder", name);
    }
}

/* The tables that a profile names: "codes.csv", "../maps/x.csv". What else lies in the folder, such
 * as the published files of a package, is no part of the map. */
static void
pack_tables(json_t *map, const char *dir, const char *profile, FiscRefusals *refusals)
{
    g_autoptr(GKeyFile) keys = g_key_file_new();
    const char *text = json_string_value(json_object_get(map, profile));
    if (text == NULL ||
        !g_key_file_load_from_data(keys, text, strlen(text), G_KEY_FILE_NONE, NULL)) {
        return; /* whoever reads the profile tells what is wrong with it */
    }
    g_auto(GStrv) groups = g_key_file_get_groups(keys, NULL);
    for (int i = 0; groups[i] != NULL; i++) {
        g_autofree char *path = g_key_file_get_string(keys, groups[i], "map", NULL);
        if (path != NULL && is_name(path) && json_object_get(map, path) == NULL) {
            pack_table(map, dir, path, &(Named){profile, groups[i]}, refusals);
        }
    }
}

GBytes *
fisc_map_pack(const char *dir, FiscRefusals *refusals, GError **error)
{
    g_autoptr(GPtrArray) profiles = g_ptr_array_new_with_free_func(g_free);
    guint before = refusals->len;
    if (!list_profiles(dir, profiles, error)) {
        return NULL;
    }
    json_t *map = json_object();
    for (guint i = 0; i < profiles->len; i++) {
        pack_file(map, dir, profiles->pdata[i], refusals);
        pack_tables(map, dir, profiles->pdata[i], refusals);
    }
    if (profiles->len == 0) {
        fisc_refusals_add(refusals, FISC_ERROR_FILE_EMPTY, dir, 0, NULL,
                          "the folder has no *.profile, which says what documents mean");
    }
    char *text = json_dumps(map, JSON_SORT_KEYS | JSON_COMPACT);
    json_decref(map);
    if (refusals->len > before) {
        free(text);
        return NULL;
    }
    GBytes *packed = g_bytes_new(text, strlen(text));
    free(text);
    return packed;
}

/* ---- a folder for a moment ---- */

bool
fisc_scratch_open(FiscScratch *scratch, GError **error)
{
    scratch->root = g_build_filename(g_get_tmp_dir(), "fisc-intake-XXXXXX", NULL);
    if (g_mkdtemp_full(scratch->root, 0700) == NULL) {
        fisc_fail(error, FISC_ERROR_IO, "%s: %s", scratch->root, g_strerror(errno));
        g_clear_pointer(&scratch->root, g_free);
        return false;
    }
    /* Profiles may look two folders up; the feeder's own name would say nothing here. */
    scratch->dir = g_build_filename(scratch->root, "nation", "feeder", NULL);
    return g_mkdir_with_parents(scratch->dir, 0700) == 0 ||
           fisc_fail(error, FISC_ERROR_IO, "%s: %s", scratch->dir, g_strerror(errno));
}

static void
remove_tree(const char *path)
{
    GDir *folder = g_dir_open(path, 0, NULL);
    const char *name;
    while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
        g_autofree char *below = g_build_filename(path, name, NULL);
        if (g_file_test(below, G_FILE_TEST_IS_DIR) && !g_file_test(below, G_FILE_TEST_IS_SYMLINK)) {
            remove_tree(below);
        } else {
            g_unlink(below);
        }
    }
    if (folder != NULL) {
        g_dir_close(folder);
        g_rmdir(path);
    }
}

void
fisc_scratch_clear(FiscScratch *scratch)
{
    if (scratch->root != NULL) {
        remove_tree(scratch->root);
    }
    g_clear_pointer(&scratch->root, g_free);
    g_clear_pointer(&scratch->dir, g_free);
}
