/* entry_check.c: what is wrong with an entry before any ledger is asked: its words, its shape, the
 * balance of its sides. Whether its codes exist, its period is open and its funds suffice, the
 * engine decides. */
#include "fisc/entry.h"
#include "fisc/money.h"
#include <string.h>

typedef struct {
    const FiscEntry *entry;
    FiscRefusals *refusals;
} Check;

static void check_words(Check *check);
static void check_period(Check *check);
static void check_lines(Check *check);
static void check_balance(Check *check);

void
fisc_entry_check(const FiscEntry *entry, FiscRefusals *refusals)
{
    Check check = {entry, refusals};
    check_words(&check);
    check_period(&check);
    check_lines(&check);
    check_balance(&check);
}

/* A control character or broken UTF-8 would make two records look alike on paper. */
static void
check_characters(Check *check, const char *text, const char *field, int row)
{
    const char *bad = NULL;
    if (!g_utf8_validate(text, -1, &bad)) {
        fisc_refusals_add(check->refusals, FISC_ERROR_ENCODING_INVALID, check->entry->file, row,
                          field, "byte 0x%02x at position %d", (unsigned char)*bad,
                          (int)(bad - text) + 1);
        return;
    }
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        if (g_unichar_iscntrl(g_utf8_get_char(at))) {
            fisc_refusals_add(check->refusals, FISC_ERROR_VALUE_INVALID, check->entry->file, row,
                              field, "control character U+%04X at position %d",
                              (unsigned)g_utf8_get_char(at), (int)(at - text) + 1);
            return;
        }
    }
}

static bool
is_printable_ascii(const char *text, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        if (text[i] < 0x20 || text[i] > 0x7e) {
            return false;
        }
    }
    return true;
}

static void
check_text(Check *check, const char *text, gsize length_max, const char *field, int row)
{
    gsize length = text != NULL ? strlen(text) : 0;
    if (length > length_max) {
        fisc_refusals_add(check->refusals, FISC_ERROR_VALUE_INVALID, check->entry->file, row, field,
                          "%" G_GSIZE_FORMAT " bytes, where %" G_GSIZE_FORMAT " are the limit",
                          length, length_max);
    } else if (length > 0 && !is_printable_ascii(text, length)) {
        check_characters(check, text, field, row);
    }
}

static void
check_required(Check *check, const char *text, const char *field)
{
    if (text == NULL || *text == '\0') {
        fisc_refusals_add(check->refusals, FISC_ERROR_VALUE_MISSING, check->entry->file,
                          check->entry->row, field, "an entry needs its %s", field);
        return;
    }
    check_text(check, text, FISC_CODE_MAX, field, check->entry->row);
}

static void
check_words(Check *check)
{
    const FiscEntry *entry = check->entry;
    check_required(check, entry->reference, "reference");
    check_required(check, entry->entity, "entity");
    check_text(check, entry->memo, FISC_MEMO_MAX, "memo", entry->row);
    check_text(check, entry->document, FISC_CODE_MAX, "document", entry->row);
    check_text(check, entry->transfer, FISC_CODE_MAX, "transfer", entry->row);
    if (entry->reverses) {
        check_required(check, entry->corrects, "corrects");
    } else {
        check_text(check, entry->corrects, FISC_CODE_MAX, "corrects", entry->row);
    }
}

static void
check_period(Check *check)
{
    FiscPeriod period = check->entry->period;
    if (period != 0 && (period < 190000 || period > 219913 || period % 100 > 13)) {
        fisc_refusals_add(check->refusals, FISC_ERROR_VALUE_INVALID, check->entry->file,
                          check->entry->row, "period", "%d", period);
    }
}

static bool
is_budgetary(const FiscLine *line)
{
    const char *account = line->account;
    return account != NULL && account[0] == 'B' && g_ascii_isdigit(account[1]) &&
           g_ascii_isdigit(account[2]);
}

static int
row_of(const Check *check, const FiscLine *line)
{
    return line->row != 0 ? line->row : check->entry->row;
}

static void G_GNUC_PRINTF(4, 5)
    refuse_word(Check *check, const FiscLine *line, const char *field, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *detail = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    fisc_refusals_add(check->refusals, FISC_ERROR_ENTRY_SHAPE, check->entry->file,
                      row_of(check, line), field, "%s", detail);
}

/* A later stage relieves by crediting its own account; what is taken back says so by its item. On
 * an expense the word is for the obligation that planning adds. */
static void
check_relief(Check *check, const FiscLine *line)
{
    if (line->is_final && line->relieves == NULL) {
        refuse_word(check, line, "final", "nothing is relieved that could be final");
    }
    if (line->relieves != NULL && line->amount > 0 && is_budgetary(line)) {
        refuse_word(check, line, "relieves", "a line that relieves \"%s\" is a credit",
                    line->relieves);
    }
    if (line->relieves != NULL && g_strcmp0(line->relieves, line->item) == 0) {
        refuse_word(check, line, "relieves", "\"%s\" cannot relieve itself", line->item);
    }
}

static void
check_foreign(Check *check, const FiscLine *line)
{
    bool has_currency = line->currency != NULL && *line->currency != '\0';
    if (line->foreign != 0 && !has_currency) {
        refuse_word(check, line, "currency", "a foreign amount needs its currency");
    }
    if (line->foreign != 0 && (line->foreign > 0) != (line->amount > 0)) {
        refuse_word(check, line, "amount_fc",
                    "the foreign amount has another sign than the amount");
    }
    if (line->foreign == INT64_MIN) {
        fisc_refusals_add(check->refusals, FISC_ERROR_AMOUNT_OVERFLOW, check->entry->file,
                          row_of(check, line), "amount_fc", "the amount does not fit");
    }
    if (has_currency && fisc_currency_decimals(line->currency) < 0) {
        fisc_refusals_add(check->refusals, FISC_ERROR_VALUE_INVALID, check->entry->file,
                          row_of(check, line), "currency", "\"%s\" is no currency", line->currency);
    }
}

static void
check_item_words(Check *check, const FiscLine *line)
{
    const struct {
        const char *field, *text;
    } words[] = {{"item", line->item}, {"relieves", line->relieves}};
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        if (words[i].text != NULL && *words[i].text == '\0') {
            refuse_word(check, line, words[i].field, "the name of an open item is empty");
        }
        check_text(check, words[i].text, FISC_CODE_MAX, words[i].field, row_of(check, line));
    }
    check_relief(check, line);
    check_foreign(check, line);
}

static void
check_line(Check *check, const FiscLine *line)
{
    const char *file = check->entry->file;
    int row = row_of(check, line);
    if (line->account == NULL || *line->account == '\0') {
        fisc_refusals_add(check->refusals, FISC_ERROR_VALUE_MISSING, file, row, "account",
                          "a line needs its account");
    }
    check_text(check, line->account, FISC_CODE_MAX, "account", row);
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        if (line->dim[i] != NULL) {
            check_text(check, line->dim[i], FISC_CODE_MAX, fisc_dimension_column(i), row);
        }
    }
    if (line->item != NULL || line->relieves != NULL || line->currency != NULL ||
        line->foreign != 0 || line->is_final) {
        check_item_words(check, line);
    }
    if (line->flow != 0 && (line->flow < FISC_FLOW_TRANSACTION || line->flow > FISC_FLOW_OPENING)) {
        fisc_refusals_add(check->refusals, FISC_ERROR_VALUE_INVALID, file, row, "flow", "%d",
                          line->flow);
    }
    if (line->kind < 0 || line->kind > 3) {
        fisc_refusals_add(check->refusals, FISC_ERROR_VALUE_INVALID, file, row, "kind", "%d",
                          line->kind);
    }
    if (line->amount == 0) {
        fisc_refusals_add(check->refusals, FISC_ERROR_ENTRY_SHAPE, file, row, "amount",
                          "the line of account \"%s\" is zero",
                          line->account != NULL ? line->account : "");
    }
}

static void
check_lines(Check *check)
{
    const FiscEntry *entry = check->entry;
    guint count = entry->lines->len;
    if (count < 2) {
        fisc_refusals_add(check->refusals, FISC_ERROR_ENTRY_SHAPE, entry->file, entry->row, NULL,
                          "the entry has %u line%s", count, count == 1 ? "" : "s");
    }
    if (count > FISC_ENTRY_LINES_MAX) {
        fisc_refusals_add(check->refusals, FISC_ERROR_ENTRY_TOO_LARGE, entry->file, entry->row,
                          NULL, "%u lines, where %d are the limit", count, FISC_ENTRY_LINES_MAX);
        return;
    }
    for (guint i = 0; i < count; i++) {
        check_line(check, &g_array_index(entry->lines, FiscLine, i));
    }
}

typedef struct {
    const char *name;
    __int128 debit;
    __int128 credit; /* both >= 0 */
} Side;

static void
refuse_side(Check *check, const Side *side)
{
    const FiscEntry *entry = check->entry;
    char debit[FISC_SUM_TEXT], credit[FISC_SUM_TEXT], difference[FISC_SUM_TEXT];
    fisc_refusals_add(
        check->refusals, FISC_ERROR_ENTRY_UNBALANCED, entry->file, entry->row, NULL,
        "%s side: debit %s, credit %s, difference %s", side->name,
        fisc_sum_format_grouped(side->debit, entry->decimals, debit),
        fisc_sum_format_grouped(side->credit, entry->decimals, credit),
        fisc_sum_format_grouped(side->debit - side->credit, entry->decimals, difference));
}

/* Totals must fit where balances are kept, or the entry could be posted and never shown. */
static void
check_side(Check *check, const Side *side)
{
    const FiscEntry *entry = check->entry;
    if (side->debit > INT64_MAX || side->credit > INT64_MAX) {
        char total[FISC_SUM_TEXT];
        fisc_refusals_add(
            check->refusals, FISC_ERROR_AMOUNT_OVERFLOW, entry->file, entry->row, NULL,
            "the %s side adds up to %s", side->name,
            fisc_sum_format_grouped(MAX(side->debit, side->credit), entry->decimals, total));
    }
    if (side->debit != side->credit) {
        refuse_side(check, side);
    }
}

static void
check_balance(Check *check)
{
    Side sides[] = {{"financial", 0, 0}, {"budgetary", 0, 0}};
    for (guint i = 0; i < check->entry->lines->len; i++) {
        const FiscLine *line = &g_array_index(check->entry->lines, FiscLine, i);
        Side *side = &sides[is_budgetary(line) ? 1 : 0];
        if (line->amount > 0) {
            side->debit += line->amount;
        } else {
            side->credit -= line->amount;
        }
    }
    check_side(check, &sides[0]);
    check_side(check, &sides[1]);
}
