/* audit.c: GET /v1/audit/reads: who has read what is sensitive. */
#include "fisc/audit.h"
#include "app/server/api/reading.h"

static const FiscApiField read_fields[] = {
    FISC_ASKED("person", FISC_API_TEXT, "only what this person has read", "chief"),
    FISC_ASKED("entity", FISC_API_TEXT, "only what was asked about this unit", NULL),
    FISC_PAGE_WORDS,
    FISC_TABLE_WORDS,
    {NULL},
};

static bool
get_reads(FiscCall *call, GError **error)
{
    const FiscReadFilter filter = {.person = fisc_call_text(call, "person"),
                                   .entity = fisc_call_text(call, "entity")};
    FiscPage page = {NULL};
    FiscTable *table = NULL;
    g_autofree char *key = NULL;
    char *next = NULL;
    if (!fisc_call_page(call, &page, &key)) {
        return true;
    }
    return fisc_flow_read_list(&call->context, &filter, &page, &table, &next, error) &&
           fisc_call_answer_page(call, table, next, error);
}

static const FiscApiExample read_examples[] = {
    {"Who has read what is sensitive", "/v1/audit/reads?limit=50", NULL, 200},
    {NULL},
};

const FiscRoute fisc_api_audit[] = {
    {
        .method = "GET",
        .path = "/v1/audit/reads",
        .operation = "listReads",
        .summary = "Reads of names, rights, exports, proofs and other units' books, newest first",
        .access = FISC_ACCESS_BOOK,
        .fields = read_fields,
        .run = get_reads,
        .examples = read_examples,
    },
    {NULL},
};
