/* command_layout.c: `fisc layout`: statements of one's own: a text is checked, put on record, and
 * asked for by `fisc report layout --layout NAME`. */
#include "app/cli/commands.h"
#include <string.h>

static const char *const verbs[] = {
    "check", "every mistake of FILE, by line; needs no database",
    "add",   "put FILE on record as NAME; where duties are enforced, propose it",
    "list",  "those on record, and those of the program",
    "show",  "the text of one: NAME, or as gfsm2014/SOO",
    NULL,
};

const char *const *
fisc_layout_verbs(void)
{
    return verbs;
}

static bool
read_text(const char *path, GByteArray *bytes, FiscLayoutText *out_text, GError **error)
{
    if (!fisc_cli_read_input(path, bytes, error)) {
        return false;
    }
    *out_text = (FiscLayoutText){fisc_cli_input_name(path), (const char *)bytes->data, bytes->len};
    return true;
}

static bool
check(FiscCli *cli, int *out_status, GError **error)
{
    const char *path = fisc_cli_argument(cli, 1);
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscLayoutText text;
    if (path == NULL || fisc_cli_argument(cli, 2) != NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "`layout check FILE`");
    }
    if (!read_text(path, bytes, &text, error)) {
        return false;
    }
    fisc_flow_layout_check(&text, refusals);
    if (refusals->len > 0) {
        *out_status = fisc_cli_print_refusals(refusals);
        return true;
    }
    g_autofree char *sentence = g_strdup_printf("%s is a good layout.", text.file);
    fisc_cli_print_done(cli, sentence, "file", text.file, "state", "good", NULL);
    *out_status = 0;
    return true;
}

static bool
say_added(const FiscCli *cli, const char *name, const char *document, const FiscReceipt *receipt,
          int *out_status)
{
    if (document != NULL) {
        *out_status = fisc_cli_print_document(cli, document, "proposed", receipt);
        return true;
    }
    if (receipt->refusals != NULL && receipt->refusals->len > 0) {
        *out_status = fisc_cli_print_refusals(receipt->refusals);
        return true;
    }
    g_autofree char *sentence = g_strdup_printf("%s is on record.", name);
    fisc_cli_print_done(cli, sentence, "layout", name, "state", "on record", NULL);
    *out_status = 0;
    return true;
}

static bool
add(FiscCli *cli, int *out_status, GError **error)
{
    const char *name = fisc_cli_argument(cli, 1);
    const char *path = fisc_cli_argument(cli, 2);
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autofree char *document = NULL;
    FiscLayoutText text;
    if (path == NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "`layout add NAME FILE`");
    }
    if (!read_text(path, bytes, &text, error) || !fisc_cli_open(cli, error) ||
        !fisc_flow_layout_add(&cli->context, name, &text, fisc_cli_option(cli, "reason"), &document,
                              &receipt, refusals, error)) {
        return false;
    }
    if (refusals->len > 0) {
        *out_status = fisc_cli_print_refusals(refusals);
        return true;
    }
    return say_added(cli, name, document, receipt, out_status);
}

static bool
list(FiscCli *cli, int *out_status, GError **error)
{
    g_autoptr(FiscTable) table = NULL;
    FiscFormat format;
    if (fisc_cli_argument(cli, 1) != NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "`layout list` takes no name");
    }
    *out_status = 0;
    return fisc_cli_format(cli, FISC_FORMAT_TABLE, &format, error) && fisc_cli_open(cli, error) &&
           fisc_flow_layout_list(&cli->context, &table, error) &&
           fisc_cli_print_table(cli, table, FISC_FORMAT_TABLE, error);
}

static bool
show(FiscCli *cli, int *out_status, GError **error)
{
    const char *name = fisc_cli_argument(cli, 1);
    g_autofree char *text = NULL;
    if (name == NULL || fisc_cli_argument(cli, 2) != NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "`layout show NAME`");
    }
    if (!fisc_cli_open(cli, error) || !fisc_flow_layout_show(&cli->context, name, &text, error)) {
        return false;
    }
    fisc_cli_print("%s", text);
    *out_status = 0;
    return true;
}

bool
fisc_command_layout(FiscCli *cli, int *out_status, GError **error)
{
    static const struct {
        const char *verb;
        bool (*run)(FiscCli *cli, int *out_status, GError **error);
    } runs[] = {{"check", check}, {"add", add}, {"list", list}, {"show", show}};
    const char *verb = fisc_cli_argument(cli, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(runs); i++) {
        if (strcmp(verb, runs[i].verb) == 0) {
            return runs[i].run(cli, out_status, error);
        }
    }
    return fisc_fail(error, FISC_ERROR_USAGE, "`layout` does check, add, list or show, not \"%s\"",
                     verb);
}
