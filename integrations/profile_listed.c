/* profile_listed.c: files of one publisher that tell parts of each other.
 *
 * [sums] of one profile keeps the sums of its amounts by a text; [listed] of a later one makes such
 * a sum an amount of its own rows. So a year's figure of a line can be posted without what another
 * file lists of it, one by one and with dates. And [total_row]: the publisher's own sum, below or
 * between the rows, is no row, but it should be right. */
#include "fisc/money.h"
#include "integrations/profile_run.h"
#include <string.h>

#define LISTED "listed"

/* ---- [sums], [listed], [total_row] ---- */

void
fisc_profile_parse_listed(FiscProfileParser *parser)
{
    FiscProfileListed *listed = &parser->profile->listed;
    if (g_key_file_has_group(parser->keys, "sums")) {
        parser->profile->sum_by = fisc_profile_template(parser, "sums", "by", true);
    }
    if (!g_key_file_has_group(parser->keys, LISTED)) {
        return;
    }
    listed->profile = fisc_profile_require(parser, LISTED, "profile");
    listed->amount = fisc_profile_require(parser, LISTED, "amount");
    listed->key = fisc_profile_template(parser, LISTED, "key", true);
    if (fisc_profile_column(parser->profile, LISTED) >= 0) {
        fisc_profile_refuse(parser, LISTED, NULL, FISC_ERROR_VALUE_INVALID,
                            "a column is called " LISTED " already");
    }
}

void
fisc_profile_parse_total_row(FiscProfileParser *parser)
{
    FiscProfile *profile = parser->profile;
    g_auto(GStrv) names = g_key_file_get_keys(parser->keys, "total_row", NULL, NULL);
    if (names == NULL) {
        return;
    }
    if (g_strv_length(names) != 1 || fisc_profile_column(profile, names[0]) < 0) {
        fisc_profile_refuse(parser, "total_row", NULL, FISC_ERROR_VALUE_INVALID,
                            "one column tells the total row");
        return;
    }
    profile->total_column = fisc_profile_column(profile, names[0]);
    profile->total_words = fisc_profile_list(parser, "total_row", names[0]);
}

/* ---- sums by a text ---- */

bool
fisc_profile_sum_row(FiscProfileRun *run)
{
    FiscProfile *profile = run->profile;
    if (profile->sum_by == NULL) {
        return true;
    }
    const char *key = fisc_profile_fill(run, profile->sum_by);
    int64_t *sums = g_hash_table_lookup(profile->sums_by_key, key);
    if (sums == NULL) {
        sums = g_new0(int64_t, (gsize)profile->amount_count + 1);
        g_hash_table_insert(profile->sums_by_key, g_strdup(key), sums);
    }
    for (int i = 0; i < profile->amount_count; i++) {
        if (!fisc_amount_add(sums[i], run->amounts[i], &sums[i])) {
            FiscPlace place = {.file = profile->file, .line = run->row->line};
            return fisc_reader_refuse(run->reader, place, FISC_ERROR_AMOUNT_OVERFLOW, NULL,
                                      "the sum of \"%s\"", key);
        }
    }
    return true;
}

bool
fisc_profile_listed_begin(FiscProfileRun *run, const GPtrArray *earlier)
{
    const FiscProfileListed *listed = &run->profile->listed;
    if (listed->profile == NULL) {
        return true;
    }
    const FiscProfile *other = fisc_profile_find_earlier(run, earlier, "[listed]", listed->profile,
                                                         listed->amount, &run->listed_amount);
    if (other == NULL) {
        return false;
    }
    if (other->sum_by == NULL) {
        FiscPlace place = {.file = run->profile->profile_name, .field = "[listed] profile"};
        return fisc_reader_refuse(run->reader, place, FISC_ERROR_VALUE_INVALID,
                                  "give it a group [sums]", "%s keeps no sums", listed->profile);
    }
    run->listed_by_key = other->sums_by_key;
    return true;
}

void
fisc_profile_listed_take(FiscProfileRun *run)
{
    int64_t *amount = &run->amounts[run->profile->amount_count];
    *amount = 0;
    if (run->listed_by_key != NULL) {
        const char *key = fisc_profile_fill(run, run->profile->listed.key);
        const int64_t *sums = g_hash_table_lookup((GHashTable *)run->listed_by_key, key);
        *amount = sums != NULL ? sums[run->listed_amount] : 0;
    }
}

/* ---- the publisher's total ---- */

static void
check_total(FiscProfileRun *run, const FiscProfileColumn *column, int field)
{
    const FiscProfile *profile = run->profile;
    const char *text = fisc_csv_field(run->csv, run->row, field);
    int64_t told = 0;
    FiscPlace place = {.file = profile->file, .line = run->row->line, .field = column->published};
    if (*text == '\0' || !fisc_reader_amount(run->reader, place, text, profile->decimals,
                                             profile->decimal_mark, profile->group_mark, &told)) {
        return;
    }
    __int128 sum = profile->sums[column->amount];
    if (sum != (column->is_minus ? -told : told)) {
        char words[FISC_SUM_TEXT];
        fisc_reader_refuse(run->reader, place, FISC_ERROR_CONTROL_TOTAL, NULL,
                           "the publisher's total is %s, the rows above add up to %s", text,
                           fisc_sum_format(sum, profile->decimals, words));
    }
}

bool
fisc_profile_is_total_row(FiscProfileRun *run)
{
    const FiscProfile *profile = run->profile;
    if (profile->total_words == NULL ||
        !fisc_profile_begins(
            fisc_csv_field(run->csv, run->row, run->field_of[profile->total_column]),
            profile->total_words)) {
        return false;
    }
    for (guint i = 0; i < profile->columns->len; i++) {
        const FiscProfileColumn *column = profile->columns->pdata[i];
        if (column->amount >= 0) {
            check_total(run, column, run->field_of[i]);
        }
    }
    return true;
}
