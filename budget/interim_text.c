/* interim_text.c: an interim budget as a text, and the classes of lines that get another share than
 * a twelfth of last year (docs/enactment.md). Pure. */
#include "budget/enact.h"
#include "fisc/csv.h"
#include "fisc/money.h"
#include <string.h>

#define MONTHS 12
#define SHARE_MAX 1000000 /* finer parts of a year nobody has */

/* Shares -------------------------------------------------------------------------------------- */

/* "1/12", "0" or "1". */
static bool
parse_share(const char *text, int64_t *out_of, int64_t *out_in)
{
    guint64 of = 0, in = 1;
    g_auto(GStrv) parts = g_strsplit(text, "/", 3);
    guint count = g_strv_length(parts);
    if (count < 1 || count > 2 ||
        !g_ascii_string_to_unsigned(parts[0], 10, 0, SHARE_MAX, &of, NULL) ||
        (count == 2 && !g_ascii_string_to_unsigned(parts[1], 10, 1, SHARE_MAX, &in, NULL)) ||
        of > in) {
        return false;
    }
    *out_of = (int64_t)of;
    *out_in = (int64_t)in;
    return true;
}

static bool
take_share(const FiscCsv *csv, const FiscCsvRow *row, int64_t *out_of, int64_t *out_in,
           FiscRefusals *refusals)
{
    const char *share = fisc_csv_field(csv, row, fisc_csv_column(csv, "share"));
    if (parse_share(share, out_of, out_in)) {
        return true;
    }
    fisc_refusals_add(refusals, FISC_ERROR_VALUE_INVALID, csv->file, row->line, "share",
                      "\"%s\" is no part of a year such as 1/12 or 0", share);
    return false;
}

/* Columns ------------------------------------------------------------------------------------- */

/* The dimensions of a budget line, between what is in front of and behind them. */
static GPtrArray *
name_columns(const char *const *front, const char *const *behind)
{
    GPtrArray *names = g_ptr_array_new();
    for (; *front != NULL; front++) {
        g_ptr_array_add(names, (char *)*front);
    }
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        if (fisc_enact_is_dimension(i)) {
            g_ptr_array_add(names, (char *)fisc_dimension_column((FiscDimension)i));
        }
    }
    for (; *behind != NULL; behind++) {
        g_ptr_array_add(names, (char *)*behind);
    }
    g_ptr_array_add(names, NULL);
    return names;
}

static void
take_dimensions(const FiscCsv *csv, const FiscCsvRow *row, const char *dim[FISC_DIM_COUNT])
{
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        int column = fisc_csv_column(csv, fisc_dimension_column((FiscDimension)i));
        dim[i] = fisc_enact_is_dimension(i) ? fisc_csv_field(csv, row, column) : "";
    }
}

/* Classes ------------------------------------------------------------------------------------- */

typedef struct {
    const char *entity;
    const char *dim[FISC_DIM_COUNT]; /* what the codes begin with; "" = any */
    int64_t share_of, share_in;
    const char *article;
} Class;

static bool
is_of_class(const FiscInterimLine *line, const Class *class_)
{
    bool is_of = *class_->entity == '\0' || strcmp(class_->entity, line->entity) == 0;
    for (int i = 0; is_of && i < FISC_DIM_COUNT; i++) {
        is_of = g_str_has_prefix(line->dim[i], class_->dim[i]);
    }
    return is_of;
}

static void
classify_line(FiscInterim *interim, FiscInterimLine *line, const GArray *classes)
{
    for (guint i = 0; i < classes->len; i++) {
        const Class *class_ = &g_array_index(classes, Class, i);
        if (is_of_class(line, class_)) {
            line->share_of = class_->share_of;
            line->share_in = class_->share_in;
            line->article = *class_->article != '\0'
                                ? g_string_chunk_insert_const(interim->chunk, class_->article)
                                : "";
            return;
        }
    }
}

bool
fisc_interim_classify(FiscInterim *interim, const char *name, const char *data, gsize length,
                      FiscRefusals *refusals)
{
    static const char *const front[] = {"entity", NULL};
    static const char *const behind[] = {"share", "article", NULL};
    static const char *const required[] = {"share", NULL};
    g_autoptr(FiscCsv) csv = NULL;
    g_autoptr(GPtrArray) columns = name_columns(front, behind);
    g_autoptr(GArray) classes = g_array_new(FALSE, TRUE, sizeof(Class));
    FiscCsvOptions options = {.columns = (const char *const *)columns->pdata, .required = required};
    guint refusals_before = refusals->len;
    if (!fisc_csv_parse(name, data, length, &options, &csv, refusals) || csv == NULL) {
        return false;
    }
    for (guint i = 0; i < csv->rows->len; i++) {
        const FiscCsvRow *row = &g_array_index(csv->rows, FiscCsvRow, i);
        Class class_ = {.entity = fisc_csv_field(csv, row, fisc_csv_column(csv, "entity")),
                        .article = fisc_csv_field(csv, row, fisc_csv_column(csv, "article"))};
        take_dimensions(csv, row, class_.dim);
        if (take_share(csv, row, &class_.share_of, &class_.share_in, refusals)) {
            g_array_append_val(classes, class_);
        }
    }
    for (guint i = 0; refusals->len == refusals_before && i < interim->lines->len; i++) {
        classify_line(interim, interim->lines->pdata[i], classes);
    }
    return refusals->len == refusals_before;
}

/* The text ------------------------------------------------------------------------------------ */

static const char *const text_front[] = {"year", "entity", NULL};
static const char *const text_behind[] = {"appropriated", "share",    "article",  "month_01",
                                          "month_02",     "month_03", "month_04", "month_05",
                                          "month_06",     "month_07", "month_08", "month_09",
                                          "month_10",     "month_11", "month_12", NULL};
#define FIRST_MONTH 3 /* in text_behind */

static void
append_field(GString *text, const char *field)
{
    if (text->len > 0 && text->str[text->len - 1] != '\n') {
        g_string_append_c(text, ',');
    }
    fisc_csv_append(text, field);
}

static void
append_line(GString *text, const FiscInterim *interim, const FiscInterimLine *line, int decimals)
{
    char amount[FISC_AMOUNT_TEXT];
    g_string_append_printf(text, "%d", interim->year);
    append_field(text, line->entity);
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        if (fisc_enact_is_dimension(i)) {
            append_field(text, line->dim[i]);
        }
    }
    append_field(text, fisc_amount_format(line->appropriated, decimals, amount));
    g_string_append_printf(text, ",%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, line->share_of,
                           line->share_in);
    append_field(text, line->article);
    for (int month = 1; month <= MONTHS; month++) {
        append_field(text, month <= interim->through
                               ? fisc_amount_format(line->month[month - 1], decimals, amount)
                               : "");
    }
    g_string_append_c(text, '\n');
}

char *
fisc_interim_write(const FiscInterim *interim, const FiscNation *nation)
{
    GString *text = g_string_new(NULL);
    g_autoptr(GPtrArray) columns = name_columns(text_front, text_behind);
    for (guint i = 0; columns->pdata[i] != NULL; i++) {
        append_field(text, columns->pdata[i]);
    }
    g_string_append_c(text, '\n');
    for (guint i = 0; i < interim->lines->len; i++) {
        const FiscInterimLine *line = interim->lines->pdata[i];
        append_line(text, interim, line, fisc_nation_entity(nation, line->entity)->decimals);
    }
    return g_string_free(text, FALSE);
}

static bool
take_amount(const FiscCsv *csv, const FiscCsvRow *row, const char *column, int decimals,
            int64_t *out_amount, FiscRefusals *refusals)
{
    const char *text = fisc_csv_field(csv, row, fisc_csv_column(csv, column));
    int broken = fisc_amount_parse(text, decimals, '.', 0, out_amount);
    if (broken != 0) {
        fisc_refusals_add(refusals, (FiscError)broken, csv->file, row->line, column, "\"%s\"",
                          text);
    }
    return broken == 0;
}

/* As far as its months go, which is equally far in every row. */
static bool
take_months(FiscInterim *interim, FiscInterimLine *line, const FiscCsv *csv, const FiscCsvRow *row,
            int decimals, FiscRefusals *refusals)
{
    int month = 0;
    bool is_good = true;
    for (; month < MONTHS; month++) {
        const char *column = text_behind[FIRST_MONTH + month];
        if (*fisc_csv_field(csv, row, fisc_csv_column(csv, column)) == '\0') {
            break;
        }
        is_good &= take_amount(csv, row, column, decimals, &line->month[month], refusals);
    }
    interim->through = month;
    return is_good;
}

static void
read_row(FiscInterim *interim, const FiscCsv *csv, const FiscCsvRow *row, const FiscNation *nation,
         FiscRefusals *refusals)
{
    const char *dim[FISC_DIM_COUNT];
    const char *code = fisc_csv_field(csv, row, fisc_csv_column(csv, "entity"));
    const FiscEntity *entity = fisc_nation_entity(nation, code);
    guint64 year = 0;
    if (entity == NULL) {
        fisc_refusals_add(refusals, FISC_ERROR_ENTITY_UNKNOWN, csv->file, row->line, "entity",
                          "\"%s\"", code);
        return;
    }
    take_dimensions(csv, row, dim);
    FiscInterimLine *line = fisc_interim_line(interim, code, dim);
    if (!g_ascii_string_to_unsigned(fisc_csv_field(csv, row, fisc_csv_column(csv, "year")), 10,
                                    1900, 2199, &year, NULL)) {
        fisc_refusals_add(refusals, FISC_ERROR_VALUE_INVALID, csv->file, row->line, "year",
                          "it is a year");
    }
    interim->year = (int)year;
    take_amount(csv, row, "appropriated", entity->decimals, &line->appropriated, refusals);
    take_share(csv, row, &line->share_of, &line->share_in, refusals);
    line->article = g_string_chunk_insert_const(
        interim->chunk, fisc_csv_field(csv, row, fisc_csv_column(csv, "article")));
    take_months(interim, line, csv, row, entity->decimals, refusals);
}

FiscInterim *
fisc_interim_read(const char *name, const char *data, gsize length, const FiscNation *nation,
                  FiscRefusals *refusals)
{
    g_autoptr(FiscCsv) csv = NULL;
    g_autoptr(GPtrArray) columns = name_columns(text_front, text_behind);
    FiscCsvOptions options = {.columns = (const char *const *)columns->pdata};
    guint refusals_before = refusals->len;
    if (!fisc_csv_parse(name, data, length, &options, &csv, refusals) || csv == NULL) {
        return NULL;
    }
    FiscInterim *interim = fisc_interim_new(0);
    for (guint i = 0; i < csv->rows->len; i++) {
        read_row(interim, csv, &g_array_index(csv->rows, FiscCsvRow, i), nation, refusals);
    }
    if (refusals->len > refusals_before) {
        fisc_interim_free(interim);
        return NULL;
    }
    return interim;
}
