/* engine_reserve.c: reserve funds: money that the legislature has voted for what nobody foresaw
 * (rule R15).
 *
 * A reserve has a ceiling, a share of what is appropriated elsewhere. It is not spent but drawn: by
 * a document whose approvers hold the roles that the law names, in its order, with a second half
 * that gives the same amount to the line that needs it, and never to a line that the legislature
 * has cut. Whether the reserve still has so much, and whether the receiver has been allotted it
 * before it spends, is for the controls. A law that changes the reserve is no draw. */
#include "fisc/money.h"
#include "ledger/engine_control.h"
#include <string.h>

typedef struct {
    char *name;
    GArray *line;    /* of FiscWhereTerm */
    int64_t ceiling; /* parts of FISC_MILLION of @ceiling_of; -1 = none */
    GArray *ceiling_of;
    char **roles; /* in the order in which they approve */
    char *article;
} Reserve;

static void
reserve_free(gpointer data)
{
    Reserve *reserve = data;
    if (reserve != NULL) {
        g_clear_pointer(&reserve->line, g_array_unref);
        g_clear_pointer(&reserve->ceiling_of, g_array_unref);
        g_strfreev(reserve->roles);
        g_free(reserve->article);
        g_free(reserve->name);
        g_free(reserve);
    }
}

GPtrArray *
fisc_engine_reserve_list(void)
{
    return g_ptr_array_new_with_free_func(reserve_free);
}

/* Fields ----------------------------------------------------------------------------------- */

/* Each reads one field: @text is NULL when it is not given. NULL, or what is wrong. */

static const char *
parse_line(const char *text, Reserve *reserve)
{
    const char *wrong = fisc_where_parse(text, &reserve->line);
    return wrong != NULL                              ? wrong
           : fisc_where_entity(reserve->line) == NULL ? "it names one entity"
                                                      : NULL;
}

static const char *
parse_ceiling(const char *text, Reserve *reserve)
{
    reserve->ceiling = -1;
    return text != NULL ? fisc_share_parse(text, &reserve->ceiling) : NULL;
}

static const char *
parse_ceiling_of(const char *text, Reserve *reserve)
{
    bool has_share = reserve->ceiling >= 0;
    if (text == NULL) {
        return has_share ? "a ceiling is a share of something" : NULL;
    }
    const char *wrong = fisc_where_parse(text, &reserve->ceiling_of);
    return wrong == NULL && !has_share ? "it needs the ceiling, a percentage" : wrong;
}

/* One space after each, as the persons who approve have it. */
static const char *
parse_approvals(const char *text, Reserve *reserve)
{
    g_auto(GStrv) words = g_strsplit(text != NULL ? text : "", " ", -1);
    GPtrArray *roles = g_ptr_array_new();
    for (int i = 0; words[i] != NULL; i++) {
        if (*words[i] != '\0') {
            g_ptr_array_add(roles, g_strdup(words[i]));
        }
    }
    bool is_empty = roles->len == 0;
    g_ptr_array_add(roles, NULL);
    reserve->roles = (char **)g_ptr_array_free(roles, FALSE);
    return is_empty ? "it names the roles that approve, in their order" : NULL;
}

static const char *
parse_article(const char *text, Reserve *reserve)
{
    reserve->article = g_strdup(text);
    return NULL;
}

static const struct {
    const char *name;
    const char *(*parse)(const char *text, Reserve *reserve);
} fields[] = {
    {"line", parse_line},
    {"ceiling", parse_ceiling},
    {"ceiling_of", parse_ceiling_of}, /* after the ceiling */
    {"approvals", parse_approvals},
    {"article", parse_article},
};

/* Every field is read, so that a definition that should never have been is whole all the same. */
static Reserve *
parse_reserve(const char *name, GPtrArray *words, const char **out_field, const char **out_wrong)
{
    Reserve *reserve = g_new0(Reserve, 1);
    reserve->name = g_strdup(name);
    *out_field = NULL;
    *out_wrong = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
        const char *text = fisc_engine_field(words, fields[i].name);
        const char *wrong = fields[i].parse(text != NULL && *text != '\0' ? text : NULL, reserve);
        if (wrong != NULL && *out_wrong == NULL) {
            *out_field = fields[i].name;
            *out_wrong = wrong;
        }
    }
    return reserve;
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

static bool
refuse_rule(const FiscEvent *event, const char *field, const char *wrong, FiscRefusals *refusals)
{
    fisc_refusals_add(refusals, FISC_ERROR_VALUE_INVALID, NULL, 0, field, "reserve rule %s: %s",
                      event->subject, wrong);
    return false;
}

bool
fisc_reserve_rule_check(const FiscEvent *event, FiscRefusals *refusals)
{
    const char *field = find_unknown_field(event->fields);
    const char *wrong = field != NULL ? "no rule of a reserve has such a field" : NULL;
    if (wrong == NULL) {
        reserve_free(parse_reserve(event->subject, event->fields, &field, &wrong));
    }
    return wrong == NULL || refuse_rule(event, field, wrong, refusals);
}

bool
fisc_engine_check_reserve(const FiscEngine *engine, const FiscEvent *event, FiscRefusals *refusals)
{
    const char *field = NULL;
    const char *wrong = NULL;
    if (!fisc_reserve_rule_check(event, refusals)) {
        return false;
    }
    Reserve *reserve = parse_reserve(event->subject, event->fields, &field, &wrong);
    bool is_known = fisc_engine_entity(engine, fisc_where_entity(reserve->line)) != 0;
    reserve_free(reserve);
    return is_known || refuse_rule(event, "line", "its entity is not on record", refusals);
}

static int
find_reserve(const FiscEngine *engine, const char *name)
{
    for (guint i = 0; i < engine->reserves->len; i++) {
        if (strcmp(((const Reserve *)engine->reserves->pdata[i])->name, name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

void
fisc_engine_set_reserve(FiscEngine *engine, const FiscMaster *master)
{
    const char *field = NULL;
    const char *wrong = NULL;
    fisc_engine_remove_reserve(engine, master);
    g_ptr_array_add(engine->reserves,
                    parse_reserve(master->subject, master->fields, &field, &wrong));
}

void
fisc_engine_remove_reserve(FiscEngine *engine, const FiscMaster *master)
{
    int at = find_reserve(engine, master->subject);
    if (at >= 0) {
        g_ptr_array_remove_index(engine->reserves, (guint)at);
    }
}

/* A line that the legislature cut: said as a budget line is. */
bool
fisc_engine_check_cut_line(const FiscEngine *engine, const FiscEvent *event, FiscRefusals *refusals)
{
    const char *entity = fisc_engine_field(event->fields, "entity");
    const char *year = fisc_engine_field(event->fields, "year");
    bool is_known = entity != NULL && fisc_engine_entity(engine, entity) != 0;
    if (!is_known) {
        fisc_refusals_add(refusals, FISC_ERROR_ENTITY_UNKNOWN, NULL, 0, "entity",
                          "cut line %s: \"%s\"", event->subject, entity != NULL ? entity : "");
    } else if (year == NULL || atoi(year) == 0) {
        fisc_refusals_add(refusals, FISC_ERROR_VALUE_INVALID, NULL, 0, "year",
                          "cut line %s: it is of a year", event->subject);
        return false;
    }
    return is_known;
}

/* Words of a submission ---------------------------------------------------------------------- */

static FiscStage
stage_of(const FiscEngine *engine, const FiscLine *line)
{
    const FiscMaster *account =
        line->account != NULL ? fisc_engine_master(engine, "account", line->account) : NULL;
    return account != NULL
               ? ((const FiscEngineAccount *)engine->accounts->pdata[account->number - 1])->stage
               : FISC_STAGE_NONE;
}

static int
year_of(const FiscEntry *entry)
{
    return entry->period != 0 ? fisc_period_year(entry->period) : fisc_date_year(entry->effective);
}

/* Entries of one transfer; an entry without its id is one by itself. */
static bool
is_same_transfer(const FiscEntry *a, const FiscEntry *b)
{
    bool has_transfer = a->transfer != NULL && *a->transfer != '\0';
    return a == b || (has_transfer && g_strcmp0(a->transfer, b->transfer) == 0);
}

/* A law is enacted: the step of a case that the engine lets pass in no other way. */
static bool
is_enactment(const FiscSubmission *submission)
{
    for (guint i = 0; i < submission->events->len; i++) {
        const FiscEvent *event = submission->events->pdata[i];
        if (strcmp(event->kind, "case") == 0 &&
            g_strcmp0(fisc_event_field(event, "step"), "enact") == 0) {
            return true;
        }
    }
    return false;
}

/* Refusals ----------------------------------------------------------------------------------- */

static void
refuse(FiscDecision *decision, const Reserve *reserve, const char *format, ...) G_GNUC_PRINTF(3, 4);

static void
refuse(FiscDecision *decision, const Reserve *reserve, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *detail = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    const FiscEntry *entry = decision->entry;
    FiscRefusal *refusal =
        fisc_refusals_add(decision->refusals, FISC_ERROR_RESERVE_RULE, entry->file, entry->row,
                          NULL, "\"%s\": reserve %s: %s", entry->reference, reserve->name, detail);
    if (refusal->dropped == 0) {
        g_free(refusal->article);
        refusal->article = g_strdup(reserve->article);
    }
}

/* The ceiling -------------------------------------------------------------------------------- */

typedef struct {
    __int128 reserve, base;
} Sums;

/* What is appropriated by what is on record, this entry included. */
static Sums
sums_on_record(const FiscEngine *engine, const Reserve *reserve, int year)
{
    Sums sums = {0, 0};
    for (guint i = 0; i < engine->codings->len; i++) {
        const FiscEngineCoding *coding = engine->codings->pdata[i];
        __int128 debit = 0;
        __int128 credit = 0;
        if (coding->stage != FISC_STAGE_APPROPRIATION) {
            continue;
        }
        fisc_engine_turnover(coding, year, &debit, &credit);
        sums.reserve +=
            fisc_where_matches(engine, reserve->line, &coding->key) ? debit - credit : 0;
        sums.base +=
            fisc_where_matches(engine, reserve->ceiling_of, &coding->key) ? debit - credit : 0;
    }
    return sums;
}

/* And by what the same group brings behind it: a law is appropriated line by line. */
static void
add_behind(const FiscDecision *decision, const Reserve *reserve, int year, Sums *sums)
{
    for (guint i = decision->behind; i < decision->group_end; i++) {
        const FiscEntry *entry = decision->submission->entries->pdata[i];
        for (guint k = 0; year_of(entry) == year && k < entry->lines->len; k++) {
            const FiscLine *line = &g_array_index(entry->lines, FiscLine, k);
            if (stage_of(decision->engine, line) != FISC_STAGE_APPROPRIATION) {
                continue;
            }
            bool is_reserve = fisc_where_has(reserve->line, entry->entity, line->dim);
            bool is_base = fisc_where_has(reserve->ceiling_of, entry->entity, line->dim);
            sums->reserve += is_reserve ? line->amount : 0;
            sums->base += is_base ? line->amount : 0;
        }
    }
}

static void
judge_ceiling(FiscDecision *decision, const Reserve *reserve)
{
    int year = fisc_period_year(decision->period);
    Sums sums = sums_on_record(decision->engine, reserve, year);
    add_behind(decision, reserve, year, &sums);
    __int128 ceiling = MAX(sums.base, 0) * reserve->ceiling / FISC_MILLION;
    if (sums.reserve > ceiling) {
        char has[FISC_SUM_TEXT], most[FISC_SUM_TEXT], base[FISC_SUM_TEXT];
        int decimals = decision->entry->decimals;
        refuse(decision, reserve, "it would have %s, the most is %s of %s",
               fisc_sum_format_grouped(sums.reserve, decimals, has),
               fisc_sum_format_grouped(ceiling, decimals, most),
               fisc_sum_format_grouped(sums.base, decimals, base));
    }
}

/* Draws -------------------------------------------------------------------------------------- */

/* One person for each role, in the order of the roles; others may have approved in between. */
static const char *
missing_role(const FiscEngine *engine, const Reserve *reserve, const char *approved_by,
             const char *entity)
{
    int at = 0;
    g_auto(GStrv) persons = g_strsplit(approved_by != NULL ? approved_by : "", " ", -1);
    for (int i = 0; persons[i] != NULL && reserve->roles[at] != NULL; i++) {
        bool is_next = *persons[i] != '\0' &&
                       fisc_engine_holds_role(engine, persons[i], reserve->roles[at], entity);
        at += is_next ? 1 : 0;
    }
    return reserve->roles[at];
}

static void
judge_approvals(FiscDecision *decision, const Reserve *reserve)
{
    const char *document = decision->submission->document;
    const char *approved_by =
        document != NULL
            ? fisc_engine_master_field(decision->engine, "document", document, "approved_by")
            : NULL;
    const char *missing =
        missing_role(decision->engine, reserve, approved_by, decision->entry->entity);
    if (missing != NULL && !decision->engine->is_authorized) {
        g_autofree char *roles = g_strjoinv(", then ", reserve->roles);
        refuse(decision, reserve, "it is drawn by a document that %s approve, and %s has not",
               roles, missing);
    }
}

/* What is taken is given, to the unit, in the same document. */
static void
judge_halves(FiscDecision *decision, const Reserve *reserve)
{
    __int128 sum = 0;
    const GPtrArray *entries = decision->submission->entries;
    for (guint i = 0; i < entries->len; i++) {
        const FiscEntry *entry = entries->pdata[i];
        for (guint k = 0; is_same_transfer(decision->entry, entry) && k < entry->lines->len; k++) {
            const FiscLine *line = &g_array_index(entry->lines, FiscLine, k);
            sum += stage_of(decision->engine, line) == FISC_STAGE_CHANGE ? line->amount : 0;
        }
    }
    if (sum != 0) {
        refuse(decision, reserve,
               "the line that gets the money gets the same amount, in an entry with the same "
               "transfer");
    }
}

static const char *
dim_or_empty(const char *code)
{
    return code != NULL ? code : "";
}

static bool
is_cut(const FiscMaster *cut, const FiscEntry *entry, const FiscLine *line)
{
    const char *year = fisc_engine_field(cut->fields, "year");
    bool is_same = g_strcmp0(fisc_engine_field(cut->fields, "entity"), entry->entity) == 0 &&
                   year != NULL && atoi(year) == year_of(entry);
    for (int i = 0; is_same && i < FISC_DIM_COUNT; i++) {
        const char *code = fisc_engine_field(cut->fields, fisc_dimension_column((FiscDimension)i));
        is_same = code == NULL || *code == '\0' || strcmp(code, dim_or_empty(line->dim[i])) == 0;
    }
    return is_same;
}

static void
judge_receiver(FiscDecision *decision, const Reserve *reserve, const FiscEntry *entry,
               const FiscLine *line)
{
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, decision->engine->masters);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const FiscMaster *cut = value;
        if (strcmp(cut->kind, "cut_line") == 0 && is_cut(cut, entry, line)) {
            refuse(decision, reserve, "the legislature has cut the line %s of %s", cut->subject,
                   entry->entity);
            return;
        }
    }
}

static void
judge_receivers(FiscDecision *decision, const Reserve *reserve)
{
    const GPtrArray *entries = decision->submission->entries;
    for (guint i = 0; i < entries->len; i++) {
        const FiscEntry *entry = entries->pdata[i];
        for (guint k = 0; is_same_transfer(decision->entry, entry) && k < entry->lines->len; k++) {
            const FiscLine *line = &g_array_index(entry->lines, FiscLine, k);
            if (line->amount > 0 && stage_of(decision->engine, line) == FISC_STAGE_CHANGE) {
                judge_receiver(decision, reserve, entry, line);
            }
        }
    }
}

/* What an entry does to a reserve. */
typedef struct {
    bool takes, spends, appropriates;
} Doing;

static void
add_doing(Doing *doing, FiscStage stage, int64_t amount)
{
    doing->takes |= stage == FISC_STAGE_CHANGE && amount < 0;
    doing->appropriates |= stage == FISC_STAGE_APPROPRIATION && amount > 0;
    doing->spends |= stage >= FISC_STAGE_AUTHORIZATION && stage <= FISC_STAGE_PAYMENT && amount < 0;
}

static Doing
doing_of(const FiscDecision *decision, const Reserve *reserve)
{
    Doing doing = {false, false, false};
    for (guint i = 0; i < decision->coding[1]->len; i++) {
        int32_t id = g_array_index(decision->coding[1], int32_t, i);
        const FiscEngineCoding *coding = decision->engine->codings->pdata[id - 1];
        if (fisc_where_matches(decision->engine, reserve->line, &coding->key)) {
            add_doing(&doing, coding->stage, g_array_index(decision->amount[1], int64_t, i));
        }
    }
    return doing;
}

static void
judge_one(FiscDecision *decision, const Reserve *reserve)
{
    Doing doing = doing_of(decision, reserve);
    if (doing.spends) {
        refuse(decision, reserve, "it is drawn for a line that needs it, not spent");
    }
    if (doing.appropriates && reserve->ceiling >= 0) {
        judge_ceiling(decision, reserve);
    }
    if (doing.takes && !is_enactment(decision->submission)) {
        judge_approvals(decision, reserve);
        judge_halves(decision, reserve);
        judge_receivers(decision, reserve);
    }
}

void
fisc_engine_judge_reserves(FiscDecision *decision)
{
    const GPtrArray *reserves = decision->engine->reserves;
    /* A reversal restores what was there before, whichever way that goes. */
    for (guint i = 0; !decision->entry->reverses && i < reserves->len; i++) {
        judge_one(decision, reserves->pdata[i]);
    }
}

/* On record ---------------------------------------------------------------------------------- */

static bool
is_approved(const FiscEngine *engine, const Reserve *reserve, const GArray *carried,
            const char *entity)
{
    for (guint i = 0; i < carried->len; i++) {
        const FiscMaster *document = g_array_index(carried, FiscCarried, i).document;
        const char *approved_by = fisc_engine_field(document->fields, "approved_by");
        if (missing_role(engine, reserve, approved_by, entity) == NULL) {
            return true;
        }
    }
    return false;
}

static void
object_to(const Reserve *reserve, const char *what, FiscRefusals *objections)
{
    fisc_refusals_add(objections, FISC_ERROR_TAMPERED, NULL, 0, NULL, "reserve %s %s",
                      reserve->name, what);
}

void
fisc_engine_object_reserves(const FiscEngine *engine, const FiscDecidedEntry *entry,
                            const GArray *carried, bool is_enacted, FiscRefusals *objections)
{
    const char *entity = engine->entity_codes->pdata[entry->entity_id - 1];
    for (guint i = 0; !entry->reverses && i < engine->reserves->len; i++) {
        const Reserve *reserve = engine->reserves->pdata[i];
        Doing doing = {false, false, false};
        for (int k = 0; k < entry->count; k++) {
            const FiscEngineCoding *coding = engine->codings->pdata[entry->coding[k] - 1];
            if (fisc_where_matches(engine, reserve->line, &coding->key)) {
                add_doing(&doing, coding->stage, entry->amount[k]);
            }
        }
        if (doing.spends) {
            object_to(reserve, "is spent", objections);
        }
        if (doing.takes && !is_enacted && !is_approved(engine, reserve, carried, entity)) {
            object_to(reserve, "is drawn, and no document with its approvals is carried out",
                      objections);
        }
    }
}
