/* model.h: what a book must answer, said as plainly as possible.
 *
 * The model keeps everything that was ever posted in flat lists and finds each answer by looking
 * through all of it: no index, no cache, no running total, so there is nothing to get out of step.
 * Taking back is cutting the lists. It shares no code with the engine and was written from the
 * contracts (fisc/entry.h, ledger/engine.h, docs/), not from engine.c. */
#ifndef FISC_SIM_MODEL_H
#define FISC_SIM_MODEL_H

#include "tests/sim/words.h"

#define SIM_CODES_MAX 24
#define SIM_SHORTAGES_MAX 32
#define SIM_KEY_TEXT 96

typedef struct {
    FiscError code;
    int control;
    char key[SIM_KEY_TEXT];
    int64_t limit, consumed, requested, shortfall;
    int dim[SIM_DIM_COUNT]; /* of the line that asked */
} SimShortage;

typedef struct {
    FiscResultKind kind;
    int64_t entry_id, batch_no;
    FiscPeriod period; /* where it belongs, when that was asked */
    int code_count;
    FiscError code[SIM_CODES_MAX]; /* in ascending order; a code may stand there twice */
    int shortage_count;
    SimShortage shortage[SIM_SHORTAGES_MAX]; /* by control and key */
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
    int kept_count; /* lines that were not dropped: financial ones first */
    int kept[SIM_LINES_MAX];
    int financial;
} SimPosted;

typedef struct {
    int control;
    char key[SIM_KEY_TEXT];
    SimLevel level;
    int64_t limit;
    int64_t stage[FISC_STAGE_COUNT];
    int64_t available;
} SimFunds;

typedef struct _SimModel SimModel;

/** @limit_error is added to every limit when funds are judged: 0, or a mistake that the comparison
 * must find. */
SimModel *sim_model_new(int64_t limit_error);
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
/** Every key on record in a year: an array of SimFunds, by control's name and key. Caller unrefs.
 */
GArray *sim_model_funds(const SimModel *model, int year);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SimModel, sim_model_free)

#endif
