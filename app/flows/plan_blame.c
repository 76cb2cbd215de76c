/* plan_blame.c: the step that gave a line of a version what it says.
 *
 * A part's contents are gone through from the newest to the oldest: a change belongs to the last
 * step that touched its line and column. The history of a branch goes on in the version it was
 * branched from. Reads only. */
#include "app/flows/plan_blame.h"
#include <string.h>

#define ORIGINS_MAX 20 /* branches of branches */

void
fisc_plan_blame_init(FiscPlanBlame *blame, FiscTx *tx, int book_id, const FiscPlanFrame *frame)
{
    *blame = (FiscPlanBlame){.tx = tx, .book_id = book_id, .frame = *frame};
    blame->histories = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    blame->texts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    blame->contents = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                            (GDestroyNotify)fisc_plan_lines_free);
}

void
fisc_plan_blame_clear(FiscPlanBlame *blame)
{
    g_clear_pointer(&blame->histories, g_ptr_array_unref);
    g_clear_pointer(&blame->texts, g_hash_table_unref);
    g_clear_pointer(&blame->contents, g_hash_table_unref);
}

/* History ------------------------------------------------------------------------------------- */

/* Up to the step that @fields tell of: a version may be looked at as it stood. */
static guint
steps_until(const GArray *steps, char *const *fields)
{
    for (guint i = steps->len; fields != NULL && i > 0; i--) {
        const FiscCaseStep *step = &g_array_index(steps, FiscCaseStep, i - 1);
        if (g_strv_equal((const char *const *)step->fields, (const char *const *)fields)) {
            return i;
        }
    }
    return steps->len;
}

/* The steps of a case before a batch, put in front of @path. */
static bool
prepend_steps(FiscPlanBlame *blame, const char *subject, char *const *fields, int64_t before,
              GPtrArray *path, GError **error)
{
    GArray *steps = NULL;
    if (!fisc_case_steps_load(blame->tx, blame->book_id, &subject, 1, &steps, error)) {
        return false;
    }
    g_ptr_array_add(blame->histories, steps);
    guint at = 0, until = steps_until(steps, fields);
    for (guint i = 0; i < until; i++) {
        FiscCaseStep *step = &g_array_index(steps, FiscCaseStep, i);
        if (step->batch_no < before) {
            g_ptr_array_insert(path, (int)at++, step);
        }
    }
    return true;
}

/* All steps that led to a part, through the versions it was branched from, the oldest first. */
static bool
load_path(FiscPlanBlame *blame, const FiscPart *part, GPtrArray *path, GError **error)
{
    if (!prepend_steps(blame, part->subject, part->fields, G_MAXINT64, path, error)) {
        return false;
    }
    for (int i = 0; i < ORIGINS_MAX && path->len > 0; i++) {
        const FiscCaseStep *first = path->pdata[0];
        const char *origin = fisc_case_field(first->fields, "origin");
        g_autofree char *version = NULL;
        int step_no = 0;
        if (*origin == '\0') {
            break;
        }
        if (!fisc_plan_split_name(origin, &version, &step_no, error)) {
            return false;
        }
        guint known = path->len;
        g_autofree char *subject = fisc_part_subject(version, part->kind, part->entity);
        if (!prepend_steps(blame, subject, NULL, first->batch_no, path, error)) {
            return false;
        }
        if (path->len == known) {
            break;
        }
    }
    return true;
}

/* Contents ------------------------------------------------------------------------------------ */

bool
fisc_plan_blame_load(FiscPlanBlame *blame, const char *const *digests, guint digest_count,
                     GError **error)
{
    g_autoptr(GHashTable) texts = NULL;
    if (!fisc_contents_load(blame->tx, digests, digest_count, &texts, error)) {
        return false;
    }
    g_hash_table_unref(blame->texts);
    blame->texts = g_steal_pointer(&texts);
    return true;
}

static bool
read_content(FiscPlanBlame *blame, const char *digest, FiscPlanLines **out_lines, GError **error)
{
    g_autofree char *loaded = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    const char *text = g_hash_table_lookup(blame->texts, digest);
    if (text == NULL && !fisc_content_load(blame->tx, digest, &loaded, error)) {
        return false;
    }
    text = text != NULL ? text : loaded;
    *out_lines = fisc_plan_lines_read(&blame->frame, digest, text, strlen(text), NULL, refusals);
    return *out_lines != NULL ||
           fisc_fail(error, FISC_ERROR_FAILED, "content %s cannot be read any more", digest);
}

/* They are of the frame of their version, which all versions of one line of branches share. */
bool
fisc_plan_blame_lines(FiscPlanBlame *blame, const char *digest, const FiscPlanLines **out_lines,
                      GError **error)
{
    FiscPlanLines *lines = g_hash_table_lookup(blame->contents, digest);
    if (lines == NULL) {
        if (*digest == '\0') {
            lines = fisc_plan_lines_new(&blame->frame);
        } else if (!read_content(blame, digest, &lines, error)) {
            return false;
        }
        g_hash_table_insert(blame->contents, g_strdup(digest), lines);
    }
    *out_lines = lines;
    return true;
}

/* Whose change -------------------------------------------------------------------------------- */

static bool
is_whole_line(const char *what)
{
    return strcmp(what, "added") == 0 || strcmp(what, "removed") == 0;
}

/* "entity line column". */
static char *
key_of(const FiscPlanChange *change, const char *what)
{
    return g_strjoin("\n", change->entity, change->line, what, NULL);
}

#define WHOLE "*" /* the line came or went: that touches each of its columns */
#define ANY "?"   /* something of the line changed */

static GHashTable *
keys_of(const GPtrArray *changes)
{
    GHashTable *keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < changes->len; i++) {
        const FiscPlanChange *change = changes->pdata[i];
        g_hash_table_add(keys, key_of(change, is_whole_line(change->what) ? WHOLE : change->what));
        g_hash_table_add(keys, key_of(change, ANY));
    }
    return keys;
}

/* A line that is new stands for all it says: whoever touched it last gave it that. */
static bool
is_touched(GHashTable *touched, const FiscPlanChange *change)
{
    g_autofree char *whole = key_of(change, is_whole_line(change->what) ? ANY : WHOLE);
    g_autofree char *column = key_of(change, change->what);
    return g_hash_table_contains(touched, whole) || g_hash_table_contains(touched, column);
}

/* What one step did, held against the changes that nobody answers for yet. */
static bool
take_step(FiscPlanBlame *blame, const char *before, const FiscCaseStep *step,
          const GPtrArray *changes, GHashTable *found, GError **error)
{
    const FiscPlanLines *old = NULL, *new = NULL;
    if (!fisc_plan_blame_lines(blame, before, &old, error) ||
        !fisc_plan_blame_lines(blame, step->content, &new, error)) {
        return false;
    }
    g_autoptr(GPtrArray) done = fisc_plan_compare(old, new);
    g_autoptr(GHashTable) touched = keys_of(done);
    for (guint i = 0; i < changes->len; i++) {
        FiscPlanChange *change = changes->pdata[i];
        if (!g_hash_table_contains(found, change) && is_touched(touched, change)) {
            g_hash_table_insert(found, change, (FiscCaseStep *)step);
        }
    }
    return true;
}

bool
fisc_plan_blame_find(FiscPlanBlame *blame, const FiscPart *part, const GPtrArray *changes,
                     GHashTable **out_steps, GError **error)
{
    g_autoptr(GPtrArray) path = g_ptr_array_new();
    g_autoptr(GHashTable) found = g_hash_table_new(NULL, NULL);
    if (!load_path(blame, part, path, error)) {
        return false;
    }
    for (guint i = path->len; i > 0 && g_hash_table_size(found) < changes->len; i--) {
        const FiscCaseStep *step = path->pdata[i - 1];
        const char *before = i > 1 ? ((const FiscCaseStep *)path->pdata[i - 2])->content : "";
        if (strcmp(before, step->content) != 0 &&
            !take_step(blame, before, step, changes, found, error)) {
            return false;
        }
    }
    *out_steps = g_steal_pointer(&found);
    return true;
}
