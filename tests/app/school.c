/* school.c: the school's package and questions about it. */
#include "tests/app/school.h"
#include "tests/integrations/fixture.h"
#include "tests/support/suite.h"
#include <string.h>

static const char entities[] = "entity,name,sector,cp_code,reporting\n"
                               "SCH,School board,S1313,11,Y\n"
                               "CORP,Companies,S11002,152,N\n"
                               "BANK,Banks,S12202,132,N\n";

static const char opening[] = "entity,date,code,counterparty_entity,amount,memo\n"
                              "SCH,2024-01-01,6202,BANK,500,\n";

static const char budget[] = "entity,gfs_code,cofog,original,virement\n"
                             "SCH,22,70912,280,20\n"
                             "SCH,3111.1,70912,150,0\n"
                             "SCH,24,70912,0,0\n";

char *
school_folder(const char *journals)
{
    g_autofree char *text = g_strconcat(SCHOOL_HEADER, journals, NULL);
    return fixture_folder("entities.csv", entities, "opening_balance.csv", opening, "budget.csv",
                          budget, "journals.csv", text, NULL);
}

static void
fill(Books *books, const void *data G_GNUC_UNUSED)
{
    char *folder = school_folder(SCHOOL_JOURNALS);
    books_must_load(books, folder);
    fixture_remove(folder);
}

Books *
school_books(void)
{
    return books_filled("school", fill, NULL);
}

int64_t
school_available(Books *books, const char *gfs_code)
{
    const char *dim[FISC_DIM_COUNT] = {[FISC_DIM_GFS] = gfs_code};
    g_autoptr(FiscTable) table = NULL;
    g_autoptr(GError) error = NULL;
    if (!fisc_flow_funds(&books->ctx, "SCH", 2024, dim, &table, &error)) {
        CU_ASSERT(g_error_matches(error, FISC_ERROR, FISC_ERROR_NOT_FOUND));
        return INT64_MIN;
    }
    FISC_ASSERT_INT(table->rows->len, 1);
    const FiscRow *row = table->rows->pdata[0];
    return (int64_t)row->cells[fisc_table_column(table, "available")].number;
}

char *
school_balances(Books *books)
{
    FiscReportQuery query = {.name = "trial-balance", .unit = "SCH", .period = "2024"};
    g_autoptr(FiscTable) table = books_report(books, &query);
    int balance = fisc_table_column(table, "balance");
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < table->rows->len; i++) {
        const FiscRow *row = table->rows->pdata[i];
        if (row->cells[balance].number != 0) {
            g_string_append_printf(text, "%s %" G_GINT64_FORMAT ";", books_text(row, 1),
                                   (int64_t)row->cells[balance].number);
        }
    }
    return g_string_free(text, FALSE);
}
