/* call.c: what handlers read from a call, and how they answer it. */
#include "app/flows/receipt_json.h"
#include "app/server/api.h"
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

static void
reply_json(FiscCall *call, int status, const char *type, json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    call->reply->status = status;
    g_byte_array_set_size(call->reply->body, 0);
    fisc_http_reply_body(call->reply, type, text, -1);
    fisc_http_reply_body(call->reply, type, "\n", 1);
    free(text);
    json_decref(value);
}

void
fisc_call_answer_json(FiscCall *call, int status, json_t *value)
{
    reply_json(call, status, "application/json", value);
}

static const struct {
    const char *word;
    FiscFormat format;
    const char *type;
} table_types[] = {
    {"json", FISC_FORMAT_JSON, "application/json"},
    {"csv", FISC_FORMAT_CSV, "text/csv; charset=utf-8"},
    {"table", FISC_FORMAT_TABLE, "text/plain; charset=utf-8"},
    {"xlsx", FISC_FORMAT_XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
};

static gsize
find_table_type(const FiscCall *call)
{
    const char *word = fisc_call_text(call, "format");
    const char *accept = fisc_http_header(call->request, "Accept");
    for (gsize i = 0; i < G_N_ELEMENTS(table_types); i++) {
        g_autofree char *bare = g_strndup(table_types[i].type, strcspn(table_types[i].type, ";"));
        if (word != NULL ? strcmp(word, table_types[i].word) == 0
                         : accept != NULL && strstr(accept, bare) != NULL) {
            return i;
        }
    }
    return 0;
}

bool
fisc_call_answer_table(FiscCall *call, FiscTable *given, GError **error)
{
    g_autoptr(FiscTable) table = given;
    g_autoptr(GString) text = g_string_new(NULL);
    gsize at = find_table_type(call);
    if (table_types[at].format == FISC_FORMAT_XLSX) {
        if (!fisc_xlsx_write(table, text, error)) {
            return false;
        }
    } else {
        fisc_table_render(table, table_types[at].format, text);
    }
    fisc_http_reply_body(call->reply, table_types[at].type, text->str, (gssize)text->len);
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
    reply_problem(call, status, code, code, detail, more);
}

void
fisc_call_fail(FiscCall *call, const GError *error)
{
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

void
fisc_call_answer_receipt(FiscCall *call, FiscReceipt *given, json_t *more)
{
    g_autoptr(FiscReceipt) receipt = given;
    bool is_dry_run = call->context.is_dry_run;
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
        json_object_set_new(members, "errors", fisc_json_refusals(refusals));
        reply_problem(call, status_of(refusals), fisc_error_name(first->code),
                      fisc_error_sentence(first->code), first->detail, members);
        return;
    }
    bool is_new = !is_dry_run && (receipt->posted > 0 || receipt->events > 0);
    fisc_call_answer_json(call, is_new ? 201 : 200, members);
}
