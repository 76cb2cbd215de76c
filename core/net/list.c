/* list.c: what is in a directory of an SFTP server.
 *
 * The protocol gives for each file a line as "ls -l" writes it (listing.c), in the server's time
 * zone and without the year when it is recent. The time of change is asked for file by file, on the
 * same connection. */
#include "fisc/fetch.h"
#include "core/net/listing.h"
#include "core/net/transfer.h"
#include <string.h>

#define ENTRY_BYTES_MAX 1024 /* of a line; names have 255 at most */

void
fisc_fetch_entry_free(FiscFetchEntry *entry)
{
    if (entry != NULL) {
        g_free(entry->name);
        g_free(entry);
    }
}

static void
free_entry(gpointer entry)
{
    fisc_fetch_entry_free(entry);
}

/* ---- times of change ---- */

/* Nothing is read: libcurl opens the file, asks for its attributes and closes it. */
static bool
ask_time(FiscTransfer *transfer, const char *folder, FiscFetchEntry *entry, GError **error)
{
    char *escaped = curl_easy_escape(transfer->curl, entry->name, 0);
    g_autofree char *path = g_strconcat(folder, escaped, entry->is_folder ? "/" : "", NULL);
    curl_free(escaped);
    curl_url_set(transfer->target->url, CURLUPART_PATH, path, 0);
    curl_easy_setopt(transfer->curl, CURLOPT_CURLU, transfer->target->url);
    g_autoptr(GError) cause = NULL;
    if (!fisc_transfer_run(transfer, &cause)) {
        bool is_only_this = g_error_matches(cause, FISC_ERROR, FISC_ERROR_NOT_FOUND) ||
                            g_error_matches(cause, FISC_ERROR, FISC_ERROR_PEER_FORBIDDEN);
        if (!is_only_this || transfer->is_key_wrong) {
            g_propagate_error(error, g_steal_pointer(&cause));
            return false;
        }
        return true;
    }
    curl_off_t modified_s = -1;
    curl_easy_getinfo(transfer->curl, CURLINFO_FILETIME_T, &modified_s);
    entry->modified_s = modified_s;
    return true;
}

/* The bound for all of it holds for all of it. */
static bool
set_time_left(FiscTransfer *transfer, gint64 end_us, GError **error)
{
    gint64 left_ms = (end_us - g_get_monotonic_time()) / 1000;
    if (left_ms <= 0) {
        return fisc_fail(error, FISC_ERROR_PEER_UNAVAILABLE, "%s is too slow to list its files",
                         transfer->target->name);
    }
    curl_easy_setopt(transfer->curl, CURLOPT_TIMEOUT_MS, (long)left_ms);
    return true;
}

static bool
ask_times(FiscTransfer *transfer, const char *folder, gint64 end_us, GPtrArray *entries,
          GError **error)
{
    curl_easy_setopt(transfer->curl, CURLOPT_NOBODY, 1L);
    curl_easy_setopt(transfer->curl, CURLOPT_FILETIME, 1L);
    for (guint i = 0; i < entries->len; i++) {
        if (!set_time_left(transfer, end_us, error) ||
            !ask_time(transfer, folder, entries->pdata[i], error)) {
            return false;
        }
    }
    return true;
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
    const FiscFetchEntry *const *first = a;
    const FiscFetchEntry *const *second = b;
    return strcmp((*first)->name, (*second)->name);
}

static bool
list(FiscTransfer *transfer, guint entries_max, GPtrArray *entries, GError **error)
{
    gint64 end_us = g_get_monotonic_time() + (gint64)fisc_transfer_total_ms(transfer->rules) * 1000;
    char *folder = NULL;
    if (curl_url_get(transfer->target->url, CURLUPART_PATH, &folder, 0) != CURLUE_OK) {
        return fisc_fail(error, FISC_ERROR_VALUE_INVALID, "the URL has no path");
    }
    bool is_listed = fisc_transfer_run(transfer, error) &&
                     fisc_listing_read(transfer->reading.body, transfer->target->name, entries_max,
                                       entries, error) &&
                     ask_times(transfer, folder, end_us, entries, error);
    curl_free(folder);
    return is_listed;
}

bool
fisc_fetch_list(const FiscFetchRules *rules, const char *url, guint entries_max,
                GPtrArray **out_entries, GError **error)
{
    if (!g_str_has_prefix(url, "sftp://") || !g_str_has_suffix(url, "/")) {
        return fisc_fail(error, FISC_ERROR_VALUE_INVALID,
                         "a directory is listed by sftp://, and its path ends with \"/\"");
    }
    FiscFetchRules own_rules = *rules;
    gsize listing_max = (gsize)entries_max * ENTRY_BYTES_MAX + 2 * ENTRY_BYTES_MAX;
    own_rules.bytes_max = rules->bytes_max > 0 ? MIN(rules->bytes_max, listing_max) : listing_max;
    const FiscFetchRequest request = {.url = url};
    g_autoptr(FiscTransfer) transfer = NULL;
    g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func(free_entry);
    if (!fisc_transfer_new(&own_rules, &request, &transfer, error) ||
        !list(transfer, entries_max, entries, error)) {
        return false;
    }
    g_ptr_array_sort(entries, compare_names);
    *out_entries = g_steal_pointer(&entries);
    return true;
}
