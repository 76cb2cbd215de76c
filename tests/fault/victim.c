/* victim.c: a poster in a process of its own, that the rigs may kill.
 *
 *   fisc_fault_victim URI CONNECTIONS [early]
 *
 * Serves one submitter on each of the descriptors 3, 4 ..; a line is a request, a line the answer:
 *
 *   post SEED NUMBER             posted|repeated BATCH ENTRY HASH ... / refused CODE / failed CODE
 *   race SEED FIRST COUNT BATCH  done POSTED REFUSED
 *   counts                       counts BATCHES CONFLICTS
 *   checkpoint                   done
 *
 * "early" answers before the batch is committed: the mistake that the kill rig must catch. */
#include "fisc/poster.h"
#include "tests/fault/request.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <signal.h>
#include <unistd.h>

#define FIRST_FD 3
#define LINE_MAX_BYTES 512

typedef struct {
    FiscPoster *poster;
    FILE *in, *out;
    bool is_early;
} Desk;

static void
say_failed(Desk *desk, const GError *error)
{
    fprintf(desk->out, "failed %s\n", fisc_error_name((FiscError)error->code));
}

static const char *
hash_text(const uint8_t *hash, char *buffer)
{
    for (int i = 0; i < 32; i++) {
        g_snprintf(buffer + 2 * i, 3, "%02x", hash[i]);
    }
    return buffer;
}

static const FiscRefusal *
first_refusal(const FiscReceipt *receipt)
{
    if (receipt->refusals != NULL && receipt->refusals->len > 0) {
        return receipt->refusals->pdata[0];
    }
    for (guint i = 0; i < receipt->results->len; i++) {
        const FiscResult *result = receipt->results->pdata[i];
        if (result->refusals != NULL) {
            return result->refusals->pdata[0];
        }
    }
    return NULL;
}

static void
say_receipt(Desk *desk, const FiscReceipt *receipt)
{
    char text[65];
    const FiscRefusal *refusal = first_refusal(receipt);
    if (refusal != NULL) {
        fprintf(desk->out, "refused %s\n", fisc_error_name(refusal->code));
        return;
    }
    fprintf(desk->out, "%s", receipt->repeated > 0 ? "repeated" : "posted");
    for (guint i = 0; i < receipt->results->len; i++) {
        const FiscResult *result = receipt->results->pdata[i];
        fprintf(desk->out, " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s", result->batch_no,
                result->entry_id, hash_text(result->hash, text));
    }
    fprintf(desk->out, "\n");
}

static void
post(Desk *desk, uint64_t seed, int number)
{
    g_autoptr(FiscSubmission) submission = fault_request(seed, number);
    g_autoptr(FiscReceipt) promise = NULL;
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autoptr(GError) error = NULL;
    if (desk->is_early && fisc_poster_try(desk->poster, submission, &promise, NULL)) {
        say_receipt(desk, promise);
        fflush(desk->out);
    }
    bool is_done = fisc_poster_submit(desk->poster, submission, &receipt, &error);
    if (promise != NULL) {
        return;
    }
    if (is_done) {
        say_receipt(desk, receipt);
    } else {
        say_failed(desk, error);
    }
}

static void
race(Desk *desk, uint64_t seed, int first, int count, int batch)
{
    int posted = 0;
    int refused = 0;
    for (int done = 0; done < count; done += batch) {
        g_autoptr(FiscSubmission) submission =
            fault_race_requests(seed, first + done, MIN(batch, count - done));
        g_autoptr(FiscReceipt) receipt = NULL;
        g_autoptr(GError) error = NULL;
        if (!fisc_poster_submit_each(desk->poster, submission, &receipt, &error)) {
            say_failed(desk, error);
            return;
        }
        posted += receipt->posted;
        refused += receipt->refused;
    }
    fprintf(desk->out, "done %d %d\n", posted, refused);
}

static void
say_counts(Desk *desk)
{
    FiscPosterCounts counts;
    fisc_poster_count(desk->poster, &counts);
    fprintf(desk->out, "counts %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n", counts.batches,
            counts.conflicts);
}

static void
serve_line(Desk *desk, const char *line)
{
    unsigned long long seed = 0;
    int first = 0;
    int count = 0;
    int batch = 0;
    g_autoptr(GError) error = NULL;
    if (sscanf(line, "post %llu %d", &seed, &first) == 2) {
        post(desk, seed, first);
    } else if (sscanf(line, "race %llu %d %d %d", &seed, &first, &count, &batch) == 4) {
        race(desk, seed, first, count, batch);
    } else if (strcmp(line, "counts\n") == 0) {
        say_counts(desk);
    } else if (strcmp(line, "checkpoint\n") == 0) {
        if (fisc_poster_checkpoint(desk->poster, &error)) {
            fprintf(desk->out, "done\n");
        } else {
            say_failed(desk, error);
        }
    }
    fflush(desk->out);
}

static gpointer
serve(gpointer data)
{
    Desk *desk = data;
    char line[LINE_MAX_BYTES];
    while (fgets(line, sizeof line, desk->in) != NULL) {
        serve_line(desk, line);
    }
    return NULL;
}

static int
run(const char *uri, int count, bool is_early)
{
    g_autoptr(GError) error = NULL;
    FiscPool *pool = NULL;
    FiscPoster *poster = NULL;
    if (!fisc_pool_open(uri, NULL, 4, &pool, &error) ||
        !fisc_poster_open(pool, 1, &poster, &error)) {
        fprintf(stderr, "victim: %s\n", error->message);
        return 1;
    }
    g_autofree Desk *desks = g_new0(Desk, count);
    g_autofree GThread **threads = g_new0(GThread *, count);
    for (int i = 0; i < count; i++) {
        desks[i] =
            (Desk){poster, fdopen(FIRST_FD + i, "r"), fdopen(dup(FIRST_FD + i), "w"), is_early};
        fprintf(desks[i].out, "ready\n");
        fflush(desks[i].out);
        threads[i] = g_thread_new("desk", serve, &desks[i]);
    }
    for (int i = 0; i < count; i++) {
        g_thread_join(threads[i]);
        fclose(desks[i].in);
        fclose(desks[i].out);
    }
    fisc_poster_close(poster);
    fisc_pool_close(pool);
    return 0;
}

int
main(int argc, char **argv)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* never outlives the rig */
    signal(SIGPIPE, SIG_IGN);
    if (argc < 3) {
        fprintf(stderr, "usage: %s URI CONNECTIONS [early]\n", argv[0]);
        return 2;
    }
    return run(argv[1], atoi(argv[2]), argc > 3 && strcmp(argv[3], "early") == 0);
}
