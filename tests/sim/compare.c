/* compare.c: see compare.h. Nothing is skipped because it is likely to agree. */
#include "tests/sim/compare.h"
#include "fisc/poster.h"
#include <string.h>

void
sim_differ(Simulation *simulation, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_string_append(simulation->difference, "  ");
    g_string_append_vprintf(simulation->difference, format, arguments);
    g_string_append_c(simulation->difference, '\n');
    va_end(arguments);
}

bool
sim_is_good(const Simulation *simulation)
{
    return simulation->difference->len == 0;
}

/* Comparing answers -------------------------------------------------------------------------- */

static const char *
kind_word(FiscResultKind kind)
{
    static const char *const words[] = {"posted", "repeated", "conflict", "refused"};
    return words[kind];
}

static int
compare_codes(gconstpointer a, gconstpointer b)
{
    return (int)*(const FiscError *)a - (int)*(const FiscError *)b;
}

static bool
has_other_than_shape(const FiscError *codes, int count)
{
    for (int i = 0; i < count; i++) {
        if (codes[i] != FISC_ERROR_ENTRY_SHAPE) {
            return true;
        }
    }
    return false;
}

/* Whether mixed openings are noticed beside other faults depends on which line comes first, and
 * nothing hangs on it: a shape counts only when it stands alone. */
static char *
codes_text(const FiscError *codes, int count)
{
    GString *text = g_string_new(NULL);
    bool skips_shape = has_other_than_shape(codes, count);
    for (int i = 0; i < count; i++) {
        if (!skips_shape || codes[i] != FISC_ERROR_ENTRY_SHAPE) {
            g_string_append_printf(text, "%s%s", text->len > 0 ? " " : "",
                                   fisc_error_name(codes[i]));
        }
    }
    return g_string_free(text, FALSE);
}

static char *
refusal_codes_text(const FiscRefusals *refusals)
{
    FiscError codes[SIM_CODES_MAX];
    int count = refusals != NULL ? (int)refusals->len : 0;
    g_assert(count <= SIM_CODES_MAX);
    for (int i = 0; i < count; i++) {
        codes[i] = ((const FiscRefusal *)refusals->pdata[i])->code;
    }
    qsort(codes, (size_t)count, sizeof codes[0], compare_codes);
    return codes_text(codes, count);
}

static bool
is_same_shortage(const FiscRefusal *refusal, const SimShortage *shortage)
{
    return refusal->limit == shortage->limit && refusal->consumed == shortage->consumed &&
           refusal->requested == shortage->requested && refusal->shortfall == shortage->shortfall &&
           memcmp(refusal->stage, shortage->stage, sizeof shortage->stage) == 0 &&
           g_strcmp0(refusal->article, sim_article(shortage->article)) == 0;
}

/* The one that says the same, or else one of the same key. */
static const FiscRefusal *
find_refusal(const FiscRefusals *refusals, const SimShortage *shortage)
{
    const FiscRefusal *found = NULL;
    for (guint i = 0; refusals != NULL && i < refusals->len; i++) {
        const FiscRefusal *refusal = refusals->pdata[i];
        bool is_of_key =
            refusal->code == shortage->code &&
            g_strcmp0(refusal->control, sim_control_name(shortage->key.control)) == 0 &&
            g_strcmp0(refusal->key, shortage->text) == 0;
        if (is_of_key && is_same_shortage(refusal, shortage)) {
            return refusal;
        }
        found = is_of_key ? refusal : found;
    }
    return found;
}

static char *
shortage_text(int64_t limit, int64_t consumed, int64_t requested, int64_t shortfall,
              const int64_t *stage, const char *article)
{
    return g_strdup_printf("limit %" G_GINT64_FORMAT " consumed %" G_GINT64_FORMAT
                           " (%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
                           " %" G_GINT64_FORMAT ") requested %" G_GINT64_FORMAT
                           " short %" G_GINT64_FORMAT " %s",
                           limit, consumed, stage[0], stage[1], stage[2], stage[3], requested,
                           shortfall, article != NULL ? article : "");
}

/* What the controls say, refusals or warnings. */
static void
compare_shortages(Simulation *simulation, const char *reference, const FiscRefusals *said,
                  const SimShortage *expected, int count)
{
    for (int i = 0; i < count; i++) {
        const FiscRefusal *refusal = find_refusal(said, &expected[i]);
        const SimShortage *other = &expected[i];
        if (refusal == NULL) {
            sim_differ(simulation, "%s: the engine does not name %s %s of control %s", reference,
                       fisc_error_name(other->code), other->text,
                       sim_control_name(other->key.control));
        } else if (!is_same_shortage(refusal, other)) {
            g_autofree char *engine =
                shortage_text(refusal->limit, refusal->consumed, refusal->requested,
                              refusal->shortfall, refusal->stage, refusal->article);
            g_autofree char *model =
                shortage_text(other->limit, other->consumed, other->requested, other->shortfall,
                              other->stage, sim_article(other->article));
            sim_differ(simulation, "%s: %s %s %s: the engine says %s, the model %s", reference,
                       fisc_error_name(other->code), refusal->control, refusal->key, engine, model);
        }
    }
}

static char *
warning_codes_text(const SimVerdict *verdict)
{
    FiscError codes[SIM_SHORTAGES_MAX];
    for (int i = 0; i < verdict->warning_count; i++) {
        codes[i] = verdict->warning[i].code;
    }
    qsort(codes, (size_t)verdict->warning_count, sizeof codes[0], compare_codes);
    return codes_text(codes, verdict->warning_count);
}

static void
compare_warnings(Simulation *simulation, const FiscResult *result, const SimVerdict *verdict)
{
    g_autofree char *codes = refusal_codes_text(result->warnings);
    g_autofree char *expected = warning_codes_text(verdict);
    simulation->statistics->warnings += verdict->warning_count;
    if (strcmp(codes, expected) != 0) {
        sim_differ(simulation, "%s: the engine warns (%s), the model (%s)", result->reference,
                   codes, expected);
        return;
    }
    compare_shortages(simulation, result->reference, result->warnings, verdict->warning,
                      verdict->warning_count);
}

static void
count_result(SimStatistics *statistics, FiscResultKind kind)
{
    statistics->posted += kind == FISC_RESULT_POSTED ? 1 : 0;
    statistics->repeated += kind == FISC_RESULT_REPEATED ? 1 : 0;
    statistics->conflicts += kind == FISC_RESULT_CONFLICT ? 1 : 0;
    statistics->refused += kind == FISC_RESULT_REFUSED ? 1 : 0;
}

/* Every reason of both, when they differ. */
static void
tell_reasons(Simulation *simulation, const FiscResult *result, const SimVerdict *verdict)
{
    for (guint i = 0; result->refusals != NULL && i < result->refusals->len; i++) {
        g_autofree char *text = fisc_refusal_to_text(result->refusals->pdata[i], 0);
        sim_differ(simulation, "  the engine: %s", text);
    }
    for (int i = 0; i < verdict->shortage_count; i++) {
        const SimShortage *item = &verdict->shortage[i];
        g_autofree char *text =
            shortage_text(item->limit, item->consumed, item->requested, item->shortfall,
                          item->stage, sim_article(item->article));
        sim_differ(simulation, "  the model: %s %s %s", sim_control_name(item->key.control),
                   item->text, text);
    }
}

static void
count_event_codes(SimStatistics *statistics, const SimAnswer *answer)
{
    for (int i = 0; i < answer->event_code_count; i++) {
        statistics->by_code[answer->event_code[i]]++;
    }
}

static void
count_codes(SimStatistics *statistics, const SimVerdict *verdict)
{
    for (int i = 0; i < verdict->code_count; i++) {
        statistics->by_code[verdict->code[i]]++;
    }
    for (int i = 0; i < verdict->warning_count; i++) {
        statistics->by_code[verdict->warning[i].code]++;
    }
}

static void
compare_result(Simulation *simulation, const FiscResult *result, const SimVerdict *verdict)
{
    g_autofree char *codes = refusal_codes_text(result->refusals);
    g_autofree char *expected = codes_text(verdict->code, verdict->code_count);
    count_result(simulation->statistics, result->kind);
    count_codes(simulation->statistics, verdict);
    if (result->kind != verdict->kind || strcmp(codes, expected) != 0) {
        sim_differ(simulation, "%s: the engine says %s (%s), the model %s (%s)", result->reference,
                   kind_word(result->kind), codes, kind_word(verdict->kind), expected);
        tell_reasons(simulation, result, verdict);
    } else if (result->entry_id != verdict->entry_id || result->batch_no != verdict->batch_no) {
        sim_differ(simulation,
                   "%s %s: the engine says entry %" G_GINT64_FORMAT " of batch %" G_GINT64_FORMAT
                   ", the model %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT,
                   result->reference, kind_word(result->kind), result->entry_id, result->batch_no,
                   verdict->entry_id, verdict->batch_no);
    } else {
        simulation->statistics->funds_refusals += verdict->shortage_count;
        compare_shortages(simulation, result->reference, result->refusals, verdict->shortage,
                          verdict->shortage_count);
        compare_warnings(simulation, result, verdict);
    }
}

void
sim_compare_answer(Simulation *simulation, bool is_engine_good, const FiscReceipt *receipt,
                   const SimAnswer *answer)
{
    g_autofree char *codes = refusal_codes_text(receipt->refusals);
    g_autofree char *expected = codes_text(answer->event_code, answer->event_code_count);
    count_event_codes(simulation->statistics, answer);
    if (strcmp(codes, expected) != 0) {
        sim_differ(simulation, "events: the engine says (%s), the model (%s)", codes, expected);
        return;
    }
    if ((int)receipt->results->len != answer->verdict_count) {
        sim_differ(simulation, "the engine gives %u results, the model %d", receipt->results->len,
                   answer->verdict_count);
        return;
    }
    for (int i = 0; i < answer->verdict_count; i++) {
        compare_result(simulation, receipt->results->pdata[i], &answer->verdict[i]);
    }
    if (is_engine_good != answer->is_good && sim_is_good(simulation)) {
        sim_differ(simulation, "the results agree, but the engine says %s of the group",
                   is_engine_good ? "yes" : "no");
    }
}

/* Batches ---------------------------------------------------------------------------------------
 */

static const SimCoding *
coding_of(const Simulation *simulation, const FiscBatch *batch, int coding_id, SimCoding *buffer)
{
    if (coding_id < batch->first_coding) {
        return sim_record_coding(simulation->record, coding_id);
    }
    const FiscDecidedCoding *decided =
        &g_array_index(batch->codings, FiscDecidedCoding, coding_id - batch->first_coding);
    *buffer =
        (SimCoding){decided->entity_id, decided->account_id, decided->flow, decided->kind, {NULL}};
    memcpy(buffer->dim, decided->dim, sizeof buffer->dim);
    return buffer;
}

static bool
is_coding_of(const Simulation *simulation, const SimCoding *coding, const SimPosted *posted,
             const SimLine *line)
{
    const SimAccount *account = &sim_accounts[line->account];
    int number =
        sim_model_number(simulation->model, SIM_EVENT_ACCOUNT, sim_account_base(line->account));
    int entity = sim_model_number(simulation->model, SIM_EVENT_ENTITY, posted->entry.entity);
    const char *party = sim_party_code(line->party);
    if (coding->entity_id != entity || coding->account_id != number ||
        coding->flow != sim_line_flow(line) || coding->kind != account->kind ||
        strcmp(coding->dim[FISC_DIM_COUNTERPARTY], party != NULL ? party : "") != 0) {
        return false;
    }
    for (int i = 0; i < SIM_DIM_COUNT; i++) {
        if (strcmp(coding->dim[sim_dimension((SimDim)i)], sim_word((SimDim)i, line->dim[i])) != 0) {
            return false;
        }
    }
    return true;
}

/* Item and foreign amount of a decided line. */
static bool
is_same_note(const FiscDecidedEntry *decided, int at, const SimLine *line)
{
    const char *item = decided->open_item != NULL ? decided->open_item[at] : "";
    int64_t foreign = decided->foreign != NULL ? decided->foreign[at] : 0;
    const char *expected = sim_item(line->item);
    bool is_in_currency =
        line->foreign == 0 || g_strcmp0(decided->currency, sim_currency(line->currency)) == 0;
    return strcmp(item, expected != NULL ? expected : "") == 0 && foreign == line->foreign &&
           is_in_currency;
}

static void
compare_lines(Simulation *simulation, const FiscBatch *batch, const FiscDecidedEntry *decided,
              const SimPosted *posted)
{
    __int128 sums[2] = {0, 0};
    for (int i = 0; i < decided->count; i++) {
        const SimLine *line = &posted->line[i];
        SimCoding buffer;
        const SimCoding *coding = coding_of(simulation, batch, decided->coding[i], &buffer);
        sums[i < decided->financial ? 0 : 1] += decided->amount[i];
        if (decided->amount[i] != line->amount || !is_same_note(decided, i, line) ||
            !is_coding_of(simulation, coding, posted, line)) {
            sim_differ(simulation,
                       "%s: line %d is decided as another: %" G_GINT64_FORMAT
                       " for %s %" G_GINT64_FORMAT " item %s",
                       decided->reference, i + 1, decided->amount[i],
                       sim_accounts[line->account].code, line->amount,
                       line->item != 0 ? sim_item(line->item) : "none");
        }
        simulation->statistics->item_lines += line->item != 0 ? 1 : 0;
    }
    if (sums[0] != 0 || sums[1] != 0) {
        sim_differ(simulation, "%s: a side of the decided entry does not balance",
                   decided->reference);
    }
}

static void
compare_decided(Simulation *simulation, const FiscBatch *batch, guint at)
{
    const FiscDecidedEntry *decided = batch->entries->pdata[at];
    const SimPosted *posted = sim_model_posted(simulation->model, batch->first_entry + at);
    const SimModel *model = simulation->model;
    simulation->statistics->given_back += posted->line_count - posted->entry.line_count > 0 ? 1 : 0;
    if (decided->count != posted->line_count || decided->financial != posted->financial ||
        decided->period != posted->period || decided->effective != posted->entry.effective ||
        decided->corrects != posted->corrects_id || decided->reverses != posted->entry.reverses ||
        decided->entity_id != sim_model_number(model, SIM_EVENT_ENTITY, posted->entry.entity) ||
        decided->source_id != sim_model_number(model, SIM_EVENT_SOURCE, posted->source) ||
        decided->maker != sim_model_number(model, SIM_EVENT_PERSON, posted->actor)) {
        sim_differ(simulation, "%s is decided with another head or other lines",
                   decided->reference);
        return;
    }
    compare_lines(simulation, batch, decided, posted);
}

static bool
is_same_refusal(const FiscDecidedRefusal *decided, const SimRefusal *refusal)
{
    if (strcmp(decided->reference, refusal->reference) != 0) {
        return false;
    }
    for (int i = 0; i < refusal->shortage_count; i++) {
        const SimShortage *shortage = &refusal->shortage[i];
        const FiscRefusal *reason = find_refusal(decided->reasons, shortage);
        if (reason == NULL || reason->limit != shortage->limit ||
            reason->consumed != shortage->consumed || reason->requested != shortage->requested) {
            return false;
        }
    }
    return true;
}

static bool
is_entity_on_record(const Simulation *simulation, int entity_id)
{
    for (int i = 0; i < SIM_ENTITY_COUNT; i++) {
        if (sim_model_number(simulation->model, SIM_EVENT_ENTITY, i) == entity_id) {
            return true;
        }
    }
    return false;
}

static void
tell_refusals(Simulation *simulation, const FiscBatch *batch, const GArray *expected)
{
    for (guint i = 0; i < batch->refusals->len; i++) {
        const FiscDecidedRefusal *decided = batch->refusals->pdata[i];
        sim_differ(simulation, "  of the engine: %s", decided->reference);
    }
    for (guint i = 0; i < expected->len; i++) {
        sim_differ(simulation, "  of the model: %s",
                   g_array_index(expected, SimRefusal, i).reference);
    }
}

static void
compare_refusals(Simulation *simulation, const FiscBatch *batch)
{
    const GArray *expected = sim_model_batch_refusals(simulation->model);
    if (batch->refusals->len != expected->len) {
        sim_differ(simulation, "%u refusals are on record, and %u in the model",
                   batch->refusals->len, expected->len);
        tell_refusals(simulation, batch, expected);
        return;
    }
    for (guint i = 0; i < expected->len; i++) {
        const SimRefusal *refusal = &g_array_index(expected, SimRefusal, i);
        if (!is_same_refusal(batch->refusals->pdata[i], refusal)) {
            sim_differ(simulation, "the refusal of %s is on record as another", refusal->reference);
        }
    }
    for (guint i = 0; i < batch->refusals->len; i++) {
        const FiscDecidedRefusal *refusal = batch->refusals->pdata[i];
        if (!is_entity_on_record(simulation, refusal->entity_id)) {
            sim_differ(simulation, "the refusal of %s names entity %d, which is not on record",
                       refusal->reference, refusal->entity_id);
        }
    }
}

void
sim_compare_batch(Simulation *simulation, const FiscBatch *batch)
{
    const SimModel *model = simulation->model;
    guint posted = (guint)(sim_model_posted_count(model) - (batch->first_entry - 1));
    guint events = (guint)sim_model_batch_events(model);
    if (batch->entries->len != posted || batch->events->len != events ||
        batch->items != (int)(posted + events + batch->refusals->len)) {
        sim_differ(simulation,
                   "the engine's batch has %u entries, %u events and %u refusals in %d items; the "
                   "model's %u and %u",
                   batch->entries->len, batch->events->len, batch->refusals->len, batch->items,
                   posted, events);
        return;
    }
    for (guint i = 0; i < posted; i++) {
        compare_decided(simulation, batch, i);
    }
    compare_refusals(simulation, batch);
    if (memcmp(batch->prev_hash, fisc_engine_head(simulation->engine), FISC_HASH_BYTES) != 0) {
        sim_differ(simulation, "the batch does not link to the head");
    }
}

/* Funds -------------------------------------------------------------------------------------- */

static bool
is_same_funds(const FiscFunds *engine, const SimFunds *model)
{
    static const char *const levels[] = {"none", "track", "advisory", "absolute"};
    bool is_same = strcmp(engine->control, sim_control_name(model->key.control)) == 0 &&
                   strcmp(engine->key, model->text) == 0 &&
                   strcmp(engine->level, levels[model->level]) == 0 &&
                   engine->limit == model->limit && engine->ceiling == model->ceiling &&
                   engine->consumed == model->consumed && engine->available == model->available &&
                   engine->stage[FISC_STAGE_RELEASE] == model->stage[FISC_STAGE_RELEASE];
    is_same = is_same && engine->grown == model->grown &&
              engine->stage[FISC_STAGE_BLOCK] == model->stage[FISC_STAGE_BLOCK];
    for (int stage = FISC_STAGE_AUTHORIZATION; stage <= FISC_STAGE_PAYMENT; stage++) {
        is_same = is_same && engine->stage[stage] == model->stage[stage];
    }
    return is_same;
}

static void
compare_funds_of(Simulation *simulation, FiscEngine *engine, const char *who, int year)
{
    static const char *const any[FISC_DIM_COUNT] = {NULL};
    g_autoptr(GPtrArray) funds = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_funds_free);
    g_autoptr(GArray) expected = sim_model_funds(simulation->model, year);
    fisc_engine_funds(engine, NULL, year, any, funds);
    if (funds->len != expected->len) {
        sim_differ(simulation, "%s has %u keys on record in %d, the model %u", who, funds->len,
                   year, expected->len);
    }
    for (guint i = 0; i < MIN(funds->len, expected->len); i++) {
        const FiscFunds *item = funds->pdata[i];
        const SimFunds *other = &g_array_index(expected, SimFunds, i);
        simulation->statistics->funds_compared++;
        if (!is_same_funds(item, other)) {
            sim_differ(simulation,
                       "%s: %s %s has %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
                       " (%" G_GINT64_FORMAT " grown, %" G_GINT64_FORMAT
                       " blocked) available; the model: %s %s has %" G_GINT64_FORMAT
                       " of %" G_GINT64_FORMAT " (%" G_GINT64_FORMAT " grown, %" G_GINT64_FORMAT
                       " blocked)",
                       who, item->control, item->key, item->available, item->limit, item->grown,
                       item->stage[FISC_STAGE_BLOCK], sim_control_name(other->key.control),
                       other->text, other->available, other->limit, other->grown,
                       other->stage[FISC_STAGE_BLOCK]);
            return;
        }
    }
}

void
sim_compare_funds(Simulation *simulation, FiscEngine *engine, const char *who)
{
    for (int year = 2024; year <= 2025 && sim_is_good(simulation); year++) {
        compare_funds_of(simulation, engine, who, year);
    }
}
