/* bundle.h: open data: tables of a nation with what a machine needs to read them: types, keys,
 * digests, and what changed since the bundle before (docs/publishing.md). Pure. */
#ifndef FISC_BUNDLE_H
#define FISC_BUNDLE_H

#include "core/base/hash.h"
#include "fisc/csv.h"
#include "fisc/date.h"
#include "fisc/table.h"

/* One file of rows. Strings are borrowed but those said to be owned. */
typedef struct {
    const char *name;  /* "budget" */
    const char *path;  /* "data/budget.csv" */
    const char *title; /* for people */
    const char *key;   /* columns that name a row, separated by commas */
    FiscTable *table;  /* owned */
    guint rows;        /* of the text */
    guint withheld;    /* rows that privacy left out */
    GString *text;     /* as CSV, owned: fisc_bundle_render() */
    char digest[FISC_HASH_TEXT];
    bool is_keyed; /* no two rows have one key: what privacy masked may be part of it */
} FiscBundleFile;

/* What all files are of. */
typedef struct {
    const char *unit; /* "" = every unit */
    const char *period;
    FiscPeriod from, to;
    int64_t batch, previous; /* known at; and of the bundle before, 0 = none */
    const char *created;     /* when that batch was posted, "2024-06-30T12:00:00Z" */
    const char *program;
    const char *publisher, *area, *licence, *contact; /* "" = not on record */
} FiscBundleScope;

FiscBundleFile *fisc_bundle_file_new(const char *name, const char *path, const char *title,
                                     const char *key, FiscTable *table);
void fisc_bundle_file_free(gpointer file);
/** Fills text, digest, the number of its rows and whether the key holds. */
void fisc_bundle_render(FiscBundleFile *file);

/** datapackage.json of the files (of FiscBundleFile, rendered). Caller frees. */
char *fisc_bundle_package(const FiscBundleScope *scope, const GPtrArray *files);

/** An empty list of changes: columns file,change,key,column,before,after. */
FiscTable *fisc_bundle_changes_new(void);
/** Adds what changed of a file since @before, its rows in the bundle before; NULL: it had none. */
void fisc_bundle_add_changes(FiscTable *changes, const FiscBundleFile *file, const FiscCsv *before);

#endif
