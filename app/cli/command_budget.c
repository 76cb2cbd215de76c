/* command_budget.c: `fisc budget`: allotments, virements and overrides, each proposed as a document
 * that a second person approves (`fisc doc approve`); the rules that hold; and what expired. */
#include "app/cli/commands.h"
#include <string.h>

/* "programme=1 economic=22" into dimensions; the words are kept by @kept. */
static bool
read_key(const char *text, const char *option, GStringChunk *kept, const char *dim[FISC_DIM_COUNT],
         GError **error)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    for (int i = 0; words[i] != NULL; i++) {
        char *equals = strchr(words[i], '=');
        if (*words[i] == '\0') {
            continue;
        }
        if (equals != NULL) {
            *equals = '\0';
        }
        int dimension = equals != NULL ? fisc_dimension_find(words[i]) : -1;
        if (dimension < 0 || equals[1] == '\0') {
            return fisc_fail(error, FISC_ERROR_USAGE,
                             "--%s names a budget line: \"programme=1 economic=22\", not \"%s\"",
                             option, text);
        }
        dim[dimension] = g_string_chunk_insert(kept, equals + 1);
    }
    return true;
}

static bool
require_all(const FiscCli *cli, const char *const *names, GError **error)
{
    for (int i = 0; names[i] != NULL; i++) {
        if (fisc_cli_require(cli, names[i], error) == NULL) {
            return false;
        }
    }
    return true;
}

static bool
has_dimension(const char *const dim[FISC_DIM_COUNT])
{
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        if (dim[i] != NULL) {
            return true;
        }
    }
    return false;
}

static FiscBudgetOrder
common_words(const FiscCli *cli)
{
    return (FiscBudgetOrder){.id = fisc_cli_option(cli, "id"),
                             .entity = fisc_cli_option(cli, "entity"),
                             .period = fisc_cli_option(cli, "period"),
                             .amount = fisc_cli_option(cli, "amount"),
                             .reason = fisc_cli_option(cli, "reason")};
}

static bool
release(FiscCli *cli, int *out_status, GError **error)
{
    static const char *const required[] = {"entity", "period", "amount", "reason", NULL};
    FiscBudgetOrder order = common_words(cli);
    g_autofree char *id = NULL;
    g_autoptr(FiscReceipt) receipt = NULL;
    if (!require_all(cli, required, error)) {
        return false;
    }
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        order.to[i] = fisc_cli_option(cli, fisc_dimension_column((FiscDimension)i));
    }
    if (!has_dimension(order.to)) {
        return fisc_fail(error, FISC_ERROR_USAGE, "name the budget line: --programme 1 ...");
    }
    if (!fisc_cli_open(cli, error) ||
        !fisc_flow_budget_release(&cli->context, &order, &id, &receipt, error)) {
        return false;
    }
    *out_status = fisc_cli_print_document(cli, id, "proposed", receipt);
    return true;
}

static bool
virement(FiscCli *cli, int *out_status, GError **error)
{
    static const char *const required[] = {"entity", "from", "to", "amount", "reason", NULL};
    FiscBudgetOrder order = common_words(cli);
    g_autofree char *id = NULL;
    g_autoptr(FiscReceipt) receipt = NULL;
    if (!require_all(cli, required, error) || !fisc_cli_date(cli, "date", &order.on, error)) {
        return false;
    }
    GStringChunk *kept = g_string_chunk_new(256);
    bool is_done = read_key(fisc_cli_option(cli, "from"), "from", kept, order.from, error) &&
                   read_key(fisc_cli_option(cli, "to"), "to", kept, order.to, error) &&
                   fisc_cli_open(cli, error) &&
                   fisc_flow_budget_virement(&cli->context, &order, &id, &receipt, error);
    g_string_chunk_free(kept);
    if (is_done) {
        *out_status = fisc_cli_print_document(cli, id, "proposed", receipt);
    }
    return is_done;
}

static bool
override(FiscCli *cli, int *out_status, GError **error)
{
    static const char *const required[] = {"control", "key", "amount", "expires", "reason", NULL};
    g_autofree char *id = NULL;
    g_autoptr(FiscReceipt) receipt = NULL;
    if (!require_all(cli, required, error)) {
        return false;
    }
    FiscOverrideOrder order = {.id = fisc_cli_option(cli, "id"),
                               .control = fisc_cli_option(cli, "control"),
                               .key = fisc_cli_option(cli, "key"),
                               .amount = fisc_cli_option(cli, "amount"),
                               .expires = fisc_cli_option(cli, "expires"),
                               .article = fisc_cli_option(cli, "article"),
                               .reason = fisc_cli_option(cli, "reason")};
    if (!fisc_cli_open(cli, error) ||
        !fisc_flow_budget_override(&cli->context, &order, &id, &receipt, error)) {
        return false;
    }
    *out_status = fisc_cli_print_document(cli, id, "proposed", receipt);
    return true;
}

static bool
rules(FiscCli *cli, int *out_status, GError **error)
{
    FiscDate on = 0;
    g_autoptr(FiscTable) table = NULL;
    *out_status = 0;
    return fisc_cli_date(cli, "date", &on, error) && fisc_cli_open(cli, error) &&
           fisc_flow_budget_rules(&cli->context, on, &table, error) &&
           fisc_cli_print_table(cli, table, FISC_FORMAT_TABLE, error);
}

static bool
expire(FiscCli *cli, int *out_status, GError **error)
{
    g_autoptr(FiscReceipt) receipt = NULL;
    if (!fisc_cli_open(cli, error) ||
        !fisc_flow_expire(&cli->context, fisc_cli_option(cli, "entity"), &receipt, error)) {
        return false;
    }
    if (receipt->refused > 0 || receipt->refusals != NULL) {
        *out_status = fisc_cli_print_receipt(receipt, false);
        return true;
    }
    g_autofree char *count = g_strdup_printf("%d", receipt->posted);
    g_autofree char *sentence = g_strdup_printf("Expired items released: %s.", count);
    fisc_cli_print_done(cli, sentence, "released", count, NULL);
    *out_status = 0;
    return true;
}

static const struct {
    const char *verb, *help;
    int arguments_min, arguments_max; /* behind the verb */
    bool (*run)(FiscCli *cli, int *out_status, GError **error);
} verbs[] = {
    {"open", "begin a version: VERSION --year Y [--years N] [--title T]", 1, 1, fisc_budget_open},
    {"versions", "the versions there are, or the parts of one: [VERSION]", 0, 1,
     fisc_budget_versions},
    {"put",
     "give a part its content: VERSION lines|ceilings|... FILE|- --reason [--entity] [--step]", 3,
     3, fisc_budget_put},
    {"import", "published files into a version: VERSION DIR [--step] [--reason] [--dry-run]", 2, 2,
     fisc_budget_import},
    {"consolidated",
     "a version without what members promise each other: VERSION --unit G [--by|--pairs]", 1, 1,
     fisc_budget_consolidated},
    {"get", "the content of a part: VERSION lines|ceilings|... [--entity] [--at N]", 2, 2,
     fisc_budget_get},
    {"step", "take a step: VERSION[/lines[/ENTITY]] call|submit|accept|... [--reason]", 2, 2,
     fisc_budget_step},
    {"history", "who did what to a version, and why: VERSION[/lines[/ENTITY]]", 1, 1,
     fisc_budget_history},
    {"compare", "every change, who made it and why; or sums --by: A B [--entity E]; A may be V@N",
     2, 2, fisc_budget_compare},
    {"merge", "bring what FROM changed into INTO: FROM INTO [--base V] [--ours|--theirs] --reason",
     2, 2, fisc_budget_merge},
    {"baseline", "what the year before leaves: FROM INTO [--index economic=2:inflation] --reason",
     2, 2, fisc_budget_baseline},
    {"ceilings", "ceilings, what is asked and proposed under them, who is over: VERSION", 1, 1,
     fisc_budget_ceilings},
    {"performance", "programmes, their money, what they shall reach and have reached: VERSION", 1,
     1, fisc_budget_performance},
    {"tags", "tagged spending by programme, as climate or gender: VERSION", 1, 1, fisc_budget_tags},
    {"branch", "a new version that begins as another stands: FROM NEW [--title T]", 2, 2,
     fisc_budget_branch},
    {"enact",
     "propose that a version becomes law: VERSION --law L --title T [--date D] [--dry-run]", 1, 1,
     fisc_budget_enact_version},
    {"interim",
     "propose what may be spent without a law: YEAR --from YEAR --month M [--classes FILE]", 1, 1,
     fisc_budget_interim},
    {"release", "propose an allotment: --entity --period --amount --programme ... --reason", 0, 0,
     release},
    {"block",
     "propose to hold money back, or to --cut it: --entity --amount|--percent --where --reason", 0,
     0, fisc_budget_block_lines},
    {"unblock", "propose to let it go again: --entity [--amount|--percent] --where --reason", 0, 0,
     fisc_budget_unblock_lines},
    {"open-year",
     "propose that earlier orders for it count: YEAR [--entity] [--document D] [--dry-run]", 1, 1,
     fisc_budget_open_year},
    {"year-end",
     "propose what is carried over: YEAR [--entity] [--document D] [--dry-run|--reverse]", 1, 1,
     fisc_budget_year_end},
    {"draw", "propose to draw on a reserve: --from-entity --from --entity --to --amount --reason",
     0, 0, fisc_budget_draw_reserve},
    {"virement", "propose to move appropriations: --entity --from --to --amount --reason", 0, 0,
     virement},
    {"override", "propose to exceed a control once: --control --key --amount --expires --reason", 0,
     0, override},
    {"law",
     "another law: diff OLD NEW (a day or a folder), replay --period Y --rules DIR [--entity]", 1,
     3, fisc_budget_law},
    {"rules", "controls, virement rules, cover pools and overrides that hold on --date", 0, 0,
     rules},
    {"expire", "give back what reservations hold that have expired, of --entity or of all", 0, 0,
     expire},
};

const char *const *
fisc_budget_verbs(void)
{
    static const char *words[2 * G_N_ELEMENTS(verbs) + 1];
    for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++) {
        words[2 * i] = verbs[i].verb;
        words[2 * i + 1] = verbs[i].help;
    }
    return words;
}

static bool
fail_unknown(const char *verb, GError **error)
{
    g_autoptr(GString) words = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++) {
        const char *comma = i == 0 ? "" : i + 1 < G_N_ELEMENTS(verbs) ? ", " : " or ";
        g_string_append_printf(words, "%s%s", comma, verbs[i].verb);
    }
    return fisc_fail(error, FISC_ERROR_USAGE, "`budget` does %s, not \"%s\"", words->str, verb);
}

bool
fisc_command_budget(FiscCli *cli, int *out_status, GError **error)
{
    const char *verb = fisc_cli_argument(cli, 0);
    int count = 0;
    while (fisc_cli_argument(cli, count + 1) != NULL) {
        count++;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++) {
        if (strcmp(verb, verbs[i].verb) != 0) {
            continue;
        }
        if (count < verbs[i].arguments_min || count > verbs[i].arguments_max) {
            return fisc_fail(error, FISC_ERROR_USAGE, "`budget %s`: %s", verb, verbs[i].help);
        }
        return verbs[i].run(cli, out_status, error);
    }
    return fail_unknown(verb, error);
}
