/* agent_database_test.c: what stands in a unit's own database: SQLite, and PostgreSQL where its
 * driver is there. A query is a document, exactly; the same rows are the same document; a database
 * that is away is told apart from words that are wrong; never half of it. */
#include "app/agent/agent_queue.h"
#include "tests/app/books.h"
#include "tests/support/suite.h"
#include <glib/gstdio.h>
#include <libpq-fe.h>
#include <locale.h>
#include <sql.h>
#include <sqlext.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>

extern const FiscTest fisc_agent_database_tests[];

#define BOOKS                                                                                      \
    "create table journal (id integer primary key, day date, amount text, note text);"             \
    "insert into journal values (1, '2024-01-02', '12.30', 'Łódź'),"                            \
    " (2, '2024-01-03', '10000000000000.37', null), (3, '2024-01-04', '-0.10', 'a \"b\", c')"
#define QUERY "select id, day, amount, note from journal order by id"
#define CSV                                                                                        \
    "id,day,amount,note\r\n1,2024-01-02,12.30,Łódź\r\n2,2024-01-03,10000000000000.37,\r\n"      \
    "3,2024-01-04,-0.10,\"a \"\"b\"\", c\"\r\n"
#define SQLITE "SQLite3"
#define POSTGRESQL "PostgreSQL Unicode"

/* A town's folder with its database and the description of it. */
typedef struct {
    char *dir, *file, *description, *queue_dir;
} Town;

static void
must(bool is_done, GError *error)
{
    if (!is_done) {
        g_error("%s", error != NULL ? error->message : "it cannot be done");
    }
}

/* Whether a driver is known to this machine; if not, it is told what that leaves out. */
static bool
has_driver(const char *name, const char *package)
{
    g_autofree char *drivers = NULL;
    g_autofree char *group = g_strdup_printf("[%s]", name);
    bool is_known = g_file_get_contents("/etc/odbcinst.ini", &drivers, NULL, NULL) &&
                    strstr(drivers, group) != NULL;
    if (!is_known) {
        printf("\n    %s by ODBC is not tested: there is no driver (%s)\n", name, package);
    }
    return is_known;
}

static bool
has_sqlite(void)
{
    return has_driver(SQLITE, "libsqliteodbc");
}

/* Does something to the SQLite file, as the town's own system would. */
static void
do_sql(const Town *town, const char *statements)
{
    g_autofree char *source =
        g_strdup_printf("Driver=" SQLITE ";Database=%s;Timeout=5000", town->file);
    g_auto(GStrv) parts = g_strsplit(statements, ";", -1);
    locale_t letters = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    locale_t before = uselocale(letters);
    SQLHENV environment = SQL_NULL_HENV;
    SQLHDBC connection = SQL_NULL_HDBC;
    SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &environment);
    SQLSetEnvAttr(environment, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)SQL_OV_ODBC3, 0);
    SQLAllocHandle(SQL_HANDLE_DBC, environment, &connection);
    g_autofree gunichar2 *wide_source = g_utf8_to_utf16(source, -1, NULL, NULL, NULL);
    must(SQL_SUCCEEDED(SQLDriverConnectW(connection, NULL, wide_source, SQL_NTS, NULL, 0, NULL,
                                         SQL_DRIVER_NOPROMPT)),
         NULL);
    for (int i = 0; parts[i] != NULL; i++) {
        SQLHSTMT statement = SQL_NULL_HSTMT;
        g_autofree gunichar2 *wide = g_utf8_to_utf16(parts[i], -1, NULL, NULL, NULL);
        SQLAllocHandle(SQL_HANDLE_STMT, connection, &statement);
        must(SQL_SUCCEEDED(SQLExecDirectW(statement, wide, SQL_NTS)), NULL);
        SQLFreeHandle(SQL_HANDLE_STMT, statement);
    }
    SQLDisconnect(connection);
    SQLFreeHandle(SQL_HANDLE_DBC, connection);
    SQLFreeHandle(SQL_HANDLE_ENV, environment);
    uselocale(before);
    freelocale(letters);
}

static void
write_text(const char *path, const char *text)
{
    must(g_file_set_contents(path, text, -1, NULL), NULL);
}

/* The description: what [database] says besides its source, and its documents. */
static void
describe(const Town *town, const char *settings, const char *documents)
{
    g_autofree char *text =
        g_strdup_printf("[database]\nsource = Driver=" SQLITE ";Database=%s\n%s%s", town->file,
                        settings, documents);
    const struct utimbuf then = {1718000000, 1718000000};
    write_text(town->description, text);
    must(utime(town->description, &then) == 0, NULL);
}

static Town
town_new(void)
{
    Town town = {.dir = g_dir_make_tmp("fisc-books-XXXXXX", NULL)};
    town.file = g_build_filename(town.dir, ".books.db", NULL);
    town.description = g_build_filename(town.dir, ".books.conf", NULL);
    town.queue_dir = g_build_filename(town.dir, ".queue", NULL);
    do_sql(&town, BOOKS);
    describe(&town, "", "[document journal.csv]\nquery = " QUERY "\n");
    return town;
}

static void
town_clear(Town *town)
{
    const char *const words[] = {"rm", "-rf", town->dir, NULL};
    g_spawn_sync(NULL, (char **)words, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                 NULL);
    g_free(town->dir);
    g_free(town->file);
    g_free(town->description);
    g_free(town->queue_dir);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Town, town_clear)

/* What the description gives: its documents one after the other, or the code and the reason of why
 * not. Caller frees. */
static char *
read_all(const char *description)
{
    g_autoptr(FiscAgentDatabase) database = NULL;
    g_autoptr(GPtrArray) results = NULL;
    g_autoptr(GError) error = NULL;
    if (!fisc_agent_database_load(description, &database, &error) ||
        !fisc_agent_database_read(database, &results, &error)) {
        CU_ASSERT_PTR_NULL(results);
        return g_strdup_printf("%s %s", fisc_error_name((FiscError)error->code), error->message);
    }
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < results->len; i++) {
        const FiscAgentResult *result = results->pdata[i];
        gsize length = 0;
        const char *bytes = g_bytes_get_data(result->bytes, &length);
        g_string_append_len(text, bytes, (gssize)length);
    }
    return g_string_free(text, FALSE);
}

static void
test_exactly(void)
{
    if (!has_sqlite()) {
        return;
    }
    g_auto(Town) town = town_new();
    g_autofree char *told = read_all(town.description);
    FISC_ASSERT_TEXT(told, CSV);
    g_autoptr(GString) words = g_string_new(NULL);
    for (int i = 0; i < 3000; i++) {
        g_string_append(words, "żółw "); /* longer than a driver gives at once */
    }
    g_autofree char *sql = g_strdup_printf(
        "delete from journal;insert into journal values (1, '', '0', '%s')", words->str);
    do_sql(&town, sql);
    g_autofree char *expected =
        g_strdup_printf("id,day,amount,note\r\n1,,0,\"%s\"\r\n", words->str);
    g_autofree char *large = read_all(town.description);
    CU_ASSERT_STRING_EQUAL(large, expected); /* too long to be shown */
}

#define DOCUMENT(query) "[document journal.csv]\nquery = " query "\n"

static void
test_refused(void)
{
    if (!has_sqlite()) {
        return;
    }
    static const struct {
        const char *settings, *documents, *reason;
    } cases[] = {
        {"", "", "VALUE_MISSING"},
        {"", DOCUMENT("delete from journal"), "begins with select"},
        {"", DOCUMENT("select id from journal"), "no order by"},
        {"", DOCUMENT("select id, id from journal order by 1"), "name it by AS"},
        {"", DOCUMENT("selec"), "begins with select"},
        {"", DOCUMENT("select nothing from journal order by 1"), "VALUE_INVALID journal.csv"},
        {"", DOCUMENT("select id from elsewhere order by 1"), "VALUE_INVALID journal.csv"},
        {"", DOCUMENT("select price from goods order by 1"), "a floating point number"},
        {"", DOCUMENT("select picture from goods order by 1"), "bytes"},
        {"rows = 2\n", DOCUMENT(QUERY), "more than 2 rows"},
        {"rows = none\n", DOCUMENT(QUERY), "rows is a number"},
        {"password_file = /nonexistent\n", DOCUMENT(QUERY), "NOT_FOUND"},
        {"password_file = .open\n", DOCUMENT(QUERY), "DENIED"},
        {"[other]\n", DOCUMENT(QUERY), "neither [database] nor"},
        {"", "[document a/b]\nquery = " QUERY "\n", "no name of a document"},
        {"", "[document a]\nquery_file = nowhere.sql\n", "NOT_FOUND"},
        {"", "[document a]\n", "query or query_file"},
        {"source = DSN=x;PWD=secret\n", DOCUMENT(QUERY), "password does not stand in source"},
        {"source = DSN=that-nobody-knows\n", DOCUMENT(QUERY), "IM002"},
        {"source = \n", DOCUMENT(QUERY), "says source"},
    };
    g_auto(Town) town = town_new();
    g_autofree char *open = g_build_filename(town.dir, ".open", NULL);
    write_text(open, "secret\n");
    must(chmod(open, 0644) == 0, NULL);
    do_sql(&town, "create table goods (price double, picture blob)");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        describe(&town, cases[i].settings, cases[i].documents);
        g_autofree char *told = read_all(town.description);
        FISC_ASSERT_CONTAINS(told, cases[i].reason);
    }
}

/* ---- rounds, while the server is away ---- */

static FiscAgentRound
round_of(const Town *town, const char *certified_by)
{
    FiscAgentRound round = {0};
    g_autoptr(FiscSignKey) key = NULL;
    g_autoptr(GError) error = NULL;
    must(fisc_sign_key_new("agent", &key, NULL), NULL);
    const FiscAgentOrder order = {.dir = town->dir,
                                  .database = town->description,
                                  .queue_dir = town->queue_dir,
                                  .server = "http://127.0.0.1:1",
                                  .feeder = "town",
                                  .token = "x",
                                  .certified_by = certified_by,
                                  .key = key,
                                  .private_address = "127.0.0.1:1",
                                  .is_plain = true};
    must(fisc_agent_round(&order, &round, &error), error);
    return round;
}

/* "queued refused waiting" of a round, and "away" when the database was. */
static void
expect_round(const Town *town, const char *certified_by, const char *expected)
{
    g_auto(FiscAgentRound) round = round_of(town, certified_by);
    g_autofree char *told = g_strdup_printf("%d %d %d%s", round.queued, round.refused,
                                            round.waiting, round.away != NULL ? " away" : "");
    FISC_ASSERT_TEXT(told, expected);
}

static void
test_once(void)
{
    if (!has_sqlite()) {
        return;
    }
    g_auto(Town) town = town_new();
    const struct utimbuf later = {1718000060, 1718000060};
    expect_round(&town, "", "1 0 1");
    expect_round(&town, "", "0 0 1");
    do_sql(&town, "update journal set note = 'other' where id = 2");
    expect_round(&town, "", "1 0 2");
    do_sql(&town, "update journal set note = null where id = 2"); /* as it was first */
    expect_round(&town, "", "1 0 3");
    expect_round(&town, "Mayor Lund", "1 0 4");
    expect_round(&town, "", "0 0 4");
    must(utime(town.description, &later) == 0, NULL); /* somebody wants it said again */
    expect_round(&town, "", "1 0 5");
    expect_round(&town, "", "0 0 5");
    const FiscAgentOrder order = {.queue_dir = town.queue_dir};
    g_autoptr(FiscAgentItem) item = NULL;
    must(fisc_agent_queue_read(&order, "00000001", &item, NULL), NULL);
    gsize length = 0;
    const char *bytes = g_bytes_get_data(item->bytes, &length);
    g_autofree char *text = g_strndup(bytes, length);
    FISC_ASSERT_TEXT(item->document, "journal.csv");
    FISC_ASSERT_TEXT(text, CSV);
}

static void
test_all_or_none(void)
{
    if (!has_sqlite()) {
        return;
    }
    g_auto(Town) town = town_new();
    g_autofree char *file = g_build_filename(town.dir, "accounts.csv", NULL);
    const struct utimbuf then = {1718000000, 1718000000};
    write_text(file, "a,b\n1,2\n");
    must(utime(file, &then) == 0, NULL);
    /* The second is wrong: nothing of the database, and the file all the same. */
    describe(&town, "",
             DOCUMENT(QUERY) "[document other.csv]\nquery = select x from y order by 1\n");
    expect_round(&town, "", "1 1 1");
    describe(&town, "", DOCUMENT(QUERY) "[document other.csv]\nquery = select 1 as x order by 1\n");
    expect_round(&town, "", "2 0 3");
    /* One name, two meanings: neither is taken for the other. */
    describe(&town, "", "[document accounts.csv]\nquery = " QUERY "\n");
    expect_round(&town, "", "1 1 4");
    write_text(town.description, "[database]\nsource = Driver=" SQLITE
                                 ";Database=/nonexistent/x.db\n" DOCUMENT(QUERY));
    /* Nobody else has that name any more, and what was said last under it was the query's. */
    expect_round(&town, "", "1 0 5 away");
}

/* ---- PostgreSQL ---- */

static const char *
option_of(const PQconninfoOption *options, const char *keyword)
{
    for (; options->keyword != NULL; options++) {
        if (strcmp(options->keyword, keyword) == 0 && options->val != NULL) {
            return options->val;
        }
    }
    return "";
}

/* The description of a query to the books' own database. */
static void
describe_postgres(const Town *town, const Books *books, guint seconds, const char *query)
{
    PQconninfoOption *options = PQconninfoParse(books->admin, NULL);
    g_autofree char *text = g_strdup_printf(
        "[database]\nsource = Driver=" POSTGRESQL ";Server=%s;Port=%s;Database=%s\nuser = %s\n"
        "seconds = %u\n[document x.csv]\nquery = %s\n",
        option_of(options, "host"),
        *option_of(options, "port") != '\0' ? option_of(options, "port") : "5432",
        option_of(options, "dbname"), option_of(options, "user"), seconds, query);
    PQconninfoFree(options);
    write_text(town->description, text);
}

static void
test_postgres(void)
{
    static const struct {
        const char *query, *expected;
    } cases[] = {
        {"select 12.30::numeric(30,10) as a, 99999999999999999.01::numeric as b, null::text as c, "
         "date '2024-02-29' as d, 'żółw' as e order by 1",
         "a,b,c,d,e\r\n12.3000000000,99999999999999999.01,,2024-02-29,żółw\r\n"},
        {"select 1.5::float8 as a order by 1", "VALUE_INVALID x.csv: the column a is a floating"},
        {"select nextval('numbers') as a order by 1", "25006"},
        {"with gone as (delete from papers returning 1) select 1 as a from gone order by 1",
         "25006"},
        {"select nothing as a from papers order by 1", "VALUE_INVALID x.csv"},
        {"select pg_sleep(60)::text as a order by 1", "PEER_UNAVAILABLE"},
    };
    if (!has_sqlite() || !has_driver(POSTGRESQL, "odbc-postgresql")) {
        return;
    }
    g_auto(Town) town = town_new();
    g_autoptr(Books) books = books_new();
    PGconn *connection = PQconnectdb(books->admin);
    PQclear(PQexec(connection, "create sequence numbers; create table papers (id int);"
                               "insert into papers values (1)"));
    PQfinish(connection);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        bool is_slow = strstr(cases[i].query, "sleep") != NULL;
        describe_postgres(&town, books, is_slow ? 2 : 60, cases[i].query);
        g_autofree char *told = read_all(town.description);
        FISC_ASSERT_CONTAINS(told, cases[i].expected);
    }
    books_expect(books, "select count(*) from papers", "1");
}

const FiscTest fisc_agent_database_tests[] = {
    {"a query is a document: text as it is, decimals to the last place, nothing for NULL",
     test_exactly},
    {"a description or a query that is wrong is told, and nothing is read", test_refused},
    {"the same rows are queued once, and again when somebody wants it", test_once},
    {"all documents of a database, or none; one that is away is asked again", test_all_or_none},
    {"PostgreSQL writes nothing, is given up when it is slow, and gives exact decimals",
     test_postgres},
    {NULL, NULL},
};
