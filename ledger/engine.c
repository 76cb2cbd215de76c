/* engine.c: deciding entries: words to numbers, codings interned, effects kept with their undo. */
#include "ledger/engine_internal.h"
#include "fisc/gfs.h"
#include <string.h>

#define SUM_BOUND ((int64_t)1 << 60)

static guint
hash_coding(gconstpointer data)
{
    const int32_t *words = data;
    guint hash = 2166136261u;
    for (guint i = 0; i < sizeof(FiscCodingKey) / sizeof(int32_t); i++) {
        hash = (hash ^ (guint)words[i]) * 16777619u;
        hash ^= hash >> 15;
    }
    return hash;
}

static gboolean
equal_coding(gconstpointer a, gconstpointer b)
{
    return memcmp(a, b, sizeof(FiscCodingKey)) == 0;
}

static void
master_free(gpointer data)
{
    FiscMaster *master = data;
    g_free(master->kind);
    g_free(master->subject);
    g_ptr_array_unref(master->fields);
    g_free(master);
}

static void
coding_free(gpointer data)
{
    FiscEngineCoding *coding = data;
    if (coding != NULL) {
        g_ptr_array_unref(coding->years);
        g_clear_pointer(&coding->cached, g_ptr_array_unref);
        g_free(coding);
    }
}

static void
entry_free(gpointer data)
{
    FiscDecidedEntry *entry = data;
    g_free(entry->coding);
    g_free(entry->amount);
    g_free(entry);
}

static void
event_free(gpointer data)
{
    FiscDecidedEvent *event = data;
    g_ptr_array_unref(event->fields);
    g_free(event);
}

static void
refusal_free(gpointer data)
{
    FiscDecidedRefusal *refusal = data;
    g_free(refusal->reference);
    g_ptr_array_unref(refusal->reasons);
    g_free(refusal);
}

static void
undo_clear(gpointer data)
{
    FiscUndo *undo = data;
    g_free(undo->master_kind);
    g_free(undo->master_subject);
    g_clear_pointer(&undo->master_fields, g_ptr_array_unref);
    g_free(undo->reference);
}

static void
slot_init(FiscEngineBatch *slot)
{
    slot->references = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    slot->undo = g_array_new(FALSE, FALSE, sizeof(FiscUndo));
    g_array_set_clear_func(slot->undo, undo_clear);
    slot->batch.entries = g_ptr_array_new_with_free_func(entry_free);
    slot->batch.events = g_ptr_array_new_with_free_func(event_free);
    slot->batch.refusals = g_ptr_array_new_with_free_func(refusal_free);
    slot->batch.codings = g_array_new(FALSE, TRUE, sizeof(FiscDecidedCoding));
}

static void
slot_clear(FiscEngineBatch *slot)
{
    g_array_unref(slot->batch.codings);
    g_ptr_array_unref(slot->batch.refusals);
    g_ptr_array_unref(slot->batch.events);
    g_ptr_array_unref(slot->batch.entries);
    g_array_unref(slot->undo);
    g_hash_table_unref(slot->references);
}

FiscEngine *
fisc_engine_new(int book_id)
{
    FiscEngine *engine = g_new0(FiscEngine, 1);
    engine->book_id = book_id;
    engine->next_item = 1;
    engine->next_entry = 1;
    engine->symbols = g_hash_table_new(g_str_hash, g_str_equal);
    engine->symbol_texts = g_ptr_array_new_with_free_func(g_free);
    fisc_engine_symbol(engine, "");
    engine->masters = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, master_free);
    engine->numbering = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    engine->entity_codes = g_ptr_array_new();
    engine->accounts = g_ptr_array_new();
    engine->periods = g_hash_table_new(NULL, NULL);
    engine->controls = g_ptr_array_new();
    engine->budget_lines = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    engine->key_states = fisc_engine_key_table();
    engine->touched = g_ptr_array_new();
    engine->codings = g_ptr_array_new_with_free_func(coding_free);
    engine->coding_index = g_hash_table_new(hash_coding, equal_coding);
    for (int i = 0; i < 2; i++) {
        slot_init(&engine->slots[i]);
    }
    engine->current = &engine->slots[0];
    return engine;
}

void
fisc_engine_free(FiscEngine *engine)
{
    if (engine == NULL) {
        return;
    }
    for (guint i = 0; i < engine->accounts->len; i++) {
        FiscEngineAccount *account = engine->accounts->pdata[i];
        g_free(account->code);
        g_free(account->gfs);
        g_free(account);
    }
    for (int i = 0; i < 2; i++) {
        slot_clear(&engine->slots[i]);
    }
    g_hash_table_unref(engine->coding_index);
    g_ptr_array_unref(engine->codings);
    g_ptr_array_unref(engine->touched);
    g_hash_table_unref(engine->key_states);
    g_hash_table_unref(engine->budget_lines);
    g_ptr_array_unref(engine->controls);
    g_hash_table_unref(engine->periods);
    g_ptr_array_unref(engine->accounts);
    g_ptr_array_unref(engine->entity_codes);
    g_hash_table_unref(engine->numbering);
    g_hash_table_unref(engine->masters);
    g_hash_table_unref(engine->symbols);
    g_ptr_array_unref(engine->symbol_texts);
    g_free(engine);
}

int32_t
fisc_engine_symbol(FiscEngine *engine, const char *text)
{
    gpointer found;
    if (g_hash_table_lookup_extended(engine->symbols, text, NULL, &found)) {
        return GPOINTER_TO_INT(found);
    }
    int32_t symbol = (int32_t)engine->symbol_texts->len;
    char *copy = g_strdup(text);
    g_ptr_array_add(engine->symbol_texts, copy);
    g_hash_table_insert(engine->symbols, copy, GINT_TO_POINTER(symbol));
    return symbol;
}

const char *
fisc_engine_symbol_text(const FiscEngine *engine, int32_t symbol)
{
    return engine->symbol_texts->pdata[symbol];
}

static void
add_with_undo(FiscEngine *engine, int64_t *slot, int64_t amount, int version)
{
    int64_t sum;
    FiscUndo undo = {.kind = FISC_UNDO_AMOUNT, .slot = slot, .old = *slot, .version = version};
    g_array_append_val(engine->current->undo, undo);
    if (__builtin_add_overflow(*slot, amount, &sum) || sum > SUM_BOUND || sum < -SUM_BOUND) {
        engine->is_overflown = true;
        return;
    }
    *slot = sum;
}

void
fisc_engine_add(FiscEngine *engine, int64_t *slot, int64_t amount)
{
    add_with_undo(engine, slot, amount, 0);
}

void
fisc_engine_add_key(FiscEngine *engine, int64_t *slot, int64_t amount)
{
    add_with_undo(engine, slot, amount, engine->controls_version);
}

/* Restoring ---------------------------------------------------------------------------------- */

void
fisc_engine_restore_head(FiscEngine *engine, int64_t batch_no, const uint8_t *hash,
                         int64_t next_item, int64_t next_entry)
{
    engine->batch_no = batch_no;
    memcpy(engine->head, hash, FISC_HASH_BYTES);
    engine->next_item = next_item;
    engine->next_entry = next_entry;
}

void
fisc_engine_restore_event(FiscEngine *engine, const char *kind, const char *subject, int number,
                          char *const *fields, int field_count)
{
    g_autoptr(GPtrArray) array = g_ptr_array_new();
    for (int i = 0; i < field_count; i++) {
        g_ptr_array_add(array, fields[i]);
    }
    fisc_engine_set_master(engine, kind, subject, number, array);
}

static FiscEngineCoding *
add_coding(FiscEngine *engine, const FiscCodingKey *key)
{
    const FiscEngineAccount *account = engine->accounts->pdata[key->account_id - 1];
    FiscEngineCoding *coding = g_new0(FiscEngineCoding, 1);
    coding->key = *key;
    coding->id = (int)engine->codings->len + 1;
    coding->stage = account->stage;
    coding->years = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(engine->codings, coding);
    g_hash_table_insert(engine->coding_index, &coding->key, coding);
    return coding;
}

void
fisc_engine_restore_coding(FiscEngine *engine, int coding_id, int entity_id, int account_id,
                           int flow, int kind, const char *const dim[FISC_DIM_COUNT])
{
    FiscCodingKey key = {
        .entity_id = entity_id, .account_id = account_id, .flow = flow, .kind = kind};
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        key.dim[i] = fisc_engine_symbol(engine, dim[i]);
    }
    g_assert(coding_id == fisc_engine_next_coding(engine));
    add_coding(engine, &key);
}

void
fisc_engine_restore_amount(FiscEngine *engine, int coding_id, int year, int64_t debit,
                           int64_t credit)
{
    fisc_engine_fold(engine, engine->codings->pdata[coding_id - 1], year, debit, credit);
    g_array_set_size(engine->current->undo, 0);
    for (guint i = 0; i < engine->touched->len; i++) {
        ((FiscKeyState *)engine->touched->pdata[i])->is_touched = false;
    }
    g_ptr_array_set_size(engine->touched, 0);
}

int
fisc_engine_next_coding(const FiscEngine *engine)
{
    return (int)engine->codings->len + 1;
}

int64_t
fisc_engine_batch_no(const FiscEngine *engine)
{
    return engine->batch_no;
}

int64_t
fisc_engine_next_item(const FiscEngine *engine)
{
    return engine->next_item;
}

int64_t
fisc_engine_next_entry(const FiscEngine *engine)
{
    return engine->next_entry;
}

const uint8_t *
fisc_engine_head(const FiscEngine *engine)
{
    return engine->head;
}

bool
fisc_engine_is_open(const FiscEngine *engine, FiscPeriod period)
{
    return GPOINTER_TO_INT(g_hash_table_lookup(engine->periods, GINT_TO_POINTER(period))) == 1;
}

/* Undo --------------------------------------------------------------------------------------- */

typedef struct {
    guint undo, entries, events, codings;
    int items, lines;
} Mark;

static Mark
mark(const FiscEngine *engine)
{
    const FiscBatch *batch = &engine->current->batch;
    return (Mark){.undo = engine->current->undo->len,
                  .entries = batch->entries->len,
                  .events = batch->events->len,
                  .codings = batch->codings->len,
                  .items = batch->items,
                  .lines = batch->lines};
}

/* True when the keys must be folded again: a control was among it, or the slot belonged to a key
 * that was made anew since (by a control that came and was taken back before). */
static bool
take_back(FiscEngine *engine, const FiscUndo *undo)
{
    switch (undo->kind) {
    case FISC_UNDO_AMOUNT:
        if (undo->version == 0 || undo->version == engine->controls_version) {
            *undo->slot = undo->old;
            return false;
        }
        return true;
    case FISC_UNDO_CODING: {
        FiscEngineCoding *coding = engine->codings->pdata[engine->codings->len - 1];
        g_hash_table_remove(engine->coding_index, &coding->key);
        g_ptr_array_set_size(engine->codings, (int)engine->codings->len - 1);
        return false;
    }
    case FISC_UNDO_MASTER:
        if (undo->master_fields == NULL) {
            fisc_engine_remove_master(engine, undo->master_kind, undo->master_subject);
        } else {
            fisc_engine_set_master(engine, undo->master_kind, undo->master_subject, 0,
                                   undo->master_fields);
        }
        return strcmp(undo->master_kind, "control") == 0 ||
               strcmp(undo->master_kind, "budget_line") == 0;
    case FISC_UNDO_REFERENCE:
        g_hash_table_remove(engine->current->references, undo->reference);
        return false;
    }
    return false;
}

static void
undo_to(FiscEngine *engine, Mark to)
{
    for (guint i = 0; i < engine->touched->len; i++) {
        ((FiscKeyState *)engine->touched->pdata[i])->is_touched = false;
    }
    g_ptr_array_set_size(engine->touched, 0);
    bool is_outdated = false;
    for (guint i = engine->current->undo->len; i > to.undo; i--) {
        is_outdated |= take_back(engine, &g_array_index(engine->current->undo, FiscUndo, i - 1));
    }
    if (is_outdated) {
        fisc_engine_refold(engine);
    }
    g_array_set_size(engine->current->undo, to.undo);
    g_ptr_array_set_size(engine->current->batch.entries, (int)to.entries);
    g_ptr_array_set_size(engine->current->batch.events, (int)to.events);
    g_array_set_size(engine->current->batch.codings, to.codings);
    engine->current->batch.items = to.items;
    engine->current->batch.lines = to.lines;
    engine->is_overflown = false;
}

/* Deciding ----------------------------------------------------------------------------------- */

/* The place behind the head, or behind the batch that is being written. */
static void
place_batch(FiscEngine *engine, FiscBatch *batch)
{
    const FiscBatch *before = engine->launched != NULL ? &engine->launched->batch : NULL;
    batch->book_id = engine->book_id;
    batch->batch_no = (before != NULL ? before->batch_no : engine->batch_no) + 1;
    batch->first_item = before != NULL ? before->first_item + before->items : engine->next_item;
    batch->first_entry =
        before != NULL ? before->first_entry + before->entries->len : engine->next_entry;
    batch->first_coding = fisc_engine_next_coding(engine);
    memcpy(batch->prev_hash, before != NULL ? before->hash : engine->head, FISC_HASH_BYTES);
}

void
fisc_engine_begin(FiscEngine *engine)
{
    FiscEngineBatch *slot = engine->current;
    g_ptr_array_set_size(slot->batch.entries, 0);
    g_ptr_array_set_size(slot->batch.events, 0);
    g_ptr_array_set_size(slot->batch.refusals, 0);
    g_array_set_size(slot->batch.codings, 0);
    g_array_set_size(slot->undo, 0);
    g_hash_table_remove_all(slot->references);
    slot->batch.items = 0;
    slot->batch.lines = 0;
    place_batch(engine, &slot->batch);
    engine->is_overflown = false;
}

void
fisc_engine_undo(FiscEngine *engine)
{
    undo_to(engine, (Mark){0});
    fisc_engine_begin(engine);
}

void
fisc_engine_launch(FiscEngine *engine)
{
    g_assert(engine->launched == NULL);
    engine->launched = engine->current;
    engine->current = &engine->slots[engine->launched == &engine->slots[0] ? 1 : 0];
    fisc_engine_begin(engine);
}

void
fisc_engine_landed(FiscEngine *engine)
{
    const FiscBatch *batch = &engine->launched->batch;
    engine->batch_no = batch->batch_no;
    engine->next_item += batch->items;
    engine->next_entry += batch->entries->len;
    memcpy(engine->head, batch->hash, FISC_HASH_BYTES);
    engine->launched = NULL;
}

void
fisc_engine_crashed(FiscEngine *engine)
{
    g_assert(engine->launched != NULL && engine->current->undo->len == 0);
    engine->current = engine->launched;
    engine->launched = NULL;
    fisc_engine_undo(engine);
}

void
fisc_engine_commit(FiscEngine *engine)
{
    fisc_engine_launch(engine);
    fisc_engine_landed(engine);
    fisc_engine_begin(engine);
}

void
fisc_engine_set_time(FiscEngine *engine, int64_t posted_at_us)
{
    engine->current->batch.posted_at_us = posted_at_us;
}

const FiscBatch *
fisc_engine_seal(FiscEngine *engine)
{
    fisc_batch_seal(&engine->current->batch);
    return &engine->current->batch;
}

void
fisc_engine_set_known(FiscEngine *engine, GHashTable *known)
{
    engine->known = known;
}

char *
fisc_engine_reference_key(const char *source, const char *reference)
{
    return g_strconcat(source, "\x1f", reference, NULL);
}

static const FiscPostedReference *
find_reference(const FiscEngine *engine, const char *source, const char *reference)
{
    g_autofree char *key = fisc_engine_reference_key(source, reference);
    const FiscPostedReference *found = g_hash_table_lookup(engine->current->references, key);
    if (found == NULL && engine->launched != NULL) {
        found = g_hash_table_lookup(engine->launched->references, key);
    }
    if (found == NULL && engine->known != NULL) {
        found = g_hash_table_lookup(engine->known, key);
    }
    return found;
}

/* One entry on its way through the engine. */
typedef struct {
    FiscEngine *engine;
    const FiscSubmission *submission;
    const FiscEntry *entry;
    FiscRefusals *refusals;
    int entity_id;
    int source_id;
    int maker;
    FiscPeriod period;
    GArray *coding[2]; /* financial, budgetary: of int32_t */
    GArray *amount[2]; /* of int64_t */
    int opening_lines, lines;
} Decision;

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
check_party(Decision *decision, const FiscLine *line, FiscDimension dimension)
{
    const char *code = line->dim[dimension];
    if (code != NULL && *code != '\0' && fisc_engine_entity(decision->engine, code) == 0 &&
        fisc_engine_master(decision->engine, "group", code) == NULL) {
        fisc_refusals_add(decision->refusals, FISC_ERROR_COUNTERPARTY_UNKNOWN,
                          decision->entry->file, line->row, fisc_dimension_column(dimension),
                          "\"%s\"", code);
    }
}

static FiscEngineCoding *
intern(FiscEngine *engine, const FiscCodingKey *key)
{
    FiscEngineCoding *coding = g_hash_table_lookup(engine->coding_index, key);
    if (coding != NULL) {
        return coding;
    }
    coding = add_coding(engine, key);
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
is_dropped(Decision *decision, const FiscLine *line, const FiscCodingKey *key)
{
    if (!line->if_budgeted) {
        return false;
    }
    const FiscEngineAccount *account = decision->engine->accounts->pdata[key->account_id - 1];
    FiscEngineCoding probe = {.key = *key, .stage = account->stage};
    bool is_kept =
        fisc_engine_is_budgeted(decision->engine, &probe, fisc_period_year(decision->period));
    g_clear_pointer(&probe.cached, g_ptr_array_unref);
    return !is_kept;
}

static void
decide_line(Decision *decision, const FiscLine *line)
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
    int side = account->class_ == FISC_CLASS_BUDGETARY ? 1 : 0;
    int32_t id = intern(engine, &key)->id;
    g_array_append_val(decision->coding[side], id);
    g_array_append_val(decision->amount[side], line->amount);
    decision->opening_lines += flow == FISC_FLOW_OPENING ? 1 : 0;
    decision->lines++;
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
check_period(Decision *decision)
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
check_correction(Decision *decision, int64_t *out_corrects)
{
    const FiscEntry *entry = decision->entry;
    *out_corrects = 0;
    if (entry->corrects == NULL) {
        return;
    }
    const FiscPostedReference *found =
        find_reference(decision->engine, decision->submission->source, entry->corrects);
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
fold_lines(Decision *decision)
{
    int year = fisc_period_year(decision->period);
    for (int side = 0; side < 2; side++) {
        for (guint i = 0; i < decision->coding[side]->len; i++) {
            int32_t id = g_array_index(decision->coding[side], int32_t, i);
            int64_t amount = g_array_index(decision->amount[side], int64_t, i);
            if (amount == INT64_MIN) {
                decision->engine->is_overflown = true;
                return;
            }
            fisc_engine_fold(decision->engine, decision->engine->codings->pdata[id - 1], year,
                             amount > 0 ? amount : 0, amount < 0 ? -amount : 0);
        }
    }
}

static FiscDecidedEntry *
append_entry(Decision *decision, int64_t corrects)
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
remember_reference(Decision *decision, const FiscDecidedEntry *decided, int64_t entry_id)
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
check_rest_balances(Decision *decision)
{
    const FiscEntry *entry = decision->entry;
    __int128 sum = 0;
    for (guint i = 0; i < decision->amount[1]->len; i++) {
        sum += g_array_index(decision->amount[1], int64_t, i);
    }
    if (sum != 0) {
        fisc_refusals_add(decision->refusals, FISC_ERROR_ENTRY_UNBALANCED, entry->file, entry->row,
                          NULL, "a control covers only a part of its budgetary lines");
    }
}

static void
decide_new(Decision *decision, FiscResult *result)
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
    if (decision->refusals->len > 0) {
        return;
    }
    fold_lines(decision);
    if (engine->is_overflown) {
        fisc_refusals_add(decision->refusals, FISC_ERROR_AMOUNT_OVERFLOW, entry->file, entry->row,
                          NULL, "a balance would pass the largest sum the ledger holds");
        return;
    }
    fisc_engine_judge(engine, entry, decision->refusals);
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
decide_repeated(Decision *decision, const FiscPostedReference *posted, FiscResult *result)
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

static void
decide_entry(Decision *decision, FiscResult *result)
{
    fisc_entry_check(decision->entry, decision->refusals);
    if (decision->refusals->len > 0) {
        return;
    }
    const FiscPostedReference *posted =
        find_reference(decision->engine, decision->submission->source, decision->entry->reference);
    if (posted != NULL) {
        decide_repeated(decision, posted, result);
    } else {
        decide_new(decision, result);
    }
}

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
append_refusal(Decision *decision, bool is_group)
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
        refusal_free(decided);
        return;
    }
    decided->item = batch->items++;
    g_ptr_array_add(batch->refusals, decided);
}

static Decision
decision_new(FiscEngine *engine, const FiscSubmission *submission, const FiscEntry *entry,
             int source_id, int maker)
{
    Decision decision = {.engine = engine,
                         .submission = submission,
                         .entry = entry,
                         .refusals = fisc_refusals_new(),
                         .source_id = source_id,
                         .maker = maker};
    for (int side = 0; side < 2; side++) {
        decision.coding[side] = g_array_new(FALSE, FALSE, sizeof(int32_t));
        decision.amount[side] = g_array_new(FALSE, FALSE, sizeof(int64_t));
    }
    return decision;
}

static void
decision_clear(Decision *decision)
{
    for (int side = 0; side < 2; side++) {
        g_array_unref(decision->coding[side]);
        g_array_unref(decision->amount[side]);
    }
    g_clear_pointer(&decision->refusals, g_ptr_array_unref);
}

static bool
decide_events(FiscEngine *engine, const FiscSubmission *submission, int maker, FiscReceipt *receipt)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    for (guint i = 0; i < submission->events->len; i++) {
        fisc_engine_decide_event(engine, submission->events->pdata[i], maker, refusals);
    }
    bool is_good = refusals->len == 0;
    if (!is_good) {
        g_clear_pointer(&receipt->refusals, g_ptr_array_unref);
        receipt->refusals = g_steal_pointer(&refusals);
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
             int source_id, int maker, FiscReceipt *receipt, Mark start)
{
    guint first_result = receipt->results->len;
    int64_t first_entry = engine->current->batch.first_entry + start.entries;
    Mark judged = mark(engine); /* behind the events of the group */
    int refused = -1;
    /* Judged with other entries or events, which go when it is refused. */
    bool is_group = count > 1 || engine->current->undo->len > start.undo;
    GArray *to_record = g_array_new(FALSE, FALSE, sizeof(Decision));
    for (guint i = first; i < first + count; i++) {
        const FiscEntry *entry = submission->entries->pdata[i];
        Decision decision = decision_new(engine, submission, entry, source_id, maker);
        FiscResult *result = append_result(receipt, entry);
        decide_entry(&decision, result);
        if (decision.refusals->len == 0) {
            decision_clear(&decision);
            continue;
        }
        refused = refused < 0 ? (int)receipt->results->len - 1 : refused;
        result->refusals = g_ptr_array_ref(decision.refusals);
        g_array_append_val(to_record, decision);
        if (result->kind != FISC_RESULT_CONFLICT) {
            undo_to(engine, judged); /* what follows is judged without it */
        }
    }
    if (refused >= 0) {
        undo_to(engine, start);
        refuse_group(receipt, first_result, (guint)refused, first_entry);
    }
    for (guint i = 0; i < to_record->len; i++) {
        Decision *decision = &g_array_index(to_record, Decision, i);
        if (submission->record_refusals && is_recordable(decision->refusals)) {
            append_refusal(decision, is_group);
        }
        decision_clear(decision);
    }
    g_array_unref(to_record);
    count_results(receipt, first_result);
    return refused < 0;
}

bool
fisc_engine_apply(FiscEngine *engine, const FiscSubmission *submission, guint first, guint count,
                  bool with_events, FiscReceipt *receipt)
{
    Mark start = mark(engine);
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
    Mark registered = mark(engine);
    if (with_events && !decide_events(engine, submission, maker, receipt)) {
        undo_to(engine, start);
        return false;
    }
    guint refusals_before = engine->current->batch.refusals->len;
    bool is_good = decide_group(engine, submission, first, count, source_id, maker, receipt,
                                with_events ? registered : mark(engine));
    bool is_empty = engine->current->batch.items == registered.items;
    if (is_empty && engine->current->batch.refusals->len == refusals_before) {
        undo_to(engine, start); /* nothing new: do not even register who asked */
    }
    receipt->events += (int)(engine->current->batch.events->len - events_before);
    return is_good;
}
