/* command_feeder.c: `fisc feeder`: outside systems whose books are taken: which they are, what
 * their codes mean, what became of what they sent. `fisc pull` (command_pull.c) takes it. */
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
    "propose",
    "what the codes may mean that no map of FEEDER knows; --format csv: rows for its table",
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

/* With --format csv rows for a table of the map: a table of proposals is for people. */
static bool
propose(FiscCli *cli, int *out_status, GError **error)
{
    const char *feeder = NULL;
    const char *table = fisc_cli_option(cli, "table");
    if (!need(cli, 1, "`feeder propose FEEDER`", &feeder, error) || !fisc_cli_open(cli, error)) {
        return false;
    }
    *out_status = 0;
    if (g_strcmp0(fisc_cli_option(cli, "format"), "csv") == 0) {
        g_autofree char *csv = NULL;
        if (!fisc_flow_feeder_propose_rows(&cli->context, feeder, table, &csv, error)) {
            return false;
        }
        fisc_cli_print("%s", csv);
        return true;
    }
    g_autoptr(FiscTable) proposals = NULL;
    return fisc_flow_feeder_propose(&cli->context, feeder, table, &proposals, error) &&
           fisc_cli_print_table(cli, proposals, FISC_FORMAT_TABLE, error);
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
    if (strcmp(verb, "propose") == 0) {
        return propose(cli, out_status, error);
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
