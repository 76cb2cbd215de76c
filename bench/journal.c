/* journal.c: see journal.h. */
#include "bench/journal.h"
#include "fisc/money.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char csv_header[] = "journal_id,date,entity,account,debit,credit,counterparty_entity,"
                                 "cofog,programme,fund,economic,memo\n";

static void
write_csv(FILE *file, const FiscBenchNation *nation, const FiscBenchVoucher *voucher)
{
    const FiscBenchBudget *budget = &nation->budget[voucher->budget];
    const char *unit = nation->unit[budget->unit];
    char amount[FISC_AMOUNT_TEXT];
    fisc_amount_format(voucher->amount, 2, amount);
    fprintf(file, "%s,%d-%02d-15,%s,%s,%s,,,%s,%s,%s,%s," FISC_BENCH_MEMO "\n", voucher->reference,
            FISC_BENCH_YEAR, voucher->month, unit, nation->account[budget->account].code, amount,
            budget->function, nation->programme[budget->programme], nation->fund[budget->fund],
            nation->economic[budget->economic]);
    fprintf(file, "%s,%d-%02d-15,%s,%s,,%s," FISC_BENCH_SUPPLIERS ",,,,," FISC_BENCH_MEMO "\n",
            voucher->reference, FISC_BENCH_YEAR, voucher->month, unit,
            nation->account[voucher->payable].code, amount);
}

static void
write_ledger(FILE *file, const FiscBenchNation *nation, const FiscBenchVoucher *voucher)
{
    const FiscBenchBudget *budget = &nation->budget[voucher->budget];
    const char *unit = nation->unit[budget->unit];
    const char *programme = nation->programme[budget->programme];
    const char *fund = nation->fund[budget->fund];
    char amount[FISC_AMOUNT_TEXT];
    fisc_amount_format(voucher->amount, 2, amount);
    fprintf(file,
            "%d/%02d/15 (%s) " FISC_BENCH_MEMO "\n"
            "    %s:%s:%s:%s  %s\n"
            "    %s:%s  -%s\n"
            "    %s:B20:%s:%s  %s\n"
            "    %s:B23:%s:%s  -%s\n\n",
            FISC_BENCH_YEAR, voucher->month, voucher->reference, unit,
            nation->account[budget->account].code, programme, fund, amount, unit,
            nation->account[voucher->payable].code, amount, unit, programme, fund, amount, unit,
            programme, fund, amount);
}

static void
draw_affordable(const FiscBenchNation *nation, FiscBenchRandom *random, FiscBenchVoucher *voucher)
{
    do {
        fisc_bench_voucher_draw(nation, random, voucher);
    } while (fisc_bench_budget_is_dry(&nation->budget[voucher->budget]));
}

static bool
close_written(FILE *file, const char *path, GError **error)
{
    bool is_good = ferror(file) == 0;
    is_good = fclose(file) == 0 && is_good;
    return is_good ||
           fisc_fail(error, FISC_ERROR_IO, "could not write %s: %s", path, strerror(errno));
}

static FILE *
open_to_write(const char *path, GError **error)
{
    FILE *file = fopen(path, "we");
    if (file == NULL) {
        fisc_fail(error, FISC_ERROR_IO, "could not write %s: %s", path, strerror(errno));
    }
    return file;
}

bool
fisc_bench_journal_write(const FiscBenchNation *nation, int64_t entries, FiscBenchRandom *random,
                         const char *csv_path, const char *ledger_path, GError **error)
{
    FILE *csv = open_to_write(csv_path, error);
    FILE *ledger = csv != NULL ? open_to_write(ledger_path, error) : NULL;
    if (ledger == NULL) {
        if (csv != NULL) {
            fclose(csv);
        }
        return false;
    }
    fputs(csv_header, csv);
    for (int64_t i = 0; i < entries; i++) {
        FiscBenchVoucher voucher;
        draw_affordable(nation, random, &voucher);
        write_csv(csv, nation, &voucher);
        write_ledger(ledger, nation, &voucher);
    }
    bool is_written = close_written(csv, csv_path, error);
    return close_written(ledger, ledger_path, is_written ? error : NULL) && is_written;
}
