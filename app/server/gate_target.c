/* gate_target.c: the target of a request: one path that has one reading, whoever decodes it. */
#include "app/server/gate_parse.h"
#include <string.h>

#define TARGET_PUNCTUATION "-._~!$&'()*+,;=:@/?%[]{}|^`"
#define HOST_PUNCTUATION "-._~:[]"

static bool
is_made_of(const char *text, const char *punctuation)
{
    for (const char *c = text; *c != '\0'; c++) {
        if (!g_ascii_isalnum(*c) && strchr(punctuation, *c) == NULL) {
            return false;
        }
    }
    return true;
}

bool
fisc_gate_host_is_valid(const char *host)
{
    return *host != '\0' && is_made_of(host, HOST_PUNCTUATION);
}

/* "%41": its value; -1 when these are no three bytes of that form. */
static int
octet_at(const char *text)
{
    if (text[0] != '%' || !g_ascii_isxdigit(text[1]) || !g_ascii_isxdigit(text[2])) {
        return -1;
    }
    return g_ascii_xdigit_value(text[1]) * 16 + g_ascii_xdigit_value(text[2]);
}

/* Once; NULL when there is a % without two digits, or a NUL. Caller frees. */
static char *
decode(const char *text)
{
    GString *decoded = g_string_sized_new(strlen(text));
    for (const char *c = text; *c != '\0'; c++) {
        int octet = *c == '%' ? octet_at(c) : (guchar)*c;
        if (octet <= 0) {
            g_string_free(decoded, TRUE);
            return NULL;
        }
        c += *c == '%' ? 2 : 0;
        g_string_append_c(decoded, (char)octet);
    }
    return g_string_free(decoded, FALSE);
}

static bool
has_control(const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        if (g_ascii_iscntrl(*c)) {
            return true;
        }
    }
    return false;
}

static bool
has_dot_segment(const char *path)
{
    for (const char *segment = path; segment != NULL;) {
        const char *end = strchr(segment, '/');
        gsize length = end != NULL ? (gsize)(end - segment) : strlen(segment);
        if ((length == 1 && segment[0] == '.') ||
            (length == 2 && segment[0] == '.' && segment[1] == '.')) {
            return true;
        }
        segment = end != NULL ? end + 1 : NULL;
    }
    return false;
}

/* Whether somebody who decodes once more would read another path. */
static bool
is_encoded_again(const char *decoded)
{
    for (const char *c = decoded; *c != '\0'; c++) {
        if (octet_at(c) >= 0) {
            return true;
        }
    }
    return false;
}

static const char *
complaint_of_path(const char *decoded)
{
    if (decoded == NULL) {
        return "The path is wrongly encoded";
    }
    if (!g_utf8_validate(decoded, -1, NULL)) {
        return "The path is not valid UTF-8";
    }
    if (has_control(decoded) || strchr(decoded, '\\') != NULL) {
        return "The path holds a character that may not stand there";
    }
    if (has_dot_segment(decoded)) {
        return "The path holds a dot segment";
    }
    return is_encoded_again(decoded) ? "The path is encoded twice" : NULL;
}

static const char *
complaint_of_query(const char *query)
{
    g_autofree char *decoded = decode(query);
    if (decoded == NULL) {
        return "The query is wrongly encoded";
    }
    return g_utf8_validate(decoded, -1, NULL) ? NULL : "The query is not valid UTF-8";
}

/* "http://host/path?query": takes the host off. False when it is of no scheme of ours. */
static bool
split_absolute(const char **target, char **out_authority)
{
    static const char *const schemes[] = {"http://", "https://"};
    for (gsize i = 0; i < G_N_ELEMENTS(schemes); i++) {
        gsize length = strlen(schemes[i]);
        if (g_ascii_strncasecmp(*target, schemes[i], length) == 0) {
            gsize host = strcspn(*target + length, "/?");
            *out_authority = g_strndup(*target + length, host);
            *target += length + host;
            return true;
        }
    }
    return false;
}

const char *
fisc_gate_target_read(const char *target, char **out_origin, char **out_path, char **out_authority)
{
    g_autofree char *authority = NULL;
    if (!is_made_of(target, TARGET_PUNCTUATION)) {
        return "The target holds a character that may not stand there";
    }
    if (*target != '/' && !split_absolute(&target, &authority)) {
        return "The target is neither a path nor an address";
    }
    g_autofree char *origin = g_strconcat(*target == '/' ? "" : "/", target, NULL);
    gsize length = strcspn(origin, "?");
    g_autofree char *raw_path = g_strndup(origin, length);
    g_autofree char *path = decode(raw_path);
    const char *complaint = complaint_of_path(path);
    if (complaint == NULL && origin[length] == '?') {
        complaint = complaint_of_query(origin + length + 1);
    }
    if (complaint == NULL) {
        *out_origin = g_steal_pointer(&origin);
        *out_path = g_steal_pointer(&path);
        *out_authority = g_steal_pointer(&authority);
    }
    return complaint;
}
