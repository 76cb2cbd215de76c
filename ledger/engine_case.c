/* engine_case.c: procedures and cases: things that move from state to state by the steps of a table
 * that is itself on record.
 *
 * A step of a procedure is an event of the kind "procedure", subject "<procedure>/<step>": from
 * which states it leads where, which action of the duties matrix it takes and with which right,
 * whether another hand than before has to take it. A case is the subject of events of the kind
 * "case", "<procedure>/<id>": each event is one step and repeats what the case is. What a case is
 * about is a content, of which only the digest is here, and the cases it is the parent of.
 *
 * That a content changed under an editor's hands is refused here, because here is the order of
 * things. What the content means, and what of it a step may change, is asked elsewhere. */
#include "ledger/engine_internal.h"
#include "core/base/hash.h"
#include "fisc/ledger.h"
#include <string.h>

#define NOWHERE "-" /* the state of a case that is not there yet */
#define WHOLE_BOOK "*"
#define OFFENDERS_SHOWN 3

/* What each step says anew. Everything else is of the case: it is repeated, and may be added to. */
static const char *const step_fields[] = {"step",     "state", "content", "base",     "children",
                                          "requires", "hands", "reason",  "on_behalf"};

/* One step of a case on its way through the checks. */
typedef struct {
    const FiscEngine *engine;
    const FiscEvent *event;
    const FiscMaster *old; /* NULL: the case begins */
    const FiscMaster *rule;
    int actor;
    FiscRefusals *refusals;
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
    fisc_refusals_add(step->refusals, code, NULL, 0, field, "%s: %s", step->event->subject, detail);
    return false;
}

static const char *
text(const char *value)
{
    return value != NULL ? value : "";
}

static const char *
said(const Step *step, const char *name)
{
    return text(fisc_event_field(step->event, name));
}

static const char *
before(const Step *step, const char *name)
{
    return step->old != NULL ? text(fisc_engine_field(step->old->fields, name)) : "";
}

static const char *
ruled(const Step *step, const char *name)
{
    return text(fisc_engine_field(step->rule->fields, name));
}

/* One word among words that are separated by spaces. */
static bool
has_word(const char *words, const char *word)
{
    g_auto(GStrv) each = g_strsplit(words, " ", -1);
    return *word != '\0' && g_strv_contains((const char *const *)each, word);
}

static bool
is_step_field(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(step_fields); i++) {
        if (strcmp(step_fields[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static bool
is_digest(const char *word)
{
    return strlen(word) == FISC_HASH_TEXT - 1 && strspn(word, "0123456789abcdef") == strlen(word);
}

static const char *
content_of(const FiscEngine *engine, const char *subject)
{
    return text(fisc_engine_master_field(engine, "case", subject, "content"));
}

/* Children ------------------------------------------------------------------------------------ */

static int
compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool
check_children_digest(const Step *step, GHashTable *cases)
{
    char hex[FISC_CASE_DIGEST_TEXT];
    g_autoptr(GArray) children = g_array_new(FALSE, FALSE, sizeof(FiscCaseChild));
    GHashTableIter iter;
    gpointer value;
    if (cases != NULL) {
        g_hash_table_iter_init(&iter, cases);
        while (g_hash_table_iter_next(&iter, NULL, &value)) {
            const FiscMaster *child = value;
            FiscCaseChild one = {child->subject, fisc_engine_field(child->fields, "content")};
            g_array_append_val(children, one);
        }
    }
    fisc_case_children_digest((FiscCaseChild *)(void *)children->data, children->len, hex);
    return strcmp(hex, said(step, "children")) == 0 ||
           refuse(step, FISC_ERROR_CASE_CHANGED, "children",
                  "its parts are not what they were when this was asked for");
}

/* Every child has to be in one of the states that the step asks for. */
static bool
check_children_states(const Step *step, GHashTable *cases)
{
    const char *states = ruled(step, "children");
    g_autoptr(GPtrArray) offenders = g_ptr_array_new();
    GHashTableIter iter;
    gpointer value;
    if (*states == '\0' || cases == NULL) {
        return true;
    }
    g_hash_table_iter_init(&iter, cases);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const FiscMaster *child = value;
        if (!has_word(states, text(fisc_engine_field(child->fields, "state")))) {
            g_ptr_array_add(offenders, child->subject);
        }
    }
    if (offenders->len == 0) {
        return true;
    }
    g_ptr_array_sort(offenders, compare_names);
    g_autoptr(GString) names = g_string_new(NULL);
    for (guint i = 0; i < MIN(offenders->len, OFFENDERS_SHOWN); i++) {
        g_string_append_printf(names, "%s%s", i > 0 ? ", " : "", (char *)offenders->pdata[i]);
    }
    return refuse(step, FISC_ERROR_CASE_STATE, "children",
                  "its parts have to be %s first; %u are not: %s%s", states, offenders->len,
                  names->str, offenders->len > OFFENDERS_SHOWN ? " ..." : "");
}

static bool
check_children(const Step *step)
{
    GHashTable *cases = fisc_engine_case_children(step->engine, step->event->subject);
    return check_children_states(step, cases) &&
           (*said(step, "children") == '\0' || check_children_digest(step, cases));
}

/* The case itself ----------------------------------------------------------------------------- */

/* What a case is: repeated by every step, and nothing of it is changed or left out. */
static bool
check_repeated(const Step *step)
{
    for (guint i = 0; step->old != NULL && i + 1 < step->old->fields->len; i += 2) {
        const char *name = step->old->fields->pdata[i];
        if (!is_step_field(name) &&
            strcmp(step->old->fields->pdata[i + 1], said(step, name)) != 0) {
            return refuse(step, FISC_ERROR_MASTER_CONFLICT, name, "%s is \"%s\" and stays so", name,
                          (char *)step->old->fields->pdata[i + 1]);
        }
    }
    return true;
}

/* Where a case hangs can be read off its name: PROCEDURE/<id of the parent>/...[/ENTITY]. */
static bool
check_name(const Step *step)
{
    const char *subject = step->event->subject;
    const char *parent = said(step, "parent");
    const char *entity = said(step, "entity");
    if (strpbrk(subject, " \t\n") != NULL || strlen(subject) > FISC_CASE_SUBJECT_MAX) {
        return refuse(step, FISC_ERROR_VALUE_INVALID, NULL, "its name has no spaces and %d bytes",
                      FISC_CASE_SUBJECT_MAX);
    }
    if (strcmp(entity, WHOLE_BOOK) != 0 && fisc_engine_entity(step->engine, entity) == 0) {
        return refuse(step, FISC_ERROR_ENTITY_UNKNOWN, "entity", "\"%s\"", entity);
    }
    if (*parent == '\0') {
        return true;
    }
    const char *slash = strchr(parent, '/');
    g_autofree char *begins = g_strdup_printf("%s/", slash != NULL ? slash : parent);
    g_autofree char *ends = g_strdup_printf("/%s", entity);
    bool is_below = g_str_has_prefix(strchr(subject, '/'), begins);
    bool is_its_own = strcmp(entity, WHOLE_BOOK) == 0 || g_str_has_suffix(subject, ends);
    return (is_below && is_its_own) ||
           refuse(step, FISC_ERROR_VALUE_INVALID, "parent",
                  "a part of %s of entity %s has another name", parent, entity);
}

/* States -------------------------------------------------------------------------------------- */

static bool
check_states(const Step *step)
{
    const char *state = step->old != NULL ? before(step, "state") : NOWHERE;
    if (!has_word(ruled(step, "from"), state)) {
        return refuse(step, FISC_ERROR_CASE_STATE, "step",
                      "\"%s\" leads on from \"%s\", and this is in \"%s\"", said(step, "step"),
                      ruled(step, "from"), state);
    }
    if (strcmp(ruled(step, "to"), said(step, "state")) != 0) {
        return refuse(step, FISC_ERROR_CASE_STATE, "state", "\"%s\" leads to \"%s\", not to \"%s\"",
                      said(step, "step"), ruled(step, "to"), said(step, "state"));
    }
    const char *states = ruled(step, "parent");
    const char *parent = said(step, "parent");
    const char *parent_state =
        text(fisc_engine_master_field(step->engine, "case", parent, "state"));
    if (*parent != '\0' && *parent_state == '\0') {
        return refuse(step, FISC_ERROR_CASE_STATE, "parent", "there is no %s", parent);
    }
    return *states == '\0' || has_word(states, parent_state) ||
           refuse(step, FISC_ERROR_CASE_STATE, "parent",
                  "\"%s\" is possible while %s is \"%s\", and it is \"%s\"", said(step, "step"),
                  *parent != '\0' ? parent : "its parent", states, parent_state);
}

static bool
check_carried(const Step *step)
{
    g_auto(GStrv) names = g_strsplit(ruled(step, "carries"), " ", -1);
    for (int i = 0; names[i] != NULL; i++) {
        if (*names[i] != '\0' && *said(step, names[i]) == '\0') {
            return refuse(step, FISC_ERROR_VALUE_MISSING, names[i], "\"%s\" has to say its %s",
                          said(step, "step"), names[i]);
        }
    }
    return true;
}

/* Content ------------------------------------------------------------------------------------- */

static bool
check_content(const Step *step)
{
    static const char *const digests[] = {"content", "base", "children"};
    for (gsize i = 0; i < G_N_ELEMENTS(digests); i++) {
        const char *digest = said(step, digests[i]);
        if (*digest != '\0' && !is_digest(digest)) {
            return refuse(step, FISC_ERROR_VALUE_INVALID, digests[i], "\"%s\" is no SHA-256",
                          digest);
        }
    }
    const char *now = before(step, "content");
    bool edits = *ruled(step, "edits") == 'Y';
    bool has_base = edits || *said(step, "base") != '\0';
    if (has_base && strcmp(said(step, "base"), now) != 0) {
        return refuse(step, FISC_ERROR_CASE_CHANGED, "base",
                      "somebody else gave it another content since");
    }
    return edits || strcmp(said(step, "content"), now) == 0 ||
           refuse(step, FISC_ERROR_CASE_CHANGED, "content", "\"%s\" does not change the content",
                  said(step, "step"));
}

/* Other cases still are what they were when this step was made ready. */
static bool
check_requires(const Step *step)
{
    g_auto(GStrv) words = g_strsplit(said(step, "requires"), " ", -1);
    for (int i = 0; words[i] != NULL; i++) {
        char *equals = strchr(words[i], '=');
        if (*words[i] == '\0') {
            continue;
        }
        if (equals == NULL) {
            return refuse(step, FISC_ERROR_VALUE_INVALID, "requires", "\"%s\" is no CASE=SHA-256",
                          words[i]);
        }
        *equals = '\0';
        if (strcmp(content_of(step->engine, words[i]), equals + 1) != 0) {
            return refuse(step, FISC_ERROR_CASE_CHANGED, "requires", "%s has changed since",
                          words[i]);
        }
    }
    return true;
}

/* Hands --------------------------------------------------------------------------------------- */

static int
person_number(const FiscEngine *engine, const char *code)
{
    const FiscMaster *person = fisc_engine_master(engine, "person", code);
    return person != NULL ? person->number : 0;
}

static bool
check_other_hand(const Step *step, int principal)
{
    g_auto(GStrv) hands = g_strsplit(before(step, "hands"), " ", -1);
    for (int i = 0; hands[i] != NULL; i++) {
        int person = person_number(step->engine, hands[i]);
        if (*hands[i] == '\0' || person == 0) {
            continue;
        }
        if (person == step->actor) {
            return refuse(step, FISC_ERROR_SECOND_PERSON, NULL,
                          "%s had a hand in it: somebody else has to %s it", hands[i],
                          said(step, "step"));
        }
        if (person == principal || fisc_engine_share_hand(step->engine, step->actor, person)) {
            return refuse(step, FISC_ERROR_SOD_SAME_PRINCIPAL, NULL,
                          "%s had a hand in it, and one acts for the other", hands[i]);
        }
    }
    return true;
}

static void
add_hand(GString *hands, const char *person)
{
    if (*person != '\0' && !has_word(hands->str, person)) {
        g_string_append_printf(hands, "%s%s", hands->len > 0 ? " " : "", person);
    }
}

char *
fisc_case_hands(const char *hands_before, const char *actor, const char *on_behalf,
                bool is_other_hand, bool by_document)
{
    g_autoptr(GString) hands = g_string_new(text(hands_before));
    if (is_other_hand) {
        g_string_truncate(hands, 0); /* what follows begins anew */
    } else if (!by_document) {
        add_hand(hands, actor);
        add_hand(hands, text(on_behalf));
    }
    return g_strdup(hands->str);
}

static bool
check_hands(const Step *step, bool is_other_hand, bool by_document)
{
    const char *actor = fisc_engine_person(step->engine, step->actor);
    if (strpbrk(actor, " \t\n") != NULL) {
        return refuse(step, FISC_ERROR_VALUE_INVALID, "hands",
                      "\"%s\" has spaces: who takes a step has a code without", actor);
    }
    g_autofree char *hands = fisc_case_hands(before(step, "hands"), actor, said(step, "on_behalf"),
                                             is_other_hand, by_document);
    return strcmp(hands, said(step, "hands")) == 0 ||
           refuse(step, FISC_ERROR_VALUE_INVALID, "hands", "they are \"%s\", not \"%s\"", hands,
                  said(step, "hands"));
}

/* A step that comes with a document is taken by those who signed it, by the rights that were asked
 * for then. */
static bool
check_person(const Step *step)
{
    bool is_other_hand = *ruled(step, "other_hand") == 'Y';
    bool by_document = *ruled(step, "document") == 'Y';
    const char *on_behalf = said(step, "on_behalf");
    int principal = person_number(step->engine, on_behalf);
    if (*on_behalf != '\0' && (principal == 0 || by_document)) {
        return refuse(step, FISC_ERROR_PERSON_UNKNOWN, "on_behalf", "\"%s\"", on_behalf);
    }
    if (!check_hands(step, is_other_hand, by_document)) {
        return false;
    }
    if (by_document) {
        return true;
    }
    if (is_other_hand && !check_other_hand(step, principal)) {
        return false;
    }
    const char *action = ruled(step, "action");
    char right = *ruled(step, "right");
    const char *entity = said(step, "entity");
    return fisc_engine_may(step->engine, step->actor, principal, action, right,
                           fisc_engine_entity(step->engine, entity)) ||
           refuse(step, FISC_ERROR_DUTY_MISSING, NULL, "to %s it takes the right to %s %s of %s",
                  said(step, "step"), right == 'M' ? "make" : "approve", action, entity);
}

/* The whole ----------------------------------------------------------------------------------- */

/* The rule of the procedure that an event names; NULL when there is none. */
static const FiscMaster *
find_rule(const FiscEngine *engine, const FiscEvent *event)
{
    const char *slash = strchr(event->subject, '/');
    const char *name = fisc_event_field(event, "step");
    if (slash == NULL || slash[1] == '\0' || name == NULL) {
        return NULL;
    }
    g_autofree char *subject =
        g_strdup_printf("%.*s/%s", (int)(slash - event->subject), event->subject, name);
    return fisc_engine_master(engine, "procedure", subject);
}

const char *
fisc_engine_case_action(const FiscEngine *engine, const FiscEvent *event)
{
    const FiscMaster *rule = find_rule(engine, event);
    return rule != NULL ? fisc_engine_field(rule->fields, "action") : NULL;
}

bool
fisc_engine_is_document_step(const FiscEngine *engine, const FiscEvent *event)
{
    const FiscMaster *rule = find_rule(engine, event);
    return rule != NULL && *text(fisc_engine_field(rule->fields, "document")) == 'Y';
}

/* A step that takes a document comes with one that is about this, and no other step does; and it is
 * taken for the principal whom the submission names. */
bool
fisc_engine_judge_case(const FiscEngine *engine, const FiscSubmission *submission,
                       const FiscEvent *event, FiscRefusals *refusals)
{
    Step step = {.engine = engine, .event = event, .refusals = refusals};
    if (engine->is_authorized) {
        return true;
    }
    if (fisc_engine_is_document_step(engine, event) != (submission->document != NULL)) {
        return refuse(&step, FISC_ERROR_APPROVAL_MISSING, "step",
                      submission->document == NULL
                          ? "\"%s\" comes with the document that was approved for it"
                          : "\"%s\" is taken by a person, not by a document",
                      said(&step, "step"));
    }
    const char *about =
        submission->document != NULL
            ? fisc_engine_master_field(engine, "document", submission->document, "action")
            : NULL;
    if (submission->document != NULL &&
        g_strcmp0(about, fisc_engine_case_action(engine, event)) != 0) {
        return refuse(&step, FISC_ERROR_APPROVAL_MISSING, "step",
                      "document %s is about another action", submission->document);
    }
    const char *principal = submission->document == NULL ? submission->on_behalf : NULL;
    return strcmp(text(principal), said(&step, "on_behalf")) == 0 ||
           refuse(&step, FISC_ERROR_DELEGATION_INVALID, "on_behalf",
                  "the step does not say on whose behalf it is taken");
}

bool
fisc_engine_check_case(const FiscEngine *engine, const FiscEvent *event, const FiscMaster *old,
                       int actor, FiscRefusals *refusals)
{
    Step step = {.engine = engine,
                 .event = event,
                 .old = old,
                 .rule = find_rule(engine, event),
                 .actor = actor,
                 .refusals = refusals};
    if (step.rule == NULL) {
        return refuse(&step, FISC_ERROR_VALUE_INVALID, "step", "no procedure knows the step \"%s\"",
                      said(&step, "step"));
    }
    return check_name(&step) && check_repeated(&step) && check_states(&step) &&
           check_carried(&step) && check_content(&step) && check_requires(&step) &&
           check_children(&step) && check_person(&step);
}
