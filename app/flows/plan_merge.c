/* plan_merge.c: what a version changed since both came from one is brought into another: lines
 * column by column, tables as wholes. What both changed differently is refused by name, unless the
 * officer says whose prevails. */
#include "app/flows/plan_blame.h"
#include "app/flows/plan_write.h"
#include <string.h>

/* Three versions in one snapshot; the desk holds the one that is changed. */
typedef struct {
    FiscContext *ctx;
    const FiscPlanMerging *order;
    FiscPlanDesk desk;
    FiscVersion *from, *base;
    GPtrArray *parts; /* of FiscPlanNewPart */
    FiscRefusals *refusals;
} Merge;

static void
merge_clear(Merge *merge)
{
    fisc_plan_desk_clear(&merge->desk);
    g_clear_pointer(&merge->from, fisc_version_free);
    g_clear_pointer(&merge->base, fisc_version_free);
    g_clear_pointer(&merge->parts, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Merge, merge_clear)

static const char *
content_of(const FiscVersion *version, FiscPartKind kind, const char *entity)
{
    const FiscPart *part = fisc_version_part(version, kind, entity);
    return part != NULL ? part->content : "";
}

static bool
is_same_frame(const FiscVersion *a, const FiscVersion *b)
{
    return a->frame.year == b->frame.year && a->frame.years == b->frame.years &&
           a->frame.decimals == b->frame.decimals;
}

/* Base ---------------------------------------------------------------------------------------- */

static FiscPart *
find_part(const FiscVersion *version, const char *subject)
{
    for (guint i = 0; i < version->parts->len; i++) {
        FiscPart *part = version->parts->pdata[i];
        if (strcmp(part->subject, subject) == 0) {
            return part;
        }
    }
    return NULL;
}

/* Puts every part back to what the branch began with; "" for what began later. */
static bool
go_to_beginning(FiscTx *tx, int book_id, FiscVersion *version, GError **error)
{
    g_autoptr(GPtrArray) subjects = g_ptr_array_new();
    g_autoptr(GHashTable) begun = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GArray) steps = NULL;
    for (guint i = 0; i < version->parts->len; i++) {
        g_ptr_array_add(subjects, ((FiscPart *)version->parts->pdata[i])->subject);
    }
    if (!fisc_case_steps_load(tx, book_id, (const char *const *)subjects->pdata, subjects->len,
                              &steps, error)) {
        return false;
    }
    for (guint i = 0; i < steps->len; i++) {
        const FiscCaseStep *step = &g_array_index(steps, FiscCaseStep, i);
        FiscPart *part = find_part(version, step->subject);
        if (part != NULL && g_hash_table_add(begun, part->subject)) {
            bool is_branched = *fisc_case_field(step->fields, "origin") != '\0';
            g_free(part->content);
            part->content = g_strdup(is_branched ? step->content : "");
        }
    }
    return true;
}

/* "2019-draft@3" is a state of 2019-draft. */
static bool
is_branch_of(const FiscVersion *branch, const FiscVersion *trunk)
{
    gsize length = strcspn(branch->parent, "@");
    return length > 0 && strlen(trunk->version) == length &&
           strncmp(branch->parent, trunk->version, length) == 0;
}

/* Without a word for it, the base is what the branch of the two began with. */
static bool
open_base(Merge *merge, GError **error)
{
    FiscTx *tx = merge->desk.tx;
    const FiscVersion *into = merge->desk.version;
    const FiscVersion *branch = is_branch_of(merge->from, into)   ? merge->from
                                : is_branch_of(into, merge->from) ? into
                                                                  : NULL;
    if (merge->order->base != NULL) {
        return fisc_plan_version_open(tx, merge->ctx, merge->order->base, &merge->base, error);
    }
    if (branch == NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "%s is no branch of %s: name the version that both came from (--base)",
                         merge->from->version, into->version);
    }
    return fisc_plan_version_open(tx, merge->ctx, branch->version, &merge->base, error) &&
           go_to_beginning(tx, merge->ctx->book_id, merge->base, error);
}

static bool
merge_open(Merge *merge, GError **error)
{
    const FiscPlanMerging *order = merge->order;
    merge->parts = fisc_plan_new_parts();
    if (strchr(order->into, '@') != NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "\"%s\" is how it stood: that stays",
                         order->into);
    }
    if (!fisc_plan_desk_open(&merge->desk, merge->ctx, order->into, error) ||
        !fisc_plan_version_open(merge->desk.tx, merge->ctx, order->from, &merge->from, error) ||
        !open_base(merge, error)) {
        return false;
    }
    return (is_same_frame(merge->from, merge->desk.version) &&
            is_same_frame(merge->base, merge->desk.version)) ||
           fisc_fail(error, FISC_ERROR_USAGE,
                     "only versions of the same years and decimals can be merged");
}

/* Lines --------------------------------------------------------------------------------------- */

static void
refuse_conflict(Merge *merge, const FiscPlanChange *conflict)
{
    FiscRefusal *refusal = fisc_refusals_add(
        merge->refusals, FISC_ERROR_CASE_CHANGED, NULL, 0, conflict->what,
        "line %s of %s: \"%.200s\" in %s, \"%.200s\" in %s", conflict->line, conflict->entity,
        conflict->before, merge->order->into, conflict->after, merge->order->from);
    refusal->hint = g_strdup("--ours keeps the first, --theirs takes the second");
}

/* Columns that were right each by itself may contradict each other now. */
static void
add_merged(Merge *merge, const char *entity, const FiscPlanLines *merged)
{
    g_autofree char *text = fisc_plan_lines_write(merged);
    g_autoptr(FiscPlanLines) read =
        fisc_plan_lines_read(&merged->frame, entity, text, strlen(text), entity, merge->refusals);
    if (read != NULL) {
        fisc_plan_new_parts_add(merge->parts, merge->desk.version, FISC_PART_LINES, entity,
                                g_steal_pointer(&text));
    }
}

static bool
merge_lines(Merge *merge, const char *entity, GError **error)
{
    FiscTx *tx = merge->desk.tx;
    g_autoptr(FiscPlanLines) base = NULL, ours = NULL, theirs = NULL;
    g_autoptr(GPtrArray) conflicts = NULL;
    if (!fisc_version_lines(tx, merge->base, entity, &base, error) ||
        !fisc_version_lines(tx, merge->desk.version, entity, &ours, error) ||
        !fisc_version_lines(tx, merge->from, entity, &theirs, error)) {
        return false;
    }
    bool is_theirs = merge->order->prevails == FISC_MERGE_THEIRS;
    g_autoptr(FiscPlanLines) merged = is_theirs ? fisc_plan_merge(base, theirs, ours, &conflicts)
                                                : fisc_plan_merge(base, ours, theirs, &conflicts);
    if (merge->order->prevails == FISC_MERGE_REFUSE && conflicts->len > 0) {
        for (guint i = 0; i < conflicts->len; i++) {
            refuse_conflict(merge, conflicts->pdata[i]);
        }
        return true;
    }
    add_merged(merge, entity, merged);
    return true;
}

/* Parts --------------------------------------------------------------------------------------- */

static bool
merge_disputed(Merge *merge, FiscPartKind kind, const char *entity, GError **error)
{
    const char *theirs = content_of(merge->from, kind, entity);
    if (kind == FISC_PART_LINES) {
        return merge_lines(merge, entity, error);
    }
    if (merge->order->prevails == FISC_MERGE_REFUSE) {
        fisc_refusals_add(merge->refusals, FISC_ERROR_CASE_CHANGED, NULL, 0, fisc_part_word(kind),
                          "both %s and %s changed them", merge->order->into, merge->order->from);
    } else if (merge->order->prevails == FISC_MERGE_THEIRS) {
        fisc_plan_new_parts_add_kept(merge->parts, merge->desk.version, kind, entity, theirs);
    }
    return true;
}

/* Digests say who changed what before anything is read. A part that is not there is no change. */
static bool
merge_part(Merge *merge, const FiscPart *theirs, GError **error)
{
    const char *base = content_of(merge->base, theirs->kind, theirs->entity);
    const char *ours = content_of(merge->desk.version, theirs->kind, theirs->entity);
    if (*theirs->content == '\0' || strcmp(theirs->content, base) == 0 ||
        strcmp(theirs->content, ours) == 0) {
        return true;
    }
    if (strcmp(ours, base) == 0) {
        fisc_plan_new_parts_add_kept(merge->parts, merge->desk.version, theirs->kind,
                                     theirs->entity, theirs->content);
        return true;
    }
    return merge_disputed(merge, theirs->kind, theirs->entity, error);
}

bool
fisc_flow_plan_merge(FiscContext *ctx, const FiscPlanMerging *order, FiscPlanDone *out_done,
                     FiscReceipt **out_receipt, FiscRefusals *refusals, GError **error)
{
    g_auto(Merge) merge = {.ctx = ctx, .order = order, .refusals = refusals};
    if (!fisc_flow_check_book(ctx, error) || !merge_open(&merge, error)) {
        return false;
    }
    for (guint i = 0; i < merge.from->parts->len; i++) {
        if (!merge_part(&merge, merge.from->parts->pdata[i], error)) {
            return false;
        }
    }
    if (refusals->len > 0) {
        *out_done = (FiscPlanDone){NULL};
        *out_receipt = fisc_receipt_new(); /* the refusals are the answer */
        return true;
    }
    return fisc_plan_write(ctx, &merge.desk, "merge", order->reason, merge.parts, out_done,
                           out_receipt, error);
}
