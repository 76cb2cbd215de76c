/* receipt_json.c: results and refusals as JSON values. */
#include "app/flows/receipt_json.h"
#include "core/base/hash.h"
#include "fisc/money.h"

static const char *const result_words[] = {
    [FISC_RESULT_POSTED] = "posted",
    [FISC_RESULT_REPEATED] = "repeated",
    [FISC_RESULT_CONFLICT] = "conflict",
    [FISC_RESULT_REFUSED] = "refused",
};

/* Jansson takes valid UTF-8 only; a refused text may be anything. */
json_t *
fisc_json_text(const char *text)
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
    return json_string(fisc_amount_format(amount, FISC_JSON_DECIMALS, buffer));
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
    json_object_set_new(object, "from", fisc_json_text(remedy->from));
    json_object_set_new(object, "to", fisc_json_text(remedy->to));
    fisc_amount_format(remedy->amount, FISC_JSON_DECIMALS, amount);
    json_object_set_new(object, "amount", remedy->amount != 0 ? json_string(amount) : json_null());
    json_object_set_new(
        object, "date",
        fisc_json_text(remedy->date != 0 ? fisc_date_format(remedy->date, date) : NULL));
    json_object_set_new(object, "rule", fisc_json_text(remedy->rule));
    json_object_set_new(object, "article", fisc_json_text(remedy->article));
    json_object_set_new(object, "approval", fisc_json_text(remedy->approval));
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
    json_object_set_new(object, "file", fisc_json_text(refusal->file));
    json_object_set_new(object, "line", number_or_null(refusal->line));
    json_object_set_new(object, "field", fisc_json_text(refusal->field));
    if (refusal->field != NULL && g_str_has_prefix(refusal->field, "/entries/")) {
        json_object_set_new(object, "pointer", fisc_json_text(refusal->field));
    }
    json_object_set_new(object, "detail", fisc_json_text(refusal->detail));
    json_object_set_new(object, "hint", fisc_json_text(refusal->hint));
    json_object_set_new(object, "control", fisc_json_text(refusal->control));
    json_object_set_new(object, "key", fisc_json_text(refusal->key));
    json_object_set_new(object, "limit", amount_or_null(refusal, refusal->limit));
    json_object_set_new(object, "consumed", amount_or_null(refusal, refusal->consumed));
    json_object_set_new(object, "stages", stages_value(refusal));
    json_object_set_new(object, "requested", amount_or_null(refusal, refusal->requested));
    json_object_set_new(object, "shortfall", amount_or_null(refusal, refusal->shortfall));
    json_object_set_new(object, "article", fisc_json_text(refusal->article));
    json_object_set_new(object, "remedies", remedies_value(refusal->remedies));
    return object;
}

json_t *
fisc_json_refusals(const FiscRefusals *refusals)
{
    json_t *array = json_array();
    for (guint i = 0; refusals != NULL && i < refusals->len; i++) {
        json_array_append_new(array, refusal_value(g_ptr_array_index(refusals, i)));
    }
    return array;
}

json_t *
fisc_json_result(const FiscResult *result, bool was_dry_run)
{
    bool is_planned = was_dry_run && result->kind == FISC_RESULT_POSTED;
    bool has_receipt =
        result->kind == FISC_RESULT_REPEATED || (result->kind == FISC_RESULT_POSTED && !is_planned);
    char receipt[FISC_HASH_TEXT];
    json_t *object = json_object();
    json_object_set_new(object, "reference", fisc_json_text(result->reference));
    json_object_set_new(object, "status", json_string(result_words[result->kind]));
    json_object_set_new(object, "entry", number_or_null(is_planned ? 0 : result->entry_id));
    json_object_set_new(object, "batch", number_or_null(is_planned ? 0 : result->batch_no));
    json_object_set_new(object, "receipt",
                        has_receipt ? json_string(fisc_hash_format(result->hash, receipt))
                                    : json_null());
    json_object_set_new(object, "refusals", fisc_json_refusals(result->refusals));
    json_object_set_new(object, "warnings", fisc_json_refusals(result->warnings));
    return object;
}

json_t *
fisc_json_refused_text(const FiscRefusals *refusals)
{
    json_t *object = json_object();
    json_object_set_new(object, "reference", json_null());
    json_object_set_new(object, "status", json_string(result_words[FISC_RESULT_REFUSED]));
    json_object_set_new(object, "entry", json_null());
    json_object_set_new(object, "batch", json_null());
    json_object_set_new(object, "receipt", json_null());
    json_object_set_new(object, "refusals", fisc_json_refusals(refusals));
    json_object_set_new(object, "warnings", json_array());
    return object;
}
