/* pull_post.c: from what a source says to what the books lack: one submission for each part, all or
 * nothing. What stands in the books as the source has it is left alone, what it says no more is
 * reversed. Parts that go together are asked for once, and go to the poster together. */
#include "app/flows/feed.h"
#include "app/flows/person.h"
#include "app/flows/pull.h"
#include "fisc/gfs.h"
#include "integrations/settle.h"
#include <string.h>

/* One part on its way. */
typedef struct {
    FiscContext *ctx;
    const FiscFeeding *feeding;
    FiscIntakeRun *run;
    FiscPackage *package; /* borrowed */
    const FiscNation *nation;
    const GArray *periods; /* of FiscPeriodState; borrowed */
    FiscSubmission *wanted;
    FiscSubmission *all; /* what the books lack, what is taken back first; NULL: nothing */
    FiscSettlement settlement;
    FiscPeriod from, to;   /* months that the source speaks of */
    char *basis;           /* where it is staged: fisc_feed_basis() */
    GHashTable *speaks_of; /* entities that have entries; the feeder's strings */
} Settling;

static void
settling_free(gpointer data)
{
    Settling *settling = data;
    fisc_submission_free(settling->wanted);
    fisc_submission_free(settling->all);
    fisc_settlement_clear(&settling->settlement);
    g_free(settling->basis);
    g_clear_pointer(&settling->speaks_of, g_hash_table_unref);
    g_free(settling);
}

void
fisc_pull_read_free(FiscPullRead *read)
{
    fisc_package_free(read->package);
    g_free(read);
}

/* One submission of all steps --------------------------------------------------------------------
 */

/* References are unique within a source; here all files of a feeder are one: "pagos/ALHAMA/12". */
static char *
name_prefix(const Settling *settling, const char *source)
{
    const char *slash = strrchr(source, '/');
    const char *part = settling->run->told->part;
    return g_strconcat(part, *part != '\0' ? "/" : "", slash != NULL ? slash + 1 : source, "/",
                       NULL);
}

static void
rename_entries(Settling *settling, FiscSubmission *step)
{
    g_autofree char *prefix = name_prefix(settling, step->source);
    for (guint i = 0; i < step->entries->len; i++) {
        FiscEntry *entry = step->entries->pdata[i];
        g_autofree char *own = g_strconcat(prefix, entry->reference, NULL);
        entry->reference = fisc_submission_text(step, own);
        if (entry->corrects != NULL) {
            g_autofree char *corrected = g_strconcat(prefix, entry->corrects, NULL);
            entry->corrects = fisc_submission_text(step, corrected);
        }
    }
}

/* A feeder speaks of its own entities, and brings entries, not master data. */
static void
check_entry(const Settling *settling, const FiscEntry *entry)
{
    if (!g_strv_contains((const char *const *)settling->feeding->feeder->entities, entry->entity)) {
        fisc_refusals_add(settling->run->told->refusals, FISC_ERROR_DENIED, entry->file, entry->row,
                          "entity", "feeder %s does not speak for %s",
                          settling->feeding->feeder->name, entry->entity);
    }
}

static void
check_master(const Settling *settling, const FiscSubmission *master)
{
    for (guint i = 0; i < master->events->len; i++) {
        const FiscEvent *event = master->events->pdata[i];
        if (strcmp(event->kind, "note") != 0 && strcmp(event->kind, "memorandum") != 0) {
            fisc_refusals_add(settling->run->told->refusals, FISC_ERROR_DENIED, NULL, 0, NULL,
                              "a feeder brings no master data: %s %s", event->kind, event->subject);
        }
    }
}

static void
merge_steps(Settling *settling)
{
    FiscPackage *package = settling->package;
    settling->wanted = fisc_submission_new(settling->feeding->feeder->name, settling->ctx->actor);
    settling->wanted->on_behalf = settling->ctx->on_behalf;
    check_master(settling, package->master);
    for (guint i = 0; i < package->steps->len; i++) {
        FiscPackageStep *step = package->steps->pdata[i];
        for (guint k = 0; k < step->submission->entries->len; k++) {
            check_entry(settling, step->submission->entries->pdata[k]);
        }
        rename_entries(settling, step->submission);
        fisc_submission_absorb(settling->wanted, g_steal_pointer(&step->submission));
    }
}

/* How much it is ---------------------------------------------------------------------------------
 */

static __int128
debits(const FiscEntry *entry)
{
    __int128 financial = 0, budgetary = 0;
    for (guint i = 0; i < entry->lines->len; i++) {
        const FiscLine *line = &g_array_index(entry->lines, FiscLine, i);
        bool is_budgetary = line->account[0] == 'B';
        if (line->amount > 0) {
            *(is_budgetary ? &budgetary : &financial) += line->amount;
        }
    }
    return financial != 0 ? financial : budgetary;
}

static void
measure(Settling *settling)
{
    settling->speaks_of = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < settling->wanted->entries->len; i++) {
        const FiscEntry *entry = settling->wanted->entries->pdata[i];
        FiscPeriod own = fisc_period_of(entry->effective);
        settling->from = settling->from == 0 || own < settling->from ? own : settling->from;
        settling->to = MAX(own, settling->to);
        settling->run->told->value += debits(entry);
        if (!g_hash_table_contains(settling->speaks_of, entry->entity)) {
            g_hash_table_add(settling->speaks_of, g_strdup(entry->entity));
        }
    }
}

/* Periods ----------------------------------------------------------------------------------------
 */

/* Of a year that the book has never heard of every period is open: it is opened with the entry. */
static FiscPeriod
open_period(FiscPeriod period, gpointer data)
{
    return fisc_feed_open_period(((const Settling *)data)->periods, period);
}

static void
open_years(Settling *settling)
{
    g_autoptr(GHashTable) opened = g_hash_table_new(NULL, NULL);
    for (guint i = 0; i < settling->wanted->entries->len; i++) {
        const FiscEntry *entry = settling->wanted->entries->pdata[i];
        FiscPeriod period = entry->period != 0 ? entry->period : fisc_period_of(entry->effective);
        int year = fisc_period_year(period);
        bool is_known = false;
        for (guint k = 0; k < settling->periods->len && !is_known; k++) {
            is_known = fisc_period_year(
                           g_array_index(settling->periods, FiscPeriodState, k).period) == year;
        }
        if (!is_known && g_hash_table_add(opened, GINT_TO_POINTER(year))) {
            fisc_flow_add_year(settling->wanted, year, "open");
        }
    }
}

/* Reversals --------------------------------------------------------------------------------------
 */

/* The day on which an entry of @period is taken back: its own while that is open. */
static FiscDate
reversal_date(Settling *settling, const FiscPostedLine *line)
{
    FiscPeriod open = open_period(line->period, settling);
    if (open == 0 || open == line->period || open == fisc_period_of(line->effective)) {
        return line->effective;
    }
    return fisc_date_make(fisc_period_year(open), open % 100, 1);
}

static bool
add_reversals(Settling *settling, FiscSubmission *into, GError **error)
{
    const GPtrArray *references = settling->settlement.reversed;
    FiscContext *ctx = settling->ctx;
    g_autoptr(FiscTx) tx = NULL;
    if (references->len == 0) {
        return true;
    }
    if (!fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error)) {
        return false;
    }
    for (guint i = 0; i < references->len; i++) {
        const char *reference = references->pdata[i];
        g_autoptr(FiscPostedLines) lines = NULL;
        if (!fisc_posted_lines_of(tx, ctx->book_id, settling->nation,
                                  settling->feeding->feeder->name, reference, &lines, error)) {
            return false;
        }
        if (lines->rows->len == 0) {
            return fisc_fail(error, FISC_ERROR_FAILED, "\"%s\" is posted, but has no lines",
                             reference);
        }
        const FiscPostedLine *first = &g_array_index(lines->rows, FiscPostedLine, 0);
        FiscDate day = reversal_date(settling, first);
        fisc_flow_add_reversal(into, lines, reference, day, "replaced by the source");
        FiscEntry *entry = into->entries->pdata[into->entries->len - 1];
        if (first->period != fisc_period_of(first->effective) && day == first->effective) {
            entry->period = first->period;
            fisc_entry_digest(entry);
        }
    }
    return fisc_tx_commit(g_steal_pointer(&tx), error);
}

/* Whose reports are in ---------------------------------------------------------------------------
 */

static void
note_due(Settling *settling, FiscSubmission *into, const char *entity, const char *period)
{
    char today[FISC_DATE_TEXT];
    g_autofree char *subject = g_strjoin("/", entity, period, NULL);
    fisc_submission_event(into, "due", subject, "entity", entity, "period", period, "state",
                          settling->run->is_certified ? "final" : "provisional", "received_on",
                          fisc_date_format(fisc_flow_today(), today), NULL);
}

/* What speaks of one month is the report of that month; of several, of their years. */
static void
note_reports(Settling *settling, FiscSubmission *into)
{
    for (int i = 0; settling->feeding->feeder->entities[i] != NULL; i++) {
        const char *entity = settling->feeding->feeder->entities[i];
        char month[FISC_DATE_TEXT];
        if (!g_hash_table_contains(settling->speaks_of, entity)) {
            continue;
        }
        if (settling->from == settling->to) {
            note_due(settling, into, entity, fisc_period_format(settling->from, month));
            continue;
        }
        for (int year = fisc_period_year(settling->from); year <= fisc_period_year(settling->to);
             year++) {
            g_autofree char *text = g_strdup_printf("%d", year);
            note_due(settling, into, entity, text);
        }
    }
}

/* The walk ---------------------------------------------------------------------------------------
 */

/* Those that others took down with them say nothing of their own. */
static void
take_refusals(Settling *settling, const FiscReceipt *receipt)
{
    FiscRefusals *into = settling->run->told->refusals;
    for (guint i = 0; receipt->refusals != NULL && i < receipt->refusals->len; i++) {
        g_ptr_array_add(into, fisc_refusal_copy(receipt->refusals->pdata[i]));
    }
    for (guint i = 0; i < receipt->results->len; i++) {
        const FiscResult *result = receipt->results->pdata[i];
        for (guint k = 0; result->refusals != NULL && k < result->refusals->len; k++) {
            const FiscRefusal *refusal = result->refusals->pdata[k];
            if (into->len < FISC_REFUSALS_MAX && refusal->code != FISC_ERROR_ATOMIC_GROUP) {
                g_ptr_array_add(into, fisc_refusal_copy(refusal));
            }
        }
    }
}

static void
take_receipt(Settling *settling, const FiscReceipt *receipt)
{
    FiscPullRun *told = settling->run->told;
    take_refusals(settling, receipt);
    if (told->refusals->len > 0) {
        return;
    }
    told->outcome = FISC_PULL_POSTED;
    told->reversed = (int)settling->settlement.reversed->len;
    told->posted = receipt->posted - told->reversed;
    told->restated = settling->settlement.restated;
    told->batch_no = settling->run->batch_no = receipt->batch_no;
    for (guint i = 0; i < receipt->results->len && told->batch_no == 0; i++) {
        told->batch_no = settling->run->batch_no =
            ((const FiscResult *)receipt->results->pdata[i])->batch_no;
    }
}

static bool
check_size(Settling *settling)
{
    gsize count = settling->wanted->entries->len + settling->settlement.reversed->len;
    if (count > FISC_GROUP_ENTRIES_MAX) {
        fisc_refusals_add(settling->run->told->refusals, FISC_ERROR_ENTRY_TOO_LARGE, NULL, 0, NULL,
                          "%zu entries at once; at most %d become visible together: let the "
                          "feeder's documents be read each alone (read = each)",
                          count, FISC_GROUP_ENTRIES_MAX);
        return false;
    }
    return true;
}

static void
add_effect(const Settling *settling)
{
    GHashTable *effect = settling->feeding->pull->effect;
    for (guint i = 0; effect != NULL && i < settling->all->entries->len; i++) {
        const FiscEntry *entry = settling->all->entries->pdata[i];
        for (guint k = 0; k < entry->lines->len; k++) {
            const FiscLine *line = &g_array_index(entry->lines, FiscLine, k);
            FiscEffect *one = g_hash_table_lookup(effect, line->account);
            if (one == NULL) {
                one = g_new0(FiscEffect, 1);
                g_hash_table_insert(effect, g_strdup(line->account), one);
            }
            *(entry->reverses ? &one->taken_back : &one->posted) += line->amount;
        }
    }
}

/* What the books lack, as one submission: what is taken back first. */
static bool
make_missing(Settling *settling, GError **error)
{
    FiscContext *ctx = settling->ctx;
    FiscSubmission *all = fisc_submission_new(settling->feeding->feeder->name, ctx->actor);
    if (!add_reversals(settling, all, error)) {
        fisc_submission_free(all);
        return false;
    }
    all->on_behalf = ctx->on_behalf;
    all->record_refusals = false;
    note_reports(settling, all);
    settling->all = all;
    if (settling->feeding->pull->registry != NULL) { /* planned when it is approved */
        fisc_submission_absorb(all, g_steal_pointer(&settling->wanted));
    } else {
        open_years(settling);
        fisc_flow_plan(settling->feeding->pull->masters, settling->wanted);
        fisc_submission_absorb(all, g_steal_pointer(&settling->wanted));
        fisc_submission_salt(all);
    }
    add_effect(settling);
    return true;
}

/* From what is wanted, and what was posted before, to what is missing. */
static bool
settle(Settling *settling, const GArray *posted, GError **error)
{
    FiscPullRun *told = settling->run->told;
    fisc_settle(settling->wanted, posted, open_period, settling, &settling->settlement);
    told->unchanged = settling->settlement.unchanged;
    if (settling->feeding->pull->registry != NULL) {
        settling->basis = fisc_feed_basis(settling->feeding->map_digest, settling->run->deliveries,
                                          posted, settling->periods, settling->from, settling->to);
    }
    if (settling->wanted->entries->len == 0 && settling->settlement.reversed->len == 0) {
        told->outcome = FISC_PULL_UNCHANGED;
        return true;
    }
    if (!check_size(settling)) {
        return true; /* which is refused */
    }
    fisc_intake_reach(settling->run, "accepted", "%d to post, %u to reverse",
                      settling->settlement.posted, settling->settlement.reversed->len);
    return make_missing(settling, error);
}

/* Parts that go together ------------------------------------------------------------------------
 */

static void
add_settling(GPtrArray *settlings, FiscFeeding *feeding, const FiscPullRead *read)
{
    Settling *settling = g_new0(Settling, 1);
    *settling = (Settling){.ctx = feeding->ctx,
                           .feeding = feeding,
                           .run = read->run,
                           .package = read->package,
                           .nation = feeding->pull->masters->nation};
    merge_steps(settling);
    measure(settling);
    if (read->run->told->refusals->len > 0) {
        settling_free(settling);
        return;
    }
    fisc_intake_reach(read->run, "validated", "%u entries", settling->wanted->entries->len);
    g_ptr_array_add(settlings, settling);
}

/* Which periods are open, and what each part has posted so far. */
static bool
read_books(const FiscFeeding *feeding, const GPtrArray *settlings, GArray **out_periods,
           GHashTable **out_posted, GError **error)
{
    FiscContext *ctx = feeding->ctx;
    g_autoptr(GPtrArray) parts = g_ptr_array_new();
    g_autoptr(FiscTx) tx = NULL;
    for (guint i = 0; i < settlings->len; i++) {
        const Settling *settling = settlings->pdata[i];
        g_ptr_array_add(parts, settling->run->told->part);
    }
    return fisc_tx_begin(ctx->pool, FISC_TX_AUTO, &tx, error) &&
           fisc_periods_load(tx, ctx->book_id, out_periods, error) &&
           fisc_tx_commit(g_steal_pointer(&tx), error) &&
           fisc_intake_posted(ctx, feeding->feeder->name, (const char *const *)parts->pdata,
                              (int)parts->len, out_posted, error);
}

static bool
settle_all(GPtrArray *settlings, const GArray *periods, GHashTable *posted, GError **error)
{
    for (guint i = 0; i < settlings->len; i++) {
        Settling *settling = settlings->pdata[i];
        GError *failure = NULL;
        settling->periods = periods;
        if (!settle(settling, g_hash_table_lookup(posted, settling->run->told->part), &failure) &&
            !fisc_pull_run_fail(settling->run->told, failure, error)) {
            return false;
        }
    }
    return true;
}

/* A part that failed by the feeder's fault does not keep the others. */
static bool
take_receipts(GPtrArray *missing, const GPtrArray *receipts, const GError *failure,
              int64_t *out_posted, GError **error)
{
    for (guint i = 0; i < missing->len; i++) {
        Settling *settling = missing->pdata[i];
        FiscPullRun *told = settling->run->told;
        if (receipts->pdata[i] != NULL) {
            take_receipt(settling, receipts->pdata[i]);
            *out_posted += told->posted;
        } else if (!fisc_pull_run_fail(told, g_error_copy(failure), error)) {
            return false;
        }
    }
    return true;
}

static bool
submit(const FiscFeeding *feeding, GPtrArray *missing, GError **error)
{
    FiscPoster *poster = NULL;
    g_autoptr(GError) failure = NULL;
    g_autoptr(GPtrArray) submissions = g_ptr_array_new();
    g_autoptr(GPtrArray) receipts = NULL;
    int64_t posted = 0;
    for (guint i = 0; i < missing->len; i++) {
        g_ptr_array_add(submissions, ((Settling *)missing->pdata[i])->all);
    }
    if (!fisc_pull_poster(feeding->pull, &poster, error)) {
        return false;
    }
    fisc_flow_submit_all(feeding->ctx, poster, submissions, &receipts, &failure);
    return take_receipts(missing, receipts, failure, &posted, error) &&
           fisc_pull_count(feeding->pull, posted, error);
}

/* Where duties are enforced. */
static bool
stage(const FiscFeeding *feeding, const GPtrArray *missing, GError **error)
{
    g_autoptr(GPtrArray) staged = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < missing->len; i++) {
        Settling *settling = missing->pdata[i];
        FiscPullRun *told = settling->run->told;
        FiscPullStaged *one = g_new0(FiscPullStaged, 1);
        *one = (FiscPullStaged){.run = settling->run,
                                .content = settling->all,
                                .basis = settling->basis,
                                .from = settling->from,
                                .to = settling->to};
        told->posted = settling->settlement.posted;
        told->reversed = (int)settling->settlement.reversed->len;
        told->restated = settling->settlement.restated;
        g_ptr_array_add(staged, one);
    }
    return fisc_pull_stage(feeding, staged, error);
}

/* That they were accepted is written down before anything is posted. */
static bool
post_missing(const FiscFeeding *feeding, const GPtrArray *settlings, GError **error)
{
    g_autoptr(GPtrArray) missing = g_ptr_array_new();
    g_autoptr(GPtrArray) accepted = g_ptr_array_new();
    for (guint i = 0; i < settlings->len; i++) {
        Settling *settling = settlings->pdata[i];
        if (settling->all != NULL) {
            g_ptr_array_add(missing, settling);
            g_ptr_array_add(accepted, settling->run);
        }
    }
    if (missing->len == 0) {
        return true;
    }
    return fisc_intake_keep_stages(feeding->ctx, accepted, error) &&
           (feeding->pull->registry != NULL ? stage(feeding, missing, error)
                                            : submit(feeding, missing, error));
}

bool
fisc_pull_settle(FiscFeeding *feeding, GPtrArray *read, GError **error)
{
    g_autoptr(GPtrArray) settlings = g_ptr_array_new_with_free_func(settling_free);
    g_autoptr(GArray) periods = NULL;
    g_autoptr(GHashTable) posted = NULL;
    for (guint i = 0; i < read->len; i++) {
        add_settling(settlings, feeding, read->pdata[i]);
    }
    return settlings->len == 0 || (read_books(feeding, settlings, &periods, &posted, error) &&
                                   settle_all(settlings, periods, posted, error) &&
                                   post_missing(feeding, settlings, error));
}
