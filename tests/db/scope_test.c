/* scope_test.c: the wall in the database: a reader's session sees the books of its context, and
 * without a proven one nothing, whatever it says of itself. Every relation of the schema is listed
 * here with what was decided about it: a new one fails until somebody has decided. */
#include "fisc/db.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"
#include <glib.h>
#include <libpq-fe.h>
#include <string.h>

extern const FiscTest fisc_scope_tests[];

#define OUR_SCHEMAS "('core', 'ledger', 'budget', 'reporting', 'analysis', 'access')"

/* Two entities, A and B, with a row of each in every table that belongs to entities. */
static const char two_books[] =
    "insert into ledger.master select 1, 'entity', c, n, array['name', c], n"
    "  from (values ('A', 1), ('B', 2)) e(c, n);"
    "create table ledger.entry_202401 partition of ledger.entry for values in (202401);"
    "insert into ledger.entry (book_id, entry_id, batch_no, item_id, entity_id, period, effective,"
    "  source_id, financial, coding, amount, maker, reverses, reference, digest, hash)"
    " select 1, n, 1, n, n, 202401, '2024-01-15', 1, 2, array[n, n], array[5, -5], 1, false,"
    "  'R' || n, sha256('d'), sha256('h') from generate_series(1, 2) n;"
    "insert into ledger.reference select 1, 1, 'R' || n, n, 202401, 1, sha256('d')"
    "  from generate_series(1, 2) n;"
    "insert into ledger.balance select 1, n, 202401, n, 5, 5 from generate_series(1, 2) n;"
    "insert into ledger.open_item (book_id, entity_id, item, coding_id, year, side, amount,"
    "  foreign_amount, opened_entry, opened_line)"
    " select 1, n, 'I', n, 2024, 1, 5, 0, n, 1 from generate_series(1, 2) n;"
    "insert into ledger.coding select 1, n, n, 1, 3, 0, '', '', '', '', '', '', '', '', '', '', '',"
    "  '', '', sha256('c') from generate_series(1, 2) n;"
    "insert into ledger.refusal select 1, 90 + n, 1, 1, 'X' || n, n, 202401, '{}', '{}', '{}', "
    "'{}',"
    "  '{}', '{}', 1, sha256('d'), sha256('h') from generate_series(1, 2) n;"
    "insert into budget.content select sha256(convert_to(t, 'UTF8')), t"
    "  from (values ('text of A'), ('text of B'), ('of nobody')) x(t);"
    "insert into ledger.person_name values (1, 'P', 'Ann', decode(repeat('00', 16), 'hex'));";

/* kind, subject, fields, and who may see it besides the whole book. */
static const struct {
    const char *kind, *subject, *fields, *owner;
} records[] = {
    {"account", "22", "{class,expense}", "everybody"},
    {"publication", "P1", "{title,x}", "everybody"},
    {"person", "P", "{state,active}", "everybody"},
    {"note", "N0", "{unit,*,text,x}", "everybody"},
    {"case", "budget_version/V", "{entity,*,state,open}", "everybody"},
    {"case", "budget_table/V/circular", "{entity,*}", "everybody"},
    {"budget_line", "L1", "{entity,A}", "A"},
    {"cut_line", "L1", "{entity,A}", "A"},
    {"document", "D1", "{action,payment,entity,A}", "A"},
    {"due", "A/2024", "{entity,A,period,2024}", "A"},
    {"item", "A/I1", "{x,y}", "A"},
    {"carry", "A/I1", "{x,y}", "A"},
    {"year_end", "A/2024", "{x,y}", "A"},
    {"memorandum", "M1", "{unit,A,amount,5}", "A"},
    {"case", "budget_part/V/lines/A", "{entity,A,state,open}", "A"},
    {"override", "O1", "{control,annual,key,\"entity=A economic=22\"}", "A"},
    {"document", "D2", "{action,rules,entity,*}", "book"},
    {"document", "D3", "{action,rules}", "book"},
    {"item", "loose", "{x,y}", "book"},
    {"case", "budget_table/V/ceilings", "{entity,*}", "book"},
    {"override", "O2", "{control,annual,key,economic=22}", "book"},
    {"grant", "P/accountant/A", "{state,active}", "book"},
    {"delegation", "P/Q/accountant/A", "{state,active}", "book"},
    {"asymmetry", "A/B/x/2024", "{class,timing}", "book"},
    {"something_new", "A", "{entity,A}", "book"},
};

typedef struct {
    char *admin;
    PGconn *owner, *reader;
} Wall;

static void
must(PGconn *connection, const char *sql)
{
    PGresult *result = PQexec(connection, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        g_error("%s: %s", sql, PQerrorMessage(connection));
    }
    PQclear(result);
}

/* The first cell, or the message of the error. Caller frees. */
static char *
ask(PGconn *connection, const char *sql)
{
    PGresult *result = PQexec(connection, sql);
    char *answer = PQresultStatus(result) != PGRES_TUPLES_OK
                       ? g_strdup(PQresultErrorField(result, PG_DIAG_SQLSTATE))
                       : g_strdup(PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "");
    PQclear(result);
    return answer;
}

static void
expect(PGconn *connection, const char *sql, const char *expected)
{
    g_autofree char *answer = ask(connection, sql);
    fisc_assert_text(answer, expected, sql, __FILE__, __LINE__);
}

static void
fill_records(PGconn *owner)
{
    for (gsize i = 0; i < G_N_ELEMENTS(records); i++) {
        g_autofree char *sql = g_strdup_printf(
            "insert into ledger.master values (1, '%s', '%s', %d, '%s', %d);"
            "insert into ledger.event values (1, %d, 1, '%s', '%s', %d, '%s', 1, sha256('e'))",
            records[i].kind, records[i].subject, (int)i + 10, records[i].fields, (int)i + 10,
            (int)i + 10, records[i].kind, records[i].subject, (int)i + 10, records[i].fields);
        must(owner, sql);
    }
    must(owner,
         "insert into ledger.event select 1, 500 + n, 1, 'case', 'budget_part/V/lines/' || c,"
         " 500 + n, array['entity', c, 'content', encode(sha256(convert_to('text of ' || c,"
         " 'UTF8')), 'hex')], 1, sha256('e') from (values ('A', 1), ('B', 2)) e(c, n)");
}

static Wall
wall_new(void)
{
    Wall wall = {.admin = fisc_test_database_new()};
    g_autofree char *reader = fisc_test_reader_uri(wall.admin);
    wall.owner = PQconnectdb(wall.admin);
    wall.reader = PQconnectdb(reader);
    must(wall.owner, two_books);
    fill_records(wall.owner);
    return wall;
}

static void
wall_clear(Wall *wall)
{
    PQfinish(wall->owner);
    PQfinish(wall->reader);
    g_free(wall->admin);
}

static void
use_pass(const Wall *wall, const char *entities)
{
    g_autofree char *pass = fisc_test_pass(wall->admin, entities);
    g_autofree char *set = g_strdup_printf("set fisc.pass = '%s'", pass);
    must(wall->reader, set);
}

/* What each table shows: to nobody, to A, to the whole book. */
static void
test_tables(void)
{
    static const struct {
        const char *count, *without, *nothing, *own, *all;
    } cases[] = {
        {"select count(*) from ledger.entry", "0", "0", "1", "2"},
        {"select count(*) from ledger.reference", "0", "0", "1", "2"},
        {"select count(*) from ledger.balance", "0", "0", "1", "2"},
        {"select count(*) from ledger.open_item", "0", "0", "1", "2"},
        {"select count(*) from ledger.coding", "0", "0", "1", "2"},
        {"select count(*) from ledger.refusal", "0", "0", "1", "2"},
        {"select count(*) from ledger.line", "0", "0", "2", "4"},
        {"select count(*) from ledger.balance_now", "0", "0", "1", "2"},
        {"select count(*) from budget.content", "0", "0", "1", "3"},
        {"select count(*) from ledger.person_name", "0", "0", "0", "1"},
        {"select count(*) from ledger.entity", "0", "2", "2", "2"},
        {"select sum(amount[1]) from ledger.entry", "", "", "5", "10"},
        {"select count(*) from access.batches(1, 0, 10)", "0", "0", "0", "1"},
        {"select count(*) from access.read", "0", "0", "0", "0"},
    };
    Wall wall = wall_new();
    static const char *const contexts[] = {NULL, "", "A", "*"};
    for (gsize k = 0; k < G_N_ELEMENTS(contexts); k++) {
        if (contexts[k] != NULL) {
            use_pass(&wall, contexts[k]);
        }
        for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
            const char *const expected[] = {cases[i].without, cases[i].nothing, cases[i].own,
                                            cases[i].all};
            expect(wall.reader, cases[i].count, expected[k]);
        }
    }
    wall_clear(&wall);
}

static void
test_records(void)
{
    static const struct {
        const char *entities, *sees;
    } contexts[] = {{NULL, ""},
                    {"", "everybody"},
                    {"A", "everybody A"},
                    {"B", "everybody"},
                    {"*", "everybody A book"}};
    Wall wall = wall_new();
    for (gsize k = 0; k < G_N_ELEMENTS(contexts); k++) {
        if (contexts[k].entities != NULL) {
            use_pass(&wall, contexts[k].entities);
        }
        g_auto(GStrv) sees = g_strsplit(contexts[k].sees, " ", -1);
        for (gsize i = 0; i < G_N_ELEMENTS(records); i++) {
            bool is_seen = g_strv_contains((const char *const *)sees, records[i].owner);
            g_autofree char *sql = g_strdup_printf(
                "select (select count(*) from ledger.master where kind = '%s' and subject = '%s')"
                " || ' ' || (select count(*) from ledger.event where kind = '%s' and subject = '%s'"
                " and item_id < 500)",
                records[i].kind, records[i].subject, records[i].kind, records[i].subject);
            expect(wall.reader, sql, is_seen ? "1 1" : "0 0");
        }
    }
    wall_clear(&wall);
}

#define COUNT "select count(*) from ledger.entry"

/* What a session says of itself opens nothing. */
static void
test_forgeries(void)
{
    static const char *const settings[] = {
        "set fisc.entities = 'A'",
        "set fisc.entities = '*'",
        "set fisc.entities = '*'; set fisc.seal = '00'",
        "set fisc.entities = '*'; set fisc.seal = "
        "'0000000000000000000000000000000000000000000000000000000000000000'",
        "set fisc.pass = '*'",
        "set fisc.pass = '0000000000000000000000000000000000000000000000000000000000000000"
        "|9999999999|*'",
        "set fisc.pass = ''; set fisc.seal = ''; set fisc.entities = ''",
    };
    static const struct {
        const char *sql, *answer;
    } asks[] = {
        {"select access.see('*', 9999999999, 'x')", "42501"},
        {"select access.see('*', 9999999999, null)", "42501"},
        {"select access.scope_key()", "42501"},
        {"select key from access.scope_key", "42501"},
        {"select access.hmac('pass|9999999999|*')", "42501"},
        {"select access.seal('*')", "42501"},
        {"select access.make_pass(array['*'], 1)", "42501"},
        {"insert into access.analyst values ('fisc_reader', '{*}')", "42501"},
        {"set role fisc_poster", "42501"},
        {"select item_count from ledger.batch", "42501"},
        {"select count(*) from ledger.entry_202401", "42501"},
    };
    Wall wall = wall_new();
    for (gsize i = 0; i < G_N_ELEMENTS(settings); i++) {
        must(wall.reader, settings[i]);
        expect(wall.reader, COUNT, "0");
        expect(wall.reader, "select count(*) from ledger.master", "0");
    }
    for (gsize i = 0; i < G_N_ELEMENTS(asks); i++) {
        expect(wall.reader, asks[i].sql, asks[i].answer);
    }
    wall_clear(&wall);
}

/* A pass that says more than it was made for, or that has had its time. */
static void
test_altered_passes(void)
{
    Wall wall = wall_new();
    g_autofree char *pass = fisc_test_pass(wall.admin, "A");
    g_autofree char *wider =
        g_strdup_printf("set fisc.pass = '%.*s|*'", (int)(strrchr(pass, '|') - pass), pass);
    g_autofree char *poster_uri = fisc_test_poster_uri(wall.admin);
    PGconn *poster = PQconnectdb(poster_uri);
    g_autofree char *old = ask(poster, "select access.make_pass(array['A'], -1)");
    g_autofree char *late = g_strdup_printf("set fisc.pass = '%s'", old);
    must(wall.reader, wider);
    expect(wall.reader, COUNT, "0");
    must(wall.reader, late);
    expect(wall.reader, COUNT, "0");
    PQfinish(poster);
    wall_clear(&wall);
}

static void
test_scoped_pools(void)
{
    Wall wall = wall_new();
    g_autoptr(GError) error = NULL;
    g_autofree char *poster_uri = fisc_test_poster_uri(wall.admin);
    g_autofree char *reader_uri = fisc_test_reader_uri(wall.admin);
    g_autoptr(FiscPool) posters = NULL;
    g_autoptr(FiscPool) readers = NULL;
    FiscScopeKey key, wrong = {{1, 2, 3}};
    g_assert(fisc_pool_open(poster_uri, NULL, 1, &posters, &error));
    g_assert(fisc_pool_open(reader_uri, NULL, 1, &readers, &error));
    g_assert(fisc_scope_key_load(posters, &key, &error));
    CU_ASSERT_FALSE(fisc_scope_key_load(readers, &wrong, &error));
    FISC_ASSERT_TEXT(error != NULL ? fisc_error_name((FiscError)error->code) : "", "DENIED");
    g_clear_error(&error);

    static const struct {
        const char *const entities[3];
        int entries;
    } cases[] = {{{NULL}, 0},
                 {{"A", NULL}, 1},
                 {{"A", "B", NULL}, 2},
                 {{"*", NULL}, 2},
                 {{"A'; --", NULL}, 0}};
    static const FiscTxMode modes[] = {FISC_TX_READ, FISC_TX_WRITE, FISC_TX_AUTO};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(FiscPool) scoped = fisc_pool_scoped(readers, &key, cases[i].entities);
        for (gsize k = 0; k < G_N_ELEMENTS(modes); k++) {
            g_autoptr(FiscTx) tx = NULL;
            g_autoptr(FiscRows) rows = NULL;
            CU_ASSERT_TRUE_FATAL(fisc_tx_begin(scoped, modes[k], &tx, &error));
            CU_ASSERT_TRUE_FATAL(fisc_tx_query(
                tx, FISC_SQL_LEDGER_CODINGS, FISC_ARGS(fisc_int4(1), fisc_int4(1)), &rows, &error));
            FISC_ASSERT_INT(fisc_rows_count(rows), cases[i].entries);
            CU_ASSERT_TRUE(fisc_tx_commit(g_steal_pointer(&tx), &error));
        }
        /* The connection is the next one's: nothing of the context is left on it. */
        g_autoptr(FiscTx) bare = NULL;
        g_autoptr(FiscRows) none = NULL;
        CU_ASSERT_TRUE_FATAL(fisc_tx_begin(readers, FISC_TX_AUTO, &bare, &error));
        CU_ASSERT_TRUE_FATAL(fisc_tx_query(bare, FISC_SQL_LEDGER_CODINGS,
                                           FISC_ARGS(fisc_int4(1), fisc_int4(1)), &none, &error));
        FISC_ASSERT_INT(fisc_rows_count(none), 0);
    }
    const char *const whole[] = {"*", NULL};
    g_autoptr(FiscPool) unproven = fisc_pool_scoped(readers, &wrong, whole);
    g_autoptr(FiscTx) tx = NULL;
    CU_ASSERT_FALSE(fisc_tx_begin(unproven, FISC_TX_READ, &tx, &error));
    FISC_ASSERT_TEXT(error != NULL ? fisc_error_name((FiscError)error->code) : "", "DENIED");
    wall_clear(&wall);
}

/* A proof that was seen on one connection opens nothing on another, nor after its transaction. */
static void
test_stolen_proofs(void)
{
    Wall wall = wall_new();
    g_autofree char *proof = ask(
        wall.owner, "select encode(sha256(k.outer_pad || sha256(k.inner_pad || "
                    "convert_to('see|' || pg_backend_pid() || '|9999999999|A', 'UTF8'))), 'hex')"
                    " from access.scope_key k"); /* the owner's backend, not the reader's */
    g_autofree char *steal = g_strdup_printf("select access.see('A', 9999999999, '%s')", proof);
    expect(wall.reader, steal, "42501");

    g_autofree char *own = g_strdup_printf(
        "select encode(sha256(k.outer_pad || sha256(k.inner_pad || "
        "convert_to('see|%d|9999999999|A', 'UTF8'))), 'hex') from access.scope_key k",
        PQbackendPID(wall.reader));
    g_autofree char *good = ask(wall.owner, own);
    g_autofree char *see = g_strdup_printf("select access.see('A', 9999999999, '%s')", good);
    g_autofree char *wider = g_strdup_printf("select access.see('B', 9999999999, '%s')", good);
    must(wall.reader, "begin");
    expect(wall.reader, see, "");
    expect(wall.reader, COUNT, "1");
    g_autofree char *seal = ask(wall.reader, "select current_setting('fisc.seal')");
    must(wall.reader, "set local fisc.entities = 'A\x1f"
                      "B'");
    expect(wall.reader, COUNT, "0");
    must(wall.reader, "commit");
    expect(wall.reader, COUNT, "0");
    g_autofree char *again = g_strdup_printf("set fisc.entities = 'A'; set fisc.seal = '%s'", seal);
    must(wall.reader, again);
    expect(wall.reader, COUNT, "0");
    expect(wall.reader, wider, "42501");
    wall_clear(&wall);
}

/* A tool's own role sees what was written down for it, and cannot say otherwise. The cluster of the
 * tests lets no such role sign in, so its superuser takes the role of the session. */
static void
test_analysts(void)
{
    Wall wall = wall_new();
    PGconn *tool = PQconnectdb(wall.admin);
    must(wall.owner, "drop role if exists fisc_test_tool; create role fisc_test_tool");
    must(wall.owner, "grant fisc_reader to fisc_test_tool");
    must(tool, "set session authorization fisc_test_tool");
    expect(tool, COUNT, "0");
    must(wall.owner, "insert into access.analyst values ('fisc_test_tool', '{A}')");
    expect(tool, COUNT, "1");
    must(tool, "set fisc.entities = '*'");
    expect(tool, COUNT, "1");
    must(tool, "set role fisc_reader");
    expect(tool, COUNT, "1");
    PQfinish(tool);
    must(wall.owner, "drop role fisc_test_tool");
    wall_clear(&wall);
}

/* The catalog -----------------------------------------------------------------------------------
 */

/* rows: row-level security with a policy for the reader. whole: everybody's, or of no entity.
 * none: the reader has no right to it. columns: only some columns of it. view: by its tables. */
static const char decisions[] = "access.analyst none\n"
                                "access.quota none\n"
                                "access.read rows\n"
                                "access.scope_key none\n"
                                "analysis.account view\n"
                                "analysis.balance view\n"
                                "analysis.budget_position view\n"
                                "analysis.coding view\n"
                                "analysis.document view\n"
                                "analysis.entity view\n"
                                "analysis.entity_group view\n"
                                "analysis.entity_history view\n"
                                "analysis.entry view\n"
                                "analysis.gfs_flow view\n"
                                "analysis.line view\n"
                                "analysis.period view\n"
                                "budget.content rows\n"
                                "core.applied whole\n"
                                "ledger.account view\n"
                                "ledger.balance rows\n"
                                "ledger.balance_now view\n"
                                "ledger.batch columns\n"
                                "ledger.book whole\n"
                                "ledger.checkpoint whole\n"
                                "ledger.coding rows\n"
                                "ledger.entity view\n"
                                "ledger.entry rows\n"
                                "ledger.event rows\n"
                                "ledger.identity_salt none\n"
                                "ledger.line view\n"
                                "ledger.master rows\n"
                                "ledger.open_item rows\n"
                                "ledger.open_item_now view\n"
                                "ledger.period whole\n"
                                "ledger.person_name rows\n"
                                "ledger.reference rows\n"
                                "ledger.refusal rows\n"
                                "reporting.content rows\n";

static const char list_relations[] =
    "select string_agg(format(E'%I.%I %s\\n', n.nspname, c.relname,"
    "   case when c.relkind in ('v', 'm') then case when 'security_invoker=true' = any "
    "(c.reloptions)"
    "             then 'view' else 'OPEN VIEW' end"
    "        when not has_any_column_privilege('fisc_reader', c.oid, 'select') then 'none'"
    "        when not has_table_privilege('fisc_reader', c.oid, 'select') then 'columns'"
    "        when c.relrowsecurity and exists (select from pg_policy p where p.polrelid = c.oid"
    "             and 'fisc_reader'::regrole = any (p.polroles)) then 'rows'"
    "        when exists (select from pg_attribute a where a.attrelid = c.oid and a.attname in"
    "             ('entity_id', 'entity', 'fields', 'entry_id')) then 'NO WALL'"
    "        else 'whole' end), '' order by n.nspname, c.relname)"
    "  from pg_class c join pg_namespace n on n.oid = c.relnamespace"
    " where n.nspname in " OUR_SCHEMAS " and c.relkind in ('r', 'p', 'v', 'm')"
    "   and not c.relispartition";

static void
test_catalog(void)
{
    Wall wall = wall_new();
    expect(wall.owner, list_relations, decisions);
    expect(wall.owner,
           "select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace"
           " where c.relispartition and n.nspname in " OUR_SCHEMAS
           "   and has_any_column_privilege('fisc_reader', c.oid, 'select')",
           "0");
    expect(wall.owner,
           "select coalesce(string_agg(c.oid::regclass::text, ' '), '')"
           "  from pg_class c join pg_namespace n on n.oid = c.relnamespace,"
           "       aclexplode(c.relacl) a"
           " where n.nspname in " OUR_SCHEMAS " and a.grantee = 0",
           "");
    wall_clear(&wall);
}

/* Routines with their owner's rights go around the walls: each stands here, with its reason in its
 * file. */
static void
test_routines(void)
{
    Wall wall = wall_new();
    expect(
        wall.owner,
        "select coalesce(string_agg(p.oid::regproc::text, ' ' order by p.oid::regproc::text), '')"
        "  from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
        " where n.nspname in " OUR_SCHEMAS " and p.prosecdef"
        "   and has_function_privilege('fisc_reader', p.oid, 'execute')",
        "access.batches access.codes access.may_see_content access.see access.sees_all"
        " access.sees_counts budget.own_ceilings ledger.visible");
    expect(wall.owner,
           "select coalesce(string_agg(p.oid::regproc::text, ' '), '')"
           "  from pg_proc p join pg_namespace n on n.oid = p.pronamespace,"
           "       aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a"
           " where n.nspname in " OUR_SCHEMAS " and p.prosecdef and a.grantee = 0",
           "");
    wall_clear(&wall);
}

const FiscTest fisc_scope_tests[] = {
    {"shows of every table what the context opens, and nothing without one", test_tables},
    {"shows records to whom they belong, new kinds to the whole book only", test_records},
    {"is not opened by what a session says of itself", test_forgeries},
    {"refuses a pass that was widened or is over", test_altered_passes},
    {"opens through a scoped pool what it was made for, for one transaction", test_scoped_pools},
    {"refuses a proof on another connection, and a seal after its transaction", test_stolen_proofs},
    {"shows a tool's role what was written down for it", test_analysts},
    {"has a decision about every relation", test_catalog},
    {"has a list of the routines that go around the walls", test_routines},
    {NULL, NULL},
};
