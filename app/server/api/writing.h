/* writing.h: what the routes share that propose, decide and change. */
#ifndef FISC_SERVER_API_WRITING_H
#define FISC_SERVER_API_WRITING_H

#include "app/server/resources.h"

/* Fields of a body, one a line; those of a path are in api.h. */
#define FISC_NEEDED(word, kind, what, sample)                                                      \
    {                                                                                              \
        .name = word, .place = FISC_IN_BODY, .type = kind, .is_required = true, .meaning = what,   \
        .example = sample,                                                                         \
    }
#define FISC_GIVEN(word, kind, what, sample)                                                       \
    {                                                                                              \
        .name = word, .place = FISC_IN_BODY, .type = kind, .meaning = what, .example = sample,     \
    }
#define FISC_CHOSEN(word, needed, what, words)                                                     \
    {                                                                                              \
        .name = word, .place = FISC_IN_BODY, .is_required = needed, .meaning = what,               \
        .choices = words,                                                                          \
    }
#define FISC_DRY_RUN                                                                               \
    {                                                                                              \
        .name = "dry_run", .place = FISC_IN_QUERY, .type = FISC_API_BOOLEAN,                       \
        .meaning = "decide everything, write nothing",                                             \
    }

/* "{document,state,...}" with the members of a receipt. */
extern const FiscApiShape fisc_shape_proposal;
/* The members of a receipt alone. */
extern const FiscApiShape fisc_shape_receipt;

/** What became of a document: 201 with its id and state and the receipt, or what refused it. Frees
 * the receipt; the texts are borrowed. */
void fisc_call_answer_document(FiscCall *call, const char *id, const char *state,
                               FiscReceipt *receipt, json_t *more);
/** A table inside an answer. Null for none. Caller owns it. */
json_t *fisc_call_table_value(const FiscTable *table);
/** What a walk over a text answers: its refusals, or the receipt. Takes both. */
void
fisc_call_answer_text(FiscCall *call, FiscRefusals *refusals, FiscReceipt *receipt, json_t *more);
/** {"programme":"1","economic":"22"} of the body into words by dimension. False: the reply is a
 * problem. The words are borrowed from the body. */
bool fisc_call_line(FiscCall *call, const char *name, const char *out_dim[FISC_DIM_COUNT]);
/** A date of the body; @fallback when it was not given. */
FiscDate fisc_call_date(const FiscCall *call, const char *name, FiscDate fallback);
/** A list of objects as NDJSON, as walks that read entries take it. Caller frees. */
char *fisc_call_ndjson(const json_t *list);

#endif
