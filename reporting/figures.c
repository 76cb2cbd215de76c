/* figures.c: from balances to the sums that layouts ask for.
 *
 * Two steps, so that the cost is one look-up per balance row: rows are added up by coding, then
 * each coding is judged once (perimeter, elimination, cash, residence, function) and its sums go
 * to every code above its own. Kept debit positive; signs are put on when a figure is read. Where
 * statements are of another standard, a bridge says which of its codes each line becomes, before
 * anything else is judged. */
#include "reporting/figures.h"
#include "fisc/chart.h"
#include "fisc/gfs.h"
#include "fisc/money.h"
#include "reporting/bridge.h"
#include "reporting/counterparts.h"
#include "reporting/figure_sums.h"
#include "reporting/turnover.h"
#include <string.h>

/* What should have classified a line and did not: stays visible as a note. */
typedef enum {
    GAP_GFS,
    GAP_CASH_CODE,
    GAP_FUNCTION,
    GAP_ASSET_COUNTERPARTY,
    GAP_LIABILITY_COUNTERPARTY,
    GAP_CHANGE_COUNTERPARTY,
    GAP_STOCK_COUNTERPARTY,
    GAP_COUNT
} Gap;

static const struct {
    const char *about; /* statements that lack it; NULL: all */
    const char *words;
} gap_notes[GAP_COUNT] = {
    [GAP_GFS] = {NULL, "Accounts without a GFS class are in no statement"},
    [GAP_CASH_CODE] = {"SSUC,S2", "Cash lines without a cash code are in no row of SSUC"},
    [GAP_FUNCTION] = {"COFOG,COFOG_DIV,T7", "Expenditure without a function is in no row of COFOG"},
    [GAP_ASSET_COUNTERPARTY] =
        {"SOO,COUNTERPART,SO,T3,T8A",
         "Transactions in financial assets without a counterparty are in neither 321 nor 322"},
    [GAP_LIABILITY_COUNTERPARTY] =
        {"SOO,COUNTERPART,SO,T3,T8A",
         "Transactions in liabilities without a counterparty are in neither 331 nor 332"},
    [GAP_CHANGE_COUNTERPARTY] =
        {"T4,T5,T9",
         "Holding gains and volume changes of financial assets and liabilities without a "
         "counterparty are neither domestic nor external"},
    [GAP_STOCK_COUNTERPARTY] =
        {"T6,T6A,T8B", "Stocks of financial assets and liabilities without a counterparty are "
                       "neither domestic nor external"},
};

struct _FiscFigures {
    const FiscStatementQuery *query;
    const FiscPerimeter *perimeter;
    const FiscLayoutFamily *family; /* NULL: none of that name */
    FiscFigureSums *sums;
    __int128 gaps[GAP_COUNT];
    __int128 unmapped_debit, unmapped_credit; /* of accounts that have no GFS class */
    FiscTransit *transit;
    FiscCounterparts *counterparts;
    FiscBridge *bridge;          /* to the codes of another standard; NULL = as posted */
    FiscFigureListener listener; /* NULL: nobody listens */
    gpointer listener_data;
    const FiscCoding *current; /* being judged */
};

static void
add_figure(FiscFigures *figures, FiscSource source, const char *code, __int128 amount)
{
    if (figures->listener != NULL) {
        figures->listener(figures->current, source, code, amount, figures->listener_data);
    }
    fisc_figure_sums_add(figures->sums, source, code, amount);
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

/* Monetary gold and SDRs, which GFSM 2001 sets beside domestic and foreign assets. */
static bool
is_of_no_residence(const char *code)
{
    return fisc_gfs_is_under(code, "323");
}

static const char *
counterpart_of(FiscFigures *figures, const FiscCoding *coding)
{
    return fisc_counterparts_code(figures->counterparts, coding->dim[FISC_DIM_COUNTERPARTY]);
}

static void
add_financial(FiscFigures *figures, const FiscCoding *coding, const char *code, __int128 flow)
{
    bool is_liability = code[1] == '3';
    if (is_of_no_residence(code)) {
        add_figure(figures, FISC_SOURCE_COUNTERPART, "823", flow);
        return;
    }
    const char *counterpart = counterpart_of(figures, coding);
    if (!add_by_residence(figures, FISC_SOURCE_DOMESTIC, FISC_SOURCE_EXTERNAL, counterpart, code,
                          flow)) {
        figures->gaps[is_liability ? GAP_LIABILITY_COUNTERPARTY : GAP_ASSET_COUNTERPARTY] += flow;
        return;
    }
    g_autofree char *row = g_strconcat(is_liability ? "83" : "82", counterpart, NULL);
    add_figure(figures, FISC_SOURCE_COUNTERPART, row, flow);
}

/* Holding gains and volume changes of claims and debts, by residence. */
static void
add_financial_change(FiscFigures *figures, const FiscCoding *coding, const char *code,
                     __int128 flow)
{
    if (!add_by_residence(figures, FISC_SOURCE_DOMESTIC, FISC_SOURCE_EXTERNAL,
                          counterpart_of(figures, coding), code, flow)) {
        figures->gaps[GAP_CHANGE_COUNTERPARTY] += flow;
    }
}

/* What is held of whom, and owed to whom, at the end. */
static void
add_financial_stock(FiscFigures *figures, const FiscCoding *coding, const char *code,
                    __int128 closing)
{
    const char *counterpart = counterpart_of(figures, coding);
    if (!add_by_residence(figures, FISC_SOURCE_CLOSE_DOMESTIC, FISC_SOURCE_CLOSE_EXTERNAL,
                          counterpart, code, closing)) {
        figures->gaps[GAP_STOCK_COUNTERPARTY] += closing;
        return;
    }
    g_autofree char *row = g_strdup_printf("68%c%s", code[1], counterpart);
    add_figure(figures, FISC_SOURCE_COUNTERPART_CLOSE, row, closing);
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

/* The row of the cash statement that a cash line names, in the standard of the statements. */
static const char *
cash_row(const FiscFigures *figures, const char *code, char buffer[FISC_GFS_CODE])
{
    if (figures->bridge == NULL || !g_ascii_isdigit(code[0])) {
        return code;
    }
    const FiscBridgeParts *parts = fisc_bridge_parts(figures->bridge, code);
    if (parts->count == 0) {
        return code;
    }
    /* Revenue and expense are told by two digits here. */
    bool is_short = strchr("12", parts->part[0].code[0]) != NULL;
    g_strlcpy(buffer, parts->part[0].code, is_short ? 3 : FISC_GFS_CODE);
    return buffer;
}

/* A cash line's row in the cash statement is judged by payer or payee, not by the bank that holds
 * the deposit (convention 4). */
static void
add_cash(FiscFigures *figures, const FiscCoding *coding, __int128 cash)
{
    char buffer[FISC_GFS_CODE];
    const char *payee = coding->dim[FISC_DIM_CASH_COUNTERPARTY];
    const char *code = cash_row(figures, coding->dim[FISC_DIM_CASH_CODE], buffer);
    if (!figures->query->unconsolidated && fisc_perimeter_is_inside(figures->perimeter, payee)) {
        FiscCoding as = *coding;
        as.dim[FISC_DIM_CASH_CODE] = code;
        fisc_transit_add_cash(figures->transit, &as, cash);
        return;
    }
    if (!g_ascii_isdigit(code[0])) {
        figures->gaps[GAP_CASH_CODE] += cash;
        return;
    }
    add_figure(figures, FISC_SOURCE_CASH, code, cash);
    if (is_of_no_residence(code)) {
        return;
    }
    add_by_residence(figures, FISC_SOURCE_CASH_DOMESTIC, FISC_SOURCE_CASH_EXTERNAL,
                     fisc_counterparts_code(figures->counterparts, payee), code, cash);
}

/* "3204", "4304", "6202": not "311", "32" of no instrument is. */
static bool
is_financial(const char *code)
{
    return strchr("3456", code[0]) != NULL && (code[1] == '2' || code[1] == '3');
}

static void
add_flow(FiscFigures *figures, const FiscCoding *coding, const char *code, __int128 flow)
{
    add_figure(figures, FISC_SOURCE_FLOW, code, flow);
    bool is_transaction = coding->flow == FISC_FLOW_TRANSACTION;
    if (is_financial(code) && is_transaction) {
        add_financial(figures, coding, code, flow);
    } else if (is_financial(code)) {
        add_financial_change(figures, coding, code, flow);
    } else if (is_transaction && (code[0] == '2' || g_str_has_prefix(code, "31"))) {
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
add_stock(FiscFigures *figures, const FiscCoding *coding, const char *code, __int128 opening,
          __int128 closing)
{
    add_figure(figures, FISC_SOURCE_OPEN, code, opening);
    add_figure(figures, FISC_SOURCE_CLOSE, code, closing);
    if (is_financial(code) && closing != 0) {
        add_financial_stock(figures, coding, code, closing);
    }
}

/* What a line is for the statements: a stock before and after the period, and a flow. */
typedef struct {
    const FiscCoding *coding;
    char code[FISC_GFS_CODE]; /* of the flow */
    __int128 opening, flow;
    bool is_eliminated;
    bool has_flow; /* something was posted, even if it adds up to nothing */
} Line;

static void
add_line(FiscFigures *figures, const Line *line)
{
    const FiscCoding *coding = line->coding;
    if (line->is_eliminated) {
        fisc_transit_add(figures->transit, coding, line->code, line->opening, line->flow);
        return;
    }
    if (is_stock(coding->account)) {
        add_stock(figures, coding, coding->account->gfs, line->opening, line->opening + line->flow);
    }
    if (line->has_flow) {
        add_flow(figures, coding, line->code, line->flow);
    }
}

/* One code that the flow of a line becomes in another standard. */
static void
add_bridged_flow(FiscFigures *figures, const Line *line, const FiscBridgePart *part)
{
    FiscCoding as = *line->coding;
    if (part->code[0] >= '3' && part->code[0] <= '5') {
        as.flow = part->code[0] - '0'; /* a transaction here may be a volume change there */
    }
    if (line->is_eliminated) {
        fisc_transit_add(figures->transit, &as, part->code, 0, part->sign * line->flow);
    } else {
        add_flow(figures, &as, part->code, part->sign * line->flow);
    }
}

/* One code that the stock of a line becomes. What is shown for information is in no net worth. */
static void
add_bridged_stock(FiscFigures *figures, const Line *line, const FiscBridgePart *part)
{
    __int128 opening = part->sign * line->opening;
    if (!line->is_eliminated) {
        add_stock(figures, line->coding, part->code, opening, opening + part->sign * line->flow);
    } else if (g_ascii_isdigit(part->code[1])) {
        fisc_transit_add(figures->transit, line->coding, part->code, opening, 0);
    }
}

static void
add_bridged(FiscFigures *figures, const Line *line)
{
    const char *stock = line->coding->account->gfs;
    const FiscBridgeParts *flows = fisc_bridge_parts(figures->bridge, line->code);
    for (guint i = 0; line->has_flow && i < flows->count; i++) {
        add_bridged_flow(figures, line, &flows->part[i]);
    }
    if (!line->is_eliminated && line->has_flow) {
        fisc_bridge_tell(figures->bridge, line->code, line->flow);
    }
    if (!is_stock(line->coding->account)) {
        return;
    }
    const FiscBridgeParts *stocks = fisc_bridge_parts(figures->bridge, stock);
    for (guint i = 0; i < stocks->count; i++) {
        add_bridged_stock(figures, line, &stocks->part[i]);
    }
    if (!line->is_eliminated) {
        fisc_bridge_tell(figures->bridge, stock, line->opening + line->flow);
    }
}

static void
add_turnover(FiscFigures *figures, const FiscTurnover *turnover)
{
    const FiscCoding *coding = turnover->coding;
    const FiscAccount *account = coding->account;
    bool is_opening = coding->flow == FISC_FLOW_OPENING;
    Line line = {.coding = coding,
                 .opening = is_stock(account) ? turnover->before : 0,
                 .flow = is_opening ? 0 : turnover->during,
                 .has_flow = !is_opening && turnover->is_moved};
    if (is_opening) {
        line.opening += turnover->during;
    }
    fisc_gfs_compose(account->gfs, coding->flow, coding->kind, line.code);
    if (coding->flow == FISC_FLOW_TRANSACTION && fisc_gfs_is_under(account->gfs, "6202") &&
        turnover->is_moved) {
        add_cash(figures, coding, line.flow);
    }
    line.is_eliminated = !figures->query->unconsolidated &&
                         fisc_perimeter_eliminates(figures->perimeter, line.code,
                                                   coding->dim[FISC_DIM_COUNTERPARTY]);
    if (figures->bridge != NULL) {
        add_bridged(figures, &line);
    } else {
        add_line(figures, &line);
    }
}

/* By the number of the account, both sides alike: a national statement eliminates nothing, and what
 * is opened was there before. */
static void
add_account(FiscFigures *figures, const FiscTurnover *turnover)
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
judge(FiscFigures *figures, const FiscTurnover *turnover)
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

/* What is on record beside the books (convention 13). No coding made it, so nobody hears of it. */
static void
add_memoranda(FiscFigures *figures)
{
    const GPtrArray *memoranda = figures->perimeter->nation->memoranda;
    for (guint i = 0; i < memoranda->len; i++) {
        const FiscMemorandum *memorandum = g_ptr_array_index(memoranda, i);
        if (g_strcmp0(memorandum->unit, figures->query->unit) == 0 &&
            memorandum->year == fisc_period_year(figures->query->to)) {
            fisc_figure_sums_add(figures->sums, FISC_SOURCE_MEMORANDUM, memorandum->code,
                                 memorandum->amount);
        }
    }
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
    figures->sums = fisc_figure_sums_new();
    figures->transit = fisc_transit_new(perimeter);
    figures->counterparts = fisc_counterparts_new(perimeter->nation);
    fisc_layout_family_find(query->family, &figures->family, NULL);
    if (figures->family != NULL && figures->family->bridge != NULL) {
        figures->bridge = fisc_bridge_new(figures->family->bridge);
    }
    add_memoranda(figures);
    g_autoptr(GArray) turnovers = fisc_turnovers(query, perimeter);
    for (guint i = 0; i < turnovers->len; i++) {
        judge(figures, &g_array_index(turnovers, FiscTurnover, i));
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
    fisc_figure_sums_free(figures->sums);
    fisc_transit_free(figures->transit);
    fisc_counterparts_free(figures->counterparts);
    fisc_bridge_free(figures->bridge);
    g_free(figures);
}

__int128
fisc_figures_get(const FiscFigures *figures, FiscSource source, const char *code)
{
    return fisc_figure_sums_get(figures->sums, source, code);
}

GPtrArray *
fisc_figures_codes(const FiscFigures *figures, FiscSource source, const char *under, guint digits,
                   bool deeper)
{
    return fisc_figure_sums_codes(figures->sums, source, under, digits, deeper);
}

/* Those of @about, all of them for NULL, that the family has and that are asked for: "SOO,SSUC".
 * False when none is. */
static bool
find_places(const FiscFigures *figures, const char *about, char **out_places)
{
    *out_places = NULL;
    if (about == NULL || figures->family == NULL) {
        return true;
    }
    g_autoptr(GString) places = g_string_new(NULL);
    for (const FiscLayoutFile *file = figures->family->files; file->statement != NULL; file++) {
        if (fisc_layout_is_asked(about, file->statement) &&
            fisc_layout_is_asked(figures->query->statement, file->statement)) {
            g_string_append_printf(places, "%s%s", places->len > 0 ? "," : "", file->statement);
        }
    }
    *out_places = places->len > 0 ? g_strdup(places->str) : NULL;
    return places->len > 0;
}

static void
add_note(const FiscFigures *figures, const char *about, const char *text, FiscTable *table)
{
    g_autofree char *places = NULL;
    if (find_places(figures, about, &places)) {
        fisc_table_add_note_about(table, figures->query->unit, places, false, text);
    }
}

void
fisc_figures_notes(const FiscFigures *figures, FiscTable *table)
{
    for (int gap = 0; gap < GAP_COUNT; gap++) {
        char amount[FISC_SUM_TEXT];
        if (figures->gaps[gap] != 0) {
            g_autofree char *text = g_strdup_printf(
                "%s: %s", gap_notes[gap].words,
                fisc_sum_format_grouped(figures->gaps[gap], table->decimals, amount));
            add_note(figures, gap_notes[gap].about, text, table);
        }
    }
    if (figures->bridge != NULL) {
        fisc_bridge_notes(figures->bridge, figures->query->unit, figures->query->statement, table);
    }
    const FiscLayoutNote *note = figures->family != NULL ? figures->family->notes : NULL;
    for (; note != NULL && note->about != NULL; note++) {
        add_note(figures, note->about, note->text, table);
    }
}

const char *
fisc_figures_label(const FiscFigures *figures, const char *code)
{
    const char *own = figures->bridge != NULL ? fisc_bridge_label(figures->bridge, code) : NULL;
    return own != NULL ? own : fisc_gfs_label(code);
}

const FiscTransit *
fisc_figures_transit(const FiscFigures *figures)
{
    return figures->transit;
}
