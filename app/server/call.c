/* call.c: what handlers read from a call, and how they answer it. */
#include "app/flows/receipt_json.h"
#include "app/server/api.h"
#include "app/server/ops.h"
#include "app/server/table_json.h"
#include "fisc/xlsx.h"
#include <stdlib.h>
#include <string.h>

#define PROBLEM_TYPE "application/problem+json"

void
fisc_principal_clear(FiscPrincipal *principal)
{
    g_clear_pointer(&principal->person, g_free);
    g_clear_pointer(&principal->on_behalf, g_free);
    g_clear_pointer(&principal->session, g_free);
    g_clear_pointer(&principal->entity, g_free);
    g_clear_pointer(&principal->expires_at, g_free);
    g_clear_pointer(&principal->scope, fisc_scope_free);
}

/* Reading ----------------------------------------------------------------------------------------
 */

const json_t *
fisc_call_value(const FiscCall *call, const char *name)
{
    const json_t *value = call->body != NULL ? json_object_get(call->body, name) : NULL;
    return value == NULL || json_is_null(value) ? NULL : value;
}

const char *
fisc_call_text(const FiscCall *call, const char *name)
{
    for (guint i = 0; i + 1 < call->words->len; i += 2) {
        if (strcmp(call->words->pdata[i], name) == 0) {
            return call->words->pdata[i + 1];
        }
    }
    return json_string_value(fisc_call_value(call, name));
}

bool
fisc_call_flag(const FiscCall *call, const char *name)
{
    const char *text = fisc_call_text(call, name);
    return text != NULL ? strcmp(text, "true") == 0 : json_is_true(fisc_call_value(call, name));
}

int64_t
fisc_call_integer(const FiscCall *call, const char *name, int64_t fallback)
{
    const char *text = fisc_call_text(call, name);
    if (text != NULL) {
        return g_ascii_strtoll(text, NULL, 10);
    }
    const json_t *value = fisc_call_value(call, name);
    return value != NULL ? json_integer_value(value) : fallback;
}

void
fisc_call_dimensions(const FiscCall *call, const char *out_dim[FISC_DIM_COUNT])
{
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        out_dim[i] = fisc_call_text(call, fisc_dimension_column((FiscDimension)i));
    }
}

/* Answering --------------------------------------------------------------------------------------
 */

static int
append_piece(const char *piece, size_t length, void *body)
{
    g_byte_array_append(body, (const guint8 *)piece, (guint)length);
    return 0;
}

static void
reply_json(FiscCall *call, int status, const char *type, json_t *value)
{
    call->reply->status = status;
    g_byte_array_set_size(call->reply->body, 0);
    json_dump_callback(value, append_piece, call->reply->body, JSON_COMPACT | JSON_ENCODE_ANY);
    fisc_http_reply_body(call->reply, type, "\n", 1);
    json_decref(value);
}

void
fisc_call_answer_json(FiscCall *call, int status, json_t *value)
{
    reply_json(call, status, "application/json", value);
}

/* A table in a format of tables. @next: as of fisc_table_json_append(). */
static bool
render_table(const FiscTable *table, const char *format, const char *next, GString *out,
             GError **error)
{
    int found = fisc_format_find(format);
    switch (found) {
    case FISC_FORMAT_JSON:
        fisc_table_json_append(table, next, out);
        return true;
    case FISC_FORMAT_XLSX:
        return fisc_xlsx_write(table, out, error);
    case FISC_FORMAT_CSV:
    case FISC_FORMAT_TABLE:
        fisc_table_render(table, (FiscFormat)found, out);
        return true;
    default:
        return fisc_fail(error, FISC_ERROR_USAGE, "a table is not to be had as %s", format);
    }
}

/* The same request with another cursor, as a link (RFC 8288). */
static void
link_next(FiscCall *call, const char *cursor)
{
    g_autoptr(GString) link = g_string_new("<");
    g_string_append_uri_escaped(link, call->request->path, "/", false);
    char mark = '?';
    for (guint i = 0; i + 1 < call->request->query->len; i += 2) {
        const char *name = call->request->query->pdata[i];
        if (strcmp(name, "cursor") != 0) {
            g_string_append_printf(link, "%c%s=", mark, name);
            g_string_append_uri_escaped(link, call->request->query->pdata[i + 1], NULL, false);
            mark = '&';
        }
    }
    g_string_append_printf(link, "%ccursor=%s>; rel=\"next\"", mark, cursor);
    fisc_http_reply_header(call->reply, "Link", link->str);
}

/* What ?columns= and ?depth= leave of it. */
static bool
narrow(FiscCall *call, FiscTable *table, GError **error)
{
    const char *columns = fisc_call_text(call, "columns");
    if (fisc_call_text(call, "depth") != NULL) {
        fisc_table_cut(table, (int)CLAMP(fisc_call_integer(call, "depth", 0), 0, G_MAXINT));
    }
    return columns == NULL || fisc_table_select(table, columns, error);
}

void
fisc_call_answer_bytes(FiscCall *call, const char *format, const char *name, const GString *bytes)
{
    const char *type = fisc_format_type(format);
    fisc_http_reply_body(call->reply, type != NULL ? type : "application/octet-stream", bytes->str,
                         (gssize)bytes->len);
    fisc_http_reply_header(call->reply, "Vary", "Accept, Authorization, Cookie");
    if (name != NULL) {
        g_autofree char *plain = g_strdup(name);
        g_strcanon(plain, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_.", '-');
        g_autofree char *value = g_strdup_printf("attachment; filename=\"%s.%s\"", plain, format);
        fisc_http_reply_header(call->reply, "Content-Disposition", value);
    }
}

bool
fisc_call_answer_page(FiscCall *call, FiscTable *given, char *next, GError **error)
{
    g_autoptr(FiscTable) table = given;
    g_autofree char *key = next;
    g_autofree char *cursor = key != NULL ? fisc_cursor_write(call, key) : NULL;
    g_autoptr(GString) text = g_string_new(NULL);
    const char *format = fisc_call_format(call);
    call->row_count += table->rows->len;
    if (!narrow(call, table, error) ||
        !render_table(table, format != NULL ? format : "json", cursor, text, error)) {
        return false;
    }
    if (cursor != NULL) {
        link_next(call, cursor);
    }
    call->row_count += table->rows->len;
    bool is_file = g_strcmp0(format, "xlsx") == 0 || g_strcmp0(format, "csv") == 0;
    fisc_call_answer_bytes(call, format, is_file ? table->name : NULL, text);
    return true;
}

bool
fisc_call_answer_table(FiscCall *call, FiscTable *table, GError **error)
{
    return fisc_call_answer_page(call, table, NULL, error);
}

/* Who sees other units gets other figures, though he asks by the same words. */
static void
add_scope(const FiscCall *call, GString *words)
{
    const FiscScope *scope = call->principal.scope;
    g_auto(GStrv) entities =
        scope != NULL && !fisc_scope_is_all(scope) ? fisc_scope_entities(scope) : NULL;
    for (char **entity = entities; entity != NULL && *entity != NULL; entity++) {
        g_string_append_printf(words, "\n%s", *entity);
    }
    g_string_append(words, entities != NULL ? "\nscope" : "\nall");
}

bool
fisc_call_is_unchanged(FiscCall *call, const char *determined_by)
{
    const char *seen = fisc_http_header(call->request, "If-None-Match");
    const char *format = fisc_call_format(call);
    g_autoptr(GString) words = g_string_new(FISC_VERSION);
    g_string_append_printf(words, "\n%s\n%s\n%s", call->request->path, format != NULL ? format : "",
                           determined_by);
    for (guint i = 0; i < call->words->len; i++) {
        g_string_append_printf(words, "\n%s", (const char *)call->words->pdata[i]);
    }
    add_scope(call, words);
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, words->str, -1);
    g_autofree char *tag = g_strdup_printf("\"%.32s\"", digest);
    fisc_http_reply_header(call->reply, "ETag", tag);
    fisc_http_reply_header(call->reply, "Cache-Control", "private, no-cache");
    fisc_http_reply_header(call->reply, "Vary", "Accept, Authorization, Cookie");
    if (seen == NULL || (strcmp(seen, "*") != 0 && strstr(seen, tag) == NULL)) {
        return false;
    }
    call->reply->status = 304;
    return true;
}

/* Problems ---------------------------------------------------------------------------------------
 */

/* @more: further members; taken, or NULL. */
static void
reply_problem(FiscCall *call, int status, const char *code, const char *title, const char *detail,
              json_t *more)
{
    g_autofree char *type = g_strdup_printf("/problems/%s", code);
    g_autofree char *instance = g_strdup_printf("urn:fisc:request:%s", call->request->request_id);
    json_t *problem = json_pack("{s:s, s:s, s:i, s:s, s:s}", "type", type, "title", title, "status",
                                status, "code", code, "instance", instance);
    fisc_ops_note_code(call, code);
    json_object_set_new(problem, "detail", fisc_json_text(detail != NULL ? detail : title));
    if (more != NULL) {
        json_object_update(problem, more);
        json_decref(more);
    }
    reply_json(call, status, PROBLEM_TYPE, problem);
    if (status == 503) {
        fisc_http_reply_header(call->reply, "Retry-After", "1");
    }
}

/* What a code means, of the way or of the books. */
static const char *
title_of(const char *code)
{
    for (const FiscApiProblem *problem = fisc_api_problems; problem->code != NULL; problem++) {
        if (strcmp(problem->code, code) == 0) {
            return problem->meaning;
        }
    }
    for (int i = 0; i < FISC_ERROR_COUNT; i++) {
        if (strcmp(fisc_error_name((FiscError)i), code) == 0) {
            return fisc_error_sentence((FiscError)i);
        }
    }
    return code;
}

void
fisc_call_problem(FiscCall *call, int status, const char *code, const char *pointer,
                  const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *detail = g_strdup_vprintf(format, args);
    va_end(args);
    json_t *more = NULL;
    if (pointer != NULL) {
        more = json_pack("{s:[{s:o, s:s, s:o}]}", "errors", "pointer", fisc_json_text(pointer),
                         "code", code, "detail", fisc_json_text(detail));
    }
    reply_problem(call, status, code, title_of(code), detail, more);
}

/* Walks call options what the command line calls them: "--known-at" is the field known_at here.
 * Caller frees. */
static char *
api_words(const char *text)
{
    GString *words = g_string_new(NULL);
    for (const char *at = text; *at != '\0';) {
        bool begins = at == text || !g_ascii_isalnum(at[-1]);
        if (!begins || !g_str_has_prefix(at, "--") || !g_ascii_islower(at[2])) {
            g_string_append_c(words, *at++);
            continue;
        }
        for (at += 2; g_ascii_islower(*at) || (*at == '-' && g_ascii_islower(at[1])); at++) {
            g_string_append_c(words, *at == '-' ? '_' : *at);
        }
    }
    return g_string_free(words, FALSE);
}

/* Where the first option of a text stands in the request; NULL: the route has no such field. Caller
 * frees. */
static char *
api_pointer(const FiscRoute *route, const char *text)
{
    const char *at = strstr(text, "--");
    gsize length = at != NULL ? strspn(at + 2, "abcdefghijklmnopqrstuvwxyz-") : 0;
    g_autofree char *name = g_strndup(at != NULL ? at + 2 : "", length);
    g_strdelimit(name, "-", '_');
    for (const FiscApiField *field = route->fields;
         length > 0 && field != NULL && field->name != NULL; field++) {
        if (strcmp(field->name, name) == 0) {
            return g_strconcat(field->place == FISC_IN_BODY ? "/" : "?", name, NULL);
        }
    }
    return NULL;
}

/* A word that makes no sense, told in the words of the request. */
static void
fail_usage(FiscCall *call, const char *text)
{
    g_autofree char *words = api_words(text);
    g_autofree char *pointer = call->route != NULL ? api_pointer(call->route, text) : NULL;
    fisc_call_problem(call, fisc_error_http_status(FISC_ERROR_USAGE),
                      fisc_error_name(FISC_ERROR_USAGE), pointer, "%s", words);
}

void
fisc_call_fail(FiscCall *call, const GError *error)
{
    if (g_error_matches(error, FISC_ERROR, FISC_ERROR_USAGE)) {
        fail_usage(call, error->message);
        return;
    }
    bool is_ours = error->domain == FISC_ERROR;
    FiscError code = is_ours ? (FiscError)error->code : FISC_ERROR_FAILED;
    json_t *more =
        code == FISC_ERROR_OUTCOME_UNKNOWN ? json_pack("{s:s}", "outcome", "unknown") : NULL;
    reply_problem(call, fisc_error_http_status(code), fisc_error_name(code),
                  fisc_error_sentence(code), error->message, more);
}

/* The status of the gravest: a conflict is told before what is wrong, that before a denial. */
static int
status_of(const FiscRefusals *refusals)
{
    int statuses[] = {422, 409, 413, 403};
    int exit_status = fisc_refusals_exit_status(refusals);
    return exit_status == 5 ? statuses[1] : exit_status == 4 ? statuses[3] : statuses[0];
}

void
fisc_call_refuse(FiscCall *call, const FiscRefusals *refusals)
{
    const FiscRefusal *first = refusals->len > 0 ? refusals->pdata[0] : NULL;
    FiscError code = first != NULL ? first->code : FISC_ERROR_FAILED;
    reply_problem(call, status_of(refusals), fisc_error_name(code), fisc_error_sentence(code),
                  first != NULL ? first->detail : NULL,
                  json_pack("{s:o}", "errors", fisc_json_refusals(refusals)));
}

static const FiscRefusals *
first_refusals(const FiscReceipt *receipt)
{
    if (receipt->refusals != NULL && receipt->refusals->len > 0) {
        return receipt->refusals;
    }
    for (guint i = 0; i < receipt->results->len; i++) {
        const FiscResult *result = receipt->results->pdata[i];
        if (result->refusals != NULL && result->refusals->len > 0) {
            return result->refusals;
        }
    }
    return NULL;
}

/* Of every entry, in order. */
static json_t *
all_errors(const FiscReceipt *receipt)
{
    json_t *errors = fisc_json_refusals(receipt->refusals);
    for (guint i = 0; i < receipt->results->len; i++) {
        json_t *own = fisc_json_refusals(((FiscResult *)receipt->results->pdata[i])->refusals);
        json_array_extend(errors, own);
        json_decref(own);
    }
    return errors;
}

void
fisc_call_answer_receipt(FiscCall *call, FiscReceipt *given, json_t *more)
{
    g_autoptr(FiscReceipt) receipt = given;
    bool is_dry_run = call->context.is_dry_run;
    fisc_ops_note_receipt(call, receipt);
    json_t *results = json_array();
    for (guint i = 0; i < receipt->results->len; i++) {
        json_array_append_new(results, fisc_json_result(receipt->results->pdata[i], is_dry_run));
    }
    json_t *members = json_pack("{s:o, s:i, s:i, s:i, s:i, s:o, s:b}", "results", results, "posted",
                                receipt->posted, "repeated", receipt->repeated, "refused",
                                receipt->refused, "events", receipt->events, "batch",
                                receipt->batch_no != 0 && !is_dry_run
                                    ? json_integer((json_int_t)receipt->batch_no)
                                    : json_null(),
                                "dry_run", is_dry_run);
    if (more != NULL) {
        json_object_update(members, more);
        json_decref(more);
    }
    const FiscRefusals *refusals = first_refusals(receipt);
    bool has_done = receipt->posted > 0 || receipt->repeated > 0;
    if (refusals != NULL && !has_done) {
        const FiscRefusal *first = refusals->pdata[0];
        json_object_set_new(members, "errors", all_errors(receipt));
        reply_problem(call, status_of(refusals), fisc_error_name(first->code),
                      fisc_error_sentence(first->code), first->detail, members);
        return;
    }
    bool is_new = !is_dry_run && (receipt->posted > 0 || receipt->events > 0);
    fisc_call_answer_json(call, is_new ? 201 : 200, members);
}
