/* profile_tree.c: files whose rows are sums of other rows: chapter, article, concept, item, all in
 * one list. It tells which rows to take so that each amount counts once, and whether the
 * publisher's sums are those of their parts. A difference is told, never mended: what is taken
 * stands.
 *
 * A row's place is its path, one word a level. Its parent is the nearest row above it that the file
 * has: a level without a row of its own is no fault. */
#include "fisc/money.h"
#include "integrations/profile_run.h"
#include <string.h>

#define TREE_REMARKS_MAX 20
#define PATH_SEPARATOR '\x1f' /* control characters stand in no code */

/* ---- the group [tree] ---- */

/* Places are made of columns only: values may look codes up that sums do not have. */
static int
find_column(const char *name, void *data)
{
    return fisc_profile_column(data, name);
}

static FiscTemplate *
compile(FiscProfileParser *parser, const char *key, const char *text)
{
    g_autofree char *wrong = NULL;
    FiscTemplate *template_ = fisc_template_compile(text, find_column, parser->profile, &wrong);
    if (template_ == NULL) {
        fisc_profile_refuse(parser, "tree", key, FISC_ERROR_VALUE_INVALID, "%s", wrong);
    }
    return template_;
}

static void
parse_levels(FiscProfileParser *parser)
{
    FiscProfileTree *tree = &parser->profile->tree;
    g_auto(GStrv) words = fisc_profile_list(parser, "tree", "levels");
    tree->levels = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_template_free);
    for (int i = 0; words != NULL && words[i] != NULL; i++) {
        FiscTemplate *level = compile(parser, "levels", words[i]);
        if (level != NULL) {
            g_ptr_array_add(tree->levels, level);
        }
    }
    if (words == NULL || tree->levels->len == 0) {
        fisc_profile_refuse(parser, "tree", "levels", FISC_ERROR_VALUE_MISSING,
                            "the key is needed");
    }
}

static void
parse_take(FiscProfileParser *parser)
{
    FiscProfileTree *tree = &parser->profile->tree;
    g_autofree char *take = fisc_profile_require(parser, "tree", "take");
    guint64 depth = 0;
    tree->depth = FISC_PROFILE_LEAVES;
    if (take == NULL || strcmp(take, "leaves") == 0) {
        return;
    }
    if (!g_ascii_string_to_unsigned(take, 10, 1, tree->levels->len, &depth, NULL)) {
        fisc_profile_refuse(parser, "tree", "take", FISC_ERROR_VALUE_INVALID,
                            "\"%s\" is neither leaves nor a level from 1 to %u", take,
                            tree->levels->len);
        return;
    }
    tree->depth = (int)depth;
}

static void
parse_amounts(FiscProfileParser *parser)
{
    FiscProfileTree *tree = &parser->profile->tree;
    g_auto(GStrv) names = fisc_profile_list(parser, "tree", "amounts");
    tree->amounts = g_array_new(FALSE, FALSE, sizeof(int));
    for (int i = 0; names != NULL && names[i] != NULL; i++) {
        int column = fisc_profile_column(parser->profile, names[i]);
        if (fisc_profile_amount(parser->profile, names[i]) < 0) {
            fisc_profile_refuse(parser, "tree", "amounts", FISC_ERROR_VALUE_INVALID,
                                "there is no amount \"%s\"", names[i]);
        }
        g_array_append_val(tree->amounts, column);
    }
    if (names == NULL) {
        fisc_profile_refuse(parser, "tree", "amounts", FISC_ERROR_VALUE_MISSING,
                            "the key is needed");
    }
}

void
fisc_profile_parse_tree(FiscProfileParser *parser)
{
    FiscProfileTree *tree = &parser->profile->tree;
    if (!g_key_file_has_group(parser->keys, "tree")) {
        return;
    }
    g_autofree char *within = fisc_profile_require(parser, "tree", "within");
    tree->within = within != NULL ? compile(parser, "within", within) : NULL;
    parse_levels(parser);
    parse_take(parser);
    parse_amounts(parser);
    g_autofree char *otherwise = fisc_profile_get(parser, "tree", "otherwise");
    tree->is_refused = g_strcmp0(otherwise, "refuse") == 0;
    if (otherwise != NULL && !tree->is_refused && strcmp(otherwise, "remark") != 0) {
        fisc_profile_refuse(parser, "tree", "otherwise", FISC_ERROR_VALUE_INVALID,
                            "\"%s\" is neither refuse nor remark", otherwise);
    }
}

void
fisc_profile_tree_clear(FiscProfileTree *tree)
{
    g_clear_pointer(&tree->within, fisc_template_free);
    g_clear_pointer(&tree->levels, g_ptr_array_unref);
    g_clear_pointer(&tree->amounts, g_array_unref);
}

/* ---- rows as nodes ---- */

typedef struct {
    guint row;
    int line;
    int depth;
    char *path;
    int parent; /* position among the nodes; -1 = none */
    bool has_parts;
    bool is_readable;    /* its amounts are; else taking it refuses them */
    __int128 *own, *sum; /* by amount of the tree: what it says, what its parts add up to */
} Node;

static void
node_clear(void *data)
{
    Node *node = data;
    g_free(node->path);
    g_free(node->own);
}

static char *
path_of(FiscProfileRun *run, int *out_depth)
{
    const FiscProfileTree *tree = &run->profile->tree;
    GString *path = g_string_new(fisc_profile_fill(run, tree->within));
    g_autofree char *above = g_strdup("");
    *out_depth = 0;
    for (guint i = 0; i < tree->levels->len; i++) {
        const char *word = fisc_profile_fill(run, tree->levels->pdata[i]);
        if (strcmp(word, above) != 0) {
            g_string_append_c(path, PATH_SEPARATOR);
            g_string_append(path, word);
            g_free(above);
            above = g_strdup(word);
            ++*out_depth;
        }
    }
    return g_string_free(path, FALSE);
}

static void
read_amounts(const FiscProfileRun *run, Node *node)
{
    const FiscProfile *profile = run->profile;
    guint count = profile->tree.amounts->len;
    node->own = g_new0(__int128, (gsize)2 * count);
    node->sum = node->own + count;
    node->is_readable = true;
    for (guint i = 0; i < count; i++) {
        int position = g_array_index(profile->tree.amounts, int, i);
        const FiscProfileColumn *column = profile->columns->pdata[position];
        const char *text = fisc_csv_field(run->csv, run->row, run->field_of[position]);
        int64_t amount = 0;
        node->is_readable &= fisc_amount_parse(text, profile->decimals, profile->decimal_mark,
                                               profile->group_mark, &amount) == 0;
        node->own[i] = column->is_minus ? -(__int128)amount : amount;
    }
}

static void
add_node(FiscProfileRun *run, GArray *nodes, GHashTable *by_path, guint row)
{
    Node node = {.row = row, .line = run->row->line, .parent = -1};
    node.path = path_of(run, &node.depth);
    int first = GPOINTER_TO_INT(g_hash_table_lookup(by_path, node.path));
    if (first != 0) {
        FiscPlace place = {.file = run->profile->file, .line = node.line};
        fisc_reader_refuse(run->reader, place, FISC_ERROR_DUPLICATE_ROW, NULL,
                           "it has the place in the tree that the row of line %d has",
                           g_array_index(nodes, Node, first - 1).line);
        g_free(node.path);
        return;
    }
    read_amounts(run, &node);
    g_array_append_val(nodes, node);
    g_hash_table_insert(by_path, node.path, GINT_TO_POINTER((int)nodes->len));
}

/* The nearest row above. */
static int
find_parent(GHashTable *by_path, const char *path)
{
    g_autofree char *above = g_strdup(path);
    char *end;
    while ((end = strrchr(above, PATH_SEPARATOR)) != NULL) {
        *end = '\0';
        int position = GPOINTER_TO_INT(g_hash_table_lookup(by_path, above));
        if (position != 0) {
            return position - 1;
        }
    }
    return -1;
}

static void
add_to_parents(const FiscProfileRun *run, GArray *nodes, GHashTable *by_path)
{
    for (guint i = 0; i < nodes->len; i++) {
        Node *node = &g_array_index(nodes, Node, i);
        node->parent = find_parent(by_path, node->path);
        if (node->parent < 0) {
            continue;
        }
        Node *parent = &g_array_index(nodes, Node, node->parent);
        parent->has_parts = true;
        for (guint k = 0; k < run->profile->tree.amounts->len; k++) {
            parent->sum[k] += node->own[k];
        }
    }
}

/* ---- what is taken, what is told ---- */

/* On every way from the top to the bottom exactly one row is taken: the first that is deep enough,
 * or else the last. */
static bool
is_taken(const GArray *nodes, const Node *node, int depth)
{
    if (node->depth < depth) {
        return !node->has_parts;
    }
    return node->parent < 0 || g_array_index(nodes, Node, node->parent).depth < depth;
}

static void
tell_difference(FiscProfileRun *run, const Node *node, guint amount, int count)
{
    char says[FISC_SUM_TEXT], parts[FISC_SUM_TEXT];
    const FiscProfile *profile = run->profile;
    int position = g_array_index(profile->tree.amounts, int, amount);
    const FiscProfileColumn *column = profile->columns->pdata[position];
    fisc_sum_format(node->own[amount], profile->decimals, says);
    fisc_sum_format(node->sum[amount], profile->decimals, parts);
    if (profile->tree.is_refused) {
        FiscPlace place = {.file = profile->file, .line = node->line, .field = column->published};
        fisc_reader_refuse(run->reader, place, FISC_ERROR_CONTROL_TOTAL, NULL,
                           "it says %s, its parts add up to %s", says, parts);
    } else if (count <= TREE_REMARKS_MAX) {
        fisc_reader_remark(run->reader, "%s:%d: %s says %s, its parts add up to %s", profile->file,
                           node->line, column->published, says, parts);
    }
}

static void
check_sums(FiscProfileRun *run, const GArray *nodes)
{
    int sums = 0, differences = 0;
    for (guint i = 0; i < nodes->len; i++) {
        const Node *node = &g_array_index(nodes, Node, i);
        sums += node->has_parts ? 1 : 0;
        for (guint k = 0; node->has_parts && k < run->profile->tree.amounts->len; k++) {
            if (node->own[k] != node->sum[k]) {
                tell_difference(run, node, k, ++differences);
            }
        }
    }
    fisc_reader_remark(run->reader, "%s: %d rows are sums of others; %d differ from their parts%s",
                       run->profile->file, sums, differences,
                       differences > TREE_REMARKS_MAX ? ", the first of them are listed" : "");
}

void
fisc_profile_grow_tree(FiscProfileRun *run)
{
    g_autoptr(GArray) nodes = g_array_new(FALSE, FALSE, sizeof(Node));
    g_autoptr(GHashTable) by_path = g_hash_table_new(g_str_hash, g_str_equal);
    g_array_set_clear_func(nodes, node_clear);
    run->is_taken = g_new0(guint8, (gsize)run->csv->rows->len + 1);
    for (guint i = 0; i < run->csv->rows->len; i++) {
        fisc_profile_go_to(run, i);
        run->is_taken[i] = fisc_profile_is_skipped(run); /* where it is counted */
        if (!run->is_taken[i]) {
            add_node(run, nodes, by_path, i);
        }
    }
    add_to_parents(run, nodes, by_path);
    for (guint i = 0; i < nodes->len; i++) {
        const Node *node = &g_array_index(nodes, Node, i);
        run->is_taken[node->row] =
            !node->is_readable || is_taken(nodes, node, run->profile->tree.depth);
    }
    check_sums(run, nodes);
}
