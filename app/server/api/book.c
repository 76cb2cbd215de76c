/* book.c: what the book is of: units, groups, accounts, segments, budget lines, periods. */
#include "app/flows/receipt_json.h"
#include "app/server/api/reading.h"

/* The book ------------------------------------------------------------------------------------- */

static const FiscApiField book_fields[] = {
    {.name = "book", .is_required = true, .meaning = "its name"},
    {.name = "batch",
     .type = FISC_API_INTEGER,
     .is_required = true,
     .meaning = "number of the newest batch"},
    {.name = "hash", .is_required = true, .meaning = "of the newest batch, in hex"},
    {.name = "posted_at", .is_required = true, .meaning = "when it was posted, UTC"},
    {.name = "years", .type = FISC_API_NUMBERS, .is_required = true, .meaning = "with periods"},
    {.name = "duties_enforced",
     .type = FISC_API_BOOLEAN,
     .is_required = true,
     .meaning = "whether what takes two persons takes two persons"},
    {.name = "currency", .meaning = "of all units; null when they have several or name none"},
    {.name = "decimals",
     .type = FISC_API_INTEGER,
     .meaning = "of amounts, as the currency has; null when units have several"},
    {.name = "entities", .type = FISC_API_INTEGER, .is_required = true, .meaning = "how many"},
    {.name = "groups", .type = FISC_API_INTEGER, .is_required = true, .meaning = "how many"},
    {NULL},
};
static const FiscApiShape book_shape = {"Book", "The book and where it stands", book_fields};

static bool
get_book(FiscCall *call, GError **error)
{
    g_auto(FiscBookCard) card = {NULL};
    if (!fisc_flow_book_show(&call->context, &card, error)) {
        return false;
    }
    json_t *years = json_array();
    json_t *decimals = card.decimals >= 0 ? json_integer(card.decimals) : json_null();
    for (int i = 0; i < card.year_count; i++) {
        json_array_append_new(years, json_integer(card.years[i]));
    }
    fisc_call_answer_json(call, 200,
                          json_pack("{s:o, s:I, s:s, s:s, s:o, s:b, s:o, s:o, s:I, s:I}", "book",
                                    fisc_json_text(card.name), "batch", (json_int_t)card.batch,
                                    "hash", card.hash, "posted_at", card.posted_at, "years", years,
                                    "duties_enforced", card.are_duties_enforced, "currency",
                                    fisc_call_text_or_null(card.currency), "decimals", decimals,
                                    "entities", (json_int_t)card.entities, "groups",
                                    (json_int_t)card.groups));
    return true;
}

/* Lists ---------------------------------------------------------------------------------------- */

static const FiscApiField list_fields[] = {
    FISC_SEARCH_WORDS,
    FISC_PAGE_WORDS,
    FISC_TABLE_WORDS,
    {NULL},
};

typedef bool (*PageFlow)(FiscContext *ctx, const FiscPage *page, FiscTable **out_table,
                         char **out_next, GError **error);

static bool
answer_page(FiscCall *call, PageFlow flow, GError **error)
{
    FiscPage page;
    g_autofree char *key = NULL;
    FiscTable *table = NULL;
    char *next = NULL;
    if (!fisc_call_page(call, &page, &key)) {
        return true;
    }
    return flow(&call->context, &page, &table, &next, error) &&
           fisc_call_answer_page(call, table, next, error);
}

static bool
list_entities(FiscCall *call, GError **error)
{
    return answer_page(call, fisc_flow_entity_list, error);
}

static bool
list_groups(FiscCall *call, GError **error)
{
    return answer_page(call, fisc_flow_group_list, error);
}

static bool
list_accounts(FiscCall *call, GError **error)
{
    return answer_page(call, fisc_flow_account_list, error);
}

static const FiscApiField segment_fields[] = {
    FISC_PATH("dimension",
              "a dimension: cofog, section, programme, economic, fund and the others of entries",
              "programme"),
    FISC_ASKED("entity", FISC_API_TEXT, "only what this unit uses", NULL),
    FISC_SEARCH_WORDS,
    FISC_PAGE_WORDS,
    FISC_TABLE_WORDS,
    {NULL},
};

static bool
list_segments(FiscCall *call, GError **error)
{
    const char *word = fisc_call_text(call, "dimension");
    int dimension = fisc_dimension_find(word);
    FiscPage page;
    g_autofree char *key = NULL;
    FiscTable *table = NULL;
    char *next = NULL;
    if (dimension < 0) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "there is no dimension \"%s\"", word);
    }
    if (!fisc_call_page(call, &page, &key)) {
        return true;
    }
    return fisc_flow_segment_list(&call->context, (FiscDimension)dimension,
                                  fisc_call_text(call, "entity"), &page, &table, &next, error) &&
           fisc_call_answer_page(call, table, next, error);
}

static const FiscApiField line_fields[] = {
    FISC_ASKED_FOR("entity", FISC_API_TEXT, "whose budget", "SCH"),
    FISC_ASKED_FOR("year", FISC_API_INTEGER, "of the budget", "2024"),
    FISC_ASKED("q", FISC_API_TEXT, "words: each begins one of its codes", NULL),
    FISC_PAGE_WORDS,
    FISC_TABLE_WORDS,
    {NULL},
};

static bool
list_budget_lines(FiscCall *call, GError **error)
{
    int64_t year = fisc_call_integer(call, "year", 0);
    FiscPage page;
    g_autofree char *key = NULL;
    FiscTable *table = NULL;
    char *next = NULL;
    if (year < 1900 || year > 2199) {
        fisc_call_problem(call, 422, "VALUE_INVALID", "?year", "year is a year like 2024");
        return true;
    }
    if (!fisc_call_page(call, &page, &key)) {
        return true;
    }
    return fisc_flow_budget_line_list(&call->context, fisc_call_text(call, "entity"), (int)year,
                                      &page, &table, &next, error) &&
           fisc_call_answer_page(call, table, next, error);
}

static const FiscApiField table_fields[] = {FISC_TABLE_WORDS, {NULL}};

static bool
list_periods(FiscCall *call, GError **error)
{
    FiscTable *table = NULL;
    return fisc_flow_period_list(&call->context, &table, error) &&
           fisc_call_answer_table(call, table, error);
}

/* The table ------------------------------------------------------------------------------------ */

static const FiscApiExample book_examples[] = {
    {"The book and its newest batch", "/v1/book", NULL, 200},
    {NULL},
};
static const FiscApiExample entity_examples[] = {
    {"Units, by name", "/v1/entities?q=school", NULL, 200},
    {"The first two", "/v1/entities?limit=2", NULL, 200},
    {"A cursor that is none", "/v1/entities?cursor=x", NULL, 400},
    {NULL},
};
static const FiscApiExample group_examples[] = {
    {"Every group", "/v1/groups", NULL, 200},
    {NULL},
};
static const FiscApiExample account_examples[] = {
    {"Accounts by words of their names", "/v1/accounts?q=goods%20services", NULL, 200},
    {"By the beginning of the code, as CSV", "/v1/accounts?q=32&format=csv", NULL, 200},
    {"More than a page holds", "/v1/accounts?limit=5000", NULL, 422},
    {NULL},
};
static const FiscApiExample segment_examples[] = {
    {"Functions that a unit uses", "/v1/segments/cofog?entity=SCH", NULL, 200},
    {"No such dimension", "/v1/segments/colour", NULL, 404},
    {NULL},
};
static const FiscApiExample line_examples[] = {
    {"Lines of a budget", "/v1/budget-lines?entity=SCH&year=2024", NULL, 200},
    {"Those of economic class 22", "/v1/budget-lines?entity=SCH&year=2024&q=22", NULL, 200},
    {"No year", "/v1/budget-lines?entity=SCH", NULL, 400},
    {NULL},
};
static const FiscApiExample period_examples[] = {
    {"Every period", "/v1/periods", NULL, 200},
    {NULL},
};

const FiscRoute fisc_api_book[] = {
    {
        .method = "GET",
        .path = "/v1/book",
        .operation = "getBook",
        .summary = "The book: its newest batch, its years, whether duties are enforced",
        .access = FISC_ACCESS_PERSON,
        .answer = &book_shape,
        .run = get_book,
        .examples = book_examples,
    },
    {
        .method = "GET",
        .path = "/v1/entities",
        .operation = "listEntities",
        .summary = "Units as they are today: entity, name, sector, cp_code, reporting, currency",
        .access = FISC_ACCESS_PERSON,
        .fields = list_fields,
        .run = list_entities,
        .examples = entity_examples,
    },
    {
        .method = "GET",
        .path = "/v1/groups",
        .operation = "listGroups",
        .summary = "Groups of units and their members today: group, name, members",
        .access = FISC_ACCESS_PERSON,
        .fields = list_fields,
        .run = list_groups,
        .examples = group_examples,
    },
    {
        .method = "GET",
        .path = "/v1/accounts",
        .operation = "listAccounts",
        .summary = "The chart of accounts: account, name, class, gfs, stage",
        .access = FISC_ACCESS_PERSON,
        .fields = list_fields,
        .run = list_accounts,
        .examples = account_examples,
    },
    {
        .method = "GET",
        .path = "/v1/segments/{dimension}",
        .operation = "listSegments",
        .summary = "Codes of a dimension, on record or in use: code, name, parent",
        .access = FISC_ACCESS_PERSON,
        .fields = segment_fields,
        .run = list_segments,
        .examples = segment_examples,
    },
    {
        .method = "GET",
        .path = "/v1/budget-lines",
        .operation = "listBudgetLines",
        .summary = "Budget lines of a unit and year, what was appropriated and is available",
        .access = FISC_ACCESS_ENTITY,
        .fields = line_fields,
        .run = list_budget_lines,
        .examples = line_examples,
    },
    {
        .method = "GET",
        .path = "/v1/periods",
        .operation = "listPeriods",
        .summary = "Periods and their states: period, state",
        .access = FISC_ACCESS_PERSON,
        .fields = table_fields,
        .run = list_periods,
        .examples = period_examples,
    },
    {NULL},
};
