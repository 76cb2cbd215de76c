/* context.h: who acts, on which database, at what time. No globals: a flow gets one of these. */
#ifndef FISC_CONTEXT_H
#define FISC_CONTEXT_H

#include "fisc/db.h"

typedef struct _FiscPoster FiscPoster;
typedef struct _FiscScope FiscScope;
typedef struct _FiscMasters FiscMasters;

typedef struct {
    FiscPool *pool;
    int book_id;            /* 1: the book of this database */
    const char *actor;      /* person code who answers for writes; NULL for readers */
    const char *on_behalf;  /* whose duty the actor exercises by delegation; NULL: his own */
    FiscPoster *poster;     /* kept open by whoever serves many; NULL: each walk opens its own */
    FiscMasters *masters;   /* kept beside it (fisc/flow.h); NULL: each walk reads its own */
    const FiscScope *scope; /* what may be seen of it; NULL: all. @pool obeys it by itself, answers
                               from memory have to */
    bool is_dry_run;        /* everything is decided, nothing is written */
    void (*progress)(const char *what, int64_t done, int64_t total, void *data); /* or NULL */
    void *progress_data;
} FiscContext;

#endif
