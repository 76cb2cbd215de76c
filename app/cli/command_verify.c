/* command_verify.c: `fisc verify`: are the books what was posted? Exit 0 when they are, 8 when not,
 * with every finding on stdout. */
#include "app/cli/commands.h"
#include "core/base/hash.h"
#include <stdlib.h>

static json_t *
number_or_null(int64_t number)
{
    return number != 0 ? json_integer(number) : json_null();
}

static json_t *
finding_value(const FiscFinding *finding)
{
    g_autofree char *text = fisc_finding_to_text(finding);
    json_t *object = json_object();
    json_object_set_new(object, "kind", json_string(fisc_finding_word(finding->kind)));
    json_object_set_new(object, "subject", json_string(finding->subject));
    json_object_set_new(object, "number", number_or_null(finding->number));
    json_object_set_new(object, "name", fisc_json_text(finding->name));
    json_object_set_new(object, "batch", number_or_null(finding->batch_no));
    json_object_set_new(object, "line", number_or_null(finding->line));
    json_object_set_new(object, "detail", fisc_json_text(finding->detail));
    json_object_set_new(object, "text", fisc_json_text(text));
    return object;
}

static json_t *
counts_value(const FiscVerifyReport *report)
{
    json_t *object = json_object();
    const struct {
        const char *name;
        int64_t count;
    } counts[] = {{"batches", report->batches},         {"items", report->items},
                  {"entries", report->entries},         {"lines", report->lines},
                  {"events", report->events},           {"refusals", report->refusals},
                  {"codings", report->codings},         {"heads", report->heads},
                  {"first_batch", report->first_batch}, {"last_batch", report->last_batch}};
    for (gsize i = 0; i < G_N_ELEMENTS(counts); i++) {
        json_object_set_new(object, counts[i].name, json_integer(counts[i].count));
    }
    return object;
}

static void
print_json(const FiscVerifyReport *report, bool is_clean)
{
    char hash[FISC_HASH_TEXT];
    json_t *object = counts_value(report);
    json_t *findings = json_array();
    json_t *notes = json_array();
    for (guint i = 0; i < report->findings->len; i++) {
        json_array_append_new(findings, finding_value(g_ptr_array_index(report->findings, i)));
    }
    for (guint i = 0; i < report->notes->len; i++) {
        json_array_append_new(notes, json_string(g_ptr_array_index(report->notes, i)));
    }
    json_object_set_new(object, "clean", json_boolean(is_clean));
    json_object_set_new(object, "hash", json_string(fisc_hash_format(report->hash, hash)));
    json_object_set_new(object, "findings", findings);
    json_object_set_new(object, "dropped", json_integer(report->dropped));
    json_object_set_new(object, "notes", notes);
    char *text = json_dumps(object, JSON_INDENT(1));
    fisc_cli_print("%s\n", text);
    free(text);
    json_decref(object);
}

static void
print_text(const FiscVerifyReport *report, bool is_clean)
{
    char hash[FISC_HASH_TEXT];
    for (guint i = 0; i < report->findings->len; i++) {
        g_autofree char *text = fisc_finding_to_text(g_ptr_array_index(report->findings, i));
        fisc_cli_print("%s\n", text);
    }
    if (report->dropped > 0) {
        fisc_cli_print("and %d more\n", report->dropped);
    }
    fisc_cli_print("%s: batches %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT ", %" G_GINT64_FORMAT
                   " entries with %" G_GINT64_FORMAT " lines, %" G_GINT64_FORMAT
                   " events, %" G_GINT64_FORMAT " refusals, %" G_GINT64_FORMAT " codings\n",
                   is_clean ? "clean" : "TAMPERED", report->first_batch, report->last_batch,
                   report->entries, report->lines, report->events, report->refusals,
                   report->codings);
    fisc_cli_print("last batch %s\n", fisc_hash_format(report->hash, hash));
    for (guint i = 0; i < report->notes->len; i++) {
        fisc_cli_print("note: %s\n", (const char *)g_ptr_array_index(report->notes, i));
    }
}

static bool
read_since(const FiscCli *cli, int64_t *out_since, GError **error)
{
    const char *word = fisc_cli_option(cli, "since");
    gint64 since = 0;
    if (word != NULL && !g_ascii_string_to_signed(word, 10, 1, G_MAXINT64, &since, NULL)) {
        return fisc_fail(error, FISC_ERROR_USAGE, "--since is the number of a batch, not \"%s\"",
                         word);
    }
    *out_since = since;
    return true;
}

bool
fisc_command_verify(FiscCli *cli, int *out_status, GError **error)
{
    FiscVerifyOptions options = {.full = fisc_cli_has(cli, "full"),
                                 .head_file = fisc_cli_option(cli, "head"),
                                 .head_key = fisc_cli_option(cli, "head-key"),
                                 .witness_key = fisc_cli_option(cli, "witness-key")};
    g_autoptr(FiscVerifyReport) report = NULL;
    if (!read_since(cli, &options.since, error) || !fisc_cli_open(cli, error) ||
        !fisc_flow_verify(&cli->context, &options, &report, error)) {
        return false;
    }
    fisc_cli_progress_end(&cli->progress);
    bool is_clean = report->findings->len == 0;
    if (fisc_cli_has(cli, "json")) {
        print_json(report, is_clean);
    } else {
        print_text(report, is_clean);
    }
    *out_status = is_clean ? 0 : fisc_error_exit_status(FISC_ERROR_TAMPERED);
    return true;
}
