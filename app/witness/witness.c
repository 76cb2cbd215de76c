/* witness.c: see witness.h. The state of a book is the note itself, replaced whole (written aside,
 * synced, renamed) before the cosignature leaves; the notes before it stay in a log. */
#include "app/witness/witness.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define TRUSTED_NAME "head.pub"

struct _FiscWitness {
    char *folder;
    int lock; /* of the folder */
    FiscSignKey *trusted;
};

static bool
fail_io(const char *path, GError **error)
{
    return fisc_fail(error, FISC_ERROR_IO, "%s: %s", path, g_strerror(errno));
}

/* Opening ---------------------------------------------------------------------------------- */

static bool
load_trusted(FiscWitness *witness, GError **error)
{
    g_autofree char *path = g_build_filename(witness->folder, TRUSTED_NAME, NULL);
    return !g_file_test(path, G_FILE_TEST_EXISTS) ||
           fisc_sign_key_load(path, &witness->trusted, error);
}

bool
fisc_witness_open(const char *folder, FiscWitness **out_witness, GError **error)
{
    g_autoptr(FiscWitness) witness = g_new0(FiscWitness, 1);
    witness->folder = g_strdup(folder);
    witness->lock = -1;
    if (g_mkdir_with_parents(folder, 0700) != 0) {
        return fail_io(folder, error);
    }
    witness->lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (witness->lock < 0 || flock(witness->lock, LOCK_EX) != 0) {
        return fail_io(folder, error);
    }
    if (!load_trusted(witness, error)) {
        return false;
    }
    *out_witness = g_steal_pointer(&witness);
    return true;
}

void
fisc_witness_close(FiscWitness *witness)
{
    if (witness != NULL) {
        if (witness->lock >= 0) {
            close(witness->lock);
        }
        fisc_sign_key_free(witness->trusted);
        g_free(witness->folder);
        g_free(witness);
    }
}

/* Files ------------------------------------------------------------------------------------ */

static bool
write_text(int fd, const char *text)
{
    gsize left = strlen(text);
    while (left > 0) {
        gssize written = write(fd, text, left);
        if (written < 0 && errno != EINTR) {
            return false;
        }
        text += MAX(written, 0);
        left -= (gsize)MAX(written, 0);
    }
    return fsync(fd) == 0;
}

static bool
write_file(const char *path, int flags, const char *text, GError **error)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0644);
    if (fd < 0) {
        return fail_io(path, error);
    }
    bool is_written = write_text(fd, text);
    int failure = errno;
    is_written = close(fd) == 0 && is_written;
    errno = failure;
    return is_written || fail_io(path, error);
}

/* All of it or nothing, whenever the power fails. */
static bool
replace_file(const FiscWitness *witness, const char *path, const char *text, GError **error)
{
    g_autofree char *aside = g_strconcat(path, ".new", NULL);
    if (!write_file(aside, O_TRUNC, text, error)) {
        return false;
    }
    if (rename(aside, path) != 0 || fsync(witness->lock) != 0) {
        return fail_io(path, error);
    }
    return true;
}

static char *
path_of(const FiscWitness *witness, int book_id, const char *what)
{
    g_autofree char *name = g_strdup_printf("book-%d.%s", book_id, what);
    return g_build_filename(witness->folder, name, NULL);
}

bool
fisc_witness_trust(FiscWitness *witness, const char *path, GError **error)
{
    g_autoptr(FiscSignKey) key = NULL;
    g_autofree char *text = NULL;
    g_autofree char *kept = g_build_filename(witness->folder, TRUSTED_NAME, NULL);
    if (!fisc_sign_key_load(path, &key, error)) {
        return false;
    }
    if (fisc_sign_key_is_private(key)) {
        return fisc_fail(error, FISC_ERROR_USAGE, "%s is a private key: it stays where it is",
                         path);
    }
    if (witness->trusted != NULL) {
        bool is_same = strcmp(fisc_sign_key_id(key), fisc_sign_key_id(witness->trusted)) == 0;
        return is_same ||
               fisc_fail(error, FISC_ERROR_TAMPERED,
                         "heads are trusted when signed by key %s, and this is %s: a "
                         "new key is agreed upon by people, who then replace %s",
                         fisc_sign_key_id(witness->trusted), fisc_sign_key_id(key), kept);
    }
    g_autoptr(GError) failure = NULL;
    if (!g_file_get_contents(path, &text, NULL, &failure)) {
        return fisc_fail(error, FISC_ERROR_IO, "%s", failure->message);
    }
    if (!replace_file(witness, kept, text, error)) {
        return false;
    }
    witness->trusted = g_steal_pointer(&key);
    return true;
}

const FiscSignKey *
fisc_witness_trusted(const FiscWitness *witness)
{
    return witness->trusted;
}

bool
fisc_witness_last(FiscWitness *witness, int book_id, FiscHead **out_head, GError **error)
{
    g_autofree char *path = path_of(witness, book_id, "head");
    g_autoptr(GPtrArray) heads = NULL;
    *out_head = NULL;
    if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
        return true;
    }
    if (!fisc_heads_load(path, &heads, error)) {
        return false;
    }
    *out_head = g_ptr_array_steal_index(heads, 0);
    return true;
}

/* Judging ---------------------------------------------------------------------------------- */

static bool
check_signed(const FiscWitness *witness, const FiscHead *head, GError **error)
{
    return witness->trusted == NULL ||
           fisc_head_is_signed(head, FISC_SIGNER_HEAD, witness->trusted) ||
           fisc_fail(error, FISC_ERROR_TAMPERED, "the head is not signed by key %s (%s)",
                     fisc_sign_key_id(witness->trusted), fisc_sign_key_label(witness->trusted));
}

static bool
check_follows(const FiscHead *last, const FiscHead *head, GError **error)
{
    if (strcmp(last->environment, head->environment) != 0) {
        return fisc_fail(error, FISC_ERROR_TAMPERED,
                         "the head is of environment %s, the last one of book %d was of %s",
                         head->environment, head->book_id, last->environment);
    }
    if (head->size < last->size) {
        return fisc_fail(error, FISC_ERROR_TAMPERED,
                         "rollback: the head has %" G_GINT64_FORMAT
                         " batches, and %" G_GINT64_FORMAT " were cosigned at %s",
                         head->size, last->size, last->time);
    }
    if (head->size == last->size) {
        return memcmp(head->root, last->root, 32) == 0 ||
               fisc_fail(error, FISC_ERROR_TAMPERED,
                         "fork: another root was cosigned for %" G_GINT64_FORMAT " batches at %s",
                         last->size, last->time);
    }
    if (head->from != last->size) {
        return fisc_fail(error, FISC_ERROR_VALUE_MISSING,
                         "the proof that it follows the last head is missing: fisc head --from "
                         "%" G_GINT64_FORMAT,
                         last->size);
    }
    return fisc_merkle_check_consistency((uint64_t)last->size, last->root, (uint64_t)head->size,
                                         head->root, head->path) ||
           fisc_fail(error, FISC_ERROR_TAMPERED,
                     "fork: its first %" G_GINT64_FORMAT " batches are not those cosigned at %s",
                     last->size, last->time);
}

bool
fisc_witness_cosign(FiscWitness *witness, const FiscSignKey *key, FiscHead *head, GError **error)
{
    g_autoptr(FiscHead) last = NULL;
    if (!check_signed(witness, head, error) ||
        !fisc_witness_last(witness, head->book_id, &last, error) ||
        (last != NULL && !check_follows(last, head, error))) {
        return false;
    }
    fisc_head_sign(head, FISC_SIGNER_WITNESS, key);
    g_autofree char *note = fisc_head_to_text(head, false);
    g_autofree char *record = g_strconcat(note, "\n", NULL);
    g_autofree char *head_path = path_of(witness, head->book_id, "head");
    g_autofree char *log_path = path_of(witness, head->book_id, "log");
    return replace_file(witness, head_path, note, error) &&
           write_file(log_path, O_APPEND, record, error);
}
