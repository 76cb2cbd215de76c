/* head.h: signed heads: what a book was at one moment, in one line of 32 bytes, and who says so.
 *
 * The log tree of a book is the Merkle tree over the hashes of its batches 1 .. size. A head names
 * its root; the ministry signs it, and a witness outside cosigns it after a consistency proof from
 * the last head it has seen. Pure text and arithmetic, no database: the witness links this file.
 * The format is a contract: docs/hashes.md. */
#ifndef FISC_LEDGER_HEAD_H
#define FISC_LEDGER_HEAD_H

#include "core/base/sign.h"
#include "ledger/merkle.h"

#define FISC_HEAD_TIME_TEXT 24

/* Whose signature it is: the word in front of it. */
typedef enum { FISC_SIGNER_HEAD, FISC_SIGNER_WITNESS } FiscSigner;

typedef struct {
    FiscSigner signer;
    char key_id[FISC_KEY_ID_TEXT];
    uint8_t signature[FISC_SIGNATURE_SIZE];
} FiscHeadSignature;

typedef struct {
    int book_id;
    int64_t size; /* batches 1 .. size; 0: an empty book */
    uint8_t root[32];
    char *time;         /* "2026-11-21T19:30:00Z" */
    char *environment;  /* label of the key: production, or somebody's copy */
    GArray *signatures; /* of FiscHeadSignature */
    int64_t from;       /* size of the head before that @path begins with; -1: no proof */
    GArray *path;       /* of FiscMerkleHash */
} FiscHead;

/** An unsigned head at @time_us (microseconds since 1970). */
FiscHead *fisc_head_new(int book_id, int64_t size, const uint8_t root[32], int64_t time_us,
                        const char *environment);
void fisc_head_free(FiscHead *head); /* NULL does nothing */

/** What is signed: the head's lines, each with its newline. Caller frees. */
char *fisc_head_body(const FiscHead *head);
/** The note: body, empty line, signatures; and the consistency proof when it has one and is wanted.
 * Caller frees. */
char *fisc_head_to_text(const FiscHead *head, bool with_proof);
/** Every note of a text, one after the other: an array of FiscHead. VALUE_INVALID names the line.
 */
bool fisc_heads_parse(const char *text, GPtrArray **out_heads, GError **error);
/** The same from a file. NOT_FOUND, IO. */
bool fisc_heads_load(const char *path, GPtrArray **out_heads, GError **error);

void fisc_head_sign(FiscHead *head, FiscSigner signer, const FiscSignKey *private_key);
/** True when one of its signatures is this signer's by this key. */
bool fisc_head_is_signed(const FiscHead *head, FiscSigner signer, const FiscSignKey *key);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscHead, fisc_head_free)

#endif
