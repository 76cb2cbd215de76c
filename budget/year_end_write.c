/* year_end_write.c: a proposed year-end as entries and events (rule R17). Pure.
 *
 * A line is written by itself, so that lines can go into several documents. What is carried leaves
 * the year as negative carry (B14) against the funds available: afterwards the year has nothing of
 * it. What lapses stays where it was, unused: the funds available of a year that is over are what
 * lapsed. An item that is carried is opened again under its own name, in the opening period of the
 * next year. */
#include "fisc/year_end.h"
#include "fisc/money.h"
#include <string.h>

#define ITEMS_OF_ENTRY 1000 /* each has four lines at most */
#define OPENING 0

/* One line on its way into a submission. */
typedef struct {
    const FiscYearEnd *end;
    const FiscYearEndLine *line;
    FiscSubmission *into;
    int period;
    int part;
    FiscEntry *out, *in; /* of the part; NULL = none yet */
} Writing;

char *
fisc_year_end_reference(const char *entity, int year, const char *line, int round, int part)
{
    g_autofree char *name = fisc_year_line_id(line);
    return g_strdup_printf("%s/year-end/%d/%s/%d/%d", entity, year, name, round, part);
}

/* Entries ---------------------------------------------------------------------------------- */

static FiscEntry *
new_entry(Writing *writing, const char *way, FiscPeriod period)
{
    const FiscYearPosition *position = writing->end->position;
    int year = fisc_period_year(period);
    g_autofree char *name =
        fisc_year_end_reference(position->entity, position->year, writing->line->line->name,
                                writing->line->line->round + 1, writing->part);
    g_autofree char *reference = g_strconcat(name, "/", way, NULL);
    g_autofree char *memo =
        g_strdup_printf("Year-end %d: %s", position->year, writing->line->line->name);
    FiscEntry *entry = fisc_submission_entry(writing->into);
    entry->entity = fisc_submission_text(writing->into, position->entity);
    entry->reference = fisc_submission_text(writing->into, reference);
    entry->memo = fisc_submission_text(writing->into, memo);
    entry->period = period;
    entry->effective =
        period % 100 == OPENING ? fisc_date_make(year, 1, 1) : fisc_date_make(year, 12, 31);
    entry->decimals = position->decimals;
    return entry;
}

static FiscEntry *
entry_out(Writing *writing)
{
    if (writing->out == NULL) {
        int year = writing->end->position->year;
        writing->out = new_entry(writing, "out", year * 100 + writing->period);
    }
    return writing->out;
}

static FiscEntry *
entry_in(Writing *writing)
{
    if (writing->in == NULL) {
        int year = writing->end->position->year;
        writing->in = new_entry(writing, "in", (year + 1) * 100 + OPENING);
    }
    return writing->in;
}

static void
end_part(Writing *writing)
{
    if (writing->out != NULL) {
        fisc_entry_digest(writing->out);
    }
    if (writing->in != NULL) {
        fisc_entry_digest(writing->in);
    }
    writing->out = NULL;
    writing->in = NULL;
}

/* A move on words of the position, which the submission does not own. */
static FiscLine *
move(Writing *writing, FiscEntry *entry, FiscStage from, FiscStage to, int64_t amount,
     const char *const dim[FISC_DIM_COUNT])
{
    const char *words[FISC_DIM_COUNT];
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        words[i] = *dim[i] != '\0' ? fisc_submission_text(writing->into, dim[i]) : NULL;
    }
    fisc_entry_move(entry, from, to, amount, words, 0);
    return &g_array_index(entry->lines, FiscLine, entry->lines->len - 1);
}

/* Puts @amount of an item's stage in or out; its share of the foreign amount goes along. */
static void
move_item(Writing *writing, FiscEntry *entry, const FiscYearItem *item, int64_t amount,
          int64_t foreign)
{
    FiscLine *line = move(writing, entry, FISC_STAGE_AVAILABLE, item->stage, amount, item->dim);
    line->item = fisc_submission_text(writing->into, item->name);
    line->currency = fisc_submission_text(writing->into, item->currency);
    line->foreign = -foreign; /* signed as the line, which is a credit when it opens */
}

static void
carry(Writing *writing, int64_t amount, const char *const dim[FISC_DIM_COUNT])
{
    move(writing, entry_out(writing), FISC_STAGE_CARRY, FISC_STAGE_AVAILABLE, -amount, dim);
    move(writing, entry_in(writing), FISC_STAGE_CARRY, FISC_STAGE_AVAILABLE, amount, dim);
}

/* Of a foreign item that is carried in part, the same part. */
static int64_t
foreign_share(const FiscYearEndItem *item)
{
    return (int64_t)((__int128)item->item->foreign * item->carried / item->open);
}

static void
write_item(Writing *writing, const FiscYearEndItem *item)
{
    move_item(writing, entry_out(writing), item->item, -item->open, -item->item->foreign);
    if (item->carried > 0) {
        carry(writing, item->carried, item->item->dim);
        move_item(writing, entry_in(writing), item->item, item->carried, foreign_share(item));
    }
}

/* Free money leaves the words where it is, as far as they have some; the rest the first of them. */
static void
write_free(Writing *writing)
{
    const GPtrArray *rows = writing->line->line->rows;
    int64_t left = writing->line->free_carried;
    for (guint i = 0; left > 0 && i < rows->len; i++) {
        const FiscYearRow *row = rows->pdata[i];
        int64_t amount = MIN(left, MAX(row->budget - row->consumed, 0));
        if (amount > 0) {
            carry(writing, amount, row->dim);
            left -= amount;
        }
    }
    if (left > 0) {
        carry(writing, left, ((const FiscYearRow *)rows->pdata[0])->dim);
    }
}

/* Events ----------------------------------------------------------------------------------- */

/* What was carried for an item, or free on a line; with what was so before, for who takes it back.
 */
static void
record_carry(Writing *writing, const char *name, const FiscCarryRule *rule, const char *stage,
             int64_t amount, const FiscCarryRecord *before)
{
    const FiscYearPosition *position = writing->end->position;
    char text[FISC_AMOUNT_TEXT], earlier[FISC_AMOUNT_TEXT];
    bool has_before = before->kind >= 0;
    g_autofree char *subject = g_strconcat(position->entity, "/", name, NULL);
    g_autofree char *year = g_strdup_printf("%d", position->year);
    g_autofree char *before_year = g_strdup_printf("%d", before->year);
    fisc_submission_event(
        writing->into, "carry", subject, "kind", fisc_carry_kind_word(rule->kind), "year", year,
        "amount", fisc_amount_format(amount, position->decimals, text), "stage", stage, "rule",
        rule->name, "article", rule->article, "line", writing->line->line->name, "before_kind",
        has_before ? fisc_carry_kind_word((FiscCarryKind)before->kind) : NULL, "before_year",
        has_before ? before_year : NULL, "before_amount",
        has_before ? fisc_amount_format(before->amount, position->decimals, earlier) : NULL, NULL);
}

/* What became of the line: the figures of the day it was decided. */
static void
record_line(Writing *writing)
{
    const FiscYearEndLine *line = writing->line;
    const FiscYearPosition *position = writing->end->position;
    const int64_t amounts[] = {line->budget, line->line->paid, line->line->accrued, line->carried,
                               line->lapsed};
    char texts[G_N_ELEMENTS(amounts)][FISC_AMOUNT_TEXT];
    g_autofree char *name = fisc_year_line_id(line->line->name);
    g_autofree char *subject = g_strdup_printf("%s/%d/%s", position->entity, position->year, name);
    g_autofree char *round = g_strdup_printf("%d", line->line->round + 1);
    g_autofree char *reversed = g_strdup_printf("%d", line->line->reversed);
    for (gsize i = 0; i < G_N_ELEMENTS(amounts); i++) {
        fisc_amount_format(amounts[i], position->decimals, texts[i]);
    }
    fisc_submission_event(writing->into, "year_end", subject, "line", line->line->name, "round",
                          round, "reversed", reversed, "budget", texts[0], "paid", texts[1],
                          "accrued", texts[2], "carried", texts[3], "lapsed", texts[4], NULL);
}

static void
write_events(Writing *writing)
{
    const FiscYearEndLine *line = writing->line;
    for (guint i = 0; i < line->items->len; i++) {
        const FiscYearEndItem *item = &g_array_index(line->items, FiscYearEndItem, i);
        if (item->carried > 0) {
            record_carry(writing, item->item->name, item->rule, fisc_stage_word(item->item->stage),
                         item->carried + item->item->done, &item->item->before);
        }
    }
    if (line->free_carried > 0) {
        g_autofree char *name = fisc_year_line_id(line->line->name);
        record_carry(writing, name, line->free_rule, "free",
                     line->free_carried + line->line->free_done, &line->line->before);
    }
    record_line(writing);
}

void
fisc_year_end_write(const FiscYearEnd *end, const FiscYearEndLine *line, int period,
                    FiscSubmission *into)
{
    Writing writing = {.end = end, .line = line, .into = into, .period = period, .part = 1};
    if (!fisc_year_end_moves(line)) {
        return;
    }
    write_events(&writing);
    for (guint i = 0; i < line->items->len; i++) {
        write_item(&writing, &g_array_index(line->items, FiscYearEndItem, i));
        if ((i + 1) % ITEMS_OF_ENTRY == 0) {
            end_part(&writing);
            writing.part++;
        }
    }
    write_free(&writing);
    end_part(&writing);
}

/* Taking back ------------------------------------------------------------------------------ */

void
fisc_year_end_take_back(const FiscPostedLines *lines, const char *reference, FiscPeriod period,
                        int decimals, FiscSubmission *into)
{
    const FiscPostedLine *first = &g_array_index(lines->rows, FiscPostedLine, 0);
    g_autofree char *own = g_strconcat(reference, "/reversal", NULL);
    FiscEntry *entry = fisc_submission_entry(into);
    entry->entity = fisc_submission_text(into, first->coding.entity);
    entry->reference = fisc_submission_text(into, own);
    entry->corrects = fisc_submission_text(into, reference);
    entry->memo = fisc_submission_text(into, "Year-end taken back");
    entry->effective = first->effective;
    entry->period = period;
    entry->decimals = decimals;
    for (guint i = 0; i < lines->rows->len; i++) {
        const FiscPostedLine *posted = &g_array_index(lines->rows, FiscPostedLine, i);
        FiscLine *line = fisc_entry_line(entry);
        line->account = fisc_submission_text(into, posted->coding.account->code);
        /* a move says nothing of flows, but of revaluations */
        line->flow = posted->coding.flow != FISC_FLOW_TRANSACTION ? posted->coding.flow : 0;
        line->amount = -posted->amount;
        line->item = fisc_submission_text(into, posted->item);
        line->foreign = -posted->foreign;
        line->currency = posted->foreign != 0 ? fisc_submission_text(into, posted->currency) : NULL;
        for (int k = 0; k < FISC_DIM_COUNT; k++) {
            const char *code = posted->coding.dim[k];
            line->dim[k] = *code != '\0' ? fisc_submission_text(into, code) : NULL;
        }
    }
    fisc_entry_digest(entry);
}
