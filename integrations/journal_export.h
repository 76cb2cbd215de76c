/* journal_export.h: entries as a plain text journal, as hledger and Ledger read it.
 *
 * Such a file is a program of its reader's: a semicolon begins a comment, brackets a date, a colon
 * an account below another. What comes from the books is written so that none of it is one. */
#ifndef FISC_JOURNAL_EXPORT_H
#define FISC_JOURNAL_EXPORT_H

#include "fisc/date.h"
#include "fisc/error.h"
#include <stdint.h>

typedef enum { FISC_JOURNAL_HLEDGER, FISC_JOURNAL_LEDGER } FiscJournalStyle;
#define FISC_JOURNAL_STYLES "hledger or ledger"
/** -1 when the word is none of these. */
int fisc_journal_style_find(const char *word);

typedef struct {
    FiscJournalStyle style;
    GString *out;
} FiscJournalText;

/** A remark of a line. */
void fisc_journal_text_comment(const FiscJournalText *text, const char *words);
/** How amounts of a currency look; "" has no name. */
void fisc_journal_text_currency(const FiscJournalText *text, const char *currency, int decimals);
/** Begins a transaction; its lines follow. */
void fisc_journal_text_begin(const FiscJournalText *text, FiscDate date, int64_t number,
                             const char *words);

typedef struct {
    const char *entity;
    const char *side; /* "financial" "budgetary" */
    const char *account;
    __int128 amount; /* debits positive */
    int decimals;
    const char *currency;
} FiscJournalTextLine;

void fisc_journal_text_line(const FiscJournalText *text, const FiscJournalTextLine *line);
void fisc_journal_text_end(const FiscJournalText *text);

#endif
