/* request.h: what the submitters of the rigs ask for: a pure function of a seed and a number.
 *
 * So a submitter outside the victim knows the digest of what it asked, and asks for the very same
 * when it has to ask again, without keeping the words anywhere. */
#ifndef FISC_FAULT_REQUEST_H
#define FISC_FAULT_REQUEST_H

#include "fisc/entry.h"

#define FAULT_PROGRAMMES 10
#define FAULT_YEAR 2024
#define FAULT_ENTRIES_MAX 2 /* of one request */

/** The books all rigs begin with: a few accounts, entity E, the open periods of 2024, the control
 * "vote" of @level on (entity, programme), and @amount appropriated to each programme. */
FiscSubmission *fault_books(const char *level, int64_t amount);

/** Request @number of a run: most often a commitment on a hot line; sometimes a release, a change
 * of the appropriation, an invoice with its obligation, a group of two, and now and then the close
 * of a month. Its references are "R<number>" and, in a group, "R<number>b". */
FiscSubmission *fault_request(uint64_t seed, int number);
/** The reference of one of its entries. @buffer of FAULT_REFERENCE bytes. */
#define FAULT_REFERENCE 24
const char *fault_reference(int number, int entry, char *buffer);

/** @count requests from @first on as one submission: only commitments and releases on the hot
 * lines, around what is available. */
FiscSubmission *fault_race_requests(uint64_t seed, int first, int count);
/** The amount of such a request and its programme ("1" .. "10"). */
int64_t fault_race_amount(uint64_t seed, int number, char programme[4]);

/** One financial entry dated in a month. */
FiscSubmission *fault_entry_in(FiscPeriod period, const char *reference);

#endif
