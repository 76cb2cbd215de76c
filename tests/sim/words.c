/* words.c: the vocabulary. Units of it are told in tell.c. */
#include "tests/sim/words.h"
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
    {"B13",  "B13",  "budgetary",       "",     true,  3, 0, FISC_STAGE_RELEASE},
    {"B19",  "B19",  "budgetary",       "",     true,  3, 0, FISC_STAGE_ALLOTTED},
    {"B11",  "B11",  "budgetary",       "",     true,  3, 0, FISC_STAGE_APPROPRIATION},
    {"B12",  "B12",  "budgetary",       "",     true,  3, 0, FISC_STAGE_CHANGE},
    {"B20",  "B20",  "budgetary",       "",     true,  3, 0, FISC_STAGE_AVAILABLE},
    {"B21",  "B21",  "budgetary",       "",     true,  3, 0, FISC_STAGE_AUTHORIZATION},
    {"B22",  "B22",  "budgetary",       "",     true,  3, 0, FISC_STAGE_COMMITMENT},
    {"B23",  "B23",  "budgetary",       "",     true,  3, 0, FISC_STAGE_OBLIGATION},
    {"B24",  "B24",  "budgetary",       "",     true,  3, 0, FISC_STAGE_PAYMENT},
    {"B14",  "B14",  "budgetary",       "",     true,  3, 0, FISC_STAGE_CARRY},
    {"B25",  "B25",  "budgetary",       "",     true,  3, 0, FISC_STAGE_BLOCK},
    {"B30",  "B30",  "budgetary",       "",     true,  3, 0, FISC_STAGE_OUTSTANDING},
    {"B31",  "B31",  "budgetary",       "",     true,  3, 0, FISC_STAGE_ESTIMATE},
    {"B32",  "B32",  "budgetary",       "",     true,  3, 0, FISC_STAGE_ESTIMATE_CHANGE},
    {"B33",  "B33",  "budgetary",       "",     true,  3, 0, FISC_STAGE_RECOGNITION},
    {"B34",  "B34",  "budgetary",       "",     true,  3, 0, FISC_STAGE_COLLECTION},
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
    static const char *const names[SIM_CONTROL_COUNT] = {"vote", "chapter", "article", "ceiling",
                                                         "ledger"};
    return names[control];
}

const char *
sim_article(int article)
{
    static const char *const articles[] = {NULL, "art. 1", "art. 2"};
    return articles[article];
}

const char *
sim_item(int item)
{
    static const char *const items[SIM_ITEM_COUNT] = {
        NULL,  "I1",  "I2",  "I3",  "I4",  "I5",  "I6",  "I7",  "I8",  "I9",
        "I10", "I11", "I12", "I13", "I14", "I15", "I16", "I17", "I18", "I19",
        "I20", "I21", "I22", "I23", "I24", "I25", "I26", "I27", "I28", "I29"};
    return items[item];
}

const char *
sim_currency(int currency)
{
    static const char *const currencies[SIM_CURRENCY_COUNT] = {NULL, "USD", "KWD"};
    return currencies[currency];
}

int
sim_line_flow(const SimLine *line)
{
    return line->flow != 0 ? line->flow : sim_accounts[line->account].flow;
}

FiscStage
sim_line_stage(const SimLine *line)
{
    return sim_accounts[line->account].stage;
}

const char *
sim_event_kind_word(SimEventKind kind)
{
    static const char *const words[] = {"entity",  "group",       "account", "period",
                                        "control", "budget_line", "segment", "override",
                                        "cover",   "growth",      "person",  "source"};
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
    case SIM_EVENT_SEGMENT:
        g_snprintf(buffer, SIM_SUBJECT, "%s/%s",
                   fisc_dimension_column(sim_dimension((SimDim)(event->subject / 16))),
                   sim_word((SimDim)(event->subject / 16), event->subject % 16));
        return buffer;
    case SIM_EVENT_OVERRIDE:
        g_snprintf(buffer, SIM_SUBJECT, "O%d", event->subject);
        return buffer;
    case SIM_EVENT_COVER:
        g_snprintf(buffer, SIM_SUBJECT, "P%d", event->subject);
        return buffer;
    case SIM_EVENT_GROWTH:
        g_snprintf(buffer, SIM_SUBJECT, "G%d", event->subject);
        return buffer;
    case SIM_EVENT_PERIOD:
    case SIM_EVENT_BUDGET_LINE:
        break;
    }
    g_snprintf(buffer, SIM_SUBJECT, "%d", event->subject);
    return buffer;
}
