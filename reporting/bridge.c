/* bridge.c: which codes of another standard a code of GFSM 2014 becomes.
 *
 * Asked for a code, the rules come first and then the map; where neither has it, the code above is
 * asked: a standard that has no detail has the sum. Which lines count, and what is added up, is
 * figures.c's; which rows are printed is the layouts'. */
#include "reporting/bridge.h"
#include "fisc/csv.h"
#include "fisc/gfs.h"
#include "fisc/money.h"
#include <string.h>

#define UNCHANGED "=" /* in "becomes" */

typedef struct {
    char *becomes; /* "323 - 523" */
    char *about;   /* statements: "SOO,SOEF" */
    char *note;    /* "": nothing is said */
    int sign;      /* of its first code: what the note counts as positive */
    bool is_told;
    __int128 told;
} Rule;

struct _FiscBridge {
    GPtrArray *rules;     /* of Rule, in order */
    GHashTable *by_code;  /* "3114.1" -> its position in rules, from 1 */
    GHashTable *map;      /* "11414" -> "1134" */
    GHashTable *is_plain; /* codes that the map calls the same, or the same by another name */
    GHashTable *names;    /* "1134" -> "Taxes on ..." */
    GHashTable *known;    /* code asked for -> FiscBridgeParts */
    GStringChunk *chunk;
};

static void
rule_free(void *pointer)
{
    Rule *rule = pointer;
    g_free(rule->becomes);
    g_free(rule->about);
    g_free(rule->note);
    g_free(rule);
}

/* ---- reading ---- */

typedef void (*RowReader)(FiscBridge *bridge, const FiscCsv *csv, const FiscCsvRow *row);

static const char *
field(const FiscCsv *csv, const FiscCsvRow *row, const char *column)
{
    return fisc_csv_field(csv, row, fisc_csv_column(csv, column));
}

/* A code of 2014 that several of 2001 became part of has no answer here, unless one of them is the
 * same: a rule gives it. */
static void
read_map_row(FiscBridge *bridge, const FiscCsv *csv, const FiscCsvRow *row)
{
    const char *from = g_string_chunk_insert_const(bridge->chunk, field(csv, row, "code2014"));
    const char *to = g_string_chunk_insert_const(bridge->chunk, field(csv, row, "code2001"));
    const char *relation = field(csv, row, "relation");
    bool is_plain = g_str_equal(relation, "=");
    if (from[0] == '\0' || to[0] == '\0' || g_hash_table_contains(bridge->is_plain, from)) {
        return;
    }
    if (is_plain) {
        g_hash_table_add(bridge->is_plain, (void *)from);
    }
    g_hash_table_insert(bridge->map, (void *)from, (void *)to);
}

static void
read_rule_row(FiscBridge *bridge, const FiscCsv *csv, const FiscCsvRow *row)
{
    g_auto(GStrv) codes = g_strsplit(field(csv, row, "codes"), " ", -1);
    Rule *rule = g_new0(Rule, 1);
    rule->becomes = g_strdup(field(csv, row, "becomes"));
    rule->about = g_strdup(field(csv, row, "about"));
    rule->note = g_strdup(field(csv, row, "note"));
    rule->sign = fisc_gfs_sign(codes[0]);
    g_ptr_array_add(bridge->rules, rule);
    for (char **code = codes; *code != NULL; code++) {
        bool is_new =
            g_hash_table_insert(bridge->by_code, g_string_chunk_insert_const(bridge->chunk, *code),
                                GUINT_TO_POINTER(bridge->rules->len));
        g_assert(is_new);
    }
}

static void
read_name_row(FiscBridge *bridge, const FiscCsv *csv, const FiscCsvRow *row)
{
    g_hash_table_insert(bridge->names,
                        g_string_chunk_insert_const(bridge->chunk, field(csv, row, "code")),
                        g_string_chunk_insert_const(bridge->chunk, field(csv, row, "name")));
}

static void
read_file(FiscBridge *bridge, const FiscLayoutFile *file, RowReader reader)
{
    const FiscCsvOptions options = {.allow_unknown = true, .allow_comments = true};
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscCsv) csv = NULL;
    if (!fisc_csv_parse(file->file, file->text, strlen(file->text), &options, &csv, refusals) ||
        csv == NULL) {
        g_error("%s: unreadable", file->file);
    }
    for (guint i = 0; i < csv->rows->len; i++) {
        reader(bridge, csv, &g_array_index(csv->rows, FiscCsvRow, i));
    }
}

FiscBridge *
fisc_bridge_new(const FiscLayoutFile *files)
{
    static const RowReader readers[] = {read_map_row, read_rule_row, read_name_row};
    FiscBridge *bridge = g_new0(FiscBridge, 1);
    bridge->rules = g_ptr_array_new_with_free_func(rule_free);
    bridge->by_code = g_hash_table_new(g_str_hash, g_str_equal);
    bridge->map = g_hash_table_new(g_str_hash, g_str_equal);
    bridge->is_plain = g_hash_table_new(g_str_hash, g_str_equal);
    bridge->names = g_hash_table_new(g_str_hash, g_str_equal);
    bridge->known = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    bridge->chunk = g_string_chunk_new(16384);
    for (guint i = 0; i < G_N_ELEMENTS(readers); i++) {
        read_file(bridge, &files[i], readers[i]);
    }
    return bridge;
}

void
fisc_bridge_free(FiscBridge *bridge)
{
    if (bridge == NULL) {
        return;
    }
    g_ptr_array_unref(bridge->rules);
    g_hash_table_unref(bridge->by_code);
    g_hash_table_unref(bridge->map);
    g_hash_table_unref(bridge->is_plain);
    g_hash_table_unref(bridge->names);
    g_hash_table_unref(bridge->known);
    g_string_chunk_free(bridge->chunk);
    g_free(bridge);
}

/* ---- one code ---- */

static void
add_part(FiscBridge *bridge, FiscBridgeParts *parts, const char *code, const char *suffix, int sign)
{
    g_assert(parts->count < FISC_BRIDGE_PARTS_MAX);
    /* Acquisitions, disposals and consumption are told apart in nonfinancial assets only. */
    bool has_suffix = g_str_has_prefix(code, "31");
    g_autofree char *whole = g_strconcat(code, has_suffix ? suffix : "", NULL);
    parts->part[parts->count++] =
        (FiscBridgePart){g_string_chunk_insert_const(bridge->chunk, whole), sign};
}

/* "323 - 523", "22" or nothing. */
static void
add_parts(FiscBridge *bridge, FiscBridgeParts *parts, const char *becomes, const char *suffix)
{
    g_auto(GStrv) words = g_strsplit(becomes, " ", -1);
    int sign = 1;
    for (char **word = words; *word != NULL; word++) {
        if (g_str_equal(*word, "-")) {
            sign = -1;
        } else if (**word != '\0') {
            add_part(bridge, parts, *word, suffix, sign);
        }
    }
}

/* True when a rule or the map has the code, whose digits are @digits. */
static bool
find_parts(FiscBridge *bridge, const char *digits, const char *suffix, FiscBridgeParts *parts)
{
    g_autofree char *whole = g_strconcat(digits, suffix, NULL);
    void *position = g_hash_table_lookup(bridge->by_code, whole);
    if (position == NULL) {
        position = g_hash_table_lookup(bridge->by_code, digits);
    }
    if (position != NULL) {
        parts->rule = GPOINTER_TO_UINT(position);
        const Rule *rule = g_ptr_array_index(bridge->rules, parts->rule - 1);
        bool is_unchanged = g_str_equal(rule->becomes, UNCHANGED);
        add_parts(bridge, parts, is_unchanged ? digits : rule->becomes, suffix);
        return true;
    }
    const char *mapped = g_hash_table_lookup(bridge->map, digits);
    if (mapped != NULL) {
        add_part(bridge, parts, mapped, suffix, 1);
    }
    return mapped != NULL;
}

const FiscBridgeParts *
fisc_bridge_parts(FiscBridge *bridge, const char *code)
{
    FiscBridgeParts *parts = g_hash_table_lookup(bridge->known, code);
    if (parts != NULL) {
        return parts;
    }
    parts = g_new0(FiscBridgeParts, 1);
    const char *suffix = strchrnul(code, '.');
    g_autofree char *digits = g_strndup(code, (gsize)(suffix - code));
    gsize length = strlen(digits);
    while (length > 0 && !find_parts(bridge, digits, suffix, parts)) {
        digits[--length] = '\0';
    }
    g_hash_table_insert(bridge->known, g_string_chunk_insert_const(bridge->chunk, code), parts);
    return parts;
}

const char *
fisc_bridge_label(const FiscBridge *bridge, const char *code)
{
    g_autofree char *shared = g_strdup(code);
    if (shared[0] >= '4' && shared[0] <= '6' && shared[1] != 'M') {
        shared[0] = '3'; /* 4, 5 and 6 have the digits, and the names, of 3 */
    }
    if (g_str_has_prefix(shared, "330")) {
        shared[1] = '2'; /* an instrument is called the same on both sides */
    }
    return g_hash_table_lookup(bridge->names, shared);
}

/* ---- what is said ---- */

void
fisc_bridge_tell(FiscBridge *bridge, const char *code, __int128 amount)
{
    guint position = fisc_bridge_parts(bridge, code)->rule;
    if (position > 0 && amount != 0) {
        Rule *rule = g_ptr_array_index(bridge->rules, position - 1);
        rule->is_told = true;
        rule->told += amount;
    }
}

void
fisc_bridge_notes(const FiscBridge *bridge, const char *unit, const char *asked, FiscTable *table)
{
    for (guint i = 0; i < bridge->rules->len; i++) {
        const Rule *rule = g_ptr_array_index(bridge->rules, i);
        char amount[FISC_SUM_TEXT];
        if (!rule->is_told || rule->note[0] == '\0' || !fisc_layout_is_asked(asked, rule->about)) {
            continue;
        }
        g_autofree char *text = g_strdup_printf(
            "%s: %s", rule->note,
            fisc_sum_format_grouped(rule->told * rule->sign, table->decimals, amount));
        fisc_table_add_note_about(table, unit, rule->about, false, text);
    }
}
