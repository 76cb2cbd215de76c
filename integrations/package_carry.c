/* package_carry.c: carry_rules.csv, the rules by which open orders and free money are carried into
 * the next year (docs/year-end.md). */
#include "integrations/package_internal.h"
#include "integrations/package_table.h"
#include "fisc/carry.h"
#include <string.h>

/* Behind the name, the columns are the fields of the event. */
static const char *const columns[] = {"rule",     "kind",    "stage", "items", "order",
                                      "entities", "key",     "again", "cap",   "from",
                                      "to",       "article", NULL};

static int
find_column(const char *name)
{
    for (int i = 0; name != NULL && columns[i] != NULL; i++) {
        if (strcmp(columns[i], name) == 0) {
            return i;
        }
    }
    return 0;
}

/* The engine's own check, with the place where it stands. */
static void
check_rule(FiscPackageTable *table, const FiscEvent *event)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    if (!fisc_carry_rule_check(event, refusals)) {
        const FiscRefusal *refusal = refusals->pdata[0];
        fisc_reader_refuse(table->reader, fisc_package_place(table, find_column(refusal->field)),
                           refusal->code, NULL, "%s", refusal->detail);
    }
}

static void
take_rule(FiscPackageTable *table)
{
    const char *name = fisc_package_value(table, 0);
    if (!fisc_reader_code(table->reader, fisc_package_place(table, 0), name) ||
        !fisc_package_is_new(table, 0, name)) {
        return;
    }
    FiscSubmission *master = fisc_package_master(table);
    FiscEvent *event = fisc_submission_event(master, "carry_rule", name, NULL, NULL);
    for (int i = 1; columns[i] != NULL; i++) {
        const char *text = fisc_package_value(table, i);
        if (*text != '\0') {
            g_ptr_array_add(event->fields, (char *)columns[i]);
            g_ptr_array_add(event->fields, (char *)fisc_submission_text(master, text));
        }
    }
    check_rule(table, event);
}

bool
fisc_package_carry_rules(FiscReader *reader, GError **error)
{
    return fisc_package_table(reader, "carry_rules.csv", columns, 2, take_rule, error);
}
