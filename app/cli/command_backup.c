/* command_backup.c: `fisc backup`: a copy of the embedded database, its log from then on, and a
 * signed head that tells later whether what was restored is what was saved. */
#include "app/cli/backups.h"
#include "app/cli/commands.h"
#include "core/base/hash.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* What the books are ------------------------------------------------------------------------------
 */

bool
fisc_cli_books_now(const FiscCli *cli, FiscBooksAt *out_books, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscRows) rows = NULL;
    int length = 0;
    if (!fisc_tx_begin(cli->context.pool, FISC_TX_AUTO, &tx, error) ||
        !fisc_tx_query(tx, FISC_SQL_LEDGER_FRESHNESS, FISC_ARGS(fisc_int4(cli->context.book_id)),
                       &rows, error)) {
        return false;
    }
    if (fisc_rows_count(rows) == 0) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "the database holds no book");
    }
    out_books->batch = fisc_rows_int8(rows, 0, 0);
    fisc_hash_format(fisc_rows_bytea(rows, 0, 1, &length), out_books->hash);
    out_books->posted_at_us = fisc_rows_int8(rows, 0, 2);
    out_books->taken_at_us = g_get_real_time();
    return true;
}

char *
fisc_cli_time_text(int64_t time_us)
{
    g_autoptr(GDateTime) second = g_date_time_new_from_unix_utc(time_us / G_USEC_PER_SEC);
    return g_date_time_format(second, "%Y-%m-%dT%H:%M:%SZ");
}

char *
fisc_cli_beside(const char *dir, const char *name, const char *ending)
{
    return g_strdup_printf("%s/%s.%s", dir, name, ending);
}

static bool
write_file(const char *path, const char *text, GError **error)
{
    g_autoptr(GError) failure = NULL;
    return g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_DURABLE, 0600, &failure) ||
           fisc_fail(error, FISC_ERROR_IO, "%s", failure->message);
}

bool
fisc_cli_books_write(const char *path, const FiscBooksAt *books, GError **error)
{
    g_autofree char *taken = fisc_cli_time_text(books->taken_at_us);
    json_t *object =
        json_pack("{s:s, s:s, s:I, s:s, s:I, s:I}", "program", FISC_VERSION, "taken_at", taken,
                  "batch", (json_int_t)books->batch, "hash", books->hash, "taken_us",
                  (json_int_t)books->taken_at_us, "posted_us", (json_int_t)books->posted_at_us);
    char *text = json_dumps(object, JSON_INDENT(1));
    bool is_written = write_file(path, text, error);
    free(text);
    json_decref(object);
    return is_written;
}

bool
fisc_cli_books_read(const char *path, FiscBooksAt *out_books, GError **error)
{
    json_error_t mistake;
    json_t *object = json_load_file(path, JSON_REJECT_DUPLICATES, &mistake);
    json_int_t batch = 0, taken = 0, posted = 0;
    const char *hash = NULL;
    bool is_read = object != NULL &&
                   json_unpack(object, "{s:I, s:s, s:I, s:I}", "batch", &batch, "hash", &hash,
                               "taken_us", &taken, "posted_us", &posted) == 0 &&
                   strlen(hash) == sizeof(out_books->hash) - 1;
    if (is_read) {
        *out_books = (FiscBooksAt){.batch = batch, .taken_at_us = taken, .posted_at_us = posted};
        g_strlcpy(out_books->hash, hash, sizeof(out_books->hash));
    }
    json_decref(object);
    return is_read || fisc_fail(error, FISC_ERROR_NOT_FOUND,
                                "%s does not say what the backup holds: it was not finished", path);
}

/* Taking ------------------------------------------------------------------------------------------
 */

/* Signed when there is a key; its public half goes along, for who has no other copy of it. */
static bool
save_head(FiscCli *cli, const char *dir, const char *name, bool *out_signed, GError **error)
{
    g_autofree char *key = fisc_cli_head_key(cli, error);
    g_autofree char *public_key = key != NULL ? g_strconcat(key, ".pub", NULL) : NULL;
    g_autofree char *copy = g_build_filename(dir, "head.key.pub", NULL);
    g_autofree char *path = fisc_cli_beside(dir, name, "head");
    g_autofree char *note = NULL;
    g_autofree char *text = NULL;
    *out_signed = key != NULL && g_file_test(key, G_FILE_TEST_EXISTS);
    if (key == NULL || !*out_signed) {
        return key != NULL;
    }
    return fisc_flow_head(&cli->context, key, -1, &note, error) && write_file(path, note, error) &&
           (!g_file_get_contents(public_key, &text, NULL, NULL) || write_file(copy, text, error));
}

static bool
take(FiscCli *cli, const char *dir, GError **error)
{
    g_autofree char *data_dir = fisc_cli_data_dir(cli);
    g_autofree char *name = NULL;
    FiscBooksAt books;
    bool is_signed = false;
    if (!fisc_backup_take(data_dir, dir, &name, error) || !fisc_cli_open(cli, error) ||
        !fisc_cli_books_now(cli, &books, error) || !save_head(cli, dir, name, &is_signed, error)) {
        return false;
    }
    g_autofree char *path = fisc_cli_beside(dir, name, "json");
    g_autofree char *record = g_build_filename(data_dir, FISC_LAST_BACKUP, NULL);
    g_autofree char *time = fisc_cli_time_text(books.taken_at_us);
    g_autofree char *absolute = g_canonicalize_filename(dir, NULL);
    g_autofree char *line = g_strdup_printf("%s\n%s\n", absolute, time);
    g_autofree char *batch = g_strdup_printf("%" G_GINT64_FORMAT, books.batch);
    g_autofree char *sentence = g_strdup_printf(
        "%s holds the books up to batch %s%s; what is posted from now on is archived in %s/wal.",
        name, batch,
        is_signed ? ", with a signed head" : " (no signed head: fisc head --new-key makes the key)",
        dir);
    if (!fisc_cli_books_write(path, &books, error) || !write_file(record, line, error)) {
        return false;
    }
    fisc_cli_print_done(cli, sentence, "backup", name, "folder", absolute, "batch", batch, "hash",
                        books.hash, "taken_at", time, "signed", is_signed ? "true" : "false", NULL);
    return true;
}

/* Checking --------------------------------------------------------------------------------------
 */

static bool
check_folder(FiscCli *cli, const char *dir, GError **error)
{
    g_autoptr(GPtrArray) backups = NULL;
    g_autofree char *last_wal = NULL;
    if (!fisc_backup_list(dir, &backups, error)) {
        return false;
    }
    if (backups->len == 0) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "there is no backup in %s", dir);
    }
    for (guint i = 0; i < backups->len; i++) {
        const FiscBackup *backup = backups->pdata[i];
        g_autofree char *path = fisc_cli_beside(dir, backup->name, "json");
        FiscBooksAt books;
        g_clear_pointer(&last_wal, g_free);
        if (!fisc_cli_books_read(path, &books, error) ||
            !fisc_backup_check(dir, backup, &last_wal, error)) {
            return false;
        }
    }
    g_autofree char *count = g_strdup_printf("%u", backups->len);
    g_autofree char *sentence = g_strdup_printf(
        "%s backups are as they were written; the log behind them has no gap up to %s.", count,
        last_wal != NULL ? last_wal : "their end");
    fisc_cli_print_done(cli, sentence, "backups", count, "last_log", last_wal, NULL);
    return true;
}

bool
fisc_command_backup(FiscCli *cli, int *out_status, GError **error)
{
    const char *dir = fisc_cli_argument(cli, 0);
    bool is_check = fisc_cli_has(cli, "check");
    *out_status = 0;
    if (fisc_cli_has(cli, "db") && !is_check) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "that database is not ours to copy: back it up with the site's own tool "
                         "(pgBackRest), restore it to a scratch server, and look at that with "
                         "`fisc backup --check --db URI`");
    }
    if (is_check && dir == NULL) {
        return fisc_command_verify(cli, out_status, error);
    }
    if (dir == NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "the folder of the backups is missing");
    }
    return is_check ? check_folder(cli, dir, error) : take(cli, dir, error);
}
