/* read_log.c: reads of what is sensitive leave a row in access.read and a line in the log: who,
 * what, when, how much. The row is written before the answer leaves, so there is no answer without
 * one; a replica cannot write and has the line only. */
#include "app/server/access.h"
#include "app/server/server_internal.h"
#include "core/base/log.h"
#include <string.h>

/* Routes whose every read is written down: names and rights of persons, whole exports, proofs, what
 * auditors look at. */
static const char *const sensitive_paths[] = {
    "/v1/persons", "/v1/export", "/v1/proofs", "/v1/sealed", "/v1/audit", "/v1/tokens", NULL};
/* And those that show one unit's books, when who sees the whole book has no role there. */
static const char *const books_paths[] = {
    "/v1/reports",   "/v1/drill",   "/v1/trace", "/v1/entries",
    "/v1/documents", "/v1/budgets", "/v1/funds", NULL};

static bool
begins_with_any(const char *path, const char *const *prefixes)
{
    for (int i = 0; prefixes[i] != NULL; i++) {
        if (g_str_has_prefix(path, prefixes[i])) {
            return true;
        }
    }
    return false;
}

static const char *
unit_of(const FiscCall *call)
{
    const char *entity = fisc_call_text(call, "entity");
    return entity != NULL ? entity : fisc_call_text(call, "unit");
}

static bool
is_guest(const FiscCall *call)
{
    const FiscScope *scope = call->principal.scope;
    const char *unit = unit_of(call);
    return fisc_scope_has_roles(scope) && fisc_scope_is_all(scope) &&
           (unit == NULL || !fisc_scope_is_own(scope, unit));
}

bool
fisc_read_log_wants(const FiscCall *call)
{
    const FiscRoute *route = call->route;
    return call->principal.person != NULL && strcmp(route->method, "GET") == 0 &&
           (begins_with_any(route->path, sensitive_paths) ||
            (is_guest(call) && begins_with_any(route->path, books_paths)));
}

static bool
write_read(FiscCall *call, const char *path, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    return fisc_tx_begin(call->server->posters, FISC_TX_WRITE, &tx, error) &&
           fisc_tx_query(
               tx, FISC_SQL_ACCESS_LOG_READ,
               FISC_ARGS(fisc_int4(call->server->options.book_id),
                         fisc_text(call->principal.person), fisc_text(call->principal.session),
                         fisc_text(call->route->operation), fisc_text(path),
                         fisc_text(unit_of(call)), fisc_int4(call->reply->status),
                         fisc_int8(call->row_count), fisc_int8((int64_t)call->reply->body->len),
                         fisc_text(call->request->request_id)),
               NULL, error) &&
           fisc_tx_commit(g_steal_pointer(&tx), error);
}

static char *
path_with_query(const FiscHttpRequest *request)
{
    GString *path = g_string_new(request->path);
    for (guint i = 0; i + 1 < request->query->len; i += 2) {
        g_string_append_printf(path, "%c%s=%s", i == 0 ? '?' : '&',
                               (const char *)request->query->pdata[i],
                               (const char *)request->query->pdata[i + 1]);
    }
    return g_string_free(path, FALSE);
}

void
fisc_read_log_write(FiscCall *call)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *raw = path_with_query(call->request);
    g_autofree char *path = g_utf8_make_valid(raw, -1);
    g_autofree char *rows = g_strdup_printf("%" G_GINT64_FORMAT, call->row_count);
    fisc_log(FISC_LOG_INFO, "sensitive read", "person", call->principal.person, "operation",
             call->route->operation, "path", path, "rows", rows, "request",
             call->request->request_id, NULL);
    if (!call->server->options.is_read_only && !write_read(call, path, &error)) {
        fisc_call_fail(call, error); /* what cannot be written down is not shown */
    }
}
