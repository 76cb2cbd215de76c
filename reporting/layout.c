/* layout.c: reading a statement's layout.
 *
 * Layouts are compiled in as text and read when a statement is asked for: a mistake in one names
 * its line, and a test reads them all. What the figures are is figures.c's; filling rows,
 * statement.c's.
 */
#include "reporting/layout.h"
#include "fisc/csv.h"
#include <string.h>

#define LEVEL_MAX 9

/* One row of the file while it is read. */
typedef struct {
    const FiscCsv *csv;
    const FiscCsvRow *row;
    const FiscLayout *layout;
} Reader;

static const char *const columns[] = {"code", "label", "formula", "show", "level", "style", NULL};

static const char *
field(const Reader *reader, const char *column)
{
    return fisc_csv_field(reader->csv, reader->row, fisc_csv_column(reader->csv, column));
}

static bool
complain(const Reader *reader, const char *column, const char *what, GError **error)
{
    return fisc_fail(error, FISC_ERROR_FAILED, "%s:%d: %s: %s, not \"%s\"", reader->csv->file,
                     reader->row->line, column, what, field(reader, column));
}

static void
term_clear(void *pointer)
{
    FiscTerm *term = pointer;
    g_free(term->code);
}

static void
row_free(void *pointer)
{
    FiscLayoutRow *row = pointer;
    g_free(row->code);
    g_free(row->label);
    g_array_unref(row->terms);
    g_free(row);
}

static FiscLayoutRow *
row_new(void)
{
    FiscLayoutRow *row = g_new0(FiscLayoutRow, 1);
    row->terms = g_array_new(FALSE, TRUE, sizeof(FiscTerm));
    g_array_set_clear_func(row->terms, term_clear);
    return row;
}

static FiscLayout *
layout_new(const char *statement)
{
    FiscLayout *layout = g_new0(FiscLayout, 1);
    layout->statement = g_strdup(statement);
    layout->rows = g_ptr_array_new_with_free_func(row_free);
    layout->codes = g_hash_table_new(g_str_hash, g_str_equal);
    return layout;
}

void
fisc_layout_free(FiscLayout *layout)
{
    if (layout == NULL) {
        return;
    }
    g_hash_table_unref(layout->codes);
    g_ptr_array_unref(layout->rows);
    g_free(layout->statement);
    g_free(layout);
}

/* "flow:11" is a figure, "NOB" a row above. */
static bool
read_reference(const Reader *reader, const char *word, FiscTerm *term, GError **error)
{
    const char *colon = strchr(word, ':');
    if (colon == NULL) {
        term->source = -1;
        term->code = g_strdup(word);
        return g_hash_table_contains(reader->layout->codes, word) ||
               complain(reader, "formula", "a figure or the code of a row above is needed", error);
    }
    g_autofree char *source = g_strndup(word, (gsize)(colon - word));
    term->source = fisc_source_find(source);
    term->code = g_strdup(colon + 1);
    return (term->source >= 0 && colon[1] != '\0') ||
           complain(reader, "formula", "a figure is a known source, a colon and a code", error);
}

/* formula = [-] reference {(+|-) reference}, blanks between as one likes. */
static bool
read_formula(const Reader *reader, FiscLayoutRow *row, GError **error)
{
    const char *at = field(reader, "formula");
    while (*at != '\0') {
        int sign = 1;
        at += strspn(at, " ");
        if (*at == '-' || *at == '+') {
            sign = *at == '-' ? -1 : 1;
            at += 1 + strspn(at + 1, " ");
        } else if (row->terms->len > 0) {
            return complain(reader, "formula", "+ or - is needed between references", error);
        }
        gsize length = strcspn(at, " +-");
        g_autofree char *word = g_strndup(at, length);
        at += length;
        at += strspn(at, " ");
        FiscTerm term = {.sign = sign};
        bool is_read = read_reference(reader, word, &term, error);
        g_array_append_val(row->terms, term);
        if (!is_read) {
            return false;
        }
    }
    return true;
}

static bool
read_show(const Reader *reader, FiscLayoutRow *row, GError **error)
{
    static const struct {
        const char *word;
        FiscShow show;
    } shows[] = {
        {"always", FISC_SHOW_ALWAYS},
        {"nonzero", FISC_SHOW_NONZERO},
        {"posted", FISC_SHOW_POSTED},
    };
    for (guint i = 0; i < G_N_ELEMENTS(shows); i++) {
        if (g_str_equal(field(reader, "show"), shows[i].word)) {
            row->show = shows[i].show;
            return true;
        }
    }
    return complain(reader, "show", "always, nonzero or posted is needed", error);
}

static bool
read_style(const Reader *reader, FiscLayoutRow *row, GError **error)
{
    static const struct {
        const char *word;
        FiscLayoutKind kind;
        bool strong;
    } styles[] = {
        {"", FISC_LAYOUT_ROW, false},
        {"strong", FISC_LAYOUT_ROW, true},
        {"heading", FISC_LAYOUT_HEADING, false},
        {"integrated", FISC_LAYOUT_INTEGRATED, false},
    };
    for (guint i = 0; i < G_N_ELEMENTS(styles); i++) {
        if (g_str_equal(field(reader, "style"), styles[i].word)) {
            row->kind = styles[i].kind;
            row->strong = styles[i].strong;
            return true;
        }
    }
    return complain(reader, "style", "strong, heading, integrated or nothing is needed", error);
}

static bool
read_level(const Reader *reader, FiscLayoutRow *row, GError **error)
{
    guint64 level = 0;
    if (!g_ascii_string_to_unsigned(field(reader, "level"), 10, 0, LEVEL_MAX, &level, NULL)) {
        return complain(reader, "level", "a number from 0 to 9 is needed", error);
    }
    row->level = (int)level;
    return true;
}

/* "*" lists codes as posted, "*3" cut to three digits, "*3+" both. */
static bool
read_list(const Reader *reader, FiscLayoutRow *row, const char *code, GError **error)
{
    guint64 digits = 0;
    g_autofree char *number = g_strdup(code + 1);
    if (g_str_has_suffix(number, "+")) {
        number[strlen(number) - 1] = '\0';
        row->deeper = true;
    }
    if (code[1] != '\0' && !g_ascii_string_to_unsigned(number, 10, 1, 9, &digits, NULL)) {
        return complain(reader, "code", "a list is *, or * and a number of digits, or that and +",
                        error);
    }
    row->digits = (guint)digits;
    if (row->kind == FISC_LAYOUT_ROW) {
        row->kind = FISC_LAYOUT_LIST;
    }
    const FiscTerm *term = &g_array_index(row->terms, FiscTerm, 0);
    return (row->terms->len == 1 && term->sign > 0 && term->source >= 0) ||
           complain(reader, "formula", "a list takes exactly one figure", error);
}

static bool
read_code(const Reader *reader, FiscLayoutRow *row, GError **error)
{
    const char *code = field(reader, "code");
    if (code[0] == '*') {
        return read_list(reader, row, code, error);
    }
    if (code[0] == '\0' || row->kind == FISC_LAYOUT_INTEGRATED || row->show == FISC_SHOW_POSTED) {
        return complain(reader, "code", "a list (*) is needed here, or another style and show",
                        error);
    }
    if (g_hash_table_contains(reader->layout->codes, code)) {
        return complain(reader, "code", "a code that no row above has is needed", error);
    }
    row->code = g_strdup(code);
    return row->terms->len > 0 || complain(reader, "formula", "a formula is needed", error);
}

static bool
read_row(const Reader *reader, FiscLayoutRow *row, GError **error)
{
    row->label = g_strdup(field(reader, "label"));
    if (!read_style(reader, row, error) || !read_level(reader, row, error)) {
        return false;
    }
    if (row->kind == FISC_LAYOUT_HEADING) {
        return row->label[0] != '\0' || complain(reader, "label", "words are needed", error);
    }
    return read_show(reader, row, error) && read_formula(reader, row, error) &&
           read_code(reader, row, error);
}

static bool
read_rows(FiscLayout *layout, const FiscCsv *csv, GError **error)
{
    for (guint i = 0; i < csv->rows->len; i++) {
        Reader reader = {csv, &g_array_index(csv->rows, FiscCsvRow, i), layout};
        FiscLayoutRow *row = row_new();
        g_ptr_array_add(layout->rows, row);
        if (!read_row(&reader, row, error)) {
            return false;
        }
        if (row->code != NULL) {
            g_hash_table_add(layout->codes, row->code);
        }
    }
    return true;
}

bool
fisc_layout_parse(const FiscLayoutFile *file, FiscLayout **out_layout, GError **error)
{
    const FiscCsvOptions options = {.columns = columns, .required = columns};
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscCsv) csv = NULL;
    if (!fisc_csv_parse(file->file, file->text, strlen(file->text), &options, &csv, refusals)) {
        return fisc_fail(error, FISC_ERROR_FAILED, "%s: unreadable", file->file);
    }
    if (csv == NULL) {
        g_autofree char *why = fisc_refusal_to_text(g_ptr_array_index(refusals, 0), 2);
        return fisc_fail(error, FISC_ERROR_FAILED, "%s", why);
    }
    g_autoptr(FiscLayout) layout = layout_new(file->statement);
    if (!read_rows(layout, csv, error)) {
        return false;
    }
    *out_layout = g_steal_pointer(&layout);
    return true;
}

static bool
has_word(const char *list, const char *word)
{
    g_auto(GStrv) words = g_strsplit(list, ",", -1);
    for (char **one = words; *one != NULL; one++) {
        if (g_str_equal(g_strstrip(*one), word)) {
            return true;
        }
    }
    return false;
}

bool
fisc_layout_is_asked(const char *asked, const char *names)
{
    g_auto(GStrv) words = g_strsplit(names, ",", -1);
    for (char **name = words; *name != NULL; name++) {
        if (asked == NULL || has_word(asked, *name)) {
            return true;
        }
    }
    return false;
}

static char *
statement_names(const FiscLayoutFamily *family)
{
    GString *names = g_string_new(NULL);
    for (const FiscLayoutFile *file = family->files; file->statement != NULL; file++) {
        g_string_append_printf(names, "%s%s", names->len > 0 ? "," : "", file->statement);
    }
    return g_string_free(names, FALSE);
}

bool
fisc_layout_check_asked(const FiscLayoutFamily *family, const char *asked, GError **error)
{
    if (asked == NULL) {
        return true;
    }
    g_autofree char *known = statement_names(family);
    g_auto(GStrv) words = g_strsplit(asked, ",", -1);
    for (char **word = words; *word != NULL; word++) {
        if (!has_word(known, g_strstrip(*word))) {
            return fisc_fail(error, FISC_ERROR_USAGE, "\"%s\" is no statement; there are: %s",
                             *word, known);
        }
    }
    return words[0] != NULL ||
           fisc_fail(error, FISC_ERROR_USAGE, "a statement is needed; there are: %s", known);
}
