/* layout.c: layouts of statements that a nation writes itself: checked, put on record, listed.
 *
 * What a layout may say is reporting's (docs/layouts.md); here texts come and go. A layout that
 * makes no sense never comes on record, and one that is on record is kept for whoever asks how
 * things were known before it changed. */
#include "app/flows/internal.h"
#include "fisc/ledger.h"
#include "reporting/layout.h"
#include <string.h>

#define SOURCE "layout"
#define NAME_MAX_LENGTH 40

/* True when the text is one that fits a C string. */
static bool
is_text(const FiscLayoutText *text, FiscRefusals *refusals)
{
    if (memchr(text->data, '\0', text->length) == NULL) {
        return true;
    }
    fisc_refusals_add(refusals, FISC_ERROR_NUL_BYTE, text->file, 0, NULL, NULL);
    return false;
}

/* The layout that a text makes; NULL with refusals when it makes none. */
static FiscLayout *
check_text(const FiscLayoutText *text, const char *name, const FiscNation *nation,
           FiscRefusals *refusals)
{
    g_autofree char *copy = g_strndup(text->data, text->length);
    FiscLayoutFile file = {name, text->file, copy};
    FiscLayout *layout = NULL;
    if (!is_text(text, refusals)) {
        return NULL;
    }
    fisc_layout_read(&file, &layout, refusals);
    if (layout != NULL) {
        fisc_layout_check(layout, text->file, nation, refusals);
    }
    return layout;
}

void
fisc_flow_layout_check(const FiscLayoutText *text, FiscRefusals *refusals)
{
    g_autoptr(FiscLayout) layout = check_text(text, "", NULL, refusals);
    (void)layout;
}

/* Names stand in keys of figures and in lists of statements, which have separators. */
static bool
check_name(const char *name, GError **error)
{
    if (fisc_layout_is_compiled(name)) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "\"%s\" is a statement of the program: take another name", name);
    }
    for (const char *at = name; *at != '\0'; at++) {
        if (!g_ascii_isalnum(*at) && strchr("_-.", *at) == NULL) {
            return fisc_fail(error, FISC_ERROR_USAGE,
                             "a layout's name is letters, digits, _ - and ., not \"%s\"", name);
        }
    }
    return (*name != '\0' && strlen(name) <= NAME_MAX_LENGTH) ||
           fisc_fail(error, FISC_ERROR_USAGE, "a layout's name has 1 to %d characters",
                     NAME_MAX_LENGTH);
}

bool
fisc_flow_layout_add(FiscContext *ctx, const char *name, const FiscLayoutText *text,
                     const char *reason, char **out_document, FiscReceipt **out_receipt,
                     FiscRefusals *refusals, GError **error)
{
    g_autoptr(FiscNation) nation = NULL;
    if (!check_name(name, error) || !fisc_flow_load_nation(ctx, &nation, error)) {
        return false;
    }
    g_autoptr(FiscLayout) layout = check_text(text, name, nation, refusals);
    if (layout == NULL || refusals->len > 0) {
        return true; /* the refusals are the answer */
    }
    const FiscLayoutRow *title = g_ptr_array_index(layout->rows, 0);
    g_autofree char *copy = g_strndup(text->data, text->length);
    g_autoptr(FiscSubmission) submission = fisc_submission_new(SOURCE, ctx->actor);
    fisc_submission_event(submission, "layout", name, "layout", name, "title", title->label, "text",
                          copy, NULL);
    return fisc_flow_put_facts(ctx, submission, reason, out_document, out_receipt, error);
}

/* Looking ------------------------------------------------------------------------------------ */

enum { NAME, TITLE, KEPT, ROWS };

/* @rows < 0: a text that cannot be read, which came on record by another way than this one. */
static void
add_row(FiscTable *table, const char *name, const char *title, const char *kept, int rows)
{
    FiscRow *row = fisc_table_add_row(table);
    fisc_table_set_text(table, row, NAME, name);
    fisc_table_set_text(table, row, TITLE, title);
    fisc_table_set_text(table, row, KEPT, kept);
    row->cells[ROWS].number = rows;
    row->cells[ROWS].is_set = rows >= 0;
}

static bool
add_file(FiscTable *table, const FiscLayoutFile *file, const char *name, GError **error)
{
    g_autoptr(FiscLayout) layout = NULL;
    if (!fisc_layout_parse(file, &layout, error)) {
        return false;
    }
    const FiscLayoutRow *title = g_ptr_array_index(layout->rows, 0);
    add_row(table, name, title->label, "program", (int)layout->rows->len);
    return true;
}

static bool
add_compiled(FiscTable *table, GError **error)
{
    for (const FiscLayoutFamily *family = fisc_layout_families; family->name != NULL; family++) {
        for (const FiscLayoutFile *file = family->files; file->statement != NULL; file++) {
            g_autofree char *name = g_strdup_printf("%s/%s", family->name, file->statement);
            if (!add_file(table, file, name, error)) {
                return false;
            }
        }
    }
    for (const FiscLayoutFile *file = fisc_national_layout_files; file->statement != NULL; file++) {
        if (!add_file(table, file, file->statement, error)) {
            return false;
        }
    }
    return true;
}

static void
add_recorded(FiscTable *table, const FiscNation *nation)
{
    g_autoptr(GPtrArray) facts = fisc_nation_facts(nation, "layout");
    for (guint i = 0; i < facts->len; i++) {
        const FiscFact *fact = g_ptr_array_index(facts, i);
        const FiscLayoutFile file = {fact->subject, fact->subject, fisc_fact_field(fact, "text")};
        g_autoptr(FiscLayout) layout = NULL;
        bool is_read = fisc_layout_parse(&file, &layout, NULL);
        add_row(table, fact->subject, fisc_fact_field(fact, "title"),
                is_read ? "record" : "record, unreadable", is_read ? (int)layout->rows->len : -1);
    }
}

bool
fisc_flow_layout_list(FiscContext *ctx, FiscTable **out_table, GError **error)
{
    g_autoptr(FiscNation) nation = NULL;
    g_autoptr(FiscTable) table = fisc_table_new("layouts", "Layouts of statements", 0);
    fisc_table_add_column(table, "layout", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "title", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "kept", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "rows", FISC_COLUMN_INTEGER);
    if (!fisc_flow_load_nation(ctx, &nation, error)) {
        return false;
    }
    add_recorded(table, nation);
    if (!add_compiled(table, error)) {
        return false;
    }
    *out_table = g_steal_pointer(&table);
    return true;
}

/* "gfsm2014/SOO": one of a family, to look at or to begin one's own with. */
static bool
find_in_family(const char *name, const char *slash, FiscLayoutFile *out_file, GError **error)
{
    const FiscLayoutFamily *family = NULL;
    g_autofree char *family_name = g_strndup(name, (gsize)(slash - name));
    if (!fisc_layout_family_find(family_name, &family, error) ||
        !fisc_layout_check_asked(family, slash + 1, error)) {
        return false;
    }
    for (const FiscLayoutFile *file = family->files; file->statement != NULL; file++) {
        if (strcmp(file->statement, slash + 1) == 0) {
            *out_file = *file;
            return true;
        }
    }
    return fisc_fail(error, FISC_ERROR_USAGE, "name one statement, as %s/%s", family->name,
                     family->files->statement);
}

bool
fisc_flow_layout_show(FiscContext *ctx, const char *name, char **out_text, GError **error)
{
    g_autoptr(FiscNation) nation = NULL;
    FiscLayoutFile file = {NULL, NULL, NULL};
    const char *slash = strchr(name, '/');
    if (!fisc_flow_load_nation(ctx, &nation, error) ||
        !(slash != NULL ? find_in_family(name, slash, &file, error)
                        : fisc_layout_find(nation, name, &file, error))) {
        return false;
    }
    *out_text = g_strdup(file.text);
    return true;
}
