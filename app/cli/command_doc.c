/* command_doc.c: `fisc doc`: what takes two persons: propose, approve, reject, withdraw, look. */
#include "app/cli/commands.h"
#include "fisc/money.h"
#include <stdlib.h>
#include <string.h>

static const char *const verbs[] = {
    "propose",  "what a file would post, to be approved by somebody else",
    "approve",  "sign one or many; the last approval posts it",
    "reject",   "say no to it",
    "withdraw", "take back what one has proposed",
    "list",     "all documents, or those of --state",
    "show",     "one document with its steps and its content",
    NULL,
};

const char *const *
fisc_doc_verbs(void)
{
    return verbs;
}

/* Answers -------------------------------------------------------------------------------------
 */

static void
add_reasons(FiscRefusals *all, const FiscRefusals *refusals, bool is_atomic)
{
    for (guint i = 0; refusals != NULL && i < refusals->len; i++) {
        const FiscRefusal *refusal = refusals->pdata[i];
        if ((refusal->code == FISC_ERROR_ATOMIC_GROUP) == is_atomic) {
            g_ptr_array_add(all, fisc_refusal_copy(refusal));
        }
    }
}

static void
add_results(FiscRefusals *all, const FiscReceipt *receipt, bool is_atomic)
{
    for (guint i = 0; i < receipt->results->len; i++) {
        const FiscResult *result = receipt->results->pdata[i];
        add_reasons(all, result->refusals, is_atomic);
    }
}

/* Every reason of a receipt, of the steps and of the entries. A law has thousands of entries: those
 * that fell with another one are not told where it says why. */
static FiscRefusals *
collect_refusals(const FiscReceipt *receipt)
{
    FiscRefusals *all = fisc_refusals_new();
    add_reasons(all, receipt->refusals, false);
    add_results(all, receipt, false);
    if (all->len == 0) {
        add_reasons(all, receipt->refusals, true);
        add_results(all, receipt, true);
    }
    return all;
}

static int
print_refused(const FiscCli *cli, const char *id, const FiscRefusals *refusals)
{
    if (fisc_cli_has(cli, "json")) {
        json_t *object = json_object();
        json_object_set_new(object, "document", fisc_json_text(id));
        json_object_set_new(object, "state", json_null());
        json_object_set_new(object, "refusals", fisc_json_refusals(refusals));
        char *line = json_dumps(object, JSON_COMPACT);
        fisc_cli_print("%s\n", line);
        free(line);
        json_decref(object);
    }
    return fisc_cli_print_refusals(refusals);
}

int
fisc_cli_print_document(const FiscCli *cli, const char *id, const char *state,
                        const FiscReceipt *receipt)
{
    g_autoptr(FiscRefusals) refusals = collect_refusals(receipt);
    if (refusals->len > 0) {
        return print_refused(cli, id, refusals);
    }
    for (guint i = 0; i < receipt->results->len; i++) {
        const FiscResult *result = receipt->results->pdata[i];
        if (result->warnings != NULL) {
            fisc_cli_print_refusals(result->warnings);
        }
    }
    g_autofree char *posted = g_strdup_printf("%d", receipt->posted + receipt->repeated);
    g_autofree char *sentence = strcmp(state, "done") == 0
                                    ? g_strdup_printf("%s is done: entries posted: %s.", id, posted)
                                    : g_strdup_printf("%s is %s.", id, state);
    fisc_cli_print_done(cli, sentence, "document", id, "state", state, "entries", posted, NULL);
    return 0;
}

/* Steps ---------------------------------------------------------------------------------------
 */

static bool
read_draft(const FiscCli *cli, FiscDocumentDraft *draft, GError **error)
{
    const char *needs = fisc_cli_option(cli, "needs");
    guint64 count = 0;
    *draft = (FiscDocumentDraft){.id = fisc_cli_option(cli, "id"),
                                 .action = fisc_cli_require(cli, "action", error),
                                 .entity = fisc_cli_option(cli, "entity"),
                                 .reason = fisc_cli_option(cli, "reason")};
    if (draft->action == NULL) {
        return false;
    }
    if (needs != NULL && !g_ascii_string_to_unsigned(needs, 10, 1, 9, &count, NULL)) {
        return fisc_fail(error, FISC_ERROR_USAGE, "--needs is a number from 1 to 9, not \"%s\"",
                         needs);
    }
    draft->needs = (int)count;
    return true;
}

static bool
propose(FiscCli *cli, const char *path, int *out_status, GError **error)
{
    FiscDocumentDraft draft;
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    if (!read_draft(cli, &draft, error) || !fisc_cli_read_input(path, bytes, error) ||
        !fisc_cli_open(cli, error)) {
        return false;
    }
    g_autofree char *id = NULL;
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    if (!fisc_flow_document_propose_text(&cli->context, &draft, fisc_cli_input_name(path),
                                         (const char *)bytes->data, bytes->len,
                                         fisc_cli_source(cli), &id, &receipt, refusals, error)) {
        return false;
    }
    *out_status = refusals->len > 0 ? print_refused(cli, id, refusals)
                                    : fisc_cli_print_document(cli, id, "proposed", receipt);
    return true;
}

/* What the command line names; "-": one on each line of standard input. Caller unrefs. */
static bool
read_ids(const FiscCli *cli, GPtrArray **out_ids, GError **error)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new_null_terminated(0, g_free, TRUE);
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    const char *first = fisc_cli_argument(cli, 1);
    if (strcmp(first, "-") != 0) {
        for (guint i = 1; fisc_cli_argument(cli, i) != NULL; i++) {
            g_ptr_array_add(ids, g_strdup(fisc_cli_argument(cli, i)));
        }
    } else if (!fisc_cli_read_input(first, bytes, error)) {
        return false;
    }
    g_byte_array_append(bytes, (const guint8 *)"", 1);
    const char *text = (const char *)bytes->data;
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (int i = 0; lines[i] != NULL; i++) {
        if (*g_strstrip(lines[i]) != '\0') {
            g_ptr_array_add(ids, g_strdup(lines[i]));
        }
    }
    *out_ids = g_steal_pointer(&ids);
    return (*out_ids)->len > 0 ||
           fisc_fail(error, FISC_ERROR_FILE_EMPTY, "no document is named on standard input");
}

typedef struct {
    const FiscCli *cli;
    int status; /* of the last that was not approved; 0: all were */
} Approving;

static void
tell_approval(const char *id, const char *state, const FiscReceipt *receipt, gpointer data)
{
    Approving *approving = data;
    g_autoptr(FiscRefusals) unknown = fisc_refusals_new();
    fisc_refusals_add(unknown, FISC_ERROR_NOT_FOUND, NULL, 0, NULL, "there is no document \"%s\"",
                      id);
    int status = receipt != NULL ? fisc_cli_print_document(approving->cli, id, state, receipt)
                                 : print_refused(approving->cli, id, unknown);
    approving->status = status != 0 ? status : approving->status;
}

static bool
approve_many(FiscCli *cli, const GPtrArray *ids, int *out_status, GError **error)
{
    Approving approving = {cli, 0};
    bool is_done = fisc_flow_documents_approve(&cli->context, (const char *const *)ids->pdata,
                                               fisc_cli_option(cli, "reason"), tell_approval,
                                               &approving, error);
    *out_status = approving.status;
    return is_done;
}

static bool
approve(FiscCli *cli, const char *id, int *out_status, GError **error)
{
    g_autofree char *state = NULL;
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autoptr(GPtrArray) ids = NULL;
    if (!read_ids(cli, &ids, error) || !fisc_cli_open(cli, error)) {
        return false;
    }
    if (ids->len > 1 || strcmp(id, "-") == 0) {
        return approve_many(cli, ids, out_status, error);
    }
    if (!fisc_flow_document_approve(&cli->context, id, fisc_cli_option(cli, "reason"), &state,
                                    &receipt, error)) {
        return false;
    }
    *out_status = fisc_cli_print_document(cli, id, state, receipt);
    return true;
}

static bool
reject(FiscCli *cli, const char *id, int *out_status, GError **error)
{
    g_autoptr(FiscReceipt) receipt = NULL;
    const char *reason = fisc_cli_require(cli, "reason", error);
    if (reason == NULL || !fisc_cli_open(cli, error) ||
        !fisc_flow_document_reject(&cli->context, id, reason, &receipt, error)) {
        return false;
    }
    *out_status = fisc_cli_print_document(cli, id, "rejected", receipt);
    return true;
}

static bool
withdraw(FiscCli *cli, const char *id, int *out_status, GError **error)
{
    g_autoptr(FiscReceipt) receipt = NULL;
    if (!fisc_cli_open(cli, error) ||
        !fisc_flow_document_withdraw(&cli->context, id, fisc_cli_option(cli, "reason"), &receipt,
                                     error)) {
        return false;
    }
    *out_status = fisc_cli_print_document(cli, id, "withdrawn", receipt);
    return true;
}

/* Looking -------------------------------------------------------------------------------------
 */

static bool
list(FiscCli *cli, const char *id, int *out_status, GError **error)
{
    g_autoptr(FiscTable) table = NULL;
    (void)id;
    *out_status = 0;
    return fisc_cli_open(cli, error) &&
           fisc_flow_document_list(&cli->context, fisc_cli_option(cli, "state"), &table, error) &&
           fisc_cli_print_table(cli, table, FISC_FORMAT_TABLE, error);
}

static void
add_pair(FiscTable *table, const char *field, const char *value)
{
    if (*value != '\0') {
        FiscRow *row = fisc_table_add_row(table);
        fisc_table_set_text(table, row, 0, field);
        fisc_table_set_text(table, row, 1, value);
    }
}

static void
add_steps(FiscTable *table, const FiscDocument *document)
{
    for (guint i = 0; i < document->steps->len; i++) {
        const FiscDocumentStep *step = &g_array_index(document->steps, FiscDocumentStep, i);
        g_autofree char *text = g_strdup_printf(
            "%s %s by %s%s%s (batch %" G_GINT64_FORMAT ")%s%s", step->posted_at, step->state,
            step->person, *step->on_behalf != '\0' ? " for " : "", step->on_behalf, step->batch_no,
            *step->remark != '\0' ? ": " : "", step->remark);
        add_pair(table, "step", text);
    }
}

/* What a content told by reference comes to: one line for each entity and side. */
static void
add_totals(FiscTable *table, const FiscTable *totals)
{
    char amount[FISC_SUM_TEXT];
    for (guint i = 0; totals != NULL && i < totals->rows->len; i++) {
        const FiscRow *row = totals->rows->pdata[i];
        g_autofree char *text = g_strdup_printf(
            "%s %s: lines %d, amount %s", row->cells[0].text, row->cells[1].text,
            (int)row->cells[2].number,
            fisc_sum_format_grouped(row->cells[5].number, totals->decimals, amount));
        add_pair(table, strcmp(totals->name, "feed") == 0 ? "posts" : "enacts", text);
    }
}

static FiscTable *
build_page(const FiscDocument *document, const FiscTable *totals)
{
    g_autofree char *title = g_strdup_printf("Document %s", document->id);
    g_autofree char *needs = g_strdup_printf("%d", document->needs);
    FiscTable *table = fisc_table_new("document", title, 0);
    fisc_table_add_column(table, "field", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "value", FISC_COLUMN_TEXT);
    const char *pairs[][2] = {
        {"document", document->id},
        {"state", document->state},
        {"action", document->action},
        {"entity", document->entity},
        {"maker", document->maker},
        {"maker_for", document->maker_for},
        {"needs", needs},
        {"approved_by", document->approved_by},
        {"approved_for", document->approved_for},
        {"reason", document->reason},
        {"source", document->source},
        {"digest", document->digest},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++) {
        add_pair(table, pairs[i][0], pairs[i][1]);
    }
    add_steps(table, document);
    g_auto(GStrv) lines = g_strsplit(document->payload, "\n", -1);
    for (int i = 0; lines[i] != NULL; i++) {
        add_pair(table, "content", lines[i]);
    }
    add_totals(table, totals);
    return table;
}

static bool
show(FiscCli *cli, const char *id, int *out_status, GError **error)
{
    g_autoptr(FiscDocument) document = NULL;
    g_autoptr(FiscTable) totals = NULL;
    if (!fisc_cli_open(cli, error) ||
        !fisc_flow_document_show(&cli->context, id, &document, error) ||
        !fisc_flow_document_totals(&cli->context, document, &totals, error)) {
        return false;
    }
    g_autoptr(FiscTable) table = build_page(document, totals);
    *out_status = 0;
    return fisc_cli_print_table(cli, table, FISC_FORMAT_TABLE, error);
}

static const struct {
    const char *verb;
    const char *about; /* what the second argument is; NULL: there is none */
    bool (*run)(FiscCli *cli, const char *about, int *out_status, GError **error);
} runs[] = {
    {"propose", "a file, or - for standard input", propose},
    {"approve", "the documents, or - for those that standard input names", approve},
    {"reject", "the document", reject},
    {"withdraw", "the document", withdraw},
    {"list", NULL, list},
    {"show", "the document", show},
};

bool
fisc_command_doc(FiscCli *cli, int *out_status, GError **error)
{
    const char *verb = fisc_cli_argument(cli, 0);
    const char *about = fisc_cli_argument(cli, 1);
    for (gsize i = 0; i < G_N_ELEMENTS(runs); i++) {
        if (strcmp(verb, runs[i].verb) != 0) {
            continue;
        }
        if ((about != NULL) != (runs[i].about != NULL)) {
            return fisc_fail(error, FISC_ERROR_USAGE, "`doc %s` takes %s", verb,
                             runs[i].about != NULL ? runs[i].about : "no document");
        }
        if (runs[i].run != approve && fisc_cli_argument(cli, 2) != NULL) {
            return fisc_fail(error, FISC_ERROR_USAGE, "`doc %s` takes one document at a time",
                             verb);
        }
        return runs[i].run(cli, about, out_status, error);
    }
    return fisc_fail(error, FISC_ERROR_USAGE,
                     "`doc` does propose, approve, reject, withdraw, list or show, not \"%s\"",
                     verb);
}
