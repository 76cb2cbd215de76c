/* sealed_rows.c: a part of another fisc's entries (connector_fisc.c) as rows, one for each
 * financial line; and before that, whether it is what that fisc sealed. Runs in the reader of
 * documents.
 *
 * Budgetary lines are left out: budgets are each book's own. */
#include "core/base/hash.h"
#include "fisc/csv.h"
#include "fisc/gfs.h"
#include "fisc/money.h"
#include "integrations/connector.h"
#include "integrations/sealed_json.h"
#include <string.h>

typedef struct {
    const FiscSealedDocument *document;
    GString *out;
} Writing;

/* The value of a field of an event; "" */
static const char *
field_of(const FiscLogEvent *event, const char *name)
{
    for (int i = 0; event != NULL && i + 1 < event->field_count; i += 2) {
        if (strcmp(event->fields[i], name) == 0) {
            return event->fields[i + 1];
        }
    }
    return "";
}

static const char *
subject_of(const Writing *writing, const char *kind, int number)
{
    const FiscLogEvent *event = fisc_proof_event(writing->document->proof, kind, number);
    return event != NULL ? event->subject : "";
}

static const char *
flow_word(int flow)
{
    return flow == FISC_FLOW_HOLDING_GAIN    ? "holding gain"
           : flow == FISC_FLOW_VOLUME_CHANGE ? "volume change"
           : flow == FISC_FLOW_OPENING       ? "opening"
                                             : "transaction";
}

static void
add_field(GString *out, const char *text)
{
    fisc_csv_append(out, text);
    g_string_append_c(out, ',');
}

static void
add_entry_fields(const Writing *writing, const FiscLogEntry *entry, int line)
{
    char date[FISC_DATE_TEXT], period[FISC_DATE_TEXT];
    const FiscProof *proof = writing->document->proof;
    const FiscLogEntry *of = entry->corrects != 0 ? fisc_proof_entry(proof, entry->corrects) : NULL;
    GString *out = writing->out;
    g_string_append_printf(out, "%" G_GINT64_FORMAT ",%d,", entry->entry_id, line + 1);
    add_field(out, entry->reference);
    add_field(out, subject_of(writing, "source", entry->source_id));
    add_field(out, fisc_date_format(entry->effective, date));
    add_field(out, fisc_period_format(entry->period, period));
    add_field(out, writing->document->part.entity);
    add_field(out, entry->memo != NULL ? entry->memo : "");
    add_field(out, entry->document);
    add_field(out, fisc_proof_transfer(proof, entry));
    add_field(out, of != NULL ? of->reference : "");
    add_field(out, entry->reverses ? "yes" : "");
    add_field(out, subject_of(writing, "person", entry->maker));
}

static void
add_line(Writing *writing, const FiscLogEntry *entry, int line)
{
    const FiscLogCoding *coding = fisc_proof_coding(writing->document->proof, entry->coding[line]);
    const FiscLogEvent *account =
        fisc_proof_event(writing->document->proof, "account", coding->account_id);
    const FiscLogEvent *entity =
        fisc_proof_event(writing->document->proof, "entity", entry->entity_id);
    const char *currency = field_of(entity, "currency");
    const char *gfs = field_of(account, "gfs");
    char code[FISC_GFS_CODE] = "", amount[FISC_SUM_TEXT];
    int decimals = fisc_currency_decimals(currency);
    if (*gfs != '\0' && strlen(gfs) < FISC_GFS_CODE - 4) {
        fisc_gfs_compose(gfs, coding->flow, coding->kind, code);
    }
    add_entry_fields(writing, entry, line);
    add_field(writing->out, account->subject);
    add_field(writing->out, field_of(account, "name"));
    add_field(writing->out, code);
    add_field(writing->out, flow_word(coding->flow));
    add_field(writing->out, currency);
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        add_field(writing->out, coding->dim[i]);
    }
    g_string_append_printf(
        writing->out, "%s\n",
        fisc_sum_format(entry->amount[line], decimals >= 0 ? decimals : 2, amount));
}

static void
add_header(GString *out)
{
    g_string_append(out, "entry,line,reference,source,date,period,entity,memo,document,transfer,"
                         "corrects,reversal,maker,account,account_name,code,flow,currency,");
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        add_field(out, fisc_dimension_column((FiscDimension)i));
    }
    g_string_append(out, "amount\n");
}

static GBytes *
make_rows(const FiscSealedDocument *document)
{
    const FiscProof *proof = document->proof;
    Writing writing = {.document = document, .out = g_string_new(NULL)};
    add_header(writing.out);
    for (guint i = 0; i < proof->items->len; i++) {
        const FiscLogEntry *entry = ((const FiscProvenItem *)proof->items->pdata[i])->entry;
        if (entry == NULL || !fisc_sealed_has(&document->part, proof, entry)) {
            continue;
        }
        for (int line = 0; line < entry->financial; line++) {
            add_line(&writing, entry, line);
        }
    }
    return g_string_free_to_bytes(writing.out);
}

/* NULL: it is what we asked for, and as it was sealed. Caller frees. */
static char *
check(const FiscFeeder *feeder, const char *name, const FiscSealedDocument *document)
{
    g_autoptr(GPtrArray) keys = NULL;
    g_autoptr(GError) failure = NULL;
    g_autofree char *own =
        fisc_sealed_document_name(document->entity, document->part.period, document->part.part);
    if (!fisc_sealed_keys(feeder->trust, &keys, &failure)) {
        return g_strdup(failure->message);
    }
    if (strcmp(own, name) != 0) {
        return g_strdup_printf("it is %s", own);
    }
    const char *under = g_hash_table_lookup(feeder->trust, FISC_SEALED_UNDER);
    char root[FISC_HASH_TEXT];
    if (under != NULL && strcmp(fisc_hash_format(document->proof->head->root, root), under) != 0) {
        return g_strdup("it is under another head than the one that was asked for");
    }
    return fisc_sealed_check(&document->part, document->proof, document->signature, keys);
}

bool
fisc_fisc_convert(const FiscFeeder *feeder, const char *name, GBytes *body, GBytes **out_text,
                  FiscRefusals *refusals)
{
    gsize length = 0;
    const char *text = g_bytes_get_data(body, &length);
    json_error_t fault = {0};
    json_t *root = json_loadb(text != NULL ? text : "", length, JSON_REJECT_DUPLICATES, &fault);
    g_auto(FiscSealedDocument) document = {.entity = NULL};
    g_autoptr(GError) failure = NULL;
    bool is_read = root != NULL && fisc_sealed_from_json(root, &document, &failure);
    json_decref(root);
    if (!is_read) {
        fisc_refusals_add(refusals, FISC_ERROR_JSON_INVALID, name, MAX(fault.line, 0), NULL, "%s",
                          failure != NULL ? failure->message : fault.text);
        return false;
    }
    g_autofree char *wrong = check(feeder, name, &document);
    if (wrong != NULL) {
        fisc_refusals_add(refusals, FISC_ERROR_TAMPERED, name, 0, NULL, "%s", wrong);
        return false;
    }
    *out_text = make_rows(&document);
    return true;
}
