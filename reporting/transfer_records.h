/* transfer_records.h: what two units say of the grants between them, record by record.
 *
 * A record is what one entry says of one grant: its unit, the other party, the kind, an amount.
 * What corrects or reverses the entry is part of its record, so that a payment taken back is none.
 */
#ifndef FISC_TRANSFER_RECORDS_H
#define FISC_TRANSFER_RECORDS_H

#include "fisc/transfer.h"
#include "reporting/pairs.h"

typedef struct {
    FiscSide side;
    const char *entity, *counterparty;
    gint64 set;                  /* of records that may speak of the same grants */
    const char *kind;            /* "current" "capital" "unclassified" */
    const char *transfer;        /* the id that the entries carry; "" = none */
    int64_t entry_id;            /* the first, which the others correct */
    const char *reference;       /* of the first */
    const char *document, *memo; /* likewise; "" = none */
    FiscDate effective;          /* likewise */
    GPtrArray *references;       /* of const char *: of every entry, in order */
    __int128 amount;             /* up to the end, positive on its side */
    __int128 before;             /* of it, before the period */
    bool is_in_period;           /* something of it is */
} FiscTransferRecord;

typedef struct {
    const FiscTransferQuery *query;
    FiscPerimeter *perimeter;
    bool is_of_one;    /* what one unit gives and gets; else what passes inside a group */
    FiscPairs *pairs;  /* which records may speak of the same grants */
    GHashTable *evens; /* set -> FiscPeriod: the last one before the period behind which the two
                          sides of the set were even; up to it nothing is looked at again */
    GPtrArray *list;   /* of FiscTransferRecord, in chain order */
} FiscTransferRecords;

/** NOT_FOUND when the unit is unknown. */
bool fisc_transfer_records_new(const FiscTransferQuery *query, FiscTransferRecords **out_records,
                               GError **error);
void fisc_transfer_records_free(FiscTransferRecords *records);
/** Reads the query's lines into the list. */
void fisc_transfer_records_read(FiscTransferRecords *records);
/** True when two records of one set can be the two sides of a grant: each names the other's unit,
 *  or a class with it. */
bool fisc_transfer_records_meet(const FiscTransferRecords *records, const FiscTransferRecord *payer,
                                const FiscTransferRecord *receiver);
/** True when the books of the other party may not be seen. */
bool
fisc_transfer_record_is_alone(const FiscTransferRecords *records, const FiscTransferRecord *record);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscTransferRecords, fisc_transfer_records_free)

#endif
