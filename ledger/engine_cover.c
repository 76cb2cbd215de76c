/* engine_cover.c: cover pools: a key that is short draws on another one of the same control, by an
 * automatic virement inside the entry that needs it (rule R13).
 *
 * A pool either covers all that is short or nothing: then the entry is judged as if there were
 * none. The lines that are appended are lines like any other, so what was drawn is on record, and
 * balances and later decisions know of it. */
#include "ledger/engine_control.h"
#include "fisc/money.h"
#include <string.h>

typedef struct {
    char *name;
    char *control;
    char *receiver, *donor; /* keys as text */
    bool is_reciprocal;
    char *article; /* NULL = none cited */
} Cover;

static void
cover_free(gpointer data)
{
    Cover *cover = data;
    g_free(cover->name);
    g_free(cover->control);
    g_free(cover->receiver);
    g_free(cover->donor);
    g_free(cover->article);
    g_free(cover);
}

static const char *
text_of(GPtrArray *fields, const char *field)
{
    const char *text = fisc_engine_field(fields, field);
    return text != NULL ? text : "";
}

/* Events ----------------------------------------------------------------------------------- */

static bool
refuse(FiscRefusals *refusals, const FiscEvent *event, const char *field, const char *detail)
{
    fisc_refusals_add(refusals, FISC_ERROR_VALUE_INVALID, NULL, 0, field, "cover %s: %s",
                      event->subject, detail);
    return false;
}

/* The lines of a virement need a code for every part of the key. */
static bool
has_whole_parts(const FiscControl *control)
{
    bool is_whole = control->accounts == NULL;
    for (int i = 0; i < control->part_count; i++) {
        is_whole &= control->parts[i].length == 0 && control->parts[i].depth == 0;
    }
    return is_whole;
}

bool
fisc_engine_check_cover(const FiscEngine *engine, const FiscEvent *event, FiscRefusals *refusals)
{
    const char *mode = text_of(event->fields, "mode");
    const FiscControl *control = fisc_engine_control(engine, text_of(event->fields, "control"));
    FiscKeyName receiver = {0};
    FiscKeyName donor = {0};
    if (control == NULL) {
        return refuse(refusals, event, "control", "it is not on record");
    }
    if (!has_whole_parts(control)) {
        return refuse(refusals, event, "control",
                      "only keys of whole dimensions can cover one another");
    }
    if (!fisc_key_parse(engine, control, text_of(event->fields, "receiver"), &receiver, NULL)) {
        return refuse(refusals, event, "receiver", "it is no key of the control");
    }
    if (!fisc_key_parse(engine, control, text_of(event->fields, "donor"), &donor, NULL)) {
        return refuse(refusals, event, "donor", "it is no key of the control");
    }
    if (receiver.part[0] != donor.part[0] || receiver.year != donor.year ||
        memcmp(&receiver, &donor, sizeof receiver) == 0) {
        return refuse(refusals, event, "donor", "it is another key of the same entity and year");
    }
    return strcmp(mode, "unilateral") == 0 || strcmp(mode, "reciprocal") == 0 ||
           refuse(refusals, event, "mode", "it is unilateral or reciprocal");
}

static int
find_cover(const FiscEngine *engine, const char *name)
{
    for (guint i = 0; i < engine->covers->len; i++) {
        if (strcmp(((const Cover *)engine->covers->pdata[i])->name, name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

void
fisc_engine_set_cover(FiscEngine *engine, const FiscMaster *master)
{
    g_ptr_array_set_free_func(engine->covers, cover_free);
    Cover *cover = g_new0(Cover, 1);
    cover->name = g_strdup(master->subject);
    cover->control = g_strdup(text_of(master->fields, "control"));
    cover->receiver = g_strdup(text_of(master->fields, "receiver"));
    cover->donor = g_strdup(text_of(master->fields, "donor"));
    cover->is_reciprocal = strcmp(text_of(master->fields, "mode"), "reciprocal") == 0;
    cover->article = g_strdup(fisc_engine_field(master->fields, "article"));
    int at = find_cover(engine, master->subject);
    if (at < 0) {
        g_ptr_array_add(engine->covers, cover);
    } else {
        cover_free(engine->covers->pdata[at]);
        engine->covers->pdata[at] = cover;
    }
}

void
fisc_engine_remove_cover(FiscEngine *engine, const FiscMaster *master)
{
    int at = find_cover(engine, master->subject);
    if (at >= 0) {
        g_ptr_array_remove_index(engine->covers, (guint)at);
    }
}

/* Finding donors --------------------------------------------------------------------------- */

typedef struct {
    const Cover *cover;
    FiscKeyState *state;
} Donor;

/* True when the text is the key, or is that key in every year. */
static bool
is_key(const FiscEngine *engine, const FiscKeyState *state, const char *text)
{
    FiscKeyName name;
    if (!fisc_key_parse(engine, state->control, text, &name, NULL)) {
        return false;
    }
    name.year = name.year != 0 ? name.year : state->name.year;
    return memcmp(&name, &state->name, sizeof name) == 0;
}

static void
append_donor(FiscEngine *engine, const FiscKeyState *receiver, const Cover *cover,
             const char *donor, GArray *out_donors)
{
    FiscKeyName name;
    if (!fisc_key_parse(engine, receiver->control, donor, &name, NULL)) {
        return; /* the control was given another key since */
    }
    name.year = receiver->name.year;
    FiscKeyState *state = fisc_key_find(engine, &name);
    if (state != NULL && state != receiver) {
        Donor found = {.cover = cover, .state = state};
        g_array_append_val(out_donors, found);
    }
}

/* Those that cover a key, in the order of the pools. */
static GArray *
donors_of(FiscEngine *engine, const FiscKeyState *receiver)
{
    GArray *donors = g_array_new(FALSE, FALSE, sizeof(Donor));
    for (guint i = 0; i < engine->covers->len && has_whole_parts(receiver->control); i++) {
        const Cover *cover = engine->covers->pdata[i];
        if (strcmp(cover->control, receiver->control->name) != 0) {
            continue;
        }
        if (is_key(engine, receiver, cover->receiver)) {
            append_donor(engine, receiver, cover, cover->donor, donors);
        } else if (cover->is_reciprocal && is_key(engine, receiver, cover->donor)) {
            append_donor(engine, receiver, cover, cover->receiver, donors);
        }
    }
    return donors;
}

static int64_t
available_of(const FiscDecision *decision, const Donor *donor)
{
    int64_t available = fisc_key_available(donor->state, decision->period);
    return donor->state->rows > 0 ? MAX(available, 0) : 0;
}

/* Drawing ---------------------------------------------------------------------------------- */

/* The line that asked: the first that takes from the key. NULL when a block does: what is held back
 * is not spent, and nobody covers it. */
static const FiscEngineCoding *
asking_coding(const FiscDecision *decision, const FiscKeyState *receiver)
{
    const FiscEngine *engine = decision->engine;
    const FiscEngineCoding *first = NULL;
    for (guint i = 0; i < decision->coding[1]->len; i++) {
        int32_t id = g_array_index(decision->coding[1], int32_t, i);
        int64_t amount = g_array_index(decision->amount[1], int64_t, i);
        const FiscEngineCoding *coding = engine->codings->pdata[id - 1];
        for (int k = 0; k < coding->use_count; k++) {
            const FiscKeyUse *use = &coding->uses[k];
            if (use->growth != NULL) {
                continue;
            }
            bool is_taking =
                use->slot == FISC_SLOT_LIMIT ? use->sign * amount < 0 : use->sign * amount > 0;
            if (use->state != receiver || !is_taking) {
                continue;
            }
            if (coding->stage == FISC_STAGE_BLOCK) {
                return NULL;
            }
            first = first != NULL ? first : coding;
        }
    }
    return first;
}

/* The account of a stage in the chart that a coding is posted in, ours or the nation's; 0 = none.
 */
static int32_t
account_of(const FiscEngine *engine, const FiscEngineCoding *like, FiscStage stage)
{
    const FiscEngineAccount *account = engine->accounts->pdata[like->key.account_id - 1];
    const FiscMaster *ours = fisc_engine_master(engine, "account", fisc_stage_account(stage));
    bool is_ours = strcmp(account->code, fisc_stage_account(account->stage)) == 0;
    for (guint i = 0; !is_ours && i < engine->accounts->len; i++) {
        const FiscEngineAccount *other = engine->accounts->pdata[i];
        if (other->stage == stage && (ours == NULL || other->number != ours->number)) {
            return other->number;
        }
    }
    return ours != NULL ? ours->number : 0;
}

/* The change of an appropriation: debit the change, credit what is available. */
static void
append_change(FiscDecision *decision, FiscCodingKey key, const int32_t accounts[2], int64_t amount)
{
    static const FiscLineNote none = {0};
    FiscEngine *engine = decision->engine;
    key.flow = FISC_FLOW_TRANSACTION;
    key.kind = 0;
    for (int i = 0; i < 2; i++) {
        int64_t signed_amount = i == 0 ? amount : -amount;
        key.account_id = accounts[i];
        fisc_engine_append_line(decision, &key, signed_amount, &none);
        fisc_engine_fold(engine, fisc_engine_intern(engine, &key), decision->period,
                         MAX(signed_amount, 0), MAX(-signed_amount, 0));
    }
}

static void
warn(FiscDecision *decision, const FiscKeyState *receiver, const Donor *donor, int64_t amount)
{
    const FiscEntry *entry = decision->entry;
    FiscWindow window = fisc_control_window(receiver->control, decision->period);
    FiscKeyAmounts amounts = fisc_key_amounts(receiver, window);
    g_autofree char *from = fisc_key_text(decision->engine, donor->state, window);
    char text[FISC_AMOUNT_TEXT];
    FiscRefusal *warning = fisc_refusals_add(
        decision->warnings, FISC_ERROR_COVER_DRAWN, entry->file, entry->row, NULL,
        "\"%s\": %s from \"%s\" by %s", entry->reference,
        fisc_amount_format_grouped(amount, entry->decimals, text), from, donor->cover->name);
    warning->control = g_strdup(receiver->control->name);
    warning->key = fisc_key_text(decision->engine, receiver, window);
    warning->article = g_strdup(donor->cover->article);
    warning->limit = amounts.limit;
    warning->consumed = amounts.consumed;
    warning->requested = amount;
    memcpy(warning->stage, amounts.stage, sizeof warning->stage);
}

static void
draw(FiscDecision *decision, const FiscKeyState *receiver, const FiscEngineCoding *asking,
     const Donor *donor, int64_t amount)
{
    const int32_t accounts[2] = {account_of(decision->engine, asking, FISC_STAGE_CHANGE),
                                 account_of(decision->engine, asking, FISC_STAGE_AVAILABLE)};
    FiscCodingKey giving = {.entity_id = asking->key.entity_id};
    const FiscControl *control = receiver->control;
    for (int i = 0; i < control->part_count; i++) {
        if (control->parts[i].dim >= 0) {
            giving.dim[control->parts[i].dim] = donor->state->name.part[i];
        }
    }
    FiscCodingKey taking = asking->key;
    warn(decision, receiver, donor, amount);
    append_change(decision, taking, accounts, amount);
    append_change(decision, giving, accounts, -amount);
}

static void
cover_key(FiscDecision *decision, const FiscKeyState *receiver)
{
    __int128 within_reach = 0;
    int64_t missing = fisc_key_shortage(receiver, decision->period);
    const FiscEngineCoding *asking = asking_coding(decision, receiver);
    g_autoptr(GArray) donors = donors_of(decision->engine, receiver);
    for (guint i = 0; i < donors->len; i++) {
        within_reach += available_of(decision, &g_array_index(donors, Donor, i));
    }
    if (asking == NULL || within_reach < missing ||
        account_of(decision->engine, asking, FISC_STAGE_CHANGE) == 0) {
        return;
    }
    for (guint i = 0; i < donors->len && missing > 0; i++) {
        const Donor *donor = &g_array_index(donors, Donor, i);
        int64_t amount = MIN(available_of(decision, donor), missing);
        if (amount > 0) {
            draw(decision, receiver, asking, donor, amount);
            missing -= amount;
        }
    }
}

void
fisc_engine_cover(FiscDecision *decision)
{
    const FiscEngine *engine = decision->engine;
    guint touched = engine->covers->len > 0 ? engine->touched->len : 0;
    for (guint i = 0; i < touched; i++) { /* donors that come behind gave what they had */
        const FiscKeyState *state = engine->touched->pdata[i];
        if (state->control->level == FISC_LEVEL_ABSOLUTE && state->rows > 0 &&
            fisc_control_is_in_force(state->control, decision->entry->effective) &&
            fisc_key_shortage(state, decision->period) > 0) {
            cover_key(decision, state);
        }
    }
}
