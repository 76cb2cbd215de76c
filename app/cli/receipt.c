/* receipt.c: what became of each entry, one JSON object a line. Money is a decimal string; what is
 * not known is null, so that every object has every key. */
#include "app/cli/cli.h"
#include "core/base/hash.h"
#include "fisc/money.h"
#include <stdlib.h>

static const char *const result_words[] = {
    [FISC_RESULT_POSTED] = "posted",
    [FISC_RESULT_REPEATED] = "repeated",
    [FISC_RESULT_CONFLICT] = "conflict",
    [FISC_RESULT_REFUSED] = "refused",
};

/* Jansson takes valid UTF-8 only; a refused text may be anything. */
json_t *
fisc_cli_text_value(const char *text)
{
    if (text == NULL) {
        return json_null();
    }
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    return json_string(valid);
}

static json_t *
number_or_null(int64_t number)
{
    return number != 0 ? json_integer((json_int_t)number) : json_null();
}

static json_t *
amount_or_null(const FiscRefusal *refusal, int64_t amount)
{
    if (refusal->control == NULL) {
        return json_null();
    }
    char buffer[FISC_AMOUNT_TEXT];
    return json_string(fisc_amount_format(amount, FISC_CLI_DECIMALS, buffer));
}

static json_t *
stages_value(const FiscRefusal *refusal)
{
    if (refusal->control == NULL) {
        return json_null();
    }
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", /* in the order of the stages */
                     "blocked", amount_or_null(refusal, refusal->stage[FISC_CONSUMED_BLOCKED]),
                     "reserved", amount_or_null(refusal, refusal->stage[FISC_CONSUMED_RESERVED]),
                     "committed", amount_or_null(refusal, refusal->stage[FISC_CONSUMED_COMMITTED]),
                     "accrued", amount_or_null(refusal, refusal->stage[FISC_CONSUMED_ACCRUED]),
                     "paid", amount_or_null(refusal, refusal->stage[FISC_CONSUMED_PAID]));
}

static json_t *
remedy_value(const FiscRemedy *remedy)
{
    char amount[FISC_AMOUNT_TEXT];
    char date[FISC_DATE_TEXT];
    json_t *object = json_object();
    json_object_set_new(object, "kind", json_string(fisc_remedy_word(remedy->kind)));
    json_object_set_new(object, "option", number_or_null(remedy->option));
    json_object_set_new(object, "from", fisc_cli_text_value(remedy->from));
    json_object_set_new(object, "to", fisc_cli_text_value(remedy->to));
    fisc_amount_format(remedy->amount, FISC_CLI_DECIMALS, amount);
    json_object_set_new(object, "amount", remedy->amount != 0 ? json_string(amount) : json_null());
    json_object_set_new(
        object, "date",
        fisc_cli_text_value(remedy->date != 0 ? fisc_date_format(remedy->date, date) : NULL));
    json_object_set_new(object, "rule", fisc_cli_text_value(remedy->rule));
    json_object_set_new(object, "article", fisc_cli_text_value(remedy->article));
    json_object_set_new(object, "approval", fisc_cli_text_value(remedy->approval));
    json_object_set_new(object, "approvals", json_integer(remedy->approvals));
    return object;
}

/* Null: nobody looked; the kind "none": there is no lawful way. */
static json_t *
remedies_value(const GPtrArray *remedies)
{
    if (remedies == NULL) {
        return json_null();
    }
    json_t *array = json_array();
    for (guint i = 0; i < remedies->len; i++) {
        json_array_append_new(array, remedy_value(remedies->pdata[i]));
    }
    return array;
}

static json_t *
refusal_value(const FiscRefusal *refusal)
{
    json_t *object = json_object();
    json_object_set_new(object, "code", json_string(fisc_error_name(refusal->code)));
    json_object_set_new(object, "file", fisc_cli_text_value(refusal->file));
    json_object_set_new(object, "line", number_or_null(refusal->line));
    json_object_set_new(object, "field", fisc_cli_text_value(refusal->field));
    json_object_set_new(object, "detail", fisc_cli_text_value(refusal->detail));
    json_object_set_new(object, "hint", fisc_cli_text_value(refusal->hint));
    json_object_set_new(object, "control", fisc_cli_text_value(refusal->control));
    json_object_set_new(object, "key", fisc_cli_text_value(refusal->key));
    json_object_set_new(object, "limit", amount_or_null(refusal, refusal->limit));
    json_object_set_new(object, "consumed", amount_or_null(refusal, refusal->consumed));
    json_object_set_new(object, "stages", stages_value(refusal));
    json_object_set_new(object, "requested", amount_or_null(refusal, refusal->requested));
    json_object_set_new(object, "shortfall", amount_or_null(refusal, refusal->shortfall));
    json_object_set_new(object, "article", fisc_cli_text_value(refusal->article));
    json_object_set_new(object, "remedies", remedies_value(refusal->remedies));
    return object;
}

json_t *
fisc_cli_refusals_value(const FiscRefusals *refusals)
{
    json_t *array = json_array();
    for (guint i = 0; refusals != NULL && i < refusals->len; i++) {
        json_array_append_new(array, refusal_value(g_ptr_array_index(refusals, i)));
    }
    return array;
}

static void
print_line(json_t *object)
{
    char *line = json_dumps(object, JSON_COMPACT);
    fisc_cli_print("%s\n", line);
    free(line);
    json_decref(object);
}

/* What a dry run would post has no place in the books yet. */
static void
print_result(const FiscResult *result, bool was_dry_run)
{
    bool is_planned = was_dry_run && result->kind == FISC_RESULT_POSTED;
    bool has_receipt =
        result->kind == FISC_RESULT_REPEATED || (result->kind == FISC_RESULT_POSTED && !is_planned);
    char receipt[FISC_HASH_TEXT];
    json_t *object = json_object();
    json_object_set_new(object, "reference", fisc_cli_text_value(result->reference));
    json_object_set_new(object, "status", json_string(result_words[result->kind]));
    json_object_set_new(object, "entry", number_or_null(is_planned ? 0 : result->entry_id));
    json_object_set_new(object, "batch", number_or_null(is_planned ? 0 : result->batch_no));
    json_object_set_new(object, "receipt",
                        has_receipt ? json_string(fisc_hash_format(result->hash, receipt))
                                    : json_null());
    json_object_set_new(object, "refusals", fisc_cli_refusals_value(result->refusals));
    json_object_set_new(object, "warnings", fisc_cli_refusals_value(result->warnings));
    print_line(object);
    if (result->refusals != NULL) {
        fisc_cli_print_refusals(result->refusals);
    }
    if (result->warnings != NULL) {
        fisc_cli_print_refusals(result->warnings);
    }
}

int
fisc_cli_print_receipt(const FiscReceipt *receipt, bool was_dry_run)
{
    int status = 0;
    for (guint i = 0; i < receipt->results->len; i++) {
        const FiscResult *result = g_ptr_array_index(receipt->results, i);
        print_result(result, was_dry_run);
        if (result->kind == FISC_RESULT_REFUSED) {
            /* 4 when each was denied for want of a duty, and nothing else was wrong. */
            int own = fisc_refusals_exit_status(result->refusals);
            status = own == 4 && (status == 0 || status == 4) ? 4 : 6;
        } else if (result->kind == FISC_RESULT_CONFLICT && status == 0) {
            status = 5;
        }
    }
    if (receipt->refusals != NULL && receipt->refusals->len > 0) {
        return fisc_cli_print_refused_text(receipt->refusals);
    }
    return status;
}

int
fisc_cli_print_refused_text(const FiscRefusals *refusals)
{
    json_t *object = json_object();
    json_object_set_new(object, "reference", json_null());
    json_object_set_new(object, "status", json_string(result_words[FISC_RESULT_REFUSED]));
    json_object_set_new(object, "entry", json_null());
    json_object_set_new(object, "batch", json_null());
    json_object_set_new(object, "receipt", json_null());
    json_object_set_new(object, "refusals", fisc_cli_refusals_value(refusals));
    json_object_set_new(object, "warnings", json_array());
    print_line(object);
    fisc_cli_print_refusals(refusals);
    return fisc_refusals_exit_status(refusals);
}
