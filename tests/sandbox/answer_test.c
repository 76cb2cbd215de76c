/* answer_test.c: what a reader says is read without believing it: answers that are cut off, too
 * long, or of another shape. */
#include "integrations/parse_wire.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_answer_tests[];

static GBytes *
close_to_bytes(FiscFrameOut *out)
{
    GBytes *bytes = g_bytes_new(out->bytes->data, out->bytes->len);
    fisc_frame_close(out);
    return bytes;
}

/* A table with a row above its header. */
static GBytes *
good_answer(void)
{
    static const char text[] = "of 2018\ncode,amount\n1,\n\xC3\xB1,3\n";
    const FiscCsvOptions options = {.allow_unknown = true, .preamble = 1};
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscCsv) csv = NULL;
    FiscFrameOut out;
    fisc_csv_parse("x.csv", text, sizeof(text) - 1, &options, &csv, refusals);
    CU_ASSERT_PTR_NOT_NULL_FATAL(csv);
    fisc_frame_open(&out, -1);
    fisc_parse_put_state(&out, FISC_SANDBOX_FILTERED);
    fisc_parse_put_csv(&out, csv);
    fisc_parse_put_end(&out);
    return close_to_bytes(&out);
}

/* True when it is taken for an answer. */
static bool
take(GBytes *bytes, FiscCsv **out_csv, FiscRefusals *refusals)
{
    FiscSandboxState state;
    g_autoptr(GBytes) text = NULL;
    return fisc_parse_read_answer(bytes, "x.csv", &state, out_csv, &text, refusals);
}

static void
test_reads_back_what_was_written(void)
{
    g_autoptr(GBytes) bytes = good_answer();
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscCsv) csv = NULL;
    CU_ASSERT_TRUE(take(bytes, &csv, refusals));
    CU_ASSERT_PTR_NOT_NULL_FATAL(csv);
    FISC_ASSERT_INT(csv->rows->len, 2);
    FISC_ASSERT_INT(csv->header_line, 2);
    FISC_ASSERT_TEXT(g_array_index(csv->preamble, FiscCsvRow, 0).fields[0], "of 2018");
    FISC_ASSERT_TEXT(g_array_index(csv->rows, FiscCsvRow, 0).fields[1], "");
    FISC_ASSERT_TEXT(g_array_index(csv->rows, FiscCsvRow, 1).fields[0], "\xC3\xB1");
    FISC_ASSERT_INT(g_array_index(csv->rows, FiscCsvRow, 1).line, 4);
}

static void
test_takes_nothing_that_is_cut_off_or_goes_on(void)
{
    g_autoptr(GBytes) bytes = good_answer();
    gsize length = g_bytes_get_size(bytes);
    for (gsize end = 0; end < length; end++) {
        g_autoptr(GBytes) part = g_bytes_new_from_bytes(bytes, 0, end);
        g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
        g_autoptr(FiscCsv) csv = NULL;
        CU_ASSERT_FALSE(take(part, &csv, refusals));
        CU_ASSERT_PTR_NULL(csv);
    }
    g_autoptr(GByteArray) longer = g_byte_array_new();
    g_byte_array_append(longer, g_bytes_get_data(bytes, NULL), (guint)length);
    g_byte_array_append(longer, (const guint8 *)"E", 1);
    g_autoptr(GBytes) more = g_bytes_new(longer->data, longer->len);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscCsv) csv = NULL;
    CU_ASSERT_FALSE(take(more, &csv, refusals));
}

/* Frames in an order, or with contents, that no reader of ours would write. */
static void
put_header(FiscFrameOut *out, guint64 count, const char *name)
{
    fisc_frame_put_byte(out, 'H');
    fisc_frame_put_number(out, 1);
    fisc_frame_put_number(out, count);
    fisc_frame_put_text(out, name);
}

static void
put_row(FiscFrameOut *out, const char *cell, gsize length)
{
    fisc_frame_put_byte(out, 'L');
    fisc_frame_put_number(out, 2);
    fisc_frame_put_bytes(out, cell, length);
}

static void
row_before_header(FiscFrameOut *out)
{
    put_row(out, "1", 1);
}

static void
two_headers(FiscFrameOut *out)
{
    put_header(out, 1, "a");
    put_header(out, 1, "a");
}

static void
too_many_columns(FiscFrameOut *out)
{
    put_header(out, G_MAXUINT64, "a");
}

static void
cell_with_nul(FiscFrameOut *out)
{
    put_header(out, 1, "a");
    put_row(out, "1\0002", 3);
}

static void
cell_in_latin(FiscFrameOut *out)
{
    put_header(out, 1, "a");
    put_row(out, "\xF1", 1);
}

static void
cell_that_is_none(FiscFrameOut *out)
{
    put_header(out, 1, "a");
    put_row(out, NULL, 0);
}

static void
text_longer_than_the_answer(FiscFrameOut *out)
{
    fisc_frame_put_byte(out, 'T');
    fisc_frame_put_number(out, G_MAXUINT64);
}

static void
refusal_without_sense(FiscFrameOut *out)
{
    fisc_frame_put_byte(out, 'R');
    for (int i = 0; i < 7; i++) {
        fisc_frame_put_number(out, G_MAXUINT64);
    }
}

static void
above_longer_than_the_answer(FiscFrameOut *out)
{
    put_header(out, 1, "a");
    fisc_frame_put_byte(out, 'P');
    fisc_frame_put_number(out, G_MAXINT64);
    fisc_frame_put_number(out, 1);
}

static void
unknown_frame(FiscFrameOut *out)
{
    fisc_frame_put_byte(out, 'X');
}

static void
test_takes_nothing_of_another_shape(void)
{
    void (*const shapes[])(FiscFrameOut *) = {
        row_before_header,
        two_headers,
        too_many_columns,
        cell_with_nul,
        cell_in_latin,
        cell_that_is_none,
        unknown_frame,
        refusal_without_sense,
        text_longer_than_the_answer,
        above_longer_than_the_answer,
    };
    for (gsize i = 0; i < G_N_ELEMENTS(shapes); i++) {
        g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
        g_autoptr(FiscCsv) csv = NULL;
        FiscFrameOut out;
        fisc_frame_open(&out, -1);
        fisc_parse_put_state(&out, FISC_SANDBOX_FILTERED);
        shapes[i](&out);
        fisc_parse_put_end(&out);
        g_autoptr(GBytes) bytes = close_to_bytes(&out);
        CU_ASSERT_FALSE(take(bytes, &csv, refusals));
        CU_ASSERT_PTR_NULL(csv);
        FISC_ASSERT_INT(refusals->len, 0);
    }
}

static void
test_gives_no_table_beside_a_refusal(void)
{
    g_autoptr(FiscRefusals) said = fisc_refusals_new();
    g_autoptr(FiscRefusals) heard = fisc_refusals_new();
    g_autoptr(FiscCsv) csv = NULL;
    FiscFrameOut out;
    fisc_refusals_add(said, FISC_ERROR_QUOTE_UNBALANCED, "x.csv", 7, "code", "a \xF1 stands there");
    fisc_frame_open(&out, -1);
    fisc_parse_put_state(&out, FISC_SANDBOX_LIMITED);
    put_header(&out, 1, "a");
    fisc_parse_put_refusals(&out, said);
    fisc_parse_put_end(&out);
    g_autoptr(GBytes) bytes = close_to_bytes(&out);
    CU_ASSERT_TRUE(take(bytes, &csv, heard));
    CU_ASSERT_PTR_NULL(csv);
    FISC_ASSERT_INT(heard->len, 1);
    const FiscRefusal *refusal = heard->pdata[0];
    FISC_ASSERT_INT(refusal->code, FISC_ERROR_QUOTE_UNBALANCED);
    FISC_ASSERT_INT(refusal->line, 7);
    FISC_ASSERT_TEXT(refusal->detail, "a \xEF\xBF\xBD stands there");
}

const FiscTest fisc_answer_tests[] = {
    {"reads back what was written", test_reads_back_what_was_written},
    {"takes nothing that is cut off, or goes on", test_takes_nothing_that_is_cut_off_or_goes_on},
    {"takes nothing of another shape", test_takes_nothing_of_another_shape},
    {"gives no table beside a refusal", test_gives_no_table_beside_a_refusal},
    {NULL, NULL},
};
