/* adjustments.c: the entries that stand in adjustment layers, with who made and who approved them.
 *
 * An adjustment puts a record right for a statement and leaves what was reported as it was; so each
 * of them has to be answered for, one by one. */
#include "fisc/gfs.h"
#include "fisc/money.h"
#include "fisc/statement.h"
#include "reporting/layers.h"
#include "reporting/perimeter.h"
#include "reporting/period_label.h"
#include <string.h>

enum {
    LAYER,
    ENTITY,
    REFERENCE,
    DATE,
    DOCUMENT,
    ACCOUNT,
    COUNTERPARTY,
    AMOUNT,
    MEMO,
    MADE_BY,
    APPROVED_BY,
    POSTED_AT,
    BATCH,
};

static FiscTable *
new_table(const FiscPerimeter *perimeter, FiscPeriod from, FiscPeriod to)
{
    static const char *const names[] = {[LAYER] = "layer",
                                        [ENTITY] = "entity",
                                        [REFERENCE] = "reference",
                                        [DATE] = "date",
                                        [DOCUMENT] = "document",
                                        [ACCOUNT] = "account",
                                        [COUNTERPARTY] = "counterparty_entity",
                                        [AMOUNT] = "amount",
                                        [MEMO] = "memo",
                                        [MADE_BY] = "made_by",
                                        [APPROVED_BY] = "approved_by",
                                        [POSTED_AT] = "posted_at",
                                        [BATCH] = "batch"};
    g_autofree char *period = fisc_period_label(from, to);
    g_autofree char *title =
        g_strdup_printf("Entries in adjustment layers, %s%s%s, %s", perimeter->unit,
                        *perimeter->unit != '\0' ? " " : "", perimeter->name, period);
    FiscTable *table = fisc_table_new("adjustments", title, perimeter->decimals);
    for (int i = 0; i < (int)G_N_ELEMENTS(names); i++) {
        fisc_table_add_column(table, names[i],
                              i == AMOUNT  ? FISC_COLUMN_AMOUNT
                              : i == BATCH ? FISC_COLUMN_INTEGER
                                           : FISC_COLUMN_TEXT);
    }
    return table;
}

/* The number of a national account; the code as posted of a GFS class. */
static void
account_of(const FiscCoding *coding, char out_account[FISC_GFS_CODE])
{
    if (coding->account->national || coding->account->gfs[0] == '\0') {
        g_strlcpy(out_account, coding->account->code, FISC_GFS_CODE);
    } else {
        fisc_gfs_compose(coding->account->gfs, coding->flow, coding->kind, out_account);
    }
}

static void
list_line(FiscTable *table, const FiscPostedLine *line)
{
    const FiscCoding *coding = &line->coding;
    char date[FISC_DATE_TEXT], account[FISC_GFS_CODE];
    account_of(coding, account);
    FiscRow *row = fisc_table_add_row(table);
    fisc_table_set_text(table, row, LAYER, coding->dim[FISC_DIM_LAYER]);
    fisc_table_set_text(table, row, ENTITY, coding->entity);
    fisc_table_set_text(table, row, REFERENCE, line->reference);
    fisc_table_set_text(table, row, DATE, fisc_date_format(line->effective, date));
    fisc_table_set_text(table, row, DOCUMENT, line->document);
    fisc_table_set_text(table, row, ACCOUNT, account);
    fisc_table_set_text(table, row, COUNTERPARTY, coding->dim[FISC_DIM_COUNTERPARTY]);
    fisc_table_set_amount(table, row, AMOUNT, line->amount);
    fisc_table_set_text(table, row, MEMO, line->memo);
    fisc_table_set_text(table, row, MADE_BY, line->maker);
    fisc_table_set_text(table, row, APPROVED_BY, line->approvers);
    fisc_table_set_text(table, row, POSTED_AT, line->posted_at);
    fisc_table_set_amount(table, row, BATCH, line->batch_no);
}

static int
compare_lines(const void *a, const void *b)
{
    const FiscPostedLine *left = *(const FiscPostedLine *const *)a;
    const FiscPostedLine *right = *(const FiscPostedLine *const *)b;
    int order = strcmp(left->coding.dim[FISC_DIM_LAYER], right->coding.dim[FISC_DIM_LAYER]);
    if (order != 0) {
        return order;
    }
    if (left->entry_id != right->entry_id) {
        return left->entry_id < right->entry_id ? -1 : 1;
    }
    return left->line_no - right->line_no;
}

static void
note_unapproved(FiscTable *table)
{
    guint entries = 0;
    for (guint i = 0; i < table->rows->len; i++) {
        const FiscRow *row = table->rows->pdata[i];
        const FiscRow *before = i > 0 ? table->rows->pdata[i - 1] : NULL;
        bool is_first = before == NULL ||
                        strcmp(before->cells[REFERENCE].text, row->cells[REFERENCE].text) != 0;
        const char *by = row->cells[APPROVED_BY].text;
        entries += is_first && (by == NULL || *by == '\0') ? 1 : 0;
    }
    if (entries > 0) {
        fisc_table_add_note(table, "%u entr%s posted without a document that others approved",
                            entries, entries == 1 ? "y was" : "ies were");
    }
}

bool
fisc_statement_adjustments(const FiscNation *nation, const FiscPostedLines *lines, const char *unit,
                           const char *layer, FiscPeriod from, FiscPeriod to, FiscTable **out_table,
                           GError **error)
{
    g_autoptr(FiscPerimeter) perimeter = NULL;
    if (!fisc_perimeter_find(nation, unit, &perimeter, error)) {
        return false;
    }
    g_autoptr(GPtrArray) list = g_ptr_array_new();
    for (guint i = 0; i < lines->rows->len; i++) {
        FiscPostedLine *line = &g_array_index(lines->rows, FiscPostedLine, i);
        if (fisc_perimeter_has(perimeter, line->coding.entity) &&
            fisc_layers_count(layer, line->coding.dim[FISC_DIM_LAYER])) {
            g_ptr_array_add(list, line);
        }
    }
    g_ptr_array_sort(list, compare_lines);
    *out_table = new_table(perimeter, from, to);
    for (guint i = 0; i < list->len; i++) {
        list_line(*out_table, list->pdata[i]);
    }
    note_unapproved(*out_table);
    return true;
}
