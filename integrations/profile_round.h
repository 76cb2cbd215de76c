/* profile_round.h: amounts with more decimals than the currency has. Private to integrations/. */
#ifndef FISC_INTEGRATIONS_PROFILE_ROUND_H
#define FISC_INTEGRATIONS_PROFILE_ROUND_H

#include "integrations/profile_run.h"

/* Published amounts are added up in units of 10^-15 before anything is rounded. */
#define FISC_FINE_DECIMALS 15

/** Reads "2469.843", "-1.8e-12": what it is in units of 10^-15 (decimals beyond that fall away).
 *  0, or the code of the rule that was broken. */
int fisc_fine_parse(const char *text, char mark, char group, __int128 *out_fine);
/** Half away from zero to @decimals. False when it does not fit. */
bool fisc_fine_round(__int128 fine, int decimals, int64_t *out_amount);

/** The group [round], after [amounts]; and the control total of a column in it. */
void
fisc_profile_parse_round(FiscProfileParser *parser, const char *group, FiscProfileColumn *column);
int
fisc_profile_fine_expected(FiscProfileParser *parser, FiscProfileColumn *column, const char *text);
/** Rounds the amount of a row. 0, or the code of the rule that was broken. */
int fisc_profile_round(FiscProfileRun *run, const FiscProfileColumn *column, const char *text,
                       int64_t *out_amount);
/** After the rows: tells what rounding did, and whether the control total is that of the file. */
void fisc_profile_tell_rounding(FiscProfileRun *run, const FiscProfileColumn *column);

#endif
