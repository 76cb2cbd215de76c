/* verify_json.c: what a verification found, as JSON: each row that is not what was sealed. */
#include "app/flows/verify_json.h"
#include "app/flows/receipt_json.h"
#include "core/base/hash.h"

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

json_t *
fisc_json_verification(const FiscVerifyReport *report)
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
    json_object_set_new(object, "clean", json_boolean(report->findings->len == 0));
    json_object_set_new(object, "hash", json_string(fisc_hash_format(report->hash, hash)));
    json_object_set_new(object, "findings", findings);
    json_object_set_new(object, "dropped", json_integer(report->dropped));
    json_object_set_new(object, "notes", notes);
    return object;
}
