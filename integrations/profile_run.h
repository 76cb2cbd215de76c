/* profile_run.h: a profile being applied to its file. Private to integrations/. */
#ifndef FISC_INTEGRATIONS_PROFILE_RUN_H
#define FISC_INTEGRATIONS_PROFILE_RUN_H

#include "integrations/profile.h"

typedef struct {
    FiscReader *reader;
    FiscProfile *profile;
    FiscCsv *csv;
    GPtrArray *steps;    /* of FiscSubmission, as the profile's steps */
    int *field_of;       /* by column: position in the table */
    GStringChunk *texts; /* owns what is computed */
    GString *scratch;
    /* the row */
    const FiscCsvRow *row;
    int row_number;     /* counted from 1, blank lines apart */
    const char **slots; /* see FiscSlot */
    int64_t *amounts;
    /* the whole file */
    int *differences; /* by check: rows where it does not hold */
    int64_t rows_taken, rows_skipped;
    GHashTable *line_of_key;
    GHashTable *left_by_key;   /* of the relief: key -> int64_t that may still be paid */
    GHashTable *excess_by_key; /* key -> FiscEntry */
} FiscProfileRun;

/** Text of a template for the row, valid until the next. */
const char *fisc_profile_fill(FiscProfileRun *run, const FiscTemplate *template_);
/** Makes the entries of a row. */
void fisc_profile_make_entries(FiscProfileRun *run);

#endif
