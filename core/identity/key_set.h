/* key_set.h: which key of a provider a token has to be signed with, and whether it is. */
#ifndef FISC_IDENTITY_KEY_SET_H
#define FISC_IDENTITY_KEY_SET_H

#include "fisc/provider.h"

/* The algorithms that are taken; a token that names any other is refused before a key is looked
 * for. None of them takes a secret: a public key is never mistaken for one. */
typedef enum {
    FISC_ALGORITHM_NONE, /* not one of ours */
    FISC_ALGORITHM_RS256,
    FISC_ALGORITHM_PS256,
    FISC_ALGORITHM_ES256,
} FiscAlgorithm;

FiscAlgorithm fisc_algorithm_parse(const char *name);

/** GOOD with the signed bytes (caller frees), when the key of that id, or without one (NULL) the
 * only key there is for the algorithm, has signed it. */
FiscIdTokenState fisc_key_set_verify(const FiscKeySet *keys, const char *token, const char *key_id,
                                     FiscAlgorithm algorithm, GByteArray **out_payload);

#endif
