/* refusal.c: lists of refusals, and one readable line for each, with its remedies below.
 *
 * A list is capped: the thousandth bad row of a file teaches nothing that the first did not, and a
 * file of ten million bad rows must not fill the memory. What follows the cap is only counted. */
#include "fisc/refusal.h"
#include "fisc/money.h"
#include <string.h>

static void
clear_words(FiscRefusal *refusal)
{
    g_clear_pointer(&refusal->file, g_free);
    g_clear_pointer(&refusal->field, g_free);
    g_clear_pointer(&refusal->detail, g_free);
    g_clear_pointer(&refusal->hint, g_free);
    g_clear_pointer(&refusal->control, g_free);
    g_clear_pointer(&refusal->key, g_free);
    g_clear_pointer(&refusal->article, g_free);
    g_clear_pointer(&refusal->remedies, g_ptr_array_unref);
}

static const struct {
    const char *word;
    const char *sentence;
} remedy_texts[] = {
#define X(name, word, sentence) {word, sentence},
    FISC_REMEDIES(X)
#undef X
};

const char *
fisc_remedy_word(FiscRemedyKind kind)
{
    return remedy_texts[kind].word;
}

const char *
fisc_remedy_sentence(FiscRemedyKind kind)
{
    return remedy_texts[kind].sentence;
}

FiscRemedy *
fisc_remedy_new(FiscRemedyKind kind)
{
    FiscRemedy *remedy = g_new0(FiscRemedy, 1);
    remedy->kind = kind;
    return remedy;
}

FiscRemedy *
fisc_remedy_copy(const FiscRemedy *remedy)
{
    FiscRemedy *copy = g_new(FiscRemedy, 1);
    *copy = *remedy;
    copy->from = g_strdup(remedy->from);
    copy->to = g_strdup(remedy->to);
    copy->approval = g_strdup(remedy->approval);
    copy->rule = g_strdup(remedy->rule);
    copy->article = g_strdup(remedy->article);
    return copy;
}

void
fisc_remedy_free(FiscRemedy *remedy)
{
    if (remedy != NULL) {
        g_free(remedy->from);
        g_free(remedy->to);
        g_free(remedy->approval);
        g_free(remedy->rule);
        g_free(remedy->article);
        g_free(remedy);
    }
}

static void
append_key(GString *text, const char *preposition, const char *key)
{
    if (key != NULL) {
        g_string_append_printf(text, " %s \"%s\"", preposition, key);
    }
}

/* What a step rests on, and who has to agree: " (rule R, Art. 46, approved by minister)". */
static void
append_grounds(GString *text, const FiscRemedy *remedy)
{
    g_autoptr(GString) grounds = g_string_new(NULL);
    if (remedy->rule != NULL) {
        const char *what = remedy->kind == FISC_REMEDY_OVERRIDE ? "control"
                           : remedy->kind == FISC_REMEDY_COVER  ? "pool"
                           : remedy->kind == FISC_REMEDY_ASK    ? "hold"
                                                                : "rule";
        g_string_append_printf(grounds, ", %s %s", what, remedy->rule);
    }
    if (remedy->article != NULL) {
        g_string_append_printf(grounds, ", %s", remedy->article);
    }
    if (remedy->approval != NULL) {
        g_string_append_printf(grounds, ", approved by %s", remedy->approval);
    } else if (remedy->approvals > 0) {
        g_string_append(grounds, ", approved by a second person");
    }
    if (remedy->approvals > 1) {
        g_string_append_printf(grounds, " (%d persons)", remedy->approvals);
    }
    if (grounds->len > 0) {
        g_string_append_printf(text, " (%s)", grounds->str + strlen(", "));
    }
}

char *
fisc_remedy_to_text(const FiscRemedy *remedy, int decimals)
{
    char amount[FISC_AMOUNT_TEXT];
    char date[FISC_DATE_TEXT];
    GString *text = g_string_new(fisc_remedy_sentence(remedy->kind));
    if (remedy->kind == FISC_REMEDY_NONE) {
        return g_string_free(text, FALSE);
    }
    if (remedy->amount != 0) {
        g_string_append_printf(text, ": %s",
                               fisc_amount_format_grouped(remedy->amount, decimals, amount));
    }
    if (remedy->date != 0) {
        g_string_append_printf(text, " on %s", fisc_date_format(remedy->date, date));
    }
    append_key(text, "from", remedy->from);
    append_key(text, "to", remedy->to);
    append_grounds(text, remedy);
    return g_string_free(text, FALSE);
}

void
fisc_refusal_free(FiscRefusal *refusal)
{
    if (refusal == NULL) {
        return;
    }
    clear_words(refusal);
    g_free(refusal);
}

FiscRefusals *
fisc_refusals_new(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)fisc_refusal_free);
}

/* The refusal that stands for all those beyond the cap; one more is counted in it. Whatever a
 * caller set on it for the one before is dropped. Its code is not a conflict when any of them was
 * not, so that the exit status stays true. */
static FiscRefusal *
count_one_more(FiscRefusals *refusals, FiscError code, const char *file)
{
    FiscRefusal *last = g_ptr_array_index(refusals, refusals->len - 1);
    if (last->dropped == 0) {
        last = g_new0(FiscRefusal, 1);
        last->code = code;
        g_ptr_array_add(refusals, last);
    }
    clear_words(last);
    last->dropped++;
    if (fisc_error_exit_status(last->code) == 5) {
        last->code = code;
    }
    last->file = g_strdup(file);
    last->detail = g_strdup_printf("%d more of this and other kinds are not listed", last->dropped);
    return last;
}

FiscRefusal *
fisc_refusals_add(FiscRefusals *refusals, FiscError code, const char *file, int line,
                  const char *field, const char *format, ...)
{
    if (refusals->len >= FISC_REFUSALS_MAX) {
        return count_one_more(refusals, code, file);
    }
    FiscRefusal *refusal = g_new0(FiscRefusal, 1);
    refusal->code = code;
    refusal->file = g_strdup(file);
    refusal->line = line;
    refusal->field = g_strdup(field);
    va_list arguments;
    va_start(arguments, format);
    refusal->detail = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_ptr_array_add(refusals, refusal);
    return refusal;
}

FiscRefusal *
fisc_refusal_copy(const FiscRefusal *refusal)
{
    FiscRefusal *copy = g_new(FiscRefusal, 1);
    *copy = *refusal;
    copy->file = g_strdup(refusal->file);
    copy->field = g_strdup(refusal->field);
    copy->detail = g_strdup(refusal->detail);
    copy->hint = g_strdup(refusal->hint);
    copy->control = g_strdup(refusal->control);
    copy->key = g_strdup(refusal->key);
    copy->article = g_strdup(refusal->article);
    copy->remedies = NULL;
    for (guint i = 0; refusal->remedies != NULL && i < refusal->remedies->len; i++) {
        if (copy->remedies == NULL) {
            copy->remedies = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_remedy_free);
        }
        g_ptr_array_add(copy->remedies, fisc_remedy_copy(refusal->remedies->pdata[i]));
    }
    return copy;
}

/* Where the consumed amount stands: " (blocked 10.00, committed 140.00, paid 120.50)". */
static void
append_stages(GString *text, const FiscRefusal *refusal, int decimals)
{
    static const struct {
        FiscConsumed consumed;
        const char *word;
    } stages[FISC_CONSUMED_COUNT] = {
        {FISC_CONSUMED_BLOCKED, "blocked"},     {FISC_CONSUMED_RESERVED, "reserved"},
        {FISC_CONSUMED_COMMITTED, "committed"}, {FISC_CONSUMED_ACCRUED, "accrued"},
        {FISC_CONSUMED_PAID, "paid"},
    };
    const char *separator = " (";
    char amount[FISC_AMOUNT_TEXT];
    for (int i = 0; i < FISC_CONSUMED_COUNT; i++) {
        int64_t here = refusal->stage[stages[i].consumed];
        if (here != 0) {
            g_string_append_printf(text, "%s%s %s", separator, stages[i].word,
                                   fisc_amount_format_grouped(here, decimals, amount));
            separator = ", ";
        }
    }
    if (*separator == ',') {
        g_string_append_c(text, ')');
    }
}

static void
append_remedies(GString *text, const FiscRefusal *refusal, int decimals)
{
    for (guint i = 0; refusal->remedies != NULL && i < refusal->remedies->len; i++) {
        const FiscRemedy *remedy = refusal->remedies->pdata[i];
        g_autofree char *words = fisc_remedy_to_text(remedy, decimals);
        if (remedy->kind == FISC_REMEDY_NONE) {
            g_string_append_printf(text, "\n    remedy: %s", words);
        } else {
            g_string_append_printf(text, "\n    remedy %d: %s", remedy->option, words);
        }
    }
}

static void
append_funds(GString *text, const FiscRefusal *refusal, int decimals)
{
    const struct {
        const char *word;
        int64_t amount;
        bool has_stages;
    } amounts[] = {
        {"limit", refusal->limit, false},
        {"consumed", refusal->consumed, true},
        {"requested", refusal->requested, false},
        {"shortfall", refusal->shortfall, false},
    };
    g_string_append_printf(text, "; control %s", refusal->control);
    if (refusal->key != NULL && *refusal->key != '\0') {
        g_string_append_printf(text, ", key %s", refusal->key);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(amounts); i++) {
        char buffer[FISC_AMOUNT_TEXT];
        g_string_append_printf(text, ", %s %s", amounts[i].word,
                               fisc_amount_format_grouped(amounts[i].amount, decimals, buffer));
        if (amounts[i].has_stages) {
            append_stages(text, refusal, decimals);
        }
    }
    if (refusal->article != NULL && *refusal->article != '\0') {
        g_string_append_printf(text, ", by %s", refusal->article);
    }
}

char *
fisc_refusal_to_text(const FiscRefusal *refusal, int decimals)
{
    GString *text = g_string_new(NULL);
    if (refusal->file != NULL) {
        g_string_append(text, refusal->file);
    }
    if (refusal->line > 0) {
        g_string_append_printf(text, refusal->file != NULL ? ":%d" : "line %d", refusal->line);
    }
    if (text->len > 0) {
        g_string_append(text, ": ");
    }
    if (refusal->field != NULL) {
        g_string_append_printf(text, "%s: ", refusal->field);
    }
    g_string_append_printf(text, "%s: %s", fisc_error_name(refusal->code),
                           fisc_error_sentence(refusal->code));
    if (refusal->detail != NULL && *refusal->detail != '\0') {
        g_string_append_printf(text, ": %s", refusal->detail);
    }
    if (refusal->control != NULL) {
        append_funds(text, refusal, decimals);
    }
    if (refusal->hint != NULL && *refusal->hint != '\0') {
        g_string_append_printf(text, " (%s)", refusal->hint);
    }
    append_remedies(text, refusal, decimals);
    return g_string_free(text, FALSE);
}

int
fisc_refusals_exit_status(const FiscRefusals *refusals)
{
    int status = 0;
    for (guint i = 0; i < refusals->len; i++) {
        const FiscRefusal *refusal = g_ptr_array_index(refusals, i);
        int own = fisc_error_exit_status(refusal->code);
        status = status == 0 || status == own ? own : 6;
    }
    return status == 4 || status == 5 ? status : 6;
}
