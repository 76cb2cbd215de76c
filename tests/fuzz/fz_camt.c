/* fz_camt.c: bank statements (camt.053). Either rows that a profile can read, each with amounts and
 * a day where it is booked, or refusals that say why. */
#include "fisc/csv.h"
#include "fisc/date.h"
#include "fisc/money.h"
#include "integrations/convert.h"
#include "tests/fuzz/fuzz.h"
#include <string.h>

static void
check_row(const FiscCsv *csv, const FiscCsvRow *row)
{
    int64_t booked = 0, not_booked = 0;
    FiscDate day = 0;
    const char *status = fisc_csv_field(csv, row, fisc_csv_column(csv, "status"));
    const char *amount = fisc_csv_field(csv, row, fisc_csv_column(csv, "amount"));
    const char *other = fisc_csv_field(csv, row, fisc_csv_column(csv, "not_booked"));
    const char *on = fisc_csv_field(csv, row, fisc_csv_column(csv, "booked"));
    FUZZ_HOLDS(fisc_amount_parse(amount, 4, '.', '\0', &booked) == 0 && booked >= 0);
    FUZZ_HOLDS(fisc_amount_parse(other, 4, '.', '\0', &not_booked) == 0 && not_booked >= 0);
    FUZZ_HOLDS(booked == 0 || (strcmp(status, "BOOK") == 0 && fisc_date_parse(on, &day)));
}

static void
check_rows(GBytes *text)
{
    const FiscCsvOptions options = {.allow_unknown = true};
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscCsv) csv = NULL;
    gsize length = 0;
    const char *data = g_bytes_get_data(text, &length);
    fisc_csv_parse("rows.csv", data, length, &options, &csv, refusals);
    FUZZ_HOLDS(csv != NULL && refusals->len == 0);
    for (guint i = 0; i < csv->rows->len; i++) {
        check_row(csv, &g_array_index(csv->rows, FiscCsvRow, i));
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GBytes) body = g_bytes_new(data, size);
    g_autoptr(GBytes) text = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    bool is_done = fisc_convert_find("camt053")(NULL, "document.xml", body, &text, refusals);
    FUZZ_HOLDS(is_done == (text != NULL) && is_done == (refusals->len == 0));
    if (is_done) {
        check_rows(text);
    }
    return 0;
}
