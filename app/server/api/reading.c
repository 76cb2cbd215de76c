/* reading.c: what the routes share that only read: pages, days, and whether anything has changed.
 */
#include "app/server/api/reading.h"
#include "app/flows/receipt_json.h"

#define ROWS_USUAL 100

bool
fisc_call_page(FiscCall *call, FiscPage *out_page, char **out_key)
{
    int64_t limit = fisc_call_integer(call, "limit", ROWS_USUAL);
    if (limit < 1 || limit > FISC_PAGE_MAX) {
        fisc_call_problem(call, 422, "VALUE_INVALID", "?limit", "limit is 1 to %d", FISC_PAGE_MAX);
        return false;
    }
    if (!fisc_cursor_read(call, out_key)) {
        return false;
    }
    *out_page =
        (FiscPage){.words = fisc_call_text(call, "q"), .after = *out_key, .limit = (int)limit};
    return true;
}

bool
fisc_call_query_date(const FiscCall *call, const char *name, FiscDate *out_date)
{
    const char *text = fisc_call_text(call, name);
    return text != NULL && fisc_date_parse(text, out_date);
}

json_t *
fisc_call_text_or_null(const char *text)
{
    return text != NULL && *text != '\0' ? fisc_json_text(text) : json_null();
}

bool
fisc_call_check_batch(FiscCall *call, bool *out_unchanged, GError **error)
{
    int64_t batch = 0;
    if (!fisc_flow_newest_batch(&call->context, &batch, error)) {
        return false;
    }
    g_autofree char *words = g_strdup_printf("batch %" G_GINT64_FORMAT, batch);
    *out_unchanged = fisc_call_is_unchanged(call, words);
    return true;
}
