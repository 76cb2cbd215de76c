/* text.c: a body as text. A charset is believed when nothing contradicts it; a body that is read in
 * the wrong one would be wrong names in the books, which nobody notices for years. */
#include "fisc/fetch.h"
#include <string.h>

/* As a peer may call them, as iconv does. A superset stands for what peers mean by the name:
 * what is sent as iso-8859-1 is windows-1252 as often (WHATWG Encoding), but a byte that differs
 * between the two is refused rather than guessed. */
static const struct {
    const char *charset;
    const char *iconv_name;
    const char *mark; /* the family of byte order mark that fits */
} charsets[] = {
    {"utf-8", "UTF-8", "UTF-8"},
    {"utf8", "UTF-8", "UTF-8"},
    {"us-ascii", "ASCII", NULL},
    {"iso-8859-1", "ISO-8859-1", NULL},
    {"iso-8859-2", "ISO-8859-2", NULL},
    {"iso-8859-15", "ISO-8859-15", NULL},
    {"windows-1250", "WINDOWS-1250", NULL},
    {"windows-1251", "WINDOWS-1251", NULL},
    {"windows-1252", "WINDOWS-1252", NULL},
    {"utf-16le", "UTF-16LE", "UTF-16LE"},
    {"utf-16be", "UTF-16BE", "UTF-16BE"},
    {"utf-16", "UTF-16BE", NULL}, /* with a mark it is the mark's; without big-endian (RFC 2781) */
};

static const struct {
    const char *bytes;
    gsize length;
    const char *iconv_name;
} marks[] = {
    {"\xef\xbb\xbf", 3, "UTF-8"},
    {"\xff\xfe", 2, "UTF-16LE"},
    {"\xfe\xff", 2, "UTF-16BE"},
};

typedef struct {
    const char *iconv_name;
    gsize mark_length;
} Encoding;

static int
find_mark(const char *body, gsize length)
{
    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++) {
        if (length >= marks[i].length && memcmp(body, marks[i].bytes, marks[i].length) == 0) {
            return (int)i;
        }
    }
    return -1;
}

static int
find_charset(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(charsets); i++) {
        if (strcmp(charsets[i].charset, name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

static bool
choose(const FiscFetchReply *reply, const char *body, gsize length, Encoding *out, GError **error)
{
    int mark = find_mark(body, length);
    const char *marked = mark >= 0 ? marks[mark].iconv_name : NULL;
    *out = (Encoding){marked != NULL ? marked : "UTF-8", mark >= 0 ? marks[mark].length : 0};
    if (*reply->charset == '\0') {
        return true;
    }
    int charset = find_charset(reply->charset);
    if (charset < 0) {
        return fisc_fail(error, FISC_ERROR_ENCODING_INVALID,
                         "the charset \"%s\" is none that is taken", reply->charset);
    }
    bool is_any_utf16 = strcmp(reply->charset, "utf-16") == 0;
    bool is_fitting = marked == NULL || g_strcmp0(charsets[charset].mark, marked) == 0 ||
                      (is_any_utf16 && g_str_has_prefix(marked, "UTF-16"));
    if (!is_fitting) {
        return fisc_fail(error, FISC_ERROR_ENCODING_INVALID,
                         "the answer says \"%s\", and begins with the mark of %s", reply->charset,
                         marked);
    }
    if (marked == NULL) {
        out->iconv_name = charsets[charset].iconv_name;
    }
    return true;
}

bool
fisc_fetch_text(const FiscFetchReply *reply, char **out_text, GError **error)
{
    gsize length = 0;
    const char *body = g_bytes_get_data(reply->body, &length);
    Encoding encoding;
    if (!choose(reply, body, length, &encoding, error)) {
        return false;
    }
    if (length == encoding.mark_length) {
        *out_text = g_strdup("");
        return true;
    }
    gsize text_length = 0;
    g_autoptr(GError) cause = NULL;
    g_autofree char *text =
        g_convert(body + encoding.mark_length, (gssize)(length - encoding.mark_length), "UTF-8",
                  encoding.iconv_name, NULL, &text_length, &cause);
    if (text == NULL) {
        return fisc_fail(error, FISC_ERROR_ENCODING_INVALID, "the answer is no text in %s",
                         encoding.iconv_name);
    }
    if (strlen(text) != text_length) {
        return fisc_fail(error, FISC_ERROR_NUL_BYTE, "the answer has a NUL byte after %zu others",
                         strlen(text));
    }
    if (!g_utf8_validate(text, (gssize)text_length, NULL)) {
        return fisc_fail(error, FISC_ERROR_ENCODING_INVALID, "the answer is no text in %s",
                         encoding.iconv_name);
    }
    *out_text = g_steal_pointer(&text);
    return true;
}
