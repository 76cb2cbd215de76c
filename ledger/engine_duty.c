/* engine_duty.c: who may do what: before an entry is decided, the persons, roles, grants and
 * delegations on record are asked, and the duties of one chain of documents never meet in one hand
 * (rule R21).
 *
 * The rules about persons themselves are the registry's (core/identity), which the engine keeps as
 * it keeps all master data. Here an entry's lines become duties, and its open items bring the hands
 * that the chain has been in. Events are judged in engine_duty_event.c. */
#include "fisc/gfs.h"
#include "ledger/engine_internal.h"
#include <string.h>

/* Stems of GFS codes: currency and deposits; other accounts payable. */
#define CASH "6202"
#define PAYABLES "6308"

#define DIRECT_PAYMENT "direct_payment" /* an action of the matrix: no claim is on record */

/* Keeping the registry ------------------------------------------------------------------------ */

void
fisc_engine_set_identity(FiscEngine *engine, const FiscMaster *master)
{
    fisc_registry_set(engine->registry, master->kind, master->subject, master->number,
                      master->fields);
}

void
fisc_engine_remove_identity(FiscEngine *engine, const FiscMaster *master)
{
    fisc_registry_remove(engine->registry, master->kind, master->subject);
}

const char *
fisc_engine_person(const FiscEngine *engine, int person)
{
    const char *code = fisc_registry_code(engine->registry, person);
    return code != NULL ? code : "";
}

bool
fisc_engine_may(const FiscEngine *engine, int person, int principal, const char *action, char right,
                int entity_id)
{
    FiscAct act = {.person = fisc_engine_person(engine, person),
                   .principal = principal != 0 ? fisc_engine_person(engine, principal) : NULL,
                   .action = action,
                   .right = right,
                   .entity = entity_id != 0 ? engine->entity_codes->pdata[entity_id - 1] : NULL,
                   .on = fisc_engine_today(engine)};
    return !fisc_registry_is_enforced(engine->registry) ||
           fisc_registry_judge(engine->registry, &act, NULL);
}

bool
fisc_engine_is_known(const FiscEngine *engine, int person)
{
    const FiscPerson *found =
        fisc_registry_person(engine->registry, fisc_engine_person(engine, person));
    return !fisc_registry_is_enforced(engine->registry) ||
           (found != NULL && found->is_registered && found->is_active);
}

bool
fisc_engine_share_hand(const FiscEngine *engine, int a, int b)
{
    return fisc_registry_share_hand(engine->registry, fisc_engine_person(engine, a),
                                    fisc_engine_person(engine, b), fisc_engine_today(engine));
}

/* Duties of an entry ------------------------------------------------------------------------- */

/* What the stage accounts say; DUTY_NONE for a line that only makes room or is given back. */
static FiscDuty
duty_of_stage(FiscStage stage, int64_t amount)
{
    static const struct {
        FiscStage stage;
        bool is_either_side; /* a vote and its cut are one duty; to spend is to credit */
        FiscDuty duty;
    } duties[] = {
        {FISC_STAGE_APPROPRIATION, true, FISC_DUTY_BUDGET},
        {FISC_STAGE_CHANGE, true, FISC_DUTY_BUDGET},
        {FISC_STAGE_CARRY, true, FISC_DUTY_BUDGET},
        {FISC_STAGE_AUTHORITY, true, FISC_DUTY_BUDGET},
        {FISC_STAGE_RELEASE, true, FISC_DUTY_BUDGET},
        {FISC_STAGE_BLOCK, true, FISC_DUTY_BUDGET}, /* to lift it, too */
        {FISC_STAGE_ESTIMATE, true, FISC_DUTY_BUDGET},
        {FISC_STAGE_ESTIMATE_CHANGE, true, FISC_DUTY_BUDGET},
        {FISC_STAGE_AUTHORIZATION, false, FISC_DUTY_COMMITMENT},
        {FISC_STAGE_COMMITMENT, false, FISC_DUTY_COMMITMENT},
        {FISC_STAGE_LATER_COMMITMENT, false, FISC_DUTY_COMMITMENT},
        {FISC_STAGE_OBLIGATION, false, FISC_DUTY_CLAIM},
        {FISC_STAGE_PAYMENT, false, FISC_DUTY_PAYMENT},
        {FISC_STAGE_RECOGNITION, false, FISC_DUTY_REVENUE},
        {FISC_STAGE_COLLECTION, false, FISC_DUTY_REVENUE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(duties); i++) {
        if (duties[i].stage == stage && (duties[i].is_either_side || amount < 0)) {
            return duties[i].duty;
        }
    }
    return FISC_DUTY_NONE;
}

/* What the lines of an entry add up to. */
typedef struct {
    guint stages; /* a set of 1 << FiscDuty, by the stage accounts */
    bool has_items, is_cash_credited, settles, is_financial;
    __int128 carried, committed; /* into the year; reserved or committed */
    __int128 given, blocked;     /* given back by reservations and orders; blocked */
    __int128 cash;
    __int128 paid; /* at the stage of payment */
} Sum;

static bool
is_under(const FiscEngine *engine, const FiscEngineCoding *coding, const char *gfs)
{
    const FiscEngineAccount *account = engine->accounts->pdata[coding->key.account_id - 1];
    return coding->key.flow == FISC_FLOW_TRANSACTION && account->gfs != NULL &&
           fisc_gfs_is_under(account->gfs, gfs);
}

/* What moves at the stages by which a year-end carries orders over, and a block keeps what they
 * give back. */
static void
add_stage(Sum *sum, FiscStage stage, int64_t amount)
{
    bool is_order = stage == FISC_STAGE_COMMITMENT || stage == FISC_STAGE_AUTHORIZATION;
    sum->carried += stage == FISC_STAGE_CARRY ? MAX(amount, 0) : 0;
    sum->blocked -= stage == FISC_STAGE_BLOCK ? MIN(amount, 0) : 0;
    sum->committed -= is_order ? MIN(amount, 0) : 0;
    sum->given += is_order ? MAX(amount, 0) : 0;
}

static void
add_line(Sum *sum, const FiscEngine *engine, int32_t coding_id, int64_t amount)
{
    const FiscEngineCoding *coding = engine->codings->pdata[coding_id - 1];
    FiscDuty duty = duty_of_stage(coding->stage, amount);
    bool is_kept = coding->stage == FISC_STAGE_BLOCK && amount < 0; /* judged by duties_of() */
    add_stage(sum, coding->stage, amount);
    sum->is_financial |= coding->stage == FISC_STAGE_NONE;
    sum->stages |= is_kept ? 0 : 1u << duty;
    sum->paid -= duty == FISC_DUTY_PAYMENT ? amount : 0;
    if (is_under(engine, coding, CASH)) {
        sum->is_cash_credited |= amount < 0;
        sum->cash += amount;
    }
    sum->settles |= amount > 0 && is_under(engine, coding, PAYABLES);
}

/* What an entry says of itself, beside its lines. */
typedef struct {
    bool reverses, corrects;
    bool is_year_end; /* by its source */
} Origin;

static Origin
origin_of(const FiscEngine *engine, int source_id, bool reverses, bool corrects)
{
    const FiscMaster *source = fisc_engine_master(engine, "source", FISC_SOURCE_YEAR_END);
    bool is_year_end = source != NULL && source->number == source_id;
    return (Origin){.reverses = reverses, .corrects = corrects, .is_year_end = is_year_end};
}

/* A set of 1 << FiscDuty. Cash goes out when an item or a payable is settled with it, and whenever
 * more of it leaves than comes: what is moved from one purse of the government's own into another
 * is no payment. A reversal is a journal, since its lines are as they were with the signs turned;
 * but what calls itself one is a vote when it moves appropriations, and a payment when it pays. */
static guint
duties_of(const Sum *sum, Origin origin)
{
    guint duties = sum->stages & ~(1u << FISC_DUTY_NONE);
    /* What an order that was carried over gives back is blocked by itself; other blocks are votes.
     */
    if (sum->blocked > sum->given) {
        duties |= 1u << FISC_DUTY_BUDGET;
    }
    /* An order that comes with its money from the year before is no new one; nor is one that stands
     * again, because a year-end is taken back. Both are acts of the budget. */
    bool is_carried = sum->carried > 0 && sum->committed <= sum->carried;
    bool is_year_end = origin.is_year_end && sum->has_items && !sum->is_financial;
    bool is_taken_back = is_year_end && origin.corrects;
    if ((is_carried || is_taken_back) && (duties & 1u << FISC_DUTY_COMMITMENT) != 0) {
        duties &= ~(1u << FISC_DUTY_COMMITMENT);
        duties |= 1u << FISC_DUTY_BUDGET;
    }
    if (sum->is_cash_credited && (sum->has_items || sum->settles || sum->cash < 0)) {
        duties |= 1u << FISC_DUTY_PAYMENT;
    }
    if (origin.reverses) {
        duties &= 1u << FISC_DUTY_BUDGET | 1u << FISC_DUTY_PAYMENT;
    }
    if (is_year_end && duties == 0) {
        duties = 1u << FISC_DUTY_BUDGET; /* orders that lapse */
    }
    return duties != 0 ? duties : 1u << FISC_DUTY_JOURNAL;
}

static Sum
sum_of(const FiscDecision *decision)
{
    Sum sum = {.has_items = decision->has_items};
    for (int side = 0; side < 2; side++) {
        for (guint i = 0; i < decision->coding[side]->len; i++) {
            add_line(&sum, decision->engine, g_array_index(decision->coding[side], int32_t, i),
                     g_array_index(decision->amount[side], int64_t, i));
        }
    }
    return sum;
}

/* Owed, and verified by somebody: it was opened by a credit and has been in the hands of a claim.
 */
static bool
is_claim(const FiscEngine *engine, int32_t entity_id, int32_t name)
{
    const FiscItem *item = name != 0 ? fisc_engine_item(engine, entity_id, name) : NULL;
    for (guint i = 0; item != NULL && item->sign < 0 && item->hands != NULL && i < item->hands->len;
         i += 2) {
        if (g_array_index(item->hands, int32_t, i) == FISC_DUTY_CLAIM) {
            return true;
        }
    }
    return false;
}

/* True when more is paid than the claims that the entry settles: what has no claim on record has no
 * chain behind it in which duties could meet. The two sides of an entry say the same twice. */
static bool
is_unclaimed(const FiscDecision *decision, const Sum *sum)
{
    __int128 claimed = 0;
    for (int side = 0; side < 2; side++) {
        __int128 settled = 0;
        for (guint i = 0; i < decision->amount[side]->len; i++) {
            int64_t amount = g_array_index(decision->amount[side], int64_t, i);
            int32_t item = g_array_index(decision->note[side], FiscLineNote, i).item;
            settled +=
                amount > 0 && is_claim(decision->engine, decision->entity_id, item) ? amount : 0;
        }
        claimed = MAX(claimed, settled);
    }
    return MAX(sum->paid, -sum->cash) > claimed;
}

/* Hands -------------------------------------------------------------------------------------- */

/* Who answers for the entry: its maker, whose duty he exercises, and who approved its document, for
 * whom. */
typedef struct {
    int maker;
    const char *principal; /* NULL: his own duty */
    GArray *persons;       /* of int: all of them */
    const FiscMaster *document;
} Answerable;

static void
add_person(const FiscEngine *engine, GArray *persons, const char *code)
{
    const FiscMaster *person = fisc_engine_master(engine, "person", code);
    if (person != NULL) {
        g_array_append_val(persons, person->number);
    }
}

static void
add_persons(const FiscEngine *engine, GArray *persons, const FiscMaster *document, const char *list)
{
    const char *codes = fisc_engine_field(document->fields, list);
    g_auto(GStrv) words = g_strsplit(codes != NULL ? codes : "", " ", -1);
    for (int i = 0; words[i] != NULL; i++) {
        add_person(engine, persons, words[i]);
    }
}

static Answerable
answerable_for(const FiscDecision *decision)
{
    const FiscEngine *engine = decision->engine;
    const FiscSubmission *submission = decision->submission;
    Answerable who = {.maker = decision->maker, .principal = submission->on_behalf};
    who.persons = g_array_new(FALSE, FALSE, sizeof(int));
    g_array_append_val(who.persons, who.maker);
    if (submission->document != NULL) {
        who.document = fisc_engine_master(engine, "document", submission->document);
    }
    if (who.document != NULL) {
        add_persons(engine, who.persons, who.document, "approved_by");
        add_persons(engine, who.persons, who.document, "approved_for");
        who.principal = fisc_engine_field(who.document->fields, "maker_for");
    }
    if (who.principal != NULL && *who.principal != '\0') {
        add_person(engine, who.persons, who.principal);
    } else {
        who.principal = NULL;
    }
    return who;
}

static GArray *
own_hands(guint duties, const Answerable *who)
{
    GArray *hands = g_array_new(FALSE, FALSE, sizeof(int32_t));
    for (int duty = 1; duty < FISC_DUTY_COUNT; duty++) {
        for (guint i = 0; (duties & 1u << duty) != 0 && i < who->persons->len; i++) {
            const int32_t hand[] = {duty, g_array_index(who->persons, int, i)};
            fisc_engine_join_hands(hands, hand, 2);
        }
    }
    return hands;
}

/* Refusals ----------------------------------------------------------------------------------- */

static void
refuse(FiscDecision *decision, FiscError code, const char *detail)
{
    fisc_refusals_add(decision->refusals, code, decision->entry->file, decision->entry->row, NULL,
                      "%s", detail);
}

/* How two duties meet: not at all, in one person, or in a delegate and the principal. */
typedef enum { MEET_NOT, MEET_PERSON, MEET_PRINCIPAL } Meeting;

/* True when a person is in the chain, as far as it tells, because a delegate acted for him. */
static bool
is_by_delegate(const FiscEngine *engine, const GArray *chain, const int32_t *hand)
{
    for (guint i = 0; i < chain->len; i += 2) {
        const int32_t *other = &g_array_index(chain, int32_t, i);
        if (other[0] == hand[0] && other[1] != hand[1] &&
            fisc_registry_has_delegated(engine->registry, fisc_engine_person(engine, hand[1]),
                                        fisc_engine_person(engine, other[1]))) {
            return true;
        }
    }
    return false;
}

static Meeting
meet(const FiscDecision *decision, const Answerable *who, const int32_t *own, const int32_t *other)
{
    const FiscEngine *engine = decision->engine;
    if (!fisc_registry_conflict(engine->registry, (FiscDuty)own[0], (FiscDuty)other[0]) ||
        !fisc_engine_share_hand(engine, own[1], other[1])) {
        return MEET_NOT;
    }
    bool is_principal = g_strcmp0(fisc_engine_person(engine, own[1]), who->principal) == 0;
    return own[1] == other[1] && !is_principal && !is_by_delegate(engine, decision->hands, other)
               ? MEET_PERSON
               : MEET_PRINCIPAL;
}

static void
refuse_meeting(FiscDecision *decision, Meeting how, const int32_t *own, const int32_t *other)
{
    const FiscEngine *engine = decision->engine;
    g_autofree char *detail =
        g_strdup_printf("%s for %s and %s for %s of one chain%s",
                        fisc_engine_person(engine, own[1]), fisc_duty_word((FiscDuty)own[0]),
                        fisc_engine_person(engine, other[1]), fisc_duty_word((FiscDuty)other[0]),
                        how == MEET_PERSON ? "" : ", and one acts for the other");
    refuse(decision,
           how == MEET_PERSON ? FISC_ERROR_SOD_SAME_PERSON : FISC_ERROR_SOD_SAME_PRINCIPAL, detail);
}

/* Refuses every pair of hands, within the entry and over its chain, that meets in this way. */
static bool
judge_meetings(FiscDecision *decision, const Answerable *who, const GArray *own, Meeting how)
{
    bool is_met = false;
    for (guint i = 0; i < own->len; i += 2) {
        const int32_t *hand = &g_array_index(own, int32_t, i);
        for (guint k = 0; k < own->len + decision->hands->len; k += 2) {
            bool is_own = k < own->len;
            const int32_t *other = is_own ? &g_array_index(own, int32_t, k)
                                          : &g_array_index(decision->hands, int32_t, k - own->len);
            bool is_seen = is_own && k <= i;
            if (!is_seen && meet(decision, who, hand, other) == how) {
                refuse_meeting(decision, how, hand, other);
                is_met = true;
            }
        }
    }
    return is_met;
}

/* By delegation only where they do not meet in one person anyhow. */
static void
judge_chain(FiscDecision *decision, const Answerable *who, const GArray *own)
{
    if (!judge_meetings(decision, who, own, MEET_PERSON)) {
        judge_meetings(decision, who, own, MEET_PRINCIPAL);
    }
}

/* An entry that needs approvals is the content of a document about just this. */
static void
judge_approval(FiscDecision *decision, const Answerable *who, const char *action)
{
    int needs = fisc_registry_approvals(decision->engine->registry, action);
    const char *about =
        who->document != NULL ? fisc_engine_field(who->document->fields, "action") : NULL;
    if (needs > 0 && about == NULL) {
        g_autofree char *detail = g_strdup_printf("%s needs a document with %d approval%s", action,
                                                  needs, needs == 1 ? "" : "s");
        refuse(decision, FISC_ERROR_APPROVAL_MISSING, detail);
    } else if (needs > 0 && strcmp(about, action) != 0) {
        g_autofree char *detail = g_strdup_printf("document %s approves %s, not %s",
                                                  who->document->subject, about, action);
        refuse(decision, FISC_ERROR_APPROVAL_MISSING, detail);
    }
}

/* A payment without a claim is an action of its own, in a book that asks for its approval. */
static const char *
action_of(const FiscDecision *decision, const Sum *sum, FiscDuty duty)
{
    bool is_direct = duty == FISC_DUTY_PAYMENT &&
                     fisc_registry_approvals(decision->engine->registry, DIRECT_PAYMENT) > 0 &&
                     is_unclaimed(decision, sum);
    return is_direct ? DIRECT_PAYMENT : fisc_duty_word(duty);
}

static void
judge_rights(FiscDecision *decision, const Answerable *who, const Sum *sum, guint duties)
{
    const FiscEngine *engine = decision->engine;
    for (int duty = 1; duty < FISC_DUTY_COUNT; duty++) {
        const char *action = action_of(decision, sum, (FiscDuty)duty);
        FiscAct act = {.person = fisc_engine_person(engine, who->maker),
                       .principal = who->principal,
                       .action = action,
                       .right = 'M',
                       .entity = decision->entry->entity,
                       .on = fisc_engine_today(engine)};
        if ((duties & 1u << duty) != 0 &&
            fisc_registry_judge(engine->registry, &act, decision->refusals)) {
            judge_approval(decision, who, action);
        }
    }
}

static void
place_refusals(FiscDecision *decision, guint from)
{
    for (guint i = from; i < decision->refusals->len; i++) {
        FiscRefusal *refusal = decision->refusals->pdata[i];
        if (refusal->file == NULL && decision->entry->file != NULL) {
            refusal->file = g_strdup(decision->entry->file);
            refusal->line = decision->entry->row;
        }
    }
}

void
fisc_engine_judge_duties(FiscDecision *decision)
{
    bool is_enforced =
        fisc_registry_is_enforced(decision->engine->registry) && !decision->engine->is_authorized;
    if (!is_enforced && !decision->has_items) {
        return; /* nobody is refused and no chain is touched */
    }
    guint before = decision->refusals->len;
    Sum sum = sum_of(decision);
    guint duties =
        duties_of(&sum, origin_of(decision->engine, decision->source_id, decision->entry->reverses,
                                  decision->entry->corrects != NULL));
    Answerable who = answerable_for(decision);
    fisc_engine_item_hands(decision);
    bool is_fed = fisc_engine_is_fed_entry(decision, who.document);
    g_autoptr(GArray) own = own_hands(is_fed ? 0 : duties, &who);
    bool is_expiry =
        fisc_engine_is_expiry(decision) && fisc_engine_is_known(decision->engine, who.maker);
    if (is_enforced && is_fed) {
        fisc_engine_judge_fed(decision, who.principal);
        place_refusals(decision, before);
    } else if (is_enforced && !is_expiry) {
        judge_rights(decision, &who, &sum, duties);
        judge_chain(decision, &who, own);
        place_refusals(decision, before);
    }
    fisc_engine_join_hands(decision->hands, (const int32_t *)(const void *)own->data, own->len);
    g_array_unref(who.persons);
}

/* On record --------------------------------------------------------------------------------- */

bool
fisc_engine_could(const FiscEngine *engine, FiscAct *act)
{
    act->principal = NULL;
    if (fisc_registry_basis(engine->registry, act, NULL) != NULL) {
        return true;
    }
    g_autoptr(GPtrArray) delegations = fisc_registry_delegations(engine->registry);
    for (guint i = 0; i < delegations->len; i++) {
        act->principal = ((const FiscDelegation *)delegations->pdata[i])->principal;
        if (fisc_registry_basis(engine->registry, act, NULL) != NULL) {
            return true;
        }
    }
    return false;
}

bool
fisc_engine_is_carried(const GArray *carried, int maker, int actor, const char *action)
{
    for (guint i = 0; i < carried->len; i++) {
        const FiscCarried *one = &g_array_index(carried, FiscCarried, i);
        const char *about = fisc_engine_field(one->document->fields, "action");
        if ((maker == 0 || one->maker == maker) && (actor == 0 || one->actor == actor) &&
            g_strcmp0(about, action) == 0) {
            return true;
        }
    }
    return false;
}

/* Where the matrix wants approvals, the entry came with a document of its maker about just this:
 * that its digest is the document's can no longer be asked. */
static void
object_to_approval(const FiscEngine *engine, const FiscDecidedEntry *entry, const char *action,
                   const GArray *carried, FiscRefusals *objections)
{
    bool is_payment = strcmp(action, fisc_duty_word(FISC_DUTY_PAYMENT)) == 0;
    bool is_approved =
        fisc_registry_approvals(engine->registry, action) == 0 ||
        fisc_engine_is_carried(carried, entry->maker, 0, action) ||
        (is_payment && fisc_engine_is_carried(carried, entry->maker, 0, DIRECT_PAYMENT));
    if (!is_approved) {
        fisc_refusals_add(objections, FISC_ERROR_TAMPERED, NULL, 0, NULL,
                          "no document of %s was carried out that approves a %s",
                          fisc_engine_person(engine, entry->maker), action);
    }
}

static void
object_to_maker(const FiscEngine *engine, const FiscDecidedEntry *entry, guint duties,
                const GArray *carried, FiscRefusals *objections)
{
    for (int duty = 1; duty < FISC_DUTY_COUNT; duty++) {
        FiscAct act = {.person = fisc_engine_person(engine, entry->maker),
                       .action = fisc_duty_word((FiscDuty)duty),
                       .right = 'M',
                       .entity = engine->entity_codes->pdata[entry->entity_id - 1],
                       .on = fisc_engine_today(engine)};
        if ((duties & 1u << duty) == 0) {
            continue;
        }
        FiscAct direct = act;
        direct.action = DIRECT_PAYMENT;
        bool could = fisc_engine_could(engine, &act) ||
                     (duty == FISC_DUTY_PAYMENT && fisc_engine_could(engine, &direct));
        if (!could) {
            fisc_refusals_add(objections, FISC_ERROR_TAMPERED, NULL, 0, NULL,
                              "its maker %s had no right to make a %s", act.person, act.action);
        } else {
            object_to_approval(engine, entry, act.action, carried, objections);
        }
    }
}

static void
object_to_hands(const FiscEngine *engine, const FiscDecidedEntry *entry, guint duties,
                FiscRefusals *objections)
{
    for (int i = 0; i + 1 < entry->hand_count; i += 2) {
        int duty = entry->hands[i];
        bool is_duty = duty > FISC_DUTY_NONE && duty < FISC_DUTY_COUNT;
        for (int own = 1; is_duty && own < FISC_DUTY_COUNT; own++) {
            if ((duties & 1u << own) != 0 && entry->hands[i + 1] == entry->maker &&
                fisc_registry_conflict(engine->registry, (FiscDuty)own, (FiscDuty)duty)) {
                fisc_refusals_add(objections, FISC_ERROR_TAMPERED, NULL, 0, NULL,
                                  "its maker %s had %s and %s of one chain",
                                  fisc_engine_person(engine, entry->maker),
                                  fisc_duty_word((FiscDuty)duty), fisc_duty_word((FiscDuty)own));
            }
        }
    }
}

void
fisc_engine_object_duties(const FiscEngine *engine, const FiscDecidedEntry *entry,
                          const GArray *carried, FiscRefusals *objections)
{
    Sum sum = {.has_items = entry->open_item != NULL};
    if (!fisc_registry_is_enforced(engine->registry) ||
        fisc_engine_was_fed_entry(engine, entry, carried)) {
        return;
    }
    for (int i = 0; i < entry->count; i++) {
        add_line(&sum, engine, entry->coding[i], entry->amount[i]);
    }
    guint duties =
        duties_of(&sum, origin_of(engine, entry->source_id, entry->reverses, entry->corrects > 0));
    /* What only gives funds back moves no money, and anybody may release what has expired. */
    if (entry->financial > 0 || duties != 1u << FISC_DUTY_JOURNAL) {
        object_to_maker(engine, entry, duties, carried, objections);
    }
    object_to_hands(engine, entry, duties, objections);
}
