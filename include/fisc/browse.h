/* browse.h: what is on record, page by page, for those who look for a code, an entry or a document.
 *
 * Pages go by keys and not by numbers of rows: what is posted meanwhile moves nothing. The key that
 * a page ends with begins the next one. */
#ifndef FISC_BROWSE_H
#define FISC_BROWSE_H

#include "fisc/context.h"
#include "fisc/entry.h"
#include "fisc/identity.h"
#include "fisc/table.h"

#define FISC_PAGE_MAX 1000 /* rows */

typedef struct {
    const char *words; /* each begins a code or stands in a name, whatever their case; NULL = all */
    const char *after; /* the key the page before ended with; NULL = the first page */
    int limit;         /* rows, at most FISC_PAGE_MAX */
} FiscPage;

/* *out_next (owned): the key this page ends with; NULL when it is the last one. A key that cannot
 * be one of ours is USAGE. */

typedef struct {
    char *name;
    int64_t batch;   /* the newest */
    char *hash;      /* of it, in hex */
    char *posted_at; /* of it, UTC */
    int32_t *years;  /* that have periods */
    int year_count;
    char *currency; /* NULL: its units have several, or name none */
    int decimals;   /* of its amounts; -1: its units have several currencies */
    int64_t entities, groups;
    bool are_duties_enforced;
} FiscBookCard;

bool fisc_flow_book_show(FiscContext *ctx, FiscBookCard *out_card, GError **error);
void fisc_book_card_clear(FiscBookCard *card);

/** 0 of an empty book. */
bool fisc_flow_newest_batch(FiscContext *ctx, int64_t *out_batch, GError **error);

/** As they are today: columns entity,name,sector,cp_code,reporting,currency,groups. */
bool fisc_flow_entity_list(FiscContext *ctx, const FiscPage *page, FiscTable **out_table,
                           char **out_next, GError **error);
/** Columns group,name,members. */
bool fisc_flow_group_list(FiscContext *ctx, const FiscPage *page, FiscTable **out_table,
                          char **out_next, GError **error);
/** Columns account,name,class,gfs,stage. */
bool fisc_flow_account_list(FiscContext *ctx, const FiscPage *page, FiscTable **out_table,
                            char **out_next, GError **error);
/** The codes of a dimension that are on record or in use; with @entity those that it uses. Columns
 * code,name,parent. */
bool fisc_flow_segment_list(FiscContext *ctx, FiscDimension dimension, const char *entity,
                            const FiscPage *page, FiscTable **out_table, char **out_next,
                            GError **error);
/** Columns cofog,gfs_code,section,programme,economic,fund,project,region,source_of_finance,layer,
 * name,appropriated,available. NOT_FOUND for an unknown entity. */
bool
fisc_flow_budget_line_list(FiscContext *ctx, const char *entity, int year, const FiscPage *page,
                           FiscTable **out_table, char **out_next, GError **error);

typedef struct {
    const char *entity, *account, *document; /* NULL = any */
    bool has_from, has_to;
    FiscDate from, to; /* of the accounting date */
} FiscEntryFilter;

/** The newest first. Columns entry,reference,source,date,entity,memo,document,batch,posted_at,
 * actor,amount. The words of the page are not asked for. */
bool fisc_flow_entry_list(FiscContext *ctx, const FiscEntryFilter *filter, const FiscPage *page,
                          FiscTable **out_table, char **out_next, GError **error);

/* One entry. Texts are NULL when there is none. */
typedef struct {
    int64_t entry, batch;
    char *reference, *source, *entity, *memo, *document, *transfer, *corrects, *posted_at, *actor;
    char *digest, *receipt, *currency;
    FiscPeriod period;
    FiscDate date;
    bool is_reversal;
    FiscTable *lines; /* line,account,name,flow,debit,credit,item, the dimensions, foreign_amount */
} FiscEntryCard;

/** @source NULL: whichever has the reference; USAGE when several do. NOT_FOUND. */
bool fisc_flow_entry_show(FiscContext *ctx, const char *source, const char *reference,
                          FiscEntryCard *out_card, GError **error);
void fisc_entry_card_clear(FiscEntryCard *card);

typedef struct {
    const char *state, *entity, *maker; /* NULL = any */
    const char *waits_for; /* a person who has had no hand in it; NULL = whoever it may be */
    /* by whose duties it is told who may approve: whole, where the actor sees a part of the book;
       NULL = duties are not asked */
    const FiscRegistry *registry;
} FiscDocumentFilter;

/** The newest first. Columns document,state,action,entity,maker,needs,approved_by,reason; digest,
 * which is signed; may_approve (Y, N), as the duties say today; of a feed what it brings: feeder,
 * part,period,entries,reversed,value,suspense. */
bool
fisc_flow_document_browse(FiscContext *ctx, const FiscDocumentFilter *filter, const FiscPage *page,
                          FiscTable **out_table, char **out_next, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiscBookCard, fisc_book_card_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiscEntryCard, fisc_entry_card_clear)

#endif
