/* remedy.c: lawful ways out of a refusal for lack of funds: a virement inside the rules, with what
 * a cover pool adds to it; a release of what is appropriated; an override. Pure.
 *
 * Each is said in words of the budget (FiscRemedy) and as the entries and events that taking it
 * would post, so that it can be rehearsed before it is offered. */
#include "budget/remedy_search.h"
#include "fisc/money.h"
#include <string.h>

#define SOURCE "remedy" /* of a rehearsal: nothing is ever posted there */

void
fisc_remedy_option_free(FiscRemedyOption *option)
{
    if (option != NULL) {
        g_ptr_array_unref(option->steps);
        g_ptr_array_unref(option->donors);
        fisc_submission_free(option->content);
        g_free(option);
    }
}

static FiscRemedyOption *
option_new(const char *actor)
{
    FiscRemedyOption *option = g_new0(FiscRemedyOption, 1);
    option->steps = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_remedy_free);
    option->donors = g_ptr_array_new();
    option->content = fisc_submission_new(SOURCE, actor);
    return option;
}

/* What the ways out are looked for in. */
typedef struct {
    const FiscBudgetPosition *position;
    const FiscEntity *entity;
    const FiscRefusals *refusals;
    GHashTable *barred;
    const char *actor;
    bool *is_complete; /* out */
} Case;

static FiscRemedy *
add_step(FiscRemedyOption *option, FiscRemedyKind kind, int64_t amount)
{
    FiscRemedy *step = fisc_remedy_new(kind);
    step->amount = amount;
    g_ptr_array_add(option->steps, step);
    return step;
}

static char *
next_reference(const Case *about, const FiscRemedyOption *option)
{
    return g_strdup_printf("%s/remedy/%u", about->entity->code, option->content->entries->len + 1);
}

/* "programme=1 economic=22": the words in which an order names the line. */
static char *
line_text(const FiscLinePosition *line)
{
    GString *text = g_string_new(NULL);
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        bool is_kept = i != FISC_DIM_COUNTERPARTY && i != FISC_DIM_CASH_CODE &&
                       i != FISC_DIM_CASH_COUNTERPARTY;
        if (is_kept && *line->dim[i] != '\0') {
            g_string_append_printf(text, "%s%s=%s", text->len > 0 ? " " : "",
                                   fisc_dimension_column((FiscDimension)i), line->dim[i]);
        }
    }
    return g_string_free(text, FALSE);
}

/* Cover pools ------------------------------------------------------------------------------- */

/* The other key of a pool, which gives to this one; NULL when the pool has nothing to do with it.
 */
static const char *
giver_in(const FiscPoolPosition *pool, const FiscRemedySearch *search, const FiscKeyNeed *need)
{
    if (g_strcmp0(pool->control, need->key->control) != 0) {
        return NULL;
    }
    if (fisc_remedy_search_find(search, pool->control, pool->receiver) == need) {
        return pool->donor;
    }
    bool is_other_way =
        pool->is_reciprocal && fisc_remedy_search_find(search, pool->control, pool->donor) == need;
    return is_other_way ? pool->receiver : NULL;
}

/* A pool covers all that is short or nothing; so it gives what it has once the rest is there. */
static bool
draw_on_pools(FiscRemedySearch *search, FiscRemedyOption *option)
{
    bool has_drawn = false;
    for (guint i = 0; i < search->failing->len; i++) {
        FiscKeyNeed *need = search->failing->pdata[i];
        for (guint k = 0; k < search->position->pools->len; k++) {
            const FiscPoolPosition *pool = search->position->pools->pdata[k];
            const char *giver = giver_in(pool, search, need);
            FiscKeyNeed *donor =
                giver != NULL ? fisc_remedy_search_find(search, pool->control, giver) : NULL;
            int64_t drawn = donor != NULL ? MIN(MAX(donor->left, 0), need->shortfall) : 0;
            if (drawn > 0) {
                FiscRemedy *step = add_step(option, FISC_REMEDY_COVER, drawn);
                step->from = g_strdup(donor->key->key);
                step->to = g_strdup(need->key->key);
                step->rule = g_strdup(pool->name);
                step->article = g_strdup(pool->article);
                donor->left -= drawn;
                need->shortfall -= drawn;
                has_drawn = true;
            }
        }
    }
    return has_drawn;
}

/* Virements --------------------------------------------------------------------------------- */

static void
add_transfer(const Case *about, FiscRemedyOption *option, const FiscTransfer *transfer)
{
    g_autofree char *reference = next_reference(about, option);
    FiscRemedy *step = add_step(option, FISC_REMEDY_VIREMENT, transfer->amount);
    step->from = line_text(transfer->from);
    step->to = line_text(transfer->to);
    if (transfer->rule != NULL) {
        step->rule = g_strdup(transfer->rule->name);
        step->approval = g_strdup(transfer->rule->approval);
        step->approvals = transfer->rule->approvals;
        step->article = g_strdup(transfer->rule->article);
    }
    fisc_budget_virement(option->content, about->entity, reference, about->position->effective,
                         transfer->from->dim, transfer->to->dim, transfer->amount, NULL);
    g_ptr_array_add(option->donors, (gpointer)transfer->from);
}

/* Releases ---------------------------------------------------------------------------------- */

/* What is appropriated to a key and not yet released. */
static int64_t
unreleased(const FiscBudgetPosition *position, const FiscKeyPosition *key)
{
    __int128 sum = 0;
    for (guint i = 0; i < position->lines->len; i++) {
        const FiscLinePosition *line = position->lines->pdata[i];
        if (fisc_line_has_key(line, key)) {
            sum += (__int128)line->enacted - line->released;
        }
    }
    return (int64_t)CLAMP(sum, 0, (__int128)INT64_MAX);
}

static void
add_release(const Case *about, FiscRemedyOption *option, const FiscLinePosition *line,
            int64_t amount)
{
    g_autofree char *reference = next_reference(about, option);
    FiscRemedy *step = add_step(option, FISC_REMEDY_RELEASE, amount);
    FiscPeriod period = about->position->period;
    step->to = line_text(line);
    step->date = fisc_date_make(fisc_period_year(period), CLAMP(period % 100, 1, 12), 1);
    step->approvals = 1;
    fisc_budget_release(option->content, about->entity, reference, period, line->dim, amount, NULL);
    g_ptr_array_add(option->donors, NULL);
}

static bool
needs_release(const FiscRemedySearch *search, const FiscLinePosition *line, int64_t *out_amount)
{
    *out_amount = 0;
    for (guint i = 0; i < line->keys->len; i++) {
        const FiscKeyNeed *need = fisc_remedy_search_need(search, line->keys->pdata[i]);
        if (need->key->is_released) {
            *out_amount = MAX(*out_amount, need->shortfall);
        }
    }
    return *out_amount > 0;
}

/* Releases to each asked line what the keys it falls under still lack. */
static bool
release(const Case *about, FiscRemedySearch *search, FiscRemedyOption *option)
{
    for (guint i = 0; i < about->position->asked->len; i++) {
        const FiscLinePosition *line = about->position->asked->pdata[i];
        int64_t amount = 0;
        if (!needs_release(search, line, &amount)) {
            continue;
        }
        for (guint k = 0; k < line->keys->len; k++) {
            FiscKeyNeed *need = fisc_remedy_search_need(search, line->keys->pdata[k]);
            if (need->key->is_released && need->shortfall > 0) {
                if (unreleased(about->position, need->key) < amount) {
                    return false;
                }
                need->shortfall = MAX(need->shortfall - amount, 0);
            }
        }
        add_release(about, option, line, amount);
    }
    return true;
}

/* Overrides --------------------------------------------------------------------------------- */

/* Whether the control can be overridden at all the rehearsal tells. */
static void
add_override(const Case *about, FiscRemedyOption *option, const FiscRefusal *refusal,
             int64_t shortfall)
{
    char amount[FISC_AMOUNT_TEXT];
    char today[FISC_DATE_TEXT];
    g_autofree char *subject = g_strdup_printf("remedy/%u", option->content->events->len + 1);
    FiscRemedy *step = add_step(option, FISC_REMEDY_OVERRIDE, shortfall);
    step->to = g_strdup(refusal->key);
    step->rule = g_strdup(refusal->control);
    step->article = g_strdup(refusal->article);
    step->approvals = 1;
    fisc_submission_event(
        option->content, "override", subject, "control", refusal->control, "key", refusal->key,
        "amount", fisc_amount_format(shortfall, about->entity->decimals, amount), "reason",
        "rehearsal", "expires", fisc_date_format(about->position->today, today), NULL);
}

/* Leave for every key that still lacks something. */
static bool
override(const Case *about, FiscRemedySearch *search, FiscRemedyOption *option)
{
    for (guint i = 0; i < about->refusals->len; i++) {
        const FiscRefusal *refusal = about->refusals->pdata[i];
        const FiscKeyNeed *need = fisc_remedy_search_find(search, refusal->control, refusal->key);
        int64_t shortfall = need != NULL ? need->shortfall : refusal->shortfall;
        if (refusal->code != FISC_ERROR_BUDGET_EXCEEDED ||
            (need != NULL && !need->key->is_overridable)) {
            return false;
        }
        if (shortfall > 0) {
            add_override(about, option, refusal, shortfall);
        }
    }
    return true;
}

/* Ways out ---------------------------------------------------------------------------------- */

static bool
fails_by(const FiscRemedySearch *search, bool releases)
{
    for (guint i = 0; i < search->failing->len; i++) {
        if (((const FiscKeyNeed *)search->failing->pdata[i])->key->is_released == releases) {
            return true;
        }
    }
    return false;
}

static void
keep(GPtrArray *options, FiscRemedyOption *option, bool is_way)
{
    if (is_way) {
        g_ptr_array_add(options, option);
    } else {
        fisc_remedy_option_free(option);
    }
}

/* By rules that ask for at most so many approvals; with a release where that is lacking, too. */
static bool
move_funds(const Case *about, bool with_pools, int approvals_max, FiscRemedyOption *option)
{
    g_autoptr(FiscRemedySearch) search =
        fisc_remedy_search_new(about->position, about->refusals, about->barred);
    g_autoptr(GArray) transfers = g_array_new(FALSE, TRUE, sizeof(FiscTransfer));
    if (!fails_by(search, false) || (with_pools && !draw_on_pools(search, option)) ||
        !fisc_remedy_search_transfers(search, approvals_max, transfers)) {
        *about->is_complete &= !search->is_cut;
        return false;
    }
    for (guint i = 0; i < transfers->len; i++) {
        add_transfer(about, option, &g_array_index(transfers, FiscTransfer, i));
    }
    return release(about, search, option);
}

/* The fewest approvals that do. */
static bool
add_virement(const Case *about, bool with_pools, GPtrArray *options)
{
    int most = 0;
    for (guint i = 0; i < about->position->rules->len; i++) {
        most = MAX(most, ((const FiscRulePosition *)about->position->rules->pdata[i])->approvals);
    }
    for (int approvals = 0; approvals <= most; approvals++) {
        FiscRemedyOption *option = option_new(about->actor);
        bool is_way = move_funds(about, with_pools, approvals, option);
        keep(options, option, is_way);
        if (is_way) {
            return true;
        }
    }
    return false;
}

/* Only releases are lacking. */
static void
add_release_only(const Case *about, GPtrArray *options)
{
    g_autoptr(FiscRemedySearch) search =
        fisc_remedy_search_new(about->position, about->refusals, about->barred);
    if (fails_by(search, true) && !fails_by(search, false)) {
        FiscRemedyOption *option = option_new(about->actor);
        keep(options, option, release(about, search, option));
    }
}

static void
add_override_only(const Case *about, GPtrArray *options)
{
    g_autoptr(FiscRemedySearch) search =
        fisc_remedy_search_new(about->position, about->refusals, about->barred);
    FiscRemedyOption *option = option_new(about->actor);
    keep(options, option, override(about, search, option));
}

/* Releases where they are lacking, and leave for the rest: when nothing can be moved. */
static void
add_mixture(const Case *about, GPtrArray *options)
{
    g_autoptr(FiscRemedySearch) search =
        fisc_remedy_search_new(about->position, about->refusals, about->barred);
    if (fails_by(search, true) && fails_by(search, false)) {
        FiscRemedyOption *option = option_new(about->actor);
        keep(options, option, release(about, search, option) && override(about, search, option));
    }
}

GPtrArray *
fisc_budget_remedies(const FiscBudgetPosition *position, const FiscEntity *entity,
                     const FiscRefusals *refusals, GHashTable *barred, const char *actor,
                     bool *out_is_complete)
{
    Case about = {position, entity, refusals, barred, actor, out_is_complete};
    GPtrArray *options = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_remedy_option_free);
    g_autoptr(FiscRemedySearch) search = fisc_remedy_search_new(position, refusals, NULL);
    *out_is_complete = !search->is_strange;
    if (!search->is_strange) {
        add_virement(&about, true, options);
        add_virement(&about, false, options);
        add_release_only(&about, options);
        *out_is_complete &= options->len > 0 || fisc_remedy_search_is_exact(search);
    }
    add_override_only(&about, options);
    if (!search->is_strange) {
        add_mixture(&about, options);
    }
    return options;
}
