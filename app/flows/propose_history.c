/* propose_history.c: what was said of a code before: by former versions of the map, by other
 * feeders' maps, by whoever took amounts out of suspense. */
#include "app/flows/person.h"
#include "app/flows/propose.h"
#include "app/flows/pull.h"
#include "fisc/gfs.h"
#include <string.h>

enum { M_REFERENCE, M_WORDS, M_SUSPENSE, M_ACCOUNT, M_FLOW, M_KIND }; /* intake.moved */

/* Maps ---------------------------------------------------------------------------------------- */

/* One said of a code what it means. */
static void
add_saying(FiscProposer *proposer, FiscEvidenceKind kind, const char *who, const FiscUnknown *of,
           const FiscMapRule *rule)
{
    int at = fisc_map_rule_find(rule, of->code);
    if (at < 0) {
        return;
    }
    const FiscCsvRow *row = &g_array_index(rule->rows->rows, FiscCsvRow, at);
    const char *prefix = fisc_csv_field(rule->rows, row, fisc_csv_column(rule->rows, rule->prefix));
    g_autofree char *from = g_strdup_printf("%s has %s", who, prefix);
    const FiscEvidence evidence = {
        .kind = kind,
        .code = of->code,
        .title = "",
        .result = fisc_csv_field(rule->rows, row, fisc_csv_column(rule->rows, rule->result)),
        .from = from,
        .share_ppm = (int)(strlen(prefix) * FISC_WHOLE_PPM / strlen(of->code)),
        .row = -1};
    fisc_proposer_add(proposer, &evidence);
}

/* Another map, of this feeder or of another: what it says of the codes that are unknown here. */
typedef struct {
    FiscEvidenceKind kind;
    char *who;        /* for people */
    GPtrArray *rules; /* of FiscMapRule */
} OtherMap;

static void
other_map_free(gpointer data)
{
    OtherMap *other = data;
    g_free(other->who);
    g_ptr_array_unref(other->rules);
    g_free(other);
}

/* Maps of feeders that may not be seen are no evidence. */
static bool
read_other(const FiscProposing *proposing, const FiscFact *fact, GPtrArray *others, GError **error)
{
    const char *feeder = fisc_fact_field(fact, "feeder");
    bool is_own = strcmp(feeder, proposing->owner) == 0;
    uint8_t digest[32];
    g_autoptr(GBytes) packed = NULL;
    g_autoptr(GError) failure = NULL;
    if (!fisc_feeder_map_read(fact, feeder, digest, NULL)) {
        return true;
    }
    if (!fisc_intake_body(proposing->ctx, digest, &packed, &failure)) {
        return g_error_matches(failure, FISC_ERROR, FISC_ERROR_NOT_FOUND) ||
               (g_propagate_error(error, g_steal_pointer(&failure)), false);
    }
    if (g_bytes_equal(packed, proposing->map)) {
        return true;
    }
    OtherMap *other = g_new0(OtherMap, 1);
    other->kind = is_own ? FISC_EVIDENCE_FORMER : FISC_EVIDENCE_OTHER;
    other->who = is_own ? g_strdup_printf("map %s", fisc_fact_field(fact, "version"))
                        : g_strdup_printf("the map of %s", feeder);
    other->rules = fisc_map_rules(packed);
    g_ptr_array_add(others, other);
    return true;
}

/* Of this feeder's map all versions, of others the one in force. */
static bool
read_others(const FiscProposing *proposing, GPtrArray *others, GError **error)
{
    const FiscNation *nation = proposing->masters->nation;
    g_autoptr(GHashTable) in_force = fisc_feeder_maps(nation, fisc_flow_today());
    g_autoptr(GPtrArray) facts = fisc_nation_facts(nation, "feeder_map");
    for (guint i = 0; i < facts->len; i++) {
        const FiscFact *fact = facts->pdata[i];
        const char *feeder = fisc_fact_field(fact, "feeder");
        bool is_wanted =
            strcmp(feeder, proposing->owner) == 0 || g_hash_table_lookup(in_force, feeder) == fact;
        if (is_wanted && !read_other(proposing, fact, others, error)) {
            return false;
        }
    }
    return true;
}

static void
add_others(FiscProposer *proposer, const GPtrArray *others, const FiscUnknown *unknown)
{
    for (guint i = 0; i < others->len; i++) {
        const OtherMap *other = others->pdata[i];
        for (guint k = 0; k < other->rules->len; k++) {
            const FiscMapRule *rule = other->rules->pdata[k];
            if (fisc_map_rules_meet(unknown->rule, rule)) {
                add_saying(proposer, other->kind, other->who, unknown, rule);
            }
        }
    }
}

/* Entries ------------------------------------------------------------------------------------- */

static bool
load_moves(const FiscProposing *proposing, FiscRows **out_moves, GError **error)
{
    const FiscContext *ctx = proposing->ctx;
    char **entities = proposing->feeder->entities;
    g_autoptr(GPtrArray) suspense = g_ptr_array_new();
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscRows) moves = NULL;
    for (guint i = 0; i < proposing->rules->len; i++) {
        const FiscMapRule *rule = proposing->rules->pdata[i];
        if (rule->suspense != NULL) {
            g_ptr_array_add(suspense, rule->suspense);
        }
    }
    FiscArg args[] = {fisc_int4(ctx->book_id),
                      fisc_text_array((const char *const *)entities, (int)g_strv_length(entities)),
                      fisc_text_array((const char *const *)suspense->pdata, (int)suspense->len),
                      fisc_text(proposing->feeder->name)};
    if (!fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) ||
        !fisc_tx_query(tx, FISC_SQL_INTAKE_MOVED, args, G_N_ELEMENTS(args), &moves, error) ||
        !fisc_tx_commit(g_steal_pointer(&tx), error)) {
        return false;
    }
    *out_moves = g_steal_pointer(&moves);
    return true;
}

/* "to 22706 by letter 7" names 22706; "122706" does not. */
static bool
names_code(const char *text, const char *code)
{
    size_t length = strlen(code);
    for (const char *at = strstr(text, code); at != NULL; at = strstr(at + 1, code)) {
        bool begins = at == text || !g_ascii_isalnum(at[-1]);
        if (begins && !g_ascii_isalnum(at[length])) {
            return true;
        }
    }
    return false;
}

static bool
move_names_code(const FiscRows *moves, int row, const char *code)
{
    bool is_named = false;
    int count = 0;
    g_auto(GStrv) words = fisc_rows_text_array(moves, row, M_WORDS, &count);
    for (int i = 0; !is_named && i < count; i++) {
        is_named = names_code(words[i], code);
    }
    return is_named;
}

static void
add_moves(FiscProposer *proposer, const FiscRows *moves, const FiscUnknown *unknown)
{
    for (int i = 0; i < fisc_rows_count(moves); i++) {
        char account[FISC_GFS_CODE];
        const char *suspense = fisc_rows_text(moves, i, M_SUSPENSE);
        if (g_strcmp0(suspense, unknown->rule->suspense) != 0 ||
            !move_names_code(moves, i, unknown->code)) {
            continue;
        }
        const char *subject = fisc_rows_text(moves, i, M_ACCOUNT);
        bool is_stock = *subject == '6' && strlen(subject) < FISC_GFS_CODE - 2;
        if (is_stock) {
            fisc_gfs_compose(subject, fisc_rows_int4(moves, i, M_FLOW),
                             fisc_rows_int4(moves, i, M_KIND), account);
        }
        g_autofree char *from =
            g_strdup_printf("entry %s took it there", fisc_rows_text(moves, i, M_REFERENCE));
        const FiscEvidence evidence = {.kind = FISC_EVIDENCE_MOVED,
                                       .code = unknown->code,
                                       .title = "",
                                       .result = is_stock ? account : subject,
                                       .from = from,
                                       .share_ppm = FISC_WHOLE_PPM,
                                       .row = -1};
        fisc_proposer_add(proposer, &evidence);
    }
}

/* Both ---------------------------------------------------------------------------------------- */

bool
fisc_propose_history_load(const FiscProposing *proposing, FiscProposeHistory *history,
                          GError **error)
{
    history->others = g_ptr_array_new_with_free_func(other_map_free);
    return read_others(proposing, history->others, error) &&
           load_moves(proposing, &history->moves, error);
}

void
fisc_propose_history_add(const FiscProposeHistory *history, FiscProposer *proposer,
                         const FiscUnknown *unknown)
{
    add_others(proposer, history->others, unknown);
    add_moves(proposer, history->moves, unknown);
}

void
fisc_propose_history_clear(FiscProposeHistory *history)
{
    g_clear_pointer(&history->others, g_ptr_array_unref);
    g_clear_pointer(&history->moves, fisc_rows_free);
}
