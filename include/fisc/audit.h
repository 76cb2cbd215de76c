/* audit.h: what auditors look at beside the books, who has read what is sensitive; and what they
 * take away, to be checked without us. */
#ifndef FISC_AUDIT_H
#define FISC_AUDIT_H

#include "fisc/browse.h"

typedef struct {
    const char *person, *entity; /* NULL: any */
} FiscReadFilter;

/** Reads that servers have written down, newest first: columns read,at,person,session,operation,
 * path,entity,status,rows,bytes,request. Shown to who sees the whole book; nothing to others. */
bool fisc_flow_read_list(FiscContext *ctx, const FiscReadFilter *filter, const FiscPage *page,
                         FiscTable **out_table, char **out_next, GError **error);

/* A folder that an auditor takes away (docs/auditors-manual.md). */
typedef struct {
    const char *folder;   /* new, empty, or an audit pack */
    const char *period;   /* "2024", "2024-Q3", "2024-06" */
    const char *unit;     /* an entity or a group; NULL = all */
    const char *known_at; /* NULL = the newest batch */
    const char *key_file; /* that signs heads: it signs the checksums, too */
} FiscAuditOrder;

/** Writes the folder. The same order, known at the same batch, gives the same bytes, whatever was
 * posted since. *out_written: columns path,bytes,meaning. */
bool fisc_flow_audit_pack(FiscContext *ctx, const FiscAuditOrder *order, FiscTable **out_written,
                          GError **error);
/** Checks such a folder without any database: its files, their seal, the head, and that every entry
 * follows from it. @head_key: file of the public key that must have signed; NULL = the one in the
 * folder. *out_wrong: an array of char *, a line for each thing that does not hold; empty when all
 * does. *out_says: what is proven, in words; NULL otherwise. */
bool fisc_flow_audit_check(const char *folder, const char *head_key, GPtrArray **out_wrong,
                           char **out_says, GError **error);

#endif
