/* tidy_test.c: the tree keeps the house rules; and, as a control, each rule complains about a
 * made-up tree that breaks it. A rule that cannot fail holds nothing. */
#include "tests/support/suite.h"
#include "tests/tidy/rules.h"
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILES_MIN 40 /* the tree has more; fewer means that the test looks at the wrong place */
#define LONGEST_SHOWN 5

/* ---- the tree ---- */

static void
expect_clean(FiscRule rule)
{
    g_autoptr(GPtrArray) sources = fisc_tree_read(FISC_SOURCE_DIR);
    CU_ASSERT(sources->len >= FILES_MIN);
    g_autofree char *complaints = fisc_rule_check(rule, sources);
    FISC_ASSERT_TEXT(complaints, "");
}

static void
keeps_the_arrows(void)
{
    expect_clean(FISC_RULE_ARROWS);
}

static void
keeps_the_doors(void)
{
    expect_clean(FISC_RULE_DOORS);
}

static void
keeps_floats_out(void)
{
    expect_clean(FISC_RULE_FLOATS);
}

static void
keeps_writes_in_sql(void)
{
    expect_clean(FISC_RULE_WRITES);
}

static void
begins_with_comments(void)
{
    expect_clean(FISC_RULE_HEADS);
}

static int
compare_lengths(gconstpointer a, gconstpointer b)
{
    const FiscSource *const *first = a;
    const FiscSource *const *second = b;
    return (*second)->line_count - (*first)->line_count;
}

/* A mirror, not a limit. */
static void
shows_the_longest_files(void)
{
    g_autoptr(GPtrArray) sources = fisc_tree_read(FISC_SOURCE_DIR);
    CU_ASSERT_FATAL(sources->len >= FILES_MIN);
    g_ptr_array_sort(sources, compare_lengths);
    for (guint i = 0; i < LONGEST_SHOWN; i++) {
        const FiscSource *source = sources->pdata[i];
        printf("\n    %5d lines  %s", source->line_count, source->path);
    }
    printf("\n  ");
}

/* ---- the control ---- */

static const struct {
    FiscRule rule;
    const char *path;
    const char *text;
    const char *complaint; /* "" for a file that is in order */
} cases[] = {
    {FISC_RULE_ARROWS, "ledger/a.c", "/* a */\n#include \"fisc/statement.h\"\n",
     "ledger/a.c:2: ledger may not include \"fisc/statement.h\" of reporting\n"},
    {FISC_RULE_ARROWS, "core/base/a.c", "#include \"core/db/pool.h\"\n",
     "core/base/a.c:1: core/base may not include \"core/db/pool.h\" of core/db\n"},
    {FISC_RULE_ARROWS, "integrations/a.c", "#include \"budget/plan.h\"\n",
     "integrations/a.c:1: integrations may not include \"budget/plan.h\" of budget\n"},
    {FISC_RULE_ARROWS, "app/cli/a.c", "#include \"fisc/ledger.h\" /* why */\n",
     "app/cli/a.c:1: app/cli may not include \"fisc/ledger.h\" of ledger\n"},
    {FISC_RULE_ARROWS, "app/flows/a.c", "#include \"app/cli/cli.h\"\n",
     "app/flows/a.c:1: app/flows may not include \"app/cli/cli.h\" of app/cli\n"},
    {FISC_RULE_ARROWS, "include/fisc/entry.h", "#include \"fisc/flow.h\"\n",
     "include/fisc/entry.h:1: ledger may not include \"fisc/flow.h\" of app/flows\n"},
    {FISC_RULE_ARROWS, "include/fisc/novel.h", "int novel;\n",
     "include/fisc/novel.h:1: is not on the map: give it a row in tests/tidy/rules.c\n"},
    {FISC_RULE_ARROWS, "core/novel/a.c", "int novel;\n",
     "core/novel/a.c:1: is not on the map: give it a row in tests/tidy/rules.c\n"},
    {FISC_RULE_ARROWS, "ledger/b.c", "#include \"tests/support/suite.h\"\n",
     "ledger/b.c:1: \"tests/support/suite.h\" is not on the map\n"},
    {FISC_RULE_ARROWS, "reporting/a.c",
     "#include \"reporting/a.h\"\n#include <stdio.h>\n#include \"fisc/db.h\"\n"
     "/*\n#include \"app/flows/post.h\"\n*/\n",
     ""},
    {FISC_RULE_DOORS, "ledger/a.c", "\n#include <libpq-fe.h>\n",
     "ledger/a.c:2: <libpq-fe.h> stays behind the door of core/db\n"},
    {FISC_RULE_DOORS, "budget/a.c", "#include <jansson.h>\n",
     "budget/a.c:1: <jansson.h> stays behind the door of app\n"},
    {FISC_RULE_DOORS, "integrations/a.c", "#include <csv.h>\n",
     "integrations/a.c:1: <csv.h> stays behind the door of core/formats\n"},
    {FISC_RULE_DOORS, "ledger/b.c", "#include <openssl/evp.h>\n",
     "ledger/b.c:1: <openssl/evp.h> stays behind the door of core/base\n"},
    {FISC_RULE_DOORS, "include/fisc/db.h", "#include <jansson.h>\n",
     "include/fisc/db.h:1: <jansson.h> stays behind the door of app\n"},
    {FISC_RULE_DOORS, "core/formats/a.c", "#include <csv.h>\n#include <jansson.h>\n", ""},
    {FISC_RULE_DOORS, "integrations/b.c", "#include \"fisc/csv.h\"\n#include <jansson.h>\n", ""},
    {FISC_RULE_FLOATS, "budget/a.c", "int a;\ndouble share;\nfloat b;\n",
     "budget/a.c:2: a double cannot hold money to the cent\n"
     "budget/a.c:3: a float cannot hold money to the cent\n"},
    {FISC_RULE_FLOATS, "include/fisc/money.h", "long double b(void);\n",
     "include/fisc/money.h:1: a double cannot hold money to the cent\n"},
    {FISC_RULE_FLOATS, "ledger/a.c",
     "/* no double */ int floating; // a float\nchar *a = \"a \\\" double \";\nchar b = '\"';\n",
     ""},
    {FISC_RULE_FLOATS, "core/db/a.c", "double seconds;\n", ""},
    {FISC_RULE_WRITES, "budget/a.c", "const char *a =\n  \" Insert into budget.x values (1)\";\n",
     "budget/a.c:2: SQL that writes belongs in sql/: \" Insert into budget.x values (\"\n"},
    {FISC_RULE_WRITES, "app/flows/a.c", "f(\"update ledger.x \"\n  \"set y = 1\");\n",
     "app/flows/a.c:1: SQL that writes belongs in sql/: \"update ledger.x set y = 1\"\n"},
    {FISC_RULE_WRITES, "ledger/a.c", "f(\"delete from ledger.line\");\n",
     "ledger/a.c:1: SQL that writes belongs in sql/: \"delete from ledger.line\"\n"},
    {FISC_RULE_WRITES, "ledger/b.c", "f(\"update the budget\", \"set\", \"Delete it by hand\");\n",
     ""},
    {FISC_RULE_HEADS, "core/db/a.c", "#include \"core/db/a.h\"\n/* late */\n",
     "core/db/a.c:1: begins without saying what it is\n"},
    {FISC_RULE_HEADS, "core/db/b.c", "/* b.c: says it. */\nint b;\n", ""},
};

static void
write_file(const char *root, const char *path, const char *text)
{
    g_autofree char *full_path = g_build_filename(root, path, NULL);
    g_autofree char *folder = g_path_get_dirname(full_path);
    g_assert(g_mkdir_with_parents(folder, 0755) == 0);
    g_assert(g_file_set_contents(full_path, text, -1, NULL));
}

/* Removes the one file of a made-up tree and the folders above it. */
static void
remove_tree(const char *root, const char *path)
{
    g_autofree char *full_path = g_build_filename(root, path, NULL);
    unlink(full_path);
    while (strlen(full_path) > strlen(root)) {
        char *end = strrchr(full_path, '/');
        *end = '\0';
        rmdir(full_path);
    }
}

static void
complains_about_a_bad_tree(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *root = g_dir_make_tmp("fisc-tidy-XXXXXX", NULL);
        CU_ASSERT_FATAL(root != NULL);
        write_file(root, cases[i].path, cases[i].text);
        g_autoptr(GPtrArray) sources = fisc_tree_read(root);
        FISC_ASSERT_INT(sources->len, 1);
        g_autofree char *complaints = fisc_rule_check(cases[i].rule, sources);
        FISC_ASSERT_TEXT(complaints, cases[i].complaint);
        remove_tree(root, cases[i].path);
    }
}

const FiscTest fisc_tidy_tests[] = {
    {"complains about a made-up tree that breaks the rules", complains_about_a_bad_tree},
    {"folders include only what the map allows", keeps_the_arrows},
    {"libraries stay behind their doors", keeps_the_doors},
    {"no float is near money", keeps_floats_out},
    {"SQL that writes is in sql/ only", keeps_writes_in_sql},
    {"every file begins by saying what it is", begins_with_comments},
    {"shows the longest files", shows_the_longest_files},
    {NULL, NULL},
};
