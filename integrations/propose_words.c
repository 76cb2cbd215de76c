/* propose_words.c: titles as words that can be compared: without accents and endings, whatever
 * alphabet they are written in. */
#include "integrations/propose.h"
#include <string.h>

#define LETTERS_MIN 3 /* "de", "la", "of" tell nothing */
#define LETTERS_COMPARED 6

static void
take_word(GPtrArray *words, GHashTable *known, GString *word, int letters)
{
    if (letters >= LETTERS_MIN && !g_hash_table_contains(known, word->str)) {
        char *copy = g_strdup(word->str);
        g_hash_table_add(known, copy);
        g_ptr_array_add(words, copy);
    }
    g_string_truncate(word, 0);
}

GPtrArray *
fisc_words_of(const char *title)
{
    GPtrArray *words = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GString) word = g_string_new(NULL);
    g_autofree char *folded = g_utf8_casefold(title, -1);
    g_autofree char *apart = g_utf8_normalize(folded, -1, G_NORMALIZE_NFKD);
    int letters = 0;
    for (const char *at = apart != NULL ? apart : ""; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar letter = g_utf8_get_char(at);
        if (g_unichar_ismark(letter)) {
            continue; /* an accent */
        }
        if (!g_unichar_isalpha(letter)) {
            take_word(words, known, word, letters);
            letters = 0;
        } else if (letters++ < LETTERS_COMPARED) {
            g_string_append_unichar(word, letter);
        }
    }
    take_word(words, known, word, letters);
    return words;
}
