/* part.c: versions of a budget and their parts, from the newest steps of their cases, or from how
 * they stood at an earlier one. A version's parts are the cases whose parent it is; what they are
 * of is in their names. */
#include "fisc/formulation.h"
#include "fisc/ledger.h"
#include <stdlib.h>
#include <string.h>

#define VERSION "budget_version"
#define PART "budget_part"
#define TABLE "budget_table"
#define REVIEW "review" /* the step that begins a round */

char *
fisc_version_subject(const char *version)
{
    return g_strconcat(VERSION "/", version, NULL);
}

char *
fisc_part_subject(const char *version, FiscPartKind kind, const char *entity)
{
    const char *word = fisc_part_word(kind);
    return fisc_part_is_of_entity(kind)
               ? g_strconcat(PART "/", version, "/", word, "/", entity, NULL)
               : g_strconcat(TABLE "/", version, "/", word, NULL);
}

static void
part_free(gpointer data)
{
    FiscPart *part = data;
    g_free(part->subject);
    g_free(part->entity);
    g_free(part->state);
    g_free(part->content);
    g_free(part->text);
    g_strfreev(part->fields);
    g_free(part);
}

void
fisc_version_free(FiscVersion *version)
{
    if (version != NULL) {
        g_free(version->version);
        g_free(version->title);
        g_free(version->state);
        g_free(version->parent);
        g_free(version->children);
        g_free(version->law);
        g_ptr_array_unref(version->parts);
        g_strfreev(version->fields);
        g_free(version);
    }
}

const FiscPart *
fisc_version_part(const FiscVersion *version, FiscPartKind kind, const char *entity)
{
    bool is_of_entity = fisc_part_is_of_entity(kind);
    for (guint i = 0; i < version->parts->len; i++) {
        const FiscPart *part = version->parts->pdata[i];
        if (part->kind == kind && (!is_of_entity || strcmp(part->entity, entity) == 0)) {
            return part;
        }
    }
    return NULL;
}

/* From cases to a version --------------------------------------------------------------------- */

/* Kind and entity that a subject names; false for a case that is no part of ours. */
static bool
read_subject(const char *subject, FiscPartKind *out_kind, const char **out_entity)
{
    g_auto(GStrv) words = g_strsplit(subject, "/", 4);
    guint count = g_strv_length(words);
    int kind = count >= 3 ? fisc_part_find(words[2]) : -1;
    if (kind < 0) {
        return false;
    }
    bool is_of_entity = fisc_part_is_of_entity((FiscPartKind)kind);
    if (strcmp(words[0], is_of_entity ? PART : TABLE) != 0 || count != (is_of_entity ? 4u : 3u)) {
        return false;
    }
    *out_kind = (FiscPartKind)kind;
    const char *kind_word = strchr(strchr(subject, '/') + 1, '/') + 1;
    *out_entity = is_of_entity ? strchr(kind_word, '/') + 1 : "";
    return true;
}

static FiscPart *
part_new(const char *subject, char **fields)
{
    FiscPartKind kind;
    const char *entity;
    if (!read_subject(subject, &kind, &entity)) {
        return NULL;
    }
    FiscPart *part = g_new0(FiscPart, 1);
    part->subject = g_strdup(subject);
    part->kind = kind;
    part->entity = g_strdup(entity);
    part->state = g_strdup(fisc_case_field(fields, "state"));
    part->content = g_strdup(fisc_case_field(fields, "content"));
    part->fields = g_strdupv(fields);
    return part;
}

static int
compare_parts(gconstpointer a, gconstpointer b)
{
    const FiscPart *left = *(FiscPart *const *)a;
    const FiscPart *right = *(FiscPart *const *)b;
    return left->kind != right->kind ? (int)left->kind - (int)right->kind
                                     : strcmp(left->entity, right->entity);
}

static char *
digest_children(GHashTable *cases)
{
    char hex[FISC_CASE_DIGEST_TEXT];
    g_autoptr(GArray) children = g_array_new(FALSE, FALSE, sizeof(FiscCaseChild));
    GHashTableIter iter;
    gpointer subject, fields;
    g_hash_table_iter_init(&iter, cases);
    while (g_hash_table_iter_next(&iter, &subject, &fields)) {
        FiscCaseChild child = {subject, fisc_case_field(fields, "content")};
        g_array_append_val(children, child);
    }
    fisc_case_children_digest((FiscCaseChild *)(void *)children->data, children->len, hex);
    return g_strdup(hex);
}

/* @cases: those whose parent the version is, subject -> fields; @own: the version's fields. */
static FiscVersion *
version_new(const char *name, char **own, GHashTable *cases)
{
    FiscVersion *version = g_new0(FiscVersion, 1);
    GHashTableIter iter;
    gpointer subject, fields;
    version->version = g_strdup(name);
    version->title = g_strdup(fisc_case_field(own, "title"));
    version->state = g_strdup(fisc_case_field(own, "state"));
    version->parent = g_strdup(fisc_case_field(own, "origin"));
    version->law = g_strdup(fisc_case_field(own, "law"));
    version->children = digest_children(cases);
    version->fields = g_strdupv(own);
    version->frame = (FiscPlanFrame){.version = version->version,
                                     .year = atoi(fisc_case_field(own, "year")),
                                     .years = atoi(fisc_case_field(own, "years")),
                                     .decimals = atoi(fisc_case_field(own, "decimals"))};
    version->parts = g_ptr_array_new_with_free_func(part_free);
    g_hash_table_iter_init(&iter, cases);
    while (g_hash_table_iter_next(&iter, &subject, &fields)) {
        FiscPart *part = part_new(subject, fields);
        if (part != NULL) {
            g_ptr_array_add(version->parts, part);
        }
    }
    g_ptr_array_sort(version->parts, compare_parts);
    return version;
}

/* Reading ------------------------------------------------------------------------------------- */

/* The case @own and its children as they are now: subject -> fields, in *out_cases without @own. */
static bool
load_cases(FiscTx *tx, int book_id, const char *own, GHashTable **out_cases, char ***out_own,
           GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_tx_query(tx, FISC_SQL_BUDGET_CASES, FISC_ARGS(fisc_int4(book_id), fisc_text(own)),
                       &rows, error)) {
        return false;
    }
    g_autoptr(GHashTable) cases =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_strfreev);
    g_auto(GStrv) fields_of_own = NULL;
    for (int i = 0; i < fisc_rows_count(rows); i++) {
        int count = 0;
        g_auto(GStrv) fields = fisc_rows_text_array(rows, i, 1, &count);
        const char *subject = fisc_rows_text(rows, i, 0);
        if (strcmp(subject, own) == 0) {
            fields_of_own = g_steal_pointer(&fields);
        } else if (strcmp(fisc_case_field(fields, "parent"), own) == 0) {
            g_hash_table_insert(cases, g_strdup(subject), g_steal_pointer(&fields));
        }
    }
    *out_cases = g_steal_pointer(&cases);
    *out_own = g_steal_pointer(&fields_of_own);
    return true;
}

/* Puts the cases back to how they stood when @own took its @step_no-th step; 0 = they stay. */
static bool
go_back(const GArray *steps, const char *own, int step_no, GHashTable *cases, char ***own_fields,
        int *out_round, GError **error)
{
    int count = 0;
    if (step_no > 0) {
        g_hash_table_remove_all(cases);
    }
    for (guint i = 0; i < steps->len && (step_no == 0 || count < step_no); i++) {
        const FiscCaseStep *step = &g_array_index(steps, FiscCaseStep, i);
        bool is_own = strcmp(step->subject, own) == 0;
        count += is_own ? 1 : 0;
        *out_round += is_own && strcmp(step->step, REVIEW) == 0 ? 1 : 0;
        if (is_own && step_no > 0) {
            g_strfreev(*own_fields);
            *own_fields = g_strdupv(step->fields);
        } else if (!is_own) {
            g_hash_table_insert(cases, g_strdup(step->subject), g_strdupv(step->fields));
        }
    }
    return count >= step_no ||
           fisc_fail(error, FISC_ERROR_NOT_FOUND, "it has taken %d steps, not %d", count, step_no);
}

static bool
load_steps(FiscTx *tx, int book_id, const char *own, GHashTable *cases, GArray **out_steps,
           GError **error)
{
    g_autoptr(GPtrArray) subjects = g_ptr_array_new();
    GHashTableIter iter;
    gpointer subject;
    g_ptr_array_add(subjects, (char *)own);
    if (cases != NULL) {
        g_hash_table_iter_init(&iter, cases);
        while (g_hash_table_iter_next(&iter, &subject, NULL)) {
            g_ptr_array_add(subjects, subject);
        }
    }
    return fisc_case_steps_load(tx, book_id, (const char *const *)subjects->pdata, subjects->len,
                                out_steps, error);
}

bool
fisc_version_load_at(FiscTx *tx, int book_id, const char *version, int step_no,
                     FiscVersion **out_version, GError **error)
{
    int round = 0;
    g_autofree char *own = fisc_version_subject(version);
    g_autoptr(GHashTable) cases = NULL;
    g_autoptr(GArray) steps = NULL;
    g_auto(GStrv) fields = NULL;
    if (!load_cases(tx, book_id, own, &cases, &fields, error)) {
        return false;
    }
    if (fields == NULL) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "there is no version \"%s\"", version);
    }
    if (!load_steps(tx, book_id, own, step_no > 0 ? cases : NULL, &steps, error) ||
        !go_back(steps, own, step_no, cases, &fields, &round, error)) {
        g_prefix_error(error, "version %s: ", version);
        return false;
    }
    *out_version = version_new(version, fields, cases);
    (*out_version)->round = round;
    int years = (*out_version)->frame.years;
    if (years < 1 || years > FISC_PLAN_YEARS_MAX) {
        g_clear_pointer(out_version, fisc_version_free);
        return fisc_fail(error, FISC_ERROR_FAILED, "version %s has %d years", version, years);
    }
    return true;
}

bool
fisc_version_load(FiscTx *tx, int book_id, const char *version, FiscVersion **out_version,
                  GError **error)
{
    return fisc_version_load_at(tx, book_id, version, 0, out_version, error);
}
