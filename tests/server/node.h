/* node.h: `fisc serve` as a process of its own, which a test may kill, and a client that takes no
 * answer for an answer. */
#ifndef FISC_TEST_NODE_H
#define FISC_TEST_NODE_H

#include "tests/server/serving.h"

typedef struct {
    char *words[16]; /* behind "fisc", ended by NULL: "--db", URI, "serve", ... */
    GPid pid;        /* 0: down */
    gint port;       /* atomic; 0: down */
} Node;

/** Starts it on a free port and waits until it listens; ends the program when it does not. @place:
 * "--db" or "--data", with its value. @more: an option without value, or NULL. */
Node *node_start(const char *place, const char *value, const char *more);
/** SIGKILL, and waits for its end. */
void node_kill(Node *node);
/** SIGTERM, and waits. Its exit status. */
int node_end(Node *node);
void node_restart(Node *node);
void node_free(Node *node); /* kills it */

/** One request on a connection of its own. False when no whole answer came. */
bool node_ask(int port, const char *method, const char *path, const char *headers, const char *body,
              ServingAnswer *out_answer);
/** The Fisc-Batch of GET /healthz; -1 when nobody answers. */
int64_t node_batch(const Node *node);

#endif
