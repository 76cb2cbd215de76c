/* layout_test.c: layouts of a nation's own: refused while they make no sense, then on record, asked
 * for as any report, and kept as they were for whoever asks how things were known. */
#include "tests/app/books.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_layout_walk_tests[];

#define HEADER "code,label,formula,show,level,style\n,Tax report,,,0,heading\n"
#define FIRST HEADER "T,Taxes,flow:11,always,0,strong\n"
#define SECOND                                                                                     \
    HEADER "T,Taxes and contributions,flow:11 + flow:12,always,0,strong\n"                         \
           "O,Other revenue,flow:13 + flow:14,always,0,memo\n"
#define BAD HEADER "T,Taxes,flow:19,always,0,strong\nU,Sum,T + V,always,0,strong\n"

/* What was refused, by line and code; "" when it was put on record. Caller frees. */
static char *
add_layout(Books *books, const char *name, const char *text)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autofree char *document = NULL;
    g_autoptr(GError) error = NULL;
    const FiscLayoutText layout = {"tax.csv", text, strlen(text)};
    GString *told = g_string_new(NULL);
    if (!fisc_flow_layout_add(&books->ctx, name, &layout, "for the test", &document, &receipt,
                              refusals, &error)) {
        g_string_append(told, error->message);
    }
    for (guint i = 0; i < refusals->len; i++) {
        const FiscRefusal *refusal = g_ptr_array_index(refusals, i);
        g_string_append_printf(told, "%s:%d %s;", refusal->file, refusal->line,
                               fisc_error_name(refusal->code));
    }
    CU_ASSERT_PTR_NULL(document);
    return g_string_free(told, FALSE);
}

static char *
ask(Books *books, const char *known_at)
{
    FiscReportQuery query = {
        .name = "layout", .layout = "TAX", .unit = "GG", .period = "2024", .known_at = known_at};
    return books_report_csv(books, &query);
}

static void
test_a_layout_on_record_is_a_report(void)
{
    g_autofree char *folder = fisc_test_data("arda-2024");
    g_autoptr(Books) books = books_loaded(folder);
    g_autofree char *refused = add_layout(books, "TAX", BAD);
    int64_t before = books_batch(books);
    FISC_ASSERT_TEXT(refused, "tax.csv:4 LAYOUT_ROW;");
    g_autofree char *unknown = add_layout(books, "TAX", HEADER "T,,flow:19,always,0,\n");
    FISC_ASSERT_TEXT(unknown, "tax.csv:3 LAYOUT_CODE;");
    FISC_ASSERT_INT(books_batch(books), before);

    g_autofree char *added = add_layout(books, "TAX", FIRST);
    FISC_ASSERT_TEXT(added, "");
    g_autofree char *first_batch = g_strdup_printf("%" G_GINT64_FORMAT, books_batch(books));
    g_autofree char *first = ask(books, NULL);
    g_autofree char *again = add_layout(books, "TAX", FIRST);
    FISC_ASSERT_INT(books_batch(books), before + 1); /* the same text twice is once */
    FISC_ASSERT_TEXT(again, "");

    FiscReportQuery gfs = {.name = "gfs", .unit = "GG", .period = "2024", .statement = "SOO"};
    g_autoptr(FiscTable) soo = books_report(books, &gfs);
    g_autoptr(GHashTable) rows = books_index(soo, 3);
    char wanted[64];
    int64_t taxes = books_amount(soo, rows, "SOO|GG|11", "amount");
    g_snprintf(wanted, sizeof(wanted), "TAX,GG,T,Taxes,%" G_GINT64_FORMAT ".%02d\n", taxes / 100,
               (int)(taxes % 100));
    FISC_ASSERT_CONTAINS(first, wanted);

    g_autofree char *changed = add_layout(books, "TAX", SECOND);
    g_autofree char *second = ask(books, NULL);
    g_autofree char *past = ask(books, first_batch);
    FISC_ASSERT_TEXT(changed, "");
    FISC_ASSERT_CONTAINS(second, "Taxes and contributions");
    FISC_ASSERT_TEXT(past, first);
}

static void
test_layouts_are_listed_and_shown(void)
{
    g_autoptr(Books) books = books_new();
    g_autofree char *added = add_layout(books, "TAX", FIRST);
    g_autoptr(FiscTable) table = NULL;
    g_autofree char *text = NULL;
    g_autofree char *family = NULL;
    g_autofree char *none = NULL;
    g_autoptr(GError) error = NULL;
    CU_ASSERT_TRUE_FATAL(fisc_flow_layout_list(&books->ctx, &table, NULL));
    g_autoptr(GHashTable) rows = books_index(table, 1);
    FISC_ASSERT_TEXT(added, "");
    FISC_ASSERT_TEXT(books_text(table->rows->pdata[0], 0), "TAX");
    FISC_ASSERT_TEXT(books_text(table->rows->pdata[0], 1), "Tax report");
    FISC_ASSERT_TEXT(books_text(table->rows->pdata[0], 2), "record");
    CU_ASSERT_TRUE(g_hash_table_contains(rows, "gfsm2014/SOO"));
    CU_ASSERT_TRUE(g_hash_table_contains(rows, "ipsas/POSITION"));
    CU_ASSERT_TRUE(fisc_flow_layout_show(&books->ctx, "TAX", &text, NULL));
    FISC_ASSERT_TEXT(text, FIRST);
    CU_ASSERT_TRUE(fisc_flow_layout_show(&books->ctx, "gfsm2014/SOO", &family, NULL));
    FISC_ASSERT_CONTAINS(family, "Statement of Operations");
    CU_ASSERT_FALSE(fisc_flow_layout_show(&books->ctx, "gfsm2014/ABC", &none, NULL));
    CU_ASSERT_FALSE(fisc_flow_layout_show(&books->ctx, "YOURS", &none, &error));
    CU_ASSERT_TRUE(g_error_matches(error, FISC_ERROR, FISC_ERROR_USAGE));
}

static void
test_names_of_the_program_are_taken(void)
{
    g_autoptr(Books) books = books_new();
    static const char *const names[] = {"SOO", "USSGL_SBR", "A,B", "a/b", "two words", ""};
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *told = add_layout(books, names[i], FIRST);
        CU_ASSERT_TRUE(told[0] != '\0');
    }
    FISC_ASSERT_INT(books_batch(books), 0);
}

static void
test_financial_statements_stand_beside_the_year_before(void)
{
    g_autofree char *folder = fisc_test_data("arda-2024");
    g_autoptr(Books) books = books_loaded(folder);
    FiscReportQuery ipsas = {.name = "ipsas", .unit = "GG", .period = "2024"};
    FiscReportQuery wrong = {
        .name = "ipsas", .unit = "GG", .period = "2024", .standard = "gfsm2014"};
    g_autoptr(FiscTable) table = books_report(books, &ipsas);
    FiscTable *refused = NULL;
    FISC_ASSERT_INT(table->columns->len, 6); /* two of them amounts */
    CU_ASSERT_TRUE(fisc_table_column(table, "2023") >= 0);
    CU_ASSERT_FALSE(fisc_flow_report(&books->ctx, &wrong, &refused, NULL));
}

/* Where duties are enforced ---------------------------------------------------------------------
 */

static const BooksOffice office = {"ada", "sol"};

/* Two officers who may make and approve rules, and the duties in force. */
static void
enforce_duties(Books *books)
{
    books_must_init_duties(books, office);
    books_must_give(books, office, "mary", "ministry_officer", NULL);
    books_must_give(books, office, "anna", "ministry_officer", NULL);
    books_must_enforce(books, office);
}

static void
test_where_duties_are_enforced_a_second_person_approves(void)
{
    g_autoptr(Books) books = books_new();
    const FiscLayoutText layout = {"tax.csv", FIRST, strlen(FIRST)};
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autofree char *document = NULL;
    g_autofree char *state = NULL;
    g_autofree char *text = NULL;
    FiscReceipt *proposed = NULL, *approved = NULL;
    GError *error = NULL;
    enforce_duties(books);
    books->ctx.actor = "mary";
    fisc_flow_layout_add(&books->ctx, "TAX", &layout, "for the test", &document, &proposed,
                         refusals, &error);
    books_expect_done(proposed, error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(document);
    CU_ASSERT_FALSE(fisc_flow_layout_show(&books->ctx, "TAX", &text, NULL));
    books->ctx.actor = "anna";
    fisc_flow_document_approve(&books->ctx, document, NULL, &state, &approved, &error);
    books_expect_done(approved, error);
    FISC_ASSERT_TEXT(state, "done");
    CU_ASSERT_TRUE(fisc_flow_layout_show(&books->ctx, "TAX", &text, NULL));
    FISC_ASSERT_TEXT(text, FIRST);
}

const FiscTest fisc_layout_walk_tests[] = {
    {"a layout on record is a report, as it was known then", test_a_layout_on_record_is_a_report},
    {"layouts are listed and shown", test_layouts_are_listed_and_shown},
    {"names of the program and names with separators are taken",
     test_names_of_the_program_are_taken},
    {"where duties are enforced a second person approves",
     test_where_duties_are_enforced_a_second_person_approves},
    {"financial statements stand beside those of the year before",
     test_financial_statements_stand_beside_the_year_before},
    {NULL, NULL},
};
