/* gate_wire.c: sockets, and GnuTLS on top of them. */
#include "app/server/gate_wire.h"
#include <errno.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%SERVER_PRECEDENCE"

struct _FiscTls {
    gnutls_certificate_credentials_t credentials;
    gnutls_priority_t priorities;
    bool asks_clients;
};

struct _FiscWire {
    int socket;
    gnutls_session_t session; /* NULL: a bare socket */
    bool is_shaken, is_interrupted;
};

/* The server's certificates ------------------------------------------------------------------- */

static bool
load_certificates(FiscTls *tls, const char *cert, const char *key, const char *client_ca,
                  GError **error)
{
    int status =
        gnutls_certificate_set_x509_key_file(tls->credentials, cert, key, GNUTLS_X509_FMT_PEM);
    if (status < 0) {
        return fisc_fail(error, FISC_ERROR_SETUP, "certificate %s with key %s: %s", cert, key,
                         gnutls_strerror(status));
    }
    if (client_ca == NULL) {
        return true;
    }
    status =
        gnutls_certificate_set_x509_trust_file(tls->credentials, client_ca, GNUTLS_X509_FMT_PEM);
    if (status <= 0) {
        return fisc_fail(error, FISC_ERROR_SETUP, "certificates for clients %s: %s", client_ca,
                         status < 0 ? gnutls_strerror(status) : "there are none in it");
    }
    tls->asks_clients = true;
    return true;
}

bool
fisc_tls_open(const char *cert, const char *key, const char *client_ca, FiscTls **out_tls,
              GError **error)
{
    if (key == NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "a certificate needs its key");
    }
    FiscTls *tls = g_new0(FiscTls, 1);
    bool is_open = gnutls_certificate_allocate_credentials(&tls->credentials) == 0 &&
                   gnutls_priority_init(&tls->priorities, PRIORITIES, NULL) == 0;
    if (!is_open) {
        fisc_tls_close(tls);
        return fisc_fail(error, FISC_ERROR_SETUP, "GnuTLS could not be set up");
    }
    if (!load_certificates(tls, cert, key, client_ca, error)) {
        fisc_tls_close(tls);
        return false;
    }
    *out_tls = tls;
    return true;
}

void
fisc_tls_close(FiscTls *tls)
{
    if (tls != NULL) {
        g_clear_pointer(&tls->credentials, gnutls_certificate_free_credentials);
        g_clear_pointer(&tls->priorities, gnutls_priority_deinit);
        g_free(tls);
    }
}

/* One connection ------------------------------------------------------------------------------ */

/* Called within the handshake: a certificate that does not hold ends it. None is none. */
static int
check_client(gnutls_session_t session)
{
    gnutls_typed_vdata_st purpose = {.type = GNUTLS_DT_KEY_PURPOSE_OID,
                                     .data = (unsigned char *)GNUTLS_KP_TLS_WWW_CLIENT};
    unsigned count = 0, faults = 0;
    if (gnutls_certificate_get_peers(session, &count) == NULL || count == 0) {
        return 0;
    }
    int status = gnutls_certificate_verify_peers(session, &purpose, 1, &faults);
    return status < 0 || faults != 0 ? GNUTLS_E_CERTIFICATE_ERROR : 0;
}

static void
begin_session(FiscWire *wire, FiscTls *tls)
{
    const gnutls_datum_t http = {(unsigned char *)"http/1.1", strlen("http/1.1")};
    gnutls_init(&wire->session, GNUTLS_SERVER | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL);
    gnutls_priority_set(wire->session, tls->priorities);
    gnutls_credentials_set(wire->session, GNUTLS_CRD_CERTIFICATE, tls->credentials);
    gnutls_alpn_set_protocols(wire->session, &http, 1, 0);
    gnutls_certificate_server_set_request(wire->session, tls->asks_clients ? GNUTLS_CERT_REQUEST
                                                                           : GNUTLS_CERT_IGNORE);
    if (tls->asks_clients) {
        gnutls_session_set_verify_function(wire->session, check_client);
    }
    gnutls_transport_set_int(wire->session, wire->socket);
}

FiscWire *
fisc_wire_new(int socket, FiscTls *tls)
{
    FiscWire *wire = g_new0(FiscWire, 1);
    wire->socket = socket;
    wire->is_shaken = tls == NULL;
    if (tls != NULL) {
        begin_session(wire, tls);
    }
    return wire;
}

void
fisc_wire_free(FiscWire *wire)
{
    if (wire != NULL) {
        g_clear_pointer(&wire->session, gnutls_deinit);
        close(wire->socket);
        g_free(wire);
    }
}

int
fisc_wire_socket(const FiscWire *wire)
{
    return wire->socket;
}

bool
fisc_wire_is_gone(const FiscWire *wire)
{
    struct pollfd state = {.fd = wire->socket};
    return poll(&state, 1, 0) > 0 && (state.revents & (POLLHUP | POLLERR)) != 0;
}

static int
outcome_of(int status)
{
    return status == GNUTLS_E_AGAIN || status == GNUTLS_E_INTERRUPTED ? FISC_WIRE_AGAIN
                                                                      : FISC_WIRE_BROKEN;
}

int
fisc_wire_shake(FiscWire *wire)
{
    int status = 0;
    while (!wire->is_shaken) {
        status = gnutls_handshake(wire->session);
        wire->is_shaken = status == GNUTLS_E_SUCCESS;
        if (status < 0 && (gnutls_error_is_fatal(status) || status == GNUTLS_E_AGAIN)) {
            if (gnutls_error_is_fatal(status)) {
                gnutls_alert_send_appropriate(wire->session, status);
            }
            return outcome_of(status);
        }
    }
    return 1;
}

unsigned
fisc_wire_shaking_events(const FiscWire *wire)
{
    return gnutls_record_get_direction(wire->session) == 1 ? EPOLLOUT : EPOLLIN;
}

char *
fisc_wire_subject(const FiscWire *wire)
{
    unsigned count = 0;
    const gnutls_datum_t *chain =
        wire->session != NULL ? gnutls_certificate_get_peers(wire->session, &count) : NULL;
    if (chain == NULL || count == 0) {
        return NULL;
    }
    gnutls_x509_crt_t certificate = NULL;
    gnutls_datum_t name = {0};
    char *subject = NULL;
    if (gnutls_x509_crt_init(&certificate) == 0 &&
        gnutls_x509_crt_import(certificate, &chain[0], GNUTLS_X509_FMT_DER) == 0 &&
        gnutls_x509_crt_get_dn3(certificate, &name, 0) == 0) {
        subject = g_strndup((const char *)name.data, name.size);
        gnutls_free(name.data);
    }
    gnutls_x509_crt_deinit(certificate);
    return subject;
}

gssize
fisc_wire_read(FiscWire *wire, void *out, gsize size)
{
    if (wire->session != NULL) {
        ssize_t count = gnutls_record_recv(wire->session, out, size);
        /* A stream that is cut off has ended: the framing of HTTP says whether too early. */
        return count >= 0                                ? count
               : count == GNUTLS_E_PREMATURE_TERMINATION ? FISC_WIRE_END
                                                         : outcome_of((int)count);
    }
    ssize_t count = recv(wire->socket, out, size, 0);
    return count >= 0                                                  ? count
           : errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? FISC_WIRE_AGAIN
                                                                       : FISC_WIRE_BROKEN;
}

/* What GnuTLS has taken and could not send, it sends when it is given nothing. */
static gssize
write_record(FiscWire *wire, const void *data, gsize length)
{
    ssize_t count = wire->is_interrupted ? gnutls_record_send(wire->session, NULL, 0)
                                         : gnutls_record_send(wire->session, data, length);
    wire->is_interrupted = count == GNUTLS_E_AGAIN || count == GNUTLS_E_INTERRUPTED;
    return count >= 0 ? count : outcome_of((int)count);
}

gssize
fisc_wire_write(FiscWire *wire, const void *data, gsize length)
{
    if (wire->session != NULL) {
        return write_record(wire, data, length);
    }
    ssize_t count = send(wire->socket, data, length, MSG_NOSIGNAL);
    return count >= 0                                                  ? count
           : errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? FISC_WIRE_AGAIN
                                                                       : FISC_WIRE_BROKEN;
}

void
fisc_wire_shut(FiscWire *wire)
{
    if (wire->session != NULL && wire->is_shaken) {
        gnutls_bye(wire->session, GNUTLS_SHUT_WR);
    }
    shutdown(wire->socket, SHUT_WR);
}
