/* paper.h: documents in a ministry: what one does, and who takes which step of it. */
#ifndef FISC_TEST_PAPER_H
#define FISC_TEST_PAPER_H

#include "tests/ledger/ministry.h"

/* A document, and what it does: a move of a stage, an event, or both. Persons are "u1", or "u2 for
 * u1". */
typedef struct {
    const char *id, *action, *entity, *needs;
    const char *move;
    const char *kind, *subject, *name, *value;
} Paper;

/** The value of a field on record; NULL when there is none. */
const char *paper_field(Ministry *ministry, const Paper *paper, const char *name);
/** Each returns "" or the code of the first refusal. */
const char *paper_propose(Ministry *ministry, const Paper *paper, const char *actor);
/** An approval that is not the last. */
const char *paper_approve(Ministry *ministry, const Paper *paper, const char *actor);
/** The last approval alone: nothing is carried out yet. */
const char *paper_sign(Ministry *ministry, const Paper *paper, const char *actor);
/** Carries out what has been approved before. */
const char *paper_carry(Ministry *ministry, const Paper *paper, const char *actor);
/** Withdraws it, or rejects it. */
const char *paper_end(Ministry *ministry, const Paper *paper, const char *actor, const char *state);
/** The last approval, with which it is carried out. */
const char *paper_finish(Ministry *ministry, const Paper *paper, const char *actor);
/** The same, but with what another document does. */
const char *
paper_finish_with(Ministry *ministry, const Paper *paper, const char *actor, const Paper *content);
/** Adds what it does: always in the same words. */
void paper_add_content(Ministry *ministry, FiscSubmission *submission, const Paper *paper);

#endif
