/* transfer_match.h: which records are the two sides of one grant, and how sure that is.
 *
 * The id that both sides carry says it. Without one, records of the same parties and amount within
 * some days are put together, the surest first; where two choices are equally good none is made. */
#ifndef FISC_TRANSFER_MATCH_H
#define FISC_TRANSFER_MATCH_H

#include "reporting/transfer_records.h"

/* In the order of the report.
 * X(NAME, word) */
#define FISC_TRANSFER_STATES(X)                                                                    \
    X(IN_TRANSIT, "in transit")                                                                    \
    X(DIFFERS, "differs")                                                                          \
    X(RECEIVED_ONLY, "received only")                                                              \
    X(AMBIGUOUS, "ambiguous")                                                                      \
    X(ONE_SIDE, "one side")                                                                        \
    X(MATCHED, "matched")                                                                          \
    X(TAKEN_BACK, "taken back")

typedef enum {
#define X(name, word) FISC_TRANSFER_##name,
    FISC_TRANSFER_STATES(X)
#undef X
        FISC_TRANSFER_STATE_COUNT
} FiscTransferState;

#define FISC_TRANSFER_BY_ID 100 /* the score of what both sides call by one id */

typedef struct {
    GPtrArray *records;   /* of FiscTransferRecord, borrowed, in chain order */
    const char *transfer; /* "" = none */
    FiscTransferState state;
    int score; /* 0 = nothing was compared */
} FiscTransferMatch;

const char *fisc_transfer_state_word(FiscTransferState state);
/** How likely two records of one amount are the two sides of a grant, 40 to 99; 0 when they cannot
 *  be. The points are in docs/transfers.md. */
int fisc_transfer_score(const FiscTransferRecord *payer, const FiscTransferRecord *receiver);
/** Every record, in one FiscTransferMatch each. Caller unrefs, before @records are freed. */
GPtrArray *fisc_transfer_match(const FiscTransferRecords *records);

#endif
