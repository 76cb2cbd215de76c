/* engine_document.c: documents: proposed by one person, approved by others, carried out as approved
 * and not otherwise.
 *
 * A document is the subject of events of the kind "document". Each step is one event that repeats
 * what was proposed and moves the state on; what closes a document leaves the payload out, which
 * stays in the chain with the proposal and need not stay in memory. An approval signs the digest of
 * the content, so what is carried out is exactly what was signed, or nothing.
 *
 * That maker and approvers are different persons is the point of a document and holds in every
 * book. Which rights they need is asked of the duties (engine_duty.c). What the content means, and
 * how it is written down in the payload, is none of the engine's business. */
#include "ledger/engine_hold.h"
#include <string.h>

#define NEEDS_MAX 9

/* What a document may be about: the actions of the duties matrix. */
static const char *const actions[] = {
    "budget", "commitment", "claim", "payment",  "revenue",        "journal",       "payee",
    "period", "rules",      "grant", "override", "direct_payment", FISC_ACTION_FEED};

typedef enum {
    STATE_NONE,
    STATE_PROPOSED,
    STATE_APPROVED,
    STATE_REJECTED,
    STATE_WITHDRAWN,
    STATE_DONE,
    STATE_COUNT
} State;

static const char *const state_words[STATE_COUNT] = {"nothing",  "proposed",  "approved",
                                                     "rejected", "withdrawn", "done"};

/* What each step may say anew; everything else is as it was proposed. */
static const char *const step_fields[] = {"state",     "approved_by", "approved_for",
                                          "on_behalf", "remark",      NULL};

/* One step of a document on its way through the checks. */
typedef struct {
    const FiscEngine *engine;
    const FiscEvent *event;
    const FiscMaster *old; /* NULL: it is proposed */
    int actor;
    FiscRefusals *refusals;
    State before, after;
} Step;

static bool refuse(const Step *step, FiscError code, const char *field, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

static bool
refuse(const Step *step, FiscError code, const char *field, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *detail = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    fisc_refusals_add(step->refusals, code, NULL, 0, field, "document %s: %s", step->event->subject,
                      detail);
    return false;
}

static const char *
field_of(const Step *step, const char *name)
{
    const char *value = fisc_event_field(step->event, name);
    return value != NULL ? value : "";
}

static const char *
old_field(const Step *step, const char *name)
{
    const char *value = step->old != NULL ? fisc_engine_field(step->old->fields, name) : NULL;
    return value != NULL ? value : "";
}

static State
state_of(const char *word)
{
    for (int i = STATE_PROPOSED; i < STATE_COUNT; i++) {
        if (strcmp(word, state_words[i]) == 0) {
            return (State)i;
        }
    }
    return STATE_NONE;
}

static bool
is_in(const char *word, const char *const *words, gsize count)
{
    for (gsize i = 0; i < count && words[i] != NULL; i++) {
        if (strcmp(word, words[i]) == 0) {
            return true;
        }
    }
    return false;
}

static int
person_number(const FiscEngine *engine, const char *code)
{
    const FiscMaster *person = fisc_engine_master(engine, "person", code);
    return person != NULL ? person->number : 0;
}

/* The entity whose rights are asked; 0 = the whole book. */
static int
entity_of(const Step *step)
{
    return fisc_engine_entity(step->engine, field_of(step, "entity"));
}

/* Rights --------------------------------------------------------------------------------------
 */

/* The person for whom the actor takes this step: himself (0), or the one who delegated to him. */
static bool
take_principal(const Step *step, const char *field, int *out_principal)
{
    const char *code = field_of(step, field);
    *out_principal = *code != '\0' ? person_number(step->engine, code) : 0;
    if (*code != '\0' && *out_principal == 0) {
        return refuse(step, FISC_ERROR_PERSON_UNKNOWN, field, "\"%s\"", code);
    }
    return true;
}

static bool
check_right(const Step *step, int principal, char right)
{
    if (fisc_engine_may(step->engine, step->actor, principal, field_of(step, "action"), right,
                        entity_of(step))) {
        return true;
    }
    return refuse(step, FISC_ERROR_DUTY_MISSING, NULL, "to %s it takes the right to %s %s of %s",
                  right == 'A' ? "decide on" : "propose",
                  right == 'A'   ? "approve"
                  : right == 'M' ? "make"
                                 : "stage",
                  field_of(step, "action"), field_of(step, "entity"));
}

/* What a feeder brings is staged by who pulls it; everything else is made. */
static char
right_to_make(const Step *step)
{
    return strcmp(field_of(step, "action"), FISC_ACTION_FEED) == 0 ? 'S' : 'M';
}

/* How many approvals the law asks for; at least one. */
static int
needs_by_law(const Step *step)
{
    return MAX(1, fisc_registry_approvals(step->engine->registry, field_of(step, "action")));
}

/* Proposing -----------------------------------------------------------------------------------
 */

static bool
is_hex_digest(const char *text)
{
    return strlen(text) == 2 * FISC_HASH_BYTES && strspn(text, "0123456789abcdef") == strlen(text);
}

/* A name that can be typed, and that an index can hold. */
static bool
is_name(const char *text)
{
    gsize length = strlen(text);
    for (gsize i = 0; i < length; i++) {
        if (g_ascii_isspace(text[i]) || g_ascii_iscntrl(text[i])) {
            return false;
        }
    }
    return length > 0 && length <= FISC_CODE_MAX;
}

static bool
check_words(const Step *step)
{
    const char *needs = field_of(step, "needs");
    const char *entity = field_of(step, "entity");
    if (!is_name(step->event->subject)) {
        return refuse(step, FISC_ERROR_VALUE_INVALID, "document",
                      "its name has 1 to %d bytes and no spaces", FISC_CODE_MAX);
    }
    if (!is_in(field_of(step, "action"), actions, G_N_ELEMENTS(actions))) {
        return refuse(step, FISC_ERROR_VALUE_INVALID, "action", "\"%s\" is no action",
                      field_of(step, "action"));
    }
    if (strcmp(entity, "*") != 0 && fisc_engine_entity(step->engine, entity) == 0) {
        return refuse(step, FISC_ERROR_ENTITY_UNKNOWN, "entity", "\"%s\"", entity);
    }
    if (strlen(needs) != 1 || needs[0] < '1' || needs[0] > '0' + NEEDS_MAX) {
        return refuse(step, FISC_ERROR_VALUE_INVALID, "needs", "it takes 1 to %d approvals",
                      NEEDS_MAX);
    }
    if (!is_hex_digest(field_of(step, "digest"))) {
        return refuse(step, FISC_ERROR_VALUE_INVALID, "digest", "\"%s\" is no SHA-256",
                      field_of(step, "digest"));
    }
    if (*field_of(step, "payload") == '\0' || *field_of(step, "source") == '\0') {
        return refuse(step, FISC_ERROR_VALUE_MISSING, "payload",
                      "without content and source it could not be carried out");
    }
    if (strlen(field_of(step, "payload")) > FISC_DOCUMENT_PAYLOAD_MAX) {
        return refuse(step, FISC_ERROR_ENTRY_TOO_LARGE, "payload", "more than %d bytes",
                      FISC_DOCUMENT_PAYLOAD_MAX);
    }
    return true;
}

static bool
check_proposal(const Step *step)
{
    int principal = 0;
    if (step->after != STATE_PROPOSED || *field_of(step, "approved_by") != '\0') {
        return refuse(step, FISC_ERROR_DOCUMENT_STATE, "state", "it begins proposed, by its maker");
    }
    if (!check_words(step)) {
        return false;
    }
    const char *maker = field_of(step, "maker");
    if (person_number(step->engine, maker) != step->actor || strpbrk(maker, " \t\n") != NULL) {
        return refuse(step, FISC_ERROR_VALUE_INVALID, "maker",
                      "its maker is who proposes it, by a code without spaces, not \"%s\"", maker);
    }
    if (atoi(field_of(step, "needs")) < needs_by_law(step)) {
        return refuse(step, FISC_ERROR_APPROVAL_MISSING, "needs", "%s needs %d approvals",
                      field_of(step, "action"), needs_by_law(step));
    }
    return take_principal(step, "maker_for", &principal) &&
           check_right(step, principal, right_to_make(step));
}

/* Deciding ------------------------------------------------------------------------------------
 */

/* The code that a step adds to a list of persons; NULL when the list was changed otherwise. */
static const char *
added_person(const Step *step, const char *list)
{
    const char *before = old_field(step, list);
    const char *after = field_of(step, list);
    gsize length = strlen(before);
    if (strncmp(before, after, length) != 0) {
        return NULL;
    }
    const char *rest = after + length;
    if (length > 0 && *rest++ != ' ') {
        return NULL;
    }
    return *rest != '\0' && strpbrk(rest, " \t\n") == NULL ? rest : NULL;
}

/* Nobody who had a hand in the document, and nobody who acts for such a person, or for whom such a
 * person acts. */
static bool
check_second_person(const Step *step, const char *other, int principal, const char *what)
{
    int person = person_number(step->engine, other);
    if (person == step->actor) {
        return refuse(step, FISC_ERROR_SECOND_PERSON, NULL, "%s %s it", other, what);
    }
    bool is_shared = person != 0 && (person == principal ||
                                     fisc_engine_share_hand(step->engine, step->actor, person));
    if (is_shared) {
        return refuse(step, FISC_ERROR_SOD_SAME_PRINCIPAL, NULL,
                      "%s %s it, and one acts for the other", other, what);
    }
    return true;
}

static bool
check_other_hands(const Step *step, int principal)
{
    const char *maker_for = field_of(step, "maker_for");
    if (!check_second_person(step, field_of(step, "maker"), principal, "made") ||
        (*maker_for != '\0' && !check_second_person(step, maker_for, principal, "answers for"))) {
        return false;
    }
    static const char *const lists[] = {"approved_by", "approved_for"};
    for (gsize k = 0; k < G_N_ELEMENTS(lists); k++) {
        g_auto(GStrv) earlier = g_strsplit(old_field(step, lists[k]), " ", -1);
        for (int i = 0; earlier[i] != NULL; i++) {
            if (*earlier[i] != '\0' &&
                !check_second_person(step, earlier[i], principal, "has approved")) {
                return false;
            }
        }
    }
    return true;
}

static bool
is_kept(const Step *step, const char *list)
{
    return strcmp(field_of(step, list), old_field(step, list)) == 0;
}

/* Whom an approval stands for stays on record when the delegation is over: two delegates of one
 * principal, or a delegate and later the principal himself, are one approval. */
static bool
names_principal(const Step *step)
{
    const char *principal = field_of(step, "on_behalf");
    bool is_named = *principal == '\0'
                        ? is_kept(step, "approved_for")
                        : g_strcmp0(added_person(step, "approved_for"), principal) == 0;
    return is_named || refuse(step, FISC_ERROR_VALUE_INVALID, "approved_for",
                              "an approval adds whom its approver acts for, and nobody else");
}

static int
count_approvals(const char *approved_by)
{
    int count = *approved_by != '\0' ? 1 : 0;
    for (const char *at = approved_by; *at != '\0'; at++) {
        count += *at == ' ' ? 1 : 0;
    }
    return count;
}

static bool
is_free(const Step *step)
{
    return fisc_engine_check_held_document(step->engine, step->event->subject,
                                           field_of(step, "entity"), step->refusals);
}

static bool
check_approval(const Step *step)
{
    int principal = 0;
    if (!is_free(step)) {
        return false;
    }
    const char *approver = added_person(step, "approved_by");
    if (approver == NULL || person_number(step->engine, approver) != step->actor) {
        return refuse(step, FISC_ERROR_VALUE_INVALID, "approved_by",
                      "an approval adds its approver, by a code without spaces, and nobody else");
    }
    if (!take_principal(step, "on_behalf", &principal) || !check_other_hands(step, principal) ||
        !check_right(step, principal, 'A') || !names_principal(step)) {
        return false;
    }
    int needs = MAX(atoi(field_of(step, "needs")), needs_by_law(step));
    int count = count_approvals(field_of(step, "approved_by"));
    if ((count >= needs) != (step->after == STATE_APPROVED)) {
        return refuse(step, FISC_ERROR_APPROVAL_MISSING, "state", "%d of %d approvals make it %s",
                      count, needs, state_words[count >= needs ? STATE_APPROVED : STATE_PROPOSED]);
    }
    return true;
}

static bool
keeps_approvers(const Step *step)
{
    return (is_kept(step, "approved_by") && is_kept(step, "approved_for")) ||
           refuse(step, FISC_ERROR_DOCUMENT_CHANGED, "approved_by",
                  "only an approval changes who approved");
}

/* Whoever may approve may say no; the maker takes it back instead. */
static bool
check_rejection(const Step *step)
{
    int principal = 0;
    return keeps_approvers(step) && take_principal(step, "on_behalf", &principal) &&
           check_second_person(step, field_of(step, "maker"), principal, "made") &&
           check_right(step, principal, 'A');
}

/* What a feeder says no more is taken back by whoever pulls it then. */
static bool
may_withdraw(const Step *step)
{
    bool is_feed = strcmp(field_of(step, "action"), FISC_ACTION_FEED) == 0;
    int principal = 0;
    return person_number(step->engine, field_of(step, "maker")) == step->actor ||
           (is_feed && take_principal(step, "on_behalf", &principal) &&
            fisc_engine_may(step->engine, step->actor, principal, FISC_ACTION_FEED, 'S',
                            entity_of(step)));
}

static bool
check_withdrawal(const Step *step)
{
    const char *maker = field_of(step, "maker");
    return keeps_approvers(step) &&
           (may_withdraw(step) ||
            refuse(step, FISC_ERROR_DENIED, NULL, "only %s, who made it, takes it back", maker));
}

/* By his own right, or by that of a principal on record. */
static bool
may_still_approve(const Step *step, const char *approver)
{
    int person = person_number(step->engine, approver);
    const char *action = field_of(step, "action");
    g_auto(GStrv) principals = g_strsplit(field_of(step, "approved_for"), " ", -1);
    bool may = fisc_engine_may(step->engine, person, 0, action, 'A', entity_of(step));
    for (int i = 0; !may && principals[i] != NULL; i++) {
        int principal = person_number(step->engine, principals[i]);
        may = principal != 0 &&
              fisc_engine_may(step->engine, person, principal, action, 'A', entity_of(step));
    }
    return may;
}

/* A signature counts on the day the document is carried out: not of who has lost the role or was
 * disabled since, nor one given before duties were in force by who has no right; and by as many as
 * the law asks for by now. */
static bool
check_signatures(const Step *step)
{
    const char *approved_by = field_of(step, "approved_by");
    g_auto(GStrv) approvers = g_strsplit(approved_by, " ", -1);
    for (int i = 0; approvers[i] != NULL; i++) {
        if (!may_still_approve(step, approvers[i])) {
            return refuse(step, FISC_ERROR_DUTY_MISSING, "approved_by",
                          "%s has approved it, and has no right to today", approvers[i]);
        }
    }
    return count_approvals(approved_by) >= needs_by_law(step) ||
           refuse(step, FISC_ERROR_APPROVAL_MISSING, "needs", "%s needs %d approvals by now",
                  field_of(step, "action"), needs_by_law(step));
}

/* By somebody who has signed it; that it goes with its content is fisc_engine_judge_document()'s.
 */
static bool
check_completion(const Step *step)
{
    bool has_signed = person_number(step->engine, field_of(step, "maker")) == step->actor;
    g_auto(GStrv) approvers = g_strsplit(field_of(step, "approved_by"), " ", -1);
    for (int i = 0; approvers[i] != NULL; i++) {
        has_signed = has_signed || person_number(step->engine, approvers[i]) == step->actor;
    }
    if (!has_signed) {
        return refuse(step, FISC_ERROR_DENIED, NULL,
                      "it is carried out by who made or approved it");
    }
    return is_free(step) && keeps_approvers(step) && check_signatures(step);
}

static const struct {
    State from, to;
    bool (*check)(const Step *step);
} moves[] = {
    {STATE_NONE, STATE_PROPOSED, check_proposal},
    {STATE_PROPOSED, STATE_PROPOSED, check_approval},
    {STATE_PROPOSED, STATE_APPROVED, check_approval},
    {STATE_APPROVED, STATE_DONE, check_completion},
    {STATE_PROPOSED, STATE_REJECTED, check_rejection},
    {STATE_APPROVED, STATE_REJECTED, check_rejection},
    {STATE_PROPOSED, STATE_WITHDRAWN, check_withdrawal},
    {STATE_APPROVED, STATE_WITHDRAWN, check_withdrawal},
};

static bool
is_closing(State state)
{
    return state == STATE_DONE || state == STATE_REJECTED || state == STATE_WITHDRAWN;
}

/* Nothing of what was proposed is changed, left out or added; a closing step leaves the payload
 * out. */
static bool
check_unchanged(const Step *step)
{
    const GPtrArray *lists[] = {step->old->fields, step->event->fields};
    for (int k = 0; k < 2; k++) {
        for (guint i = 0; i + 1 < lists[k]->len; i += 2) {
            const char *name = lists[k]->pdata[i];
            bool is_payload = strcmp(name, "payload") == 0;
            const char *expected =
                is_payload && is_closing(step->after) ? "" : old_field(step, name);
            if (!is_in(name, step_fields, G_N_ELEMENTS(step_fields)) &&
                strcmp(expected, field_of(step, name)) != 0) {
                return refuse(step, FISC_ERROR_DOCUMENT_CHANGED, name, "%s is as it was proposed",
                              name);
            }
        }
    }
    return true;
}

bool
fisc_engine_check_document(const FiscEngine *engine, const FiscEvent *event, const FiscMaster *old,
                           int actor, FiscRefusals *refusals)
{
    Step step = {
        .engine = engine, .event = event, .old = old, .actor = actor, .refusals = refusals};
    step.before = state_of(old_field(&step, "state"));
    step.after = state_of(field_of(&step, "state"));
    for (gsize i = 0; i < G_N_ELEMENTS(moves); i++) {
        if (moves[i].from == step.before && moves[i].to == step.after) {
            return (old == NULL || check_unchanged(&step)) && moves[i].check(&step);
        }
    }
    return refuse(&step, FISC_ERROR_DOCUMENT_STATE, "state", "from %s to %s",
                  state_words[step.before],
                  step.after != STATE_NONE ? state_words[step.after] : field_of(&step, "state"));
}
