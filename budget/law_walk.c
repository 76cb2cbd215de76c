/* law_walk.c: reads the log for law_replay.c, stretch by stretch, and puts its numbers back into
 * words: codes of accounts and entities, dimensions, the lines that planning sees. */
#include "budget/law_walk.h"
#include "fisc/gfs.h"
#include <string.h>

#define BATCHES_READ 256
#define ENTRIES_READ 8192 /* of one stretch, about: a batch is read whole */

/* Numbers into words -------------------------------------------------------------------------- */

static const char *
code_of(const GPtrArray *codes, int number)
{
    const char *code = number >= 1 && number <= (int)codes->len ? codes->pdata[number - 1] : NULL;
    return code != NULL ? code : "";
}

const char *
fisc_law_walk_entity(const FiscLawWalk *walk, int number)
{
    return code_of(walk->entity_codes, number);
}

static void
keep_code(FiscLawWalk *walk, GPtrArray *codes, const char *code, int number)
{
    if (number < 1) {
        return;
    }
    if (codes->len < (guint)number) {
        g_ptr_array_set_size(codes, number);
    }
    codes->pdata[number - 1] = g_string_chunk_insert_const(walk->chunk, code);
}

static void
take_coding(FiscLawWalk *walk, const FiscLogCoding *log)
{
    if (log->coding_id != (int64_t)walk->codings->len + 1) {
        return; /* a log with gaps: fisc verify says so */
    }
    FiscLogCoding coding = *log;
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        coding.dim[i] =
            g_string_chunk_insert_const(walk->chunk, log->dim[i] != NULL ? log->dim[i] : "");
    }
    g_array_append_val(walk->codings, coding);
}

static const FiscAccount *
account_of(const FiscLawWalk *walk, const FiscAgainLine *line)
{
    return fisc_nation_account(walk->nation, code_of(walk->account_codes, line->account_id));
}

static FiscStage
stage_of(const FiscLawWalk *walk, const FiscAgainLine *line)
{
    const FiscAccount *account = account_of(walk, line);
    return account != NULL ? account->stage : FISC_STAGE_NONE;
}

static bool
is_spending(FiscStage stage)
{
    return stage == FISC_STAGE_AUTHORIZATION || stage == FISC_STAGE_COMMITMENT ||
           stage == FISC_STAGE_OBLIGATION || stage == FISC_STAGE_PAYMENT;
}

/* Whether line @at and the next are a change of an appropriation, as a cover pool draws it. */
static bool
is_cover(const FiscLawWalk *walk, guint at)
{
    if (at + 1 >= walk->lines->len) {
        return false;
    }
    const FiscAgainLine *change = &g_array_index(walk->lines, FiscAgainLine, at);
    const FiscAgainLine *available = &g_array_index(walk->lines, FiscAgainLine, at + 1);
    return stage_of(walk, change) == FISC_STAGE_CHANGE &&
           stage_of(walk, available) == FISC_STAGE_AVAILABLE &&
           change->amount == -available->amount;
}

/* Nobody spends and moves appropriations in one entry: what does was drawn from a pool. */
static void
drop_covers(FiscLawWalk *walk)
{
    bool is_spent = false;
    for (guint i = 0; i < walk->lines->len; i++) {
        is_spent |= is_spending(stage_of(walk, &g_array_index(walk->lines, FiscAgainLine, i)));
    }
    for (guint i = walk->lines->len; is_spent && i > 0; i--) {
        if (is_cover(walk, i - 1)) {
            g_array_remove_range(walk->lines, i - 1, 2);
        }
    }
}

void
fisc_law_walk_words(FiscLawWalk *walk, const FiscLogEntry *log, FiscAgainEntry *out_entry)
{
    g_array_set_size(walk->lines, 0);
    for (int i = 0; i < log->count; i++) {
        int32_t id = log->coding[i];
        if (id < 1 || id > (int32_t)walk->codings->len) {
            continue;
        }
        const FiscLogCoding *coding = &g_array_index(walk->codings, FiscLogCoding, id - 1);
        FiscAgainLine line = {.account_id = coding->account_id,
                              .flow = coding->flow,
                              .kind = coding->kind,
                              .amount = log->amount[i]};
        memcpy(line.dim, coding->dim, sizeof line.dim);
        g_array_append_val(walk->lines, line);
    }
    drop_covers(walk);
    *out_entry = (FiscAgainEntry){.reference = log->reference,
                                  .entity_id = log->entity_id,
                                  .period = log->period,
                                  .effective = log->effective,
                                  .reverses = log->reverses,
                                  .lines = (const FiscAgainLine *)(void *)walk->lines->data,
                                  .count = walk->lines->len};
}

/* Planning ------------------------------------------------------------------------------------ */

/* A line as a journal would say it. */
static void
say_line(FiscLawWalk *walk, FiscEntry *entry, const FiscAgainLine *again)
{
    const FiscAccount *account = account_of(walk, again);
    FiscLine *line = fisc_entry_line(entry);
    line->amount = again->amount;
    memcpy(line->dim, again->dim, sizeof line->dim);
    if (account == NULL) {
        return;
    }
    line->account = account->code;
    line->flow = again->flow;
    line->kind = again->kind;
    if (!account->national && account->class_ != FISC_CLASS_BUDGETARY) {
        char code[FISC_GFS_CODE];
        fisc_gfs_compose(account->gfs[0] != '\0' ? account->gfs : account->code, again->flow,
                         again->kind, code);
        line->account = fisc_submission_text(walk->words, code);
    }
}

static void
add_planned(FiscLawWalk *walk, const FiscLine *line)
{
    gpointer number =
        line->account != NULL ? g_hash_table_lookup(walk->account_numbers, line->account) : NULL;
    if (number == NULL) {
        return;
    }
    FiscAgainLine again = {.account_id = GPOINTER_TO_INT(number),
                           .flow = FISC_FLOW_TRANSACTION,
                           .amount = line->amount,
                           .if_budgeted = line->if_budgeted};
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        again.dim[i] =
            line->dim[i] != NULL ? g_string_chunk_insert_const(walk->chunk, line->dim[i]) : "";
    }
    g_array_append_val(walk->planned, again);
}

static bool
has_budgetary_lines(const FiscLawWalk *walk, const FiscAgainEntry *entry)
{
    for (guint i = 0; i < entry->count; i++) {
        const FiscAccount *account = account_of(walk, &entry->lines[i]);
        if (account != NULL && account->class_ == FISC_CLASS_BUDGETARY) {
            return true;
        }
    }
    return false;
}

bool
fisc_law_walk_plan(FiscLawWalk *walk, const FiscLogEntry *log, FiscAgainEntry *entry)
{
    if (log->reverses || has_budgetary_lines(walk, entry)) {
        return false;
    }
    fisc_submission_free(walk->words);
    walk->words = fisc_submission_new("law", "law");
    FiscEntry *words = fisc_submission_entry(walk->words);
    words->entity = fisc_law_walk_entity(walk, log->entity_id);
    words->reference = log->reference;
    words->effective = log->effective;
    words->period = log->period;
    for (guint i = 0; i < entry->count; i++) {
        say_line(walk, words, &entry->lines[i]);
    }
    fisc_budget_plan(walk->view, walk->words);
    g_array_set_size(walk->planned, 0);
    g_array_append_vals(walk->planned, entry->lines, entry->count);
    for (guint i = entry->count; i < words->lines->len; i++) {
        add_planned(walk, &g_array_index(words->lines, FiscLine, i));
    }
    bool is_planned = walk->planned->len > entry->count;
    entry->lines = (const FiscAgainLine *)(void *)walk->planned->data;
    entry->count = walk->planned->len;
    return is_planned;
}

/* Rules --------------------------------------------------------------------------------------- */

static bool
is_replaced(const FiscLawWalk *walk, const char *kind)
{
    int index = fisc_law_kind_find(kind);
    return index >= 0 && (walk->query->law->speaks_of & (1u << index)) != 0;
}

static bool
is_bound_in_time(const char *field)
{
    return strcmp(field, "from") == 0 || strcmp(field, "to") == 0;
}

/* The rules are tried on a year they were not made for: their days do not count. */
void
fisc_law_walk_take_law(FiscLawWalk *walk)
{
    g_autoptr(GHashTable) numbers = g_hash_table_new(g_str_hash, g_str_equal);
    const GPtrArray *rules = walk->query->law->rules;
    for (guint i = 0; !walk->has_law && i < rules->len; i++) {
        const FiscLawRule *rule = rules->pdata[i];
        g_autoptr(GPtrArray) fields = g_ptr_array_new();
        for (guint k = 0; k + 1 < rule->fields->len; k += 2) {
            if (!is_bound_in_time(rule->fields->pdata[k])) {
                g_ptr_array_add(fields, rule->fields->pdata[k]);
                g_ptr_array_add(fields, rule->fields->pdata[k + 1]);
            }
        }
        int number = GPOINTER_TO_INT(g_hash_table_lookup(numbers, rule->kind)) + 1;
        g_hash_table_insert(numbers, (gpointer)rule->kind, GINT_TO_POINTER(number));
        fisc_again_event(walk->now, rule->kind, rule->name, number, (char *const *)fields->pdata,
                         (int)fields->len);
    }
    walk->has_law = true;
}

/* What planning has to know: whom the rules on record and those of the law control. */
static bool
read_view(FiscLawWalk *walk, GError **error)
{
    g_autoptr(FiscSubmission) rules = fisc_submission_new("law", "law");
    for (guint i = 0; i < walk->query->law->rules->len; i++) {
        const FiscLawRule *rule = walk->query->law->rules->pdata[i];
        fisc_submission_event(rules, rule->kind, rule->name, "level", fisc_law_field(rule, "level"),
                              "entities", fisc_law_field(rule, "entities"), NULL);
    }
    walk->view = fisc_budget_view_new(walk->nation);
    if (!fisc_budget_view_load(walk->view, walk->tx, walk->book_id, error)) {
        return false;
    }
    fisc_budget_view_add(walk->view, rules);
    return true;
}

/* The log ------------------------------------------------------------------------------------- */

static void
take_event(FiscLawWalk *walk, const FiscLogEvent *event)
{
    if (strcmp(event->kind, "entity") == 0) {
        keep_code(walk, walk->entity_codes, event->subject, event->number);
    } else if (strcmp(event->kind, "account") == 0) {
        keep_code(walk, walk->account_codes, event->subject, event->number);
        g_hash_table_insert(walk->account_numbers,
                            g_string_chunk_insert_const(walk->chunk, event->subject),
                            GINT_TO_POINTER(event->number));
    }
    fisc_again_event(walk->then, event->kind, event->subject, event->number, event->fields,
                     event->field_count);
    if (!is_replaced(walk, event->kind)) {
        fisc_again_event(walk->now, event->kind, event->subject, event->number, event->fields,
                         event->field_count);
    }
}

static int
compare_items(const void *a, const void *b)
{
    const FiscLogItem *const *first = a;
    const FiscLogItem *const *second = b;
    return (*first)->item_id < (*second)->item_id ? -1 : (*first)->item_id > (*second)->item_id;
}

/* All items of a stretch in chain order. */
static GPtrArray *
items_of(const FiscLogChunk *chunk)
{
    GPtrArray *items = g_ptr_array_new();
    g_ptr_array_extend(items, chunk->entries, NULL, NULL);
    g_ptr_array_extend(items, chunk->events, NULL, NULL);
    g_ptr_array_extend(items, chunk->refusals, NULL, NULL);
    g_ptr_array_sort(items, compare_items);
    return items;
}

static void
take_item(FiscLawWalk *walk, const FiscLogItem *item)
{
    if (item->kind == FISC_ITEM_ENTRY) {
        fisc_law_walk_take_entry(walk, (const FiscLogEntry *)(const void *)item);
    } else if (item->kind == FISC_ITEM_EVENT) {
        take_event(walk, (const FiscLogEvent *)(const void *)item);
    } else if (item->kind == FISC_ITEM_REFUSAL) {
        fisc_law_walk_take_refusal(walk, (const FiscLogRefusal *)(const void *)item);
    }
}

static void
take_stretch(FiscLawWalk *walk, const FiscLogChunk *chunk, const FiscLogBatch *batches, guint count)
{
    g_autoptr(GPtrArray) items = items_of(chunk);
    guint batch = 0;
    int64_t told = -1;
    for (guint i = 0; i < chunk->codings->len; i++) {
        take_coding(walk, chunk->codings->pdata[i]);
    }
    for (guint i = 0; i < items->len; i++) {
        const FiscLogItem *item = items->pdata[i];
        while (batch + 1 < count && batches[batch].batch_no < item->batch_no) {
            batch++;
        }
        if (told != batches[batch].batch_no) {
            told = batches[batch].batch_no;
            fisc_again_time(walk->then, batches[batch].posted_at_us);
            fisc_again_time(walk->now, batches[batch].posted_at_us);
        }
        take_item(walk, item);
    }
}

/* Reads batches [first, until) of those at hand. */
static bool
read_stretch(FiscLawWalk *walk, const FiscLogBatch *first, guint count, FiscHash *hash,
             FiscLogChunk *chunk, GError **error)
{
    const FiscLogBatch *last = first + count - 1;
    FiscLogPlace from = {first->first_item, first->first_entry, first->first_coding};
    FiscLogPlace until = {last->first_item + last->item_count,
                          last->first_entry + last->entry_count,
                          last->first_coding + last->coding_count};
    if (!fisc_log_read_chunk(walk->tx, walk->book_id, &from, &until, hash, chunk, error)) {
        return false;
    }
    take_stretch(walk, chunk, first, count);
    return true;
}

static bool
read_batches(FiscLawWalk *walk, GArray *batches, FiscHash *hash, FiscLogChunk *chunk,
             GError **error)
{
    for (guint at = 0; at < batches->len;) {
        const FiscLogBatch *first = &g_array_index(batches, FiscLogBatch, at);
        int64_t entries = 0;
        guint count = 0;
        while (at + count < batches->len && (count == 0 || entries < ENTRIES_READ)) {
            entries += first[count].entry_count;
            count++;
        }
        if (!read_stretch(walk, first, count, hash, chunk, error)) {
            return false;
        }
        at += count;
    }
    return true;
}

static bool
read_log(FiscLawWalk *walk, GError **error)
{
    g_autoptr(FiscLogChunk) chunk = fisc_log_chunk_new();
    g_autoptr(GArray) batches = g_array_new(FALSE, TRUE, sizeof(FiscLogBatch));
    FiscHash *hash = fisc_hash_new();
    int64_t from = 1;
    bool is_read = true;
    do {
        g_array_set_size(batches, 0);
        is_read =
            fisc_log_read_batches(walk->tx, walk->book_id, from, BATCHES_READ, batches, error) &&
            read_batches(walk, batches, hash, chunk, error);
        from = batches->len > 0
                   ? g_array_index(batches, FiscLogBatch, batches->len - 1).batch_no + 1
                   : from;
    } while (is_read && batches->len == BATCHES_READ);
    fisc_hash_free(hash);
    return is_read;
}

static void
walk_begin(FiscLawWalk *walk)
{
    walk->then = fisc_again_new(walk->book_id);
    walk->now = fisc_again_new(walk->book_id);
    walk->entity_codes = g_ptr_array_new();
    walk->account_codes = g_ptr_array_new();
    walk->account_numbers = g_hash_table_new(g_str_hash, g_str_equal);
    walk->codings = g_array_new(FALSE, TRUE, sizeof(FiscLogCoding));
    walk->lines = g_array_new(FALSE, TRUE, sizeof(FiscAgainLine));
    walk->planned = g_array_new(FALSE, TRUE, sizeof(FiscAgainLine));
    walk->chunk = g_string_chunk_new(65536);
    walk->items = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    walk->fallen_items = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    walk->fallen_entries = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
}

static void
walk_end(FiscLawWalk *walk)
{
    fisc_again_free(walk->then);
    fisc_again_free(walk->now);
    fisc_budget_view_free(walk->view);
    fisc_submission_free(walk->words);
    g_ptr_array_unref(walk->entity_codes);
    g_ptr_array_unref(walk->account_codes);
    g_hash_table_unref(walk->account_numbers);
    g_array_unref(walk->codings);
    g_array_unref(walk->lines);
    g_array_unref(walk->planned);
    g_hash_table_unref(walk->items);
    g_hash_table_unref(walk->fallen_items);
    g_hash_table_unref(walk->fallen_entries);
    g_string_chunk_free(walk->chunk);
}

bool
fisc_law_walk(FiscLawWalk *walk, GError **error)
{
    walk_begin(walk);
    bool is_walked = read_view(walk, error) && read_log(walk, error);
    walk_end(walk);
    return is_walked;
}
