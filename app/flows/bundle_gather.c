/* bundle_gather.c: the tables of a bundle, all as known at one batch: reports, transactions and the
 * code lists that explain them. */
#include "app/flows/bundle.h"
#include "fisc/chart.h"
#include "fisc/gfs.h"
#include "fisc/ledger.h"
#include "ledger/head_log.h"
#include "reporting/privacy.h"
#include <string.h>

#define LINE_OF_BUDGET                                                                             \
    "entity,section,programme,economic,cofog,gfs_code,fund,project,region,source_of_finance"

static void
add_file(FiscBundleMaking *making, const char *name, const char *path, const char *title,
         const char *key, FiscTable *table)
{
    g_ptr_array_add(making->files, fisc_bundle_file_new(name, path, title, key, table));
}

static FiscTable *
new_table(const char *name, const char *const *columns, gsize count)
{
    FiscTable *table = fisc_table_new(name, name, 0);
    for (gsize i = 0; i < count; i++) {
        fisc_table_add_column(table, columns[i], FISC_COLUMN_TEXT);
    }
    return table;
}

static void
add_texts(FiscTable *table, const char *const *texts, gsize count)
{
    FiscRow *row = fisc_table_add_row(table);
    for (gsize i = 0; i < count; i++) {
        fisc_table_set_text(table, row, (int)i, texts[i]);
    }
}

/* The moment ----------------------------------------------------------------------------------- */

static bool
find_moment(FiscTx *tx, FiscContext *ctx, FiscBundleMaking *making, GError **error)
{
    bool is_found = fisc_report_known_at(tx, ctx, making->order->known_at, &making->known, error);
    making->scope.batch = making->known.batch;
    making->scope.created = making->known.created;
    return is_found;
}

static void
find_publisher(FiscBundleMaking *making)
{
    g_autoptr(GPtrArray) facts = fisc_nation_facts(making->nation, "publisher");
    const FiscFact *fact = facts->len > 0 ? facts->pdata[0] : NULL;
    making->scope.publisher = fact != NULL ? fisc_fact_field(fact, "name") : "";
    making->scope.area = fact != NULL ? fisc_fact_field(fact, "area") : "";
    making->scope.licence = fact != NULL ? fisc_fact_field(fact, "licence") : "";
    making->scope.contact = fact != NULL ? fisc_fact_field(fact, "contact") : "";
}

/* Transactions --------------------------------------------------------------------------------- */

static const char *const line_columns[] = {"entry",  "line",      "batch",    "date",    "period",
                                           "entity", "reference", "document", "account", "gfs"};

/* The GFS code of a line: 6111, acquired, is 3111.1. "" where the account has no meaning in GFS. */
static void
gfs_of(const FiscNation *nation, const char *code, int flow, int kind, char out[FISC_GFS_CODE])
{
    const FiscAccount *account = fisc_nation_account(nation, code);
    *out = '\0';
    if (account != NULL && account->gfs[0] == '6') {
        fisc_gfs_compose(account->gfs, flow, kind, out);
    } else if (account != NULL) {
        g_strlcpy(out, account->gfs, FISC_GFS_CODE);
    }
}

typedef struct {
    const FiscNation *nation;
    FiscTable *table;
} Lines;

static bool
each_line(FiscRows *row, void *data, GError **error)
{
    (void)error;
    Lines *lines = data;
    char number[3][24], period[FISC_DATE_TEXT], gfs[FISC_GFS_CODE];
    int dims = 0;
    g_auto(GStrv) words = fisc_rows_text_array(row, 0, 11, &dims);
    g_snprintf(number[0], sizeof number[0], "%" G_GINT64_FORMAT, fisc_rows_int8(row, 0, 0));
    g_snprintf(number[1], sizeof number[1], "%d", fisc_rows_int4(row, 0, 1));
    g_snprintf(number[2], sizeof number[2], "%" G_GINT64_FORMAT, fisc_rows_int8(row, 0, 2));
    const char *account = fisc_rows_text(row, 0, 8);
    gfs_of(lines->nation, account, fisc_rows_int4(row, 0, 9), fisc_rows_int4(row, 0, 10), gfs);
    const char *texts[] = {number[0],
                           number[1],
                           number[2],
                           fisc_rows_text(row, 0, 3),
                           fisc_period_format(fisc_rows_int4(row, 0, 4), period),
                           fisc_rows_text(row, 0, 5),
                           fisc_rows_text(row, 0, 6),
                           fisc_rows_text(row, 0, 7),
                           account,
                           gfs};
    const int first = (int)G_N_ELEMENTS(texts);
    add_texts(lines->table, texts, G_N_ELEMENTS(texts));
    FiscRow *made = g_ptr_array_index(lines->table->rows, lines->table->rows->len - 1);
    for (int i = 0; i < FISC_DIM_COUNT && i < dims; i++) {
        fisc_table_set_text(lines->table, made, first + i, words[i]);
    }
    fisc_table_set_text(lines->table, made, first + FISC_DIM_COUNT, fisc_rows_text(row, 0, 13));
    fisc_table_set_amount(lines->table, made, first + FISC_DIM_COUNT + 1,
                          fisc_rows_int8(row, 0, 12));
    return true;
}

/* The entities that keep the books of the unit. Their amounts must have one number of decimals. */
static bool
find_entities(const FiscBundleMaking *making, GPtrArray *codes, int *out_decimals, GError **error)
{
    const char *unit = making->order->unit;
    g_autoptr(GHashTable) members =
        unit != NULL ? fisc_nation_perimeter(making->nation, unit) : NULL;
    if (unit != NULL && members == NULL) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "there is no unit \"%s\"", unit);
    }
    *out_decimals = -1;
    for (guint i = 0; i < making->nation->entities->len; i++) {
        const FiscEntity *entity = g_ptr_array_index(making->nation->entities, i);
        bool is_inside = members == NULL || g_hash_table_contains(members, entity->code);
        if (is_inside && entity->reporting && *out_decimals >= 0 &&
            *out_decimals != entity->decimals) {
            return fisc_fail(error, FISC_ERROR_USAGE,
                             "units of the bundle have currencies with different decimals: publish "
                             "a bundle for each (--unit)");
        }
        *out_decimals = is_inside && entity->reporting ? entity->decimals : *out_decimals;
        if (is_inside) {
            g_ptr_array_add(codes, entity->code);
        }
    }
    *out_decimals = MAX(*out_decimals, 0);
    return true;
}

static FiscTable *
new_lines(int decimals)
{
    FiscTable *table = new_table("transactions", line_columns, G_N_ELEMENTS(line_columns));
    table->decimals = decimals;
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        fisc_table_add_column(table, fisc_dimension_column((FiscDimension)i), FISC_COLUMN_TEXT);
    }
    fisc_table_add_column(table, "memo", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "amount", FISC_COLUMN_AMOUNT);
    return table;
}

static bool
read_transactions(FiscTx *tx, FiscContext *ctx, FiscBundleMaking *making, GError **error)
{
    g_autoptr(GPtrArray) codes = g_ptr_array_new();
    int decimals = 0;
    if (!find_entities(making, codes, &decimals, error)) {
        return false;
    }
    Lines lines = {making->nation, new_lines(decimals)};
    add_file(making, "transactions", "data/transactions.csv",
             "Entries of the books: every financial line, debit positive", "entry,line",
             lines.table);
    return fisc_tx_stream(
        tx, FISC_SQL_REPORTING_TRANSACTIONS,
        FISC_ARGS(fisc_int4(ctx->book_id), fisc_int4(making->scope.from),
                  fisc_int4(making->scope.to), fisc_int8(making->scope.batch),
                  fisc_text_array((const char *const *)codes->pdata, (int)codes->len)),
        each_line, &lines, error);
}

/* Code lists ----------------------------------------------------------------------------------- */

static FiscTable *
list_entities(const FiscNation *nation)
{
    static const char *const columns[] = {"code", "name", "sector", "currency", "has_statements"};
    FiscTable *table = new_table("entities", columns, G_N_ELEMENTS(columns));
    for (guint i = 0; i < nation->entities->len; i++) {
        const FiscEntity *entity = g_ptr_array_index(nation->entities, i);
        const char *texts[] = {entity->code, entity->name, entity->sector, entity->currency,
                               entity->reporting ? "Y" : "N"};
        add_texts(table, texts, G_N_ELEMENTS(texts));
    }
    return table;
}

static FiscTable *
list_groups(const FiscNation *nation)
{
    static const char *const columns[] = {"group", "name", "entity"};
    FiscTable *table = new_table("groups", columns, G_N_ELEMENTS(columns));
    for (guint i = 0; i < nation->groups->len; i++) {
        const FiscGroup *group = g_ptr_array_index(nation->groups, i);
        for (guint k = 0; k < group->members->len; k++) {
            const char *texts[] = {group->code, group->name, group->members->pdata[k]};
            add_texts(table, texts, G_N_ELEMENTS(texts));
        }
    }
    return table;
}

static FiscTable *
list_accounts(const FiscNation *nation)
{
    static const char *const columns[] = {"code", "name", "class", "gfs"};
    FiscTable *table = new_table("accounts", columns, G_N_ELEMENTS(columns));
    for (guint i = 0; i < nation->accounts->len; i++) {
        const FiscAccount *account = g_ptr_array_index(nation->accounts, i);
        const char *texts[] = {account->code, account->name, fisc_class_word(account->class_),
                               account->gfs};
        add_texts(table, texts, G_N_ELEMENTS(texts));
    }
    return table;
}

/* COFOG has the codes that begin with 7; all others are economic. */
static FiscTable *
list_gfs(const char *name, bool is_cofog)
{
    static const char *const columns[] = {"code", "parent", "name"};
    FiscTable *table = new_table(name, columns, G_N_ELEMENTS(columns));
    int count = 0;
    const FiscGfsCode *codes = fisc_gfs_codes(&count);
    for (int i = 0; i < count; i++) {
        const char *texts[] = {codes[i].code, codes[i].parent, codes[i].name};
        if ((codes[i].code[0] == '7') == is_cofog) {
            add_texts(table, texts, G_N_ELEMENTS(texts));
        }
    }
    return table;
}

/* The nation's own codes, "programme/231" on record, with a name and a parent. */
static bool
read_segments(FiscTx *tx, FiscContext *ctx, FiscBundleMaking *making, GError **error)
{
    static const char *const kinds[] = {"segment"};
    static const char *const columns[] = {"segment", "code", "parent", "name"};
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_tx_query(tx, FISC_SQL_LEDGER_MASTERS_KNOWN_AT,
                       FISC_ARGS(fisc_int4(ctx->book_id), fisc_int8(making->scope.batch),
                                 fisc_text_array(kinds, 1)),
                       &rows, error)) {
        return false;
    }
    FiscTable *table = new_table("segments", columns, G_N_ELEMENTS(columns));
    for (int i = 0; i < fisc_rows_count(rows); i++) {
        int count = 0;
        g_auto(GStrv) fields = fisc_rows_text_array(rows, i, 3, &count);
        g_auto(GStrv) subject = g_strsplit(fisc_rows_text(rows, i, 1), "/", 2);
        const char *code = subject[0] != NULL && subject[1] != NULL ? subject[1] : "";
        const char *texts[] = {subject[0], code, "", ""};
        for (int k = 0; k + 1 < count; k += 2) {
            texts[2] = strcmp(fields[k], "parent") == 0 ? fields[k + 1] : texts[2];
            texts[3] = strcmp(fields[k], "name") == 0 ? fields[k + 1] : texts[3];
        }
        add_texts(table, texts, G_N_ELEMENTS(texts));
    }
    add_file(making, "segments", "codes/segments.csv",
             "Programmes, economic classes and other codes of the budget", "segment,code", table);
    return true;
}

static bool
add_code_lists(FiscTx *tx, FiscContext *ctx, FiscBundleMaking *making, GError **error)
{
    const FiscNation *nation = making->nation;
    add_file(making, "entities", "codes/entities.csv", "Units and those they deal with", "code",
             list_entities(nation));
    add_file(making, "groups", "codes/groups.csv", "Groups of units and their members",
             "group,entity", list_groups(nation));
    add_file(making, "accounts", "codes/accounts.csv", "Chart of accounts", "code",
             list_accounts(nation));
    add_file(making, "cofog", "codes/cofog.csv", "Functions of government (COFOG)", "code",
             list_gfs("cofog", true));
    add_file(making, "gfs", "codes/gfs.csv", "Economic classification (GFSM 2014)", "code",
             list_gfs("gfs", false));
    return read_segments(tx, ctx, making, error);
}

/* Reports -------------------------------------------------------------------------------------- */

static bool
add_report(FiscContext *ctx, FiscBundleMaking *making, const FiscReportQuery *words,
           const char *file, const char *path, const char *title, const char *key, GError **error)
{
    FiscReportQuery query = *words;
    FiscTable *table = NULL;
    query.unit = making->order->unit;
    query.period = making->order->period;
    query.known_at = making->known.word;
    if (!fisc_flow_report(ctx, &query, &table, error)) {
        g_prefix_error(error, "%s: ", path);
        return false;
    }
    add_file(making, file, path, title, key, table);
    return true;
}

static bool
add_reports(FiscContext *ctx, FiscBundleMaking *making, GError **error)
{
    const FiscReportQuery spending = {.name = "budget-stages", .by = LINE_OF_BUDGET};
    const FiscReportQuery revenue = {
        .name = "budget-stages", .by = LINE_OF_BUDGET, .revenue = true};
    const FiscReportQuery statements = {.name = "gfs"};
    return add_report(ctx, making, &spending, "budget", "data/budget.csv",
                      "Budget of the year and its execution, by line", LINE_OF_BUDGET, error) &&
           add_report(ctx, making, &revenue, "revenue", "data/revenue.csv",
                      "Revenue budget of the year and its execution, by line", LINE_OF_BUDGET,
                      error) &&
           add_report(ctx, making, &statements, "statements", "data/statements.csv",
                      "Government finance statistics (GFSM 2014)", "statement,unit,code", error);
}

/* All of it ------------------------------------------------------------------------------------ */

static bool
withhold(FiscBundleMaking *making, GError **error)
{
    g_autoptr(FiscPrivacy) privacy = NULL;
    if (!fisc_privacy_new(making->nation, &privacy, error)) {
        return false;
    }
    for (guint i = 0; i < making->files->len; i++) {
        FiscBundleFile *file = g_ptr_array_index(making->files, i);
        if (!fisc_privacy_apply(privacy, file->name, file->table, &file->withheld, error)) {
            return false;
        }
        fisc_bundle_render(file);
    }
    making->rules = fisc_privacy_table(privacy);
    return fisc_table_select(making->rules, "rule,column,action,article", error);
}

bool
fisc_bundle_gather(FiscContext *ctx, FiscBundleMaking *making, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    making->files = g_ptr_array_new_with_free_func(fisc_bundle_file_free);
    if (!fisc_period_range_parse(making->order->period, &making->scope.from, &making->scope.to)) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "--period \"%s\" is none of 2024, 2024-Q3, 2024-06",
                         making->order->period);
    }
    if (!fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) ||
        !find_moment(tx, ctx, making, error) ||
        !fisc_nation_load(tx, ctx->book_id, making->scope.batch, &making->nation, error) ||
        !add_reports(ctx, making, error) || !read_transactions(tx, ctx, making, error) ||
        !add_code_lists(tx, ctx, making, error) || !fisc_tx_commit(g_steal_pointer(&tx), error)) {
        return false;
    }
    find_publisher(making);
    return withhold(making, error);
}

void
fisc_bundle_making_clear(FiscBundleMaking *making)
{
    g_clear_pointer(&making->files, g_ptr_array_unref);
    g_clear_pointer(&making->nation, fisc_nation_free);
    g_clear_pointer(&making->rules, fisc_table_free);
    g_clear_pointer(&making->changes, fisc_table_free);
    fisc_known_at_clear(&making->known);
}
