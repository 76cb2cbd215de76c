/* arguments.c: takes the words of a command line apart. It knows the tables of commands and
 * options, not what they mean. Nothing is guessed: an unknown option, a missing or a second value
 * is refused. */
#include "app/cli/cli.h"
#include <string.h>

/* "--gfs-code" and "--gfs_code" are one option: columns have underscores, habits have hyphens. */
static bool
is_name(const char *name, const char *text, gsize length)
{
    if (strlen(name) != length) {
        return false;
    }
    for (gsize i = 0; i < length; i++) {
        char a = name[i] == '_' ? '-' : name[i];
        char b = text[i] == '_' ? '-' : text[i];
        if (a != b) {
            return false;
        }
    }
    return true;
}

static const FiscCliOption *
find_in(const FiscCliOption *options, const char *text, gsize length)
{
    for (const FiscCliOption *option = options; option != NULL && option->name != NULL; option++) {
        if (is_name(option->name, text, length)) {
            return option;
        }
    }
    return NULL;
}

static const FiscCliOption *
find_option(const FiscCliCommand *command, const char *text, gsize length)
{
    const FiscCliOption *option = find_in(fisc_cli_globals, text, length);
    return option == NULL && command != NULL ? find_in(command->options, text, length) : option;
}

/* One option at argv[*at], with its value behind '=' or in the next word. */
static bool
take_option(FiscCliWords *words, int argc, char **argv, int *at, GError **error)
{
    const char *text = argv[*at] + 2;
    const char *equals = strchr(text, '=');
    gsize length = equals != NULL ? (gsize)(equals - text) : strlen(text);
    const FiscCliOption *option = find_option(words->command, text, length);
    if (option == NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "unknown option --%.*s", (int)length, text);
    }
    if (g_hash_table_contains(words->options, option->name)) {
        return fisc_fail(error, FISC_ERROR_USAGE, "--%s is given twice", option->name);
    }
    const char *value = equals != NULL ? equals + 1 : NULL;
    if (option->value == NULL && value != NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "--%s takes no value", option->name);
    }
    if (option->value != NULL && value == NULL) {
        if (*at + 1 >= argc) {
            return fisc_fail(error, FISC_ERROR_USAGE, "--%s needs its %s", option->name,
                             option->value);
        }
        value = argv[++*at];
    }
    g_hash_table_insert(words->options, (char *)option->name, (char *)(value != NULL ? value : ""));
    return true;
}

static bool
is_option(const char *word)
{
    return g_str_has_prefix(word, "--") && word[2] != '\0';
}

static bool
take_word(FiscCliWords *words, int argc, char **argv, int *at, bool *is_options_end, GError **error)
{
    const char *word = argv[*at];
    /* Even what passes all its words on says what it is when asked first. */
    bool is_raw = words->command != NULL && words->command->is_raw &&
                  (words->arguments->len > 0 || strcmp(word, "--help") != 0);
    if (!is_raw && !*is_options_end) {
        if (strcmp(word, "--") == 0) {
            *is_options_end = true;
            return true;
        }
        if (is_option(word)) {
            return take_option(words, argc, argv, at, error);
        }
        if (word[0] == '-' && word[1] != '\0') {
            return fisc_fail(error, FISC_ERROR_USAGE, "unknown option %s", word);
        }
    }
    bool is_first = words->command == NULL && words->arguments->len == 0;
    words->command = is_first ? fisc_cli_command_find(word) : words->command;
    if (!is_first || words->command == NULL) {
        g_ptr_array_add(words->arguments, (char *)word);
    }
    return true;
}

FiscCliWords *
fisc_cli_words_new(void)
{
    FiscCliWords *words = g_new0(FiscCliWords, 1);
    words->options = g_hash_table_new(g_str_hash, g_str_equal);
    words->arguments = g_ptr_array_new();
    return words;
}

bool
fisc_cli_words_parse(FiscCliWords *words, int argc, char **argv, GError **error)
{
    bool is_options_end = false;
    for (int at = 1; at < argc; at++) {
        if (!take_word(words, argc, argv, &at, &is_options_end, error)) {
            return false;
        }
    }
    return true;
}

void
fisc_cli_words_free(FiscCliWords *words)
{
    if (words == NULL) {
        return;
    }
    g_hash_table_unref(words->options);
    g_ptr_array_unref(words->arguments);
    g_free(words);
}

const char *
fisc_cli_option(const FiscCli *cli, const char *name)
{
    return g_hash_table_lookup(cli->words->options, name);
}

bool
fisc_cli_has(const FiscCli *cli, const char *name)
{
    return g_hash_table_contains(cli->words->options, name);
}

const char *
fisc_cli_require(const FiscCli *cli, const char *name, GError **error)
{
    const char *value = fisc_cli_option(cli, name);
    if (value == NULL || *value == '\0') {
        fisc_fail(error, FISC_ERROR_USAGE, "--%s is required", name);
        return NULL;
    }
    return value;
}

const char *
fisc_cli_argument(const FiscCli *cli, guint index)
{
    GPtrArray *arguments = cli->words->arguments;
    return index < arguments->len ? g_ptr_array_index(arguments, index) : NULL;
}
