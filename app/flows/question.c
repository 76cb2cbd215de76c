/* question.c: saved questions, as facts: named, listed, asked, taken out of use. */
#include "fisc/question.h"
#include "app/flows/internal.h"
#include "app/flows/report_words.h"
#include "fisc/ledger.h"
#include <string.h>

#define KIND "question"
#define REMOVED "removed"

static bool
load_nation(FiscContext *ctx, FiscNation **out_nation, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    return fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) &&
           fisc_nation_load(tx, ctx->book_id, 0, out_nation, error) &&
           fisc_tx_commit(g_steal_pointer(&tx), error);
}

static bool
is_in_use(const FiscFact *fact)
{
    return strcmp(fisc_fact_field(fact, "state"), REMOVED) != 0;
}

static bool
find_question(const FiscNation *nation, const char *name, const FiscFact **out_fact, GError **error)
{
    const FiscFact *fact = fisc_nation_fact(nation, KIND, name);
    if (fact == NULL || !is_in_use(fact)) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "there is no question \"%s\"", name);
    }
    *out_fact = fact;
    return true;
}

static bool
check_words(const char *name, const FiscReportQuery *query, GError **error)
{
    if (*name == '\0' || strpbrk(name, " \t\n/") != NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "a question has a name without blanks and \"/\", not \"%s\"", name);
    }
    for (const char *const *pair = fisc_flow_report_names(); *pair != NULL; pair += 2) {
        if (g_strcmp0(*pair, query->name) == 0) {
            return true;
        }
    }
    return fisc_fail(error, FISC_ERROR_USAGE, "there is no report \"%s\"",
                     query->name != NULL ? query->name : "");
}

bool
fisc_flow_question_save(FiscContext *ctx, const char *name, const char *title,
                        const FiscReportQuery *query, char **out_document,
                        FiscReceipt **out_receipt, GError **error)
{
    if (!check_words(name, query, error)) {
        return false;
    }
    g_autoptr(FiscSubmission) facts = fisc_submission_new("package", ctx->actor);
    g_autofree char *words = fisc_report_words_write(query);
    g_autofree char *reason = g_strdup_printf("Saved question %s", name);
    fisc_submission_event(facts, KIND, name, "question", name, "title",
                          title != NULL ? title : words, "words", words, NULL);
    return fisc_flow_put_facts(ctx, facts, reason, out_document, out_receipt, error);
}

bool
fisc_flow_question_remove(FiscContext *ctx, const char *name, char **out_document,
                          FiscReceipt **out_receipt, GError **error)
{
    g_autoptr(FiscNation) nation = NULL;
    const FiscFact *fact = NULL;
    if (!load_nation(ctx, &nation, error) || !find_question(nation, name, &fact, error)) {
        return false;
    }
    g_autoptr(FiscSubmission) facts = fisc_submission_new("package", ctx->actor);
    g_autofree char *reason = g_strdup_printf("Question %s is no longer asked", name);
    fisc_submission_event(facts, KIND, name, "question", name, "title",
                          fisc_fact_field(fact, "title"), "words", fisc_fact_field(fact, "words"),
                          "state", REMOVED, NULL);
    return fisc_flow_put_facts(ctx, facts, reason, out_document, out_receipt, error);
}

bool
fisc_flow_question_list(FiscContext *ctx, FiscTable **out_table, GError **error)
{
    g_autoptr(FiscNation) nation = NULL;
    if (!load_nation(ctx, &nation, error)) {
        return false;
    }
    static const char *const columns[] = {"question", "title", "words"};
    g_autoptr(GPtrArray) questions = fisc_nation_facts(nation, KIND);
    FiscTable *table = fisc_table_new("questions", "Saved questions", 0);
    for (guint i = 0; i < G_N_ELEMENTS(columns); i++) {
        fisc_table_add_column(table, columns[i], FISC_COLUMN_TEXT);
    }
    for (guint i = 0; i < questions->len; i++) {
        const FiscFact *fact = g_ptr_array_index(questions, i);
        FiscRow *row = is_in_use(fact) ? fisc_table_add_row(table) : NULL;
        for (guint column = 0; row != NULL && column < G_N_ELEMENTS(columns); column++) {
            fisc_table_set_text(table, row, (int)column, fisc_fact_field(fact, columns[column]));
        }
    }
    *out_table = table;
    return true;
}

/* What is given now stands instead of what is on record. */
static void
change(FiscReportQuery *query, const FiscReportQuery *changes)
{
    for (const FiscReportWord *word = fisc_report_words; word->option != NULL; word++) {
        const char *text =
            word->is_switch ? "" : G_STRUCT_MEMBER(const char *, changes, word->offset);
        bool is_given =
            word->is_switch ? G_STRUCT_MEMBER(bool, changes, word->offset) : text != NULL;
        if (is_given) {
            fisc_report_word_set(word, query, text);
        }
    }
}

bool
fisc_flow_question_run(FiscContext *ctx, const char *name, const FiscReportQuery *changes,
                       FiscTable **out_table, GError **error)
{
    g_autoptr(FiscNation) nation = NULL;
    g_auto(FiscReportWords) saved = {.words = NULL};
    const FiscFact *fact = NULL;
    if (!load_nation(ctx, &nation, error) || !find_question(nation, name, &fact, error) ||
        !fisc_report_words_read(fisc_fact_field(fact, "words"), &saved, error)) {
        return false;
    }
    change(&saved.query, changes);
    return fisc_flow_report(ctx, &saved.query, out_table, error);
}
