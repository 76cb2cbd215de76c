/* document_test.c: `fisc doc` and `fisc budget` as officers type them: one proposes, another
 * approves. What is decided is tested where it is decided. */
#include "tests/app/cli/run.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"

extern const FiscTest fisc_document_command_tests[];

#define VIREMENT                                                                                   \
    "as mary budget virement --entity MIN --from 'programme=1 economic=22'"                        \
    " --to 'programme=1 economic=23' --date 2024-05-02 --reason 'prices rose' "
#define BLOCK "as mary budget block --entity MIN --date 2024-05-03 --reason restraint "
#define RELEASE "as mary budget release --entity MIN --period 2024-Q1 --programme 1 --reason plan "
#define OVERRIDE                                                                                   \
    "as mary budget override --control vote --amount 50 --expires 2199-12-31 --reason flood"       \
    " --article 'Art. 9' --key 'entity=MIN programme=1 economic=23 year=2024' "

static const FiscStep steps[] = {
    {"fisc load $FOLDER", 0, "releases.csv       1         0        0", NULL},
    {"fisc doc", 2, NULL, "`doc` takes other arguments"},
    {"fisc doc dance", 2, NULL, "`doc` does propose, approve, reject, withdraw, list or show"},
    {"fisc doc propose", 2, NULL, "`doc propose` takes a file"},
    {"fisc doc list D", 2, NULL, "`doc list` takes no document"},
    {"claim | as mary doc propose -", 2, NULL, "--action is required"},
    /* The maker hears what can never be carried out, not the one who signs. */
    {"as mary budget override --control nope --amount 5 --expires 2199-12-31 --reason flood"
     " --key 'entity=MIN year=2024'",
     6, NULL, "VALUE_INVALID"},
    {"claim | as mary doc propose - --action theft", 6, NULL, "VALUE_INVALID"},
    {"claim | as mary doc propose - --action claim --needs 0", 2, NULL, "--needs is a number"},
    {"claim | sed 's/10.00/ten/' | as mary doc propose - --action claim", 6, NULL,
     "standard input:1: /lines/0/debit: AMOUNT_INVALID"},
    {"claim | as mary doc propose - --action claim --id C1 --reason paper", 0, "C1 is proposed.\n",
     NULL},
    {"claim | as mary doc propose - --action claim --id C1 --reason paper", 0, "C1 is proposed.\n",
     NULL},
    {"claim | as otto doc propose - --action claim --id C1", 5, NULL, "REFERENCE_CONFLICT"},
    {"as mary doc approve C1", 4, NULL, "SECOND_PERSON: A second person has to confirm"},
    {"as anna doc approve C9", 3, NULL, "NOT_FOUND"},
    {"as anna doc reject C1", 2, NULL, "--reason is required"},
    {"as anna doc withdraw C1", 4, NULL, "DENIED"},
    {"fisc doc list --state proposed --format csv", 0, "C1,proposed,claim,MIN,mary,1,,paper\n",
     NULL},
    {"as anna doc approve C1 --json", 0,
     "{\"document\":\"C1\",\"state\":\"done\",\"entries\":\"1\"}", NULL},
    {"as anna doc approve C1", 0, "C1 is done: entries posted: 1.\n", NULL},
    {"as otto doc approve C1 --json", 6,
     "\"state\":null,\"refusals\":[{\"code\":\"DOCUMENT_STATE\"", "DOCUMENT_STATE"},
    {"fisc doc list --state proposed --format csv", 0,
     "document,state,action,entity,maker,needs,approved_by,reason\n", NULL},
    {"fisc doc show C1 --format csv", 0, "approved_by,anna\n", NULL},
    {"fisc doc show C1", 0, "approved by anna", NULL},
    {"fisc doc show C1 --json", 0, "\"field\": \"digest\"", NULL},
    {"fisc doc show C9", 3, NULL, "NOT_FOUND"},
    {"fisc trace C1 --format csv", 0, "MIN/CL1", NULL},
    {"fisc budget", 2, NULL, "`budget` takes other arguments"},
    {"fisc budget spend", 2, NULL, "`budget` does open, versions, put"},
    {VIREMENT, 2, NULL, "--amount is required"},
    {VIREMENT "--amount 30 --id V1", 0, "V1 is proposed.\n", NULL},
    {"as anna doc approve V1", 0, "V1 is done: entries posted: 1.\n", NULL},
    {VIREMENT "--amount 25 --id V2 --json", 0, "{\"document\":\"V2\",\"state\":\"proposed\"", NULL},
    {"as anna doc approve V2", 6, NULL, "VIREMENT_RULE"},
    {"as anna doc reject V2 --reason 'no minister' --json", 0,
     "{\"document\":\"V2\",\"state\":\"rejected\"", NULL},
    {VIREMENT "--amount 1.005", 2, NULL, "no more decimals than the currency"},
    {"as mary budget virement --entity MIN --from spring --to 'economic=1' --amount 1 --reason x",
     2, NULL, "--from names a budget line"},
    {RELEASE "--amount 300", 0, "release-", NULL},
    {RELEASE "--amount 300", 0, "release-", NULL},
    {"fisc doc list --state proposed --columns state,action --format csv", 0,
     "state,action\nproposed,budget\n", NULL},
    {RELEASE "--amount 300 --id R1", 0, "R1 is proposed.", NULL},
    {"as anna doc approve R1", 0, "R1 is done", NULL},
    {"as mary budget release --entity MIN --period 2024-Q1 --amount 1 --reason x", 2, NULL,
     "name the budget line"},
    {"as mary budget release --entity XX --period 2024-Q1 --programme 1 --amount 1 --reason x", 3,
     NULL, "there is no entity \"XX\""},
    {OVERRIDE "--id OV", 0, "OV is proposed.", NULL},
    {"as mary doc withdraw OV --reason 'it rained less'", 0, "OV is withdrawn.", NULL},
    {OVERRIDE, 0, "override-", NULL},
    {"fisc budget rules --date 2024-05-01 --format csv", 0,
     "virement_rule,head,2024-01-01,,Art. 46,order=1 cap=10\n", NULL},
    {"fisc budget rules --date 2023-05-01 --format csv", 0, "control,vote,", NULL},
    {"fisc budget rules --date spring", 2, NULL, "--date is a day"},
    {"fisc budget expire", 0, "Expired items released: 0.\n", NULL},
    {"fisc budget expire --entity MIN --json", 0, "{\"released\":\"0\"}", NULL},
    {"fisc budget --help", 0, "propose an allotment", NULL},
    {"rule | fisc post -", 0, "", NULL},
    {"fisc budget rules --date 2024-05-01 --format csv", 0, "virement_rule,more,", NULL},
    {"rule | sed 's/cap/cup/' | fisc post -", 6, "\"status\":\"refused\"", "VALUE_INVALID"},
    {BLOCK "--percent 10 --where 'economic=2*' --article 'Art. 9' --id B1", 0,
     "B1 is proposed.\n60.00 on 2 lines, each rounded half away from zero.\n", NULL},
    {"as anna doc approve B1", 0, "B1 is done: entries posted: 2.\n", NULL},
    {"fisc funds --entity MIN --period 2024 --economic 22 --columns blocked,available --format csv",
     0, "blocked,available\n47.00,423.00\n", NULL},
    {"as mary budget unblock --entity MIN --amount 20 --date 2024-05-03 --reason better --id U1", 0,
     "20.00 on 2 lines, which make the whole.\n", NULL},
    {"as anna doc approve U1", 0, "U1 is done: entries posted: 2.\n", NULL},
    {BLOCK "--amount 5 --cut --where 'economic=23' --id B2 --json", 0,
     "{\"document\":\"B2\",\"state\":\"proposed\"", NULL},
    {BLOCK "--amount 5 --percent 5", 2, NULL, "either an amount or a percentage, not both"},
    {BLOCK, 2, NULL, "say how much: an amount or a percentage"},
    {BLOCK "--percent 5 --of everything", 2, NULL, "--of is appropriated or available"},
    {BLOCK "--percent 5 --where spring", 2, NULL, "--where names budget lines"},
    {BLOCK "--percent 5 --where 'economic=9*'", 3, NULL, "has anything to block"},
    {"as mary budget draw --entity MIN --amount 5 --reason x", 2, NULL,
     "--from-entity is required"},
    {"as mary budget draw --from-entity MIN --from 'programme=1 economic=22' --entity MIN"
     " --to 'programme=1 economic=23' --amount 5 --date 2024-05-03 --reason flood --id D1",
     0, "D1 is proposed.\n", NULL},
    {"as anna doc approve D1", 0, "D1 is done: entries posted: 2.\n", NULL},
    {"fisc verify --full", 0, "", NULL},
};

#define PACKAGE                                                                                    \
    "mkdir -p $FOLDER; cd $FOLDER; "                                                               \
    "printf 'entity,name,sector,cp_code,reporting\\nMIN,Ministry,S13111,11,Y\\n' >entities.csv; "  \
    "printf 'control,level,absent,key,entities\\n"                                                 \
    "vote,absolute,none,entity programme economic,*\\n' >controls.csv; "                           \
    "printf 'rule,order,cap,approval,from,article\\nhead,1,10,,2024-01-01,Art. 46\\n"              \
    "minister,2,,minister,,Art. 47\\n' >virement_rules.csv; "                                      \
    "printf 'entity,period,amount,programme,memo\\nMIN,2024-Q1,10,1,plan\\n' >releases.csv; "      \
    "printf 'journal_id,date,entity,stage,debit,credit,programme,economic\\n"                      \
    "A,2024-01-01,MIN,appropriation,500,,1,22\\nB,2024-01-01,MIN,appropriation,100,,1,23\\n'"      \
    " >journals.csv; cd - >/dev/null; "

/* A package in a folder of its own, and what the lines of a shell refer to. */
static char *
prologue(const char *uri, const char *folder)
{
    g_autofree char *program = g_shell_quote(g_getenv("FISC_PROGRAM"));
    g_autofree char *quoted_uri = g_shell_quote(uri);
    return g_strdup_printf(
        "FOLDER=%s; fisc() { %s --db %s --actor founder \"$@\"; }; "
        "as() { ACTOR=$1; shift; %s --db %s --actor $ACTOR \"$@\"; }; "
        "claim() { echo '{\"entity\":\"MIN\",\"journal_id\":\"CL1\",\"date\":\"2024-03-01\","
        "\"document\":\"C1\",\"lines\":[{\"gfs_code\":\"22\",\"debit\":\"10.00\"},"
        "{\"gfs_code\":\"3308\",\"credit\":\"10.00\"}]}'; }; "
        "rule() { echo '{\"event\":{\"kind\":\"virement_rule\",\"subject\":\"more\","
        "\"fields\":{\"cap\":\"20\",\"order\":\"9\"}}}'; }; ",
        folder, program, quoted_uri, program, quoted_uri);
}

static void
test_two_officers(void)
{
    g_autofree char *uri = fisc_test_database_new();
    g_autofree char *folder = g_dir_make_tmp("fisc-doc-XXXXXX", NULL);
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

const FiscTest fisc_document_command_tests[] = {
    {"takes two officers from a proposal to the books", test_two_officers},
    {NULL, NULL},
};
