/* report_dossier.c: a report bound for a reader: its statements one by one, with their charts and
 * what they were made from; and rendering it. */
#include "app/flows/internal.h"
#include "app/flows/report_snapshot.h"
#include "fisc/dossier.h"
#include "reporting/completeness.h"
#include "reporting/layout.h"
#include "reporting/graphs.h"
#include <string.h>

/* The part of the public sector that holds all of them: the words that their sectors begin with. */
static char *
common_sector(const FiscNation *nation, const char *unit)
{
    g_autoptr(GHashTable) members = unit != NULL ? fisc_nation_perimeter(nation, unit) : NULL;
    g_autofree char *common = NULL;
    for (guint i = 0; members != NULL && i < nation->entities->len; i++) {
        const FiscEntity *entity = g_ptr_array_index(nation->entities, i);
        if (!g_hash_table_contains(members, entity->code)) {
            continue;
        }
        g_auto(GStrv) words = g_strsplit(entity->sector, "+", 2);
        const char *sector = words[0] != NULL ? words[0] : "";
        if (common == NULL) {
            common = g_strdup(sector);
        }
        size_t same = 0;
        while (common[same] != '\0' && common[same] == sector[same]) {
            same++;
        }
        common[same] = '\0';
    }
    return g_steal_pointer(&common);
}

/* Of the perimeter's units; "" where they have several, or none. */
static char *
common_currency(const FiscNation *nation, const FiscReportQuery *query)
{
    g_autoptr(GHashTable) members =
        query->unit != NULL ? fisc_nation_perimeter(nation, query->unit) : NULL;
    const char *currency = query->currency;
    for (guint i = 0; currency == NULL && i < nation->entities->len; i++) {
        const FiscEntity *entity = g_ptr_array_index(nation->entities, i);
        if (members == NULL || g_hash_table_contains(members, entity->code)) {
            currency = entity->currency;
        }
    }
    return g_strdup(currency != NULL ? currency : "");
}

static const char *
name_of(const FiscNation *nation, const char *unit)
{
    const FiscGroup *group = fisc_nation_group(nation, unit);
    const FiscEntity *entity = fisc_nation_entity(nation, unit);
    return group != NULL ? group->name : entity != NULL ? entity->name : "every unit";
}

static const char *
publisher_field(const FiscNation *nation, const char *field)
{
    g_autoptr(GPtrArray) publishers = fisc_nation_facts(nation, "publisher");
    return publishers->len > 0 ? fisc_fact_field(publishers->pdata[0], field) : "";
}

static void
fill_scope(FiscDossierScope *scope, const FiscReportSnapshot *snapshot)
{
    const FiscReportQuery *query = snapshot->query;
    const FiscNation *nation = snapshot->nation;
    scope->report = g_strdup(query->name);
    scope->unit = g_strdup(query->unit != NULL ? query->unit : "");
    scope->name = g_strdup(name_of(nation, query->unit));
    scope->sector = common_sector(nation, query->unit);
    scope->area = g_strdup(publisher_field(nation, "area"));
    scope->currency = common_currency(nation, query);
    scope->standard = g_strdup(query->standard != NULL ? query->standard : "gfsm2014");
    scope->from = snapshot->from;
    scope->to = snapshot->to;
    scope->unconsolidated = query->unconsolidated;
    scope->batch_no = snapshot->balances->batch_no;
}

/* "provisional: 2,500 of 2,605 units"; NULL where nothing is due. */
static char *
completeness_words(const FiscReportSnapshot *snapshot)
{
    FiscCompleteness completeness;
    return fisc_statement_completeness(snapshot->nation, snapshot->balances, snapshot->query->unit,
                                       snapshot->from, snapshot->to, &completeness, NULL)
               ? fisc_completeness_words(&completeness)
               : NULL;
}

/* When the books were as they are shown. */
static bool
moment_words(FiscContext *ctx, int64_t batch_no, char **out_words, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) ||
        !fisc_tx_query(tx, FISC_SQL_REPORTING_BATCH_TIME,
                       FISC_ARGS(fisc_int4(ctx->book_id), fisc_int8(batch_no)), &rows, error) ||
        !fisc_tx_commit(g_steal_pointer(&tx), error)) {
        return false;
    }
    bool is_known = fisc_rows_count(rows) > 0;
    *out_words =
        g_strdup_printf("batch %" G_GINT64_FORMAT "%s%s%s", batch_no, is_known ? ", posted " : "",
                        is_known ? fisc_rows_text(rows, 0, 0) : "", is_known ? " UTC" : "");
    return true;
}

/* Facts: what a reader needs to ask again for the same figures. */
static bool
add_facts(FiscContext *ctx, FiscDossier *dossier, const FiscReportSnapshot *snapshot,
          GError **error)
{
    const FiscReportQuery *query = snapshot->query;
    char layouts[FISC_HASH_TEXT] = "";
    g_autofree char *known = NULL;
    g_autofree char *completeness = completeness_words(snapshot);
    if (!moment_words(ctx, dossier->scope.batch_no, &known, error) ||
        !fisc_layout_digest(snapshot->nation, query->standard, query->layout, layouts, error)) {
        return false;
    }
    const char *const facts[][2] = {
        {"Publisher", publisher_field(snapshot->nation, "name")},
        {"Unit", dossier->scope.name},
        {"Period", query->period},
        {"Currency", dossier->scope.currency},
        {"Books", known},
        {"Effective by", query->as_of},
        {"Rules as of batch", query->rules_at},
        {"Consolidation", query->unconsolidated ? "none: members are added up" : NULL},
        {"Completeness", completeness},
        {"Layouts", layouts},
        {"Program", "fisc " FISC_VERSION},
    };
    for (guint i = 0; i < G_N_ELEMENTS(facts); i++) {
        if (facts[i][1] != NULL && *facts[i][1] != '\0') {
            fisc_dossier_add_fact(dossier, facts[i][0], facts[i][1]);
        }
    }
    return true;
}

bool
fisc_flow_dossier(FiscContext *ctx, const FiscReportQuery *query, FiscDossier **out_dossier,
                  GError **error)
{
    g_auto(FiscReportSnapshot) snapshot = {0};
    FiscTable *table = NULL;
    const FiscReportQuery whole = fisc_report_complete(query);
    if (!fisc_report_make(ctx, &whole, &snapshot, &table, error)) {
        return false;
    }
    g_autoptr(FiscDossier) dossier = fisc_dossier_from_table(table);
    if (query->language != NULL) {
        fisc_dossier_translate(dossier, query->language);
    }
    fill_scope(&dossier->scope, &snapshot);
    FiscStatementQuery statement = fisc_report_statement_query(&snapshot, query->unit);
    fisc_graphs_add(dossier, &statement);
    if (!add_facts(ctx, dossier, &snapshot, error)) {
        return false;
    }
    *out_dossier = g_steal_pointer(&dossier);
    return true;
}

const char *const *
fisc_flow_dossier_formats(void)
{
    enum { FORMATS_MAX = 16 };
    static const char *names[2 * FORMATS_MAX + 1];
    int count = 0;
    for (const FiscDossierFormat *format = fisc_dossier_formats(); format->name != NULL; format++) {
        g_assert(count < FORMATS_MAX);
        names[2 * count] = format->name;
        names[2 * count + 1] = format->meaning;
        count++;
    }
    return names;
}

bool
fisc_flow_dossier_is_binary(const char *format)
{
    const FiscDossierFormat *found = fisc_dossier_format(format);
    return found != NULL && found->is_binary;
}

bool
fisc_flow_render(const FiscDossier *dossier, const char *format, GString *out, GError **error)
{
    const FiscDossierFormat *found = fisc_dossier_format(format);
    if (found == NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "there is no format \"%s\" for reports", format);
    }
    return found->render(dossier, out, error);
}
