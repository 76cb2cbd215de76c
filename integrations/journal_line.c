/* journal_line.c: one row's line: its amount on one side, its account or stage, its dimensions. */
#include "integrations/journal_line.h"
#include "integrations/journal_item.h"
#include "fisc/money.h"
#include <string.h>

static const struct {
    const char *word;
    int flow;
} flow_words[] = {
    {"transaction", FISC_FLOW_TRANSACTION},
    {"holding_gain", FISC_FLOW_HOLDING_GAIN},
    {"volume_change", FISC_FLOW_VOLUME_CHANGE},
    {"opening", FISC_FLOW_OPENING},
};

static FiscPlace
place_of(const FiscJournalRow *row, int field)
{
    return fisc_place_at(row->place, fisc_journal_column(field));
}

static bool
refuse(FiscReader *reader, const FiscJournalRow *row, int field, FiscError code, const char *detail)
{
    return fisc_reader_refuse(reader, place_of(row, field), code, NULL, "%s", detail);
}

static bool
take_side(FiscReader *reader, const FiscJournalRow *row, int field, int decimals,
          int64_t *out_amount)
{
    const char *text = row->value[field];
    return *text == '\0' ||
           fisc_reader_amount(reader, place_of(row, field), text, decimals, '.', 0, out_amount);
}

/* Exactly one of debit and credit. Only a budgetary move may be negative: a virement takes away. */
static bool
take_amount(FiscReader *reader, const FiscJournalRow *row, int decimals, bool is_move,
            int64_t *out_amount)
{
    int64_t debit = 0, credit = 0;
    bool has_debit = take_side(reader, row, FISC_FIELD_DEBIT, decimals, &debit);
    bool has_credit = take_side(reader, row, FISC_FIELD_CREDIT, decimals, &credit);
    if (!has_debit || !has_credit) {
        return false;
    }
    if (is_move && credit != 0) {
        return refuse(reader, row, FISC_FIELD_CREDIT, FISC_ERROR_VALUE_INVALID,
                      "the amount of a budgetary move stands in debit");
    }
    if (debit != 0 && credit != 0) {
        return refuse(reader, row, FISC_FIELD_CREDIT, FISC_ERROR_VALUE_INVALID,
                      "the row has both debit and credit");
    }
    if (debit == 0 && credit == 0) {
        return refuse(reader, row, FISC_FIELD_DEBIT, FISC_ERROR_VALUE_MISSING,
                      "the row has neither debit nor credit");
    }
    if (!is_move && (debit < 0 || credit < 0)) {
        return fisc_reader_refuse(
            reader, place_of(row, debit < 0 ? FISC_FIELD_DEBIT : FISC_FIELD_CREDIT),
            FISC_ERROR_VALUE_INVALID, "put the amount in the other column", "%s is negative",
            row->value[debit < 0 ? FISC_FIELD_DEBIT : FISC_FIELD_CREDIT]);
    }
    *out_amount = debit != 0 ? debit : -credit;
    return true;
}

static bool
take_dimensions(FiscReader *reader, FiscSubmission *submission, const FiscJournalRow *row,
                bool is_move, const char *dim[FISC_DIM_COUNT])
{
    bool is_good = true;
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        int field = FISC_FIELD_DIMENSIONS + i;
        const char *code = row->value[field];
        dim[i] = NULL;
        /* On a financial line gfs_code is the account, not a dimension. */
        if (*code == '\0' || (i == FISC_DIM_GFS && !is_move)) {
            continue;
        }
        is_good &= fisc_reader_dimension(reader, place_of(row, field), (FiscDimension)i, code);
        dim[i] = fisc_submission_text(submission, code);
    }
    return is_good;
}

static int
find_flow(const char *word)
{
    for (guint i = 0; i < G_N_ELEMENTS(flow_words); i++) {
        if (strcmp(word, flow_words[i].word) == 0) {
            return flow_words[i].flow;
        }
    }
    return 0;
}

/* The flow that the row says, 0 when it says none. */
static bool
take_flow_word(FiscReader *reader, const FiscJournalRow *row, int *out_flow)
{
    const char *word = row->value[FISC_FIELD_FLOW];
    *out_flow = *word != '\0' ? find_flow(word) : 0;
    if (*word != '\0' && *out_flow == 0) {
        return fisc_reader_refuse(reader, place_of(row, FISC_FIELD_FLOW), FISC_ERROR_VALUE_INVALID,
                                  "flows are transaction, holding_gain, volume_change, opening",
                                  "\"%s\"", word);
    }
    return true;
}

/* A column set says again which side the row is on: it is checked, never believed. */
static bool
check_set(FiscReader *reader, const FiscJournalRow *row, bool is_budgetary)
{
    const char *text = row->value[FISC_FIELD_SET];
    FiscSet set = FISC_SET_NONE;
    if (!fisc_reader_set(reader, place_of(row, FISC_FIELD_SET), text, &set)) {
        return false;
    }
    if (set == FISC_SET_NONE || (set == FISC_SET_BUDGETARY) == is_budgetary) {
        return true;
    }
    return fisc_reader_refuse(reader, place_of(row, FISC_FIELD_SET), FISC_ERROR_VALUE_INVALID, NULL,
                              "the row says \"%s\", its account is %s", text,
                              is_budgetary ? "budgetary" : "proprietary");
}

/* A GFS code tells its flow; a column that tells another contradicts it. */
static bool
take_gfs_code(FiscReader *reader, const FiscJournalRow *row, FiscLine *line, int *flow)
{
    int field = FISC_FIELD_DIMENSIONS + FISC_DIM_GFS;
    const char *code = row->value[field];
    int told = 0;
    if (!fisc_reader_gfs_code(reader, place_of(row, field), code, &told)) {
        return false;
    }
    if (*flow != 0 && *flow != told) {
        return fisc_reader_refuse(reader, place_of(row, FISC_FIELD_FLOW), FISC_ERROR_VALUE_INVALID,
                                  "leave the flow out: the code tells it",
                                  "\"%s\" contradicts the code %s", row->value[FISC_FIELD_FLOW],
                                  code);
    }
    line->account = code;
    *flow = told;
    return check_set(reader, row, false);
}

static bool
take_national_account(FiscReader *reader, const FiscJournalRow *row, FiscLine *line, int *flow)
{
    const char *number = row->value[FISC_FIELD_ACCOUNT];
    if (!fisc_reader_national_account(reader, place_of(row, FISC_FIELD_ACCOUNT), number)) {
        return false;
    }
    const FiscAccount *account = fisc_nation_account(reader->nation, number);
    if (!check_set(reader, row, account->class_ == FISC_CLASS_BUDGETARY)) {
        return false;
    }
    line->account = number;
    line->flow = *flow;
    *flow = *flow != 0 ? *flow : FISC_FLOW_TRANSACTION;
    return true;
}

/* Sets account and flow of @line; *out_flow is the flow however it was told. */
static bool
take_account(FiscReader *reader, FiscSubmission *submission, const FiscJournalRow *row,
             FiscLine *line, int *out_flow)
{
    int flow = 0;
    if (!take_flow_word(reader, row, &flow)) {
        return false;
    }
    bool has_code = *row->value[FISC_FIELD_DIMENSIONS + FISC_DIM_GFS] != '\0';
    bool has_number = *row->value[FISC_FIELD_ACCOUNT] != '\0';
    if (has_code && has_number) {
        return refuse(reader, row, FISC_FIELD_ACCOUNT, FISC_ERROR_VALUE_INVALID,
                      "the row has both gfs_code and account");
    }
    if (!has_code && !has_number) {
        return refuse(reader, row, FISC_FIELD_DIMENSIONS + FISC_DIM_GFS, FISC_ERROR_VALUE_MISSING,
                      "the row has neither gfs_code nor account nor stage");
    }
    bool is_good = has_code ? take_gfs_code(reader, row, line, &flow)
                            : take_national_account(reader, row, line, &flow);
    if (is_good) {
        line->account = fisc_submission_text(submission, line->account);
        *out_flow = flow;
    }
    return is_good;
}

/* "commitment", or "authorization>commitment". */
static bool
take_stages(FiscReader *reader, const FiscJournalRow *row, FiscStage *out_from, FiscStage *out_to)
{
    g_auto(GStrv) words = g_strsplit(row->value[FISC_FIELD_STAGE], ">", -1);
    guint count = g_strv_length(words);
    int to = count == 1 || count == 2 ? fisc_stage_find(g_strstrip(words[count - 1])) : -1;
    int from = -1;
    if (to >= 0) {
        from = count == 2 ? fisc_stage_find(g_strstrip(words[0]))
                          : (int)fisc_stage_counterpart((FiscStage)to);
    }
    /* What enters the funds available does so from an appropriation, not the other way round. */
    bool is_source = count == 1 && (to == FISC_STAGE_APPROPRIATION || to == FISC_STAGE_CHANGE ||
                                    to == FISC_STAGE_CARRY || to == FISC_STAGE_AUTHORITY ||
                                    to == FISC_STAGE_ESTIMATE || to == FISC_STAGE_ESTIMATE_CHANGE);
    if (from < 0 || to < 0 || from == to) {
        return fisc_reader_refuse(reader, place_of(row, FISC_FIELD_STAGE), FISC_ERROR_VALUE_INVALID,
                                  "write commitment, or authorization>commitment",
                                  "\"%s\" is no stage", row->value[FISC_FIELD_STAGE]);
    }
    *out_from = (FiscStage)(is_source ? to : from);
    *out_to = (FiscStage)(is_source ? from : to);
    return true;
}

/* A move is of a stage, not of an account; and a transaction, unless it revalues an open item. */
static bool
check_move_fields(FiscReader *reader, const FiscJournalRow *row, int *out_flow)
{
    if (*row->value[FISC_FIELD_ACCOUNT] != '\0') {
        return refuse(reader, row, FISC_FIELD_ACCOUNT, FISC_ERROR_VALUE_INVALID,
                      "a budgetary move has no account");
    }
    if (!take_flow_word(reader, row, out_flow)) {
        return false;
    }
    bool is_revaluation =
        *out_flow == FISC_FLOW_HOLDING_GAIN && *row->value[FISC_FIELD_ITEM] != '\0';
    if (*out_flow != 0 && !is_revaluation) {
        return refuse(reader, row, FISC_FIELD_FLOW, FISC_ERROR_VALUE_INVALID,
                      "a budgetary move has no flow, unless it revalues an open item");
    }
    return true;
}

/* The words on open items are those of the stage that the row names, not of the one it draws on. */
static void
set_item(FiscEntry *entry, const FiscLine *said, int flow)
{
    FiscLine *line = &g_array_index(entry->lines, FiscLine, entry->lines->len - 1);
    line->flow = flow;
    line->item = said->item;
    line->relieves = said->relieves;
    line->is_final = said->is_final;
    line->currency = said->currency;
    line->foreign = said->foreign;
}

static int
decimals_of(const FiscEntity *entity)
{
    return entity != NULL ? entity->decimals : 2;
}

static bool
add_move(FiscReader *reader, FiscSubmission *submission, FiscEntry *entry, const FiscEntity *entity,
         const FiscJournalRow *row)
{
    FiscStage from = FISC_STAGE_NONE, to = FISC_STAGE_NONE;
    const char *dim[FISC_DIM_COUNT];
    FiscLine said = {0};
    int64_t amount = 0;
    int flow = 0;
    bool is_good = take_amount(reader, row, decimals_of(entity), true, &amount);
    is_good &= take_stages(reader, row, &from, &to);
    is_good &= check_move_fields(reader, row, &flow);
    said.amount = -amount;
    is_good &= fisc_journal_item(reader, submission, entity, row, true, &said);
    is_good &= check_set(reader, row, true);
    is_good &= take_dimensions(reader, submission, row, true, dim);
    if (is_good) {
        fisc_entry_move(entry, from, to, amount, dim, row->place.line);
        set_item(entry, &said, flow);
    }
    return is_good;
}

static bool
add_line(FiscReader *reader, FiscSubmission *submission, FiscEntry *entry, const FiscEntity *entity,
         const FiscJournalRow *row, int *out_flow)
{
    FiscLine line = {.row = row->place.line};
    bool is_good = take_amount(reader, row, decimals_of(entity), false, &line.amount);
    is_good &= fisc_journal_item(reader, submission, entity, row, false, &line);
    is_good &= take_account(reader, submission, row, &line, out_flow);
    is_good &= take_dimensions(reader, submission, row, false, line.dim);
    if (is_good) {
        *fisc_entry_line(entry) = line;
    }
    return is_good;
}

bool
fisc_journal_line(FiscReader *reader, FiscSubmission *submission, FiscEntry *entry,
                  const FiscEntity *entity, const FiscJournalRow *row, int *out_flow)
{
    *out_flow = 0;
    return *row->value[FISC_FIELD_STAGE] != '\0'
               ? add_move(reader, submission, entry, entity, row)
               : add_line(reader, submission, entry, entity, row, out_flow);
}
