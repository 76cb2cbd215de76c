/* documents.c: what takes two persons, to be looked at: which documents there are, whose turn it
 * is, and what one would do. */
#include "app/flows/receipt_json.h"
#include "app/server/api/reading.h"
#include "app/server/api/writing.h"
#include "app/server/signin.h"
#include "app/server/server_internal.h"
#include <string.h>

static const FiscApiField list_fields[] = {
    FISC_ASKED_OF("state", "only in this state", "proposed approved rejected withdrawn done"),
    FISC_ASKED("entity", FISC_API_TEXT, "only of this unit; * is the whole book", "SCH"),
    FISC_ASKED("mine", FISC_API_BOOLEAN, "only those I made", "true"),
    FISC_ASKED("waiting", FISC_API_BOOLEAN,
               "only those proposed that I neither made nor approved yet", "true"),
    FISC_PAGE_WORDS,
    FISC_TABLE_WORDS,
    {NULL},
};

static bool
list_documents(FiscCall *call, GError **error)
{
    bool is_waiting = fisc_call_flag(call, "waiting");
    g_autoptr(FiscRoll) roll = NULL;
    if (!fisc_door_roll(call->server, &roll, error)) {
        return false;
    }
    const FiscDocumentFilter filter = {
        .state = is_waiting ? "proposed" : fisc_call_text(call, "state"),
        .entity = fisc_call_text(call, "entity"),
        .maker = fisc_call_flag(call, "mine") ? call->principal.person : NULL,
        .waits_for = is_waiting ? call->principal.person : NULL,
        .registry = fisc_roll_registry(roll)};
    FiscPage page;
    g_autofree char *key = NULL;
    FiscTable *table = NULL;
    char *next = NULL;
    if (!fisc_call_page(call, &page, &key)) {
        return true;
    }
    return fisc_flow_document_browse(&call->context, &filter, &page, &table, &next, error) &&
           fisc_call_answer_page(call, table, next, error);
}

/* One document --------------------------------------------------------------------------------- */

static const FiscApiField document_fields[] = {
    FISC_PATH("document", "its id", "DOC-1"),
    {NULL},
};

static const FiscApiField step_fields[] = {
    {.name = "step", .is_required = true, .meaning = "what it became"},
    {.name = "person", .is_required = true, .meaning = "who took the step"},
    {.name = "on_behalf", .meaning = "whose duty that was, by delegation"},
    {.name = "at", .is_required = true, .meaning = "when, UTC"},
    {.name = "batch", .type = FISC_API_INTEGER, .is_required = true, .meaning = "where it stands"},
    {.name = "remark", .meaning = "what was said with it"},
    {NULL},
};

static const FiscApiField card_fields[] = {
    {.name = "document", .is_required = true, .meaning = "its id"},
    {.name = "state",
     .is_required = true,
     .meaning = "where it stands",
     .choices = "proposed approved rejected withdrawn done"},
    {.name = "action", .is_required = true, .meaning = "what kind of act it is"},
    {.name = "entity", .is_required = true, .meaning = "whose; * is the whole book"},
    {.name = "maker", .is_required = true, .meaning = "who proposed it"},
    {.name = "on_behalf", .meaning = "whose duty that was, by delegation"},
    {.name = "needs", .type = FISC_API_INTEGER, .is_required = true, .meaning = "approvals"},
    {.name = "approved_by",
     .type = FISC_API_LIST,
     .is_required = true,
     .meaning = "who has approved it so far"},
    {.name = "reason", .meaning = "why, for those who approve"},
    {.name = "source", .meaning = "of its entries"},
    {.name = "digest", .is_required = true, .meaning = "SHA-256 of what approvals sign"},
    {.name = "steps",
     .type = FISC_API_LIST,
     .is_required = true,
     .meaning = "what happened to it, in order",
     .fields = step_fields},
    {.name = "content",
     .type = FISC_API_ANY,
     .is_required = true,
     .meaning = "what it would do: a list of entries and events as they were proposed"},
    {.name = "totals",
     .type = FISC_API_TABLE,
     .meaning = "what a budget law or a feed comes to; else null"},
    {NULL},
};
static const FiscApiShape document_shape = {"Document", "A document with its steps and content",
                                            card_fields};

static json_t *
steps_value(const FiscDocument *document)
{
    json_t *steps = json_array();
    for (guint i = 0; i < document->steps->len; i++) {
        const FiscDocumentStep *step = &g_array_index(document->steps, FiscDocumentStep, i);
        json_array_append_new(steps, json_pack("{s:o, s:o, s:o, s:s, s:I, s:o}", "step",
                                               fisc_json_text(step->state), "person",
                                               fisc_json_text(step->person), "on_behalf",
                                               fisc_call_text_or_null(step->on_behalf), "at",
                                               step->posted_at, "batch", (json_int_t)step->batch_no,
                                               "remark", fisc_call_text_or_null(step->remark)));
    }
    return steps;
}

/* One value for each line of the payload; what is no JSON is shown as it is. */
static json_t *
content_value(const FiscDocument *document)
{
    json_t *content = json_array();
    g_auto(GStrv) lines = g_strsplit(document->payload, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        if (**line != '\0') {
            json_t *value = json_loads(*line, JSON_DECODE_ANY, NULL);
            json_array_append_new(content, value != NULL ? value : fisc_json_text(*line));
        }
    }
    return content;
}

static json_t *
persons_value(const char *words)
{
    json_t *persons = json_array();
    g_auto(GStrv) codes = g_strsplit(words, " ", -1);
    for (char **code = codes; *code != NULL; code++) {
        if (**code != '\0') {
            json_array_append_new(persons, fisc_json_text(*code));
        }
    }
    return persons;
}

static json_t *
document_value(const FiscDocument *document, const FiscTable *totals)
{
    json_t *object = json_object();
    const struct {
        const char *name, *text;
    } texts[] = {{"document", document->id},   {"state", document->state},
                 {"action", document->action}, {"entity", document->entity},
                 {"maker", document->maker},   {"on_behalf", document->maker_for},
                 {"reason", document->reason}, {"source", document->source},
                 {"digest", document->digest}};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        json_object_set_new(object, texts[i].name, fisc_call_text_or_null(texts[i].text));
    }
    json_object_set_new(object, "needs", json_integer(document->needs));
    json_object_set_new(object, "approved_by", persons_value(document->approved_by));
    json_object_set_new(object, "steps", steps_value(document));
    json_object_set_new(object, "content", content_value(document));
    json_object_set_new(object, "totals", fisc_call_table_value(totals));
    return object;
}

static bool
get_document(FiscCall *call, GError **error)
{
    g_autoptr(FiscDocument) document = NULL;
    g_autoptr(FiscTable) totals = NULL;
    if (!fisc_flow_document_show(&call->context, fisc_call_text(call, "document"), &document,
                                 error) ||
        !fisc_flow_document_totals(&call->context, document, &totals, error)) {
        return false;
    }
    fisc_call_answer_json(call, 200, document_value(document, totals));
    return true;
}

static const FiscApiExample list_examples[] = {
    {"Documents that wait for me", "/v1/documents?waiting=true", NULL, 200},
    {"What I proposed", "/v1/documents?mine=true&state=proposed", NULL, 200},
    {"No such state", "/v1/documents?state=lost", NULL, 422},
    {NULL},
};
static const FiscApiExample document_examples[] = {
    {"No such document", "/v1/documents/no-such-document", NULL, 404},
    {NULL},
};

const FiscRoute fisc_api_documents[] = {
    {
        .method = "GET",
        .path = "/v1/documents",
        .operation = "listDocuments",
        .summary =
            "Documents, the newest first: whether I may approve, and of a feed what it brings",
        .access = FISC_ACCESS_PERSON,
        .fields = list_fields,
        .run = list_documents,
        .examples = list_examples,
    },
    {
        .method = "GET",
        .path = "/v1/documents/{document}",
        .operation = "getDocument",
        .summary = "A document: its steps, its content, what approvals sign",
        .access = FISC_ACCESS_PERSON,
        .fields = document_fields,
        .answer = &document_shape,
        .run = get_document,
        .examples = document_examples,
    },
    {NULL},
};
