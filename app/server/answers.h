/* answers.h: answers to writes, kept under the keys of their senders: in memory while they are
 * fresh, in the database for thirty days. One thread speaks to the database for everybody, so that
 * a round trip is shared by all who wait for it. */
#ifndef FISC_SERVER_ANSWERS_H
#define FISC_SERVER_ANSWERS_H

#include "fisc/db.h"

typedef struct _FiscAnswers FiscAnswers;

typedef struct {
    char digest[65]; /* of the request, in hexadecimal */
    int status;
    char *head; /* "name: value" by line */
    char *body;
} FiscAnswer;

void fisc_answer_clear(FiscAnswer *answer);

typedef enum {
    FISC_ANSWER_NONE,      /* the key is new: it is the caller's until he lets go of it */
    FISC_ANSWER_IN_FLIGHT, /* somebody is answering the same request */
    FISC_ANSWER_OTHER,     /* the key belongs to another request */
    FISC_ANSWER_KEPT,      /* here it is */
} FiscAnswerState;

FiscAnswers *fisc_answers_new(FiscPool *posters, int book_id);
/** Keeps what is still to be kept, and ends. NULL does nothing. */
void fisc_answers_free(FiscAnswers *answers);

/** What there is under a key; *out_answer is a copy when it is KEPT. UNAVAILABLE when the database
 * cannot be asked: then nothing is known. */
bool
fisc_answers_find(FiscAnswers *answers, const char *person, const char *key, const char *digest,
                  FiscAnswerState *out_state, FiscAnswer *out_answer, GError **error);
/** Of who had NONE: this is the answer. Takes what is in it. @is_durable: returns when it is on
 * disk, or cannot be put there; otherwise the chain can tell it again, and nobody waits. */
void fisc_answers_keep(FiscAnswers *answers, const char *person, const char *key,
                       FiscAnswer *answer, bool is_durable);
/** Of who had NONE: nothing was done, the key is free again. */
void fisc_answers_let_go(FiscAnswers *answers, const char *person, const char *key);

#endif
