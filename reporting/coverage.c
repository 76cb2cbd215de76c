/* coverage.c: gathering coverage notes for a reader, who wants each sentence once.
 *
 * A package writes a note for every unit and statement it concerns, so a group of seven units would
 * show the same sentence eight times. Which statements there are is the layouts' business. */
#include "reporting/coverage.h"

/* One sentence and who says it. */
typedef struct {
    const char *text;
    GPtrArray *units; /* of const char *, in the order given */
    bool is_of_all;   /* the unit itself, or every member, says it */
} Sentence;

static void
sentence_free(void *pointer)
{
    Sentence *sentence = pointer;
    g_ptr_array_unref(sentence->units);
    g_free(sentence);
}

static Sentence *
find_sentence(GPtrArray *sentences, const char *text)
{
    for (guint i = 0; i < sentences->len; i++) {
        Sentence *sentence = g_ptr_array_index(sentences, i);
        if (g_str_equal(sentence->text, text)) {
            return sentence;
        }
    }
    Sentence *sentence = g_new0(Sentence, 1);
    sentence->text = text;
    sentence->units = g_ptr_array_new();
    g_ptr_array_add(sentences, sentence);
    return sentence;
}

static bool
has_every_member(const Sentence *sentence, const FiscPerimeter *perimeter)
{
    guint members = 0;
    for (guint i = 0; i < sentence->units->len; i++) {
        members += fisc_perimeter_has(perimeter, g_ptr_array_index(sentence->units, i)) ? 1 : 0;
    }
    return members == g_hash_table_size(perimeter->members);
}

static void
add_unit(Sentence *sentence, const FiscPerimeter *perimeter, const char *unit)
{
    if (!g_ptr_array_find_with_equal_func(sentence->units, unit, g_str_equal, NULL)) {
        g_ptr_array_add(sentence->units, (void *)unit);
    }
    sentence->is_of_all = sentence->is_of_all || g_str_equal(unit, perimeter->unit) ||
                          has_every_member(sentence, perimeter);
}

static char *
sentence_words(const Sentence *sentence)
{
    if (sentence->is_of_all) {
        return g_strdup_printf("Coverage: %s", sentence->text);
    }
    g_autoptr(GString) units = g_string_new(NULL);
    for (guint i = 0; i < sentence->units->len; i++) {
        g_string_append_printf(units, "%s%s", i > 0 ? " " : "",
                               (const char *)g_ptr_array_index(sentence->units, i));
    }
    return g_strdup_printf("Coverage, %s: %s", units->str, sentence->text);
}

GPtrArray *
fisc_coverage_notes(const FiscPerimeter *perimeter, const char *statement)
{
    g_autoptr(GPtrArray) sentences = g_ptr_array_new_with_free_func(sentence_free);
    for (guint i = 0; i < perimeter->nation->notes->len; i++) {
        const FiscNote *note = g_ptr_array_index(perimeter->nation->notes, i);
        if (!g_str_equal(note->statement, statement)) {
            continue;
        }
        if (g_str_equal(note->unit, perimeter->unit) ||
            fisc_perimeter_is_inside(perimeter, note->unit)) {
            add_unit(find_sentence(sentences, note->text), perimeter, note->unit);
        }
    }
    GPtrArray *notes = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < sentences->len; i++) {
        g_ptr_array_add(notes, sentence_words(g_ptr_array_index(sentences, i)));
    }
    return notes;
}
