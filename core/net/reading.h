/* reading.h: an answer while it comes in: its head, then its body, checked piece by piece against
 * what the head says and what the rules allow. Knows no sockets: it is fed. */
#ifndef FISC_NET_READING_H
#define FISC_NET_READING_H

#include "fisc/fetch.h"
#include <gio/gio.h>

typedef struct {
    const FiscFetchRules *rules;
    const FiscFetchRequest *request;
    const char *host; /* borrowed: who answers, for messages */
    gsize bytes_max;

    /* the head */
    bool has_head_begun;
    bool is_head_whole;
    guint status;
    GHashTable *headers;
    gsize head_bytes;
    guint head_lines;

    /* how the body says where it ends */
    int64_t declared; /* by Content-Length; -1: not */
    bool is_chunked;

    /* the body */
    GConverter *unpacker; /* NULL: the body comes as it is */
    bool is_unpacked;     /* nothing of a packed body is missing */
    int64_t packed;       /* bytes, as they came */
    int64_t bytes;        /* as they are */
    GByteArray *body;

    GError *error; /* the first thing that was wrong; nothing is read after it */
} FiscReading;

void fisc_reading_init(FiscReading *reading, const FiscFetchRules *rules,
                       const FiscFetchRequest *request, const char *host);
/** What comes is a file of SFTP: no head, and its end is told by the protocol. */
void fisc_reading_begin_file(FiscReading *reading);
void fisc_reading_clear(FiscReading *reading);

/** Takes a line of the head, or of what may follow the body. False with reading->error. */
bool fisc_reading_take_line(FiscReading *reading, const char *line, gsize length);
/** Takes a piece of the body. False with reading->error. */
bool fisc_reading_take_body(FiscReading *reading, const uint8_t *piece, gsize length);

/** All that Content-Length promised is here: more would be too much. */
bool fisc_reading_is_at_end(const FiscReading *reading);
/** The connection has ended in order: is this a whole answer? False with reading->error. */
bool fisc_reading_end(FiscReading *reading);

#endif
