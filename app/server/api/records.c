/* records.c: what is on record beside the books, to be looked at: questions, layouts, publications,
 * rules, persons and what they may do, the history of units. */
#include "app/flows/person.h"
#include "app/server/api/reading.h"
#include "app/server/api/report_words.h"
#include "fisc/publish.h"
#include "fisc/question.h"
#include "fisc/unit.h"
#include <string.h>

static const FiscApiField table_fields[] = {FISC_TABLE_WORDS, {NULL}};

/* Tables that take the context alone, or with one name of the path. */
static bool
answer_list(FiscCall *call, bool (*flow)(FiscContext *ctx, FiscTable **out_table, GError **error),
            GError **error)
{
    FiscTable *table = NULL;
    return flow(&call->context, &table, error) && fisc_call_answer_table(call, table, error);
}

static bool
answer_one(FiscCall *call, const char *name,
           bool (*flow)(FiscContext *ctx, const char *name, FiscTable **out_table, GError **error),
           GError **error)
{
    FiscTable *table = NULL;
    return flow(&call->context, fisc_call_text(call, name), &table, error) &&
           fisc_call_answer_table(call, table, error);
}

/* Questions ------------------------------------------------------------------------------------ */

static bool
list_questions(FiscCall *call, GError **error)
{
    return answer_list(call, fisc_flow_question_list, error);
}

static const FiscApiField question_fields[] = {
    FISC_PATH("question", "its name", "spending"),
    FISC_REPORT_WORDS(FISC_REPORT_FIELD_OF_QUERY) FISC_TABLE_WORDS,
    {NULL},
};

static bool
ask_question(FiscCall *call, GError **error)
{
    FiscReportQuery changes = fisc_call_report_query(call, NULL);
    FiscTable *table = NULL;
    return fisc_flow_question_run(&call->context, fisc_call_text(call, "question"), &changes,
                                  &table, error) &&
           fisc_call_answer_table(call, table, error);
}

/* Layouts -------------------------------------------------------------------------------------- */

static bool
list_layouts(FiscCall *call, GError **error)
{
    return answer_list(call, fisc_flow_layout_list, error);
}

static const FiscApiField layout_fields[] = {
    FISC_PATH("layout", "on record, or of the program as gfsm2014/SOO; it may have a slash",
              "gfsm2014/SOO"),
    {NULL},
};

static bool
get_layout(FiscCall *call, GError **error)
{
    g_autofree char *text = NULL;
    g_autoptr(GError) failure = NULL;
    if (!fisc_flow_layout_show(&call->context, fisc_call_text(call, "layout"), &text, &failure)) {
        bool is_none = g_error_matches(failure, FISC_ERROR, FISC_ERROR_USAGE);
        return fisc_fail(error, is_none ? FISC_ERROR_NOT_FOUND : (FiscError)failure->code, "%s",
                         failure->message);
    }
    g_autoptr(GString) bytes = g_string_new(text);
    fisc_call_answer_bytes(call, "csv", NULL, bytes);
    return true;
}

/* Publications --------------------------------------------------------------------------------- */

static bool
list_publications(FiscCall *call, GError **error)
{
    return answer_list(call, fisc_flow_publication_list, error);
}

static const FiscApiField publication_fields[] = {
    FISC_PATH("publication", "its id", "GFS-2024"),
    FISC_TABLE_WORDS,
    {NULL},
};

static bool
get_publication(FiscCall *call, GError **error)
{
    return answer_one(call, "publication", fisc_flow_publication_show, error);
}

static const FiscApiField file_fields[] = {
    FISC_PATH("publication", "its id", "GFS-2024"),
    FISC_PATH("file", "the id, a point and the format: GFS-2024.pdf", "GFS-2024.csv"),
    {NULL},
};

/* The format of a publication; NULL when it says none. Borrowed from the table. */
static const char *
format_of(const FiscTable *table)
{
    for (guint i = 0; i < table->rows->len; i++) {
        const FiscRow *row = table->rows->pdata[i];
        if (g_strcmp0(row->cells[0].text, "format") == 0) {
            return row->cells[1].text;
        }
    }
    return NULL;
}

static bool
get_publication_file(FiscCall *call, GError **error)
{
    const char *id = fisc_call_text(call, "publication");
    FiscTable *shown = NULL;
    g_autoptr(GString) bytes = g_string_new(NULL);
    if (!fisc_flow_publication_show(&call->context, id, &shown, error)) {
        return false;
    }
    g_autoptr(FiscTable) table = shown;
    const char *format = format_of(table);
    g_autofree char *file = g_strdup_printf("%s.%s", id, format != NULL ? format : "");
    if (strcmp(file, fisc_call_text(call, "file")) != 0) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "the file of %s is %s", id, file);
    }
    if (!fisc_flow_publication_bytes(&call->context, id, bytes, error)) {
        return false;
    }
    if (!fisc_call_is_unchanged(call, file)) { /* what was published stays what it is */
        fisc_call_answer_bytes(call, format, id, bytes);
    }
    return true;
}

/* Rules, persons, units ------------------------------------------------------------------------ */

static const FiscApiField rules_fields[] = {
    FISC_ASKED("date", FISC_API_DATE, "that hold on this day; today when not given", "2024-06-30"),
    FISC_TABLE_WORDS,
    {NULL},
};

static bool
list_rules(FiscCall *call, GError **error)
{
    FiscDate on = fisc_flow_today();
    FiscTable *table = NULL;
    fisc_call_query_date(call, "date", &on);
    return fisc_flow_budget_rules(&call->context, on, &table, error) &&
           fisc_call_answer_table(call, table, error);
}

static const FiscApiField persons_fields[] = {
    FISC_ASKED("both", FISC_API_BOOLEAN, "only who holds two duties that must not meet", NULL),
    FISC_TABLE_WORDS,
    {NULL},
};

static bool
list_persons(FiscCall *call, GError **error)
{
    FiscTable *table = NULL;
    return fisc_flow_person_list(&call->context, fisc_call_flag(call, "both"), &table, error) &&
           fisc_call_answer_table(call, table, error);
}

static const FiscApiField person_fields[] = {
    FISC_PATH("person", "a code", "ana"),
    FISC_TABLE_WORDS,
    {NULL},
};

static bool
get_person(FiscCall *call, GError **error)
{
    return answer_one(call, "person", fisc_flow_person_show, error);
}

static bool
get_matrix(FiscCall *call, GError **error)
{
    return answer_list(call, fisc_flow_matrix, error);
}

static const FiscApiField unit_fields[] = {
    FISC_PATH("unit", "an entity", "SCH"),
    FISC_TABLE_WORDS,
    {NULL},
};

static bool
get_unit_history(FiscCall *call, GError **error)
{
    return answer_one(call, "unit", fisc_flow_unit_show, error);
}

/* The table ------------------------------------------------------------------------------------ */

static const FiscApiExample question_examples[] = {
    {"Every saved question", "/v1/questions", NULL, 200},
    {NULL},
};
static const FiscApiExample ask_examples[] = {
    {"No such question", "/v1/questions/no-such-question", NULL, 404},
    {NULL},
};
static const FiscApiExample layouts_examples[] = {
    {"Layouts on record and of the program", "/v1/layouts", NULL, 200},
    {NULL},
};
static const FiscApiExample layout_examples[] = {
    {"The Statement of Operations", "/v1/layouts/gfsm2014/SOO", NULL, 200},
    {"No such layout", "/v1/layouts/no-such-layout", NULL, 404},
    {NULL},
};
static const FiscApiExample publications_examples[] = {
    {"Everything that was published", "/v1/publications", NULL, 200},
    {NULL},
};
static const FiscApiExample publication_examples[] = {
    {"No such publication", "/v1/publications/no-such-publication", NULL, 404},
    {NULL},
};
static const FiscApiExample file_examples[] = {
    {"No such file", "/v1/publications/no-such-publication/files/a.csv", NULL, 404},
    {NULL},
};
static const FiscApiExample rules_examples[] = {
    {"The rules that hold on a day", "/v1/rules?date=2024-06-30", NULL, 200},
    {NULL},
};
static const FiscApiExample persons_examples[] = {
    {"Every person", "/v1/persons", NULL, 200},
    {NULL},
};
static const FiscApiExample person_examples[] = {
    {"Nobody of that code", "/v1/persons/no-such-person", NULL, 404},
    {NULL},
};
static const FiscApiExample matrix_examples[] = {
    {"Who may do what, by role", "/v1/matrix", NULL, 200},
    {NULL},
};
static const FiscApiExample unit_examples[] = {
    {"What a unit was, and when", "/v1/units/SCH/history", NULL, 200},
    {"No such unit", "/v1/units/NONE/history", NULL, 404},
    {NULL},
};

#define READ_ROUTE(route, name, what, seen, words, handler, samples)                               \
    {                                                                                              \
        .method = "GET", .path = route, .operation = name, .summary = what, .access = seen,        \
        .fields = words, .run = handler, .examples = samples,                                      \
    }

const FiscRoute fisc_api_records[] = {
    READ_ROUTE("/v1/questions", "listQuestions", "Saved questions: question, title, words",
               FISC_ACCESS_PERSON, table_fields, list_questions, question_examples),
    {
        .method = "GET",
        .path = "/v1/questions/{question}",
        .operation = "askQuestion",
        .summary = "Asks a saved question; words that are given stand instead of its own",
        .access = FISC_ACCESS_PERSON,
        .lane = FISC_HTTP_REPORT,
        .fields = question_fields,
        .run = ask_question,
        .examples = ask_examples,
    },
    READ_ROUTE("/v1/layouts", "listLayouts", "Layouts of statements: layout, title, kept, rows",
               FISC_ACCESS_PERSON, table_fields, list_layouts, layouts_examples),
    {
        .method = "GET",
        .path = "/v1/layouts/{+layout}",
        .operation = "getLayout",
        .summary = "The text of a layout",
        .access = FISC_ACCESS_PERSON,
        .fields = layout_fields,
        .type = "text/csv",
        .run = get_layout,
        .examples = layout_examples,
    },
    READ_ROUTE("/v1/publications", "listPublications", "What was published, in order",
               FISC_ACCESS_PERSON, table_fields, list_publications, publications_examples),
    READ_ROUTE("/v1/publications/{publication}", "getPublication",
               "All that is on record of a publication: name, value", FISC_ACCESS_PERSON,
               publication_fields, get_publication, publication_examples),
    {
        .method = "GET",
        .path = "/v1/publications/{publication}/files/{file}",
        .operation = "getPublicationFile",
        .summary = "The bytes as they were published",
        .access = FISC_ACCESS_PERSON,
        .lane = FISC_HTTP_REPORT,
        .fields = file_fields,
        .type = "application/octet-stream",
        .run = get_publication_file,
        .examples = file_examples,
    },
    READ_ROUTE("/v1/rules", "listRules", "Rules of the budget that hold on a day",
               FISC_ACCESS_PERSON, rules_fields, list_rules, rules_examples),
    READ_ROUTE("/v1/persons", "listPersons", "Persons: person, name, state, roles",
               FISC_ACCESS_PERSON, persons_fields, list_persons, persons_examples),
    READ_ROUTE("/v1/persons/{person}", "getPerson", "A person's roles and delegations",
               FISC_ACCESS_PERSON, person_fields, get_person, person_examples),
    READ_ROUTE("/v1/matrix", "getMatrix", "Which role may do what, and how many approve",
               FISC_ACCESS_PERSON, table_fields, get_matrix, matrix_examples),
    READ_ROUTE("/v1/units/{unit}/history", "getUnitHistory", "What a unit was, and from when",
               FISC_ACCESS_ENTITY, unit_fields, get_unit_history, unit_examples),
    {NULL},
};
