/* package_control.c: what says how much may be spent on what: controls.csv, the limits;
 * segments.csv, the trees their keys may be taken from; covers.csv, who may draw on whom. The
 * engine judges the definitions; here they get the place where they stand. */
#include "integrations/package_internal.h"
#include "integrations/package_table.h"
#include <string.h>

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

/* An event with a field for every column but the first that is not empty: their names are the
 * same. */
static FiscEvent *
add_event(FiscPackageTable *table, const char *kind, const char *subject)
{
    FiscSubmission *master = fisc_package_master(table);
    FiscEvent *event = fisc_submission_event(master, kind, subject, NULL);
    for (int i = 1; table->names[i] != NULL; i++) {
        const char *text = fisc_package_value(table, i);
        if (*text != '\0') {
            g_ptr_array_add(event->fields, (char *)fisc_submission_text(master, table->names[i]));
            g_ptr_array_add(event->fields, (char *)fisc_submission_text(master, text));
        }
    }
    return event;
}

/* ---- controls.csv ---- */

enum { CONTROL, LEVEL, ABSENT, KEY, ENTITIES, ARTICLE, ACCOUNTS };
static const char *const control_columns[] = {
    "control", "level", "absent",  "key",         "entities", "article",   "accounts",
    "side",    "limit", "consume", "interval",    "boundary", "tolerance", "tolerance_cap",
    "warn",    "from",  "to",      "overridable", NULL};

static bool
check_entities(FiscPackageTable *table)
{
    const FiscEntity *entity = NULL;
    const char *text = fisc_package_value(table, ENTITIES);
    FiscPlace place = fisc_package_place(table, ENTITIES);
    bool is_good = fisc_reader_required(table->reader, place, text);
    g_auto(GStrv) codes = g_strsplit(text, " ", -1);
    for (int i = 0; strcmp(text, "*") != 0 && codes[i] != NULL; i++) {
        is_good &= *codes[i] == '\0' || fisc_reader_entity(table->reader, place, codes[i], &entity);
    }
    return is_good;
}

static bool
check_accounts(FiscPackageTable *table)
{
    bool is_good = true;
    g_auto(GStrv) codes = g_strsplit(fisc_package_value(table, ACCOUNTS), " ", -1);
    for (int i = 0; codes[i] != NULL; i++) {
        if (*codes[i] != '\0' && fisc_nation_account(table->reader->nation, codes[i]) == NULL) {
            is_good = fisc_reader_refuse(
                table->reader, fisc_package_place(table, ACCOUNTS), FISC_ERROR_ACCOUNT_UNKNOWN,
                "accounts are those of accounts.csv, or stems: 6202", "\"%s\"", codes[i]);
        }
    }
    return is_good;
}

static void
take_control(FiscPackageTable *table)
{
    const char *name = fisc_package_value(table, CONTROL);
    if (!fisc_reader_code(table->reader, fisc_package_place(table, CONTROL), name) ||
        !fisc_package_is_new(table, CONTROL, name)) {
        return;
    }
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    if (!fisc_control_check(add_event(table, "control", name), refusals)) {
        const FiscRefusal *refusal = refusals->pdata[0];
        FiscPlace place = fisc_package_place(table, find_column(control_columns, refusal->field));
        fisc_reader_refuse(table->reader, place, refusal->code, "docs/controls.md", "%s",
                           refusal->detail);
    }
    check_entities(table);
    check_accounts(table);
}

bool
fisc_package_controls(FiscReader *reader, GError **error)
{
    return fisc_package_table(reader, "controls.csv", control_columns, 5, take_control, error);
}

/* ---- segments.csv ---- */

enum { DIMENSION, CODE, NAME, PARENT };

static bool
check_dimension(FiscPackageTable *table)
{
    const char *column = fisc_package_value(table, DIMENSION);
    int found = fisc_dimension_find(column);
    bool is_good = strcmp(column, "entity") == 0 ||
                   (found >= 0 && strcmp(fisc_dimension_column((FiscDimension)found), column) == 0);
    return is_good || fisc_reader_refuse(table->reader, fisc_package_place(table, DIMENSION),
                                         FISC_ERROR_VALUE_INVALID,
                                         "entity, or the column of a dimension: programme",
                                         "\"%s\" is no dimension", column);
}

/* Parents stand above: so no tree bites its tail, and the engine is never told of a branch before
 * it knows where that one stands now. */
static bool
check_parent(FiscPackageTable *table)
{
    const char *parent = fisc_package_value(table, PARENT);
    g_autofree char *subject = g_strconcat(fisc_package_value(table, DIMENSION), "/", parent, NULL);
    return *parent == '\0' || g_hash_table_contains(table->seen, subject) ||
           fisc_reader_refuse(table->reader, fisc_package_place(table, PARENT),
                              FISC_ERROR_SEGMENT_UNKNOWN, "a parent has a row above its children",
                              "\"%s\"", parent);
}

static void
take_segment(FiscPackageTable *table)
{
    const char *code = fisc_package_value(table, CODE);
    g_autofree char *subject = g_strconcat(fisc_package_value(table, DIMENSION), "/", code, NULL);
    bool is_good = check_dimension(table);
    is_good &= fisc_reader_code(table->reader, fisc_package_place(table, CODE), code);
    is_good &= check_parent(table);
    if (is_good && fisc_package_is_new(table, CODE, subject)) {
        fisc_submission_event(fisc_package_master(table), "segment", subject, "name",
                              fisc_package_text(fisc_package_value(table, NAME)), "parent",
                              fisc_package_text(fisc_package_value(table, PARENT)), NULL);
    }
}

bool
fisc_package_segments(FiscReader *reader, GError **error)
{
    static const char *const names[] = {"dimension", "code", "name", "parent", NULL};
    return fisc_package_table(reader, "segments.csv", names, 2, take_segment, error);
}

/* ---- covers.csv ---- */

enum { COVER, COVER_CONTROL, RECEIVER, DONOR, MODE, COVER_ARTICLE };

static void
take_cover(FiscPackageTable *table)
{
    static const char *const modes[] = {"unilateral", "reciprocal", NULL};
    const char *name = fisc_package_value(table, COVER);
    bool is_good = fisc_reader_code(table->reader, fisc_package_place(table, COVER), name) &&
                   fisc_package_is_new(table, COVER, name);
    for (int i = COVER_CONTROL; i <= DONOR; i++) {
        is_good &= fisc_reader_required(table->reader, fisc_package_place(table, i),
                                        fisc_package_value(table, i));
    }
    is_good &= fisc_package_word(table, MODE, modes);
    if (is_good) {
        add_event(table, "cover", name);
    }
}

bool
fisc_package_covers(FiscReader *reader, GError **error)
{
    static const char *const names[] = {"cover", "control", "receiver", "donor",
                                        "mode",  "article", NULL};
    return fisc_package_table(reader, "covers.csv", names, 5, take_cover, error);
}
