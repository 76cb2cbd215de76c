/* verify_content.c: the texts that steps of cases name by their digests: each is kept, and is the
 * one that was named. A text that no step names is none of the book's. */
#include "ledger/verify_internal.h"
#include <string.h>

/* A digest and where the chain names it first. */
typedef struct {
    char *subject;
    int64_t batch_no;
    int steps; /* that name it */
    bool is_found;
} NamedContent;

static void
named_free(gpointer data)
{
    NamedContent *named = data;
    g_free(named->subject);
    g_free(named);
}

static const char *
find_content(const FiscLogEvent *event)
{
    for (int i = 0; i + 1 < event->field_count; i += 2) {
        if (strcmp(event->fields[i], "content") == 0) {
            return event->fields[i + 1];
        }
    }
    return NULL;
}

void
fisc_verifier_name_content(FiscVerifier *verifier, const FiscLogEvent *event)
{
    const char *digest = strcmp(event->kind, "case") == 0 ? find_content(event) : NULL;
    if (digest == NULL || strlen(digest) != FISC_HASH_TEXT - 1 ||
        strspn(digest, "0123456789abcdef") != FISC_HASH_TEXT - 1) {
        return; /* without one, or one that no engine would take */
    }
    if (verifier->contents == NULL) {
        verifier->contents = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, named_free);
    }
    NamedContent *named = g_hash_table_lookup(verifier->contents, digest);
    if (named == NULL) {
        named = g_new0(NamedContent, 1);
        named->subject = g_strdup(event->subject);
        named->batch_no = event->item.batch_no;
        g_hash_table_insert(verifier->contents, g_strdup(digest), named);
    }
    named->steps++;
}

static void
report(FiscVerifier *verifier, FiscFindingKind kind, const NamedContent *named, const char *digest,
       const char *detail)
{
    g_autofree char *more =
        named->steps > 1 ? g_strdup_printf(", which %d steps name", named->steps) : g_strdup("");
    fisc_verifier_find(verifier, kind, "case", 0, named->subject, named->batch_no,
                       "its content %s%s, %s", digest, more, detail);
}

static bool
each_content(FiscRows *row, void *data, GError **error)
{
    (void)error;
    FiscVerifier *verifier = data;
    uint8_t hash[FISC_HASH_SIZE];
    char found[FISC_HASH_TEXT];
    const char *digest = fisc_rows_text(row, 0, 0);
    const char *text = fisc_rows_text(row, 0, 1);
    NamedContent *named = g_hash_table_lookup(verifier->contents, digest);
    if (named == NULL) {
        return true; /* nobody has asked for it */
    }
    named->is_found = true;
    fisc_hash_data(text, strlen(text), hash);
    fisc_hash_format(hash, found);
    if (strcmp(found, digest) != 0) {
        const NamedContent *other = g_hash_table_lookup(verifier->contents, found);
        g_autofree char *detail =
            other != NULL ? g_strdup_printf("was replaced by that of %s", other->subject)
                          : g_strdup_printf("is now a text with the digest %s", found);
        report(verifier, FISC_FINDING_ALTERED, named, digest, detail);
    }
    return true;
}

static int
compare_texts(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* In order, so that the same damage gives the same report. */
static GPtrArray *
sorted_digests(const FiscVerifier *verifier)
{
    GPtrArray *digests = g_ptr_array_new();
    GHashTableIter iter;
    gpointer digest;
    g_hash_table_iter_init(&iter, verifier->contents);
    while (g_hash_table_iter_next(&iter, &digest, NULL)) {
        g_ptr_array_add(digests, digest);
    }
    g_ptr_array_sort(digests, compare_texts);
    return digests;
}

bool
fisc_verifier_compare_contents(FiscVerifier *verifier, GError **error)
{
    if (verifier->contents == NULL) {
        return true;
    }
    g_autoptr(GPtrArray) digests = sorted_digests(verifier);
    if (!fisc_tx_stream(
            verifier->tx, FISC_SQL_BUDGET_CONTENTS,
            FISC_ARGS(fisc_text_array((const char *const *)digests->pdata, (int)digests->len)),
            each_content, verifier, error)) {
        return false;
    }
    for (guint i = 0; i < digests->len; i++) {
        const NamedContent *named = g_hash_table_lookup(verifier->contents, digests->pdata[i]);
        if (!named->is_found) {
            report(verifier, FISC_FINDING_MISSING, named, digests->pdata[i], "is not kept");
        }
    }
    return true;
}
