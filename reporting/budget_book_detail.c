/* budget_book_detail.c: what each cell of the budget book is made of: act by act, with document,
 * signers and article.
 *
 * The same lines, the same words and the same parts as the book itself, so the rows of a cell sum
 * to its revised budget. */
#include "fisc/budget_book.h"
#include "reporting/budget_part.h"
#include "reporting/stages.h"
#include <string.h>

/* A line of an entry, and the cell it belongs to. */
typedef struct {
    char **words;
    const FiscPostedLine *line;
    FiscBudgetPart part;
} Act;

static void
act_free(void *pointer)
{
    Act *act = pointer;
    g_strfreev(act->words);
    g_free(act);
}

static int
compare_words(const Act *left, const Act *right)
{
    int order = 0;
    for (guint i = 0; order == 0 && left->words[i] != NULL; i++) {
        order = strcmp(left->words[i], right->words[i]);
    }
    return order;
}

static int
compare_numbers(int64_t left, int64_t right)
{
    return (left > right) - (left < right);
}

static int
compare_acts(const void *a, const void *b)
{
    const Act *left = *(const Act *const *)a;
    const Act *right = *(const Act *const *)b;
    int order = compare_words(left, right);
    order = order != 0 ? order : compare_numbers(left->line->effective, right->line->effective);
    order = order != 0 ? order : compare_numbers(left->line->entry_id, right->line->entry_id);
    return order != 0 ? order : compare_numbers(left->line->line_no, right->line->line_no);
}

static GPtrArray *
find_acts(const FiscBookQuery *query, const FiscPerimeter *perimeter, const FiscStageKeys *keys,
          const FiscStageWhere *where)
{
    GPtrArray *acts = g_ptr_array_new_with_free_func(act_free);
    g_autoptr(GArray) parts = fisc_budget_parts_of(query->lines, query->revenue);
    for (guint i = 0; i < query->lines->rows->len; i++) {
        const FiscPostedLine *line = &g_array_index(query->lines->rows, FiscPostedLine, i);
        int part = g_array_index(parts, int, i);
        if (part < 0 || fisc_period_year(line->period) != query->year ||
            !fisc_perimeter_has(perimeter, line->coding.entity) ||
            !fisc_stage_where_has(where, &line->coding)) {
            continue;
        }
        g_auto(GStrv) words = fisc_stage_key_words(keys->keys, keys->count, &line->coding);
        if (fisc_stage_keys_want(keys, words)) {
            Act *act = g_new0(Act, 1);
            *act = (Act){g_steal_pointer(&words), line, (FiscBudgetPart)part};
            g_ptr_array_add(acts, act);
        }
    }
    g_ptr_array_sort(acts, compare_acts);
    return acts;
}

/* Listing -------------------------------------------------------------------------------------- */

static FiscTable *
new_table(const FiscBookQuery *query, const FiscPerimeter *perimeter, const FiscStageKeys *keys)
{
    static const struct {
        const char *name;
        FiscColumnKind kind;
    } columns[] = {
        {"kind", FISC_COLUMN_TEXT},        {"date", FISC_COLUMN_TEXT},
        {"amount", FISC_COLUMN_AMOUNT},    {"balance", FISC_COLUMN_AMOUNT},
        {"document", FISC_COLUMN_TEXT},    {"maker", FISC_COLUMN_TEXT},
        {"approved_by", FISC_COLUMN_TEXT}, {"article", FISC_COLUMN_TEXT},
        {"reference", FISC_COLUMN_TEXT},   {"line", FISC_COLUMN_TEXT},
        {"memo", FISC_COLUMN_TEXT},        {"batch", FISC_COLUMN_INTEGER},
        {"posted_at", FISC_COLUMN_TEXT},   {"entry", FISC_COLUMN_INTEGER},
    };
    g_autofree char *title = g_strdup_printf("Budget book%s, what it is made of, %s %s, %d",
                                             query->revenue ? ", revenue" : "", perimeter->unit,
                                             perimeter->name, query->year);
    FiscTable *table = fisc_table_new("budget-book-detail", title, perimeter->decimals);
    for (guint i = 0; i < keys->count; i++) {
        fisc_table_add_column(table, fisc_stage_key_name(&keys->keys[i]), FISC_COLUMN_TEXT);
    }
    for (guint i = 0; i < G_N_ELEMENTS(columns); i++) {
        fisc_table_add_column(table, columns[i].name, columns[i].kind);
    }
    return table;
}

/* "section=016 programme=92000 economic=21300": the budget line, without its entity. */
static char *
line_words(const FiscCoding *coding)
{
    GString *words = g_string_new(NULL);
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        if (coding->dim[i][0] != '\0') {
            g_string_append_printf(words, "%s%s=%s", words->len > 0 ? " " : "",
                                   fisc_dimension_column(i), coding->dim[i]);
        }
    }
    return g_string_free(words, FALSE);
}

static GHashTable *
index_signers(const GPtrArray *signers)
{
    GHashTable *index = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; signers != NULL && i < signers->len; i++) {
        FiscBookSigners *one = g_ptr_array_index(signers, i);
        g_hash_table_insert(index, (void *)one->document, one);
    }
    return index;
}

static char *
approvers_text(const FiscBookSigners *signers)
{
    if (signers == NULL) {
        return NULL;
    }
    return signers->approved_for[0] != '\0'
               ? g_strdup_printf("%s for %s", signers->approved_by, signers->approved_for)
               : g_strdup(signers->approved_by);
}

/* What the book says; a document that was never proposed is only a name. */
static const char *
memo_of(const FiscPostedLine *line, const FiscBookSigners *signers)
{
    return line->memo != NULL ? line->memo : signers != NULL ? signers->reason : NULL;
}

static void
list_act(FiscTable *table, guint key_count, const Act *act, __int128 balance,
         const FiscBookSigners *signers)
{
    const FiscPostedLine *line = act->line;
    FiscRow *row = fisc_table_add_row(table);
    char date[FISC_DATE_TEXT];
    g_autofree char *approvers = approvers_text(signers);
    g_autofree char *words = line_words(&line->coding);
    int at = 0;
    for (guint i = 0; i < key_count; i++) {
        fisc_table_set_text(table, row, at++, act->words[i]);
    }
    fisc_table_set_text(table, row, at++, fisc_budget_part_word(act->part, line->amount));
    fisc_table_set_text(table, row, at++, fisc_date_format(line->effective, date));
    fisc_table_set_amount(table, row, at++, line->amount);
    fisc_table_set_amount(table, row, at++, balance);
    fisc_table_set_text(table, row, at++, line->document);
    fisc_table_set_text(table, row, at++, line->maker);
    fisc_table_set_text(table, row, at++, approvers);
    fisc_table_set_text(table, row, at++, signers != NULL ? signers->article : NULL);
    fisc_table_set_text(table, row, at++, line->reference);
    fisc_table_set_text(table, row, at++, words);
    fisc_table_set_text(table, row, at++, memo_of(line, signers));
    fisc_table_set_amount(table, row, at++, line->batch_no);
    fisc_table_set_text(table, row, at++, line->posted_at);
    fisc_table_set_amount(table, row, at, line->entry_id);
}

static void
list_acts(FiscTable *table, const FiscBookQuery *query, guint key_count, const GPtrArray *acts)
{
    g_autoptr(GHashTable) signers = index_signers(query->signers);
    __int128 balance = 0;
    for (guint i = 0; i < acts->len; i++) {
        const Act *act = g_ptr_array_index(acts, i);
        bool same_cell = i > 0 && compare_words(act, g_ptr_array_index(acts, i - 1)) == 0;
        balance = (same_cell ? balance : 0) + act->line->amount;
        const char *document = act->line->document;
        list_act(table, key_count, act, balance,
                 document != NULL ? g_hash_table_lookup(signers, document) : NULL);
    }
}

bool
fisc_budget_book_unfold(const FiscBookQuery *query, FiscTable **out_table, GError **error)
{
    g_auto(FiscStageKeys) keys = {.count = 0};
    g_auto(FiscStageWhere) where = {.count = 0};
    g_autoptr(FiscPerimeter) perimeter = NULL;
    if (!fisc_stage_keys_read(query->by, &keys, error) ||
        !fisc_stage_where_read(query->nation, query->where, &where, error) ||
        !fisc_perimeter_find(query->nation, query->unit, &perimeter, error)) {
        return false;
    }
    g_autoptr(GPtrArray) acts = find_acts(query, perimeter, &keys, &where);
    g_autoptr(FiscTable) table = new_table(query, perimeter, &keys);
    list_acts(table, query, keys.count, acts);
    *out_table = g_steal_pointer(&table);
    return true;
}
