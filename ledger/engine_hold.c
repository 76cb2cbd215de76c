/* engine_hold.c: what an auditor holds: while he does, nothing that touches it is posted, approved
 * or carried out, whoever asks and whatever was approved before.
 *
 * A hold is the subject of events of the kind "hold", placed once and released once; it is never
 * deleted. It is about a document (by any name the books know it by: of the document, of an entry,
 * a transfer, an open item), a payee, an entity, or the lines that some words name. To place and to
 * release it takes the right to hold in the matrix of duties; whether only who placed a hold
 * releases it is data: the event "hold_rule" (docs/holds.md).
 *
 * What goes back stays possible: a document that is held may be rejected or withdrawn. */
#include "ledger/engine_control.h"
#include "ledger/engine_hold.h"
#include <string.h>

#define EVERY_ENTITY "*"
#define RULE_SUBJECT "release"
#define RIGHT_ACTION                                                                               \
    "payment" /* what a hold stops above all; documents and payees have their own */

typedef enum { ABOUT_NONE, ABOUT_DOCUMENT, ABOUT_PAYEE, ABOUT_ENTITY, ABOUT_LINE } About;
static const char *const about_words[] = {
    [ABOUT_NONE] = "",         [ABOUT_DOCUMENT] = "document", [ABOUT_PAYEE] = "payee",
    [ABOUT_ENTITY] = "entity", [ABOUT_LINE] = "line",
};

/* A hold in force. */
typedef struct {
    const FiscMaster *master; /* borrowed */
    About about;
    const char *code;   /* of the master */
    const char *entity; /* the same: "*" or a code */
    GArray *where;      /* ABOUT_LINE: of FiscWhereTerm; else NULL */
} Hold;

/* What an entry is known by, and its lines. */
typedef struct {
    const char *entity;
    const char *names[5]; /* NULL: it has none */
    const int32_t *codings[2];
    int counts[2];
} Touch;

static About
about_of(const char *word)
{
    for (int i = ABOUT_DOCUMENT; i < (int)G_N_ELEMENTS(about_words); i++) {
        if (g_strcmp0(word, about_words[i]) == 0) {
            return (About)i;
        }
    }
    return ABOUT_NONE;
}

static const char *
field_of(const FiscMaster *master, const char *name)
{
    const char *value = fisc_engine_field(master->fields, name);
    return value != NULL ? value : "";
}

static const char *
word_of(const FiscEvent *event, const char *name)
{
    const char *value = fisc_event_field(event, name);
    return value != NULL ? value : "";
}

/* Holds in force ------------------------------------------------------------------------------ */

static void
hold_free(gpointer data)
{
    Hold *hold = data;
    g_clear_pointer(&hold->where, g_array_unref);
    g_free(hold);
}

GPtrArray *
fisc_engine_hold_list(void)
{
    return g_ptr_array_new_with_free_func(hold_free);
}

void
fisc_engine_remove_hold(FiscEngine *engine, const FiscMaster *master)
{
    for (guint i = 0; i < engine->holds->len; i++) {
        if (((const Hold *)engine->holds->pdata[i])->master == master) {
            g_ptr_array_remove_index(engine->holds, i);
            return;
        }
    }
}

void
fisc_engine_set_hold(FiscEngine *engine, const FiscMaster *master)
{
    fisc_engine_remove_hold(engine, master);
    if (strcmp(field_of(master, "state"), "placed") != 0) {
        return;
    }
    Hold *hold = g_new0(Hold, 1);
    *hold = (Hold){.master = master,
                   .about = about_of(field_of(master, "about")),
                   .code = field_of(master, "code"),
                   .entity = field_of(master, "entity")};
    if (hold->about == ABOUT_LINE) {
        (void)fisc_where_parse(hold->code, &hold->where);
    }
    g_ptr_array_add(engine->holds, hold);
}

/* What it stops ------------------------------------------------------------------------------- */

static void
refuse(const Hold *hold, const char *what, const char *file, int row, FiscRefusals *refusals)
{
    const FiscMaster *master = hold->master;
    FiscRefusal *refusal = fisc_refusals_add(
        refusals, FISC_ERROR_HELD, file, row, NULL, "%s: %s holds the %s %s since %s (hold %s): %s",
        what, field_of(master, "placed_by"), about_words[hold->about], hold->code,
        field_of(master, "since"), master->subject, field_of(master, "reason"));
    refusal->hint = g_strdup_printf("ask %s: only an auditor releases hold %s",
                                    field_of(master, "placed_by"), master->subject);
    FiscRemedy *remedy = fisc_remedy_new(FISC_REMEDY_ASK);
    remedy->option = 1;
    remedy->approval = g_strdup(field_of(master, "placed_by"));
    remedy->rule = g_strdup(master->subject);
    refusal->remedies = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_remedy_free);
    g_ptr_array_add(refusal->remedies, remedy);
}

static bool
is_of_entity(const Hold *hold, const char *entity)
{
    return strcmp(hold->entity, EVERY_ENTITY) == 0 || g_strcmp0(hold->entity, entity) == 0;
}

static bool
has_name(const Hold *hold, const Touch *touch)
{
    for (gsize i = 0; i < G_N_ELEMENTS(touch->names); i++) {
        if (g_strcmp0(touch->names[i], hold->code) == 0) {
            return true;
        }
    }
    return false;
}

static bool
has_line(const FiscEngine *engine, const Hold *hold, const FiscEngineCoding *coding)
{
    const char *party = fisc_engine_symbol_text(engine, coding->key.dim[FISC_DIM_COUNTERPARTY]);
    const char *payee =
        fisc_engine_symbol_text(engine, coding->key.dim[FISC_DIM_CASH_COUNTERPARTY]);
    return hold->about == ABOUT_LINE
               ? fisc_where_matches(engine, hold->where, &coding->key)
               : strcmp(party, hold->code) == 0 || strcmp(payee, hold->code) == 0;
}

static bool
is_touched(const FiscEngine *engine, const Hold *hold, const Touch *touch)
{
    if (!is_of_entity(hold, touch->entity)) {
        return false;
    }
    if (hold->about == ABOUT_ENTITY || hold->about == ABOUT_DOCUMENT) {
        return hold->about == ABOUT_ENTITY || has_name(hold, touch);
    }
    for (int side = 0; side < 2; side++) {
        for (int i = 0; i < touch->counts[side]; i++) {
            if (has_line(engine, hold, engine->codings->pdata[touch->codings[side][i] - 1])) {
                return true;
            }
        }
    }
    return false;
}

/* Whether the entry's own lines, or those that it relieves, are of the open item. */
static bool
takes_item(const FiscDecision *decision, const Hold *hold)
{
    for (int side = 0; side < 2; side++) {
        for (guint i = 0; i < decision->note[side]->len; i++) {
            const FiscLineNote *note = &g_array_index(decision->note[side], FiscLineNote, i);
            const char *item = fisc_engine_symbol_text(decision->engine, note->item);
            const char *relieves = fisc_engine_symbol_text(decision->engine, note->relieves);
            if (strcmp(item, hold->code) == 0 || strcmp(relieves, hold->code) == 0) {
                return true;
            }
        }
    }
    return false;
}

static Touch
touch_of(const FiscDecision *decision)
{
    const FiscEntry *entry = decision->entry;
    Touch touch = {.entity = entry->entity,
                   .names = {entry->document, entry->reference, entry->transfer, entry->corrects,
                             decision->submission->document}};
    for (int side = 0; side < 2; side++) {
        touch.codings[side] = (const int32_t *)(const void *)decision->coding[side]->data;
        touch.counts[side] = (int)decision->coding[side]->len;
    }
    return touch;
}

void
fisc_engine_judge_holds(FiscDecision *decision)
{
    const FiscEngine *engine = decision->engine;
    if (engine->holds->len == 0) {
        return;
    }
    const FiscEntry *entry = decision->entry;
    Touch touch = touch_of(decision);
    for (guint i = 0; i < engine->holds->len; i++) {
        const Hold *hold = engine->holds->pdata[i];
        bool is_held = is_touched(engine, hold, &touch) ||
                       (hold->about == ABOUT_DOCUMENT && is_of_entity(hold, touch.entity) &&
                        takes_item(decision, hold));
        if (is_held) {
            refuse(hold, entry->reference, entry->file, entry->row, decision->refusals);
        }
    }
}

void
fisc_engine_object_holds(const FiscEngine *engine, const FiscDecidedEntry *entry,
                         FiscRefusals *objections)
{
    Touch touch = {.entity = engine->entity_codes->pdata[entry->entity_id - 1],
                   .names = {entry->document, entry->reference, entry->transfer},
                   .codings = {entry->coding},
                   .counts = {entry->count}};
    for (guint i = 0; i < engine->holds->len; i++) {
        const Hold *hold = engine->holds->pdata[i];
        bool is_held = is_touched(engine, hold, &touch);
        for (int k = 0; !is_held && hold->about == ABOUT_DOCUMENT && entry->open_item != NULL &&
                        k < entry->count;
             k++) {
            is_held =
                is_of_entity(hold, touch.entity) && g_strcmp0(entry->open_item[k], hold->code) == 0;
        }
        if (is_held) {
            fisc_refusals_add(objections, FISC_ERROR_TAMPERED, NULL, 0, NULL,
                              "it touches the %s %s, which %s held then (hold %s)",
                              about_words[hold->about], hold->code,
                              field_of(hold->master, "placed_by"), hold->master->subject);
        }
    }
}

bool
fisc_engine_check_held_document(const FiscEngine *engine, const char *document, const char *entity,
                                FiscRefusals *refusals)
{
    guint before = refusals->len;
    g_autofree char *what = g_strconcat("document ", document, NULL);
    for (guint i = 0; i < engine->holds->len; i++) {
        const Hold *hold = engine->holds->pdata[i];
        bool is_it = hold->about == ABOUT_DOCUMENT && strcmp(hold->code, document) == 0;
        bool is_held = is_of_entity(hold, entity) && (is_it || hold->about == ABOUT_ENTITY);
        if (is_held) {
            refuse(hold, what, NULL, 0, refusals);
        }
    }
    return refusals->len == before;
}

/* The events that give money, or let it be spent. */
static bool
moves_funds(const char *kind)
{
    static const char *const kinds[] = {"budget_line", "cut_line", "item",     "carry",
                                        "carry_item",  "year_end", "override", NULL};
    return g_strv_contains(kinds, kind);
}

bool
fisc_engine_check_held_event(const FiscEngine *engine, const FiscEvent *event,
                             FiscRefusals *refusals)
{
    if (engine->holds->len == 0 || !moves_funds(event->kind)) {
        return true;
    }
    guint before = refusals->len;
    const char *dim[FISC_DIM_COUNT];
    const char *slash = strchr(event->subject, '/');
    g_autofree char *entity = fisc_event_entity(event);
    g_autofree char *what = g_strconcat(event->kind, " ", event->subject, NULL);
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        dim[i] = fisc_event_field(event, fisc_dimension_column((FiscDimension)i));
    }
    for (guint i = 0; i < engine->holds->len; i++) {
        const Hold *hold = engine->holds->pdata[i];
        bool is_item = slash != NULL && strcmp(slash + 1, hold->code) == 0;
        bool is_held = hold->about == ABOUT_ENTITY || (hold->about == ABOUT_DOCUMENT && is_item) ||
                       (hold->about == ABOUT_LINE && fisc_where_has(hold->where, entity, dim));
        if (is_held && is_of_entity(hold, entity)) {
            refuse(hold, what, NULL, 0, refusals);
        }
    }
    return refusals->len == before;
}

/* Who may ------------------------------------------------------------------------------------- */

static const char *
action_of(const FiscEngine *engine, const FiscEvent *event)
{
    About about = about_of(word_of(event, "about"));
    if (about == ABOUT_PAYEE) {
        return "payee";
    }
    const FiscMaster *document =
        about == ABOUT_DOCUMENT ? fisc_engine_master(engine, "document", word_of(event, "code"))
                                : NULL;
    const char *entity = word_of(event, "entity");
    bool is_stopped = document != NULL && (strcmp(entity, EVERY_ENTITY) == 0 ||
                                           strcmp(entity, field_of(document, "entity")) == 0);
    return is_stopped ? field_of(document, "action") : RIGHT_ACTION;
}

FiscAct
fisc_engine_hold_act(const FiscEngine *engine, const FiscEvent *event)
{
    const char *entity = word_of(event, "entity");
    return (FiscAct){.action = action_of(engine, event),
                     .right = 'H',
                     .entity = strcmp(entity, EVERY_ENTITY) != 0 ? entity : NULL,
                     .on = fisc_engine_today(engine)};
}

/* What a hold must be ------------------------------------------------------------------------- */

/* One event on its way through the checks. */
typedef struct {
    const FiscEngine *engine;
    const FiscEvent *event;
    const FiscMaster *old; /* NULL: it is placed */
    const char *actor;
    FiscRefusals *refusals;
} Step;

static bool complain(const Step *step, FiscError code, const char *field, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

static bool
complain(const Step *step, FiscError code, const char *field, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *detail = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    fisc_refusals_add(step->refusals, code, NULL, 0, field, "hold %s: %s", step->event->subject,
                      detail);
    return false;
}

/* The day of the batch, or the one before: midnight may pass between asking and deciding. */
static bool
is_today(const Step *step, const char *field)
{
    FiscDate date = 0;
    FiscDate today = fisc_engine_today(step->engine);
    return (fisc_date_parse(word_of(step->event, field), &date) && date <= today &&
            date >= today - 1) ||
           complain(step, FISC_ERROR_DATE_INVALID, field, "\"%s\" is not today",
                    word_of(step->event, field));
}

static bool
is_by_actor(const Step *step, const char *field)
{
    return strcmp(word_of(step->event, field), step->actor) == 0 ||
           complain(step, FISC_ERROR_VALUE_INVALID, field, "it is by who asks for it, %s",
                    step->actor);
}

static bool
has_reason(const Step *step, const char *field)
{
    gsize length = strlen(word_of(step->event, field));
    return (length > 0 && length <= FISC_MEMO_MAX) ||
           complain(step, FISC_ERROR_VALUE_MISSING, field, "why is told in 1 to %d bytes",
                    FISC_MEMO_MAX);
}

static bool
check_subject(const Step *step)
{
    const char *name = step->event->subject;
    gsize length = strlen(name);
    return (length > 0 && length <= FISC_CODE_MAX && strpbrk(name, " \t\r\n/") == NULL) ||
           complain(step, FISC_ERROR_VALUE_INVALID, "hold",
                    "its name has 1 to %d bytes, no spaces and no slash", FISC_CODE_MAX);
}

static bool
is_party(const FiscEngine *engine, const char *code)
{
    return fisc_engine_entity(engine, code) != 0 ||
           fisc_engine_master(engine, "group", code) != NULL;
}

static bool
check_line(const Step *step)
{
    g_autoptr(GArray) where = NULL;
    const char *entity = word_of(step->event, "entity");
    const char *wrong = fisc_where_parse(word_of(step->event, "code"), &where);
    if (wrong != NULL) {
        return complain(step, FISC_ERROR_VALUE_INVALID, "code", "%s", wrong);
    }
    const char *named = fisc_where_entity(where);
    return named == NULL || strcmp(named, entity) == 0 ||
           complain(step, FISC_ERROR_VALUE_INVALID, "entity", "its line is of %s", named);
}

static bool
check_about(const Step *step)
{
    const char *code = word_of(step->event, "code");
    const char *entity = word_of(step->event, "entity");
    About about = about_of(word_of(step->event, "about"));
    if (about == ABOUT_NONE || *code == '\0' || strlen(code) > FISC_MEMO_MAX) {
        return complain(step, FISC_ERROR_VALUE_INVALID, "about",
                        "it is about a document, a payee, an entity or a line");
    }
    if (strcmp(entity, EVERY_ENTITY) != 0 && fisc_engine_entity(step->engine, entity) == 0) {
        return complain(step, FISC_ERROR_ENTITY_UNKNOWN, "entity", "\"%s\"", entity);
    }
    switch (about) {
    case ABOUT_PAYEE:
        return is_party(step->engine, code) ||
               complain(step, FISC_ERROR_COUNTERPARTY_UNKNOWN, "code", "\"%s\"", code);
    case ABOUT_ENTITY:
        return strcmp(code, entity) == 0 ||
               complain(step, FISC_ERROR_VALUE_INVALID, "entity", "it is of the entity it holds");
    case ABOUT_LINE:
        return check_line(step);
    default:
        return true; /* any name: what is not on record yet may come */
    }
}

static bool
check_fields(const Step *step)
{
    static const char *const names[] = {"state",       "about",  "code",   "entity",
                                        "placed_by",   "since",  "reason", "released_by",
                                        "released_on", "remark", NULL};
    for (guint i = 0; i + 1 < step->event->fields->len; i += 2) {
        const char *name = step->event->fields->pdata[i];
        if (!g_strv_contains(names, name)) {
            return complain(step, FISC_ERROR_VALUE_INVALID, name, "it has no field \"%s\"", name);
        }
    }
    return true;
}

static bool
check_placing(const Step *step)
{
    if (strcmp(word_of(step->event, "state"), "placed") != 0 ||
        *word_of(step->event, "released_by") != '\0') {
        return complain(step, FISC_ERROR_DOCUMENT_STATE, "state", "it begins placed");
    }
    return check_subject(step) && check_about(step) && has_reason(step, "reason") &&
           is_by_actor(step, "placed_by") && is_today(step, "since");
}

/* Where the rule says that who placed it releases it, another does only when that one may no more:
 * nothing is held for ever because somebody has left. */
static bool
check_releaser(const Step *step)
{
    const char *by = fisc_engine_master_field(step->engine, "hold_rule", RULE_SUBJECT, "by");
    const char *placed_by = field_of(step->old, "placed_by");
    if (g_strcmp0(by, "placer") != 0 || strcmp(placed_by, step->actor) == 0) {
        return true;
    }
    FiscAct act = fisc_engine_hold_act(step->engine, step->event);
    act.person = placed_by;
    bool may_still =
        !fisc_registry_is_enforced(step->engine->registry) || fisc_engine_could(step->engine, &act);
    return !may_still || complain(step, FISC_ERROR_DENIED, NULL,
                                  "only %s, who placed it, releases it", placed_by);
}

static bool
check_release(const Step *step)
{
    if (strcmp(field_of(step->old, "state"), "placed") != 0 ||
        strcmp(word_of(step->event, "state"), "released") != 0) {
        return complain(step, FISC_ERROR_DOCUMENT_STATE, "state", "from %s to %s",
                        field_of(step->old, "state"), word_of(step->event, "state"));
    }
    return has_reason(step, "remark") && is_by_actor(step, "released_by") &&
           is_today(step, "released_on") && check_releaser(step);
}

bool
fisc_engine_check_hold(const FiscEngine *engine, const FiscEvent *event, const FiscMaster *old,
                       int actor, FiscRefusals *refusals)
{
    Step step = {.engine = engine,
                 .event = event,
                 .old = old,
                 .actor = fisc_engine_person(engine, actor),
                 .refusals = refusals};
    return check_fields(&step) && (old == NULL ? check_placing(&step) : check_release(&step));
}

bool
fisc_engine_check_hold_rule(const FiscEngine *engine, const FiscEvent *event,
                            FiscRefusals *refusals)
{
    (void)engine;
    const char *by = word_of(event, "by");
    bool is_good = strcmp(event->subject, RULE_SUBJECT) == 0 && event->fields->len == 2 &&
                   (strcmp(by, "any") == 0 || strcmp(by, "placer") == 0);
    if (!is_good) {
        fisc_refusals_add(refusals, FISC_ERROR_VALUE_INVALID, NULL, 0, "by",
                          "hold_rule %s: who releases a hold is any or placer", event->subject);
    }
    return is_good;
}
