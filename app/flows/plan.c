/* plan.c: versions of a budget: opened, branched from another, listed, and what happened to them.
 *
 * A branch copies no text: its parts begin with the contents of those they come from. Giving a part
 * another content is in plan_put.c, its steps in plan_step.c. */
#include "app/flows/plan.h"
#include "core/base/hash.h"
#include "fisc/scope.h"
#include <stdlib.h>
#include <string.h>

#define PROCEDURES_DOCUMENT "budget-procedures"
#define DECIMALS_MAX 4

/* The desk ------------------------------------------------------------------------------------ */

bool
fisc_plan_split_name(const char *name, char **out_code, int *out_step_no, GError **error)
{
    const char *at = strrchr(name, '@');
    guint64 number = 0;
    if (at != NULL && !g_ascii_string_to_unsigned(at + 1, 10, 1, G_MAXINT, &number, NULL)) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "a version is 2019-draft or 2019-draft@3, as it stood at its third step, "
                         "not \"%s\"",
                         name);
    }
    *out_code = at != NULL ? g_strndup(name, (gsize)(at - name)) : g_strdup(name);
    *out_step_no = (int)number;
    return true;
}

bool
fisc_plan_keep_own(const FiscContext *ctx, FiscVersion *version)
{
    for (guint i = version->parts->len; i > 0; i--) {
        const FiscPart *part = version->parts->pdata[i - 1];
        if (fisc_part_is_of_entity(part->kind) && !fisc_scope_has(ctx->scope, part->entity)) {
            g_ptr_array_remove_index(version->parts, i - 1);
        }
    }
    return true;
}

bool
fisc_plan_desk_open(FiscPlanDesk *desk, FiscContext *ctx, const char *name, GError **error)
{
    int step_no = 0;
    g_autofree char *code = NULL;
    return fisc_plan_split_name(name, &code, &step_no, error) &&
           fisc_tx_begin(ctx->pool, FISC_TX_READ, &desk->tx, error) &&
           fisc_records_load(desk->tx, ctx->book_id, "procedure", &desk->rules, error) &&
           fisc_version_load_at(desk->tx, ctx->book_id, code, step_no, &desk->version, error) &&
           fisc_plan_keep_own(ctx, desk->version);
}

void
fisc_plan_desk_clear(FiscPlanDesk *desk)
{
    g_clear_pointer(&desk->tx, fisc_tx_rollback);
    g_clear_pointer(&desk->version, fisc_version_free);
    g_clear_pointer(&desk->rules, g_array_unref);
}

static const FiscRecord *
find_rule(const GArray *rules, const char *procedure, const char *step)
{
    g_autofree char *subject = g_strconcat(procedure, "/", step, NULL);
    for (guint i = 0; i < rules->len; i++) {
        const FiscRecord *rule = &g_array_index(rules, FiscRecord, i);
        if (strcmp(rule->subject, subject) == 0) {
            return rule;
        }
    }
    return NULL;
}

const FiscRecord *
fisc_plan_rule(const FiscPlanDesk *desk, const char *procedure, const char *step)
{
    return find_rule(desk->rules, procedure, step);
}

char *
fisc_plan_procedure(const char *subject)
{
    return g_strndup(subject, strcspn(subject, "/"));
}

bool
fisc_plan_has_word(const char *words, const char *word)
{
    g_auto(GStrv) each = g_strsplit(words, " ", -1);
    return *word != '\0' && g_strv_contains((const char *const *)each, word);
}

char *
fisc_plan_step_names(const FiscPlanDesk *desk, const char *procedure)
{
    g_autoptr(GString) names = g_string_new(NULL);
    g_autofree char *prefix = g_strconcat(procedure, "/", NULL);
    for (guint i = 0; i < desk->rules->len; i++) {
        const char *subject = g_array_index(desk->rules, FiscRecord, i).subject;
        if (g_str_has_prefix(subject, prefix)) {
            g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "",
                                   subject + strlen(prefix));
        }
    }
    return g_strdup(names->str);
}

/* Procedures ---------------------------------------------------------------------------------- */

/* The events of procedures of which nothing is on record; a procedure that is there stays as the
 * book has it. */
static FiscSubmission *
missing_procedures(const FiscContext *ctx, const GArray *rules)
{
    FiscSubmission *submission = fisc_submission_new(FISC_PLAN_SOURCE, ctx->actor);
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < rules->len; i++) {
        g_hash_table_add(known, fisc_plan_procedure(g_array_index(rules, FiscRecord, i).subject));
    }
    fisc_procedure_events(submission);
    for (guint i = submission->events->len; i > 0; i--) {
        const FiscEvent *event = submission->events->pdata[i - 1];
        g_autofree char *procedure = fisc_plan_procedure(event->subject);
        if (g_hash_table_contains(known, procedure)) {
            g_ptr_array_remove_index(submission->events, i - 1);
        }
    }
    return submission;
}

static bool
is_enforced(const GArray *policies)
{
    for (guint i = 0; i < policies->len; i++) {
        const FiscRecord *policy = &g_array_index(policies, FiscRecord, i);
        if (strcmp(policy->subject, "duties") == 0) {
            return g_strcmp0(fisc_record_field(policy, "enforced"), "yes") == 0;
        }
    }
    return false;
}

/* Rules of the book are changed by two persons where duties are in force. */
static bool
propose_procedures(FiscContext *ctx, FiscSubmission *procedures, FiscReceipt **out_receipt,
                   GError **error)
{
    const FiscDocumentDraft draft = {.id = PROCEDURES_DOCUMENT,
                                     .action = "rules",
                                     .entity = "*",
                                     .reason = "the procedures of the budget as they are shipped"};
    g_autofree char *id = NULL;
    if (!fisc_flow_document_propose(ctx, &draft, procedures, &id, out_receipt, error)) {
        return false;
    }
    if ((*out_receipt)->refusals == NULL) {
        (*out_receipt)->refusals = fisc_refusals_new();
        FiscRefusal *refusal = fisc_refusals_add(
            (*out_receipt)->refusals, FISC_ERROR_APPROVAL_MISSING, NULL, 0, NULL,
            "the procedures of a budget are not on record; they are proposed as document %s", id);
        refusal->hint = g_strdup_printf("fisc doc approve %s, then open the version again", id);
    }
    return true;
}

/* What is on record before a version is opened. */
typedef struct {
    GArray *rules, *policies;
} Ground;

static void
ground_clear(Ground *ground)
{
    g_clear_pointer(&ground->rules, g_array_unref);
    g_clear_pointer(&ground->policies, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Ground, ground_clear)

static bool
ground_load(Ground *ground, FiscContext *ctx, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    return fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) &&
           fisc_records_load(tx, ctx->book_id, "procedure", &ground->rules, error) &&
           fisc_records_load(tx, ctx->book_id, "policy", &ground->policies, error) &&
           fisc_tx_commit(g_steal_pointer(&tx), error);
}

/* Opening ------------------------------------------------------------------------------------- */

static bool
check_opening(const FiscPlanOpening *opening, GError **error)
{
    const char *version = opening->version;
    if (*version == '\0' || strlen(version) > FISC_CODE_MAX ||
        strpbrk(version, " \t\n/@=") != NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "a version has a name without spaces, \"/\", \"@\" and \"=\", not \"%s\"",
                         version);
    }
    if (opening->year < 1900 || opening->year > 2999) {
        return fisc_fail(error, FISC_ERROR_USAGE, "the budget year is no year");
    }
    if (opening->years < 1 || opening->years > FISC_PLAN_YEARS_MAX) {
        return fisc_fail(error, FISC_ERROR_USAGE, "a version has 1 to %d years",
                         FISC_PLAN_YEARS_MAX);
    }
    if (opening->decimals < 0 || opening->decimals > DECIMALS_MAX) {
        return fisc_fail(error, FISC_ERROR_USAGE, "amounts have 0 to %d decimals", DECIMALS_MAX);
    }
    return true;
}

/* The fields of a step on record or, where the procedure comes with the same submission, of what is
 * shipped. NULL-terminated; caller frees. */
static char **
rule_fields(const GArray *rules, const FiscSubmission *procedures, const char *procedure,
            const char *step)
{
    g_autofree char *subject = g_strconcat(procedure, "/", step, NULL);
    const FiscRecord *rule = find_rule(rules, procedure, step);
    GPtrArray *words = g_ptr_array_new();
    for (int i = 0; rule != NULL && i < rule->count; i++) {
        g_ptr_array_add(words, g_strdup(rule->fields[i]));
    }
    for (guint i = 0; rule == NULL && i < procedures->events->len; i++) {
        const FiscEvent *event = procedures->events->pdata[i];
        for (guint k = 0; strcmp(event->subject, subject) == 0 && k < event->fields->len; k++) {
            g_ptr_array_add(words, g_strdup(event->fields->pdata[k]));
        }
    }
    g_ptr_array_add(words, NULL);
    return (char **)g_ptr_array_free(words, FALSE);
}

static void
add_version(const FiscContext *ctx, FiscSubmission *submission, const FiscPlanOpening *opening,
            const char *origin, char *const *rule)
{
    g_autofree char *subject = fisc_version_subject(opening->version);
    g_autofree char *year = g_strdup_printf("%d", opening->year);
    g_autofree char *years = g_strdup_printf("%d", opening->years);
    g_autofree char *decimals = g_strdup_printf("%d", opening->decimals);
    const FiscCaseWords words = {.rule = rule,
                                 .step = "open",
                                 .actor = ctx->actor,
                                 .on_behalf = ctx->on_behalf,
                                 .reason = opening->reason};
    FiscEvent *event = fisc_case_event(submission, subject, &words);
    fisc_case_event_add(submission, event, "entity", "*");
    fisc_case_event_add(submission, event, "year", year);
    fisc_case_event_add(submission, event, "years", years);
    fisc_case_event_add(submission, event, "decimals", decimals);
    fisc_case_event_add(submission, event, "title", opening->title);
    fisc_case_event_add(submission, event, "origin", origin);
}

bool
fisc_flow_plan_open(FiscContext *ctx, const FiscPlanOpening *opening, FiscReceipt **out_receipt,
                    GError **error)
{
    g_auto(Ground) ground = {NULL};
    if (!check_opening(opening, error) || !ground_load(&ground, ctx, error)) {
        return false;
    }
    g_autoptr(FiscSubmission) submission = missing_procedures(ctx, ground.rules);
    if (submission->events->len > 0 && is_enforced(ground.policies)) {
        return propose_procedures(ctx, submission, out_receipt, error);
    }
    g_auto(GStrv) rule = rule_fields(ground.rules, submission, FISC_PLAN_VERSION, "open");
    add_version(ctx, submission, opening, NULL, rule);
    return fisc_flow_post(ctx, submission, true, false, out_receipt, error);
}

/* Branching ----------------------------------------------------------------------------------- */

/* A part begins with the first step of its procedure that leads from nothing and takes the
 * ministry's right: where it is still open to everything. */
static const FiscRecord *
beginning(const FiscPlanDesk *desk, const char *procedure)
{
    static const char *const steps[] = {"prepare", "set"};
    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
        const FiscRecord *rule = fisc_plan_rule(desk, procedure, steps[i]);
        if (rule != NULL) {
            return rule;
        }
    }
    return NULL;
}

static bool
add_branched_part(const FiscContext *ctx, FiscSubmission *submission, const FiscPlanDesk *desk,
                  const FiscPlanOpening *opening, const FiscPart *part, GError **error)
{
    g_autofree char *parent = fisc_version_subject(opening->version);
    g_autofree char *subject = fisc_part_subject(opening->version, part->kind, part->entity);
    g_autofree char *procedure = fisc_plan_procedure(subject);
    const FiscRecord *rule = beginning(desk, procedure);
    if (rule == NULL) {
        return fisc_fail(error, FISC_ERROR_FAILED,
                         "the procedure %s has no step with which a branch begins", procedure);
    }
    const FiscCaseWords words = {.rule = rule->fields,
                                 .step = strchr(rule->subject, '/') + 1,
                                 .actor = ctx->actor,
                                 .on_behalf = ctx->on_behalf,
                                 .content = part->content,
                                 .reason = opening->reason};
    FiscEvent *event = fisc_case_event(submission, subject, &words);
    fisc_case_event_add(submission, event, "entity", *part->entity != '\0' ? part->entity : "*");
    fisc_case_event_add(submission, event, "parent", parent);
    fisc_case_event_add(submission, event, "origin", desk->version->version);
    return true;
}

bool
fisc_flow_plan_branch(FiscContext *ctx, const char *from, const FiscPlanOpening *opening,
                      FiscReceipt **out_receipt, GError **error)
{
    g_auto(FiscPlanDesk) desk = {NULL};
    if (!fisc_flow_check_book(ctx, error) || !fisc_plan_desk_open(&desk, ctx, from, error)) {
        return false;
    }
    FiscPlanOpening branch = *opening;
    branch.year = desk.version->frame.year;
    branch.years = desk.version->frame.years;
    branch.decimals = desk.version->frame.decimals;
    branch.title = opening->title != NULL ? opening->title : desk.version->title;
    const FiscRecord *rule = fisc_plan_rule(&desk, FISC_PLAN_VERSION, "open");
    if (!check_opening(&branch, error)) {
        return false;
    }
    g_autoptr(FiscSubmission) submission = fisc_submission_new(FISC_PLAN_SOURCE, ctx->actor);
    add_version(ctx, submission, &branch, from, rule != NULL ? rule->fields : NULL);
    for (guint i = 0; i < desk.version->parts->len; i++) {
        const FiscPart *part = desk.version->parts->pdata[i];
        if (*part->content != '\0' &&
            !add_branched_part(ctx, submission, &desk, &branch, part, error)) {
            return false;
        }
    }
    fisc_plan_desk_clear(&desk);
    return fisc_flow_post(ctx, submission, true, false, out_receipt, error);
}
