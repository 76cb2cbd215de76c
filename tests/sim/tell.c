/* tell.c: units of the vocabulary told to the engine, as submissions, and to people. */
#include "tests/sim/words.h"
#include <string.h>

/* To the engine ------------------------------------------------------------------------------ */

static void
add_field(FiscSubmission *submission, FiscEvent *event, const char *name, const char *value)
{
    g_ptr_array_add(event->fields, (char *)fisc_submission_text(submission, name));
    g_ptr_array_add(event->fields, (char *)fisc_submission_text(submission, value));
}

static char *
key_text(const SimControl *control)
{
    if (control->bad == SIM_BAD_KEY) {
        return g_strdup("programme");
    }
    GString *key = g_string_new("entity");
    for (int i = 0; i < control->part_count; i++) {
        bool is_account = control->part[i] == SIM_PART_ACCOUNT;
        g_string_append_printf(
            key, " %s",
            is_account ? "account"
                       : fisc_dimension_column(sim_dimension((SimDim)control->part[i])));
        if (control->length[i] > 0) {
            g_string_append_printf(key, ":%d", control->length[i]);
        } else if (control->depth[i] > 0) {
            g_string_append_printf(key, "@%d", control->depth[i]);
        }
    }
    return g_string_free(key, FALSE);
}

/* Codes of a bit set, parted by spaces; NULL when it is empty. */
static char *
set_text(unsigned set, const char *(*word)(int bit))
{
    GString *text = g_string_new(NULL);
    for (int i = 0; i < 32; i++) {
        if (set & (1u << i)) {
            g_string_append_printf(text, "%s%s", text->len > 0 ? " " : "", word(i));
        }
    }
    return g_string_free(text, text->len == 0);
}

static const char *
account_word(int account)
{
    return sim_accounts[account].account;
}

static const char *
stage_word(int stage)
{
    return fisc_stage_word((FiscStage)stage);
}

static char *
percent_text(int per_mille)
{
    return per_mille == 0        ? NULL
           : per_mille % 10 == 0 ? g_strdup_printf("%d", per_mille / 10)
                                 : g_strdup_printf("%d.%d", per_mille / 10, per_mille % 10);
}

static char *
money_text(int64_t amount)
{
    return amount == 0
               ? NULL
               : g_strdup_printf("%" G_GINT64_FORMAT ".%02d", amount / 100, (int)(amount % 100));
}

static char *
date_text(FiscDate date)
{
    char text[FISC_DATE_TEXT];
    return date == 0 ? NULL : g_strdup(fisc_date_format(date, text));
}

static void
add_owned_field(FiscSubmission *submission, FiscEvent *event, const char *name, char *value)
{
    if (value != NULL) {
        add_field(submission, event, name, value);
    }
    g_free(value);
}

/* The words a control can do without. */
static void
fill_control_options(FiscSubmission *submission, FiscEvent *made, const SimControl *control)
{
    static const char *const sides[] = {NULL, "credit", "debit"};
    static const char *const spans[] = {NULL, "period", "quarter", "year"};
    static const char *const answers[] = {NULL, "yes", "no"};
    SimBad bad = control->bad;
    add_owned_field(submission, made, "limit",
                    bad == SIM_BAD_LIMIT ? g_strdup("money")
                                         : set_text(control->limit, stage_word));
    add_owned_field(submission, made, "consume", set_text(control->consume, stage_word));
    add_owned_field(submission, made, "accounts", set_text(control->accounts, account_word));
    add_owned_field(submission, made, "side", g_strdup(sides[control->side]));
    add_owned_field(submission, made, "interval",
                    g_strdup(bad == SIM_BAD_INTERVAL ? "week" : spans[control->interval]));
    add_owned_field(submission, made, "boundary", g_strdup(spans[control->boundary]));
    add_owned_field(submission, made, "tolerance",
                    bad == SIM_BAD_TOLERANCE ? g_strdup("some") : percent_text(control->tolerance));
    add_owned_field(submission, made, "tolerance_cap", money_text(control->cap));
    add_owned_field(submission, made, "warn", percent_text(control->warn));
    add_owned_field(submission, made, "from",
                    bad == SIM_BAD_FROM ? g_strdup("2024-02-30") : date_text(control->from));
    add_owned_field(submission, made, "to", date_text(control->to));
    add_owned_field(submission, made, "article", g_strdup(sim_article(control->article)));
    add_owned_field(submission, made, "overridable",
                    g_strdup(bad == SIM_BAD_OVERRIDABLE ? "maybe" : answers[control->overridable]));
}

static void
fill_control(FiscSubmission *submission, FiscEvent *made, const SimControl *control)
{
    static const char *const levels[] = {"none", "track", "advisory", "absolute", "sometimes"};
    static const char *const absents[] = {"refuse", "zero", "none", "perhaps"};
    g_autofree char *key = key_text(control);
    g_autofree char *entities = set_text(control->entities, sim_entity_code);
    add_field(submission, made, "level", levels[control->level]);
    add_field(submission, made, "absent", absents[control->absent]);
    add_field(submission, made, "key", key);
    add_field(submission, made, "entities", entities != NULL ? entities : "*");
    fill_control_options(submission, made, control);
}

static void
fill_segment(FiscSubmission *submission, FiscEvent *made, const SimEvent *event)
{
    char name[SIM_SUBJECT];
    g_snprintf(name, sizeof name, "Name %d", event->name);
    add_field(submission, made, "name", name);
    if (event->parent != 0) {
        add_field(submission, made, "parent",
                  sim_word((SimDim)(event->subject / 16), event->parent));
    }
}

static void
fill_override(FiscSubmission *submission, FiscEvent *made, const SimEvent *event)
{
    add_field(submission, made, "control", sim_control_name(event->of_control));
    if (event->key[0] != '\0') {
        add_field(submission, made, "key", event->key);
    }
    add_owned_field(submission, made, "amount", money_text(event->amount));
    if (event->has_reason) {
        add_field(submission, made, "reason", "the minister said so");
    }
    add_owned_field(submission, made, "expires", date_text(event->expires));
}

static void
fill_cover(FiscSubmission *submission, FiscEvent *made, const SimEvent *event)
{
    add_field(submission, made, "control", sim_control_name(event->of_control));
    add_field(submission, made, "receiver", event->key);
    add_field(submission, made, "donor", event->donor);
    add_field(submission, made, "mode", event->is_reciprocal ? "reciprocal" : "unilateral");
}

static void
fill_growth(FiscSubmission *submission, FiscEvent *made, const SimEvent *event)
{
    g_autoptr(GString) revenue = g_string_new(NULL);
    g_string_printf(revenue, "entity=%s", sim_entity_code(event->payer));
    if (event->revenue != 0) {
        g_string_append_printf(revenue, " economic=%s%s", sim_word(SIM_ECONOMIC, event->revenue),
                               event->is_prefix ? "*" : "");
    }
    add_field(submission, made, "control", sim_control_name(event->of_control));
    add_field(submission, made, "key", event->key);
    add_field(submission, made, "revenue", revenue->str);
    add_owned_field(submission, made, "share", percent_text(event->share));
    add_owned_field(submission, made, "cap", money_text(event->cap));
    add_owned_field(submission, made, "of", set_text(event->of, stage_word));
    add_owned_field(submission, made, "base", set_text(event->base, stage_word));
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
        fill_control(submission, made, &event->control);
        break;
    case SIM_EVENT_BUDGET_LINE:
        fill_budget_line(submission, made, event);
        break;
    case SIM_EVENT_SEGMENT:
        fill_segment(submission, made, event);
        break;
    case SIM_EVENT_OVERRIDE:
        fill_override(submission, made, event);
        break;
    case SIM_EVENT_COVER:
        fill_cover(submission, made, event);
        break;
    case SIM_EVENT_GROWTH:
        fill_growth(submission, made, event);
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
    made->flow = line->flow;
    made->if_budgeted = line->if_budgeted;
    made->item = sim_item(line->item);
    made->relieves = sim_item(line->relieves);
    made->is_final = line->is_final;
    made->currency = sim_currency(line->currency);
    made->foreign = line->foreign;
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
append_item(GString *text, const FiscLine *line)
{
    if (line->flow != 0) {
        g_string_append_printf(text, " flow %d", line->flow);
    }
    if (line->item != NULL) {
        g_string_append_printf(text, " item %s", line->item);
    }
    if (line->relieves != NULL) {
        g_string_append_printf(text, " relieves%s %s", line->is_final ? " finally" : "",
                               line->relieves);
    }
    if (line->currency != NULL) {
        g_string_append_printf(text, " %" G_GINT64_FORMAT " %s", line->foreign, line->currency);
    }
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
        append_item(text, line);
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
