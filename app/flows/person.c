/* person.c: persons and what they may do, as events of the chain. Each step is proposed here and
 * judged by the engine; nothing here decides who may. Names stand outside the chain, where they can
 * be erased. */
#include "app/flows/internal.h"
#include "app/flows/person.h"
#include "core/base/hash.h"
#include <string.h>

#define EVERY_ENTITY "*"

/* Reading ------------------------------------------------------------------------------------ */

FiscDate
fisc_flow_today(void)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc(); /* the day that batches carry */
    return fisc_date_make(g_date_time_get_year(now), g_date_time_get_month(now),
                          g_date_time_get_day_of_month(now));
}

static void
take_records(FiscRegistry *registry, const FiscRows *rows)
{
    for (int i = 0; i < fisc_rows_count(rows); i++) {
        int count = 0;
        g_auto(GStrv) values = fisc_rows_text_array(rows, i, 3, &count);
        g_autoptr(GPtrArray) fields = g_ptr_array_new();
        for (int k = 0; k < count; k++) {
            g_ptr_array_add(fields, values[k]);
        }
        fisc_registry_set(registry, fisc_rows_text(rows, i, 0), fisc_rows_text(rows, i, 1),
                          fisc_rows_int4(rows, i, 2), fields);
    }
}

bool
fisc_flow_registry(FiscContext *ctx, FiscRegistry **out_registry, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) ||
        !fisc_tx_query(tx, FISC_SQL_LEDGER_PERSONS, FISC_ARGS(fisc_int4(ctx->book_id)), &rows,
                       error) ||
        !fisc_tx_commit(g_steal_pointer(&tx), error)) {
        return false;
    }
    *out_registry = fisc_registry_new();
    take_records(*out_registry, rows);
    return true;
}

/* Submitting --------------------------------------------------------------------------------- */

static bool
submit(FiscContext *ctx, FiscSubmission *submission, FiscReceipt **out_receipt, GError **error)
{
    FiscPoster *poster = NULL;
    if (!fisc_flow_open_poster(ctx, &poster, error)) {
        return false;
    }
    bool is_done = fisc_flow_submit(ctx, poster, submission, out_receipt, error);
    fisc_poster_close(poster);
    return is_done;
}

static FiscSubmission *
begin(const FiscContext *ctx, const char *actor)
{
    FiscSubmission *submission = fisc_submission_new("person", actor);
    submission->on_behalf = ctx->on_behalf;
    return submission;
}

static bool
is_refused(const FiscReceipt *receipt)
{
    return receipt->refusals != NULL && receipt->refusals->len > 0;
}

/* Persons ------------------------------------------------------------------------------------ */

static bool
id_digest(FiscTx *tx, int book_id, const char *id, char out_hex[FISC_IDENTITY_DIGEST],
          GError **error)
{
    uint8_t fresh[FISC_IDENTITY_SALT];
    int length = 0;
    g_autoptr(FiscRows) rows = NULL;
    fisc_random_bytes(fresh, sizeof fresh);
    if (!fisc_tx_query(tx, FISC_SQL_LEDGER_IDENTITY_SALT,
                       FISC_ARGS(fisc_int4(book_id), fisc_bytea(fresh, sizeof fresh)), &rows,
                       error)) {
        return false;
    }
    const uint8_t *salt = fisc_rows_bytea(rows, 0, 0, &length);
    fisc_identity_id_digest(salt, id, out_hex);
    return true;
}

/* The salt of the same name once more, so that saying it twice changes nothing. */
static bool
choose_salt(FiscTx *tx, int book_id, const char *code, const char *name,
            uint8_t out_salt[FISC_IDENTITY_SALT], GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_tx_query(tx, FISC_SQL_LEDGER_PERSON_NAMES, FISC_ARGS(fisc_int4(book_id)), &rows,
                       error)) {
        return false;
    }
    fisc_random_bytes(out_salt, FISC_IDENTITY_SALT);
    for (int i = 0; i < fisc_rows_count(rows); i++) {
        int length = 0;
        const uint8_t *salt = fisc_rows_bytea(rows, i, 2, &length);
        if (strcmp(fisc_rows_text(rows, i, 0), code) == 0 &&
            strcmp(fisc_rows_text(rows, i, 1), name) == 0 && length == FISC_IDENTITY_SALT) {
            memcpy(out_salt, salt, FISC_IDENTITY_SALT);
        }
    }
    return true;
}

static bool
prepare_person(FiscContext *ctx, const char *code, const char *name, const char *id,
               uint8_t out_salt[FISC_IDENTITY_SALT], char out_id[FISC_IDENTITY_DIGEST],
               GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    return fisc_tx_begin(ctx->pool, FISC_TX_WRITE, &tx, error) &&
           id_digest(tx, ctx->book_id, id, out_id, error) &&
           choose_salt(tx, ctx->book_id, code, name, out_salt, error) &&
           fisc_flow_end_write(ctx, g_steal_pointer(&tx), error);
}

static bool
write_name(FiscContext *ctx, const char *code, const char *name,
           const uint8_t salt[FISC_IDENTITY_SALT], GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    return fisc_tx_begin(ctx->pool, FISC_TX_WRITE, &tx, error) &&
           fisc_tx_query(tx, FISC_SQL_LEDGER_NAME_PERSON,
                         FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(code), fisc_text(name),
                                   fisc_bytea(salt, FISC_IDENTITY_SALT)),
                         NULL, error) &&
           fisc_flow_end_write(ctx, g_steal_pointer(&tx), error);
}

/* The chain first: a name without a person would be of no use, a person whose name was not written
 * is registered again. */
bool
fisc_flow_person_add(FiscContext *ctx, const char *code, const char *name, const char *national_id,
                     FiscReceipt **out_receipt, GError **error)
{
    uint8_t salt[FISC_IDENTITY_SALT];
    char name_text[FISC_IDENTITY_DIGEST];
    char id_text[FISC_IDENTITY_DIGEST];
    if (!prepare_person(ctx, code, name, national_id, salt, id_text, error)) {
        return false;
    }
    g_autoptr(FiscSubmission) submission = begin(ctx, ctx->actor);
    fisc_submission_event(submission, "person", code, "name_digest",
                          fisc_identity_name_digest(salt, name, name_text), "id_digest", id_text,
                          "state", "active", NULL);
    if (!submit(ctx, submission, out_receipt, error)) {
        return false;
    }
    return is_refused(*out_receipt) || write_name(ctx, code, name, salt, error);
}

bool
fisc_flow_person_disable(FiscContext *ctx, const char *code, FiscReceipt **out_receipt,
                         GError **error)
{
    g_autoptr(FiscRegistry) registry = NULL;
    if (!fisc_flow_registry(ctx, &registry, error)) {
        return false;
    }
    const FiscPerson *person = fisc_registry_person(registry, code);
    if (person == NULL || !person->is_registered) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "no person \"%s\" is registered", code);
    }
    g_autoptr(FiscSubmission) submission = begin(ctx, ctx->actor);
    fisc_submission_event(submission, "person", code, "name_digest", person->name_digest,
                          "id_digest", person->id_digest, "state", "disabled", NULL);
    return submit(ctx, submission, out_receipt, error);
}

/* A name stands outside the chain, so no engine is asked: those who grant erase it. */
static bool
may_forget(FiscContext *ctx, GError **error)
{
    g_autoptr(FiscRegistry) registry = NULL;
    if (!fisc_flow_registry(ctx, &registry, error)) {
        return false;
    }
    return !fisc_registry_is_enforced(registry) ||
           fisc_registry_holds_grants(registry, ctx->actor, ctx->on_behalf, fisc_flow_today()) ||
           fisc_fail(error, FISC_ERROR_DENIED, "%s neither makes nor confirms grants", ctx->actor);
}

bool
fisc_flow_person_forget(FiscContext *ctx, const char *code, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscRows) rows = NULL;
    if (!may_forget(ctx, error)) {
        return false;
    }
    if (!fisc_tx_begin(ctx->pool, FISC_TX_WRITE, &tx, error) ||
        !fisc_tx_query(tx, FISC_SQL_LEDGER_FORGET_PERSON,
                       FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(code)), &rows, error)) {
        return false;
    }
    if (fisc_rows_int4(rows, 0, 0) == 0) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "no name of \"%s\" is on record", code);
    }
    return fisc_flow_end_write(ctx, g_steal_pointer(&tx), error);
}

/* Grants ------------------------------------------------------------------------------------- */

static const char *
day_or_null(FiscDate day, char buffer[FISC_DATE_TEXT])
{
    return day == G_MININT32 || day == G_MAXINT32 ? NULL : fisc_date_format(day, buffer);
}

/* The next state of a grant that is on record: all else as it was proposed. */
static void
add_step(FiscSubmission *submission, const FiscGrant *grant, const char *state, const char *checker,
         const char *reason)
{
    char from[FISC_DATE_TEXT];
    char to[FISC_DATE_TEXT];
    fisc_submission_event(submission, "grant", grant->subject, "state", state, "from",
                          day_or_null(grant->from, from), "to", day_or_null(grant->to, to), "maker",
                          grant->maker, "checker", checker, "reason",
                          reason != NULL ? reason : grant->reason, "expires", grant->expires, NULL);
}

static char *
grant_subject(const FiscGrantWords *words)
{
    return g_strjoin("/", words->person, words->role,
                     words->entity != NULL ? words->entity : EVERY_ENTITY, NULL);
}

bool
fisc_flow_grant_propose(FiscContext *ctx, const FiscGrantWords *words, FiscReceipt **out_receipt,
                        GError **error)
{
    g_autofree char *subject = grant_subject(words);
    g_autoptr(FiscSubmission) submission = begin(ctx, ctx->actor);
    fisc_submission_event(submission, "grant", subject, "state", "proposed", "from", words->from,
                          "to", words->to, "maker", ctx->actor, "reason", words->reason, "expires",
                          words->expires, NULL);
    return submit(ctx, submission, out_receipt, error);
}

bool
fisc_flow_grant_decide(FiscContext *ctx, const FiscGrantWords *words, const char *state,
                       FiscReceipt **out_receipt, GError **error)
{
    g_autoptr(FiscRegistry) registry = NULL;
    g_autofree char *subject = grant_subject(words);
    if (!fisc_flow_registry(ctx, &registry, error)) {
        return false;
    }
    const FiscGrant *grant = fisc_registry_grant(registry, subject);
    if (grant == NULL) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "nobody has proposed %s", subject);
    }
    bool is_ending = strcmp(state, "revoked") == 0;
    g_autoptr(FiscSubmission) submission = begin(ctx, ctx->actor);
    add_step(submission, grant, state, is_ending ? grant->checker : ctx->actor, words->reason);
    return submit(ctx, submission, out_receipt, error);
}

bool
fisc_flow_delegate(FiscContext *ctx, const char *principal, const FiscGrantWords *words, bool ends,
                   FiscReceipt **out_receipt, GError **error)
{
    g_autofree char *rest = grant_subject(words);
    g_autofree char *subject = g_strjoin("/", principal, rest, NULL);
    g_autoptr(FiscSubmission) submission = begin(ctx, ctx->actor);
    fisc_submission_event(submission, "delegation", subject, "state", ends ? "revoked" : "active",
                          "from", words->from, "to", words->to, NULL);
    return submit(ctx, submission, out_receipt, error);
}

/* The beginning ------------------------------------------------------------------------------ */

static void
add_record(const char *kind, const char *subject, GPtrArray *fields, void *submission)
{
    FiscEvent *event = fisc_submission_event(submission, kind, subject, NULL);
    for (guint i = 0; i < fields->len; i++) {
        g_ptr_array_add(event->fields, (char *)fisc_submission_text(submission, fields->pdata[i]));
    }
}

static void
add_proposal(FiscSubmission *submission, const char *person, const char *role)
{
    g_autofree char *subject = g_strjoin("/", person, role, EVERY_ENTITY, NULL);
    fisc_submission_event(submission, "grant", subject, "state", "proposed", "maker", person, NULL);
}

static void
add_confirmation(FiscSubmission *submission, const char *person, const char *role,
                 const char *checker)
{
    g_autofree char *subject = g_strjoin("/", person, role, EVERY_ENTITY, NULL);
    fisc_submission_event(submission, "grant", subject, "state", "active", "maker", person,
                          "checker", checker, NULL);
}

/* Two persons, who make each other: neither has the role before the other says yes. */
bool
fisc_flow_person_init(FiscContext *ctx, const char *administrator, const char *security_officer,
                      FiscReceipt **out_receipt, GError **error)
{
    g_autoptr(FiscSubmission) first = begin(ctx, administrator);
    g_autoptr(FiscSubmission) second = begin(ctx, security_officer);
    g_autoptr(FiscSubmission) third = begin(ctx, administrator);
    FiscSubmission *steps[] = {first, second, third};
    fisc_matrix_events(add_record, first);
    add_proposal(first, administrator, "administrator");
    add_confirmation(second, administrator, "administrator", security_officer);
    add_proposal(second, security_officer, "security_officer");
    add_confirmation(third, security_officer, "security_officer", administrator);
    FiscReceipt *receipt = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
        g_clear_pointer(&receipt, fisc_receipt_free);
        if (!submit(ctx, steps[i], &receipt, error)) {
            return false;
        }
        if (is_refused(receipt)) {
            break;
        }
    }
    *out_receipt = receipt;
    return true;
}

bool
fisc_flow_enforce(FiscContext *ctx, bool *out_enforced, FiscReceipt **out_receipt, GError **error)
{
    g_autoptr(FiscRegistry) registry = NULL;
    if (!fisc_flow_registry(ctx, &registry, error)) {
        return false;
    }
    const char *proposer = fisc_registry_enforcement(registry, fisc_flow_today());
    g_autoptr(FiscSubmission) submission = begin(ctx, ctx->actor);
    *out_enforced = proposer != NULL;
    if (proposer == NULL) {
        fisc_submission_event(submission, "policy", "duties", "enforced", "proposed", "maker",
                              ctx->actor, NULL);
    } else {
        fisc_submission_event(submission, "policy", "duties", "enforced", "yes", "maker", proposer,
                              "checker", ctx->actor, NULL);
    }
    return submit(ctx, submission, out_receipt, error);
}
