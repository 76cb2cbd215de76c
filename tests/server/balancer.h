/* balancer.h: one door before several servers, as a load balancer is: each connection goes to one
 * of those that take it, and is cut when that one dies. It repeats nothing: what was on the way is
 * the client's to ask again. */
#ifndef FISC_TEST_BALANCER_H
#define FISC_TEST_BALANCER_H

#include "tests/server/node.h"

typedef struct _Balancer Balancer;

/** Takes connections for @nodes, which must outlive it; they may come and go. */
Balancer *balancer_new(Node *const *nodes, int count);
int balancer_port(const Balancer *balancer);
/** Connections that got through to each node so far. */
int balancer_passed(Balancer *balancer, int node);
void balancer_free(Balancer *balancer); /* when no client is left */

#endif
