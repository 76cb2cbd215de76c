/* document.c: documents as they are on record, for those who show them or take their next step; and
 * the rules on record by kind. Nothing is decided here: that is the engine's. */
#include "fisc/ledger.h"
#include <stdlib.h>
#include <string.h>

static void
step_clear(gpointer data)
{
    FiscDocumentStep *step = data;
    g_free(step->posted_at);
    g_free(step->person);
    g_free(step->on_behalf);
    g_free(step->state);
    g_free(step->approved_by);
    g_free(step->remark);
}

void
fisc_document_free(FiscDocument *document)
{
    if (document == NULL) {
        return;
    }
    char *words[] = {document->id,     document->action,      document->entity,
                     document->state,  document->maker,       document->maker_for,
                     document->source, document->approved_by, document->approved_for,
                     document->reason, document->digest,      document->payload};
    for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
        g_free(words[i]);
    }
    g_array_unref(document->steps);
    g_free(document);
}

static const char *
find_field(char *const *fields, int count, const char *name)
{
    for (int i = 0; i + 1 < count; i += 2) {
        if (strcmp(fields[i], name) == 0) {
            return fields[i + 1];
        }
    }
    return NULL;
}

static void
replace(char **word, const char *text)
{
    g_free(*word);
    *word = g_strdup(text != NULL ? text : "");
}

/* Every step repeats what was proposed, but the one that closes the document leaves the payload
 * out. */
static void
take_words(FiscDocument *document, char *const *fields, int count)
{
    const struct {
        const char *name;
        char **word;
    } words[] = {
        {"action", &document->action},
        {"entity", &document->entity},
        {"state", &document->state},
        {"maker", &document->maker},
        {"source", &document->source},
        {"approved_by", &document->approved_by},
        {"reason", &document->reason},
        {"digest", &document->digest},
        {"payload", &document->payload},
        {"maker_for", &document->maker_for},
        {"approved_for", &document->approved_for},
    };
    for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
        const char *text = find_field(fields, count, words[i].name);
        if (text != NULL || words[i].word != &document->payload) {
            replace(words[i].word, text);
        }
    }
    const char *needs = find_field(fields, count, "needs");
    document->needs = needs != NULL ? atoi(needs) : 1;
}

static void
take_step(FiscDocument *document, const FiscRows *rows, int row)
{
    int count = 0;
    g_auto(GStrv) fields = fisc_rows_text_array(rows, row, 3, &count);
    const char *remark = find_field(fields, count, "remark");
    const char *on_behalf = find_field(fields, count, row == 0 ? "maker_for" : "on_behalf");
    FiscDocumentStep step = {.batch_no = fisc_rows_int8(rows, row, 0),
                             .posted_at = g_strdup(fisc_rows_text(rows, row, 1)),
                             .person = g_strdup(fisc_rows_text(rows, row, 2)),
                             .on_behalf = g_strdup(on_behalf != NULL ? on_behalf : ""),
                             .remark = g_strdup(remark != NULL ? remark : "")};
    take_words(document, fields, count);
    step.state = g_strdup(document->state);
    step.approved_by = g_strdup(document->approved_by);
    g_array_append_val(document->steps, step);
}

bool
fisc_document_load(FiscTx *tx, int book_id, const char *id, FiscDocument **out_document,
                   GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    *out_document = NULL;
    if (!fisc_tx_query(tx, FISC_SQL_LEDGER_DOCUMENT_STEPS,
                       FISC_ARGS(fisc_int4(book_id), fisc_text(id)), &rows, error)) {
        return false;
    }
    if (fisc_rows_count(rows) == 0) {
        return true;
    }
    FiscDocument *document = g_new0(FiscDocument, 1);
    document->id = g_strdup(id);
    document->steps = g_array_new(FALSE, TRUE, sizeof(FiscDocumentStep));
    g_array_set_clear_func(document->steps, step_clear);
    for (int i = 0; i < fisc_rows_count(rows); i++) {
        take_step(document, rows, i);
    }
    *out_document = document;
    return true;
}

static void
record_clear(gpointer data)
{
    FiscRecord *record = data;
    g_free(record->subject);
    g_strfreev(record->fields);
}

static GArray *
take_records(const FiscRows *rows)
{
    GArray *records = g_array_new(FALSE, TRUE, sizeof(FiscRecord));
    g_array_set_clear_func(records, record_clear);
    for (int i = 0; i < fisc_rows_count(rows); i++) {
        int count = 0;
        FiscRecord record = {.subject = g_strdup(fisc_rows_text(rows, i, 0))};
        record.fields = fisc_rows_text_array(rows, i, 1, &count);
        record.count = count;
        g_array_append_val(records, record);
    }
    return records;
}

bool
fisc_records_load(FiscTx *tx, int book_id, const char *kind, GArray **out_records, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_tx_query(tx, FISC_SQL_LEDGER_MASTERS_OF_KIND,
                       FISC_ARGS(fisc_int4(book_id), fisc_text(kind)), &rows, error)) {
        return false;
    }
    *out_records = take_records(rows);
    return true;
}

bool
fisc_records_find(FiscTx *tx, int book_id, const char *kind, const GPtrArray *subjects,
                  GArray **out_records, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    FiscArg names = fisc_text_array((const char *const *)subjects->pdata, (int)subjects->len);
    if (!fisc_tx_query(tx, FISC_SQL_LEDGER_MASTERS_OF_SUBJECTS,
                       FISC_ARGS(fisc_int4(book_id), fisc_text(kind), names), &rows, error)) {
        return false;
    }
    *out_records = take_records(rows);
    return true;
}

bool
fisc_documents_of_batch(FiscTx *tx, int book_id, int64_t batch_no, GArray **out_records,
                        GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_tx_query(tx, FISC_SQL_LEDGER_DOCUMENTS_OF_BATCH,
                       FISC_ARGS(fisc_int4(book_id), fisc_int8(batch_no)), &rows, error)) {
        return false;
    }
    *out_records = take_records(rows);
    return true;
}

const char *
fisc_record_field(const FiscRecord *record, const char *name)
{
    return find_field(record->fields, record->count, name);
}
