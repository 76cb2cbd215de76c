/* command_try.c: `fisc try`: what would become of entries, virements, releases and other prices,
 * and of the funds, if they were posted now. The answer is the result here, refusals too. */
#include "app/cli/commands.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where references are looked up when --source is not given: nothing was ever posted there, so what
 * is on record already can be tried with other amounts. */
#define TRY_SOURCE "what-if"

static const char *
result_word(const FiscResult *result)
{
    static const char *const words[] = {
        [FISC_RESULT_POSTED] = "accepted",
        [FISC_RESULT_REPEATED] = "on record already",
        [FISC_RESULT_CONFLICT] = "conflict",
        [FISC_RESULT_REFUSED] = "refused",
    };
    bool is_warned = result->kind == FISC_RESULT_POSTED && result->warnings != NULL;
    return is_warned ? "accepted with a warning" : words[result->kind];
}

static void
print_reasons(const FiscRefusals *reasons)
{
    for (guint i = 0; reasons != NULL && i < reasons->len; i++) {
        g_autofree char *text = fisc_refusal_to_text(reasons->pdata[i], FISC_JSON_DECIMALS);
        fisc_cli_print("    %s\n", text);
    }
}

/* What is taken as posted before is worth a word only where it was not accepted. */
static void
print_receipt(const FiscReceipt *receipt, const char *prefix, bool with_accepted)
{
    for (guint i = 0; receipt != NULL && i < receipt->results->len; i++) {
        const FiscResult *result = receipt->results->pdata[i];
        if (with_accepted || result->kind != FISC_RESULT_POSTED) {
            fisc_cli_print("%s%s: %s\n", prefix, result->reference, result_word(result));
            print_reasons(result->refusals);
            print_reasons(result->warnings);
        }
    }
    if (receipt != NULL) {
        print_reasons(receipt->refusals);
    }
}

static void
print_text(const FiscWhatIf *answer)
{
    print_receipt(answer->against, "before: ", false);
    print_receipt(answer->receipt, "", true);
    for (guint i = 0; i < answer->remarks->len; i++) {
        fisc_cli_print("%s\n", (const char *)answer->remarks->pdata[i]);
    }
    if (answer->keys->rows->len == 0) {
        fisc_cli_print("No control is touched.\n");
        return;
    }
    g_autoptr(GString) text = g_string_new(NULL);
    fisc_table_render(answer->keys, FISC_FORMAT_TABLE, text);
    fisc_cli_print("\n%s", text->str);
}

static json_t *
receipt_value(const FiscReceipt *receipt)
{
    json_t *array = json_array();
    for (guint i = 0; receipt != NULL && i < receipt->results->len; i++) {
        const FiscResult *result = receipt->results->pdata[i];
        json_t *object = json_object();
        json_object_set_new(object, "reference", fisc_json_text(result->reference));
        json_object_set_new(object, "status", json_string(result_word(result)));
        json_object_set_new(object, "refusals", fisc_json_refusals(result->refusals));
        json_object_set_new(object, "warnings", fisc_json_refusals(result->warnings));
        json_array_append_new(array, object);
    }
    return array;
}

static void
print_json(const FiscWhatIf *answer)
{
    g_autoptr(GString) keys = g_string_new(NULL);
    json_t *object = json_object();
    json_t *remarks = json_array();
    fisc_table_render(answer->keys, FISC_FORMAT_JSON, keys);
    json_t *table = json_loads(keys->str, 0, NULL);
    for (guint i = 0; i < answer->remarks->len; i++) {
        json_array_append_new(remarks, fisc_json_text(answer->remarks->pdata[i]));
    }
    json_object_set_new(object, "against", receipt_value(answer->against));
    json_object_set_new(object, "entries", receipt_value(answer->receipt));
    json_object_set_new(object, "refusals", fisc_json_refusals(answer->receipt->refusals));
    json_object_set_new(object, "keys", json_incref(json_object_get(table, "rows")));
    json_object_set_new(object, "remarks", remarks);
    char *text = json_dumps(object, JSON_INDENT(2));
    fisc_cli_print("%s\n", text);
    free(text);
    json_decref(table);
    json_decref(object);
}

static bool
print_answer(const FiscCli *cli, FiscWhatIf *answer, GError **error)
{
    FiscFormat format;
    if (!fisc_cli_format(cli, FISC_FORMAT_TABLE, &format, error)) {
        return false;
    }
    if (format == FISC_FORMAT_CSV || format == FISC_FORMAT_XLSX) {
        return fisc_cli_print_table(cli, answer->keys, format, error);
    }
    if (format == FISC_FORMAT_JSON) {
        print_json(answer);
    } else {
        print_text(answer);
    }
    return true;
}

static int
status_of(const FiscReceipt *receipt)
{
    bool is_refused = receipt->refused > 0 || receipt->refusals != NULL;
    return is_refused ? fisc_error_exit_status(FISC_ERROR_BUDGET_EXCEEDED) : 0;
}

static bool
answer_query(FiscCli *cli, const FiscWhatIfQuery *query, int *out_status, GError **error)
{
    g_autoptr(FiscWhatIf) answer = NULL;
    bool is_answered = fisc_flow_what_if(&cli->context, query, &answer, error);
    fisc_cli_progress_end(&cli->progress);
    if (!is_answered) {
        return false;
    }
    if (answer->refusals->len > 0 || answer->receipt == NULL) {
        *out_status = fisc_cli_print_refused_text(answer->refusals);
        return true;
    }
    *out_status = status_of(answer->receipt);
    return print_answer(cli, answer, error);
}

bool
fisc_command_try(FiscCli *cli, int *out_status, GError **error)
{
    const char *path = fisc_cli_argument(cli, 0);
    const char *against_path = fisc_cli_option(cli, "against");
    const char *source = fisc_cli_option(cli, "source");
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_autoptr(GByteArray) against = g_byte_array_new();
    if (!fisc_cli_read_input(path, bytes, error) ||
        (against_path != NULL && !fisc_cli_read_input(against_path, against, error)) ||
        !fisc_cli_open(cli, error)) {
        return false;
    }
    FiscWhatIfQuery query = {
        .name = fisc_cli_input_name(path),
        .data = (const char *)bytes->data,
        .length = bytes->len,
        .source = source != NULL ? source : TRY_SOURCE,
        .scale = fisc_cli_option(cli, "scale"),
        .atomic = fisc_cli_has(cli, "atomic"),
    };
    if (against_path != NULL) {
        query.against_name = fisc_cli_input_name(against_path);
        query.against = (const char *)against->data;
        query.against_length = against->len;
    }
    return answer_query(cli, &query, out_status, error);
}
