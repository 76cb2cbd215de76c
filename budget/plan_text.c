/* plan_text.c: budget lines from their text, and back in canonical form (docs/budget-format.md).
 *
 * Reading collects every refusal with row and column. Writing the same lines gives the same bytes,
 * whatever file they came from: that is what the digest of a part means. Pure. What a step may
 * change is in plan_change.c. */
#include "budget/plan_column.h"
#include "fisc/csv.h"
#include <string.h>

typedef struct {
    FiscPlanLines *lines;
    const FiscCsv *csv;
    const char *entity; /* whose part it is, or NULL */
    FiscRefusals *refusals;
    GArray *columns; /* of FiscPlanColumn */
    int *fields;     /* of each column: its place in a row of the file, -1 = not there */
    GString *buffer;
} Reader;

static FiscValuePlace
place_of(const Reader *reader, int row, const char *column)
{
    return (FiscValuePlace){.refusals = reader->refusals,
                            .file = reader->csv->file,
                            .row = row,
                            .column = column,
                            .decimals = reader->lines->frame.decimals};
}

/* Columns ---------------------------------------------------------------------------------------
 */

/* The names that a header may have: all columns, and a figure's prefix alone. */
static GPtrArray *
names_of(const GArray *columns)
{
    GPtrArray *names = g_ptr_array_new();
    for (guint i = 0; i < columns->len; i++) {
        g_ptr_array_add(names, g_array_index(columns, FiscPlanColumn, i).name);
    }
    for (int i = 0; i < FISC_FIGURE_COUNT; i++) {
        g_ptr_array_add(names, (char *)fisc_figure_word((FiscFigureKind)i));
    }
    g_ptr_array_add(names, NULL);
    return names;
}

static FiscCsv *
parse(const char *name, const char *data, gsize length, const GArray *columns, bool has_entity,
      FiscRefusals *refusals)
{
    static const char *const needed[] = {"line", "gfs_code", "entity", NULL};
    static const char *const needed_of_entity[] = {"line", "gfs_code", NULL};
    FiscCsv *csv = NULL;
    g_autoptr(GPtrArray) names = names_of(columns);
    FiscCsvOptions options = {.columns = (const char *const *)names->pdata,
                              .required = has_entity ? needed_of_entity : needed};
    fisc_csv_parse(name, data, length, &options, &csv, refusals);
    return csv;
}

/* "request" is the request of the budget year; both names in one file would contradict. */
static int
find_field(Reader *reader, const FiscPlanColumn *column)
{
    int field = fisc_csv_column(reader->csv, column->name);
    if (column->kind != FISC_PLAN_FIGURE || column->year != reader->lines->frame.year) {
        return field;
    }
    const char *prefix = fisc_figure_word(column->goes_with);
    int shorter = fisc_csv_column(reader->csv, prefix);
    if (field >= 0 && shorter >= 0) {
        fisc_refusals_add(reader->refusals, FISC_ERROR_VALUE_INVALID, reader->csv->file, 1, prefix,
                          "the header names %s, too, which is the same column", column->name);
    }
    return field >= 0 ? field : shorter;
}

static void
find_fields(Reader *reader)
{
    reader->fields = g_new(int, reader->columns->len);
    for (guint i = 0; i < reader->columns->len; i++) {
        reader->fields[i] = find_field(reader, &g_array_index(reader->columns, FiscPlanColumn, i));
    }
}

/* Values ----------------------------------------------------------------------------------------
 */

static void
take_figure(Reader *reader, const FiscPlanColumn *column, const FiscValuePlace *place,
            const char *text, FiscPlanLine *line)
{
    FiscFigure *figure = &line->figure[column->goes_with];
    int64_t amount = 0;
    if (fisc_value_read_amount(place, text, &amount)) {
        figure->amount[column->year - reader->lines->frame.year] = amount;
        figure->is_given = true;
    }
}

static void
take_value(Reader *reader, const FiscPlanColumn *column, const FiscValuePlace *place,
           const char *text, FiscPlanLine *line)
{
    if (column->kind == FISC_PLAN_FIGURE) {
        take_figure(reader, column, place, text, line);
    } else if (fisc_value_read(&column->rule, place, text, reader->buffer)) {
        if (column->kind == FISC_PLAN_SIDE) {
            bool is_revenue = strcmp(reader->buffer->str, "revenue") == 0;
            line->side = is_revenue ? FISC_SIDE_REVENUE : FISC_SIDE_EXPENDITURE;
        } else {
            *fisc_plan_column_string(column, line) =
                fisc_plan_lines_text(reader->lines, reader->buffer->str);
        }
    }
}

static void
take_field(Reader *reader, const FiscCsvRow *row, guint index, FiscPlanLine *line)
{
    const FiscPlanColumn *column = &g_array_index(reader->columns, FiscPlanColumn, index);
    const char *text = fisc_csv_field(reader->csv, row, reader->fields[index]);
    FiscValuePlace place = place_of(reader, row->line, column->name);
    if (reader->fields[index] >= 0) {
        place.column = reader->csv->columns->pdata[reader->fields[index]]; /* as the file has it */
    }
    if (*text != '\0') {
        take_value(reader, column, &place, text, line);
    } else if (column->is_needed && (strcmp(column->name, "entity") != 0 || !reader->entity)) {
        fisc_refusals_add(reader->refusals, FISC_ERROR_VALUE_MISSING, place.file, place.row,
                          place.column, "every line needs one");
    }
}

/* Rows ------------------------------------------------------------------------------------------
 */

static void
check_entity(Reader *reader, FiscPlanLine *line)
{
    if (reader->entity == NULL) {
        return;
    }
    if (*line->entity == '\0') {
        line->entity = fisc_plan_lines_text(reader->lines, reader->entity);
    } else if (strcmp(line->entity, reader->entity) != 0) {
        fisc_refusals_add(reader->refusals, FISC_ERROR_VALUE_INVALID, reader->csv->file, line->row,
                          "entity", "\"%s\" in the part of %s", line->entity, reader->entity);
    }
}

/* Rounded half away from zero to the decimals of the currency. */
static __int128
product_of(const FiscPlanLine *line, int decimals)
{
    __int128 divisor = 1;
    for (int i = decimals; i < 2 * FISC_PLAN_NUMBER_DECIMALS; i++) {
        divisor *= 10;
    }
    __int128 product =
        (__int128)fisc_value_millionths(line->quantity) * fisc_value_millionths(line->unit_price);
    return (product + divisor / 2) / divisor;
}

/* An agency that says what its request is made of is held to it. */
static void
check_product(Reader *reader, const FiscPlanLine *line)
{
    const FiscFigure *request = &line->figure[FISC_FIGURE_REQUEST];
    int decimals = reader->lines->frame.decimals;
    if (*line->quantity == '\0' || *line->unit_price == '\0' || !request->is_given) {
        return;
    }
    __int128 product = product_of(line, decimals);
    if (product != request->amount[0]) {
        char made[FISC_SUM_TEXT], asked[FISC_AMOUNT_TEXT];
        fisc_refusals_add(reader->refusals, FISC_ERROR_CONTROL_TOTAL, reader->csv->file, line->row,
                          "unit_price", "%s x %s is %s, but %s is requested", line->quantity,
                          line->unit_price, fisc_sum_format(product, decimals, made),
                          fisc_amount_format(request->amount[0], decimals, asked));
    }
}

static void
take_row(Reader *reader, const FiscCsvRow *row)
{
    FiscPlanLine *line = fisc_plan_lines_add(reader->lines);
    line->row = row->line;
    for (guint i = 0; i < reader->columns->len; i++) {
        take_field(reader, row, i, line);
    }
    check_entity(reader, line);
    check_product(reader, line);
}

static void
check_names(Reader *reader)
{
    g_autoptr(GHashTable) index = fisc_plan_index_new_empty();
    for (guint i = 0; i < reader->lines->lines->len; i++) {
        FiscPlanLine *line = reader->lines->lines->pdata[i];
        const FiscPlanLine *first = g_hash_table_lookup(index, line);
        if (first != NULL && *line->line != '\0') {
            fisc_refusals_add(reader->refusals, FISC_ERROR_DUPLICATE_ROW, reader->csv->file,
                              line->row, "line", "line %s of %s stands in row %d already",
                              line->line, line->entity, first->row);
        } else {
            g_hash_table_add(index, line);
        }
    }
}

static void
read_rows(Reader *reader)
{
    find_fields(reader);
    for (guint i = 0; i < reader->csv->rows->len; i++) {
        take_row(reader, &g_array_index(reader->csv->rows, FiscCsvRow, i));
    }
    check_names(reader);
    fisc_plan_lines_sort(reader->lines);
}

FiscPlanLines *
fisc_plan_lines_read(const FiscPlanFrame *frame, const char *name, const char *data, gsize length,
                     const char *entity, FiscRefusals *refusals)
{
    guint refused_before = refusals->len;
    g_autoptr(GArray) columns = fisc_plan_columns_new(frame->year, frame->years);
    g_autoptr(FiscCsv) csv = parse(name, data, length, columns, entity != NULL, refusals);
    if (csv == NULL) {
        return NULL;
    }
    g_autoptr(FiscPlanLines) lines = fisc_plan_lines_new(frame);
    Reader reader = {.lines = lines,
                     .csv = csv,
                     .entity = entity,
                     .refusals = refusals,
                     .columns = columns,
                     .buffer = g_string_new(NULL)};
    read_rows(&reader);
    g_free(reader.fields);
    g_string_free(reader.buffer, TRUE);
    return refusals->len > refused_before ? NULL : g_steal_pointer(&lines);
}

/* Writing ---------------------------------------------------------------------------------------
 */

static void
append_header(GString *out, const GArray *columns)
{
    for (guint i = 0; i < columns->len; i++) {
        g_string_append(out, i > 0 ? "," : "");
        g_string_append(out, g_array_index(columns, FiscPlanColumn, i).name);
    }
    g_string_append_c(out, '\n');
}

static void
append_line(GString *out, const GArray *columns, const FiscPlanFrame *frame,
            const FiscPlanLine *line)
{
    char buffer[FISC_AMOUNT_TEXT];
    for (guint i = 0; i < columns->len; i++) {
        const FiscPlanColumn *column = &g_array_index(columns, FiscPlanColumn, i);
        g_string_append(out, i > 0 ? "," : "");
        fisc_csv_append(out, fisc_plan_column_text(column, frame, line, buffer));
    }
    g_string_append_c(out, '\n');
}

char *
fisc_plan_lines_write(const FiscPlanLines *lines)
{
    g_autoptr(GArray) columns = fisc_plan_columns_new(lines->frame.year, lines->frame.years);
    g_autoptr(GPtrArray) sorted = fisc_plan_lines_in_order(lines);
    GString *out = g_string_new(NULL);
    append_header(out, columns);
    for (guint i = 0; i < sorted->len; i++) {
        append_line(out, columns, &lines->frame, sorted->pdata[i]);
    }
    return g_string_free(out, FALSE);
}
