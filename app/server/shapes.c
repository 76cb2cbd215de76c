/* shapes.c: objects that several answers have: what was refused, why, and what would help; and what
 * a problem says (RFC 9457). They are written by app/flows/receipt_json.c and call.c. */
#include "app/server/api.h"

static const FiscApiField stage_fields[] = {
    {.name = "blocked", .type = FISC_API_AMOUNT, .meaning = "held back"},
    {.name = "reserved", .type = FISC_API_AMOUNT, .meaning = "by requests"},
    {.name = "committed", .type = FISC_API_AMOUNT, .meaning = "by orders"},
    {.name = "accrued", .type = FISC_API_AMOUNT, .meaning = "owed and not paid"},
    {.name = "paid", .type = FISC_API_AMOUNT, .meaning = "paid"},
    {NULL},
};

static const FiscApiField remedy_fields[] = {
    {.name = "kind",
     .is_required = true,
     .meaning = "what may be done: virement, release, wait, cover ...; none: there is no lawful "
                "way"},
    {.name = "option", .type = FISC_API_INTEGER, .meaning = "remedies of one number go together"},
    {.name = "from", .meaning = "the key that gives"},
    {.name = "to", .meaning = "the key that gets"},
    {.name = "amount", .type = FISC_API_AMOUNT, .meaning = "how much"},
    {.name = "date", .type = FISC_API_DATE, .meaning = "when"},
    {.name = "rule", .meaning = "that allows it"},
    {.name = "article", .meaning = "of the law"},
    {.name = "approval", .meaning = "the role that has to approve"},
    {.name = "approvals", .type = FISC_API_INTEGER, .is_required = true, .meaning = "how many"},
    {NULL},
};

const FiscApiField fisc_refusal_fields[] = {
    {.name = "code", .is_required = true, .meaning = "stable: a name of fisc/error.h"},
    {.name = "file", .meaning = "of the input"},
    {.name = "line", .type = FISC_API_INTEGER, .meaning = "of the input"},
    {.name = "field", .meaning = "of the input"},
    {.name = "detail", .meaning = "for people"},
    {.name = "hint", .meaning = "what to do about it"},
    {.name = "control", .meaning = "that refused"},
    {.name = "key", .meaning = "of the control"},
    {.name = "limit", .type = FISC_API_AMOUNT, .meaning = "of the key"},
    {.name = "consumed", .type = FISC_API_AMOUNT, .meaning = "of it before"},
    {.name = "stages",
     .type = FISC_API_OBJECT,
     .meaning = "of what is consumed",
     .fields = stage_fields},
    {.name = "requested", .type = FISC_API_AMOUNT, .meaning = "by this entry"},
    {.name = "shortfall", .type = FISC_API_AMOUNT, .meaning = "what is missing"},
    {.name = "article", .meaning = "of the law"},
    {.name = "remedies",
     .type = FISC_API_LIST,
     .meaning = "lawful ways out; null: nobody looked",
     .fields = remedy_fields},
    {NULL},
};

const FiscApiField fisc_result_fields[] = {
    {.name = "reference", .meaning = "of the entry"},
    {.name = "status",
     .is_required = true,
     .meaning = "what became of it",
     .choices = "posted repeated conflict refused"},
    {.name = "entry", .type = FISC_API_INTEGER, .meaning = "its number in the book"},
    {.name = "batch", .type = FISC_API_INTEGER, .meaning = "the batch it is in"},
    {.name = "receipt", .meaning = "hash of the entry: the proof of what was acknowledged"},
    {.name = "refusals",
     .type = FISC_API_LIST,
     .is_required = true,
     .meaning = "why not",
     .fields = fisc_refusal_fields},
    {.name = "warnings",
     .type = FISC_API_LIST,
     .is_required = true,
     .meaning = "what is to be known about it",
     .fields = fisc_refusal_fields},
    {NULL},
};

const FiscApiField fisc_problem_fields[] = {
    {.name = "type", .is_required = true, .meaning = "/problems/ and the code"},
    {.name = "title", .is_required = true, .meaning = "what the code means"},
    {.name = "status", .type = FISC_API_INTEGER, .is_required = true, .meaning = "of the answer"},
    {.name = "code", .is_required = true, .meaning = "stable: see docs/api.md"},
    {.name = "instance", .is_required = true, .meaning = "names the request, as X-Request-Id"},
    {.name = "detail", .is_required = true, .meaning = "for people"},
    {NULL},
};

const FiscApiShape fisc_shared_shapes[] = {
    {"Stages", "What is consumed of a limit, by stage", stage_fields},
    {"Remedy", "A lawful way out of a refusal", remedy_fields},
    {"Refusal", "Why something was refused, with all it takes to act on it", fisc_refusal_fields},
    {"Result", "What became of an entry", fisc_result_fields},
    {NULL},
};
