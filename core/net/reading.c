/* reading.c: what an answer's head has to be before its body is believed.
 *
 * An answer has one meaning or is refused: one length, one framing, a packing that was asked for.
 * Whatever an answer could do to look whole and not be, or to never end, stops here. */
#include "core/net/reading.h"
#include "core/net/unpack.h"
#include <string.h>

#define BYTES_MAX (16 * 1024 * 1024)
#define KEPT_MAX (1024 * 1024 * 1024) /* in memory; a sink may take more */
#define HEAD_BYTES_MAX (64 * 1024)
#define HEAD_LINES_MAX 200
#define LENGTH_DIGITS_MAX 18
#define TARGET_SHOWN_MAX 200

void
fisc_reading_init(FiscReading *reading, const FiscFetchRules *rules,
                  const FiscFetchRequest *request, const char *host)
{
    *reading = (FiscReading){
        .rules = rules,
        .request = request,
        .host = host,
        .bytes_max = rules->bytes_max > 0 ? rules->bytes_max : BYTES_MAX,
        .headers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
        .declared = -1,
        .body = g_byte_array_new(),
    };
}

void
fisc_reading_begin_file(FiscReading *reading)
{
    reading->has_head_begun = true;
    reading->is_head_whole = true;
    reading->status = 200;
}

void
fisc_reading_clear(FiscReading *reading)
{
    g_clear_pointer(&reading->headers, g_hash_table_unref);
    g_clear_pointer(&reading->body, g_byte_array_unref);
    g_clear_object(&reading->unpacker);
    g_clear_error(&reading->error);
}

static bool G_GNUC_PRINTF(2, 3) fail(FiscReading *reading, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    return fisc_fail(&reading->error, FISC_ERROR_PEER_FAULT, "%s %s", reading->host, message);
}

/* ---- lines of the head ---- */

static bool
is_token(const char *text, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        if (!g_ascii_isalnum(text[i]) && strchr("!#$%&'*+-.^_`|~", text[i]) == NULL) {
            return false;
        }
    }
    return length > 0;
}

/* "HTTP/1.1 200 OK". Interim answers (1xx) come before the one that counts, each with a head. */
static bool
begin_head(FiscReading *reading, const char *line)
{
    bool is_status_line = g_str_has_prefix(line, "HTTP/1.") && g_ascii_isdigit(line[7]) &&
                          line[8] == ' ' && strspn(line + 9, "0123456789") == 3 &&
                          (line[12] == ' ' || line[12] == '\0');
    if (!is_status_line) {
        return fail(reading, "begins its answer with what is no status line of HTTP/1");
    }
    reading->status = (guint)g_ascii_strtoull(line + 9, NULL, 10);
    reading->has_head_begun = true;
    g_hash_table_remove_all(reading->headers);
    if (reading->status < 100 || reading->status > 599 || reading->status == 101) {
        return fail(reading, "answers with a status that is none: %u", reading->status);
    }
    return true;
}

static bool
take_header(FiscReading *reading, const char *line)
{
    const char *colon = strchr(line, ':');
    if (colon == NULL || !is_token(line, (gsize)(colon - line))) {
        return fail(reading, "sends a header that is none");
    }
    g_autofree char *name = g_ascii_strdown(line, colon - line);
    g_autofree char *value = g_strstrip(g_strdup(colon + 1));
    const char *before = g_hash_table_lookup(reading->headers, name);
    char *all = before != NULL ? g_strconcat(before, ", ", value, NULL) : g_steal_pointer(&value);
    g_hash_table_replace(reading->headers, g_steal_pointer(&name), all);
    return true;
}

/* ---- what the head means for the body ---- */

static const char *
get_header(const FiscReading *reading, const char *name)
{
    return g_hash_table_lookup(reading->headers, name);
}

/* A length that is there twice, or beside chunks, has two readings. */
static bool
read_framing(FiscReading *reading)
{
    const char *length = get_header(reading, "content-length");
    const char *coding = get_header(reading, "transfer-encoding");
    if (length != NULL && coding != NULL) {
        return fail(reading, "gives its body a length and chunks too");
    }
    if (coding != NULL && g_ascii_strcasecmp(coding, "chunked") != 0) {
        return fail(reading, "uses a transfer encoding that was not asked for");
    }
    reading->is_chunked = coding != NULL;
    if (length == NULL) {
        return true;
    }
    gsize digits = strspn(length, "0123456789");
    if (digits == 0 || digits > LENGTH_DIGITS_MAX || length[digits] != '\0') {
        return fail(reading, "gives its body a length that is none, or more than one");
    }
    reading->declared = (int64_t)g_ascii_strtoull(length, NULL, 10);
    return true;
}

static bool
has_body(const FiscReading *reading)
{
    return g_strcmp0(reading->request->method, "HEAD") != 0 && reading->status != 204 &&
           reading->status != 304;
}

static bool
read_packing(FiscReading *reading)
{
    const char *coding = get_header(reading, "content-encoding");
    if (coding == NULL || *coding == '\0' || g_ascii_strcasecmp(coding, "identity") == 0) {
        return true;
    }
    if (g_ascii_strcasecmp(coding, "gzip") != 0 && g_ascii_strcasecmp(coding, "x-gzip") != 0) {
        return fail(reading, "packs its body in a way that was not asked for");
    }
    reading->unpacker = G_CONVERTER(g_zlib_decompressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP));
    return true;
}

static bool
check_size(FiscReading *reading)
{
    if (reading->declared > (int64_t)reading->bytes_max) {
        return fail(reading, "announces %" G_GINT64_FORMAT " bytes, more than %zu",
                    reading->declared, reading->bytes_max);
    }
    bool is_unsized = reading->declared < 0 && !reading->is_chunked;
    if (is_unsized && !reading->rules->allows_unsized) {
        return fail(reading, "does not say where its body ends");
    }
    return true;
}

static char *
to_printable(const char *text)
{
    char *shown = g_strndup(text, TARGET_SHOWN_MAX);
    for (char *c = shown; *c != '\0'; c++) {
        *c = g_ascii_isprint(*c) ? *c : '?';
    }
    return shown;
}

/* Where it leads is for a person to look at: following would hand the request, and what it carries,
 * to whoever the answer names. */
static bool
check_redirect(FiscReading *reading)
{
    if (reading->status < 300 || reading->status == 304 || reading->status > 399) {
        return true;
    }
    const char *location = get_header(reading, "location");
    g_autofree char *shown = to_printable(location != NULL ? location : "nowhere");
    return fisc_fail(&reading->error, FISC_ERROR_PEER_FORBIDDEN,
                     "%s redirects (%u) to \"%s\"; redirects are not followed", reading->host,
                     reading->status, shown);
}

static bool
end_head(FiscReading *reading)
{
    if (!reading->has_head_begun) {
        return fail(reading, "begins its answer with an empty line");
    }
    if (reading->status < 200) {
        reading->has_head_begun = false;
        return true;
    }
    reading->is_head_whole = true;
    if (!read_framing(reading) || !check_redirect(reading)) {
        return false;
    }
    return !has_body(reading) || (read_packing(reading) && check_size(reading));
}

static bool
is_clean(const char *line, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        if ((guint8)line[i] < 0x20 && line[i] != '\t') {
            return false;
        }
    }
    return true;
}

bool
fisc_reading_take_line(FiscReading *reading, const char *line, gsize length)
{
    if (reading->error != NULL) {
        return false;
    }
    reading->head_bytes += length;
    reading->head_lines++;
    if (reading->head_bytes > HEAD_BYTES_MAX || reading->head_lines > HEAD_LINES_MAX) {
        return fail(reading, "sends a head of more than %d bytes or %d lines", HEAD_BYTES_MAX,
                    HEAD_LINES_MAX);
    }
    if (reading->is_head_whole) {
        return true; /* trailers: counted, not taken */
    }
    while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r')) {
        length--;
    }
    if (!is_clean(line, length)) {
        return fail(reading, "sends a head with control characters");
    }
    g_autofree char *text = g_strndup(line, length);
    if (!reading->has_head_begun && length > 0) {
        return begin_head(reading, text);
    }
    return length == 0 ? end_head(reading) : take_header(reading, text);
}

/* ---- the body ---- */

static bool
keep(FiscReading *reading, const uint8_t *piece, gsize length)
{
    if (length > reading->bytes_max - (gsize)reading->bytes) {
        return fail(reading, "sends more than the %zu bytes that are taken", reading->bytes_max);
    }
    reading->bytes += (int64_t)length;
    if (reading->request->sink != NULL && reading->status / 100 == 2) {
        return length == 0 ||
               reading->request->sink(piece, length, reading->request->sink_data, &reading->error);
    }
    if (reading->bytes > KEPT_MAX) {
        return fail(reading, "sends more than the %d bytes that are kept in memory", KEPT_MAX);
    }
    g_byte_array_append(reading->body, piece, (guint)length);
    return true;
}

static bool
unpack_to_reading(const uint8_t *piece, gsize length, gpointer data)
{
    return keep(data, piece, length);
}

static bool
unpack(FiscReading *reading, const uint8_t *piece, gsize length)
{
    const char *complaint = NULL;
    FiscUnpack result = {
        .unpacker = reading->unpacker,
        .packed_before = reading->packed - (int64_t)length,
        .unpacked_before = reading->bytes,
        .ratio_max = reading->rules->ratio_max,
        .take = unpack_to_reading,
        .take_data = reading,
        .is_whole = reading->is_unpacked,
    };
    if (!fisc_unpack(&result, piece, length, &complaint)) {
        return reading->error != NULL ? false : fail(reading, "%s", complaint);
    }
    reading->is_unpacked = result.is_whole;
    return true;
}

bool
fisc_reading_take_body(FiscReading *reading, const uint8_t *piece, gsize length)
{
    if (reading->error != NULL) {
        return false;
    }
    reading->packed += (int64_t)length;
    if (reading->declared >= 0 && reading->packed > reading->declared) {
        return fail(reading, "sends more than the %" G_GINT64_FORMAT " bytes it announced",
                    reading->declared);
    }
    if (reading->unpacker == NULL) {
        return keep(reading, piece, length);
    }
    if (reading->packed > (int64_t)reading->bytes_max) {
        return fail(reading, "sends more than the %zu bytes that are taken", reading->bytes_max);
    }
    return unpack(reading, piece, length);
}

bool
fisc_reading_is_at_end(const FiscReading *reading)
{
    return reading->is_head_whole && reading->error == NULL && has_body(reading) &&
           reading->packed == reading->declared;
}

bool
fisc_reading_end(FiscReading *reading)
{
    if (reading->error != NULL) {
        return false;
    }
    if (!reading->is_head_whole) {
        return fail(reading, "ends within the head of its answer");
    }
    if (!has_body(reading)) {
        return true;
    }
    if (reading->declared > reading->packed) {
        return fail(reading, "ends after %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " bytes",
                    reading->packed, reading->declared);
    }
    if (reading->unpacker != NULL && !reading->is_unpacked) {
        return fail(reading, "ends within a packed body");
    }
    return true;
}
