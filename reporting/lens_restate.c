/* lens_restate.c: earlier figures under the units and accounts of a later day.
 *
 * Who was succeeded is shown as its successors, by the rule of the succession, until the month in
 * which they took over. From there on the books are shown as they are: so what was shown of its
 * stocks under the successors goes back to it in that month as an other volume change, and the
 * entries that really moved them take it away again. Every closing balance is thus that of the
 * books, whether or not anybody moved anything. A renumbered account is one account throughout. */
#include "fisc/lens.h"
#include "fisc/history.h"
#include "fisc/succession.h"
#include "reporting/restate_settle.h"
#include <stdlib.h>
#include <string.h>

/* What of a coding names the unit that was succeeded. */
typedef enum { NAMES_ENTITY, NAMES_COUNTERPARTY, NAMES_PAYEE, NAMES_COUNT } Naming;

typedef struct {
    const FiscNation *nation;
    FiscBalances *balances;
    const char *entity; /* interned there */
    const FiscShareRule *rule;
    int month; /* the first of the successors */
    Naming naming;
    GHashTable *running; /* what is shared -> Running */
    GHashTable *made;    /* words of a coding -> FiscCoding */
    FiscSettlement *settlement;
    bool is_moved; /* anything was shown elsewhere */
} Succession;

/* Rounding leaves nothing behind because the sum so far is shared, and each row gets the
 * difference. */
typedef struct {
    const FiscCoding *coding; /* the first of them */
    const char *pick;         /* NULL: shared */
    int64_t sum;
    int64_t parts[FISC_SHARES_MAX];
} Running;

bool
fisc_lens_restated_at(const FiscLensQuery *query, FiscPeriod *out_at, GError **error)
{
    const char *word = query->comparatives;
    FiscPeriod from;
    *out_at = 0;
    if (word == NULL || strcmp(word, "reported") == 0) {
        return true;
    }
    if (strcmp(word, "restated") == 0) {
        *out_at = query->to;
        return true;
    }
    return (g_str_has_prefix(word, "restated=") &&
            fisc_period_range_parse(strchr(word, '=') + 1, &from, out_at)) ||
           fisc_fail(error, FISC_ERROR_USAGE,
                     "--comparatives \"%s\" is none of reported, restated, restated=PERIOD", word);
}

/* Codings -------------------------------------------------------------------------------------- */

static const char *
named_by(const FiscCoding *coding, Naming naming)
{
    switch (naming) {
    case NAMES_COUNTERPARTY:
        return coding->dim[FISC_DIM_COUNTERPARTY];
    case NAMES_PAYEE:
        return coding->dim[FISC_DIM_CASH_COUNTERPARTY];
    default:
        return coding->entity;
    }
}

/* A coding that differs in one unit and, if it is moved, in its flow. Each is made once. */
static const FiscCoding *
coding_of(Succession *succession, const FiscCoding *coding, const char *unit, bool is_move)
{
    g_autofree char *key = g_strdup_printf("%p %s %d", (const void *)coding, unit, is_move);
    FiscCoding *made = g_hash_table_lookup(succession->made, key);
    if (made != NULL) {
        return made;
    }
    made = g_memdup2(coding, sizeof(*made));
    const char *interned = fisc_balances_text(succession->balances, unit);
    if (succession->naming == NAMES_ENTITY) {
        const FiscEntity *entity = fisc_nation_entity(succession->nation, unit);
        made->entity = entity != NULL ? entity->code : interned;
    } else {
        made->dim[succession->naming == NAMES_PAYEE ? FISC_DIM_CASH_COUNTERPARTY
                                                    : FISC_DIM_COUNTERPARTY] = interned;
    }
    if (is_move) {
        made->flow = FISC_FLOW_VOLUME_CHANGE;
        made->kind = 0;
        made->coding_id = FISC_CODING_MOVED;
    }
    g_ptr_array_add(succession->balances->codings, made);
    g_hash_table_insert(succession->made, g_steal_pointer(&key), made);
    return made;
}

static bool
is_stock(const FiscAccount *account)
{
    return account->class_ == FISC_CLASS_NONFINANCIAL_ASSET ||
           account->class_ == FISC_CLASS_FINANCIAL_ASSET || account->class_ == FISC_CLASS_LIABILITY;
}

/* Somebody else's line does not say which part of the unit it dealt with: where the rule goes by
 * the words of lines, the first who shares is named. */
static const char *
pick_of(const Succession *succession, const FiscCoding *coding)
{
    const FiscShareRule *rule = succession->rule;
    if (succession->naming == NAMES_ENTITY) {
        return fisc_share_rule_pick(rule, coding);
    }
    return rule->entities->len == 1 ? rule->entities->pdata[0] : NULL;
}

/* Opening balances, transactions, gains and volume changes of one stock are shared as one sum;
 * anything else by its coding. */
static char *
key_of(const FiscCoding *coding, const char *pick)
{
    if (!is_stock(coding->account)) {
        return g_strdup_printf("%p", (const void *)coding);
    }
    g_autofree char *stock = fisc_share_stock_key(coding);
    return g_strconcat(stock, "\x1f", pick, NULL); /* ends there when it is shared */
}

static Running *
running_of(Succession *succession, const FiscCoding *coding)
{
    const char *pick = pick_of(succession, coding);
    g_autofree char *key = key_of(coding, pick);
    Running *running = g_hash_table_lookup(succession->running, key);
    if (running == NULL) {
        running = g_new0(Running, 1);
        running->coding = coding;
        running->pick = pick;
        g_hash_table_insert(succession->running, g_steal_pointer(&key), running);
    }
    return running;
}

/* Rows ----------------------------------------------------------------------------------------- */

static void
add_row(Succession *succession, const FiscCoding *coding, FiscPeriod period, int64_t debit,
        int64_t credit)
{
    FiscBalance row = {coding, period, debit, credit};
    if (debit != 0 || credit != 0) {
        g_array_append_val(succession->balances->rows, row);
    }
}

/* What a successor gets of the unit's own transactions. */
static void
give_row(Succession *succession, const FiscBalance *row, const char *unit, int64_t debit,
         int64_t credit)
{
    FiscClass class_ = row->coding->account->class_;
    bool is_transaction = row->coding->flow == FISC_FLOW_TRANSACTION &&
                          class_ != FISC_CLASS_BUDGETARY && class_ != FISC_CLASS_NET_WORTH &&
                          class_ != FISC_CLASS_PROPRIETARY;
    add_row(succession, coding_of(succession, row->coding, unit, false), row->period, debit,
            credit);
    if (is_transaction && succession->naming == NAMES_ENTITY) {
        fisc_settlement_add(succession->settlement, unit, row->period, debit - credit);
    }
}

/* A part is as one-sided as what it is a part of, but for a rounded unit. */
static void
add_part(Succession *succession, const FiscBalance *row, const char *unit, int64_t net,
         int64_t debit)
{
    int64_t credit = debit - net;
    int64_t below = MIN(MIN(debit, credit), 0);
    give_row(succession, row, unit, debit - below, credit - below);
}

static void
share_row(Succession *succession, const FiscBalance *row)
{
    const FiscShareRule *rule = succession->rule;
    Running *running = running_of(succession, row->coding);
    int64_t debits[FISC_SHARES_MAX], parts[FISC_SHARES_MAX];
    running->sum += row->debit - row->credit;
    if (running->pick != NULL) {
        give_row(succession, row, running->pick, row->debit, row->credit);
        return;
    }
    fisc_share_rule_split(rule, running->sum, parts);
    fisc_share_rule_split(rule, row->debit, debits);
    for (guint i = 0; i < rule->entities->len; i++) {
        add_part(succession, row, rule->entities->pdata[i], parts[i] - running->parts[i],
                 debits[i]);
        running->parts[i] = parts[i];
    }
}

static FiscPeriod
period_of(int month)
{
    return 100 * (month / 12) + month % 12 + 1;
}

static void
add_move(Succession *succession, const FiscCoding *coding, const char *unit, int64_t amount)
{
    if (amount != 0) {
        add_row(succession, coding_of(succession, coding, unit, true), period_of(succession->month),
                MAX(amount, 0), MAX(-amount, 0));
    }
}

/* From the month of the succession on the books are shown as they are. */
static void
give_back(Succession *succession, const Running *running)
{
    const FiscShareRule *rule = succession->rule;
    if (!is_stock(running->coding->account)) {
        return;
    }
    add_move(succession, running->coding, succession->entity, running->sum);
    if (running->pick != NULL) {
        add_move(succession, running->coding, running->pick, -running->sum);
    }
    for (guint i = 0; running->pick == NULL && i < rule->entities->len; i++) {
        add_move(succession, running->coding, rule->entities->pdata[i], -running->parts[i]);
    }
}

/* The budget of the year in which units change stays as it was voted, and is moved by virement. */
static bool
is_earlier(const Succession *succession, const FiscBalance *row)
{
    bool is_budget = row->coding->account->class_ == FISC_CLASS_BUDGETARY;
    int until = is_budget ? succession->month / 12 * 12 : succession->month;
    return strcmp(named_by(row->coding, succession->naming), succession->entity) == 0 &&
           fisc_month_number(row->period) < until;
}

static int
compare_rows(const void *a, const void *b)
{
    const FiscBalance *left = a, *right = b;
    if (left->period != right->period) {
        return left->period < right->period ? -1 : 1;
    }
    int left_id = left->coding->coding_id, right_id = right->coding->coding_id;
    return (left_id > right_id) - (left_id < right_id);
}

static void
share_rows(Succession *succession)
{
    FiscBalances *balances = succession->balances;
    g_autoptr(GArray) before = g_steal_pointer(&balances->rows);
    g_autoptr(GArray) earlier = g_array_new(FALSE, FALSE, sizeof(FiscBalance));
    balances->rows = g_array_new(FALSE, FALSE, sizeof(FiscBalance));
    for (guint i = 0; i < before->len; i++) {
        const FiscBalance *row = &g_array_index(before, FiscBalance, i);
        g_array_append_vals(is_earlier(succession, row) ? earlier : balances->rows, row, 1);
    }
    g_array_sort(earlier, compare_rows);
    g_autoptr(GPtrArray) order = g_ptr_array_new();
    for (guint i = 0; i < earlier->len; i++) {
        const FiscBalance *row = &g_array_index(earlier, FiscBalance, i);
        guint known = g_hash_table_size(succession->running);
        Running *running = running_of(succession, row->coding);
        if (g_hash_table_size(succession->running) > known) {
            g_ptr_array_add(order, running);
        }
        share_row(succession, row);
        succession->is_moved = true;
    }
    for (guint i = 0; succession->naming != NAMES_PAYEE && i < order->len; i++) {
        give_back(succession, order->pdata[i]);
    }
}

/* Successions ---------------------------------------------------------------------------------- */

static bool
concerns(const FiscNation *nation, const char *unit, const FiscFact *fact)
{
    g_autoptr(GHashTable) members = unit != NULL ? fisc_nation_perimeter(nation, unit) : NULL;
    g_auto(GStrv) into = g_strsplit(fisc_fact_field(fact, "into"), " ", -1);
    bool is_concerned =
        members == NULL || g_hash_table_contains(members, fisc_fact_field(fact, "entity"));
    for (char **word = into; *word != NULL && !is_concerned; word++) {
        is_concerned = g_hash_table_contains(members, *word);
    }
    return is_concerned;
}

static void
note_succession(const Succession *succession, const FiscFact *fact, GPtrArray *notes)
{
    char month[FISC_DATE_TEXT];
    const char *rule = fisc_fact_field(fact, "rule"), *article = fisc_fact_field(fact, "article");
    g_autoptr(GString) text = g_string_new("Restated: until ");
    g_string_append_printf(text, "%s the books of %s are shown under %s",
                           fisc_month_format(succession->month - 1, month),
                           fisc_fact_field(fact, "entity"), fisc_fact_field(fact, "into"));
    g_string_append_printf(text, *rule != '\0' ? " (by %s)" : "%s", rule);
    g_string_append_printf(text, *article != '\0' ? ", %s." : "%s.", article);
    g_ptr_array_add(notes, g_string_free(g_steal_pointer(&text), FALSE));
}

static bool
succeed(const FiscNation *nation, const FiscLensQuery *query, FiscBalances *balances,
        const FiscFact *fact, int month, GPtrArray *notes, GError **error)
{
    g_autofree char *complaint = NULL;
    g_autoptr(FiscShareRule) rule = fisc_share_rule_read(fisc_fact_field(fact, "rule"),
                                                         fisc_fact_field(fact, "into"), &complaint);
    if (rule == NULL) {
        return fisc_fail(error, FISC_ERROR_FAILED, "succession %s: %s", fact->subject, complaint);
    }
    g_autoptr(FiscSettlement) settlement = fisc_settlement_new(rule);
    Succession succession = {.nation = nation,
                             .balances = balances,
                             .entity =
                                 fisc_balances_text(balances, fisc_fact_field(fact, "entity")),
                             .rule = rule,
                             .month = month,
                             .settlement = settlement};
    for (Naming naming = NAMES_ENTITY; naming < NAMES_COUNT; naming++) {
        g_autoptr(GHashTable) running =
            g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        g_autoptr(GHashTable) made = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        succession.naming = naming;
        succession.running = running;
        succession.made = made;
        share_rows(&succession);
    }
    fisc_settlement_post(settlement, nation, balances);
    if (succession.is_moved && concerns(nation, query->unit, fact)) {
        note_succession(&succession, fact, notes);
    }
    return true;
}

static int
compare_dates(const void *a, const void *b)
{
    const FiscFact *left = *(const FiscFact *const *)a, *right = *(const FiscFact *const *)b;
    return strcmp(fisc_fact_field(left, "date"), fisc_fact_field(right, "date"));
}

static bool
restate_units(const FiscNation *nation, const FiscLensQuery *query, FiscPeriod at,
              FiscBalances *balances, GPtrArray *notes, GError **error)
{
    g_autoptr(GPtrArray) facts = fisc_nation_facts(nation, "succession");
    g_ptr_array_sort(facts, compare_dates);
    bool is_done = true;
    for (guint i = 0; is_done && i < facts->len; i++) {
        const FiscFact *fact = facts->pdata[i];
        FiscDate date = 0;
        fisc_date_parse(fisc_fact_field(fact, "date"), &date);
        int month = fisc_month_number(fisc_period_of(date));
        is_done = month > fisc_month_number(at) ||
                  succeed(nation, query, balances, fact, month, notes, error);
    }
    return is_done;
}

/* Accounts ------------------------------------------------------------------------------------- */

static bool
renumber(FiscBalances *balances, const FiscAccount *before, const FiscAccount *after)
{
    g_autoptr(GHashTable) made = g_hash_table_new(NULL, NULL);
    for (guint i = 0; i < balances->rows->len; i++) {
        FiscBalance *row = &g_array_index(balances->rows, FiscBalance, i);
        if (row->coding->account != before) {
            continue;
        }
        FiscCoding *coding = g_hash_table_lookup(made, row->coding);
        if (coding == NULL) {
            coding = g_memdup2(row->coding, sizeof(*coding));
            coding->account = after;
            g_ptr_array_add(balances->codings, coding);
            g_hash_table_insert(made, (void *)row->coding, coding);
        }
        row->coding = coding;
    }
    return g_hash_table_size(made) > 0;
}

static int
compare_years(const void *a, const void *b)
{
    const FiscFact *left = *(const FiscFact *const *)a, *right = *(const FiscFact *const *)b;
    return strcmp(fisc_fact_field(left, "year"), fisc_fact_field(right, "year"));
}

static void
restate_accounts(const FiscNation *nation, FiscPeriod at, FiscBalances *balances, GPtrArray *notes)
{
    g_autoptr(GPtrArray) facts = fisc_nation_facts(nation, "renumber");
    g_ptr_array_sort(facts, compare_years);
    for (guint i = 0; i < facts->len; i++) {
        const FiscFact *fact = facts->pdata[i];
        const char *article = fisc_fact_field(fact, "article");
        const FiscAccount *before = fisc_nation_account(nation, fisc_fact_field(fact, "account"));
        const FiscAccount *after = fisc_nation_account(nation, fisc_fact_field(fact, "into"));
        if (before != NULL && after != NULL &&
            atoi(fisc_fact_field(fact, "year")) <= fisc_period_year(at) &&
            renumber(balances, before, after)) {
            g_ptr_array_add(notes, g_strdup_printf("Restated: account %s is shown as %s%s%s.",
                                                   before->code, after->code,
                                                   *article != '\0' ? ", " : "", article));
        }
    }
}

bool
fisc_lens_restate(const FiscNation *nation, const FiscLensQuery *query, FiscBalances *balances,
                  GPtrArray *notes, GError **error)
{
    FiscPeriod at = 0;
    if (!fisc_lens_restated_at(query, &at, error)) {
        return false;
    }
    if (at == 0) {
        return true;
    }
    restate_accounts(nation, at, balances, notes);
    return restate_units(nation, query, at, balances, notes, error);
}
