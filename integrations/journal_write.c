/* journal_write.c: entries and events as NDJSON, so that journal_ndjson.c reads the same again.
 * What a document will do is kept in this form until it is approved.
 *
 * The text says what a reader of journals can understand: budgetary lines as moves between two
 * stages, accounts by national number or GFS code. Whether all of a submission could be said is
 * asked by reading the text again and comparing digests, which is the caller's part. */
#include "fisc/money.h"
#include "fisc/package.h"
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static void
set_text(json_t *object, const char *name, const char *text)
{
    if (text != NULL && *text != '\0') {
        json_object_set_new(object, name, json_string(text));
    }
}

static void
set_amount(json_t *object, const char *name, int64_t amount, int decimals)
{
    char buffer[FISC_AMOUNT_TEXT];
    set_text(object, name, fisc_amount_format(amount, decimals, buffer));
}

static void
set_dimensions(json_t *object, const FiscLine *line)
{
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        set_text(object, fisc_dimension_column((FiscDimension)i), line->dim[i]);
    }
}

/* The foreign amount has the sign of the row's own: of a move, that is not the second stage's. */
static void
set_item(json_t *object, const FiscLine *line, bool is_move)
{
    set_text(object, "item", line->item);
    set_text(object, "relieves", line->relieves);
    set_text(object, "final", line->is_final ? "Y" : NULL);
    set_text(object, "currency", line->currency);
    if (line->foreign != 0) {
        set_amount(object, "amount_fc", is_move ? -line->foreign : ABS(line->foreign),
                   fisc_currency_decimals(line->currency));
    }
}

static FiscStage
stage_of(const FiscLine *line)
{
    for (int stage = FISC_STAGE_NONE + 1; stage < FISC_STAGE_COUNT; stage++) {
        if (g_strcmp0(line->account, fisc_stage_account((FiscStage)stage)) == 0) {
            return (FiscStage)stage;
        }
    }
    return FISC_STAGE_NONE;
}

/* The stages between which the line and the one behind it move an amount. */
static bool
find_move(const FiscEntry *entry, guint at, FiscStage *out_from, FiscStage *out_to)
{
    if (at + 1 >= entry->lines->len) {
        return false;
    }
    *out_from = stage_of(&g_array_index(entry->lines, FiscLine, at));
    *out_to = stage_of(&g_array_index(entry->lines, FiscLine, at + 1));
    return *out_from != FISC_STAGE_NONE && *out_to != FISC_STAGE_NONE;
}

static const char *
flow_word(int flow)
{
    switch (flow) {
    case FISC_FLOW_TRANSACTION:
        return "transaction";
    case FISC_FLOW_HOLDING_GAIN:
        return "holding_gain";
    case FISC_FLOW_VOLUME_CHANGE:
        return "volume_change";
    case FISC_FLOW_OPENING:
        return "opening";
    default:
        return NULL;
    }
}

/* What is said of open items stands on the second line of the two. */
static json_t *
move_value(const FiscEntry *entry, guint at, FiscStage from, FiscStage to)
{
    const FiscLine *line = &g_array_index(entry->lines, FiscLine, at);
    json_t *object = json_object();
    g_autofree char *stages = g_strconcat(fisc_stage_word(from), ">", fisc_stage_word(to), NULL);
    set_text(object, "stage", stages);
    set_amount(object, "debit", line->amount, entry->decimals);
    set_dimensions(object, line);
    set_text(object, "flow", flow_word(line[1].flow));
    set_item(object, &line[1], true);
    return object;
}

static json_t *
line_value(const FiscEntry *entry, const FiscLine *line, const FiscNation *nation)
{
    json_t *object = json_object();
    const FiscAccount *account =
        line->account != NULL ? fisc_nation_account(nation, line->account) : NULL;
    bool is_national = account != NULL && account->national;
    set_text(object, is_national ? "account" : "gfs_code", line->account);
    bool is_debit = line->amount >= 0;
    set_amount(object, is_debit ? "debit" : "credit", is_debit ? line->amount : -line->amount,
               entry->decimals);
    set_dimensions(object, line);
    set_text(object, "flow", flow_word(line->flow));
    set_item(object, line, false);
    return object;
}

static json_t *
lines_value(const FiscEntry *entry, const FiscNation *nation)
{
    json_t *array = json_array();
    for (guint i = 0; i < entry->lines->len; i++) {
        const FiscLine *line = &g_array_index(entry->lines, FiscLine, i);
        FiscStage from, to;
        if (find_move(entry, i, &from, &to)) {
            json_array_append_new(array, move_value(entry, i, from, to));
            i++;
        } else {
            json_array_append_new(array, line_value(entry, line, nation));
        }
    }
    return array;
}

static json_t *
entry_value(const FiscEntry *entry, const FiscNation *nation)
{
    char date[FISC_DATE_TEXT];
    char period[FISC_DATE_TEXT] = "";
    json_t *object = json_object();
    set_text(object, "entity", entry->entity);
    set_text(object, "reference", entry->reference);
    set_text(object, "date", fisc_date_format(entry->effective, date));
    set_text(object, "period",
             entry->period != 0 ? fisc_period_format(entry->period, period) : NULL);
    set_text(object, "memo", entry->memo);
    set_text(object, "document", entry->document);
    set_text(object, "transfer", entry->transfer);
    set_text(object, "corrects", entry->corrects);
    json_object_set_new(object, "lines", lines_value(entry, nation));
    return object;
}

static json_t *
event_value(const FiscEvent *event)
{
    json_t *object = json_object();
    json_t *said = json_object();
    json_t *fields = json_object();
    set_text(said, "kind", event->kind);
    set_text(said, "subject", event->subject);
    for (guint i = 0; i + 1 < event->fields->len; i += 2) {
        json_object_set_new(fields, event->fields->pdata[i],
                            json_string(event->fields->pdata[i + 1]));
    }
    json_object_set_new(said, "fields", fields);
    json_object_set_new(object, "event", said);
    return object;
}

static void
append_line(GString *text, json_t *object)
{
    char *line = json_dumps(object, JSON_COMPACT);
    g_string_append(text, line != NULL ? line : "");
    g_string_append_c(text, '\n');
    free(line);
    json_decref(object);
}

char *
fisc_package_write_entries(const FiscSubmission *submission, const FiscNation *nation)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < submission->events->len; i++) {
        append_line(text, event_value(submission->events->pdata[i]));
    }
    for (guint i = 0; i < submission->entries->len; i++) {
        append_line(text, entry_value(submission->entries->pdata[i], nation));
    }
    return g_string_free(text, FALSE);
}
