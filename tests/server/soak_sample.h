/* soak_sample.h: what a server holds at a moment, as the kernel and PostgreSQL tell it, and how
 * that goes over time. */
#ifndef FISC_TEST_SOAK_SAMPLE_H
#define FISC_TEST_SOAK_SAMPLE_H

#include "tests/server/node.h"

typedef struct {
    double seconds;         /* since the load began */
    int64_t resident_kb;    /* the least that was seen since the sample before: a password that is
                               being hashed takes 64 MiB for a moment, which is not kept */
    int64_t used_kb;        /* of the heap, the least that was seen likewise; as /metrics tells */
    int64_t pss_kb;         /* with its share of what other processes use, too */
    int64_t peak_kb;        /* ever */
    int descriptors;        /* open, of which ... */
    int client_connections; /* ... to clients, those included that the server has not seen leave */
    int lines;              /* ... to PostgreSQL */
    int threads;
    int backends;        /* processes of PostgreSQL that serve this database */
    int64_t backends_kb; /* their own memory, without what they share */
    int connections;     /* to the whole PostgreSQL */
    int requests;        /* answered so far */
} SoakSample;

/** Memory now, when it is less than @sample has. @headers: who asks for /metrics; NULL: nobody. */
void soak_look(const Node *node, const char *headers, SoakSample *sample);
/** Everything else. Nobody but the server may be connected to the database of @books. */
void soak_sample(const Node *node, const char *headers, const Books *books, SoakSample *sample);
/** Descriptors that are neither of a client nor of PostgreSQL. */
int soak_own_descriptors(const SoakSample *sample);

typedef double (*SoakValue)(const SoakSample *sample);

/** By how much a value grows in an hour, from the sample @first on: the median of the slopes
 * between any two samples, which a few that stand out do not move (Theil and Sen). */
double soak_trend(const GArray *samples, guint first, SoakValue value);
/** A table with @rows_max rows at most, to stdout. */
void soak_print(const GArray *samples, guint rows_max);

#endif
