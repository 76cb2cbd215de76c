/* dealings.c: the classes in which payer and receiver, creditor and debtor, record the same thing.
 *
 * A grant is 263 here and 133 there, interest 24 and 1411, a loan 6204 and 6304. What a unit gives
 * without return is a tax, a fine, a subsidy or a transfer by what the receiver is, so these are
 * compared together. Social contributions are the employees' (GFSM 2014, 3.168) and have no other
 * side among units. */
#include "reporting/dealings.h"
#include "fisc/gfs.h"
#include <string.h>

/* The first that a code lies under. */
static const struct {
    const char *under;
    FiscSide side;
    const char *kind;
    bool is_grant;
} flows[] = {
    {"2631", FISC_SIDE_FROM, "current", true},
    {"1331", FISC_SIDE_TO, "current", true},
    {"2632", FISC_SIDE_FROM, "capital", true},
    {"1332", FISC_SIDE_TO, "capital", true},
    {"263", FISC_SIDE_FROM, "unclassified", true},
    {"133", FISC_SIDE_TO, "unclassified", true},
    {"24", FISC_SIDE_FROM, "interest", false},
    {"1411", FISC_SIDE_TO, "interest", false},
    {"281", FISC_SIDE_FROM, "property-income", false},
    {"141", FISC_SIDE_TO, "property-income", false},
    {"283", FISC_SIDE_FROM, "insurance", false},
    {"145", FISC_SIDE_TO, "insurance", false},
    {"22", FISC_SIDE_FROM, "goods-and-services", false},
    {"142", FISC_SIDE_TO, "goods-and-services", false},
    {"25", FISC_SIDE_FROM, "taxes-and-transfers", false},
    {"282", FISC_SIDE_FROM, "taxes-and-transfers", false},
    {"11", FISC_SIDE_TO, "taxes-and-transfers", false},
    {"143", FISC_SIDE_TO, "taxes-and-transfers", false},
    {"144", FISC_SIDE_TO, "taxes-and-transfers", false},
};

/* By the instrument, the two digits behind 62 and 63. */
static const char *const stocks[] = {
    NULL,     "special-drawing-rights", "deposits",    "debt-securities", "loans",
    "equity", "insurance-and-pensions", "derivatives", "accounts-payable"};

static bool
find_flow(const FiscCoding *coding, FiscDealing *out)
{
    for (guint i = 0; i < G_N_ELEMENTS(flows); i++) {
        if (fisc_gfs_is_under(coding->account->gfs, flows[i].under)) {
            *out = (FiscDealing){flows[i].kind, flows[i].side, flows[i].is_grant, false};
            return true;
        }
    }
    return false;
}

static bool
find_stock(const FiscCoding *coding, FiscDealing *out)
{
    const char *gfs = coding->account->gfs;
    guint instrument = 0;
    while (++instrument < G_N_ELEMENTS(stocks)) {
        char digits[] = {'0', (char)('0' + instrument), '\0'};
        if (g_str_has_prefix(gfs, "6") && strlen(gfs) >= 4 && g_str_has_prefix(gfs + 2, digits)) {
            bool is_asset = coding->account->class_ == FISC_CLASS_FINANCIAL_ASSET;
            *out = (FiscDealing){stocks[instrument], is_asset ? FISC_SIDE_FROM : FISC_SIDE_TO,
                                 false, true};
            return true;
        }
    }
    return false;
}

/* What the buyer acquired and the seller disposed of. */
static bool
find_asset(const FiscCoding *coding, FiscDealing *out)
{
    if (coding->flow != FISC_FLOW_TRANSACTION || coding->kind == 3) {
        return false;
    }
    *out = (FiscDealing){"assets", coding->kind == 2 ? FISC_SIDE_TO : FISC_SIDE_FROM, false, false};
    return true;
}

bool
fisc_dealing_of(const FiscCoding *coding, FiscDealing *out_dealing)
{
    if (coding->account->gfs == NULL) {
        return false;
    }
    switch (coding->account->class_) {
    case FISC_CLASS_REVENUE:
    case FISC_CLASS_EXPENSE:
        return find_flow(coding, out_dealing);
    case FISC_CLASS_NONFINANCIAL_ASSET:
        return find_asset(coding, out_dealing);
    case FISC_CLASS_FINANCIAL_ASSET:
    case FISC_CLASS_LIABILITY:
        return find_stock(coding, out_dealing);
    default:
        return false;
    }
}

__int128
fisc_dealing_amount(const FiscDealing *dealing, __int128 debit)
{
    return dealing->side == FISC_SIDE_FROM ? debit : -debit;
}
