/* reproduce.c: a publication made again from the chain, and held against the bytes that were given
 * to the public. */
#include "app/flows/publication.h"
#include <string.h>

bool
fisc_flow_publication_bytes(FiscContext *ctx, const char *id, GString *out_bytes, GError **error)
{
    g_auto(FiscPublication) publication = {0};
    return fisc_publication_find(ctx, id, &publication, error) &&
           fisc_publication_bytes(ctx, fisc_fact_field(publication.fact, "content"), out_bytes,
                                  error);
}

/* Why the bytes are others: the program, its layouts; or nothing that is allowed to change. */
static bool
explain(const FiscPublication *publication, const char *made, GError **error)
{
    const FiscFact *fact = publication->fact;
    const char *program = fisc_fact_field(fact, "program");
    char layouts[FISC_HASH_TEXT];
    if (!fisc_publication_layouts(publication->rules, &publication->words.query, layouts, error)) {
        return false;
    }
    bool has_other_layouts = strcmp(layouts, fisc_fact_field(fact, "layouts")) != 0;
    if (strcmp(program, FISC_VERSION) != 0 || has_other_layouts) {
        return fisc_fail(error, FISC_ERROR_FAILED,
                         "publication \"%s\" was made by fisc %s; this is fisc %s, %s, and renders "
                         "it otherwise (%s): --stored gives the bytes that were published",
                         fact->subject, program, FISC_VERSION,
                         has_other_layouts ? "with other layouts" : "with the same layouts", made);
    }
    return fisc_fail(error, FISC_ERROR_TAMPERED,
                     "publication \"%s\" is made as %s now, and was %s, by the same program and "
                     "layouts: fisc verify tells what was altered",
                     fact->subject, made, fisc_fact_field(fact, "content"));
}

bool
fisc_flow_reproduce(FiscContext *ctx, const char *id, GString *out_bytes, GError **error)
{
    g_auto(FiscPublication) publication = {0};
    g_autoptr(GString) bytes = g_string_new(NULL);
    g_autoptr(GString) kept = g_string_new(NULL);
    if (!fisc_publication_find(ctx, id, &publication, error)) {
        return false;
    }
    const FiscFact *fact = publication.fact;
    if (!fisc_publication_bytes(ctx, fisc_fact_field(fact, "content"), kept, error) ||
        !fisc_flow_report_bytes(ctx, &publication.words.query, fisc_fact_field(fact, "format"),
                                bytes, error)) {
        return false;
    }
    if (!g_string_equal(bytes, kept)) {
        uint8_t digest[FISC_HASH_SIZE];
        char made[FISC_HASH_TEXT];
        fisc_hash_data(bytes->str, bytes->len, digest);
        return explain(&publication, fisc_hash_format(digest, made), error);
    }
    g_string_append_len(out_bytes, bytes->str, (gssize)bytes->len);
    return true;
}
