/* package_fact.c: the files of a package that hold dated facts: rates.csv, calendars.csv,
 * history.csv ... One reader for all: their columns are the fields of fisc_fact_kinds[]. */
#include "fisc/fact.h"
#include "integrations/package_internal.h"
#include "integrations/package_table.h"
#include <string.h>

/* A row of the table of kinds while its file is read. */
typedef struct {
    FiscPackageTable *table;
    const FiscFactKind *kind;
} Row;

/* Which column a field is; they are in the same order. */
static int
column_of(const FiscFactKind *kind, const char *name)
{
    for (int i = 0; name != NULL && kind->fields[i].name != NULL; i++) {
        if (strcmp(kind->fields[i].name, name) == 0) {
            return i;
        }
    }
    return 0;
}

/* The columns of a file of its kind tell which kind it is. */
static const FiscFactKind *
kind_of(const FiscPackageTable *table)
{
    for (const FiscFactKind *kind = fisc_fact_kinds; kind->kind != NULL; kind++) {
        if (kind->file != NULL && g_str_has_suffix(table->csv->file, kind->file) &&
            strcmp(table->names[0], kind->fields[0].name) == 0) {
            return kind;
        }
    }
    g_assert_not_reached();
}

static void
take_fields(const Row *row, FiscSubmission *master, GPtrArray *fields)
{
    for (int i = 0; row->kind->fields[i].name != NULL; i++) {
        const char *text = fisc_package_value(row->table, i);
        if (*text != '\0') {
            g_ptr_array_add(fields, (char *)row->kind->fields[i].name);
            g_ptr_array_add(fields, (char *)fisc_submission_text(master, text));
        }
    }
}

/* The same checks as the engine's, with the place where the words stand. */
static bool
check_words(const Row *row, const FiscEvent *event)
{
    FiscPackageTable *table = row->table;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    fisc_fact_check(event, refusals);
    for (guint i = 0; i < refusals->len; i++) {
        const FiscRefusal *refusal = refusals->pdata[i];
        FiscPlace place = fisc_package_place(table, column_of(row->kind, refusal->field));
        fisc_reader_refuse(table->reader, place, refusal->code, NULL, "%s", refusal->detail);
    }
    return refusals->len == 0;
}

static void
check_names(const Row *row)
{
    FiscPackageTable *table = row->table;
    for (int i = 0; row->kind->fields[i].name != NULL; i++) {
        const char *text = fisc_package_value(table, i);
        FiscFactType type = row->kind->fields[i].type;
        g_auto(GStrv) codes =
            g_strsplit(type == FISC_FACT_ENTITY || type == FISC_FACT_ENTITIES ? text : "", " ", -1);
        for (char **code = codes; *code != NULL; code++) {
            const FiscEntity *entity = NULL;
            if (**code != '\0') {
                fisc_reader_entity(table->reader, fisc_package_place(table, i), *code, &entity);
            }
        }
    }
}

static void
take_row(FiscPackageTable *table)
{
    Row row = {.table = table, .kind = kind_of(table)};
    FiscSubmission *master = fisc_package_master(table);
    g_autoptr(GPtrArray) fields = g_ptr_array_new();
    take_fields(&row, master, fields);
    g_autofree char *subject = fisc_fact_subject(row.kind, fields);
    const char *kept = fisc_submission_text(master, subject != NULL ? subject : "");
    if (subject != NULL && !fisc_package_is_new(table, 0, subject)) {
        return;
    }
    FiscEvent *event = fisc_submission_event(master, row.kind->kind, kept, NULL, NULL);
    for (guint i = 0; i < fields->len; i++) {
        g_ptr_array_add(event->fields, fields->pdata[i]);
    }
    if (check_words(&row, event)) {
        check_names(&row);
    }
}

static bool
read_kind(FiscReader *reader, const FiscFactKind *kind, GError **error)
{
    const char *names[FISC_FACT_FIELDS_MAX + 1] = {NULL};
    int required = 0;
    for (int i = 0; kind->fields[i].name != NULL; i++) {
        names[i] = kind->fields[i].name;
        required += kind->fields[i].is_key && required == i ? 1 : 0;
    }
    return fisc_package_table(reader, kind->file, names, required, take_row, error);
}

bool
fisc_package_facts(FiscReader *reader, GError **error)
{
    for (const FiscFactKind *kind = fisc_fact_kinds; kind->kind != NULL; kind++) {
        if (kind->file != NULL && !read_kind(reader, kind, error)) {
            return false;
        }
    }
    return true;
}
