/* config_test.c: where a setting comes from, what is refused, and that the table, the options and
 * the page of docs say the same. */
#include "app/cli/cli.h"
#include "app/server/config.h"
#include "tests/integrations/fixture.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_config_tests[];

/* @options: name, value, ... */
static const char *
find_option(const char *name, const void *options)
{
    for (const char *const *at = options; *at != NULL; at += 2) {
        if (strcmp(*at, name) == 0) {
            return at[1];
        }
    }
    return NULL;
}

static FiscConfig *
load(const char *folder, const char *text, const char *const *options, char **out_complaint)
{
    static const char *const none[] = {NULL};
    g_autofree char *path = g_build_filename(folder, "fisc.conf", NULL);
    g_autoptr(GError) error = NULL;
    FiscConfig *config = NULL;
    fixture_write(folder, "fisc.conf", text);
    if (!fisc_config_load(path, find_option, options != NULL ? options : none, &config, &error)) {
        *out_complaint = g_strdup(error->message);
    }
    return config;
}

static void
test_takes_the_nearest_value(void)
{
    static const char *const options[] = {"listen", "[::1]:1", NULL};
    char *folder = fixture_folder("fisc.conf", "", NULL);
    g_autofree char *complaint = NULL;
    g_setenv("FISC_LISTEN", "127.0.0.1:2", TRUE);
    g_setenv("FISC_SLOW_MS", "7", TRUE);
    g_autoptr(FiscConfig) config = load(folder,
                                        "# a comment\n\nlisten = 127.0.0.1:3\nslow-ms = 3\n"
                                        "drain_seconds = 9\nprimary = \"a b\"\n",
                                        options, &complaint);
    g_unsetenv("FISC_LISTEN");
    g_unsetenv("FISC_SLOW_MS");
    CU_ASSERT_PTR_NOT_NULL_FATAL(config);
    FISC_ASSERT_TEXT(fisc_config_text(config, "listen"), "[::1]:1");
    FISC_ASSERT_INT(fisc_config_origin(config, "listen"), FISC_FROM_OPTION);
    FISC_ASSERT_INT(fisc_config_number(config, "slow-ms"), 7);
    FISC_ASSERT_INT(fisc_config_origin(config, "slow-ms"), FISC_FROM_ENVIRONMENT);
    FISC_ASSERT_INT(fisc_config_number(config, "drain-seconds"), 9);
    FISC_ASSERT_INT(fisc_config_origin(config, "drain-seconds"), FISC_FROM_FILE);
    FISC_ASSERT_TEXT(fisc_config_text(config, "primary"), "a b");
    FISC_ASSERT_TEXT(fisc_config_text(config, "log"), "logfmt");
    FISC_ASSERT_INT(fisc_config_origin(config, "log"), FISC_FROM_DEFAULT);
    fixture_remove(folder);
}

static void
test_refuses_what_it_does_not_understand(void)
{
    static const struct {
        const char *text, *complaint;
    } cases[] = {
        {"lisen = 1\n", "fisc.conf, line 1: there is no setting \"lisen\""},
        {"\n# x\nlisten\n", "fisc.conf, line 3: \"listen\" is no `key = value`"},
        {"slow-ms = many\n", "fisc.conf, line 1: slow-ms: a whole number from 0 to 3600000"},
        {"slow-ms = -1\n", "line 1: slow-ms: a whole number"},
        {"workers-post = 0\n", "line 1: workers-post: a whole number from 1 to 1024"},
        {"read-only = yes\n", "line 1: read-only: true or false is expected, not \"yes\""},
        {"log = xml\n", "line 1: log: one of json logfmt none is expected, not \"xml\""},
        {"listen = a\nlisten = b\n", "line 2: \"listen\" is set twice"},
        {"tls-key = /nowhere/key\n", "line 1: tls-key: the file /nowhere/key: No such file"},
        {"data = /a\ndb = b\n", "data and db exclude each other"},
        {"tls-client-ca = /dev/null\n", "tls-client-ca needs tls-cert and tls-key"},
        {"tls-cert = /dev/null\n", "tls-cert and tls-key need each other"},
    };
    char *folder = fixture_folder("fisc.conf", "", NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *complaint = NULL;
        g_autoptr(FiscConfig) config = load(folder, cases[i].text, NULL, &complaint);
        CU_ASSERT_PTR_NULL(config);
        FISC_ASSERT_CONTAINS(complaint != NULL ? complaint : "accepted", cases[i].complaint);
    }
    fixture_remove(folder);
}

static void
test_shows_no_secret(void)
{
    static const char *const options[] = {"db", "postgresql://me:hush@host/books", NULL};
    char *folder = fixture_folder("fisc.conf", "", NULL);
    g_autofree char *complaint = NULL;
    g_autoptr(FiscConfig) config = load(folder, "data = /books\n", options, &complaint);
    CU_ASSERT_PTR_NOT_NULL_FATAL(config);
    g_autofree char *shown = fisc_config_shown(config, "db");
    FISC_ASSERT_TEXT(shown, "set");
    g_autofree char *below = fisc_config_shown(config, "data"); /* what stands higher replaces it */
    FISC_ASSERT_TEXT(below, "not set");
    fixture_remove(folder);
}

static const FiscCliOption *
find_in(const FiscCliOption *options, const char *name)
{
    for (; options->name != NULL; options++) {
        if (strcmp(options->name, name) == 0) {
            return options;
        }
    }
    return NULL;
}

static void
test_is_in_order_and_has_its_options(void)
{
    const FiscCliCommand *serve = fisc_cli_command_find("serve");
    for (const FiscSetting *at = fisc_settings; at->name != NULL; at++) {
        const FiscCliOption *option = find_in(serve->options, at->name);
        option = option != NULL ? option : find_in(fisc_cli_globals, at->name);
        CU_ASSERT(at[1].name == NULL || strcmp(at->name, at[1].name) < 0);
        FISC_ASSERT_TEXT(option != NULL ? option->name : "no option", at->name);
        if (option != NULL) {
            FISC_ASSERT_INT(option->value == NULL, at->kind == FISC_SETTING_SWITCH);
        }
    }
}

/* A row of the page: "| `listen` | `127.0.0.1:8700` | address and port |". */
static void
test_is_what_the_page_says(void)
{
    g_autofree char *path = g_build_filename(FISC_SOURCE_DIR, "docs", "operations.md", NULL);
    g_autofree char *page = NULL;
    CU_ASSERT_FATAL(g_file_get_contents(path, &page, NULL, NULL));
    g_autoptr(GString) table = g_string_new("| setting | default | meaning |\n|---|---|---|\n");
    for (const FiscSetting *at = fisc_settings; at->name != NULL; at++) {
        g_string_append_printf(
            table, "| `%s` | %s%s%s | %s%s%s |\n", at->name, at->usual != NULL ? "`" : "",
            at->usual != NULL ? at->usual : "-", at->usual != NULL ? "`" : "", at->meaning,
            at->choices != NULL ? ": " : "", at->choices != NULL ? at->choices : "");
    }
    FISC_ASSERT_CONTAINS(page, table->str);
}

const FiscTest fisc_config_tests[] = {
    {"takes an option before the environment, that before the file, that before the default",
     test_takes_the_nearest_value},
    {"refuses what it does not understand, and says where it stands",
     test_refuses_what_it_does_not_understand},
    {"shows of a secret only that it is set", test_shows_no_secret},
    {"is in alphabetical order, and every setting is an option",
     test_is_in_order_and_has_its_options},
    {"is the table of docs/operations.md", test_is_what_the_page_says},
    {NULL, NULL},
};
