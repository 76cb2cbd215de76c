/* place.c: names and makes the folders of an embedded cluster, and finds out early who is shut out.
 *
 * A cluster that runs under another account fails with obscure messages when it cannot reach its
 * own folder, so that is checked first, as that account. Making and starting the cluster is left to
 * initdb.c and server.c. */
#include "core/db/place.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define SOCKET_FILE "/.s.PGSQL.5432"
#define SOCKET_PATH_MAX (sizeof(((struct sockaddr_un *)NULL)->sun_path) - 1) /* 107 bytes */
#define HASH_LENGTH 12
#define FOLDER_DEPTH_MAX 100

static char *
real_path(const char *path)
{
    g_autofree char *absolute = g_canonicalize_filename(path, NULL);
    char *real = realpath(absolute, NULL);
    if (real == NULL) {
        return g_steal_pointer(&absolute);
    }
    char *copy = g_strdup(real);
    free(real);
    return copy;
}

bool
fisc_place_find(const char *data_dir, FiscPlace **out_place, GError **error)
{
    FiscAccount account = {0};
    if (!fisc_account_find(&account, error)) {
        return false;
    }
    FiscPlace *place = g_new0(FiscPlace, 1);
    place->data_dir = real_path(data_dir);
    place->postgres_dir = g_build_filename(place->data_dir, "postgres", NULL);
    place->log_path = g_build_filename(place->data_dir, "log", "postgresql.log", NULL);
    place->start_lock_path = g_build_filename(place->data_dir, "start.lock", NULL);
    place->keeper_lock_path = g_build_filename(place->data_dir, "keeper.lock", NULL);
    place->account = account;
    *out_place = place;
    return true;
}

void
fisc_place_free(FiscPlace *place)
{
    if (place == NULL) {
        return;
    }
    g_free(place->data_dir);
    g_free(place->postgres_dir);
    g_free(place->log_path);
    g_free(place->start_lock_path);
    g_free(place->keeper_lock_path);
    fisc_account_clear(&place->account);
    g_free(place);
}

/* Makes @path and its missing parents. The mode is set again after mkdir, so that a strict umask
 * does not close a folder that the cluster's account must pass. */
static bool
make_folder(const char *path, mode_t mode, GError **error)
{
    if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
        return true;
    }
    g_autofree char *parent = g_path_get_dirname(path);
    if (strcmp(parent, path) != 0 && !make_folder(parent, mode, error)) {
        return false;
    }
    if (mkdir(path, mode) == 0) {
        if (chmod(path, mode) != 0) {
            return fisc_fail(error, FISC_ERROR_IO, "could not set the mode of %s: %s", path,
                             strerror(errno));
        }
        return true;
    }
    int reason = errno;
    if (reason == EEXIST && g_file_test(path, G_FILE_TEST_IS_DIR)) {
        return true; /* another command was quicker */
    }
    return fisc_fail(error, FISC_ERROR_IO, "could not make the folder %s: %s", path,
                     strerror(reason));
}

static GPtrArray *
list_folders_above(const char *path)
{
    GPtrArray *folders = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *folder = g_strdup(path);
    while (strcmp(folder, "/") != 0) {
        g_ptr_array_insert(folders, 0, g_strdup(folder));
        char *parent = g_path_get_dirname(folder);
        g_free(folder);
        folder = parent;
    }
    return folders;
}

/* The first of @folders that @account may not pass, counted from 1; 0 for none; -1 on failure.
 * Asked in a child that has become the account, so that the kernel answers, access lists included.
 */
static int
find_closed_folder(const FiscAccount *account, GPtrArray *folders)
{
    pid_t child = fork();
    if (child == 0) {
        if (!fisc_account_become(account)) {
            _exit(255);
        }
        for (guint i = 0; i < folders->len; i++) {
            if (access(folders->pdata[i], X_OK) != 0 && errno != ENOENT) {
                _exit((int)i + 1);
            }
        }
        _exit(0);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status) ||
        WEXITSTATUS(status) == 255) {
        return -1;
    }
    return WEXITSTATUS(status);
}

static bool
check_is_reachable(const FiscPlace *place, GError **error)
{
    if (!place->account.is_other) {
        return true;
    }
    g_autoptr(GPtrArray) folders = list_folders_above(place->data_dir);
    if (folders->len > FOLDER_DEPTH_MAX) {
        return fisc_fail(error, FISC_ERROR_SETUP, "%s is nested too deeply", place->data_dir);
    }
    int closed = find_closed_folder(&place->account, folders);
    if (closed == 0) {
        return true;
    }
    if (closed < 0) {
        return fisc_fail(error, FISC_ERROR_SETUP, "could not become the account \"%s\"",
                         place->account.name);
    }
    const char *folder = folders->pdata[closed - 1];
    return fisc_fail(error, FISC_ERROR_SETUP,
                     "the folder %s is closed to the account \"%s\", which runs the database: keep "
                     "the data elsewhere with --data, or open the folder with: chmod o+x %s",
                     folder, place->account.name, folder);
}

bool
fisc_place_prepare(const char *data_dir, FiscPlace **out_place, GError **error)
{
    /* Root's folders are passed by the cluster's account; anybody else's are private. */
    mode_t mode = geteuid() == 0 ? 0755 : 0700;
    g_autoptr(FiscPlace) named = NULL;
    if (!fisc_place_find(data_dir, &named, error)) {
        return false;
    }
    g_autofree char *log_dir = g_path_get_dirname(named->log_path);
    if (!check_is_reachable(named, error) || !make_folder(log_dir, mode, error)) {
        return false;
    }
    return fisc_place_find(named->data_dir, out_place, error); /* now links can be resolved */
}

bool
fisc_place_has_cluster(const FiscPlace *place, GError **error)
{
    struct stat state;
    if (lstat(place->postgres_dir, &state) != 0) {
        if (errno == ENOENT) {
            return false;
        }
        return fisc_fail(error, FISC_ERROR_IO, "could not read %s: %s", place->postgres_dir,
                         strerror(errno));
    }
    if (!S_ISDIR(state.st_mode) || state.st_uid != place->account.uid) {
        return fisc_fail(
            error, FISC_ERROR_SETUP,
            "%s does not belong to the account \"%s\", as which the database would run: "
            "use the account that made it, or another --data",
            place->postgres_dir, place->account.name);
    }
    g_autofree char *path = g_build_filename(place->postgres_dir, "PG_VERSION", NULL);
    g_autofree char *version = NULL;
    if (!g_file_get_contents(path, &version, NULL, NULL)) {
        return fisc_fail(error, FISC_ERROR_SETUP,
                         "%s is there but is no PostgreSQL cluster: move it away, or use another "
                         "--data",
                         place->postgres_dir);
    }
    if (strcmp(g_strchomp(version), FISC_PG_VERSION) != 0) {
        return fisc_fail(error, FISC_ERROR_SETUP,
                         "%s was made by PostgreSQL %s, and this program works with %s",
                         place->postgres_dir, version, FISC_PG_VERSION);
    }
    return true;
}

static char *
name_socket_dir(const FiscPlace *place)
{
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, place->data_dir, -1);
    digest[HASH_LENGTH] = '\0';
    if (place->account.is_other && access("/run", W_OK) == 0) {
        return g_strdup_printf("/run/fisc-%s", digest);
    }
    const char *runtime_dir = g_getenv("XDG_RUNTIME_DIR");
    struct stat state;
    if (!place->account.is_other && runtime_dir != NULL && runtime_dir[0] == '/' &&
        stat(runtime_dir, &state) == 0 && state.st_uid == place->account.uid) {
        g_autofree char *dir = g_strdup_printf("%s/fisc-%s", runtime_dir, digest);
        if (strlen(dir) + strlen(SOCKET_FILE) <= SOCKET_PATH_MAX) {
            return g_steal_pointer(&dir);
        }
    }
    return g_strdup_printf("/tmp/fisc-%u-%s", (unsigned)geteuid(), digest);
}

/* In a folder that others write to, a name of ours may have been taken by somebody else: a link, or
 * a folder that is not the account's, is refused and not repaired. */
bool
fisc_place_make_socket_dir(const FiscPlace *place, char **out_dir, GError **error)
{
    g_autofree char *dir = name_socket_dir(place);
    if (mkdir(dir, 0700) != 0 && errno != EEXIST) {
        return fisc_fail(error, FISC_ERROR_IO, "could not make the folder %s: %s", dir,
                         strerror(errno));
    }
    struct stat state;
    if (lstat(dir, &state) != 0 || !S_ISDIR(state.st_mode) ||
        (state.st_uid != place->account.uid && state.st_uid != geteuid())) {
        return fisc_fail(error, FISC_ERROR_SETUP,
                         "%s, the folder for the socket, is not the account \"%s\"'s: remove it",
                         dir, place->account.name);
    }
    /* It is the caller's when just made, or when a command was killed before giving it away. */
    if (chmod(dir, 0700) != 0 || lchown(dir, place->account.uid, place->account.gid) != 0) {
        return fisc_fail(error, FISC_ERROR_IO, "could not make %s private: %s", dir,
                         strerror(errno));
    }
    *out_dir = g_steal_pointer(&dir);
    return true;
}

bool
fisc_place_write(const FiscPlace *place, const char *folder, const char *name, int flags,
                 const char *text, GError **error)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    gsize length = strlen(text);
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
    bool is_written = fd >= 0 && write(fd, text, length) == (ssize_t)length &&
                      fchown(fd, place->account.uid, place->account.gid) == 0 && fsync(fd) == 0;
    int reason = errno;
    if (fd >= 0) {
        close(fd);
    }
    return is_written ||
           fisc_fail(error, FISC_ERROR_IO, "could not write %s: %s", path, g_strerror(reason));
}
