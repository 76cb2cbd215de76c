/* law.c: `fisc budget law`: what another budget law says differently, and what it would have said
 * to the entries of a year that is over. Nothing is written. */
#include "app/flows/internal.h"
#include "fisc/law.h"
#include "fisc/package.h"
#include <string.h>

/* Laws ---------------------------------------------------------------------------------------- */

/* A bound that is no day does not bind: the engine would not have taken it. */
static bool
holds_on(const FiscRecord *record, FiscDate on)
{
    FiscDate day;
    const char *from = fisc_record_field(record, "from");
    const char *to = fisc_record_field(record, "to");
    bool has_begun = from == NULL || !fisc_date_parse(from, &day) || day <= on;
    bool has_ended = to != NULL && fisc_date_parse(to, &day) && day < on;
    return has_begun && !has_ended;
}

/* The rules on record that hold on a day. */
static bool
read_books(FiscContext *ctx, FiscDate on, FiscLaw *law, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    if (!fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error)) {
        return false;
    }
    for (int k = 0; k < fisc_law_kind_count(); k++) {
        g_autoptr(GArray) records = NULL;
        if (!fisc_records_load(tx, ctx->book_id, fisc_law_kind(k), &records, error)) {
            return false;
        }
        law->speaks_of |= 1u << k;
        for (guint i = 0; i < records->len; i++) {
            const FiscRecord *record = &g_array_index(records, FiscRecord, i);
            if (holds_on(record, on)) {
                fisc_law_add(law, fisc_law_kind(k), record->subject, record->fields, record->count);
            }
        }
    }
    return fisc_tx_commit(g_steal_pointer(&tx), error);
}

/* A folder speaks of a kind of rules when it has their file, if only with its header. */
static void
note_files(const char *dir, FiscLaw *law)
{
    for (int k = 0; k < fisc_law_kind_count(); k++) {
        g_autofree char *path = g_build_filename(dir, fisc_law_kind_file(k), NULL);
        law->speaks_of |= g_file_test(path, G_FILE_TEST_IS_REGULAR) ? 1u << k : 0;
    }
}

static bool
read_folder(FiscContext *ctx, const FiscNation *nation, const char *dir, FiscLaw *law,
            FiscRefusals *refusals, GError **error)
{
    g_autoptr(FiscPackage) package = NULL;
    note_files(dir, law);
    if (!fisc_package_read(dir, nation, ctx->actor, &package, refusals, error)) {
        return false;
    }
    for (guint i = 0; package != NULL && i < package->master->events->len; i++) {
        const FiscEvent *event = package->master->events->pdata[i];
        fisc_law_add(law, event->kind, event->subject, (char *const *)event->fields->pdata,
                     (int)event->fields->len);
    }
    if (package != NULL && law->speaks_of == 0) {
        fisc_refusals_add(refusals, FISC_ERROR_FILE_EMPTY, dir, 0, NULL,
                          "the folder has no rules: controls.csv, virement_rules.csv, covers.csv "
                          "or carry_rules.csv");
    }
    return true;
}

/* A day, or a folder. */
static bool
read_law(FiscContext *ctx, const FiscNation *nation, const char *word, FiscLaw **out_law,
         FiscRefusals *refusals, GError **error)
{
    FiscDate on;
    g_autoptr(FiscLaw) law = fisc_law_new();
    bool is_read = fisc_date_parse(word, &on)
                       ? read_books(ctx, on, law, error)
                       : read_folder(ctx, nation, word, law, refusals, error);
    if (is_read) {
        *out_law = g_steal_pointer(&law);
    }
    return is_read;
}

/* Differences --------------------------------------------------------------------------------- */

static void
note_silence(FiscTable *table, const FiscLaw *law, const char *word)
{
    for (int k = 0; k < fisc_law_kind_count(); k++) {
        if ((law->speaks_of & (1u << k)) == 0) {
            fisc_table_add_note(table, "%s has no %s: that part of the law stays as it is.", word,
                                fisc_law_kind_file(k));
        }
    }
}

static FiscTable *
changes_table(const GPtrArray *changes, const char *before, const char *after)
{
    static const char *const names[] = {"kind",   "name",  "what",    "field",
                                        "before", "after", "article", NULL};
    g_autofree char *title = g_strdup_printf("Rules of the budget: %s against %s", after, before);
    FiscTable *table = fisc_table_new("law-diff", title, 0);
    for (int i = 0; names[i] != NULL; i++) {
        fisc_table_add_column(table, names[i], FISC_COLUMN_TEXT);
    }
    for (guint i = 0; i < changes->len; i++) {
        const FiscLawChange *change = changes->pdata[i];
        const char *cells[] = {change->kind,   change->name,  change->what,   change->field,
                               change->before, change->after, change->article};
        FiscRow *row = fisc_table_add_row(table);
        for (int k = 0; k < (int)G_N_ELEMENTS(cells); k++) {
            fisc_table_set_text(table, row, k, cells[k]);
        }
    }
    return table;
}

bool
fisc_flow_law_diff(FiscContext *ctx, const char *before, const char *after, FiscTable **out_table,
                   FiscRefusals *refusals, GError **error)
{
    g_autoptr(FiscLaw) old = NULL;
    g_autoptr(FiscLaw) new = NULL;
    FiscNation *nation = NULL;
    bool is_read = fisc_flow_load_nation(ctx, &nation, error) &&
                   read_law(ctx, nation, before, &old, refusals, error) &&
                   read_law(ctx, nation, after, &new, refusals, error);
    fisc_nation_free(nation);
    if (!is_read || refusals->len > 0) {
        return is_read;
    }
    g_autoptr(GPtrArray) changes = fisc_law_compare(old, new);
    *out_table = changes_table(changes, before, after);
    note_silence(*out_table, old, before);
    note_silence(*out_table, new, after);
    return true;
}

/* A year again -------------------------------------------------------------------------------- */

enum {
    ENTITY,
    REFERENCE,
    DATE,
    WAS,
    WOULD_BE,
    CONTROL,
    KEY,
    REQUESTED,
    SHORTFALL,
    ARTICLE,
    REASON
};
static const FiscColumn difference_columns[] = {
    {(char *)"entity", FISC_COLUMN_TEXT, false},
    {(char *)"reference", FISC_COLUMN_TEXT, false},
    {(char *)"date", FISC_COLUMN_TEXT, false},
    {(char *)"was", FISC_COLUMN_TEXT, false},
    {(char *)"would_be", FISC_COLUMN_TEXT, false},
    {(char *)"control", FISC_COLUMN_TEXT, false},
    {(char *)"key", FISC_COLUMN_TEXT, false},
    {(char *)"requested", FISC_COLUMN_AMOUNT, false},
    {(char *)"shortfall", FISC_COLUMN_AMOUNT, false},
    {(char *)"article", FISC_COLUMN_TEXT, false},
    {(char *)"reason", FISC_COLUMN_TEXT, false},
};

/* Of the entities that are listed; amounts of others are printed with the same decimals. */
static int
decimals_of(const FiscNation *nation, const FiscLawReplay *replay, const char *entity)
{
    const FiscEntity *unit = entity != NULL ? fisc_nation_entity(nation, entity) : NULL;
    const FiscLawDifference *first =
        replay->differences->len > 0 ? replay->differences->pdata[0] : NULL;
    return unit != NULL ? unit->decimals : first != NULL ? first->decimals : 2;
}

static void
add_difference(FiscTable *table, const FiscLawDifference *difference)
{
    char date[FISC_DATE_TEXT];
    FiscRow *row = fisc_table_add_row(table);
    fisc_table_set_text(table, row, ENTITY, difference->entity);
    fisc_table_set_text(table, row, REFERENCE, difference->reference);
    fisc_table_set_text(table, row, DATE, fisc_date_format(difference->date, date));
    fisc_table_set_text(table, row, WAS, fisc_law_outcome_word(difference->was));
    fisc_table_set_text(table, row, WOULD_BE, fisc_law_outcome_word(difference->would_be));
    fisc_table_set_text(table, row, CONTROL, difference->control);
    fisc_table_set_text(table, row, KEY, difference->key);
    fisc_table_set_text(table, row, ARTICLE, difference->article);
    fisc_table_set_text(table, row, REASON, difference->reason);
    if (difference->control != NULL) {
        fisc_table_set_amount(table, row, REQUESTED, difference->requested);
        fisc_table_set_amount(table, row, SHORTFALL, difference->shortfall);
    }
}

static FiscTable *
differences_table(const FiscLawReplay *replay, const char *title, int decimals)
{
    FiscTable *table = fisc_table_new("law-replay", title, decimals);
    for (gsize i = 0; i < G_N_ELEMENTS(difference_columns); i++) {
        fisc_table_add_column(table, difference_columns[i].name, difference_columns[i].kind);
    }
    for (guint i = 0; i < replay->differences->len; i++) {
        add_difference(table, replay->differences->pdata[i]);
    }
    return table;
}

static FiscTable *
totals_table(const FiscLawReplay *replay, const char *title, int decimals)
{
    static const char *const names[] = {"control",   "refused", "requested",
                                        "shortfall", "warned",  "accepted"};
    FiscTable *table = fisc_table_new("law-replay", title, decimals);
    for (int i = 0; i < (int)G_N_ELEMENTS(names); i++) {
        fisc_table_add_column(table, names[i],
                              i == 0             ? FISC_COLUMN_TEXT
                              : i == 2 || i == 3 ? FISC_COLUMN_AMOUNT
                                                 : FISC_COLUMN_INTEGER);
    }
    for (guint i = 0; i < replay->totals->len; i++) {
        const FiscLawTotal *total = replay->totals->pdata[i];
        FiscRow *row = fisc_table_add_row(table);
        fisc_table_set_text(table, row, 0, total->control);
        fisc_table_set_amount(table, row, 1, total->refused);
        fisc_table_set_amount(table, row, 2, total->requested);
        fisc_table_set_amount(table, row, 3, total->shortfall);
        fisc_table_set_amount(table, row, 4, total->warned);
        fisc_table_set_amount(table, row, 5, total->accepted);
    }
    return table;
}

static void
add_notes(FiscTable *table, const FiscLawReplay *replay, const FiscLaw *law, const char *rules)
{
    fisc_table_add_note(table,
                        "%d entries were decided again; %d of them had no budgetary lines and got "
                        "some under these rules.",
                        replay->entries, replay->planned);
    if (replay->refusals > 0) {
        fisc_table_add_note(table,
                            "%d refusals are on record. Each is asked again of the control that "
                            "refused it: the log keeps no lines of it, so no other control can be.",
                            replay->refusals);
    }
    if (replay->doubtful > 0) {
        fisc_table_add_note(table,
                            "%d entries would be refused today by the rules on record, too (they "
                            "were posted under others): they count as accepted then.",
                            replay->doubtful);
    }
    note_silence(table, law, rules);
}

static bool
replay_year(FiscContext *ctx, const FiscNation *nation, const FiscLawReplayQuery *query,
            FiscLawReplay **out_replay, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    return fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) &&
           fisc_law_replay(tx, ctx->book_id, nation, query, out_replay, error) &&
           fisc_tx_commit(g_steal_pointer(&tx), error);
}

static FiscTable *
answer(const FiscLawTrial *trial, const FiscNation *nation, const FiscLawReplay *replay,
       const FiscLaw *law)
{
    int decimals = decimals_of(nation, replay, trial->entity);
    g_autofree char *title =
        g_strdup_printf("%d decided again under %s", trial->year, trial->rules);
    FiscTable *table = trial->by_control ? totals_table(replay, title, decimals)
                                         : differences_table(replay, title, decimals);
    add_notes(table, replay, law, trial->rules);
    return table;
}

bool
fisc_flow_law_replay(FiscContext *ctx, const FiscLawTrial *trial, FiscTable **out_table,
                     FiscRefusals *refusals, GError **error)
{
    g_autoptr(FiscLaw) law = NULL;
    g_autoptr(FiscLawReplay) replay = NULL;
    FiscNation *nation = NULL;
    const FiscEntity *entity = NULL;
    bool is_done =
        fisc_flow_load_nation(ctx, &nation, error) &&
        (trial->entity == NULL || fisc_flow_find_entity(nation, trial->entity, &entity, error)) &&
        read_law(ctx, nation, trial->rules, &law, refusals, error);
    if (is_done && refusals->len == 0) {
        FiscLawReplayQuery query = {.year = trial->year, .entity = trial->entity, .law = law};
        is_done = replay_year(ctx, nation, &query, &replay, error);
        *out_table = is_done ? answer(trial, nation, replay, law) : NULL;
    }
    fisc_nation_free(nation);
    return is_done;
}
