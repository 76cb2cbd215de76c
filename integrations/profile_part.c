/* profile_part.c: what published files tell by the words of a row and not by its columns: one
 * column of amounts that is an opening balance in some rows and a change in others, debit or credit
 * by a letter; and what stands above the header, once for all rows. */
#include "integrations/profile_run.h"
#include <string.h>

/* ---- [part NAME] ---- */

void
fisc_profile_part_free(FiscProfilePart *part)
{
    g_free(part->name);
    fisc_profile_conditions_free(part->only);
    fisc_profile_conditions_free(part->minus);
    g_free(part);
}

/* They work on amounts as the columns have them. */
static void
check_company(FiscProfileParser *parser, const char *group)
{
    static const char *const others[] = {"tree", "cumulative"};
    for (guint i = 0; i < G_N_ELEMENTS(others); i++) {
        if (g_key_file_has_group(parser->keys, others[i])) {
            fisc_profile_refuse(parser, group, NULL, FISC_ERROR_VALUE_INVALID,
                                "it does not go together with [%s]", others[i]);
        }
    }
}

void
fisc_profile_parse_part(FiscProfileParser *parser, const char *group, const char *name)
{
    FiscProfile *profile = parser->profile;
    g_autofree char *of = fisc_profile_require(parser, group, "of");
    int column = of != NULL ? fisc_profile_column(profile, of) : -1;
    FiscProfilePart *part = g_new0(FiscProfilePart, 1);
    part->name = g_strdup(name);
    part->of =
        column >= 0 ? ((const FiscProfileColumn *)profile->columns->pdata[column])->amount : -1;
    part->only = fisc_profile_parse_conditions(parser, group, "only ");
    part->minus = fisc_profile_parse_conditions(parser, group, "minus ");
    check_company(parser, group);
    if (of != NULL && part->of < 0) {
        fisc_profile_refuse(parser, group, "of", FISC_ERROR_VALUE_INVALID,
                            "there is no column \"%s\" in [amounts]", of);
    }
    if (fisc_profile_column(profile, name) >= 0) {
        fisc_profile_refuse(parser, group, NULL, FISC_ERROR_VALUE_INVALID,
                            "there is a column \"%s\" already", name);
    }
    part->amount = profile->amount_count++;
    g_ptr_array_add(profile->parts, part);
}

void
fisc_profile_take_parts(FiscProfileRun *run)
{
    for (guint i = 0; i < run->profile->parts->len; i++) {
        const FiscProfilePart *part = run->profile->parts->pdata[i];
        int64_t amount = fisc_profile_meets(run, part->only) ? run->amounts[part->of] : 0;
        bool is_minus = part->minus->len > 0 && fisc_profile_meets(run, part->minus);
        run->amounts[part->amount] = is_minus ? -amount : amount;
        run->profile->sums[part->amount] += run->amounts[part->amount];
    }
}

/* ---- [above] ---- */

/* "1.2": the second field of the first line. */
static bool
parse_place(const char *text, int *out_line, int *out_field)
{
    g_auto(GStrv) words = g_strsplit(text, ".", -1);
    guint64 line = 0, field = 0;
    bool is_place = g_strv_length(words) == 2 &&
                    g_ascii_string_to_unsigned(words[0], 10, 1, 1000, &line, NULL) &&
                    g_ascii_string_to_unsigned(words[1], 10, 1, 1000, &field, NULL);
    *out_line = (int)line;
    *out_field = (int)field;
    return is_place;
}

void
fisc_profile_parse_above(FiscProfileParser *parser)
{
    FiscProfile *profile = parser->profile;
    g_auto(GStrv) names = g_key_file_get_keys(parser->keys, "above", NULL, NULL);
    for (int i = 0; names != NULL && names[i] != NULL; i++) {
        g_autofree char *place = fisc_profile_require(parser, "above", names[i]);
        FiscProfileColumn *column = g_new0(FiscProfileColumn, 1);
        column->name = g_strdup(names[i]);
        column->published = g_strdup(place);
        column->amount = -1;
        if (place != NULL && (!parse_place(place, &column->above_line, &column->above_field) ||
                              column->above_line > profile->above_count)) {
            fisc_profile_refuse(parser, "above", names[i], FISC_ERROR_VALUE_INVALID,
                                "\"%s\" is no LINE.FIELD of the %d lines_above of [file]", place,
                                profile->above_count);
        }
        if (fisc_profile_column(profile, names[i]) >= 0) {
            fisc_profile_refuse(parser, "above", names[i], FISC_ERROR_VALUE_INVALID,
                                "there is a column \"%s\" already", names[i]);
        }
        g_ptr_array_add(profile->columns, column);
    }
}

static const char *
above_field(const FiscCsv *csv, const FiscProfileColumn *column)
{
    if (column->above_line > (int)csv->preamble->len) {
        return NULL;
    }
    const FiscCsvRow *row =
        &g_array_index(csv->preamble, FiscCsvRow, (guint)column->above_line - 1);
    for (int i = 0; row->fields[i] != NULL; i++) {
        if (i + 1 == column->above_field) {
            return row->fields[i];
        }
    }
    return NULL;
}

bool
fisc_profile_above_begin(FiscProfileRun *run)
{
    bool is_good = true;
    for (guint i = 0; i < run->profile->columns->len; i++) {
        const FiscProfileColumn *column = run->profile->columns->pdata[i];
        if (column->above_line > 0 && above_field(run->csv, column) == NULL) {
            FiscPlace place = {
                .file = run->profile->file, .line = column->above_line, .field = column->name};
            is_good = fisc_reader_refuse(run->reader, place, FISC_ERROR_COLUMN_COUNT, NULL,
                                         "the line has no field %d", column->above_field);
        }
    }
    return is_good;
}

const char *
fisc_profile_field(const FiscProfileRun *run, guint column)
{
    const FiscProfileColumn *of = run->profile->columns->pdata[column];
    return of->above_line > 0 ? above_field(run->csv, of)
                              : fisc_csv_field(run->csv, run->row, run->field_of[column]);
}
