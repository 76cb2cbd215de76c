/* plan_patch.c: a text of lines that says only some things: a few columns of a few lines. What it
 * does not say stays as it is.
 *
 * A reviewer sends back line and mark, not the whole request. The patch is laid over the canonical
 * text cell by cell, and the result is read like any other text; refusals keep the rows of the file
 * they are about. Pure. */
#include "fisc/csv.h"
#include "fisc/formulation.h"
#include <string.h>

typedef struct {
    const FiscPlanFrame *frame;
    const char *entity; /* of every line; NULL = the column tells */
    FiscCsv *base, *patch;
    GPtrArray *columns;             /* of the result: of char * */
    GArray *from_base, *from_patch; /* of each column, its place in the two, -1 = none */
    GString *text;
    GArray
        *rows; /* of each line of the text behind the header: the row of the patch; 0 = of none */
} Patch;

/* "mark" is "mark_2019". Caller frees. */
static char *
full_name(const FiscPlanFrame *frame, const char *column)
{
    for (int i = 0; i < FISC_FIGURE_COUNT; i++) {
        if (strcmp(column, fisc_figure_word((FiscFigureKind)i)) == 0) {
            return g_strdup_printf("%s_%d", column, frame->year);
        }
    }
    return g_strdup(column);
}

/* The place of a column in the patch under either of its names. */
static int
place_in_patch(const Patch *patch, const char *column)
{
    for (guint i = 0; i < patch->patch->columns->len; i++) {
        g_autofree char *name = full_name(patch->frame, patch->patch->columns->pdata[i]);
        if (strcmp(name, column) == 0) {
            return (int)i;
        }
    }
    return -1;
}

static void
add_column(Patch *patch, const char *name)
{
    int in_base = fisc_csv_column(patch->base, name);
    int in_patch = place_in_patch(patch, name);
    g_ptr_array_add(patch->columns, g_strdup(name));
    g_array_append_val(patch->from_base, in_base);
    g_array_append_val(patch->from_patch, in_patch);
}

/* Those of the base, and behind them what only the patch has: the reader will say what it thinks of
 * that. */
static void
find_columns(Patch *patch)
{
    for (guint i = 0; i < patch->base->columns->len; i++) {
        add_column(patch, patch->base->columns->pdata[i]);
    }
    for (guint i = 0; i < patch->patch->columns->len; i++) {
        g_autofree char *name = full_name(patch->frame, patch->patch->columns->pdata[i]);
        if (fisc_csv_column(patch->base, name) < 0) {
            add_column(patch, name);
        }
    }
}

/* Caller frees. */
static char *
key_of(const Patch *patch, const FiscCsv *csv, const FiscCsvRow *row)
{
    const char *entity = fisc_csv_field(csv, row, fisc_csv_column(csv, "entity"));
    return g_strjoin("\x1f", *entity != '\0' || patch->entity == NULL ? entity : patch->entity,
                     fisc_csv_field(csv, row, fisc_csv_column(csv, "line")), NULL);
}

static void
append_row(Patch *patch, const FiscCsvRow *base, const FiscCsvRow *over)
{
    int row = over != NULL ? over->line : 0;
    gsize begin = patch->text->len;
    for (guint i = 0; i < patch->columns->len; i++) {
        int in_base = g_array_index(patch->from_base, int, i);
        int in_patch = g_array_index(patch->from_patch, int, i);
        bool is_over = over != NULL && in_patch >= 0;
        const char *field = is_over        ? fisc_csv_field(patch->patch, over, in_patch)
                            : base != NULL ? fisc_csv_field(patch->base, base, in_base)
                                           : "";
        if (i > 0) {
            g_string_append_c(patch->text, ',');
        }
        fisc_csv_append(patch->text, field);
    }
    g_string_append_c(patch->text, '\n');
    for (gsize i = begin; i < patch->text->len; i++) {
        if (patch->text->str[i] == '\n') { /* a quoted field may have several lines */
            g_array_append_val(patch->rows, row);
        }
    }
}

static void
append_header(Patch *patch)
{
    for (guint i = 0; i < patch->columns->len; i++) {
        if (i > 0) {
            g_string_append_c(patch->text, ',');
        }
        fisc_csv_append(patch->text, patch->columns->pdata[i]);
    }
    g_string_append_c(patch->text, '\n');
}

/* The rows of the patch by line; a line that is there twice is refused. */
static GHashTable *
index_patch(const Patch *patch, FiscRefusals *refusals)
{
    GHashTable *index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < patch->patch->rows->len; i++) {
        const FiscCsvRow *row = &g_array_index(patch->patch->rows, FiscCsvRow, i);
        char *key = key_of(patch, patch->patch, row);
        if (g_hash_table_contains(index, key)) {
            fisc_refusals_add(refusals, FISC_ERROR_DUPLICATE_ROW, patch->patch->file, row->line,
                              "line", "it was named above");
        }
        g_hash_table_replace(index, key, (gpointer)row);
    }
    return index;
}

/* Lines of the base in their order, those that are new behind them. */
static void
lay_over(Patch *patch, GHashTable *index)
{
    g_autoptr(GHashTable) done = g_hash_table_new(g_direct_hash, g_direct_equal);
    append_header(patch);
    for (guint i = 0; i < patch->base->rows->len; i++) {
        const FiscCsvRow *row = &g_array_index(patch->base->rows, FiscCsvRow, i);
        g_autofree char *key = key_of(patch, patch->base, row);
        const FiscCsvRow *over = g_hash_table_lookup(index, key);
        append_row(patch, row, over);
        g_hash_table_add(done, (gpointer)over);
    }
    for (guint i = 0; i < patch->patch->rows->len; i++) {
        const FiscCsvRow *over = &g_array_index(patch->patch->rows, FiscCsvRow, i);
        if (!g_hash_table_contains(done, over)) {
            append_row(patch, NULL, over);
        }
    }
}

static void
patch_clear(Patch *patch)
{
    fisc_csv_free(patch->base);
    fisc_csv_free(patch->patch);
    g_clear_pointer(&patch->columns, g_ptr_array_unref);
    g_clear_pointer(&patch->from_base, g_array_unref);
    g_clear_pointer(&patch->from_patch, g_array_unref);
    g_clear_pointer(&patch->rows, g_array_unref);
    if (patch->text != NULL) {
        g_string_free(patch->text, TRUE);
    }
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Patch, patch_clear)

/* A refusal of the result is about a row of the file. */
static void
point_to_file(const Patch *patch, FiscRefusals *refusals, guint first)
{
    for (guint i = first; i < refusals->len; i++) {
        FiscRefusal *refusal = refusals->pdata[i];
        if (refusal->line >= 2 && (guint)refusal->line - 2 < patch->rows->len) {
            refusal->line = g_array_index(patch->rows, int, (guint)refusal->line - 2);
        }
    }
}

/* The base as a file of its own; what it has is sound. */
static bool
open_both(Patch *patch, const FiscPlanLines *base, const char *name, const char *data, gsize length,
          FiscRefusals *refusals)
{
    static const char *const needed[] = {"line", "entity", NULL};
    static const char *const needed_of_entity[] = {"line", NULL};
    FiscCsvOptions any = {.allow_unknown = true};
    FiscCsvOptions options = {.allow_unknown = true,
                              .required = patch->entity != NULL ? needed_of_entity : needed};
    g_autofree char *text = fisc_plan_lines_write(base);
    fisc_csv_parse(name, text, strlen(text), &any, &patch->base, refusals);
    fisc_csv_parse(name, data, length, &options, &patch->patch, refusals);
    return patch->base != NULL && patch->patch != NULL;
}

FiscPlanLines *
fisc_plan_lines_patch(const FiscPlanLines *base, const char *name, const char *data, gsize length,
                      const char *entity, FiscRefusals *refusals)
{
    g_auto(Patch) patch = {.frame = &base->frame, .entity = entity};
    guint before = refusals->len;
    if (!open_both(&patch, base, name, data, length, refusals)) {
        return NULL;
    }
    patch.columns = g_ptr_array_new_with_free_func(g_free);
    patch.from_base = g_array_new(FALSE, FALSE, sizeof(int));
    patch.from_patch = g_array_new(FALSE, FALSE, sizeof(int));
    patch.rows = g_array_new(FALSE, FALSE, sizeof(int));
    patch.text = g_string_new(NULL);
    find_columns(&patch);
    g_autoptr(GHashTable) index = index_patch(&patch, refusals);
    lay_over(&patch, index);
    if (refusals->len > before) {
        return NULL;
    }
    FiscPlanLines *lines = fisc_plan_lines_read(&base->frame, name, patch.text->str,
                                                patch.text->len, entity, refusals);
    point_to_file(&patch, refusals, before);
    return lines;
}
