/* posting_rows.h: transactions of other bookkeeping systems as rows that a profile reads. Private
 * to integrations/.
 *
 * Such a transaction has any number of postings that add up to nothing; a row of a profile makes
 * one debit and one credit. So each transaction is written as transfers from account to account:
 * what is debited takes from what is credited, both in their own order, until nothing is left.
 * Every account gets exactly what its postings say. A transaction that does not add up is refused,
 * not mended. */
#ifndef FISC_INTEGRATIONS_POSTING_ROWS_H
#define FISC_INTEGRATIONS_POSTING_ROWS_H

#include "fisc/refusal.h"
#include <stdint.h>

#define FISC_POSTING_DECIMALS_MAX 18

/* A posting as the other system has it. Borrowed. */
typedef struct {
    const char *account; /* its code, or its name where there are no codes */
    const char *name;
    const char *party; /* "" */
    const char *currency;
    int64_t amount; /* in units of 10^-decimals; debits positive */
    int decimals;
    int group; /* only postings of one group make up for each other */
} FiscPosting;

/* A transaction as the other system has it. Borrowed. */
typedef struct {
    const char *id; /* as long as it is the same transaction, the same */
    const char *date;
    const char *code, *description, *status; /* "" */
    int line;                                /* for messages; 0 */
} FiscTransaction;

/** The rows' header: id,line,date,code,description,status,party,currency,debit,debit_name,credit,
 * credit_name,amount. */
void fisc_posting_rows_begin(GString *out);
/** Appends the rows of a transaction; of FiscPosting. False when it is refused; @file is the
 * document's name. */
bool fisc_posting_rows_add(GString *out, const char *file, const FiscTransaction *transaction,
                           const GArray *postings, FiscRefusals *refusals);

/** Whether a name can be part of a reference: short, visible, without '@', which counts versions.
 */
bool fisc_posting_rows_id_is_good(const char *id);

#endif
