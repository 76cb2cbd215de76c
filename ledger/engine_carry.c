/* engine_carry.c: carrying out a document: what was approved and nothing else, in one piece, once.
 *
 * The submission that carries it out brings the last approval, the step that closes the document,
 * and the content, so none is ever without the other. The steps themselves are judged in
 * engine_document.c, the content as any other. */
#include "core/base/hash.h"
#include "ledger/engine_internal.h"
#include <string.h>

static bool
is_document(const FiscEvent *event)
{
    return strcmp(event->kind, "document") == 0;
}

static bool
refuse_carrying(const char *document, FiscError code, FiscRefusals *refusals, const char *detail)
{
    fisc_refusals_add(refusals, code, NULL, 0, "document", "document %s: %s", document, detail);
    return false;
}

/* A step is taken for the principal whom the submission names, or for none. */
static bool
check_principals(const FiscEngine *engine, const FiscSubmission *submission, FiscRefusals *refusals)
{
    for (guint i = 0; i < submission->events->len; i++) {
        const FiscEvent *event = submission->events->pdata[i];
        if (!is_document(event) || g_strcmp0(fisc_event_field(event, "state"), "done") == 0) {
            continue;
        }
        bool is_new = fisc_engine_master(engine, "document", event->subject) == NULL;
        const char *principal = fisc_event_field(event, is_new ? "maker_for" : "on_behalf");
        if (g_strcmp0(principal, submission->on_behalf) != 0) {
            return refuse_carrying(event->subject, FISC_ERROR_DELEGATION_INVALID, refusals,
                                   "the step does not say on whose behalf it is taken");
        }
    }
    return true;
}

/* Finds the event that closes @document as done. Done without being carried out is refused. */
static bool
find_completion(const FiscSubmission *submission, bool *out_found, FiscRefusals *refusals)
{
    *out_found = false;
    for (guint i = 0; i < submission->events->len; i++) {
        const FiscEvent *event = submission->events->pdata[i];
        if (!is_document(event)) {
            continue;
        }
        bool is_done = g_strcmp0(fisc_event_field(event, "state"), "done") == 0;
        bool is_ours = g_strcmp0(event->subject, submission->document) == 0;
        if (is_done && !is_ours) {
            return refuse_carrying(event->subject, FISC_ERROR_DOCUMENT_STATE, refusals,
                                   "it is done by being carried out, not by saying so");
        }
        if (submission->document != NULL && !is_ours) {
            return refuse_carrying(event->subject, FISC_ERROR_DOCUMENT_CHANGED, refusals,
                                   "one document at a time is carried out");
        }
        *out_found = *out_found || is_done;
    }
    return true;
}

/* The approvers were asked for their rights in the document's entity, so nothing of it reaches
 * further. */
static bool
check_reach(const FiscSubmission *submission, const char *entity, FiscRefusals *refusals)
{
    if (strcmp(entity, "*") == 0) {
        return true;
    }
    bool is_inside = true;
    for (guint i = 0; i < submission->entries->len; i++) {
        const FiscEntry *entry = submission->entries->pdata[i];
        is_inside = is_inside && g_strcmp0(entry->entity, entity) == 0;
    }
    for (guint i = 0; i < submission->events->len; i++) {
        const FiscEvent *event = submission->events->pdata[i];
        g_autofree char *about = is_document(event) ? g_strdup(entity) : fisc_event_entity(event);
        is_inside = is_inside && g_strcmp0(about, entity) == 0;
    }
    return is_inside || refuse_carrying(submission->document, FISC_ERROR_DOCUMENT_CHANGED, refusals,
                                        "its content reaches beyond its entity");
}

static bool
check_content(const FiscMaster *document, const FiscSubmission *submission, FiscRefusals *refusals)
{
    uint8_t digest[FISC_HASH_BYTES];
    char text[FISC_HASH_TEXT];
    fisc_submission_digest(submission, digest);
    const char *approved = fisc_engine_field(document->fields, "digest");
    if (g_strcmp0(fisc_hash_format(digest, text), approved) != 0) {
        return refuse_carrying(submission->document, FISC_ERROR_DOCUMENT_CHANGED, refusals,
                               "the content is not what was approved");
    }
    return check_reach(submission, fisc_engine_field(document->fields, "entity"), refusals);
}

bool
fisc_engine_is_carried_out(const FiscEngine *engine, const FiscSubmission *submission)
{
    return submission->document != NULL &&
           g_strcmp0(fisc_engine_master_field(engine, "document", submission->document, "state"),
                     "done") == 0;
}

int
fisc_engine_judge_document(FiscEngine *engine, const FiscSubmission *submission, int actor,
                           bool is_whole, FiscRefusals *refusals)
{
    bool has_completion = false;
    bool is_repeated = fisc_engine_is_carried_out(engine, submission);
    if (!find_completion(submission, &has_completion, refusals) ||
        (!is_repeated && !check_principals(engine, submission, refusals))) {
        return 0;
    }
    if (submission->document == NULL) {
        return actor;
    }
    const FiscMaster *document = fisc_engine_master(engine, "document", submission->document);
    if (document == NULL) {
        return refuse_carrying(submission->document, FISC_ERROR_DOCUMENT_STATE, refusals,
                               "it was never proposed");
    }
    if (!is_whole || !(has_completion || is_repeated)) {
        return refuse_carrying(submission->document, FISC_ERROR_DOCUMENT_CHANGED, refusals,
                               "it is carried out as a whole, and done with it");
    }
    if (!check_content(document, submission, refusals)) {
        return 0;
    }
    const char *maker = fisc_engine_field(document->fields, "maker");
    return fisc_engine_master(engine, "person", maker)->number;
}
