/* http_values.c: requests and replies as values: their headers, parameters and bodies. */
#include "app/server/http.h"
#include <string.h>

static const char *
find_pair(const GPtrArray *pairs, const char *name, bool any_case)
{
    for (guint i = 0; i + 1 < pairs->len; i += 2) {
        const char *found = pairs->pdata[i];
        if (any_case ? g_ascii_strcasecmp(found, name) == 0 : strcmp(found, name) == 0) {
            return pairs->pdata[i + 1];
        }
    }
    return NULL;
}

const char *
fisc_http_header(const FiscHttpRequest *request, const char *name)
{
    return find_pair(request->headers, name, true);
}

const char *
fisc_http_query(const FiscHttpRequest *request, const char *name)
{
    return find_pair(request->query, name, false);
}

char *
fisc_http_cookie(const FiscHttpRequest *request, const char *name)
{
    const char *header = fisc_http_header(request, "Cookie");
    if (header == NULL) {
        return NULL;
    }
    g_auto(GStrv) parts = g_strsplit(header, ";", 64);
    gsize length = strlen(name);
    const char *found = NULL;
    for (char **part = parts; *part != NULL; part++) {
        const char *word = g_strstrip(*part);
        if (strncmp(word, name, length) == 0 && word[length] == '=') {
            if (found != NULL) {
                return NULL; /* one of them somebody else has set */
            }
            found = word + length + 1;
        }
    }
    return g_strdup(found);
}

void
fisc_http_reply_header(FiscHttpReply *reply, const char *name, const char *value)
{
    for (guint i = 0; i + 1 < reply->headers->len; i += 2) {
        if (g_ascii_strcasecmp(reply->headers->pdata[i], name) == 0 &&
            g_ascii_strcasecmp(name, "Set-Cookie") != 0) {
            g_free(reply->headers->pdata[i + 1]);
            reply->headers->pdata[i + 1] = g_strdup(value);
            return;
        }
    }
    g_ptr_array_add(reply->headers, g_strdup(name));
    g_ptr_array_add(reply->headers, g_strdup(value));
}

void
fisc_http_reply_body(FiscHttpReply *reply, const char *type, const void *data, gssize length)
{
    fisc_http_reply_header(reply, "Content-Type", type);
    gsize size = length < 0 ? strlen(data) : (gsize)length;
    g_byte_array_append(reply->body, data, (guint)size);
}

void
fisc_http_make_id(char out_id[FISC_HTTP_ID_SIZE])
{
    g_autofree char *uuid = g_uuid_string_random();
    int at = 0;
    for (const char *c = uuid; *c != '\0' && at < FISC_HTTP_ID_SIZE - 1; c++) {
        if (*c != '-') {
            out_id[at++] = *c;
        }
    }
    out_id[at] = '\0';
}

char *
fisc_http_problem(int status, const char *code, const char *detail, const char *request_id)
{
    return g_strdup_printf("{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,"
                           "\"code\":\"%s\",\"detail\":\"%s\","
                           "\"instance\":\"urn:fisc:request:%s\"}\n",
                           detail, status, code, detail, request_id);
}
