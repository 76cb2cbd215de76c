/* engine_replay.c: see engine_replay.h. The engine's own judgement is asked, not a copy of it: what
 * is folded here goes through the same functions that decided it then.
 *
 * Also here: what a refusal of a group may say on record. It was judged with the group's earlier
 * entries, which are no part of the log, so it is put in terms of the log before it is written. */
#include "ledger/engine_replay.h"
#include "fisc/poster.h"
#include "ledger/engine_internal.h"
#include <string.h>

#define NUMBER_JUMP_MAX 100000 /* a number further ahead is nonsense, not a gap */

struct _FiscReplay {
    FiscEngine *engine;
    GPtrArray *waiting; /* of FiscDecidedCoding: interned when first used; owned */
    int64_t last_entry;
    GHashTable *keys; /* control and key as text -> FiscKeyState */
    int keys_version;
    guint keys_size;
};

static void
coding_free(gpointer data)
{
    FiscDecidedCoding *coding = data;
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        g_free((char *)coding->dim[i]);
    }
    g_free(coding);
}

FiscReplay *
fisc_replay_new(int book_id)
{
    FiscReplay *replay = g_new0(FiscReplay, 1);
    replay->engine = fisc_engine_new(book_id);
    replay->waiting = g_ptr_array_new_with_free_func(coding_free);
    replay->keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return replay;
}

void
fisc_replay_free(FiscReplay *replay)
{
    if (replay != NULL) {
        g_hash_table_unref(replay->keys);
        g_ptr_array_unref(replay->waiting);
        fisc_engine_free(replay->engine);
        g_free(replay);
    }
}

static void G_GNUC_PRINTF(2, 3) object(FiscRefusals *objections, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    fisc_refusals_add(objections, FISC_ERROR_TAMPERED, NULL, 0, NULL, "%s", text);
}

/* Events ----------------------------------------------------------------------------------- */

static int
highest_number(const FiscEngine *engine, const char *kind)
{
    return GPOINTER_TO_INT(g_hash_table_lookup(engine->numbering, kind));
}

/* A number that skips some leaves accounts that nobody registered: the engine expects none. */
static void
fill_accounts(FiscEngine *engine)
{
    for (guint i = 0; i < engine->accounts->len; i++) {
        if (engine->accounts->pdata[i] == NULL) {
            engine->accounts->pdata[i] = g_new0(FiscEngineAccount, 1);
        }
    }
}

static void
take_event(FiscReplay *replay, const FiscEvent *event, int number)
{
    fisc_engine_set_master(replay->engine, event->kind, event->subject, number, event->fields);
    fill_accounts(replay->engine);
}

void
fisc_replay_event(FiscReplay *replay, const FiscEvent *event, int number, int maker,
                  FiscRefusals *objections)
{
    FiscEngine *engine = replay->engine;
    const FiscMaster *old = fisc_engine_master(engine, event->kind, event->subject);
    int next = highest_number(engine, event->kind) + 1;
    int expected = old != NULL ? old->number : next;
    if (number != expected) {
        object(objections, "it gives number %d, the engine gives %d", number, expected);
        bool is_usable = old == NULL && number > 0 && number < next + NUMBER_JUMP_MAX;
        take_event(replay, event, is_usable ? number : expected);
        return;
    }
    fisc_engine_begin(engine);
    if (!fisc_engine_decide_event(engine, event, maker, objections)) {
        take_event(replay, event, expected);
    } else if (engine->current->batch.events->len == 0) {
        object(objections, "it changes nothing: the engine keeps no such event");
    }
    fisc_engine_begin(engine);
}

/* Codings ---------------------------------------------------------------------------------- */

void
fisc_replay_coding(FiscReplay *replay, const FiscDecidedCoding *coding, FiscRefusals *objections)
{
    (void)objections;
    FiscDecidedCoding *copy = g_new(FiscDecidedCoding, 1);
    *copy = *coding;
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        copy->dim[i] = g_strdup(coding->dim[i]);
    }
    g_ptr_array_add(replay->waiting, copy);
}

static bool
is_party(const FiscEngine *engine, const char *code)
{
    return *code == '\0' || fisc_engine_entity(engine, code) != 0 ||
           fisc_engine_master(engine, "group", code) != NULL;
}

static const char *
judge_coding(const FiscEngine *engine, const FiscDecidedCoding *coding)
{
    bool has_entity = coding->entity_id > 0 &&
                      coding->entity_id <= (int)engine->entity_codes->len &&
                      engine->entity_codes->pdata[coding->entity_id - 1] != NULL;
    bool has_account = coding->account_id > 0 && coding->account_id <= (int)engine->accounts->len;
    return !has_entity    ? "its entity is not known"
           : !has_account ? "its account is not known"
           : !is_party(engine, coding->dim[FISC_DIM_COUNTERPARTY]) ||
                   !is_party(engine, coding->dim[FISC_DIM_CASH_COUNTERPARTY])
               ? "its counterparty is not known"
               : NULL;
}

/* Interns the codings up to @id; true when there is such a one. A coding that cannot be, and a gap,
 * is filled with the first entity and account, so that the numbers stay right. */
static bool
intern_up_to(FiscReplay *replay, int id, FiscRefusals *objections)
{
    FiscEngine *engine = replay->engine;
    while (fisc_engine_next_coding(engine) <= id && replay->waiting->len > 0) {
        const FiscDecidedCoding *coding = replay->waiting->pdata[0];
        int next = fisc_engine_next_coding(engine);
        const char *wrong = judge_coding(engine, coding);
        bool is_gap = coding->coding_id > next;
        if (wrong != NULL || is_gap) {
            if (engine->entity_codes->len == 0 || engine->entity_codes->pdata[0] == NULL ||
                engine->accounts->len == 0) {
                return false;
            }
            static const char *const none[FISC_DIM_COUNT] = {"", "", "", "", "", "", "",
                                                             "", "", "", "", "", ""};
            if (wrong != NULL && !is_gap) {
                object(objections, "coding %d: %s", coding->coding_id, wrong);
            }
            fisc_engine_restore_coding(engine, next, 1, 1, FISC_FLOW_TRANSACTION, 0, none);
        } else if (coding->coding_id == next) {
            fisc_engine_restore_coding(engine, next, coding->entity_id, coding->account_id,
                                       coding->flow, coding->kind, coding->dim);
        }
        if (!is_gap) {
            g_ptr_array_remove_index(replay->waiting, 0);
        }
    }
    return id > 0 && id < fisc_engine_next_coding(engine);
}

/* Entries ---------------------------------------------------------------------------------- */

/* False when the lines cannot be folded at all. */
static bool
judge_lines(FiscReplay *replay, const FiscDecidedEntry *entry, FiscRefusals *objections)
{
    FiscEngine *engine = replay->engine;
    int opening_lines = 0;
    for (int i = 0; i < entry->count; i++) {
        if (!intern_up_to(replay, entry->coding[i], objections)) {
            object(objections, "line %d: coding %d is not known", i + 1, entry->coding[i]);
            return false;
        }
        const FiscEngineCoding *coding = engine->codings->pdata[entry->coding[i] - 1];
        const FiscEngineAccount *account = engine->accounts->pdata[coding->key.account_id - 1];
        bool is_budgetary = account->class_ == FISC_CLASS_BUDGETARY;
        if (is_budgetary != (i >= entry->financial)) {
            object(objections, "line %d: account %s is on the wrong side", i + 1,
                   account->code != NULL ? account->code : "?");
        }
        if (entry->amount[i] == INT64_MIN) {
            object(objections, "line %d: the amount does not fit", i + 1);
            return false;
        }
        opening_lines += coding->key.flow == FISC_FLOW_OPENING ? 1 : 0;
    }
    if (opening_lines > 0 && opening_lines != entry->count) {
        object(objections, "opening balances stand in an entry of their own");
    }
    return true;
}

static void
fold_lines(FiscEngine *engine, const FiscDecidedEntry *entry)
{
    int year = fisc_period_year(entry->period);
    for (int i = 0; i < entry->count; i++) {
        int64_t amount = entry->amount[i];
        fisc_engine_fold(engine, engine->codings->pdata[entry->coding[i] - 1], year,
                         amount > 0 ? amount : 0, amount < 0 ? -amount : 0);
    }
}

void
fisc_replay_entry(FiscReplay *replay, const FiscDecidedEntry *entry, FiscRefusals *objections)
{
    FiscEngine *engine = replay->engine;
    const FiscEntry words = {.reference = entry->reference};
    replay->last_entry++;
    if (!fisc_engine_is_open(engine, entry->period)) {
        object(objections, "period %d was not open", entry->period);
    }
    if (entry->corrects < 0 || entry->corrects >= replay->last_entry) {
        object(objections, "it corrects entry %" G_GINT64_FORMAT ", which was not there yet",
               entry->corrects);
    }
    if (!judge_lines(replay, entry, objections)) {
        return;
    }
    fisc_engine_begin(engine);
    fold_lines(engine, entry);
    if (engine->is_overflown) {
        object(objections, "a balance passes the largest sum the ledger holds");
    }
    fisc_engine_judge(engine, &words, objections);
    fisc_engine_begin(engine); /* what was folded stays: nothing is left to take back */
}

/* Refusals --------------------------------------------------------------------------------- */

static int64_t
consumed_of(const FiscKeyState *state)
{
    int64_t consumed = 0;
    for (int stage = FISC_STAGE_AUTHORIZATION; stage <= FISC_STAGE_PAYMENT; stage++) {
        consumed += state->stage[stage];
    }
    return consumed;
}

static const FiscControl *
find_control(const FiscEngine *engine, const char *name)
{
    for (guint i = 0; i < engine->controls->len; i++) {
        const FiscControl *control = engine->controls->pdata[i];
        if (strcmp(control->name, name) == 0) {
            return control;
        }
    }
    return NULL;
}

static char *
full_key(const char *control, const char *key)
{
    return g_strconcat(control, "\x1f", key, NULL);
}

static void
index_keys(FiscReplay *replay)
{
    FiscEngine *engine = replay->engine;
    guint size = g_hash_table_size(engine->key_states);
    if (replay->keys_version == engine->controls_version && replay->keys_size == size) {
        return;
    }
    g_hash_table_remove_all(replay->keys);
    GHashTableIter iter;
    gpointer state;
    g_hash_table_iter_init(&iter, engine->key_states);
    while (g_hash_table_iter_next(&iter, NULL, &state)) {
        g_autofree char *text = fisc_engine_key_text(engine, state);
        const char *control = ((const FiscKeyState *)state)->control->name;
        g_hash_table_insert(replay->keys, full_key(control, text), state);
    }
    replay->keys_version = engine->controls_version;
    replay->keys_size = size;
}

static void
judge_funds_reason(FiscReplay *replay, const FiscRefusal *reason, FiscRefusals *objections)
{
    const FiscEngine *engine = replay->engine;
    const FiscControl *control = find_control(engine, reason->control);
    if (control == NULL) {
        object(objections, "control %s was not in force", reason->control);
        return;
    }
    index_keys(replay);
    g_autofree char *text = full_key(reason->control, reason->key);
    const FiscKeyState *state = g_hash_table_lookup(replay->keys, text);
    int64_t limit = state != NULL ? state->limit : 0;
    int64_t consumed = state != NULL ? consumed_of(state) : 0;
    int64_t rows = state != NULL ? state->rows : 0;
    if (reason->limit != limit || reason->consumed != consumed) {
        object(objections,
               "key %s: limit %" G_GINT64_FORMAT " and consumed %" G_GINT64_FORMAT
               " are recorded, limit %" G_GINT64_FORMAT " and consumed %" G_GINT64_FORMAT
               " follow from the log",
               reason->key, reason->limit, reason->consumed, limit, consumed);
        return;
    }
    bool is_absent = rows == 0 && control->absent == FISC_ABSENT_REFUSE;
    bool is_exceeded = control->level == FISC_LEVEL_ABSOLUTE &&
                       limit - consumed - reason->requested < 0 &&
                       (rows > 0 || control->absent == FISC_ABSENT_ZERO);
    bool follows =
        reason->requested > 0 && (reason->code == FISC_ERROR_NO_BUDGET ? is_absent : is_exceeded);
    if (!follows) {
        object(objections,
               "key %s: with limit %" G_GINT64_FORMAT ", consumed %" G_GINT64_FORMAT
               " and requested %" G_GINT64_FORMAT " the engine does not refuse it",
               reason->key, limit, consumed, reason->requested);
    }
}

void
fisc_replay_refusal(FiscReplay *replay, const FiscDecidedRefusal *refusal, FiscRefusals *objections)
{
    for (guint i = 0; i < refusal->reasons->len; i++) {
        const FiscRefusal *reason = refusal->reasons->pdata[i];
        if (reason->code == FISC_ERROR_PERIOD_NOT_OPEN) {
            if (fisc_engine_is_open(replay->engine, refusal->period)) {
                object(objections, "period %d was open", refusal->period);
            }
        } else {
            judge_funds_reason(replay, reason, objections);
        }
    }
}

/* Recording -------------------------------------------------------------------------------- */

static const FiscKeyState *
find_key(const FiscEngine *engine, const FiscRefusal *reason)
{
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, engine->key_states);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const FiscKeyState *state = value;
        g_autofree char *text = fisc_engine_key_text(engine, state);
        if (strcmp(state->control->name, reason->control) == 0 && strcmp(text, reason->key) == 0) {
            return state;
        }
    }
    return NULL;
}

/* What the group had asked for before becomes part of the request. */
static bool
restate_reason(const FiscEngine *engine, FiscRefusal *reason)
{
    const FiscKeyState *state = find_key(engine, reason);
    if (state == NULL) {
        return false;
    }
    const FiscControl *control = state->control; /* as it was: the group may have changed it */
    bool follows = reason->code == FISC_ERROR_NO_BUDGET
                       ? state->rows == 0 && control->absent == FISC_ABSENT_REFUSE
                       : control->level == FISC_LEVEL_ABSOLUTE &&
                             (state->rows > 0 || control->absent == FISC_ABSENT_ZERO);
    if (!follows) {
        return false;
    }
    int64_t left = reason->limit - reason->consumed - reason->requested;
    reason->limit = state->limit;
    reason->consumed = consumed_of(state);
    reason->requested = reason->limit - reason->consumed - left;
    return reason->requested > 0;
}

bool
fisc_engine_restate(const FiscEngine *engine, FiscDecidedRefusal *refusal)
{
    bool follows = refusal->entity_id != 0;
    for (guint i = 0; follows && i < refusal->reasons->len; i++) {
        FiscRefusal *reason = refusal->reasons->pdata[i];
        follows = reason->code == FISC_ERROR_PERIOD_NOT_OPEN
                      ? !fisc_engine_is_open(engine, refusal->period)
                      : restate_reason(engine, reason);
    }
    return follows;
}
