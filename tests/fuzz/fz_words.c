/* fz_words.c: small things that others write: an address to fetch from, a key, a body of some
 * charset, a wait, a feeder's words. The first byte says which. */
#include "core/base/sign.h"
#include "core/net/target.h"
#include "fisc/fact.h"
#include "integrations/connector.h"
#include "tests/fuzz/fuzz.h"
#include <string.h>

/* Whatever it is called: what a fetch from elsewhere must not reach stays out of reach. */
static void
try_address(const char *text)
{
    static const char *const hosts[] = {"fisc.example:443", NULL};
    const FiscFetchRules open = {.schemes = FISC_SCHEME_HTTPS | FISC_SCHEME_SFTP};
    const FiscFetchRules one = {.hosts = hosts};
    g_autoptr(FiscTarget) target = NULL, named = NULL;
    g_autoptr(GError) error = NULL;
    if (fisc_target_read(&open, text, &target, &error)) {
        FUZZ_HOLDS(target->scheme != FISC_SCHEME_HTTP && *target->host != '\0');
        FUZZ_HOLDS(g_str_has_prefix(target->name, target->host));
    }
    g_clear_error(&error);
    if (fisc_target_read(&one, text, &named, &error)) {
        FUZZ_HOLDS(strcmp(named->name, hosts[0]) == 0);
    }
}

static void
try_key(const char *text)
{
    g_autoptr(FiscSignKey) key = NULL;
    g_autoptr(GError) error = NULL;
    if (fisc_sign_key_read(text, &key, &error)) {
        g_autofree char *again = fisc_sign_key_text(key);
        FUZZ_HOLDS(strcmp(again, text) == 0 && !fisc_sign_key_is_private(key));
    }
}

static void
try_body(const uint8_t *data, size_t size)
{
    static const char *const charsets[] = {"",         "utf-8",      "utf-16",
                                           "utf-16be", "iso-8859-2", "x-odd"};
    g_autoptr(GBytes) body = g_bytes_new(data + 1, size - 1);
    const FiscFetchReply reply = {.body = body,
                                  .content_type = (char *)"text/csv",
                                  .charset = (char *)charsets[data[0] % G_N_ELEMENTS(charsets)]};
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    if (fisc_fetch_text(&reply, &text, &error)) {
        FUZZ_HOLDS(g_utf8_validate(text, -1, NULL));
    }
}

static void
try_wait(const char *text)
{
    int seconds = -1;
    if (fisc_retry_after_read(text, 1700000000, &seconds)) {
        FUZZ_HOLDS(seconds >= 0);
    }
}

/* Lines: connector, at, documents, read, trust. */
static void
try_feeder(const char *text)
{
    static const char *const names[] = {"entities",  "TOWN", "connector", NULL, "at",    NULL,
                                        "documents", NULL,   "read",      NULL, "trust", NULL};
    g_auto(GStrv) lines = g_strsplit(text, "\n", 5);
    g_autoptr(GPtrArray) fields = g_ptr_array_new();
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    guint used = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        const char *line = used < g_strv_length(lines) ? lines[used] : "";
        g_ptr_array_add(fields, (gpointer)(names[i] != NULL ? names[i] : line));
        used += names[i] == NULL;
    }
    const FiscFact fact = {.kind = (char *)"feeder", .subject = (char *)"town", .fields = fields};
    g_autoptr(FiscFeeder) feeder = fisc_feeder_read(&fact, refusals);
    FUZZ_HOLDS((feeder == NULL) == (refusals->len > 0));
    if (feeder != NULL) {
        FUZZ_HOLDS(feeder->entities[0] != NULL && feeder->at != NULL && feeder->trust != NULL);
        fisc_feeder_profile_name(feeder, "journal-2024.csv");
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2) {
        return 0;
    }
    g_autofree char *text = g_strndup((const char *)data + 1, size - 1);
    switch (data[0] % 5) {
    case 0:
        try_address(text);
        break;
    case 1:
        try_key(text);
        break;
    case 2:
        try_body(data + 1, size - 1);
        break;
    case 3:
        try_wait(text);
        break;
    default:
        try_feeder(text);
        break;
    }
    return 0;
}
