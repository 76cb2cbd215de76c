/* soak_load.h: everything that clients do to a server, the good ones and the others, at once: posts
 * and their repetitions, questions, statements, streams, sign-ins, jobs; requests that are wrong,
 * slow, or cut off. Each client knows what it has to be answered, and stops at the first answer
 * that is another. */
#ifndef FISC_TEST_SOAK_LOAD_H
#define FISC_TEST_SOAK_LOAD_H

#include "tests/server/serving.h"

typedef struct {
    int port;
    char *writer, *reader; /* "Authorization: ...\r\n": who may all, and who only reads */
    const char *person, *password;
} SoakDoor;

/* What was acknowledged. */
typedef struct {
    char *reference; /* as it is on record, "SCH/..." */
    int64_t entry;
} SoakKnown;

typedef struct _SoakLoad SoakLoad;

/** Begins. @door must outlive it. */
SoakLoad *soak_load_start(const SoakDoor *door);
/** Answers so far. */
int soak_load_requests(SoakLoad *load);
/** Ends when each client has done its least, and waits for that. */
void soak_load_stop(SoakLoad *load);
/** After soak_load_stop(): each answer that should have been another, a line each; "". */
char *soak_load_troubles(const SoakLoad *load);
/** After soak_load_stop(): calls @check with everything that was acknowledged. The number. */
guint soak_load_known(const SoakLoad *load, void (*check)(const SoakKnown *known, gpointer),
                      gpointer data);
/** After soak_load_stop(): "120 of posts, 300 of questions ...": requests by kind of client. */
char *soak_load_words(const SoakLoad *load);
void soak_load_free(SoakLoad *load);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SoakLoad, soak_load_free)

#endif
