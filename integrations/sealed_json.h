/* sealed_json.h: a part of another fisc's entries as it travels: the proof of its entries, what it
 * says of itself, and the signature over that. docs/hashes.md. Private to integrations/ and
 * app/flows. */
#ifndef FISC_INTEGRATIONS_SEALED_JSON_H
#define FISC_INTEGRATIONS_SEALED_JSON_H

#include "ledger/sealed.h"
#include <jansson.h>

/* Beside the words of `trust`: the root of the head that a document has to be under while it is
 * taken. Nobody can say it in a register. */
#define FISC_SEALED_UNDER "under"

typedef struct {
    FiscSealedPart part; /* its entity lives in @entity */
    char *entity;
    char *signature;
    FiscProof *proof;
} FiscSealedDocument;

json_t *
fisc_sealed_to_json(const FiscSealedPart *part, const FiscProof *proof, const char *signature);
/** VALUE_INVALID names what is missing or of another type. Nothing is checked yet:
 * fisc_sealed_check(). */
bool fisc_sealed_from_json(const json_t *json, FiscSealedDocument *out_document, GError **error);
void fisc_sealed_document_clear(FiscSealedDocument *document);

/** "sealed-CITY-2024-03-1.json". Caller frees. */
char *fisc_sealed_document_name(const char *entity, FiscPeriod period, int part);
/** The keys of `trust`'s word seal, parted by blanks: of FiscSignKey. VALUE_INVALID; VALUE_MISSING
 * when there is none. */
bool fisc_sealed_keys(GHashTable *trust, GPtrArray **out_keys, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiscSealedDocument, fisc_sealed_document_clear)

#endif
