/* lens_allocate.c: costs shared out by their drivers: what an administration spends, as seen by
 * the programmes it serves.
 *
 * An allocation is a list of steps on record (docs/asking.md), taken in the order of their
 * codes; a later one may share out what an earlier one brought. Each step takes expense off some
 * codings and gives it to the same codings with another word in one segment. A step's total is
 * divided by largest remainders, and each balance it takes from gives its part of every share, so
 * no sum of the books changes. What was moved bears the step as its layer, and is behind no line.
 */
#include "fisc/lens.h"
#include "fisc/money.h"
#include "reporting/measure.h"
#include "reporting/stage_keys.h"
#include <string.h>

#define KIND "allocation"
#define RECEIVERS_MAX 1000

typedef struct {
    const char *word;
    __int128 weight; /* by the driver */
    __int128 share;  /* of the step's total */
} Receiver;

typedef struct {
    const FiscFact *fact;
    FiscStageWhere from;
    int segment;       /* FiscDimension */
    GArray *receivers; /* of Receiver */
    char *layer;       /* "overhead/1" */
    __int128 total;
} Step;

typedef struct {
    const FiscNation *nation;
    const FiscLensQuery *query;
    FiscBalances *balances;
    guint posted;      /* so many rows are the books'; the others were made here */
    GHashTable *moved; /* words -> FiscCoding, of the step at hand */
} Allocation;

static void
step_clear(Step *step)
{
    fisc_stage_where_clear(&step->from);
    g_clear_pointer(&step->receivers, g_array_unref);
    g_free(step->layer);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Step, step_clear)

static bool
fail_field(const Step *step, const char *field, const char *wanted, GError **error)
{
    return fisc_fail(error, FISC_ERROR_USAGE, "allocation %s, field %s: \"%s\": %s",
                     step->fact->subject, field, fisc_fact_field(step->fact, field), wanted);
}

/* Reading ----------------------------------------------------------------------------------------
 */

/* "programme: 101 102 103". */
static bool
read_receivers(Allocation *allocation, Step *step, GError **error)
{
    g_auto(GStrv) halves = g_strsplit(fisc_fact_field(step->fact, "to"), ":", 2);
    bool has_words = g_strv_length(halves) == 2;
    step->segment = has_words ? fisc_dimension_find(g_strstrip(halves[0])) : -1;
    if (step->segment < 0) {
        return fail_field(step, "to", "a segment and its words are needed: \"programme: 101 102\"",
                          error);
    }
    g_auto(GStrv) words = g_strsplit(halves[1], " ", -1);
    for (char **word = words; *word != NULL; word++) {
        if (**word != '\0') {
            Receiver receiver = {.word = fisc_balances_text(allocation->balances, *word)};
            g_array_append_val(step->receivers, receiver);
        }
    }
    return (step->receivers->len > 0 && step->receivers->len <= RECEIVERS_MAX) ||
           fail_field(step, "to", "1 to 1000 words of the segment are needed", error);
}

static Receiver *
find_receiver(const Step *step, const char *word)
{
    for (guint i = 0; i < step->receivers->len; i++) {
        Receiver *receiver = &g_array_index(step->receivers, Receiver, i);
        if (strcmp(receiver->word, word) == 0) {
            return receiver;
        }
    }
    return NULL;
}

/* "shares 101=50 102=30". */
static bool
read_shares(Step *step, char *const *words, GError **error)
{
    for (; *words != NULL; words++) {
        g_auto(GStrv) halves = g_strsplit(*words, "=", 2);
        guint64 weight = 0;
        Receiver *receiver = g_strv_length(halves) == 2 ? find_receiver(step, halves[0]) : NULL;
        if (receiver == NULL ||
            !g_ascii_string_to_unsigned(halves[1], 10, 0, G_MAXUINT32, &weight, NULL)) {
            return fail_field(step, "driver", "shares are whole numbers of words of \"to\"", error);
        }
        receiver->weight = weight;
    }
    return true;
}

static __int128
weigh_row(const FiscMeasure *measure, const FiscBalance *row, FiscPeriod from)
{
    FiscDrillPart part = {0};
    if (!fisc_measure_weigh(measure, row->coding, &part)) {
        return 0;
    }
    if (row->period < from) {
        return part.before * ((__int128)row->debit - row->credit);
    }
    return part.debit * (__int128)row->debit - part.credit * (__int128)row->credit;
}

/* "expense economic=1": what each receiver has of a measure in the books, whatever was allocated.
 */
static bool
read_measure(Allocation *allocation, Step *step, char *const *words, GError **error)
{
    const FiscMeasure *measure = NULL;
    g_auto(FiscStageWhere) where = {.count = 0};
    g_autofree char *conditions = g_strjoinv(" ", (char **)words + 1);
    if (!fisc_measure_find(words[0], &measure, error) ||
        !fisc_stage_where_read(allocation->nation, conditions, &where, error)) {
        g_prefix_error(error, "allocation %s, field driver: ", step->fact->subject);
        return false;
    }
    for (guint i = 0; i < allocation->posted; i++) {
        const FiscBalance *row = &g_array_index(allocation->balances->rows, FiscBalance, i);
        Receiver *receiver = row->period <= allocation->query->to
                                 ? find_receiver(step, row->coding->dim[step->segment])
                                 : NULL;
        if (receiver != NULL && fisc_stage_where_has(&where, row->coding)) {
            receiver->weight += weigh_row(measure, row, allocation->query->from);
        }
    }
    return true;
}

static bool
read_driver(Allocation *allocation, Step *step, GError **error)
{
    g_auto(GStrv) words = g_strsplit(fisc_fact_field(step->fact, "driver"), " ", -1);
    bool is_read = g_strcmp0(words[0], "shares") == 0
                       ? read_shares(step, words + 1, error)
                       : read_measure(allocation, step, words, error);
    __int128 sum = 0;
    for (guint i = 0; is_read && i < step->receivers->len; i++) {
        const Receiver *receiver = &g_array_index(step->receivers, Receiver, i);
        if (receiver->weight < 0) {
            return fail_field(step, "driver", "what it measures of a receiver is below zero",
                              error);
        }
        sum += receiver->weight;
    }
    return is_read &&
           (sum > 0 || fail_field(step, "driver", "it measures nothing to share by", error));
}

static bool
read_step(Allocation *allocation, const FiscFact *fact, Step *step, GError **error)
{
    step->fact = fact;
    step->layer = g_strdup(fact->subject);
    step->receivers = g_array_new(FALSE, FALSE, sizeof(Receiver));
    if (!fisc_stage_where_read(allocation->nation, fisc_fact_field(fact, "from"), &step->from,
                               error)) {
        g_prefix_error(error, "allocation %s, field from: ", fact->subject);
        return false;
    }
    return read_receivers(allocation, step, error) && read_driver(allocation, step, error);
}

/* Sharing ----------------------------------------------------------------------------------------
 */

static bool
is_shared(const Allocation *allocation, const Step *step, const FiscBalance *row)
{
    return row->period >= allocation->query->from && row->period <= allocation->query->to &&
           row->coding->account->class_ == FISC_CLASS_EXPENSE &&
           fisc_stage_where_has(&step->from, row->coding);
}

static __int128
net_of(const FiscBalance *row)
{
    return (__int128)row->debit - row->credit;
}

static __int128
floor_divide(__int128 number, __int128 by)
{
    __int128 quotient = number / by;
    return quotient - (number % by != 0 && (number < 0) != (by < 0) ? 1 : 0);
}

/* Largest remainders; of equal ones the first. */
static void
divide_total(Step *step)
{
    __int128 weights = 0, left = step->total;
    GArray *receivers = step->receivers;
    for (guint i = 0; i < receivers->len; i++) {
        weights += g_array_index(receivers, Receiver, i).weight;
    }
    g_autofree __int128 *remainders = g_new0(__int128, receivers->len);
    for (guint i = 0; i < receivers->len; i++) {
        Receiver *receiver = &g_array_index(receivers, Receiver, i);
        receiver->share = floor_divide(step->total * receiver->weight, weights);
        remainders[i] = step->total * receiver->weight - receiver->share * weights;
        left -= receiver->share;
    }
    for (; left > 0; left--) {
        guint largest = 0;
        for (guint i = 1; i < receivers->len; i++) {
            largest = remainders[i] > remainders[largest] ? i : largest;
        }
        g_array_index(receivers, Receiver, largest).share++;
        remainders[largest] = -1;
    }
}

/* The coding that bears the step as its layer, with another word in the segment (NULL: its own). */
static const FiscCoding *
moved_coding(Allocation *allocation, const Step *step, const FiscCoding *from, const char *word)
{
    g_autofree char *key =
        g_strdup_printf("%p\x1f%s", (const void *)from, word != NULL ? word : "");
    FiscCoding *coding = g_hash_table_lookup(allocation->moved, key);
    if (coding == NULL) {
        coding = g_new(FiscCoding, 1);
        *coding = *from;
        coding->coding_id = 0; /* no line has it */
        coding->dim[FISC_DIM_LAYER] = fisc_balances_text(allocation->balances, step->layer);
        coding->dim[step->segment] = word != NULL ? word : coding->dim[step->segment];
        g_ptr_array_add(allocation->balances->codings, coding);
        g_hash_table_insert(allocation->moved, g_steal_pointer(&key), coding);
    }
    return coding;
}

static void
add_row(Allocation *allocation, const FiscCoding *coding, FiscPeriod period, __int128 amount)
{
    FiscBalance row = {.coding = coding,
                       .period = period,
                       .debit = amount > 0 ? (int64_t)amount : 0,
                       .credit = amount < 0 ? (int64_t)-amount : 0};
    if (amount != 0) {
        g_array_append_val(allocation->balances->rows, row);
    }
}

/* Where the shares of the first receivers end, of so much of the total: at the total, exactly
 * there.
 */
static __int128
boundary(const Step *step, __int128 shares_before, __int128 weights_before, __int128 weights,
         __int128 taken)
{
    return step->total != 0 ? floor_divide(taken * shares_before, step->total)
                            : floor_divide(taken * weights_before, weights);
}

static void
move_row(Allocation *allocation, const Step *step, FiscBalance row, __int128 taken)
{
    __int128 net = net_of(&row), shares = 0, weights = 0, sum = 0, given = 0;
    for (guint i = 0; i < step->receivers->len; i++) {
        weights += g_array_index(step->receivers, Receiver, i).weight;
    }
    add_row(allocation, moved_coding(allocation, step, row.coding, NULL), row.period, -net);
    for (guint i = 0; i < step->receivers->len; i++) {
        const Receiver *receiver = &g_array_index(step->receivers, Receiver, i);
        shares += receiver->share;
        sum += receiver->weight;
        __int128 upto = boundary(step, shares, sum, weights, taken + net) -
                        boundary(step, shares, sum, weights, taken);
        add_row(allocation, moved_coding(allocation, step, row.coding, receiver->word), row.period,
                upto - given);
        given = upto;
    }
}

static void
share_out(Allocation *allocation, Step *step)
{
    GArray *rows = allocation->balances->rows;
    guint count = rows->len; /* what this step brings it does not take again */
    __int128 taken = 0;
    for (guint i = 0; i < count; i++) {
        const FiscBalance *row = &g_array_index(rows, FiscBalance, i);
        step->total += is_shared(allocation, step, row) ? net_of(row) : 0;
    }
    divide_total(step);
    for (guint i = 0; i < count; i++) {
        FiscBalance row = g_array_index(rows, FiscBalance, i);
        if (is_shared(allocation, step, &row)) {
            move_row(allocation, step, row, taken);
            taken += net_of(&row);
        }
    }
}

static void
tell(const FiscNation *nation, const Step *step, GPtrArray *notes)
{
    const FiscEntity *first = nation->entities->len > 0 ? nation->entities->pdata[0] : NULL;
    int decimals = first != NULL ? first->decimals : 2;
    char amount[FISC_SUM_TEXT];
    GString *note = g_string_new(NULL);
    g_string_append_printf(note, "Allocation %s: %s of %s shared out by %s:", step->fact->subject,
                           fisc_sum_format_grouped(step->total, decimals, amount),
                           fisc_fact_field(step->fact, "from"),
                           fisc_fact_field(step->fact, "driver"));
    for (guint i = 0; i < step->receivers->len; i++) {
        const Receiver *receiver = &g_array_index(step->receivers, Receiver, i);
        g_string_append_printf(note, "%s %s=%s %s", i > 0 ? "," : "",
                               fisc_dimension_column((FiscDimension)step->segment), receiver->word,
                               fisc_sum_format_grouped(receiver->share, decimals, amount));
    }
    g_ptr_array_add(notes, g_string_free(note, FALSE));
}

/* All of it --------------------------------------------------------------------------------------
 */

static int
compare_steps(const void *a, const void *b)
{
    const FiscFact *left = *(const FiscFact *const *)a, *right = *(const FiscFact *const *)b;
    return strcmp(fisc_fact_field(left, "step"), fisc_fact_field(right, "step"));
}

/* The steps of an allocation, of const FiscFact, in the order of their codes. */
static bool
find_steps(const FiscNation *nation, const char *name, GPtrArray *steps, GError **error)
{
    g_autoptr(GPtrArray) facts = fisc_nation_facts(nation, KIND);
    for (guint i = 0; i < facts->len; i++) {
        if (strcmp(fisc_fact_field(facts->pdata[i], "allocation"), name) == 0) {
            g_ptr_array_add(steps, facts->pdata[i]);
        }
    }
    g_ptr_array_sort(steps, compare_steps);
    return steps->len > 0 ||
           fisc_fail(error, FISC_ERROR_NOT_FOUND, "there is no allocation \"%s\" on record", name);
}

static bool
take_step(Allocation *allocation, const FiscNation *nation, const FiscFact *fact, GPtrArray *notes,
          GError **error)
{
    g_auto(Step) step = {.fact = NULL};
    g_autoptr(GHashTable) moved = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    allocation->moved = moved;
    if (!read_step(allocation, fact, &step, error)) {
        return false;
    }
    share_out(allocation, &step);
    tell(nation, &step, notes);
    return true;
}

bool
fisc_lens_allocate(const FiscNation *nation, const FiscLensQuery *query, FiscBalances *balances,
                   GPtrArray *notes, GError **error)
{
    g_autoptr(GPtrArray) steps = g_ptr_array_new();
    Allocation allocation = {nation, query, balances, balances->rows->len, NULL};
    if (query->allocation == NULL) {
        return true;
    }
    if (!find_steps(nation, query->allocation, steps, error)) {
        return false;
    }
    for (guint i = 0; i < steps->len; i++) {
        if (!take_step(&allocation, nation, steps->pdata[i], notes, error)) {
            return false;
        }
    }
    return true;
}
