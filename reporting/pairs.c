/* pairs.c: pairing the records of two sides, classes of units included.
 *
 * A cell is one (from, to, what). A record against a class covers the cells of all its members, and
 * the records that share a cell cannot be told apart: their cells are joined (union-find) and their
 * sums compared together. Without classes every cell stays alone. */
#include "reporting/pairs.h"
#include <string.h>

typedef struct {
    const char *unit[2];   /* by FiscSide */
    const char *class_[2]; /* the class named on that side, or NULL */
    const char *what;
    guint parent; /* index of another cell of the same set; its own at the root */
    __int128 amount[2];
} Cell;

struct _FiscPairs {
    const FiscPerimeter *perimeter;
    GArray *cells;     /* of Cell */
    GHashTable *index; /* "from\x1fto\x1fwhat" -> index + 1 */
    GStringChunk *words;
};

FiscPairs *
fisc_pairs_new(const FiscPerimeter *perimeter)
{
    FiscPairs *pairs = g_new0(FiscPairs, 1);
    pairs->perimeter = perimeter;
    pairs->cells = g_array_new(FALSE, TRUE, sizeof(Cell));
    pairs->index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    pairs->words = g_string_chunk_new(1024);
    return pairs;
}

void
fisc_pairs_free(FiscPairs *pairs)
{
    if (pairs == NULL) {
        return;
    }
    g_array_unref(pairs->cells);
    g_hash_table_unref(pairs->index);
    g_string_chunk_free(pairs->words);
    g_free(pairs);
}

static Cell *
cell_at(const FiscPairs *pairs, guint index)
{
    return &g_array_index(pairs->cells, Cell, index);
}

static guint
root_of(const FiscPairs *pairs, guint index)
{
    while (cell_at(pairs, index)->parent != index) {
        Cell *cell = cell_at(pairs, index);
        cell->parent = cell_at(pairs, cell->parent)->parent;
        index = cell->parent;
    }
    return index;
}

static guint
find_cell(FiscPairs *pairs, FiscSide side, const char *entity, const char *other, const char *what)
{
    const char *from = side == FISC_SIDE_FROM ? entity : other;
    const char *to = side == FISC_SIDE_FROM ? other : entity;
    char *key = g_strjoin("\x1f", from, to, what, NULL);
    guint found = GPOINTER_TO_UINT(g_hash_table_lookup(pairs->index, key));
    if (found != 0) {
        g_free(key);
        return found - 1;
    }
    Cell cell = {.unit = {g_string_chunk_insert_const(pairs->words, from),
                          g_string_chunk_insert_const(pairs->words, to)},
                 .what = g_string_chunk_insert_const(pairs->words, what),
                 .parent = pairs->cells->len};
    g_array_append_val(pairs->cells, cell);
    g_hash_table_insert(pairs->index, key, GUINT_TO_POINTER(pairs->cells->len));
    return pairs->cells->len - 1;
}

/* Joins the cells of every member of @group; returns one of them, -1 when there is no other unit.
 */
static gint64
join_class(FiscPairs *pairs, FiscSide side, const char *entity, const FiscGroup *group,
           const char *what)
{
    gint64 first = -1;
    for (guint i = 0; i < group->members->len; i++) {
        const char *member = g_ptr_array_index(group->members, i);
        if (g_str_equal(member, entity)) {
            continue;
        }
        guint index = find_cell(pairs, side, entity, member, what);
        if (first < 0) {
            first = index;
        }
        guint root = root_of(pairs, index);
        cell_at(pairs, root)->parent = root_of(pairs, (guint)first);
    }
    return first;
}

/* The group that @counterparty names as a class; NULL when it names an entity. */
static const FiscGroup *
class_of(const FiscPairs *pairs, const char *counterparty)
{
    const FiscNation *nation = pairs->perimeter->nation;
    return fisc_nation_entity(nation, counterparty) == NULL
               ? fisc_nation_group(nation, counterparty)
               : NULL;
}

/* One of the cells that a record covers; -1 when there is none. */
static gint64
cover_cells(FiscPairs *pairs, FiscSide side, const char *entity, const char *counterparty,
            const char *what)
{
    const FiscGroup *group = class_of(pairs, counterparty);
    if (g_str_equal(entity, counterparty)) {
        return -1;
    }
    return group != NULL ? join_class(pairs, side, entity, group, what)
                         : find_cell(pairs, side, entity, counterparty, what);
}

bool
fisc_pairs_add(FiscPairs *pairs, FiscSide side, const char *entity, const char *counterparty,
               const char *what, __int128 amount)
{
    gint64 index = cover_cells(pairs, side, entity, counterparty, what);
    if (index < 0) {
        return false;
    }
    const FiscGroup *group = class_of(pairs, counterparty);
    Cell *cell = cell_at(pairs, (guint)index);
    cell->amount[side] += amount;
    if (group != NULL) {
        cell->class_[1 - side] = group->code;
    }
    return true;
}

static gint64
known_set(FiscPairs *pairs, FiscSide side, const char *entity, const char *other, const char *what)
{
    const char *from = side == FISC_SIDE_FROM ? entity : other;
    const char *to = side == FISC_SIDE_FROM ? other : entity;
    g_autofree char *key = g_strjoin("\x1f", from, to, what, NULL);
    guint found = GPOINTER_TO_UINT(g_hash_table_lookup(pairs->index, key));
    return found != 0 ? (gint64)root_of(pairs, found - 1) : -1;
}

gint64
fisc_pairs_set(FiscPairs *pairs, FiscSide side, const char *entity, const char *counterparty,
               const char *what)
{
    const FiscGroup *group = class_of(pairs, counterparty);
    if (group == NULL) {
        return known_set(pairs, side, entity, counterparty, what);
    }
    gint64 set = -1;
    for (guint i = 0; set < 0 && i < group->members->len; i++) {
        set = known_set(pairs, side, entity, group->members->pdata[i], what);
    }
    return set;
}

/* What a joined set is called on one side: its only unit, else the classes that joined it. */
typedef struct {
    GHashTable *units;
    GHashTable *classes;
} Label;

static void
label_add(Label *label, const Cell *cell, FiscSide side)
{
    g_hash_table_add(label->units, (void *)cell->unit[side]);
    if (cell->class_[side] != NULL) {
        g_hash_table_add(label->classes, (void *)cell->class_[side]);
    }
}

static int
compare_words(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static char *
label_text(Label *label)
{
    GHashTable *names = g_hash_table_size(label->units) == 1 ? label->units : label->classes;
    guint count = 0;
    g_autofree const char **words = (const char **)g_hash_table_get_keys_as_array(names, &count);
    qsort(words, count, sizeof *words, compare_words);
    return g_strjoinv("+", (char **)words);
}

typedef struct {
    Label label[2];
    __int128 amount[2];
    const char *what;
    guint root;
} Joined;

static void
joined_free(void *pointer)
{
    Joined *joined = pointer;
    for (int side = 0; side < 2; side++) {
        g_hash_table_unref(joined->label[side].units);
        g_hash_table_unref(joined->label[side].classes);
    }
    g_free(joined);
}

static Joined *
joined_find(GHashTable *by_root, guint root)
{
    Joined *joined = g_hash_table_lookup(by_root, GUINT_TO_POINTER(root));
    if (joined == NULL) {
        joined = g_new0(Joined, 1);
        joined->root = root;
        for (int side = 0; side < 2; side++) {
            joined->label[side].units = g_hash_table_new(g_str_hash, g_str_equal);
            joined->label[side].classes = g_hash_table_new(g_str_hash, g_str_equal);
        }
        g_hash_table_insert(by_root, GUINT_TO_POINTER(root), joined);
    }
    return joined;
}

static GHashTable *
join_cells(const FiscPairs *pairs)
{
    GHashTable *by_root = g_hash_table_new_full(NULL, NULL, NULL, joined_free);
    for (guint i = 0; i < pairs->cells->len; i++) {
        const Cell *cell = cell_at(pairs, i);
        Joined *joined = joined_find(by_root, root_of(pairs, i));
        joined->what = cell->what;
        for (int side = 0; side < 2; side++) {
            joined->amount[side] += cell->amount[side];
            label_add(&joined->label[side], cell, side);
        }
    }
    return by_root;
}

static void
pair_free(void *pointer)
{
    FiscPair *pair = pointer;
    g_free(pair->from);
    g_free(pair->to);
    g_free(pair->what);
    g_free(pair);
}

static int
compare_pairs(const void *a, const void *b)
{
    const FiscPair *left = *(FiscPair *const *)a;
    const FiscPair *right = *(FiscPair *const *)b;
    int order = strcmp(left->from, right->from);
    order = order != 0 ? order : strcmp(left->to, right->to);
    return order != 0 ? order : strcmp(left->what, right->what);
}

GPtrArray *
fisc_pairs_list(const FiscPairs *pairs)
{
    GPtrArray *list = g_ptr_array_new_with_free_func(pair_free);
    g_autoptr(GHashTable) by_root = join_cells(pairs);
    GHashTableIter iterator;
    void *value = NULL;
    g_hash_table_iter_init(&iterator, by_root);
    while (g_hash_table_iter_next(&iterator, NULL, &value)) {
        Joined *joined = value;
        if (joined->amount[FISC_SIDE_FROM] == joined->amount[FISC_SIDE_TO]) {
            continue;
        }
        FiscPair *pair = g_new0(FiscPair, 1);
        pair->from = label_text(&joined->label[FISC_SIDE_FROM]);
        pair->to = label_text(&joined->label[FISC_SIDE_TO]);
        pair->what = g_strdup(joined->what);
        pair->set = joined->root;
        memcpy(pair->amount, joined->amount, sizeof pair->amount);
        g_ptr_array_add(list, pair);
    }
    g_ptr_array_sort(list, compare_pairs);
    return list;
}

/* Owners --------------------------------------------------------------------------------------- */

/* The lower the number, the higher the level. */
static int
level_of_sector(const char *sectors)
{
    static const char *const levels[] = {"S1311", "S1314", "S1312", "S1313", "S13"};
    for (int level = 0; level < (int)G_N_ELEMENTS(levels); level++) {
        g_auto(GStrv) words = g_strsplit(sectors, "+", -1);
        for (char **word = words; *word != NULL; word++) {
            if (g_str_has_prefix(*word, levels[level])) {
                return level;
            }
        }
    }
    return G_N_ELEMENTS(levels);
}

/* Of an entity, or of the highest member of the class that is named. */
static int
level_of(const FiscNation *nation, const char *unit)
{
    const FiscEntity *entity = fisc_nation_entity(nation, unit);
    const FiscGroup *group = entity == NULL ? fisc_nation_group(nation, unit) : NULL;
    int level = entity != NULL ? level_of_sector(entity->sector) : level_of_sector("");
    for (guint i = 0; group != NULL && i < group->members->len; i++) {
        entity = fisc_nation_entity(nation, group->members->pdata[i]);
        level = entity != NULL ? MIN(level, level_of_sector(entity->sector)) : level;
    }
    return level;
}

const char *
fisc_pair_owner(const FiscNation *nation, const FiscPair *pair)
{
    return level_of(nation, pair->from) < level_of(nation, pair->to) ? pair->to : pair->from;
}
