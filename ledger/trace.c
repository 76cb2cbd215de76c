/* trace.c: one key through the chain: its entries with all that leans on them, what happened to the
 * documents behind them, what was refused under the same references.
 *
 * The database follows the chain (trace_entries.sql); here its rows become values and are put in
 * the order of the chain. How they are shown is for app/flows. */
#include "fisc/ledger.h"
#include <string.h>

static void
step_free(gpointer data)
{
    FiscTraceStep *step = data;
    g_clear_pointer(&step->lines, g_array_unref);
    g_clear_pointer(&step->fields, g_ptr_array_unref);
    g_clear_pointer(&step->reasons, g_ptr_array_unref);
    g_free(step);
}

void
fisc_trace_free(FiscTrace *trace)
{
    if (trace != NULL) {
        g_clear_pointer(&trace->steps, g_ptr_array_unref);
        g_string_chunk_free(trace->chunk);
        g_free(trace);
    }
}

static FiscTrace *
trace_new(void)
{
    FiscTrace *trace = g_new0(FiscTrace, 1);
    trace->steps = g_ptr_array_new_with_free_func(step_free);
    trace->chunk = g_string_chunk_new(4096);
    return trace;
}

static const char *
text_at(FiscTrace *trace, const FiscRows *rows, int row, int column)
{
    return g_string_chunk_insert_const(trace->chunk, fisc_rows_text(rows, row, column));
}

static const char *
text_or_null(FiscTrace *trace, const FiscRows *rows, int row, int column)
{
    return fisc_rows_is_null(rows, row, column) ? NULL : text_at(trace, rows, row, column);
}

/* Entries ----------------------------------------------------------------------------------------
 */

static void
add_entry(FiscTrace *trace, const FiscRows *rows, int row)
{
    FiscTraceStep *step = g_new0(FiscTraceStep, 1);
    step->kind = FISC_TRACE_ENTRY;
    step->entry_id = fisc_rows_int8(rows, row, 0);
    step->item_id = fisc_rows_int8(rows, row, 1);
    step->batch_no = fisc_rows_int8(rows, row, 2);
    step->posted_at = text_at(trace, rows, row, 3);
    step->maker = text_at(trace, rows, row, 4);
    step->entity = text_at(trace, rows, row, 5);
    step->source = text_at(trace, rows, row, 6);
    step->reference = text_at(trace, rows, row, 7);
    step->document = text_or_null(trace, rows, row, 8);
    step->transfer = text_or_null(trace, rows, row, 9);
    step->corrects = fisc_rows_is_null(rows, row, 10) ? 0 : fisc_rows_int8(rows, row, 10);
    step->reverses = fisc_rows_int4(rows, row, 11) != 0;
    step->effective = fisc_rows_int4(rows, row, 12);
    step->memo = text_or_null(trace, rows, row, 13);
    step->lines = g_array_new(FALSE, TRUE, sizeof(FiscTraceLine));
    g_ptr_array_add(trace->steps, step);
}

/* One more than the most is asked for, to see that there are more. */
static bool
load_entries(FiscTx *tx, int book_id, const char *key, FiscTrace *trace, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_tx_query(
            tx, FISC_SQL_LEDGER_TRACE_ENTRIES,
            FISC_ARGS(fisc_int4(book_id), fisc_text(key), fisc_int4(FISC_TRACE_ENTRIES_MAX + 1)),
            &rows, error)) {
        return false;
    }
    int count = fisc_rows_count(rows);
    trace->is_cut = count > FISC_TRACE_ENTRIES_MAX;
    for (int i = 0; i < MIN(count, FISC_TRACE_ENTRIES_MAX); i++) {
        add_entry(trace, rows, i);
    }
    return true;
}

static void
add_line(FiscTrace *trace, FiscTraceStep *step, const FiscNation *nation, const FiscRows *rows,
         int row)
{
    int dims = 0;
    g_auto(GStrv) dim = fisc_rows_text_array(rows, row, 4, &dims);
    FiscTraceLine line = {.account = fisc_nation_account(nation, fisc_rows_text(rows, row, 1)),
                          .flow = fisc_rows_int4(rows, row, 2),
                          .kind = fisc_rows_int4(rows, row, 3),
                          .amount = fisc_rows_int8(rows, row, 5),
                          .item = text_or_null(trace, rows, row, 6)};
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        line.dim[i] = g_string_chunk_insert_const(trace->chunk, i < dims ? dim[i] : "");
    }
    if (line.account != NULL) {
        g_array_append_val(step->lines, line);
    }
}

/* Rows come in the order of the entries: both lists are walked once. */
static bool
load_lines(FiscTx *tx, int book_id, const FiscNation *nation, FiscTrace *trace, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (guint i = 0; i < trace->steps->len; i++) {
        const FiscTraceStep *step = trace->steps->pdata[i];
        g_array_append_val(ids, step->entry_id);
    }
    if (!fisc_tx_query(
            tx, FISC_SQL_LEDGER_TRACE_LINES,
            FISC_ARGS(fisc_int4(book_id), fisc_int8_array((int64_t *)(void *)ids->data, ids->len)),
            &rows, error)) {
        return false;
    }
    guint at = 0;
    for (int i = 0; i < fisc_rows_count(rows); i++) {
        while (at < ids->len && g_array_index(ids, int64_t, at) != fisc_rows_int8(rows, i, 0)) {
            at++;
        }
        add_line(trace, trace->steps->pdata[at], nation, rows, i);
    }
    return true;
}

/* Events and refusals ----------------------------------------------------------------------------
 */

static void
add_word(GPtrArray *words, GHashTable *seen, const char *word)
{
    if (word != NULL && g_hash_table_add(seen, (gpointer)word)) {
        g_ptr_array_add(words, (gpointer)word);
    }
}

/* The key itself, and the references under which something may have been refused. */
static GPtrArray *
collect_references(const FiscTrace *trace, const char *key)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *words = g_ptr_array_new();
    add_word(words, seen, key);
    for (guint i = 0; i < trace->steps->len; i++) {
        const FiscTraceStep *step = trace->steps->pdata[i];
        add_word(words, seen, step->kind == FISC_TRACE_ENTRY ? step->reference : NULL);
    }
    return words;
}

/* The key itself, the documents that carried the entries out, and their open items as events name
 * them. */
static GPtrArray *
collect_subjects(FiscTrace *trace, const char *key)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *words = g_ptr_array_new();
    add_word(words, seen, key);
    for (guint i = 0; i < trace->steps->len; i++) {
        const FiscTraceStep *step = trace->steps->pdata[i];
        add_word(words, seen, step->document);
        for (guint k = 0; k < step->lines->len; k++) {
            const char *item = g_array_index(step->lines, FiscTraceLine, k).item;
            g_autofree char *subject =
                item != NULL ? g_strdup_printf("%s/%s", step->entity, item) : NULL;
            add_word(words, seen,
                     item != NULL ? g_string_chunk_insert_const(trace->chunk, subject) : NULL);
        }
    }
    return words;
}

static FiscTraceStep *
add_step(FiscTrace *trace, FiscTraceKind kind, const FiscRows *rows, int row)
{
    FiscTraceStep *step = g_new0(FiscTraceStep, 1);
    step->kind = kind;
    step->item_id = fisc_rows_int8(rows, row, 0);
    step->batch_no = fisc_rows_int8(rows, row, 1);
    step->posted_at = text_at(trace, rows, row, 2);
    step->maker = text_at(trace, rows, row, 3);
    step->entity = "";
    step->source = "";
    g_ptr_array_add(trace->steps, step);
    return step;
}

static bool
load_events(FiscTx *tx, int book_id, const char *key, FiscTrace *trace, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    g_autoptr(GPtrArray) words = collect_subjects(trace, key);
    if (!fisc_tx_query(tx, FISC_SQL_LEDGER_TRACE_EVENTS,
                       FISC_ARGS(fisc_int4(book_id),
                                 fisc_text_array((const char *const *)words->pdata, words->len)),
                       &rows, error)) {
        return false;
    }
    for (int i = 0; i < fisc_rows_count(rows); i++) {
        FiscTraceStep *step = add_step(trace, FISC_TRACE_EVENT, rows, i);
        int count = 0;
        g_auto(GStrv) fields = fisc_rows_text_array(rows, i, 6, &count);
        step->event = text_at(trace, rows, i, 4);
        step->reference = text_at(trace, rows, i, 5);
        step->fields = g_ptr_array_new();
        for (int k = 0; k < count; k++) {
            g_ptr_array_add(step->fields,
                            (gpointer)g_string_chunk_insert_const(trace->chunk, fields[k]));
        }
    }
    return true;
}

/* The code of a name on record; FAILED for one that this program does not know. */
static FiscError
find_code(const char *name)
{
    for (int code = 0; code < FISC_ERROR_COUNT; code++) {
        if (strcmp(fisc_error_name((FiscError)code), name) == 0) {
            return (FiscError)code;
        }
    }
    return FISC_ERROR_FAILED;
}

static void
add_reasons(FiscTraceStep *step, const FiscRows *rows, int row)
{
    int codes = 0, controls = 0, keys = 0, limits = 0, consumed = 0, requested = 0;
    g_auto(GStrv) code = fisc_rows_text_array(rows, row, 7, &codes);
    g_auto(GStrv) control = fisc_rows_text_array(rows, row, 8, &controls);
    g_auto(GStrv) key = fisc_rows_text_array(rows, row, 9, &keys);
    g_autofree int64_t *limit = fisc_rows_int8_array(rows, row, 10, &limits);
    g_autofree int64_t *used = fisc_rows_int8_array(rows, row, 11, &consumed);
    g_autofree int64_t *asked = fisc_rows_int8_array(rows, row, 12, &requested);
    step->reasons = fisc_refusals_new();
    for (int i = 0; i < codes; i++) {
        FiscRefusal *reason =
            fisc_refusals_add(step->reasons, find_code(code[i]), NULL, 0, NULL, "%s", code[i]);
        if (i < controls && *control[i] != '\0') {
            reason->control = g_strdup(control[i]);
            reason->key = g_strdup(i < keys ? key[i] : "");
            reason->limit = i < limits ? limit[i] : 0;
            reason->consumed = i < consumed ? used[i] : 0;
            reason->requested = i < requested ? asked[i] : 0;
            reason->shortfall = MAX(reason->requested - (reason->limit - reason->consumed), 0);
        }
    }
}

static bool
load_refusals(FiscTx *tx, int book_id, const char *key, FiscTrace *trace, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    g_autoptr(GPtrArray) words = collect_references(trace, key);
    if (!fisc_tx_query(tx, FISC_SQL_LEDGER_TRACE_REFUSALS,
                       FISC_ARGS(fisc_int4(book_id),
                                 fisc_text_array((const char *const *)words->pdata, words->len)),
                       &rows, error)) {
        return false;
    }
    for (int i = 0; i < fisc_rows_count(rows); i++) {
        FiscTraceStep *step = add_step(trace, FISC_TRACE_REFUSAL, rows, i);
        step->entity = text_at(trace, rows, i, 4);
        step->source = text_at(trace, rows, i, 5);
        step->reference = text_at(trace, rows, i, 6);
        add_reasons(step, rows, i);
    }
    return true;
}

static gint
compare_steps(gconstpointer a, gconstpointer b)
{
    const FiscTraceStep *left = *(FiscTraceStep *const *)a;
    const FiscTraceStep *right = *(FiscTraceStep *const *)b;
    return left->item_id < right->item_id ? -1 : left->item_id > right->item_id ? 1 : 0;
}

bool
fisc_trace_load(FiscTx *tx, int book_id, const FiscNation *nation, const char *key,
                FiscTrace **out_trace, GError **error)
{
    g_autoptr(FiscTrace) trace = trace_new();
    if (!load_entries(tx, book_id, key, trace, error) ||
        !load_lines(tx, book_id, nation, trace, error) ||
        !load_events(tx, book_id, key, trace, error) ||
        !load_refusals(tx, book_id, key, trace, error)) {
        return false;
    }
    g_ptr_array_sort(trace->steps, compare_steps);
    *out_trace = g_steal_pointer(&trace);
    return true;
}
