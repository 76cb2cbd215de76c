/* verify_internal.h: what the files of verification share.
 *
 * The chain is walked once, stretch by stretch (verify_chain.c); every item goes in its order
 * through the folds (verify_fold.c) and, when asked, through an engine that decides again
 * (engine_replay.c). What is suspicious is kept aside, and explained at the end, when the folds can
 * be compared with the caches: a cache is no proof, but a hint that a hash confirms
 * (verify_explain.c). */
#ifndef FISC_LEDGER_VERIFY_INTERNAL_H
#define FISC_LEDGER_VERIFY_INTERNAL_H

#include "fisc/verify.h"
#include "ledger/engine_replay.h"
#include "ledger/head.h"
#include "ledger/verify_rows.h"

/* A coding as far as checks of lines need it. */
typedef struct {
    int entity_id;
    bool is_known;
} FiscKnownCoding;

typedef struct {
    int32_t entity_id, period, coding_id;
} FiscBalanceKey;

typedef struct {
    FiscBalanceKey key;
    __int128 debit, credit;             /* by the log */
    __int128 table_debit, table_credit; /* by the table */
    bool is_in_table;
} FiscBalanceFold;

/* An entry whose hash does not follow from its columns, kept until the folds are complete. */
typedef struct {
    FiscLogEntry entry; /* everything owned */
    bool is_folded;     /* its lines are part of the balances compared */
    guint finding;      /* in the report; explained at the end. G_MAXUINT: only suspected */
} FiscAlteredEntry;

/* A reference and its entry that do not agree, or stand alone; as the table of references has it.
 */
typedef struct {
    bool has_entry, has_reference;
    int64_t entry_id;
    int source_id;
    FiscPeriod period;
    int64_t batch_no;
    char *reference;
    uint8_t digest[32];
    char *detail;
    bool is_explained; /* the entry was altered: as it was sealed, they agree */
} FiscReferenceMismatch;

/* A batch whose rows are each whole and together give another root than was sealed. */
typedef struct {
    const char *subject;
    int64_t number;
    char *name;
} FiscLeafName;

typedef struct {
    int64_t batch_no;
    gsize count;
    FiscMerkleHash *leaves; /* as the rows give them */
    FiscLeafName *names;
    uint8_t root[32]; /* as it was sealed */
} FiscUnsettledBatch;

typedef struct {
    int book_id;
    const FiscVerifyOptions *options;
    FiscVerifyReport *report;
    FiscTx *tx;
    FiscHash *hash;
    bool is_whole; /* from the first batch on: only then are the folds complete */

    /* the chain */
    FiscMerkleTree log;
    GArray *heads;        /* of FiscHeadCheck, by size */
    guint next_head;      /* the first that the log tree has not reached */
    int64_t begins_entry; /* the first entry looked at */

    /* the folds */
    int64_t upto_batch, upto_entry; /* the checkpoint as it stands */
    int64_t upto_entry_found;       /* the last entry of batch upto_batch; -1 = no such batch */
    GArray *codings;                /* of FiscKnownCoding, by number - 1 */
    GHashTable *balances;           /* FiscBalanceKey -> FiscBalanceFold */
    GHashTable *items;              /* see verify_item.c */
    GHashTable *masters;            /* "kind\x1fsubject" -> FiscMasterFold */
    GHashTable *numbering;          /* kind -> highest number */
    GHashTable *periods;            /* YYYYPP -> FiscPeriodFold */
    GArray *references;             /* of FiscReferenceMismatch */
    GPtrArray *altered;             /* of FiscAlteredEntry */
    GPtrArray *unsettled;           /* of FiscUnsettledBatch */
    GHashTable *contents;           /* see verify_content.c; NULL: none is named */
    FiscReplay *replay;             /* NULL: not asked for */
} FiscVerifier;

/* verify.c */
FiscFinding *fisc_verifier_find(FiscVerifier *verifier, FiscFindingKind kind, const char *subject,
                                int64_t number, const char *name, int64_t batch_no,
                                const char *format, ...) G_GNUC_PRINTF(7, 8);
void fisc_verifier_note(FiscVerifier *verifier, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* verify_chain.c */
bool fisc_verifier_walk(FiscVerifier *verifier, GError **error);

/* verify_fold.c */
void fisc_verifier_folds_init(FiscVerifier *verifier);
void fisc_verifier_folds_clear(FiscVerifier *verifier);
void fisc_verifier_fold_coding(FiscVerifier *verifier, const FiscLogCoding *coding);
/** @is_good: its hash holds; only then is it worth asking whether it makes sense. */
void fisc_verifier_fold_entry(FiscVerifier *verifier, const FiscLogEntry *entry, bool is_good);
void fisc_verifier_fold_event(FiscVerifier *verifier, const FiscLogEvent *event, bool is_good);
void
fisc_verifier_fold_refusal(FiscVerifier *verifier, const FiscLogRefusal *refusal, bool is_good);
/** Adds lines to the balances, or with @sign -1 takes them out again. */
void fisc_verifier_add_lines(FiscVerifier *verifier, const FiscLogEntry *entry, int sign);
/** Reads the table of balances beside the fold. */
bool fisc_verifier_read_balances(FiscVerifier *verifier, GError **error);
/** Debit less credit by the log, less the same by the table. */
__int128 fisc_balance_difference(const FiscBalanceFold *fold);
void fisc_verifier_report_balances(FiscVerifier *verifier);
bool fisc_verifier_compare_masters(FiscVerifier *verifier, GError **error);
bool fisc_verifier_compare_periods(FiscVerifier *verifier, GError **error);
/** Collects the references that do not agree with the entries. */
bool fisc_verifier_read_references(FiscVerifier *verifier, GError **error);
void fisc_verifier_report_references(FiscVerifier *verifier);
bool fisc_verifier_read_checkpoint(FiscVerifier *verifier, GError **error);
void fisc_verifier_compare_checkpoint(FiscVerifier *verifier);

/* verify_item.c */
GHashTable *fisc_verifier_items_new(void);
/** Adds the lines that name open items, or with @sign -1 takes them out again. */
void fisc_verifier_add_items(FiscVerifier *verifier, const FiscLogEntry *entry, int sign);
/** Reads the table of open items beside the fold. */
bool fisc_verifier_read_items(FiscVerifier *verifier, GError **error);
void fisc_verifier_report_items(FiscVerifier *verifier);

/* verify_content.c */
/** Remembers the digest that a step of a case or a publication names, if it does. */
void fisc_verifier_name_content(FiscVerifier *verifier, const FiscLogEvent *event);
/** Looks for each text that was named. */
bool fisc_verifier_compare_contents(FiscVerifier *verifier, GError **error);

/* verify_explain.c */
void fisc_verifier_keep_altered(FiscVerifier *verifier, const FiscLogEntry *entry, guint finding);
/** Says what differs in each entry kept, as far as it can be told. */
void fisc_verifier_explain(FiscVerifier *verifier);
void fisc_altered_entry_free(gpointer altered);

/* verify_exchange.c */
/** Names two rows of the batch that stand in each other's place; false when it is not that. */
bool fisc_verifier_settle_within(FiscVerifier *verifier, FiscUnsettledBatch *batch);
/** The same between the batches that are still unsettled. */
void fisc_verifier_settle_between(FiscVerifier *verifier);
void fisc_unsettled_free(gpointer batch);

/* verify_head.c */
typedef struct {
    FiscHead *head;
    bool is_met;
    bool holds;
} FiscHeadCheck;
bool fisc_verifier_load_heads(FiscVerifier *verifier, GError **error);
/** The next batch of the log tree. */
void fisc_verifier_add_leaf(FiscVerifier *verifier, const uint8_t hash[32]);
void fisc_verifier_report_heads(FiscVerifier *verifier);
void fisc_head_check_clear(gpointer check);

#endif
