/* budget.h: from a journal to its budgetary lines.
 *
 * An entry and its effect on the budget are one entry with two sides, both or neither. Input that
 * names stages itself is left alone; for ordinary journals the plan adds: an obligation for every
 * expenditure line of an entity under control, and a payment for what the same entry pays in cash,
 * or what it pays of earlier payables (docs/package-format.md, convention 14). */
#ifndef FISC_BUDGET_H
#define FISC_BUDGET_H

#include "fisc/db.h"
#include "fisc/nation.h"
#include "fisc/poster.h"

/* Which entities are under control, and which keys have appropriations: what planning needs to
 * know. */
typedef struct _FiscBudgetView FiscBudgetView;

FiscBudgetView *fisc_budget_view_new(const FiscNation *nation);
/** The same, and what is added to it: @base is shared, is not changed and has to outlive it. */
FiscBudgetView *fisc_budget_view_over(const FiscBudgetView *base);
void fisc_budget_view_free(FiscBudgetView *view);
/** Adds what the ledger has. */
bool fisc_budget_view_load(FiscBudgetView *view, FiscTx *tx, int book_id, GError **error);
/** Adds what a submission is about to bring: controls among its events, appropriations in its
 * entries. */
void fisc_budget_view_add(FiscBudgetView *view, const FiscSubmission *submission);
/** Whether there is anything in a submission that fisc_budget_view_add() would add. */
bool fisc_budget_brings(const FiscSubmission *submission);

/** Adds the budgetary lines to every entry of @submission. Pure; digests stay as they were. */
void fisc_budget_plan(const FiscBudgetView *view, FiscSubmission *submission);

/** Appends an allotment: @amount of the budget line @dim becomes usable, for the period that begins
 * with @from (a month, a quarter or a year, by its first month). A negative amount takes one back.
 * Where a control has the limit "release", nothing may be spent beyond it. @dim is copied. */
FiscEntry *
fisc_budget_release(FiscSubmission *into, const FiscEntity *entity, const char *reference,
                    FiscPeriod from, const char *const dim[FISC_DIM_COUNT], int64_t amount,
                    const char *reason);
/** Appends a virement: @amount of appropriations moves from one budget line of the entity to
 * another on the day @on. Which ones may is for the engine to say (docs/documents.md). */
FiscEntry *
fisc_budget_virement(FiscSubmission *into, const FiscEntity *entity, const char *reference,
                     FiscDate on, const char *const from[FISC_DIM_COUNT],
                     const char *const to[FISC_DIM_COUNT], int64_t amount, const char *reason);

/* Money that is held back over many lines, let go again, or cut. */
typedef enum { FISC_BLOCK_SET, FISC_BLOCK_LIFT, FISC_BLOCK_CUT } FiscBlockKind;

typedef struct {
    FiscBlockKind kind;
    const char *id, *reason;
    FiscDate on;
    const char *where[FISC_DIM_COUNT]; /* a code, or how it begins: "2*"; NULL = any */
    int64_t amount;                    /* in all, in proportion to the lines; 0: by percentage */
    int64_t percent;                   /* of each line, in millionths of the whole */
    bool of_available; /* of what is left of a line, not of what was appropriated to it; what is
                          lifted is always of what is blocked */
} FiscBlock;

/** Whether a code is that of a word, or begins as the word does that ends with '*'. */
bool fisc_budget_word_has(const char *word, const char *code);
/** Appends an entry for each line of @position that is meant, and that gets a part. Returns how
 * many; *out_total: what they come to. Parts of an amount make the whole; a percentage of each line
 * is rounded half away from zero. */
int fisc_budget_block(FiscSubmission *into, const FiscEntity *entity, const FiscBlock *block,
                      const FiscBudgetPosition *position, int64_t *out_total);

/* What a reserve gives to a line that needs it. */
typedef struct {
    const char *id, *reason;
    FiscDate on;
    const char *from[FISC_DIM_COUNT], *to[FISC_DIM_COUNT];
    int64_t amount;
} FiscDraw;

/** Appends the two halves of a draw, with its id as their transfer. */
void fisc_budget_draw(FiscSubmission *into, const FiscEntity *reserve, const FiscEntity *receiver,
                      const FiscDraw *draw);

/* A way out of a refusal: what it says, and what taking it would post. */
typedef struct {
    GPtrArray *steps;        /* of FiscRemedy: all of them together */
    FiscSubmission *content; /* the steps that are posted, one entry or event each */
    GPtrArray *donors;       /* of FiscLinePosition: the line that gives, of each entry; or NULL */
} FiscRemedyOption;

void fisc_remedy_option_free(FiscRemedyOption *option);
/** Every kind of way out of the funds refusals of one entry that follows from where the budget
 * stands, the easiest first. None of them is rehearsed yet, and waiting is not among them. Lines in
 * @barred (a set of FiscLinePosition, or NULL) do not give. *out_is_complete: when there is none
 * here, there is none at all. Pure. */
GPtrArray *fisc_budget_remedies(const FiscBudgetPosition *position, const FiscEntity *entity,
                                const FiscRefusals *refusals, GHashTable *barred, const char *actor,
                                bool *out_is_complete);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscBudgetView, fisc_budget_view_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscRemedyOption, fisc_remedy_option_free)

#endif
