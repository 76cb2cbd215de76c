/* fz_listing.c: what an SFTP server lists. Either files with names that are names of files, or a
 * fault; whatever was listed can be listed again in the same words. */
#include "core/net/listing.h"
#include "fisc/fetch.h"
#include "tests/fuzz/fuzz.h"
#include <string.h>

#define ENTRIES_MAX 50

static void
free_entry(gpointer entry)
{
    fisc_fetch_entry_free(entry);
}

static GPtrArray *
read_list(const void *data, gsize length, GError **error)
{
    g_autoptr(GByteArray) body = g_byte_array_new();
    g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func(free_entry);
    g_byte_array_append(body, data, (guint)length);
    return fisc_listing_read(body, "sftp.example", ENTRIES_MAX, entries, error)
               ? g_steal_pointer(&entries)
               : NULL;
}

static void
check_entry(const FiscFetchEntry *entry)
{
    FUZZ_HOLDS(*entry->name != '\0' && g_utf8_validate(entry->name, -1, NULL));
    FUZZ_HOLDS(strpbrk(entry->name, "/\r\n\t\x7f") == NULL);
    FUZZ_HOLDS(strcmp(entry->name, ".") != 0 && strcmp(entry->name, "..") != 0);
    FUZZ_HOLDS(entry->bytes >= 0 && entry->modified_s == -1);
}

static void
check_again(const GPtrArray *entries)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < entries->len; i++) {
        const FiscFetchEntry *entry = entries->pdata[i];
        check_entry(entry);
        g_string_append_printf(text, "%crw-r--r-- 1 a b %" G_GINT64_FORMAT " Jan 2 03:04 %s\n",
                               entry->is_folder ? 'd' : '-', entry->bytes, entry->name);
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) again = read_list(text->str, text->len, &error);
    FUZZ_HOLDS(again != NULL && again->len == entries->len);
    for (guint i = 0; i < again->len; i++) {
        const FiscFetchEntry *entry = again->pdata[i], *first = entries->pdata[i];
        FUZZ_HOLDS(strcmp(entry->name, first->name) == 0 && entry->bytes == first->bytes &&
                   entry->is_folder == first->is_folder);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) entries = read_list(data, size, &error);
    FUZZ_HOLDS((entries == NULL) == (error != NULL));
    if (entries != NULL) {
        FUZZ_HOLDS(entries->len <= ENTRIES_MAX);
        check_again(entries);
    }
    return 0;
}
