/* desk.c: see desk.h. */
#include "tests/ledger/desk.h"
#include <string.h>

void
desk_open(Desk *desk, const char *book)
{
    desk->sheet = fisc_worksheet_new();
    desk->engine = fisc_worksheet_engine(desk->sheet);
    desk->kept = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_submission_free);
    desk->last = NULL;
    fisc_worksheet_run(desk->sheet, book);
}

void
desk_close(Desk *desk)
{
    fisc_receipt_free(desk->last);
    fisc_worksheet_free(desk->sheet);
    g_ptr_array_unref(desk->kept);
}

const FiscRefusal *
desk_refusal(const Desk *desk)
{
    const FiscRefusals *refusals = desk->last->refusals;
    for (guint i = 0; refusals == NULL && i < desk->last->results->len; i++) {
        refusals = ((const FiscResult *)desk->last->results->pdata[i])->refusals;
    }
    return refusals != NULL && refusals->len > 0 ? refusals->pdata[0] : NULL;
}

const char *
desk_hand_in(Desk *desk, FiscSubmission *submission)
{
    g_ptr_array_add(desk->kept, submission);
    fisc_receipt_free(desk->last);
    desk->last = fisc_receipt_new();
    fisc_engine_apply(desk->engine, submission, 0, submission->entries->len,
                      submission->events->len > 0, desk->last);
    const FiscRefusal *refusal = desk_refusal(desk);
    return refusal != NULL ? fisc_error_name(refusal->code) : "";
}

DeskDocument
desk_document(const char *id, const char *action, const char *entity, const char *maker,
              guint needs, const FiscSubmission *content)
{
    uint8_t digest[FISC_HASH_SIZE];
    DeskDocument document = {
        .id = id, .action = action, .entity = entity, .maker = maker, .source = content->source};
    g_snprintf(document.needs, sizeof document.needs, "%u", needs);
    fisc_submission_digest(content, digest);
    fisc_hash_format(digest, document.digest);
    return document;
}

void
desk_add_step(FiscSubmission *submission, const DeskDocument *document, const char *state,
              const char *approved_by, const char *on_behalf)
{
    bool is_open = strcmp(state, "proposed") == 0 || strcmp(state, "approved") == 0;
    fisc_submission_event(submission, "document", document->id, "state", state, "action",
                          document->action, "entity", document->entity, "maker", document->maker,
                          "maker_for", document->maker_for, "needs", document->needs, "source",
                          document->source, "digest", document->digest, "payload",
                          is_open ? "as handed in" : NULL, "approved_by", approved_by,
                          "approved_for", on_behalf, "on_behalf", on_behalf, NULL);
}

const char *
desk_carry(Desk *desk, const char *id, const char *action, const char *entity, const char *maker,
           const char *approvers, FiscSubmission *content)
{
    g_auto(GStrv) persons = g_strsplit(approvers, " ", -1);
    g_autoptr(GString) so_far = g_string_new(NULL);
    guint count = g_strv_length(persons);
    DeskDocument document = desk_document(id, action, entity, maker, count, content);
    FiscSubmission *step = fisc_submission_new("desk", maker);
    desk_add_step(step, &document, "proposed", NULL, NULL);
    const char *code = desk_hand_in(desk, step);
    for (guint i = 0; *code == '\0' && i + 1 < count; i++) {
        g_string_append_printf(so_far, "%s%s", i > 0 ? " " : "", persons[i]);
        step = fisc_submission_new("desk", persons[i]);
        desk_add_step(step, &document, "proposed", so_far->str, NULL);
        code = desk_hand_in(desk, step);
    }
    content->document = fisc_submission_text(content, id);
    content->actor = fisc_submission_text(content, persons[count - 1]);
    desk_add_step(content, &document, "approved", approvers, NULL);
    desk_add_step(content, &document, "done", approvers, NULL);
    if (*code == '\0') {
        return desk_hand_in(desk, content);
    }
    fisc_submission_free(content);
    return code;
}
