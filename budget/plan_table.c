/* plan_table.c: the tables of a version, read and written by one table of their columns: needed,
 * what kind of value, which of them make a row one of its kind. Pure. What a ceiling or an
 * indicator means is left to who uses it. */
#include "budget/plan_table.h"
#include "fisc/csv.h"
#include <stdlib.h>
#include <string.h>

static const char *const natures[] = {"continuing", "new", NULL};
static const char *const directions[] = {"up", "down", NULL};

typedef struct {
    const char *name; /* NULL ends the list */
    FiscValueRule rule;
    bool is_needed;
    bool is_key;      /* no two rows are alike in all of these; they make the order, too */
    bool is_of_frame; /* a year of the version */
    bool is_of_first; /* rows that are alike in the first column are alike here */
} Column;

#define CODE                                                                                       \
    {                                                                                              \
        .kind = FISC_VALUE_CODE                                                                    \
    }
#define WORDS                                                                                      \
    {                                                                                              \
        .kind = FISC_VALUE_TEXT, .bytes_max = FISC_PLAN_WORDS_MAX                                  \
    }

static const Column ceilings[] = {
    {"ceiling", CODE, .is_needed = true, .is_key = true},
    {"entity", CODE, .is_key = true},
    {"programme", CODE, .is_key = true},
    {"section", CODE, .is_key = true},
    {"economic", CODE, .is_key = true},
    {"gfs_code", CODE, .is_key = true},
    {"nature", {.kind = FISC_VALUE_WORD, .words = natures}, .is_key = true},
    {"year", {.kind = FISC_VALUE_YEAR}, .is_needed = true, .is_key = true, .is_of_frame = true},
    {"amount", {.kind = FISC_VALUE_AMOUNT}, .is_needed = true},
    {"article", CODE},
    {NULL, CODE},
};

static const Column assumptions[] = {
    {"name", CODE, .is_needed = true, .is_key = true},
    {"unit", CODE, .is_of_first = true},
    {"year", {.kind = FISC_VALUE_YEAR}, .is_needed = true, .is_key = true},
    {"value", {.kind = FISC_VALUE_SIGNED}, .is_needed = true},
    {"source", WORDS},
    {NULL, CODE},
};

static const Column programmes[] = {
    {"programme", CODE, .is_needed = true, .is_key = true},
    {"parent", CODE},
    {"title", WORDS, .is_needed = true},
    {"objective", {.kind = FISC_VALUE_TEXT, .bytes_max = FISC_PLAN_TEXT_MAX}},
    {"entity", CODE},
    {NULL, CODE},
};

static const Column indicators[] = {
    {"indicator", CODE, .is_needed = true, .is_key = true},
    {"programme", CODE, .is_needed = true, .is_of_first = true},
    {"title", WORDS, .is_of_first = true},
    {"unit", CODE, .is_of_first = true},
    {"direction", {.kind = FISC_VALUE_WORD, .words = directions}, .is_of_first = true},
    {"year", {.kind = FISC_VALUE_YEAR}, .is_needed = true, .is_key = true},
    {"baseline", {.kind = FISC_VALUE_SIGNED}},
    {"target", {.kind = FISC_VALUE_SIGNED}},
    {"result", {.kind = FISC_VALUE_SIGNED}},
    {NULL, CODE},
};

static const Column circular[] = {
    {"step", CODE, .is_needed = true, .is_key = true},
    {"due", {.kind = FISC_VALUE_DATE}, .is_needed = true},
    {"entity", CODE, .is_key = true},
    {"note", {.kind = FISC_VALUE_TEXT, .bytes_max = FISC_PLAN_TEXT_MAX}},
    {NULL, CODE},
};

static const Column *const columns_of_kind[FISC_PART_KIND_COUNT] = {
    [FISC_PART_CEILINGS] = ceilings,     [FISC_PART_ASSUMPTIONS] = assumptions,
    [FISC_PART_PROGRAMMES] = programmes, [FISC_PART_INDICATORS] = indicators,
    [FISC_PART_CIRCULAR] = circular,
};

static int
count_columns(const Column *columns)
{
    int count = 0;
    while (columns[count].name != NULL) {
        count++;
    }
    g_assert(count <= FISC_PLAN_TABLE_COLUMNS_MAX);
    return count;
}

/* Reading ---------------------------------------------------------------------------------------
 */

typedef struct {
    FiscPlanTable *table;
    const Column *columns;
    const FiscCsv *csv;
    FiscRefusals *refusals;
    GString *buffer;
} Reader;

static bool
is_year_of_frame(const FiscPlanFrame *frame, const char *text)
{
    int year = atoi(text);
    return year >= frame->year && year < frame->year + frame->years;
}

static const char *
take_field(Reader *reader, const FiscCsvRow *row, const Column *column)
{
    const FiscPlanFrame *frame = &reader->table->frame;
    const char *text = fisc_csv_field(reader->csv, row, fisc_csv_column(reader->csv, column->name));
    FiscValuePlace place = {.refusals = reader->refusals,
                            .file = reader->csv->file,
                            .row = row->line,
                            .column = column->name,
                            .decimals = frame->decimals};
    if (*text == '\0') {
        if (column->is_needed) {
            fisc_refusals_add(reader->refusals, FISC_ERROR_VALUE_MISSING, place.file, place.row,
                              column->name, "every row needs one");
        }
        return "";
    }
    if (!fisc_value_read(&column->rule, &place, text, reader->buffer)) {
        return "";
    }
    if (column->is_of_frame && !is_year_of_frame(frame, text)) {
        fisc_refusals_add(reader->refusals, FISC_ERROR_VALUE_INVALID, place.file, place.row,
                          column->name, "%s is not one of the years %d to %d", text, frame->year,
                          frame->year + frame->years - 1);
    }
    return g_string_chunk_insert_const(reader->table->chunk, reader->buffer->str);
}

static void
take_row(Reader *reader, const FiscCsvRow *row)
{
    FiscPlanRow *taken = g_new0(FiscPlanRow, 1);
    taken->row = row->line;
    for (int i = 0; reader->columns[i].name != NULL; i++) {
        taken->field[i] = take_field(reader, row, &reader->columns[i]);
    }
    g_ptr_array_add(reader->table->rows, taken);
}

/* In order of the key; rows of one key in order of the file. */
static int
compare_rows(const void *a, const void *b, void *data)
{
    const Column *columns = data;
    const FiscPlanRow *left = *(const FiscPlanRow *const *)a;
    const FiscPlanRow *right = *(const FiscPlanRow *const *)b;
    int order = 0;
    for (int i = 0; order == 0 && columns[i].name != NULL; i++) {
        order = columns[i].is_key ? strcmp(left->field[i], right->field[i]) : 0;
    }
    return order;
}

/* A text that was refused has rows with holes in them: they are not compared. */
static void
check_neighbours(Reader *reader, const FiscPlanRow *first, const FiscPlanRow *second)
{
    const char *file = reader->csv->file;
    if (compare_rows(&first, &second, (void *)reader->columns) == 0) {
        fisc_refusals_add(reader->refusals, FISC_ERROR_DUPLICATE_ROW, file, second->row,
                          reader->columns[0].name, "\"%s\" stands in row %d already",
                          second->field[0], first->row);
    }
    for (int i = 1; reader->columns[i].name != NULL; i++) {
        const Column *column = &reader->columns[i];
        if (column->is_of_first && strcmp(first->field[0], second->field[0]) == 0 &&
            strcmp(first->field[i], second->field[i]) != 0) {
            fisc_refusals_add(reader->refusals, FISC_ERROR_VALUE_INVALID, file, second->row,
                              column->name, "\"%s\" of %s is \"%s\" in row %d", second->field[i],
                              second->field[0], first->field[i], first->row);
        }
    }
}

/* Every programme hangs on one that is there, and none on itself. */
static void
check_parent(Reader *reader, const FiscPlanRow *row)
{
    const FiscPlanTable *table = reader->table;
    const char *parent = fisc_plan_table_field(table, row, "parent");
    guint steps = 0;
    for (const FiscPlanRow *at = row; at != NULL && steps <= table->rows->len; steps++) {
        const char *above = fisc_plan_table_field(table, at, "parent");
        at = *above != '\0' ? fisc_plan_table_find(table, above) : NULL;
    }
    if (*parent != '\0' && fisc_plan_table_find(table, parent) == NULL) {
        fisc_refusals_add(reader->refusals, FISC_ERROR_VALUE_INVALID, reader->csv->file, row->row,
                          "parent", "there is no programme \"%s\"", parent);
    } else if (steps > table->rows->len) {
        fisc_refusals_add(reader->refusals, FISC_ERROR_VALUE_INVALID, reader->csv->file, row->row,
                          "parent", "%s hangs on itself", row->field[0]);
    }
}

static void
read_rows(Reader *reader)
{
    guint refused_before = reader->refusals->len;
    GPtrArray *rows = reader->table->rows;
    for (guint i = 0; i < reader->csv->rows->len; i++) {
        take_row(reader, &g_array_index(reader->csv->rows, FiscCsvRow, i));
    }
    if (rows->len > 0) {
        g_ptr_array_sort_with_data(rows, compare_rows, (void *)reader->columns);
    }
    if (reader->refusals->len > refused_before) {
        return;
    }
    for (guint i = 1; i < rows->len; i++) {
        check_neighbours(reader, rows->pdata[i - 1], rows->pdata[i]);
    }
    for (guint i = 0; reader->table->kind == FISC_PART_PROGRAMMES && i < rows->len; i++) {
        check_parent(reader, rows->pdata[i]);
    }
}

static FiscCsv *
parse(const Column *columns, const char *name, const char *data, gsize length,
      FiscRefusals *refusals)
{
    const char *known[FISC_PLAN_TABLE_COLUMNS_MAX + 1] = {NULL};
    const char *needed[FISC_PLAN_TABLE_COLUMNS_MAX + 1] = {NULL};
    FiscCsv *csv = NULL;
    for (int i = 0, n = 0; i < count_columns(columns); i++) {
        known[i] = columns[i].name;
        if (columns[i].is_needed) {
            needed[n++] = columns[i].name;
        }
    }
    FiscCsvOptions options = {.columns = known, .required = needed};
    fisc_csv_parse(name, data, length, &options, &csv, refusals);
    return csv;
}

static FiscPlanTable *
new_table(FiscPartKind kind, const FiscPlanFrame *frame, const char *name)
{
    FiscPlanTable *table = g_new0(FiscPlanTable, 1);
    table->kind = kind;
    table->frame = *frame;
    table->frame.version = NULL;
    table->name = g_strdup(name);
    table->rows = g_ptr_array_new_with_free_func(g_free);
    table->chunk = g_string_chunk_new(1024);
    return table;
}

FiscPlanTable *
fisc_plan_table_read(FiscPartKind kind, const FiscPlanFrame *frame, const char *name,
                     const char *data, gsize length, FiscRefusals *refusals)
{
    const Column *columns = columns_of_kind[kind];
    guint refused_before = refusals->len;
    g_assert(columns != NULL); /* lines are no table */
    g_autoptr(FiscCsv) csv = parse(columns, name, data, length, refusals);
    if (csv == NULL) {
        return NULL;
    }
    g_autoptr(FiscPlanTable) table = new_table(kind, frame, name);
    g_autoptr(GString) buffer = g_string_new(NULL);
    Reader reader = {
        .table = table, .columns = columns, .csv = csv, .refusals = refusals, .buffer = buffer};
    read_rows(&reader);
    return refusals->len > refused_before ? NULL : g_steal_pointer(&table);
}

FiscPlanTable *
fisc_plan_table_read_text(FiscPartKind kind, const FiscPlanFrame *frame, const char *text,
                          FiscRefusals *refusals)
{
    const char *word = fisc_part_word(kind);
    return text == NULL ? new_table(kind, frame, word)
                        : fisc_plan_table_read(kind, frame, word, text, strlen(text), refusals);
}

void
fisc_plan_table_free(FiscPlanTable *table)
{
    if (table != NULL) {
        g_ptr_array_unref(table->rows);
        g_string_chunk_free(table->chunk);
        g_free(table->name);
        g_free(table);
    }
}

/* Writing and looking up ------------------------------------------------------------------------
 */

char *
fisc_plan_table_write(const FiscPlanTable *table)
{
    const Column *columns = columns_of_kind[table->kind];
    int count = count_columns(columns);
    GString *out = g_string_new(NULL);
    for (int i = 0; i < count; i++) {
        g_string_append_printf(out, "%s%s", i > 0 ? "," : "", columns[i].name);
    }
    g_string_append_c(out, '\n');
    for (guint r = 0; r < table->rows->len; r++) {
        const FiscPlanRow *row = table->rows->pdata[r];
        for (int i = 0; i < count; i++) {
            g_string_append(out, i > 0 ? "," : "");
            fisc_csv_append(out, row->field[i]);
        }
        g_string_append_c(out, '\n');
    }
    return g_string_free(out, FALSE);
}

const char *
fisc_plan_table_field(const FiscPlanTable *table, const FiscPlanRow *row, const char *column)
{
    const Column *columns = columns_of_kind[table->kind];
    for (int i = 0; columns[i].name != NULL; i++) {
        if (strcmp(columns[i].name, column) == 0) {
            return row->field[i];
        }
    }
    g_assert_not_reached();
}

/* The rows are in order of the first column. */
const FiscPlanRow *
fisc_plan_table_find(const FiscPlanTable *table, const char *code)
{
    guint low = 0, high = table->rows->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        const FiscPlanRow *row = table->rows->pdata[middle];
        if (strcmp(row->field[0], code) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const FiscPlanRow *found = low < table->rows->len ? table->rows->pdata[low] : NULL;
    return found != NULL && strcmp(found->field[0], code) == 0 ? found : NULL;
}

char *
fisc_part_canonical(FiscPartKind kind, const FiscPlanFrame *frame, const char *entity,
                    const char *name, const char *data, gsize length, FiscRefusals *refusals)
{
    if (kind == FISC_PART_LINES) {
        g_autoptr(FiscPlanLines) lines =
            fisc_plan_lines_read(frame, name, data, length, entity, refusals);
        return lines != NULL ? fisc_plan_lines_write(lines) : NULL;
    }
    g_autoptr(FiscPlanTable) table =
        fisc_plan_table_read(kind, frame, name, data, length, refusals);
    return table != NULL ? fisc_plan_table_write(table) : NULL;
}
