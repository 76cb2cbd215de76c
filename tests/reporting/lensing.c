/* lensing.c: facts and lenses for tests of reports. */
#include "tests/reporting/lensing.h"
#include "tests/support/suite.h"
#include "fisc/money.h"

void
lensing_fact(NaiveBooks *books, const char *kind, const char *const *fields)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new();
    for (const char *const *field = fields; *field != NULL; field++) {
        g_ptr_array_add(list, (char *)*field);
    }
    g_autofree char *subject = fisc_fact_subject(fisc_fact_kind(kind), list);
    FiscEvent event = {.kind = kind, .subject = subject, .fields = list};
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    CU_ASSERT_FATAL(subject != NULL && fisc_fact_check(&event, refusals));
    fisc_nation_add_fact(books->nation, kind, subject, (char *const *)list->pdata, (int)list->len);
}

void
lensing_rate(NaiveBooks *books, const char *currency, const char *per, const char *date,
             const char *kind, const char *rate)
{
    const char *fields[] = {"currency", currency, "per",  per,  "date", date,
                            "kind",     kind,     "rate", rate, NULL};
    lensing_fact(books, "rate", fields);
}

void
lensing_calendar(NaiveBooks *books, const char *entity, const char *begins)
{
    const char *fields[] = {"entity", entity, "from", "2000", "begins", begins, NULL};
    lensing_fact(books, "calendar", fields);
}

void
lensing_currency(NaiveBooks *books, const char *entity, const char *currency)
{
    FiscEntity *unit = (FiscEntity *)fisc_nation_entity(books->nation, entity);
    g_free(unit->currency);
    unit->currency = g_strdup(currency);
    unit->decimals = fisc_currency_decimals(currency);
}

char *
lensing_look(NaiveBooks *books, const FiscLensQuery *query, GString *notes)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) error = NULL;
    if (!fisc_lens_calendar(books->nation, query, books->balances, list, &error) ||
        !fisc_lens_translate(books->nation, query, books->balances, books->lines, list, &error)) {
        return g_strdup(error->message);
    }
    for (guint i = 0; notes != NULL && i < list->len; i++) {
        g_string_append_printf(notes, "%s\n", (const char *)list->pdata[i]);
    }
    return g_strdup("");
}

int64_t
lensing_balance(const NaiveBooks *books, const char *entity)
{
    __int128 sum = 0;
    for (guint i = 0; i < books->balances->rows->len; i++) {
        const FiscBalance *row = &g_array_index(books->balances->rows, FiscBalance, i);
        if (g_str_equal(row->coding->entity, entity)) {
            sum += (__int128)row->debit - row->credit;
        }
    }
    return (int64_t)sum;
}
