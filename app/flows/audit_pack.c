/* audit_pack.c: what an auditor takes away: the walk that gathers, seals and writes it. Nothing in
 * it has a clock: its dates are those of the batch, so the same period and batch give the same
 * bytes. */
#include "app/flows/audit_pack.h"
#include "app/flows/internal.h"
#include "app/flows/sheets.h"
#include "app/flows/verify_json.h"
#include "ledger/head_log.h"
#include <stdlib.h>
#include <string.h>

void
fisc_audit_add(FiscAuditPack *pack, const char *path, const char *meaning, GString *bytes)
{
    FiscRow *row = fisc_table_add_row(pack->files);
    fisc_table_set_text(pack->files, row, 0, path);
    fisc_table_set_amount(pack->files, row, 1, (int64_t)bytes->len);
    fisc_table_set_text(pack->files, row, 2, meaning);
    fisc_sheets_add(pack->sheets, path, bytes);
}

void
fisc_audit_pack_clear(FiscAuditPack *pack)
{
    fisc_known_at_clear(&pack->known);
    g_clear_pointer(&pack->nation, fisc_nation_free);
    g_clear_pointer(&pack->members, g_hash_table_unref);
    g_clear_pointer(&pack->sheets, g_ptr_array_unref);
    g_clear_pointer(&pack->files, fisc_table_free);
}

static void
pack_begin(FiscAuditPack *pack, const FiscAuditOrder *order)
{
    pack->order = order;
    pack->sheets = fisc_sheets_new();
    pack->files = fisc_table_new("pack", "Audit pack", 0);
    fisc_table_add_column(pack->files, "path", FISC_COLUMN_TEXT);
    fisc_table_add_column(pack->files, "bytes", FISC_COLUMN_INTEGER);
    fisc_table_add_column(pack->files, "meaning", FISC_COLUMN_TEXT);
}

/* The moment ---------------------------------------------------------------------------------- */

static bool
find_members(FiscTx *tx, FiscContext *ctx, FiscAuditPack *pack, GError **error)
{
    const char *unit = pack->order->unit;
    if (!fisc_nation_load(tx, ctx->book_id, pack->known.batch, &pack->nation, error)) {
        return false;
    }
    pack->members = unit != NULL ? fisc_nation_perimeter(pack->nation, unit) : NULL;
    return unit == NULL || pack->members != NULL ||
           fisc_fail(error, FISC_ERROR_NOT_FOUND, "there is no unit \"%s\"", unit);
}

/* Seals --------------------------------------------------------------------------------------- */

static bool
add_head(FiscTx *tx, FiscContext *ctx, FiscAuditPack *pack, const FiscSignKey *key, GError **error)
{
    g_autoptr(FiscHead) head = NULL;
    if (!fisc_head_make_at(tx, ctx->book_id, key, pack->known.batch, pack->known.created_us, &head,
                           error)) {
        return false;
    }
    g_autofree char *note = fisc_head_to_text(head, false);
    fisc_audit_add(pack, FISC_AUDIT_HEAD, "the signed head of the chain at that batch",
                   g_string_new(note));
    return fisc_sheets_add_key(pack->sheets, pack->order->key_file, error);
}

/* What `fisc verify --full` says, as far as the pack reaches: what was posted since is not told, so
 * that the pack stays what it is. */
static bool
add_verification(FiscContext *ctx, FiscAuditPack *pack, GError **error)
{
    g_autoptr(FiscVerifyReport) report = NULL;
    const FiscVerifyOptions options = {.full = true};
    if (!fisc_flow_verify(ctx, &options, &report, error)) {
        return false;
    }
    for (guint i = report->findings->len; i > 0; i--) {
        const FiscFinding *finding = report->findings->pdata[i - 1];
        if (finding->batch_no > pack->known.batch) {
            g_ptr_array_remove_index(report->findings, i - 1);
        }
    }
    json_t *told = fisc_json_verification(report);
    json_t *value =
        json_pack("{s:I, s:O, s:O}", "batches", (json_int_t)pack->known.batch, "clean",
                  json_object_get(told, "clean"), "findings", json_object_get(told, "findings"));
    char *text = json_dumps(value, JSON_INDENT(1));
    GString *bytes = g_string_new(text);
    g_string_append_c(bytes, '\n');
    fisc_audit_add(pack, "verify.json", "what `fisc verify --full` found in these batches", bytes);
    free(text);
    json_decref(value);
    json_decref(told);
    return true;
}

/* Words --------------------------------------------------------------------------------------- */

static json_t *
text_or_null(const char *text)
{
    return text != NULL ? json_string(text) : json_null();
}

static void
add_description(FiscContext *ctx, FiscAuditPack *pack)
{
    json_t *files = json_array();
    for (guint i = 0; i < pack->files->rows->len; i++) {
        const FiscRow *row = pack->files->rows->pdata[i];
        json_array_append_new(files, json_pack("{s:s, s:s}", "path", row->cells[0].text, "meaning",
                                               row->cells[2].text));
    }
    json_t *value =
        json_pack("{s:s, s:i, s:o, s:s, s:I, s:s, s:s, s:o}", "form", FISC_AUDIT_FORM, "book",
                  ctx->book_id, "unit", text_or_null(pack->order->unit), "period",
                  pack->order->period, "batch", (json_int_t)pack->known.batch, "created",
                  pack->known.created, "program", FISC_VERSION, "files", files);
    char *text = json_dumps(value, JSON_INDENT(1));
    fisc_audit_add(pack, FISC_AUDIT_PACK, "what this pack is of", g_string_new(text));
    free(text);
    json_decref(value);
}

static void
add_readme(FiscAuditPack *pack)
{
    GString *text = g_string_new(NULL);
    const char *unit = pack->order->unit != NULL ? pack->order->unit : "all units";
    g_string_append_printf(text,
                           "# Audit pack: %s, %s\n\nWhat the books said when batch %s was posted, "
                           "at %s.\n\n| file | what |\n|---|---|\n",
                           unit, pack->order->period, pack->known.word, pack->known.created);
    for (guint i = 0; i < pack->files->rows->len; i++) {
        const FiscRow *row = pack->files->rows->pdata[i];
        g_string_append_printf(text, "| %s | %s |\n", row->cells[0].text, row->cells[2].text);
    }
    g_string_append(
        text,
        "\n## Checking it\n\nWith the program, on a machine of your own, without the database:\n\n"
        "    fisc audit check . --head-key KEY\n\n"
        "KEY is the public key that you were given on paper or by somebody you know, not the one "
        "in this\nfolder. The command checks every file against the seal, the seal and the head "
        "against the key, the\nchain of batches against the head, every entry against its batch, "
        "and entries.csv against the\nentries. It names what does not hold, and ends with 8.\n\n"
        "Without the program, the seal alone:\n\n"
        "    sha256sum --check checksums.txt\n"
        "    openssl pkeyutl -verify -pubin -inkey head.key.pub -rawin -in checksums.txt \\\n"
        "        -sigfile checksums.txt.sig\n\n"
        "The forms of the hashes are those of docs/hashes.md. Of a batch that holds something "
        "shown here,\nall hashes stand in chain.ndjson: what is of other units or periods is a "
        "hash among them. Reports\nand records are sealed by the key; entries are proven by the "
        "chain.\n");
    fisc_audit_add(pack, "README.md", "this page", text);
}

/* The walk ------------------------------------------------------------------------------------ */

/* A folder with something else in it is somebody's. */
static bool
check_folder(const FiscAuditOrder *order, GError **error)
{
    g_autofree char *description = g_build_filename(order->folder, FISC_AUDIT_PACK, NULL);
    g_autoptr(GDir) dir = g_dir_open(order->folder, 0, NULL);
    bool is_foreign = dir != NULL && g_dir_read_name(dir) != NULL &&
                      !g_file_test(description, G_FILE_TEST_EXISTS);
    return !is_foreign ||
           fisc_fail(error, FISC_ERROR_USAGE,
                     "%s has files and is no audit pack: name an empty folder", order->folder);
}

static bool
gather(FiscContext *ctx, FiscAuditPack *pack, const FiscSignKey *key, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    if (!fisc_period_range_parse(pack->order->period, &pack->from, &pack->to)) {
        return fisc_fail(error, FISC_ERROR_USAGE, "\"%s\" is none of 2024, 2024-Q3, 2024-06",
                         pack->order->period);
    }
    return fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) &&
           fisc_report_known_at(tx, ctx, pack->order->known_at, &pack->known, error) &&
           find_members(tx, ctx, pack, error) && fisc_audit_add_log(tx, ctx, pack, error) &&
           fisc_audit_add_records(tx, ctx, pack, error) && add_head(tx, ctx, pack, key, error) &&
           fisc_tx_commit(g_steal_pointer(&tx), error);
}

bool
fisc_flow_audit_pack(FiscContext *ctx, const FiscAuditOrder *order, FiscTable **out_written,
                     GError **error)
{
    g_auto(FiscAuditPack) pack = {0};
    g_autoptr(FiscSignKey) key = NULL;
    pack_begin(&pack, order);
    if (!fisc_flow_check_book(ctx, error) || !check_folder(order, error) ||
        !fisc_flow_load_private_key(order->key_file, &key, error) ||
        !gather(ctx, &pack, key, error) || !add_verification(ctx, &pack, error)) {
        return false;
    }
    add_description(ctx, &pack);
    add_readme(&pack);
    fisc_sheets_seal(pack.sheets, key);
    if (!fisc_sheets_write(pack.sheets, order->folder, error)) {
        return false;
    }
    *out_written = g_steal_pointer(&pack.files);
    return true;
}
