/* nation.c: see nation.h. Everything follows from the number of a thing and the seed; there is no
 * file behind it. */
#include "bench/nation.h"
#include "fisc/chart.h"
#include <stdio.h>
#include <string.h>

#define BUDGETS_OF_MINISTRIES 4790 /* the others are spread over the local units */
#define DRY_EVERY 50               /* one budget line in so many runs dry */
#define DRY_APPROPRIATION 500      /* the first or second voucher already asks for more */
#define AMPLE_APPROPRIATION ((int64_t)1000000000000)
#define AMOUNT_MAX 1000
#define LATE_ONE_IN 10 /* one voucher in so many belongs to the month before */
#define MONTH 11
#define CONTROL_KEY "entity programme economic"

/* How the 300 accounts are shared out, in the order of their numbers. */
static const struct {
    FiscClass class_;
    int count;
    const char *gfs[9]; /* stems, in turn; ended by NULL */
} account_classes[] = {
    {FISC_CLASS_EXPENSE, 200, {"2111", "2121", "22", "251", "2711", "2721", "2821", "2822"}},
    {FISC_CLASS_LIABILITY, 40, {"6308"}},
    {FISC_CLASS_REVENUE, 30, {"1111", "1112", "1141", "142", "143"}},
    {FISC_CLASS_FINANCIAL_ASSET, 20, {"6202", "6208"}},
    {FISC_CLASS_NONFINANCIAL_ASSET, 10, {"6111", "6112"}},
};
#define EXPENSE_ACCOUNTS 200
#define PAYABLE_ACCOUNTS 40 /* they follow the expense accounts */

static const char *const functions[] = {"7011", "7021", "7032", "7042", "7051",
                                        "7061", "7073", "7083", "7092", "7102"};

/* ---- the nation ---- */

static void
make_units(FiscBenchNation *nation)
{
    for (int i = 0; i < FISC_BENCH_MINISTRIES; i++) {
        g_snprintf(nation->unit[i], FISC_BENCH_CODE, "M%02d", i + 1);
    }
    for (int i = 0; i < FISC_BENCH_LOCAL_UNITS; i++) {
        g_snprintf(nation->unit[FISC_BENCH_MINISTRIES + i], FISC_BENCH_CODE, "L%04d", i + 1);
    }
}

static void
make_accounts(FiscBenchNation *nation)
{
    int number = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(account_classes); i++) {
        int kinds = 0;
        while (account_classes[i].gfs[kinds] != NULL) {
            kinds++;
        }
        for (int k = 0; k < account_classes[i].count; k++) {
            FiscBenchAccount *account = &nation->account[number++];
            g_snprintf(account->code, FISC_BENCH_CODE, "N%03d", number);
            account->gfs = account_classes[i].gfs[k % kinds];
            account->class_ = account_classes[i].class_;
        }
    }
    g_assert(number == FISC_BENCH_ACCOUNTS);
}

static void
make_codes(char (*codes)[FISC_BENCH_CODE], int count, char letter)
{
    for (int i = 0; i < count; i++) {
        g_snprintf(codes[i], FISC_BENCH_CODE, "%c%03d", letter, i + 1);
    }
}

/* The budget lines of a unit differ in their programme, and so in their key. */
static void
make_budget(FiscBenchNation *nation, int number)
{
    bool is_of_ministry = number < BUDGETS_OF_MINISTRIES;
    int nth_of_kind = is_of_ministry ? number : number - BUDGETS_OF_MINISTRIES;
    int units = is_of_ministry ? FISC_BENCH_MINISTRIES : FISC_BENCH_LOCAL_UNITS;
    int nth_of_unit = nth_of_kind / units;
    g_assert(nth_of_unit < FISC_BENCH_PROGRAMMES);
    nation->budget[number] = (FiscBenchBudget){
        .unit = nth_of_kind % units + (is_of_ministry ? 0 : FISC_BENCH_MINISTRIES),
        .account = number * 79 % EXPENSE_ACCOUNTS,
        .programme = nth_of_unit,
        .fund = number % FISC_BENCH_FUNDS,
        .economic = number * 31 % FISC_BENCH_ECONOMICS,
        .function = functions[number % (int)G_N_ELEMENTS(functions)],
        .appropriation =
            number % DRY_EVERY == DRY_EVERY / 2 ? DRY_APPROPRIATION : AMPLE_APPROPRIATION,
    };
}

FiscBenchNation *
fisc_bench_nation_new(uint64_t seed)
{
    FiscBenchNation *nation = g_new0(FiscBenchNation, 1);
    make_units(nation);
    make_accounts(nation);
    make_codes(nation->programme, FISC_BENCH_PROGRAMMES, 'P');
    make_codes(nation->fund, FISC_BENCH_FUNDS, 'F');
    make_codes(nation->economic, FISC_BENCH_ECONOMICS, 'E');
    for (int i = 0; i < FISC_BENCH_BUDGETS; i++) {
        make_budget(nation, i);
    }
    nation->hot = fisc_bench_zipf_new(FISC_BENCH_BUDGETS, seed);
    return nation;
}

void
fisc_bench_nation_free(FiscBenchNation *nation)
{
    if (nation != NULL) {
        fisc_bench_zipf_free(nation->hot);
        g_free(nation);
    }
}

void
fisc_bench_budget_words(const FiscBenchNation *nation, const FiscBenchBudget *budget,
                        const char *out_dim[FISC_DIM_COUNT])
{
    memset(out_dim, 0, FISC_DIM_COUNT * sizeof *out_dim);
    out_dim[FISC_DIM_PROGRAMME] = nation->programme[budget->programme];
    out_dim[FISC_DIM_FUND] = nation->fund[budget->fund];
    out_dim[FISC_DIM_ECONOMIC] = nation->economic[budget->economic];
    out_dim[FISC_DIM_FUNCTION] = budget->function;
}

/* ---- what is on record before the first voucher ---- */

static void
add_units(const FiscBenchNation *nation, FiscSubmission *submission)
{
    g_autoptr(GString) ministries = g_string_new(NULL);
    g_autoptr(GString) everybody = g_string_new(NULL);
    for (int i = 0; i < FISC_BENCH_UNITS; i++) {
        bool is_ministry = i < FISC_BENCH_MINISTRIES;
        const char *unit = nation->unit[i];
        fisc_submission_event(submission, "entity", unit, "name", unit, "sector",
                              is_ministry ? "S13111" : "S1313", "cp_code", "11", "reporting", "Y",
                              NULL);
        g_string_append_printf(everybody, "%s%s", i > 0 ? " " : "", unit);
        if (is_ministry) {
            g_string_append_printf(ministries, "%s%s", i > 0 ? " " : "", unit);
        }
    }
    fisc_submission_event(submission, "entity", FISC_BENCH_SUPPLIERS, "name", "Suppliers", "sector",
                          "S11002", "cp_code", "152", "reporting", "N", NULL);
    fisc_submission_event(submission, "group", FISC_BENCH_CENTRAL, "name", "Central government",
                          "members", ministries->str, NULL);
    fisc_submission_event(submission, "group", FISC_BENCH_EVERYBODY, "name", "General government",
                          "members", everybody->str, NULL);
}

static void
add_accounts(const FiscBenchNation *nation, FiscSubmission *submission)
{
    fisc_chart_events(submission);
    for (int i = 0; i < FISC_BENCH_ACCOUNTS; i++) {
        const FiscBenchAccount *account = &nation->account[i];
        fisc_submission_event(submission, "account", account->code, "name", account->code, "class",
                              fisc_class_word(account->class_), "gfs", account->gfs, NULL);
    }
}

FiscSubmission *
fisc_bench_nation_master(const FiscBenchNation *nation)
{
    FiscSubmission *submission = fisc_submission_new(FISC_BENCH_SOURCE, FISC_BENCH_ACTOR);
    add_accounts(nation, submission);
    for (int month = 0; month <= 13; month++) {
        g_autofree char *period = g_strdup_printf("%d", FISC_BENCH_YEAR * 100 + month);
        fisc_submission_event(submission, "period", period, "state", "open", NULL);
    }
    add_units(nation, submission);
    fisc_submission_event(submission, "control", "budget", "level", "absolute", "absent", "refuse",
                          "key", CONTROL_KEY, "entities", "*", NULL);
    return submission;
}

/* One entry for every budget line: the whole of it from one stage to another. */
static FiscSubmission *
move_budget(const FiscBenchNation *nation, const char *what, int month, FiscStage from,
            FiscStage to)
{
    FiscSubmission *submission = fisc_submission_new(FISC_BENCH_SOURCE, FISC_BENCH_ACTOR);
    for (int i = 0; i < FISC_BENCH_BUDGETS; i++) {
        const FiscBenchBudget *budget = &nation->budget[i];
        const char *dim[FISC_DIM_COUNT];
        g_autofree char *reference = g_strdup_printf("%s/%d", what, i);
        FiscEntry *entry = fisc_submission_entry(submission);
        fisc_bench_budget_words(nation, budget, dim);
        entry->entity = nation->unit[budget->unit];
        entry->reference = fisc_submission_text(submission, reference);
        entry->effective = fisc_date_make(FISC_BENCH_YEAR, month, 1);
        fisc_entry_move(entry, from, to, budget->appropriation, dim, 0);
        fisc_entry_digest(entry);
    }
    return submission;
}

FiscSubmission *
fisc_bench_nation_budget(const FiscBenchNation *nation)
{
    return move_budget(nation, "appropriation", 1, FISC_STAGE_APPROPRIATION, FISC_STAGE_AVAILABLE);
}

FiscSubmission *
fisc_bench_nation_releases(const FiscBenchNation *nation)
{
    return move_budget(nation, "release", MONTH - 1, FISC_STAGE_RELEASE, FISC_STAGE_ALLOTTED);
}

/* ---- vouchers ---- */

bool
fisc_bench_budget_is_dry(const FiscBenchBudget *budget)
{
    return budget->appropriation == DRY_APPROPRIATION;
}

static void
draw_reference(FiscBenchRandom *random, char out_reference[FISC_BENCH_REFERENCE_LENGTH + 1])
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    uint64_t bits = 0;
    for (int i = 0; i < FISC_BENCH_REFERENCE_LENGTH; i++) {
        bits = i % 10 == 0 ? fisc_bench_random_next(random) : bits >> 6;
        out_reference[i] = letters[bits & 63];
    }
    out_reference[FISC_BENCH_REFERENCE_LENGTH] = '\0';
}

void
fisc_bench_voucher_draw(const FiscBenchNation *nation, FiscBenchRandom *random,
                        FiscBenchVoucher *out_voucher)
{
    draw_reference(random, out_voucher->reference);
    out_voucher->budget = fisc_bench_zipf_draw(nation->hot, random);
    out_voucher->payable = EXPENSE_ACCOUNTS + fisc_bench_random_below(random, PAYABLE_ACCOUNTS);
    out_voucher->month = MONTH - (fisc_bench_random_below(random, LATE_ONE_IN) == 0 ? 1 : 0);
    out_voucher->amount = 1 + fisc_bench_random_below(random, AMOUNT_MAX);
}

FiscPeriod
fisc_bench_voucher_period(const FiscBenchVoucher *voucher)
{
    return FISC_BENCH_YEAR * 100 + voucher->month;
}

FiscEntry *
fisc_bench_voucher_entry(const FiscBenchNation *nation, const FiscBenchVoucher *voucher,
                         FiscSubmission *submission)
{
    const FiscBenchBudget *budget = &nation->budget[voucher->budget];
    const FiscBenchAccount *account = &nation->account[budget->account];
    FiscEntry *entry = fisc_submission_entry(submission);
    entry->entity = nation->unit[budget->unit];
    entry->reference = voucher->reference;
    entry->effective = fisc_date_make(FISC_BENCH_YEAR, voucher->month, 15);
    entry->memo = FISC_BENCH_MEMO;
    FiscLine *expense = fisc_entry_line(entry);
    fisc_bench_budget_words(nation, budget, expense->dim);
    expense->account = account->code;
    expense->amount = voucher->amount;
    FiscLine *payable = fisc_entry_line(entry);
    payable->account = nation->account[voucher->payable].code;
    payable->dim[FISC_DIM_COUNTERPARTY] = FISC_BENCH_SUPPLIERS;
    payable->amount = -voucher->amount;
    const char *dim[FISC_DIM_COUNT];
    fisc_bench_budget_words(nation, budget, dim);
    dim[FISC_DIM_GFS] = account->gfs;
    fisc_entry_move(entry, FISC_STAGE_AVAILABLE, FISC_STAGE_OBLIGATION, voucher->amount, dim, 0);
    fisc_entry_digest(entry);
    return entry;
}

void
fisc_bench_voucher_lines(const FiscBenchNation *nation, const FiscBenchVoucher *voucher,
                         FiscBenchLine out_lines[FISC_BENCH_VOUCHER_LINES])
{
    const FiscBenchBudget *budget = &nation->budget[voucher->budget];
    const FiscBenchLine lines[FISC_BENCH_VOUCHER_LINES] = {
        {budget->unit, budget->account, budget->fund, budget->programme, voucher->amount,
         voucher->budget},
        {budget->unit, voucher->payable, 0, 0, -voucher->amount, -1},
        {budget->unit, FISC_BENCH_FUNDS_AVAILABLE, budget->fund, budget->programme, voucher->amount,
         -1},
        {budget->unit, FISC_BENCH_OBLIGATIONS, budget->fund, budget->programme, -voucher->amount,
         -1},
    };
    memcpy(out_lines, lines, sizeof lines);
}
