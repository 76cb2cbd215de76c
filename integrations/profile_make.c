/* profile_make.c: the entries of a published row, by the templates of its profile. */
#include "fisc/gfs.h"
#include "fisc/money.h"
#include "integrations/profile_run.h"
#include <string.h>

/* An entry before it is known to be good. */
typedef struct {
    const FiscProfileEntry *template_;
    FiscSubmission *submission;
    const FiscEntity *entity;
    FiscDate date;
    FiscLine debit, credit; /* account NULL: no financial side */
    bool is_opening;
} Draft;

static FiscPlace
place_of(const FiscProfileRun *run, const FiscProfileEntry *template_, const char *field)
{
    return (FiscPlace){.file = run->profile->file,
                       .line = run->row->line,
                       .prefix = template_->label,
                       .field = field};
}

static const char *
text_of(FiscProfileRun *run, Draft *draft, const FiscTemplate *template_)
{
    return template_ == NULL
               ? NULL
               : fisc_submission_text(draft->submission, fisc_profile_fill(run, template_));
}

static bool
fill_dimensions(FiscProfileRun *run, Draft *draft, const FiscProfileDimensions *dimensions,
                const char *dim[FISC_DIM_COUNT])
{
    bool is_good = true;
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        const FiscTemplate *template_ = dimensions != NULL ? dimensions->dim[i] : NULL;
        dim[i] = text_of(run, draft, template_);
        if (dim[i] != NULL && *dim[i] == '\0') {
            dim[i] = NULL;
        }
        if (dim[i] != NULL) {
            FiscPlace place =
                place_of(run, draft->template_, fisc_dimension_column((FiscDimension)i));
            is_good &= fisc_reader_dimension(run->reader, place, (FiscDimension)i, dim[i]);
        }
    }
    return is_good;
}

static bool
check_account(FiscProfileRun *run, const FiscProfileEntry *template_, const char *side,
              const char *code, int *out_flow)
{
    const FiscAccount *account = fisc_nation_account(run->reader->nation, code);
    if (account != NULL && account->national) {
        *out_flow = FISC_FLOW_TRANSACTION;
        return true;
    }
    return fisc_reader_gfs_code(run->reader, place_of(run, template_, side), code, out_flow);
}

/* Without a code on one side the row has no financial half: the source maps it to no GFS flow. */
static bool
fill_sides(FiscProfileRun *run, Draft *draft, int64_t amount)
{
    const FiscProfileEntry *template_ = draft->template_;
    const char *debit = text_of(run, draft, template_->debit);
    const char *credit = text_of(run, draft, template_->credit);
    int debit_flow = 0, credit_flow = 0;
    if (debit == NULL || *debit == '\0' || *credit == '\0') {
        return true;
    }
    bool is_good = check_account(run, template_, "debit", debit, &debit_flow);
    is_good &= check_account(run, template_, "credit", credit, &credit_flow);
    draft->debit = (FiscLine){.account = debit, .amount = amount, .row = run->row->line};
    draft->credit = (FiscLine){.account = credit, .amount = -amount, .row = run->row->line};
    is_good &= fill_dimensions(run, draft, template_->debit_dimensions, draft->debit.dim);
    is_good &= fill_dimensions(run, draft, template_->credit_dimensions, draft->credit.dim);
    draft->is_opening = debit_flow == FISC_FLOW_OPENING && credit_flow == FISC_FLOW_OPENING;
    if (is_good && !draft->is_opening &&
        (debit_flow == FISC_FLOW_OPENING || credit_flow == FISC_FLOW_OPENING)) {
        return fisc_reader_refuse(run->reader, place_of(run, template_, "debit"),
                                  FISC_ERROR_VALUE_INVALID, NULL,
                                  "an opening balance meets a flow: %s and %s", debit, credit);
    }
    return is_good;
}

static bool
fill_entity(FiscProfileRun *run, Draft *draft)
{
    const FiscProfileEntry *template_ = draft->template_;
    FiscPlace place = place_of(run, template_, "entity");
    const char *code = fisc_profile_fill(run, template_->entity);
    if (!fisc_reader_entity(run->reader, place, code, &draft->entity)) {
        return false;
    }
    return draft->entity->decimals == run->profile->decimals ||
           fisc_reader_refuse(run->reader, place, FISC_ERROR_AMOUNT_DECIMALS, NULL,
                              "%s keeps its books with %d decimals, the file has %d",
                              draft->entity->code, draft->entity->decimals, run->profile->decimals);
}

/* "2026-01-end" is the last day of that month: monthly balances name no day. */
static bool
parse_month_end(const char *text, FiscDate *out_date)
{
    FiscDate first = 0;
    int year = 0, month = 0, day = 0;
    if (strlen(text) != strlen("2026-01-end") || !g_str_has_suffix(text, "-end")) {
        return false;
    }
    g_autofree char *day_text = g_strdup_printf("%.7s-01", text);
    if (!fisc_date_parse(day_text, &first)) {
        return false;
    }
    fisc_date_split(first, &year, &month, &day);
    *out_date = fisc_date_make(month == 12 ? year + 1 : year, month == 12 ? 1 : month + 1, 1) - 1;
    return true;
}

static bool
fill_date(FiscProfileRun *run, Draft *draft)
{
    const char *text = fisc_profile_fill(run, draft->template_->date);
    return parse_month_end(text, &draft->date) ||
           fisc_reader_date(run->reader, place_of(run, draft->template_, "date"), text,
                            &draft->date);
}

static FiscEntry *
append_entry(FiscProfileRun *run, Draft *draft)
{
    const FiscProfileEntry *template_ = draft->template_;
    FiscEntry *entry = fisc_submission_entry(draft->submission);
    entry->entity = fisc_submission_text(draft->submission, draft->entity->code);
    entry->reference = text_of(run, draft, template_->reference);
    entry->effective = draft->date;
    entry->period = draft->is_opening ? fisc_date_year(draft->date) * 100 : 0;
    entry->memo = text_of(run, draft, template_->memo);
    entry->document = text_of(run, draft, template_->document);
    const char *transfer = text_of(run, draft, template_->transfer);
    entry->transfer = transfer != NULL && *transfer != '\0' ? transfer : NULL;
    entry->file = fisc_submission_text(draft->submission, run->profile->file);
    entry->row = run->row->line;
    entry->decimals = draft->entity->decimals;
    if (draft->debit.account != NULL) {
        *fisc_entry_line(entry) = draft->debit;
        *fisc_entry_line(entry) = draft->credit;
    }
    return entry;
}

static void make_excess(FiscProfileRun *run, const char *key, int64_t amount);

/* Takes @amount from what is left of the row's key and returns what could be taken. The rest pays
 * closed years: the file it relieves knows nothing of it. */
static int64_t
relieve(FiscProfileRun *run, int64_t amount)
{
    g_autofree char *key = g_strdup(fisc_profile_fill(run, run->profile->relief.key));
    int64_t *left = g_hash_table_lookup(run->left_by_key, key);
    int64_t available = left != NULL ? MAX(*left, 0) : 0;
    int64_t taken = MIN(available, amount);
    if (left != NULL) {
        *left -= taken;
    }
    if (amount > taken) {
        make_excess(run, key, amount - taken);
    }
    return taken;
}

/* One entry is of one entity and one day. */
static bool
check_growing(FiscProfileRun *run, const Draft *draft, const FiscEntry *entry)
{
    return (strcmp(entry->entity, draft->entity->code) == 0 && entry->effective == draft->date) ||
           fisc_reader_refuse(run->reader, place_of(run, draft->template_, "entity"),
                              FISC_ERROR_VALUE_INVALID, NULL,
                              "the entry %s is of %s: rows of %s cannot cancel with it",
                              entry->reference, entry->entity, draft->entity->code);
}

FiscEntry *
fisc_profile_make_entry(FiscProfileRun *run, const FiscProfileEntry *template_, FiscEntry *grows,
                        int64_t amount)
{
    Draft draft = {.template_ = template_, .submission = run->steps->pdata[template_->step]};
    const char *dim[FISC_DIM_COUNT] = {NULL};
    bool has_move = template_->from != FISC_STAGE_NONE;
    bool is_good = fill_entity(run, &draft);
    is_good &= fill_date(run, &draft);
    is_good &= fill_sides(run, &draft, amount);
    is_good &= !has_move || fill_dimensions(run, &draft, template_->move_dimensions, dim);
    if (!is_good || (grows != NULL && !check_growing(run, &draft, grows))) {
        return grows;
    }
    int64_t moved = template_->relieves ? relieve(run, amount) : amount;
    FiscEntry *entry = grows != NULL ? grows : append_entry(run, &draft);
    if (has_move && moved != 0) {
        fisc_entry_move(entry, template_->from, template_->to, moved, dim, run->row->line);
    }
    return entry;
}

/* A line that is published without an amount has nothing to post, but it is a line of the budget:
 * its key exists, with nothing appropriated. */
static void
keep_zero(FiscProfileRun *run, const FiscProfileEntry *template_)
{
    Draft draft = {.template_ = template_, .submission = run->steps->pdata[template_->step]};
    const char *dim[FISC_DIM_COUNT] = {NULL};
    bool is_good = fill_entity(run, &draft);
    is_good &= fill_date(run, &draft);
    is_good &= fill_dimensions(run, &draft, template_->move_dimensions, dim);
    if (!is_good) {
        return;
    }
    g_autofree char *year = g_strdup_printf("%d", fisc_date_year(draft.date));
    const char *subject = text_of(run, &draft, template_->reference);
    FiscEvent *event = fisc_submission_event(draft.submission, "budget_line", subject, "entity",
                                             draft.entity->code, "year", year, NULL);
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        if (dim[i] != NULL) {
            g_ptr_array_add(event->fields, (char *)fisc_dimension_column((FiscDimension)i));
            g_ptr_array_add(event->fields, (char *)dim[i]);
        }
    }
}

/* One entry for each key, made at its first excess and grown by the later ones. */
static void
make_excess(FiscProfileRun *run, const char *key, int64_t amount)
{
    const FiscProfileEntry *template_ =
        run->profile->entries->pdata[run->profile->relief.excess_entry];
    FiscEntry *entry = g_hash_table_lookup(run->excess_by_key, key);
    if (entry == NULL) {
        entry = fisc_profile_make_entry(run, template_, NULL, amount);
        if (entry != NULL) { /* else it was refused */
            g_hash_table_insert(run->excess_by_key, g_strdup(key), entry);
        }
        return;
    }
    for (guint i = 0; i < entry->lines->len; i++) {
        FiscLine *line = &g_array_index(entry->lines, FiscLine, i);
        if (!fisc_amount_add(line->amount, line->amount > 0 ? amount : -amount, &line->amount)) {
            fisc_reader_refuse(run->reader, place_of(run, template_, "amount"),
                               FISC_ERROR_AMOUNT_OVERFLOW, NULL, "the excess of \"%s\"", key);
        }
    }
}

/* Rows that are one side each ------------------------------------------------------------------ */

/* Names an entry, or with @line a line of it: equal words are one line. */
static char *
gathered_name(FiscProfileRun *run, const FiscProfileEntry *template_, const FiscLine *line)
{
    g_autofree char *reference = g_strdup(fisc_profile_fill(run, template_->reference));
    GString *name = g_string_new(NULL);
    g_string_printf(name, "%d\x1f%s", template_->step, reference);
    if (line != NULL) {
        g_string_append_printf(name, "\x1f%s", line->account);
    }
    for (int i = 0; line != NULL && i < FISC_DIM_COUNT; i++) {
        g_string_append_printf(name, "\x1f%s", line->dim[i] != NULL ? line->dim[i] : "");
    }
    return g_string_free(name, FALSE);
}

static void
add_to_line(FiscProfileRun *run, Draft *draft, FiscEntry *entry)
{
    g_autofree char *name = gathered_name(run, draft->template_, &draft->debit);
    guint position = GPOINTER_TO_UINT(g_hash_table_lookup(run->gathered_lines, name));
    if (position == 0) {
        *fisc_entry_line(entry) = draft->debit;
        g_hash_table_insert(run->gathered_lines, g_steal_pointer(&name),
                            GUINT_TO_POINTER(entry->lines->len));
        return;
    }
    FiscLine *line = &g_array_index(entry->lines, FiscLine, position - 1);
    if (!fisc_amount_add(line->amount, draft->debit.amount, &line->amount)) {
        fisc_reader_refuse(run->reader, place_of(run, draft->template_, "amount"),
                           FISC_ERROR_AMOUNT_OVERFLOW, NULL, "the sum of the rows of \"%s\"",
                           line->account);
    }
}

/* The entry of the row's reference, made at its first row. NULL after a refusal. */
static FiscEntry *
gathered_entry(FiscProfileRun *run, Draft *draft)
{
    g_autofree char *name = gathered_name(run, draft->template_, NULL);
    FiscEntry *entry = g_hash_table_lookup(run->gathered, name);
    if (entry == NULL) {
        const FiscLine side = draft->debit;
        draft->debit.account = NULL; /* lines come one by one */
        entry = append_entry(run, draft);
        draft->debit = side;
        g_hash_table_insert(run->gathered, g_steal_pointer(&name), entry);
        return entry;
    }
    if (draft->is_opening != (entry->period != 0)) {
        fisc_reader_refuse(run->reader, place_of(run, draft->template_, "side"),
                           FISC_ERROR_VALUE_INVALID, NULL,
                           "an opening balance meets a flow in the entry %s", entry->reference);
        return NULL;
    }
    return check_growing(run, draft, entry) ? entry : NULL;
}

/* The row is one side of the entry that all rows of its reference make: debit when positive. */
static void
gather(FiscProfileRun *run, const FiscProfileEntry *template_, int64_t amount)
{
    Draft draft = {.template_ = template_, .submission = run->steps->pdata[template_->step]};
    const char *account = text_of(run, &draft, template_->side);
    int flow = 0;
    if (*account == '\0') {
        return; /* the source maps it to nothing that is posted */
    }
    draft.debit = (FiscLine){.account = account, .amount = amount, .row = run->row->line};
    bool is_good = fill_entity(run, &draft);
    is_good &= fill_date(run, &draft);
    is_good &= check_account(run, template_, "side", account, &flow);
    is_good &= fill_dimensions(run, &draft, template_->side_dimensions, draft.debit.dim);
    draft.is_opening = flow == FISC_FLOW_OPENING;
    FiscEntry *entry = is_good ? gathered_entry(run, &draft) : NULL;
    if (entry != NULL) {
        add_to_line(run, &draft, entry);
    }
}

void
fisc_profile_gather_finish(FiscProfileRun *run)
{
    GHashTableIter iterator;
    void *value = NULL;
    g_hash_table_iter_init(&iterator, run->gathered);
    while (g_hash_table_iter_next(&iterator, NULL, &value)) {
        FiscEntry *entry = value;
        for (guint i = entry->lines->len; i > 0; i--) {
            if (g_array_index(entry->lines, FiscLine, i - 1).amount == 0) {
                g_array_remove_index(entry->lines, i - 1);
            }
        }
        bool is_empty = entry->lines->len == 0;
        for (guint i = 0; is_empty && i < run->steps->len; i++) {
            const FiscSubmission *step = run->steps->pdata[i];
            is_empty = !g_ptr_array_remove(step->entries, entry); /* frees it */
        }
    }
}

static void
apply(FiscProfileRun *run, const FiscProfileEntry *template_)
{
    int64_t amount = 0;
    if (!fisc_terms_sum(template_->amount, run->amounts, &amount)) {
        fisc_reader_refuse(run->reader, place_of(run, template_, "amount"),
                           FISC_ERROR_AMOUNT_OVERFLOW, NULL, "the sum of the columns");
        return;
    }
    bool is_wanted = template_->when == NULL || *fisc_profile_fill(run, template_->when) != '\0';
    if (amount != 0 && is_wanted && template_->side != NULL) {
        gather(run, template_, amount);
    } else if (amount != 0 && is_wanted) {
        fisc_profile_make_entry(run, template_, NULL, amount);
    } else if (is_wanted && template_->keeps_zero) {
        keep_zero(run, template_);
    }
}

void
fisc_profile_make_entries(FiscProfileRun *run)
{
    for (guint i = 0; i < run->profile->entries->len; i++) {
        const FiscProfileEntry *template_ = run->profile->entries->pdata[i];
        if (template_->amount != NULL) {
            apply(run, template_);
        }
    }
}
