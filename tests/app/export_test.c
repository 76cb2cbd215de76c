/* export_test.c: the books as a plain text journal: totals by account are those of the trial
 * balance, read by an independent reader and, where they are installed, by hledger and Ledger; and
 * no word of an entry becomes part of the journal's language. */
#include "fisc/money.h"
#include "integrations/journal_export.h"
#include "tests/app/books.h"
#include "tests/support/suite.h"
#include <glib/gstdio.h>
#include <string.h>

extern const FiscTest fisc_export_tests[];

/* What each of these would be in a journal: a comment, a date, an account, a price, a lot. */
#define HOSTILE "; note [2020-01-01] date:2020-01-01  * forged  b:c  =5 @ {2}"
#define DISARMED "_ note _2020-01-01_ date:2020-01-01 * forged b:c =5 @ _2_"

static bool
append(const char *text, gsize length, void *data, GError **error)
{
    (void)error;
    g_string_append_len(data, text, (gssize)length);
    return true;
}

static char *
export_text(Books *books, const FiscExportQuery *query)
{
    GString *text = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    if (!fisc_flow_export_journal(&books->ctx, query, append, text, &error)) {
        g_string_printf(text, "refused: %s", error->message);
    }
    return g_string_free(text, FALSE);
}

static char *
run(const char *command)
{
    char *said = NULL;
    char *argv[] = {(char *)"sh", (char *)"-c", (char *)command, NULL};
    CU_ASSERT_TRUE_FATAL(
        g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &said, NULL, NULL, NULL));
    return said;
}

/* A program's answer about a journal, whose file is "$FILE" in @command. */
static char *
ask(const char *journal, const char *command)
{
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("fisc-XXXXXX.journal", &path, NULL);
    CU_ASSERT_TRUE_FATAL(fd >= 0);
    g_close(fd, NULL);
    CU_ASSERT_TRUE_FATAL(g_file_set_contents(path, journal, -1, NULL));
    g_autofree char *line = g_strdup_printf("FILE=%s; %s", path, command);
    char *said = run(line);
    g_unlink(path);
    return said;
}

static char *
check_independently(const char *journal)
{
    g_autofree char *script = books_source_path("tests/app/journal_check.py");
    g_autofree char *command = g_strdup_printf("python3 %s \"$FILE\"", script);
    return ask(journal, command);
}

/* The balances of a trial balance in the words of journal_check.py. */
static int
compare_lines(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static char *
balances_of(Books *books, const char *unit, const char *period)
{
    g_autoptr(FiscTable) table = books_report(
        books, &(FiscReportQuery){.name = "trial-balance", .unit = unit, .period = period});
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
    int balance = fisc_table_column(table, "balance");
    int side = fisc_table_column(table, "side");
    for (guint i = 0; i < table->rows->len; i++) {
        const FiscRow *row = table->rows->pdata[i];
        char amount[FISC_SUM_TEXT];
        fisc_sum_format(row->cells[balance].number, table->decimals, amount);
        g_ptr_array_add(lines, g_strdup_printf("%s:%s:%s %s -\n", books_text(row, 0),
                                               books_text(row, side), books_text(row, 1), amount));
    }
    g_ptr_array_sort(lines, compare_lines);
    g_ptr_array_add(lines, NULL);
    return g_strjoinv("", (char **)lines->pdata);
}

static void
test_adds_up_to_the_trial_balance(void)
{
    static const struct {
        const char *unit, *period;
    } cases[] = {{NULL, "2024"}, {"CG", "2024"}, {"CG", "2024-Q3"}, {"LGN", "2024-06"}};
    g_autofree char *folder = fisc_test_data("arda-2024");
    g_autoptr(Books) books = books_loaded(folder);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *journal = export_text(
            books, &(FiscExportQuery){.unit = cases[i].unit, .period = cases[i].period});
        g_autofree char *said = check_independently(journal);
        g_autofree char *expected = balances_of(books, cases[i].unit, cases[i].period);
        const char *totals = strchr(said, '\n');
        CU_ASSERT_PTR_NOT_NULL_FATAL(totals);
        FISC_ASSERT_TEXT(totals + 1, expected);
    }
}

/* Each program has its own test of every amount: what it adds up is zero, and one account is ours.
 * Where a program is not there, the independent reader's answer above is the test. */
static void
test_is_read_by_the_programs_it_is_for(void)
{
    static const struct {
        const char *program, *command;
    } cases[] = {
        {"hledger", "hledger -f \"$FILE\" check && hledger -f \"$FILE\" bal -N --flat -O csv "
                    "BCG:budgetary:B24 | tail -1 | grep -o -- '-[0-9.]*'"},
        {"ledger", "ledger -f \"$FILE\" bal --format '%(amount)\\n' --flat "
                   "BCG:budgetary:B24 | head -1"},
    };
    g_autofree char *folder = fisc_test_data("arda-2024");
    g_autoptr(Books) books = books_loaded(folder);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *journal =
            export_text(books, &(FiscExportQuery){.period = "2024", .style = cases[i].program});
        g_autofree char *own = check_independently(journal);
        FISC_ASSERT_CONTAINS(own, "\nBCG:budgetary:B24 -2562.00 -\n");
        g_autofree char *path = g_find_program_in_path(cases[i].program);
        if (path != NULL) {
            g_autofree char *said = ask(journal, cases[i].command);
            FISC_ASSERT_CONTAINS(said, "-2562"); /* Ledger leaves zeros out */
        }
    }
}

static void
test_lets_no_words_of_an_entry_become_a_journal(void)
{
    g_autofree char *folder = fisc_test_data("arda-2024");
    g_autoptr(Books) books = books_loaded(folder);
    books_must_post(books, "journal_id,date,entity,gfs_code,debit,credit,memo\n"
                           "X1,2024-06-03,BCG,3208,7,," HOSTILE "\n"
                           "X1,2024-06-03,BCG,143,,7," HOSTILE "\n");
    g_autofree char *journal =
        export_text(books, &(FiscExportQuery){.unit = "BCG", .period = "2024"});
    g_autofree char *said = check_independently(journal);
    CU_ASSERT_FALSE(g_str_has_prefix(said, "wrong"));
    FISC_ASSERT_CONTAINS(journal, ") test BCG/X1 X1 " DISARMED "\n");
}

/* The books refuse line ends in a memo; the writer does not rely on it. */
static void
test_keeps_every_word_in_its_line(void)
{
    g_autoptr(GString) out = g_string_new(NULL);
    FiscJournalText text = {FISC_JOURNAL_LEDGER, out};
    fisc_journal_text_comment(&text, "a\n2024-01-01 * forged");
    fisc_journal_text_begin(&text, fisc_date_make(2024, 2, 29), 7, "b\r\n    c  1\t;d");
    fisc_journal_text_line(&text, &(FiscJournalTextLine){.entity = "(A B):C",
                                                         .side = "financial",
                                                         .account = "x;\ny",
                                                         .amount = -105,
                                                         .decimals = 2,
                                                         .currency = "EUR"});
    fisc_journal_text_line(&text, &(FiscJournalTextLine){.entity = "",
                                                         .side = "financial",
                                                         .account = "z",
                                                         .amount = 105,
                                                         .decimals = 0,
                                                         .currency = "1 @ 2"});
    FISC_ASSERT_TEXT(out->str, "; a 2024-01-01 * forged\n"
                               "2024-02-29 * (7) b c 1 _d\n"
                               "    _A_B__C:financial:x__y  -1.05 EUR\n"
                               "    _:financial:z  105\n");
}

static void
test_refuses_what_it_does_not_know(void)
{
    static const struct {
        FiscExportQuery query;
        const char *because;
    } cases[] = {
        {{.period = "2024", .style = "beancount"}, "--style is hledger or ledger"},
        {{.period = "then"}, "--period \"then\" is none of"},
        {{.period = "2024", .unit = "NOBODY"}, "there is no unit \"NOBODY\""},
    };
    g_autoptr(Books) books = books_new();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *said = export_text(books, &cases[i].query);
        FISC_ASSERT_CONTAINS(said, cases[i].because);
    }
}

const FiscTest fisc_export_tests[] = {
    {"adds up to the trial balance", test_adds_up_to_the_trial_balance},
    {"is read by the programs it is for", test_is_read_by_the_programs_it_is_for},
    {"lets no words of an entry become a journal", test_lets_no_words_of_an_entry_become_a_journal},
    {"keeps every word in its line", test_keeps_every_word_in_its_line},
    {"refuses what it does not know", test_refuses_what_it_does_not_know},
    {NULL, NULL},
};
