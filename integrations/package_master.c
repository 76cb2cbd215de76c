/* package_master.c: the master data of a package as events: entities, groups, coverage
 * notes, memorandum items. What is read is also added to the reader's nation, so that the
 * files after it may refer to it. */
#include "fisc/chart.h"
#include "fisc/gfs.h"
#include "fisc/money.h"
#include "integrations/package_internal.h"
#include "integrations/package_table.h"
#include <string.h>

/* ---- entities.csv ---- */

static bool
check_flag(FiscPackageTable *table, int column)
{
    const char *text = fisc_package_value(table, column);
    return strcmp(text, "Y") == 0 || strcmp(text, "N") == 0 ||
           fisc_reader_refuse(table->reader, fisc_package_place(table, column),
                              FISC_ERROR_VALUE_INVALID, NULL, "\"%s\" is neither Y nor N", text);
}

/* "S13111", or several joined by '+'. */
static bool
check_sector(FiscPackageTable *table, int column)
{
    const char *text = fisc_package_value(table, column);
    g_auto(GStrv) codes = g_strsplit(text, "+", -1);
    bool is_good = codes[0] != NULL;
    for (int i = 0; codes[i] != NULL; i++) {
        const char *digits = codes[i] + 1;
        is_good &=
            codes[i][0] == 'S' && *digits != '\0' && strspn(digits, "0123456789") == strlen(digits);
    }
    return is_good || fisc_reader_refuse(table->reader, fisc_package_place(table, column),
                                         FISC_ERROR_VALUE_INVALID,
                                         "sectors are SNA codes: S13111, or S13111+S1314",
                                         "\"%s\" is no sector", text);
}

static bool
check_cp_code(FiscPackageTable *table, int column)
{
    const char *text = fisc_package_value(table, column);
    bool is_good = (text[0] == '1' || text[0] == '2') && strspn(text, "0123456789") == strlen(text);
    return is_good || fisc_reader_refuse(table->reader, fisc_package_place(table, column),
                                         FISC_ERROR_VALUE_INVALID,
                                         "the digits after 82 or 83: 1.. domestic, 2.. external",
                                         "\"%s\" is no counterparty code", text);
}

static void
take_entity(FiscPackageTable *table)
{
    enum { ENTITY, NAME, SECTOR, CP_CODE, REPORTING, CURRENCY };
    const char *code = fisc_package_value(table, ENTITY);
    bool is_good = fisc_reader_code(table->reader, fisc_package_place(table, ENTITY), code) &&
                   fisc_package_is_new(table, ENTITY, code);
    is_good &= check_sector(table, SECTOR);
    is_good &= check_cp_code(table, CP_CODE);
    is_good &= check_flag(table, REPORTING);
    is_good &= fisc_reader_currency(table->reader, fisc_package_place(table, CURRENCY),
                                    fisc_package_value(table, CURRENCY));
    if (!is_good) {
        return;
    }
    const char *currency = fisc_package_value(table, CURRENCY);
    if (*currency == '\0' && table->reader->defaults.currency != NULL) {
        currency = table->reader->defaults.currency;
    }
    fisc_nation_add_entity(table->reader->nation, code, fisc_package_value(table, NAME),
                           fisc_package_value(table, SECTOR), fisc_package_value(table, CP_CODE),
                           fisc_package_value(table, REPORTING)[0] == 'Y', currency);
    fisc_submission_event(
        fisc_package_master(table), "entity", code, "name", fisc_package_value(table, NAME),
        "sector", fisc_package_value(table, SECTOR), "cp_code", fisc_package_value(table, CP_CODE),
        "reporting", fisc_package_value(table, REPORTING), "currency", fisc_package_text(currency),
        NULL);
}

bool
fisc_package_entities(FiscReader *reader, GError **error)
{
    static const char *const names[] = {"entity",    "name",     "sector", "cp_code",
                                        "reporting", "currency", NULL};
    return fisc_package_table(reader, "entities.csv", names, 5, take_entity, error);
}

/* ---- groups.csv ---- */

/* Members are units, named once each. */
static bool
check_members(FiscPackageTable *table, int column)
{
    g_auto(GStrv) members = g_strsplit(fisc_package_value(table, column), " ", -1);
    g_autoptr(GHashTable) named = g_hash_table_new(g_str_hash, g_str_equal);
    bool is_good = fisc_reader_required(table->reader, fisc_package_place(table, column),
                                        fisc_package_value(table, column));
    const FiscEntity *entity = NULL;
    for (int i = 0; members[i] != NULL; i++) {
        if (*members[i] == '\0') {
            continue;
        }
        is_good &= fisc_reader_entity(table->reader, fisc_package_place(table, column), members[i],
                                      &entity);
        if (!g_hash_table_add(named, members[i])) {
            is_good = fisc_reader_refuse(table->reader, fisc_package_place(table, column),
                                         FISC_ERROR_VALUE_INVALID, NULL, "\"%s\" is named twice",
                                         members[i]);
        }
    }
    return is_good;
}

static void
take_group(FiscPackageTable *table)
{
    enum { GROUP, NAME, MEMBERS };
    const char *code = fisc_package_value(table, GROUP);
    bool is_good = fisc_reader_code(table->reader, fisc_package_place(table, GROUP), code) &&
                   fisc_package_is_new(table, GROUP, code);
    if (is_good && fisc_nation_entity(table->reader->nation, code) != NULL) {
        is_good = fisc_reader_refuse(table->reader, fisc_package_place(table, GROUP),
                                     FISC_ERROR_MASTER_CONFLICT, "give the group another code",
                                     "\"%s\" is an entity already", code);
    }
    is_good &= check_members(table, MEMBERS);
    if (!is_good) {
        return;
    }
    fisc_nation_add_group(table->reader->nation, code, fisc_package_value(table, NAME),
                          fisc_package_value(table, MEMBERS));
    fisc_submission_event(fisc_package_master(table), "group", code, "name",
                          fisc_package_value(table, NAME), "members",
                          fisc_package_value(table, MEMBERS), NULL);
}

bool
fisc_package_groups(FiscReader *reader, GError **error)
{
    static const char *const names[] = {"group", "name", "members", NULL};
    return fisc_package_table(reader, "groups.csv", names, 3, take_group, error);
}

/* ---- coverage.csv ---- */

static void
take_note(FiscPackageTable *table)
{
    enum { UNIT, STATEMENT, TEXT };
    static const char *const statements[] = {
        "*",         "SOO",   "SSUC",      "SOEF",        "BS_OPEN", "BS_CLOSE", "STCNW",
        "STOCKFLOW", "COFOG", "COFOG_DIV", "COUNTERPART", "MEMO",    NULL};
    const char *unit = fisc_package_value(table, UNIT);
    g_autofree char *subject = g_strconcat(unit, "/", fisc_package_value(table, STATEMENT), NULL);
    bool is_good = fisc_reader_unit(table->reader, fisc_package_place(table, UNIT), unit) &&
                   fisc_package_is_new(table, UNIT, subject);
    is_good &= fisc_package_word(table, STATEMENT, statements);
    is_good &= fisc_reader_required(table->reader, fisc_package_place(table, TEXT),
                                    fisc_package_value(table, TEXT));
    if (is_good) {
        fisc_submission_event(fisc_package_master(table), "note", subject, "unit", unit,
                              "statement", fisc_package_value(table, STATEMENT), "text",
                              fisc_package_value(table, TEXT), NULL);
    }
}

bool
fisc_package_notes(FiscReader *reader, GError **error)
{
    static const char *const names[] = {"unit", "statement", "text", NULL};
    return fisc_package_table(reader, "coverage.csv", names, 3, take_note, error);
}

/* ---- memorandum.csv ---- */

/* Amounts of a group are in the currency of its first member. */
static int
decimals_of_unit(const FiscNation *nation, const char *unit)
{
    const FiscGroup *group = fisc_nation_group(nation, unit);
    const char *code = group != NULL && group->members->len > 0 ? group->members->pdata[0] : unit;
    const FiscEntity *entity = fisc_nation_entity(nation, code);
    return entity != NULL ? entity->decimals : 2;
}

static bool
take_year(FiscPackageTable *table, int column, int *out_year)
{
    const char *text = fisc_package_value(table, column);
    FiscDate first = 0;
    g_autofree char *new_year = g_strconcat(text, "-01-01", NULL);
    if (*text == '\0' && table->reader->first_year != 0) {
        *out_year = table->reader->first_year;
        return true;
    }
    if (!fisc_date_parse(new_year, &first)) {
        return fisc_reader_refuse(table->reader, fisc_package_place(table, column),
                                  FISC_ERROR_DATE_INVALID,
                                  "without a column year it is that of the package's first entry",
                                  "\"%s\" is no year", text);
    }
    *out_year = fisc_date_year(first);
    return true;
}

static void
take_memorandum(FiscPackageTable *table)
{
    enum { UNIT, CODE, AMOUNT, LABEL, NOTE, YEAR };
    FiscReader *reader = table->reader;
    const char *unit = fisc_package_value(table, UNIT);
    const char *code = fisc_package_value(table, CODE);
    int64_t amount = 0;
    int year = 0;
    int decimals = decimals_of_unit(reader->nation, unit);
    bool is_good = fisc_reader_unit(reader, fisc_package_place(table, UNIT), unit);
    if (fisc_gfs_code_find(code) == NULL) {
        is_good =
            fisc_reader_refuse(reader, fisc_package_place(table, CODE), FISC_ERROR_ACCOUNT_UNKNOWN,
                               NULL, "\"%s\" is no code of GFSM 2014", code);
    }
    is_good &= fisc_reader_amount(reader, fisc_package_place(table, AMOUNT),
                                  fisc_package_value(table, AMOUNT), decimals, '.', 0, &amount);
    is_good &= take_year(table, YEAR, &year);
    g_autofree char *subject = g_strdup_printf("%s/%d/%s", unit, year, code);
    if (!is_good || !fisc_package_is_new(table, UNIT, subject)) {
        return;
    }
    char written[FISC_AMOUNT_TEXT];
    g_autofree char *year_text = g_strdup_printf("%d", year);
    fisc_submission_event(fisc_package_master(table), "memorandum", subject, "unit", unit, "year",
                          year_text, "code", code, "label", fisc_package_value(table, LABEL),
                          "amount", fisc_amount_format(amount, decimals, written), "note",
                          fisc_package_value(table, NOTE), NULL);
}

bool
fisc_package_memoranda(FiscReader *reader, GError **error)
{
    static const char *const names[] = {"unit", "code", "amount", "label", "note", "year", NULL};
    return fisc_package_table(reader, "memorandum.csv", names, 3, take_memorandum, error);
}
