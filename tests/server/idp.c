/* idp.c: starts the identity provider, tells it what to do, and walks through it as a browser. */
#include "tests/server/idp.h"
#include "tests/server/serving.h"
#include "tests/support/suite.h"
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define START FISC_SOURCE_DIR "/tests/server/provider/start.sh"
#define RETURN_PATH "/v1/session/provider/return"
#define PAGES_MAX 8 /* from the first page of the provider to the way back */
#define LINE_MAX_BYTES 1000

/* The process ---------------------------------------------------------------------------------- */

/* The first line that it says. */
static char *
read_line(int from)
{
    GString *line = g_string_new(NULL);
    char c;
    while (line->len < LINE_MAX_BYTES && read(from, &c, 1) == 1 && c != '\n') {
        g_string_append_c(line, c);
    }
    return g_string_free(line, FALSE);
}

Idp *
idp_new(void)
{
    g_autoptr(GError) error = NULL;
    Idp *idp = g_new0(Idp, 1);
    char *words[] = {(char *)START, (char *)(IDP_BASE RETURN_PATH), NULL};
    if (!g_spawn_async_with_pipes(NULL, words, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
                                  &idp->pid, &idp->in, &idp->out, NULL, &error)) {
        g_error("%s", error->message);
    }
    g_autofree char *line = read_line(idp->out);
    if (!g_str_has_prefix(line, "issuer ")) {
        printf("provider: %s\n", *line != '\0' ? line : "SKIPPED: it did not start");
        idp_free(idp);
        return NULL;
    }
    idp->issuer = g_strdup(line + strlen("issuer "));
    idp->port = atoi(strrchr(idp->issuer, ':') + 1);
    return idp;
}

void
idp_stop(Idp *idp)
{
    if (idp->pid == 0) {
        return;
    }
    close(idp->in);
    close(idp->out);
    kill(idp->pid, SIGKILL);
    waitpid(idp->pid, NULL, 0);
    g_spawn_close_pid(idp->pid);
    idp->pid = 0;
}

void
idp_free(Idp *idp)
{
    if (idp != NULL) {
        idp_stop(idp);
        g_free(idp->issuer);
        g_free(idp);
    }
}

/* The browser ---------------------------------------------------------------------------------- */

static void
take_cookies(GHashTable *jar, const ServingAnswer *answer)
{
    for (guint i = 0; i + 1 < answer->headers->len; i += 2) {
        const char *value = answer->headers->pdata[i + 1];
        gsize length = strcspn(value, ";"), name = strcspn(value, "=");
        if (g_ascii_strcasecmp(answer->headers->pdata[i], "Set-Cookie") == 0 && name < length) {
            g_hash_table_replace(jar, g_strndup(value, name), g_strndup(value, length));
        }
    }
}

static void
ask(const Idp *idp, const char *method, const char *path, const char *account, GHashTable *jar,
    ServingAnswer *out_answer)
{
    g_autoptr(ServingLink) link = serving_link_open(idp->port);
    GHashTableIter each;
    gpointer value;
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_append_printf(text,
                           "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n"
                           "Accept: text/html\r\nX-Account: %s\r\n%s",
                           method, path, idp->port, account,
                           strcmp(method, "POST") == 0 ? "Content-Length: 0\r\n" : "");
    g_hash_table_iter_init(&each, jar);
    for (int i = 0; g_hash_table_iter_next(&each, NULL, &value); i++) {
        g_string_append_printf(text, "%s%s", i == 0 ? "Cookie: " : "; ", (char *)value);
    }
    g_string_append(text, g_hash_table_size(jar) > 0 ? "\r\n\r\n" : "\r\n");
    CU_ASSERT_TRUE_FATAL(serving_link_send(link, text->str, (gssize)text->len));
    CU_ASSERT_TRUE_FATAL(serving_link_receive(link, false, out_answer));
    take_cookies(jar, out_answer);
}

static GHashTable *
new_jar(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

void
idp_command(const Idp *idp, const char *word)
{
    g_autoptr(GHashTable) jar = new_jar();
    g_auto(ServingAnswer) answer = {0};
    g_autofree char *path = g_strconcat("/test/", word, NULL);
    ask(idp, "POST", path, "", jar, &answer);
    FISC_ASSERT_INT(answer.status, 200);
}

static const char *
without(const char *url, const char *beginning)
{
    return g_str_has_prefix(url, beginning) ? url + strlen(beginning) : NULL;
}

char *
idp_visit(const Idp *idp, const char *url, const char *account)
{
    g_autoptr(GHashTable) jar = new_jar();
    g_autofree char *place = g_strdup(url);
    for (int i = 0; i < PAGES_MAX; i++) {
        g_auto(ServingAnswer) answer = {0};
        const char *back = without(place, IDP_BASE), *path = without(place, idp->issuer);
        if (back != NULL) {
            return g_strdup(back);
        }
        ask(idp, "GET", path != NULL ? path : place, account, jar, &answer);
        const char *next = serving_answer_header(&answer, "Location");
        if (next == NULL) {
            g_printerr("%s: %d %s\n", place, answer.status, answer.body);
        }
        CU_ASSERT_PTR_NOT_NULL_FATAL(next);
        g_free(place);
        place = g_strdup(next);
    }
    CU_FAIL_FATAL("the provider sends the browser round and round");
    return NULL;
}
