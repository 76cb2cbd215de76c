/* desk.h: a book of the pure engine into which submissions are handed one by one, by several
 * persons: what documents need, and worksheets, which have one maker, do not have. */
#ifndef FISC_TEST_LEDGER_DESK_H
#define FISC_TEST_LEDGER_DESK_H

#include "core/base/hash.h"
#include "ledger/engine.h"
#include "tests/support/worksheet.h"

typedef struct {
    FiscWorksheet *sheet;
    FiscEngine *engine;
    GPtrArray *kept; /* of FiscSubmission: they outlive the batch they are in */
    FiscReceipt *last;
} Desk;

/** Opens a book and runs a worksheet in it. */
void desk_open(Desk *desk, const char *book);
void desk_close(Desk *desk);
/** Takes @submission. "" or the name of the first refusal's code. */
const char *desk_hand_in(Desk *desk, FiscSubmission *submission);
/** The first refusal of what was handed in last; NULL when it was taken. */
const FiscRefusal *desk_refusal(const Desk *desk);
/* The words of a document that stay as they are. */
typedef struct {
    const char *id, *action, *entity, *maker;
    const char *maker_for; /* NULL = his own duty */
    const char *source;
    char needs[8];
    char digest[FISC_HASH_TEXT];
} DeskDocument;

/** Takes source and digest of @content, whose entries have theirs. */
DeskDocument desk_document(const char *id, const char *action, const char *entity,
                           const char *maker, guint needs, const FiscSubmission *content);
/** Appends a step; NULL words are left out. */
void desk_add_step(FiscSubmission *submission, const DeskDocument *document, const char *state,
                   const char *approved_by, const char *on_behalf);
/** Lets @maker propose @content, of which entries have their digest, as document @id, and everybody
 * of @approvers, separated by spaces, approve it; the last one's submission carries it out. Takes
 * @content. "" or the code of the first refusal. */
const char *desk_carry(Desk *desk, const char *id, const char *action, const char *entity,
                       const char *maker, const char *approvers, FiscSubmission *content);

#endif
