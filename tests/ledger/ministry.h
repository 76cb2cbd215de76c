/* ministry.h: a book with persons and their roles, decided by the pure engine.
 *
 * Two entities, E1 and E2, and the year 2024 open; the shipped matrix of duties; Ada administers
 * and Sol is the security officer. It is 2024-06-15. */
#ifndef FISC_TEST_MINISTRY_H
#define FISC_TEST_MINISTRY_H

#include "ledger/engine_internal.h"
#include "ledger/engine_replay.h"

typedef struct {
    FiscEngine *engine;
    FiscReplay *replay; /* decides everything again, and objects to nothing */
    FiscDate today;
    GPtrArray *kept;   /* submissions, which outlive what was decided of them */
    int count;         /* of entries: each has a reference of its own */
    char *last;        /* "" or the code of the first refusal */
    char *detail;      /* and its detail */
    int64_t shortfall; /* and what is short, when it is about funds */
} Ministry;

/** Duties are not enforced yet. */
Ministry *ministry_new(void);
void ministry_free(Ministry *ministry);
/** Brings the duties in force: Ada proposes, Sol confirms. */
void ministry_enforce(Ministry *ministry);
/** No action needs an approval: for tests of rights alone. Before enforcing. */
void ministry_drop_approvals(Ministry *ministry);
/** Registers a person who holds roles "approver/E1 auditor/E2"; granted by Ada and Sol. */
void ministry_person(Ministry *ministry, const char *code, const char *roles);
/** Grants a role by Ada and Sol; with a reason and a last day it is an exception. */
void ministry_grant(Ministry *ministry, const char *subject, const char *expires);
void ministry_delegate(Ministry *ministry, const char *subject, const char *from, const char *to);

/** An empty submission of an actor, "u1" or "u2 for u1". Kept by the ministry. */
FiscSubmission *ministry_begin(Ministry *ministry, const char *actor);
/** Decides and keeps it; returns ministry->last. */
const char *ministry_submit(Ministry *ministry, FiscSubmission *submission);
/** One event. */
const char *ministry_event(Ministry *ministry, const char *actor, const char *kind,
                           const char *subject, ...) G_GNUC_NULL_TERMINATED;
/** Adds "available>commitment 100 PO-1 PR-1": a move of an amount to a stage, that opens the first
 * item and relieves the second ("-": none). */
void ministry_add_move(Ministry *ministry, FiscSubmission *submission, const char *entity,
                       const char *words);
/** A submission of one such move. */
const char *
ministry_move(Ministry *ministry, const char *actor, const char *entity, const char *words);
/** A submission of one entry that debits and credits two accounts; @item on the credit, or NULL. */
const char *ministry_post(Ministry *ministry, const char *actor, const char *entity,
                          const char *debit, const char *credit, const char *item);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ministry, ministry_free)

#endif
