/* digest.c: what makes two submissions of one reference the same: SHA-256 over an entry's words.
 *
 * The canonical form is a contract, because digests are kept for ever: docs/hashes.md. Anything new
 * must leave the digests of entries without it as they are. */
#include "core/base/hash.h"
#include "fisc/entry.h"
#include <string.h>

#define ENTRY_FORM "fisc digest 1"

static bool
is_given(const char *text)
{
    return text != NULL && *text != '\0';
}

/* Only the dimensions given, by name: a dimension invented later changes no old digest. */
static void
add_dimensions(FiscHash *hash, const FiscLine *line)
{
    int given = 0;
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        given += is_given(line->dim[i]);
    }
    fisc_hash_add_int(hash, given);
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        if (is_given(line->dim[i])) {
            fisc_hash_add_text(hash, fisc_dimension_column(i));
            fisc_hash_add_text(hash, line->dim[i]);
        }
    }
}

static void
add_line(FiscHash *hash, const FiscLine *line)
{
    fisc_hash_add_text(hash, line->account);
    fisc_hash_add_int(hash, line->flow);
    fisc_hash_add_int(hash, line->kind);
    fisc_hash_add_int(hash, line->amount);
    fisc_hash_add_int(hash, line->if_budgeted);
    add_dimensions(hash, line);
}

void
fisc_submission_salt(FiscSubmission *submission)
{
    for (guint i = 0; i < submission->entries->len; i++) {
        FiscEntry *entry = submission->entries->pdata[i];
        fisc_random_bytes(entry->memo_salt, sizeof entry->memo_salt);
    }
}

void
fisc_entry_memo_hash(const char *memo, const uint8_t salt[16], uint8_t out_hash[32])
{
    memset(out_hash, 0, FISC_HASH_SIZE);
    if (is_given(memo)) {
        g_autoptr(FiscHash) hash = fisc_hash_new();
        fisc_hash_add_bytes(hash, salt, 16);
        fisc_hash_add_bytes(hash, memo, strlen(memo));
        fisc_hash_finish(hash, out_hash);
    }
}

void
fisc_entry_digest(FiscEntry *entry)
{
    g_autoptr(FiscHash) hash = fisc_hash_new();
    fisc_hash_add_text(hash, ENTRY_FORM);
    fisc_hash_add_text(hash, entry->entity);
    fisc_hash_add_text(hash, entry->reference);
    fisc_hash_add_int(hash, entry->effective);
    fisc_hash_add_int(hash, entry->period);
    fisc_hash_add_text(hash, entry->document);
    fisc_hash_add_text(hash, entry->transfer);
    fisc_hash_add_text(hash, entry->corrects);
    fisc_hash_add_int(hash, entry->reverses);
    fisc_hash_add_int(hash, entry->lines->len);
    for (guint i = 0; i < entry->lines->len; i++) {
        add_line(hash, &g_array_index(entry->lines, FiscLine, i));
    }
    fisc_hash_finish(hash, entry->digest);
}
