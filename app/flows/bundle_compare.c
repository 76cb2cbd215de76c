/* bundle_compare.c: what changed since the bundle before. That one is trusted as far as its own
 * description goes: every file is held against the digest there. */
#include "app/flows/bundle.h"
#include <jansson.h>
#include <string.h>

#define HASH_PREFIX "sha256:"

static json_t *
load_package(const char *folder, GError **error)
{
    g_autofree char *path = g_build_filename(folder, "datapackage.json", NULL);
    json_error_t wrong;
    json_t *package = json_load_file(path, 0, &wrong);
    if (package == NULL) {
        fisc_fail(error, FISC_ERROR_NOT_FOUND, "%s is no description of a bundle: %s", path,
                  wrong.text);
    }
    return package;
}

static const char *
text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text != NULL ? text : "";
}

static json_t *
find_resource(const json_t *package, const char *name)
{
    gsize index;
    json_t *resource;
    json_array_foreach(json_object_get(package, "resources"), index, resource)
    {
        if (strcmp(text_of(resource, "name"), name) == 0) {
            return resource;
        }
    }
    return NULL;
}

/* A bundle of another unit or period has other rows, and comparing them tells nothing. */
static bool
check_scope(FiscBundleMaking *making, const json_t *package, GError **error)
{
    const json_t *before = json_object_get(package, "fisc");
    FiscBundleScope *scope = &making->scope;
    scope->previous = (int64_t)json_integer_value(json_object_get(before, "batch"));
    if (strcmp(text_of(before, "unit"), scope->unit) != 0 ||
        strcmp(text_of(before, "period"), scope->period) != 0) {
        return fisc_fail(error, FISC_ERROR_USAGE, "%s is a bundle of %s, %s: not the one before",
                         making->order->since, text_of(before, "unit"), text_of(before, "period"));
    }
    if (scope->previous < 1 || scope->previous > scope->batch) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "%s is of batch %" G_GINT64_FORMAT
                         ", which is not before %" G_GINT64_FORMAT,
                         making->order->since, scope->previous, scope->batch);
    }
    return true;
}

static bool
check_digest(const char *path, const GString *text, const json_t *resource, GError **error)
{
    uint8_t digest[FISC_HASH_SIZE];
    char hex[FISC_HASH_TEXT];
    fisc_hash_data(text->str, text->len, digest);
    fisc_hash_format(digest, hex);
    const char *said = text_of(resource, "hash");
    return (g_str_has_prefix(said, HASH_PREFIX) && strcmp(said + strlen(HASH_PREFIX), hex) == 0) ||
           fisc_fail(error, FISC_ERROR_TAMPERED,
                     "%s is not what its datapackage.json says: its SHA-256 is %s", path, hex);
}

/* NULL without @error: it did not have the file. */
static bool
load_before(const char *folder, const json_t *package, const FiscBundleFile *file,
            FiscCsv **out_csv, GError **error)
{
    const FiscCsvOptions options = {.allow_unknown = true};
    const json_t *resource = find_resource(package, file->name);
    g_autofree char *path = g_build_filename(folder, file->path, NULL);
    g_autofree char *data = NULL;
    g_autoptr(GError) wrong = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    gsize length = 0;
    *out_csv = NULL;
    if (resource == NULL) {
        return true;
    }
    if (!g_file_get_contents(path, &data, &length, &wrong)) {
        return fisc_fail(error, FISC_ERROR_IO, "%s", wrong->message);
    }
    g_autoptr(GString) text = g_string_new_len(data, (gssize)length);
    if (!check_digest(path, text, resource, error)) {
        return false;
    }
    fisc_csv_parse(path, data, length, &options, out_csv, refusals);
    return *out_csv != NULL || fisc_fail(error, FISC_ERROR_VALUE_INVALID, "%s is no table", path);
}

static bool
compare_files(FiscBundleMaking *making, const json_t *package, GError **error)
{
    if (!check_scope(making, package, error)) {
        return false;
    }
    for (guint i = 0; i < making->files->len; i++) {
        const FiscBundleFile *file = g_ptr_array_index(making->files, i);
        g_autoptr(FiscCsv) before = NULL;
        if (!load_before(making->order->since, package, file, &before, error)) {
            return false;
        }
        fisc_bundle_add_changes(making->changes, file, before);
    }
    return true;
}

bool
fisc_bundle_compare(FiscBundleMaking *making, GError **error)
{
    making->changes = fisc_bundle_changes_new();
    if (making->order->since == NULL) {
        return true;
    }
    json_t *package = load_package(making->order->since, error);
    bool is_done = package != NULL && compare_files(making, package, error);
    json_decref(package);
    return is_done;
}
