/* audit_test.c: what an auditor takes away: it ties with the reports, is the same twice, and every
 * byte that is altered is named, with the file it is in. */
#include "fisc/audit.h"
#include "fisc/flow.h"
#include "fisc/hold.h"
#include "tests/app/books.h"
#include "tests/integrations/fixture.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_audit_tests[];

/* Books, a folder for packs and the key that signs them. */
typedef struct {
    Books *books;
    char *folder, *key;
} Office;

static void
must(bool is_done, GError *error)
{
    if (!is_done) {
        g_error("%s", error->message);
    }
}

static void
office_open(Office *office)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *id = NULL;
    g_autofree char *data = fisc_test_data("arda-2024");
    office->books = books_new();
    books_must_load(office->books, data);
    office->folder = fisc_test_folder_new();
    office->key = g_build_filename(office->folder, "key", NULL);
    must(fisc_flow_head_key(office->key, "test", &id, &error), error);
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
pack(const Office *office, const char *name, FiscAuditOrder order)
{
    g_autofree char *folder = g_build_filename(office->folder, name, NULL);
    g_autoptr(FiscTable) table = NULL;
    g_autoptr(GError) error = NULL;
    order.folder = folder;
    order.key_file = office->key;
    order.period = order.period != NULL ? order.period : "2024";
    return fisc_flow_audit_pack(&office->books->ctx, &order, &table, &error)
               ? NULL
               : g_strdup(error->message);
}

static void
must_pack(const Office *office, const char *name, FiscAuditOrder order)
{
    g_autofree char *wrong = pack(office, name, order);
    fisc_assert_text(wrong, NULL, name, __FILE__, __LINE__);
}

/* What does not hold, a line each, or what is proven. Caller frees. */
static char *
check(const Office *office, const char *name, const char *head_key)
{
    g_autofree char *folder = g_build_filename(office->folder, name, NULL);
    g_autoptr(GPtrArray) wrong = NULL;
    g_autofree char *says = NULL;
    g_autoptr(GError) error = NULL;
    must(fisc_flow_audit_check(folder, head_key, &wrong, &says, &error), error);
    GString *text = g_string_new(says);
    for (guint i = 0; i < wrong->len; i++) {
        g_string_append_printf(text, "%s\n", (const char *)wrong->pdata[i]);
    }
    return g_string_free(text, FALSE);
}

static char *
path_of(const Office *office, const char *name, const char *file)
{
    return g_build_filename(office->folder, name, file, NULL);
}

static char *
read_file(const Office *office, const char *name, const char *file)
{
    g_autofree char *path = path_of(office, name, file);
    char *text = NULL;
    g_file_get_contents(path, &text, NULL, NULL);
    return text != NULL ? text : g_strdup("(no such file)");
}

/* Every file that a pack of these books has. */
static const char *const files[] = {
    "README.md",
    "chain.ndjson",
    "checksums.txt",
    "checksums.txt.sig",
    "entries.csv",
    "head.key.pub",
    "head.txt",
    "pack.json",
    "records/conflicts.csv",
    "records/documents.csv",
    "records/duties.csv",
    "records/holds.csv",
    "records/overrides.csv",
    "records/reads.csv",
    "records/refusals.csv",
    "reports/budget-execution.csv",
    "reports/budget-stages.csv",
    "reports/gfs.csv",
    "reports/over-budget.csv",
    "reports/trial-balance.csv",
    "verify.json",
};

static void
expect_same(const Office *office, const char *one, const char *other)
{
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *a = read_file(office, one, files[i]);
        g_autofree char *b = read_file(office, other, files[i]);
        CU_ASSERT(strcmp(a, "(no such file)") != 0);
        fisc_assert_text(a, b, files[i], __FILE__, __LINE__);
    }
}

static void
test_proves_itself(void)
{
    g_auto(Office) office = {0};
    office_open(&office);
    g_autofree char *key = g_strconcat(office.key, ".pub", NULL);
    must_pack(&office, "all", (FiscAuditOrder){0});
    g_autofree char *told = check(&office, "all", NULL);
    FISC_ASSERT_CONTAINS(told, "74 entries with 231 lines are in the chain of");
    g_autofree char *by_key = check(&office, "all", key);
    FISC_ASSERT_TEXT(by_key, told);
    g_autofree char *verified = read_file(&office, "all", "verify.json");
    FISC_ASSERT_CONTAINS(verified, "\"clean\": true");
}

/* Debits and credits of the financial lines of entries.csv, by entity and account, as the trial
 * balance prints them. */
static void
add_up(char **lines, GHashTable *debits, GHashTable *credits)
{
    for (int i = 1; lines[i] != NULL && *lines[i] != '\0'; i++) {
        g_auto(GStrv) cells = g_strsplit(lines[i], ",", -1);
        const char *amount = cells[g_strv_length(cells) - 1];
        g_autofree char *key = g_strconcat(cells[5], "/", cells[11], NULL);
        bool is_credit = *amount == '-';
        g_auto(GStrv) parts = g_strsplit(amount + (is_credit ? 1 : 0), ".", 2);
        gint64 minor =
            g_ascii_strtoll(parts[0], NULL, 10) * 100 + g_ascii_strtoll(parts[1], NULL, 10);
        GHashTable *side = is_credit ? credits : debits;
        gint64 *sum = g_hash_table_lookup(side, key);
        if (sum == NULL) {
            sum = g_new0(gint64, 1);
            g_hash_table_insert(side, g_strdup(key), sum);
        }
        *sum += minor;
    }
}

static gint64
sum_of(GHashTable *side, const char *key)
{
    const gint64 *sum = g_hash_table_lookup(side, key);
    return sum != NULL ? *sum : 0;
}

static void
test_ties_with_the_trial_balance(void)
{
    g_auto(Office) office = {0};
    office_open(&office);
    must_pack(&office, "all", (FiscAuditOrder){0});
    g_autofree char *entries = read_file(&office, "all", "entries.csv");
    g_auto(GStrv) lines = g_strsplit(entries, "\n", -1);
    g_autoptr(GHashTable) debits = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(GHashTable) credits = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    add_up(lines, debits, credits);
    const FiscReportQuery query = {.name = "trial-balance", .period = "2024"};
    g_autoptr(FiscTable) balance = books_report(office.books, &query);
    int debit = fisc_table_column(balance, "debit");
    int credit = fisc_table_column(balance, "credit");
    int rows = 0;
    for (guint i = 0; i < balance->rows->len; i++) {
        const FiscRow *row = balance->rows->pdata[i];
        if (row->heading || row->cells[1].text == NULL) {
            continue;
        }
        g_autofree char *key = g_strconcat(books_text(row, 0), "/", books_text(row, 1), NULL);
        fisc_assert_int((long)sum_of(debits, key), (long)row->cells[debit].number, key, __FILE__,
                        __LINE__);
        fisc_assert_int((long)sum_of(credits, key), (long)row->cells[credit].number, key, __FILE__,
                        __LINE__);
        rows++;
    }
    CU_ASSERT(rows > 50);
    g_autofree char *report = books_report_csv(office.books, &query);
    g_autofree char *packed = read_file(&office, "all", "reports/trial-balance.csv");
    FISC_ASSERT_TEXT(packed, report);
}

/* Whatever was posted since, and over a pack that is there. */
static void
test_is_the_same_twice(void)
{
    g_auto(Office) office = {0};
    office_open(&office);
    g_autofree char *batch = g_strdup_printf("%" G_GINT64_FORMAT, books_batch(office.books));
    must_pack(&office, "one", (FiscAuditOrder){0});
    books_must_post(office.books,
                    "journal_id,date,entity,gfs_code,debit,credit,counterparty_entity,cofog,"
                    "cash_code,cash_counterparty,memo\n"
                    "Z1,2024-12-05,BCG,22,10,,CB,70912,,,Chalk\n"
                    "Z1,2024-12-05,BCG,3202,,10,CB,,22,BANK,Chalk\n");
    must_pack(&office, "two", (FiscAuditOrder){.known_at = batch});
    must_pack(&office, "two", (FiscAuditOrder){.known_at = batch});
    expect_same(&office, "one", "two");
    must_pack(&office, "three", (FiscAuditOrder){0});
    g_autofree char *told = check(&office, "three", NULL);
    FISC_ASSERT_CONTAINS(told, "75 entries with");
}

/* One byte in the middle of each file. */
static void
test_names_every_altered_file(void)
{
    g_auto(Office) office = {0};
    office_open(&office);
    must_pack(&office, "all", (FiscAuditOrder){0});
    g_autofree char *key = g_strconcat(office.key, ".pub", NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = path_of(&office, "all", files[i]);
        g_autofree char *bytes = NULL;
        gsize length = 0;
        CU_ASSERT_TRUE_FATAL(g_file_get_contents(path, &bytes, &length, NULL));
        CU_ASSERT_TRUE_FATAL(length > 0);
        bytes[length / 2] ^= 1;
        CU_ASSERT_TRUE_FATAL(g_file_set_contents(path, bytes, (gssize)length, NULL));
        g_autofree char *told = check(&office, "all", key);
        bool is_seal = g_str_has_prefix(files[i], "checksums");
        g_autofree char *line = g_strconcat(is_seal ? "checksums.txt" : files[i], ": ", NULL);
        fisc_assert_int(strstr(told, line) != NULL, 1, files[i], __FILE__, __LINE__);
        bytes[length / 2] ^= 1;
        CU_ASSERT_TRUE_FATAL(g_file_set_contents(path, bytes, (gssize)length, NULL));
    }
    g_autofree char *told = check(&office, "all", key);
    FISC_ASSERT_CONTAINS(told, "every file is as it was sealed");
}

/* Whoever has no key may write the checksums anew; who has a key of his own may sign them. */
static void
test_needs_the_right_key(void)
{
    g_auto(Office) office = {0};
    office_open(&office);
    g_autoptr(GError) error = NULL;
    g_autofree char *id = NULL;
    g_autofree char *other = g_build_filename(office.folder, "other", NULL);
    g_autofree char *other_pub = g_strconcat(other, ".pub", NULL);
    must(fisc_flow_head_key(other, "other", &id, &error), error);
    must_pack(&office, "all", (FiscAuditOrder){0});
    g_autofree char *told = check(&office, "all", other_pub);
    FISC_ASSERT_CONTAINS(told, "checksums.txt: it is not signed by key");
    FISC_ASSERT_CONTAINS(told, "head.txt: it is not signed by key");
}

static void
test_names_missing_and_strange_files(void)
{
    g_auto(Office) office = {0};
    office_open(&office);
    must_pack(&office, "all", (FiscAuditOrder){0});
    g_autofree char *gone = path_of(&office, "all", "records/holds.csv");
    g_autofree char *strange = path_of(&office, "all", "records/more.csv");
    CU_ASSERT_TRUE(g_file_set_contents(strange, "more", -1, NULL));
    CU_ASSERT_EQUAL(remove(gone), 0);
    g_autofree char *told = check(&office, "all", NULL);
    FISC_ASSERT_CONTAINS(told, "records/holds.csv: it is missing");
    FISC_ASSERT_CONTAINS(told, "records/more.csv: it is no file of the pack");
}

/* Of one unit and one quarter: others are hashes, and it proves itself all the same. */
static void
test_of_a_unit(void)
{
    g_auto(Office) office = {0};
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *id = NULL;
    office_open(&office);
    const FiscHoldOrder hold = {.id = "H-1", .payee = "BANK", .entity = "RDF", .reason = "asked"};
    must(fisc_flow_hold_place(&office.books->ctx, &hold, &id, &receipt, &error), error);
    must_pack(&office, "unit", (FiscAuditOrder){.unit = "BCG", .period = "2024-Q1"});
    g_autofree char *told = check(&office, "unit", NULL);
    FISC_ASSERT_CONTAINS(told, "every file is as it was sealed");
    g_autofree char *entries = read_file(&office, "unit", "entries.csv");
    FISC_ASSERT_CONTAINS(entries, ",2024-03-31,2024-03,BCG,");
    CU_ASSERT_PTR_NULL(strstr(entries, ",RDF,package"));
    CU_ASSERT_PTR_NULL(strstr(entries, ",2024-04"));
    g_autofree char *holds = read_file(&office, "unit", "records/holds.csv");
    CU_ASSERT_PTR_NULL(strstr(holds, "H-1"));
    must_pack(&office, "group", (FiscAuditOrder){.unit = "GG"});
    g_autofree char *all_holds = read_file(&office, "group", "records/holds.csv");
    FISC_ASSERT_CONTAINS(all_holds, "H-1,placed,payee,BANK,RDF,");
}

static void
test_refuses(void)
{
    static const struct {
        FiscAuditOrder order;
        const char *expected;
    } cases[] = {
        {{.period = "last year"}, "none of 2024"},
        {{.unit = "NOWHERE"}, "there is no unit"},
        {{.known_at = "999999"}, "there is no batch 999999"},
        {{.known_at = "x"}, "no batch number"},
    };
    g_auto(Office) office = {0};
    office_open(&office);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *wrong = pack(&office, "none", cases[i].order);
        CU_ASSERT_PTR_NOT_NULL_FATAL(wrong);
        FISC_ASSERT_CONTAINS(wrong, cases[i].expected);
    }
    g_autofree char *foreign = pack(&office, ".", (FiscAuditOrder){0});
    CU_ASSERT_PTR_NOT_NULL_FATAL(foreign);
    FISC_ASSERT_CONTAINS(foreign, "is no audit pack");
}

const FiscTest fisc_audit_tests[] = {
    {"an audit pack proves its entries without a database", test_proves_itself},
    {"an audit pack ties with the trial balance", test_ties_with_the_trial_balance},
    {"an audit pack of one batch is the same twice", test_is_the_same_twice},
    {"names the file of an audit pack in which a byte was altered", test_names_every_altered_file},
    {"an audit pack is checked against the key that is known", test_needs_the_right_key},
    {"names files that an audit pack lacks, and that are none of it",
     test_names_missing_and_strange_files},
    {"an audit pack of a unit tells nothing of others", test_of_a_unit},
    {"refuses to pack what there is not", test_refuses},
    {NULL, NULL},
};
