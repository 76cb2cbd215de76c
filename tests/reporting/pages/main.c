/* main.c: the tests of reports as pages, web pages and graphs. */
#include "tests/support/suite.h"

extern const FiscTest fisc_dossier_tests[];
extern const FiscTest fisc_graphs_tests[];
extern const FiscTest fisc_svg_tests[];
extern const FiscTest fisc_html_tests[];
extern const FiscTest fisc_pdf_tests[];

static const FiscSuite SUITES[] = {
    {"a report taken apart", fisc_dossier_tests, NULL, NULL},
    {"graphs of a report", fisc_graphs_tests, NULL, NULL},
    {"SVG", fisc_svg_tests, NULL, NULL},
    {"HTML", fisc_html_tests, NULL, NULL},
    {"PDF", fisc_pdf_tests, NULL, NULL},
    {NULL},
};

int
main(int argc, char **argv)
{
    return fisc_suite_main("pages", SUITES, argc, argv);
}
