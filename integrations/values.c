/* values.c: words of a file as values: codes, dates, amounts, accounts, dimensions.
 *
 * The rules are those of every input, so that a package, a posted text and an importer profile
 * refuse the same thing in the same words. */
#include "fisc/chart.h"
#include "fisc/gfs.h"
#include "fisc/money.h"
#include "integrations/reader.h"
#include <string.h>

bool
fisc_reader_required(FiscReader *reader, FiscPlace place, const char *text)
{
    if (*text != '\0') {
        return true;
    }
    return fisc_reader_refuse(reader, place, FISC_ERROR_VALUE_MISSING, NULL, "the value is empty");
}

bool
fisc_reader_code(FiscReader *reader, FiscPlace place, const char *text)
{
    if (!fisc_reader_required(reader, place, text)) {
        return false;
    }
    if (strlen(text) > FISC_CODE_MAX) {
        return fisc_reader_refuse(reader, place, FISC_ERROR_VALUE_INVALID, NULL,
                                  "the code is longer than %d bytes", FISC_CODE_MAX);
    }
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar letter = g_utf8_get_char(at);
        if (g_unichar_isspace(letter) || g_unichar_iscntrl(letter) || letter == '/') {
            return fisc_reader_refuse(reader, place, FISC_ERROR_VALUE_INVALID,
                                      "codes are joined with spaces and '/'",
                                      "\"%s\" has a space or '/' in it", text);
        }
    }
    return true;
}

bool
fisc_reader_date(FiscReader *reader, FiscPlace place, const char *text, FiscDate *out_date)
{
    if (!fisc_reader_required(reader, place, text)) {
        return false;
    }
    if (!fisc_date_parse(text, out_date)) {
        return fisc_reader_refuse(reader, place, FISC_ERROR_DATE_INVALID, "write YYYY-MM-DD",
                                  "\"%s\" is no date", text);
    }
    return true;
}

bool
fisc_reader_amount(FiscReader *reader, FiscPlace place, const char *text, int decimals, char mark,
                   char group, int64_t *out_amount)
{
    int64_t amount = 0;
    int broken = fisc_amount_parse(text, decimals, mark, group, &amount);
    if (broken == FISC_ERROR_AMOUNT_DECIMALS) {
        return fisc_reader_refuse(reader, place, FISC_ERROR_AMOUNT_DECIMALS, NULL,
                                  "\"%s\", where the currency has %d decimals", text, decimals);
    }
    /* The least number has no opposite, and every amount has one on the other side. */
    if (broken == 0 && amount == INT64_MIN) {
        broken = FISC_ERROR_AMOUNT_OVERFLOW;
    }
    if (broken != 0) {
        return fisc_reader_refuse(reader, place, (FiscError)broken, NULL, "\"%s\"", text);
    }
    *out_amount = amount;
    return true;
}

bool
fisc_reader_entity(FiscReader *reader, FiscPlace place, const char *code,
                   const FiscEntity **out_entity)
{
    if (!fisc_reader_required(reader, place, code)) {
        return false;
    }
    const FiscEntity *entity = fisc_nation_entity(reader->nation, code);
    if (entity == NULL) {
        return fisc_reader_refuse(reader, place, FISC_ERROR_ENTITY_UNKNOWN,
                                  "entities are registered with entities.csv",
                                  "there is no entity \"%s\"", code);
    }
    *out_entity = entity;
    return true;
}

bool
fisc_reader_currency(FiscReader *reader, FiscPlace place, const char *text)
{
    return fisc_currency_decimals(text) >= 0 ||
           fisc_reader_refuse(reader, place, FISC_ERROR_VALUE_INVALID,
                              "currencies are ISO 4217 codes", "\"%s\" is no currency", text);
}

bool
fisc_reader_set(FiscReader *reader, FiscPlace place, const char *text, FiscSet *out_set)
{
    static const struct {
        const char *word;
        FiscSet set;
    } words[] = {
        {"", FISC_SET_NONE},
        {"P", FISC_SET_PROPRIETARY},
        {"proprietary", FISC_SET_PROPRIETARY},
        {"B", FISC_SET_BUDGETARY},
        {"budgetary", FISC_SET_BUDGETARY},
    };
    for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
        if (strcmp(text, words[i].word) == 0) {
            *out_set = words[i].set;
            return true;
        }
    }
    return fisc_reader_refuse(reader, place, FISC_ERROR_VALUE_INVALID,
                              "sets are proprietary (P) and budgetary (B)", "\"%s\" is no set",
                              text);
}

static bool
is_unit(const FiscReader *reader, const char *code)
{
    return fisc_nation_entity(reader->nation, code) != NULL ||
           fisc_nation_group(reader->nation, code) != NULL;
}

bool
fisc_reader_unit(FiscReader *reader, FiscPlace place, const char *code)
{
    if (!fisc_reader_required(reader, place, code)) {
        return false;
    }
    return is_unit(reader, code) ||
           fisc_reader_refuse(reader, place, FISC_ERROR_ENTITY_UNKNOWN, NULL,
                              "there is no entity or group \"%s\"", code);
}

/* ".1" only where the code list has it: inventories (312) have no suffixes. */
static bool
has_posted_form(const char *code, int kind)
{
    return kind == 0 || fisc_gfs_code_find(code) != NULL;
}

bool
fisc_reader_gfs_code(FiscReader *reader, FiscPlace place, const char *code, int *out_flow)
{
    char stem[FISC_GFS_CODE];
    int flow = 0, kind = 0;
    bool is_posted = fisc_gfs_parse(code, stem, &flow, &kind) && has_posted_form(code, kind);
    const FiscAccount *account = is_posted ? fisc_nation_account(reader->nation, stem) : NULL;
    if (account == NULL || account->national) {
        return fisc_reader_refuse(
            reader, place, FISC_ERROR_ACCOUNT_UNKNOWN,
            "codes are those of GFSM 2014; national numbers go in a column account",
            "\"%s\" cannot be posted", code);
    }
    *out_flow = flow;
    return true;
}

bool
fisc_reader_national_account(FiscReader *reader, FiscPlace place, const char *code)
{
    const FiscAccount *account = fisc_nation_account(reader->nation, code);
    if (account != NULL && account->national) {
        return true;
    }
    return fisc_reader_refuse(reader, place, FISC_ERROR_ACCOUNT_UNKNOWN,
                              account != NULL
                                  ? "put a GFS code in gfs_code, a budgetary move in stage"
                                  : "accounts are registered with accounts.csv",
                              "\"%s\" is no account of the national chart", code);
}

static bool
is_function(const char *code)
{
    return code[0] == '7' && strcmp(code, "7") != 0 && fisc_gfs_code_find(code) != NULL;
}

/* The short forms of the package: "11" is C11, "31.1" is C31.1, "3303" is itself. "1" and "2" are
 * receipts and payments that nobody has classified yet. */
static bool
is_cash_code(const char *code)
{
    if (strcmp(code, "1") == 0 || strcmp(code, "2") == 0) {
        return true;
    }
    bool is_number = code[strspn(code, "0123456789.")] == '\0' && strlen(code) >= 2;
    if (!is_number || strcmp(code, "31") == 0) {
        return false; /* 31 is the difference of 31.1 and 31.2 */
    }
    if (strncmp(code, "32", 2) == 0 || strncmp(code, "33", 2) == 0) {
        return strlen(code) >= 4 && fisc_gfs_code_find(code) != NULL;
    }
    g_autofree char *row = g_strconcat("C", code, NULL);
    return fisc_gfs_code_find(row) != NULL;
}

bool
fisc_reader_dimension(FiscReader *reader, FiscPlace place, FiscDimension dimension,
                      const char *code)
{
    int flow = 0;
    switch ((int)dimension) {
    case FISC_DIM_COUNTERPARTY:
    case FISC_DIM_CASH_COUNTERPARTY:
        return is_unit(reader, code) ||
               fisc_reader_refuse(reader, place, FISC_ERROR_COUNTERPARTY_UNKNOWN,
                                  "counterparties are entities or groups, reporting or not",
                                  "there is no entity or group \"%s\"", code);
    case FISC_DIM_FUNCTION:
        return is_function(code) ||
               fisc_reader_refuse(reader, place, FISC_ERROR_SEGMENT_UNKNOWN,
                                  "functions are COFOG codes: 701, 7091, 70912",
                                  "\"%s\" is no function of government", code);
    case FISC_DIM_CASH_CODE:
        return is_cash_code(code) ||
               fisc_reader_refuse(reader, place, FISC_ERROR_SEGMENT_UNKNOWN,
                                  "rows are 11, 21, 31.1, 31.2, 3204, 3303 and their like",
                                  "\"%s\" is no row of the cash statement", code);
    case FISC_DIM_GFS:
        return fisc_reader_gfs_code(reader, place, code, &flow);
    default:
        return true; /* national segments: no list yet */
    }
}
