/* fact.h: facts with a date that statements are read by: rates, calendars, histories of units,
 * layouts, publications. Events that move no money.
 *
 * Each kind is a row of one table (ledger/fact.c): its file in a package, what its subject is
 * made of, its fields. The engine holds events against that table, packages are read by it, and a
 * nation keeps them as they were known at its batch. */
#ifndef FISC_FACT_H
#define FISC_FACT_H

#include "fisc/entry.h"

typedef enum {
    FISC_FACT_TEXT,
    FISC_FACT_DATE,     /* ISO day */
    FISC_FACT_PERIOD,   /* "2024", "2024-Q3", "2024-06" */
    FISC_FACT_YEAR,     /* "2024" */
    FISC_FACT_RATE,     /* a decimal above zero, at most FISC_RATE_DECIMALS decimals */
    FISC_FACT_WORD,     /* one of FiscFactField.words */
    FISC_FACT_FLAG,     /* Y or N */
    FISC_FACT_CODE,     /* no blanks, no "/" */
    FISC_FACT_ENTITY,   /* on record, or earlier in the same submission */
    FISC_FACT_ENTITIES, /* several, separated by blanks */
    FISC_FACT_GROUP,
    FISC_FACT_ACCOUNT,
    FISC_FACT_CURRENCY, /* ISO 4217 */
    FISC_FACT_DIGEST,   /* SHA-256 in hex */
    FISC_FACT_SECTOR,   /* SNA codes joined by "+": S13111 */
    FISC_FACT_PARTY,    /* the digits after 82 and 83: 1.. domestic, 2.. external */
    FISC_FACT_SHARES,   /* how successors share: fisc/succession.h */
} FiscFactType;

typedef struct {
    const char *name; /* of the field, and of the column in a package */
    FiscFactType type;
    bool is_required;
    bool is_key;       /* part of the subject: keys joined by "/", in this order */
    const char *words; /* of WORD: separated by blanks */
} FiscFactField;

#define FISC_FACT_FIELDS_MAX 16
#define FISC_RATE_DECIMALS 12

typedef struct {
    const char *kind;
    const char *file;                           /* "rates.csv"; NULL: not read from packages */
    FiscFactField fields[FISC_FACT_FIELDS_MAX]; /* ended by a NULL name */
} FiscFactKind;

/** Ended by a NULL kind. */
extern const FiscFactKind fisc_fact_kinds[];
const FiscFactKind *fisc_fact_kind(const char *kind); /* NULL: none */

/* One fact on record. Strings are owned. */
typedef struct {
    char *kind;
    char *subject;
    GPtrArray *fields; /* of char *: name, value ... */
} FiscFact;

/** A field's value, "" when not given. */
const char *fisc_fact_field(const FiscFact *fact, const char *name);
/** The subject of a fact: its keys joined by "/". NULL when a key is missing. Caller frees. */
char *fisc_fact_subject(const FiscFactKind *kind, GPtrArray *fields);
/** Pure check of an event of a kind of the table, without what it names: fields, forms, subject.
 * False with refusals that name the field. */
bool fisc_fact_check(const FiscEvent *event, FiscRefusals *refusals);

#endif
