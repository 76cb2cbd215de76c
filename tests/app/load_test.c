/* load_test.c: walk 3 when things go wrong: input that must be refused leaves nothing behind, and a
 * load that was killed is completed by the next. */
#include "tests/app/school.h"
#include "tests/integrations/fixture.h"
#include "tests/support/compare_package.h"
#include "tests/support/naive_books.h"
#include "tests/support/suite.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern const FiscTest fisc_load_tests[];

/* ---- refused packages ---- */

/* "CODE file:line:field", one a line. */
static char *
dump(const FiscRefusals *refusals)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < refusals->len; i++) {
        const FiscRefusal *refusal = refusals->pdata[i];
        g_string_append_printf(text, "%s %s:%d:%s\n", fisc_error_name(refusal->code),
                               refusal->file != NULL ? refusal->file : "", refusal->line,
                               refusal->field != NULL ? refusal->field : "");
    }
    return g_string_free(text, FALSE);
}

static char *
expected_dump(GPtrArray *answers, const char *folder)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < answers->len; i++) {
        GHashTable *row = answers->pdata[i];
        if (strcmp(answer_word(row, "folder"), folder) == 0) {
            g_string_append_printf(text, "%s %s:%s:%s\n", answer_word(row, "code"),
                                   answer_word(row, "file"), answer_word(row, "line"),
                                   answer_word(row, "field"));
        }
    }
    return g_string_free(text, FALSE);
}

/* Loads, expects exactly these refusals and no trace of the attempt. Caller frees the report. */
static FiscLoadReport *
refuse(Books *books, const char *folder, const char *expected)
{
    int64_t before = books_batch(books);
    FiscLoadReport *report = books_load(books, folder);
    g_autofree char *actual = dump(report->refusals);
    fisc_assert_text(actual, expected, folder, __FILE__, __LINE__);
    CU_ASSERT_FATAL(report->refusals->len > 0);
    FISC_ASSERT_INT(report->steps->len, 0);
    FISC_ASSERT_INT(books_batch(books), before);
    return report;
}

static void
refuse_journals(Books *books, const char *journals, const char *expected, int exit_status)
{
    char *folder = school_folder(journals);
    g_autoptr(FiscLoadReport) report = refuse(books, folder, expected);
    FISC_ASSERT_INT(fisc_refusals_exit_status(report->refusals), exit_status);
    fixture_remove(folder);
}

static void
test_packages_with_one_fault(void)
{
    g_autoptr(Books) books = school_books();
    g_autofree char *root = fisc_test_data("bad");
    g_autoptr(GPtrArray) answers = naive_csv_read(root, "expected.csv");
    g_autoptr(GDir) folders = g_dir_open(root, 0, NULL);
    const char *name = NULL;
    int checked = 0;
    while ((name = g_dir_read_name(folders)) != NULL) {
        g_autofree char *folder = g_build_filename(root, name, NULL);
        if (g_file_test(folder, G_FILE_TEST_IS_DIR)) {
            g_autofree char *expected = expected_dump(answers, name);
            CU_ASSERT(*expected != '\0');
            g_autoptr(FiscLoadReport) report = refuse(books, folder, expected);
            checked++;
        }
    }
    CU_ASSERT(checked >= 40);
    books_expect_whole(books);
}

/* The faults that a load must name, each with the folder that has it and its first refusal. */
static void
test_every_named_fault(void)
{
    static const struct {
        const char *folder, *first;
    } faults[] = {
        {"unbalanced-entry", "ENTRY_UNBALANCED journals.csv:4:"},
        {"unknown-code", "ACCOUNT_UNKNOWN journals.csv:2:gfs_code"},
        {"unknown-entity", "ENTITY_UNKNOWN journals.csv:2:entity"},
        {"wrong-encoding", "ENCODING_INVALID journals.csv:4:"},
        {"missing-column", "COLUMN_MISSING journals.csv:1:credit"},
        {"too-many-decimals", "AMOUNT_DECIMALS journals.csv:2:debit"},
        {"overflow", "AMOUNT_OVERFLOW journals.csv:2:debit"},
        {"overflow-of-the-sum", "AMOUNT_OVERFLOW journals.csv:2:"},
        {"30-february", "DATE_INVALID journals.csv:2:date"},
        {"nul-byte", "NUL_BYTE journals.csv:4:"},
        {"empty-file", "FILE_EMPTY journals.csv:0:"},
        {"two-contents-for-one-reference", "REFERENCE_CONFLICT journals.csv:4:reference"},
    };
    g_autoptr(Books) books = books_new();
    for (guint i = 0; i < G_N_ELEMENTS(faults); i++) {
        g_autofree char *relative = g_build_filename("bad", faults[i].folder, NULL);
        g_autofree char *folder = fisc_test_data(relative);
        g_autoptr(FiscLoadReport) report = books_load(books, folder);
        g_autofree char *first = books_first_refusal(report->refusals);
        fisc_assert_text(first, faults[i].first, faults[i].folder, __FILE__, __LINE__);
        FISC_ASSERT_INT(books_batch(books), 0);
    }
}

static void
test_a_line_of_100_megabytes(void)
{
    g_autoptr(Books) books = school_books();
    GString *text = g_string_sized_new(101 * 1000 * 1000);
    g_string_append(text, SCHOOL_HEADER "1,2024-02-01,SCH,22,120.50,,CORP,70912,,,,");
    gsize length = text->len;
    g_string_set_size(text, length + 100 * 1000 * 1000);
    memset(text->str + length, 'x', 100 * 1000 * 1000);
    g_string_append_c(text, '\n');
    char *folder = school_folder(SCHOOL_JOURNALS);
    fixture_write(folder, "journals.csv", text->str);
    g_string_free(text, TRUE);
    g_autoptr(FiscLoadReport) report = refuse(books, folder, "LINE_TOO_LONG journals.csv:2:\n");
    fixture_remove(folder);
}

static void
test_other_content(void)
{
    g_autoptr(Books) books = school_books();
    refuse_journals(books,
                    "1,2024-02-01,SCH,22,120.51,,CORP,70912,,,,Books on credit\n"
                    "1,2024-02-01,SCH,3308,,120.51,CORP,,,,,\n",
                    "REFERENCE_CONFLICT journals.csv:2:reference\n", 5);
    books_expect_whole(books);
}

static void
test_other_content_beside_new(void)
{
    g_autoptr(Books) books = school_books();
    refuse_journals(books,
                    SCHOOL_GOODS("4", "2024-04-01", "1.00") SCHOOL_GOODS("1", "2024-02-01", "1.00"),
                    "REFERENCE_CONFLICT journals.csv:4:reference\n", 5);
    books_expect(books, "select count(*) from ledger.reference where reference = 'SCH/4'", "0");
}

static void
test_closed_period(void)
{
    g_autoptr(Books) books = school_books();
    books_set_period(books, "2024-04", "closed");
    refuse_journals(books, SCHOOL_JOURNALS SCHOOL_GOODS("4", "2024-04-15", "1.00"),
                    "PERIOD_NOT_OPEN journals.csv:7:date\n", 6);
}

static void
test_closing_does_not_hinder_loading_again(void)
{
    g_autoptr(Books) books = school_books();
    books_set_period(books, "2024", "closed");
    int64_t before = books_batch(books);
    char *folder = school_folder(SCHOOL_JOURNALS);
    books_must_load(books, folder);
    fixture_remove(folder);
    FISC_ASSERT_INT(books_batch(books), before);
    books_expect(books, "select count(*) from ledger.period where state = 'closed'", "14");
}

static void
test_over_budget(void)
{
    g_autoptr(Books) books = school_books();
    char *folder = school_folder(SCHOOL_JOURNALS SCHOOL_GOODS("4", "2024-04-01", "200"));
    g_autoptr(FiscLoadReport) report = refuse(books, folder, "BUDGET_EXCEEDED journals.csv:7:\n");
    const FiscRefusal *refusal = report->refusals->pdata[0];
    FISC_ASSERT_TEXT(refusal->control, "budget");
    FISC_ASSERT_TEXT(refusal->key, "entity=SCH gfs_code=22 cofog=70912 year=2024");
    FISC_ASSERT_INT(refusal->limit, 30000);
    FISC_ASSERT_INT(refusal->consumed, 12050);
    FISC_ASSERT_INT(refusal->requested, 20000);
    FISC_ASSERT_INT(refusal->shortfall, 2050);
    FISC_ASSERT_INT(fisc_refusals_exit_status(report->refusals), 6);
    FISC_ASSERT_INT(school_available(books, "22"), 17950);
    fixture_remove(folder);
}

static void
test_over_a_budget_of_zero(void)
{
    g_autoptr(Books) books = school_books();
    char *folder = school_folder("4,2024-04-01,SCH,24,0.01,,BANK,70912,,,,\n"
                                 "4,2024-04-01,SCH,3308,,0.01,BANK,,,,,\n");
    g_autoptr(FiscLoadReport) report = refuse(books, folder, "BUDGET_EXCEEDED journals.csv:2:\n");
    const FiscRefusal *refusal = report->refusals->pdata[0];
    FISC_ASSERT_TEXT(refusal->key, "entity=SCH gfs_code=24 cofog=70912 year=2024");
    FISC_ASSERT_INT(refusal->limit, 0);
    FISC_ASSERT_INT(refusal->shortfall, 1);
    FISC_ASSERT_INT(school_available(books, "24"), 0);
    fixture_remove(folder);
}

static void
test_without_a_budget_line(void)
{
    g_autoptr(Books) books = school_books();
    books_must_post(books, SCHOOL_HEADER "4,2024-04-01,SCH,25,99,,CORP,70912,,,,\n"
                                         "4,2024-04-01,SCH,3308,,99,CORP,,,,,\n");
    FISC_ASSERT_INT(school_available(books, "25"), INT64_MIN);
}

static void
test_no_folder(void)
{
    g_autoptr(Books) books = books_new();
    g_autofree char *file = books_source_path("meson.build");
    static const FiscError codes[] = {FISC_ERROR_NOT_FOUND, FISC_ERROR_USAGE};
    const char *const paths[] = {"/nowhere/at/all", file};
    for (guint i = 0; i < G_N_ELEMENTS(paths); i++) {
        FiscLoadReport *report = NULL;
        g_autoptr(GError) error = NULL;
        CU_ASSERT_FALSE(fisc_flow_load(&books->ctx, paths[i], &report, &error));
        CU_ASSERT(g_error_matches(error, FISC_ERROR, (int)codes[i]));
        CU_ASSERT_PTR_NULL(report);
    }
    FISC_ASSERT_INT(books_batch(books), 0);
}

static void
test_nobody_answers(void)
{
    g_autoptr(Books) books = books_new();
    char *folder = school_folder(SCHOOL_JOURNALS);
    books->ctx.actor = NULL;
    g_autoptr(FiscLoadReport) report = books_load(books, folder);
    g_autofree char *first = books_first_refusal(report->refusals);
    FISC_ASSERT_TEXT(first, "ACTOR_MISSING :0:actor");
    FISC_ASSERT_INT(books_batch(books), 0);
    fixture_remove(folder);
}

/* ---- kills ---- */

static bool
is_long(void)
{
    return g_getenv("FISC_TEST_LONG") != NULL;
}

#define SHORT_KILLS 2
#define LONG_KILLS 20
#define KILL_SEED 20181231
#define KILL_BATCHES_MAX 12 /* of about twenty that Madrid makes */
#define AHEAD_MAX 4         /* batches that a load may go on until it is killed: not to its end */
#define KILL_DELAY_US_MAX 40000
#define MADRID_ENTRIES "57981"

typedef struct {
    int pipe_end;
    int left; /* reports until it waits for its death */
} Teller;

/* Tells the parent that another batch is done. On a machine that lets the parent sleep the load
 * waits, so that the kill strikes in the middle all the same. */
static void
tell(const char *what G_GNUC_UNUSED, int64_t done G_GNUC_UNUSED, int64_t total G_GNUC_UNUSED,
     void *data)
{
    Teller *teller = data;
    char byte = '.';
    if (write(teller->pipe_end, &byte, 1) != 1) {
        _exit(3);
    }
    while (--teller->left < 0) {
        pause();
    }
}

static void
load_as_child(const Books *books, const char *folder, Teller *teller)
{
    Books own = *books;
    books_open(&own);
    own.ctx.progress = tell;
    own.ctx.progress_data = teller;
    fisc_load_report_free(books_load(&own, folder));
    _exit(0);
}

/* Kills a load a moment after its @batches-th report of progress. True when it was still at it. */
static bool
load_and_kill(const Books *books, const char *folder, int batches, gulong delay_us)
{
    int ends[2];
    int status = 0;
    g_assert(pipe(ends) == 0);
    pid_t pid = fork();
    g_assert(pid >= 0);
    if (pid == 0) {
        close(ends[0]);
        Teller teller = {ends[1], batches + AHEAD_MAX};
        load_as_child(books, folder, &teller);
    }
    close(ends[1]);
    char byte;
    for (int i = 0; i < batches && read(ends[0], &byte, 1) == 1; i++) {
    }
    g_usleep(delay_us);
    kill(pid, SIGKILL);
    g_assert(waitpid(pid, &status, 0) == pid);
    close(ends[0]);
    return WIFSIGNALED(status);
}

static void
expect_madrid_complete(Books *books)
{
    static const struct {
        const char *code;
        int64_t amount;
    } headlines[] = {
        {"SOO|CITY|1", 509896574765}, {"SOO|CITY|2", 377908115446}, {"SOO|CITY|NOB", 131988459319}};
    FiscReportQuery query = {.name = "gfs", .unit = "CITY", .period = "2018"};
    g_autoptr(FiscTable) table = books_report(books, &query);
    g_autoptr(GHashTable) index = books_index(table, 3);
    for (guint i = 0; i < G_N_ELEMENTS(headlines); i++) {
        FISC_ASSERT_INT(books_amount(table, index, headlines[i].code, "amount"),
                        headlines[i].amount);
    }
    books_expect(books, "select count(*) from ledger.entry", MADRID_ENTRIES);
    books_expect(books, "select count(*) from ledger.reference", MADRID_ENTRIES);
    books_expect(books, "select count(*) from ledger.refusal", "0");
    books_expect(books,
                 "select reltuples > 1000 from pg_class where oid = 'ledger.entry'::regclass",
                 "t"); /* the planner was told */
    books_expect_whole(books);
}

static void
test_killed_anywhere(void)
{
    g_autoptr(Books) books = books_new();
    g_autofree char *folder = books_source_path("examples/madrid-2018");
    g_autoptr(GRand) random = g_rand_new_with_seed(KILL_SEED);
    books_close(books);
    int killed = 0;
    printf("(seed %d)", KILL_SEED);
    int rounds = is_long() ? LONG_KILLS : fisc_test_is_brief() ? 1 : SHORT_KILLS;
    for (int round = 0; round < rounds; round++) {
        int batches = g_rand_int_range(random, 0, KILL_BATCHES_MAX);
        gulong delay_us = (gulong)g_rand_int_range(random, 0, KILL_DELAY_US_MAX);
        killed += load_and_kill(books, folder, batches, delay_us) ? 1 : 0;
    }
    FISC_ASSERT_INT(killed, rounds);
    books_open(books);
    g_autofree char *posted = books_ask(books, "select count(*) from ledger.entry");
    CU_ASSERT(strcmp(posted, "0") != 0 && strcmp(posted, MADRID_ENTRIES) != 0);
    books_must_load(books, folder);
    expect_madrid_complete(books);
}

/* ---- two at once ---- */

#define SHORT_RACES 1
#define LONG_RACES 20

/* A load in a process of its own; its status is 0 when nothing was refused. */
static pid_t
fork_load(const Books *books, const char *folder)
{
    pid_t pid = fork();
    g_assert(pid >= 0);
    if (pid == 0) {
        Books own = *books;
        books_open(&own);
        FiscLoadReport *report = books_load(&own, folder);
        _exit(report->refusals->len > 0 ? 1 : 0);
    }
    return pid;
}

static void
expect_success(pid_t pid)
{
    int status = 0;
    g_assert(waitpid(pid, &status, 0) == pid);
    CU_ASSERT(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void
test_two_at_once(void)
{
    g_autofree char *folder = fisc_test_data("brea-2023");
    int races = is_long() ? LONG_RACES : SHORT_RACES;
    for (int race = 0; race < races; race++) {
        g_autoptr(Books) books = books_new();
        books_close(books);
        pid_t one = fork_load(books, folder);
        pid_t two = fork_load(books, folder);
        expect_success(one);
        expect_success(two);
        books_open(books);
        FiscReportQuery query = {.name = "budget-execution", .period = "2023"};
        g_autoptr(FiscTable) table = books_report(books, &query);
        compare_rows(table, folder, "expected_budget_execution.csv");
        books_expect(books, "select count(*) from ledger.entry", "100");
        books_expect_whole(books);
    }
}

const FiscTest fisc_load_tests[] = {
    {"refuses every faulty package with file, line, field and rule, and posts nothing of it",
     test_packages_with_one_fault},
    {"refuses each fault that is told to be refused", test_every_named_fault},
    {"refuses a line of 100 megabytes", test_a_line_of_100_megabytes},
    {"refuses other content under a posted reference", test_other_content},
    {"posts nothing of a package of which one entry conflicts", test_other_content_beside_new},
    {"refuses an entry of a closed period", test_closed_period},
    {"loads again what lies in closed periods", test_closing_does_not_hinder_loading_again},
    {"refuses what passes the budget, naming key, limit and shortfall", test_over_budget},
    {"refuses to spend on a budget line of zero", test_over_a_budget_of_zero},
    {"lets spending without a budget line pass", test_without_a_budget_line},
    {"fails on a folder that is none", test_no_folder},
    {"writes nothing that nobody answers for", test_nobody_answers},
    {"completes a load that was killed again and again, nothing lost, nothing twice",
     test_killed_anywhere},
    {"loads one package by two processes at once, each entry once", test_two_at_once},
    {NULL, NULL},
};
