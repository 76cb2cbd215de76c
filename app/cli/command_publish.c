/* command_publish.c: `fisc publish`: what is given to the public; and `fisc report --reproduce`,
 * which makes it again. */
#include "app/cli/commands.h"
#include "fisc/publish.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Reports -------------------------------------------------------------------------------------- */

static void
print_published(const FiscCli *cli, const FiscPublished *published)
{
    g_autofree char *batch = g_strdup_printf("%" G_GINT64_FORMAT, published->batch);
    g_autofree char *size = g_strdup_printf("%" G_GSIZE_FORMAT, published->size);
    g_autofree char *sentence =
        published->document != NULL
            ? g_strdup_printf("%s waits for approval as document %s (fisc doc approve).",
                              published->id, published->document)
            : g_strdup_printf("%s is published: %s bytes, known at batch %s, SHA-256 %s.",
                              published->id, size, batch, published->content);
    fisc_cli_print_done(cli, sentence, "publication", published->id, "content", published->content,
                        "batch", batch, "bytes", size, "document", published->document, NULL);
}

static bool
read_order(const FiscCli *cli, FiscPublishOrder *order, GError **error)
{
    *order = (FiscPublishOrder){.id = fisc_cli_require(cli, "id", error),
                                .title = fisc_cli_option(cli, "title"),
                                .replaces = fisc_cli_option(cli, "replaces")};
    return order->id != NULL && (order->format = fisc_cli_require(cli, "format", error)) != NULL &&
           (order->status = fisc_cli_require(cli, "status", error)) != NULL;
}

static bool
report(FiscCli *cli, int *out_status, GError **error)
{
    FiscReportQuery query = fisc_cli_report_query(cli, fisc_cli_argument(cli, 1));
    FiscPublishOrder order;
    g_auto(FiscPublished) published = {NULL};
    g_autoptr(FiscReceipt) receipt = NULL;
    if (query.name == NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "fisc publish report NAME ...");
    }
    if (fisc_cli_has(cli, "columns")) {
        return fisc_fail(error, FISC_ERROR_USAGE, "a report is published with all its columns");
    }
    if (!read_order(cli, &order, error) || !fisc_cli_open(cli, error) ||
        !fisc_flow_publish_report(&cli->context, &order, &query, &published, &receipt, error)) {
        return false;
    }
    if (receipt->refusals != NULL && receipt->refusals->len > 0) {
        *out_status = fisc_cli_print_refusals(receipt->refusals);
        return true;
    }
    print_published(cli, &published);
    return true;
}

static bool
list(FiscCli *cli, int *out_status, GError **error)
{
    (void)out_status;
    g_autoptr(FiscTable) table = NULL;
    return fisc_cli_open(cli, error) && fisc_flow_publication_list(&cli->context, &table, error) &&
           fisc_cli_print_table(cli, table, FISC_FORMAT_TABLE, error);
}

static bool
show(FiscCli *cli, int *out_status, GError **error)
{
    (void)out_status;
    g_autoptr(FiscTable) table = NULL;
    const char *id = fisc_cli_argument(cli, 1);
    if (id == NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "fisc publish show ID");
    }
    return fisc_cli_open(cli, error) &&
           fisc_flow_publication_show(&cli->context, id, &table, error) &&
           fisc_cli_print_table(cli, table, FISC_FORMAT_TABLE, error);
}

static bool
bundle(FiscCli *cli, int *out_status, GError **error)
{
    (void)out_status;
    g_autoptr(FiscTable) table = NULL;
    g_autofree char *key_file = fisc_cli_head_key(cli, error);
    const FiscBundleOrder order = {.folder = fisc_cli_argument(cli, 1),
                                   .period = fisc_cli_option(cli, "period"),
                                   .unit = fisc_cli_option(cli, "unit"),
                                   .known_at = fisc_cli_option(cli, "known-at"),
                                   .since = fisc_cli_option(cli, "since"),
                                   .key_file = key_file};
    if (key_file == NULL || fisc_cli_require(cli, "period", error) == NULL) {
        return false;
    }
    if (order.folder == NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "fisc publish bundle DIR --period P");
    }
    return fisc_cli_open(cli, error) &&
           fisc_flow_publish_bundle(&cli->context, &order, &table, error) &&
           fisc_cli_print_table(cli, table, FISC_FORMAT_TABLE, error);
}

/* Verbs ---------------------------------------------------------------------------------------- */

static const struct {
    const char *verb;
    const char *meaning;
    bool (*run)(FiscCli *cli, int *out_status, GError **error);
} verbs[] = {
    {"report", "make a report, keep its bytes and put it on record", report},
    {"bundle", "open data in a folder: CSV, code lists, what changed, checksums, a signed head",
     bundle},
    {"list", "what was published, in order", list},
    {"show", "one publication: what it was made from, and whether its bytes are kept", show},
};

const char *const *
fisc_publish_verbs(void)
{
    static const char *pairs[2 * G_N_ELEMENTS(verbs) + 1];
    for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++) {
        pairs[2 * i] = verbs[i].verb;
        pairs[2 * i + 1] = verbs[i].meaning;
    }
    return pairs;
}

bool
fisc_command_publish(FiscCli *cli, int *out_status, GError **error)
{
    const char *word = fisc_cli_argument(cli, 0);
    *out_status = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++) {
        if (strcmp(verbs[i].verb, word) == 0) {
            return verbs[i].run(cli, out_status, error);
        }
    }
    return fisc_fail(error, FISC_ERROR_USAGE, "fisc publish has no verb \"%s\"", word);
}

/* Again ---------------------------------------------------------------------------------------- */

static bool
is_text(const GString *bytes)
{
    return g_utf8_validate(bytes->str, (gssize)bytes->len, NULL);
}

bool
fisc_report_reproduce(FiscCli *cli, GError **error)
{
    const char *id = fisc_cli_option(cli, "reproduce");
    g_autoptr(GString) bytes = g_string_new(NULL);
    if (fisc_cli_argument(cli, 0) != NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "--reproduce takes the report's words from the publication");
    }
    if (!fisc_cli_open(cli, error)) {
        return false;
    }
    bool is_made = fisc_cli_has(cli, "stored")
                       ? fisc_flow_publication_bytes(&cli->context, id, bytes, error)
                       : fisc_flow_reproduce(&cli->context, id, bytes, error);
    if (is_made && !is_text(bytes) && isatty(STDOUT_FILENO) == 1) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "\"%s\" is no text for a terminal: add \"> file\"", id);
    }
    if (is_made) {
        fwrite(bytes->str, 1, bytes->len, stdout);
    }
    return is_made;
}
