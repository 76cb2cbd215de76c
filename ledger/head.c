/* head.c: see head.h. A note is read strictly: only the text that would be written again is
 * accepted, so a signature is always over what was read. */
#include "ledger/head.h"
#include "core/base/hash.h"
#include <string.h>

#define FORM "fisc head 1"
#define FILE_MAX (16 * 1024 * 1024)

static const char *const signer_words[] = {
    [FISC_SIGNER_HEAD] = "signed-by",
    [FISC_SIGNER_WITNESS] = "cosigned-by",
};

static FiscHead *
head_new(void)
{
    FiscHead *head = g_new0(FiscHead, 1);
    head->signatures = g_array_new(FALSE, FALSE, sizeof(FiscHeadSignature));
    head->path = g_array_new(FALSE, FALSE, sizeof(FiscMerkleHash));
    head->from = -1;
    return head;
}

FiscHead *
fisc_head_new(int book_id, int64_t size, const uint8_t root[32], int64_t time_us,
              const char *environment)
{
    FiscHead *head = head_new();
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(time_us / G_USEC_PER_SEC);
    head->book_id = book_id;
    head->size = size;
    memcpy(head->root, root, 32);
    head->time = g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ");
    head->environment = g_strdup(environment);
    return head;
}

void
fisc_head_free(FiscHead *head)
{
    if (head != NULL) {
        g_array_unref(head->path);
        g_array_unref(head->signatures);
        g_free(head->environment);
        g_free(head->time);
        g_free(head);
    }
}

/* Writing ---------------------------------------------------------------------------------- */

static void
append_hex(GString *text, const uint8_t *bytes, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        g_string_append_printf(text, "%02x", bytes[i]);
    }
}

char *
fisc_head_body(const FiscHead *head)
{
    char root[FISC_HASH_TEXT];
    return g_strdup_printf(FORM "\nbook %d\nsize %" G_GINT64_FORMAT "\nroot %s\ntime %s\n"
                                "environment %s\n",
                           head->book_id, head->size, fisc_hash_format(head->root, root),
                           head->time, head->environment);
}

char *
fisc_head_to_text(const FiscHead *head, bool with_proof)
{
    GString *text = g_string_new(NULL);
    g_autofree char *body = fisc_head_body(head);
    g_string_append_printf(text, "%s\n", body);
    for (guint i = 0; i < head->signatures->len; i++) {
        const FiscHeadSignature *signature = &g_array_index(head->signatures, FiscHeadSignature, i);
        g_string_append_printf(text, "%s %s ", signer_words[signature->signer], signature->key_id);
        append_hex(text, signature->signature, FISC_SIGNATURE_SIZE);
        g_string_append_c(text, '\n');
    }
    if (with_proof && head->from >= 0) {
        g_string_append_printf(text, "\nconsistent-with %" G_GINT64_FORMAT "\n", head->from);
        for (guint i = 0; i < head->path->len; i++) {
            append_hex(text, g_array_index(head->path, FiscMerkleHash, i), 32);
            g_string_append_c(text, '\n');
        }
    }
    return g_string_free(text, FALSE);
}

/* Reading ---------------------------------------------------------------------------------- */

typedef struct {
    char **lines;
    int at;
} Reader;

static const char *
next_line(Reader *reader)
{
    const char *line = reader->lines[reader->at];
    reader->at += line != NULL ? 1 : 0;
    return line;
}

/* What follows "word " in the next line; NULL when it is another line. */
static const char *
read_word(Reader *reader, const char *word)
{
    const char *line = reader->lines[reader->at];
    gsize length = strlen(word);
    if (line == NULL || strncmp(line, word, length) != 0 || line[length] != ' ') {
        return NULL;
    }
    return next_line(reader) + length + 1;
}

/* Digits without sign or leading zeros. */
static bool
parse_number(const char *text, int64_t max, int64_t *out_number)
{
    char *end = NULL;
    if (text == NULL || !g_ascii_isdigit(*text) || (*text == '0' && text[1] != '\0') ||
        strlen(text) > 18) {
        return false;
    }
    int64_t number = g_ascii_strtoll(text, &end, 10);
    *out_number = number;
    return *end == '\0' && number <= max;
}

static bool
parse_hex(const char *text, uint8_t *out_bytes, gsize length)
{
    if (text == NULL || strlen(text) != 2 * length ||
        strspn(text, "0123456789abcdef") != 2 * length) {
        return false;
    }
    for (gsize i = 0; i < length; i++) {
        out_bytes[i] = (uint8_t)(g_ascii_xdigit_value(text[2 * i]) << 4 |
                                 g_ascii_xdigit_value(text[2 * i + 1]));
    }
    return true;
}

static bool
parse_time(const char *text)
{
    g_autoptr(GDateTime) time = text != NULL ? g_date_time_new_from_iso8601(text, NULL) : NULL;
    g_autofree char *again = time != NULL ? g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ") : NULL;
    return again != NULL && strcmp(again, text) == 0;
}

static bool
read_body(Reader *reader, FiscHead *head)
{
    int64_t book = 0;
    const char *form = next_line(reader);
    if (form == NULL || strcmp(form, FORM) != 0 ||
        !parse_number(read_word(reader, "book"), G_MAXINT32, &book) ||
        !parse_number(read_word(reader, "size"), G_MAXINT64, &head->size) ||
        !parse_hex(read_word(reader, "root"), head->root, 32)) {
        return false;
    }
    head->book_id = (int)book;
    head->time = g_strdup(read_word(reader, "time"));
    head->environment = parse_time(head->time) ? g_strdup(read_word(reader, "environment")) : NULL;
    return head->environment != NULL && *head->environment != '\0' &&
           g_strcmp0(next_line(reader), "") == 0;
}

static bool
read_signature(Reader *reader, FiscHead *head, bool *out_is_good)
{
    for (gsize i = 0; i < G_N_ELEMENTS(signer_words); i++) {
        const char *words = read_word(reader, signer_words[i]);
        if (words == NULL) {
            continue;
        }
        FiscHeadSignature signature = {.signer = (FiscSigner)i};
        g_auto(GStrv) parts = g_strsplit(words, " ", 3);
        uint8_t id[8];
        *out_is_good = g_strv_length(parts) == 2 && parse_hex(parts[0], id, sizeof id) &&
                       parse_hex(parts[1], signature.signature, FISC_SIGNATURE_SIZE);
        if (*out_is_good) {
            memcpy(signature.key_id, parts[0], FISC_KEY_ID_TEXT);
            g_array_append_val(head->signatures, signature);
        }
        return *out_is_good;
    }
    return false;
}

static bool
read_proof(Reader *reader, FiscHead *head)
{
    FiscMerkleHash hash;
    if (!parse_number(read_word(reader, "consistent-with"), G_MAXINT64, &head->from)) {
        return false;
    }
    while (parse_hex(reader->lines[reader->at], hash, sizeof hash)) {
        g_array_append_val(head->path, hash);
        reader->at++;
    }
    return true;
}

/* Empty lines between notes do not matter; anything else does. */
static void
skip_empty(Reader *reader)
{
    while (g_strcmp0(reader->lines[reader->at], "") == 0) {
        reader->at++;
    }
}

static bool
read_head(Reader *reader, FiscHead *head)
{
    bool is_good = true;
    if (!read_body(reader, head)) {
        return false;
    }
    while (read_signature(reader, head, &is_good)) {
    }
    skip_empty(reader);
    const char *line = reader->lines[reader->at];
    bool has_proof = line != NULL && g_str_has_prefix(line, "consistent-with ");
    is_good = is_good && (!has_proof || read_proof(reader, head));
    skip_empty(reader);
    return is_good;
}

static void
free_head(gpointer head)
{
    fisc_head_free(head);
}

bool
fisc_heads_parse(const char *text, GPtrArray **out_heads, GError **error)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(GPtrArray) heads = g_ptr_array_new_with_free_func(free_head);
    Reader reader = {.lines = lines};
    skip_empty(&reader);
    do {
        FiscHead *head = head_new();
        g_ptr_array_add(heads, head);
        if (!read_head(&reader, head)) {
            return fisc_fail(error, FISC_ERROR_VALUE_INVALID, "line %d is not that of a head",
                             reader.at);
        }
    } while (lines[reader.at] != NULL);
    *out_heads = g_steal_pointer(&heads);
    return true;
}

bool
fisc_heads_load(const char *path, GPtrArray **out_heads, GError **error)
{
    g_autofree char *text = NULL;
    gsize length = 0;
    g_autoptr(GError) failure = NULL;
    if (!g_file_get_contents(path, &text, &length, &failure)) {
        bool is_missing = g_error_matches(failure, G_FILE_ERROR, G_FILE_ERROR_NOENT);
        return fisc_fail(error, is_missing ? FISC_ERROR_NOT_FOUND : FISC_ERROR_IO, "%s",
                         failure->message);
    }
    if (length > FILE_MAX || strlen(text) != length) {
        return fisc_fail(error, FISC_ERROR_VALUE_INVALID, "%s is no file of heads", path);
    }
    if (!fisc_heads_parse(text, out_heads, error)) {
        g_prefix_error(error, "%s: ", path);
        return false;
    }
    return true;
}

/* Signing ---------------------------------------------------------------------------------- */

void
fisc_head_sign(FiscHead *head, FiscSigner signer, const FiscSignKey *private_key)
{
    FiscHeadSignature signature = {.signer = signer};
    g_autofree char *body = fisc_head_body(head);
    memcpy(signature.key_id, fisc_sign_key_id(private_key), FISC_KEY_ID_TEXT);
    fisc_sign(private_key, body, strlen(body), signature.signature);
    g_array_append_val(head->signatures, signature);
}

bool
fisc_head_is_signed(const FiscHead *head, FiscSigner signer, const FiscSignKey *key)
{
    g_autofree char *body = fisc_head_body(head);
    for (guint i = 0; i < head->signatures->len; i++) {
        const FiscHeadSignature *signature = &g_array_index(head->signatures, FiscHeadSignature, i);
        if (signature->signer == signer && strcmp(signature->key_id, fisc_sign_key_id(key)) == 0 &&
            fisc_sign_check(key, body, strlen(body), signature->signature)) {
            return true;
        }
    }
    return false;
}
