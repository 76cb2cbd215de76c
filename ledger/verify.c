/* verify.c: see verify.h: the order of the checks, and the report. */
#include "ledger/verify_internal.h"
#include "fisc/ledger.h"
#include <string.h>

static const char *const kind_words[] = {
#define X(name, word) [FISC_FINDING_##name] = word,
    FISC_FINDINGS(X)
#undef X
};

const char *
fisc_finding_word(FiscFindingKind kind)
{
    return kind_words[kind];
}

static void
finding_free(gpointer data)
{
    FiscFinding *finding = data;
    g_free(finding->name);
    g_free(finding->detail);
    g_free(finding);
}

char *
fisc_finding_to_text(const FiscFinding *finding)
{
    GString *text = g_string_new(finding->subject);
    bool has_number = finding->number != 0 || strcmp(finding->subject, "batch") == 0;
    if (has_number) {
        g_string_append_printf(text, " %" G_GINT64_FORMAT, finding->number);
    }
    if (finding->name != NULL) {
        g_string_append_printf(text, has_number ? " (%s)" : " %s", finding->name);
    }
    if (finding->line != 0) {
        g_string_append_printf(text, " line %d", finding->line);
    }
    g_string_append_printf(text, ": %s: %s", kind_words[finding->kind], finding->detail);
    if (finding->batch_no != 0 && strcmp(finding->subject, "batch") != 0) {
        g_string_append_printf(text, " (batch %" G_GINT64_FORMAT ")", finding->batch_no);
    }
    return g_string_free(text, FALSE);
}

static FiscVerifyReport *
report_new(void)
{
    FiscVerifyReport *report = g_new0(FiscVerifyReport, 1);
    report->findings = g_ptr_array_new_with_free_func(finding_free);
    report->notes = g_ptr_array_new_with_free_func(g_free);
    return report;
}

void
fisc_verify_report_free(FiscVerifyReport *report)
{
    if (report != NULL) {
        g_ptr_array_unref(report->notes);
        g_ptr_array_unref(report->findings);
        g_free(report);
    }
}

FiscFinding *
fisc_verifier_find(FiscVerifier *verifier, FiscFindingKind kind, const char *subject,
                   int64_t number, const char *name, int64_t batch_no, const char *format, ...)
{
    FiscVerifyReport *report = verifier->report;
    FiscFinding *finding = g_new0(FiscFinding, 1);
    va_list arguments;
    va_start(arguments, format);
    *finding = (FiscFinding){.kind = kind,
                             .subject = subject,
                             .number = number,
                             .name = name != NULL && *name != '\0' ? g_strdup(name) : NULL,
                             .batch_no = batch_no,
                             .detail = g_strdup_vprintf(format, arguments)};
    va_end(arguments);
    if (report->findings->len == FISC_FINDINGS_MAX) {
        finding_free(report->findings->pdata[FISC_FINDINGS_MAX - 1]);
        report->findings->pdata[FISC_FINDINGS_MAX - 1] = finding; /* the caller may write to it */
        report->dropped++;
    } else {
        g_ptr_array_add(report->findings, finding);
    }
    return finding;
}

void
fisc_verifier_note(FiscVerifier *verifier, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_ptr_array_add(verifier->report->notes, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

/* What needs the whole log, or the tables that are not the log. */
static bool
compare_caches(FiscVerifier *verifier, GError **error)
{
    if ((verifier->is_whole && (!fisc_verifier_read_balances(verifier, error) ||
                                !fisc_verifier_read_items(verifier, error))) ||
        !fisc_verifier_read_references(verifier, error)) {
        return false;
    }
    fisc_verifier_settle_between(verifier);
    fisc_verifier_explain(verifier);
    if (verifier->is_whole) {
        fisc_verifier_compare_checkpoint(verifier);
        fisc_verifier_report_balances(verifier);
        fisc_verifier_report_items(verifier);
    } else {
        fisc_verifier_note(
            verifier, "balances, open items and checkpoint were not looked at: they need every "
                      "batch from the first one on");
    }
    fisc_verifier_report_references(verifier);
    return fisc_verifier_compare_masters(verifier, error) &&
           fisc_verifier_compare_periods(verifier, error) &&
           fisc_verifier_compare_contents(verifier, error);
}

static bool
check_options(const FiscVerifyOptions *options, GError **error)
{
    if (options->full && options->since > 1) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "decisions are repeated from the first batch on: not with --since");
    }
    if (options->head_file == NULL && (options->head_key != NULL || options->witness_key != NULL)) {
        return fisc_fail(error, FISC_ERROR_USAGE, "a key checks a head: --head FILE is missing");
    }
    return true;
}

static bool
run(FiscVerifier *verifier, GError **error)
{
    bool is_done = fisc_verifier_load_heads(verifier, error) &&
                   fisc_verifier_read_checkpoint(verifier, error) &&
                   fisc_verifier_walk(verifier, error) && compare_caches(verifier, error);
    if (is_done) {
        fisc_verifier_report_heads(verifier);
    }
    return is_done;
}

bool
fisc_verify(FiscPool *pool, int book_id, const FiscVerifyOptions *options,
            FiscVerifyReport **out_report, GError **error)
{
    if (!check_options(options, error)) {
        return false;
    }
    g_autoptr(FiscTx) tx = NULL;
    if (!fisc_tx_begin(pool, FISC_TX_READ, &tx, error)) {
        return false;
    }
    g_autoptr(FiscVerifyReport) report = report_new();
    FiscVerifier verifier = {.book_id = book_id,
                             .options = options,
                             .report = report,
                             .tx = tx,
                             .hash = fisc_hash_new(),
                             .is_whole = options->since <= 1};
    fisc_verifier_folds_init(&verifier);
    bool is_done = run(&verifier, error);
    fisc_verifier_folds_clear(&verifier);
    fisc_hash_free(verifier.hash);
    if (!is_done || !fisc_tx_commit(g_steal_pointer(&tx), error)) {
        return false;
    }
    *out_report = g_steal_pointer(&report);
    return true;
}
