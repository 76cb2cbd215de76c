/* template.c: see template.h. */
#include "integrations/template.h"
#include "fisc/money.h"
#include <string.h>

typedef struct {
    char *literal; /* or NULL: a slot */
    int slot;
    int word;     /* the text between blanks, counted from 1; 0 = all of it */
    int from, to; /* characters of that, 1-based; to 0 = to the end */
} Part;

struct _FiscTemplate {
    GArray *parts; /* of Part */
};

static void
clear_part(void *part)
{
    g_free(((Part *)part)->literal);
}

static void
add_literal(FiscTemplate *template_, const char *text, gsize length)
{
    if (length > 0) {
        Part part = {.literal = g_strndup(text, length)};
        g_array_append_val(template_->parts, part);
    }
}

/* "3" is 1 to 3, "4-6" is 4 to 6. */
static bool
parse_range(const char *text, Part *part)
{
    char *end = NULL;
    guint64 first = g_ascii_strtoull(text, &end, 10);
    guint64 last = first;
    if (end == text || !g_ascii_isdigit(*text)) {
        return false;
    }
    bool is_range = *end == '-';
    if (is_range) {
        const char *second = end + 1;
        last = g_ascii_isdigit(*second) ? g_ascii_strtoull(second, &end, 10) : 0;
    }
    part->from = is_range ? (int)first : 1;
    part->to = (int)last;
    return *end == '\0' && first >= 1 && last >= first && last < 1000;
}

/* The word that a name asks for, which is cut off it: "application@3". -1 when it is none. */
static int
cut_word(char *name)
{
    guint64 word = 0;
    char *at = strrchr(name, '@');
    if (at == NULL) {
        return 0;
    }
    *at = '\0';
    return g_ascii_string_to_unsigned(at + 1, 10, 1, 99, &word, NULL) ? (int)word : -1;
}

/* The inside of one pair of braces. */
static bool
add_slot(FiscTemplate *template_, const char *text, gsize length, FiscSlotFind find, void *data,
         char **out_wrong)
{
    g_autofree char *name = g_strndup(text, length);
    Part part = {.from = 1};
    char *colon = strrchr(name, ':');
    if (colon != NULL) {
        *colon = '\0';
        if (!parse_range(colon + 1, &part)) {
            *out_wrong =
                g_strdup_printf("\"%s\" is no range of characters, as 2 or 4-6 are", colon + 1);
            return false;
        }
    }
    part.word = cut_word(name);
    if (part.word < 0) {
        *out_wrong = g_strdup_printf("\"%s@\" is not followed by the number of a word", name);
        return false;
    }
    part.slot = find(name, data);
    if (part.slot < 0) {
        *out_wrong = g_strdup_printf("there is no column or earlier value \"%s\"", name);
        return false;
    }
    g_array_append_val(template_->parts, part);
    return true;
}

FiscTemplate *
fisc_template_compile(const char *text, FiscSlotFind find, void *data, char **out_wrong)
{
    g_autoptr(FiscTemplate) template_ = g_new0(FiscTemplate, 1);
    template_->parts = g_array_new(FALSE, FALSE, sizeof(Part));
    g_array_set_clear_func(template_->parts, clear_part);
    while (*text != '\0') {
        gsize length = strcspn(text, "{");
        add_literal(template_, text, length);
        text += length;
        if (text[0] == '{' && text[1] == '{') {
            add_literal(template_, "{", 1);
            text += 2;
        } else if (text[0] == '{') {
            const char *end = strchr(text, '}');
            if (end == NULL) {
                *out_wrong = g_strdup("a brace does not close");
                return NULL;
            }
            if (!add_slot(template_, text + 1, (gsize)(end - text) - 1, find, data, out_wrong)) {
                return NULL;
            }
            text = end + 1;
        }
    }
    return g_steal_pointer(&template_);
}

void
fisc_template_free(FiscTemplate *template_)
{
    if (template_ == NULL) {
        return;
    }
    g_array_unref(template_->parts);
    g_free(template_);
}

/* Words are parted by any number of blanks. */
static void
find_word(const char **text, const char **end, int word)
{
    const char *at = *text + strspn(*text, " ");
    for (int i = 1; i < word && *at != '\0'; i++) {
        at += strcspn(at, " ");
        at += strspn(at, " ");
    }
    *text = at;
    *end = at + strcspn(at, " ");
}

static void
append_part(GString *out, const Part *part, const char *text)
{
    const char *end = text + strlen(text);
    int position = 1;
    if (part->word > 0) {
        find_word(&text, &end, part->word);
    }
    for (; text < end && (part->to == 0 || position <= part->to); text = g_utf8_next_char(text)) {
        if (position >= part->from) {
            g_string_append_len(out, text, g_utf8_next_char(text) - text);
        }
        position++;
    }
}

void
fisc_template_fill(const FiscTemplate *template_, const char *const *slots, GString *out)
{
    g_string_truncate(out, 0);
    for (guint i = 0; i < template_->parts->len; i++) {
        const Part *part = &g_array_index(template_->parts, Part, i);
        if (part->literal != NULL) {
            g_string_append(out, part->literal);
        } else if (part->word == 0 && part->from == 1 && part->to == 0) {
            g_string_append(out, slots[part->slot]);
        } else {
            append_part(out, part, slots[part->slot]);
        }
    }
}

static GPtrArray *
split_words(const char *text)
{
    GPtrArray *words = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) pieces = g_strsplit(text, " ", -1);
    for (int i = 0; pieces[i] != NULL; i++) {
        if (*pieces[i] != '\0') {
            g_ptr_array_add(words, g_strdup(pieces[i]));
        }
    }
    return words;
}

static bool
is_sign(const char *word)
{
    return strcmp(word, "+") == 0 || strcmp(word, "-") == 0;
}

/* Names and signs take turns, names first and last. */
GArray *
fisc_terms_compile(const char *text, FiscSlotFind find, void *data, char **out_wrong)
{
    g_autoptr(GArray) terms = g_array_new(FALSE, FALSE, sizeof(FiscTerm));
    g_autoptr(GPtrArray) words = split_words(text);
    bool is_sum = words->len % 2 == 1;
    for (guint i = 0; is_sum && i < words->len; i++) {
        is_sum = is_sign(words->pdata[i]) == (i % 2 == 1);
    }
    if (!is_sum) {
        *out_wrong =
            g_strdup_printf("\"%s\" is no sum of amounts, as \"final - initial\" is", text);
        return NULL;
    }
    for (guint i = 0; i < words->len; i += 2) {
        FiscTerm term = {.slot = find(words->pdata[i], data),
                         .is_minus = i > 0 && *(const char *)words->pdata[i - 1] == '-'};
        if (term.slot < 0) {
            *out_wrong =
                g_strdup_printf("there is no amount \"%s\"", (const char *)words->pdata[i]);
            return NULL;
        }
        g_array_append_val(terms, term);
    }
    return g_steal_pointer(&terms);
}

bool
fisc_terms_sum(const GArray *terms, const int64_t *amounts, int64_t *out_sum)
{
    __int128 sum = 0;
    for (guint i = 0; i < terms->len; i++) {
        const FiscTerm *term = &g_array_index(terms, FiscTerm, i);
        sum += term->is_minus ? -(__int128)amounts[term->slot] : amounts[term->slot];
    }
    if (sum > INT64_MAX || sum < -INT64_MAX) {
        return false;
    }
    *out_sum = (int64_t)sum;
    return true;
}
