/* report_snapshot.c: reading what a report is built from: one transaction, one moment, and the
 * lenses that were asked for. */
#include "app/flows/report_snapshot.h"
#include "app/flows/internal.h"
#include "fisc/history.h"
#include "fisc/lens.h"
#include "ledger/head_log.h"
#include "fisc/poster.h"

/* "--known-at" and "--rules-at"; 0 when not given. */
static bool
parse_batch(const char *option, const char *text, int64_t *out_batch, GError **error)
{
    guint64 number = 0;
    if (text != NULL && !g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT64, &number, NULL)) {
        return fisc_fail(error, FISC_ERROR_USAGE, "--%s \"%s\" is no batch number", option, text);
    }
    *out_batch = (int64_t)number;
    return true;
}

bool
fisc_report_known_at(FiscTx *tx, FiscContext *ctx, const char *word, FiscKnownAt *out,
                     GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    int64_t newest = 0;
    if (!parse_batch("known-at", word, &out->batch, error) ||
        !fisc_log_size(tx, ctx->book_id, &newest, error)) {
        return false;
    }
    if (word == NULL) {
        out->batch = newest;
    }
    out->word = g_strdup_printf("%" G_GINT64_FORMAT, out->batch);
    if (out->batch < 1 || out->batch > newest) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "there is no batch %s: the newest is %" G_GINT64_FORMAT, out->word,
                         newest);
    }
    if (!fisc_tx_query(tx, FISC_SQL_REPORTING_BATCH_TIME,
                       FISC_ARGS(fisc_int4(ctx->book_id), fisc_int8(out->batch)), &rows, error)) {
        return false;
    }
    out->created = g_strdup(fisc_rows_text(rows, 0, 0));
    out->created_us = fisc_rows_int8(rows, 0, 1);
    return true;
}

void
fisc_known_at_clear(FiscKnownAt *known)
{
    g_clear_pointer(&known->word, g_free);
    g_clear_pointer(&known->created, g_free);
}

static bool
parse_moment(const FiscReportQuery *query, FiscMoment *out_moment, GError **error)
{
    *out_moment = (FiscMoment){0};
    if (query->as_of != NULL) {
        out_moment->has_as_of = fisc_date_parse(query->as_of, &out_moment->as_of);
        if (!out_moment->has_as_of) {
            return fisc_fail(error, FISC_ERROR_USAGE, "--as-of \"%s\" is no date", query->as_of);
        }
    }
    return parse_batch("known-at", query->known_at, &out_moment->known_at, error);
}

/* Closing entries are in period 13. */
bool
fisc_report_before_closing(const FiscPeriod *from, FiscPeriod *to, GError **error)
{
    if (*from % 100 == 13) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "period 13 closes the year: there is nothing of "
                         "it before closing");
    }
    *to -= *to % 100 == 13 ? 1 : 0;
    return true;
}

bool
fisc_report_read_words(const FiscReportQuery *query, FiscReportSnapshot *snapshot, GError **error)
{
    snapshot->query = query;
    if (query->period == NULL ||
        !fisc_period_span_parse(query->period, &snapshot->from, &snapshot->to)) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "--period \"%s\" is none of 2024, 2024-Q3, 2024-06, 2024-01..2024-07",
                         query->period != NULL ? query->period : "");
    }
    return parse_moment(query, &snapshot->moment, error) &&
           parse_batch("rules-at", query->rules_at, &snapshot->rules_at, error) &&
           (!query->before_closing ||
            fisc_report_before_closing(&snapshot->from, &snapshot->to, error));
}

bool
fisc_report_has_lens(const FiscReportQuery *query)
{
    return query->comparatives != NULL || query->calendar != NULL || query->currency != NULL ||
           query->allocation != NULL;
}

static FiscLensQuery
lens_query(const FiscReportSnapshot *snapshot)
{
    const FiscReportQuery *query = snapshot->query;
    return (FiscLensQuery){.unit = query->unit,
                           .from = snapshot->from,
                           .to = snapshot->to,
                           .comparatives = query->comparatives,
                           .calendar = query->calendar,
                           .currency = query->currency,
                           .allocation = query->allocation};
}

static bool
look_through(FiscReportSnapshot *snapshot, GError **error)
{
    FiscLensQuery query = lens_query(snapshot);
    FiscNation *nation = snapshot->nation;
    FiscBalances *balances = snapshot->balances;
    snapshot->notes = g_ptr_array_new_with_free_func(g_free);
    return fisc_lens_restate(nation, &query, balances, snapshot->notes, error) &&
           fisc_lens_calendar(nation, &query, balances, snapshot->notes, error) &&
           fisc_lens_translate(nation, &query, balances, snapshot->lines, snapshot->notes, error) &&
           fisc_lens_allocate(nation, &query, balances, snapshot->notes, error);
}

/* Units and groups as they are in the period, or, restated, as they are at the end of another. */
static bool
date_nation(FiscReportSnapshot *snapshot, GError **error)
{
    FiscLensQuery query = lens_query(snapshot);
    FiscPeriod at = 0;
    if (!fisc_lens_restated_at(&query, &at, error)) {
        return false;
    }
    if (at != 0) {
        fisc_nation_at(snapshot->nation, at);
    } else {
        fisc_nation_during(snapshot->nation, snapshot->from, snapshot->to);
    }
    FiscPeriod from = at != 0 ? at : snapshot->from, to = at != 0 ? at : snapshot->to;
    fisc_nation_add_sector(snapshot->nation, snapshot->query->unit, from, to);
    return true;
}

const FiscBalances *
fisc_report_balances_of(const FiscReportSnapshot *snapshot, const char *unit)
{
    const FiscGroup *group = fisc_nation_group(snapshot->nation, unit);
    if (group == NULL || group->stays == NULL) {
        return snapshot->balances;
    }
    FiscBalances *balances = g_hash_table_lookup(snapshot->stays, unit);
    if (balances == NULL) {
        balances = fisc_balances_of_stays(snapshot->nation, unit, snapshot->balances);
        g_hash_table_insert(snapshot->stays, g_strdup(unit), balances);
    }
    return balances;
}

static void
free_balances(gpointer balances)
{
    fisc_balances_free(balances);
}

/* The engine answers, as it would judge the next entry: not as of a day, nor as known before. */
static bool
read_funds(FiscContext *ctx, FiscReportSnapshot *snapshot, GError **error)
{
    static const char *const any[FISC_DIM_COUNT] = {NULL};
    g_autoptr(FiscPoster) poster = NULL;
    if (snapshot->moment.has_as_of || snapshot->moment.known_at > 0) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "report %s knows the books as they are, not --as-of or --known-at",
                         snapshot->query->name);
    }
    if (!fisc_flow_open_poster(ctx, &poster, error) ||
        !fisc_poster_funds(poster, NULL, fisc_period_year(snapshot->from), any, &snapshot->funds,
                           error)) {
        return false;
    }
    fisc_flow_keep_funds(ctx, snapshot->funds);
    return true;
}

/* Only the units that are asked about are read; what is asked of one must not cost what all do. A
 * lens may bring in what others did. */
static bool
read_balances(FiscTx *tx, FiscContext *ctx, FiscReportWants wants, FiscReportSnapshot *snapshot,
              GError **error)
{
    bool is_of_all = fisc_report_has_lens(snapshot->query) || wants == FISC_REPORT_TRANSFERS;
    const char *unit = is_of_all ? NULL : snapshot->query->unit;
    FiscLensQuery query = lens_query(snapshot);
    FiscPeriod end = fisc_lens_calendar_end(snapshot->nation, &query);
    end += wants == FISC_REPORT_DEALINGS ? 100 : 0; /* a year, for what came late */
    g_autoptr(GHashTable) members =
        unit != NULL ? fisc_nation_perimeter(snapshot->nation, unit) : NULL;
    return fisc_balances_load(tx, ctx->book_id, snapshot->nation, end, &snapshot->moment, members,
                              &snapshot->balances, error);
}

/* Before the lenses, which look at lines, too. */
static bool
read_lines(FiscTx *tx, FiscContext *ctx, FiscReportWants wants, FiscReportSnapshot *snapshot,
           GError **error)
{
    if (wants == FISC_REPORT_LAYERS) {
        return fisc_layer_lines_load(tx, ctx->book_id, snapshot->nation, snapshot->from,
                                     snapshot->to, &snapshot->moment, &snapshot->lines, error);
    }
    if (wants == FISC_REPORT_TRANSFERS) {
        return fisc_report_read_transfers(tx, ctx, snapshot, error);
    }
    return (wants != FISC_REPORT_LINES && wants != FISC_REPORT_DEALINGS) ||
           fisc_posted_lines_load(tx, ctx->book_id, snapshot->nation, snapshot->from, snapshot->to,
                                  &snapshot->moment, &snapshot->lines, error);
}

bool
fisc_report_read(FiscTx *tx, FiscContext *ctx, FiscReportWants wants, FiscReportSnapshot *snapshot,
                 GError **error)
{
    const FiscMoment *moment = &snapshot->moment;
    snapshot->stays = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_balances);
    int64_t rules_at = snapshot->rules_at > 0 ? snapshot->rules_at : moment->known_at;
    return fisc_nation_load(tx, ctx->book_id, rules_at, &snapshot->nation, error) &&
           date_nation(snapshot, error) &&
           fisc_flow_check_unit(ctx, snapshot->nation, snapshot->query->unit, error) &&
           read_balances(tx, ctx, wants, snapshot, error) &&
           read_lines(tx, ctx, wants, snapshot, error) && look_through(snapshot, error) &&
           (wants != FISC_REPORT_BOOK ||
            fisc_book_record_load(tx, ctx->book_id, snapshot->nation, snapshot->to, moment,
                                  snapshot->query, &snapshot->book, error)) &&
           (wants != FISC_REPORT_FUNDS || read_funds(ctx, snapshot, error));
}

void
fisc_report_snapshot_clear(FiscReportSnapshot *snapshot)
{
    g_clear_pointer(&snapshot->notes, g_ptr_array_unref);
    g_clear_pointer(&snapshot->funds, g_ptr_array_unref);
    g_clear_pointer(&snapshot->seen, g_hash_table_unref);
    g_clear_pointer(&snapshot->book, fisc_book_record_free);
    g_clear_pointer(&snapshot->lines, fisc_posted_lines_free);
    g_clear_pointer(&snapshot->stays, g_hash_table_unref); /* they lean on the balances */
    g_clear_pointer(&snapshot->balances, fisc_balances_free);
    g_clear_pointer(&snapshot->nation, fisc_nation_free);
}
