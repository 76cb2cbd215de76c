/* random_books.c: a year of dealings drawn by a seed.
 *
 * Each kind of dealing is one function that posts balanced journals, in one period; a dealing
 * between two units posts both halves. Amounts are drawn in minor units, so that nothing is round.
 */
#include "tests/reporting/random_books.h"

#define YEAR 2031
#define DEALINGS 120
#define AMOUNT_MAX 100000

typedef struct {
    NaiveBooks *books;
    GRand *rand;
    bool is_symmetric;
    int journals;
    char journal[16];
    FiscPeriod period;
} Draw;

const char *
random_unit(int number)
{
    static const char *const units[RANDOM_UNITS] = {"U1", "U2", "U3", "U4", "U5"};
    return units[number - 1];
}

static int64_t
draw_amount(Draw *draw)
{
    return g_rand_int_range(draw->rand, 1, AMOUNT_MAX);
}

static const char *
draw_unit(Draw *draw)
{
    return random_unit(g_rand_int_range(draw->rand, 1, RANDOM_UNITS + 1));
}

static const char *
draw_other(Draw *draw, const char *unit)
{
    const char *other = draw_unit(draw);
    while (g_str_equal(other, unit)) {
        other = draw_unit(draw);
    }
    return other;
}

static const char *
draw_function(Draw *draw)
{
    static const char *const functions[] = {"70111", "70310", "70451", "70740", "70912", "71020"};
    return functions[g_rand_int_range(draw->rand, 0, G_N_ELEMENTS(functions))];
}

/* What the other side records of @amount. */
static int64_t
other_record(Draw *draw, int64_t amount)
{
    return draw->is_symmetric || g_rand_int_range(draw->rand, 0, 4) > 0 ? amount
                                                                        : draw_amount(draw);
}

static void
next_journal(Draw *draw)
{
    draw->journals++;
    g_snprintf(draw->journal, sizeof draw->journal, "R%04d", draw->journals);
}

static void
post(Draw *draw, const char *unit, const char *code, int64_t amount, const char *counterparty,
     const char *cofog)
{
    NaiveLine line = {.journal = draw->journal,
                      .entity = unit,
                      .code = code,
                      .period = draw->period,
                      .amount = amount,
                      .counterparty = counterparty,
                      .cofog = cofog};
    naive_post(draw->books, &line);
}

static void
post_cash(Draw *draw, const char *unit, int64_t amount, const char *cash_code, const char *payee)
{
    bool is_treasury = g_str_equal(unit, "U1");
    bool is_banked_there = g_str_equal(unit, "U2");
    NaiveLine line = {.journal = draw->journal,
                      .entity = unit,
                      .code = "3202",
                      .period = draw->period,
                      .amount = amount,
                      .counterparty = is_treasury       ? "CB"
                                      : is_banked_there ? "U1"
                                                        : "BANK",
                      .cash_code = cash_code,
                      .cash_counterparty = payee};
    naive_post(draw->books, &line);
    if (is_banked_there) {
        next_journal(draw);
        post_cash(draw, "U1", amount, "3302", "U2");
        post(draw, "U1", "3302", -amount, "U2", NULL);
    }
}

static void
tax_assessed_and_partly_paid(Draw *draw)
{
    const char *unit = draw_unit(draw);
    int64_t amount = draw_amount(draw);
    post(draw, unit, "3208", amount, "HH", NULL);
    post(draw, unit, "1111", -amount, "HH", NULL);
    next_journal(draw);
    post(draw, unit, "3208", -amount / 2, "HH", NULL);
    post_cash(draw, unit, amount / 2, "11", "HH");
}

static void
wages_with_contributions(Draw *draw)
{
    const char *unit = draw_unit(draw);
    int64_t wages = draw_amount(draw);
    int64_t contributions = draw_amount(draw);
    const char *function = draw_function(draw);
    post(draw, unit, "2111", wages, "HH", function);
    post(draw, unit, "2121", contributions, draw_unit(draw), function);
    post_cash(draw, unit, -wages - contributions, "21", "HH");
    next_journal(draw);
    const char *fund = draw_unit(draw);
    post(draw, fund, "1212", -contributions, unit, NULL);
    post_cash(draw, fund, contributions, "12", "HH");
}

static void
goods_on_credit(Draw *draw)
{
    const char *unit = draw_unit(draw);
    int64_t amount = draw_amount(draw);
    post(draw, unit, "22", amount, "CORP", draw_function(draw));
    post(draw, unit, "3308", -amount, "CORP", NULL);
    next_journal(draw);
    post(draw, unit, "3308", amount / 3, "CORP", NULL);
    post_cash(draw, unit, -amount / 3, "22", "CORP");
}

static void
inventories(Draw *draw)
{
    const char *unit = draw_unit(draw);
    int64_t amount = draw_amount(draw);
    const char *function = draw_function(draw);
    post(draw, unit, "31221", amount, "CORP", function);
    post_cash(draw, unit, -amount, "31.1", "CORP");
    next_journal(draw);
    post(draw, unit, "22", amount / 2, NULL, function);
    post(draw, unit, "31221", -amount / 2, NULL, function);
}

static void
capital(Draw *draw)
{
    const char *unit = draw_unit(draw);
    int64_t amount = draw_amount(draw);
    const char *function = draw_function(draw);
    post(draw, unit, "3111.1", amount, "CORP", function);
    post_cash(draw, unit, -amount, "31.1", "CORP");
    next_journal(draw);
    post(draw, unit, "23", amount / 7, NULL, function);
    post(draw, unit, "3111.3", -amount / 7, NULL, function);
}

static void
grant(Draw *draw)
{
    const char *payer = draw_unit(draw);
    const char *receiver = draw_other(draw, payer);
    bool is_capital = g_rand_boolean(draw->rand);
    int64_t paid = draw_amount(draw);
    int64_t received = other_record(draw, paid);
    post(draw, payer, is_capital ? "2632" : "2631", paid, receiver, draw_function(draw));
    post_cash(draw, payer, -paid, "26", receiver);
    next_journal(draw);
    post(draw, receiver, is_capital ? "1332" : "1331", -received, payer, NULL);
    post_cash(draw, receiver, received, "13", payer);
}

static void
loan_with_interest(Draw *draw)
{
    const char *lender = draw_unit(draw);
    const char *borrower = draw_other(draw, lender);
    int64_t amount = draw_amount(draw);
    int64_t interest = draw_amount(draw);
    post(draw, lender, "3204", amount, borrower, NULL);
    post_cash(draw, lender, -amount, "3204", borrower);
    next_journal(draw);
    post(draw, borrower, "3304", -amount, lender, NULL);
    post_cash(draw, borrower, amount, "3304", lender);
    next_journal(draw);
    post(draw, borrower, "243", interest, lender, "70170");
    post_cash(draw, borrower, -interest, "24", lender);
    next_journal(draw);
    int64_t received = other_record(draw, interest);
    post(draw, lender, "14113", -received, borrower, NULL);
    post_cash(draw, lender, received, "14", borrower);
}

static void
claim_revalued_and_written_off(Draw *draw)
{
    const char *lender = draw_unit(draw);
    const char *borrower = draw_other(draw, lender);
    int64_t gain = draw_amount(draw);
    int64_t loss = draw_amount(draw);
    post(draw, lender, "4204", gain, borrower, NULL);
    post(draw, lender, "4", -gain, NULL, NULL);
    post(draw, lender, "5204", -loss, borrower, NULL);
    post(draw, lender, "5", loss, NULL, NULL);
    next_journal(draw);
    gain = other_record(draw, gain);
    loss = other_record(draw, loss);
    post(draw, borrower, "4304", -gain, lender, NULL);
    post(draw, borrower, "4", gain, NULL, NULL);
    post(draw, borrower, "5304", loss, lender, NULL);
    post(draw, borrower, "5", -loss, NULL, NULL);
}

static void
asset_sold(Draw *draw)
{
    const char *seller = draw_unit(draw);
    const char *buyer = draw_other(draw, seller);
    int64_t amount = draw_amount(draw);
    post(draw, seller, "3112.2", -amount, buyer, draw_function(draw));
    post_cash(draw, seller, amount, "31.2", buyer);
    next_journal(draw);
    amount = other_record(draw, amount);
    post(draw, buyer, "3112.1", amount, seller, draw_function(draw));
    post_cash(draw, buyer, -amount, "31.1", seller);
}

static void
services_on_credit_between_units(Draw *draw)
{
    const char *seller = draw_unit(draw);
    const char *buyer = draw_other(draw, seller);
    int64_t amount = draw_amount(draw);
    post(draw, seller, "3208", amount, buyer, NULL);
    post(draw, seller, "1423", -amount, buyer, NULL);
    next_journal(draw);
    amount = other_record(draw, amount);
    post(draw, buyer, "22", amount, seller, draw_function(draw));
    post(draw, buyer, "3308", -amount, seller, NULL);
}

static void
foreign_debt(Draw *draw)
{
    const char *unit = draw_unit(draw);
    int64_t amount = draw_amount(draw);
    post(draw, unit, "3304", -amount, "ROW", NULL);
    post_cash(draw, unit, amount, "3304", "ROW");
    next_journal(draw);
    post(draw, unit, "4304", -amount / 9, "ROW", NULL);
    post(draw, unit, "4", amount / 9, NULL, NULL);
}

static void
land_revalued_and_flooded(Draw *draw)
{
    const char *unit = draw_unit(draw);
    int64_t amount = draw_amount(draw);
    post(draw, unit, "4141", amount, NULL, NULL);
    post(draw, unit, "4", -amount, NULL, NULL);
    post(draw, unit, "5111", -amount / 3, NULL, NULL);
    post(draw, unit, "5", amount / 3, NULL, NULL);
}

/* What GFSM 2001 records otherwise: weapons and research are expense there. */
static void
weapons_and_research(Draw *draw)
{
    const char *unit = draw_unit(draw);
    int64_t amount = draw_amount(draw);
    bool is_weapon = g_rand_boolean(draw->rand);
    const char *bought = is_weapon ? "3114.1" : "311321.1";
    const char *consumed = is_weapon ? "3114.3" : "311321.3";
    const char *function = draw_function(draw);
    post(draw, unit, bought, amount, "CORP", function);
    post_cash(draw, unit, -amount, "31.1", "CORP");
    next_journal(draw);
    post(draw, unit, "23", amount / 5, NULL, function);
    post(draw, unit, consumed, -amount / 5, NULL, function);
    next_journal(draw);
    post(draw, unit, is_weapon ? "4114" : "411321", amount / 6, NULL, NULL);
    post(draw, unit, "4", -amount / 6, NULL, NULL);
}

static void
weapons_sold(Draw *draw)
{
    const char *seller = draw_unit(draw);
    const char *buyer = draw_other(draw, seller);
    int64_t amount = draw_amount(draw);
    post(draw, seller, "3114.2", -amount, buyer, draw_function(draw));
    post_cash(draw, seller, amount, "31.2", buyer);
    next_journal(draw);
    amount = other_record(draw, amount);
    post(draw, buyer, "3114.1", amount, seller, draw_function(draw));
    post_cash(draw, buyer, -amount, "31.1", seller);
}

static void
drawing_rights_allocated(Draw *draw)
{
    const char *unit = draw_unit(draw);
    int64_t amount = draw_amount(draw);
    post(draw, unit, "3201", amount, "IMF", NULL);
    post(draw, unit, "3301", -amount, "IMF", NULL);
    next_journal(draw);
    post(draw, unit, "241", amount / 40, "IMF", "70170");
    post(draw, unit, "3201", -amount / 40, "IMF", NULL);
    next_journal(draw);
    post(draw, unit, "4301", -amount / 9, "IMF", NULL);
    post(draw, unit, "4201", amount / 9, "IMF", NULL);
}

static void
guarantees_provided_and_called(Draw *draw)
{
    const char *unit = draw_unit(draw);
    int64_t amount = draw_amount(draw);
    const char *function = draw_function(draw);
    post(draw, unit, "2832", amount, "CORP", function);
    post(draw, unit, "33065", -amount, "CORP", function);
    next_journal(draw);
    post(draw, unit, "33065", amount / 3, "CORP", function);
    post_cash(draw, unit, -amount / 3, "33065", "CORP");
}

static void (*const dealings[])(Draw *) = {
    tax_assessed_and_partly_paid,
    wages_with_contributions,
    goods_on_credit,
    inventories,
    capital,
    grant,
    loan_with_interest,
    claim_revalued_and_written_off,
    asset_sold,
    services_on_credit_between_units,
    foreign_debt,
    land_revalued_and_flooded,
    weapons_and_research,
    weapons_sold,
    drawing_rights_allocated,
    guarantees_provided_and_called,
};

static void
open_stock(Draw *draw, const char *unit, const char *code, int64_t debit, const char *counterparty)
{
    post(draw, unit, code, debit, counterparty, NULL);
    post(draw, unit, "6", -debit, NULL, NULL);
}

static void
open_units(Draw *draw)
{
    draw->period = YEAR * 100;
    for (int i = 1; i <= RANDOM_UNITS; i++) {
        open_stock(draw, random_unit(i), "6111", draw_amount(draw), NULL);
        open_stock(draw, random_unit(i), "6303", -draw_amount(draw), "BANK");
        open_stock(draw, random_unit(i), "6205", draw_amount(draw), "CORP");
    }
    int64_t deposit = draw_amount(draw);
    open_stock(draw, "U1", "6202", draw_amount(draw), "CB");
    open_stock(draw, "U1", "6302", -deposit, "U2");
    open_stock(draw, "U2", "6202", deposit, "U1");
    int64_t loan = draw_amount(draw);
    open_stock(draw, "U3", "6204", loan, "U4");
    open_stock(draw, "U4", "6304", -other_record(draw, loan), "U3");
}

static NaiveBooks *
new_nation(void)
{
    NaiveBooks *books = naive_books_new();
    books->year = YEAR;
    for (int i = 1; i <= RANDOM_UNITS; i++) {
        naive_entity(books, random_unit(i), "11");
    }
    naive_outsider(books, "HH", "16");
    naive_outsider(books, "CORP", "152");
    naive_outsider(books, "BANK", "132");
    naive_outsider(books, "CB", "12");
    naive_outsider(books, "ROW", "29");
    naive_outsider(books, "IMF", "27");
    fisc_nation_add_group(books->nation, "ALL", "All units", "U1 U2 U3 U4 U5");
    fisc_nation_add_group(books->nation, "REVERSE", "All units, backwards", "U5 U4 U3 U2 U1");
    fisc_nation_add_group(books->nation, "LEFT", "Left half", "U1 U2");
    fisc_nation_add_group(books->nation, "RIGHT", "Right half", "U3 U4 U5");
    return books;
}

NaiveBooks *
random_books_new(guint32 seed, bool is_symmetric)
{
    Draw draw = {.books = new_nation(), .is_symmetric = is_symmetric};
    draw.rand = g_rand_new_with_seed(seed);
    open_units(&draw);
    for (int i = 0; i < DEALINGS; i++) {
        next_journal(&draw);
        draw.period = YEAR * 100 + g_rand_int_range(draw.rand, 1, 14);
        dealings[g_rand_int_range(draw.rand, 0, G_N_ELEMENTS(dealings))](&draw);
    }
    g_rand_free(draw.rand);
    return draw.books;
}
