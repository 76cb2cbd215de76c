/* walk_test.c: an audit from end to end, by the programs as people run them: keys, heads, the
 * witness, proofs checked without a database; then a forger, who is found by exit status and by
 * name. */
#include "tests/app/cli/run.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"

typedef struct {
    const char *line; /* of a shell; see prologue() */
    int status;
    const char *out; /* part of it; NULL: whatever */
    const char *err;
} Step;

#define LOAD_SECOND                                                                                \
    "printf "                                                                                      \
    "'journal_id,date,entity,gfs_code,debit,credit,counterparty_entity,cofog,memo\\nQ2,2024-"      \
    "06-30,BCG,22,7,,CORP,701,ink\\nQ2,2024-06-30,BCG,3308,,7,CORP,,ink\\n' | fisc post -"

static const Step steps[] = {
    {"fisc load $ARDA", 0, "journals.csv", NULL},
    {"fisc verify", 0, "clean: batches 1 to 4", NULL},
    {"fisc verify --full --json", 0, "\"clean\": true", NULL},
    {"fisc head --key head.key", 3, NULL, "fisc head --new-key makes one"},
    {"fisc head --new-key", 2, NULL, "--key FILE"},
    {"fisc head --new-key --key head.key --environment prod", 0, "give head.key.pub to the witness",
     NULL},
    {"fisc head --seal head.key.pub", 0, "seal=", NULL},
    {"fisc head --seal nobody.pub", 3, NULL, "nobody.pub"},
    {"fisc head --new-key --key head.key", 2, NULL, "is there already"},
    {"witness --key own.key new-key --name audit-office", 0, "own.key.pub", NULL},
    {"witness --state st last", 3, NULL, "NOT_FOUND"},
    {"fisc head --key head.key > h1", 0, "", NULL},
    {"witness --state st --key own.key cosign h1 --head-key head.key.pub > heads", 0, "",
     "the first head of this book"},
    {"witness --state st last", 0, "cosigned-by", NULL},
    {LOAD_SECOND, 0, "posted", NULL},
    {"fisc head --key head.key > h2; witness --state st --key own.key cosign h2", 6, NULL,
     "fisc head --from 4"},
    {"fisc head --key head.key --from 4 | witness --state st --key own.key cosign - >> heads", 0,
     "", NULL},
    {"witness --state st --key own.key cosign h1", 8, NULL, "rollback"},
    {"fisc verify --head heads --head-key head.key.pub --witness-key own.key.pub", 0, "clean",
     NULL},
    {"fisc verify --head heads --head-key own.key.pub", 8, "is not signed", NULL},
    {"fisc verify --head h2 --witness-key own.key.pub", 8, "is not cosigned", NULL},
    {"fisc verify --since 5", 0, "clean: batches 5 to 5", NULL},
    {"fisc verify --since 77", 3, NULL, "NOT_FOUND"},
    {"fisc verify --since 0", 2, NULL, "--since"},
    {"fisc head --key head.key --from 99", 8, NULL, "the chain ends with batch 5"},
    {"fisc proof BCG/Q2 --head heads > proof.json", 0, "", NULL},
    {"offline proof --check proof.json --head-key head.key.pub --witness-key own.key.pub", 0,
     "proven: BCG/Q2 of source package is in book 1", NULL},
    {"offline proof --check proof.json --head-key own.key.pub", 8, "NOT PROVEN", NULL},
    {"sed 's/\"amount\": \"700\"/\"amount\": \"800\"/' proof.json > forged.json;"
     " offline proof --check forged.json",
     8, "item 1 of the proof does not lead to the root of its batch", NULL},
    {"sed 's/\"subject\": \"22\"/\"subject\": \"31\"/' proof.json > forged.json;"
     " offline proof --check forged.json",
     8, "does not lead to the root of its batch", NULL},
    {"head -c 500 proof.json > cut.json; offline proof --check cut.json", 6, NULL, "JSON_INVALID"},
    {"echo '{}' > other.json; offline proof --check other.json", 6, NULL, "it is no"},
    {"fisc proof BCG/ZZ --key head.key", 3, NULL, "NOT_FOUND"},
    {"fisc proof", 2, NULL, "takes a reference, or --transfer ID, or --check FILE"},
    /* The forger. */
    {"root \"update ledger.entry set maker = maker + 1 where reference = 'BCG/A003'\"", 0, NULL,
     NULL},
    {"fisc verify", 8, "entry 20 (BCG/A003): altered: its maker is 2, sealed was 1 (batch 4)",
     NULL},
    {"fisc verify --json", 8, "\"number\": 20", NULL},
    {"fisc proof BCG/A003 --head heads", 8, NULL, "TAMPERED"},
    {"root \"update ledger.entry set maker = maker - 1 where reference = 'BCG/A003'\"", 0, NULL,
     NULL},
    {"fisc verify --head heads", 0, "clean", NULL},
    {"root \"delete from ledger.reference where batch_no = 5; delete from ledger.entry where "
     "batch_no = "
     "5; delete from ledger.batch where batch_no = 5; delete from ledger.event where batch_no = 5;"
     " delete from ledger.coding where coding_id > 191; delete from ledger.balance;"
     " update ledger.checkpoint set upto_batch = 0, upto_entry = 0;"
     " delete from ledger.master m where item_id > 370\"",
     0, NULL, NULL},
    {"fisc verify", 0, "no signed head was given", NULL},
    {"fisc verify --head heads", 8,
     "rolled back: the chain ends with batch 4, and 5 batches were signed", NULL},
};

/* Everything happens in a folder of its own; `root` is the superuser, `offline` has no database. */
static char *
prologue(const char *uri, const char *folder)
{
    g_autofree char *arda = fisc_test_data("arda-2024");
    g_autofree char *quoted_arda = g_shell_quote(arda);
    g_autofree char *program = g_shell_quote(g_getenv("FISC_PROGRAM"));
    g_autofree char *witness = g_shell_quote(g_getenv("FISC_WITNESS_PROGRAM"));
    g_autofree char *quoted_uri = g_shell_quote(uri);
    return g_strdup_printf(
        "cd %s; ARDA=%s; URI=%s; fisc() { %s --db \"$URI\" --actor Ada \"$@\"; }; "
        "offline() { %s --db 'host=/nonexistent' \"$@\"; }; "
        "witness() { %s \"$@\"; }; "
        "root() { psql -v ON_ERROR_STOP=1 -qd \"$URI\" -c \"$1\"; }; ",
        folder, quoted_arda, quoted_uri, program, program, witness);
}

static void
check_step(const Step *step, const char *before)
{
    g_autofree char *line = g_strconcat(before, step->line, NULL);
    g_auto(FiscRun) run = fisc_run_shell(line);
    g_autofree char *got = g_strdup_printf("%s -> %d %s", step->line, run.status,
                                           run.status == step->status ? "" : run.err);
    g_autofree char *wanted = g_strdup_printf("%s -> %d ", step->line, step->status);
    FISC_ASSERT_TEXT(got, wanted);
    if (step->out != NULL) {
        FISC_ASSERT_CONTAINS(run.out, step->out);
    }
    if (step->err != NULL) {
        FISC_ASSERT_CONTAINS(run.err, step->err);
    }
}

static void
test_audit(void)
{
    g_autofree char *uri = fisc_test_database_new();
    g_autofree char *folder = fisc_test_folder_new();
    g_autofree char *before = prologue(uri, folder);
    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
        check_step(&steps[i], before);
    }
    fisc_test_folder_remove(folder);
}

const FiscTest fisc_walk_tests[] = {
    {"audits a book from key to verdict, and finds the forger", test_audit},
    {NULL, NULL},
};
