/* package_master.c: the master data of a package as events: entities, groups, accounts, controls,
 * coverage notes, memorandum items. What is read is also added to the reader's nation, so that the
 * files after it may refer to it. */
#include "fisc/chart.h"
#include "fisc/gfs.h"
#include "fisc/money.h"
#include "integrations/package_internal.h"
#include <string.h>

/* A row of a small table, by the position of its columns in @names. */
typedef struct {
    FiscReader *reader;
    const FiscCsv *csv;
    const char *const *names;
    int column_of[8];
    const FiscCsvRow *row;
    GHashTable *seen; /* subjects of earlier rows -> line */
} Table;

typedef void (*TakeRow)(Table *table);

static const char *
value(const Table *table, int column)
{
    return fisc_csv_field(table->csv, table->row, table->column_of[column]);
}

static FiscPlace
place(const Table *table, int column)
{
    return (FiscPlace){
        .file = table->csv->file, .line = table->row->line, .field = table->names[column]};
}

/* The second row of one subject is refused: which of them should hold? */
static bool
is_new(Table *table, int column, const char *subject)
{
    int line = GPOINTER_TO_INT(g_hash_table_lookup(table->seen, subject));
    if (line == 0) {
        g_hash_table_insert(table->seen, g_strdup(subject), GINT_TO_POINTER(table->row->line));
        return true;
    }
    return fisc_reader_refuse(table->reader, place(table, column), FISC_ERROR_DUPLICATE_ROW, NULL,
                              "\"%s\" stands at line %d already", subject, line);
}

static bool
read_table(FiscReader *reader, const char *file, const char *const *names, int required_count,
           TakeRow take_row, GError **error)
{
    const char *required[8] = {NULL};
    g_assert(required_count < (int)G_N_ELEMENTS(required));
    memcpy(required, names, (gsize)required_count * sizeof(names[0]));
    FiscCsvOptions options = {.columns = names, .required = required};
    g_autoptr(FiscCsv) csv = NULL;
    if (!fisc_reader_csv(reader, file, &options, &csv, error)) {
        return false;
    }
    if (csv == NULL) {
        return true;
    }
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Table table = {.reader = reader, .csv = csv, .names = names, .seen = seen};
    for (int i = 0; names[i] != NULL; i++) {
        table.column_of[i] = fisc_csv_column(csv, names[i]);
    }
    for (guint i = 0; i < csv->rows->len; i++) {
        table.row = &g_array_index(csv->rows, FiscCsvRow, i);
        take_row(&table);
    }
    return true;
}

static const char *
text_or_null(const char *text)
{
    return *text != '\0' ? text : NULL;
}

static FiscSubmission *
master(const Table *table)
{
    return table->reader->package->master;
}

/* ---- entities.csv ---- */

static bool
check_flag(Table *table, int column)
{
    const char *text = value(table, column);
    return strcmp(text, "Y") == 0 || strcmp(text, "N") == 0 ||
           fisc_reader_refuse(table->reader, place(table, column), FISC_ERROR_VALUE_INVALID, NULL,
                              "\"%s\" is neither Y nor N", text);
}

/* "S13111", or several joined by '+'. */
static bool
check_sector(Table *table, int column)
{
    const char *text = value(table, column);
    g_auto(GStrv) codes = g_strsplit(text, "+", -1);
    bool is_good = codes[0] != NULL;
    for (int i = 0; codes[i] != NULL; i++) {
        const char *digits = codes[i] + 1;
        is_good &=
            codes[i][0] == 'S' && *digits != '\0' && strspn(digits, "0123456789") == strlen(digits);
    }
    return is_good ||
           fisc_reader_refuse(table->reader, place(table, column), FISC_ERROR_VALUE_INVALID,
                              "sectors are SNA codes: S13111, or S13111+S1314",
                              "\"%s\" is no sector", text);
}

static bool
check_cp_code(Table *table, int column)
{
    const char *text = value(table, column);
    bool is_good = (text[0] == '1' || text[0] == '2') && strspn(text, "0123456789") == strlen(text);
    return is_good ||
           fisc_reader_refuse(table->reader, place(table, column), FISC_ERROR_VALUE_INVALID,
                              "the digits after 82 or 83: 1.. domestic, 2.. external",
                              "\"%s\" is no counterparty code", text);
}

static bool
check_currency(Table *table, int column)
{
    const char *text = value(table, column);
    return fisc_currency_decimals(text) >= 0 ||
           fisc_reader_refuse(table->reader, place(table, column), FISC_ERROR_VALUE_INVALID,
                              "currencies are ISO 4217 codes", "\"%s\" is no currency", text);
}

static void
take_entity(Table *table)
{
    enum { ENTITY, NAME, SECTOR, CP_CODE, REPORTING, CURRENCY };
    const char *code = value(table, ENTITY);
    bool is_good =
        fisc_reader_code(table->reader, place(table, ENTITY), code) && is_new(table, ENTITY, code);
    is_good &= check_sector(table, SECTOR);
    is_good &= check_cp_code(table, CP_CODE);
    is_good &= check_flag(table, REPORTING);
    is_good &= check_currency(table, CURRENCY);
    if (!is_good) {
        return;
    }
    const char *currency = value(table, CURRENCY);
    fisc_nation_add_entity(table->reader->nation, code, value(table, NAME), value(table, SECTOR),
                           value(table, CP_CODE), value(table, REPORTING)[0] == 'Y', currency);
    fisc_submission_event(master(table), "entity", code, "name", value(table, NAME), "sector",
                          value(table, SECTOR), "cp_code", value(table, CP_CODE), "reporting",
                          value(table, REPORTING), "currency", text_or_null(currency), NULL);
}

bool
fisc_package_entities(FiscReader *reader, GError **error)
{
    static const char *const names[] = {"entity",    "name",     "sector", "cp_code",
                                        "reporting", "currency", NULL};
    return read_table(reader, "entities.csv", names, 5, take_entity, error);
}

/* ---- groups.csv ---- */

/* Members are units, named once each. */
static bool
check_members(Table *table, int column)
{
    g_auto(GStrv) members = g_strsplit(value(table, column), " ", -1);
    g_autoptr(GHashTable) named = g_hash_table_new(g_str_hash, g_str_equal);
    bool is_good = fisc_reader_required(table->reader, place(table, column), value(table, column));
    const FiscEntity *entity = NULL;
    for (int i = 0; members[i] != NULL; i++) {
        if (*members[i] == '\0') {
            continue;
        }
        is_good &= fisc_reader_entity(table->reader, place(table, column), members[i], &entity);
        if (!g_hash_table_add(named, members[i])) {
            is_good =
                fisc_reader_refuse(table->reader, place(table, column), FISC_ERROR_VALUE_INVALID,
                                   NULL, "\"%s\" is named twice", members[i]);
        }
    }
    return is_good;
}

static void
take_group(Table *table)
{
    enum { GROUP, NAME, MEMBERS };
    const char *code = value(table, GROUP);
    bool is_good =
        fisc_reader_code(table->reader, place(table, GROUP), code) && is_new(table, GROUP, code);
    if (is_good && fisc_nation_entity(table->reader->nation, code) != NULL) {
        is_good =
            fisc_reader_refuse(table->reader, place(table, GROUP), FISC_ERROR_MASTER_CONFLICT,
                               "give the group another code", "\"%s\" is an entity already", code);
    }
    is_good &= check_members(table, MEMBERS);
    if (!is_good) {
        return;
    }
    fisc_nation_add_group(table->reader->nation, code, value(table, NAME), value(table, MEMBERS));
    fisc_submission_event(master(table), "group", code, "name", value(table, NAME), "members",
                          value(table, MEMBERS), NULL);
}

bool
fisc_package_groups(FiscReader *reader, GError **error)
{
    static const char *const names[] = {"group", "name", "members", NULL};
    return read_table(reader, "groups.csv", names, 3, take_group, error);
}

/* ---- accounts.csv ---- */

/* The meaning of a national account: "6202", "3202", "22", "3111.1" become stem and kind. The stem
 * must be of the class the row names. */
static bool
take_meaning(Table *table, int column, FiscClass class_, char stem[FISC_GFS_CODE], int *out_kind)
{
    const char *gfs = value(table, column);
    int flow = 0;
    if (class_ == FISC_CLASS_BUDGETARY && *gfs == '\0') {
        stem[0] = '\0';
        return true;
    }
    if (!fisc_reader_required(table->reader, place(table, column), gfs) ||
        !fisc_reader_gfs_code(table->reader, place(table, column), gfs, &flow)) {
        return false;
    }
    fisc_gfs_parse(gfs, stem, &flow, out_kind);
    const FiscAccount *account = fisc_nation_account(table->reader->nation, stem);
    if (account->class_ == class_) {
        return true;
    }
    return fisc_reader_refuse(table->reader, place(table, column), FISC_ERROR_VALUE_INVALID, NULL,
                              "\"%s\" is of class %s", gfs, fisc_class_word(account->class_));
}

/* One number cannot be both a national account and a code of the manual: a posting could not say
 * which it means. */
static bool
is_free_number(Table *table, int column, const char *code)
{
    const FiscAccount *account = fisc_nation_account(table->reader->nation, code);
    return account == NULL || account->national ||
           fisc_reader_refuse(table->reader, place(table, column), FISC_ERROR_MASTER_CONFLICT,
                              "prefix the national numbers, as in \"N211\"",
                              "\"%s\" is a code of the GFSM 2014 list already", code);
}

static void
take_account(Table *table)
{
    enum { ACCOUNT, NAME, CLASS, GFS };
    FiscReader *reader = table->reader;
    const char *code = value(table, ACCOUNT);
    FiscClass class_ = fisc_class_find(value(table, CLASS));
    char stem[FISC_GFS_CODE] = "";
    int kind = 0;
    bool is_good = fisc_reader_code(reader, place(table, ACCOUNT), code) &&
                   is_new(table, ACCOUNT, code) && is_free_number(table, ACCOUNT, code);
    if (class_ == 0) {
        fisc_reader_refuse(reader, place(table, CLASS), FISC_ERROR_VALUE_INVALID,
                           "classes are revenue, expense, nonfinancial_asset, financial_asset, "
                           "liability, net_worth, budgetary",
                           "\"%s\" is no class", value(table, CLASS));
        return;
    }
    is_good &= take_meaning(table, GFS, class_, stem, &kind);
    if (!is_good) {
        return;
    }
    char digit[2] = {(char)('0' + kind), '\0'};
    fisc_nation_add_account(reader->nation, code, value(table, NAME), class_, stem, kind, true,
                            FISC_STAGE_NONE);
    fisc_submission_event(master(table), "account", code, "name", value(table, NAME), "class",
                          value(table, CLASS), "gfs", text_or_null(stem), "kind",
                          kind != 0 ? digit : NULL, NULL);
}

bool
fisc_package_accounts(FiscReader *reader, GError **error)
{
    static const char *const names[] = {"account", "name", "class", "gfs", NULL};
    return read_table(reader, "accounts.csv", names, 4, take_account, error);
}

/* ---- controls.csv ---- */

static bool
check_word(Table *table, int column, const char *const *words)
{
    const char *text = value(table, column);
    g_autofree char *hint = g_strjoinv(", ", (char **)words);
    return g_strv_contains(words, text) ||
           fisc_reader_refuse(table->reader, place(table, column), FISC_ERROR_VALUE_INVALID, hint,
                              "\"%s\" is none of the words allowed", text);
}

static bool
is_key_part(const char *part)
{
    g_auto(GStrv) halves = g_strsplit(part, ":", 2);
    bool is_count =
        halves[1] == NULL || (*halves[1] != '\0' && halves[1][0] != '0' && strlen(halves[1]) < 4 &&
                              strspn(halves[1], "0123456789") == strlen(halves[1]));
    return is_count && fisc_dimension_find(halves[0]) >= 0;
}

/* "entity programme:1 economic:1" */
static bool
check_key(Table *table, int column)
{
    g_auto(GStrv) parts = g_strsplit(value(table, column), " ", -1);
    bool is_good = parts[0] != NULL && strcmp(parts[0], "entity") == 0;
    for (int i = 1; is_good && parts[i] != NULL; i++) {
        is_good = is_key_part(parts[i]);
    }
    return is_good ||
           fisc_reader_refuse(table->reader, place(table, column), FISC_ERROR_VALUE_INVALID,
                              "entity first, then dimensions: entity programme:1 economic",
                              "\"%s\" is no key", value(table, column));
}

static bool
check_entities(Table *table, int column)
{
    const FiscEntity *entity = NULL;
    bool is_good = fisc_reader_required(table->reader, place(table, column), value(table, column));
    g_auto(GStrv) codes = g_strsplit(value(table, column), " ", -1);
    for (int i = 0; strcmp(value(table, column), "*") != 0 && codes[i] != NULL; i++) {
        is_good &= *codes[i] == '\0' ||
                   fisc_reader_entity(table->reader, place(table, column), codes[i], &entity);
    }
    return is_good;
}

static void
take_control(Table *table)
{
    enum { CONTROL, LEVEL, ABSENT, KEY, ENTITIES, ARTICLE };
    static const char *const levels[] = {"none", "track", "absolute", NULL};
    static const char *const absents[] = {"refuse", "zero", "none", NULL};
    const char *name = value(table, CONTROL);
    bool is_good = fisc_reader_code(table->reader, place(table, CONTROL), name) &&
                   is_new(table, CONTROL, name);
    is_good &= check_word(table, LEVEL, levels);
    is_good &= check_word(table, ABSENT, absents);
    is_good &= check_key(table, KEY);
    is_good &= check_entities(table, ENTITIES);
    if (is_good) {
        fisc_submission_event(master(table), "control", name, "level", value(table, LEVEL),
                              "absent", value(table, ABSENT), "key", value(table, KEY), "entities",
                              value(table, ENTITIES), "article",
                              text_or_null(value(table, ARTICLE)), NULL);
    }
}

bool
fisc_package_controls(FiscReader *reader, GError **error)
{
    static const char *const names[] = {"control",  "level",   "absent", "key",
                                        "entities", "article", NULL};
    return read_table(reader, "controls.csv", names, 5, take_control, error);
}

/* ---- coverage.csv ---- */

static void
take_note(Table *table)
{
    enum { UNIT, STATEMENT, TEXT };
    static const char *const statements[] = {
        "*",         "SOO",   "SSUC",      "SOEF",        "BS_OPEN", "BS_CLOSE", "STCNW",
        "STOCKFLOW", "COFOG", "COFOG_DIV", "COUNTERPART", "MEMO",    NULL};
    const char *unit = value(table, UNIT);
    g_autofree char *subject = g_strconcat(unit, "/", value(table, STATEMENT), NULL);
    bool is_good =
        fisc_reader_unit(table->reader, place(table, UNIT), unit) && is_new(table, UNIT, subject);
    is_good &= check_word(table, STATEMENT, statements);
    is_good &= fisc_reader_required(table->reader, place(table, TEXT), value(table, TEXT));
    if (is_good) {
        fisc_submission_event(master(table), "note", subject, "unit", unit, "statement",
                              value(table, STATEMENT), "text", value(table, TEXT), NULL);
    }
}

bool
fisc_package_notes(FiscReader *reader, GError **error)
{
    static const char *const names[] = {"unit", "statement", "text", NULL};
    return read_table(reader, "coverage.csv", names, 3, take_note, error);
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
take_year(Table *table, int column, int *out_year)
{
    const char *text = value(table, column);
    FiscDate first = 0;
    g_autofree char *new_year = g_strconcat(text, "-01-01", NULL);
    if (*text == '\0' && table->reader->first_year != 0) {
        *out_year = table->reader->first_year;
        return true;
    }
    if (!fisc_date_parse(new_year, &first)) {
        return fisc_reader_refuse(table->reader, place(table, column), FISC_ERROR_DATE_INVALID,
                                  "without a column year it is that of the package's first entry",
                                  "\"%s\" is no year", text);
    }
    *out_year = fisc_date_year(first);
    return true;
}

static void
take_memorandum(Table *table)
{
    enum { UNIT, CODE, AMOUNT, LABEL, NOTE, YEAR };
    FiscReader *reader = table->reader;
    const char *unit = value(table, UNIT);
    const char *code = value(table, CODE);
    int64_t amount = 0;
    int year = 0;
    int decimals = decimals_of_unit(reader->nation, unit);
    bool is_good = fisc_reader_unit(reader, place(table, UNIT), unit);
    if (fisc_gfs_code_find(code) == NULL) {
        is_good = fisc_reader_refuse(reader, place(table, CODE), FISC_ERROR_ACCOUNT_UNKNOWN, NULL,
                                     "\"%s\" is no code of GFSM 2014", code);
    }
    is_good &= fisc_reader_amount(reader, place(table, AMOUNT), value(table, AMOUNT), decimals, '.',
                                  0, &amount);
    is_good &= take_year(table, YEAR, &year);
    g_autofree char *subject = g_strdup_printf("%s/%d/%s", unit, year, code);
    if (!is_good || !is_new(table, UNIT, subject)) {
        return;
    }
    char written[FISC_AMOUNT_TEXT];
    g_autofree char *year_text = g_strdup_printf("%d", year);
    fisc_submission_event(master(table), "memorandum", subject, "unit", unit, "year", year_text,
                          "code", code, "label", value(table, LABEL), "amount",
                          fisc_amount_format(amount, decimals, written), "note", value(table, NOTE),
                          NULL);
}

bool
fisc_package_memoranda(FiscReader *reader, GError **error)
{
    static const char *const names[] = {"unit", "code", "amount", "label", "note", "year", NULL};
    return read_table(reader, "memorandum.csv", names, 3, take_memorandum, error);
}
