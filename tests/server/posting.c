/* posting.c: see posting.h. */
#include "tests/server/posting.h"
#include "tests/support/suite.h"
#include <string.h>

char *
posting_goods(const char *reference, const char *amount)
{
    g_autofree char *name =
        reference != NULL ? g_strdup_printf("\"reference\":\"%s\",", reference) : g_strdup("");
    return g_strdup_printf(
        "{%s\"entity\":\"SCH\",\"date\":\"2024-03-05\",\"memo\":\"Chalk\",\"lines\":["
        "{\"gfs_code\":\"22\",\"debit\":\"%s\",\"counterparty_entity\":\"CORP\","
        "\"cofog\":\"70912\"},"
        "{\"gfs_code\":\"3308\",\"credit\":\"%s\",\"counterparty_entity\":\"CORP\"}]}",
        name, amount, amount);
}

int
posting_send(Serving *serving, const char *path, const char *type, const char *key,
             const char *body, ServingAnswer *out_answer)
{
    g_autofree char *who = serving_sign_in(serving, "ana");
    g_autofree char *own = key == NULL ? g_uuid_string_random() : g_strdup(key);
    g_autofree char *line =
        *own != '\0' ? g_strdup_printf("Idempotency-Key: %s\r\n", own) : g_strdup("");
    g_autofree char *headers = g_strdup_printf("%sContent-Type: %s\r\n%s", who, type, line);
    CU_ASSERT_FATAL(serving_request(serving, "POST", path, headers, body, out_answer));
    return out_answer->status;
}

int
posting_json(Serving *serving, const char *key, const char *body, ServingAnswer *out_answer)
{
    return posting_send(serving, "/v1/entries", "application/json", key, body, out_answer);
}

char *
posting_request(const char *method, const char *path, const char *headers, const char *body)
{
    return g_strdup_printf("%s %s HTTP/1.1\r\nHost: localhost\r\n%sContent-Length: %zu\r\n\r\n%s",
                           method, path, headers, body != NULL ? strlen(body) : (gsize)0,
                           body != NULL ? body : "");
}
