/* engine_complement.c: the complementary period: how long a year that is over still takes the
 * payment of its claims (rule R19).
 *
 * An event of kind "complementary" gives a year its last day. An entry into a period of that year
 * which is effective behind the year is then the payment of something owed: it settles liabilities
 * and moves obligations to payments, and nothing else. A year without such an event takes what its
 * open periods take. */
#include "ledger/engine_internal.h"
#include <string.h>

bool
fisc_engine_check_complementary(const FiscEngine *engine, const FiscEvent *event,
                                FiscRefusals *refusals)
{
    (void)engine;
    return fisc_complementary_check(event, refusals);
}

/* The last day on which a year takes payments; false when nothing is said of it, or the entry is
 * none of the time behind the year. */
static bool
find_last_day(const FiscEngine *engine, FiscPeriod period, FiscDate effective, FiscDate *out_until)
{
    int year = fisc_period_year(period);
    if (fisc_date_year(effective) <= year ||
        !g_hash_table_contains(engine->numbering, "complementary")) {
        return false;
    }
    g_autofree char *subject = g_strdup_printf("%d", year);
    const char *until = fisc_engine_master_field(engine, "complementary", subject, "until");
    return until != NULL && fisc_date_parse(until, out_until);
}

/* What a payment may touch; *out_settles: something that is owed becomes less. */
static bool
is_of_payment(const FiscEngine *engine, int32_t coding_id, int64_t amount, bool *out_settles)
{
    const FiscEngineCoding *coding = engine->codings->pdata[coding_id - 1];
    const FiscEngineAccount *account = engine->accounts->pdata[coding->key.account_id - 1];
    if (account->class_ == FISC_CLASS_BUDGETARY) {
        *out_settles |= coding->stage == FISC_STAGE_OBLIGATION && amount > 0;
        return coding->stage == FISC_STAGE_OBLIGATION || coding->stage == FISC_STAGE_PAYMENT;
    }
    *out_settles |= account->class_ != FISC_CLASS_FINANCIAL_ASSET && amount > 0;
    return account->class_ == FISC_CLASS_FINANCIAL_ASSET ||
           account->class_ == FISC_CLASS_LIABILITY || account->class_ == FISC_CLASS_PROPRIETARY;
}

static const char *
find_wrong(FiscDate effective, FiscDate until, bool is_payment)
{
    return effective > until ? "the year took payments until then"
           : !is_payment     ? "the year takes only the payment of what it owes"
                             : NULL;
}

void
fisc_engine_judge_late(FiscDecision *decision)
{
    const FiscEntry *entry = decision->entry;
    FiscDate until = 0;
    char day[FISC_DATE_TEXT];
    if (!find_last_day(decision->engine, decision->period, entry->effective, &until)) {
        return;
    }
    bool is_payment = true;
    bool settles = false;
    for (int side = 0; side < 2; side++) {
        for (guint i = 0; i < decision->coding[side]->len; i++) {
            is_payment &=
                is_of_payment(decision->engine, g_array_index(decision->coding[side], int32_t, i),
                              g_array_index(decision->amount[side], int64_t, i), &settles);
        }
    }
    const char *wrong = find_wrong(entry->effective, until, is_payment && settles);
    if (wrong != NULL) {
        fisc_refusals_add(decision->refusals, FISC_ERROR_VALUE_INVALID, entry->file, entry->row,
                          "period", "\"%s\": %d, complementary period until %s: %s",
                          entry->reference, fisc_period_year(decision->period),
                          fisc_date_format(until, day), wrong);
    }
}

void
fisc_engine_object_late(const FiscEngine *engine, const FiscDecidedEntry *entry,
                        FiscRefusals *objections)
{
    FiscDate until = 0;
    bool is_payment = true;
    bool settles = false;
    if (!find_last_day(engine, entry->period, entry->effective, &until)) {
        return;
    }
    for (int i = 0; i < entry->count; i++) {
        is_payment &= is_of_payment(engine, entry->coding[i], entry->amount[i], &settles);
    }
    const char *wrong = find_wrong(entry->effective, until, is_payment && settles);
    if (wrong != NULL) {
        fisc_refusals_add(objections, FISC_ERROR_TAMPERED, NULL, 0, NULL, "period %d: %s",
                          entry->period, wrong);
    }
}
