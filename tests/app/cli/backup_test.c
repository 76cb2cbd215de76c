/* backup_test.c: a backup, more postings, a restore to a moment in between: on a cluster of its
 * own, as an operator types it. And what is said when a file is damaged, a piece of the log is
 * missing, or the moment lies outside of what was saved. */
#include "tests/app/cli/run.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"
#include <stdlib.h>
#include <string.h>

extern const FiscTest fisc_backup_command_tests[];
int fisc_backup_command_up(void);
int fisc_backup_command_down(void);

static char *folder; /* with the books in data, and their backups in saved */

/* Functions of the shell; "moment" is a time that no posting shares a second with. */
static char *
before(void)
{
    return g_strdup_printf(
        "cd '%s'; books() { \"$FISC_PROGRAM\" --data data \"$@\"; }\n"
        "restore() { \"$FISC_PROGRAM\" restore saved --json \"$@\"; }\n"
        "stop() { \"$FISC_PROGRAM\" --data \"$1\" stop >/dev/null; }\n"
        "post() { printf '%%s\\n' 'journal_id,date,entity,gfs_code,debit,credit,"
        "counterparty_entity,cash_code,cash_counterparty' "
        "\"$1,2024-01-01,BCG,3202,1,,CB,3303,BANK\" "
        "\"$1,2024-01-01,BCG,3303,,1,BANK,,\" | books post - >/dev/null; }\n"
        "moment() { sleep 1.1; date -u +%%Y-%%m-%%dT%%H:%%M:%%SZ > moment; sleep 1.1; }\n"
        "newest() { books sql -Atc 'select max(batch_no) from ledger.batch'; }\n"
        "damage() { printf x | dd of=\"$1\" bs=1 seek=\"$2\" conv=notrunc status=none; }\n",
        folder);
}

static void
step(const char *line, int status, const char *out, const char *err)
{
    g_autofree char *functions = before();
    const FiscStep wanted = {line, status, out, err};
    fisc_check_step(&wanted, functions);
}

int
fisc_backup_command_up(void)
{
    folder = fisc_test_folder_new();
    g_autofree char *functions = before();
    g_autofree char *package = fisc_test_data("arda-2024");
    g_autofree char *line =
        g_strdup_printf("%sbooks load '%s' >/dev/null 2>&1", functions, package);
    return system(line); /* outside of a test nothing may be asserted */
}

int
fisc_backup_command_down(void)
{
    g_autofree char *functions = before();
    g_autofree char *line = g_strconcat(
        functions, "for data in data one two none; do test ! -d $data || stop $data; done", NULL);
    int status = system(line);
    fisc_test_folder_remove(folder);
    g_clear_pointer(&folder, g_free);
    return status;
}

/* Batches: 4 of the load and its documents, then one for each posting. */
static void
test_restores_a_moment_between(void)
{
    step("books head --new-key", 0, "Key ", NULL);
    step("books backup saved", 0, "with a signed head", NULL);
    step("post B1 && newest > first && post B2 && newest > second && moment && post B3 && newest > "
         "third",
         0, NULL, NULL);
    step("books backup saved", 0, "holds the books up to batch ", NULL);
    step("books backup saved --check", 0, "2 backups are as they were written", NULL);
    step("restore --to \"$(cat moment)\" --data one > one.json; cat one.json", 0,
         "\"clean\":\"true\"", NULL);
    step("grep -c \"\\\"batch\\\":\\\"$(cat second)\\\"\" one.json", 0, "1\n", NULL);
    step("restore --to \"$(cat first)\" --data two > two.json; cat two.json", 0,
         "\"clean\":\"true\"", NULL);
    step("grep -c \"\\\"batch\\\":\\\"$(cat first)\\\"\" two.json", 0, "1\n", NULL);
    /* The chain of the restored books is the beginning of the other. */
    step("hash() { \"$FISC_PROGRAM\" --data \"$1\" sql -Atc \"select encode(hash, 'hex') from "
         "ledger.batch where batch_no = $(cat \"$2\")\"; }\n"
         "test \"$(hash one second)\" = \"$(hash data second)\" && "
         "test \"$(hash two first)\" = \"$(hash data first)\"",
         0, NULL, NULL);
    /* And they go on by themselves. */
    step("printf '%s\\n' 'journal_id,date,entity,gfs_code,debit,credit,counterparty_entity,"
         "cash_code,cash_counterparty' 'N1,2024-01-01,BCG,3202,1,,CB,3303,BANK' "
         "'N1,2024-01-01,BCG,3303,,1,BANK,,' | \"$FISC_PROGRAM\" --data one post -",
         0, "\"status\":\"posted\"", NULL);
    step("stop one; stop two; rm -r one two", 0, NULL, NULL);
}

static void
test_says_what_cannot_be_restored(void)
{
    static const struct {
        const char *line;
        int status;
        const char *err;
    } cases[] = {
        {"restore --to 1 --data none", 3, "lies before the oldest backup"},
        {"restore --to 2020-01-01T00:00:00Z --data none", 3, "lies before the oldest backup"},
        {"restore --to 2099-01-01T00:00:00Z --data none", 3, "the archived log ends before"},
        {"restore --to 9999 --data none", 3, "the archived log ends before batch 9999"},
        {"restore --to soon --data none", 2, "--to is a time like"},
        {"restore --to latest --data data", 2, "a restore needs a folder of its own"},
        {"restore --to latest", 2, "--data is required"},
        {"books backup data/inside", 2, "is lost with it"},
        {"\"$FISC_PROGRAM\" --db postgresql:///x backup saved", 2, "pgBackRest"},
        {"\"$FISC_PROGRAM\" restore nowhere --to latest --data none", 3, "nowhere"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        step(cases[i].line, cases[i].status, NULL, cases[i].err);
    }
    step("test ! -e none && test ! -e none.restoring && test ! -e none.looking", 0, NULL, NULL);
}

static void
test_finds_what_was_damaged(void)
{
    step("cp -a saved kept", 0, NULL, NULL);
    /* One byte of a table in the newest base. */
    step("base=$(ls -d saved/base-*Z | tail -n 1); file=$(find $base/base -type f -size +64k | "
         "head -n 1); damage \"$file\" 40000; restore --to latest --data none",
         8, NULL, "is not what was written");
    step("rm -r saved && cp -a kept saved", 0, NULL, NULL);
    /* One byte of the log. */
    step("wal=$(ls saved/wal | grep -E '^[0-9A-F]{24}$' | tail -n 1); damage saved/wal/$wal 9000; "
         "restore --to latest --data none",
         8, NULL, "is not what was archived");
    step("rm -r saved && cp -a kept saved", 0, NULL, NULL);
    /* A piece of the log between the bases: only the first can tell that it is missing. */
    step("newest=$(ls -d saved/base-*Z | tail -n 1); rm -r $newest $newest.json $newest.head; "
         "wal=$(ls saved/wal | grep -E '^[0-9A-F]{24}$' | sed -n 3p); rm saved/wal/$wal; "
         "restore --to latest --data none",
         3, NULL, "is missing: nothing behind it can be restored");
    /* What the backup says of itself, changed. */
    step("rm -r saved && cp -a kept saved && sed -i 's/\"hash\": \"...../\"hash\": \"00000/' "
         "saved/base-*.json && restore --to latest --data none",
         8, NULL, "is not the one that was saved");
    step("stop none; rm -r none saved && mv kept saved", 0, NULL, NULL);
}

const FiscTest fisc_backup_command_tests[] = {
    {"a backup restores the books of a time and of a batch between two backups",
     test_restores_a_moment_between},
    {"a backup says what cannot be restored, and leaves nothing behind",
     test_says_what_cannot_be_restored},
    {"a backup finds a flipped byte, a missing piece of the log, and a changed record",
     test_finds_what_was_damaged},
    {NULL, NULL},
};
