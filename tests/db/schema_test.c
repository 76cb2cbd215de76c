/* schema_test.c: what every table and column of the schema owes its readers. */
#include "tests/support/database.h"
#include "tests/support/suite.h"
#include <glib.h>
#include <libpq-fe.h>

#define OUR_SCHEMAS                                                                                \
    "('core', 'ledger', 'budget', 'reporting', 'analysis', 'identity', 'server', 'intake')"

/* Everything the query names, one a line; a failure to ask is an answer too, and not an empty one.
 */
static char *
list_names(const char *query)
{
    g_autofree char *uri = fisc_test_database_new();
    PGconn *connection = PQconnectdb(uri);
    PGresult *result = PQexec(connection, query);
    GString *names = g_string_new(NULL);
    if (PQresultStatus(result) != PGRES_TUPLES_OK) {
        g_string_append(names, PQerrorMessage(connection));
    }
    for (int row = 0; row < PQntuples(result); row++) {
        g_string_append_printf(names, "%s\n", PQgetvalue(result, row, 0));
    }
    PQclear(result);
    PQfinish(connection);
    return g_string_free(names, FALSE);
}

/* Partitions are the parent's copies and need no words of their own. */
static void
every_table_has_a_comment(void)
{
    g_autofree char *silent =
        list_names("select format('%I.%I', n.nspname, c.relname)"
                   "  from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                   " where n.nspname in " OUR_SCHEMAS " and c.relkind in ('r', 'p', 'v', 'm')"
                   "   and not c.relispartition and obj_description(c.oid, 'pg_class') is null"
                   " order by 1");
    FISC_ASSERT_TEXT(silent, "");
}

static void
every_column_has_a_comment(void)
{
    g_autofree char *silent =
        list_names("select format('%I.%I.%I', n.nspname, c.relname, a.attname)"
                   "  from pg_attribute a join pg_class c on c.oid = a.attrelid"
                   "  join pg_namespace n on n.oid = c.relnamespace"
                   " where n.nspname in " OUR_SCHEMAS " and c.relkind in ('r', 'p')"
                   "   and not c.relispartition and a.attnum > 0 and not a.attisdropped"
                   "   and col_description(c.oid, a.attnum) is null"
                   " order by 1");
    FISC_ASSERT_TEXT(silent, "");
}

/* Without it the two above would be content with an empty database. */
static void
the_schema_has_tables(void)
{
    g_autofree char *schemas =
        list_names("select distinct n.nspname from pg_class c"
                   "  join pg_namespace n on n.oid = c.relnamespace"
                   " where n.nspname in " OUR_SCHEMAS " and c.relkind in ('r', 'p') order by 1");
    FISC_ASSERT_CONTAINS(schemas, "ledger\n");
}

static void
every_routine_has_a_fixed_search_path(void)
{
    g_autofree char *loose =
        list_names("select p.oid::regprocedure::text"
                   "  from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
                   " where n.nspname in " OUR_SCHEMAS " and p.prosecdef"
                   "   and not coalesce(p.proconfig::text like '%search_path=%', false)"
                   " order by 1");
    FISC_ASSERT_TEXT(loose, "");
}

/* What people are called is for readers of the whole book, by row-level security (scope_test.c);
 * the salt of identities is for nobody. */
static void
only_routines_write(void)
{
    g_autofree char *writable =
        list_names("select format('%s may %s %I.%I', r, p, n.nspname, c.relname)"
                   "  from pg_class c join pg_namespace n on n.oid = c.relnamespace,"
                   "       unnest(array['fisc_poster', 'fisc_reader']) r,"
                   "       unnest(array['insert', 'update', 'delete', 'truncate']) p"
                   " where n.nspname in " OUR_SCHEMAS " and c.relkind in ('r', 'p', 'v', 'm')"
                   "   and has_table_privilege(r, c.oid, p) order by 1");
    FISC_ASSERT_TEXT(writable, "");
    g_autofree char *names =
        list_names("select format('%s reads %s', r, t)"
                   "  from unnest(array['fisc_poster', 'fisc_reader']) r,"
                   "       unnest(array['ledger.person_name', 'ledger.identity_salt']) t"
                   " where has_table_privilege(r, t, 'select') order by 1");
    FISC_ASSERT_TEXT(names, "fisc_poster reads ledger.person_name\n"
                            "fisc_reader reads ledger.person_name\n");
}

const FiscTest fisc_schema_tests[] = {
    {"the schema has tables", the_schema_has_tables},
    {"every table and view has a comment", every_table_has_a_comment},
    {"every column has a comment", every_column_has_a_comment},
    {"every routine with its owner's rights has a fixed search path",
     every_routine_has_a_fixed_search_path},
    {"only routines write, and nobody reads the salt of identities", only_routines_write},
    {NULL, NULL},
};
