/* engine_duty_event.c: who may make which event, and what events of persons and roles must obey.
 *
 * An event that would weaken a control needs at least what an entry needs: the right to make it,
 * and where the matrix asks for approvals the document that has them. Grants, persons and the
 * policy have their second person built in (core/identity). What is not listed is a rule of the
 * book. */
#include "ledger/engine_hold.h"
#include <string.h>

typedef enum {
    EYES_DOCUMENT, /* approvals by a document */
    EYES_OWN,      /* judge_own() */
    EYES_HOLD,     /* the right to hold: fisc_engine_hold_act() */
    EYES_NONE,     /* judged by others */
} Eyes;

static const struct {
    const char *kind;
    const char *action;
    Eyes eyes;
} protections[] = {
    {"person", "grant", EYES_OWN},
    {"grant", "grant", EYES_OWN},
    {"policy", "grant", EYES_OWN},
    {"credential", "grant", EYES_OWN}, /* one's own is one's own: is_own_credential() */
    {"delegation", NULL, EYES_NONE},   /* the principal's own, by the registry */
    {"hold", NULL, EYES_HOLD},
    {"hold_rule", "grant", EYES_DOCUMENT},
    {"document", NULL, EYES_NONE}, /* engine_document.c */
    {"case", NULL, EYES_NONE},     /* engine_case.c; its action is that of the step */
    {"procedure", "rules", EYES_DOCUMENT},
    {"duty", "grant", EYES_DOCUMENT},
    {"exclusion", "grant", EYES_DOCUMENT},
    {"conflict", "grant", EYES_DOCUMENT},
    {"approvals", "grant", EYES_DOCUMENT},
    {"period", "period", EYES_DOCUMENT},
    {"override", "override", EYES_DOCUMENT},
    {"budget_line", "budget", EYES_DOCUMENT},
    {"law", "budget", EYES_DOCUMENT},
    {"cut_line", "budget", EYES_DOCUMENT},
    {"item", "commitment", EYES_DOCUMENT},
    {"carry_item", "budget", EYES_DOCUMENT},
    {"carry", "budget", EYES_DOCUMENT},
    {"year_end", "budget", EYES_DOCUMENT},
};

static void
find_protection(const char *kind, const char **out_action, Eyes *out_eyes)
{
    *out_action = "rules"; /* account, entity, group, segment, control, cover, linked_set ... */
    *out_eyes = EYES_DOCUMENT;
    for (gsize i = 0; i < G_N_ELEMENTS(protections); i++) {
        if (strcmp(protections[i].kind, kind) == 0) {
            *out_action = protections[i].action;
            *out_eyes = protections[i].eyes;
        }
    }
}

static bool
changes_nothing(const FiscMaster *old, const FiscEvent *event)
{
    bool is_same = old != NULL && old->fields->len == event->fields->len;
    for (guint i = 0; is_same && i < event->fields->len; i++) {
        is_same = strcmp(old->fields->pdata[i], event->fields->pdata[i]) == 0;
    }
    return is_same;
}

/* What one is known by oneself: password, token, certificate. */
static bool
is_own_credential(const FiscEvent *event, const char *person)
{
    gsize length = person != NULL ? strlen(person) : 0;
    return strcmp(event->kind, "credential") == 0 && length > 0 &&
           strncmp(event->subject, person, length) == 0 && event->subject[length] == '/';
}

static bool
is_known(const FiscEngine *engine, const char *person)
{
    const FiscPerson *known = fisc_registry_person(engine->registry, person);
    return known != NULL && known->is_registered && known->is_active;
}

/* A refusal for the first right, when none of @rights is held. */
static bool
judge_any(const FiscEngine *engine, FiscAct act, const char *rights, FiscRefusals *refusals)
{
    for (const char *right = rights; *right != '\0'; right++) {
        act.right = *right;
        if (fisc_registry_judge(engine->registry, &act, NULL)) {
            return true;
        }
    }
    act.right = *rights;
    return fisc_registry_judge(engine->registry, &act, refusals);
}

static bool
refuse_approval(FiscRefusals *refusals, const FiscEvent *event, const char *why)
{
    fisc_refusals_add(refusals, FISC_ERROR_APPROVAL_MISSING, NULL, 0, NULL, "%s %s %s", event->kind,
                      event->subject, why);
    return false;
}

/* Carried out by whoever signed it; it was made by its maker, by the right of whom it names. What
 * a feeder brings is staged. */
static bool
judge_by_document(const FiscEngine *engine, const FiscMaster *document, FiscAct act,
                  FiscRefusals *refusals)
{
    const char *right = strcmp(act.action, FISC_ACTION_FEED) == 0 ? "S" : "M";
    const char *principal = fisc_engine_field(document->fields, "maker_for");
    act.person = fisc_engine_field(document->fields, "maker");
    act.principal = principal != NULL && *principal != '\0' ? principal : NULL;
    return act.person != NULL && judge_any(engine, act, right, refusals);
}

static bool
judge_protected(const FiscEngine *engine, const FiscMaster *document, const FiscAct *act,
                const FiscEvent *event, FiscRefusals *refusals)
{
    if (document != NULL) {
        return judge_by_document(engine, document, *act, refusals);
    }
    if (!judge_any(engine, *act, "M", refusals)) {
        return false;
    }
    return fisc_registry_approvals(engine->registry, act->action) == 0 ||
           refuse_approval(refusals, event, "needs an approved document");
}

/* To stop somebody or something takes one of those who grant; to begin takes the right side of two.
 */
static const char *
rights_for(const FiscEvent *event)
{
    const char *state = fisc_event_field(event, "state");
    if (strcmp(event->kind, "policy") == 0) {
        return "MA";
    }
    return g_strcmp0(state, "active") == 0 && strcmp(event->kind, "grant") == 0   ? "A"
           : g_strcmp0(state, "proposed") == 0 || g_strcmp0(state, "active") == 0 ? "M"
                                                                                  : "MA";
}

/* What brings somebody back, or takes the duties out of force, is done by a document. */
static bool
is_return(const FiscEngine *engine, const FiscMaster *old, const FiscEvent *event)
{
    if (strcmp(event->kind, "policy") == 0) {
        return fisc_registry_is_enforced(engine->registry);
    }
    const char *before = old != NULL ? fisc_engine_field(old->fields, "state") : NULL;
    return strcmp(event->kind, "person") == 0 && g_strcmp0(before, "disabled") == 0 &&
           g_strcmp0(fisc_event_field(event, "state"), "disabled") != 0;
}

/* What comes with a document is what it is about, and comes behind the step that closes it: nobody
 * approves a grant by approving an order, and nobody delegates by approving anything. */
static bool
judge_content(const FiscMaster *document, const FiscEvent *event, const char *action,
              FiscRefusals *refusals)
{
    if (document == NULL || strcmp(event->kind, "document") == 0) {
        return true;
    }
    if (g_strcmp0(fisc_engine_field(document->fields, "state"), "done") != 0) {
        return refuse_approval(refusals, event, "comes before its document is done");
    }
    const char *about = fisc_engine_field(document->fields, "action");
    g_autofree char *why =
        g_strdup_printf("is not what document %s is about: %s", document->subject, about);
    return g_strcmp0(about, action) == 0 || refuse_approval(refusals, event, why);
}

bool
fisc_engine_judge_event(FiscEngine *engine, const FiscSubmission *submission,
                        const FiscEvent *event, int maker, FiscRefusals *refusals)
{
    const FiscMaster *old = fisc_engine_master(engine, event->kind, event->subject);
    const FiscMaster *document = submission->document != NULL
                                     ? fisc_engine_master(engine, "document", submission->document)
                                     : NULL;
    const char *action = NULL;
    Eyes eyes = EYES_NONE;
    find_protection(event->kind, &action, &eyes);
    if (changes_nothing(old, event)) {
        return true;
    }
    if (fisc_engine_is_fed_event(engine, document, submission->source, event)) {
        action = FISC_ACTION_FEED;
    }
    if (strcmp(event->kind, "case") == 0) {
        action = fisc_engine_case_action(engine, event);
        if (!fisc_engine_judge_case(engine, submission, event, refusals)) {
            return false;
        }
    }
    if (!fisc_registry_is_enforced(engine->registry) || engine->is_authorized) {
        return true;
    }
    if (!judge_content(document, event, action, refusals)) {
        return false;
    }
    if (eyes == EYES_NONE) {
        return true;
    }
    g_autofree char *entity = fisc_event_entity(event);
    FiscAct act = {.person = fisc_engine_person(engine, maker),
                   .principal = submission->on_behalf,
                   .action = action,
                   .entity = entity,
                   .on = fisc_engine_today(engine)};
    if (eyes == EYES_HOLD) {
        act.action = fisc_engine_hold_act(engine, event).action;
        return judge_any(engine, act, "H", refusals);
    }
    if (eyes == EYES_DOCUMENT || is_return(engine, old, event)) {
        return judge_protected(engine, document, &act, event, refusals);
    }
    if (is_own_credential(event, act.person)) {
        return is_known(engine, act.person) || judge_any(engine, act, "M", refusals);
    }
    return judge_any(engine, act, rights_for(event), refusals);
}

/* On record ---------------------------------------------------------------------------------- */

/* Where a submission comes from goes on record by itself. */
static bool
is_first_mention(const FiscMaster *old, const FiscEvent *event)
{
    return old == NULL && strcmp(event->kind, "source") == 0 && event->fields->len == 2 &&
           g_strcmp0(fisc_event_field(event, "name"), event->subject) == 0;
}

static bool
could_any(const FiscEngine *engine, FiscAct act, const char *rights)
{
    bool could = false;
    for (const char *right = rights; !could && *right != '\0'; right++) {
        act.right = *right;
        could = fisc_engine_could(engine, &act);
    }
    return could;
}

/* A step that takes a document, in a batch that carried none out. */
static void
object_case(const FiscEngine *engine, const FiscEvent *event, const GArray *carried,
            FiscRefusals *objections)
{
    const char *action = fisc_engine_case_action(engine, event);
    if (fisc_engine_is_document_step(engine, event) &&
        !fisc_engine_is_carried(carried, 0, 0, action)) {
        fisc_refusals_add(objections, FISC_ERROR_TAMPERED, NULL, 0, NULL,
                          "%s took the step \"%s\", and no document approves it", event->subject,
                          fisc_event_field(event, "step"));
    }
}

void
fisc_engine_object_event(const FiscEngine *engine, const FiscEvent *event, int maker,
                         const GArray *carried, FiscRefusals *objections)
{
    const FiscMaster *old = fisc_engine_master(engine, event->kind, event->subject);
    const char *action = NULL;
    Eyes eyes = EYES_NONE;
    find_protection(event->kind, &action, &eyes);
    if (strcmp(event->kind, "case") == 0) {
        object_case(engine, event, carried, objections);
    }
    if (!fisc_registry_is_enforced(engine->registry) || eyes == EYES_NONE ||
        is_first_mention(old, event) || fisc_engine_was_fed_event(engine, event, maker, carried)) {
        return;
    }
    g_autofree char *entity = fisc_event_entity(event);
    FiscAct act = {.person = fisc_engine_person(engine, maker),
                   .action = action,
                   .entity = entity,
                   .on = fisc_engine_today(engine)};
    if (is_own_credential(event, act.person) && is_known(engine, act.person)) {
        return;
    }
    if (eyes == EYES_HOLD) {
        act.action = fisc_engine_hold_act(engine, event).action;
    }
    const char *rights = eyes == EYES_HOLD ? "H" : rights_for(event);
    bool by_document = eyes == EYES_DOCUMENT || is_return(engine, old, event);
    bool is_lawful = !by_document ? could_any(engine, act, rights)
                                  : fisc_engine_is_carried(carried, 0, maker, action) ||
                                        (fisc_registry_approvals(engine->registry, action) == 0 &&
                                         could_any(engine, act, "M"));
    if (!is_lawful) {
        fisc_refusals_add(objections, FISC_ERROR_TAMPERED, NULL, 0, NULL,
                          "%s had no right to make the %s %s%s", act.person, event->kind,
                          event->subject, by_document ? ", and no document approves it" : "");
    }
}

bool
fisc_engine_check_identity(const FiscEngine *engine, const FiscEvent *event, int maker,
                           FiscRefusals *refusals)
{
    FiscIdentityEvent identity = {.kind = event->kind,
                                  .subject = event->subject,
                                  .fields = event->fields,
                                  .actor = fisc_engine_person(engine, maker),
                                  .today = fisc_engine_today(engine)};
    return fisc_registry_check(engine->registry, &identity, refusals);
}
