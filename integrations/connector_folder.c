/* connector_folder.c: files of a folder of this machine: what others drop there. */
#include "integrations/connector.h"
#include <string.h>
#include <sys/stat.h>

#define DOCUMENT_MAX (256 * 1024 * 1024)

static int
compare_found(const void *a, const void *b)
{
    const FiscFound *one = *(FiscFound *const *)a;
    const FiscFound *other = *(FiscFound *const *)b;
    return strcmp(one->name, other->name);
}

/* Time and size tell versions apart only when the time is not of this very moment; it is read
 * anyway then. */
static char *
tag_of(const struct stat *status)
{
    return g_strdup_printf("%" G_GINT64_FORMAT ".%09ld-%" G_GINT64_FORMAT,
                           (int64_t)status->st_mtim.tv_sec, status->st_mtim.tv_nsec,
                           (int64_t)status->st_size);
}

bool
fisc_folder_list(FiscDoor *door, GPtrArray *found, GError **error)
{
    g_autoptr(GError) reason = NULL;
    GDir *folder = g_dir_open(door->feeder->at, 0, &reason);
    if (folder == NULL) {
        return fisc_fail(error, FISC_ERROR_PEER_UNAVAILABLE, "%s", reason->message);
    }
    const char *name;
    while ((name = g_dir_read_name(folder)) != NULL) {
        g_autofree char *path = g_build_filename(door->feeder->at, name, NULL);
        struct stat status;
        /* A link could lead anywhere. */
        if (name[0] != '.' && fisc_feeder_profile_name(door->feeder, name) != NULL &&
            lstat(path, &status) == 0 && S_ISREG(status.st_mode)) {
            g_autofree char *tag = tag_of(&status);
            g_ptr_array_add(found, fisc_found_new(name, tag, status.st_size));
        }
    }
    g_dir_close(folder);
    g_ptr_array_sort(found, compare_found);
    return true;
}

bool
fisc_folder_get(FiscDoor *door, const FiscFound *found, const char *known_tag, GBytes **out_body,
                char **out_tag, GError **error)
{
    g_autofree char *path = g_build_filename(door->feeder->at, found->name, NULL);
    g_autoptr(GError) reason = NULL;
    char *bytes = NULL;
    gsize length = 0;
    *out_tag = g_strdup(found->tag);
    if (known_tag != NULL && strcmp(known_tag, found->tag) == 0) {
        return true;
    }
    if (found->bytes > DOCUMENT_MAX) {
        return fisc_fail(error, FISC_ERROR_PEER_FAULT, "%s has more than %d MiB", path,
                         DOCUMENT_MAX / (1024 * 1024));
    }
    if (!g_file_get_contents(path, &bytes, &length, &reason)) {
        return fisc_fail(error, FISC_ERROR_PEER_UNAVAILABLE, "%s", reason->message);
    }
    *out_body = g_bytes_new_take(bytes, length);
    return true;
}
