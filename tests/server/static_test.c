/* static_test.c mirrors app/server/static.c: which bytes a path gives, and which it must not. */
#include "app/server/static.h"
#include "tests/support/suite.h"
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define PAGE "<!doctype html><title>fisc</title>\n"
#define SCRIPT "console.log(1)\n"
#define SMALL "as if compressed"
#define SECRET "not for the world\n"

extern const FiscTest fisc_static_tests[];
int fisc_static_set_up(void);
int fisc_static_tear_down(void);

static char *outside; /* holds secret.txt and web/ */
static char *web;

static void
put(const char *folder, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_file_set_contents(path, text, -1, NULL);
}

int
fisc_static_set_up(void)
{
    outside = g_dir_make_tmp("fisc-static-XXXXXX", NULL);
    web = g_build_filename(outside, "web", NULL);
    g_autofree char *assets = g_build_filename(web, "assets", NULL);
    g_autofree char *secret = g_build_filename(outside, "secret.txt", NULL);
    g_autofree char *link = g_build_filename(web, "link.txt", NULL);
    g_autofree char *folder_link = g_build_filename(web, "out", NULL);
    g_mkdir_with_parents(assets, 0700);
    put(outside, "secret.txt", SECRET);
    put(web, "index.html", PAGE);
    put(web, "robots.txt", "no\n");
    put(web, ".hidden.txt", SECRET);
    put(assets, "main-1A2B.js", SCRIPT);
    put(assets, "main-1A2B.js.gz", SMALL);
    put(assets, "main-1A2B.css", "body{}");
    put(assets, "key.pem", SECRET);
    return symlink(secret, link) != 0 || symlink(outside, folder_link) != 0;
}

int
fisc_static_tear_down(void)
{
    const char *names[] = {"web/assets/main-1A2B.js",
                           "web/assets/main-1A2B.js.gz",
                           "web/assets/main-1A2B.css",
                           "web/assets/key.pem",
                           "web/assets",
                           "web/index.html",
                           "web/robots.txt",
                           "web/.hidden.txt",
                           "web/link.txt",
                           "web/out",
                           "web",
                           "secret.txt"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(outside, names[i], NULL);
        g_remove(path);
    }
    int status = g_rmdir(outside);
    g_clear_pointer(&outside, g_free);
    g_clear_pointer(&web, g_free);
    return status;
}

/* Asking ----------------------------------------------------------------------------------------
 */

typedef struct {
    FiscHttpReply reply;
    bool is_answered;
    char *body;
} Asked;

static void
asked_clear(Asked *asked)
{
    g_ptr_array_unref(asked->reply.headers);
    g_byte_array_unref(asked->reply.body);
    g_free(asked->body);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Asked, asked_clear)

static Asked
ask(const char *method, const char *path, const char *name, const char *value)
{
    Asked asked = {.reply = {.status = 200,
                             .headers = g_ptr_array_new_with_free_func(g_free),
                             .body = g_byte_array_new()}};
    g_autoptr(GPtrArray) headers = g_ptr_array_new();
    if (name != NULL) {
        g_ptr_array_add(headers, (char *)name);
        g_ptr_array_add(headers, (char *)value);
    }
    FiscHttpRequest request = {.method = method, .path = path, .headers = headers};
    asked.is_answered = fisc_static_answer(web, &request, &asked.reply);
    asked.body = g_strndup((const char *)asked.reply.body->data, asked.reply.body->len);
    return asked;
}

static const char *
header_of(const Asked *asked, const char *name)
{
    const GPtrArray *headers = asked->reply.headers;
    for (guint i = 0; i + 1 < headers->len; i += 2) {
        if (strcmp(headers->pdata[i], name) == 0) {
            return headers->pdata[i + 1];
        }
    }
    return NULL;
}

/* Tests -----------------------------------------------------------------------------------------
 */

static void
gives_files_by_their_type(void)
{
    static const struct {
        const char *path, *type, *body, *cache;
    } cases[] = {
        {"/", "text/html; charset=utf-8", PAGE, "no-store"},
        {"/index.html", "text/html; charset=utf-8", PAGE, "no-store"},
        {"/statements/gfs", "text/html; charset=utf-8", PAGE, "no-store"},
        {"/documents/INV-1.2", "text/html; charset=utf-8", PAGE, "no-store"},
        {"/assets", "text/html; charset=utf-8", PAGE, "no-store"},
        {"/v1x", "text/html; charset=utf-8", PAGE, "no-store"},
        {"/robots.txt", "text/plain; charset=utf-8", "no\n", "no-cache"},
        {"/assets/main-1A2B.js", "text/javascript; charset=utf-8", SCRIPT,
         "public, max-age=31536000, immutable"},
        {"/assets/main-1A2B.css", "text/css; charset=utf-8", "body{}",
         "public, max-age=31536000, immutable"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(Asked) asked = ask("GET", cases[i].path, NULL, NULL);
        CU_ASSERT(asked.is_answered);
        FISC_ASSERT_INT(asked.reply.status, 200);
        FISC_ASSERT_TEXT(header_of(&asked, "Content-Type"), cases[i].type);
        FISC_ASSERT_TEXT(header_of(&asked, "Cache-Control"), cases[i].cache);
        FISC_ASSERT_TEXT(asked.body, cases[i].body);
    }
}

static void
leaves_alone_what_is_not_a_file_of_the_workplace(void)
{
    static const char *const paths[] = {
        "/v1",
        "/v1/",
        "/v1/nothing",
        "/assets/none.js",
        "/none.txt",
        "/assets/",
        "/assets/key.pem",
        "/assets/main-1A2B.js.gz",
        "/.hidden.txt",
        "/../secret.txt",
        "/assets/../../secret.txt",
        "/..",
        "/./index.html",
        "/../web/index.html",
        "//etc/passwd",
        "//secret.txt",
        "/assets//a.js",
        "/assets/..\\secret.txt",
        "/link.txt",
        "/out/secret.txt",
        "/a\nb.txt",
        "/assets/.././index.html",
        "index.html",
        "",
        "/none/../index.html",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_auto(Asked) asked = ask("GET", paths[i], NULL, NULL);
        FISC_ASSERT_TEXT(asked.is_answered ? paths[i] : "", "");
        FISC_ASSERT_INT(asked.reply.headers->len, 0);
        FISC_ASSERT_INT(asked.reply.body->len, 0);
    }
}

static void
answers_only_reading(void)
{
    static const char *const methods[] = {"POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
    for (gsize i = 0; i < G_N_ELEMENTS(methods); i++) {
        g_auto(Asked) asked = ask(methods[i], "/", NULL, NULL);
        FISC_ASSERT_INT(asked.is_answered, false);
    }
    g_auto(Asked) head = ask("HEAD", "/", NULL, NULL);
    FISC_ASSERT_INT(head.is_answered, true);
    FISC_ASSERT_TEXT(header_of(&head, "Content-Type"), "text/html; charset=utf-8");
}

static void
sends_the_compressed_copy_to_who_takes_it(void)
{
    static const struct {
        const char *accepted, *encoding, *body;
    } cases[] = {
        {"gzip", "gzip", SMALL},
        {"br, gzip;q=0.5", "gzip", SMALL},
        {"deflate, GZIP", "gzip", SMALL},
        {"gzip;q=0", NULL, SCRIPT},
        {"gzip; q=0.000", NULL, SCRIPT},
        {"br", NULL, SCRIPT},
        {"", NULL, SCRIPT},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(Asked) asked =
            ask("GET", "/assets/main-1A2B.js", "Accept-Encoding", cases[i].accepted);
        FISC_ASSERT_TEXT(header_of(&asked, "Content-Encoding"), cases[i].encoding);
        FISC_ASSERT_TEXT(header_of(&asked, "Vary"), "Accept-Encoding");
        FISC_ASSERT_TEXT(asked.body, cases[i].body);
    }
    g_auto(Asked) without_copy = ask("GET", "/assets/main-1A2B.css", "Accept-Encoding", "gzip");
    FISC_ASSERT_TEXT(header_of(&without_copy, "Content-Encoding"), NULL);
    FISC_ASSERT_TEXT(without_copy.body, "body{}");
}

static void
says_not_modified_by_the_tag(void)
{
    g_auto(Asked) first = ask("GET", "/robots.txt", NULL, NULL);
    const char *tag = header_of(&first, "ETag");
    CU_ASSERT_PTR_NOT_NULL_FATAL(tag);
    g_auto(Asked) again = ask("GET", "/robots.txt", "If-None-Match", tag);
    FISC_ASSERT_INT(again.reply.status, 304);
    FISC_ASSERT_INT(again.reply.body->len, 0);
    put(web, "robots.txt", "yes\n");
    g_auto(Asked) changed = ask("GET", "/robots.txt", "If-None-Match", tag);
    FISC_ASSERT_INT(changed.reply.status, 200);
    FISC_ASSERT_TEXT(changed.body, "yes\n");
    put(web, "robots.txt", "no\n");
}

static void
allows_the_page_nothing_from_elsewhere(void)
{
    static const struct {
        const char *name, *value;
    } headers[] = {
        {"Content-Security-Policy",
         "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
         "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; "
         "frame-ancestors 'none'"},
        {"X-Content-Type-Options", "nosniff"},
        {"X-Frame-Options", "DENY"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
    };
    static const char *const paths[] = {"/", "/position", "/assets/main-1A2B.js"};
    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_auto(Asked) asked = ask("GET", paths[i], NULL, NULL);
        for (gsize at = 0; at < G_N_ELEMENTS(headers); at++) {
            FISC_ASSERT_TEXT(header_of(&asked, headers[at].name), headers[at].value);
        }
    }
}

static void
refuses_a_directory_without_workplace(void)
{
    g_autoptr(GError) error = NULL;
    FISC_ASSERT_INT(fisc_static_check(web, &error), true);
    FISC_ASSERT_INT(fisc_static_check(outside, &error), false);
    CU_ASSERT_PTR_NOT_NULL_FATAL(error);
    FISC_ASSERT_INT(error->code, FISC_ERROR_SETUP);
    FISC_ASSERT_CONTAINS(error->message, "web/build.sh");
}

/* Which every path of the server must survive: without a directory nothing is a file. */
static void
serves_nothing_without_a_directory(void)
{
    FiscHttpReply reply = {.status = 200};
    FiscHttpRequest request = {.method = "GET", .path = "/"};
    FISC_ASSERT_INT(fisc_static_answer(NULL, &request, &reply), false);
}

const FiscTest fisc_static_tests[] = {
    {"gives files by their type, and the page where a path names none", gives_files_by_their_type},
    {"leaves alone what is not a file of the workplace, however it is written",
     leaves_alone_what_is_not_a_file_of_the_workplace},
    {"answers only reading", answers_only_reading},
    {"sends the compressed copy to who takes it", sends_the_compressed_copy_to_who_takes_it},
    {"says not modified by the tag", says_not_modified_by_the_tag},
    {"allows the page nothing from elsewhere", allows_the_page_nothing_from_elsewhere},
    {"refuses a directory without workplace", refuses_a_directory_without_workplace},
    {"serves nothing without a directory", serves_nothing_without_a_directory},
    {NULL, NULL},
};
