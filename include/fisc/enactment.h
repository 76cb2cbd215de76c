/* enactment.h: from the lines of a version to the entries of a law, and what is spent before there
 * is one. Pure: which content a law has is for app/flows to find, who may enact it for the engine.
 *
 * A law is one group: its event, an entry for each line, an event for each line of zero. The same
 * lines give the same entries, so that who approves can build them again. */
#ifndef FISC_ENACTMENT_H
#define FISC_ENACTMENT_H

#include "fisc/formulation.h"

/** The source under which the references of laws are unique. */
#define FISC_SOURCE_LAW "law"
/** What the references of a law's reversals of the interim budget begin with, behind the law. */
#define FISC_LAW_INTERIM "/INTERIM/"
/* How references begin of what stands in for a law. */
#define FISC_INTERIM_PREFIX "INTERIM-"

typedef struct {
    const char *law;   /* "L-2018-6": every reference begins with it */
    const char *title; /* of the law */
    FiscDate on;       /* from when its amounts count */
    /* "" or NULL = none: */
    const char *article, *annex; /* of lines that name none themselves */
    const char *reason;
    const char *base;     /* the version that it changes; none = it is an original budget */
    const char *children; /* digest of all parts of its version */
} FiscEnactment;

/** Appends the law of @lines: event, entries, lines of zero, lines the legislature cut. @base: the
 * lines of the law that it changes, then only what differs is appended, increases first; NULL = an
 * original budget. False with refusals, and then @into is of no use. */
bool
fisc_budget_enact(FiscSubmission *into, const FiscEnactment *enactment, const FiscPlanLines *lines,
                  const FiscPlanLines *base, const FiscNation *nation, FiscRefusals *refusals);

/* The interim budget: rule R16. A part of what was appropriated last year, month by month. */

typedef struct {
    const char *entity;
    const char *dim[FISC_DIM_COUNT]; /* never NULL */
    int64_t appropriated;            /* last year, originally */
    int64_t share_of, share_in;      /* of it in a month: 1 in 12; 0 in 1 = nothing */
    const char *article;             /* of the class; "" = none */
    int64_t month[12];               /* what was given at the first of each month */
} FiscInterimLine;

typedef struct {
    int year;
    int through;      /* the last month that was given: 1 to 12; 0 = none */
    GPtrArray *lines; /* of FiscInterimLine, in order of their names */
    GHashTable *by_name;
    GStringChunk *chunk;
} FiscInterim;

FiscInterim *fisc_interim_new(int year);
void fisc_interim_free(FiscInterim *interim);
/** Adds to what was appropriated to a line; @dim is copied, without what a budget does not know. */
void fisc_interim_add(FiscInterim *interim, const char *entity,
                      const char *const dim[FISC_DIM_COUNT], int64_t amount);
/** Sets the shares by classes (docs/enactment.md): the first row that matches a line; lines that
 * none matches keep theirs. False with refusals. */
bool fisc_interim_classify(FiscInterim *interim, const char *name, const char *data, gsize length,
                           FiscRefusals *refusals);
/** Takes what was given before, and with it the shares. A line that nothing was appropriated to
 * last year after all is given nothing more, and what it was given is taken back with the next
 * month. */
void fisc_interim_continue(FiscInterim *interim, const FiscInterim *before);
/** Gives every line its share up to and with @month, for months that were not given yet. */
void fisc_interim_give(FiscInterim *interim, int month);
/** The canonical text, and back. Caller frees. NULL with refusals. */
char *fisc_interim_write(const FiscInterim *interim, const FiscNation *nation);
FiscInterim *fisc_interim_read(const char *name, const char *data, gsize length,
                               const FiscNation *nation, FiscRefusals *refusals);
/** Appends the changes of months behind @after up to @interim->through, each dated with the first
 * of its month, and a line of zero for who gets nothing. */
void fisc_interim_post(FiscSubmission *into, const FiscInterim *interim, int after,
                       const char *article, const FiscNation *nation);
/** Appends what takes all of it back, on the day of the law, or on the day it was given when that
 * is later. */
void fisc_interim_end(FiscSubmission *into, const FiscInterim *interim, const char *law,
                      FiscDate on, const FiscNation *nation);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscInterim, fisc_interim_free)

#endif
