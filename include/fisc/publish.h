/* publish.h: what is given to the public: reports that stay what they were, and open data.
 *
 * A publication is a fact in the chain: the words of a report, the batch it is known at, the
 * layouts, the program, and the digest of its bytes, which are kept. Whoever has the books makes
 * the same bytes again, whatever was posted since. */
#ifndef FISC_PUBLISH_H
#define FISC_PUBLISH_H

#include "fisc/flow.h"

typedef struct {
    const char *id;       /* "GFS-2018": a name for ever */
    const char *title;    /* NULL: that of the report */
    const char *format;   /* of tables or dossiers */
    const char *status;   /* "flash" "provisional" "final" */
    const char *replaces; /* the publication that this one corrects, or NULL */
} FiscPublishOrder;

/* What became of it. */
typedef struct {
    char *id;
    char *content;  /* SHA-256 of the bytes, in hex */
    int64_t batch;  /* they are known at */
    gsize size;     /* in bytes */
    char *document; /* that a second person approves, where duties are enforced; else NULL */
} FiscPublished;

void fisc_published_clear(FiscPublished *published);

/** Makes a report as it is known now (or at @query->known_at), keeps the bytes and puts the
 * publication on record; the same once more changes nothing. Refusals are in the receipt: what is
 * published cannot become something else. USAGE for a word that makes no sense. */
bool fisc_flow_publish_report(FiscContext *ctx, const FiscPublishOrder *order,
                              const FiscReportQuery *query, FiscPublished *out_published,
                              FiscReceipt **out_receipt, GError **error);
/** Columns publication,status,format,batch,content,replaces,title,query, in order of publication.
 */
bool fisc_flow_publication_list(FiscContext *ctx, FiscTable **out_table, GError **error);
/** All that is on record of one, and whether its bytes are kept: columns name,value. NOT_FOUND. */
bool
fisc_flow_publication_show(FiscContext *ctx, const char *id, FiscTable **out_table, GError **error);
/** Makes a publication again from the chain, as known at its batch, with the layouts that were then
 * on record. Appends its bytes only when they are the same as those published; else FAILED says
 * which program or layouts made them, and TAMPERED when neither explains it. NOT_FOUND. */
bool fisc_flow_reproduce(FiscContext *ctx, const char *id, GString *out_bytes, GError **error);
/** The bytes as they were kept. TAMPERED when they are others, NOT_FOUND when there are none. */
bool
fisc_flow_publication_bytes(FiscContext *ctx, const char *id, GString *out_bytes, GError **error);

/* Open data: a folder that says what it is, and can be checked without us (docs/publishing.md). */
typedef struct {
    const char *folder;
    const char *period;
    const char *unit;     /* NULL = every unit */
    const char *known_at; /* NULL = the newest batch */
    const char *since;    /* folder of the bundle before; NULL = none */
    const char *key_file; /* that signs heads: signs the checksums, too */
} FiscBundleOrder;

/** Writes the folder, which is new, empty, or holds a bundle. The same order gives the same bytes,
 * whatever was posted since. *out_written: columns path,rows,withheld,sha256. */
bool fisc_flow_publish_bundle(FiscContext *ctx, const FiscBundleOrder *order,
                              FiscTable **out_written, GError **error);

/** A report in a format of tables or of dossiers, as bytes: without a clock, so that the same books
 * give the same bytes. USAGE when there is no such format. */
bool fisc_flow_report_bytes(FiscContext *ctx, const FiscReportQuery *query, const char *format,
                            GString *out_bytes, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiscPublished, fisc_published_clear)

#endif
