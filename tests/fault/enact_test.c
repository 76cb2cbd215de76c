/* enact_test.c: a law of thousands of lines, whose approval is killed at every point on its way:
 * either all of it is on record or nothing, never a part, and asking again completes it. */
#include "fisc/flow.h"
#include "tests/fault/invariants.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern const FiscTest fisc_enact_fault_tests[];

#define FIRST_YEAR 2019
#define YEARS 4 /* a law for each */
#define LINES_SHORT 5000
#define LINES_LONG 25000
#define KILLS_SHORT 2 /* at no particular point */
#define KILLS_LONG 25
#define WAIT_US_A_LINE 300 /* about what an approval takes */

static void
die_of(GError *error)
{
    if (error != NULL) {
        g_error("%s", error->message);
    }
}

static bool
is_long(void)
{
    return g_getenv("FISC_TEST_LONG") != NULL;
}

static int
line_count(void)
{
    return is_long() ? LINES_LONG : LINES_SHORT;
}

/* ---- a ministry with a bill for every year ---- */

typedef struct {
    char *admin_uri, *uri;
    FiscContext ctx;
} Ministry;

static void
open_books(Ministry *ministry)
{
    static const FiscStage stages[] = {FISC_STAGE_APPROPRIATION, FISC_STAGE_CHANGE,
                                       FISC_STAGE_AVAILABLE};
    g_autoptr(FiscSubmission) books = fisc_submission_new("books", "mary");
    g_autoptr(FiscReceipt) receipt = NULL;
    GError *error = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(stages); i++) {
        fisc_submission_event(books, "account", fisc_stage_account(stages[i]), "name",
                              fisc_stage_title(stages[i]), "class", "budgetary", "chart",
                              "budgetary", NULL);
    }
    for (int year = FIRST_YEAR; year < FIRST_YEAR + YEARS; year++) {
        g_autofree char *january = g_strdup_printf("%d01", year);
        fisc_submission_event(books, "period", january, "state", "open", NULL);
    }
    fisc_submission_event(books, "entity", "MIN", "name", "Ministry", "sector", "S13111", "cp_code",
                          "11", "reporting", "Y", NULL);
    fisc_submission_event(books, "control", "vote", "level", "absolute", "absent", "refuse", "key",
                          "entity programme economic", "entities", "*", NULL);
    fisc_flow_post(&ministry->ctx, books, true, false, &receipt, &error);
    die_of(error);
    g_assert(receipt->refusals == NULL);
}

static char *
make_lines(int year)
{
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "line,entity,gfs_code,programme,economic,title,request_%d\n",
                           year);
    for (int i = 0; i < line_count(); i++) {
        g_string_append_printf(text, "%05d,MIN,22,%d,%d,Line %d,%d.50\n", i, i / 100, i % 100, i,
                               i + 1);
    }
    return g_string_free(text, FALSE);
}

static void
must(const FiscReceipt *receipt, const FiscRefusals *refusals, const char *what)
{
    const FiscRefusals *of_books = receipt != NULL ? receipt->refusals : NULL;
    const FiscRefusals *first = refusals != NULL && refusals->len > 0 ? refusals : of_books;
    if (first != NULL && first->len > 0) {
        g_error("%s: %s", what, fisc_refusal_to_text(first->pdata[0], 2));
    }
}

static void
take_step(Ministry *ministry, const char *actor, const char *path, const char *step)
{
    g_auto(FiscPlanDone) done = {NULL};
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscReceipt) receipt = NULL;
    GError *error = NULL;
    ministry->ctx.actor = actor;
    fisc_flow_plan_step(&ministry->ctx, path, step, "in time", &done, &receipt, refusals, &error);
    die_of(error);
    must(receipt, refusals, step);
}

static void
put_lines(Ministry *ministry, const char *version, int year)
{
    g_autofree char *text = make_lines(year);
    g_auto(FiscPlanDone) done = {NULL};
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscReceipt) opened = NULL;
    g_autoptr(FiscReceipt) receipt = NULL;
    GError *error = NULL;
    FiscPlanOpening opening = {
        .version = version, .title = "Bill", .year = year, .years = 1, .decimals = 2};
    FiscPlanText words = {.version = version,
                          .kind = FISC_PART_LINES,
                          .reason = "drafted",
                          .name = "lines.csv",
                          .data = text,
                          .length = strlen(text)};
    ministry->ctx.actor = "mary";
    fisc_flow_plan_open(&ministry->ctx, &opening, &opened, &error);
    die_of(error);
    must(opened, NULL, version);
    fisc_flow_plan_put(&ministry->ctx, &words, &done, &receipt, refusals, &error);
    die_of(error);
    must(receipt, refusals, version);
}

/* The law of a year, tabled and proposed: what is left is the approval. */
static void
propose_law(Ministry *ministry, int year)
{
    g_autofree char *version = g_strdup_printf("%d-bill", year);
    g_autofree char *lines = g_strconcat(version, "/lines", NULL);
    g_autofree char *law = g_strdup_printf("L-%d", year);
    g_autofree char *id = NULL;
    g_autoptr(FiscTable) totals = NULL;
    g_autoptr(FiscReceipt) receipt = NULL;
    GError *error = NULL;
    put_lines(ministry, version, year);
    take_step(ministry, "anna", version, "call");
    take_step(ministry, "anna", lines, "submit");
    take_step(ministry, "mary", version, "review");
    take_step(ministry, "anna", lines, "accept");
    take_step(ministry, "anna", version, "agree");
    take_step(ministry, "mary", version, "table");
    FiscEnactOrder order = {.version = version, .law = law, .title = "Budget law"};
    fisc_flow_budget_enact(&ministry->ctx, &order, false, &id, &totals, &receipt, &error);
    die_of(error);
    must(receipt, NULL, law);
}

static void
ministry_open(Ministry *ministry)
{
    GError *error = NULL;
    *ministry = (Ministry){.admin_uri = fisc_test_database_new()};
    ministry->uri = fisc_test_poster_uri(ministry->admin_uri);
    ministry->ctx = (FiscContext){.book_id = 1, .actor = "mary"};
    fisc_pool_open(ministry->uri, NULL, 2, &ministry->ctx.pool, &error);
    die_of(error);
    open_books(ministry);
}

static void
ministry_close(Ministry *ministry)
{
    fisc_pool_close(ministry->ctx.pool);
    g_free(ministry->uri);
    g_free(ministry->admin_uri);
}

/* ---- killing ---- */

/* Of the law of a year: entries on record, and whether its version, its document and its event say
 * that it is law: "0 0 0 0" or "5000 1 1 1". */
static char *
look(const Ministry *ministry, int year)
{
    g_autofree char *sql = g_strdup_printf(
        "select (select count(*) from ledger.entry where document = 'L-%d') || ' ' ||"
        " (select count(*) from ledger.master where kind = 'case' and subject ="
        "  'budget_version/%d-bill' and fields @> array['enacted']) || ' ' ||"
        " (select count(*) from ledger.master where kind = 'document' and subject = 'L-%d'"
        "  and fields @> array['done']) || ' ' ||"
        " (select count(*) from ledger.master where kind = 'law' and subject = 'L-%d')",
        year, year, year, year);
    return fault_query(ministry->admin_uri, sql);
}

/* All of it or nothing; true when it is law. */
static bool
is_law(const Ministry *ministry, int year, const char *where)
{
    g_autofree char *found = look(ministry, year);
    g_autofree char *all = g_strdup_printf("%d 1 1 1", line_count());
    bool is_enacted = strcmp(found, "0 0 0 0") != 0;
    fisc_assert_text(found, is_enacted ? all : "0 0 0 0", where, __FILE__, __LINE__);
    g_autofree char *books = fault_check_snapshot(ministry->admin_uri);
    fisc_assert_text(books, "", where, __FILE__, __LINE__);
    return is_enacted;
}

static const char **
approval(const Ministry *ministry, int year, char **out_law)
{
    const char *words[] = {FISC_PROGRAM, "--db",    ministry->uri, "--actor", "anna",
                           "doc",        "approve", NULL,          NULL};
    *out_law = g_strdup_printf("L-%d", year);
    words[7] = *out_law;
    return g_memdup2(words, sizeof words);
}

static void
approve_again(const Ministry *ministry, int year)
{
    g_autofree char *law = NULL;
    g_autofree const char **words = approval(ministry, year, &law);
    CU_ASSERT_TRUE(fault_run(words, NULL, NULL));
    CU_ASSERT_TRUE(is_law(ministry, year, "asked again"));
}

/* True when the law is on record behind the kill. */
static bool
kill_at(const Ministry *ministry, int year, const char *point)
{
    int status = 0;
    g_autofree char *law = NULL;
    g_autofree char *order = g_strconcat(point, ":1", NULL);
    g_autofree const char **words = approval(ministry, year, &law);
    fault_run(words, order, &status);
    fisc_assert_int(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, true, point, __FILE__,
                    __LINE__);
    return is_law(ministry, year, point);
}

static void
test_points(void)
{
    static const struct {
        const char *point;
        bool is_law;
    } cases[] = {
        {"poster.taken", false},      {"poster.decided", false},
        {"poster.sealed", false},     {"poster.before_write", false},
        {"poster.after_write", true}, {"poster.before_answer", true},
    };
    Ministry ministry;
    ministry_open(&ministry);
    int year = FIRST_YEAR;
    propose_law(&ministry, year);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        bool is_enacted = kill_at(&ministry, year, cases[i].point);
        fisc_assert_int(is_enacted, cases[i].is_law, cases[i].point, __FILE__, __LINE__);
        if (is_enacted) {
            approve_again(&ministry, year);
        }
        if (is_enacted && i + 1 < G_N_ELEMENTS(cases)) {
            propose_law(&ministry, ++year);
        }
    }
    printf("\n    %d lines, killed at %d points, %d laws\n  ", line_count(),
           (int)G_N_ELEMENTS(cases), year - FIRST_YEAR + 1);
    ministry_close(&ministry);
}

/* Kills the approval after a while; false when it was quicker. */
static bool
kill_after(const Ministry *ministry, int year, gulong wait_us)
{
    GPid pid = 0;
    int status = 0;
    GError *error = NULL;
    g_autofree char *law = NULL;
    g_autofree const char **words = approval(ministry, year, &law);
    g_spawn_async(NULL, (char **)words, NULL,
                  G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL |
                      G_SPAWN_STDERR_TO_DEV_NULL,
                  NULL, NULL, &pid, &error);
    die_of(error);
    g_usleep(wait_us);
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    return WIFSIGNALED(status);
}

/* Whether a kill falls before the commit or behind it is luck, and both are good. A backend whose
 * client died may still be at it: the look sees what is committed, which is one or the other. */
static void
test_any_moment(void)
{
    Ministry ministry;
    GRand *random = g_rand_new_with_seed(20190101);
    int kills = 0;
    int rounds = is_long() ? KILLS_LONG : KILLS_SHORT;
    ministry_open(&ministry);
    propose_law(&ministry, FIRST_YEAR);
    for (int i = 0; i < rounds; i++) {
        gulong wait_us = (gulong)g_rand_int_range(random, 0, line_count() * WAIT_US_A_LINE);
        kills += kill_after(&ministry, FIRST_YEAR, wait_us) ? 1 : 0;
        is_law(&ministry, FIRST_YEAR, "killed at any moment");
    }
    approve_again(&ministry, FIRST_YEAR);
    approve_again(&ministry, FIRST_YEAR); /* and once more changes nothing */
    printf("\n    %d lines, %d of %d approvals killed in time\n  ", line_count(), kills, rounds);
    g_rand_free(random);
    ministry_close(&ministry);
}

const FiscTest fisc_enact_fault_tests[] = {
    {"enacts all lines of a law or none, killed at every point", test_points},
    {"enacts all lines of a law or none, killed at any moment", test_any_moment},
    {NULL, NULL},
};
