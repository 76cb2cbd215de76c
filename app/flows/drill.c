/* drill.c: walk 4, the other way: from a figure back to what it was made of.
 *
 * The key of a figure asks its report again, word by word; the report's builder is then listened
 * to (reporting/drill.c) instead of printed, and the lines behind what it counts are read in the
 * same snapshot. With the published files at hand, each entry is held against the row that made it.
 */
#include "app/flows/report_snapshot.h"
#include "fisc/drill.h"
#include "fisc/package.h"
#include <string.h>

/* Files that are read again. */
typedef struct {
    FiscPackage *package;
    GHashTable *origins; /* "source NUL reference" as words -> FiscDrillOrigin */
} Files;

static void
files_clear(Files *files)
{
    g_clear_pointer(&files->origins, g_hash_table_unref);
    fisc_package_free(files->package);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Files, files_clear)

static char *
origin_key(const char *source, const char *reference)
{
    return g_strdup_printf("%s\x1f%s", source, reference);
}

static void
index_step(GHashTable *origins, const FiscSubmission *submission)
{
    for (guint i = 0; i < submission->entries->len; i++) {
        const FiscEntry *entry = submission->entries->pdata[i];
        FiscDrillOrigin *origin = g_new(FiscDrillOrigin, 1);
        *origin = (FiscDrillOrigin){entry->file, entry->row, entry->digest};
        g_hash_table_replace(origins, origin_key(submission->source, entry->reference), origin);
    }
}

/* As `fisc load` reads them; what it would refuse cannot be what was loaded. */
static bool
read_files(const char *dir, const FiscNation *nation, const char *actor, Files *files,
           GError **error)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    if (!fisc_package_read(dir, nation, actor, &files->package, refusals, error)) {
        return false;
    }
    if (files->package == NULL) {
        g_autofree char *why = fisc_refusal_to_text(refusals->pdata[0], 2);
        return fisc_fail(error, FISC_ERROR_USAGE, "%s cannot be read as a package: %s", dir, why);
    }
    files->origins = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (guint i = 0; i < files->package->steps->len; i++) {
        const FiscPackageStep *step = files->package->steps->pdata[i];
        index_step(files->origins, step->submission);
    }
    return true;
}

static const FiscDrillOrigin *
find_origin(const char *source, const char *reference, gpointer data)
{
    const Files *files = data;
    g_autofree char *key = origin_key(source, reference);
    return g_hash_table_lookup(files->origins, key);
}

/* The figure -------------------------------------------------------------------------------------
 */

static bool
drill_statement(const FiscReportSnapshot *snapshot, const FiscCellKey *key, FiscDrill **out_drill,
                GError **error)
{
    FiscStatementQuery query = fisc_report_statement_query(snapshot, snapshot->query->unit);
    return fisc_drill_statement(&query, key->part, key->row, out_drill, error);
}

static bool
drill_layout(const FiscReportSnapshot *snapshot, const FiscCellKey *key, FiscDrill **out_drill,
             GError **error)
{
    FiscStatementQuery query = fisc_report_statement_query(snapshot, snapshot->query->unit);
    query.layout = key->part;
    return fisc_drill_statement(&query, key->part, key->row, out_drill, error);
}

static bool
drill_trial_balance(const FiscReportSnapshot *snapshot, const FiscCellKey *key,
                    FiscDrill **out_drill, GError **error)
{
    FiscStatementQuery query = fisc_report_statement_query(snapshot, snapshot->query->unit);
    return fisc_drill_trial_balance(&query, key->part, key->row, out_drill, error);
}

static bool
drill_stages(const FiscReportSnapshot *snapshot, const FiscCellKey *key, FiscDrill **out_drill,
             GError **error)
{
    FiscStatementQuery query = fisc_report_statement_query(snapshot, snapshot->query->unit);
    return fisc_drill_stages(&query, key->part, key->row, snapshot->query->revenue, out_drill,
                             error);
}

static bool
drill_pivot(const FiscReportSnapshot *snapshot, const FiscCellKey *key, FiscDrill **out_drill,
            GError **error)
{
    FiscStatementQuery query = fisc_report_statement_query(snapshot, snapshot->query->unit);
    return fisc_drill_pivot(&query, key->part, key->row, snapshot->query->where, out_drill, error);
}

static const struct {
    const char *report;
    bool (*drill)(const FiscReportSnapshot *snapshot, const FiscCellKey *key, FiscDrill **out_drill,
                  GError **error);
} drills[] = {
    {FISC_CELL_STATEMENT, drill_statement},
    {FISC_CELL_LAYOUT, drill_layout},
    {"trial-balance", drill_trial_balance},
    {"budget-stages", drill_stages},
    {"pivot", drill_pivot},
};

static bool
find_figure(const FiscReportSnapshot *snapshot, const FiscCellKey *key, FiscDrill **out_drill,
            GError **error)
{
    for (guint i = 0; i < G_N_ELEMENTS(drills); i++) {
        if (strcmp(drills[i].report, key->report) == 0) {
            return drills[i].drill(snapshot, key, out_drill, error);
        }
    }
    return fisc_fail(error, FISC_ERROR_USAGE, "figures of \"%s\" are not taken apart by key",
                     key->report);
}

/* The lines --------------------------------------------------------------------------------------
 */

static bool
each_line(const FiscCodingLine *line, void *data, GError **error)
{
    (void)error;
    fisc_drill_table_add(data, line);
    return true;
}

static bool
read_lines(FiscTx *tx, FiscContext *ctx, const FiscReportSnapshot *snapshot, const FiscDrill *drill,
           FiscDrillLevel level, FiscDrillTable *drilled, GError **error)
{
    g_autoptr(GArray) ids = NULL;
    FiscPeriod from, to;
    return !fisc_drill_wants_lines(drill, level, &ids, &from, &to) ||
           fisc_coding_lines_stream(tx, ctx->book_id, ids, from, to, &snapshot->moment, each_line,
                                    drilled, error);
}

/* Units that change, or come and go, are seen through a lens that nobody has to ask for. */
static bool
has_dated_units(const FiscNation *nation)
{
    g_autoptr(GPtrArray) history = fisc_nation_facts(nation, "history");
    g_autoptr(GPtrArray) memberships = fisc_nation_facts(nation, "membership");
    return history->len + memberships->len > 0;
}

static bool
take_apart(FiscTx *tx, FiscContext *ctx, const FiscReportSnapshot *snapshot,
           const FiscDrillQuery *query, const FiscCellKey *key, FiscTable **out_table,
           GError **error)
{
    g_autoptr(FiscDrill) drill = NULL;
    g_auto(Files) files = {NULL, NULL};
    FiscDrillLevel level;
    if (!fisc_drill_level_find(query->to, &level, error) ||
        !find_figure(snapshot, key, &drill, error) ||
        (query->files != NULL &&
         !read_files(query->files, snapshot->nation, ctx->actor, &files, error))) {
        return false;
    }
    drill->is_seen_through_lens =
        fisc_report_has_lens(snapshot->query) || has_dated_units(snapshot->nation);
    g_autoptr(FiscDrillTable) drilled = fisc_drill_table_new(
        drill, level, query->limit, query->files != NULL ? find_origin : NULL, &files);
    return read_lines(tx, ctx, snapshot, drill, level, drilled, error) &&
           fisc_drill_table_take(drilled, out_table, error);
}

/* The files say where rows came from, so they are of that level. */
static bool
check_words(const FiscDrillQuery *query, GError **error)
{
    bool is_of_rows = g_strcmp0(query->to, "rows") == 0;
    return query->files == NULL || is_of_rows ||
           fisc_fail(error, FISC_ERROR_USAGE, "--files is of --to rows");
}

bool
fisc_flow_drill(FiscContext *ctx, const FiscDrillQuery *query, FiscTable **out_table,
                GError **error)
{
    g_auto(FiscCellKey) key = {NULL};
    g_auto(FiscReportSnapshot) snapshot = {0};
    g_autoptr(FiscTx) tx = NULL;
    FiscReportQuery words;
    if (!check_words(query, error) || !fisc_cell_key_parse(query->key, &key, error) ||
        !fisc_report_query_of_key(&key, &words, error) ||
        !fisc_report_read_words(&words, &snapshot, error) ||
        !fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) ||
        !fisc_report_read(tx, ctx, FISC_REPORT_BALANCES, &snapshot, error) ||
        !take_apart(tx, ctx, &snapshot, query, &key, out_table, error)) {
        return false;
    }
    for (guint i = 0; snapshot.notes != NULL && i < snapshot.notes->len; i++) {
        fisc_table_add_note(*out_table, "%s", (const char *)snapshot.notes->pdata[i]);
    }
    return fisc_tx_commit(g_steal_pointer(&tx), error);
}
