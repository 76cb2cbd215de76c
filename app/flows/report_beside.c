/* report_beside.c: a report in several columns: periods, moments, standards or units side by side.
 *
 * The words of --beside become columns, each a query of its own; columns of one moment are read
 * from one snapshot. Putting tables side by side is core/formats', what stands in them the
 * builder's. */
#include "app/flows/report_snapshot.h"
#include "fisc/history.h"
#include <string.h>

#define YEARS_MAX 20
#define COLUMNS_MAX 400

typedef struct {
    char *title;
    FiscReportQuery query; /* its words are the chunk's or the caller's */
} Column;

/* A report while its columns are made. */
typedef struct {
    FiscContext *ctx;
    FiscTx *tx; /* one for all columns: they see the same books */
    const FiscReportQuery *query;
    FiscReportWants wants;
    FiscReportBuilder build;
    GArray *columns; /* of Column */
    GStringChunk *chunk;
    bool has_parts; /* the report itself stands last, behind its parts */
    bool has_units; /* members or subsectors: what consolidation takes away stands before it */
    FiscReportSnapshot whole; /* of the report itself, and of whatever columns share it */
    FiscPeriod to;            /* the last period that @whole holds */
    GPtrArray *tables;        /* of FiscTable, by column */
    GPtrArray *titles;        /* of char * */
} Beside;

static void
column_clear(void *pointer)
{
    g_free(((Column *)pointer)->title);
}

static Column *
add_column(Beside *beside, const char *title)
{
    Column column = {.title = g_strdup(title), .query = *beside->query};
    if (g_strcmp0(column.query.comparatives, "restated") == 0) { /* as of the report's own period */
        g_autofree char *at = g_strconcat("restated=", beside->query->period, NULL);
        column.query.comparatives = g_string_chunk_insert_const(beside->chunk, at);
    }
    g_array_append_val(beside->columns, column);
    return &g_array_index(beside->columns, Column, beside->columns->len - 1);
}

static const char *
keep(Beside *beside, const char *text)
{
    return g_string_chunk_insert_const(beside->chunk, text);
}

/* Words ---------------------------------------------------------------------------------------- */

static bool
needs_year(const Beside *beside, const char *word, GError **error)
{
    return strlen(beside->query->period) == 4 ||
           fisc_fail(error, FISC_ERROR_USAGE, "--beside %s divides a year: --period 2024", word);
}

static bool
add_parts_of_year(Beside *beside, const char *word, GError **error)
{
    bool is_quarters = strcmp(word, "quarters") == 0;
    if (!needs_year(beside, word, error)) {
        return false;
    }
    for (int part = 1; part <= (is_quarters ? 4 : 12); part++) {
        g_autofree char *period =
            g_strdup_printf(is_quarters ? "%s-Q%d" : "%s-%02d", beside->query->period, part);
        add_column(beside, period)->query.period = keep(beside, period);
    }
    beside->has_parts = true;
    return true;
}

static bool
add_years(Beside *beside, const char *value, GError **error)
{
    guint64 years = 0;
    if (strstr(beside->query->period, "..") != NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "--beside years=N goes with one period: 2024-Q3");
    }
    if (!g_ascii_string_to_unsigned(value, 10, 1, YEARS_MAX, &years, NULL)) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "--beside years=N: N is a number from 1 to %d, not \"%s\"", YEARS_MAX,
                         value);
    }
    for (int i = 1; i <= (int)years; i++) {
        g_autofree char *period = g_strdup_printf("%04d%s", fisc_period_year(beside->whole.to) - i,
                                                  beside->query->period + 4);
        add_column(beside, period)->query.period = keep(beside, period);
    }
    return true;
}

/* "as-of=2024-03-31": one column that differs in one word. */
static bool
add_other(Beside *beside, const char *name, const char *value, GError **error)
{
    static const struct {
        const char *name, *title;
        gsize member;
    } others[] = {
        {"period", "%s", G_STRUCT_OFFSET(FiscReportQuery, period)},
        {"unit", "%s", G_STRUCT_OFFSET(FiscReportQuery, unit)},
        {"as-of", "as of %s", G_STRUCT_OFFSET(FiscReportQuery, as_of)},
        {"known-at", "known at %s", G_STRUCT_OFFSET(FiscReportQuery, known_at)},
        {"rules-at", "rules at %s", G_STRUCT_OFFSET(FiscReportQuery, rules_at)},
        {"standard", "%s", G_STRUCT_OFFSET(FiscReportQuery, standard)},
    };
    for (guint i = 0; i < G_N_ELEMENTS(others); i++) {
        if (strcmp(others[i].name, name) == 0) {
            g_auto(GStrv) words = g_strsplit(others[i].title, "%s", 2);
            g_autofree char *title = g_strconcat(words[0], value, words[1], NULL);
            Column *column = add_column(beside, title);
            G_STRUCT_MEMBER(const char *, &column->query, others[i].member) = keep(beside, value);
            return true;
        }
    }
    return fisc_fail(error, FISC_ERROR_USAGE,
                     "--beside \"%s\" is none of quarters, months, members, subsectors, years=N, "
                     "period=P, unit=U, as-of=D, known-at=B, rules-at=B, standard=S",
                     name);
}

static bool
read_word(Beside *beside, const char *word, GError **error)
{
    const char *equals = strchr(word, '=');
    if (strcmp(word, "quarters") == 0 || strcmp(word, "months") == 0) {
        return add_parts_of_year(beside, word, error);
    }
    if (strcmp(word, "members") == 0 || strcmp(word, "subsectors") == 0) {
        beside->has_parts = beside->has_units = true;
        return beside->query->unit != NULL ||
               fisc_fail(error, FISC_ERROR_USAGE, "--beside %s needs a group: --unit G", word);
    }
    if (equals == NULL || equals[1] == '\0') {
        return add_other(beside, word, "", error);
    }
    g_autofree char *name = g_strndup(word, (gsize)(equals - word));
    return strcmp(name, "years") == 0 ? add_years(beside, equals + 1, error)
                                      : add_other(beside, name, equals + 1, error);
}

/* Units ---------------------------------------------------------------------------------------- */

static void
add_unit(Beside *beside, const char *unit)
{
    add_column(beside, unit)->query.unit = keep(beside, unit);
}

static bool
add_members(Beside *beside, GError **error)
{
    const FiscNation *nation = beside->whole.nation;
    const FiscGroup *group = fisc_nation_group(nation, beside->query->unit);
    for (guint i = 0; group != NULL && i < group->members->len; i++) {
        const FiscEntity *entity = fisc_nation_entity(nation, group->members->pdata[i]);
        if (entity != NULL && entity->reporting) {
            add_unit(beside, entity->code);
        }
    }
    return group != NULL || fisc_fail(error, FISC_ERROR_USAGE, "\"%s\" is no group with members",
                                      beside->query->unit);
}

/* The subsectors of the public sector, GFSM 2014, chapter 2: a unit is of the first that it has. */
static const struct {
    const char *sector, *name;
} subsectors[] = {
    {"S13111", "Budgetary central government"},
    {"S13112", "Extrabudgetary central government"},
    {"S1314", "Social security funds"},
    {"S1312", "State governments"},
    {"S1313", "Local governments"},
    {"S11001", "Public nonfinancial corporations"},
    {"S12", "Public financial corporations"},
};

static int
subsector_of(const char *sector)
{
    g_auto(GStrv) words = g_strsplit(sector, "+", -1);
    for (guint i = 0; i < G_N_ELEMENTS(subsectors); i++) {
        for (char **word = words; *word != NULL; word++) {
            if (g_str_has_prefix(*word, subsectors[i].sector)) {
                return (int)i;
            }
        }
    }
    return -1;
}

static bool
is_of_subsector(const char *sector, gconstpointer data)
{
    return subsector_of(sector) == GPOINTER_TO_INT(data);
}

/* Groups of the snapshot alone, which nobody else sees. */
static bool
add_subsectors(Beside *beside, GError **error)
{
    FiscReportSnapshot *whole = &beside->whole;
    g_autoptr(GHashTable) members = fisc_nation_perimeter(whole->nation, beside->query->unit);
    if (members == NULL) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "no entity or group has the code \"%s\"",
                         beside->query->unit);
    }
    for (int i = 0; i < (int)G_N_ELEMENTS(subsectors); i++) {
        const FiscGroup *group = fisc_nation_add_group_of(
            whole->nation, subsectors[i].sector, subsectors[i].name, beside->query->unit,
            whole->from, whole->to, is_of_subsector, GINT_TO_POINTER(i));
        if (group->members->len > 0) {
            add_unit(beside, subsectors[i].sector);
        }
    }
    return true;
}

static bool
add_units(Beside *beside, GError **error)
{
    g_auto(GStrv) words = g_strsplit(beside->query->beside, ",", -1);
    for (char **word = words; *word != NULL; word++) {
        if ((strcmp(*word, "members") == 0 && !add_members(beside, error)) ||
            (strcmp(*word, "subsectors") == 0 && !add_subsectors(beside, error))) {
            return false;
        }
    }
    return true;
}

/* Building ------------------------------------------------------------------------------------- */

/* What units and groups are may differ from month to month. */
static bool
is_dated(const Beside *beside)
{
    g_autoptr(GPtrArray) history = fisc_nation_facts(beside->whole.nation, "history");
    g_autoptr(GPtrArray) memberships = fisc_nation_facts(beside->whole.nation, "membership");
    return history->len + memberships->len > 0 || fisc_report_has_lens(beside->query);
}

/* Only the balances of the report's own unit are there. */
static bool
is_inside(const Beside *beside, const char *unit)
{
    const FiscNation *nation = beside->whole.nation;
    const char *main = beside->query->unit;
    if (main == NULL || g_strcmp0(unit, main) == 0) {
        return true;
    }
    g_autoptr(GHashTable) all = fisc_nation_perimeter(nation, main);
    g_autoptr(GHashTable) some = unit != NULL ? fisc_nation_perimeter(nation, unit) : NULL;
    GHashTableIter iterator;
    void *entity = NULL;
    bool is_there = all != NULL && some != NULL;
    if (is_there) {
        g_hash_table_iter_init(&iterator, some);
        while (is_there && g_hash_table_iter_next(&iterator, &entity, NULL)) {
            is_there = g_hash_table_contains(all, entity);
        }
    }
    return is_there;
}

/* Where units are dated, each period is read for itself. */
static bool
is_shared(const Beside *beside, const FiscReportSnapshot *words)
{
    const FiscReportQuery *query = words->query, *main = beside->query;
    bool is_same_moment = g_strcmp0(query->as_of, main->as_of) == 0 &&
                          g_strcmp0(query->known_at, main->known_at) == 0 &&
                          g_strcmp0(query->rules_at, main->rules_at) == 0;
    bool is_same_period = words->from == beside->whole.from && words->to == beside->whole.to;
    return is_same_moment && is_inside(beside, query->unit) && words->to <= beside->to &&
           (is_same_period || !is_dated(beside));
}

static bool
build_from(Beside *beside, FiscReportSnapshot *snapshot, GError **error)
{
    FiscTable *table = NULL;
    if (!beside->build(snapshot, &table, error)) {
        return false;
    }
    for (guint i = 0; i < snapshot->notes->len; i++) {
        fisc_table_add_note(table, "%s", (const char *)snapshot->notes->pdata[i]);
    }
    fisc_report_key_cells(snapshot->query, table);
    g_ptr_array_add(beside->tables, table);
    return true;
}

static bool
build_column(Beside *beside, const Column *column, GError **error)
{
    g_auto(FiscReportSnapshot) own = {0};
    if (!fisc_report_read_words(&column->query, &own, error)) {
        return false;
    }
    g_ptr_array_add(beside->titles, g_strdup(column->title));
    if (is_shared(beside, &own)) {
        FiscReportSnapshot view = beside->whole;
        view.query = own.query;
        view.from = own.from;
        view.to = own.to;
        return build_from(beside, &view, error);
    }
    return fisc_report_read(beside->tx, beside->ctx, beside->wants, &own, error) &&
           build_from(beside, &own, error);
}

/* Entries of period 13 are in no month; they have a column when there are any. */
static void
add_period_13(Beside *beside)
{
    const GArray *rows = beside->whole.balances->rows;
    const char *year = beside->query->period;
    for (guint i = 0; i < rows->len; i++) {
        if (g_array_index(rows, FiscBalance, i).period == beside->whole.from + 13) {
            g_autofree char *period = g_strconcat(year, "-13", NULL);
            add_column(beside, period)->query.period = keep(beside, period);
            return;
        }
    }
}

static const char *
title_of_report(const Beside *beside)
{
    const FiscReportQuery *query = beside->query;
    if (beside->has_units) {
        return query->unit;
    }
    if (strstr(query->beside, "standard=") != NULL) {
        return query->standard != NULL ? query->standard : "gfsm2014";
    }
    return strncmp(query->beside, "unit=", 5) == 0 && query->unit != NULL ? query->unit
                                                                          : query->period;
}

/* Differences ---------------------------------------------------------------------------------- */

/* The report itself. */
static guint
guide_of(const Beside *beside)
{
    return beside->has_parts ? beside->tables->len - 1 : 0;
}

/* A part of its own: of every row of all parts, column @plus less the columns in [@from, @to). */
static FiscTable *
subtract(const Beside *beside, guint plus, guint from, guint to)
{
    FiscTable *const *parts = (FiscTable *const *)beside->tables->pdata;
    g_autoptr(FiscTable) all = fisc_table_beside(parts, (const char *const *)beside->titles->pdata,
                                                 beside->tables->len, guide_of(beside));
    const FiscTable *shape = parts[0];
    guint amounts = (all->columns->len - shape->columns->len) / MAX(beside->tables->len - 1, 1);
    amounts = beside->tables->len > 1 ? amounts : 1;
    guint words = shape->columns->len - amounts;
    FiscTable *table = fisc_table_new(shape->name, shape->title, shape->decimals);
    for (guint i = 0; i < shape->columns->len; i++) {
        const FiscColumn *column = &g_array_index(shape->columns, FiscColumn, i);
        fisc_table_add_column(table, column->name, column->kind);
    }
    for (guint i = 0; i < all->rows->len; i++) {
        const FiscRow *row = g_ptr_array_index(all->rows, i);
        if (row->heading) {
            continue;
        }
        FiscRow *made = fisc_table_add_row(table);
        guint word = 0, amount = 0;
        for (guint c = 0; c < shape->columns->len; c++) {
            if (g_array_index(shape->columns, FiscColumn, c).kind == FISC_COLUMN_TEXT) {
                fisc_table_set_text(table, made, (int)c, row->cells[word++].text);
                continue;
            }
            __int128 sum = row->cells[words + plus * amounts + amount].number;
            for (guint part = from; part < to; part++) {
                sum -= row->cells[words + part * amounts + amount].number;
            }
            fisc_table_set_amount(table, made, (int)c, sum);
            amount++;
        }
    }
    return table;
}

/* What consolidation takes away, between the units and the group. */
static void
add_consolidation(Beside *beside)
{
    guint last = beside->tables->len - 1;
    FiscTable *table = subtract(beside, last, 0, last);
    g_ptr_array_insert(beside->tables, (int)last, table);
    g_ptr_array_insert(beside->titles, (int)last, g_strdup("consolidation"));
}

static void
add_changes(Beside *beside)
{
    guint count = beside->tables->len;
    g_autoptr(GPtrArray) made = g_ptr_array_new();
    for (guint i = 1; i < count; i++) {
        g_ptr_array_add(made, subtract(beside, 0, i, i + 1));
    }
    for (guint i = 0; i < made->len; i++) {
        g_ptr_array_add(beside->tables, made->pdata[i]);
        g_ptr_array_add(beside->titles,
                        g_strconcat("change from ", beside->titles->pdata[i + 1], NULL));
    }
}

/* All of it ------------------------------------------------------------------------------------ */

static bool
read_words(Beside *beside, GError **error)
{
    g_auto(GStrv) words = g_strsplit(beside->query->beside, ",", -1);
    if (!fisc_report_read_words(beside->query, &beside->whole, error)) {
        return false;
    }
    for (char **word = words; *word != NULL; word++) {
        if (!read_word(beside, *word, error)) {
            return false;
        }
    }
    if (beside->query->change && beside->has_parts) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "--change compares; parts of a whole are not compared with it");
    }
    return true;
}

/* Units as they are at the end of the report's own period, not of a later column's. */
static bool
read_own_period(Beside *beside, GError **error)
{
    fisc_report_snapshot_clear(&beside->whole);
    beside->to = beside->whole.to;
    return fisc_report_read(beside->tx, beside->ctx, beside->wants, &beside->whole, error);
}

/* All that columns of the same moment may want, at once. */
static bool
read_whole(Beside *beside, GError **error)
{
    beside->to = beside->whole.to;
    for (guint i = 0; i < beside->columns->len; i++) {
        FiscPeriod from, to;
        const char *period = g_array_index(beside->columns, Column, i).query.period;
        if (fisc_period_span_parse(period, &from, &to)) {
            beside->to = MAX(beside->to, to);
        }
    }
    FiscPeriod to = beside->whole.to;
    beside->whole.to = fisc_report_has_lens(beside->query) ? to : beside->to;
    bool is_read = fisc_report_read(beside->tx, beside->ctx, beside->wants, &beside->whole, error);
    beside->to = beside->whole.to;
    beside->whole.to = to;
    if (is_read && beside->to > to && is_dated(beside)) {
        return read_own_period(beside, error);
    }
    return is_read;
}

static bool
build_columns(Beside *beside, GError **error)
{
    Column whole = {.title = (char *)title_of_report(beside), .query = *beside->query};
    if (!beside->has_parts && !build_column(beside, &whole, error)) {
        return false;
    }
    for (guint i = 0; i < beside->columns->len; i++) {
        if (!build_column(beside, &g_array_index(beside->columns, Column, i), error)) {
            return false;
        }
    }
    return !beside->has_parts || build_column(beside, &whole, error);
}

static bool
make(Beside *beside, FiscTable **out_table, GError **error)
{
    if (!read_words(beside, error) || !read_whole(beside, error) || !add_units(beside, error)) {
        return false;
    }
    if (beside->has_parts && !beside->has_units) {
        add_period_13(beside);
    }
    if (beside->columns->len > COLUMNS_MAX) {
        return fisc_fail(error, FISC_ERROR_USAGE, "%u columns are too many: at most %d",
                         beside->columns->len, COLUMNS_MAX);
    }
    if (!build_columns(beside, error)) {
        return false;
    }
    if (beside->has_units) {
        add_consolidation(beside);
    }
    if (beside->query->change) {
        add_changes(beside);
    }
    *out_table = fisc_table_beside((FiscTable *const *)beside->tables->pdata,
                                   (const char *const *)beside->titles->pdata, beside->tables->len,
                                   guide_of(beside));
    return true;
}

bool
fisc_report_beside(FiscContext *ctx, const FiscReportQuery *query, FiscReportWants wants,
                   FiscReportBuilder build_one, FiscReportSnapshot *out_snapshot,
                   FiscTable **out_table, GError **error)
{
    if (wants != FISC_REPORT_BALANCES) {
        return fisc_fail(error, FISC_ERROR_USAGE, "report %s has one column: leave out --beside",
                         query->name);
    }
    g_autoptr(FiscTx) tx = NULL;
    if (!fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error)) {
        return false;
    }
    Beside beside = {.ctx = ctx, .tx = tx, .query = query, .wants = wants, .build = build_one};
    beside.columns = g_array_new(FALSE, TRUE, sizeof(Column));
    g_array_set_clear_func(beside.columns, column_clear);
    beside.chunk = g_string_chunk_new(256);
    beside.tables = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_table_free);
    beside.titles = g_ptr_array_new_with_free_func(g_free);
    bool is_made = make(&beside, out_table, error) && fisc_tx_commit(g_steal_pointer(&tx), error);
    *out_snapshot = beside.whole;
    g_ptr_array_unref(beside.titles);
    g_ptr_array_unref(beside.tables);
    g_string_chunk_free(beside.chunk);
    g_array_unref(beside.columns);
    return is_made;
}
