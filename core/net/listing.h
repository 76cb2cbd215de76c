/* listing.h: the lines by which an SFTP server lists a directory. Pure. */
#ifndef FISC_NET_LISTING_H
#define FISC_NET_LISTING_H

#include <glib.h>
#include <stdbool.h>

/** Kind, size and name of each file, appended as FiscFetchEntry; when it was changed is not known
 * from a line (-1). PEER_FAULT: a line that cannot be read, a name that is none, or more than
 * @entries_max. */
bool fisc_listing_read(const GByteArray *body, const char *server, guint entries_max,
                       GPtrArray *entries, GError **error);

#endif
