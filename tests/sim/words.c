/* words.c: the vocabulary, and units of it told to the engine and to people. */
#include "tests/sim/words.h"
#include "fisc/date.h"
#include <stdio.h>
#include <string.h>

/* clang-format off */
const SimAccount sim_accounts[] = {
    {"77X",  NULL,   "",                "",     false, 0, 0, FISC_STAGE_NONE},
    {"22",   "22",   "expense",         "22",   false, 3, 0, FISC_STAGE_NONE},
    {"3308", "6308", "liability",       "6308", false, 3, 0, FISC_STAGE_NONE},
    {"3202", "6202", "financial_asset", "6202", false, 3, 0, FISC_STAGE_NONE},
    {"4202", "6202", "financial_asset", "6202", false, 4, 0, FISC_STAGE_NONE},
    {"6202", "6202", "financial_asset", "6202", false, 6, 0, FISC_STAGE_NONE},
    {"6308", "6308", "liability",       "6308", false, 6, 0, FISC_STAGE_NONE},
    {"N100", "N100", "expense",         "22",   true,  3, 0, FISC_STAGE_NONE},
    {"B11",  "B11",  "budgetary",       "",     true,  3, 0, FISC_STAGE_APPROPRIATION},
    {"B12",  "B12",  "budgetary",       "",     true,  3, 0, FISC_STAGE_CHANGE},
    {"B20",  "B20",  "budgetary",       "",     true,  3, 0, FISC_STAGE_AVAILABLE},
    {"B21",  "B21",  "budgetary",       "",     true,  3, 0, FISC_STAGE_AUTHORIZATION},
    {"B22",  "B22",  "budgetary",       "",     true,  3, 0, FISC_STAGE_COMMITMENT},
    {"B23",  "B23",  "budgetary",       "",     true,  3, 0, FISC_STAGE_OBLIGATION},
    {"B24",  "B24",  "budgetary",       "",     true,  3, 0, FISC_STAGE_PAYMENT},
};
/* clang-format on */
const int sim_account_count = G_N_ELEMENTS(sim_accounts);

/* Words of which one begins with another: a key of two characters must not take "1" for "11". */
static const char *const programmes[] = {"", "1", "11", "12", "2", "21"};
static const char *const economics[] = {"", "2", "21", "211", "3"};
static const char *const funds[] = {"", "F", "G"};

static const struct {
    const char *const *words;
    int count;
    FiscDimension dimension;
} dims[SIM_DIM_COUNT] = {
    [SIM_PROGRAMME] = {programmes, G_N_ELEMENTS(programmes), FISC_DIM_PROGRAMME},
    [SIM_ECONOMIC] = {economics, G_N_ELEMENTS(economics), FISC_DIM_ECONOMIC},
    [SIM_FUND] = {funds, G_N_ELEMENTS(funds), FISC_DIM_FUND},
};

int
sim_account_of(FiscStage stage)
{
    for (int i = 0; i < sim_account_count; i++) {
        if (sim_accounts[i].stage == stage) {
            return i;
        }
    }
    g_assert_not_reached();
}

int
sim_account_base(int account)
{
    for (int i = 1; i < sim_account_count; i++) {
        if (g_strcmp0(sim_accounts[i].account, sim_accounts[account].account) == 0) {
            return i;
        }
    }
    return SIM_ACCOUNT_UNKNOWN;
}

const char *
sim_word(SimDim dim, int index)
{
    return dims[dim].words[index];
}

int
sim_word_count(SimDim dim)
{
    return dims[dim].count;
}

FiscDimension
sim_dimension(SimDim dim)
{
    return dims[dim].dimension;
}

const char *
sim_entity_code(int entity)
{
    static const char *const codes[SIM_ENTITY_COUNT] = {"A", "B", "C", "D", "E"};
    return entity >= 0 ? codes[entity] : NULL;
}

const char *
sim_party_code(int party)
{
    if (party == 0) {
        return NULL;
    }
    return party < SIM_PARTY_GROUP ? sim_entity_code(party - 1)
                                   : (party == SIM_PARTY_GROUP ? "GROUP" : "NOBODY");
}

const char *
sim_control_name(int control)
{
    static const char *const names[SIM_CONTROL_COUNT] = {"vote", "chapter", "article", "ceiling"};
    return names[control];
}

const char *
sim_event_kind_word(SimEventKind kind)
{
    static const char *const words[] = {"entity",  "group",       "account", "period",
                                        "control", "budget_line", "person",  "source"};
    return words[kind];
}

const char *
sim_actor(int actor)
{
    static const char *const actors[SIM_ACTOR_COUNT] = {"ana", "ben", "cem"};
    return actors[actor];
}

const char *
sim_source(int source)
{
    static const char *const sources[SIM_SOURCE_COUNT] = {"desk", "import"};
    return sources[source];
}

const char *
sim_reference(int number, bool is_reversal, char *buffer)
{
    g_snprintf(buffer, SIM_SUBJECT, "R%d%s", number, is_reversal ? "/reversal" : "");
    return number > 0 ? buffer : "";
}

const char *
sim_event_subject(const SimEvent *event, char *buffer)
{
    switch (event->kind) {
    case SIM_EVENT_ENTITY:
        return sim_entity_code(event->subject);
    case SIM_EVENT_GROUP:
        return "GROUP";
    case SIM_EVENT_ACCOUNT:
        return sim_accounts[event->subject].account;
    case SIM_EVENT_CONTROL:
        return sim_control_name(event->subject);
    case SIM_EVENT_PERSON:
        return sim_actor(event->subject);
    case SIM_EVENT_SOURCE:
        return sim_source(event->subject);
    case SIM_EVENT_PERIOD:
    case SIM_EVENT_BUDGET_LINE:
        break;
    }
    g_snprintf(buffer, SIM_SUBJECT, "%d", event->subject);
    return buffer;
}

/* To the engine ------------------------------------------------------------------------------ */

static void
add_field(FiscSubmission *submission, FiscEvent *event, const char *name, const char *value)
{
    g_ptr_array_add(event->fields, (char *)fisc_submission_text(submission, name));
    g_ptr_array_add(event->fields, (char *)fisc_submission_text(submission, value));
}

static char *
key_text(const SimEvent *event)
{
    if (event->part_count < 0) {
        return g_strdup("programme");
    }
    GString *key = g_string_new("entity");
    for (int i = 0; i < event->part_count; i++) {
        g_string_append_printf(key, " %s",
                               fisc_dimension_column(sim_dimension((SimDim)event->part[i])));
        if (event->length[i] > 0) {
            g_string_append_printf(key, ":%d", event->length[i]);
        }
    }
    return g_string_free(key, FALSE);
}

static char *
entities_text(unsigned entities)
{
    if (entities == 0) {
        return g_strdup("*");
    }
    GString *text = g_string_new(NULL);
    for (int i = 0; i < SIM_ENTITY_COUNT; i++) {
        if (entities & (1u << i)) {
            g_string_append_printf(text, "%s%s", text->len > 0 ? " " : "", sim_entity_code(i));
        }
    }
    return g_string_free(text, FALSE);
}

static void
fill_control(FiscSubmission *submission, FiscEvent *made, const SimEvent *event)
{
    static const char *const levels[] = {"none", "track", "absolute", "sometimes"};
    static const char *const absents[] = {"refuse", "zero", "none", "perhaps"};
    g_autofree char *key = key_text(event);
    g_autofree char *entities = entities_text(event->entities);
    add_field(submission, made, "level", levels[event->level]);
    add_field(submission, made, "absent", absents[event->absent]);
    add_field(submission, made, "key", key);
    add_field(submission, made, "entities", entities);
}

static void
fill_account(FiscSubmission *submission, FiscEvent *made, const SimEvent *event)
{
    const SimAccount *account = &sim_accounts[event->subject];
    const char *classes[] = {account->class_, "revenue", "mystery"};
    add_field(submission, made, "class", classes[event->class_]);
    add_field(submission, made, "gfs", account->gfs);
    add_field(submission, made, "chart", account->is_national ? "national" : "gfsm2014");
}

static void
fill_budget_line(FiscSubmission *submission, FiscEvent *made, const SimEvent *event)
{
    g_autofree char *year = g_strdup_printf("%d", event->year);
    if (event->entity >= 0) {
        add_field(submission, made, "entity", sim_entity_code(event->entity));
    }
    add_field(submission, made, "year", year);
    for (int i = 0; i < SIM_DIM_COUNT; i++) {
        if (event->dim[i] != 0) {
            add_field(submission, made, fisc_dimension_column(sim_dimension((SimDim)i)),
                      sim_word((SimDim)i, event->dim[i]));
        }
    }
}

static void
add_event(FiscSubmission *submission, const SimEvent *event)
{
    static const char *const states[] = {"open", "closed", "sealed", "ajar"};
    char subject[SIM_SUBJECT];
    char name[SIM_SUBJECT];
    FiscEvent *made = fisc_submission_event(submission, sim_event_kind_word(event->kind),
                                            sim_event_subject(event, subject), NULL);
    g_snprintf(name, sizeof name, "Name %d", event->name);
    switch (event->kind) {
    case SIM_EVENT_ENTITY:
        add_field(submission, made, "name", name);
        add_field(submission, made, "currency", event->currency == 0 ? "" : "EUR");
        break;
    case SIM_EVENT_GROUP:
        add_field(submission, made, "name", name);
        break;
    case SIM_EVENT_ACCOUNT:
        fill_account(submission, made, event);
        break;
    case SIM_EVENT_PERIOD:
        add_field(submission, made, "state", states[event->state]);
        break;
    case SIM_EVENT_CONTROL:
        fill_control(submission, made, event);
        break;
    case SIM_EVENT_BUDGET_LINE:
        fill_budget_line(submission, made, event);
        break;
    case SIM_EVENT_PERSON:
    case SIM_EVENT_SOURCE:
        g_assert_not_reached();
    }
}

static void
add_line(FiscSubmission *submission, FiscEntry *entry, const SimLine *line)
{
    FiscLine *made = fisc_entry_line(entry);
    made->account = sim_accounts[line->account].code;
    made->amount = line->amount;
    made->if_budgeted = line->if_budgeted;
    for (int i = 0; i < SIM_DIM_COUNT; i++) {
        if (line->dim[i] != 0) {
            made->dim[sim_dimension((SimDim)i)] = sim_word((SimDim)i, line->dim[i]);
        }
    }
    made->dim[FISC_DIM_COUNTERPARTY] =
        fisc_submission_text(submission, sim_party_code(line->party));
}

static void
add_entry(FiscSubmission *submission, const SimEntry *entry, int memo)
{
    char buffer[SIM_SUBJECT];
    FiscEntry *made = fisc_submission_entry(submission);
    made->entity = sim_entity_code(entry->entity);
    made->reference = fisc_submission_text(
        submission, sim_reference(entry->reference, entry->is_reversal_reference, buffer));
    made->effective = entry->effective;
    made->period = entry->period;
    made->reverses = entry->reverses;
    if (entry->corrects != 0) {
        made->corrects =
            fisc_submission_text(submission, sim_reference(entry->corrects, false, buffer));
    }
    if (memo != 0) {
        g_snprintf(buffer, sizeof buffer, "memo %d", memo);
        made->memo = fisc_submission_text(submission, buffer);
        memset(made->memo_salt, memo, sizeof made->memo_salt); /* the run must be repeatable */
    }
    for (int i = 0; i < entry->line_count; i++) {
        add_line(submission, made, &entry->line[i]);
    }
    fisc_entry_digest(made);
}

FiscSubmission *
sim_unit_to_submission(const SimUnit *unit)
{
    FiscSubmission *submission =
        fisc_submission_new(sim_source(unit->source), sim_actor(unit->actor));
    submission->record_refusals = unit->records_refusals;
    for (int i = 0; i < unit->event_count; i++) {
        add_event(submission, &unit->event[i]);
    }
    for (int i = 0; i < unit->entry_count; i++) {
        add_entry(submission, &unit->entry[i], unit->memo[i]);
    }
    return submission;
}

/* To people ---------------------------------------------------------------------------------- */

static void
append_event(GString *text, const FiscEvent *event)
{
    g_string_append_printf(text, "  event %s %s", event->kind, event->subject);
    for (guint i = 0; i + 1 < event->fields->len; i += 2) {
        g_string_append_printf(text, " %s=\"%s\"", (const char *)event->fields->pdata[i],
                               (const char *)event->fields->pdata[i + 1]);
    }
    g_string_append_c(text, '\n');
}

static void
append_entry(GString *text, const FiscEntry *entry)
{
    char date[FISC_DATE_TEXT];
    g_string_append_printf(text, "  entry %s entity=%s %s period=%d", entry->reference,
                           entry->entity != NULL ? entry->entity : "(none)",
                           fisc_date_format(entry->effective, date), entry->period);
    if (entry->corrects != NULL) {
        g_string_append_printf(text, " %s %s", entry->reverses ? "reverses" : "corrects",
                               entry->corrects);
    }
    g_string_append_printf(text, "%s%s\n", entry->memo != NULL ? " " : "",
                           entry->memo != NULL ? entry->memo : "");
    for (guint i = 0; i < entry->lines->len; i++) {
        const FiscLine *line = &g_array_index(entry->lines, FiscLine, i);
        g_string_append_printf(text, "    %s %" G_GINT64_FORMAT "%s", line->account, line->amount,
                               line->if_budgeted ? " if-budgeted" : "");
        for (int dim = 0; dim < FISC_DIM_COUNT; dim++) {
            if (line->dim[dim] != NULL) {
                g_string_append_printf(text, " %s=%s", fisc_dimension_column((FiscDimension)dim),
                                       line->dim[dim]);
            }
        }
        g_string_append_c(text, '\n');
    }
}

char *
sim_unit_to_text(const SimUnit *unit)
{
    g_autoptr(FiscSubmission) submission = sim_unit_to_submission(unit);
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "submission of %s from %s%s\n", submission->actor,
                           submission->source,
                           submission->record_refusals ? ", refusals on record" : "");
    for (guint i = 0; i < submission->events->len; i++) {
        append_event(text, submission->events->pdata[i]);
    }
    for (guint i = 0; i < submission->entries->len; i++) {
        append_entry(text, submission->entries->pdata[i]);
    }
    return g_string_free(text, FALSE);
}
