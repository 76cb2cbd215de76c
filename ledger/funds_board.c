/* funds_board.c: see funds_board.h. A key is a card that is replaced as a whole; the cards of an
 * entity and year lie together, since every key begins with its entity. */
#include "ledger/funds_board.h"
#include "ledger/engine_control.h"
#include <string.h>

/* What is known of one key. Immutable once it is made. */
typedef struct {
    FiscKeyName name;
    int part_count;
    FiscKeyPart parts[FISC_KEY_PARTS_MAX];
    char *part[FISC_KEY_PARTS_MAX]; /* codes */
    GPtrArray *funds;               /* of FiscFunds, by window; empty: not on record any more */
} Card;

struct _FiscFundsNews {
    GPtrArray *cards;    /* of Card */
    GHashTable *parents; /* "programme/231" -> code above; NULL: as it was */
    bool is_all;         /* what is not here is gone */
};

struct _FiscFundsBoard {
    GRWLock lock;
    GHashTable *cards; /* FiscKeyName -> Card, which is owned by its page */
    GHashTable *pages; /* "CITY\x1f2024" -> GPtrArray of Card */
    GHashTable *parents;
};

static void
card_free(gpointer data)
{
    Card *card = data;
    if (card != NULL) {
        for (int i = 0; i < card->part_count; i++) {
            g_free(card->part[i]);
        }
        g_clear_pointer(&card->funds, g_ptr_array_unref);
        g_free(card);
    }
}

static GHashTable *
page_table(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                 (GDestroyNotify)g_ptr_array_unref);
}

FiscFundsBoard *
fisc_funds_board_new(void)
{
    FiscFundsBoard *board = g_new0(FiscFundsBoard, 1);
    g_rw_lock_init(&board->lock);
    board->cards = fisc_engine_key_index();
    board->pages = page_table();
    board->parents = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return board;
}

void
fisc_funds_board_free(FiscFundsBoard *board)
{
    if (board != NULL) {
        g_hash_table_unref(board->cards);
        g_hash_table_unref(board->pages);
        g_hash_table_unref(board->parents);
        g_rw_lock_clear(&board->lock);
        g_free(board);
    }
}

void
fisc_funds_news_free(FiscFundsNews *news)
{
    if (news != NULL) {
        g_ptr_array_unref(news->cards);
        g_clear_pointer(&news->parents, g_hash_table_unref);
        g_free(news);
    }
}

/* Taking news ------------------------------------------------------------------------------- */

void
fisc_engine_keep_news(FiscEngine *engine)
{
    if (engine->changed == NULL) {
        engine->changed = g_ptr_array_new();
        engine->is_all_changed = true;
    }
}

static Card *
card_of(const FiscEngine *engine, const FiscKeyState *state)
{
    Card *card = g_new0(Card, 1);
    card->name = state->name;
    card->part_count = state->control->part_count;
    memcpy(card->parts, state->control->parts, sizeof card->parts);
    for (int i = 0; i < card->part_count; i++) {
        card->part[i] = g_strdup(fisc_engine_symbol_text(engine, state->name.part[i]));
    }
    card->funds = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_funds_free);
    fisc_engine_append_funds(engine, state, card->funds);
    return card;
}

static GHashTable *
copy_parents(const FiscEngine *engine)
{
    GHashTable *parents = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    GHashTableIter iter;
    gpointer name, value;
    g_hash_table_iter_init(&iter, engine->masters);
    while (g_hash_table_iter_next(&iter, &name, &value)) {
        const FiscMaster *master = value;
        const char *parent = fisc_engine_field(master->fields, "parent");
        if (g_str_has_prefix(name, "segment\x1f") && parent != NULL && *parent != '\0') {
            g_hash_table_insert(parents, g_strdup(master->subject), g_strdup(parent));
        }
    }
    return parents;
}

static void
add_all(FiscEngine *engine, FiscFundsNews *news)
{
    GHashTableIter iter;
    gpointer state;
    fisc_engine_refresh_keys(engine);
    g_hash_table_iter_init(&iter, engine->key_states);
    while (g_hash_table_iter_next(&iter, NULL, &state)) {
        g_ptr_array_add(news->cards, card_of(engine, state));
    }
    news->parents = copy_parents(engine);
    news->is_all = true;
}

FiscFundsNews *
fisc_engine_take_news(FiscEngine *engine)
{
    if (engine->changed == NULL || (engine->changed->len == 0 && !engine->is_all_changed)) {
        return NULL;
    }
    FiscFundsNews *news = g_new0(FiscFundsNews, 1);
    news->cards = g_ptr_array_new_with_free_func(card_free);
    if (engine->is_all_changed || engine->is_outdated) {
        add_all(engine, news);
    }
    for (guint i = 0; i < engine->changed->len; i++) {
        FiscKeyState *state = engine->changed->pdata[i];
        state->is_changed = false;
        if (!news->is_all) {
            g_ptr_array_add(news->cards, card_of(engine, state));
        }
    }
    g_ptr_array_set_size(engine->changed, 0);
    engine->is_all_changed = false;
    return news;
}

/* Putting them up --------------------------------------------------------------------------- */

static void
put_card(FiscFundsBoard *board, Card *card)
{
    char buffer[FISC_CODE_MAX + 16];
    g_snprintf(buffer, sizeof buffer, "%s\x1f%d", card->part[0], card->name.year);
    GPtrArray *page = g_hash_table_lookup(board->pages, buffer);
    Card *before = g_hash_table_lookup(board->cards, &card->name);
    if (page == NULL) {
        page = g_ptr_array_new_with_free_func(card_free);
        g_hash_table_insert(board->pages, g_strdup(buffer), page);
    }
    g_hash_table_replace(board->cards, &card->name, card);
    if (before != NULL) {
        g_ptr_array_remove_fast(page, before);
    }
    g_ptr_array_add(page, card);
}

void
fisc_funds_board_put(FiscFundsBoard *board, FiscFundsNews *given)
{
    g_autoptr(FiscFundsNews) news = given;
    if (news == NULL) {
        return;
    }
    g_ptr_array_set_free_func(news->cards, NULL); /* the pages own them from now on */
    g_rw_lock_writer_lock(&board->lock);
    if (news->is_all) {
        g_hash_table_remove_all(board->cards);
        g_hash_table_remove_all(board->pages);
    }
    if (news->parents != NULL) {
        g_hash_table_unref(board->parents);
        board->parents = g_steal_pointer(&news->parents);
    }
    for (guint i = 0; i < news->cards->len; i++) {
        put_card(board, news->cards->pdata[i]);
    }
    g_rw_lock_writer_unlock(&board->lock);
}

/* Asking ------------------------------------------------------------------------------------- */

static const char *
parent_of(const FiscFundsBoard *board, const char *column, const char *code)
{
    g_autofree char *subject = g_strconcat(column, "/", code, NULL);
    return g_hash_table_lookup(board->parents, subject);
}

/* As fisc_engine_ancestor(). */
static const char *
ancestor_of(const FiscFundsBoard *board, const FiscKeyPart *part, const char *code)
{
    const char *column = fisc_key_part_column(part);
    int deep = 1;
    for (const char *up = parent_of(board, column, code); up != NULL;
         up = parent_of(board, column, up)) {
        deep++;
    }
    for (; deep > part->depth; deep--) {
        code = parent_of(board, column, code);
    }
    return code;
}

static bool
matches(const FiscFundsBoard *board, const Card *card, const char *const dim[FISC_DIM_COUNT])
{
    for (int i = 1; i < card->part_count; i++) {
        const FiscKeyPart *part = &card->parts[i];
        const char *wanted = part->dim >= 0 ? dim[part->dim] : NULL;
        if (wanted != NULL && part->depth > 0) {
            wanted = ancestor_of(board, part, wanted);
        }
        bool is_same = wanted == NULL ||
                       (part->length > 0 ? strncmp(wanted, card->part[i], (gsize)part->length) == 0
                                         : strcmp(wanted, card->part[i]) == 0);
        if (!is_same) {
            return false;
        }
    }
    return true;
}

static FiscFunds *
copy_funds(const FiscFunds *funds)
{
    FiscFunds *copy = g_memdup2(funds, sizeof *funds);
    copy->control = g_strdup(funds->control);
    copy->level = g_strdup(funds->level);
    copy->article = g_strdup(funds->article);
    copy->key = g_strdup(funds->key);
    copy->growth = g_strdup(funds->growth);
    return copy;
}

static void
ask_page(const FiscFundsBoard *board, const GPtrArray *page, int year,
         const char *const dim[FISC_DIM_COUNT], GPtrArray *out_funds)
{
    for (guint i = 0; page != NULL && i < page->len; i++) {
        const Card *card = page->pdata[i];
        if (card->name.year != year || card->funds->len == 0 || !matches(board, card, dim)) {
            continue;
        }
        for (guint k = 0; k < card->funds->len; k++) {
            g_ptr_array_add(out_funds, copy_funds(card->funds->pdata[k]));
        }
    }
}

void
fisc_funds_board_ask(FiscFundsBoard *board, const char *entity, int year,
                     const char *const dim[FISC_DIM_COUNT], GPtrArray *out_funds)
{
    g_rw_lock_reader_lock(&board->lock);
    if (entity != NULL) {
        g_autofree char *name = g_strdup_printf("%s\x1f%d", entity, year);
        ask_page(board, g_hash_table_lookup(board->pages, name), year, dim, out_funds);
    } else {
        GHashTableIter iter;
        gpointer page;
        g_hash_table_iter_init(&iter, board->pages);
        while (g_hash_table_iter_next(&iter, NULL, &page)) {
            ask_page(board, page, year, dim, out_funds);
        }
    }
    g_rw_lock_reader_unlock(&board->lock);
    g_ptr_array_sort(out_funds, fisc_funds_compare);
}
