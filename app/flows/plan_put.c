/* plan_put.c: gives parts of a version another content: a text is read, brought into its canonical
 * form, held against what the step may change in what was there before, kept under its digest, and
 * named by one step of each part's case: all in one submission, all or nothing. */
#include "app/flows/internal.h"
#include "app/flows/plan.h"
#include "budget/plan_ceiling.h"
#include "core/base/kill_point.h"
#include "fisc/scope.h"
#include <string.h>

/* One part on its way to another content. */
typedef struct {
    char *subject;
    const char *entity;   /* "*" for a table */
    const FiscPart *part; /* as it is now; NULL: it begins */
    char *text, *digest;
    FiscPlanLines *lines; /* NULL for a table */
} NewPart;

/* A put on its way. */
typedef struct {
    FiscContext *ctx;
    const FiscPlanText *text;
    FiscPlanDesk desk;
    const FiscRecord *rule;
    GPtrArray *parts; /* of NewPart */
    FiscRefusals *refusals;
} Put;

static void
new_part_free(gpointer data)
{
    NewPart *part = data;
    g_free(part->subject);
    g_free(part->text);
    g_free(part->digest);
    fisc_plan_lines_free(part->lines);
    g_free(part);
}

static void
put_clear(Put *put)
{
    fisc_plan_desk_clear(&put->desk);
    g_clear_pointer(&put->parts, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Put, put_clear)

void
fisc_plan_done_clear(FiscPlanDone *done)
{
    g_clear_pointer(&done->step, g_free);
}

/* The step ------------------------------------------------------------------------------------ */

static const char *
rule_word(const FiscRecord *rule, const char *name)
{
    const char *word = fisc_record_field(rule, name);
    return word != NULL ? word : "";
}

/* The first step of the procedure that edits and is possible while the version is where it is. */
static const FiscRecord *
possible_rule(const FiscPlanDesk *desk, const char *procedure)
{
    g_autofree char *prefix = g_strconcat(procedure, "/", NULL);
    for (guint i = 0; i < desk->rules->len; i++) {
        const FiscRecord *rule = &g_array_index(desk->rules, FiscRecord, i);
        const char *states = rule_word(rule, "parent");
        if (g_str_has_prefix(rule->subject, prefix) && *rule_word(rule, "edits") == 'Y' &&
            (*states == '\0' || fisc_plan_has_word(states, desk->version->state))) {
            return rule;
        }
    }
    return NULL;
}

/* Results are what indicators have reached; no other table has any. */
static bool
is_for_kind(const FiscRecord *rule, FiscPartKind kind)
{
    return kind == FISC_PART_INDICATORS || !g_str_has_suffix(rule->subject, "/result");
}

/* False with @error for words that make no sense; true without a rule when a refusal says why. */
static bool
find_rule(Put *put, GError **error)
{
    g_autofree char *subject = fisc_part_subject(put->desk.version->version, put->text->kind, "");
    g_autofree char *procedure = fisc_plan_procedure(subject);
    if (put->text->step == NULL) {
        put->rule = possible_rule(&put->desk, procedure);
        if (put->rule != NULL && !is_for_kind(put->rule, put->text->kind)) {
            put->rule = NULL;
        }
        if (put->rule == NULL) {
            fisc_refusals_add(put->refusals, FISC_ERROR_CASE_STATE, NULL, 0, NULL,
                              "version %s is \"%s\": nothing edits its %s now",
                              put->desk.version->version, put->desk.version->state,
                              fisc_part_word(put->text->kind));
        }
        return true;
    }
    put->rule = fisc_plan_rule(&put->desk, procedure, put->text->step);
    if (put->rule == NULL || *rule_word(put->rule, "edits") != 'Y' ||
        !is_for_kind(put->rule, put->text->kind)) {
        g_autofree char *names = fisc_plan_step_names(&put->desk, procedure);
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "\"%s\" is no step that gives %s another content; the steps are %s",
                         put->text->step, fisc_part_word(put->text->kind), names);
    }
    return true;
}

/* The texts ----------------------------------------------------------------------------------- */

static NewPart *
add_part(Put *put, const char *entity, char *text)
{
    NewPart *part = g_new0(NewPart, 1);
    const FiscVersion *version = put->desk.version;
    part->subject = fisc_part_subject(version->version, put->text->kind, entity);
    part->entity = entity;
    part->part = fisc_version_part(version, put->text->kind, entity);
    part->text = text;
    part->digest = fisc_content_digest(text);
    g_ptr_array_add(put->parts, part);
    return part;
}

static bool
speaks_of_somebody(const FiscNation *nation, const char *pattern)
{
    bool is_of_some = *pattern == '\0';
    for (guint i = 0; i < nation->entities->len && !is_of_some; i++) {
        const FiscEntity *entity = nation->entities->pdata[i];
        is_of_some = fisc_plan_ceiling_is_of(pattern, entity->code);
    }
    return is_of_some;
}

/* A ceiling of a unit that is not there would bind nobody, and nobody would notice. */
static bool
check_ceilings(Put *put, const FiscPlanTable *table, GError **error)
{
    g_autoptr(FiscNation) nation = NULL;
    if (!fisc_nation_load(put->desk.tx, put->ctx->book_id, 0, &nation, error)) {
        return false;
    }
    for (guint i = 0; i < table->rows->len; i++) {
        const FiscPlanRow *row = table->rows->pdata[i];
        const char *pattern = fisc_plan_table_field(table, row, "entity");
        if (!speaks_of_somebody(nation, pattern)) {
            fisc_refusals_add(put->refusals, FISC_ERROR_ENTITY_UNKNOWN, put->text->name, row->row,
                              "entity", "\"%s\" is not registered", pattern);
        }
    }
    return true;
}

static bool
read_table(Put *put, GError **error)
{
    const FiscPlanText *text = put->text;
    g_autoptr(FiscPlanTable) table = fisc_plan_table_read(
        text->kind, &put->desk.version->frame, text->name, text->data, text->length, put->refusals);
    if (table == NULL) {
        return true;
    }
    if (text->kind == FISC_PART_CEILINGS && !check_ceilings(put, table, error)) {
        return false;
    }
    add_part(put, "*", fisc_plan_table_write(table));
    return true;
}

/* The lines of each entity, in the order in which entities are first named: FiscPlanLines by
 * entity. */
static GPtrArray *
split_lines(const FiscPlanLines *lines, GPtrArray *out_entities)
{
    g_autoptr(GHashTable) by_entity = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *all = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_plan_lines_free);
    for (guint i = 0; i < lines->lines->len; i++) {
        const FiscPlanLine *line = lines->lines->pdata[i];
        FiscPlanLines *own = g_hash_table_lookup(by_entity, line->entity);
        if (own == NULL) {
            own = fisc_plan_lines_new(&lines->frame);
            g_ptr_array_add(all, own);
            g_hash_table_insert(by_entity, (char *)line->entity, own);
            g_ptr_array_add(out_entities, (char *)fisc_plan_lines_text(own, line->entity));
        }
        fisc_plan_lines_copy(own, line);
    }
    return all;
}

/* The lines that the text says, or that it leaves of what is there. NULL with refusals, or with
 * @error. */
static FiscPlanLines *
parse_lines(Put *put, GError **error)
{
    const FiscPlanText *text = put->text;
    if (!text->is_patch) {
        return fisc_plan_lines_read(&put->desk.version->frame, text->name, text->data, text->length,
                                    text->entity, put->refusals);
    }
    g_autoptr(FiscPlanLines) base = NULL;
    if (!fisc_version_lines(put->desk.tx, put->desk.version, text->entity, &base, error)) {
        return NULL;
    }
    return fisc_plan_lines_patch(base, text->name, text->data, text->length, text->entity,
                                 put->refusals);
}

static bool
read_lines(Put *put, GError **error)
{
    const FiscPlanText *text = put->text;
    g_autoptr(FiscPlanLines) lines = parse_lines(put, error);
    if (lines == NULL) {
        return error == NULL || *error == NULL;
    }
    if (text->entity != NULL) {
        NewPart *part = add_part(put, text->entity, fisc_plan_lines_write(lines));
        part->lines = g_steal_pointer(&lines);
        return true;
    }
    if (lines->lines->len == 0) {
        fisc_refusals_add(put->refusals, FISC_ERROR_FILE_EMPTY, text->name, 0, NULL,
                          "there is no line in it, and no entity is named");
        return true;
    }
    g_autoptr(GPtrArray) entities = g_ptr_array_new();
    g_autoptr(GPtrArray) parts = split_lines(lines, entities);
    g_ptr_array_set_free_func(parts, NULL); /* each is handed to its part */
    for (guint i = 0; i < parts->len; i++) {
        FiscPlanLines *own = parts->pdata[i];
        if (!fisc_scope_has(put->ctx->scope, entities->pdata[i])) {
            fisc_refusals_add(put->refusals, FISC_ERROR_ENTITY_UNKNOWN, text->name, 0, "entity",
                              "\"%s\" is not registered", (const char *)entities->pdata[i]);
        }
        add_part(put, entities->pdata[i], fisc_plan_lines_write(own))->lines = own;
    }
    return true;
}

/* What is what it was is left alone. How many were. */
static int
drop_unchanged(Put *put)
{
    int unchanged = 0;
    for (guint i = put->parts->len; i > 0; i--) {
        const NewPart *part = put->parts->pdata[i - 1];
        if (part->part != NULL && strcmp(part->part->content, part->digest) == 0) {
            g_ptr_array_remove_index(put->parts, i - 1);
            unchanged++;
        }
    }
    return unchanged;
}

/* What a step may change ---------------------------------------------------------------------- */

static bool
load_texts(Put *put, GHashTable **out_texts, GError **error)
{
    g_autoptr(GPtrArray) digests = g_ptr_array_new();
    for (guint i = 0; i < put->parts->len; i++) {
        const NewPart *part = put->parts->pdata[i];
        if (part->part != NULL && *part->part->content != '\0') {
            g_ptr_array_add(digests, part->part->content);
        }
    }
    return fisc_contents_load(put->desk.tx, (const char *const *)digests->pdata, digests->len,
                              out_texts, error);
}

static void
check_part(Put *put, const NewPart *part, GHashTable *texts)
{
    const char *before =
        part->part != NULL ? g_hash_table_lookup(texts, part->part->content) : NULL;
    g_autoptr(FiscPlanLines) lines = NULL;
    if (before != NULL) {
        lines = fisc_plan_lines_read(&put->desk.version->frame, part->subject, before,
                                     strlen(before), part->entity, put->refusals);
        if (lines == NULL) {
            return;
        }
    }
    fisc_plan_change_check(lines, part->lines, rule_word(put->rule, "changes"), put->refusals);
}

static bool
check_changes(Put *put, GError **error)
{
    g_autoptr(GHashTable) texts = NULL;
    if (put->text->kind != FISC_PART_LINES) {
        return true;
    }
    if (!load_texts(put, &texts, error)) {
        return false;
    }
    for (guint i = 0; i < put->parts->len; i++) {
        check_part(put, put->parts->pdata[i], texts);
    }
    return true;
}

/* Writing ------------------------------------------------------------------------------------- */

static bool
keep_texts(Put *put, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(GPtrArray) texts = g_ptr_array_new();
    for (guint i = 0; i < put->parts->len; i++) {
        g_ptr_array_add(texts, ((const NewPart *)put->parts->pdata[i])->text);
    }
    return fisc_tx_begin(put->ctx->pool, FISC_TX_WRITE, &tx, error) &&
           fisc_content_keep(tx, (const char *const *)texts->pdata, texts->len, error) &&
           fisc_flow_end_write(put->ctx, g_steal_pointer(&tx), error);
}

static void
add_step(Put *put, FiscSubmission *submission, const NewPart *part)
{
    const FiscCaseWords words = {.before = part->part != NULL ? part->part->fields : NULL,
                                 .rule = put->rule->fields,
                                 .step = strchr(put->rule->subject, '/') + 1,
                                 .actor = put->ctx->actor,
                                 .on_behalf = put->ctx->on_behalf,
                                 .content = part->digest,
                                 .base = put->text->base,
                                 .reason = put->text->reason};
    FiscEvent *event = fisc_case_event(submission, part->subject, &words);
    if (part->part == NULL) {
        g_autofree char *parent = fisc_version_subject(put->desk.version->version);
        fisc_case_event_add(submission, event, "entity", part->entity);
        fisc_case_event_add(submission, event, "parent", parent);
    }
}

/* @desk is closed meanwhile: what it knows of is held against the chain by the engine. */
static bool
write_parts(Put *put, FiscPlanDone *done, FiscReceipt **out_receipt, GError **error)
{
    if (put->parts->len == 0) {
        *out_receipt = fisc_receipt_new(); /* nothing new */
        return true;
    }
    g_autoptr(FiscSubmission) submission = fisc_submission_new(FISC_PLAN_SOURCE, put->ctx->actor);
    for (guint i = 0; i < put->parts->len; i++) {
        add_step(put, submission, put->parts->pdata[i]);
    }
    g_clear_pointer(&put->desk.tx, fisc_tx_rollback);
    if (!keep_texts(put, error)) {
        return false;
    }
    fisc_kill_point("plan.contents_kept");
    if (!fisc_flow_post(put->ctx, submission, true, false, out_receipt, error)) {
        return false;
    }
    done->step = g_strdup(strchr(put->rule->subject, '/') + 1);
    done->changed = (int)put->parts->len;
    return true;
}

static bool
is_sensible(const FiscPlanText *text, GError **error)
{
    if (text->entity != NULL && !fisc_part_is_of_entity(text->kind)) {
        return fisc_fail(error, FISC_ERROR_USAGE, "%s are of the whole version, not of an entity",
                         fisc_part_word(text->kind));
    }
    if (text->is_patch && text->kind != FISC_PART_LINES) {
        return fisc_fail(error, FISC_ERROR_USAGE, "only lines are changed column by column");
    }
    if (text->base != NULL && text->entity == NULL && fisc_part_is_of_entity(text->kind)) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "what was edited is the content of one part: name its entity");
    }
    return strchr(text->version, '@') == NULL ||
           fisc_fail(error, FISC_ERROR_USAGE, "\"%s\" is how it stood: that stays", text->version);
}

bool
fisc_flow_plan_put(FiscContext *ctx, const FiscPlanText *text, FiscPlanDone *out_done,
                   FiscReceipt **out_receipt, FiscRefusals *refusals, GError **error)
{
    g_auto(Put) put = {.ctx = ctx, .text = text, .refusals = refusals};
    put.parts = g_ptr_array_new_with_free_func(new_part_free);
    if (!is_sensible(text, error) || !fisc_plan_desk_open(&put.desk, ctx, text->version, error) ||
        !find_rule(&put, error)) {
        return false;
    }
    bool (*read)(Put * put, GError * *error) =
        text->kind == FISC_PART_LINES ? read_lines : read_table;
    if (put.rule != NULL && !read(&put, error)) {
        return false;
    }
    FiscPlanDone done = {.unchanged = drop_unchanged(&put)};
    if (refusals->len == 0 && !check_changes(&put, error)) {
        return false;
    }
    if (refusals->len > 0) {
        *out_receipt = fisc_receipt_new(); /* the refusals are the answer */
    } else if (!write_parts(&put, &done, out_receipt, error)) {
        return false;
    }
    *out_done = done;
    return true;
}
