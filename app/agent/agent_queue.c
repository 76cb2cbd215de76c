/* agent_queue.c: the queue on disk. A body is written and synced before the json that names it:
 * what has no json is not there, and is written again. */
#include "app/agent/agent_queue.h"
#include "core/base/hash.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define DOCUMENT_MAX (32 * 1024 * 1024)
#define SEEN_FILE                                                                                  \
    "seen.json"     /* document -> digest of what was queued last, and by whom certified */
#define SETTLED_S 2 /* who writes a file may still be at it */

void
fisc_agent_item_free(FiscAgentItem *item)
{
    if (item != NULL) {
        g_free(item->number);
        g_free(item->document);
        g_free(item->version);
        g_free(item->certified_by);
        g_clear_pointer(&item->bytes, g_bytes_unref);
        g_free(item);
    }
}

static bool
fail_io(GError **error, const char *path)
{
    int number = errno;
    return fisc_fail(error, FISC_ERROR_IO, "%s: %s", path, g_strerror(number));
}

static bool
make_folders(const FiscAgentOrder *order, GError **error)
{
    static const char *const names[] = {"", "sent", "refused"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(order->queue_dir, names[i], NULL);
        if (g_mkdir_with_parents(path, 0700) != 0) {
            return fail_io(error, path);
        }
    }
    return true;
}

bool
fisc_agent_queue_open(const FiscAgentOrder *order, int *out_lock, GError **error)
{
    if (!make_folders(order, error)) {
        return false;
    }
    g_autofree char *path = g_build_filename(order->queue_dir, ".lock", NULL);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        return fail_io(error, path);
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        close(fd);
        return fisc_fail(error, FISC_ERROR_UNAVAILABLE, "another agent works on %s",
                         order->queue_dir);
    }
    *out_lock = fd;
    return true;
}

void
fisc_agent_queue_close(int lock)
{
    close(lock);
}

/* Files --------------------------------------------------------------------------------------- */

/* All of it, synced, under its name at once. */
static bool
write_whole(const char *path, const void *data, gsize length, GError **error)
{
    g_autoptr(GError) reason = NULL;
    if (!g_file_set_contents_full(path, data, (gssize)length,
                                  G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                  0600, &reason)) {
        return fisc_fail(error, FISC_ERROR_IO, "%s", reason->message);
    }
    return true;
}

static bool
write_json(const char *path, const json_t *value, GError **error)
{
    char *text = json_dumps(value, JSON_INDENT(2) | JSON_SORT_KEYS);
    bool is_written = write_whole(path, text, strlen(text), error);
    free(text);
    return is_written;
}

static char *
path_of(const FiscAgentOrder *order, const char *number, const char *ending)
{
    g_autofree char *name = g_strconcat(number, ending, NULL);
    return g_build_filename(order->queue_dir, name, NULL);
}

/* What was queued last of each document; empty when nothing ever was. */
static bool
load_seen(const FiscAgentOrder *order, json_t **out_seen, GError **error)
{
    g_autofree char *path = g_build_filename(order->queue_dir, SEEN_FILE, NULL);
    json_error_t mistake;
    if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
        *out_seen = json_object();
        return true;
    }
    *out_seen = json_load_file(path, 0, &mistake);
    return *out_seen != NULL || fisc_fail(error, FISC_ERROR_JSON_INVALID, "%s: line %d: %s", path,
                                          mistake.line, mistake.text);
}

/* Filling -------------------------------------------------------------------------------------- */

static int
compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool
list_names(const char *dir, const char *ending, GPtrArray **out_names, GError **error)
{
    g_autoptr(GError) reason = NULL;
    GDir *folder = g_dir_open(dir, 0, &reason);
    if (folder == NULL) {
        return fisc_fail(error, FISC_ERROR_IO, "%s", reason->message);
    }
    *out_names = g_ptr_array_new_with_free_func(g_free);
    const char *name;
    while ((name = g_dir_read_name(folder)) != NULL) {
        g_autofree char *path = g_build_filename(dir, name, NULL);
        struct stat status;
        if (name[0] != '.' && g_str_has_suffix(name, ending) && lstat(path, &status) == 0 &&
            S_ISREG(status.st_mode)) {
            g_ptr_array_add(*out_names, g_strndup(name, strlen(name) - strlen(ending)));
        }
    }
    g_dir_close(folder);
    g_ptr_array_sort(*out_names, compare_names);
    return true;
}

/* Behind all that are in the queue or were sent. */
static bool
next_number(const FiscAgentOrder *order, guint64 *out_number, GError **error)
{
    static const char *const folders[] = {"", "sent", "refused"};
    guint64 last = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
        g_autofree char *dir = g_build_filename(order->queue_dir, folders[i], NULL);
        g_autoptr(GPtrArray) names = NULL;
        if (!list_names(dir, ".json", &names, error)) {
            return false;
        }
        for (guint k = 0; k < names->len; k++) {
            last = MAX(last, g_ascii_strtoull(names->pdata[k], NULL, 10));
        }
    }
    *out_number = last + 1;
    return true;
}

/* When it was written, and what is in it: two states of a document have two names. */
static char *
version_of(gint64 written_s, const char *hex)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(written_s);
    g_autofree char *stamp = g_date_time_format(time, "%Y%m%dT%H%M%SZ");
    return g_strdup_printf("%s-%.12s", stamp, hex);
}

static bool
put_item(const FiscAgentOrder *order, guint64 number, const char *document, const char *version,
         GBytes *bytes, GError **error)
{
    g_autofree char *word = g_strdup_printf("%08" G_GUINT64_FORMAT, number);
    g_autofree char *body_path = path_of(order, word, ".body");
    g_autofree char *json_path = path_of(order, word, ".json");
    gsize length = 0;
    const void *data = g_bytes_get_data(bytes, &length);
    json_t *told = json_pack("{s:s, s:s, s:s}", "document", document, "version", version,
                             "certified_by", order->certified_by);
    bool is_put = write_whole(body_path, data, length, error) && write_json(json_path, told, error);
    json_decref(told);
    return is_put;
}

typedef struct {
    const FiscAgentOrder *order;
    const FiscAgentFound *found;
    json_t *seen;
    guint64 number; /* of the next item */
    FiscAgentRound *round;
} Filling;

/* A file that was written again is said again, even when it says the same: so a person has a way to
 * hand over once more what was refused. So are the same figures when somebody answers for them. */
static bool
is_seen(const Filling *filling, const char *name, const char *version)
{
    const char *last = "", *certified_by = "";
    const char *now = filling->order->certified_by;
    return json_unpack(json_object_get(filling->seen, name), "[s, s]", &last, &certified_by) == 0 &&
           strcmp(last, version) == 0 && (*now == '\0' || strcmp(now, certified_by) == 0);
}

/* One bad file does not hold up the others. */
void
fisc_agent_complain(FiscAgentRound *round, const char *name, const char *reason)
{
    round->refused++;
    g_ptr_array_add(round->complaints, g_strdup_printf("%s: %s", name, reason));
}

static void
complain(Filling *filling, const char *name, const char *reason)
{
    fisc_agent_complain(filling->round, name, reason);
}

/* NULL: it is complained of, or not to be taken yet. */
static GBytes *
read_file(Filling *filling, const char *name, struct stat *out_status)
{
    g_autofree char *path = g_build_filename(filling->order->dir, name, NULL);
    g_autoptr(GError) reason = NULL;
    char *text = NULL;
    gsize length = 0;
    if (lstat(path, out_status) != 0 || out_status->st_size == 0 ||
        time(NULL) - out_status->st_mtim.tv_sec < SETTLED_S) {
        return NULL;
    }
    if (out_status->st_size > DOCUMENT_MAX) {
        complain(filling, name, "more than 32 MiB");
        return NULL;
    }
    if (!g_file_get_contents(path, &text, &length, &reason)) {
        complain(filling, name, reason->message);
        return NULL;
    }
    return g_bytes_new_take(text, length);
}

static bool
fill_one(Filling *filling, const char *name, GError **error)
{
    struct stat status;
    uint8_t digest[FISC_HASH_SIZE];
    char hex[FISC_HASH_TEXT];
    gsize length = 0;
    if (fisc_agent_database_has(filling->found->database, name)) {
        complain(filling, name, "the document of a query has this name");
        return true;
    }
    g_autoptr(GBytes) bytes = read_file(filling, name, &status);
    if (bytes == NULL) {
        return true;
    }
    const void *data = g_bytes_get_data(bytes, &length);
    fisc_hash_data(data, length, digest);
    g_autofree char *version = version_of(status.st_mtim.tv_sec, fisc_hash_format(digest, hex));
    if (is_seen(filling, name, version)) {
        return true;
    }
    json_object_set_new(filling->seen, name,
                        json_pack("[s, s]", version, filling->order->certified_by));
    filling->round->queued++;
    return put_item(filling->order, filling->number++, name, version, bytes, error);
}

/* The same rows are the same document whenever they are read. It is said again, as a file is that
 * was written again, when its description was, or when somebody answers for it. */
static bool
is_result_seen(const Filling *filling, const char *name, const char *hex)
{
    const char *version = "", *certified_by = "", *last = "";
    json_int_t changed_s = 0;
    const char *now = filling->order->certified_by;
    return json_unpack(json_object_get(filling->seen, name), "[s, s, s, I]", &version,
                       &certified_by, &last, &changed_s) == 0 &&
           strcmp(last, hex) == 0 && changed_s == filling->found->database->changed_s &&
           (*now == '\0' || strcmp(now, certified_by) == 0);
}

static bool
fill_result(Filling *filling, const FiscAgentResult *result, GError **error)
{
    uint8_t digest[FISC_HASH_SIZE];
    char hex[FISC_HASH_TEXT];
    gsize length = 0;
    const void *data = g_bytes_get_data(result->bytes, &length);
    fisc_hash_data(data, length, digest);
    fisc_hash_format(digest, hex);
    if (is_result_seen(filling, result->document, hex)) {
        return true;
    }
    g_autofree char *version = version_of(time(NULL), hex);
    json_object_set_new(filling->seen, result->document,
                        json_pack("[s, s, s, I]", version, filling->order->certified_by, hex,
                                  (json_int_t)filling->found->database->changed_s));
    filling->round->queued++;
    return put_item(filling->order, filling->number++, result->document, version, result->bytes,
                    error);
}

bool
fisc_agent_queue_fill(const FiscAgentOrder *order, const FiscAgentFound *found,
                      FiscAgentRound *round, GError **error)
{
    g_autoptr(GPtrArray) names = NULL;
    g_autofree char *seen_path = g_build_filename(order->queue_dir, SEEN_FILE, NULL);
    Filling filling = {.order = order, .found = found, .round = round};
    if (!load_seen(order, &filling.seen, error)) {
        return false;
    }
    bool is_done =
        next_number(order, &filling.number, error) && list_names(order->dir, "", &names, error);
    for (guint i = 0; is_done && found->results != NULL && i < found->results->len; i++) {
        is_done = fill_result(&filling, found->results->pdata[i], error);
    }
    for (guint i = 0; is_done && i < names->len; i++) {
        is_done = fill_one(&filling, names->pdata[i], error);
    }
    /* Behind the items: what is queued twice is taken once, what is never queued is lost. */
    if (is_done && round->queued > 0) {
        is_done = write_json(seen_path, filling.seen, error);
    }
    json_decref(filling.seen);
    return is_done;
}

/* Emptying ------------------------------------------------------------------------------------- */

bool
fisc_agent_queue_list(const FiscAgentOrder *order, GPtrArray **out_numbers, GError **error)
{
    g_autoptr(GPtrArray) names = NULL;
    if (!list_names(order->queue_dir, ".json", &names, error)) {
        return false;
    }
    *out_numbers = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < names->len; i++) {
        if (g_ascii_isdigit(*(const char *)names->pdata[i])) {
            g_ptr_array_add(*out_numbers, g_strdup(names->pdata[i]));
        }
    }
    return true;
}

bool
fisc_agent_queue_read(const FiscAgentOrder *order, const char *number, FiscAgentItem **out_item,
                      GError **error)
{
    g_autofree char *json_path = path_of(order, number, ".json");
    g_autofree char *body_path = path_of(order, number, ".body");
    g_autoptr(GError) reason = NULL;
    char *text = NULL;
    gsize length = 0;
    const char *document, *version, *certified_by;
    json_error_t mistake;
    json_t *told = json_load_file(json_path, 0, &mistake);
    if (told == NULL || json_unpack(told, "{s:s, s:s, s:s}", "document", &document, "version",
                                    &version, "certified_by", &certified_by) != 0) {
        json_decref(told);
        return fisc_fail(error, FISC_ERROR_JSON_INVALID, "%s is none of the queue's", json_path);
    }
    if (!g_file_get_contents(body_path, &text, &length, &reason)) {
        json_decref(told);
        return fisc_fail(error, FISC_ERROR_IO, "%s", reason->message);
    }
    FiscAgentItem *item = g_new0(FiscAgentItem, 1);
    item->number = g_strdup(number);
    item->document = g_strdup(document);
    item->version = g_strdup(version);
    item->certified_by = g_strdup(certified_by);
    item->bytes = g_bytes_new_take(text, length);
    json_decref(told);
    *out_item = item;
    return true;
}

bool
fisc_agent_queue_move(const FiscAgentOrder *order, const FiscAgentItem *item, const char *folder,
                      const char *answer, GError **error)
{
    g_autofree char *name = g_strconcat(item->number, ".json", NULL);
    g_autofree char *moved = g_build_filename(order->queue_dir, folder, name, NULL);
    g_autofree char *json_path = path_of(order, item->number, ".json");
    g_autofree char *body_path = path_of(order, item->number, ".body");
    json_t *told = json_pack("{s:s, s:s, s:s}", "document", item->document, "version",
                             item->version, "certified_by", item->certified_by);
    json_object_set_new(told, "answer", json_stringn_nocheck(answer, strlen(answer)));
    bool is_moved = write_json(moved, told, error);
    json_decref(told);
    if (!is_moved) {
        return false;
    }
    if (g_unlink(json_path) != 0 || g_unlink(body_path) != 0) {
        return fail_io(error, json_path);
    }
    return true;
}
