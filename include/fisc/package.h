/* package.h: a folder of files becomes submissions: nation packages and importer profiles. Pure.
 *
 * Reads and checks everything first; refuses with file, line, field and rule. Nothing is posted
 * here. Formats: docs/package-format.md, docs/profile-format.md. */
#ifndef FISC_PACKAGE_H
#define FISC_PACKAGE_H

#include "fisc/entry.h"
#include "fisc/nation.h"

typedef struct {
    char *file;
    char *column;
    int64_t rows;
    __int128 sum;      /* minor units */
    bool has_expected; /* the publisher's or profile's control total */
    __int128 expected;
} FiscControlTotal;

/* A code of the source that no prefix of a map knows. */
typedef struct {
    char *code; /* "" = the row has none */
    int64_t rows;
    __int128 value;
} FiscUnmapped;

/* What became of the codes of a file, where those unknown go to suspense: by value and by count.
 * Values are sums of amounts without their signs, so that nothing cancels. */
typedef struct {
    char *file;
    char *name;   /* of the value: "gfs" */
    char *column; /* by whose amounts value is counted */
    int decimals;
    int64_t rows, rows_classified;
    __int128 value, value_classified;
    GPtrArray *unmapped; /* of FiscUnmapped, the largest value first */
} FiscMapped;

/** The classified part in parts per million; never all of it (or nothing) unless it is so. */
int fisc_mapped_share_ppm(const FiscMapped *mapped);

typedef struct {
    char *title; /* "journals.csv", "ejecucion_gastos.csv" */
    FiscSubmission *submission;
} FiscPackageStep;

typedef struct {
    char *name; /* the folder's name */
    FiscSubmission
        *master;        /* events only: entities, groups, accounts, controls, notes, memoranda */
    GPtrArray *steps;   /* of FiscPackageStep, to be posted in order */
    GPtrArray *totals;  /* of FiscControlTotal */
    GPtrArray *mapped;  /* of FiscMapped: of profiles' values that may go to suspense */
    GPtrArray *remarks; /* of char *: files ignored, differences of the source, exclusions */
    char *plan;         /* of fisc_package_read_plan(): lines of a budget as CSV; NULL otherwise */
} FiscPackage;

/** Reads the folder @dir. @known: what the ledger has already (codes may refer to it); @actor
 * signs. True with a package, or with refusals (then *out_package is NULL). False: unreadable. */
bool fisc_package_read(const char *dir, const FiscNation *known, const char *actor,
                       FiscPackage **out_package, FiscRefusals *refusals, GError **error);
/* Profiles and tables at hand: integrations/map.h. */
typedef struct _FiscMap FiscMap;
/** The same by a map instead of a folder, over @nation of fisc_package_nation(), which many read at
 * once and nobody changes: files that register units, groups or accounts are refused. @documents:
 * path -> GBytes, of files that others wrote, which are read in a process of their own (decision
 * 25); NULL: none. */
bool fisc_package_read_over(FiscMap *map, GHashTable *documents, const FiscNation *nation,
                            const char *actor, FiscPackage **out_package, FiscRefusals *refusals,
                            GError **error);

/* A code that a profile looked up in a map. */
typedef struct {
    char *file;   /* whose rows have it: "gastos.csv" */
    char *value;  /* of the profile: "gfs" */
    char *code;   /* "" = the row has none */
    char *title;  /* in the words of the source; "" where the profile names none */
    char *result; /* NULL: no prefix of the map knows it */
    int64_t rows;
} FiscLookup;
void fisc_lookup_free(gpointer lookup);

/** The same, read for the codes alone: *out_lookups (of FiscLookup, owned) has them even when what
 * they stand in is refused, which is not told. */
bool fisc_package_read_lookups(FiscMap *map, GHashTable *documents, const FiscNation *nation,
                               const char *actor, GPtrArray **out_lookups, GError **error);
/** Reads the folder for the lines of a budget that its profiles make (docs/budget-format.md): the
 * profiles that post are left aside. @year: the budget year; rows that tell another are refused. */
bool fisc_package_read_plan(const char *dir, const FiscNation *known, const char *actor, int year,
                            FiscPackage **out_package, FiscRefusals *refusals, GError **error);
void fisc_package_free(FiscPackage *package);

/** Entries from one journals.csv or NDJSON text, as `fisc post` takes them; format by content: a
 *  first non-blank byte '{' is NDJSON. @name for messages. Rows of one entity and journal_id form
 * one entry. Reference = entity "/" journal_id, unless the input has a column `reference`. */
bool
fisc_package_read_entries(const char *name, const char *data, gsize length, const FiscNation *known,
                          const char *source, const char *actor, FiscSubmission **out_submission,
                          FiscRefusals *refusals, GError **error);

typedef enum { FISC_BODY_KIND_JSON, FISC_BODY_KIND_NDJSON, FISC_BODY_KIND_CSV } FiscBodyKind;

/* Entries as a request brings them. */
typedef struct {
    const char *name; /* for messages */
    FiscBodyKind kind;
    const char *data;
    gsize length;
    const FiscNation *nation; /* of fisc_package_nation() */
    const char *source, *actor;
    const char *key; /* names JSON entries that have no name, by their place; NULL = refused */
} FiscPackageBody;

/** What texts are read with: @known (or NULL) and the code list. Whoever reads many keeps it. */
FiscNation *fisc_package_nation(const FiscNation *known);
/** Entries from one JSON object, a list of them (or an object with the list under "entries"),
 * NDJSON or CSV. Refusals of JSON name members by pointer, "/entries/3/lines/1/debit", in whatever
 * form the entries came. NULL with refusals. */
FiscSubmission *fisc_package_read_body(const FiscPackageBody *body, FiscRefusals *refusals);

/** The events and entries of a submission as NDJSON, one a line, as fisc_package_read_entries reads
 * them. What a journal has no words for is not said: read it again and compare the digests. Caller
 * frees. */
char *fisc_package_write_entries(const FiscSubmission *submission, const FiscNation *nation);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscPackage, fisc_package_free)

#endif
