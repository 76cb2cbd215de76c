/* certificate.h: until when a certificate is good. */
#ifndef FISC_BASE_CERTIFICATE_H
#define FISC_BASE_CERTIFICATE_H

#include "fisc/error.h"
#include <stdint.h>

/** Seconds from now to the end of the first certificate of a PEM file; negative when it is over.
 * NOT_FOUND when the file holds none. */
bool fisc_certificate_left(const char *path, int64_t *out_seconds, GError **error);

#endif
