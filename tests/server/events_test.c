/* events_test.c: who listens is told everything once, in order, of what he may see. */
#include "tests/app/school.h"
#include "tests/server/posting.h"
#include "tests/server/two_books.h"
#include "tests/support/suite.h"
#include <stdlib.h>
#include <string.h>

#define ENTRIES 60
#define EVENTS_A_LINK 7 /* then the link is cut, and taken up again by the id of the last */

/* A stream that is read message by message. */
typedef struct {
    ServingLink *link;
    GString *text;
} Stream;

static Stream
open_stream(const Serving *serving, const char *who, const char *path, const char *after)
{
    g_autofree char *line =
        after != NULL ? g_strdup_printf("Last-Event-ID: %s\r\n", after) : g_strdup("");
    g_autofree char *headers = g_strconcat(who, line, NULL);
    g_autofree char *request = posting_request("GET", path, headers, NULL);
    g_auto(ServingAnswer) head = {0};
    Stream stream = {.link = serving_connect(serving), .text = g_string_new(NULL)};
    CU_ASSERT_TRUE_FATAL(serving_link_send(stream.link, request, -1));
    CU_ASSERT_TRUE_FATAL(serving_link_receive_head(stream.link, &head));
    FISC_ASSERT_INT(head.status, 200);
    FISC_ASSERT_TEXT(serving_answer_header(&head, "Content-Type"), "text/event-stream");
    return stream;
}

static void
close_stream(Stream *stream)
{
    serving_link_free(stream->link);
    g_string_free(stream->text, TRUE);
}

/* The next message of some kind, whatever stands between: chunk sizes and comments. NULL when the
 * stream ends. Caller frees. */
static char *
next_message(Stream *stream)
{
    while (true) {
        char buffer[4096];
        char *end = strstr(stream->text->str, "\n\n");
        char *begin = strstr(stream->text->str, "id: ");
        if (end != NULL && (begin == NULL || begin > end)) { /* no message with a place */
            g_string_erase(stream->text, 0, end - stream->text->str + 2);
            continue;
        }
        if (end != NULL) {
            char *message = g_strndup(begin, (gsize)(end - begin));
            g_string_erase(stream->text, 0, end - stream->text->str + 2);
            return message;
        }
        bool is_over = g_str_has_suffix(stream->text->str, "0\r\n\r\n"); /* the last chunk */
        gsize count = is_over ? 0 : serving_link_read(stream->link, buffer, sizeof buffer);
        if (count == 0) {
            return NULL;
        }
        g_string_append_len(stream->text, buffer, (gssize)count);
    }
}

static char *
id_of(const char *message)
{
    const char *id = message + strlen("id: ");
    return g_strndup(id, strcspn(id, "\r\n"));
}

/* The number of the entry; 0 of another message. */
static int64_t
entry_of(const char *message)
{
    const char *entry = strstr(message, "\"entry\":");
    return strstr(message, "event: entry") != NULL && entry != NULL
               ? g_ascii_strtoll(entry + strlen("\"entry\":"), NULL, 10)
               : 0;
}

/* Resuming ---------------------------------------------------------------------------------- */

static gpointer
post_many(gpointer data)
{
    Serving *serving = data;
    for (int i = 0; i < ENTRIES; i++) {
        g_autofree char *entry = posting_goods(NULL, "0.10");
        g_auto(ServingAnswer) answer = {0};
        posting_json(serving, NULL, entry, &answer);
    }
    return NULL;
}

/* While somebody posts: whoever is cut off again and again has missed nothing at the end, and has
 * heard nothing twice. */
static void
test_resuming(void)
{
    g_autoptr(Serving) serving = serving_new(school_books(), NULL);
    g_autofree char *who = serving_sign_in(serving, "ana");
    g_autofree char *first =
        books_ask(serving->books, "select count(*) + 1 from ledger.entry where book_id = 1");
    int64_t expected = g_ascii_strtoll(first, NULL, 10), last = expected + ENTRIES - 1;
    g_autofree char *after = g_strdup_printf("%" G_GINT64_FORMAT, books_batch(serving->books));
    GThread *poster = g_thread_new("poster", post_many, serving);
    while (expected <= last) {
        Stream stream = open_stream(serving, who, "/v1/events", after);
        for (int i = 0; i < EVENTS_A_LINK && expected <= last; i++) {
            g_autofree char *message = next_message(&stream);
            CU_ASSERT_PTR_NOT_NULL_FATAL(message);
            int64_t entry = entry_of(message);
            if (entry != 0) {
                FISC_ASSERT_INT(entry, expected);
                expected++;
            }
            g_free(after);
            after = id_of(message);
        }
        close_stream(&stream);
    }
    g_thread_join(poster);
}

/* From the beginning of the chain: what was posted long before. */
static void
test_from_the_beginning(void)
{
    g_autoptr(Serving) serving = serving_new(school_books(), NULL);
    g_autofree char *who = serving_sign_in(serving, "ana");
    g_autofree char *count =
        books_ask(serving->books, "select count(*) from ledger.entry where book_id = 1");
    Stream stream = open_stream(serving, who, "/v1/events?after=0", NULL);
    for (int64_t entry = 1; entry <= g_ascii_strtoll(count, NULL, 10);) {
        g_autofree char *message = next_message(&stream);
        CU_ASSERT_PTR_NOT_NULL_FATAL(message);
        if (entry_of(message) != 0) {
            FISC_ASSERT_INT(entry_of(message), entry);
            entry++;
        }
    }
    close_stream(&stream);
}

static void
test_wrong_places(void)
{
    static const char *const places[] = {"x", "1.x", "-1", "1.2.3", "1.-1", NULL};
    g_autoptr(Serving) serving = serving_new(school_books(), NULL);
    g_autofree char *who = serving_sign_in(serving, "ana");
    for (int i = 0; places[i] != NULL; i++) {
        g_autofree char *path = g_strconcat("/v1/events?after=", places[i], NULL);
        g_auto(ServingAnswer) answer = {0};
        CU_ASSERT_FATAL(serving_request(serving, "GET", path, who, NULL, &answer));
        fisc_assert_int(answer.status, 400, places[i], __FILE__, __LINE__);
    }
}

/* At most so many of one person: the newest ones. */
static void
test_caps(void)
{
    g_autoptr(Serving) serving = serving_new(school_books(), NULL);
    g_autofree char *who = serving_sign_in(serving, "ana");
    Stream streams[8];
    for (int i = 0; i < 8; i++) {
        streams[i] = open_stream(serving, who, "/v1/events", NULL);
    }
    Stream newest = open_stream(serving, who, "/v1/events", NULL);
    CU_ASSERT_PTR_NULL(next_message(&streams[0]));
    g_autofree char *entry = posting_goods(NULL, "1.00");
    g_auto(ServingAnswer) answer = {0};
    FISC_ASSERT_INT(posting_json(serving, NULL, entry, &answer), 201);
    for (int i = 1; i < 8; i++) {
        g_autofree char *message = next_message(&streams[i]);
        CU_ASSERT_PTR_NOT_NULL(message);
        close_stream(&streams[i]);
    }
    close_stream(&streams[0]);
    close_stream(&newest);
}

/* Positions --------------------------------------------------------------------------------- */

static void
test_position(void)
{
    g_autoptr(Serving) serving = serving_new(school_books(), NULL);
    g_autofree char *who = serving_sign_in(serving, "ana");
    Stream stream = open_stream(serving, who, "/v1/events?unit=SCH&period=2024", NULL);
    while (strstr(stream.text->str, "event: position\n") == NULL ||
           strstr(strstr(stream.text->str, "event: position\n"), "}}") == NULL) {
        char buffer[4096];
        gsize count = serving_link_read(stream.link, buffer, sizeof buffer);
        CU_ASSERT_TRUE_FATAL(count > 0);
        g_string_append_len(stream.text, buffer, (gssize)count);
    }
    FISC_ASSERT_CONTAINS(stream.text->str, "\"unit\":\"SCH\",\"period\":\"2024\"");
    FISC_ASSERT_CONTAINS(stream.text->str, "\"2\":\"120.50\"");
    close_stream(&stream);
}

/* Scope ------------------------------------------------------------------------------------- */

/* From the beginning, everything there is: nothing of it is of the other agency. */
static void
test_scope(void)
{
    g_autoptr(Serving) serving = serving_new(two_books_new(TWO_BOOKS_RICH), NULL);
    g_autofree char *who = serving_sign_in(serving, "at-agency_accountant");
    g_autofree char *last =
        g_strdup_printf("id: %" G_GINT64_FORMAT ".", books_batch(serving->books));
    Stream stream = open_stream(serving, who, "/v1/events?after=0", NULL);
    g_autofree char *after = g_strdup("0");
    bool is_end = false;
    int own = 0;
    while (!is_end) {
        g_autofree char *message = next_message(&stream);
        if (message == NULL) { /* roles have changed: everybody asks again */
            close_stream(&stream);
            stream = open_stream(serving, who, "/v1/events", after);
            continue;
        }
        own += strstr(message, "\"entity\":\"" OWN "\"") != NULL;
        CU_ASSERT_PTR_NULL(strstr(message, OTHER));
        CU_ASSERT_PTR_NULL(strstr(message, "event: record"));
        is_end = g_str_has_prefix(message, last) && strstr(message, "event: batch") != NULL;
        g_free(after);
        after = id_of(message);
    }
    CU_ASSERT(own > 0);
    close_stream(&stream);
}

const FiscTest fisc_events_tests[] = {
    {"tells every entry once and in order to who is cut off while others post", test_resuming},
    {"begins where it is asked to", test_from_the_beginning},
    {"refuses places that are none", test_wrong_places},
    {"has so many streams for one person and no more", test_caps},
    {"tells the figures of a unit", test_position},
    {"tells nothing of what may not be seen", test_scope},
    {NULL, NULL},
};
