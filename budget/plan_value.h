/* plan_value.h: the kinds of values that stand in the texts of a version, and their one spelling.
 *
 * A value that means the same is written the same ("0012.50" becomes "12.5"), so that equal content
 * has equal bytes and a spreadsheet in between changes nothing. */
#ifndef FISC_BUDGET_PLAN_VALUE_H
#define FISC_BUDGET_PLAN_VALUE_H

#include "fisc/refusal.h"

#define FISC_PLAN_NUMBER_DECIMALS 6 /* of quantities, prices, rates and indicators */
#define FISC_PLAN_WORDS_MAX 1000    /* bytes of a title or a reason: they become memos */
#define FISC_PLAN_TEXT_MAX 65536    /* bytes of a justification */

typedef enum {
    FISC_VALUE_CODE,   /* as given, without control characters */
    FISC_VALUE_TEXT,   /* may have several lines; line ends become "\n" */
    FISC_VALUE_NUMBER, /* a decimal number, not negative */
    FISC_VALUE_SIGNED, /* a decimal number */
    FISC_VALUE_AMOUNT, /* not negative, with the decimals of the currency */
    FISC_VALUE_TAGS,   /* "climate:40 gender": names with the percent that counts */
    FISC_VALUE_YEAR,
    FISC_VALUE_DATE,
    FISC_VALUE_WORD, /* one of some words */
} FiscValueKind;

typedef struct {
    FiscValueKind kind;
    gsize bytes_max;          /* of CODE and TEXT; 0 = FISC_CODE_MAX */
    const char *const *words; /* of WORD: NULL-terminated */
} FiscValueRule;

/* Where a value stands: what a refusal names. */
typedef struct {
    FiscRefusals *refusals;
    const char *file;
    int row;
    const char *column;
    int decimals; /* of amounts */
} FiscValuePlace;

/** Writes the one spelling of @text, which is not empty, into @out. False with a refusal. */
bool fisc_value_read(const FiscValueRule *rule, const FiscValuePlace *place, const char *text,
                     GString *out);
/** An amount that is not negative. False with a refusal. */
bool fisc_value_read_amount(const FiscValuePlace *place, const char *text, int64_t *out_amount);
/** A number as it was read, in millionths. "" is 0. */
int64_t fisc_value_millionths(const char *text);

/** The next tag of a text as it was read: its name (not ended by NUL) and percent. False at the
 * end. */
bool
fisc_value_next_tag(const char **at, const char **out_name, gsize *out_length, int *out_percent);

#endif
