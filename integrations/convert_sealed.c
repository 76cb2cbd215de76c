/* convert_sealed.c: the reader of sealed documents, as convert.c is of the others. */
#include "core/base/hash.h"
#include "core/base/sign.h"
#include "integrations/convert.h"
#include <string.h>

static FiscConvert
find(const char *connector)
{
    return strcmp(connector, "fisc") == 0 ? fisc_fisc_convert : NULL;
}

/* The library of signatures looks for its settings in a file when it is used first, that of dates
 * for time zones. */
static void
prepare(void)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_iso8601("2000-01-01T00:00:00Z", NULL);
    g_autofree char *again = g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ");
    g_autofree char *text = NULL;
    g_autoptr(FiscSignKey) key = NULL, read = NULL;
    uint8_t signature[FISC_SIGNATURE_SIZE];
    g_autoptr(FiscHash) hash = fisc_hash_new();
    if (fisc_sign_key_new("prepare", &key, NULL)) {
        fisc_sign(key, "", 0, signature);
        text = fisc_sign_key_text(key);
        (void)(fisc_sign_key_read(text, &read, NULL) && fisc_sign_check(read, "", 0, signature));
    }
    fisc_hash_finish(hash, signature);
}

const FiscReaderKind fisc_reader_sealed = {find, prepare};
