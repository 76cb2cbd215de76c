/* verify_item.c: the open items by the log, and the table of them held against it. */
#include "ledger/verify_internal.h"
#include "fisc/money.h"
#include <string.h>

/* What an item holds on a coding in a year, by the log and by the table. */
typedef struct {
    int32_t entity_id, coding_id, year;
    char *item;
} Key;

typedef struct {
    int side;
    __int128 amount, foreign;
    char *currency; /* NULL = none */
    GArray *hands;  /* of int32_t; NULL = none */
    int64_t opened_entry;
    int opened_line;
} Holding;

typedef struct {
    Key key;
    Holding log, table;
    bool is_in_log, is_in_table;
} ItemFold;

static guint
hash_key(gconstpointer data)
{
    const Key *key = data;
    guint hash = g_str_hash(key->item) ^ (guint)key->entity_id * 2654435761u;
    hash = (hash ^ (guint)key->coding_id) * 16777619u;
    return hash ^ (guint)key->year;
}

static gboolean
equal_key(gconstpointer a, gconstpointer b)
{
    const Key *one = a;
    const Key *other = b;
    return one->entity_id == other->entity_id && one->coding_id == other->coding_id &&
           one->year == other->year && strcmp(one->item, other->item) == 0;
}

static void
holding_clear(Holding *holding)
{
    g_free(holding->currency);
    g_clear_pointer(&holding->hands, g_array_unref);
}

static void
fold_free(gpointer data)
{
    ItemFold *fold = data;
    holding_clear(&fold->log);
    holding_clear(&fold->table);
    g_free(fold->key.item);
    g_free(fold);
}

GHashTable *
fisc_verifier_items_new(void)
{
    return g_hash_table_new_full(hash_key, equal_key, NULL, fold_free);
}

static ItemFold *
find_fold(FiscVerifier *verifier, const char *item, int entity_id, int coding_id, int year)
{
    Key key = {entity_id, coding_id, year, (char *)item};
    ItemFold *fold = g_hash_table_lookup(verifier->items, &key);
    if (fold == NULL) {
        fold = g_new0(ItemFold, 1);
        fold->key = key;
        fold->key.item = g_strdup(item);
        g_hash_table_insert(verifier->items, &fold->key, fold);
    }
    return fold;
}

/* By the log ------------------------------------------------------------------------------- */

/* The side of an item is that of the first line that named it, whatever its coding: it is kept
 * under a coding and a year that no line has. */
static int
side_of(FiscVerifier *verifier, const char *item, int entity_id, int64_t amount)
{
    ItemFold *opened = find_fold(verifier, item, entity_id, 0, 0);
    if (opened->log.side == 0) {
        opened->log.side = amount > 0 ? 1 : -1;
    }
    return opened->log.side;
}

static void
set_hands(Holding *holding, const int32_t *hands, int count)
{
    g_clear_pointer(&holding->hands, g_array_unref);
    holding->hands = g_array_new(FALSE, FALSE, sizeof(int32_t));
    g_array_append_vals(holding->hands, hands, (guint)count);
}

static void
add_line(FiscVerifier *verifier, const FiscLogEntry *entry, int line, int sign)
{
    int year = line < entry->financial ? 0 : fisc_period_year(entry->period);
    const char *item = entry->open_item[line];
    int side = side_of(verifier, item, entry->entity_id, entry->amount[line]);
    ItemFold *fold = find_fold(verifier, item, entry->entity_id, entry->coding[line], year);
    Holding *log = &fold->log;
    int64_t foreign = entry->foreign != NULL ? entry->foreign[line] : 0;
    if (!fold->is_in_log) {
        fold->is_in_log = true;
        log->side = side;
        log->opened_entry = entry->entry_id;
        log->opened_line = line + 1;
    }
    log->amount += sign * (__int128)entry->amount[line];
    log->foreign += sign * (__int128)foreign;
    if (foreign != 0 && log->currency == NULL) {
        log->currency = g_strdup(entry->currency);
    }
    if (entry->hands != NULL) {
        set_hands(log, entry->hands, entry->hand_count);
    }
}

void
fisc_verifier_add_items(FiscVerifier *verifier, const FiscLogEntry *entry, int sign)
{
    for (int i = 0; entry->open_item != NULL && i < entry->count; i++) {
        if (*entry->open_item[i] != '\0') {
            add_line(verifier, entry, i, sign);
        }
    }
}

/* By the table ----------------------------------------------------------------------------- */

static bool
each_item(FiscRows *rows, void *data, GError **error)
{
    (void)error;
    int hands = 0;
    ItemFold *fold = find_fold(data, fisc_rows_text(rows, 0, 1), fisc_rows_int4(rows, 0, 0),
                               fisc_rows_int4(rows, 0, 2), fisc_rows_int4(rows, 0, 3));
    fold->is_in_table = true;
    fold->table = (Holding){.side = fisc_rows_int4(rows, 0, 4),
                            .amount = fisc_rows_int8(rows, 0, 5),
                            .foreign = fisc_rows_int8(rows, 0, 7),
                            .opened_entry = fisc_rows_int8(rows, 0, 9),
                            .opened_line = fisc_rows_int4(rows, 0, 10)};
    if (!fisc_rows_is_null(rows, 0, 6)) {
        fold->table.currency = g_strdup(fisc_rows_text(rows, 0, 6));
    }
    if (!fisc_rows_is_null(rows, 0, 8)) {
        g_autofree int32_t *values = fisc_rows_int4_array(rows, 0, 8, &hands);
        set_hands(&fold->table, values, hands);
    }
    return true;
}

bool
fisc_verifier_read_items(FiscVerifier *verifier, GError **error)
{
    return fisc_tx_stream(verifier->tx, FISC_SQL_LEDGER_VERIFY_ITEMS,
                          FISC_ARGS(fisc_int4(verifier->book_id)), each_item, verifier, error);
}

/* Both ------------------------------------------------------------------------------------- */

static bool
same_hands(const GArray *a, const GArray *b)
{
    return a == NULL || b == NULL
               ? a == b
               : a->len == b->len && memcmp(a->data, b->data, a->len * sizeof(int32_t)) == 0;
}

static const char *
first_difference(const Holding *log, const Holding *table)
{
    return log->amount != table->amount                     ? "amount"
           : log->foreign != table->foreign                 ? "foreign amount"
           : log->side != table->side                       ? "side"
           : g_strcmp0(log->currency, table->currency) != 0 ? "currency"
           : !same_hands(log->hands, table->hands)          ? "hands"
           : log->opened_entry != table->opened_entry || log->opened_line != table->opened_line
               ? "beginning"
               : NULL;
}

static void
report_fold(FiscVerifier *verifier, const ItemFold *fold)
{
    const char *differs = first_difference(&fold->log, &fold->table);
    char log[FISC_SUM_TEXT];
    char table[FISC_SUM_TEXT];
    g_autofree char *name =
        g_strdup_printf("%s of entity %d, coding %d, year %d", fold->key.item, fold->key.entity_id,
                        fold->key.coding_id, fold->key.year);
    if (!fold->is_in_log) {
        fisc_verifier_find(verifier, FISC_FINDING_ADDED, "open_item", 0, name, 0,
                           "no entry of the log names it so");
    } else if (!fold->is_in_table) {
        fisc_verifier_find(verifier, FISC_FINDING_MISSING, "open_item", 0, name, 0,
                           "entry %" G_GINT64_FORMAT " opened it", fold->log.opened_entry);
    } else if (differs != NULL) {
        fisc_verifier_find(verifier, FISC_FINDING_DIFFERS, "open_item", 0, name, 0,
                           "another %s: amount %s by the table, amount %s by the log", differs,
                           fisc_sum_format(fold->table.amount, 0, table),
                           fisc_sum_format(fold->log.amount, 0, log));
    }
}

static gint
compare_folds(gconstpointer a, gconstpointer b)
{
    const Key *one = &(*(ItemFold *const *)a)->key;
    const Key *other = &(*(ItemFold *const *)b)->key;
    int differences[] = {one->entity_id - other->entity_id, strcmp(one->item, other->item),
                         one->year - other->year, one->coding_id - other->coding_id};
    for (gsize i = 0; i < G_N_ELEMENTS(differences); i++) {
        if (differences[i] != 0) {
            return differences[i];
        }
    }
    return 0;
}

void
fisc_verifier_report_items(FiscVerifier *verifier)
{
    if (verifier->upto_entry_found != verifier->upto_entry) {
        return; /* as with the balances, and said there */
    }
    g_autoptr(GPtrArray) folds = g_ptr_array_new();
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, verifier->items);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const ItemFold *fold = value;
        if (fold->is_in_log || fold->is_in_table) {
            g_ptr_array_add(folds, value);
        }
    }
    g_ptr_array_sort(folds, compare_folds);
    for (guint i = 0; i < folds->len; i++) {
        report_fold(verifier, folds->pdata[i]);
    }
}
