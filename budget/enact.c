/* enact.c: the lines of a version as a law: what is appropriated and estimated, or, where the law
 * changes another, what differs from it. Pure.
 *
 * Only the budget year has amounts in the books; the outer years stay in the version, as the plan.
 * Increases come before what is taken away, so that a law that moves money inside one control never
 * runs below what is spent half-way. */
#include "budget/enact.h"
#include <string.h>

typedef struct {
    FiscSubmission *into;
    const FiscEnactment *law;
    const FiscNation *nation;
    FiscRefusals *refusals;
    int year, decimals;
    GHashTable *references; /* of char *: those that were given */
    GHashTable *refused;    /* of char *: entities that were complained about */
} Draft;

/* One amount of a law: of a line, or taken back from what the line was before. */
typedef struct {
    const FiscPlanLine *line;
    int64_t amount;
    bool is_before;
} Change;

static const char *
text(const char *word)
{
    return word != NULL ? word : "";
}

/* The event ----------------------------------------------------------------------------------- */

static const char *
given(const char *word)
{
    return word != NULL && *word != '\0' ? word : NULL;
}

static void
add_law(const Draft *draft, const char *version)
{
    const FiscEnactment *law = draft->law;
    char day[FISC_DATE_TEXT];
    g_autofree char *year = g_strdup_printf("%d", draft->year);
    fisc_submission_event(
        draft->into, "law", law->law, "title", law->title, "date", fisc_date_format(law->on, day),
        "kind", given(law->base) != NULL ? "supplement" : "original", "version", version, "year",
        year, "base", given(law->base), "article", given(law->article), "annex", given(law->annex),
        "children", given(law->children), "reason", given(law->reason), NULL);
}

/* One line ------------------------------------------------------------------------------------ */

/* The entity of a line, which counts as the version does; NULL with a refusal, one for each. */
static const FiscEntity *
find_entity(Draft *draft, const FiscPlanLine *line)
{
    const FiscEntity *entity = fisc_nation_entity(draft->nation, line->entity);
    if (entity != NULL && entity->decimals == draft->decimals) {
        return entity;
    }
    if (!g_hash_table_add(draft->refused, g_strdup(line->entity))) {
        return NULL;
    }
    if (entity == NULL) {
        fisc_refusals_add(draft->refusals, FISC_ERROR_ENTITY_UNKNOWN, NULL, 0, "entity", "\"%s\"",
                          line->entity);
    } else {
        fisc_refusals_add(draft->refusals, FISC_ERROR_AMOUNT_DECIMALS, NULL, 0, "entity",
                          "%s counts in %d decimals, and the version in %d", line->entity,
                          entity->decimals, draft->decimals);
    }
    return NULL;
}

/* "L-2018-6/MIN/017"; NULL with a refusal when it cannot be the name of an entry. Caller frees. */
static char *
make_reference(Draft *draft, const Change *change)
{
    char *reference = g_strjoin("/", draft->law->law, change->line->entity, change->line->line,
                                change->is_before ? "before" : NULL, NULL);
    if (strlen(reference) > FISC_CODE_MAX) {
        fisc_refusals_add(draft->refusals, FISC_ERROR_VALUE_INVALID, NULL, 0, "line",
                          "the reference \"%s\" has more than %d bytes", reference, FISC_CODE_MAX);
    } else if (g_hash_table_add(draft->references, g_strdup(reference))) {
        return reference;
    } else {
        fisc_refusals_add(draft->refusals, FISC_ERROR_DUPLICATE_ROW, NULL, 0, "line",
                          "two lines have the reference \"%s\"", reference);
    }
    g_free(reference);
    return NULL;
}

/* "Art. 2, Annex I: Paper and pens". Caller frees. */
static char *
make_memo(const Draft *draft, const FiscPlanLine *line)
{
    const char *article = *line->article != '\0' ? line->article : text(draft->law->article);
    const char *annex = *line->annex != '\0' ? line->annex : text(draft->law->annex);
    bool has_both = *article != '\0' && *annex != '\0';
    bool has_any = *article != '\0' || *annex != '\0';
    return g_strconcat(article, has_both ? ", " : "", annex,
                       has_any && *line->title != '\0' ? ": " : "", line->title, NULL);
}

static void
add_change(Draft *draft, const Change *change)
{
    static const FiscStage stages[2][2] = {
        [FISC_SIDE_EXPENDITURE] = {FISC_STAGE_APPROPRIATION, FISC_STAGE_CHANGE},
        [FISC_SIDE_REVENUE] = {FISC_STAGE_ESTIMATE, FISC_STAGE_ESTIMATE_CHANGE},
    };
    const FiscEntity *entity = find_entity(draft, change->line);
    g_autofree char *reference = entity != NULL ? make_reference(draft, change) : NULL;
    if (reference == NULL) {
        return;
    }
    bool is_supplement = given(draft->law->base) != NULL;
    g_autofree char *memo = make_memo(draft, change->line);
    fisc_enact_entry(draft->into, entity, reference, draft->law->law, draft->law->on, memo,
                     stages[change->line->side][is_supplement], change->amount, change->line->dim);
}

/* The key of a line of zero exists, and is limited to zero. */
static void
add_zero(Draft *draft, const FiscPlanLine *line)
{
    if (line->side == FISC_SIDE_EXPENDITURE && find_entity(draft, line) != NULL) {
        fisc_enact_line_event(draft->into, "budget_line", line->entity, draft->year, line->dim);
    }
}

/* The legislature gave less than the government asked for: no reserve may make up for it. */
static bool
is_cut(const FiscPlanLine *line)
{
    const FiscFigure *mark = &line->figure[FISC_FIGURE_MARK];
    const FiscFigure *asked = mark->is_given ? mark : &line->figure[FISC_FIGURE_REQUEST];
    const FiscFigure *amendment = &line->figure[FISC_FIGURE_AMENDMENT];
    return line->side == FISC_SIDE_EXPENDITURE && amendment->is_given && asked->is_given &&
           amendment->amount[0] < asked->amount[0];
}

static void
add_field(FiscSubmission *into, FiscEvent *event, const char *name, const char *value)
{
    if (*value != '\0') {
        g_ptr_array_add(event->fields, (char *)fisc_submission_text(into, name));
        g_ptr_array_add(event->fields, (char *)fisc_submission_text(into, value));
    }
}

static void
add_cut(Draft *draft, const FiscPlanLine *line)
{
    if (is_cut(line) && find_entity(draft, line) != NULL) {
        const char *article = *line->article != '\0' ? line->article : text(draft->law->article);
        FiscEvent *event =
            fisc_enact_line_event(draft->into, "cut_line", line->entity, draft->year, line->dim);
        add_field(draft->into, event, "law", draft->law->law);
        add_field(draft->into, event, "article", article);
    }
}

/* An original budget -------------------------------------------------------------------------- */

static void
enact_whole(Draft *draft, const FiscPlanLines *lines)
{
    for (guint i = 0; i < lines->lines->len; i++) {
        const FiscPlanLine *line = lines->lines->pdata[i];
        Change change = {.line = line, .amount = fisc_plan_line_amount(line, 0)};
        if (change.amount != 0) {
            add_change(draft, &change);
        } else {
            add_zero(draft, line);
        }
        add_cut(draft, line);
    }
}

/* What differs -------------------------------------------------------------------------------- */

static char *
key_of(const FiscPlanLine *line)
{
    return g_strconcat(line->entity, "\x1f", line->line, NULL);
}

static GHashTable *
index_lines(const FiscPlanLines *lines)
{
    GHashTable *index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < lines->lines->len; i++) {
        g_hash_table_insert(index, key_of(lines->lines->pdata[i]), lines->lines->pdata[i]);
    }
    return index;
}

static const FiscPlanLine *
find_line(GHashTable *index, const FiscPlanLine *line)
{
    g_autofree char *key = key_of(line);
    return g_hash_table_lookup(index, key);
}

/* Whether the money is for the same, whatever else is said of it. */
static bool
is_same_line(const FiscPlanLine *a, const FiscPlanLine *b)
{
    bool is_same = a->side == b->side;
    for (int i = 0; is_same && i < FISC_DIM_COUNT; i++) {
        is_same = !fisc_enact_is_dimension(i) || strcmp(a->dim[i], b->dim[i]) == 0;
    }
    return is_same;
}

static void
collect(GArray *changes, const FiscPlanLine *line, int64_t amount, bool is_before)
{
    Change change = {line, amount, is_before};
    if (amount != 0) {
        g_array_append_val(changes, change);
    }
}

/* A line that is for something else now gives back all that it was, and is given all that it is. */
static void
compare_line(Draft *draft, const FiscPlanLine *line, const FiscPlanLine *before, GArray *changes)
{
    int64_t amount = fisc_plan_line_amount(line, 0);
    int64_t old = before != NULL ? fisc_plan_line_amount(before, 0) : 0;
    bool is_same = before != NULL && is_same_line(line, before);
    if (is_same) {
        collect(changes, line, amount - old, false);
    } else {
        collect(changes, line, amount, false);
        collect(changes, before, -old, true);
    }
    if (!is_same && amount == 0) {
        add_zero(draft, line);
    }
    if (!is_same || amount != old) {
        add_cut(draft, line);
    }
}

static void
enact_difference(Draft *draft, const FiscPlanLines *lines, const FiscPlanLines *base)
{
    g_autoptr(GArray) changes = g_array_new(FALSE, FALSE, sizeof(Change));
    g_autoptr(GHashTable) now = index_lines(lines);
    g_autoptr(GHashTable) before = index_lines(base);
    for (guint i = 0; i < lines->lines->len; i++) {
        const FiscPlanLine *line = lines->lines->pdata[i];
        compare_line(draft, line, find_line(before, line), changes);
    }
    for (guint i = 0; i < base->lines->len; i++) {
        const FiscPlanLine *line = base->lines->pdata[i];
        if (find_line(now, line) == NULL) {
            collect(changes, line, -fisc_plan_line_amount(line, 0), true);
        }
    }
    for (int pass = 0; pass < 2; pass++) {
        for (guint i = 0; i < changes->len; i++) {
            const Change *change = &g_array_index(changes, Change, i);
            if ((change->amount > 0) == (pass == 0)) {
                add_change(draft, change);
            }
        }
    }
}

/* The law ------------------------------------------------------------------------------------- */

/* It is one group of the chain, and does something. */
static void
check_size(const Draft *draft)
{
    guint count = draft->into->entries->len;
    if (count > FISC_GROUP_ENTRIES_MAX) {
        fisc_refusals_add(draft->refusals, FISC_ERROR_ENTRY_TOO_LARGE, NULL, 0, "lines",
                          "%u lines have an amount, and a law is carried out as one group of %d at "
                          "most: enact it as two laws, each a version with its entities",
                          count, FISC_GROUP_ENTRIES_MAX);
    }
    if (draft->refusals->len == 0 && draft->into->events->len + count <= 1) {
        fisc_refusals_add(draft->refusals, FISC_ERROR_VALUE_MISSING, NULL, 0, "lines",
                          given(draft->law->base) != NULL
                              ? "no amount differs from the law that it changes"
                              : "the version has no lines");
    }
}

bool
fisc_budget_enact(FiscSubmission *into, const FiscEnactment *enactment, const FiscPlanLines *lines,
                  const FiscPlanLines *base, const FiscNation *nation, FiscRefusals *refusals)
{
    g_autoptr(GHashTable) references = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) refused = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Draft draft = {.into = into,
                   .law = enactment,
                   .nation = nation,
                   .refusals = refusals,
                   .year = lines->frame.year,
                   .decimals = lines->frame.decimals,
                   .references = references,
                   .refused = refused};
    guint refusals_before = refusals->len;
    g_assert((base != NULL) == (given(enactment->base) != NULL));
    add_law(&draft, lines->frame.version);
    if (base != NULL) {
        enact_difference(&draft, lines, base);
    } else {
        enact_whole(&draft, lines);
    }
    check_size(&draft);
    return refusals->len == refusals_before;
}
