/* proof.h: the proof that an entry is in the books, for somebody who has no access to them.
 *
 * It carries the entry, the codings its lines name, and the events that say what entity, accounts,
 * source and maker those numbers are; for each the path to the root of its batch, for each batch
 * its columns and the path to the root of the log tree, and a signed head that names this root.
 * Checking needs nothing else. One proof may be of several entries under one head. */
#ifndef FISC_LEDGER_PROOF_H
#define FISC_LEDGER_PROOF_H

#include "ledger/head.h"
#include "ledger/verify_rows.h"

typedef enum { FISC_PROVEN_ENTRY, FISC_PROVEN_CODING, FISC_PROVEN_EVENT } FiscProvenKind;

typedef struct {
    FiscProvenKind kind;
    const FiscLogEntry *entry; /* the one of its kind; all in the proof's arena */
    const FiscLogCoding *coding;
    const FiscLogEvent *event;
    int64_t batch_no;
    GArray *path; /* of FiscMerkleHash: from the item to the root of its batch */
} FiscProvenItem;

typedef struct {
    FiscLogBatch batch; /* its hash follows from the others, and is not carried */
    GArray *path;       /* of FiscMerkleHash: from its hash to the root of the head */
} FiscProvenBatch;

typedef struct {
    int book_id;
    FiscArena *arena;
    GPtrArray *items;   /* of FiscProvenItem; the entries first, by number */
    GPtrArray *batches; /* of FiscProvenBatch, by number */
    FiscHead *head;
} FiscProof;

FiscProof *fisc_proof_new(int book_id);
void fisc_proof_free(FiscProof *proof); /* NULL does nothing */
FiscProvenItem *fisc_proof_add_item(FiscProof *proof, FiscProvenKind kind, int64_t batch_no);
FiscProvenBatch *fisc_proof_add_batch(FiscProof *proof);

/** Builds the proof of an entry under @head, which it takes on success. NOT_FOUND: no such
 * reference, or it is newer than the head. TAMPERED: the books do not prove it. */
bool fisc_proof_build(FiscTx *tx, int book_id, const char *source, const char *reference,
                      FiscHead *head, FiscProof **out_proof, GError **error);
/** The same of some entries, by their numbers, and of those that they correct, which come behind
 * them. */
bool fisc_proof_build_entries(FiscTx *tx, int book_id, const int64_t *entries, int count,
                              FiscHead *head, FiscProof **out_proof, GError **error);
/** What the proof says of a number: the event of a kind ("account"); a coding. NULL: nothing. */
const FiscLogEvent *fisc_proof_event(const FiscProof *proof, const char *kind, int number);
const FiscLogCoding *fisc_proof_coding(const FiscProof *proof, int64_t coding_id);
/** The entry of a number; NULL. */
const FiscLogEntry *fisc_proof_entry(const FiscProof *proof, int64_t entry_id);
/** The id of the transfer that an entry is of: its own, else that of what it corrects; "" = none.
 */
const char *fisc_proof_transfer(const FiscProof *proof, const FiscLogEntry *entry);
/** Leaves of a proof that holds what proves the entries of a transfer, so that it still holds.
 * False when there are none: then nothing of it may be used. */
bool fisc_proof_keep_transfer(FiscProof *proof, const char *transfer);
/** Where an item stands among the leaves of its batch; past the end when it is not of the batch. */
uint64_t fisc_proven_item_leaf(const FiscProvenItem *item, const FiscLogBatch *batch);
/** NULL when everything in it follows from the root of its head; else what does not. Whose
 * signature the head bears is asked apart. Caller frees. */
char *fisc_proof_check(const FiscProof *proof);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscProof, fisc_proof_free)

#endif
