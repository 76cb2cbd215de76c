/* plan_compare.c: two versions beside each other: every change with who made it and why, or sums by
 * any classification, before and after. Parts with equal digests are not even read. Reads only. */
#include "app/flows/plan_blame.h"
#include "reporting/stage_keys.h"
#include <string.h>

enum { ENTITY, LINE, WHAT, BEFORE, AFTER, WHO, ON_BEHALF, AT, BATCH, REASON };

static const char *const change_columns[] = {"entity", "line",      "what", "before", "after",
                                             "who",    "on_behalf", "at",   "batch",  "reason"};

/* Two versions in one snapshot. */
typedef struct {
    FiscContext *ctx;
    FiscTx *tx;
    FiscVersion *before, *after;
    const char *entity; /* NULL: all */
} Pair;

static void
pair_clear(Pair *pair)
{
    g_clear_pointer(&pair->tx, fisc_tx_rollback);
    g_clear_pointer(&pair->before, fisc_version_free);
    g_clear_pointer(&pair->after, fisc_version_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Pair, pair_clear)

static bool
pair_open(Pair *pair, const FiscPlanComparison *query, GError **error)
{
    FiscContext *ctx = pair->ctx;
    pair->entity = query->entity;
    if (!fisc_tx_begin(ctx->pool, FISC_TX_READ, &pair->tx, error) ||
        !fisc_plan_version_open(pair->tx, ctx, query->before, &pair->before, error) ||
        !fisc_plan_version_open(pair->tx, ctx, query->after, &pair->after, error)) {
        return false;
    }
    bool is_there = query->entity == NULL ||
                    fisc_version_part(pair->before, FISC_PART_LINES, query->entity) != NULL ||
                    fisc_version_part(pair->after, FISC_PART_LINES, query->entity) != NULL;
    return is_there ||
           fisc_fail(error, FISC_ERROR_NOT_FOUND, "neither version has lines of %s", query->entity);
}

/* Changes ------------------------------------------------------------------------------------- */

static void
add_change(FiscTable *table, const FiscPlanChange *change, const FiscCaseStep *step)
{
    FiscRow *row = fisc_table_add_row(table);
    fisc_table_set_text(table, row, ENTITY, change->entity);
    fisc_table_set_text(table, row, LINE, change->line);
    fisc_table_set_text(table, row, WHAT, change->what);
    fisc_table_set_text(table, row, BEFORE, change->before);
    fisc_table_set_text(table, row, AFTER, change->after);
    if (step != NULL) {
        g_autofree char *batch = g_strdup_printf("%" G_GINT64_FORMAT, step->batch_no);
        fisc_table_set_text(table, row, WHO, step->person);
        fisc_table_set_text(table, row, ON_BEHALF, step->on_behalf);
        fisc_table_set_text(table, row, AT, step->posted_at);
        fisc_table_set_text(table, row, BATCH, batch);
        fisc_table_set_text(table, row, REASON, step->reason);
    }
}

static const char *
content_of(const FiscVersion *version, FiscPartKind kind, const char *entity)
{
    const FiscPart *part = fisc_version_part(version, kind, entity);
    return part != NULL ? part->content : "";
}

static bool
is_same_frame(const FiscPlanFrame *a, const FiscPlanFrame *b)
{
    return a->year == b->year && a->years == b->years && a->decimals == b->decimals;
}

/* The lines of the version before: of another year they are read by themselves, into *out_own. */
static bool
lines_before(Pair *pair, FiscPlanBlame *blame, const char *entity, FiscPlanLines **out_own,
             const FiscPlanLines **out_lines, GError **error)
{
    if (is_same_frame(&pair->before->frame, &pair->after->frame)) {
        return fisc_plan_blame_lines(blame, content_of(pair->before, FISC_PART_LINES, entity),
                                     out_lines, error);
    }
    bool is_read = fisc_version_lines(pair->tx, pair->before, entity, out_own, error);
    *out_lines = *out_own;
    return is_read;
}

/* The changes of one entity. */
static bool
add_part(Pair *pair, FiscPlanBlame *blame, FiscTable *table, const char *entity, GError **error)
{
    const FiscPart *part = fisc_version_part(pair->after, FISC_PART_LINES, entity);
    g_autoptr(FiscPlanLines) own = NULL;
    const FiscPlanLines *before = NULL, *after = NULL;
    g_autoptr(GHashTable) steps = NULL;
    if (!lines_before(pair, blame, entity, &own, &before, error) ||
        !fisc_plan_blame_lines(blame, part != NULL ? part->content : "", &after, error)) {
        return false;
    }
    g_autoptr(GPtrArray) changes = fisc_plan_compare(before, after);
    if (part != NULL && !fisc_plan_blame_find(blame, part, changes, &steps, error)) {
        return false;
    }
    for (guint i = 0; i < changes->len; i++) {
        add_change(table, changes->pdata[i],
                   steps != NULL ? g_hash_table_lookup(steps, changes->pdata[i]) : NULL);
    }
    return true;
}

static int
compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Tables of the whole version have no lines: that they differ is said. */
static void
note_tables(const Pair *pair, FiscTable *table)
{
    for (int kind = 0; kind < FISC_PART_KIND_COUNT; kind++) {
        if (!fisc_part_is_of_entity((FiscPartKind)kind) &&
            strcmp(content_of(pair->before, (FiscPartKind)kind, ""),
                   content_of(pair->after, (FiscPartKind)kind, "")) != 0) {
            fisc_table_add_note(table, "Their %s differ, too.", fisc_part_word((FiscPartKind)kind));
        }
    }
}

/* The entities whose lines differ. */
static GPtrArray *
changed_entities(const Pair *pair)
{
    GPtrArray *entities = fisc_plan_entities(pair->before, pair->after);
    for (guint i = entities->len; i > 0; i--) {
        const char *entity = entities->pdata[i - 1];
        bool is_wanted = pair->entity == NULL || strcmp(pair->entity, entity) == 0;
        bool is_changed = strcmp(content_of(pair->before, FISC_PART_LINES, entity),
                                 content_of(pair->after, FISC_PART_LINES, entity)) != 0;
        if (!is_wanted || !is_changed) {
            g_ptr_array_remove_index(entities, i - 1);
        }
    }
    return entities;
}

static bool
load_contents(const Pair *pair, FiscPlanBlame *blame, const GPtrArray *entities, GError **error)
{
    g_autoptr(GPtrArray) digests = g_ptr_array_new();
    for (guint i = 0; i < entities->len; i++) {
        const char *both[] = {content_of(pair->before, FISC_PART_LINES, entities->pdata[i]),
                              content_of(pair->after, FISC_PART_LINES, entities->pdata[i])};
        for (gsize k = 0; k < G_N_ELEMENTS(both); k++) {
            if (*both[k] != '\0') {
                g_ptr_array_add(digests, (char *)both[k]);
            }
        }
    }
    return fisc_plan_blame_load(blame, (const char *const *)digests->pdata, digests->len, error);
}

static bool
list_changes(Pair *pair, FiscTable *table, GError **error)
{
    g_autoptr(GPtrArray) entities = changed_entities(pair);
    g_auto(FiscPlanBlame) blame = {NULL};
    fisc_plan_blame_init(&blame, pair->tx, pair->ctx->book_id, &pair->after->frame);
    if (!load_contents(pair, &blame, entities, error)) {
        return false;
    }
    for (guint i = 0; i < entities->len; i++) {
        if (!add_part(pair, &blame, table, entities->pdata[i], error)) {
            return false;
        }
    }
    if (pair->entity == NULL) {
        note_tables(pair, table);
    }
    return true;
}

GPtrArray *
fisc_plan_entities(const FiscVersion *a, const FiscVersion *b)
{
    const FiscVersion *versions[] = {a, b};
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *entities = g_ptr_array_new();
    for (gsize v = 0; v < G_N_ELEMENTS(versions); v++) {
        for (guint i = 0; i < versions[v]->parts->len; i++) {
            const FiscPart *part = versions[v]->parts->pdata[i];
            if (part->kind == FISC_PART_LINES && g_hash_table_add(known, part->entity)) {
                g_ptr_array_add(entities, part->entity);
            }
        }
    }
    g_ptr_array_sort(entities, compare_names);
    return entities;
}

bool
fisc_plan_version_open(FiscTx *tx, FiscContext *ctx, const char *name, FiscVersion **out_version,
                       GError **error)
{
    int step_no = 0;
    g_autofree char *code = NULL;
    return fisc_plan_split_name(name, &code, &step_no, error) &&
           fisc_version_load_at(tx, ctx->book_id, code, step_no, out_version, error) &&
           fisc_plan_keep_own(ctx, *out_version);
}

/* Sums ---------------------------------------------------------------------------------------- */

/* What the lines of one group come to in one year. */
typedef struct {
    char **words; /* side, then one for each key, then the year */
    __int128 before, after;
} Sum;

typedef struct {
    FiscStageKeys keys;
    GHashTable *sums; /* words, joined -> Sum */
} Sums;

static void
free_sum(void *data)
{
    Sum *sum = data;
    g_strfreev(sum->words);
    g_free(sum);
}

static void
sums_clear(Sums *sums)
{
    fisc_stage_keys_clear(&sums->keys);
    g_clear_pointer(&sums->sums, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sums, sums_clear)

/* "expenditure", the words of the keys, "2019"; NULL when the line is not wanted. */
static char **
words_of(const Sums *sums, const FiscPlanLine *line, int year)
{
    FiscCoding coding = {.entity = line->entity};
    memcpy(coding.dim, line->dim, sizeof coding.dim);
    g_auto(GStrv) keys = fisc_stage_key_words(sums->keys.keys, sums->keys.count, &coding);
    if (!fisc_stage_keys_want(&sums->keys, keys)) {
        return NULL;
    }
    guint count = sums->keys.count;
    char **words = g_new0(char *, count + 3);
    words[0] = g_strdup(line->side == FISC_SIDE_REVENUE ? "revenue" : "expenditure");
    for (guint i = 0; i < count; i++) {
        words[1 + i] = g_strdup(keys[i]);
    }
    words[1 + count] = g_strdup_printf("%d", year);
    return words;
}

static Sum *
find_sum(Sums *sums, const FiscPlanLine *line, int year)
{
    char **words = words_of(sums, line, year);
    if (words == NULL) {
        return NULL;
    }
    g_autofree char *key = g_strjoinv("\n", words);
    Sum *sum = g_hash_table_lookup(sums->sums, key);
    if (sum != NULL) {
        g_strfreev(words);
        return sum;
    }
    sum = g_new0(Sum, 1);
    sum->words = words;
    g_hash_table_insert(sums->sums, g_steal_pointer(&key), sum);
    return sum;
}

static void
add_lines(Sums *sums, const FiscPlanLines *lines, bool is_after)
{
    for (guint i = 0; i < lines->lines->len; i++) {
        const FiscPlanLine *line = lines->lines->pdata[i];
        for (int year = 0; year < lines->frame.years; year++) {
            Sum *sum = find_sum(sums, line, lines->frame.year + year);
            if (sum != NULL) {
                *(is_after ? &sum->after : &sum->before) += fisc_plan_line_amount(line, year);
            }
        }
    }
}

static int
compare_sums(const void *a, const void *b)
{
    char *const *left = (*(const Sum *const *)a)->words;
    char *const *right = (*(const Sum *const *)b)->words;
    int order = 0;
    for (; order == 0 && *left != NULL; left++, right++) {
        order = strcmp(*left, *right);
    }
    return order;
}

static void
add_sum(FiscTable *table, const Sum *sum, int words)
{
    FiscRow *row = fisc_table_add_row(table);
    for (int i = 0; i < words; i++) {
        fisc_table_set_text(table, row, i, sum->words[i]);
    }
    fisc_table_set_amount(table, row, words, sum->before);
    fisc_table_set_amount(table, row, words + 1, sum->after);
    fisc_table_set_amount(table, row, words + 2, sum->after - sum->before);
}

/* Side and year make rows, so that the same columns serve any number of years. */
static void
render_sums(const Sums *sums, FiscTable *table)
{
    static const char *const amounts[] = {"before", "after", "difference"};
    g_autoptr(GPtrArray) sorted = g_ptr_array_new();
    GHashTableIter iterator;
    void *sum = NULL;
    fisc_table_add_column(table, "side", FISC_COLUMN_TEXT);
    for (guint i = 0; i < sums->keys.count; i++) {
        fisc_table_add_column(table, fisc_stage_key_name(&sums->keys.keys[i]), FISC_COLUMN_TEXT);
    }
    fisc_table_add_column(table, "year", FISC_COLUMN_TEXT);
    for (gsize i = 0; i < G_N_ELEMENTS(amounts); i++) {
        fisc_table_add_column(table, amounts[i], FISC_COLUMN_AMOUNT);
    }
    g_hash_table_iter_init(&iterator, sums->sums);
    while (g_hash_table_iter_next(&iterator, NULL, &sum)) {
        g_ptr_array_add(sorted, sum);
    }
    g_ptr_array_sort(sorted, compare_sums);
    for (guint i = 0; i < sorted->len; i++) {
        add_sum(table, sorted->pdata[i], (int)sums->keys.count + 2);
    }
}

static bool
list_sums(Pair *pair, const char *by, FiscTable *table, GError **error)
{
    g_auto(Sums) sums = {.sums = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_sum)};
    g_autoptr(FiscPlanLines) before = NULL, after = NULL;
    if (!fisc_stage_keys_read(by, &sums.keys, error) ||
        !fisc_version_lines(pair->tx, pair->before, pair->entity, &before, error) ||
        !fisc_version_lines(pair->tx, pair->after, pair->entity, &after, error)) {
        return false;
    }
    add_lines(&sums, before, false);
    add_lines(&sums, after, true);
    render_sums(&sums, table);
    return true;
}

bool
fisc_flow_plan_compare(FiscContext *ctx, const FiscPlanComparison *query, FiscTable **out_table,
                       GError **error)
{
    g_auto(Pair) pair = {.ctx = ctx};
    if (!pair_open(&pair, query, error)) {
        return false;
    }
    g_autofree char *title = g_strdup_printf("From %s to %s", query->before, query->after);
    g_autoptr(FiscTable) table = fisc_table_new("comparison", title, pair.after->frame.decimals);
    if (query->by != NULL) {
        if (pair.before->frame.decimals != pair.after->frame.decimals) {
            return fisc_fail(error, FISC_ERROR_USAGE, "the versions have different decimals");
        }
        if (!list_sums(&pair, query->by, table, error)) {
            return false;
        }
    } else {
        for (gsize i = 0; i < G_N_ELEMENTS(change_columns); i++) {
            fisc_table_add_column(table, change_columns[i], FISC_COLUMN_TEXT);
        }
        if (!list_changes(&pair, table, error)) {
            return false;
        }
    }
    *out_table = g_steal_pointer(&table);
    return true;
}
