/* fz_ifix.c: fiscal events of iFIX. An event becomes rows with a day and an amount, or refusals;
 * the events of a message are found where they stand, and each says alone what it says in the
 * message.
 */
#include "fisc/csv.h"
#include "fisc/date.h"
#include "fisc/money.h"
#include "integrations/convert.h"
#include "integrations/ifix.h"
#include "tests/fuzz/fuzz.h"
#include <string.h>

#define LIST "fiscalEvent"

static void
check_row(const FiscCsv *csv, const FiscCsvRow *row)
{
    FiscDate day = 0;
    const char *amount = fisc_csv_field(csv, row, fisc_csv_column(csv, "amount"));
    FUZZ_HOLDS(fisc_date_parse(fisc_csv_field(csv, row, fisc_csv_column(csv, "date")), &day));
    g_autofree char *again = fisc_json_decimal(amount);
    FUZZ_HOLDS(again != NULL && strcmp(again, amount) == 0);
    FUZZ_HOLDS(strpbrk(amount, "eE+") == NULL && *fisc_csv_field(csv, row, 0) != '\0');
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
    FUZZ_HOLDS(csv != NULL && refusals->len == 0 && csv->rows->len > 0);
    for (guint i = 0; i < csv->rows->len; i++) {
        check_row(csv, &g_array_index(csv->rows, FiscCsvRow, i));
    }
}

static void
check_event(const char *text, gsize length)
{
    g_autoptr(GBytes) body = g_bytes_new(text, length);
    g_autoptr(GBytes) rows = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    bool is_done = fisc_convert_find("ifix")(NULL, "document.json", body, &rows, refusals);
    FUZZ_HOLDS(is_done == (rows != NULL) && is_done == (refusals->len == 0));
    if (is_done) {
        check_rows(rows);
    }
}

/* What stands at a span is the element, and its name is one of a file. */
static void
check_element(json_t *element, const char *text, const FiscJsonSpan *span)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autofree char *reason = NULL;
    FiscIfixEvent event;
    g_autofree char *wrapped =
        g_strdup_printf("{\"x\":%.*s}", (int)span->length, text + span->from);
    json_t *alone = fisc_json_read_texts(wrapped, strlen(wrapped), &reason);
    FUZZ_HOLDS(alone != NULL && json_equal(json_object_get(alone, "x"), element));
    json_decref(alone);
    if (fisc_ifix_event_read(element, NULL, "/0", &event, refusals)) {
        g_autofree char *name = fisc_ifix_document(&event);
        g_autofree char *digest = fisc_ifix_digest(&event, true);
        FUZZ_HOLDS(strlen(name) <= 100 && *name != '.' && strchr(name, '/') == NULL);
        FUZZ_HOLDS(strlen(digest) == 64 && strlen(event.id) <= 36);
        check_event(text + span->from, span->length);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    g_autofree char *reason = NULL;
    check_event(text, size);
    json_t *root = fisc_json_read_texts(text, size, &reason);
    FUZZ_HOLDS((root == NULL) == (reason != NULL));
    if (root != NULL) {
        json_t *list = json_object_get(root, LIST);
        g_autoptr(GArray) spans = fisc_json_elements(text, size, LIST);
        FUZZ_HOLDS((spans != NULL) == json_is_array(list));
        FUZZ_HOLDS(spans == NULL || spans->len == json_array_size(list));
        for (guint i = 0; spans != NULL && i < spans->len; i++) {
            check_element(json_array_get(list, i), text, &g_array_index(spans, FiscJsonSpan, i));
        }
    }
    json_decref(root);
    return 0;
}
