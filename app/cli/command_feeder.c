/* command_feeder.c: `fisc feeder`: outside systems whose books are taken: which they are, what
 * their codes mean, what became of what they sent. `fisc pull` takes it. */
#include "app/cli/commands.h"
#include "fisc/feeder.h"
#include "fisc/money.h"
#include <string.h>

static const char *const verbs[] = {
    "list",
    "the register: how each feeder answers, and what stands in suspense",
    "put",
    "put the feeders of FILE (as feeders.csv) on record",
    "map",
    "put the profiles and tables of DIR in force for FEEDER; --dry-run: what it would "
    "change",
    "runs",
    "what became of what was pulled, newest first; of FEEDER or of all",
    "stages",
    "how far RUN came, and when",
    "rejects",
    "why RUN is quarantined: each fault with its place",
    "suspense",
    "codes that no map knows, with their amounts and their age",
    "receipt",
    "what the source is told of RUN, and its signature",
    "connectors",
    "the ways in which documents can be taken",
    NULL,
};

const char *const *
fisc_feeder_verbs(void)
{
    return verbs;
}

static bool
need(const FiscCli *cli, guint index, const char *usage, const char **out_word, GError **error)
{
    *out_word = fisc_cli_argument(cli, index);
    return *out_word != NULL || fisc_fail(error, FISC_ERROR_USAGE, "%s", usage);
}

static bool
say_kept(const FiscCli *cli, const char *sentence, const char *document, const FiscReceipt *receipt,
         int *out_status)
{
    if (receipt != NULL && receipt->refusals != NULL && receipt->refusals->len > 0) {
        *out_status = fisc_cli_print_refusals(receipt->refusals);
        return true;
    }
    if (document != NULL) {
        *out_status = fisc_cli_print_document(cli, document, "proposed", receipt);
        return true;
    }
    fisc_cli_print_done(cli, sentence, "state", "on record", NULL);
    *out_status = 0;
    return true;
}

static bool
put(FiscCli *cli, int *out_status, GError **error)
{
    const char *path = NULL;
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autofree char *document = NULL;
    const char *reason = fisc_cli_option(cli, "reason");
    if (!need(cli, 1, "`feeder put FILE`", &path, error) ||
        !fisc_cli_read_input(path, bytes, error) || !fisc_cli_open(cli, error) ||
        !fisc_flow_feeder_put(&cli->context, (const char *)bytes->data, bytes->len,
                              reason != NULL ? reason : "Register of feeders", &document, &receipt,
                              refusals, error)) {
        return false;
    }
    if (refusals->len > 0) {
        *out_status = fisc_cli_print_refusals(refusals);
        return true;
    }
    return say_kept(cli, "The feeders are on record.", document, receipt, out_status);
}

static bool
map(FiscCli *cli, int *out_status, GError **error)
{
    const char *feeder = NULL, *dir = NULL;
    const char *from = fisc_cli_option(cli, "from");
    FiscDate day = 0;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscMapAnswer) answer = NULL;
    if (!need(cli, 1, "`feeder map FEEDER DIR`", &feeder, error) ||
        !need(cli, 2, "`feeder map FEEDER DIR`", &dir, error)) {
        return false;
    }
    if (from != NULL && !fisc_date_parse(from, &day)) {
        return fisc_fail(error, FISC_ERROR_USAGE, "--from: \"%s\" is no date", from);
    }
    if (!fisc_cli_open(cli, error)) {
        return false;
    }
    cli->context.is_dry_run = fisc_cli_has(cli, "dry-run");
    if (!fisc_flow_feeder_map(&cli->context, feeder, dir, day, fisc_cli_option(cli, "reason"),
                              &answer, refusals, error)) {
        return false;
    }
    if (refusals->len > 0) {
        *out_status = fisc_cli_print_refusals(refusals);
        return true;
    }
    if (answer->effect->rows->len > 0 &&
        !fisc_cli_print_table(cli, answer->effect, FISC_FORMAT_TABLE, error)) {
        return false;
    }
    if (cli->context.is_dry_run) {
        *out_status = 0;
        return true;
    }
    g_autofree char *sentence =
        g_strdup_printf("Map %s of %s is in force; `fisc pull %s` brings the books to it.",
                        answer->version, feeder, feeder);
    return say_kept(cli, sentence, answer->document, answer->receipt, out_status);
}

static bool
read_run(const FiscCli *cli, const char *usage, int64_t *out_run, GError **error)
{
    const char *word = NULL;
    guint64 number = 0;
    if (!need(cli, 1, usage, &word, error)) {
        return false;
    }
    if (!g_ascii_string_to_unsigned(word, 10, 1, G_MAXINT64, &number, NULL)) {
        return fisc_fail(error, FISC_ERROR_USAGE, "%s: a run is a number, not \"%s\"", usage, word);
    }
    *out_run = (int64_t)number;
    return true;
}

static bool
receipt(FiscCli *cli, int *out_status, GError **error)
{
    int64_t run = 0;
    g_autofree char *text = NULL;
    g_autofree char *signature = NULL;
    if (!read_run(cli, "`feeder receipt RUN`", &run, error) || !fisc_cli_open(cli, error) ||
        !fisc_flow_feeder_receipt(&cli->context, run, &text, &signature, error)) {
        return false;
    }
    fisc_cli_print("%s\n", text);
    if (signature != NULL) {
        fisc_cli_print("%s\n", signature);
    }
    *out_status = 0;
    return true;
}

/* Tables that are asked for by what was named: a feeder, a run, nothing. */
static bool
look(FiscCli *cli, const char *verb, int *out_status, GError **error)
{
    g_autoptr(FiscTable) table = NULL;
    const char *feeder = fisc_cli_argument(cli, 1);
    int64_t run = 0;
    bool is_of_run = strcmp(verb, "stages") == 0 || strcmp(verb, "rejects") == 0;
    if ((is_of_run && !read_run(cli, "`feeder stages RUN`, `feeder rejects RUN`", &run, error)) ||
        !fisc_cli_open(cli, error)) {
        return false;
    }
    FiscContext *ctx = &cli->context;
    bool is_done =
        strcmp(verb, "list") == 0      ? fisc_flow_feeder_list(ctx, &table, error)
        : strcmp(verb, "runs") == 0    ? fisc_flow_feeder_runs(ctx, feeder, 0, &table, error)
        : strcmp(verb, "stages") == 0  ? fisc_flow_feeder_stages(ctx, run, &table, error)
        : strcmp(verb, "rejects") == 0 ? fisc_flow_feeder_rejects(ctx, run, &table, error)
                                       : fisc_flow_feeder_suspense(ctx, feeder, &table, error);
    *out_status = 0;
    return is_done && fisc_cli_print_table(cli, table, FISC_FORMAT_TABLE, error);
}

bool
fisc_command_feeder(FiscCli *cli, int *out_status, GError **error)
{
    const char *verb = fisc_cli_argument(cli, 0);
    if (strcmp(verb, "put") == 0) {
        return put(cli, out_status, error);
    }
    if (strcmp(verb, "map") == 0) {
        return map(cli, out_status, error);
    }
    if (strcmp(verb, "receipt") == 0) {
        return receipt(cli, out_status, error);
    }
    if (strcmp(verb, "connectors") == 0) {
        g_autoptr(FiscTable) table = fisc_flow_feeder_connectors();
        *out_status = 0;
        return fisc_cli_print_table(cli, table, FISC_FORMAT_TABLE, error);
    }
    for (int i = 0; verbs[i] != NULL; i += 2) {
        if (strcmp(verb, verbs[i]) == 0) {
            return look(cli, verb, out_status, error);
        }
    }
    return fisc_fail(error, FISC_ERROR_USAGE, "`feeder` does not know \"%s\"", verb);
}

/* Pulling -------------------------------------------------------------------------------------- */

static FiscTable *
make_table(const FiscPullReport *report)
{
    enum {
        FEEDER,
        DOCUMENT,
        OUTCOME,
        FRESH,
        ROWS,
        VALUE,
        CLASSIFIED,
        POSTED,
        REVERSED,
        UNCHANGED,
        RUN,
        NOTE
    };
    static const struct {
        const char *name;
        FiscColumnKind kind;
    } columns[] = {
        {"feeder", FISC_COLUMN_TEXT},      {"document", FISC_COLUMN_TEXT},
        {"outcome", FISC_COLUMN_TEXT},     {"new", FISC_COLUMN_INTEGER},
        {"rows", FISC_COLUMN_INTEGER},     {"value", FISC_COLUMN_AMOUNT},
        {"classified", FISC_COLUMN_TEXT},  {"posted", FISC_COLUMN_INTEGER},
        {"reversed", FISC_COLUMN_INTEGER}, {"unchanged", FISC_COLUMN_INTEGER},
        {"run", FISC_COLUMN_INTEGER},      {"note", FISC_COLUMN_TEXT},
    };
    FiscTable *table = fisc_table_new("pull", "Pulled", 2);
    for (gsize i = 0; i < G_N_ELEMENTS(columns); i++) {
        fisc_table_add_column(table, columns[i].name, columns[i].kind);
    }
    for (guint i = 0; i < report->runs->len; i++) {
        const FiscPullRun *run = report->runs->pdata[i];
        FiscRow *row = fisc_table_add_row(table);
        const int64_t numbers[] = {run->fresh,    run->rows,      run->posted,
                                   run->reversed, run->unchanged, run->run_id};
        static const int places[] = {FRESH, ROWS, POSTED, REVERSED, UNCHANGED, RUN};
        g_autofree char *classified = fisc_pull_classified(run);
        fisc_table_set_text(table, row, FEEDER, run->feeder);
        fisc_table_set_text(table, row, DOCUMENT, run->part);
        fisc_table_set_text(table, row, OUTCOME, fisc_pull_outcome_word(run->outcome));
        fisc_table_set_amount(table, row, VALUE, run->value);
        fisc_table_set_text(table, row, CLASSIFIED, classified);
        fisc_table_set_text(table, row, NOTE, run->reason);
        for (gsize k = 0; k < G_N_ELEMENTS(places); k++) {
            row->cells[places[k]].number = numbers[k];
            row->cells[places[k]].is_set = true;
        }
    }
    return table;
}

/* The worst of what happened: a quarantined run before an outage. */
static int
status_of(const FiscPullReport *report)
{
    int status = 0;
    for (guint i = 0; i < report->runs->len; i++) {
        const FiscPullRun *run = report->runs->pdata[i];
        if (run->outcome == FISC_PULL_QUARANTINED) {
            return 6;
        }
        status = run->outcome == FISC_PULL_FAILED ? 7 : status;
    }
    return status;
}

bool
fisc_command_pull(FiscCli *cli, int *out_status, GError **error)
{
    g_autoptr(GPtrArray) feeders = g_ptr_array_new();
    g_autoptr(FiscPullReport) report = NULL;
    const char *word;
    for (guint i = 0; (word = fisc_cli_argument(cli, i)) != NULL; i++) {
        g_ptr_array_add(feeders, (gpointer)word);
    }
    bool is_named = feeders->len > 0;
    g_ptr_array_add(feeders, NULL);
    if (!fisc_cli_open(cli, error)) {
        return false;
    }
    const FiscPullOrder order = {.feeders = is_named ? (const char *const *)feeders->pdata : NULL,
                                 .is_replay = fisc_cli_has(cli, "replay"),
                                 .secrets_dir = fisc_cli_option(cli, "secrets"),
                                 .key_file = fisc_cli_option(cli, "key")};
    bool is_done = fisc_flow_pull(&cli->context, &order, &report, error);
    fisc_cli_progress_end(&cli->progress);
    if (!is_done) {
        return false;
    }
    g_autoptr(FiscTable) table = make_table(report);
    *out_status = status_of(report);
    return fisc_cli_print_table(cli, table, FISC_FORMAT_TABLE, error);
}
