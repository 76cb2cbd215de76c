/* fault.c: what went wrong on the wire, told as one of the three kinds of error of fetch.h.
 *
 * libcurl's codes say at which layer; a few stand for two kinds, and then its text decides. Where
 * it cannot be told, an error counts as an outage: asking again does no harm. One cannot be told
 * the other way: an SSH line that is cut during the login looks like a login that is refused. */
#include "core/net/fault.h"
#include <string.h>

static const struct {
    CURLcode code;
    FiscError error;
    const char *what;
} kinds[] = {
    {CURLE_COULDNT_RESOLVE_HOST, FISC_ERROR_PEER_UNAVAILABLE, "has no address"},
    {CURLE_COULDNT_CONNECT, FISC_ERROR_PEER_UNAVAILABLE, "takes no connection"},
    {CURLE_OPERATION_TIMEDOUT, FISC_ERROR_PEER_UNAVAILABLE, "is too slow"},
    {CURLE_SEND_ERROR, FISC_ERROR_PEER_UNAVAILABLE, "broke the connection"},
    {CURLE_RECV_ERROR, FISC_ERROR_PEER_UNAVAILABLE, "broke the connection"},
    {CURLE_GOT_NOTHING, FISC_ERROR_PEER_UNAVAILABLE, "closed the connection without an answer"},
    {CURLE_SSL_CONNECT_ERROR, FISC_ERROR_PEER_FORBIDDEN, "agrees on no protection (TLS 1.2 up)"},
    {CURLE_ABORTED_BY_CALLBACK, FISC_ERROR_PEER_UNAVAILABLE, "was given up, as asked"},
    {CURLE_FAILED_INIT, FISC_ERROR_PEER_UNAVAILABLE, "broke off SSH"},
    {CURLE_SSH, FISC_ERROR_PEER_UNAVAILABLE, "broke off SSH"},
    {CURLE_AGAIN, FISC_ERROR_PEER_UNAVAILABLE, "broke off SSH"},

    {CURLE_PEER_FAILED_VERIFICATION, FISC_ERROR_PEER_FORBIDDEN, "cannot prove who it is"},
    {CURLE_SSL_ISSUER_ERROR, FISC_ERROR_PEER_FORBIDDEN, "cannot prove who it is"},
    {CURLE_SSL_CLIENTCERT, FISC_ERROR_PEER_FORBIDDEN, "does not take our certificate"},
    {CURLE_LOGIN_DENIED, FISC_ERROR_PEER_FORBIDDEN, "does not let us in"},
    {CURLE_REMOTE_ACCESS_DENIED, FISC_ERROR_PEER_FORBIDDEN, "does not let us have that"},

    {CURLE_REMOTE_FILE_NOT_FOUND, FISC_ERROR_NOT_FOUND, "has no such file"},

    {CURLE_PARTIAL_FILE, FISC_ERROR_PEER_FAULT, "ends before its answer does"},
    {CURLE_WEIRD_SERVER_REPLY, FISC_ERROR_PEER_FAULT, "sends what is no answer"},
    {CURLE_UNSUPPORTED_PROTOCOL, FISC_ERROR_PEER_FAULT, "sends what is no answer"},
    {CURLE_BAD_CONTENT_ENCODING, FISC_ERROR_PEER_FAULT, "packs its answer wrongly"},
    {CURLE_BAD_FUNCTION_ARGUMENT, FISC_ERROR_PEER_FAULT, "sends what is no answer"},
    {CURLE_OUT_OF_MEMORY, FISC_ERROR_PEER_FAULT, "sends a line without an end"},

    {CURLE_SSL_CERTPROBLEM, FISC_ERROR_SETUP, "our certificate or its key cannot be used"},
    {CURLE_SSL_CACERT_BADFILE, FISC_ERROR_SETUP, "the file of authorities cannot be read"},
};

static bool
says(const FiscFault *fault, const char *part)
{
    return strstr(fault->detail, part) != NULL;
}

/* A handshake that is broken off is an outage; one that ends with a word of TLS is a decision. */
static FiscError
refine(const FiscFault *fault, FiscError error)
{
    if (fault->code == CURLE_SSL_CONNECT_ERROR &&
        (says(fault, "SYSCALL") || says(fault, "reset") || says(fault, "unexpected eof"))) {
        return FISC_ERROR_PEER_UNAVAILABLE;
    }
    if (fault->code == CURLE_RECV_ERROR && says(fault, "chunked-encoding")) {
        return FISC_ERROR_PEER_FAULT;
    }
    /* In TLS 1.3 our certificate is judged after the handshake, when we wait for the answer. */
    bool is_about_certificate =
        says(fault, "certificate") || says(fault, "unknown ca") || says(fault, "access denied");
    if ((fault->code == CURLE_RECV_ERROR || fault->code == CURLE_SEND_ERROR) &&
        says(fault, "alert") && is_about_certificate) {
        return FISC_ERROR_PEER_FORBIDDEN;
    }
    return error;
}

bool
fisc_fault_fail(const FiscFault *fault, GError **error)
{
    if (fault->refused != NULL && fault->code == CURLE_COULDNT_CONNECT) {
        return fisc_fail(error, FISC_ERROR_PEER_FORBIDDEN,
                         "%s has the address %s, which is not public and not allowed here",
                         fault->host, fault->refused);
    }
    if (fault->key_refused != NULL) {
        return fisc_fail(error, FISC_ERROR_PEER_FORBIDDEN,
                         "%s has the host key %s, which is not the agreed one", fault->host,
                         fault->key_refused);
    }
    if (fault->code == CURLE_SSL_PINNEDPUBKEYNOTMATCH) {
        return fisc_fail(error, FISC_ERROR_PEER_FORBIDDEN,
                         "%s has the key %s, which is not the agreed one", fault->host,
                         fault->tls_key);
    }
    const char *separator = *fault->detail != '\0' ? ": " : "";
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (kinds[i].code == fault->code) {
            return fisc_fail(error, refine(fault, kinds[i].error), "%s %s%s%s", fault->host,
                             kinds[i].what, separator, fault->detail);
        }
    }
    return fisc_fail(error, FISC_ERROR_PEER_UNAVAILABLE, "%s: %s%s%s", fault->host,
                     curl_easy_strerror(fault->code), separator, fault->detail);
}
