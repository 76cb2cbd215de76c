/* plan_merge.c: two versions that came from one are brought together, column by column.
 *
 * What only one of them changed is taken; what both changed alike is taken once; what both changed
 * differently is a conflict, and stays as ours has it until somebody decides. A figure counts as a
 * whole where one of the three does not give it: half a figure would say 0 for the other years.
 * Pure. */
#include "budget/plan_change.h"
#include <string.h>

typedef struct {
    const FiscPlanFrame *frame; /* of all three */
    GArray *columns;
    FiscPlanLines *merged;
    GPtrArray *conflicts;
} Merge;

typedef struct {
    const FiscPlanLine *base, *ours, *theirs;
} Three;

/* Which of the two prevails; conflict: ours. */
typedef enum { TAKE_OURS, TAKE_THEIRS, CONFLICT } Verdict;

static Verdict
decide(bool ours_is_base, bool theirs_is_base, bool are_same)
{
    if (theirs_is_base || are_same) {
        return TAKE_OURS;
    }
    return ours_is_base ? TAKE_THEIRS : CONFLICT;
}

static Verdict
decide_column(const Merge *merge, const Three *three, const FiscPlanColumn *column)
{
    char buffer[3][FISC_AMOUNT_TEXT];
    const char *base = fisc_plan_column_text(column, merge->frame, three->base, buffer[0]);
    const char *ours = fisc_plan_column_text(column, merge->frame, three->ours, buffer[1]);
    const char *theirs = fisc_plan_column_text(column, merge->frame, three->theirs, buffer[2]);
    return decide(strcmp(ours, base) == 0, strcmp(theirs, base) == 0, strcmp(ours, theirs) == 0);
}

static bool
is_same_figure(const FiscFigure *a, const FiscFigure *b)
{
    return a->is_given == b->is_given &&
           (!a->is_given || memcmp(a->amount, b->amount, sizeof a->amount) == 0);
}

/* A figure as a whole; CONFLICT also means: look at each year. */
static Verdict
decide_figure(const Three *three, FiscFigureKind kind)
{
    const FiscFigure *base = &three->base->figure[kind];
    const FiscFigure *ours = &three->ours->figure[kind];
    const FiscFigure *theirs = &three->theirs->figure[kind];
    return decide(is_same_figure(ours, base), is_same_figure(theirs, base),
                  is_same_figure(ours, theirs));
}

static void
add_conflict(Merge *merge, const Three *three, const FiscPlanColumn *column)
{
    char ours_buffer[FISC_AMOUNT_TEXT], theirs_buffer[FISC_AMOUNT_TEXT];
    const char *ours = fisc_plan_column_text(column, merge->frame, three->ours, ours_buffer);
    const char *theirs = fisc_plan_column_text(column, merge->frame, three->theirs, theirs_buffer);
    if (strcmp(ours, theirs) != 0) {
        fisc_plan_changes_add(merge->conflicts, three->ours, column->name, ours, theirs);
    }
}

static void
take_theirs(const Merge *merge, const FiscPlanColumn *column, FiscPlanLine *into,
            const FiscPlanLine *theirs)
{
    int year = column->year - merge->frame->year;
    switch (column->kind) {
    case FISC_PLAN_TEXT:
        *fisc_plan_column_string(column, into) = fisc_plan_lines_text(
            merge->merged, fisc_plan_column_text(column, merge->frame, theirs, NULL));
        break;
    case FISC_PLAN_SIDE:
        into->side = theirs->side;
        break;
    case FISC_PLAN_FIGURE:
        into->figure[column->goes_with].is_given = theirs->figure[column->goes_with].is_given;
        into->figure[column->goes_with].amount[year] =
            theirs->figure[column->goes_with].amount[year];
        break;
    }
}

static Verdict
decide_for(const Merge *merge, const Three *three, const FiscPlanColumn *column)
{
    FiscFigureKind kind = column->goes_with;
    if (column->kind != FISC_PLAN_FIGURE) {
        return decide_column(merge, three, column);
    }
    Verdict whole = decide_figure(three, kind);
    bool is_by_year = three->base->figure[kind].is_given && three->ours->figure[kind].is_given &&
                      three->theirs->figure[kind].is_given;
    return whole == CONFLICT && is_by_year ? decide_column(merge, three, column) : whole;
}

static void
merge_columns(Merge *merge, const Three *three)
{
    FiscPlanLine *line = fisc_plan_lines_copy(merge->merged, three->ours);
    for (guint i = 0; i < merge->columns->len; i++) {
        const FiscPlanColumn *column = &g_array_index(merge->columns, FiscPlanColumn, i);
        Verdict verdict = decide_for(merge, three, column);
        if (verdict == CONFLICT) {
            add_conflict(merge, three, column);
        } else if (verdict == TAKE_THEIRS) {
            take_theirs(merge, column, line, three->theirs);
        }
    }
}

static bool
is_same_line(const Merge *merge, const FiscPlanLine *a, const FiscPlanLine *b)
{
    char buffer[2][FISC_AMOUNT_TEXT];
    for (guint i = 0; i < merge->columns->len; i++) {
        const FiscPlanColumn *column = &g_array_index(merge->columns, FiscPlanColumn, i);
        if (strcmp(fisc_plan_column_text(column, merge->frame, a, buffer[0]),
                   fisc_plan_column_text(column, merge->frame, b, buffer[1])) != 0) {
            return false;
        }
    }
    return true;
}

/* The base has the line and only one of the two: who took it away prevails unless the other changed
 * it meanwhile. */
static void
merge_removal(Merge *merge, const Three *three)
{
    char ours[FISC_AMOUNT_TEXT], theirs[FISC_AMOUNT_TEXT];
    const FiscPlanLine *left = three->ours != NULL ? three->ours : three->theirs;
    if (is_same_line(merge, three->base, left)) {
        return;
    }
    if (three->ours != NULL) {
        fisc_plan_lines_copy(merge->merged, three->ours);
    }
    fisc_plan_changes_add(merge->conflicts, left, "removed",
                          fisc_plan_line_summary(merge->frame, three->ours, ours),
                          fisc_plan_line_summary(merge->frame, three->theirs, theirs));
}

static void
merge_line(Merge *merge, Three three, const FiscPlanLine *nothing)
{
    if (three.ours != NULL && three.theirs != NULL) {
        three.base = three.base != NULL ? three.base : nothing;
        merge_columns(merge, &three);
    } else if (three.base != NULL) {
        merge_removal(merge, &three);
    } else {
        fisc_plan_lines_copy(merge->merged, three.ours != NULL ? three.ours : three.theirs);
    }
}

/* Every line of ours, then what only theirs has. */
static void
merge_lines(Merge *merge, const FiscPlanLines *base, const FiscPlanLines *ours,
            const FiscPlanLines *theirs)
{
    g_autoptr(FiscPlanLines) empty = fisc_plan_lines_new(&ours->frame);
    const FiscPlanLine *nothing = fisc_plan_lines_add(empty);
    g_autoptr(GHashTable) base_index =
        base != NULL ? fisc_plan_index_new(base) : fisc_plan_index_new_empty();
    g_autoptr(GHashTable) our_index = fisc_plan_index_new(ours);
    g_autoptr(GHashTable) their_index = fisc_plan_index_new(theirs);
    for (guint i = 0; i < ours->lines->len; i++) {
        const FiscPlanLine *line = ours->lines->pdata[i];
        Three three = {g_hash_table_lookup(base_index, line), line,
                       g_hash_table_lookup(their_index, line)};
        merge_line(merge, three, nothing);
    }
    for (guint i = 0; i < theirs->lines->len; i++) {
        const FiscPlanLine *line = theirs->lines->pdata[i];
        if (!g_hash_table_contains(our_index, line)) {
            merge_line(merge, (Three){g_hash_table_lookup(base_index, line), NULL, line}, nothing);
        }
    }
}

static int
compare_conflicts(const void *a, const void *b)
{
    const FiscPlanChange *left = *(const FiscPlanChange *const *)a;
    const FiscPlanChange *right = *(const FiscPlanChange *const *)b;
    int order = strcmp(left->entity, right->entity);
    return order != 0 ? order : strcmp(left->line, right->line);
}

FiscPlanLines *
fisc_plan_merge(const FiscPlanLines *base, const FiscPlanLines *ours, const FiscPlanLines *theirs,
                GPtrArray **out_conflicts)
{
    g_assert(ours->frame.year == theirs->frame.year && ours->frame.years == theirs->frame.years &&
             ours->frame.decimals == theirs->frame.decimals);
    g_assert(base == NULL ||
             (base->frame.year == ours->frame.year && base->frame.years == ours->frame.years &&
              base->frame.decimals == ours->frame.decimals));
    Merge merge = {.frame = &ours->frame,
                   .columns = fisc_plan_columns_new(ours->frame.year, ours->frame.years),
                   .merged = fisc_plan_lines_new(&ours->frame),
                   .conflicts = fisc_plan_changes_new()};
    merge_lines(&merge, base, ours, theirs);
    fisc_plan_lines_sort(merge.merged);
    g_ptr_array_sort(merge.conflicts, compare_conflicts);
    g_array_unref(merge.columns);
    *out_conflicts = merge.conflicts;
    return merge.merged;
}
