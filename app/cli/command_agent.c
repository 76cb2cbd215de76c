/* command_agent.c: `fisc agent`: a small unit hands over what stands in a folder or in its
 * database. */
#include "app/agent/agent.h"
#include "app/cli/commands.h"
#include <string.h>
#include <unistd.h>

#define EVERY_MAX_S 86400

static bool
make_key(FiscCli *cli, int *out_status, GError **error)
{
    const char *path = fisc_cli_require(cli, "key", error);
    g_autoptr(FiscSignKey) key = NULL;
    if (path == NULL || !fisc_sign_key_new(NULL, &key, error) ||
        !fisc_sign_key_save(key, path, error)) {
        return false;
    }
    g_autofree char *text = fisc_sign_key_text(key);
    g_autofree char *word = g_strconcat("agent=", text, NULL);
    g_autofree char *sentence = g_strdup_printf(
        "The key is in %s; the ministry puts into the column trust of its feeders.csv: %s", path,
        word);
    fisc_cli_print_done(cli, sentence, "key", path, "trust", word, NULL);
    *out_status = 0;
    return true;
}

static bool
read_token(const char *path, char **out_token, GError **error)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    if (!fisc_cli_read_input(path, bytes, error)) {
        return false;
    }
    *out_token = g_strstrip(g_strndup((const char *)bytes->data, bytes->len));
    return **out_token != '\0' ||
           fisc_fail(error, FISC_ERROR_FILE_EMPTY, "%s: there is no token in it", path);
}

/* 0: one round. */
static bool
read_every(const FiscCli *cli, guint *out_every_s, GError **error)
{
    const char *word = fisc_cli_option(cli, "every");
    guint64 seconds = 0;
    if (word != NULL && !g_ascii_string_to_unsigned(word, 10, 1, EVERY_MAX_S, &seconds, NULL)) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "--every is a number of seconds up to %d, not \"%s\"", EVERY_MAX_S, word);
    }
    *out_every_s = (guint)seconds;
    return true;
}

static void
say_round(const FiscCli *cli, const FiscAgentRound *round)
{
    g_autofree char *sent = g_strdup_printf("%d", round->sent);
    g_autofree char *refused = g_strdup_printf("%d", round->refused);
    g_autofree char *waiting = g_strdup_printf("%d", round->waiting);
    g_autofree char *sentence = g_strdup_printf(
        "%s handed over, %s refused, %s waiting%s%s", sent, refused, waiting,
        round->held_up != NULL ? ": " : ".", round->held_up != NULL ? round->held_up : "");
    fisc_cli_print_done(cli, sentence, "sent", sent, "refused", refused, "waiting", waiting, NULL);
    if (round->away != NULL) {
        g_printerr("fisc: the database is asked again later: %s\n", round->away);
    }
    for (guint i = 0; i < round->complaints->len; i++) {
        g_printerr("fisc: %s\n", (const char *)round->complaints->pdata[i]);
    }
}

/* Rounds until one fails by itself; an outage is no failure. */
static bool
go_on(const FiscCli *cli, const FiscAgentOrder *order, guint every_s, int *out_status,
      GError **error)
{
    for (;;) {
        g_auto(FiscAgentRound) round = {0};
        if (!fisc_agent_round(order, &round, error)) {
            return false;
        }
        *out_status = round.refused > 0 ? 6 : round.waiting > 0 || round.away != NULL ? 7 : 0;
        if (every_s == 0 || round.queued > 0 || round.sent > 0 || round.refused > 0 ||
            round.away != NULL) {
            say_round(cli, &round);
        }
        if (every_s == 0) {
            return true;
        }
        if (!fisc_cli_flush(error)) {
            return false;
        }
        sleep(MAX(every_s, (guint)MAX(round.retry_after_s, 0)));
    }
}

static bool
say_state(const FiscAgentOrder *order, int *out_status, GError **error)
{
    g_autofree char *text = NULL;
    if (!fisc_agent_ask(order, &text, error)) {
        return false;
    }
    fisc_cli_print("%s", text);
    *out_status = 0;
    return true;
}

/* What of the options stands for itself. */
static void
read_way(const FiscCli *cli, FiscAgentOrder *order)
{
    const char *certified_by = fisc_cli_option(cli, "certified-by");
    order->certified_by = certified_by != NULL ? certified_by : "";
    order->database = fisc_cli_option(cli, "database");
    order->ca_file = fisc_cli_option(cli, "ca");
    order->pinned_keys = fisc_cli_option(cli, "pin");
    order->private_address = fisc_cli_option(cli, "private");
    order->is_plain = fisc_cli_has(cli, "http");
}

static bool
read_order(const FiscCli *cli, FiscAgentOrder *order, char **out_token, char **out_queue_dir,
           FiscSignKey **out_key, GError **error)
{
    const char *key_file = fisc_cli_require(cli, "key", error);
    const char *token_file = key_file != NULL ? fisc_cli_require(cli, "token", error) : NULL;
    const char *queue = fisc_cli_option(cli, "queue");
    order->dir = fisc_cli_argument(cli, 0);
    order->server = token_file != NULL ? fisc_cli_require(cli, "server", error) : NULL;
    order->feeder = order->server != NULL ? fisc_cli_require(cli, "feeder", error) : NULL;
    if (order->feeder == NULL || !read_token(token_file, out_token, error) ||
        !fisc_sign_key_load(key_file, out_key, error)) {
        return false;
    }
    if (order->dir == NULL || !fisc_sign_key_is_private(*out_key)) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         order->dir == NULL ? "`agent DIR`: the folder whose files are handed over"
                                            : "--key has to be the private key");
    }
    if (!g_str_has_prefix(order->server, fisc_cli_has(cli, "http") ? "http://" : "https://")) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "--server is https://HOST[:PORT], or http:// with --http, not \"%s\"",
                         order->server);
    }
    *out_queue_dir =
        queue != NULL ? g_strdup(queue) : g_build_filename(order->dir, ".fisc-agent", NULL);
    order->queue_dir = *out_queue_dir;
    order->token = *out_token;
    order->key = *out_key;
    read_way(cli, order);
    return true;
}

bool
fisc_command_agent(FiscCli *cli, int *out_status, GError **error)
{
    g_autofree char *token = NULL;
    g_autofree char *queue_dir = NULL;
    g_autoptr(FiscSignKey) key = NULL;
    FiscAgentOrder order = {0};
    guint every_s = 0;
    if (fisc_cli_has(cli, "new-key")) {
        return make_key(cli, out_status, error);
    }
    if (!read_every(cli, &every_s, error) ||
        !read_order(cli, &order, &token, &queue_dir, &key, error)) {
        return false;
    }
    return fisc_cli_has(cli, "status") ? say_state(&order, out_status, error)
                                       : go_on(cli, &order, every_s, out_status, error);
}
