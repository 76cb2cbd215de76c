/* fz_reader_answer.c: what a reader of documents says, when somebody else took it over: a whole
 * answer whose cells are text, or none at all. */
#include "integrations/parse_wire.h"
#include "tests/fuzz/fuzz.h"
#include <string.h>

static void
check_cells(const GArray *rows, guint count)
{
    for (guint i = 0; i < rows->len; i++) {
        const FiscCsvRow *row = &g_array_index(rows, FiscCsvRow, i);
        for (guint k = 0; k < count || (count == 0 && row->fields[k] != NULL); k++) {
            FUZZ_HOLDS(row->fields[k] != NULL && g_utf8_validate(row->fields[k], -1, NULL));
        }
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GBytes) answer = g_bytes_new(data, size);
    g_autoptr(GBytes) text = NULL;
    g_autoptr(FiscCsv) csv = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscSandboxState state = FISC_SANDBOX_LIMITED;
    bool is_whole = fisc_parse_read_answer(answer, "x.csv", &state, &csv, &text, refusals);
    FUZZ_HOLDS(is_whole || (csv == NULL && text == NULL && refusals->len == 0));
    FUZZ_HOLDS(refusals->len == 0 || (csv == NULL && text == NULL));
    if (csv != NULL) {
        FUZZ_HOLDS(csv->rows->len == 0 || csv->columns->len > 0);
        check_cells(csv->rows, csv->columns->len);
        check_cells(csv->preamble, 0);
    }
    return 0;
}
