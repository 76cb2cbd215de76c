/* translation.c: the amounts of one unit in another currency, so that what balanced still does.
 *
 * Lines are added up by coding and period (moves) and gathered in blocks that balance: one period,
 * one flow, one side, one layer, one rate. What rounding takes from a block is given back to one of
 * its moves. Stocks and net worth are added up by account, counterparty and layer (positions), so
 * that what one period closes with is what the next opens with. */
#include "reporting/translation.h"
#include "fisc/gfs.h"
#include "fisc/lens.h"
#include "fisc/money.h"
#include "reporting/fiscal_year.h"
#include <string.h>

/* What things are found by; NULL and 0 where less is needed. */
typedef struct {
    const void *first, *second, *third;
    int number, other;
} Key;

typedef struct {
    Key key;
    FiscFraction rate;
    bool is_opening;      /* of what was there before */
    __int128 source, out; /* sums of its moves */
    guint best;           /* index + 1 of the move that takes what rounding leaves */
} Block;

typedef struct {
    Key key;
    const FiscCoding *coding;
    FiscPeriod period;
    __int128 debit, credit; /* first as posted, then translated */
    guint block;
} Move;

typedef struct {
    Key key;
    const FiscAccount *account;
    const char *counterparty, *layer;
    bool is_stock;           /* else net worth, which takes what stocks leave */
    __int128 before, opened; /* as posted: earlier, and opened in the period */
    FiscPeriod opened_in;
    __int128 flow, flow_out; /* of the period */
    __int128 opening_out[2]; /* translated: earlier, opened */
} Position;

typedef struct {
    FiscTranslation *job;
    GArray *blocks, *moves, *positions;
    GHashTable *block_index, *move_index, *position_index; /* Key -> index + 1 */
    const FiscAccount *net_worth;
    FiscDate opening_day;
    bool is_overflown;
} Work;

/* Finding -------------------------------------------------------------------------------------- */

static guint
hash_key(gconstpointer pointer)
{
    const Key *key = pointer;
    guint hash = g_direct_hash(key->first);
    hash = hash * 31 + g_direct_hash(key->second);
    hash = hash * 31 + g_direct_hash(key->third);
    return (hash * 31 + (guint)key->number) * 31 + (guint)key->other;
}

static gboolean
equal_keys(gconstpointer a, gconstpointer b)
{
    const Key *left = a, *right = b;
    return left->first == right->first && left->second == right->second &&
           left->third == right->third && left->number == right->number &&
           left->other == right->other;
}

/* Index of the element of @key in @array, whose elements begin with their key; a new one is zero.
 */
static guint
find_index(GArray *array, GHashTable *index, const Key *key, bool *out_is_new)
{
    guint found = GPOINTER_TO_UINT(g_hash_table_lookup(index, key));
    *out_is_new = found == 0;
    if (found == 0) {
        guint size = g_array_get_element_size(array);
        g_array_set_size(array, array->len + 1);
        memcpy(array->data + (gsize)(array->len - 1) * size, key, sizeof *key);
        found = array->len;
        g_hash_table_insert(index, g_memdup2(key, sizeof *key), GUINT_TO_POINTER(found));
    }
    return found - 1;
}

static bool
is_budgetary(const FiscCoding *coding)
{
    return coding->account->class_ == FISC_CLASS_BUDGETARY;
}

static bool
is_stock(const FiscAccount *account)
{
    return account->class_ == FISC_CLASS_NONFINANCIAL_ASSET ||
           account->class_ == FISC_CLASS_FINANCIAL_ASSET || account->class_ == FISC_CLASS_LIABILITY;
}

static Position *
find_position(Work *work, const FiscAccount *account, const char *counterparty, const char *layer)
{
    Key key = {account, counterparty, layer, 0, 0};
    bool is_new;
    guint index = find_index(work->positions, work->position_index, &key, &is_new);
    Position *position = &g_array_index(work->positions, Position, index);
    if (is_new) {
        position->account = account;
        position->counterparty = counterparty;
        position->layer = layer;
        position->is_stock = is_stock(account);
    }
    return position;
}

/* Rates ---------------------------------------------------------------------------------------- */

/* The period as the unit itself counts it. */
static FiscPeriod
own_period(const FiscTranslation *job, FiscPeriod period)
{
    return fisc_period_shift(period, -job->shift);
}

static FiscDate
day_before(const FiscTranslation *job)
{
    FiscPeriod first = own_period(job, job->from % 100 == 0 ? job->from + 1 : job->from);
    int month = first % 100;
    return month > 12 ? fisc_date_make(fisc_period_year(first), 12, 31)
                      : fisc_date_make(fisc_period_year(first), month, 1) - 1;
}

static FiscFraction
opening_rate(const Work *work)
{
    return fisc_rates_closing(work->job->rates, work->job->currency, work->opening_day);
}

/* A budget is one sum of a year: all that is said of it is at one rate. */
static FiscFraction
budget_rate(const Work *work, FiscPeriod period)
{
    const FiscTranslation *job = work->job;
    int year = fisc_period_year(own_period(job, period));
    FiscFraction rate;
    if (fisc_rates_year(job->rates, job->currency, year, &rate)) {
        return rate;
    }
    return fisc_period_year(period) < fisc_period_year(job->from) ? opening_rate(work)
                                                                  : job->closing;
}

static FiscFraction
rate_of(const Work *work, const FiscCoding *coding, FiscPeriod period)
{
    const FiscTranslation *job = work->job;
    if (is_budgetary(coding)) {
        return budget_rate(work, period);
    }
    if (period < job->from || coding->flow == FISC_FLOW_OPENING) {
        return opening_rate(work);
    }
    return period > job->to
               ? job->closing
               : fisc_rates_average(job->rates, job->currency, own_period(job, period));
}

/* Reading -------------------------------------------------------------------------------------- */

/* What was there before is one block of its layer, whatever month it is of. */
static guint
find_block(Work *work, const FiscCoding *coding, FiscPeriod period)
{
    bool is_opening =
        !is_budgetary(coding) && (period < work->job->from || coding->flow == FISC_FLOW_OPENING);
    Key key = {.first = coding->dim[FISC_DIM_LAYER],
               .number = is_opening ? 0 : period,
               .other = is_opening ? 0 : coding->flow * 2 + (is_budgetary(coding) ? 1 : 0)};
    bool is_new;
    guint index = find_index(work->blocks, work->block_index, &key, &is_new);
    if (is_new) {
        Block *block = &g_array_index(work->blocks, Block, index);
        block->rate = rate_of(work, coding, period);
        block->is_opening = is_opening;
    }
    return index;
}

static void
add_move(Work *work, const FiscBalance *row)
{
    Key key = {.first = row->coding, .number = row->period};
    bool is_new;
    guint index = find_index(work->moves, work->move_index, &key, &is_new);
    Move *move = &g_array_index(work->moves, Move, index);
    if (is_new) {
        move->coding = row->coding;
        move->period = row->period;
        move->block = find_block(work, row->coding, row->period);
    }
    move->debit += row->debit;
    move->credit += row->credit;
}

/* Stocks and net worth as they were. */
static void
add_opening(Work *work, const FiscBalance *row)
{
    const FiscCoding *coding = row->coding;
    Position *position = find_position(work, coding->account, coding->dim[FISC_DIM_COUNTERPARTY],
                                       coding->dim[FISC_DIM_LAYER]);
    __int128 net = (__int128)row->debit - row->credit;
    if (row->period < work->job->from) {
        position->before += net;
    } else {
        position->opened += net;
        position->opened_in = row->period;
    }
}

static void
read_rows(Work *work, const GArray *rows)
{
    const FiscTranslation *job = work->job;
    for (guint i = 0; i < rows->len; i++) {
        const FiscBalance *row = &g_array_index(rows, FiscBalance, i);
        const FiscAccount *account = row->coding->account;
        bool has_position = is_stock(account) || account->class_ == FISC_CLASS_NET_WORTH;
        if (work->net_worth == NULL && account->class_ == FISC_CLASS_NET_WORTH) {
            work->net_worth = account;
        }
        if (has_position && (row->period < job->from || row->coding->flow == FISC_FLOW_OPENING)) {
            add_opening(work, row);
        } else {
            add_move(work, row);
        }
    }
    if (work->net_worth == NULL) {
        work->net_worth = fisc_nation_account(job->nation, "6");
    }
}

/* Moves ---------------------------------------------------------------------------------------- */

static __int128
translated(Work *work, FiscFraction rate, __int128 amount)
{
    __int128 out = 0;
    if (!fisc_rate_apply(rate, amount, &out) || out > G_MAXINT64 || out < -G_MAXINT64) {
        work->is_overflown = true;
    }
    return out;
}

/* An amount that another unit has on record, too, is better left as it is. */
static bool
names_unit(const Work *work, const FiscCoding *coding)
{
    static const FiscDimension parties[] = {FISC_DIM_COUNTERPARTY, FISC_DIM_CASH_COUNTERPARTY};
    for (guint i = 0; i < G_N_ELEMENTS(parties); i++) {
        const char *code = coding->dim[parties[i]];
        const FiscEntity *entity = fisc_nation_entity(work->job->nation, code);
        if (entity != NULL ? entity->reporting
                           : fisc_nation_group(work->job->nation, code) != NULL) {
            return true;
        }
    }
    return false;
}

static __int128
size_of(const Move *move)
{
    __int128 net = move->debit - move->credit;
    return net < 0 ? -net : net;
}

/* Where one minor unit more or less does least: money and claims before revenue and expense, and
 * consumption of fixed capital last, which stands in two rows that must agree. */
static int
grade_of(const Work *work, const FiscCoding *coding)
{
    enum { BEST, FAIR, NAMED, LAST };
    const FiscAccount *account = coding->account;
    bool is_financial = account->class_ == FISC_CLASS_FINANCIAL_ASSET ||
                        account->class_ == FISC_CLASS_LIABILITY ||
                        account->class_ == FISC_CLASS_NET_WORTH;
    if (!names_unit(work, coding)) {
        bool is_consumption = fisc_gfs_is_under(account->gfs, "23") || coding->kind == 3;
        return is_financial ? BEST : is_consumption ? LAST : FAIR;
    }
    return is_financial ? NAMED : LAST;
}

/* The same whatever order the rows came in. */
static bool
is_better(const Work *work, const Move *move, const Move *than)
{
    int grade = grade_of(work, move->coding);
    int other = grade_of(work, than->coding);
    if (grade != other) {
        return grade < other;
    }
    if (size_of(move) != size_of(than)) {
        return size_of(move) > size_of(than);
    }
    return move->coding->coding_id < than->coding->coding_id;
}

static void
translate_moves(Work *work)
{
    for (guint i = 0; i < work->moves->len; i++) {
        Move *move = &g_array_index(work->moves, Move, i);
        Block *block = &g_array_index(work->blocks, Block, move->block);
        __int128 source = move->debit - move->credit;
        __int128 net = translated(work, block->rate, source);
        move->debit = translated(work, block->rate, move->debit);
        move->credit = move->debit - net;
        block->source += source;
        block->out += net;
        if (block->best == 0 ||
            is_better(work, move, &g_array_index(work->moves, Move, block->best - 1))) {
            block->best = i + 1;
        }
    }
}

static void
tell_rounding(Work *work, __int128 rest)
{
    work->job->roundings++;
    work->job->rounded += rest < 0 ? -rest : rest;
}

/* What was there before is settled with its net worth, below. */
static void
place_roundings(Work *work)
{
    for (guint i = 0; i < work->blocks->len; i++) {
        Block *block = &g_array_index(work->blocks, Block, i);
        __int128 rest = translated(work, block->rate, block->source) - block->out;
        if (block->is_opening || rest == 0 || block->best == 0) {
            continue;
        }
        Move *move = &g_array_index(work->moves, Move, block->best - 1);
        *(rest > 0 ? &move->debit : &move->credit) += rest > 0 ? rest : -rest;
        tell_rounding(work, rest);
    }
}

/* What the moves of the period add to the stocks: as posted, and again once translated. */
static void
add_flows(Work *work, bool is_translated)
{
    for (guint i = 0; i < work->moves->len; i++) {
        const Move *move = &g_array_index(work->moves, Move, i);
        const FiscCoding *coding = move->coding;
        if (!is_stock(coding->account) || move->period > work->job->to) {
            continue;
        }
        Position *position = find_position(
            work, coding->account, coding->dim[FISC_DIM_COUNTERPARTY], coding->dim[FISC_DIM_LAYER]);
        *(is_translated ? &position->flow_out : &position->flow) += move->debit - move->credit;
    }
}

/* Positions ------------------------------------------------------------------------------------ */

static void
translate_openings(Work *work)
{
    for (guint i = 0; i < work->positions->len; i++) {
        Position *position = &g_array_index(work->positions, Position, i);
        if (position->before == 0 && position->opened == 0) {
            continue;
        }
        FiscFraction rate = opening_rate(work);
        __int128 both = translated(work, rate, position->before + position->opened);
        position->opening_out[0] = translated(work, rate, position->before);
        position->opening_out[1] = both - position->opening_out[0];
    }
}

/* Debits and credits of what was there before, of one layer, in both currencies. */
static void
settle_opening(Work *work, const char *layer)
{
    Key key = {.first = layer};
    guint found = GPOINTER_TO_UINT(g_hash_table_lookup(work->block_index, &key));
    const Block *block = found != 0 ? &g_array_index(work->blocks, Block, found - 1) : NULL;
    __int128 source = block != NULL ? block->source : 0;
    __int128 out = block != NULL ? block->out : 0;
    for (guint i = 0; i < work->positions->len; i++) {
        const Position *position = &g_array_index(work->positions, Position, i);
        if (position->layer == layer) {
            source += position->before + position->opened;
            out += position->opening_out[0] + position->opening_out[1];
        }
    }
    /* Nothing was there: no rate is asked for. */
    __int128 rest = source == 0 ? -out : translated(work, opening_rate(work), source) - out;
    if (rest != 0 && work->net_worth != NULL) {
        find_position(work, work->net_worth, fisc_balances_text(work->job->balances, NULL), layer)
            ->opening_out[0] += rest;
        tell_rounding(work, rest);
    }
}

static GPtrArray *
list_layers(const Work *work)
{
    GPtrArray *layers = g_ptr_array_new();
    for (guint i = 0; i < work->positions->len; i++) {
        const Position *position = &g_array_index(work->positions, Position, i);
        if (!g_ptr_array_find(layers, position->layer, NULL)) {
            g_ptr_array_add(layers, (void *)position->layer);
        }
    }
    return layers;
}

/* Writing -------------------------------------------------------------------------------------- */

static void
write_row(Work *work, const FiscCoding *coding, FiscPeriod period, __int128 debit, __int128 credit)
{
    FiscBalance row = {
        .coding = coding, .period = period, .debit = (int64_t)debit, .credit = (int64_t)credit};
    if (debit > G_MAXINT64 || credit > G_MAXINT64) {
        work->is_overflown = true;
        return;
    }
    g_array_append_val(work->job->balances->rows, row);
}

static void
write_net(Work *work, const FiscCoding *coding, FiscPeriod period, __int128 net)
{
    if (net != 0) {
        write_row(work, coding, period, MAX(net, 0), MAX(-net, 0));
    }
}

static FiscCoding *
new_coding(Work *work, int id, const Position *position, int flow)
{
    FiscBalances *balances = work->job->balances;
    FiscCoding *coding = g_new0(FiscCoding, 1);
    coding->coding_id = id;
    coding->entity = fisc_balances_text(balances, work->job->entity);
    coding->account = position->account;
    coding->flow = flow;
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        coding->dim[i] = fisc_balances_text(balances, NULL);
    }
    coding->dim[FISC_DIM_COUNTERPARTY] = position->counterparty;
    coding->dim[FISC_DIM_LAYER] = position->layer;
    g_ptr_array_add(balances->codings, coding);
    return coding;
}

static FiscPeriod
period_before(FiscPeriod from)
{
    return from % 100 > 1 ? from - 1 : (fisc_period_year(from) - 1) * 100 + 12;
}

static void
write_opening(Work *work, const Position *position)
{
    if (position->opening_out[0] == 0 && position->opening_out[1] == 0) {
        return;
    }
    const FiscCoding *coding =
        new_coding(work, FISC_CODING_TRANSLATED, position, FISC_FLOW_OPENING);
    write_net(work, coding, period_before(work->job->from), position->opening_out[0]);
    write_net(work, coding, position->opened_in, position->opening_out[1]);
}

/* What the stock is worth beyond its beginning and its flows. */
static __int128
gain_of(Work *work, const Position *position)
{
    __int128 opening = position->opening_out[0] + position->opening_out[1];
    __int128 source = position->before + position->opened + position->flow;
    return translated(work, work->job->closing, source) - opening - position->flow_out;
}

static __int128
write_gains(Work *work, const char *layer)
{
    __int128 sum = 0;
    for (guint i = 0; i < work->positions->len; i++) {
        const Position *position = &g_array_index(work->positions, Position, i);
        __int128 gain =
            position->is_stock && position->layer == layer ? gain_of(work, position) : 0;
        if (gain != 0) {
            write_net(work,
                      new_coding(work, FISC_CODING_TRANSLATION, position, FISC_FLOW_HOLDING_GAIN),
                      work->job->to, gain);
            sum += gain;
        }
    }
    return sum;
}

static void
write_all(Work *work)
{
    for (guint i = 0; i < work->moves->len; i++) {
        const Move *move = &g_array_index(work->moves, Move, i);
        write_row(work, move->coding, move->period, move->debit, move->credit);
    }
    for (guint i = 0; i < work->positions->len; i++) {
        write_opening(work, &g_array_index(work->positions, Position, i));
    }
    g_autoptr(GPtrArray) layers = list_layers(work);
    for (guint i = 0; i < layers->len; i++) {
        __int128 gains = write_gains(work, layers->pdata[i]);
        work->job->gains += gains;
        if (work->net_worth != NULL && gains != 0) {
            Position worth = {.account = work->net_worth,
                              .counterparty = fisc_balances_text(work->job->balances, NULL),
                              .layer = layers->pdata[i]};
            write_net(work,
                      new_coding(work, FISC_CODING_TRANSLATION, &worth, FISC_FLOW_HOLDING_GAIN),
                      work->job->to, -gains);
        }
    }
}

static Work
new_work(FiscTranslation *job)
{
    Work work = {.job = job, .opening_day = day_before(job)};
    work.blocks = g_array_new(FALSE, TRUE, sizeof(Block));
    work.moves = g_array_new(FALSE, TRUE, sizeof(Move));
    work.positions = g_array_new(FALSE, TRUE, sizeof(Position));
    work.block_index = g_hash_table_new_full(hash_key, equal_keys, g_free, NULL);
    work.move_index = g_hash_table_new_full(hash_key, equal_keys, g_free, NULL);
    work.position_index = g_hash_table_new_full(hash_key, equal_keys, g_free, NULL);
    return work;
}

static void
work_clear(Work *work)
{
    g_array_unref(work->blocks);
    g_array_unref(work->moves);
    g_array_unref(work->positions);
    g_hash_table_unref(work->block_index);
    g_hash_table_unref(work->move_index);
    g_hash_table_unref(work->position_index);
}

bool
fisc_translation_run(FiscTranslation *job, const GArray *rows, GError **error)
{
    job->closing_day = fisc_rates_last_day(own_period(job, job->to));
    job->closing = fisc_rates_closing(job->rates, job->currency, job->closing_day);
    Work work = new_work(job);
    read_rows(&work, rows);
    add_flows(&work, false);
    translate_moves(&work);
    place_roundings(&work);
    add_flows(&work, true);
    translate_openings(&work);
    g_autoptr(GPtrArray) layers = list_layers(&work);
    for (guint i = 0; i < layers->len; i++) {
        settle_opening(&work, layers->pdata[i]);
    }
    write_all(&work);
    bool is_good = !work.is_overflown;
    work_clear(&work);
    return is_good || fisc_fail(error, FISC_ERROR_AMOUNT_OVERFLOW,
                                "an amount of %s does not fit when translated", job->entity);
}
