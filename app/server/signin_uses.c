/* signin_uses.c: what a token has to be good for, by method and path. A route that is not here
 * takes a token for everything: who adds one decides who may use it by machine. */
#include "app/server/signin.h"
#include <string.h>

/* The first row that fits counts. A path ends in a slash: all below it; or is whole. */
static const struct {
    const char *method; /* "*": any */
    const char *path;
    unsigned uses;
} rows[] = {
    /* whoever has a token may ask whose it is */
    {"GET", "/v1/session", FISC_USE_ALL},
    /* credentials: a token that leaks must not make others, nor tell of them */
    {"*", "/v1/session", FISC_USE_ADMIN},
    {"*", "/v1/session/", FISC_USE_ADMIN},
    {"*", "/v1/sessions", FISC_USE_ADMIN},
    {"*", "/v1/sessions/", FISC_USE_ADMIN},
    {"*", "/v1/tokens", FISC_USE_ADMIN},
    {"*", "/v1/tokens/", FISC_USE_ADMIN},
    {"*", "/v1/totp", FISC_USE_ADMIN},
    {"*", "/v1/totp/", FISC_USE_ADMIN},
    {"*", "/v1/passkeys", FISC_USE_ADMIN},
    {"*", "/v1/passkeys/", FISC_USE_ADMIN},
    /* who posts looks at what becomes of it */
    {"GET", "/v1/funds", FISC_USE_READ | FISC_USE_POST},
    {"GET", "/v1/jobs", FISC_USE_READ | FISC_USE_POST},
    {"GET", "/v1/jobs/", FISC_USE_READ | FISC_USE_POST},
    {"GET", "/v1/documents/", FISC_USE_READ | FISC_USE_POST | FISC_USE_APPROVE},
    {"GET", "/", FISC_USE_READ},
    /* writing */
    {"POST", "/v1/entries", FISC_USE_POST},
    {"POST", "/v1/entries/", FISC_USE_POST},
    {"POST", "/v1/feeders/", FISC_USE_POST},
    {"POST", "/v1/try", FISC_USE_POST},
    {"DELETE", "/v1/jobs/", FISC_USE_POST},
    {"POST", "/v1/documents", FISC_USE_POST},
    {"POST", "/v1/documents/{document}/withdraw", FISC_USE_POST},
    {"POST", "/v1/documents/{document}/approve", FISC_USE_APPROVE},
    {"POST", "/v1/documents/{document}/reject", FISC_USE_APPROVE},
    {"POST", "/v1/step-ups", FISC_USE_APPROVE},
    {"POST", "/v1/step-ups/", FISC_USE_APPROVE},
    {"POST", "/v1/holds", FISC_USE_APPROVE},
    {"POST", "/v1/holds/", FISC_USE_APPROVE},
};

static bool
is_path(const char *pattern, const char *path)
{
    gsize length = strlen(pattern);
    return pattern[length - 1] == '/' ? strncmp(pattern, path, length) == 0
                                      : strcmp(pattern, path) == 0;
}

unsigned
fisc_route_uses(const char *method, const char *path)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        if ((*rows[i].method == '*' || strcmp(rows[i].method, method) == 0) &&
            is_path(rows[i].path, path)) {
            return rows[i].uses | FISC_USE_ADMIN;
        }
    }
    return FISC_USE_ADMIN;
}
