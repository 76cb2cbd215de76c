/* handover.c: what units that are split, merged or closed hand over: every stock they have, and
 * every claim that others have on them. Pure; app/flows/unit.c makes entries of it. The shares are
 * those that restated comparatives show, to the last minor unit (lens_restate.c). */
#include "fisc/history.h"
#include <string.h>

/* A stock: codings that differ only in what tells flows apart. */
typedef struct {
    const FiscCoding *coding;
    const char *pick;  /* NULL: shared */
    bool is_of_others; /* a claim of a third unit */
    __int128 sum;
} Stock;

typedef struct {
    const char *const *entities;
    const FiscShareRule *rule;
    const FiscNation *nation;
    GArray *moves;
} Handover;

static bool
is_stock(const FiscAccount *account)
{
    return account->class_ == FISC_CLASS_NONFINANCIAL_ASSET ||
           account->class_ == FISC_CLASS_FINANCIAL_ASSET || account->class_ == FISC_CLASS_LIABILITY;
}

static bool
goes(const Handover *handover, const char *entity)
{
    return g_strv_contains(handover->entities, entity);
}

static const char *
pick_of(const Handover *handover, const FiscCoding *coding, bool is_of_others)
{
    const FiscShareRule *rule = handover->rule;
    if (!is_of_others) {
        return fisc_share_rule_pick(rule, coding);
    }
    return rule->entities->len == 1 ? rule->entities->pdata[0] : NULL;
}

static GHashTable *
sum_stocks(const Handover *handover, const FiscBalances *balances, FiscPeriod to)
{
    GHashTable *stocks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (guint i = 0; i < balances->rows->len; i++) {
        const FiscBalance *row = &g_array_index(balances->rows, FiscBalance, i);
        const FiscCoding *coding = row->coding;
        bool is_own = goes(handover, coding->entity);
        if (row->period > to || !is_stock(coding->account) ||
            (!is_own && !goes(handover, coding->dim[FISC_DIM_COUNTERPARTY]))) {
            continue;
        }
        const char *pick = pick_of(handover, coding, !is_own);
        g_autofree char *words = fisc_share_stock_key(coding);
        g_autofree char *key = g_strconcat(words, "\x1f", pick, NULL);
        Stock *stock = g_hash_table_lookup(stocks, key);
        if (stock == NULL) {
            stock = g_new0(Stock, 1);
            *stock = (Stock){.coding = coding, .pick = pick, .is_of_others = !is_own};
            g_hash_table_insert(stocks, g_steal_pointer(&key), stock);
        }
        stock->sum += (__int128)row->debit - row->credit;
    }
    return stocks;
}

/* A claim on oneself is none; it goes against net worth. */
static void
add_move(Handover *handover, const char *entity, const FiscCoding *coding, const char *counterparty,
         int64_t amount)
{
    FiscMove move = {entity, coding, counterparty, amount};
    if (amount != 0 && strcmp(entity, counterparty) != 0) {
        g_array_append_val(handover->moves, move);
    }
}

static void
hand_over_part(Handover *handover, const Stock *stock, const char *successor, int64_t amount)
{
    const FiscCoding *coding = stock->coding;
    const char *counterparty = coding->dim[FISC_DIM_COUNTERPARTY];
    const FiscEntity *entity = fisc_nation_entity(handover->nation, successor);
    if (entity == NULL) {
        return; /* asked before: app/flows/unit.c */
    }
    if (stock->is_of_others) {
        add_move(handover, coding->entity, coding, entity->code, amount);
    } else if (!goes(handover, counterparty)) {
        add_move(handover, entity->code, coding, counterparty, amount);
    }
}

/* Who goes on with a part keeps it: nothing moves. */
static int64_t
part_kept(const Stock *stock, const char *successor, int64_t amount)
{
    const char *before =
        stock->is_of_others ? stock->coding->dim[FISC_DIM_COUNTERPARTY] : stock->coding->entity;
    return strcmp(before, successor) == 0 ? amount : 0;
}

static void
hand_over(Handover *handover, const Stock *stock)
{
    const FiscShareRule *rule = handover->rule;
    const FiscCoding *coding = stock->coding;
    int64_t sum = (int64_t)CLAMP(stock->sum, -(__int128)G_MAXINT64, (__int128)G_MAXINT64);
    int64_t parts[FISC_SHARES_MAX], kept = 0;
    fisc_share_rule_split(rule, sum, parts);
    guint count = stock->pick != NULL ? 1 : rule->entities->len;
    for (guint i = 0; i < count; i++) {
        const char *successor = stock->pick != NULL ? stock->pick : rule->entities->pdata[i];
        int64_t part = stock->pick != NULL ? sum : parts[i];
        int64_t stays = part_kept(stock, successor, part);
        kept += stays;
        hand_over_part(handover, stock, successor, part - stays);
    }
    add_move(handover, coding->entity, coding, coding->dim[FISC_DIM_COUNTERPARTY], kept - sum);
}

static int
compare_moves(const void *a, const void *b)
{
    const FiscMove *left = a, *right = b;
    int order = strcmp(left->entity, right->entity);
    order = order != 0 ? order : strcmp(left->coding->account->code, right->coding->account->code);
    order = order != 0 ? order : strcmp(left->counterparty, right->counterparty);
    for (int i = 0; order == 0 && i < FISC_DIM_COUNT; i++) {
        order = strcmp(left->coding->dim[i], right->coding->dim[i]);
    }
    order = order != 0 ? order : strcmp(left->coding->entity, right->coding->entity);
    return order != 0 ? order : (left->amount > right->amount) - (left->amount < right->amount);
}

GArray *
fisc_succession_moves(const FiscNation *nation, const FiscBalances *balances,
                      const char *const *entities, const FiscShareRule *rule, FiscPeriod to)
{
    Handover handover = {entities, rule, nation, g_array_new(FALSE, FALSE, sizeof(FiscMove))};
    g_autoptr(GHashTable) stocks = sum_stocks(&handover, balances, to);
    GHashTableIter iterator;
    void *stock = NULL;
    g_hash_table_iter_init(&iterator, stocks);
    while (g_hash_table_iter_next(&iterator, NULL, &stock)) {
        hand_over(&handover, stock);
    }
    g_array_sort(handover.moves, compare_moves);
    return handover.moves;
}
