/* nation.h: a made-up public sector of the size of a country, and vouchers drawn from it.
 *
 * 51 ministries and agencies, 2,605 local units, 300 accounts with their GFSM meaning, 10,000
 * budget lines of which every fiftieth runs dry. The same seed makes the same nation and the same
 * vouchers. Money is in minor units; nothing here is anybody's real budget. */
#ifndef FISC_BENCH_NATION_H
#define FISC_BENCH_NATION_H

#include "bench/random.h"
#include "fisc/nation.h"

#define FISC_BENCH_MINISTRIES 51
#define FISC_BENCH_LOCAL_UNITS 2605
#define FISC_BENCH_UNITS (FISC_BENCH_MINISTRIES + FISC_BENCH_LOCAL_UNITS)
#define FISC_BENCH_ACCOUNTS 300
#define FISC_BENCH_BUDGETS 10000
#define FISC_BENCH_PROGRAMMES 120
#define FISC_BENCH_FUNDS 20
#define FISC_BENCH_ECONOMICS 40
#define FISC_BENCH_CODE 8 /* bytes that hold any code of the nation */
#define FISC_BENCH_YEAR 2026
#define FISC_BENCH_VOUCHER_LINES 4
#define FISC_BENCH_REFERENCE_LENGTH 22
#define FISC_BENCH_MEMO "Payment voucher 0000"
#define FISC_BENCH_SOURCE "bench"
#define FISC_BENCH_SUPPLIERS "CORP" /* everybody who is owed */
#define FISC_BENCH_CENTRAL "CG"     /* the group of the ministries */
#define FISC_BENCH_EVERYBODY "GG"   /* all units */
/* The budgetary accounts, for those who know accounts by number. */
#define FISC_BENCH_FUNDS_AVAILABLE FISC_BENCH_ACCOUNTS
#define FISC_BENCH_OBLIGATIONS (FISC_BENCH_ACCOUNTS + 1)
#define FISC_BENCH_ACTOR "bench"

typedef struct {
    char code[FISC_BENCH_CODE]; /* "N001" */
    const char *gfs;            /* stem: "22", "6308" */
    FiscClass class_;
} FiscBenchAccount;

typedef struct {
    int unit;
    int account; /* of expense */
    int programme, fund, economic;
    const char *function; /* COFOG */
    int64_t appropriation;
} FiscBenchBudget;

typedef struct {
    char unit[FISC_BENCH_UNITS][FISC_BENCH_CODE]; /* "M01" "L0001" */
    char programme[FISC_BENCH_PROGRAMMES][FISC_BENCH_CODE];
    char fund[FISC_BENCH_FUNDS][FISC_BENCH_CODE];
    char economic[FISC_BENCH_ECONOMICS][FISC_BENCH_CODE];
    FiscBenchAccount account[FISC_BENCH_ACCOUNTS];
    FiscBenchBudget budget[FISC_BENCH_BUDGETS];
    FiscBenchZipf *hot; /* over the budget lines */
} FiscBenchNation;

/* A claim against a budget line: what everybody under measure has to post. It is an entry of four
 * lines: expense and payable, funds available and obligation. */
typedef struct {
    char reference[FISC_BENCH_REFERENCE_LENGTH + 1];
    int budget;
    int payable; /* account */
    int month;
    int64_t amount;
} FiscBenchVoucher;

/* The same voucher as rows of numbers, for those who keep lines as rows. */
typedef struct {
    int unit, account, fund, programme;
    int64_t amount;
    int budget; /* the line that is drawn on; -1: none */
} FiscBenchLine;

FiscBenchNation *fisc_bench_nation_new(uint64_t seed);
void fisc_bench_nation_free(FiscBenchNation *nation);

/** The dimensions of a budget line as words, borrowed from the nation. */
void fisc_bench_budget_words(const FiscBenchNation *nation, const FiscBenchBudget *budget,
                             const char *out_dim[FISC_DIM_COUNT]);

/** Chart, units, groups, open periods and the control over (unit, programme, economic). */
FiscSubmission *fisc_bench_nation_master(const FiscBenchNation *nation);
/** An appropriation for every budget line. */
FiscSubmission *fisc_bench_nation_budget(const FiscBenchNation *nation);
/** An allotment of every budget line, all of it, for the quarter of the vouchers. */
FiscSubmission *fisc_bench_nation_releases(const FiscBenchNation *nation);

/** True for the budget lines that a few vouchers exhaust. */
bool fisc_bench_budget_is_dry(const FiscBenchBudget *budget);

void fisc_bench_voucher_draw(const FiscBenchNation *nation, FiscBenchRandom *random,
                             FiscBenchVoucher *out_voucher);
/** Appends the voucher as an entry with its digest. Words are borrowed from nation and voucher. */
FiscEntry *fisc_bench_voucher_entry(const FiscBenchNation *nation, const FiscBenchVoucher *voucher,
                                    FiscSubmission *submission);
void fisc_bench_voucher_lines(const FiscBenchNation *nation, const FiscBenchVoucher *voucher,
                              FiscBenchLine out_lines[FISC_BENCH_VOUCHER_LINES]);
/** 202611 of a voucher's month. */
FiscPeriod fisc_bench_voucher_period(const FiscBenchVoucher *voucher);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscBenchNation, fisc_bench_nation_free)

#endif
