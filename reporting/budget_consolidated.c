/* budget_consolidated.c: the budget of a group before it is law, with what its members promise each
 * other left out; and who promises whom what.
 *
 * It works on the lines of a version, not on the books: postings of a budget know no counterparty.
 * That both say the same is the column "enacted". Nothing is plugged: each side's own record is
 * left out, and where the two differ the pair says so. */
#include "fisc/budget_consolidated.h"
#include "fisc/gfs.h"
#include "fisc/money.h"
#include "reporting/stages.h"
#include <string.h>

static const char *const side_words[] = {
    [FISC_SIDE_EXPENDITURE] = "expenditure", [FISC_SIDE_REVENUE] = "revenue"};

/* What passes between two units is of one kind on both sides. The first that a code lies under. */
static const struct {
    const char *under;
    const char *kind;
} kinds[] = {
    {"2611", "current"}, {"2621", "current"}, {"2631", "current"}, {"2821", "current"},
    {"1311", "current"}, {"1321", "current"}, {"1331", "current"}, {"1441", "current"},
    {"2612", "capital"}, {"2622", "capital"}, {"2632", "capital"}, {"2822", "capital"},
    {"1312", "capital"}, {"1322", "capital"}, {"1332", "capital"}, {"1442", "capital"},
    {"31", "assets"},    {"32", "financial"}, {"33", "financial"},
};

static const char *
kind_of(const FiscPlanLine *line)
{
    const char *code = line->dim[FISC_DIM_GFS];
    for (guint i = 0; *code != '\0' && i < G_N_ELEMENTS(kinds); i++) {
        if (fisc_gfs_is_under(code, kinds[i].under)) {
            return kinds[i].kind;
        }
    }
    return "other";
}

static bool
is_internal(const FiscPerimeter *perimeter, const FiscPlanLine *line)
{
    return fisc_perimeter_eliminates(perimeter, line->dim[FISC_DIM_GFS],
                                     line->dim[FISC_DIM_COUNTERPARTY]);
}

/* A plan line as if it were on the books: what grouping asks for. */
static FiscCoding
coding_of(const FiscPlanLine *line)
{
    FiscCoding coding = {.entity = line->entity};
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        coding.dim[i] = line->dim[i];
    }
    return coding;
}

/* ---- aggregate, eliminated, consolidated ---- */

typedef struct {
    FiscPlanSide side;
    char **words; /* one for each key */
    __int128 aggregate, eliminated, enacted;
} Sum;

static void
sum_free(void *data)
{
    Sum *sum = data;
    g_strfreev(sum->words);
    g_free(sum);
}

typedef struct {
    const FiscConsolidatedQuery *query;
    FiscPerimeter *perimeter;
    FiscStageKeys keys;
    GPtrArray *sums;   /* of Sum */
    GHashTable *index; /* side and words -> Sum, borrowed */
} Summing;

/* Takes @words. */
static Sum *
find_sum(Summing *summing, FiscPlanSide side, char **words)
{
    g_autofree char *joined = g_strjoinv("\x1f", words);
    g_autofree char *key = g_strconcat(side_words[side], "\x1f", joined, NULL);
    Sum *sum = g_hash_table_lookup(summing->index, key);
    if (sum != NULL) {
        g_strfreev(words);
        return sum;
    }
    sum = g_new0(Sum, 1);
    sum->side = side;
    sum->words = words;
    g_ptr_array_add(summing->sums, sum);
    g_hash_table_insert(summing->index, g_steal_pointer(&key), sum);
    return sum;
}

static void
add_line(Summing *summing, const FiscPlanLine *line)
{
    FiscCoding coding = coding_of(line);
    char **words = fisc_stage_key_words(summing->keys.keys, summing->keys.count, &coding);
    if (!fisc_stage_keys_want(&summing->keys, words)) {
        g_strfreev(words);
        return;
    }
    int64_t amount = fisc_plan_line_amount(line, summing->query->year_index);
    Sum *sum = find_sum(summing, line->side, words);
    sum->aggregate += amount;
    sum->eliminated += is_internal(summing->perimeter, line) ? amount : 0;
}

/* What the books have as original appropriations and estimates of the year. */
static void
add_enacted(Summing *summing)
{
    const FiscConsolidatedQuery *query = summing->query;
    int year = query->lines->frame.year + query->year_index;
    g_autoptr(GPtrArray) sums = fisc_stages_sum(summing->perimeter, query->balances, year,
                                                summing->keys.keys, summing->keys.count);
    for (guint i = 0; i < sums->len; i++) {
        const FiscStageSum *stages = sums->pdata[i];
        const struct {
            FiscPlanSide side;
            FiscStage stage;
        } of[] = {{FISC_SIDE_EXPENDITURE, FISC_STAGE_APPROPRIATION},
                  {FISC_SIDE_REVENUE, FISC_STAGE_ESTIMATE}};
        for (guint k = 0; k < G_N_ELEMENTS(of); k++) {
            if (stages->is_moved[of[k].stage] &&
                fisc_stage_keys_want(&summing->keys, stages->words)) {
                find_sum(summing, of[k].side, g_strdupv(stages->words))->enacted +=
                    stages->balance[of[k].stage];
            }
        }
    }
}

static int
compare_sums(const void *a, const void *b)
{
    const Sum *left = *(const Sum *const *)a;
    const Sum *right = *(const Sum *const *)b;
    int order = (int)left->side - (int)right->side;
    for (guint i = 0; order == 0 && left->words[i] != NULL; i++) {
        order = strcmp(left->words[i], right->words[i]);
    }
    return order;
}

static FiscTable *
new_table(const Summing *summing)
{
    const FiscConsolidatedQuery *query = summing->query;
    g_autofree char *title =
        g_strdup_printf("Consolidated budget, %s %s, %d, version %s", summing->perimeter->unit,
                        summing->perimeter->name, query->lines->frame.year + query->year_index,
                        query->lines->frame.version);
    FiscTable *table = fisc_table_new("budget-consolidated", title, query->lines->frame.decimals);
    fisc_table_add_column(table, "side", FISC_COLUMN_TEXT);
    for (guint i = 0; i < summing->keys.count; i++) {
        fisc_table_add_column(table, fisc_stage_key_name(&summing->keys.keys[i]), FISC_COLUMN_TEXT);
    }
    fisc_table_add_column(table, "aggregate", FISC_COLUMN_AMOUNT);
    fisc_table_add_column(table, "eliminated", FISC_COLUMN_AMOUNT);
    fisc_table_add_column(table, "consolidated", FISC_COLUMN_AMOUNT);
    if (query->balances != NULL) {
        fisc_table_add_column(table, "enacted", FISC_COLUMN_AMOUNT);
        fisc_table_add_column(table, "difference", FISC_COLUMN_AMOUNT);
    }
    return table;
}

/* @words NULL: the total of a side. */
static void
add_row(FiscTable *table, const Summing *summing, const Sum *sum, char *const *words)
{
    FiscRow *row = fisc_table_add_row(table);
    int column = 0;
    fisc_table_set_text(table, row, column++, side_words[sum->side]);
    for (guint i = 0; i < summing->keys.count; i++) {
        fisc_table_set_text(table, row, column++, words != NULL ? words[i] : i == 0 ? "total" : "");
    }
    fisc_table_set_amount(table, row, column++, sum->aggregate);
    fisc_table_set_amount(table, row, column++, sum->eliminated);
    fisc_table_set_amount(table, row, column++, sum->aggregate - sum->eliminated);
    if (summing->query->balances != NULL) {
        fisc_table_set_amount(table, row, column++, sum->enacted);
        fisc_table_set_amount(table, row, column++, sum->aggregate - sum->enacted);
    }
    row->strong = words == NULL;
}

static void
add_side(FiscTable *table, const Summing *summing, FiscPlanSide side)
{
    Sum total = {.side = side};
    for (guint i = 0; i < summing->sums->len; i++) {
        const Sum *sum = summing->sums->pdata[i];
        if (sum->side == side) {
            add_row(table, summing, sum, sum->words);
            total.aggregate += sum->aggregate;
            total.eliminated += sum->eliminated;
            total.enacted += sum->enacted;
        }
    }
    add_row(table, summing, &total, NULL);
}

static void
each_line(const FiscConsolidatedQuery *query, const FiscPerimeter *perimeter,
          void (*visit)(void *data, const FiscPlanLine *line), void *data)
{
    for (guint i = 0; i < query->lines->lines->len; i++) {
        const FiscPlanLine *line = query->lines->lines->pdata[i];
        if (fisc_perimeter_has(perimeter, line->entity)) {
            visit(data, line);
        }
    }
}

static void
visit_sum(void *data, const FiscPlanLine *line)
{
    add_line(data, line);
}

static FiscTable *
sum_up(Summing *summing)
{
    summing->sums = g_ptr_array_new_with_free_func(sum_free);
    summing->index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    each_line(summing->query, summing->perimeter, visit_sum, summing);
    if (summing->query->balances != NULL) {
        add_enacted(summing);
    }
    g_ptr_array_sort(summing->sums, compare_sums);
    FiscTable *table = new_table(summing);
    add_side(table, summing, FISC_SIDE_EXPENDITURE);
    add_side(table, summing, FISC_SIDE_REVENUE);
    g_hash_table_unref(summing->index);
    g_ptr_array_unref(summing->sums);
    return table;
}

bool
fisc_statement_budget_consolidated(const FiscConsolidatedQuery *query, FiscTable **out_table,
                                   GError **error)
{
    g_autoptr(FiscPerimeter) perimeter = NULL;
    Summing summing = {.query = query};
    const char *by = query->by != NULL ? query->by : "economic:1";
    g_assert(query->year_index >= 0 && query->year_index < query->lines->frame.years);
    if (!fisc_perimeter_find(query->nation, query->unit, &perimeter, error) ||
        !fisc_stage_keys_read(by, &summing.keys, error)) {
        return false;
    }
    summing.perimeter = perimeter;
    *out_table = sum_up(&summing);
    fisc_stage_keys_clear(&summing.keys);
    return true;
}

/* ---- pairs ---- */

enum { PAYER, RECEIVER, KIND, PAID, RECEIVED, DIFFERENCE };

typedef struct {
    const FiscConsolidatedQuery *query;
    const FiscPerimeter *perimeter;
    GHashTable *named; /* codes of groups that lines name as the other party */
    GHashTable *rows;  /* "payer\x1freceiver\x1fkind" -> FiscRow */
    FiscTable *table;
    __int128 paid, received;
} Pairing;

static void
visit_name(void *data, const FiscPlanLine *line)
{
    Pairing *pairing = data;
    const char *code = line->dim[FISC_DIM_COUNTERPARTY];
    if (is_internal(pairing->perimeter, line) &&
        fisc_nation_entity(pairing->query->nation, code) == NULL) {
        g_hash_table_add(pairing->named, (void *)code);
    }
}

/* Who stands for a unit: the class by which others name it, the first that has it; else itself. */
static const char *
party_of(const Pairing *pairing, const char *code)
{
    const FiscNation *nation = pairing->query->nation;
    for (guint i = 0; fisc_nation_entity(nation, code) != NULL && i < nation->groups->len; i++) {
        const FiscGroup *group = nation->groups->pdata[i];
        if (g_hash_table_contains(pairing->named, group->code) &&
            g_ptr_array_find_with_equal_func(group->members, code, g_str_equal, NULL)) {
            return group->code;
        }
    }
    return code;
}

static FiscRow *
find_pair(Pairing *pairing, const char *payer, const char *receiver, const char *kind)
{
    char *key = g_strjoin("\x1f", payer, receiver, kind, NULL);
    FiscRow *row = g_hash_table_lookup(pairing->rows, key);
    if (row != NULL) {
        g_free(key);
        return row;
    }
    row = fisc_table_add_row(pairing->table);
    fisc_table_set_text(pairing->table, row, PAYER, payer);
    fisc_table_set_text(pairing->table, row, RECEIVER, receiver);
    fisc_table_set_text(pairing->table, row, KIND, kind);
    for (int column = PAID; column <= DIFFERENCE; column++) {
        fisc_table_set_amount(pairing->table, row, column, 0);
    }
    g_hash_table_insert(pairing->rows, key, row);
    return row;
}

static void
visit_pair(void *data, const FiscPlanLine *line)
{
    Pairing *pairing = data;
    int64_t amount = fisc_plan_line_amount(line, pairing->query->year_index);
    if (amount == 0 || !is_internal(pairing->perimeter, line)) {
        return;
    }
    bool pays = line->side == FISC_SIDE_EXPENDITURE;
    const char *own = party_of(pairing, line->entity);
    const char *other = party_of(pairing, line->dim[FISC_DIM_COUNTERPARTY]);
    FiscRow *row = find_pair(pairing, pays ? own : other, pays ? other : own, kind_of(line));
    row->cells[pays ? PAID : RECEIVED].number += amount;
    row->cells[DIFFERENCE].number += pays ? amount : -amount;
    *(pays ? &pairing->paid : &pairing->received) += amount;
}

static int
compare_rows(const void *a, const void *b)
{
    const FiscRow *left = *(const FiscRow *const *)a;
    const FiscRow *right = *(const FiscRow *const *)b;
    int order = 0;
    for (int column = PAYER; order == 0 && column <= KIND; column++) {
        order = strcmp(left->cells[column].text, right->cells[column].text);
    }
    return order;
}

static FiscTable *
new_pair_table(const FiscConsolidatedQuery *query, const FiscPerimeter *perimeter)
{
    static const char *const names[] = {"payer", "receiver", "kind",
                                        "paid",  "received", "difference"};
    g_autofree char *title = g_strdup_printf(
        "What the members of %s %s promise each other, %d, version %s", perimeter->unit,
        perimeter->name, query->lines->frame.year + query->year_index, query->lines->frame.version);
    FiscTable *table = fisc_table_new("budget-pairs", title, query->lines->frame.decimals);
    for (int i = PAYER; i <= DIFFERENCE; i++) {
        fisc_table_add_column(table, names[i], i < PAID ? FISC_COLUMN_TEXT : FISC_COLUMN_AMOUNT);
    }
    return table;
}

static void
add_total(Pairing *pairing)
{
    FiscRow *row = fisc_table_add_row(pairing->table);
    fisc_table_set_text(pairing->table, row, PAYER, "total");
    fisc_table_set_text(pairing->table, row, RECEIVER, "total");
    fisc_table_set_text(pairing->table, row, KIND, "all");
    fisc_table_set_amount(pairing->table, row, PAID, pairing->paid);
    fisc_table_set_amount(pairing->table, row, RECEIVED, pairing->received);
    fisc_table_set_amount(pairing->table, row, DIFFERENCE, pairing->paid - pairing->received);
    row->strong = true;
}

bool
fisc_statement_budget_pairs(const FiscConsolidatedQuery *query, FiscTable **out_table,
                            GError **error)
{
    g_autoptr(FiscPerimeter) perimeter = NULL;
    g_assert(query->year_index >= 0 && query->year_index < query->lines->frame.years);
    if (!fisc_perimeter_find(query->nation, query->unit, &perimeter, error)) {
        return false;
    }
    Pairing pairing = {.query = query, .perimeter = perimeter};
    pairing.named = g_hash_table_new(g_str_hash, g_str_equal);
    pairing.rows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    pairing.table = new_pair_table(query, perimeter);
    each_line(query, perimeter, visit_name, &pairing);
    each_line(query, perimeter, visit_pair, &pairing);
    g_ptr_array_sort(pairing.table->rows, compare_rows);
    add_total(&pairing);
    g_hash_table_unref(pairing.rows);
    g_hash_table_unref(pairing.named);
    *out_table = pairing.table;
    return true;
}
