/* fixture.h: folders made of texts, and refusals as one readable text. */
#ifndef FISC_TEST_FIXTURE_H
#define FISC_TEST_FIXTURE_H

#include "fisc/package.h"

/* The entities most tests need: two ministries and a household. */
#define FIXTURE_ENTITIES                                                                           \
    "entity,name,sector,cp_code,reporting,currency\n"                                              \
    "MIN,Ministry,S13111,11,Y,EUR\nAGY,Agency,S13112,11,Y,EUR\nHH,Households,S14,16,N,EUR\n"
#define FIXTURE_GROUPS "group,name,members\nGG,General government,MIN AGY\n"

/** A new folder with the given files: name, text, ... ended by NULL. Freed by fixture_remove. */
char *fixture_folder(const char *name, ...) G_GNUC_NULL_TERMINATED;
void fixture_remove(char *folder);
/** Adds or replaces a file. */
void fixture_write(const char *folder, const char *name, const char *text);
/** Reads a package; NULL when it was refused. Fails the test when it cannot be read. */
FiscPackage *fixture_read(const char *folder, FiscRefusals *refusals);
/** "journals.csv:2:debit:AMOUNT_DECIMALS", one a line. */
char *fixture_dump(const FiscRefusals *refusals);
/** Reads the folder and returns the dump of its refusals: "" when there are none. */
char *fixture_refusals_of(const char *folder);
/** Entry, line by line: "reference date period document|memo\n  account amount dim=code ...". */
char *fixture_dump_entry(const FiscEntry *entry);
const FiscPackageStep *fixture_step(const FiscPackage *package, const char *title);
/** "kind subject name=value ...", one a line. */
char *fixture_dump_events(const FiscSubmission *submission);

#endif
