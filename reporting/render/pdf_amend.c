/* pdf_amend.c: an incremental update: changed copies of a few objects, and where they stand.
 *
 * Cairo writes its objects as plain text, each on lines of its own, and a table of where they are
 * (not one in a stream): what does not look so is left as it is. */
#include "reporting/render/pdf_amend.h"
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define FIGURE "<< /Type /StructElem\n   /S /Figure\n"
#define CATALOG "<< /Type /Catalog\n"
#define END_OF_OBJECT "\nendobj\n"

/* The update while it is made. */
typedef struct {
    GString *pdf;
    gsize end;        /* of what Cairo wrote: only that is searched */
    GString *entries; /* of the table of places */
} Update;

/* From @at to the end; memmem, because there are zero bytes. */
static const char *
find(const Update *update, gsize at, const char *text)
{
    return at < update->end ? memmem(update->pdf->str + at, update->end - at, text, strlen(text))
                            : NULL;
}

static const char *
find_last(const Update *update, const char *text)
{
    return g_strrstr_len(update->pdf->str + update->end - MIN(update->end, 256),
                         (gssize)MIN(update->end, 256), text);
}

/* The number of the object whose first line ends where @body begins: "344 0 obj\n". 0: none. */
static guint
object_number(const Update *update, const char *body)
{
    static const char head[] = " 0 obj\n";
    const char *end = body - strlen(head);
    if (end <= update->pdf->str || memcmp(end, head, strlen(head)) != 0) {
        return 0;
    }
    const char *digit = end;
    while (digit > update->pdf->str && g_ascii_isdigit(digit[-1])) {
        digit--;
    }
    return (guint)g_ascii_strtoull(digit, NULL, 10);
}

/* Writes the object at @at again, with @words behind the @kept characters it begins with. Its bytes
 * are copied first, because appending moves them. Returns where the object ended; 0: none there. */
static gsize
amend_object(Update *update, const char *at, gsize kept, const char *words)
{
    gsize start = (gsize)(at - update->pdf->str);
    guint number = object_number(update, at);
    const char *end = find(update, start, END_OF_OBJECT);
    if (number == 0 || end == NULL) {
        return 0;
    }
    gsize after = (gsize)(end - update->pdf->str);
    g_autofree char *body = g_strndup(at, after - start);
    g_string_append_printf(update->entries, "%u 1\n%010" G_GSIZE_FORMAT " 00000 n \n", number,
                           update->pdf->len);
    g_string_append_printf(update->pdf, "%u 0 obj\n%.*s%s%s" END_OF_OBJECT, number, (int)kept, body,
                           words, body + kept);
    return after;
}

/* As UTF-16, which needs no escapes: every PDF reader reads it. */
static char *
text_string(const char *text)
{
    glong length = 0;
    g_autofree gunichar2 *units = g_utf8_to_utf16(text, -1, NULL, &length, NULL);
    GString *hex = g_string_new("<FEFF");
    for (glong i = 0; units != NULL && i < length; i++) {
        g_string_append_printf(hex, "%04X", units[i]);
    }
    g_string_append_c(hex, '>');
    return g_string_free(hex, FALSE);
}

static guint
count_figures(const Update *update)
{
    guint count = 0;
    for (const char *at = find(update, 0, FIGURE); at != NULL;
         at = find(update, (gsize)(at - update->pdf->str) + 1, FIGURE)) {
        count++;
    }
    return count;
}

static void
amend_figures(Update *update, const GPtrArray *alternatives)
{
    gsize at = 0;
    bool is_known = count_figures(update) == alternatives->len;
    for (guint i = 0; i < alternatives->len && is_known; i++) {
        const char *figure = find(update, at, FIGURE);
        g_autofree char *text = text_string(g_ptr_array_index(alternatives, i));
        g_autofree char *words = g_strdup_printf("   /Alt %s\n", text);
        at = amend_object(update, figure, strlen(FIGURE), words);
        if (at == 0) {
            return;
        }
    }
}

static void
amend_catalog(Update *update, const char *language)
{
    const char *catalog = find(update, 0, CATALOG);
    g_autofree char *tag = text_string(language);
    g_autofree char *words =
        g_strdup_printf("   /Lang %s\n   /ViewerPreferences << /DisplayDocTitle true >>\n", tag);
    if (catalog != NULL) {
        amend_object(update, catalog, strlen(CATALOG), words);
    }
}

void
fisc_pdf_amend(GString *pdf, const char *language, const GPtrArray *alternatives)
{
    Update update = {.pdf = pdf, .end = pdf->len};
    const char *trailer = find_last(&update, "trailer\n<< ");
    const char *closing = find_last(&update, "\n>>\nstartxref\n");
    if (trailer == NULL || closing == NULL || closing < trailer) {
        return;
    }
    const char *content = trailer + strlen("trailer\n<< ");
    g_autofree char *keys = g_strndup(content, (gsize)(closing - content));
    guint64 previous = g_ascii_strtoull(closing + strlen("\n>>\nstartxref\n"), NULL, 10);
    g_autoptr(GString) entries = g_string_new("xref\n");
    update.entries = entries;
    amend_figures(&update, alternatives);
    amend_catalog(&update, language);
    gsize table = pdf->len;
    g_string_append(pdf, entries->str);
    g_string_append_printf(pdf,
                           "trailer\n<< %s\n   /Prev %" G_GUINT64_FORMAT
                           "\n>>\nstartxref\n%" G_GSIZE_FORMAT "\n%%%%EOF\n",
                           keys, previous, table);
}
