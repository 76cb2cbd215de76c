/* pull_test.c: a town's books taken as they come: once, however often; corrected, withdrawn, late,
 * unknown, broken, and read by another map. */
#include "core/base/sign.h"
#include "fisc/feeder.h"
#include "tests/app/pulling.h"
#include "tests/support/suite.h"
#include <glib/gstdio.h>
#include <string.h>

extern const FiscTest fisc_pull_tests[];

#define ENTITIES                                                                                   \
    "entity,name,sector,cp_code,reporting,currency\n"                                              \
    "TOWN,A town,S1313,11,Y,EUR\n"                                                                 \
    "OTHER,Another town,S1313,11,Y,EUR\n"
#define HEADER PULLING_HEADER
#define CODES "prefix,gfs\n1,2111\n2,22\n"

/* A town: books, the folder it drops its files in, the folder of its map. */
typedef struct {
    Books *books;
    char *drop, *map;
} Town;

static void
write_file(const char *folder, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    if (!g_file_set_contents(path, text, -1, NULL)) {
        g_error("%s cannot be written", path);
    }
}

static void
remove_folder(char *folder)
{
    GDir *dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_unlink(path);
    }
    g_clear_pointer(&dir, g_dir_close);
    g_rmdir(folder);
    g_free(folder);
}

static void
fill(Books *books, const void *data)
{
    (void)data;
    books_must_load_entities(books, ENTITIES);
}

/* NULL when it is on record; else the first refusal. Caller frees. */
static char *
put_feeder(Books *books, const char *row)
{
    g_autofree char *text = g_strconcat(
        "feeder,title,entities,connector,at,documents,read,trust,state\n", row, "\n", NULL);
    return books_put_feeders(books, text);
}

static FiscMapAnswer *
put_map(Town *town, bool is_trial)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(GError) error = NULL;
    FiscMapAnswer *answer = NULL;
    town->books->ctx.is_dry_run = is_trial;
    if (!fisc_flow_feeder_map(&town->books->ctx, "town", town->map, 0, NULL, &answer, refusals,
                              &error)) {
        g_error("%s", error->message);
    }
    town->books->ctx.is_dry_run = false;
    FISC_ASSERT_INT(refusals->len, 0);
    return answer;
}

static Town
town_new(const char *read)
{
    Town town = {.books = books_filled("town", fill, NULL),
                 .drop = g_dir_make_tmp("fisc-drop-XXXXXX", NULL),
                 .map = g_dir_make_tmp("fisc-map-XXXXXX", NULL)};
    bool is_each = strcmp(read, "each") == 0;
    g_autofree char *row =
        g_strdup_printf("town,A town,TOWN,folder,%s,%s,%s,,", town.drop,
                        is_each ? "2024-*.csv=payments.csv" : "payments.csv", read);
    g_autofree char *refused = put_feeder(town.books, row);
    CU_ASSERT_PTR_NULL(refused);
    write_file(town.map, "payments.profile", PULLING_PROFILE);
    write_file(town.map, "codes.csv", CODES);
    g_autoptr(FiscMapAnswer) answer = put_map(&town, false);
    FISC_ASSERT_TEXT(answer->version, "1");
    return town;
}

static void
town_free(Town *town)
{
    books_free(town->books);
    remove_folder(town->drop);
    remove_folder(town->map);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Town, town_free)

static FiscPullReport *
pull_by(Town *town, const FiscPullOrder *order)
{
    g_autoptr(GError) error = NULL;
    FiscPullReport *report = NULL;
    if (!fisc_flow_pull(&town->books->ctx, order, &report, &error)) {
        g_error("%s", error->message);
    }
    return report;
}

static FiscPullReport *
pull(Town *town)
{
    static const char *const feeders[] = {"town", NULL};
    const FiscPullOrder order = {.feeders = feeders};
    return pull_by(town, &order);
}

static const FiscPullRun *
run_of(const FiscPullReport *report, guint index)
{
    if (index >= report->runs->len) {
        g_error("there are %u runs", report->runs->len);
    }
    return report->runs->pdata[index];
}

/* Pulls, and compares what became of it: "posted 3 0 0" are posted, reversed, unchanged. */
static void
expect_pull(Town *town, const char *expected)
{
    g_autoptr(FiscPullReport) report = pull(town);
    const FiscPullRun *run = run_of(report, 0);
    g_autofree char *told = g_strdup_printf("%s %d %d %d", fisc_pull_outcome_word(run->outcome),
                                            run->posted, run->reversed, run->unchanged);
    FISC_ASSERT_TEXT(told, expected);
    books_expect_whole(town->books);
}

/* The town's money and what it spent on two classes and in suspense, as minor units. */
static void
expect_books(const Town *town, const char *expected)
{
    static const char sql[] =
        "select concat_ws(' ', coalesce(sum(b.amount) filter (where c.account like '%202'), 0),"
        " coalesce(sum(b.amount) filter (where c.account = '2111'), 0),"
        " coalesce(sum(b.amount) filter (where c.account = '22'), 0),"
        " coalesce(sum(b.amount) filter (where c.account = '2'), 0))"
        "  from (select unnest(e.coding) as coding_id, unnest(e.amount) as amount from "
        "ledger.entry "
        "e) b"
        "  join (select k.coding_id, m.subject as account from ledger.coding k"
        "          join ledger.master m on m.book_id = k.book_id and m.kind = 'account'"
        "           and m.number = k.account_id) c using (coding_id)";
    books_expect(town->books, sql, expected);
}

/* ---- the same, and other words ---- */

#define THREE                                                                                      \
    HEADER "1,2024-01-10,11,100.00,TOWN\n2,2024-02-10,21,50.00,TOWN\n3,2024-03-10,22,7.50,TOWN\n"

static void
test_once(void)
{
    g_auto(Town) town = town_new("together");
    write_file(town.drop, "payments.csv", THREE);
    expect_pull(&town, "posted 3 0 0");
    expect_books(&town, "-15750 10000 5750 0");
    int64_t batch = books_batch(town.books);
    for (int i = 0; i < 5; i++) {
        expect_pull(&town, "unchanged 0 0 0");
    }
    static const char *const feeders[] = {"town", NULL};
    const FiscPullOrder replay = {.feeders = feeders, .is_replay = true};
    g_autoptr(FiscPullReport) again = pull_by(&town, &replay);
    FISC_ASSERT_INT(run_of(again, 0)->unchanged, 3);
    FISC_ASSERT_INT(books_batch(town.books), batch);
    books_expect(town.books, "select count(*) from intake.delivery", "1");
}

static void
test_restatement(void)
{
    g_auto(Town) town = town_new("together");
    write_file(town.drop, "payments.csv", THREE);
    expect_pull(&town, "posted 3 0 0");
    /* one altered, one withdrawn, one new */
    write_file(town.drop, "payments.csv",
               HEADER "1,2024-01-10,11,100.00,TOWN\n2,2024-02-10,21,60.00,TOWN\n"
                      "4,2024-03-11,11,1.00,TOWN\n");
    expect_pull(&town, "posted 2 2 1");
    expect_books(&town, "-16100 10100 6000 0");
    write_file(town.drop, "payments.csv", THREE);
    expect_pull(&town, "posted 2 2 1");
    expect_books(&town, "-15750 10000 5750 0");
    books_expect(town.books,
                 "select string_agg(version::text, ' ' order by version) from "
                 "intake.delivery",
                 "1 2 3");
}

static void
test_late(void)
{
    g_auto(Town) town = town_new("together");
    write_file(town.drop, "payments.csv", THREE);
    expect_pull(&town, "posted 3 0 0");
    books_set_period(town.books, "202401", "closed");
    books_set_period(town.books, "202402", "closed");
    write_file(town.drop, "payments.csv", THREE "4,2024-01-31,11,1.00,TOWN\n");
    g_autoptr(FiscPullReport) report = pull(&town);
    FISC_ASSERT_INT(run_of(report, 0)->restated, 1);
    books_expect(town.books,
                 "select period || ' ' || effective from ledger.entry where reference = "
                 "'payments/4'",
                 "202403 2024-01-31");
    static const char *const feeders[] = {"town", NULL};
    const FiscPullOrder replay = {.feeders = feeders, .is_replay = true};
    g_autoptr(FiscPullReport) again = pull_by(&town, &replay);
    FISC_ASSERT_INT(run_of(again, 0)->unchanged, 4);
}

/* ---- codes nobody knows: R30 ---- */

static void
test_suspense(void)
{
    g_auto(Town) town = town_new("together");
    g_autoptr(GString) text = g_string_new(HEADER);
    /* 1,000 lines, seven unknown, worth 0.4 % */
    for (int i = 0; i < 993; i++) {
        g_string_append_printf(text, "%d,2024-01-10,11,%s,TOWN\n", i, i == 0 ? "8.00" : "1.00");
    }
    for (int i = 993; i < 1000; i++) {
        g_string_append_printf(text, "%d,2024-01-10,9%d,%s,TOWN\n", i, i % 2,
                               i < 999 ? "0.57" : "0.58");
    }
    write_file(town.drop, "payments.csv", text->str);
    g_autoptr(FiscPullReport) report = pull(&town);
    const FiscPullRun *run = run_of(report, 0);
    g_autofree char *classified = fisc_pull_classified(run);
    FISC_ASSERT_TEXT(classified, "99.6 %");
    FISC_ASSERT_INT(run->rows, 1000);
    FISC_ASSERT_INT(run->posted, 1000);
    FISC_ASSERT_INT(run->unknown->len, 2);
    expect_books(&town, "-100400 100000 0 400");

    write_file(town.map, "codes.csv", CODES "9,22\n");
    int64_t batch = books_batch(town.books);
    g_autoptr(FiscMapAnswer) trial = put_map(&town, true);
    FISC_ASSERT_INT(books_batch(town.books), batch);
    FISC_ASSERT_INT(trial->effect->rows->len, 2); /* suspense, goods and services */
    g_autoptr(FiscMapAnswer) answer = put_map(&town, false);
    FISC_ASSERT_TEXT(answer->version, "2");
    expect_pull(&town, "posted 7 7 993");
    expect_books(&town, "-100400 100000 400 0");

    write_file(town.map, "codes.csv", CODES); /* the former map undoes it */
    g_autoptr(FiscMapAnswer) back = put_map(&town, false);
    expect_pull(&town, "posted 7 7 993");
    expect_books(&town, "-100400 100000 0 400");
    g_autoptr(FiscTable) suspense = NULL;
    CU_ASSERT_TRUE(fisc_flow_feeder_suspense(&town.books->ctx, "town", &suspense, NULL));
    FISC_ASSERT_INT(suspense->rows->len, 2);
}

/* ---- what is wrong is kept, told, and posted by nobody ---- */

static void
expect_quarantine(Town *town, const char *text, const char *reason)
{
    int64_t batch = books_batch(town->books);
    write_file(town->drop, "payments.csv", text);
    g_autoptr(FiscPullReport) report = pull(town);
    const FiscPullRun *run = run_of(report, 0);
    g_autoptr(FiscTable) rejects = NULL;
    FISC_ASSERT_TEXT(fisc_pull_outcome_word(run->outcome), "quarantined");
    FISC_ASSERT_CONTAINS(run->reason, reason);
    FISC_ASSERT_INT(books_batch(town->books), batch);
    CU_ASSERT_TRUE(fisc_flow_feeder_rejects(&town->books->ctx, run->run_id, &rejects, NULL));
    FISC_ASSERT_INT(rejects->rows->len, run->refusals->len);
}

/* A run or a feeder that is none has no empty list. */
static void
test_nobodys_lists(void)
{
    g_auto(Town) town = town_new("together");
    FiscContext *ctx = &town.books->ctx;
    FiscTable *table = NULL;
    GError *errors[4] = {NULL};
    CU_ASSERT_FALSE(fisc_flow_feeder_stages(ctx, 99, &table, &errors[0]));
    CU_ASSERT_FALSE(fisc_flow_feeder_rejects(ctx, 99, &table, &errors[1]));
    CU_ASSERT_FALSE(fisc_flow_feeder_runs(ctx, "nobody", 0, &table, &errors[2]));
    CU_ASSERT_FALSE(fisc_flow_feeder_suspense(ctx, "nobody", &table, &errors[3]));
    CU_ASSERT_PTR_NULL(table);
    for (gsize i = 0; i < G_N_ELEMENTS(errors); i++) {
        CU_ASSERT(g_error_matches(errors[i], FISC_ERROR, FISC_ERROR_NOT_FOUND));
        g_clear_error(&errors[i]);
    }
}

static void
test_quarantine(void)
{
    g_auto(Town) town = town_new("together");
    expect_quarantine(&town, HEADER "1,2024-01-10,11,1.234,TOWN\n", "payments.csv:2: amount");
    expect_quarantine(&town, HEADER "1,2024-02-30,11,1.00,TOWN\n", "payments.csv:2");
    expect_quarantine(&town, HEADER "1,2024-01-10,11,1.00,OTHER\n", "does not speak for OTHER");
    expect_quarantine(&town, HEADER "1,2024-01-10,11,1.00,TOWN\n1,2024-01-10,11,2.00,TOWN\n",
                      "payments");
    expect_quarantine(&town, "no,date\n1,2024-01-10\n", "payments.csv:1");
    expect_quarantine(&town, "\xff\xfe\x00", "payments.csv");
    write_file(town.drop, "payments.csv", THREE); /* and then it is right */
    expect_pull(&town, "posted 3 0 0");
    books_expect(town.books, "select count(*) from intake.run where outcome = 'quarantined'", "6");
}

static void
test_each(void)
{
    g_auto(Town) town = town_new("each");
    write_file(town.drop, "2024-01.csv", HEADER "1,2024-01-10,11,100.00,TOWN\n");
    write_file(town.drop, "2024-02.csv", HEADER "1,2024-02-10,11,bad,TOWN\n");
    write_file(town.drop, "notes.txt", "not asked for");
    g_autoptr(FiscPullReport) report = pull(&town);
    FISC_ASSERT_INT(report->runs->len, 2);
    FISC_ASSERT_TEXT(fisc_pull_outcome_word(run_of(report, 0)->outcome), "posted");
    FISC_ASSERT_TEXT(fisc_pull_outcome_word(run_of(report, 1)->outcome), "quarantined");
    write_file(town.drop, "2024-02.csv", HEADER "1,2024-02-10,11,3.00,TOWN\n");
    expect_pull(&town, "posted 1 0 0");
    expect_books(&town, "-10300 10300 0 0");
    books_expect(town.books,
                 "select string_agg(subject || ' ' || fields[6], ',' order by subject) from "
                 "ledger.master where kind = 'due'",
                 "TOWN/2024-01 provisional,TOWN/2024-02 provisional");
}

/* Each is a run of its own; the poster gets them together. */
static void
test_together(void)
{
    g_auto(Town) town = town_new("each");
    for (int month = 1; month <= 12; month++) {
        g_autofree char *name = g_strdup_printf("2024-%02d.csv", month);
        g_autofree char *text = g_strdup_printf(HEADER "1,2024-%02d-10,11,%d.00,%s\n", month, month,
                                                month == 5 ? "VILLAGE" : "TOWN");
        write_file(town.drop, name, text);
    }
    g_autoptr(FiscPullReport) report = pull(&town);
    FISC_ASSERT_INT(report->runs->len, 12);
    for (guint i = 0; i < MIN(report->runs->len, 12); i++) {
        const FiscPullRun *run = run_of(report, i);
        FISC_ASSERT_TEXT(fisc_pull_outcome_word(run->outcome), i == 4 ? "quarantined" : "posted");
        FISC_ASSERT_INT(run->posted, i == 4 ? 0 : 1);
    }
    books_expect(town.books,
                 "select count(distinct batch_no) || ' ' || count(distinct receipt) || ' ' || "
                 "count(*) from intake.run",
                 "1 11 12");
    books_expect(town.books,
                 "select string_agg(n || ' ' || stages, ', ' order by n) from (select stages, "
                 "count(*) as n from (select string_agg(stage, ' ' order by at) as stages from "
                 "intake.stage group by run_id) r group by stages) s",
                 "1 received quarantined, "
                 "11 received parsed mapped validated accepted posted acknowledged");
    books_expect(town.books, "select count(*) || ' ' || sum(times) from intake.delivery", "12 12");
    expect_books(&town, "-7300 7300 0 0");
}

/* ---- the source is gone; receipts ---- */

static void
test_outage(void)
{
    g_auto(Town) town = town_new("together");
    g_autofree char *elsewhere = g_strconcat(town.drop, "-away", NULL);
    write_file(town.drop, "payments.csv", THREE);
    g_rename(town.drop, elsewhere);
    for (int i = 0; i < 2; i++) {
        g_autoptr(FiscPullReport) report = pull(&town);
        FISC_ASSERT_TEXT(fisc_pull_outcome_word(run_of(report, 0)->outcome), "failed");
    }
    books_expect(town.books, "select failures || ' ' || (next_at > now()) from intake.watch",
                 "2 true");
    const FiscPullOrder all = {0};
    g_autoptr(FiscPullReport) skipped = pull_by(&town, &all);
    FISC_ASSERT_TEXT(fisc_pull_outcome_word(run_of(skipped, 0)->outcome), "skipped");
    g_rename(elsewhere, town.drop);
    expect_pull(&town, "posted 3 0 0");
    books_expect(town.books, "select failures from intake.watch", "0");
}

static void
test_receipt(void)
{
    g_auto(Town) town = town_new("together");
    g_autofree char *path = g_build_filename(town.map, "key", NULL);
    g_autoptr(FiscSignKey) key = NULL;
    g_autofree char *text = NULL;
    g_autofree char *hex = NULL;
    static const char *const feeders[] = {"town", NULL};
    const FiscPullOrder order = {.feeders = feeders, .key_file = path};
    CU_ASSERT_TRUE(fisc_sign_key_new("intake", &key, NULL) && fisc_sign_key_save(key, path, NULL));
    write_file(town.drop, "payments.csv", THREE);
    g_autoptr(FiscPullReport) report = pull_by(&town, &order);
    CU_ASSERT_TRUE(
        fisc_flow_feeder_receipt(&town.books->ctx, run_of(report, 0)->run_id, &text, &hex, NULL));
    uint8_t signature[FISC_SIGNATURE_SIZE];
    for (int i = 0; i < FISC_SIGNATURE_SIZE; i++) {
        signature[i] =
            (uint8_t)(g_ascii_xdigit_value(hex[2 * i]) * 16 + g_ascii_xdigit_value(hex[2 * i + 1]));
    }
    CU_ASSERT_TRUE(fisc_sign_check(key, text, strlen(text), signature));
    text[10] ^= 1;
    CU_ASSERT_FALSE(fisc_sign_check(key, text, strlen(text), signature));
}

/* ---- who reads ---- */

/* Says that it can be asked (core/sandbox/nursery.c), and breaks down over what it is asked. */
#define BREAKS_DOWN                                                                                \
    "#!/usr/bin/env python3\nimport socket\ns = "                                                  \
    "socket.socket(fileno=0)\ns.send(b'b')\ns.recv(1)\n"

/* One that breaks down stands for any that had to be stopped: tests/sandbox has those. */
static void
test_reader(void)
{
    g_auto(Town) town = town_new("together");
    g_autofree char *reader = g_strdup(g_getenv("FISC_PARSE"));
    write_file(town.drop, "payments.csv", THREE);
    g_autofree char *breaks_down = g_build_filename(town.map, "breaks-down", NULL);
    write_file(town.map, "breaks-down", BREAKS_DOWN);
    g_chmod(breaks_down, 0755);
    g_setenv("FISC_PARSE", breaks_down, TRUE);
    g_autoptr(FiscPullReport) stopped = pull(&town);
    g_setenv("FISC_PARSE", "/bin/false", TRUE);
    g_autoptr(FiscPullReport) broken = pull(&town);
    g_setenv("FISC_PARSE", "/nonexistent/fisc-parse", TRUE);
    g_autoptr(FiscPullReport) missing = pull(&town);
    g_setenv("FISC_PARSE", reader, TRUE);
    FISC_ASSERT_INT(run_of(stopped, 0)->outcome, FISC_PULL_QUARANTINED);
    FISC_ASSERT_CONTAINS(run_of(stopped, 0)->reason,
                         "payments.csv: READER_STOPPED: The reader of the document had to be "
                         "stopped: the reader of this document was stopped: it broke down over it");
    FISC_ASSERT_CONTAINS(run_of(broken, broken->runs->len - 1)->reason,
                         "/bin/false cannot be run: it ends before it can be asked");
    FISC_ASSERT_INT(run_of(broken, broken->runs->len - 1)->outcome, FISC_PULL_FAILED);
    FISC_ASSERT_CONTAINS(run_of(missing, missing->runs->len - 1)->reason,
                         "/nonexistent/fisc-parse cannot be run");
    FISC_ASSERT_INT(run_of(missing, missing->runs->len - 1)->outcome, FISC_PULL_FAILED);
    expect_books(&town, "0 0 0 0");
    expect_pull(&town, "posted 3 0 0");
    expect_books(&town, "-15750 10000 5750 0");
}

static void
test_names_of_the_map(void)
{
    g_auto(Town) town = town_new("each");
    g_autofree char *row = g_strdup_printf("town,A town,TOWN,folder,%s,*,each,,", town.drop);
    g_autofree char *refused = put_feeder(town.books, row);
    CU_ASSERT_PTR_NULL(refused);
    write_file(town.drop, "codes.csv", "prefix,gfs\n1,22\n");
    write_file(town.drop, "own.profile", PULLING_PROFILE);
    g_autoptr(FiscPullReport) report = pull(&town);
    FISC_ASSERT_INT(report->runs->len, 2);
    for (guint i = 0; i < report->runs->len; i++) {
        FISC_ASSERT_INT(run_of(report, i)->outcome, FISC_PULL_QUARANTINED);
        FISC_ASSERT_CONTAINS(run_of(report, i)->reason, "that is a name of the map");
    }
    expect_books(&town, "0 0 0 0");
}

/* ---- the register ---- */

static void
test_register(void)
{
    static const struct {
        const char *row, *reason;
    } wrong[] = {
        {"x,X,TOWN,carrier,/tmp,a.csv,,,", "is no connector"},
        {"x,X,TOWN,folder,tmp,a.csv,,,", "does not begin with /"},
        {"x,X,TOWN,https,http://a.example/,a.csv,,,", "http=yes"},
        {"x,X,TOWN,sftp,sftp://a.example/,a.csv,,,", "hostkey"},
        {"x,X,TOWN,folder,/tmp,../a.csv,,,", "PATTERN"},
        {"x,X,TOWN,folder,/tmp,*.csv,together,,", "PATTERN=NAME"},
        {"x,X,TOWN,folder,/tmp,a.csv,,colour=red,", "colour"},
        {"x,X,TOWN,folder,/tmp,a.csv,,pin=a;pin=b,", "twice"},
        {"x,X,NOBODY,folder,/tmp,a.csv,,,", "NOBODY"},
    };
    g_autoptr(Books) books = books_filled("town", fill, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autofree char *refused = put_feeder(books, wrong[i].row);
        FISC_ASSERT_CONTAINS(refused != NULL ? refused : "", wrong[i].reason);
    }
    books_expect(books, "select count(*) from ledger.master where kind = 'feeder'", "0");
}

const FiscTest fisc_pull_tests[] = {
    {"the same books pulled again post nothing", test_once},
    {"a restatement replaces by reversal what differs, and nothing else", test_restatement},
    {"what belongs to a closed period keeps its date and is counted as restated", test_late},
    {"1,000 lines, 7 unknown: all of the value, 99.6 % classified; the next map classifies the "
     "rest",
     test_suspense},
    {"what is wrong is quarantined as a whole, with its place, and posted when it is right",
     test_quarantine},
    {"lists nothing of a run or a feeder that is none", test_nobodys_lists},
    {"documents read each alone: a bad one does not keep the others", test_each},
    {"small documents go together, each a run of its own", test_together},
    {"a source that does not answer is asked again later", test_outage},
    {"the source's receipt is signed", test_receipt},
    {"a document whose reader is stopped is quarantined, and nothing is read without a reader",
     test_reader},
    {"a source does not bring profiles and tables of the map", test_names_of_the_map},
    {"a feeder that cannot work is refused", test_register},
    {NULL, NULL},
};
