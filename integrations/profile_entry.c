/* profile_entry.c: the groups of a profile that make entries: dimension sets, entry templates, and
 * the relief of what another file says may be paid. */
#include "integrations/profile.h"
#include <string.h>

void
fisc_profile_parse_dimensions(FiscProfileParser *parser, const char *group, const char *name)
{
    FiscProfileDimensions *dimensions = g_new0(FiscProfileDimensions, 1);
    dimensions->name = g_strdup(name);
    g_auto(GStrv) keys = g_key_file_get_keys(parser->keys, group, NULL, NULL);
    for (int i = 0; keys[i] != NULL; i++) {
        int dimension = fisc_dimension_find(keys[i]);
        if (dimension >= 0 && dimensions->dim[dimension] == NULL) {
            dimensions->dim[dimension] = fisc_profile_template(parser, group, keys[i], true);
        } else if (dimension >= 0) {
            g_autofree char *second = fisc_profile_get(parser, group, keys[i]);
            fisc_profile_refuse(parser, group, keys[i], FISC_ERROR_VALUE_INVALID,
                                "the dimension is given under its other name already");
        }
    }
    g_ptr_array_add(parser->profile->dimensions, dimensions);
}

static const FiscProfileDimensions *
find_dimensions(FiscProfileParser *parser, const char *group, const char *key)
{
    g_autofree char *name = fisc_profile_get(parser, group, key);
    for (guint i = 0; name != NULL && i < parser->profile->dimensions->len; i++) {
        const FiscProfileDimensions *dimensions = parser->profile->dimensions->pdata[i];
        if (strcmp(dimensions->name, name) == 0) {
            return dimensions;
        }
    }
    if (name != NULL) {
        fisc_profile_refuse(parser, group, key, FISC_ERROR_VALUE_INVALID,
                            "there is no group [dimensions %s]", name);
    }
    return NULL;
}

static int
find_step(FiscProfileParser *parser, const char *group)
{
    g_autofree char *title = fisc_profile_require(parser, group, "step");
    char **steps = parser->profile->steps;
    for (int i = 0; title != NULL && steps != NULL && steps[i] != NULL; i++) {
        if (strcmp(steps[i], title) == 0) {
            return i;
        }
    }
    if (title != NULL) {
        fisc_profile_refuse(parser, group, "step", FISC_ERROR_VALUE_INVALID,
                            "\"%s\" is not in the steps of [file]", title);
    }
    return 0;
}

/* "commitment>obligation"; both stages are named, so that a reader sees what moves. */
static void
parse_move(FiscProfileParser *parser, FiscProfileEntry *entry)
{
    g_autofree char *text = fisc_profile_get(parser, entry->group, "move");
    if (text == NULL) {
        return;
    }
    g_auto(GStrv) words = g_strsplit(text, ">", -1);
    bool is_pair = g_strv_length(words) == 2;
    int from = is_pair ? fisc_stage_find(g_strstrip(words[0])) : -1;
    int to = is_pair ? fisc_stage_find(g_strstrip(words[1])) : -1;
    if (from < 0 || to < 0 || from == to) {
        fisc_profile_refuse(parser, entry->group, "move", FISC_ERROR_VALUE_INVALID,
                            "\"%s\" is no move, as commitment>obligation is", text);
        return;
    }
    entry->from = (FiscStage)from;
    entry->to = (FiscStage)to;
}

/* The excess of the relief, and what cancels among rows, are no columns: they are known only when
 * the last row was read. */
static FiscProfileAmount
find_amount(const char *text)
{
    static const char *const words[] = {
        [FISC_PROFILE_EXCESS] = "excess",
        [FISC_PROFILE_CANCELLED] = "cancelled",
        [FISC_PROFILE_REST] = "rest",
    };
    for (guint i = FISC_PROFILE_EXCESS; i < G_N_ELEMENTS(words); i++) {
        if (g_strcmp0(text, words[i]) == 0) {
            return (FiscProfileAmount)i;
        }
    }
    return FISC_PROFILE_TERMS;
}

static void
parse_amount(FiscProfileParser *parser, FiscProfileEntry *entry)
{
    g_autofree char *text = fisc_profile_get(parser, entry->group, "amount");
    entry->given = find_amount(text);
    if (entry->given == FISC_PROFILE_TERMS) {
        entry->amount = fisc_profile_terms(parser, entry->group, "amount");
    } else if (entry->given != FISC_PROFILE_EXCESS) {
        return; /* [cancel] looks after it */
    } else if (entry->from != FISC_STAGE_NONE || entry->relieves) {
        fisc_profile_refuse(parser, entry->group, "amount", FISC_ERROR_VALUE_INVALID,
                            "the excess has no budget: it is a debit and a credit only");
    }
}

static void
check_sides(FiscProfileParser *parser, const FiscProfileEntry *entry)
{
    if ((entry->debit == NULL) != (entry->credit == NULL)) {
        fisc_profile_refuse(parser, entry->group, entry->debit == NULL ? "debit" : "credit",
                            FISC_ERROR_VALUE_MISSING, "debit and credit go together");
    }
    bool has_other = entry->debit != NULL || entry->credit != NULL || entry->relieves ||
                     entry->keeps_zero || entry->from != FISC_STAGE_NONE ||
                     entry->given != FISC_PROFILE_TERMS;
    if (entry->side != NULL && has_other) {
        fisc_profile_refuse(parser, entry->group, "side", FISC_ERROR_VALUE_INVALID,
                            "a row that is one side of an entry has neither debit and credit nor a "
                            "move, and an amount of its own");
    }
    if (entry->side == NULL && entry->debit == NULL && entry->from == FISC_STAGE_NONE) {
        fisc_profile_refuse(parser, entry->group, NULL, FISC_ERROR_VALUE_MISSING,
                            "the entry has neither a move nor debit and credit nor a side");
    }
    if (entry->keeps_zero && entry->from != FISC_STAGE_APPROPRIATION) {
        fisc_profile_refuse(parser, entry->group, "keeps_zero", FISC_ERROR_VALUE_INVALID,
                            "only a move of the appropriation has a budget line to keep");
    }
    bool has_relief = g_key_file_has_group(parser->keys, "relief");
    if (entry->relieves && (entry->from == FISC_STAGE_NONE || !has_relief)) {
        fisc_profile_refuse(parser, entry->group, "relieves", FISC_ERROR_VALUE_INVALID,
                            "relieves needs a move and a group [relief]");
    }
}

void
fisc_profile_parse_entry(FiscProfileParser *parser, const char *group, const char *name)
{
    FiscProfileEntry *entry = g_new0(FiscProfileEntry, 1);
    entry->name = g_strdup(name);
    entry->group = g_strdup(group);
    entry->label = g_strdup_printf("%s [%s] ", parser->profile->profile_name, group);
    entry->step = find_step(parser, group);
    entry->reference = fisc_profile_template(parser, group, "reference", true);
    entry->entity = fisc_profile_template(parser, group, "entity", true);
    entry->date = fisc_profile_template(parser, group, "date", true);
    entry->memo = fisc_profile_template(parser, group, "memo", false);
    entry->document = fisc_profile_template(parser, group, "document", false);
    entry->transfer = fisc_profile_template(parser, group, "transfer", false);
    entry->when = fisc_profile_template(parser, group, "when", false);
    entry->debit = fisc_profile_template(parser, group, "debit", false);
    entry->credit = fisc_profile_template(parser, group, "credit", false);
    entry->side = fisc_profile_template(parser, group, "side", false);
    entry->side_dimensions = find_dimensions(parser, group, "side_dimensions");
    entry->move_dimensions = find_dimensions(parser, group, "move_dimensions");
    entry->debit_dimensions = find_dimensions(parser, group, "debit_dimensions");
    entry->credit_dimensions = find_dimensions(parser, group, "credit_dimensions");
    entry->relieves = fisc_profile_flag(parser, group, "relieves", false);
    entry->keeps_zero = fisc_profile_flag(parser, group, "keeps_zero", false);
    parse_move(parser, entry);
    parse_amount(parser, entry);
    check_sides(parser, entry);
    g_ptr_array_add(parser->profile->entries, entry);
}

static int
find_excess_entry(FiscProfileParser *parser, const char *name)
{
    for (guint i = 0; i < parser->profile->entries->len; i++) {
        const FiscProfileEntry *entry = parser->profile->entries->pdata[i];
        if (strcmp(entry->name, name) == 0 && entry->given == FISC_PROFILE_EXCESS) {
            return (int)i;
        }
    }
    fisc_profile_refuse(parser, "relief", "entry", FISC_ERROR_VALUE_INVALID,
                        "there is no [entry %s] with the amount excess", name);
    return -1;
}

/* An entry of the excess that nothing asks for would never be made. */
static void
check_excess_entries(FiscProfileParser *parser)
{
    for (guint i = 0; i < parser->profile->entries->len; i++) {
        const FiscProfileEntry *entry = parser->profile->entries->pdata[i];
        if (entry->given == FISC_PROFILE_EXCESS && (int)i != parser->profile->relief.excess_entry) {
            fisc_profile_refuse(parser, entry->group, "amount", FISC_ERROR_VALUE_INVALID,
                                "[relief] does not name this entry");
        }
    }
}

void
fisc_profile_parse_relief(FiscProfileParser *parser)
{
    FiscProfileRelief *relief = &parser->profile->relief;
    if (g_key_file_has_group(parser->keys, "relief")) {
        relief->profile = fisc_profile_require(parser, "relief", "profile");
        relief->amount = fisc_profile_require(parser, "relief", "amount");
        relief->key = fisc_profile_template(parser, "relief", "key", true);
        g_autofree char *entry = fisc_profile_require(parser, "relief", "entry");
        relief->excess_entry = entry != NULL ? find_excess_entry(parser, entry) : -1;
    }
    check_excess_entries(parser);
}

/* ---- end of life ---- */

void
fisc_profile_dimensions_free(FiscProfileDimensions *dimensions)
{
    g_free(dimensions->name);
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        fisc_template_free(dimensions->dim[i]);
    }
    g_free(dimensions);
}

void
fisc_profile_entry_free(FiscProfileEntry *entry)
{
    FiscTemplate *templates[] = {entry->reference, entry->entity,   entry->date, entry->memo,
                                 entry->document,  entry->transfer, entry->when, entry->debit,
                                 entry->credit,    entry->side};
    for (guint i = 0; i < G_N_ELEMENTS(templates); i++) {
        fisc_template_free(templates[i]);
    }
    g_clear_pointer(&entry->amount, g_array_unref);
    g_free(entry->name);
    g_free(entry->group);
    g_free(entry->label);
    g_free(entry);
}
