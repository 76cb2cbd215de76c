/* records_write.c: periods, units, layouts, questions, publications: what is put on record at once,
 * or, where duties are enforced, proposed as a document. */
#include "app/server/api/report_words.h"
#include "app/server/api/writing.h"
#include "fisc/publish.h"
#include "fisc/question.h"
#include "fisc/unit.h"
#include <string.h>

/* On record, or waiting for a second person. */
static void
answer_record(FiscCall *call, const char *document, FiscReceipt *receipt)
{
    fisc_call_answer_document(call, document, document != NULL ? "proposed" : "recorded", receipt,
                              NULL);
}

/* Periods ----------------------------------------------------------------------------------------
 */

static const FiscApiField period_fields[] = {
    FISC_PATH("period", "a month or a year", "2024-06"),
    FISC_CHOSEN("state", true, "that it changes to", "open closed sealed"),
    FISC_DRY_RUN,
    {NULL},
};

static bool
set_period(FiscCall *call, GError **error)
{
    FiscReceipt *receipt = NULL;
    if (!fisc_flow_period_set(&call->context, fisc_call_text(call, "period"),
                              fisc_call_text(call, "state"), &receipt, error)) {
        return false;
    }
    fisc_call_answer_receipt(call, receipt, NULL);
    return true;
}

/* Units ------------------------------------------------------------------------------------------
 */

static const FiscApiField unit_fields[] = {
    FISC_PATH("unit", "an entity", "001"),
    FISC_NEEDED("from", FISC_API_DATE, "its first day as it is now", "2025-01-01"),
    FISC_GIVEN("name", FISC_API_TEXT, "its name", NULL),
    FISC_GIVEN("sector", FISC_API_TEXT, "SNA codes", "S13111"),
    FISC_GIVEN("cp_code", FISC_API_TEXT, "the digits after 82 and 83 in GFSM 2014", NULL),
    FISC_CHOSEN("statements", false, "whether it has statements", "Y N"),
    FISC_GIVEN("article", FISC_API_TEXT, "of the law", NULL),
    FISC_DRY_RUN,
    {NULL},
};

static bool
change_unit(FiscCall *call, GError **error)
{
    const FiscUnitChange change = {.entity = fisc_call_text(call, "unit"),
                                   .from = fisc_call_date(call, "from", 0),
                                   .name = fisc_call_text(call, "name"),
                                   .sector = fisc_call_text(call, "sector"),
                                   .cp_code = fisc_call_text(call, "cp_code"),
                                   .reporting = fisc_call_text(call, "statements"),
                                   .article = fisc_call_text(call, "article")};
    g_autofree char *document = NULL;
    FiscReceipt *receipt = NULL;
    if (!fisc_flow_unit_change(&call->context, &change, &document, &receipt, error)) {
        return false;
    }
    answer_record(call, document, receipt);
    return true;
}

static const FiscApiField membership_fields[] = {
    FISC_PATH("unit", "an entity", "001"),
    FISC_NEEDED("group", FISC_API_TEXT, "a group", "GG"),
    FISC_NEEDED("day", FISC_API_DATE, "the first, or of who leaves the last", "2025-01-01"),
    FISC_GIVEN("leaves", FISC_API_BOOLEAN, "it leaves the group", NULL),
    FISC_GIVEN("article", FISC_API_TEXT, "of the law", NULL),
    FISC_DRY_RUN,
    {NULL},
};

static bool
change_membership(FiscCall *call, GError **error)
{
    const FiscMembership membership = {.entity = fisc_call_text(call, "unit"),
                                       .group = fisc_call_text(call, "group"),
                                       .day = fisc_call_date(call, "day", 0),
                                       .is_end = fisc_call_flag(call, "leaves"),
                                       .article = fisc_call_text(call, "article")};
    g_autofree char *document = NULL;
    FiscReceipt *receipt = NULL;
    if (!fisc_flow_unit_membership(&call->context, &membership, &document, &receipt, error)) {
        return false;
    }
    answer_record(call, document, receipt);
    return true;
}

static const FiscApiField succession_fields[] = {
    FISC_NEEDED("units", FISC_API_LIST, "that end, or give a part away", NULL),
    FISC_NEEDED("into", FISC_API_TEXT, "successors, separated by blanks", "EDU HEALTH"),
    FISC_GIVEN("rule", FISC_API_TEXT, "who gets what", "section=01*:EDU EDU:2 HEALTH:1"),
    FISC_NEEDED("date", FISC_API_DATE, "the first day of the successors", "2025-01-01"),
    FISC_GIVEN("article", FISC_API_TEXT, "of the law", NULL),
    FISC_DRY_RUN,
    {NULL},
};

static bool
succeed(FiscCall *call, GError **error)
{
    g_autoptr(GPtrArray) units = g_ptr_array_new();
    g_auto(FiscSuccessionDone) done = {NULL};
    const json_t *list = fisc_call_value(call, "units");
    for (size_t i = 0; i < json_array_size(list); i++) {
        g_ptr_array_add(units, (gpointer)json_string_value(json_array_get(list, i)));
    }
    g_ptr_array_add(units, NULL);
    if (units->len == 1) {
        fisc_call_problem(call, 422, "VALUE_MISSING", "/units", "units: at least one is needed");
        return true;
    }
    const FiscSuccessionOrder order = {.entities = (const char *const *)units->pdata,
                                       .into = fisc_call_text(call, "into"),
                                       .rule = fisc_call_text(call, "rule"),
                                       .article = fisc_call_text(call, "article"),
                                       .on = fisc_call_date(call, "date", 0),
                                       .is_dry = call->context.is_dry_run};
    if (!fisc_flow_unit_succeed(&call->context, &order, &done, error)) {
        return false;
    }
    FiscReceipt *receipt = g_steal_pointer(&done.receipt);
    fisc_call_answer_document(call, done.entries, done.entries != NULL ? "proposed" : "recorded",
                              receipt != NULL ? receipt : fisc_receipt_new(),
                              json_pack("{s:o, s:{s:s?}}", "totals",
                                        fisc_call_table_value(done.moves), "details",
                                        "facts_document", done.facts));
    return true;
}

/* Layouts ----------------------------------------------------------------------------------------
 */

static const FiscApiField layout_fields[] = {
    FISC_PATH("layout", "its name", "result"),
    {.name = "reason", .place = FISC_IN_QUERY, .meaning = "why"},
    FISC_DRY_RUN,
    {NULL},
};

static bool
put_layout(FiscCall *call, GError **error)
{
    const GByteArray *body = call->request->body;
    const FiscLayoutText text = {"body", (const char *)body->data, body->len};
    g_autofree char *document = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscReceipt *receipt = NULL;
    if (!fisc_flow_layout_add(&call->context, fisc_call_text(call, "layout"), &text,
                              fisc_call_text(call, "reason"), &document, &receipt, refusals,
                              error)) {
        return false;
    }
    if (refusals->len > 0) {
        fisc_receipt_free(receipt);
        fisc_call_refuse(call, refusals);
        return true;
    }
    answer_record(call, document, receipt);
    return true;
}

/* Questions and publications ---------------------------------------------------------------------
 */

static const FiscApiField question_fields[] = {
    FISC_PATH("question", "its name", "city-result"),
    FISC_GIVEN("title", FISC_API_TEXT, "what people call it", NULL),
    FISC_NEEDED("report", FISC_API_TEXT, "its name", "gfs"),
    FISC_REPORT_WORDS(FISC_REPORT_FIELD_OF_BODY) FISC_DRY_RUN,
    {NULL},
};

static bool
put_question(FiscCall *call, GError **error)
{
    const FiscReportQuery query = fisc_call_report_query(call, fisc_call_text(call, "report"));
    g_autofree char *document = NULL;
    FiscReceipt *receipt = NULL;
    if (!fisc_flow_question_save(&call->context, fisc_call_text(call, "question"),
                                 fisc_call_text(call, "title"), &query, &document, &receipt,
                                 error)) {
        return false;
    }
    answer_record(call, document, receipt);
    return true;
}

static const FiscApiField remove_fields[] = {
    FISC_PATH("question", "its name", "city-result"),
    FISC_DRY_RUN,
    {NULL},
};

static bool
remove_question(FiscCall *call, GError **error)
{
    g_autofree char *document = NULL;
    FiscReceipt *receipt = NULL;
    if (!fisc_flow_question_remove(&call->context, fisc_call_text(call, "question"), &document,
                                   &receipt, error)) {
        return false;
    }
    answer_record(call, document, receipt);
    return true;
}

static const FiscApiField publish_fields[] = {
    FISC_NEEDED("publication", FISC_API_TEXT, "a name for ever", "GFS-2024"),
    FISC_CHOSEN("status", true, "how final it is", "flash provisional final"),
    FISC_NEEDED("format", FISC_API_TEXT, "of tables or documents", "csv"),
    FISC_GIVEN("title", FISC_API_TEXT, "that of the report", NULL),
    FISC_GIVEN("replaces", FISC_API_TEXT, "the publication that this one corrects", NULL),
    FISC_NEEDED("report", FISC_API_TEXT, "its name", "gfs"),
    FISC_REPORT_WORDS(FISC_REPORT_FIELD_OF_BODY) FISC_DRY_RUN,
    {NULL},
};

static bool
publish(FiscCall *call, GError **error)
{
    const FiscReportQuery query = fisc_call_report_query(call, fisc_call_text(call, "report"));
    const FiscPublishOrder order = {.id = fisc_call_text(call, "publication"),
                                    .title = fisc_call_text(call, "title"),
                                    .format = fisc_call_text(call, "format"),
                                    .status = fisc_call_text(call, "status"),
                                    .replaces = fisc_call_text(call, "replaces")};
    g_auto(FiscPublished) published = {NULL};
    FiscReceipt *receipt = NULL;
    if (!fisc_flow_publish_report(&call->context, &order, &query, &published, &receipt, error)) {
        return false;
    }
    fisc_call_answer_document(
        call, published.document, published.document != NULL ? "proposed" : "recorded", receipt,
        json_pack("{s:{s:s?, s:s?, s:I, s:I}}", "details", "publication", published.id, "content",
                  published.content, "batch", (json_int_t)published.batch, "bytes",
                  (json_int_t)published.size));
    return true;
}

#define RECORD(verb, route, id, sentence, words, kind, shape, handler)                             \
    {                                                                                              \
        .method = verb, .path = route, .operation = id, .summary = sentence,                       \
        .access = FISC_ACCESS_PERSON, .lane = FISC_HTTP_POST, .fields = words, .body = kind,       \
        .answer = shape, .run = handler,                                                           \
    }

const FiscRoute fisc_api_records_write[] = {
    RECORD("PUT", "/v1/periods/{period}", "putPeriod", "Opens, closes or seals a month or a year",
           period_fields, FISC_BODY_JSON, &fisc_shape_receipt, set_period),
    RECORD("POST", "/v1/units/{unit}/changes", "changeUnit", "What a unit is from a day on",
           unit_fields, FISC_BODY_JSON, &fisc_shape_proposal, change_unit),
    RECORD("POST", "/v1/units/{unit}/memberships", "changeMembership",
           "Joins a group, or leaves it", membership_fields, FISC_BODY_JSON, &fisc_shape_proposal,
           change_membership),
    RECORD("POST", "/v1/successions", "succeedUnits", "Others take over, in whole or by a rule",
           succession_fields, FISC_BODY_JSON, &fisc_shape_proposal, succeed),
    RECORD("PUT", "/v1/layouts/{layout}", "putLayout", "Puts a layout on record, checked first",
           layout_fields, FISC_BODY_TEXT, &fisc_shape_proposal, put_layout),
    RECORD("PUT", "/v1/questions/{question}", "putQuestion", "Keeps a report's words under a name",
           question_fields, FISC_BODY_JSON, &fisc_shape_proposal, put_question),
    RECORD("DELETE", "/v1/questions/{question}", "removeQuestion",
           "It is asked no more; the record stays", remove_fields, FISC_BODY_NONE,
           &fisc_shape_proposal, remove_question),
    {
        .method = "POST",
        .path = "/v1/publications",
        .operation = "publishReport",
        .summary = "Makes a report, keeps its bytes and puts it on record",
        .access = FISC_ACCESS_PERSON,
        .lane = FISC_HTTP_REPORT,
        .fields = publish_fields,
        .body = FISC_BODY_JSON,
        .answer = &fisc_shape_proposal,
        .run = publish,
    },
    {NULL},
};
