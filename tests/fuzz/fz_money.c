/* fz_money.c: texts as amounts. What is taken is one amount: written, it reads as the same. */
#include "fisc/money.h"
#include "tests/fuzz/fuzz.h"
#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char groups[] = {0, ',', ' ', '.'};
    if (size == 0) {
        return 0;
    }
    int decimals = data[0] % 4;
    char mark = (data[0] & 4) != 0 ? ',' : '.', group = groups[data[0] >> 3 & 3];
    g_autofree char *text = g_strndup((const char *)data + 1, size - 1);
    char written[FISC_AMOUNT_TEXT], grouped[FISC_AMOUNT_TEXT];
    int64_t amount = 77, again = 78;
    int refusal = fisc_amount_parse(text, decimals, mark, group != mark ? group : 0, &amount);
    FUZZ_HOLDS(refusal == 0 || refusal == FISC_ERROR_AMOUNT_INVALID ||
               refusal == FISC_ERROR_AMOUNT_DECIMALS || refusal == FISC_ERROR_AMOUNT_OVERFLOW);
    FUZZ_HOLDS(refusal == 0 || amount == 77);
    if (refusal == 0) {
        fisc_amount_format(amount, decimals, written);
        FUZZ_HOLDS(fisc_amount_parse(written, decimals, '.', 0, &again) == 0 && again == amount);
        fisc_amount_format_grouped(amount, decimals, grouped);
        FUZZ_HOLDS(fisc_amount_parse(grouped, decimals, '.', ',', &again) == 0 && again == amount);
    }
    return 0;
}
