/* verify_fold.c: the log folded, item by item, and the caches held against the fold: balances and
 * checkpoint, master data, periods with their partitions, references. */
#include "ledger/verify_internal.h"
#include "fisc/money.h"
#include <string.h>

typedef struct {
    int number;
    int64_t item_id;
    uint8_t fields[32]; /* hash of them */
    bool is_in_table;
} MasterFold;

typedef struct {
    char *state;
    int64_t since;
    bool is_in_table;
} PeriodFold;

/* Beginning and end ------------------------------------------------------------------------ */

static guint
hash_balance_key(gconstpointer data)
{
    const FiscBalanceKey *key = data;
    guint hash = (guint)key->entity_id * 2654435761u;
    hash = (hash ^ (guint)key->period) * 16777619u;
    hash = (hash ^ (guint)key->coding_id) * 2246822519u;
    return hash ^ (hash >> 15);
}

static gboolean
equal_balance_key(gconstpointer a, gconstpointer b)
{
    return memcmp(a, b, sizeof(FiscBalanceKey)) == 0;
}

static void
free_period(gpointer data)
{
    PeriodFold *fold = data;
    g_free(fold->state);
    g_free(fold);
}

void
fisc_verifier_folds_init(FiscVerifier *verifier)
{
    verifier->codings = g_array_new(FALSE, TRUE, sizeof(FiscKnownCoding));
    verifier->balances = g_hash_table_new_full(hash_balance_key, equal_balance_key, NULL, g_free);
    verifier->items = fisc_verifier_items_new();
    verifier->masters = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    verifier->numbering = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    verifier->periods = g_hash_table_new_full(NULL, NULL, NULL, free_period);
    verifier->altered = g_ptr_array_new_with_free_func(fisc_altered_entry_free);
    verifier->unsettled = g_ptr_array_new_with_free_func(fisc_unsettled_free);
    if (verifier->options->full) {
        verifier->replay = fisc_replay_new(verifier->book_id);
    }
}

void
fisc_verifier_folds_clear(FiscVerifier *verifier)
{
    fisc_replay_free(verifier->replay);
    g_ptr_array_unref(verifier->altered);
    g_ptr_array_unref(verifier->unsettled);
    g_clear_pointer(&verifier->references, g_array_unref);
    g_clear_pointer(&verifier->contents, g_hash_table_unref);
    g_hash_table_unref(verifier->periods);
    g_hash_table_unref(verifier->numbering);
    g_hash_table_unref(verifier->masters);
    g_hash_table_unref(verifier->items);
    g_hash_table_unref(verifier->balances);
    g_array_unref(verifier->codings);
    g_clear_pointer(&verifier->heads, g_array_unref);
}

/* What the engine would have objected to --------------------------------------------------- */

/* With @is_good false the item is known to be altered: its neighbours were judged without that. */
static void
report_objections(FiscVerifier *verifier, const FiscLogItem *item, const char *subject,
                  int64_t number, const char *name, FiscRefusals *objections, bool is_good)
{
    for (guint i = 0; is_good && i < objections->len; i++) {
        const FiscRefusal *objection = objections->pdata[i];
        if (objection->control != NULL) {
            fisc_verifier_find(
                verifier, FISC_FINDING_UNFOUNDED, subject, number, name, item->batch_no,
                "the engine refuses it: %s, control %s, key %s: limit %" G_GINT64_FORMAT
                ", consumed %" G_GINT64_FORMAT ", requested %" G_GINT64_FORMAT,
                fisc_error_name(objection->code), objection->control, objection->key,
                objection->limit, objection->consumed, objection->requested);
        } else {
            fisc_verifier_find(verifier, FISC_FINDING_UNFOUNDED, subject, number, name,
                               item->batch_no, "%s", objection->detail);
        }
    }
}

/* Codings ---------------------------------------------------------------------------------- */

void
fisc_verifier_fold_coding(FiscVerifier *verifier, const FiscLogCoding *coding)
{
    if (coding->coding_id < 1 || coding->coding_id > G_MAXINT32) {
        return;
    }
    if (verifier->codings->len < coding->coding_id) {
        g_array_set_size(verifier->codings, (guint)coding->coding_id);
    }
    FiscKnownCoding *known =
        &g_array_index(verifier->codings, FiscKnownCoding, coding->coding_id - 1);
    *known = (FiscKnownCoding){.entity_id = coding->entity_id, .is_known = true};
    if (verifier->replay != NULL) {
        FiscDecidedCoding decided = {.coding_id = (int)coding->coding_id,
                                     .entity_id = coding->entity_id,
                                     .account_id = coding->account_id,
                                     .flow = coding->flow,
                                     .kind = coding->kind};
        memcpy(decided.dim, coding->dim, sizeof decided.dim);
        fisc_replay_coding(verifier->replay, &decided, NULL);
    }
}

/* Events ----------------------------------------------------------------------------------- */

static char *
master_key(const char *kind, const char *subject)
{
    return g_strconcat(kind, "\x1f", subject, NULL);
}

static void
hash_fields(FiscHash *hash, char **fields, int count, uint8_t out[32])
{
    for (int i = 0; i < count; i++) {
        fisc_hash_add_text(hash, fields[i]);
    }
    fisc_hash_finish(hash, out);
}

static int
highest_number(const FiscVerifier *verifier, const char *kind)
{
    return GPOINTER_TO_INT(g_hash_table_lookup(verifier->numbering, kind));
}

static void
fold_master(FiscVerifier *verifier, const FiscLogEvent *event)
{
    g_autofree char *key = master_key(event->kind, event->subject);
    MasterFold *fold = g_hash_table_lookup(verifier->masters, key);
    if (fold == NULL) {
        fold = g_new0(MasterFold, 1);
        fold->number = event->number;
        g_hash_table_insert(verifier->masters, g_steal_pointer(&key), fold);
    }
    fold->item_id = event->item.item_id;
    hash_fields(verifier->hash, event->fields, event->field_count, fold->fields);
    if (event->number > highest_number(verifier, event->kind)) {
        g_hash_table_insert(verifier->numbering, g_strdup(event->kind),
                            GINT_TO_POINTER(event->number));
    }
}

static const char *
field_of(const FiscLogEvent *event, const char *name)
{
    for (int i = 0; i + 1 < event->field_count; i += 2) {
        if (strcmp(event->fields[i], name) == 0) {
            return event->fields[i + 1];
        }
    }
    return "";
}

static void
fold_period(FiscVerifier *verifier, const FiscLogEvent *event)
{
    gpointer period = GINT_TO_POINTER(atoi(event->subject));
    PeriodFold *fold = g_hash_table_lookup(verifier->periods, period);
    if (fold == NULL) {
        fold = g_new0(PeriodFold, 1);
        g_hash_table_insert(verifier->periods, period, fold);
    }
    g_free(fold->state);
    fold->state = g_strdup(field_of(event, "state"));
    fold->since = event->item.batch_no;
}

static void
replay_event(FiscVerifier *verifier, const FiscLogEvent *log, bool is_good)
{
    g_autoptr(FiscRefusals) objections = fisc_refusals_new();
    g_autoptr(GPtrArray) fields = g_ptr_array_new();
    g_autofree char *name = g_strdup_printf("%s %s", log->kind, log->subject);
    for (int i = 0; i < log->field_count; i++) {
        g_ptr_array_add(fields, log->fields[i]);
    }
    FiscEvent event = {.kind = log->kind, .subject = log->subject, .fields = fields};
    fisc_replay_event(verifier->replay, &event, log->number, log->maker, objections);
    report_objections(verifier, &log->item, "event", log->item.item_id, name, objections, is_good);
}

void
fisc_verifier_fold_event(FiscVerifier *verifier, const FiscLogEvent *event, bool is_good)
{
    fold_master(verifier, event);
    if (strcmp(event->kind, "period") == 0) {
        fold_period(verifier, event);
    }
    if (is_good) {
        fisc_verifier_name_content(verifier, event);
    }
    if (is_good && (event->maker < 1 || event->maker > highest_number(verifier, "person"))) {
        g_autofree char *name = g_strdup_printf("%s %s", event->kind, event->subject);
        fisc_verifier_find(verifier, FISC_FINDING_UNFOUNDED, "event", event->item.item_id, name,
                           event->item.batch_no, "nobody is person %d", event->maker);
    }
    if (verifier->replay != NULL) {
        replay_event(verifier, event, is_good);
    }
}

/* Entries ---------------------------------------------------------------------------------- */

void
fisc_verifier_add_lines(FiscVerifier *verifier, const FiscLogEntry *entry, int sign)
{
    for (int i = 0; i < entry->count; i++) {
        FiscBalanceKey key = {entry->entity_id, entry->period, entry->coding[i]};
        FiscBalanceFold *fold = g_hash_table_lookup(verifier->balances, &key);
        if (fold == NULL) {
            fold = g_new0(FiscBalanceFold, 1);
            fold->key = key;
            g_hash_table_insert(verifier->balances, &fold->key, fold);
        }
        __int128 amount = entry->amount[i];
        if (amount > 0) {
            fold->debit += sign * amount;
        } else {
            fold->credit -= sign * amount;
        }
    }
}

static void
find_unfounded(FiscVerifier *verifier, const FiscLogEntry *entry, int line, const char *detail)
{
    FiscFinding *finding =
        fisc_verifier_find(verifier, FISC_FINDING_UNFOUNDED, "entry", entry->entry_id,
                           entry->reference, entry->item.batch_no, "%s", detail);
    finding->line = line;
}

static void
check_lines(FiscVerifier *verifier, const FiscLogEntry *entry)
{
    __int128 sums[2] = {0, 0};
    for (int i = 0; i < entry->count; i++) {
        guint at = (guint)entry->coding[i] - 1;
        const FiscKnownCoding *coding = at < verifier->codings->len
                                            ? &g_array_index(verifier->codings, FiscKnownCoding, at)
                                            : NULL;
        if (coding == NULL || !coding->is_known) {
            find_unfounded(verifier, entry, i + 1, "its coding is not in the table");
        } else if (coding->entity_id != entry->entity_id) {
            find_unfounded(verifier, entry, i + 1, "its coding belongs to another entity");
        }
        if (entry->amount[i] == 0) {
            find_unfounded(verifier, entry, i + 1, "its amount is zero");
        }
        sums[i < entry->financial ? 0 : 1] += entry->amount[i];
    }
    if (sums[0] != 0 || sums[1] != 0) {
        find_unfounded(verifier, entry, 0, "its sides do not balance");
    }
    if (entry->count < 2 || entry->financial < 0 || entry->financial > entry->count) {
        find_unfounded(verifier, entry, 0, "it has not the shape of an entry");
    }
}

static bool
is_open(const FiscVerifier *verifier, FiscPeriod period)
{
    const PeriodFold *fold = g_hash_table_lookup(verifier->periods, GINT_TO_POINTER(period));
    return fold != NULL && strcmp(fold->state, "open") == 0;
}

static void
check_words(FiscVerifier *verifier, const FiscLogEntry *entry)
{
    const struct {
        bool is_wrong;
        const char *detail;
    } checks[] = {
        {!is_open(verifier, entry->period), "its period was not open"},
        {entry->entity_id < 1 || entry->entity_id > highest_number(verifier, "entity"),
         "its entity is not known"},
        {entry->source_id < 1 || entry->source_id > highest_number(verifier, "source"),
         "its source is not known"},
        {entry->maker < 1 || entry->maker > highest_number(verifier, "person"),
         "its maker is not known"},
        {entry->corrects < 0 || entry->corrects >= entry->entry_id,
         "it corrects an entry that was not there yet"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(checks); i++) {
        if (checks[i].is_wrong) {
            find_unfounded(verifier, entry, 0, checks[i].detail);
        }
    }
}

static void
check_memo(FiscVerifier *verifier, const FiscLogEntry *entry)
{
    if (!fisc_log_is_memo_good(verifier->hash, entry)) {
        const char *detail =
            entry->memo != NULL && entry->has_salt ? "its memo and salt do not give its memo_hash"
            : entry->memo != NULL                  ? "its memo has lost its salt"
                                  : "its memo is gone and its salt is not: erasing "
                                    "takes both";
        fisc_verifier_find(verifier, FISC_FINDING_ALTERED, "entry", entry->entry_id,
                           entry->reference, entry->item.batch_no, "%s", detail);
    }
}

static void
replay_entry(FiscVerifier *verifier, const FiscLogEntry *entry, bool is_good)
{
    g_autoptr(FiscRefusals) objections = fisc_refusals_new();
    FiscDecidedEntry decided = {.entity_id = entry->entity_id,
                                .period = entry->period,
                                .effective = entry->effective,
                                .source_id = entry->source_id,
                                .financial = entry->financial,
                                .count = entry->count,
                                .coding = entry->coding,
                                .amount = entry->amount,
                                .maker = entry->maker,
                                .corrects = entry->corrects,
                                .reverses = entry->reverses,
                                .open_item = (const char **)entry->open_item,
                                .currency = *entry->currency != '\0' ? entry->currency : NULL,
                                .foreign = entry->foreign,
                                .hands = entry->hands,
                                .hand_count = entry->hand_count,
                                .reference = entry->reference};
    fisc_replay_entry(verifier->replay, &decided, objections);
    report_objections(verifier, &entry->item, "entry", entry->entry_id, entry->reference,
                      objections, is_good);
}

void
fisc_verifier_fold_entry(FiscVerifier *verifier, const FiscLogEntry *entry, bool is_good)
{
    if (verifier->is_whole && entry->entry_id <= verifier->upto_entry) {
        fisc_verifier_add_lines(verifier, entry, 1);
        fisc_verifier_add_items(verifier, entry, 1);
    }
    if (is_good) { /* what is known to be altered need not make sense */
        check_lines(verifier, entry);
        check_words(verifier, entry);
    }
    check_memo(verifier, entry);
    if (verifier->replay != NULL) {
        replay_entry(verifier, entry, is_good);
    }
}

/* Refusals --------------------------------------------------------------------------------- */

static int
error_find(const char *name)
{
    for (int code = 0; code < FISC_ERROR_COUNT; code++) {
        if (strcmp(fisc_error_name((FiscError)code), name) == 0) {
            return code;
        }
    }
    return -1;
}

static void
replay_refusal(FiscVerifier *verifier, const FiscLogRefusal *refusal, bool is_good)
{
    g_autoptr(FiscRefusals) objections = fisc_refusals_new();
    g_autoptr(FiscRefusals) reasons = fisc_refusals_new();
    for (int i = 0; i < refusal->count; i++) {
        int code = error_find(refusal->code[i]);
        FiscRefusal *reason = fisc_refusals_add(
            reasons, code >= 0 ? (FiscError)code : FISC_ERROR_FAILED, NULL, 0, NULL, "%s", "");
        reason->control = g_strdup(refusal->control[i]);
        reason->key = g_strdup(refusal->key[i]);
        reason->limit = refusal->ceiling[i];
        reason->consumed = refusal->consumed[i];
        reason->requested = refusal->requested[i];
    }
    FiscDecidedRefusal decided = {.source_id = refusal->source_id,
                                  .entity_id = refusal->entity_id,
                                  .period = refusal->period,
                                  .reasons = reasons};
    fisc_replay_refusal(verifier->replay, &decided, objections);
    report_objections(verifier, &refusal->item, "refusal", refusal->item.item_id,
                      refusal->reference, objections, is_good);
}

void
fisc_verifier_fold_refusal(FiscVerifier *verifier, const FiscLogRefusal *refusal, bool is_good)
{
    bool is_known = refusal->source_id >= 1 &&
                    refusal->source_id <= highest_number(verifier, "source") &&
                    refusal->maker >= 1 && refusal->maker <= highest_number(verifier, "person");
    if (is_good && (!is_known || refusal->count == 0)) {
        fisc_verifier_find(verifier, FISC_FINDING_UNFOUNDED, "refusal", refusal->item.item_id,
                           refusal->reference, refusal->item.batch_no,
                           refusal->count == 0 ? "it has no reason"
                                               : "its source or maker is not known");
    }
    if (verifier->replay != NULL) {
        replay_refusal(verifier, refusal, is_good);
    }
}

/* Balances and checkpoint ------------------------------------------------------------------ */

bool
fisc_verifier_read_checkpoint(FiscVerifier *verifier, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_tx_query(verifier->tx, FISC_SQL_LEDGER_CHECKPOINT,
                       FISC_ARGS(fisc_int4(verifier->book_id)), &rows, error)) {
        return false;
    }
    bool is_there = fisc_rows_count(rows) == 1;
    verifier->upto_batch = is_there ? fisc_rows_int8(rows, 0, 0) : -1;
    verifier->upto_entry = is_there ? fisc_rows_int8(rows, 0, 1) : 0;
    verifier->upto_entry_found = verifier->upto_batch == 0 ? 0 : -1;
    return true;
}

void
fisc_verifier_compare_checkpoint(FiscVerifier *verifier)
{
    if (verifier->upto_batch < 0) {
        fisc_verifier_find(verifier, FISC_FINDING_MISSING, "checkpoint", 0, NULL, 0,
                           "the book has none, or one of a batch below zero");
    } else if (verifier->upto_entry_found < 0) {
        fisc_verifier_find(verifier, FISC_FINDING_DIFFERS, "checkpoint", 0, NULL,
                           verifier->upto_batch, "there is no such batch");
    } else if (verifier->upto_entry_found != verifier->upto_entry) {
        fisc_verifier_find(verifier, FISC_FINDING_DIFFERS, "checkpoint", 0, NULL,
                           verifier->upto_batch,
                           "upto_entry is %" G_GINT64_FORMAT ", and the batch ends with entry "
                           "%" G_GINT64_FORMAT,
                           verifier->upto_entry, verifier->upto_entry_found);
    }
}

static bool
each_balance(FiscRows *rows, void *data, GError **error)
{
    (void)error;
    FiscVerifier *verifier = data;
    FiscBalanceKey key = {fisc_rows_int4(rows, 0, 0), fisc_rows_int4(rows, 0, 1),
                          fisc_rows_int4(rows, 0, 2)};
    FiscBalanceFold *fold = g_hash_table_lookup(verifier->balances, &key);
    if (fold == NULL) {
        fold = g_new0(FiscBalanceFold, 1);
        fold->key = key;
        g_hash_table_insert(verifier->balances, &fold->key, fold);
    }
    fold->is_in_table = true;
    fold->table_debit += fisc_rows_int8(rows, 0, 3);
    fold->table_credit += fisc_rows_int8(rows, 0, 4);
    return true;
}

bool
fisc_verifier_read_balances(FiscVerifier *verifier, GError **error)
{
    return fisc_tx_stream(verifier->tx, FISC_SQL_LEDGER_VERIFY_BALANCES,
                          FISC_ARGS(fisc_int4(verifier->book_id)), each_balance, verifier, error);
}

__int128
fisc_balance_difference(const FiscBalanceFold *fold)
{
    return (fold->debit - fold->credit) - (fold->table_debit - fold->table_credit);
}

static gint
compare_balance_keys(gconstpointer a, gconstpointer b)
{
    const FiscBalanceKey *one = &(*(FiscBalanceFold *const *)a)->key;
    const FiscBalanceKey *other = &(*(FiscBalanceFold *const *)b)->key;
    const int differences[] = {one->period - other->period, one->entity_id - other->entity_id,
                               one->coding_id - other->coding_id};
    for (gsize i = 0; i < G_N_ELEMENTS(differences); i++) {
        if (differences[i] != 0) {
            return differences[i];
        }
    }
    return 0;
}

static void
report_balance(FiscVerifier *verifier, const FiscBalanceFold *fold)
{
    char debit[FISC_SUM_TEXT], credit[FISC_SUM_TEXT];
    char table_debit[FISC_SUM_TEXT], table_credit[FISC_SUM_TEXT];
    g_autofree char *name =
        g_strdup_printf("of coding %d, entity %d, period %d", fold->key.coding_id,
                        fold->key.entity_id, fold->key.period);
    fisc_verifier_find(
        verifier, fold->is_in_table ? FISC_FINDING_DIFFERS : FISC_FINDING_MISSING, "balance", 0,
        name, 0, "debit %s credit %s by the table, debit %s credit %s by the log",
        fisc_sum_format(fold->table_debit, 0, table_debit),
        fisc_sum_format(fold->table_credit, 0, table_credit),
        fisc_sum_format(fold->debit, 0, debit), fisc_sum_format(fold->credit, 0, credit));
}

void
fisc_verifier_report_balances(FiscVerifier *verifier)
{
    if (verifier->upto_entry_found != verifier->upto_entry) {
        fisc_verifier_note(verifier,
                           "balances were not compared: the checkpoint does not say up to "
                           "where they go");
        return;
    }
    g_autoptr(GPtrArray) different = g_ptr_array_new();
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, verifier->balances);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const FiscBalanceFold *fold = value;
        bool is_empty = fold->debit == 0 && fold->credit == 0;
        bool is_same = fold->debit == fold->table_debit && fold->credit == fold->table_credit &&
                       fold->is_in_table != is_empty;
        if (!is_same && (fold->is_in_table || !is_empty)) {
            g_ptr_array_add(different, value);
        }
    }
    g_ptr_array_sort(different, compare_balance_keys);
    for (guint i = 0; i < different->len; i++) {
        report_balance(verifier, different->pdata[i]);
    }
}

/* Master data ------------------------------------------------------------------------------ */

typedef struct {
    FiscVerifier *verifier;
    FiscArena *arena;
} MasterRead;

static void
compare_master(FiscVerifier *verifier, MasterFold *fold, const char *name, int number,
               int64_t item_id, const uint8_t fields[32])
{
    if (fold == NULL) {
        fisc_verifier_find(verifier, FISC_FINDING_ADDED, "master", 0, name, 0,
                           "no event of the log made it");
        return;
    }
    fold->is_in_table = true;
    bool is_same = memcmp(fold->fields, fields, 32) == 0;
    if (!is_same || fold->number != number || fold->item_id != item_id) {
        fisc_verifier_find(verifier, FISC_FINDING_DIFFERS, "master", 0, name, 0,
                           "number %d, item %" G_GINT64_FORMAT "%s by the table, number %d, item "
                           "%" G_GINT64_FORMAT " by the log",
                           number, item_id, is_same ? "" : ", other fields", fold->number,
                           fold->item_id);
    }
}

static bool
each_master(FiscRows *rows, void *data, GError **error)
{
    (void)error;
    MasterRead *read = data;
    FiscVerifier *verifier = read->verifier;
    const char *kind = fisc_rows_text(rows, 0, 0);
    const char *subject = fisc_rows_text(rows, 0, 1);
    g_autofree char *key = master_key(kind, subject);
    g_autofree char *name = g_strdup_printf("%s %s", kind, subject);
    char **fields = NULL;
    int count = 0;
    uint8_t hash[32];
    fisc_arena_reset(read->arena);
    if (!fisc_log_texts(read->arena, rows, 3, &fields, &count)) {
        count = 0;
    }
    hash_fields(verifier->hash, fields, count, hash);
    compare_master(verifier, g_hash_table_lookup(verifier->masters, key), name,
                   fisc_rows_int4(rows, 0, 2), fisc_rows_int8(rows, 0, 4), hash);
    return true;
}

static void
name_missing_masters(FiscVerifier *verifier)
{
    GHashTableIter iter;
    gpointer key;
    gpointer value;
    g_hash_table_iter_init(&iter, verifier->masters);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        const MasterFold *fold = value;
        if (!fold->is_in_table) {
            g_autofree char *name = g_strdelimit(g_strdup(key), "\x1f", ' ');
            fisc_verifier_find(verifier, FISC_FINDING_MISSING, "master", 0, name, 0,
                               "item %" G_GINT64_FORMAT " made it", fold->item_id);
        }
    }
}

bool
fisc_verifier_compare_masters(FiscVerifier *verifier, GError **error)
{
    MasterRead read = {.verifier = verifier, .arena = fisc_arena_new()};
    bool is_done =
        fisc_tx_stream(verifier->tx, FISC_SQL_LEDGER_VERIFY_MASTERS,
                       FISC_ARGS(fisc_int4(verifier->book_id)), each_master, &read, error);
    fisc_arena_free(read.arena);
    if (is_done) {
        name_missing_masters(verifier);
    }
    return is_done;
}

/* Periods ---------------------------------------------------------------------------------- */

static void
compare_period(FiscVerifier *verifier, const FiscRows *rows, int row)
{
    int period = fisc_rows_int4(rows, row, 0);
    const char *state = fisc_rows_text(rows, row, 1);
    int64_t since = fisc_rows_int8(rows, row, 2);
    PeriodFold *fold = g_hash_table_lookup(verifier->periods, GINT_TO_POINTER(period));
    g_autofree char *name = g_strdup_printf("%06d", period);
    if (fold == NULL) {
        fisc_verifier_find(verifier, FISC_FINDING_ADDED, "period", 0, name, 0,
                           "no event of the log made it");
        return;
    }
    fold->is_in_table = true;
    if (strcmp(state, fold->state) != 0 || since != fold->since) {
        fisc_verifier_find(verifier, FISC_FINDING_DIFFERS, "period", 0, name, 0,
                           "%s since batch %" G_GINT64_FORMAT " by the table, %s since batch "
                           "%" G_GINT64_FORMAT " by the log",
                           state, since, fold->state, fold->since);
    }
    if (fisc_rows_int4(rows, row, 3) == 0) {
        fisc_verifier_find(verifier, FISC_FINDING_MISSING, "partition", 0, name, 0,
                           "ledger.entry has no partition for the period");
    }
}

bool
fisc_verifier_compare_periods(FiscVerifier *verifier, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_tx_query(verifier->tx, FISC_SQL_LEDGER_VERIFY_PERIODS,
                       FISC_ARGS(fisc_int4(verifier->book_id)), &rows, error)) {
        return false;
    }
    for (int i = 0; i < fisc_rows_count(rows); i++) {
        compare_period(verifier, rows, i);
    }
    GHashTableIter iter;
    gpointer period;
    gpointer value;
    g_hash_table_iter_init(&iter, verifier->periods);
    while (g_hash_table_iter_next(&iter, &period, &value)) {
        if (!((const PeriodFold *)value)->is_in_table) {
            g_autofree char *name = g_strdup_printf("%06d", GPOINTER_TO_INT(period));
            fisc_verifier_find(verifier, FISC_FINDING_MISSING, "period", 0, name, 0,
                               "an event of the log made it");
        }
    }
    return true;
}

/* References ------------------------------------------------------------------------------- */

static void
append_difference(GString *text, bool is_same, const char *word)
{
    if (!is_same) {
        g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", word);
    }
}

static bool
is_same_digest(const FiscRows *rows, int one, int other)
{
    int one_length = 0;
    int other_length = 0;
    const uint8_t *first = fisc_rows_bytea(rows, 0, one, &one_length);
    const uint8_t *second = fisc_rows_bytea(rows, 0, other, &other_length);
    return one_length == other_length && memcmp(first, second, (gsize)one_length) == 0;
}

static char *
describe_pair(const FiscRows *rows)
{
    GString *text = g_string_new(NULL);
    append_difference(text, fisc_rows_int4(rows, 0, 1) == fisc_rows_int4(rows, 0, 7), "source");
    append_difference(text, strcmp(fisc_rows_text(rows, 0, 2), fisc_rows_text(rows, 0, 8)) == 0,
                      "reference");
    append_difference(text, fisc_rows_int4(rows, 0, 3) == fisc_rows_int4(rows, 0, 9), "period");
    append_difference(text, fisc_rows_int8(rows, 0, 4) == fisc_rows_int8(rows, 0, 10), "batch");
    append_difference(text, is_same_digest(rows, 5, 11), "digest");
    return g_string_free(text, FALSE);
}

static void
clear_mismatch(gpointer data)
{
    FiscReferenceMismatch *mismatch = data;
    g_free(mismatch->reference);
    g_free(mismatch->detail);
}

/* The entry stands in the columns 0 to 5, the reference in 6 to 11. */
static bool
each_reference(FiscRows *rows, void *data, GError **error)
{
    (void)error;
    FiscVerifier *verifier = data;
    FiscReferenceMismatch mismatch = {.has_entry = !fisc_rows_is_null(rows, 0, 0),
                                      .has_reference = !fisc_rows_is_null(rows, 0, 6)};
    int from = mismatch.has_reference ? 6 : 0;
    int length = 0;
    mismatch.entry_id = fisc_rows_int8(rows, 0, from);
    mismatch.source_id = fisc_rows_int4(rows, 0, from + 1);
    mismatch.reference = g_strdup(fisc_rows_text(rows, 0, from + 2));
    mismatch.period = fisc_rows_int4(rows, 0, from + 3);
    mismatch.batch_no = fisc_rows_int8(rows, 0, from + 4);
    const uint8_t *digest = fisc_rows_bytea(rows, 0, from + 5, &length);
    memcpy(mismatch.digest, digest, (gsize)MIN(length, 32));
    if (mismatch.has_entry && mismatch.has_reference) {
        g_autofree char *differs = describe_pair(rows);
        mismatch.detail =
            g_strdup_printf("it stands for entry %" G_GINT64_FORMAT " (%s), which has another %s",
                            mismatch.entry_id, fisc_rows_text(rows, 0, 2), differs);
    }
    g_array_append_val(verifier->references, mismatch);
    return true;
}

bool
fisc_verifier_read_references(FiscVerifier *verifier, GError **error)
{
    int64_t from = verifier->is_whole ? G_MININT64 : verifier->begins_entry;
    int64_t since = verifier->is_whole ? G_MININT64 : verifier->options->since;
    verifier->references = g_array_new(FALSE, TRUE, sizeof(FiscReferenceMismatch));
    g_array_set_clear_func(verifier->references, clear_mismatch);
    return fisc_tx_stream(
        verifier->tx, FISC_SQL_LEDGER_VERIFY_REFERENCES,
        FISC_ARGS(fisc_int4(verifier->book_id), fisc_int8(from), fisc_int8(since)), each_reference,
        verifier, error);
}

/* An entry that is missing has lost its name, too: the reference knows it. */
static bool
name_missing_entry(FiscVerifier *verifier, const FiscReferenceMismatch *mismatch)
{
    for (guint i = 0; i < verifier->report->findings->len; i++) {
        FiscFinding *finding = verifier->report->findings->pdata[i];
        if (finding->kind == FISC_FINDING_MISSING && strcmp(finding->subject, "entry") == 0 &&
            finding->number == mismatch->entry_id && finding->batch_no == mismatch->batch_no &&
            finding->name == NULL) {
            finding->name = g_strdup(mismatch->reference);
            return true;
        }
    }
    return false;
}

void
fisc_verifier_report_references(FiscVerifier *verifier)
{
    for (guint i = 0; i < verifier->references->len; i++) {
        const FiscReferenceMismatch *mismatch =
            &g_array_index(verifier->references, FiscReferenceMismatch, i);
        if (mismatch->is_explained) {
            continue;
        }
        if (!mismatch->has_reference) {
            fisc_verifier_find(verifier, FISC_FINDING_MISSING, "reference", 0, mismatch->reference,
                               mismatch->batch_no,
                               "entry %" G_GINT64_FORMAT " has it and it is not on record",
                               mismatch->entry_id);
        } else if (!mismatch->has_entry) {
            if (name_missing_entry(verifier, mismatch)) {
                continue;
            }
            fisc_verifier_find(verifier, FISC_FINDING_DIFFERS, "reference", 0, mismatch->reference,
                               mismatch->batch_no,
                               "it stands for entry %" G_GINT64_FORMAT ", which is not here",
                               mismatch->entry_id);
        } else {
            fisc_verifier_find(verifier, FISC_FINDING_DIFFERS, "reference", 0, mismatch->reference,
                               mismatch->batch_no, "%s", mismatch->detail);
        }
    }
}
