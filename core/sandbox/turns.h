/* turns.h: documents of one source read in turn by one copy (nursery.h). To make a copy costs more
 * than to read a small document. Whatever ends the copy says nothing about the document at hand: it
 * may be the fault of one before. Who asks has that document read by a copy of its own, and only
 * what comes of that counts.
 *
 * Over a socket go, one after the other, the lengths of a request and of a document and both of
 * them, and back the length of an answer and the answer. Of one thread. */
#ifndef FISC_SANDBOX_TURNS_H
#define FISC_SANDBOX_TURNS_H

#include "core/sandbox/nursery.h"

typedef struct _FiscTurns FiscTurns;
/** Copies are of @nursery, borrowed. */
FiscTurns *fisc_turns_new(FiscNursery *nursery);
void fisc_turns_free(FiscTurns *turns); /* NULL does nothing */

/* What is asked. */
typedef struct {
    const char *program;
    const char *kind; /* a copy stays with what it was asked for first */
    GBytes *request, *document;
    guint wall_s;
    gsize answer_max; /* bytes */
} FiscTurn;
/** False when no answer came, for whatever reason. */
bool fisc_turns_ask(FiscTurns *turns, const FiscTurn *turn, GBytes **out_answer);
/** Ends the copy: the nursery makes one at a time. The next turn has another. */
void fisc_turns_stop(FiscTurns *turns);

/** The program's side: true when it works in turn. */
bool fisc_turns_are_asked(void);
/** The next request, and how long its document is. False when there is none. */
bool fisc_turns_request(GBytes **out_request, guint64 *out_length);
/** The document of it. NULL when it does not come. */
GBytes *fisc_turns_document(guint64 length);
bool fisc_turns_answer(const GByteArray *answer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscTurns, fisc_turns_free)

#endif
