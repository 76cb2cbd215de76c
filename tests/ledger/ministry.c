/* ministry.c: see ministry.h. */
#include "tests/ledger/ministry.h"
#include "core/base/hash.h"
#include "fisc/chart.h"
#include "tests/support/suite.h"
#include <string.h>

#define DAY_US (G_GINT64_CONSTANT(86400) * G_USEC_PER_SEC)

static void
add_record(const char *kind, const char *subject, GPtrArray *fields, void *submission)
{
    FiscEvent *event = fisc_submission_event(submission, kind, subject, NULL);
    for (guint i = 0; i < fields->len; i++) {
        g_ptr_array_add(event->fields, (char *)fisc_submission_text(submission, fields->pdata[i]));
    }
}

static void
must(Ministry *ministry, const char *what)
{
    fisc_assert_text(ministry->last, "", what, __FILE__, __LINE__);
}

static void
must_submit(Ministry *ministry, FiscSubmission *submission, const char *what)
{
    ministry_submit(ministry, submission);
    must(ministry, what);
}

static void
add_book(FiscSubmission *submission)
{
    static const char *const entities[] = {"E1", "E2"};
    fisc_chart_events(submission);
    for (gsize i = 0; i < G_N_ELEMENTS(entities); i++) {
        fisc_submission_event(submission, "entity", entities[i], "name", entities[i], "currency",
                              "EUR", NULL);
    }
    for (int period = 202400; period <= 202413; period++) {
        g_autofree char *subject = g_strdup_printf("%d", period);
        fisc_submission_event(submission, "period", subject, "state", "open", NULL);
    }
}

Ministry *
ministry_new(void)
{
    Ministry *ministry = g_new0(Ministry, 1);
    ministry->engine = fisc_engine_new(1);
    ministry->replay = fisc_replay_new(1);
    ministry->today = fisc_date_make(2024, 6, 15);
    ministry->kept = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_submission_free);
    FiscSubmission *submission = ministry_begin(ministry, "founder");
    add_book(submission);
    fisc_matrix_events(add_record, submission);
    must_submit(ministry, submission, "the book");
    ministry_person(ministry, "ada", "");
    ministry_person(ministry, "sol", "");
    ministry_event(ministry, "ada", "grant", "ada/administrator/*", "state", "proposed", "maker",
                   "ada", NULL);
    ministry_event(ministry, "sol", "grant", "ada/administrator/*", "state", "active", "maker",
                   "ada", "checker", "sol", NULL);
    must(ministry, "the administrator");
    ministry_grant(ministry, "sol/security_officer/*", NULL);
    return ministry;
}

void
ministry_free(Ministry *ministry)
{
    if (ministry != NULL) {
        fisc_replay_free(ministry->replay);
        fisc_engine_free(ministry->engine);
        g_ptr_array_unref(ministry->kept);
        g_free(ministry->last);
        g_free(ministry->detail);
        g_free(ministry);
    }
}

void
ministry_enforce(Ministry *ministry)
{
    ministry_event(ministry, "ada", "policy", "duties", "enforced", "proposed", "maker", "ada",
                   NULL);
    must(ministry, "proposing to enforce");
    ministry_event(ministry, "sol", "policy", "duties", "enforced", "yes", "maker", "ada",
                   "checker", "sol", NULL);
    must(ministry, "enforcing");
}

static void
add_no_approvals(const char *kind, const char *subject, GPtrArray *fields, void *submission)
{
    (void)fields;
    if (strcmp(kind, "approvals") == 0) {
        fisc_submission_event(submission, kind, subject, "needs", "0", NULL);
    }
}

void
ministry_drop_approvals(Ministry *ministry)
{
    FiscSubmission *submission = ministry_begin(ministry, "founder");
    fisc_matrix_events(add_no_approvals, submission);
    must_submit(ministry, submission, "no approvals");
}

void
ministry_grant(Ministry *ministry, const char *subject, const char *expires)
{
    /* Sol's own role is confirmed by Ada, who then has not proposed it. */
    bool is_officer = g_str_has_prefix(subject, "sol/");
    const char *maker = is_officer ? "sol" : "ada";
    const char *checker = is_officer ? "ada" : "sol";
    const char *reason = expires != NULL ? "shortage of staff" : NULL;
    ministry_event(ministry, maker, "grant", subject, "state", "proposed", "maker", maker, "reason",
                   reason, "expires", expires, NULL);
    must(ministry, subject);
    ministry_event(ministry, checker, "grant", subject, "state", "active", "maker", maker,
                   "checker", checker, "reason", reason, "expires", expires, NULL);
    must(ministry, subject);
}

void
ministry_person(Ministry *ministry, const char *code, const char *roles)
{
    static const uint8_t salt[FISC_IDENTITY_SALT] = {7};
    char name[FISC_IDENTITY_DIGEST];
    char id[FISC_IDENTITY_DIGEST];
    ministry_event(ministry, "ada", "person", code, "name_digest",
                   fisc_identity_name_digest(salt, code, name), "id_digest",
                   fisc_identity_id_digest(salt, code, id), "state", "active", NULL);
    must(ministry, code);
    g_auto(GStrv) words = g_strsplit(roles, " ", -1);
    for (int i = 0; words[i] != NULL; i++) {
        if (*words[i] != '\0') {
            g_autofree char *subject = g_strjoin("/", code, words[i], NULL);
            ministry_grant(ministry, subject, NULL);
        }
    }
}

void
ministry_delegate(Ministry *ministry, const char *subject, const char *from, const char *to)
{
    g_autofree char *principal = g_strndup(subject, strcspn(subject, "/"));
    ministry_event(ministry, principal, "delegation", subject, "state", "active", "from", from,
                   "to", to, NULL);
    must(ministry, subject);
}

/* Submitting --------------------------------------------------------------------------------- */

FiscSubmission *
ministry_begin(Ministry *ministry, const char *actor)
{
    const char *behalf = strstr(actor, " for ");
    g_autofree char *name = behalf != NULL ? g_strndup(actor, (gsize)(behalf - actor)) : NULL;
    FiscSubmission *submission = fisc_submission_new("desk", name != NULL ? name : actor);
    submission->on_behalf =
        behalf != NULL ? fisc_submission_text(submission, behalf + strlen(" for ")) : NULL;
    g_ptr_array_add(ministry->kept, submission);
    return submission;
}

static const FiscRefusal *
first_refusal(const FiscReceipt *receipt)
{
    const FiscRefusals *refusals = receipt->refusals;
    for (guint i = 0; refusals == NULL && i < receipt->results->len; i++) {
        refusals = ((const FiscResult *)receipt->results->pdata[i])->refusals;
    }
    return refusals != NULL && refusals->len > 0 ? refusals->pdata[0] : NULL;
}

/* Duties refuse nothing on record, so a batch has events and entries only. */
static void
replay(Ministry *ministry, const FiscBatch *batch)
{
    g_autoptr(FiscRefusals) objections = fisc_refusals_new();
    guint entries = 0;
    guint events = 0;
    fisc_replay_time(ministry->replay, batch->posted_at_us);
    for (guint i = 0; i < batch->codings->len; i++) {
        fisc_replay_coding(ministry->replay, &g_array_index(batch->codings, FiscDecidedCoding, i),
                           objections);
    }
    for (int item = 0; item < batch->items; item++) {
        const FiscDecidedEvent *event =
            events < batch->events->len ? batch->events->pdata[events] : NULL;
        if (event != NULL && event->item == item) {
            FiscEvent words = {event->kind, event->subject, event->fields};
            fisc_replay_event(ministry->replay, &words, event->number, event->maker, objections);
            events++;
        } else {
            fisc_replay_entry(ministry->replay, batch->entries->pdata[entries++], objections);
        }
    }
    const FiscRefusal *first = objections->len > 0 ? objections->pdata[0] : NULL;
    FISC_ASSERT_TEXT(first != NULL ? first->detail : "", "");
}

const char *
ministry_submit(Ministry *ministry, FiscSubmission *submission)
{
    g_autoptr(FiscReceipt) receipt = fisc_receipt_new();
    fisc_engine_begin(ministry->engine);
    fisc_engine_set_time(ministry->engine, ministry->today * DAY_US + DAY_US / 2);
    bool is_good =
        fisc_engine_apply(ministry->engine, submission, 0, submission->entries->len, true, receipt);
    const FiscRefusal *refusal = first_refusal(receipt);
    CU_ASSERT_EQUAL(is_good, refusal == NULL);
    g_free(ministry->last);
    g_free(ministry->detail);
    ministry->last = g_strdup(refusal != NULL ? fisc_error_name(refusal->code) : "");
    ministry->detail = g_strdup(refusal != NULL ? refusal->detail : "");
    ministry->shortfall = refusal != NULL ? refusal->shortfall : 0;
    replay(ministry, fisc_engine_seal(ministry->engine));
    fisc_engine_commit(ministry->engine);
    return ministry->last;
}

const char *
ministry_event(Ministry *ministry, const char *actor, const char *kind, const char *subject, ...)
{
    FiscSubmission *submission = ministry_begin(ministry, actor);
    FiscEvent *event = fisc_submission_event(submission, kind, subject, NULL);
    va_list pairs;
    va_start(pairs, subject);
    const char *name;
    while ((name = va_arg(pairs, const char *)) != NULL) {
        const char *value = va_arg(pairs, const char *);
        if (value != NULL) {
            g_ptr_array_add(event->fields, (char *)fisc_submission_text(submission, name));
            g_ptr_array_add(event->fields, (char *)fisc_submission_text(submission, value));
        }
    }
    va_end(pairs);
    return ministry_submit(ministry, submission);
}

static FiscEntry *
add_entry(Ministry *ministry, FiscSubmission *submission, const char *entity)
{
    g_autofree char *reference = g_strdup_printf("R%d", ++ministry->count);
    FiscEntry *entry = fisc_submission_entry(submission);
    entry->reference = fisc_submission_text(submission, reference);
    entry->entity = fisc_submission_text(submission, entity);
    entry->effective = fisc_date_make(2024, 6, 15);
    return entry;
}

static const char *
item_word(FiscSubmission *submission, char **words, guint at)
{
    bool is_given = g_strv_length(words) > at && strcmp(words[at], "-") != 0;
    return is_given ? fisc_submission_text(submission, words[at]) : NULL;
}

void
ministry_add_move(Ministry *ministry, FiscSubmission *submission, const char *entity,
                  const char *text)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    g_auto(GStrv) stages = g_strsplit(words[0], ">", 2);
    const char *dim[FISC_DIM_COUNT] = {NULL};
    FiscEntry *entry = add_entry(ministry, submission, entity);
    fisc_entry_move(entry, (FiscStage)fisc_stage_find(stages[0]),
                    (FiscStage)fisc_stage_find(stages[1]), atoi(words[1]) * 100, dim, 0);
    FiscLine *second = &g_array_index(entry->lines, FiscLine, 1);
    second->item = item_word(submission, words, 2);
    second->relieves = item_word(submission, words, 3);
    fisc_entry_digest(entry);
}

const char *
ministry_move(Ministry *ministry, const char *actor, const char *entity, const char *words)
{
    FiscSubmission *submission = ministry_begin(ministry, actor);
    ministry_add_move(ministry, submission, entity, words);
    return ministry_submit(ministry, submission);
}

const char *
ministry_post(Ministry *ministry, const char *actor, const char *entity, const char *debit,
              const char *credit, const char *item)
{
    FiscSubmission *submission = ministry_begin(ministry, actor);
    FiscEntry *entry = add_entry(ministry, submission, entity);
    *fisc_entry_line(entry) = (FiscLine){.account = debit, .amount = 100};
    *fisc_entry_line(entry) = (FiscLine){.account = credit, .amount = -100, .item = item};
    fisc_entry_digest(entry);
    return ministry_submit(ministry, submission);
}
