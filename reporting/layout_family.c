/* layout_family.c: the families of layouts: which statements belong together. */
#include "reporting/layout.h"

/* Compiled from reporting/layouts/. */
extern const FiscLayoutFile fisc_gfsm2014_layout_files[];
extern const FiscLayoutFile fisc_gfsm2001_layout_files[];
extern const FiscLayoutFile fisc_gfsm2001_bridge_files[]; /* from sql/seeds/ */

extern const FiscLayoutFile fisc_questionnaire_layout_files[];
extern const FiscLayoutFile fisc_ipsas_layout_files[];

static const FiscLayoutNote questionnaire_notes[] = {
    {"T6A",
     "The books have one value of a debt, that of the balance sheet; 6M4_record is what is on "
     "record as memorandum 6M4. Original maturities are not known"},
    {"T6B", "The books have no face values: 6M35 is what is on record as a memorandum "
            "(memorandum.csv), and 0 when nothing is"},
    {NULL, NULL},
};

const FiscLayoutFamily fisc_layout_families[] = {
    {"gfsm2014", "Government finance statistics (GFSM 2014)", fisc_gfsm2014_layout_files, NULL,
     NULL},
    {"gfsm2001", "Government finance statistics (GFSM 2001)", fisc_gfsm2001_layout_files,
     fisc_gfsm2001_bridge_files, NULL},
    {"questionnaire", "Annual questionnaire of government finance statistics (GFSM 2014)",
     fisc_questionnaire_layout_files, NULL, questionnaire_notes},
    {"ipsas", "Financial statements (IPSAS)", fisc_ipsas_layout_files, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

/* Which statements speak of the same as others of GFSM 2014. */
static const struct {
    const char *statement, *like;
} likes[] = {
    {"SO", "SOO"},
    {"S2", "SSUC"},
    {"T9", "SOEF"},
    {"T6", "BS_CLOSE"},
    {"BS", "BS_OPEN,BS_CLOSE"},
    {"T7", "COFOG"},
    {"T8A", "COUNTERPART"},
    {"POSITION", "BS_CLOSE"},
    {"PERFORMANCE", "SOO"},
    {"CASH_FLOWS", "SSUC"},
};

const char *
fisc_layout_like(const char *statement)
{
    for (guint i = 0; i < G_N_ELEMENTS(likes); i++) {
        if (g_str_equal(likes[i].statement, statement)) {
            return likes[i].like;
        }
    }
    return statement;
}

#define FAMILIES_MAX 8

const char *const *
fisc_statement_families(void)
{
    static const char *names[2 * FAMILIES_MAX + 1];
    for (int i = 0; fisc_layout_families[i].name != NULL; i++) {
        g_assert(i < FAMILIES_MAX);
        names[2 * i] = fisc_layout_families[i].name;
        names[2 * i + 1] = fisc_layout_families[i].title;
    }
    return names;
}

bool
fisc_layout_family_find(const char *name, const FiscLayoutFamily **out_family, GError **error)
{
    g_autoptr(GString) known = g_string_new(NULL);
    for (const FiscLayoutFamily *family = fisc_layout_families; family->name != NULL; family++) {
        if (name == NULL || g_str_equal(family->name, name)) {
            *out_family = family;
            return true;
        }
        g_string_append_printf(known, "%s%s", known->len > 0 ? ", " : "", family->name);
    }
    return fisc_fail(error, FISC_ERROR_USAGE, "\"%s\" is no standard; there are: %s", name,
                     known->str);
}
