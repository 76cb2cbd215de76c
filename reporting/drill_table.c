/* drill_table.c: a figure taken apart as a table: a row for each balance, entry, line, document or
 * row of a published file, whose amounts add up to the figure.
 *
 * Lines are told one by one and kept only as the rows they become. Which lines are asked for is
 * read off the parts of the figure (drill.c); reading them is the ledger's. */
#include "core/base/hash.h"
#include "fisc/money.h"
#include "reporting/drill.h"
#include "reporting/posted_account.h"
#include <string.h>

#define AT(level) (1u << FISC_DRILL_##level)
#define OF_LINES (AT(ENTRIES) | AT(LINES) | AT(ROWS))
#define EVERYWHERE (OF_LINES | AT(BALANCES) | AT(DOCUMENTS))

/* X(NAME, column, kind, levels that have it) */
#define COLUMNS(X)                                                                                 \
    X(DOCUMENT, "document", TEXT, AT(DOCUMENTS) | AT(ENTRIES) | AT(LINES))                         \
    X(ENTRY, "entry", INTEGER, AT(ENTRIES) | AT(LINES))                                            \
    X(LINE, "line", INTEGER, AT(LINES))                                                            \
    X(FILE, "file", TEXT, AT(ROWS))                                                                \
    X(FILE_LINE, "file_line", INTEGER, AT(ROWS))                                                   \
    X(PROOF, "proof", TEXT, AT(ROWS))                                                              \
    X(SOURCE, "source", TEXT, OF_LINES)                                                            \
    X(REFERENCE, "reference", TEXT, OF_LINES)                                                      \
    X(DATE, "date", TEXT, OF_LINES)                                                                \
    X(ENTITY, "entity", TEXT, EVERYWHERE)                                                          \
    X(ACCOUNT, "account", TEXT, AT(BALANCES) | AT(LINES))                                          \
    X(KEY, "key", TEXT, AT(BALANCES) | AT(LINES))                                                  \
    X(ENTRIES, "entries", INTEGER, AT(DOCUMENTS))                                                  \
    X(LINES, "lines", INTEGER, AT(DOCUMENTS) | AT(ENTRIES) | AT(ROWS))                             \
    X(AMOUNT, "amount", AMOUNT, AT(BALANCES) | AT(LINES))                                          \
    X(COUNTED, "counted", AMOUNT, EVERYWHERE)                                                      \
    X(TITLE, "title", TEXT, AT(BALANCES))                                                          \
    X(MEMO, "memo", TEXT, OF_LINES | AT(DOCUMENTS))

typedef enum {
#define X(name, column, kind, levels) COLUMN_##name,
    COLUMNS(X)
#undef X
        COLUMN_COUNT
} Column;

static const char made_words[] = "made by the report: no line is behind it";

/* What becomes a row: one line, or several that share what the level is about. */
typedef struct {
    FiscRow *row; /* NULL: beyond the limit */
    int64_t last_entry;
    int64_t entries, lines;
    __int128 counted;
} Group;

struct _FiscDrillTable {
    const FiscDrill *drill;
    FiscDrillLevel level;
    guint limit;
    FiscDrillOriginFind find;
    gpointer find_data;
    FiscTable *table;
    int place[COLUMN_COUNT]; /* of a column; -1: not at this level */
    __int128 *counted;       /* what the lines of each part came to */
    GPtrArray *groups;       /* of Group */
    GHashTable *by_key;      /* words -> Group */
    Group *current;          /* of the newest entry */
    guint shown;
};

/* Words ---------------------------------------------------------------------------------------- */

static void
set_text(FiscDrillTable *drilled, FiscRow *row, Column column, const char *text)
{
    if (drilled->place[column] >= 0) {
        fisc_table_set_text(drilled->table, row, drilled->place[column], text);
    }
}

static void
set_number(FiscDrillTable *drilled, FiscRow *row, Column column, __int128 number)
{
    if (drilled->place[column] >= 0) {
        fisc_table_set_amount(drilled->table, row, drilled->place[column], number);
    }
}

/* "cofog=70912 economic=22": the segments that are given. */
static char *
key_text(const FiscCoding *coding)
{
    GString *text = g_string_new(NULL);
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        if (*coding->dim[i] != '\0') {
            g_string_append_printf(text, "%s%s=%s", text->len > 0 ? " " : "",
                                   fisc_dimension_column((FiscDimension)i), coding->dim[i]);
        }
    }
    return g_string_free(text, FALSE);
}

static void
set_coding(FiscDrillTable *drilled, FiscRow *row, const FiscCoding *coding)
{
    char account[FISC_CODE_MAX];
    g_autofree char *key = key_text(coding);
    fisc_posted_account(coding, account);
    set_text(drilled, row, COLUMN_ENTITY, coding->entity);
    set_text(drilled, row, COLUMN_ACCOUNT, account);
    set_text(drilled, row, COLUMN_KEY, key);
    set_text(drilled, row, COLUMN_TITLE, fisc_posted_account_title(coding->account, account));
}

static FiscTable *
new_table(const FiscDrill *drill, FiscDrillLevel level, bool has_files, int place[COLUMN_COUNT])
{
    static const struct {
        const char *name;
        FiscColumnKind kind;
        guint levels;
    } columns[COLUMN_COUNT] = {
#define X(name, column, kind, levels) {column, FISC_COLUMN_##kind, levels},
        COLUMNS(X)
#undef X
    };
    FiscTable *table = fisc_table_new("drill", drill->name, drill->decimals);
    for (int i = 0; i < COLUMN_COUNT; i++) {
        bool is_of_files = i == COLUMN_FILE || i == COLUMN_FILE_LINE || i == COLUMN_PROOF;
        bool is_here = (columns[i].levels & (1u << level)) != 0 && (has_files || !is_of_files);
        place[i] = is_here ? (int)table->columns->len : -1;
        if (is_here) {
            fisc_table_add_column(table, columns[i].name, columns[i].kind);
        }
    }
    return table;
}

/* Groups ---------------------------------------------------------------------------------------
 */

static Group *
group_new(FiscDrillTable *drilled)
{
    Group *group = g_new0(Group, 1);
    g_ptr_array_add(drilled->groups, group);
    if (drilled->limit == 0 || drilled->shown < drilled->limit) {
        group->row = fisc_table_add_row(drilled->table);
        drilled->shown++;
    }
    return group;
}

static const FiscDrillOrigin *
origin_of(const FiscDrillTable *drilled, const FiscCodingLine *line)
{
    return drilled->find != NULL && drilled->level == FISC_DRILL_ROWS
               ? drilled->find(line->source, line->reference, drilled->find_data)
               : NULL;
}

/* What lines of one row have in common; NULL: nothing, or the entry. */
static char *
group_key(const FiscDrillTable *drilled, const FiscDrillPart *part, const FiscCodingLine *line,
          const FiscDrillOrigin *origin)
{
    if (drilled->level == FISC_DRILL_DOCUMENTS) {
        return g_strdup_printf("%s\x1f%s", part->coding->entity,
                               line->document != NULL ? line->document : "");
    }
    return origin != NULL ? g_strdup_printf("%s\x1f%d", origin->file, origin->line) : NULL;
}

static Group *
find_group(FiscDrillTable *drilled, char *key, const FiscCodingLine *line, bool *out_new)
{
    bool is_same_entry = drilled->current != NULL && drilled->level != FISC_DRILL_LINES &&
                         drilled->current->last_entry == line->entry_id;
    Group *group = key != NULL     ? g_hash_table_lookup(drilled->by_key, key)
                   : is_same_entry ? drilled->current
                                   : NULL;
    *out_new = group == NULL;
    if (group == NULL) {
        group = group_new(drilled);
        if (key != NULL) {
            g_hash_table_insert(drilled->by_key, g_strdup(key), group);
        }
    }
    drilled->current = group;
    return group;
}

/* Read again, the row of the file makes the entry that is on record, word by word, or it does not.
 */
static const char *
proof_word(const FiscDrillOrigin *origin, const FiscCodingLine *line)
{
    if (origin == NULL) {
        return "not in these files";
    }
    return memcmp(origin->digest, line->digest, FISC_HASH_SIZE) == 0 ? "same" : "differs";
}

static void
describe(FiscDrillTable *drilled, const Group *group, const FiscDrillPart *part,
         const FiscCodingLine *line, const FiscDrillOrigin *origin)
{
    char date[FISC_DATE_TEXT];
    FiscRow *row = group->row;
    if (row == NULL) {
        return;
    }
    set_coding(drilled, row, part->coding);
    set_text(drilled, row, COLUMN_DOCUMENT, line->document);
    set_number(drilled, row, COLUMN_ENTRY, line->entry_id);
    set_number(drilled, row, COLUMN_LINE, line->line_no);
    set_text(drilled, row, COLUMN_SOURCE, line->source);
    set_text(drilled, row, COLUMN_REFERENCE, line->reference);
    set_text(drilled, row, COLUMN_DATE, fisc_date_format(line->effective, date));
    set_number(drilled, row, COLUMN_AMOUNT, line->amount);
    set_text(drilled, row, COLUMN_MEMO, line->memo);
    set_text(drilled, row, COLUMN_PROOF, proof_word(origin, line));
    if (origin != NULL) {
        set_text(drilled, row, COLUMN_FILE, origin->file);
        set_number(drilled, row, COLUMN_FILE_LINE, origin->line);
    }
}

/* One entry of a file's row that differs is told, whatever the others are. */
static void
doubt(FiscDrillTable *drilled, const Group *group, const FiscCodingLine *line,
      const FiscDrillOrigin *origin)
{
    if (group->row != NULL && origin != NULL && strcmp(proof_word(origin, line), "same") != 0) {
        set_text(drilled, group->row, COLUMN_PROOF, proof_word(origin, line));
    }
}

static int
times_of(const FiscDrill *drill, const FiscDrillPart *part, const FiscCodingLine *line)
{
    if (line->period < drill->from) {
        return part->before;
    }
    return line->amount > 0 ? part->debit : part->credit;
}

void
fisc_drill_table_add(FiscDrillTable *drilled, const FiscCodingLine *line)
{
    guint place = GPOINTER_TO_UINT(g_hash_table_lookup(
        drilled->drill->places, fisc_drill_place_key(line->coding_id, line->period)));
    if (place == 0) {
        return;
    }
    const FiscDrillPart *part = &g_array_index(drilled->drill->parts, FiscDrillPart, place - 1);
    int times = times_of(drilled->drill, part, line);
    if (times == 0) {
        return;
    }
    bool is_new = false;
    const FiscDrillOrigin *origin = origin_of(drilled, line);
    g_autofree char *key = group_key(drilled, part, line, origin);
    Group *group = find_group(drilled, key, line, &is_new);
    if (is_new) {
        describe(drilled, group, part, line, origin);
    }
    doubt(drilled, group, line, origin);
    group->entries += group->last_entry != line->entry_id ? 1 : 0;
    group->last_entry = line->entry_id;
    group->lines++;
    group->counted += (__int128)times * line->amount;
    drilled->counted[place - 1] += (__int128)times * line->amount;
}

/* Balances, and what no line is behind -----------------------------------------------------------
 */

static void
add_balance(FiscDrillTable *drilled, const FiscDrillPart *part)
{
    Group *group = group_new(drilled);
    group->counted = part->counted;
    if (group->row != NULL) {
        set_coding(drilled, group->row, part->coding);
        set_number(drilled, group->row, COLUMN_AMOUNT, part->posted);
    }
}

/* Shown whatever the limit: it is what a reader would look for in vain. */
static void
add_made(FiscDrillTable *drilled, const FiscDrillPart *part, __int128 counted)
{
    Group *group = g_new0(Group, 1);
    g_ptr_array_add(drilled->groups, group);
    group->row = fisc_table_add_row(drilled->table);
    group->counted = counted;
    set_coding(drilled, group->row, part->coding);
    const char *layer = part->coding->dim[FISC_DIM_LAYER];
    g_autofree char *memo =
        g_strdup_printf("%s%s%s", made_words, layer[0] != '\0' ? ": " : "", layer);
    set_text(drilled, group->row, COLUMN_MEMO, memo);
}

static void
finish_groups(FiscDrillTable *drilled, __int128 *out_total, guint *out_hidden,
              __int128 *out_hidden_counted)
{
    for (guint i = 0; i < drilled->groups->len; i++) {
        const Group *group = g_ptr_array_index(drilled->groups, i);
        *out_total += group->counted;
        if (group->row == NULL) {
            *out_hidden += 1;
            *out_hidden_counted += group->counted;
            continue;
        }
        set_number(drilled, group->row, COLUMN_ENTRIES, group->entries);
        set_number(drilled, group->row, COLUMN_LINES, group->lines);
        set_number(drilled, group->row, COLUMN_COUNTED, group->counted);
    }
}

static void
add_notes(FiscDrillTable *drilled, guint hidden, __int128 hidden_counted)
{
    char number[FISC_SUM_TEXT], amount[FISC_SUM_TEXT];
    const FiscDrill *drill = drilled->drill;
    fisc_table_add_note(drilled->table, "Formula: %s", drill->formula);
    if (hidden > 0) {
        fisc_table_add_note(drilled->table, "%s more rows are not shown, %s together",
                            fisc_sum_format_grouped(hidden, 0, number),
                            fisc_sum_format_grouped(hidden_counted, drill->decimals, amount));
    }
    fisc_table_add_note(drilled->table, "All rows together: %s, which is the figure",
                        fisc_sum_format_grouped(drill->figure, drill->decimals, amount));
}

/* The table --------------------------------------------------------------------------------------
 */

FiscDrillTable *
fisc_drill_table_new(const FiscDrill *drill, FiscDrillLevel level, guint limit,
                     FiscDrillOriginFind find, gpointer data)
{
    FiscDrillTable *drilled = g_new0(FiscDrillTable, 1);
    drilled->drill = drill;
    drilled->level = level;
    drilled->limit = limit;
    drilled->find = find;
    drilled->find_data = data;
    drilled->table = new_table(drill, level, find != NULL, drilled->place);
    drilled->groups = g_ptr_array_new_with_free_func(g_free);
    drilled->by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    drilled->counted = g_new0(__int128, drill->parts->len + 1);
    return drilled;
}

void
fisc_drill_table_free(FiscDrillTable *drilled)
{
    if (drilled != NULL) {
        fisc_table_free(drilled->table);
        g_ptr_array_unref(drilled->groups);
        g_hash_table_unref(drilled->by_key);
        g_free(drilled->counted);
        g_free(drilled);
    }
}

bool
fisc_drill_wants_lines(const FiscDrill *drill, FiscDrillLevel level, GArray **out_coding_ids,
                       FiscPeriod *out_from, FiscPeriod *out_to)
{
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(int32_t));
    *out_from = drill->from;
    *out_to = drill->to;
    for (guint i = 0; level != FISC_DRILL_BALANCES && i < drill->parts->len; i++) {
        const FiscDrillPart *part = &g_array_index(drill->parts, FiscDrillPart, i);
        int32_t id = part->coding->coding_id;
        if (id > 0) {
            g_array_append_val(ids, id);
            *out_from = part->before != 0 ? 0 : *out_from;
        }
    }
    *out_coding_ids = ids;
    return ids->len > 0;
}

bool
fisc_drill_table_take(FiscDrillTable *drilled, FiscTable **out_table, GError **error)
{
    const FiscDrill *drill = drilled->drill;
    bool is_of_balances = drilled->level == FISC_DRILL_BALANCES;
    __int128 total = 0, hidden_counted = 0;
    guint hidden = 0;
    for (guint i = 0; i < drill->parts->len; i++) {
        const FiscDrillPart *part = &g_array_index(drill->parts, FiscDrillPart, i);
        __int128 rest = part->counted - drilled->counted[i];
        if (is_of_balances) {
            add_balance(drilled, part);
        } else if (rest != 0 && rest != part->made && !drill->is_seen_through_lens) {
            return fisc_fail(error, FISC_ERROR_FAILED,
                             "the lines of %s do not add up to its balance: fisc verify tells more",
                             drill->name);
        } else if (rest != 0) {
            add_made(drilled, part, rest);
        }
    }
    finish_groups(drilled, &total, &hidden, &hidden_counted);
    g_assert(total == drill->figure);
    add_notes(drilled, hidden, hidden_counted);
    *out_table = g_steal_pointer(&drilled->table);
    return true;
}
