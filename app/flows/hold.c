/* hold.c: holds of auditors: placed, released, listed. Who may, and what a hold stops, the engine
 * decides; here the words become an event. */
#include "fisc/hold.h"
#include "app/flows/internal.h"
#include "app/flows/person.h"
#include "fisc/scope.h"
#include <string.h>

#define SOURCE "hold"
#define EVERY_ENTITY "*"

/* Placing ------------------------------------------------------------------------------------- */

/* What the order is about, in the words of the event. */
typedef struct {
    const char *about, *code;
    char *entity; /* owned */
} Subject;

static bool
choose_subject(const FiscHoldOrder *order, Subject *out_subject, GError **error)
{
    const char *const choices[][2] = {
        {"document", order->document}, {"payee", order->payee}, {"line", order->line}};
    int count = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(choices); i++) {
        if (choices[i][1] != NULL) {
            out_subject->about = choices[i][0];
            out_subject->code = choices[i][1];
            count++;
        }
    }
    if (count == 0 && order->entity != NULL) {
        out_subject->about = "entity";
        out_subject->code = order->entity;
        count++;
    }
    return count == 1 || fisc_fail(error, FISC_ERROR_USAGE,
                                   "a hold is about one document, payee, line or entity");
}

/* Of a line that names its entity: "entity=001 programme=2". */
static char *
entity_of_line(const char *line)
{
    g_auto(GStrv) words = g_strsplit(line, " ", -1);
    for (int i = 0; words[i] != NULL; i++) {
        if (g_str_has_prefix(words[i], "entity=") && !g_str_has_suffix(words[i], "*")) {
            return g_strdup(words[i] + strlen("entity="));
        }
    }
    return NULL;
}

/* The newest record of a subject; none when there is none. */
static bool
find_record(FiscContext *ctx, const char *kind, const char *subject, GArray **out_records,
            GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(GPtrArray) subjects = g_ptr_array_new();
    g_ptr_array_add(subjects, (char *)subject);
    return fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) &&
           fisc_records_find(tx, ctx->book_id, kind, subjects, out_records, error) &&
           fisc_tx_commit(g_steal_pointer(&tx), error);
}

/* A document on record says itself whose it is. */
static bool
entity_of_document(FiscContext *ctx, const char *document, char **out_entity, GError **error)
{
    g_autoptr(GArray) records = NULL;
    if (!find_record(ctx, "document", document, &records, error)) {
        return false;
    }
    const FiscRecord *record = records->len > 0 ? &g_array_index(records, FiscRecord, 0) : NULL;
    const char *entity = record != NULL ? fisc_record_field(record, "entity") : NULL;
    *out_entity = g_strdup(fisc_scope_has(ctx->scope, entity) ? entity : NULL);
    return true;
}

/* Whoever sees a part of the book holds in a part of it. */
static bool
choose_entity(FiscContext *ctx, const FiscHoldOrder *order, Subject *subject, GError **error)
{
    if (order->entity != NULL) {
        subject->entity = g_strdup(order->entity);
    } else if (order->line != NULL) {
        subject->entity = entity_of_line(order->line);
    } else if (order->document != NULL &&
               !entity_of_document(ctx, order->document, &subject->entity, error)) {
        return false;
    }
    if (subject->entity == NULL && fisc_flow_is_limited(ctx)) {
        return fisc_fail(error, FISC_ERROR_USAGE, "name the entity in whose books it is held");
    }
    if (subject->entity == NULL) {
        subject->entity = g_strdup(EVERY_ENTITY);
    }
    return true;
}

static char *
id_of(const FiscHoldOrder *order, const Subject *subject, const char *actor, const char *day)
{
    const char *words[] = {subject->about, subject->code, subject->entity,
                           order->reason,  actor,         day};
    return order->id != NULL ? g_strdup(order->id)
                             : fisc_flow_id_of_words("hold", words, (int)G_N_ELEMENTS(words));
}

static bool
submit(FiscContext *ctx, FiscSubmission *submission, FiscReceipt **out_receipt, GError **error)
{
    g_autoptr(FiscPoster) poster = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    submission->on_behalf = ctx->on_behalf;
    if (!fisc_flow_check_content(ctx, submission, refusals)) {
        *out_receipt = fisc_receipt_new();
        (*out_receipt)->refusals = g_steal_pointer(&refusals);
        return true;
    }
    return fisc_flow_open_poster(ctx, &poster, error) &&
           fisc_flow_submit(ctx, poster, submission, out_receipt, error);
}

bool
fisc_flow_hold_place(FiscContext *ctx, const FiscHoldOrder *order, char **out_id,
                     FiscReceipt **out_receipt, GError **error)
{
    Subject subject = {0};
    char day[FISC_DATE_TEXT];
    if (!choose_subject(order, &subject, error) || !choose_entity(ctx, order, &subject, error)) {
        return false;
    }
    g_autoptr(FiscSubmission) submission = fisc_submission_new(SOURCE, ctx->actor);
    fisc_date_format(fisc_flow_today(), day);
    g_autofree char *id = id_of(order, &subject, ctx->actor, day);
    g_autofree char *entity = g_steal_pointer(&subject.entity);
    fisc_submission_event(submission, "hold", id, "state", "placed", "about", subject.about, "code",
                          subject.code, "entity", entity, "placed_by", ctx->actor, "since", day,
                          "reason", order->reason, NULL);
    if (!submit(ctx, submission, out_receipt, error)) {
        return false;
    }
    *out_id = g_steal_pointer(&id);
    return true;
}

/* Releasing ----------------------------------------------------------------------------------- */

static bool
is_seen(const FiscContext *ctx, const FiscRecord *record)
{
    const char *entity = fisc_record_field(record, "entity");
    return !fisc_flow_is_limited(ctx) || fisc_scope_has(ctx->scope, entity);
}

/* What was said when it was placed, and who releases it today. Said again by the same person, it
 * is the release on record. */
static void
add_release(const FiscContext *ctx, FiscSubmission *submission, const FiscRecord *record,
            const char *reason)
{
    static const char *const kept[] = {"about", "code", "entity", "placed_by", "since", "reason"};
    char today[FISC_DATE_TEXT];
    fisc_date_format(fisc_flow_today(), today);
    const char *released_on = fisc_record_field(record, "released_on");
    FiscEvent *event =
        fisc_submission_event(submission, "hold", record->subject, "state", "released", NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(kept); i++) {
        const char *value = fisc_record_field(record, kept[i]);
        g_ptr_array_add(event->fields, (char *)fisc_submission_text(submission, kept[i]));
        g_ptr_array_add(event->fields, (char *)fisc_submission_text(submission, value));
    }
    const char *const pairs[] = {"released_by", ctx->actor,
                                 "released_on", released_on != NULL ? released_on : today,
                                 "remark",      reason};
    for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++) {
        g_ptr_array_add(event->fields, (char *)fisc_submission_text(submission, pairs[i]));
    }
}

bool
fisc_flow_hold_release(FiscContext *ctx, const char *id, const char *reason,
                       FiscReceipt **out_receipt, GError **error)
{
    g_autoptr(GArray) records = NULL;
    if (!find_record(ctx, "hold", id, &records, error)) {
        return false;
    }
    const FiscRecord *record = records->len > 0 ? &g_array_index(records, FiscRecord, 0) : NULL;
    if (record == NULL || !is_seen(ctx, record)) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "there is no hold \"%s\"", id);
    }
    g_autoptr(FiscSubmission) submission = fisc_submission_new(SOURCE, ctx->actor);
    add_release(ctx, submission, record, reason);
    return submit(ctx, submission, out_receipt, error);
}

/* Looking ------------------------------------------------------------------------------------- */

static const char *const columns[] = {"hold",        "state",       "about", "code",
                                      "entity",      "placed_by",   "since", "reason",
                                      "released_by", "released_on", "remark"};

static void
add_row(FiscTable *table, const FiscRecord *record)
{
    FiscRow *row = fisc_table_add_row(table);
    fisc_table_set_text(table, row, 0, record->subject);
    for (guint i = 1; i < G_N_ELEMENTS(columns); i++) {
        const char *value = fisc_record_field(record, columns[i]);
        fisc_table_set_text(table, row, (int)i, value != NULL ? value : "");
    }
}

bool
fisc_flow_hold_list(FiscContext *ctx, const char *state, FiscTable **out_table, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(GArray) records = NULL;
    if (!fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) ||
        !fisc_records_load(tx, ctx->book_id, "hold", &records, error) ||
        !fisc_tx_commit(g_steal_pointer(&tx), error)) {
        return false;
    }
    FiscTable *table = fisc_table_new("holds", "Holds", 0);
    for (guint i = 0; i < G_N_ELEMENTS(columns); i++) {
        fisc_table_add_column(table, columns[i], FISC_COLUMN_TEXT);
    }
    for (guint i = 0; i < records->len; i++) {
        const FiscRecord *record = &g_array_index(records, FiscRecord, i);
        bool is_asked = state == NULL || g_strcmp0(fisc_record_field(record, "state"), state) == 0;
        if (is_asked && is_seen(ctx, record)) {
            add_row(table, record);
        }
    }
    *out_table = table;
    return true;
}
