/* engine_group.c: deciding a group: its entries stand or fall together, and what is refused for
 * funds or period goes on record. */
#include "ledger/engine_internal.h"
#include <string.h>

static FiscResult *
append_result(FiscReceipt *receipt, const FiscEntry *entry)
{
    FiscResult *result = g_new0(FiscResult, 1);
    result->kind = FISC_RESULT_REFUSED;
    result->reference = g_strdup(entry->reference);
    result->file = entry->file;
    result->row = entry->row;
    g_ptr_array_add(receipt->results, result);
    return result;
}

/* Funds and period refusals go on record; malformed input does not. */
static bool
is_recordable(const FiscRefusals *refusals)
{
    for (guint i = 0; i < refusals->len; i++) {
        FiscError code = ((const FiscRefusal *)refusals->pdata[i])->code;
        if (code != FISC_ERROR_BUDGET_EXCEEDED && code != FISC_ERROR_NO_BUDGET &&
            code != FISC_ERROR_PERIOD_NOT_OPEN) {
            return false;
        }
    }
    return refusals->len > 0;
}

static void
append_refusal(FiscDecision *decision, bool is_group)
{
    FiscBatch *batch = &decision->engine->current->batch;
    FiscDecidedRefusal *decided = g_new0(FiscDecidedRefusal, 1);
    decided->source_id = decision->source_id;
    decided->reference = g_strdup(decision->entry->reference);
    /* Not the number it had: an entity that came with the group went with it. */
    decided->entity_id = fisc_engine_entity(decision->engine, decision->entry->entity);
    decided->period = decision->period;
    decided->reasons = fisc_refusals_new();
    for (guint i = 0; i < decision->refusals->len; i++) {
        g_ptr_array_add(decided->reasons, fisc_refusal_copy(decision->refusals->pdata[i]));
    }
    decided->maker = decision->maker;
    memcpy(decided->digest, decision->entry->digest, FISC_HASH_BYTES);
    if (is_group && !fisc_engine_restate(decision->engine, decided)) {
        fisc_decided_refusal_free(decided);
        return;
    }
    decided->item = batch->items++;
    g_ptr_array_add(batch->refusals, decided);
}

static FiscDecision
decision_new(FiscEngine *engine, const FiscSubmission *submission, const FiscEntry *entry,
             int source_id, int maker)
{
    FiscDecision decision = {.engine = engine,
                             .submission = submission,
                             .entry = entry,
                             .refusals = fisc_refusals_new(),
                             .source_id = source_id,
                             .maker = maker};
    for (int side = 0; side < 2; side++) {
        decision.coding[side] = g_array_new(FALSE, FALSE, sizeof(int32_t));
        decision.amount[side] = g_array_new(FALSE, FALSE, sizeof(int64_t));
        decision.note[side] = g_array_new(FALSE, FALSE, sizeof(FiscLineNote));
    }
    decision.hands = g_array_new(FALSE, FALSE, sizeof(int32_t));
    decision.warnings = fisc_refusals_new();
    return decision;
}

static void
decision_clear(FiscDecision *decision)
{
    for (int side = 0; side < 2; side++) {
        g_array_unref(decision->coding[side]);
        g_array_unref(decision->amount[side]);
        g_array_unref(decision->note[side]);
    }
    g_array_unref(decision->hands);
    g_clear_pointer(&decision->warnings, g_ptr_array_unref);
    g_clear_pointer(&decision->refusals, g_ptr_array_unref);
}

static bool
decide_events(FiscEngine *engine, const FiscSubmission *submission, int maker, FiscReceipt *receipt)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    bool has_refused_step = false;
    for (guint i = 0; i < submission->events->len; i++) {
        const FiscEvent *event = submission->events->pdata[i];
        bool is_step = strcmp(event->kind, "document") == 0;
        if (is_step && has_refused_step) {
            continue; /* of a document that did not take the step before */
        }
        bool is_taken = fisc_engine_judge_event(engine, submission, event, maker, refusals) &&
                        fisc_engine_decide_event(engine, event, maker, refusals);
        has_refused_step = has_refused_step || (is_step && !is_taken);
    }
    bool is_good = refusals->len == 0;
    if (!is_good) {
        g_clear_pointer(&receipt->refusals, g_ptr_array_unref);
        receipt->refusals = g_steal_pointer(&refusals);
    }
    if (is_good) {
        fisc_engine_refresh_keys(engine); /* who changes definitions waits for it, nobody else */
    }
    return is_good;
}

/* After one was refused the others of its group were, too; nothing of the group stays. What leaned
 * on an entry of the group, from @first_entry on, has no entry to name; what was on record before
 * still is. */
static void
refuse_group(FiscReceipt *receipt, guint first_result, guint refused, int64_t first_entry)
{
    for (guint i = first_result; i < receipt->results->len; i++) {
        FiscResult *result = receipt->results->pdata[i];
        if (result->entry_id < first_entry && result->kind != FISC_RESULT_POSTED) {
            continue;
        }
        result->entry_id = 0;
        result->batch_no = 0;
        memset(result->hash, 0, FISC_HASH_BYTES);
        g_clear_pointer(&result->warnings, g_ptr_array_unref); /* they are of posted entries */
        if (result->refusals != NULL) {
            continue;
        }
        const FiscResult *culprit = receipt->results->pdata[refused];
        result->kind = FISC_RESULT_REFUSED;
        result->refusals = fisc_refusals_new();
        fisc_refusals_add(result->refusals, FISC_ERROR_ATOMIC_GROUP, result->file, result->row,
                          NULL, "because of \"%s\"", culprit->reference);
    }
}

static void
count_results(FiscReceipt *receipt, guint from)
{
    for (guint i = from; i < receipt->results->len; i++) {
        const FiscResult *result = receipt->results->pdata[i];
        receipt->posted += result->kind == FISC_RESULT_POSTED ? 1 : 0;
        receipt->repeated += result->kind == FISC_RESULT_REPEATED ? 1 : 0;
        receipt->refused +=
            result->kind == FISC_RESULT_REFUSED || result->kind == FISC_RESULT_CONFLICT ? 1 : 0;
    }
}

static bool
decide_group(FiscEngine *engine, const FiscSubmission *submission, guint first, guint count,
             int source_id, int maker, FiscReceipt *receipt, FiscMark start)
{
    guint first_result = receipt->results->len;
    int64_t first_entry = engine->current->batch.first_entry + start.entries;
    FiscMark judged = fisc_engine_mark(engine); /* behind the events of the group */
    int refused = -1;
    /* Judged with other entries or events, which go when it is refused. */
    bool is_group = count > 1 || engine->current->undo->len > start.undo;
    GArray *to_record = g_array_new(FALSE, FALSE, sizeof(FiscDecision));
    for (guint i = first; i < first + count; i++) {
        const FiscEntry *entry = submission->entries->pdata[i];
        FiscDecision decision = decision_new(engine, submission, entry, source_id, maker);
        decision.behind = i + 1;
        decision.group_end = first + count;
        FiscResult *result = append_result(receipt, entry);
        fisc_engine_decide_entry(&decision, result);
        if (decision.refusals->len == 0) {
            if (decision.warnings->len > 0) {
                result->warnings = g_ptr_array_ref(decision.warnings);
            }
            decision_clear(&decision);
            continue;
        }
        refused = refused < 0 ? (int)receipt->results->len - 1 : refused;
        result->refusals = g_ptr_array_ref(decision.refusals);
        g_array_append_val(to_record, decision);
        if (result->kind != FISC_RESULT_CONFLICT) {
            fisc_engine_undo_to(engine, judged); /* what follows is judged without it */
        }
    }
    if (refused >= 0) {
        fisc_engine_undo_to(engine, start);
        refuse_group(receipt, first_result, (guint)refused, first_entry);
    }
    for (guint i = 0; i < to_record->len; i++) {
        FiscDecision *decision = &g_array_index(to_record, FiscDecision, i);
        if (submission->record_refusals && is_recordable(decision->refusals) &&
            fisc_engine_is_known(engine, maker)) {
            append_refusal(decision, is_group);
        }
        decision_clear(decision);
    }
    g_array_unref(to_record);
    count_results(receipt, first_result);
    return refused < 0;
}

/* Who answers for the entries: the actor, or the maker of the document that is carried out. */
static int
maker_of(FiscEngine *engine, const FiscSubmission *submission, int actor, bool is_whole,
         FiscReceipt *receipt)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    int maker = fisc_engine_judge_document(engine, submission, actor, is_whole, refusals);
    if (maker == 0) {
        g_clear_pointer(&receipt->refusals, g_ptr_array_unref);
        receipt->refusals = g_steal_pointer(&refusals);
    }
    return maker;
}

bool
fisc_engine_apply(FiscEngine *engine, const FiscSubmission *submission, guint first, guint count,
                  bool with_events, FiscReceipt *receipt)
{
    FiscMark start = fisc_engine_mark(engine);
    guint events_before = engine->current->batch.events->len;
    if (submission->actor == NULL || *submission->actor == '\0' || submission->source == NULL) {
        receipt->refusals = receipt->refusals != NULL ? receipt->refusals : fisc_refusals_new();
        fisc_refusals_add(receipt->refusals, FISC_ERROR_ACTOR_MISSING, NULL, 0, "actor",
                          "none given");
        return false;
    }
    /* Whoever acts and where it comes from go on record even when the answer is no. */
    int maker = fisc_engine_register(engine, "person", submission->actor, 0);
    int source_id = fisc_engine_register(engine, "source", submission->source, maker);
    FiscMark registered = fisc_engine_mark(engine);
    bool is_whole = with_events && first == 0 && count == submission->entries->len;
    bool is_retry = fisc_engine_is_carried_out(engine, submission);
    int answers = maker_of(engine, submission, maker, is_whole, receipt);
    bool is_decided = answers != 0 && (!with_events || is_retry ||
                                       decide_events(engine, submission, maker, receipt));
    if (!is_decided) {
        fisc_engine_undo_to(engine, start);
        return false;
    }
    guint refusals_before = engine->current->batch.refusals->len;
    bool is_good = decide_group(engine, submission, first, count, source_id, answers, receipt,
                                with_events ? registered : fisc_engine_mark(engine));
    bool is_empty = engine->current->batch.items == registered.items;
    if (is_empty && engine->current->batch.refusals->len == refusals_before) {
        fisc_engine_undo_to(engine, start); /* nothing new: do not even register who asked */
    }
    receipt->events += (int)(engine->current->batch.events->len - events_before);
    return is_good;
}
