/* entry.c: the values of entry.h: submissions, entries, lines, events, receipts, and the tables of
 * dimensions and stages. Checking is in entry_check.c, the digest in digest.c. */
#include "fisc/entry.h"
#include <string.h>

/* Room at once for what an entry of a few lines needs; an importer's grows by as much. More than
 * 1,000 bytes make the allocator tidy up all that it keeps for small ones. */
#define CHUNK_BYTES 512
#define LINES_AT_FIRST 4

typedef struct {
    const char *word;
    const char *account;
    const char *title;
} StageText;

static const char *const dimension_columns[FISC_DIM_COUNT] = {
#define X(name, column, meaning) column,
    FISC_DIMENSIONS(X)
#undef X
};

static const StageText stage_texts[FISC_STAGE_COUNT] = {
#define X(name, word, account, title) {word, account, title},
    FISC_STAGES(X)
#undef X
};

/* Where an amount comes from when nobody says: what enters or draws on the funds available does so
 * with AVAILABLE, revenue with OUTSTANDING. */
static const FiscStage stage_counterparts[FISC_STAGE_COUNT] = {
    [FISC_STAGE_APPROPRIATION] = FISC_STAGE_AVAILABLE,
    [FISC_STAGE_CHANGE] = FISC_STAGE_AVAILABLE,
    [FISC_STAGE_AVAILABLE] = FISC_STAGE_APPROPRIATION,
    [FISC_STAGE_AUTHORIZATION] = FISC_STAGE_AVAILABLE,
    [FISC_STAGE_COMMITMENT] = FISC_STAGE_AVAILABLE,
    [FISC_STAGE_OBLIGATION] = FISC_STAGE_AVAILABLE,
    [FISC_STAGE_PAYMENT] = FISC_STAGE_AVAILABLE,
    [FISC_STAGE_ESTIMATE] = FISC_STAGE_OUTSTANDING,
    [FISC_STAGE_ESTIMATE_CHANGE] = FISC_STAGE_OUTSTANDING,
    [FISC_STAGE_OUTSTANDING] = FISC_STAGE_ESTIMATE,
    [FISC_STAGE_RECOGNITION] = FISC_STAGE_OUTSTANDING,
    [FISC_STAGE_COLLECTION] = FISC_STAGE_OUTSTANDING,
    [FISC_STAGE_RELEASE] = FISC_STAGE_ALLOTTED,
    [FISC_STAGE_ALLOTTED] = FISC_STAGE_RELEASE,
    [FISC_STAGE_CARRY] = FISC_STAGE_AVAILABLE,
    [FISC_STAGE_BLOCK] = FISC_STAGE_AVAILABLE,
    [FISC_STAGE_AUTHORITY] = FISC_STAGE_LATER,
    [FISC_STAGE_LATER] = FISC_STAGE_AUTHORITY,
    [FISC_STAGE_LATER_COMMITMENT] = FISC_STAGE_LATER,
};

const char *
fisc_dimension_column(FiscDimension dimension)
{
    g_assert((int)dimension >= 0 && dimension < FISC_DIM_COUNT);
    return dimension_columns[dimension];
}

int
fisc_dimension_find(const char *column)
{
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        if (strcmp(column, dimension_columns[i]) == 0) {
            return i;
        }
    }
    if (strcmp(column, "function") == 0) {
        return FISC_DIM_FUNCTION;
    }
    return strcmp(column, "counterparty") == 0 ? (int)FISC_DIM_COUNTERPARTY : -1;
}

static const StageText *
text_of(FiscStage stage)
{
    g_assert((int)stage >= 0 && stage < FISC_STAGE_COUNT);
    return &stage_texts[stage];
}

const char *
fisc_stage_word(FiscStage stage)
{
    return text_of(stage)->word;
}

const char *
fisc_stage_account(FiscStage stage)
{
    return text_of(stage)->account;
}

const char *
fisc_stage_title(FiscStage stage)
{
    return text_of(stage)->title;
}

int
fisc_stage_find(const char *word)
{
    for (int i = FISC_STAGE_NONE + 1; i < FISC_STAGE_COUNT; i++) {
        if (strcmp(word, stage_texts[i].word) == 0) {
            return i;
        }
    }
    return -1;
}

FiscStage
fisc_stage_counterpart(FiscStage stage)
{
    g_assert((int)stage >= 0 && stage < FISC_STAGE_COUNT);
    return stage_counterparts[stage];
}

static void
entry_free(FiscEntry *entry)
{
    g_array_unref(entry->lines);
    g_free(entry);
}

static void
event_free(FiscEvent *event)
{
    g_ptr_array_unref(event->fields);
    g_free(event);
}

FiscSubmission *
fisc_submission_new(const char *source, const char *actor)
{
    FiscSubmission *submission = g_new0(FiscSubmission, 1);
    submission->chunk = g_string_chunk_new(CHUNK_BYTES);
    submission->source = fisc_submission_text(submission, source);
    submission->actor = fisc_submission_text(submission, actor);
    submission->events = g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
    submission->entries = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free);
    return submission;
}

void
fisc_submission_free(FiscSubmission *submission)
{
    if (submission == NULL) {
        return;
    }
    g_ptr_array_unref(submission->events);
    g_ptr_array_unref(submission->entries);
    g_clear_pointer(&submission->absorbed, g_ptr_array_unref);
    g_string_chunk_free(submission->chunk);
    g_free(submission);
}

const char *
fisc_submission_text(FiscSubmission *submission, const char *text)
{
    return text != NULL ? g_string_chunk_insert_const(submission->chunk, text) : NULL;
}

FiscEntry *
fisc_submission_entry(FiscSubmission *submission)
{
    FiscEntry *entry = g_new0(FiscEntry, 1);
    entry->decimals = 2;
    entry->lines = g_array_sized_new(FALSE, TRUE, sizeof(FiscLine), LINES_AT_FIRST);
    g_ptr_array_add(submission->entries, entry);
    return entry;
}

FiscLine *
fisc_entry_line(FiscEntry *entry)
{
    g_array_set_size(entry->lines, entry->lines->len + 1);
    return &g_array_index(entry->lines, FiscLine, entry->lines->len - 1);
}

/* Budgets know no counterparty and no cash row: only what the money is for. */
static bool
is_budget_dimension(int dimension)
{
    return dimension != FISC_DIM_COUNTERPARTY && dimension != FISC_DIM_CASH_CODE &&
           dimension != FISC_DIM_CASH_COUNTERPARTY;
}

static void
add_budget_line(FiscEntry *entry, FiscStage stage, int64_t amount,
                const char *const dim[FISC_DIM_COUNT], int row)
{
    FiscLine *line = fisc_entry_line(entry);
    line->account = fisc_stage_account(stage);
    line->amount = amount;
    line->row = row;
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        line->dim[i] = is_budget_dimension(i) ? dim[i] : NULL;
    }
}

void
fisc_entry_move(FiscEntry *entry, FiscStage from, FiscStage to, int64_t amount,
                const char *const dim[FISC_DIM_COUNT], int row)
{
    g_assert(from != FISC_STAGE_NONE && to != FISC_STAGE_NONE && from != to);
    g_assert(amount != INT64_MIN);
    /* @dim may be a line of this entry, which moves when the entry grows. */
    const char *words[FISC_DIM_COUNT];
    memcpy(words, dim, sizeof(words));
    add_budget_line(entry, from, amount, words, row);
    add_budget_line(entry, to, -amount, words, row);
}

FiscEvent *
fisc_submission_event(FiscSubmission *submission, const char *kind, const char *subject, ...)
{
    FiscEvent *event = g_new0(FiscEvent, 1);
    event->kind = fisc_submission_text(submission, kind);
    event->subject = fisc_submission_text(submission, subject);
    event->fields = g_ptr_array_new();
    va_list pairs;
    va_start(pairs, subject);
    const char *name;
    while ((name = va_arg(pairs, const char *)) != NULL) {
        const char *value = va_arg(pairs, const char *);
        if (value != NULL) {
            g_ptr_array_add(event->fields, (char *)fisc_submission_text(submission, name));
            g_ptr_array_add(event->fields, (char *)fisc_submission_text(submission, value));
        }
    }
    va_end(pairs);
    g_ptr_array_add(submission->events, event);
    return event;
}

const char *
fisc_event_field(const FiscEvent *event, const char *name)
{
    for (guint i = 0; i + 1 < event->fields->len; i += 2) {
        if (strcmp(g_ptr_array_index(event->fields, i), name) == 0) {
            return g_ptr_array_index(event->fields, i + 1);
        }
    }
    return NULL;
}

char *
fisc_event_entity(const FiscEvent *event)
{
    static const char *const with_entity[] = {"budget_line", "cut_line", "due", NULL};
    if (g_strv_contains(with_entity, event->kind)) {
        return g_strdup(fisc_event_field(event, "entity"));
    }
    static const char *const of_entity[] = {"item", "carry", "carry_item", "year_end", NULL};
    if (g_strv_contains(of_entity, event->kind)) {
        const char *slash = strchr(event->subject, '/');
        return slash != NULL ? g_strndup(event->subject, (gsize)(slash - event->subject)) : NULL;
    }
    if (strcmp(event->kind, "grant") == 0) { /* person/role/entity, or all of them */
        g_auto(GStrv) parts = g_strsplit(event->subject, "/", 3);
        bool is_one = g_strv_length(parts) == 3 && strcmp(parts[2], "*") != 0;
        return is_one ? g_strdup(parts[2]) : NULL;
    }
    if (strcmp(event->kind, "case") == 0 || strcmp(event->kind, "hold") == 0) { /* one, or "*" */
        const char *code = fisc_event_field(event, "entity");
        return g_strcmp0(code, "*") != 0 ? g_strdup(code) : NULL;
    }
    const char *key = fisc_event_field(event, "key");
    if (strcmp(event->kind, "override") == 0 && key != NULL && g_str_has_prefix(key, "entity=")) {
        const char *code = key + strlen("entity=");
        return g_strndup(code, strcspn(code, " "));
    }
    return NULL;
}

/* The strings stay where they are; only their owners move. */
static void
keep_chunks(FiscSubmission *into, FiscSubmission *other)
{
    if (into->absorbed == NULL) {
        into->absorbed = g_ptr_array_new_with_free_func((GDestroyNotify)g_string_chunk_free);
    }
    if (other->absorbed != NULL) {
        g_ptr_array_extend_and_steal(into->absorbed, g_steal_pointer(&other->absorbed));
    }
    g_ptr_array_add(into->absorbed, g_steal_pointer(&other->chunk));
}

void
fisc_submission_absorb(FiscSubmission *into, FiscSubmission *other)
{
    g_assert(into != other);
    keep_chunks(into, other);
    g_ptr_array_extend_and_steal(into->events, other->events);
    g_ptr_array_extend_and_steal(into->entries, other->entries);
    g_free(other);
}

static void
result_free(FiscResult *result)
{
    g_free(result->reference);
    g_clear_pointer(&result->refusals, g_ptr_array_unref);
    g_clear_pointer(&result->warnings, g_ptr_array_unref);
    g_free(result);
}

FiscReceipt *
fisc_receipt_new(void)
{
    FiscReceipt *receipt = g_new0(FiscReceipt, 1);
    receipt->results = g_ptr_array_new_with_free_func((GDestroyNotify)result_free);
    return receipt;
}

void
fisc_receipt_free(FiscReceipt *receipt)
{
    if (receipt == NULL) {
        return;
    }
    g_ptr_array_unref(receipt->results);
    g_clear_pointer(&receipt->refusals, g_ptr_array_unref);
    g_free(receipt);
}
