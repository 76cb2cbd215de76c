/* refusal.h: a refusal is an answer, with everything the reader needs to act on it.
 *
 * All refusals of an input are collected, not only the first. Where the input was a file, the
 * refusal names file, line and field. A funds refusal names the control, the key, what is
 * available and what is short (rules R1, R3, R7). */
#ifndef FISC_REFUSAL_H
#define FISC_REFUSAL_H

#include "fisc/date.h"
#include "fisc/error.h"
#include <stdint.h>

/* A lawful way out of a refusal. Nothing is offered that would not be accepted if it were taken:
 * docs/refusals.md.
 * X(NAME, word, sentence) */
#define FISC_REMEDIES(X)                                                                           \
    X(VIREMENT, "virement", "a virement inside the rules")                                         \
    X(RELEASE, "release", "a release of what is appropriated and not yet allotted")                \
    X(WAIT, "wait", "the next release that is already on record")                                  \
    X(COVER, "cover", "a cover pool")                                                              \
    X(OVERRIDE, "override", "an override by who may give one")                                     \
    X(ASK, "ask", "a release by who holds it")                                                     \
    X(NONE, "none", "there is no lawful way")

typedef enum {
#define X(name, word, sentence) FISC_REMEDY_##name,
    FISC_REMEDIES(X)
#undef X
} FiscRemedyKind;

/* One step of a way out. */
typedef struct {
    FiscRemedyKind kind;
    int option;     /* from 1, the easiest first: steps of one number are taken together */
    char *from;     /* the key that gives, or NULL */
    char *to;       /* the key that receives, or NULL */
    int64_t amount; /* minor units */
    FiscDate date;  /* WAIT: from when; else 0 */
    char *approval; /* the role whose approval it needs, or NULL */
    int approvals;  /* how many persons have to approve beside who asks */
    char *rule;     /* the rule, pool or control that allows it, or NULL */
    char *article;  /* of the law, or NULL */
} FiscRemedy;

const char *fisc_remedy_word(FiscRemedyKind kind);
const char *fisc_remedy_sentence(FiscRemedyKind kind);
FiscRemedy *fisc_remedy_new(FiscRemedyKind kind);
FiscRemedy *fisc_remedy_copy(const FiscRemedy *remedy);
void fisc_remedy_free(FiscRemedy *remedy);
/** One readable line: "virement of 10.00 from "..." to "..." (rule within-programme, Art. 46,
 * approved by minister)". Caller frees. */
char *fisc_remedy_to_text(const FiscRemedy *remedy, int decimals);

/** How far a consumed amount has come: FiscRefusal.stage. */
typedef enum {
    FISC_CONSUMED_RESERVED,
    FISC_CONSUMED_COMMITTED,
    FISC_CONSUMED_ACCRUED,
    FISC_CONSUMED_PAID,
    FISC_CONSUMED_BLOCKED, /* not spent: held back */
    FISC_CONSUMED_COUNT
} FiscConsumed;

typedef struct {
    FiscError code;
    char *file;   /* NULL when the input was no file */
    int line;     /* 1-based; 0 when unknown */
    char *field;  /* the column's name; NULL when the whole row or file */
    char *detail; /* what was wrong, with the offending value */
    char *hint;   /* what would help; NULL when nothing is known */
    /* funds only: control != NULL */
    char *control; /* "chapter" */
    char *key;     /* "entity=001 programme=2 economic=1 year=2018" */
    int64_t limit;
    int64_t consumed; /* before this request */
    int64_t requested;
    int64_t shortfall;
    int64_t stage[FISC_CONSUMED_COUNT]; /* @consumed by stage; not on record */
    char *article;       /* of the law that the control cites; NULL when it cites none */
    GPtrArray *remedies; /* of FiscRemedy, the easiest first; NULL = not looked for */
    int dropped; /* > 0: no refusal of its own but the count of those beyond FISC_REFUSALS_MAX */
} FiscRefusal;

/** A list that owns its refusals. */
typedef GPtrArray FiscRefusals;

FiscRefusals *fisc_refusals_new(void);
/** At most this many are kept of one input; the rest are counted in a last refusal's detail. */
#define FISC_REFUSALS_MAX 1000

/** Appends and returns a refusal; strings are copied, NULL allowed. @format makes the detail. */
FiscRefusal *fisc_refusals_add(FiscRefusals *refusals, FiscError code, const char *file, int line,
                               const char *field, const char *format, ...) G_GNUC_PRINTF(6, 7);
FiscRefusal *fisc_refusal_copy(const FiscRefusal *refusal);
void fisc_refusal_free(FiscRefusal *refusal);
/** One readable line: "journals.csv:12: debit: AMOUNT_DECIMALS: ... (hint)", and below it an
 * indented one for every remedy that was found. Caller frees. @decimals formats the amounts of a
 * funds refusal. */
char *fisc_refusal_to_text(const FiscRefusal *refusal, int decimals);
/** The exit status for the list: 5 when every refusal is a conflict, 4 when each is a denial, else
 * 6. */
int fisc_refusals_exit_status(const FiscRefusals *refusals);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscRefusals, g_ptr_array_unref)

#endif
