/* command_question.c: `fisc question`: reports that are asked for by name. */
#include "app/cli/commands.h"
#include "fisc/question.h"
#include <string.h>

/* What became of a question that was saved or removed. */
static int
print_outcome(const FiscCli *cli, const char *name, const char *done, const char *document,
              const FiscReceipt *receipt)
{
    if (receipt->refusals != NULL && receipt->refusals->len > 0) {
        return fisc_cli_print_refusals(receipt->refusals);
    }
    g_autofree char *sentence =
        document != NULL
            ? g_strdup_printf("Question %s waits for approval as document %s (fisc doc approve).",
                              name, document)
            : g_strdup_printf("Question %s is %s.", name, done);
    fisc_cli_print_done(cli, sentence, "question", name, "document", document, NULL);
    return 0;
}

static bool
save(FiscCli *cli, int *out_status, GError **error)
{
    const char *name = fisc_cli_argument(cli, 1);
    FiscReportQuery query = fisc_cli_report_query(cli, fisc_cli_argument(cli, 2));
    g_autofree char *document = NULL;
    g_autoptr(FiscReceipt) receipt = NULL;
    if (name == NULL || query.name == NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "fisc question save NAME REPORT [OPTIONS]");
    }
    if (!fisc_cli_open(cli, error) ||
        !fisc_flow_question_save(&cli->context, name, fisc_cli_option(cli, "title"), &query,
                                 &document, &receipt, error)) {
        return false;
    }
    *out_status = print_outcome(cli, name, "saved", document, receipt);
    return true;
}

static bool
remove_one(FiscCli *cli, int *out_status, GError **error)
{
    const char *name = fisc_cli_argument(cli, 1);
    g_autofree char *document = NULL;
    g_autoptr(FiscReceipt) receipt = NULL;
    if (name == NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "fisc question remove NAME");
    }
    if (!fisc_cli_open(cli, error) ||
        !fisc_flow_question_remove(&cli->context, name, &document, &receipt, error)) {
        return false;
    }
    *out_status = print_outcome(cli, name, "removed", document, receipt);
    return true;
}

static bool
list(FiscCli *cli, int *out_status, GError **error)
{
    g_autoptr(FiscTable) table = NULL;
    *out_status = 0;
    return fisc_cli_open(cli, error) && fisc_flow_question_list(&cli->context, &table, error) &&
           fisc_cli_print_table(cli, table, FISC_FORMAT_TABLE, error);
}

static bool
run(FiscCli *cli, int *out_status, GError **error)
{
    const char *name = fisc_cli_argument(cli, 1);
    FiscReportQuery changes = fisc_cli_report_query(cli, NULL);
    g_autoptr(FiscTable) table = NULL;
    *out_status = 0;
    if (name == NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "fisc question run NAME [OPTIONS]");
    }
    return fisc_cli_open(cli, error) &&
           fisc_flow_question_run(&cli->context, name, &changes, &table, error) &&
           fisc_cli_print_table(cli, table, FISC_FORMAT_TABLE, error);
}

static const struct {
    const char *verb, *meaning;
    bool (*run)(FiscCli *cli, int *out_status, GError **error);
} verbs[] = {
    {"save", "a report's words under a name: save NAME REPORT [OPTIONS] [--title T]", save},
    {"list", "those there are", list},
    {"run", "ask it; options stand instead of those that were saved", run},
    {"remove", "it is asked no more; the record stays", remove_one},
};

const char *const *
fisc_question_verbs(void)
{
    static const char *names[2 * G_N_ELEMENTS(verbs) + 1];
    for (guint i = 0; i < G_N_ELEMENTS(verbs); i++) {
        names[2 * i] = verbs[i].verb;
        names[2 * i + 1] = verbs[i].meaning;
    }
    return names;
}

bool
fisc_command_question(FiscCli *cli, int *out_status, GError **error)
{
    const char *verb = fisc_cli_argument(cli, 0);
    FiscFormat format;
    if (!fisc_cli_format(cli, FISC_FORMAT_TABLE, &format, error)) {
        return false;
    }
    for (guint i = 0; i < G_N_ELEMENTS(verbs); i++) {
        if (strcmp(verbs[i].verb, verb) == 0) {
            return verbs[i].run(cli, out_status, error);
        }
    }
    return fisc_fail(error, FISC_ERROR_USAGE, "fisc question has no verb \"%s\"", verb);
}
