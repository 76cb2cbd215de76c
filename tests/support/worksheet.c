/* worksheet.c: see worksheet.h. Every line becomes one submission, decided and kept at once. */
#include "tests/support/worksheet.h"
#include "fisc/chart.h"
#include "fisc/money.h"
#include "fisc/poster.h"
#include "tests/support/suite.h"
#include <stdlib.h>
#include <string.h>

struct _FiscWorksheet {
    FiscEngine *engine;
    FiscReceipt *last;
};

static int64_t
amount_of(const char *text)
{
    int64_t amount = 0;
    int broken = fisc_amount_parse(text, 2, '.', 0, &amount);
    if (broken != 0) {
        g_error("worksheet: \"%s\" is no amount", text);
    }
    return amount;
}

static bool
is_dimension(const char *word)
{
    return word != NULL && strchr(word, '=') != NULL;
}

/* Reads "programme=11 economic=2" from word @at on; returns the next word. */
static int
read_dims(FiscSubmission *submission, char **words, int at, const char *dim[FISC_DIM_COUNT])
{
    for (; is_dimension(words[at]); at++) {
        g_auto(GStrv) pair = g_strsplit(words[at], "=", 2);
        int dimension = fisc_dimension_find(pair[0]);
        if (dimension < 0) {
            g_error("worksheet: \"%s\" is no dimension", pair[0]);
        }
        dim[dimension] = fisc_submission_text(submission, pair[1]);
    }
    return at;
}

static FiscEntry *
new_entry(FiscSubmission *submission, const char *reference, const char *entity)
{
    FiscEntry *entry = fisc_submission_entry(submission);
    entry->reference = fisc_submission_text(submission, reference);
    entry->entity = fisc_submission_text(submission, entity);
    entry->effective = fisc_date_make(2024, 6, 15);
    return entry;
}

/* "available>commitment 200 programme=11" */
static int
read_move(FiscSubmission *submission, FiscEntry *entry, char **words, int at)
{
    g_auto(GStrv) stages = g_strsplit(words[at], ">", 2);
    const char *dim[FISC_DIM_COUNT] = {NULL};
    int64_t amount = amount_of(words[at + 1]);
    int next = read_dims(submission, words, at + 2, dim);
    int from = fisc_stage_find(stages[0]);
    int to = stages[1] != NULL ? fisc_stage_find(stages[1]) : -1;
    if (from < 0 || to < 0) {
        g_error("worksheet: \"%s\" is no move", words[at]);
    }
    fisc_entry_move(entry, (FiscStage)from, (FiscStage)to, amount, dim, 0);
    return next;
}

/* "dr 22 100 programme=11" */
static int
read_line(FiscSubmission *submission, FiscEntry *entry, char **words, int at)
{
    bool is_debit = strcmp(words[at], "dr") == 0;
    FiscLine line = {.account = fisc_submission_text(submission, words[at + 1])};
    line.amount = amount_of(words[at + 2]) * (is_debit ? 1 : -1);
    int next = read_dims(submission, words, at + 3, line.dim);
    *fisc_entry_line(entry) = line;
    return next;
}

static void
read_post(FiscSubmission *submission, char **words)
{
    FiscEntry *entry = new_entry(submission, words[1], words[2]);
    int at = 3;
    while (words[at] != NULL) {
        if (strcmp(words[at], "and") == 0 || strcmp(words[at], "if-budgeted") == 0) {
            bool is_conditional = words[at][0] == 'i';
            guint before = entry->lines->len;
            at = read_move(submission, entry, words, at + 1);
            for (guint i = before; is_conditional && i < entry->lines->len; i++) {
                g_array_index(entry->lines, FiscLine, i).if_budgeted = true;
            }
        } else {
            at = read_line(submission, entry, words, at);
        }
    }
}

static void
read_enact(FiscSubmission *submission, char **words)
{
    bool is_change = strcmp(words[2], "change") == 0;
    int at = is_change ? 3 : 2;
    const char *dim[FISC_DIM_COUNT] = {NULL};
    FiscEntry *entry = new_entry(submission, words[1], words[at]);
    read_dims(submission, words, at + 2, dim);
    fisc_entry_move(entry, is_change ? FISC_STAGE_CHANGE : FISC_STAGE_APPROPRIATION,
                    FISC_STAGE_AVAILABLE, amount_of(words[at + 1]), dim, 0);
}

static void
read_entity(FiscSubmission *submission, char **words)
{
    fisc_chart_events(submission);
    for (int period = 202400; period <= 202413; period++) {
        g_autofree char *subject = g_strdup_printf("%d", period);
        fisc_submission_event(submission, "period", subject, "state", "open", NULL);
    }
    fisc_submission_event(submission, "entity", words[1], "name", words[2], "sector", "S13111",
                          "cp_code", "11", "reporting", "Y", NULL);
}

static void
read_budget_line(FiscSubmission *submission, char **words)
{
    g_autofree char *subject = g_strjoinv(" ", words + 1);
    FiscEvent *event = fisc_submission_event(submission, "budget_line", subject, "entity", words[1],
                                             "year", words[2], NULL);
    for (int i = 3; words[i] != NULL; i++) {
        g_auto(GStrv) pair = g_strsplit(words[i], "=", 2);
        g_ptr_array_add(event->fields, (char *)fisc_submission_text(submission, pair[0]));
        g_ptr_array_add(event->fields, (char *)fisc_submission_text(submission, pair[1]));
    }
}

/* True when the words are an item, and not an expectation. */
static bool
read_item(FiscSubmission *submission, char **words)
{
    guint first = submission->entries->len;
    if (strcmp(words[0], "entity") == 0) {
        read_entity(submission, words);
    } else if (strcmp(words[0], "control") == 0) {
        fisc_submission_event(submission, "control", words[1], "level", words[2], "absent",
                              words[3], "key", words[4], "entities",
                              words[5] != NULL ? words[5] : "*", NULL);
    } else if (strcmp(words[0], "line") == 0) {
        read_budget_line(submission, words);
    } else if (strcmp(words[0], "period") == 0) {
        fisc_submission_event(submission, "period", words[1], "state", words[2], NULL);
    } else if (strcmp(words[0], "enact") == 0) {
        read_enact(submission, words);
    } else if (strcmp(words[0], "move") == 0) {
        read_move(submission, new_entry(submission, words[1], words[2]), words, 3);
    } else if (strcmp(words[0], "post") == 0) {
        read_post(submission, words);
    } else {
        return false;
    }
    for (guint i = first; i < submission->entries->len; i++) {
        fisc_entry_digest(submission->entries->pdata[i]);
    }
    return true;
}

static void fail_line(const char *line, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void
fail_line(const char *line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *detail = g_strdup_vprintf(format, args);
    va_end(args);
    g_autofree char *message = g_strdup_printf("worksheet line \"%s\": %s", line, detail);
    fisc_assert_text(message, NULL, "the worksheet", __FILE__, __LINE__);
}

static const char *
kind_word(const FiscResult *result)
{
    static const char *const words[] = {"posted", "repeated", "conflict", "refused"};
    return words[result->kind];
}

static void
check_expectation(FiscWorksheet *sheet, const char *line, char **words)
{
    const FiscResult *result = sheet->last != NULL && sheet->last->results->len > 0
                                   ? sheet->last->results->pdata[0]
                                   : NULL;
    const FiscRefusals *refusals = result != NULL        ? result->refusals
                                   : sheet->last != NULL ? sheet->last->refusals
                                                         : NULL;
    const FiscRefusal *refusal = refusals != NULL && refusals->len > 0 ? refusals->pdata[0] : NULL;
    const char *kind = result != NULL ? kind_word(result) : refusal != NULL ? "refused" : "posted";
    if (strcmp(kind, words[1]) != 0) {
        fail_line(line, "it was %s (%s)", kind, refusal != NULL ? refusal->detail : "");
        return;
    }
    if (words[2] != NULL && strcmp(words[1], "refused") == 0) {
        const char *code = refusal != NULL ? fisc_error_name(refusal->code) : "nothing";
        if (strcmp(code, words[2]) != 0) {
            fail_line(line, "it was refused for %s", code);
        } else if (words[3] != NULL && refusal->shortfall != amount_of(words[4])) {
            fail_line(line, "the shortfall is %" G_GINT64_FORMAT, refusal->shortfall);
        }
    }
}

static void
check_funds(FiscWorksheet *sheet, const char *line, char **words)
{
    g_autoptr(FiscSubmission) strings = fisc_submission_new("test", "test");
    g_autoptr(GPtrArray) funds = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_funds_free);
    const char *dim[FISC_DIM_COUNT] = {NULL};
    read_dims(strings, words, 3, dim);
    fisc_engine_funds(sheet->engine, NULL, 2024, dim, funds);
    for (guint i = 0; i < funds->len; i++) {
        const FiscFunds *item = funds->pdata[i];
        if (strcmp(item->control, words[1]) == 0) {
            if (item->available != amount_of(words[2])) {
                fail_line(line, "available is %" G_GINT64_FORMAT, item->available);
            }
            return;
        }
    }
    fail_line(line, "there is no such key");
}

static void
apply(FiscWorksheet *sheet, const FiscSubmission *submission)
{
    fisc_receipt_free(sheet->last);
    sheet->last = fisc_receipt_new();
    fisc_engine_apply(sheet->engine, submission, 0, submission->entries->len,
                      submission->events->len > 0, sheet->last);
    fisc_engine_seal(sheet->engine);
}

static char **
split(const char *line)
{
    char **words = NULL;
    g_autoptr(GError) error = NULL;
    if (!g_shell_parse_argv(line, NULL, &words, &error)) {
        return NULL; /* blank or a comment */
    }
    return words;
}

FiscWorksheet *
fisc_worksheet_new(void)
{
    FiscWorksheet *sheet = g_new0(FiscWorksheet, 1);
    sheet->engine = fisc_engine_new(1);
    fisc_engine_begin(sheet->engine);
    return sheet;
}

void
fisc_worksheet_free(FiscWorksheet *sheet)
{
    fisc_receipt_free(sheet->last);
    fisc_engine_free(sheet->engine);
    g_free(sheet);
}

FiscEngine *
fisc_worksheet_engine(FiscWorksheet *sheet)
{
    return sheet->engine;
}

/* The submissions must outlive the batch they are in, so each is kept until the run ends. */
void
fisc_worksheet_run(FiscWorksheet *sheet, const char *text)
{
    g_autoptr(GPtrArray) kept =
        g_ptr_array_new_with_free_func((GDestroyNotify)fisc_submission_free);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (int i = 0; lines[i] != NULL; i++) {
        g_auto(GStrv) words = split(lines[i]);
        if (words == NULL) {
            continue;
        }
        FiscSubmission *submission = fisc_submission_new("test", "maker");
        submission->record_refusals = true;
        g_ptr_array_add(kept, submission);
        if (read_item(submission, words)) {
            apply(sheet, submission);
        } else if (strcmp(words[0], "expect") == 0) {
            check_expectation(sheet, lines[i], words);
        } else if (strcmp(words[0], "funds") == 0) {
            check_funds(sheet, lines[i], words);
        } else {
            g_error("worksheet: what is \"%s\"?", lines[i]);
        }
    }
    fisc_engine_commit(sheet->engine);
    fisc_receipt_free(sheet->last);
    sheet->last = NULL;
}

void
fisc_worksheet(const char *text)
{
    FiscWorksheet *sheet = fisc_worksheet_new();
    fisc_worksheet_run(sheet, text);
    fisc_worksheet_free(sheet);
}

FiscSubmission *
fisc_worksheet_submission(const char *source, const char *text)
{
    FiscSubmission *submission = fisc_submission_new(source, "maker");
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (int i = 0; lines[i] != NULL; i++) {
        g_auto(GStrv) words = split(lines[i]);
        if (words != NULL && !read_item(submission, words)) {
            g_error("worksheet: \"%s\" is no item", lines[i]);
        }
    }
    return submission;
}
