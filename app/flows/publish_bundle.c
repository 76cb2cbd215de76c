/* publish_bundle.c: the walk of a bundle: gather, withhold, compare, describe, sign, write. Nothing
 * in it has a clock: its dates are those of the batch. */
#include "app/flows/bundle.h"
#include "app/flows/internal.h"
#include "app/flows/sheets.h"
#include "ledger/head_log.h"
#include <string.h>

static void
add_table(GPtrArray *sheets, const char *path, const FiscTable *table)
{
    GString *text = g_string_new(NULL);
    fisc_table_render(table, FISC_FORMAT_CSV, text);
    fisc_sheets_add(sheets, path, text);
}

/* Words for citizens --------------------------------------------------------------------------- */

static char *
readme(const FiscBundleMaking *making)
{
    const FiscBundleScope *scope = &making->scope;
    GString *text = g_string_new(NULL);
    const char *unit = *scope->unit != '\0' ? scope->unit : "all units";
    g_string_append_printf(text, "# Open data of the budget and its execution: %s, %s\n\n", unit,
                           scope->period);
    if (*scope->publisher != '\0') {
        g_string_append_printf(text, "Published by %s%s%s%s%s.\n", scope->publisher,
                               *scope->contact != '\0' ? ", " : "", scope->contact,
                               *scope->licence != '\0' ? ", licence " : "", scope->licence);
    }
    g_string_append_printf(text,
                           "The files are what the books said when batch %" G_GINT64_FORMAT
                           " was posted, at %s.\n\n"
                           "| file | what | rows | withheld |\n|---|---|---|---|\n",
                           scope->batch, scope->created);
    for (guint i = 0; i < making->files->len; i++) {
        const FiscBundleFile *file = g_ptr_array_index(making->files, i);
        g_string_append_printf(text, "| [%s](%s) | %s | %u | %u |\n", file->path, file->path,
                               file->title, file->rows, file->withheld);
    }
    g_string_append(
        text,
        "\nAmounts are decimal numbers with a point. An empty field means: not said.\n"
        "`datapackage.json` names the type of every column, the key of every file, its rows and "
        "its totals.\n`CHANGES.csv` says what changed since the bundle before. "
        "`codes/withheld.csv` "
        "says by which rules\nsomething was left out: unless a rule says otherwise, natural "
        "persons appear as their sector only,\nand memos not at all.\n\n"
        "## Is it complete, and is it theirs?\n\n"
        "    sha256sum --check checksums.txt\n"
        "    openssl pkeyutl -verify -pubin -inkey head.key.pub -rawin -in checksums.txt \\\n"
        "        -sigfile checksums.txt.sig\n\n"
        "`head.txt` is the signed head of the books at that batch. Compare `head.key.pub` with the "
        "key that\nthe publisher shows elsewhere: a key that comes with the data proves only that "
        "nobody\nchanged the data behind whoever has the key.\n");
    return g_string_free(text, FALSE);
}

/* Signing -------------------------------------------------------------------------------------- */

static bool
add_head(FiscContext *ctx, const FiscBundleMaking *making, const FiscSignKey *key,
         GPtrArray *sheets, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscHead) head = NULL;
    if (!fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) ||
        !fisc_head_make_at(tx, ctx->book_id, key, making->scope.batch, making->known.created_us,
                           &head, error) ||
        !fisc_tx_commit(g_steal_pointer(&tx), error)) {
        return false;
    }
    g_autofree char *note = fisc_head_to_text(head, false);
    fisc_sheets_add_text(sheets, "head.txt", note);
    return true;
}

/* Writing -------------------------------------------------------------------------------------- */

/* A folder with something else in it is somebody's. */
static bool
check_folder(const FiscBundleOrder *order, GError **error)
{
    g_autofree char *package = g_build_filename(order->folder, "datapackage.json", NULL);
    g_autofree char *folder = g_canonicalize_filename(order->folder, NULL);
    g_autofree char *since =
        order->since != NULL ? g_canonicalize_filename(order->since, NULL) : NULL;
    if (g_strcmp0(folder, since) == 0) {
        return fisc_fail(error, FISC_ERROR_USAGE, "the bundle before is in another folder than %s",
                         order->folder);
    }
    g_autoptr(GDir) dir = g_dir_open(order->folder, 0, NULL);
    bool is_foreign =
        dir != NULL && g_dir_read_name(dir) != NULL && !g_file_test(package, G_FILE_TEST_EXISTS);
    return !is_foreign ||
           fisc_fail(error, FISC_ERROR_USAGE, "%s has files and is no bundle: name an empty folder",
                     order->folder);
}

static FiscTable *
tell(const FiscBundleMaking *making)
{
    g_autofree char *title = g_strdup_printf("Bundle %s, known at batch %" G_GINT64_FORMAT,
                                             making->order->folder, making->scope.batch);
    FiscTable *table = fisc_table_new("bundle", title, 0);
    fisc_table_add_column(table, "path", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "rows", FISC_COLUMN_INTEGER);
    fisc_table_add_column(table, "withheld", FISC_COLUMN_INTEGER);
    fisc_table_add_column(table, "sha256", FISC_COLUMN_TEXT);
    for (guint i = 0; i < making->files->len; i++) {
        const FiscBundleFile *file = g_ptr_array_index(making->files, i);
        FiscRow *row = fisc_table_add_row(table);
        fisc_table_set_text(table, row, 0, file->path);
        fisc_table_set_amount(table, row, 1, file->rows);
        fisc_table_set_amount(table, row, 2, file->withheld);
        fisc_table_set_text(table, row, 3, file->digest);
    }
    if (making->order->since != NULL) {
        fisc_table_add_note(table, "Since batch %" G_GINT64_FORMAT " %u changes: CHANGES.csv.",
                            making->scope.previous, making->changes->rows->len);
    }
    return table;
}

static bool
add_sheets(FiscContext *ctx, const FiscBundleMaking *making, const FiscSignKey *key,
           GPtrArray *sheets, GError **error)
{
    g_autofree char *package = fisc_bundle_package(&making->scope, making->files);
    g_autofree char *words = readme(making);
    for (guint i = 0; i < making->files->len; i++) {
        const FiscBundleFile *file = g_ptr_array_index(making->files, i);
        fisc_sheets_add(sheets, file->path,
                        g_string_new_len(file->text->str, (gssize)file->text->len));
    }
    fisc_sheets_add_text(sheets, "datapackage.json", package);
    fisc_sheets_add_text(sheets, "README.md", words);
    add_table(sheets, "codes/withheld.csv", making->rules);
    add_table(sheets, "CHANGES.csv", making->changes);
    if (!add_head(ctx, making, key, sheets, error) ||
        !fisc_sheets_add_key(sheets, making->order->key_file, error)) {
        return false;
    }
    fisc_sheets_seal(sheets, key);
    return true;
}

bool
fisc_flow_publish_bundle(FiscContext *ctx, const FiscBundleOrder *order, FiscTable **out_written,
                         GError **error)
{
    g_auto(FiscBundleMaking) making = {
        .order = order,
        .scope = {.unit = order->unit != NULL ? order->unit : "",
                  .period = order->period,
                  .program = FISC_VERSION},
    };
    g_autoptr(FiscSignKey) key = NULL;
    g_autoptr(GPtrArray) sheets = fisc_sheets_new();
    if (!check_folder(order, error) || !fisc_flow_load_private_key(order->key_file, &key, error) ||
        !fisc_bundle_gather(ctx, &making, error) || !fisc_bundle_compare(&making, error) ||
        !add_sheets(ctx, &making, key, sheets, error) ||
        !fisc_sheets_write(sheets, order->folder, error)) {
        return false;
    }
    *out_written = tell(&making);
    return true;
}
