/* package.c: a folder becomes a package: which files are read, in which order, what is left aside.
 *
 * Everything is checked before anything is returned: a package has either submissions or refusals.
 * Each file has a reader of its own (package_*.c, journal_csv.c); published files are read as
 * profiles say (profile.c). Posting is left to the flows. */
#include "integrations/journal.h"
#include "integrations/package_internal.h"
#include "integrations/profile_plan.h"
#include <string.h>

static void
step_free(FiscPackageStep *step)
{
    g_free(step->title);
    fisc_submission_free(step->submission);
    g_free(step);
}

static void
total_free(FiscControlTotal *total)
{
    g_free(total->file);
    g_free(total->column);
    g_free(total);
}

static void
unmapped_free(FiscUnmapped *unmapped)
{
    g_free(unmapped->code);
    g_free(unmapped);
}

static void
mapped_free(FiscMapped *mapped)
{
    g_free(mapped->file);
    g_free(mapped->name);
    g_free(mapped->column);
    g_ptr_array_set_free_func(mapped->unmapped, (GDestroyNotify)unmapped_free);
    g_ptr_array_unref(mapped->unmapped);
    g_free(mapped);
}

static FiscPackage *
package_new(const char *dir, const char *actor)
{
    FiscPackage *package = g_new0(FiscPackage, 1);
    g_autofree char *absolute = g_canonicalize_filename(dir, NULL);
    package->name = g_path_get_basename(absolute);
    package->master = fisc_submission_new(FISC_PACKAGE_SOURCE, actor);
    package->steps = g_ptr_array_new_with_free_func((GDestroyNotify)step_free);
    package->totals = g_ptr_array_new_with_free_func((GDestroyNotify)total_free);
    package->mapped = g_ptr_array_new_with_free_func((GDestroyNotify)mapped_free);
    package->remarks = g_ptr_array_new_with_free_func(g_free);
    return package;
}

void
fisc_package_free(FiscPackage *package)
{
    if (package == NULL) {
        return;
    }
    g_free(package->name);
    fisc_submission_free(package->master);
    g_ptr_array_unref(package->steps);
    g_ptr_array_unref(package->totals);
    g_ptr_array_unref(package->mapped);
    g_ptr_array_unref(package->remarks);
    g_free(package->plan);
    g_free(package);
}

static bool
read_journals(FiscReader *reader, const char *file, FiscJournalKind kind, FiscSubmission *into,
              GError **error)
{
    g_autoptr(FiscCsv) csv = NULL;
    if (!fisc_reader_csv(reader, file, fisc_journal_csv_options(), &csv, error)) {
        return false;
    }
    if (csv != NULL) {
        fisc_journal_from_csv(reader, csv, kind, into);
    }
    return true;
}

bool
fisc_package_journals(FiscReader *reader, FiscSubmission *into, GError **error)
{
    return read_journals(reader, "journals.csv", FISC_JOURNAL_ORDINARY, into, error);
}

bool
fisc_package_closing_journals(FiscReader *reader, FiscSubmission *into, GError **error)
{
    return read_journals(reader, "closing_journals.csv", FISC_JOURNAL_CLOSING, into, error);
}

/* The budget is posted first and read last: journals and opening rows tell its year. */
static bool
read_steps(FiscReader *reader, GError **error)
{
    FiscSubmission *budget = fisc_reader_step(reader, "budget.csv", FISC_PACKAGE_SOURCE);
    if (!fisc_package_releases(reader, error)) {
        return false;
    }
    FiscSubmission *opening = fisc_reader_step(reader, "opening_balance.csv", FISC_PACKAGE_SOURCE);
    FiscSubmission *journals = fisc_reader_step(reader, "journals.csv", FISC_PACKAGE_SOURCE);
    FiscSubmission *closing = fisc_reader_step(reader, "closing_journals.csv", FISC_PACKAGE_SOURCE);
    return fisc_package_opening(reader, opening, error) &&
           fisc_package_journals(reader, journals, error) &&
           fisc_package_closing_journals(reader, closing, error) &&
           fisc_package_budget(reader, budget, error);
}

/* Who reads over a nation that others read, too, adds nothing to it. */
static void
refuse_registers(FiscReader *reader)
{
    static const char *const files[] = {"entities.csv", "groups.csv", "accounts.csv"};
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        if (fisc_reader_has(reader, files[i])) {
            FiscPlace place = {.file = files[i]};
            fisc_reader_refuse(reader, place, FISC_ERROR_DENIED, NULL,
                               "units, groups and accounts are not registered this way");
        }
    }
}

static bool
read_registers(FiscReader *reader, GError **error)
{
    if (reader->is_borrowed) {
        refuse_registers(reader);
        return true;
    }
    return fisc_package_entities(reader, error) && fisc_package_groups(reader, error) &&
           fisc_package_accounts(reader, error);
}

static bool
read_files(FiscReader *reader, GError **error)
{
    return fisc_package_defaults(reader, error) && read_registers(reader, error) &&
           fisc_package_links(reader, error) && fisc_package_segments(reader, error) &&
           fisc_package_controls(reader, error) && fisc_package_covers(reader, error) &&
           fisc_package_rules(reader, error) && fisc_package_carry_rules(reader, error) &&
           fisc_package_facts(reader, error) && fisc_package_notes(reader, error) &&
           read_steps(reader, error) && fisc_package_memoranda(reader, error) &&
           fisc_package_profiles(reader, error);
}

/* Answers, explanations and tools lie beside the data and need no remark. */
static bool
is_expected_aside(const char *file)
{
    return g_str_has_prefix(file, "expected_") || g_str_has_prefix(file, "hand_derived") ||
           g_str_has_prefix(file, "README") || g_str_has_suffix(file, ".sh") ||
           g_str_has_suffix(file, ".profile") || file[0] == '.';
}

static int
compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
add_ignored(const FiscReader *reader, const char *file, GPtrArray *names)
{
    if (!is_expected_aside(file) && !g_hash_table_contains(reader->used_files, file)) {
        g_ptr_array_add(names, g_strdup(file));
    }
}

/* All files of a map are read; documents that no profile asks for are not. */
static void
list_ignored_documents(const FiscReader *reader, GPtrArray *names)
{
    GHashTableIter iterator;
    gpointer path;
    g_hash_table_iter_init(&iterator, reader->documents);
    while (g_hash_table_iter_next(&iterator, &path, NULL)) {
        add_ignored(reader, path, names);
    }
}

static bool
list_ignored(const FiscReader *reader, GPtrArray *names, GError **error)
{
    g_autoptr(GError) reason = NULL;
    if (reader->map != NULL) {
        list_ignored_documents(reader, names);
        return true;
    }
    GDir *folder = g_dir_open(reader->dir, 0, &reason);
    if (folder == NULL) {
        return fisc_fail(error, FISC_ERROR_IO, "%s", reason->message);
    }
    const char *file;
    while ((file = g_dir_read_name(folder)) != NULL) {
        add_ignored(reader, file, names);
    }
    g_dir_close(folder);
    return true;
}

static bool
remark_ignored_files(FiscReader *reader, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    if (!list_ignored(reader, names, error)) {
        return false;
    }
    g_ptr_array_sort(names, compare_names);
    for (guint i = 0; i < names->len; i++) {
        fisc_reader_remark(reader, "%s is no file of a package and was ignored",
                           (const char *)names->pdata[i]);
    }
    return true;
}

/* What was not there makes no step. */
static void
drop_empty_steps(FiscPackage *package)
{
    for (guint i = package->steps->len; i > 0; i--) {
        const FiscPackageStep *step = package->steps->pdata[i - 1];
        if (step->submission->entries->len == 0) {
            g_ptr_array_remove_index(package->steps, i - 1);
        }
    }
}

static bool
check_folder(const char *dir, GError **error)
{
    if (!g_file_test(dir, G_FILE_TEST_EXISTS)) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "%s: there is no such folder", dir);
    }
    if (!g_file_test(dir, G_FILE_TEST_IS_DIR)) {
        return fisc_fail(error, FISC_ERROR_USAGE, "%s is not a folder", dir);
    }
    return true;
}

static bool
read_package(FiscReader *reader, GError **error)
{
    if (!read_files(reader, error) || !remark_ignored_files(reader, error)) {
        return false;
    }
    if (g_hash_table_size(reader->used_files) == 0) {
        FiscPlace place = {.file = reader->package->name};
        fisc_reader_refuse(reader, place, FISC_ERROR_FILE_EMPTY,
                           "docs/package-format.md lists the files of a package",
                           "the folder has no file of a nation package and no profile");
    }
    drop_empty_steps(reader->package);
    fisc_package_remark_unmapped(reader);
    return true;
}

/* Closes @reader. */
static bool
read_opened(FiscReader *reader, const char *dir, FiscPackage **out_package, GError **error)
{
    guint refusals_before = reader->refusals->len;
    g_autoptr(FiscPackage) package = package_new(dir, reader->actor);
    reader->package = package;
    bool is_read = read_package(reader, error);
    bool is_refused = reader->refusals->len > refusals_before;
    fisc_reader_close(reader);
    if (is_read) {
        *out_package = is_refused ? NULL : g_steal_pointer(&package);
    }
    return is_read;
}

/* @plan NULL: what is posted is read; else lines of a budget. */
static bool
read_folder(const char *dir, const FiscNation *known, const char *actor, FiscBudgetText *plan,
            FiscPackage **out_package, FiscRefusals *refusals, GError **error)
{
    if (!check_folder(dir, error)) {
        return false;
    }
    FiscReader reader;
    fisc_reader_open(&reader, dir, known, actor, refusals);
    reader.plan = plan;
    return read_opened(&reader, dir, out_package, error);
}

/* @lookups NULL: for all that it brings. */
static bool
read_by_map(FiscMap *map, GHashTable *documents, const FiscNation *nation, const char *actor,
            GHashTable *lookups, FiscPackage **out_package, FiscRefusals *refusals, GError **error)
{
    g_autoptr(GHashTable) none = g_hash_table_new(g_str_hash, g_str_equal);
    FiscReader reader;
    fisc_reader_open_over(&reader, nation, actor, refusals);
    reader.map = map;
    reader.documents = documents != NULL ? documents : none;
    reader.lookups = lookups;
    return read_opened(&reader, "feeder", out_package, error);
}

bool
fisc_package_read_over(FiscMap *map, GHashTable *documents, const FiscNation *nation,
                       const char *actor, FiscPackage **out_package, FiscRefusals *refusals,
                       GError **error)
{
    return read_by_map(map, documents, nation, actor, NULL, out_package, refusals, error);
}

bool
fisc_package_read_lookups(FiscMap *map, GHashTable *documents, const FiscNation *nation,
                          const char *actor, GPtrArray **out_lookups, GError **error)
{
    g_autoptr(GHashTable) lookups = fisc_profile_lookups_new();
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscPackage) package = NULL;
    if (!read_by_map(map, documents, nation, actor, lookups, &package, refusals, error)) {
        return false;
    }
    *out_lookups = fisc_profile_lookups_take(lookups);
    return true;
}

bool
fisc_package_read(const char *dir, const FiscNation *known, const char *actor,
                  FiscPackage **out_package, FiscRefusals *refusals, GError **error)
{
    return read_folder(dir, known, actor, NULL, out_package, refusals, error);
}

static void
refuse_empty_plan(const FiscPackage *package, FiscRefusals *refusals)
{
    fisc_refusals_add(refusals, FISC_ERROR_FILE_EMPTY, package->name, 0, NULL,
                      "the folder makes no lines of a budget: a profile with a group [line NAME] "
                      "does (docs/profile-format.md)");
}

bool
fisc_package_read_plan(const char *dir, const FiscNation *known, const char *actor, int year,
                       FiscPackage **out_package, FiscRefusals *refusals, GError **error)
{
    FiscPackage *package = NULL;
    FiscBudgetText *plan = fisc_budget_text_new(year);
    bool is_read = read_folder(dir, known, actor, plan, &package, refusals, error);
    if (package != NULL && fisc_budget_text_count(plan) == 0) {
        refuse_empty_plan(package, refusals);
        g_clear_pointer(&package, fisc_package_free);
    }
    if (package != NULL) {
        package->plan = fisc_budget_text_write(plan);
    }
    fisc_budget_text_free(plan);
    if (is_read) {
        *out_package = package;
    }
    return is_read;
}

static bool
is_ndjson(const char *data, gsize length)
{
    gsize at = 0;
    while (at < length && g_ascii_isspace(data[at])) {
        at++;
    }
    return at < length && data[at] == '{';
}

static void
read_csv_text(FiscReader *reader, const char *name, const char *data, gsize length,
              FiscSubmission *submission)
{
    g_autoptr(FiscCsv) csv = NULL;
    fisc_csv_parse(name, data, length, fisc_journal_csv_options(), &csv, reader->refusals);
    if (csv != NULL) {
        fisc_journal_from_csv(reader, csv, FISC_JOURNAL_ORDINARY, submission);
    }
}

bool
fisc_package_read_entries(const char *name, const char *data, gsize length, const FiscNation *known,
                          const char *source, const char *actor, FiscSubmission **out_submission,
                          FiscRefusals *refusals, GError **error)
{
    (void)error; /* a text in memory cannot fail to be read */
    guint refusals_before = refusals->len;
    g_autoptr(FiscSubmission) submission = fisc_submission_new(source, actor);
    FiscReader reader;
    fisc_reader_open(&reader, NULL, known, actor, refusals);
    if (is_ndjson(data, length)) {
        fisc_journal_from_ndjson(&reader, name, data, length, submission);
    } else {
        read_csv_text(&reader, name, data, length, submission);
    }
    fisc_reader_close(&reader);
    bool is_refused = refusals->len > refusals_before;
    *out_submission = is_refused ? NULL : g_steal_pointer(&submission);
    return true;
}

FiscSubmission *
fisc_package_read_body(const FiscPackageBody *body, FiscRefusals *refusals)
{
    guint refusals_before = refusals->len;
    g_autoptr(FiscSubmission) submission = fisc_submission_new(body->source, body->actor);
    FiscReader reader;
    fisc_reader_open_over(&reader, body->nation, body->actor, refusals);
    if (body->kind == FISC_BODY_KIND_CSV) {
        read_csv_text(&reader, body->name, body->data, body->length, submission);
    } else {
        fisc_journal_from_body(&reader, body, submission);
    }
    fisc_reader_close(&reader);
    return refusals->len > refusals_before ? NULL : g_steal_pointer(&submission);
}
