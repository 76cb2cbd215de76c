/* fact.c: putting facts on record: by who may, or as a document that a second person approves. */
#include "app/flows/internal.h"
#include "fisc/ledger.h"
#include <string.h>

static bool
is_enforced(const GArray *policies)
{
    for (guint i = 0; i < policies->len; i++) {
        const FiscRecord *policy = &g_array_index(policies, FiscRecord, i);
        if (strcmp(policy->subject, "duties") == 0) {
            return g_strcmp0(fisc_record_field(policy, "enforced"), "yes") == 0;
        }
    }
    return false;
}

bool
fisc_flow_is_enforced(FiscContext *ctx, bool *out_enforced, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(GArray) policies = NULL;
    if (!fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) ||
        !fisc_records_load(tx, ctx->book_id, "policy", &policies, error) ||
        !fisc_tx_commit(g_steal_pointer(&tx), error)) {
        return false;
    }
    *out_enforced = is_enforced(policies);
    return true;
}

bool
fisc_flow_put_facts(FiscContext *ctx, FiscSubmission *facts, const char *reason,
                    char **out_document, FiscReceipt **out_receipt, GError **error)
{
    const FiscDocumentDraft draft = {.action = "rules", .entity = "*", .reason = reason};
    bool is_two = false;
    *out_document = NULL;
    if (!fisc_flow_is_enforced(ctx, &is_two, error)) {
        return false;
    }
    if (is_two) {
        return fisc_flow_document_propose(ctx, &draft, facts, out_document, out_receipt, error);
    }
    facts->on_behalf = ctx->on_behalf;
    return fisc_flow_post(ctx, facts, true, false, out_receipt, error);
}
