/* two_books.c: see two_books.h. */
#include "tests/server/two_books.h"
#include "fisc/feeder.h"
#include "fisc/identity.h"
#include "tests/app/pulling.h"
#include "tests/app/school.h"
#include "tests/integrations/fixture.h"
#include "tests/support/suite.h"
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static const char entities[] = "entity,name,sector,cp_code,reporting\n"
                               "AAA,Agency A,S1313,11,Y\n"
                               "BBB,Agency B,S1313,11,Y\n"
                               "CORP,Companies,S11002,152,N\n"
                               "BANK,Banks,S12202,132,N\n";
static const char groups[] = "group,name,members\nBOTH,Both agencies,AAA BBB\nALONE,One,AAA\n";

#define GOODS(entity, id, amount)                                                                  \
    id ",2024-02-01," entity ",22," amount ",,CORP,70912,,,,Goods\n" id ",2024-02-01," entity      \
       ",3308,," amount ",CORP,,,,,\n"

/* A grant of BBB to AAA, as either of them has it. */
#define GRANTED                                                                                    \
    "B4,2024-02-05," OTHER ",2631,30,," OWN ",70912,,,,Grant\n"                                    \
    "B4,2024-02-05," OTHER ",3202,,30,BANK,,26,,,Grant\n"
#define RECEIVED                                                                                   \
    "A3,2024-02-06," OWN ",3202,30,,BANK,,13,,,Grant\n"                                            \
    "A3,2024-02-06," OWN ",1331,,30," OTHER ",,,,,Grant\n"

/* What there is of BBB. */
static const struct {
    const char *opening, *budget, *journals, *later, *reason, *plan;
} others[] = {
    [TWO_BOOKS_POOR] = {"BBB,2024-01-01,6202,BANK,500,\n", "BBB,22,70912,280,20\n",
                        GOODS(OTHER, "B1", "10"), GOODS(OTHER, "B2", "11"), "Chairs",
                        "L1,BBB,22,Chairs,100.00,110.00\n"},
    [TWO_BOOKS_RICH] = {"BBB,2024-01-01,6202,BANK,77000,\n",
                        "BBB,22,70912,91234,0\nBBB,2631,70912,555,0\n", GOODS(OTHER, "B1", "4321"),
                        GOODS(OTHER, "B2", "9876"), "Tanks",
                        "L1,BBB,22,Tanks,99999.00,110.00\nL2,BBB,22,Guns,5.00,6.00\n"},
};

/* What a feeder of either brings: the second code is in no table, and lands in suspense. */
#define PAYMENTS PULLING_HEADER
#define CODES "prefix,gfs\n1,2111\n"

static const struct {
    const char *feeder, *entity, *payments[2]; /* of the poor, of the rich */
} feeders[] = {
    {"town",
     OWN,
     {PAYMENTS "1,2024-02-01,10,1.00,AAA\n2,2024-02-02,71,2.50,AAA\n",
      PAYMENTS "1,2024-02-01,10,1.00,AAA\n2,2024-02-02,71,2.50,AAA\n"}},
    {"village",
     OTHER,
     {PAYMENTS "1,2024-02-01,10,5.00,BBB\n",
      PAYMENTS "1,2024-02-01,10,66.00,BBB\n2,2024-02-03,72,777.00,BBB\n"
               "3,2024-02-03,wrong,bad,BBB\n"}},
};

static const char own_opening[] = "entity,date,code,counterparty_entity,amount,memo\n"
                                  "AAA,2024-01-01,6202,BANK,500,\n";
static const char own_budget[] = "entity,gfs_code,cofog,original,virement\n"
                                 "AAA,22,70912,280,20\nAAA,3111.1,70912,150,0\n";

static void
die_of(GError *error)
{
    if (error != NULL) {
        g_error("%s", error->message);
    }
}

char **
two_books_roles(Books *books)
{
    FiscTable *matrix = NULL;
    GError *error = NULL;
    GPtrArray *roles = g_ptr_array_new();
    fisc_flow_matrix(&books->ctx, &matrix, &error);
    die_of(error);
    for (guint i = 0; i < matrix->columns->len; i++) {
        const char *name = g_array_index(matrix->columns, FiscColumn, i).name;
        if (strcmp(name, "action") != 0 && strcmp(name, "approvals") != 0) {
            g_ptr_array_add(roles, g_strdup(name));
        }
    }
    g_ptr_array_add(roles, NULL);
    fisc_table_free(matrix);
    return (char **)g_ptr_array_free(roles, FALSE);
}

static void
load(Books *books, TwoBooksKind kind)
{
    g_autofree char *opening = g_strconcat(own_opening, others[kind].opening, NULL);
    g_autofree char *budget = g_strconcat(own_budget, others[kind].budget, NULL);
    g_autofree char *journals =
        g_strconcat(SCHOOL_HEADER, GOODS(OWN, "A1", "120.50"), others[kind].journals, NULL);
    char *folder =
        fixture_folder("entities.csv", entities, "groups.csv", groups, "opening_balance.csv",
                       opening, "budget.csv", budget, "journals.csv", journals, NULL);
    books_must_load(books, folder);
    fixture_remove(folder);
}

static void
propose(Books *books, const char *entity, const char *id, const char *amount, const char *reason)
{
    g_autofree char *text =
        g_strdup_printf(SCHOOL_HEADER "%s,2024-03-01,%s,22,%s,,CORP,70912,,,,Asked for\n"
                                      "%s,2024-03-01,%s,3308,,%s,CORP,,,,,\n",
                        id, entity, amount, id, entity, amount);
    FiscDocumentDraft draft = {.id = id, .action = "claim", .entity = entity, .reason = reason};
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autofree char *out_id = NULL;
    FiscReceipt *receipt = NULL;
    GError *error = NULL;
    fisc_flow_document_propose_text(&books->ctx, &draft, "text", text, strlen(text), "test",
                                    &out_id, &receipt, refusals, &error);
    books_expect_done(receipt, error);
    FISC_ASSERT_INT(refusals->len, 0);
}

/* Refused, which stands in the chain with its figures. */
static void
overspend(Books *books, const char *entity, const char *id, const char *amount)
{
    g_autofree char *text =
        g_strdup_printf(SCHOOL_HEADER "%s,2024-04-01,%s,22,%s,,CORP,70912,,,,Too much\n"
                                      "%s,2024-04-01,%s,3308,,%s,CORP,,,,,\n",
                        id, entity, amount, id, entity, amount);
    g_autoptr(FiscReceipt) receipt = books_post(books, text);
    FISC_ASSERT_INT(receipt->refused, 1);
}

static void
put_ceilings(Books *books)
{
    static const char ceilings[] = "ceiling,entity,year,amount\n"
                                   "own,AAA,2025,12.00\nother,BBB,2025,99.00\n"
                                   "some,A*,2025,400.00\nall,,2025,500.00\n";
    const FiscPlanText text = {.version = "draft",
                               .kind = FISC_PART_CEILINGS,
                               .reason = "cabinet",
                               .name = "ceilings",
                               .data = ceilings,
                               .length = strlen(ceilings)};
    FiscPlanDone done = {NULL};
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscReceipt *receipt = NULL;
    GError *error = NULL;
    fisc_flow_plan_put(&books->ctx, &text, &done, &receipt, refusals, &error);
    books_expect_done(receipt, error);
    fisc_plan_done_clear(&done);
}

/* A budget in preparation, with lines of both. */
static void
plan(Books *books, TwoBooksKind kind)
{
    const FiscPlanOpening opening = {.version = "draft",
                                     .title = "Budget 2025",
                                     .reason = "start",
                                     .year = 2025,
                                     .years = 2,
                                     .decimals = 2};
    g_autofree char *lines = g_strconcat("line,entity,gfs_code,title,request_2025,request_2026\n"
                                         "L1,AAA,22,Paper,10.00,11.00\n",
                                         others[kind].plan, NULL);
    const FiscPlanText text = {.version = "draft",
                               .kind = FISC_PART_LINES,
                               .reason = "first",
                               .name = "lines",
                               .data = lines,
                               .length = strlen(lines)};
    FiscPlanDone done = {NULL};
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscReceipt *receipt = NULL;
    GError *error = NULL;
    fisc_flow_plan_open(&books->ctx, &opening, &receipt, &error);
    books_expect_done(receipt, error);
    fisc_flow_plan_put(&books->ctx, &text, &done, &receipt, refusals, &error);
    books_expect_done(receipt, error);
    FISC_ASSERT_INT(done.changed, 2);
    fisc_plan_done_clear(&done);
    put_ceilings(books);
}

/* What is there in one book and not in the other: asking for it by name must not tell. */
static void
do_more(Books *books)
{
    books_must_post(books, SCHOOL_HEADER GOODS(OTHER, "B3", "77") GRANTED);
    propose(books, OTHER, "BBB-D2", "5.25", "Cars");
    overspend(books, OTHER, "B8", "654321");
}

static void
act(Books *books, TwoBooksKind kind)
{
    bool is_rich = kind == TWO_BOOKS_RICH;
    g_autofree char *later = g_strconcat(SCHOOL_HEADER, others[kind].later, NULL);
    books_must_post(books, later);
    books_must_post(books, SCHOOL_HEADER GOODS(OWN, "A2", "1.25") RECEIVED);
    propose(books, OWN, "AAA-D1", "3.75", "Paper");
    propose(books, OTHER, "BBB-D1", is_rich ? "4000" : "4", others[kind].reason);
    overspend(books, OWN, "A9", "5000");
    overspend(books, OTHER, "B9", is_rich ? "987654" : "5001");
    plan(books, kind);
    if (is_rich) {
        do_more(books);
    }
}

/* Its folder bears the same name in both books. */
static void
feed(Books *books, gsize which, TwoBooksKind kind)
{
    const char *const names[] = {feeders[which].feeder, NULL};
    const FiscPullOrder order = {.feeders = names};
    g_autofree char *drop = g_strdup_printf("%s/fisc-two-books-%d", g_get_tmp_dir(), (int)getpid());
    g_autofree char *row = g_strdup_printf("feeder,title,entities,connector,at,documents,read\n"
                                           "%s,A source,%s,folder,%s,payments.csv,together\n",
                                           feeders[which].feeder, feeders[which].entity, drop);
    char *map = fixture_folder("payments.profile", PULLING_PROFILE, "codes.csv", CODES, NULL);
    g_autoptr(FiscPullReport) report = NULL;
    GError *error = NULL;
    g_mkdir(drop, 0700);
    fixture_write(drop, "payments.csv", feeders[which].payments[kind]);
    books_must_put_feeders(books, row);
    books_must_map(books, feeders[which].feeder, map);
    fisc_flow_pull(&books->ctx, &order, &report, &error);
    die_of(error);
    FISC_ASSERT_INT(report->runs->len, 1);
    fixture_remove(map);
    fixture_remove(g_steal_pointer(&drop));
}

static void
guard(Books *books)
{
    const BooksOffice office = {"chief", "guard"};
    books_must_init_duties(books, office);
    g_auto(GStrv) roles = two_books_roles(books);
    for (int i = 0; roles[i] != NULL; i++) {
        g_autofree char *person = g_strconcat("at-", roles[i], NULL);
        books_must_give(books, office, person, roles[i], OWN);
    }
    books_must_enforce(books, office);
}

static void
fill(Books *books, const void *data)
{
    const TwoBooksKind *kind = data;
    load(books, *kind);
    act(books, *kind);
    for (gsize i = 0; i < G_N_ELEMENTS(feeders); i++) {
        feed(books, i, *kind);
    }
    guard(books);
}

Books *
two_books_new(TwoBooksKind kind)
{
    static const char *const names[] = {[TWO_BOOKS_POOR] = "poor", [TWO_BOOKS_RICH] = "rich"};
    return books_filled(names[kind], fill, &kind);
}
