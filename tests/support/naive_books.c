/* naive_books.c: a package folder, read line by line and added up. Correct before anything else:
 * no checks beyond assertions, no care for size. Two decimals throughout. */
#include "tests/support/naive_books.h"
#include "fisc/chart.h"
#include <stdlib.h>
#include <string.h>

/* ---- text ---- */

static GPtrArray *
split_row(const char *line)
{
    GPtrArray *fields = g_ptr_array_new_with_free_func(g_free);
    GString *field = g_string_new(NULL);
    bool is_quoted = false;
    for (const char *at = line;; at++) {
        if (is_quoted && at[0] == '"' && at[1] == '"') {
            g_string_append_c(field, '"');
            at++;
        } else if (*at == '"') {
            is_quoted = !is_quoted;
        } else if (*at == '\0' || (*at == ',' && !is_quoted)) {
            g_ptr_array_add(fields, g_string_free(field, FALSE));
            field = g_string_new(NULL);
            if (*at == '\0') {
                break;
            }
        } else {
            g_string_append_c(field, *at);
        }
    }
    g_string_free(field, TRUE);
    return fields;
}

GPtrArray *
naive_csv_read(const char *folder, const char *file)
{
    GPtrArray *rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_hash_table_unref);
    g_autofree char *path = g_build_filename(folder, file, NULL);
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL)) {
        return rows;
    }
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(GPtrArray) header = split_row(g_strchomp(lines[0]));
    for (char **line = lines + 1; *line != NULL; line++) {
        g_strchomp(*line);
        if (**line == '\0') {
            continue;
        }
        g_autoptr(GPtrArray) fields = split_row(*line);
        GHashTable *row = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        for (guint i = 0; i < header->len && i < fields->len; i++) {
            g_hash_table_insert(row, g_strdup(g_ptr_array_index(header, i)),
                                g_strdup(g_ptr_array_index(fields, i)));
        }
        g_ptr_array_add(rows, row);
    }
    return rows;
}

static const char *
word(GHashTable *row, const char *column)
{
    const char *value = g_hash_table_lookup(row, column);
    return value != NULL ? value : "";
}

int64_t
naive_amount(const char *text)
{
    const char *digits = text[0] == '-' ? text + 1 : text;
    const char *point = strchr(digits, '.');
    int64_t amount = (int64_t)strtoll(digits, NULL, 10) * 100;
    if (point != NULL && point[1] != '\0') {
        amount += (point[1] - '0') * 10;
        amount += point[2] != '\0' ? point[2] - '0' : 0;
        g_assert(point[2] == '\0' || strspn(point + 3, "0") == strlen(point + 3));
    }
    return text[0] == '-' ? -amount : amount;
}

/* ---- lines ---- */

NaiveBooks *
naive_books_new(void)
{
    NaiveBooks *books = g_new0(NaiveBooks, 1);
    books->nation = fisc_nation_new();
    fisc_chart_fill(books->nation);
    books->balances = fisc_balances_new();
    books->lines = fisc_posted_lines_new();
    books->codings = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return books;
}

void
naive_books_free(NaiveBooks *books)
{
    if (books == NULL) {
        return;
    }
    g_hash_table_unref(books->codings);
    fisc_posted_lines_free(books->lines);
    fisc_balances_free(books->balances);
    fisc_nation_free(books->nation);
    g_free(books);
}

void
naive_entity(NaiveBooks *books, const char *code, const char *cp_code)
{
    fisc_nation_add_entity(books->nation, code, code, "", cp_code, true, "");
}

void
naive_outsider(NaiveBooks *books, const char *code, const char *cp_code)
{
    fisc_nation_add_entity(books->nation, code, code, "", cp_code, false, "");
}

/* "3111.1" is a transaction of kind 1 on 6111; 1x, 2x, budgetary accounts and national numbers are
 * themselves. */
static void
take_apart(FiscCoding *coding, const NaiveBooks *books, const char *code)
{
    g_autofree char *account = g_strdup(code);
    char *dot = strchr(account, '.');
    if (dot != NULL) {
        coding->kind = atoi(dot + 1);
        *dot = '\0';
    }
    coding->flow = FISC_FLOW_TRANSACTION;
    const FiscAccount *national = fisc_nation_account(books->nation, code);
    if (national != NULL && national->national) {
        coding->account = national;
        return;
    }
    if (strchr("3456", code[0]) != NULL) {
        coding->flow = code[0] - '0';
        account[0] = '6';
    }
    coding->account = fisc_nation_account(books->nation, account);
    if (coding->account == NULL) {
        g_error("no account \"%s\" for the code \"%s\"", account, code);
    }
}

static const FiscCoding *
find_coding(NaiveBooks *books, const NaiveLine *line)
{
    const char *dims[FISC_DIM_COUNT] = {
        [FISC_DIM_COUNTERPARTY] = line->counterparty,
        [FISC_DIM_FUNCTION] = line->cofog,
        [FISC_DIM_CASH_CODE] = line->cash_code,
        [FISC_DIM_CASH_COUNTERPARTY] = line->cash_counterparty,
        [FISC_DIM_LAYER] = line->layer,
        [FISC_DIM_GFS] = line->gfs_class,
        [FISC_DIM_PROGRAMME] = line->programme,
        [FISC_DIM_ECONOMIC] = line->economic,
    };
    g_autoptr(GString) key = g_string_new(line->entity);
    g_string_append_printf(key, "|%s", line->code);
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        g_string_append_printf(key, "|%s", dims[i] != NULL ? dims[i] : "");
    }
    FiscCoding *coding = g_hash_table_lookup(books->codings, key->str);
    if (coding != NULL) {
        return coding;
    }
    coding = g_new0(FiscCoding, 1);
    coding->coding_id = (int)books->balances->codings->len + 1;
    coding->entity = fisc_balances_text(books->balances, line->entity);
    take_apart(coding, books, line->code);
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        coding->dim[i] = fisc_balances_text(books->balances, dims[i]);
    }
    g_ptr_array_add(books->balances->codings, coding);
    g_hash_table_insert(books->codings, g_strdup(key->str), coding);
    return coding;
}

void
naive_post(NaiveBooks *books, const NaiveLine *line)
{
    const FiscCoding *coding = find_coding(books, line);
    FiscBalance balance = {.coding = coding,
                           .period = line->period,
                           .debit = MAX(line->amount, 0),
                           .credit = MAX(-line->amount, 0)};
    g_array_append_val(books->balances->rows, balance);
    if (coding->dim[FISC_DIM_COUNTERPARTY][0] == '\0') {
        return;
    }
    const char *journal = line->journal != NULL ? line->journal : "";
    FiscPostedLine posted = {
        .entry_id = (int64_t)books->lines->rows->len + 1,
        .line_no = 1,
        .coding = *coding,
        .period = line->period,
        .amount = line->amount,
        .reference = g_string_chunk_insert(books->lines->chunk, journal),
        .document = g_string_chunk_insert(books->lines->chunk, journal),
        .source = "",
        .memo = "",
    };
    g_array_append_val(books->lines->rows, posted);
}

/* ---- a package ---- */

static FiscPeriod
period_of(const char *date)
{
    return atoi(date) * 100 + atoi(date + 5);
}

static void
read_master(NaiveBooks *books, const char *folder)
{
    g_autoptr(GPtrArray) entities = naive_csv_read(folder, "entities.csv");
    for (guint i = 0; i < entities->len; i++) {
        GHashTable *row = g_ptr_array_index(entities, i);
        fisc_nation_add_entity(books->nation, word(row, "entity"), word(row, "name"),
                               word(row, "sector"), word(row, "cp_code"),
                               g_str_equal(word(row, "reporting"), "Y"), word(row, "currency"));
    }
    g_autoptr(GPtrArray) groups = naive_csv_read(folder, "groups.csv");
    for (guint i = 0; i < groups->len; i++) {
        GHashTable *row = g_ptr_array_index(groups, i);
        fisc_nation_add_group(books->nation, word(row, "group"), word(row, "name"),
                              word(row, "members"));
    }
}

static void
read_memoranda(NaiveBooks *books, const char *folder)
{
    g_autoptr(GPtrArray) rows = naive_csv_read(folder, "memorandum.csv");
    for (guint i = 0; i < rows->len; i++) {
        GHashTable *row = g_ptr_array_index(rows, i);
        FiscMemorandum *memorandum = g_new0(FiscMemorandum, 1);
        memorandum->unit = g_strdup(word(row, "unit"));
        memorandum->year = books->year;
        memorandum->code = g_strdup(word(row, "code"));
        memorandum->label = g_strdup(word(row, "label"));
        memorandum->amount = naive_amount(word(row, "amount"));
        memorandum->note = g_strdup(word(row, "note"));
        g_ptr_array_add(books->nation->memoranda, memorandum);
    }
}

/* Opening rows are positive on the normal side; net worth is the difference (convention 2). */
static void
read_opening(NaiveBooks *books, const char *folder)
{
    g_autoptr(GPtrArray) rows = naive_csv_read(folder, "opening_balance.csv");
    for (guint i = 0; i < rows->len; i++) {
        GHashTable *row = g_ptr_array_index(rows, i);
        const char *code = word(row, "code");
        int64_t amount = naive_amount(word(row, "amount"));
        NaiveLine line = {
            .entity = word(row, "entity"),
            .code = code,
            .period = period_of(word(row, "date")) / 100 * 100,
            .amount = g_str_has_prefix(code, "63") ? -amount : amount,
            .counterparty = word(row, "counterparty_entity"),
            .layer = word(row, "layer"),
        };
        naive_post(books, &line);
        NaiveLine worth = {
            .entity = line.entity, .code = "6", .period = line.period, .amount = -line.amount};
        naive_post(books, &worth);
    }
}

static int64_t
debit_of(GHashTable *row)
{
    return naive_amount(word(row, "debit")) - naive_amount(word(row, "credit"));
}

static const char *
code_of(GHashTable *row)
{
    const char *code = word(row, "gfs_code");
    return code[0] != '\0' ? code : word(row, "account");
}

static void
post_journals(NaiveBooks *books, GPtrArray *journals)
{
    for (guint i = 0; i < journals->len; i++) {
        GHashTable *row = g_ptr_array_index(journals, i);
        NaiveLine line = {
            .journal = word(row, "journal_id"),
            .entity = word(row, "entity"),
            .code = code_of(row),
            .period = period_of(word(row, "date")),
            .amount = debit_of(row),
            .counterparty = word(row, "counterparty_entity"),
            .cofog = word(row, "cofog"),
            .cash_code = word(row, "cash_code"),
            .cash_counterparty = word(row, "cash_counterparty"),
            .layer = word(row, "layer"),
        };
        naive_post(books, &line);
    }
}

/* ---- the budget, by convention 14 ---- */

static void
move(NaiveBooks *books, GHashTable *key, const char *debit, const char *credit, int64_t amount)
{
    NaiveLine line = {.entity = word(key, "entity"),
                      .code = debit,
                      .period = books->year * 100 + 12,
                      .amount = amount,
                      .gfs_class = word(key, "gfs_code"),
                      .cofog = word(key, "cofog")};
    naive_post(books, &line);
    line.code = credit;
    line.amount = -amount;
    naive_post(books, &line);
}

static GHashTable *
find_key(GPtrArray *budget, GHashTable *line)
{
    for (guint i = 0; i < budget->len; i++) {
        GHashTable *key = g_ptr_array_index(budget, i);
        if (g_str_equal(word(key, "entity"), word(line, "entity")) &&
            g_str_equal(word(key, "gfs_code"), code_of(line)) &&
            g_str_equal(word(key, "cofog"), word(line, "cofog"))) {
            return key;
        }
    }
    return NULL;
}

/* The cash row that pays for a class: 2111 by 21, acquisitions by 31.1. */
static bool
is_paid_by(const char *gfs_code, const char *cash_code)
{
    if (g_str_has_prefix(gfs_code, "31")) {
        return g_str_equal(cash_code, "31.1");
    }
    return gfs_code[0] == '2' && cash_code[0] == '2' && strncmp(gfs_code, cash_code, 2) == 0;
}

static bool
is_cash(GHashTable *line)
{
    return g_str_has_prefix(code_of(line), "3202");
}

static bool
is_same_journal(GHashTable *a, GHashTable *b)
{
    return g_str_equal(word(a, "journal_id"), word(b, "journal_id")) &&
           g_str_equal(word(a, "entity"), word(b, "entity"));
}

/* Expense of the cash line's class in its own journal; the whole of it, or @key's part alone. */
static int64_t
expense_paid_by(GPtrArray *journals, GPtrArray *budget, GHashTable *cash, GHashTable *key)
{
    int64_t sum = 0;
    for (guint i = 0; i < journals->len; i++) {
        GHashTable *line = g_ptr_array_index(journals, i);
        if (is_same_journal(line, cash) && is_paid_by(code_of(line), word(cash, "cash_code")) &&
            (key == NULL || find_key(budget, line) == key)) {
            sum += debit_of(line);
        }
    }
    return sum;
}

static bool
settles_payable(GPtrArray *journals, GHashTable *cash)
{
    for (guint i = 0; i < journals->len; i++) {
        GHashTable *line = g_ptr_array_index(journals, i);
        if (is_same_journal(line, cash) && g_str_has_prefix(code_of(line), "3308") &&
            debit_of(line) > 0) {
            return true;
        }
    }
    return false;
}

/* What one payment out of the bank pays of one budget key. */
static int64_t
paid_by(GPtrArray *journals, GPtrArray *budget, GHashTable *cash, GHashTable *key)
{
    int64_t paid = -debit_of(cash);
    int64_t all = expense_paid_by(journals, budget, cash, NULL);
    if (all != 0) {
        return paid * expense_paid_by(journals, budget, cash, key) / all;
    }
    bool is_key_of_class = g_str_equal(word(key, "entity"), word(cash, "entity")) &&
                           is_paid_by(word(key, "gfs_code"), word(cash, "cash_code"));
    return is_key_of_class && settles_payable(journals, cash) ? paid : 0;
}

static void
execute_key(NaiveBooks *books, GPtrArray *budget, GPtrArray *journals, GHashTable *key)
{
    int64_t accrued = 0;
    int64_t paid = 0;
    for (guint i = 0; i < journals->len; i++) {
        GHashTable *line = g_ptr_array_index(journals, i);
        accrued += find_key(budget, line) == key ? debit_of(line) : 0;
        paid += is_cash(line) ? paid_by(journals, budget, line, key) : 0;
    }
    move(books, key, "B20", "B23", accrued);
    move(books, key, "B23", "B24", paid);
}

static void
execute_budget(NaiveBooks *books, const char *folder, GPtrArray *journals)
{
    g_autoptr(GPtrArray) budget = naive_csv_read(folder, "budget.csv");
    for (guint i = 0; i < budget->len; i++) {
        GHashTable *key = g_ptr_array_index(budget, i);
        move(books, key, "B11", "B20", naive_amount(word(key, "original")));
        move(books, key, "B12", "B20", naive_amount(word(key, "virement")));
    }
    for (guint i = 0; i < budget->len; i++) {
        execute_key(books, budget, journals, g_ptr_array_index(budget, i));
    }
}

NaiveBooks *
naive_books_read(const char *folder)
{
    NaiveBooks *books = naive_books_new();
    g_autoptr(GPtrArray) journals = naive_csv_read(folder, "journals.csv");
    g_assert(journals->len > 0);
    books->year = atoi(word(g_ptr_array_index(journals, 0), "date"));
    read_master(books, folder);
    read_memoranda(books, folder);
    read_opening(books, folder);
    post_journals(books, journals);
    execute_budget(books, folder, journals);
    return books;
}
