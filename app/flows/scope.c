/* scope.c: what walks answer from memory, or through the pool of those who write, is cut here to
 * what the one who asks may see: the database cuts the rest (docs/access.md). A context without a
 * scope is the operator's, who sees all. */
#include "app/flows/internal.h"
#include "fisc/scope.h"
#include <string.h>

#define KEY_ENTITY "entity="

bool
fisc_flow_is_limited(const FiscContext *ctx)
{
    return !fisc_scope_is_all(ctx->scope);
}

bool
fisc_flow_check_book(const FiscContext *ctx, GError **error)
{
    return !fisc_flow_is_limited(ctx) ||
           fisc_fail(error, FISC_ERROR_DENIED,
                     "all units are in it: that takes a view of the whole book");
}

/* Every key begins with its entity: ledger/engine_key.c. */
bool
fisc_flow_sees_key(const FiscContext *ctx, const char *key)
{
    if (!fisc_flow_is_limited(ctx)) {
        return true;
    }
    if (key == NULL || !g_str_has_prefix(key, KEY_ENTITY)) {
        return false;
    }
    const char *code = key + strlen(KEY_ENTITY);
    g_autofree char *entity = g_strndup(code, strcspn(code, " "));
    return fisc_scope_has(ctx->scope, entity);
}

void
fisc_flow_keep_funds(const FiscContext *ctx, GPtrArray *funds)
{
    for (guint i = funds->len; i > 0; i--) {
        if (!fisc_flow_sees_key(ctx, ((const FiscFunds *)funds->pdata[i - 1])->key)) {
            g_ptr_array_remove_index(funds, i - 1);
        }
    }
}

bool
fisc_flow_check_unit(const FiscContext *ctx, const FiscNation *nation, const char *unit,
                     GError **error)
{
    if (!fisc_flow_is_limited(ctx) || unit == NULL || fisc_scope_has(ctx->scope, unit)) {
        return true;
    }
    g_autoptr(GHashTable) members = fisc_nation_perimeter(nation, unit);
    bool is_seen = members != NULL && g_hash_table_size(members) > 0;
    GHashTableIter each;
    gpointer code;
    if (members != NULL) {
        g_hash_table_iter_init(&each, members);
        while (is_seen && g_hash_table_iter_next(&each, &code, NULL)) {
            is_seen = fisc_scope_has(ctx->scope, code);
        }
    }
    return is_seen || fisc_fail(error, FISC_ERROR_NOT_FOUND, "there is no unit \"%s\"", unit);
}

static void
refuse_entity(FiscRefusals *refusals, const char *file, int row, const char *entity)
{
    fisc_refusals_add(refusals, FISC_ERROR_ENTITY_UNKNOWN, file, row, "entity",
                      "\"%s\" is not registered", entity != NULL ? entity : "*");
}

bool
fisc_flow_check_content(const FiscContext *ctx, const FiscSubmission *content,
                        FiscRefusals *refusals)
{
    guint before = refusals->len;
    for (guint i = 0; i < content->entries->len && fisc_flow_is_limited(ctx); i++) {
        const FiscEntry *entry = content->entries->pdata[i];
        if (!fisc_scope_has(ctx->scope, entry->entity)) {
            refuse_entity(refusals, entry->file, entry->row, entry->entity);
        }
    }
    for (guint i = 0; i < content->events->len && fisc_flow_is_limited(ctx); i++) {
        g_autofree char *entity = fisc_event_entity(content->events->pdata[i]);
        if (entity != NULL && !fisc_scope_has(ctx->scope, entity)) {
            refuse_entity(refusals, NULL, 0, entity);
        }
    }
    return refusals->len == before;
}

/* Refusals ----------------------------------------------------------------------------------------
 */

static bool
is_for_duty(const FiscRefusal *refusal)
{
    return refusal->code == FISC_ERROR_DUTY_MISSING || refusal->code == FISC_ERROR_DENIED;
}

static bool
has_duty_refusal(const FiscRefusals *refusals)
{
    for (guint i = 0; i < refusals->len; i++) {
        if (is_for_duty(refusals->pdata[i])) {
            return true;
        }
    }
    return false;
}

static void
hide_figures(FiscRefusal *refusal)
{
    g_clear_pointer(&refusal->control, g_free);
    g_clear_pointer(&refusal->key, g_free);
    g_clear_pointer(&refusal->hint, g_free);
    g_clear_pointer(&refusal->remedies, g_ptr_array_unref);
    g_free(refusal->detail);
    refusal->detail = g_strdup("the funds of a unit that you may not see");
    refusal->limit = refusal->consumed = refusal->requested = refusal->shortfall = 0;
    memset(refusal->stage, 0, sizeof(refusal->stage));
}

static void
hide_in(const FiscContext *ctx, FiscRefusals *refusals)
{
    bool is_denied = refusals != NULL && has_duty_refusal(refusals);
    for (guint i = refusals != NULL ? refusals->len : 0; i > 0; i--) {
        FiscRefusal *refusal = refusals->pdata[i - 1];
        if (is_denied && !is_for_duty(refusal)) {
            g_ptr_array_remove_index(refusals, i - 1);
        } else if (refusal->control != NULL && !fisc_flow_sees_key(ctx, refusal->key)) {
            hide_figures(refusal);
        }
    }
}

void
fisc_flow_hide(const FiscContext *ctx, FiscReceipt *receipt)
{
    if (receipt == NULL || !fisc_flow_is_limited(ctx)) {
        return;
    }
    hide_in(ctx, receipt->refusals);
    for (guint i = 0; i < receipt->results->len; i++) {
        FiscResult *result = receipt->results->pdata[i];
        hide_in(ctx, result->refusals);
        hide_in(ctx, result->warnings);
    }
}
