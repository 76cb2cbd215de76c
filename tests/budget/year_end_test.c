/* year_end_test.c: year-ends over the pure engine: what is proposed is decided, and asked about
 * again. Rule R17 with its numbers, the edges of the rules, and random books against a plain model.
 */
#include "fisc/year_end.h"
#include "tests/support/suite.h"
#include "tests/support/worksheet.h"
#include <stdlib.h>
#include <string.h>

extern const FiscTest fisc_year_end_tests[];

typedef struct {
    FiscWorksheet *sheet;
    GPtrArray *kept; /* of FiscSubmission: they outlive the batch they are in */
} Book;

static void
book_open(Book *book, const char *text)
{
    book->sheet = fisc_worksheet_new();
    book->kept = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_submission_free);
    fisc_worksheet_run(book->sheet, "entity E Ministry\n"
                                    "control vote absolute refuse 'entity programme'\n");
    for (int period = 202500; period <= 202613; period++) {
        g_autofree char *line = g_strdup_printf("period %d open\n", period);
        if (period % 100 <= 13) {
            fisc_worksheet_run(book->sheet, line);
        }
    }
    fisc_worksheet_run(book->sheet, text);
}

static void
book_close(Book *book)
{
    fisc_worksheet_free(book->sheet);
    g_ptr_array_unref(book->kept);
}

static FiscYearPosition *
position_of(const Book *book, int year)
{
    FiscYearPosition *position = fisc_year_position_new("E", year, 2);
    fisc_engine_year(fisc_worksheet_engine(book->sheet), position);
    return position;
}

/* "programme=1 budget 1000 carry 0 paid 700 accrued 50 committed 150 reserved 0 blocked 0\n", in
 * hundreds of minor units. */
static void
expect_position(const Book *book, int year, const char *expected)
{
    g_autoptr(FiscYearPosition) position = position_of(book, year);
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < position->lines->len; i++) {
        const FiscYearLine *line = position->lines->pdata[i];
        g_string_append_printf(
            text,
            "%s budget %" G_GINT64_FORMAT " carry %" G_GINT64_FORMAT " paid %" G_GINT64_FORMAT
            " accrued %" G_GINT64_FORMAT " committed %" G_GINT64_FORMAT
            " reserved %" G_GINT64_FORMAT " blocked %" G_GINT64_FORMAT "\n",
            line->name, line->appropriation / 100, line->carry / 100, line->paid / 100,
            line->accrued / 100, line->committed / 100, line->reserved / 100, line->blocked / 100);
    }
    FISC_ASSERT_TEXT(text->str, expected);
}

static void
describe_item(GString *text, const FiscYearEndItem *item)
{
    g_string_append_printf(text, " %s %s %" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, item->item->name,
                           item->rule != NULL ? fisc_carry_kind_word(item->rule->kind) : "-",
                           item->carried / 100, item->lapsed / 100);
}

/* "programme=1 1000 = 700 + 50 + 140 + 110; PO-1 specified 60/0 PO-2 - 0/10; free 0/100\n" */
static char *
describe(const FiscYearEnd *end)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < end->lines->len; i++) {
        const FiscYearEndLine *line = end->lines->pdata[i];
        g_string_append_printf(text,
                               "%s %" G_GINT64_FORMAT " = %" G_GINT64_FORMAT " + %" G_GINT64_FORMAT
                               " + %" G_GINT64_FORMAT " + %" G_GINT64_FORMAT ";",
                               line->line->name, line->budget / 100, line->line->paid / 100,
                               line->line->accrued / 100, line->carried / 100, line->lapsed / 100);
        for (guint k = 0; k < line->items->len; k++) {
            describe_item(text, &g_array_index(line->items, FiscYearEndItem, k));
        }
        g_string_append_printf(text, "; free %" G_GINT64_FORMAT "/%" G_GINT64_FORMAT "\n",
                               line->free_carried / 100, (line->free - line->free_carried) / 100);
    }
    return g_string_free(text, FALSE);
}

static void
expect_proposal(const Book *book, int year, const char *expected)
{
    g_autoptr(FiscYearPosition) position = position_of(book, year);
    g_autoptr(FiscYearEnd) end = fisc_year_end_propose(position);
    g_autofree char *text = describe(end);
    FISC_ASSERT_TEXT(text, expected);
}

/* Proposes a year-end and lets the engine decide it; returns how many lines had to move. */
static int
end_year(Book *book, int year)
{
    int moved = 0;
    g_autoptr(FiscYearPosition) position = position_of(book, year);
    g_autoptr(FiscYearEnd) end = fisc_year_end_propose(position);
    FiscSubmission *content = fisc_submission_new(FISC_SOURCE_YEAR_END, "maker");
    g_ptr_array_add(book->kept, content);
    for (guint i = 0; i < end->lines->len; i++) {
        moved += fisc_year_end_moves(end->lines->pdata[i]) ? 1 : 0;
        fisc_year_end_write(end, end->lines->pdata[i], 13, content);
    }
    g_autoptr(FiscReceipt) receipt = fisc_receipt_new();
    fisc_engine_apply(fisc_worksheet_engine(book->sheet), content, 0, content->entries->len, true,
                      receipt);
    FISC_ASSERT_INT(receipt->refused, 0);
    FISC_ASSERT_INT(receipt->posted, content->entries->len);
    CU_ASSERT_PTR_NULL(receipt->refusals);
    return moved;
}

/* R17 --------------------------------------------------------------------------------------- */

#define RULES                                                                                      \
    "event carry_rule named order=1 kind=specified items=listed again=yes article='Art. 48 (1)'\n" \
    "event carry_rule accident order=2 kind=accident items=listed article='Art. 48 (2)'\n"
#define FIRST_YEAR                                                                                 \
    RULES "enact A1 E 1000 programme=1\n"                                                          \
          "move P1 E available>payment 700 programme=1\n"                                          \
          "move I1 E available>obligation 50 programme=1 item=INV-1\n"                             \
          "move O1 E available>commitment 60 programme=1 item=PO-1\n"                              \
          "move O2 E available>commitment 80 programme=1 item=PO-2\n"                              \
          "move O3 E available>commitment 10 programme=1 item=PO-3\n"                              \
          "event carry_item E/PO-1 kind=specified\n"                                               \
          "event carry_item E/PO-2 kind=accident\n"

static void
test_first_year(void)
{
    Book book;
    book_open(&book, FIRST_YEAR);
    expect_proposal(&book, 2024,
                    "programme=1 1000 = 700 + 50 + 140 + 110; PO-1 specified 60/0 "
                    "PO-2 accident 80/0 PO-3 - 0/10; free 0/110\n");
    FISC_ASSERT_INT(end_year(&book, 2024), 1);
    expect_position(&book, 2024,
                    "programme=1 budget 1000 carry -140 paid 700 accrued 50 committed 0 reserved 0 "
                    "blocked 0\n");
    expect_position(&book, 2025,
                    "programme=1 budget 0 carry 140 paid 0 accrued 0 committed 140 reserved 0 "
                    "blocked 0\n");
    /* what the year has left is what lapsed; and there is nothing left to carry */
    fisc_worksheet_run(book.sheet, "funds vote 110 programme=1\n");
    FISC_ASSERT_INT(end_year(&book, 2024), 0);
    expect_proposal(&book, 2024, "programme=1 860 = 700 + 50 + 0 + 110;; free 0/110\n");
    book_close(&book);
}

static void
test_second_year(void)
{
    Book book;
    book_open(&book, FIRST_YEAR);
    end_year(&book, 2024);
    fisc_worksheet_run(book.sheet,
                       "move I2@2025-03-01 E available>obligation 50 programme=1 relieves=PO-2\n"
                       "expect posted\n"
                       "move I3@2025-03-02 E available>obligation 40 programme=1 relieves=PO-1\n"
                       "expect posted\n"
                       /* what came in is for PO-1 and PO-2 */
                       "move O9@2025-03-03 E available>commitment 1 programme=1 item=PO-9\n"
                       "expect refused BUDGET_EXCEEDED short 1\n");
    /* the accident is not carried again, what was named is */
    expect_proposal(&book, 2025,
                    "programme=1 140 = 0 + 90 + 20 + 30; PO-1 specified 20/0 PO-2 - 0/30; "
                    "free 0/0\n");
    FISC_ASSERT_INT(end_year(&book, 2025), 1);
    expect_position(&book, 2025,
                    "programme=1 budget 0 carry 120 paid 0 accrued 90 committed 0 reserved 0 "
                    "blocked 30\n");
    expect_position(&book, 2026,
                    "programme=1 budget 0 carry 20 paid 0 accrued 0 committed 20 reserved 0 "
                    "blocked 0\n");
    FISC_ASSERT_INT(end_year(&book, 2025), 0);
    FISC_ASSERT_INT(end_year(&book, 2024), 0);
    book_close(&book);
}

static void
test_remainder(void)
{
    /* A final invoice of 50 on the 60 of PO-1: 10 are blocked, and lapse at the end. */
    Book book;
    book_open(&book, FIRST_YEAR);
    end_year(&book, 2024);
    fisc_worksheet_run(book.sheet,
                       "move I3@2025-03-02 E available>obligation 50 programme=1 relieves=PO-1 "
                       "final=Y\n"
                       "expect posted\n");
    expect_proposal(&book, 2025, "programme=1 140 = 0 + 50 + 0 + 90; PO-2 - 0/80; free 0/0\n");
    book_close(&book);
}

/* Rules ------------------------------------------------------------------------------------- */

static void
test_other_kind(void)
{
    /* What was carried as an accident is not carried again as something else. */
    Book book;
    book_open(&book, FIRST_YEAR);
    end_year(&book, 2024);
    fisc_worksheet_run(book.sheet, "event carry_rule all order=9 kind=specified again=yes\n"
                                   "event carry_item E/PO-2 kind=specified\n");
    expect_proposal(&book, 2025,
                    "programme=1 140 = 0 + 0 + 60 + 80; PO-1 specified 60/0 PO-2 - 0/80; "
                    "free 0/0\n");
    book_close(&book);
}

static void
test_reservations(void)
{
    Book book;
    book_open(&book, "event carry_rule plans kind=specified stage=authorization key=programme=1\n"
                     "enact A1 E 100 programme=1\n"
                     "enact A2 E 100 programme=2\n"
                     "move R1 E available>authorization 30 programme=1 item=PR-1\n"
                     "move R2 E available>authorization 30 programme=2 item=PR-2\n"
                     "move O1 E available>commitment 20 programme=1 item=PO-1\n");
    expect_proposal(&book, 2024,
                    "programme=1 100 = 0 + 0 + 30 + 70; PO-1 - 0/20 PR-1 specified 30/0; "
                    "free 0/70\n"
                    "programme=2 100 = 0 + 0 + 0 + 100; PR-2 - 0/30; free 0/100\n");
    FISC_ASSERT_INT(end_year(&book, 2024), 2);
    expect_position(&book, 2025,
                    "programme=1 budget 0 carry 30 paid 0 accrued 0 committed 0 reserved 30 "
                    "blocked 0\n");
    book_close(&book);
}

static void
test_free_money(void)
{
    /* 5 percent of 1,000 at most; carried in and unspent it may not be carried again. */
    Book book;
    book_open(&book, "event carry_rule rest kind=continuing stage=free cap=5\n"
                     "enact A1 E 1000 programme=1\n"
                     "move P1 E available>payment 900 programme=1\n");
    expect_proposal(&book, 2024, "programme=1 1000 = 900 + 0 + 50 + 50;; free 50/50\n");
    FISC_ASSERT_INT(end_year(&book, 2024), 1);
    FISC_ASSERT_INT(end_year(&book, 2024), 0);
    expect_position(&book, 2025,
                    "programme=1 budget 0 carry 50 paid 0 accrued 0 committed 0 reserved 0 "
                    "blocked 0\n");
    fisc_worksheet_run(book.sheet, "enact B1@2025-01-02 E 1000 programme=1\n"
                                   "move P2@2025-05-01 E available>payment 20 programme=1\n"
                                   "event carry_rule rest kind=continuing stage=free\n");
    expect_proposal(&book, 2025, "programme=1 1050 = 20 + 0 + 1000 + 30;; free 1000/30\n");
    fisc_worksheet_run(book.sheet, "event carry_rule rest kind=continuing stage=free again=yes\n");
    expect_proposal(&book, 2025, "programme=1 1050 = 20 + 0 + 1030 + 0;; free 1030/0\n");
    book_close(&book);
}

static void
test_overspent(void)
{
    /* An order whose money was cut is carried as far as there is some. */
    Book book;
    book_open(&book, "event carry_rule all kind=specified\n"
                     "enact A1 E 100 programme=1\n"
                     "move O1 E available>commitment 80 programme=1 item=PO-1\n"
                     "control vote track refuse 'entity programme'\n"
                     "enact A2 change E -70 programme=1\n"
                     "control vote absolute refuse 'entity programme'\n");
    expect_proposal(&book, 2024,
                    "programme=1 30 = 0 + 0 + 30 + 0; PO-1 specified 30/50; free 0/0\n");
    FISC_ASSERT_INT(end_year(&book, 2024), 1);
    expect_position(&book, 2025,
                    "programme=1 budget 0 carry 30 paid 0 accrued 0 committed 30 reserved 0 "
                    "blocked 0\n");
    book_close(&book);
}

static void
test_finer_words(void)
{
    /* The line is what the control limits; an order keeps the words it was made with. */
    Book book;
    book_open(&book, "event carry_rule all kind=specified key=economic=6\n"
                     "enact A1 E 100 programme=1\n"
                     "move O1 E available>commitment 40 programme=1 economic=61 item=PO-1\n"
                     "move O2 E available>commitment 30 programme=1 economic=22 item=PO-2\n");
    expect_proposal(&book, 2024,
                    "programme=1 100 = 0 + 0 + 40 + 60; PO-1 specified 40/0 PO-2 - 0/30; "
                    "free 0/60\n");
    FISC_ASSERT_INT(end_year(&book, 2024), 1);
    fisc_worksheet_run(book.sheet,
                       "move I1@2025-02-01 E available>obligation 40 programme=1 economic=61 "
                       "relieves=PO-1\n"
                       "expect posted\n");
    book_close(&book);
}

static void
test_foreign(void)
{
    Book book;
    book_open(&book, "event carry_rule all kind=specified\n"
                     "enact A1 E 200 programme=1\n"
                     "move O1 E available>commitment 130 programme=1 item=PO-1 currency=USD "
                     "foreign=100\n");
    FISC_ASSERT_INT(end_year(&book, 2024), 1);
    fisc_worksheet_run(book.sheet,
                       "move I1@2025-02-01 E available>obligation 65 programme=1 relieves=PO-1 "
                       "currency=USD foreign=50\n"
                       "expect posted\n");
    expect_position(&book, 2025,
                    "programme=1 budget 0 carry 130 paid 0 accrued 65 committed 65 reserved 0 "
                    "blocked 0\n");
    book_close(&book);
}

/* Random books ------------------------------------------------------------------------------ */

#define SEED 20261122
#define LINES 700
#define ITEMS_MAX 8

typedef struct {
    int64_t amount;
    int listed; /* FiscCarryKind, or -1 */
    int was;    /* carried into the year as, or -1 */
} PlainItem;

/* A budget line as an officer would keep it on paper. */
typedef struct {
    int64_t budget, paid, accrued, carried_in;
    PlainItem items[ITEMS_MAX];
    int count;
} PlainLine;

/* What of a line is carried: named orders again and again, accidents once; a tenth of the
 * appropriations of even lines. */
static int64_t
plain_carried(const PlainLine *line, int number, bool *out_moves)
{
    int64_t left = line->budget + line->carried_in - line->paid - line->accrued;
    int64_t carried = 0;
    *out_moves = false;
    for (int i = 0; i < line->count; i++) {
        const PlainItem *item = &line->items[i];
        bool is_named =
            item->listed == FISC_CARRY_KIND_SPECIFIED && item->was != FISC_CARRY_KIND_ACCIDENT;
        bool is_accident = item->listed == FISC_CARRY_KIND_ACCIDENT && item->was < 0;
        carried += is_named || is_accident ? item->amount : 0;
        *out_moves |= item->amount > 0;
    }
    if (number % 2 == 0) {
        int64_t free = MIN(left - carried, line->budget / 10);
        carried += MAX(free, 0);
        *out_moves |= free > 0;
    }
    return carried;
}

static int64_t
draw(GRand *random, int64_t most)
{
    return most > 0 ? g_rand_int_range(random, 0, (gint32)MIN(most, 1000000) + 1) : 0;
}

static void
append_move(GString *text, int *count, int number, const char *stage, int64_t amount,
            const char *words)
{
    if (amount > 0) {
        g_string_append_printf(text,
                               "move M%d E available>%s %" G_GINT64_FORMAT ".%02d programme=%d%s\n",
                               (*count)++, stage, amount / 100, (int)(amount % 100), number, words);
    }
}

/* Draws a line and says it as a worksheet. */
static void
draw_line(GRand *random, int number, PlainLine *line, GString *text, int *count)
{
    static const char *const kinds[] = {"specified", "accident"};
    int64_t left = line->budget = 1 + draw(random, 999999);
    g_string_append_printf(text, "enact A%d E %" G_GINT64_FORMAT ".%02d programme=%d%s\n", number,
                           left / 100, (int)(left % 100), number, number % 2 == 0 ? " fund=F" : "");
    left -= line->paid = draw(random, left / 2);
    left -= line->accrued = draw(random, left / 2);
    append_move(text, count, number, "payment", line->paid, "");
    append_move(text, count, number, "obligation", line->accrued, "");
    line->count = g_rand_int_range(random, 0, ITEMS_MAX + 1);
    for (int i = 0; i < line->count; i++) {
        PlainItem *item = &line->items[i];
        g_autofree char *name = g_strdup_printf("PO-%d-%d", number, i);
        g_autofree char *words = g_strconcat(" item=", name, NULL);
        *item = (PlainItem){
            .amount = draw(random, left / 2), .listed = g_rand_int_range(random, -1, 2), .was = -1};
        left -= item->amount;
        append_move(text, count, number, "commitment", item->amount, words);
        if (item->listed >= 0) {
            g_string_append_printf(text, "event carry_item E/%s kind=%s\n", name,
                                   kinds[item->listed]);
        }
    }
}

/* What the paper says of a year against what is proposed for it. */
static void
compare(const Book *book, int year, const PlainLine *lines, int *out_moves)
{
    g_autoptr(FiscYearPosition) position = position_of(book, year);
    g_autoptr(FiscYearEnd) end = fisc_year_end_propose(position);
    *out_moves = 0;
    for (guint i = 0; i < end->lines->len; i++) {
        const FiscYearEndLine *line = end->lines->pdata[i];
        int number = atoi(line->line->name + strlen("programme="));
        const PlainLine *plain = &lines[number];
        bool moves = false;
        FISC_ASSERT_INT(line->carried, plain_carried(plain, number, &moves));
        FISC_ASSERT_INT(line->budget, plain->budget + plain->carried_in);
        FISC_ASSERT_INT(line->line->paid + line->line->accrued + line->carried + line->lapsed,
                        line->budget);
        FISC_ASSERT_INT(fisc_year_end_moves(line), moves);
        *out_moves += moves ? 1 : 0;
    }
}

/* The next year on paper: what was carried, and nothing else. */
static void
turn_page(PlainLine *line, int number)
{
    bool moves = false;
    int64_t carried = plain_carried(line, number, &moves);
    for (int i = 0; i < line->count; i++) {
        PlainItem *item = &line->items[i];
        bool is_carried = item->listed == FISC_CARRY_KIND_SPECIFIED
                              ? item->was != FISC_CARRY_KIND_ACCIDENT
                              : item->listed >= 0 && item->was < 0;
        item->amount = is_carried ? item->amount : 0;
        item->was = item->amount > 0 ? item->listed : -1;
    }
    *line = (PlainLine){.carried_in = carried,
                        .count = line->count,
                        .items = {line->items[0], line->items[1], line->items[2], line->items[3],
                                  line->items[4], line->items[5], line->items[6], line->items[7]}};
}

/* Invoices on what was carried, some of them final. */
static void
use_items(GRand *random, PlainLine *line, int number, GString *text, int *count)
{
    for (int i = 0; i < line->count; i++) {
        PlainItem *item = &line->items[i];
        int64_t used = draw(random, item->amount);
        bool is_final = g_rand_boolean(random);
        if (used > 0) {
            g_string_append_printf(text,
                                   "move N%d@2025-06-01 E available>obligation %" G_GINT64_FORMAT
                                   ".%02d programme=%d relieves=PO-%d-%d%s\nexpect posted\n",
                                   (*count)++, used / 100, (int)(used % 100), number, number, i,
                                   is_final ? " final=Y" : "");
            line->accrued += used;
            item->amount = is_final ? 0 : item->amount - used;
        }
    }
}

static void
test_random(void)
{
    Book book;
    int count = 0, moves = 0, later = 0;
    g_autofree PlainLine *lines = g_new0(PlainLine, LINES);
    GRand *random = g_rand_new_with_seed(SEED);
    book_open(&book, RULES "event carry_rule rest kind=continuing stage=free cap=10 key=fund=F\n");
    for (int i = 0; i < LINES; i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        draw_line(random, i, &lines[i], text, &count);
        fisc_worksheet_run(book.sheet, text->str);
    }
    compare(&book, 2024, lines, &moves);
    FISC_ASSERT_INT(end_year(&book, 2024), moves);
    FISC_ASSERT_INT(end_year(&book, 2024), 0);
    for (int i = 0; i < LINES; i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        turn_page(&lines[i], i);
        use_items(random, &lines[i], i, text, &count);
        fisc_worksheet_run(book.sheet, text->str);
    }
    compare(&book, 2025, lines, &later);
    FISC_ASSERT_INT(end_year(&book, 2025), later);
    FISC_ASSERT_INT(end_year(&book, 2025), 0);
    printf("(seed %d: %d lines moved, and %d a year later) ", SEED, moves, later);
    CU_ASSERT(moves > LINES / 2 && later > LINES / 4);
    book_close(&book);
    g_rand_free(random);
}

const FiscTest fisc_year_end_tests[] = {
    {"carries 140 of 1,000 and lets 110 lapse (R17)", test_first_year},
    {"does not carry an accident again", test_second_year},
    {"blocks what is left of a carried order", test_remainder},
    {"does not carry an accident again under another name", test_other_kind},
    {"carries reservations where a rule says so", test_reservations},
    {"carries free money up to its cap, once", test_free_money},
    {"carries no more than the line has", test_overspent},
    {"keeps the words of an order that are finer than its line", test_finer_words},
    {"carries the foreign amount along", test_foreign},
    {"ends random years as a plain model does", test_random},
    {NULL, NULL},
};
