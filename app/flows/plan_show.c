/* plan_show.c: what versions there are, what is in them, now or at an earlier step, and what
 * happened to them. Reads only. */
#include "app/flows/plan.h"
#include <stdlib.h>
#include <string.h>

static FiscTable *
table_new(const char *name, const char *title, const char *const *columns)
{
    FiscTable *table = fisc_table_new(name, title, 0);
    for (int i = 0; columns[i] != NULL; i++) {
        fisc_table_add_column(table, columns[i], FISC_COLUMN_TEXT);
    }
    return table;
}

static void
add_row(FiscTable *table, const char *const *cells, int count)
{
    FiscRow *row = fisc_table_add_row(table);
    for (int i = 0; i < count; i++) {
        fisc_table_set_text(table, row, i, cells[i]);
    }
}

/* Texts --------------------------------------------------------------------------------------- */

/* The digest that a case had behind one of its steps; of its newest for 0. */
static bool
find_content(FiscPlanDesk *desk, FiscContext *ctx, const char *subject, int step_no,
             char **out_content, GError **error)
{
    g_autoptr(GArray) steps = NULL;
    if (!fisc_case_steps_load(desk->tx, ctx->book_id, &subject, 1, &steps, error)) {
        return false;
    }
    if (step_no < 1 || (guint)step_no > steps->len) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "%s has taken %u steps, not %d", subject,
                         steps->len, step_no);
    }
    *out_content = g_strdup(g_array_index(steps, FiscCaseStep, (guint)step_no - 1).content);
    return true;
}

static bool
get_part(FiscPlanDesk *desk, FiscContext *ctx, FiscPartKind kind, const char *entity, int step_no,
         char **out_text, char **out_content, GError **error)
{
    const char *code = entity != NULL ? entity : "";
    g_autofree char *subject = fisc_part_subject(desk->version->version, kind, code);
    const FiscPart *part = fisc_version_part(desk->version, kind, code);
    g_autofree char *content = NULL;
    if (part == NULL) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "there is no %s", subject);
    }
    if (step_no == 0) {
        content = g_strdup(part->content);
    } else if (!find_content(desk, ctx, subject, step_no, &content, error)) {
        return false;
    }
    if (!fisc_content_load(desk->tx, content, out_text, error)) {
        return false;
    }
    *out_content = g_steal_pointer(&content);
    return true;
}

bool
fisc_flow_plan_get(FiscContext *ctx, const char *version, FiscPartKind kind, const char *entity,
                   int step_no, char **out_text, char **out_content, GError **error)
{
    g_auto(FiscPlanDesk) desk = {NULL};
    bool is_many = kind == FISC_PART_LINES && entity == NULL;
    g_autofree char *name = g_strdup(version);
    if (is_many && step_no > 0) {
        g_free(name);
        name = g_strdup_printf("%s@%d", version, step_no); /* of the version, not of a part */
    }
    if (!fisc_plan_desk_open(&desk, ctx, name, error)) {
        return false;
    }
    if (!is_many) {
        return get_part(&desk, ctx, kind, entity, step_no, out_text, out_content, error);
    }
    g_autoptr(FiscPlanLines) lines = NULL;
    if (!fisc_version_lines(desk.tx, desk.version, NULL, &lines, error)) {
        return false;
    }
    *out_text = fisc_plan_lines_write(lines);
    *out_content = g_strdup("");
    return true;
}

/* Lists --------------------------------------------------------------------------------------- */

static const char *
field_or_empty(const FiscRecord *record, const char *name)
{
    const char *value = fisc_record_field(record, name);
    return value != NULL ? value : "";
}

bool
fisc_flow_plan_versions(FiscContext *ctx, FiscTable **out_table, GError **error)
{
    static const char *const columns[] = {"version", "state",  "year", "years",
                                          "title",   "origin", "law",  NULL};
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(GArray) records = NULL;
    if (!fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) ||
        !fisc_records_load(tx, ctx->book_id, "case", &records, error) ||
        !fisc_tx_commit(g_steal_pointer(&tx), error)) {
        return false;
    }
    FiscTable *table = table_new("versions", "Versions of budgets", columns);
    for (guint i = 0; i < records->len; i++) {
        const FiscRecord *record = &g_array_index(records, FiscRecord, i);
        if (!g_str_has_prefix(record->subject, FISC_PLAN_VERSION "/")) {
            continue;
        }
        const char *cells[G_N_ELEMENTS(columns) - 1] = {strchr(record->subject, '/') + 1};
        for (gsize k = 1; k < G_N_ELEMENTS(cells); k++) {
            cells[k] = field_or_empty(record, columns[k]);
        }
        add_row(table, cells, (int)G_N_ELEMENTS(cells));
    }
    *out_table = table;
    return true;
}

bool
fisc_flow_plan_parts(FiscContext *ctx, const char *version, FiscTable **out_table, GError **error)
{
    static const char *const columns[] = {"kind", "entity", "state", "content", NULL};
    g_auto(FiscPlanDesk) desk = {NULL};
    if (!fisc_plan_desk_open(&desk, ctx, version, error)) {
        return false;
    }
    FiscTable *table = table_new("parts", version, columns);
    for (guint i = 0; i < desk.version->parts->len; i++) {
        const FiscPart *part = desk.version->parts->pdata[i];
        const char *cells[] = {fisc_part_word(part->kind), part->entity, part->state,
                               part->content};
        add_row(table, cells, (int)G_N_ELEMENTS(cells));
    }
    *out_table = table;
    return true;
}

/* History ------------------------------------------------------------------------------------- */

/* The cases that a path names: "2019-draft" is the version with all its parts. */
static bool
select_cases(const FiscPlanDesk *desk, const char *path, GPtrArray *out_subjects, GError **error)
{
    const FiscVersion *version = desk->version;
    const char *rest = strchr(path, '/');
    g_autofree char *one = rest != NULL ? g_strdup_printf("%s%s", version->version, rest) : NULL;
    if (rest == NULL) {
        g_ptr_array_add(out_subjects, fisc_version_subject(version->version));
    }
    for (guint i = 0; i < version->parts->len; i++) {
        const FiscPart *part = version->parts->pdata[i];
        const char *name = strchr(part->subject, '/') + 1; /* "2019-draft/lines/MIN" */
        bool is_below = one != NULL && g_str_has_prefix(name, one) &&
                        (name[strlen(one)] == '\0' || name[strlen(one)] == '/');
        if (rest == NULL || is_below) {
            g_ptr_array_add(out_subjects, g_strdup(part->subject));
        }
    }
    return out_subjects->len > 0 ||
           fisc_fail(error, FISC_ERROR_NOT_FOUND, "%s has no such part: \"%s\"", version->version,
                     path);
}

static void
add_step(FiscTable *table, const FiscCaseStep *step)
{
    g_autofree char *batch = g_strdup_printf("%" G_GINT64_FORMAT, step->batch_no);
    const char *cells[] = {batch,         step->posted_at, step->person, step->on_behalf,
                           step->subject, step->step,      step->from,   step->to,
                           step->reason,  step->content};
    add_row(table, cells, (int)G_N_ELEMENTS(cells));
}

bool
fisc_flow_plan_history(FiscContext *ctx, const char *path, FiscTable **out_table, GError **error)
{
    static const char *const columns[] = {"batch",  "posted_at", "who",  "on_behalf",
                                          "case",   "step",      "from", "to",
                                          "reason", "content",   NULL};
    g_auto(FiscPlanDesk) desk = {NULL};
    g_autofree char *version = g_strndup(path, strcspn(path, "/"));
    g_autoptr(GPtrArray) subjects = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GArray) steps = NULL;
    if (!fisc_plan_desk_open(&desk, ctx, version, error) ||
        !select_cases(&desk, path, subjects, error) ||
        !fisc_case_steps_load(desk.tx, ctx->book_id, (const char *const *)subjects->pdata,
                              subjects->len, &steps, error)) {
        return false;
    }
    FiscTable *table = table_new("history", path, columns);
    for (guint i = 0; i < steps->len; i++) {
        add_step(table, &g_array_index(steps, FiscCaseStep, i));
    }
    *out_table = table;
    return true;
}
