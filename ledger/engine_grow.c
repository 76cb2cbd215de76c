/* engine_grow.c: budgets that grow with revenue: what comes in above the estimate raises the limit
 * of a key, by a share and up to a cap (rule R14).
 *
 * A growth is an event of its own, so that a control may have any number of them. What it gives is
 * kept beside the sums of its revenue and moves with every line that changes them: nothing is ever
 * looked through. A refund lowers the limit and is never refused: nobody has spent, as when prices
 * move. Whoever wants to spend afterwards finds less. */
#include "ledger/engine_control.h"
#include "fisc/money.h"
#include <string.h>

#define CAP_DECIMALS 4
#define DEFAULT_OF "collection"
#define DEFAULT_BASE "estimate estimate_change"

/* What a growth gives in one year. */
struct _FiscGrowthState {
    int64_t collected, estimate;
    int64_t given; /* by how much the limit is higher */
    FiscKeyState *receiver;
    const struct _Growth *growth;
};

typedef struct _Growth {
    char *name;
    char *control, *key; /* as given: which key grows */
    GArray *revenue;     /* of FiscWhereTerm */
    guint32 of, base;    /* sets of 1 << FiscStage */
    int64_t share;       /* parts of FISC_MILLION */
    int64_t cap;         /* in ten-thousandths of the main unit; -1 = none */
    char *article;       /* NULL = none cited */
    GHashTable *states;  /* year -> FiscGrowthState */
} Growth;

static void
growth_free(gpointer data)
{
    Growth *growth = data;
    if (growth != NULL) {
        g_hash_table_unref(growth->states);
        g_clear_pointer(&growth->revenue, g_array_unref);
        g_free(growth->article);
        g_free(growth->control);
        g_free(growth->key);
        g_free(growth->name);
        g_free(growth);
    }
}

GPtrArray *
fisc_engine_growth_list(void)
{
    return g_ptr_array_new_with_free_func(growth_free);
}

/* Fields ----------------------------------------------------------------------------------- */

/* Each reads one field: @text is NULL when it is not given. NULL, or what is wrong. */

static const char *
parse_control(const char *text, Growth *growth)
{
    growth->control = g_strdup(text != NULL ? text : "");
    return text != NULL ? NULL : "a growth needs it";
}

static const char *
parse_key(const char *text, Growth *growth)
{
    growth->key = g_strdup(text != NULL ? text : "");
    return text != NULL ? NULL : "a growth needs it";
}

static const char *
parse_revenue(const char *text, Growth *growth)
{
    const char *wrong = fisc_where_parse(text, &growth->revenue);
    return wrong != NULL                                ? wrong
           : fisc_where_entity(growth->revenue) == NULL ? "it names one entity"
                                                        : NULL;
}

/* Words of @allowed, a list ended by FISC_STAGE_NONE, as a set. */
static bool
parse_stages(const char *text, const FiscStage *allowed, guint32 *out_set)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    *out_set = 0;
    for (int i = 0; words[i] != NULL; i++) {
        int stage = *words[i] != '\0' ? fisc_stage_find(words[i]) : 0;
        bool is_allowed = stage == 0;
        for (int k = 0; allowed[k] != FISC_STAGE_NONE; k++) {
            is_allowed |= stage == (int)allowed[k];
        }
        if (!is_allowed) {
            return false;
        }
        *out_set |= stage != 0 ? 1u << stage : 0;
    }
    return *out_set != 0;
}

static const char *
parse_of(const char *text, Growth *growth)
{
    static const FiscStage stages[] = {FISC_STAGE_RECOGNITION, FISC_STAGE_COLLECTION,
                                       FISC_STAGE_NONE};
    return parse_stages(text != NULL ? text : DEFAULT_OF, stages, &growth->of)
               ? NULL
               : "it is made of the stages recognition and collection";
}

static const char *
parse_base(const char *text, Growth *growth)
{
    static const FiscStage stages[] = {FISC_STAGE_ESTIMATE, FISC_STAGE_ESTIMATE_CHANGE,
                                       FISC_STAGE_NONE};
    return parse_stages(text != NULL ? text : DEFAULT_BASE, stages, &growth->base)
               ? NULL
               : "it is made of the stages estimate and estimate_change";
}

static const char *
parse_share(const char *text, Growth *growth)
{
    return text != NULL ? fisc_share_parse(text, &growth->share) : "a growth needs it";
}

static const char *
parse_cap(const char *text, Growth *growth)
{
    growth->cap = -1;
    bool is_good =
        text == NULL ||
        (fisc_amount_parse(text, CAP_DECIMALS, '.', 0, &growth->cap) == 0 && growth->cap >= 0);
    return is_good ? NULL : "it is an amount of zero or more";
}

static const char *
parse_article(const char *text, Growth *growth)
{
    growth->article = g_strdup(text);
    return NULL;
}

static const struct {
    const char *name;
    const char *(*parse)(const char *text, Growth *growth);
} fields[] = {
    {"control", parse_control}, {"key", parse_key},         {"revenue", parse_revenue},
    {"of", parse_of},           {"base", parse_base},       {"share", parse_share},
    {"cap", parse_cap},         {"article", parse_article},
};

/* Every field is read, so that a definition that should never have been is whole all the same. */
static Growth *
parse_growth(const char *name, GPtrArray *words, const char **out_field, const char **out_wrong)
{
    Growth *growth = g_new0(Growth, 1);
    growth->name = g_strdup(name);
    growth->states = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    *out_field = NULL;
    *out_wrong = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
        const char *text = fisc_engine_field(words, fields[i].name);
        const char *wrong = fields[i].parse(text != NULL && *text != '\0' ? text : NULL, growth);
        if (wrong != NULL && *out_wrong == NULL) {
            *out_field = fields[i].name;
            *out_wrong = wrong;
        }
    }
    return growth;
}

static const char *
find_unknown_field(GPtrArray *words)
{
    for (guint i = 0; i + 1 < words->len; i += 2) {
        bool is_known = false;
        for (gsize k = 0; !is_known && k < G_N_ELEMENTS(fields); k++) {
            is_known = strcmp(words->pdata[i], fields[k].name) == 0;
        }
        if (!is_known) {
            return words->pdata[i];
        }
    }
    return NULL;
}

/* Events ----------------------------------------------------------------------------------- */

/* Only a limit of appropriations over the whole year: what has come in has no month of its own that
 * a limit could be given to. */
static bool
can_grow(const FiscControl *control)
{
    return control->accounts == NULL && control->interval == FISC_INTERVAL_YEAR &&
           control->boundary == FISC_INTERVAL_YEAR;
}

static const char *
currency_of(const FiscEngine *engine, const char *entity)
{
    const char *currency = fisc_engine_master_field(engine, "entity", entity, "currency");
    return currency != NULL ? currency : "";
}

/* What takes the book to be judged. */
static const char *
check_in_book(const FiscEngine *engine, const Growth *growth, const char **out_field)
{
    FiscKeyName name;
    const FiscControl *control = fisc_engine_control(engine, growth->control);
    const char *payer = fisc_where_entity(growth->revenue);
    *out_field = "control";
    if (control == NULL) {
        return "it is not on record";
    }
    if (!can_grow(control)) {
        return "only a limit by stages, counted by the year, grows";
    }
    *out_field = "key";
    if (!fisc_key_parse(engine, control, growth->key, &name, NULL)) {
        return "it is no key of the control";
    }
    *out_field = "revenue";
    const char *receiver = fisc_engine_symbol_text(engine, name.part[0]);
    if (fisc_engine_entity(engine, payer) == 0) {
        return "its entity is not on record";
    }
    return strcmp(currency_of(engine, payer), currency_of(engine, receiver)) == 0
               ? NULL
               : "it is in another currency than the key";
}

static bool
refuse(const FiscEvent *event, const char *field, const char *wrong, FiscRefusals *refusals)
{
    fisc_refusals_add(refusals, FISC_ERROR_VALUE_INVALID, NULL, 0, field, "growth %s: %s",
                      event->subject, wrong);
    return false;
}

bool
fisc_growth_check(const FiscEvent *event, FiscRefusals *refusals)
{
    const char *field = find_unknown_field(event->fields);
    const char *wrong = field != NULL ? "no growth has such a field" : NULL;
    if (wrong == NULL) {
        growth_free(parse_growth(event->subject, event->fields, &field, &wrong));
    }
    return wrong == NULL || refuse(event, field, wrong, refusals);
}

bool
fisc_engine_check_growth(const FiscEngine *engine, const FiscEvent *event, FiscRefusals *refusals)
{
    const char *field = NULL;
    const char *wrong = NULL;
    if (!fisc_growth_check(event, refusals)) {
        return false;
    }
    Growth *growth = parse_growth(event->subject, event->fields, &field, &wrong);
    wrong = check_in_book(engine, growth, &field);
    growth_free(growth);
    return wrong == NULL || refuse(event, field, wrong, refusals);
}

static int
find_growth(const FiscEngine *engine, const char *name)
{
    for (guint i = 0; i < engine->growths->len; i++) {
        if (strcmp(((const Growth *)engine->growths->pdata[i])->name, name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

void
fisc_engine_set_growth(FiscEngine *engine, const FiscMaster *master)
{
    const char *field = NULL;
    const char *wrong = NULL;
    Growth *growth = parse_growth(master->subject, master->fields, &field, &wrong);
    int at = find_growth(engine, master->subject);
    fisc_engine_refold(engine); /* before what it knew goes */
    if (at < 0) {
        g_ptr_array_add(engine->growths, growth);
    } else {
        growth_free(engine->growths->pdata[at]);
        engine->growths->pdata[at] = growth;
    }
}

void
fisc_engine_remove_growth(FiscEngine *engine, const FiscMaster *master)
{
    int at = find_growth(engine, master->subject);
    fisc_engine_refold(engine);
    if (at >= 0) {
        g_ptr_array_remove_index(engine->growths, (guint)at);
    }
}

void
fisc_engine_forget_growths(FiscEngine *engine)
{
    for (guint i = 0; i < engine->growths->len; i++) {
        g_hash_table_remove_all(((Growth *)engine->growths->pdata[i])->states);
    }
}

/* Uses ------------------------------------------------------------------------------------- */

/* The growth in a year; NULL when it says nothing of it, or its control has other keys by now. */
static FiscGrowthState *
state_of(FiscEngine *engine, Growth *growth, int year)
{
    FiscGrowthState *state = g_hash_table_lookup(growth->states, GINT_TO_POINTER(year));
    const FiscControl *control = fisc_engine_control(engine, growth->control);
    FiscKeyName name;
    if (state != NULL) {
        return state;
    }
    if (control == NULL || !can_grow(control) ||
        !fisc_key_parse(engine, control, growth->key, &name, NULL) ||
        (name.year != 0 && name.year != year) ||
        !fisc_control_covers(control, fisc_engine_symbol_text(engine, name.part[0]))) {
        return NULL;
    }
    name.year = year;
    state = g_new0(FiscGrowthState, 1);
    state->growth = growth;
    state->receiver = fisc_key_take(engine, &name);
    g_hash_table_insert(growth->states, GINT_TO_POINTER(year), state);
    return state;
}

int
fisc_growth_uses(FiscEngine *engine, const FiscEngineCoding *coding, int year, FiscKeyUse *out_uses)
{
    int count = 0;
    for (guint i = 0; i < engine->growths->len; i++) {
        Growth *growth = engine->growths->pdata[i];
        bool is_of = (growth->of & 1u << coding->stage) != 0;
        bool is_base = (growth->base & 1u << coding->stage) != 0;
        if ((!is_of && !is_base) || !fisc_where_matches(engine, growth->revenue, &coding->key)) {
            continue;
        }
        FiscGrowthState *state = state_of(engine, growth, year);
        if (state != NULL) {
            out_uses[count++] = (FiscKeyUse){.state = state->receiver,
                                             .slot = FISC_SLOT_NONE,
                                             .sign = is_base ? 1 : -1,
                                             .growth = state,
                                             .is_base = is_base};
        }
    }
    return count;
}

/* Folding ---------------------------------------------------------------------------------- */

static int64_t
cap_of(const FiscEngine *engine, const FiscGrowthState *state)
{
    int64_t cap = state->growth->cap;
    for (int i = fisc_key_decimals(engine, &state->receiver->name); i < CAP_DECIMALS; i++) {
        cap /= 10;
    }
    return cap;
}

/* Parts of the smallest coin are left out. */
static int64_t
due(const FiscEngine *engine, const FiscGrowthState *state)
{
    __int128 excess = MAX((__int128)state->collected - state->estimate, 0);
    __int128 grown = excess * state->growth->share / FISC_MILLION;
    if (state->growth->cap >= 0) {
        grown = MIN(grown, cap_of(engine, state));
    }
    return (int64_t)MIN(grown, FISC_SUM_BOUND);
}

int64_t
fisc_growth_fold(FiscEngine *engine, const FiscKeyUse *use, int64_t debit, int64_t credit)
{
    FiscGrowthState *state = use->growth;
    int64_t *sum = use->is_base ? &state->estimate : &state->collected;
    fisc_engine_add_key(engine, sum, use->sign * (debit - credit));
    int64_t change = due(engine, state) - state->given;
    if (change != 0) {
        fisc_engine_add_key(engine, &state->given, change);
    }
    return change;
}

int64_t
fisc_growth_refold(const FiscEngine *engine, const FiscKeyUse *use, int64_t debit, int64_t credit)
{
    FiscGrowthState *state = use->growth;
    int64_t *sum = use->is_base ? &state->estimate : &state->collected;
    *sum = (int64_t)((uint64_t)*sum + (uint64_t)(use->sign * (debit - credit)));
    int64_t change = due(engine, state) - state->given;
    state->given += change;
    return change;
}

/* Asking ----------------------------------------------------------------------------------- */

int64_t
fisc_growth_of_key(const FiscEngine *engine, const FiscKeyState *key, char **out_rules)
{
    int64_t grown = 0;
    GString *rules = g_string_new(NULL);
    for (guint i = 0; i < engine->growths->len; i++) {
        const Growth *growth = engine->growths->pdata[i];
        const FiscGrowthState *state =
            g_hash_table_lookup(growth->states, GINT_TO_POINTER(key->name.year));
        if (state == NULL || state->receiver != key || state->given == 0) {
            continue;
        }
        grown += state->given;
        g_string_append_printf(rules, "%s%s", rules->len > 0 ? ", " : "", growth->name);
        if (growth->article != NULL) {
            g_string_append_printf(rules, " (%s)", growth->article);
        }
    }
    *out_rules = g_string_free(rules, rules->len == 0);
    return grown;
}
