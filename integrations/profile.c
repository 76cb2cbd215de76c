/* profile.c: reads importer profiles. Every group and key is checked: what is not understood is
 * refused with file, line, group and key, and nothing is guessed. */
#include "integrations/profile.h"
#include "fisc/money.h"
#include "integrations/package_internal.h"
#include "integrations/profile_path.h"
#include "integrations/profile_round.h"
#include <string.h>

/* ---- the text: groups, keys, lines ---- */

static char *
index_key(const char *group, const char *key)
{
    return g_strconcat(group, "\n", key, NULL);
}

FiscPlace
fisc_profile_place(const FiscProfileParser *parser, const char *group, const char *key)
{
    g_autofree char *index = index_key(group, key != NULL ? key : "");
    int line = GPOINTER_TO_INT(g_hash_table_lookup(parser->lines, index));
    return (FiscPlace){.file = parser->profile->profile_name, .line = line};
}

bool
fisc_profile_refuse(FiscProfileParser *parser, const char *group, const char *key, FiscError code,
                    const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *detail = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_autofree char *field =
        g_strdup_printf("[%s]%s%s", group, key != NULL ? " " : "", key != NULL ? key : "");
    FiscPlace place = fisc_place_at(fisc_profile_place(parser, group, key), field);
    return fisc_reader_refuse(parser->reader, place, code, "see docs/profile-format.md", "%s",
                              detail);
}

char *
fisc_profile_get(FiscProfileParser *parser, const char *group, const char *key)
{
    g_hash_table_add(parser->used, index_key(group, key));
    if (!g_key_file_has_key(parser->keys, group, key, NULL)) {
        return NULL;
    }
    g_autoptr(GError) wrong = NULL;
    char *text = g_key_file_get_string(parser->keys, group, key, &wrong);
    if (text == NULL) {
        fisc_profile_refuse(parser, group, key, FISC_ERROR_VALUE_INVALID, "%s", wrong->message);
    }
    return text;
}

char *
fisc_profile_require(FiscProfileParser *parser, const char *group, const char *key)
{
    g_autofree char *text = fisc_profile_get(parser, group, key);
    if (text == NULL || *text == '\0') {
        fisc_profile_refuse(parser, group, key, FISC_ERROR_VALUE_MISSING, "the key is needed");
        return NULL;
    }
    return g_steal_pointer(&text);
}

bool
fisc_profile_flag(FiscProfileParser *parser, const char *group, const char *key, bool absent)
{
    g_autofree char *text = fisc_profile_get(parser, group, key);
    if (text == NULL) {
        return absent;
    }
    bool is_yes = strcmp(text, "yes") == 0;
    if (!is_yes && strcmp(text, "no") != 0) {
        fisc_profile_refuse(parser, group, key, FISC_ERROR_VALUE_INVALID,
                            "\"%s\" is neither yes nor no", text);
    }
    return is_yes;
}

char **
fisc_profile_list(FiscProfileParser *parser, const char *group, const char *key)
{
    g_autofree char *text = fisc_profile_get(parser, group, key);
    if (text == NULL) {
        return NULL;
    }
    /* An empty text is a list of one empty word: "the field is empty" in skip and where. */
    char **words = *text == '\0' ? g_new0(char *, 2) : g_strsplit(text, ";", -1);
    if (*text == '\0') {
        words[0] = g_strdup("");
    }
    for (int i = 0; words[i] != NULL; i++) {
        g_strstrip(words[i]);
    }
    return words;
}

/* GKeyFile takes the last of two equal keys and joins equal groups, both silently. Here they are
 * refused, and the line of every key is remembered. */
static void
index_lines(FiscProfileParser *parser, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autofree char *group = g_strdup("");
    for (int i = 0; lines[i] != NULL; i++) {
        char *line = g_strstrip(lines[i]);
        char *end = strchr(line, line[0] == '[' ? ']' : '=');
        if (line[0] == '#' || end == NULL) {
            continue;
        }
        *end = '\0';
        bool is_group = line[0] == '[';
        if (is_group) {
            g_free(group);
            group = g_strdup(line + 1);
        }
        g_autofree char *index = index_key(group, is_group ? "" : g_strstrip(line));
        int first = GPOINTER_TO_INT(g_hash_table_lookup(parser->lines, index));
        g_hash_table_insert(parser->lines, g_steal_pointer(&index), GINT_TO_POINTER(i + 1));
        if (first != 0) {
            fisc_profile_refuse(parser, group, is_group ? NULL : line, FISC_ERROR_DUPLICATE_ROW,
                                "stands at line %d already", first);
        }
    }
}

static void
refuse_unknown_keys(FiscProfileParser *parser)
{
    g_auto(GStrv) groups = g_key_file_get_groups(parser->keys, NULL);
    for (int i = 0; groups[i] != NULL; i++) {
        g_auto(GStrv) keys = g_key_file_get_keys(parser->keys, groups[i], NULL, NULL);
        for (int j = 0; keys != NULL && keys[j] != NULL; j++) {
            g_autofree char *index = index_key(groups[i], keys[j]);
            if (!g_hash_table_contains(parser->used, index)) {
                fisc_profile_refuse(parser, groups[i], keys[j], FISC_ERROR_COLUMN_UNKNOWN,
                                    "the key is not known here");
            }
        }
    }
}

/* ---- names: columns, built in words, values ---- */

int
fisc_profile_column(const FiscProfile *profile, const char *name)
{
    for (guint i = 0; i < profile->columns->len; i++) {
        if (strcmp(((FiscProfileColumn *)profile->columns->pdata[i])->name, name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

/* A value knows the columns and the values above it. */
int
fisc_profile_slot(const char *name, void *data)
{
    static const char *const built_in[] = {
        [FISC_SLOT_FILE] = "file", [FISC_SLOT_ROW] = "row", [FISC_SLOT_LINE] = "line"};
    const FiscProfile *profile = data;
    int columns = (int)profile->columns->len;
    int column = fisc_profile_column(profile, name);
    if (column >= 0) {
        return column;
    }
    for (int i = 0; i < FISC_SLOT_BUILT_IN_COUNT; i++) {
        if (strcmp(name, built_in[i]) == 0) {
            return columns + i;
        }
    }
    for (guint i = 0; i < profile->values->len; i++) {
        if (strcmp(((FiscProfileValue *)profile->values->pdata[i])->name, name) == 0) {
            return columns + FISC_SLOT_BUILT_IN_COUNT + (int)i;
        }
    }
    return -1;
}

int
fisc_profile_amount(const FiscProfile *profile, const char *name)
{
    int column = fisc_profile_column(profile, name);
    for (guint i = 0; column < 0 && i < profile->parts->len; i++) {
        const FiscProfilePart *part = profile->parts->pdata[i];
        if (strcmp(part->name, name) == 0) {
            return part->amount;
        }
    }
    return column < 0 ? -1 : ((FiscProfileColumn *)profile->columns->pdata[column])->amount;
}

static int
find_amount(const char *name, void *data)
{
    const FiscProfile *profile = data;
    bool is_listed = profile->listed.profile != NULL && strcmp(name, "listed") == 0;
    return is_listed ? profile->amount_count : fisc_profile_amount(profile, name);
}

FiscTemplate *
fisc_profile_template(FiscProfileParser *parser, const char *group, const char *key,
                      bool is_required)
{
    g_autofree char *text = is_required ? fisc_profile_require(parser, group, key)
                                        : fisc_profile_get(parser, group, key);
    if (text == NULL) {
        return NULL;
    }
    g_autofree char *wrong = NULL;
    FiscTemplate *template_ =
        fisc_template_compile(text, fisc_profile_slot, parser->profile, &wrong);
    if (template_ == NULL) {
        fisc_profile_refuse(parser, group, key, FISC_ERROR_VALUE_INVALID, "%s", wrong);
    }
    return template_;
}

GArray *
fisc_profile_terms(FiscProfileParser *parser, const char *group, const char *key)
{
    g_autofree char *text = fisc_profile_require(parser, group, key);
    if (text == NULL) {
        return NULL;
    }
    g_autofree char *wrong = NULL;
    GArray *terms = fisc_terms_compile(text, find_amount, parser->profile, &wrong);
    if (terms == NULL) {
        fisc_profile_refuse(parser, group, key, FISC_ERROR_VALUE_INVALID, "%s", wrong);
    }
    return terms;
}

/* ---- [file] ---- */

static int
parse_number(FiscProfileParser *parser, const char *group, const char *key, int least, int absent)
{
    g_autofree char *text = fisc_profile_get(parser, group, key);
    guint64 number = 0;
    if (text == NULL) {
        return absent;
    }
    if (!g_ascii_string_to_unsigned(text, 10, (guint64)least, 1000000000, &number, NULL)) {
        fisc_profile_refuse(parser, group, key, FISC_ERROR_VALUE_INVALID,
                            "\"%s\" is no number from %d", text, least);
        return absent;
    }
    return (int)number;
}

/* One ASCII character, or the word "tab" or "space". */
static char
parse_character(FiscProfileParser *parser, const char *key, char absent)
{
    g_autofree char *text = fisc_profile_get(parser, "file", key);
    if (text == NULL || *text == '\0') {
        return absent;
    }
    if (strcmp(text, "tab") == 0 || strcmp(text, "space") == 0) {
        return *text == 't' ? '\t' : ' ';
    }
    if (strlen(text) != 1) {
        fisc_profile_refuse(parser, "file", key, FISC_ERROR_VALUE_INVALID,
                            "\"%s\" is not one character, tab or space", text);
        return absent;
    }
    return text[0];
}

/* In messages and references the file is called by its name, wherever it lies. */
static void
parse_file_name(FiscProfileParser *parser)
{
    FiscProfile *profile = parser->profile;
    profile->path = fisc_profile_require(parser, "file", "name");
    if (profile->path != NULL) {
        fisc_profile_check_path(parser, "file", "name", profile->path, FISC_SHELF_PUBLISHED);
        profile->file = g_path_get_basename(profile->path);
    }
}

static void
parse_file_group(FiscProfileParser *parser)
{
    FiscProfile *profile = parser->profile;
    parse_file_name(parser);
    profile->source = fisc_profile_get(parser, "file", "source");
    profile->order = parse_number(parser, "file", "order", 0, 0);
    profile->encoding = fisc_profile_get(parser, "file", "encoding");
    profile->separator = parse_character(parser, "separator", ',');
    profile->decimal_mark = parse_character(parser, "decimal_mark", '.');
    profile->group_mark = parse_character(parser, "group_mark", '\0');
    profile->has_header = fisc_profile_flag(parser, "file", "header", true);
    profile->has_comments = fisc_profile_flag(parser, "file", "comments", false);
    profile->field_count = parse_number(parser, "file", "fields", 1, 0);
    profile->above_count = parse_number(parser, "file", "lines_above", 1, 0);
    profile->currency = fisc_profile_get(parser, "file", "currency");
    profile->decimals = fisc_currency_decimals(profile->currency);
    profile->steps = fisc_profile_list(parser, "file", "steps");
    if (profile->decimals < 0) {
        fisc_profile_refuse(parser, "file", "currency", FISC_ERROR_VALUE_INVALID,
                            "\"%s\" is no currency", profile->currency);
        profile->decimals = 0; /* so that the totals can be read on */
    }
    if (profile->decimal_mark == profile->group_mark) {
        fisc_profile_refuse(parser, "file", "group_mark", FISC_ERROR_VALUE_INVALID,
                            "it is the decimal mark too");
        profile->group_mark = '\0';
    }
    if (profile->has_header != (profile->field_count == 0)) {
        fisc_profile_refuse(parser, "file", "fields", FISC_ERROR_VALUE_INVALID,
                            "a file without header needs its number of fields, another does not");
    }
}

/* ---- [columns], [amounts], [pad], [skip], [totals] ---- */

static void
parse_columns(FiscProfileParser *parser)
{
    FiscProfile *profile = parser->profile;
    g_auto(GStrv) names = g_key_file_get_keys(parser->keys, "columns", NULL, NULL);
    if (names == NULL) {
        fisc_profile_refuse(parser, "columns", NULL, FISC_ERROR_VALUE_MISSING,
                            "the profile names no columns");
    }
    for (int i = 0; names != NULL && names[i] != NULL; i++) {
        FiscProfileColumn *column = g_new0(FiscProfileColumn, 1);
        column->name = g_strdup(names[i]);
        column->amount = -1;
        if (profile->has_header) {
            column->published = fisc_profile_require(parser, "columns", names[i]);
        } else {
            int number = parse_number(parser, "columns", names[i], 1, 1);
            if (number > profile->field_count) {
                fisc_profile_refuse(parser, "columns", names[i], FISC_ERROR_VALUE_INVALID,
                                    "the file has %d fields", profile->field_count);
            }
            column->published = g_strdup_printf("%d", number);
        }
        g_ptr_array_add(profile->columns, column);
    }
}

typedef void (*ParseColumnKey)(FiscProfileParser *parser, const char *group,
                               FiscProfileColumn *column);

/* For groups whose keys are names of columns. */
static void
each_column_key(FiscProfileParser *parser, const char *group, ParseColumnKey parse)
{
    g_auto(GStrv) names = g_key_file_get_keys(parser->keys, group, NULL, NULL);
    for (int i = 0; names != NULL && names[i] != NULL; i++) {
        int column = fisc_profile_column(parser->profile, names[i]);
        if (column >= 0) {
            parse(parser, group, parser->profile->columns->pdata[column]);
        } else if (strcmp(group, "totals") != 0 || strcmp(names[i], "rows") != 0) {
            g_autofree char *unused = fisc_profile_get(parser, group, names[i]);
            fisc_profile_refuse(parser, group, names[i], FISC_ERROR_VALUE_INVALID,
                                "there is no column \"%s\" in [columns]", names[i]);
        }
    }
}

static void
parse_sign(FiscProfileParser *parser, const char *group, FiscProfileColumn *column)
{
    g_autofree char *sign = fisc_profile_get(parser, group, column->name);
    column->amount = parser->profile->amount_count++;
    column->is_minus = g_strcmp0(sign, "minus") == 0;
    if (!column->is_minus && g_strcmp0(sign, "plus") != 0) {
        fisc_profile_refuse(parser, group, column->name, FISC_ERROR_VALUE_INVALID,
                            "\"%s\" is neither plus nor minus", sign != NULL ? sign : "");
    }
}

static void
parse_width(FiscProfileParser *parser, const char *group, FiscProfileColumn *column)
{
    column->width = parse_number(parser, group, column->name, 1, 0);
    if (column->width > FISC_CODE_MAX) {
        fisc_profile_refuse(parser, group, column->name, FISC_ERROR_VALUE_INVALID,
                            "%d is more than %d", column->width, FISC_CODE_MAX);
    }
}

static void
parse_skip(FiscProfileParser *parser, const char *group, FiscProfileColumn *column)
{
    g_strfreev(column->skip); /* of a key that stands twice, which is refused and read on */
    column->skip = fisc_profile_list(parser, group, column->name);
}

static void
parse_expected(FiscProfileParser *parser, const char *group, FiscProfileColumn *column)
{
    g_autofree char *told = fisc_profile_get(parser, group, column->name);
    const char *text = told != NULL ? told : "";
    int broken = column->is_rounded ? fisc_profile_fine_expected(parser, column, text)
                                    : fisc_amount_parse(text, parser->profile->decimals, '.', 0,
                                                        &column->expected);
    column->has_expected = true;
    if (broken != 0 || column->amount < 0) {
        fisc_profile_refuse(parser, group, column->name, FISC_ERROR_AMOUNT_INVALID,
                            column->amount < 0 ? "the column is not in [amounts]"
                                               : "the total is no amount");
    }
}

/* ---- the whole ---- */

static const char *
name_behind(const char *group, const char *kind)
{
    gsize length = strlen(kind);
    bool is_kind = g_str_has_prefix(group, kind) && group[length] == ' ' && group[length + 1];
    return is_kind ? group + length + 1 : NULL;
}

static bool
is_single_group(const char *group)
{
    static const char *const single[] = {
        "file",   "columns",    "amounts", "pad",  "skip",   "totals",    "relief", "tree",
        "cancel", "cumulative", "round",   "sums", "listed", "total_row", "above",  NULL};
    return g_strv_contains(single, group);
}

/* Values first, wherever they stand: entries, dimensions and the key may use any of them. Before
 * them amounts of some rows, which values weigh. */
static bool
parse_values(FiscProfileParser *parser, char **groups, GError **error)
{
    for (int i = 0; groups[i] != NULL; i++) {
        const char *name = name_behind(groups[i], "part");
        if (name != NULL) {
            fisc_profile_parse_part(parser, groups[i], name);
        }
    }
    for (int i = 0; groups[i] != NULL; i++) {
        const char *name = name_behind(groups[i], "value");
        if (name != NULL && !fisc_profile_parse_value(parser, groups[i], name, error)) {
            return false;
        }
    }
    parser->profile->key = fisc_profile_template(parser, "file", "key", false);
    return true;
}

static void
parse_named_groups(FiscProfileParser *parser, char **groups)
{
    const char *name;
    for (int i = 0; groups[i] != NULL; i++) {
        if ((name = name_behind(groups[i], "dimensions")) != NULL) {
            fisc_profile_parse_dimensions(parser, groups[i], name);
        }
    }
    for (int i = 0; groups[i] != NULL; i++) {
        if ((name = name_behind(groups[i], "entry")) != NULL) {
            fisc_profile_parse_entry(parser, groups[i], name);
        } else if ((name = name_behind(groups[i], "line")) != NULL) {
            fisc_profile_parse_line(parser, groups[i], name);
        } else if ((name = name_behind(groups[i], "check")) != NULL) {
            fisc_profile_parse_check(parser, groups[i], name);
        } else if (name_behind(groups[i], "compare") != NULL) {
            fisc_profile_parse_compare(parser, groups[i]);
        } else if (!is_single_group(groups[i]) && name_behind(groups[i], "value") == NULL &&
                   name_behind(groups[i], "part") == NULL &&
                   name_behind(groups[i], "dimensions") == NULL) {
            fisc_profile_refuse(parser, groups[i], NULL, FISC_ERROR_COLUMN_UNKNOWN,
                                "there is no such group");
        }
    }
}

/* What is posted has a source and steps; what is prepared has neither. */
static void
check_purpose(FiscProfileParser *parser)
{
    const FiscProfile *profile = parser->profile;
    bool is_plan = profile->lines->len > 0;
    if (is_plan && profile->entries->len > 0) {
        fisc_profile_refuse(parser, "file", NULL, FISC_ERROR_VALUE_INVALID,
                            "a profile makes entries or lines of a budget, not both");
    }
    if (is_plan) {
        return;
    }
    if (profile->source == NULL || *profile->source == '\0') {
        fisc_profile_refuse(parser, "file", "source", FISC_ERROR_VALUE_MISSING,
                            "the key is needed");
    }
    if (profile->steps == NULL) {
        fisc_profile_refuse(parser, "file", "steps", FISC_ERROR_VALUE_MISSING, "the key is needed");
    }
}

static bool
parse(FiscProfileParser *parser, GError **error)
{
    FiscProfile *profile = parser->profile;
    g_auto(GStrv) groups = g_key_file_get_groups(parser->keys, NULL);
    parse_file_group(parser);
    parse_columns(parser);
    each_column_key(parser, "amounts", parse_sign);
    each_column_key(parser, "pad", parse_width);
    each_column_key(parser, "skip", parse_skip);
    each_column_key(parser, "round", fisc_profile_parse_round);
    each_column_key(parser, "totals", parse_expected);
    fisc_profile_parse_total_row(parser);
    profile->rows_expected = parse_number(parser, "totals", "rows", 0, -1);
    fisc_profile_parse_above(parser);
    if (!parse_values(parser, groups, error)) {
        return false;
    }
    fisc_profile_parse_tree(parser);
    fisc_profile_parse_listed(parser);
    parse_named_groups(parser, groups);
    fisc_profile_parse_relief(parser);
    fisc_profile_parse_cancel(parser);
    fisc_profile_parse_cumulative(parser);
    check_purpose(parser);
    refuse_unknown_keys(parser);
    return true;
}

static bool
get_text(const FiscReader *reader, const char *name, char **out_text, gsize *out_length,
         GError **error)
{
    g_autoptr(GError) reason = NULL;
    if (reader->map != NULL) {
        const char *text = g_bytes_get_data(fisc_map_file(reader->map, name), out_length);
        *out_text = g_strndup(text, *out_length);
        return true;
    }
    g_autofree char *path = g_build_filename(reader->dir, name, NULL);
    return g_file_get_contents(path, out_text, out_length, &reason) ||
           fisc_fail(error, FISC_ERROR_IO, "%s", reason->message);
}

static bool
load_text(FiscProfileParser *parser, GError **error)
{
    g_autofree char *text = NULL;
    g_autoptr(GError) reason = NULL;
    gsize length = 0;
    FiscPlace place = {.file = parser->profile->profile_name};
    if (!get_text(parser->reader, parser->profile->profile_name, &text, &length, error)) {
        return false;
    }
    if (!g_utf8_validate_len(text, length, NULL)) {
        fisc_reader_refuse(parser->reader, place, FISC_ERROR_ENCODING_INVALID, NULL,
                           "a profile is UTF-8 text");
        return true;
    }
    if (!g_key_file_load_from_data(parser->keys, text, length, G_KEY_FILE_NONE, &reason)) {
        fisc_reader_refuse(parser->reader, place, FISC_ERROR_VALUE_INVALID,
                           "see docs/profile-format.md", "%s", reason->message);
        return true;
    }
    index_lines(parser, text);
    return parse(parser, error);
}

static FiscProfile *
profile_new(const char *name)
{
    FiscProfile *profile = g_new0(FiscProfile, 1);
    profile->profile_name = g_strdup(name);
    profile->columns = g_ptr_array_new();
    profile->parts = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_profile_part_free);
    profile->values = g_ptr_array_new();
    profile->dimensions = g_ptr_array_new();
    profile->entries = g_ptr_array_new();
    profile->lines = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_profile_line_free);
    profile->checks = g_ptr_array_new();
    profile->compares = g_ptr_array_new();
    profile->relief.excess_entry = -1;
    profile->cancel.together = profile->cancel.rest = -1;
    return profile;
}

bool
fisc_profile_read(FiscReader *reader, const char *name, FiscProfile **out_profile, GError **error)
{
    guint refusals_before = reader->refusals->len;
    g_autoptr(FiscProfile) profile = profile_new(name);
    FiscProfileParser parser = {.reader = reader, .profile = profile, .keys = g_key_file_new()};
    parser.lines = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    parser.used = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_hash_table_add(reader->used_files, g_strdup(name));
    bool is_read = load_text(&parser, error);
    g_key_file_unref(parser.keys);
    g_hash_table_unref(parser.lines);
    g_hash_table_unref(parser.used);
    if (is_read && reader->refusals->len == refusals_before) {
        *out_profile = g_steal_pointer(&profile);
    }
    return is_read;
}

/* ---- end of life ---- */

static void
column_free(FiscProfileColumn *column)
{
    g_free(column->name);
    g_free(column->published);
    g_strfreev(column->skip);
    g_free(column);
}

static void
free_all(GPtrArray *array, GDestroyNotify free_one)
{
    g_ptr_array_set_free_func(array, free_one);
    g_ptr_array_unref(array);
}

FiscProfile *
fisc_profile_borrow(const FiscProfile *profile)
{
    FiscProfile *borrowed = g_memdup2(profile, sizeof *profile);
    borrowed->is_borrowed = true;
    return borrowed;
}

/* What it came to when it ran. */
static void
forget_sums(FiscProfile *profile)
{
    g_clear_pointer(&profile->sums_by_key, g_hash_table_unref);
    g_clear_pointer(&profile->amounts_by_key, g_hash_table_unref);
    g_clear_pointer(&profile->sums, g_free);
}

void
fisc_profile_free(FiscProfile *profile)
{
    if (profile == NULL) {
        return;
    }
    forget_sums(profile);
    if (profile->is_borrowed) {
        g_free(profile);
        return;
    }
    free_all(profile->columns, (GDestroyNotify)column_free);
    free_all(profile->values, (GDestroyNotify)fisc_profile_value_free);
    free_all(profile->dimensions, (GDestroyNotify)fisc_profile_dimensions_free);
    free_all(profile->entries, (GDestroyNotify)fisc_profile_entry_free);
    g_ptr_array_unref(profile->lines);
    g_ptr_array_unref(profile->parts);
    fisc_profile_tree_clear(&profile->tree);
    fisc_profile_cancel_clear(&profile->cancel);
    fisc_profile_cumulative_clear(&profile->cumulative);
    free_all(profile->checks, (GDestroyNotify)fisc_profile_check_free);
    free_all(profile->compares, (GDestroyNotify)fisc_profile_compare_free);
    fisc_template_free(profile->key);
    fisc_template_free(profile->relief.key);
    fisc_template_free(profile->sum_by);
    fisc_template_free(profile->listed.key);
    g_free(profile->listed.profile);
    g_free(profile->listed.amount);
    g_strfreev(profile->total_words);
    g_free(profile->relief.profile);
    g_free(profile->relief.amount);
    g_strfreev(profile->steps);
    g_free(profile->profile_name);
    g_free(profile->path);
    g_free(profile->file);
    g_free(profile->source);
    g_free(profile->encoding);
    g_free(profile->currency);
    g_free(profile);
}
