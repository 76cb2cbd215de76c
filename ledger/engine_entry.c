/* engine_entry.c: deciding one entry: words to numbers, codings interned, funds judged. */
#include "ledger/engine_hold.h"
#include "fisc/gfs.h"
#include "fisc/money.h"
#include <string.h>

static const FiscEngineAccount *
account_by_code(const FiscEngine *engine, const char *code)
{
    const FiscMaster *master = fisc_engine_master(engine, "account", code);
    return master != NULL ? engine->accounts->pdata[master->number - 1] : NULL;
}

static bool
is_national(const FiscEngine *engine, const char *code)
{
    return fisc_engine_master(engine, "account", code) != NULL &&
           g_strcmp0(fisc_engine_master_field(engine, "account", code, "chart"), "gfsm2014") != 0;
}

/* A line's account, flow and kind: a national or budgetary account by its number, else a GFS code.
 */
static const FiscEngineAccount *
resolve_account(const FiscEngine *engine, const FiscLine *line, int *out_flow, int *out_kind)
{
    if (line->account == NULL) {
        return NULL;
    }
    if (is_national(engine, line->account)) {
        const FiscEngineAccount *account = account_by_code(engine, line->account);
        *out_flow = line->flow != 0 ? line->flow : FISC_FLOW_TRANSACTION;
        *out_kind = line->kind != 0 ? line->kind : account->kind;
        return account;
    }
    char stem[FISC_GFS_CODE];
    return fisc_gfs_parse(line->account, stem, out_flow, out_kind) ? account_by_code(engine, stem)
                                                                   : NULL;
}

static void
check_party(FiscDecision *decision, const FiscLine *line, FiscDimension dimension)
{
    const char *code = line->dim[dimension];
    if (code != NULL && *code != '\0' && fisc_engine_entity(decision->engine, code) == 0 &&
        fisc_engine_master(decision->engine, "group", code) == NULL) {
        fisc_refusals_add(decision->refusals, FISC_ERROR_COUNTERPARTY_UNKNOWN,
                          decision->entry->file, line->row, fisc_dimension_column(dimension),
                          "\"%s\"", code);
    }
}

FiscEngineCoding *
fisc_engine_intern(FiscEngine *engine, const FiscCodingKey *key)
{
    FiscEngineCoding *coding = g_hash_table_lookup(engine->coding_index, key);
    if (coding != NULL) {
        return coding;
    }
    coding = fisc_engine_add_coding(engine, key);
    FiscUndo undo = {.kind = FISC_UNDO_CODING};
    g_array_append_val(engine->current->undo, undo);
    FiscDecidedCoding decided = {.coding_id = coding->id,
                                 .entity_id = key->entity_id,
                                 .account_id = key->account_id,
                                 .flow = key->flow,
                                 .kind = key->kind};
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        decided.dim[i] = fisc_engine_symbol_text(engine, key->dim[i]);
    }
    g_array_append_val(engine->current->batch.codings, decided);
    return coding;
}

/* A line marked if_budgeted is asked before it is interned, so that a dropped line leaves no trace.
 */
static bool
is_dropped(FiscDecision *decision, const FiscLine *line, const FiscCodingKey *key)
{
    if (!line->if_budgeted) {
        return false;
    }
    return !fisc_engine_is_budgeted(decision->engine, key, fisc_period_year(decision->period),
                                    decision->entry->effective);
}

void
fisc_engine_append_line(FiscDecision *decision, const FiscCodingKey *key, int64_t amount,
                        const FiscLineNote *note)
{
    const FiscEngineAccount *account = decision->engine->accounts->pdata[key->account_id - 1];
    int side = account->class_ == FISC_CLASS_BUDGETARY ? 1 : 0;
    int32_t id = fisc_engine_intern(decision->engine, key)->id;
    g_array_append_val(decision->coding[side], id);
    g_array_append_val(decision->amount[side], amount);
    g_array_append_vals(decision->note[side], note, 1);
    decision->opening_lines += key->flow == FISC_FLOW_OPENING ? 1 : 0;
    decision->lines++;
}

static int32_t
symbol_of(FiscEngine *engine, const char *text)
{
    return text != NULL ? fisc_engine_symbol(engine, text) : 0;
}

static void
decide_line(FiscDecision *decision, const FiscLine *line)
{
    FiscEngine *engine = decision->engine;
    FiscCodingKey key = {.entity_id = decision->entity_id};
    int flow = 0;
    int kind = 0;
    const FiscEngineAccount *account = resolve_account(engine, line, &flow, &kind);
    if (account == NULL) {
        fisc_refusals_add(decision->refusals, FISC_ERROR_ACCOUNT_UNKNOWN, decision->entry->file,
                          line->row, "gfs_code", "\"%s\"", line->account ? line->account : "");
        return;
    }
    check_party(decision, line, FISC_DIM_COUNTERPARTY);
    check_party(decision, line, FISC_DIM_CASH_COUNTERPARTY);
    key.account_id = account->number;
    key.flow = flow;
    key.kind = kind;
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        key.dim[i] = line->dim[i] != NULL ? fisc_engine_symbol(engine, line->dim[i]) : 0;
    }
    if (decision->refusals->len > 0 || is_dropped(decision, line, &key)) {
        return;
    }
    FiscLineNote note = {.row = line->row,
                         .item = symbol_of(engine, line->item),
                         .relieves = symbol_of(engine, line->relieves),
                         .is_final = line->is_final,
                         .currency = symbol_of(engine, line->currency),
                         .foreign = line->foreign};
    decision->has_items |= note.item != 0 || note.relieves != 0 || note.currency != 0;
    fisc_engine_append_line(decision, &key, line->amount, &note);
}

static bool
has_only_opening_lines(const FiscEngine *engine, const FiscEntry *entry)
{
    for (guint i = 0; i < entry->lines->len; i++) {
        int flow = 0;
        int kind = 0;
        const FiscLine *line = &g_array_index(entry->lines, FiscLine, i);
        if (resolve_account(engine, line, &flow, &kind) == NULL || flow != FISC_FLOW_OPENING) {
            return false;
        }
    }
    return true;
}

static void
check_period(FiscDecision *decision)
{
    const FiscEntry *entry = decision->entry;
    decision->period = entry->period;
    if (decision->period == 0) {
        decision->period = has_only_opening_lines(decision->engine, entry)
                               ? fisc_date_year(entry->effective) * 100
                               : fisc_period_of(entry->effective);
    }
    if (fisc_engine_is_open(decision->engine, decision->period)) {
        return;
    }
    char text[FISC_DATE_TEXT];
    g_autofree char *subject = g_strdup_printf("%d", decision->period);
    const char *state = fisc_engine_master_field(decision->engine, "period", subject, "state");
    FiscRefusal *refusal = fisc_refusals_add(
        decision->refusals, FISC_ERROR_PERIOD_NOT_OPEN, entry->file, entry->row, "date", "%s is %s",
        fisc_period_format(decision->period, text), state != NULL ? state : "not begun");
    refusal->hint =
        g_strdup_printf(state == NULL ? "fisc period open %d" : "post in an open period",
                        fisc_period_year(decision->period));
}

static void
check_correction(FiscDecision *decision, int64_t *out_corrects)
{
    const FiscEntry *entry = decision->entry;
    *out_corrects = 0;
    if (entry->corrects == NULL) {
        return;
    }
    const FiscPostedReference *found =
        fisc_engine_find_reference(decision->engine, decision->submission->source, entry->corrects);
    if (found == NULL) {
        fisc_refusals_add(decision->refusals, FISC_ERROR_CORRECTS_UNKNOWN, entry->file, entry->row,
                          "corrects", "\"%s\"", entry->corrects);
        return;
    }
    g_autofree char *expected = g_strconcat(entry->corrects, "/reversal", NULL);
    if (entry->reverses && strcmp(entry->reference, expected) != 0) {
        fisc_refusals_add(decision->refusals, FISC_ERROR_VALUE_INVALID, entry->file, entry->row,
                          "reference", "a reversal's reference is \"%s\"", expected);
    }
    *out_corrects = found->entry_id;
}

static void
fold_lines(FiscDecision *decision)
{
    for (int side = 0; side < 2; side++) {
        for (guint i = 0; i < decision->coding[side]->len; i++) {
            int32_t id = g_array_index(decision->coding[side], int32_t, i);
            int64_t amount = g_array_index(decision->amount[side], int64_t, i);
            if (amount == INT64_MIN) {
                decision->engine->is_overflown = true;
                return;
            }
            fisc_engine_fold(decision->engine, decision->engine->codings->pdata[id - 1],
                             decision->period, amount > 0 ? amount : 0, amount < 0 ? -amount : 0);
        }
    }
}

/* The items and foreign amounts of the lines, in their order; nothing where no line has one. */
static void
append_notes(const FiscDecision *decision, FiscDecidedEntry *decided)
{
    const FiscEngine *engine = decision->engine;
    const char **items = g_new(const char *, decided->count);
    int64_t *foreign = g_new(int64_t, decided->count);
    bool has_item = false;
    int at = 0;
    for (int side = 0; side < 2; side++) {
        for (guint i = 0; i < decision->note[side]->len; i++, at++) {
            const FiscLineNote *note = &g_array_index(decision->note[side], FiscLineNote, i);
            items[at] = fisc_engine_symbol_text(engine, note->item);
            foreign[at] = note->foreign;
            has_item |= note->item != 0;
        }
    }
    if (decision->currency != 0) {
        decided->currency = fisc_engine_symbol_text(engine, decision->currency);
        decided->foreign = g_steal_pointer(&foreign);
    }
    if (has_item) {
        decided->open_item = g_steal_pointer(&items);
        decided->hand_count = (int)decision->hands->len;
        decided->hands = decided->hand_count > 0 ? g_memdup2(decision->hands->data,
                                                             decision->hands->len * sizeof(int32_t))
                                                 : NULL;
    }
    g_free(items);
    g_free(foreign);
}

static FiscDecidedEntry *
append_entry(FiscDecision *decision, int64_t corrects)
{
    FiscBatch *batch = &decision->engine->current->batch;
    const FiscEntry *entry = decision->entry;
    FiscDecidedEntry *decided = g_new0(FiscDecidedEntry, 1);
    decided->item = batch->items++;
    decided->entity_id = decision->entity_id;
    decided->period = decision->period;
    decided->effective = entry->effective;
    decided->source_id = decision->source_id;
    decided->financial = (int)decision->coding[0]->len;
    decided->count = decision->lines;
    decided->coding = g_new(int32_t, decided->count);
    decided->amount = g_new(int64_t, decided->count);
    for (int side = 0, at = 0; side < 2; side++) {
        guint count = decision->coding[side]->len;
        if (count > 0) {
            memcpy(decided->coding + at, decision->coding[side]->data, count * sizeof(int32_t));
            memcpy(decided->amount + at, decision->amount[side]->data, count * sizeof(int64_t));
        }
        at += (int)count;
    }
    if (decision->has_items) {
        append_notes(decision, decided);
    }
    decided->maker = decision->maker;
    decided->corrects = corrects;
    decided->reverses = entry->reverses;
    decided->document = entry->document;
    decided->transfer = entry->transfer;
    decided->reference = entry->reference;
    decided->memo = entry->memo != NULL && *entry->memo != '\0' ? entry->memo : NULL;
    memcpy(decided->memo_salt, entry->memo_salt, sizeof decided->memo_salt);
    fisc_entry_memo_hash(entry->memo, entry->memo_salt, decided->memo_hash);
    memcpy(decided->digest, entry->digest, FISC_HASH_BYTES);
    fisc_batch_hash_entry(batch, decided);
    batch->lines += decided->count;
    g_ptr_array_add(batch->entries, decided);
    return decided;
}

static void
remember_reference(FiscDecision *decision, const FiscDecidedEntry *decided, int64_t entry_id)
{
    FiscEngine *engine = decision->engine;
    FiscPostedReference *posted = g_new0(FiscPostedReference, 1);
    posted->entry_id = entry_id;
    posted->batch_no = engine->current->batch.batch_no;
    memcpy(posted->digest, decision->entry->digest, FISC_HASH_BYTES);
    posted->has_salt = decided->memo != NULL;
    memcpy(posted->memo_salt, decided->memo_salt, sizeof posted->memo_salt);
    memcpy(posted->memo_hash, decided->memo_hash, FISC_HASH_BYTES);
    memcpy(posted->hash, decided->hash, FISC_HASH_BYTES);
    char *key = fisc_engine_reference_key(decision->submission->source, decision->entry->reference);
    g_hash_table_insert(engine->current->references, key, posted);
    FiscUndo undo = {.kind = FISC_UNDO_REFERENCE, .reference = g_strdup(key)};
    g_array_append_val(engine->current->undo, undo);
}

/* The budgetary lines that were not dropped. */
static void
check_rest_balances(FiscDecision *decision)
{
    const FiscEntry *entry = decision->entry;
    __int128 sum = 0;
    for (guint i = 0; i < decision->amount[1]->len; i++) {
        sum += g_array_index(decision->amount[1], int64_t, i);
    }
    if (sum == 0) {
        return;
    }
    /* Whether an account of a chart of its own is budgetary, only the chart tells: what balances as
     * a whole may still differ by side. */
    bool is_whole = decision->lines == (int)entry->lines->len;
    char difference[FISC_SUM_TEXT];
    g_autofree char *sides =
        g_strdup_printf("budgetary and financial lines must each balance: debits of the budgetary "
                        "side less its credits are %s",
                        fisc_sum_format_grouped(sum, entry->decimals, difference));
    fisc_refusals_add(decision->refusals, FISC_ERROR_ENTRY_UNBALANCED, entry->file, entry->row,
                      NULL, "%s",
                      is_whole ? sides : "a control covers only a part of its budgetary lines");
}

static void
decide_new(FiscDecision *decision, FiscResult *result)
{
    FiscEngine *engine = decision->engine;
    const FiscEntry *entry = decision->entry;
    decision->entity_id = entry->entity != NULL ? fisc_engine_entity(engine, entry->entity) : 0;
    if (decision->entity_id == 0) {
        fisc_refusals_add(decision->refusals, FISC_ERROR_ENTITY_UNKNOWN, entry->file, entry->row,
                          "entity", "\"%s\"", entry->entity != NULL ? entry->entity : "");
        return;
    }
    int64_t corrects = 0;
    check_correction(decision, &corrects);
    check_period(decision);
    for (guint i = 0; i < entry->lines->len; i++) {
        decide_line(decision, &g_array_index(entry->lines, FiscLine, i));
    }
    if (decision->opening_lines > 0 && decision->opening_lines != decision->lines) {
        fisc_refusals_add(decision->refusals, FISC_ERROR_ENTRY_SHAPE, entry->file, entry->row, NULL,
                          "opening balances stand in an entry of their own");
    }
    if (decision->refusals->len > 0) {
        return;
    }
    if (decision->lines < 2) {
        fisc_refusals_add(decision->refusals, FISC_ERROR_ENTRY_SHAPE, entry->file, entry->row, NULL,
                          "nothing of the entry is left to post");
        return;
    }
    check_rest_balances(decision);
    fisc_engine_judge_late(decision);
    fisc_engine_take_items(decision);
    fisc_engine_judge_duties(decision);
    fisc_engine_judge_virement(decision);
    fisc_engine_judge_blocks(decision);
    fisc_engine_judge_links(decision);
    fisc_engine_judge_holds(decision);
    if (decision->refusals->len > 0) {
        return;
    }
    int lines = decision->lines;
    fold_lines(decision);
    fisc_engine_cover(decision);
    if (decision->lines > lines) {
        fisc_engine_judge_holds(decision); /* what covers it may be held, too */
    }
    fisc_engine_judge_reserves(decision);
    fisc_engine_fold_items(decision);
    if (engine->is_overflown) {
        fisc_refusals_add(decision->refusals, FISC_ERROR_AMOUNT_OVERFLOW, entry->file, entry->row,
                          NULL, "a balance would pass the largest sum the ledger holds");
        return;
    }
    fisc_engine_judge(decision);
    if (decision->refusals->len > 0) {
        return;
    }
    const FiscDecidedEntry *decided = append_entry(decision, corrects);
    result->kind = FISC_RESULT_POSTED;
    result->batch_no = engine->current->batch.batch_no;
    result->entry_id =
        engine->current->batch.first_entry + (int64_t)engine->current->batch.entries->len - 1;
    memcpy(result->hash, decided->hash, FISC_HASH_BYTES);
    remember_reference(decision, decided, result->entry_id);
}

static bool
is_same_entry(const FiscPostedReference *posted, const FiscEntry *entry)
{
    uint8_t memo_hash[FISC_HASH_BYTES];
    if (memcmp(posted->digest, entry->digest, FISC_HASH_BYTES) != 0) {
        return false;
    }
    fisc_entry_memo_hash(entry->memo, posted->memo_salt, memo_hash);
    return !posted->has_salt || memcmp(posted->memo_hash, memo_hash, FISC_HASH_BYTES) == 0;
}

/* Same reference: the first answer again, or a conflict. */
static void
decide_repeated(FiscDecision *decision, const FiscPostedReference *posted, FiscResult *result)
{
    const FiscEntry *entry = decision->entry;
    result->entry_id = posted->entry_id;
    result->batch_no = posted->batch_no;
    if (is_same_entry(posted, entry)) {
        result->kind = FISC_RESULT_REPEATED;
        memcpy(result->hash, posted->hash, FISC_HASH_BYTES);
        return;
    }
    result->kind = FISC_RESULT_CONFLICT;
    FiscRefusal *refusal = fisc_refusals_add(
        decision->refusals,
        entry->reverses ? FISC_ERROR_ALREADY_REVERSED : FISC_ERROR_REFERENCE_CONFLICT, entry->file,
        entry->row, "reference",
        "\"%s\" is entry %" G_GINT64_FORMAT " since batch %" G_GINT64_FORMAT, entry->reference,
        posted->entry_id, posted->batch_no);
    refusal->hint = g_strdup(entry->reverses ? "a reversal cannot be done twice"
                                             : "reverse the posted entry, or use a new reference");
}

void
fisc_engine_decide_entry(FiscDecision *decision, FiscResult *result)
{
    fisc_entry_check(decision->entry, decision->refusals);
    if (decision->refusals->len > 0) {
        return;
    }
    const FiscPostedReference *posted = fisc_engine_find_reference(
        decision->engine, decision->submission->source, decision->entry->reference);
    if (posted != NULL) {
        decide_repeated(decision, posted, result);
    } else {
        decide_new(decision, result);
    }
}
