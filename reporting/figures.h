/* figures.h: the sums that layouts are filled from: by source and GFS code, of one perimeter. */
#ifndef FISC_FIGURES_H
#define FISC_FIGURES_H

#include "fisc/statement.h"
#include "reporting/transit.h"

/* Where a figure comes from.
 * X(NAME, word in layouts, what it sums) */
#define FISC_SOURCES(X)                                                                            \
    X(FLOW, "flow", "flows of the period by posted code: 1x 2x 3x 4x 5x")                          \
    X(OPEN, "open", "stocks before the period: 61 62 63")                                          \
    X(CLOSE, "close", "stocks after the period: 61 62 63")                                         \
    X(DOMESTIC, "domestic", "flows 32 33 42 43 52 53 with residents")                              \
    X(EXTERNAL, "external", "flows 32 33 42 43 52 53 with nonresidents")                           \
    X(COUNTERPART, "counterpart", "transactions 32 33 as 82 83 and the counterparty's code")       \
    X(CLOSE_DOMESTIC, "close_domestic", "stocks 62 63 after the period with residents")            \
    X(CLOSE_EXTERNAL, "close_external", "stocks 62 63 after the period with nonresidents")         \
    X(COUNTERPART_CLOSE, "counterpart_close", "those as 682 683 and the counterparty's code")      \
    X(MEMORANDUM, "memorandum", "memoranda on record, of the unit and the year")                   \
    X(CASH, "cash", "cash lines by cash code, debits positive")                                    \
    X(CASH_DOMESTIC, "cash_domestic", "those with residents")                                      \
    X(CASH_EXTERNAL, "cash_external", "those with nonresidents")                                   \
    X(FUNCTION, "function", "expenditure by COFOG code")                                           \
    X(ACCOUNT_OPEN, "account_open", "balances before the period by account number, debits +")      \
    X(ACCOUNT_CLOSE, "account_close", "balances after the period by account number, debits +")     \
    X(ACCOUNT_DEBIT, "account_debit", "debits of the period by account number")                    \
    X(ACCOUNT_CREDIT, "account_credit", "credits of the period by account number, positive")

typedef enum {
#define X(name, word, meaning) FISC_SOURCE_##name,
    FISC_SOURCES(X)
#undef X
        FISC_SOURCE_COUNT
} FiscSource;

/** -1 when the word is no source. */
int fisc_source_find(const char *word);

typedef struct _FiscFigures FiscFigures;

/* Hears of every amount that a coding adds to a source, under the code it is added at (everything
 * above that code gets it too), debits positive. */
typedef void (*FiscFigureListener)(const FiscCoding *coding, FiscSource source, const char *code,
                                   __int128 amount, gpointer data);

/** One pass over the balances. @query->balances is borrowed. */
FiscFigures *fisc_figures_new(const FiscStatementQuery *query, const FiscPerimeter *perimeter);
/** The same, telling @listener what each coding adds: what drill-down is made of. */
FiscFigures *fisc_figures_new_heard(const FiscStatementQuery *query, const FiscPerimeter *perimeter,
                                    FiscFigureListener listener, gpointer data);
void fisc_figures_free(FiscFigures *figures);

/** The sum of everything under @code, on the code's natural side (convention 6: "31.2" positive).
 */
__int128 fisc_figures_get(const FiscFigures *figures, FiscSource source, const char *code);
/** The codes under @under that something was posted to, sorted, cut to @digits (0 = as posted;
 *  shorter ones are left out); with @deeper, as posted too. Caller unrefs; strings are the
 * figures'. */
GPtrArray *fisc_figures_codes(const FiscFigures *figures, FiscSource source, const char *under,
                              guint digits, bool deeper);
/** Adds notes below the statements asked for: what the words on the lines did not classify. */
void fisc_figures_notes(const FiscFigures *figures, FiscTable *table);
/** The name of a code in the standard of the statements. */
const char *fisc_figures_label(const FiscFigures *figures, const char *code);
/** What is in transit inside the perimeter. */
const FiscTransit *fisc_figures_transit(const FiscFigures *figures);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscFigures, fisc_figures_free)

#endif
