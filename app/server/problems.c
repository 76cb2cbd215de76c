/* problems.c: the codes of problems that are of the way and not of the books. Those of the books
 * are fisc/error.h's; together they are all that an answer can say. */
#include "app/server/api.h"

const FiscApiProblem fisc_api_problems[] = {
    {"SIGN_IN", 401, "Sign in, or send a token"},
    {"SIGN_IN_FAILED", 401, "Person and password, or the code, do not fit"},
    {"CONFIRMATION_WRONG", 403, "The password or the code that confirms it is not right"},
    {"STEP_UP_NEEDED", 403, "The act takes a fresh second factor, bound to what is signed"},
    {"FORGERY", 403, "A write by cookie without the header that proves who sent it"},
    {"METHOD_NOT_ALLOWED", 405, "Not by this method: the header Allow names those there are"},
    {"NOT_ACCEPTABLE", 406, "The answer is not to be had in a format that is accepted"},
    {"TYPE_UNSUPPORTED", 415, "The body is of a type that this route does not take"},
    {"BODY_TOO_LARGE", 413, "The body is longer than the limit"},
    {"URI_TOO_LONG", 414, "The target is longer than the limit"},
    {"HEAD_TOO_LARGE", 431, "The head of the request is longer than the limit"},
    {"REQUEST_INVALID", 400, "This is no request of HTTP/1.1"},
    {"REQUEST_TIMEOUT", 408, "The request did not arrive in time"},
    {"EXPECTATION_FAILED", 417, "What Expect asks for is not known"},
    {"METHOD_UNKNOWN", 501, "This method is not known"},
    {"VERSION_UNSUPPORTED", 505, "HTTP/1.0 and HTTP/1.1 are spoken"},
    {"PARAMETER_UNKNOWN", 400, "The route has no parameter of this name"},
    {"PARAMETER_TWICE", 400, "The parameter stands twice"},
    {"CURSOR_INVALID", 400, "The cursor is not one that an answer of this route gave"},
    {"FIELD_UNKNOWN", 422, "The body has a field that the route does not know"},
    {"IDEMPOTENCY_KEY_MISSING", 400, "A write needs the header Idempotency-Key"},
    {"IDEMPOTENCY_MISMATCH", 422, "The key was used for another request"},
    {"PRECONDITION_MISSING", 428, "Say which content was edited: If-Match"},
    {"PRECONDITION_FAILED", 412, "Somebody has changed it since"},
    {"RATE_LIMITED", 429, "Too many requests: Retry-After tells when to come again"},
    {"BUSY", 503, "The server has more to do than it can: Retry-After tells when to come again"},
    {"READ_ONLY", 403, "This server is a replica and writes nothing"},
    {NULL},
};
