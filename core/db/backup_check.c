/* backup_check.c: whether a backup is what was written: PostgreSQL's manifest for the files of a
 * base, our checksums for the archived log, and no gap in it. */
#include "core/db/backup_internal.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHECK_SECONDS_MAX (12 * 3600)
#define SEGMENTS_A_FILE 256 /* of 16 MB in the 4 GB that the middle of a name counts */

static bool
is_wal_name(const char *name)
{
    return strlen(name) == WAL_NAME && strspn(name, "0123456789ABCDEF") == WAL_NAME;
}

static int
compare_texts(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *
fisc_backup_list_wal(const char *wal_dir)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) folder = g_dir_open(wal_dir, 0, NULL);
    const char *name = NULL;
    while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
        if (is_wal_name(name)) {
            g_ptr_array_add(names, g_strdup(name));
        }
    }
    g_ptr_array_sort(names, compare_texts);
    return names;
}

char *
fisc_backup_newest_wal(const char *path, const char *folder)
{
    g_autofree char *wal_dir = g_build_filename(path, folder, NULL);
    g_autoptr(GPtrArray) names = fisc_backup_list_wal(wal_dir);
    return names->len > 0 ? g_strdup(names->pdata[names->len - 1]) : NULL;
}

/* The name that follows on the same timeline. */
static char *
next_wal(const char *name)
{
    g_autofree char *middle = g_strndup(name + 8, 8);
    guint64 file = g_ascii_strtoull(middle, NULL, 16);
    guint64 segment = g_ascii_strtoull(name + 16, NULL, 16) + 1;
    file += segment / SEGMENTS_A_FILE;
    return g_strdup_printf("%.8s%08X%08X", name, (guint)file, (guint)(segment % SEGMENTS_A_FILE));
}

static bool
check_base(const FiscBackup *backup, GError **error)
{
    g_autofree char *program = NULL;
    FiscAccount account = {0};
    g_autoptr(GError) failure = NULL;
    if (!fisc_account_find(&account, error) ||
        !fisc_program_find("pg_verifybackup", &program, error)) {
        fisc_account_clear(&account);
        return false;
    }
    const char *argv[] = {program, "--quiet", "--exit-on-error", backup->path, NULL};
    bool is_whole = fisc_program_run_for(&account, argv, CHECK_SECONDS_MAX, &failure);
    fisc_account_clear(&account);
    return is_whole ||
           fisc_fail(error, FISC_ERROR_TAMPERED, "the backup %s is not what was written: %s",
                     backup->name, failure->message);
}

static bool
check_wal(const char *wal_dir, const char *name, GError **error)
{
    g_autofree char *path = g_build_filename(wal_dir, name, NULL);
    g_autofree char *sum_path = g_strconcat(path, ".sha256", NULL);
    g_autofree char *sum = NULL;
    g_autofree char *bytes = NULL;
    gsize length = 0;
    g_autoptr(GError) failure = NULL;
    if (!g_file_get_contents(path, &bytes, &length, &failure) ||
        !g_file_get_contents(sum_path, &sum, NULL, &failure)) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "the archived log: %s", failure->message);
    }
    g_autofree char *own =
        g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, length);
    return g_str_has_prefix(sum, own) ||
           fisc_fail(error, FISC_ERROR_TAMPERED, "%s is not what was archived", path);
}

bool
fisc_backup_check(const char *dir, const FiscBackup *backup, char **out_last_wal, GError **error)
{
    g_autofree char *wal_dir = g_build_filename(dir, BACKUP_LOG, NULL);
    g_autoptr(GPtrArray) names = fisc_backup_list_wal(wal_dir);
    g_autofree char *last = g_strdup(backup->last_wal);
    if (!check_base(backup, error)) {
        return false;
    }
    for (guint i = 0; i < names->len; i++) {
        const char *name = names->pdata[i];
        g_autofree char *wanted = last != NULL ? next_wal(last) : NULL;
        if (strcmp(name, backup->first_wal) < 0 || strncmp(name, backup->first_wal, 8) != 0) {
            continue; /* of an older base, or of another timeline */
        }
        if (!check_wal(wal_dir, name, error)) {
            return false;
        }
        if (last != NULL && strcmp(name, last) > 0 && strcmp(name, wanted) != 0) {
            return fisc_fail(error, FISC_ERROR_NOT_FOUND,
                             "the archived log %s/%s is missing: nothing behind it can be restored",
                             wal_dir, wanted);
        }
        if (last == NULL || strcmp(name, last) > 0) {
            g_free(last);
            last = g_strdup(name);
        }
    }
    if (out_last_wal != NULL) {
        *out_last_wal = g_steal_pointer(&last);
    }
    return true;
}
