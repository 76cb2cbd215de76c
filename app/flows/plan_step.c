/* plan_step.c: steps that change no content: a version goes on, a part is submitted, returned,
 * accepted. A path may name many parts: those that may take the step take it together.
 *
 * Who submits says by which ceilings he was judged, so that a ceiling which changes at the same
 * moment refuses the step instead of being passed by. */
#include "app/flows/plan.h"
#include <string.h>

#define SUBMIT "submit" /* the step at which ceilings are asked for */

/* A path taken apart: "2019-draft/lines/MIN". */
typedef struct {
    char *version, *entity; /* entity NULL: all */
    int kind;               /* -1: the version itself */
} Path;

static void
path_clear(Path *path)
{
    g_free(path->version);
    g_free(path->entity);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Path, path_clear)

/* A step on its way. */
typedef struct {
    FiscContext *ctx;
    FiscPlanDesk desk;
    const char *step, *reason;
    FiscSubmission *submission;
    FiscRefusals *refusals;
    char *ceilings; /* their text; NULL: there are none, or nobody asks */
    char *requires_;
    int changed;
} Walk;

static void
walk_clear(Walk *walk)
{
    fisc_plan_desk_clear(&walk->desk);
    fisc_submission_free(walk->submission);
    g_free(walk->ceilings);
    g_free(walk->requires_);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Walk, walk_clear)

static bool
read_path(const char *text, Path *path, GError **error)
{
    g_auto(GStrv) words = g_strsplit(text, "/", 3);
    guint count = g_strv_length(words);
    path->kind = count > 1 ? fisc_part_find(words[1]) : -1;
    bool is_good = count == 1 || (count >= 2 && path->kind >= 0);
    bool has_entity = count == 3;
    if (!is_good || (has_entity && !fisc_part_is_of_entity((FiscPartKind)path->kind))) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "\"%s\" is no VERSION, VERSION/lines/ENTITY or VERSION/TABLE", text);
    }
    path->version = g_strdup(words[0]);
    path->entity = has_entity ? g_strdup(words[2]) : NULL;
    return true;
}

/* The rule of a step that edits nothing; USAGE with the names of those there are. */
static bool
find_rule(const Walk *walk, const char *procedure, const FiscRecord **out_rule, GError **error)
{
    *out_rule = fisc_plan_rule(&walk->desk, procedure, walk->step);
    if (*out_rule == NULL) {
        g_autofree char *names = fisc_plan_step_names(&walk->desk, procedure);
        return fisc_fail(error, FISC_ERROR_USAGE, "%s has no step \"%s\"; its steps are %s",
                         procedure, walk->step, names);
    }
    const char *document = fisc_record_field(*out_rule, "document");
    return document == NULL || *document != 'Y' ||
           fisc_fail(error, FISC_ERROR_USAGE, "\"%s\" comes with a document: `fisc budget enact`",
                     walk->step);
}

static void
add_step(Walk *walk, const FiscRecord *rule, const char *subject, char *const *before,
         const char *children)
{
    const FiscCaseWords words = {.before = before,
                                 .rule = rule->fields,
                                 .step = walk->step,
                                 .actor = walk->ctx->actor,
                                 .on_behalf = walk->ctx->on_behalf,
                                 .children = children,
                                 .requires_ = walk->requires_,
                                 .reason = walk->reason};
    fisc_case_event(walk->submission, subject, &words);
    walk->changed++;
}

/* The version itself -------------------------------------------------------------------------- */

static bool
step_version(Walk *walk, GError **error)
{
    const FiscRecord *rule = NULL;
    const FiscVersion *version = walk->desk.version;
    if (!find_rule(walk, FISC_PLAN_VERSION, &rule, error)) {
        return false;
    }
    const char *carries = fisc_record_field(rule, "carries");
    bool has_children = carries != NULL && fisc_plan_has_word(carries, "children");
    g_autofree char *subject = fisc_version_subject(version->version);
    add_step(walk, rule, subject, version->fields, has_children ? version->children : NULL);
    return true;
}

/* Parts --------------------------------------------------------------------------------------- */

static bool
load_ceilings(Walk *walk, GError **error)
{
    const FiscVersion *version = walk->desk.version;
    const FiscPart *part = fisc_version_part(version, FISC_PART_CEILINGS, "");
    const char *content = part != NULL ? part->content : "";
    g_autofree char *subject = fisc_part_subject(version->version, FISC_PART_CEILINGS, "");
    walk->requires_ = g_strdup_printf("%s=%s", subject, content);
    return *content == '\0' || fisc_content_load(walk->desk.tx, content, &walk->ceilings, error);
}

static bool
check_ceilings(Walk *walk, const FiscPart *part, GError **error)
{
    g_autoptr(FiscPlanLines) lines = NULL;
    if (walk->ceilings == NULL) {
        return true;
    }
    if (!fisc_version_lines(walk->desk.tx, walk->desk.version, part->entity, &lines, error)) {
        return false;
    }
    fisc_plan_ceilings_check(lines, walk->ceilings, walk->refusals);
    return true;
}

static bool
step_part(Walk *walk, const FiscRecord *rule, const FiscPart *part, GError **error)
{
    bool is_submission = part->kind == FISC_PART_LINES && strcmp(walk->step, SUBMIT) == 0;
    if (is_submission && walk->requires_ == NULL && !load_ceilings(walk, error)) {
        return false;
    }
    if (is_submission && !check_ceilings(walk, part, error)) {
        return false;
    }
    add_step(walk, rule, part->subject, part->fields, NULL);
    return true;
}

static bool
is_wanted(const Path *path, const FiscRecord *rule, const FiscPart *part)
{
    if ((int)part->kind != path->kind) {
        return false;
    }
    if (path->entity != NULL) {
        return strcmp(part->entity, path->entity) == 0; /* the engine says what is wrong with it */
    }
    const char *from = fisc_record_field(rule, "from");
    return !fisc_part_is_of_entity(part->kind) ||
           (from != NULL && fisc_plan_has_word(from, part->state));
}

static bool
step_parts(Walk *walk, const Path *path, GError **error)
{
    const FiscRecord *rule = NULL;
    const FiscVersion *version = walk->desk.version;
    const char *entity = path->entity != NULL ? path->entity : "";
    g_autofree char *subject =
        fisc_part_subject(version->version, (FiscPartKind)path->kind, entity);
    g_autofree char *procedure = fisc_plan_procedure(subject);
    if (!find_rule(walk, procedure, &rule, error)) {
        return false;
    }
    for (guint i = 0; i < version->parts->len; i++) {
        const FiscPart *part = version->parts->pdata[i];
        if (is_wanted(path, rule, part) && !step_part(walk, rule, part, error)) {
            return false;
        }
    }
    if (walk->changed == 0) {
        fisc_refusals_add(walk->refusals, FISC_ERROR_CASE_STATE, NULL, 0, NULL,
                          "no part of %s/%s%s%s can take the step \"%s\" now", version->version,
                          fisc_part_word((FiscPartKind)path->kind), *entity != '\0' ? "/" : "",
                          entity, walk->step);
    }
    return true;
}

bool
fisc_flow_plan_step(FiscContext *ctx, const char *path, const char *step, const char *reason,
                    FiscPlanDone *out_done, FiscReceipt **out_receipt, FiscRefusals *refusals,
                    GError **error)
{
    g_auto(Path) where = {NULL};
    g_auto(Walk) walk = {.ctx = ctx, .step = step, .reason = reason, .refusals = refusals};
    if (!read_path(path, &where, error)) {
        return false;
    }
    if (strchr(where.version, '@') != NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "\"%s\" is how it stood: that stays", path);
    }
    walk.submission = fisc_submission_new(FISC_PLAN_SOURCE, ctx->actor);
    if (!fisc_plan_desk_open(&walk.desk, ctx, where.version, error) ||
        !(where.kind < 0 ? step_version(&walk, error) : step_parts(&walk, &where, error))) {
        return false;
    }
    fisc_plan_desk_clear(&walk.desk);
    if (refusals->len > 0) {
        *out_receipt = fisc_receipt_new(); /* the refusals are the answer */
        *out_done = (FiscPlanDone){NULL};
        return true;
    }
    if (!fisc_flow_post(ctx, walk.submission, true, false, out_receipt, error)) {
        return false;
    }
    bool is_new = (*out_receipt)->events > 0; /* the same step again is no event */
    *out_done = (FiscPlanDone){.step = g_strdup(step),
                               .changed = is_new ? walk.changed : 0,
                               .unchanged = is_new ? 0 : walk.changed};
    return true;
}
