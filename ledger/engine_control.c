/* engine_control.c: definitions of controls: the words of an event become a FiscControl, or are
 * refused with the field that is wrong.
 *
 * A control takes a key out of a coding (entity, and segments, their first characters or their
 * ancestors in a tree) and a year, and says how strictly the sums on that key bind. The definition
 * is an item of the chain, so what was decided under an earlier one is decided again under it. */
#include "ledger/engine_control.h"
#include "fisc/money.h"
#include <string.h>

#define PERCENT_DECIMALS 4 /* of a percent: what FISC_MILLION resolves */
#define PERCENT_MAX ((int64_t)10000 * 10000)
#define CAP_DECIMALS 4
#define NO_DATE_LIMIT INT32_MAX
#define CEILING_MAX ((int64_t)1 << 62)

const char *
fisc_level_word(FiscLevel level)
{
    static const char *const words[] = {"none", "track", "advisory", "absolute"};
    return words[level];
}

static void
control_free(gpointer data)
{
    FiscControl *control = data;
    if (control != NULL) {
        g_clear_pointer(&control->entities, g_hash_table_unref);
        g_clear_pointer(&control->accounts, g_hash_table_unref);
        g_free(control->article);
        g_free(control->name);
        g_free(control);
    }
}

/* Fields ----------------------------------------------------------------------------------- */

/* Each reads one field: @text is NULL when it is not given. NULL, or what is wrong. */

static int
find_word(const char *text, const char *const *words)
{
    for (int i = 0; words[i] != NULL; i++) {
        if (strcmp(text, words[i]) == 0) {
            return i;
        }
    }
    return -1;
}

static const char *
parse_level(const char *text, FiscControl *control)
{
    static const char *const words[] = {"none", "track", "advisory", "absolute", NULL};
    int found = text != NULL ? find_word(text, words) : -1;
    control->level = found >= 0 ? (FiscLevel)found : FISC_LEVEL_NONE;
    return found >= 0 ? NULL : "level is none, track, advisory or absolute";
}

/* What is not on a controlled account is not there: there is no choice. */
static const char *
parse_absent(const char *text, FiscControl *control)
{
    static const char *const words[] = {"refuse", "zero", "none", NULL};
    int found = text != NULL ? find_word(text, words) : -1;
    control->absent = found >= 0 ? (FiscAbsent)found : FISC_ABSENT_REFUSE;
    if (control->accounts != NULL) {
        control->absent = FISC_ABSENT_ZERO;
        found = text == NULL ? 0 : found;
    }
    return found >= 0 ? NULL : "absent is refuse, zero or none";
}

static const char *
parse_key(const char *text, FiscControl *control)
{
    const char *wrong = fisc_key_parts_parse(text, control->parts, &control->part_count);
    for (int i = 0; wrong == NULL && i < control->part_count; i++) {
        control->has_tree |= control->parts[i].depth > 0;
    }
    return wrong;
}

static GHashTable *
parse_codes(const char *text)
{
    GHashTable *codes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    for (int i = 0; words[i] != NULL; i++) {
        if (*words[i] != '\0') {
            g_hash_table_add(codes, g_strdup(words[i]));
        }
    }
    return codes;
}

static const char *
parse_entities(const char *text, FiscControl *control)
{
    control->entities = text == NULL || strcmp(text, "*") == 0 ? NULL : parse_codes(text);
    return NULL;
}

static const char *
parse_accounts(const char *text, FiscControl *control)
{
    control->accounts = text != NULL ? parse_codes(text) : NULL;
    return control->accounts == NULL || g_hash_table_size(control->accounts) > 0
               ? NULL
               : "accounts are codes of the chart";
}

static const char *
parse_side(const char *text, FiscControl *control)
{
    bool is_debit = g_strcmp0(text, "debit") == 0;
    control->side = is_debit ? 1 : -1;
    return text == NULL || is_debit || strcmp(text, "credit") == 0 ? NULL
                                                                   : "side is debit or credit";
}

/* The slot of a stage that consumes; NONE when it cannot. */
static FiscKeySlot
consuming_slot(int stage)
{
    switch (stage) {
    case FISC_STAGE_AUTHORIZATION:
        return FISC_SLOT_RESERVED;
    case FISC_STAGE_COMMITMENT:
    case FISC_STAGE_LATER_COMMITMENT:
        return FISC_SLOT_COMMITTED;
    case FISC_STAGE_OBLIGATION:
        return FISC_SLOT_ACCRUED;
    case FISC_STAGE_PAYMENT:
        return FISC_SLOT_PAID;
    case FISC_STAGE_RELEASE:
        return FISC_SLOT_RELEASED;
    case FISC_STAGE_BLOCK:
        return FISC_SLOT_BLOCKED;
    default:
        return FISC_SLOT_NONE;
    }
}

static FiscKeySlot
limiting_slot(int stage)
{
    bool is_limit = stage == FISC_STAGE_APPROPRIATION || stage == FISC_STAGE_CHANGE ||
                    stage == FISC_STAGE_RELEASE || stage == FISC_STAGE_CARRY ||
                    stage == FISC_STAGE_AUTHORITY;
    return is_limit ? FISC_SLOT_LIMIT : FISC_SLOT_NONE;
}

static const char *
parse_stages(const char *text, FiscKeySlot (*slot_of)(int), FiscControl *control)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    for (int i = 0; words[i] != NULL; i++) {
        if (*words[i] == '\0') {
            continue;
        }
        int stage = fisc_stage_find(words[i]);
        FiscKeySlot slot = stage > 0 ? slot_of(stage) : FISC_SLOT_NONE;
        if (slot == FISC_SLOT_NONE) {
            return slot_of == limiting_slot
                       ? "limit is made of the stages appropriation, change, carry, release and "
                         "authority"
                       : "consume is made of the stages authorization, commitment, obligation, "
                         "payment, block, release and later_commitment";
        }
        if (control->slots[stage] != FISC_SLOT_NONE && control->slots[stage] != (int)slot) {
            return "a stage makes the limit or consumes it, not both";
        }
        control->slots[stage] = (int8_t)slot;
        control->is_release_consuming |= slot == FISC_SLOT_RELEASED;
    }
    return NULL;
}

static const char *
parse_limit(const char *text, FiscControl *control)
{
    if (control->accounts != NULL) {
        return text == NULL ? NULL : "accounts stand instead of limit and consume";
    }
    return parse_stages(text != NULL ? text : "appropriation change carry", limiting_slot, control);
}

static const char *
parse_consume(const char *text, FiscControl *control)
{
    if (control->accounts != NULL) {
        return text == NULL ? NULL : "accounts stand instead of limit and consume";
    }
    const char *wrong =
        parse_stages(text != NULL ? text : "authorization commitment obligation payment block",
                     consuming_slot, control);
    if (control->slots[FISC_STAGE_RELEASE] == FISC_SLOT_NONE) {
        control->slots[FISC_STAGE_RELEASE] = FISC_SLOT_RELEASED; /* to be shown */
    }
    return wrong;
}

static const char *
parse_span(const char *text, FiscInterval *out_interval)
{
    static const char *const words[] = {"period", "quarter", "year", NULL};
    int found = text != NULL ? find_word(text, words) : FISC_INTERVAL_YEAR;
    *out_interval = found >= 0 ? (FiscInterval)found : FISC_INTERVAL_YEAR;
    return found >= 0 ? NULL : "it is period, quarter or year";
}

static const char *
parse_interval(const char *text, FiscControl *control)
{
    return parse_span(text, &control->interval);
}

static const char *
parse_boundary(const char *text, FiscControl *control)
{
    const char *wrong = parse_span(text, &control->boundary);
    if (text == NULL) {
        control->boundary = control->interval;
    }
    return wrong != NULL                           ? wrong
           : control->boundary > control->interval ? "the boundary lies inside the interval"
                                                   : NULL;
}

const char *
fisc_share_parse(const char *text, int64_t *out_share)
{
    int64_t share = 0;
    if (fisc_amount_parse(text, PERCENT_DECIMALS, '.', 0, &share) != 0 || share < 0 ||
        share > PERCENT_MAX) {
        return "it is a percentage from 0 to 10000, with at most 4 decimals";
    }
    *out_share = share;
    return NULL;
}

static const char *
parse_tolerance(const char *text, FiscControl *control)
{
    if (text != NULL && control->accounts != NULL) {
        return "an accounts control has no tolerance";
    }
    return text != NULL ? fisc_share_parse(text, &control->tolerance) : NULL;
}

static const char *
parse_cap(const char *text, FiscControl *control)
{
    control->cap = -1;
    if (text == NULL) {
        return NULL;
    }
    if (control->tolerance == 0) {
        return "a cap needs a tolerance";
    }
    bool is_good =
        fisc_amount_parse(text, CAP_DECIMALS, '.', 0, &control->cap) == 0 && control->cap >= 0;
    return is_good ? NULL : "it is an amount of zero or more";
}

static const char *
parse_warn(const char *text, FiscControl *control)
{
    control->warn = -1;
    if (text != NULL && control->accounts != NULL) {
        return "an accounts control has no limit to warn of";
    }
    return text != NULL ? fisc_share_parse(text, &control->warn) : NULL;
}

static const char *
parse_from(const char *text, FiscControl *control)
{
    control->from = -NO_DATE_LIMIT;
    return text == NULL || fisc_date_parse(text, &control->from) ? NULL : "it is a date";
}

static const char *
parse_to(const char *text, FiscControl *control)
{
    control->to = NO_DATE_LIMIT;
    return text == NULL || fisc_date_parse(text, &control->to) ? NULL : "it is a date";
}

static const char *
parse_article(const char *text, FiscControl *control)
{
    control->article = g_strdup(text);
    return NULL;
}

static const char *
parse_overridable(const char *text, FiscControl *control)
{
    bool is_no = g_strcmp0(text, "no") == 0;
    control->is_overridable = !is_no;
    return text == NULL || is_no || strcmp(text, "yes") == 0 ? NULL : "overridable is yes or no";
}

/* In this order: some look at what those before them have read. */
static const struct {
    const char *name;
    const char *(*parse)(const char *text, FiscControl *control);
} fields[] = {
    {"level", parse_level},
    {"key", parse_key},
    {"entities", parse_entities},
    {"accounts", parse_accounts},
    {"side", parse_side},
    {"absent", parse_absent},
    {"limit", parse_limit},
    {"consume", parse_consume},
    {"interval", parse_interval},
    {"boundary", parse_boundary},
    {"tolerance", parse_tolerance},
    {"tolerance_cap", parse_cap},
    {"warn", parse_warn},
    {"from", parse_from},
    {"to", parse_to},
    {"article", parse_article},
    {"overridable", parse_overridable},
};

/* Definitions ------------------------------------------------------------------------------ */

static FiscControl *
control_new(const char *name)
{
    FiscControl *control = g_new0(FiscControl, 1);
    control->name = g_strdup(name);
    for (int stage = 0; stage < FISC_STAGE_COUNT; stage++) {
        control->slots[stage] = FISC_SLOT_NONE;
    }
    return control;
}

/* Every field is read, so that a definition that should never have been is whole all the same. The
 * first thing that is wrong, with its field. */
static FiscControl *
parse_control(const char *name, GPtrArray *words, const char **out_field, const char **out_wrong)
{
    FiscControl *control = control_new(name);
    *out_field = NULL;
    *out_wrong = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
        const char *text = fisc_engine_field(words, fields[i].name);
        const char *wrong = fields[i].parse(text != NULL && *text != '\0' ? text : NULL, control);
        if (wrong != NULL && *out_wrong == NULL) {
            *out_field = fields[i].name;
            *out_wrong = wrong;
        }
    }
    return control;
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

static bool
has_account_part(const FiscControl *control)
{
    bool has_part = false;
    for (int i = 0; i < control->part_count; i++) {
        has_part |= control->parts[i].dim == FISC_PART_ACCOUNT;
    }
    return has_part;
}

static bool
refuse(const FiscEvent *event, const char *field, const char *wrong, FiscRefusals *refusals)
{
    fisc_refusals_add(refusals, FISC_ERROR_VALUE_INVALID, NULL, 0, field, "control %s: %s",
                      event->subject, wrong);
    return false;
}

bool
fisc_control_check(const FiscEvent *event, FiscRefusals *refusals)
{
    const char *field = NULL;
    const char *wrong = NULL;
    FiscControl *control = parse_control(event->subject, event->fields, &field, &wrong);
    const char *unknown = find_unknown_field(event->fields);
    if (wrong == NULL && unknown != NULL) {
        field = unknown;
        wrong = "it is no field of a control";
    }
    if (wrong == NULL && control->from > control->to) {
        field = "to";
        wrong = "it ends before it begins";
    }
    if (wrong == NULL && control->accounts == NULL && has_account_part(control)) {
        field = "accounts";
        wrong = "account is a part of the key only with accounts";
    }
    control_free(control);
    return wrong == NULL || refuse(event, field, wrong, refusals);
}

static bool
is_budgetary_account(const FiscEngine *engine, const char *code)
{
    return g_strcmp0(fisc_engine_master_field(engine, "account", code, "class"), "budgetary") == 0;
}

/* What takes the chart to be judged. Financial accounts are only known by year: their balances are
 * in the log, not in the engine. */
static const char *
check_accounts(const FiscEngine *engine, const FiscControl *control)
{
    GHashTableIter iter;
    gpointer code;
    if (control->accounts == NULL) {
        return NULL;
    }
    g_hash_table_iter_init(&iter, control->accounts);
    while (g_hash_table_iter_next(&iter, &code, NULL)) {
        if (fisc_engine_master(engine, "account", code) == NULL) {
            return "one of the accounts is not in the chart";
        }
        if (control->boundary != FISC_INTERVAL_YEAR && !is_budgetary_account(engine, code)) {
            return "financial accounts are controlled by the year";
        }
    }
    return NULL;
}

bool
fisc_engine_check_control(const FiscEngine *engine, const FiscEvent *event, FiscRefusals *refusals)
{
    const char *field = NULL;
    const char *wrong = NULL;
    if (!fisc_control_check(event, refusals)) {
        return false;
    }
    FiscControl *control = parse_control(event->subject, event->fields, &field, &wrong);
    wrong = check_accounts(engine, control);
    control_free(control);
    return wrong == NULL || refuse(event, "accounts", wrong, refusals);
}

static int
find_control(const FiscEngine *engine, const char *name)
{
    for (guint i = 0; i < engine->controls->len; i++) {
        if (strcmp(((FiscControl *)engine->controls->pdata[i])->name, name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

const FiscControl *
fisc_engine_control(const FiscEngine *engine, const char *name)
{
    int at = find_control(engine, name);
    return at >= 0 ? engine->controls->pdata[at] : NULL;
}

void
fisc_engine_set_control(FiscEngine *engine, const FiscMaster *master)
{
    if (engine->controls->len == 0) {
        g_ptr_array_set_free_func(engine->controls, control_free);
    }
    const char *field = NULL;
    const char *wrong = NULL;
    FiscControl *control = parse_control(master->subject, master->fields, &field, &wrong);
    int at = find_control(engine, master->subject);
    if (at < 0) {
        g_ptr_array_add(engine->controls, control);
    } else {
        control_free(engine->controls->pdata[at]);
        engine->controls->pdata[at] = control;
    }
    fisc_engine_refold(engine);
}

void
fisc_engine_remove_control(FiscEngine *engine, const FiscMaster *master)
{
    int at = find_control(engine, master->subject);
    if (at >= 0) {
        g_ptr_array_remove_index(engine->controls, (guint)at);
        fisc_engine_refold(engine);
    }
}

bool
fisc_control_covers(const FiscControl *control, const char *entity)
{
    return control->level != FISC_LEVEL_NONE &&
           (control->entities == NULL || g_hash_table_contains(control->entities, entity));
}

bool
fisc_control_is_in_force(const FiscControl *control, FiscDate effective)
{
    return control->from <= effective && effective <= control->to;
}

/* Numbers ---------------------------------------------------------------------------------- */

int
fisc_key_decimals(const FiscEngine *engine, const FiscKeyName *name)
{
    const char *entity = fisc_engine_symbol_text(engine, name->part[0]);
    int decimals =
        fisc_currency_decimals(fisc_engine_master_field(engine, "entity", entity, "currency"));
    return decimals >= 0 ? decimals : 2;
}

static int64_t
scale(int64_t amount, int from_decimals, int to_decimals)
{
    for (; from_decimals > to_decimals; from_decimals--) {
        amount /= 10;
    }
    return amount;
}

int64_t
fisc_key_ceiling(const FiscEngine *engine, const FiscKeyState *state, int64_t limit)
{
    const FiscControl *control = state->control;
    if (limit <= 0 || control->tolerance == 0) {
        return limit;
    }
    __int128 beyond = (__int128)limit * control->tolerance / FISC_MILLION;
    if (control->cap >= 0) {
        int64_t cap = scale(control->cap, CAP_DECIMALS, fisc_key_decimals(engine, &state->name));
        beyond = MIN(beyond, cap);
    }
    return (int64_t)MIN(limit + beyond, (__int128)CEILING_MAX);
}
