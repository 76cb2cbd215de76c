/* peer.c: see peer.h. Written as one writes for speed within the design: prepared statements, no
 * needless round trip, keys in one order so that nobody deadlocks. */
#include "bench/peer.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_TEXT 24
#define ARRAY_TEXT 128
#define PARAMETERS_MAX 9

extern const char fisc_bench_peer_sql[]; /* peer.sql */

/* ---- statements ---- */

typedef enum {
    BEGIN,
    COMMIT,
    FIND_REFERENCE,
    LOCK_BUDGET,
    INSERT_JOURNAL,
    INSERT_LINE,
    ADD_BALANCE,
    DRAW_BUDGET,
    POST_JOURNAL,
    STATEMENT_COUNT
} Statement;

static const char *const statements[STATEMENT_COUNT] = {
    [BEGIN] = "begin",
    [COMMIT] = "commit",
    [FIND_REFERENCE] = "select status from peer.journal where reference = $1",
    [LOCK_BUDGET] = "select available from peer.budget where budget_id = $1::int for update",
    [INSERT_JOURNAL] = "insert into peer.journal"
                       " values (nextval('peer.journal_number'), $1, $2::int, $3::int, $4::int2)"
                       " returning journal_id",
    [INSERT_LINE] = "insert into peer.line values ($1::bigint, $2::int, $3::int, $4::int, $5::int,"
                    " $6::int, $7::bigint, $8::int, $9)",
    [ADD_BALANCE] = "insert into peer.balance values ($1::int, $2::int, $3::int, $4::int, $5::int,"
                    " $6::bigint, $7::bigint)"
                    " on conflict (unit, account, fund, programme, period) do update"
                    " set debit = balance.debit + excluded.debit,"
                    " credit = balance.credit + excluded.credit",
    [DRAW_BUDGET] = "update peer.budget set available = available - $2::bigint,"
                    " spent = spent + $2::bigint where budget_id = $1::int",
    [POST_JOURNAL] = "select peer.post_journal($1, $2::int, $3::int, $4::int[], $5::int[],"
                     " $6::int[], $7::bigint[], $8::int[])",
};

static const Statement of_row_locking[] = {BEGIN,       COMMIT,         FIND_REFERENCE,
                                           LOCK_BUDGET, INSERT_JOURNAL, INSERT_LINE,
                                           ADD_BALANCE, DRAW_BUDGET};
static const Statement of_plpgsql[] = {POST_JOURNAL};

static void
name_statement(Statement statement, char buffer[NUMBER_TEXT])
{
    snprintf(buffer, NUMBER_TEXT, "s%d", (int)statement);
}

static bool
connect_and_prepare(const FiscBenchPeer *peer, const Statement *used, gsize count,
                    PGconn **out_connection, GError **error)
{
    PGconn *connection = fisc_bench_database_connect(peer->database, error);
    bool is_done = connection != NULL;
    for (gsize i = 0; is_done && i < count; i++) {
        char name[NUMBER_TEXT];
        name_statement(used[i], name);
        PGresult *result = PQprepare(connection, name, statements[used[i]], 0, NULL);
        is_done = PQresultStatus(result) == PGRES_COMMAND_OK ||
                  fisc_bench_database_fail(connection, statements[used[i]], error);
        PQclear(result);
    }
    if (!is_done) {
        PQfinish(connection);
        return false;
    }
    *out_connection = connection;
    return true;
}

/* Runs a statement; its first value goes into @out_value (0 of no row), if that is asked for. */
static bool
execute(PGconn *connection, Statement statement, const char *const *values, int count,
        int64_t *out_value, GError **error)
{
    char name[NUMBER_TEXT];
    name_statement(statement, name);
    PGresult *result = PQexecPrepared(connection, name, count, values, NULL, NULL, 0);
    ExecStatusType status = PQresultStatus(result);
    bool is_done = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ||
                   fisc_bench_database_fail(connection, statements[statement], error);
    if (is_done && out_value != NULL) {
        *out_value = PQntuples(result) > 0 ? strtoll(PQgetvalue(result, 0, 0), NULL, 10) : 0;
    }
    PQclear(result);
    return is_done;
}

/* Runs a statement whose parameters are numbers, after the @texts that come first. */
static bool
execute_numbers(PGconn *connection, Statement statement, const int64_t *numbers, int count,
                const char *last_text, int64_t *out_value, GError **error)
{
    char texts[PARAMETERS_MAX][NUMBER_TEXT];
    const char *values[PARAMETERS_MAX];
    for (int i = 0; i < count; i++) {
        snprintf(texts[i], NUMBER_TEXT, "%" PRId64, numbers[i]);
        values[i] = texts[i];
    }
    if (last_text != NULL) {
        values[count++] = last_text;
    }
    return execute(connection, statement, values, count, out_value, error);
}

static void
finish(void *state)
{
    PQfinish(state);
}

/* ---- peer 1: row-locking SQL ---- */

static bool
begin_row_locking(void *shared, void **out_state, GError **error)
{
    return connect_and_prepare(shared, of_row_locking, G_N_ELEMENTS(of_row_locking),
                               (PGconn **)out_state, error);
}

/* What a voucher draws from budget lines, one item for each, in the order of their numbers. */
typedef struct {
    int budget;
    int64_t amount;
} Need;

static int
compare_needs(const void *a, const void *b)
{
    return ((const Need *)a)->budget - ((const Need *)b)->budget;
}

static int
collect_needs(const FiscBenchLine *lines, Need out_needs[FISC_BENCH_VOUCHER_LINES])
{
    int count = 0;
    for (int i = 0; i < FISC_BENCH_VOUCHER_LINES; i++) {
        int at = 0;
        while (at < count && out_needs[at].budget != lines[i].budget) {
            at++;
        }
        if (lines[i].budget >= 0 && at == count) {
            out_needs[count++] = (Need){lines[i].budget, 0};
        }
        if (lines[i].budget >= 0) {
            out_needs[at].amount += lines[i].amount;
        }
    }
    qsort(out_needs, (size_t)count, sizeof *out_needs, compare_needs);
    return count;
}

static bool
lock_needs(PGconn *connection, const Need *needs, int count, bool *out_suffice, GError **error)
{
    *out_suffice = true;
    for (int i = 0; i < count && *out_suffice; i++) {
        int64_t budget = needs[i].budget;
        int64_t available = 0;
        if (!execute_numbers(connection, LOCK_BUDGET, &budget, 1, NULL, &available, error)) {
            return false;
        }
        *out_suffice = available >= needs[i].amount;
    }
    return true;
}

static bool
draw_needs(PGconn *connection, const Need *needs, int count, GError **error)
{
    for (int i = 0; i < count; i++) {
        const int64_t numbers[] = {needs[i].budget, needs[i].amount};
        if (!execute_numbers(connection, DRAW_BUDGET, numbers, 2, NULL, NULL, error)) {
            return false;
        }
    }
    return true;
}

static bool
insert_journal(PGconn *connection, const FiscBenchVoucher *voucher, int unit, bool is_posted,
               int64_t *out_journal, GError **error)
{
    char unit_text[NUMBER_TEXT];
    char period_text[NUMBER_TEXT];
    snprintf(unit_text, NUMBER_TEXT, "%d", unit);
    snprintf(period_text, NUMBER_TEXT, "%d", fisc_bench_voucher_period(voucher));
    const char *values[] = {voucher->reference, unit_text, period_text, is_posted ? "1" : "2"};
    return execute(connection, INSERT_JOURNAL, values, 4, out_journal, error);
}

static bool
insert_lines(PGconn *connection, int64_t journal, int period, const FiscBenchLine *lines,
             GError **error)
{
    for (int i = 0; i < FISC_BENCH_VOUCHER_LINES; i++) {
        const FiscBenchLine *line = &lines[i];
        const int64_t numbers[] = {journal,    i + 1,           line->unit,   line->account,
                                   line->fund, line->programme, line->amount, period};
        if (!execute_numbers(connection, INSERT_LINE, numbers, 8, FISC_BENCH_MEMO, NULL, error)) {
            return false;
        }
    }
    return true;
}

/* The lines of a voucher are of one unit and different accounts: the account orders their keys. */
static int
compare_accounts(const void *a, const void *b)
{
    return ((const FiscBenchLine *)a)->account - ((const FiscBenchLine *)b)->account;
}

static bool
add_balances(PGconn *connection, int period, FiscBenchLine *lines, GError **error)
{
    qsort(lines, FISC_BENCH_VOUCHER_LINES, sizeof *lines, compare_accounts);
    for (int i = 0; i < FISC_BENCH_VOUCHER_LINES; i++) {
        const FiscBenchLine *line = &lines[i];
        const int64_t numbers[] = {line->unit,           line->account, line->fund,
                                   line->programme,      period,        MAX(line->amount, 0),
                                   MAX(-line->amount, 0)};
        if (!execute_numbers(connection, ADD_BALANCE, numbers, 7, NULL, NULL, error)) {
            return false;
        }
    }
    return true;
}

static bool
is_balanced(const FiscBenchLine *lines)
{
    int64_t sum = 0;
    for (int i = 0; i < FISC_BENCH_VOUCHER_LINES; i++) {
        sum += lines[i].amount;
    }
    return sum == 0;
}

/* All between BEGIN and COMMIT. */
static bool
write_voucher(PGconn *connection, const FiscBenchVoucher *voucher, FiscBenchLine *lines,
              bool *out_is_posted, GError **error)
{
    Need needs[FISC_BENCH_VOUCHER_LINES];
    int need_count = collect_needs(lines, needs);
    int period = fisc_bench_voucher_period(voucher);
    int64_t journal = 0;
    return lock_needs(connection, needs, need_count, out_is_posted, error) &&
           insert_journal(connection, voucher, lines[0].unit, *out_is_posted, &journal, error) &&
           (!*out_is_posted || (insert_lines(connection, journal, period, lines, error) &&
                                add_balances(connection, period, lines, error) &&
                                draw_needs(connection, needs, need_count, error)));
}

static bool
post_row_locking(void *shared, void *state, const FiscBenchVoucher *voucher, bool *out_is_posted,
                 GError **error)
{
    const FiscBenchPeer *peer = shared;
    PGconn *connection = state;
    FiscBenchLine lines[FISC_BENCH_VOUCHER_LINES];
    fisc_bench_voucher_lines(peer->nation, voucher, lines);
    if (!is_balanced(lines)) {
        *out_is_posted = false;
        return true;
    }
    const char *reference = voucher->reference;
    int64_t known = 0;
    if (!execute(connection, BEGIN, NULL, 0, NULL, error) ||
        !execute(connection, FIND_REFERENCE, &reference, 1, &known, error)) {
        return false;
    }
    *out_is_posted = known == 1;
    return (known != 0 || write_voucher(connection, voucher, lines, out_is_posted, error)) &&
           execute(connection, COMMIT, NULL, 0, NULL, error);
}

FiscBenchPosting
fisc_bench_peer_row_locking(const FiscBenchPeer *peer)
{
    return (FiscBenchPosting){peer->nation, (void *)peer, begin_row_locking, post_row_locking,
                              finish};
}

/* ---- peer 2: one plpgsql function ---- */

static bool
begin_plpgsql(void *shared, void **out_state, GError **error)
{
    return connect_and_prepare(shared, of_plpgsql, G_N_ELEMENTS(of_plpgsql), (PGconn **)out_state,
                               error);
}

static int64_t
field_of(const FiscBenchLine *line, int field)
{
    const int64_t fields[] = {line->account, line->fund, line->programme, line->amount,
                              line->budget};
    return fields[field];
}

/* "{5,6,7,8}" */
static void
print_array(const FiscBenchLine *lines, int field, char buffer[ARRAY_TEXT])
{
    int length = 0;
    for (int i = 0; i < FISC_BENCH_VOUCHER_LINES; i++) {
        length += snprintf(buffer + length, (size_t)(ARRAY_TEXT - length), "%c%" PRId64,
                           i == 0 ? '{' : ',', field_of(&lines[i], field));
    }
    snprintf(buffer + length, (size_t)(ARRAY_TEXT - length), "}");
}

static bool
post_plpgsql(void *shared, void *state, const FiscBenchVoucher *voucher, bool *out_is_posted,
             GError **error)
{
    enum { ARRAYS = 5 };
    const FiscBenchPeer *peer = shared;
    FiscBenchLine lines[FISC_BENCH_VOUCHER_LINES];
    char arrays[ARRAYS][ARRAY_TEXT];
    char unit[NUMBER_TEXT];
    char period[NUMBER_TEXT];
    const char *values[3 + ARRAYS] = {voucher->reference, unit, period};
    fisc_bench_voucher_lines(peer->nation, voucher, lines);
    snprintf(unit, NUMBER_TEXT, "%d", lines[0].unit);
    snprintf(period, NUMBER_TEXT, "%d", fisc_bench_voucher_period(voucher));
    for (int i = 0; i < ARRAYS; i++) {
        print_array(lines, i, arrays[i]);
        values[3 + i] = arrays[i];
    }
    int64_t status = 0;
    if (!execute(state, POST_JOURNAL, values, 3 + ARRAYS, &status, error)) {
        return false;
    }
    *out_is_posted = status == 1;
    return true;
}

FiscBenchPosting
fisc_bench_peer_plpgsql(const FiscBenchPeer *peer)
{
    return (FiscBenchPosting){peer->nation, (void *)peer, begin_plpgsql, post_plpgsql, finish};
}

/* ---- before and after ---- */

bool
fisc_bench_peer_prepare(FiscBenchDatabase *database, const FiscBenchNation *nation, GError **error)
{
    g_autoptr(GString) sql = g_string_new("insert into peer.budget values ");
    for (int i = 0; i < FISC_BENCH_BUDGETS; i++) {
        g_string_append_printf(sql, "%s(%d, %" PRId64 ", 0)", i > 0 ? ", " : "", i,
                               nation->budget[i].appropriation);
    }
    return fisc_bench_database_run(database, fisc_bench_peer_sql, error) &&
           fisc_bench_database_run(database, sql->str, error) &&
           fisc_bench_database_run(database, "analyze peer.budget", error);
}

bool
fisc_bench_peer_check(FiscBenchDatabase *database, int64_t posted, int64_t refused, GError **error)
{
    g_autofree char *posted_text = g_strdup_printf("%" PRId64, posted);
    g_autofree char *refused_text = g_strdup_printf("%" PRId64, refused);
    const FiscBenchInvariant invariants[] = {
        {"the peers' posted journals are those they acknowledged",
         "select count(*) from peer.journal where status = 1", posted_text},
        {"the peers' refused journals are those they acknowledged",
         "select count(*) from peer.journal where status = 2", refused_text},
        {"no budget line of the peers is overdrawn",
         "select coalesce(min(available), 0) >= 0 from peer.budget", NULL},
        {"every journal of the peers is balanced",
         "select not exists (select from peer.line group by journal_id having sum(amount) <> 0)",
         NULL},
        {"every posted journal of the peers has four lines",
         "select (select count(*) from peer.line)"
         " = 4 * (select count(*) from peer.journal where status = 1)",
         NULL},
        {"the peers' balances are the sums of their lines",
         "select not exists (select from (select unit, account, fund, programme, period,"
         "   sum(greatest(amount, 0)) as debit, sum(greatest(-amount, 0)) as credit"
         "   from peer.line group by 1, 2, 3, 4, 5) l"
         " full join peer.balance b using (unit, account, fund, programme, period)"
         " where l.debit is distinct from b.debit or l.credit is distinct from b.credit)",
         NULL},
        {"what the peers' budget lines spent is what was debited to expense",
         "select (select sum(spent) from peer.budget)"
         " = (select coalesce(sum(amount), 0) from peer.line where line = 1)",
         NULL},
    };
    return fisc_bench_database_check(database, invariants, G_N_ELEMENTS(invariants), error);
}
