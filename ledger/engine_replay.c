/* engine_replay.c: see engine_replay.h. The engine's own judgement is asked, not a copy of it: what
 * is folded here goes through the same functions that decided it then.
 *
 * Also here: what a refusal of a group may say on record. It was judged with the group's earlier
 * entries, which are no part of the log, so it is put in terms of the log before it is written. */
#include "ledger/engine_replay.h"
#include "fisc/poster.h"
#include "ledger/engine_control.h"
#include "ledger/engine_hold.h"
#include <string.h>

#define NUMBER_JUMP_MAX 100000 /* a number further ahead is nonsense, not a gap */

struct _FiscReplay {
    FiscEngine *engine;
    GPtrArray *waiting; /* of FiscDecidedCoding: interned when first used; owned */
    GArray *carried;    /* of FiscCarried: documents that the batch has carried out so far */
    bool is_enacted;    /* the batch has enacted a law so far */
    int64_t last_entry;
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
    replay->carried = g_array_new(FALSE, FALSE, sizeof(FiscCarried));
    return replay;
}

void
fisc_replay_free(FiscReplay *replay)
{
    if (replay != NULL) {
        g_ptr_array_unref(replay->waiting);
        g_array_unref(replay->carried);
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

void
fisc_replay_time(FiscReplay *replay, int64_t posted_at_us)
{
    fisc_engine_set_time(replay->engine, posted_at_us);
    g_array_set_size(replay->carried, 0);
    replay->is_enacted = false;
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

static void
remember_document(FiscReplay *replay, const FiscEvent *event, int actor)
{
    if (strcmp(event->kind, "document") == 0 &&
        g_strcmp0(fisc_event_field(event, "state"), "done") == 0) {
        const FiscEngine *engine = replay->engine;
        const char *code = fisc_event_field(event, "maker");
        const FiscMaster *maker = code != NULL ? fisc_engine_master(engine, "person", code) : NULL;
        FiscCarried carried = {.document = fisc_engine_master(engine, "document", event->subject),
                               .maker = maker != NULL ? maker->number : -1,
                               .actor = actor};
        g_array_append_val(replay->carried, carried);
    }
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
    fisc_engine_object_event(engine, event, maker, replay->carried, objections);
    fisc_engine_begin(engine);
    if (!fisc_engine_decide_event(engine, event, maker, objections)) {
        take_event(replay, event, expected);
    } else if (engine->current->batch.events->len == 0) {
        object(objections, "it changes nothing: the engine keeps no such event");
    }
    fisc_engine_begin(engine);
    remember_document(replay, event, maker);
    replay->is_enacted |= strcmp(event->kind, "case") == 0 &&
                          g_strcmp0(fisc_event_field(event, "step"), "enact") == 0;
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
    for (int i = 0; i < entry->count; i++) {
        int64_t amount = entry->amount[i];
        fisc_engine_fold(engine, engine->codings->pdata[entry->coding[i] - 1], entry->period,
                         amount > 0 ? amount : 0, amount < 0 ? -amount : 0);
    }
}

/* What only warned then goes nowhere: warnings are not on record. */
static void
judge_funds(FiscEngine *engine, FiscPeriod period, const FiscEntry *words, FiscRefusals *objections)
{
    g_autoptr(FiscRefusals) warnings = fisc_refusals_new();
    FiscDecision decision = {.engine = engine,
                             .entry = words,
                             .period = period,
                             .refusals = objections,
                             .warnings = warnings};
    fisc_engine_judge(&decision);
}

void
fisc_replay_entry(FiscReplay *replay, const FiscDecidedEntry *entry, FiscRefusals *objections)
{
    FiscEngine *engine = replay->engine;
    const FiscEntry words = {.reference = entry->reference, .effective = entry->effective};
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
    fisc_engine_object_virement(engine, entry, objections);
    fisc_engine_object_blocks(engine, entry, objections);
    fisc_engine_object_reserves(engine, entry, replay->carried, replay->is_enacted, objections);
    fisc_engine_object_bound(engine, entry, objections);
    fisc_engine_object_late(engine, entry, objections);
    fisc_engine_object_holds(engine, entry, objections);
    fisc_engine_begin(engine);
    fold_lines(engine, entry);
    fisc_engine_replay_items(engine, entry, objections);
    if (engine->is_overflown) {
        object(objections, "a balance passes the largest sum the ledger holds");
    }
    fisc_engine_object_links(engine, entry, objections);
    fisc_engine_object_duties(engine, entry, replay->carried, objections);
    judge_funds(engine, entry->period, &words, objections);
    fisc_engine_begin(engine); /* what was folded stays: nothing is left to take back */
}

/* Refusals --------------------------------------------------------------------------------- */

/* What the log says of a refused key. */
typedef struct {
    const FiscControl *control;
    int64_t limit, consumed, rows; /* nothing, when nothing was ever counted on it */
    __int128 overridden;
} LoggedKey;

/* False when there is no such control, or no such key of it. */
static bool
find_logged(FiscEngine *engine, const FiscRefusal *reason, LoggedKey *out_key)
{
    FiscKeyName name;
    FiscWindow window;
    const FiscControl *control = fisc_engine_control(engine, reason->control);
    if (control == NULL || !fisc_key_parse(engine, control, reason->key, &name, &window) ||
        !fisc_control_covers(control, fisc_engine_symbol_text(engine, name.part[0]))) {
        return false;
    }
    const FiscKeyState *state = fisc_key_find(engine, &name);
    LoggedKey key = {.control = control};
    if (state != NULL) {
        FiscKeyAmounts amounts = fisc_key_amounts(state, window);
        key.limit = amounts.limit;
        key.consumed = amounts.consumed;
        key.rows = state->rows;
    }
    key.overridden = fisc_engine_override(engine, reason->control, reason->key,
                                          fisc_key_decimals(engine, &name), NULL);
    *out_key = key;
    return true;
}

/* Whether a request of that size is refused. How much of it was a cut of the limit is not on
 * record. With the limit goes the tolerance, so that is left out: a refusal inside it is not told
 * from one of a cut. And a cut may have been the first limit line of its key, so it does not count
 * that there was none. */
static bool
is_refusable(const LoggedKey *key, FiscError code, int64_t limit, int64_t consumed,
             int64_t requested)
{
    if (requested <= 0) {
        return false;
    }
    if (code == FISC_ERROR_NO_BUDGET) {
        return key->rows == 0 && key->control->absent == FISC_ABSENT_REFUSE;
    }
    return key->control->level == FISC_LEVEL_ABSOLUTE &&
           (__int128)consumed + requested - limit > key->overridden;
}

static void
judge_funds_reason(FiscReplay *replay, const FiscRefusal *reason, FiscRefusals *objections)
{
    LoggedKey key;
    if (fisc_engine_control(replay->engine, reason->control) == NULL) {
        object(objections, "control %s was not in force", reason->control);
        return;
    }
    if (!find_logged(replay->engine, reason, &key)) {
        object(objections, "key %s is none of control %s", reason->key, reason->control);
        return;
    }
    if (reason->limit != key.limit || reason->consumed != key.consumed) {
        object(objections,
               "key %s: limit %" G_GINT64_FORMAT " and consumed %" G_GINT64_FORMAT
               " are recorded, limit %" G_GINT64_FORMAT " and consumed %" G_GINT64_FORMAT
               " follow from the log",
               reason->key, reason->limit, reason->consumed, key.limit, key.consumed);
        return;
    }
    if (!is_refusable(&key, reason->code, key.limit, key.consumed, reason->requested)) {
        object(objections,
               "key %s: with limit %" G_GINT64_FORMAT ", consumed %" G_GINT64_FORMAT
               " and requested %" G_GINT64_FORMAT " the engine does not refuse it",
               reason->key, key.limit, key.consumed, reason->requested);
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

/* What the group had asked for before becomes part of the request. The control is as it was: the
 * group may have changed it. */
static bool
restate_reason(FiscEngine *engine, FiscRefusal *reason)
{
    LoggedKey key;
    if (!find_logged(engine, reason, &key)) {
        return false;
    }
    int64_t left = reason->limit - reason->consumed - reason->requested;
    reason->limit = key.limit;
    reason->consumed = key.consumed;
    reason->requested = reason->limit - reason->consumed - left;
    return is_refusable(&key, reason->code, reason->limit, reason->consumed, reason->requested);
}

bool
fisc_engine_restate(FiscEngine *engine, FiscDecidedRefusal *refusal)
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
