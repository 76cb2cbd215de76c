/* access.c: who may ask what, decided in one place, before a handler runs and for every route
 * alike. It reads the route's table, so that a new route is covered by being there. What an answer
 * holds is cut by the database, which is told here whose books are open (docs/access.md). */
#include "app/server/access.h"
#include "app/server/ops.h"
#include "app/server/server_internal.h"
#include "core/base/log.h"
#include <string.h>

struct _FiscAccessDesk {
    FiscScopeKey key;
    FiscQuotas *quotas;
};

/* Fields of path, query and body that name an entity or a group, in every route. */
static const char *const unit_fields[] = {"entity",      "unit",      "group",
                                          "from_entity", "to_entity", NULL};

bool
fisc_access_open(FiscServer *server, GError **error)
{
    FiscAccessDesk *desk = g_new0(FiscAccessDesk, 1);
    server->access = desk;
    return fisc_scope_key_load(server->posters, &desk->key, error) &&
           fisc_quotas_open(server->posters, &desk->quotas, error);
}

void
fisc_access_close(FiscServer *server)
{
    if (server->access != NULL) {
        fisc_quotas_free(server->access->quotas);
        g_clear_pointer(&server->access, g_free);
    }
}

FiscPool *
fisc_access_pool(FiscServer *server, const FiscScope *scope)
{
    static const char *const whole_book[] = {"*", NULL};
    g_auto(GStrv) entities = fisc_scope_entities(scope);
    return fisc_pool_scoped(server->readers, &server->access->key,
                            fisc_scope_is_all(scope) ? whole_book : (const char *const *)entities);
}

/* Units -----------------------------------------------------------------------------------------
 */

/* A group is seen by who sees all that have ever been in it: its sums are theirs. */
static bool
is_group_seen(FiscCall *call, const char *group)
{
    g_autoptr(FiscPool) pool = fisc_access_pool(call->server, call->principal.scope);
    g_autoptr(GError) error = NULL;
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_tx_begin(pool, FISC_TX_READ, &tx, &error) ||
        !fisc_tx_query(tx, FISC_SQL_ACCESS_GROUP_MEMBERS,
                       FISC_ARGS(fisc_int4(call->server->options.book_id), fisc_text(group)), &rows,
                       &error)) {
        fisc_log(FISC_LOG_WARN, "members of a group could not be read", "reason", error->message,
                 NULL);
        return false;
    }
    bool is_seen = fisc_rows_count(rows) > 0;
    for (int i = 0; i < fisc_rows_count(rows) && is_seen; i++) {
        is_seen = fisc_scope_has(call->principal.scope, fisc_rows_text(rows, i, 0));
    }
    return is_seen;
}

static bool
is_unit_seen(FiscCall *call, const char *unit)
{
    return fisc_scope_has(call->principal.scope, unit) || is_group_seen(call, unit);
}

/* "members,unit=LGN,years=2": the units that a report is to stand beside. */
static bool
are_beside_seen(FiscCall *call)
{
    const char *beside = fisc_call_text(call, "beside");
    g_auto(GStrv) words = g_strsplit(beside != NULL ? beside : "", ",", -1);
    bool is_seen = true;
    for (char **word = words; *word != NULL && is_seen; word++) {
        is_seen = !g_str_has_prefix(*word, "unit=") || is_unit_seen(call, *word + strlen("unit="));
    }
    return is_seen;
}

static bool
are_units_seen(FiscCall *call)
{
    bool is_seen = true;
    for (int i = 0; unit_fields[i] != NULL && is_seen; i++) {
        const char *unit = fisc_call_text(call, unit_fields[i]);
        is_seen = unit == NULL || is_unit_seen(call, unit);
    }
    return is_seen && are_beside_seen(call);
}

static bool
names_unit(const FiscCall *call)
{
    return fisc_call_text(call, "entity") != NULL || fisc_call_text(call, "unit") != NULL;
}

static bool
check_units(FiscCall *call)
{
    bool is_public = call->route->access == FISC_ACCESS_ANYONE;
    bool has_to_name = call->route->access == FISC_ACCESS_ENTITY;
    if (is_public || fisc_scope_is_all(call->principal.scope)) {
        return true;
    }
    if ((has_to_name && !names_unit(call)) || !are_units_seen(call)) {
        fisc_call_problem(call, 404, "NOT_FOUND", NULL, "there is no such unit");
        return false;
    }
    return true;
}

/* A name that somebody chooses for a document, or a hold, begins with an entity of his: whether it
 * was taken tells him then of no other's. The document that is held has its name already. */
static bool
check_name(FiscCall *call)
{
    bool is_hold = strcmp(call->route->operation, "placeHold") == 0;
    const char *field = is_hold ? "hold" : "document";
    const char *name = json_string_value(fisc_call_value(call, field));
    g_auto(GStrv) own = fisc_scope_entities(call->principal.scope);
    if (name == NULL || fisc_scope_is_all(call->principal.scope)) {
        return true;
    }
    for (char **code = own; *code != NULL; code++) {
        gsize length = strlen(*code);
        if (strncmp(name, *code, length) == 0 && strchr("-./:_", name[length]) != NULL) {
            return true;
        }
    }
    fisc_call_problem(call, 422, "VALUE_INVALID", is_hold ? "/hold" : "/document",
                      "the name of a %s begins with its entity, as in \"ENTITY-1\"", field);
    return false;
}

/* The check --------------------------------------------------------------------------------------
 */

static bool
check_quota(FiscCall *call)
{
    int wait_s = 0;
    if (call->principal.person == NULL ||
        fisc_quotas_take(call->server->access->quotas, call->principal.person, g_get_real_time(),
                         &wait_s)) {
        return true;
    }
    fisc_ops_count(call->server, FISC_COUNTER_QUOTA_REFUSED, 1);
    g_autofree char *wait = g_strdup_printf("%d", wait_s);
    fisc_http_reply_header(call->reply, "Retry-After", wait);
    fisc_call_problem(call, 429, "RATE_LIMITED", NULL,
                      "you have had what one person gets within an hour");
    return false;
}

bool
fisc_access_check(FiscCall *call)
{
    if (!check_quota(call)) {
        return false;
    }
    if (call->route->access == FISC_ACCESS_BOOK && !fisc_scope_is_all(call->principal.scope)) {
        fisc_call_problem(call, 403, "DENIED", NULL, "this takes a view of the whole book");
        return false;
    }
    return check_units(call) && check_name(call);
}

/* Around the handler ------------------------------------------------------------------------------
 */

void
fisc_access_ready(FiscCall *call)
{
    FiscServer *server = call->server;
    if (call->principal.scope == NULL) {
        call->principal.scope = fisc_scope_new(); /* nobody sees nothing; none would be all */
    }
    if (strcmp(call->route->method, "GET") == 0) {
        call->own_pool = fisc_access_pool(server, call->principal.scope);
    }
    call->context = (FiscContext){
        .pool = call->own_pool != NULL ? call->own_pool : server->posters,
        .book_id = server->options.book_id,
        .actor = call->principal.person,
        .on_behalf = call->principal.on_behalf,
        .poster = server->poster,
        .masters = server->masters,
        .scope = call->principal.scope,
        .is_dry_run = fisc_call_flag(call, "dry_run"),
    };
}

/* True when it raises the alarm: which is in the log, in the metrics, and among the reads that
 * auditors look at, whatever was read. */
static bool
count_rows(FiscCall *call)
{
    int64_t rows = 0;
    if (call->principal.person == NULL || call->row_count == 0) {
        return false;
    }
    fisc_ops_count(call->server, FISC_COUNTER_ROWS, call->row_count);
    if (!fisc_quotas_add(call->server->access->quotas, call->principal.person, g_get_real_time(),
                         call->row_count, &rows)) {
        return false;
    }
    fisc_ops_count(call->server, FISC_COUNTER_QUOTA_ALARMS, 1);
    g_autofree char *count = g_strdup_printf("%" G_GINT64_FORMAT, rows);
    fisc_log(FISC_LOG_WARN, "somebody takes away much more than usual", "event", "quota-alarm",
             "person", call->principal.person, "rows_this_hour", count, "operation",
             call->route->operation, "request", call->request->request_id, NULL);
    return true;
}

int
fisc_access_alarmed(FiscServer *server)
{
    return server->access != NULL && server->access->quotas != NULL
               ? fisc_quotas_alarmed(server->access->quotas, g_get_real_time())
               : 0;
}

void
fisc_access_finish(FiscCall *call)
{
    g_clear_pointer(&call->own_pool, fisc_pool_close);
    if (call->route == NULL || call->server->access == NULL) {
        return;
    }
    bool is_alarm = count_rows(call);
    if (is_alarm || fisc_read_log_wants(call)) {
        fisc_read_log_write(call);
    }
}
