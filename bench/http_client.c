/* http_client.c: see http_client.h. */
#include "bench/http_client.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define WAIT_S 60

struct _FiscBenchHttp {
    int socket;
    char *token;
    GString *request, *answer;
    gsize body_at;
};

FiscBenchHttp *
fisc_bench_http_new(int port, const char *token, GError **error)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const struct timeval wait = {.tv_sec = WAIT_S};
    const int on = 1;
    int connected = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connected < 0 ||
        connect(connected, (const struct sockaddr *)&address, sizeof address) != 0) {
        fisc_fail(error, FISC_ERROR_IO, "connecting to port %d: %s", port, strerror(errno));
        if (connected >= 0) {
            close(connected);
        }
        return NULL;
    }
    setsockopt(connected, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    setsockopt(connected, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    FiscBenchHttp *client = g_new0(FiscBenchHttp, 1);
    client->socket = connected;
    client->token = g_strdup(token);
    client->request = g_string_new(NULL);
    client->answer = g_string_new(NULL);
    return client;
}

void
fisc_bench_http_free(FiscBenchHttp *client)
{
    if (client != NULL) {
        close(client->socket);
        g_free(client->token);
        g_string_free(client->request, TRUE);
        g_string_free(client->answer, TRUE);
        g_free(client);
    }
}

const char *
fisc_bench_http_body(const FiscBenchHttp *client)
{
    return client->answer->str + client->body_at;
}

static void
write_request(FiscBenchHttp *client, const char *method, const char *path, const char *key,
              const char *body)
{
    g_string_printf(client->request,
                    "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n", method,
                    path, client->token);
    if (key != NULL) {
        g_string_append_printf(client->request, "Idempotency-Key: %s\r\n", key);
    }
    if (body != NULL) {
        g_string_append_printf(client->request,
                               "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                               strlen(body), body);
    } else {
        g_string_append(client->request, "\r\n");
    }
}

static bool
send_all(int to, const GString *text, GError **error)
{
    gsize sent = 0;
    while (sent < text->len) {
        ssize_t count =
            TEMP_FAILURE_RETRY(send(to, text->str + sent, text->len - sent, MSG_NOSIGNAL));
        if (count <= 0) {
            return fisc_fail(error, FISC_ERROR_IO, "sending a request: %s", strerror(errno));
        }
        sent += (gsize)count;
    }
    return true;
}

/* How long the whole answer is; 0 while its head has not come. */
static gsize
length_of(FiscBenchHttp *client)
{
    const char *end = strstr(client->answer->str, "\r\n\r\n");
    if (end == NULL) {
        return 0;
    }
    client->body_at = (gsize)(end - client->answer->str) + 4;
    const char *length = strcasestr(client->answer->str, "\r\nContent-Length: ");
    return client->body_at +
           (length != NULL ? strtoul(length + strlen("\r\nContent-Length: "), NULL, 10) : 0);
}

bool
fisc_bench_http_ask(FiscBenchHttp *client, const char *method, const char *path, const char *key,
                    const char *body, int *out_status, GError **error)
{
    char buffer[8192];
    gsize wanted = 0;
    write_request(client, method, path, key, body);
    g_string_truncate(client->answer, 0);
    if (!send_all(client->socket, client->request, error)) {
        return false;
    }
    while (wanted == 0 || client->answer->len < wanted) {
        ssize_t count = TEMP_FAILURE_RETRY(recv(client->socket, buffer, sizeof buffer, 0));
        if (count <= 0) {
            return fisc_fail(error, FISC_ERROR_IO, "waiting for an answer: %s",
                             count == 0 ? "the server has closed" : strerror(errno));
        }
        g_string_append_len(client->answer, buffer, count);
        wanted = wanted == 0 ? length_of(client) : wanted;
    }
    *out_status = client->answer->len > 12 ? atoi(client->answer->str + 9) : 0;
    return true;
}
