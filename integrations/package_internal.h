/* package_internal.h: the files of a nation package, one reader each. Private to integrations/.
 *
 * Each does nothing when its file is not there. False only when the file cannot be read. */
#ifndef FISC_INTEGRATIONS_PACKAGE_INTERNAL_H
#define FISC_INTEGRATIONS_PACKAGE_INTERNAL_H

#include "integrations/reader.h"

/** First: what the others leave out. */
bool fisc_package_defaults(FiscReader *reader, GError **error);
bool fisc_package_entities(FiscReader *reader, GError **error);
bool fisc_package_groups(FiscReader *reader, GError **error);
bool fisc_package_accounts(FiscReader *reader, GError **error);
/** After the accounts. */
bool fisc_package_links(FiscReader *reader, GError **error);
bool fisc_package_segments(FiscReader *reader, GError **error);
/** After the accounts. */
bool fisc_package_controls(FiscReader *reader, GError **error);
/** After the controls. */
bool fisc_package_covers(FiscReader *reader, GError **error);
/** virement_rules.csv, growths.csv, reserve_rules.csv */
bool fisc_package_rules(FiscReader *reader, GError **error);
bool fisc_package_carry_rules(FiscReader *reader, GError **error);
/** The files of fisc_fact_kinds[]; after entities, groups and accounts. */
bool fisc_package_facts(FiscReader *reader, GError **error);
bool fisc_package_notes(FiscReader *reader, GError **error);
/** Makes its own step: called where it stands among the steps. */
bool fisc_package_releases(FiscReader *reader, GError **error);
/** After the dated files: a memorandum without a year is of the package's first year. */
bool fisc_package_memoranda(FiscReader *reader, GError **error);
bool fisc_package_opening(FiscReader *reader, FiscSubmission *into, GError **error);
bool fisc_package_journals(FiscReader *reader, FiscSubmission *into, GError **error);
/** The journals that close the year, into its period 13. */
bool fisc_package_closing_journals(FiscReader *reader, FiscSubmission *into, GError **error);
/** After the dated files, for the same reason. Adds the control "budget" to the master data. */
bool fisc_package_budget(FiscReader *reader, FiscSubmission *into, GError **error);
/** The importer profiles of the folder, by their order. */
bool fisc_package_profiles(FiscReader *reader, GError **error);

/** Remarks what was posted to accounts without a meaning in GFS. */
void fisc_package_remark_unmapped(FiscReader *reader);

#endif
