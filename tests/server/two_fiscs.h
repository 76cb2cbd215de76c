/* two_fiscs.h: a city's fisc, served by `fisc serve`, and the State's, which takes the city's
 * entries through somebody between them who can alter what passes. The State has paid 500.00 as T-1
 * and calls the city CIT; the city calls itself CITY and has received 500.00 as T-1, 70.00
 * and 30.00. */
#ifndef FISC_TEST_TWO_FISCS_H
#define FISC_TEST_TWO_FISCS_H

#include "tests/app/books.h"
#include "tests/server/node.h"
#include <gio/gio.h>

#define CITY_HEADER                                                                                \
    "journal_id,date,entity,gfs_code,debit,credit,counterparty_entity,cofog,cash_code,transfer\n"
#define CITY_GETS(journal, date, amount, transfer)                                                 \
    journal "," date ",CITY,3202," amount ",,BANKS,,13," transfer "\n" journal "," date            \
            ",CITY,1331,," amount ",STATE,,," transfer "\n"

typedef enum {
    HONEST,
    CUT,       /* the body ends early */
    ALTERED,   /* an amount */
    FEWER,     /* an entry is missing */
    SWAPPED,   /* two entries in another order */
    OTHER_KEY, /* a document whose head somebody else signed */
    LIST,      /* the list promises less */
    DOWN,
} Fault;

typedef struct {
    GThread *thread;
    GSocketService *service;
    GMainLoop *loop;
    GMainContext *context;
    gint port, to; /* atomic */
    gint fault;    /* atomic */
    gint asked;    /* atomic: documents */
} Between;

typedef struct {
    Books *city, *state;
    Node *node; /* the city's */
    Between between;
    char *folder; /* keys and secrets: head.key and head.key.pub of the city */
} TwoFiscs;

TwoFiscs *two_fiscs_new(void);
void two_fiscs_free(TwoFiscs *fiscs);
/** Books of the city as they begin. The caller frees. */
Books *two_fiscs_city(void);
/** Serves other books of the city under the same address and key. */
void two_fiscs_serve(TwoFiscs *fiscs, Books *city);
/** Puts it on record that the State trusts this seal. */
void two_fiscs_trust(TwoFiscs *fiscs, const char *key);
/** "2 posted 3": so many runs, the outcome of the last, and how many entries there were; or the
 * outcome and its reason. Caller frees. */
char *two_fiscs_pull(TwoFiscs *fiscs, Fault fault);
void two_fiscs_expect_pull(TwoFiscs *fiscs, const char *expected);
/** "Authorization: ..." of ana, who may do all, with its line's end. Caller frees. */
char *two_fiscs_sign_in(Books *books);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TwoFiscs, two_fiscs_free)

#endif
