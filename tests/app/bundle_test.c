/* bundle_test.c: open data that a stranger can check: sound by an independent program, the same
 * twice, told what changed, and without what must not leave. */
#include "fisc/publish.h"
#include "tests/app/school.h"
#include "tests/integrations/fixture.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_bundle_walk_tests[];

static void
die_of(GError *error)
{
    if (error != NULL) {
        g_error("%s", error->message);
    }
}

/* Books, a folder for bundles and the key that signs them. */
typedef struct {
    Books *books;
    char *folder, *key;
} Office;

static void
office_open(Office *office, Books *books)
{
    GError *error = NULL;
    g_autofree char *id = NULL;
    office->books = books;
    office->folder = fisc_test_folder_new();
    office->key = g_build_filename(office->folder, "key", NULL);
    fisc_flow_head_key(office->key, "test", &id, &error);
    die_of(error);
}

static void
office_clear(Office *office)
{
    fisc_test_folder_remove(office->folder);
    books_free(office->books);
    g_free(office->folder);
    g_free(office->key);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Office, office_clear)

/* NULL, or why not. Caller frees. */
static char *
publish(Office *office, const char *name, FiscBundleOrder order)
{
    g_autofree char *folder = g_build_filename(office->folder, name, NULL);
    g_autofree char *since =
        order.since != NULL ? g_build_filename(office->folder, order.since, NULL) : NULL;
    g_autoptr(FiscTable) table = NULL;
    g_autoptr(GError) error = NULL;
    order.folder = folder;
    order.since = since;
    order.key_file = office->key;
    order.period = order.period != NULL ? order.period : "2024";
    return fisc_flow_publish_bundle(&office->books->ctx, &order, &table, &error)
               ? NULL
               : g_strdup(error->message);
}

static void
must_publish(Office *office, const char *name, FiscBundleOrder order)
{
    g_autofree char *wrong = publish(office, name, order);
    fisc_assert_text(wrong, NULL, name, __FILE__, __LINE__);
}

/* A file of a bundle. Caller frees. */
static char *
read_file(const Office *office, const char *bundle, const char *path)
{
    g_autofree char *full = g_build_filename(office->folder, bundle, path, NULL);
    char *text = NULL;
    g_file_get_contents(full, &text, NULL, NULL);
    return text != NULL ? text : g_strdup("(no such file)");
}

/* What another program says of a bundle. Caller frees. */
static char *
judge(const Office *office, const char *name)
{
    g_autofree char *program = books_source_path("tests/app/check_bundle.py");
    g_autofree char *schema = books_source_path("docs/datapackage.schema.json");
    g_autofree char *folder = g_build_filename(office->folder, name, NULL);
    g_autofree char *key = g_strconcat(office->key, ".pub", NULL);
    char *words[] = {(char *)"python3", program, folder, schema, (char *)"--head-key", key, NULL};
    g_autofree char *complaints = NULL;
    char *said = NULL;
    g_autoptr(GError) error = NULL;
    if (!g_spawn_sync(NULL, words, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &said, &complaints, NULL,
                      &error)) {
        return g_strdup(error->message);
    }
    char *all = g_strconcat(said, complaints, NULL);
    g_free(said);
    return all;
}

static void
must_post_event(Books *books, const char *text)
{
    g_autoptr(FiscReceipt) receipt = books_post(books, text);
    g_autofree char *refusal = books_first_refusal(receipt->refusals);
    FISC_ASSERT_TEXT(refusal, "");
}

static Books *
arda_books(void)
{
    g_autofree char *folder = fisc_test_data("arda-2024");
    return books_loaded(folder);
}

/* ---- sound ---- */

static void
test_sound(void)
{
    g_auto(Office) office = {NULL};
    office_open(&office, arda_books());
    must_publish(&office, "one", (FiscBundleOrder){.unit = "GG"});
    g_autofree char *verdict = judge(&office, "one");
    FISC_ASSERT_CONTAINS(verdict, "sound: 10 files, ");
    FISC_ASSERT_CONTAINS(verdict, " rows, 0 changes\n");
}

/* A judge that never finds anything would be no judge. */
static void
test_unsound(void)
{
    static const struct {
        const char *path, *from, *to, *part;
    } cases[] = {
        {"data/budget.csv", "420.00", "421.00", "data/budget.csv: its SHA-256 is"},
        {"checksums.txt", "  data", "   data", "files and checksums differ"},
        {"datapackage.json", "\"batch\"", "\"butch\"", "package.fisc: batch is missing"},
        {"README.md", "Open data", "Open date", "README.md: its SHA-256"},
    };
    g_auto(Office) office = {NULL};
    office_open(&office, arda_books());
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        must_publish(&office, "one", (FiscBundleOrder){.unit = "GG"});
        g_autofree char *text = read_file(&office, "one", cases[i].path);
        g_autofree char *path = g_build_filename(office.folder, "one", cases[i].path, NULL);
        g_auto(GStrv) parts = g_strsplit(text, cases[i].from, 2);
        g_autofree char *changed = g_strjoinv(cases[i].to, parts);
        CU_ASSERT_TRUE(g_file_set_contents(path, changed, -1, NULL));
        g_autofree char *verdict = judge(&office, "one");
        FISC_ASSERT_CONTAINS(verdict, cases[i].part);
    }
}

/* ---- the same twice ---- */

static const char *const paths[] = {
    "data/budget.csv",
    "data/revenue.csv",
    "data/statements.csv",
    "data/transactions.csv",
    "codes/entities.csv",
    "codes/groups.csv",
    "codes/accounts.csv",
    "codes/cofog.csv",
    "codes/gfs.csv",
    "codes/segments.csv",
    "codes/withheld.csv",
    "datapackage.json",
    "README.md",
    "CHANGES.csv",
    "head.txt",
    "head.key.pub",
    "checksums.txt",
};

static void
test_same(void)
{
    g_auto(Office) office = {NULL};
    office_open(&office, school_books());
    must_publish(&office, "one", (FiscBundleOrder){0});
    g_autofree char *batch = g_strdup_printf("%" G_GINT64_FORMAT, books_batch(office.books));
    books_must_post(office.books, SCHOOL_HEADER SCHOOL_GOODS("11", "2024-01-15", "7.00"));
    must_publish(&office, "two", (FiscBundleOrder){.known_at = batch});
    must_publish(&office, "three", (FiscBundleOrder){0});
    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_autofree char *one = read_file(&office, "one", paths[i]);
        g_autofree char *two = read_file(&office, "two", paths[i]);
        FISC_ASSERT_TEXT(two, one);
    }
    g_autofree char *before = read_file(&office, "one", "data/transactions.csv");
    g_autofree char *after = read_file(&office, "three", "data/transactions.csv");
    CU_ASSERT_STRING_NOT_EQUAL(before, after);
    g_autofree char *verdict = judge(&office, "two");
    FISC_ASSERT_CONTAINS(verdict, "sound:");
}

/* ---- changes ---- */

static void
test_changes(void)
{
    g_auto(Office) office = {NULL};
    office_open(&office, school_books());
    must_publish(&office, "one", (FiscBundleOrder){.unit = "SCH"});
    books_must_post(office.books, SCHOOL_HEADER SCHOOL_GOODS("11", "2024-01-15", "7.00"));
    must_publish(&office, "two", (FiscBundleOrder){.unit = "SCH", .since = "one"});
    g_autofree char *changes = read_file(&office, "two", "CHANGES.csv");
    g_autofree char *package = read_file(&office, "two", "datapackage.json");
    g_autofree char *verdict = judge(&office, "two");
    FISC_ASSERT_CONTAINS(changes, "file,change,key,column,before,after\n");
    FISC_ASSERT_CONTAINS(changes, "budget,changed,SCH||||70912|22||||,obligated,120.50,127.50\n");
    FISC_ASSERT_CONTAINS(changes, "statements,changed,SOO|SCH|2,amount,120.50,127.50\n");
    g_autofree char *entry = books_ask(office.books, "select max(entry_id) from ledger.entry");
    g_autofree char *added =
        g_strdup_printf("transactions,added,%s|1,,,\ntransactions,added,%s|2,,,\n", entry, entry);
    FISC_ASSERT_CONTAINS(changes, added);
    FISC_ASSERT_CONTAINS(package, "\"previousBatch\": ");
    CU_ASSERT_PTR_NULL(strstr(package, "\"previousBatch\": null"));
    FISC_ASSERT_CONTAINS(verdict, "sound:");
}

static void
test_wrong_orders(void)
{
    static const struct {
        const char *name;
        FiscBundleOrder order;
        const char *part;
    } cases[] = {
        {"two", {.period = "spring"}, "--period \"spring\" is none of"},
        {"two", {.unit = "XX"}, "XX"},
        {"two", {.known_at = "0"}, "is no batch number"},
        {"two", {.known_at = "999"}, "there is no batch 999"},
        {"two", {.since = "none"}, "is no description of a bundle"},
        {"two", {.since = "one", .unit = "SCH"}, "not the one before"},
        {"one", {.since = "one"}, "in another folder"},
        {"two", {.since = "touched"}, "is not what its datapackage.json says"},
        {".", {0}, "has files and is no bundle"},
    };
    g_auto(Office) office = {NULL};
    office_open(&office, school_books());
    must_publish(&office, "one", (FiscBundleOrder){0});
    must_publish(&office, "touched", (FiscBundleOrder){0});
    g_autofree char *path = g_build_filename(office.folder, "touched/data/budget.csv", NULL);
    CU_ASSERT_TRUE(g_file_set_contents(path, "entity\nSCH\n", -1, NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *wrong = publish(&office, cases[i].name, cases[i].order);
        FISC_ASSERT_CONTAINS(wrong != NULL ? wrong : "(none)", cases[i].part);
    }
}

/* ---- what must not leave ---- */

/* A natural person who is paid, and a memo that names her. */
static const char person_entities[] = "entity,name,sector,cp_code,reporting\n"
                                      "SCH,School board,S1313,11,Y\n"
                                      "P-77,Jane Roe,S14,16,N\n"
                                      "CORP,Companies,S11002,152,N\n"
                                      "BANK,Banks,S12202,132,N\n";
static const char person_groups[] = "group,name,members\nPAYEES,All payees,P-77 CORP\n";
static const char person_journals[] =
    SCHOOL_HEADER "1,2024-02-01,SCH,22,120.50,,P-77,70912,,,,Course by Jane Roe\n"
                  "1,2024-02-01,SCH,3308,,120.50,P-77,,,,,Course by Jane Roe\n"
                  "2,2024-03-01,SCH,3308,120.50,,P-77,,,,,Jane Roe paid\n"
                  "2,2024-03-01,SCH,3202,,120.50,BANK,,22,P-77,,Jane Roe paid\n"
                  "3,2024-03-02,SCH,22,10,,CORP,70912,,,,Chalk\n"
                  "3,2024-03-02,SCH,3308,,10,CORP,,,,,Chalk\n";

static Books *
person_books(void)
{
    Books *books = books_new();
    char *folder = fixture_folder("entities.csv", person_entities, "groups.csv", person_groups,
                                  "journals.csv", person_journals, NULL);
    books_must_load(books, folder);
    fixture_remove(folder);
    return books;
}

/* Every file of a bundle in one text. Caller frees. */
static char *
read_all(const Office *office, const char *bundle)
{
    GString *all = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_autofree char *text = read_file(office, bundle, paths[i]);
        g_string_append(all, text);
    }
    return g_string_free(all, FALSE);
}

static void
test_persons(void)
{
    g_auto(Office) office = {NULL};
    office_open(&office, person_books());
    must_publish(&office, "one", (FiscBundleOrder){0});
    g_autofree char *all = read_all(&office, "one");
    g_autofree char *lines = read_file(&office, "one", "data/transactions.csv");
    g_autofree char *verdict = judge(&office, "one");
    static const char *const never[] = {"Jane", "Roe", "P-77", "Course", "Chalk"};
    for (gsize i = 0; i < G_N_ELEMENTS(never); i++) {
        fisc_assert_text(strstr(all, never[i]), NULL, never[i], __FILE__, __LINE__);
    }
    FISC_ASSERT_CONTAINS(lines, ",SCH,SCH/1,1,22,22,S14,70912,");
    FISC_ASSERT_CONTAINS(lines, ",BANK,,,,,,,,,,22,S14,,-120.50\n");
    FISC_ASSERT_CONTAINS(lines, ",SCH,SCH/3,3,22,22,CORP,70912,");
    FISC_ASSERT_CONTAINS(verdict, "sound:");
}

#define RULE(name, column, action, where)                                                          \
    "{\"event\":{\"kind\":\"privacy\",\"subject\":\"" name "\",\"fields\":{\"rule\":\"" name       \
    "\",\"column\":\"" column "\",\"action\":\"" action "\",\"where\":\"" where "\"}}}\n"

static void
test_rules(void)
{
    g_auto(Office) office = {NULL};
    office_open(&office, person_books());
    must_post_event(office.books, RULE("refs", "reference", "drop", "")
                                      RULE("chalk", "*", "drop", "file=transactions document=3")
                                          RULE("companies", "name", "mask", "code=CORP")
                                              RULE("courses", "memo", "keep", "document=2"));
    must_publish(&office, "one", (FiscBundleOrder){0});
    g_autofree char *lines = read_file(&office, "one", "data/transactions.csv");
    g_autofree char *entities = read_file(&office, "one", "codes/entities.csv");
    g_autofree char *package = read_file(&office, "one", "datapackage.json");
    g_autofree char *withheld = read_file(&office, "one", "codes/withheld.csv");
    g_autofree char *verdict = judge(&office, "one");
    CU_ASSERT_PTR_NULL(strstr(lines, "reference"));
    CU_ASSERT_PTR_NULL(strstr(lines, ",CORP,"));
    FISC_ASSERT_CONTAINS(lines, "Jane Roe paid");
    CU_ASSERT_PTR_NULL(strstr(lines, "Course by"));
    FISC_ASSERT_CONTAINS(entities, "CORP,withheld,S11002,");
    FISC_ASSERT_CONTAINS(package, "\"rowsWithheld\": 2,");
    FISC_ASSERT_CONTAINS(withheld, "chalk,*,drop,\n");
    CU_ASSERT_PTR_NULL(strstr(withheld, "document=3"));
    FISC_ASSERT_CONTAINS(verdict, "sound:");
}

const FiscTest fisc_bundle_walk_tests[] = {
    {"makes open data that another program finds sound", test_sound},
    {"is found out where it was touched", test_unsound},
    {"makes the same bytes for the same batch, whatever was posted since", test_same},
    {"tells what changed since the bundle before", test_changes},
    {"refuses a bundle that makes no sense", test_wrong_orders},
    {"lets no natural person and no memo out", test_persons},
    {"withholds what the rules on record say", test_rules},
    {NULL, NULL},
};
