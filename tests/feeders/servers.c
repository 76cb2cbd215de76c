/* servers.c: starts and ends the systems that books are taken from. */
#include "tests/feeders/servers.h"
#include "fisc/fetch.h"
#include "tests/support/suite.h"
#include <arpa/inet.h>
#include <gio/gio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define WAIT_STEPS 1200
#define WAIT_STEP_US (50 * 1000)

/* When the test dies, so does the server. */
static void
end_with_parent(gpointer data)
{
    (void)data;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
}

/* GET over the loopback; NULL when there is no whole answer. */
static char *
ask(int port, const char *path)
{
    static const char *const loopback[] = {"127.0.0.1", NULL};
    const FiscFetchRules rules = {.schemes = FISC_SCHEME_HTTP, .private_addresses = loopback};
    g_autofree char *url = g_strdup_printf("http://127.0.0.1:%d%s", port, path);
    const FiscFetchRequest request = {.url = url};
    g_autoptr(FiscFetchReply) reply = NULL;
    g_autoptr(GError) error = NULL;
    if (!fisc_fetch(&rules, &request, &reply, &error) || reply->status != 200) {
        return NULL;
    }
    gsize length = 0;
    const char *body = g_bytes_get_data(reply->body, &length);
    return g_strndup(body != NULL ? body : "", length);
}

/* ---- source.py ---- */

static void
read_ports(Source *source)
{
    GInputStream *output = g_subprocess_get_stdout_pipe(source->process);
    g_autoptr(GDataInputStream) lines = g_data_input_stream_new(output);
    for (;;) {
        g_autofree char *line = g_data_input_stream_read_line(lines, NULL, NULL, NULL);
        if (line == NULL) {
            g_error("the source did not start: it needs python3 and openssl");
        } else if (g_str_has_prefix(line, "http ")) {
            source->http = atoi(line + 5);
        } else if (g_str_has_prefix(line, "good ")) {
            source->tls = atoi(line + 5);
        } else if (g_str_has_prefix(line, "api ")) {
            source->api = atoi(line + 4);
        } else if (strcmp(line, "ready") == 0) {
            return;
        }
    }
}

Source *
source_start(void)
{
    g_autoptr(GError) error = NULL;
    Source *source = g_new0(Source, 1);
    source->folder = g_dir_make_tmp("fisc-source-XXXXXX", NULL);
    source->process = g_subprocess_new(
        G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, "python3", "-B",
        FISC_SOURCE_DIR "/tests/feeders/source.py", source->folder, NULL);
    if (source->process == NULL) {
        g_error("%s", error->message);
    }
    read_ports(source);
    return source;
}

void
source_stop(Source *source)
{
    const char *const words[] = {"rm", "-rf", source->folder, NULL};
    g_output_stream_close(g_subprocess_get_stdin_pipe(source->process), NULL, NULL);
    g_subprocess_wait(source->process, NULL, NULL);
    g_object_unref(source->process);
    g_spawn_sync(NULL, (char **)words, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                 NULL);
    g_free(source->folder);
    g_free(source);
}

char *
source_ask(const Source *source, const char *path)
{
    return ask(source->http, path);
}

int
source_count(const Source *source, int status)
{
    g_autofree char *path = g_strdup_printf("/count/%d", status);
    g_autofree char *answer = ask(source->http, path);
    return answer != NULL ? atoi(answer) : -1;
}

/* ---- hledger-web ---- */

const char *
hledger_missing(void)
{
    g_autofree char *web = g_find_program_in_path("hledger-web");
    g_autofree char *command = g_find_program_in_path("hledger");
    return web == NULL || command == NULL
               ? "there is no hledger and hledger-web (packages hledger, hledger-web)"
               : NULL;
}

/* Free at this moment. */
static int
find_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool is_bound = fd >= 0 && bind(fd, (struct sockaddr *)&address, length) == 0 &&
                    getsockname(fd, (struct sockaddr *)&address, &length) == 0;
    close(fd);
    return is_bound ? ntohs(address.sin_port) : -1;
}

void
hledger_start(HledgerWeb *web)
{
    web->port = web->port != 0 ? web->port : find_port();
    g_autofree char *port = g_strdup_printf("%d", web->port);
    g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(
        G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
    g_subprocess_launcher_set_child_setup(launcher, end_with_parent, NULL, NULL);
    web->process =
        g_subprocess_launcher_spawn(launcher, NULL, "hledger-web", "--serve-api", "-f",
                                    web->journal, "--host", "127.0.0.1", "--port", port, NULL);
    for (int i = 0; web->process != NULL && i < WAIT_STEPS; i++) {
        g_autofree char *version = ask(web->port, "/version");
        if (version != NULL) {
            return;
        }
        g_usleep(WAIT_STEP_US);
    }
    g_error("hledger-web did not start");
}

void
hledger_stop(HledgerWeb *web)
{
    g_subprocess_send_signal(web->process, SIGTERM);
    g_subprocess_wait(web->process, NULL, NULL);
    g_clear_object((GSubprocess **)&web->process);
}
