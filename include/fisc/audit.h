/* audit.h: what auditors look at beside the books: who has read what is sensitive. */
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

#endif
