/* profile_mapped.c: what maps made of the codes of a file, counted by value and by rows.
 *
 * A row whose code no prefix knows is posted all the same, to the suspense code that the profile
 * names: the totals are complete, the classification is not, and this is where it is told how far
 * it is. A row is counted once, however often its values are asked for. */
#include "fisc/money.h"
#include "integrations/profile_run.h"
#include <string.h>

#define CODES_NAMED_MAX 12
#define WHOLE_PPM 1000000

int
fisc_mapped_share_ppm(const FiscMapped *mapped)
{
    bool has_value = mapped->value > 0;
    __int128 whole = has_value ? mapped->value : mapped->rows;
    __int128 part = has_value ? mapped->value_classified : mapped->rows_classified;
    if (part == whole) {
        return WHOLE_PPM;
    }
    int ppm = (int)((2 * part * WHOLE_PPM / whole + 1) / 2);
    return CLAMP(ppm, part > 0 ? 1 : 0, WHOLE_PPM - 1);
}

static FiscMapped *
find_mapped(FiscProfileRun *run, guint at)
{
    const FiscProfileValue *value = run->profile->values->pdata[at];
    if (run->mapped->pdata[at] != NULL) {
        return run->mapped->pdata[at];
    }
    FiscMapped *mapped = g_new0(FiscMapped, 1);
    mapped->file = g_strdup(run->profile->file);
    mapped->name = g_strdup(value->name);
    mapped->decimals = run->profile->decimals;
    mapped->unmapped = g_ptr_array_new();
    for (guint i = 0; i < run->profile->columns->len; i++) {
        const FiscProfileColumn *column = run->profile->columns->pdata[i];
        if (column->amount == value->weigh) {
            mapped->column = g_strdup(run->profile->has_header ? column->published : column->name);
        }
    }
    g_ptr_array_add(run->reader->package->mapped, mapped);
    run->mapped->pdata[at] = mapped;
    return mapped;
}

/* Few codes are unknown, or the profile is not worth loading: a list will do. */
static void
add_unmapped(FiscMapped *mapped, const char *code, __int128 amount)
{
    FiscUnmapped *found = NULL;
    for (guint i = 0; found == NULL && i < mapped->unmapped->len; i++) {
        FiscUnmapped *unmapped = mapped->unmapped->pdata[i];
        found = strcmp(unmapped->code, code) == 0 ? unmapped : NULL;
    }
    if (found == NULL) {
        found = g_new0(FiscUnmapped, 1);
        found->code = g_strdup(code);
        g_ptr_array_add(mapped->unmapped, found);
    }
    found->rows++;
    found->value += amount;
}

void
fisc_profile_count_mapped(FiscProfileRun *run, guint value, const char *code, bool is_suspended)
{
    const FiscProfileValue *of = run->profile->values->pdata[value];
    if (!run->is_first_look || of->suspense == NULL) {
        return;
    }
    FiscMapped *mapped = find_mapped(run, value);
    __int128 amount = run->amounts[of->weigh];
    amount = amount < 0 ? -amount : amount;
    mapped->rows++;
    mapped->value += amount;
    if (is_suspended) {
        add_unmapped(mapped, code, amount);
    } else {
        mapped->rows_classified++;
        mapped->value_classified += amount;
    }
}

static int
compare_unmapped(const void *a, const void *b)
{
    const FiscUnmapped *one = *(const FiscUnmapped *const *)a;
    const FiscUnmapped *other = *(const FiscUnmapped *const *)b;
    return one->value != other->value ? (one->value < other->value ? 1 : -1)
                                      : strcmp(one->code, other->code);
}

/* "31999 2 x 1,000.00, (none) 5 x 40.00": the largest of them. */
static char *
name_codes(const FiscMapped *mapped)
{
    GString *names = g_string_new(NULL);
    char value[FISC_SUM_TEXT];
    for (guint i = 0; i < MIN(mapped->unmapped->len, CODES_NAMED_MAX); i++) {
        const FiscUnmapped *unmapped = mapped->unmapped->pdata[i];
        g_string_append_printf(names, "%s%s %s in %" G_GINT64_FORMAT " rows", i > 0 ? ", " : "",
                               *unmapped->code != '\0' ? unmapped->code : "(no code)",
                               fisc_sum_format_grouped(unmapped->value, mapped->decimals, value),
                               unmapped->rows);
    }
    if (mapped->unmapped->len > CODES_NAMED_MAX) {
        g_string_append_printf(names, " and %u more", mapped->unmapped->len - CODES_NAMED_MAX);
    }
    return g_string_free(names, FALSE);
}

static void
tell(FiscProfileRun *run, const FiscMapped *mapped)
{
    char value[FISC_SUM_TEXT];
    int ppm = fisc_mapped_share_ppm(mapped);
    g_autofree char *codes = name_codes(mapped);
    fisc_reader_remark(
        run->reader,
        "%s: %s: 100 %% of value, %d.%04d %% classified: %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
        " rows, %s of %s, are in suspense: %s",
        mapped->file, mapped->name, ppm / 10000, ppm % 10000,
        mapped->rows - mapped->rows_classified, mapped->rows,
        fisc_sum_format_grouped(mapped->value - mapped->value_classified, mapped->decimals, value),
        mapped->column, codes);
}

void
fisc_profile_tell_mapped(FiscProfileRun *run)
{
    for (guint i = 0; i < run->mapped->len; i++) {
        FiscMapped *mapped = run->mapped->pdata[i];
        if (mapped != NULL && mapped->unmapped->len > 0) {
            g_ptr_array_sort(mapped->unmapped, compare_unmapped);
            tell(run, mapped);
        }
    }
}
