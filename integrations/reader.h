/* reader.h: what the readers of a package share: who is known, where refusals go, how a word of a
 * file becomes a date, an amount, an account.
 *
 * Private to integrations/. A reader never stops at the first fault: it refuses the value with
 * file, line and field, and reads on. */
#ifndef FISC_INTEGRATIONS_READER_H
#define FISC_INTEGRATIONS_READER_H

#include "fisc/csv.h"
#include "fisc/package.h"
#include "integrations/map.h"

/* The two sets of a chart of accounts: a financial and a budgetary side. */
typedef enum { FISC_SET_NONE, FISC_SET_PROPRIETARY, FISC_SET_BUDGETARY } FiscSet;

/* Lines of a budget as text: profile_plan.c. */
typedef struct _FiscBudgetText FiscBudgetText;

/* What package.csv says once for all files; owned, NULL and 0 = not said. */
typedef struct {
    char *entity;
    char *date;
    int year;
    char *currency;
} FiscDefaults;

typedef struct {
    const char *dir;        /* of the package; NULL for a single text, or by a map */
    FiscMap *map;           /* stands for the folder; NULL: there is one, or a single text */
    GHashTable *documents;  /* then: path -> GBytes, written by others (parse.h) */
    const char *actor;      /* who answers for it */
    FiscNation *nation;     /* what the ledger knows and what the package adds */
    bool is_borrowed;       /* @nation is shared, and nothing is added to it */
    FiscRefusals *refusals; /* borrowed */
    FiscPackage *package;   /* being filled; NULL for a single text */
    FiscBudgetText *plan;   /* lines of a budget being made; NULL: entries are */
    GHashTable *references; /* source and reference -> FiscEntry, to find the second of a kind */
    GHashTable *used_files; /* names of the folder's files that something reads */
    GHashTable *lookups;    /* of fisc_profile_lookups_new(); NULL: nobody asks for them */
    FiscDefaults defaults;  /* of the package */
    int first_year;         /* of the package, or of its earliest dated row; 0 = there is none */
} FiscReader;

/* Where a value stands, for refusals. */
typedef struct {
    const char *file;
    int line;
    const char *prefix; /* before the field: "/lines/0/" in JSON, "" in CSV */
    const char *field;  /* NULL: the whole row */
} FiscPlace;

/* The source of everything that comes in the package's own format. */
#define FISC_PACKAGE_SOURCE "package"

void fisc_reader_open(FiscReader *reader, const char *dir, const FiscNation *known,
                      const char *actor, FiscRefusals *refusals);
/** For a single text: @nation is of fisc_package_nation(), shared and not changed. */
void fisc_reader_open_over(FiscReader *reader, const FiscNation *nation, const char *actor,
                           FiscRefusals *refusals);
void fisc_reader_close(FiscReader *reader);
/** The same place, another field. */
FiscPlace fisc_place_at(FiscPlace place, const char *field);
/** Appends a refusal; @hint may be NULL. Returns false, so that a check is one line. */
bool fisc_reader_refuse(FiscReader *reader, FiscPlace place, FiscError code, const char *hint,
                        const char *format, ...) G_GNUC_PRINTF(5, 6);
void fisc_reader_remark(FiscReader *reader, const char *format, ...) G_GNUC_PRINTF(2, 3);
/** Appends a step to the package and returns its submission, which the package owns. */
FiscSubmission *fisc_reader_step(FiscReader *reader, const char *title, const char *source);
/** Whether the folder has a file of that path. */
bool fisc_reader_has(const FiscReader *reader, const char *file);
/** Reads a CSV file of the folder when it is there: *out_csv stays NULL when it is not, or when it
 *  was refused. False only when it cannot be read. */
bool fisc_reader_csv(FiscReader *reader, const char *file, const FiscCsvOptions *options,
                     FiscCsv **out_csv, GError **error);
/** Remembers the year of a dated row. */
void fisc_reader_note_date(FiscReader *reader, FiscDate date);

/* Values. Each returns false after refusing; outputs are then untouched. */
bool fisc_reader_required(FiscReader *reader, FiscPlace place, const char *text);
/** A code that others refer to: no spaces, no '/', no control characters, not too long. */
bool fisc_reader_code(FiscReader *reader, FiscPlace place, const char *text);
bool fisc_reader_date(FiscReader *reader, FiscPlace place, const char *text, FiscDate *out_date);
/** @mark and @group as in fisc_amount_parse. */
bool fisc_reader_amount(FiscReader *reader, FiscPlace place, const char *text, int decimals,
                        char mark, char group, int64_t *out_amount);
bool fisc_reader_entity(FiscReader *reader, FiscPlace place, const char *code,
                        const FiscEntity **out_entity);
/** "" or an ISO 4217 code. */
bool fisc_reader_currency(FiscReader *reader, FiscPlace place, const char *text);
/** "proprietary" or "P", "budgetary" or "B", "" = NONE. */
bool fisc_reader_set(FiscReader *reader, FiscPlace place, const char *text, FiscSet *out_set);
/** An entity or a group. */
bool fisc_reader_unit(FiscReader *reader, FiscPlace place, const char *code);
/** A GFS code that can be posted; @out_flow is the FiscFlow that it tells. */
bool fisc_reader_gfs_code(FiscReader *reader, FiscPlace place, const char *code, int *out_flow);
bool fisc_reader_national_account(FiscReader *reader, FiscPlace place, const char *code);
/** The codes of the dimensions that have lists: counterparties, functions, cash rows. */
bool fisc_reader_dimension(FiscReader *reader, FiscPlace place, FiscDimension dimension,
                           const char *code);
/** The last word on an entry: its own checks, its digest, and that the reference is new. */
void
fisc_reader_finish_entry(FiscReader *reader, const FiscSubmission *submission, FiscEntry *entry);

#endif
