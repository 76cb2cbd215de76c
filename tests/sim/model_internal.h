/* model_internal.h: what the files of the model share: its lists, and how a key is read from them.
 */
#ifndef FISC_SIM_MODEL_INTERNAL_H
#define FISC_SIM_MODEL_INTERNAL_H

#include "tests/sim/model.h"

/* A budgetary line that makes or uses funds. */
typedef struct {
    int entity;
    int year;
    FiscStage stage;
    int64_t amount;
    int dim[SIM_DIM_COUNT];
} Move;

/* One side of a coding's turnover in a year, a line at a time. */
typedef struct {
    int entity;
    int year;
    SimLine line;
} Turnover;

typedef struct {
    int source, number;
    bool is_reversal;
} Reference;

typedef struct {
    guint facts, moves, turnovers, posted;
} Mark;

struct _SimModel {
    int64_t limit_error;
    int64_t batch_no;
    GArray *facts;          /* of SimEvent, in order: the newest of a subject holds */
    GArray *moves;          /* of Move */
    GArray *turnovers;      /* of Turnover */
    GArray *posted;         /* of SimPosted: entry 1, 2, 3 ... */
    GArray *references;     /* of Reference, in step with posted */
    Mark batch;             /* where the batch began */
    Mark launched;          /* where the one before it began, while that is on its way */
    GArray *batch_refusals; /* of SimRefusal */
};

/* What is on record under one key. */
typedef struct {
    int64_t limit;
    int64_t stage[FISC_STAGE_COUNT];
    bool is_budgeted; /* an appropriation line or a budget line names the key */
} Sums;

/* model.c */
/** The newest fact about a subject, or NULL. */
const SimEvent *sim_model_fact(const SimModel *model, SimEventKind kind, int subject);
/** Adds a code in its place. */
void sim_model_add_code(FiscError *codes, int *count, FiscError code);

/* model_keys.c */
/** Whether a line makes or uses funds. */
bool sim_model_touches_funds(const SimLine *line);
bool sim_model_covers(const SimEvent *control, int entity);
/** Whether two codings fall under the same key of a control. */
bool sim_model_is_same_key(const SimEvent *control, const int *a, const int *b);
/** "entity=A programme=1 year=2024". */
void
sim_model_format_key(const SimEvent *control, int entity, const int *dim, int year, char *out_text);
int64_t sim_model_consumed(const Sums *sums);
void sim_model_add_to_sums(Sums *sums, FiscStage stage, int64_t amount);
Sums sim_model_sum_key(const SimModel *model, const SimEvent *control, int entity, const int *dim,
                       int year);
bool sim_model_has_moved(const SimModel *model, const SimEvent *control, int entity, const int *dim,
                         int year);

/* model_entry.c */
/** Decides one entry on top of what is in the lists, and posts it there when nothing speaks against
 * it. */
void sim_model_decide_entry(SimModel *model, const SimUnit *unit, int at, SimVerdict *verdict);

#endif
