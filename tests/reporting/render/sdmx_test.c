/* sdmx_test.c: SDMX read back by a reader that shares nothing with fisc (sdmx_check.py): each code
 * is one of its list, no key stands twice, totals add up, figures are those of the statements. */
#include "fisc/dossier.h"
#include "reporting/render/sdmx.h"
#include "tests/reporting/reading.h"
#include "tests/support/suite.h"
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

extern const FiscTest fisc_sdmx_tests[];

typedef struct {
    NaiveBooks *books;
    FiscDossier *dossier;
} Case;

/* The statements of a unit of arda-2024, as a flow would bind them. */
static Case
open_case(const char *unit, const char *sector, FiscPeriod from, FiscPeriod to)
{
    g_autofree char *folder = fisc_test_data("arda-2024");
    Case opened = {.books = naive_books_read(folder)};
    opened.dossier = fisc_dossier_from_table(read_statements(opened.books, unit, from, to));
    FiscDossierScope *scope = &opened.dossier->scope;
    scope->unit = g_strdup(unit);
    scope->name = g_strdup("Of \"Arda\" & <others>");
    scope->sector = g_strdup(sector);
    scope->area = g_strdup("ES");
    scope->currency = g_strdup("EUR");
    scope->standard = g_strdup("gfsm2014");
    scope->from = from;
    scope->to = to;
    scope->batch_no = 4;
    fisc_dossier_add_fact(opened.dossier, "Books", "batch 4, posted 2024-12-31 23:59 UTC");
    return opened;
}

static void
close_case(Case *opened)
{
    fisc_dossier_free(opened->dossier);
    naive_books_free(opened->books);
}

static char *
render(const FiscDossier *dossier, const char *format)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    if (!fisc_dossier_format(format)->render(dossier, out, &error)) {
        return g_strdup_printf("refused: %s", error->message);
    }
    return g_strdup(out->str);
}

/* What the independent reader says of a text. */
static char *
check_text(const char *kind, const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = NULL;
    g_autofree char *data = fisc_test_data("sdmx");
    g_autofree char *script = fisc_test_data("../reporting/render/sdmx_check.py");
    int fd = g_file_open_tmp("fisc-XXXXXX.sdmx", &path, NULL);
    close(fd);
    CU_ASSERT_TRUE_FATAL(g_file_set_contents(path, text, -1, NULL));
    char *argv[] = {(char *)"python3", script, (char *)kind, path, data, NULL};
    char *said = NULL;
    bool is_run =
        g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &said, NULL, NULL, &error);
    g_unlink(path);
    CU_ASSERT_TRUE_FATAL(is_run);
    return said;
}

static char *
read_back(const FiscDossier *dossier, const char *format, const char *kind)
{
    g_autofree char *text = render(dossier, format);
    CU_ASSERT_FALSE_FATAL(g_str_has_prefix(text, "refused"));
    return check_text(kind, text);
}

/* Figures worked out by hand in the package's answers, under the keys that an office would ask. */
static const char *const figures_of_cg[] = {
    "A.N.ES.W0.S1311.S1.C.C.GOTR._Z._Z._Z.XDC._Z.S.V.N._T 2024 3169.00 A",
    "A.N.ES.W0.S1311.S1.C.C.ODA._Z._Z._Z.XDC._Z.S.V.N._T 2024 2400.00 A",
    "A.N.ES.W0.S1311.S1.C.C.D211._Z._Z._Z.XDC._Z.S.V.N._T 2024 900.00 A",
    "A.N.ES.W0.S1311.S1.C.D.GOTEE._Z._Z._T.XDC._Z.S.V.N._T 2024 2872.00 A",
    "A.N.ES.W0.S1311.S1._Z.B.GB8ZN._Z._Z._Z.XDC._Z.S.V.N._T 2024 297.00 A",
    "A.N.ES.W0.S1311.S1.C.L.LE.FD4.T._Z.XDC._T.S.V.N._T 2024 4320.00 A",
    "A.N.ES.W0.S1311.S1.C.A.LE.F2.T._Z.XDC._T.S.V.N._T 2024 1907.00 A",
    "A.N.ES.W0.S1311.S1.C.A.KA.F8.T._Z.XDC._T.S.V.N._T 2024 -50.00 A",
};

static void
test_says_each_figure_under_its_key_in_both_formats(void)
{
    Case opened = open_case("CG", "S1311", 202400, 202413);
    g_autofree char *csv = read_back(opened.dossier, "sdmx-csv", "csv");
    g_autofree char *ml = read_back(opened.dossier, "sdmx-ml", "ml");
    for (gsize i = 0; i < G_N_ELEMENTS(figures_of_cg); i++) {
        FISC_ASSERT_CONTAINS(csv, figures_of_cg[i]);
    }
    FISC_ASSERT_TEXT(ml, csv);
    FISC_ASSERT_CONTAINS(csv, "have no key in ESTAT:NA_SEC(1.5) and are left out");
    close_case(&opened);
}

static void
test_adds_up_for_every_unit_and_group(void)
{
    g_autofree char *folder = fisc_test_data("arda-2024");
    g_autoptr(NaiveBooks) books = naive_books_read(folder);
    for (guint i = 0; i < books->nation->groups->len; i++) {
        const FiscGroup *group = books->nation->groups->pdata[i];
        Case opened = open_case(group->code, "S13", 202400, 202413);
        g_autofree char *said = read_back(opened.dossier, "sdmx-csv", "csv");
        CU_ASSERT_FALSE(g_str_has_prefix(said, "wrong"));
        FISC_ASSERT_CONTAINS(said, ".S13.");
        close_case(&opened);
    }
}

static void
test_names_period_sector_and_consolidation_by_the_scope(void)
{
    static const struct {
        FiscPeriod from, to;
        const char *sector;
        bool unconsolidated;
        const char *begin; /* of the key of revenue */
    } cases[] = {
        {202400, 202413, "S1311", true, "A.N.ES.W0.S1311.S1.N.C.GOTR."},
        {202404, 202406, "S131", false, "Q.N.ES.W0.S13.S1.C.C.GOTR."},
        {202412, 202412, "S1", false, "M.N.ES.W0.S1ZS.S1.C.C.GOTR."},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        Case opened = open_case("CG", cases[i].sector, cases[i].from, cases[i].to);
        opened.dossier->scope.unconsolidated = cases[i].unconsolidated;
        g_autofree char *said = read_back(opened.dossier, "sdmx-csv", "csv");
        FISC_ASSERT_CONTAINS(said, cases[i].begin);
        close_case(&opened);
    }
}

static void
test_marks_figures_of_an_incomplete_group_as_provisional(void)
{
    Case opened = open_case("CG", "S1311", 202400, 202413);
    FiscDossierPart *part = opened.dossier->parts->pdata[0];
    fisc_table_add_note(part->table, "provisional: 1 of 2 units");
    g_autofree char *said = read_back(opened.dossier, "sdmx-ml", "ml");
    FISC_ASSERT_CONTAINS(said, "GOTR._Z._Z._Z.XDC._Z.S.V.N._T 2024 3169.00 P");
    close_case(&opened);
}

static void
test_refuses_what_has_no_key(void)
{
    static const struct {
        FiscPeriod from, to;
        const char *unit, *sector, *area, *standard;
        const char *because;
    } cases[] = {
        {202401, 202407, "CG", "S1311", "ES", "gfsm2014", "SDMX knows years, quarters and months"},
        {202402, 202404, "CG", "S1311", "ES", "gfsm2014", "SDMX knows years, quarters and months"},
        {202400, 202400, "CG", "S1311", "ES", "gfsm2014", "SDMX knows years, quarters and months"},
        {202400, 202413, "", "S1311", "ES", "gfsm2014", "name one by --unit"},
        {202400, 202413, "CG", "S", "ES", "gfsm2014", "no sector of government in common"},
        {202400, 202413, "CG", "S1311", "", "gfsm2014", "which country they are of"},
        {202400, 202413, "CG", "S1311", "ES", "ipsas", "those of GFSM 2014, not of ipsas"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        Case opened = open_case("CG", cases[i].sector, cases[i].from, cases[i].to);
        FiscDossierScope *scope = &opened.dossier->scope;
        g_free(scope->unit);
        g_free(scope->area);
        g_free(scope->standard);
        scope->unit = g_strdup(cases[i].unit);
        scope->area = g_strdup(cases[i].area);
        scope->standard = g_strdup(cases[i].standard);
        g_autofree char *said = render(opened.dossier, "sdmx-csv");
        FISC_ASSERT_CONTAINS(said, cases[i].because);
        close_case(&opened);
    }
}

/* A figure that is said twice must be the same, or the mapping is wrong. */
static void
test_refuses_two_figures_of_one_key(void)
{
    Case opened = open_case("CG", "S1311", 202400, 202413);
    for (guint i = 0; i < opened.dossier->parts->len; i++) {
        const FiscDossierPart *part = opened.dossier->parts->pdata[i];
        int amount = fisc_table_column(part->table, "amount");
        for (guint k = 0; strcmp(part->name, "STCNW") == 0 && k < part->table->rows->len; k++) {
            FiscRow *row = part->table->rows->pdata[k];
            row->cells[amount].number += row->heading ? 0 : 1;
        }
    }
    g_autofree char *said = render(opened.dossier, "sdmx-csv");
    FISC_ASSERT_CONTAINS(said, "two figures have the key "
                               "A.N.ES.W0.S1311.S1.C.C.GOTR._Z._Z._Z.XDC._Z.S.V.N._T: 3169.00 and "
                               "3169.01");
    close_case(&opened);
}

/* The map leaves open only what the scope answers. */
static void
test_maps_every_dimension(void)
{
    static const char *const of_others = "FREQ ADJUSTMENT REF_AREA REF_SECTOR UNIT_MEASURE PRICES "
                                         "TRANSFORMATION CUST_BREAKDOWN";
    g_autoptr(FiscSdmxMap) map = fisc_sdmx_map_new();
    for (int i = 0; i < FISC_SDMX_DIMENSIONS; i++) {
        const char *name = fisc_sdmx_dimensions[i];
        FISC_ASSERT_INT(fisc_sdmx_map_has(map, name), strstr(of_others, name) == NULL);
    }
    FISC_ASSERT_TEXT(fisc_sdmx_map_find(map, "SOO", "1", "STO"), "GOTR");
    FISC_ASSERT_TEXT(fisc_sdmx_map_find(map, "SOO", "1", "CONSOLIDATION"), "");
    CU_ASSERT_PTR_NULL(fisc_sdmx_map_find(map, "SOO", "NLBz", "STO"));
}

const FiscTest fisc_sdmx_tests[] = {
    {"says each figure under its key in both formats",
     test_says_each_figure_under_its_key_in_both_formats},
    {"adds up for every unit and group", test_adds_up_for_every_unit_and_group},
    {"names period sector and consolidation by the scope",
     test_names_period_sector_and_consolidation_by_the_scope},
    {"marks figures of an incomplete group as provisional",
     test_marks_figures_of_an_incomplete_group_as_provisional},
    {"refuses what has no key", test_refuses_what_has_no_key},
    {"refuses two figures of one key", test_refuses_two_figures_of_one_key},
    {"maps every dimension", test_maps_every_dimension},
    {NULL, NULL},
};
