/* browse.c: the book, its units, groups, accounts, segments and budget lines, page by page. Entries
 * are browse_entry.c's, documents browse_document.c's. */
#include "app/flows/browsing.h"
#include "app/flows/internal.h"
#include "fisc/chart.h"
#include "fisc/history.h"
#include "fisc/money.h"
#include <string.h>

#define DIMS_SEPARATOR "\x1f" /* between the codes of a line in its key: in no code */

/* What all share ------------------------------------------------------------------------------- */

void
fisc_browse_columns(FiscTable *table, const char *names)
{
    g_auto(GStrv) words = g_strsplit(names, ",", -1);
    for (char **word = words; *word != NULL; word++) {
        FiscColumnKind kind = **word == '#'   ? FISC_COLUMN_INTEGER
                              : **word == '$' ? FISC_COLUMN_AMOUNT
                                              : FISC_COLUMN_TEXT;
        fisc_table_add_column(table, *word + (kind != FISC_COLUMN_TEXT), kind);
    }
}

/* Blanks around and between words mean nothing. */
static char **
split_words(const FiscPage *page)
{
    char **words = g_strsplit_set(page->words != NULL ? page->words : "", " \t", -1);
    guint kept = 0;
    for (guint i = 0; words[i] != NULL; i++) {
        if (*words[i] != '\0') {
            words[kept++] = words[i];
        } else {
            g_free(words[i]);
        }
    }
    words[kept] = NULL;
    return words;
}

FiscArg
fisc_browse_words(const FiscPage *page)
{
    g_auto(GStrv) words = split_words(page);
    return fisc_text_array((const char *const *)words, (int)g_strv_length(words));
}

int
fisc_browse_limit(const FiscPage *page)
{
    return CLAMP(page->limit, 1, FISC_PAGE_MAX);
}

bool
fisc_browse_number(const FiscPage *page, int64_t *out_key, GError **error)
{
    gint64 key = -1;
    if (page->after != NULL &&
        !g_ascii_string_to_signed(page->after, 10, 0, G_MAXINT64, &key, NULL)) {
        return fisc_fail(error, FISC_ERROR_USAGE, "\"%s\" is no key of a page", page->after);
    }
    *out_key = key;
    return true;
}

bool
fisc_browse_ask(FiscContext *ctx, const FiscPage *page, FiscSql sql, FiscArg *args, int arg_count,
                FiscPageRows *out_rows, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    if (!fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) ||
        !fisc_tx_query(tx, sql, args, arg_count, &out_rows->rows, error) ||
        !fisc_tx_commit(g_steal_pointer(&tx), error)) {
        return false;
    }
    int found = fisc_rows_count(out_rows->rows), limit = fisc_browse_limit(page);
    out_rows->has_more = found > limit;
    out_rows->count = MIN(found, limit);
    return true;
}

void
fisc_page_rows_clear(FiscPageRows *rows)
{
    fisc_table_free(rows->table);
    fisc_rows_free(rows->rows);
}

void
fisc_browse_text(FiscTable *table, FiscRow *row, int column, const FiscRows *rows, int at, int from)
{
    if (!fisc_rows_is_null(rows, at, from)) {
        fisc_table_set_text(table, row, column, fisc_rows_text(rows, at, from));
    }
}

/* Rows of texts alone, in the order of the columns; the first is the key. */
static void
fill_texts(FiscPageRows *page, FiscTable **out_table, char **out_next)
{
    FiscTable *table = page->table;
    for (int i = 0; i < page->count; i++) {
        FiscRow *row = fisc_table_add_row(table);
        for (guint column = 0; column < table->columns->len; column++) {
            fisc_browse_text(table, row, (int)column, page->rows, i, (int)column);
        }
    }
    *out_next = page->has_more ? g_strdup(fisc_rows_text(page->rows, page->count - 1, 0)) : NULL;
    *out_table = g_steal_pointer(&page->table);
}

/* The book ------------------------------------------------------------------------------------- */

void
fisc_book_card_clear(FiscBookCard *card)
{
    g_clear_pointer(&card->name, g_free);
    g_clear_pointer(&card->hash, g_free);
    g_clear_pointer(&card->posted_at, g_free);
    g_clear_pointer(&card->years, g_free);
    g_clear_pointer(&card->currency, g_free);
}

static char *
hex_of(const FiscRows *rows, int row, int column)
{
    int length = 0;
    const uint8_t *bytes = fisc_rows_bytea(rows, row, column, &length);
    GString *hex = g_string_new(NULL);
    for (int i = 0; i < length; i++) {
        g_string_append_printf(hex, "%02x", bytes[i]);
    }
    return g_string_free(hex, FALSE);
}

static void
fill_card(FiscBookCard *card, const FiscRows *rows, const GArray *policies)
{
    int count = 0;
    g_auto(GStrv) currencies = fisc_rows_text_array(rows, 0, 5, &count);
    *card = (FiscBookCard){
        .name = g_strdup(fisc_rows_text(rows, 0, 0)),
        .batch = fisc_rows_int8(rows, 0, 1),
        .hash = hex_of(rows, 0, 2),
        .posted_at = g_strdup(fisc_rows_text(rows, 0, 3)),
        .currency = count == 1 ? g_strdup(currencies[0]) : NULL,
        .decimals = count > 1 ? -1 : fisc_currency_decimals(count == 1 ? currencies[0] : NULL),
        .entities = fisc_rows_int8(rows, 0, 6),
        .groups = fisc_rows_int8(rows, 0, 7),
    };
    card->years = fisc_rows_int4_array(rows, 0, 4, &card->year_count);
    for (guint i = 0; i < policies->len; i++) {
        const FiscRecord *policy = &g_array_index(policies, FiscRecord, i);
        card->are_duties_enforced |= strcmp(policy->subject, "duties") == 0 &&
                                     g_strcmp0(fisc_record_field(policy, "enforced"), "yes") == 0;
    }
}

bool
fisc_flow_book_show(FiscContext *ctx, FiscBookCard *out_card, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscRows) rows = NULL;
    g_autoptr(GArray) policies = NULL;
    if (!fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) ||
        !fisc_tx_query(tx, FISC_SQL_LEDGER_BOOK, FISC_ARGS(fisc_int4(ctx->book_id)), &rows,
                       error) ||
        !fisc_records_load(tx, ctx->book_id, "policy", &policies, error) ||
        !fisc_tx_commit(g_steal_pointer(&tx), error)) {
        return false;
    }
    if (fisc_rows_count(rows) == 0) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "there is no such book");
    }
    fill_card(out_card, rows, policies);
    return true;
}

bool
fisc_flow_newest_batch(FiscContext *ctx, int64_t *out_batch, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) ||
        !fisc_tx_query(tx, FISC_SQL_LEDGER_HEAD, FISC_ARGS(fisc_int4(ctx->book_id)), &rows,
                       error) ||
        !fisc_tx_commit(g_steal_pointer(&tx), error)) {
        return false;
    }
    *out_batch = fisc_rows_count(rows) > 0 ? fisc_rows_int8(rows, 0, 0) : 0;
    return true;
}

/* Units and groups ------------------------------------------------------------------------------
 */

/* What is loaded whole is cut here as the queries cut: by words, behind the key, in order. */
typedef struct {
    const char *key, *name;
    gconstpointer what;
} Candidate;

static int
compare_candidates(gconstpointer a, gconstpointer b)
{
    return strcmp(((const Candidate *)a)->key, ((const Candidate *)b)->key);
}

static bool
is_meant(const Candidate *candidate, const FiscPage *page, char *const *words)
{
    g_autofree char *key = g_utf8_strdown(candidate->key, -1);
    g_autofree char *name = g_utf8_strdown(candidate->name != NULL ? candidate->name : "", -1);
    for (char *const *word = words; *word != NULL; word++) {
        g_autofree char *low = g_utf8_strdown(*word, -1);
        if (!g_str_has_prefix(key, low) && strstr(name, low) == NULL) {
            return false;
        }
    }
    return page->after == NULL || strcmp(candidate->key, page->after) > 0;
}

/* The candidates of a page, in order. Sets *out_next. */
static void
cut_page(GArray *candidates, const FiscPage *page, char **out_next)
{
    g_auto(GStrv) words = split_words(page);
    guint kept = 0, limit = (guint)fisc_browse_limit(page);
    g_array_sort(candidates, compare_candidates);
    for (guint i = 0; i < candidates->len && kept <= limit; i++) {
        Candidate candidate = g_array_index(candidates, Candidate, i);
        if (is_meant(&candidate, page, words)) {
            g_array_index(candidates, Candidate, kept++) = candidate;
        }
    }
    *out_next = kept > limit ? g_strdup(g_array_index(candidates, Candidate, limit - 1).key) : NULL;
    g_array_set_size(candidates, MIN(kept, limit));
}

static char *
groups_of(const FiscNation *nation, const char *entity)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < nation->groups->len; i++) {
        const FiscGroup *group = nation->groups->pdata[i];
        if (g_ptr_array_find_with_equal_func(group->members, entity, g_str_equal, NULL)) {
            g_string_append_printf(text, "%s%s", text->len > 0 ? " " : "", group->code);
        }
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* The units as they are this month. */
static bool
load_today(FiscContext *ctx, FiscNation **out_nation, GError **error)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    if (!fisc_flow_load_nation(ctx, out_nation, error)) {
        return false;
    }
    fisc_nation_at(*out_nation, g_date_time_get_year(now) * 100 + g_date_time_get_month(now));
    return true;
}

static void
add_texts(FiscTable *table, const char *const *texts)
{
    FiscRow *row = fisc_table_add_row(table);
    for (guint i = 0; i < table->columns->len; i++) {
        if (texts[i] != NULL && *texts[i] != '\0') {
            fisc_table_set_text(table, row, (int)i, texts[i]);
        }
    }
}

bool
fisc_flow_entity_list(FiscContext *ctx, const FiscPage *page, FiscTable **out_table,
                      char **out_next, GError **error)
{
    g_autoptr(FiscNation) nation = NULL;
    g_autoptr(GArray) candidates = g_array_new(FALSE, FALSE, sizeof(Candidate));
    if (!load_today(ctx, &nation, error)) {
        return false;
    }
    for (guint i = 0; i < nation->entities->len; i++) {
        const FiscEntity *entity = nation->entities->pdata[i];
        Candidate candidate = {entity->code, entity->name, entity};
        g_array_append_val(candidates, candidate);
    }
    cut_page(candidates, page, out_next);
    FiscTable *table = fisc_table_new("entities", "Units", 0);
    fisc_browse_columns(table, "entity,name,sector,cp_code,reporting,currency,groups");
    for (guint i = 0; i < candidates->len; i++) {
        const FiscEntity *entity = g_array_index(candidates, Candidate, i).what;
        g_autofree char *groups = groups_of(nation, entity->code);
        const char *const texts[] = {entity->code,
                                     entity->name,
                                     entity->sector,
                                     entity->cp_code,
                                     entity->reporting ? "Y" : "N",
                                     entity->currency,
                                     groups};
        add_texts(table, texts);
    }
    *out_table = table;
    return true;
}

bool
fisc_flow_group_list(FiscContext *ctx, const FiscPage *page, FiscTable **out_table, char **out_next,
                     GError **error)
{
    g_autoptr(FiscNation) nation = NULL;
    g_autoptr(GArray) candidates = g_array_new(FALSE, FALSE, sizeof(Candidate));
    if (!load_today(ctx, &nation, error)) {
        return false;
    }
    for (guint i = 0; i < nation->groups->len; i++) {
        const FiscGroup *group = nation->groups->pdata[i];
        Candidate candidate = {group->code, group->name, group};
        g_array_append_val(candidates, candidate);
    }
    cut_page(candidates, page, out_next);
    FiscTable *table = fisc_table_new("groups", "Groups of units", 0);
    fisc_browse_columns(table, "group,name,members");
    for (guint i = 0; i < candidates->len; i++) {
        const FiscGroup *group = g_array_index(candidates, Candidate, i).what;
        g_autoptr(GString) members = g_string_new(NULL);
        for (guint k = 0; k < group->members->len; k++) {
            g_string_append_printf(members, "%s%s", k > 0 ? " " : "",
                                   (const char *)group->members->pdata[k]);
        }
        const char *const texts[] = {group->code, group->name, members->str};
        add_texts(table, texts);
    }
    *out_table = table;
    return true;
}

/* Codes ---------------------------------------------------------------------------------------- */

bool
fisc_flow_account_list(FiscContext *ctx, const FiscPage *page, FiscTable **out_table,
                       char **out_next, GError **error)
{
    g_auto(FiscPageRows) rows = {.table = fisc_table_new("accounts", "Chart of accounts", 0)};
    fisc_browse_columns(rows.table, "account,name,class,gfs,stage");
    if (!fisc_browse_ask(ctx, page, FISC_SQL_LEDGER_BROWSE_ACCOUNTS,
                         FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(page->after),
                                   fisc_browse_words(page), fisc_int4(fisc_browse_limit(page) + 1)),
                         &rows, error)) {
        return false;
    }
    fill_texts(&rows, out_table, out_next);
    return true;
}

/* Codes of the classifications that the program ships have names nobody has to register. */
static void
name_codes(FiscTable *table, FiscDimension dimension)
{
    if (dimension != FISC_DIM_FUNCTION && dimension != FISC_DIM_GFS) {
        return;
    }
    for (guint i = 0; i < table->rows->len; i++) {
        FiscRow *row = table->rows->pdata[i];
        const char *label = fisc_gfs_label(row->cells[0].text);
        if (!row->cells[1].is_set && *label != '\0') {
            fisc_table_set_text(table, row, 1, label);
        }
    }
}

bool
fisc_flow_segment_list(FiscContext *ctx, FiscDimension dimension, const char *entity,
                       const FiscPage *page, FiscTable **out_table, char **out_next, GError **error)
{
    const char *column = fisc_dimension_column(dimension);
    g_autofree char *title = g_strdup_printf("Codes of %s", column);
    g_auto(FiscPageRows) rows = {.table = fisc_table_new("segments", title, 0)};
    fisc_browse_columns(rows.table, "code,name,parent");
    if (!fisc_browse_ask(ctx, page, FISC_SQL_LEDGER_BROWSE_SEGMENTS,
                         FISC_ARGS(fisc_int4(ctx->book_id), fisc_int4((int32_t)dimension + 1),
                                   fisc_text(column), fisc_text(entity), fisc_text(page->after),
                                   fisc_browse_words(page), fisc_int4(fisc_browse_limit(page) + 1)),
                         &rows, error)) {
        return false;
    }
    fill_texts(&rows, out_table, out_next);
    name_codes(*out_table, dimension);
    return true;
}

/* Budget lines --------------------------------------------------------------------------------- */

static const FiscDimension line_dimensions[] = {
    FISC_DIM_FUNCTION, FISC_DIM_GFS,     FISC_DIM_SECTION, FISC_DIM_PROGRAMME, FISC_DIM_ECONOMIC,
    FISC_DIM_FUND,     FISC_DIM_PROJECT, FISC_DIM_REGION,  FISC_DIM_SOURCE,    FISC_DIM_LAYER,
};

/* The key of a line is its codes; an empty array when there is none. */
static bool
line_key(const FiscPage *page, FiscArg *out_arg, GError **error)
{
    if (page->after == NULL) {
        *out_arg = fisc_text_array(NULL, 0);
        return true;
    }
    g_auto(GStrv) codes = g_strsplit(page->after, DIMS_SEPARATOR, -1);
    if (g_strv_length(codes) != FISC_DIM_COUNT) {
        return fisc_fail(error, FISC_ERROR_USAGE, "this is no key of a budget line");
    }
    *out_arg = fisc_text_array((const char *const *)codes, FISC_DIM_COUNT);
    return true;
}

static void
add_line(FiscTable *table, const FiscRows *rows, int at)
{
    int count = 0;
    g_auto(GStrv) codes = fisc_rows_text_array(rows, at, 0, &count);
    FiscRow *row = fisc_table_add_row(table);
    int column = 0;
    for (guint i = 0; i < G_N_ELEMENTS(line_dimensions); i++, column++) {
        const char *code = (int)line_dimensions[i] < count ? codes[line_dimensions[i]] : "";
        if (*code != '\0') {
            fisc_table_set_text(table, row, column, code);
        }
    }
    const char *label = fisc_gfs_label(FISC_DIM_GFS < count ? codes[FISC_DIM_GFS] : "");
    if (*label != '\0') {
        fisc_table_set_text(table, row, column, label);
    }
    fisc_table_set_amount(table, row, column + 1, fisc_rows_int8(rows, at, 1));
    fisc_table_set_amount(table, row, column + 2, fisc_rows_int8(rows, at, 2));
}

static FiscTable *
line_table(const FiscEntity *entity, int year)
{
    g_autofree char *title = g_strdup_printf("Budget lines of %s, %d", entity->name, year);
    FiscTable *table = fisc_table_new("budget-lines", title, entity->decimals);
    for (guint i = 0; i < G_N_ELEMENTS(line_dimensions); i++) {
        fisc_browse_columns(table, fisc_dimension_column(line_dimensions[i]));
    }
    fisc_browse_columns(table, "name,$appropriated,$available");
    return table;
}

bool
fisc_flow_budget_line_list(FiscContext *ctx, const char *entity, int year, const FiscPage *page,
                           FiscTable **out_table, char **out_next, GError **error)
{
    g_autoptr(FiscNation) nation = NULL;
    g_auto(FiscPageRows) rows = {NULL};
    const FiscEntity *found = NULL;
    FiscArg key;
    if (!fisc_flow_load_nation(ctx, &nation, error) ||
        !fisc_flow_find_entity(nation, entity, &found, error) || !line_key(page, &key, error) ||
        !fisc_browse_ask(ctx, page, FISC_SQL_LEDGER_BROWSE_BUDGET_LINES,
                         FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(entity), fisc_int4(year), key,
                                   fisc_browse_words(page), fisc_int4(fisc_browse_limit(page) + 1)),
                         &rows, error)) {
        return false;
    }
    rows.table = line_table(found, year);
    for (int i = 0; i < rows.count; i++) {
        add_line(rows.table, rows.rows, i);
    }
    int count = 0;
    g_auto(GStrv) last =
        rows.has_more ? fisc_rows_text_array(rows.rows, rows.count - 1, 0, &count) : NULL;
    *out_next = last != NULL ? g_strjoinv(DIMS_SEPARATOR, last) : NULL;
    *out_table = g_steal_pointer(&rows.table);
    return true;
}
