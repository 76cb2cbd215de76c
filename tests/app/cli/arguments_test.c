/* arguments_test.c: words taken apart, without a database. */
#include "tests/support/suite.h"
#include "app/cli/cli.h"

extern const FiscTest fisc_arguments_tests[];

/* The words of a command line, parsed; NULL with @error when they make no sense. */
static FiscCliWords *
parse(const char *line, GError **error)
{
    g_auto(GStrv) argv = g_strsplit(line, " ", -1);
    g_autoptr(FiscCliWords) words = fisc_cli_words_new();
    if (!fisc_cli_words_parse(words, (int)g_strv_length(argv), argv, error)) {
        return NULL;
    }
    /* What follows only compares: the strings must outlive argv. */
    for (guint i = 0; i < words->arguments->len; i++) {
        words->arguments->pdata[i] = (char *)g_intern_string(words->arguments->pdata[i]);
    }
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, words->options);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        g_hash_table_iter_replace(&iter, (char *)g_intern_string(value));
    }
    return g_steal_pointer(&words);
}

static void
test_takes_words_apart(void)
{
    static const struct {
        const char *line;
        const char *command;
        const char *option;
        const char *value; /* NULL: not given */
        const char *argument;
    } cases[] = {
        {"fisc report gfs --unit GG", "report", "unit", "GG", "gfs"},
        {"fisc report --unit GG gfs", "report", "unit", "GG", "gfs"},
        {"fisc report gfs --unit=GG", "report", "unit", "GG", "gfs"},
        {"fisc report gfs --unit=", "report", "unit", "", "gfs"},
        {"fisc --json report gfs", "report", "json", "", "gfs"},
        {"fisc report gfs --json", "report", "json", "", "gfs"},
        {"fisc report gfs", "report", "json", NULL, "gfs"},
        {"fisc --data /x load dir", "load", "data", "/x", "dir"},
        {"fisc funds --entity E --gfs-code 22", "funds", "gfs_code", "22", NULL},
        {"fisc funds --entity E --gfs_code 22", "funds", "gfs_code", "22", NULL},
        {"fisc post -", "post", "source", NULL, "-"},
        {"fisc post -- --odd", "post", "source", NULL, "--odd"},
        {"fisc post stop", "post", "source", NULL, "stop"},
        {"fisc sql -c --data", "sql", "data", NULL, "-c"},
        {"fisc reverse A --reason --typo", "reverse", "reason", "--typo", "A"},
        {"fisc lod dir", NULL, "json", NULL, "lod"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(FiscCliWords) words = parse(cases[i].line, &error);
        FISC_ASSERT_TEXT(error != NULL ? error->message : cases[i].line, cases[i].line);
        if (words == NULL) {
            continue;
        }
        FiscCli cli = {.words = words};
        FISC_ASSERT_TEXT(words->command != NULL ? words->command->name : NULL, cases[i].command);
        FISC_ASSERT_TEXT(fisc_cli_option(&cli, cases[i].option), cases[i].value);
        FISC_ASSERT_TEXT(fisc_cli_argument(&cli, 0), cases[i].argument);
    }
}

static void
test_refuses_what_makes_no_sense(void)
{
    static const struct {
        const char *line;
        const char *message;
    } cases[] = {
        {"fisc report gfs --colour red", "unknown option --colour"},
        {"fisc report gfs -u GG", "unknown option -u"},
        {"fisc --unit GG report gfs", "unknown option --unit"},
        {"fisc load dir --atomic", "unknown option --atomic"},
        {"fisc report gfs --unit", "--unit needs its U"},
        {"fisc report gfs --unit A --unit B", "--unit is given twice"},
        {"fisc --json report gfs --json", "--json is given twice"},
        {"fisc report gfs --json=yes", "--json takes no value"},
        {"fisc report gfs --unitx=yes", "unknown option --unitx"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(FiscCliWords) words = parse(cases[i].line, &error);
        CU_ASSERT_PTR_NULL(words);
        CU_ASSERT_TRUE(g_error_matches(error, FISC_ERROR, FISC_ERROR_USAGE));
        FISC_ASSERT_TEXT(error != NULL ? error->message : NULL, cases[i].message);
    }
}

static void
test_asks_for_required_options(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(FiscCliWords) words = parse("fisc report gfs --unit=", &error);
    FiscCli cli = {.words = words};
    CU_ASSERT_PTR_NULL(fisc_cli_require(&cli, "unit", &error));
    FISC_ASSERT_TEXT(error->message, "--unit is required");
}

static void
test_suggests_the_nearest_command(void)
{
    static const struct {
        const char *word;
        const char *nearest;
    } cases[] = {
        {"lod", "load"},       {"reprot", "report"}, {"statement", NULL}, {"posts", "post"},
        {"periods", "period"}, {"sq", "sql"},        {"", NULL},          {"xyz", NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        FISC_ASSERT_TEXT(fisc_cli_nearest(cases[i].word), cases[i].nearest);
    }
}

static void
test_tells_the_usage_of_everything(void)
{
    g_autofree char *all = fisc_cli_usage(NULL);
    for (const FiscCliCommand *command = fisc_cli_commands; command->name != NULL; command++) {
        FISC_ASSERT_CONTAINS(all, command->name);
        g_autofree char *page = fisc_cli_usage(command);
        FISC_ASSERT_CONTAINS(page, command->summary);
        for (const FiscCliOption *option = command->options; option != NULL && option->name != NULL;
             option++) {
            FISC_ASSERT_CONTAINS(page, option->name);
        }
        CU_ASSERT_TRUE(command->arguments_min <= command->arguments_max);
    }
}

const FiscTest fisc_arguments_tests[] = {
    {"takes options and arguments apart, in any order", test_takes_words_apart},
    {"refuses unknown options and missing or second values", test_refuses_what_makes_no_sense},
    {"asks for an option that is required", test_asks_for_required_options},
    {"suggests the nearest command", test_suggests_the_nearest_command},
    {"tells the usage of every command and option", test_tells_the_usage_of_everything},
    {NULL, NULL},
};
