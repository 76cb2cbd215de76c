/* static.c: the files of the workplace. Paths are walked name by name below the directory, without
 * following a single link, so nothing outside can be named. Compressing and hashing are done when
 * the workplace is built: here files are only handed out. */
#include "app/server/static.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define INDEX "index.html"
#define HASHED "/assets/" /* names below carry a hash of their content */
#define FILE_MAX (8 * 1024 * 1024)

#define POLICY                                                                                     \
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "              \
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; "                   \
    "frame-ancestors 'none'"

/* A suffix that is not listed is no suffix: "/documents/INV-1.2" is a place, not a file. */
static const struct {
    const char *suffix, *type;
} types[] = {
    {".css", "text/css; charset=utf-8"},
    {".html", "text/html; charset=utf-8"},
    {".ico", "image/x-icon"},
    {".js", "text/javascript; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".png", "image/png"},
    {".svg", "image/svg+xml"},
    {".txt", "text/plain; charset=utf-8"},
    {".webmanifest", "application/manifest+json"},
    {".woff2", "font/woff2"},
};

static const struct {
    const char *name, *value;
} page_headers[] = {
    {"Content-Security-Policy", POLICY},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"},
    {"Referrer-Policy", "no-referrer"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
};

static const char *
find_type(const char *path)
{
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
        if (g_str_has_suffix(path, types[i].suffix)) {
            return types[i].type;
        }
    }
    return NULL;
}

/* "assets/main-ABC.js": no empty name, none that begins with a point, nothing that some system
 * would read as something else. */
static bool
is_plain(const char *path)
{
    bool begins = true;
    for (const char *c = path; *c != '\0'; c++) {
        if (*c == '\\' || (guchar)*c < ' ' || *c == 0x7f || (begins && (*c == '/' || *c == '.'))) {
            return false;
        }
        begins = *c == '/';
    }
    return !begins;
}

/* -1: there is no such regular file below the directory, reached without links. */
static int
open_below(const char *directory, const char *path)
{
    g_auto(GStrv) names = g_strsplit(path, "/", -1);
    int at = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (char **name = names; at >= 0 && *name != NULL; name++) {
        int kind = name[1] != NULL ? O_DIRECTORY : O_NONBLOCK; /* a pipe must not hold us up */
        int next = openat(at, *name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | kind);
        close(at);
        at = next;
    }
    struct stat status;
    if (at >= 0 && (fstat(at, &status) != 0 || !S_ISREG(status.st_mode))) {
        close(at);
        at = -1;
    }
    return at;
}

/* The whole file, and what tells this version from the next. */
static bool
read_below(const char *directory, const char *path, GByteArray *out_bytes, char **out_tag)
{
    int file = open_below(directory, path);
    struct stat status;
    if (file < 0) {
        return false;
    }
    bool is_read = fstat(file, &status) == 0 && status.st_size <= FILE_MAX;
    g_byte_array_set_size(out_bytes, is_read ? (guint)status.st_size : 0);
    for (guint at = 0; is_read && at < out_bytes->len;) {
        gssize count = read(file, out_bytes->data + at, out_bytes->len - at);
        is_read = count > 0 || (count < 0 && errno == EINTR);
        at += count > 0 ? (guint)count : 0;
    }
    close(file);
    if (is_read) {
        g_autofree char *sum =
            g_compute_checksum_for_data(G_CHECKSUM_SHA256, out_bytes->data, out_bytes->len);
        *out_tag = g_strdup_printf("\"%.32s\"", sum);
    }
    return is_read;
}

/* "gzip", but not "gzip;q=0". */
static bool
takes_gzip(const FiscHttpRequest *request)
{
    const char *header = fisc_http_header(request, "Accept-Encoding");
    g_auto(GStrv) words = g_strsplit(header != NULL ? header : "", ",", 16);
    for (char **word = words; *word != NULL; word++) {
        g_auto(GStrv) parts = g_strsplit(*word, ";", 2);
        if (parts[0] == NULL || g_ascii_strcasecmp(g_strstrip(parts[0]), "gzip") != 0) {
            continue;
        }
        const char *weight = parts[1] != NULL ? g_strstrip(parts[1]) : "q=1";
        return strncmp(weight, "q=", 2) != 0 || strpbrk(weight + 2, "123456789") != NULL;
    }
    return false;
}

/* One tag of "a", W/"b", or "*". */
static bool
knows_tag(const FiscHttpRequest *request, const char *tag)
{
    const char *header = fisc_http_header(request, "If-None-Match");
    return header != NULL && (strcmp(header, "*") == 0 || strstr(header, tag) != NULL);
}

static void
set_headers(FiscHttpReply *reply, const char *path, const char *tag)
{
    for (gsize i = 0; i < G_N_ELEMENTS(page_headers); i++) {
        fisc_http_reply_header(reply, page_headers[i].name, page_headers[i].value);
    }
    bool is_hashed = g_str_has_prefix(path, HASHED + 1);
    fisc_http_reply_header(reply, "Cache-Control",
                           is_hashed                  ? "public, max-age=31536000, immutable"
                           : strcmp(path, INDEX) == 0 ? "no-store"
                                                      : "no-cache");
    fisc_http_reply_header(reply, "ETag", tag);
    fisc_http_reply_header(reply, "Vary", "Accept-Encoding");
}

static bool
send_file(const char *directory, const char *path, const FiscHttpRequest *request,
          FiscHttpReply *reply)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_autofree char *small = g_strconcat(path, ".gz", NULL);
    g_autofree char *tag = NULL;
    bool is_small = takes_gzip(request) && read_below(directory, small, bytes, &tag);
    if (!is_small && !read_below(directory, path, bytes, &tag)) {
        return false;
    }
    set_headers(reply, path, tag);
    if (knows_tag(request, tag)) {
        reply->status = 304;
        return true;
    }
    if (is_small) {
        fisc_http_reply_header(reply, "Content-Encoding", "gzip");
    }
    fisc_http_reply_body(reply, find_type(path), bytes->data, (gssize)bytes->len);
    return true;
}

bool
fisc_static_check(const char *directory, GError **error)
{
    int file = open_below(directory, INDEX);
    if (file < 0) {
        return fisc_fail(error, FISC_ERROR_SETUP,
                         "%s holds no workplace: web/build.sh DIRECTORY makes one", directory);
    }
    close(file);
    return true;
}

bool
fisc_static_answer(const char *directory, const FiscHttpRequest *request, FiscHttpReply *reply)
{
    const char *path = request->path;
    bool is_read = strcmp(request->method, "GET") == 0 || strcmp(request->method, "HEAD") == 0;
    if (directory == NULL || !is_read || path[0] != '/' || strcmp(path, "/v1") == 0 ||
        g_str_has_prefix(path, "/v1/")) {
        return false;
    }
    if (strcmp(path, "/") == 0) {
        return send_file(directory, INDEX, request, reply);
    }
    if (!is_plain(path + 1)) {
        return false;
    }
    bool is_file = find_type(path) != NULL || g_str_has_prefix(path, HASHED);
    if (is_file && find_type(path) == NULL) {
        return false; /* also the compressed copies by their own names */
    }
    return send_file(directory, is_file ? path + 1 : INDEX, request, reply);
}
