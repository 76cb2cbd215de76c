/* frame.c: numbers and texts with their length. Numbers are eight bytes, the lowest first. */
#include "core/sandbox/frame.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

#define BLOCK_BYTES (256 * 1024)
#define NUMBER_BYTES 8

void
fisc_frame_open(FiscFrameOut *out, int fd)
{
    *out = (FiscFrameOut){.bytes = g_byte_array_new(), .fd = fd};
}

static void
flush(FiscFrameOut *out)
{
    const guint8 *at = out->bytes->data;
    gsize left = out->bytes->len;
    while (left > 0 && !out->is_broken) {
        gssize taken = write(out->fd, at, left);
        out->is_broken = taken < 0 && errno != EINTR;
        at += MAX(taken, 0);
        left -= (gsize)MAX(taken, 0);
    }
    g_byte_array_set_size(out->bytes, 0);
}

static void
put(FiscFrameOut *out, const void *data, gsize length)
{
    const guint8 *at = data;
    while (length > 0) {
        guint part = (guint)MIN(length, BLOCK_BYTES); /* a GByteArray counts in 32 bits */
        g_byte_array_append(out->bytes, at, part);
        at += part;
        length -= part;
        if (out->fd >= 0 && out->bytes->len >= BLOCK_BYTES) {
            flush(out);
        }
    }
}

void
fisc_frame_put_byte(FiscFrameOut *out, guint8 byte)
{
    put(out, &byte, 1);
}

void
fisc_frame_put_number(FiscFrameOut *out, guint64 number)
{
    guint64 little = GUINT64_TO_LE(number);
    put(out, &little, NUMBER_BYTES);
}

/* The length is put as one more, so that 0 says that there is none. */
void
fisc_frame_put_bytes(FiscFrameOut *out, const void *data, gsize length)
{
    fisc_frame_put_number(out, data != NULL ? (guint64)length + 1 : 0);
    put(out, data, data != NULL ? length : 0);
}

void
fisc_frame_put_text(FiscFrameOut *out, const char *text)
{
    fisc_frame_put_bytes(out, text, text != NULL ? strlen(text) : 0);
}

void
fisc_frame_put_texts(FiscFrameOut *out, const char *const *texts)
{
    gsize count = 0;
    while (texts != NULL && texts[count] != NULL) {
        count++;
    }
    fisc_frame_put_number(out, texts != NULL ? (guint64)count + 1 : 0);
    for (gsize i = 0; i < count; i++) {
        fisc_frame_put_text(out, texts[i]);
    }
}

bool
fisc_frame_close(FiscFrameOut *out)
{
    if (out->fd >= 0) {
        flush(out);
    }
    g_clear_pointer(&out->bytes, g_byte_array_unref);
    return !out->is_broken;
}

/* ---- reading ---- */

void
fisc_frame_read(FiscFrameIn *in, GBytes *bytes)
{
    *in = (FiscFrameIn){0};
    in->at = g_bytes_get_data(bytes, &in->left);
}

static const guint8 *
take(FiscFrameIn *in, guint64 length)
{
    if (in->is_broken || length > in->left) {
        in->is_broken = true;
        return NULL;
    }
    const guint8 *taken = in->at;
    in->at += length;
    in->left -= length;
    return taken;
}

guint8
fisc_frame_byte(FiscFrameIn *in)
{
    const guint8 *taken = take(in, 1);
    return taken != NULL ? *taken : 0;
}

guint64
fisc_frame_number(FiscFrameIn *in)
{
    const guint8 *taken = take(in, NUMBER_BYTES);
    guint64 little = 0;
    if (taken != NULL) {
        memcpy(&little, taken, NUMBER_BYTES);
    }
    return GUINT64_FROM_LE(little);
}

guint64
fisc_frame_number_below(FiscFrameIn *in, guint64 most)
{
    guint64 number = fisc_frame_number(in);
    in->is_broken = in->is_broken || number > most;
    return in->is_broken ? 0 : number;
}

const char *
fisc_frame_bytes(FiscFrameIn *in, gsize *out_length)
{
    guint64 length = fisc_frame_number(in);
    *out_length = 0;
    if (in->is_broken || length == 0) {
        return NULL;
    }
    const char *bytes = (const char *)take(in, length - 1);
    *out_length = bytes != NULL ? (gsize)length - 1 : 0;
    return bytes;
}

char *
fisc_frame_text(FiscFrameIn *in)
{
    gsize length;
    const char *bytes = fisc_frame_bytes(in, &length);
    return bytes != NULL ? g_utf8_make_valid(bytes, (gssize)length) : NULL;
}

char **
fisc_frame_texts(FiscFrameIn *in)
{
    guint64 count = fisc_frame_number(in);
    if (in->is_broken || count == 0) {
        return NULL;
    }
    GPtrArray *texts = g_ptr_array_new();
    for (guint64 i = 1; i < count && !in->is_broken; i++) {
        char *text = fisc_frame_text(in);
        g_ptr_array_add(texts, text != NULL ? text : g_strdup("")); /* a list has no gaps */
    }
    g_ptr_array_add(texts, NULL);
    return (char **)g_ptr_array_free(texts, FALSE);
}
