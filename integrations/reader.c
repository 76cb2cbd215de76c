/* reader.c: a package being read: its nation, its refusals, its steps. Values are in values.c. */
#include "integrations/reader.h"
#include "fisc/chart.h"
#include "integrations/parse.h"
#include <string.h>

static void
copy_nation(FiscNation *into, const FiscNation *known)
{
    for (guint i = 0; i < known->entities->len; i++) {
        const FiscEntity *entity = known->entities->pdata[i];
        fisc_nation_add_entity(into, entity->code, entity->name, entity->sector, entity->cp_code,
                               entity->reporting, entity->currency);
    }
    for (guint i = 0; i < known->groups->len; i++) {
        const FiscGroup *group = known->groups->pdata[i];
        g_autoptr(GString) members = g_string_new(NULL);
        for (guint j = 0; j < group->members->len; j++) {
            g_string_append_printf(members, " %s", (const char *)group->members->pdata[j]);
        }
        fisc_nation_add_group(into, group->code, group->name, members->str);
    }
    for (guint i = 0; i < known->accounts->len; i++) {
        const FiscAccount *account = known->accounts->pdata[i];
        FiscAccount *copy =
            fisc_nation_add_account(into, account->code, account->name, account->class_,
                                    account->gfs, account->kind, account->national, account->stage);
        copy->normal = account->normal;
    }
}

FiscNation *
fisc_package_nation(const FiscNation *known)
{
    FiscNation *nation = fisc_nation_new();
    if (known != NULL) {
        copy_nation(nation, known);
    }
    /* The code list is the chart of every nation, beside the numbers of its own. */
    if (fisc_nation_account(nation, "6") == NULL) {
        fisc_chart_fill(nation);
    }
    return nation;
}

void
fisc_reader_open(FiscReader *reader, const char *dir, const FiscNation *known, const char *actor,
                 FiscRefusals *refusals)
{
    fisc_reader_open_over(reader, fisc_package_nation(known), actor, refusals);
    reader->dir = dir;
    reader->is_borrowed = false;
}

void
fisc_reader_open_over(FiscReader *reader, const FiscNation *nation, const char *actor,
                      FiscRefusals *refusals)
{
    *reader = (FiscReader){
        .nation = (FiscNation *)nation, .is_borrowed = true, .actor = actor, .refusals = refusals};
    reader->references = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    reader->used_files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

void
fisc_reader_close(FiscReader *reader)
{
    if (!reader->is_borrowed) {
        fisc_nation_free(reader->nation);
    }
    g_hash_table_unref(reader->references);
    g_hash_table_unref(reader->used_files);
    g_free(reader->defaults.entity);
    g_free(reader->defaults.date);
    g_free(reader->defaults.currency);
}

FiscPlace
fisc_place_at(FiscPlace place, const char *field)
{
    place.field = field;
    return place;
}

bool
fisc_reader_refuse(FiscReader *reader, FiscPlace place, FiscError code, const char *hint,
                   const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *detail = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_autofree char *field =
        place.field == NULL
            ? NULL
            : g_strconcat(place.prefix != NULL ? place.prefix : "", place.field, NULL);
    FiscRefusal *refusal =
        fisc_refusals_add(reader->refusals, code, place.file, place.line, field, "%s", detail);
    if (refusal->dropped == 0) {
        refusal->hint = g_strdup(hint);
    }
    return false;
}

void
fisc_reader_remark(FiscReader *reader, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_ptr_array_add(reader->package->remarks, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

FiscSubmission *
fisc_reader_step(FiscReader *reader, const char *title, const char *source)
{
    FiscPackageStep *step = g_new0(FiscPackageStep, 1);
    step->title = g_strdup(title);
    step->submission = fisc_submission_new(source, reader->actor);
    g_ptr_array_add(reader->package->steps, step);
    return step->submission;
}

bool
fisc_reader_has(const FiscReader *reader, const char *file)
{
    if (reader->map != NULL) {
        return g_hash_table_contains(reader->documents, file) ||
               fisc_map_file(reader->map, file) != NULL;
    }
    g_autofree char *path = g_build_filename(reader->dir, file, NULL);
    return g_file_test(path, G_FILE_TEST_EXISTS);
}

/* A document is read elsewhere; what is ours, here. */
static bool
read_by_map(FiscReader *reader, const char *file, const FiscCsvOptions *options, FiscCsv **out_csv,
            GError **error)
{
    g_autofree char *name = g_path_get_basename(file);
    GBytes *document = g_hash_table_lookup(reader->documents, file);
    if (document != NULL) {
        return fisc_parse_csv(name, document, options, out_csv, reader->refusals, error);
    }
    gsize length = 0;
    const char *text = g_bytes_get_data(fisc_map_file(reader->map, file), &length);
    fisc_csv_parse(name, text, length, options, out_csv, reader->refusals);
    return true;
}

bool
fisc_reader_csv(FiscReader *reader, const char *file, const FiscCsvOptions *options,
                FiscCsv **out_csv, GError **error)
{
    if (!fisc_reader_has(reader, file)) {
        return true;
    }
    g_hash_table_add(reader->used_files, g_strdup(file));
    if (reader->map != NULL) {
        return read_by_map(reader, file, options, out_csv, error);
    }
    g_autofree char *path = g_build_filename(reader->dir, file, NULL);
    return fisc_csv_read(path, options, out_csv, reader->refusals, error);
}

void
fisc_reader_note_date(FiscReader *reader, FiscDate date)
{
    int year = fisc_date_year(date);
    bool is_told = reader->defaults.year != 0;
    if (!is_told && (reader->first_year == 0 || year < reader->first_year)) {
        reader->first_year = year;
    }
}

static void
check_reference(FiscReader *reader, const FiscSubmission *submission, FiscEntry *entry)
{
    g_autofree char *key = g_strconcat(submission->source, "\n", entry->reference, NULL);
    const FiscEntry *first = g_hash_table_lookup(reader->references, key);
    if (first == NULL) {
        g_hash_table_insert(reader->references, g_steal_pointer(&key), entry);
        return;
    }
    bool is_same = memcmp(first->digest, entry->digest, sizeof(entry->digest)) == 0 &&
                   g_strcmp0(first->memo, entry->memo) == 0;
    FiscPlace place = {.file = entry->file, .line = entry->row, .field = "reference"};
    fisc_reader_refuse(reader, place,
                       is_same ? FISC_ERROR_DUPLICATE_ROW : FISC_ERROR_REFERENCE_CONFLICT, NULL,
                       "\"%s\" stands at %s:%d already, with %s content", entry->reference,
                       first->file, first->row, is_same ? "the same" : "other");
}

void
fisc_reader_finish_entry(FiscReader *reader, const FiscSubmission *submission, FiscEntry *entry)
{
    guint refusals_before = reader->refusals->len;
    fisc_entry_check(entry, reader->refusals);
    if (reader->refusals->len == refusals_before) {
        fisc_entry_digest(entry);
        check_reference(reader, submission, entry);
    }
}
