/* engine_event.c: events: master data, periods, controls: the part of the engine that knows who is
 * who.
 *
 * The newest event of a subject is its master record. An event that changes nothing is no item, so
 * loading a package twice writes nothing. Numbers are given in order of first mention and never
 * change. */
#include "ledger/engine_hold.h"
#include "fisc/chart.h"
#include "fisc/fact.h"
#include <string.h>

static char *
master_key(const char *kind, const char *subject)
{
    return g_strconcat(kind, "\x1f", subject, NULL);
}

const FiscMaster *
fisc_engine_master(const FiscEngine *engine, const char *kind, const char *subject)
{
    g_autofree char *key = master_key(kind, subject);
    return g_hash_table_lookup(engine->masters, key);
}

const char *
fisc_engine_field(GPtrArray *fields, const char *name)
{
    for (guint i = 0; i + 1 < fields->len; i += 2) {
        if (strcmp(fields->pdata[i], name) == 0) {
            return fields->pdata[i + 1];
        }
    }
    return NULL;
}

const char *
fisc_engine_master_field(const FiscEngine *engine, const char *kind, const char *subject,
                         const char *field)
{
    const FiscMaster *master = fisc_engine_master(engine, kind, subject);
    return master != NULL ? fisc_engine_field(master->fields, field) : NULL;
}

int
fisc_engine_entity(const FiscEngine *engine, const char *code)
{
    const FiscMaster *master = fisc_engine_master(engine, "entity", code);
    return master != NULL ? master->number : 0;
}

static GPtrArray *
copy_fields(GPtrArray *fields)
{
    GPtrArray *copy = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < fields->len; i++) {
        g_ptr_array_add(copy, g_strdup(fields->pdata[i]));
    }
    return copy;
}

static bool
same_fields(GPtrArray *a, GPtrArray *b)
{
    if (a->len != b->len) {
        return false;
    }
    for (guint i = 0; i < a->len; i++) {
        if (strcmp(a->pdata[i], b->pdata[i]) != 0) {
            return false;
        }
    }
    return true;
}

/* The stage that a budgetary account plays: its own chart says so, or its number among ours. */
static FiscStage
stage_of_account(const char *code, const char *word)
{
    if (word != NULL) {
        int stage = fisc_stage_find(word);
        return stage > 0 ? (FiscStage)stage : FISC_STAGE_NONE;
    }
    for (int stage = 1; stage < FISC_STAGE_COUNT; stage++) {
        if (strcmp(fisc_stage_account((FiscStage)stage), code) == 0) {
            return (FiscStage)stage;
        }
    }
    return FISC_STAGE_NONE;
}

static void
account_free(gpointer data)
{
    FiscEngineAccount *account = data;
    if (account != NULL) {
        g_free(account->code);
        g_free(account->gfs);
        g_free(account);
    }
}

static void
put(GPtrArray *array, int number, gpointer value)
{
    if ((int)array->len < number) {
        g_ptr_array_set_size(array, number);
    }
    array->pdata[number - 1] = value;
}

static void
set_account(FiscEngine *engine, const FiscMaster *master)
{
    FiscEngineAccount *account = g_new0(FiscEngineAccount, 1);
    account->number = master->number;
    account->code = g_strdup(master->subject);
    account->class_ = fisc_class_find(fisc_engine_field(master->fields, "class"));
    account->gfs = g_strdup(fisc_engine_field(master->fields, "gfs"));
    const char *kind = fisc_engine_field(master->fields, "kind");
    account->kind = kind != NULL ? atoi(kind) : 0;
    account->stage =
        account->class_ == FISC_CLASS_BUDGETARY
            ? stage_of_account(account->code, fisc_engine_field(master->fields, "stage"))
            : FISC_STAGE_NONE;
    if ((int)engine->accounts->len >= master->number) {
        account_free(engine->accounts->pdata[master->number - 1]);
    }
    put(engine->accounts, master->number, account);
}

static void
set_entity(FiscEngine *engine, const FiscMaster *master)
{
    put(engine->entity_codes, master->number, master->subject);
}

static void
remove_entity(FiscEngine *engine, const FiscMaster *master)
{
    g_ptr_array_set_size(engine->entity_codes, master->number - 1);
}

static void
remove_account(FiscEngine *engine, const FiscMaster *master)
{
    account_free(engine->accounts->pdata[master->number - 1]);
    g_ptr_array_set_size(engine->accounts, master->number - 1);
}

static void
set_period(FiscEngine *engine, const FiscMaster *master)
{
    bool is_open = g_strcmp0(fisc_engine_field(master->fields, "state"), "open") == 0;
    g_hash_table_insert(engine->periods, GINT_TO_POINTER(atoi(master->subject)),
                        GINT_TO_POINTER(is_open ? 1 : 0));
}

static void
remove_period(FiscEngine *engine, const FiscMaster *master)
{
    g_hash_table_remove(engine->periods, GINT_TO_POINTER(atoi(master->subject)));
}

static bool
check_account(const FiscEngine *engine, const FiscEvent *event, FiscRefusals *refusals)
{
    (void)engine;
    FiscClass class_ = fisc_class_find(fisc_engine_field(event->fields, "class"));
    const char *stage = fisc_engine_field(event->fields, "stage");
    if (class_ == 0) {
        fisc_refusals_add(refusals, FISC_ERROR_VALUE_INVALID, NULL, 0, "class",
                          "account %s has no known class", event->subject);
        return false;
    }
    if (stage != NULL && (fisc_stage_find(stage) <= 0 || class_ != FISC_CLASS_BUDGETARY)) {
        fisc_refusals_add(refusals, FISC_ERROR_VALUE_INVALID, NULL, 0, "stage",
                          "account %s cannot play the stage \"%s\"", event->subject, stage);
        return false;
    }
    return true;
}

static bool
check_period(const FiscEngine *engine, const FiscEvent *event, FiscRefusals *refusals)
{
    static const char *const states[] = {"open", "closed", "sealed", NULL};
    /* From a state to the states it may change to; sealed has none. Reopening a closed period needs
     * two persons and a reason (rule R18) and is not offered yet. */
    const char *before = fisc_engine_master_field(engine, "period", event->subject, "state");
    const char *after = fisc_engine_field(event->fields, "state");
    bool is_word = false;
    for (int i = 0; states[i] != NULL; i++) {
        is_word = is_word || g_strcmp0(after, states[i]) == 0;
    }
    int number = atoi(event->subject);
    bool is_period = strlen(event->subject) == 6 && number % 100 <= 13 && number / 100 >= 1900;
    bool is_allowed = is_word && is_period &&
                      (before == NULL ? strcmp(after, "open") == 0
                       : strcmp(before, "open") == 0
                           ? strcmp(after, "closed") == 0
                           : strcmp(before, "closed") == 0 && strcmp(after, "sealed") == 0);
    if (!is_allowed) {
        fisc_refusals_add(refusals, FISC_ERROR_PERIOD_STATE, NULL, 0, "state", "%s from %s to %s",
                          event->subject, before != NULL ? before : "nothing",
                          after != NULL ? after : "nothing");
    }
    return is_allowed;
}

/* The kinds of events that the engine reads; it keeps all others as they are. */
static const FiscEventKind event_kinds[] = {
    {"entity", {"class", "gfs", "currency"}, NULL, set_entity, remove_entity},
    {"account", {"class", "gfs", "currency", "stage"}, check_account, set_account, remove_account},
    {"period", {NULL}, check_period, set_period, remove_period},
    {"control",
     {NULL},
     fisc_engine_check_control,
     fisc_engine_set_control,
     fisc_engine_remove_control},
    {"segment",
     {NULL},
     fisc_engine_check_segment,
     fisc_engine_change_segment,
     fisc_engine_change_segment},
    {"override",
     {"control", "key"},
     fisc_engine_check_override,
     fisc_engine_set_override,
     fisc_engine_remove_override},
    {"cover", {NULL}, fisc_engine_check_cover, fisc_engine_set_cover, fisc_engine_remove_cover},
    {"growth", {NULL}, fisc_engine_check_growth, fisc_engine_set_growth, fisc_engine_remove_growth},
    {"reserve_rule",
     {NULL},
     fisc_engine_check_reserve,
     fisc_engine_set_reserve,
     fisc_engine_remove_reserve},
    {"cut_line", {NULL}, fisc_engine_check_cut_line, NULL, NULL},
    {"item", {NULL}, fisc_engine_check_item_event, NULL, NULL},
    {"budget_line",
     {NULL},
     fisc_engine_check_budget_line,
     fisc_engine_set_budget_line,
     fisc_engine_remove_budget_line},
    {"person", {NULL}, NULL, fisc_engine_set_identity, fisc_engine_remove_identity},
    {"duty", {NULL}, NULL, fisc_engine_set_identity, fisc_engine_remove_identity},
    {"exclusion", {NULL}, NULL, fisc_engine_set_identity, fisc_engine_remove_identity},
    {"conflict", {NULL}, NULL, fisc_engine_set_identity, fisc_engine_remove_identity},
    {"approvals", {NULL}, NULL, fisc_engine_set_identity, fisc_engine_remove_identity},
    {"policy", {NULL}, NULL, fisc_engine_set_identity, fisc_engine_remove_identity},
    {"grant", {NULL}, NULL, fisc_engine_set_identity, fisc_engine_remove_identity},
    {"delegation", {NULL}, NULL, fisc_engine_set_identity, fisc_engine_remove_identity},
    {"virement_rule",
     {NULL},
     fisc_engine_check_virement_rule,
     fisc_engine_set_virement_rule,
     fisc_engine_remove_virement_rule},
    {"carry_rule", {NULL}, fisc_engine_check_carry_rule, NULL, NULL},
    {"carry_item", {NULL}, fisc_engine_check_carry_item, NULL, NULL},
    {"carry", {NULL}, fisc_engine_check_carry, NULL, NULL},
    {"complementary", {NULL}, fisc_engine_check_complementary, NULL, NULL},
    {"law", {"version", "date", "year"}, NULL, NULL, NULL},
    {"procedure", {NULL}, fisc_engine_check_procedure, NULL, NULL},
    {"case", {"entity", "parent"}, NULL, fisc_engine_set_case, fisc_engine_remove_case},
    {"hold",
     {"about", "code", "entity", "placed_by", "since", "reason"},
     NULL,
     fisc_engine_set_hold,
     fisc_engine_remove_hold},
    {"hold_rule", {NULL}, fisc_engine_check_hold_rule, NULL, NULL},
    {"linked_set", {NULL}, fisc_engine_check_link, fisc_engine_set_link, fisc_engine_remove_link},
};

static const FiscEventKind *
find_kind(const char *kind)
{
    for (gsize i = 0; i < G_N_ELEMENTS(event_kinds); i++) {
        if (strcmp(event_kinds[i].kind, kind) == 0) {
            return &event_kinds[i];
        }
    }
    return NULL;
}

void
fisc_engine_set_master(FiscEngine *engine, const char *kind, const char *subject, int number,
                       GPtrArray *fields)
{
    FiscMaster *master = (FiscMaster *)fisc_engine_master(engine, kind, subject);
    if (master == NULL) {
        master = g_new0(FiscMaster, 1);
        master->kind = g_strdup(kind);
        master->subject = g_strdup(subject);
        master->number = number;
        g_hash_table_insert(engine->masters, master_key(kind, subject), master);
        int next = GPOINTER_TO_INT(g_hash_table_lookup(engine->numbering, kind));
        if (number > next) {
            g_hash_table_insert(engine->numbering, g_strdup(kind), GINT_TO_POINTER(number));
        }
    } else {
        g_ptr_array_unref(master->fields);
    }
    master->fields = copy_fields(fields);
    const FiscEventKind *row = find_kind(kind);
    if (row != NULL && row->derive != NULL) {
        row->derive(engine, master);
    }
}

void
fisc_engine_remove_master(FiscEngine *engine, const char *kind, const char *subject)
{
    const FiscMaster *master = fisc_engine_master(engine, kind, subject);
    int number = master->number;
    const FiscEventKind *row = find_kind(kind);
    if (row != NULL && row->remove != NULL) {
        row->remove(engine, master);
    }
    g_hash_table_insert(engine->numbering, g_strdup(kind), GINT_TO_POINTER(number - 1));
    g_autofree char *key = master_key(kind, subject);
    g_hash_table_remove(engine->masters, key);
}

/* Only what would make the books contradict themselves is refused here: the name of a field that
 * would change and may not. */
static const char *
check_change(const FiscEventKind *row, const FiscMaster *old, const FiscEvent *event)
{
    for (int i = 0; row->fixed[i] != NULL; i++) {
        const char *before = fisc_engine_field(old->fields, row->fixed[i]);
        const char *after = fisc_engine_field(event->fields, row->fixed[i]);
        if (g_strcmp0(before != NULL ? before : "", after != NULL ? after : "") != 0) {
            return row->fixed[i];
        }
    }
    return NULL;
}

static bool
check_event(const FiscEngine *engine, const FiscEvent *event, const FiscMaster *old,
            FiscRefusals *refusals)
{
    const FiscEventKind *row = find_kind(event->kind);
    if (row == NULL) {
        return fisc_fact_kind(event->kind) == NULL ||
               fisc_engine_check_fact(engine, event, refusals);
    }
    const char *wrong = old != NULL ? check_change(row, old, event) : NULL;
    if (wrong != NULL) {
        fisc_refusals_add(refusals, FISC_ERROR_MASTER_CONFLICT, NULL, 0, wrong,
                          "%s %s is on record with another %s", event->kind, event->subject, wrong);
        return false;
    }
    return row->check == NULL || row->check(engine, event, refusals);
}

static void
remember(FiscEngine *engine, const char *kind, const char *subject, const FiscMaster *old)
{
    FiscUndo undo = {.kind = FISC_UNDO_MASTER,
                     .master_kind = g_strdup(kind),
                     .master_subject = g_strdup(subject),
                     .master_fields = old != NULL ? copy_fields(old->fields) : NULL};
    g_array_append_val(engine->current->undo, undo);
}

static void
record(FiscEngine *engine, const char *kind, const char *subject, GPtrArray *fields, int maker)
{
    const FiscMaster *old = fisc_engine_master(engine, kind, subject);
    remember(engine, kind, subject, old);
    int number = old != NULL ? old->number
                             : GPOINTER_TO_INT(g_hash_table_lookup(engine->numbering, kind)) + 1;
    fisc_engine_set_master(engine, kind, subject, number, fields);
    FiscDecidedEvent *decided = g_new0(FiscDecidedEvent, 1);
    const FiscMaster *master = fisc_engine_master(engine, kind, subject);
    decided->item = engine->current->batch.items++;
    decided->kind = master->kind;
    decided->subject = master->subject;
    decided->number = number;
    decided->fields = copy_fields(fields);
    decided->maker = maker != 0 ? maker : number;
    g_ptr_array_add(engine->current->batch.events, decided);
}

int
fisc_engine_register(FiscEngine *engine, const char *kind, const char *subject, int maker)
{
    const FiscMaster *master = fisc_engine_master(engine, kind, subject);
    if (master == NULL) {
        g_autoptr(GPtrArray) fields = g_ptr_array_new();
        g_ptr_array_add(fields, (char *)"name");
        g_ptr_array_add(fields, (char *)subject);
        record(engine, kind, subject, fields, maker);
        master = fisc_engine_master(engine, kind, subject);
    }
    return master->number;
}

bool
fisc_engine_decide_event(FiscEngine *engine, const FiscEvent *event, int maker,
                         FiscRefusals *refusals)
{
    const FiscMaster *old = fisc_engine_master(engine, event->kind, event->subject);
    if (old != NULL && same_fields(old->fields, event->fields)) {
        return true;
    }
    if (!check_event(engine, event, old, refusals) ||
        !fisc_engine_check_identity(engine, event, maker, refusals) ||
        (strcmp(event->kind, "document") == 0 &&
         !fisc_engine_check_document(engine, event, old, maker, refusals)) ||
        (strcmp(event->kind, "hold") == 0 &&
         !fisc_engine_check_hold(engine, event, old, maker, refusals)) ||
        !fisc_engine_check_held_event(engine, event, refusals) ||
        (strcmp(event->kind, "case") == 0 &&
         !fisc_engine_check_case(engine, event, old, maker, refusals))) {
        return false;
    }
    record(engine, event->kind, event->subject, event->fields, maker);
    return true;
}
