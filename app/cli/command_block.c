/* command_block.c: `fisc budget block`, `unblock` and `draw`: money that is held back, let go again
 * or cut over many lines, and what a reserve gives; each is proposed as a document. */
#include "app/cli/commands.h"
#include "fisc/money.h"
#include <string.h>

/* "programme=1 economic=2*" into words by dimension; they are kept by @kept. */
static bool
read_words(const char *text, const char *option, GStringChunk *kept,
           const char *words[FISC_DIM_COUNT], GError **error)
{
    g_auto(GStrv) parts = g_strsplit(text != NULL ? text : "", " ", -1);
    for (int i = 0; parts[i] != NULL; i++) {
        char *equals = strchr(parts[i], '=');
        if (*parts[i] == '\0') {
            continue;
        }
        if (equals != NULL) {
            *equals = '\0';
        }
        int dimension = equals != NULL ? fisc_dimension_find(parts[i]) : -1;
        if (dimension < 0 || equals[1] == '\0') {
            return fisc_fail(error, FISC_ERROR_USAGE,
                             "--%s names budget lines: \"programme=1 economic=2*\", not \"%s\"",
                             option, text);
        }
        words[dimension] = g_string_chunk_insert(kept, equals + 1);
    }
    return true;
}

static bool
read_of(const FiscCli *cli, bool *out_of_available, GError **error)
{
    const char *of = fisc_cli_option(cli, "of");
    *out_of_available = g_strcmp0(of, "available") == 0;
    return of == NULL || *out_of_available || strcmp(of, "appropriated") == 0 ||
           fisc_fail(error, FISC_ERROR_USAGE, "--of is appropriated or available, not \"%s\"", of);
}

/* How much it comes to, for whoever asked by percentage. */
static void
print_sum(const FiscCli *cli, const FiscBlockSum *sum, bool is_percent)
{
    char amount[FISC_AMOUNT_TEXT];
    if (!fisc_cli_has(cli, "json")) {
        fisc_cli_print(
            "%s on %d line%s%s.\n", fisc_amount_format_grouped(sum->total, sum->decimals, amount),
            sum->lines, sum->lines == 1 ? "" : "s",
            is_percent ? ", each rounded half away from zero" : ", which make the whole");
    }
}

static bool
propose(FiscCli *cli, FiscBlockOrder *order, int *out_status, GError **error)
{
    FiscBlockSum sum = {0};
    g_autofree char *id = NULL;
    g_autoptr(FiscReceipt) receipt = NULL;
    if (!fisc_cli_open(cli, error) ||
        !fisc_flow_budget_block(&cli->context, order, &sum, &id, &receipt, error)) {
        return false;
    }
    *out_status = fisc_cli_print_document(cli, id, "proposed", receipt);
    if (*out_status == 0) {
        print_sum(cli, &sum, order->amount == NULL);
    }
    return true;
}

static bool
hold(FiscCli *cli, FiscBlockKind kind, int *out_status, GError **error)
{
    FiscBlockOrder order = {.kind = kind,
                            .id = fisc_cli_option(cli, "id"),
                            .entity = fisc_cli_require(cli, "entity", error),
                            .amount = fisc_cli_option(cli, "amount"),
                            .percent = fisc_cli_option(cli, "percent"),
                            .article = fisc_cli_option(cli, "article")};
    order.reason = order.entity != NULL ? fisc_cli_require(cli, "reason", error) : NULL;
    if (order.reason == NULL || !fisc_cli_date(cli, "date", &order.on, error) ||
        !read_of(cli, &order.of_available, error)) {
        return false;
    }
    GStringChunk *kept = g_string_chunk_new(256);
    bool is_done = read_words(fisc_cli_option(cli, "where"), "where", kept, order.where, error) &&
                   propose(cli, &order, out_status, error);
    g_string_chunk_free(kept);
    return is_done;
}

bool
fisc_budget_block_lines(FiscCli *cli, int *out_status, GError **error)
{
    bool is_cut = fisc_cli_has(cli, "cut");
    return hold(cli, is_cut ? FISC_BLOCK_CUT : FISC_BLOCK_SET, out_status, error);
}

bool
fisc_budget_unblock_lines(FiscCli *cli, int *out_status, GError **error)
{
    return hold(cli, FISC_BLOCK_LIFT, out_status, error);
}

bool
fisc_budget_draw_reserve(FiscCli *cli, int *out_status, GError **error)
{
    static const char *const required[] = {"from-entity", "from",   "entity",
                                           "to",          "amount", "reason"};
    g_autofree char *id = NULL;
    g_autoptr(FiscReceipt) receipt = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(required); i++) {
        if (fisc_cli_require(cli, required[i], error) == NULL) {
            return false;
        }
    }
    FiscBudgetOrder order = {.id = fisc_cli_option(cli, "id"),
                             .entity = fisc_cli_option(cli, "entity"),
                             .amount = fisc_cli_option(cli, "amount"),
                             .reason = fisc_cli_option(cli, "reason")};
    if (!fisc_cli_date(cli, "date", &order.on, error)) {
        return false;
    }
    GStringChunk *kept = g_string_chunk_new(256);
    bool is_done = read_words(fisc_cli_option(cli, "from"), "from", kept, order.from, error) &&
                   read_words(fisc_cli_option(cli, "to"), "to", kept, order.to, error) &&
                   fisc_cli_open(cli, error) &&
                   fisc_flow_budget_draw(&cli->context, fisc_cli_option(cli, "from-entity"), &order,
                                         &id, &receipt, error);
    g_string_chunk_free(kept);
    if (is_done) {
        *out_status = fisc_cli_print_document(cli, id, "proposed", receipt);
    }
    return is_done;
}
