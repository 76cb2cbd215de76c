/* files_test.c: files of a town from a web server, from OpenSSH's server and from a peer that
 * breaks its answers as a seed says: what is kept is what the source has, whole, or nothing is. */
#include "tests/feeders/servers.h"
#include "tests/feeders/town.h"
#include "tests/net/sshd.h"
#include "tests/support/suite.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const FiscTest fisc_files_tests[];

#define PROFILE                                                                                    \
    "[file]\nname = payments.csv\nsource = town/payments\ncurrency = EUR\nsteps = Payments\n"      \
    "[columns]\nno = no\ndate = date\namount = amount\n"                                           \
    "[amounts]\namount = plus\n"                                                                   \
    "[value cash_row]\ntext = 22\n"                                                                \
    "[dimensions cash]\ncash_code = {cash_row}\n"                                                  \
    "[entry payment]\nstep = Payments\nreference = {no}\nentity = TOWN\ndate = {date}\n"           \
    "amount = amount\ndebit = 22\ncredit = 3202\ncredit_dimensions = cash\n"
#define ONE "no,date,amount\n1,2024-01-10,100.00\n2,2024-02-10,50.00\n"
#define OTHER "no,date,amount\n1,2024-01-10,100.00\n2,2024-02-10,60.00\n3,2024-02-11,1.00\n"
#define SPENT                                                                                      \
    "select coalesce(sum(b.amount), 0)"                                                            \
    "  from (select unnest(coding) as coding_id, unnest(amount) as amount from ledger.entry) b"    \
    "  join ledger.coding k using (coding_id)"                                                     \
    "  join ledger.master m on m.book_id = k.book_id and m.kind = 'account'"                       \
    "   and m.number = k.account_id and m.subject = '22'"
#define RUNS 30
#define RUNS_LONG 250

static Town
make_town(char *feeder)
{
    char *map = town_folder_new();
    town_write(map, "payments.profile", PROFILE);
    Town town = town_new(feeder, map);
    town.tries = 1;
    town_folder_free(map);
    g_free(feeder);
    return town;
}

/* ---- a folder ---- */

static void
test_folder(void)
{
    char *drop = town_folder_new();
    g_auto(Town) town =
        make_town(g_strdup_printf("folder,%s,2024-*.csv=payments.csv,together,", drop));
    town_write(drop, "2024-01.csv", ONE);
    town_write(drop, ".2024-02.csv", OTHER); /* not there yet */
    town_expect_pull(&town, "posted 2 0 0");
    town_write(drop, "2024-02.csv", OTHER);
    town_expect_no_pull(&town, "quarantined", "another document is read as payments.csv");
    town_folder_free(drop);
}

/* ---- the web ---- */

static void
test_web(void)
{
    g_autoptr(Source) source = source_start();
    g_autofree char *down = g_build_filename(source->folder, "down", NULL);
    town_write(source->folder, "payments.csv", ONE);
    g_auto(Town) town =
        make_town(g_strdup_printf("https,https://127.0.0.1:%d/files/,payments.csv,together,"
                                  "ca=%s/tls/ca.pem;private=127.0.0.1:%d",
                                  source->tls, source->folder, source->tls));
    town_expect_pull(&town, "posted 2 0 0");
    town_expect_pull(&town, "unchanged 0 0 0");
    FISC_ASSERT_INT(source_count(source, 200), 1);
    FISC_ASSERT_INT(source_count(source, 304), 1); /* nothing was transferred */
    town_write(source->folder, "down", "");
    town_expect_no_pull(&town, "failed", "503");
    town_write(source->folder, "payments.csv", OTHER);
    remove(down);
    town_expect_pull(&town, "posted 2 1 1");
    books_expect(town.books, SPENT, "16100");
    town_write(source->folder, "payments.csv", ONE);
    town_expect_pull(&town, "posted 1 2 1");
    books_expect(town.books, SPENT, "15000");
}

static void
test_stranger(void)
{
    g_autoptr(Source) source = source_start();
    town_write(source->folder, "payments.csv", ONE);
    g_auto(Town) town = make_town(g_strdup_printf(
        "https,https://127.0.0.1:%d/files/,payments.csv,together,private=127.0.0.1:%d", source->tls,
        source->tls));
    town_expect_no_pull(&town, "failed", "certificate"); /* of an authority that nobody named */
    g_auto(Town) inside = make_town(
        g_strdup_printf("https,https://127.0.0.1:%d/files/,payments.csv,together,ca=%s/tls/ca.pem",
                        source->tls, source->folder));
    town_expect_no_pull(&inside, "failed", "127.0.0.1"); /* of our own network, and not meant */
    FISC_ASSERT_INT(source_count(source, 200), 0);
}

/* ---- SSH ---- */

static void
test_ssh(void)
{
    const char *missing = fisc_sshd_missing();
    if (missing != NULL) {
        printf("\n    SFTP is not tested: %s\n", missing);
        return;
    }
    FiscSshd *sshd = fisc_sshd_start();
    CU_ASSERT_PTR_NOT_NULL_FATAL(sshd);
    g_autofree char *files = g_build_filename(sshd->folder, "files", NULL);
    g_auto(Town) town = make_town(g_strdup_printf(
        "sftp,sftp://127.0.0.1:%d%s/,payments.csv,together,"
        "hostkey=%s;user=%s;key=%s/client;private=127.0.0.1:%d",
        sshd->port, files, sshd->host_key, g_get_user_name(), sshd->folder, sshd->port));
    town_write(files, "payments.csv", ONE);
    town_write(files, "notes.txt", "not asked for");
    town_expect_pull(&town, "posted 2 0 0");
    town_expect_pull(&town, "unchanged 0 0 0");
    town_write(files, "payments.csv", OTHER);
    town_expect_pull(&town, "posted 2 1 1");
    fisc_sshd_kill(sshd);
    town_expect_no_pull(&town, "failed", "127.0.0.1");
    CU_ASSERT_TRUE(fisc_sshd_restart_with_other_key(sshd));
    town_write(files, "payments.csv", ONE);
    town_expect_no_pull(&town, "failed", "key"); /* a stranger in its place */
    books_expect(town.books, SPENT, "16100");
    books_expect(town.books, "select count(*) from intake.delivery", "2");
    fisc_sshd_free(sshd);
}

/* ---- a peer that breaks its answers ---- */

/* Another content for each seed: some lines stay, some are altered, come or go. */
static char *
make_payments(int seed, int64_t *out_spent)
{
    GString *text = g_string_new("no,date,amount\n");
    *out_spent = 0;
    for (int i = 0; i < 3 + seed % 4; i++) {
        int cents = 100 + i * 17 + (i % 2) * seed;
        *out_spent += cents;
        g_string_append_printf(text, "%d,2024-01-%02d,%d.%02d\n", i, i + 1, cents / 100,
                               cents % 100);
    }
    return g_string_free(text, FALSE);
}

#define POSTING                                                                                    \
    "{\"paccount\":\"%s\",\"ptype\":\"RegularPosting\",\"pdate\":null,\"pamount\":["               \
    "{\"acommodity\":\"EUR\",\"aquantity\":{\"decimalMantissa\":%d,\"decimalPlaces\":2,"           \
    "\"floatingPoint\":0.1}}]}"

/* The same as the journal that a hledger-web would say. */
static char *
make_journal(int seed, int64_t *out_spent)
{
    GString *text = g_string_new("[");
    *out_spent = 0;
    for (int i = 0; i < 3 + seed % 4; i++) {
        int cents = 100 + i * 17 + (i % 2) * seed;
        *out_spent += cents;
        g_string_append_printf(text,
                               "%s{\"tdate\":\"2024-01-%02d\",\"tcode\":\"\",\"tdescription\":"
                               "\"x\",\"tstatus\":\"\",\"ttags\":[[\"id\",\"%d\"]],"
                               "\"tpostings\":[" POSTING "," POSTING "]}",
                               i > 0 ? "," : "", i + 1, i, "expenses:supplies", cents,
                               "assets:bank", -cents);
    }
    g_string_append(text, "]");
    return g_string_free(text, FALSE);
}

typedef char *(*MakeContent)(int seed, int64_t *out_spent);

/* Pulls once for each seed: what is kept, and what the books say, is this seed's content or, when
 * the answer was broken, what it was before. */
static void
expect_all_or_nothing(Source *source, Town *town, const char *name, MakeContent make)
{
    int runs = g_getenv("FISC_TEST_LONG") != NULL ? RUNS_LONG : RUNS;
    int taken = 0, failed = 0;
    g_autofree char *kept = g_strdup("");
    int64_t spent = 0;
    for (int seed = 1; seed <= runs; seed++) {
        int64_t now_spent = 0;
        g_autofree char *content = make(seed, &now_spent);
        g_autofree char *number = g_strdup_printf("%d", seed);
        town_write(source->folder, name, content);
        town_write(source->folder, "seed", number);
        g_autofree char *told = town_pull(town);
        if (g_str_has_prefix(told, "failed")) {
            failed++;
        } else {
            CU_ASSERT_TRUE(g_str_has_prefix(told, "posted"));
            taken++;
            spent = now_spent;
            g_free(kept);
            kept = g_compute_checksum_for_string(G_CHECKSUM_SHA256, content, -1);
        }
        g_autofree char *staged = town_staged(town);
        g_autofree char *total = g_strdup_printf("%" G_GINT64_FORMAT, spent);
        FISC_ASSERT_TEXT(staged, kept);
        books_expect(town->books, SPENT, total);
    }
    books_expect_whole(town->books);
    CU_ASSERT_TRUE(taken > 0 && failed > 0);
}

#define SHAKY "http=yes;total_s=2;private=127.0.0.1:%d"

static void
test_shaky_files(void)
{
    g_autoptr(Source) source = source_start();
    g_auto(Town) town =
        make_town(g_strdup_printf("https,http://127.0.0.1:%d/shaky/,payments.csv,together," SHAKY,
                                  source->http, source->http));
    expect_all_or_nothing(source, &town, "payments.csv", make_payments);
}

static void
test_shaky_journal(void)
{
    g_autoptr(Source) source = source_start();
    g_autofree char *feeder = g_strdup_printf(
        "hledger-web,http://127.0.0.1:%d/shaky/,transactions.json=journal.csv,together," SHAKY,
        source->http, source->http);
    g_auto(Town) town = town_new(feeder, FISC_SOURCE_DIR "/examples/hledger-town/map");
    town.tries = 1;
    expect_all_or_nothing(source, &town, "transactions", make_journal);
}

const FiscTest fisc_files_tests[] = {
    {"two documents of a folder under one name are not read as one", test_folder},
    {"a web server's file is transferred when its ETag is another, and when it is back", test_web},
    {"a web server that nobody vouches for, or of our own network, is not asked", test_stranger},
    {"an SSH server's file is taken while its key is the pinned one", test_ssh},
    {"broken answers: what is kept is the whole file of one moment, or nothing new",
     test_shaky_files},
    {"broken answers of a hledger-web: the whole journal of one moment, or nothing new",
     test_shaky_journal},
    {NULL, NULL},
};
