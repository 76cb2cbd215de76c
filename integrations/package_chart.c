/* package_chart.c: what a package says of itself and of its chart: package.csv, accounts.csv,
 * links.csv. */
#include "fisc/chart.h"
#include "fisc/gfs.h"
#include "integrations/package_internal.h"
#include "integrations/package_table.h"
#include <string.h>

/* ---- package.csv ---- */

static bool
take_year(FiscPackageTable *table, int column, int *out_year)
{
    const char *text = fisc_package_value(table, column);
    FiscDate first = 0;
    g_autofree char *new_year = g_strconcat(text, "-01-01", NULL);
    if (!fisc_date_parse(new_year, &first)) {
        return fisc_reader_refuse(table->reader, fisc_package_place(table, column),
                                  FISC_ERROR_DATE_INVALID, NULL, "\"%s\" is no year", text);
    }
    *out_year = fisc_date_year(first);
    return true;
}

/* One year for all that bears no date: the year of the date, when both are told. */
static bool
set_year(FiscPackageTable *table, int column, int year)
{
    FiscReader *reader = table->reader;
    if (reader->defaults.year != 0 && reader->defaults.year != year) {
        return fisc_reader_refuse(reader, fisc_package_place(table, column),
                                  FISC_ERROR_VALUE_INVALID, "leave one of the two out",
                                  "date and year are of %d and %d", reader->defaults.year, year);
    }
    reader->defaults.year = year;
    reader->first_year = year;
    return true;
}

static void
take_default(FiscPackageTable *table)
{
    enum { KEY, VALUE };
    static const char *const keys[] = {"entity", "date", "year", "currency", NULL};
    FiscReader *reader = table->reader;
    const char *key = fisc_package_value(table, KEY);
    const char *text = fisc_package_value(table, VALUE);
    FiscPlace place = fisc_package_place(table, VALUE);
    FiscDate date = 0;
    int year = 0;
    if (!fisc_package_word(table, KEY, keys) || !fisc_package_is_new(table, KEY, key) ||
        !fisc_reader_required(reader, place, text)) {
        return;
    }
    if (strcmp(key, "entity") == 0 && fisc_reader_code(reader, place, text)) {
        reader->defaults.entity = g_strdup(text);
    } else if (strcmp(key, "date") == 0 && fisc_reader_date(reader, place, text, &date) &&
               set_year(table, VALUE, fisc_date_year(date))) {
        reader->defaults.date = g_strdup(text);
    } else if (strcmp(key, "year") == 0 && take_year(table, VALUE, &year)) {
        set_year(table, VALUE, year);
    } else if (strcmp(key, "currency") == 0 && fisc_reader_currency(reader, place, text)) {
        reader->defaults.currency = g_strdup(text);
    }
}

bool
fisc_package_defaults(FiscReader *reader, GError **error)
{
    static const char *const names[] = {"key", "value", NULL};
    return fisc_package_table(reader, "package.csv", names, 2, take_default, error);
}

/* ---- accounts.csv ---- */

enum { ACCOUNT, NAME, CLASS, GFS, TITLE, SET, NORMAL, STAGE };

typedef struct {
    FiscSet set;
    FiscClass class_; /* 0 until the GFS code tells it */
    char stem[FISC_GFS_CODE];
    int kind;
    FiscStage stage;
} Meaning;

/* One number cannot be both a national account and a code of the manual: a posting could not say
 * which it means. */
static bool
is_free_number(FiscPackageTable *table, int column, const char *code)
{
    const FiscAccount *account = fisc_nation_account(table->reader->nation, code);
    return account == NULL || account->national ||
           fisc_reader_refuse(table->reader, fisc_package_place(table, column),
                              FISC_ERROR_MASTER_CONFLICT,
                              "prefix the national numbers, as in \"N211\"",
                              "\"%s\" is a code of the GFSM 2014 list already", code);
}

/* Set and class say the same thing, the class in more detail. */
static bool
take_class(FiscPackageTable *table, Meaning *meaning)
{
    FiscReader *reader = table->reader;
    const char *word = fisc_package_value(table, CLASS);
    if (!fisc_reader_set(reader, fisc_package_place(table, SET), fisc_package_value(table, SET),
                         &meaning->set)) {
        return false;
    }
    meaning->class_ = fisc_class_find(word);
    bool is_told = *word == '\0' && meaning->set != FISC_SET_NONE;
    if (meaning->class_ == 0 && !is_told) {
        return fisc_reader_refuse(
            reader, fisc_package_place(table, CLASS), FISC_ERROR_VALUE_INVALID,
            "classes are revenue, expense, nonfinancial_asset, financial_asset, liability, "
            "net_worth, budgetary, proprietary; a column set may tell it instead",
            "\"%s\" is no class", word);
    }
    bool is_budgetary =
        meaning->set == FISC_SET_BUDGETARY || meaning->class_ == FISC_CLASS_BUDGETARY;
    if (is_budgetary && ((meaning->class_ != FISC_CLASS_BUDGETARY && meaning->class_ != 0) ||
                         meaning->set == FISC_SET_PROPRIETARY)) {
        return fisc_reader_refuse(reader, fisc_package_place(table, SET), FISC_ERROR_VALUE_INVALID,
                                  NULL, "\"%s\" contradicts the class %s",
                                  fisc_package_value(table, SET), word);
    }
    if (is_budgetary) {
        meaning->class_ = FISC_CLASS_BUDGETARY;
    } else if (meaning->class_ == FISC_CLASS_PROPRIETARY) {
        meaning->class_ = 0;
        meaning->set = FISC_SET_PROPRIETARY;
    }
    return true;
}

/* "6202", "3202", "22", "3111.1" become stem and kind; the stem must be of the class that the row
 * names, or tells the class. */
static bool
take_gfs(FiscPackageTable *table, Meaning *meaning)
{
    FiscPlace place = fisc_package_place(table, GFS);
    const char *gfs = fisc_package_value(table, GFS);
    int flow = 0;
    bool may_be_empty =
        meaning->class_ == FISC_CLASS_BUDGETARY || meaning->set == FISC_SET_PROPRIETARY;
    if (*gfs == '\0' && may_be_empty) {
        meaning->class_ = meaning->class_ != 0 ? meaning->class_ : FISC_CLASS_PROPRIETARY;
        return true;
    }
    if (!fisc_reader_required(table->reader, place, gfs) ||
        !fisc_reader_gfs_code(table->reader, place, gfs, &flow)) {
        return false;
    }
    fisc_gfs_parse(gfs, meaning->stem, &flow, &meaning->kind);
    const FiscAccount *account = fisc_nation_account(table->reader->nation, meaning->stem);
    if (meaning->class_ != 0 && account->class_ != meaning->class_) {
        return fisc_reader_refuse(table->reader, place, FISC_ERROR_VALUE_INVALID, NULL,
                                  "\"%s\" is of class %s", gfs, fisc_class_word(account->class_));
    }
    meaning->class_ = account->class_;
    return true;
}

static bool
take_stage(FiscPackageTable *table, Meaning *meaning)
{
    const char *word = fisc_package_value(table, STAGE);
    int stage = *word != '\0' ? fisc_stage_find(word) : (int)FISC_STAGE_NONE;
    if (stage < 0) {
        return fisc_reader_refuse(table->reader, fisc_package_place(table, STAGE),
                                  FISC_ERROR_VALUE_INVALID,
                                  "stages are appropriation, change, available, commitment and the "
                                  "others of docs/package-format.md",
                                  "\"%s\" is no stage", word);
    }
    if (stage != FISC_STAGE_NONE && meaning->class_ != FISC_CLASS_BUDGETARY) {
        return fisc_reader_refuse(table->reader, fisc_package_place(table, STAGE),
                                  FISC_ERROR_VALUE_INVALID, NULL,
                                  "only a budgetary account plays a stage, and this one is %s",
                                  fisc_class_word(meaning->class_));
    }
    meaning->stage = (FiscStage)stage;
    return true;
}

static bool
take_meaning(FiscPackageTable *table, Meaning *meaning)
{
    static const char *const sides[] = {"debit", "credit", "", NULL};
    bool is_good = fisc_package_word(table, NORMAL, sides);
    return take_class(table, meaning) && take_gfs(table, meaning) && take_stage(table, meaning) &&
           is_good;
}

/* Name and title are two words for one thing. */
static bool
take_name(FiscPackageTable *table, const char **out_name)
{
    const char *name = fisc_package_value(table, NAME);
    const char *title = fisc_package_value(table, TITLE);
    *out_name = *name != '\0' ? name : title;
    return *name == '\0' || *title == '\0' || strcmp(name, title) == 0 ||
           fisc_reader_refuse(table->reader, fisc_package_place(table, TITLE),
                              FISC_ERROR_VALUE_INVALID, "give one of the two",
                              "\"%s\" differs from the name", title);
}

/* A chart needs a name and a class for each account, in either of their forms. */
static bool
check_header(FiscPackageTable *table)
{
    static const int pairs[][2] = {{NAME, TITLE}, {CLASS, SET}};
    for (guint i = 0; i < G_N_ELEMENTS(pairs); i++) {
        if (!fisc_package_has(table, pairs[i][0]) && !fisc_package_has(table, pairs[i][1])) {
            FiscPlace place = {
                .file = table->csv->file, .line = 1, .field = table->names[pairs[i][0]]};
            fisc_reader_refuse(table->reader, place, FISC_ERROR_COLUMN_MISSING, NULL,
                               "the header has no column \"%s\" and no \"%s\"",
                               table->names[pairs[i][0]], table->names[pairs[i][1]]);
            table->is_refused = true;
        }
    }
    return !table->is_refused;
}

static void
add_account(FiscPackageTable *table, const char *name, const Meaning *meaning)
{
    const char *code = fisc_package_value(table, ACCOUNT);
    const char *normal = fisc_package_value(table, NORMAL);
    char digit[2] = {(char)('0' + meaning->kind), '\0'};
    FiscAccount *account =
        fisc_nation_add_account(table->reader->nation, code, name, meaning->class_, meaning->stem,
                                meaning->kind, true, meaning->stage);
    account->normal = strcmp(normal, "debit") == 0 ? 1 : strcmp(normal, "credit") == 0 ? -1 : 0;
    fisc_submission_event(fisc_package_master(table), "account", code, "name", name, "class",
                          fisc_class_word(meaning->class_), "gfs", fisc_package_text(meaning->stem),
                          "kind", meaning->kind != 0 ? digit : NULL, "stage",
                          fisc_package_text(fisc_stage_word(meaning->stage)), "normal",
                          fisc_package_text(normal), NULL);
}

static void
take_account(FiscPackageTable *table)
{
    const char *code = fisc_package_value(table, ACCOUNT);
    const char *name = "";
    Meaning meaning = {0};
    if (!check_header(table)) {
        return;
    }
    bool is_good = fisc_reader_code(table->reader, fisc_package_place(table, ACCOUNT), code) &&
                   fisc_package_is_new(table, ACCOUNT, code) &&
                   is_free_number(table, ACCOUNT, code);
    is_good &= take_name(table, &name);
    is_good &= take_meaning(table, &meaning);
    if (is_good) {
        add_account(table, name, &meaning);
    }
}

bool
fisc_package_accounts(FiscReader *reader, GError **error)
{
    static const char *const names[] = {"account", "name",   "class", "gfs", "title",
                                        "set",     "normal", "stage", NULL};
    return fisc_package_table(reader, "accounts.csv", names, 1, take_account, error);
}

/* ---- links.csv ---- */

/* Accounts of one side; *out_budgetary tells which. */
static bool
check_accounts(FiscPackageTable *table, int column, bool *out_budgetary)
{
    FiscReader *reader = table->reader;
    FiscPlace place = fisc_package_place(table, column);
    g_auto(GStrv) codes = g_strsplit(fisc_package_value(table, column), " ", -1);
    bool is_good = fisc_reader_required(reader, place, fisc_package_value(table, column));
    bool is_first = true;
    for (int i = 0; codes[i] != NULL; i++) {
        if (*codes[i] == '\0') {
            continue;
        }
        const FiscAccount *account = fisc_nation_account(reader->nation, codes[i]);
        bool is_budgetary = account != NULL && account->class_ == FISC_CLASS_BUDGETARY;
        if (!is_budgetary && !fisc_reader_national_account(reader, place, codes[i])) {
            is_good = false;
            continue;
        }
        if (!is_first && is_budgetary != *out_budgetary) {
            is_good =
                fisc_reader_refuse(reader, place, FISC_ERROR_VALUE_INVALID, NULL,
                                   "\"%s\" is of the other set than those before it", codes[i]);
        }
        *out_budgetary = is_budgetary;
        is_first = false;
    }
    return is_good;
}

/* "13", or "00 13" */
static bool
check_periods(FiscPackageTable *table, int column)
{
    g_auto(GStrv) words = g_strsplit(fisc_package_value(table, column), " ", -1);
    for (int i = 0; words[i] != NULL; i++) {
        guint64 period = 0;
        bool is_period =
            *words[i] == '\0' || (strlen(words[i]) == 2 &&
                                  g_ascii_string_to_unsigned(words[i], 10, 0, 13, &period, NULL));
        if (!is_period) {
            return fisc_reader_refuse(table->reader, fisc_package_place(table, column),
                                      FISC_ERROR_VALUE_INVALID,
                                      "periods of a year are 00 to 13; 13 is the closing",
                                      "\"%s\" is no period of a year", words[i]);
        }
    }
    return true;
}

static void
take_link(FiscPackageTable *table)
{
    enum { LINK, ACCOUNTS, MOVES, EXCEPT_PERIODS, ARTICLE };
    const char *name = fisc_package_value(table, LINK);
    bool is_budgetary = false;
    bool moves_budgetary = false;
    bool is_good = fisc_reader_code(table->reader, fisc_package_place(table, LINK), name) &&
                   fisc_package_is_new(table, LINK, name);
    bool has_sides = check_accounts(table, ACCOUNTS, &is_budgetary);
    has_sides &= check_accounts(table, MOVES, &moves_budgetary);
    if (has_sides && is_budgetary == moves_budgetary) {
        has_sides = fisc_reader_refuse(
            table->reader, fisc_package_place(table, MOVES), FISC_ERROR_VALUE_INVALID,
            "a link holds one set to the other", "the moves are of the same set as the accounts");
    }
    if (check_periods(table, EXCEPT_PERIODS) && is_good && has_sides) {
        fisc_submission_event(
            fisc_package_master(table), "linked_set", name, "accounts",
            fisc_package_value(table, ACCOUNTS), "moves", fisc_package_value(table, MOVES),
            "except_periods", fisc_package_text(fisc_package_value(table, EXCEPT_PERIODS)),
            "article", fisc_package_text(fisc_package_value(table, ARTICLE)), NULL);
    }
}

bool
fisc_package_links(FiscReader *reader, GError **error)
{
    static const char *const names[] = {"link",           "accounts", "moves",
                                        "except_periods", "article",  NULL};
    return fisc_package_table(reader, "links.csv", names, 3, take_link, error);
}
