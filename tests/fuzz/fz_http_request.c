/* fz_http_request.c: requests before anybody else sees them. In whatever pieces they come the
 * outcome is the same; and what is handed on, read again, is handed on as it is. */
#include "app/server/gate_parse.h"
#include "tests/fuzz/fuzz.h"
#include <string.h>

/* The steps, as one letter each, and what was handed on. */
typedef struct {
    GString *steps;
    GByteArray *out;
} Outcome;

static Outcome
outcome_of(const char *data, gsize size, gsize piece)
{
    Outcome outcome = {g_string_new(NULL), g_byte_array_new()};
    FiscGateParser *parser = fisc_gate_parser_new();
    FiscGateStep step = FISC_GATE_MORE;
    for (gsize at = 0; step != FISC_GATE_REFUSED && (at < size || step != FISC_GATE_MORE);) {
        gsize length = MIN(piece, size - at);
        gsize taken = fisc_gate_parser_feed(parser, data + at, length, outcome.out, &step);
        FUZZ_HOLDS(taken <= length);
        FUZZ_HOLDS(step != FISC_GATE_MORE || taken == length);
        at += taken;
        if (step == FISC_GATE_HEAD) {
            g_string_append_printf(outcome.steps, "%s %s ", fisc_gate_parser_head(parser)->method,
                                   fisc_gate_parser_head(parser)->path);
            FUZZ_HOLDS(g_utf8_validate(fisc_gate_parser_head(parser)->path, -1, NULL));
            FUZZ_HOLDS(strstr(fisc_gate_parser_head(parser)->path, "/../") == NULL);
        } else if (step == FISC_GATE_REFUSED) {
            g_string_append_printf(outcome.steps, "%d", fisc_gate_parser_refusal(parser)->status);
        } else if (step == FISC_GATE_END) {
            g_string_append(outcome.steps, ". ");
        }
    }
    fisc_gate_parser_free(parser);
    return outcome;
}

static void
outcome_clear(Outcome *outcome)
{
    g_string_free(outcome->steps, TRUE);
    g_byte_array_unref(outcome->out);
}

static bool
is_same(const Outcome *a, const Outcome *b)
{
    return g_string_equal(a->steps, b->steps) && a->out->len == b->out->len &&
           (a->out->len == 0 || memcmp(a->out->data, b->out->data, a->out->len) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    gsize piece = 1 + data[0] % 64;
    const char *bytes = (const char *)data + 1;
    Outcome whole = outcome_of(bytes, size - 1, size);
    Outcome pieces = outcome_of(bytes, size - 1, piece);
    FUZZ_HOLDS(is_same(&whole, &pieces));
    if (g_str_has_suffix(whole.steps->str, ". ")) {
        Outcome again = outcome_of((const char *)whole.out->data, whole.out->len, whole.out->len);
        FUZZ_HOLDS(is_same(&whole, &again));
        outcome_clear(&again);
    }
    outcome_clear(&whole);
    outcome_clear(&pieces);
    return 0;
}
