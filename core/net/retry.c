/* retry.c: when to ask again: how long to wait, and when to leave a system alone. Pure: the time
 * and the randomness are the caller's, so a test need not sleep. */
#include "fisc/fetch.h"
#include <curl/curl.h>
#include <string.h>

#define BASE_MS 500
#define CAP_MS (60 * 1000)
#define RETRY_AFTER_CAP_S (60 * 60)
#define FAILURES_MAX 5
#define OPEN_MS (30 * 1000)

/* splitmix64: one multiplication chain a number, any seed will do. */
static uint64_t
next_random(uint64_t *seed)
{
    uint64_t value = *seed += G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
    value = (value ^ (value >> 30)) * G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9);
    value = (value ^ (value >> 27)) * G_GUINT64_CONSTANT(0x94d049bb133111eb);
    return value ^ (value >> 31);
}

int64_t
fisc_backoff_ms(const FiscBackoff *backoff, guint attempt, int retry_after_s, uint64_t *seed)
{
    g_assert(attempt >= 1);
    int64_t cap_ms = backoff->cap_ms > 0 ? backoff->cap_ms : CAP_MS;
    int64_t limit_ms = backoff->base_ms > 0 ? backoff->base_ms : BASE_MS;
    for (guint i = 1; i < attempt && limit_ms < cap_ms; i++) {
        limit_ms *= 2;
    }
    limit_ms = MIN(limit_ms, cap_ms);
    int64_t wait_ms = (int64_t)(next_random(seed) % ((uint64_t)limit_ms + 1));
    if (retry_after_s < 0) {
        return wait_ms;
    }
    int64_t asked_cap_s =
        backoff->retry_after_cap_s > 0 ? backoff->retry_after_cap_s : RETRY_AFTER_CAP_S;
    /* The jitter stays: all who were sent away at once were told the same moment. */
    return MIN((int64_t)retry_after_s, asked_cap_s) * 1000 + wait_ms;
}

/* Digits only; what does not fit is a very long time. */
static bool
read_seconds(const char *text, int *out_seconds)
{
    gsize length = strlen(text);
    if (length == 0 || strspn(text, "0123456789") != length) {
        return false;
    }
    guint64 seconds = 0;
    *out_seconds =
        g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT, &seconds, NULL) ? (int)seconds : G_MAXINT;
    return true;
}

bool
fisc_retry_after_read(const char *text, int64_t now_s, int *out_seconds)
{
    g_autofree char *value = g_strstrip(g_strdup(text));
    if (read_seconds(value, out_seconds)) {
        return true;
    }
    time_t at_s = curl_getdate(value, NULL);
    if (at_s < 0 || !g_str_has_suffix(value, "GMT")) {
        return false;
    }
    *out_seconds = (int)CLAMP((int64_t)at_s - now_s, 0, G_MAXINT);
    return true;
}

static int64_t
get_open_ms(const FiscBreaker *breaker)
{
    return breaker->open_ms > 0 ? breaker->open_ms : OPEN_MS;
}

bool
fisc_breaker_allow(FiscBreaker *breaker, int64_t now_ms)
{
    if (breaker->state == FISC_BREAKER_CLOSED) {
        return true;
    }
    if (now_ms < breaker->until_ms) {
        return false;
    }
    /* One may try. Until it tells, or is forgotten, the others wait. */
    breaker->state = FISC_BREAKER_HALF_OPEN;
    breaker->until_ms = now_ms + get_open_ms(breaker);
    return true;
}

void
fisc_breaker_record(FiscBreaker *breaker, bool was_success, int64_t now_ms)
{
    if (was_success) {
        breaker->state = FISC_BREAKER_CLOSED;
        breaker->failures = 0;
        breaker->until_ms = 0;
        return;
    }
    breaker->failures = MIN(breaker->failures, G_MAXUINT - 1) + 1;
    guint failures_max = breaker->failures_max > 0 ? breaker->failures_max : FAILURES_MAX;
    if (breaker->state == FISC_BREAKER_HALF_OPEN || breaker->failures >= failures_max) {
        breaker->state = FISC_BREAKER_OPEN;
        breaker->until_ms = now_ms + get_open_ms(breaker);
    }
}
