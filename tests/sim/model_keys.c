/* model_keys.c: what a control makes of lines: keys, and what is on record under each, found by
 * looking through all lines. */
#include "tests/sim/model_internal.h"
#include <stdlib.h>
#include <string.h>

#define WORD_SIZE 16
#define DEPTH_MAX 16
/* A control that is defined anew may find more than any entry could have brought together; it is
 * shown no larger. */
#define SHOWN_MAX ((int64_t)1 << 61)
#define SIM_SOME_YEAR 2024

/* Stages --------------------------------------------------------------------------------------- */

/* What stands on the debit side: what is given, not what is used. */
static bool
is_given(FiscStage stage)
{
    return stage == FISC_STAGE_APPROPRIATION || stage == FISC_STAGE_CHANGE ||
           stage == FISC_STAGE_CARRY || stage == FISC_STAGE_RELEASE;
}

static unsigned
limit_stages(const SimModel *model, const SimControl *control)
{
    unsigned given =
        1u << FISC_STAGE_APPROPRIATION | 1u << FISC_STAGE_CHANGE | 1u << FISC_STAGE_CARRY;
    if (model->mistake == SIM_WRONG_STAGES && control->limit == 1u << FISC_STAGE_RELEASE) {
        return given;
    }
    return control->limit != 0 ? control->limit : given;
}

static unsigned
consuming_stages(const SimModel *model, const SimControl *control)
{
    unsigned blocks = model->mistake == SIM_WRONG_BLOCK ? 0 : 1u << FISC_STAGE_BLOCK;
    return control->consume != 0
               ? control->consume
               : 1u << FISC_STAGE_AUTHORIZATION | 1u << FISC_STAGE_COMMITMENT |
                     1u << FISC_STAGE_OBLIGATION | 1u << FISC_STAGE_PAYMENT | blocks;
}

bool
sim_model_counts(const SimModel *model, const SimControl *control, const SimLine *line)
{
    if (control->accounts != 0) {
        return (control->accounts & 1u << sim_account_base(line->account)) != 0;
    }
    unsigned counted = limit_stages(model, control) | consuming_stages(model, control) |
                       1u << FISC_STAGE_RELEASE; /* at least to be shown */
    FiscStage stage = sim_line_stage(line);
    return stage != FISC_STAGE_NONE && (counted & 1u << stage) != 0;
}

int64_t
sim_model_consumed(const Sums *sums)
{
    int64_t consumed = 0;
    for (int stage = 0; stage < FISC_STAGE_COUNT; stage++) {
        consumed += sums->stage[stage];
    }
    return consumed;
}

bool
sim_model_is_limit(const SimModel *model, const SimControl *control, const SimLine *line)
{
    return control->accounts != 0 ||
           (limit_stages(model, control) & 1u << sim_line_stage(line)) != 0;
}

void
sim_model_add_to_sums(const SimModel *model, const SimControl *control, const SimLine *line,
                      Sums *sums)
{
    FiscStage stage = sim_line_stage(line);
    sums->is_used = true;
    sums->is_budgeted = sums->is_budgeted || sim_model_is_limit(model, control, line);
    if (control->accounts != 0) {
        bool is_debit = (control->side == 2) != (model->mistake == SIM_WRONG_ACCOUNTS);
        sums->limit += is_debit ? line->amount : -line->amount;
    } else if (limit_stages(model, control) & 1u << stage) {
        sums->limit += line->amount;
    } else if (consuming_stages(model, control) & 1u << stage) {
        sums->stage[stage] += is_given(stage) ? line->amount : -line->amount;
    }
    if (control->accounts == 0 && stage == FISC_STAGE_RELEASE &&
        !(limit_stages(model, control) & 1u << stage)) {
        sums->released += line->amount; /* shown, whether it consumes or not */
    }
}

/* The part of the limit that is tolerated on top, rounded down, and never more than the cap. */
int64_t
sim_model_ceiling(const SimModel *model, const SimControl *control, int64_t limit)
{
    if (limit <= 0) {
        return limit;
    }
    int64_t more = (int64_t)((__int128)limit * control->tolerance / 1000);
    bool has_cap = control->cap > 0 && model->mistake != SIM_WRONG_TOLERANCE;
    return limit + (has_cap ? MIN(more, control->cap) : more);
}

/* Words ---------------------------------------------------------------------------------------- */

/* The code above, in the tree of its dimension; 0 when it is a root. */
static int
parent_of(const SimModel *model, SimDim dim, int word)
{
    const SimEvent *segment = sim_model_fact(model, SIM_EVENT_SEGMENT, SIM_SEGMENT(dim, word));
    return segment != NULL ? segment->parent : 0;
}

/* The ancestor at a depth, a root's being 1; a code that is less deep stands for itself. */
static int
ancestor_of(const SimModel *model, SimDim dim, int word, int depth)
{
    int path[DEPTH_MAX];
    int length = 0;
    for (int at = word; at != 0 && length < DEPTH_MAX; at = parent_of(model, dim, at)) {
        path[length++] = at;
    }
    depth -= model->mistake == SIM_WRONG_TREE ? 1 : 0;
    return length <= depth || depth == 0 ? word : path[length - depth];
}

/* What a key says of a line in its @at-th part behind the entity. */
static void
part_word(const SimModel *model, const SimControl *control, int at, const int *dim, int account,
          char *out_word)
{
    SimDim part = (SimDim)control->part[at];
    if (control->part[at] == SIM_PART_ACCOUNT) {
        g_strlcpy(out_word, sim_accounts[sim_account_base(account)].account, WORD_SIZE);
        return;
    }
    int word = control->depth[at] > 0 ? ancestor_of(model, part, dim[part], control->depth[at])
                                      : dim[part];
    g_strlcpy(out_word, sim_word(part, word), WORD_SIZE);
    if (control->length[at] > 0) {
        out_word[control->length[at]] = '\0'; /* harmless behind a shorter word */
    }
}

bool
sim_model_has_words(const SimModel *model, const SimKey *key, int entity, const SimLine *line)
{
    const SimControl *control = sim_model_control(model, key->control);
    bool is_same = entity == key->entity;
    for (int i = 0; i < control->part_count && is_same; i++) {
        char wanted[WORD_SIZE];
        char has[WORD_SIZE];
        part_word(model, control, i, key->dim, key->account, wanted);
        part_word(model, control, i, line->dim, line->account, has);
        is_same = strcmp(wanted, has) == 0;
    }
    return is_same;
}

/* Months --------------------------------------------------------------------------------------- */

int
sim_model_month(const SimModel *model, FiscPeriod period)
{
    int number = period % 100;
    int last = model->mistake == SIM_WRONG_PERIOD ? 1 : 12;
    return number == 0 ? 1 : number == 13 ? last : number;
}

SimSpan
sim_model_interval(const SimControl *control)
{
    return control->interval != SIM_SPAN_DEFAULT ? control->interval : SIM_SPAN_YEAR;
}

SimSpan
sim_model_boundary(const SimControl *control)
{
    return control->boundary != SIM_SPAN_DEFAULT ? control->boundary : sim_model_interval(control);
}

int
sim_model_span_begin(SimSpan span, int month)
{
    return span == SIM_SPAN_PERIOD ? month : span == SIM_SPAN_QUARTER ? (month - 1) / 3 * 3 + 1 : 1;
}

int
sim_model_span_end(SimSpan span, int month)
{
    return span == SIM_SPAN_PERIOD ? month : span == SIM_SPAN_QUARTER ? (month + 2) / 3 * 3 : 12;
}

/* Keys ----------------------------------------------------------------------------------------- */

bool
sim_model_covers(const SimControl *control, int entity)
{
    return control->level != SIM_LEVEL_NONE &&
           (control->entities == 0 || (control->entities & (1u << entity)) != 0);
}

bool
sim_model_is_in_force(const SimModel *model, const SimControl *control, FiscDate date)
{
    FiscDate last = control->to - (model->mistake == SIM_WRONG_VALIDITY ? 1 : 0);
    return (control->from == 0 || date >= control->from) && (control->to == 0 || date <= last);
}

SimKey
sim_model_key(const SimModel *model, int control, int entity, const SimLine *line, int year,
              int month)
{
    const SimControl *rule = sim_model_control(model, control);
    SimKey key = {.control = control,
                  .entity = entity,
                  .account = line->account,
                  .year = year,
                  .from = sim_model_span_begin(sim_model_interval(rule), month),
                  .to = sim_model_span_end(sim_model_boundary(rule), month)};
    memcpy(key.dim, line->dim, sizeof key.dim);
    return key;
}

static void
append_interval(GString *text, const SimControl *control, const SimKey *key)
{
    SimSpan interval = sim_model_interval(control);
    SimSpan boundary = sim_model_boundary(control);
    g_string_append_printf(text, "year=%d", key->year);
    if (interval == SIM_SPAN_PERIOD) {
        g_string_append_printf(text, " period=%d%02d", key->year, key->from);
    } else if (interval == SIM_SPAN_QUARTER) {
        g_string_append_printf(text, " quarter=%d", (key->from + 2) / 3);
    }
    if (boundary < interval) {
        g_string_append_printf(text, " to=%d%02d", key->year, key->to);
    }
}

void
sim_model_format_key(const SimModel *model, const SimKey *key, char *out_text)
{
    const SimControl *control = sim_model_control(model, key->control);
    GString *text = g_string_new(NULL);
    g_string_printf(text, "entity=%s ", sim_entity_code(key->entity));
    for (int i = 0; i < control->part_count; i++) {
        char word[WORD_SIZE];
        part_word(model, control, i, key->dim, key->account, word);
        g_string_append_printf(text, "%s=%s ",
                               control->part[i] == SIM_PART_ACCOUNT
                                   ? "account"
                                   : fisc_dimension_column(sim_dimension((SimDim)control->part[i])),
                               word);
    }
    append_interval(text, control, key);
    g_strlcpy(out_text, text->str, SIM_KEY_TEXT);
    g_string_free(text, TRUE);
}

const char *
sim_model_column(const SimControl *control, int at)
{
    return at < 0                      ? "entity"
           : at == control->part_count ? "year"
           : control->part[at] == SIM_PART_ACCOUNT
               ? "account"
               : fisc_dimension_column(sim_dimension((SimDim)control->part[at]));
}

static int
find_entity(const SimModel *model, const char *word)
{
    for (int entity = 0; entity < SIM_ENTITY_COUNT; entity++) {
        g_autofree char *expected = g_strconcat("entity=", sim_entity_code(entity), NULL);
        if (strcmp(word, expected) == 0 &&
            sim_model_fact(model, SIM_EVENT_ENTITY, entity) != NULL) {
            return entity;
        }
    }
    return -1;
}

/* The entity, the columns of the key, the year and the months; without the words. */
static bool
read_key_text(const SimModel *model, const SimControl *control, const char *text, SimKey *out_key)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    bool is_key = (int)g_strv_length(words) >= control->part_count + 2;
    for (int i = -1; is_key && i <= control->part_count; i++) {
        g_auto(GStrv) halves = g_strsplit(words[i + 1], "=", 2);
        is_key = halves[0] != NULL && strcmp(halves[0], sim_model_column(control, i)) == 0;
    }
    if (!is_key) {
        return false;
    }
    const char *window = strstr(text, "year=");
    *out_key =
        (SimKey){.entity = find_entity(model, words[0]), .year = atoi(window + strlen("year="))};
    for (int month = 1; out_key->entity >= 0 && month <= 12; month++) {
        g_autoptr(GString) printed = g_string_new(NULL);
        out_key->from = sim_model_span_begin(sim_model_interval(control), month);
        out_key->to = sim_model_span_end(sim_model_boundary(control), month);
        append_interval(printed, control, out_key);
        if (strcmp(printed->str, window) == 0) {
            return true;
        }
    }
    return false;
}

bool
sim_model_is_key_text(const SimModel *model, const SimControl *control, const char *text)
{
    SimKey key;
    return read_key_text(model, control, text, &key);
}

/* Whether a line is on the key that is printed so, whenever it is. */
static bool
is_printed_so(const SimModel *model, int control, int entity, const SimLine *line, const char *text)
{
    char printed[SIM_KEY_TEXT];
    SimKey key = sim_model_key(model, control, entity, line, SIM_SOME_YEAR, 1);
    sim_model_format_key(model, &key, printed);
    gsize length = (gsize)(strstr(printed, "year=") - printed);
    return strncmp(printed, text, length) == 0 && strstr(text, "year=") == text + length;
}

bool
sim_model_sum_text(const SimModel *model, int control, const char *text, Sums *out_sums)
{
    SimKey key;
    const SimControl *rule = sim_model_control(model, control);
    *out_sums = (Sums){0};
    if (rule == NULL || !read_key_text(model, rule, text, &key) ||
        !sim_model_covers(rule, key.entity)) {
        return false;
    }
    for (guint i = 0; i < model->lines->len; i++) {
        const PostedLine *posted = &g_array_index(model->lines, PostedLine, i);
        int month = sim_model_month(model, posted->period);
        bool is_on_key = fisc_period_year(posted->period) == key.year &&
                         sim_model_counts(model, rule, &posted->line) &&
                         is_printed_so(model, control, posted->entity, &posted->line, text);
        out_sums->is_budgeted =
            out_sums->is_budgeted || (is_on_key && sim_model_is_limit(model, rule, &posted->line));
        if (is_on_key && month >= key.from && month <= key.to) {
            sim_model_add_to_sums(model, rule, &posted->line, out_sums);
        }
    }
    out_sums->limit += sim_model_grown(model, control, text, NULL, 0);
    for (int subject = 0; rule->accounts == 0 && subject < SIM_BUDGET_LINE_COUNT; subject++) {
        const SimEvent *fact = sim_model_fact(model, SIM_EVENT_BUDGET_LINE, subject);
        SimLine line = {0};
        if (fact != NULL && fact->year == key.year) {
            memcpy(line.dim, fact->dim, sizeof line.dim);
            out_sums->is_budgeted =
                out_sums->is_budgeted || is_printed_so(model, control, fact->entity, &line, text);
        }
    }
    return true;
}

static bool
has_budget_line(const SimModel *model, const SimKey *key)
{
    for (int subject = 0; subject < SIM_BUDGET_LINE_COUNT; subject++) {
        const SimEvent *fact = sim_model_fact(model, SIM_EVENT_BUDGET_LINE, subject);
        SimLine line = {.account = key->account};
        if (fact == NULL || fact->year != key->year) {
            continue;
        }
        memcpy(line.dim, fact->dim, sizeof line.dim);
        if (sim_model_has_words(model, key, fact->entity, &line)) {
            return true;
        }
    }
    return false;
}

/* Amounts of the key's months; that it is budgeted holds for the year. */
Sums
sim_model_sum_key(const SimModel *model, const SimKey *key)
{
    const SimControl *control = sim_model_control(model, key->control);
    Sums sums = {.is_budgeted = control->accounts == 0 && has_budget_line(model, key)};
    for (guint i = 0; i < model->lines->len; i++) {
        const PostedLine *posted = &g_array_index(model->lines, PostedLine, i);
        if (fisc_period_year(posted->period) != key->year ||
            !sim_model_counts(model, control, &posted->line) ||
            !sim_model_has_words(model, key, posted->entity, &posted->line)) {
            continue;
        }
        int month = sim_model_month(model, posted->period);
        sums.is_budgeted = sums.is_budgeted || sim_model_is_limit(model, control, &posted->line);
        if (month >= key->from && month <= key->to) {
            sim_model_add_to_sums(model, control, &posted->line, &sums);
        }
    }
    sums.limit += sim_model_grown_key(model, key, NULL);
    sums.limit = CLAMP(sums.limit, -SHOWN_MAX, SHOWN_MAX);
    return sums;
}

/* Asking --------------------------------------------------------------------------------------- */

static bool
has_funds(const GArray *funds, const SimKey *key, const SimModel *model)
{
    SimLine line = {.account = key->account};
    memcpy(line.dim, key->dim, sizeof line.dim);
    for (guint i = 0; i < funds->len; i++) {
        const SimFunds *item = &g_array_index(funds, SimFunds, i);
        if (item->key.control == key->control &&
            sim_model_has_words(model, &item->key, key->entity, &line)) {
            return true;
        }
    }
    return false;
}

static void
add_window(const SimModel *model, const SimKey *key, GArray *funds)
{
    const SimControl *control = sim_model_control(model, key->control);
    Sums sums = sim_model_sum_key(model, key);
    SimFunds item = {.key = *key,
                     .level = control->level,
                     .limit = sums.limit,
                     .grown = sim_model_grown_key(model, key, NULL),
                     .ceiling = sim_model_ceiling(model, control, sums.limit),
                     .consumed = sim_model_consumed(&sums)};
    item.available = item.limit - item.consumed;
    sim_model_format_key(model, key, item.text);
    memcpy(item.stage, sums.stage, sizeof item.stage);
    item.stage[FISC_STAGE_RELEASE] = sums.released;
    if (control->consume & 1u << FISC_STAGE_RELEASE) {
        item.stage[FISC_STAGE_AUTHORIZATION] += sums.released; /* set aside for others */
    }
    if (sim_model_boundary(control) == SIM_SPAN_YEAR || item.limit != 0 || item.consumed != 0) {
        g_array_append_val(funds, item);
    }
}

/* All windows of a key that was not listed yet. */
static void
add_funds(const SimModel *model, SimKey key, GArray *funds)
{
    const SimControl *control = sim_model_control(model, key.control);
    bool is_listed = has_funds(funds, &key, model);
    key.from = 1;
    key.to = 12;
    Sums year = sim_model_sum_key(model, &key);
    if (is_listed || !sim_model_covers(control, key.entity) ||
        (!year.is_budgeted && year.limit == 0 && sim_model_consumed(&year) == 0)) {
        return;
    }
    for (int month = 1; month <= 12; month = key.to + 1) {
        key.from = sim_model_span_begin(sim_model_interval(control), month);
        key.to = sim_model_span_end(sim_model_boundary(control), month);
        add_window(model, &key, funds);
    }
}

static int
compare_funds(gconstpointer a, gconstpointer b)
{
    const SimFunds *left = a;
    const SimFunds *right = b;
    int by_control =
        strcmp(sim_control_name(left->key.control), sim_control_name(right->key.control));
    return by_control != 0 ? by_control : strcmp(left->text, right->text);
}

static void
add_funds_of_lines(const SimModel *model, int control, int year, GArray *funds)
{
    for (guint i = 0; i < model->lines->len; i++) {
        const PostedLine *posted = &g_array_index(model->lines, PostedLine, i);
        if (fisc_period_year(posted->period) == year &&
            sim_model_counts(model, sim_model_control(model, control), &posted->line)) {
            SimKey key = sim_model_key(model, control, posted->entity, &posted->line, year,
                                       sim_model_month(model, posted->period));
            add_funds(model, key, funds);
        }
    }
}

static void
add_funds_of_budget_lines(const SimModel *model, int control, int year, GArray *funds)
{
    if (sim_model_control(model, control)->accounts != 0) {
        return;
    }
    for (int subject = 0; subject < SIM_BUDGET_LINE_COUNT; subject++) {
        const SimEvent *fact = sim_model_fact(model, SIM_EVENT_BUDGET_LINE, subject);
        SimLine line = {0};
        if (fact != NULL && fact->year == year) {
            memcpy(line.dim, fact->dim, sizeof line.dim);
            SimKey key = sim_model_key(model, control, fact->entity, &line, year, 1);
            add_funds(model, key, funds);
        }
    }
}

/* Keys that have nothing but what they have grown by. */
static void
add_funds_of_growths(const SimModel *model, int control, int year, GArray *funds)
{
    for (int subject = 0; subject < SIM_GROWTH_COUNT; subject++) {
        const SimEvent *fact = sim_model_fact(model, SIM_EVENT_GROWTH, subject);
        SimFunds item = {.key = {.control = control}};
        bool is_listed = fact == NULL || fact->of_control != control ||
                         !sim_model_growth_text(model, subject, year, item.text);
        for (guint i = 0; !is_listed && i < funds->len; i++) {
            const SimFunds *other = &g_array_index(funds, SimFunds, i);
            is_listed = other->key.control == control && strcmp(other->text, item.text) == 0;
        }
        item.grown = is_listed ? 0 : sim_model_grown(model, control, item.text, NULL, 0);
        if (item.grown != 0) {
            const SimControl *rule = sim_model_control(model, control);
            item.level = rule->level;
            item.limit = item.available = item.grown;
            item.ceiling = sim_model_ceiling(model, rule, item.limit);
            g_array_append_val(funds, item);
        }
    }
}

GArray *
sim_model_funds(const SimModel *model, int year)
{
    GArray *funds = g_array_new(FALSE, FALSE, sizeof(SimFunds));
    for (int control = 0; control < SIM_CONTROL_COUNT; control++) {
        const SimControl *rule = sim_model_control(model, control);
        if (rule != NULL && (rule->from == 0 || rule->from <= fisc_date_make(year, 12, 31)) &&
            (rule->to == 0 || rule->to >= fisc_date_make(year, 1, 1))) {
            add_funds_of_lines(model, control, year, funds);
            add_funds_of_budget_lines(model, control, year, funds);
            add_funds_of_growths(model, control, year, funds);
        }
    }
    g_array_sort(funds, compare_funds);
    return funds;
}
