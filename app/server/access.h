/* access.h: what a person may ask, see and take away: docs/access.md.
 *
 *   access.c    the one check before a handler, and the context that it runs with
 *   read_log.c  who has read what is sensitive
 *   quota.c     how much within an hour
 */
#ifndef FISC_SERVER_ACCESS_H
#define FISC_SERVER_ACCESS_H

#include "app/server/api.h"

/** Loads the key of scoped pools and the quotas. */
bool fisc_access_open(FiscServer *server, GError **error);
void fisc_access_close(FiscServer *server); /* not open: does nothing */

/** Whether who asks may have this route, with these units: by the route's access and by every field
 * that names a unit. What may not be seen is answered as what does not exist, in the same bytes.
 * False: the reply is a problem. */
bool fisc_access_check(FiscCall *call);
/** The context that the handler runs with: of reads the pool sees what the person may see. */
void fisc_access_ready(FiscCall *call);
/** After the answer: writes down what was read, counts it, and gives back what ready() made. */
void fisc_access_finish(FiscCall *call);

/** Persons who took so many rows within this hour that it raised an alarm. */
int fisc_access_alarmed(FiscServer *server);

/** A pool of readers that sees what @scope is, for work that outlives its request. Closed by the
 * caller. */
FiscPool *fisc_access_pool(FiscServer *server, const FiscScope *scope);

/* read_log.c */
/** Whether an answer of this route to this person is written down. */
bool fisc_read_log_wants(const FiscCall *call);
void fisc_read_log_write(FiscCall *call);

/* quota.c */
typedef struct _FiscQuotas FiscQuotas;
bool fisc_quotas_open(FiscPool *posters, FiscQuotas **out_quotas, GError **error);
void fisc_quotas_free(FiscQuotas *quotas);
/** Counts a request. False: the hour's measure is full; *out_wait_s until the next. */
bool fisc_quotas_take(FiscQuotas *quotas, const char *person, gint64 now_us, int *out_wait_s);
/** Counts rows that were given away. True when they pass the measure that raises an alarm: once in
 * an hour. *out_rows: so many within the hour. */
bool fisc_quotas_add(FiscQuotas *quotas, const char *person, gint64 now_us, int64_t rows,
                     int64_t *out_rows);
/** How many persons are beyond that measure in the hour of @now_us. */
int fisc_quotas_alarmed(FiscQuotas *quotas, gint64 now_us);

#endif
