/* package_profile.c: the importer profiles of a folder, one after the other: those that make
 * entries when a package is loaded, those that make lines of a budget when one is imported. */
#include "integrations/package_internal.h"
#include "integrations/profile.h"
#include <string.h>

static int
compare_order(const void *a, const void *b)
{
    const FiscProfile *one = *(FiscProfile *const *)a;
    const FiscProfile *other = *(FiscProfile *const *)b;
    return one->order != other->order ? one->order - other->order
                                      : strcmp(one->profile_name, other->profile_name);
}

static int
compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names of the folder's profiles, sorted: a folder lists its files in any order. */
static bool
list_profiles(const FiscReader *reader, GPtrArray *names, GError **error)
{
    g_autoptr(GError) reason = NULL;
    for (guint i = 0; reader->map != NULL && i < fisc_map_profiles(reader->map)->len; i++) {
        g_ptr_array_add(names, g_strdup(fisc_map_profiles(reader->map)->pdata[i]));
    }
    if (reader->map != NULL) {
        return true;
    }
    GDir *folder = g_dir_open(reader->dir, 0, &reason);
    if (folder == NULL) {
        return fisc_fail(error, FISC_ERROR_IO, "%s", reason->message);
    }
    const char *name;
    while ((name = g_dir_read_name(folder)) != NULL) {
        if (g_str_has_suffix(name, ".profile") && name[0] != '.') {
            g_ptr_array_add(names, g_strdup(name));
        }
    }
    g_dir_close(folder);
    g_ptr_array_sort(names, compare_names);
    return true;
}

static bool
read_profiles(FiscReader *reader, GPtrArray *profiles, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    if (!list_profiles(reader, names, error)) {
        return false;
    }
    for (guint i = 0; i < names->len; i++) {
        FiscProfile *profile = NULL;
        if (!fisc_profile_read(reader, names->pdata[i], &profile, error)) {
            return false;
        }
        if (profile != NULL) {
            g_ptr_array_add(profiles, profile);
        }
    }
    g_ptr_array_sort(profiles, compare_order);
    return true;
}

/* The profiles of a map are understood once; those that are wrong are told to everybody anew. */
static bool
borrow_profiles(FiscReader *reader, GPtrArray *profiles, GError **error)
{
    guint refusals_before = reader->refusals->len;
    bool is_done = true;
    fisc_map_lock(reader->map);
    GPtrArray *known = fisc_map_understood(reader->map);
    if (known == NULL) {
        known = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_profile_free);
        is_done = read_profiles(reader, known, error);
        if (is_done && reader->refusals->len == refusals_before) {
            fisc_map_understand(reader->map, known, (FiscMapForget)g_ptr_array_unref);
        } else {
            g_clear_pointer(&known, g_ptr_array_unref);
        }
    }
    fisc_map_unlock(reader->map);
    for (guint i = 0; known != NULL && i < known->len; i++) {
        g_ptr_array_add(profiles, fisc_profile_borrow(known->pdata[i]));
    }
    return is_done;
}

/* What prepares a budget is not posted, and the other way round. */
static bool
is_wanted(FiscReader *reader, const FiscProfile *profile)
{
    bool is_plan = profile->lines->len > 0;
    bool is_asked_for_plan = reader->plan != NULL;
    if (is_plan != is_asked_for_plan) {
        g_hash_table_add(reader->used_files, g_strdup(profile->path));
        fisc_reader_remark(reader,
                           is_plan ? "%s makes lines of a budget: import them into a "
                                     "version with fisc budget import"
                                   : "%s makes entries: post them with fisc load",
                           profile->profile_name);
    }
    return is_plan == is_asked_for_plan;
}

bool
fisc_package_profiles(FiscReader *reader, GError **error)
{
    g_autoptr(GPtrArray) profiles =
        g_ptr_array_new_with_free_func((GDestroyNotify)fisc_profile_free);
    g_autoptr(GPtrArray) earlier = g_ptr_array_new();
    guint refusals_before = reader->refusals->len;
    if (!(reader->map != NULL ? borrow_profiles : read_profiles)(reader, profiles, error)) {
        return false;
    }
    /* With a profile missing, the others would only complain of that. */
    bool is_complete = reader->refusals->len == refusals_before;
    for (guint i = 0; is_complete && i < profiles->len; i++) {
        if (!is_wanted(reader, profiles->pdata[i])) {
            continue;
        }
        if (!fisc_profile_run(reader, profiles->pdata[i], earlier, error)) {
            return false;
        }
        g_ptr_array_add(earlier, profiles->pdata[i]);
    }
    return true;
}
