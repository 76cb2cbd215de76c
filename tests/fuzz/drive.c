/* drive.c: runs a fuzz target without libFuzzer: takes a small corpus, changes it by a generator
 * with a seed, and so does the same whenever it is asked the same. What ./check runs under the
 * sanitizers; libFuzzer, which looks at the branches taken, needs clang (meson option "fuzz").
 *
 *   fz_money CORPUS [EXECUTIONS [SEED [SECONDS]]]
 *
 * It ends after so many executions or seconds, whichever comes first, and tells how many there
 * were. A finding ends the program; the bytes that led to it are in ./crash-NAME then. */
#include "tests/fuzz/fuzz.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define EXECUTIONS 20000
#define SEED 7
#define SIZE_MAX_BYTES 16384
#define CHANGES_MAX 8

/* Bytes that mean something to somebody. */
static const char *const words[] = {
    "\r\n",
    "\n",
    "\r",
    " ",
    ":",
    "chunked",
    "Content-Length: ",
    "0",
    "-",
    "+",
    "%2e",
    "%00",
    "\xff",
    "\"",
    "{",
    "}",
    "[",
    "]",
    ",",
    "\\u",
    "\\ud800",
    "1e400",
    "null",
    "true",
    "9223372036854775807",
    ".",
    "..",
    "-Q",
    "2024",
    "13",
    "=",
    ";",
    "A",
    "HTTP/1.1",
    "/",
    "\xd9\xa1",
};

static GByteArray *input;    /* of this execution, for the handler of signals */
static char crash_path[256]; /* made before anything can crash */

static void
keep_input(int number)
{
    FILE *file = fopen(crash_path, "wb");
    if (file != NULL) {
        fwrite(input->data, 1, input->len, file);
        fclose(file);
    }
    signal(number, SIG_DFL);
    raise(number);
}

/* Corpus ----------------------------------------------------------------------------------------
 */

static int
compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* In the order of their names, so that a seed means the same everywhere. */
static GPtrArray *
read_corpus(const char *folder)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    GPtrArray *corpus = g_ptr_array_new_with_free_func((GDestroyNotify)g_byte_array_unref);
    g_autoptr(GDir) open = g_dir_open(folder, 0, NULL);
    const char *name;
    while (open != NULL && (name = g_dir_read_name(open)) != NULL) {
        g_ptr_array_add(names, g_build_filename(folder, name, NULL));
    }
    g_ptr_array_sort(names, compare_names);
    for (guint i = 0; i < names->len; i++) {
        char *data = NULL;
        gsize length = 0;
        if (g_file_get_contents(names->pdata[i], &data, &length, NULL)) {
            g_ptr_array_add(corpus, g_byte_array_new_take((guint8 *)data, length));
        }
    }
    return corpus;
}

/* Changes ---------------------------------------------------------------------------------------
 */

static guint
below(GRand *random, guint end)
{
    return end > 1 ? (guint)g_rand_int_range(random, 0, (gint32)end) : 0;
}

static void
insert(GByteArray *bytes, guint at, const void *data, guint length)
{
    GByteArray *rest = g_byte_array_new();
    g_byte_array_append(rest, bytes->data + at, bytes->len - at);
    g_byte_array_set_size(bytes, at);
    g_byte_array_append(bytes, data, length);
    g_byte_array_append(bytes, rest->data, rest->len);
    g_byte_array_unref(rest);
}

static void
change_byte(GRand *random, GByteArray *bytes)
{
    guint at = below(random, bytes->len);
    if (bytes->len > 0) {
        guint bit = 1U << below(random, 8);
        guint changed = below(random, 2) == 0 ? bytes->data[at] ^ bit : below(random, 256);
        bytes->data[at] = (guint8)(changed & 0xff);
    }
}

static void
insert_word(GRand *random, GByteArray *bytes)
{
    const char *word = words[below(random, G_N_ELEMENTS(words))];
    insert(bytes, below(random, bytes->len + 1), word, (guint)strlen(word));
}

static void
remove_part(GRand *random, GByteArray *bytes)
{
    guint at = below(random, bytes->len), length = below(random, MIN(bytes->len - at, 16) + 1);
    g_byte_array_remove_range(bytes, at, length);
}

static void
repeat_part(GRand *random, GByteArray *bytes)
{
    guint at = below(random, bytes->len), length = below(random, MIN(bytes->len - at, 64) + 1);
    g_autofree guint8 *part = g_memdup2(bytes->data + at, length);
    insert(bytes, below(random, bytes->len + 1), part, length);
}

static void
change(GRand *random, GByteArray *bytes)
{
    void (*const ways[])(GRand *, GByteArray *) = {change_byte, insert_word, remove_part,
                                                   repeat_part};
    guint changes = 1 + below(random, CHANGES_MAX);
    for (guint i = 0; i < changes; i++) {
        ways[bytes->len > 0 ? below(random, G_N_ELEMENTS(ways)) : 1](random, bytes);
    }
    g_byte_array_set_size(bytes, MIN(bytes->len, SIZE_MAX_BYTES));
}

/* Half of one and half of another. */
static void
join(GRand *random, const GByteArray *a, const GByteArray *b, GByteArray *out)
{
    guint begin = below(random, a->len + 1), from = below(random, b->len + 1);
    g_byte_array_append(out, a->data, begin);
    g_byte_array_append(out, b->data + from, b->len - from);
}

static void
execute(GRand *random, const GPtrArray *corpus)
{
    const GByteArray *first = corpus->pdata[below(random, corpus->len)];
    const GByteArray *second = corpus->pdata[below(random, corpus->len)];
    g_byte_array_set_size(input, 0);
    if (below(random, 4) == 0) {
        join(random, first, second, input);
    } else {
        g_byte_array_append(input, first->data, first->len);
    }
    change(random, input);
    /* A copy of exactly its size: one byte beyond is somebody else's. */
    g_autofree guint8 *exact = g_malloc(MAX(input->len, 1));
    memcpy(exact, input->data, input->len);
    LLVMFuzzerTestOneInput(exact, input->len);
}

int
main(int argc, char **argv)
{
    g_autofree char *name = g_path_get_basename(argv[0]);
    if (argc < 2) {
        g_printerr("usage: %s CORPUS [EXECUTIONS [SEED [SECONDS]]]\n", name);
        return 2;
    }
    gint64 executions = argc > 2 ? g_ascii_strtoll(argv[2], NULL, 10) : EXECUTIONS;
    guint32 seed = argc > 3 ? (guint32)g_ascii_strtoull(argv[3], NULL, 10) : SEED;
    gint64 begin = g_get_monotonic_time();
    gint64 end =
        argc > 4 ? begin + g_ascii_strtoll(argv[4], NULL, 10) * G_USEC_PER_SEC : G_MAXINT64;
    g_autoptr(GPtrArray) corpus = read_corpus(argv[1]);
    GRand *random = g_rand_new_with_seed(seed);
    input = g_byte_array_new();
    g_snprintf(crash_path, sizeof(crash_path), "crash-%s", name);
    signal(SIGABRT, keep_input);
    signal(SIGSEGV, keep_input);
    if (corpus->len == 0) {
        g_printerr("%s: there is no corpus in %s\n", name, argv[1]);
        return 2;
    }
    for (guint i = 0; i < corpus->len; i++) {
        const GByteArray *seedling = corpus->pdata[i];
        LLVMFuzzerTestOneInput(seedling->data, seedling->len);
    }
    gint64 done = 0;
    for (; done < executions && g_get_monotonic_time() < end; done++) {
        execute(random, corpus);
    }
    printf("%s: %" G_GINT64_FORMAT " executions of seed %u, from %u inputs, in %" G_GINT64_FORMAT
           " s\n",
           name, done, seed, corpus->len, (g_get_monotonic_time() - begin) / G_USEC_PER_SEC);
    printf("%s: 1 passed, 0 failed\n", name);
    g_rand_free(random);
    g_byte_array_unref(input);
    return 0;
}
