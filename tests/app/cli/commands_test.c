/* commands_test.c: every command once and in order, on the small constructed nation: that words
 * reach the flows and answers come back. What the flows decide is tested where they are. */
#include "tests/app/cli/run.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"

extern const FiscTest fisc_commands_tests[];

/* A journal of two entries: one that a full budget line refuses, one outside the budget. */
static const char journal[] =
    "journal_id,date,entity,gfs_code,debit,credit,counterparty_entity,cofog,memo\\n"
    "Q1,2024-06-30,BCG,22,10,,CORP,70133,pens\\n"
    "Q1,2024-06-30,BCG,3308,,10,CORP,,pens\\n"
    "Q2,2024-06-30,BCG,22,7,,CORP,701,ink\\n"
    "Q2,2024-06-30,BCG,3308,,7,CORP,,ink\\n";

/* More budget for the line that refuses. */
static const char more[] = "journal_id,date,entity,gfs_code,debit,credit,cofog,stage\\n"
                           "M,2024-06-30,BCG,22,10,,70133,change\\n";

#define REFUSED "\"status\":\"refused\""
#define CONTROL "\"code\":\"BUDGET_EXCEEDED\",\"file\":\"standard input\",\"line\":2"

static const FiscStep steps[] = {
    {"fisc init", 0, "The schema is ready.", NULL},
    {"fisc init --json", 0, "{\"schema\":\"ready\",\"data\":null}", NULL},
    {"fisc load $ARDA", 0, "journals.csv", NULL},
    {"fisc load $ARDA --json", 0, "\"repeated\": 57", NULL},
    {"fisc load /nonexistent", 3, NULL, "NOT_FOUND"},
    {"fisc report gfs --unit GG --period 2024", 0, "Net operating balance", NULL},
    {"fisc report gfs --unit GG --period 2024 --format csv", 0, "SOO,GG,1,Revenue,3398.00\n", NULL},
    {"fisc report gfs --unit GG --period 2024 --json", 0, "\"amount\": \"3398.00\"", NULL},
    {"fisc report gfs --unit XX --period 2024", 3, NULL, "NOT_FOUND"},
    {"fisc report gfs --unit GG --period 2024 > /dev/full", 1, NULL, "could not be written"},
    {"fisc report trial-balance --unit BCG --period 2024 --before-closing --format csv", 0,
     "entity,account,debit,credit,balance,title,side\n", NULL},
    {"fisc report trial-balance --unit BCG --period 2024-13 --before-closing", 2, NULL,
     "period 13 closes the year"},
    {"fisc report budgetary-resources --unit BCG --period 2024", 0,
     "Statement of Budgetary Resources, BCG", NULL},
    {"fisc report budgetary-resources --period 2024", 2, NULL, "name one"},
    {"fisc report eliminations --period 2024 --format csv", 0,
     "CG,A011,BCG,RDF,2631,payable,100.00", NULL},
    {"fisc funds --entity BCG --cofog 70731 --period 2024 --format csv", 0,
     "entity=BCG gfs_code=3112.1 cofog=70731 year=2024,130.00", NULL},
    {"fisc funds --entity XX --period 2024", 3, NULL, "NOT_FOUND"},
    {"journal | fisc post - --dry-run", 6,
     "\"status\":\"posted\",\"entry\":null,\"batch\":null,\"receipt\":null", "BUDGET_EXCEEDED"},
    {"journal | fisc try -", 6, "BCG/Q2: accepted\nNo control is touched", NULL},
    {"journal | fisc try -", 6,
     "remedy 1: a virement inside the rules: 10.00 from \"cofog=70310 gfs_code=2111\" to "
     "\"cofog=70133 gfs_code=22\"",
     NULL},
    {"journal | fisc try - --json", 6, "\"kind\": \"virement\"", NULL},
    {"journal | fisc try - --format csv", 6, "control,level,key,before,effect,after,", NULL},
    {"journal | fisc try - --scale 'gfs_code=22:-100%,cofog=701:+1%'", 6,
     "gfs_code=22:-100%: 2 lines, 17.00 becomes 0.00, rounded away 0.0000", NULL},
    {"journal | fisc try - --scale 22:5%", 2, NULL, "a price change is like"},
    {"more=$(mktemp); more > $more; journal | fisc try - --against $more; s=$?; rm $more; exit $s",
     0, "entity=BCG gfs_code=22 cofog=70133 year=2024   10.00  -10.00   0.00  410.00", NULL},
    {"fisc try /nonexistent", 3, NULL, "NOT_FOUND"},
    {"journal | fisc post - --atomic", 6, "\"code\":\"ATOMIC_GROUP\"", "ATOMIC_GROUP"},
    {"journal | fisc post -", 6, CONTROL, "standard input:2: BUDGET_EXCEEDED"},
    {"journal | fisc post -", 6, "\"reference\":\"BCG/Q2\",\"status\":\"repeated\"",
     "BUDGET_EXCEEDED"},
    {"journal | sed 's/,7,/,8,/' | fisc post -", 6, "\"status\":\"conflict\"",
     "REFERENCE_CONFLICT"},
    {"journal | sed 's/,7,,/,8,,/' | fisc post -", 6, REFUSED, "ENTRY_UNBALANCED"},
    {"fisc trace BCG/Q2 --format csv", 0, ",BCG,22,financial,7.00,", NULL},
    {"fisc trace BCG/Q2", 0, "Ada: Entry ", NULL},
    {"fisc trace BCG/Q1 --json", 0, "\"title\": \"BUDGET_EXCEEDED by budget\"", NULL},
    {"fisc trace nothing", 3, NULL, "NOT_FOUND"},
    {"fisc reverse BCG/Q2 --date 2024-07-01 --reason 'wrong supplier'", 0, "BCG/Q2/reversal", NULL},
    {"fisc reverse BCG/ZZ --reason x", 3, NULL, "NOT_FOUND"},
    {"fisc period close 2024-06", 0, "2024-06 is closed.", NULL},
    {"fisc period list --format csv", 0, "2024-06,closed", NULL},
    {"journal | sed 's/Q2/Q3/' | fisc post -", 6, "PERIOD_NOT_OPEN", "PERIOD_NOT_OPEN"},
    {"fisc period open 2024-06", 6, NULL, "PERIOD_STATE"},
    {"fisc period seal 2024-06 --json", 0, "{\"period\":\"2024-06\",\"state\":\"sealed\"}", NULL},
    {"fisc doctor --format csv", 1, "schema,ok,", NULL}, /* tests spare the disk, which it minds: */
    {"fisc doctor --format csv", 1, "fsync,missing,off,", NULL},
    {"fisc sql -Atc 'select current_user, count(*) > 70 from ledger.entry'", 0, "fisc_reader|t\n",
     NULL},
    {"fisc sql -Atc 'delete from ledger.entry'", 1, NULL, "read-only transaction"},
};

/* Sets what the lines of a shell below refer to. */
static char *
prologue(const char *uri)
{
    g_autofree char *arda = fisc_test_data("arda-2024");
    g_autofree char *quoted_arda = g_shell_quote(arda);
    g_autofree char *program = g_shell_quote(g_getenv("FISC_PROGRAM"));
    g_autofree char *quoted_uri = g_shell_quote(uri);
    return g_strdup_printf("ARDA=%s; fisc() { %s --db %s --actor Ada \"$@\"; }; "
                           "journal() { printf '%s'; }; more() { printf '%s'; }; ",
                           quoted_arda, program, quoted_uri, journal, more);
}

static void
test_every_command_answers(void)
{
    g_autofree char *uri = fisc_test_database_new();
    g_autofree char *before = prologue(uri);
    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
        fisc_check_step(&steps[i], before);
    }
}

const FiscTest fisc_commands_tests[] = {
    {"answers every command on a small nation, from init to sql", test_every_command_answers},
    {NULL, NULL},
};
