/* journal.c: rows become entries: grouping, the words that rows of one entry share, and what is
 * wrong with the whole. A row's own line is journal_line.c. */
#include "integrations/journal.h"
#include "integrations/journal_line.h"
#include "fisc/chart.h"
#include "fisc/money.h"
#include <stdlib.h>
#include <string.h>

/* An entry that may still grow. */
typedef struct {
    FiscEntry *entry;
    const FiscEntity *entity;            /* NULL when it is not known */
    char *words[FISC_ENTRY_FIELD_COUNT]; /* of its first row */
    GPtrArray *memos;                    /* distinct, in order */
    bool is_broken;                      /* a row was refused: the whole cannot be judged */
    int opening_lines, flow_lines;
    guint first_block_length; /* lines of the first run of rows; 0 while it lasts */
    guint block_begin;        /* first line of the run being read */
    FiscPlace block_place;
} Draft;

struct _FiscJournal {
    FiscReader *reader;
    FiscJournalKind kind;
    char default_date[FISC_DATE_TEXT]; /* "" = none */
    FiscSubmission *submission;
    GHashTable *by_key; /* entity and id -> Draft */
    GPtrArray *drafts;  /* of Draft; owned */
    Draft *current;     /* of the row before */
};

static const char *const field_columns[] = {
#define X(name, column) column,
    FISC_JOURNAL_ENTRY_FIELDS(X) FISC_JOURNAL_LINE_FIELDS(X)
#undef X
};

static void
draft_free(Draft *draft)
{
    for (int i = 0; i < FISC_ENTRY_FIELD_COUNT; i++) {
        g_free(draft->words[i]);
    }
    g_ptr_array_unref(draft->memos);
    g_free(draft);
}

const char *
fisc_journal_column(int field)
{
    g_assert(field >= 0 && field < FISC_FIELD_COUNT);
    if (field >= FISC_FIELD_DIMENSIONS) {
        return fisc_dimension_column((FiscDimension)(field - FISC_FIELD_DIMENSIONS));
    }
    return field_columns[field];
}

int
fisc_journal_field(const char *column)
{
    for (int i = 0; i < FISC_FIELD_DIMENSIONS; i++) {
        if (strcmp(column, field_columns[i]) == 0) {
            return i;
        }
    }
    int dimension = fisc_dimension_find(column);
    return dimension < 0 ? -1 : FISC_FIELD_DIMENSIONS + dimension;
}

void
fisc_journal_default_date(const FiscReader *reader, FiscJournalKind kind,
                          char buffer[FISC_DATE_TEXT])
{
    buffer[0] = '\0';
    if (kind == FISC_JOURNAL_CLOSING && reader->first_year != 0) {
        fisc_date_format(fisc_date_make(reader->first_year, 12, 31), buffer);
    } else if (kind == FISC_JOURNAL_ORDINARY && reader->defaults.date != NULL) {
        g_strlcpy(buffer, reader->defaults.date, FISC_DATE_TEXT);
    }
}

FiscJournal *
fisc_journal_new(FiscReader *reader, FiscJournalKind kind, FiscSubmission *submission)
{
    FiscJournal *journal = g_new0(FiscJournal, 1);
    journal->reader = reader;
    journal->kind = kind;
    fisc_journal_default_date(reader, kind, journal->default_date);
    journal->submission = submission;
    journal->by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    journal->drafts = g_ptr_array_new_with_free_func((GDestroyNotify)draft_free);
    return journal;
}

void
fisc_journal_free(FiscJournal *journal)
{
    if (journal == NULL) {
        return;
    }
    g_hash_table_unref(journal->by_key);
    g_ptr_array_unref(journal->drafts);
    g_free(journal);
}

static FiscPlace
entry_place(const FiscJournalRow *row, const char *field)
{
    FiscPlace place = row->place;
    place.prefix = row->entry_prefix;
    place.field = field;
    return place;
}

static const char *
text_or_null(FiscSubmission *submission, const char *text)
{
    return *text != '\0' ? fisc_submission_text(submission, text) : NULL;
}

/* Only what a date does not tell: "2024-00", what the year begins with; "2024-13", its adjustments.
 */
static bool
take_period(FiscJournal *journal, FiscEntry *entry, const FiscJournalRow *row)
{
    const char *text = row->value[FISC_FIELD_PERIOD];
    int year = 0;
    if (*text == '\0') {
        return true;
    }
    bool is_good = strlen(text) == 7 && strspn(text, "0123456789") == 4 &&
                   (strcmp(text + 4, "-00") == 0 || strcmp(text + 4, "-13") == 0);
    year = is_good ? atoi(text) : 0;
    if (year < 1900) {
        return fisc_reader_refuse(journal->reader, entry_place(row, "period"),
                                  FISC_ERROR_VALUE_INVALID, "months follow the date",
                                  "\"%s\" is neither the opening (2024-00) nor the adjustments "
                                  "(2024-13) of a year",
                                  text);
    }
    entry->period = year * 100 + atoi(text + 5);
    return true;
}

/* The words of the entry, from its first row. */
static bool
take_entry_words(FiscJournal *journal, Draft *draft, const FiscJournalRow *row)
{
    FiscReader *reader = journal->reader;
    FiscSubmission *submission = journal->submission;
    FiscEntry *entry = draft->entry;
    const char *entity = row->value[FISC_FIELD_ENTITY];
    const char *id = row->value[FISC_FIELD_JOURNAL_ID];
    const char *reference = row->value[FISC_FIELD_REFERENCE];
    const char *document = row->value[FISC_FIELD_DOCUMENT];
    g_autofree char *joined = g_strconcat(entity, "/", id, NULL);
    entry->entity = fisc_submission_text(submission, entity);
    entry->reference = fisc_submission_text(submission, *reference != '\0' ? reference : joined);
    entry->document = text_or_null(submission, *document != '\0' ? document : id);
    entry->transfer = text_or_null(submission, row->value[FISC_FIELD_TRANSFER]);
    entry->corrects = text_or_null(submission, row->value[FISC_FIELD_CORRECTS]);
    entry->file = fisc_submission_text(submission, row->place.file);
    entry->row = row->place.line;
    bool has_name =
        *reference != '\0' || fisc_reader_required(reader, entry_place(row, "journal_id"), id);
    bool has_entity =
        fisc_reader_entity(reader, entry_place(row, "entity"), entity, &draft->entity);
    bool has_period = take_period(journal, entry, row);
    bool has_date = fisc_reader_date(reader, entry_place(row, "date"), row->value[FISC_FIELD_DATE],
                                     &entry->effective);
    if (has_entity) {
        entry->decimals = draft->entity->decimals;
    }
    if (has_date) {
        fisc_reader_note_date(reader, entry->effective);
    }
    return has_name && has_entity && has_date && has_period;
}

/* Where a word that only a later row names is kept; NULL for those the first row must name. */
static const char **
late_word(FiscEntry *entry, int field)
{
    switch (field) {
    case FISC_FIELD_DOCUMENT:
        return &entry->document;
    case FISC_FIELD_TRANSFER:
        return &entry->transfer;
    case FISC_FIELD_CORRECTS:
        return &entry->corrects;
    default:
        return NULL;
    }
}

/* One word of a later row: equal to the first row's, or new where that is allowed. */
static bool
share_word(FiscJournal *journal, Draft *draft, const FiscJournalRow *row, int field)
{
    const char *value = row->value[field];
    const char **kept = late_word(draft->entry, field);
    if (*value == '\0' || strcmp(value, draft->words[field]) == 0) {
        return true;
    }
    if (kept == NULL || *draft->words[field] != '\0') {
        return fisc_reader_refuse(journal->reader, entry_place(row, fisc_journal_column(field)),
                                  FISC_ERROR_VALUE_INVALID, NULL,
                                  "\"%s\" differs from \"%s\" of the same entry at line %d", value,
                                  draft->words[field], draft->entry->row);
    }
    g_free(draft->words[field]);
    draft->words[field] = g_strdup(value);
    *kept = fisc_submission_text(journal->submission, value);
    return true;
}

/* Later rows may leave the words of the entry out, but not contradict them. Memos add up. */
static bool
share_words(FiscJournal *journal, Draft *draft, const FiscJournalRow *row)
{
    bool is_same = true;
    for (int field = 0; field < FISC_ENTRY_FIELD_COUNT; field++) {
        is_same &= field == FISC_FIELD_MEMO || share_word(journal, draft, row, field);
    }
    return is_same;
}

static void
take_memo(Draft *draft, const char *memo)
{
    if (*memo != '\0' && !g_ptr_array_find_with_equal_func(draft->memos, memo, g_str_equal, NULL)) {
        g_ptr_array_add(draft->memos, g_strdup(memo));
    }
}

static Draft *
begin_draft(FiscJournal *journal, const FiscJournalRow *row)
{
    Draft *draft = g_new0(Draft, 1);
    FiscJournalRow first = *row;
    if (*first.value[FISC_FIELD_DATE] == '\0') {
        first.value[FISC_FIELD_DATE] = journal->default_date;
    }
    draft->entry = fisc_submission_entry(journal->submission);
    draft->memos = g_ptr_array_new_with_free_func(g_free);
    for (int i = 0; i < FISC_ENTRY_FIELD_COUNT; i++) {
        draft->words[i] = g_strdup(first.value[i]);
    }
    draft->is_broken = !take_entry_words(journal, draft, &first);
    g_ptr_array_add(journal->drafts, draft);
    return draft;
}

static bool
is_same_line(const FiscLine *a, const FiscLine *b)
{
    if (strcmp(a->account, b->account) != 0 || a->amount != b->amount || a->flow != b->flow ||
        g_strcmp0(a->item, b->item) != 0 || g_strcmp0(a->relieves, b->relieves) != 0) {
        return false;
    }
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        if (g_strcmp0(a->dim[i], b->dim[i]) != 0) {
            return false;
        }
    }
    return true;
}

/* Rows of one entry may be scattered over a file that is sorted otherwise. A later run that repeats
 * the first one line by line is the same journal pasted twice, and would double every amount. */
static void
end_block(FiscJournal *journal, Draft *draft)
{
    GArray *lines = draft->entry->lines;
    guint length = lines->len - draft->block_begin;
    if (draft->first_block_length == 0) {
        draft->first_block_length = lines->len;
        return;
    }
    bool is_repeated = length > 0 && length == draft->first_block_length;
    for (guint i = 0; is_repeated && i < length; i++) {
        is_repeated = is_same_line(&g_array_index(lines, FiscLine, i),
                                   &g_array_index(lines, FiscLine, draft->block_begin + i));
    }
    if (is_repeated) {
        draft->is_broken = true;
        fisc_reader_refuse(journal->reader, draft->block_place, FISC_ERROR_DUPLICATE_ROW, NULL,
                           "the rows of \"%s\" from here repeat those from line %d",
                           draft->entry->reference, draft->entry->row);
    }
}

static void
begin_block(FiscJournal *journal, Draft *draft, const FiscJournalRow *row)
{
    if (journal->current != NULL) {
        end_block(journal, journal->current);
    }
    draft->block_begin = draft->entry->lines->len;
    draft->block_place = row->place;
    journal->current = draft;
}

static Draft *
find_draft(FiscJournal *journal, const FiscJournalRow *row, bool begins_entry)
{
    const char *reference = row->value[FISC_FIELD_REFERENCE];
    const char *id = row->value[FISC_FIELD_JOURNAL_ID];
    g_autofree char *key = g_strjoin("\n", row->value[FISC_FIELD_ENTITY], *id != '\0' ? id : "",
                                     *id != '\0' ? "" : reference, NULL);
    Draft *draft = begins_entry ? NULL : g_hash_table_lookup(journal->by_key, key);
    if (draft == NULL) {
        draft = begin_draft(journal, row);
        g_hash_table_insert(journal->by_key, g_steal_pointer(&key), draft);
    } else if (!share_words(journal, draft, row)) {
        draft->is_broken = true;
    }
    return draft;
}

void
fisc_journal_add(FiscJournal *journal, const FiscJournalRow *given, bool begins_entry)
{
    FiscJournalRow with_entity = *given;
    const FiscJournalRow *row = &with_entity;
    if (*given->value[FISC_FIELD_ENTITY] == '\0' && journal->reader->defaults.entity != NULL) {
        with_entity.value[FISC_FIELD_ENTITY] = journal->reader->defaults.entity;
    }
    Draft *draft = find_draft(journal, row, begins_entry);
    if (journal->current != draft) {
        begin_block(journal, draft, row);
    }
    take_memo(draft, row->value[FISC_FIELD_MEMO]);
    int flow = 0;
    if (!fisc_journal_line(journal->reader, journal->submission, draft->entry, draft->entity, row,
                           &flow)) {
        draft->is_broken = true;
    }
    draft->opening_lines += flow == FISC_FLOW_OPENING ? 1 : 0;
    draft->flow_lines += flow != 0 && flow != FISC_FLOW_OPENING ? 1 : 0;
}

/* Revenue and expense of GFS are flows of the year: the statements begin each year at zero by
 * themselves, and closing them would take the year out of its own statements. */
static bool
check_closing(FiscJournal *journal, const Draft *draft)
{
    for (guint i = 0; i < draft->entry->lines->len; i++) {
        const FiscLine *line = &g_array_index(draft->entry->lines, FiscLine, i);
        const FiscAccount *account = fisc_nation_account(journal->reader->nation, line->account);
        bool is_flow =
            account != NULL && account->gfs[0] != '\0' &&
            (account->class_ == FISC_CLASS_REVENUE || account->class_ == FISC_CLASS_EXPENSE);
        if (is_flow) {
            FiscPlace place = {.file = draft->entry->file, .line = line->row, .field = "account"};
            return fisc_reader_refuse(journal->reader, place, FISC_ERROR_VALUE_INVALID,
                                      "leave it out: statements need no closing of it",
                                      "\"%s\" is %s in GFS and is not closed", line->account,
                                      fisc_class_word(account->class_));
        }
    }
    return true;
}

static bool
set_closing_period(FiscJournal *journal, Draft *draft)
{
    FiscEntry *entry = draft->entry;
    entry->period = fisc_date_year(entry->effective) * 100 + 13;
    if (draft->opening_lines > 0) {
        FiscPlace place = {.file = entry->file, .line = entry->row};
        return fisc_reader_refuse(journal->reader, place, FISC_ERROR_VALUE_INVALID, NULL,
                                  "\"%s\" has opening balances, and closes the year",
                                  entry->reference);
    }
    return check_closing(journal, draft);
}

/* Opening balances lie before the first month, so an entry is either all opening or none. */
static bool
set_period(FiscJournal *journal, Draft *draft)
{
    FiscEntry *entry = draft->entry;
    if (journal->kind == FISC_JOURNAL_CLOSING) {
        return set_closing_period(journal, draft);
    }
    if (draft->opening_lines > 0 && draft->flow_lines > 0) {
        FiscPlace place = {.file = entry->file, .line = entry->row};
        return fisc_reader_refuse(journal->reader, place, FISC_ERROR_VALUE_INVALID,
                                  "post opening balances in an entry of their own",
                                  "\"%s\" mixes opening balances with flows", entry->reference);
    }
    if (draft->opening_lines > 0 && entry->period == 0) {
        entry->period = fisc_date_year(entry->effective) * 100;
    }
    return true;
}

static void
finish_draft(FiscJournal *journal, Draft *draft)
{
    if (draft->is_broken || !set_period(journal, draft)) {
        return;
    }
    if (draft->memos->len > 0) {
        g_ptr_array_add(draft->memos, NULL);
        g_autofree char *memo = g_strjoinv("; ", (char **)draft->memos->pdata);
        draft->entry->memo = fisc_submission_text(journal->submission, memo);
    }
    fisc_reader_finish_entry(journal->reader, journal->submission, draft->entry);
}

void
fisc_journal_finish(FiscJournal *journal)
{
    if (journal->current != NULL) {
        end_block(journal, journal->current);
        journal->current = NULL;
    }
    for (guint i = 0; i < journal->drafts->len; i++) {
        finish_draft(journal, journal->drafts->pdata[i]);
    }
}
