/* svg_test.c: drawings: what is where, and what stands in the file. */
#include "reporting/render/draw.h"
#include "reporting/render/draw_scale.h"
#include "tests/reporting/pages/rendered.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_svg_tests[];

#define WIDTH (480 * FISC_POINT)

static const char *const labels[] = {"Taxes", "Grants <&>", "Расход",
                                     "수입 Revenue with a long name "
                                     "that needs several lines"};

static FiscGraph *
graph_of(FiscGraphKind kind, int series, int64_t unit)
{
    static const int amounts[] = {300, -100, 250, 450};
    FiscGraph *graph = fisc_graph_new(kind, "g", "A graph, 2024", "EUR", 2);
    for (guint i = 0; i < G_N_ELEMENTS(labels); i++) {
        fisc_graph_add_category(graph, labels[i], i == 3);
    }
    for (int i = 0; i < series; i++) {
        g_autofree char *name = g_strdup_printf("Series %d", i + 1);
        FiscGraphSeries *of = fisc_graph_add_series(graph, name);
        for (guint k = 0; k < G_N_ELEMENTS(labels); k++) {
            fisc_graph_add_amount(of, (__int128)amounts[k] * unit * (i + 1));
        }
    }
    return graph;
}

static void
test_text_is_text_and_the_picture_is_described(void)
{
    static const char *const parse[] = {"xmllint", "--noout", "FILE", NULL};
    g_autoptr(FiscGraph) graph = graph_of(FISC_GRAPH_BARS, 2, 100);
    g_autoptr(GString) svg = g_string_new(NULL);
    CU_ASSERT(fisc_graph_svg(graph, svg, NULL));
    g_autofree char *said = rendered_seen(svg, parse);
    FISC_ASSERT_TEXT(said, "");
    FISC_ASSERT_CONTAINS(svg->str, "<title id=\"graph-title\">A graph, 2024</title>");
    FISC_ASSERT_CONTAINS(svg->str, "Series 1: Taxes 300.00, Grants &lt;&amp;&gt; -100.00");
    FISC_ASSERT_CONTAINS(svg->str, ">Расход</text>");
    FISC_ASSERT_CONTAINS(svg->str, "<title>Taxes, Series 2: 600.00</title>");
    FISC_ASSERT_INT(rendered_count(svg->str, "<rect "), 2 * 4 + 2);
}

/* Whatever the amounts: nothing is drawn outside of the sheet. */
static void
test_nothing_leaves_the_sheet(void)
{
    static const FiscGraphKind kinds[] = {FISC_GRAPH_BARS, FISC_GRAPH_STACKED, FISC_GRAPH_LINES,
                                          FISC_GRAPH_WATERFALL};
    static const int64_t units[] = {0, 1, -1, 99, 123456789, -1234567890123456};
    for (guint i = 0; i < G_N_ELEMENTS(kinds) * G_N_ELEMENTS(units); i++) {
        FiscGraphKind kind = kinds[i / G_N_ELEMENTS(units)];
        int series = kind == FISC_GRAPH_WATERFALL ? 1 : 3;
        g_autoptr(FiscGraph) graph = graph_of(kind, series, units[i % G_N_ELEMENTS(units)]);
        g_autoptr(FiscDrawing) drawing = fisc_draw_graph(graph, "en", WIDTH);
        for (guint k = 0; k < drawing->marks->len; k++) {
            const FiscMark *mark = &g_array_index(drawing->marks, FiscMark, k);
            int width = mark->kind == FISC_MARK_TEXT ? fisc_text_width(mark->text, mark->size)
                                                     : mark->width;
            int left = mark->x - (mark->kind == FISC_MARK_TEXT ? width * (int)mark->anchor / 2 : 0);
            CU_ASSERT(left >= 0 && left + width <= WIDTH && left + width >= 0);
            CU_ASSERT(mark->y >= 0 && mark->y + mark->height <= drawing->height);
        }
    }
}

/* The boxes that stand for amounts, in order. */
static GPtrArray *
bars_of(const FiscDrawing *drawing)
{
    GPtrArray *bars = g_ptr_array_new();
    for (guint i = 0; i < drawing->marks->len; i++) {
        FiscMark *mark = &g_array_index(drawing->marks, FiscMark, i);
        if (mark->kind == FISC_MARK_BOX && mark->text != NULL) {
            g_ptr_array_add(bars, mark);
        }
    }
    return bars;
}

static void
test_bars_are_as_long_as_their_amounts(void)
{
    g_autoptr(FiscGraph) graph = graph_of(FISC_GRAPH_BARS, 1, 100);
    g_autoptr(FiscDrawing) drawing = fisc_draw_graph(graph, "en", WIDTH);
    g_autoptr(GPtrArray) bars = bars_of(drawing);
    FISC_ASSERT_INT(bars->len, 4);
    const FiscMark *first = bars->pdata[0], *less = bars->pdata[1], *last = bars->pdata[3];
    CU_ASSERT(ABS(first->width * 3 - last->width * 2) <= 6);
    CU_ASSERT(ABS(less->width * 3 - first->width) <= 6);
    CU_ASSERT(ABS(less->x + less->width - first->x) <= 1); /* both begin at zero */
}

/* 300 less 100 and 250 more is the total of 450, which begins at zero again. */
static void
test_each_step_of_a_waterfall_begins_where_the_last_ended(void)
{
    g_autoptr(FiscGraph) graph = graph_of(FISC_GRAPH_WATERFALL, 1, 100);
    g_autoptr(FiscDrawing) drawing = fisc_draw_graph(graph, "en", WIDTH);
    g_autoptr(GPtrArray) bars = bars_of(drawing);
    const FiscMark *up = bars->pdata[0], *down = bars->pdata[1], *again = bars->pdata[2];
    const FiscMark *total = bars->pdata[3];
    CU_ASSERT(ABS(up->x + up->width - (down->x + down->width)) <= 1);
    CU_ASSERT(ABS(again->x - down->x) <= 1);
    FISC_ASSERT_INT(total->x, up->x);
    CU_ASSERT(ABS(total->x + total->width - (again->x + again->width)) <= 1);
}

static void
test_scales_are_round_and_short(void)
{
    static const struct {
        int64_t low, high;
        int decimals;
        int64_t step;
        const char *unit, *words; /* of the high end */
    } cases[] = {
        {0, 339800, 2, 100000, "", "4,000.00"},
        {-5000, 5000, 2, 5000, "", "50.00"},
        {0, 0, 2, 1, "", "0.00"},
        {0, 123456789, 2, 50000000, "thousands", "1,500.0"},
        {0, 509896574765, 2, 200000000000, "millions", "6,000.0"},
        {0, 660000000000000, 0, 200000000000000, "billions", "800,000.0"},
        {-700, 0, 0, 200, "", "0"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        FiscScale scale = fisc_scale_new(cases[i].low, cases[i].high, cases[i].decimals);
        g_autofree char *words = fisc_scale_words(&scale, scale.high);
        FISC_ASSERT_INT((long long)scale.step, cases[i].step);
        FISC_ASSERT_TEXT(scale.unit, cases[i].unit);
        FISC_ASSERT_TEXT(words, cases[i].words);
        CU_ASSERT(scale.low <= cases[i].low && scale.high >= cases[i].high);
        CU_ASSERT(scale.low % scale.step == 0 && scale.high % scale.step == 0);
    }
}

static void
test_amounts_are_rounded_half_away_from_zero(void)
{
    FiscScale scale = fisc_scale_new(0, 5000000000, 2); /* thousands would be 50,000.0 */
    static const struct {
        int64_t amount;
        const char *words;
    } cases[] = {{5000000, "0.1"}, {4999999, "0.0"}, {-5000000, "-0.1"}, {123456789, "1.2"}};
    FISC_ASSERT_TEXT(scale.unit, "millions");
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *words = fisc_scale_words(&scale, cases[i].amount);
        FISC_ASSERT_TEXT(words, cases[i].words);
    }
}

static void
test_long_labels_are_broken_and_then_cut(void)
{
    g_autoptr(GPtrArray) lines =
        fisc_text_wrap("Net investment in nonfinancial assets", 800, 8000, 2);
    FISC_ASSERT_INT(lines->len, 2);
    FISC_ASSERT_TEXT(lines->pdata[0], "Net investment in");
    CU_ASSERT(g_str_has_suffix(lines->pdata[1], "..."));
    CU_ASSERT(fisc_text_width(lines->pdata[1], 800) <= 8000);
}

static void
test_a_graph_of_nothing_is_refused(void)
{
    g_autoptr(FiscGraph) graph = fisc_graph_new(FISC_GRAPH_BARS, "none", "None", "", 2);
    g_autoptr(GString) svg = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    CU_ASSERT_FALSE(fisc_graph_svg(graph, svg, &error));
    CU_ASSERT(g_error_matches(error, FISC_ERROR, FISC_ERROR_NOT_FOUND));
    FISC_ASSERT_INT(svg->len, 0);
    g_autoptr(FiscDossier) dossier = rendered_table("No graphs", 1);
    g_clear_error(&error);
    CU_ASSERT_FALSE(fisc_dossier_format("svg")->render(dossier, svg, &error));
    CU_ASSERT(g_error_matches(error, FISC_ERROR, FISC_ERROR_NOT_FOUND));
}

static void
test_all_graphs_of_a_report_stand_below_each_other(void)
{
    static const char *const parse[] = {"xmllint", "--noout", "FILE", NULL};
    Rendered arda = rendered_open("GG", "en", 202400, 202413);
    g_autoptr(GString) svg = rendered_bytes(arda.dossier, "svg");
    g_autoptr(GString) again = rendered_bytes(arda.dossier, "svg");
    g_autofree char *said = rendered_seen(svg, parse);
    FISC_ASSERT_TEXT(said, "");
    FISC_ASSERT_TEXT(svg->str, again->str);
    for (guint i = 0; i < arda.dossier->parts->len; i++) {
        const FiscDossierPart *part = g_ptr_array_index(arda.dossier->parts, i);
        for (guint k = 0; k < part->graphs->len; k++) {
            const FiscGraph *graph = g_ptr_array_index(part->graphs, k);
            FISC_ASSERT_CONTAINS(svg->str, graph->title);
        }
    }
    rendered_close(&arda);
}

const FiscTest fisc_svg_tests[] = {
    {"text is text and the picture is described", test_text_is_text_and_the_picture_is_described},
    {"nothing leaves the sheet", test_nothing_leaves_the_sheet},
    {"bars are as long as their amounts", test_bars_are_as_long_as_their_amounts},
    {"each step of a waterfall begins where the last ended",
     test_each_step_of_a_waterfall_begins_where_the_last_ended},
    {"scales are round and short", test_scales_are_round_and_short},
    {"amounts are rounded half away from zero", test_amounts_are_rounded_half_away_from_zero},
    {"long labels are broken and then cut", test_long_labels_are_broken_and_then_cut},
    {"a graph of nothing is refused", test_a_graph_of_nothing_is_refused},
    {"all graphs of a report stand below each other",
     test_all_graphs_of_a_report_stand_below_each_other},
    {NULL, NULL},
};
