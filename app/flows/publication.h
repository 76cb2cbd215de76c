/* publication.h: what the walks of publishing share: publications on record and their bytes. */
#ifndef FISC_PUBLICATION_H
#define FISC_PUBLICATION_H

#include "app/flows/report_words.h"
#include "core/base/hash.h"
#include "fisc/ledger.h"
#include "fisc/publish.h"

#define FISC_PUBLISH_SOURCE "publish"

/* A publication as it is on record. */
typedef struct {
    FiscNation *now;       /* owns @fact */
    const FiscFact *fact;  /* of the kind "publication" */
    FiscReportWords words; /* of its query */
    FiscNation *rules;     /* as its report knows them: units, charts, layouts */
} FiscPublication;

/** NOT_FOUND. */
bool fisc_publication_find(FiscContext *ctx, const char *id, FiscPublication *out_publication,
                           GError **error);
void fisc_publication_clear(FiscPublication *publication);
/** The nation whose layouts and rules a pinned query is made by: of --rules-at, else --known-at. */
bool fisc_publication_rules(FiscTx *tx, FiscContext *ctx, const FiscReportQuery *query,
                            FiscNation **out_nation, GError **error);
/** The digest of the layouts of a query, as @nation has them. */
bool fisc_publication_layouts(const FiscNation *nation, const FiscReportQuery *query,
                              char out_digest[FISC_HASH_TEXT], GError **error);

/** Keeps bytes under their digest. */
bool fisc_publication_keep(FiscContext *ctx, const GString *bytes, char out_digest[FISC_HASH_TEXT],
                           GError **error);
/** The bytes kept under a digest, held against it. NOT_FOUND, TAMPERED. */
bool
fisc_publication_bytes(FiscContext *ctx, const char *digest, GString *out_bytes, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiscPublication, fisc_publication_clear)

#endif
