/* layout_record.c: layouts by name: those on record, which a nation adds by itself, and those
 * compiled in; and the digest that says by which layouts a statement was made.
 *
 * A layout on record is a fact of the kind "layout" (ledger/fact.c): a nation as it was known at a
 * batch has the text of that moment. Whether the text makes sense is layout_check.c's to say,
 * before it comes on record. */
#include "core/base/hash.h"
#include "reporting/layout.h"
#include <string.h>

#define KIND "layout"

static const FiscLayoutFile *
find_file(const FiscLayoutFile *files, const char *name)
{
    for (const FiscLayoutFile *file = files; file->statement != NULL; file++) {
        if (strcmp(file->statement, name) == 0) {
            return file;
        }
    }
    return NULL;
}

bool
fisc_layout_is_compiled(const char *name)
{
    for (const FiscLayoutFamily *family = fisc_layout_families; family->name != NULL; family++) {
        if (find_file(family->files, name) != NULL) {
            return true;
        }
    }
    return find_file(fisc_national_layout_files, name) != NULL;
}

static bool
complain_unknown(const FiscNation *nation, const char *name, GError **error)
{
    g_autoptr(GString) known = g_string_new(NULL);
    g_autoptr(GPtrArray) facts = fisc_nation_facts(nation, KIND);
    for (const FiscLayoutFile *file = fisc_national_layout_files; file->statement != NULL; file++) {
        g_string_append_printf(known, "%s%s", known->len > 0 ? ", " : "", file->statement);
    }
    for (guint i = 0; i < facts->len; i++) {
        const FiscFact *fact = g_ptr_array_index(facts, i);
        g_string_append_printf(known, ", %s", fact->subject);
    }
    return fisc_fail(error, FISC_ERROR_USAGE, "\"%s\" is no layout; there are: %s", name,
                     known->str);
}

bool
fisc_layout_find(const FiscNation *nation, const char *name, FiscLayoutFile *out_file,
                 GError **error)
{
    if (name == NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "a layout is needed: --layout NAME");
    }
    const FiscLayoutFile *national = find_file(fisc_national_layout_files, name);
    const FiscFact *fact = fisc_nation_fact(nation, KIND, name);
    if (national != NULL) {
        *out_file = *national;
        return true;
    }
    if (fact == NULL) {
        return complain_unknown(nation, name, error);
    }
    *out_file = (FiscLayoutFile){fact->subject, fact->subject, fisc_fact_field(fact, "text")};
    return true;
}

static void
hash_file(FiscHash *hash, const FiscLayoutFile *file)
{
    fisc_hash_add_text(hash, file->statement);
    fisc_hash_add_text(hash, file->text);
}

static void
hash_files(FiscHash *hash, const FiscLayoutFile *files)
{
    for (const FiscLayoutFile *file = files; file != NULL && file->statement != NULL; file++) {
        hash_file(hash, file);
    }
}

bool
fisc_layout_digest(const FiscNation *nation, const char *family, const char *layout,
                   char out_digest[FISC_HASH_TEXT], GError **error)
{
    const FiscLayoutFamily *found = NULL;
    FiscLayoutFile own = {NULL, NULL, NULL};
    if (!fisc_layout_family_find(family, &found, error) ||
        (layout != NULL && !fisc_layout_find(nation, layout, &own, error))) {
        return false;
    }
    g_autoptr(FiscHash) hash = fisc_hash_new();
    uint8_t digest[FISC_HASH_SIZE];
    fisc_hash_add_text(hash, "fisc layouts 1");
    if (layout != NULL) {
        fisc_hash_add_text(hash, "");
        hash_file(hash, &own);
    } else {
        fisc_hash_add_text(hash, found->name);
        hash_files(hash, found->files);
        hash_files(hash, found->bridge);
    }
    fisc_hash_finish(hash, digest);
    fisc_hash_format(digest, out_digest);
    return true;
}
