/* signin_credential.c: what a person is known by, made, changed and removed: on record first, by
 * the engine's leave, and only then written. */
#include "app/flows/internal.h"
#include "app/flows/signin.h"
#include "core/base/hash.h"
#include <string.h>

#define NAME_LETTERS 16 /* of the digest, as a certificate's name */

static bool
fail_refused(const FiscReceipt *receipt, GError **error)
{
    if (receipt->refusals == NULL || receipt->refusals->len == 0) {
        return true;
    }
    const FiscRefusal *refusal = receipt->refusals->pdata[0];
    return fisc_fail(error, refusal->code, "%s",
                     refusal->detail != NULL ? refusal->detail
                                             : fisc_error_sentence(refusal->code));
}

bool
fisc_flow_credential_event(FiscContext *ctx, const char *person, const char *what, const char *name,
                           const char *state, const uint8_t digest[FISC_DIGEST_SIZE],
                           GError **error)
{
    char hex[FISC_DIGEST_HEX];
    g_autoptr(FiscPoster) poster = NULL;
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autoptr(FiscSubmission) submission = fisc_submission_new("person", ctx->actor);
    g_autofree char *subject = *name != '\0' ? g_strjoin("/", person, what, name, NULL)
                                             : g_strjoin("/", person, what, NULL);
    submission->on_behalf = ctx->on_behalf;
    fisc_submission_event(submission, "credential", subject, "state", state, "digest",
                          fisc_digest_format(digest, hex), NULL);
    return fisc_flow_open_poster(ctx, &poster, error) &&
           fisc_flow_submit(ctx, poster, submission, &receipt, error) &&
           fail_refused(receipt, error);
}

bool
fisc_flow_credential_keep(FiscContext *ctx, const char *person, const char *what, const char *name,
                          const char *state, const void *secret, gsize length, GError **error)
{
    uint8_t digest[FISC_DIGEST_SIZE];
    fisc_hash_data(secret, length, digest);
    if (!fisc_flow_credential_event(ctx, person, what, name, state, digest, error)) {
        return false;
    }
    return ctx->is_dry_run ||
           fisc_flow_identity_query(ctx, FISC_SQL_IDENTITY_KEEP_CREDENTIAL,
                                    FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(person),
                                              fisc_text(what), fisc_text(name), fisc_text(state),
                                              fisc_bytea(secret, length)),
                                    NULL, error);
}

bool
fisc_flow_credential_drop(FiscContext *ctx, const char *person, const char *what, const char *name,
                          const void *secret, gsize length, GError **error)
{
    uint8_t digest[FISC_DIGEST_SIZE];
    bool was_there = true;
    fisc_hash_data(secret, length, digest);
    if (!fisc_flow_credential_event(ctx, person, what, name, "removed", digest, error) ||
        (!ctx->is_dry_run &&
         !fisc_flow_identity_ask(ctx, FISC_SQL_IDENTITY_DROP_CREDENTIAL,
                                 FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(person),
                                           fisc_text(what), fisc_text(name)),
                                 &was_there, error))) {
        return false;
    }
    return was_there || fisc_fail(error, FISC_ERROR_NOT_FOUND, "%s has no such %s", person, what);
}

/* Passwords ----------------------------------------------------------------------------------- */

static bool
check_new(const char *person, const char *fresh, const char *old, GError **error)
{
    const char *complaint = fisc_password_complaint(fresh, person);
    if (complaint == NULL && old != NULL && strcmp(old, fresh) == 0) {
        complaint = "is the old one";
    }
    return complaint == NULL ||
           fisc_fail(error, FISC_ERROR_VALUE_INVALID, "the password %s", complaint);
}

static bool
check_old(FiscContext *ctx, FiscHasher *hasher, const char *person, const char *old, GError **error)
{
    g_auto(FiscCredentials) credentials = {0};
    bool is_right = false;
    if (!fisc_flow_load_credentials(ctx, person, &credentials, error)) {
        return false;
    }
    if (credentials.verifier == NULL) {
        return true;
    }
    if (old == NULL) {
        return fisc_fail(error, FISC_ERROR_DENIED, "the old password is needed");
    }
    return fisc_hasher_check(hasher, credentials.verifier, old, &is_right, error) &&
           (is_right || fisc_fail(error, FISC_ERROR_DENIED, "the old password is wrong"));
}

bool
fisc_flow_password_set(FiscContext *ctx, FiscHasher *hasher, const char *person, const char *old,
                       const char *fresh, GError **error)
{
    g_autofree char *verifier = NULL;
    bool is_own = g_strcmp0(ctx->actor, person) == 0;
    int ended = 0;
    return check_new(person, fresh, is_own ? old : NULL, error) &&
           (!is_own || check_old(ctx, hasher, person, old, error)) &&
           fisc_hasher_make(hasher, fresh, &verifier, error) &&
           fisc_flow_credential_keep(ctx, person, "password", "", is_own ? "set" : "start",
                                     verifier, strlen(verifier), error) &&
           (ctx->is_dry_run || fisc_flow_session_end(ctx, person, NULL, NULL, &ended, error));
}

/* Certificates -------------------------------------------------------------------------------- */

/* Subjects have blanks and slashes; what stands in the chain has none. */
static void
name_certificate(const char *subject, char out_name[FISC_DIGEST_HEX])
{
    uint8_t digest[FISC_DIGEST_SIZE];
    fisc_hash_data(subject, strlen(subject), digest);
    fisc_digest_format(digest, out_name);
    out_name[NAME_LETTERS] = '\0';
}

bool
fisc_flow_certificate_add(FiscContext *ctx, const char *person, const char *subject, GError **error)
{
    char name[FISC_DIGEST_HEX];
    g_auto(FiscBearer) holder = {0};
    name_certificate(subject, name);
    if (!fisc_flow_find_certificate(ctx, subject, &holder, error)) {
        return false;
    }
    if (holder.person != NULL && strcmp(holder.person, person) != 0) {
        return fisc_fail(error, FISC_ERROR_MASTER_CONFLICT, "this certificate is that of %s",
                         holder.person);
    }
    return fisc_flow_credential_keep(ctx, person, "certificate", name, "set", subject,
                                     strlen(subject), error);
}

bool
fisc_flow_certificate_remove(FiscContext *ctx, const char *person, const char *subject,
                             GError **error)
{
    char name[FISC_DIGEST_HEX];
    name_certificate(subject, name);
    return fisc_flow_credential_drop(ctx, person, "certificate", name, subject, strlen(subject),
                                     error);
}
