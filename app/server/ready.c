/* ready.c: whether requests should come to this server, in the words of who has to mend it.
 * Answered from what the follower saw, so a database that hangs does not hang the question. */
#include "app/server/ops.h"
#include "app/server/server_internal.h"

#define SIGHT_SECONDS_MAX 30 /* what was seen before that says nothing any more */

static bool
is_old(const FiscSight *sight)
{
    return g_get_monotonic_time() - sight->looked_at_us > SIGHT_SECONDS_MAX * G_USEC_PER_SEC;
}

static void
add_reason(json_t *reasons, bool is_wrong, const char *code, const char *detail)
{
    if (is_wrong) {
        json_array_append_new(reasons, json_pack("{s:s, s:s}", "code", code, "detail", detail));
    }
}

/* Everything that stands against it, the gravest first. */
static json_t *
list_reasons(FiscServer *server)
{
    FiscSight sight = fisc_ops_sight(server);
    const FiscServerOptions *options = &server->options;
    json_t *reasons = json_array();
    bool was_seen = sight.is_answering && !is_old(&sight);
    bool is_late = options->is_read_only && options->behind_max_s > 0 &&
                   sight.behind_ms / 1000 > options->behind_max_s;
    g_autofree char *trouble = g_utf8_make_valid(sight.trouble, -1);
    add_reason(reasons, fisc_ops_is_draining(server), "DRAINING", "the server is ending");
    add_reason(reasons, !was_seen, "DATABASE",
               *trouble != '\0' ? trouble : "the database does not answer");
    add_reason(reasons, was_seen && !sight.is_current, "SCHEMA", trouble);
    add_reason(reasons, !sight.is_whole, "CHAIN",
               "the chain is not the one that this server has read: start it anew");
    add_reason(reasons, was_seen && !sight.is_caught_up, "ENGINE",
               "the engine has not caught up with the chain");
    add_reason(reasons, was_seen && !options->is_read_only && sight.is_replica, "REPLICA",
               "the database takes no writes: it is a replica");
    add_reason(reasons, was_seen && is_late, "LATE",
               "the replica is further behind than is allowed");
    return reasons;
}

char *
fisc_ops_why_not_ready(FiscServer *server)
{
    json_t *reasons = list_reasons(server);
    const json_t *first = json_array_get(reasons, 0);
    char *why = g_strdup(json_string_value(json_object_get(first, "detail")));
    json_decref(reasons);
    return why;
}

static const char *
mode_of(const FiscServer *server)
{
    return server->options.is_read_only ? "read-only" : "read-write";
}

void
fisc_ops_answer_ready(FiscCall *call)
{
    json_t *reasons = list_reasons(call->server);
    bool is_ready = json_array_size(reasons) == 0;
    if (!is_ready) {
        fisc_http_reply_header(call->reply, "Retry-After", "1");
    }
    fisc_call_answer_json(call, is_ready ? 200 : 503,
                          json_pack("{s:b, s:s, s:I, s:o}", "ready", is_ready, "mode",
                                    mode_of(call->server), "batch",
                                    (json_int_t)fisc_ops_batch(call->server), "reasons", reasons));
}

static const char *
newest_migration(void)
{
    const char *name = "";
    for (const FiscSqlFile *file = fisc_sql_migrations; file->name != NULL; file++) {
        name = file->name;
    }
    return name;
}

void
fisc_ops_answer_service(FiscCall *call)
{
    FiscSight sight = fisc_ops_sight(call->server);
    const char *primary = call->server->options.primary;
    fisc_call_answer_json(call, 200,
                          json_pack("{s:s, s:s, s:s, s:I, s:I, s:s?}", "version", FISC_VERSION,
                                    "schema", newest_migration(), "mode", mode_of(call->server),
                                    "batch", (json_int_t)fisc_ops_batch(call->server), "lag",
                                    (json_int_t)(sight.behind_ms / 1000), "primary", primary));
}
