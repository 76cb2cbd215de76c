/* soak_client.h: what one client does in one round, by kind. */
#ifndef FISC_TEST_SOAK_CLIENT_H
#define FISC_TEST_SOAK_CLIENT_H

#include "tests/server/soak_load.h"

typedef struct {
    const SoakDoor *door;
    int number;
    ServingLink *link; /* kept from one request to the next; NULL: none */
    GArray *known;     /* of SoakKnown */
    char *trouble;     /* an answer that should have been another; NULL: none yet */
    int asked;
    gint *requests; /* atomic, of all clients */
} SoakClient;

/** Does the round with this number; sets @client->trouble when something is not as it should be. */
typedef void (*SoakRound)(SoakClient *client, int round);

void soak_post(SoakClient *client, int round);
void soak_read(SoakClient *client, int round);
void soak_listen(SoakClient *client, int round);
void soak_sign_in(SoakClient *client, int round);
void soak_be_wrong(SoakClient *client, int round);
void soak_begin_job(SoakClient *client, int round);
void soak_be_slow(SoakClient *client, int round);
void soak_leave(SoakClient *client, int round);

/* Rounds that go through the whole table of questions, and of wrong requests. */
int soak_questions(void);
int soak_wrongs(void);

/* What they are made of. */
#define JSON_TYPE "Content-Type: application/json\r\n"

/** Remembers the first trouble, and only that. */
void soak_complain(SoakClient *client, const char *format, ...) G_GNUC_PRINTF(2, 3);
/** One request was made. */
void soak_count(SoakClient *client);
/** One request on the link that is kept, or on a new one. False when no whole answer came. */
bool soak_ask_any(SoakClient *client, const char *method, const char *path, const char *headers,
                  const char *body, ServingAnswer *out_answer);
/** The same; @status is what has to come, else it is a trouble. @out_answer may be NULL. */
bool soak_ask(SoakClient *client, const char *method, const char *path, const char *headers,
              const char *body, int status, ServingAnswer *out_answer);
/** Headers of a write. Caller frees. */
char *soak_headers(const char *who, const char *key);
/** An entry that no budget ends: a fine. Caller frees. */
char *soak_fine(const char *journal, const char *amount);
/** The number of the first entry in an answer. */
int64_t soak_entry(const ServingAnswer *answer);
/** It was acknowledged. */
void soak_note(SoakClient *client, const char *journal, int64_t entry);

void soak_client_clear(SoakClient *client);

#endif
