/* certificate.c: reads the end of a certificate's time, and nothing else of it. */
#include "core/base/certificate.h"
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>

bool
fisc_certificate_left(const char *path, int64_t *out_seconds, GError **error)
{
    FILE *file = fopen(path, "r");
    X509 *certificate = file != NULL ? PEM_read_X509(file, NULL, NULL, NULL) : NULL;
    int days = 0, seconds = 0;
    bool is_read = certificate != NULL &&
                   ASN1_TIME_diff(&days, &seconds, NULL, X509_get0_notAfter(certificate)) == 1;
    X509_free(certificate);
    if (file != NULL) {
        fclose(file);
    }
    if (!is_read) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "%s holds no certificate that can be read",
                         path);
    }
    *out_seconds = (int64_t)days * 86400 + seconds;
    return true;
}
