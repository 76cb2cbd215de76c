/* enact.h: content of documents that is told by reference: one line that says which texts it is
 * made of, where the entries themselves would be too many to keep twice. */
#ifndef FISC_FLOWS_ENACT_H
#define FISC_FLOWS_ENACT_H

#include "fisc/enactment.h"
#include "fisc/flow.h"
#include <jansson.h>

/* Who makes a content out of a reference, from one snapshot. */
typedef struct {
    FiscTx *tx;
    int book_id;
    const FiscNation *nation;
    json_t *words; /* what the reference says */
    FiscSubmission *into;
    FiscRefusals *refusals;
} FiscExpansion;

/** A word of the reference; "" when it does not say. */
const char *fisc_flow_word(const json_t *words, const char *name);
/** What is said under a key of a payload; NULL when it is not such a reference. Caller decrefs. */
json_t *fisc_flow_read_reference(const char *payload, const char *key);
/** The payload that says @words under a key; @words is consumed. Caller frees. */
char *fisc_flow_write_reference(const char *key, json_t *words);

/** Whether a payload is a reference. */
bool fisc_flow_is_reference(const char *payload);
/** The content that a reference stands for; *out_content is NULL with refusals when it does not
 * stand for what it did any more. False: the system failed. */
bool fisc_flow_expand(const FiscContext *ctx, const FiscNation *nation, const char *payload,
                      const char *source, FiscSubmission **out_content, FiscRefusals *refusals,
                      GError **error);
/** The same with what a transaction that is still open has kept; NULL: in one of its own. */
bool fisc_flow_expand_within(const FiscContext *ctx, FiscTx *within, const FiscNation *nation,
                             const char *payload, const char *source, FiscSubmission **out_content,
                             FiscRefusals *refusals, GError **error);

/* Each kind of reference fills expansion->into. False with @error, or with refusals and true. */
bool fisc_flow_expand_enactment(FiscExpansion *expansion, GError **error);
bool fisc_flow_expand_interim(FiscExpansion *expansion, GError **error);
bool fisc_flow_expand_feed(FiscExpansion *expansion, GError **error); /* feed.h */

/** The interim budget of a year as its case has it: *out_state "" when there is none, *out_content
 * the digest of its text, "" = none. Caller frees both. */
bool fisc_flow_interim_state(FiscTx *tx, int book_id, int year, char **out_state,
                             char **out_content, GError **error);
/** Reads the interim budget kept under a digest. */
bool fisc_flow_interim_load(FiscTx *tx, const char *digest, const FiscNation *nation,
                            FiscInterim **out_interim, GError **error);
/** Appends a step of the case of the interim budget of a year. NOT_FOUND without a procedure. */
bool
fisc_flow_interim_step(FiscExpansion *expansion, int year, const char *step, const char *content,
                       const char *base, const char *reason, GError **error);
/** Whether a law of the year and another version than @version stands in the way of one more
 * original budget for the entities of @version: appends why. */
bool fisc_flow_check_laws(FiscExpansion *expansion, const FiscVersion *version, GError **error);

/** The digest of what a version's lines are: hex. Caller frees. */
char *fisc_flow_lines_digest(const FiscVersion *version);
/** What a content does, by entity and side: columns entity,side,lines,more,less,amount. */
FiscTable *fisc_flow_content_totals(const FiscSubmission *content, const FiscNation *nation);

#endif
