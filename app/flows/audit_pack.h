/* audit_pack.h: what the making and the checking of an audit pack share: the names of its files,
 * and how an entry of the log is written for people. */
#ifndef FISC_FLOWS_AUDIT_PACK_H
#define FISC_FLOWS_AUDIT_PACK_H

#include "app/flows/report_snapshot.h"
#include "fisc/audit.h"
#include "fisc/nation.h"
#include "ledger/verify_rows.h"

#define FISC_AUDIT_FORM "fisc audit pack 1"
#define FISC_AUDIT_PACK "pack.json"
#define FISC_AUDIT_LOG "chain.ndjson"
#define FISC_AUDIT_ENTRIES "entries.csv"
#define FISC_AUDIT_HEAD "head.txt"

/* A pack while it is made. */
typedef struct {
    const FiscAuditOrder *order;
    FiscPeriod from, to;
    FiscKnownAt known;
    FiscNation *nation;  /* as known then */
    GHashTable *members; /* entities of the unit; NULL = all */
    GPtrArray *sheets;   /* see sheets.h */
    FiscTable *files;    /* columns path,bytes,meaning */
} FiscAuditPack;

void fisc_audit_pack_clear(FiscAuditPack *pack);
/** Adds a file; takes @bytes. */
void fisc_audit_add(FiscAuditPack *pack, const char *path, const char *meaning, GString *bytes);

/* audit_log.c */
/** Adds the chain up to the pack's batch, and its entries as CSV. */
bool fisc_audit_add_log(FiscTx *tx, FiscContext *ctx, FiscAuditPack *pack, GError **error);

/* audit_records.c */
/** Adds reports, persons and their rights, documents, holds, refusals, reads. */
bool fisc_audit_add_records(FiscTx *tx, FiscContext *ctx, FiscAuditPack *pack, GError **error);

/* audit_names.c: what the numbers of the log are called, as its events tell. */
typedef struct _FiscAuditNames FiscAuditNames;
FiscAuditNames *fisc_audit_names_new(void);
void fisc_audit_names_free(FiscAuditNames *names); /* NULL does nothing */
/** Both are copied. */
void fisc_audit_names_event(FiscAuditNames *names, const FiscLogEvent *event);
void fisc_audit_names_coding(FiscAuditNames *names, const FiscLogCoding *coding);
/** The code of an entity's number; NULL when no event has told it. */
const char *fisc_audit_names_entity(const FiscAuditNames *names, int number);
/** The head of entries.csv, and the lines of an entry. NULL, or what of it has no name. */
void fisc_audit_write_header(GString *csv);
const char *
fisc_audit_write_entry(const FiscAuditNames *names, const FiscLogEntry *entry, GString *csv);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscAuditNames, fisc_audit_names_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiscAuditPack, fisc_audit_pack_clear)

#endif
