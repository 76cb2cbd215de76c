/* writing.c: what the routes share that propose, decide and change. */
#include "app/server/api/writing.h"
#include "app/flows/receipt_json.h"
#include "app/server/table_json.h"
#include <stdlib.h>
#include <string.h>

#define RECEIPT_FIELDS                                                                             \
    {.name = "results",                                                                            \
     .type = FISC_API_LIST,                                                                        \
     .meaning = "one for each entry, in order",                                                    \
     .fields = fisc_result_fields},                                                                \
        {.name = "posted", .type = FISC_API_INTEGER, .meaning = "entries that are new"},           \
        {.name = "repeated", .type = FISC_API_INTEGER, .meaning = "that had been posted before"},  \
        {.name = "refused", .type = FISC_API_INTEGER, .meaning = "that were not posted"},          \
        {.name = "events", .type = FISC_API_INTEGER, .meaning = "records that were written"},      \
        {.name = "batch", .type = FISC_API_INTEGER, .meaning = "where the records are; or null"},  \
    {                                                                                              \
        .name = "dry_run", .type = FISC_API_BOOLEAN, .meaning = "nothing was written"              \
    }

static const FiscApiField receipt_fields[] = {
    RECEIPT_FIELDS,
    {NULL},
};
const FiscApiShape fisc_shape_receipt = {"Receipt", "What became of what was sent", receipt_fields};

static const FiscApiField proposal_fields[] = {
    {.name = "document", .meaning = "its id; null where nobody has to approve"},
    {.name = "state", .meaning = "proposed, approved, done, rejected, withdrawn, recorded"},
    RECEIPT_FIELDS,
    {.name = "totals", .type = FISC_API_ANY, .meaning = "what it comes to, as a table; or null"},
    {.name = "details", .type = FISC_API_ANY, .meaning = "what else is to be known; or null"},
    {NULL},
};
const FiscApiShape fisc_shape_proposal = {"Proposal", "A document and what became of it",
                                          proposal_fields};

json_t *
fisc_call_table_value(const FiscTable *table)
{
    if (table == NULL) {
        return json_null();
    }
    g_autoptr(GString) text = g_string_new(NULL);
    fisc_table_json_append(table, NULL, text);
    return json_loadb(text->str, text->len, 0, NULL);
}

void
fisc_call_answer_document(FiscCall *call, const char *id, const char *state, FiscReceipt *receipt,
                          json_t *more)
{
    json_t *members = json_object();
    json_object_set_new(members, "document", fisc_json_text(id));
    json_object_set_new(members, "state", fisc_json_text(state));
    json_object_set_new(members, "totals", json_null());
    json_object_set_new(members, "details", json_null());
    if (more != NULL) {
        json_object_update(members, more);
        json_decref(more);
    }
    fisc_call_answer_receipt(call, receipt, members);
}

void
fisc_call_answer_text(FiscCall *call, FiscRefusals *given, FiscReceipt *receipt, json_t *more)
{
    g_autoptr(FiscRefusals) refusals = given;
    if (refusals != NULL && refusals->len > 0) {
        fisc_receipt_free(receipt);
        json_decref(more);
        fisc_call_refuse(call, refusals);
        return;
    }
    fisc_call_answer_receipt(call, receipt != NULL ? receipt : fisc_receipt_new(), more);
}

bool
fisc_call_line(FiscCall *call, const char *name, const char *out_dim[FISC_DIM_COUNT])
{
    const json_t *line = fisc_call_value(call, name);
    const char *word;
    json_t *value;
    json_object_foreach((json_t *)line, word, value)
    {
        int dimension = fisc_dimension_find(word);
        if (dimension < 0 || !json_is_string(value) || *json_string_value(value) == '\0') {
            g_autofree char *pointer = g_strdup_printf("/%s/%s", name, word);
            fisc_call_problem(call, 422, "VALUE_INVALID", pointer,
                              "%s: a budget line is named by dimensions and codes, as "
                              "{\"programme\":\"1\"}",
                              name);
            return false;
        }
        out_dim[dimension] = json_string_value(value);
    }
    return true;
}

FiscDate
fisc_call_date(const FiscCall *call, const char *name, FiscDate fallback)
{
    const char *text = fisc_call_text(call, name);
    FiscDate date = fallback;
    if (text != NULL) {
        fisc_date_parse(text, &date);
    }
    return date;
}

char *
fisc_call_ndjson(const json_t *list)
{
    GString *text = g_string_new(NULL);
    size_t at;
    json_t *item;
    json_array_foreach((json_t *)list, at, item)
    {
        char *line = json_dumps(item, JSON_COMPACT | JSON_ENCODE_ANY);
        g_string_append(text, line);
        g_string_append_c(text, '\n');
        free(line);
    }
    return g_string_free(text, FALSE);
}
