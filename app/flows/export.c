/* export.c: the books for other programs: entries of a period as a plain text journal.
 *
 * What stood before the period is one transaction in front, so that the journal's totals are those
 * of the trial balance. Lines are streamed: a year of a large city does not have to fit in memory
 * twice. */
#include "app/flows/internal.h"
#include "app/flows/report_snapshot.h"
#include "fisc/ledger.h"
#include "integrations/journal_export.h"
#include "reporting/posted_account.h"
#include <string.h>

#define CHUNK_BYTES (256 * 1024)

typedef struct {
    const FiscReportSnapshot *snapshot;
    GHashTable *members; /* entity codes; NULL = all */
    GHashTable *codings; /* coding_id -> FiscCoding */
    FiscJournalText text;
    int64_t entry_id; /* whose lines are written; 0 = none */
    FiscExportSink sink;
    void *data;
} Export;

/* ---- lines ---- */

static void
write_line(Export *export, const FiscCoding *coding, __int128 amount)
{
    char account[FISC_CODE_MAX];
    const FiscEntity *entity = fisc_nation_entity(export->snapshot->nation, coding->entity);
    fisc_posted_account(coding, account);
    bool is_budgetary = coding->account->class_ == FISC_CLASS_BUDGETARY;
    fisc_journal_text_line(
        &export->text,
        &(FiscJournalTextLine){.entity = coding->entity,
                               .side = is_budgetary ? "budgetary" : "financial",
                               .account = account,
                               .amount = amount,
                               .decimals = entity->decimals,
                               .currency = entity->currency != NULL ? entity->currency : ""});
}

static bool
flush(Export *export, gsize least, GError **error)
{
    GString *out = export->text.out;
    if (out->len < MAX(least, 1)) {
        return true;
    }
    bool is_taken = export->sink(out->str, out->len, export->data, error);
    g_string_truncate(out, 0);
    return is_taken;
}

static void
begin_entry(Export *export, const FiscCodingLine *line)
{
    if (export->entry_id != 0) {
        fisc_journal_text_end(&export->text);
    }
    export->entry_id = line->entry_id;
    g_autofree char *words =
        g_strjoin(" ", line->source, line->reference, line->document != NULL ? line->document : "",
                  line->memo != NULL ? line->memo : "", NULL);
    fisc_journal_text_begin(&export->text, line->effective, line->entry_id, words);
}

static bool
each_line(const FiscCodingLine *line, void *data, GError **error)
{
    Export *export = data;
    if (line->entry_id != export->entry_id) {
        if (!flush(export, CHUNK_BYTES, error)) {
            return false;
        }
        begin_entry(export, line);
    }
    write_line(export, g_hash_table_lookup(export->codings, GINT_TO_POINTER(line->coding_id)),
               line->amount);
    return true;
}

/* ---- what stood before ---- */

/* Sums before the period by coding, in the order of codings. */
static GHashTable *
sum_before(const Export *export)
{
    GHashTable *sums = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    const FiscBalances *balances = export->snapshot->balances;
    for (guint i = 0; i < balances->rows->len; i++) {
        const FiscBalance *row = &g_array_index(balances->rows, FiscBalance, i);
        if (row->period >= export->snapshot->from) {
            continue;
        }
        __int128 *sum = g_hash_table_lookup(sums, row->coding);
        if (sum == NULL) {
            sum = g_new0(__int128, 1);
            g_hash_table_insert(sums, (void *)row->coding, sum);
        }
        *sum += (__int128)row->debit - row->credit;
    }
    return sums;
}

static void
write_before(Export *export)
{
    g_autoptr(GHashTable) sums = sum_before(export);
    const GPtrArray *codings = export->snapshot->balances->codings;
    bool has_begun = false;
    for (guint i = 0; i < codings->len; i++) {
        const FiscCoding *coding = codings->pdata[i];
        const __int128 *sum = g_hash_table_lookup(sums, coding);
        if (sum == NULL || *sum == 0 ||
            !g_hash_table_contains(export->codings, GINT_TO_POINTER(coding->coding_id))) {
            continue;
        }
        if (!has_begun) {
            int month = MAX(export->snapshot->from % 100, 1);
            FiscDate first =
                fisc_date_make(fisc_period_year(export->snapshot->from), MIN(month, 12), 1);
            fisc_journal_text_begin(&export->text, first, 0, "Balances before the period");
            has_begun = true;
        }
        write_line(export, coding, *sum);
    }
    if (has_begun) {
        fisc_journal_text_end(&export->text);
    }
}

/* ---- the journal ---- */

static bool
choose_codings(Export *export, GArray *ids, GError **error)
{
    const char *unit = export->snapshot->query->unit;
    if (unit != NULL) {
        export->members = fisc_nation_perimeter(export->snapshot->nation, unit);
        if (export->members == NULL) {
            return fisc_fail(error, FISC_ERROR_NOT_FOUND, "there is no unit \"%s\"", unit);
        }
    }
    const GPtrArray *codings = export->snapshot->balances->codings;
    for (guint i = 0; i < codings->len; i++) {
        const FiscCoding *coding = codings->pdata[i];
        int32_t id = coding->coding_id;
        if (export->members == NULL || g_hash_table_contains(export->members, coding->entity)) {
            g_hash_table_insert(export->codings, GINT_TO_POINTER(id), (void *)coding);
            g_array_append_val(ids, id);
        }
    }
    return true;
}

/* What the file is, and how amounts of each currency look. */
static void
write_head(Export *export)
{
    const FiscReportSnapshot *snapshot = export->snapshot;
    g_autoptr(GHashTable) currencies = g_hash_table_new(g_str_hash, g_str_equal);
    g_autofree char *words =
        g_strdup_printf("Entries of %s, %s, from the books as of batch %" G_GINT64_FORMAT,
                        snapshot->query->unit != NULL ? snapshot->query->unit : "every unit",
                        snapshot->query->period, snapshot->balances->batch_no);
    fisc_journal_text_comment(&export->text, words);
    for (guint i = 0; i < snapshot->nation->entities->len; i++) {
        const FiscEntity *entity = snapshot->nation->entities->pdata[i];
        const char *currency = entity->currency != NULL ? entity->currency : "";
        if ((export->members == NULL || g_hash_table_contains(export->members, entity->code)) &&
            g_hash_table_add(currencies, (void *)currency)) {
            fisc_journal_text_currency(&export->text, currency, entity->decimals);
        }
    }
}

static bool
write_journal(FiscTx *tx, FiscContext *ctx, Export *export, GError **error)
{
    const FiscReportSnapshot *snapshot = export->snapshot;
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int32_t));
    if (!choose_codings(export, ids, error)) {
        return false;
    }
    write_head(export);
    write_before(export);
    if (!fisc_coding_lines_stream(tx, ctx->book_id, ids, snapshot->from, snapshot->to,
                                  &snapshot->moment, each_line, export, error)) {
        return false;
    }
    return flush(export, 0, error);
}

bool
fisc_flow_export_journal(FiscContext *ctx, const FiscExportQuery *query, FiscExportSink sink,
                         void *data, GError **error)
{
    g_auto(FiscReportSnapshot) snapshot = {0};
    g_autoptr(FiscTx) tx = NULL;
    FiscReportQuery report = {.name = "trial-balance",
                              .unit = query->unit,
                              .period = query->period,
                              .as_of = query->as_of,
                              .known_at = query->known_at};
    int style = fisc_journal_style_find(query->style != NULL ? query->style : "hledger");
    if (style < 0) {
        return fisc_fail(error, FISC_ERROR_USAGE, "--style is " FISC_JOURNAL_STYLES ", not \"%s\"",
                         query->style);
    }
    if (!fisc_report_read_words(&report, &snapshot, error) ||
        !fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) ||
        !fisc_report_read(tx, ctx, FISC_REPORT_BALANCES, &snapshot, error)) {
        return false;
    }
    g_autoptr(GHashTable) codings = g_hash_table_new(NULL, NULL);
    g_autoptr(GString) out = g_string_new(NULL);
    Export export = {.snapshot = &snapshot,
                     .codings = codings,
                     .text = {(FiscJournalStyle)style, out},
                     .sink = sink,
                     .data = data};
    bool is_done = write_journal(tx, ctx, &export, error);
    g_clear_pointer(&export.members, g_hash_table_unref);
    return is_done && fisc_tx_commit(g_steal_pointer(&tx), error);
}
