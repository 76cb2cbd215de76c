/* intake_stage.c: what the intake writes down of runs whose document waits for an approval. */
#include "app/flows/intake.h"

void
fisc_staged_run_free(FiscStagedRun *run)
{
    g_free(run->part);
    g_free(run->document);
    g_free(run->outcome);
    g_free(run);
}

bool
fisc_intake_name_documents(FiscContext *ctx, const GPtrArray *runs, GError **error)
{
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
    g_autoptr(GPtrArray) documents = g_ptr_array_new();
    for (guint i = 0; i < runs->len; i++) {
        const FiscIntakeRun *run = runs->pdata[i];
        g_array_append_val(ids, run->run_id);
        g_ptr_array_add(documents, run->told->document);
    }
    return fisc_intake_ask(
        ctx, FISC_TX_WRITE, FISC_SQL_INTAKE_NAME_DOCUMENTS,
        FISC_ARGS(fisc_int4(ctx->book_id),
                  fisc_int8_array((const int64_t *)(const void *)ids->data, (int)ids->len),
                  fisc_text_array((const char *const *)documents->pdata, (int)documents->len)),
        NULL, error);
}

bool
fisc_intake_staged(FiscContext *ctx, const char *feeder, GPtrArray **out_runs, GError **error)
{
    enum { RUN, PART, DOCUMENT, OUTCOME };
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_intake_ask(ctx, FISC_TX_READ, FISC_SQL_INTAKE_STAGED,
                         FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(feeder)), &rows, error)) {
        return false;
    }
    *out_runs = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_staged_run_free);
    for (int i = 0; i < fisc_rows_count(rows); i++) {
        FiscStagedRun *run = g_new0(FiscStagedRun, 1);
        *run = (FiscStagedRun){.run_id = fisc_rows_int8(rows, i, RUN),
                               .part = g_strdup(fisc_rows_text(rows, i, PART)),
                               .document = g_strdup(fisc_rows_text(rows, i, DOCUMENT)),
                               .outcome = g_strdup(fisc_rows_text(rows, i, OUTCOME))};
        g_ptr_array_add(*out_runs, run);
    }
    return true;
}

bool
fisc_intake_close_staged(FiscContext *ctx, const char *feeder, const char *document,
                         const FiscStagedEnd *end, GError **error)
{
    return fisc_intake_ask(
        ctx, FISC_TX_WRITE, FISC_SQL_INTAKE_CLOSE_STAGED,
        FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(feeder), fisc_text(document),
                  fisc_text(end->outcome), fisc_text(end->reason != NULL ? end->reason : ""),
                  fisc_int8(end->batch_no), fisc_text(end->receipt != NULL ? end->receipt : ""),
                  fisc_text(end->signature != NULL ? end->signature : "")),
        NULL, error);
}
