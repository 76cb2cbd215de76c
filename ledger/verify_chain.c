/* verify_chain.c: the walk along the chain: links, hashes, roots, counts and places.
 *
 * A stretch of batches is laid out first, by what the batches that hold claim about their numbers;
 * then the rows of that stretch are put into their places, and what is left over or left free is
 * named. A root tells apart what a single row cannot: whether the row was altered or its hash, and
 * whether two whole rows stand in each other's place. */
#include "ledger/verify_internal.h"
#include <string.h>

#define READ_BATCHES 2048
#define STRETCH_ITEMS 16384
#define ITEMS_MAX (1 << 21)  /* of one batch; a claim beyond it is not believed */
#define EXCHANGE_MAX 128     /* items among which every pair is tried */
#define NAMED_RANGE_MAX 100  /* missing numbers named one by one */

/* One batch laid out; or, with batch NULL, batches that are missing. */
typedef struct {
    const FiscLogBatch *batch;
    int64_t from_no, to_no;
    FiscLogPlace from, until;
    bool holds; /* the hash follows from the columns */
    int64_t lines;
} Span;

typedef struct {
    FiscVerifier *verifier;
    GArray *pending; /* of FiscLogBatch: read, not yet looked at */
    guint at;
    bool is_end;
    FiscLogBatch before; /* the batch that the next one has to follow */
    FiscLogPlace place;  /* the next numbers */
    bool is_first;
    GArray *spans; /* of Span */
    FiscLogChunk *chunk;
    FiscLogItem **slots;     /* by item number, from that of the first span */
    FiscLogCoding **codings; /* the same */
    GPtrArray *strays;       /* of FiscLogItem: rows without a place */
} Walk;

static bool
holds(Walk *walk, const FiscLogBatch *batch)
{
    uint8_t hash[32];
    fisc_log_hash_batch(walk->verifier->hash, walk->verifier->book_id, batch, hash);
    return memcmp(hash, batch->hash, 32) == 0;
}

static const FiscLogBatch *
pending_at(const Walk *walk, guint index)
{
    return index < walk->pending->len ? &g_array_index(walk->pending, FiscLogBatch, index) : NULL;
}

/* Keeps two batches in sight, or all that are left: a batch is judged by the next one, too. */
static bool
look_ahead(Walk *walk, GError **error)
{
    FiscVerifier *verifier = walk->verifier;
    if (walk->is_end || walk->pending->len - walk->at >= READ_BATCHES / 2) {
        return true;
    }
    if (walk->at > 0) {
        g_array_remove_range(walk->pending, 0, walk->at);
        walk->at = 0;
    }
    const FiscLogBatch *last = pending_at(walk, walk->pending->len - 1);
    int64_t from = last != NULL ? last->batch_no + 1
                   : verifier->is_whole ? G_MININT64
                                        : walk->before.batch_no + 1;
    guint had = walk->pending->len;
    if (!fisc_log_read_batches(verifier->tx, verifier->book_id, from, READ_BATCHES, walk->pending,
                               error)) {
        return false;
    }
    walk->is_end = walk->pending->len - had < READ_BATCHES;
    return true;
}

/* Layout -------------------------------------------------------------------------------------- */

static int64_t
end_of(int64_t from, int64_t claimed_first, int64_t claimed_count, bool is_believed,
       int64_t next_first)
{
    int64_t until = is_believed       ? claimed_first + claimed_count
                    : next_first >= 0 ? next_first
                                      : from + claimed_count;
    return until < from || until - from > ITEMS_MAX ? from : until;
}

/* How far the numbers of a batch go: by its own claim when its hash holds, else by the next one's.
 */
static FiscLogPlace
end_of_batch(Walk *walk, const FiscLogBatch *batch, bool is_believed, const FiscLogBatch *next)
{
    bool has_next = next != NULL && next->batch_no == batch->batch_no + 1 && holds(walk, next);
    return (FiscLogPlace){
        .item = end_of(walk->place.item, batch->first_item, batch->item_count, is_believed,
                       has_next ? next->first_item : -1),
        .entry = end_of(walk->place.entry, batch->first_entry, batch->entry_count, is_believed,
                        has_next ? next->first_entry : -1),
        .coding = end_of(walk->place.coding, batch->first_coding, batch->coding_count, is_believed,
                         has_next ? next->first_coding : -1)};
}

static void
append_span(Walk *walk, Span span, FiscLogPlace until)
{
    span.from = walk->place;
    span.until = until;
    walk->place = until;
    g_array_append_val(walk->spans, span);
}

/* Batches missing before one that holds: their items are whatever lies in between. */
static void
append_gap(Walk *walk, const FiscLogBatch *next)
{
    Span gap = {.from_no = walk->before.batch_no + 1, .to_no = next->batch_no - 1};
    FiscLogPlace until = {
        .item = end_of(walk->place.item, next->first_item, 0, true, -1),
        .entry = end_of(walk->place.entry, next->first_entry, 0, true, -1),
        .coding = end_of(walk->place.coding, next->first_coding, 0, true, -1)};
    append_span(walk, gap, until);
}

/* A row that claims a place in the chain but has none. */
static void
name_stray_batch(Walk *walk, const FiscLogBatch *batch)
{
    fisc_verifier_find(walk->verifier, FISC_FINDING_ADDED, "batch", batch->batch_no, NULL,
                       batch->batch_no,
                       "it follows no batch and its hash does not follow from its columns: a row of "
                       "the chain that was renumbered, or one that never belonged there");
}

/* Lays out the next batches, up to STRETCH_ITEMS items. */
static void
lay_out(Walk *walk)
{
    g_array_set_size(walk->spans, 0);
    int64_t begin = walk->place.item;
    for (; walk->at < walk->pending->len; walk->at++) {
        const FiscLogBatch *batch = pending_at(walk, walk->at);
        const FiscLogBatch *next = pending_at(walk, walk->at + 1);
        bool is_next_unknown = next == NULL && !walk->is_end;
        if (is_next_unknown || (walk->place.item - begin >= STRETCH_ITEMS && walk->spans->len > 0)) {
            return;
        }
        if (batch->batch_no == 0 && walk->verifier->is_whole) {
            continue; /* the genesis batch is looked at on its own */
        }
        bool is_good = holds(walk, batch);
        if (batch->batch_no != walk->before.batch_no + 1) {
            if (!is_good || batch->batch_no <= walk->before.batch_no) {
                name_stray_batch(walk, batch);
                continue;
            }
            append_gap(walk, batch);
        }
        Span span = {.batch = batch,
                     .from_no = batch->batch_no,
                     .to_no = batch->batch_no,
                     .holds = is_good};
        append_span(walk, span, end_of_batch(walk, batch, is_good, next));
        walk->before.batch_no = batch->batch_no;
    }
}

/* Names --------------------------------------------------------------------------------------- */

static const char *
subject_of(const FiscLogItem *item)
{
    static const char *const subjects[] = {[FISC_ITEM_NONE] = "item",
                                           [FISC_ITEM_ENTRY] = "entry",
                                           [FISC_ITEM_EVENT] = "event",
                                           [FISC_ITEM_REFUSAL] = "refusal"};
    return subjects[item->kind];
}

static int64_t
number_of(const FiscLogItem *item)
{
    return item->kind == FISC_ITEM_ENTRY ? ((const FiscLogEntry *)item)->entry_id : item->item_id;
}

/* Caller frees. */
static char *
name_of(const FiscLogItem *item)
{
    if (item->kind == FISC_ITEM_EVENT) {
        const FiscLogEvent *event = (const FiscLogEvent *)item;
        return g_strdup_printf("%s %s", event->kind, event->subject);
    }
    return g_strdup(item->kind == FISC_ITEM_ENTRY ? ((const FiscLogEntry *)item)->reference
                                                  : ((const FiscLogRefusal *)item)->reference);
}

static guint
find_item(Walk *walk, FiscFindingKind kind, const FiscLogItem *item, int64_t batch_no,
          const char *detail)
{
    g_autofree char *name = name_of(item);
    fisc_verifier_find(walk->verifier, kind, subject_of(item), number_of(item), name, batch_no,
                       "%s", detail);
    return walk->verifier->report->findings->len - 1;
}

/* Placing ------------------------------------------------------------------------------------- */

static FiscLogItem **
slot_of(Walk *walk, int64_t item_id)
{
    const Span *first = &g_array_index(walk->spans, Span, 0);
    return &walk->slots[item_id - first->from.item];
}

static FiscLogCoding **
coding_slot_of(Walk *walk, int64_t coding_id)
{
    const Span *first = &g_array_index(walk->spans, Span, 0);
    return &walk->codings[coding_id - first->from.coding];
}

static bool
take_slot(Walk *walk, const FiscLogPlace *from, const FiscLogPlace *until, FiscLogItem *item)
{
    if (item->item_id < from->item || item->item_id >= until->item ||
        *slot_of(walk, item->item_id) != NULL) {
        return false;
    }
    *slot_of(walk, item->item_id) = item;
    return true;
}

/* The items of a span that are free, in order. */
static GArray *
free_items_of(Walk *walk, const Span *span)
{
    GArray *free_items = g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (int64_t item_id = span->from.item; item_id < span->until.item; item_id++) {
        if (*slot_of(walk, item_id) == NULL) {
            g_array_append_val(free_items, item_id);
        }
    }
    return free_items;
}

/* Entries of a span whose item number is nonsense: their order by entry number tells their places,
 * when there are as many free. */
static void
place_misplaced(Walk *walk, const Span *span, GPtrArray *misplaced)
{
    g_autoptr(GArray) free_items = free_items_of(walk, span);
    for (guint i = 0; i < misplaced->len; i++) {
        FiscLogItem *item = misplaced->pdata[i];
        if (misplaced->len != free_items->len) {
            g_ptr_array_add(walk->strays, item);
            continue;
        }
        int64_t place = g_array_index(free_items, int64_t, i);
        g_autofree char *detail =
            g_strdup_printf("its item number is %" G_GINT64_FORMAT ", its place is %" G_GINT64_FORMAT,
                            item->item_id, place);
        find_item(walk, FISC_FINDING_ALTERED, item, span->to_no, detail);
        item->item_id = place;
        *slot_of(walk, place) = item;
    }
}

/* Entries come sorted by number; each belongs to the span that its number lies in. */
static void
place_entries(Walk *walk)
{
    GPtrArray *entries = walk->chunk->entries;
    g_autoptr(GPtrArray) misplaced = g_ptr_array_new();
    guint at = 0;
    for (guint s = 0; s < walk->spans->len; s++) {
        const Span *span = &g_array_index(walk->spans, Span, s);
        g_ptr_array_set_size(misplaced, 0);
        int64_t last = G_MININT64;
        for (; at < entries->len; at++) {
            FiscLogEntry *entry = entries->pdata[at];
            if (entry->entry_id >= span->until.entry) {
                break;
            }
            bool is_twice = entry->entry_id == last;
            last = entry->entry_id;
            if (entry->entry_id < span->from.entry || is_twice) {
                g_ptr_array_add(walk->strays, entry);
            } else if (!take_slot(walk, &span->from, &span->until, &entry->item)) {
                g_ptr_array_add(misplaced, entry);
            }
        }
        place_misplaced(walk, span, misplaced);
    }
    for (; at < entries->len; at++) {
        g_ptr_array_add(walk->strays, entries->pdata[at]);
    }
}

static void
place_others(Walk *walk, GPtrArray *items)
{
    const Span *first = &g_array_index(walk->spans, Span, 0);
    for (guint i = 0; i < items->len; i++) {
        if (!take_slot(walk, &first->from, &walk->place, items->pdata[i])) {
            g_ptr_array_add(walk->strays, items->pdata[i]);
        }
    }
}

static void
place_codings(Walk *walk)
{
    const Span *first = &g_array_index(walk->spans, Span, 0);
    for (guint i = 0; i < walk->chunk->codings->len; i++) {
        FiscLogCoding *coding = walk->chunk->codings->pdata[i];
        bool has_place =
            coding->coding_id >= first->from.coding && coding->coding_id < walk->place.coding;
        if (has_place && *coding_slot_of(walk, coding->coding_id) == NULL) {
            *coding_slot_of(walk, coding->coding_id) = coding;
        } else {
            fisc_verifier_find(walk->verifier, FISC_FINDING_ADDED, "coding", coding->coding_id,
                               NULL, 0, "no batch has it");
        }
    }
}

static void
name_strays(Walk *walk)
{
    for (guint i = 0; i < walk->strays->len; i++) {
        const FiscLogItem *item = walk->strays->pdata[i];
        g_autofree char *detail =
            g_strdup_printf("no batch has a place for it; it names batch %" G_GINT64_FORMAT
                            " and item %" G_GINT64_FORMAT,
                            item->batch_no, item->item_id);
        find_item(walk, FISC_FINDING_ADDED, item, item->batch_no, detail);
    }
}

/* What is missing ----------------------------------------------------------------------------- */

/* The number of the next entry that is there, or that of the first one after the span; and where. */
static int64_t
next_entry_of(Walk *walk, const Span *span, int64_t item_id, int64_t *out_item)
{
    for (*out_item = item_id; *out_item < span->until.item; ++*out_item) {
        const FiscLogItem *item = *slot_of(walk, *out_item);
        if (item != NULL && item->kind == FISC_ITEM_ENTRY) {
            return number_of(item);
        }
    }
    return span->until.entry;
}

static int64_t
name_missing_items(Walk *walk, const Span *span)
{
    int64_t expected = span->from.entry;
    int64_t missing = 0;
    int64_t next_item = span->from.item - 1; /* where the next entry stands, and its number */
    int64_t next_entry = 0;
    for (int64_t item_id = span->from.item; item_id < span->until.item; item_id++) {
        const FiscLogItem *item = *slot_of(walk, item_id);
        if (item != NULL) {
            expected = item->kind == FISC_ITEM_ENTRY ? number_of(item) + 1 : expected;
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
name_missing_codings(Walk *walk, const Span *span)
{
    int64_t missing = 0;
    for (int64_t id = span->from.coding; id < span->until.coding; id++) {
        if (*coding_slot_of(walk, id) == NULL) {
            missing++;
            fisc_verifier_find(walk->verifier, FISC_FINDING_MISSING, "coding", id, NULL,
                               span->to_no, "its number is not in the table");
        }
    }
    return missing;
}

static void
name_missing_batches(Walk *walk, const Span *span)
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

/* Roots --------------------------------------------------------------------------------------- */

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
leaves_of(Walk *walk, const Span *span)
{
    static const uint8_t none[32];
    Leaves leaves = {.codings = (gsize)(span->until.coding - span->from.coding)};
    gsize count = leaves.codings + (gsize)(span->until.item - span->from.item);
    leaves.computed = g_new(FiscMerkleHash, count + 1);
    leaves.stored = g_new(FiscMerkleHash, count + 1);
    for (int64_t id = span->from.coding; id < span->until.coding; id++) {
        const FiscLogCoding *coding = *coding_slot_of(walk, id);
        put_leaf(&leaves, coding != NULL ? coding->computed : none,
                 coding != NULL ? coding->stored : none);
    }
    for (int64_t id = span->from.item; id < span->until.item; id++) {
        const FiscLogItem *item = *slot_of(walk, id);
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
name_altered_codings(Walk *walk, const Span *span, bool is_row_good)
{
    for (int64_t id = span->from.coding; id < span->until.coding; id++) {
        const FiscLogCoding *coding = *coding_slot_of(walk, id);
        if (coding != NULL && memcmp(coding->computed, coding->stored, 32) != 0) {
            fisc_verifier_find(walk->verifier, FISC_FINDING_ALTERED, "coding", id, NULL,
                               span->to_no, "%s", detail_of_mismatch(false, is_row_good));
        }
    }
}

static bool
is_item_good(const FiscLogItem *item)
{
    return !item->is_malformed && memcmp(item->computed, item->stored, 32) == 0;
}

/* @is_row_good: the root follows from the rows, so only their hash columns can be wrong. */
static void
name_altered_items(Walk *walk, const Span *span, bool is_row_good)
{
    for (int64_t id = span->from.item; id < span->until.item; id++) {
        const FiscLogItem *item = *slot_of(walk, id);
        if (item == NULL || is_item_good(item)) {
            continue;
        }
        guint finding =
            find_item(walk, FISC_FINDING_ALTERED, item, span->to_no,
                      detail_of_mismatch(item->is_malformed, is_row_good));
        if (item->kind == FISC_ITEM_ENTRY && !is_row_good) {
            fisc_verifier_keep_altered(walk->verifier, (const FiscLogEntry *)item, finding);
        }
    }
}

/* Every item has its own hash and together they give another root: do two stand in each other's
 * place? */
static bool
name_exchanged(Walk *walk, const Span *span, Leaves *leaves)
{
    uint8_t root[32];
    if (leaves->count > EXCHANGE_MAX) {
        return false;
    }
    for (gsize i = leaves->codings; i < leaves->count; i++) {
        for (gsize k = i + 1; k < leaves->count; k++) {
            FiscMerkleHash kept;
            memcpy(kept, leaves->computed[i], 32);
            memcpy(leaves->computed[i], leaves->computed[k], 32);
            memcpy(leaves->computed[k], kept, 32);
            fisc_merkle_root((const uint8_t(*)[32])leaves->computed, leaves->count, root);
            memcpy(leaves->computed[k], leaves->computed[i], 32);
            memcpy(leaves->computed[i], kept, 32);
            if (memcmp(root, span->batch->root, 32) == 0) {
                int64_t first = span->from.item - (int64_t)leaves->codings;
                const FiscLogItem *one = *slot_of(walk, first + (int64_t)i);
                const FiscLogItem *other = *slot_of(walk, first + (int64_t)k);
                g_autofree char *by_other = g_strdup_printf(
                    "stands in the place of %s %" G_GINT64_FORMAT, subject_of(other),
                    number_of(other));
                g_autofree char *by_one = g_strdup_printf("stands in the place of %s %" G_GINT64_FORMAT,
                                                          subject_of(one), number_of(one));
                find_item(walk, FISC_FINDING_EXCHANGED, one, span->to_no, by_other);
                find_item(walk, FISC_FINDING_EXCHANGED, other, span->to_no, by_one);
                return true;
            }
        }
    }
    return false;
}

/* One or more rows were replaced together with their hashes: the balances may tell which. */
static void
name_replaced(Walk *walk, const Span *span)
{
    fisc_verifier_find(walk->verifier, FISC_FINDING_ALTERED, "batch", span->to_no, NULL,
                       span->to_no,
                       "items %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT ", entries %" G_GINT64_FORMAT
                       " to %" G_GINT64_FORMAT " and their codings do not give its root, though each "
                       "has its own hash: at least one was replaced together with its hash",
                       span->from.item, span->until.item - 1, span->from.entry,
                       span->until.entry - 1);
    for (int64_t id = span->from.item; id < span->until.item; id++) {
        const FiscLogItem *item = *slot_of(walk, id);
        if (item->kind == FISC_ITEM_ENTRY) {
            fisc_verifier_keep_altered(walk->verifier, (const FiscLogEntry *)item, G_MAXUINT);
        }
    }
}

/* Entry numbers follow the order of items: when they do not, numbers were exchanged (the root
 * holds), or places (it does not, and name_exchanged tells). */
static void
check_order(Walk *walk, const Span *span, bool is_root_good)
{
    int64_t expected = span->from.entry;
    for (int64_t id = span->from.item; is_root_good && id < span->until.item; id++) {
        const FiscLogItem *item = *slot_of(walk, id);
        if (item->kind != FISC_ITEM_ENTRY) {
            continue;
        }
        if (number_of(item) != expected) {
            g_autofree char *detail =
                g_strdup_printf("it was sealed as entry %" G_GINT64_FORMAT, expected);
            find_item(walk, FISC_FINDING_EXCHANGED, item, span->to_no, detail);
        }
        expected++;
    }
}

static void
check_items(Walk *walk, const Span *span, Leaves *leaves, const uint8_t sealed_root[32])
{
    bool is_row_good = memcmp(leaves->root, sealed_root, 32) == 0;
    name_altered_codings(walk, span, is_row_good);
    name_altered_items(walk, span, is_row_good);
    if (!is_row_good && leaves->mismatched == 0 && leaves->missing == 0 &&
        !name_exchanged(walk, span, leaves)) {
        name_replaced(walk, span);
    }
    check_order(walk, span, is_row_good && leaves->missing == 0);
}

/* Columns of a batch -------------------------------------------------------------------------- */

typedef struct {
    FiscLogBatch batch; /* what the neighbours and the items say it was */
    GString *differs;   /* columns that say something else */
} Expected;

static void
expect_number(GString *differs, const char *name, int64_t actual, int64_t *slot)
{
    if (actual != *slot) {
        g_string_append_printf(differs, "%s%s (%" G_GINT64_FORMAT ", by the others %" G_GINT64_FORMAT
                                        ")",
                               differs->len > 0 ? ", " : "", name, *slot, actual);
        *slot = actual;
    }
}

static void
expect_hash(GString *differs, const char *name, const uint8_t actual[32], uint8_t slot[32])
{
    if (memcmp(actual, slot, 32) != 0) {
        g_string_append_printf(differs, "%s%s", differs->len > 0 ? ", " : "", name);
        memcpy(slot, actual, 32);
    }
}

static Expected
expect_batch(Walk *walk, const Span *span, const Leaves *leaves)
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
has_hash(Walk *walk, const FiscLogBatch *batch, const uint8_t hash[32])
{
    uint8_t computed[32];
    fisc_log_hash_batch(walk->verifier->hash, walk->verifier->book_id, batch, computed);
    return memcmp(computed, hash, 32) == 0;
}

/* What the columns that nothing else tells about can be: engine and time. */
static const char *
detail_of_rest(Walk *walk, const FiscLogBatch *batch, const FiscLogBatch *next)
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
explain_batch(Walk *walk, const Span *span, const Leaves *leaves, const FiscLogBatch *next)
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
                       batch->batch_no, "%s%s%s", rest != NULL ? rest : "altered: ",
                       rest != NULL ? "" : differs,
                       rest == NULL && !is_complete ? ", and its hash does not match even so" : "");
}

/* A batch that holds by itself but not with the one before. */
static void
check_link(Walk *walk, const Span *span, const uint8_t before_hash[32])
{
    const FiscLogBatch *batch = span->batch;
    bool follows = memcmp(batch->prev_hash, before_hash, 32) == 0;
    bool is_next = batch->first_item == span->from.item &&
                   batch->first_entry == span->from.entry &&
                   batch->first_coding == span->from.coding;
    if (!follows || !is_next) {
        fisc_verifier_find(walk->verifier, FISC_FINDING_UNLINKED, "batch", batch->batch_no, NULL,
                           batch->batch_no, "it follows another batch %" G_GINT64_FORMAT
                           " than the one that is here",
                           batch->batch_no - 1);
    }
    if (batch->line_count != span->lines) {
        fisc_verifier_find(walk->verifier, FISC_FINDING_ALTERED, "batch", batch->batch_no, NULL,
                           batch->batch_no,
                           "sealed with %" G_GINT64_FORMAT " lines, and %" G_GINT64_FORMAT
                           " are here",
                           batch->line_count, span->lines);
    }
}

static void
check_batch_columns(Walk *walk, const Span *span)
{
    for (int64_t id = span->from.item; id < span->until.item; id++) {
        const FiscLogItem *item = *slot_of(walk, id);
        if (item != NULL && (item->batch_no < span->from_no || item->batch_no > span->to_no)) {
            g_autofree char *detail = g_strdup_printf(
                "it names batch %" G_GINT64_FORMAT ", and lies in batch %" G_GINT64_FORMAT,
                item->batch_no, span->to_no);
            find_item(walk, FISC_FINDING_ALTERED, item, span->to_no, detail);
        }
    }
}

/* A whole span ---------------------------------------------------------------------------------- */

static int64_t
count_lines(Walk *walk, const Span *span)
{
    int64_t lines = 0;
    for (int64_t id = span->from.item; id < span->until.item; id++) {
        const FiscLogItem *item = *slot_of(walk, id);
        lines += item != NULL && item->kind == FISC_ITEM_ENTRY
                     ? ((const FiscLogEntry *)item)->count
                     : 0;
    }
    return lines;
}

/* The root that the batch was sealed with: its column, unless its hash says that was altered. */
static void
sealed_root_of(Walk *walk, const Span *span, const Leaves *leaves, uint8_t out_root[32])
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
check_sealed(Walk *walk, const Span *span, const FiscLogBatch *next, Leaves *leaves)
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
        check_link(walk, span, before_hash);
        memcpy(walk->before.hash, span->batch->hash, 32);
    }
    check_items(walk, span, leaves, sealed_root);
}

static void
check_span(Walk *walk, Span *span, const FiscLogBatch *next)
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

static void
fold_span(Walk *walk, const Span *span)
{
    FiscVerifier *verifier = walk->verifier;
    for (int64_t id = span->from.coding; id < span->until.coding; id++) {
        const FiscLogCoding *coding = *coding_slot_of(walk, id);
        if (coding != NULL) {
            fisc_verifier_fold_coding(verifier, coding);
            verifier->report->codings++;
        }
    }
    for (int64_t id = span->from.item; id < span->until.item; id++) {
        const FiscLogItem *item = *slot_of(walk, id);
        if (item == NULL) {
            continue;
        }
        bool is_good = is_item_good(item);
        verifier->report->items++;
        if (item->kind == FISC_ITEM_ENTRY) {
            fisc_verifier_fold_entry(verifier, (const FiscLogEntry *)item, is_good);
            verifier->report->entries++;
        } else if (item->kind == FISC_ITEM_EVENT) {
            fisc_verifier_fold_event(verifier, (const FiscLogEvent *)item, is_good);
            verifier->report->events++;
        } else {
            fisc_verifier_fold_refusal(verifier, (const FiscLogRefusal *)item, is_good);
            verifier->report->refusals++;
        }
    }
}

/* The walk -------------------------------------------------------------------------------------- */

/* The rows of the stretch that is laid out; the first and the last take in what lies beyond. */
static bool
read_stretch(Walk *walk, GError **error)
{
    FiscVerifier *verifier = walk->verifier;
    bool is_last = walk->is_end && walk->at == walk->pending->len;
    FiscLogPlace from = walk->place;
    if (walk->spans->len > 0) {
        from = g_array_index(walk->spans, Span, 0).from;
    }
    FiscLogPlace until = walk->place;
    if (walk->is_first && verifier->is_whole) {
        from = (FiscLogPlace){G_MININT64, G_MININT64, G_MININT64};
    }
    if (is_last) {
        until = (FiscLogPlace){G_MAXINT64, G_MAXINT64, G_MAXINT64};
    }
    walk->is_first = false;
    return fisc_log_read_chunk(verifier->tx, verifier->book_id, &from, &until, verifier->hash,
                               walk->chunk, error);
}

static void
clear_places(Walk *walk)
{
    FiscLogPlace from =
        walk->spans->len > 0 ? g_array_index(walk->spans, Span, 0).from : walk->place;
    gsize items = (gsize)(walk->place.item - from.item);
    gsize codings = (gsize)(walk->place.coding - from.coding);
    walk->slots = g_renew(FiscLogItem *, walk->slots, items + 1);
    walk->codings = g_renew(FiscLogCoding *, walk->codings, codings + 1);
    memset(walk->slots, 0, items * sizeof *walk->slots);
    memset(walk->codings, 0, codings * sizeof *walk->codings);
    g_ptr_array_set_size(walk->strays, 0);
}

static int64_t
count_items_from(GPtrArray *items, int64_t from)
{
    int64_t count = 0;
    for (guint i = 0; i < items->len; i++) {
        count += ((const FiscLogItem *)items->pdata[i])->item_id >= from;
    }
    return count;
}

/* The last batch has nobody behind it to tell its counts; when its hash does not hold either, the
 * rows behind the batch before it do. */
static void
settle_last(Walk *walk)
{
    Span *last = walk->spans->len > 0
                     ? &g_array_index(walk->spans, Span, walk->spans->len - 1)
                     : NULL;
    const FiscLogChunk *chunk = walk->chunk;
    if (last == NULL || last->batch == NULL || last->holds || !walk->is_end ||
        walk->at < walk->pending->len) {
        return;
    }
    int64_t entries = 0;
    int64_t codings = 0;
    for (guint i = 0; i < chunk->entries->len; i++) {
        entries += ((const FiscLogEntry *)chunk->entries->pdata[i])->entry_id >= last->from.entry;
    }
    for (guint i = 0; i < chunk->codings->len; i++) {
        codings +=
            ((const FiscLogCoding *)chunk->codings->pdata[i])->coding_id >= last->from.coding;
    }
    int64_t others = count_items_from(chunk->events, last->from.item) +
                     count_items_from(chunk->refusals, last->from.item);
    last->until = (FiscLogPlace){last->from.item + entries + others, last->from.entry + entries,
                                 last->from.coding + codings};
    walk->place = last->until;
}

static void
check_stretch(Walk *walk, int64_t before_no)
{
    settle_last(walk);
    clear_places(walk);
    if (walk->spans->len == 0) { /* no batch at all: every row is one too many */
        Span none = {.from = walk->place, .until = walk->place};
        g_array_append_val(walk->spans, none);
        place_entries(walk);
        place_others(walk, walk->chunk->events);
        place_others(walk, walk->chunk->refusals);
        place_codings(walk);
        g_array_set_size(walk->spans, 0);
        name_strays(walk);
        return;
    }
    place_codings(walk);
    place_entries(walk);
    place_others(walk, walk->chunk->events);
    place_others(walk, walk->chunk->refusals);
    walk->before.batch_no = before_no;
    for (guint i = 0; i < walk->spans->len; i++) {
        Span *span = &g_array_index(walk->spans, Span, i);
        const FiscLogBatch *next = i + 1 < walk->spans->len
                                       ? g_array_index(walk->spans, Span, i + 1).batch
                                       : pending_at(walk, walk->at);
        bool is_next = next != NULL && next->batch_no == span->to_no + 1;
        check_span(walk, span, is_next ? next : NULL);
        fold_span(walk, span);
        walk->before.batch_no = span->to_no;
    }
    name_strays(walk);
}

static void
report_progress(const Walk *walk, int64_t last_no)
{
    const FiscVerifyOptions *options = walk->verifier->options;
    if (options->progress != NULL) {
        options->progress("verifying", walk->before.batch_no, last_no, options->progress_data);
    }
}

static bool
walk_on(Walk *walk, int64_t last_no, GError **error)
{
    while (true) {
        int64_t before_no = walk->before.batch_no;
        if (!look_ahead(walk, error)) {
            return false;
        }
        lay_out(walk);
        if (!read_stretch(walk, error)) {
            return false;
        }
        check_stretch(walk, before_no);
        report_progress(walk, last_no);
        if (walk->is_end && walk->at == walk->pending->len) {
            return true;
        }
    }
}

/* Where the walk begins ------------------------------------------------------------------------- */

static bool
is_genesis(const FiscLogBatch *batch)
{
    static const FiscLogBatch expected = {.first_item = 1, .first_entry = 1, .first_coding = 1};
    return memcmp(batch->prev_hash, expected.prev_hash, 32) == 0 &&
           memcmp(batch->root, expected.root, 32) == 0 &&
           memcmp(batch->hash, expected.hash, 32) == 0 && batch->first_item == 1 &&
           batch->first_entry == 1 && batch->first_coding == 1 && batch->item_count == 0 &&
           batch->entry_count == 0 && batch->coding_count == 0 && batch->line_count == 0 &&
           batch->engine == 0 && batch->posted_at_us == 0;
}

static bool
begin_at_genesis(Walk *walk, GError **error)
{
    FiscVerifier *verifier = walk->verifier;
    g_autoptr(GArray) found = g_array_new(FALSE, TRUE, sizeof(FiscLogBatch));
    if (!fisc_log_read_batches(verifier->tx, verifier->book_id, 0, 1, found, error)) {
        return false;
    }
    const FiscLogBatch *batch = found->len > 0 ? &g_array_index(found, FiscLogBatch, 0) : NULL;
    if (batch == NULL || batch->batch_no != 0) {
        fisc_verifier_find(verifier, FISC_FINDING_MISSING, "batch", 0, NULL, 0,
                           "the genesis batch is not there");
    } else if (!is_genesis(batch)) {
        fisc_verifier_find(verifier, FISC_FINDING_ALTERED, "batch", 0, NULL, 0,
                           "the genesis batch is not empty, or has another engine or time");
    }
    walk->place = (FiscLogPlace){1, 1, 1};
    return true;
}

typedef struct {
    FiscVerifier *verifier;
    int64_t next_no;
} Leafing;

static bool
each_hash(FiscRows *rows, void *data, GError **error)
{
    (void)error;
    Leafing *leafing = data;
    int length = 0;
    uint8_t hash[32] = {0};
    const uint8_t *bytes = fisc_rows_bytea(rows, 0, 1, &length);
    memcpy(hash, bytes, (gsize)MIN(length, 32));
    fisc_verifier_add_leaf(leafing->verifier, hash);
    return true;
}

/* What comes before --since is taken as it is: its hashes into the log tree, its codings and events
 * into the folds, so that the rest can be judged. */
static bool
take_earlier(Walk *walk, GError **error)
{
    FiscVerifier *verifier = walk->verifier;
    FiscLogPlace from = {G_MININT64, 0, G_MININT64};
    FiscLogPlace until = {walk->place.item, 0, walk->place.coding};
    Leafing leafing = {.verifier = verifier};
    if (!fisc_tx_stream(
            verifier->tx, FISC_SQL_LEDGER_VERIFY_HASHES,
            FISC_ARGS(fisc_int4(verifier->book_id), fisc_int8(walk->before.batch_no)), each_hash,
            &leafing, error) ||
        !fisc_log_read_chunk(verifier->tx, verifier->book_id, &from, &until, verifier->hash,
                             walk->chunk, error)) {
        return false;
    }
    for (guint i = 0; i < walk->chunk->codings->len; i++) {
        fisc_verifier_fold_coding(verifier, walk->chunk->codings->pdata[i]);
    }
    for (guint i = 0; i < walk->chunk->events->len; i++) {
        fisc_verifier_fold_event(verifier, walk->chunk->events->pdata[i], false);
    }
    return true;
}

static bool
begin_later(Walk *walk, GError **error)
{
    FiscVerifier *verifier = walk->verifier;
    int64_t anchor = verifier->options->since - 1;
    g_autoptr(GArray) found = g_array_new(FALSE, TRUE, sizeof(FiscLogBatch));
    if (!fisc_log_read_batches(verifier->tx, verifier->book_id, anchor, 1, found, error)) {
        return false;
    }
    if (found->len == 0 || g_array_index(found, FiscLogBatch, 0).batch_no != anchor) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND,
                         "book %d has no batch %" G_GINT64_FORMAT " to begin after",
                         verifier->book_id, anchor);
    }
    walk->before = g_array_index(found, FiscLogBatch, 0);
    walk->place = (FiscLogPlace){walk->before.first_item + walk->before.item_count,
                                 walk->before.first_entry + walk->before.entry_count,
                                 walk->before.first_coding + walk->before.coding_count};
    return take_earlier(walk, error);
}

static bool
find_last(FiscVerifier *verifier, int64_t *out_last_no, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_tx_query(verifier->tx, FISC_SQL_LEDGER_HEAD,
                       FISC_ARGS(fisc_int4(verifier->book_id)), &rows, error)) {
        return false;
    }
    if (fisc_rows_count(rows) != 1) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "book %d has not been opened",
                         verifier->book_id);
    }
    *out_last_no = fisc_rows_int8(rows, 0, 0);
    return true;
}

bool
fisc_verifier_walk(FiscVerifier *verifier, GError **error)
{
    Walk walk = {.verifier = verifier, .is_first = true};
    walk.pending = g_array_new(FALSE, TRUE, sizeof(FiscLogBatch));
    walk.spans = g_array_new(FALSE, TRUE, sizeof(Span));
    walk.strays = g_ptr_array_new();
    walk.chunk = fisc_log_chunk_new();
    int64_t last_no = 0;
    bool is_done = find_last(verifier, &last_no, error) &&
                   (verifier->is_whole ? begin_at_genesis(&walk, error)
                                       : begin_later(&walk, error));
    if (is_done) {
        verifier->begins_entry = walk.place.entry;
        verifier->report->first_batch = walk.before.batch_no + 1;
        is_done = walk_on(&walk, last_no, error);
    }
    verifier->report->last_batch = walk.before.batch_no;
    memcpy(verifier->report->hash, walk.before.hash, 32);
    fisc_log_chunk_free(walk.chunk);
    g_ptr_array_unref(walk.strays);
    g_array_unref(walk.spans);
    g_array_unref(walk.pending);
    g_free(walk.codings);
    g_free(walk.slots);
    return is_done;
}
