/* chart.c: labels of GFSM 2014 codes and the chart of accounts that follows from them.
 *
 * An account is a revenue, an expense or a stock: the flows 3, 4 and 5 of a stock are the same
 * account moved in different ways (fisc/gfs.h). A nation with a chart of its own posts by its
 * numbers, which name these codes as their meaning. */
#include "fisc/chart.h"
#include "ledger/gfs_table.h"
#include <stdlib.h>
#include <string.h>

static const char *const class_words[] = {
    [FISC_CLASS_REVENUE] = "revenue",
    [FISC_CLASS_EXPENSE] = "expense",
    [FISC_CLASS_NONFINANCIAL_ASSET] = "nonfinancial_asset",
    [FISC_CLASS_FINANCIAL_ASSET] = "financial_asset",
    [FISC_CLASS_LIABILITY] = "liability",
    [FISC_CLASS_NET_WORTH] = "net_worth",
    [FISC_CLASS_BUDGETARY] = "budgetary",
    [FISC_CLASS_PROPRIETARY] = "proprietary",
};

static int
compare(const void *code, const void *position)
{
    return strcmp(code, fisc_gfs_table[*(const int *)position].code);
}

const FiscGfsCode *
fisc_gfs_code_find(const char *code)
{
    const int *position = bsearch(code, fisc_gfs_table_order, (gsize)fisc_gfs_table_count,
                                  sizeof(fisc_gfs_table_order[0]), compare);
    return position != NULL ? &fisc_gfs_table[*position] : NULL;
}

const char *
fisc_gfs_label(const char *code)
{
    const FiscGfsCode *found = fisc_gfs_code_find(code);
    return found != NULL ? found->name : "";
}

const FiscGfsCode *
fisc_gfs_codes(int *out_count)
{
    *out_count = fisc_gfs_table_count;
    return fisc_gfs_table;
}

FiscClass
fisc_class_find(const char *word)
{
    for (guint i = FISC_CLASS_REVENUE; i < G_N_ELEMENTS(class_words); i++) {
        if (g_strcmp0(word, class_words[i]) == 0) {
            return i;
        }
    }
    return 0;
}

const char *
fisc_class_word(FiscClass class_)
{
    g_assert(class_ >= FISC_CLASS_REVENUE && (gsize)class_ < G_N_ELEMENTS(class_words));
    return class_words[class_];
}

/* 621, 622, 631 and 632 say once more, by residence, what 6201.. and 6301.. say by instrument. The
 * counterparty tells the residence, so posting them would count the same thing twice. */
static bool
is_residence(const char *code)
{
    return strlen(code) >= 3 && strchr("23", code[1]) != NULL && strchr("12", code[2]) != NULL;
}

/* The class a code is posted in as an account; 0 when it is none. */
static FiscClass
account_class(const FiscGfsCode *code)
{
    if (strcmp(code->code, "6") == 0) {
        return FISC_CLASS_NET_WORTH; /* a balancing item in the list, and the other side of openings
                                      */
    }
    if (strcmp(code->table, "revenue") == 0 && strcmp(code->kind, "flow") == 0) {
        return FISC_CLASS_REVENUE;
    }
    if (strcmp(code->table, "expense") == 0 && strcmp(code->kind, "flow") == 0) {
        return FISC_CLASS_EXPENSE;
    }
    if (strcmp(code->table, "stocks") != 0 || strcmp(code->kind, "stock") != 0) {
        return 0;
    }
    switch (code->code[1]) {
    case '1':
        return FISC_CLASS_NONFINANCIAL_ASSET;
    case '2':
        return is_residence(code->code) ? 0 : FISC_CLASS_FINANCIAL_ASSET;
    case '3':
        return is_residence(code->code) ? 0 : FISC_CLASS_LIABILITY;
    default:
        return 0;
    }
}

typedef void (*AccountSink)(void *target, const char *code, const char *name, FiscClass class_,
                            const char *gfs, FiscStage stage);

static void
each_account(AccountSink sink, void *target)
{
    for (int i = 0; i < fisc_gfs_table_count; i++) {
        const FiscGfsCode *code = &fisc_gfs_table[i];
        FiscClass class_ = account_class(code);
        if (class_ != 0) {
            sink(target, code->code, code->name, class_, code->code, FISC_STAGE_NONE);
        }
    }
    for (int stage = FISC_STAGE_NONE + 1; stage < FISC_STAGE_COUNT; stage++) {
        sink(target, fisc_stage_account(stage), fisc_stage_title(stage), FISC_CLASS_BUDGETARY, "",
             stage);
    }
}

static void
sink_event(void *target, const char *code, const char *name, FiscClass class_, const char *gfs,
           FiscStage stage)
{
    fisc_submission_event(target, "account", code, "name", name, "class", fisc_class_word(class_),
                          "gfs", *gfs != '\0' ? gfs : NULL, "chart",
                          *gfs != '\0' ? "gfsm2014" : NULL, "stage",
                          stage != FISC_STAGE_NONE ? fisc_stage_word(stage) : NULL, NULL);
}

void
fisc_chart_events(FiscSubmission *submission)
{
    each_account(sink_event, submission);
}

static void
sink_nation(void *target, const char *code, const char *name, FiscClass class_, const char *gfs,
            FiscStage stage)
{
    fisc_nation_add_account(target, code, name, class_, gfs, 0, false, stage);
}

void
fisc_chart_fill(FiscNation *nation)
{
    each_account(sink_nation, nation);
}
