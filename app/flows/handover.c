/* handover.c: documents that units hand over by themselves. They are kept as those are that are
 * fetched; what becomes of them is the next pull's. */
#include "fisc/handover.h"
#include "app/flows/intake.h"
#include "core/base/hash.h"
#include "fisc/scope.h"
#include <string.h>

#define CONNECTOR "agent"
#define WORD_MAX 100
#define DOCUMENT_MAX_MB 32

/* What is signed. No part has a line's end in it, so that none can reach into the next. */
static GString *
statement_of(const FiscHandover *handover)
{
    uint8_t digest[FISC_HASH_SIZE];
    char hex[FISC_HASH_TEXT];
    gsize length = 0;
    const void *bytes = g_bytes_get_data(handover->bytes, &length);
    fisc_hash_data(bytes, length, digest);
    GString *text = g_string_new("fisc document 1\n");
    g_string_append_printf(text, "%s\n%s\n%s\n%s\n%s\n", handover->feeder, handover->document,
                           handover->version, handover->certified_by,
                           fisc_hash_format(digest, hex));
    return text;
}

void
fisc_handover_sign(const FiscHandover *handover, const FiscSignKey *private_key,
                   uint8_t out_signature[FISC_SIGNATURE_SIZE])
{
    GString *text = statement_of(handover);
    fisc_sign(private_key, text->str, text->len, out_signature);
    g_string_free(text, TRUE);
}

bool
fisc_handover_check(const FiscHandover *handover, const FiscSignKey *key,
                    const uint8_t signature[FISC_SIGNATURE_SIZE])
{
    GString *text = statement_of(handover);
    bool is_theirs = fisc_sign_check(key, text->str, text->len, signature);
    g_string_free(text, TRUE);
    return is_theirs;
}

static bool
is_version(const char *text)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:";
    return *text != '\0' && strlen(text) <= WORD_MAX && strspn(text, allowed) == strlen(text);
}

static bool
is_name(const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        if (g_ascii_iscntrl(*at)) {
            return false;
        }
    }
    return strlen(text) <= WORD_MAX && g_utf8_validate(text, -1, NULL);
}

static gsize
bytes_max(const FiscFeeder *feeder)
{
    const char *word = g_hash_table_lookup(feeder->trust, "max_mb");
    guint64 megabytes = DOCUMENT_MAX_MB;
    if (word != NULL) {
        g_ascii_string_to_unsigned(word, 10, 1, DOCUMENT_MAX_MB, &megabytes, NULL);
    }
    return (gsize)megabytes * 1024 * 1024;
}

static void
check_words(const FiscHandover *handover, const FiscFeeder *feeder, FiscRefusals *refusals)
{
    if (!is_version(handover->version)) {
        fisc_refusals_add(refusals, FISC_ERROR_VALUE_INVALID, NULL, 0, "version",
                          "a version has up to %d letters, digits and \"-_.:\", not \"%s\"",
                          WORD_MAX, handover->version);
    }
    if (!is_name(handover->certified_by)) {
        fisc_refusals_add(refusals, FISC_ERROR_VALUE_INVALID, NULL, 0, "certified_by",
                          "a name of up to %d letters", WORD_MAX);
    }
    if (!is_name(handover->document) ||
        fisc_feeder_profile_name(feeder, handover->document) == NULL) {
        fisc_refusals_add(refusals, FISC_ERROR_VALUE_INVALID, NULL, 0, "document",
                          "feeder %s has no document that is called \"%s\"", feeder->name,
                          handover->document);
    }
    if (g_bytes_get_size(handover->bytes) == 0) {
        fisc_refusals_add(refusals, FISC_ERROR_FILE_EMPTY, handover->document, 0, NULL,
                          "there is nothing in it");
    }
    if (g_bytes_get_size(handover->bytes) > bytes_max(feeder)) {
        fisc_refusals_add(refusals, FISC_ERROR_LINE_TOO_LONG, handover->document, 0, NULL,
                          "a document of %s has %" G_GSIZE_FORMAT " bytes at most", feeder->name,
                          bytes_max(feeder));
    }
}

static bool
find_feeder(FiscContext *ctx, const char *name, FiscFeeder **out_feeder, GError **error)
{
    g_autoptr(FiscFeeder) feeder = NULL;
    if (!fisc_feeder_open(ctx, name, &feeder, error)) {
        return false;
    }
    if (strcmp(feeder->connector, CONNECTOR) != 0 || strcmp(feeder->state, "active") != 0) {
        return fisc_fail(error, FISC_ERROR_DENIED,
                         "feeder %s hands nothing over: it is fetched by %s, and %s", name,
                         feeder->connector, feeder->state);
    }
    *out_feeder = g_steal_pointer(&feeder);
    return true;
}

static bool
check_signature(const FiscHandover *handover, const FiscFeeder *feeder,
                const uint8_t signature[FISC_SIGNATURE_SIZE], GError **error)
{
    g_autoptr(FiscSignKey) key = NULL;
    return fisc_sign_key_read(g_hash_table_lookup(feeder->trust, "agent"), &key, error) &&
           (fisc_handover_check(handover, key, signature) ||
            fisc_fail(error, FISC_ERROR_DENIED,
                      "the signature of %s is not by the agent of feeder %s, or something of it "
                      "was altered",
                      handover->document, feeder->name));
}

bool
fisc_flow_handover_take(FiscContext *ctx, const FiscHandover *handover,
                        const uint8_t signature[FISC_SIGNATURE_SIZE],
                        FiscHandoverOutcome *out_outcome, FiscRefusals *refusals, GError **error)
{
    g_autoptr(FiscFeeder) feeder = NULL;
    g_autoptr(FiscFound) found = NULL;
    if (!find_feeder(ctx, handover->feeder, &feeder, error)) {
        return false;
    }
    check_words(handover, feeder, refusals);
    if (refusals->len > 0) {
        return true;
    }
    if (!check_signature(handover, feeder, signature, error)) {
        return false;
    }
    found = fisc_found_new(handover->document, "", (int64_t)g_bytes_get_size(handover->bytes));
    g_free(found->declared);
    g_free(found->signer);
    found->declared = g_strdup(handover->version);
    found->signer = g_strdup(handover->certified_by);
    *out_outcome = FISC_HANDOVER_TAKEN;
    if (ctx->is_dry_run) {
        return true;
    }
    g_autoptr(GPtrArray) arrivals =
        g_ptr_array_new_with_free_func((GDestroyNotify)fisc_arrival_free);
    FiscArrival *arrival = fisc_arrival_new(found, "", handover->bytes);
    g_ptr_array_add(arrivals, arrival);
    if (!fisc_intake_receive(ctx, feeder, arrivals, error)) {
        return false;
    }
    if (arrival->is_conflict) {
        fisc_refusals_add(refusals, FISC_ERROR_REFERENCE_CONFLICT, handover->document, 0, "version",
                          "version %s was handed over before with another content",
                          handover->version);
    }
    *out_outcome = arrival->is_new ? FISC_HANDOVER_TAKEN : FISC_HANDOVER_KNOWN;
    return true;
}
