/* dossier.c: reports bound together, and a report's table taken apart into its statements. */
#include "fisc/dossier.h"
#include <string.h>

static void
part_free(void *pointer)
{
    FiscDossierPart *part = pointer;
    g_free(part->name);
    fisc_table_free(part->table);
    g_ptr_array_unref(part->graphs);
    g_free(part);
}

FiscDossier *
fisc_dossier_new(const char *title)
{
    FiscDossier *dossier = g_new0(FiscDossier, 1);
    dossier->title = g_strdup(title);
    dossier->language = g_strdup("en");
    dossier->facts = g_ptr_array_new_with_free_func(g_free);
    dossier->parts = g_ptr_array_new_with_free_func(part_free);
    return dossier;
}

void
fisc_dossier_free(FiscDossier *dossier)
{
    if (dossier == NULL) {
        return;
    }
    FiscDossierScope *scope = &dossier->scope;
    char *const owned[] = {dossier->title, dossier->language, scope->report,
                           scope->unit,    scope->name,       scope->sector,
                           scope->area,    scope->currency,   scope->standard};
    for (guint i = 0; i < G_N_ELEMENTS(owned); i++) {
        g_free(owned[i]);
    }
    g_ptr_array_unref(dossier->facts);
    g_ptr_array_unref(dossier->parts);
    g_free(dossier);
}

void
fisc_dossier_add_fact(FiscDossier *dossier, const char *name, const char *value)
{
    g_ptr_array_add(dossier->facts, g_strdup(name));
    g_ptr_array_add(dossier->facts, g_strdup(value));
}

FiscDossierPart *
fisc_dossier_add_table(FiscDossier *dossier, const char *name, FiscTable *table)
{
    FiscDossierPart *part = g_new0(FiscDossierPart, 1);
    part->name = g_strdup(name);
    part->table = table;
    part->graphs = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_graph_free);
    g_ptr_array_add(dossier->parts, part);
    return part;
}

void
fisc_dossier_add_graph(FiscDossierPart *part, FiscGraph *graph)
{
    g_ptr_array_add(part->graphs, graph);
}

/* Taking apart --------------------------------------------------------------------------------- */

/* A report's table while it is taken apart. */
typedef struct {
    FiscDossier *dossier;
    const FiscTable *whole;
    int statement, unit; /* columns */
    GHashTable *parts;   /* "UNIT/SOO" -> FiscDossierPart */
} Splitter;

static FiscTable *
new_part_table(const Splitter *splitter, const char *name, const char *title)
{
    FiscTable *table = fisc_table_new(name, title, splitter->whole->decimals);
    for (guint i = 0; i < splitter->whole->columns->len; i++) {
        const FiscColumn *column = &g_array_index(splitter->whole->columns, FiscColumn, i);
        fisc_table_add_column(table, column->name, column->kind);
        g_array_index(table->columns, FiscColumn, i).for_machines = column->for_machines;
    }
    return table;
}

static void
copy_row(const FiscRow *from, FiscTable *table)
{
    FiscRow *row = fisc_table_add_row(table);
    row->level = from->level;
    row->strong = from->strong;
    row->heading = from->heading;
    for (guint i = 0; i < table->columns->len; i++) {
        const FiscCell *cell = &from->cells[i];
        row->cells[i] = (FiscCell){.text = g_strdup(cell->text),
                                   .number = cell->number,
                                   .is_set = cell->is_set,
                                   .drill = g_strdup(cell->drill)};
    }
}

static FiscDossierPart *
part_of_row(Splitter *splitter, const FiscRow *row, const GPtrArray *headings)
{
    const char *statement = row->cells[splitter->statement].text;
    const char *unit = row->cells[splitter->unit].text;
    g_autofree char *key = g_strconcat(unit, "/", statement, NULL);
    FiscDossierPart *part = g_hash_table_lookup(splitter->parts, key);
    if (part == NULL) {
        /* The first heading above a statement is its title. */
        const FiscRow *heading = headings->len > 0 ? headings->pdata[0] : NULL;
        const char *title = statement;
        for (guint i = 0; heading != NULL && i < splitter->whole->columns->len; i++) {
            title = heading->cells[i].text != NULL ? heading->cells[i].text : title;
        }
        part = fisc_dossier_add_table(splitter->dossier, statement,
                                      new_part_table(splitter, statement, title));
        g_hash_table_insert(splitter->parts, g_steal_pointer(&key), part);
    }
    return part;
}

static void
split_rows(Splitter *splitter)
{
    g_autoptr(GPtrArray) headings = g_ptr_array_new(); /* that wait for their row */
    for (guint i = 0; i < splitter->whole->rows->len; i++) {
        const FiscRow *row = g_ptr_array_index(splitter->whole->rows, i);
        if (row->heading) {
            g_ptr_array_add(headings, (void *)row);
            continue;
        }
        guint before = splitter->dossier->parts->len;
        FiscDossierPart *part = part_of_row(splitter, row, headings);
        bool is_new = splitter->dossier->parts->len > before;
        for (guint j = is_new ? 1 : 0; j < headings->len; j++) {
            copy_row(g_ptr_array_index(headings, j), part->table);
        }
        g_ptr_array_set_size(headings, 0);
        copy_row(row, part->table);
    }
}

/* Notes that stand among the rows went with them; the others go to the first statement. */
static void
split_notes(const Splitter *splitter)
{
    const FiscTable *whole = splitter->whole;
    for (guint i = 0; i < whole->notes->len && splitter->dossier->parts->len > 0; i++) {
        const FiscNotePlace *place = &g_array_index(whole->note_places, FiscNotePlace, i);
        const FiscDossierPart *first = g_ptr_array_index(splitter->dossier->parts, 0);
        if (!place->is_beside) {
            fisc_table_add_note_about(first->table, place->unit, place->about, false,
                                      g_ptr_array_index(whole->notes, i));
        }
    }
}

FiscDossier *
fisc_dossier_from_table(FiscTable *table)
{
    FiscDossier *dossier = fisc_dossier_new(table->title);
    Splitter splitter = {.dossier = dossier,
                         .whole = table,
                         .statement = fisc_table_column(table, "statement"),
                         .unit = fisc_table_column(table, "unit")};
    if (splitter.statement < 0 || splitter.unit < 0) {
        fisc_dossier_add_table(dossier, table->name, table);
        return dossier;
    }
    splitter.parts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    split_rows(&splitter);
    split_notes(&splitter);
    g_hash_table_unref(splitter.parts);
    fisc_table_free(table);
    return dossier;
}
