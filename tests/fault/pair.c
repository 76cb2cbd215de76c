/* pair.c: see pair.h. */
#include "tests/fault/pair.h"
#include "tests/support/database.h"

#define CONNECTIONS 3 /* a turn, the checkpoint, and one to ask with */

static void
die_of(GError *error)
{
    if (error != NULL) {
        g_error("%s", error->message);
    }
}

static FaultPoster
open_poster(const char *uri)
{
    FaultPoster poster = {NULL, NULL};
    GError *error = NULL;
    fisc_pool_open(uri, NULL, CONNECTIONS, &poster.pool, &error);
    die_of(error);
    fisc_poster_open(poster.pool, 1, &poster.poster, &error);
    die_of(error);
    return poster;
}

static void
close_poster(FaultPoster *poster)
{
    fisc_poster_close(poster->poster);
    fisc_pool_close(poster->pool);
}

FiscReceipt *
fault_submit(const FaultPoster *to, const FiscSubmission *submission)
{
    FiscReceipt *receipt = NULL;
    GError *error = NULL;
    fisc_poster_submit(to->poster, submission, &receipt, &error);
    die_of(error);
    return receipt;
}

void
fault_set_period(const FaultPoster *to, FiscPeriod period, const char *state)
{
    g_autoptr(FiscSubmission) submission = fisc_submission_new("periods", "rig");
    g_autofree char *subject = g_strdup_printf("%d", period);
    fisc_submission_event(submission, "period", subject, "state", state, NULL);
    g_autoptr(FiscReceipt) receipt = fault_submit(to, submission);
    g_assert(receipt->refusals == NULL);
}

FiscPosterCounts
fault_count(const FaultPoster *poster)
{
    FiscPosterCounts counts;
    fisc_poster_count(poster->poster, &counts);
    return counts;
}

void
fault_books_open(const char *uri, const char *level, int64_t amount)
{
    g_autoptr(FiscSubmission) books = fault_books(level, amount);
    FaultPoster poster = open_poster(uri);
    g_autoptr(FiscReceipt) receipt = fault_submit(&poster, books);
    g_assert(receipt->posted == FAULT_PROGRAMMES);
    close_poster(&poster);
}

FaultPair
fault_pair_open(const char *level, int64_t amount)
{
    FaultPair pair = {.admin_uri = fisc_test_database_new()};
    pair.uri = fisc_test_poster_uri(pair.admin_uri);
    fault_books_open(pair.uri, level, amount);
    pair.one = open_poster(pair.uri);
    pair.two = open_poster(pair.uri);
    return pair;
}

void
fault_pair_close(FaultPair *pair)
{
    close_poster(&pair->one);
    close_poster(&pair->two);
    g_free(pair->admin_uri);
    g_free(pair->uri);
}
