/* agent_database.h: documents of a unit that stand in a database: what a query gives, as CSV.
 *
 * A description says which database and which queries (docs/integrations.md):
 *
 *   [database]
 *   source = DSN=books            as ODBC has it; without a password
 *   user = reader
 *   password_file = books.password
 *   [document journal.csv]
 *   query_file = journal.sql      or query = select ... order by ...
 *
 * All of it is read in one transaction that writes nothing, so the documents are of one moment, and
 * either all of them are there or none. */
#ifndef FISC_AGENT_DATABASE_H
#define FISC_AGENT_DATABASE_H

#include "fisc/error.h"

/* A query and what is made of it. Owned. */
typedef struct {
    char *document;
    char *query;
} FiscAgentQuery;

typedef struct {
    char *source, *user, *password; /* "" */
    guint seconds_max;              /* for all of it */
    guint rows_max;                 /* of a document */
    gsize bytes_max;                /* of a document */
    GPtrArray *queries;             /* of FiscAgentQuery */
    gint64 changed_s;               /* when the description was written */
} FiscAgentDatabase;

/* What a query gave. */
typedef struct {
    char *document;
    GBytes *bytes; /* CSV as RFC 4180 has it, UTF-8; an empty field is NULL or an empty text */
} FiscAgentResult;

/** VALUE_INVALID, VALUE_MISSING or NOT_FOUND name file and place; DENIED when others may read the
 * password. */
bool fisc_agent_database_load(const char *path, FiscAgentDatabase **out_database, GError **error);
void fisc_agent_database_free(FiscAgentDatabase *database); /* NULL does nothing */
bool fisc_agent_database_has(const FiscAgentDatabase *database, const char *document);

/** Every document, of one moment: *out_results of FiscAgentResult, owned. PEER_UNAVAILABLE: the
 * database is away, busy or too slow, so it is asked again; with any other code the description or
 * a query has to be put right. */
bool fisc_agent_database_read(const FiscAgentDatabase *database, GPtrArray **out_results,
                              GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscAgentDatabase, fisc_agent_database_free)

#endif
