/* audit_records.c: what of a pack is told by others: reports as known at its batch, and the records
 * that an auditor asks for, as they were then. Names of persons stand outside the chain and stay
 * there. */
#include "app/flows/audit_pack.h"
#include "app/flows/internal.h"
#include "fisc/identity.h"
#include <string.h>

#define READS_AT_ONCE 1000

static void
add_table(FiscAuditPack *pack, const char *path, const char *meaning, const FiscTable *table)
{
    GString *text = g_string_new(NULL);
    fisc_table_render(table, FISC_FORMAT_CSV, text);
    fisc_audit_add(pack, path, meaning, text);
}

/* Reports ------------------------------------------------------------------------------------- */

static bool
add_reports(FiscContext *ctx, FiscAuditPack *pack, GError **error)
{
    static const struct {
        const char *path, *meaning;
        FiscReportQuery query;
    } reports[] = {
        {"reports/trial-balance.csv", "trial balance", {.name = "trial-balance"}},
        {"reports/gfs.csv", "statements of GFSM 2014", {.name = "gfs"}},
        {"reports/budget-execution.csv",
         "budget execution by economic class and function",
         {.name = "budget-execution"}},
        {"reports/budget-stages.csv", "budget lines by stage", {.name = "budget-stages"}},
        {"reports/over-budget.csv",
         "control exceptions: lines on which more is authorized than there is",
         {.name = "budget-stages", .over_only = true}},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(reports); i++) {
        g_autoptr(FiscTable) table = NULL;
        FiscReportQuery query = reports[i].query;
        query.unit = pack->order->unit;
        query.period = pack->order->period;
        query.known_at = pack->known.word;
        if (!fisc_flow_report(ctx, &query, &table, error)) {
            g_prefix_error(error, "%s: ", reports[i].path);
            return false;
        }
        add_table(pack, reports[i].path, reports[i].meaning, table);
    }
    return true;
}

/* Records ------------------------------------------------------------------------------------- */

static FiscTable *
new_table(const char *const *columns)
{
    FiscTable *table = fisc_table_new("records", "Records", 0);
    for (int i = 0; columns[i] != NULL; i++) {
        fisc_table_add_column(table, columns[i], FISC_COLUMN_TEXT);
    }
    return table;
}

static void
add_texts(FiscTable *table, const char *const *texts)
{
    FiscRow *row = fisc_table_add_row(table);
    for (guint i = 0; i < table->columns->len; i++) {
        fisc_table_set_text(table, row, (int)i, texts[i] != NULL ? texts[i] : "");
    }
}

static const char *
value_of(char **fields, int count, const char *name)
{
    for (int k = 0; k + 1 < count; k += 2) {
        if (strcmp(fields[k], name) == 0) {
            return fields[k + 1];
        }
    }
    return NULL;
}

static bool
read_known(FiscTx *tx, FiscContext *ctx, const FiscAuditPack *pack, const char *const *kinds,
           int count, FiscRows **out_rows, GError **error)
{
    return fisc_tx_query(tx, FISC_SQL_LEDGER_MASTERS_KNOWN_AT,
                         FISC_ARGS(fisc_int4(ctx->book_id), fisc_int8(pack->known.batch),
                                   fisc_text_array(kinds, count)),
                         out_rows, error);
}

/* Of the unit, or of the whole book. */
static bool
is_inside(const FiscAuditPack *pack, const char *entity)
{
    return pack->members == NULL || entity == NULL || strcmp(entity, "*") == 0 ||
           g_hash_table_contains(pack->members, entity);
}

/* Each row of a kind, with these of its fields; the first column is its subject. */
static bool
add_kind(FiscTx *tx, FiscContext *ctx, FiscAuditPack *pack, const char *kind,
         const char *const *columns, const char *path, const char *meaning, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    g_autoptr(FiscTable) table = new_table(columns);
    if (!read_known(tx, ctx, pack, &kind, 1, &rows, error)) {
        return false;
    }
    for (int i = 0; i < fisc_rows_count(rows); i++) {
        int count = 0;
        const char *texts[16] = {fisc_rows_text(rows, i, 1)};
        g_auto(GStrv) fields = fisc_rows_text_array(rows, i, 3, &count);
        for (guint k = 1; k < table->columns->len; k++) {
            texts[k] = value_of(fields, count, columns[k]);
        }
        if (is_inside(pack, value_of(fields, count, "entity"))) {
            add_texts(table, texts);
        }
    }
    add_table(pack, path, meaning, table);
    return true;
}

/* Duties: who is who, who may do what, and whose rights should not meet in one hand. */

static void
take_duties(const FiscRows *rows, FiscRegistry *registry, FiscTable *table)
{
    for (int i = 0; i < fisc_rows_count(rows); i++) {
        int count = 0;
        const char *kind = fisc_rows_text(rows, i, 0);
        const char *subject = fisc_rows_text(rows, i, 1);
        g_auto(GStrv) values = fisc_rows_text_array(rows, i, 3, &count);
        g_autoptr(GPtrArray) fields = g_ptr_array_new();
        for (int k = 0; k < count; k++) {
            g_ptr_array_add(fields, values[k]);
        }
        fisc_registry_set(registry, kind, subject, fisc_rows_int4(rows, i, 2), fields);
        for (int k = 0; k + 1 < count; k += 2) {
            add_texts(table, (const char *const[]){kind, subject, values[k], values[k + 1]});
        }
    }
}

static FiscDate
day_of(const FiscAuditPack *pack)
{
    FiscDate date = 0;
    g_autofree char *day = g_strndup(pack->known.created, strlen("2024-06-30"));
    (void)fisc_date_parse(day, &date);
    return date;
}

static void
add_both(FiscAuditPack *pack, const FiscRegistry *registry)
{
    static const char *const columns[] = {"person",      "grant",       "right",
                                          "other_grant", "other_right", NULL};
    g_autoptr(FiscTable) table = new_table(columns);
    g_autoptr(GPtrArray) both = fisc_registry_both(registry, day_of(pack));
    for (guint i = 0; i < both->len; i++) {
        const FiscBothRights *pair = both->pdata[i];
        const char *texts[] = {pair->person->code, pair->grant->subject, pair->what,
                               pair->other->subject, pair->other_what};
        add_texts(table, texts);
    }
    add_table(pack, "records/conflicts.csv",
              "who holds both of two rights that must not meet on one chain", table);
}

static bool
add_duties(FiscTx *tx, FiscContext *ctx, FiscAuditPack *pack, GError **error)
{
    static const char *const kinds[] = {"person",    "duty",   "exclusion", "conflict",
                                        "approvals", "policy", "grant",     "delegation"};
    static const char *const columns[] = {"kind", "subject", "field", "value", NULL};
    g_autoptr(FiscRows) rows = NULL;
    g_autoptr(FiscTable) table = new_table(columns);
    g_autoptr(FiscRegistry) registry = fisc_registry_new();
    if (!read_known(tx, ctx, pack, kinds, (int)G_N_ELEMENTS(kinds), &rows, error)) {
        return false;
    }
    take_duties(rows, registry, table);
    add_table(pack, "records/duties.csv", "persons, roles, delegations and the matrix of duties",
              table);
    add_both(pack, registry);
    return true;
}

/* Reads --------------------------------------------------------------------------------------- */

/* Those that were written down by the time of the batch, of the unit's members; newest first. */
static void
take_reads(const FiscAuditPack *pack, const FiscTable *page, FiscTable *all)
{
    int at = fisc_table_column(page, "at");
    int entity = fisc_table_column(page, "entity");
    for (guint i = 0; i < page->rows->len; i++) {
        const FiscRow *row = page->rows->pdata[i];
        const char *about = row->cells[entity].text;
        bool is_old = g_strcmp0(row->cells[at].text, pack->known.created) <= 0;
        if (!is_old || (about != NULL && *about != '\0' && !is_inside(pack, about))) {
            continue;
        }
        FiscRow *copy = fisc_table_add_row(all);
        for (guint k = 0; k < page->columns->len; k++) {
            const FiscColumn *column = &g_array_index(page->columns, FiscColumn, k);
            const char *text = row->cells[k].text != NULL ? row->cells[k].text : "";
            g_autofree char *number =
                g_strdup_printf("%" G_GINT64_FORMAT, (int64_t)row->cells[k].number);
            fisc_table_set_text(all, copy, (int)k,
                                column->kind == FISC_COLUMN_TEXT ? text : number);
        }
    }
}

static bool
add_reads(FiscContext *ctx, FiscAuditPack *pack, GError **error)
{
    static const char *const columns[] = {"read",      "at",    "person",  "session",
                                          "operation", "path",  "entity",  "status",
                                          "rows",      "bytes", "request", NULL};
    const FiscReadFilter any = {0};
    g_autoptr(FiscTable) all = new_table(columns);
    g_autofree char *after = NULL;
    do {
        const FiscPage page = {.after = after, .limit = READS_AT_ONCE};
        g_autoptr(FiscTable) table = NULL;
        char *next = NULL;
        if (!fisc_flow_read_list(ctx, &any, &page, &table, &next, error)) {
            return false;
        }
        take_reads(pack, table, all);
        g_free(after);
        after = next;
    } while (after != NULL);
    add_table(pack, "records/reads.csv", "reads of what is sensitive, and exports, newest first",
              all);
    return true;
}

bool
fisc_audit_add_records(FiscTx *tx, FiscContext *ctx, FiscAuditPack *pack, GError **error)
{
    static const char *const documents[] = {"document", "state",     "action",      "entity",
                                            "maker",    "maker_for", "approved_by", "approved_for",
                                            "needs",    "reason",    "digest",      NULL};
    static const char *const holds[] = {"hold",        "state",       "about",  "code",
                                        "entity",      "placed_by",   "since",  "reason",
                                        "released_by", "released_on", "remark", NULL};
    static const char *const overrides[] = {"override", "control", "key",     "amount",
                                            "expires",  "reason",  "article", NULL};
    return add_reports(ctx, pack, error) && add_duties(tx, ctx, pack, error) &&
           add_kind(tx, ctx, pack, "document", documents, "records/documents.csv",
                    "what took two persons, and who they were", error) &&
           add_kind(tx, ctx, pack, "override", overrides, "records/overrides.csv",
                    "controls that were let be exceeded", error) &&
           add_kind(tx, ctx, pack, "hold", holds, "records/holds.csv", "what auditors held",
                    error) &&
           add_reads(ctx, pack, error);
}
