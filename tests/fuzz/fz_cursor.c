/* fz_cursor.c: words in ?cursor=. One that is taken is exactly what we would have written. */
#include "app/server/api.h"
#include "tests/fuzz/fuzz.h"
#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *word = g_strndup((const char *)data, size);
    g_autofree char *key = fisc_cursor_key("list", word);
    if (key != NULL) {
        g_autofree char *again = fisc_cursor_word("list", key);
        FUZZ_HOLDS(*key != '\0' && strcmp(again, word) == 0);
        FUZZ_HOLDS(g_utf8_validate(key, -1, NULL));
        g_autofree char *other = fisc_cursor_key("lis", word);
        FUZZ_HOLDS(other == NULL);
    }
    return 0;
}
