/* remedy_search.c: who could give: lines of the same budget that have funds left and may part with
 * them by a rule. Pure.
 *
 * Greedy: each time the transfer is taken that helps most failing keys, then the one from the line
 * that could give to the fewest others, then the largest. Where keys lie inside one another (line,
 * article, chapter) nothing better exists; where they cross, a way may be overlooked, and then it
 * is not offered. What is found is a proposal: the engine has the last word, in a rehearsal. */
#include "budget/remedy_search.h"
#include <string.h>

#define TRANSFERS_MAX 64 /* who needs more than that needs another budget */

/* "entity=1 programme=2 year=2018 period=201805" without window, and without year. */
static char *
bare_key(const char *key, bool with_year)
{
    const char *year = strstr(key, " year=");
    if (year == NULL) {
        return g_strdup(key);
    }
    gsize length = (gsize)(year - key);
    if (with_year) {
        length += strlen(" year=");
        length += strcspn(key + length, " ");
    }
    return g_strndup(key, length);
}

FiscKeyNeed *
fisc_remedy_search_need(const FiscRemedySearch *search, const FiscKeyPosition *key)
{
    return g_hash_table_lookup(search->needs, key);
}

FiscKeyNeed *
fisc_remedy_search_find(const FiscRemedySearch *search, const char *control, const char *key)
{
    bool with_year = strstr(key, " year=") != NULL;
    g_autofree char *wanted = bare_key(key, with_year);
    for (guint i = 0; i < search->position->keys->len; i++) {
        const FiscKeyPosition *position = search->position->keys->pdata[i];
        g_autofree char *has = bare_key(position->key, with_year);
        if (g_strcmp0(position->control, control) == 0 && strcmp(has, wanted) == 0) {
            return fisc_remedy_search_need(search, position);
        }
    }
    return NULL;
}

bool
fisc_line_has_key(const FiscLinePosition *line, const FiscKeyPosition *key)
{
    for (guint i = 0; i < line->keys->len; i++) {
        if (line->keys->pdata[i] == key) {
            return true;
        }
    }
    return false;
}

/* Beginning --------------------------------------------------------------------------------- */

static void
take_keys(FiscRemedySearch *search)
{
    for (guint i = 0; i < search->position->keys->len; i++) {
        const FiscKeyPosition *key = search->position->keys->pdata[i];
        FiscKeyNeed *need = g_new0(FiscKeyNeed, 1);
        need->key = key;
        need->left = key->available;
        g_hash_table_insert(search->needs, (gpointer)key, need);
    }
    for (guint i = 0; i < search->position->asked->len; i++) {
        const FiscLinePosition *line = search->position->asked->pdata[i];
        for (guint k = 0; k < line->keys->len; k++) {
            fisc_remedy_search_need(search, line->keys->pdata[k])->left -= line->requested;
        }
    }
    for (guint i = 0; i < search->position->caps->len; i++) {
        const FiscCapPosition *cap = search->position->caps->pdata[i];
        g_hash_table_insert(search->rooms, (gpointer)cap, g_memdup2(&cap->room, sizeof cap->room));
    }
}

static bool
is_asked(const FiscRemedySearch *search, const FiscKeyPosition *key)
{
    for (guint i = 0; i < search->position->asked->len; i++) {
        if (fisc_line_has_key(search->position->asked->pdata[i], key)) {
            return true;
        }
    }
    return false;
}

static void
take_refusals(FiscRemedySearch *search, const FiscRefusals *refusals)
{
    for (guint i = 0; i < refusals->len; i++) {
        const FiscRefusal *refusal = refusals->pdata[i];
        FiscKeyNeed *need = refusal->control != NULL && refusal->key != NULL
                                ? fisc_remedy_search_find(search, refusal->control, refusal->key)
                                : NULL;
        if (need == NULL || !is_asked(search, need->key)) {
            search->is_strange = true;
            continue;
        }
        need->refusal = refusal;
        need->shortfall = refusal->shortfall;
        g_ptr_array_add(search->failing, need);
    }
}

FiscRemedySearch *
fisc_remedy_search_new(const FiscBudgetPosition *position, const FiscRefusals *refusals,
                       GHashTable *barred)
{
    FiscRemedySearch *search = g_new0(FiscRemedySearch, 1);
    search->position = position;
    search->barred = barred;
    search->needs = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    search->rooms = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    search->failing = g_ptr_array_new();
    take_keys(search);
    take_refusals(search, refusals);
    return search;
}

void
fisc_remedy_search_free(FiscRemedySearch *search)
{
    if (search != NULL) {
        g_hash_table_unref(search->needs);
        g_hash_table_unref(search->rooms);
        g_ptr_array_unref(search->failing);
        g_free(search);
    }
}

/* Giving ------------------------------------------------------------------------------------ */

/* How a transfer is weighed against another. */
typedef struct {
    FiscTransfer transfer;
    guint from_index;
    int helped;    /* failing keys */
    int receivers; /* that the line could give to */
} Candidate;

static bool
lacks(const FiscKeyNeed *need)
{
    return need->shortfall > 0 && !need->key->is_released;
}

/* What the receiver lacks in keys that the donor is not in itself. */
static int64_t
lack_of(const FiscRemedySearch *search, const FiscLinePosition *from, const FiscLinePosition *to,
        int *out_helped)
{
    int64_t most = 0;
    *out_helped = 0;
    for (guint i = 0; i < to->keys->len; i++) {
        const FiscKeyNeed *need = fisc_remedy_search_need(search, to->keys->pdata[i]);
        if (lacks(need) && !fisc_line_has_key(from, need->key)) {
            most = MAX(most, need->shortfall);
            (*out_helped)++;
        }
    }
    return most;
}

/* What a line can part with: no more than was appropriated to it, and no more than its keys have
 * left; a key that both are in does not notice. */
static int64_t
funds_of(const FiscRemedySearch *search, const FiscLinePosition *from, const FiscLinePosition *to)
{
    int64_t funds = MAX(from->enacted, 0);
    for (guint i = 0; i < from->keys->len; i++) {
        const FiscKeyNeed *need = fisc_remedy_search_need(search, from->keys->pdata[i]);
        if (!need->key->is_released && !fisc_line_has_key(to, need->key)) {
            funds = MIN(funds, MAX(need->left, 0));
        }
    }
    return funds;
}

static int64_t
room_of(const FiscRemedySearch *search, const FiscLinePosition *from, guint rule)
{
    const FiscCapPosition *cap = from->caps->pdata[rule];
    const int64_t *room = cap != NULL ? g_hash_table_lookup(search->rooms, cap) : NULL;
    return room != NULL ? MAX(*room, 0) : INT64_MAX;
}

/* The rule by which so much would go: the first that it lies inside. -1: none. */
static int
rule_for(const FiscRemedySearch *search, const FiscLinePosition *from, guint ways, int64_t amount)
{
    for (guint i = 0; i < search->position->rules->len; i++) {
        if ((ways >> i & 1) != 0 && room_of(search, from, i) >= amount) {
            return (int)i;
        }
    }
    return -1;
}

/* The most that may go, of @most, by a rule that asks for few enough approvals: all of it, or as
 * much as one of the rules has room for. */
static void
bound_by_rules(const FiscRemedySearch *search, guint ways, int64_t most, int approvals_max,
               FiscTransfer *transfer)
{
    const GPtrArray *rules = search->position->rules;
    transfer->amount = rules->len == 0 ? most : 0;
    for (guint i = 0; i <= rules->len && rules->len > 0; i++) {
        int64_t amount = i < rules->len ? room_of(search, transfer->from, i) : most;
        int rule =
            amount > 0 && amount <= most ? rule_for(search, transfer->from, ways, amount) : -1;
        const FiscRulePosition *allowing = rule >= 0 ? rules->pdata[rule] : NULL;
        if (allowing != NULL && allowing->approvals <= approvals_max && amount > transfer->amount) {
            transfer->amount = amount;
            transfer->rule = allowing;
        }
    }
}

static int
count_receivers(const FiscRemedySearch *search, guint from_index)
{
    int count = 0;
    for (guint i = 0; i < search->position->asked->len; i++) {
        const FiscLinePosition *to = search->position->asked->pdata[i];
        int helped = 0;
        bool is_way = search->position->rules->len == 0 ||
                      GPOINTER_TO_UINT(to->ways_out->pdata[from_index]) != 0;
        count +=
            is_way && lack_of(search, search->position->lines->pdata[from_index], to, &helped) > 0
                ? 1
                : 0;
    }
    return count;
}

static bool
is_same_line(const FiscLinePosition *a, const FiscLinePosition *b)
{
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        if (strcmp(a->dim[i], b->dim[i]) != 0) {
            return false;
        }
    }
    return true;
}

static Candidate
weigh(const FiscRemedySearch *search, guint from_index, const FiscLinePosition *to,
      int approvals_max)
{
    const FiscLinePosition *from = search->position->lines->pdata[from_index];
    Candidate candidate = {.transfer = {.from = from, .to = to}, .from_index = from_index};
    if (to->requested <= 0 || is_same_line(from, to) ||
        (search->barred != NULL && g_hash_table_contains(search->barred, from))) {
        return candidate;
    }
    int64_t most = lack_of(search, from, to, &candidate.helped);
    most = MIN(most, funds_of(search, from, to));
    if (most > 0) {
        bound_by_rules(search, GPOINTER_TO_UINT(to->ways_out->pdata[from_index]), most,
                       approvals_max, &candidate.transfer);
        candidate.receivers = count_receivers(search, from_index);
    }
    return candidate;
}

static bool
is_better(const Candidate *a, const Candidate *b)
{
    if (b->transfer.amount == 0 || a->transfer.amount == 0) {
        return a->transfer.amount > b->transfer.amount;
    }
    if (a->helped != b->helped) {
        return a->helped > b->helped;
    }
    if (a->receivers != b->receivers) {
        return a->receivers < b->receivers;
    }
    return a->transfer.amount > b->transfer.amount;
}

static Candidate
find_best(const FiscRemedySearch *search, int approvals_max)
{
    Candidate best = {.helped = 0};
    for (guint k = 0; k < search->position->asked->len; k++) {
        for (guint i = 0; i < search->position->lines->len; i++) {
            Candidate candidate =
                weigh(search, i, search->position->asked->pdata[k], approvals_max);
            best = is_better(&candidate, &best) ? candidate : best;
        }
    }
    return best;
}

static void
take(FiscRemedySearch *search, const FiscTransfer *transfer)
{
    for (guint i = 0; i < transfer->from->keys->len; i++) {
        const FiscKeyPosition *key = transfer->from->keys->pdata[i];
        if (!fisc_line_has_key(transfer->to, key)) {
            fisc_remedy_search_need(search, key)->left -= transfer->amount;
        }
    }
    for (guint i = 0; i < transfer->to->keys->len; i++) {
        const FiscKeyPosition *key = transfer->to->keys->pdata[i];
        FiscKeyNeed *need = fisc_remedy_search_need(search, key);
        if (!fisc_line_has_key(transfer->from, key)) {
            need->left += transfer->amount;
            need->shortfall -= key->is_released ? 0 : MIN(need->shortfall, transfer->amount);
        }
    }
    for (guint i = 0; i < transfer->from->caps->len; i++) {
        const FiscCapPosition *cap = transfer->from->caps->pdata[i];
        int64_t *room = cap != NULL ? g_hash_table_lookup(search->rooms, cap) : NULL;
        if (room != NULL) {
            *room -= transfer->amount;
        }
    }
}

static bool
is_covered(const FiscRemedySearch *search)
{
    for (guint i = 0; i < search->failing->len; i++) {
        if (lacks(search->failing->pdata[i])) {
            return false;
        }
    }
    return true;
}

bool
fisc_remedy_search_transfers(FiscRemedySearch *search, int approvals_max, GArray *out_transfers)
{
    while (!is_covered(search)) {
        Candidate best = find_best(search, approvals_max);
        search->is_cut |= best.transfer.amount > 0 && out_transfers->len == TRANSFERS_MAX;
        if (best.transfer.amount <= 0 || search->is_cut) {
            return false;
        }
        take(search, &best.transfer);
        g_array_append_val(out_transfers, best.transfer);
    }
    return true;
}

/* Whether it is exact ------------------------------------------------------------------------ */

/* How many lines are in a group (a key or a cap), and in two of them together. */
typedef struct {
    GHashTable *sizes; /* group -> GUINT */
    GHashTable *pairs; /* Pair -> GUINT */
} Groups;

typedef struct {
    gconstpointer a, b;
} Pair;

static guint
hash_pair(gconstpointer data)
{
    const Pair *pair = data;
    return g_direct_hash(pair->a) * 31u + g_direct_hash(pair->b);
}

static gboolean
equal_pair(gconstpointer a, gconstpointer b)
{
    return memcmp(a, b, sizeof(Pair)) == 0;
}

static void
count_line(Groups *groups, const FiscLinePosition *line)
{
    g_autoptr(GPtrArray) own = g_ptr_array_new();
    g_ptr_array_extend(own, line->keys, NULL, NULL);
    for (guint i = 0; i < line->caps->len; i++) {
        if (line->caps->pdata[i] != NULL) {
            g_ptr_array_add(own, line->caps->pdata[i]);
        }
    }
    for (guint i = 0; i < own->len; i++) {
        guint size = GPOINTER_TO_UINT(g_hash_table_lookup(groups->sizes, own->pdata[i]));
        g_hash_table_insert(groups->sizes, own->pdata[i], GUINT_TO_POINTER(size + 1));
        for (guint k = 0; k < own->len; k++) {
            Pair pair = {own->pdata[i], own->pdata[k]};
            guint both = GPOINTER_TO_UINT(g_hash_table_lookup(groups->pairs, &pair));
            g_hash_table_insert(groups->pairs, g_memdup2(&pair, sizeof pair),
                                GUINT_TO_POINTER(both + 1));
        }
    }
}

/* Two groups that share a line cross when neither lies in the other. */
static bool
has_crossing(const Groups *groups)
{
    GHashTableIter iter;
    gpointer key, value;
    g_hash_table_iter_init(&iter, groups->pairs);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        const Pair *pair = key;
        guint a = GPOINTER_TO_UINT(g_hash_table_lookup(groups->sizes, pair->a));
        guint b = GPOINTER_TO_UINT(g_hash_table_lookup(groups->sizes, pair->b));
        if (GPOINTER_TO_UINT(value) < MIN(a, b)) {
            return true;
        }
    }
    return false;
}

bool
fisc_remedy_search_is_exact(const FiscRemedySearch *search)
{
    int lacking = 0;
    Groups groups = {.sizes = g_hash_table_new(NULL, NULL),
                     .pairs = g_hash_table_new_full(hash_pair, equal_pair, g_free, NULL)};
    for (guint i = 0; i < search->position->asked->len; i++) {
        const FiscLinePosition *line = search->position->asked->pdata[i];
        bool is_lacking = false;
        for (guint k = 0; k < line->keys->len; k++) {
            is_lacking |= fisc_remedy_search_need(search, line->keys->pdata[k])->refusal != NULL;
        }
        lacking += is_lacking ? 1 : 0;
    }
    for (guint i = 0; i < search->position->lines->len; i++) {
        count_line(&groups, search->position->lines->pdata[i]);
    }
    bool is_exact = lacking <= 1 && !has_crossing(&groups);
    g_hash_table_unref(groups.sizes);
    g_hash_table_unref(groups.pairs);
    return is_exact;
}
