/* cut_test.c: a line that is cut after so many bytes of the answer (cutter.py): within the
 * handshake, the head, the body. What comes is the whole answer or an error; and when the error of
 * a write says that it was not done, the peer has not seen it. */
#include "tests/net/evil.h"
#include "tests/support/suite.h"
#include <stdlib.h>
#include <string.h>

extern const FiscTest fisc_cut_tests[];

#define WHOLE "code,amount\r\n2211,400.00\r\n"
#define STEPS 24
#define STEPS_BRIEF 8

typedef struct {
    int whole;
    int unknown; /* OUTCOME_UNKNOWN */
    int failed;  /* any other error */
} Tally;

static int
count_steps(void)
{
    return fisc_test_is_brief() ? STEPS_BRIEF : STEPS;
}

static void
send_once(const char *scheme, int port, const char *path, const char *method, Tally *tally)
{
    const FiscFetchRules rules = fisc_evil_rules();
    g_autofree char *url = g_strdup_printf("%s://127.0.0.1:%d%s", scheme, port, path);
    const FiscFetchRequest request = {.url = url, .method = method};
    g_autoptr(FiscFetchReply) reply = NULL;
    g_autoptr(GError) error = NULL;
    if (fisc_fetch(&rules, &request, &reply, &error)) {
        g_autofree char *body = fisc_evil_body(reply);
        FISC_ASSERT_TEXT(body, WHOLE);
        tally->whole++;
    } else if (g_error_matches(error, FISC_ERROR, FISC_ERROR_OUTCOME_UNKNOWN)) {
        tally->unknown++;
    } else {
        tally->failed++;
        FISC_ASSERT_INT(strcmp(method, "GET") == 0 ? 0 : fisc_evil_count_seen(path), 0);
    }
}

/* Cuts a line to @place after 0, @step, 2 * @step ... bytes of what comes back. */
static Tally
cut_line(const char *place, const char *scheme, const char *method, int step)
{
    Tally tally = {0};
    for (int i = 0; i < count_steps(); i++) {
        int port = fisc_evil_open_cutter(fisc_evil_port(place), i * step);
        g_autofree char *path = g_strdup_printf("/whole?%s-%s-%d", place, method, i);
        send_once(scheme, port, path, method, &tally);
    }
    return tally;
}

static void
test_a_cut_line_is_never_a_short_success(void)
{
    int steps = count_steps();
    /* The answer has 103 bytes over HTTP; over TLS some 1,500 with the handshake. */
    int http_step = 120 / (steps - 1) + 1;
    int tls_step = 2400 / (steps - 1) + 1;
    Tally read = cut_line("http", "http", "GET", http_step);
    CU_ASSERT_TRUE(read.whole >= 1 && read.failed > steps / 2);
    FISC_ASSERT_INT(read.unknown, 0);
    Tally read_tls = cut_line("good", "https", "GET", tls_step);
    CU_ASSERT_TRUE(read_tls.whole >= 1 && read_tls.failed >= 2);
    FISC_ASSERT_INT(read_tls.unknown, 0);
}

static void
test_a_write_over_a_cut_line_is_not_called_undone_when_it_was_seen(void)
{
    int steps = count_steps();
    Tally write = cut_line("http", "http", "POST", 120 / (steps - 1) + 1);
    CU_ASSERT_TRUE(write.whole >= 1 && write.unknown > steps / 2); /* it always arrives */
    FISC_ASSERT_INT(write.failed, 0);
    Tally write_tls = cut_line("good", "https", "POST", 2400 / (steps - 1) + 1);
    CU_ASSERT_TRUE(write_tls.whole >= 1 && write_tls.failed >= 1);
    CU_ASSERT_TRUE(write_tls.whole + write_tls.unknown + write_tls.failed == steps);
}

const FiscTest fisc_cut_tests[] = {
    {"never takes a part for the whole when the line is cut",
     test_a_cut_line_is_never_a_short_success},
    {"never says that a write was not done when the peer has seen it",
     test_a_write_over_a_cut_line_is_not_called_undone_when_it_was_seen},
    {NULL, NULL},
};
