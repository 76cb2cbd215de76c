/* open_year_test.c: `fisc budget open-year` as officers type it: what was ordered for a year before
 * it began becomes a commitment of its budget, once, and not without the money. */
#include "tests/app/cli/run.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"

extern const FiscTest fisc_open_year_command_tests[];

static const FiscStep steps[] = {
    {"fisc load $FOLDER", 0, "master records", NULL},
    {"fisc period open 2024; fisc period open 2025", 0, "2025 is open.\n", NULL},
    {"fisc budget open-year", 2, NULL, "open-year"},
    {"fisc budget open-year soon", 2, NULL, "the year is a number"},
    {"fisc budget open-year 2025 --entity XX", 3, NULL, "there is no entity \"XX\""},
    {"fisc budget open-year 2025 --document D", 2, NULL, "a document is of one entity"},
    {"fisc budget open-year 2025 --format csv", 0, "entity,item,becomes,amount\nNothing waits",
     NULL},
    {"orders | fisc post -", 0, "\"status\":\"posted\"", NULL},
    {"fisc budget open-year 2025 --dry-run --format csv", 0,
     "entity,item,becomes,amount\nMIN,PO-7,PO-7/2025,200.00\nMIN,PO-8,PO-8/2025,50.00\n"
     "OFF,PO-7,PO-7/2025,20.00\n",
     NULL},
    {"fisc doc list --format csv --columns document", 0, "document\n", NULL},
    {"as mary budget open-year 2025 --entity MIN --document OY", 0, "OY is proposed.\n", NULL},
    {"as mary budget open-year 2025 --entity MIN --document OY", 0, "OY is proposed.\n", NULL},
    {"as mary doc approve OY", 4, NULL, "SECOND_PERSON"},
    /* All of a document or nothing: the second order is 10.00 short. */
    {"as anna doc approve OY", 6, NULL, "requested 50.00, shortfall 10.00, by Art. 1"},
    {"fisc funds --entity MIN --period 2025 --columns control,committed,available --format csv", 0,
     "later,250.00,50.00\nvote,0.00,240.00\n", NULL},
    {"supplement | fisc post -", 0, "\"status\":\"posted\"", NULL},
    {"as anna doc approve OY", 0, "OY is done: entries posted: 2.\n", NULL},
    {"fisc funds --entity MIN --period 2025 --columns control,committed,available --format csv", 0,
     "later,0.00,300.00\nvote,250.00,0.00\n", NULL},
    {"fisc budget open-year 2025 --dry-run --format csv", 0,
     "entity,item,becomes,amount\nOFF,PO-7,PO-7/2025,20.00\n", NULL},
    {"as mary budget open-year 2025 --entity MIN", 0, "Nothing waits to become a commitment.\n",
     NULL},
    /* What it has become is relieved like any order, the foreign one by its own currency. */
    {"invoice | fisc post -", 0, "\"status\":\"posted\"", NULL},
    {"fisc funds --entity MIN --period 2025 --columns control,committed,accrued --format csv", 0,
     "vote,225.00,25.00\n", NULL},
    {"fisc verify --full", 0, "clean", NULL},
};

#define HEADER                                                                                     \
    "echo 'journal_id,date,period,entity,stage,debit,credit,programme,item,currency,amount_fc,"    \
    "relieves'; "

static char *
prologue(const char *uri, const char *folder)
{
    g_autofree char *program = g_shell_quote(g_getenv("FISC_PROGRAM"));
    g_autofree char *quoted_uri = g_shell_quote(uri);
    return g_strdup_printf(
        "FOLDER=%s; fisc() { %s --db %s --actor founder \"$@\"; }; "
        "as() { ACTOR=$1; shift; %s --db %s --actor $ACTOR \"$@\"; }; "
        "orders() { " HEADER "echo 'A,2024-01-01,2025-00,MIN,authority,300,,11,,,,'; "
        "echo 'B,2024-06-01,2025-00,MIN,later_commitment,200,,11,PO-7,,,'; "
        "echo 'C,2024-06-01,2025-00,MIN,later_commitment,50,,11,PO-8,USD,40,'; "
        "echo 'D,2025-01-01,,MIN,appropriation,240,,11,,,,'; "
        "echo 'X,2024-01-01,2025-00,OFF,authority,300,,11,,,,'; "
        "echo 'Y,2024-06-01,2025-00,OFF,later_commitment,20,,11,PO-7,,,'; }; "
        "supplement() { " HEADER "echo 'S,2025-01-01,,MIN,change,10,,11,,,,'; }; "
        "invoice() { " HEADER
        "echo 'I,2025-02-01,,MIN,obligation,25,,11,INV,USD,20,PO-8/2025'; }; ",
        folder, program, quoted_uri, program, quoted_uri);
}

#define PACKAGE                                                                                    \
    "printf 'entity,name,sector,cp_code,reporting\\nMIN,Ministry,S1311,11,Y\\n"                    \
    "OFF,Office,S1311,11,Y\\n' >$FOLDER/entities.csv; "                                            \
    "printf 'control,level,absent,key,entities,limit,consume,article\\n"                           \
    "vote,absolute,refuse,entity programme,*,,,Art. 1\\n"                                          \
    "later,absolute,refuse,entity programme,*,authority,later_commitment,Art. 23\\n' "             \
    ">$FOLDER/controls.csv; "

static void
test_next_year(void)
{
    g_autofree char *uri = fisc_test_database_new();
    g_autofree char *folder = g_dir_make_tmp("fisc-open-year-XXXXXX", NULL);
    g_autofree char *before = prologue(uri, folder);
    g_autofree char *make = g_strconcat(before, PACKAGE, NULL);
    g_auto(FiscRun) made = fisc_run_shell(make);
    FISC_ASSERT_INT(made.status, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
        fisc_check_step(&steps[i], before);
    }
    g_autofree char *clean = g_strdup_printf("rm -r %s", folder);
    g_auto(FiscRun) cleaned = fisc_run_shell(clean);
    FISC_ASSERT_INT(cleaned.status, 0);
}

const FiscTest fisc_open_year_command_tests[] = {
    {"makes commitments of what was ordered for the year before it began", test_next_year},
    {NULL, NULL},
};
