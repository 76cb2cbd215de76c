/* gate_head.c: request lines and headers, line by line; and the whole head in the one form that the
 * library sees. */
#include "app/server/gate_parse_internal.h"
#include <string.h>

/* A line that is longer before its first CR LF holds a target that is too long. */
#define REQUEST_LINE_MAX (FISC_GATE_TARGET_MAX + 64)
#define LENGTH_DIGITS_MAX 18 /* less than 2^63 */

/* Headers that may stand once: a second one would be read by one reader and not by another. */
static const char *const single_headers[] = {
    "Authorization",
    "Content-Length",
    "Content-Type",
    "Cookie",
    "Expect",
    "Host",
    "If-Match",
    "Idempotency-Key",
    "Last-Event-ID",
    "Origin",
    "Traceparent",
    "Transfer-Encoding",
    "X-Fisc-Actor",
    "X-Fisc-On-Behalf",
    "X-Fisc-Csrf",
    "X-Fisc-Step-Up",
    "Sec-Fetch-Site",
    "If-None-Match",
    "X-Forwarded-Proto",
};

/* What concerns this hop alone, or is written anew. */
static const char *const own_headers[] = {
    "Connection", "Content-Length",   "Expect", "HTTP2-Settings",
    "Keep-Alive", "Proxy-Connection", "TE",     "Transfer-Encoding",
    "Trailer",    "Upgrade",
};

static const char *const methods[] = {
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", NULL,
};
static const char *const methods_never[] = {"TRACE", "CONNECT", NULL};

/* The request line ----------------------------------------------------------------------------- */

static FiscGateStep
check_method(FiscGateParser *parser)
{
    if (g_strv_contains(methods_never, parser->method)) {
        return fisc_gate_refuse(parser, 405, "METHOD_NOT_ALLOWED", "Not by this method");
    }
    if (!g_strv_contains(methods, parser->method)) {
        return fisc_gate_refuse(parser, 501, "METHOD_UNKNOWN", "This method is not known");
    }
    return FISC_GATE_MORE;
}

static FiscGateStep
take_request_line(FiscGateParser *parser, const char *line)
{
    g_auto(GStrv) words = g_strsplit(line, " ", 4);
    guint count = g_strv_length(words);
    if (strchr(line, '\t') != NULL || count < 2 || *words[0] == '\0' || *words[1] == '\0' ||
        count > 3) {
        return fisc_gate_refuse_form(parser, "The request line is not METHOD TARGET VERSION");
    }
    if (count == 3 && !g_str_has_prefix(words[2], "HTTP/")) {
        return fisc_gate_refuse_form(parser, "The request line names no version of HTTP");
    }
    if (count == 2 || (strcmp(words[2], "HTTP/1.1") != 0 && strcmp(words[2], "HTTP/1.0") != 0)) {
        return fisc_gate_refuse(parser, 505, "VERSION_UNSUPPORTED",
                                "Only HTTP/1.1 and HTTP/1.0 are spoken");
    }
    parser->minor = words[2][strlen("HTTP/1.")] - '0';
    parser->method = g_strdup(words[0]);
    parser->target = g_strdup(words[1]);
    if (strlen(parser->target) > FISC_GATE_TARGET_MAX) {
        return fisc_gate_refuse(parser, 414, "URI_TOO_LONG", "The target is longer than 8 KB");
    }
    return check_method(parser);
}

/* Header lines --------------------------------------------------------------------------------- */

static bool
is_token(const char *text, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        if (!g_ascii_isalnum(text[i]) &&
            (text[i] == '\0' || strchr("!#$%&'*+-.^_`|~", text[i]) == NULL)) {
            return false;
        }
    }
    return length > 0;
}

static bool
is_listed(const char *const *names, gsize count, const char *name)
{
    for (gsize i = 0; i < count; i++) {
        if (g_ascii_strcasecmp(names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static const char *
find_header(const FiscGateParser *parser, const char *name)
{
    for (guint i = 0; i + 1 < parser->headers->len; i += 2) {
        if (g_ascii_strcasecmp(parser->headers->pdata[i], name) == 0) {
            return parser->headers->pdata[i + 1];
        }
    }
    return NULL;
}

static FiscGateStep
take_header_line(FiscGateParser *parser, const char *line)
{
    if (*line == ' ' || *line == '\t') {
        return fisc_gate_refuse_form(parser, "A header line is folded");
    }
    gsize length = strcspn(line, ":");
    if (line[length] != ':' || !is_token(line, length)) {
        return fisc_gate_refuse_form(parser, "A header line is not of the form Name: value");
    }
    if (!g_utf8_validate(line, -1, NULL)) {
        return fisc_gate_refuse_form(parser, "A header is not valid UTF-8");
    }
    if (parser->headers->len >= 2 * FISC_GATE_HEADERS_MAX) {
        return fisc_gate_refuse(parser, 431, "HEAD_TOO_LARGE",
                                "There are more than 100 header lines");
    }
    g_autofree char *name = g_strndup(line, length);
    if (is_listed(single_headers, G_N_ELEMENTS(single_headers), name) &&
        find_header(parser, name) != NULL) {
        return fisc_gate_refuse_form(parser, "A header that may stand once stands twice");
    }
    g_ptr_array_add(parser->headers, g_steal_pointer(&name));
    g_ptr_array_add(parser->headers, g_strstrip(g_strdup(line + length + 1)));
    return FISC_GATE_MORE;
}

/* The whole head ------------------------------------------------------------------------------- */

static FiscGateStep
check_target(FiscGateParser *parser)
{
    const char *host = find_header(parser, "Host");
    if (host == NULL && parser->minor == 1) {
        return fisc_gate_refuse_form(parser, "There is no Host");
    }
    if (host != NULL && !fisc_gate_host_is_valid(host)) {
        return fisc_gate_refuse_form(parser, "Host is no host");
    }
    const char *complaint =
        fisc_gate_target_read(parser->target, &parser->origin, &parser->path, &parser->authority);
    if (complaint != NULL) {
        return fisc_gate_refuse_form(parser, complaint);
    }
    if (parser->authority != NULL &&
        (host == NULL || g_ascii_strcasecmp(parser->authority, host) != 0)) {
        return fisc_gate_refuse_form(parser, "The target is of another host than Host");
    }
    return FISC_GATE_MORE;
}

static bool
read_length(const char *text, uint64_t *out_length)
{
    gsize digits = strspn(text, "0123456789");
    if (digits == 0 || digits > LENGTH_DIGITS_MAX || text[digits] != '\0') {
        return false;
    }
    *out_length = g_ascii_strtoull(text, NULL, 10);
    return true;
}

static FiscGateStep
check_framing(FiscGateParser *parser)
{
    const char *length = find_header(parser, "Content-Length");
    const char *coding = find_header(parser, "Transfer-Encoding");
    if (length != NULL && coding != NULL) {
        return fisc_gate_refuse_form(parser, "Content-Length stands beside Transfer-Encoding");
    }
    if (length != NULL && !read_length(length, &parser->head.length)) {
        return fisc_gate_refuse_form(parser, "Content-Length is no length");
    }
    if (coding != NULL && (parser->minor == 0 || g_ascii_strcasecmp(coding, "chunked") != 0)) {
        return fisc_gate_refuse_form(parser,
                                     "The only transfer coding is chunked, and in HTTP/1.1 alone");
    }
    parser->head.is_chunked = coding != NULL;
    parser->has_body = coding != NULL || parser->head.length > 0;
    bool is_reading = strcmp(parser->method, "GET") == 0 || strcmp(parser->method, "HEAD") == 0;
    if (parser->has_body && is_reading) {
        return fisc_gate_refuse_form(parser, "A GET or HEAD has no body");
    }
    return FISC_GATE_MORE;
}

static FiscGateStep
check_expectation(FiscGateParser *parser)
{
    const char *expected = find_header(parser, "Expect");
    if (expected != NULL && g_ascii_strcasecmp(expected, "100-continue") != 0) {
        return fisc_gate_refuse(parser, 417, "EXPECTATION_FAILED",
                                "Nothing but 100-continue can be expected");
    }
    parser->head.wants_continue = expected != NULL && parser->minor == 1 && parser->has_body;
    return FISC_GATE_MORE;
}

/* Whether "Connection: a, b" names @option in any of its lines. */
static bool
has_connection_option(const FiscGateParser *parser, const char *option)
{
    for (guint i = 0; i + 1 < parser->headers->len; i += 2) {
        if (g_ascii_strcasecmp(parser->headers->pdata[i], "Connection") != 0) {
            continue;
        }
        g_auto(GStrv) options = g_strsplit(parser->headers->pdata[i + 1], ",", -1);
        for (char **word = options; *word != NULL; word++) {
            if (g_ascii_strcasecmp(g_strstrip(*word), option) == 0) {
                return true;
            }
        }
    }
    return false;
}

static void
append_pair(GByteArray *out, const char *name, const char *value)
{
    fisc_gate_append(out, name);
    fisc_gate_append(out, ": ");
    fisc_gate_append(out, value);
    fisc_gate_append(out, "\r\n");
}

/* The head in the one form that the library sees. */
static void
write_head(const FiscGateParser *parser, GByteArray *out)
{
    g_autofree char *first =
        g_strdup_printf("%s %s HTTP/1.%d\r\n", parser->method, parser->origin, parser->minor);
    fisc_gate_append(out, first);
    for (guint i = 0; i + 1 < parser->headers->len; i += 2) {
        if (!is_listed(own_headers, G_N_ELEMENTS(own_headers), parser->headers->pdata[i])) {
            append_pair(out, parser->headers->pdata[i], parser->headers->pdata[i + 1]);
        }
    }
    append_pair(out, "Connection", parser->head.is_last ? "close" : "keep-alive");
    if (parser->head.is_chunked) {
        append_pair(out, "Transfer-Encoding", "chunked");
    } else if (parser->has_body || strcmp(parser->method, "GET") != 0) {
        g_autofree char *length = g_strdup_printf("%" G_GUINT64_FORMAT, parser->head.length);
        append_pair(out, "Content-Length", length);
    }
    fisc_gate_append(out, "\r\n");
}

static FiscGateStep
end_head(FiscGateParser *parser, GByteArray *out)
{
    FiscGateStep (*const checks[])(FiscGateParser *) = {check_target, check_framing,
                                                        check_expectation};
    if (parser->method == NULL) {
        return fisc_gate_refuse_form(parser, "There is no request line");
    }
    for (gsize i = 0; i < G_N_ELEMENTS(checks); i++) {
        FiscGateStep step = checks[i](parser);
        if (step != FISC_GATE_MORE) {
            return step;
        }
    }
    parser->head.method = parser->method;
    parser->head.path = parser->path;
    parser->head.is_last = has_connection_option(parser, "close") ||
                           (parser->minor == 0 && !has_connection_option(parser, "keep-alive"));
    write_head(parser, out);
    parser->state = HEAD_IS_WHOLE;
    return FISC_GATE_HEAD;
}

static FiscGateStep
end_line(FiscGateParser *parser, GByteArray *out)
{
    g_string_truncate(parser->line, parser->line->len - 1); /* its CR */
    FiscGateStep step = parser->line->len == 0   ? end_head(parser, out)
                        : parser->method == NULL ? take_request_line(parser, parser->line->str)
                                                 : take_header_line(parser, parser->line->str);
    g_string_truncate(parser->line, 0);
    return step;
}

FiscGateStep
fisc_gate_head_take(FiscGateParser *parser, char byte, GByteArray *out)
{
    GString *line = parser->line;
    bool is_after_cr = line->len > 0 && line->str[line->len - 1] == '\r';
    parser->head_size++;
    if (is_after_cr != (byte == '\n')) {
        return fisc_gate_refuse_form(parser, "A line does not end in CR LF");
    }
    if (byte == '\n') {
        return end_line(parser, out);
    }
    if (g_ascii_iscntrl(byte) && byte != '\t' && byte != '\r') {
        return fisc_gate_refuse_form(parser, "There is a control character in the head");
    }
    if (parser->method == NULL && line->len >= REQUEST_LINE_MAX) {
        return fisc_gate_refuse(parser, 414, "URI_TOO_LONG", "The target is longer than 8 KB");
    }
    if (parser->head_size > FISC_GATE_HEAD_MAX) {
        return fisc_gate_refuse(parser, 431, "HEAD_TOO_LARGE", "The head is longer than 32 KB");
    }
    g_string_append_c(line, byte);
    return FISC_GATE_MORE;
}
