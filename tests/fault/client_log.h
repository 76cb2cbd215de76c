/* client_log.h: what the submitters know, written down outside the victim before each request is
 * sent and after each answer, and made durable both times. The truth that the books are compared
 * with. */
#ifndef FISC_FAULT_CLIENT_LOG_H
#define FISC_FAULT_CLIENT_LOG_H

#include "tests/fault/request.h"

typedef enum {
    FAULT_NEVER,   /* not sent */
    FAULT_UNKNOWN, /* sent, and no answer came */
    FAULT_POSTED,  /* acknowledged: also when it was the first answer again */
    FAULT_REFUSED,
    FAULT_FAILED, /* told that nothing was posted; may be asked again */
} FaultState;

typedef struct {
    FaultState state;
    int entries;
    int64_t batch_no[FAULT_ENTRIES_MAX];
    int64_t entry_id[FAULT_ENTRIES_MAX];
    char hash[FAULT_ENTRIES_MAX][65];
    bool has_failed; /* once told that nothing was posted: it may never be "repeated" */
    int times_sent;
} FaultRecord;

typedef struct _FaultLog FaultLog;

FaultLog *fault_log_new(const char *folder);
void fault_log_free(FaultLog *log);
/** The number of a request that nobody sent yet. */
int fault_log_next(FaultLog *log);
void fault_log_sending(FaultLog *log, int number);
/** @answer: the victim's line, or NULL when it died. Complaints about the answer itself (a "failed"
 * one that was posted after all) are kept for fault_log_complaints(). */
void fault_log_answered(FaultLog *log, int number, const char *answer);
/** How many requests were given out; their records are 0 .. count - 1. Not while clients run. */
int fault_log_count(const FaultLog *log);
const FaultRecord *fault_log_record(const FaultLog *log, int number);
const char *fault_log_complaints(const FaultLog *log);
/** Reads the file again and says how it differs from the memory; "" when it does not. Caller frees.
 */
char *fault_log_reread(const FaultLog *log);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FaultLog, fault_log_free)

#endif
