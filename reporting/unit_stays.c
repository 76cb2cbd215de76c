/* unit_stays.c: the balances of a group whose members come and go.
 *
 * In a month outside its stay a member is somebody else: its flows are not the group's, and what
 * members deal with it is not left out. At the border its stocks come in, or go out, as other
 * volume changes, and so do the claims of the others on it, so that every stock of the group closes
 * with what it opened with and its flows. Nothing of this is ever posted. */
#include "fisc/gfs.h"
#include "fisc/history.h"
#include "fisc/lens.h"
#include <string.h>

char *
fisc_outside_code(const char *entity)
{
    return g_strdup_printf("%s (outside)", entity);
}

/* What a coding is to the group in a month. */
enum { MEMBER = 1, OUTSIDE_COUNTERPARTY = 2, OUTSIDE_PAYEE = 4, STATES = 8 };

typedef struct {
    const FiscGroup *group;
    GHashTable *dated;      /* entity -> GINT: it has stays */
    GArray *borders;        /* of int: months that differ from the one before, ascending */
    FiscBalances *balances; /* that are made */
} Stays;

/* One coding on its way, with its rows in order of period. */
typedef struct {
    const FiscCoding *coding;
    GArray *rows;                    /* of FiscBalance */
    const FiscCoding *as[2][STATES]; /* what it becomes: as it is, and as a volume change */
} Moving;

static bool
is_dated(const Stays *stays, const char *entity)
{
    return *entity != '\0' && g_hash_table_contains(stays->dated, entity);
}

static bool
is_there(const Stays *stays, const char *entity, int month)
{
    if (!is_dated(stays, entity)) {
        return true;
    }
    for (guint i = 0; i < stays->group->stays->len; i++) {
        const FiscStay *stay = &g_array_index(stays->group->stays, FiscStay, i);
        if (strcmp(stay->entity, entity) == 0 && stay->from <= month && month <= stay->to) {
            return true;
        }
    }
    return false;
}

static int
state_in(const Stays *stays, const FiscCoding *coding, int month)
{
    return (is_there(stays, coding->entity, month) ? MEMBER : 0) |
           (is_there(stays, coding->dim[FISC_DIM_COUNTERPARTY], month) ? 0 : OUTSIDE_COUNTERPARTY) |
           (is_there(stays, coding->dim[FISC_DIM_CASH_COUNTERPARTY], month) ? 0 : OUTSIDE_PAYEE);
}

static void
rename_outside(const Stays *stays, FiscCoding *coding, FiscDimension dimension)
{
    g_autofree char *code = fisc_outside_code(coding->dim[dimension]);
    coding->dim[dimension] = fisc_balances_text(stays->balances, code);
}

/* The number stays that of the coding it was, so that its lines are found; a volume change has no
 * lines. */
static const FiscCoding *
coding_as(const Stays *stays, Moving *moving, int state, bool is_move)
{
    bool is_changed = is_move || (state & ~MEMBER) != 0;
    const FiscCoding **known = &moving->as[is_move][state];
    if (*known == NULL && is_changed) {
        FiscCoding *made = g_memdup2(moving->coding, sizeof(*made));
        if ((state & OUTSIDE_COUNTERPARTY) != 0) {
            rename_outside(stays, made, FISC_DIM_COUNTERPARTY);
        }
        if ((state & OUTSIDE_PAYEE) != 0) {
            rename_outside(stays, made, FISC_DIM_CASH_COUNTERPARTY);
        }
        if (is_move) {
            made->flow = FISC_FLOW_VOLUME_CHANGE;
            made->kind = 0;
            made->coding_id = FISC_CODING_MOVED;
        }
        g_ptr_array_add(stays->balances->codings, made);
        *known = made;
    }
    return is_changed ? *known : moving->coding;
}

static bool
is_stock(const FiscAccount *account)
{
    return account->class_ == FISC_CLASS_NONFINANCIAL_ASSET ||
           account->class_ == FISC_CLASS_FINANCIAL_ASSET || account->class_ == FISC_CLASS_LIABILITY;
}

static void
keep_months_of_stay(const Stays *stays, Moving *moving)
{
    for (guint i = 0; i < moving->rows->len; i++) {
        FiscBalance row = g_array_index(moving->rows, FiscBalance, i);
        int state = state_in(stays, moving->coding, fisc_month_number(row.period));
        if ((state & MEMBER) != 0) {
            row.coding = coding_as(stays, moving, state, false);
            g_array_append_val(stays->balances->rows, row);
        }
    }
}

/* Beyond the width of a balance's amount nothing was ever posted. */
static int64_t
stock_before(const Moving *moving, int month)
{
    __int128 sum = 0;
    for (guint i = 0; i < moving->rows->len; i++) {
        const FiscBalance *row = &g_array_index(moving->rows, FiscBalance, i);
        sum += fisc_month_number(row->period) < month ? (__int128)row->debit - row->credit : 0;
    }
    return (int64_t)CLAMP(sum, -(__int128)G_MAXINT64, (__int128)G_MAXINT64);
}

static void
add_move(const Stays *stays, Moving *moving, int state, int month, int64_t amount)
{
    FiscBalance row = {.coding = coding_as(stays, moving, state, true),
                       .period = 100 * (month / 12) + month % 12 + 1,
                       .debit = MAX(amount, 0),
                       .credit = MAX(-amount, 0)};
    g_array_append_val(stays->balances->rows, row);
}

static void
move_stock(const Stays *stays, Moving *moving)
{
    for (guint i = 0; i < stays->borders->len; i++) {
        int month = g_array_index(stays->borders, int, i);
        int before = state_in(stays, moving->coding, month - 1) & ~OUTSIDE_PAYEE;
        int after = state_in(stays, moving->coding, month) & ~OUTSIDE_PAYEE;
        int64_t stock = before != after ? stock_before(moving, month) : 0;
        if (stock != 0 && (before & MEMBER) != 0) {
            add_move(stays, moving, before, month, -stock);
        }
        if (stock != 0 && (after & MEMBER) != 0) {
            add_move(stays, moving, after, month, stock);
        }
    }
}

static void
moving_free(gpointer pointer)
{
    Moving *moving = pointer;
    g_array_unref(moving->rows);
    g_free(moving);
}

/* Rows that nothing happens to go on at once; the others are gathered by coding, in order. */
static GPtrArray *
gather(const Stays *stays, const FiscBalances *balances)
{
    g_autoptr(GHashTable) index = g_hash_table_new(NULL, NULL);
    GPtrArray *list = g_ptr_array_new_with_free_func(moving_free);
    for (guint i = 0; i < balances->rows->len; i++) {
        const FiscBalance *row = &g_array_index(balances->rows, FiscBalance, i);
        const FiscCoding *coding = row->coding;
        if (!is_dated(stays, coding->entity) &&
            !is_dated(stays, coding->dim[FISC_DIM_COUNTERPARTY]) &&
            !is_dated(stays, coding->dim[FISC_DIM_CASH_COUNTERPARTY])) {
            g_array_append_val(stays->balances->rows, *row);
            continue;
        }
        Moving *moving = g_hash_table_lookup(index, coding);
        if (moving == NULL) {
            moving = g_new0(Moving, 1);
            moving->coding = coding;
            moving->rows = g_array_new(FALSE, FALSE, sizeof(FiscBalance));
            g_ptr_array_add(list, moving);
            g_hash_table_insert(index, (void *)coding, moving);
        }
        g_array_append_val(moving->rows, *row);
    }
    return list;
}

static int
compare_months(const void *a, const void *b)
{
    int left = *(const int *)a, right = *(const int *)b;
    return (left > right) - (left < right);
}

/* Where anybody comes or goes. One that is there twice moves nothing the second time: the state is
 * that of the month before. */
static GArray *
list_borders(const FiscGroup *group)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(int));
    GArray *borders = g_array_new(FALSE, FALSE, sizeof(int));
    for (guint i = 0; i < group->stays->len; i++) {
        const FiscStay *stay = &g_array_index(group->stays, FiscStay, i);
        int after = stay->to < G_MAXINT ? stay->to + 1 : 0;
        if (stay->from > 0) {
            g_array_append_val(all, stay->from);
        }
        if (after > 0) {
            g_array_append_val(all, after);
        }
    }
    g_array_sort(all, compare_months);
    for (guint i = 0; i < all->len; i++) {
        int month = g_array_index(all, int, i);
        if (i == 0 || month != g_array_index(all, int, i - 1)) {
            g_array_append_val(borders, month);
        }
    }
    g_array_unref(all);
    return borders;
}

FiscBalances *
fisc_balances_of_stays(const FiscNation *nation, const char *unit, const FiscBalances *balances)
{
    const FiscGroup *group = fisc_nation_group(nation, unit);
    if (group == NULL || group->stays == NULL) {
        return NULL;
    }
    g_autoptr(GHashTable) dated = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GArray) borders = list_borders(group);
    Stays stays = {group, dated, borders, fisc_balances_new()};
    stays.balances->batch_no = balances->batch_no;
    for (guint i = 0; i < group->stays->len; i++) {
        g_hash_table_add(dated, (void *)g_array_index(group->stays, FiscStay, i).entity);
    }
    g_autoptr(GPtrArray) list = gather(&stays, balances);
    for (guint i = 0; i < list->len; i++) {
        Moving *moving = list->pdata[i];
        keep_months_of_stay(&stays, moving);
        if (is_stock(moving->coding->account)) {
            move_stock(&stays, moving);
        }
    }
    return stays.balances;
}
