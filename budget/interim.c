/* interim.c: what may be spent before there is a law: a share of what was appropriated last year,
 * month by month (rule R16). Pure. Its texts are read and written in interim_text.c.
 *
 * Shares are cumulative and rounded as such, so that twelve months of a twelfth are the whole. What
 * was given stays as it was given: a later month adds what is missing to its own share. */
#include "budget/enact.h"
#include "core/base/hash.h"
#include "fisc/money.h"
#include <string.h>

#define MONTHS 12
#define NAME_DIGITS 12 /* of the digest of a line's name, in a reference */

FiscInterim *
fisc_interim_new(int year)
{
    FiscInterim *interim = g_new0(FiscInterim, 1);
    interim->year = year;
    interim->lines = g_ptr_array_new_with_free_func(g_free);
    interim->by_name = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    interim->chunk = g_string_chunk_new(4096);
    return interim;
}

void
fisc_interim_free(FiscInterim *interim)
{
    if (interim != NULL) {
        g_hash_table_unref(interim->by_name);
        g_ptr_array_unref(interim->lines);
        g_string_chunk_free(interim->chunk);
        g_free(interim);
    }
}

/* Lines --------------------------------------------------------------------------------------- */

static const char *
keep(FiscInterim *interim, const char *text)
{
    return text != NULL && *text != '\0' ? g_string_chunk_insert_const(interim->chunk, text) : "";
}

static int
compare_lines(gconstpointer a, gconstpointer b)
{
    const FiscInterimLine *one = *(const FiscInterimLine *const *)a;
    const FiscInterimLine *other = *(const FiscInterimLine *const *)b;
    int order = strcmp(one->entity, other->entity);
    for (int i = 0; order == 0 && i < FISC_DIM_COUNT; i++) {
        order = strcmp(one->dim[i], other->dim[i]);
    }
    return order;
}

FiscInterimLine *
fisc_interim_line(FiscInterim *interim, const char *entity, const char *const dim[FISC_DIM_COUNT])
{
    char *name = fisc_enact_line_name(entity, dim);
    FiscInterimLine *line = g_hash_table_lookup(interim->by_name, name);
    if (line != NULL) {
        g_free(name);
        return line;
    }
    line = g_new0(FiscInterimLine, 1);
    line->entity = keep(interim, entity);
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        line->dim[i] = fisc_enact_is_dimension(i) ? keep(interim, dim[i]) : "";
    }
    line->share_of = 1;
    line->share_in = MONTHS;
    line->article = "";
    g_hash_table_insert(interim->by_name, name, line);
    g_ptr_array_add(interim->lines, line);
    return line;
}

void
fisc_interim_add(FiscInterim *interim, const char *entity, const char *const dim[FISC_DIM_COUNT],
                 int64_t amount)
{
    fisc_interim_line(interim, entity, dim)->appropriated += amount;
}

void
fisc_interim_continue(FiscInterim *interim, const FiscInterim *before)
{
    for (guint i = 0; i < before->lines->len; i++) {
        const FiscInterimLine *old = before->lines->pdata[i];
        FiscInterimLine *line = fisc_interim_line(interim, old->entity, old->dim);
        line->share_of = old->share_of;
        line->share_in = old->share_in;
        line->article = keep(interim, old->article);
        memcpy(line->month, old->month, sizeof line->month);
    }
    interim->through = before->through;
}

/* Giving -------------------------------------------------------------------------------------- */

/* The share of @months months, half away from zero; at most the whole. */
static int64_t
share_of(const FiscInterimLine *line, int months)
{
    __int128 part =
        (__int128)MAX(line->appropriated, 0) * MIN(line->share_of * months, line->share_in);
    __int128 half = line->share_in / 2;
    return (int64_t)((part + (part < 0 ? -half : half)) / line->share_in);
}

static int64_t
given_before(const FiscInterimLine *line, int month)
{
    int64_t sum = 0;
    for (int i = 0; i < month - 1; i++) {
        sum += line->month[i];
    }
    return sum;
}

void
fisc_interim_give(FiscInterim *interim, int month)
{
    g_assert(month >= 1 && month <= MONTHS);
    g_ptr_array_sort(interim->lines, compare_lines);
    for (int m = interim->through + 1; m <= month; m++) {
        for (guint i = 0; i < interim->lines->len; i++) {
            FiscInterimLine *line = interim->lines->pdata[i];
            line->month[m - 1] = share_of(line, m) - given_before(line, m);
        }
    }
    interim->through = MAX(interim->through, month);
}

/* Entries ------------------------------------------------------------------------------------- */

/* "MIN/3f0a19c2b7de": names may be longer than a reference. Caller frees. */
static char *
short_name(const FiscInterimLine *line)
{
    uint8_t digest[FISC_HASH_SIZE];
    char hex[FISC_HASH_TEXT];
    g_autofree char *name = fisc_enact_line_name(line->entity, line->dim);
    fisc_hash_data(name, strlen(name), digest);
    return g_strdup_printf("%s/%.*s", line->entity, NAME_DIGITS, fisc_hash_format(digest, hex));
}

static void
post_month(FiscSubmission *into, const FiscInterim *interim, const FiscInterimLine *line, int month,
           const char *article, const FiscEntity *entity)
{
    char amount[FISC_AMOUNT_TEXT];
    const char *why = *line->article != '\0' ? line->article : article;
    g_autofree char *name = short_name(line);
    g_autofree char *reference =
        g_strdup_printf(FISC_INTERIM_PREFIX "%d/%02d/%s", interim->year, month, name);
    g_autofree char *memo = g_strdup_printf(
        "Interim budget of %d-%02d: %" G_GINT64_FORMAT "/%" G_GINT64_FORMAT " of %s%s%s%s",
        interim->year, month, line->share_of, line->share_in,
        fisc_amount_format(line->appropriated, entity->decimals, amount),
        why != NULL && *why != '\0' ? " (" : "", why != NULL ? why : "",
        why != NULL && *why != '\0' ? ")" : "");
    fisc_enact_entry(into, entity, reference, NULL, fisc_date_make(interim->year, month, 1), memo,
                     FISC_STAGE_APPROPRIATION, line->month[month - 1], line->dim);
}

void
fisc_interim_post(FiscSubmission *into, const FiscInterim *interim, int after, const char *article,
                  const FiscNation *nation)
{
    for (int month = after + 1; month <= interim->through; month++) {
        for (guint i = 0; i < interim->lines->len; i++) {
            const FiscInterimLine *line = interim->lines->pdata[i];
            const FiscEntity *entity = fisc_nation_entity(nation, line->entity);
            if (line->month[month - 1] != 0) {
                post_month(into, interim, line, month, article, entity);
            } else if (month == 1) {
                fisc_enact_line_event(into, "budget_line", line->entity, interim->year, line->dim);
            }
        }
    }
}

/* What was given by the day of the law goes in one amount; what was given for later goes month by
 * month, so that no month is left with less than nothing. */
static void
end_line(FiscSubmission *into, const FiscInterim *interim, const FiscInterimLine *line,
         const char *law, FiscDate on, const FiscEntity *entity)
{
    int64_t due = 0;
    g_autofree char *name = short_name(line);
    for (int month = 1; month <= interim->through; month++) {
        FiscDate first = fisc_date_make(interim->year, month, 1);
        bool is_last = month == interim->through ||
                       fisc_date_make(interim->year, month + 1, 1) > MAX(on, first);
        due += line->month[month - 1];
        if (!is_last || due == 0) {
            continue;
        }
        g_autofree char *reference =
            g_strdup_printf("%s" FISC_LAW_INTERIM "%02d/%s", law, month, name);
        g_autofree char *memo = g_strdup_printf("Interim budget of %d ends", interim->year);
        fisc_enact_entry(into, entity, reference, law, MAX(on, first), memo,
                         FISC_STAGE_APPROPRIATION, -due, line->dim);
        due = 0;
    }
}

void
fisc_interim_end(FiscSubmission *into, const FiscInterim *interim, const char *law, FiscDate on,
                 const FiscNation *nation)
{
    for (guint i = 0; i < interim->lines->len; i++) {
        const FiscInterimLine *line = interim->lines->pdata[i];
        end_line(into, interim, line, law, on, fisc_nation_entity(nation, line->entity));
    }
}
