/* figure_sums.c: adding up by source and code, and reading it on the natural side. */
#include "reporting/figure_sums.h"
#include "fisc/gfs.h"
#include <string.h>

struct _FiscFigureSums {
    GHashTable *sums[FISC_SOURCE_COUNT];   /* code -> __int128: everything under it */
    GHashTable *posted[FISC_SOURCE_COUNT]; /* codes as posted */
    GStringChunk *codes;
};

int
fisc_source_find(const char *word)
{
    static const char *const words[] = {
#define X(name, text, meaning) [FISC_SOURCE_##name] = text,
        FISC_SOURCES(X)
#undef X
    };
    for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
        if (g_str_equal(words[i], word)) {
            return (int)i;
        }
    }
    return -1;
}

FiscFigureSums *
fisc_figure_sums_new(void)
{
    FiscFigureSums *sums = g_new0(FiscFigureSums, 1);
    sums->codes = g_string_chunk_new(4096);
    for (int source = 0; source < FISC_SOURCE_COUNT; source++) {
        sums->sums[source] = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
        sums->posted[source] = g_hash_table_new(g_str_hash, g_str_equal);
    }
    return sums;
}

void
fisc_figure_sums_free(FiscFigureSums *sums)
{
    if (sums == NULL) {
        return;
    }
    for (int source = 0; source < FISC_SOURCE_COUNT; source++) {
        g_hash_table_unref(sums->sums[source]);
        g_hash_table_unref(sums->posted[source]);
    }
    g_string_chunk_free(sums->codes);
    g_free(sums);
}

static void
raise_sum(FiscFigureSums *sums, FiscSource source, const char *code, __int128 amount)
{
    __int128 *sum = g_hash_table_lookup(sums->sums[source], code);
    if (sum == NULL) {
        sum = g_new0(__int128, 1);
        g_hash_table_insert(sums->sums[source], g_string_chunk_insert_const(sums->codes, code),
                            sum);
    }
    *sum += amount;
}

/* To the code and every one above it: 3111.1 counts in 3111, 311, 31, 3 and, as an acquisition,
 * in 3111.1, 311.1, 31.1, 3.1. */
void
fisc_figure_sums_add(FiscFigureSums *sums, FiscSource source, const char *code, __int128 amount)
{
    const char *suffix = strchrnul(code, '.');
    size_t digits = (size_t)(suffix - code);
    g_autofree char *above = g_malloc(strlen(code) + 1);
    for (size_t length = 1; length <= digits; length++) {
        memcpy(above, code, length);
        above[length] = '\0';
        raise_sum(sums, source, above, amount);
        if (*suffix != '\0') {
            strcpy(above + length, suffix);
            raise_sum(sums, source, above, amount);
        }
    }
    g_hash_table_add(sums->posted[source], g_string_chunk_insert_const(sums->codes, code));
}

int
fisc_figure_side(FiscSource source, const char *code)
{
    switch (source) {
    case FISC_SOURCE_FLOW:
    case FISC_SOURCE_OPEN:
    case FISC_SOURCE_CLOSE:
    case FISC_SOURCE_DOMESTIC:
    case FISC_SOURCE_EXTERNAL:
    case FISC_SOURCE_CLOSE_DOMESTIC:
    case FISC_SOURCE_CLOSE_EXTERNAL:
        return fisc_gfs_sign(code);
    case FISC_SOURCE_COUNTERPART:
        return g_str_has_prefix(code, "83") ? -1 : 1;
    case FISC_SOURCE_COUNTERPART_CLOSE:
        return g_str_has_prefix(code, "683") ? -1 : 1;
    default:
        return 1;
    }
}

__int128
fisc_figure_sums_get(const FiscFigureSums *sums, FiscSource source, const char *code)
{
    const __int128 *sum = g_hash_table_lookup(sums->sums[source], code);
    return sum != NULL ? *sum * fisc_figure_side(source, code) : 0;
}

static int
compare_codes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
list_code(const FiscFigureSums *sums, GHashTable *seen, GPtrArray *codes, const char *code)
{
    char *kept = g_string_chunk_insert_const(sums->codes, code);
    if (g_hash_table_add(seen, kept)) {
        g_ptr_array_add(codes, kept);
    }
}

GPtrArray *
fisc_figure_sums_codes(const FiscFigureSums *sums, FiscSource source, const char *under,
                       guint digits, bool deeper)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *codes = g_ptr_array_new();
    GHashTableIter iterator;
    void *key = NULL;
    g_hash_table_iter_init(&iterator, sums->posted[source]);
    while (g_hash_table_iter_next(&iterator, &key, NULL)) {
        const char *code = key;
        if (!g_str_has_prefix(code, under) || strlen(code) < digits) {
            continue;
        }
        g_autofree char *cut = g_strndup(code, digits);
        list_code(sums, seen, codes, digits > 0 ? cut : code);
        if (deeper) {
            list_code(sums, seen, codes, code);
        }
    }
    g_ptr_array_sort(codes, compare_codes);
    return codes;
}
