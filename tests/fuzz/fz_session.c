/* fz_session.c: what signs a request in: cookies and bearer secrets. A cookie that stands twice is
 * none; a secret has one digest, and only of its own kind. */
#include "app/server/http.h"
#include "fisc/signin.h"
#include "tests/fuzz/fuzz.h"
#include <string.h>

static void
check_cookie(const char *header)
{
    FiscHttpRequest request = {.headers = g_ptr_array_new()};
    g_ptr_array_add(request.headers, (char *)"Cookie");
    g_ptr_array_add(request.headers, (char *)header);
    g_autofree char *found = fisc_http_cookie(&request, "fisc");
    if (found != NULL) {
        FUZZ_HOLDS(strstr(header, found) != NULL && strchr(found, ';') == NULL);
        g_autofree char *twice = g_strconcat(header, "; fisc=", found, NULL);
        request.headers->pdata[1] = twice;
        g_autofree char *none = fisc_http_cookie(&request, "fisc");
        FUZZ_HOLDS(none == NULL || strlen(header) > 64);
    }
    g_ptr_array_unref(request.headers);
}

static void
check_secret(const char *text)
{
    uint8_t digest[FISC_DIGEST_SIZE] = {0}, other[FISC_DIGEST_SIZE] = {0};
    char hex[FISC_DIGEST_HEX];
    if (fisc_secret_digest("fisc_", text, digest)) {
        FUZZ_HOLDS(g_str_has_prefix(text, "fisc_"));
        FUZZ_HOLDS(strlen(text) < FISC_SECRET_TEXT);
        FUZZ_HOLDS(!fisc_secret_digest("other_", text, other));
        fisc_digest_format(digest, hex);
        FUZZ_HOLDS(fisc_digest_parse(hex, other) && memcmp(digest, other, sizeof(digest)) == 0);
    }
    if (fisc_digest_parse(text, digest)) {
        fisc_digest_format(digest, hex);
        FUZZ_HOLDS(g_ascii_strcasecmp(hex, text) == 0);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    check_cookie(text);
    check_secret(text);
    return 0;
}
