/* fz_tables.c: texts that officers hand in: a layout of a statement, the lines of a budget. Either
 * what they say or refusals; lines written again are read as the same. The first byte says which.
 */
#include "fisc/formulation.h"
#include "reporting/layout.h"
#include "tests/fuzz/fuzz.h"
#include <string.h>

static void
try_layout(const char *text)
{
    const FiscLayoutFile file = {"MINE", "mine.csv", text};
    g_autoptr(FiscLayout) layout = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    fisc_layout_read(&file, &layout, refusals);
    FUZZ_HOLDS((layout == NULL) == (refusals->len > 0));
    if (layout != NULL) {
        fisc_layout_check(layout, "mine.csv", NULL, refusals);
    }
}

static void
try_plan(const char *data, gsize length)
{
    const FiscPlanFrame frame = {"2024.1", 2024, 2, 2};
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscPlanLines *lines = fisc_plan_lines_read(&frame, "x.csv", data, length, NULL, refusals);
    FUZZ_HOLDS((lines == NULL) == (refusals->len > 0));
    if (lines != NULL) {
        g_autofree char *text = fisc_plan_lines_write(lines);
        FiscPlanLines *again =
            fisc_plan_lines_read(&frame, "x.csv", text, strlen(text), NULL, refusals);
        FUZZ_HOLDS(again != NULL);
        g_autofree char *twice = fisc_plan_lines_write(again);
        FUZZ_HOLDS(strcmp(twice, text) == 0);
        fisc_plan_lines_free(again);
    }
    fisc_plan_lines_free(lines);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    if (data[0] % 2 == 0) {
        g_autofree char *text = g_strndup((const char *)data + 1, size - 1);
        try_layout(text);
    } else {
        try_plan((const char *)data + 1, size - 1);
    }
    return 0;
}
