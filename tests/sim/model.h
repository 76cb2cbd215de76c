/* model.h: what a book must answer, said as plainly as possible.
 *
 * The model keeps everything that was ever posted in flat lists and finds each answer by looking
 * through all of it: no index, no cache, no running total, so there is nothing to get out of step.
 * Taking back is cutting the lists. It shares no code with the engine and was written from the
 * contracts (fisc/entry.h, ledger/engine.h, docs/), not from engine.c. */
#ifndef FISC_SIM_MODEL_H
#define FISC_SIM_MODEL_H

#include "tests/sim/words.h"

#define SIM_CODES_MAX 48
#define SIM_SHORTAGES_MAX 48
#define SIM_POSTED_LINES_MAX 64

/* A key of a control, over some months of a year. */
typedef struct {
    int control;
    int entity;
    int dim[SIM_DIM_COUNT];
    int account;        /* as posted; counts for keys with an account */
    int year, from, to; /* months 1 to 12; opening counts with 1, adjustments with 12 */
} SimKey;

/* What a control says of an entry: a refusal, or a warning. */
typedef struct {
    FiscError code;
    SimKey key;
    char text[SIM_KEY_TEXT]; /* the key, as it is printed */
    int article;
    int64_t limit, consumed, requested, shortfall;
    int64_t stage[FISC_CONSUMED_COUNT];
} SimShortage;

typedef struct {
    FiscResultKind kind;
    int64_t entry_id, batch_no;
    FiscPeriod period; /* where it belongs, when that was asked */
    int code_count;
    FiscError code[SIM_CODES_MAX]; /* in ascending order; a code may stand there twice */
    int shortage_count;
    SimShortage shortage[SIM_SHORTAGES_MAX]; /* by control and key */
    int warning_count;                       /* of a posted entry */
    SimShortage warning[SIM_SHORTAGES_MAX];
} SimVerdict;

typedef struct {
    bool is_good;
    int event_code_count;
    FiscError event_code[SIM_CODES_MAX];
    int verdict_count; /* none when an event was refused */
    SimVerdict verdict[SIM_ENTRIES_MAX];
} SimAnswer;

/* A refusal as it goes on record: in terms of the log, without the rest of its group. */
typedef struct {
    char reference[SIM_SUBJECT];
    int shortage_count;
    SimShortage shortage[SIM_SHORTAGES_MAX];
} SimRefusal;

typedef struct {
    SimEntry entry;
    int memo;
    int source, actor;
    FiscPeriod period;
    int64_t corrects_id;
    int64_t batch_no;
    int line_count; /* what was not dropped, and what relief and cover added: financial first */
    SimLine line[SIM_POSTED_LINES_MAX];
    int financial;
} SimPosted;

typedef struct {
    SimKey key;
    char text[SIM_KEY_TEXT];
    SimLevel level;
    int64_t limit, grown, ceiling, consumed;
    int64_t stage[FISC_STAGE_COUNT];
    int64_t available;
} SimFunds;

typedef struct _SimModel SimModel;

/* Mistakes on purpose: the comparison must find each of them. */
typedef enum {
    SIM_RIGHT,
    SIM_WRONG_LIMIT_UP,   /* every limit is one unit too high */
    SIM_WRONG_LIMIT_DOWN, /* too low */
    SIM_WRONG_TOLERANCE,  /* the cap is forgotten */
    SIM_WRONG_ADVISORY,   /* advises nobody */
    SIM_WRONG_WARNING,    /* warns at the percentage, not above it */
    SIM_WRONG_STAGES,     /* releases are not told from appropriations */
    SIM_WRONG_ACCOUNTS,   /* debits count as available */
    SIM_WRONG_BOUNDARY,   /* only the entry's own boundary is looked at */
    SIM_WRONG_PERIOD,     /* the adjustment period counts with January */
    SIM_WRONG_TREE,       /* depth counts from 0 */
    SIM_WRONG_VALIDITY,   /* the last day does not count */
    SIM_WRONG_OVERRIDE,   /* never expires */
    SIM_WRONG_COVER,      /* of two modes the other */
    SIM_WRONG_RELIEF,     /* gives back the greater amount */
    SIM_WRONG_FINAL,      /* a final line leaves the rest open */
    SIM_WRONG_EXCESS,     /* one unit more than is open may be taken */
    SIM_WRONG_ROUNDING,   /* of foreign currency, down */
    SIM_WRONG_GAIN,       /* a revaluation is refused like spending */
    SIM_WRONG_BLOCK,      /* what is blocked can be spent */
    SIM_WRONG_LIFT,       /* more is let go than is blocked */
    SIM_WRONG_GROWTH,     /* the estimate is forgotten */
    SIM_WRONG_GROWTH_CAP, /* the cap of a growth is */
    SIM_WRONG_REFUND,     /* a refund is refused like spending */
    SIM_MISTAKES
} SimMistake;

SimModel *sim_model_new(SimMistake mistake);
void sim_model_free(SimModel *model);

void sim_model_begin(SimModel *model);
void sim_model_commit(SimModel *model);
void sim_model_undo(SimModel *model);
/** The batch is on its way; the next one is decided on top of it. It lands, or crashes: then the
 * next one was undone first. */
void sim_model_launch(SimModel *model);
void sim_model_landed(SimModel *model);
void sim_model_crashed(SimModel *model);
/** Decides the events (or not) and @count entries from @first as one group. */
void sim_model_decide(SimModel *model, const SimUnit *unit, int first, int count, bool with_events,
                      SimAnswer *out_answer);

/* Asking. */
int64_t sim_model_batch_no(const SimModel *model); /* of the last committed batch */
int sim_model_posted_count(const SimModel *model);
/** The entry with this id. */
const SimPosted *sim_model_posted(const SimModel *model, int64_t entry_id);
/** The id of the entry under a reference; 0 when there is none. */
int64_t sim_model_find(const SimModel *model, int source, int reference, bool is_reversal);
/** What the batch that is being decided has so far. */
int sim_model_batch_events(const SimModel *model);
/** Array of SimRefusal. Borrowed. */
const GArray *sim_model_batch_refusals(const SimModel *model);
/** Number of a subject of a kind, from 1 in order of first mention; 0 when unknown. */
int sim_model_number(const SimModel *model, SimEventKind kind, int subject);
bool sim_model_is_open(const SimModel *model, FiscPeriod period);
/** The day on which what follows is decided. */
void sim_model_set_day(SimModel *model, FiscDate day);
FiscDate sim_model_day(const SimModel *model);
/** The newest event about a subject, or NULL. */
const SimEvent *sim_model_fact(const SimModel *model, SimEventKind kind, int subject);
/** The newest definition of a control, or NULL. */
const SimControl *sim_model_control(const SimModel *model, int control);
/** The last key that was exceeded, taken back or not; without text before the first. */
const SimShortage *sim_model_last_refused(const SimModel *model);
/** Every key on record in a year: an array of SimFunds, by control's name and key. Caller unrefs.
 */
GArray *sim_model_funds(const SimModel *model, int year);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SimModel, sim_model_free)

#endif
