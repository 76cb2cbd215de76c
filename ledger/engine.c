/* engine.c: the state of a book: restoring it, the two batches on their way, and taking effects
 * back. What it decides is in engine_entry.c (one entry), engine_group.c (all or nothing),
 * engine_event.c and engine_control.c. */
#include "ledger/engine_hold.h"
#include <string.h>

#define DAY_US (G_GINT64_CONSTANT(86400) * G_USEC_PER_SEC)

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
free_turnovers(FiscEngineCoding *coding)
{
    while (coding->turnovers != NULL) {
        FiscTurnover *latest = coding->turnovers;
        coding->turnovers = latest->earlier;
        if (latest != &coding->first) {
            g_free(latest);
        }
    }
}

static void
coding_free(gpointer data)
{
    FiscEngineCoding *coding = data;
    if (coding != NULL) {
        free_turnovers(coding);
        g_free(coding->uses);
        g_free(coding);
    }
}

static void
entry_free(gpointer data)
{
    FiscDecidedEntry *entry = data;
    g_free(entry->coding);
    g_free(entry->amount);
    g_free(entry->open_item);
    g_free(entry->foreign);
    g_free(entry->hands);
    g_free(entry);
}

static void
event_free(gpointer data)
{
    FiscDecidedEvent *event = data;
    g_ptr_array_unref(event->fields);
    g_free(event);
}

void
fisc_decided_refusal_free(gpointer data)
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
    g_clear_pointer(&undo->hands, g_array_unref);
}

static void
slot_init(FiscEngineBatch *slot)
{
    slot->references = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    slot->undo = g_array_new(FALSE, FALSE, sizeof(FiscUndo));
    g_array_set_clear_func(slot->undo, undo_clear);
    slot->batch.entries = g_ptr_array_new_with_free_func(entry_free);
    slot->batch.events = g_ptr_array_new_with_free_func(event_free);
    slot->batch.refusals = g_ptr_array_new_with_free_func(fisc_decided_refusal_free);
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
    engine->overrides = g_ptr_array_new();
    engine->covers = g_ptr_array_new();
    engine->growths = fisc_engine_growth_list();
    engine->reserves = fisc_engine_reserve_list();
    engine->holds = fisc_engine_hold_list();
    engine->budget_lines = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    engine->key_states = fisc_engine_key_table();
    engine->touched = g_ptr_array_new();
    engine->codings = g_ptr_array_new_with_free_func(coding_free);
    engine->coding_index = g_hash_table_new(hash_coding, equal_coding);
    engine->items = fisc_engine_item_table();
    engine->registry = fisc_registry_new();
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
    g_hash_table_unref(engine->items);
    fisc_registry_free(engine->registry);
    fisc_engine_links_free(engine->links);
    g_clear_pointer(&engine->virement_rules, g_ptr_array_unref);
    g_clear_pointer(&engine->case_children, g_hash_table_unref);
    g_hash_table_unref(engine->coding_index);
    g_ptr_array_unref(engine->codings);
    g_ptr_array_unref(engine->touched);
    g_clear_pointer(&engine->changed, g_ptr_array_unref);
    g_hash_table_unref(engine->key_states);
    g_hash_table_unref(engine->budget_lines);
    g_ptr_array_unref(engine->covers);
    g_ptr_array_unref(engine->growths);
    g_ptr_array_unref(engine->reserves);
    g_ptr_array_unref(engine->holds);
    g_ptr_array_unref(engine->overrides);
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
    if (__builtin_add_overflow(*slot, amount, &sum) || sum > FISC_SUM_BOUND ||
        sum < -FISC_SUM_BOUND) {
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

/* Steps of documents, persons and their rights come and go all day long; everything else that an
 * event may say, somebody may plan with. */
bool
fisc_engine_is_master(const char *kind)
{
    static const char *const others[] = {"document",   "case", "person", "source", "grant",
                                         "delegation", "item", "hold",   NULL};
    return !g_strv_contains(others, kind);
}

/* Whether turnovers of the coding say which budget lines there are. */
static bool
is_budget_line(const FiscEngineCoding *coding)
{
    return coding->stage == FISC_STAGE_APPROPRIATION || coding->stage == FISC_STAGE_CHANGE ||
           coding->stage == FISC_STAGE_CARRY;
}

int64_t
fisc_engine_restored_masters(const FiscEngine *engine)
{
    return engine->restored_masters;
}

bool
fisc_engine_brings_masters(const FiscEngine *engine, const FiscBatch *batch)
{
    for (guint i = 0; i < batch->events->len; i++) {
        if (fisc_engine_is_master(((const FiscDecidedEvent *)batch->events->pdata[i])->kind)) {
            return true;
        }
    }
    for (guint i = 0; i < batch->entries->len; i++) {
        const FiscDecidedEntry *entry = batch->entries->pdata[i];
        for (int k = entry->financial; k < entry->count; k++) {
            if (is_budget_line(engine->codings->pdata[entry->coding[k] - 1])) {
                return true;
            }
        }
    }
    return false;
}

void
fisc_engine_restore_event(FiscEngine *engine, const char *kind, const char *subject, int number,
                          char *const *fields, int field_count)
{
    g_autoptr(GPtrArray) array = g_ptr_array_new();
    for (int i = 0; i < field_count; i++) {
        g_ptr_array_add(array, fields[i]);
    }
    engine->restored_masters += fisc_engine_is_master(kind) ? 1 : 0;
    fisc_engine_set_master(engine, kind, subject, number, array);
}

FiscEngineCoding *
fisc_engine_add_coding(FiscEngine *engine, const FiscCodingKey *key)
{
    const FiscEngineAccount *account = engine->accounts->pdata[key->account_id - 1];
    FiscEngineCoding *coding = g_new0(FiscEngineCoding, 1);
    coding->key = *key;
    coding->id = (int)engine->codings->len + 1;
    coding->stage = account->stage;
    coding->is_by_period = account->class_ == FISC_CLASS_BUDGETARY;
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
    fisc_engine_add_coding(engine, &key);
}

void
fisc_engine_restore_amount(FiscEngine *engine, int coding_id, FiscPeriod period, int64_t debit,
                           int64_t credit)
{
    FiscEngineCoding *coding = engine->codings->pdata[coding_id - 1];
    engine->restored_masters += is_budget_line(coding) ? 1 : 0;
    fisc_engine_fold_restored(engine, coding, period, debit, credit);
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

FiscMark
fisc_engine_mark(const FiscEngine *engine)
{
    const FiscBatch *batch = &engine->current->batch;
    return (FiscMark){.undo = engine->current->undo->len,
                      .entries = batch->entries->len,
                      .events = batch->events->len,
                      .codings = batch->codings->len,
                      .items = batch->items,
                      .lines = batch->lines};
}

/* True when the keys must be folded again: a control was among it, or the slot belonged to a key
 * that was made anew since (by a control that came and was taken back before). */
static bool
take_back(FiscEngine *engine, FiscUndo *undo)
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
               strcmp(undo->master_kind, "growth") == 0 ||
               strcmp(undo->master_kind, "budget_line") == 0;
    case FISC_UNDO_REFERENCE:
        g_hash_table_remove(engine->current->references, undo->reference);
        return false;
    case FISC_UNDO_HANDS:
        fisc_engine_undo_hands(engine, undo);
        return false;
    case FISC_UNDO_ITEM:
        fisc_engine_undo_item(engine, undo);
        return false;
    }
    return false;
}

void
fisc_engine_undo_to(FiscEngine *engine, FiscMark to)
{
    fisc_engine_forget_touched(engine);
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

/* Batches ------------------------------------------------------------------------------------ */

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
    fisc_engine_undo_to(engine, (FiscMark){0});
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

FiscDate
fisc_engine_today(const FiscEngine *engine)
{
    int64_t us = engine->current->batch.posted_at_us;
    int64_t day = us / DAY_US;
    return (FiscDate)(us % DAY_US < 0 ? day - 1 : day);
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

const FiscPostedReference *
fisc_engine_find_reference(const FiscEngine *engine, const char *source, const char *reference)
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
