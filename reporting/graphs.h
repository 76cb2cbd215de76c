/* graphs.h: which graphs a report has. */
#ifndef FISC_GRAPHS_H
#define FISC_GRAPHS_H

#include "fisc/dossier.h"
#include "fisc/statement.h"

/** Adds the graphs that a dossier's tables, already in its language, are worth; and where
 * @query->unit names one unit, those of its months and of its budget. A graph of nothing but zeros
 * is left out. @dossier's scope gives titles and currency. */
void fisc_graphs_add(FiscDossier *dossier, const FiscStatementQuery *query);

/* graphs_read.c: what graphs are made from. */

/** A graph with a title of what it shows, whose it is, and when. */
FiscGraph *fisc_graphs_new(const FiscDossier *dossier, const FiscDossierPart *part,
                           FiscGraphKind kind, const char *name, const char *words);
/** Adds @graph to @part, or frees it when it shows nothing but zeros. */
void fisc_graphs_keep(FiscDossierPart *part, FiscGraph *graph);
/** The row of a code; NULL when there is none. */
const FiscRow *fisc_graphs_row(const FiscTable *table, const char *code);
/** A row's label, without the remark behind it ("[GFS]"). Caller frees. */
char *fisc_graphs_label(const FiscTable *table, const FiscRow *row);
/** A row's amount in its first column of amounts; 0 for NULL. */
__int128 fisc_graphs_amount(const FiscTable *table, const FiscRow *row);
/** A bar for each of @rows; a series for each column of amounts. */
void fisc_graphs_fill(FiscGraph *graph, const FiscDossier *dossier, const FiscTable *table,
                      const GPtrArray *rows);

/* graphs_books.c: of what no statement has in its rows. */

/** What came in and went out in each month. */
void fisc_graphs_add_months(const FiscDossier *dossier, FiscDossierPart *part,
                            const FiscStatementQuery *query);
/** What was voted, accrued and paid of each class. */
void fisc_graphs_add_budget(const FiscDossier *dossier, FiscDossierPart *part,
                            const FiscStatementQuery *query);

#endif
