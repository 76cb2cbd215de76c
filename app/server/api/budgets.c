/* budgets.c: budgets that are being prepared, to be looked at. */
#include "app/flows/plan_table.h"
#include "app/server/api/reading.h"
#include <string.h>

#define KINDS "lines ceilings assumptions programmes indicators circular"

static const FiscApiField table_fields[] = {FISC_TABLE_WORDS, {NULL}};

static bool
list_budgets(FiscCall *call, GError **error)
{
    FiscTable *table = NULL;
    return fisc_flow_plan_versions(&call->context, &table, error) &&
           fisc_call_answer_table(call, table, error);
}

/* Of a version --------------------------------------------------------------------------------- */

static const FiscApiField version_fields[] = {
    FISC_PATH("version", "2019-draft, or as it stood: 2019-draft@3", "2025-draft"),
    FISC_TABLE_WORDS,
    {NULL},
};

typedef bool (*VersionFlow)(FiscContext *ctx, const char *version, FiscTable **out_table,
                            GError **error);

static bool
answer_version(FiscCall *call, VersionFlow flow, GError **error)
{
    FiscTable *table = NULL;
    return flow(&call->context, fisc_call_text(call, "version"), &table, error) &&
           fisc_call_answer_table(call, table, error);
}

static bool
list_parts(FiscCall *call, GError **error)
{
    return answer_version(call, fisc_flow_plan_parts, error);
}

static bool
get_ceilings(FiscCall *call, GError **error)
{
    return answer_version(call, fisc_flow_plan_ceilings, error);
}

static bool
get_performance(FiscCall *call, GError **error)
{
    return answer_version(call, fisc_flow_plan_performance, error);
}

static bool
get_tags(FiscCall *call, GError **error)
{
    return answer_version(call, fisc_flow_plan_tags, error);
}

static const FiscApiField history_fields[] = {
    FISC_PATH("version", "2019-draft", "2025-draft"),
    FISC_ASKED_OF("part", "only of this kind of part", KINDS),
    FISC_ASKED("entity", FISC_API_TEXT, "with part=lines: only of this unit", NULL),
    FISC_TABLE_WORDS,
    {NULL},
};

static bool
get_history(FiscCall *call, GError **error)
{
    const char *part = fisc_call_text(call, "part"), *entity = fisc_call_text(call, "entity");
    g_autofree char *path =
        g_strdup_printf("%s%s%s%s%s", fisc_call_text(call, "version"), part != NULL ? "/" : "",
                        part != NULL ? part : "", part != NULL && entity != NULL ? "/" : "",
                        part != NULL && entity != NULL ? entity : "");
    FiscTable *table = NULL;
    return fisc_flow_plan_history(&call->context, path, &table, error) &&
           fisc_call_answer_table(call, table, error);
}

static const FiscApiField consolidated_fields[] = {
    FISC_PATH("version", "2019-draft, or as it stood: 2019-draft@3", "2025-draft"),
    FISC_ASKED("unit", FISC_API_TEXT, "an entity or a group; every one when not given", NULL),
    FISC_ASKED("by", FISC_API_TEXT, "columns; economic:1 when not given", NULL),
    FISC_ASKED("year", FISC_API_INTEGER, "the budget year when not given", NULL),
    FISC_ASKED("pairs", FISC_API_BOOLEAN, "who promises whom what", NULL),
    FISC_ASKED("enacted", FISC_API_BOOLEAN, "beside what the books have", NULL),
    FISC_TABLE_WORDS,
    {NULL},
};

static bool
get_consolidated(FiscCall *call, GError **error)
{
    const FiscPlanConsolidation query = {
        .version = fisc_call_text(call, "version"),
        .unit = fisc_call_text(call, "unit"),
        .by = fisc_call_text(call, "by"),
        .year = (int)CLAMP(fisc_call_integer(call, "year", 0), 0, G_MAXINT16),
        .pairs = fisc_call_flag(call, "pairs"),
        .enacted = fisc_call_flag(call, "enacted")};
    FiscTable *table = NULL;
    return fisc_flow_plan_consolidated(&call->context, &query, &table, error) &&
           fisc_call_answer_table(call, table, error);
}

static const FiscApiField compare_fields[] = {
    FISC_PATH("version", "what is compared", "2025-draft"),
    FISC_PATH("other", "with which", "2025-draft@1"),
    FISC_ASKED("entity", FISC_API_TEXT, "only its lines", NULL),
    FISC_ASKED("by", FISC_API_TEXT, "sums by entity,programme:1 instead of changes", NULL),
    FISC_TABLE_WORDS,
    {NULL},
};

static bool
compare_budgets(FiscCall *call, GError **error)
{
    const FiscPlanComparison query = {.before = fisc_call_text(call, "version"),
                                      .after = fisc_call_text(call, "other"),
                                      .entity = fisc_call_text(call, "entity"),
                                      .by = fisc_call_text(call, "by")};
    FiscTable *table = NULL;
    return fisc_flow_plan_compare(&call->context, &query, &table, error) &&
           fisc_call_answer_table(call, table, error);
}

/* The text of a part --------------------------------------------------------------------------- */

static const FiscApiField part_fields[] = {
    FISC_PATH("version", "2019-draft, or as it stood: 2019-draft@3", "2025-draft"),
    {.name = "kind",
     .place = FISC_IN_PATH,
     .is_required = true,
     .meaning = "of part",
     .choices = KINDS},
    FISC_ASKED("entity", FISC_API_TEXT, "of lines: whose; every one's when not given", NULL),
    FISC_ASKED("at", FISC_API_INTEGER, "as it stood behind this step of its history", NULL),
    FISC_ASKED_OF("format", "of the answer; csv is the text that PUT takes", "csv json table xlsx"),
    {NULL},
};

/* What somebody edits is what somebody may have changed since: PUT with If-Match tells. */
static bool
is_unchanged(FiscCall *call, const char *content)
{
    const char *seen = fisc_http_header(call->request, "If-None-Match");
    g_autofree char *tag = g_strdup_printf("\"%s\"", content);
    if (*content == '\0') {
        return false;
    }
    fisc_http_reply_header(call->reply, "ETag", tag);
    fisc_http_reply_header(call->reply, "Cache-Control", "private, no-cache");
    if (seen == NULL || strstr(seen, tag) == NULL) {
        return false;
    }
    call->reply->status = 304;
    return true;
}

static bool
answer_text(FiscCall *call, const char *name, const char *data, GError **error)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscCsv) csv = NULL;
    const FiscCsvOptions options = {.allow_unknown = true};
    if (strcmp(fisc_call_format(call), "csv") == 0) {
        g_autoptr(GString) text = g_string_new(data);
        fisc_call_answer_bytes(call, "csv", name, text);
        return true;
    }
    if (!fisc_csv_parse(name, data, strlen(data), &options, &csv, refusals) || csv == NULL) {
        return fisc_fail(error, FISC_ERROR_FAILED, "the text of %s is no CSV", name);
    }
    return fisc_call_answer_table(call, fisc_plan_table(name, csv), error);
}

static bool
get_part(FiscCall *call, GError **error)
{
    const char *word = fisc_call_text(call, "kind");
    int64_t step = fisc_call_integer(call, "at", 0);
    g_autofree char *text = NULL;
    g_autofree char *content = NULL;
    if (step < 0 || step > G_MAXINT) {
        fisc_call_problem(call, 422, "VALUE_INVALID", "?at", "at is the number of a step");
        return true;
    }
    if (!fisc_flow_plan_get(&call->context, fisc_call_text(call, "version"),
                            (FiscPartKind)fisc_part_find(word), fisc_call_text(call, "entity"),
                            (int)step, &text, &content, error)) {
        return false;
    }
    return is_unchanged(call, content) || answer_text(call, word, text, error);
}

/* The table ------------------------------------------------------------------------------------ */

static const FiscApiExample list_examples[] = {
    {"Every version", "/v1/budgets", NULL, 200},
    {NULL},
};
static const FiscApiExample missing_examples[] = {
    {"No such version", "/v1/budgets/no-such-version", NULL, 404},
    {NULL},
};
static const FiscApiExample kind_examples[] = {
    {"No such kind of part", "/v1/budgets/2025-draft/parts/songs", NULL, 422},
    {NULL},
};

#define VERSION_ROUTE(behind, name, what, words, handler, samples)                                 \
    {                                                                                              \
        .method = "GET", .path = "/v1/budgets/{version}" behind, .operation = name,                \
        .summary = what, .access = FISC_ACCESS_PERSON, .fields = words, .run = handler,            \
        .examples = samples,                                                                       \
    }

const FiscRoute fisc_api_budgets[] = {
    {
        .method = "GET",
        .path = "/v1/budgets",
        .operation = "listBudgets",
        .summary = "Versions of budgets: version, state, year, years, title, origin, law",
        .access = FISC_ACCESS_PERSON,
        .fields = table_fields,
        .run = list_budgets,
        .examples = list_examples,
    },
    VERSION_ROUTE("", "listBudgetParts", "Parts of a version: kind, entity, state, content",
                  version_fields, list_parts, missing_examples),
    VERSION_ROUTE("/parts/{kind}", "getBudgetPart", "The text of a part, as kept or as a table",
                  part_fields, get_part, kind_examples),
    VERSION_ROUTE("/history", "getBudgetHistory", "What happened to a version and its parts",
                  history_fields, get_history, NULL),
    VERSION_ROUTE("/ceilings", "getBudgetCeilings",
                  "Ceilings, what is requested, what room is left", version_fields, get_ceilings,
                  NULL),
    VERSION_ROUTE("/performance", "getBudgetPerformance", "Programmes and their indicators",
                  version_fields, get_performance, NULL),
    VERSION_ROUTE("/tags", "getBudgetTags", "Tags and what is proposed under them", version_fields,
                  get_tags, NULL),
    VERSION_ROUTE("/consolidated", "getBudgetConsolidated",
                  "A version without what units promise "
                  "each other",
                  consolidated_fields, get_consolidated, NULL),
    VERSION_ROUTE("/compare/{other}", "compareBudgets", "Every change from one version to another",
                  compare_fields, compare_budgets, NULL),
    {NULL},
};
