/* command_restore.c: `fisc restore`: a backup becomes books again, up to a moment or a batch, and
 * is believed only when the chain says so. */
#include "app/cli/backups.h"
#include "app/cli/commands.h"
#include "core/base/hash.h"
#include <string.h>

typedef struct {
    const char *dir, *new_dir;
    FiscRestoreKind kind;
    int64_t batch;   /* wanted; 0: a time or all */
    int64_t time_us; /* wanted */
    char *time;      /* the same for PostgreSQL */
    FiscBackup *base;
    FiscBooksAt books; /* what the base holds at least */
} Restore;

/* The moment ------------------------------------------------------------------------------------
 */

static bool
read_target(const char *word, Restore *restore, GError **error)
{
    gint64 batch = 0;
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
    if (strcmp(word, "latest") == 0) {
        restore->kind = FISC_RESTORE_LATEST;
        return true;
    }
    if (g_ascii_string_to_signed(word, 10, 1, G_MAXINT64, &batch, NULL)) {
        restore->kind = FISC_RESTORE_COMMIT;
        restore->batch = batch;
        return true;
    }
    g_autoptr(GDateTime) given = g_date_time_new_from_iso8601(word, utc);
    if (given == NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "--to is a time like 2026-11-22T08:00:00Z, the number of a batch, or "
                         "latest; not \"%s\"",
                         word);
    }
    g_autoptr(GDateTime) time = g_date_time_to_utc(given);
    restore->kind = FISC_RESTORE_TIME;
    restore->time_us =
        g_date_time_to_unix(time) * G_USEC_PER_SEC + g_date_time_get_microsecond(time);
    restore->time = g_date_time_format(time, "%Y-%m-%d %H:%M:%S.%f+00");
    return true;
}

static bool
is_before(const Restore *restore, const FiscBooksAt *books)
{
    return restore->kind == FISC_RESTORE_TIME     ? restore->time_us < books->taken_at_us
           : restore->kind == FISC_RESTORE_COMMIT ? restore->batch < books->batch
                                                  : false;
}

/* The newest base that does not lie behind the moment. */
static bool
choose_base(Restore *restore, GError **error)
{
    g_autoptr(GPtrArray) backups = NULL;
    if (!fisc_backup_list(restore->dir, &backups, error)) {
        return false;
    }
    for (guint i = backups->len; i > 0 && restore->base == NULL; i--) {
        const FiscBackup *backup = backups->pdata[i - 1];
        g_autofree char *path = fisc_cli_beside(restore->dir, backup->name, "json");
        FiscBooksAt books;
        if (fisc_cli_books_read(path, &books, NULL) && !is_before(restore, &books)) {
            restore->base = g_ptr_array_steal_index(backups, i - 1);
            restore->books = books;
        }
    }
    return restore->base != NULL ||
           fisc_fail(error, FISC_ERROR_NOT_FOUND,
                     backups->len == 0 ? "there is no backup in %s"
                                       : "that moment lies before the oldest backup in %s",
                     restore->dir);
}

/* Recovering ------------------------------------------------------------------------------------
 */

static bool
ask_commit(const char *data_dir, const Restore *restore, char **out_commit, GError **error)
{
    g_autoptr(FiscCluster) cluster = NULL;
    g_autoptr(FiscPool) pool = NULL;
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_cluster_open(data_dir, &cluster, error) ||
        !fisc_pool_open(cluster->admin_uri, NULL, 1, &pool, error) ||
        !fisc_tx_begin(pool, FISC_TX_AUTO, &tx, error) ||
        !fisc_tx_query(tx, FISC_SQL_LEDGER_BATCH_COMMIT,
                       FISC_ARGS(fisc_int4(FISC_CLI_BOOK), fisc_int8(restore->batch)), &rows,
                       error)) {
        return false;
    }
    if (fisc_rows_count(rows) == 0) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND,
                         "the archived log ends before batch %" G_GINT64_FORMAT, restore->batch);
    }
    *out_commit = g_strdup(fisc_rows_text(rows, 0, 0));
    g_clear_pointer(&tx, fisc_tx_rollback); /* before the pool it came from */
    return true;
}

/* Only the books know which transaction wrote a batch: all there is is restored beside, and asked.
 */
static bool
find_commit(const Restore *restore, char **out_commit, GError **error)
{
    static const FiscRestoreTarget all = {.kind = FISC_RESTORE_LATEST};
    g_autofree char *folder = g_strconcat(restore->new_dir, ".looking", NULL);
    fisc_cluster_stop(folder, NULL);
    fisc_folder_remove(folder);
    bool is_found = fisc_backup_restore(restore->dir, restore->base, &all, folder, error) &&
                    ask_commit(folder, restore, out_commit, error);
    fisc_cluster_stop(folder, NULL);
    fisc_folder_remove(folder);
    return is_found;
}

/* A gap or damage is told before anything is copied; a gap behind the moment does not matter. */
static bool
recover(const Restore *restore, GError **error)
{
    g_autofree char *commit = NULL;
    g_autoptr(GError) gap = NULL;
    g_autoptr(GError) failure = NULL;
    if (!fisc_backup_check(restore->dir, restore->base, NULL, &gap) &&
        (restore->kind == FISC_RESTORE_LATEST ||
         !g_error_matches(gap, FISC_ERROR, FISC_ERROR_NOT_FOUND))) {
        g_propagate_error(error, g_steal_pointer(&gap));
        return false;
    }
    bool is_done = restore->kind != FISC_RESTORE_COMMIT || find_commit(restore, &commit, &failure);
    FiscRestoreTarget target = {restore->kind, restore->time, commit};
    is_done = is_done &&
              fisc_backup_restore(restore->dir, restore->base, &target, restore->new_dir, &failure);
    if (is_done) {
        return true;
    }
    bool is_gap = gap != NULL && g_error_matches(failure, FISC_ERROR, FISC_ERROR_NOT_FOUND);
    g_propagate_error(error, is_gap ? g_steal_pointer(&gap) : g_steal_pointer(&failure));
    return false;
}

/* Believing -------------------------------------------------------------------------------------
 */

static bool
check_hash(const FiscCli *cli, const Restore *restore, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscRows) rows = NULL;
    char hash[FISC_HASH_TEXT] = "";
    int length = 0;
    if (!fisc_tx_begin(cli->context.pool, FISC_TX_AUTO, &tx, error) ||
        !fisc_tx_query(tx, FISC_SQL_LEDGER_BATCH_HASH_AT,
                       FISC_ARGS(fisc_int4(cli->context.book_id), fisc_int8(restore->books.batch)),
                       &rows, error)) {
        return false;
    }
    if (fisc_rows_count(rows) == 1) {
        fisc_hash_format(fisc_rows_bytea(rows, 0, 0, &length), hash);
    }
    return strcmp(hash, restore->books.hash) == 0 ||
           fisc_fail(error, FISC_ERROR_TAMPERED,
                     "batch %" G_GINT64_FORMAT " is not the one that was saved with %s",
                     restore->books.batch, restore->base->name);
}

static bool
check_moment(const Restore *restore, const FiscBooksAt *now, GError **error)
{
    bool is_right = restore->kind == FISC_RESTORE_COMMIT ? now->batch == restore->batch
                    : restore->kind == FISC_RESTORE_TIME ? now->posted_at_us <= restore->time_us
                                                         : true;
    return is_right || fisc_fail(error, FISC_ERROR_TAMPERED,
                                 "the restored chain ends with batch %" G_GINT64_FORMAT
                                 ", which is not the moment that was asked for",
                                 now->batch);
}

/* The whole book against itself, and against the head that was signed when it was saved. */
static bool
check_book(FiscCli *cli, const Restore *restore, bool *out_clean, GError **error)
{
    g_autofree char *head = fisc_cli_beside(restore->dir, restore->base->name, "head");
    g_autofree char *copy = g_build_filename(restore->dir, "head.key.pub", NULL);
    const char *given = fisc_cli_option(cli, "head-key");
    bool has_head = g_file_test(head, G_FILE_TEST_EXISTS);
    bool has_copy = g_file_test(copy, G_FILE_TEST_EXISTS);
    FiscVerifyOptions options = {.head_file = has_head ? head : NULL,
                                 .head_key = !has_head       ? NULL
                                             : given != NULL ? given
                                             : has_copy      ? copy
                                                             : NULL};
    g_autoptr(FiscVerifyReport) report = NULL;
    if (!fisc_flow_verify(&cli->context, &options, &report, error)) {
        return false;
    }
    fisc_cli_progress_end(&cli->progress);
    for (guint i = 0; i < report->findings->len; i++) {
        g_autofree char *text = fisc_finding_to_text(report->findings->pdata[i]);
        fisc_cli_print("%s\n", text);
    }
    *out_clean = report->findings->len == 0;
    return true;
}

static bool
believe(FiscCli *cli, const Restore *restore, int *out_status, GError **error)
{
    FiscBooksAt now;
    bool is_clean = false;
    g_hash_table_insert(cli->words->options, (char *)"data", (char *)restore->new_dir);
    if (!fisc_cli_open(cli, error) || !fisc_cli_books_now(cli, &now, error) ||
        !check_hash(cli, restore, error) || !check_moment(restore, &now, error) ||
        !check_book(cli, restore, &is_clean, error)) {
        return false;
    }
    g_autofree char *batch = g_strdup_printf("%" G_GINT64_FORMAT, now.batch);
    g_autofree char *time = fisc_cli_time_text(now.posted_at_us);
    g_autofree char *sentence = g_strdup_printf(
        "%s holds the books up to batch %s of %s, from %s; %s. It archives nothing yet: back it up "
        "into a folder of its own.",
        restore->new_dir, batch, time, restore->base->name,
        is_clean ? "they are what was sealed" : "THEY ARE NOT WHAT WAS SEALED");
    fisc_cli_print_done(cli, sentence, "data", restore->new_dir, "batch", batch, "hash", now.hash,
                        "posted_at", time, "backup", restore->base->name, "clean",
                        is_clean ? "true" : "false", NULL);
    *out_status = is_clean ? 0 : fisc_error_exit_status(FISC_ERROR_TAMPERED);
    return true;
}

bool
fisc_command_restore(FiscCli *cli, int *out_status, GError **error)
{
    g_autofree char *new_dir = NULL;
    const char *word = fisc_cli_require(cli, "to", error);
    const char *data = word != NULL ? fisc_cli_require(cli, "data", error) : NULL;
    if (data == NULL) {
        return false;
    }
    new_dir = g_canonicalize_filename(data, NULL);
    Restore restore = {.dir = fisc_cli_argument(cli, 0), .new_dir = new_dir};
    bool is_done = read_target(word, &restore, error) && choose_base(&restore, error) &&
                   recover(&restore, error) && believe(cli, &restore, out_status, error);
    g_hash_table_remove(cli->words->options, "data"); /* it was lent */
    fisc_backup_free(restore.base);
    g_free(restore.time);
    return is_done;
}
