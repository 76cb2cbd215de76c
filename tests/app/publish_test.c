/* publish_test.c: what is published stays what it was: made again byte for byte after a thousand
 * entries, another layout and a restart; kept under its digest; never exchanged unnoticed. */
#include "app/flows/report_words.h"
#include "fisc/cluster.h"
#include "fisc/publish.h"
#include "tests/app/school.h"
#include "tests/integrations/fixture.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"
#include <libpq-fe.h>
#include <string.h>

extern const FiscTest fisc_publish_tests[];

/* ---- words ---- */

static void
test_words(void)
{
    static const struct {
        const char *line, *canonical; /* NULL: the same */
    } cases[] = {
        {"gfs --period 2018", NULL},
        {"gfs --unit CITY --period=2018", "gfs --period 2018 --unit CITY"},
        {"--detail --period 2024 control-exceptions", "control-exceptions --period 2024 --detail"},
        {"budget-stages --period 2024 --by 'entity=001,programme:1' --where 'a=1 b=2'",
         "budget-stages --period 2024 --by entity=001,programme:1 --where 'a=1 b=2'"},
        {"gfs --period 2024 --unit 'O'\\''Hara \"x\" #1'", NULL},
        {"gfs --period 2024 --unit ''", NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(FiscReportWords) words = {0};
        g_autoptr(GError) error = NULL;
        CU_ASSERT_TRUE_FATAL(fisc_report_words_read(cases[i].line, &words, &error));
        g_autofree char *line = fisc_report_words_write(&words.query);
        FISC_ASSERT_TEXT(line, cases[i].canonical != NULL ? cases[i].canonical : cases[i].line);
    }
}

static void
test_wrong_words(void)
{
    static const struct {
        const char *line, *part;
    } cases[] = {
        {"--period 2018", "name no report"},
        {"gfs --perod 2018", "no option --perod"},
        {"gfs --period", "--period needs its value"},
        {"gfs --period 2018 --period 2019", "--period is given twice"},
        {"gfs --detail=yes", "--detail takes no value"},
        {"gfs pefa", "\"pefa\" is no option"},
        {"gfs --period 'open", "is not the words of a report"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(FiscReportWords) words = {0};
        g_autoptr(GError) error = NULL;
        CU_ASSERT_FALSE(fisc_report_words_read(cases[i].line, &words, &error));
        CU_ASSERT_TRUE_FATAL(g_error_matches(error, FISC_ERROR, FISC_ERROR_USAGE));
        FISC_ASSERT_CONTAINS(error->message, cases[i].part);
    }
}

/* Every field of a query comes back from its line. One that the table forgot would leave a
 * pointer's place of the query empty. */
static void
test_every_word(void)
{
    FiscReportQuery query = {.name = "gfs"};
    for (const FiscReportWord *word = fisc_report_words; word->option != NULL; word++) {
        fisc_report_word_set(word, &query, word->option);
    }
    for (gsize at = 0; at < sizeof query; at += sizeof(void *)) {
        static const char nothing[sizeof(void *)];
        gsize size = MIN(sizeof nothing, sizeof query - at);
        CU_ASSERT(memcmp((const char *)&query + at, nothing, size) != 0);
    }
    g_autofree char *line = fisc_report_words_write(&query);
    g_auto(FiscReportWords) words = {0};
    CU_ASSERT_TRUE_FATAL(fisc_report_words_read(line, &words, NULL));
    g_autofree char *again = fisc_report_words_write(&words.query);
    FISC_ASSERT_TEXT(again, line);
}

/* ---- publishing ---- */

static void
die_of(GError *error)
{
    if (error != NULL) {
        g_error("%s", error->message);
    }
}

/* "" or the first refusal's code. Caller frees. */
static char *
publish(Books *books, const FiscPublishOrder *order, const FiscReportQuery *query,
        FiscPublished *out_published)
{
    g_autoptr(FiscReceipt) receipt = NULL;
    GError *error = NULL;
    fisc_flow_publish_report(&books->ctx, order, query, out_published, &receipt, &error);
    die_of(error);
    return receipt->refusals != NULL ? books_first_refusal(receipt->refusals) : g_strdup("");
}

static void
must_publish(Books *books, const char *id, const char *format, const FiscReportQuery *query)
{
    FiscPublishOrder order = {.id = id, .format = format, .status = "provisional"};
    g_auto(FiscPublished) published = {0};
    g_autofree char *refusal = publish(books, &order, query, &published);
    fisc_assert_text(refusal, "", id, __FILE__, __LINE__);
}

/* Its bytes made again, or the message why not. Caller frees. */
static GString *
reproduce(Books *books, const char *id)
{
    GString *bytes = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    if (!fisc_flow_reproduce(&books->ctx, id, bytes, &error)) {
        g_string_assign(bytes, error->message);
    }
    return bytes;
}

static const FiscReportQuery school_stages = {
    .name = "budget-stages", .unit = "SCH", .period = "2024", .by = "entity,gfs_code"};

static void
test_publication(void)
{
    g_autoptr(Books) books = school_books();
    int64_t before = books_batch(books);
    FiscPublishOrder order = {
        .id = "STAGES-2024", .format = "csv", .status = "provisional", .title = "Stages"};
    g_auto(FiscPublished) published = {0};
    g_autofree char *refusal = publish(books, &order, &school_stages, &published);
    FISC_ASSERT_TEXT(refusal, "");
    FISC_ASSERT_INT(published.batch, before);
    FISC_ASSERT_INT(books_batch(books), before + 1);

    g_autofree char *now = books_report_csv(books, &school_stages);
    g_autoptr(GString) made = reproduce(books, "STAGES-2024");
    FISC_ASSERT_TEXT(made->str, now);
    FISC_ASSERT_INT(published.size, strlen(now));

    g_autoptr(FiscTable) table = NULL;
    CU_ASSERT_TRUE_FATAL(fisc_flow_publication_list(&books->ctx, &table, NULL));
    FISC_ASSERT_INT(table->rows->len, 1);
    const FiscRow *row = table->rows->pdata[0];
    g_autofree char *words = g_strdup_printf("budget-stages --period 2024 --unit SCH --known-at "
                                             "%" G_GINT64_FORMAT " --by entity,gfs_code",
                                             before);
    FISC_ASSERT_TEXT(books_text(row, 0), "STAGES-2024");
    FISC_ASSERT_TEXT(books_text(row, 1), "provisional");
    FISC_ASSERT_TEXT(books_text(row, 4), published.content);
    FISC_ASSERT_TEXT(books_text(row, 6), "Stages");
    FISC_ASSERT_TEXT(books_text(row, 7), words);
}

/* The same again is the same; what is published cannot become something else, and what corrects it
 * says so. */
static void
test_again(void)
{
    g_autoptr(Books) books = school_books();
    must_publish(books, "P-1", "json", &school_stages);
    int64_t batch = books_batch(books);
    must_publish(books, "P-1", "json", &school_stages);
    FISC_ASSERT_INT(books_batch(books), batch);

    const struct {
        FiscPublishOrder order;
        FiscReportQuery query;
        const char *refusal;
    } cases[] = {
        {{.id = "P-1", .format = "json", .status = "final"}, school_stages, "MASTER_CONFLICT"},
        {{.id = "P-1", .format = "csv", .status = "provisional"}, school_stages, "MASTER_CONFLICT"},
        {{.id = "P-1", .format = "json", .status = "provisional"},
         {.name = "trial-balance", .unit = "SCH", .period = "2024"},
         "MASTER_CONFLICT"},
        {{.id = "P-2", .format = "json", .status = "final", .replaces = "P-1"}, school_stages, ""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(FiscPublished) published = {0};
        g_autofree char *refusal = publish(books, &cases[i].order, &cases[i].query, &published);
        FISC_ASSERT_CONTAINS(refusal, cases[i].refusal);
    }
}

static void
test_wrong_orders(void)
{
    static const struct {
        FiscPublishOrder order;
        FiscError code;
        const char *part;
    } cases[] = {
        {{.id = "A B", .format = "csv", .status = "final"}, FISC_ERROR_USAGE, "without blanks"},
        {{.id = "A", .format = "csv", .status = "good"}, FISC_ERROR_USAGE, "flash, provisional"},
        {{.id = "A", .format = "doc", .status = "final"}, FISC_ERROR_USAGE, "no format \"doc\""},
    };
    g_autoptr(Books) books = school_books();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(FiscPublished) published = {0};
        g_autoptr(FiscReceipt) receipt = NULL;
        g_autoptr(GError) error = NULL;
        CU_ASSERT_FALSE(fisc_flow_publish_report(&books->ctx, &cases[i].order, &school_stages,
                                                 &published, &receipt, &error));
        FISC_ASSERT_INT(error->code, cases[i].code);
        FISC_ASSERT_CONTAINS(error->message, cases[i].part);
    }
    FiscReportQuery future = school_stages;
    FiscPublishOrder order = {.id = "A", .format = "csv", .status = "final"};
    g_auto(FiscPublished) published = {0};
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autoptr(GError) error = NULL;
    future.known_at = "999999";
    CU_ASSERT_FALSE(
        fisc_flow_publish_report(&books->ctx, &order, &future, &published, &receipt, &error));
    FISC_ASSERT_CONTAINS(error->message, "the newest batch is");
    g_autoptr(GString) none = reproduce(books, "A");
    FISC_ASSERT_TEXT(none->str, "there is no publication \"A\"");
}

/* ---- years later ---- */

#define LATER_ENTRIES 1000

/* Books on a cluster of their own, which can be stopped without stopping the other tests'. */
static Books *
own_books(const char *folder, FiscCluster **out_cluster)
{
    GError *error = NULL;
    FiscCluster *cluster = NULL;
    Books *books = g_new0(Books, 1);
    if (fisc_cluster_open(folder, &cluster, &error)) {
        fisc_migrate(cluster->admin_uri, &error);
    }
    die_of(error);
    books->admin = g_strdup(cluster->admin_uri);
    books->uri = g_strdup(cluster->poster_uri);
    books_open(books);
    *out_cluster = cluster;
    return books;
}

static void
restart(Books *books, const char *folder, FiscCluster **cluster)
{
    GError *error = NULL;
    books_close(books);
    g_clear_pointer(cluster, fisc_cluster_free);
    if (fisc_cluster_stop(folder, &error)) {
        fisc_cluster_open(folder, cluster, &error);
    }
    die_of(error);
    books_open(books);
}

#define LAYOUT(rows)                                                                               \
    "{\"event\":{\"kind\":\"layout\",\"subject\":\"OWN\",\"fields\":{\"layout\":\"OWN\","          \
    "\"title\":\"A layout of our "                                                                 \
    "own\",\"text\":\"code,label,formula,show,level,style\\n,Ours,,,0,heading\\n" rows "\"}}}\n"

#define PUBLISHER                                                                                  \
    "{\"event\":{\"kind\":\"publisher\",\"subject\":\"MOF\",\"fields\":{\"publisher\":\"MOF\","    \
    "\"name\":\"Ministry of Finance\",\"area\":\"ES\",\"licence\":\"CC-BY-4.0\"}}}\n"

/* What is published: every report that is known at a batch, in every format there is. */
static const FiscReportQuery published_queries[] = {
    {.name = "gfs", .unit = "GG", .period = "2024"},
    {.name = "gfs", .unit = "BCG", .period = "2024", .statement = "SOO,BS_CLOSE"},
    {.name = "trial-balance", .unit = "CG", .period = "2024"},
    {.name = "eliminations", .unit = "GG", .period = "2024"},
    {.name = "budget-execution", .unit = "BCG", .period = "2024"},
    {.name = "layout", .layout = "OWN", .unit = "GG", .period = "2024"},
};

static GPtrArray *
all_formats(void)
{
    GPtrArray *formats = g_ptr_array_new();
    g_ptr_array_add(formats, (char *)"csv");
    g_ptr_array_add(formats, (char *)"json");
    g_ptr_array_add(formats, (char *)"table");
    for (const char *const *pair = fisc_flow_dossier_formats(); *pair != NULL; pair += 2) {
        g_ptr_array_add(formats, (char *)*pair);
    }
    return formats;
}

/* Pictures and statistics by code have no form for every report, and say so before anything is
 * published; the statements have one in every format. */
static bool
try_to_publish(Books *books, const char *id, const char *format, const FiscReportQuery *query)
{
    FiscPublishOrder order = {.id = id, .format = format, .status = "final"};
    g_auto(FiscPublished) published = {0};
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autoptr(GError) error = NULL;
    if (!fisc_flow_publish_report(&books->ctx, &order, query, &published, &receipt, &error)) {
        bool is_special = g_str_equal(format, "svg") || g_str_has_prefix(format, "sdmx");
        bool is_statement = query == &published_queries[0];
        fisc_assert_text(is_special && !is_statement ? "" : error->message, "", id, __FILE__,
                         __LINE__);
        return false;
    }
    CU_ASSERT_PTR_NULL(receipt->refusals);
    return true;
}

/* Names of what was published. */
static GPtrArray *
publish_all(Books *books, const GPtrArray *formats)
{
    GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < G_N_ELEMENTS(published_queries); i++) {
        for (guint k = 0; k < formats->len; k++) {
            g_autofree char *id = g_strdup_printf("%u-%s", i, (const char *)formats->pdata[k]);
            if (try_to_publish(books, id, formats->pdata[k], &published_queries[i])) {
                g_ptr_array_add(ids, g_steal_pointer(&id));
            }
        }
    }
    return ids;
}

static void
expect_all(Books *books, const GPtrArray *ids)
{
    for (guint i = 0; i < ids->len; i++) {
        const char *id = ids->pdata[i];
        g_autoptr(GString) stored = g_string_new(NULL);
        g_autoptr(GString) made = reproduce(books, id);
        CU_ASSERT_TRUE(fisc_flow_publication_bytes(&books->ctx, id, stored, NULL));
        CU_ASSERT(stored->len > 40);
        if (!g_string_equal(stored, made)) {
            fisc_assert_text(made->str, "the same bytes", id, __FILE__, __LINE__);
        }
    }
}

static void
post_later_entries(Books *books)
{
    g_autoptr(GString) text = g_string_new("journal_id,date,entity,gfs_code,debit,credit,"
                                           "counterparty_entity,cofog,cash_code,cash_counterparty,"
                                           "memo\n");
    for (int i = 0; i < (fisc_test_is_brief() ? LATER_ENTRIES / 5 : LATER_ENTRIES); i++) {
        int day = 1 + i % 28;
        g_string_append_printf(text,
                               "L%04d,2024-%02d-%02d,LGN,1421,,%d.05,HH,,,,A fee\n"
                               "L%04d,2024-%02d-%02d,LGN,3202,%d.05,,CB,,14,HH,A fee\n",
                               i, 1 + i % 12, day, 1 + i % 97, i, 1 + i % 12, day, 1 + i % 97);
    }
    books_must_post(books, text->str);
}

static void
must_post_events(Books *books, const char *text)
{
    g_autoptr(FiscReceipt) receipt = books_post(books, text);
    g_autofree char *refusal = books_first_refusal(receipt->refusals);
    FISC_ASSERT_TEXT(refusal, "");
}

static void
test_years_later(void)
{
    g_autofree char *folder = fisc_test_folder_new();
    g_autofree char *arda = fisc_test_data("arda-2024");
    g_autoptr(FiscCluster) cluster = NULL;
    g_autoptr(Books) books = own_books(folder, &cluster);
    g_autoptr(GPtrArray) formats = all_formats();
    books_must_load(books, arda);
    must_post_events(books, PUBLISHER);
    must_post_events(books, LAYOUT("1,Revenue,flow:1,always,0,\\n"));
    g_autoptr(GPtrArray) ids = publish_all(books, formats);
    CU_ASSERT(ids->len >= 3 * G_N_ELEMENTS(published_queries));

    g_autofree char *before = books_report_csv(books, &published_queries[0]);
    post_later_entries(books);
    must_post_events(books, LAYOUT("1,Income,flow:1,always,0,\\n2,Expense,flow:2,always,0,\\n"));
    restart(books, folder, &cluster);

    g_autofree char *after = books_report_csv(books, &published_queries[0]);
    CU_ASSERT_STRING_NOT_EQUAL(before, after);
    expect_all(books, ids);

    books_close(books);
    CU_ASSERT_TRUE(fisc_cluster_stop(folder, NULL));
    fisc_test_folder_remove(folder);
}

/* ---- what was given away cannot be taken back ---- */

/* As a superuser who means to. */
static void
harm(const Books *books, const char *sql)
{
    PGconn *connection = PQconnectdb(books->admin);
    PGresult *result = PQexec(connection, sql);
    FISC_ASSERT_TEXT(PQerrorMessage(connection), "");
    PQclear(result);
    PQfinish(connection);
}

static char *
first_finding(Books *books)
{
    g_autoptr(FiscVerifyReport) report = NULL;
    const FiscVerifyOptions options = {.full = true};
    GError *error = NULL;
    fisc_flow_verify(&books->ctx, &options, &report, &error);
    die_of(error);
    return report->findings->len > 0 ? fisc_finding_to_text(report->findings->pdata[0])
                                     : g_strdup("");
}

static void
test_exchanged_bytes(void)
{
    static const struct {
        const char *sql, *finding, *error;
    } cases[] = {
        {"select 1", "", NULL},
        {"update reporting.content set body = 'x'", "publication P-1: altered: its content",
         "are others"},
        {"update reporting.content set body = '', digest = sha256('')",
         "publication P-1: missing: its content", "no bytes are kept"},
    };
    g_autoptr(Books) books = school_books();
    must_publish(books, "P-1", "csv", &school_stages);
    harm(books, "alter table reporting.content drop constraint content_has_its_digest");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        harm(books, cases[i].sql);
        g_autofree char *finding = first_finding(books);
        g_autoptr(GString) bytes = g_string_new(NULL);
        g_autoptr(GError) error = NULL;
        CU_ASSERT_EQUAL(fisc_flow_publication_bytes(&books->ctx, "P-1", bytes, &error),
                        cases[i].error == NULL);
        FISC_ASSERT_CONTAINS(finding, cases[i].finding);
        FISC_ASSERT_CONTAINS(error != NULL ? error->message : "",
                             cases[i].error != NULL ? cases[i].error : "");
    }
}

/* A program that is not the one that published says so, and does not blame the books. */
static void
test_other_program(void)
{
    static const char other[] =
        "{\"event\":{\"kind\":\"publication\",\"subject\":\"OLD\",\"fields\":{"
        "\"publication\":\"OLD\",\"title\":\"t\",\"query\":\"trial-balance --period 2024 "
        "--unit SCH --known-at %d\",\"format\":\"csv\",\"batch\":\"%d\",\"layouts\":\"%s\","
        "\"program\":\"%s\",\"content\":\"%s\",\"status\":\"final\"}}}\n";
    g_autoptr(Books) books = school_books();
    must_publish(books, "P-1", "csv", &school_stages);
    g_autofree char *layouts =
        books_ask(books, "select fields[array_position(fields, 'layouts') + 1] from ledger.master"
                         " where kind = 'publication'");
    g_autofree char *content =
        books_ask(books, "select fields[array_position(fields, 'content') + 1] from ledger.master"
                         " where kind = 'publication'");
    int batch = (int)books_batch(books);
    g_autofree char *text = g_strdup_printf(other, batch, batch, layouts, "0.0.1", content);
    must_post_events(books, text);
    g_autoptr(GString) made = reproduce(books, "OLD");
    FISC_ASSERT_CONTAINS(made->str, "was made by fisc 0.0.1; this is fisc ");
    FISC_ASSERT_CONTAINS(made->str, "--stored");
}

/* ---- two persons ---- */

/* ada and sol confirm each other's grants; mona and mark may make and approve rules. */
static void
enforce_duties(Books *books)
{
    const BooksOffice office = {"ada", "sol"};
    books_must_init_duties(books, office);
    books_must_give(books, office, "mona", "ministry_officer", NULL);
    books_must_give(books, office, "mark", "ministry_officer", NULL);
    books_must_enforce(books, office);
}

static void
test_two_persons(void)
{
    g_autoptr(Books) books = school_books();
    FiscPublishOrder order = {.id = "P-1", .format = "csv", .status = "final"};
    g_auto(FiscPublished) published = {0};
    g_autofree char *state = NULL;
    g_autoptr(FiscReceipt) receipt = NULL;
    GError *error = NULL;
    enforce_duties(books);
    books->ctx.actor = "mona";
    g_autofree char *refusal = publish(books, &order, &school_stages, &published);
    FISC_ASSERT_TEXT(refusal, "");
    CU_ASSERT_PTR_NOT_NULL_FATAL(published.document);
    g_autoptr(GString) before = reproduce(books, "P-1");
    FISC_ASSERT_TEXT(before->str, "there is no publication \"P-1\"");

    books->ctx.actor = "mark";
    fisc_flow_document_approve(&books->ctx, published.document, NULL, &state, &receipt, &error);
    die_of(error);
    FISC_ASSERT_TEXT(state, "done");
    g_autofree char *now = books_report_csv(books, &school_stages);
    g_autoptr(GString) after = reproduce(books, "P-1");
    FISC_ASSERT_TEXT(after->str, now);
}

const FiscTest fisc_publish_tests[] = {
    {"writes the words of a report as one canonical line", test_words},
    {"refuses words that are no report's", test_wrong_words},
    {"has a word for every field of a query", test_every_word},
    {"puts a report on record, with its bytes and what it was made from", test_publication},
    {"publishes the same once, and nothing else under its name", test_again},
    {"refuses orders that make no sense", test_wrong_orders},
    {"makes every format again after a thousand entries, another layout and a restart",
     test_years_later},
    {"finds published bytes that were exchanged or removed", test_exchanged_bytes},
    {"says when another program made it", test_other_program},
    {"takes two persons where duties are enforced", test_two_persons},
    {NULL, NULL},
};
