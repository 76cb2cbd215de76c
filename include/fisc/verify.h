/* verify.h: proof that the books are what was posted, from the tables alone.
 *
 * Every hash, root, link and count is computed again from the rows; balances, master data, periods
 * and references, which are caches, are compared with a fold of the log and never trusted. Whatever
 * does not follow is a finding that names the row. What no database can tell about itself, a tail
 * cut off or a whole chain sealed anew, is told by heads signed earlier: docs/verify.md. */
#ifndef FISC_VERIFY_H
#define FISC_VERIFY_H

#include "fisc/db.h"

/* X(NAME, word) */
#define FISC_FINDINGS(X)                                                                           \
    X(ALTERED, "altered")         /* the row is there and not as it was sealed */                  \
    X(MISSING, "missing")         /* the chain has it and the table does not */                    \
    X(ADDED, "added")             /* the table has it and the chain does not */                    \
    X(EXCHANGED, "exchanged")     /* two rows stand in each other's place */                       \
    X(UNLINKED, "unlinked")       /* the chain does not hold together here */                      \
    X(DIFFERS, "differs")         /* a cache does not follow from the log */                       \
    X(UNFOUNDED, "unfounded")     /* a decision that the engine would not have made */             \
    X(ROLLED_BACK, "rolled back") /* an older or another chain than the one that was signed */     \
    X(UNSIGNED, "unsigned")       /* a head that the given key has not signed */

typedef enum {
#define X(name, word) FISC_FINDING_##name,
    FISC_FINDINGS(X)
#undef X
} FiscFindingKind;

const char *fisc_finding_word(FiscFindingKind kind);

typedef struct {
    FiscFindingKind kind;
    const char *subject; /* "entry" "event" "refusal" "item" (one of these) "coding" "batch"
                            "reference" "balance" "open_item" "checkpoint" "master" "period"
                            "partition" "head" */
    int64_t number;      /* of the entry, item, coding or batch; 0 = it has none */
    char *name;          /* reference of an entry, code of a subject; NULL = unknown */
    int64_t batch_no;    /* 0 = none in particular */
    int line;            /* of an entry, from 1; 0 = the whole */
    char *detail;        /* what differs, as far as it can be told */
} FiscFinding;

/** "entry 17 (BCG/A003) line 2: altered: its amount is 12000, sealed was 10000 (minor units) (batch
 * 4)". Caller frees. */
char *fisc_finding_to_text(const FiscFinding *finding);

#define FISC_FINDINGS_MAX 1000 /* kept of one run; the others are counted */

typedef struct {
    int64_t since;           /* first batch to look at; 0 or 1 = the whole book */
    bool full;               /* decide again, too */
    const char *head_file;   /* heads that were signed earlier; NULL = none */
    const char *head_key;    /* file of the public key that signed them; NULL = not checked */
    const char *witness_key; /* file of the witness's public key; NULL = not checked */
    void (*progress)(const char *what, int64_t done, int64_t total, void *data); /* or NULL */
    void *progress_data;
} FiscVerifyOptions;

typedef struct {
    int64_t first_batch, last_batch; /* looked at */
    int64_t batches, items, entries, lines, events, refusals, codings;
    uint8_t hash[32];    /* of the last batch */
    int heads;           /* that the chain was held against */
    GPtrArray *findings; /* of FiscFinding, in the order of the chain */
    int dropped;         /* findings beyond FISC_FINDINGS_MAX */
    GPtrArray *notes;    /* of char *: what was not looked at, and why */
} FiscVerifyReport;

/** Looks at a book in one snapshot, in memory that grows with the codings, subjects and balances
 * and not with the log. False only when the system failed: findings are an answer. */
bool fisc_verify(FiscPool *pool, int book_id, const FiscVerifyOptions *options,
                 FiscVerifyReport **out_report, GError **error);
void fisc_verify_report_free(FiscVerifyReport *report); /* NULL does nothing */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscVerifyReport, fisc_verify_report_free)

#endif
