/* law_replay.c: a year that is over decided again, as if the rules of another law had held.
 *
 * Two engines are fed the log in chain order (ledger/engine_again.h). One gets the rules on record
 * and says which entries were warned then, for warnings are not on record; the other gets the rules
 * of the law instead. What the second refuses it does not post, and what stands on an entry it did
 * not post (the same open item, a correction) falls with it. An entry without budgetary lines was
 * outside every control: it is planned again, for the law may reach it.
 *
 * Not asked again: persons, documents, open periods, the rules of blocks, reserves and carry-over.
 * Nothing is written. */
#include "fisc/law.h"
#include "budget/law_walk.h"
#include <string.h>

/* Findings ------------------------------------------------------------------------------------ */

const char *
fisc_law_outcome_word(FiscLawOutcome outcome)
{
    static const char *const words[] = {
        [FISC_LAW_ACCEPTED] = "accepted", [FISC_LAW_WARNED] = "warned",
        [FISC_LAW_REFUSED] = "refused",   [FISC_LAW_FOLLOWS] = "follows",
        [FISC_LAW_OPEN] = "open",
    };
    return words[outcome];
}

static void
difference_free(gpointer data)
{
    FiscLawDifference *difference = data;
    g_free(difference->entity);
    g_free(difference->reference);
    g_free(difference->control);
    g_free(difference->key);
    g_free(difference->article);
    g_free(difference->reason);
    g_free(difference);
}

static void
total_free(gpointer data)
{
    FiscLawTotal *total = data;
    g_free(total->control);
    g_free(total);
}

void
fisc_law_replay_free(FiscLawReplay *replay)
{
    if (replay != NULL) {
        g_ptr_array_unref(replay->differences);
        g_ptr_array_unref(replay->totals);
        g_free(replay);
    }
}

static FiscLawReplay *
replay_new(void)
{
    FiscLawReplay *replay = g_new0(FiscLawReplay, 1);
    replay->differences = g_ptr_array_new_with_free_func(difference_free);
    replay->totals = g_ptr_array_new_with_free_func(total_free);
    return replay;
}

/* What a rule of virements refuses has no control: it is counted under its kind. */
static FiscLawTotal *
total_of(FiscLawReplay *replay, const char *control)
{
    const char *name = control != NULL ? control : "virement_rule";
    for (guint i = 0; i < replay->totals->len; i++) {
        FiscLawTotal *total = replay->totals->pdata[i];
        if (strcmp(total->control, name) == 0) {
            return total;
        }
    }
    FiscLawTotal *total = g_new0(FiscLawTotal, 1);
    total->control = g_strdup(name);
    g_ptr_array_add(replay->totals, total);
    return total;
}

/* @is_new_entry: the control has not yet spoken of this entry. */
static void
count_difference(FiscLawReplay *replay, const FiscLawDifference *difference, bool is_new_entry)
{
    if (difference->would_be == FISC_LAW_FOLLOWS || difference->would_be == FISC_LAW_OPEN ||
        difference->was == difference->would_be) {
        return;
    }
    FiscLawTotal *total = total_of(replay, difference->control);
    int entries = is_new_entry ? 1 : 0;
    if (difference->would_be == FISC_LAW_REFUSED) {
        total->refused += entries;
        total->requested += difference->requested;
        total->shortfall += difference->shortfall;
    } else if (difference->would_be == FISC_LAW_WARNED) {
        total->warned += entries;
    } else {
        total->accepted += entries;
    }
}

static FiscLawDifference *
add_difference(FiscLawWalk *walk, const char *entity, const char *reference, FiscDate date,
               FiscLawOutcome was, FiscLawOutcome would_be)
{
    const FiscEntity *unit = fisc_nation_entity(walk->nation, entity);
    FiscLawDifference *difference = g_new0(FiscLawDifference, 1);
    difference->entity = g_strdup(entity);
    difference->reference = g_strdup(reference);
    difference->date = date;
    difference->decimals = unit != NULL ? unit->decimals : 2;
    difference->was = was;
    difference->would_be = would_be;
    g_ptr_array_add(walk->replay->differences, difference);
    return difference;
}

static bool
is_listed(const FiscLawWalk *walk, const char *entity)
{
    return walk->query->entity == NULL || strcmp(walk->query->entity, entity) == 0;
}

static void
explain(FiscLawDifference *difference, const FiscRefusal *refusal)
{
    difference->control = g_strdup(refusal->control);
    difference->key = g_strdup(refusal->key);
    difference->article = g_strdup(refusal->article);
    difference->requested = refusal->requested;
    difference->shortfall = refusal->shortfall;
    difference->reason =
        g_strdup(refusal->control != NULL ? fisc_error_name(refusal->code) : refusal->detail);
}

/* Whether a reason before this one is of the same control. */
static bool
is_of_same_control(const FiscRefusals *reasons, guint at)
{
    const FiscRefusal *reason = reasons->pdata[at];
    for (guint i = 0; i < at; i++) {
        const FiscRefusal *before = reasons->pdata[i];
        if (g_strcmp0(before->control, reason->control) == 0) {
            return true;
        }
    }
    return false;
}

/* One difference for each reason. */
static void
list_differences(FiscLawWalk *walk, const FiscLogEntry *log, FiscLawOutcome was,
                 FiscLawOutcome would_be, const FiscRefusals *reasons)
{
    const char *entity = fisc_law_walk_entity(walk, log->entity_id);
    for (guint i = 0; is_listed(walk, entity) && i < reasons->len; i++) {
        FiscLawDifference *difference =
            add_difference(walk, entity, log->reference, log->effective, was, would_be);
        explain(difference, reasons->pdata[i]);
        count_difference(walk->replay, difference, !is_of_same_control(reasons, i));
    }
}

/* What falls with what ------------------------------------------------------------------------ */

static char *
item_name(const FiscLogEntry *log, int line)
{
    return g_strdup_printf("%d\x1f%s", log->entity_id, log->open_item[line]);
}

/* The entry that was left out and that this one stands on; NULL when there is none. */
static const char *
find_fallen(const FiscLawWalk *walk, const FiscLogEntry *log)
{
    const char *found =
        log->corrects > 0 ? g_hash_table_lookup(walk->fallen_entries, &log->corrects) : NULL;
    for (int i = 0; found == NULL && log->open_item != NULL && i < log->count; i++) {
        g_autofree char *name = item_name(log, i);
        found = g_hash_table_lookup(walk->fallen_items, name);
    }
    return found;
}

/* Items that an accepted entry has opened are there, whoever else adds to them. */
static void
remember_items(FiscLawWalk *walk, const FiscLogEntry *log, bool is_accepted)
{
    for (int i = 0; log->open_item != NULL && i < log->count; i++) {
        char *name = item_name(log, i);
        if (*log->open_item[i] == '\0' || g_hash_table_contains(walk->items, name)) {
            g_free(name);
        } else if (is_accepted) {
            g_hash_table_add(walk->items, name);
        } else {
            g_hash_table_insert(walk->fallen_items, name, g_strdup(log->reference));
        }
    }
    if (!is_accepted) {
        g_hash_table_insert(walk->fallen_entries, g_memdup2(&log->entry_id, sizeof(int64_t)),
                            g_strdup(log->reference));
    }
}

/* Entries ------------------------------------------------------------------------------------- */

/* What the rules on record say of it: accepted, or warned. */
static FiscLawOutcome
decide_as_it_was(FiscLawWalk *walk, const FiscAgainEntry *entry, FiscRefusals *warnings)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    if (!fisc_again_decide(walk->then, entry, refusals, warnings)) {
        walk->replay->doubtful++;
        fisc_again_take(walk->then, entry);
        g_ptr_array_set_size(warnings, 0);
    }
    return warnings->len > 0 ? FISC_LAW_WARNED : FISC_LAW_ACCEPTED;
}

/* What the rules of the law say of it, with their reasons. */
static FiscLawOutcome
decide_anew(FiscLawWalk *walk, const FiscLogEntry *log, const FiscAgainEntry *as_it_was,
            FiscRefusals *reasons)
{
    const char *fallen = find_fallen(walk, log);
    if (fallen != NULL) {
        fisc_refusals_add(reasons, FISC_ERROR_ITEM_UNKNOWN, NULL, 0, NULL, "it stands on %s",
                          fallen);
        return FISC_LAW_FOLLOWS;
    }
    FiscAgainEntry again = *as_it_was;
    g_autoptr(FiscRefusals) warnings = fisc_refusals_new();
    walk->replay->planned += fisc_law_walk_plan(walk, log, &again) ? 1 : 0;
    if (!fisc_again_decide(walk->now, &again, reasons, warnings)) {
        return FISC_LAW_REFUSED;
    }
    bool is_warned = warnings->len > 0;
    g_ptr_array_extend_and_steal(reasons, g_steal_pointer(&warnings));
    return is_warned ? FISC_LAW_WARNED : FISC_LAW_ACCEPTED;
}

static void
decide_entry(FiscLawWalk *walk, const FiscLogEntry *log, const FiscAgainEntry *entry)
{
    g_autoptr(FiscRefusals) then = fisc_refusals_new();
    g_autoptr(FiscRefusals) now = fisc_refusals_new();
    FiscLawOutcome was = decide_as_it_was(walk, entry, then);
    FiscLawOutcome would_be = decide_anew(walk, log, entry, now);
    walk->replay->entries++;
    if (would_be != was) {
        /* What is let pass without a word now: by whom it was warned. */
        list_differences(walk, log, was, would_be, would_be == FISC_LAW_ACCEPTED ? then : now);
    }
    remember_items(walk, log, would_be == FISC_LAW_ACCEPTED || would_be == FISC_LAW_WARNED);
}

void
fisc_law_walk_take_entry(FiscLawWalk *walk, const FiscLogEntry *log)
{
    FiscAgainEntry entry;
    fisc_law_walk_words(walk, log, &entry);
    if (fisc_period_year(log->period) != walk->query->year) {
        fisc_again_take(walk->then, &entry);
        fisc_again_take(walk->now, &entry);
        remember_items(walk, log, true);
        return;
    }
    fisc_law_walk_take_law(walk);
    decide_entry(walk, log, &entry);
}

/* Refusals on record -------------------------------------------------------------------------- */

/* The log keeps the keys of what was refused, and no lines: other controls cannot be asked. */
void
fisc_law_walk_take_refusal(FiscLawWalk *walk, const FiscLogRefusal *log)
{
    const char *entity = fisc_law_walk_entity(walk, log->entity_id);
    if (fisc_period_year(log->period) != walk->query->year || !is_listed(walk, entity)) {
        return;
    }
    fisc_law_walk_take_law(walk);
    walk->replay->refusals++;
    FiscDate date =
        fisc_date_make(fisc_period_year(log->period), CLAMP(log->period % 100, 1, 12), 1);
    for (int i = 0; i < log->count; i++) {
        int64_t shortfall = 0;
        bool is_of_funds = *log->control[i] != '\0';
        FiscAgainAnswer answer = !is_of_funds
                                     ? FISC_AGAIN_UNKNOWN
                                     : fisc_again_ask(walk->now, log->control[i], log->key[i],
                                                      log->requested[i], &shortfall);
        FiscLawDifference *difference =
            add_difference(walk, entity, log->reference, date, FISC_LAW_REFUSED,
                           answer == FISC_AGAIN_ACCEPTED  ? FISC_LAW_ACCEPTED
                           : answer == FISC_AGAIN_REFUSED ? FISC_LAW_REFUSED
                                                          : FISC_LAW_OPEN);
        difference->control = is_of_funds ? g_strdup(log->control[i]) : NULL;
        difference->key = is_of_funds ? g_strdup(log->key[i]) : NULL;
        difference->requested = log->requested[i];
        difference->shortfall = shortfall;
        difference->reason = g_strdup(!is_of_funds ? log->code[i]
                                      : answer == FISC_AGAIN_UNKNOWN
                                          ? "the law has no such control or key"
                                          : "as far as this control goes: the log keeps no lines "
                                            "of what was refused");
        count_difference(walk->replay, difference, true);
    }
}

/* The walk ------------------------------------------------------------------------------------ */

static int
compare_totals(const void *a, const void *b)
{
    const FiscLawTotal *const *first = a;
    const FiscLawTotal *const *second = b;
    return strcmp((*first)->control, (*second)->control);
}

bool
fisc_law_replay(FiscTx *tx, int book_id, const FiscNation *nation, const FiscLawReplayQuery *query,
                FiscLawReplay **out_replay, GError **error)
{
    g_autoptr(FiscLawReplay) replay = replay_new();
    FiscLawWalk walk = {
        .tx = tx, .book_id = book_id, .nation = nation, .query = query, .replay = replay};
    bool is_walked = fisc_law_walk(&walk, error);
    if (!is_walked) {
        return false;
    }
    if (replay->entries == 0 && replay->refusals == 0) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "no entry is posted in %d", query->year);
    }
    g_ptr_array_sort(replay->totals, compare_totals);
    *out_replay = g_steal_pointer(&replay);
    return true;
}
