/* sheets.c: see sheets.h. */
#include "app/flows/sheets.h"
#include "core/base/hash.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

/* A file of the folder, as it will be written. */
typedef struct {
    char *path;
    GString *bytes;
} Sheet;

static void
sheet_free(gpointer data)
{
    Sheet *sheet = data;
    g_free(sheet->path);
    g_string_free(sheet->bytes, TRUE);
    g_free(sheet);
}

GPtrArray *
fisc_sheets_new(void)
{
    return g_ptr_array_new_with_free_func(sheet_free);
}

void
fisc_sheets_add(GPtrArray *sheets, const char *path, GString *bytes)
{
    Sheet *sheet = g_new0(Sheet, 1);
    sheet->path = g_strdup(path);
    sheet->bytes = bytes;
    g_ptr_array_add(sheets, sheet);
}

void
fisc_sheets_add_text(GPtrArray *sheets, const char *path, const char *text)
{
    fisc_sheets_add(sheets, path, g_string_new(text));
}

bool
fisc_sheets_add_key(GPtrArray *sheets, const char *key_file, GError **error)
{
    g_autofree char *path = g_strconcat(key_file, ".pub", NULL);
    g_autofree char *text = NULL;
    g_autoptr(GError) wrong = NULL;
    if (!g_file_get_contents(path, &text, NULL, &wrong)) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND,
                         "the public key is needed beside the private one: %s", wrong->message);
    }
    fisc_sheets_add_text(sheets, FISC_SHEETS_KEY, text);
    return true;
}

static int
compare_paths(gconstpointer a, gconstpointer b)
{
    return strcmp((*(const Sheet *const *)a)->path, (*(const Sheet *const *)b)->path);
}

void
fisc_sheets_seal(GPtrArray *sheets, const FiscSignKey *key)
{
    GString *text = g_string_new(NULL);
    uint8_t signature[FISC_SIGNATURE_SIZE];
    g_ptr_array_sort(sheets, compare_paths);
    for (guint i = 0; i < sheets->len; i++) {
        const Sheet *sheet = g_ptr_array_index(sheets, i);
        uint8_t digest[FISC_HASH_SIZE];
        char hex[FISC_HASH_TEXT];
        fisc_hash_data(sheet->bytes->str, sheet->bytes->len, digest);
        g_string_append_printf(text, "%s  %s\n", fisc_hash_format(digest, hex), sheet->path);
    }
    fisc_sign(key, text->str, text->len, signature);
    fisc_sheets_add(sheets, FISC_SHEETS_CHECKSUMS, text);
    fisc_sheets_add(sheets, FISC_SHEETS_SIGNATURE,
                    g_string_new_len((const char *)signature, sizeof signature));
}

static bool
write_sheet(const char *folder, const Sheet *sheet, GError **error)
{
    g_autofree char *path = g_build_filename(folder, sheet->path, NULL);
    g_autofree char *parent = g_path_get_dirname(path);
    g_autoptr(GError) wrong = NULL;
    if (g_mkdir_with_parents(parent, 0755) != 0) {
        return fisc_fail(error, FISC_ERROR_IO, "%s: %s", parent, g_strerror(errno));
    }
    return g_file_set_contents(path, sheet->bytes->str, (gssize)sheet->bytes->len, &wrong) ||
           fisc_fail(error, FISC_ERROR_IO, "%s", wrong->message);
}

bool
fisc_sheets_write(const GPtrArray *sheets, const char *folder, GError **error)
{
    for (guint i = 0; i < sheets->len; i++) {
        if (!write_sheet(folder, g_ptr_array_index(sheets, i), error)) {
            return false;
        }
    }
    return true;
}
