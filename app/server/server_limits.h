/* server_limits.h: how much of the server anybody may have, and for how long. Each limit has a name
 * that an operator can set it by. */
#ifndef FISC_SERVER_SERVER_LIMITS_H
#define FISC_SERVER_SERVER_LIMITS_H

#include <glib.h>
#include <stdint.h>

/* Zero is the usual value of each. */
typedef struct {
    int64_t connections;         /* open at once */
    int64_t address_connections; /* of one address; a unix socket and trusted proxies aside */
    int64_t head_ms;             /* from the first byte of a request to the end of its head */
    int64_t body_ms;             /* for a body, and on top what @bytes_per_second gives it */
    int64_t reply_ms;            /* for a reader who lets his answer wait, the same */
    int64_t bytes_per_second;    /* slower than this nobody has to be waited for */
    int64_t idle_ms;             /* between two requests */
    int64_t bodies_megabytes;    /* of all bodies that are being read or answered */
} FiscServerLimits;

typedef struct {
    const char *name; /* of the setting: "head-ms"; NULL ends the list */
    gsize offset;     /* of an int64_t in FiscServerLimits */
    int64_t usual;
} FiscServerLimit;

extern const FiscServerLimit fisc_server_limits[];

/** Where the value of a limit stands. */
int64_t *fisc_server_limit_at(FiscServerLimits *limits, const FiscServerLimit *limit);
/** The usual value for each that is zero. */
void fisc_server_limits_fill(FiscServerLimits *limits);

#endif
