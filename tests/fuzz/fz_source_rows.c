/* fz_source_rows.c: documents of hledger-web and Tryton. Either rows that a profile can read, or
 * refusals that say why. The first byte chooses the connector. */
#include "fisc/csv.h"
#include "integrations/connector.h"
#include "tests/fuzz/fuzz.h"

static void
check_rows(GBytes *text)
{
    static const char *const columns[] = {
        "id",       "line",  "date",       "code",   "description", "status", "party",
        "currency", "debit", "debit_name", "credit", "credit_name", "amount", NULL};
    const FiscCsvOptions options = {.columns = columns};
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscCsv) csv = NULL;
    gsize length = 0;
    const char *data = g_bytes_get_data(text, &length);
    fisc_csv_parse("rows.csv", data, length, &options, &csv, refusals);
    FUZZ_HOLDS(csv != NULL && refusals->len == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"hledger-web", "tryton"};
    if (size == 0) {
        return 0;
    }
    g_autoptr(GBytes) body = g_bytes_new(data + 1, size - 1);
    g_autoptr(GBytes) text = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    const FiscConnector *connector = fisc_connector_find(names[data[0] % G_N_ELEMENTS(names)]);
    bool is_done = connector->convert(NULL, "document.json", body, &text, refusals);
    FUZZ_HOLDS(is_done == (text != NULL) && is_done == (refusals->len == 0));
    if (is_done) {
        check_rows(text);
    }
    return 0;
}
