/* package_rules.c: what binds a budget beside its controls: virement_rules.csv, the rules by which
 * appropriations may move, growths.csv, what grows with revenue, reserve_rules.csv, how reserves
 * are drawn, and releases.csv, the plan of allotments. */
#include "integrations/package_internal.h"
#include "integrations/package_table.h"
#include <string.h>

/* ---- rules ---- */

/* A file of rules: each row is an event, and the names of its fields are the columns behind the
 * name. */
typedef struct {
    const char *file;
    const char *kind;
    const char *const *columns;
    bool (*check)(const FiscEvent *event, FiscRefusals *refusals);
} RuleFile;

static const char *const virement_columns[] = {
    "rule",     "order",     "same",     "donor_not", "receiver_not", "key",     "cap",
    "approval", "approvals", "entities", "from",      "to",           "article", NULL};
static const char *const growth_columns[] = {"growth", "control", "key",  "revenue", "share",
                                             "cap",    "of",      "base", "article", NULL};
static const char *const reserve_columns[] = {"reserve",   "line",    "ceiling", "ceiling_of",
                                              "approvals", "article", NULL};

static const RuleFile virement_file = {"virement_rules.csv", "virement_rule", virement_columns,
                                       fisc_virement_rule_check};
static const RuleFile growth_file = {"growths.csv", "growth", growth_columns, fisc_growth_check};
static const RuleFile reserve_file = {"reserve_rules.csv", "reserve_rule", reserve_columns,
                                      fisc_reserve_rule_check};

static int
find_column(const char *const *names, const char *name)
{
    for (int i = 0; name != NULL && names[i] != NULL; i++) {
        if (strcmp(names[i], name) == 0) {
            return i;
        }
    }
    return 0;
}

/* The engine's own check, with the place where it stands. */
static void
check_rule(FiscPackageTable *table, const RuleFile *file, const FiscEvent *event)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    if (!file->check(event, refusals)) {
        const FiscRefusal *refusal = refusals->pdata[0];
        int column = find_column(table->names, refusal->field);
        fisc_reader_refuse(table->reader, fisc_package_place(table, column), refusal->code, NULL,
                           "%s", refusal->detail);
    }
}

static void
take_rule(FiscPackageTable *table, const RuleFile *file)
{
    const char *name = fisc_package_value(table, 0);
    if (!fisc_reader_code(table->reader, fisc_package_place(table, 0), name) ||
        !fisc_package_is_new(table, 0, name)) {
        return;
    }
    FiscSubmission *master = fisc_package_master(table);
    FiscEvent *event = fisc_submission_event(master, file->kind, name, NULL);
    for (int i = 1; file->columns[i] != NULL; i++) {
        const char *text = fisc_package_value(table, i);
        if (*text != '\0') {
            g_ptr_array_add(event->fields, (char *)fisc_submission_text(master, file->columns[i]));
            g_ptr_array_add(event->fields, (char *)fisc_submission_text(master, text));
        }
    }
    check_rule(table, file, event);
}

static void
take_virement_rule(FiscPackageTable *table)
{
    take_rule(table, &virement_file);
}

static void
take_growth(FiscPackageTable *table)
{
    take_rule(table, &growth_file);
}

static void
take_reserve_rule(FiscPackageTable *table)
{
    take_rule(table, &reserve_file);
}

bool
fisc_package_rules(FiscReader *reader, GError **error)
{
    return fisc_package_table(reader, virement_file.file, virement_columns, 1, take_virement_rule,
                              error) &&
           fisc_package_table(reader, growth_file.file, growth_columns, 1, take_growth, error) &&
           fisc_package_table(reader, reserve_file.file, reserve_columns, 1, take_reserve_rule,
                              error);
}

/* ---- releases.csv ---- */

enum { ENTITY, PERIOD, AMOUNT, MEMO, DIMENSIONS };

static bool
take_period(FiscPackageTable *table, FiscDate *out_date)
{
    FiscPeriod from = 0, to = 0;
    const char *text = fisc_package_value(table, PERIOD);
    if (!fisc_period_range_parse(text, &from, &to) || from % 100 == 13) {
        return fisc_reader_refuse(table->reader, fisc_package_place(table, PERIOD),
                                  FISC_ERROR_VALUE_INVALID, "write 2024, 2024-Q1 or 2024-03",
                                  "\"%s\" is no year, quarter or month", text);
    }
    *out_date = fisc_date_make(fisc_period_year(from), MAX(from % 100, 1), 1);
    return true;
}

/* The budget line: its dimensions, and its name among the references. */
static bool
take_line(FiscPackageTable *table, FiscSubmission *into, const char *dim[FISC_DIM_COUNT],
          GString *name)
{
    bool is_good = true;
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        const char *code = fisc_package_value(table, DIMENSIONS + i);
        if (*code != '\0') {
            is_good &= fisc_reader_dimension(
                table->reader, fisc_package_place(table, DIMENSIONS + i), (FiscDimension)i, code);
            dim[i] = fisc_submission_text(into, code);
            g_string_append_printf(name, "/%s=%s", fisc_dimension_column((FiscDimension)i), code);
        }
    }
    return is_good;
}

static void
add_release(FiscPackageTable *table, FiscSubmission *into, const FiscEntity *entity,
            const char *reference, FiscDate date, const char *const dim[FISC_DIM_COUNT],
            int64_t amount)
{
    const char *memo = fisc_package_value(table, MEMO);
    FiscEntry *entry = fisc_submission_entry(into);
    entry->entity = fisc_submission_text(into, entity->code);
    entry->reference = fisc_submission_text(into, reference);
    entry->effective = date;
    entry->memo = fisc_submission_text(into, *memo != '\0' ? memo : "Budget: allotment");
    entry->file = fisc_submission_text(into, table->csv->file);
    entry->row = table->row->line;
    entry->decimals = entity->decimals;
    fisc_entry_move(entry, FISC_STAGE_RELEASE, FISC_STAGE_ALLOTTED, amount, dim, entry->row);
    fisc_reader_note_date(table->reader, date);
    fisc_reader_finish_entry(table->reader, into, entry);
}

static void
take_release(FiscPackageTable *table)
{
    FiscReader *reader = table->reader;
    const FiscPackageStep *step = reader->package->steps->pdata[reader->package->steps->len - 1];
    const FiscEntity *entity = NULL;
    const char *dim[FISC_DIM_COUNT] = {NULL};
    FiscDate date = 0;
    int64_t amount = 0;
    if (!fisc_reader_entity(reader, fisc_package_place(table, ENTITY),
                            fisc_package_value(table, ENTITY), &entity)) {
        return;
    }
    g_autoptr(GString) reference = g_string_new(NULL);
    g_string_append_printf(reference, "%s/release/%s", entity->code,
                           fisc_package_value(table, PERIOD));
    bool is_good = take_period(table, &date);
    is_good &=
        fisc_reader_amount(reader, fisc_package_place(table, AMOUNT),
                           fisc_package_value(table, AMOUNT), entity->decimals, '.', 0, &amount);
    is_good &= take_line(table, step->submission, dim, reference);
    is_good = is_good && fisc_package_is_new(table, PERIOD, reference->str);
    if (is_good && amount != 0) {
        add_release(table, step->submission, entity, reference->str, date, dim, amount);
    }
}

bool
fisc_package_releases(FiscReader *reader, GError **error)
{
    static const char *const names[] = {"entity", "period", "amount", "memo",
#define X(name, column, meaning) column,
                                        FISC_DIMENSIONS(X)
#undef X
                                            NULL};
    fisc_reader_step(reader, "releases.csv", FISC_PACKAGE_SOURCE);
    return fisc_package_table(reader, "releases.csv", names, 3, take_release, error);
}
