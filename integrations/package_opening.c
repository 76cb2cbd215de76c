/* package_opening.c: opening balances: one entry for each entity and date, closed with net worth.
 *
 * Rows are positive on the normal side of their code. Net worth is what is left: a contra line on
 * code 6, one for each layer, so that a layer can be left out whole. */
#include "fisc/gfs.h"
#include "integrations/package_internal.h"
#include <string.h>

#define NET_WORTH "6"
#define DEFAULT_MEMO "Opening balances"

typedef struct {
    FiscEntry *entry;
    GPtrArray *layers; /* of const char *, interned; "" = reported */
    GArray *sums;      /* of __int128, one for each layer */
    GString *memo;
    bool is_broken;
} Opening;

typedef struct {
    FiscReader *reader;
    FiscSubmission *submission;
    const FiscCsv *csv;
    int entity, date, code, amount, memo;
    int dimension[FISC_DIM_COUNT];
    GHashTable *by_key;  /* entity and date -> Opening */
    GPtrArray *openings; /* of Opening, in order; owned */
} Reading;

static void
opening_free(Opening *opening)
{
    g_ptr_array_unref(opening->layers);
    g_array_unref(opening->sums);
    g_string_free(opening->memo, TRUE);
    g_free(opening);
}

/* The row's place at a column. */
static FiscPlace
place_at(const Reading *reading, const FiscCsvRow *row, const char *field)
{
    return (FiscPlace){.file = reading->csv->file, .line = row->line, .field = field};
}

static Opening *
find_opening(Reading *reading, const FiscCsvRow *row, const FiscEntity *entity, FiscDate date)
{
    char iso[FISC_DATE_TEXT];
    g_autofree char *reference =
        g_strdup_printf("%s/opening/%s", entity->code, fisc_date_format(date, iso));
    Opening *opening = g_hash_table_lookup(reading->by_key, reference);
    if (opening != NULL) {
        return opening;
    }
    opening = g_new0(Opening, 1);
    opening->layers = g_ptr_array_new();
    opening->sums = g_array_new(FALSE, TRUE, sizeof(__int128));
    opening->memo = g_string_new(DEFAULT_MEMO);
    FiscEntry *entry = opening->entry = fisc_submission_entry(reading->submission);
    entry->entity = fisc_submission_text(reading->submission, entity->code);
    entry->reference = fisc_submission_text(reading->submission, reference);
    entry->effective = date;
    entry->period = fisc_date_year(date) * 100;
    entry->file = fisc_submission_text(reading->submission, reading->csv->file);
    entry->row = row->line;
    entry->decimals = entity->decimals;
    g_ptr_array_add(reading->openings, opening);
    g_hash_table_insert(reading->by_key, g_strdup(reference), opening);
    return opening;
}

static void
add_to_layer(Opening *opening, const char *layer, int64_t amount)
{
    guint index = 0;
    const char *name = layer != NULL ? layer : "";
    if (!g_ptr_array_find_with_equal_func(opening->layers, name, g_str_equal, &index)) {
        index = opening->layers->len;
        g_ptr_array_add(opening->layers, (char *)name);
        g_array_set_size(opening->sums, index + 1);
    }
    g_array_index(opening->sums, __int128, index) += amount;
}

/* A stock code other than net worth, which is what the others leave. */
static bool
check_code(Reading *reading, const FiscCsvRow *row, const char *code)
{
    FiscPlace place = place_at(reading, row, "code");
    int flow = 0;
    if (!fisc_reader_required(reading->reader, place, code) ||
        !fisc_reader_gfs_code(reading->reader, place, code, &flow)) {
        return false;
    }
    if (flow == FISC_FLOW_OPENING && strcmp(code, NET_WORTH) != 0) {
        return true;
    }
    return fisc_reader_refuse(reading->reader, place, FISC_ERROR_VALUE_INVALID,
                              "opening balances are stocks: 61, 62 and 63; net worth follows",
                              "\"%s\" is no stock of assets or liabilities", code);
}

static bool
take_dimensions(Reading *reading, const FiscCsvRow *row, FiscLine *line)
{
    bool is_good = true;
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        const char *code = fisc_csv_field(reading->csv, row, reading->dimension[i]);
        if (*code != '\0') {
            is_good &= fisc_reader_dimension(
                reading->reader, place_at(reading, row, fisc_dimension_column((FiscDimension)i)),
                (FiscDimension)i, code);
            line->dim[i] = fisc_submission_text(reading->submission, code);
        }
    }
    return is_good;
}

/* Memos of rows add up as long as they fit: an entry has one. */
static void
take_memo(Opening *opening, const char *code, const char *memo)
{
    if (*memo != '\0' && opening->memo->len + strlen(code) + strlen(memo) + 4 < FISC_MEMO_MAX) {
        g_string_append_printf(opening->memo, "; %s %s", code, memo);
    }
}

static void
take_row(Reading *reading, const FiscCsvRow *row)
{
    FiscReader *reader = reading->reader;
    const FiscCsv *csv = reading->csv;
    const char *code = fisc_csv_field(csv, row, reading->code);
    const FiscEntity *entity = NULL;
    FiscDate date = 0;
    int64_t amount = 0;
    FiscLine line = {.row = row->line, .account = fisc_submission_text(reading->submission, code)};
    if (!fisc_reader_entity(reader, place_at(reading, row, "entity"),
                            fisc_csv_field(csv, row, reading->entity), &entity) ||
        !fisc_reader_date(reader, place_at(reading, row, "date"),
                          fisc_csv_field(csv, row, reading->date), &date)) {
        return;
    }
    fisc_reader_note_date(reader, date);
    Opening *opening = find_opening(reading, row, entity, date);
    bool is_good = fisc_reader_amount(reader, place_at(reading, row, "amount"),
                                      fisc_csv_field(csv, row, reading->amount), entity->decimals,
                                      '.', 0, &amount);
    is_good &= check_code(reading, row, code);
    is_good &= take_dimensions(reading, row, &line);
    if (!is_good) {
        opening->is_broken = true;
    } else if (amount != 0) { /* a zero row says that there is nothing */
        line.amount = amount * fisc_gfs_sign(code);
        *fisc_entry_line(opening->entry) = line;
        add_to_layer(opening, line.dim[FISC_DIM_LAYER], line.amount);
        take_memo(opening, code, fisc_csv_field(csv, row, reading->memo));
    }
}

static bool
add_contra(Reading *reading, Opening *opening)
{
    for (guint i = 0; i < opening->layers->len; i++) {
        __int128 sum = g_array_index(opening->sums, __int128, i);
        if (sum > INT64_MAX || sum < -INT64_MAX) {
            FiscPlace place = {.file = reading->csv->file, .line = opening->entry->row};
            return fisc_reader_refuse(reading->reader, place, FISC_ERROR_AMOUNT_OVERFLOW, NULL,
                                      "the net worth of \"%s\" does not fit",
                                      opening->entry->entity);
        }
        if (sum != 0) {
            const char *layer = opening->layers->pdata[i];
            FiscLine *line = fisc_entry_line(opening->entry);
            line->account = fisc_submission_text(reading->submission, NET_WORTH);
            line->amount = (int64_t)-sum;
            line->dim[FISC_DIM_LAYER] = *layer != '\0' ? layer : NULL;
            line->row = opening->entry->row;
        }
    }
    return true;
}

/* An entity whose every row is zero opens with nothing: its entry is dropped. */
static void
finish(Reading *reading)
{
    for (guint i = 0; i < reading->openings->len; i++) {
        Opening *opening = reading->openings->pdata[i];
        if (opening->is_broken) {
            continue;
        }
        if (opening->entry->lines->len == 0) {
            g_ptr_array_remove(reading->submission->entries, opening->entry);
        } else if (add_contra(reading, opening)) {
            opening->entry->memo = fisc_submission_text(reading->submission, opening->memo->str);
            fisc_reader_finish_entry(reading->reader, reading->submission, opening->entry);
        }
    }
}

bool
fisc_package_opening(FiscReader *reader, FiscSubmission *into, GError **error)
{
    static const char *const columns[] = {
        "entity",   "date",      "code", "amount",  "memo",   "counterparty_entity",
        "section",  "programme", "fund", "project", "region", "source_of_finance",
        "economic", "layer",     NULL};
    static const char *const required[] = {"entity", "date", "code", "amount", NULL};
    static const FiscCsvOptions options = {.columns = columns, .required = required};
    g_autoptr(FiscCsv) csv = NULL;
    if (!fisc_reader_csv(reader, "opening_balance.csv", &options, &csv, error)) {
        return false;
    }
    if (csv == NULL) {
        return true;
    }
    Reading reading = {.reader = reader,
                       .submission = into,
                       .csv = csv,
                       .entity = fisc_csv_column(csv, "entity"),
                       .date = fisc_csv_column(csv, "date"),
                       .code = fisc_csv_column(csv, "code"),
                       .amount = fisc_csv_column(csv, "amount"),
                       .memo = fisc_csv_column(csv, "memo")};
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        reading.dimension[i] = fisc_csv_column(csv, fisc_dimension_column((FiscDimension)i));
    }
    reading.by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    reading.openings = g_ptr_array_new_with_free_func((GDestroyNotify)opening_free);
    for (guint i = 0; i < csv->rows->len; i++) {
        take_row(&reading, &g_array_index(csv->rows, FiscCsvRow, i));
    }
    finish(&reading);
    g_hash_table_unref(reading.by_key);
    g_ptr_array_unref(reading.openings);
    return true;
}
