/* result.h: what a bench found: ratios and figures by round, and under which settings. */
#ifndef FISC_BENCH_RESULT_H
#define FISC_BENCH_RESULT_H

#include "fisc/error.h"
#include <stdint.h>

/* What a ratio is held against. */
typedef enum {
    FISC_BENCH_NO_BOUND,
    FISC_BENCH_AT_LEAST,
    FISC_BENCH_AT_MOST,
} FiscBenchBoundKind;

typedef struct {
    const char *name;
    const char *meaning;
    FiscBenchBoundKind bound_kind;
    double bound;
} FiscBenchRatio;

/* Something measured in its own unit. */
typedef struct {
    const char *name; /* with its unit last: "fisc_entries_per_s" */
    const char *meaning;
} FiscBenchFigure;

typedef struct _FiscBenchResult FiscBenchResult;

FiscBenchResult *fisc_bench_result_new(const char *name);
void fisc_bench_result_free(FiscBenchResult *result);

/** Adds one round's value of a ratio or figure; the first value of a name decides its place. */
void
fisc_bench_result_add_ratio(FiscBenchResult *result, const FiscBenchRatio *ratio, double value);
void
fisc_bench_result_add_figure(FiscBenchResult *result, const FiscBenchFigure *figure, double value);
/** A circumstance: "fsync", "on". Copied; a second value of a name replaces the first. */
void fisc_bench_result_set(FiscBenchResult *result, const char *name, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
/** A sentence for the reader: what could not be measured, or was made by another way. */
void fisc_bench_result_note(FiscBenchResult *result, const char *format, ...) G_GNUC_PRINTF(2, 3);

/** The median over the rounds; false when nothing of that name was measured. */
bool fisc_bench_result_ratio(const FiscBenchResult *result, const char *name, double *out_median);
bool fisc_bench_result_figure(const FiscBenchResult *result, const char *name, double *out_median);

/** Of an array of double that is not empty. */
double fisc_bench_median(GArray *values);

/** {"bench", "ratios": {}, "absolute": {}, "runs": {}, "settings": {}, "notes": []}. */
char *fisc_bench_result_to_json(const FiscBenchResult *result);
/** The same for people. Caller frees both. */
char *fisc_bench_result_to_text(const FiscBenchResult *result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscBenchResult, fisc_bench_result_free)

#endif
