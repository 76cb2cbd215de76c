/* fuzz.h: what every fuzz target has: libFuzzer's entry point. A target states in FUZZ_HOLDS what
 * must hold whatever the bytes are; everything else the sanitizers say. */
#ifndef FISC_TEST_FUZZ_H
#define FISC_TEST_FUZZ_H

#include <glib.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ_HOLDS(claim)                                                                          \
    do {                                                                                           \
        if (!(claim)) {                                                                            \
            g_printerr("%s:%d: does not hold: %s\n", __FILE__, __LINE__, #claim);                  \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

#endif
