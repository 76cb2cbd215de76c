/* profile_run.h: a profile being applied to its file. Private to integrations/. */
#ifndef FISC_INTEGRATIONS_PROFILE_RUN_H
#define FISC_INTEGRATIONS_PROFILE_RUN_H

#include "integrations/profile.h"

/* A difference the publisher makes in every row is told once by its count. */
#define FISC_CHECK_REMARKS_MAX 20

/* Rows that wait until it is known what cancels among them: profile_cancel.c. */
typedef struct FiscProfilePools FiscProfilePools;
/* The rows of each line of a file whose amounts are cumulative: profile_cumulative.c. */
typedef struct FiscProfileSeries FiscProfileSeries;

/* What rounding did to the amounts of a column: profile_round.c. */
typedef struct {
    int count;
    __int128 fine_sum; /* as published, in units of 10^-15 */
} FiscRounding;

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
    int64_t *amounts;   /* one more than the profile has: what another file lists of the row */
    bool is_first_look; /* the row is taken; else it is gone back to, and nothing is counted */
    guint8 *is_taken;   /* by row: what the tree takes; NULL: every row */
    /* the whole file */
    FiscRounding *rounding;          /* by amount */
    GPtrArray *mapped;               /* by value: FiscMapped of the package, or NULL */
    const GHashTable *listed_by_key; /* of another profile; NULL = none */
    int listed_amount;
    int *differences; /* by check: rows where it does not hold */
    GPtrArray *evens; /* by check: of what is added up over rows, or NULL: profile_even.c */
    int64_t rows_taken, rows_skipped;
    GHashTable *line_of_key;
    GHashTable *left_by_key;    /* of the relief: key -> int64_t that may still be paid */
    GHashTable *excess_by_key;  /* key -> FiscEntry */
    GHashTable *gathered;       /* step and reference -> FiscEntry, made of one side a row */
    GHashTable *gathered_lines; /* the same and the words of a line -> its position from 1 */
    FiscProfilePools *pools;
    FiscProfileSeries *series; /* NULL: amounts are as they are */
} FiscProfileRun;

/** Text of a template for the row, valid until the next. */
const char *fisc_profile_fill(FiscProfileRun *run, const FiscTemplate *template_);
/** Goes to a row and fills the slots of its columns. */
void fisc_profile_go_to(FiscProfileRun *run, guint row);
/** Whether a field begins with one of the words; an empty word is an empty field. */
bool fisc_profile_begins(const char *text, char **prefixes);
/** Whether all conditions (of FiscProfileCondition) hold of the row at hand. */
bool fisc_profile_meets(const FiscProfileRun *run, const GArray *conditions);
/** Fills the amounts of the row that are parts of others. */
void fisc_profile_take_parts(FiscProfileRun *run);
/** Finds what stands above the header. False after a refusal. */
bool fisc_profile_above_begin(FiscProfileRun *run);
/** Text of a column of the row at hand, wherever it stands. */
const char *fisc_profile_field(const FiscProfileRun *run, guint column);
/** Adds the row at hand to what a check adds up; tells the differences after the last row. */
void fisc_profile_even_take(FiscProfileRun *run, guint check);
void fisc_profile_even_finish(FiscProfileRun *run);
/** After the rows: takes what came to nothing out of the entries that rows made together. */
void fisc_profile_gather_finish(FiscProfileRun *run);
/** Whether the profile says that the row at hand is no data. */
bool fisc_profile_is_skipped(const FiscProfileRun *run);
/** Goes to a row that was taken before and fills all of its slots again; its amounts are not. */
void fisc_profile_return_to(FiscProfileRun *run, guint row);
/** Makes an entry of the row at hand, or grows one of other rows by the row's move. Returns it;
 * what was given, or NULL, after a refusal. */
FiscEntry *fisc_profile_make_entry(FiscProfileRun *run, const FiscProfileEntry *template_,
                                   FiscEntry *grows, int64_t amount);
FiscProfilePools *fisc_profile_pools_new(void);
void fisc_profile_pools_free(FiscProfilePools *pools);
/** Remembers what of the row may cancel; makes the entries when all rows are known. */
void fisc_profile_cancel_take(FiscProfileRun *run);
void fisc_profile_cancel_finish(FiscProfileRun *run);
/** Before the rows: orders those of each line. */
void fisc_profile_cumulative_begin(FiscProfileRun *run);
/** Makes the amounts at hand what the row adds. False after a refusal. */
bool fisc_profile_cumulative_take(FiscProfileRun *run);
/** After a row: true when its line is gone from the next period on; the amounts and the period at
 * hand are then those of taking it back. */
bool fisc_profile_cumulative_ends(FiscProfileRun *run);
void fisc_profile_series_free(FiscProfileSeries *series);
/** Puts a difference on record, with both figures, where the profile names a unit. */
void fisc_profile_note_check(FiscProfileRun *run, const FiscProfileCheck *check);
void
fisc_profile_note_compare(FiscProfileRun *run, const FiscProfileCompare *compare, __int128 other);
/** Counts what a map made of a code: profile_mapped.c. */
void
fisc_profile_count_mapped(FiscProfileRun *run, guint value, const char *code, bool is_suspended);
/** Notes the code that a value looks up for the row at hand, for whoever asked: profile_lookup.c.
 */
void fisc_profile_note_lookup(FiscProfileRun *run, guint value);
/** After the rows: puts the counts in order and tells what is not classified. */
void fisc_profile_tell_mapped(FiscProfileRun *run);
/** Finds the profile whose sums are amounts here. False after a refusal. */
bool fisc_profile_listed_begin(FiscProfileRun *run, const GPtrArray *earlier);
/** Fills the amount that another file lists of the row at hand. */
void fisc_profile_listed_take(FiscProfileRun *run);
/** Adds the row at hand to the sums that others may ask for. False after a refusal. */
bool fisc_profile_sum_row(FiscProfileRun *run);
/** True when the row at hand is the publisher's total; refused when it is not that of the rows. */
bool fisc_profile_is_total_row(FiscProfileRun *run);
/** The earlier profile of that name and the position of its amount; refused when there is none. */
const FiscProfile *
fisc_profile_find_earlier(FiscProfileRun *run, const GPtrArray *earlier, const char *group,
                          const char *name, const char *amount, int *out_amount);
/** Makes the entries of a row. */
void fisc_profile_make_entries(FiscProfileRun *run);
/** Makes the lines of a budget of a row. */
void fisc_profile_make_lines(FiscProfileRun *run);
/** Finds out which rows are taken, and whether sums are those of their parts. */
void fisc_profile_grow_tree(FiscProfileRun *run);

#endif
