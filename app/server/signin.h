/* signin.h: how the server knows who asks, so that a request costs no hashing of passwords and at
 * most one cheap query: what was looked up is good for a second, and the registry of persons is
 * read again when the chain tells something new of them. Whoever is signed out, disabled or loses a
 * role is so within two seconds, on every server of the book.
 *
 *   signin.c        from a request to a person
 *   signin_door.c   what is remembered: bearers, the registry, scopes
 *   signin_answer.c what the person is told of himself
 *   signin_uses.c   what a token has to be good for
 *   signin_provider.c the identity provider, if there is one
 *   signin_step.c   a second factor for an act
 *   passkey_words.c what devices are asked and say, in the words of WebAuthn */
#ifndef FISC_SERVER_SIGNIN_H
#define FISC_SERVER_SIGNIN_H

#include "app/flows/signin.h"
#include "app/server/api.h"

typedef struct _FiscDoor FiscDoor;

/** Of server.c. */
bool fisc_door_open(FiscServer *server, GError **error);
void fisc_door_close(FiscServer *server);

/* signin_door.c */

/* Persons and duties as they were known at a batch, on a day. */
typedef struct _FiscRoll FiscRoll;
/** The newest; held until it is let go. */
bool fisc_door_roll(FiscServer *server, FiscRoll **out_roll, GError **error);
void fisc_roll_release(FiscRoll *roll);
const FiscRegistry *fisc_roll_registry(const FiscRoll *roll);
/** What a person may see; @entity narrows it, unless NULL. */
FiscScope *fisc_roll_scope(FiscRoll *roll, const char *person, const char *entity);

typedef enum { FISC_DOOR_SESSION, FISC_DOOR_TOKEN, FISC_DOOR_CERTIFICATE } FiscDoorKind;
/** Whose it is; out_bearer->person NULL: nobody's. @secret: as it was sent. */
bool fisc_door_find(FiscServer *server, FiscDoorKind kind, const char *secret,
                    FiscBearer *out_bearer, GError **error);
/** Forgets what is remembered of a person, or with NULL of everybody: the next request looks. */
void fisc_door_forget(FiscServer *server, const char *person);
FiscHasher *fisc_door_hasher(FiscServer *server);

/* signin.c */
/** The context for the walks of signing in. @actor: who answers for what is written. */
FiscContext fisc_server_identity_context(FiscCall *call, const char *actor);
FiscSignInDesk fisc_server_desk(FiscCall *call, const FiscRoll *roll);
/** The secret in the cookie; NULL. Caller frees. */
char *fisc_server_cookie(const FiscHttpRequest *request);
/** Sets the cookie; NULL takes it away. */
void fisc_server_set_cookie(FiscCall *call, const char *secret);
/** Whether a request comes from a page of this very site, as far as the browser tells. */
bool fisc_server_is_own_site(const FiscHttpRequest *request);

/* signin_answer.c */
/** The object Session of @bearer. @secret: of the session; NULL when there is none. */
bool fisc_server_answer_session(FiscCall *call, int status, FiscRoll *roll,
                                const FiscBearer *bearer, const char *secret, GError **error);
void fisc_server_answer_limited(FiscCall *call, int wait_s);

/* api/session.c */
extern const FiscApiShape fisc_shape_session;      /* "Session" */
extern const FiscApiShape fisc_shape_sign_in_step; /* "SignInStep": what is missing */
/** What came of a step of signing in: a session with its cookie, what is missing, or a problem.
 * Wipes the secret. */
bool fisc_server_answer_sign_in(FiscCall *call, FiscRoll *roll, FiscSignIn *step, GError **error);
/** Whether who asks knows his password (unless NULL) and a code (unless NULL); *out_right false:
 * the reply is there. */
bool fisc_server_confirm(FiscCall *call, const char *password, const char *code, bool *out_right,
                         GError **error);
/** After a new second factor: the session of who asks has become strong, and goes on under another
 * secret, whose cookie is set. *out_csrf (owned): NULL without a session. */
bool fisc_server_turn_session(FiscCall *call, char **out_csrf, GError **error);

/* passkey_words.c */
/** Whether passkeys can be used where this request came to: at the address for people, or, without
 * one, at localhost. */
bool fisc_server_has_passkeys(const FiscCall *call);

/* signin_uses.c */
/** The uses that allow a route: one of them has to be the token's. */
unsigned fisc_route_uses(const char *method, const char *path);

/* signin_provider.c: of server.c */
/** Opens nothing, and asks nobody, when no provider is set up. USAGE when it is not set up whole.
 */
bool fisc_server_open_provider(FiscServer *server, GError **error);
void fisc_server_close_provider(FiscServer *server);

/* signin_step.c */
/** For handlers that approve, reject, grant, release: whether the second factor was shown for
 * exactly this digest. False: the reply is a problem. */
bool fisc_server_check_step_up(FiscCall *call, const char *digest);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscRoll, fisc_roll_release)

#endif
