/* command_serve.c: `fisc serve`: answers over HTTP until it is told to end. Its settings come from
 * options, environment and file (app/server/config.h); how it is goes to the service manager. */
#include "app/cli/commands.h"
#include "app/cli/notify.h"
#include "app/server/config.h"
#include "app/server/server.h"
#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#define SECRET_BYTES_MAX 4096
#define ARENAS_MAX 4           /* of the allocator, for all workers together */
#define OWN_BLOCK_BYTES 262144 /* so large a block goes back to the system when freed */
#define STATUS_MS 60000        /* how often the service manager is told, when it keeps no watch */

static const char *
option_of(const char *name, const void *cli)
{
    return fisc_cli_option(cli, name);
}

/* What the configuration says of the place of the books is what the rest of the program takes from
 * the options. */
static void
adopt_place(FiscCli *cli, const FiscConfig *config)
{
    static const char *const places[] = {"data", "db"};
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        const char *value = fisc_config_text(config, places[i]);
        if (value != NULL) {
            g_hash_table_insert(cli->words->options, (char *)places[i], (char *)value);
        }
    }
}

static bool
print_config(FiscCli *cli, const FiscConfig *config, GError **error)
{
    g_autoptr(FiscTable) table =
        fisc_table_new("settings", "The settings of fisc serve", FISC_JSON_DECIMALS);
    static const char *const columns[] = {"setting", "value", "from", "meaning"};
    for (gsize i = 0; i < G_N_ELEMENTS(columns); i++) {
        fisc_table_add_column(table, columns[i], FISC_COLUMN_TEXT);
    }
    for (const FiscSetting *setting = fisc_settings; setting->name != NULL; setting++) {
        FiscRow *row = fisc_table_add_row(table);
        g_autofree char *shown = fisc_config_shown(config, setting->name);
        const char *from = fisc_config_origin_word(fisc_config_origin(config, setting->name));
        fisc_table_set_text(table, row, 0, setting->name);
        fisc_table_set_text(table, row, 1, shown);
        fisc_table_set_text(table, row, 2, from);
        fisc_table_set_text(table, row, 3, setting->meaning);
    }
    return fisc_cli_print_table(cli, table, FISC_FORMAT_TABLE, error);
}

/* A secret that others may read is none. */
static bool
read_secret(const char *path, char **out_secret, GError **error)
{
    struct stat state;
    gsize length = 0;
    g_autofree char *text = NULL;
    g_autoptr(GError) failure = NULL;
    if (path == NULL) {
        return true;
    }
    if (stat(path, &state) == 0 && (state.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        return fisc_fail(error, FISC_ERROR_SETUP,
                         "%s holds a secret and others may read it: chmod 600", path);
    }
    if (!g_file_get_contents(path, &text, &length, &failure)) {
        return fisc_fail(error, FISC_ERROR_IO, "%s", failure->message);
    }
    if (length > SECRET_BYTES_MAX || *g_strstrip(text) == '\0') {
        return fisc_fail(error, FISC_ERROR_SETUP, "%s is no secret: it is empty or too long", path);
    }
    *out_secret = g_steal_pointer(&text);
    return true;
}

static FiscServeLog
log_format_of(const FiscConfig *config)
{
    const char *word = fisc_config_text(config, "log");
    return strcmp(word, "json") == 0   ? FISC_SERVE_LOG_JSON
           : strcmp(word, "none") == 0 ? FISC_SERVE_LOG_NONE
                                       : FISC_SERVE_LOG_LOGFMT;
}

static FiscServerLimits
limits_of(const FiscConfig *config)
{
    FiscServerLimits limits = {0};
    for (const FiscServerLimit *limit = fisc_server_limits; limit->name != NULL; limit++) {
        *fisc_server_limit_at(&limits, limit) = fisc_config_number(config, limit->name);
    }
    return limits;
}

/* Every address to listen on, as one text. Caller frees. */
static char *
listen_of(const FiscConfig *config)
{
    const char *path = fisc_config_text(config, "unix");
    return g_strconcat(fisc_config_text(config, "listen"), path != NULL ? ",unix:" : "", path,
                       NULL);
}

static FiscProviderOptions
provider_of(const FiscConfig *config, const char *secret)
{
    return (FiscProviderOptions){
        .issuer = fisc_config_text(config, "provider-issuer"),
        .client_id = fisc_config_text(config, "provider-client"),
        .client_secret = secret,
        .name = fisc_config_text(config, "provider-name"),
        .scope = fisc_config_text(config, "provider-scope"),
        .person_claim = fisc_config_text(config, "provider-claim"),
        .acr = fisc_config_text(config, "provider-acr"),
        .amr = fisc_config_text(config, "provider-amr"),
        .ca_file = fisc_config_text(config, "provider-ca"),
        .private_addresses = fisc_config_text(config, "provider-addresses"),
        .seconds = (int)fisc_config_number(config, "provider-seconds"),
    };
}

/* @listen, @reader, @token, @provider_secret: kept by the caller as long as the server lives. */
static FiscServerOptions
options_of(const FiscCli *cli, const FiscConfig *config, const char *listen, const char *reader,
           const char *token, const char *provider_secret)
{
    const char *db = fisc_cli_option(cli, "db");
    return (FiscServerOptions){
        .listen = listen,
        .poster_uri = db != NULL ? db : cli->cluster->poster_uri,
        .poster_role = db != NULL ? "fisc_poster" : NULL,
        .reader_uri = reader,
        .reader_role = db != NULL ? "fisc_reader" : NULL,
        .web_dir = fisc_config_text(config, "web"),
        .tls_cert = fisc_config_text(config, "tls-cert"),
        .tls_key = fisc_config_text(config, "tls-key"),
        .tls_client_ca = fisc_config_text(config, "tls-client-ca"),
        .trusted_proxies = fisc_config_text(config, "trusted-proxies"),
        .limits = limits_of(config),
        .is_read_only = fisc_config_is_on(config, "read-only"),
        .primary = fisc_config_text(config, "primary"),
        .base_url = fisc_config_text(config, "base-url"),
        .is_passkey_needed = strcmp(fisc_config_text(config, "approvals"), "passkey") == 0,
        .behind_max_s = (int)fisc_config_number(config, "behind-seconds"),
        .log_format = log_format_of(config),
        .slow_ms = (int)fisc_config_number(config, "slow-ms"),
        .is_metrics_open = fisc_config_is_on(config, "metrics-open"),
        .metrics_token = token,
        .drain_ms = (int)fisc_config_number(config, "drain-seconds") * 1000,
        .workers = {(int)fisc_config_number(config, "workers-quick"),
                    (int)fisc_config_number(config, "workers-post"),
                    (int)fisc_config_number(config, "workers-report"),
                    (int)fisc_config_number(config, "workers-provider")},
        .provider = provider_of(config, provider_secret),
        .book_id = FISC_CLI_BOOK,
    };
}

/* Where `fisc head --new-key` puts it; NULL when it is not there. Caller frees. */
static char *
usual_head_key(const FiscCli *cli)
{
    g_autofree char *path = fisc_cli_head_key(cli, NULL);
    return path != NULL && g_file_test(path, G_FILE_TEST_EXISTS) ? g_steal_pointer(&path) : NULL;
}

/* Until one of the signals comes, keeps the service manager's watchdog quiet. */
static void
wait_for_end(const sigset_t *ends)
{
    int watchdog_ms = fisc_notify_watchdog_ms();
    int pause_ms = watchdog_ms > 0 ? watchdog_ms : STATUS_MS;
    struct timespec pause = {pause_ms / 1000, (long)(pause_ms % 1000) * 1000000};
    while (sigtimedwait(ends, NULL, &pause) < 0) {
        if (errno == EAGAIN) {
            fisc_notify("WATCHDOG=1");
        }
    }
}

/* Left alone, the allocator gives nearly every worker an arena of its own, which stays as large as
 * the largest thing any worker did in it; and once a large block was freed it keeps all that size.
 * A server that runs for months would grow towards the worst of everything, many times over. */
static void
bound_memory(void)
{
    mallopt(M_ARENA_MAX, ARENAS_MAX);
    mallopt(M_MMAP_THRESHOLD, OWN_BLOCK_BYTES);
}

static bool
serve(FiscCli *cli, const FiscConfig *config, const sigset_t *ends, GError **error)
{
    g_autofree char *token = NULL;
    g_autofree char *provider_secret = NULL;
    const char *db = fisc_cli_option(cli, "db");
    if (!read_secret(fisc_config_text(config, "metrics-token"), &token, error) ||
        !read_secret(fisc_config_text(config, "provider-secret"), &provider_secret, error) ||
        !fisc_cli_find(cli, error)) {
        return false;
    }
    g_autofree char *reader =
        db != NULL ? g_strdup(db) : fisc_cluster_uri_as(cli->cluster, "fisc_reader");
    g_autofree char *secret_key = fisc_cli_secret_key(cli);
    g_autofree char *listen = listen_of(config);
    FiscServerOptions options = options_of(cli, config, listen, reader, token, provider_secret);
    options.secret_key = fisc_config_text(config, "secret-key");
    if (options.secret_key == NULL) {
        options.secret_key = secret_key;
    }
    g_autofree char *head_key = usual_head_key(cli);
    options.pull_key = fisc_config_text(config, "pull-key");
    options.pull_secrets = fisc_config_text(config, "pull-secrets");
    options.head_key = fisc_config_text(config, "head-key");
    if (options.head_key == NULL) {
        options.head_key = head_key;
    }
    FiscServer *server = NULL;
    bound_memory();
    if (!fisc_serve_open(&options, &server, error)) {
        return false;
    }
    fisc_cli_print("fisc listens on port %d\n", fisc_serve_port(server));
    fflush(stdout);
    fisc_notify("READY=1\nSTATUS=listening on %s, port %d", options.listen,
                fisc_serve_port(server));
    wait_for_end(ends);
    fisc_serve_drain(server);
    fisc_notify("STOPPING=1\nSTATUS=answering what is open");
    fisc_serve_close(server);
    return true;
}

bool
fisc_command_serve(FiscCli *cli, int *out_status, GError **error)
{
    g_autoptr(FiscConfig) config = NULL;
    sigset_t ends;
    if (!fisc_config_load(fisc_cli_option(cli, "config"), option_of, cli, &config, error)) {
        return false;
    }
    *out_status = 0;
    if (fisc_cli_has(cli, "openapi")) {
        g_autofree char *text = fisc_openapi_yaml();
        fisc_cli_print("%s", text);
        return true;
    }
    if (fisc_cli_has(cli, "print-config")) {
        return print_config(cli, config, error);
    }
    adopt_place(cli, config);
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ends, NULL); /* before there are threads */
    bool is_done = serve(cli, config, &ends, error);
    /* What it lent of its settings goes with it. */
    g_hash_table_remove(cli->words->options, "data");
    g_hash_table_remove(cli->words->options, "db");
    return is_done;
}
