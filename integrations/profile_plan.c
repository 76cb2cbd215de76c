/* profile_plan.c: lines of a budget made of the rows of a published file, as the text that
 * docs/budget-format.md describes. The profile names the columns of that text, so a new year or
 * another country is another profile.
 *
 * What a line may say is decided where the text is read; here is checked what only the published
 * file can explain: the row a fault comes from, two rows that make one line, entities, codes. */
#include "integrations/profile_plan.h"
#include "fisc/money.h"
#include <string.h>

#define FIGURES_MAX 40 /* four figures of ten years */

struct _FiscBudgetText {
    int year;
    GPtrArray *figures;   /* of char *: their columns, in the order in which they were met */
    GPtrArray *rows;      /* of Row */
    GHashTable *place_of; /* "entity\nline" -> "file:line" */
    GStringChunk *texts;
};

/* The columns of a line that are not figures, dimensions or its name. */
static const char *const word_columns[] = {"side",       "title",        "nature", "quantity",
                                           "unit_price", "total_cost",   "tags",   "article",
                                           "annex",      "justification"};
#define WORD_COUNT G_N_ELEMENTS(word_columns)

/* Those of a version's figures that may be told before it has been through any hands. */
static const char *const figure_prefixes[] = {"baseline", "request", "mark", "amendment"};

typedef struct {
    const char *line, *entity;
    const char *dim[FISC_DIM_COUNT];
    const char *word[WORD_COUNT];
    const char *figure[FIGURES_MAX]; /* NULL = not given */
} Row;

/* ---- the group [line NAME] ---- */

static int
find_word(const char *column)
{
    for (guint i = 0; i < WORD_COUNT; i++) {
        if (strcmp(word_columns[i], column) == 0) {
            return (int)i;
        }
    }
    return -1;
}

/* "request" or "request_2019". */
static bool
is_figure(const char *column)
{
    for (guint i = 0; i < G_N_ELEMENTS(figure_prefixes); i++) {
        const char *rest = column + strlen(figure_prefixes[i]);
        if (!g_str_has_prefix(column, figure_prefixes[i])) {
            continue;
        }
        guint64 year = 0;
        return *rest == '\0' ||
               (*rest == '_' && g_ascii_string_to_unsigned(rest + 1, 10, 1000, 9999, &year, NULL));
    }
    return false;
}

/* A line of a budget knows nothing of cash and of adjustments. */
static bool
is_dimension(const char *column)
{
    int dimension = fisc_dimension_find(column);
    return dimension >= 0 && dimension != FISC_DIM_CASH_CODE &&
           dimension != FISC_DIM_CASH_COUNTERPARTY && dimension != FISC_DIM_LAYER;
}

/* A key that is neither is left alone, and refused as one that nobody knows. */
static bool
parse_cell(FiscProfileParser *parser, FiscProfileLine *line, const char *key)
{
    FiscProfileCell *cell = NULL;
    bool is_amount = is_figure(key);
    if (is_amount || find_word(key) >= 0 || is_dimension(key)) {
        cell = g_new0(FiscProfileCell, 1);
        cell->column = g_strdup(key);
        cell->amount = is_amount ? fisc_profile_terms(parser, line->group, key) : NULL;
        cell->text = is_amount ? NULL : fisc_profile_template(parser, line->group, key, true);
        g_ptr_array_add(line->cells, cell);
    }
    return is_amount;
}

static void
cell_free(FiscProfileCell *cell)
{
    g_free(cell->column);
    fisc_template_free(cell->text);
    g_clear_pointer(&cell->amount, g_array_unref);
    g_free(cell);
}

void
fisc_profile_parse_line(FiscProfileParser *parser, const char *group, const char *name)
{
    FiscProfileLine *line = g_new0(FiscProfileLine, 1);
    int figures = 0;
    line->name = g_strdup(name);
    line->group = g_strdup(group);
    line->label = g_strdup_printf("%s [%s] ", parser->profile->profile_name, group);
    line->line_name = fisc_profile_template(parser, group, "line", true);
    line->entity = fisc_profile_template(parser, group, "entity", true);
    line->when = fisc_profile_template(parser, group, "when", false);
    line->year = fisc_profile_template(parser, group, "year", false);
    line->cells = g_ptr_array_new_with_free_func((GDestroyNotify)cell_free);
    g_auto(GStrv) keys = g_key_file_get_keys(parser->keys, group, NULL, NULL);
    for (int i = 0; keys[i] != NULL; i++) {
        figures += parse_cell(parser, line, keys[i]) ? 1 : 0;
    }
    if (figures == 0) {
        fisc_profile_refuse(parser, group, "request", FISC_ERROR_VALUE_MISSING,
                            "a line of a budget needs an amount");
    }
    g_ptr_array_add(parser->profile->lines, line);
}

void
fisc_profile_line_free(FiscProfileLine *line)
{
    FiscTemplate *templates[] = {line->when, line->year, line->line_name, line->entity};
    for (guint i = 0; i < G_N_ELEMENTS(templates); i++) {
        fisc_template_free(templates[i]);
    }
    g_ptr_array_unref(line->cells);
    g_free(line->name);
    g_free(line->group);
    g_free(line->label);
    g_free(line);
}

/* ---- the text ---- */

FiscBudgetText *
fisc_budget_text_new(int year)
{
    FiscBudgetText *plan = g_new0(FiscBudgetText, 1);
    plan->year = year;
    plan->figures = g_ptr_array_new_with_free_func(g_free);
    plan->rows = g_ptr_array_new_with_free_func(g_free);
    plan->place_of = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    plan->texts = g_string_chunk_new(4096);
    return plan;
}

void
fisc_budget_text_free(FiscBudgetText *plan)
{
    if (plan != NULL) {
        g_ptr_array_unref(plan->figures);
        g_ptr_array_unref(plan->rows);
        g_hash_table_unref(plan->place_of);
        g_string_chunk_free(plan->texts);
        g_free(plan);
    }
}

guint
fisc_budget_text_count(const FiscBudgetText *plan)
{
    return plan->rows->len;
}

static void
write_cell(GString *out, const char *text)
{
    g_string_append_c(out, ',');
    fisc_csv_append(out, text != NULL ? text : "");
}

static void
write_header(const FiscBudgetText *plan, GString *out)
{
    g_string_append(out, "line,entity");
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        if (is_dimension(fisc_dimension_column((FiscDimension)i))) {
            write_cell(out, fisc_dimension_column((FiscDimension)i));
        }
    }
    for (guint i = 0; i < WORD_COUNT; i++) {
        write_cell(out, word_columns[i]);
    }
    for (guint i = 0; i < plan->figures->len; i++) {
        write_cell(out, plan->figures->pdata[i]);
    }
    g_string_append_c(out, '\n');
}

char *
fisc_budget_text_write(const FiscBudgetText *plan)
{
    GString *out = g_string_new(NULL);
    write_header(plan, out);
    for (guint i = 0; i < plan->rows->len; i++) {
        const Row *row = plan->rows->pdata[i];
        fisc_csv_append(out, row->line);
        write_cell(out, row->entity);
        for (int k = 0; k < FISC_DIM_COUNT; k++) {
            if (is_dimension(fisc_dimension_column((FiscDimension)k))) {
                write_cell(out, row->dim[k]);
            }
        }
        for (guint k = 0; k < WORD_COUNT; k++) {
            write_cell(out, row->word[k]);
        }
        for (guint k = 0; k < plan->figures->len; k++) {
            write_cell(out, row->figure[k]);
        }
        g_string_append_c(out, '\n');
    }
    return g_string_free(out, FALSE);
}

/* ---- a row ---- */

static FiscPlace
place_of(const FiscProfileRun *run, const FiscProfileLine *line, const char *field)
{
    return (FiscPlace){
        .file = run->profile->file, .line = run->row->line, .prefix = line->label, .field = field};
}

static const char *
keep(const FiscProfileRun *run, const char *text)
{
    return g_string_chunk_insert_const(run->reader->plan->texts, text);
}

/* The position of a figure's column, which exists from the first time on. */
static int
figure_position(FiscBudgetText *plan, const char *column)
{
    for (guint i = 0; i < plan->figures->len; i++) {
        if (strcmp(plan->figures->pdata[i], column) == 0) {
            return (int)i;
        }
    }
    g_assert(plan->figures->len < FIGURES_MAX); /* there are no more names: see is_figure() */
    g_ptr_array_add(plan->figures, g_strdup(column));
    return (int)plan->figures->len - 1;
}

static bool
fill_figure(FiscProfileRun *run, const FiscProfileLine *line, const FiscProfileCell *cell, Row *row)
{
    char text[FISC_AMOUNT_TEXT];
    int64_t amount = 0;
    FiscPlace place = place_of(run, line, cell->column);
    if (!fisc_terms_sum(cell->amount, run->amounts, &amount)) {
        return fisc_reader_refuse(run->reader, place, FISC_ERROR_AMOUNT_OVERFLOW, NULL,
                                  "the sum of the columns");
    }
    if (amount < 0) {
        fisc_amount_format(amount, run->profile->decimals, text);
        return fisc_reader_refuse(run->reader, place, FISC_ERROR_AMOUNT_INVALID,
                                  "take the rows above: see [tree] in docs/profile-format.md",
                                  "a budget promises no negative amount: %s", text);
    }
    fisc_amount_format(amount, run->profile->decimals, text);
    row->figure[figure_position(run->reader->plan, cell->column)] = keep(run, text);
    return true;
}

static bool
fill_cell(FiscProfileRun *run, const FiscProfileLine *line, const FiscProfileCell *cell, Row *row)
{
    if (cell->text == NULL) {
        return fill_figure(run, line, cell, row);
    }
    const char *text = keep(run, fisc_profile_fill(run, cell->text));
    int word = find_word(cell->column);
    if (word >= 0) {
        row->word[word] = text;
        return true;
    }
    int dimension = fisc_dimension_find(cell->column);
    row->dim[dimension] = text;
    return *text == '\0' || fisc_reader_dimension(run->reader, place_of(run, line, cell->column),
                                                  (FiscDimension)dimension, text);
}

static bool
fill_entity(FiscProfileRun *run, const FiscProfileLine *line, Row *row)
{
    const FiscEntity *entity = NULL;
    FiscPlace place = place_of(run, line, "entity");
    row->entity = keep(run, fisc_profile_fill(run, line->entity));
    if (!fisc_reader_entity(run->reader, place, row->entity, &entity)) {
        return false;
    }
    return entity->decimals == run->profile->decimals ||
           fisc_reader_refuse(run->reader, place, FISC_ERROR_AMOUNT_DECIMALS, NULL,
                              "%s keeps its books with %d decimals, the file has %d", entity->code,
                              entity->decimals, run->profile->decimals);
}

/* Last year's file in this year's folder is an accident that sums would not show. */
static bool
check_year(FiscProfileRun *run, const FiscProfileLine *line)
{
    int year = run->reader->plan->year;
    if (line->year == NULL || year == 0) {
        return true;
    }
    g_autofree char *wanted = g_strdup_printf("%d", year);
    const char *told = fisc_profile_fill(run, line->year);
    return strcmp(told, wanted) == 0 ||
           fisc_reader_refuse(run->reader, place_of(run, line, "year"), FISC_ERROR_VALUE_INVALID,
                              NULL, "the row is of \"%s\", the version of %s", told, wanted);
}

static bool
check_name(FiscProfileRun *run, const FiscProfileLine *line, const Row *row)
{
    FiscPlace place = place_of(run, line, "line");
    if (!fisc_reader_required(run->reader, place, row->line)) {
        return false;
    }
    g_autofree char *key = g_strdup_printf("%s\n%s", row->entity, row->line);
    const char *first = g_hash_table_lookup(run->reader->plan->place_of, key);
    if (first != NULL) {
        return fisc_reader_refuse(run->reader, place, FISC_ERROR_DUPLICATE_ROW, NULL,
                                  "the line \"%s\" of %s is made by %s already", row->line,
                                  row->entity, first);
    }
    g_hash_table_insert(run->reader->plan->place_of, g_steal_pointer(&key),
                        g_strdup_printf("%s:%d", run->profile->file, run->row->line));
    return true;
}

static void
make_line(FiscProfileRun *run, const FiscProfileLine *line)
{
    g_autofree Row *row = g_new0(Row, 1);
    bool is_good = check_year(run, line);
    is_good &= fill_entity(run, line, row);
    row->line = keep(run, fisc_profile_fill(run, line->line_name));
    for (guint i = 0; i < line->cells->len; i++) {
        is_good &= fill_cell(run, line, line->cells->pdata[i], row);
    }
    if (is_good && check_name(run, line, row)) {
        g_ptr_array_add(run->reader->plan->rows, g_steal_pointer(&row));
    }
}

void
fisc_profile_make_lines(FiscProfileRun *run)
{
    for (guint i = 0; i < run->profile->lines->len; i++) {
        const FiscProfileLine *line = run->profile->lines->pdata[i];
        if (line->when == NULL || *fisc_profile_fill(run, line->when) != '\0') {
            make_line(run, line);
        }
    }
}
