/* feeder_look.c: the register of feeders, runs, faults and what stands in suspense, as tables. */
#include "app/flows/intake.h"
#include "core/base/hash.h"
#include "integrations/parse.h"
#include <string.h>

#define TEXT FISC_COLUMN_TEXT
#define INTEGER FISC_COLUMN_INTEGER
#define AMOUNT FISC_COLUMN_AMOUNT
#define RUNS_MAX 10000

typedef struct {
    const char *name;
    FiscColumnKind kind;
} Column;

static bool
ask(FiscContext *ctx, FiscSql sql, FiscArg *args, int count, FiscRows **out_rows, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) ||
        !fisc_tx_query(tx, sql, args, count, &rows, error) ||
        !fisc_tx_commit(g_steal_pointer(&tx), error)) {
        return false;
    }
    *out_rows = g_steal_pointer(&rows);
    return true;
}

static FiscTable *
new_table(const char *name, const char *title, const Column *columns)
{
    FiscTable *table = fisc_table_new(name, title, 2);
    for (int i = 0; columns[i].name != NULL; i++) {
        fisc_table_add_column(table, columns[i].name, columns[i].kind);
    }
    return table;
}

__int128
fisc_flow_read_sum(const char *text)
{
    __int128 sum = 0;
    for (const char *at = text + (*text == '-'); *at != '\0'; at++) {
        sum = sum * 10 + (*at - '0');
    }
    return *text == '-' ? -sum : sum;
}

static void
set_cell(FiscTable *table, FiscRow *line, int column, FiscColumnKind kind, const FiscRows *rows,
         int row, int from)
{
    if (fisc_rows_is_null(rows, row, from)) {
        return;
    }
    if (kind == TEXT) {
        fisc_table_set_text(table, line, column, fisc_rows_text(rows, row, from));
    } else if (kind == AMOUNT) {
        fisc_table_set_amount(table, line, column,
                              fisc_flow_read_sum(fisc_rows_text(rows, row, from)));
    } else {
        line->cells[column].number = fisc_rows_int8(rows, row, from);
        line->cells[column].is_set = true;
    }
}

/* The columns are those of the query, in its order. */
static FiscTable *
fill(const char *name, const char *title, const Column *columns, const FiscRows *rows)
{
    FiscTable *table = new_table(name, title, columns);
    for (int row = 0; row < fisc_rows_count(rows); row++) {
        FiscRow *line = fisc_table_add_row(table);
        for (int i = 0; columns[i].name != NULL; i++) {
            set_cell(table, line, i, columns[i].kind, rows, row, i);
        }
    }
    return table;
}

/* A name that nobody has, or whose books the asker does not see, is an error and no empty list. */
static bool
check_feeder(FiscContext *ctx, const char *name, GError **error)
{
    g_autoptr(FiscFeeder) feeder = NULL;
    return name == NULL || *name == '\0' || fisc_feeder_open(ctx, name, &feeder, error);
}

bool
fisc_flow_feeder_runs(FiscContext *ctx, const char *feeder, int count, FiscTable **out_table,
                      GError **error)
{
    static const Column columns[] = {
        {"run", INTEGER},       {"feeder", TEXT},     {"document", TEXT},  {"began", TEXT},
        {"outcome", TEXT},      {"reason", TEXT},     {"rows", INTEGER},   {"value", AMOUNT},
        {"mapped", AMOUNT},     {"suspense", AMOUNT}, {"posted", INTEGER}, {"reversed", INTEGER},
        {"unchanged", INTEGER}, {"batch", INTEGER},   {NULL, TEXT}};
    g_autoptr(FiscRows) rows = NULL;
    int limit = count > 0 && count < RUNS_MAX ? count : RUNS_MAX;
    if (!check_feeder(ctx, feeder, error) ||
        !ask(ctx, FISC_SQL_INTAKE_LAST_RUNS,
             FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(feeder != NULL ? feeder : ""),
                       fisc_int4(limit)),
             &rows, error)) {
        return false;
    }
    *out_table = fill("runs", "Runs, newest first", columns, rows);
    return true;
}

/* The stages of a run: each has one at least. */
static bool
ask_stages(FiscContext *ctx, int64_t run_id, FiscRows **out_rows, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    if (!ask(ctx, FISC_SQL_INTAKE_STAGES, FISC_ARGS(fisc_int4(ctx->book_id), fisc_int8(run_id)),
             &rows, error)) {
        return false;
    }
    if (fisc_rows_count(rows) == 0) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "there is no run %" G_GINT64_FORMAT, run_id);
    }
    *out_rows = g_steal_pointer(&rows);
    return true;
}

bool
fisc_flow_feeder_rejects(FiscContext *ctx, int64_t run_id, FiscTable **out_table, GError **error)
{
    static const Column columns[] = {{"file", TEXT}, {"line", INTEGER}, {"field", TEXT},
                                     {"code", TEXT}, {"detail", TEXT},  {NULL, TEXT}};
    g_autoptr(FiscRows) rows = NULL;
    g_autoptr(FiscRows) stages = NULL;
    if (!ask_stages(ctx, run_id, &stages, error) ||
        !ask(ctx, FISC_SQL_INTAKE_REJECTS, FISC_ARGS(fisc_int4(ctx->book_id), fisc_int8(run_id)),
             &rows, error)) {
        return false;
    }
    *out_table = fill("rejects", "Why the run is quarantined", columns, rows);
    return true;
}

bool
fisc_flow_feeder_suspense(FiscContext *ctx, const char *feeder, FiscTable **out_table,
                          GError **error)
{
    static const Column columns[] = {{"feeder", TEXT}, {"document", TEXT}, {"map", TEXT},
                                     {"code", TEXT},   {"rows", INTEGER},  {"value", AMOUNT},
                                     {"since", TEXT},  {NULL, TEXT}};
    g_autoptr(FiscRows) rows = NULL;
    if (!check_feeder(ctx, feeder, error) ||
        !ask(ctx, FISC_SQL_INTAKE_SUSPENSE,
             FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(feeder != NULL ? feeder : "")), &rows,
             error)) {
        return false;
    }
    *out_table = fill("suspense", "Codes that no map knows, in suspense", columns, rows);
    return true;
}

bool
fisc_flow_feeder_stages(FiscContext *ctx, int64_t run_id, FiscTable **out_table, GError **error)
{
    static const Column columns[] = {{"stage", TEXT}, {"at", TEXT}, {"detail", TEXT}, {NULL, TEXT}};
    g_autoptr(FiscRows) rows = NULL;
    if (!ask_stages(ctx, run_id, &rows, error)) {
        return false;
    }
    *out_table = fill("stages", "How far the run came", columns, rows);
    return true;
}

bool
fisc_flow_feeder_receipt(FiscContext *ctx, int64_t run_id, char **out_text, char **out_signature,
                         GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    int length = 0;
    if (!ask(ctx, FISC_SQL_INTAKE_RECEIPT, FISC_ARGS(fisc_int4(ctx->book_id), fisc_int8(run_id)),
             &rows, error)) {
        return false;
    }
    if (fisc_rows_count(rows) == 0 || fisc_rows_is_null(rows, 0, 0)) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND,
                         "run %" G_GINT64_FORMAT " has no receipt: `fisc feeder runs` lists them",
                         run_id);
    }
    const uint8_t *signature = fisc_rows_bytea(rows, 0, 1, &length);
    GString *hex = length > 0 ? g_string_new(NULL) : NULL;
    for (int i = 0; i < length; i++) {
        g_string_append_printf(hex, "%02x", signature[i]);
    }
    *out_text = g_strdup(fisc_rows_text(rows, 0, 0));
    *out_signature = hex != NULL ? g_string_free(hex, FALSE) : NULL;
    return true;
}

/* The register: facts of the chain beside what the tables know. */

enum {
    WATCHED,
    CURSOR,
    TRIED,
    SUCCEEDED,
    FAILURES,
    WAITS,
    NOTE,
    DOCUMENTS,
    OUTCOME,
    RUN,
    ROWS,
    VALUE,
    MAPPED,
    SUSPENSE,
    CERTIFIED,
    NEXT,
    AGE
};

static int
find_watch(const FiscRows *watches, const char *feeder)
{
    for (int i = 0; i < fisc_rows_count(watches); i++) {
        if (strcmp(fisc_rows_text(watches, i, WATCHED), feeder) == 0) {
            return i;
        }
    }
    return -1;
}

/* How it stands with time: columns behind those of the watch. */
static void
add_times(FiscTable *table, FiscRow *row, const FiscFact *fact, const FiscRows *watches, int watch)
{
    const char *every = fisc_fact_field(fact, "every");
    int at = fisc_table_column(table, "every");
    bool waits = watch >= 0 && fisc_rows_int4(watches, watch, FAILURES) > 0 &&
                 fisc_rows_int8(watches, watch, WAITS) > 0;
    every = *every != '\0' ? every : "day";
    fisc_table_set_text(table, row, at, every);
    fisc_table_set_text(table, row, fisc_table_column(table, "breaker"), waits ? "open" : "closed");
    if (watch < 0) {
        return;
    }
    set_cell(table, row, at + 1, TEXT, watches, watch, NEXT);
    set_cell(table, row, fisc_table_column(table, "run"), INTEGER, watches, watch, RUN);
    if (!fisc_rows_is_null(watches, watch, AGE)) {
        int64_t late_s = fisc_rows_int8(watches, watch, AGE) - fisc_feeder_interval_s(every);
        row->cells[at + 2].number = MAX(0, late_s / 3600);
        row->cells[at + 2].is_set = true;
    }
}

static void
add_feeder(FiscTable *table, const Column *columns, const FiscFact *fact, const FiscRows *watches)
{
    static const char *const words[] = {"feeder", "title", "entities", "connector", "state"};
    static const int from[] = {DOCUMENTS, CERTIFIED, TRIED,  SUCCEEDED, FAILURES, OUTCOME,
                               ROWS,      VALUE,     MAPPED, SUSPENSE,  NOTE};
    FiscRow *row = fisc_table_add_row(table);
    int count = G_N_ELEMENTS(words);
    for (int i = 0; i < count; i++) {
        const char *word = i == 0 ? fact->subject : fisc_fact_field(fact, words[i]);
        fisc_table_set_text(table, row, i, *word == '\0' && i == count - 1 ? "active" : word);
    }
    int watch = find_watch(watches, fact->subject);
    for (gsize i = 0; watch >= 0 && i < G_N_ELEMENTS(from); i++) {
        int column = count + (int)i;
        set_cell(table, row, column, columns[column].kind, watches, watch, from[i]);
    }
    add_times(table, row, fact, watches, watch);
}

/* What the database cuts of runs, is cut of the register. */
static bool
may_be_seen(const FiscContext *ctx, const FiscNation *nation, const FiscFact *fact)
{
    g_autoptr(FiscFeeder) feeder = NULL;
    return !fisc_flow_is_limited(ctx) || (fisc_feeder_of(fact, &feeder, NULL) &&
                                          fisc_feeder_check_scope(ctx, nation, feeder, NULL));
}

bool
fisc_flow_feeder_list(FiscContext *ctx, FiscTable **out_table, GError **error)
{
    static const Column columns[] = {{"feeder", TEXT},       {"title", TEXT},
                                     {"entities", TEXT},     {"connector", TEXT},
                                     {"state", TEXT},        {"documents", INTEGER},
                                     {"certified", INTEGER}, {"asked", TEXT},
                                     {"answered", TEXT},     {"failures", INTEGER},
                                     {"outcome", TEXT},      {"rows", INTEGER},
                                     {"value", AMOUNT},      {"mapped", AMOUNT},
                                     {"suspense", AMOUNT},   {"note", TEXT},
                                     {"every", TEXT},        {"due", TEXT},
                                     {"late_h", INTEGER},    {"breaker", TEXT},
                                     {"run", INTEGER},       {NULL, TEXT}};
    g_autoptr(FiscNation) nation = NULL;
    g_autoptr(FiscRows) watches = NULL;
    if (!fisc_flow_load_nation(ctx, &nation, error) ||
        !ask(ctx, FISC_SQL_INTAKE_WATCHES, FISC_ARGS(fisc_int4(ctx->book_id)), &watches, error)) {
        return false;
    }
    FiscTable *table = new_table("feeders", "Feeders: outside books, and how they answer", columns);
    g_autoptr(GPtrArray) facts = fisc_nation_facts(nation, "feeder");
    for (guint i = 0; i < facts->len; i++) {
        if (may_be_seen(ctx, nation, facts->pdata[i])) {
            add_feeder(table, columns, facts->pdata[i], watches);
        }
    }
    *out_table = table;
    return true;
}

bool
fisc_flow_feeder_reader(const char **out_words, bool *out_is_filtered, GError **error)
{
    FiscSandboxState state = FISC_SANDBOX_LIMITED;
    if (!fisc_parse_try(&state, error)) {
        return false;
    }
    *out_is_filtered = state == FISC_SANDBOX_FILTERED;
    *out_words = state == FISC_SANDBOX_FILTERED
                     ? "in a process without files, network and programs, with limits"
                 : state == FISC_SANDBOX_LIMITED
                     ? "in a process with limits, but without a filter of system calls"
                     : "without memory limit and filter: this program is built to look for errors";
    return true;
}

FiscTable *
fisc_flow_feeder_connectors(void)
{
    static const Column columns[] = {{"connector", TEXT}, {"meaning", TEXT}, {NULL, TEXT}};
    FiscTable *table = new_table("connectors", "Ways to take documents", columns);
    for (const FiscConnector *connector = fisc_connectors; connector->name != NULL; connector++) {
        FiscRow *row = fisc_table_add_row(table);
        fisc_table_set_text(table, row, 0, connector->name);
        fisc_table_set_text(table, row, 1, connector->meaning);
    }
    return table;
}
