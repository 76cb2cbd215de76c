/* node.c: starts, kills and asks servers that are processes. */
#include "tests/server/node.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define LISTENS "fisc listens on port "

static void
launch(Node *node)
{
    char *argv[18] = {(char *)FISC_PROGRAM};
    gint out = -1;
    g_autoptr(GError) error = NULL;
    memcpy(argv + 1, node->words, sizeof(node->words));
    if (!g_spawn_async_with_pipes(NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
                                  &node->pid, NULL, &out, NULL, &error)) {
        g_error("%s", error->message);
    }
    FILE *said = fdopen(out, "r");
    char line[256] = "";
    if (fgets(line, sizeof(line), said) == NULL || !g_str_has_prefix(line, LISTENS)) {
        g_error("a server did not start: %s", line);
    }
    fclose(said);
    g_atomic_int_set(&node->port, (gint)g_ascii_strtoll(line + strlen(LISTENS), NULL, 10));
}

Node *
node_start(const char *place, const char *value, const char *more)
{
    Node *node = g_new0(Node, 1);
    const char *words[] = {place,   value,  "serve",           "--listen", "127.0.0.1:0",
                           "--log", "none", "--drain-seconds", "5",        more};
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        node->words[i] = g_strdup(words[i]);
    }
    launch(node);
    return node;
}

static int
stop(Node *node, int signal_number)
{
    int status = 0;
    g_atomic_int_set(&node->port, 0);
    if (node->pid != 0) {
        kill(node->pid, signal_number);
        waitpid(node->pid, &status, 0);
        g_spawn_close_pid(node->pid);
        node->pid = 0;
    }
    return status;
}

void
node_kill(Node *node)
{
    stop(node, SIGKILL);
}

int
node_end(Node *node)
{
    int status = stop(node, SIGTERM);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void
node_restart(Node *node)
{
    launch(node);
}

void
node_free(Node *node)
{
    if (node != NULL) {
        node_kill(node);
        for (gsize i = 0; i < G_N_ELEMENTS(node->words); i++) {
            g_free(node->words[i]);
        }
        g_free(node);
    }
}

static int
connect_to(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int own = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (own >= 0 && connect(own, (struct sockaddr *)&address, sizeof(address)) != 0) {
        close(own);
        return -1;
    }
    return own;
}

bool
node_ask(int port, const char *method, const char *path, const char *headers, const char *body,
         ServingAnswer *out_answer)
{
    int own = port > 0 ? connect_to(port) : -1;
    if (own < 0) {
        return false;
    }
    g_autoptr(ServingLink) link = serving_link_new(own);
    g_autofree char *request = g_strdup_printf(
        "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%sContent-Length: %zu\r\n\r\n%s",
        method, path, headers != NULL ? headers : "", body != NULL ? strlen(body) : 0,
        body != NULL ? body : "");
    return serving_link_send(link, request, -1) && serving_link_receive(link, false, out_answer);
}

int64_t
node_batch(const Node *node)
{
    g_auto(ServingAnswer) answer = {0};
    if (!node_ask(g_atomic_int_get(&node->port), "GET", "/healthz", NULL, NULL, &answer)) {
        return -1;
    }
    const char *batch = serving_answer_header(&answer, "fisc-batch");
    return batch != NULL ? g_ascii_strtoll(batch, NULL, 10) : -1;
}
