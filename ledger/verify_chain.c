/* verify_chain.c: the walk along the chain, stretch by stretch.
 *
 * A stretch of batches is laid out first, by what the batches that hold claim about their numbers;
 * then the rows of that stretch are read and put into their places, and those without a place are
 * named. Each batch is judged by verify_batch.c, and its items go through the folds in order. */
#include "ledger/verify_walk.h"
#include <string.h>

#define READ_BATCHES 2048
#define STRETCH_ITEMS 16384
#define ITEMS_MAX (1 << 21) /* of one batch; a claim beyond it is not believed */
#define GAPS_MAX 100        /* missing batches among which a renumbered one is looked for */
#define STRAY_RUN_MIN 5     /* so many rows without a place are named as one run */

static bool
holds(FiscWalk *walk, const FiscLogBatch *batch)
{
    uint8_t hash[32];
    fisc_log_hash_batch(walk->verifier->hash, walk->verifier->book_id, batch, hash);
    return memcmp(hash, batch->hash, 32) == 0;
}

static const FiscLogBatch *
pending_at(const FiscWalk *walk, guint index)
{
    return index < walk->pending->len ? &g_array_index(walk->pending, FiscLogBatch, index) : NULL;
}

/* Keeps two batches in sight, or all that are left: a batch is judged by the next one, too. */
static bool
look_ahead(FiscWalk *walk, GError **error)
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
    int64_t from = last != NULL         ? last->batch_no + 1
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

/* Layout ----------------------------------------------------------------------------------- */

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
end_of_batch(FiscWalk *walk, const FiscLogBatch *batch, bool is_believed, const FiscLogBatch *next)
{
    bool has_next = next != NULL && next->batch_no == batch->batch_no + 1 && holds(walk, next);
    return (FiscLogPlace){.item = end_of(walk->place.item, batch->first_item, batch->item_count,
                                         is_believed, has_next ? next->first_item : -1),
                          .entry = end_of(walk->place.entry, batch->first_entry, batch->entry_count,
                                          is_believed, has_next ? next->first_entry : -1),
                          .coding =
                              end_of(walk->place.coding, batch->first_coding, batch->coding_count,
                                     is_believed, has_next ? next->first_coding : -1)};
}

static void
append_span(FiscWalk *walk, FiscSpan span, FiscLogPlace until)
{
    span.from = walk->place;
    span.until = until;
    walk->place = until;
    g_array_append_val(walk->spans, span);
}

/* Batches missing before one that holds: their items are whatever lies in between. */
static void
append_gap(FiscWalk *walk, const FiscLogBatch *next)
{
    FiscSpan gap = {.from_no = walk->before.batch_no + 1, .to_no = next->batch_no - 1};
    for (int64_t no = gap.from_no; no <= gap.to_no && walk->gaps->len < GAPS_MAX; no++) {
        g_array_append_val(walk->gaps, no);
    }
    FiscLogPlace until = {.item = end_of(walk->place.item, next->first_item, 0, true, -1),
                          .entry = end_of(walk->place.entry, next->first_entry, 0, true, -1),
                          .coding = end_of(walk->place.coding, next->first_coding, 0, true, -1)};
    append_span(walk, gap, until);
}

/* A batch whose number was altered: its hash tells which one it had. */
static bool
restore_number(FiscWalk *walk, FiscLogBatch *batch)
{
    FiscLogBatch sealed = *batch;
    for (guint i = 0; i <= walk->gaps->len; i++) {
        sealed.batch_no =
            i < walk->gaps->len ? g_array_index(walk->gaps, int64_t, i) : walk->before.batch_no + 1;
        if (holds(walk, &sealed)) {
            fisc_verifier_find(walk->verifier, FISC_FINDING_ALTERED, "batch", sealed.batch_no, NULL,
                               sealed.batch_no, "its batch_no is %" G_GINT64_FORMAT,
                               batch->batch_no);
            *batch = sealed;
            return true;
        }
    }
    return false;
}

/* A row that claims a place in the chain but has none. */
static void
name_stray_batch(FiscWalk *walk, const FiscLogBatch *batch)
{
    fisc_verifier_find(
        walk->verifier, FISC_FINDING_ADDED, "batch", batch->batch_no, NULL, batch->batch_no,
        "it follows no batch: it never belonged there, or more than its number was altered");
}

/* Lays out the next batches, up to STRETCH_ITEMS items. */
static void
lay_out(FiscWalk *walk)
{
    g_array_set_size(walk->spans, 0);
    int64_t begin = walk->place.item;
    for (; walk->at < walk->pending->len; walk->at++) {
        FiscLogBatch *batch = &g_array_index(walk->pending, FiscLogBatch, walk->at);
        const FiscLogBatch *next = pending_at(walk, walk->at + 1);
        bool is_next_unknown = next == NULL && !walk->is_end;
        if (is_next_unknown ||
            (walk->place.item - begin >= STRETCH_ITEMS && walk->spans->len > 0)) {
            return;
        }
        if (batch->batch_no == 0 && walk->verifier->is_whole) {
            continue; /* the genesis batch is looked at on its own */
        }
        bool is_good = holds(walk, batch);
        if (batch->batch_no != walk->before.batch_no + 1) {
            bool is_restored = !is_good && restore_number(walk, batch);
            is_good = is_good || is_restored;
            bool is_passed = batch->batch_no <= walk->before.batch_no;
            if (!is_good || (is_passed && !is_restored)) {
                name_stray_batch(walk, batch);
            }
            if (!is_good || is_passed) {
                continue;
            }
            if (batch->batch_no > walk->before.batch_no + 1) {
                append_gap(walk, batch);
            }
        }
        FiscSpan span = {
            .batch = batch, .from_no = batch->batch_no, .to_no = batch->batch_no, .holds = is_good};
        append_span(walk, span, end_of_batch(walk, batch, is_good, next));
        walk->before.batch_no = batch->batch_no;
    }
}

/* Placing ---------------------------------------------------------------------------------- */

static bool
take_slot(FiscWalk *walk, const FiscLogPlace *from, const FiscLogPlace *until, FiscLogItem *item)
{
    if (item->item_id < from->item || item->item_id >= until->item ||
        *fisc_walk_slot(walk, item->item_id) != NULL) {
        return false;
    }
    *fisc_walk_slot(walk, item->item_id) = item;
    return true;
}

/* The items of a span that are free, in order. */
static GArray *
free_items_of(FiscWalk *walk, const FiscSpan *span)
{
    GArray *free_items = g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (int64_t item_id = span->from.item; item_id < span->until.item; item_id++) {
        if (*fisc_walk_slot(walk, item_id) == NULL) {
            g_array_append_val(free_items, item_id);
        }
    }
    return free_items;
}

/* Entries of a span whose item number is nonsense: their order by entry number tells their places,
 * when there are as many free. */
static void
place_misplaced(FiscWalk *walk, const FiscSpan *span, GPtrArray *misplaced)
{
    g_autoptr(GArray) free_items = free_items_of(walk, span);
    for (guint i = 0; i < misplaced->len; i++) {
        FiscLogItem *item = misplaced->pdata[i];
        if (misplaced->len != free_items->len) {
            g_ptr_array_add(walk->strays, item);
            continue;
        }
        int64_t place = g_array_index(free_items, int64_t, i);
        g_autofree char *detail = g_strdup_printf("its item number is %" G_GINT64_FORMAT
                                                  ", its place is %" G_GINT64_FORMAT,
                                                  item->item_id, place);
        fisc_walk_find(walk, FISC_FINDING_ALTERED, item, span->to_no, detail);
        item->item_id = place;
        *fisc_walk_slot(walk, place) = item;
    }
}

/* Entries come sorted by number; each belongs to the span that its number lies in. */
static void
place_entries(FiscWalk *walk)
{
    GPtrArray *entries = walk->chunk->entries;
    g_autoptr(GPtrArray) misplaced = g_ptr_array_new();
    guint at = 0;
    for (guint s = 0; s < walk->spans->len; s++) {
        const FiscSpan *span = &g_array_index(walk->spans, FiscSpan, s);
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
place_others(FiscWalk *walk, GPtrArray *items)
{
    const FiscSpan *first = &g_array_index(walk->spans, FiscSpan, 0);
    for (guint i = 0; i < items->len; i++) {
        if (!take_slot(walk, &first->from, &walk->place, items->pdata[i])) {
            g_ptr_array_add(walk->strays, items->pdata[i]);
        }
    }
}

static void
place_codings(FiscWalk *walk)
{
    const FiscSpan *first = &g_array_index(walk->spans, FiscSpan, 0);
    for (guint i = 0; i < walk->chunk->codings->len; i++) {
        FiscLogCoding *coding = walk->chunk->codings->pdata[i];
        bool has_place =
            coding->coding_id >= first->from.coding && coding->coding_id < walk->place.coding;
        if (has_place && *fisc_walk_coding(walk, coding->coding_id) == NULL) {
            *fisc_walk_coding(walk, coding->coding_id) = coding;
        } else {
            g_ptr_array_add(walk->stray_codings, coding);
        }
    }
}

/* How many rows from @at on are of one kind and batch and numbered one after the other: what a
 * batch leaves behind that lost its row. */
static guint
run_of(GPtrArray *strays, guint at)
{
    const FiscLogItem *first = strays->pdata[at];
    guint count = 1;
    while (at + count < strays->len) {
        const FiscLogItem *next = strays->pdata[at + count];
        if (next->kind != first->kind || next->batch_no != first->batch_no ||
            fisc_walk_number(next) != fisc_walk_number(first) + count) {
            break;
        }
        count++;
    }
    return count;
}

static void
name_stray_codings(FiscWalk *walk)
{
    GPtrArray *strays = walk->stray_codings;
    for (guint i = 0; i < strays->len;) {
        const FiscLogCoding *coding = strays->pdata[i];
        guint count = 1;
        while (i + count < strays->len &&
               ((const FiscLogCoding *)strays->pdata[i + count])->coding_id ==
                   coding->coding_id + count) {
            count++;
        }
        fisc_verifier_find(walk->verifier, FISC_FINDING_ADDED, "coding", coding->coding_id, NULL, 0,
                           count > 1 ? "no batch has it, nor any up to %" G_GINT64_FORMAT
                                     : "no batch has coding %" G_GINT64_FORMAT,
                           coding->coding_id + count - 1);
        i += count;
    }
}

/* Rows that go on where the chain ends, and name a batch behind the last one: its row was taken. */
static void
name_lost_end(FiscWalk *walk)
{
    int64_t lost = walk->before.batch_no + 1;
    for (guint i = 0; i < walk->strays->len; i++) {
        const FiscLogItem *item = walk->strays->pdata[i];
        if (item->item_id == walk->place.item && item->batch_no == lost) {
            fisc_verifier_find(walk->verifier, FISC_FINDING_MISSING, "batch", lost, NULL, lost,
                               "rows that go on where the chain ends name it");
            return;
        }
    }
}

static void
name_strays(FiscWalk *walk)
{
    name_lost_end(walk);
    for (guint i = 0; i < walk->strays->len;) {
        const FiscLogItem *item = walk->strays->pdata[i];
        guint count = run_of(walk->strays, i);
        count = count < STRAY_RUN_MIN ? 1 : count;
        g_autofree char *others = count > 1
                                      ? g_strdup_printf(", nor for any up to %" G_GINT64_FORMAT,
                                                        fisc_walk_number(item) + count - 1)
                                      : g_strdup("");
        g_autofree char *detail =
            g_strdup_printf("no batch has a place for it%s; it names batch %" G_GINT64_FORMAT
                            " and item %" G_GINT64_FORMAT,
                            others, item->batch_no, item->item_id);
        fisc_walk_find(walk, FISC_FINDING_ADDED, item, item->batch_no, detail);
        i += count;
    }
    name_stray_codings(walk);
}

/* Folding ---------------------------------------------------------------------------------- */

static void
fold_span(FiscWalk *walk, const FiscSpan *span)
{
    FiscVerifier *verifier = walk->verifier;
    for (int64_t id = span->from.coding; id < span->until.coding; id++) {
        const FiscLogCoding *coding = *fisc_walk_coding(walk, id);
        if (coding != NULL) {
            fisc_verifier_fold_coding(verifier, coding);
            verifier->report->codings++;
        }
    }
    for (int64_t id = span->from.item; id < span->until.item; id++) {
        const FiscLogItem *item = *fisc_walk_slot(walk, id);
        if (item == NULL) {
            continue;
        }
        bool is_good = fisc_walk_is_good(item);
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

/* The walk --------------------------------------------------------------------------------- */

/* The rows of the stretch that is laid out; the first and the last take in what lies beyond. */
static bool
read_stretch(FiscWalk *walk, GError **error)
{
    FiscVerifier *verifier = walk->verifier;
    bool is_last = walk->is_end && walk->at == walk->pending->len;
    FiscLogPlace from = walk->place;
    if (walk->spans->len > 0) {
        from = g_array_index(walk->spans, FiscSpan, 0).from;
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
clear_places(FiscWalk *walk)
{
    FiscLogPlace from =
        walk->spans->len > 0 ? g_array_index(walk->spans, FiscSpan, 0).from : walk->place;
    gsize items = (gsize)(walk->place.item - from.item);
    gsize codings = (gsize)(walk->place.coding - from.coding);
    walk->slots = g_renew(FiscLogItem *, walk->slots, items + 1);
    walk->codings = g_renew(FiscLogCoding *, walk->codings, codings + 1);
    memset(walk->slots, 0, items * sizeof *walk->slots);
    memset(walk->codings, 0, codings * sizeof *walk->codings);
    g_ptr_array_set_size(walk->strays, 0);
    g_ptr_array_set_size(walk->stray_codings, 0);
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
settle_last(FiscWalk *walk)
{
    FiscSpan *last =
        walk->spans->len > 0 ? &g_array_index(walk->spans, FiscSpan, walk->spans->len - 1) : NULL;
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
place_rows(FiscWalk *walk)
{
    bool has_batches = walk->spans->len > 0;
    if (!has_batches) { /* then every row is one too many */
        FiscSpan none = {.from = walk->place, .until = walk->place};
        g_array_append_val(walk->spans, none);
    }
    place_codings(walk);
    place_entries(walk);
    place_others(walk, walk->chunk->events);
    place_others(walk, walk->chunk->refusals);
    if (!has_batches) {
        g_array_set_size(walk->spans, 0);
    }
}

static void
check_stretch(FiscWalk *walk, int64_t before_no)
{
    settle_last(walk);
    clear_places(walk);
    place_rows(walk);
    walk->before.batch_no = before_no;
    for (guint i = 0; i < walk->spans->len; i++) {
        FiscSpan *span = &g_array_index(walk->spans, FiscSpan, i);
        const FiscLogBatch *next = i + 1 < walk->spans->len
                                       ? g_array_index(walk->spans, FiscSpan, i + 1).batch
                                       : pending_at(walk, walk->at);
        bool is_next = next != NULL && next->batch_no == span->to_no + 1;
        fisc_walk_check(walk, span, is_next ? next : NULL);
        fold_span(walk, span);
        walk->before.batch_no = span->to_no;
    }
    name_strays(walk);
}

static void
report_progress(const FiscWalk *walk, int64_t last_no)
{
    const FiscVerifyOptions *options = walk->verifier->options;
    if (options->progress != NULL) {
        options->progress("verifying", walk->before.batch_no, last_no, options->progress_data);
    }
}

static bool
walk_on(FiscWalk *walk, int64_t last_no, GError **error)
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

/* Where the walk begins -------------------------------------------------------------------- */

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
begin_at_genesis(FiscWalk *walk, GError **error)
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
take_earlier(FiscWalk *walk, GError **error)
{
    FiscVerifier *verifier = walk->verifier;
    FiscLogPlace from = {G_MININT64, 0, G_MININT64};
    FiscLogPlace until = {walk->place.item, 0, walk->place.coding};
    Leafing leafing = {.verifier = verifier};
    if (!fisc_tx_stream(verifier->tx, FISC_SQL_LEDGER_VERIFY_HASHES,
                        FISC_ARGS(fisc_int4(verifier->book_id), fisc_int8(walk->before.batch_no)),
                        each_hash, &leafing, error) ||
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
begin_later(FiscWalk *walk, GError **error)
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
    if (!fisc_tx_query(verifier->tx, FISC_SQL_LEDGER_HEAD, FISC_ARGS(fisc_int4(verifier->book_id)),
                       &rows, error)) {
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
    FiscWalk walk = {.verifier = verifier, .is_first = true};
    walk.pending = g_array_new(FALSE, TRUE, sizeof(FiscLogBatch));
    walk.spans = g_array_new(FALSE, TRUE, sizeof(FiscSpan));
    walk.gaps = g_array_new(FALSE, FALSE, sizeof(int64_t));
    walk.strays = g_ptr_array_new();
    walk.stray_codings = g_ptr_array_new();
    walk.chunk = fisc_log_chunk_new();
    int64_t last_no = 0;
    bool is_done =
        find_last(verifier, &last_no, error) &&
        (verifier->is_whole ? begin_at_genesis(&walk, error) : begin_later(&walk, error));
    if (is_done) {
        verifier->begins_entry = walk.place.entry;
        verifier->report->first_batch = walk.before.batch_no + 1;
        is_done = walk_on(&walk, last_no, error);
    }
    verifier->report->last_batch = walk.before.batch_no;
    memcpy(verifier->report->hash, walk.before.hash, 32);
    fisc_log_chunk_free(walk.chunk);
    g_ptr_array_unref(walk.stray_codings);
    g_ptr_array_unref(walk.strays);
    g_array_unref(walk.spans);
    g_array_unref(walk.gaps);
    g_array_unref(walk.pending);
    g_free(walk.codings);
    g_free(walk.slots);
    return is_done;
}
