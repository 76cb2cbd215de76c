/* officer.h: a budget in small steps: lines are appropriated and allotted, something is asked of
 * them, and what a refusal offers is taken, as documents of two persons. */
#ifndef FISC_TEST_OFFICER_H
#define FISC_TEST_OFFICER_H

#include "tests/app/books.h"

#define YEAR 2024

/* Who takes a remedy, through the flows that an officer of the budget uses. */
typedef struct {
    Books *books;
    const char *entity;
    FiscDate date;                /* on which is asked; waiting changes it */
    const char *maker, *approver; /* of the documents */
    FiscSubmission *words;        /* owns the texts of orders */
} Officer;

/** Books with the chart, the year and an entity "E". */
Books *officer_books(void);
/** A submission of the source "test"; posting frees it. */
FiscSubmission *officer_begin(void);
FiscReceipt *officer_post(Books *books, FiscSubmission *submission);
/** Posts and expects that nothing is refused. */
void officer_must_post(Books *books, FiscSubmission *submission);
void officer_add_entity(FiscSubmission *submission, const char *code);
/** Adds an appropriation to a line, "programme=1 economic=22"; a release of E's; a reservation. */
void officer_appropriate(FiscSubmission *submission, const char *entity, const char *line,
                         int64_t amount);
void officer_allot(FiscSubmission *submission, const char *line, int month, int64_t amount);
void officer_reserve(FiscSubmission *submission, const char *entity, const char *reference,
                     FiscDate date, const char *line, int64_t amount);
/** Posts a reservation, which may be refused. */
FiscReceipt *
officer_ask(Books *books, const char *entity, const char *line, FiscDate date, int64_t amount);
/** The first refusal of the first result; NULL when it was accepted. */
const FiscRefusal *officer_refusal(const FiscReceipt *receipt);
/** Expects the remedies of that refusal, as "option kind: words" lines. */
void officer_expect(const FiscReceipt *receipt, const char *expected);
/** Takes all steps of an option. */
void officer_take(Officer *officer, const GPtrArray *remedies, int option);
/** Takes one option, asks again and expects that it passes. */
void
officer_expect_cure(Books *books, const char *entity, const char *line, FiscDate date,
                    int64_t amount, const FiscReceipt *refused, int option, const char *approver);

#endif
