/* dossier.c: reports bound together, and a report's table taken apart into its statements. */
#include "fisc/dossier.h"
#include "reporting/labels.h"
#include <string.h>

static void
part_free(void *pointer)
{
    FiscDossierPart *part = pointer;
    g_free(part->name);
    g_free(part->unit);
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

FiscDossierPart *
fisc_dossier_part(const FiscDossier *dossier, const char *unit, const char *name)
{
    for (guint i = 0; i < dossier->parts->len; i++) {
        FiscDossierPart *part = g_ptr_array_index(dossier->parts, i);
        if (g_str_equal(part->name, name) && (unit == NULL || g_strcmp0(part->unit, unit) == 0)) {
            return part;
        }
    }
    return NULL;
}

void
fisc_dossier_translate(FiscDossier *dossier, const char *language)
{
    g_free(dossier->language);
    dossier->language = g_strdup(language);
    char *title = fisc_label_words(language, dossier->title);
    g_free(dossier->title);
    dossier->title = title;
    for (guint i = 0; i < dossier->parts->len; i++) {
        const FiscDossierPart *part = g_ptr_array_index(dossier->parts, i);
        fisc_labels_translate(part->table, language);
    }
}

/* Taking apart --------------------------------------------------------------------------------- */

/* A report's table while it is taken apart. */
typedef struct {
    FiscDossier *dossier;
    const FiscTable *whole;
    int statement, unit;  /* columns */
    GHashTable *parts;    /* "UNIT/SOO" -> FiscDossierPart */
    GHashTable *of_unit;  /* unit -> GPtrArray of FiscDossierPart */
    GHashTable *besides;  /* words of the notes that stand among the rows */
    GPtrArray *waiting;   /* headings that wait for their row */
    const char *title;    /* of the statement that begins */
    FiscDossierPart *now; /* whose rows are copied */
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

static const char *
words_of(const FiscTable *table, const FiscRow *heading)
{
    const char *words = "";
    for (guint i = 0; i < table->columns->len; i++) {
        words = heading->cells[i].text != NULL ? heading->cells[i].text : words;
    }
    return words;
}

static void
copy_waiting(Splitter *splitter)
{
    for (guint i = 0; splitter->now != NULL && i < splitter->waiting->len; i++) {
        copy_row(g_ptr_array_index(splitter->waiting, i), splitter->now->table);
    }
    g_ptr_array_set_size(splitter->waiting, splitter->now != NULL ? 0 : splitter->waiting->len);
}

/* A heading that is no note, at the margin, is the title of a statement: what waits before it is
 * said of the row above. */
static void
take_heading(Splitter *splitter, const FiscRow *row)
{
    const char *words = words_of(splitter->whole, row);
    if (row->level == 0 && !g_hash_table_contains(splitter->besides, words)) {
        copy_waiting(splitter);
        splitter->title = words;
    } else {
        g_ptr_array_add(splitter->waiting, (void *)row);
    }
}

static FiscDossierPart *
add_part(Splitter *splitter, const char *statement, const char *unit)
{
    const char *title = splitter->title != NULL ? splitter->title : statement;
    FiscDossierPart *part = fisc_dossier_add_table(splitter->dossier, statement,
                                                   new_part_table(splitter, statement, title));
    part->unit = g_strdup(unit);
    g_hash_table_insert(splitter->parts, g_strconcat(unit, "/", statement, NULL), part);
    GPtrArray *of_unit = g_hash_table_lookup(splitter->of_unit, unit);
    if (of_unit == NULL) {
        of_unit = g_ptr_array_new();
        g_hash_table_insert(splitter->of_unit, g_strdup(unit), of_unit);
    }
    g_ptr_array_add(of_unit, part);
    return part;
}

static void
take_row(Splitter *splitter, const FiscRow *row)
{
    const char *statement = row->cells[splitter->statement].text;
    const char *unit = row->cells[splitter->unit].text;
    g_autofree char *key = g_strconcat(unit, "/", statement, NULL);
    FiscDossierPart *part = g_hash_table_lookup(splitter->parts, key);
    splitter->now = part != NULL ? part : add_part(splitter, statement, unit);
    splitter->title = NULL;
    copy_waiting(splitter);
    copy_row(row, splitter->now->table);
}

static void
split_rows(Splitter *splitter)
{
    for (guint i = 0; i < splitter->whole->rows->len; i++) {
        const FiscRow *row = g_ptr_array_index(splitter->whole->rows, i);
        (row->heading ? take_heading : take_row)(splitter, row);
    }
    copy_waiting(splitter);
}

/* The parts that a note is about. */
static GPtrArray *
parts_about(const Splitter *splitter, const FiscNotePlace *place)
{
    GPtrArray *of_unit =
        place->unit != NULL ? g_hash_table_lookup(splitter->of_unit, place->unit) : NULL;
    const GPtrArray *candidates = place->unit != NULL ? of_unit : splitter->dossier->parts;
    g_auto(GStrv) about = g_strsplit(place->about != NULL ? place->about : "", ",", -1);
    GPtrArray *parts = g_ptr_array_new();
    for (guint i = 0; candidates != NULL && i < candidates->len; i++) {
        FiscDossierPart *part = g_ptr_array_index(candidates, i);
        if (place->about == NULL || g_strv_contains((const char *const *)about, part->name)) {
            g_ptr_array_add(parts, part);
        }
    }
    return parts;
}

/* To the first statement it is about; one that stands among rows, to each: it tells those rows from
 * headings. */
static void
place_note(const Splitter *splitter, const FiscNotePlace *place, const char *words)
{
    g_autoptr(GPtrArray) parts = parts_about(splitter, place);
    if (parts->len == 0) {
        g_ptr_array_add(parts, g_ptr_array_index(splitter->dossier->parts, 0));
    }
    guint count = place->is_beside ? parts->len : 1;
    for (guint i = 0; i < count; i++) {
        const FiscDossierPart *part = g_ptr_array_index(parts, i);
        fisc_table_add_note_about(part->table, place->unit, place->about, place->is_beside, words);
    }
}

static void
split_notes(const Splitter *splitter)
{
    const FiscTable *whole = splitter->whole;
    for (guint i = 0; i < whole->notes->len && splitter->dossier->parts->len > 0; i++) {
        place_note(splitter, &g_array_index(whole->note_places, FiscNotePlace, i),
                   g_ptr_array_index(whole->notes, i));
    }
}

static GHashTable *
notes_beside(const FiscTable *table)
{
    GHashTable *besides = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < table->notes->len; i++) {
        if (g_array_index(table->note_places, FiscNotePlace, i).is_beside) {
            g_hash_table_add(besides, g_ptr_array_index(table->notes, i));
        }
    }
    return besides;
}

static void
split(Splitter *splitter)
{
    splitter->parts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    splitter->of_unit =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    splitter->besides = notes_beside(splitter->whole);
    splitter->waiting = g_ptr_array_new();
    split_rows(splitter);
    split_notes(splitter);
    g_ptr_array_unref(splitter->waiting);
    g_hash_table_unref(splitter->besides);
    g_hash_table_unref(splitter->of_unit);
    g_hash_table_unref(splitter->parts);
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
    split(&splitter);
    fisc_table_free(table);
    return dossier;
}
