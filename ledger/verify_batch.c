/* verify_batch.c: one batch judged by the rows that stand in its places: what is missing, its root,
 * its columns and its link.
 *
 * A root tells apart what a single row cannot: whether the row was altered or its hash, and whether
 * two whole rows stand in each other's place. */
#include "ledger/verify_walk.h"
#include <string.h>

#define NAMED_RANGE_MAX 100 /* missing numbers named one by one */

/* Places and names ------------------------------------------------------------------------- */

FiscLogItem **
fisc_walk_slot(FiscWalk *walk, int64_t item_id)
{
    const FiscSpan *first = &g_array_index(walk->spans, FiscSpan, 0);
    return &walk->slots[item_id - first->from.item];
}

FiscLogCoding **
fisc_walk_coding(FiscWalk *walk, int64_t coding_id)
{
    const FiscSpan *first = &g_array_index(walk->spans, FiscSpan, 0);
    return &walk->codings[coding_id - first->from.coding];
}

const char *
fisc_walk_subject(const FiscLogItem *item)
{
    static const char *const subjects[] = {[FISC_ITEM_NONE] = "item",
                                           [FISC_ITEM_ENTRY] = "entry",
                                           [FISC_ITEM_EVENT] = "event",
                                           [FISC_ITEM_REFUSAL] = "refusal"};
    return subjects[item->kind];
}

int64_t
fisc_walk_number(const FiscLogItem *item)
{
    return item->kind == FISC_ITEM_ENTRY ? ((const FiscLogEntry *)item)->entry_id : item->item_id;
}

/* Caller frees. */
char *
fisc_walk_name(const FiscLogItem *item)
{
    if (item->kind == FISC_ITEM_EVENT) {
        const FiscLogEvent *event = (const FiscLogEvent *)item;
        return g_strdup_printf("%s %s", event->kind, event->subject);
    }
    return g_strdup(item->kind == FISC_ITEM_ENTRY ? ((const FiscLogEntry *)item)->reference
                                                  : ((const FiscLogRefusal *)item)->reference);
}

guint
fisc_walk_find(FiscWalk *walk, FiscFindingKind kind, const FiscLogItem *item, int64_t batch_no,
               const char *detail)
{
    g_autofree char *name = fisc_walk_name(item);
    fisc_verifier_find(walk->verifier, kind, fisc_walk_subject(item), fisc_walk_number(item), name,
                       batch_no, "%s", detail);
    return walk->verifier->report->findings->len - 1;
}

/* What is missing -------------------------------------------------------------------------- */

/* The number of the next entry that is there, or that of the first one after the span; and where.
 */
static int64_t
next_entry_of(FiscWalk *walk, const FiscSpan *span, int64_t item_id, int64_t *out_item)
{
    for (*out_item = item_id; *out_item < span->until.item; ++*out_item) {
        const FiscLogItem *item = *fisc_walk_slot(walk, *out_item);
        if (item != NULL && item->kind == FISC_ITEM_ENTRY) {
            return fisc_walk_number(item);
        }
    }
    return span->until.entry;
}

static int64_t
name_missing_items(FiscWalk *walk, const FiscSpan *span)
{
    int64_t expected = span->from.entry;
    int64_t missing = 0;
    int64_t next_item = span->from.item - 1; /* where the next entry stands, and its number */
    int64_t next_entry = 0;
    for (int64_t item_id = span->from.item; item_id < span->until.item; item_id++) {
        const FiscLogItem *item = *fisc_walk_slot(walk, item_id);
        if (item != NULL) {
            expected = item->kind == FISC_ITEM_ENTRY ? fisc_walk_number(item) + 1 : expected;
            continue;
        }
        missing++;
        if (next_item < item_id) {
            next_entry = next_entry_of(walk, span, item_id, &next_item);
        }
        if (next_entry > expected) { /* the entries around it leave room for one */
            fisc_verifier_find(walk->verifier, FISC_FINDING_MISSING, "entry", expected++, NULL,
                               span->to_no, "item %" G_GINT64_FORMAT " of the book", item_id);
        } else {
            fisc_verifier_find(walk->verifier, FISC_FINDING_MISSING, "item", item_id, NULL,
                               span->to_no, "an event or a refusal");
        }
    }
    return missing;
}

static int64_t
name_missing_codings(FiscWalk *walk, const FiscSpan *span)
{
    int64_t missing = 0;
    for (int64_t id = span->from.coding; id < span->until.coding; id++) {
        if (*fisc_walk_coding(walk, id) == NULL) {
            missing++;
            fisc_verifier_find(walk->verifier, FISC_FINDING_MISSING, "coding", id, NULL,
                               span->to_no, "its number is not in the table");
        }
    }
    return missing;
}

static void
name_missing_batches(FiscWalk *walk, const FiscSpan *span)
{
    for (int64_t no = span->from_no; no <= span->to_no; no++) {
        if (no - span->from_no == NAMED_RANGE_MAX) {
            fisc_verifier_find(walk->verifier, FISC_FINDING_MISSING, "batch", no, NULL, no,
                               "and all others up to %" G_GINT64_FORMAT, span->to_no);
            return;
        }
        fisc_verifier_find(walk->verifier, FISC_FINDING_MISSING, "batch", no, NULL, no,
                           "batch %" G_GINT64_FORMAT " follows it", span->to_no + 1);
    }
}

/* Roots ------------------------------------------------------------------------------------ */

/* The leaves of a batch: as its rows give them, and as their hash columns have them. */
typedef struct {
    FiscMerkleHash *computed, *stored;
    gsize count, codings;
    int64_t missing, mismatched;
    uint8_t root[32], stored_root[32];
} Leaves;

static void
put_leaf(Leaves *leaves, const uint8_t *computed, const uint8_t *stored)
{
    memcpy(leaves->computed[leaves->count], computed, 32);
    memcpy(leaves->stored[leaves->count], stored, 32);
    leaves->mismatched += memcmp(computed, stored, 32) != 0;
    leaves->count++;
}

static Leaves
leaves_of(FiscWalk *walk, const FiscSpan *span)
{
    static const uint8_t none[32];
    Leaves leaves = {.codings = (gsize)(span->until.coding - span->from.coding)};
    gsize count = leaves.codings + (gsize)(span->until.item - span->from.item);
    leaves.computed = g_new(FiscMerkleHash, count + 1);
    leaves.stored = g_new(FiscMerkleHash, count + 1);
    for (int64_t id = span->from.coding; id < span->until.coding; id++) {
        const FiscLogCoding *coding = *fisc_walk_coding(walk, id);
        put_leaf(&leaves, coding != NULL ? coding->computed : none,
                 coding != NULL ? coding->stored : none);
    }
    for (int64_t id = span->from.item; id < span->until.item; id++) {
        const FiscLogItem *item = *fisc_walk_slot(walk, id);
        put_leaf(&leaves, item != NULL ? item->computed : none, item != NULL ? item->stored : none);
    }
    fisc_merkle_root((const uint8_t(*)[32])leaves.computed, leaves.count, leaves.root);
    memcpy(leaves.stored_root, leaves.root, 32);
    if (leaves.mismatched > 0) {
        fisc_merkle_root((const uint8_t(*)[32])leaves.stored, leaves.count, leaves.stored_root);
    }
    return leaves;
}

static void
leaves_clear(Leaves *leaves)
{
    g_free(leaves->computed);
    g_free(leaves->stored);
}

static const char *
detail_of_mismatch(bool is_malformed, bool is_row_good)
{
    if (is_malformed) {
        return "its arrays are not what was sealed";
    }
    return is_row_good ? "its stored hash was altered; all else is as sealed"
                       : "its hash does not match";
}

static void
name_altered_codings(FiscWalk *walk, const FiscSpan *span, bool is_row_good)
{
    for (int64_t id = span->from.coding; id < span->until.coding; id++) {
        const FiscLogCoding *coding = *fisc_walk_coding(walk, id);
        if (coding != NULL && memcmp(coding->computed, coding->stored, 32) != 0) {
            fisc_verifier_find(walk->verifier, FISC_FINDING_ALTERED, "coding", id, NULL,
                               span->to_no, "%s", detail_of_mismatch(false, is_row_good));
        }
    }
}

bool
fisc_walk_is_good(const FiscLogItem *item)
{
    return !item->is_malformed && memcmp(item->computed, item->stored, 32) == 0;
}

/* @is_row_good: the root follows from the rows, so only their hash columns can be wrong. */
static void
name_altered_items(FiscWalk *walk, const FiscSpan *span, bool is_row_good)
{
    for (int64_t id = span->from.item; id < span->until.item; id++) {
        const FiscLogItem *item = *fisc_walk_slot(walk, id);
        if (item == NULL || fisc_walk_is_good(item)) {
            continue;
        }
        guint finding = fisc_walk_find(walk, FISC_FINDING_ALTERED, item, span->to_no,
                                       detail_of_mismatch(item->is_malformed, is_row_good));
        if (item->kind == FISC_ITEM_ENTRY && !is_row_good) {
            fisc_verifier_keep_altered(walk->verifier, (const FiscLogEntry *)item, finding);
        }
    }
}

/* A batch whose rows are whole and give another root, with all that is needed to find out why. */
static FiscUnsettledBatch *
unsettled_of(FiscWalk *walk, const FiscSpan *span, const Leaves *leaves,
             const uint8_t sealed_root[32])
{
    FiscUnsettledBatch *batch = g_new0(FiscUnsettledBatch, 1);
    batch->batch_no = span->to_no;
    batch->count = leaves->count;
    batch->leaves = g_memdup2(leaves->computed, leaves->count * sizeof *leaves->computed);
    batch->names = g_new0(FiscLeafName, leaves->count);
    memcpy(batch->root, sealed_root, 32);
    for (gsize i = 0; i < leaves->codings; i++) {
        batch->names[i] =
            (FiscLeafName){.subject = "coding", .number = span->from.coding + (int64_t)i};
    }
    for (gsize i = leaves->codings; i < leaves->count; i++) {
        const FiscLogItem *item =
            *fisc_walk_slot(walk, span->from.item + (int64_t)(i - leaves->codings));
        batch->names[i] =
            (FiscLeafName){fisc_walk_subject(item), fisc_walk_number(item), fisc_walk_name(item)};
    }
    return batch;
}

/* One or more rows were replaced together with their hashes: another batch may have them, or the
 * balances may tell which. */
static void
name_replaced(FiscWalk *walk, const FiscSpan *span, FiscUnsettledBatch *batch)
{
    g_ptr_array_add(walk->verifier->unsettled, batch);
    fisc_verifier_find(
        walk->verifier, FISC_FINDING_ALTERED, "batch", span->to_no, NULL, span->to_no,
        "items %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT ", entries %" G_GINT64_FORMAT
        " to %" G_GINT64_FORMAT " and their codings do not give its root, though each "
        "has its own hash: at least one was replaced together with its hash",
        span->from.item, span->until.item - 1, span->from.entry, span->until.entry - 1);
    for (int64_t id = span->from.item; id < span->until.item; id++) {
        const FiscLogItem *item = *fisc_walk_slot(walk, id);
        if (item->kind == FISC_ITEM_ENTRY) {
            fisc_verifier_keep_altered(walk->verifier, (const FiscLogEntry *)item, G_MAXUINT);
        }
    }
}

/* Entry numbers follow the order of items: when they do not, numbers were exchanged (the root
 * holds), or places (it does not, and verify_exchange.c tells). */
static void
check_order(FiscWalk *walk, const FiscSpan *span, bool is_root_good)
{
    int64_t expected = span->from.entry;
    for (int64_t id = span->from.item; is_root_good && id < span->until.item; id++) {
        const FiscLogItem *item = *fisc_walk_slot(walk, id);
        if (item->kind != FISC_ITEM_ENTRY) {
            continue;
        }
        if (fisc_walk_number(item) != expected) {
            g_autofree char *detail =
                g_strdup_printf("it was sealed as entry %" G_GINT64_FORMAT, expected);
            fisc_walk_find(walk, FISC_FINDING_EXCHANGED, item, span->to_no, detail);
        }
        expected++;
    }
}

static void
check_items(FiscWalk *walk, const FiscSpan *span, Leaves *leaves, const uint8_t sealed_root[32])
{
    bool is_row_good = memcmp(leaves->root, sealed_root, 32) == 0;
    name_altered_codings(walk, span, is_row_good);
    name_altered_items(walk, span, is_row_good);
    if (!is_row_good && leaves->mismatched == 0 && leaves->missing == 0) {
        FiscUnsettledBatch *batch = unsettled_of(walk, span, leaves, sealed_root);
        if (fisc_verifier_settle_within(walk->verifier, batch)) {
            fisc_unsettled_free(batch);
        } else {
            name_replaced(walk, span, batch);
        }
    }
    check_order(walk, span, is_row_good && leaves->missing == 0);
}

/* Columns of a batch ----------------------------------------------------------------------- */

typedef struct {
    FiscLogBatch batch; /* what the neighbours and the items say it was */
    GString *differs;   /* columns that say something else */
} Expected;

static void
expect_number(GString *differs, const char *name, int64_t actual, int64_t *slot)
{
    if (actual != *slot) {
        g_string_append_printf(
            differs, "%s%s is %" G_GINT64_FORMAT ", by its items and neighbours %" G_GINT64_FORMAT,
            differs->len > 0 ? ", " : "", name, *slot, actual);
        *slot = actual;
    }
}

static void
expect_hash(GString *differs, const char *name, const uint8_t actual[32], uint8_t slot[32])
{
    if (memcmp(actual, slot, 32) != 0) {
        g_string_append_printf(differs, "%s%s is another one", differs->len > 0 ? ", " : "", name);
        memcpy(slot, actual, 32);
    }
}

static Expected
expect_batch(FiscWalk *walk, const FiscSpan *span, const Leaves *leaves)
{
    Expected expected = {.batch = *span->batch, .differs = g_string_new(NULL)};
    FiscLogBatch *batch = &expected.batch;
    GString *differs = expected.differs;
    expect_hash(differs, "prev_hash", walk->before.hash, batch->prev_hash);
    if (leaves->mismatched == 0 && leaves->missing == 0) {
        expect_hash(differs, "root", leaves->root, batch->root);
    } else if (leaves->missing == 0) {
        expect_hash(differs, "root", leaves->stored_root, batch->root);
    }
    expect_number(differs, "first_item", span->from.item, &batch->first_item);
    expect_number(differs, "item_count", span->until.item - span->from.item, &batch->item_count);
    expect_number(differs, "first_entry", span->from.entry, &batch->first_entry);
    expect_number(differs, "entry_count", span->until.entry - span->from.entry,
                  &batch->entry_count);
    expect_number(differs, "line_count", span->lines, &batch->line_count);
    expect_number(differs, "first_coding", span->from.coding, &batch->first_coding);
    expect_number(differs, "coding_count", span->until.coding - span->from.coding,
                  &batch->coding_count);
    return expected;
}

static bool
has_hash(FiscWalk *walk, const FiscLogBatch *batch, const uint8_t hash[32])
{
    uint8_t computed[32];
    fisc_log_hash_batch(walk->verifier->hash, walk->verifier->book_id, batch, computed);
    return memcmp(computed, hash, 32) == 0;
}

/* What the columns that nothing else tells about can be: engine and time. */
static const char *
detail_of_rest(FiscWalk *walk, const FiscLogBatch *batch, const FiscLogBatch *next)
{
    FiscLogBatch other = *batch;
    for (other.engine = 0; other.engine <= FISC_ENGINE_VERSION; other.engine++) {
        if (has_hash(walk, &other, batch->hash)) {
            return "its engine was altered";
        }
    }
    if (next == NULL) {
        return "its posted_at, or its hash, was altered";
    }
    return memcmp(next->prev_hash, batch->hash, 32) == 0
               ? "its posted_at was altered"
               : "its hash does not follow from its columns";
}

/* The hash does not follow from the columns: says which of them were altered, and settles what the
 * next batch has to follow. */
static void
explain_batch(FiscWalk *walk, const FiscSpan *span, const Leaves *leaves, const FiscLogBatch *next)
{
    Expected expected = expect_batch(walk, span, leaves);
    const FiscLogBatch *batch = span->batch;
    g_autofree char *differs = g_string_free(expected.differs, FALSE);
    bool is_complete = has_hash(walk, &expected.batch, batch->hash);
    const char *rest = NULL;
    if (next != NULL && has_hash(walk, batch, next->prev_hash)) {
        rest = "its stored hash was altered; all else is as sealed";
        memcpy(walk->before.hash, next->prev_hash, 32);
    } else if (!is_complete && *differs == '\0') {
        rest = detail_of_rest(walk, batch, next);
    }
    fisc_verifier_find(walk->verifier, FISC_FINDING_ALTERED, "batch", batch->batch_no, NULL,
                       batch->batch_no, "%s%s", rest != NULL ? rest : differs,
                       rest == NULL && !is_complete ? ", and its hash does not match even so" : "");
}

/* A batch that holds by itself but not with the one before. */
static void
check_link(FiscWalk *walk, const FiscSpan *span, const uint8_t before_hash[32],
           bool is_missing_items)
{
    const FiscLogBatch *batch = span->batch;
    bool follows = memcmp(batch->prev_hash, before_hash, 32) == 0;
    bool is_next = batch->first_item == span->from.item && batch->first_entry == span->from.entry &&
                   batch->first_coding == span->from.coding;
    if (!follows || !is_next) {
        fisc_verifier_find(
            walk->verifier, FISC_FINDING_UNLINKED, "batch", batch->batch_no, NULL, batch->batch_no,
            "it follows another batch %" G_GINT64_FORMAT " than the one that is here",
            batch->batch_no - 1);
    }
    if (batch->line_count != span->lines && !is_missing_items) {
        fisc_verifier_find(
            walk->verifier, FISC_FINDING_ALTERED, "batch", batch->batch_no, NULL, batch->batch_no,
            "sealed with %" G_GINT64_FORMAT " lines, and %" G_GINT64_FORMAT " are here",
            batch->line_count, span->lines);
    }
}

static void
check_batch_columns(FiscWalk *walk, const FiscSpan *span)
{
    for (int64_t id = span->from.item; id < span->until.item; id++) {
        const FiscLogItem *item = *fisc_walk_slot(walk, id);
        if (item != NULL && (item->batch_no < span->from_no || item->batch_no > span->to_no)) {
            g_autofree char *detail = g_strdup_printf("it names batch %" G_GINT64_FORMAT
                                                      ", and lies in batch %" G_GINT64_FORMAT,
                                                      item->batch_no, span->to_no);
            fisc_walk_find(walk, FISC_FINDING_ALTERED, item, span->to_no, detail);
        }
    }
}

/* A whole span ----------------------------------------------------------------------------- */

static int64_t
count_lines(FiscWalk *walk, const FiscSpan *span)
{
    int64_t lines = 0;
    for (int64_t id = span->from.item; id < span->until.item; id++) {
        const FiscLogItem *item = *fisc_walk_slot(walk, id);
        lines +=
            item != NULL && item->kind == FISC_ITEM_ENTRY ? ((const FiscLogEntry *)item)->count : 0;
    }
    return lines;
}

/* The root that the batch was sealed with: its column, unless its hash says that was altered. */
static void
sealed_root_of(FiscWalk *walk, const FiscSpan *span, const Leaves *leaves, uint8_t out_root[32])
{
    memcpy(out_root, span->batch->root, 32);
    if (!span->holds) {
        Expected expected = expect_batch(walk, span, leaves);
        if (has_hash(walk, &expected.batch, span->batch->hash)) {
            memcpy(out_root, expected.batch.root, 32);
        }
        g_string_free(expected.differs, TRUE);
    }
}

static void
check_sealed(FiscWalk *walk, const FiscSpan *span, const FiscLogBatch *next, Leaves *leaves)
{
    uint8_t sealed_root[32];
    uint8_t before_hash[32];
    memcpy(before_hash, walk->before.hash, 32);
    sealed_root_of(walk, span, leaves, sealed_root);
    if (!span->holds) {
        FiscLogBatch before = walk->before;
        explain_batch(walk, span, leaves, next);
        bool is_settled = memcmp(before.hash, walk->before.hash, 32) != 0;
        if (!is_settled) {
            memcpy(walk->before.hash, span->batch->hash, 32);
        }
    } else {
        check_link(walk, span, before_hash, leaves->missing > 0);
        memcpy(walk->before.hash, span->batch->hash, 32);
    }
    check_items(walk, span, leaves, sealed_root);
}

void
fisc_walk_check(FiscWalk *walk, FiscSpan *span, const FiscLogBatch *next)
{
    FiscVerifier *verifier = walk->verifier;
    FiscVerifyReport *report = verifier->report;
    span->lines = count_lines(walk, span);
    if (span->batch == NULL) {
        name_missing_batches(walk, span);
    }
    Leaves leaves = leaves_of(walk, span);
    leaves.missing = name_missing_codings(walk, span) + name_missing_items(walk, span);
    if (span->batch != NULL) {
        if (verifier->replay != NULL) {
            fisc_replay_time(verifier->replay, span->batch->posted_at_us);
        }
        check_sealed(walk, span, next, &leaves);
        report->batches++;
    } else {
        name_altered_codings(walk, span, false);
        name_altered_items(walk, span, false);
        memcpy(walk->before.hash, next->prev_hash, 32); /* all that is known of the missing ones */
    }
    for (int64_t no = span->from_no; no <= span->to_no; no++) {
        fisc_verifier_add_leaf(verifier, walk->before.hash);
    }
    check_batch_columns(walk, span);
    report->lines += span->lines;
    if (span->to_no == verifier->upto_batch) {
        verifier->upto_entry_found = span->until.entry - 1;
    }
    leaves_clear(&leaves);
}
