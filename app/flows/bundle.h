/* bundle.h: what the walk of a bundle shares: gathering its tables, and writing them. */
#ifndef FISC_FLOWS_BUNDLE_H
#define FISC_FLOWS_BUNDLE_H

#include "app/flows/report_snapshot.h"
#include "fisc/nation.h"
#include "fisc/publish.h"
#include "reporting/bundle.h"

/* A bundle while it is made. */
typedef struct {
    const FiscBundleOrder *order;
    FiscBundleScope scope;
    FiscNation *nation; /* as known at the batch */
    FiscKnownAt known;
    GPtrArray *files;   /* of FiscBundleFile */
    FiscTable *rules;   /* what is withheld by which rule, without its condition */
    FiscTable *changes; /* since the bundle before */
} FiscBundleMaking;

void fisc_bundle_making_clear(FiscBundleMaking *making);

/** Reads everything as known at one batch, and takes out what must not leave. */
bool fisc_bundle_gather(FiscContext *ctx, FiscBundleMaking *making, GError **error);
/** Compares with the bundle before, where the order names one. TAMPERED when that is not what its
 * own description says; USAGE when it is of something else. */
bool fisc_bundle_compare(FiscBundleMaking *making, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiscBundleMaking, fisc_bundle_making_clear)

#endif
