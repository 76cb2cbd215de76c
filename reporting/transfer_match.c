/* transfer_match.c: records put together: by their id, then by score, then those that are left.
 *
 * Deterministic: candidates are taken by score, days apart and the order of the chain, and the
 * order of the chain never decides which of two is meant. What is equally good for several is
 * ambiguous and stays so until a side names the id. */
#include "reporting/transfer_match.h"
#include "fisc/money.h"
#include <stdlib.h>
#include <string.h>

/* Of records with the same parties and amount: beyond it all of them are ambiguous. */
#define CANDIDATES_MAX 1000000

static const char *const state_words[] = {
#define X(name, word) word,
    FISC_TRANSFER_STATES(X)
#undef X
};

const char *
fisc_transfer_state_word(FiscTransferState state)
{
    return state_words[state];
}

typedef struct {
    const FiscTransferRecords *records;
    GPtrArray *matches; /* of FiscTransferMatch */
    GPtrArray *loose;   /* of FiscTransferRecord: to be compared with the other side's */
} Matching;

static void
match_free(void *pointer)
{
    FiscTransferMatch *match = pointer;
    g_ptr_array_unref(match->records);
    g_free(match);
}

/* State ---------------------------------------------------------------------------------------- */

typedef struct {
    __int128 amount[2]; /* by FiscSide, of one kind */
} Sides;

/* Whether the two sides agree, kind by kind; *out_is_nothing when all of it was taken back. */
static bool
is_even(const FiscTransferMatch *match, bool *out_is_nothing)
{
    static const char *const kinds[] = {"current", "capital", "unclassified"};
    bool is_even = true;
    *out_is_nothing = true;
    for (guint kind = 0; kind < G_N_ELEMENTS(kinds); kind++) {
        Sides sides = {{0, 0}};
        for (guint i = 0; i < match->records->len; i++) {
            const FiscTransferRecord *record = match->records->pdata[i];
            sides.amount[record->side] +=
                g_str_equal(record->kind, kinds[kind]) ? record->amount : 0;
        }
        is_even = is_even && sides.amount[FISC_SIDE_FROM] == sides.amount[FISC_SIDE_TO];
        *out_is_nothing =
            *out_is_nothing && sides.amount[FISC_SIDE_FROM] == 0 && sides.amount[FISC_SIDE_TO] == 0;
    }
    return is_even;
}

static bool
has_side(const FiscTransferMatch *match, FiscSide side)
{
    for (guint i = 0; i < match->records->len; i++) {
        if (((const FiscTransferRecord *)match->records->pdata[i])->side == side) {
            return true;
        }
    }
    return false;
}

static FiscTransferState
state_of(const Matching *matching, const FiscTransferMatch *match)
{
    bool is_nothing = false, is_equal = is_even(match, &is_nothing);
    if (is_nothing) {
        return FISC_TRANSFER_TAKEN_BACK;
    }
    if (fisc_transfer_record_is_alone(matching->records, match->records->pdata[0])) {
        return FISC_TRANSFER_ONE_SIDE;
    }
    if (has_side(match, FISC_SIDE_FROM) && has_side(match, FISC_SIDE_TO)) {
        return is_equal ? FISC_TRANSFER_MATCHED : FISC_TRANSFER_DIFFERS;
    }
    return has_side(match, FISC_SIDE_FROM) ? FISC_TRANSFER_IN_TRANSIT : FISC_TRANSFER_RECEIVED_ONLY;
}

static int
compare_records(const void *a, const void *b)
{
    const FiscTransferRecord *left = *(const FiscTransferRecord *const *)a;
    const FiscTransferRecord *right = *(const FiscTransferRecord *const *)b;
    if (left->entry_id != right->entry_id) {
        return left->entry_id < right->entry_id ? -1 : 1;
    }
    int order = strcmp(left->counterparty, right->counterparty);
    return order != 0 ? order : strcmp(left->kind, right->kind);
}

/* Takes @members, of FiscTransferRecord. */
static FiscTransferMatch *
add_match(Matching *matching, GPtrArray *members, int score)
{
    FiscTransferMatch *match = g_new0(FiscTransferMatch, 1);
    g_ptr_array_sort(members, compare_records);
    match->records = members;
    match->score = score;
    match->transfer = "";
    for (guint i = 0; i < members->len && match->transfer[0] == '\0'; i++) {
        match->transfer = ((const FiscTransferRecord *)members->pdata[i])->transfer;
    }
    match->state = state_of(matching, match);
    g_ptr_array_add(matching->matches, match);
    return match;
}

static void
add_alone(Matching *matching, gpointer record)
{
    GPtrArray *members = g_ptr_array_new();
    g_ptr_array_add(members, record);
    add_match(matching, members, 0);
}

/* By the id ------------------------------------------------------------------------------------ */

/* Records put together by a key, those of a key in chain order, keys in order of first mention. */
typedef struct {
    GHashTable *by_key; /* key -> GPtrArray of FiscTransferRecord */
    GPtrArray *order;   /* of the arrays */
} Buckets;

static void
buckets_clear(Buckets *buckets)
{
    g_clear_pointer(&buckets->by_key, g_hash_table_unref);
    g_clear_pointer(&buckets->order, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Buckets, buckets_clear)

static Buckets
buckets_new(void)
{
    return (Buckets){g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                     g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref)};
}

/* Takes @key. */
static void
buckets_add(Buckets *buckets, char *key, gpointer record)
{
    GPtrArray *bucket = g_hash_table_lookup(buckets->by_key, key);
    if (bucket == NULL) {
        bucket = g_ptr_array_new();
        g_ptr_array_add(buckets->order, bucket);
    }
    g_hash_table_replace(buckets->by_key, key, bucket);
    g_ptr_array_add(bucket, record);
}

static bool
has_both_sides(const GPtrArray *bucket)
{
    const FiscTransferRecord *first = bucket->pdata[0];
    for (guint i = 1; i < bucket->len; i++) {
        if (((const FiscTransferRecord *)bucket->pdata[i])->side != first->side) {
            return true;
        }
    }
    return false;
}

/* An id that one side alone has: its only record may still be found by score; several are one grant
 * in parts, which only an id puts together. */
static void
match_by_id(Matching *matching, GPtrArray *bucket)
{
    if (bucket->len == 1) {
        g_ptr_array_add(matching->loose, bucket->pdata[0]);
    } else {
        add_match(matching, g_ptr_array_ref(bucket),
                  has_both_sides(bucket) ? FISC_TRANSFER_BY_ID : 0);
    }
}

static void
match_ids(Matching *matching)
{
    g_auto(Buckets) buckets = buckets_new();
    const GPtrArray *list = matching->records->list;
    for (guint i = 0; i < list->len; i++) {
        FiscTransferRecord *record = list->pdata[i];
        if (record->transfer[0] == '\0') {
            g_ptr_array_add(matching->loose, record);
        } else {
            buckets_add(
                &buckets,
                g_strdup_printf("%" G_GINT64_FORMAT "\x1f%s", record->set, record->transfer),
                record);
        }
    }
    for (guint i = 0; i < buckets.order->len; i++) {
        match_by_id(matching, buckets.order->pdata[i]);
    }
}

/* By score ------------------------------------------------------------------------------------- */

typedef struct {
    guint payer, receiver; /* in the bucket */
    int score, days;
} Candidate;

/* Records of one set and amount, in chain order. */
typedef struct {
    Matching *matching;
    GPtrArray *bucket;
    GArray *candidates; /* of Candidate */
    guint *parent;      /* of each record, while equally good candidates are joined */
    bool *is_taken;
} Comparison;

static const FiscTransferRecord *
record_at(const Comparison *comparison, guint index)
{
    return comparison->bucket->pdata[index];
}

/* Two ids are two grants. */
static bool
may_meet(const Comparison *comparison, guint payer, guint receiver)
{
    const FiscTransferRecord *from = record_at(comparison, payer);
    const FiscTransferRecord *to = record_at(comparison, receiver);
    return from->side == FISC_SIDE_FROM && to->side == FISC_SIDE_TO &&
           (from->transfer[0] == '\0' || to->transfer[0] == '\0') &&
           fisc_transfer_records_meet(comparison->matching->records, from, to);
}

static int
compare_candidates(const void *a, const void *b)
{
    const Candidate *left = a, *right = b;
    int order = right->score - left->score;
    order = order != 0 ? order : left->days - right->days;
    if (order != 0 || left->payer == right->payer) {
        return order != 0 ? order
                          : (left->receiver > right->receiver) - (left->receiver < right->receiver);
    }
    return left->payer < right->payer ? -1 : 1;
}

static void
list_candidates(Comparison *comparison)
{
    guint count = comparison->bucket->len;
    for (guint payer = 0; payer < count; payer++) {
        for (guint receiver = 0; receiver < count; receiver++) {
            if (!may_meet(comparison, payer, receiver)) {
                continue;
            }
            const FiscTransferRecord *from = record_at(comparison, payer);
            const FiscTransferRecord *to = record_at(comparison, receiver);
            Candidate candidate = {payer, receiver, fisc_transfer_score(from, to),
                                   abs(from->effective - to->effective)};
            if (candidate.score > 0) {
                g_array_append_val(comparison->candidates, candidate);
            }
        }
    }
    g_array_sort(comparison->candidates, compare_candidates);
}

static guint
root_of(const Comparison *comparison, guint index)
{
    while (comparison->parent[index] != index) {
        comparison->parent[index] = comparison->parent[comparison->parent[index]];
        index = comparison->parent[index];
    }
    return index;
}

/* Joins what is still free among equally good candidates [first, end). */
static void
join_candidates(Comparison *comparison, guint first, guint end)
{
    for (guint i = 0; i < comparison->bucket->len; i++) {
        comparison->parent[i] = i;
    }
    for (guint i = first; i < end; i++) {
        const Candidate *candidate = &g_array_index(comparison->candidates, Candidate, i);
        if (!comparison->is_taken[candidate->payer] && !comparison->is_taken[candidate->receiver]) {
            comparison->parent[root_of(comparison, candidate->receiver)] =
                root_of(comparison, candidate->payer);
        }
    }
}

/* One payer and one receiver found each other; more could be each other's. */
static void
take_joined(Comparison *comparison, guint root, int score)
{
    GPtrArray *members = g_ptr_array_new();
    for (guint i = 0; i < comparison->bucket->len; i++) {
        if (!comparison->is_taken[i] && root_of(comparison, i) == root) {
            g_ptr_array_add(members, comparison->bucket->pdata[i]);
            comparison->is_taken[i] = true;
        }
    }
    bool is_ambiguous = members->len > 2;
    FiscTransferMatch *match = add_match(comparison->matching, members, score);
    match->state = is_ambiguous ? FISC_TRANSFER_AMBIGUOUS : match->state;
    match->transfer = is_ambiguous ? "" : match->transfer;
}

static void
take_candidates(Comparison *comparison)
{
    guint first = 0, count = comparison->candidates->len;
    while (first < count) {
        const Candidate *best = &g_array_index(comparison->candidates, Candidate, first);
        guint end = first;
        while (end < count &&
               best->score == g_array_index(comparison->candidates, Candidate, end).score &&
               best->days == g_array_index(comparison->candidates, Candidate, end).days) {
            end++;
        }
        join_candidates(comparison, first, end);
        for (guint i = first; i < end; i++) {
            const Candidate *candidate = &g_array_index(comparison->candidates, Candidate, i);
            if (!comparison->is_taken[candidate->payer] &&
                !comparison->is_taken[candidate->receiver]) {
                take_joined(comparison, root_of(comparison, candidate->payer), candidate->score);
            }
        }
        first = end;
    }
}

/* So many alike that comparing them all would take for ever. */
static bool
is_too_many(const GPtrArray *bucket)
{
    guint64 payers = 0;
    for (guint i = 0; i < bucket->len; i++) {
        payers += ((const FiscTransferRecord *)bucket->pdata[i])->side == FISC_SIDE_FROM ? 1 : 0;
    }
    return payers * (bucket->len - payers) > CANDIDATES_MAX;
}

static void
compare_bucket(Matching *matching, GPtrArray *bucket)
{
    if (is_too_many(bucket)) {
        add_match(matching, g_ptr_array_ref(bucket), 0)->state = FISC_TRANSFER_AMBIGUOUS;
        return;
    }
    g_autofree guint *parent = g_new0(guint, bucket->len);
    g_autofree bool *is_taken = g_new0(bool, bucket->len);
    g_autoptr(GArray) candidates = g_array_new(FALSE, FALSE, sizeof(Candidate));
    Comparison comparison = {matching, bucket, candidates, parent, is_taken};
    if (has_both_sides(bucket)) {
        list_candidates(&comparison);
        take_candidates(&comparison);
    }
    for (guint i = 0; i < bucket->len; i++) {
        if (!is_taken[i]) {
            add_alone(matching, bucket->pdata[i]);
        }
    }
}

static void
match_loose(Matching *matching)
{
    g_auto(Buckets) buckets = buckets_new();
    for (guint i = 0; i < matching->loose->len; i++) {
        FiscTransferRecord *record = matching->loose->pdata[i];
        char amount[FISC_SUM_TEXT];
        fisc_sum_format(record->amount, 0, amount);
        buckets_add(&buckets, g_strdup_printf("%" G_GINT64_FORMAT "\x1f%s", record->set, amount),
                    record);
    }
    for (guint i = 0; i < buckets.order->len; i++) {
        compare_bucket(matching, buckets.order->pdata[i]);
    }
}

GPtrArray *
fisc_transfer_match(const FiscTransferRecords *records)
{
    g_autoptr(GPtrArray) loose = g_ptr_array_new();
    Matching matching = {records, g_ptr_array_new_with_free_func(match_free), loose};
    match_ids(&matching);
    match_loose(&matching);
    return matching.matches;
}
