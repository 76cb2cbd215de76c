/* enact_expand.c: what a law does, out of the version that it enacts.
 *
 * A document about a law keeps one line that names the version, the digest of its lines and the
 * words of the law. The entries are built from there when it is proposed and again when it is
 * approved; the same texts give the same entries, and the engine holds their digest against the one
 * that was signed. Words that may change behind the law (results, later steps) are not read, so
 * that asking again gives the first answer again. */
#include "app/flows/enact.h"
#include <stdlib.h>
#include <string.h>

#define RULE "budget_version/enact"
#define STEP "enact"

/* References ---------------------------------------------------------------------------------- */

const char *
fisc_flow_word(const json_t *words, const char *name)
{
    const char *word = json_string_value(json_object_get(words, name));
    return word != NULL ? word : "";
}

json_t *
fisc_flow_read_reference(const char *payload, const char *key)
{
    json_t *whole = json_loads(payload, JSON_REJECT_DUPLICATES, NULL);
    json_t *words = json_object_size(whole) == 1 ? json_object_get(whole, key) : NULL;
    words = json_is_object(words) ? json_incref(words) : NULL;
    json_decref(whole);
    return words;
}

char *
fisc_flow_write_reference(const char *key, json_t *words)
{
    json_t *whole = json_object();
    json_object_set_new(whole, key, words);
    char *text = json_dumps(whole, JSON_COMPACT);
    char *payload = g_strdup(text);
    free(text);
    json_decref(whole);
    return payload;
}

static const struct {
    const char *key;
    bool (*expand)(FiscExpansion *expansion, GError **error);
} kinds[] = {
    {"enactment", fisc_flow_expand_enactment},
    {"interim", fisc_flow_expand_interim},
    {"feed", fisc_flow_expand_feed},
};

/* The row of @kinds; -1: an ordinary content. *out_words: caller decrefs. */
static int
find_kind(const char *payload, json_t **out_words)
{
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autofree char *begins = g_strdup_printf("{\"%s\":", kinds[i].key);
        json_t *words = g_str_has_prefix(payload, begins)
                            ? fisc_flow_read_reference(payload, kinds[i].key)
                            : NULL;
        if (words != NULL) {
            *out_words = words;
            return (int)i;
        }
    }
    return -1;
}

bool
fisc_flow_is_reference(const char *payload)
{
    json_t *words = NULL;
    bool is_reference = find_kind(payload, &words) >= 0;
    json_decref(words);
    return is_reference;
}

static bool
expand(FiscContext *ctx, FiscTx *within, int kind, FiscExpansion *expansion, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    if (within != NULL) {
        expansion->tx = within;
        return kinds[kind].expand(expansion, error);
    }
    if (!fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error)) {
        return false;
    }
    expansion->tx = tx;
    return kinds[kind].expand(expansion, error) && fisc_tx_commit(g_steal_pointer(&tx), error);
}

bool
fisc_flow_expand(const FiscContext *ctx, const FiscNation *nation, const char *payload,
                 const char *source, FiscSubmission **out_content, FiscRefusals *refusals,
                 GError **error)
{
    return fisc_flow_expand_within(ctx, NULL, nation, payload, source, out_content, refusals,
                                   error);
}

bool
fisc_flow_expand_within(const FiscContext *ctx, FiscTx *within, const FiscNation *nation,
                        const char *payload, const char *source, FiscSubmission **out_content,
                        FiscRefusals *refusals, GError **error)
{
    json_t *words = NULL;
    FiscContext reader = *ctx;
    int kind = find_kind(payload, &words);
    g_assert(kind >= 0);
    g_autoptr(FiscSubmission) content = fisc_submission_new(source, ctx->actor);
    FiscExpansion expansion = {.book_id = ctx->book_id,
                               .nation = nation,
                               .words = words,
                               .into = content,
                               .refusals = refusals};
    guint refusals_before = refusals->len;
    bool is_done = expand(&reader, within, kind, &expansion, error);
    json_decref(words);
    if (is_done && refusals->len == refusals_before) {
        *out_content = g_steal_pointer(&content);
    }
    return is_done;
}

/* What is on record --------------------------------------------------------------------------- */

char *
fisc_flow_lines_digest(const FiscVersion *version)
{
    char hex[FISC_CASE_DIGEST_TEXT];
    g_autoptr(GArray) children = g_array_new(FALSE, FALSE, sizeof(FiscCaseChild));
    for (guint i = 0; i < version->parts->len; i++) {
        const FiscPart *part = version->parts->pdata[i];
        FiscCaseChild child = {part->subject, part->content};
        if (part->kind == FISC_PART_LINES) {
            g_array_append_val(children, child);
        }
    }
    fisc_case_children_digest((FiscCaseChild *)(void *)children->data, children->len, hex);
    return g_strdup(hex);
}

/* The fields of a case before it took its last step, when that is the one that the law takes: what
 * the law was built on then, it is built on again. Caller frees; NULL: there are none. */
static bool
load_fields_before(FiscExpansion *expansion, const char *subject, char ***out_fields,
                   GError **error)
{
    g_autoptr(GArray) steps = NULL;
    *out_fields = NULL;
    if (!fisc_case_steps_load(expansion->tx, expansion->book_id, &subject, 1, &steps, error)) {
        return false;
    }
    for (guint i = steps->len; i > 0 && *out_fields == NULL; i--) {
        const FiscCaseStep *step = &g_array_index(steps, FiscCaseStep, i - 1);
        if (strcmp(step->step, STEP) != 0) {
            *out_fields = g_strdupv(step->fields);
        }
    }
    return true;
}

/* The version that a reference names, with its lines: as they were when it was written. */
static bool
load_lines(FiscExpansion *expansion, const char *name, const char *digest,
           FiscVersion **out_version, FiscPlanLines **out_lines, GError **error)
{
    g_autoptr(FiscVersion) version = NULL;
    if (!fisc_version_load(expansion->tx, expansion->book_id, name, &version, error)) {
        return false;
    }
    g_autofree char *now = fisc_flow_lines_digest(version);
    if (strcmp(now, digest) != 0) {
        fisc_refusals_add(expansion->refusals, FISC_ERROR_CASE_CHANGED, NULL, 0, "lines",
                          "the lines of %s are not what they were when the law was proposed", name);
    } else if (!fisc_version_lines(expansion->tx, version, NULL, out_lines, error)) {
        return false;
    }
    *out_version = g_steal_pointer(&version);
    return true;
}

/* Other laws ---------------------------------------------------------------------------------- */

static const char *
field(const FiscRecord *record, const char *name)
{
    const char *value = fisc_record_field(record, name);
    return value != NULL ? value : "";
}

/* An entity that both versions have lines of; NULL when there is none. */
static const char *
shared_entity(const FiscVersion *a, const FiscVersion *b)
{
    for (guint i = 0; i < a->parts->len; i++) {
        const FiscPart *part = a->parts->pdata[i];
        if (part->kind == FISC_PART_LINES &&
            fisc_version_part(b, FISC_PART_LINES, part->entity) != NULL) {
            return part->entity;
        }
    }
    return NULL;
}

/* Twice an original budget would be twice the money. */
static bool
check_original(FiscExpansion *expansion, const FiscVersion *version, const FiscRecord *law,
               GError **error)
{
    g_autoptr(FiscVersion) other = NULL;
    if (atoi(field(law, "year")) != version->frame.year ||
        strcmp(field(law, "kind"), "original") != 0) {
        return true;
    }
    if (!fisc_version_load(expansion->tx, expansion->book_id, field(law, "version"), &other,
                           error)) {
        return false;
    }
    const char *entity = shared_entity(version, other);
    if (entity != NULL) {
        fisc_refusals_add(expansion->refusals, FISC_ERROR_MASTER_CONFLICT, NULL, 0, "entity",
                          "%s has a budget for %d by the law %s: branch from %s and enact what "
                          "differs",
                          entity, version->frame.year, law->subject, other->version);
    }
    return true;
}

/* What differs from a law is meaningless once another law has changed it. */
static void
check_supplement(FiscExpansion *expansion, const char *base, const FiscRecord *law)
{
    if (strcmp(field(law, "base"), base) == 0) {
        fisc_refusals_add(expansion->refusals, FISC_ERROR_CASE_CHANGED, NULL, 0, "base",
                          "%s was changed by the law %s: branch from %s", base, law->subject,
                          field(law, "version"));
    }
}

bool
fisc_flow_check_laws(FiscExpansion *expansion, const FiscVersion *version, GError **error)
{
    g_autoptr(GArray) laws = NULL;
    const char *own = fisc_flow_word(expansion->words, "law");
    const char *base = fisc_flow_word(expansion->words, "base");
    if (!fisc_records_load(expansion->tx, expansion->book_id, "law", &laws, error)) {
        return false;
    }
    for (guint i = 0; i < laws->len; i++) {
        const FiscRecord *law = &g_array_index(laws, FiscRecord, i);
        bool is_own = strcmp(law->subject, own) == 0;
        if (strcmp(field(law, "version"), version->version) == 0) {
            continue;
        }
        if (is_own) {
            fisc_refusals_add(expansion->refusals, FISC_ERROR_MASTER_CONFLICT, NULL, 0, "law",
                              "the law %s has enacted %s", own, field(law, "version"));
        } else if (*base != '\0') {
            check_supplement(expansion, base, law);
        } else if (!check_original(expansion, version, law, error)) {
            return false;
        }
    }
    return true;
}

/* The law ------------------------------------------------------------------------------------- */

static bool
load_rule(FiscExpansion *expansion, const char *subject, GArray **out_records, GError **error)
{
    g_autoptr(GPtrArray) subjects = g_ptr_array_new();
    g_ptr_array_add(subjects, (char *)subject);
    return fisc_records_find(expansion->tx, expansion->book_id, "procedure", subjects, out_records,
                             error) &&
           ((*out_records)->len > 0 ||
            fisc_fail(error, FISC_ERROR_NOT_FOUND, "no procedure has the step %s", subject));
}

static bool
add_case(FiscExpansion *expansion, GError **error)
{
    const json_t *said = expansion->words;
    g_autofree char *subject = fisc_version_subject(fisc_flow_word(said, "version"));
    g_autoptr(GArray) rules = NULL;
    g_auto(GStrv) before = NULL;
    if (!load_rule(expansion, RULE, &rules, error) ||
        !load_fields_before(expansion, subject, &before, error)) {
        return false;
    }
    const FiscCaseWords words = {.before = before,
                                 .rule = g_array_index(rules, FiscRecord, 0).fields,
                                 .step = STEP,
                                 .actor = expansion->into->actor,
                                 .children = fisc_flow_word(said, "children"),
                                 .reason = fisc_flow_word(said, "reason")};
    FiscEvent *event = fisc_case_event(expansion->into, subject, &words);
    fisc_case_event_add(expansion->into, event, "law", fisc_flow_word(said, "law"));
    return true;
}

static bool
add_law(FiscExpansion *expansion, const FiscPlanLines *lines, const FiscPlanLines *base,
        GError **error)
{
    const json_t *said = expansion->words;
    FiscEnactment enactment = {.law = fisc_flow_word(said, "law"),
                               .title = fisc_flow_word(said, "title"),
                               .article = fisc_flow_word(said, "article"),
                               .annex = fisc_flow_word(said, "annex"),
                               .reason = fisc_flow_word(said, "reason"),
                               .base = base != NULL ? fisc_flow_word(said, "base") : NULL,
                               .children = fisc_flow_word(said, "children")};
    if (!fisc_date_parse(fisc_flow_word(said, "date"), &enactment.on)) {
        return fisc_fail(error, FISC_ERROR_FAILED, "the law has no date");
    }
    fisc_budget_enact(expansion->into, &enactment, lines, base, expansion->nation,
                      expansion->refusals);
    return true;
}

/* All that was spent before there was a law counts against the law alone. */
static bool
end_interim(FiscExpansion *expansion, int year, GError **error)
{
    const char *content = fisc_flow_word(expansion->words, "interim");
    const char *law = fisc_flow_word(expansion->words, "law");
    g_autoptr(FiscInterim) interim = NULL;
    FiscDate on = 0;
    bool has_text = strcmp(content, "-") != 0;
    if (*content == '\0') {
        return true;
    }
    fisc_date_parse(fisc_flow_word(expansion->words, "date"), &on);
    if (has_text &&
        !fisc_flow_interim_load(expansion->tx, content, expansion->nation, &interim, error)) {
        return false;
    }
    if (interim != NULL) {
        fisc_interim_end(expansion->into, interim, law, on, expansion->nation);
    }
    return fisc_flow_interim_step(expansion, year, "end", has_text ? content : "", NULL, law,
                                  error);
}

static void
check_size(FiscExpansion *expansion)
{
    guint count = expansion->into->entries->len;
    if (expansion->refusals->len == 0 && count > FISC_GROUP_ENTRIES_MAX) {
        fisc_refusals_add(expansion->refusals, FISC_ERROR_ENTRY_TOO_LARGE, NULL, 0, NULL,
                          "with the end of the interim budget the law has %u entries, and is "
                          "carried out as one group of %d at most",
                          count, FISC_GROUP_ENTRIES_MAX);
    }
}

bool
fisc_flow_expand_enactment(FiscExpansion *expansion, GError **error)
{
    const json_t *said = expansion->words;
    const char *base = fisc_flow_word(said, "base");
    g_autoptr(FiscVersion) version = NULL;
    g_autoptr(FiscVersion) base_version = NULL;
    g_autoptr(FiscPlanLines) lines = NULL;
    g_autoptr(FiscPlanLines) base_lines = NULL;
    if (!load_lines(expansion, fisc_flow_word(said, "version"), fisc_flow_word(said, "lines"),
                    &version, &lines, error) ||
        (*base != '\0' && !load_lines(expansion, base, fisc_flow_word(said, "base_lines"),
                                      &base_version, &base_lines, error)) ||
        !fisc_flow_check_laws(expansion, version, error)) {
        return false;
    }
    if (expansion->refusals->len > 0) {
        return true;
    }
    if (!add_case(expansion, error) || !add_law(expansion, lines, base_lines, error) ||
        !end_interim(expansion, version->frame.year, error)) {
        return false;
    }
    check_size(expansion);
    return true;
}
