/* verify.c: the walk of an auditor: the whole book held against itself and against signed heads. */
#include "app/flows/internal.h"

bool
fisc_flow_verify(FiscContext *ctx, const FiscVerifyOptions *options, FiscVerifyReport **out_report,
                 GError **error)
{
    FiscVerifyOptions chosen = *options;
    chosen.progress = ctx->progress;
    chosen.progress_data = ctx->progress_data;
    return fisc_verify(ctx->pool, ctx->book_id, &chosen, out_report, error);
}
