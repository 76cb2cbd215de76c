/* figures.c: from balances to the sums that layouts ask for.
 *
 * Two steps, so that the cost is one look-up per balance row: rows are added up by coding, then
 * each coding is judged once (perimeter, elimination, cash, residence, function) and its sums go
 * to every code above its own. Kept debit positive; signs are put on when a figure is read. */
#include "reporting/figures.h"
#include "fisc/gfs.h"
#include "fisc/money.h"
#include "reporting/layout.h"
#include <string.h>

/* What should have classified a line and did not: stays visible as a note. */
typedef enum {
    GAP_GFS,
    GAP_CASH_CODE,
    GAP_FUNCTION,
    GAP_ASSET_COUNTERPARTY,
    GAP_LIABILITY_COUNTERPARTY,
    GAP_COUNT
} Gap;

static const struct {
    const char *about; /* statements that lack it; NULL: all */
    const char *words;
} gap_notes[GAP_COUNT] = {
    [GAP_GFS] = {NULL, "Accounts without a GFS class are in no statement"},
    [GAP_CASH_CODE] = {"SSUC", "Cash lines without a cash code are in no row of SSUC"},
    [GAP_FUNCTION] = {"COFOG,COFOG_DIV", "Expenditure without a function is in no row of COFOG"},
    [GAP_ASSET_COUNTERPARTY] =
        {"SOO,COUNTERPART",
         "Transactions in financial assets without a counterparty are in neither 321 nor 322"},
    [GAP_LIABILITY_COUNTERPARTY] =
        {"SOO,COUNTERPART",
         "Transactions in liabilities without a counterparty are in neither 331 nor 332"},
};

struct _FiscFigures {
    const FiscStatementQuery *query;
    const FiscPerimeter *perimeter;
    GHashTable *sums[FISC_SOURCE_COUNT];   /* code -> __int128: everything under it */
    GHashTable *posted[FISC_SOURCE_COUNT]; /* codes as posted */
    __int128 gaps[GAP_COUNT];
    __int128 unmapped_debit, unmapped_credit; /* of accounts that have no GFS class */
    FiscTransit *transit;
    GStringChunk *codes;
    FiscFigureListener listener; /* NULL: nobody listens */
    gpointer listener_data;
    const FiscCoding *current; /* being judged */
};

/* A coding's turnover, debits positive. */
typedef struct {
    const FiscCoding *coding;
    __int128 before; /* the period */
    __int128 during;
    __int128 debit, credit; /* during */
    bool is_moved;          /* something was posted during it, even if it adds up to nothing */
} Turnover;

int
fisc_source_find(const char *word)
{
    static const char *const words[] = {
#define X(name, text, meaning) [FISC_SOURCE_##name] = text,
        FISC_SOURCES(X)
#undef X
    };
    for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
        if (g_str_equal(words[i], word)) {
            return (int)i;
        }
    }
    return -1;
}

static void
raise_sum(FiscFigures *figures, FiscSource source, const char *code, __int128 amount)
{
    __int128 *sum = g_hash_table_lookup(figures->sums[source], code);
    if (sum == NULL) {
        sum = g_new0(__int128, 1);
        g_hash_table_insert(figures->sums[source],
                            g_string_chunk_insert_const(figures->codes, code), sum);
    }
    *sum += amount;
}

/* To the code and every one above it: 3111.1 counts in 3111, 311, 31, 3 and, as an acquisition,
 * in 3111.1, 311.1, 31.1, 3.1. */
static void
add_figure(FiscFigures *figures, FiscSource source, const char *code, __int128 amount)
{
    if (figures->listener != NULL) {
        figures->listener(figures->current, source, code, amount, figures->listener_data);
    }
    const char *suffix = strchrnul(code, '.');
    size_t digits = (size_t)(suffix - code);
    g_autofree char *above = g_malloc(strlen(code) + 1);
    for (size_t length = 1; length <= digits; length++) {
        memcpy(above, code, length);
        above[length] = '\0';
        raise_sum(figures, source, above, amount);
        if (*suffix != '\0') {
            strcpy(above + length, suffix);
            raise_sum(figures, source, above, amount);
        }
    }
    g_hash_table_add(figures->posted[source], g_string_chunk_insert_const(figures->codes, code));
}

/* The counterparty code of an entity; of a class, what its members have in common. */
static char *
counterpart_code(const FiscNation *nation, const char *counterparty)
{
    const FiscEntity *entity = fisc_nation_entity(nation, counterparty);
    if (entity != NULL) {
        return g_strdup(entity->cp_code);
    }
    const FiscGroup *group = fisc_nation_group(nation, counterparty);
    g_autofree char *common = NULL;
    for (guint i = 0; group != NULL && i < group->members->len; i++) {
        entity = fisc_nation_entity(nation, g_ptr_array_index(group->members, i));
        const char *code = entity != NULL ? entity->cp_code : "";
        if (common == NULL) {
            common = g_strdup(code);
        }
        size_t same = 0;
        while (common[same] != '\0' && common[same] == code[same]) {
            same++;
        }
        common[same] = '\0';
    }
    return common != NULL ? g_steal_pointer(&common) : g_strdup("");
}

/* Adds to the domestic or the external source by the counterparty's code; false when it has none.
 */
static bool
add_by_residence(FiscFigures *figures, FiscSource domestic, FiscSource external,
                 const char *counterpart, const char *code, __int128 amount)
{
    if (counterpart[0] != '1' && counterpart[0] != '2') {
        return false;
    }
    add_figure(figures, counterpart[0] == '1' ? domestic : external, code, amount);
    return true;
}

static void
add_financial(FiscFigures *figures, const FiscCoding *coding, const char *code, __int128 flow)
{
    const FiscNation *nation = figures->perimeter->nation;
    g_autofree char *counterpart = counterpart_code(nation, coding->dim[FISC_DIM_COUNTERPARTY]);
    bool is_liability = coding->account->class_ == FISC_CLASS_LIABILITY;
    if (!add_by_residence(figures, FISC_SOURCE_DOMESTIC, FISC_SOURCE_EXTERNAL, counterpart, code,
                          flow)) {
        figures->gaps[is_liability ? GAP_LIABILITY_COUNTERPARTY : GAP_ASSET_COUNTERPARTY] += flow;
        return;
    }
    g_autofree char *row = g_strconcat(is_liability ? "83" : "82", counterpart, NULL);
    add_figure(figures, FISC_SOURCE_COUNTERPART, row, flow);
}

static void
add_function(FiscFigures *figures, const FiscCoding *coding, __int128 flow)
{
    const char *function = coding->dim[FISC_DIM_FUNCTION];
    if (function[0] != '7') {
        figures->gaps[GAP_FUNCTION] += flow;
        return;
    }
    add_figure(figures, FISC_SOURCE_FUNCTION, function, flow);
}

/* A cash line's row in the cash statement is judged by payer or payee, not by the bank that holds
 * the deposit (convention 4). */
static void
add_cash(FiscFigures *figures, const FiscCoding *coding, __int128 cash)
{
    const char *payee = coding->dim[FISC_DIM_CASH_COUNTERPARTY];
    const char *code = coding->dim[FISC_DIM_CASH_CODE];
    if (!figures->query->unconsolidated && fisc_perimeter_is_inside(figures->perimeter, payee)) {
        fisc_transit_add_cash(figures->transit, coding, cash);
        return;
    }
    if (!g_ascii_isdigit(code[0])) {
        figures->gaps[GAP_CASH_CODE] += cash;
        return;
    }
    g_autofree char *counterpart = counterpart_code(figures->perimeter->nation, payee);
    add_figure(figures, FISC_SOURCE_CASH, code, cash);
    add_by_residence(figures, FISC_SOURCE_CASH_DOMESTIC, FISC_SOURCE_CASH_EXTERNAL, counterpart,
                     code, cash);
}

static void
add_flow(FiscFigures *figures, const FiscCoding *coding, const char *code, __int128 flow)
{
    add_figure(figures, FISC_SOURCE_FLOW, code, flow);
    bool is_transaction = coding->flow == FISC_FLOW_TRANSACTION;
    FiscClass class_ = coding->account->class_;
    if (is_transaction &&
        (class_ == FISC_CLASS_FINANCIAL_ASSET || class_ == FISC_CLASS_LIABILITY)) {
        add_financial(figures, coding, code, flow);
    }
    if (is_transaction &&
        (class_ == FISC_CLASS_EXPENSE || class_ == FISC_CLASS_NONFINANCIAL_ASSET)) {
        add_function(figures, coding, flow);
    }
}

static bool
is_stock(const FiscAccount *account)
{
    return account->class_ == FISC_CLASS_NONFINANCIAL_ASSET ||
           account->class_ == FISC_CLASS_FINANCIAL_ASSET || account->class_ == FISC_CLASS_LIABILITY;
}

static void
add_stock(FiscFigures *figures, const FiscCoding *coding, __int128 opening, __int128 flow)
{
    add_figure(figures, FISC_SOURCE_OPEN, coding->account->gfs, opening);
    add_figure(figures, FISC_SOURCE_CLOSE, coding->account->gfs, opening + flow);
}

static void
add_turnover(FiscFigures *figures, const Turnover *turnover)
{
    const FiscCoding *coding = turnover->coding;
    const FiscAccount *account = coding->account;
    bool is_opening = coding->flow == FISC_FLOW_OPENING;
    __int128 opening = is_stock(account) ? turnover->before : 0;
    __int128 flow = is_opening ? 0 : turnover->during;
    if (is_opening) {
        opening += turnover->during;
    }
    char code[FISC_GFS_CODE];
    fisc_gfs_compose(account->gfs, coding->flow, coding->kind, code);
    if (coding->flow == FISC_FLOW_TRANSACTION && fisc_gfs_is_under(account->gfs, "6202") &&
        turnover->is_moved) {
        add_cash(figures, coding, flow);
    }
    if (!figures->query->unconsolidated &&
        fisc_perimeter_eliminates(figures->perimeter, code, coding->dim[FISC_DIM_COUNTERPARTY])) {
        fisc_transit_add(figures->transit, coding, code, opening, flow);
        return;
    }
    if (is_stock(account)) {
        add_stock(figures, coding, opening, flow);
    }
    if (!is_opening && turnover->is_moved) {
        add_flow(figures, coding, code, flow);
    }
}

static Turnover *
find_turnover(GHashTable *index, GArray *turnovers, const FiscCoding *coding)
{
    guint found = GPOINTER_TO_UINT(g_hash_table_lookup(index, coding));
    if (found == 0) {
        Turnover turnover = {.coding = coding};
        g_array_append_val(turnovers, turnover);
        found = turnovers->len;
        g_hash_table_insert(index, (void *)coding, GUINT_TO_POINTER(found));
    }
    return &g_array_index(turnovers, Turnover, found - 1);
}

/* In the order of the balances, so that every run says the same. */
static GArray *
sum_by_coding(const FiscStatementQuery *query, const FiscPerimeter *perimeter)
{
    GArray *turnovers = g_array_new(FALSE, FALSE, sizeof(Turnover));
    g_autoptr(GHashTable) index = g_hash_table_new(NULL, NULL);
    for (guint i = 0; i < query->balances->rows->len; i++) {
        const FiscBalance *row = &g_array_index(query->balances->rows, FiscBalance, i);
        if (row->period > query->to || !fisc_perimeter_has(perimeter, row->coding->entity)) {
            continue;
        }
        Turnover *turnover = find_turnover(index, turnovers, row->coding);
        __int128 net = (__int128)row->debit - row->credit;
        if (row->period < query->from) {
            turnover->before += net;
        } else {
            turnover->during += net;
            turnover->debit += row->debit;
            turnover->credit += row->credit;
            turnover->is_moved = true;
        }
    }
    return turnovers;
}

/* By the number of the account, both sides alike: a national statement eliminates nothing, and what
 * is opened was there before. */
static void
add_account(FiscFigures *figures, const Turnover *turnover)
{
    const char *number = turnover->coding->account->code;
    bool is_opening = turnover->coding->flow == FISC_FLOW_OPENING;
    __int128 total = turnover->before + turnover->during;
    add_figure(figures, FISC_SOURCE_ACCOUNT_OPEN, number, is_opening ? total : turnover->before);
    add_figure(figures, FISC_SOURCE_ACCOUNT_CLOSE, number, total);
    if (!is_opening) {
        add_figure(figures, FISC_SOURCE_ACCOUNT_DEBIT, number, turnover->debit);
        add_figure(figures, FISC_SOURCE_ACCOUNT_CREDIT, number, turnover->credit);
    }
}

/* Budgetary accounts are no part of GFS, and net worth is what the other stocks leave
 * (convention 8). */
static void
judge(FiscFigures *figures, const Turnover *turnover)
{
    const FiscAccount *account = turnover->coding->account;
    figures->current = turnover->coding;
    if (figures->query->layout != NULL) {
        add_account(figures, turnover);
    }
    if (account->class_ == FISC_CLASS_BUDGETARY || account->class_ == FISC_CLASS_NET_WORTH) {
        return;
    }
    if (account->gfs == NULL || account->gfs[0] == '\0') {
        figures->unmapped_debit += turnover->debit;
        figures->unmapped_credit += turnover->credit;
        return;
    }
    add_turnover(figures, turnover);
}

FiscFigures *
fisc_figures_new(const FiscStatementQuery *query, const FiscPerimeter *perimeter)
{
    return fisc_figures_new_heard(query, perimeter, NULL, NULL);
}

FiscFigures *
fisc_figures_new_heard(const FiscStatementQuery *query, const FiscPerimeter *perimeter,
                       FiscFigureListener listener, gpointer data)
{
    FiscFigures *figures = g_new0(FiscFigures, 1);
    figures->listener = listener;
    figures->listener_data = data;
    figures->query = query;
    figures->perimeter = perimeter;
    figures->codes = g_string_chunk_new(4096);
    figures->transit = fisc_transit_new(perimeter);
    for (int source = 0; source < FISC_SOURCE_COUNT; source++) {
        figures->sums[source] = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
        figures->posted[source] = g_hash_table_new(g_str_hash, g_str_equal);
    }
    g_autoptr(GArray) turnovers = sum_by_coding(query, perimeter);
    for (guint i = 0; i < turnovers->len; i++) {
        judge(figures, &g_array_index(turnovers, Turnover, i));
    }
    /* Both legs of an entry may lack a class: their net would be nothing and say nothing. */
    figures->gaps[GAP_GFS] = MAX(figures->unmapped_debit, figures->unmapped_credit);
    return figures;
}

void
fisc_figures_free(FiscFigures *figures)
{
    if (figures == NULL) {
        return;
    }
    for (int source = 0; source < FISC_SOURCE_COUNT; source++) {
        g_hash_table_unref(figures->sums[source]);
        g_hash_table_unref(figures->posted[source]);
    }
    fisc_transit_free(figures->transit);
    g_string_chunk_free(figures->codes);
    g_free(figures);
}

static int
natural_side(FiscSource source, const char *code)
{
    switch (source) {
    case FISC_SOURCE_FLOW:
    case FISC_SOURCE_OPEN:
    case FISC_SOURCE_CLOSE:
    case FISC_SOURCE_DOMESTIC:
    case FISC_SOURCE_EXTERNAL:
        return fisc_gfs_sign(code);
    case FISC_SOURCE_COUNTERPART:
        return g_str_has_prefix(code, "83") ? -1 : 1;
    default:
        return 1;
    }
}

__int128
fisc_figures_get(const FiscFigures *figures, FiscSource source, const char *code)
{
    const __int128 *sum = g_hash_table_lookup(figures->sums[source], code);
    return sum != NULL ? *sum * natural_side(source, code) : 0;
}

static int
compare_codes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
list_code(const FiscFigures *figures, GHashTable *seen, GPtrArray *codes, const char *code)
{
    char *kept = g_string_chunk_insert_const(figures->codes, code);
    if (g_hash_table_add(seen, kept)) {
        g_ptr_array_add(codes, kept);
    }
}

GPtrArray *
fisc_figures_codes(const FiscFigures *figures, FiscSource source, const char *under, guint digits,
                   bool deeper)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *codes = g_ptr_array_new();
    GHashTableIter iterator;
    void *key = NULL;
    g_hash_table_iter_init(&iterator, figures->posted[source]);
    while (g_hash_table_iter_next(&iterator, &key, NULL)) {
        const char *code = key;
        if (!g_str_has_prefix(code, under) || strlen(code) < digits) {
            continue;
        }
        g_autofree char *cut = g_strndup(code, digits);
        list_code(figures, seen, codes, digits > 0 ? cut : code);
        if (deeper) {
            list_code(figures, seen, codes, code);
        }
    }
    g_ptr_array_sort(codes, compare_codes);
    return codes;
}

void
fisc_figures_notes(const FiscFigures *figures, FiscTable *table)
{
    for (int gap = 0; gap < GAP_COUNT; gap++) {
        char amount[FISC_SUM_TEXT];
        const char *about = gap_notes[gap].about;
        if (figures->gaps[gap] == 0 ||
            (about != NULL && !fisc_layout_is_asked(figures->query->statement, about))) {
            continue;
        }
        g_autofree char *text =
            g_strdup_printf("%s: %s", gap_notes[gap].words,
                            fisc_sum_format_grouped(figures->gaps[gap], table->decimals, amount));
        fisc_table_add_note_about(table, figures->query->unit, about, false, text);
    }
}

const FiscTransit *
fisc_figures_transit(const FiscFigures *figures)
{
    return figures->transit;
}
