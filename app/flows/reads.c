/* reads.c: who has read what is sensitive, page by page: fisc/audit.h. */
#include "fisc/audit.h"
#include "app/flows/browsing.h"

#define COLUMNS "#read,at,person,session,operation,path,entity,#status,#rows,#bytes,request"
enum { READ, AT, PERSON, SESSION, OPERATION, PATH, ENTITY, STATUS, ROWS, BYTES, REQUEST, COUNT };

static bool
is_number(int column)
{
    return column == READ || column == STATUS || column == ROWS || column == BYTES;
}

static void
add_row(FiscTable *table, const FiscRows *rows, int at)
{
    FiscRow *row = fisc_table_add_row(table);
    for (int i = 0; i < COUNT; i++) {
        if (is_number(i)) {
            fisc_table_set_amount(table, row, i, fisc_rows_int8(rows, at, i));
        } else {
            fisc_browse_text(table, row, i, rows, at, i);
        }
    }
}

bool
fisc_flow_read_list(FiscContext *ctx, const FiscReadFilter *filter, const FiscPage *page,
                    FiscTable **out_table, char **out_next, GError **error)
{
    g_auto(FiscPageRows) found = {NULL};
    int64_t before = -1;
    if (!fisc_browse_number(page, &before, error)) {
        return false;
    }
    FiscArg from = fisc_int8(before);
    from.length = before >= 0 ? from.length : -1;
    if (!fisc_browse_ask(ctx, page, FISC_SQL_ACCESS_READS,
                         FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(filter->person),
                                   fisc_text(filter->entity), from,
                                   fisc_int4(fisc_browse_limit(page) + 1)),
                         &found, error)) {
        return false;
    }
    FiscTable *table = fisc_table_new("reads", "Reads of what is sensitive", 0);
    fisc_browse_columns(table, COLUMNS);
    for (int i = 0; i < found.count; i++) {
        add_row(table, found.rows, i);
    }
    *out_next = found.has_more ? g_strdup_printf("%" G_GINT64_FORMAT,
                                                 fisc_rows_int8(found.rows, found.count - 1, READ))
                               : NULL;
    *out_table = table;
    return true;
}
