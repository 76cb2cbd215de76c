/* engine_expiry.c: reservations that expire. An event of kind "item" says until when an open item
 * stands; after that day anybody may post its release, and nothing else under that name (rule R11).
 * The release is an ordinary entry: it is decided, recorded and can be proved like any other. */
#include "ledger/engine_internal.h"
#include <string.h>

static char *
subject_of(const FiscEngine *engine, int32_t entity_id, int32_t name)
{
    return g_strconcat(engine->entity_codes->pdata[entity_id - 1], "/",
                       fisc_engine_symbol_text(engine, name), NULL);
}

bool
fisc_engine_check_item_event(const FiscEngine *engine, const FiscEvent *event,
                             FiscRefusals *refusals)
{
    (void)engine;
    const char *expires = fisc_event_field(event, "expires");
    FiscDate date = 0;
    if (strchr(event->subject, '/') == NULL) {
        fisc_refusals_add(refusals, FISC_ERROR_VALUE_INVALID, NULL, 0, "item",
                          "\"%s\" is not ENTITY/ITEM", event->subject);
        return false;
    }
    if (expires != NULL && !fisc_date_parse(expires, &date)) {
        fisc_refusals_add(refusals, FISC_ERROR_DATE_INVALID, NULL, 0, "expires", "\"%s\"", expires);
        return false;
    }
    return true;
}

/* True when the last day of the item has passed; items without one never expire. */
static bool
has_expired(const FiscEngine *engine, const char *subject, FiscDate today, FiscDate *out_last)
{
    const char *expires = fisc_engine_master_field(engine, "item", subject, "expires");
    return expires != NULL && fisc_date_parse(expires, out_last) && *out_last < today;
}

static bool
is_open_in(const FiscItem *item, int year)
{
    for (guint i = 0; i < item->groups->len; i++) {
        const FiscItemGroup *group = item->groups->pdata[i];
        for (guint k = 0; group->year == year && k < group->parts->len; k++) {
            const FiscItemPart *part = group->parts->pdata[k];
            if (part->amount != 0 || part->foreign != 0) {
                return true;
            }
        }
    }
    return false;
}

/* Reservations and orders lapse; what is owed does not. */
static bool
may_lapse(const FiscEngine *engine, const FiscItem *item)
{
    FiscStage stage =
        ((const FiscEngineAccount *)engine->accounts->pdata[item->account_id - 1])->stage;
    return stage == FISC_STAGE_AUTHORIZATION || stage == FISC_STAGE_COMMITMENT;
}

/* A line of a release: on an expired item of which nothing is left, or the funds it goes back to.
 */
static bool
is_release_line(const FiscDecision *decision, guint at)
{
    const FiscEngine *engine = decision->engine;
    int32_t name = g_array_index(decision->note[1], FiscLineNote, at).item;
    int32_t coding_id = g_array_index(decision->coding[1], int32_t, at);
    const FiscEngineCoding *coding = engine->codings->pdata[coding_id - 1];
    if (name == 0) {
        return coding->stage == FISC_STAGE_AVAILABLE;
    }
    g_autofree char *subject = subject_of(engine, decision->entity_id, name);
    const FiscItem *item = fisc_engine_item(engine, decision->entity_id, name);
    FiscDate last = 0;
    return item != NULL && may_lapse(engine, item) &&
           has_expired(engine, subject, fisc_engine_today(engine), &last) &&
           !is_open_in(item, fisc_period_year(decision->period));
}

static const FiscCodingKey *
key_of(const FiscDecision *decision, guint at)
{
    int32_t id = g_array_index(decision->coding[1], int32_t, at);
    return &((const FiscEngineCoding *)decision->engine->codings->pdata[id - 1])->key;
}

/* What is given back stays where it was reserved: under the name of a release nobody moves funds
 * from one budget line to another. */
static bool
stays_in_place(const FiscDecision *decision, guint at)
{
    const FiscCodingKey *key = key_of(decision, at);
    __int128 sum = 0;
    for (guint i = 0; i < decision->coding[1]->len; i++) {
        bool is_same = memcmp(key->dim, key_of(decision, i)->dim, sizeof key->dim) == 0;
        sum += is_same ? g_array_index(decision->amount[1], int64_t, i) : 0;
    }
    return sum == 0;
}

/* Budgets know neither party nor cash row. */
static bool
same_budget_line(const FiscCodingKey *a, const FiscCodingKey *b)
{
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        bool is_budget = i != FISC_DIM_COUNTERPARTY && i != FISC_DIM_CASH_CODE &&
                         i != FISC_DIM_CASH_COUNTERPARTY;
        if (is_budget && a->dim[i] != b->dim[i]) {
            return false;
        }
    }
    return true;
}

/* What is given back goes to the budget line it came from: lines that follow one another add up to
 * zero on each before the next begins. */
static bool
stays_on_its_line(const FiscDecision *decision)
{
    const FiscCodingKey *begun = NULL;
    __int128 sum = 0;
    for (guint i = 0; i < decision->coding[1]->len; i++) {
        int32_t coding_id = g_array_index(decision->coding[1], int32_t, i);
        const FiscEngineCoding *coding = decision->engine->codings->pdata[coding_id - 1];
        if (sum == 0) {
            begun = &coding->key;
        } else if (!same_budget_line(begun, &coding->key)) {
            return false;
        }
        sum += g_array_index(decision->amount[1], int64_t, i);
    }
    return sum == 0;
}

bool
fisc_engine_is_expiry(const FiscDecision *decision)
{
    bool is_expiry = decision->has_items && decision->coding[0]->len == 0 &&
                     strcmp(decision->submission->source, FISC_SOURCE_EXPIRY) == 0 &&
                     stays_on_its_line(decision);
    for (guint i = 0; is_expiry && i < decision->coding[1]->len; i++) {
        is_expiry = is_release_line(decision, i) && stays_in_place(decision, i);
    }
    return is_expiry;
}

/* Building releases ------------------------------------------------------------------------ */

static void
add_line(const FiscEngine *engine, FiscSubmission *submission, FiscEntry *entry,
         const FiscCodingKey *key, const char *account, int64_t amount)
{
    FiscLine *line = fisc_entry_line(entry);
    line->account = fisc_submission_text(submission, account);
    line->amount = amount;
    line->flow = key->flow;
    line->kind = key->kind;
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        line->dim[i] =
            key->dim[i] != 0
                ? fisc_submission_text(submission, fisc_engine_symbol_text(engine, key->dim[i]))
                : NULL;
    }
}

/* Codings against the item's sign come first: see give_all() in engine_relief.c. */
static void
add_group(const FiscEngine *engine, FiscSubmission *submission, FiscEntry *entry,
          const FiscItem *item, const FiscItemGroup *group)
{
    const FiscEngineAccount *account = engine->accounts->pdata[item->account_id - 1];
    const FiscEngineAccount *contra =
        engine->accounts->pdata[fisc_engine_item_contra(engine, account) - 1];
    FiscCodingKey funds = group->key;
    funds.flow = FISC_FLOW_TRANSACTION;
    funds.kind = 0;
    int64_t total = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (guint i = 0; i < group->parts->len; i++) {
            const FiscItemPart *part = group->parts->pdata[i];
            bool is_against = (part->amount > 0) != (item->sign > 0);
            if (part->amount == 0 || is_against != (pass == 0)) {
                continue;
            }
            const FiscEngineCoding *coding = engine->codings->pdata[part->coding_id - 1];
            add_line(engine, submission, entry, &coding->key, account->code, -part->amount);
            FiscLine *line = &g_array_index(entry->lines, FiscLine, entry->lines->len - 1);
            line->item =
                fisc_submission_text(submission, fisc_engine_symbol_text(engine, item->name.name));
            line->foreign = -part->foreign;
            line->currency = item->currency != 0
                                 ? fisc_submission_text(
                                       submission, fisc_engine_symbol_text(engine, item->currency))
                                 : NULL;
            total += part->amount;
        }
    }
    if (total != 0) {
        add_line(engine, submission, entry, &funds, contra->code, total);
    }
}

/* What was reserved for a year is released in it: today, or on its last day. */
static void
add_release(const FiscEngine *engine, FiscSubmission *submission, const FiscItem *item,
            const char *subject, int year, FiscDate last, FiscDate today)
{
    char date[FISC_DATE_TEXT];
    g_autofree char *suffix =
        fisc_date_year(last) != year ? g_strdup_printf("/%d", year) : g_strdup("");
    g_autofree char *reference =
        g_strconcat(subject, "/expired/", fisc_date_format(last, date), suffix, NULL);
    FiscEntry *entry = fisc_submission_entry(submission);
    entry->entity =
        fisc_submission_text(submission, engine->entity_codes->pdata[item->name.entity_id - 1]);
    entry->reference = fisc_submission_text(submission, reference);
    entry->document =
        fisc_submission_text(submission, fisc_engine_symbol_text(engine, item->name.name));
    entry->effective = fisc_date_year(today) == year ? today : fisc_date_make(year, 12, 31);
    for (guint i = 0; i < item->groups->len; i++) {
        const FiscItemGroup *group = item->groups->pdata[i];
        if (group->year == year) {
            add_group(engine, submission, entry, item, group);
        }
    }
    fisc_entry_digest(entry);
}

static void
add_releases(const FiscEngine *engine, FiscSubmission *submission, const FiscItem *item,
             const char *subject, FiscDate last, FiscDate today)
{
    int done = 0;
    for (guint i = 0; i < item->groups->len; i++) {
        int year = ((const FiscItemGroup *)item->groups->pdata[i])->year;
        if (year > done && is_open_in(item, year)) { /* groups of a year may be scattered */
            add_release(engine, submission, item, subject, year, last, today);
            done = year;
        }
    }
}

static gint
compare_texts(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* In order: the same state makes the same releases. */
static GPtrArray *
item_subjects(const FiscEngine *engine)
{
    GPtrArray *subjects = g_ptr_array_new();
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, engine->masters);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const FiscMaster *master = value;
        if (strcmp(master->kind, "item") == 0) {
            g_ptr_array_add(subjects, master->subject);
        }
    }
    g_ptr_array_sort(subjects, compare_texts);
    return subjects;
}

void
fisc_engine_add_releases(FiscEngine *engine, const char *entity, FiscDate today,
                         FiscSubmission *submission)
{
    g_autoptr(GPtrArray) subjects = item_subjects(engine);
    for (guint i = 0; i < subjects->len; i++) {
        const char *subject = subjects->pdata[i];
        const char *slash = strchr(subject, '/');
        g_autofree char *code = g_strndup(subject, (gsize)(slash - subject));
        int entity_id = fisc_engine_entity(engine, code);
        const FiscItem *item =
            entity_id != 0 && (entity == NULL || strcmp(entity, code) == 0)
                ? fisc_engine_item(engine, entity_id, fisc_engine_symbol(engine, slash + 1))
                : NULL;
        FiscDate last = 0;
        if (item != NULL && may_lapse(engine, item) && has_expired(engine, subject, today, &last)) {
            add_releases(engine, submission, item, subject, last, today);
        }
    }
}
