/* engine_virement.c: moving appropriations between budget lines, inside the rules of the budget law
 * (rule R12).
 *
 * A virement is an entry whose changes of appropriations sum to zero and have both signs. Where the
 * law has rules for the entity, the first rule that it fits must let it pass; when that one asks
 * for an approval, the document that carries the virement out must have it. What nobody may do, and
 * whose approval would do, is in the refusal.
 *
 * What has left a line this year is the credit turnover of its changes: virements, but also cuts,
 * what cover pools drew and what a reversal took back again, for the law counts what left, by
 * whatever way. Whether the giver has the money is judged by the controls, as for every entry. */
#include "ledger/engine_virement.h"
#include "fisc/money.h"
#include <string.h>

/* What the entry does to one budget line: more than zero gets, less gives. */
typedef struct {
    const FiscEngineCoding *coding;
    int64_t amount;
} Change;

typedef struct {
    FiscEngine *engine;
    const char *entity;
    int year;
    FiscDate effective;
    int decimals;
    const char *document; /* that carries it out; NULL = none */
    GArray *changes;      /* of Change, one for each line, none of them zero */
} Virement;

/* Finding one --------------------------------------------------------------------------------- */

static void
add_change(GArray *changes, const FiscEngineCoding *coding, int64_t amount)
{
    for (guint i = 0; i < changes->len; i++) {
        Change *change = &g_array_index(changes, Change, i);
        if (change->coding == coding) {
            change->amount += amount;
            return;
        }
    }
    Change change = {.coding = coding, .amount = amount};
    g_array_append_val(changes, change);
}

/* Keeps the changes when they are a virement. Amounts are bounded by the engine's sums. */
static bool
is_virement(GArray *changes)
{
    __int128 sum = 0;
    bool gives = false;
    for (guint i = changes->len; i > 0; i--) {
        const Change *change = &g_array_index(changes, Change, i - 1);
        sum += change->amount;
        gives |= change->amount < 0;
        if (change->amount == 0) {
            g_array_remove_index(changes, i - 1);
        }
    }
    return gives && sum == 0;
}

/* Keys ---------------------------------------------------------------------------------------- */

typedef struct {
    int32_t part[FISC_KEY_PARTS_MAX];
} Key;

/* What the entry does to a key, and what stands on it. */
typedef struct {
    Key key;
    __int128 sum;
    __int128 original; /* appropriated at first */
    __int128 left;     /* gone before, this year */
} KeySum;

/* The keys that the lines of a virement fall under, in their order. */
typedef struct {
    GPtrArray *all;    /* of KeySum; owned */
    GHashTable *index; /* Key -> KeySum */
} KeySums;

static guint
hash_key(gconstpointer data)
{
    const Key *key = data;
    guint hash = 2166136261u;
    for (int i = 0; i < FISC_KEY_PARTS_MAX; i++) {
        hash = (hash ^ (guint)key->part[i]) * 16777619u;
    }
    return hash;
}

static gboolean
equal_key(gconstpointer a, gconstpointer b)
{
    return memcmp(a, b, sizeof(Key)) == 0;
}

static Key
key_of(FiscEngine *engine, const FiscKeyPart *parts, int count, const FiscCodingKey *coding)
{
    Key key = {{0}};
    for (int i = 0; i < count; i++) {
        key.part[i] = fisc_key_part_symbol(engine, &parts[i], coding);
    }
    return key;
}

static char *
key_text(const FiscEngine *engine, const FiscKeyPart *parts, int count, const Key *key)
{
    GString *text = g_string_new(NULL);
    for (int i = 0; i < count; i++) {
        g_string_append_printf(text, "%s%s=%s", i > 0 ? " " : "", fisc_key_part_column(&parts[i]),
                               fisc_engine_symbol_text(engine, key->part[i]));
    }
    return g_string_free(text, FALSE);
}

static void
key_sums_clear(KeySums *sums)
{
    g_hash_table_unref(sums->index);
    g_ptr_array_unref(sums->all);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KeySums, key_sums_clear)

static KeySums
key_sums(const Virement *virement, const FiscKeyPart *parts, int count)
{
    KeySums sums = {.all = g_ptr_array_new_with_free_func(g_free),
                    .index = g_hash_table_new(hash_key, equal_key)};
    for (guint i = 0; i < virement->changes->len; i++) {
        const Change *change = &g_array_index(virement->changes, Change, i);
        Key key = key_of(virement->engine, parts, count, &change->coding->key);
        KeySum *sum = g_hash_table_lookup(sums.index, &key);
        if (sum == NULL) {
            sum = g_new0(KeySum, 1);
            sum->key = key;
            g_ptr_array_add(sums.all, sum);
            g_hash_table_insert(sums.index, &sum->key, sum);
        }
        sum->sum += change->amount;
    }
    return sums;
}

/* Why a rule does not let it pass ------------------------------------------------------------- */

/* Each returns NULL, or why not; caller frees. */

static char *
check_same(const Virement *virement, const FiscVirementRule *rule)
{
    g_auto(KeySums) sums = key_sums(virement, rule->same, rule->same_count);
    for (guint i = 0; i < sums.all->len; i++) {
        const KeySum *sum = sums.all->pdata[i];
        if (sum->sum != 0) {
            g_autofree char *text =
                key_text(virement->engine, rule->same, rule->same_count, &sum->key);
            return g_strdup_printf("it leaves %s, within which it must stay", text);
        }
    }
    return NULL;
}

static const char *
code_of(const FiscEngine *engine, const FiscKeyPart *part, const FiscCodingKey *coding)
{
    return part->dim == FISC_PART_ENTITY ? engine->entity_codes->pdata[coding->entity_id - 1]
                                         : fisc_engine_symbol_text(engine, coding->dim[part->dim]);
}

static char *
check_bars(const Virement *virement, const GArray *bars, int sign, const char *what)
{
    for (guint i = 0; i < virement->changes->len; i++) {
        const Change *change = &g_array_index(virement->changes, Change, i);
        for (guint k = 0; (change->amount > 0) == (sign > 0) && k < bars->len; k++) {
            const FiscVirementBar *bar = &g_array_index(bars, FiscVirementBar, k);
            const char *code = code_of(virement->engine, &bar->part, &change->coding->key);
            if (g_str_has_prefix(code, bar->prefix)) {
                return g_strdup_printf("%s=%s %s", fisc_key_part_column(&bar->part), code, what);
            }
        }
    }
    return NULL;
}

static void
add_turnovers(KeySum *sum, const FiscEngineCoding *coding, int year)
{
    for (const FiscTurnover *turnover = coding->turnovers; turnover != NULL;
         turnover = turnover->earlier) {
        if (fisc_period_year(turnover->period) != year) {
            continue;
        }
        if (coding->stage == FISC_STAGE_APPROPRIATION) {
            sum->original += (__int128)turnover->debit - turnover->credit;
        } else {
            sum->left += turnover->credit;
        }
    }
}

/* What was appropriated to the keys, and what has left them. */
static void
read_turnovers(const Virement *virement, const FiscVirementRule *rule, const KeySums *sums)
{
    FiscEngine *engine = virement->engine;
    for (guint i = 0; i < engine->codings->len; i++) {
        const FiscEngineCoding *coding = engine->codings->pdata[i];
        if (coding->stage != FISC_STAGE_APPROPRIATION && coding->stage != FISC_STAGE_CHANGE) {
            continue;
        }
        Key key = key_of(engine, rule->key, rule->key_count, &coding->key);
        KeySum *sum = g_hash_table_lookup(sums->index, &key);
        if (sum != NULL) {
            add_turnovers(sum, coding, virement->year);
        }
    }
}

static char *
check_cap_of(const Virement *virement, const FiscVirementRule *rule, const KeySum *sum)
{
    __int128 allowed = MAX(sum->original, 0) * rule->cap / FISC_MILLION;
    __int128 left = sum->left - sum->sum;
    if (sum->sum >= 0 || left <= allowed) {
        return NULL;
    }
    char left_text[FISC_SUM_TEXT], allowed_text[FISC_SUM_TEXT], original_text[FISC_SUM_TEXT];
    g_autofree char *text = key_text(virement->engine, rule->key, rule->key_count, &sum->key);
    return g_strdup_printf("%s would have left %s this year, the most is %s of %s",
                           fisc_sum_format(left, virement->decimals, left_text), text,
                           fisc_sum_format(allowed, virement->decimals, allowed_text),
                           fisc_sum_format(sum->original, virement->decimals, original_text));
}

static char *
check_cap(const Virement *virement, const FiscVirementRule *rule)
{
    char *wrong = NULL;
    if (rule->cap < 0) {
        return NULL;
    }
    g_auto(KeySums) sums = key_sums(virement, rule->key, rule->key_count);
    read_turnovers(virement, rule, &sums);
    for (guint i = 0; wrong == NULL && i < sums.all->len; i++) {
        wrong = check_cap_of(virement, rule, sums.all->pdata[i]);
    }
    return wrong;
}

/* NULL when the virement lies inside the rule, whoever approves it. */
static char *
check_fit(const Virement *virement, const FiscVirementRule *rule)
{
    char *wrong = check_same(virement, rule);
    wrong = wrong != NULL ? wrong : check_bars(virement, rule->donor_not, -1, "may not give");
    wrong = wrong != NULL ? wrong : check_bars(virement, rule->receiver_not, 1, "may not get");
    return wrong != NULL ? wrong : check_cap(virement, rule);
}

/* Approvals ----------------------------------------------------------------------------------- */

static bool
is_approved(const Virement *virement, const FiscVirementRule *rule)
{
    const char *approved_by = virement->document != NULL
                                  ? fisc_engine_master_field(virement->engine, "document",
                                                             virement->document, "approved_by")
                                  : NULL;
    g_auto(GStrv) persons = g_strsplit(approved_by != NULL ? approved_by : "", " ", -1);
    int count = 0;
    for (int i = 0; persons[i] != NULL; i++) {
        bool is_one =
            *persons[i] != '\0' &&
            fisc_engine_holds_role(virement->engine, persons[i], rule->approval, virement->entity);
        count += is_one ? 1 : 0;
    }
    return count >= rule->approvals || virement->engine->is_authorized;
}

/* Judging ------------------------------------------------------------------------------------- */

static void
append_reason(GString *reasons, const FiscVirementRule *rule, const char *reason)
{
    g_string_append_printf(reasons, "%srule %s: %s", reasons->len > 0 ? "; " : "", rule->name,
                           reason);
}

static char *
approval_text(const FiscVirementRule *rule)
{
    const char *role = rule->approval != NULL ? rule->approval : "a second person";
    return rule->approvals > 1 ? g_strdup_printf("%d approvals by %s", rule->approvals, role)
                               : g_strdup_printf("the approval of %s", role);
}

/* The way out as data, beside the words. */
static FiscRemedy *
remedy_of(const Virement *virement, const FiscVirementRule *rule)
{
    FiscRemedy *remedy = fisc_remedy_new(FISC_REMEDY_VIREMENT);
    remedy->option = 1;
    remedy->approval = g_strdup(rule->approval);
    remedy->approvals = rule->approvals;
    remedy->rule = g_strdup(rule->name);
    remedy->article = g_strdup(rule->article);
    for (guint i = 0; i < virement->changes->len; i++) {
        const Change *change = &g_array_index(virement->changes, Change, i);
        Key key = key_of(virement->engine, rule->key, rule->key_count, &change->coding->key);
        char **text = change->amount < 0 ? &remedy->from : &remedy->to;
        remedy->amount += change->amount > 0 ? change->amount : 0;
        if (*text == NULL) {
            *text = key_text(virement->engine, rule->key, rule->key_count, &key);
        }
    }
    return remedy;
}

static void
refuse(const FiscDecision *decision, const Virement *virement, const char *reasons,
       const FiscVirementRule *way_out)
{
    const FiscEntry *entry = decision->entry;
    FiscRefusal *refusal =
        fisc_refusals_add(decision->refusals, FISC_ERROR_VIREMENT_RULE, entry->file, entry->row,
                          NULL, "\"%s\": %s", entry->reference, reasons);
    if (way_out == NULL || refusal->dropped > 0) {
        return;
    }
    g_autofree char *approval = approval_text(way_out);
    refusal->hint = g_strdup_printf("a document with %s carries it out under rule %s%s%s", approval,
                                    way_out->name, way_out->article != NULL ? ", " : "",
                                    way_out->article != NULL ? way_out->article : "");
    refusal->article = g_strdup(way_out->article);
    refusal->remedies = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_remedy_free);
    g_ptr_array_add(refusal->remedies, remedy_of(virement, way_out));
}

/* The first rule that holds and that the virement lies inside; NULL when there is none. Reasons of
 * those before it are appended; *out_any tells whether any rule holds. */
static const FiscVirementRule *
find_rule(const Virement *virement, bool *out_any, GString *reasons)
{
    const GPtrArray *rules = fisc_engine_virement_rules(virement->engine);
    *out_any = false;
    for (guint i = 0; i < rules->len; i++) {
        const FiscVirementRule *rule = rules->pdata[i];
        if (!fisc_virement_rule_holds(rule, virement->entity, virement->effective)) {
            continue;
        }
        *out_any = true;
        g_autofree char *wrong = check_fit(virement, rule);
        if (wrong == NULL) {
            return rule;
        }
        append_reason(reasons, rule, wrong);
    }
    return NULL;
}

static void
judge(const FiscDecision *decision, const Virement *virement)
{
    bool has_rules = false;
    g_autoptr(GString) reasons = g_string_new(NULL);
    const FiscVirementRule *rule = find_rule(virement, &has_rules, reasons);
    if (!has_rules || (rule != NULL && is_approved(virement, rule))) {
        return;
    }
    if (rule != NULL) {
        g_autofree char *approval = approval_text(rule);
        g_autofree char *needed = g_strdup_printf("it needs %s", approval);
        append_reason(reasons, rule, needed);
    }
    refuse(decision, virement, reasons->str, rule);
}

static GArray *
changes_of(const FiscDecision *decision)
{
    GArray *changes = g_array_new(FALSE, FALSE, sizeof(Change));
    for (guint i = 0; i < decision->coding[1]->len; i++) {
        int32_t id = g_array_index(decision->coding[1], int32_t, i);
        const FiscEngineCoding *coding = decision->engine->codings->pdata[id - 1];
        if (coding->stage == FISC_STAGE_CHANGE) {
            add_change(changes, coding, g_array_index(decision->amount[1], int64_t, i));
        }
    }
    return changes;
}

void
fisc_engine_judge_virement(FiscDecision *decision)
{
    const GPtrArray *rules = fisc_engine_virement_rules(decision->engine);
    /* A reversal restores what was there before, whichever way that goes. */
    if (rules == NULL || rules->len == 0 || decision->entry->reverses) {
        return;
    }
    g_autoptr(GArray) changes = changes_of(decision);
    if (is_virement(changes)) {
        Virement virement = {.engine = decision->engine,
                             .entity = decision->entry->entity,
                             .year = fisc_period_year(decision->period),
                             .effective = decision->entry->effective,
                             .decimals = decision->entry->decimals,
                             .document = decision->submission->document,
                             .changes = changes};
        judge(decision, &virement);
    }
}

/* Deciding again ------------------------------------------------------------------------------ */

/* The changes of an entry that does nothing else. With spending beside them they may be what a
 * cover pool drew, which is no virement of anybody's. */
static GArray *
changes_of_posted(const FiscEngine *engine, const FiscDecidedEntry *entry)
{
    GArray *changes = g_array_new(FALSE, FALSE, sizeof(Change));
    for (int i = 0; i < entry->count; i++) {
        const FiscEngineCoding *coding = engine->codings->pdata[entry->coding[i] - 1];
        if (coding->stage == FISC_STAGE_CHANGE) {
            add_change(changes, coding, entry->amount[i]);
        } else if (coding->stage != FISC_STAGE_AVAILABLE) {
            g_array_set_size(changes, 0);
            return changes;
        }
    }
    return changes;
}

void
fisc_engine_object_virement(FiscEngine *engine, const FiscDecidedEntry *entry,
                            FiscRefusals *objections)
{
    const GPtrArray *rules = fisc_engine_virement_rules(engine);
    if (rules == NULL || rules->len == 0 || entry->reverses) {
        return;
    }
    g_autoptr(GArray) changes = changes_of_posted(engine, entry);
    if (!is_virement(changes)) {
        return;
    }
    bool has_rules = false;
    g_autoptr(GString) reasons = g_string_new(NULL);
    Virement virement = {.engine = engine,
                         .entity = engine->entity_codes->pdata[entry->entity_id - 1],
                         .year = fisc_period_year(entry->period),
                         .effective = entry->effective,
                         .decimals = 2,
                         .changes = changes};
    if (find_rule(&virement, &has_rules, reasons) == NULL && has_rules) {
        fisc_refusals_add(objections, FISC_ERROR_TAMPERED, NULL, 0, NULL,
                          "no rule lets the virement pass: %s", reasons->str);
    }
}
