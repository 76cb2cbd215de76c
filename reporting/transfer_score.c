/* transfer_score.c: how likely two records are the two sides of one grant: points by a table, so
 * that anybody can work them out again. */
#include "reporting/transfer_match.h"
#include <stdlib.h>
#include <string.h>

enum {
    POINTS_AMOUNT = 40, /* the same amount: without it nothing is compared */
    POINTS_KIND = 10,
    POINTS_DOCUMENT = 15,
    POINTS_WORDS = 9,
    WORD_MIN = 3, /* letters: shorter words say nothing */
};

/* The first that is not exceeded; further apart is another grant. */
static const struct {
    int days, points;
} apart[] = {{3, 25}, {10, 18}, {31, 10}, {60, 5}};

static int
points_of_days(const FiscTransferRecord *payer, const FiscTransferRecord *receiver)
{
    int days = abs(payer->effective - receiver->effective);
    for (guint i = 0; i < G_N_ELEMENTS(apart); i++) {
        if (days <= apart[i].days) {
            return apart[i].points;
        }
    }
    return 0;
}

static bool
is_same(const char *a, const char *b)
{
    return a[0] != '\0' && g_str_equal(a, b);
}

/* One number on both papers: of the documents, or of what the other side refers to. */
static bool
has_same_document(const FiscTransferRecord *a, const FiscTransferRecord *b)
{
    return is_same(a->document, b->document) || is_same(a->document, b->reference) ||
           is_same(a->reference, b->document) || is_same(a->reference, b->reference);
}

/* The words of a text, each once. Caller unrefs. */
static GHashTable *
words_of(const char *text)
{
    GHashTable *words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autofree char *folded = g_utf8_casefold(text, -1);
    GString *word = g_string_new(NULL);
    for (const char *at = folded;; at = g_utf8_next_char(at)) {
        gunichar letter = g_utf8_get_char(at);
        if (g_unichar_isalnum(letter)) {
            g_string_append_unichar(word, letter);
            continue;
        }
        if (g_utf8_strlen(word->str, -1) >= WORD_MIN) {
            g_hash_table_add(words, g_strdup(word->str));
        }
        g_string_truncate(word, 0);
        if (*at == '\0') {
            break;
        }
    }
    g_string_free(word, TRUE);
    return words;
}

/* At least half the words of the shorter text stand in the other, too. */
static bool
has_same_words(const char *a, const char *b)
{
    g_autoptr(GHashTable) left = words_of(a);
    g_autoptr(GHashTable) right = words_of(b);
    guint shorter = MIN(g_hash_table_size(left), g_hash_table_size(right)), shared = 0;
    GHashTableIter each;
    gpointer word = NULL;
    g_hash_table_iter_init(&each, left);
    while (g_hash_table_iter_next(&each, &word, NULL)) {
        shared += g_hash_table_contains(right, word) ? 1 : 0;
    }
    return shared > 0 && 2 * shared >= shorter;
}

int
fisc_transfer_score(const FiscTransferRecord *payer, const FiscTransferRecord *receiver)
{
    int days = points_of_days(payer, receiver);
    if (days == 0 || payer->amount != receiver->amount || payer->amount == 0) {
        return 0;
    }
    return POINTS_AMOUNT + days + (g_str_equal(payer->kind, receiver->kind) ? POINTS_KIND : 0) +
           (has_same_document(payer, receiver) ? POINTS_DOCUMENT : 0) +
           (has_same_words(payer->memo, receiver->memo) ? POINTS_WORDS : 0);
}
