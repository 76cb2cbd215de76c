/* report_words.c: a call's words as the query of a report. */
#include "app/server/api/report_words.h"
#include "app/flows/report_words.h"

/* A number of the body as text, kept by the call's words. */
static const char *
number_text(FiscCall *call, const char *name)
{
    const json_t *value = fisc_call_value(call, name);
    if (!json_is_integer(value)) {
        return NULL;
    }
    g_ptr_array_add(call->words, g_strdup(name));
    g_ptr_array_add(call->words,
                    g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value)));
    return call->words->pdata[call->words->len - 1];
}

FiscReportQuery
fisc_call_report_query(FiscCall *call, const char *name)
{
    FiscReportQuery query = {.name = name};
    for (const FiscReportWord *word = fisc_report_words; word->option != NULL; word++) {
        g_autofree char *field = g_strdelimit(g_strdup(word->option), "-", '_');
        if (word->is_switch) {
            if (fisc_call_flag(call, field)) {
                fisc_report_word_set(word, &query, NULL);
            }
            continue;
        }
        const char *text = fisc_call_text(call, field);
        text = text != NULL ? text : number_text(call, field);
        if (text != NULL) {
            fisc_report_word_set(word, &query, text);
        }
    }
    return query;
}
