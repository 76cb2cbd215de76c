/* verify_content.c: what the chain names by its digest and is kept beside it: the texts of steps of
 * cases, the bytes of publications. Each is kept, and is the one that was named. What nobody names
 * is none of the book's. */
#include "ledger/verify_internal.h"
#include <string.h>

/* Which events name contents, and where those are kept. */
typedef struct {
    const char *kind;
    FiscSql contents; /* digest, body: text or bytes */
    bool is_bytes;
    const char *what; /* several of the events */
} Store;

static const Store stores[] = {
    {"case", FISC_SQL_BUDGET_CONTENTS, false, "steps"},
    {"publication", FISC_SQL_REPORTING_CONTENTS, true, "publications"},
};

/* A digest and where the chain names it first. */
typedef struct {
    const Store *store;
    char *digest;
    char *subject;
    int64_t batch_no;
    int events; /* that name it */
    bool is_found;
} NamedContent;

static void
named_free(gpointer data)
{
    NamedContent *named = data;
    g_free(named->digest);
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

static const Store *
find_store(const char *kind)
{
    for (gsize i = 0; i < G_N_ELEMENTS(stores); i++) {
        if (strcmp(stores[i].kind, kind) == 0) {
            return &stores[i];
        }
    }
    return NULL;
}

/* The same bytes may be named of both stores. Caller frees. */
static char *
key_of(const Store *store, const char *digest)
{
    return g_strconcat(store->kind, "/", digest, NULL);
}

void
fisc_verifier_name_content(FiscVerifier *verifier, const FiscLogEvent *event)
{
    const Store *store = find_store(event->kind);
    const char *digest = store != NULL ? find_content(event) : NULL;
    if (digest == NULL || strlen(digest) != FISC_HASH_TEXT - 1 ||
        strspn(digest, "0123456789abcdef") != FISC_HASH_TEXT - 1) {
        return; /* without one, or one that no engine would take */
    }
    if (verifier->contents == NULL) {
        verifier->contents = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, named_free);
    }
    g_autofree char *key = key_of(store, digest);
    NamedContent *named = g_hash_table_lookup(verifier->contents, key);
    if (named == NULL) {
        named = g_new0(NamedContent, 1);
        named->store = store;
        named->digest = g_strdup(digest);
        named->subject = g_strdup(event->subject);
        named->batch_no = event->item.batch_no;
        g_hash_table_insert(verifier->contents, g_steal_pointer(&key), named);
    }
    named->events++;
}

static void
report(FiscVerifier *verifier, FiscFindingKind kind, const NamedContent *named, const char *detail)
{
    g_autofree char *more =
        named->events > 1 ? g_strdup_printf(", which %d %s name", named->events, named->store->what)
                          : g_strdup("");
    fisc_verifier_find(verifier, kind, named->store->kind, 0, named->subject, named->batch_no,
                       "its content %s%s, %s", named->digest, more, detail);
}

static void
hash_body(const FiscRows *row, const Store *store, char out_found[FISC_HASH_TEXT])
{
    uint8_t hash[FISC_HASH_SIZE];
    int length = 0;
    const void *body = store->is_bytes ? (const void *)fisc_rows_bytea(row, 0, 1, &length)
                                       : (const void *)fisc_rows_text(row, 0, 1);
    fisc_hash_data(body, store->is_bytes ? (gsize)length : strlen(body), hash);
    fisc_hash_format(hash, out_found);
}

static void
hold_against(FiscVerifier *verifier, const FiscRows *row, const Store *store)
{
    char found[FISC_HASH_TEXT];
    g_autofree char *key = key_of(store, fisc_rows_text(row, 0, 0));
    NamedContent *named = g_hash_table_lookup(verifier->contents, key);
    if (named == NULL) {
        return; /* nobody has asked for it */
    }
    named->is_found = true;
    hash_body(row, store, found);
    if (strcmp(found, named->digest) != 0) {
        g_autofree char *other_key = key_of(store, found);
        const NamedContent *other = g_hash_table_lookup(verifier->contents, other_key);
        g_autofree char *detail =
            other != NULL ? g_strdup_printf("was replaced by that of %s", other->subject)
                          : g_strdup_printf("is now %s with the digest %s",
                                            store->is_bytes ? "bytes" : "a text", found);
        report(verifier, FISC_FINDING_ALTERED, named, detail);
    }
}

/* What a row is held against. */
typedef struct {
    FiscVerifier *verifier;
    const Store *store;
} Comparison;

static bool
each_content(FiscRows *row, void *data, GError **error)
{
    (void)error;
    const Comparison *comparison = data;
    hold_against(comparison->verifier, row, comparison->store);
    return true;
}

static int
compare_texts(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* In order, so that the same damage gives the same report. */
static GPtrArray *
sorted_digests(const FiscVerifier *verifier, const Store *store)
{
    GPtrArray *digests = g_ptr_array_new();
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, verifier->contents);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        NamedContent *named = value;
        if (named->store == store) {
            g_ptr_array_add(digests, named->digest);
        }
    }
    g_ptr_array_sort(digests, compare_texts);
    return digests;
}

static bool
compare_store(FiscVerifier *verifier, const Store *store, GError **error)
{
    g_autoptr(GPtrArray) digests = sorted_digests(verifier, store);
    Comparison comparison = {verifier, store};
    if (digests->len > 0 &&
        !fisc_tx_stream(
            verifier->tx, store->contents,
            FISC_ARGS(fisc_text_array((const char *const *)digests->pdata, (int)digests->len)),
            each_content, &comparison, error)) {
        return false;
    }
    for (guint i = 0; i < digests->len; i++) {
        g_autofree char *key = key_of(store, digests->pdata[i]);
        const NamedContent *named = g_hash_table_lookup(verifier->contents, key);
        if (!named->is_found) {
            report(verifier, FISC_FINDING_MISSING, named, "is not kept");
        }
    }
    return true;
}

bool
fisc_verifier_compare_contents(FiscVerifier *verifier, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(stores) && verifier->contents != NULL; i++) {
        if (!compare_store(verifier, &stores[i], error)) {
            return false;
        }
    }
    return true;
}
