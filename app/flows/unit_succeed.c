/* unit_succeed.c: units that are split, merged or closed: who succeeds goes on record, and what
 * they have is proposed to be moved, as other volume changes: no transaction, since nobody pays for
 * it.
 *
 * Lines of the budget are not moved: that is a decision of its own, a virement. Neither are open
 * items by name: what is still open is paid or collected where it was opened. */
#include "app/flows/internal.h"
#include "fisc/gfs.h"
#include "fisc/ledger.h"
#include "fisc/money.h"
#include "fisc/history.h"
#include "fisc/unit.h"
#include <string.h>

#define SOURCE "unit"
#define LINES_MAX (FISC_ENTRY_LINES_MAX - 1) /* and one of net worth */

void
fisc_succession_done_clear(FiscSuccessionDone *done)
{
    g_clear_pointer(&done->moves, fisc_table_free);
    g_clear_pointer(&done->facts, g_free);
    g_clear_pointer(&done->entries, g_free);
    g_clear_pointer(&done->receipt, fisc_receipt_free);
}

/* What a succession is made from. */
typedef struct {
    const FiscSuccessionOrder *order;
    FiscNation *nation;
    FiscBalances *balances;
    FiscShareRule *rule;
    GArray *moves; /* of FiscMove */
} Succession;

static void
succession_clear(Succession *succession)
{
    g_clear_pointer(&succession->moves, g_array_unref);
    g_clear_pointer(&succession->rule, fisc_share_rule_free);
    g_clear_pointer(&succession->balances, fisc_balances_free);
    g_clear_pointer(&succession->nation, fisc_nation_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Succession, succession_clear)

/* Up to and with the month of the day: what was moved before is not there any more. */
static bool
read_books(FiscContext *ctx, Succession *succession, GError **error)
{
    FiscMoment now = {0};
    g_autoptr(FiscTx) tx = NULL;
    FiscPeriod to = fisc_period_of(succession->order->on);
    return fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) &&
           fisc_nation_load(tx, ctx->book_id, 0, &succession->nation, error) &&
           fisc_balances_load(tx, ctx->book_id, succession->nation, to, &now, NULL,
                              &succession->balances, error) &&
           fisc_tx_commit(g_steal_pointer(&tx), error);
}

static bool
check_same_currency(const FiscEntity *one, const FiscEntity *other, GError **error)
{
    return strcmp(one->currency, other->currency) == 0 ||
           fisc_fail(error, FISC_ERROR_USAGE, "%s keeps its books in another currency than %s",
                     one->code, other->code);
}

/* All of them are on record, and keep their books in one currency. */
static bool
check_units(const Succession *succession, GError **error)
{
    const FiscSuccessionOrder *order = succession->order;
    g_auto(GStrv) into = g_strsplit(order->into, " ", -1);
    const FiscEntity *first = NULL, *entity = NULL;
    if (!fisc_flow_find_entity(succession->nation, order->entities[0], &first, error)) {
        return false;
    }
    for (const char *const *code = order->entities; *code != NULL; code++) {
        if (!fisc_flow_find_entity(succession->nation, *code, &entity, error) ||
            !check_same_currency(entity, first, error)) {
            return false;
        }
    }
    for (char **code = into; *code != NULL; code++) {
        if (**code != '\0' && (!fisc_flow_find_entity(succession->nation, *code, &entity, error) ||
                               !check_same_currency(entity, first, error))) {
            return false;
        }
    }
    return true;
}

static bool
find_moves(Succession *succession, GError **error)
{
    const FiscSuccessionOrder *order = succession->order;
    g_autofree char *complaint = NULL;
    succession->rule = fisc_share_rule_read(order->rule, order->into, &complaint);
    if (succession->rule == NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "the rule: %s", complaint);
    }
    succession->moves =
        fisc_succession_moves(succession->nation, succession->balances, order->entities,
                              succession->rule, fisc_period_of(order->on));
    return true;
}

/* Facts ---------------------------------------------------------------------------------------- */

static bool
put_facts(FiscContext *ctx, const FiscSuccessionOrder *order, FiscSuccessionDone *done,
          GError **error)
{
    char day[FISC_DATE_TEXT];
    fisc_date_format(order->on, day);
    g_autoptr(FiscSubmission) facts = fisc_submission_new(SOURCE, ctx->actor);
    for (const char *const *entity = order->entities; *entity != NULL; entity++) {
        g_autofree char *subject = g_strdup_printf("%s/%s", *entity, day);
        fisc_submission_event(facts, "succession", subject, "entity", *entity, "date", day, "into",
                              order->into, "rule", order->rule, "article", order->article, NULL);
    }
    return fisc_flow_put_facts(ctx, facts, order->article != NULL ? order->article : "a succession",
                               &done->facts, &done->receipt, error);
}

/* Entries -------------------------------------------------------------------------------------- */

/* Words that only tell flows apart do not go with a stock. */
static void
copy_words(FiscSubmission *content, const FiscMove *move, FiscLine *line)
{
    static const FiscDimension of_stocks[] = {
        FISC_DIM_SECTION, FISC_DIM_PROGRAMME, FISC_DIM_ECONOMIC, FISC_DIM_FUND,
        FISC_DIM_PROJECT, FISC_DIM_REGION,    FISC_DIM_SOURCE,   FISC_DIM_LAYER};
    for (guint i = 0; i < G_N_ELEMENTS(of_stocks); i++) {
        const char *word = move->coding->dim[of_stocks[i]];
        line->dim[of_stocks[i]] = *word != '\0' ? fisc_submission_text(content, word) : NULL;
    }
    line->dim[FISC_DIM_COUNTERPARTY] =
        *move->counterparty != '\0' ? fisc_submission_text(content, move->counterparty) : NULL;
}

/* "5202", or the number of a national account. Caller frees. */
static char *
code_of(const FiscAccount *account)
{
    char code[FISC_GFS_CODE];
    if (account->national) {
        return g_strdup(account->code);
    }
    fisc_gfs_compose(account->gfs, FISC_FLOW_VOLUME_CHANGE, 0, code);
    return g_strdup(code);
}

static void
add_line(FiscSubmission *content, FiscEntry *entry, const FiscMove *move)
{
    const FiscAccount *account = move->coding->account;
    g_autofree char *code = code_of(account);
    FiscLine *line = fisc_entry_line(entry);
    line->account = fisc_submission_text(content, code);
    line->flow = account->national ? FISC_FLOW_VOLUME_CHANGE : 0;
    line->amount = move->amount;
    copy_words(content, move, line);
}

/* What a unit has more or less afterwards is its change in net worth. */
static void
close_entry(FiscSubmission *content, FiscEntry *entry)
{
    __int128 sum = 0;
    for (guint i = 0; i < entry->lines->len; i++) {
        sum += g_array_index(entry->lines, FiscLine, i).amount;
    }
    if (sum != 0) {
        FiscLine *line = fisc_entry_line(entry);
        line->account = fisc_submission_text(content, "5");
        line->amount = (int64_t)-sum;
    }
}

/* Of what it says, so that the same moves are the same entry, and others are not. */
static char *
reference_of(const FiscEntry *entry, const char *name)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    for (guint i = 0; i < entry->lines->len; i++) {
        const FiscLine *line = &g_array_index(entry->lines, FiscLine, i);
        g_autofree char *words =
            g_strdup_printf("%s|%" G_GINT64_FORMAT, line->account, line->amount);
        g_checksum_update(sum, (const guchar *)words, -1);
        for (int k = 0; k < FISC_DIM_COUNT; k++) {
            const char *word = line->dim[k] != NULL ? line->dim[k] : "";
            g_checksum_update(sum, (const guchar *)word, (gssize)strlen(word) + 1);
        }
    }
    return g_strdup_printf("%s/%s/%.8s", name, entry->entity, g_checksum_get_string(sum));
}

static FiscEntry *
new_entry(FiscSubmission *content, const Succession *succession, const char *entity,
          const char *name)
{
    FiscEntry *entry = fisc_submission_entry(content);
    const FiscEntity *unit = fisc_nation_entity(succession->nation, entity);
    g_autofree char *memo =
        g_strdup_printf("Succession: %s%s%s", succession->order->into,
                        succession->order->article != NULL ? ", " : "",
                        succession->order->article != NULL ? succession->order->article : "");
    entry->entity = fisc_submission_text(content, entity);
    entry->effective = succession->order->on;
    entry->transfer = fisc_submission_text(content, name);
    entry->memo = fisc_submission_text(content, memo);
    entry->decimals = unit->decimals;
    return entry;
}

static void
finish_entry(FiscSubmission *content, FiscEntry *entry, const char *name)
{
    close_entry(content, entry);
    g_autofree char *reference = reference_of(entry, name);
    entry->reference = fisc_submission_text(content, reference);
}

/* One entry for each unit, or several where one would be too long. */
static FiscSubmission *
build_entries(const FiscContext *ctx, const Succession *succession)
{
    char day[FISC_DATE_TEXT];
    FiscSubmission *content = fisc_submission_new(SOURCE, ctx->actor);
    g_autofree char *units = g_strjoinv("+", (char **)succession->order->entities);
    g_autofree char *name =
        g_strdup_printf("succession/%s/%s", units, fisc_date_format(succession->order->on, day));
    FiscEntry *entry = NULL;
    for (guint i = 0; i < succession->moves->len; i++) {
        const FiscMove *move = &g_array_index(succession->moves, FiscMove, i);
        bool is_next = entry == NULL || strcmp(entry->entity, move->entity) != 0 ||
                       entry->lines->len == LINES_MAX;
        if (is_next && entry != NULL) {
            finish_entry(content, entry, name);
        }
        entry = is_next ? new_entry(content, succession, move->entity, name) : entry;
        add_line(content, entry, move);
    }
    if (entry != NULL) {
        finish_entry(content, entry, name);
    }
    return content;
}

static bool
propose_entries(FiscContext *ctx, const Succession *succession, FiscSuccessionDone *done,
                GError **error)
{
    const FiscSuccessionOrder *order = succession->order;
    FiscDocumentDraft draft = {.action = "journal",
                               .reason = order->article != NULL ? order->article : "a succession"};
    g_autoptr(FiscSubmission) content = build_entries(ctx, succession);
    g_clear_pointer(&done->receipt, fisc_receipt_free);
    return fisc_flow_document_propose(ctx, &draft, content, &done->entries, &done->receipt, error);
}

/* All of it ------------------------------------------------------------------------------------ */

static FiscTable *
table_of(const Succession *succession)
{
    const FiscEntity *first =
        fisc_nation_entity(succession->nation, succession->order->entities[0]);
    g_autofree char *title =
        g_strdup_printf("What %s hands over to %s", first->code, succession->order->into);
    FiscTable *table = fisc_table_new("succession", title, first->decimals);
    fisc_table_add_column(table, "entity", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "account", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "counterparty", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "amount", FISC_COLUMN_AMOUNT);
    for (guint i = 0; i < succession->moves->len; i++) {
        const FiscMove *move = &g_array_index(succession->moves, FiscMove, i);
        g_autofree char *code = code_of(move->coding->account);
        FiscRow *row = fisc_table_add_row(table);
        fisc_table_set_text(table, row, 0, move->entity);
        fisc_table_set_text(table, row, 1, code);
        fisc_table_set_text(table, row, 2, move->counterparty);
        fisc_table_set_amount(table, row, 3, move->amount);
    }
    fisc_table_add_note(table, "Lines of the budget stay: move them by virement. What is open on "
                               "an item is paid or collected where it was opened.");
    return table;
}

static bool
is_refused(const FiscReceipt *receipt)
{
    return receipt != NULL && receipt->refusals != NULL && receipt->refusals->len > 0;
}

bool
fisc_flow_unit_succeed(FiscContext *ctx, const FiscSuccessionOrder *order,
                       FiscSuccessionDone *out_done, GError **error)
{
    g_auto(Succession) succession = {.order = order};
    g_auto(FiscSuccessionDone) done = {0};
    if (!read_books(ctx, &succession, error) || !check_units(&succession, error) ||
        !find_moves(&succession, error) ||
        (!order->is_dry && !put_facts(ctx, order, &done, error))) {
        return false;
    }
    done.moves = table_of(&succession);
    if (!order->is_dry && !is_refused(done.receipt) && succession.moves->len > 0 &&
        !propose_entries(ctx, &succession, &done, error)) {
        return false;
    }
    *out_done = done;
    done = (FiscSuccessionDone){0};
    return true;
}
