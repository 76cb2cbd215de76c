/* evil.c: starts the evil peer, learns its ports, asks it what it has seen. It ends when its
 * standard input does, so also when the test dies. */
#include "tests/net/evil.h"
#include "tests/support/suite.h"
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

static struct {
    GSubprocess *process;
    GHashTable *ports; /* name -> GINT */
    char *folder;
    char *ca_file;
} evil;

static void
read_ports(void)
{
    GInputStream *output = g_subprocess_get_stdout_pipe(evil.process);
    g_autoptr(GDataInputStream) lines = g_data_input_stream_new(output);
    for (;;) {
        g_autofree char *line = g_data_input_stream_read_line(lines, NULL, NULL, NULL);
        if (line == NULL) {
            g_error("the evil peer did not start: it needs python3 and openssl");
        }
        if (strcmp(line, "ready") == 0) {
            return;
        }
        char *space = strchr(line, ' ');
        g_assert(space != NULL);
        g_hash_table_insert(evil.ports, g_strndup(line, (gsize)(space - line)),
                            GINT_TO_POINTER(atoi(space + 1)));
    }
}

void
fisc_evil_start(void)
{
    g_autoptr(GError) error = NULL;
    evil.folder = g_dir_make_tmp("fisc-evil-XXXXXX", &error);
    if (evil.folder == NULL) {
        g_error("%s", error->message);
    }
    evil.ca_file = g_build_filename(evil.folder, "ca.pem", NULL);
    evil.ports = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    evil.process = g_subprocess_new(G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                                    &error, "python3", "-B", "-W", "ignore",
                                    FISC_SOURCE_DIR "/tests/net/evil.py", evil.folder, NULL);
    if (evil.process == NULL) {
        g_error("%s", error->message);
    }
    read_ports();
}

static void
remove_folder(const char *path)
{
    g_autoptr(GDir) names = g_dir_open(path, 0, NULL);
    const char *name = NULL;
    while (names != NULL && (name = g_dir_read_name(names)) != NULL) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        g_unlink(file);
    }
    g_rmdir(path);
}

void
fisc_evil_stop(void)
{
    g_output_stream_close(g_subprocess_get_stdin_pipe(evil.process), NULL, NULL);
    g_subprocess_wait(evil.process, NULL, NULL);
    g_clear_object(&evil.process);
    g_clear_pointer(&evil.ports, g_hash_table_unref);
    remove_folder(evil.folder);
    g_clear_pointer(&evil.folder, g_free);
    g_clear_pointer(&evil.ca_file, g_free);
}

FiscFetchRules
fisc_evil_rules(void)
{
    static const char *const loopback[] = {"127.0.0.1", NULL};
    return (FiscFetchRules){
        .schemes = FISC_SCHEME_HTTP | FISC_SCHEME_HTTPS,
        .private_addresses = loopback,
        .ca_file = evil.ca_file,
        .stall_s = 30,
        .bytes_max = 4 * 1024 * 1024,
    };
}

int
fisc_evil_port(const char *place)
{
    int port = GPOINTER_TO_INT(g_hash_table_lookup(evil.ports, place));
    g_assert(port > 0);
    return port;
}

char *
fisc_evil_name(const char *place)
{
    return g_strdup_printf("127.0.0.1:%d", fisc_evil_port(place));
}

char *
fisc_evil_url(const char *place, const char *path)
{
    const char *scheme = strcmp(place, "http") == 0 ? "http" : "https";
    return g_strdup_printf("%s://127.0.0.1:%d%s", scheme, fisc_evil_port(place), path);
}

char *
fisc_evil_file(const char *name)
{
    return g_build_filename(evil.folder, name, NULL);
}

bool
fisc_evil_get(const FiscFetchRules *rules, const char *path, FiscFetchReply **out_reply,
              GError **error)
{
    g_autofree char *url = fisc_evil_url("http", path);
    const FiscFetchRequest request = {.url = url};
    return fisc_fetch(rules, &request, out_reply, error);
}

static int
ask_number(const char *path)
{
    const FiscFetchRules rules = fisc_evil_rules();
    g_autoptr(FiscFetchReply) reply = NULL;
    g_autoptr(GError) error = NULL;
    if (!fisc_evil_get(&rules, path, &reply, &error)) {
        g_error("the evil peer does not answer: %s", error->message);
    }
    g_autofree char *body = fisc_evil_body(reply);
    return atoi(body);
}

int
fisc_evil_count_seen(const char *path)
{
    g_autofree char *question = g_strconcat("/seen?", path, NULL);
    return ask_number(question);
}

int
fisc_evil_count_opened(const char *place)
{
    g_autofree char *question = g_strdup_printf("/opened?%d", fisc_evil_port(place));
    return ask_number(question);
}

int
fisc_evil_open_cutter(int port, int bytes)
{
    g_autofree char *question = g_strdup_printf("/cutter/%d/%d", port, bytes);
    return ask_number(question);
}

const char *
fisc_evil_code(const GError *error)
{
    if (error == NULL) {
        return "none";
    }
    return error->domain == FISC_ERROR ? fisc_error_name(error->code) : error->message;
}

char *
fisc_evil_body(const FiscFetchReply *reply)
{
    gsize length = 0;
    const char *body = g_bytes_get_data(reply->body, &length);
    return g_strndup(body != NULL ? body : "", length);
}
