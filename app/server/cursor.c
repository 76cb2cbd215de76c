/* cursor.c: where the next page begins, as a word that clients hand back as it is: the route and
 * the key of the last row. A cursor gives no right: what is behind it is asked for like the first
 * page. One that we did not write so is refused. */
#include "app/server/api.h"
#include <string.h>

#define CURSOR_MAX 1024

/* Base64 in the alphabet of URLs, without padding (RFC 4648, section 5). */
static char *
encode(const char *text)
{
    char *word = g_base64_encode((const guchar *)text, strlen(text));
    word[strcspn(word, "=")] = '\0';
    return g_strdelimit(g_strdelimit(word, "+", '-'), "/", '_');
}

/* NULL for what is none. */
static char *
decode(const char *word)
{
    g_autoptr(GString) padded = g_string_new(word);
    gsize length = 0;
    while (padded->len % 4 != 0) {
        g_string_append_c(padded, '=');
    }
    g_strdelimit(g_strdelimit(padded->str, "-", '+'), "_", '/');
    g_autofree guchar *bytes = g_base64_decode(padded->str, &length);
    g_autofree char *text = g_strndup((const char *)bytes, length);
    g_autofree char *again = encode(text);
    return strcmp(again, word) == 0 && g_utf8_validate(text, -1, NULL) ? g_steal_pointer(&text)
                                                                       : NULL;
}

char *
fisc_cursor_word(const char *operation, const char *key)
{
    g_autofree char *text = g_strdup_printf("%s\n%s", operation, key);
    return encode(text);
}

char *
fisc_cursor_key(const char *operation, const char *word)
{
    g_autofree char *text = strlen(word) <= CURSOR_MAX ? decode(word) : NULL;
    gsize length = strlen(operation);
    if (text == NULL || strncmp(text, operation, length) != 0 || text[length] != '\n' ||
        text[length + 1] == '\0') {
        return NULL;
    }
    return g_strdup(text + length + 1);
}

char *
fisc_cursor_write(const FiscCall *call, const char *key)
{
    return fisc_cursor_word(call->route->operation, key);
}

bool
fisc_cursor_read(FiscCall *call, char **out_key)
{
    const char *word = fisc_call_text(call, "cursor");
    *out_key = word != NULL ? fisc_cursor_key(call->route->operation, word) : NULL;
    if (word != NULL && *out_key == NULL) {
        fisc_call_problem(call, 400, "CURSOR_INVALID", "?cursor",
                          "this is no cursor that an answer of %s gave", call->route->operation);
        return false;
    }
    return true;
}
