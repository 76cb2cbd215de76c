/* source.c: splits C text into code, comments, literals and includes.
 *
 * Not a parser: it knows what a comment, a string and a character are, which is what keeps a rule
 * from stumbling over a word in prose. Preprocessor conditions and macros are read as they stand.
 */
#include "tests/tidy/source.h"
#include <string.h>

typedef enum { TEXT_CODE, TEXT_LINE_COMMENT, TEXT_BLOCK_COMMENT, TEXT_STRING, TEXT_CHARACTER } Text;

typedef struct {
    const char *at;
    int line;
    Text text;
    GString *code;
    GString *literal; /* NULL while there is none that a neighbour could be joined to */
    int literal_line;
    FiscSource *source;
} Scanner;

static void
free_include(gpointer data)
{
    FiscInclude *include = data;
    g_free(include->path);
    g_free(include);
}

static void
free_literal(gpointer data)
{
    FiscLiteral *literal = data;
    g_free(literal->text);
    g_free(literal);
}

void
fisc_source_free(FiscSource *source)
{
    if (source == NULL) {
        return;
    }
    g_free(source->path);
    g_free(source->code);
    g_ptr_array_unref(source->includes);
    g_ptr_array_unref(source->literals);
    g_free(source);
}

static void
end_literal(Scanner *scanner)
{
    if (scanner->literal == NULL) {
        return;
    }
    FiscLiteral *literal = g_new0(FiscLiteral, 1);
    literal->line = scanner->literal_line;
    literal->text = g_string_free(scanner->literal, FALSE);
    scanner->literal = NULL;
    g_ptr_array_add(scanner->source->literals, literal);
}

/* Goes on by @count characters that no rule shall see. */
static void
skip(Scanner *scanner, int count)
{
    for (int i = 0; i < count && *scanner->at != '\0'; i++, scanner->at++) {
        bool is_newline = *scanner->at == '\n';
        g_string_append_c(scanner->code, is_newline ? '\n' : ' ');
        scanner->line += is_newline;
    }
}

/* Takes an #include at the start of a line; true when there was one. */
static bool
take_include(Scanner *scanner)
{
    static const char keyword[] = "#include";
    if (!g_str_has_prefix(scanner->at, keyword)) {
        return false;
    }
    int length = (int)strcspn(scanner->at, "\n");
    g_autofree char *words =
        g_strndup(scanner->at + strlen(keyword), (gsize)length - strlen(keyword));
    g_strstrip(words);
    char closing = words[0] == '<' ? '>' : '"';
    const char *end = words[0] != '\0' ? strchr(words + 1, closing) : NULL;
    if (end != NULL) {
        FiscInclude *include = g_new0(FiscInclude, 1);
        include->line = scanner->line;
        include->path = g_strndup(words + 1, (gsize)(end - words - 1));
        include->is_system = closing == '>';
        g_ptr_array_add(scanner->source->includes, include);
    }
    /* Only the name is skipped: a comment may begin behind it. */
    skip(scanner, (int)strlen(keyword) + (int)strspn(scanner->at + strlen(keyword), " \t"));
    skip(scanner, end != NULL ? (int)(end - words) + 1 : 0);
    return true;
}

static void
take_code(Scanner *scanner)
{
    char here = *scanner->at;
    if (here == '/' && (scanner->at[1] == '/' || scanner->at[1] == '*')) {
        scanner->text = scanner->at[1] == '/' ? TEXT_LINE_COMMENT : TEXT_BLOCK_COMMENT;
        skip(scanner, 2);
        return;
    }
    if (here == '"') {
        if (scanner->literal == NULL) {
            scanner->literal = g_string_new(NULL);
            scanner->literal_line = scanner->line;
        }
        scanner->text = TEXT_STRING;
        skip(scanner, 1);
        return;
    }
    if (!g_ascii_isspace(here)) {
        end_literal(scanner); /* what follows now is no neighbour */
    }
    if (here == '\'') {
        scanner->text = TEXT_CHARACTER;
        skip(scanner, 1);
        return;
    }
    g_string_append_c(scanner->code, here);
    scanner->line += here == '\n';
    scanner->at++;
}

/* Inside quotes; @closing ends them unless it is escaped. */
static void
take_quoted(Scanner *scanner, char closing)
{
    if (*scanner->at == closing) {
        scanner->text = TEXT_CODE;
        skip(scanner, 1);
        return;
    }
    int length = *scanner->at == '\\' && scanner->at[1] != '\0' ? 2 : 1;
    if (closing == '"') {
        g_string_append_len(scanner->literal, scanner->at, length);
    }
    skip(scanner, length);
}

static void
take_comment(Scanner *scanner)
{
    if (scanner->text == TEXT_LINE_COMMENT && *scanner->at == '\n') {
        scanner->text = TEXT_CODE;
    } else if (scanner->text == TEXT_BLOCK_COMMENT && g_str_has_prefix(scanner->at, "*/")) {
        scanner->text = TEXT_CODE;
        skip(scanner, 1);
    }
    skip(scanner, 1);
}

static void
scan(Scanner *scanner, const char *text)
{
    while (*scanner->at != '\0') {
        bool is_line_start = scanner->at == text || scanner->at[-1] == '\n';
        if (scanner->text == TEXT_CODE && is_line_start && take_include(scanner)) {
            continue;
        }
        switch (scanner->text) {
        case TEXT_CODE:
            take_code(scanner);
            break;
        case TEXT_STRING:
            take_quoted(scanner, '"');
            break;
        case TEXT_CHARACTER:
            take_quoted(scanner, '\'');
            break;
        default:
            take_comment(scanner);
        }
    }
    end_literal(scanner);
}

FiscSource *
fisc_source_read(const char *root, const char *path)
{
    g_autofree char *full_path = g_build_filename(root, path, NULL);
    g_autofree char *text = NULL;
    if (!g_file_get_contents(full_path, &text, NULL, NULL)) {
        return NULL;
    }
    FiscSource *source = g_new0(FiscSource, 1);
    source->path = g_strdup(path);
    source->includes = g_ptr_array_new_with_free_func(free_include);
    source->literals = g_ptr_array_new_with_free_func(free_literal);
    source->begins_with_comment = g_str_has_prefix(text, "/*") || g_str_has_prefix(text, "//");
    Scanner scanner = {.at = text, .line = 1, .code = g_string_new(NULL), .source = source};
    scan(&scanner, text);
    source->code = g_string_free(scanner.code, FALSE);
    source->line_count = scanner.line - 1;
    return source;
}
