/* signing.h: signing in as a browser does: passwords, codes, cookies. */
#ifndef FISC_TEST_SIGNING_H
#define FISC_TEST_SIGNING_H

#include "fisc/signin.h"
#include "tests/server/serving.h"

#define SIGNING_PASSWORD "blue horses run slowly"
/* Proposes a document of the school. */
#define SIGNING_ORDER SIGNING_ORDER_OF("PO-1")
#define SIGNING_ORDER_OF(id)                                                                       \
    "{\"action\":\"commitment\",\"document\":\"" id "\",\"reason\":\"Chairs\",\"entries\":["       \
    "{\"reference\":\"SCH/" id "\",\"date\":\"2024-03-05\",\"entity\":\"SCH\",\"lines\":["         \
    "{\"gfs_code\":\"22\",\"debit\":\"50.00\",\"cofog\":\"70912\",\"stage\":\"commitment\"}]}]}"

/** A server on the school's books that has a key for second factors. */
Serving *signing_serve(void);
/** The same with other options besides; NULL. */
Serving *signing_serve_as(void (*more)(FiscServerOptions *options));
/** The same on other books, which it takes over. */
Serving *signing_serve_books(Books *books, void (*more)(FiscServerOptions *options));
/** What the walks of signing in are called with, in the name of @actor, beside the server. */
FiscContext signing_context(Serving *serving, const char *actor);
/** The folder of the key goes. For FiscSuite.tear_down. */
int signing_tear_down(void);

/** Gives a person SIGNING_PASSWORD as his own. */
void signing_password(Serving *serving, const char *person);

/* A browser: what it holds after signing in. */
typedef struct {
    Serving *serving;
    char *cookie; /* "fisc=..."; NULL: none */
    char *csrf;
} Browser;

void browser_clear(Browser *browser);
/** Asks with the cookie and, when it writes, the header against forgery. @body: a text of JSON, or
 * NULL. The status; a cookie that comes is taken. */
int browser_ask(Browser *browser, const char *method, const char *path, const char *body,
                ServingAnswer *out_answer);
/** The same without an answer to look at. */
int browser_status(Browser *browser, const char *method, const char *path, const char *body);
/** Signs in with SIGNING_PASSWORD, which has to do. */
void browser_sign_in(Browser *browser, Serving *serving, const char *person);
/** Makes a second factor, by way of the session. *out_codes: one recovery code (owned), or NULL. */
void browser_enrol(Browser *browser, uint8_t out_seed[FISC_SEED_SIZE], char **out_code);
/** A code that was not used yet, whatever was before. */
void signing_code(Serving *serving, const uint8_t seed[FISC_SEED_SIZE],
                  char out_code[FISC_CODE_DIGITS + 1]);
/** Signs in with SIGNING_PASSWORD and a code. */
void browser_sign_in_strongly(Browser *browser, Serving *serving, const char *person,
                              const uint8_t seed[FISC_SEED_SIZE]);
/** Proposes an order in the name of "carl": the digest that approvals sign. Caller frees. */
char *signing_propose(Serving *serving, const char *document);
/** The status that an approval gets; a 403 has to be STEP_UP_NEEDED. @step: NULL: none is sent. */
int browser_approve(Browser *browser, const char *document, const char *digest, const char *step);
/** Asks without any cookie. */
int signing_ask(Serving *serving, const char *method, const char *path, const char *headers,
                const char *body, ServingAnswer *out_answer);
/** The status that a token gets. */
int signing_ask_with(Serving *serving, const char *token, const char *method, const char *path,
                     const char *body);
/** Asks until the status comes, as long as SERVING_WAIT_S: what is remembered for a second. */
bool signing_becomes(Serving *serving, const char *path, const char *headers, int status);
/** A token of a person; caller frees. Fails the test when there is none. */
char *signing_token(Serving *serving, const char *person, const char *name, const char *uses,
                    const char *entity);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Browser, browser_clear)

#endif
