/* fault.h: what went wrong on the wire, told as one of the three kinds of error of fetch.h. */
#ifndef FISC_NET_FAULT_H
#define FISC_NET_FAULT_H

#include "fisc/fetch.h"
#include <curl/curl.h>

typedef struct {
    const char *host; /* "host:port" */
    CURLcode code;
    const char *detail;      /* what libcurl says more; "" */
    const char *refused;     /* the address that the rules did not admit; NULL */
    const char *tls_key;     /* that was seen; "" */
    const char *key_refused; /* of an SSH host; NULL */
} FiscFault;

/** Always returns false, with @error. */
bool fisc_fault_fail(const FiscFault *fault, GError **error);

#endif
