/* rig.h: victims, submitters and the books they fight over.
 *
 * A rig is one database, one client log, and one victim at a time: a poster in a process of its
 * own. Submitters are threads here; they hold the log, so whatever dies there, what was
 * acknowledged is known here. */
#ifndef FISC_FAULT_RIG_H
#define FISC_FAULT_RIG_H

#include "tests/fault/client_log.h"
#include <sys/types.h>

#define FAULT_CLIENTS 4

typedef struct {
    uint64_t seed;
    char *folder;
    char *admin_uri, *uri;
    FaultLog *log;
    pid_t victim; /* 0: none */
    int desk[FAULT_CLIENTS];
    int round;
    gint has_struck; /* the fault of this load has hit */
} FaultRig;

/** Opens the books in an empty database. */
void fault_rig_open(FaultRig *rig, const char *admin_uri, uint64_t seed);
void fault_rig_close(FaultRig *rig);

/** Starts a victim; @kill_at may be NULL. False when it died before it was ready. */
bool fault_victim_start(FaultRig *rig, const char *kill_at, bool is_early);
void fault_victim_kill(FaultRig *rig);
/** Waits until it ends; true when a SIGKILL ended it. Its desks are closed. */
bool fault_victim_wait(FaultRig *rig);

typedef struct {
    int requests;              /* for each submitter, and more until the fault has struck */
    bool checkpoints;          /* ask for a checkpoint now and then */
    void (*fault)(void *data); /* called while they are at it, says fault_rig_struck(); or NULL */
    void *fault_data;
} FaultLoad;
/** Lets the submitters work until they have done their requests or the victim is dead. Unknown and
 * failed requests of before are sent first. */
void fault_rig_load(FaultRig *rig, const FaultLoad *load);
/** The fault has hit: the submitters need not go on for its sake. */
void fault_rig_struck(FaultRig *rig);
/** Sends everything again whose outcome is not known, to an honest victim, until all is known.
 * False when that does not end in @seconds. */
bool fault_rig_settle(FaultRig *rig, int seconds);
/** One question to a desk of the victim; NULL when it died. Caller frees. */
char *fault_ask(FaultRig *rig, int desk, const char *line);

/** Runs a program and waits; true when it exits with 0. @kill_at may be NULL. @out_status (may be
 * NULL) is its wait status. */
bool fault_run(const char *const *argv, const char *kill_at, int *out_status);
/** First column of the first row, or the error. Caller frees. */
char *fault_query(const char *uri, const char *sql);

#endif
