/* invariants.c: see invariants.h. The numbers in the tables are those of docs/reliability.md. */
#include "tests/fault/invariants.h"
#include "fisc/flow.h"
#include "fisc/poster.h"
#include "fisc/table.h"
#include "tests/fault/replay.h"
#include <libpq-fe.h>
#include <string.h>

/* Each answers with 0: the number of rows that break the rule. */
typedef struct {
    const char *name;
    const char *sql;
} Rule;

static const Rule books_rules[] = {
    {"I1 one entry for each reference",
     "select count(*) from ledger.reference r full join ledger.entry e"
     " on e.entry_id = r.entry_id and e.source_id = r.source_id and e.reference = r.reference"
     " and e.digest = r.digest and e.batch_no = r.batch_no and e.period = r.period"
     " where r.entry_id is null or e.entry_id is null"},
    {"I1 no reference twice",
     "select count(*) from (select from ledger.entry group by source_id, reference"
     " having count(*) > 1) twice"},
    {"I3 entries belong to their batch",
     "select count(*) from ledger.batch b left join (select batch_no, count(*) n, min(entry_id) f,"
     " sum(cardinality(amount)) l from ledger.entry group by 1) e using (batch_no)"
     " where coalesce(e.n, 0) <> b.entry_count or coalesce(e.l, 0) <> b.line_count"
     " or coalesce(e.f, b.first_entry) <> b.first_entry"},
    {"I5 balances are the fold of the lines",
     "select count(*) from (select coding_id, period, debit, credit from ledger.balance_now"
     " full join (select coding_id, period, sum(greatest(amount, 0)) as d,"
     " sum(greatest(-amount, 0)) as c from ledger.line group by 1, 2) fold using (coding_id, "
     "period)"
     " where debit is distinct from d or credit is distinct from c) differences"},
    {"I5 the checkpoint is the fold of its part",
     "select count(*) from (select coding_id, period, debit, credit from ledger.balance"
     " full join (select coding_id, period, sum(greatest(amount, 0)) as d,"
     " sum(greatest(-amount, 0)) as c from ledger.line, ledger.checkpoint"
     " where entry_id <= upto_entry group by 1, 2) fold using (coding_id, period)"
     " where debit is distinct from d or credit is distinct from c) differences"},
    {"I9 no entry outside an open period",
     "select count(*) from ledger.entry e where (select v.fields[2] from ledger.event v"
     " where v.kind = 'period' and v.subject = e.period::text and v.item_id < e.item_id"
     " order by v.item_id desc limit 1) is distinct from 'open'"},
    {"I9 no wrong refusal for a period",
     "select count(*) from ledger.refusal r where 'PERIOD_NOT_OPEN' = any (r.code)"
     " and (select v.fields[2] from ledger.event v where v.kind = 'period'"
     " and v.subject = r.period::text and v.item_id < r.item_id"
     " order by v.item_id desc limit 1) = 'open'"},
    {"I13 items are dense",
     "select case when count(*) = coalesce(max(item_id), 0) then 0 else 1 end from (select item_id"
     " from ledger.entry union all select item_id from ledger.event union all select item_id from"
     " ledger.refusal) items"},
    {NULL, NULL},
};

/* Also asked by readers while others post. */
static const Rule snapshot_rules[] = {
    {"I2 each side of each entry balances",
     "select count(*) from (select from ledger.line group by entry_id, side"
     " having sum(amount) <> 0) unbalanced"},
    {"I2 debits are credits in total", "select case when sum(debit) is not distinct from "
                                       "sum(credit) then 0 else 1 end from ledger.balance_now"},
    {"I13 the chain is whole",
     "select count(*) from ledger.batch b left join ledger.batch p on p.batch_no = b.batch_no - 1"
     " where b.batch_no > 0 and (p.hash is null or b.prev_hash <> p.hash"
     " or b.first_entry <> p.first_entry + p.entry_count"
     " or b.first_item <> p.first_item + p.item_count"
     " or b.first_coding <> p.first_coding + p.coding_count)"},
    {"I13 entries are dense",
     "select case when count(*) = coalesce(max(entry_id), 0) then 0 else 1 end from ledger.entry"},
    {"I6 no line is below zero",
     "select count(*) from (select from ledger.balance_now b join ledger.coding c using (coding_id)"
     " join ledger.master a on a.kind = 'account' and a.number = c.account_id"
     " and a.subject in ('B11', 'B12', 'B21', 'B22', 'B23', 'B24')"
     " group by c.entity_id, c.programme, b.period / 100 having sum(debit) < sum(credit)) below"},
    {NULL, NULL},
};

static void
apply_rules(PGconn *connection, const Rule *rules, GString *complaints)
{
    for (const Rule *rule = rules; rule->name != NULL; rule++) {
        PGresult *result = PQexec(connection, rule->sql);
        bool is_answered = PQresultStatus(result) == PGRES_TUPLES_OK;
        const char *count = is_answered ? PQgetvalue(result, 0, 0) : PQerrorMessage(connection);
        if (strcmp(count, "0") != 0) {
            g_string_append_printf(complaints, "%s: %s\n", rule->name, count);
        }
        PQclear(result);
    }
}

static PGconn *
open_snapshot(const char *uri)
{
    PGconn *connection = PQconnectdb(uri);
    PQclear(PQexec(connection, "begin isolation level repeatable read read only"));
    return connection;
}

char *
fault_check_snapshot(const char *admin_uri)
{
    GString *complaints = g_string_new(NULL);
    PGconn *connection = open_snapshot(admin_uri);
    apply_rules(connection, snapshot_rules, complaints);
    PQfinish(connection);
    return g_string_free(complaints, FALSE);
}

/* A process that opens the books now must see the same funds as the lines do. */
static void
check_engine(const char *admin_uri, const FaultReplay *replay, GString *complaints)
{
    static const char *const any[FISC_DIM_COUNT] = {NULL};
    g_autoptr(FiscPool) pool = NULL;
    g_autoptr(GPtrArray) funds = NULL;
    FiscPoster *poster = NULL;
    g_autoptr(GError) error = NULL;
    if (!fisc_pool_open(admin_uri, NULL, 1, &pool, &error) ||
        !fisc_poster_open(pool, 1, &poster, &error) ||
        !fisc_poster_funds(poster, "E", FAULT_YEAR, any, &funds, &error)) {
        g_string_append_printf(complaints, "I5 the engine does not open: %s\n", error->message);
        fisc_poster_close(poster);
        return;
    }
    for (guint i = 0; i < funds->len; i++) {
        const FiscFunds *item = funds->pdata[i];
        const int64_t *available = g_hash_table_lookup(replay->available, item->key);
        if (available == NULL || *available != item->available) {
            g_string_append_printf(complaints,
                                   "I5 the engine has %" G_GINT64_FORMAT
                                   " of %s, the lines %" G_GINT64_FORMAT "\n",
                                   item->available, item->key, available != NULL ? *available : 0);
        }
    }
    if (funds->len != g_hash_table_size(replay->available)) {
        g_string_append(complaints, "I5 the engine has another number of keys than the lines\n");
    }
    fisc_poster_close(poster);
}

char *
fault_check_books(const char *admin_uri)
{
    GString *complaints = g_string_new(NULL);
    PGconn *connection = open_snapshot(admin_uri);
    apply_rules(connection, snapshot_rules, complaints);
    apply_rules(connection, books_rules, complaints);
    PQfinish(connection);
    g_autoptr(FaultReplay) replay = fault_replay(admin_uri);
    if (replay->complaints->len > 0) {
        g_string_append_printf(complaints, "I6 %s", replay->complaints->str);
    }
    check_engine(admin_uri, replay, complaints);
    return g_string_free(complaints, FALSE);
}

/* What the books have of a reference. */
typedef struct {
    int64_t entry_id, batch_no;
    char digest[65], hash[65];
} Posted;

static GHashTable *
load_posted(const char *admin_uri)
{
    GHashTable *posted = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    PGconn *connection = PQconnectdb(admin_uri);
    PGresult *rows =
        PQexec(connection, "select r.reference, r.entry_id, r.batch_no, encode(r.digest, 'hex'),"
                           " encode(e.hash, 'hex') from ledger.reference r"
                           " join ledger.entry e using (entry_id, period)"
                           " join ledger.master s on s.kind = 'source' and s.number = r.source_id"
                           " where s.subject = 'rig'");
    g_assert(PQresultStatus(rows) == PGRES_TUPLES_OK);
    for (int i = 0; i < PQntuples(rows); i++) {
        Posted *row = g_new0(Posted, 1);
        row->entry_id = g_ascii_strtoll(PQgetvalue(rows, i, 1), NULL, 10);
        row->batch_no = g_ascii_strtoll(PQgetvalue(rows, i, 2), NULL, 10);
        g_strlcpy(row->digest, PQgetvalue(rows, i, 3), sizeof row->digest);
        g_strlcpy(row->hash, PQgetvalue(rows, i, 4), sizeof row->hash);
        g_hash_table_insert(posted, g_strdup(PQgetvalue(rows, i, 0)), row);
    }
    PQclear(rows);
    PQfinish(connection);
    return posted;
}

static bool
has_digest(const Posted *posted, const FiscEntry *entry)
{
    char text[65];
    for (int i = 0; i < 32; i++) {
        g_snprintf(text + 2 * i, 3, "%02x", entry->digest[i]);
    }
    return strcmp(text, posted->digest) == 0;
}

static void
check_acknowledged(int number, const FaultRecord *record, const FiscSubmission *request,
                   GHashTable *on_record, GString *complaints)
{
    if (record->entries != (int)request->entries->len) {
        g_string_append_printf(complaints, "I1 request %d: %d entries were acknowledged, not %u\n",
                               number, record->entries, request->entries->len);
        return;
    }
    for (int i = 0; i < record->entries; i++) {
        const FiscEntry *entry = request->entries->pdata[i];
        const Posted *posted = g_hash_table_lookup(on_record, entry->reference);
        if (posted == NULL) {
            g_string_append_printf(complaints, "I1 %s was acknowledged and is not on record\n",
                                   entry->reference);
        } else if (posted->entry_id != record->entry_id[i] ||
                   posted->batch_no != record->batch_no[i] ||
                   strcmp(posted->hash, record->hash[i]) != 0 || !has_digest(posted, entry)) {
            g_string_append_printf(complaints, "I1 %s is on record as another entry\n",
                                   entry->reference);
        }
    }
}

static void
check_absent(const FiscSubmission *request, const char *what, GHashTable *on_record,
             GString *complaints)
{
    for (guint i = 0; i < request->entries->len; i++) {
        const FiscEntry *entry = request->entries->pdata[i];
        if (g_hash_table_contains(on_record, entry->reference)) {
            g_string_append_printf(complaints, "I1 %s %s and is on record\n", entry->reference,
                                   what);
        }
    }
}

static void
check_request(const FaultRig *rig, int number, GHashTable *on_record, GString *complaints)
{
    const FaultRecord *record = fault_log_record(rig->log, number);
    g_autoptr(FiscSubmission) request = fault_request(rig->seed, number);
    switch (record->state) {
    case FAULT_POSTED:
        check_acknowledged(number, record, request, on_record, complaints);
        break;
    case FAULT_REFUSED:
        check_absent(request, "was refused", on_record, complaints);
        break;
    case FAULT_NEVER:
        check_absent(request, "was never sent", on_record, complaints);
        break;
    case FAULT_UNKNOWN: /* at most once is the rule of the whole table */
    case FAULT_FAILED:  /* checked when it is asked again: it must not be "repeated" */
        break;
    }
}

char *
fault_check_rig(const FaultRig *rig)
{
    g_autofree char *books = fault_check_books(rig->admin_uri);
    g_autofree char *unlike = fault_log_reread(rig->log);
    g_autoptr(GHashTable) on_record = load_posted(rig->admin_uri);
    GString *complaints = g_string_new(books);
    g_string_append(complaints, unlike);
    g_string_append(complaints, fault_log_complaints(rig->log));
    for (int number = 0; number < fault_log_count(rig->log); number++) {
        check_request(rig, number, on_record, complaints);
    }
    return g_string_free(complaints, FALSE);
}

char *
fault_report_at(const char *uri, int64_t batch_no)
{
    g_autofree char *known_at = g_strdup_printf("%" G_GINT64_FORMAT, batch_no);
    g_autoptr(FiscPool) pool = NULL;
    g_autoptr(GError) error = NULL;
    FiscReportQuery query = {
        .name = "trial-balance", .unit = "E", .period = "2024", .known_at = known_at};
    g_autoptr(FiscTable) table = NULL;
    if (!fisc_pool_open(uri, NULL, 1, &pool, &error)) {
        return g_strdup(error->message);
    }
    FiscContext ctx = {.pool = pool, .book_id = 1, .actor = "rig"};
    if (!fisc_flow_report(&ctx, &query, &table, &error)) {
        return g_strdup(error->message);
    }
    GString *text = g_string_new(NULL);
    fisc_table_render(table, FISC_FORMAT_CSV, text);
    return g_string_free(text, FALSE);
}
