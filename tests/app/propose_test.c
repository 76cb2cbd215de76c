/* propose_test.c: what codes may mean that no map knows: on published books, of whose tables a
 * fifth is held back, how often the best proposal is what the table says; and what each kind of
 * history tells. */
#include "tests/app/pulling.h"
#include "tests/integrations/fixture.h"
#include "tests/support/suite.h"
#include <glib/gstdio.h>
#include <string.h>

extern const FiscTest fisc_propose_walk_tests[];

#define EVERY 5 /* of so many rows one is held back */

/* ---- a map without a fifth of a table ---- */

/* Published books and their map. */
typedef struct {
    const char *folder;  /* of profiles */
    const char *profile; /* the one that is taken */
    const char *entities, *unit;
    const char *document, *published; /* as the feeder calls it; where it lies */
    const char *tables[4];            /* as the profile names them; the first is held back */
    const char *scopes[2];            /* rows that begin so are of the rule; "" = all */
    int prefix, result;               /* columns of the table, from 0 */
    const char *between;              /* commas from the one to the other */
    const char *place;                /* the profile's value */
    bool is_spelt_out;                /* each code by itself; else the table as it is */
    int unknown_floor, named_floor;
} Held;

static char *
table_source(const Held *held, const char *table)
{
    g_autofree char *path = g_build_filename(held->folder, table, NULL);
    return pulling_read(path);
}

static bool
is_of_rule(const Held *held, const char *line)
{
    return *line != '\0' && *line != '#' &&
           (g_str_has_prefix(line, held->scopes[0]) ||
            (held->scopes[1] != NULL && g_str_has_prefix(line, held->scopes[1])));
}

/* The table without the third row of each five that count; with @every 1 its first row alone. */
static char *
hold_back(const Held *held, const char *text, int every)
{
    GString *left = g_string_new(NULL);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    int counted = 0;
    for (int i = 0; lines[i] != NULL && *lines[i] != '\0'; i++) {
        if (i <= 1 || !is_of_rule(held, lines[i]) || counted++ % every != every / 2) {
            g_string_append_printf(left, "%s\n", lines[i]);
        }
    }
    return g_string_free(left, FALSE);
}

/* root/x/y/map, so that tables may lie in ../maps and ../../maps, as the profile says. */
static char *
make_map(const Held *held, const char *root, const char *first_table)
{
    g_autofree char *inner = g_build_filename(root, "y", NULL);
    char *dir = g_build_filename(inner, "map", NULL);
    CU_ASSERT_TRUE(g_mkdir_with_parents(dir, 0700) == 0);
    g_autofree char *profile = table_source(held, held->profile);
    fixture_write(dir, held->profile, profile);
    for (int i = 0; held->tables[i] != NULL; i++) {
        g_autofree char *text = table_source(held, held->tables[i]);
        g_autofree char *path = g_build_filename(dir, held->tables[i], NULL);
        g_autofree char *folder = g_path_get_dirname(path);
        g_autofree char *name = g_path_get_basename(path);
        CU_ASSERT_TRUE(g_mkdir_with_parents(folder, 0700) == 0);
        fixture_write(folder, name, i == 0 ? first_table : text);
    }
    return dir;
}

/* What the whole table says of a code: the longest prefix. Caller frees; "?" when it does not. */
static char *
truth(const Held *held, const char *code)
{
    g_autofree char *text = table_source(held, held->tables[0]);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    char *result = g_strdup("?");
    size_t longest = 0;
    for (int i = 1; lines[i] != NULL; i++) {
        g_auto(GStrv) fields = g_strsplit(lines[i], ",", -1);
        if (is_of_rule(held, lines[i]) && g_str_has_prefix(code, fields[held->prefix]) &&
            strlen(fields[held->prefix]) > longest) {
            longest = strlen(fields[held->prefix]);
            g_free(result);
            result = g_strdup(fields[held->result]);
        }
    }
    return result;
}

static void
remove_tree(const char *path)
{
    GDir *folder = g_dir_open(path, 0, NULL);
    const char *name;
    while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
        g_autofree char *below = g_build_filename(path, name, NULL);
        if (g_file_test(below, G_FILE_TEST_IS_DIR)) {
            remove_tree(below);
        } else {
            g_unlink(below);
        }
    }
    g_clear_pointer(&folder, g_dir_close);
    g_rmdir(path);
}

static FiscTable *
propose(Books *books, const char *table)
{
    g_autoptr(GError) error = NULL;
    FiscTable *proposals = NULL;
    if (!fisc_flow_feeder_propose(&books->ctx, "source", table, &proposals, &error)) {
        g_error("%s", error->message);
    }
    return proposals;
}

static const char *
cell(const FiscTable *table, const FiscRow *row, const char *column)
{
    const char *text = row->cells[fisc_table_column(table, column)].text;
    return text != NULL ? text : "";
}

static int64_t
number(const FiscTable *table, const FiscRow *row, const char *column)
{
    return (int64_t)row->cells[fisc_table_column(table, column)].number;
}

/* Counts codes, and those whose best proposal is what the whole table says. */
static void
expect_named(const Held *held, const FiscTable *table)
{
    int unknown = 0, named = 0, among = 0;
    for (guint i = 0; i < table->rows->len; i++) {
        const FiscRow *row = table->rows->pdata[i];
        int64_t rank = number(table, row, "rank");
        g_autofree char *meant = truth(held, cell(table, row, "code"));
        bool is_meant = strcmp(meant, cell(table, row, "proposed")) == 0;
        if (strcmp(cell(table, row, "map"), held->place) == 0) {
            unknown += rank <= 1;
            named += rank == 1 && is_meant;
            among += rank >= 1 && is_meant;
            CU_ASSERT_TRUE(number(table, row, "score") <= 1000000);
            CU_ASSERT_TRUE(rank == 0 || number(table, row, "score") >= 100000);
            CU_ASSERT_TRUE(rank == 0 || *cell(table, row, "reasons") != '\0');
        }
    }
    fprintf(stderr,
            "%s, a fifth of %s held back: of %d codes %d are named, %d among the first three\n",
            held->document, held->tables[0], unknown, named, among);
    CU_ASSERT_TRUE(unknown >= held->unknown_floor);
    CU_ASSERT_TRUE(named >= held->named_floor);
}

/* Books whose feeder has the document, and this text as the first table of its map. */
static Pulling
pull_with(const Held *held, const char *first_table)
{
    g_autofree char *root = g_dir_make_tmp("fisc-held-XXXXXX", NULL);
    g_autofree char *map = make_map(held, root, first_table);
    g_autofree char *entities = pulling_read(held->entities);
    g_auto(GStrv) names = g_strsplit(held->document, "=", 2);
    Pulling pulling = pulling_new(entities, held->unit, "folder", held->document, "together", map);
    pulling_drop_copy(&pulling, names[0], held->published);
    g_autoptr(FiscPullReport) report = pulling_pull(&pulling);
    CU_ASSERT_TRUE(report->runs->len == 1);
    remove_tree(root);
    return pulling;
}

/* A table that has each code of the document by itself, as the whole table maps it: what a feeder's
 * own map of its own chart is like. A map without any row tells the codes there are. */
static char *
spell_out(const Held *held)
{
    g_autofree char *text = table_source(held, held->tables[0]);
    g_autofree char *bare = hold_back(held, text, 1);
    g_auto(Pulling) pulling = pull_with(held, bare);
    g_autoptr(FiscTable) codes = propose(pulling.books, NULL);
    GString *table = g_string_new(bare);
    for (guint i = 0; i < codes->rows->len; i++) {
        const FiscRow *row = codes->rows->pdata[i];
        const char *code = cell(codes, row, "code");
        g_autofree char *result = truth(held, code);
        if (strcmp(cell(codes, row, "map"), held->place) == 0 && number(codes, row, "rank") <= 1 &&
            strcmp(result, "?") != 0) {
            g_string_append_printf(table, "%s%s%s%s,\n", held->scopes[0], code, held->between,
                                   result);
        }
    }
    return g_string_free(table, FALSE);
}

static void
expect_held(const Held *held)
{
    g_autofree char *whole =
        held->is_spelt_out ? spell_out(held) : table_source(held, held->tables[0]);
    g_autofree char *left = hold_back(held, whole, EVERY);
    g_auto(Pulling) pulling = pull_with(held, left);
    g_autoptr(FiscTable) table = propose(pulling.books, NULL);
    expect_named(held, table);
}

#define ES_ECONOMIC "es_economic_to_gfsm2014.csv"
#define ES_FUNCTIONAL "es_functional_to_cofog.csv"

static void
test_madrid_spending(void)
{
    const Held held = {"examples/madrid-2018",
                       "gastos.profile",
                       "examples/madrid-2018/entities.csv",
                       "001",
                       "ejecucion_gastos.csv",
                       "examples/madrid-2018/ejecucion_gastos.csv",
                       {"../maps/" ES_ECONOMIC, "../maps/" ES_FUNCTIONAL, "counterparties.csv"},
                       {"all,G,", "local,G,"},
                       2,
                       3,
                       ",",
                       "ejecucion_gastos.csv:gfs",
                       true,
                       50,
                       42};
    expect_held(&held);
}

static void
test_madrid_revenue(void)
{
    const Held held = {"examples/madrid-2018",
                       "ingresos.profile",
                       "examples/madrid-2018/entities.csv",
                       "001",
                       "ejecucion_ingresos.csv",
                       "examples/madrid-2018/ejecucion_ingresos.csv",
                       {"../maps/" ES_ECONOMIC, "counterparties.csv"},
                       {"all,I,", "local,I,"},
                       2,
                       3,
                       ",",
                       "ejecucion_ingresos.csv:gfs",
                       true,
                       40,
                       36};
    expect_held(&held);
}

static void
test_pinto(void)
{
    const Held held = {
        "examples/federation-2018/pinto",
        "gastos.profile",
        "examples/federation-2018/entities.csv",
        "PINTO",
        "ejecucion_gastos.csv",
        "examples/federation-2018/published/pinto/ejecucion_gastos.csv",
        {"../../maps/" ES_ECONOMIC, "../../maps/" ES_FUNCTIONAL, "../maps/counterparties.csv"},
        {"all,G,", "local,G,"},
        2,
        3,
        ",",
        "ejecucion_gastos.csv:gfs",
        true,
        46,
        44};
    expect_held(&held);
}

static void
test_msc(void)
{
    const Held held = {"examples/brazil-msc/map",
                       "msc.profile",
                       "examples/brazil-msc/entities.csv",
                       "MUN",
                       "msc-2026-01.csv=msc.csv",
                       "examples/brazil-msc/msc-2026-01.csv",
                       {"pcasp.csv", "units.csv", "words.csv"},
                       {"", NULL},
                       0,
                       2,
                       ",,",
                       "msc.csv:balance",
                       true,
                       2,
                       0};
    expect_held(&held);
}

static void
test_cape_town(void)
{
    const Held held = {"examples/cape-town/map",
                       "spending.profile",
                       "examples/cape-town/entities.csv",
                       "CPT",
                       "income_expenditure_facts_v2.csv",
                       "examples/cape-town/published/income_expenditure_facts_v2.csv",
                       {"items.csv", "functions.csv", "income_expenditure_items_v2.csv"},
                       {"", NULL},
                       0,
                       2,
                       ",,",
                       "income_expenditure_facts_v2.csv:debit",
                       false,
                       3,
                       1};
    expect_held(&held);
}

/* ---- history ---- */

static const char town[] = "entity,name,sector,cp_code,reporting,currency\n"
                           "TOWN,A town,S1313,11,Y,EUR\n";
static const char profile[] =
    "[file]\nname = ledger.csv\nsource = outside/ledger\ncurrency = EUR\nkey = {number}\n"
    "steps = Expense\n\n"
    "[columns]\nnumber = number\nday = day\ncode = code\namount = amount\n\n"
    "[amounts]\namount = plus\n\n"
    "[value class]\nmap = codes.csv\nof = {code}\nprefix = code\nresult = gfs\n"
    "missing = suspense\nsuspense = 2\nweigh = amount\n\n"
    "[entry expense]\nstep = Expense\nreference = {number}\nentity = TOWN\ndate = {day}\n"
    "amount = amount\ndebit = {class}\ncredit = 3308\n";
static const char ledger[] = "number,day,code,amount\n"
                             "1,2024-03-01,A1,10.00\n2,2024-03-01,B2,20.00\n"
                             "3,2024-03-01,C3,30.00\n4,2024-03-01,D4,40.00\n";

/* Puts a map with these codes in force; the first before there is a document. */
static void
put_codes(Books *books, const char *feeder, const char *codes)
{
    g_autofree char *table = g_strconcat("code,gfs,note\n", codes, NULL);
    char *map = fixture_folder("ledger.profile", profile, "codes.csv", table, NULL);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscMapAnswer) answer = NULL;
    g_autoptr(GError) error = NULL;
    if (!fisc_flow_feeder_map(&books->ctx, feeder, map, 0, NULL, &answer, refusals, &error)) {
        g_error("%s", error->message);
    }
    FISC_ASSERT_INT(refusals->len, 0);
    fixture_remove(map);
}

/* "A1 2821 950000 reasons" of the best proposal for each code; one a line. */
static char *
best_of(const FiscTable *table)
{
    GString *told = g_string_new(NULL);
    for (guint i = 0; i < table->rows->len; i++) {
        const FiscRow *row = table->rows->pdata[i];
        if (number(table, row, "rank") <= 1) {
            g_string_append_printf(told, "%s %s %" G_GINT64_FORMAT " %s\n",
                                   cell(table, row, "code"), cell(table, row, "proposed"),
                                   number(table, row, "score"), cell(table, row, "reasons"));
        }
    }
    return g_string_free(told, FALSE);
}

/* A1 was in the map before, B2 is in a neighbour's, C3 was taken out of suspense by hand. */
static void
test_history(void)
{
    char *first = fixture_folder("ledger.profile", profile, "codes.csv",
                                 "code,gfs,note\nA1,2821,\nX,22,\n", NULL);
    g_auto(Pulling) pulling = pulling_new(town, "TOWN", "folder", "ledger.csv", "together", first);
    fixture_remove(first);
    books_must_put_feeders(pulling.books,
                           "feeder,title,entities,connector,at,documents,read\n"
                           "neighbour,Another,TOWN,folder,/srv/none,ledger.csv,together\n");
    put_codes(pulling.books, "neighbour", "B,27,\n");
    put_codes(pulling.books, "source", "X,22,\n");
    pulling_drop(&pulling, "ledger.csv", ledger);
    pulling_expect(&pulling, "posted 4 0 0");
    books_must_post(pulling.books, "journal_id,date,entity,gfs_code,debit,credit,memo\n"
                                   "M1,2024-04-01,TOWN,24,30.00,,C3 is interest\n"
                                   "M1,2024-04-01,TOWN,2,,30.00,C3 is interest\n");
    g_autoptr(FiscTable) table = propose(pulling.books, "codes.csv");
    g_autofree char *told = best_of(table);
    FISC_ASSERT_TEXT(told, "D4  0 \n"
                           "C3 24 950000 entry TOWN/M1 took it there\n"
                           "B2 27 350000 the map of neighbour has B\n"
                           "A1 2821 950000 map 1 has A1\n");
    g_autoptr(FiscTable) none = propose(pulling.books, "others.csv");
    FISC_ASSERT_INT(none->rows->len, 0);
}

/* What is downloaded is put into the table as it is; then every code is known. */
static void
test_rows(void)
{
    char *first = fixture_folder("ledger.profile", profile, "codes.csv",
                                 "code,gfs,note\nA2,2821,kept\nB3,22,\nC2,22,\nD5,24,\n", NULL);
    g_auto(Pulling) pulling = pulling_new(town, "TOWN", "folder", "ledger.csv", "together", first);
    fixture_remove(first);
    pulling_drop(&pulling, "ledger.csv", ledger);
    pulling_expect(&pulling, "posted 4 0 0");
    g_autofree char *csv = NULL;
    g_autoptr(GError) error = NULL;
    CU_ASSERT_TRUE(fisc_flow_feeder_propose_rows(&pulling.books->ctx, "source", NULL, &csv, NULL));
    g_auto(GStrv) lines = g_strsplit(csv, "\n", -1);
    FISC_ASSERT_TEXT(lines[0], "code,gfs,note");
    FISC_ASSERT_TEXT(lines[1], "# D4 : gfs=24, 450000 of 1000000: begins like D5: D, as 1 of 1 "
                               "mapped codes");
    FISC_ASSERT_CONTAINS(csv, "\nA1,2821,\n");
    put_codes(pulling.books, "source", csv + strlen("code,gfs,note\n"));
    pulling_expect(&pulling, "posted 4 4 0");
    CU_ASSERT_FALSE(
        fisc_flow_feeder_propose_rows(&pulling.books->ctx, "source", NULL, &csv, &error));
    FISC_ASSERT_TEXT(error->message, "no code is missing in the tables of its map");
}

const FiscTest fisc_propose_walk_tests[] = {
    {"finds what was said of a code before", test_history},
    {"makes rows that the map takes as they are", test_rows},
    {"names what is held back of Madrid's map of spending", test_madrid_spending},
    {"names what is held back of Madrid's map of revenue", test_madrid_revenue},
    {"names what is held back of the map of a town", test_pinto},
    {"lists what is held back of Brazil's chart, where nothing is like it", test_msc},
    {"names what is held back of South Africa's items", test_cape_town},
    {NULL, NULL},
};
