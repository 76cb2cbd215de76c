/* paper.c: see paper.h. */
#include "tests/ledger/paper.h"
#include "core/base/hash.h"
#include <string.h>

void
paper_add_content(Ministry *ministry, FiscSubmission *submission, const Paper *paper)
{
    if (paper->move != NULL) {
        ministry_add_move(ministry, submission, paper->entity, paper->move);
        FiscEntry *entry = submission->entries->pdata[submission->entries->len - 1];
        entry->reference = fisc_submission_text(submission, paper->id); /* the same every time */
        fisc_entry_digest(entry);
    }
    if (paper->kind != NULL) {
        fisc_submission_event(submission, paper->kind, paper->subject, paper->name, paper->value,
                              NULL);
    }
}

const char *
paper_field(Ministry *ministry, const Paper *paper, const char *name)
{
    return fisc_engine_master_field(ministry->engine, "document", paper->id, name);
}

static const char *
text_or_null(const char *text)
{
    return text != NULL && *text != '\0' ? text : NULL;
}

/* What is on record of @list with @code behind it; NULL when both are nothing. */
static char *
with_person(Ministry *ministry, const Paper *paper, const char *list, const char *code)
{
    const char *before = text_or_null(paper_field(ministry, paper, list));
    return before != NULL && code != NULL ? g_strjoin(" ", before, code, NULL)
                                          : g_strdup(before != NULL ? before : code);
}

/* The next step of the document by the submission's actor; @approves adds him to who has. */
static void
add_step(Ministry *ministry, FiscSubmission *submission, const Paper *paper, const char *state,
         bool approves)
{
    FiscSubmission *content = ministry_begin(ministry, "nobody");
    uint8_t digest[32];
    char hex[FISC_HASH_TEXT];
    paper_add_content(ministry, content, paper);
    fisc_submission_digest(content, digest);
    bool is_new = paper_field(ministry, paper, "maker") == NULL;
    bool is_open = strcmp(state, "proposed") == 0 || strcmp(state, "approved") == 0;
    const char *principal = submission->on_behalf;
    g_autofree char *by =
        with_person(ministry, paper, "approved_by", approves ? submission->actor : NULL);
    g_autofree char *for_whom =
        with_person(ministry, paper, "approved_for", approves ? principal : NULL);
    fisc_submission_event(
        submission, "document", paper->id, "action", paper->action, "entity", paper->entity,
        "maker", is_new ? submission->actor : paper_field(ministry, paper, "maker"), "maker_for",
        is_new ? principal : text_or_null(paper_field(ministry, paper, "maker_for")), "needs",
        paper->needs, "source", "desk", "digest", fisc_hash_format(digest, hex), "reason", "needed",
        "payload", is_open ? "words" : NULL, "state", state, "approved_by", by, "approved_for",
        for_whom, "on_behalf", is_new ? NULL : principal, NULL);
}

static const char *
take_step(Ministry *ministry, const Paper *paper, const char *actor, const char *state,
          bool approves)
{
    FiscSubmission *submission = ministry_begin(ministry, actor);
    add_step(ministry, submission, paper, state, approves);
    return ministry_submit(ministry, submission);
}

const char *
paper_propose(Ministry *ministry, const Paper *paper, const char *actor)
{
    return take_step(ministry, paper, actor, "proposed", false);
}

const char *
paper_approve(Ministry *ministry, const Paper *paper, const char *actor)
{
    return take_step(ministry, paper, actor, "proposed", true);
}

const char *
paper_sign(Ministry *ministry, const Paper *paper, const char *actor)
{
    return take_step(ministry, paper, actor, "approved", true);
}

const char *
paper_end(Ministry *ministry, const Paper *paper, const char *actor, const char *state)
{
    return take_step(ministry, paper, actor, state, false);
}

const char *
paper_carry(Ministry *ministry, const Paper *paper, const char *actor)
{
    FiscSubmission *submission = ministry_begin(ministry, actor);
    submission->document = paper->id;
    add_step(ministry, submission, paper, "done", false);
    paper_add_content(ministry, submission, paper);
    return ministry_submit(ministry, submission);
}

const char *
paper_finish_with(Ministry *ministry, const Paper *paper, const char *actor, const Paper *content)
{
    FiscSubmission *submission = ministry_begin(ministry, actor);
    submission->document = paper->id;
    add_step(ministry, submission, paper, "approved", true);
    add_step(ministry, submission, paper, "done", true);
    paper_add_content(ministry, submission, content);
    return ministry_submit(ministry, submission);
}

const char *
paper_finish(Ministry *ministry, const Paper *paper, const char *actor)
{
    return paper_finish_with(ministry, paper, actor, paper);
}
