/* pull_test.c: a town's books as an officer takes them: put on record, mapped, pulled, corrected;
 * and a process that dies at every point on the way. What is decided is tested where it is decided.
 */
#include "tests/app/cli/run.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"
#include <glib/gstdio.h>

extern const FiscTest fisc_pull_command_tests[];

#define DIES(point, nth) "FISC_KILL_AT=pull." point ":" nth " fisc pull town 2>/dev/null"
#define REGISTER "fisc feeder put -"
#define TRIAL_BALANCE                                                                              \
    "fisc report trial-balance --unit TOWN --period 2024 --format csv --columns account,balance"

static const FiscStep steps[] = {
    {"mkdir town && entities > town/entities.csv && fisc load town", 0, "town: ", NULL},
    {"feeders | sed 's/folder/carrier/' | " REGISTER, 6, NULL, "\"carrier\" is no connector"},
    {"feeders | sed 's/TOWN/VILLAGE/' | " REGISTER, 6, NULL, "VILLAGE"},
    {"fisc pull town", 3, NULL, "there is no feeder \"town\""},
    {"feeders | " REGISTER, 0, "The feeders are on record.\n", NULL},
    {"feeders | " REGISTER, 0, "The feeders are on record.\n", NULL},
    {"mkdir drop; payments 5.00 > drop/payments.csv; fisc pull town", 7, "has no map in force",
     NULL},
    {"fisc feeder map town nowhere", 3, NULL, "nowhere"},
    {"mkdir map; fisc feeder map town map", 6, NULL, "has no *.profile"},
    {"profile > map/payments.profile; fisc feeder map town map --dry-run", 6, NULL,
     "there is no file \"codes.csv\""},
    {"codes > map/codes.csv; fisc feeder map town map --dry-run --format csv", 0,
     "account,name,taken_back,posted\n22,", NULL},
    {"fisc feeder map town map --from tomorrow", 2, NULL, "is no date"},
    {"fisc feeder map town map --reason first", 0, "Map 1 of town is in force", NULL},
    /* Killed anywhere, nothing is posted by half, and the next one goes on. */
    {DIES("between_documents", "1"), 137, NULL, NULL},
    {DIES("before_posting", "1"), 137, NULL, NULL},
    {"fisc feeder runs --format csv --columns outcome,posted", 0, "running,0\n", NULL},
    {DIES("after_posting", "1"), 137, NULL, NULL},
    {"fisc pull town --format csv --columns feeder,outcome,rows,value,posted,unchanged", 0,
     "town,unchanged,2,6.00,0,2\n", NULL},
    {"fisc pull town --format csv --columns outcome,note", 0, "unchanged,nothing new\n", NULL},
    {"fisc pull --format csv --columns outcome,note", 0, "skipped,its time has not come\n", NULL},
    {TRIAL_BALANCE, 0, "22,6.00\n", NULL},
    /* A correction, killed before it is kept and behind its commit. */
    {"payments 7.00 > drop/payments.csv; " DIES("before_keeping", "1"), 137, NULL, NULL},
    {TRIAL_BALANCE, 0, "22,6.00\n", NULL},
    {"payments 7.00 > drop/payments.csv; " DIES("after_posting", "1"), 137, NULL, NULL},
    {TRIAL_BALANCE, 0, "22,8.00\n", NULL},
    {"fisc pull town --format csv --columns outcome,posted,unchanged", 0, "unchanged,0,2\n", NULL},
    {"payments 7.001 > drop/payments.csv; fisc pull town", 6, "payments.csv:2: amount", NULL},
    {"fisc feeder rejects 6 --format csv", 0,
     "file,line,field,code,detail\npayments.csv,2,amount,AMOUNT_DECIMALS,", NULL},
    {TRIAL_BALANCE, 0, "22,8.00\n", NULL},
    {"payments 7.00 > drop/payments.csv; fisc pull town --format csv --columns outcome,reversed", 0,
     "unchanged,0\n", NULL},
    {"rm -r drop; fisc pull town", 7, "failed", NULL},
    {"fisc feeder list --format csv --columns feeder,documents,failures,outcome", 0,
     "town,1,1,unchanged\n", NULL},
    {"fisc pull town --replay --format csv --columns outcome,unchanged", 0, "unchanged,2\n", NULL},
    {"fisc feeder stages 5 --format csv --columns stage", 0,
     "stage\nreceived\nparsed\nmapped\nvalidated\nacknowledged\n", NULL},
    {"fisc feeder receipt 5", 0, "\"unchanged\":2", NULL},
    {"fisc feeder receipt 99", 3, NULL, "run 99 has no receipt"},
    {"fisc feeder receipt last", 2, NULL, "a run is a number"},
    {"fisc feeder connectors --format csv", 0, "folder,files of a folder", NULL},
    {"fisc feeder fly", 2, NULL, "fly"},
    /* Documents that go together: killed behind their commit, each is found in the books. */
    {"feeders | sed 's/documents$/documents,read,map/; s/^town,A town/months,Months/; "
     "s/payments.csv$/2024-*.csv=payments.csv,each,town/' | " REGISTER,
     0, "The feeders are on record.\n", NULL},
    {"mkdir drop; payments 3.00 > drop/2024-01.csv; payments 4.00 > drop/2024-02.csv; "
     "FISC_KILL_AT=pull.before_posting:1 fisc pull months 2>/dev/null",
     137, NULL, NULL},
    {TRIAL_BALANCE, 0, "22,8.00\n", NULL},
    {"FISC_KILL_AT=pull.after_posting:1 fisc pull months 2>/dev/null", 137, NULL, NULL},
    {TRIAL_BALANCE, 0, "22,17.00\n", NULL},
    {"fisc pull months --format csv --columns outcome,posted,unchanged", 0,
     "unchanged,0,2\nunchanged,0,2\n", NULL},
    {"fisc verify --full", 0, "", NULL},
};

/* Where duties are enforced: killed anywhere on the way to the officer and behind his approval,
 * what was staged is staged once, what was approved is posted once. */
#define AS(person) "as " person " "
#define DIES_AS(person, point, what) "FISC_KILL_AT=" point ":1 " AS(person) what " 2>/dev/null"
#define RUNS AS("pia") "feeder runs --format csv --columns run,outcome,posted,batch"

static const FiscStep staged[] = {
    {"mkdir town map drop && entities > town/entities.csv && fisc load town", 0, "town: ", NULL},
    {"feeders | " REGISTER, 0, "The feeders are on record.\n", NULL},
    {"profile > map/payments.profile; codes > map/codes.csv; fisc feeder map town map", 0,
     "Map 1 of town is in force", NULL},
    {"fisc period open 2024", 0, "", NULL},
    {"for p in ada sol pia olga otto; do " AS("ada") "person add $p --name $p --id $p || exit 1; "
                                                     "done; " AS("ada") "person init ada sol",
     0, "", NULL},
    {"for g in pia/integration olga/ministry_officer otto/ministry_officer; do "
     "for w in ada:grant sol:confirm; do as ${w%:*} person ${w#*:} ${g%/*} --role "
     "${g#*/} || exit 1; done; done",
     0, "", NULL},
    {AS("ada") "person enforce && " AS("sol") "person enforce", 0, "duties: enforced.", NULL},
    {"payments 5.00 > drop/payments.csv; " AS("olga") "pull town", 7, "the right to stage feeds",
     NULL},
    {DIES_AS("pia", "pull.before_staging", "pull town"), 137, NULL, NULL},
    {DIES_AS("pia", "pull.after_posting", "pull town"), 137, NULL, NULL},
    {AS("olga") "doc list --format csv --columns document,state,action,entity,maker", 0,
     "FEED-2,proposed,feed,TOWN,pia\n", NULL},
    {AS("pia") "pull town --format csv --columns outcome,note", 0,
     "staged,waits for approval: FEED-3\n", NULL},
    {RUNS, 0, "run,outcome,posted,batch\n3,staged,2,\n2,superseded,0,\n1,failed,0,\n", NULL},
    {AS("olga") "doc list --state proposed --format csv --columns document,reason", 0,
     "FEED-3,\"town, 2024-01: 2 entries, 0 reversals\"\n", NULL},
    {AS("olga") "doc show FEED-3", 0, "TOWN 22: lines 2, amount 6.00", NULL},
    {AS("pia") "doc approve FEED-3", 4, NULL, "SECOND_PERSON"},
    {TRIAL_BALANCE, 0, "account,balance\n", NULL},
    {DIES_AS("olga", "poster.before_write", "doc approve FEED-3"), 137, NULL, NULL},
    {AS("pia") "pull town --format csv --columns outcome", 0, "staged\n", NULL},
    {DIES_AS("olga", "feed.before_telling", "doc approve FEED-3"), 137, NULL, NULL},
    {TRIAL_BALANCE, 0, "22,6.00\n", NULL},
    {RUNS, 0, "\n3,staged,2,\n", NULL},
    {AS("pia") "pull town --format csv --columns outcome,note", 0, "unchanged,nothing new\n", NULL},
    {RUNS, 0, "\n3,posted,2,", NULL},
    {AS("olga") "doc approve FEED-3", 0, "FEED-3 is done", NULL},
    {TRIAL_BALANCE, 0, "22,6.00\n", NULL},
    {"fisc feeder receipt 3", 0, "\"outcome\":\"posted\"", NULL},
    {"payments 7.00 > drop/payments.csv; " AS("pia") "pull town --format csv --columns outcome", 0,
     "staged\n", NULL},
    {AS("otto") "doc reject FEED-4 --reason 'ask the town'", 0, "FEED-4 is rejected", NULL},
    {RUNS, 0, "\n4,quarantined,1,\n", NULL},
    {TRIAL_BALANCE, 0, "22,6.00\n", NULL},
    {"payments 8.00 > drop/payments.csv; " AS("pia") "pull town --format csv --columns outcome", 0,
     "staged\n", NULL},
    {"fisc doc list --state proposed --format csv --columns document | grep ^FEED | " AS(
         "olga") "doc approve -",
     0, "FEED-5 is done", NULL},
    {AS("olga") "doc approve FEED-5 FEED-99 FEED-4 FEED-3", 6, "FEED-3 is done", "FEED-4"},
    {AS("olga") "doc approve FEED-5 FEED-99", 6, "FEED-5 is done", "\"FEED-99\""},
    {"echo | " AS("olga") "doc approve -", 6, NULL, "no document is named"},
    {AS("olga") "doc reject FEED-5 FEED-3 --reason no", 2, NULL, "one document at a time"},
    {TRIAL_BALANCE, 0, "22,9.00\n", NULL},
    {"fisc verify --full", 0, "", NULL},
};

static char *
prologue(const char *uri, const char *folder)
{
    g_autofree char *program = g_shell_quote(g_getenv("FISC_PROGRAM"));
    g_autofree char *quoted = g_shell_quote(uri);
    return g_strdup_printf(
        "cd %s; fisc() { %s --db %s --actor ${ACTOR:-founder} \"$@\"; }; "
        "as() { who=$1; shift; ACTOR=$who fisc \"$@\"; }; "
        "entities() { printf 'entity,name,sector,cp_code,reporting,currency\\n"
        "TOWN,A town,S1313,11,Y,EUR\\n'; }; "
        "feeders() { printf 'feeder,title,entities,connector,at,documents\\n"
        "town,A town,TOWN,folder,%s/drop,payments.csv\\n'; }; "
        "payments() { printf 'no,date,code,amount\\n1,2024-01-10,1,%%s\\n2,2024-01-11,1,1.00\\n' "
        "$1; }; "
        "codes() { printf 'prefix,gfs\\n1,22\\n'; }; "
        "profile() { printf '%%s\\n' '[file]' 'name = payments.csv' 'source = town/payments' "
        "'currency = EUR' 'steps = Payments' '[columns]' 'no = no' 'date = date' 'code = code' "
        "'amount = amount' '[amounts]' 'amount = plus' '[value gfs]' 'map = codes.csv' "
        "'of = {code}' 'prefix = prefix' 'result = gfs' '[value cash_row]' 'cash_row = {gfs}' "
        "'[dimensions cash]' 'cash_code = {cash_row}' '[entry payment]' 'step = Payments' "
        "'reference = {no}' 'entity = TOWN' 'date = {date}' 'amount = amount' 'debit = {gfs}' "
        "'credit = 3202' 'credit_dimensions = cash'; }; ",
        folder, program, quoted, folder);
}

static void
walk(const FiscStep *walked, gsize count)
{
    g_autofree char *uri = fisc_test_database_new();
    g_autofree char *folder = g_dir_make_tmp("fisc-pull-XXXXXX", NULL);
    g_autofree char *before = prologue(uri, folder);
    for (gsize i = 0; i < count; i++) {
        fisc_check_step(&walked[i], before);
    }
    const FiscStep clean = {"cd /; rm -r \"$OLDPWD\"", 0, NULL, NULL};
    fisc_check_step(&clean, before);
}

static void
test_takes_the_books_of_a_town(void)
{
    walk(steps, G_N_ELEMENTS(steps));
}

static void
test_stages_the_books_of_a_town(void)
{
    walk(staged, G_N_ELEMENTS(staged));
}

const FiscTest fisc_pull_command_tests[] = {
    {"takes the books of a town, and dies at every point on the way",
     test_takes_the_books_of_a_town},
    {"stages them where duties are enforced, and dies at every point on the way",
     test_stages_the_books_of_a_town},
    {NULL, NULL},
};
