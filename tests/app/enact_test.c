/* enact_test.c: a version becomes law through the flows, on a real database: the whole way from the
 * circular to the appropriation, supplements, the interim budget (R16), and who may not. */
#include "tests/app/books.h"
#include "tests/integrations/fixture.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_enact_walk_tests[];

/* ---- acting ---- */

static void
die_of(GError *error)
{
    if (error != NULL) {
        g_error("%s", error->message);
    }
}

/* The first of a list that says more than that another entry was refused; NULL when none does. */
static const FiscRefusal *
first_reason(const FiscRefusals *refusals)
{
    for (guint i = 0; refusals != NULL && i < refusals->len; i++) {
        const FiscRefusal *refusal = refusals->pdata[i];
        if (refusal->code != FISC_ERROR_ATOMIC_GROUP) {
            return refusal;
        }
    }
    return NULL;
}

/* "" or the first refusal as text. The receipt is consumed. Caller frees. */
static char *
take_refusal(FiscReceipt *receipt)
{
    const FiscRefusal *refusal = first_reason(receipt->refusals);
    for (guint i = 0; refusal == NULL && i < receipt->results->len; i++) {
        refusal = first_reason(((const FiscResult *)receipt->results->pdata[i])->refusals);
    }
    char *text = refusal != NULL ? fisc_refusal_to_text(refusal, 2) : g_strdup("");
    fisc_receipt_free(receipt);
    return text;
}

static void
must(FiscReceipt *receipt, const char *what)
{
    g_autofree char *refusal = take_refusal(receipt);
    fisc_assert_text(refusal, "", what, __FILE__, __LINE__);
}

static void
put(Books *books, const char *actor, const char *version, const char *step, const char *text)
{
    g_auto(FiscPlanDone) done = {NULL};
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscReceipt *receipt = NULL;
    GError *error = NULL;
    FiscPlanText words = {.version = version,
                          .kind = FISC_PART_LINES,
                          .step = step,
                          .reason = "as negotiated",
                          .name = "lines.csv",
                          .data = text,
                          .length = strlen(text)};
    books->ctx.actor = actor;
    fisc_flow_plan_put(&books->ctx, &words, &done, &receipt, refusals, &error);
    die_of(error);
    g_autofree char *first = books_first_refusal(refusals);
    FISC_ASSERT_TEXT(first, "");
    if (receipt != NULL) {
        must(receipt, version);
    }
}

static void
step(Books *books, const char *actor, const char *version, const char *part, const char *name)
{
    g_auto(FiscPlanDone) done = {NULL};
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscReceipt *receipt = NULL;
    GError *error = NULL;
    g_autofree char *path = g_strconcat(version, part, NULL);
    books->ctx.actor = actor;
    fisc_flow_plan_step(&books->ctx, path, name, "in time", &done, &receipt, refusals, &error);
    die_of(error);
    FISC_ASSERT_INT(refusals->len, 0);
    if (receipt != NULL) {
        must(receipt, name);
    }
}

/* From draft to the table of the legislature: mary makes, anna is the other hand. */
static void
table_version(Books *books, const char *version)
{
    step(books, "anna", version, "", "call");
    step(books, "anna", version, "/lines", "submit");
    step(books, "mary", version, "", "review");
    step(books, "anna", version, "/lines", "accept");
    step(books, "anna", version, "", "agree");
    step(books, "mary", version, "", "table");
}

static void
bill(Books *books, const char *version, int year, const char *lines)
{
    FiscReceipt *receipt = NULL;
    GError *error = NULL;
    FiscPlanOpening opening = {.version = version,
                               .title = "The budget",
                               .reason = "the law asks for it",
                               .year = year,
                               .years = 2,
                               .decimals = 2};
    books->ctx.actor = "mary";
    fisc_flow_plan_open(&books->ctx, &opening, &receipt, &error);
    die_of(error);
    must(receipt, version);
    put(books, "mary", version, NULL, lines);
    table_version(books, version);
}

/* A version that begins as @from stands, with other lines for the entities of @lines. */
static void
branch(Books *books, const char *from, const char *version, const char *lines)
{
    FiscReceipt *receipt = NULL;
    GError *error = NULL;
    FiscPlanOpening opening = {.version = version, .title = "A change", .reason = "prices rose"};
    books->ctx.actor = "mary";
    fisc_flow_plan_branch(&books->ctx, from, &opening, &receipt, &error);
    die_of(error);
    must(receipt, version);
    put(books, "mary", version, NULL, lines);
    table_version(books, version);
}

static FiscEnactOrder
order_of(const char *version, const char *law)
{
    return (FiscEnactOrder){.version = version, .law = law, .title = "Budget law"};
}

/* The refusal, or "". *out_totals may be NULL. */
static char *
propose_law(Books *books, const char *actor, const FiscEnactOrder *order, bool dry_run,
            FiscTable **out_totals)
{
    g_autofree char *id = NULL;
    g_autoptr(FiscTable) totals = NULL;
    FiscReceipt *receipt = NULL;
    GError *error = NULL;
    books->ctx.actor = actor;
    fisc_flow_budget_enact(&books->ctx, order, dry_run, &id, &totals, &receipt, &error);
    die_of(error);
    if (out_totals != NULL) {
        *out_totals = g_steal_pointer(&totals);
    }
    return take_refusal(receipt);
}

static char *
approve(Books *books, const char *actor, const char *id)
{
    g_autofree char *state = NULL;
    FiscReceipt *receipt = NULL;
    GError *error = NULL;
    books->ctx.actor = actor;
    fisc_flow_document_approve(&books->ctx, id, NULL, &state, &receipt, &error);
    die_of(error);
    return take_refusal(receipt);
}

static void
must_enact(Books *books, const FiscEnactOrder *order)
{
    g_autofree char *proposed = propose_law(books, "mary", order, false, NULL);
    fisc_assert_text(proposed, "", order->law, __FILE__, __LINE__);
    g_autofree char *approved = approve(books, "anna", order->id != NULL ? order->id : order->law);
    fisc_assert_text(approved, "", order->law, __FILE__, __LINE__);
}

static void
expect_refused(char *refusal, const char *part)
{
    g_autofree char *text = refusal;
    FISC_ASSERT_CONTAINS(text, part);
}

static void
expect_clean(Books *books)
{
    g_autoptr(FiscVerifyReport) report = NULL;
    const FiscVerifyOptions options = {.full = true};
    GError *error = NULL;
    fisc_flow_verify(&books->ctx, &options, &report, &error);
    die_of(error);
    for (guint i = 0; i < report->findings->len; i++) {
        g_autofree char *text = fisc_finding_to_text(report->findings->pdata[i]);
        FISC_ASSERT_TEXT(text, NULL);
    }
    books_expect_whole(books);
}

/* ---- the ministry ---- */

static const char entities[] = "entity,name,sector,cp_code,reporting\n"
                               "MIN,Ministry,S13111,11,Y\n"
                               "AGY,Agency,S13112,11,Y\n";

#define CONTROL(name, fields)                                                                      \
    "{\"event\":{\"kind\":\"control\",\"subject\":\"" name "\",\"fields\":{" fields "}}}\n"
#define VOTE                                                                                       \
    CONTROL("vote", "\"level\":\"absolute\",\"absent\":\"refuse\",\"key\":\"entity programme\"")
#define MOVE(reference, date, stage, amount, programme, economic)                                  \
    "{\"entity\":\"MIN\",\"reference\":\"" reference "\",\"date\":\"" date                         \
    "\",\"lines\":[{\"stage\":\"" stage "\",\"debit\":\"" amount "\",\"programme\":\"" programme   \
    "\",\"economic\":\"" economic "\",\"gfs_code\":\"22\"}]}\n"

static void
fill(Books *books, const void *data G_GNUC_UNUSED)
{
    char *folder = fixture_folder("entities.csv", entities, NULL);
    books_must_load(books, folder);
    fixture_remove(folder);
    books_set_period(books, "2018", "open");
    books_set_period(books, "2019", "open");
}

static Books *
ministry(const char *controls)
{
    Books *books = books_filled("ministry of 2018", fill, NULL);
    if (*controls != '\0') {
        g_autoptr(FiscReceipt) receipt = books_post(books, controls);
        g_autofree char *events = books_first_refusal(receipt->refusals);
        FISC_ASSERT_TEXT(events, "");
        FISC_ASSERT_INT(receipt->refused, 0);
    }
    return books;
}

/* limit, consumed and what is left of a programme of MIN, from the answer about funds. */
static void
expect_funds(Books *books, const char *programme, const char *budget, const char *left)
{
    const char *dim[FISC_DIM_COUNT] = {[FISC_DIM_PROGRAMME] = programme};
    g_autoptr(FiscTable) table = NULL;
    GError *error = NULL;
    fisc_flow_funds(&books->ctx, "MIN", 2019, dim, &table, &error);
    die_of(error);
    FISC_ASSERT_INT(table->rows->len, 1);
    if (table->rows->len == 1) {
        const FiscRow *row = table->rows->pdata[0];
        char *expected[] = {(char *)budget, (char *)left};
        const char *const columns[] = {"budget", "available"};
        for (int i = 0; i < 2; i++) {
            g_autofree char *text = g_strdup_printf(
                "%d", (int)(row->cells[fisc_table_column(table, columns[i])].number / 100));
            fisc_assert_text(text, expected[i], columns[i], __FILE__, __LINE__);
        }
    }
}

static void
expect_post_refused(Books *books, const char *text, const char *part)
{
    g_autoptr(FiscReceipt) receipt = books_post(books, text);
    FISC_ASSERT_INT(receipt->refused, 1);
    const FiscResult *result = receipt->results->pdata[0];
    g_autofree char *refusal = result->refusals != NULL
                                   ? fisc_refusal_to_text(result->refusals->pdata[0], 2)
                                   : g_strdup("");
    FISC_ASSERT_CONTAINS(refusal, part);
}

#define LINES                                                                                      \
    "line,entity,side,gfs_code,programme,economic,title,request_2019,request_2020\n"               \
    "1,MIN,expenditure,22,1,22,Paper,1000,1100\n"                                                  \
    "2,MIN,expenditure,22,2,22,Roads,500,500\n"                                                    \
    "3,MIN,expenditure,22,3,22,Ships,0,900\n"                                                      \
    "4,MIN,revenue,142,,31,Fees,200,200\n"                                                         \
    "1,AGY,expenditure,22,9,22,Rent,300,300\n"

/* ---- a law ---- */

static void
test_original(void)
{
    g_autoptr(Books) books = ministry(VOTE);
    g_autoptr(FiscTable) totals = NULL;
    FiscEnactOrder order = order_of("2019-bill", "L-2018-6");
    order.article = "Art. 2";
    order.annex = "Annex I";
    bill(books, "2019-bill", 2019, LINES);
    g_autofree char *refusal = propose_law(books, "mary", &order, true, &totals);
    FISC_ASSERT_TEXT(refusal, "");
    GString *csv = g_string_new(NULL);
    fisc_table_render(totals, FISC_FORMAT_CSV, csv);
    FISC_ASSERT_TEXT(csv->str, "entity,side,lines,more,less,amount\n"
                               "AGY,expenditure,1,300.00,0.00,300.00\n"
                               "MIN,expenditure,3,1500.00,0.00,1500.00\n"
                               "MIN,revenue,1,200.00,0.00,200.00\n"
                               "*,expenditure,4,1800.00,0.00,1800.00\n");
    FISC_ASSERT_INT(totals->notes->len, 0);
    g_string_free(csv, TRUE);
    books_expect(books, "select count(*) from ledger.entry", "0"); /* so far nothing */
    must_enact(books, &order);
    books_expect(books,
                 "select string_agg(r.reference || ' ' || e.memo, '; ' order by r.reference)"
                 " from ledger.entry e join ledger.reference r using (book_id, entry_id)",
                 "L-2018-6/AGY/1 Art. 2, Annex I: Rent; L-2018-6/MIN/1 Art. 2, Annex I: Paper; "
                 "L-2018-6/MIN/2 Art. 2, Annex I: Roads; L-2018-6/MIN/4 Art. 2, Annex I: Fees");
    books_expect(books, "select count(distinct batch_no) from ledger.entry", "1");
    books_expect(books, "select count(*) from ledger.entry where effective <> '2019-01-01'", "0");
    expect_funds(books, "1", "1000", "1000");
    books_must_post(books, MOVE("PO-1", "2019-03-01", "commitment", "900", "1", "22"));
    expect_post_refused(books, MOVE("PO-2", "2019-03-01", "commitment", "101", "1", "22"),
                        "BUDGET_EXCEEDED");
    expect_post_refused(books, MOVE("PO-3", "2019-03-01", "commitment", "1", "3", "22"),
                        "BUDGET_EXCEEDED"); /* a line of zero: known, and limited to zero */
    expect_post_refused(books, MOVE("PO-4", "2019-03-01", "commitment", "1", "7", "22"),
                        "NO_BUDGET");
    expect_clean(books);
}

static void
test_needs_another_person(void)
{
    g_autoptr(Books) books = ministry(VOTE);
    FiscEnactOrder order = order_of("2019-bill", "L");
    bill(books, "2019-bill", 2019, LINES);
    g_autofree char *proposed = propose_law(books, "mary", &order, false, NULL);
    FISC_ASSERT_TEXT(proposed, "");
    expect_refused(approve(books, "mary", "L"), "SECOND_PERSON");
    books_expect(books, "select count(*) from ledger.entry", "0");
    g_autofree char *approved = approve(books, "olga", "L");
    FISC_ASSERT_TEXT(approved, "");
    books_expect(books, "select count(*) from ledger.entry", "4");
}

static void
test_twice_is_once(void)
{
    g_autoptr(Books) books = ministry(VOTE);
    FiscEnactOrder order = order_of("2019-bill", "L");
    bill(books, "2019-bill", 2019, LINES);
    for (int i = 0; i < 2; i++) {
        g_autofree char *proposed = propose_law(books, "mary", &order, false, NULL);
        FISC_ASSERT_TEXT(proposed, "");
    }
    g_autofree char *first = approve(books, "anna", "L");
    FISC_ASSERT_TEXT(first, "");
    int64_t batch = books_batch(books);
    g_autofree char *second = approve(books, "anna", "L");
    FISC_ASSERT_TEXT(second, "");
    g_autofree char *again = propose_law(books, "mary", &order, false, NULL);
    FISC_ASSERT_TEXT(again, "");
    FISC_ASSERT_INT(books_batch(books), batch);
    books_expect(books, "select count(*) from ledger.entry", "4");
}

/* What was signed is what is carried out: lines that were amended since are another law. */
static void
test_amended_since(void)
{
    g_autoptr(Books) books = ministry(VOTE);
    FiscEnactOrder order = order_of("2019-bill", "L");
    bill(books, "2019-bill", 2019, LINES);
    g_autofree char *proposed = propose_law(books, "mary", &order, false, NULL);
    FISC_ASSERT_TEXT(proposed, "");
    put(books, "mary", "2019-bill", "amend",
        "line,entity,gfs_code,programme,economic,title,request_2019,request_2020,amendment_2019,"
        "amendment_reason\n"
        "1,AGY,22,9,22,Rent,300,300,250,too dear\n");
    expect_refused(approve(books, "anna", "L"), "CASE_CHANGED");
    books_expect(books, "select count(*) from ledger.entry", "0");
    expect_refused(propose_law(books, "mary", &order, false, NULL), "REFERENCE_CONFLICT");
    order.id = "L-again";
    must_enact(books, &order);
    books_expect(books, "select string_agg(subject, ' ') from ledger.event where kind = 'cut_line'",
                 "AGY/gfs_code=22/programme=9/economic=22/2019");
    expect_clean(books);
}

static void
test_states(void)
{
    g_autoptr(Books) books = ministry(VOTE);
    FiscReceipt *receipt = NULL;
    GError *error = NULL;
    FiscPlanOpening opening = {
        .version = "d", .title = "T", .year = 2019, .years = 2, .decimals = 2};
    books->ctx.actor = "mary";
    fisc_flow_plan_open(&books->ctx, &opening, &receipt, &error);
    die_of(error);
    must(receipt, "open");
    FiscEnactOrder order = order_of("d", "L");
    expect_refused(propose_law(books, "mary", &order, false, NULL), "CASE_STATE");
    bill(books, "2019-bill", 2019, LINES);
    order = order_of("2019-bill", "L");
    order.kind = "supplement";
    expect_refused(propose_law(books, "mary", &order, false, NULL), "CASE_STATE");
    order = order_of("2019-bill", "L");
    must_enact(books, &order);
    order.law = "L2"; /* the version is law already */
    expect_refused(propose_law(books, "mary", &order, false, NULL), "CASE_STATE");
    bill(books, "2019-other", 2019, LINES);
    order = order_of("2019-other", "L3"); /* twice the money */
    expect_refused(propose_law(books, "mary", &order, false, NULL), "MASTER_CONFLICT");
    order.law = "L"; /* another law of that name */
    order.id = "D";
    expect_refused(propose_law(books, "mary", &order, false, NULL), "MASTER_CONFLICT");
    static const char *const names[] = {"", "L 1", "L/1",
                                        "a-name-that-leaves-no-room-for-entity-and-line-in-a-refer"
                                        "ence"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *id = NULL;
        g_autoptr(FiscTable) totals = NULL;
        order.law = names[i];
        CU_ASSERT_FALSE(
            fisc_flow_budget_enact(&books->ctx, &order, true, &id, &totals, &receipt, &error));
        FISC_ASSERT_INT(error->code, FISC_ERROR_USAGE);
        g_clear_error(&error);
    }
}

static void
test_unlimited(void)
{
    g_autoptr(Books) books = ministry(
        CONTROL("vote", "\"level\":\"absolute\",\"absent\":\"refuse\",\"key\":\"entity programme\","
                        "\"entities\":\"AGY\"")
            CONTROL("advice", "\"level\":\"advisory\",\"absent\":\"refuse\",\"key\":\"entity\""));
    g_autoptr(FiscTable) totals = NULL;
    FiscEnactOrder order = order_of("2019-bill", "L");
    bill(books, "2019-bill", 2019, LINES);
    g_autofree char *proposed = propose_law(books, "mary", &order, true, &totals);
    FISC_ASSERT_TEXT(proposed, "");
    FISC_ASSERT_INT(totals->notes->len, 1);
    FISC_ASSERT_TEXT(totals->notes->pdata[0], "Nothing limits MIN yet: see docs/controls.md.");
}

/* A closed January is no reason not to propose: it may be opened. It is one not to carry it out. */
static void
test_closed_period(void)
{
    g_autoptr(Books) books = ministry(VOTE);
    FiscEnactOrder order = order_of("2019-bill", "L");
    bill(books, "2019-bill", 2019, LINES);
    books_set_period(books, "201901", "closed");
    g_autofree char *proposed = propose_law(books, "mary", &order, false, NULL);
    FISC_ASSERT_TEXT(proposed, "");
    expect_refused(approve(books, "anna", "L"), "PERIOD_NOT_OPEN");
    books_expect(books, "select count(*) from ledger.entry", "0");
    g_autofree char *state =
        books_ask(books, "select state from (select unnest(fields) state from ledger.master"
                         " where kind = 'case' and subject = 'budget_version/2019-bill') f"
                         " where state in ('tabled', 'enacted')");
    FISC_ASSERT_TEXT(state, "tabled");
}

/* ---- supplements ---- */

/* R1: funds = original + supplements - what is committed. */
static void
test_supplement(void)
{
    g_autoptr(Books) books = ministry(VOTE);
    FiscEnactOrder order = order_of("2019-bill", "L");
    bill(books, "2019-bill", 2019, LINES);
    must_enact(books, &order);
    books_must_post(books, MOVE("PO-1", "2019-02-01", "commitment", "950", "1", "22"));
    branch(books, "2019-bill", "2019-s1",
           "line,entity,side,gfs_code,programme,economic,title,request_2019,request_2020\n"
           "1,MIN,expenditure,22,1,22,Paper,1200,1100\n"
           "2,MIN,expenditure,22,2,22,Roads,400,500\n"
           "4,MIN,revenue,142,,31,Fees,250,200\n"
           "5,MIN,expenditure,22,3,22,Boats,60,900\n");
    FiscEnactOrder change = order_of("2019-s1", "S-1");
    change.on = fisc_date_make(2019, 6, 15);
    must_enact(books, &change);
    books_expect(books,
                 "select string_agg(r.reference, ' ' order by e.entry_id) from ledger.entry e"
                 " join ledger.reference r using (book_id, entry_id) where e.effective ="
                 " '2019-06-15'",
                 "S-1/MIN/1 S-1/MIN/4 S-1/MIN/5 S-1/MIN/2");
    expect_funds(books, "1", "1200", "250");
    expect_funds(books, "2", "400", "400");
    expect_funds(books, "3", "60", "60");
    /* what has been committed cannot be taken away by a law either */
    branch(books, "2019-s1", "2019-s2",
           "line,entity,side,gfs_code,programme,economic,title,request_2019,request_2020\n"
           "1,MIN,expenditure,22,1,22,Paper,900,1100\n"
           "2,MIN,expenditure,22,2,22,Roads,700,500\n"
           "4,MIN,revenue,142,,31,Fees,250,200\n"
           "5,MIN,expenditure,22,3,22,Boats,60,900\n");
    FiscEnactOrder cut = order_of("2019-s2", "S-2");
    cut.on = fisc_date_make(2019, 7, 1);
    g_autofree char *proposed = propose_law(books, "mary", &cut, false, NULL);
    FISC_ASSERT_TEXT(proposed, ""); /* the order may be cancelled until then */
    expect_refused(approve(books, "anna", "S-2"), "BUDGET_EXCEEDED");
    expect_funds(books, "2", "400", "400");
    books_must_post(books, "{\"entity\":\"MIN\",\"reference\":\"PO-1C\",\"date\":\"2019-07-01\","
                           "\"lines\":[{\"stage\":\"commitment\",\"debit\":\"-50\",\"programme\":"
                           "\"1\",\"economic\":\"22\",\"gfs_code\":\"22\"}]}\n");
    g_autofree char *approved = approve(books, "anna", "S-2");
    FISC_ASSERT_TEXT(approved, "");
    expect_funds(books, "1", "900", "0");
    expect_funds(books, "2", "700", "700");
    expect_clean(books);
}

static void
test_supplement_of_an_old_law(void)
{
    static const char more[] =
        "line,entity,gfs_code,programme,economic,title,request_2019,request_2020\n"
        "1,AGY,22,9,22,Rent,310,300\n";
    g_autoptr(Books) books = ministry(VOTE);
    FiscEnactOrder order = order_of("2019-bill", "L");
    bill(books, "2019-bill", 2019, LINES);
    must_enact(books, &order);
    branch(books, "2019-bill", "2019-s1", more);
    branch(books, "2019-bill", "2019-s2", more);
    order = order_of("2019-s1", "S-1");
    order.on = fisc_date_make(2019, 6, 1);
    FiscEnactOrder other = order_of("2019-s2", "S-2");
    other.on = order.on;
    g_autofree char *proposed = propose_law(books, "mary", &other, false, NULL);
    FISC_ASSERT_TEXT(proposed, "");
    must_enact(books, &order);
    expect_refused(approve(books, "anna", "S-2"), "CASE_CHANGED"); /* it would be 320 */
    other.id = "S-2-again";
    expect_refused(propose_law(books, "mary", &other, false, NULL), "CASE_CHANGED");
    books_expect(books, "select count(*) from ledger.reference where reference like 'S-%'", "1");
}

/* ---- the interim budget: R16 ---- */

static char *
propose_interim(Books *books, int month, const char *classes)
{
    g_autofree char *id = NULL;
    g_autoptr(FiscTable) totals = NULL;
    FiscReceipt *receipt = NULL;
    GError *error = NULL;
    FiscInterimOrder order = {.year = 2019,
                              .from_year = 2018,
                              .month = month,
                              .article = "Art. 134",
                              .reason = "no budget on day 1",
                              .classes = classes,
                              .classes_name = "classes.csv",
                              .classes_length = classes != NULL ? strlen(classes) : 0};
    books->ctx.actor = "mary";
    fisc_flow_budget_interim(&books->ctx, &order, &id, &totals, &receipt, &error);
    die_of(error);
    return take_refusal(receipt);
}

static void
must_give(Books *books, int month, const char *classes)
{
    g_autofree char *id = g_strdup_printf("INTERIM-2019-%02d", month);
    g_autofree char *proposed = propose_interim(books, month, classes);
    fisc_assert_text(proposed, "", id, __FILE__, __LINE__);
    g_autofree char *approved = approve(books, "anna", id);
    fisc_assert_text(approved, "", id, __FILE__, __LINE__);
}

/* Cumulative: from the begin of the year to the end of the month. */
#define VOTE_TO_DATE                                                                               \
    CONTROL("vote", "\"level\":\"absolute\",\"absent\":\"refuse\",\"key\":\"entity programme\","   \
                    "\"interval\":\"year\",\"boundary\":\"period\"")
#define LAST_YEAR                                                                                  \
    VOTE_TO_DATE                                                                                   \
    MOVE("A-1", "2018-01-01", "appropriation", "1200", "1", "22")                                  \
    MOVE("A-2", "2018-01-01", "appropriation", "600", "7", "22") /* new projects */                \
    MOVE("A-3", "2018-06-01", "change", "333", "1", "22")        /* not original */

static const char new_projects[] = "programme,share,article\n7,0,Art. 135\n";

/* Last year 1,200: January 100, by February 200 cumulative; class "new projects" nothing. */
static void
test_interim(void)
{
    g_autoptr(Books) books = ministry(LAST_YEAR);
    must_give(books, 1, new_projects);
    expect_post_refused(books, MOVE("P-0", "2019-01-10", "commitment", "1", "7", "22"),
                        "BUDGET_EXCEEDED");
    expect_post_refused(books, MOVE("P-1", "2019-01-10", "commitment", "101", "1", "22"),
                        "BUDGET_EXCEEDED");
    books_must_post(books, MOVE("P-2", "2019-01-10", "commitment", "60", "1", "22"));
    expect_post_refused(books, MOVE("P-3", "2019-02-10", "commitment", "41", "1", "22"),
                        "BUDGET_EXCEEDED"); /* nothing is given for February yet */
    must_give(books, 2, NULL);              /* the classes stay */
    books_must_post(books, MOVE("P-4", "2019-02-10", "commitment", "140", "1", "22"));
    expect_post_refused(books, MOVE("P-5", "2019-02-10", "commitment", "1", "1", "22"),
                        "BUDGET_EXCEEDED");
    expect_post_refused(books, MOVE("P-6", "2019-02-10", "commitment", "1", "7", "22"),
                        "BUDGET_EXCEEDED");
    books_expect(books,
                 "select string_agg(effective::text || ' ' || memo, '; ' order by entry_id)"
                 " from ledger.entry where document like 'INTERIM%'",
                 "2019-01-01 Interim budget of 2019-01: 1/12 of 1200.00 (Art. 134); "
                 "2019-02-01 Interim budget of 2019-02: 1/12 of 1200.00 (Art. 134)");
    expect_refused(propose_interim(books, 13 - 11, new_projects), ""); /* given before: once */
    expect_clean(books);
}

/* The law counts from 1 January: only its amount stands, and the spending is charged to it. */
static void
test_law_ends_interim(void)
{
    g_autoptr(Books) books = ministry(LAST_YEAR);
    must_give(books, 2, new_projects); /* both months at once */
    books_must_post(books, MOVE("P-1", "2019-01-10", "commitment", "100", "1", "22"));
    books_must_post(books, MOVE("P-2", "2019-02-10", "commitment", "100", "1", "22"));
    bill(books, "2019-bill", 2019, LINES);
    FiscEnactOrder order = order_of("2019-bill", "L");
    must_enact(books, &order);
    books_expect(books,
                 "select string_agg(e.effective::text || ' ' || regexp_replace(r.reference,"
                 " '/[0-9a-f]{12}$', ''), '; ' order by e.entry_id) from ledger.entry e"
                 " join ledger.reference r using (book_id, entry_id)"
                 " where r.reference like 'L/INTERIM/%'",
                 "2019-01-01 L/INTERIM/01/MIN; 2019-02-01 L/INTERIM/02/MIN");
    books_must_post(books, MOVE("P-3", "2019-01-20", "commitment", "800", "1", "22"));
    expect_post_refused(books, MOVE("P-4", "2019-12-01", "commitment", "1", "1", "22"),
                        "BUDGET_EXCEEDED");
    expect_refused(propose_interim(books, 3, NULL), "CASE_STATE"); /* there is a law */
    int64_t batch = books_batch(books);
    g_autofree char *again = propose_law(books, "mary", &order, false, NULL);
    FISC_ASSERT_TEXT(again, "");
    g_autofree char *approved = approve(books, "anna", "L");
    FISC_ASSERT_TEXT(approved, "");
    FISC_ASSERT_INT(books_batch(books), batch);
    expect_clean(books);
}

/* Spent on a line that the law does not have: it is named before anybody signs. */
static void
test_law_without_a_line(void)
{
    g_autoptr(Books) books = ministry(LAST_YEAR);
    must_give(books, 1, NULL);
    books_must_post(books, MOVE("P-1", "2019-01-10", "commitment", "40", "7", "22"));
    bill(books, "2019-bill", 2019, LINES);
    FiscEnactOrder order = order_of("2019-bill", "L");
    expect_refused(propose_law(books, "mary", &order, false, NULL), "programme=7");
    books_must_post(books, "{\"entity\":\"MIN\",\"reference\":\"P-1C\",\"date\":\"2019-01-11\","
                           "\"lines\":[{\"stage\":\"commitment\",\"debit\":\"-40\",\"programme\":"
                           "\"7\",\"economic\":\"22\",\"gfs_code\":\"22\"}]}\n");
    must_enact(books, &order);
    expect_clean(books);
}

/* A month that was given between the proposal of the law and its approval is not forgotten. */
static void
test_month_in_between(void)
{
    g_autoptr(Books) books = ministry(LAST_YEAR);
    FiscEnactOrder order = order_of("2019-bill", "L");
    bill(books, "2019-bill", 2019, LINES);
    g_autofree char *proposed = propose_law(books, "mary", &order, false, NULL);
    FISC_ASSERT_TEXT(proposed, "");
    must_give(books, 1, NULL);
    expect_refused(approve(books, "anna", "L"), "CASE_");
    g_autofree char *second = propose_interim(books, 2, NULL);
    FISC_ASSERT_TEXT(second, "");
    order.id = "L-again";
    must_enact(books, &order);
    expect_refused(approve(books, "anna", "INTERIM-2019-02"), "CASE_STATE"); /* too late */
    expect_clean(books);
}

/* A budget that was loaded is a budget, too. */
static void
test_no_interim_beside_a_budget(void)
{
    g_autoptr(Books) books =
        ministry(LAST_YEAR MOVE("A-4", "2019-01-01", "appropriation", "900", "1", "22"));
    expect_refused(propose_interim(books, 1, NULL), "CASE_STATE");
}

/* ---- duties ---- */

static void
enforce_duties(Books *books)
{
    const BooksOffice office = {"ada", "sol"};
    books_must_init_duties(books, office);
    books_must_give(books, office, "mary", "ministry_officer", NULL);
    books_must_give(books, office, "anna", "ministry_officer", NULL);
    books_must_give(books, office, "olga", "approver", NULL);
    books_must_enforce(books, office);
}

/* The law, its version and its entries all come with a document about the budget, of two who may.
 */
static void
test_duties(void)
{
    g_autoptr(Books) books = ministry(LAST_YEAR);
    must_give(books, 1, new_projects);
    bill(books, "2019-bill", 2019, LINES);
    enforce_duties(books);
    FiscEnactOrder order = order_of("2019-bill", "L");
    order.id = "D-olga";
    expect_refused(propose_law(books, "olga", &order, false, NULL), "DUTY_MISSING");
    order.id = NULL;
    g_autofree char *proposed = propose_law(books, "mary", &order, false, NULL);
    FISC_ASSERT_TEXT(proposed, "");
    expect_refused(approve(books, "olga", "L"), "DUTY_MISSING");
    expect_refused(approve(books, "mary", "L"), "SECOND_PERSON");
    g_autofree char *approved = approve(books, "anna", "L");
    FISC_ASSERT_TEXT(approved, "");
    books_expect(books, "select count(*) from ledger.entry where document = 'L'", "5");
    expect_clean(books);
}

/* ---- looking ---- */

static void
test_totals_of_a_document(void)
{
    g_autoptr(Books) books = ministry(VOTE);
    g_autoptr(FiscDocument) document = NULL;
    g_autoptr(FiscTable) totals = NULL;
    GError *error = NULL;
    FiscEnactOrder order = order_of("2019-bill", "L");
    bill(books, "2019-bill", 2019, LINES);
    must_enact(books, &order);
    fisc_flow_document_show(&books->ctx, "L", &document, &error);
    die_of(error);
    FISC_ASSERT_CONTAINS(document->payload, "{\"enactment\":{\"law\":\"L\",");
    CU_ASSERT_TRUE(strlen(document->payload) < 1000);
    fisc_flow_document_totals(&books->ctx, document, &totals, &error);
    die_of(error);
    FISC_ASSERT_INT(totals->rows->len, 4);
}

const FiscTest fisc_enact_walk_tests[] = {
    {"appropriates a version as one batch, bound by its controls", test_original},
    {"lets nobody enact alone", test_needs_another_person},
    {"enacts once, however often it is asked", test_twice_is_once},
    {"refuses lines that were amended since they were signed", test_amended_since},
    {"enacts what was tabled, under a law of its own, once for every entity", test_states},
    {"says when nothing limits what was enacted", test_unlimited},
    {"carries nothing out into a closed period", test_closed_period},
    {"adds and takes away what a supplement differs by (R1)", test_supplement},
    {"refuses a supplement of a law that another one has changed", test_supplement_of_an_old_law},
    {"lets a twelfth be spent in January and two by February (R16)", test_interim},
    {"ends the interim budget with the law, which is charged (R16)", test_law_ends_interim},
    {"names lines that were spent on and are not in the law (R16)", test_law_without_a_line},
    {"enacts nothing over a month that was given meanwhile (R16)", test_month_in_between},
    {"gives no month in a year that has appropriations", test_no_interim_beside_a_budget},
    {"enacts by two who may, where duties are in force", test_duties},
    {"tells what a document by reference comes to", test_totals_of_a_document},
    {NULL, NULL},
};
