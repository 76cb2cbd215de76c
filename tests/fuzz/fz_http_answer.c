/* fz_http_answer.c: an answer of another system, fed as libcurl feeds it. The outcome is the same
 * in whatever pieces it comes; what is taken obeys the bounds, and has the length that it
 * announced. */
#include "core/net/reading.h"
#include "tests/fuzz/fuzz.h"
#include <string.h>

#define BYTES_MAX 4096

typedef struct {
    bool is_whole;
    FiscError code;
    guint status;
    GByteArray *body;
} Outcome;

/* The lines up to the empty one, each with its end; then the rest. Returns where the body begins.
 */
static size_t
feed_head(FiscReading *reading, const uint8_t *data, size_t size)
{
    size_t at = 0;
    while (at < size && !reading->is_head_whole && reading->error == NULL) {
        const uint8_t *end = memchr(data + at, '\n', size - at);
        size_t length = end != NULL ? (size_t)(end - data) - at + 1 : size - at;
        if (end != NULL) {
            fisc_reading_take_line(reading, (const char *)data + at, length);
        }
        at += length;
    }
    return at;
}

static Outcome
read_answer(const uint8_t *data, size_t size, size_t piece_max)
{
    const FiscFetchRules rules = {.bytes_max = BYTES_MAX, .allows_unsized = size % 2 == 0};
    const FiscFetchRequest request = {.url = "http://fuzz/"};
    FiscReading reading;
    fisc_reading_init(&reading, &rules, &request, "fuzz:80");
    for (size_t at = feed_head(&reading, data, size); at < size && reading.error == NULL;) {
        size_t length = MIN(piece_max, size - at);
        fisc_reading_take_body(&reading, data + at, length);
        at += length;
    }
    Outcome outcome = {.is_whole = fisc_reading_end(&reading), .status = reading.status};
    outcome.code = reading.error != NULL ? (FiscError)reading.error->code : FISC_ERROR_COUNT;
    FUZZ_HOLDS(outcome.is_whole == (reading.error == NULL));
    FUZZ_HOLDS(reading.bytes <= BYTES_MAX && reading.body->len == reading.bytes);
    if (outcome.is_whole) {
        FUZZ_HOLDS(reading.status >= 200 && reading.status <= 599);
        FUZZ_HOLDS(reading.declared < 0 || reading.status == 304 || reading.status == 204 ||
                   reading.packed == reading.declared);
        outcome.body = g_byte_array_ref(reading.body);
    }
    fisc_reading_clear(&reading);
    return outcome;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Outcome at_once = read_answer(data, size, G_MAXSIZE);
    Outcome in_pieces = read_answer(data, size, 1 + size % 7);
    /* A body that is wrong in two ways may show the one or the other first. */
    FUZZ_HOLDS(at_once.is_whole == in_pieces.is_whole && at_once.code == in_pieces.code);
    if (at_once.is_whole) {
        FUZZ_HOLDS(at_once.status == in_pieces.status);
        FUZZ_HOLDS(at_once.body->len == in_pieces.body->len);
        FUZZ_HOLDS(at_once.body->len == 0 ||
                   memcmp(at_once.body->data, in_pieces.body->data, at_once.body->len) == 0);
        g_byte_array_unref(at_once.body);
        g_byte_array_unref(in_pieces.body);
    }
    return 0;
}
