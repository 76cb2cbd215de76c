/* unpack.h: a gzip body, unpacked piece by piece within bounds. */
#ifndef FISC_NET_UNPACK_H
#define FISC_NET_UNPACK_H

#include <gio/gio.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct {
    GConverter *unpacker;
    int64_t packed_before; /* bytes of earlier pieces */
    int64_t unpacked_before;
    guint ratio_max; /* 0: 200 */
    bool (*take)(const uint8_t *piece, gsize length, gpointer data);
    gpointer take_data;
    bool is_whole; /* in and out: the last member is complete */
} FiscUnpack;

/** Unpacks one piece and hands on what it gives. False with *out_complaint, which goes on after a
 * host's name; without one when @take said no. */
bool
fisc_unpack(FiscUnpack *unpack, const uint8_t *piece, gsize length, const char **out_complaint);

#endif
