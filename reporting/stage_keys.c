/* stage_keys.c: reading what a table of budget lines is grouped by, and which lines it speaks of.
 *
 * One grammar for every report over budget lines, so that a cell of one is asked for in the same
 * words in another. What is summed is the caller's. */
#include "reporting/stage_keys.h"
#include "fisc/chart.h"
#include "reporting/posted_account.h"
#include <string.h>

#define CHARACTERS_MAX 99

/* What a coding has beside its dimensions. */
static const struct {
    const char *name;
    int dimension;
} others[] = {
    {"entity", FISC_STAGE_KEY_ENTITY},
    {"account", FISC_STAGE_KEY_ACCOUNT},
    {"class", FISC_STAGE_KEY_CLASS},
};

static bool
find_dimension(const char *word, int *out_dimension, GError **error)
{
    for (guint i = 0; i < G_N_ELEMENTS(others); i++) {
        if (g_str_equal(word, others[i].name)) {
            *out_dimension = others[i].dimension;
            return true;
        }
    }
    int dimension = fisc_dimension_find(word);
    if (dimension < 0) {
        return fisc_fail(error, FISC_ERROR_USAGE, "\"%s\" is no dimension", word);
    }
    *out_dimension = dimension;
    return true;
}

static bool
read_key(const char *word, FiscStageKey *out_key, GError **error)
{
    g_auto(GStrv) parts = g_strsplit(word, ":", 2);
    guint64 characters = 0;
    int dimension = 0;
    if (parts[0] == NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "a dimension is needed between commas");
    }
    if (!find_dimension(parts[0], &dimension, error)) {
        return false;
    }
    if (parts[1] != NULL &&
        !g_ascii_string_to_unsigned(parts[1], 10, 1, CHARACTERS_MAX, &characters, NULL)) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "\"%s\": after the colon stands a number of "
                         "characters, 1 to %d",
                         word, CHARACTERS_MAX);
    }
    *out_key = (FiscStageKey){dimension, (guint)characters};
    return true;
}

/* "programme:1=9": the key, and the word it must have. */
static bool
add_key(FiscStageKeys *keys, const char *word, GError **error)
{
    FiscStageKey key;
    g_auto(GStrv) halves = g_strsplit(word, "=", 2);
    if (!read_key(halves[0] != NULL ? halves[0] : "", &key, error)) {
        return false;
    }
    for (guint i = 0; i < keys->count; i++) {
        if (keys->keys[i].dimension == key.dimension) {
            return fisc_fail(error, FISC_ERROR_USAGE, "\"%s\" is named twice", word);
        }
    }
    keys->wanted[keys->count] = halves[0] != NULL ? g_strdup(halves[1]) : NULL;
    keys->keys[keys->count++] = key;
    return true;
}

bool
fisc_stage_keys_read(const char *by, FiscStageKeys *out_keys, GError **error)
{
    g_auto(FiscStageKeys) keys = {.count = 0};
    g_auto(GStrv) words = g_strsplit(by, ",", -1);
    for (char **word = words; *word != NULL; word++) {
        if (!add_key(&keys, g_strstrip(*word), error)) {
            return false;
        }
    }
    if (keys.count == 0) {
        return fisc_fail(error, FISC_ERROR_USAGE, "at least one dimension is needed");
    }
    *out_keys = keys;
    keys = (FiscStageKeys){.count = 0};
    return true;
}

void
fisc_stage_keys_clear(FiscStageKeys *keys)
{
    for (guint i = 0; i < keys->count; i++) {
        g_free(keys->wanted[i]);
    }
    keys->count = 0;
}

const char *
fisc_stage_key_name(const FiscStageKey *key)
{
    for (guint i = 0; i < G_N_ELEMENTS(others); i++) {
        if (others[i].dimension == key->dimension) {
            return others[i].name;
        }
    }
    return fisc_dimension_column(key->dimension);
}

bool
fisc_stage_keys_want(const FiscStageKeys *keys, char *const *words)
{
    for (guint i = 0; i < keys->count; i++) {
        if (keys->wanted[i] != NULL && !g_str_equal(keys->wanted[i], words[i])) {
            return false;
        }
    }
    return true;
}

/* @buffer is used for what no coding holds as a word. */
static const char *
word_of(const FiscCoding *coding, int dimension, char buffer[FISC_CODE_MAX])
{
    switch (dimension) {
    case FISC_STAGE_KEY_ENTITY:
        return coding->entity;
    case FISC_STAGE_KEY_ACCOUNT:
        fisc_posted_account(coding, buffer);
        return buffer;
    case FISC_STAGE_KEY_CLASS:
        return fisc_class_word(coding->account->class_);
    default:
        return coding->dim[dimension];
    }
}

static char *
key_word(const FiscCoding *coding, const FiscStageKey *key)
{
    char buffer[FISC_CODE_MAX];
    const char *word = word_of(coding, key->dimension, buffer);
    if (key->characters == 0 || g_utf8_strlen(word, -1) <= (glong)key->characters) {
        return g_strdup(word);
    }
    return g_utf8_substring(word, 0, key->characters);
}

char **
fisc_stage_key_words(const FiscStageKey *keys, guint count, const FiscCoding *coding)
{
    char **words = g_new0(char *, count + 1);
    for (guint i = 0; i < count; i++) {
        words[i] = key_word(coding, &keys[i]);
    }
    return words;
}

/* Which lines ---------------------------------------------------------------------------------- */

static void
tag_clear(void *pointer)
{
    g_free(((FiscStageTag *)pointer)->beginning);
}

/* Everything that the facts about a tag name. */
static bool
add_tag(const FiscNation *nation, FiscStageWhere *where, const char *name, GError **error)
{
    g_autoptr(GPtrArray) facts = fisc_nation_facts(nation, "tag");
    g_autoptr(GArray) marks = g_array_new(FALSE, FALSE, sizeof(FiscStageTag));
    g_array_set_clear_func(marks, tag_clear);
    for (guint i = 0; i < facts->len; i++) {
        FiscStageTag mark = {0};
        if (!g_str_equal(fisc_fact_field(facts->pdata[i], "tag"), name) ||
            g_str_equal(fisc_fact_field(facts->pdata[i], "state"), "removed")) {
            continue;
        }
        if (!find_dimension(fisc_fact_field(facts->pdata[i], "segment"), &mark.dimension, error)) {
            g_prefix_error(error, "tag %s: ", name);
            return false;
        }
        mark.beginning = g_strdup(fisc_fact_field(facts->pdata[i], "code"));
        g_array_append_val(marks, mark);
    }
    if (marks->len == 0) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "nothing bears the tag \"%s\"", name);
    }
    if (where->tag_count == FISC_STAGE_TAGS_MAX) {
        return fisc_fail(error, FISC_ERROR_USAGE, "at most %d tags at once", FISC_STAGE_TAGS_MAX);
    }
    where->tags[where->tag_count++] = g_steal_pointer(&marks);
    return true;
}

static bool
add_code(FiscStageWhere *where, const char *word, char *const *halves, GError **error)
{
    int dimension = 0;
    if (!find_dimension(halves[0], &dimension, error)) {
        return false;
    }
    for (guint i = 0; i < where->count; i++) {
        if (where->dimension[i] == dimension) {
            return fisc_fail(error, FISC_ERROR_USAGE, "\"%s\" is named twice", word);
        }
    }
    where->dimension[where->count] = dimension;
    where->beginning[where->count++] = g_strdup(halves[1]);
    return true;
}

static bool
add_condition(const FiscNation *nation, FiscStageWhere *where, const char *word, GError **error)
{
    g_auto(GStrv) halves = g_strsplit(word, "=", 2);
    if (g_strv_length(halves) != 2 || halves[1][0] == '\0') {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "\"%s\": a dimension and the beginning of its code are needed, as in "
                         "programme=231",
                         word);
    }
    return g_str_equal(halves[0], "tag") ? add_tag(nation, where, halves[1], error)
                                         : add_code(where, word, halves, error);
}

bool
fisc_stage_where_read(const FiscNation *nation, const char *text, FiscStageWhere *out_where,
                      GError **error)
{
    g_auto(FiscStageWhere) where = {.count = 0};
    g_auto(GStrv) words = g_strsplit(text != NULL ? text : "", " ", -1);
    for (char **word = words; *word != NULL; word++) {
        if (**word != '\0' && !add_condition(nation, &where, *word, error)) {
            return false;
        }
    }
    *out_where = where;
    where = (FiscStageWhere){.count = 0};
    return true;
}

void
fisc_stage_where_clear(FiscStageWhere *where)
{
    for (guint i = 0; i < where->count; i++) {
        g_free(where->beginning[i]);
    }
    for (guint i = 0; i < where->tag_count; i++) {
        g_array_unref(where->tags[i]);
    }
    where->count = where->tag_count = 0;
}

static bool
begins(const FiscCoding *coding, int dimension, const char *beginning)
{
    char buffer[FISC_CODE_MAX];
    const char *word = word_of(coding, dimension, buffer);
    return dimension == FISC_STAGE_KEY_ENTITY ? g_str_equal(word, beginning)
                                              : g_str_has_prefix(word, beginning);
}

static bool
bears(const FiscCoding *coding, const GArray *marks)
{
    for (guint i = 0; i < marks->len; i++) {
        const FiscStageTag *mark = &g_array_index(marks, FiscStageTag, i);
        if (begins(coding, mark->dimension, mark->beginning)) {
            return true;
        }
    }
    return false;
}

bool
fisc_stage_where_has(const FiscStageWhere *where, const FiscCoding *coding)
{
    for (guint i = 0; i < where->count; i++) {
        if (!begins(coding, where->dimension[i], where->beginning[i])) {
            return false;
        }
    }
    for (guint i = 0; i < where->tag_count; i++) {
        if (!bears(coding, where->tags[i])) {
            return false;
        }
    }
    return true;
}
