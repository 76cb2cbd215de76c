/* digest.c: what makes two submissions of one reference the same: SHA-256 over an entry's words.
 *
 * The canonical form is a contract, because digests are kept for ever: docs/hashes.md. Anything new
 * must leave the digests of entries without it as they are. */
#include "core/base/hash.h"
#include "fisc/entry.h"
#include <string.h>

#define ENTRY_FORM "fisc digest 1"
#define CONTENT_FORM "fisc document 1"

static bool
is_given(const char *text)
{
    return text != NULL && *text != '\0';
}

/* What a line says of open items, by name, as if these were dimensions. */
static int
count_words(const FiscLine *line)
{
    return (int)is_given(line->item) + (int)is_given(line->relieves) + (int)line->is_final +
           (int)is_given(line->currency) + (line->foreign != 0 ? 1 : 0);
}

static void
add_word(FiscHash *hash, const char *name, const char *value)
{
    if (is_given(value)) {
        fisc_hash_add_text(hash, name);
        fisc_hash_add_text(hash, value);
    }
}

static void
add_words(FiscHash *hash, const FiscLine *line)
{
    char foreign[32];
    g_snprintf(foreign, sizeof foreign, "%" G_GINT64_FORMAT, line->foreign);
    add_word(hash, "item", line->item);
    add_word(hash, "relieves", line->relieves);
    add_word(hash, "final", line->is_final ? "Y" : NULL);
    add_word(hash, "currency", line->currency);
    add_word(hash, "amount_fc", line->foreign != 0 ? foreign : NULL);
}

/* Only the dimensions given, by name: a dimension invented later changes no old digest. */
static void
add_dimensions(FiscHash *hash, const FiscLine *line)
{
    int given = count_words(line);
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
    add_words(hash, line);
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

static void
add_event(FiscHash *hash, const FiscEvent *event)
{
    fisc_hash_add_text(hash, event->kind);
    fisc_hash_add_text(hash, event->subject);
    fisc_hash_add_int(hash, event->fields->len);
    for (guint i = 0; i < event->fields->len; i++) {
        fisc_hash_add_text(hash, event->fields->pdata[i]);
    }
}

/* The events that are content: not the steps of the document itself. */
static void
add_events(FiscHash *hash, const FiscSubmission *submission)
{
    int count = 0;
    for (guint i = 0; i < submission->events->len; i++) {
        const FiscEvent *event = submission->events->pdata[i];
        count += strcmp(event->kind, "document") != 0;
    }
    fisc_hash_add_int(hash, count);
    for (guint i = 0; i < submission->events->len; i++) {
        const FiscEvent *event = submission->events->pdata[i];
        if (strcmp(event->kind, "document") != 0) {
            add_event(hash, event);
        }
    }
}

void
fisc_submission_digest(const FiscSubmission *submission, uint8_t out_digest[32])
{
    g_autoptr(FiscHash) hash = fisc_hash_new();
    fisc_hash_add_text(hash, CONTENT_FORM);
    fisc_hash_add_text(hash, submission->source);
    add_events(hash, submission);
    fisc_hash_add_int(hash, submission->entries->len);
    for (guint i = 0; i < submission->entries->len; i++) {
        const FiscEntry *entry = submission->entries->pdata[i];
        fisc_hash_add_bytes(hash, entry->digest, FISC_HASH_SIZE);
        fisc_hash_add_text(hash, entry->memo);
    }
    fisc_hash_finish(hash, out_digest);
}
