/* asking.c: questions to a server whose answers have to go well. */
#include "tests/server/asking.h"
#include "tests/support/suite.h"

void
asking_get(Serving *serving, const char *path, const char *more, ServingAnswer *out_answer)
{
    g_autofree char *sign_in = serving_sign_in(serving, ASKING_PERSON);
    g_autofree char *headers = g_strconcat(sign_in, more, NULL);
    CU_ASSERT_FATAL(serving_request(serving, "GET", path, headers, NULL, out_answer));
}

static void
expect_status(const char *path, int status, const ServingAnswer *answer)
{
    if (answer->status != status) {
        g_print("%s: %s\n", path, answer->body);
    }
    FISC_ASSERT_INT(answer->status, status);
}

void
asking_expect(Serving *serving, const char *path, int status, ServingAnswer *out_answer)
{
    asking_get(serving, path, NULL, out_answer);
    expect_status(path, status, out_answer);
}

void
asking_send(Serving *serving, const char *method, const char *path, const char *type,
            const char *body, int status, ServingAnswer *out_answer)
{
    g_autofree char *sign_in = serving_sign_in(serving, ASKING_PERSON);
    g_autofree char *key = g_uuid_string_random();
    g_autofree char *headers =
        g_strdup_printf("%sIdempotency-Key: %s\r\nContent-Type: %s\r\n", sign_in, key, type);
    CU_ASSERT_FATAL(serving_request(serving, method, path, headers, body, out_answer));
    expect_status(path, status, out_answer);
}

const char *
asking_cell(const ServingAnswer *answer, const char *key, const char *value, const char *column)
{
    size_t at;
    json_t *row;
    json_array_foreach(json_object_get(answer->json, "rows"), at, row)
    {
        if (g_strcmp0(json_string_value(json_object_get(row, key)), value) == 0) {
            const char *text = json_string_value(json_object_get(row, column));
            return text != NULL ? text : "";
        }
    }
    return "";
}

int
asking_rows(const ServingAnswer *answer)
{
    const json_t *rows = json_object_get(answer->json, "rows");
    return json_is_array(rows) ? (int)json_array_size(rows) : -1;
}
