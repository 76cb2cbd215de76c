/* retry_test.c: how long to wait, what Retry-After says, when a system is left alone. Nothing here
 * sleeps: the time is an argument. */
#include "fisc/fetch.h"
#include "tests/support/suite.h"

extern const FiscTest fisc_retry_tests[];

static void
test_waits_within_bounds_that_double(void)
{
    const FiscBackoff backoff = {.base_ms = 100, .cap_ms = 1000};
    static const int64_t limits_ms[] = {100, 200, 400, 800, 1000, 1000};
    uint64_t seed = 7;
    for (guint attempt = 1; attempt <= G_N_ELEMENTS(limits_ms); attempt++) {
        int64_t largest = 0;
        for (int i = 0; i < 1000; i++) {
            int64_t wait_ms = fisc_backoff_ms(&backoff, attempt, -1, &seed);
            CU_ASSERT_TRUE(wait_ms >= 0 && wait_ms <= limits_ms[attempt - 1]);
            largest = MAX(largest, wait_ms);
        }
        /* All of the room is used: a thousand draws miss the upper tenth once in 10^45. */
        CU_ASSERT_TRUE(largest > limits_ms[attempt - 1] * 9 / 10);
    }
    CU_ASSERT_TRUE(fisc_backoff_ms(&backoff, G_MAXUINT, -1, &seed) <= 1000);
}

static void
test_repeats_itself_from_a_seed(void)
{
    const FiscBackoff defaults = {0};
    uint64_t one = 42;
    uint64_t other = 42;
    uint64_t third = 43;
    bool differs = false;
    for (guint i = 1; i < 20; i++) {
        int64_t wait_ms = fisc_backoff_ms(&defaults, i, -1, &one);
        FISC_ASSERT_INT(fisc_backoff_ms(&defaults, i, -1, &other), wait_ms);
        differs = differs || fisc_backoff_ms(&defaults, i, -1, &third) != wait_ms;
        CU_ASSERT_TRUE(wait_ms <= 60 * 1000);
    }
    CU_ASSERT_TRUE(differs);
}

static void
test_waits_at_least_what_the_peer_asks(void)
{
    const FiscBackoff backoff = {.base_ms = 100, .cap_ms = 100, .retry_after_cap_s = 60};
    uint64_t seed = 1;
    for (int i = 0; i < 100; i++) {
        int64_t wait_ms = fisc_backoff_ms(&backoff, 1, 30, &seed);
        CU_ASSERT_TRUE(wait_ms >= 30000 && wait_ms <= 30100);
        wait_ms = fisc_backoff_ms(&backoff, 1, G_MAXINT, &seed);
        CU_ASSERT_TRUE(wait_ms >= 60000 && wait_ms <= 60100);
        CU_ASSERT_TRUE(fisc_backoff_ms(&backoff, 1, 0, &seed) <= 100);
    }
}

static void
test_reads_retry_after(void)
{
    static const int64_t now_s = 1795348800; /* Sun, 22 Nov 2026 12:00:00 GMT */
    static const struct {
        const char *text;
        int seconds; /* -1: not to be read */
    } cases[] = {
        {"120", 120},
        {" 0 ", 0},
        {"99999999999999", G_MAXINT},
        {"Sun, 22 Nov 2026 12:01:00 GMT", 60},
        {"Sun, 22 Nov 2026 11:00:00 GMT", 0},
        {"Sunday, 22-Nov-26 12:00:30 GMT", 30},
        {"Fri, 01 Jan 2300 00:00:00 GMT", G_MAXINT},
        {"", -1},
        {"-5", -1},
        {"1.5", -1},
        {"soon", -1},
        {"Sun, 22 Nov 2026 12:01:00", -1},
        {"Sun, 42 Nov 2026 12:01:00 GMT", -1},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        int seconds = -1;
        bool is_read = fisc_retry_after_read(cases[i].text, now_s, &seconds);
        FISC_ASSERT_INT(is_read ? seconds : -1, cases[i].seconds);
    }
}

/* One line a step: time, what happens ('a' may I, '+' it went well, '-' it did not), and then
 * whether one may ask and the state. */
static void
test_breaker_opens_tries_and_closes(void)
{
    static const struct {
        int64_t at_ms;
        char what;
        bool allows;
        FiscBreakerState state;
    } steps[] = {
        {0, 'a', true, FISC_BREAKER_CLOSED},        {1, '-', false, FISC_BREAKER_CLOSED},
        {2, '+', false, FISC_BREAKER_CLOSED},       {3, '-', false, FISC_BREAKER_CLOSED},
        {4, '-', false, FISC_BREAKER_CLOSED},       {5, 'a', true, FISC_BREAKER_CLOSED},
        {6, '-', false, FISC_BREAKER_OPEN},         {7, 'a', false, FISC_BREAKER_OPEN},
        {1005, 'a', false, FISC_BREAKER_OPEN},      {1006, 'a', true, FISC_BREAKER_HALF_OPEN},
        {1007, 'a', false, FISC_BREAKER_HALF_OPEN}, {1010, '-', false, FISC_BREAKER_OPEN},
        {2009, 'a', false, FISC_BREAKER_OPEN},      {2010, 'a', true, FISC_BREAKER_HALF_OPEN},
        {3009, 'a', false, FISC_BREAKER_HALF_OPEN}, /* who tried is not back */
        {3010, 'a', true, FISC_BREAKER_HALF_OPEN},  /* ... and is forgotten */
        {3020, '+', false, FISC_BREAKER_CLOSED},    {3021, 'a', true, FISC_BREAKER_CLOSED},
        {3022, 'a', true, FISC_BREAKER_CLOSED},     {3023, '-', false, FISC_BREAKER_CLOSED},
    };
    FiscBreaker breaker = {.failures_max = 3, .open_ms = 1000};
    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
        if (steps[i].what == 'a') {
            FISC_ASSERT_INT(fisc_breaker_allow(&breaker, steps[i].at_ms), steps[i].allows);
        } else {
            fisc_breaker_record(&breaker, steps[i].what == '+', steps[i].at_ms);
        }
        FISC_ASSERT_INT(breaker.state, steps[i].state);
    }
}

static void
test_sorts_answers(void)
{
    static const struct {
        guint status;
        FiscAnswer answer;
    } cases[] = {
        {200, FISC_ANSWER_DONE},  {204, FISC_ANSWER_DONE},  {304, FISC_ANSWER_NO},
        {400, FISC_ANSWER_NO},    {404, FISC_ANSWER_NO},    {408, FISC_ANSWER_LATER},
        {425, FISC_ANSWER_LATER}, {429, FISC_ANSWER_LATER}, {500, FISC_ANSWER_NO},
        {502, FISC_ANSWER_LATER}, {503, FISC_ANSWER_LATER}, {504, FISC_ANSWER_LATER},
        {501, FISC_ANSWER_NO},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        FISC_ASSERT_INT(fisc_fetch_answer(cases[i].status), cases[i].answer);
    }
}

const FiscTest fisc_retry_tests[] = {
    {"waits a random part of a bound that doubles up to the cap",
     test_waits_within_bounds_that_double},
    {"waits the same from the same seed, and differently from another",
     test_repeats_itself_from_a_seed},
    {"waits at least what the peer asks, up to a cap", test_waits_at_least_what_the_peer_asks},
    {"reads Retry-After as seconds and as a date, and nothing else", test_reads_retry_after},
    {"leaves a failing system alone, lets one try, and closes again",
     test_breaker_opens_tries_and_closes},
    {"sorts answers into done, later and no", test_sorts_answers},
    {NULL, NULL},
};
