/* database.h: a migrated database of its own for each test that asks.
 *
 * One private cluster serves a whole test program; it lives in a temporary folder and is gone when
 * the program ends. With FISC_TEST_DATA_DIR in the environment the programs share the cluster
 * there, which whoever set it stops and removes: ./check does. A database that cannot be made ends
 * the program, because nothing said after that would be a result. */
#ifndef FISC_TEST_DATABASE_H
#define FISC_TEST_DATABASE_H

/** Makes an empty database with the program's schema. Returns its URI as fisc_admin; caller frees.
 *  Quick: the schema is migrated once and cloned. Dropped when the program ends. */
char *fisc_test_database_new(void);
/** Looks at the tables' contents for the planner, as PostgreSQL does by itself in time. A copy
 * knows what the original knew, and would not be looked at again. */
void fisc_test_database_analyze(const char *admin_uri);
/** Makes a database that is what the one at @admin_uri is now, for much less than filling it again.
 *  Nobody may be connected to that one. Returns its URI as fisc_admin; caller frees. */
char *fisc_test_database_copy(const char *admin_uri);
/** Drops one of the above before the program ends: a cluster with hundreds of databases is slow.
 * Any other is left alone. */
void fisc_test_database_drop(const char *admin_uri);
/** The same database as another role sees it. Caller frees. */
char *fisc_test_poster_uri(const char *admin_uri);
char *fisc_test_reader_uri(const char *admin_uri);
char *fisc_test_uri_as(const char *admin_uri, const char *role);
/** What a reader's session puts into the setting fisc.pass to see the books of @entities, codes
 * with blanks between them; "*" is the whole book. Caller frees. */
char *fisc_test_pass(const char *admin_uri, const char *entities);
/** The cluster's data folder, the DIR of --data. Borrowed. */
const char *fisc_test_data_dir(void);
/** For FiscSuite.tear_down, and done at exit in any case: drops what this program made. */
int fisc_test_cluster_down(void);

/** A new temporary folder that every account may pass. Caller frees, and removes it with the next.
 */
char *fisc_test_folder_new(void);
/** Removes a folder and all in it; NULL does nothing. */
void fisc_test_folder_remove(const char *path);

#endif
