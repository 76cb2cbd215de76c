/* engine_year.c: where every budget line of an entity stands in a year, with what is open on it and
 * the rules by which something of it may be carried over. What is proposed is the budget's
 * (budget/year_end.c). */
#include "core/base/hash.h"
#include "fisc/carry.h"
#include "fisc/money.h"
#include "ledger/engine_control.h"
#include <string.h>

#define NAME_BYTES_MAX 80 /* a longer name of a line is hashed */
#define NAME_DIGITS 16

/* Values ----------------------------------------------------------------------------------- */

static void
line_free(gpointer data)
{
    FiscYearLine *line = data;
    g_ptr_array_unref(line->rows);
    g_ptr_array_unref(line->items);
    g_free(line);
}

FiscYearPosition *
fisc_year_position_new(const char *entity, int year, int decimals)
{
    FiscYearPosition *position = g_new0(FiscYearPosition, 1);
    position->entity = g_strdup(entity);
    position->year = year;
    position->decimals = decimals;
    position->lines = g_ptr_array_new_with_free_func(line_free);
    position->rules = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_carry_rule_free);
    position->chunk = g_string_chunk_new(4096);
    return position;
}

void
fisc_year_position_free(FiscYearPosition *position)
{
    if (position != NULL) {
        g_ptr_array_unref(position->lines);
        g_ptr_array_unref(position->rules);
        g_string_chunk_free(position->chunk);
        g_free(position->entity);
        g_free(position);
    }
}

static const char *
keep(FiscYearPosition *position, const char *text)
{
    return g_string_chunk_insert_const(position->chunk, text != NULL ? text : "");
}

FiscYearLine *
fisc_year_position_line(FiscYearPosition *position, const char *name)
{
    FiscYearLine *line = g_new0(FiscYearLine, 1);
    line->name = keep(position, name);
    line->rows = g_ptr_array_new_with_free_func(g_free);
    line->items = g_ptr_array_new_with_free_func(g_free);
    line->before.kind = -1;
    g_ptr_array_add(position->lines, line);
    return line;
}

FiscYearItem *
fisc_year_line_item(FiscYearPosition *position, FiscYearLine *line, const char *name,
                    FiscStage stage, const char *const dim[FISC_DIM_COUNT])
{
    FiscYearItem *item = g_new0(FiscYearItem, 1);
    item->name = keep(position, name);
    item->stage = stage;
    item->listed = -1;
    item->before.kind = -1;
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        item->dim[i] = keep(position, dim[i]);
    }
    g_ptr_array_add(line->items, item);
    return item;
}

FiscYearRow *
fisc_year_line_row(FiscYearPosition *position, FiscYearLine *line,
                   const char *const dim[FISC_DIM_COUNT])
{
    FiscYearRow *row = g_new0(FiscYearRow, 1);
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        row->dim[i] = keep(position, dim[i]);
    }
    g_ptr_array_add(line->rows, row);
    return row;
}

char *
fisc_year_line_id(const char *name)
{
    char hex[FISC_HASH_TEXT];
    uint8_t digest[FISC_HASH_SIZE];
    if (strlen(name) <= NAME_BYTES_MAX && strchr(name, '/') == NULL) {
        return g_strdup(name);
    }
    g_autoptr(FiscHash) hash = fisc_hash_new();
    fisc_hash_add_text(hash, name);
    fisc_hash_finish(hash, digest);
    return g_strndup(fisc_hash_format(digest, hex), NAME_DIGITS);
}

/* One question on its way. */
typedef struct {
    FiscEngine *engine;
    FiscYearPosition *position;
    int32_t entity_id;
    FiscDate last_day;
    const FiscControl *control; /* whose keys are the lines; NULL = every set of words is one */
    GHashTable *lines;          /* name -> FiscYearLine */
    GHashTable *rows;           /* words of a coding -> FiscYearRow */
} Question;

/* Lines ------------------------------------------------------------------------------------ */

/* The finest control that holds the entity to its appropriations on the last day. */
static const FiscControl *
find_control(const Question *question)
{
    const FiscControl *finest = NULL;
    for (guint i = 0; i < question->engine->controls->len; i++) {
        const FiscControl *control = question->engine->controls->pdata[i];
        bool is_one = control->level == FISC_LEVEL_ABSOLUTE && control->accounts == NULL &&
                      control->slots[FISC_STAGE_APPROPRIATION] == FISC_SLOT_LIMIT &&
                      fisc_control_covers(control, question->position->entity) &&
                      fisc_control_is_in_force(control, question->last_day);
        if (is_one && (finest == NULL || control->part_count > finest->part_count)) {
            finest = control;
        }
    }
    return finest;
}

static bool
is_budget_dimension(int dimension)
{
    return dimension != FISC_DIM_COUNTERPARTY && dimension != FISC_DIM_CASH_CODE &&
           dimension != FISC_DIM_CASH_COUNTERPARTY;
}

static void
append_part(GString *name, const char *column, const char *code)
{
    g_string_append_printf(name, "%s%s=%s", name->len > 0 ? " " : "", column, code);
}

/* "programme=1 economic=22" of a coding. Caller frees. */
static char *
name_line(const Question *question, const FiscCodingKey *coding)
{
    const FiscControl *control = question->control;
    FiscEngine *engine = question->engine;
    GString *name = g_string_new(NULL);
    for (int i = 0; control != NULL && i < control->part_count; i++) {
        const FiscKeyPart *part = &control->parts[i];
        if (part->dim >= 0) {
            append_part(
                name, fisc_key_part_column(part),
                fisc_engine_symbol_text(engine, fisc_key_part_symbol(engine, part, coding)));
        }
    }
    for (int i = 0; control == NULL && i < FISC_DIM_COUNT; i++) {
        if (is_budget_dimension(i) && coding->dim[i] != 0) {
            append_part(name, fisc_dimension_column((FiscDimension)i),
                        fisc_engine_symbol_text(engine, coding->dim[i]));
        }
    }
    if (name->len == 0) {
        g_string_append_c(name, '-');
    }
    return g_string_free(name, FALSE);
}

static FiscYearLine *
line_of(const Question *question, const FiscCodingKey *coding)
{
    g_autofree char *name = name_line(question, coding);
    FiscYearLine *line = g_hash_table_lookup(question->lines, name);
    if (line == NULL) {
        line = fisc_year_position_line(question->position, name);
        g_hash_table_insert(question->lines, (char *)line->name, line);
    }
    return line;
}

static void
words_of(const Question *question, const FiscCodingKey *coding, const char *dim[FISC_DIM_COUNT])
{
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        dim[i] =
            is_budget_dimension(i) ? fisc_engine_symbol_text(question->engine, coding->dim[i]) : "";
    }
}

static FiscYearRow *
row_of(const Question *question, FiscYearLine *line, const FiscCodingKey *coding)
{
    const char *dim[FISC_DIM_COUNT];
    words_of(question, coding, dim);
    char *key = g_strdup("");
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        char *longer = g_strconcat(key, "\x1f", dim[i], NULL);
        g_free(key);
        key = longer;
    }
    FiscYearRow *row = g_hash_table_lookup(question->rows, key);
    if (row != NULL) {
        g_free(key);
        return row;
    }
    row = fisc_year_line_row(question->position, line, dim);
    g_hash_table_insert(question->rows, key, row);
    return row;
}

/* Where a line counts what stands at a stage, debit positive; NULL = nowhere. */
static int64_t *
sum_of(FiscYearLine *line, FiscStage stage, int *out_sign)
{
    *out_sign = -1;
    switch (stage) {
    case FISC_STAGE_APPROPRIATION:
    case FISC_STAGE_CHANGE:
        *out_sign = 1;
        return &line->appropriation;
    case FISC_STAGE_CARRY:
        *out_sign = 1;
        return &line->carry;
    case FISC_STAGE_AUTHORIZATION:
        return &line->reserved;
    case FISC_STAGE_COMMITMENT:
        return &line->committed;
    case FISC_STAGE_OBLIGATION:
        return &line->accrued;
    case FISC_STAGE_PAYMENT:
        return &line->paid;
    case FISC_STAGE_BLOCK:
        return &line->blocked;
    default:
        return NULL;
    }
}

static void
read_coding(const Question *question, const FiscEngineCoding *coding)
{
    FiscYearLine none = {0};
    __int128 debit = 0;
    __int128 credit = 0;
    int sign = 0;
    if (coding->key.entity_id != question->entity_id ||
        sum_of(&none, coding->stage, &sign) == NULL) {
        return;
    }
    fisc_engine_turnover(coding, question->position->year, &debit, &credit);
    if (debit == credit) {
        return;
    }
    int64_t amount = (int64_t)(sign * (debit - credit)); /* bounded: FISC_SUM_BOUND */
    FiscYearLine *line = line_of(question, &coding->key);
    FiscYearRow *row = row_of(question, line, &coding->key);
    *sum_of(line, coding->stage, &sign) += amount;
    *(sign > 0 ? &row->budget : &row->consumed) += amount;
}

/* Items ------------------------------------------------------------------------------------ */

/* Three fields of an event of what was carried: "kind" "year" "amount", or those before it. */
static FiscCarryRecord
read_record(const Question *question, const FiscMaster *carry, const char *prefix)
{
    FiscCarryRecord record = {.kind = -1};
    g_autofree char *kind = g_strconcat(prefix, "kind", NULL);
    g_autofree char *year = g_strconcat(prefix, "year", NULL);
    g_autofree char *amount = g_strconcat(prefix, "amount", NULL);
    const char *from = fisc_engine_field(carry->fields, year);
    const char *text = fisc_engine_field(carry->fields, amount);
    if (from != NULL && text != NULL &&
        fisc_amount_parse(text, question->position->decimals, '.', 0, &record.amount) == 0 &&
        record.amount > 0) {
        record.kind = fisc_carry_kind_find(fisc_engine_field(carry->fields, kind));
        record.year = atoi(from);
    }
    return record;
}

/* What was carried into the year, and out of it already, by the event of an item or a line. */
static FiscCarryRecord
carried_before(const Question *question, const char *name, bool is_free, int64_t *out_done)
{
    static const FiscCarryRecord none = {.kind = -1};
    int year = question->position->year;
    g_autofree char *subject = g_strconcat(question->position->entity, "/", name, NULL);
    const FiscMaster *carry = fisc_engine_master(question->engine, "carry", subject);
    *out_done = 0;
    if (carry == NULL ||
        (g_strcmp0(fisc_engine_field(carry->fields, "stage"), "free") == 0) != is_free) {
        return none;
    }
    FiscCarryRecord record = read_record(question, carry, "");
    if (record.kind >= 0 && record.year == year) {
        *out_done = record.amount;
        record = read_record(question, carry, "before_");
    }
    return record.kind >= 0 && record.year == year - 1 ? record : none;
}

static int
listed_kind(const Question *question, const char *name)
{
    g_autofree char *subject = g_strconcat(question->position->entity, "/", name, NULL);
    return fisc_carry_kind_find(
        fisc_engine_master_field(question->engine, "carry_item", subject, "kind"));
}

static void
read_group(const Question *question, const FiscItem *item, FiscStage stage,
           const FiscItemGroup *group)
{
    __int128 amount = 0;
    __int128 foreign = 0;
    const char *dim[FISC_DIM_COUNT];
    fisc_engine_item_open(group, &amount, &foreign);
    amount *= item->sign;
    if (group->year != question->position->year || amount <= 0) {
        return;
    }
    const char *name = fisc_engine_symbol_text(question->engine, item->name.name);
    words_of(question, &group->key, dim);
    FiscYearItem *found =
        fisc_year_line_item(question->position, line_of(question, &group->key), name, stage, dim);
    found->open = (int64_t)amount;
    found->listed = listed_kind(question, name);
    found->before = carried_before(question, name, false, &found->done);
    if (item->currency != 0) {
        found->currency =
            keep(question->position, fisc_engine_symbol_text(question->engine, item->currency));
        found->foreign = (int64_t)(foreign * item->sign);
    }
}

/* Items of a chart of the nation's own stay there: what carries them is not written in our stages.
 */
static void
read_item(const Question *question, const FiscItem *item)
{
    const FiscEngineAccount *account = question->engine->accounts->pdata[item->account_id - 1];
    bool is_one =
        account->stage == FISC_STAGE_COMMITMENT || account->stage == FISC_STAGE_AUTHORIZATION;
    if (!is_one || item->name.entity_id != question->entity_id ||
        strcmp(account->code, fisc_stage_account(account->stage)) != 0) {
        return;
    }
    for (guint i = 0; i < item->groups->len; i++) {
        read_group(question, item, account->stage, item->groups->pdata[i]);
    }
}

/* Runs on record --------------------------------------------------------------------------- */

static int
number_of(const FiscMaster *master, const char *field)
{
    const char *text = fisc_engine_field(master->fields, field);
    return text != NULL ? atoi(text) : 0;
}

static void
read_runs(const Question *question, FiscYearLine *line)
{
    g_autofree char *id = fisc_year_line_id(line->name);
    g_autofree char *subject =
        g_strdup_printf("%s/%d/%s", question->position->entity, question->position->year, id);
    const FiscMaster *run = fisc_engine_master(question->engine, "year_end", subject);
    line->before = carried_before(question, id, true, &line->free_done);
    if (run != NULL) {
        line->round = number_of(run, "round");
        line->reversed = number_of(run, "reversed");
    }
}

static gint
compare_rules(gconstpointer a, gconstpointer b)
{
    const FiscCarryRule *left = *(FiscCarryRule *const *)a;
    const FiscCarryRule *right = *(FiscCarryRule *const *)b;
    int by_order = (left->order > right->order) - (left->order < right->order);
    return by_order != 0 ? by_order : strcmp(left->name, right->name);
}

static void
read_rules(const Question *question)
{
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, question->engine->masters);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const FiscMaster *master = value;
        const char *field = NULL;
        const char *wrong = NULL;
        if (strcmp(master->kind, "carry_rule") != 0) {
            continue;
        }
        g_autoptr(FiscCarryRule) rule =
            fisc_carry_rule_parse(master->subject, master->fields, &field, &wrong);
        if (rule != NULL &&
            fisc_carry_rule_holds(rule, question->position->entity, question->last_day)) {
            g_ptr_array_add(question->position->rules, g_steal_pointer(&rule));
        }
    }
    g_ptr_array_sort(question->position->rules, compare_rules);
}

/* Order ------------------------------------------------------------------------------------ */

static gint
compare_lines(gconstpointer a, gconstpointer b)
{
    return strcmp((*(FiscYearLine *const *)a)->name, (*(FiscYearLine *const *)b)->name);
}

/* Orders before requests; then by name, and by words, for an item may stand on several lines. */
static gint
compare_items(gconstpointer a, gconstpointer b)
{
    const FiscYearItem *left = *(FiscYearItem *const *)a;
    const FiscYearItem *right = *(FiscYearItem *const *)b;
    int order = (int)right->stage - (int)left->stage;
    order = order != 0 ? order : strcmp(left->name, right->name);
    for (int i = 0; order == 0 && i < FISC_DIM_COUNT; i++) {
        order = strcmp(left->dim[i], right->dim[i]);
    }
    return order;
}

static gint
compare_rows(gconstpointer a, gconstpointer b)
{
    const FiscYearRow *left = *(FiscYearRow *const *)a;
    const FiscYearRow *right = *(FiscYearRow *const *)b;
    int order = (left->budget == 0) - (right->budget == 0);
    for (int i = 0; order == 0 && i < FISC_DIM_COUNT; i++) {
        order = strcmp(left->dim[i], right->dim[i]);
    }
    return order;
}

static void
sort(FiscYearPosition *position)
{
    g_ptr_array_sort(position->lines, compare_lines);
    for (guint i = 0; i < position->lines->len; i++) {
        FiscYearLine *line = position->lines->pdata[i];
        g_ptr_array_sort(line->items, compare_items);
        g_ptr_array_sort(line->rows, compare_rows);
    }
}

void
fisc_engine_year(FiscEngine *engine, FiscYearPosition *position)
{
    GHashTableIter iter;
    gpointer item;
    Question question = {.engine = engine,
                         .position = position,
                         .entity_id = fisc_engine_entity(engine, position->entity),
                         .last_day = fisc_date_make(position->year, 12, 31)};
    question.control = find_control(&question);
    question.lines = g_hash_table_new(g_str_hash, g_str_equal);
    question.rows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < engine->codings->len; i++) {
        read_coding(&question, engine->codings->pdata[i]);
    }
    g_hash_table_iter_init(&iter, engine->items);
    while (g_hash_table_iter_next(&iter, NULL, &item)) {
        read_item(&question, item);
    }
    for (guint i = 0; i < position->lines->len; i++) {
        read_runs(&question, position->lines->pdata[i]);
    }
    read_rules(&question);
    sort(position);
    g_hash_table_unref(question.lines);
    g_hash_table_unref(question.rows);
}

void
fisc_engine_year_entities(const FiscEngine *engine, int year, GHashTable *entities)
{
    FiscYearLine none = {0};
    for (guint i = 0; i < engine->codings->len; i++) {
        const FiscEngineCoding *coding = engine->codings->pdata[i];
        const char *code = engine->entity_codes->pdata[coding->key.entity_id - 1];
        int sign = 0;
        __int128 debit = 0;
        __int128 credit = 0;
        if (sum_of(&none, coding->stage, &sign) == NULL || g_hash_table_contains(entities, code)) {
            continue;
        }
        fisc_engine_turnover(coding, year, &debit, &credit);
        if (debit != credit) {
            g_hash_table_add(entities, g_strdup(code));
        }
    }
}
