/* madrid_test.c: the published execution of Madrid's budget of 2018 against the figures worked out
 * independently from the same files (tests/data/madrid-2018-oracle). No database: the submissions
 * are added up naively, line by line, as the ledger will. */
#include "fisc/csv.h"
#include "fisc/gfs.h"
#include "fisc/money.h"
#include "tests/integrations/fixture.h"
#include "tests/support/suite.h"

#include <string.h>

extern const FiscTest fisc_madrid_tests[];
int fisc_madrid_set_up(void);
int fisc_madrid_tear_down(void);

static FiscPackage *package;
static GHashTable *members; /* of CITY */
/* Sums of everything, in cents, by words joined with '|'; see add_entry. */
static GHashTable *sums;

static int64_t
sum_of(const char *key)
{
    const int64_t *sum = g_hash_table_lookup(sums, key);
    return sum != NULL ? *sum : 0;
}

static void
add(int64_t amount, const char *first, ...)
{
    g_autoptr(GString) key = g_string_new(first);
    va_list words;
    va_start(words, first);
    for (const char *word; (word = va_arg(words, const char *)) != NULL;) {
        g_string_append_printf(key, "|%s", word);
    }
    va_end(words);
    int64_t *sum = g_hash_table_lookup(sums, key->str);
    if (sum == NULL) {
        sum = g_new0(int64_t, 1);
        g_hash_table_insert(sums, g_strdup(key->str), sum);
    }
    *sum += amount;
}

static const char *
dim(const FiscLine *line, FiscDimension dimension)
{
    return line->dim[dimension] != NULL ? line->dim[dimension] : "";
}

static const char *
gfs_of(const FiscLine *line)
{
    const char *gfs = dim(line, FISC_DIM_GFS);
    return *gfs != '\0' ? gfs : "not_gfs";
}

/* A class of units is inside when all its members are; here that is OOAA. */
static bool
is_inside(const char *counterparty)
{
    return g_hash_table_contains(members, counterparty) || strcmp(counterparty, "OOAA") == 0;
}

/* "001/016/92000/21300"; revenue has only the unit and the class. */
static char *
line_of(const FiscEntry *entry, const FiscLine *line)
{
    const char *economic = dim(line, FISC_DIM_ECONOMIC);
    return *dim(line, FISC_DIM_PROGRAMME) == '\0'
               ? g_strjoin("/", entry->entity, economic, NULL)
               : g_strjoin("/", entry->entity, dim(line, FISC_DIM_SECTION),
                           dim(line, FISC_DIM_PROGRAMME), economic, NULL);
}

/* The move "from>to" of an entry, by unit and class, by section, and by line. */
static void
add_move(const FiscEntry *entry, const FiscLine *from, const FiscLine *to)
{
    g_autofree char *move = g_strconcat(from->account, ">", to->account, NULL);
    g_assert(from->amount == -to->amount);
    add(from->amount, "move", move, entry->entity, gfs_of(from), NULL);
    add(from->amount, "moved", move, NULL);
    add(from->amount, "section", move, entry->entity, dim(from, FISC_DIM_SECTION), NULL);
    g_autofree char *line = line_of(entry, from);
    add(from->amount, "line", move, line, NULL);
    char area[2] = {*dim(from, FISC_DIM_PROGRAMME), '\0'};
    char chapter[2] = {*dim(from, FISC_DIM_ECONOMIC), '\0'};
    add(from->amount, "chapter", move, entry->entity, area, chapter, NULL);
}

static void
add_line(const FiscEntry *entry, const FiscLine *line, const char *source, const char *budget_gfs)
{
    bool is_cash = strcmp(line->account, "3202") == 0;
    const char *party = dim(line, is_cash ? FISC_DIM_CASH_COUNTERPARTY : FISC_DIM_COUNTERPARTY);
    const char *gfs = is_cash ? budget_gfs : line->account;
    char prefix[4];
    g_strlcpy(prefix, dim(line, FISC_DIM_ECONOMIC), sizeof(prefix));
    add(line->amount, source, line->account, entry->entity, NULL);
    add(line->amount, source, is_cash ? "cash" : "accrual", gfs, NULL);
    add(line->amount, source, "function", dim(line, FISC_DIM_FUNCTION), NULL);
    if (is_inside(party)) {
        add(line->amount, source, is_cash ? "cash inside" : "inside", gfs, NULL);
        add(line->amount, source, "transfer", entry->entity, prefix, NULL);
        add(line->amount, source, "transfers", *prefix != '\0' ? "named" : "other", NULL);
    }
}

static bool
is_budgetary(const FiscLine *line)
{
    return line->account[0] == 'B';
}

static void
add_entry(const FiscSubmission *submission, const FiscEntry *entry)
{
    const char *budget_gfs = "not_gfs";
    for (guint i = 0; i < entry->lines->len; i++) {
        const FiscLine *line = &g_array_index(entry->lines, FiscLine, i);
        if (is_budgetary(line)) {
            budget_gfs = gfs_of(line);
            add_move(entry, line, &g_array_index(entry->lines, FiscLine, i + 1));
            i++;
        }
    }
    for (guint i = 0; i < entry->lines->len; i++) {
        const FiscLine *line = &g_array_index(entry->lines, FiscLine, i);
        if (!is_budgetary(line)) {
            add_line(entry, line, submission->source, budget_gfs);
        }
        if (strcmp(line->account, "3202") == 0 && line->amount < 0) {
            add(-line->amount, "paid", entry->document, NULL);
        }
    }
}

int
fisc_madrid_set_up(void)
{
    g_autofree char *folder = g_build_filename(FISC_SOURCE_DIR, "examples", "madrid-2018", NULL);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(GError) error = NULL;
    if (!fisc_package_read(folder, NULL, "tester", &package, refusals, &error) || package == NULL) {
        return 1;
    }
    sums = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    members = g_hash_table_new(g_str_hash, g_str_equal);
    static const char *const units[] = {"001", "501", "503", "506", "508", "509", "902"};
    for (guint i = 0; i < G_N_ELEMENTS(units); i++) {
        g_hash_table_add(members, (char *)units[i]);
    }
    for (guint i = 0; i < package->steps->len; i++) {
        const FiscSubmission *submission =
            ((const FiscPackageStep *)package->steps->pdata[i])->submission;
        for (guint j = 0; j < submission->entries->len; j++) {
            add_entry(submission, submission->entries->pdata[j]);
        }
    }
    return 0;
}

int
fisc_madrid_tear_down(void)
{
    fisc_package_free(package);
    g_hash_table_unref(sums);
    g_hash_table_unref(members);
    return 0;
}

/* ---- the oracle's files ---- */

#define SPENDING "madrid-2018/ejecucion_gastos"
#define REVENUE "madrid-2018/ejecucion_ingresos"
#define PAYMENTS "madrid-2018/pagos"

static FiscCsv *
oracle(const char *file)
{
    g_autofree char *relative = g_build_filename("madrid-2018-oracle", file, NULL);
    g_autofree char *path = fisc_test_data(relative);
    static const FiscCsvOptions options = {.allow_unknown = true};
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscCsv *csv = NULL;
    CU_ASSERT_TRUE_FATAL(fisc_csv_read(path, &options, &csv, refusals, NULL));
    CU_ASSERT_PTR_NOT_NULL_FATAL(csv);
    return csv;
}

static const char *
text(const FiscCsv *csv, const FiscCsvRow *row, const char *column)
{
    int position = fisc_csv_column(csv, column);
    g_assert(position >= 0);
    return fisc_csv_field(csv, row, position);
}

static int64_t
cents(const FiscCsv *csv, const FiscCsvRow *row, const char *column)
{
    int64_t amount = 0;
    FISC_ASSERT_INT(fisc_amount_parse(text(csv, row, column), 2, '.', 0, &amount), 0);
    return amount;
}

static void
check(const FiscCsv *csv, const FiscCsvRow *row, const char *column, int64_t actual)
{
    g_autofree char *where = g_strdup_printf("%s:%d %s", csv->file, row->line, column);
    fisc_assert_int(actual, cents(csv, row, column), where, __FILE__, __LINE__);
}

/* Sum of the moves into a stage, for the words behind it. */
static int64_t
moved(const char *kind, const char *move, const char *one, const char *other)
{
    g_autofree char *key = g_strjoin("|", kind, move, one, other, NULL);
    return sum_of(key);
}

/* The columns of the oracle and the moves that make them; "final" adds the change. */
typedef struct {
    const char *column;
    const char *move;
    const char *plus;
} Stage;

static void
check_stages(const FiscCsv *csv, const char *kind, const char *first, const char *second,
             const Stage *stages, int count)
{
    int rows = 0;
    __int128 totals[8] = {0};
    for (guint i = 0; i < csv->rows->len; i++) {
        const FiscCsvRow *row = &g_array_index(csv->rows, FiscCsvRow, i);
        const char *one = text(csv, row, first);
        const char *other = text(csv, row, second);
        if (strcmp(one, "AGGREGATE") == 0) {
            for (int j = 0; j < count; j++) {
                check(csv, row, stages[j].column, (int64_t)totals[j]);
            }
            continue;
        }
        rows++;
        for (int j = 0; j < count; j++) {
            int64_t actual = moved(kind, stages[j].move, one, other);
            actual += stages[j].plus != NULL ? moved(kind, stages[j].plus, one, other) : 0;
            check(csv, row, stages[j].column, actual);
            totals[j] += actual;
        }
    }
    CU_ASSERT_TRUE(rows > 0);
    /* Nothing was moved for units and classes that the oracle does not list. */
    for (int j = 0; j < count && strcmp(kind, "move") == 0; j++) {
        int64_t all = moved("moved", stages[j].move, NULL, NULL);
        all += stages[j].plus != NULL ? moved("moved", stages[j].plus, NULL, NULL) : 0;
        FISC_ASSERT_INT((int64_t)totals[j], all);
    }
}

static void
test_expenditure_by_unit_and_class(void)
{
    static const Stage stages[] = {{"initial", "B11>B20", NULL},
                                   {"final", "B11>B20", "B12>B20"},
                                   {"committed", "B21>B22", NULL},
                                   {"obligation", "B22>B23", NULL}};
    g_autoptr(FiscCsv) csv = oracle("expenditure_by_unit_gfs_2018.csv");
    check_stages(csv, "move", "unit", "gfsm2014", stages, G_N_ELEMENTS(stages));
}

static void
test_expenditure_by_department(void)
{
    static const Stage stages[] = {{"initial", "B11>B20", NULL},
                                   {"final", "B11>B20", "B12>B20"},
                                   {"authorized", "B20>B21", NULL},
                                   {"committed", "B21>B22", NULL},
                                   {"obligation", "B22>B23", NULL}};
    g_autoptr(FiscCsv) csv = oracle("expenditure_by_department_2018.csv");
    check_stages(csv, "section", "unit", "section", stages, G_N_ELEMENTS(stages));
}

static void
test_revenue_by_unit_and_class(void)
{
    static const Stage stages[] = {{"initial", "B31>B30", NULL},
                                   {"final", "B31>B30", "B32>B30"},
                                   {"recognized_accrual", "B30>B33", NULL},
                                   {"collected_cash", "B33>B34", NULL}};
    g_autoptr(FiscCsv) csv = oracle("revenue_by_unit_gfs_2018.csv");
    check_stages(csv, "move", "unit", "gfsm2014", stages, G_N_ELEMENTS(stages));
}

static void
test_expenditure_by_function(void)
{
    g_autoptr(FiscCsv) csv = oracle("cofog_2018.csv");
    int64_t total = 0;
    for (guint i = 0; i < csv->rows->len; i++) {
        const FiscCsvRow *row = &g_array_index(csv->rows, FiscCsvRow, i);
        const char *division = text(csv, row, "cofog_division");
        g_autofree char *key = g_strjoin("|", SPENDING, "function", division, NULL);
        bool is_total = strcmp(division, "7") == 0;
        check(csv, row, "obligation", is_total ? total : sum_of(key));
        total += sum_of(key);
    }
    FISC_ASSERT_INT(csv->rows->len, 10);
}

/* Aggregate and what is eliminated, by basis: obligation, recognized, collected. */
static void
test_consolidation_by_class(void)
{
    static const struct {
        const char *basis, *source, *all, *inside;
        int sign;
    } bases[] = {{"obligation", SPENDING, "accrual", "inside", 1},
                 {"recognized", REVENUE, "accrual", "inside", -1},
                 {"collected", REVENUE, "cash", "cash inside", 1}};
    g_autoptr(FiscCsv) csv = oracle("gfs_consolidated_2018.csv");
    int64_t revenue = 0, expense = 0;
    int headlines = 0;
    for (guint i = 0; i < csv->rows->len; i++) {
        const FiscCsvRow *row = &g_array_index(csv->rows, FiscCsvRow, i);
        const char *code = text(csv, row, "gfsm2014");
        if (strcmp(text(csv, row, "basis"), "headline") == 0) {
            int64_t headline = g_str_has_prefix(code, "1 ")   ? revenue
                               : g_str_has_prefix(code, "2 ") ? expense
                                                              : revenue - expense;
            check(csv, row, "consolidated", headline);
            headlines++;
            continue;
        }
        for (guint j = 0; j < G_N_ELEMENTS(bases); j++) {
            if (strcmp(text(csv, row, "basis"), bases[j].basis) != 0) {
                continue;
            }
            g_autofree char *all = g_strjoin("|", bases[j].source, bases[j].all, code, NULL);
            g_autofree char *inside = g_strjoin("|", bases[j].source, bases[j].inside, code, NULL);
            int64_t aggregate = bases[j].sign * sum_of(all);
            int64_t eliminated = bases[j].sign * sum_of(inside);
            check(csv, row, "aggregate", aggregate);
            check(csv, row, "eliminated", eliminated);
            check(csv, row, "consolidated", aggregate - eliminated);
            revenue += j == 1 && code[0] == '1' ? aggregate - eliminated : 0;
            expense += j == 0 && code[0] == '2' ? aggregate - eliminated : 0;
        }
    }
    FISC_ASSERT_INT(headlines, 3);
}

static void
test_internal_transfers(void)
{
    g_autoptr(FiscCsv) csv = oracle("internal_transfers_2018.csv");
    int64_t paid = 0, received = 0;
    for (guint i = 0; i < csv->rows->len; i++) {
        const FiscCsvRow *row = &g_array_index(csv->rows, FiscCsvRow, i);
        const char *side = text(csv, row, "side");
        const char *unit = text(csv, row, "unit");
        bool is_paid = strcmp(side, "paid") == 0;
        if (strcmp(side, "difference") == 0) {
            check(csv, row, "amount", paid - received);
        } else if (strcmp(unit, "TOTAL") == 0) {
            check(csv, row, "amount", is_paid ? paid : received);
        } else {
            g_autofree char *key = g_strjoin("|", is_paid ? SPENDING : REVENUE, "transfer", unit,
                                             text(csv, row, "economic_prefix"), NULL);
            int64_t amount = is_paid ? sum_of(key) : -sum_of(key);
            check(csv, row, "amount", amount);
            paid += is_paid ? amount : 0;
            received += is_paid ? 0 : amount;
        }
    }
    FISC_ASSERT_INT(paid, 27400892124);
    FISC_ASSERT_INT(received, 27413392124);
    /* No line has a counterparty inside that the oracle does not list. */
    FISC_ASSERT_INT(sum_of(SPENDING "|transfers|named"), 27400892124);
    FISC_ASSERT_INT(sum_of(REVENUE "|transfers|named"), -27413392124);
}

static void
test_payments_against_obligations(void)
{
    g_autoptr(FiscCsv) csv = oracle("payments_vs_obligations_2018.csv");
    int counts[3] = {0};
    static const char *const statuses[] = {"equal", "paid_less", "paid_more"};
    for (guint i = 0; i < csv->rows->len; i++) {
        const FiscCsvRow *row = &g_array_index(csv->rows, FiscCsvRow, i);
        const char *organic = text(csv, row, "section");
        g_autofree char *line =
            g_strdup_printf("%.3s/%s/%s/%s", organic, organic + 3, text(csv, row, "programme"),
                            text(csv, row, "economic"));
        g_autofree char *paid_key = g_strjoin("|", "paid", line, NULL);
        g_autofree char *owed_key = g_strjoin("|", "line", "B22>B23", line, NULL);
        g_autofree char *relieved_key = g_strjoin("|", "line", "B23>B24", line, NULL);
        int64_t paid = sum_of(paid_key), owed = sum_of(owed_key);
        int status = paid == owed ? 0 : paid < owed ? 1 : 2;
        check(csv, row, "payments", paid);
        check(csv, row, "obligation", owed);
        FISC_ASSERT_TEXT(statuses[status], text(csv, row, "status"));
        FISC_ASSERT_INT(sum_of(relieved_key), MIN(paid, owed));
        counts[status]++;
    }
    FISC_ASSERT_INT(counts[0], 1995);
    FISC_ASSERT_INT(counts[1], 394);
    FISC_ASSERT_INT(counts[2], 47);
}

static void
test_closed_years(void)
{
    const FiscPackageStep *step = fixture_step(package, "pagos.csv: Payables of closed years");
    FISC_ASSERT_INT(step->submission->entries->len, 47);
    int64_t total = 0;
    for (guint i = 0; i < step->submission->entries->len; i++) {
        const FiscEntry *entry = step->submission->entries->pdata[i];
        const FiscLine *payable = &g_array_index(entry->lines, FiscLine, 1);
        FISC_ASSERT_INT(entry->period, 201800);
        FISC_ASSERT_TEXT(payable->account, "6308");
        total -= payable->amount;
    }
    FISC_ASSERT_INT(total, 2118749848);
    int64_t paid = 356239698010;
    FISC_ASSERT_INT(sum_of("moved|B23>B24"), paid - total);
}

static void
test_lines_over_their_credit_and_no_chapter(void)
{
    GHashTableIter iterator;
    void *key, *value;
    int lines_over = 0, chapters = 0, chapters_over = 0;
    int64_t over = 0;
    g_hash_table_iter_init(&iterator, sums);
    while (g_hash_table_iter_next(&iterator, &key, &value)) {
        bool is_line = g_str_has_prefix(key, "line|B20>B21|");
        bool is_chapter = g_str_has_prefix(key, "chapter|B20>B21|");
        if (!is_line && !is_chapter) {
            continue;
        }
        const char *kind = is_line ? "line" : "chapter";
        const char *rest = (char *)key + strlen(kind) + strlen("|B20>B21|");
        int64_t left = moved(kind, "B11>B20", rest, NULL) + moved(kind, "B12>B20", rest, NULL) -
                       *(int64_t *)value;
        lines_over += is_line && left < 0 ? 1 : 0;
        over += is_line && left < 0 ? -left : 0;
        chapters += is_chapter ? 1 : 0;
        chapters_over += is_chapter && left < 0 ? 1 : 0;
    }
    FISC_ASSERT_INT(lines_over, 1352);
    FISC_ASSERT_INT(over, 9316877761);
    FISC_ASSERT_INT(chapters_over, 0);
    FISC_ASSERT_INT(chapters, 60); /* of 65; the others were never drawn on */
}

static void
test_reports_the_differences_of_the_source(void)
{
    static const char *const remarks[] = {
        "ejecucion_gastos.csv:2453: initial credit and change differ from the final credit: by "
        "-0.01",
        "ejecucion_gastos.csv:2507: initial credit and change differ from the final credit: by "
        "0.03",
        "ejecucion_ingresos.csv: final revenue and final expenditure differ: by -0.45"};
    for (guint i = 0; i < G_N_ELEMENTS(remarks); i++) {
        FISC_ASSERT_TEXT(package->remarks->pdata[i], remarks[i]);
    }
    int with_expected = 0;
    for (guint i = 0; i < package->totals->len; i++) {
        const FiscControlTotal *total = package->totals->pdata[i];
        with_expected += total->has_expected && total->sum == total->expected ? 1 : 0;
    }
    FISC_ASSERT_INT(with_expected, 12);
}

static void
test_balances_every_unit(void)
{
    GHashTableIter iterator;
    void *unit;
    g_hash_table_iter_init(&iterator, members);
    while (g_hash_table_iter_next(&iterator, &unit, NULL)) {
        int64_t cash = 0;
        g_autofree char *received = g_strjoin("|", REVENUE, "3202", unit, NULL);
        g_autofree char *paid = g_strjoin("|", PAYMENTS, "3202", unit, NULL);
        g_autofree char *collected = g_strjoin("|", REVENUE, "3208", unit, NULL);
        cash = sum_of(received) + sum_of(paid);
        CU_ASSERT_TRUE(sum_of(received) > 0);
        CU_ASSERT_TRUE(cash != 0 && sum_of(collected) >= 0); /* nobody collects more than is owed */
    }
}

const FiscTest fisc_madrid_tests[] = {
    {"expenditure by unit and GFS class: initial, final, committed, obligation",
     test_expenditure_by_unit_and_class},
    {"expenditure by department in five stages", test_expenditure_by_department},
    {"revenue by unit and GFS class: initial, final, recognized, collected",
     test_revenue_by_unit_and_class},
    {"expenditure by function of government", test_expenditure_by_function},
    {"aggregate, eliminated and consolidated by GFS class, and the headlines",
     test_consolidation_by_class},
    {"internal transfers differ by 125,000.00 between payers and receivers",
     test_internal_transfers},
    {"payments against obligations: 1995 equal, 394 less, 47 more",
     test_payments_against_obligations},
    {"payables of closed years are 21,187,498.48, and the rest relieves obligations",
     test_closed_years},
    {"1,352 lines are authorized over their credit, and no chapter",
     test_lines_over_their_credit_and_no_chapter},
    {"tells the differences of the source and ties to every control total",
     test_reports_the_differences_of_the_source},
    {"leaves no unit with more collected than recognized", test_balances_every_unit},
    {NULL, NULL},
};
