/* period.c: the state of periods: a list, and a change as an event of the chain. */
#include "app/flows/internal.h"
#include "core/base/kill_point.h"
#include "fisc/ledger.h"
#include <string.h>

static void
add_period(FiscSubmission *submission, FiscPeriod period, const char *state)
{
    g_autofree char *subject = g_strdup_printf("%06d", period);
    fisc_submission_event(submission, "period", subject, "state", state, NULL);
}

void
fisc_flow_add_year(FiscSubmission *submission, int year, const char *state)
{
    for (int month = 0; month <= 13; month++) {
        add_period(submission, year * 100 + month, state);
    }
}

/* "2024" is a year; "2024-06", "202406", "2024-00" and "2024-13" are single periods. */
static bool
parse_period(const char *text, FiscPeriod *out_from, FiscPeriod *out_to)
{
    gsize length = strlen(text);
    if (length == 6 && strspn(text, "0123456789") == 6 && atoi(text) % 100 <= 13) {
        *out_from = *out_to = atoi(text);
        return true;
    }
    if (length == 7 && g_str_has_suffix(text, "-00") && strspn(text, "0123456789") == 4) {
        *out_from = *out_to = atoi(text) * 100;
        return true;
    }
    return strchr(text, 'Q') == NULL && fisc_period_range_parse(text, out_from, out_to);
}

bool
fisc_flow_period_set(FiscContext *ctx, const char *period, const char *state,
                     FiscReceipt **out_receipt, GError **error)
{
    FiscPeriod from = 0;
    FiscPeriod to = 0;
    if (!parse_period(period, &from, &to)) {
        return fisc_fail(error, FISC_ERROR_USAGE, "\"%s\" is no period: 2024 or 2024-06", period);
    }
    g_autoptr(FiscSubmission) submission = fisc_submission_new("period", ctx->actor);
    submission->on_behalf = ctx->on_behalf;
    for (FiscPeriod at = from; at <= to; at++) {
        add_period(submission, at, state);
    }
    FiscPoster *poster = NULL;
    if (!fisc_flow_open_poster(ctx, &poster, error)) {
        return false;
    }
    fisc_kill_point("period.before_submit");
    bool is_done = fisc_flow_submit(ctx, poster, submission, out_receipt, error);
    fisc_kill_point("period.after_submit");
    fisc_poster_close(poster);
    return is_done;
}

bool
fisc_flow_period_list(FiscContext *ctx, FiscTable **out_table, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(GArray) periods = NULL;
    if (!fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) ||
        !fisc_periods_load(tx, ctx->book_id, &periods, error) ||
        !fisc_tx_commit(g_steal_pointer(&tx), error)) {
        return false;
    }
    FiscTable *table = fisc_table_new("periods", "Periods", 0);
    fisc_table_add_column(table, "period", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "state", FISC_COLUMN_TEXT);
    for (guint i = 0; i < periods->len; i++) {
        const FiscPeriodState *state = &g_array_index(periods, FiscPeriodState, i);
        char text[FISC_DATE_TEXT];
        FiscRow *row = fisc_table_add_row(table);
        fisc_table_set_text(table, row, 0, fisc_period_format(state->period, text));
        fisc_table_set_text(table, row, 1, state->state);
    }
    *out_table = table;
    return true;
}
