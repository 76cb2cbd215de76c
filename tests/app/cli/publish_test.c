/* publish_test.c: `fisc publish` and `fisc report --reproduce` as officers type them. What is made
 * is tested where it is made. */
#include "app/cli/cli.h"
#include "app/flows/report_words.h"
#include "tests/app/cli/run.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_publish_command_tests[];

#define PUBLISH                                                                                    \
    "fisc publish report gfs --id GFS-2024 --period 2024 --unit GG --status provisional "

static const FiscStep steps[] = {
    {"fisc load $ARDA", 0, "journals.csv", NULL},
    {"fisc publish", 2, NULL, "`publish` takes other arguments"},
    {"fisc publish dance", 2, NULL, "fisc publish has no verb \"dance\""},
    {"fisc publish report --id A", 2, NULL, "fisc publish report NAME"},
    {"fisc publish report gfs --period 2024", 2, NULL, "--id is required"},
    {PUBLISH, 2, NULL, "--format is required"},
    {PUBLISH "--format doc", 2, NULL, "there is no format \"doc\""},
    {PUBLISH "--format csv --columns code", 2, NULL, "with all its columns"},
    {PUBLISH "--format csv", 0, "GFS-2024 is published: ", NULL},
    {PUBLISH "--format csv --json", 0, "\"publication\":\"GFS-2024\",\"content\":\"", NULL},
    {PUBLISH "--format json", 6, NULL, "MASTER_CONFLICT"},
    {"fisc publish list --format csv --columns publication,status,format", 0,
     "publication,status,format\nGFS-2024,provisional,csv\n", NULL},
    {"fisc publish show GFS-2024 --format csv", 0, "query,gfs --period 2024 --unit GG --known-at ",
     NULL},
    {"fisc publish show GFS-2025", 3, NULL, "there is no publication"},
    {"fisc report --reproduce GFS-2024 >$FOLDER/a && fisc report --reproduce GFS-2024 --stored "
     ">$FOLDER/b && fisc report gfs --period 2024 --unit GG --format csv >$FOLDER/c && "
     "cmp $FOLDER/a $FOLDER/b && cmp $FOLDER/a $FOLDER/c && echo same",
     0, "same\n", NULL},
    {"fisc report gfs --reproduce GFS-2024", 2, NULL, "takes the report's words from"},
    {"fisc report --reproduce GFS-2025", 3, NULL, "there is no publication"},
    {"fisc publish bundle $FOLDER/open --period 2024 --key $FOLDER/key", 3, NULL,
     "there is no key to sign with"},
    {"fisc head --new-key --key $FOLDER/key", 0, "Key ", NULL},
    {"fisc publish bundle --period 2024 --key $FOLDER/key", 2, NULL, "fisc publish bundle DIR"},
    {"fisc publish bundle $FOLDER/open --key $FOLDER/key", 2, NULL, "--period is required"},
    {"fisc publish bundle $FOLDER/open --period 2024 --unit GG --key $FOLDER/key --format csv", 0,
     "data/transactions.csv,155,0,", NULL},
    {"cd $FOLDER/open && sha256sum --check --quiet checksums.txt && echo sound", 0, "sound\n",
     NULL},
    {"fisc verify", 0, "clean: ", NULL},
};

static char *
prologue(const char *uri, const char *folder)
{
    g_autofree char *arda = fisc_test_data("arda-2024");
    g_autofree char *quoted_arda = g_shell_quote(arda);
    g_autofree char *quoted_folder = g_shell_quote(folder);
    g_autofree char *program = g_shell_quote(g_getenv("FISC_PROGRAM"));
    g_autofree char *quoted_uri = g_shell_quote(uri);
    return g_strdup_printf("ARDA=%s; FOLDER=%s; fisc() { %s --db %s --actor Ada \"$@\"; }; ",
                           quoted_arda, quoted_folder, program, quoted_uri);
}

static void
test_commands(void)
{
    g_autofree char *uri = fisc_test_database_new();
    g_autofree char *folder = fisc_test_folder_new();
    g_autofree char *before = prologue(uri, folder);
    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
        fisc_check_step(&steps[i], before);
    }
    fisc_test_folder_remove(folder);
}

/* ---- words ---- */

static bool
is_word(const char *option)
{
    for (const FiscReportWord *word = fisc_report_words; word->option != NULL; word++) {
        if (strcmp(word->option, option) == 0) {
            return true;
        }
    }
    return false;
}

static const FiscCliOption *
find_option(const char *command, const char *name)
{
    const FiscCliOption *option = fisc_cli_command_find(command)->options;
    while (option->name != NULL && strcmp(option->name, name) != 0) {
        option++;
    }
    return option->name != NULL ? option : NULL;
}

/* What is said on a command line can be put on record, and the other way round. */
static void
test_options_are_words(void)
{
    static const char *const beside[] = {"depth", "columns", "format", "stored", "reproduce", NULL};
    const FiscCliOption *option = fisc_cli_command_find("report")->options;
    for (; option->name != NULL; option++) {
        bool is_known = is_word(option->name) || g_strv_contains(beside, option->name);
        fisc_assert_text(is_known ? option->name : "(no word of a report)", option->name, "option",
                         __FILE__, __LINE__);
    }
    for (const FiscReportWord *word = fisc_report_words; word->option != NULL; word++) {
        const FiscCliOption *of_report = find_option("report", word->option);
        const FiscCliOption *of_publish = find_option("publish", word->option);
        CU_ASSERT_TRUE_FATAL(of_report != NULL && of_publish != NULL);
        CU_ASSERT_EQUAL(of_report->value == NULL, word->is_switch);
    }
}

const FiscTest fisc_publish_command_tests[] = {
    {"publishes, lists, shows and makes again", test_commands},
    {"has the same words on a command line and on record", test_options_are_words},
    {NULL, NULL},
};
