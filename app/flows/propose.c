/* propose.c: proposals for the codes of a feeder that no table of its map knows: by codes that
 * begin alike, by titles, and by what was said of the code before. Nothing is put in force here: a
 * person takes rows into the map, tries it, and a second one approves it where duties are enforced.
 */
#include "app/flows/propose.h"
#include "app/flows/person.h"
#include "app/flows/pull.h"
#include <string.h>

#define PROPOSALS_MAX 3 /* of one code */

enum { S_FEEDER, S_PART, S_MAP, S_CODE, S_ROWS, S_VALUE, S_SINCE }; /* intake.suspense */

static void
unknown_free(gpointer data)
{
    FiscUnknown *unknown = data;
    g_free(unknown->place);
    g_free(unknown->code);
    g_free(unknown->title);
    g_free(unknown->since);
    g_clear_pointer(&unknown->proposals, g_ptr_array_unref);
    g_free(unknown);
}

static void
proposing_clear(FiscProposing *proposing)
{
    fisc_master_copy_unref(proposing->masters);
    fisc_feeder_free(proposing->feeder);
    g_clear_pointer(&proposing->map, g_bytes_unref);
    g_clear_pointer(&proposing->unknown, g_ptr_array_unref);
    g_clear_pointer(&proposing->rules, g_ptr_array_unref);
    g_clear_pointer(&proposing->lookups, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiscProposing, proposing_clear)

/* What is unknown ----------------------------------------------------------------------------- */

static const FiscMapRule *
find_rule(const FiscProposing *proposing, const char *place)
{
    for (guint i = 0; i < proposing->rules->len; i++) {
        const FiscMapRule *rule = proposing->rules->pdata[i];
        if (g_hash_table_contains(rule->places, place)) {
            return rule->rows != NULL ? rule : NULL;
        }
    }
    return NULL;
}

/* A code is unknown to a rule once, in however many files. */
static FiscUnknown *
take_unknown(FiscProposing *proposing, const char *place, const char *code)
{
    const FiscMapRule *rule = find_rule(proposing, place);
    if (rule == NULL || rule->may_be_missing || *code == '\0') {
        return NULL;
    }
    for (guint i = 0; i < proposing->unknown->len; i++) {
        FiscUnknown *unknown = proposing->unknown->pdata[i];
        if (unknown->rule == rule && strcmp(unknown->code, code) == 0) {
            return unknown;
        }
    }
    FiscUnknown *unknown = g_new0(FiscUnknown, 1);
    unknown->rule = rule;
    unknown->place = g_strdup(place);
    unknown->code = g_strdup(code);
    unknown->title = g_strdup("");
    unknown->since = g_strdup("");
    g_ptr_array_add(proposing->unknown, unknown);
    return unknown;
}

static void
take_lookup(FiscProposing *proposing, const FiscLookup *lookup)
{
    g_autofree char *place = g_strconcat(lookup->file, ":", lookup->value, NULL);
    FiscUnknown *unknown =
        lookup->result == NULL ? take_unknown(proposing, place, lookup->code) : NULL;
    if (unknown != NULL) {
        unknown->rows += lookup->rows;
        if (*unknown->title == '\0') {
            g_free(unknown->title);
            unknown->title = g_strdup(lookup->title);
        }
    }
}

/* An amount in suspense that the map in force knows meanwhile waits for a pull, not for a person.
 */
static void
take_suspense(FiscProposing *proposing, const FiscRows *suspense, int row)
{
    const char *code = fisc_rows_text(suspense, row, S_CODE);
    const char *place = fisc_rows_text(suspense, row, S_MAP);
    const FiscMapRule *rule = find_rule(proposing, place);
    FiscUnknown *unknown = rule != NULL && fisc_map_rule_find(rule, code) < 0
                               ? take_unknown(proposing, place, code)
                               : NULL;
    if (unknown == NULL) {
        return;
    }
    unknown->rows = MAX(unknown->rows, fisc_rows_int8(suspense, row, S_ROWS));
    unknown->amount += fisc_flow_read_sum(fisc_rows_text(suspense, row, S_VALUE));
    if (*unknown->since == '\0' ||
        strcmp(fisc_rows_text(suspense, row, S_SINCE), unknown->since) < 0) {
        g_free(unknown->since);
        unknown->since = g_strdup(fisc_rows_text(suspense, row, S_SINCE));
    }
}

static int
compare_unknown(const void *a, const void *b)
{
    const FiscUnknown *one = *(const FiscUnknown *const *)a;
    const FiscUnknown *other = *(const FiscUnknown *const *)b;
    int order = strcmp(one->rule->table, other->rule->table);
    order = order != 0 ? order : (other->amount > one->amount) - (other->amount < one->amount);
    order = order != 0 ? order : strcmp(one->code, other->code);
    return order != 0 ? order : strcmp(one->place, other->place);
}

/* What is known: this map, its documents, the chart ------------------------------------------- */

static void
add_rows(FiscProposer *proposer, const FiscMapRule *rule)
{
    int prefix = fisc_csv_column(rule->rows, rule->prefix);
    int result = fisc_csv_column(rule->rows, rule->result);
    for (guint i = 0; i < rule->rows->rows->len; i++) {
        const FiscCsvRow *row = &g_array_index(rule->rows->rows, FiscCsvRow, i);
        g_autofree char *title = fisc_map_rule_title(rule, row);
        const FiscEvidence evidence = {.kind = FISC_EVIDENCE_MAPPED,
                                       .code = fisc_csv_field(rule->rows, row, prefix),
                                       .title = title,
                                       .result = fisc_csv_field(rule->rows, row, result),
                                       .from = "",
                                       .row = (int)i};
        if (fisc_map_rule_holds(rule, row)) {
            fisc_proposer_add(proposer, &evidence);
        }
    }
}

static void
add_documents(FiscProposer *proposer, const FiscProposing *proposing, const FiscMapRule *rule)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < proposing->lookups->len; i++) {
        const FiscLookup *lookup = proposing->lookups->pdata[i];
        g_autofree char *place = g_strconcat(lookup->file, ":", lookup->value, NULL);
        if (lookup->result == NULL || !g_hash_table_contains(rule->places, place) ||
            !g_hash_table_add(seen, lookup->code)) {
            continue;
        }
        const FiscEvidence evidence = {.kind = FISC_EVIDENCE_MAPPED,
                                       .code = lookup->code,
                                       .title = lookup->title,
                                       .result = lookup->result,
                                       .from = "",
                                       .row = fisc_map_rule_find(rule, lookup->code)};
        fisc_proposer_add(proposer, &evidence);
    }
}

/* The first digits of the results there are, where these are accounts: a table of functions or of
 * units is not answered by the chart, and a table of expense not by revenue. */
static void
find_classes(const FiscProposing *proposing, const FiscMapRule *rule, bool out_classes[256])
{
    int result = fisc_csv_column(rule->rows, rule->result);
    for (guint i = 0; i < rule->rows->rows->len; i++) {
        const FiscCsvRow *row = &g_array_index(rule->rows->rows, FiscCsvRow, i);
        const char *code = fisc_csv_field(rule->rows, row, result);
        if (*code != '\0' && fisc_map_rule_holds(rule, row) &&
            fisc_nation_account(proposing->masters->nation, code) != NULL) {
            out_classes[(guchar)*code] = true;
        }
    }
}

static void
add_chart(FiscProposer *proposer, const FiscProposing *proposing, const FiscMapRule *rule)
{
    const GPtrArray *accounts = proposing->masters->nation->accounts;
    bool classes[256] = {false};
    find_classes(proposing, rule, classes);
    for (guint i = 0; i < accounts->len; i++) {
        const FiscAccount *account = accounts->pdata[i];
        const FiscEvidence evidence = {.kind = FISC_EVIDENCE_CHART,
                                       .code = account->code,
                                       .title = account->name,
                                       .result = account->code,
                                       .from = "",
                                       .row = -1};
        if (classes[(guchar)*account->code] && account->stage == FISC_STAGE_NONE &&
            g_strcmp0(account->code, rule->suspense) != 0) {
            fisc_proposer_add(proposer, &evidence);
        }
    }
}

/* The walk ------------------------------------------------------------------------------------ */

/* Of one rule all codes together: they are held against the same evidence. */
static void
propose_rule(FiscProposing *proposing, const FiscMapRule *rule, const FiscProposeHistory *history)
{
    g_autoptr(FiscProposer) proposer = fisc_proposer_new();
    add_rows(proposer, rule);
    add_documents(proposer, proposing, rule);
    add_chart(proposer, proposing, rule);
    for (guint i = 0; i < proposing->unknown->len; i++) {
        const FiscUnknown *unknown = proposing->unknown->pdata[i];
        if (unknown->rule == rule) {
            fisc_propose_history_add(history, proposer, unknown);
        }
    }
    for (guint i = 0; i < proposing->unknown->len; i++) {
        FiscUnknown *unknown = proposing->unknown->pdata[i];
        if (unknown->rule == rule) {
            unknown->proposals =
                fisc_proposer_ask(proposer, unknown->code, unknown->title, PROPOSALS_MAX);
        }
    }
}

static bool
propose_all(FiscProposing *proposing, GError **error)
{
    g_autoptr(GHashTable) done = g_hash_table_new(NULL, NULL);
    g_auto(FiscProposeHistory) history = {0};
    if (!fisc_propose_history_load(proposing, &history, error)) {
        return false;
    }
    for (guint i = 0; i < proposing->unknown->len; i++) {
        const FiscMapRule *rule = ((FiscUnknown *)proposing->unknown->pdata[i])->rule;
        if (g_hash_table_add(done, (gpointer)rule)) {
            propose_rule(proposing, rule, &history);
        }
    }
    return true;
}

static bool
load_suspense(const FiscProposing *proposing, FiscRows **out_rows, GError **error)
{
    const FiscContext *ctx = proposing->ctx;
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) ||
        !fisc_tx_query(tx, FISC_SQL_INTAKE_SUSPENSE,
                       FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(proposing->feeder->name)),
                       &rows, error) ||
        !fisc_tx_commit(g_steal_pointer(&tx), error)) {
        return false;
    }
    *out_rows = g_steal_pointer(&rows);
    return true;
}

static bool
find_unknown(FiscProposing *proposing, GError **error)
{
    g_autoptr(FiscRows) suspense = NULL;
    if (!load_suspense(proposing, &suspense, error) ||
        !fisc_propose_read(proposing, suspense, error)) {
        return false;
    }
    for (guint i = 0; i < proposing->lookups->len; i++) {
        take_lookup(proposing, proposing->lookups->pdata[i]);
    }
    for (int i = 0; i < fisc_rows_count(suspense); i++) {
        take_suspense(proposing, suspense, i);
    }
    g_ptr_array_sort(proposing->unknown, compare_unknown);
    return true;
}

static bool
open_map(FiscProposing *proposing, const char *name, GError **error)
{
    const FiscNation *nation = proposing->masters->nation;
    uint8_t digest[32];
    proposing->owner = fisc_feeder_map_owner(fisc_nation_fact(nation, "feeder", name));
    g_autoptr(GHashTable) maps = fisc_feeder_maps(nation, fisc_flow_today());
    if (!fisc_feeder_map_read(g_hash_table_lookup(maps, proposing->owner), proposing->owner, digest,
                              error) ||
        !fisc_intake_body(proposing->ctx, digest, &proposing->map, error)) {
        return false;
    }
    proposing->rules = fisc_map_rules(proposing->map);
    proposing->lookups = g_ptr_array_new_with_free_func(fisc_lookup_free);
    proposing->unknown = g_ptr_array_new_with_free_func(unknown_free);
    return true;
}

static bool
propose(FiscProposing *proposing, const char *name, GError **error)
{
    return fisc_flow_take_masters(proposing->ctx, &proposing->masters, error) &&
           fisc_feeder_find(proposing->masters->nation, name, &proposing->feeder, error) &&
           fisc_feeder_check_scope(proposing->ctx, proposing->masters->nation, proposing->feeder,
                                   error) &&
           open_map(proposing, name, error) && find_unknown(proposing, error) &&
           propose_all(proposing, error);
}

bool
fisc_flow_feeder_propose(FiscContext *ctx, const char *feeder, const char *table,
                         FiscTable **out_table, GError **error)
{
    g_auto(FiscProposing) proposing = {.ctx = ctx};
    if (!propose(&proposing, feeder, error)) {
        return false;
    }
    *out_table = fisc_propose_table(&proposing, table);
    return true;
}

bool
fisc_flow_feeder_propose_rows(FiscContext *ctx, const char *feeder, const char *table,
                              char **out_csv, GError **error)
{
    g_auto(FiscProposing) proposing = {.ctx = ctx};
    return propose(&proposing, feeder, error) &&
           fisc_propose_rows(&proposing, table, out_csv, error);
}
