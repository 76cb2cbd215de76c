/* person_test.c: `fisc person` from an open book to enforced duties, as a security officer types
 * it. What is decided is tested where it is decided. */
#include "tests/app/cli/run.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"

extern const FiscTest fisc_person_command_tests[];

#define ADD "fisc person add "
#define CARLA "carla --role agency_accountant --entity BCG"

static const FiscStep steps[] = {
    {"fisc load $ARDA", 0, "journals.csv", NULL},
    {ADD "ana --name 'Ana Ruiz' --id 12345678Z", 0, "ana: registered.", NULL},
    {ADD "ben --name 'Ben Oko' --id X-7654321-B --json", 0,
     "{\"subject\":\"ben\",\"state\":\"registered\"}", NULL},
    {ADD "carla --name 'Carla Mbeki' --id KE-55", 0, "registered", NULL},
    {ADD "dora --name 'Dora Diaz' --id 77", 0, "registered", NULL},
    {ADD "ana2 --name 'Ana R' --id '12345678 z'", 6, NULL, "MASTER_CONFLICT"},
    {ADD "eve --name Eve", 2, NULL, "--id is required"},
    {ADD "--name Eve --id 1", 2, NULL, "takes other arguments"},
    {"fisc person dance", 2, NULL, "`person` does not do \"dance\""},
    {"fisc person --help", 0, "enforce", NULL},
    {"fisc person init ana ana", 4, NULL, "SECOND_PERSON"},
    {"fisc person init ana ben", 0, "ana and ben: administrator and security officer.", NULL},
    {"fisc person init ana ben", 6, NULL, "DOCUMENT_STATE"},
    {"fisc person matrix --format csv", 0, "payment,2,,,,V*H,,,V,,MR\n", NULL},
    {"as ana person enforce", 0, "proposed: a second person confirms it", NULL},
    {"as ana person enforce", 4, NULL, "SECOND_PERSON"},
    {"as ben person enforce", 0, "duties: enforced.", NULL},
    {"as carla person grant " CARLA, 4, NULL, "DUTY_MISSING"},
    {"as ana person grant " CARLA " --from 2026-02-30", 6, NULL, "VALUE_INVALID"},
    {"as ana person grant " CARLA, 0, "carla/agency_accountant/BCG: proposed.", NULL},
    {"as ana person confirm " CARLA, 4, NULL, "DUTY_MISSING"},
    {"as ben person confirm " CARLA, 0, "carla/agency_accountant/BCG: active.", NULL},
    {"as ben person confirm dora --role auditor", 3, NULL, "NOT_FOUND"},
    {"as ana person grant carla --role auditor", 6, NULL, "ROLE_INCOMPATIBLE"},
    {"as ana person grant dora --role approver --entity BCG", 0, "proposed", NULL},
    {"as ben person confirm dora --role approver --entity BCG --refuse", 0, "refused", NULL},
    {"fisc person list --format csv", 0, "carla,Carla Mbeki,active,agency_accountant BCG\n", NULL},
    {"fisc person list --both --format csv", 0,
     "carla,commitment M,agency_accountant,BCG,claim M,agency_accountant,BCG,,\n", NULL},
    {"fisc person show carla --format csv", 0, "grant,agency_accountant,BCG,active,,,ana,ben,\n",
     NULL},
    {"fisc person show ghost", 3, NULL, "NOT_FOUND"},
    {"fisc person check carla claim BCG --format csv", 0,
     "carla,claim,BCG,make,yes,agency_accountant BCG\n", NULL},
    {"fisc person check carla payment BCG --json", 0, "\"allowed\": \"no\"", NULL},
    {"as carla person delegate dora --role agency_accountant --entity BCG", 4, NULL,
     "DELEGATION_INVALID"},
    {"as carla person delegate dora --role agency_accountant --entity BCG --from 2020-01-01"
     " --to 2020-02-01",
     4, NULL, "DELEGATION_INVALID"},
    {"as carla person delegate dora --role agency_accountant --entity BCG --from $TODAY"
     " --to $TODAY",
     0, "carla/dora/agency_accountant/BCG: delegated.", NULL},
    {"journal | as dora post -", 4, "DUTY_MISSING", "act with --on-behalf carla"},
    {"journal | as dora post - --on-behalf carla", 4, "APPROVAL_MISSING", "APPROVAL_MISSING"},
    {"journal | FISC_ON_BEHALF=carla as dora post -", 4, "APPROVAL_MISSING", "APPROVAL_MISSING"},
    {"journal | as dora post - --on-behalf ana", 4, "DELEGATION_INVALID", "DELEGATION_INVALID"},
    {"journal | as mallory post -", 4, "PERSON_UNKNOWN", "PERSON_UNKNOWN"},
    {"as carla person revoke dora --principal carla --role agency_accountant --entity BCG", 0,
     "revoked", NULL},
    {"as ben person revoke ana --role administrator", 4, NULL, "SECOND_PERSON"},
    {"as ben person disable ana", 4, NULL, "SECOND_PERSON"},
    {"as ben person disable carla", 0, "carla: disabled.", NULL},
    {"as ana period close 2024-06", 4, NULL, "DUTY_MISSING"},
    {"fisc person forget carla", 4, NULL, "DENIED"},
    {"as ben person forget carla", 0, "The name of carla is erased.", NULL},
    {"fisc person list --format csv", 0, "carla,,disabled,", NULL},
    {"fisc verify --full", 0, "", NULL},
};

static char *
prologue(const char *uri)
{
    g_autofree char *arda = fisc_test_data("arda-2024");
    g_autofree char *quoted_arda = g_shell_quote(arda);
    g_autofree char *program = g_shell_quote(g_getenv("FISC_PROGRAM"));
    g_autofree char *quoted_uri = g_shell_quote(uri);
    return g_strdup_printf(
        "ARDA=%s; TODAY=$(date -u +%%F); fisc() { %s --db %s --actor founder \"$@\"; }; "
        "as() { ACTOR=$1; shift; %s --db %s --actor $ACTOR \"$@\"; }; "
        "journal() { printf 'journal_id,date,entity,gfs_code,debit,credit,counterparty_entity,"
        "cofog,memo\\nQ2,2024-06-30,BCG,22,7,,CORP,701,ink\\n"
        "Q2,2024-06-30,BCG,3308,,7,CORP,,ink\\n'; }; ",
        quoted_arda, program, quoted_uri, program, quoted_uri);
}

static void
test_from_open_to_enforced(void)
{
    g_autofree char *uri = fisc_test_database_new();
    g_autofree char *before = prologue(uri);
    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
        fisc_check_step(&steps[i], before);
    }
}

const FiscTest fisc_person_command_tests[] = {
    {"takes a book from open to enforced duties, and names the rule that refuses",
     test_from_open_to_enforced},
    {NULL, NULL},
};
