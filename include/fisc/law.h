/* law.h: the rules of a budget law as data: compared with another law's, and tried on a year that
 * is over.
 *
 * Rules are the events that say what may be spent and moved: controls, rules of virements, cover
 * pools, rules of carry-over. They come from the books or from the files of a package. */
#ifndef FISC_LAW_H
#define FISC_LAW_H

#include "fisc/db.h"
#include "fisc/entry.h"
#include "fisc/nation.h"

/* The kinds of rules, and the files of a package they come from. X(kind, file) */
#define FISC_LAW_KINDS(X)                                                                          \
    X("control", "controls.csv")                                                                   \
    X("virement_rule", "virement_rules.csv")                                                       \
    X("cover", "covers.csv")                                                                       \
    X("carry_rule", "carry_rules.csv")

/** The index of a kind in that list; -1 when it is no kind of rule. */
int fisc_law_kind_find(const char *kind);
int fisc_law_kind_count(void);
const char *fisc_law_kind(int index);
const char *fisc_law_kind_file(int index);

typedef struct {
    const char *kind, *name;
    GPtrArray *fields; /* of const char *: name, value ... */
} FiscLawRule;

typedef struct {
    GPtrArray *rules; /* of FiscLawRule */
    guint speaks_of;  /* bit i: it says all there is of kind i; other kinds are left as they are */
    GStringChunk *chunk;
} FiscLaw;

FiscLaw *fisc_law_new(void);
void fisc_law_free(FiscLaw *law);
/** Appends a rule; words are copied. What is no kind of rule is left out. */
void fisc_law_add(FiscLaw *law, const char *kind, const char *name, char *const *fields, int count);
/** The value of a field, "" = not given. */
const char *fisc_law_field(const FiscLawRule *rule, const char *name);

/* One difference between two laws. Strings are those of the laws, but @before and @after. */
typedef struct {
    const char *kind, *name;
    const char *what;  /* "added" "removed" "changed" */
    const char *field; /* of a change; "" otherwise */
    char *before, *after;
    const char *article; /* of the new rule, or of the one that is gone */
} FiscLawChange;

/** Every difference in the kinds that both speak of, in order of kind, name and field: of
 * FiscLawChange. Pure. Caller unrefs, while the laws live. */
GPtrArray *fisc_law_compare(const FiscLaw *before, const FiscLaw *after);

/* A year decided again --------------------------------------------------------------------------
 */

typedef enum {
    FISC_LAW_ACCEPTED,
    FISC_LAW_WARNED,
    FISC_LAW_REFUSED,
    FISC_LAW_FOLLOWS, /* it stands on an entry that would have been refused */
    FISC_LAW_OPEN,    /* of a refusal on record: the log does not say enough */
} FiscLawOutcome;
const char *fisc_law_outcome_word(FiscLawOutcome outcome);

/* What would have become of one entry, or of what was refused; one for each reason. */
typedef struct {
    char *entity, *reference;
    FiscDate date; /* of a refusal on record: the first day of its period */
    int decimals;
    FiscLawOutcome was, would_be;
    char *control, *key, *article; /* NULL = none */
    int64_t requested, shortfall;
    char *reason; /* sentence or code */
} FiscLawDifference;

/* What a control refuses more, or lets pass, in all. */
typedef struct {
    char *control;
    int refused, accepted, warned; /* entries that would be, and were not */
    int64_t requested, shortfall;  /* of those refused */
} FiscLawTotal;

typedef struct {
    int year;
    const char *entity; /* list only this one's; NULL = all */
    const FiscLaw *law; /* what shall hold instead, whatever its days */
} FiscLawReplayQuery;

typedef struct {
    GPtrArray *differences; /* of FiscLawDifference, in chain order */
    GPtrArray *totals;      /* of FiscLawTotal, by name */
    int entries;            /* of the year that were decided again */
    int planned;            /* of them: had no budgetary lines, and got some under the law */
    int refusals;           /* on record, of the year */
    int doubtful; /* entries that the rules on record would refuse now: taken as accepted */
} FiscLawReplay;

/** Decides the entries of a year again, in chain order, as if the rules of a law had held instead
 * of those on record. What would have been refused is not posted, and takes what stands on it with
 * it. Reads only. NOT_FOUND when the year has no entry. */
bool fisc_law_replay(FiscTx *tx, int book_id, const FiscNation *nation,
                     const FiscLawReplayQuery *query, FiscLawReplay **out_replay, GError **error);
void fisc_law_replay_free(FiscLawReplay *replay);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscLaw, fisc_law_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscLawReplay, fisc_law_replay_free)

#endif
