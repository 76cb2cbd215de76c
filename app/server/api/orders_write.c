/* orders_write.c: changes of a budget, each proposed as a document: releases, virements, overrides,
 * blocks, draws on reserves, interim budgets, the end and the beginning of a year. */
#include "app/flows/person.h"
#include "app/server/api/writing.h"
#include "fisc/money.h"
#include <string.h>

#define ID FISC_GIVEN("document", FISC_API_TEXT, "its id; made of these words when not given", NULL)
#define REASON FISC_NEEDED("reason", FISC_API_TEXT, "why; names no natural person", "Cold winter")
#define ARTICLE FISC_GIVEN("article", FISC_API_TEXT, "of the law", NULL)
#define ENTITY FISC_NEEDED("entity", FISC_API_TEXT, "whose budget", "001")
#define LINE(name, what) FISC_NEEDED(name, FISC_API_OBJECT, what, NULL)
#define AMOUNT(what) FISC_NEEDED("amount", FISC_API_AMOUNT, what, "1500.00")
#define DATE FISC_GIVEN("date", FISC_API_DATE, "the day; today when not given", "2024-06-30")

static FiscBudgetOrder
common_words(const FiscCall *call)
{
    return (FiscBudgetOrder){.id = fisc_call_text(call, "document"),
                             .entity = fisc_call_text(call, "entity"),
                             .period = fisc_call_text(call, "period"),
                             .on = fisc_call_date(call, "date", fisc_flow_today()),
                             .amount = fisc_call_text(call, "amount"),
                             .reason = fisc_call_text(call, "reason")};
}

/* Releases, virements, overrides ----------------------------------------------------------------
 */

static const FiscApiField release_fields[] = {
    ENTITY,
    FISC_NEEDED("period", FISC_API_PERIOD, "what it is released for", "2024-Q3"),
    LINE("line", "the budget line, codes by dimension"),
    AMOUNT("decimal; negative takes back"),
    REASON,
    ID,
    FISC_DRY_RUN,
    {NULL},
};

static bool
release(FiscCall *call, GError **error)
{
    FiscBudgetOrder order = common_words(call);
    g_autofree char *id = NULL;
    FiscReceipt *receipt = NULL;
    if (!fisc_call_line(call, "line", order.to)) {
        return true;
    }
    if (!fisc_flow_budget_release(&call->context, &order, &id, &receipt, error)) {
        return false;
    }
    fisc_call_answer_document(call, id, "proposed", receipt, NULL);
    return true;
}

static const FiscApiField virement_fields[] = {
    ENTITY,
    LINE("from", "the line that gives, codes by dimension"),
    LINE("to", "the line that gets"),
    AMOUNT("decimal"),
    DATE,
    REASON,
    ID,
    FISC_DRY_RUN,
    {NULL},
};

static bool
virement(FiscCall *call, GError **error)
{
    FiscBudgetOrder order = common_words(call);
    g_autofree char *id = NULL;
    FiscReceipt *receipt = NULL;
    if (!fisc_call_line(call, "from", order.from) || !fisc_call_line(call, "to", order.to)) {
        return true;
    }
    if (!fisc_flow_budget_virement(&call->context, &order, &id, &receipt, error)) {
        return false;
    }
    fisc_call_answer_document(call, id, "proposed", receipt, NULL);
    return true;
}

static const FiscApiField override_fields[] = {
    FISC_NEEDED("control", FISC_API_TEXT, "which control", "chapter"),
    FISC_NEEDED("key", FISC_API_TEXT, "as the refusal prints it", NULL),
    AMOUNT("the most that the key may be exceeded by, in all"),
    FISC_NEEDED("expires", FISC_API_DATE, "its last day", "2024-12-31"),
    ARTICLE,
    REASON,
    ID,
    FISC_DRY_RUN,
    {NULL},
};

static bool
override(FiscCall *call, GError **error)
{
    const FiscOverrideOrder order = {.id = fisc_call_text(call, "document"),
                                     .control = fisc_call_text(call, "control"),
                                     .key = fisc_call_text(call, "key"),
                                     .amount = fisc_call_text(call, "amount"),
                                     .expires = fisc_call_text(call, "expires"),
                                     .article = fisc_call_text(call, "article"),
                                     .reason = fisc_call_text(call, "reason")};
    g_autofree char *id = NULL;
    FiscReceipt *receipt = NULL;
    if (!fisc_flow_budget_override(&call->context, &order, &id, &receipt, error)) {
        return false;
    }
    fisc_call_answer_document(call, id, "proposed", receipt, NULL);
    return true;
}

/* Blocks and draws ------------------------------------------------------------------------------
 */

static const FiscApiField block_fields[] = {
    FISC_CHOSEN("kind", true, "hold money back, let it go again, or take the appropriation away",
                "block unblock cut"),
    ENTITY,
    FISC_GIVEN("where", FISC_API_OBJECT, "which lines: a code, or \"2*\" for what begins so", NULL),
    FISC_GIVEN("amount", FISC_API_AMOUNT, "in all, in proportion to the lines", "1000.00"),
    FISC_GIVEN("percent", FISC_API_TEXT, "of each line", "2.5"),
    FISC_CHOSEN("of", false, "what the percentage is of", "appropriated available"),
    DATE,
    ARTICLE,
    REASON,
    ID,
    FISC_DRY_RUN,
    {NULL},
};

static FiscBlockKind
block_kind(const char *word)
{
    return g_str_equal(word, "block")     ? FISC_BLOCK_SET
           : g_str_equal(word, "unblock") ? FISC_BLOCK_LIFT
                                          : FISC_BLOCK_CUT;
}

static bool
block(FiscCall *call, GError **error)
{
    FiscBlockOrder order = {
        .kind = block_kind(fisc_call_text(call, "kind")),
        .id = fisc_call_text(call, "document"),
        .entity = fisc_call_text(call, "entity"),
        .on = fisc_call_date(call, "date", fisc_flow_today()),
        .amount = fisc_call_text(call, "amount"),
        .percent = fisc_call_text(call, "percent"),
        .of_available = g_strcmp0(fisc_call_text(call, "of"), "available") == 0,
        .article = fisc_call_text(call, "article"),
        .reason = fisc_call_text(call, "reason"),
    };
    FiscBlockSum sum = {0};
    g_autofree char *id = NULL;
    FiscReceipt *receipt = NULL;
    if (!fisc_call_line(call, "where", order.where)) {
        return true;
    }
    if (!fisc_flow_budget_block(&call->context, &order, &sum, &id, &receipt, error)) {
        return false;
    }
    char total[FISC_AMOUNT_TEXT];
    fisc_call_answer_document(call, id, "proposed", receipt,
                              json_pack("{s:{s:i, s:s}}", "details", "lines", sum.lines, "total",
                                        fisc_amount_format(sum.total, sum.decimals, total)));
    return true;
}

static const FiscApiField draw_fields[] = {
    FISC_NEEDED("reserve", FISC_API_TEXT, "the entity whose reserve gives", "FIN"),
    LINE("from", "the line of the reserve"),
    ENTITY,
    LINE("to", "the line that gets"),
    AMOUNT("decimal"),
    DATE,
    REASON,
    ID,
    FISC_DRY_RUN,
    {NULL},
};

static bool
draw(FiscCall *call, GError **error)
{
    FiscBudgetOrder order = common_words(call);
    g_autofree char *id = NULL;
    FiscReceipt *receipt = NULL;
    if (!fisc_call_line(call, "from", order.from) || !fisc_call_line(call, "to", order.to)) {
        return true;
    }
    if (!fisc_flow_budget_draw(&call->context, fisc_call_text(call, "reserve"), &order, &id,
                               &receipt, error)) {
        return false;
    }
    fisc_call_answer_document(call, id, "proposed", receipt, NULL);
    return true;
}

/* Years ------------------------------------------------------------------------------------------
 */

static const FiscApiField interim_fields[] = {
    FISC_NEEDED("year", FISC_API_INTEGER, "that has no law yet", "2019"),
    FISC_NEEDED("from_year", FISC_API_INTEGER, "whose appropriations are the measure", "2018"),
    FISC_NEEDED("month", FISC_API_INTEGER, "up to and with it, 1 to 12", "3"),
    FISC_GIVEN("classes", FISC_API_TEXT, "CSV: shares other than a twelfth", NULL),
    ARTICLE,
    FISC_GIVEN("reason", FISC_API_TEXT, "why", NULL),
    ID,
    FISC_DRY_RUN,
    {NULL},
};

static bool
interim(FiscCall *call, GError **error)
{
    const char *classes = fisc_call_text(call, "classes");
    const FiscInterimOrder order = {
        .year = (int)fisc_call_integer(call, "year", 0),
        .from_year = (int)fisc_call_integer(call, "from_year", 0),
        .month = (int)fisc_call_integer(call, "month", 0),
        .id = fisc_call_text(call, "document"),
        .article = fisc_call_text(call, "article"),
        .reason = fisc_call_text(call, "reason"),
        .classes = classes,
        .classes_length = classes != NULL ? strlen(classes) : 0,
        .classes_name = "classes",
    };
    if (order.month < 1 || order.month > 12 || order.year < 1900 || order.year > 2199 ||
        order.from_year < 1900 || order.from_year > 2199) {
        return fisc_fail(error, FISC_ERROR_USAGE, "a month is 1 to 12, a year 1900 to 2199");
    }
    g_autofree char *id = NULL;
    g_autoptr(FiscTable) totals = NULL;
    FiscReceipt *receipt = NULL;
    if (!fisc_flow_budget_interim(&call->context, &order, &id, &totals, &receipt, error)) {
        return false;
    }
    fisc_call_answer_document(call, id, "proposed", receipt,
                              json_pack("{s:o}", "totals", fisc_call_table_value(totals)));
    return true;
}

static const FiscApiField year_end_fields[] = {
    FISC_NEEDED("year", FISC_API_INTEGER, "that ends", "2024"),
    FISC_GIVEN("entity", FISC_API_TEXT, "whose; every one that has a budget", "001"),
    FISC_GIVEN("document", FISC_API_TEXT, "its id, with an entity", NULL),
    FISC_GIVEN("period", FISC_API_INTEGER, "that what leaves the year is posted in: 12 or 13",
               "13"),
    FISC_GIVEN("reverse", FISC_API_BOOLEAN, "take back what was carried over", NULL),
    FISC_DRY_RUN,
    {NULL},
};

static json_t *
documents_value(const GPtrArray *documents)
{
    json_t *list = json_array();
    for (guint i = 0; i < documents->len; i++) {
        json_array_append_new(list, json_string(documents->pdata[i]));
    }
    return list;
}

/* Of several documents the first is named as such, all are in the details. */
static void
answer_documents(FiscCall *call, FiscTable *given, const GPtrArray *documents, FiscReceipt *receipt)
{
    g_autoptr(FiscTable) table = given;
    fisc_call_answer_document(call, documents->len > 0 ? documents->pdata[0] : NULL,
                              documents->len > 0 ? "proposed" : "nothing", receipt,
                              json_pack("{s:o, s:{s:o}}", "totals", fisc_call_table_value(table),
                                        "details", "documents", documents_value(documents)));
}

static bool
year_end(FiscCall *call, GError **error)
{
    const FiscYearEndOrder order = {.year = (int)fisc_call_integer(call, "year", 0),
                                    .entity = fisc_call_text(call, "entity"),
                                    .document = fisc_call_text(call, "document"),
                                    .period = (int)fisc_call_integer(call, "period", 0),
                                    .is_reversal = fisc_call_flag(call, "reverse"),
                                    .is_dry = call->context.is_dry_run};
    if (order.document != NULL && order.entity == NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "a document is of one entity: name it");
    }
    FiscTable *table = NULL;
    g_autoptr(GPtrArray) documents = NULL;
    FiscReceipt *receipt = NULL;
    if (!fisc_flow_year_end(&call->context, &order, &table, &documents, &receipt, error)) {
        return false;
    }
    answer_documents(call, table, documents, receipt);
    return true;
}

static const FiscApiField open_year_fields[] = {
    FISC_NEEDED("year", FISC_API_INTEGER, "that begins", "2025"),
    FISC_GIVEN("entity", FISC_API_TEXT, "whose; all", "001"),
    FISC_GIVEN("document", FISC_API_TEXT, "its id, with an entity", NULL),
    FISC_DRY_RUN,
    {NULL},
};

static bool
open_year(FiscCall *call, GError **error)
{
    const FiscOpenYearOrder order = {.year = (int)fisc_call_integer(call, "year", 0),
                                     .entity = fisc_call_text(call, "entity"),
                                     .document = fisc_call_text(call, "document"),
                                     .is_dry = call->context.is_dry_run};
    if (order.document != NULL && order.entity == NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "a document is of one entity: name it");
    }
    FiscTable *table = NULL;
    g_autoptr(GPtrArray) documents = NULL;
    FiscReceipt *receipt = NULL;
    if (!fisc_flow_open_year(&call->context, &order, &table, &documents, &receipt, error)) {
        return false;
    }
    answer_documents(call, table, documents, receipt);
    return true;
}

#define ORDER(route, id, sentence, words, handler)                                                 \
    {                                                                                              \
        .method = "POST", .path = route, .operation = id, .summary = sentence,                     \
        .access = FISC_ACCESS_PERSON, .lane = FISC_HTTP_POST, .fields = words,                     \
        .body = FISC_BODY_JSON, .answer = &fisc_shape_proposal, .run = handler,                    \
    }

const FiscRoute fisc_api_orders_write[] = {
    ORDER("/v1/releases", "proposeRelease", "Proposes an allotment", release_fields, release),
    ORDER("/v1/virements", "proposeVirement", "Proposes to move appropriations", virement_fields,
          virement),
    ORDER("/v1/overrides", "proposeOverride", "Proposes to exceed a control once", override_fields,
          override),
    ORDER("/v1/blocks", "proposeBlock", "Proposes to hold money back, let it go, or cut it",
          block_fields, block),
    ORDER("/v1/draws", "proposeDraw", "Proposes to draw on a reserve", draw_fields, draw),
    ORDER("/v1/interims", "proposeInterim", "Proposes what may be spent while there is no law",
          interim_fields, interim),
    ORDER("/v1/year-ends", "proposeYearEnd", "Proposes what is carried over into the next year",
          year_end_fields, year_end),
    ORDER("/v1/year-openings", "proposeYearOpening",
          "Proposes that what was committed for a year counts in it", open_year_fields, open_year),
    {NULL},
};
