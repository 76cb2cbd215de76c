/* certificate.c: reads the end of a certificate's time and the name of its key, nothing else of it.
 */
#include "core/base/certificate.h"
#include "core/base/hash.h"
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

bool
fisc_certificate_hash_key(const char *pem, uint8_t out_hash[FISC_HASH_SIZE])
{
    BIO *text = BIO_new_mem_buf(pem, -1);
    X509 *certificate = text != NULL ? PEM_read_bio_X509(text, NULL, NULL, NULL) : NULL;
    unsigned char *key = NULL;
    int length =
        certificate != NULL ? i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &key) : -1;
    if (length > 0) {
        fisc_hash_data(key, (gsize)length, out_hash);
    }
    OPENSSL_free(key);
    X509_free(certificate);
    BIO_free(text);
    return length > 0;
}
