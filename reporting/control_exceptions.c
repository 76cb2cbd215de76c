/* control_exceptions.c: which keys of which controls are over: the list that a law asks for where
 * it lets a credit be passed and wants to know by whom.
 *
 * What a key may hold and holds is the engine's answer (FiscFunds), not worked out again here: a
 * control knows its stages, intervals and tolerance best. */
#include "fisc/statement.h"
#include "fisc/money.h"
#include "reporting/perimeter.h"
#include <string.h>

/* One control, over all of its keys. */
typedef struct {
    const FiscFunds *first; /* says what the control is */
    guint keys, over;
    __int128 excess;
} Tally;

typedef struct {
    const FiscPerimeter *perimeter;
    const char *control; /* NULL = all */
} View;

static __int128
excess(const FiscFunds *funds)
{
    return funds->available < 0 ? -(__int128)funds->available : 0;
}

/* "entity=001 programme=2 year=2018" begins with the entity, as every key does. */
static bool
is_inside(const FiscPerimeter *perimeter, const char *key)
{
    const char *begin = key + strlen("entity=");
    g_autofree char *entity = g_strndup(begin, strcspn(begin, " "));
    return fisc_perimeter_has(perimeter, entity);
}

static bool
is_wanted(const View *view, const FiscFunds *funds)
{
    return (view->control == NULL || strcmp(view->control, funds->control) == 0) &&
           is_inside(view->perimeter, funds->key);
}

static int
compare_excess(const void *a, const void *b)
{
    const FiscFunds *left = *(const FiscFunds *const *)a;
    const FiscFunds *right = *(const FiscFunds *const *)b;
    int order = strcmp(left->control, right->control);
    if (order == 0 && excess(left) != excess(right)) {
        order = excess(left) < excess(right) ? 1 : -1;
    }
    return order != 0 ? order : strcmp(left->key, right->key);
}

static GPtrArray *
select_funds(const View *view, const GPtrArray *funds)
{
    GPtrArray *selected = g_ptr_array_new();
    for (guint i = 0; i < funds->len; i++) {
        if (is_wanted(view, funds->pdata[i])) {
            g_ptr_array_add(selected, funds->pdata[i]);
        }
    }
    g_ptr_array_sort(selected, compare_excess);
    return selected;
}

/* The funds of one control are neighbours. */
static GArray *
tally_controls(const GPtrArray *funds)
{
    GArray *tallies = g_array_new(FALSE, FALSE, sizeof(Tally));
    for (guint i = 0; i < funds->len; i++) {
        const FiscFunds *item = funds->pdata[i];
        Tally *last = tallies->len > 0 ? &g_array_index(tallies, Tally, tallies->len - 1) : NULL;
        if (last == NULL || strcmp(last->first->control, item->control) != 0) {
            Tally tally = {.first = item};
            g_array_append_val(tallies, tally);
            last = &g_array_index(tallies, Tally, tallies->len - 1);
        }
        last->keys++;
        last->over += excess(item) > 0 ? 1 : 0;
        last->excess += excess(item);
    }
    return tallies;
}

static void
add_columns(FiscTable *table, const char *const *names, guint texts, guint integers)
{
    for (guint i = 0; names[i] != NULL; i++) {
        fisc_table_add_column(table, names[i],
                              i < texts              ? FISC_COLUMN_TEXT
                              : i < texts + integers ? FISC_COLUMN_INTEGER
                                                     : FISC_COLUMN_AMOUNT);
    }
}

static void
list_controls(FiscTable *table, const GPtrArray *funds)
{
    static const char *const names[] = {"control", "level", "keys", "keys_over", "over", NULL};
    g_autoptr(GArray) tallies = tally_controls(funds);
    add_columns(table, names, 2, 2);
    for (guint i = 0; i < tallies->len; i++) {
        const Tally *tally = &g_array_index(tallies, Tally, i);
        FiscRow *row = fisc_table_add_row(table);
        fisc_table_set_text(table, row, 0, tally->first->control);
        fisc_table_set_text(table, row, 1, tally->first->level);
        fisc_table_set_amount(table, row, 2, tally->keys);
        fisc_table_set_amount(table, row, 3, tally->over);
        fisc_table_set_amount(table, row, 4, tally->excess);
    }
}

static void
list_keys(FiscTable *table, const GPtrArray *funds)
{
    static const char *const names[] = {"control", "level",    "key",  "article",
                                        "limit",   "consumed", "over", NULL};
    add_columns(table, names, 4, 0);
    for (guint i = 0; i < funds->len; i++) {
        const FiscFunds *item = funds->pdata[i];
        if (excess(item) == 0) {
            continue;
        }
        FiscRow *row = fisc_table_add_row(table);
        fisc_table_set_text(table, row, 0, item->control);
        fisc_table_set_text(table, row, 1, item->level);
        fisc_table_set_text(table, row, 2, item->key);
        fisc_table_set_text(table, row, 3, item->article != NULL ? item->article : "");
        fisc_table_set_amount(table, row, 4, item->limit);
        fisc_table_set_amount(table, row, 5, item->consumed);
        fisc_table_set_amount(table, row, 6, excess(item));
    }
}

bool
fisc_statement_control_exceptions(const FiscNation *nation, const GPtrArray *funds,
                                  const char *unit, int year, const char *control, bool detail,
                                  FiscTable **out_table, GError **error)
{
    g_autoptr(FiscPerimeter) perimeter = NULL;
    if (!fisc_perimeter_find(nation, unit, &perimeter, error)) {
        return false;
    }
    const View view = {perimeter, control};
    g_autoptr(GPtrArray) selected = select_funds(&view, funds);
    if (control != NULL && selected->len == 0) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "control %s has no key on record in %d",
                         control, year);
    }
    g_autofree char *title =
        g_strdup_printf("Controls: keys over, %s %s, %d", perimeter->unit, perimeter->name, year);
    *out_table = fisc_table_new("control-exceptions", title, perimeter->decimals);
    if (detail) {
        list_keys(*out_table, selected);
    } else {
        list_controls(*out_table, selected);
        fisc_table_add_note(*out_table,
                            "A key is on record once it has a budget line or an amount; it is "
                            "over when more is consumed than its limit. --detail lists them.");
    }
    return true;
}
