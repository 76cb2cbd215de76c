/* trace.c: one key through the books: when, who, what moved, what it was refused for, and what is
 * open now.
 *
 * A row is a step: a move of a budget line between two stages, a line on a financial account, what
 * happened to a document, a reason of a refusal. For people a heading says whose row it is. */
#include "app/flows/internal.h"
#include "fisc/gfs.h"
#include "fisc/ledger.h"
#include "fisc/money.h"
#include <string.h>

/* X(NAME, column, kind, for machines only: the headings say it to people) */
#define COLUMNS(X)                                                                                 \
    X(BATCH, "batch", FISC_COLUMN_INTEGER, true)                                                   \
    X(POSTED_AT, "posted_at", FISC_COLUMN_TEXT, true)                                              \
    X(ENTRY, "entry", FISC_COLUMN_INTEGER, true)                                                   \
    X(SOURCE, "source", FISC_COLUMN_TEXT, true)                                                    \
    X(REFERENCE, "reference", FISC_COLUMN_TEXT, true)                                              \
    X(DATE, "date", FISC_COLUMN_TEXT, true)                                                        \
    X(WHO, "who", FISC_COLUMN_TEXT, true)                                                          \
    X(STEP, "step", FISC_COLUMN_TEXT, true)                                                        \
    X(ENTITY, "entity", FISC_COLUMN_TEXT, true)                                                    \
    X(ACCOUNT, "account", FISC_COLUMN_TEXT, false)                                                 \
    X(SIDE, "side", FISC_COLUMN_TEXT, true)                                                        \
    X(AMOUNT, "amount", FISC_COLUMN_AMOUNT, false)                                                 \
    X(FROM, "from", FISC_COLUMN_TEXT, false)                                                       \
    X(TO, "to", FISC_COLUMN_TEXT, false)                                                           \
    X(ITEM, "item", FISC_COLUMN_TEXT, false)                                                       \
    X(KEY, "key", FISC_COLUMN_TEXT, false)                                                         \
    X(TITLE, "title", FISC_COLUMN_TEXT, false)                                                     \
    X(MEMO, "memo", FISC_COLUMN_TEXT, true)

typedef enum {
#define X(name, column, kind, machines) COLUMN_##name,
    COLUMNS(X)
#undef X
        COLUMN_COUNT
} Column;

static FiscTable *
table_new(const char *key)
{
    static const struct {
        const char *name;
        FiscColumnKind kind;
        bool for_machines;
    } columns[COLUMN_COUNT] = {
#define X(name, column, kind, machines) {column, kind, machines},
        COLUMNS(X)
#undef X
    };
    g_autofree char *title = g_strdup_printf("Trace of %s", key);
    FiscTable *table = fisc_table_new("trace", title, 2);
    for (int i = 0; i < COLUMN_COUNT; i++) {
        fisc_table_add_column(table, columns[i].name, columns[i].kind);
        g_array_index(table->columns, FiscColumn, i).for_machines = columns[i].for_machines;
    }
    return table;
}

static void
set_integer(FiscRow *row, Column column, int64_t number)
{
    row->cells[column].number = number;
    row->cells[column].is_set = number != 0;
}

/* Headings ---------------------------------------------------------------------------------------
 */

static const char *
field_of(const FiscTraceStep *step, const char *name)
{
    for (guint i = 0; step->fields != NULL && i + 1 < step->fields->len; i += 2) {
        if (strcmp(step->fields->pdata[i], name) == 0) {
            return step->fields->pdata[i + 1];
        }
    }
    return "";
}

static const char *
step_word(const FiscTraceStep *step)
{
    switch (step->kind) {
    case FISC_TRACE_ENTRY:
        return step->reverses ? "reversal" : step->corrects != 0 ? "correction" : "entry";
    case FISC_TRACE_EVENT:
        return step->event;
    case FISC_TRACE_REFUSAL:
        break;
    }
    return "refusal";
}

static char *
describe_entry(const FiscTraceStep *step)
{
    char date[FISC_DATE_TEXT];
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "%s %" G_GINT64_FORMAT ", %s of %s (%s), effective %s",
                           step->reverses        ? "Reversal, entry"
                           : step->corrects != 0 ? "Correction, entry"
                                                 : "Entry",
                           step->entry_id, step->reference, step->entity, step->source,
                           fisc_date_format(step->effective, date));
    if (step->corrects != 0) {
        g_string_append_printf(text, ", of entry %" G_GINT64_FORMAT, step->corrects);
    }
    if (step->document != NULL) {
        g_string_append_printf(text, ", document %s", step->document);
    }
    if (step->memo != NULL) {
        g_string_append_printf(text, ": %s", step->memo);
    }
    return g_string_free(text, FALSE);
}

static char *
describe(const FiscTraceStep *step)
{
    switch (step->kind) {
    case FISC_TRACE_ENTRY:
        return describe_entry(step);
    case FISC_TRACE_EVENT:
        return g_strdup_printf("%c%s %s%s%s", g_ascii_toupper(*step->event), step->event + 1,
                               step->reference, *field_of(step, "state") != '\0' ? ": " : "",
                               field_of(step, "state"));
    case FISC_TRACE_REFUSAL:
        break;
    }
    return g_strdup_printf("Refused: %s of %s (%s)", step->reference, step->entity, step->source);
}

static void
add_heading(FiscTable *table, const FiscTraceStep *step)
{
    g_autofree char *what = describe(step);
    g_autofree char *text = g_strdup_printf("%s UTC, batch %" G_GINT64_FORMAT ", %s: %s",
                                            step->posted_at, step->batch_no, step->maker, what);
    FiscRow *row = fisc_table_add_row(table);
    row->heading = true;
    fisc_table_set_text(table, row, COLUMN_ACCOUNT, text); /* the first that is shown */
}

/* Rows -------------------------------------------------------------------------------------------
 */

/* A row of a step, with what all its rows repeat. */
static FiscRow *
add_row(FiscTable *table, const FiscTraceStep *step)
{
    char date[FISC_DATE_TEXT];
    FiscRow *row = fisc_table_add_row(table);
    set_integer(row, COLUMN_BATCH, step->batch_no);
    fisc_table_set_text(table, row, COLUMN_POSTED_AT, step->posted_at);
    set_integer(row, COLUMN_ENTRY, step->entry_id);
    fisc_table_set_text(table, row, COLUMN_SOURCE, step->source);
    fisc_table_set_text(table, row, COLUMN_REFERENCE, step->reference);
    if (step->kind == FISC_TRACE_ENTRY) {
        fisc_table_set_text(table, row, COLUMN_DATE, fisc_date_format(step->effective, date));
    }
    fisc_table_set_text(table, row, COLUMN_WHO, step->maker);
    fisc_table_set_text(table, row, COLUMN_STEP, step_word(step));
    fisc_table_set_text(table, row, COLUMN_ENTITY, step->entity);
    fisc_table_set_text(table, row, COLUMN_MEMO, step->memo);
    return row;
}

static bool
is_budgetary(const FiscTraceLine *line)
{
    return line->account->class_ == FISC_CLASS_BUDGETARY;
}

/* "cofog=70912 economic=22": the segments that are given. */
static char *
key_text(const FiscTraceLine *line)
{
    GString *text = g_string_new(NULL);
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        if (*line->dim[i] != '\0') {
            g_string_append_printf(text, "%s%s=%s", text->len > 0 ? " " : "",
                                   fisc_dimension_column((FiscDimension)i), line->dim[i]);
        }
    }
    return g_string_free(text, FALSE);
}

static void
set_line(FiscTable *table, FiscRow *row, const FiscTraceLine *line)
{
    const FiscAccount *account = line->account;
    bool is_on_budget = is_budgetary(line);
    char code[FISC_GFS_CODE];
    g_autofree char *key = key_text(line);
    g_strlcpy(code, account->code, sizeof code);
    if (!account->national && !is_on_budget) {
        fisc_gfs_compose(account->gfs, line->flow, line->kind, code);
    }
    fisc_table_set_text(table, row, COLUMN_ACCOUNT, code);
    fisc_table_set_text(table, row, COLUMN_SIDE, is_on_budget ? "budgetary" : "financial");
    fisc_table_set_amount(table, row, COLUMN_AMOUNT, line->amount);
    fisc_table_set_text(table, row, COLUMN_ITEM, line->item);
    fisc_table_set_text(table, row, COLUMN_KEY, key);
    fisc_table_set_text(table, row, COLUMN_TITLE, account->name);
}

static bool
is_counterpart(const FiscTraceLine *debit, const FiscTraceLine *credit)
{
    if (!is_budgetary(credit) || credit->amount != -debit->amount ||
        (debit->item != NULL && credit->item != NULL && strcmp(debit->item, credit->item) != 0)) {
        return false;
    }
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        if (strcmp(debit->dim[i], credit->dim[i]) != 0) {
            return false;
        }
    }
    return true;
}

/* The credit of the same amount on the same key: the two are one move. */
static const FiscTraceLine *
find_counterpart(const FiscTraceStep *step, const FiscTraceLine *debit, GHashTable *paired)
{
    for (guint i = 0; i < step->lines->len; i++) {
        const FiscTraceLine *credit = &g_array_index(step->lines, FiscTraceLine, i);
        if (!g_hash_table_contains(paired, credit) && is_counterpart(debit, credit)) {
            return credit;
        }
    }
    return NULL;
}

static const char *
stage_word(const FiscTraceLine *line)
{
    return fisc_stage_word(line->account->stage);
}

static void
add_move(FiscTable *table, const FiscTraceStep *step, const FiscTraceLine *debit,
         const FiscTraceLine *credit)
{
    FiscRow *row = add_row(table, step);
    g_autofree char *accounts =
        g_strdup_printf("%s>%s", debit->account->code, credit->account->code);
    set_line(table, row, debit);
    fisc_table_set_text(table, row, COLUMN_ACCOUNT, accounts);
    fisc_table_set_text(table, row, COLUMN_FROM, stage_word(debit));
    fisc_table_set_text(table, row, COLUMN_TO, stage_word(credit));
    fisc_table_set_text(table, row, COLUMN_ITEM, debit->item != NULL ? debit->item : credit->item);
    fisc_table_set_text(table, row, COLUMN_TITLE, credit->account->name);
}

static void
add_single(FiscTable *table, const FiscTraceStep *step, const FiscTraceLine *line)
{
    FiscRow *row = add_row(table, step);
    set_line(table, row, line);
    if (line->account->stage != FISC_STAGE_NONE) {
        fisc_table_set_text(table, row, line->amount > 0 ? COLUMN_FROM : COLUMN_TO,
                            stage_word(line));
    }
}

/* Budgetary lines, debits first with the credit they move to; then the credits that are left. */
static void
add_moves(FiscTable *table, const FiscTraceStep *step)
{
    g_autoptr(GHashTable) paired = g_hash_table_new(NULL, NULL);
    for (guint i = 0; i < step->lines->len; i++) {
        const FiscTraceLine *debit = &g_array_index(step->lines, FiscTraceLine, i);
        if (!is_budgetary(debit) || debit->amount < 0) {
            continue;
        }
        const FiscTraceLine *credit = find_counterpart(step, debit, paired);
        if (credit != NULL) {
            g_hash_table_add(paired, (gpointer)credit);
            add_move(table, step, debit, credit);
        } else {
            add_single(table, step, debit);
        }
    }
    for (guint i = 0; i < step->lines->len; i++) {
        const FiscTraceLine *line = &g_array_index(step->lines, FiscTraceLine, i);
        if (is_budgetary(line) && line->amount < 0 && !g_hash_table_contains(paired, line)) {
            add_single(table, step, line);
        }
    }
}

static void
add_entry(FiscTable *table, const FiscTraceStep *step)
{
    for (guint i = 0; i < step->lines->len; i++) {
        const FiscTraceLine *line = &g_array_index(step->lines, FiscTraceLine, i);
        if (!is_budgetary(line)) {
            add_single(table, step, line);
        }
    }
    add_moves(table, step);
}

/* What an event says beside its state: who approved, why, until when. The payload of a document is
 * its entries, which are here themselves. */
static void
add_event(FiscTable *table, const FiscTraceStep *step)
{
    static const char *const hidden[] = {"payload", "digest", "state", "reason", NULL};
    g_autoptr(GString) words = g_string_new(NULL);
    for (guint i = 0; i + 1 < step->fields->len; i += 2) {
        const char *name = step->fields->pdata[i];
        const char *value = step->fields->pdata[i + 1];
        if (*value != '\0' && !g_strv_contains(hidden, name)) {
            g_string_append_printf(words, "%s%s=%s", words->len > 0 ? " " : "", name, value);
        }
    }
    FiscRow *row = add_row(table, step);
    fisc_table_set_text(table, row, COLUMN_KEY, words->str);
    fisc_table_set_text(table, row, COLUMN_TITLE, field_of(step, "state"));
    fisc_table_set_text(table, row, COLUMN_MEMO, field_of(step, "reason"));
}

static void
add_refusal(FiscTable *table, const FiscTraceStep *step)
{
    for (guint i = 0; i < step->reasons->len; i++) {
        const FiscRefusal *reason = step->reasons->pdata[i];
        g_autofree char *why =
            g_strdup_printf("%s%s%s", reason->detail, reason->control != NULL ? " by " : "",
                            reason->control != NULL ? reason->control : "");
        FiscRow *row = add_row(table, step);
        fisc_table_set_text(table, row, COLUMN_TITLE, why);
        fisc_table_set_text(table, row, COLUMN_KEY, reason->key);
        if (reason->control != NULL) {
            fisc_table_set_amount(table, row, COLUMN_AMOUNT, reason->requested);
        }
    }
}

/* Open items -------------------------------------------------------------------------------------
 */

typedef struct {
    const char *entity;
    const FiscTraceLine *first; /* the line that opened it */
    int64_t amount;
} OpenItem;

static OpenItem *
find_item(GArray *items, const char *entity, const FiscTraceLine *line)
{
    for (guint i = 0; i < items->len; i++) {
        OpenItem *item = &g_array_index(items, OpenItem, i);
        if (strcmp(item->first->item, line->item) == 0 && strcmp(item->entity, entity) == 0 &&
            item->first->account == line->account) {
            return item;
        }
    }
    OpenItem item = {.entity = entity, .first = line};
    g_array_append_val(items, item);
    return &g_array_index(items, OpenItem, items->len - 1);
}

/* The counterpart of a budget line's move bears no item: an item is on the account it was opened
 * on. */
static GArray *
collect_items(const FiscTrace *trace)
{
    GArray *items = g_array_new(FALSE, TRUE, sizeof(OpenItem));
    for (guint i = 0; i < trace->steps->len; i++) {
        const FiscTraceStep *step = trace->steps->pdata[i];
        for (guint k = 0; step->lines != NULL && k < step->lines->len; k++) {
            const FiscTraceLine *line = &g_array_index(step->lines, FiscTraceLine, k);
            if (line->item != NULL) {
                find_item(items, step->entity, line)->amount += line->amount;
            }
        }
    }
    return items;
}

/* The sum of all its lines: the chain is complete unless it was cut, and then it is not said. */
static void
add_open_items(FiscTable *table, const FiscTrace *trace)
{
    g_autoptr(GArray) items = collect_items(trace);
    if (items->len == 0 || trace->is_cut) {
        return;
    }
    FiscRow *heading = fisc_table_add_row(table);
    heading->heading = true;
    fisc_table_set_text(table, heading, COLUMN_ACCOUNT, "Open now");
    for (guint i = 0; i < items->len; i++) {
        const OpenItem *item = &g_array_index(items, OpenItem, i);
        FiscRow *row = fisc_table_add_row(table);
        set_line(table, row, item->first);
        fisc_table_set_text(table, row, COLUMN_STEP, "open");
        fisc_table_set_text(table, row, COLUMN_ENTITY, item->entity);
        fisc_table_set_text(table, row, COLUMN_FROM, stage_word(item->first));
        fisc_table_set_amount(table, row, COLUMN_AMOUNT,
                              item->first->amount < 0 ? -item->amount : item->amount);
    }
}

/* The walk ---------------------------------------------------------------------------------------
 */

static void (*const adders[])(FiscTable *table, const FiscTraceStep *step) = {
    [FISC_TRACE_ENTRY] = add_entry,
    [FISC_TRACE_EVENT] = add_event,
    [FISC_TRACE_REFUSAL] = add_refusal,
};

static FiscTable *
build_table(const FiscTrace *trace, const char *key)
{
    FiscTable *table = table_new(key);
    for (guint i = 0; i < trace->steps->len; i++) {
        const FiscTraceStep *step = trace->steps->pdata[i];
        add_heading(table, step);
        adders[step->kind](table, step);
    }
    add_open_items(table, trace);
    if (trace->is_cut) {
        fisc_table_add_note(table, "More than %d entries hang together here: these are the oldest.",
                            FISC_TRACE_ENTRIES_MAX);
    }
    return table;
}

bool
fisc_flow_trace(FiscContext *ctx, const char *key, FiscTable **out_table, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscNation) nation = NULL;
    g_autoptr(FiscTrace) trace = NULL;
    if (!fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) ||
        !fisc_nation_load(tx, ctx->book_id, 0, &nation, error) ||
        !fisc_trace_load(tx, ctx->book_id, nation, key, &trace, error) ||
        !fisc_tx_commit(g_steal_pointer(&tx), error)) {
        return false;
    }
    if (trace->steps->len == 0) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND,
                         "nothing is on record under \"%s\" as reference, document, transfer or "
                         "open item",
                         key);
    }
    *out_table = build_table(trace, key);
    return true;
}
