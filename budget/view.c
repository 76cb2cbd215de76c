/* view.c: what planning knows of controls and appropriations. It decides nothing: the engine does,
 * in chain order. A row added meanwhile by another writer is missed only as a target for later
 * payments, which consume no funds. */
#include "budget/view.h"
#include "fisc/chart.h"
#include "fisc/gfs.h"
#include <stdlib.h>
#include <string.h>

struct _FiscBudgetView {
    const FiscBudgetView *base; /* what is known already, and shared; NULL = nothing */
    const FiscNation *nation;
    FiscNation *brought; /* accounts that are not on record yet, but will be before the entries */
    bool covers_all;
    GHashTable *entities; /* codes under control */
    GPtrArray *rows;      /* of FiscBudgetRow */
    GHashTable *pages;    /* "CITY\x1f2024" -> GPtrArray of those rows, in order */
    GHashTable *seen;     /* text of a row -> itself */
    GStringChunk *chunk;
};

FiscBudgetView *
fisc_budget_view_new(const FiscNation *nation)
{
    FiscBudgetView *view = g_new0(FiscBudgetView, 1);
    view->nation = nation;
    view->brought = fisc_nation_new();
    view->entities = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    view->rows = g_ptr_array_new_with_free_func(g_free);
    view->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    view->pages =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    view->chunk = g_string_chunk_new(4096);
    return view;
}

FiscBudgetView *
fisc_budget_view_over(const FiscBudgetView *base)
{
    FiscBudgetView *view = fisc_budget_view_new(base->nation);
    view->base = base;
    return view;
}

void
fisc_budget_view_free(FiscBudgetView *view)
{
    if (view != NULL) {
        g_hash_table_unref(view->entities);
        g_ptr_array_unref(view->rows);
        g_hash_table_unref(view->seen);
        g_hash_table_unref(view->pages);
        g_string_chunk_free(view->chunk);
        fisc_nation_free(view->brought);
        g_free(view);
    }
}

const FiscAccount *
fisc_budget_view_account(const FiscBudgetView *view, const char *code)
{
    const FiscAccount *account = fisc_nation_account(view->brought, code);
    if (account == NULL && view->base != NULL) {
        return fisc_budget_view_account(view->base, code);
    }
    return account != NULL ? account : fisc_nation_account(view->nation, code);
}

static void
add_control(FiscBudgetView *view, const char *level, const char *entities)
{
    if (level == NULL || strcmp(level, "none") == 0) {
        return;
    }
    if (entities == NULL || strcmp(entities, "*") == 0) {
        view->covers_all = true;
        return;
    }
    g_auto(GStrv) codes = g_strsplit(entities, " ", -1);
    for (int i = 0; codes[i] != NULL; i++) {
        g_hash_table_add(view->entities, g_strdup(codes[i]));
    }
}

static void
add_row(FiscBudgetView *view, const char *entity, int year, const char *const dim[FISC_DIM_COUNT])
{
    GString *text = g_string_new(entity);
    g_string_append_printf(text, "\x1f%d", year);
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        g_string_append_printf(text, "\x1f%s", dim[i] != NULL ? dim[i] : "");
    }
    char *key = g_string_free(text, FALSE);
    if (!g_hash_table_add(view->seen, key)) {
        return;
    }
    FiscBudgetRow *row = g_new0(FiscBudgetRow, 1);
    row->entity = g_string_chunk_insert_const(view->chunk, entity);
    row->year = year;
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        row->dim[i] = g_string_chunk_insert_const(view->chunk, dim[i] != NULL ? dim[i] : "");
    }
    g_ptr_array_add(view->rows, row);
    char *name = g_strdup_printf("%s\x1f%d", entity, year);
    GPtrArray *page = g_hash_table_lookup(view->pages, name);
    if (page != NULL) {
        g_free(name);
    } else {
        page = g_ptr_array_new();
        g_hash_table_insert(view->pages, name, page);
    }
    g_ptr_array_add(page, row);
}

static bool
load_controls(FiscBudgetView *view, FiscTx *tx, int book_id, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_tx_query(tx, FISC_SQL_BUDGET_CONTROLS, FISC_ARGS(fisc_int4(book_id)), &rows, error)) {
        return false;
    }
    for (int i = 0; i < fisc_rows_count(rows); i++) {
        int count = 0;
        g_auto(GStrv) fields = fisc_rows_text_array(rows, i, 0, &count);
        const char *level = NULL;
        const char *entities = NULL;
        for (int k = 0; k + 1 < count; k += 2) {
            level = strcmp(fields[k], "level") == 0 ? fields[k + 1] : level;
            entities = strcmp(fields[k], "entities") == 0 ? fields[k + 1] : entities;
        }
        add_control(view, level, entities);
    }
    return true;
}

bool
fisc_budget_view_load(FiscBudgetView *view, FiscTx *tx, int book_id, GError **error)
{
    static const FiscDimension dims[] = {FISC_DIM_GFS, FISC_DIM_FUNCTION, FISC_DIM_SECTION,
                                         FISC_DIM_PROGRAMME, FISC_DIM_ECONOMIC};
    g_autoptr(FiscRows) rows = NULL;
    if (!load_controls(view, tx, book_id, error) ||
        !fisc_tx_query(tx, FISC_SQL_BUDGET_APPROPRIATIONS, FISC_ARGS(fisc_int4(book_id)), &rows,
                       error)) {
        return false;
    }
    for (int i = 0; i < fisc_rows_count(rows); i++) {
        const char *dim[FISC_DIM_COUNT] = {NULL};
        for (guint k = 0; k < G_N_ELEMENTS(dims); k++) {
            dim[dims[k]] = fisc_rows_text(rows, i, 2 + (int)k);
        }
        add_row(view, fisc_rows_text(rows, i, 0), fisc_rows_int4(rows, i, 1), dim);
    }
    return true;
}

static void
add_account(FiscBudgetView *view, const FiscEvent *event)
{
    const char *kind = fisc_event_field(event, "kind");
    bool is_national = g_strcmp0(fisc_event_field(event, "chart"), "gfsm2014") != 0;
    fisc_nation_add_account(view->brought, event->subject, fisc_event_field(event, "name"),
                            fisc_class_find(fisc_event_field(event, "class")),
                            fisc_event_field(event, "gfs"), kind != NULL ? atoi(kind) : 0,
                            is_national, FISC_STAGE_NONE);
}

static void
add_events(FiscBudgetView *view, const FiscSubmission *submission)
{
    for (guint i = 0; i < submission->events->len; i++) {
        const FiscEvent *event = submission->events->pdata[i];
        if (strcmp(event->kind, "control") == 0) {
            add_control(view, fisc_event_field(event, "level"),
                        fisc_event_field(event, "entities"));
        } else if (strcmp(event->kind, "account") == 0) {
            add_account(view, event);
        }
    }
}

/* A line that says which budget lines there are. */
static bool
is_row(const FiscLine *line)
{
    return g_strcmp0(line->account, fisc_stage_account(FISC_STAGE_APPROPRIATION)) == 0 ||
           g_strcmp0(line->account, fisc_stage_account(FISC_STAGE_CHANGE)) == 0 ||
           g_strcmp0(line->account, fisc_stage_account(FISC_STAGE_CARRY)) == 0;
}

bool
fisc_budget_brings(const FiscSubmission *submission)
{
    bool brings = submission->events->len > 0;
    for (guint i = 0; !brings && i < submission->entries->len; i++) {
        const FiscEntry *entry = submission->entries->pdata[i];
        for (guint k = 0; !brings && k < entry->lines->len; k++) {
            brings = is_row(&g_array_index(entry->lines, FiscLine, k));
        }
    }
    return brings;
}

void
fisc_budget_view_add(FiscBudgetView *view, const FiscSubmission *submission)
{
    add_events(view, submission);
    for (guint i = 0; i < submission->entries->len; i++) {
        const FiscEntry *entry = submission->entries->pdata[i];
        for (guint k = 0; k < entry->lines->len; k++) {
            const FiscLine *line = &g_array_index(entry->lines, FiscLine, k);
            if (is_row(line) && entry->entity != NULL) {
                add_row(view, entry->entity, fisc_date_year(entry->effective), line->dim);
            }
        }
    }
}

bool
fisc_budget_view_is_controlled(const FiscBudgetView *view, const char *entity)
{
    return view->covers_all || g_hash_table_contains(view->entities, entity) ||
           (view->base != NULL && fisc_budget_view_is_controlled(view->base, entity));
}

/* The first row of @page that is meant; *first: the first of its class, whatever its function. */
static const FiscBudgetRow *
find_row(const GPtrArray *page, const char *cash_code, const char *function,
         const FiscBudgetRow **first)
{
    for (guint i = 0; page != NULL && i < page->len; i++) {
        const FiscBudgetRow *row = page->pdata[i];
        char buffer[FISC_GFS_CODE];
        if (g_strcmp0(fisc_gfs_cash_code(row->dim[FISC_DIM_GFS], buffer), cash_code) != 0) {
            continue;
        }
        if (function == NULL || strcmp(row->dim[FISC_DIM_FUNCTION], function) == 0) {
            return row;
        }
        *first = *first != NULL ? *first : row;
    }
    return NULL;
}

const FiscBudgetRow *
fisc_budget_view_row(const FiscBudgetView *view, const char *entity, int year,
                     const char *cash_code, const char *function)
{
    const FiscBudgetRow *first = NULL, *found = NULL;
    g_autofree char *name = g_strdup_printf("%s\x1f%d", entity, year);
    if (view->base != NULL) {
        found = find_row(g_hash_table_lookup(view->base->pages, name), cash_code, function, &first);
    }
    if (found == NULL) {
        found = find_row(g_hash_table_lookup(view->pages, name), cash_code, function, &first);
    }
    return found != NULL ? found : first;
}
