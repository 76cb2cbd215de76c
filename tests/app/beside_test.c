/* beside_test.c: reports in several columns: parts of a year, units of a group, moments, and what
 * came between. */
#include "tests/app/books.h"
#include "tests/support/naive_books.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_beside_walk_tests[];
int fisc_beside_set_up(void);
int fisc_beside_tear_down(void);

static Books *nation;

int
fisc_beside_set_up(void)
{
    g_autofree char *folder = fisc_test_data("arda-2024");
    nation = books_loaded(folder);
    return 0;
}

int
fisc_beside_tear_down(void)
{
    g_clear_pointer(&nation, books_free);
    return 0;
}

static FiscTable *
ask(const char *beside, bool change)
{
    FiscReportQuery query = {.name = "gfs",
                             .unit = "GG",
                             .period = "2024",
                             .statement = "SOO,SSUC",
                             .beside = beside,
                             .change = change};
    return books_report(nation, &query);
}

/* The names of the amount columns, with blanks between. */
static char *
columns_of(const FiscTable *table)
{
    GString *names = g_string_new(NULL);
    for (guint i = 0; i < table->columns->len; i++) {
        const FiscColumn *column = &g_array_index(table->columns, FiscColumn, i);
        if (column->kind == FISC_COLUMN_AMOUNT) {
            g_string_append_printf(names, "%s%s", names->len > 0 ? "|" : "", column->name);
        }
    }
    return g_string_free(names, FALSE);
}

static int64_t
cell(const FiscTable *table, const char *code, const char *column)
{
    int number = fisc_table_column(table, column);
    CU_ASSERT_FATAL(number >= 0);
    for (guint i = 0; i < table->rows->len; i++) {
        const FiscRow *row = g_ptr_array_index(table->rows, i);
        if (!row->heading && strcmp(books_text(row, 2), code) == 0) {
            return (int64_t)row->cells[number].number;
        }
    }
    CU_FAIL("no such row");
    return 0;
}

static void
test_columns_are_what_the_words_say(void)
{
    static const struct {
        const char *beside;
        bool change;
        const char *columns;
    } cases[] = {
        {"quarters", false, "2024-Q1|2024-Q2|2024-Q3|2024-Q4|2024"},
        {"members", false, "BCG|RDF|LGN|LGS|consolidation|GG"},
        {"subsectors", false, "S13111|S13112|S1313|consolidation|GG"},
        {"years=2", false, "2024|2023|2022"},
        {"period=2024-06,period=2023", false, "2024|2024-06|2023"},
        {"unit=BCG", true, "GG|BCG|change from BCG"},
        {"as-of=2024-03-31,known-at=3,rules-at=3", false,
         "2024|as of 2024-03-31|known at 3|rules at 3"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(FiscTable) table = ask(cases[i].beside, cases[i].change);
        g_autofree char *columns = columns_of(table);
        FISC_ASSERT_TEXT(columns, cases[i].columns);
    }
}

/* Quarters add up; so do members, with what consolidation takes away; and a change is one. */
static void
test_parts_add_up_to_the_whole(void)
{
    g_autoptr(FiscTable) quarters = ask("quarters", false);
    g_autoptr(FiscTable) members = ask("members", false);
    g_autoptr(FiscTable) change = ask("unit=BCG", true);
    static const char *const codes[] = {"1", "13", "2", "26", "NLB", "33"};
    for (gsize i = 0; i < G_N_ELEMENTS(codes); i++) {
        int64_t sum = 0;
        for (int column = 0; column < 4; column++) {
            g_autofree char *name = g_strdup_printf("2024-Q%d", column + 1);
            sum += cell(quarters, codes[i], name);
        }
        FISC_ASSERT_INT(sum, cell(quarters, codes[i], "2024"));
        sum = cell(members, codes[i], "BCG") + cell(members, codes[i], "RDF") +
              cell(members, codes[i], "LGN") + cell(members, codes[i], "LGS");
        FISC_ASSERT_INT(sum + cell(members, codes[i], "consolidation"),
                        cell(members, codes[i], "GG"));
        FISC_ASSERT_INT(cell(change, codes[i], "GG") - cell(change, codes[i], "BCG"),
                        cell(change, codes[i], "change from BCG"));
    }
    FISC_ASSERT_INT(cell(members, "13", "consolidation"), -68500);
    FISC_ASSERT_INT(cell(members, "1", "GG"), 339800);
}

static void
test_words_that_say_nothing_are_refused(void)
{
    static const struct {
        const char *beside, *period, *unit, *message;
        bool change;
    } cases[] = {
        {"halves", "2024", "GG", "is none of quarters, months", false},
        {"years=0", "2024", "GG", "a number from 1", false},
        {"quarters", "2024-Q1", "GG", "divides a year", false},
        {"members", "2024", "BCG", "no group with members", false},
        {"members", "2024", NULL, "needs a group", false},
        {"quarters", "2024", "GG", "parts of a whole", true},
        {"years=1", "2024-01..2024-03", "GG", "one period", false},
        {"unit=NOBODY", "2024", "GG", "NOBODY", false},
        {"period=24", "2024", "GG", "is none of 2024", false},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        FiscReportQuery query = {.name = "gfs",
                                 .unit = cases[i].unit,
                                 .period = cases[i].period,
                                 .beside = cases[i].beside,
                                 .change = cases[i].change};
        FiscTable *table = NULL;
        g_autoptr(GError) error = NULL;
        CU_ASSERT_FALSE_FATAL(fisc_flow_report(&nation->ctx, &query, &table, &error));
        CU_ASSERT_PTR_NOT_NULL(strstr(error->message, cases[i].message));
    }
}

typedef struct {
    GString *text;
    int parts;
} Units;

static void
take_unit(FiscTable *part, gpointer data)
{
    Units *units = data;
    g_autoptr(GString) csv = g_string_new(NULL);
    fisc_table_render(part, FISC_FORMAT_CSV, csv);
    const char *rows = units->parts++ == 0 ? csv->str : strchr(csv->str, '\n') + 1;
    g_string_append(units->text, rows);
    fisc_table_free(part);
}

/* What comes unit by unit is what comes at once. */
static void
test_every_unit_one_after_the_other_is_the_same(void)
{
    FiscReportQuery query = {.name = "gfs", .period = "2024"};
    Units units = {.text = g_string_new(NULL)};
    GError *error = NULL;
    CU_ASSERT_TRUE_FATAL(fisc_flow_report_units(&nation->ctx, &query, take_unit, &units, &error));
    g_autofree char *at_once = books_report_csv(nation, &query);
    FISC_ASSERT_TEXT(units.text->str, at_once);
    FISC_ASSERT_INT(units.parts, 7); /* four units, three groups */
    g_string_free(units.text, TRUE);
}

const FiscTest fisc_beside_walk_tests[] = {
    {"columns are what the words say", test_columns_are_what_the_words_say},
    {"parts add up to the whole", test_parts_add_up_to_the_whole},
    {"words that say nothing are refused", test_words_that_say_nothing_are_refused},
    {"every unit, one after the other, is the same",
     test_every_unit_one_after_the_other_is_the_same},
    {NULL, NULL},
};
