/* profile_note.c: differences between the publisher's own figures, put on record with both of them,
 * so that whoever reads the budget later sees what the source left open. */
#include "fisc/money.h"
#include "integrations/profile_run.h"

#define STATEMENT "BOOK" /* the budget book shows it */

static void
add_note(FiscProfileRun *run, FiscPlace place, const char *unit, const char *where,
         const char *text, __int128 one, __int128 other)
{
    int decimals = run->profile->decimals;
    char first[FISC_SUM_TEXT], second[FISC_SUM_TEXT], difference[FISC_SUM_TEXT];
    if (!fisc_reader_unit(run->reader, place, unit)) {
        return;
    }
    FiscSubmission *submission = run->steps->pdata[0];
    g_autofree char *subject = g_strdup_printf("%s/" STATEMENT "/%s/%s", unit, where, place.field);
    g_autofree char *sentence = g_strdup_printf(
        "%s: %s: %s against %s, by %s", where, text, fisc_sum_format_grouped(one, decimals, first),
        fisc_sum_format_grouped(other, decimals, second),
        fisc_sum_format_grouped(one - other, decimals, difference));
    fisc_submission_event(submission, "note", subject, "unit",
                          fisc_submission_text(submission, unit), "statement", STATEMENT, "text",
                          sentence, NULL);
}

void
fisc_profile_note_check(FiscProfileRun *run, const FiscProfileCheck *check)
{
    const FiscProfile *profile = run->profile;
    __int128 one = 0, other = 0;
    if (check->unit == NULL || run->steps->len == 0) {
        return;
    }
    for (guint i = 0; i < check->terms->len; i++) {
        const FiscTerm *term = &g_array_index(check->terms, FiscTerm, i);
        *(term->is_minus ? &other : &one) += run->amounts[term->slot];
    }
    g_autofree char *key =
        profile->key != NULL ? g_strdup(fisc_profile_fill(run, profile->key)) : NULL;
    g_autofree char *where = g_strdup_printf("%s:%d%s%s", profile->file, run->row->line,
                                             key != NULL ? " " : "", key != NULL ? key : "");
    g_autofree char *unit = g_strdup(fisc_profile_fill(run, check->unit));
    FiscPlace place = {profile->file, run->row->line, "", check->name};
    add_note(run, place, unit, where, check->text, one, other);
}

void
fisc_profile_note_compare(FiscProfileRun *run, const FiscProfileCompare *compare, __int128 other)
{
    if (compare->unit == NULL || run->steps->len == 0) {
        return;
    }
    FiscPlace place = {run->profile->profile_name, 0, "", compare->group};
    add_note(run, place, compare->unit, run->profile->file, compare->text,
             run->profile->sums[compare->amount], other);
}
