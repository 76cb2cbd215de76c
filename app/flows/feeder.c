/* feeder.c: the register of feeders, and their maps: put on record as facts, by two persons where
 * duties are enforced. A map is tried before it counts: what the documents there are would become
 * by it is told first. */
#include "app/flows/pull.h"
#include "app/flows/person.h"
#include "core/base/hash.h"
#include "fisc/signin.h"
#include <string.h>

#define SOURCE "feeder"
#define FEEDER "feeder"
#define MAP "feeder_map"
#define FILE_NAME "feeders.csv"

bool
fisc_feeder_find(const FiscNation *nation, const char *name, FiscFeeder **out_feeder,
                 GError **error)
{
    const FiscFact *fact = fisc_nation_fact(nation, FEEDER, name);
    return fact != NULL ? fisc_feeder_of(fact, out_feeder, error)
                        : fisc_fail(error, FISC_ERROR_NOT_FOUND,
                                    "there is no feeder \"%s\": `fisc feeder list` tells those "
                                    "there are",
                                    name);
}

bool
fisc_feeder_of(const FiscFact *fact, FiscFeeder **out_feeder, GError **error)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    *out_feeder = fisc_feeder_read(fact, refusals);
    if (*out_feeder == NULL) {
        const FiscRefusal *first = refusals->pdata[0];
        return fisc_fail(error, FISC_ERROR_VALUE_INVALID, "%s: %s", first->field, first->detail);
    }
    return true;
}

bool
fisc_feeder_check_scope(const FiscContext *ctx, const FiscNation *nation, const FiscFeeder *feeder,
                        GError **error)
{
    for (int i = 0; feeder->entities[i] != NULL; i++) {
        if (!fisc_flow_check_unit(ctx, nation, feeder->entities[i], NULL)) {
            return fisc_fail(error, FISC_ERROR_NOT_FOUND, "there is no feeder \"%s\"",
                             feeder->name);
        }
    }
    return true;
}

bool
fisc_feeder_open(FiscContext *ctx, const char *name, FiscFeeder **out_feeder, GError **error)
{
    g_autoptr(FiscNation) nation = NULL;
    g_autoptr(FiscFeeder) feeder = NULL;
    if (!fisc_flow_load_nation(ctx, &nation, error) ||
        !fisc_feeder_find(nation, name, &feeder, error) ||
        !fisc_feeder_check_scope(ctx, nation, feeder, error)) {
        return false;
    }
    *out_feeder = g_steal_pointer(&feeder);
    return true;
}

/* Who pulls stages what comes. */
static bool
may_pull(const FiscContext *ctx, const FiscRegistry *registry, const char *entity)
{
    FiscAct act = {.person = ctx->actor,
                   .principal = ctx->on_behalf,
                   .action = "feed",
                   .right = 'S',
                   .entity = entity,
                   .on = fisc_flow_today()};
    return fisc_registry_judge(registry, &act, NULL);
}

static bool
check_duty(FiscContext *ctx, const FiscRegistry *registry, const FiscFeeder *feeder, GError **error)
{
    bool may =
        !fisc_registry_is_enforced(registry) || feeder != NULL || may_pull(ctx, registry, NULL);
    for (int i = 0; may && feeder != NULL && feeder->entities[i] != NULL; i++) {
        may = !fisc_registry_is_enforced(registry) || may_pull(ctx, registry, feeder->entities[i]);
    }
    return may ||
           fisc_fail(error, FISC_ERROR_DENIED, "%s does not stage what feeders bring", ctx->actor);
}

bool
fisc_flow_pull_check(FiscContext *ctx, const FiscRegistry *registry, const char *name,
                     GError **error)
{
    g_autoptr(FiscFeeder) feeder = NULL;
    return (name == NULL || fisc_feeder_open(ctx, name, &feeder, error)) &&
           check_duty(ctx, registry, feeder, error);
}

/* Maps ----------------------------------------------------------------------------------------- */

static bool
is_in_force(const FiscFact *map, FiscDate day, FiscDate *out_from)
{
    const char *from = fisc_fact_field(map, "from");
    *out_from = G_MININT32;
    return strcmp(fisc_fact_field(map, "state"), "active") == 0 &&
           (*from == '\0' || (fisc_date_parse(from, out_from) && *out_from <= day));
}

static void
keep_if_newer(GHashTable *maps, const FiscFact *map, FiscDate day, FiscDate from)
{
    const char *feeder = fisc_fact_field(map, "feeder");
    const FiscFact *before = g_hash_table_lookup(maps, feeder);
    FiscDate before_from = G_MININT32;
    if (before == NULL || (is_in_force(before, day, &before_from) && from >= before_from)) {
        g_hash_table_replace(maps, (gpointer)feeder, (gpointer)map);
    }
}

/* The newest of those that begin last: facts come in the order of their first mention. */
GHashTable *
fisc_feeder_maps(const FiscNation *nation, FiscDate day)
{
    GHashTable *maps = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) facts = fisc_nation_facts(nation, MAP);
    for (guint i = 0; i < facts->len; i++) {
        FiscDate from;
        if (is_in_force(facts->pdata[i], day, &from)) {
            keep_if_newer(maps, facts->pdata[i], day, from);
        }
    }
    return maps;
}

bool
fisc_feeder_map_read(const FiscFact *map, const char *owner, uint8_t out_digest[32], GError **error)
{
    return (map != NULL && fisc_digest_parse(fisc_fact_field(map, "content"), out_digest)) ||
           fisc_fail(error, FISC_ERROR_NOT_FOUND,
                     "feeder %s has no map in force: `fisc feeder map %s DIR` puts one on record",
                     owner, owner);
}

const char *
fisc_feeder_map_owner(const FiscFact *feeder)
{
    const char *owner = fisc_fact_field(feeder, "map");
    return *owner != '\0' ? owner : feeder->subject;
}

static char *
next_version(const FiscNation *nation, const char *feeder)
{
    g_autoptr(GPtrArray) maps = fisc_nation_facts(nation, MAP);
    int count = 0;
    for (guint i = 0; i < maps->len; i++) {
        count += strcmp(fisc_fact_field(maps->pdata[i], "feeder"), feeder) == 0;
    }
    return g_strdup_printf("%d", count + 1);
}

void
fisc_map_answer_free(FiscMapAnswer *answer)
{
    if (answer != NULL) {
        g_free(answer->version);
        g_free(answer->document);
        g_clear_pointer(&answer->trials, g_ptr_array_unref);
        fisc_table_free(answer->effect);
        fisc_receipt_free(answer->receipt);
        g_free(answer);
    }
}

/* What accounts would lose and win. */
static FiscTable *
make_effect(GHashTable *effect, const FiscNation *nation)
{
    enum { ACCOUNT, NAME, TAKEN_BACK, POSTED };
    FiscTable *table = fisc_table_new("effect", "What the map would change", 2);
    fisc_table_add_column(table, "account", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "name", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "taken_back", FISC_COLUMN_AMOUNT);
    fisc_table_add_column(table, "posted", FISC_COLUMN_AMOUNT);
    g_autoptr(GList) codes = g_list_sort(g_hash_table_get_keys(effect), (GCompareFunc)strcmp);
    for (GList *at = codes; at != NULL; at = at->next) {
        const FiscEffect *one = g_hash_table_lookup(effect, at->data);
        const FiscAccount *account = fisc_nation_account(nation, at->data);
        FiscRow *row = one->taken_back + one->posted != 0 ? fisc_table_add_row(table) : NULL;
        if (row != NULL) {
            fisc_table_set_text(table, row, ACCOUNT, at->data);
            fisc_table_set_text(table, row, NAME, account != NULL ? account->name : "");
            fisc_table_set_amount(table, row, TAKEN_BACK, one->taken_back);
            fisc_table_set_amount(table, row, POSTED, one->posted);
        }
    }
    return table;
}

static bool
put_map(FiscContext *ctx, const FiscFeeder *feeder, GBytes *packed, FiscDate from, const char *note,
        FiscMapAnswer *answer, GError **error)
{
    uint8_t digest[FISC_HASH_SIZE];
    char hex[FISC_HASH_TEXT], day[FISC_DATE_TEXT];
    g_autofree char *subject = g_strjoin("/", feeder->name, answer->version, NULL);
    g_autofree char *reason =
        g_strdup_printf("Map %s of feeder %s: %s", answer->version, feeder->name, note);
    if (!fisc_intake_keep(ctx, feeder, packed, digest, error)) {
        return false;
    }
    g_autoptr(FiscSubmission) facts = fisc_submission_new(SOURCE, ctx->actor);
    fisc_submission_event(facts, MAP, subject, "feeder", feeder->name, "version", answer->version,
                          "from", from != 0 ? fisc_date_format(from, day) : NULL, "content",
                          fisc_hash_format(digest, hex), "state", "active", "note",
                          *note != '\0' ? note : NULL, NULL);
    return fisc_flow_put_facts(ctx, facts, reason, &answer->document, &answer->receipt, error);
}

/* The very map that is in force: putting it there again says nothing. */
static bool
is_known(const FiscNation *nation, const char *feeder, GBytes *packed, char **version)
{
    uint8_t digest[FISC_HASH_SIZE], known[FISC_HASH_SIZE];
    g_autoptr(GHashTable) maps = fisc_feeder_maps(nation, fisc_flow_today());
    const FiscFact *in_force = g_hash_table_lookup(maps, feeder);
    gsize length = 0;
    const void *bytes = g_bytes_get_data(packed, &length);
    fisc_hash_data(bytes, length, digest);
    if (!fisc_feeder_map_read(in_force, feeder, known, NULL) ||
        memcmp(digest, known, sizeof known) != 0) {
        return false;
    }
    g_free(*version);
    *version = g_strdup(fisc_fact_field(in_force, "version"));
    return true;
}

bool
fisc_flow_feeder_map(FiscContext *ctx, const char *name, const char *dir, FiscDate from,
                     const char *note, FiscMapAnswer **out_answer, FiscRefusals *refusals,
                     GError **error)
{
    g_autoptr(FiscNation) nation = NULL;
    g_autoptr(FiscFeeder) feeder = NULL;
    g_autoptr(FiscMapAnswer) answer = g_new0(FiscMapAnswer, 1);
    if (!fisc_flow_load_nation(ctx, &nation, error) ||
        !fisc_feeder_find(nation, name, &feeder, error)) {
        return false;
    }
    g_autoptr(GBytes) packed = fisc_map_pack(dir, refusals, error);
    if (packed == NULL) {
        return refusals->len > 0;
    }
    g_autoptr(GHashTable) effect = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    answer->version = next_version(nation, name);
    if (is_known(nation, name, packed, &answer->version)) {
        answer->trials = g_ptr_array_new();
        answer->effect = make_effect(effect, nation);
        *out_answer = g_steal_pointer(&answer);
        return true;
    }
    if (!fisc_pull_try_map(ctx, name, packed, effect, &answer->trials, error)) {
        return false;
    }
    for (guint i = 0; i < answer->trials->len; i++) {
        const FiscPullRun *trial = answer->trials->pdata[i];
        for (guint k = 0; k < trial->refusals->len; k++) {
            g_ptr_array_add(refusals, fisc_refusal_copy(trial->refusals->pdata[k]));
        }
    }
    answer->effect = make_effect(effect, nation);
    if (refusals->len == 0 && !ctx->is_dry_run &&
        !put_map(ctx, feeder, packed, from, note != NULL ? note : "", answer, error)) {
        return false;
    }
    *out_answer = g_steal_pointer(&answer);
    return true;
}

/* The register --------------------------------------------------------------------------------- */

/* What the connector needs to know is held against what the words say. */
static void
check_feeds(const FiscSubmission *facts, FiscRefusals *refusals)
{
    for (guint i = 0; i < facts->events->len; i++) {
        FiscEvent *event = facts->events->pdata[i];
        FiscFact fact = {event->kind != NULL ? (char *)event->kind : NULL, (char *)event->subject,
                         event->fields};
        if (strcmp(event->kind, FEEDER) != 0) {
            fisc_refusals_add(refusals, FISC_ERROR_VALUE_INVALID, FILE_NAME, 0, NULL,
                              "this is no list of feeders");
            return;
        }
        g_autoptr(FiscFeeder) feeder = fisc_feeder_read(&fact, refusals);
    }
}

/* The text as the package of one file that it is. */
static bool
read_feeds(FiscContext *ctx, const FiscNation *nation, const char *data, gsize length,
           FiscPackage **out_package, FiscRefusals *refusals, GError **error)
{
    g_auto(FiscScratch) scratch = {0};
    g_autoptr(GError) reason = NULL;
    if (!fisc_scratch_open(&scratch, error)) {
        return false;
    }
    g_autofree char *path = g_build_filename(scratch.dir, FILE_NAME, NULL);
    return g_file_set_contents(path, data, (gssize)length, &reason)
               ? fisc_package_read(scratch.dir, nation, ctx->actor, out_package, refusals, error)
               : fisc_fail(error, FISC_ERROR_IO, "%s", reason->message);
}

bool
fisc_flow_feeder_put(FiscContext *ctx, const char *data, gsize length, const char *reason,
                     char **out_document, FiscReceipt **out_receipt, FiscRefusals *refusals,
                     GError **error)
{
    g_autoptr(FiscNation) nation = NULL;
    g_autoptr(FiscPackage) package = NULL;
    if (!fisc_flow_load_nation(ctx, &nation, error) ||
        !read_feeds(ctx, nation, data, length, &package, refusals, error)) {
        return false;
    }
    if (package != NULL) {
        check_feeds(package->master, refusals);
    }
    if (refusals->len > 0) {
        return true; /* they are the answer */
    }
    return fisc_flow_put_facts(ctx, package->master, reason, out_document, out_receipt, error);
}
