/* witness.h: what the witness remembers, and when it says no.
 *
 * It keeps, for each book, the last head that it cosigned, and cosigns another only when that one
 * is proven to follow: so whoever holds two of its cosignatures holds one history. It has no
 * database and needs none. */
#ifndef FISC_APP_WITNESS_H
#define FISC_APP_WITNESS_H

#include "ledger/head.h"

typedef struct _FiscWitness FiscWitness;

/** Opens the state in @folder, which is made when it is not there, and locks it until closed. */
bool fisc_witness_open(const char *folder, FiscWitness **out_witness, GError **error);
void fisc_witness_close(FiscWitness *witness); /* NULL does nothing */

/** From now on only heads signed by the public key in @path; kept with the state. Another than the
 * one that is kept is refused. */
bool fisc_witness_trust(FiscWitness *witness, const char *path, GError **error);
/** The key that is kept; NULL when there is none. Borrowed. */
const FiscSignKey *fisc_witness_trusted(const FiscWitness *witness);

/** The last head of a book, NULL when there is none. Caller frees. */
bool fisc_witness_last(FiscWitness *witness, int book_id, FiscHead **out_head, GError **error);
/** Adds our signature to @head and keeps it as the last of its book, on disk before it returns.
 * TAMPERED: it is a fork, a rollback, of another environment, or not signed. VALUE_MISSING: its
 * proof begins at another size than the last head; the message says which is needed. */
bool
fisc_witness_cosign(FiscWitness *witness, const FiscSignKey *key, FiscHead *head, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscWitness, fisc_witness_close)

#endif
