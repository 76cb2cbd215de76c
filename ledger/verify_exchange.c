/* verify_exchange.c: rows that are whole, each with its own hash, and stand in each other's place.
 *
 * The root of a batch says that this is so and not which rows they are; but the right exchange
 * gives the root again. Within a small batch every pair is tried. Between batches one leaf changes
 * in each, and the path of that leaf is all that has to be computed. */
#include "ledger/verify_internal.h"
#include <string.h>

#define WITHIN_MAX 512   /* leaves of a batch in which every pair is tried */
#define BETWEEN_MAX 1024 /* leaves of a batch that is compared with others */
#define BATCHES_MAX 64   /* compared with one another */

void
fisc_unsettled_free(gpointer data)
{
    FiscUnsettledBatch *batch = data;
    for (gsize i = 0; i < batch->count; i++) {
        g_free(batch->names[i].name);
    }
    g_free(batch->names);
    g_free(batch->leaves);
    g_free(batch);
}

static void
find_exchanged(FiscVerifier *verifier, const FiscLeafName *one, int64_t batch_no,
               const FiscLeafName *other, int64_t other_no)
{
    fisc_verifier_find(verifier, FISC_FINDING_EXCHANGED, one->subject, one->number, one->name,
                       batch_no,
                       "stands in the place of %s %" G_GINT64_FORMAT " of batch %" G_GINT64_FORMAT,
                       other->subject, other->number, other_no);
}

/* Within one batch ------------------------------------------------------------------------- */

/* With the leaves @i and @k exchanged. */
static bool
gives_root(FiscMerkleForm *form, const FiscUnsettledBatch *batch, gsize i, gsize k)
{
    fisc_merkle_form_set(form, i, batch->leaves[k]);
    fisc_merkle_form_set(form, k, batch->leaves[i]);
    bool is_right = memcmp(fisc_merkle_form_root(form), batch->root, 32) == 0;
    fisc_merkle_form_set(form, i, batch->leaves[i]);
    fisc_merkle_form_set(form, k, batch->leaves[k]);
    return is_right;
}

bool
fisc_verifier_settle_within(FiscVerifier *verifier, FiscUnsettledBatch *batch)
{
    if (batch->count > WITHIN_MAX) {
        return false;
    }
    g_autoptr(FiscMerkleForm) form =
        fisc_merkle_form_new((const uint8_t(*)[32])batch->leaves, batch->count);
    for (gsize i = 0; i < batch->count; i++) {
        for (gsize k = i + 1; k < batch->count; k++) {
            if (gives_root(form, batch, i, k)) {
                find_exchanged(verifier, &batch->names[i], batch->batch_no, &batch->names[k],
                               batch->batch_no);
                find_exchanged(verifier, &batch->names[k], batch->batch_no, &batch->names[i],
                               batch->batch_no);
                return true;
            }
        }
    }
    return false;
}

/* Between two batches ---------------------------------------------------------------------- */

static GArray *
path_of(const FiscUnsettledBatch *batch, gsize leaf)
{
    FiscMerkleGather *gather =
        fisc_merkle_gather_new(fisc_merkle_plan_inclusion(leaf, batch->count));
    for (gsize i = 0; i < batch->count; i++) {
        fisc_merkle_gather_add(gather, batch->leaves[i]);
    }
    return fisc_merkle_gather_finish(gather);
}

static bool
fits(const FiscUnsettledBatch *batch, gsize leaf, const GArray *path, const uint8_t other[32])
{
    return fisc_merkle_check_inclusion(other, leaf, batch->count, path, batch->root);
}

static bool
settle_leaf(FiscVerifier *verifier, const FiscUnsettledBatch *one, gsize leaf,
            const FiscUnsettledBatch *other)
{
    g_autoptr(GArray) path = path_of(one, leaf);
    for (gsize k = 0; k < other->count; k++) {
        if (!fits(one, leaf, path, other->leaves[k])) {
            continue;
        }
        /* What belongs here stands there; what stands here may have come from there. */
        find_exchanged(verifier, &other->names[k], other->batch_no, &one->names[leaf],
                       one->batch_no);
        g_autoptr(GArray) back = path_of(other, k);
        if (fits(other, k, back, one->leaves[leaf])) {
            find_exchanged(verifier, &one->names[leaf], one->batch_no, &other->names[k],
                           other->batch_no);
        }
        return true;
    }
    return false;
}

static void
settle_pair(FiscVerifier *verifier, const FiscUnsettledBatch *one, const FiscUnsettledBatch *other)
{
    for (gsize leaf = 0; leaf < one->count; leaf++) {
        if (settle_leaf(verifier, one, leaf, other)) {
            return;
        }
    }
}

void
fisc_verifier_settle_between(FiscVerifier *verifier)
{
    GPtrArray *batches = verifier->unsettled;
    guint count = MIN(batches->len, BATCHES_MAX);
    for (guint i = 0; i < count; i++) {
        for (guint k = i + 1; k < count; k++) {
            const FiscUnsettledBatch *one = batches->pdata[i];
            const FiscUnsettledBatch *other = batches->pdata[k];
            if (one->count <= BETWEEN_MAX && other->count <= BETWEEN_MAX) {
                settle_pair(verifier, one, other);
            }
        }
    }
}
