/* listing.c: see listing.h. */
#include "core/net/listing.h"
#include "fisc/fetch.h"
#include <string.h>

/* Rights, links, owner and group (which may hold spaces), size, month, day, time or year, name. */
static const char line_pattern[] = "^([a-z-])\\S{9,}\\s+\\d+\\s+\\S.*?\\s(\\d{1,18})\\s+\\S+\\s+"
                                   "\\d{1,2}\\s+(?:\\d{4,5}|\\d{1,2}:\\d{2})\\s(.+)$";

static bool
is_good_name(const char *name)
{
    for (const char *c = name; *c != '\0'; c++) {
        if ((guint8)*c < 0x20 || *c == 0x7f || *c == '/') {
            return false;
        }
    }
    return g_utf8_validate(name, -1, NULL);
}

static bool
read_line(const char *server, GRegex *pattern, const char *line, GPtrArray *entries, GError **error)
{
    g_autoptr(GMatchInfo) match = NULL;
    if (!g_utf8_validate(line, -1, NULL) || !g_regex_match(pattern, line, 0, &match)) {
        return fisc_fail(error, FISC_ERROR_PEER_FAULT,
                         "%s lists a file in a way that cannot be read", server);
    }
    g_autofree char *kind = g_match_info_fetch(match, 1);
    g_autofree char *bytes = g_match_info_fetch(match, 2);
    g_autofree char *name = g_match_info_fetch(match, 3);
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || (*kind != '-' && *kind != 'd')) {
        return true;
    }
    if (!is_good_name(name)) {
        return fisc_fail(error, FISC_ERROR_PEER_FAULT, "%s lists a file with a name that is none",
                         server);
    }
    FiscFetchEntry *entry = g_new0(FiscFetchEntry, 1);
    entry->name = g_steal_pointer(&name);
    entry->bytes = (int64_t)g_ascii_strtoull(bytes, NULL, 10);
    entry->modified_s = -1;
    entry->is_folder = *kind == 'd';
    g_ptr_array_add(entries, entry);
    return true;
}

bool
fisc_listing_read(const GByteArray *body, const char *server, guint entries_max, GPtrArray *entries,
                  GError **error)
{
    g_autofree char *text =
        g_strndup(body->len > 0 ? (const char *)body->data : "", body->len); /* of none NULL */
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(GRegex) pattern = g_regex_new(line_pattern, G_REGEX_OPTIMIZE, 0, NULL);
    for (gsize i = 0; lines[i] != NULL; i++) {
        if (*lines[i] != '\0' && !read_line(server, pattern, lines[i], entries, error)) {
            return false;
        }
    }
    if (strlen(text) != body->len) {
        return fisc_fail(error, FISC_ERROR_PEER_FAULT, "%s lists a file with a NUL byte", server);
    }
    if (entries->len > entries_max) {
        return fisc_fail(error, FISC_ERROR_PEER_FAULT, "%s lists more than the %u files expected",
                         server, entries_max);
    }
    return true;
}
