/* layout_family.c: the families of layouts: which statements belong together. */
#include "reporting/layout.h"

/* Compiled from reporting/layouts/. */
extern const FiscLayoutFile fisc_gfsm2014_layout_files[];

const FiscLayoutFamily fisc_layout_families[] = {
    {"gfsm2014", "Government finance statistics (GFSM 2014)", fisc_gfsm2014_layout_files},
    {NULL, NULL, NULL},
};

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
