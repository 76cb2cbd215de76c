/* reports.c: reports as the books are or were, what a figure is made of, one key through the books,
 * and entries as a journal for other programs. */
#include "app/server/api/reading.h"
#include "app/server/api/report_words.h"
#include <string.h>

#define FORMATS "json csv table xlsx pdf html svg sdmx-csv sdmx-ml"

/* Reports -------------------------------------------------------------------------------------- */

static const FiscApiField table_fields[] = {FISC_TABLE_WORDS, {NULL}};

static bool
list_reports(FiscCall *call, GError **error)
{
    FiscTable *table = fisc_table_new("reports", "Reports", 0);
    fisc_table_add_column(table, "name", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "description", FISC_COLUMN_TEXT);
    for (const char *const *pair = fisc_flow_report_names(); *pair != NULL; pair += 2) {
        FiscRow *row = fisc_table_add_row(table);
        fisc_table_set_text(table, row, 0, pair[0]);
        fisc_table_set_text(table, row, 1, pair[1]);
    }
    return fisc_call_answer_table(call, table, error);
}

/* A column of units wants its field "unit" here; the period is asked for in any case. */
static const FiscApiField report_fields[] = {
    FISC_PATH("report", "its name: see GET /v1/reports", "budget-execution"),
    FISC_REPORT_WORDS(FISC_REPORT_FIELD_OF_QUERY)
        FISC_ASKED("depth", FISC_API_INTEGER, "only rows indented at most so many times", NULL),
    FISC_ASKED_OF("format", "of the answer; Accept asks for it, too", FORMATS),
    FISC_ASKED("columns", FISC_API_TEXT, "only these columns, in this order: a,b,c", NULL),
    {NULL},
};

static bool
is_report(const char *name)
{
    for (const char *const *pair = fisc_flow_report_names(); *pair != NULL; pair += 2) {
        if (strcmp(pair[0], name) == 0) {
            return true;
        }
    }
    return false;
}

/* A table may be narrowed; what is bound for a reader may not. */
static bool
is_table(const FiscCall *call, const char *format)
{
    return fisc_format_find(format) >= 0 &&
           (strcmp(format, "xlsx") != 0 || fisc_call_text(call, "columns") != NULL ||
            fisc_call_text(call, "depth") != NULL);
}

static bool
answer_dossier(FiscCall *call, const FiscReportQuery *query, const char *format, GError **error)
{
    g_autoptr(FiscDossier) dossier = NULL;
    g_autoptr(GString) bytes = g_string_new(NULL);
    if (!fisc_flow_dossier(&call->context, query, &dossier, error) ||
        !fisc_flow_render(dossier, format, bytes, error)) {
        return false;
    }
    bool is_page = strcmp(format, "html") == 0 || strcmp(format, "svg") == 0;
    fisc_call_answer_bytes(call, format, is_page ? NULL : query->name, bytes);
    return true;
}

static bool
get_report(FiscCall *call, GError **error)
{
    FiscReportQuery query = fisc_call_report_query(call, fisc_call_text(call, "report"));
    const char *format = fisc_call_format(call);
    FiscTable *table = NULL;
    bool is_unchanged = false;
    if (!is_report(query.name)) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "there is no report \"%s\"", query.name);
    }
    if (query.period == NULL) {
        fisc_call_problem(call, 400, "VALUE_MISSING", "?period", "\"period\" is missing");
        return true;
    }
    if (!fisc_call_check_batch(call, &is_unchanged, error)) {
        return false;
    }
    if (is_unchanged) {
        return true;
    }
    if (!is_table(call, format)) {
        return answer_dossier(call, &query, format, error);
    }
    return fisc_flow_report(&call->context, &query, &table, error) &&
           fisc_call_answer_table(call, table, error);
}

/* Figures -------------------------------------------------------------------------------------- */

static const FiscApiField drill_fields[] = {
    FISC_ASKED_FOR("key", FISC_API_TEXT, "of the figure, as a report gives it", NULL),
    FISC_ASKED_OF("to", "how far down", "balances entries lines documents rows"),
    FISC_ASKED("limit", FISC_API_INTEGER, "rows, at most 1000; 100 when not given", "50"),
    FISC_TABLE_WORDS,
    {NULL},
};

static bool
get_drill(FiscCall *call, GError **error)
{
    FiscPage page;
    g_autofree char *key = NULL;
    FiscTable *table = NULL;
    if (!fisc_call_page(call, &page, &key)) {
        return true;
    }
    const FiscDrillQuery query = {.key = fisc_call_text(call, "key"),
                                  .to = fisc_call_text(call, "to"),
                                  .limit = (guint)page.limit};
    return fisc_flow_drill(&call->context, &query, &table, error) &&
           fisc_call_answer_table(call, table, error);
}

static const FiscApiField trace_fields[] = {
    FISC_PATH("key", "a reference, document, transfer or open item", "2"),
    FISC_TABLE_WORDS,
    {NULL},
};

static bool
get_trace(FiscCall *call, GError **error)
{
    FiscTable *table = NULL;
    return fisc_flow_trace(&call->context, fisc_call_text(call, "key"), &table, error) &&
           fisc_call_answer_table(call, table, error);
}

/* Export --------------------------------------------------------------------------------------- */

static const FiscApiField export_fields[] = {
    FISC_ASKED_FOR("period", FISC_API_PERIOD, "what it covers", "2024"),
    FISC_ASKED("unit", FISC_API_TEXT, "an entity or a group; all when not given", "SCH"),
    FISC_ASKED_OF("style", "as which program reads it", "hledger ledger"),
    FISC_ASKED("as_of", FISC_API_DATE, "only entries effective by then", NULL),
    FISC_ASKED("known_at", FISC_API_INTEGER, "as it was known at this batch", NULL),
    {NULL},
};

static bool
take_text(const char *text, gsize length, void *data, GError **error)
{
    (void)error;
    g_string_append_len(data, text, (gssize)length);
    return true;
}

static bool
export_journal(FiscCall *call, GError **error)
{
    const FiscExportQuery query = {.unit = fisc_call_text(call, "unit"),
                                   .period = fisc_call_text(call, "period"),
                                   .style = fisc_call_text(call, "style"),
                                   .as_of = fisc_call_text(call, "as_of"),
                                   .known_at = fisc_call_text(call, "known_at")};
    g_autoptr(GString) text = g_string_new(NULL);
    if (!fisc_flow_export_journal(&call->context, &query, take_text, text, error)) {
        return false;
    }
    fisc_call_answer_bytes(call, "text", NULL, text);
    fisc_http_reply_header(call->reply, "Content-Disposition",
                           "attachment; filename=\"fisc.journal\"");
    return true;
}

/* The table ------------------------------------------------------------------------------------ */

static const FiscApiExample list_examples[] = {
    {"Every report there is", "/v1/reports", NULL, 200},
    {NULL},
};
static const FiscApiExample report_examples[] = {
    {"A budget's execution", "/v1/reports/budget-execution?unit=SCH&period=2024", NULL, 200},
    {"The statements, as CSV", "/v1/reports/gfs?unit=SCH&period=2024&format=csv", NULL, 200},
    {"As the books were on a day", "/v1/reports/trial-balance?period=2024&as_of=2024-02-15", NULL,
     200},
    {"No period", "/v1/reports/gfs?unit=SCH", NULL, 400},
    {"A date that does not exist", "/v1/reports/gfs?period=2024&as_of=2024-02-30", NULL, 422},
    {"No such report", "/v1/reports/weather?period=2024", NULL, 404},
    {NULL},
};
static const FiscApiExample drill_examples[] = {
    {"A key that is none", "/v1/drill?key=nonsense", NULL, 400},
    {NULL},
};
static const FiscApiExample trace_examples[] = {
    {"What became of an order", "/v1/trace/2", NULL, 200},
    {"Nothing is on record", "/v1/trace/nothing", NULL, 404},
    {NULL},
};
static const FiscApiExample export_examples[] = {
    {"The entries of a year for hledger", "/v1/export/journal?period=2024&unit=SCH", NULL, 200},
    {NULL},
};

const FiscRoute fisc_api_reports[] = {
    {
        .method = "GET",
        .path = "/v1/reports",
        .operation = "listReports",
        .summary = "Reports there are: name, description",
        .access = FISC_ACCESS_PERSON,
        .fields = table_fields,
        .run = list_reports,
        .examples = list_examples,
    },
    {
        .method = "GET",
        .path = "/v1/reports/{report}",
        .operation = "getReport",
        .summary = "A report, as the books are or were",
        .access = FISC_ACCESS_ENTITY,
        .lane = FISC_HTTP_REPORT,
        .fields = report_fields,
        .run = get_report,
        .examples = report_examples,
    },
    {
        .method = "GET",
        .path = "/v1/drill",
        .operation = "getDrill",
        .summary = "What a figure is made of, down to the rows that were read",
        .access = FISC_ACCESS_PERSON,
        .lane = FISC_HTTP_REPORT,
        .fields = drill_fields,
        .run = get_drill,
        .examples = drill_examples,
    },
    {
        .method = "GET",
        .path = "/v1/trace/{+key}",
        .operation = "getTrace",
        .summary = "One key through the books: who did what, and what is open",
        .access = FISC_ACCESS_PERSON,
        .lane = FISC_HTTP_REPORT,
        .fields = trace_fields,
        .run = get_trace,
        .examples = trace_examples,
    },
    {
        .method = "GET",
        .path = "/v1/export/journal",
        .operation = "exportJournal",
        .summary = "Entries as a plain text journal, as hledger and Ledger read it",
        .access = FISC_ACCESS_ENTITY,
        .lane = FISC_HTTP_REPORT,
        .fields = export_fields,
        .type = "text/plain",
        .run = export_journal,
        .examples = export_examples,
    },
    {NULL},
};
