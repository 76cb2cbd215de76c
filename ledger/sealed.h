/* sealed.h: entries of a unit that another book takes from us, sealed: which there are, and that a
 * part of them is whole, each as lines of text that we sign. The proof of the entries themselves
 * (proof.h) says that they are in our log; it does not say that none is missing, which these do.
 * Pure. The forms are a contract: docs/hashes.md. */
#ifndef FISC_LEDGER_SEALED_H
#define FISC_LEDGER_SEALED_H

#include "core/base/sign.h"
#include "ledger/proof.h"

/* A part has so many entries at most, in the order of their numbers: once full, it never changes.
 */
#define FISC_SEALED_PART_ENTRIES 500
#define FISC_SEALED_SIGNATURE_TEXT (FISC_KEY_ID_TEXT + 2 * FISC_SIGNATURE_SIZE + 1)

/* ---- which there are ---- */

typedef struct {
    char *entity;
    FiscPeriod period;
    int64_t entries; /* of the period, so far */
} FiscSealedPeriod;

typedef struct {
    int book_id;
    int64_t size; /* batches 1 .. size */
    uint8_t root[32];
    GPtrArray *periods; /* of FiscSealedPeriod */
} FiscSealedList;

FiscSealedList *fisc_sealed_list_new(int book_id, int64_t size, const uint8_t root[32]);
void fisc_sealed_list_free(FiscSealedList *list); /* NULL does nothing */
void
fisc_sealed_list_add(FiscSealedList *list, const char *entity, FiscPeriod period, int64_t entries);
/** The list with its signature. Caller frees. */
char *fisc_sealed_list_to_text(const FiscSealedList *list, const FiscSignKey *private_key);
/** Strictly that text, signed by one of @keys (of FiscSignKey). VALUE_INVALID names the line;
 * TAMPERED: nobody of them has signed it. */
bool fisc_sealed_list_read(const char *text, const GPtrArray *keys, FiscSealedList **out_list,
                           GError **error);

/* ---- a part of them ---- */

typedef struct {
    const char *entity; /* borrowed */
    FiscPeriod period;
    int part;            /* from 1 */
    int64_t first, last; /* numbers of entries */
    int64_t entries;
    uint8_t digest[32]; /* fisc_sealed_digest() */
} FiscSealedPart;

/** What is signed: the part, and the head under which it is proven. Caller frees. */
char *fisc_sealed_part_body(const FiscSealedPart *part, const FiscHead *head);
/** Whether an entry of the proof is of the part; others are what such entries correct. */
bool fisc_sealed_has(const FiscSealedPart *part, const FiscProof *proof, const FiscLogEntry *entry);
/** The digest of the part's entries, their numbers included, in the order of the proof; and how
 * many. False when they are not in the order of their numbers. */
bool fisc_sealed_digest(const FiscSealedPart *part, const FiscProof *proof, uint8_t out_digest[32],
                        int64_t *out_entries);
/** NULL when the proof holds, its head and the part are signed by one of @keys, and its entries are
 * those of the part; else what is wrong. Caller frees. */
char *fisc_sealed_check(const FiscSealedPart *part, const FiscProof *proof, const char *signature,
                        const GPtrArray *keys);

/** "KEY-ID SIGNATURE" of a text, in hexadecimal. */
void fisc_sealed_sign(const FiscSignKey *private_key, const char *body,
                      char out_text[FISC_SEALED_SIGNATURE_TEXT]);
/** Whether one of @keys made the signature. */
bool fisc_sealed_is_signed(const char *body, const char *signature, const GPtrArray *keys);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscSealedList, fisc_sealed_list_free)

#endif
