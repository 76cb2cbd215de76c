/* draw_scale.c: where on an axis an amount lies, and how short it can be written. */
#include "reporting/render/draw_scale.h"
#include "fisc/money.h"
#include "reporting/labels.h"

#define STEPS 4 /* about so many between the ends */

/* From which size of amounts on what is left out. */
static const struct {
    int digits; /* of the largest amount, before the decimals */
    int cut;
    const char *unit;
} units[] = {
    {12, 9, "billions"},
    {8, 6, "millions"},
    {6, 3, "thousands"},
};

static __int128
power_of_ten(int exponent)
{
    __int128 power = 1;
    for (int i = 0; i < exponent; i++) {
        power *= 10;
    }
    return power;
}

static __int128
nice_step(__int128 range)
{
    static const int steps[] = {1, 2, 5};
    for (__int128 power = 1;; power *= 10) {
        for (guint i = 0; i < G_N_ELEMENTS(steps); i++) {
            if (steps[i] * power * STEPS >= range) {
                return steps[i] * power;
            }
        }
    }
}

static void
choose_unit(FiscScale *scale, __int128 largest, int decimals)
{
    scale->unit = "";
    scale->shown = decimals;
    for (guint i = 0; i < G_N_ELEMENTS(units); i++) {
        if (largest >= power_of_ten(units[i].digits - 1 + decimals)) {
            scale->unit = units[i].unit;
            scale->shown = 1;
            scale->cut = units[i].cut + decimals - scale->shown;
            return;
        }
    }
}

FiscScale
fisc_scale_new(__int128 low, __int128 high, int decimals)
{
    FiscScale scale = {.low = MIN(low, 0), .high = MAX(high, 0)};
    scale.step = nice_step(MAX(scale.high - scale.low, 1));
    scale.low = (scale.low - (scale.low < 0 ? scale.step - 1 : 0)) / scale.step * scale.step;
    scale.high = (scale.high + scale.step - 1) / scale.step * scale.step;
    choose_unit(&scale, MAX(scale.high, -scale.low), decimals);
    return scale;
}

int
fisc_scale_place(const FiscScale *scale, __int128 amount)
{
    __int128 range = scale->high - scale->low;
    return range == 0
               ? scale->from
               : scale->from + (int)((amount - scale->low) * (scale->to - scale->from) / range);
}

char *
fisc_scale_words(const FiscScale *scale, __int128 amount)
{
    char words[FISC_SUM_TEXT];
    __int128 divisor = power_of_ten(scale->cut);
    __int128 half = amount < 0 ? -divisor / 2 : divisor / 2;
    return g_strdup(fisc_sum_format_grouped((amount + half) / divisor, scale->shown, words));
}

char *
fisc_scale_unit(const FiscScale *scale, const char *currency, const char *language)
{
    const char *unit = fisc_label(language, scale->unit);
    if (*unit == '\0' || *currency == '\0') {
        return g_strdup(*unit != '\0' ? unit : currency);
    }
    return g_strdup_printf("%s, %s", currency, unit);
}
