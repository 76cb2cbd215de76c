/* transit.c: the residue of elimination, by pair and in total.
 *
 * A dealing has two records: payer's and receiver's, creditor's and debtor's. The table below says
 * which GFS codes speak of the same kind of dealing and from which side. What is compared here is
 * everything that was left out, adjustments included: an adjustment removes the residue. */
#include "reporting/transit.h"
#include "fisc/chart.h"
#include "fisc/gfs.h"
#include "fisc/money.h"
#include "reporting/pairs.h"
#include <string.h>

#define NOTES_MAX 200 /* pairs of one statement printed one by one */

/* The two parts of the cash statement. */
#define CASH_OPERATIONS "operations" /* above CSD */
#define CASH_FINANCING "financing"

struct _FiscTransit {
    const FiscPerimeter *perimeter;
    FiscPairs *pairs;
    FiscPairs *cash; /* payments between two units: from the payer, to the payee */
    __int128 total[FISC_TRANSIT_ITEM_COUNT];
};

/* The first entry that a code lies under tells its kind of dealing. */
static const struct {
    const char *under;
    const char *what;
    FiscSide side;
} dealings[] = {
    {"1331", "current grants", FISC_SIDE_TO},
    {"2631", "current grants", FISC_SIDE_FROM},
    {"1332", "capital grants", FISC_SIDE_TO},
    {"2632", "capital grants", FISC_SIDE_FROM},
    {"13", "grants", FISC_SIDE_TO},
    {"26", "grants", FISC_SIDE_FROM},
    {"141", "property income", FISC_SIDE_TO},
    {"24", "property income", FISC_SIDE_FROM},
    {"281", "property income", FISC_SIDE_FROM},
    {"1", "other revenue and expense", FISC_SIDE_TO},
    {"2", "other revenue and expense", FISC_SIDE_FROM},
};

FiscTransit *
fisc_transit_new(const FiscPerimeter *perimeter)
{
    FiscTransit *transit = g_new0(FiscTransit, 1);
    transit->perimeter = perimeter;
    transit->pairs = fisc_pairs_new(perimeter);
    transit->cash = fisc_pairs_new(perimeter);
    return transit;
}

void
fisc_transit_free(FiscTransit *transit)
{
    if (transit == NULL) {
        return;
    }
    fisc_pairs_free(transit->pairs);
    fisc_pairs_free(transit->cash);
    g_free(transit);
}

/* Credits are what the receiver or debtor records: shown positive on that side. */
static bool
add_pair(FiscTransit *transit, const FiscCoding *coding, FiscSide side, const char *what,
         __int128 debit)
{
    return fisc_pairs_add(transit->pairs, side, coding->entity, coding->dim[FISC_DIM_COUNTERPARTY],
                          what, side == FISC_SIDE_FROM ? debit : -debit);
}

/* Of an asset that is expense in the standard of the statements (bridge.h), too: its seller records
 * a credit. */
static bool
is_disposal(const FiscCoding *coding)
{
    return coding->account->class_ == FISC_CLASS_NONFINANCIAL_ASSET && coding->kind == 2;
}

static void
add_revenue_or_expense(FiscTransit *transit, const FiscCoding *coding, const char *code,
                       __int128 flow)
{
    guint i = 0;
    while (!fisc_gfs_is_under(code, dealings[i].under)) {
        i++;
        g_assert(i < G_N_ELEMENTS(dealings));
    }
    FiscSide side = is_disposal(coding) ? FISC_SIDE_TO : dealings[i].side;
    if (add_pair(transit, coding, side, dealings[i].what, flow)) {
        transit->total[FISC_TRANSIT_NOB] -= flow;
        transit->total[FISC_TRANSIT_NLB] -= flow;
        transit->total[FISC_TRANSIT_DISCREPANCY] -= flow;
    }
}

/* A seller's disposal is a credit; everything else of 31 is taken as the buyer's. */
static FiscSide
asset_side(const FiscCoding *coding)
{
    switch (coding->account->class_) {
    case FISC_CLASS_LIABILITY:
        return FISC_SIDE_TO;
    case FISC_CLASS_NONFINANCIAL_ASSET:
        return is_disposal(coding) ? FISC_SIDE_TO : FISC_SIDE_FROM;
    default:
        return FISC_SIDE_FROM;
    }
}

/* The instrument, which both sides share: 3204 and 3304 are both "Loans". */
static const char *
asset_noun(const FiscCoding *coding, char buffer[FISC_GFS_CODE])
{
    if (coding->account->class_ == FISC_CLASS_NONFINANCIAL_ASSET) {
        return "nonfinancial assets";
    }
    g_snprintf(buffer, FISC_GFS_CODE, "62%.2s", coding->account->gfs + 2);
    const char *label = fisc_gfs_label(buffer);
    return label[0] != '\0' ? label : "financial claims";
}

static const char *
flow_word(int flow)
{
    switch (flow) {
    case FISC_FLOW_HOLDING_GAIN:
        return "holding gains";
    case FISC_FLOW_VOLUME_CHANGE:
        return "volume changes";
    default:
        return "transactions";
    }
}

static bool
add_asset_pair(FiscTransit *transit, const FiscCoding *coding, const char *word, __int128 debit)
{
    char buffer[FISC_GFS_CODE];
    g_autofree char *what = g_strdup_printf("%s, %s", asset_noun(coding, buffer), word);
    return add_pair(transit, coding, asset_side(coding), what, debit);
}

/* NLBz = NLB - 32 + 33: whatever a transaction was in, leaving it out moves NLBz. */
static void
add_transaction(FiscTransit *transit, const FiscCoding *coding, __int128 flow)
{
    transit->total[FISC_TRANSIT_DISCREPANCY] -= flow;
    if (coding->account->class_ == FISC_CLASS_NONFINANCIAL_ASSET) {
        transit->total[FISC_TRANSIT_NLB] -= flow;
    }
}

static void
add_asset(FiscTransit *transit, const FiscCoding *coding, __int128 opening, __int128 flow)
{
    if (opening != 0 && add_asset_pair(transit, coding, "opening stock", opening)) {
        transit->total[FISC_TRANSIT_OPENING] += opening;
        transit->total[FISC_TRANSIT_CLOSING] += opening;
    }
    if (flow == 0 || !add_asset_pair(transit, coding, flow_word(coding->flow), flow)) {
        return;
    }
    transit->total[FISC_TRANSIT_CLOSING] += flow;
    if (coding->flow == FISC_FLOW_HOLDING_GAIN) {
        transit->total[FISC_TRANSIT_GAINS] += flow;
    } else if (coding->flow == FISC_FLOW_VOLUME_CHANGE) {
        transit->total[FISC_TRANSIT_VOLUME] += flow;
    } else {
        add_transaction(transit, coding, flow);
    }
}

void
fisc_transit_add(FiscTransit *transit, const FiscCoding *coding, const char *code, __int128 opening,
                 __int128 flow)
{
    if (code[0] == '1' || code[0] == '2') {
        add_revenue_or_expense(transit, coding, code, flow);
    } else {
        add_asset(transit, coding, opening, flow);
    }
}

/* The first that a cash code begins with. Lenders pay and borrowers receive, repayments negative.
 */
static const struct {
    const char *begins;
    FiscSide side;
    bool is_operation;
} cash_rows[] = {
    {"1", FISC_SIDE_TO, true},    {"2", FISC_SIDE_FROM, true},   {"31.2", FISC_SIDE_TO, true},
    {"31", FISC_SIDE_FROM, true}, {"32", FISC_SIDE_FROM, false}, {"33", FISC_SIDE_TO, false},
};

void
fisc_transit_add_cash(FiscTransit *transit, const FiscCoding *coding, __int128 cash)
{
    const char *other = coding->dim[FISC_DIM_CASH_COUNTERPARTY];
    for (guint i = 0; i < G_N_ELEMENTS(cash_rows); i++) {
        if (!g_str_has_prefix(coding->dim[FISC_DIM_CASH_CODE], cash_rows[i].begins)) {
            continue;
        }
        bool is_operation = cash_rows[i].is_operation;
        FiscSide side = cash_rows[i].side;
        if (fisc_pairs_add(transit->cash, side, coding->entity, other,
                           is_operation ? CASH_OPERATIONS : CASH_FINANCING,
                           side == FISC_SIDE_TO ? cash : -cash) &&
            is_operation) {
            transit->total[FISC_TRANSIT_CSD] += cash;
        }
        return;
    }
}

__int128
fisc_transit_total(const FiscTransit *transit, FiscTransitItem item)
{
    return transit->total[item];
}

static char *
pair_words(const FiscNation *nation, const FiscPair *pair, int decimals)
{
    char amount[FISC_SUM_TEXT];
    __int128 difference = pair->amount[FISC_SIDE_FROM] - pair->amount[FISC_SIDE_TO];
    bool from_is_higher = difference > 0;
    return g_strdup_printf(
        "In transit: %s -> %s, %s, %s, owner %s (%s record higher)", pair->from, pair->to,
        pair->what,
        fisc_sum_format_grouped(from_is_higher ? difference : -difference, decimals, amount),
        fisc_pair_owner(nation, pair), from_is_higher ? "payer's" : "receiver's");
}

static const struct {
    const char *printed;
    const char *statement;
} items[] = {
#define X(name, text, statement) [FISC_TRANSIT_##name] = {text, statement},
    FISC_TRANSIT_ITEMS(X)
#undef X
};

/* NULL when the statement's items hold nothing in transit. */
static char *
total_words(const FiscTransit *transit, const char *statement)
{
    g_autoptr(GString) words = g_string_new(NULL);
    for (int item = 0; item < FISC_TRANSIT_ITEM_COUNT; item++) {
        char amount[FISC_SUM_TEXT];
        if (transit->total[item] != 0 && g_str_equal(items[item].statement, statement)) {
            g_string_append_printf(words, "%s%s %s", words->len > 0 ? ", " : "",
                                   items[item].printed,
                                   fisc_sum_format_grouped(transit->total[item],
                                                           transit->perimeter->decimals, amount));
        }
    }
    return words->len > 0
               ? g_strdup_printf("In transit, sum over units less consolidated: %s", words->str)
               : NULL;
}

static bool
is_revenue_or_expense(const FiscPair *pair)
{
    for (guint i = 0; i < G_N_ELEMENTS(dealings); i++) {
        if (g_str_equal(pair->what, dealings[i].what)) {
            return true;
        }
    }
    return false;
}

static char *
pair_key(const FiscPair *pair)
{
    return g_strjoin("\x1f", pair->from, pair->to, NULL);
}

/* What two units' revenue and expense differ by, all classes together. */
static GHashTable *
net_by_units(GPtrArray *pairs)
{
    GHashTable *nets = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (guint i = 0; i < pairs->len; i++) {
        const FiscPair *pair = g_ptr_array_index(pairs, i);
        g_autofree char *key = pair_key(pair);
        __int128 *net = g_hash_table_lookup(nets, key);
        if (net == NULL) {
            net = g_new0(__int128, 1);
            g_hash_table_insert(nets, g_steal_pointer(&key), net);
        }
        if (is_revenue_or_expense(pair)) {
            *net += pair->amount[FISC_SIDE_FROM] - pair->amount[FISC_SIDE_TO];
        }
    }
    return nets;
}

/* Records that differ in class only, current against capital, leave nothing behind: they are an
 * asymmetry (asymmetries.c), and not in transit. */
static bool
leaves_residue(const FiscPair *pair, GHashTable *nets)
{
    g_autofree char *key = pair_key(pair);
    return !is_revenue_or_expense(pair) || *(__int128 *)g_hash_table_lookup(nets, key) != 0;
}

/* The statement beside which a pair is shown: the first whose words end its kind of dealing. */
static const char *
statement_of(const FiscPair *pair)
{
    static const struct {
        const char *ends;
        const char *statement;
    } places[] = {
        {"nonfinancial assets, transactions", "SOO"},
        {", opening stock", "BS_OPEN"},
        {", holding gains", "SOEF"},
        {", volume changes", "SOEF"},
        {", transactions", "BS_CLOSE"},
        {"", "SOO"},
    };
    guint i = 0;
    while (!g_str_has_suffix(pair->what, places[i].ends)) {
        i++;
    }
    return places[i].statement;
}

GPtrArray *
fisc_transit_notes(const FiscTransit *transit, const char *statement)
{
    GPtrArray *notes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) pairs = fisc_pairs_list(transit->pairs);
    g_autoptr(GHashTable) nets = net_by_units(pairs);
    guint differing = 0;
    for (guint i = 0; i < pairs->len; i++) {
        const FiscPair *pair = g_ptr_array_index(pairs, i);
        if (!leaves_residue(pair, nets) || !g_str_equal(statement_of(pair), statement)) {
            continue;
        }
        if (differing < NOTES_MAX) {
            g_ptr_array_add(
                notes, pair_words(transit->perimeter->nation, pair, transit->perimeter->decimals));
        }
        differing++;
    }
    if (differing > NOTES_MAX) {
        g_ptr_array_add(notes,
                        g_strdup_printf("In transit: %u more pairs differ", differing - NOTES_MAX));
    }
    g_autofree char *totals = total_words(transit, statement);
    if (totals != NULL) {
        g_ptr_array_add(notes, g_steal_pointer(&totals));
    }
    return notes;
}

/* Where payer and payee record a payment differently, and what that leaves behind. */
typedef struct {
    GString *paid;      /* paid and not yet collected */
    GString *collected; /* collected and not recorded as paid */
    __int128 net;       /* the former less the latter */
} CashWords;

static void
add_cash_pair(CashWords *words, const FiscPair *pair, int decimals)
{
    char amount[FISC_SUM_TEXT];
    __int128 difference = pair->amount[FISC_SIDE_FROM] - pair->amount[FISC_SIDE_TO];
    bool is_paid = difference > 0;
    GString *list = is_paid ? words->paid : words->collected;
    g_string_append_printf(
        list, "%s%s -> %s %s", list->len > 0 ? ", " : "", pair->from, pair->to,
        fisc_sum_format_grouped(is_paid ? difference : -difference, decimals, amount));
    words->net += difference;
}

static char *
explain_cash(const FiscTransit *transit, __int128 left, bool with_financing)
{
    int decimals = transit->perimeter->decimals;
    char amount[FISC_SUM_TEXT];
    g_autoptr(GString) text = g_string_new("In transit: ");
    g_autoptr(GString) paid = g_string_new(NULL);
    g_autoptr(GString) collected = g_string_new(NULL);
    g_autoptr(GPtrArray) pairs = fisc_pairs_list(transit->cash);
    CashWords words = {paid, collected, 0};
    for (guint i = 0; i < pairs->len; i++) {
        const FiscPair *pair = g_ptr_array_index(pairs, i);
        if (with_financing || g_str_equal(pair->what, CASH_OPERATIONS)) {
            add_cash_pair(&words, pair, decimals);
        }
    }
    g_string_append_printf(text,
                           "%s of this is cash between the units that one side only has on record.",
                           fisc_sum_format_grouped(left, decimals, amount));
    if (paid->len > 0) {
        g_string_append_printf(text, " Paid and not yet collected: %s.", paid->str);
    }
    if (collected->len > 0) {
        g_string_append_printf(text, " Collected and not recorded as paid: %s.", collected->str);
    }
    if (words.net != left) {
        g_string_append_printf(text, " Other records that differ: %s.",
                               fisc_sum_format_grouped(left - words.net, decimals, amount));
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

char *
fisc_transit_explain(const FiscTransit *transit, const char *statement, const char *code)
{
    static const FiscTransitItem of_cash[] = {FISC_TRANSIT_DISCREPANCY, FISC_TRANSIT_CSD};
    for (guint i = 0; i < G_N_ELEMENTS(of_cash); i++) {
        FiscTransitItem item = of_cash[i];
        /* The row holds what the units' rows do not: consolidated less sum over units. */
        __int128 left = -transit->total[item];
        if (left != 0 && g_str_equal(items[item].printed, code) &&
            g_str_equal(items[item].statement, statement)) {
            return explain_cash(transit, left, item == FISC_TRANSIT_DISCREPANCY);
        }
    }
    return NULL;
}
