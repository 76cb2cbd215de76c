/* main.c: the program `fisc-witness`, for an office outside the one that keeps the books.
 *
 *   fisc-witness --state DIR --key FILE cosign HEADFILE|- [--head-key PUB]
 *   fisc-witness --state DIR last [BOOK]
 *   fisc-witness --key FILE new-key [--name NAME]
 *
 * Exit: 0 done, 1 failed, 2 usage, 3 not found, 6 a proof is missing, 8 fork or rollback. */
#include "app/witness/witness.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "usage: fisc-witness --state DIR --key FILE cosign HEADFILE|- [--head-key PUB]\n"
    "       fisc-witness --state DIR last [BOOK]\n"
    "       fisc-witness --key FILE new-key [--name NAME]\n";

typedef struct {
    char *state;
    char *key;
    char *head_key;
    char *name;
    char **words; /* the command and what follows */
} Options;

static bool
require(const char *value, const char *option, GError **error)
{
    return value != NULL || fisc_fail(error, FISC_ERROR_USAGE, "%s is missing", option);
}

/* new-key ---------------------------------------------------------------------------------- */

static bool
new_key(const Options *options, GError **error)
{
    g_autoptr(FiscSignKey) key = NULL;
    if (!require(options->key, "--key FILE", error) ||
        !fisc_sign_key_new(options->name != NULL ? options->name : "witness", &key, error) ||
        !fisc_sign_key_save(key, options->key, error)) {
        return false;
    }
    printf("Key %s is in %s; give %s.pub to whoever verifies.\n", fisc_sign_key_id(key),
           options->key, options->key);
    return true;
}

/* last ------------------------------------------------------------------------------------- */

static bool
print_last(const Options *options, GError **error)
{
    g_autoptr(FiscWitness) witness = NULL;
    g_autoptr(FiscHead) head = NULL;
    gint64 book = 1;
    const char *word = options->words[1];
    if (!require(options->state, "--state DIR", error)) {
        return false;
    }
    if (word != NULL && !g_ascii_string_to_signed(word, 10, 1, G_MAXINT32, &book, NULL)) {
        return fisc_fail(error, FISC_ERROR_USAGE, "\"%s\" is no number of a book", word);
    }
    if (!fisc_witness_open(options->state, &witness, error) ||
        !fisc_witness_last(witness, (int)book, &head, error)) {
        return false;
    }
    if (head == NULL) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "no head of book %d was cosigned", (int)book);
    }
    g_autofree char *note = fisc_head_to_text(head, false);
    fputs(note, stdout);
    return true;
}

/* cosign ----------------------------------------------------------------------------------- */

static bool
read_standard_input(GPtrArray **out_heads, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);
    char buffer[4096];
    gsize length;
    while ((length = fread(buffer, 1, sizeof buffer, stdin)) > 0) {
        g_string_append_len(text, buffer, (gssize)length);
    }
    return fisc_heads_parse(text->str, out_heads, error);
}

static bool
read_head(const char *file, FiscHead **out_head, GError **error)
{
    g_autoptr(GPtrArray) heads = NULL;
    bool is_read = strcmp(file, "-") == 0 ? read_standard_input(&heads, error)
                                          : fisc_heads_load(file, &heads, error);
    if (!is_read) {
        return false;
    }
    if (heads->len != 1) {
        return fisc_fail(error, FISC_ERROR_USAGE, "one head at a time, and %s has %u", file,
                         heads->len);
    }
    *out_head = g_ptr_array_steal_index(heads, 0);
    return true;
}

static bool
load_key(const char *path, FiscSignKey **out_key, GError **error)
{
    g_autoptr(FiscSignKey) key = NULL;
    if (!require(path, "--key FILE", error) || !fisc_sign_key_load(path, &key, error)) {
        return false;
    }
    if (!fisc_sign_key_is_private(key)) {
        return fisc_fail(error, FISC_ERROR_USAGE, "%s is a public key: it cannot sign", path);
    }
    *out_key = g_steal_pointer(&key);
    return true;
}

static void
warn(const FiscWitness *witness, const FiscHead *last)
{
    if (fisc_witness_trusted(witness) == NULL) {
        fprintf(stderr,
                "fisc-witness: who signed the head was not checked: --head-key PUB, once\n");
    }
    if (last == NULL) {
        fprintf(stderr, "fisc-witness: the first head of this book: nothing to compare it with\n");
    }
}

static bool
cosign(const Options *options, GError **error)
{
    g_autoptr(FiscSignKey) key = NULL;
    g_autoptr(FiscHead) head = NULL;
    g_autoptr(FiscHead) last = NULL;
    g_autoptr(FiscWitness) witness = NULL;
    if (!require(options->words[1], "HEADFILE", error) ||
        !require(options->state, "--state DIR", error) || !load_key(options->key, &key, error) ||
        !read_head(options->words[1], &head, error) ||
        !fisc_witness_open(options->state, &witness, error) ||
        (options->head_key != NULL && !fisc_witness_trust(witness, options->head_key, error)) ||
        !fisc_witness_last(witness, head->book_id, &last, error) ||
        !fisc_witness_cosign(witness, key, head, error)) {
        return false;
    }
    warn(witness, last);
    g_autofree char *note = fisc_head_to_text(head, false);
    fputs(note, stdout);
    return true;
}

/* The program ------------------------------------------------------------------------------ */

static const struct {
    const char *name;
    bool (*run)(const Options *options, GError **error);
} commands[] = {{"cosign", cosign}, {"last", print_last}, {"new-key", new_key}};

static bool
run(const Options *options, GError **error)
{
    const char *name = options->words != NULL ? options->words[0] : NULL;
    for (gsize i = 0; name != NULL && i < G_N_ELEMENTS(commands); i++) {
        if (strcmp(name, commands[i].name) == 0) {
            return commands[i].run(options, error);
        }
    }
    return fisc_fail(error, FISC_ERROR_USAGE, "a command is missing, or unknown");
}

static int
finish(const GError *error)
{
    if (error == NULL && (fflush(stdout) != 0 || ferror(stdout) != 0)) {
        fprintf(stderr, "fisc-witness: the result could not be written\n");
        return fisc_error_exit_status(FISC_ERROR_IO);
    }
    if (error == NULL) {
        return 0;
    }
    FiscError code = error->domain == FISC_ERROR ? (FiscError)error->code : FISC_ERROR_USAGE;
    fprintf(stderr, "fisc-witness: %s: %s\n", fisc_error_name(code), error->message);
    if (code == FISC_ERROR_USAGE) {
        fputs(usage, stderr);
    }
    return fisc_error_exit_status(code);
}

int
main(int argc, char **argv)
{
    Options options = {NULL, NULL, NULL, NULL, NULL};
    const GOptionEntry entries[] = {
        {"state", 0, 0, G_OPTION_ARG_FILENAME, &options.state, "where the last heads are kept",
         "DIR"},
        {"key", 0, 0, G_OPTION_ARG_FILENAME, &options.key, "our private key", "FILE"},
        {"head-key", 0, 0, G_OPTION_ARG_FILENAME, &options.head_key,
         "the public key that signs heads; kept from then on", "PUB"},
        {"name", 0, 0, G_OPTION_ARG_STRING, &options.name, "label of a new key", "NAME"},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.words, NULL, NULL},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GError) error = NULL;
    GOptionContext *context = g_option_context_new("cosign HEADFILE|- | last [BOOK] | new-key");
    g_option_context_add_main_entries(context, entries, NULL);
    if (g_option_context_parse(context, &argc, &argv, &error)) {
        run(&options, &error);
    }
    g_option_context_free(context);
    int status = finish(error);
    g_free(options.state);
    g_free(options.key);
    g_free(options.head_key);
    g_free(options.name);
    g_strfreev(options.words);
    return status;
}
