/* journal_item.c: what a row says of open items: the item it opens, adds to or takes from, the one
 * it relieves, its amount in foreign currency, and until when a reservation stands. Whether all
 * that fits what is open, only the engine can say. */
#include "integrations/journal_item.h"
#include "fisc/money.h"
#include <string.h>

static FiscPlace
place_of(const FiscJournalRow *row, int field)
{
    return fisc_place_at(row->place, fisc_journal_column(field));
}

static bool
is_given(const FiscJournalRow *row, int field)
{
    return *row->value[field] != '\0';
}

static const char *
text_or_null(FiscSubmission *submission, const FiscJournalRow *row, int field)
{
    return is_given(row, field) ? fisc_submission_text(submission, row->value[field]) : NULL;
}

static bool
take_final(FiscReader *reader, const FiscJournalRow *row, bool *out_is_final)
{
    const char *word = row->value[FISC_FIELD_FINAL];
    *out_is_final = strcmp(word, "Y") == 0;
    if (*word != '\0' && !*out_is_final && strcmp(word, "N") != 0) {
        return fisc_reader_refuse(reader, place_of(row, FISC_FIELD_FINAL), FISC_ERROR_VALUE_INVALID,
                                  "write Y, or leave it empty", "\"%s\"", word);
    }
    return true;
}

/* A currency other than the entity's own comes with an amount in it; or names that of the item
 * whose local amount is revalued. */
static bool
check_currency(FiscReader *reader, const FiscJournalRow *row, const FiscEntity *entity,
               bool *out_is_foreign)
{
    const char *currency = row->value[FISC_FIELD_CURRENCY];
    bool has_amount = is_given(row, FISC_FIELD_AMOUNT_FC);
    *out_is_foreign =
        *currency != '\0' && (entity == NULL || strcmp(currency, entity->currency) != 0);
    if (!fisc_reader_currency(reader, place_of(row, FISC_FIELD_CURRENCY), currency)) {
        return false;
    }
    if (has_amount && !*out_is_foreign) {
        return fisc_reader_refuse(reader, place_of(row, FISC_FIELD_AMOUNT_FC),
                                  FISC_ERROR_VALUE_INVALID, "name its currency in currency",
                                  "an amount in foreign currency needs a foreign currency");
    }
    if (entity != NULL && *out_is_foreign && !has_amount && !is_given(row, FISC_FIELD_ITEM)) {
        return fisc_reader_refuse(
            reader, place_of(row, FISC_FIELD_CURRENCY), FISC_ERROR_VALUE_INVALID,
            "debit and credit are in the entity's currency; the amount in another goes to "
            "amount_fc",
            "\"%s\" is not the currency of %s, which is \"%s\"", currency, entity->code,
            entity->currency);
    }
    return true;
}

/* The amount in foreign currency stands in one column, for debit and credit alike: only that of a
 * move that takes back is negative, as its local amount is. */
static bool
take_foreign(FiscReader *reader, FiscSubmission *submission, const FiscJournalRow *row,
             bool is_move, FiscLine *line)
{
    const char *text = row->value[FISC_FIELD_AMOUNT_FC];
    const char *currency = row->value[FISC_FIELD_CURRENCY];
    int64_t foreign = 0;
    if (*text != '\0' && !fisc_reader_amount(reader, place_of(row, FISC_FIELD_AMOUNT_FC), text,
                                             fisc_currency_decimals(currency), '.', 0, &foreign)) {
        return false;
    }
    bool is_taken_back = is_move && line->amount > 0;
    if (foreign != 0 && (foreign < 0) != is_taken_back) {
        return fisc_reader_refuse(reader, place_of(row, FISC_FIELD_AMOUNT_FC),
                                  FISC_ERROR_VALUE_INVALID, NULL, "%s has the wrong sign", text);
    }
    line->currency = fisc_submission_text(submission, currency);
    line->foreign = line->amount > 0 ? ABS(foreign) : -ABS(foreign);
    return true;
}

static bool
take_expiry(FiscReader *reader, FiscSubmission *submission, const FiscEntity *entity,
            const FiscJournalRow *row)
{
    FiscDate date = 0;
    const char *expires = row->value[FISC_FIELD_EXPIRES];
    if (*expires == '\0') {
        return true;
    }
    if (!is_given(row, FISC_FIELD_ITEM)) {
        return fisc_reader_refuse(reader, place_of(row, FISC_FIELD_EXPIRES),
                                  FISC_ERROR_VALUE_INVALID, NULL, "nothing is named that expires");
    }
    if (!fisc_reader_date(reader, place_of(row, FISC_FIELD_EXPIRES), expires, &date)) {
        return false;
    }
    if (entity != NULL) {
        char text[FISC_DATE_TEXT];
        g_autofree char *subject =
            g_strconcat(entity->code, "/", row->value[FISC_FIELD_ITEM], NULL);
        fisc_submission_event(submission, "item", subject, "expires", fisc_date_format(date, text),
                              NULL);
    }
    return true;
}

bool
fisc_journal_item(FiscReader *reader, FiscSubmission *submission, const FiscEntity *entity,
                  const FiscJournalRow *row, bool is_move, FiscLine *line)
{
    bool is_foreign = false;
    bool is_good = check_currency(reader, row, entity, &is_foreign);
    line->item = text_or_null(submission, row, FISC_FIELD_ITEM);
    line->relieves = text_or_null(submission, row, FISC_FIELD_RELIEVES);
    is_good &= take_final(reader, row, &line->is_final);
    is_good &= take_expiry(reader, submission, entity, row);
    if (is_good && is_foreign) {
        is_good = take_foreign(reader, submission, row, is_move, line);
    }
    return is_good;
}
