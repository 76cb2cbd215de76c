/* signin.h: the walks of signing in, for the server and the command line.
 *
 * What was right or wrong is a value; false is a failure, or a refusal of what was asked (an old
 * password that is wrong, a new one that is too short, an engine that says no). Every change of a
 * credential is an event of the chain first and a row second: a row that the chain does not have
 * opens nothing. The contexts of these walks need the posters' pool. */
#ifndef FISC_FLOWS_SIGNIN_H
#define FISC_FLOWS_SIGNIN_H

#include "fisc/flow.h"
#include "fisc/identity.h"
#include "fisc/signin.h"
#include "fisc/table.h"

#define FISC_SESSION_IDLE_S (15 * 60)
#define FISC_SESSION_LASTS_S (8 * 60 * 60)
#define FISC_TICKET_LASTS_S (5 * 60)
#define FISC_STEP_LASTS_S (5 * 60)
#define FISC_STEP_ACTS_MAX 200 /* a page of documents */

/* Wrong attempts in 15 minutes, after which the next is not looked at. */
#define FISC_ATTEMPTS_PAIR 5     /* of one person from one address */
#define FISC_ATTEMPTS_PERSON 20  /* of one person, from wherever */
#define FISC_ATTEMPTS_ADDRESS 20 /* from one address, of whomever */

/* What signing in needs beside the database. */
typedef struct {
    FiscHasher *hasher;
    const char *key_file; /* that seeds are sealed with; NULL: there are no codes */
    const FiscRegistry *registry;
    const char *address;    /* where the request comes from */
    const char *request_id; /* for the log of sign-ins */
} FiscSignInDesk;

typedef enum {
    FISC_SIGN_IN_DONE,           /* @secret is a session */
    FISC_SIGN_IN_NEEDS_CODE,     /* @secret is a ticket: show a second factor */
    FISC_SIGN_IN_NEEDS_PASSWORD, /* @secret is a ticket: choose a password */
    FISC_SIGN_IN_NEEDS_PASSKEY,  /* there is no other second factor; a passkey does by itself */
    FISC_SIGN_IN_FAILED,
    FISC_SIGN_IN_LIMITED, /* too many were wrong: come back in @wait_s */
} FiscSignInState;

typedef struct {
    FiscSignInState state;
    char secret[FISC_SECRET_TEXT];
    int wait_s;
} FiscSignIn;

/* signin.c */
/** By password. Of a name that nobody has it takes the same work, and says the same. */
bool fisc_flow_sign_in(FiscContext *ctx, const FiscSignInDesk *desk, const char *person,
                       const char *password, FiscSignIn *out, GError **error);
/** The second factor: a one-time code, or a recovery code, which is then used up. */
bool fisc_flow_sign_in_code(FiscContext *ctx, const FiscSignInDesk *desk, const char *ticket,
                            const char *code, FiscSignIn *out, GError **error);
/** A password of one's own in place of the start password. */
bool fisc_flow_sign_in_password(FiscContext *ctx, const FiscSignInDesk *desk, const char *ticket,
                                const char *password, FiscSignIn *out, GError **error);
/** Whether a password, and where @code is given also a code, is right; DONE, FAILED or LIMITED.
 * Wrong ones are counted. */
bool fisc_flow_confirm(FiscContext *ctx, const FiscSignInDesk *desk, const char *person,
                       const char *password, const char *code, FiscSignIn *out, GError **error);
/** Ends the sessions of a person that begin with @session, or with NULL all, but @but (hex or
 * NULL). */
bool fisc_flow_session_end(FiscContext *ctx, const char *person, const char *session,
                           const char *but, int *out_count, GError **error);
/** Ends one session by its digest in hex, and writes it down. */
bool fisc_flow_sign_out(FiscContext *ctx, const FiscSignInDesk *desk, const char *person,
                        const char *session, GError **error);
/** Gives a session that a second factor was shown for another secret. NOT_FOUND when it is over. */
bool fisc_flow_session_turn(FiscContext *ctx, const uint8_t old[FISC_DIGEST_SIZE],
                            char out_secret[FISC_SECRET_TEXT], GError **error);

/* signin_find.c */
/* Whoever has shown something, by what is on record of it. */
typedef struct {
    char *person;     /* NULL: it opens nothing */
    char *entity;     /* the only one it is good for; NULL: all */
    unsigned uses;    /* FISC_USE_... */
    bool is_strong;   /* a second factor was shown */
    char *expires_at; /* of a session; NULL */
    int64_t expires_s;
} FiscBearer;

void fisc_bearer_clear(FiscBearer *bearer);
/** @may_write: notes now and then that it is in use, without which a session becomes idle. */
bool fisc_flow_find_session(FiscContext *ctx, const uint8_t digest[FISC_DIGEST_SIZE],
                            bool may_write, FiscBearer *out_bearer, GError **error);
bool fisc_flow_find_token(FiscContext *ctx, const uint8_t digest[FISC_DIGEST_SIZE], bool may_write,
                          FiscBearer *out_bearer, GError **error);
/** By the subject of a certificate that the transport has checked. */
bool fisc_flow_find_certificate(FiscContext *ctx, const char *subject, FiscBearer *out_bearer,
                                GError **error);
/** Whether persons or duties have changed since a batch (0: the beginning), and the newest one. */
bool fisc_flow_identity_news(FiscContext *ctx, int64_t since, int64_t *out_batch, bool *out_changed,
                             GError **error);
/** NULL in *out_name (owned) when there is none, or it is not the one on record. */
bool fisc_flow_person_name(FiscContext *ctx, const FiscRegistry *registry, const char *person,
                           char **out_name, GError **error);
/* The second factors of a person. */
typedef struct {
    bool has_password;
    bool has_code;    /* an authenticator */
    bool has_passkey; /* app/flows/passkey.h */
} FiscFactors;
bool fisc_flow_find_factors(FiscContext *ctx, const char *person, FiscFactors *out, GError **error);
/** Of a person who is disabled, or unknown where duties are enforced, nothing opens anything. */
bool fisc_flow_may_sign_in(const FiscRegistry *registry, const char *person);

/* signin_credential.c */
/** By oneself with the old one, unless there is none; by somebody else a start password, which ends
 * all sessions. */
bool fisc_flow_password_set(FiscContext *ctx, FiscHasher *hasher, const char *person,
                            const char *old, const char *fresh, GError **error);
bool fisc_flow_certificate_add(FiscContext *ctx, const char *person, const char *subject,
                               GError **error);
bool fisc_flow_certificate_remove(FiscContext *ctx, const char *person, const char *subject,
                                  GError **error);

/* signin_totp.c */
/** A new seed that waits for its first code. Caller frees *out_uri. */
bool fisc_flow_totp_begin(FiscContext *ctx, const char *key_file, const char *person,
                          char **out_uri, GError **error);
/** The first code makes it count, and ends all sessions but one (hex; NULL: none is left).
 * *out_codes (g_strfreev): shown once. DENIED when it is wrong. */
bool fisc_flow_totp_confirm(FiscContext *ctx, const char *key_file, const char *person,
                            const char *code, const char *but, char ***out_codes, GError **error);
bool fisc_flow_totp_remove(FiscContext *ctx, const char *person, GError **error);

/* signin_token.c */
typedef struct {
    const char *person, *name;
    const char *entity;   /* NULL: all that the person may */
    const char *uses;     /* "read,post"; NULL: read */
    const char *expires;  /* the last day; NULL: 90 days */
    const uint8_t *maker; /* digest of the token that asks for it, which it does not outlive, and is
                             good for no more; NULL: no token asks */
} FiscTokenWords;

bool fisc_flow_token_make(FiscContext *ctx, const FiscTokenWords *words,
                          char out_token[FISC_SECRET_TEXT], GError **error);
bool fisc_flow_token_revoke(FiscContext *ctx, const char *person, const char *name, GError **error);

/* signin_step.c */
/* Acts that one second factor confirms, by their digests: each once, none twice in the list. */
typedef struct {
    int count; /* at least 1 */
    uint8_t digests[FISC_STEP_ACTS_MAX][FISC_DIGEST_SIZE];
} FiscStepActs;

/** What a passkey is asked to sign of them: these, in this order, no more and no less. */
void fisc_step_acts_digest(const FiscStepActs *acts, uint8_t out_digest[FISC_DIGEST_SIZE]);
/** A code for these acts. FAILED or LIMITED as signing in. */
bool fisc_flow_step_up(FiscContext *ctx, const FiscSignInDesk *desk, const char *person,
                       const uint8_t holder[FISC_DIGEST_SIZE], const FiscStepActs *acts,
                       const char *code, FiscSignIn *out, GError **error);
/** Uses it up for one act; false in *out_good when that is none of its acts, or is done already, or
 * it is somebody else's, or over. */
bool fisc_flow_step_spend(FiscContext *ctx, const char *person, const char *step,
                          const uint8_t holder[FISC_DIGEST_SIZE],
                          const uint8_t action[FISC_DIGEST_SIZE], bool *out_good, GError **error);

/* signin_table.c: @person NULL: of all */
bool
fisc_flow_session_list(FiscContext *ctx, const char *person, FiscTable **out_table, GError **error);
bool
fisc_flow_token_list(FiscContext *ctx, const char *person, FiscTable **out_table, GError **error);
bool
fisc_flow_sign_in_list(FiscContext *ctx, const char *person, FiscTable **out_table, GError **error);

/* What the files above share. */

typedef struct {
    char *verifier; /* argon2id; NULL: no password */
    bool is_start;
    GByteArray *seed; /* sealed; NULL: no second factor */
    int64_t last_step;
    GByteArray *pending; /* a sealed seed that waits for its first code */
    int passkeys;        /* how many */
} FiscCredentials;

void fisc_credentials_clear(FiscCredentials *credentials);
/** Those that the chain has. signin_find.c */
bool fisc_flow_load_credentials(FiscContext *ctx, const char *person,
                                FiscCredentials *out_credentials, GError **error);
/** One statement on the posters' pool. signin_find.c */
bool fisc_flow_identity_query(FiscContext *ctx, FiscSql sql, FiscArg *args, int arg_count,
                              FiscRows **out_rows, GError **error);
/** The same, for a routine that answers yes or no. */
bool fisc_flow_identity_ask(FiscContext *ctx, FiscSql sql, FiscArg *args, int arg_count,
                            bool *out_answer, GError **error);
/** Puts the change of a credential on record: what somebody else refuses is an error. @name ""
 * where there is only one. signin_credential.c */
bool fisc_flow_credential_event(FiscContext *ctx, const char *person, const char *what,
                                const char *name, const char *state,
                                const uint8_t digest[FISC_DIGEST_SIZE], GError **error);
/** Event, then row. */
bool
fisc_flow_credential_keep(FiscContext *ctx, const char *person, const char *what, const char *name,
                          const char *state, const void *secret, gsize length, GError **error);
/** Event, then row. NOT_FOUND when there is none. */
bool fisc_flow_credential_drop(FiscContext *ctx, const char *person, const char *what,
                               const char *name, const void *secret, gsize length, GError **error);
/* An attempt that counts as wrong until it is withdrawn, or who tried has signed in. signin.c */
typedef struct {
    int64_t id;
    int wait_s; /* > 0: it is not looked at */
} FiscAttempt;
bool fisc_flow_attempt_begin(FiscContext *ctx, const FiscSignInDesk *desk, const char *who,
                             FiscAttempt *out_attempt, GError **error);
/** It was right, and something is still missing: the wrong ones before it stay. */
bool fisc_flow_attempt_withdraw(FiscContext *ctx, const FiscAttempt *attempt, GError **error);
/** Writes down what happened. @person NULL: the name is nobody's, and may be a password in the
 * wrong field. signin.c */
bool fisc_flow_sign_in_note(FiscContext *ctx, const FiscSignInDesk *desk, const char *person,
                            const char *what, GError **error);
/** What comes next for somebody who has shown who he is: a session, or what is missing. @is_strong:
 * two factors were shown. signin.c */
bool fisc_flow_sign_in_go_on(FiscContext *ctx, const FiscSignInDesk *desk, const char *person,
                             const FiscCredentials *credentials, bool is_strong, FiscSignIn *out,
                             GError **error);
/** A second factor was shown for these acts: good once for each, with the session or token that
 * asked. signin_step.c */
bool
fisc_flow_step_keep(FiscContext *ctx, const char *person, const uint8_t holder[FISC_DIGEST_SIZE],
                    const FiscStepActs *acts, char out_secret[FISC_SECRET_TEXT], GError **error);
/** What a seed is sealed for. Caller frees. signin_totp.c */
char *fisc_flow_seal_about(FiscContext *ctx, const char *person);
/** A one-time code, which is then taken. signin_totp.c */
bool fisc_flow_check_code(FiscContext *ctx, const char *key_file, const char *person,
                          const FiscCredentials *credentials, const char *code, bool *out_right,
                          GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiscBearer, fisc_bearer_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiscCredentials, fisc_credentials_clear)

#endif
