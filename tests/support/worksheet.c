/* worksheet.c: see worksheet.h. Every line becomes one submission, decided and kept at once. */
#include "tests/support/worksheet.h"
#include "fisc/chart.h"
#include "fisc/money.h"
#include "fisc/poster.h"
#include "ledger/engine_replay.h"
#include "tests/support/suite.h"
#include <stdlib.h>
#include <string.h>

struct _FiscWorksheet {
    FiscEngine *engine;
    FiscReceipt *last;
    FiscReplay *replay;                       /* NULL: not asked for */
    guint codings, entries, events, refusals; /* of the batch: replayed so far */
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

/* "item=PO-1", "relieves=PR-1", "final=Y", "currency=USD", "foreign=100", "flow=4". */
static bool
read_item_word(FiscSubmission *submission, const char *name, const char *value, FiscLine *line)
{
    const char *text = fisc_submission_text(submission, value);
    bool is_debit = line->amount > 0;
    if (strcmp(name, "item") == 0) {
        line->item = text;
    } else if (strcmp(name, "relieves") == 0) {
        line->relieves = text;
    } else if (strcmp(name, "final") == 0) {
        line->is_final = true;
    } else if (strcmp(name, "currency") == 0) {
        line->currency = text;
    } else if (strcmp(name, "foreign") == 0) {
        line->foreign = amount_of(value) * (is_debit ? 1 : -1);
    } else if (strcmp(name, "flow") == 0) {
        line->flow = atoi(value);
    } else {
        return false;
    }
    return true;
}

/* Reads what a line says beside account and amount; returns the next word. */
static int
read_line_words(FiscSubmission *submission, char **words, int at, FiscLine *line)
{
    for (; is_dimension(words[at]); at++) {
        g_auto(GStrv) pair = g_strsplit(words[at], "=", 2);
        char *one[] = {words[at], NULL};
        if (!read_item_word(submission, pair[0], pair[1], line)) {
            read_dims(submission, one, 0, line->dim);
        }
    }
    return at;
}

/* "2024-12-31", or "2024-12-31/202413" */
static void
read_date(FiscEntry *entry, const char *text)
{
    g_auto(GStrv) halves = g_strsplit(text, "/", 2);
    if (!fisc_date_parse(halves[0], &entry->effective)) {
        g_error("worksheet: \"%s\" is no date", text);
    }
    entry->period = halves[1] != NULL ? atoi(halves[1]) : 0;
}

static FiscEntry *
new_entry(FiscSubmission *submission, const char *reference, const char *entity)
{
    g_auto(GStrv) halves = g_strsplit(reference, "@", 2);
    FiscEntry *entry = fisc_submission_entry(submission);
    entry->reference = fisc_submission_text(submission, halves[0]);
    entry->entity = fisc_submission_text(submission, entity);
    entry->effective = fisc_date_make(2024, 6, 15);
    if (halves[1] != NULL) {
        read_date(entry, halves[1]);
    }
    return entry;
}

/* "available>commitment 200 programme=11 item=PO-1": items belong to the second stage */
static int
read_move(FiscSubmission *submission, FiscEntry *entry, char **words, int at)
{
    g_auto(GStrv) stages = g_strsplit(words[at], ">", 2);
    int64_t amount = amount_of(words[at + 1]);
    FiscLine said = {.amount = -amount};
    int next = read_line_words(submission, words, at + 2, &said);
    int from = fisc_stage_find(stages[0]);
    int to = stages[1] != NULL ? fisc_stage_find(stages[1]) : -1;
    if (from < 0 || to < 0) {
        g_error("worksheet: \"%s\" is no move", words[at]);
    }
    fisc_entry_move(entry, (FiscStage)from, (FiscStage)to, amount, said.dim, 0);
    FiscLine *line = &g_array_index(entry->lines, FiscLine, entry->lines->len - 1);
    line->flow = said.flow;
    line->item = said.item;
    line->relieves = said.relieves;
    line->is_final = said.is_final;
    line->currency = said.currency;
    line->foreign = said.foreign;
    return next;
}

/* "dr 22 100 programme=11" */
static int
read_line(FiscSubmission *submission, FiscEntry *entry, char **words, int at)
{
    bool is_debit = strcmp(words[at], "dr") == 0;
    FiscLine line = {.account = fisc_submission_text(submission, words[at + 1])};
    line.amount = amount_of(words[at + 2]) * (is_debit ? 1 : -1);
    int next = read_line_words(submission, words, at + 3, &line);
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

/* "field=value" words from @at on. */
static void
read_fields(FiscSubmission *submission, char **words, int at, FiscEvent *event)
{
    for (; words[at] != NULL; at++) {
        g_auto(GStrv) pair = g_strsplit(words[at], "=", 2);
        g_ptr_array_add(event->fields, (char *)fisc_submission_text(submission, pair[0]));
        g_ptr_array_add(event->fields, (char *)fisc_submission_text(submission, pair[1]));
    }
}

static void
read_control(FiscSubmission *submission, char **words)
{
    bool has_entities = words[5] != NULL && !is_dimension(words[5]);
    FiscEvent *event = fisc_submission_event(submission, "control", words[1], "level", words[2],
                                             "absent", words[3], "key", words[4], "entities",
                                             has_entities ? words[5] : "*", NULL);
    read_fields(submission, words, has_entities ? 6 : 5, event);
}

/* True when the words are an item, and not an expectation. */
static bool
read_item(FiscSubmission *submission, char **words)
{
    guint first = submission->entries->len;
    if (strcmp(words[0], "entity") == 0) {
        read_entity(submission, words);
    } else if (strcmp(words[0], "control") == 0) {
        read_control(submission, words);
    } else if (strcmp(words[0], "event") == 0) {
        read_fields(submission, words, 3,
                    fisc_submission_event(submission, words[1], words[2], NULL, NULL));
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

static const FiscResult *
last_result(const FiscWorksheet *sheet)
{
    bool has_result = sheet->last != NULL && sheet->last->results->len > 0;
    return has_result ? sheet->last->results->pdata[0] : NULL;
}

/* "BUDGET_EXCEEDED vote short 10 key 'entity=E programme=11 year=2024'": one of a list is this;
 * "none" or a number: so many there are. */
static void
check_list(const FiscRefusals *list, const char *line, char **words)
{
    guint count = list != NULL ? list->len : 0;
    bool is_number = g_ascii_isdigit(*words[0]);
    if (is_number || strcmp(words[0], "none") == 0) {
        if (count != (is_number ? (guint)atoi(words[0]) : 0)) {
            fail_line(line, "there are %u", count);
        }
        return;
    }
    g_autoptr(GString) others = g_string_new(NULL);
    for (guint i = 0; i < count; i++) {
        const FiscRefusal *item = list->pdata[i];
        bool is_it = strcmp(fisc_error_name(item->code), words[0]) == 0;
        for (int k = 1; is_it && words[k] != NULL; k++) {
            bool is_short = strcmp(words[k], "short") == 0;
            bool is_asked = strcmp(words[k], "asked") == 0;
            bool is_named = !is_short && !is_asked && strcmp(words[k], "key") != 0;
            is_it = is_named   ? g_strcmp0(item->control, words[k]) == 0
                    : is_short ? item->shortfall == amount_of(words[++k])
                    : is_asked ? item->requested == amount_of(words[++k])
                               : g_strcmp0(item->key, words[++k]) == 0;
        }
        if (is_it) {
            return;
        }
        g_string_append_printf(others,
                               " %s %s short %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " %s;",
                               fisc_error_name(item->code), item->control, item->shortfall,
                               item->requested, item->key);
    }
    fail_line(line, "there is none, only:%s", others->str);
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

/* "holds vote 100 200 0 0 programme=11": reserved, committed, accrued, paid. */
static void
check_stages(FiscWorksheet *sheet, const char *line, char **words)
{
    g_autoptr(FiscSubmission) strings = fisc_submission_new("test", "test");
    g_autoptr(GPtrArray) funds = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_funds_free);
    const char *dim[FISC_DIM_COUNT] = {NULL};
    read_dims(strings, words, 6, dim);
    fisc_engine_funds(sheet->engine, NULL, 2024, dim, funds);
    for (guint i = 0; i < funds->len; i++) {
        const FiscFunds *item = funds->pdata[i];
        for (int k = 0; strcmp(item->control, words[1]) == 0 && k < 4; k++) {
            int64_t held = item->stage[FISC_STAGE_AUTHORIZATION + k];
            if (held != amount_of(words[2 + k])) {
                fail_line(line, "%s holds %" G_GINT64_FORMAT,
                          fisc_stage_word((FiscStage)(FISC_STAGE_AUTHORIZATION + k)), held);
            }
        }
        if (strcmp(item->control, words[1]) == 0) {
            return;
        }
    }
    fail_line(line, "there is no such key");
}

/* Replay ------------------------------------------------------------------------------------- */

static void
replay_event(FiscWorksheet *sheet, const FiscDecidedEvent *decided, FiscRefusals *objections)
{
    FiscEvent event = {
        .kind = decided->kind, .subject = decided->subject, .fields = decided->fields};
    fisc_replay_event(sheet->replay, &event, decided->number, decided->maker, objections);
}

/* Replays the item of that number in the batch. */
static void
replay_item(FiscWorksheet *sheet, const FiscBatch *batch, int item, FiscRefusals *objections)
{
    guint entry = sheet->entries;
    guint event = sheet->events;
    if (entry < batch->entries->len &&
        ((FiscDecidedEntry *)batch->entries->pdata[entry])->item == item) {
        fisc_replay_entry(sheet->replay, batch->entries->pdata[sheet->entries++], objections);
    } else if (event < batch->events->len &&
               ((FiscDecidedEvent *)batch->events->pdata[event])->item == item) {
        replay_event(sheet, batch->events->pdata[sheet->events++], objections);
    } else {
        fisc_replay_refusal(sheet->replay, batch->refusals->pdata[sheet->refusals++], objections);
    }
}

/* Decides again what has come since, as a verification of the record does. */
static void
replay(FiscWorksheet *sheet, const FiscBatch *batch)
{
    g_autoptr(FiscRefusals) objections = fisc_refusals_new();
    fisc_replay_time(sheet->replay, batch->posted_at_us);
    for (; sheet->codings < batch->codings->len; sheet->codings++) {
        fisc_replay_coding(sheet->replay,
                           &g_array_index(batch->codings, FiscDecidedCoding, sheet->codings),
                           objections);
    }
    for (int item = (int)(sheet->entries + sheet->events + sheet->refusals); item < batch->items;
         item++) {
        replay_item(sheet, batch, item, objections);
    }
    const FiscRefusal *first = objections->len > 0 ? objections->pdata[0] : NULL;
    fisc_assert_text(first != NULL ? first->detail : "no objection", "no objection", "the replay",
                     __FILE__, __LINE__);
}

static void
set_day(FiscWorksheet *sheet, const char *text)
{
    FiscDate day = 0;
    if (!fisc_date_parse(text, &day)) {
        g_error("worksheet: \"%s\" is no day", text);
    }
    fisc_engine_set_time(sheet->engine, day * G_GINT64_CONSTANT(86400) * G_USEC_PER_SEC);
}

static void
apply(FiscWorksheet *sheet, const FiscSubmission *submission)
{
    fisc_receipt_free(sheet->last);
    sheet->last = fisc_receipt_new();
    fisc_engine_apply(sheet->engine, submission, 0, submission->entries->len,
                      submission->events->len > 0, sheet->last);
    const FiscBatch *batch = fisc_engine_seal(sheet->engine);
    if (sheet->replay != NULL) {
        replay(sheet, batch);
    }
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
    fisc_replay_free(sheet->replay);
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
        } else if (strcmp(words[0], "warned") == 0) {
            const FiscResult *result = last_result(sheet);
            check_list(result != NULL ? result->warnings : NULL, lines[i], words + 1);
        } else if (strcmp(words[0], "because") == 0) {
            const FiscResult *result = last_result(sheet);
            check_list(result != NULL ? result->refusals : sheet->last->refusals, lines[i],
                       words + 1);
        } else if (strcmp(words[0], "expect") == 0) {
            check_expectation(sheet, lines[i], words);
        } else if (strcmp(words[0], "funds") == 0) {
            check_funds(sheet, lines[i], words);
        } else if (strcmp(words[0], "today") == 0) {
            set_day(sheet, words[1]);
        } else if (strcmp(words[0], "holds") == 0) {
            check_stages(sheet, lines[i], words);
        } else {
            g_error("worksheet: what is \"%s\"?", lines[i]);
        }
    }
    fisc_engine_commit(sheet->engine);
    sheet->codings = sheet->entries = sheet->events = sheet->refusals = 0;
    fisc_receipt_free(sheet->last);
    sheet->last = NULL;
}

void
fisc_worksheet_replayed(const char *text)
{
    FiscWorksheet *sheet = fisc_worksheet_new();
    sheet->replay = fisc_replay_new(1);
    fisc_worksheet_run(sheet, text);
    fisc_worksheet_free(sheet);
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

char *
fisc_worksheet_windows(FiscWorksheet *sheet)
{
    static const char *const any[FISC_DIM_COUNT] = {NULL};
    g_autoptr(GPtrArray) funds = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_funds_free);
    GString *text = g_string_new(NULL);
    fisc_engine_funds(sheet->engine, "E", 2024, any, funds);
    for (guint i = 0; i < funds->len; i++) {
        const FiscFunds *item = funds->pdata[i];
        g_string_append_printf(text, "%s %d-%d %" G_GINT64_FORMAT "\n", strstr(item->key, "year="),
                               item->from, item->to, item->available / 100);
    }
    return g_string_free(text, FALSE);
}
