/* dossier.h: reports bound together for a reader: tables, the charts behind them, and what they
 * were made from. Renderers turn it into a spreadsheet, pages or a web page. */
#ifndef FISC_DOSSIER_H
#define FISC_DOSSIER_H

#include "fisc/date.h"
#include "fisc/graph.h"
#include "fisc/table.h"

/* One sheet, one section. */
typedef struct {
    char *name;        /* "SOO": of the sheet, of the link */
    char *unit;        /* "CITY": whose it is; NULL: of the whole report */
    FiscTable *table;  /* its title is the section's */
    GPtrArray *graphs; /* of FiscGraph: behind the table */
} FiscDossierPart;

/* What the figures are of, for formats that must say it by code. Strings are owned; NULL = not
 * known. */
typedef struct {
    char *report;   /* "gfs" */
    char *unit;     /* entity or group; "" = every unit */
    char *name;     /* of the unit */
    char *sector;   /* SNA code that holds all its members: "S1313" */
    char *area;     /* ISO 3166 code of the publisher's country, "" */
    char *currency; /* ISO 4217, "" */
    char *standard; /* "gfsm2014" */
    FiscPeriod from, to;
    bool unconsolidated;
    int64_t batch_no; /* known at */
} FiscDossierScope;

typedef struct {
    char *title;
    char *language; /* "en" */
    FiscDossierScope scope;
    GPtrArray
        *facts; /* of char *: name, value ...: printed at the front: batch, layouts, program */
    GPtrArray *parts; /* of FiscDossierPart */
} FiscDossier;

FiscDossier *fisc_dossier_new(const char *title);
void fisc_dossier_free(FiscDossier *dossier);
void fisc_dossier_add_fact(FiscDossier *dossier, const char *name, const char *value);
/** Takes @table. */
FiscDossierPart *fisc_dossier_add_table(FiscDossier *dossier, const char *name, FiscTable *table);
/** Takes @graph. */
void fisc_dossier_add_graph(FiscDossierPart *part, FiscGraph *graph);
/** Takes a report's table apart: one part for each statement of each unit, where its columns say
 * which; else one part. Its notes go where they belong, general ones to the first part. Frees
 * @table. */
FiscDossier *fisc_dossier_from_table(FiscTable *table);
/** Puts titles, labels and the renderers' own words into a language. */
void fisc_dossier_translate(FiscDossier *dossier, const char *language);
/** The part of a unit (NULL: any) with that name; NULL when there is none. */
FiscDossierPart *fisc_dossier_part(const FiscDossier *dossier, const char *unit, const char *name);

typedef struct {
    const char *name;    /* "pdf" */
    const char *meaning; /* one line */
    bool is_binary;      /* no text for a terminal */
    bool (*render)(const FiscDossier *dossier, GString *out, GError **error);
} FiscDossierFormat;

/** Ended by a NULL name. */
const FiscDossierFormat *fisc_dossier_formats(void);
const FiscDossierFormat *fisc_dossier_format(const char *name); /* NULL: none */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscDossier, fisc_dossier_free)

#endif
