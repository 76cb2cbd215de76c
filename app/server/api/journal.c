/* journal.c: the entries on record, the newest first, and one of them with its lines. */
#include "app/flows/receipt_json.h"
#include "app/server/api/reading.h"
#include "app/server/api/writing.h"

static const FiscApiField list_fields[] = {
    FISC_ASKED("entity", FISC_API_TEXT, "only of this unit", "SCH"),
    FISC_ASKED("from", FISC_API_DATE, "only dated so or later", "2024-01-01"),
    FISC_ASKED("to", FISC_API_DATE, "only dated so or earlier", "2024-12-31"),
    FISC_ASKED("account", FISC_API_TEXT, "only with a line on this account", "22"),
    FISC_ASKED("document", FISC_API_TEXT, "only of this document", NULL),
    FISC_PAGE_WORDS,
    FISC_TABLE_WORDS,
    {NULL},
};

static bool
list_entries(FiscCall *call, GError **error)
{
    FiscEntryFilter filter = {.entity = fisc_call_text(call, "entity"),
                              .account = fisc_call_text(call, "account"),
                              .document = fisc_call_text(call, "document")};
    FiscPage page;
    g_autofree char *key = NULL;
    FiscTable *table = NULL;
    char *next = NULL;
    filter.has_from = fisc_call_query_date(call, "from", &filter.from);
    filter.has_to = fisc_call_query_date(call, "to", &filter.to);
    if (!fisc_call_page(call, &page, &key)) {
        return true;
    }
    return fisc_flow_entry_list(&call->context, &filter, &page, &table, &next, error) &&
           fisc_call_answer_page(call, table, next, error);
}

/* One entry ------------------------------------------------------------------------------------ */

static const FiscApiField entry_fields[] = {
    FISC_PATH("reference", "of the entry; it may have slashes", "SCH/1"),
    FISC_ASKED("source", FISC_API_TEXT, "where the reference is unique; any when not given", NULL),
    {NULL},
};

static const FiscApiField card_fields[] = {
    {.name = "entry",
     .type = FISC_API_INTEGER,
     .is_required = true,
     .meaning = "its number in the book"},
    {.name = "reference", .is_required = true, .meaning = "the submitter's key"},
    {.name = "source", .is_required = true, .meaning = "where the reference is unique"},
    {.name = "entity", .is_required = true, .meaning = "whose books these are"},
    {.name = "period", .is_required = true, .meaning = "2024-06; 00 opening, 13 adjustments"},
    {.name = "date", .type = FISC_API_DATE, .is_required = true, .meaning = "accounting date"},
    {.name = "memo", .meaning = "a text for people"},
    {.name = "document", .meaning = "what people know it by"},
    {.name = "transfer", .meaning = "shared by the two halves of a transfer"},
    {.name = "corrects", .meaning = "reference of the entry that this one corrects"},
    {.name = "is_reversal",
     .type = FISC_API_BOOLEAN,
     .is_required = true,
     .meaning = "the exact reversal of the entry it corrects"},
    {.name = "batch",
     .type = FISC_API_INTEGER,
     .is_required = true,
     .meaning = "the batch it came with"},
    {.name = "posted_at", .is_required = true, .meaning = "when that was sealed, UTC"},
    {.name = "actor", .is_required = true, .meaning = "who answers for it"},
    {.name = "digest", .is_required = true, .meaning = "SHA-256 of it as submitted"},
    {.name = "receipt", .is_required = true, .meaning = "SHA-256 of it as posted"},
    {.name = "currency", .meaning = "of foreign_amount"},
    {.name = "lines", .type = FISC_API_TABLE, .is_required = true, .meaning = "its lines"},
    {NULL},
};
static const FiscApiShape entry_shape = {"Entry", "An entry with its lines", card_fields};

static json_t *
entry_value(const FiscEntryCard *card)
{
    char date[FISC_DATE_TEXT], period[FISC_DATE_TEXT];
    json_t *object = json_pack("{s:I, s:s, s:s, s:b, s:I}", "entry", (json_int_t)card->entry,
                               "date", fisc_date_format(card->date, date), "period",
                               fisc_period_format(card->period, period), "is_reversal",
                               card->is_reversal, "batch", (json_int_t)card->batch);
    const struct {
        const char *name, *text;
    } texts[] = {{"reference", card->reference}, {"source", card->source},
                 {"entity", card->entity},       {"memo", card->memo},
                 {"document", card->document},   {"transfer", card->transfer},
                 {"corrects", card->corrects},   {"posted_at", card->posted_at},
                 {"actor", card->actor},         {"digest", card->digest},
                 {"receipt", card->receipt},     {"currency", card->currency}};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        json_object_set_new(object, texts[i].name, fisc_json_text(texts[i].text));
    }
    json_object_set_new(object, "lines", fisc_call_table_value(card->lines));
    return object;
}

static bool
get_entry(FiscCall *call, GError **error)
{
    g_auto(FiscEntryCard) card = {0};
    if (!fisc_flow_entry_show(&call->context, fisc_call_text(call, "source"),
                              fisc_call_text(call, "reference"), &card, error)) {
        return false;
    }
    call->row_count = card.lines->rows->len;
    fisc_call_answer_json(call, 200, entry_value(&card));
    return true;
}

static const FiscApiExample list_examples[] = {
    {"The newest entries of a unit", "/v1/entries?entity=SCH&limit=5", NULL, 200},
    {"With an account, in the first quarter",
     "/v1/entries?account=22&from=2024-01-01&to=2024-03-31", NULL, 200},
    {"A day that does not exist", "/v1/entries?from=2024-02-30", NULL, 422},
    {NULL},
};
static const FiscApiExample entry_examples[] = {
    {"An entry", "/v1/entries/SCH/1", NULL, 200},
    {"None has this reference", "/v1/entries/no-such-entry", NULL, 404},
    {NULL},
};

const FiscRoute fisc_api_journal[] = {
    {
        .method = "GET",
        .path = "/v1/entries",
        .operation = "listEntries",
        .summary = "Entries, the newest first",
        .access = FISC_ACCESS_PERSON,
        .fields = list_fields,
        .run = list_entries,
        .examples = list_examples,
    },
    {
        .method = "GET",
        .path = "/v1/entries/{+reference}",
        .operation = "getEntry",
        .summary = "An entry with its lines",
        .access = FISC_ACCESS_PERSON,
        .fields = entry_fields,
        .answer = &entry_shape,
        .run = get_entry,
        .examples = entry_examples,
    },
    {NULL},
};
