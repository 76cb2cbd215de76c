/* layout.c: reading a statement's layout.
 *
 * Layouts are compiled in, or on record, as text, and read when a statement is asked for. Every
 * mistake of a text is told with its line and column; what only makes sense of the whole (gaps,
 * signs, totals) is layout_check.c's. What the figures are is figures.c's; filling rows,
 * statement.c's. */
#include "reporting/layout.h"
#include "fisc/csv.h"
#include <string.h>

#define LEVEL_MAX 9
#define ROWS_MAX 2000
#define TERMS_MAX 200 /* of one formula */

/* One row of the file while it is read. */
typedef struct {
    const FiscCsv *csv;
    const FiscCsvRow *row;
    const FiscLayout *layout; /* the rows above */
    GHashTable *lines;        /* code -> line of the row that has it, of the whole file */
    FiscRefusals *refusals;
} Reader;

static const char *const columns[] = {"code", "label", "formula", "show", "level", "style", NULL};

static const char *
field(const Reader *reader, const char *column)
{
    return fisc_csv_field(reader->csv, reader->row, fisc_csv_column(reader->csv, column));
}

static bool
complain(const Reader *reader, FiscError code, const char *column, const char *what)
{
    fisc_refusals_add(reader->refusals, code, reader->csv->file, reader->row->line, column,
                      "%s, not \"%s\"", what, field(reader, column));
    return false;
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
row_new(int line)
{
    FiscLayoutRow *row = g_new0(FiscLayoutRow, 1);
    row->line = line;
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

/* A row can only add up what is already known. */
static bool
check_row_above(const Reader *reader, const char *code)
{
    int line = GPOINTER_TO_INT(g_hash_table_lookup(reader->lines, code));
    if (g_hash_table_contains(reader->layout->codes, code)) {
        return true;
    }
    FiscRefusal *refusal = fisc_refusals_add(
        reader->refusals, FISC_ERROR_LAYOUT_ROW, reader->csv->file, reader->row->line, "formula",
        "\"%s\" is neither a figure (source:code) nor a row above", code);
    if (line >= reader->row->line) {
        refusal->hint = g_strdup_printf("that row is at line %d: put it above this one", line);
    }
    return false;
}

/* "flow:11" is a figure, "NOB" a row above. */
static bool
read_reference(const Reader *reader, const char *word, FiscTerm *term)
{
    const char *colon = strchr(word, ':');
    if (*word == '\0') {
        return complain(reader, FISC_ERROR_LAYOUT_FORMULA, "formula",
                        "a figure or the code of a row above is needed");
    }
    if (colon == NULL) {
        term->source = -1;
        term->code = g_strdup(word);
        return check_row_above(reader, word);
    }
    g_autofree char *source = g_strndup(word, (gsize)(colon - word));
    term->source = fisc_source_find(source);
    term->code = g_strdup(colon + 1);
    if (term->source < 0) {
        return complain(reader, FISC_ERROR_LAYOUT_SOURCE, "formula",
                        "a figure is a known source, a colon and a code");
    }
    return colon[1] != '\0' || complain(reader, FISC_ERROR_LAYOUT_FORMULA, "formula",
                                        "a figure is a known source, a colon and a code");
}

/* formula = [-] reference {(+|-) reference}, blanks between as one likes. References that cannot be
 * read are told, and left out. */
static bool
read_formula(const Reader *reader, FiscLayoutRow *row)
{
    const char *at = field(reader, "formula");
    bool is_good = true;
    bool is_first = true;
    while (*at != '\0') {
        int sign = 1;
        at += strspn(at, " ");
        if (*at == '-' || *at == '+') {
            sign = *at == '-' ? -1 : 1;
            at += 1 + strspn(at + 1, " ");
        } else if (!is_first) {
            return complain(reader, FISC_ERROR_LAYOUT_FORMULA, "formula",
                            "+ or - is needed between references");
        }
        gsize length = strcspn(at, " +-");
        g_autofree char *word = g_strndup(at, length);
        at += length;
        at += strspn(at, " ");
        is_first = false;
        if (row->terms->len == TERMS_MAX) {
            return complain(reader, FISC_ERROR_LAYOUT_FORMULA, "formula",
                            "at most " G_STRINGIFY(TERMS_MAX) " references fit");
        }
        FiscTerm term = {.sign = sign};
        if (read_reference(reader, word, &term)) {
            g_array_append_val(row->terms, term);
        } else {
            term_clear(&term);
            is_good = false;
        }
    }
    return is_good;
}

static bool
read_show(const Reader *reader, FiscLayoutRow *row)
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
    return complain(reader, FISC_ERROR_VALUE_INVALID, "show",
                    "always, nonzero or posted is needed");
}

static bool
read_style(const Reader *reader, FiscLayoutRow *row)
{
    static const struct {
        const char *word;
        FiscLayoutKind kind;
        bool strong;
        bool memo;
    } styles[] = {
        {"", FISC_LAYOUT_ROW, false, false},
        {"strong", FISC_LAYOUT_ROW, true, false},
        {"memo", FISC_LAYOUT_ROW, false, true},
        {"heading", FISC_LAYOUT_HEADING, false, false},
        {"integrated", FISC_LAYOUT_INTEGRATED, false, false},
        {"note", FISC_LAYOUT_NOTE, false, false},
    };
    for (guint i = 0; i < G_N_ELEMENTS(styles); i++) {
        if (g_str_equal(field(reader, "style"), styles[i].word)) {
            row->kind = styles[i].kind;
            row->strong = styles[i].strong;
            row->memo = styles[i].memo;
            return true;
        }
    }
    return complain(reader, FISC_ERROR_VALUE_INVALID, "style",
                    "strong, memo, heading, note, integrated or nothing is needed");
}

static bool
read_level(const Reader *reader, FiscLayoutRow *row)
{
    guint64 level = 0;
    if (!g_ascii_string_to_unsigned(field(reader, "level"), 10, 0, LEVEL_MAX, &level, NULL)) {
        return complain(reader, FISC_ERROR_VALUE_INVALID, "level",
                        "a number from 0 to 9 is needed");
    }
    row->level = (int)level;
    return true;
}

/* "*" lists codes as posted, "*3" cut to three digits, "*3+" both. */
static bool
read_list(const Reader *reader, FiscLayoutRow *row, const char *code)
{
    guint64 digits = 0;
    g_autofree char *number = g_strdup(code + 1);
    if (g_str_has_suffix(number, "+")) {
        number[strlen(number) - 1] = '\0';
        row->deeper = true;
    }
    if (code[1] != '\0' && !g_ascii_string_to_unsigned(number, 10, 1, 9, &digits, NULL)) {
        return complain(reader, FISC_ERROR_VALUE_INVALID, "code",
                        "a list is *, or * and a number of digits, or that and +");
    }
    row->digits = (guint)digits;
    if (row->kind == FISC_LAYOUT_ROW) {
        row->kind = FISC_LAYOUT_LIST;
    }
    const FiscTerm *term = (const FiscTerm *)(void *)row->terms->data;
    return (row->terms->len == 1 && term->sign > 0 && term->source >= 0) ||
           complain(reader, FISC_ERROR_LAYOUT_FORMULA, "formula",
                    "a list takes exactly one figure");
}

static bool
read_code(const Reader *reader, FiscLayoutRow *row)
{
    const char *code = field(reader, "code");
    if (code[0] == '*') {
        return read_list(reader, row, code);
    }
    if (code[0] == '\0' || row->kind == FISC_LAYOUT_INTEGRATED || row->show == FISC_SHOW_POSTED) {
        return complain(reader, FISC_ERROR_VALUE_INVALID, "code",
                        "a list (*) is needed here, or another style and show");
    }
    if (g_hash_table_contains(reader->layout->codes, code)) {
        return complain(reader, FISC_ERROR_DUPLICATE_ROW, "code",
                        "a code that no row above has is needed");
    }
    row->code = g_strdup(code);
    return row->terms->len > 0 ||
           complain(reader, FISC_ERROR_VALUE_MISSING, "formula", "a formula is needed");
}

/* All of a row's mistakes. One that was told already would only come back as another. */
static void
read_row(const Reader *reader, FiscLayoutRow *row)
{
    row->label = g_strdup(field(reader, "label"));
    bool has_style = read_style(reader, row);
    read_level(reader, row);
    if (!has_style) {
        row->code = g_strdup(field(reader, "code"));
        return;
    }
    if (row->kind == FISC_LAYOUT_HEADING || row->kind == FISC_LAYOUT_NOTE) {
        if (row->label[0] == '\0') {
            complain(reader, FISC_ERROR_VALUE_MISSING, "label", "words are needed");
        }
        return;
    }
    bool has_show = read_show(reader, row);
    if (read_formula(reader, row) && has_show) {
        read_code(reader, row);
    } else if (field(reader, "code")[0] != '*') {
        row->code = g_strdup(field(reader, "code"));
    }
}

static GHashTable *
lines_by_code(const FiscCsv *csv)
{
    GHashTable *lines = g_hash_table_new(g_str_hash, g_str_equal);
    int code = fisc_csv_column(csv, "code");
    for (guint i = csv->rows->len; i > 0; i--) {
        const FiscCsvRow *row = &g_array_index(csv->rows, FiscCsvRow, i - 1);
        g_hash_table_insert(lines, (void *)fisc_csv_field(csv, row, code),
                            GINT_TO_POINTER(row->line));
    }
    return lines;
}

static void
read_rows(FiscLayout *layout, const FiscCsv *csv, FiscRefusals *refusals)
{
    if (csv->rows->len > ROWS_MAX) {
        fisc_refusals_add(refusals, FISC_ERROR_VALUE_INVALID, csv->file, csv->header_line, NULL,
                          "a layout has at most %d rows, not %u", ROWS_MAX, csv->rows->len);
        return;
    }
    g_autoptr(GHashTable) lines = lines_by_code(csv);
    for (guint i = 0; i < csv->rows->len; i++) {
        Reader reader = {csv, &g_array_index(csv->rows, FiscCsvRow, i), layout, lines, refusals};
        FiscLayoutRow *row = row_new(reader.row->line);
        g_ptr_array_add(layout->rows, row);
        read_row(&reader, row);
        if (row->code != NULL) {
            g_hash_table_add(layout->codes, row->code);
        }
    }
}

/* A statement's title is its first row, and is printed with the name of the unit. */
static void
check_title(const FiscLayout *layout, const FiscCsv *csv, FiscRefusals *refusals)
{
    const FiscLayoutRow *first = layout->rows->len > 0 ? layout->rows->pdata[0] : NULL;
    if (first == NULL || first->kind != FISC_LAYOUT_HEADING || first->level != 0) {
        fisc_refusals_add(refusals, FISC_ERROR_VALUE_MISSING, csv->file,
                          first != NULL ? first->line : csv->header_line, "label",
                          "the first row is the statement's title: a heading of level 0");
    }
}

void
fisc_layout_read(const FiscLayoutFile *file, FiscLayout **out_layout, FiscRefusals *refusals)
{
    const FiscCsvOptions options = {.columns = columns, .required = columns};
    g_autoptr(FiscCsv) csv = NULL;
    guint told = refusals->len;
    if (!fisc_csv_parse(file->file, file->text, strlen(file->text), &options, &csv, refusals) ||
        csv == NULL) {
        if (refusals->len == told) {
            fisc_refusals_add(refusals, FISC_ERROR_FILE_EMPTY, file->file, 0, NULL, "unreadable");
        }
        return;
    }
    g_autoptr(FiscLayout) layout = layout_new(file->statement);
    read_rows(layout, csv, refusals);
    check_title(layout, csv, refusals);
    if (refusals->len == told) {
        *out_layout = g_steal_pointer(&layout);
    }
}

bool
fisc_layout_parse(const FiscLayoutFile *file, FiscLayout **out_layout, GError **error)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    fisc_layout_read(file, out_layout, refusals);
    if (refusals->len > 0) {
        g_autofree char *why = fisc_refusal_to_text(g_ptr_array_index(refusals, 0), 0);
        return fisc_fail(error, FISC_ERROR_FAILED, "%s", why);
    }
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
