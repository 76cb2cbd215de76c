/* unpack.c: gzip (RFC 1952) within bounds. zlib checks the sum at the end of each member; that a
 * member ends at all, and how much comes out of how little, is checked here. libcurl would unpack
 * too, and would take a body that stops in the middle for a whole one. */
#include "core/net/unpack.h"

#define ROOM (64 * 1024)
#define RATIO_MAX 200

/* Small answers of one repeated word pack very well; nobody is harmed by them. */
#define HARMLESS (1024 * 1024)

static bool
is_bomb(const FiscUnpack *unpack, int64_t packed, int64_t unpacked)
{
    int64_t ratio_max = unpack->ratio_max > 0 ? unpack->ratio_max : RATIO_MAX;
    return unpacked > HARMLESS && unpacked / ratio_max > packed;
}

bool
fisc_unpack(FiscUnpack *unpack, const uint8_t *piece, gsize length, const char **out_complaint)
{
    g_autofree uint8_t *room = g_malloc(ROOM);
    int64_t unpacked = unpack->unpacked_before;
    gsize used = 0;
    *out_complaint = NULL;
    /* What zlib still has to give when a piece is used up comes with the next: the sum at the end
     * of a member is read behind all of its text. */
    while (used < length) {
        if (unpack->is_whole) {
            /* A body of several members is one text (RFC 1952, 2.2). */
            g_converter_reset(unpack->unpacker);
            unpack->is_whole = false;
        }
        gsize read = 0;
        gsize written = 0;
        g_autoptr(GError) error = NULL;
        GConverterResult result =
            g_converter_convert(unpack->unpacker, piece + used, length - used, room, ROOM,
                                G_CONVERTER_NO_FLAGS, &read, &written, &error);
        if (result == G_CONVERTER_ERROR) {
            if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT)) {
                return true; /* the rest comes with the next piece */
            }
            *out_complaint = "sends a packed body that cannot be unpacked";
            return false;
        }
        used += read;
        unpacked += (int64_t)written;
        unpack->is_whole = result == G_CONVERTER_FINISHED;
        if (is_bomb(unpack, unpack->packed_before + (int64_t)used, unpacked)) {
            *out_complaint = "sends a body that is packed out of all proportion";
            return false;
        }
        if (!unpack->take(room, written, unpack->take_data)) {
            return false;
        }
    }
    return true;
}
