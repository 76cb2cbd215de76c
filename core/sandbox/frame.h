/* frame.h: numbers and texts with their length, one after the other: the simplest language that two
 * processes can speak. Nothing in it is searched for, and whoever reads it never looks beyond the
 * bytes there are. */
#ifndef FISC_SANDBOX_FRAME_H
#define FISC_SANDBOX_FRAME_H

#include <glib.h>
#include <stdbool.h>

typedef struct {
    GByteArray *bytes;
    int fd;         /* what is full is written there; -1: all of it stays in @bytes */
    bool is_broken; /* the other side takes no more */
} FiscFrameOut;

void fisc_frame_open(FiscFrameOut *out, int fd);
void fisc_frame_put_byte(FiscFrameOut *out, guint8 byte);
void fisc_frame_put_number(FiscFrameOut *out, guint64 number);
/** @text NULL is kept apart from "". */
void fisc_frame_put_text(FiscFrameOut *out, const char *text);
void fisc_frame_put_bytes(FiscFrameOut *out, const void *data, gsize length);
/** NULL stands for no list. */
void fisc_frame_put_texts(FiscFrameOut *out, const char *const *texts);
/** Writes what is left. False when the other side takes no more. */
bool fisc_frame_close(FiscFrameOut *out);

typedef struct {
    const guint8 *at;
    gsize left;
    bool is_broken; /* something was not there: all that follows is 0 and NULL */
} FiscFrameIn;

/** Borrows @bytes. */
void fisc_frame_read(FiscFrameIn *in, GBytes *bytes);
guint8 fisc_frame_byte(FiscFrameIn *in);
guint64 fisc_frame_number(FiscFrameIn *in);
/** A number that is not more than @most; else it is broken. */
guint64 fisc_frame_number_below(FiscFrameIn *in, guint64 most);
/** The bytes in place, NULL when none were put. */
const char *fisc_frame_bytes(FiscFrameIn *in, gsize *out_length);
/** A copy, made valid UTF-8 if it is not; NULL. Caller frees. */
char *fisc_frame_text(FiscFrameIn *in);
char **fisc_frame_texts(FiscFrameIn *in);

#endif
