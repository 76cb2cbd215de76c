/* budgets_write.c: a budget before it is law: versions are opened, filled with texts, taken from
 * step to step, branched, merged and enacted. Who edits names the content he began with (If-Match),
 * so that nobody's work is overwritten. */
#include "app/server/api/writing.h"
#include <string.h>

#define YEARS 4 /* the budget year and three outer years */
#define VERSION FISC_PATH("version", "a version", "2025-draft")
#define REASON FISC_GIVEN("reason", FISC_API_TEXT, "why; names no natural person", "First round")
#define TITLE FISC_GIVEN("title", FISC_API_TEXT, "what people call it", "Budget 2025")

static json_t *
done_value(const FiscPlanDone *done)
{
    return json_pack("{s:s?, s:i, s:i}", "step", done->step, "changed", done->changed, "unchanged",
                     done->unchanged);
}

static const FiscApiField done_fields[] = {
    {.name = "step", .meaning = "that was taken; null when nothing was to be done"},
    {.name = "changed",
     .type = FISC_API_INTEGER,
     .meaning = "parts that have a new content or state"},
    {.name = "unchanged", .type = FISC_API_INTEGER, .meaning = "parts that stayed as they were"},
    {.name = "results", .type = FISC_API_ANY, .meaning = "none: a step is no entry"},
    {.name = "posted", .type = FISC_API_INTEGER, .meaning = "0"},
    {.name = "repeated", .type = FISC_API_INTEGER, .meaning = "0"},
    {.name = "refused", .type = FISC_API_INTEGER, .meaning = "0"},
    {.name = "events", .type = FISC_API_INTEGER, .meaning = "steps that were written"},
    {.name = "batch", .type = FISC_API_INTEGER, .meaning = "where they are; or null"},
    {.name = "dry_run", .type = FISC_API_BOOLEAN, .meaning = "nothing was written"},
    {NULL},
};
static const FiscApiShape done_shape = {"BudgetStep", "What became of a version or its parts",
                                        done_fields};

/* Versions ---------------------------------------------------------------------------------------
 */

static const FiscApiField open_fields[] = {
    FISC_NEEDED("version", FISC_API_TEXT, "its name: no blanks, no \"/\"", "2025-draft"),
    FISC_NEEDED("year", FISC_API_INTEGER, "the budget year", "2025"),
    FISC_GIVEN("years", FISC_API_INTEGER, "how many, with the outer years; 4", "4"),
    FISC_GIVEN("decimals", FISC_API_INTEGER, "of its currency; 2", "2"),
    TITLE,
    REASON,
    FISC_DRY_RUN,
    {NULL},
};

static bool
open_version(FiscCall *call, GError **error)
{
    const FiscPlanOpening opening = {.version = fisc_call_text(call, "version"),
                                     .title = fisc_call_text(call, "title"),
                                     .reason = fisc_call_text(call, "reason"),
                                     .year = (int)fisc_call_integer(call, "year", 0),
                                     .years = (int)fisc_call_integer(call, "years", YEARS),
                                     .decimals = (int)fisc_call_integer(call, "decimals", 2)};
    FiscReceipt *receipt = NULL;
    if (!fisc_flow_plan_open(&call->context, &opening, &receipt, error)) {
        return false;
    }
    fisc_call_answer_receipt(call, receipt, NULL);
    return true;
}

static const FiscApiField branch_fields[] = {
    VERSION,      FISC_NEEDED("into", FISC_API_TEXT, "the name of the new version", "2025-cuts"),
    TITLE,        REASON,
    FISC_DRY_RUN, {NULL},
};

static bool
branch(FiscCall *call, GError **error)
{
    const FiscPlanOpening opening = {.version = fisc_call_text(call, "into"),
                                     .title = fisc_call_text(call, "title"),
                                     .reason = fisc_call_text(call, "reason")};
    FiscReceipt *receipt = NULL;
    if (!fisc_flow_plan_branch(&call->context, fisc_call_text(call, "version"), &opening, &receipt,
                               error)) {
        return false;
    }
    fisc_call_answer_receipt(call, receipt, NULL);
    return true;
}

/* Contents ---------------------------------------------------------------------------------------
 */

static const FiscApiField put_fields[] = {
    VERSION,
    {.name = "kind",
     .place = FISC_IN_PATH,
     .is_required = true,
     .meaning = "which part",
     .choices = "lines ceilings assumptions programmes indicators circular",
     .example = "lines"},
    {.name = "entity", .place = FISC_IN_QUERY, .meaning = "of lines: whose; all that the text has"},
    {.name = "step",
     .place = FISC_IN_QUERY,
     .meaning = "that gives the content; told by the state"},
    {.name = "patch",
     .place = FISC_IN_QUERY,
     .type = FISC_API_BOOLEAN,
     .meaning = "the text has only some columns of some lines; the rest stays"},
    {.name = "reason", .place = FISC_IN_QUERY, .is_required = true, .meaning = "why"},
    FISC_DRY_RUN,
    {NULL},
};

/* "\"0a1b...\"" of If-Match; "" for a part that has none yet; NULL: not given. Caller frees. */
static char *
base_of(const FiscCall *call)
{
    const char *given = fisc_http_header(call->request, "If-Match");
    if (given == NULL) {
        return NULL;
    }
    g_autofree char *bare = g_strdup(g_str_has_prefix(given, "W/") ? given + 2 : given);
    gsize length = strlen(bare);
    if (length >= 2 && bare[0] == '"' && bare[length - 1] == '"') {
        return g_strndup(bare + 1, length - 2);
    }
    return g_strdup(bare);
}

static bool
put_part(FiscCall *call, GError **error)
{
    const GByteArray *body = call->request->body;
    g_autofree char *base = base_of(call);
    FiscPlanText text = {.version = fisc_call_text(call, "version"),
                         .kind = (FiscPartKind)fisc_part_find(fisc_call_text(call, "kind")),
                         .entity = fisc_call_text(call, "entity"),
                         .step = fisc_call_text(call, "step"),
                         .reason = fisc_call_text(call, "reason"),
                         .base = base,
                         .is_patch = fisc_call_flag(call, "patch"),
                         .name = "body",
                         .data = (const char *)body->data,
                         .length = body->len};
    if (base == NULL) {
        fisc_call_problem(call, 428, "PRECONDITION_MISSING", NULL,
                          "If-Match has to name the content that was edited: the ETag of the part, "
                          "or \"\" when it has none");
        return true;
    }
    g_auto(FiscPlanDone) done = {NULL};
    FiscRefusals *refusals = fisc_refusals_new();
    FiscReceipt *receipt = NULL;
    if (!fisc_flow_plan_put(&call->context, &text, &done, &receipt, refusals, error)) {
        g_ptr_array_unref(refusals);
        return false;
    }
    fisc_call_answer_text(call, refusals, receipt, done_value(&done));
    return true;
}

static const FiscApiField step_fields[] = {
    VERSION,
    FISC_NEEDED("step", FISC_API_TEXT,
                "call, review, submit, return, accept, agree, table and others", "submit"),
    FISC_GIVEN("part", FISC_API_TEXT, "\"lines/MOE\", or \"lines\" for all that may; the version",
               "lines/MOE"),
    REASON,
    FISC_DRY_RUN,
    {NULL},
};

static bool
take_step(FiscCall *call, GError **error)
{
    const char *part = fisc_call_text(call, "part");
    g_autofree char *path = g_strjoin(part != NULL ? "/" : "", fisc_call_text(call, "version"),
                                      part != NULL ? part : "", NULL);
    g_auto(FiscPlanDone) done = {NULL};
    FiscRefusals *refusals = fisc_refusals_new();
    FiscReceipt *receipt = NULL;
    if (!fisc_flow_plan_step(&call->context, path, fisc_call_text(call, "step"),
                             fisc_call_text(call, "reason"), &done, &receipt, refusals, error)) {
        g_ptr_array_unref(refusals);
        return false;
    }
    fisc_call_answer_text(call, refusals, receipt, done_value(&done));
    return true;
}

/* Between versions -------------------------------------------------------------------------------
 */

static const FiscApiField merge_fields[] = {
    VERSION,
    FISC_NEEDED("into", FISC_API_TEXT, "the version that takes the changes over", "2025-draft"),
    FISC_GIVEN("base", FISC_API_TEXT, "what both came from; told by the branch", NULL),
    FISC_CHOSEN("prevails", false, "whose change where both changed the same; else refused",
                "ours theirs"),
    FISC_NEEDED("reason", FISC_API_TEXT, "why", "Agreed in cabinet"),
    FISC_DRY_RUN,
    {NULL},
};

static bool
merge(FiscCall *call, GError **error)
{
    const char *prevails = fisc_call_text(call, "prevails");
    const FiscPlanMerging order = {
        .from = fisc_call_text(call, "version"),
        .into = fisc_call_text(call, "into"),
        .base = fisc_call_text(call, "base"),
        .prevails = prevails == NULL                ? FISC_MERGE_REFUSE
                    : strcmp(prevails, "ours") == 0 ? FISC_MERGE_OURS
                                                    : FISC_MERGE_THEIRS,
        .reason = fisc_call_text(call, "reason"),
    };
    g_auto(FiscPlanDone) done = {NULL};
    FiscRefusals *refusals = fisc_refusals_new();
    FiscReceipt *receipt = NULL;
    if (!fisc_flow_plan_merge(&call->context, &order, &done, &receipt, refusals, error)) {
        g_ptr_array_unref(refusals);
        return false;
    }
    fisc_call_answer_text(call, refusals, receipt, done_value(&done));
    return true;
}

static const FiscApiField baseline_fields[] = {
    VERSION,
    FISC_NEEDED("from", FISC_API_TEXT, "the version of the year before", "2024-law"),
    FISC_GIVEN("entity", FISC_API_TEXT, "whose lines; all", NULL),
    FISC_GIVEN("index", FISC_API_TEXT, "what grows by which assumption", "economic=2:inflation"),
    FISC_NEEDED("reason", FISC_API_TEXT, "why", "Circular 1"),
    FISC_DRY_RUN,
    {NULL},
};

static bool
baseline(FiscCall *call, GError **error)
{
    const FiscPlanCarrying order = {.from = fisc_call_text(call, "from"),
                                    .into = fisc_call_text(call, "version"),
                                    .entity = fisc_call_text(call, "entity"),
                                    .index = fisc_call_text(call, "index"),
                                    .reason = fisc_call_text(call, "reason")};
    g_auto(FiscPlanDone) done = {NULL};
    FiscRefusals *refusals = fisc_refusals_new();
    FiscReceipt *receipt = NULL;
    if (!fisc_flow_plan_baseline(&call->context, &order, &done, &receipt, refusals, error)) {
        g_ptr_array_unref(refusals);
        return false;
    }
    fisc_call_answer_text(call, refusals, receipt, done_value(&done));
    return true;
}

/* The law ----------------------------------------------------------------------------------------
 */

static const FiscApiField enact_fields[] = {
    VERSION,
    FISC_NEEDED("law", FISC_API_TEXT, "its number", "L-2025-1"),
    FISC_NEEDED("title", FISC_API_TEXT, "what people call it", "Budget law 2025"),
    FISC_GIVEN("date", FISC_API_DATE, "from when it counts; 1 January, or today of a supplement",
               NULL),
    FISC_GIVEN("document", FISC_API_TEXT, "its id; the law when not given", NULL),
    FISC_CHOSEN("kind", false, "told by the version's origin when not given",
                "original supplement"),
    FISC_GIVEN("article", FISC_API_TEXT, "of lines that name none", NULL),
    FISC_GIVEN("annex", FISC_API_TEXT, "of lines that name none", NULL),
    REASON,
    FISC_DRY_RUN,
    {NULL},
};

static bool
enact(FiscCall *call, GError **error)
{
    const FiscEnactOrder order = {.version = fisc_call_text(call, "version"),
                                  .law = fisc_call_text(call, "law"),
                                  .title = fisc_call_text(call, "title"),
                                  .on = fisc_call_date(call, "date", 0),
                                  .id = fisc_call_text(call, "document"),
                                  .kind = fisc_call_text(call, "kind"),
                                  .article = fisc_call_text(call, "article"),
                                  .annex = fisc_call_text(call, "annex"),
                                  .reason = fisc_call_text(call, "reason")};
    g_autofree char *id = NULL;
    g_autoptr(FiscTable) totals = NULL;
    FiscReceipt *receipt = NULL;
    if (!fisc_flow_budget_enact(&call->context, &order, call->context.is_dry_run, &id, &totals,
                                &receipt, error)) {
        return false;
    }
    fisc_call_answer_document(call, id, "proposed", receipt,
                              json_pack("{s:o}", "totals", fisc_call_table_value(totals)));
    return true;
}

#define STEP(route, id, sentence, words, shape, handler)                                           \
    {                                                                                              \
        .method = "POST", .path = route, .operation = id, .summary = sentence,                     \
        .access = FISC_ACCESS_PERSON, .lane = FISC_HTTP_POST, .fields = words,                     \
        .body = FISC_BODY_JSON, .answer = shape, .run = handler,                                   \
    }

const FiscRoute fisc_api_budgets_write[] = {
    STEP("/v1/budgets", "openBudget", "Opens a version", open_fields, &fisc_shape_receipt,
         open_version),
    {
        .method = "PUT",
        .path = "/v1/budgets/{version}/parts/{kind}",
        .operation = "putBudgetPart",
        .summary = "Gives parts a new content, all of them or none; errors name row and column",
        .access = FISC_ACCESS_PERSON,
        .lane = FISC_HTTP_POST,
        .fields = put_fields,
        .body = FISC_BODY_TEXT,
        .body_max = 32 * 1024 * 1024,
        .answer = &done_shape,
        .run = put_part,
    },
    STEP("/v1/budgets/{version}/steps", "stepBudget", "Lets a version or its parts take a step",
         step_fields, &done_shape, take_step),
    STEP("/v1/budgets/{version}/branch", "branchBudget", "A new version that begins as this stands",
         branch_fields, &fisc_shape_receipt, branch),
    STEP("/v1/budgets/{version}/merge", "mergeBudget", "Brings its changes into another version",
         merge_fields, &done_shape, merge),
    STEP("/v1/budgets/{version}/baseline", "baselineBudget", "What the year before leaves",
         baseline_fields, &done_shape, baseline),
    STEP("/v1/budgets/{version}/enactment", "proposeEnactment",
         "Proposes that a version becomes law", enact_fields, &fisc_shape_proposal, enact),
    {NULL},
};
