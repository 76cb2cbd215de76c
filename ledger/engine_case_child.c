/* engine_case_child.c: the cases that are the parts of another: which they are, kept so that nobody
 * has to look through all cases for them, and the digest over their contents. */
#include "core/base/hash.h"
#include "fisc/ledger.h"
#include "ledger/engine_internal.h"
#include <stdlib.h>
#include <string.h>

static const char *
text(const char *value)
{
    return value != NULL ? value : "";
}

static int
compare_children(gconstpointer a, gconstpointer b)
{
    return strcmp(((const FiscCaseChild *)a)->subject, ((const FiscCaseChild *)b)->subject);
}

void
fisc_case_children_digest(FiscCaseChild *children, guint count, char out_hex[FISC_CASE_DIGEST_TEXT])
{
    uint8_t digest[FISC_HASH_SIZE];
    g_autoptr(FiscHash) hash = fisc_hash_new();
    if (count > 0) { /* no children are no array */
        qsort(children, count, sizeof *children, compare_children);
    }
    for (guint i = 0; i < count; i++) {
        const char *content = text(children[i].content);
        fisc_hash_add_bytes(hash, children[i].subject, strlen(children[i].subject) + 1);
        fisc_hash_add_bytes(hash, content, strlen(content));
        fisc_hash_add_bytes(hash, "\n", 1);
    }
    fisc_hash_finish(hash, digest);
    fisc_hash_format(digest, out_hex);
}

GHashTable *
fisc_engine_case_children(const FiscEngine *engine, const char *subject)
{
    return engine->case_children != NULL ? g_hash_table_lookup(engine->case_children, subject)
                                         : NULL;
}

void
fisc_engine_set_case(FiscEngine *engine, const FiscMaster *master)
{
    const char *parent = text(fisc_engine_field(master->fields, "parent"));
    if (*parent == '\0') {
        return;
    }
    if (engine->case_children == NULL) {
        engine->case_children = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                                      (GDestroyNotify)g_hash_table_unref);
    }
    GHashTable *cases = fisc_engine_case_children(engine, parent);
    if (cases == NULL) {
        cases = g_hash_table_new(g_str_hash, g_str_equal);
        g_hash_table_insert(engine->case_children, g_strdup(parent), cases);
    }
    g_hash_table_insert(cases, master->subject, (gpointer)master);
}

void
fisc_engine_remove_case(FiscEngine *engine, const FiscMaster *master)
{
    GHashTable *cases =
        fisc_engine_case_children(engine, text(fisc_engine_field(master->fields, "parent")));
    if (cases != NULL) {
        g_hash_table_remove(cases, master->subject);
    }
}
