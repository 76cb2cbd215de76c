/* grant.h: a grant of which both sides are on record, proven to somebody outside in one file:
 * docs/transfers.md, docs/hashes.md.
 *
 * The file has the proof of our entries under our head, when a side was taken from another fisc
 * that fisc's own proof under its own head, what they agree on, and our signature over all of it.
 */
#ifndef FISC_GRANT_H
#define FISC_GRANT_H

#include "fisc/context.h"

/** The file, as JSON, of the grant that both sides call @transfer; under the newest head of
 * @head_file, or with NULL a fresh one; signed with @key_file either way. NOT_FOUND when nobody has
 * recorded it; VALUE_INVALID says what the two sides do not agree on. */
bool fisc_flow_grant_proof(FiscContext *ctx, const char *transfer, const char *head_file,
                           const char *key_file, char **out_json, GError **error);

/* Public keys; NULL: not asked. */
typedef struct {
    const char *head;    /* must have signed our head, and the file */
    const char *witness; /* must have cosigned our head */
    const char *other;   /* must have signed the other fisc's heads */
} FiscGrantKeys;

/** Checks such a file without a database. *out_is_grant false: it is another file, and nothing was
 * checked. *out_wrong: NULL, or why it does not hold, beginning with the member that is wrong; else
 * *out_says what it proves. */
bool fisc_flow_grant_check(const char *file, const FiscGrantKeys *keys, bool *out_is_grant,
                           char **out_wrong, char **out_says, GError **error);

#endif
