/* model_internal.h: what the files of the model share: its lists, and how a key is read from them.
 */
#ifndef FISC_SIM_MODEL_INTERNAL_H
#define FISC_SIM_MODEL_INTERNAL_H

#include "tests/sim/model.h"

/* A line that was posted. */
typedef struct {
    int entity;
    FiscPeriod period;
    SimLine line;
} PostedLine;

typedef struct {
    int source, number;
    bool is_reversal;
} Reference;

typedef struct {
    guint facts, lines, posted;
} Mark;

struct _SimModel {
    SimMistake mistake;
    FiscDate day;
    int64_t batch_no;
    GArray *facts;          /* of SimEvent, in order: the newest of a subject holds */
    GArray *lines;          /* of PostedLine */
    GArray *posted;         /* of SimPosted: entry 1, 2, 3 ... */
    GArray *references;     /* of Reference, in step with posted */
    Mark batch;             /* where the batch began */
    Mark launched;          /* where the one before it began, while that is on its way */
    GArray *batch_refusals; /* of SimRefusal */
    SimShortage last_refused;
};

/* One entry on its way. */
typedef struct {
    SimModel *model;
    const SimUnit *unit;
    const SimEntry *entry;
    int memo;
    SimVerdict *verdict;
    SimPosted posted;
    bool has_moved[SIM_POSTED_LINES_MAX]; /* the line is part of its open item */
    int currency;                         /* of the foreign amounts */
} Decision;

/* What is on record under one key. */
typedef struct {
    int64_t limit;
    int64_t stage[FISC_STAGE_COUNT]; /* consumed */
    int64_t released;                /* to be shown */
    bool is_budgeted;                /* a limit line or a budget line names the key */
    bool is_used;                    /* any line counts for it */
} Sums;

/* model.c */
/** Adds a code in its place. */
void sim_model_add_code(FiscError *codes, int *count, FiscError code);

/* model_keys.c */
/** 1 to 12. */
int sim_model_month(const SimModel *model, FiscPeriod period);
bool sim_model_covers(const SimControl *control, int entity);
bool sim_model_is_in_force(const SimModel *model, const SimControl *control, FiscDate date);
/** Whether a control counts lines like this, as limit or as consumption. */
bool sim_model_counts(const SimModel *model, const SimControl *control, const SimLine *line);
/** The key of a line, over the months that are judged for @month. */
SimKey sim_model_key(const SimModel *model, int control, int entity, const SimLine *line, int year,
                     int month);
/** Whether a line has the words of the key, whenever it is. */
bool sim_model_has_words(const SimModel *model, const SimKey *key, int entity, const SimLine *line);
/** "entity=A programme=1 year=2024". */
void sim_model_format_key(const SimModel *model, const SimKey *key, char *out_text);
/** Whether a text could be a key of the control, as it is printed. */
bool sim_model_is_key_text(const SimModel *model, const SimControl *control, const char *text);
int64_t sim_model_consumed(const Sums *sums);
/** Whether a line that counts makes the limit. */
bool sim_model_is_limit(const SimModel *model, const SimControl *control, const SimLine *line);
void sim_model_add_to_sums(const SimModel *model, const SimControl *control, const SimLine *line,
                           Sums *sums);
Sums sim_model_sum_key(const SimModel *model, const SimKey *key);
/** The same for a key as it is printed: the control may have other keys by now. False when this is
 * none of them. */
bool sim_model_sum_text(const SimModel *model, int control, const char *text, Sums *out_sums);
/** What may be consumed in all. */
int64_t sim_model_ceiling(const SimModel *model, const SimControl *control, int64_t limit);
/** Of the spans of a control, the first and the last month around @month. */
int sim_model_span_begin(SimSpan span, int month);
int sim_model_span_end(SimSpan span, int month);
SimSpan sim_model_interval(const SimControl *control);
SimSpan sim_model_boundary(const SimControl *control);

/** The column of a part of a key; -1 is the entity, the count of parts the year. */
const char *sim_model_column(const SimControl *control, int at);

/* model_growth.c */
/** Whether a growth may be. */
bool sim_model_is_sound_growth(const SimModel *model, const SimEvent *event);
/** By how much the limit of a key has grown, the key as it is printed. With a decision, its first
 * @upto lines are counted, too. */
int64_t sim_model_grown(const SimModel *model, int control, const char *text,
                        const Decision *decision, int upto);
int64_t sim_model_grown_key(const SimModel *model, const SimKey *key, const Decision *decision);
/** The key that a growth raises in a year, as it is printed; false when it raises none. */
bool sim_model_growth_text(const SimModel *model, int subject, int year, char *out_text);
/** Keys that the entry makes grow or shrink, and that lines are on record for: those of its line
 * @at alone, or of all with -1. */
int sim_model_growing_keys(const Decision *decision, int at, SimKey out_keys[SIM_GROWTH_COUNT]);

/* model_item.c */
/** Adds to the decision the lines that give back what is relieved; refuses what takes more than is
 * open. */
void sim_model_take_items(Decision *decision);

/* model_cover.c */
/** Reads a key as printed, of one year or without one; false when the control has no such keys. */
bool sim_model_parse_key(const SimModel *model, int control, const char *text, SimKey *out_key);
bool sim_model_is_sound_cover(const SimModel *model, const SimEvent *event);
/** Adds to the decision the virements by which keys that are short are covered. */
void sim_model_cover(Decision *decision);

/* model_funds.c */
/** Adds to sums what the entry's lines do to a key. */
Sums sim_model_add_entry(const Decision *decision, const SimKey *key, Sums sums);
/** What of it only revalues. */
int64_t sim_model_revalued(const Decision *decision, const SimKey *key);
void sim_model_fill_consumed(const Sums *sums, int64_t stage[FISC_CONSUMED_COUNT]);
/** Judges every control; adds refusals and warnings. */
void sim_model_judge(Decision *decision);
/** By how much a key may be exceeded in all, by overrides that have not expired. */
int64_t sim_model_overridden(const SimModel *model, int control, const char *text);

/* model_entry.c */
/** Appends a line that nobody submitted. */
void sim_model_append_line(Decision *decision, const SimLine *line);
void sim_model_refuse(Decision *decision, FiscError code);
/** Decides one entry on top of what is in the lists, and posts it there when nothing speaks against
 * it. */
void sim_model_decide_entry(SimModel *model, const SimUnit *unit, int at, SimVerdict *verdict);

#endif
