/* plan.c: adds the budgetary lines of ordinary journals. Pure.
 *
 * The lines it adds are marked if_budgeted: where a control leaves keys without appropriation
 * alone, the engine drops them, in chain order, so there is no moment between looking and posting.
 */
#include "budget/view.h"
#include "fisc/gfs.h"
#include "fisc/money.h"
#include <string.h>

#define CASH "3202"
#define PAYABLE "3308"

/* The GFS code of a line: as posted, or of the national account. */
static const char *
gfs_of(const FiscBudgetView *view, const FiscLine *line, char buffer[FISC_GFS_CODE])
{
    const FiscAccount *account = fisc_budget_view_account(view, line->account);
    if (account == NULL || !account->national) {
        return line->account != NULL ? line->account : "";
    }
    if (account->gfs[0] == '\0') {
        return ""; /* of a chart of its own, with no meaning in GFS */
    }
    fisc_gfs_compose(account->gfs, line->flow != 0 ? line->flow : FISC_FLOW_TRANSACTION,
                     line->kind != 0 ? line->kind : account->kind, buffer);
    return buffer;
}

static bool
is_budgetary(const FiscBudgetView *view, const FiscLine *line)
{
    const FiscAccount *account = fisc_budget_view_account(view, line->account);
    return account != NULL && account->class_ == FISC_CLASS_BUDGETARY;
}

/* Of ours or of the nation's own chart: who names them plans for himself. */
static bool
has_budgetary_lines(const FiscBudgetView *view, const FiscEntry *entry)
{
    for (guint i = 0; i < entry->lines->len; i++) {
        if (is_budgetary(view, &g_array_index(entry->lines, FiscLine, i))) {
            return true;
        }
    }
    return false;
}

/* Consumption of fixed capital is an expense that nobody votes. */
static bool
is_voted(const char *code)
{
    return fisc_gfs_is_expenditure(code) && !fisc_gfs_is_under(code, "23");
}

static void
add_move(FiscEntry *entry, FiscStage from, FiscStage to, int64_t amount,
         const char *const dim[FISC_DIM_COUNT], int row)
{
    if (amount == 0) {
        return;
    }
    guint before = entry->lines->len;
    fisc_entry_move(entry, from, to, amount, dim, row);
    for (guint i = before; i < entry->lines->len; i++) {
        g_array_index(entry->lines, FiscLine, i).if_budgeted = true;
    }
}

/* The expenditure lines of an entry, copied, for adding lines may move them. */
typedef struct {
    int64_t amount;
    int row;
    const char *dim[FISC_DIM_COUNT];
    char cash_code[FISC_GFS_CODE]; /* "" = never paid in cash */
    const char *relieves;          /* the open item it draws on, or NULL */
    bool is_final;
} Expenditure;

static GArray *
find_expenditure(const FiscBudgetView *view, FiscSubmission *submission, const FiscEntry *entry)
{
    GArray *found = g_array_new(FALSE, TRUE, sizeof(Expenditure));
    for (guint i = 0; i < entry->lines->len; i++) {
        FiscLine *line = &g_array_index(entry->lines, FiscLine, i);
        char buffer[FISC_GFS_CODE];
        const char *code = gfs_of(view, line, buffer);
        if (!is_voted(code)) {
            continue;
        }
        Expenditure item = {.amount = line->amount,
                            .row = line->row,
                            .relieves = line->relieves,
                            .is_final = line->is_final};
        line->relieves = NULL; /* it is the obligation that relieves, not the expense */
        line->is_final = false;
        memcpy(item.dim, line->dim, sizeof item.dim);
        item.dim[FISC_DIM_GFS] = fisc_submission_text(submission, code);
        char cash[FISC_GFS_CODE];
        g_strlcpy(item.cash_code, fisc_gfs_cash_code(code, cash) != NULL ? cash : "",
                  sizeof item.cash_code);
        g_array_append_val(found, item);
    }
    return found;
}

/* Cash paid out per cash code, in order of appearance. */
typedef struct {
    const char *cash_code;
    int64_t paid;
} CashPaid;

static GArray *
find_cash(const FiscBudgetView *view, const FiscEntry *entry)
{
    GArray *found = g_array_new(FALSE, TRUE, sizeof(CashPaid));
    for (guint i = 0; i < entry->lines->len; i++) {
        const FiscLine *line = &g_array_index(entry->lines, FiscLine, i);
        char buffer[FISC_GFS_CODE];
        const char *cash_code = line->dim[FISC_DIM_CASH_CODE];
        bool is_cash = strcmp(gfs_of(view, line, buffer), CASH) == 0 && cash_code != NULL;
        if (!is_cash) {
            continue;
        }
        guint at = 0;
        while (at < found->len &&
               strcmp(g_array_index(found, CashPaid, at).cash_code, cash_code) != 0) {
            at++;
        }
        if (at == found->len) {
            CashPaid fresh = {.cash_code = cash_code};
            g_array_append_val(found, fresh);
        }
        g_array_index(found, CashPaid, at).paid -= line->amount;
    }
    return found;
}

/* Pays the expenditure of the same entry; returns what is left of the cash. */
static int64_t
pay_expenditure(FiscEntry *entry, GArray *expenditure, const CashPaid *cash)
{
    g_autofree int64_t *weights = g_new0(int64_t, expenditure->len + 1);
    g_autofree int64_t *parts = g_new0(int64_t, expenditure->len + 1);
    int64_t total = 0;
    for (guint i = 0; i < expenditure->len; i++) {
        const Expenditure *item = &g_array_index(expenditure, Expenditure, i);
        bool is_paid_so = item->amount > 0 && strcmp(item->cash_code, cash->cash_code) == 0;
        weights[i] = is_paid_so ? item->amount : 0;
        total += weights[i];
    }
    int64_t paid = MIN(total, cash->paid);
    if (paid <= 0) {
        return cash->paid;
    }
    fisc_amount_split(paid, weights, (int)expenditure->len, parts);
    for (guint i = 0; i < expenditure->len; i++) {
        const Expenditure *item = &g_array_index(expenditure, Expenditure, i);
        add_move(entry, FISC_STAGE_OBLIGATION, FISC_STAGE_PAYMENT, parts[i], item->dim, item->row);
    }
    return cash->paid - paid;
}

/* What the entry pays of earlier payables; the function of a payable line, when it names one. */
static int64_t
find_payables(const FiscBudgetView *view, const FiscEntry *entry, const char **out_function)
{
    int64_t total = 0;
    *out_function = NULL;
    for (guint i = 0; i < entry->lines->len; i++) {
        const FiscLine *line = &g_array_index(entry->lines, FiscLine, i);
        char buffer[FISC_GFS_CODE];
        if (line->amount > 0 && strcmp(gfs_of(view, line, buffer), PAYABLE) == 0) {
            total += line->amount;
            const char *function = line->dim[FISC_DIM_FUNCTION];
            *out_function = function != NULL && *function != '\0' ? function : *out_function;
        }
    }
    return total;
}

/* The year whose budget an entry touches: that of its period, when it names one. */
static int
year_of(const FiscEntry *entry)
{
    return entry->period != 0 ? fisc_period_year(entry->period) : fisc_date_year(entry->effective);
}

static void
pay_earlier(const FiscBudgetView *view, FiscSubmission *submission, FiscEntry *entry,
            const char *cash_code, int64_t amount, const char *function)
{
    const FiscBudgetRow *row =
        fisc_budget_view_row(view, entry->entity, year_of(entry), cash_code, function);
    /* A row finer than class and function belongs to a budget whose payments name their line. */
    if (row == NULL || *row->dim[FISC_DIM_PROGRAMME] != '\0' ||
        *row->dim[FISC_DIM_ECONOMIC] != '\0') {
        return;
    }
    const char *dim[FISC_DIM_COUNT];
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        dim[i] = fisc_submission_text(submission, row->dim[i]);
    }
    add_move(entry, FISC_STAGE_OBLIGATION, FISC_STAGE_PAYMENT, amount, dim, entry->row);
}

/* An expense becomes an obligation, and relieves what it names. */
static void
obligate(FiscEntry *entry, const Expenditure *item)
{
    guint before = entry->lines->len;
    add_move(entry, FISC_STAGE_AVAILABLE, FISC_STAGE_OBLIGATION, item->amount, item->dim,
             item->row);
    if (entry->lines->len > before) {
        FiscLine *line = &g_array_index(entry->lines, FiscLine, entry->lines->len - 1);
        line->relieves = item->relieves;
        line->is_final = item->is_final;
    }
    /* What draws on an order is budgeted, whatever the controls say: the order is. */
    for (guint i = before; item->relieves != NULL && i < entry->lines->len; i++) {
        g_array_index(entry->lines, FiscLine, i).if_budgeted = false;
    }
}

static void
plan_entry(const FiscBudgetView *view, FiscSubmission *submission, FiscEntry *entry)
{
    if (entry->entity == NULL || !fisc_budget_view_is_controlled(view, entry->entity) ||
        has_budgetary_lines(view, entry) || entry->reverses) {
        return;
    }
    g_autoptr(GArray) expenditure = find_expenditure(view, submission, entry);
    g_autoptr(GArray) cash = find_cash(view, entry);
    const char *function = NULL;
    int64_t payables = find_payables(view, entry, &function);
    for (guint i = 0; i < expenditure->len; i++) {
        const Expenditure *item = &g_array_index(expenditure, Expenditure, i);
        obligate(entry, item);
    }
    for (guint i = 0; i < cash->len; i++) {
        const CashPaid *paid = &g_array_index(cash, CashPaid, i);
        int64_t rest = pay_expenditure(entry, expenditure, paid);
        int64_t earlier = MIN(rest, payables);
        if (earlier > 0) {
            pay_earlier(view, submission, entry, paid->cash_code, earlier, function);
            payables -= earlier;
        }
    }
}

void
fisc_budget_plan(const FiscBudgetView *view, FiscSubmission *submission)
{
    for (guint i = 0; i < submission->entries->len; i++) {
        plan_entry(view, submission, submission->entries->pdata[i]);
    }
}
