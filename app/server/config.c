/* config.c: the table of settings, and how a value is found: option, environment, file, default. */
#include "app/server/config.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

#define FILE_BYTES_MAX (64 * 1024)

/* clang-format off */
/* In alphabetical order; docs/operations.md repeats it, and a test compares the two. */
const FiscSetting fisc_settings[] = {
    {"address-connections", FISC_SETTING_NUMBER, "128",
     "connections of one address; a unix socket and trusted proxies aside", NULL, 1, 100000},
    {"approvals", FISC_SETTING_TEXT, "factor",
     "what an approval is confirmed with: any second factor, or a passkey", "factor passkey", 0, 0},
    {"base-url", FISC_SETTING_TEXT, NULL,
     "address of the workplace for people, like https://fisc.example.org: passkeys are bound to it", NULL, 0, 0},
    {"behind-seconds", FISC_SETTING_NUMBER, "0",
     "a replica further behind is not ready; 0: however far", NULL, 0, 86400},
    {"bodies-megabytes", FISC_SETTING_NUMBER, "512",
     "of all bodies that are being read or answered", NULL, 1, 1048576},
    {"body-ms", FISC_SETTING_NUMBER, "30000",
     "for a request's body, and on top what bytes-per-second gives it", NULL, 10, 3600000},
    {"bytes-per-second", FISC_SETTING_NUMBER, "10240",
     "the slowest client that is waited for", NULL, 1, 1073741824},
    {"connections", FISC_SETTING_NUMBER, "1024",
     "connections open at once", NULL, 1, 100000},
    {"data", FISC_SETTING_TEXT, NULL,
     "folder of the embedded database; without it and db: the usual one", NULL, 0, 0},
    {"db", FISC_SETTING_SECRET, NULL,
     "URI of another database; a password belongs into its passfile", NULL, 0, 0},
    {"drain-seconds", FISC_SETTING_NUMBER, "20",
     "how long open requests are waited for at the end", NULL, 0, 600},
    {"head-key", FISC_SETTING_FILE, NULL,
     "file with the key that signs heads and proofs", NULL, 0, 0},
    {"head-ms", FISC_SETTING_NUMBER, "10000",
     "from the first byte of a request to the end of its head", NULL, 10, 600000},
    {"idle-ms", FISC_SETTING_NUMBER, "60000",
     "a connection between two requests", NULL, 10, 3600000},
    {"listen", FISC_SETTING_TEXT, "127.0.0.1:8700",
     "address and port", NULL, 0, 0},
    {"log", FISC_SETTING_TEXT, "logfmt",
     "the form of the line for each request, on stderr", "json logfmt none", 0, 0},
    {"metrics-open", FISC_SETTING_SWITCH, "false",
     "everybody may read /metrics, not only this machine", NULL, 0, 0},
    {"metrics-token", FISC_SETTING_FILE, NULL,
     "file with the token that reads /metrics from elsewhere", NULL, 0, 0},
    {"primary", FISC_SETTING_TEXT, NULL,
     "of a read-only server: the address to write to, told to who tries", NULL, 0, 0},
    {"provider-acr", FISC_SETTING_TEXT, NULL,
     "values of acr, with blanks between, that stand for two factors; asked for, too", NULL, 0, 0},
    {"provider-addresses", FISC_SETTING_TEXT, NULL,
     "private addresses that the provider may have: networks, or host:port", NULL, 0, 0},
    {"provider-amr", FISC_SETTING_TEXT, NULL,
     "values of amr, with blanks between, that stand for two factors: mfa otp hwk", NULL, 0, 0},
    {"provider-ca", FISC_SETTING_FILE, NULL,
     "authority in PEM that signed the provider's certificate; without it the system's", NULL, 0, 0},
    {"provider-claim", FISC_SETTING_TEXT, NULL,
     "claim whose value is the person's code; without it persons are linked: fisc person provider", NULL, 0, 0},
    {"provider-client", FISC_SETTING_TEXT, NULL,
     "what the provider calls fisc: its client id", NULL, 0, 0},
    {"provider-issuer", FISC_SETTING_TEXT, NULL,
     "address of an OpenID Connect provider to sign in by; needs base-url", NULL, 0, 0},
    {"provider-name", FISC_SETTING_TEXT, NULL,
     "what people call it, on the button of signing in", NULL, 0, 0},
    {"provider-scope", FISC_SETTING_TEXT, "openid",
     "what is asked for; more where provider-claim needs it", NULL, 0, 0},
    {"provider-seconds", FISC_SETTING_NUMBER, "5",
     "how long one answer of the provider is waited for", NULL, 1, 60},
    {"provider-secret", FISC_SETTING_FILE, NULL,
     "file with the client's secret; without it fisc is a public client", NULL, 0, 0},
    {"pull-key", FISC_SETTING_FILE, NULL,
     "file with the key that signs what feeders are told of their runs", NULL, 0, 0},
    {"pull-secrets", FISC_SETTING_TEXT, NULL,
     "folder with the passwords and tokens that feeders name; of pulls begun here", NULL, 0, 0},
    {"read-only", FISC_SETTING_SWITCH, "false",
     "nothing is written: the database is a streaming replica", NULL, 0, 0},
    {"reply-ms", FISC_SETTING_NUMBER, "30000",
     "for a client who lets his answer wait, and on top what bytes-per-second gives him", NULL, 10, 3600000},
    {"secret-key", FISC_SETTING_FILE, NULL,
     "file with the key that seals the second factors", NULL, 0, 0},
    {"slow-ms", FISC_SETTING_NUMBER, "1000",
     "a request that takes so long is logged as a warning; 0: none", NULL, 0, 3600000},
    {"tls-cert", FISC_SETTING_FILE, NULL,
     "certificate and chain in PEM; with tls-key: HTTPS", NULL, 0, 0},
    {"tls-client-ca", FISC_SETTING_FILE, NULL,
     "authority in PEM that signed the certificates of clients", NULL, 0, 0},
    {"tls-key", FISC_SETTING_FILE, NULL,
     "private key of tls-cert in PEM, for the server's account only", NULL, 0, 0},
    {"trusted-proxies", FISC_SETTING_TEXT, NULL,
     "addresses and networks whose X-Forwarded-For and X-Forwarded-Proto count", NULL, 0, 0},
    {"unix", FISC_SETTING_TEXT, NULL,
     "path of a unix socket to listen on besides", NULL, 0, 0},
    {"web", FISC_SETTING_TEXT, NULL,
     "folder of the web workplace's files; without it none are served", NULL, 0, 0},
    {"workers-post", FISC_SETTING_NUMBER, "64",
     "requests that may wait for a batch at once", NULL, 1, 1024},
    {"workers-provider", FISC_SETTING_NUMBER, "4",
     "requests that may wait for the identity provider at once", NULL, 1, 256},
    {"workers-quick", FISC_SETTING_NUMBER, "8",
     "short requests answered at once", NULL, 1, 1024},
    {"workers-report", FISC_SETTING_NUMBER, "2",
     "reports made at once", NULL, 1, 256},
    {NULL, FISC_SETTING_TEXT, NULL, NULL, NULL, 0, 0},
};
/* clang-format on */

#define SETTING_COUNT (G_N_ELEMENTS(fisc_settings) - 1)

typedef struct {
    char *text; /* NULL: not set */
    FiscConfigOrigin origin;
} Value;

struct _FiscConfig {
    Value values[SETTING_COUNT];
    char *file;
};

/* '-' and '_' are the same, as in options. */
static int
find_setting(const char *name)
{
    g_autofree char *plain = g_strdelimit(g_strdup(name), "_", '-');
    for (gsize i = 0; i < SETTING_COUNT; i++) {
        if (strcmp(fisc_settings[i].name, plain) == 0) {
            return (int)i;
        }
    }
    return -1;
}

static bool
is_choice(const char *choices, const char *text)
{
    g_auto(GStrv) words = g_strsplit(choices, " ", -1);
    return g_strv_contains((const char *const *)words, text);
}

/* What is wrong with a value; NULL when nothing is. Caller frees. */
static char *
complaint_of(const FiscSetting *setting, const char *text)
{
    switch (setting->kind) {
    case FISC_SETTING_NUMBER:
        if (!g_ascii_string_to_signed(text, 10, setting->least, setting->most, NULL, NULL)) {
            return g_strdup_printf("a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT
                                   " is expected, not \"%s\"",
                                   setting->least, setting->most, text);
        }
        return NULL;
    case FISC_SETTING_SWITCH:
        return is_choice("true false", text)
                   ? NULL
                   : g_strdup_printf("true or false is expected, not \"%s\"", text);
    case FISC_SETTING_FILE:
        return access(text, R_OK) == 0
                   ? NULL
                   : g_strdup_printf("the file %s: %s", text, g_strerror(errno));
    default:
        return setting->choices == NULL || is_choice(setting->choices, text)
                   ? NULL
                   : g_strdup_printf("one of %s is expected, not \"%s\"", setting->choices, text);
    }
}

/* @place: where the value stands, for who has to mend it. */
static bool
set_value(FiscConfig *config, int at, const char *text, FiscConfigOrigin origin, const char *place,
          GError **error)
{
    g_autofree char *complaint = complaint_of(&fisc_settings[at], text);
    if (complaint != NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "%s: %s: %s", place, fisc_settings[at].name,
                         complaint);
    }
    g_free(config->values[at].text);
    config->values[at] = (Value){g_strdup(text), origin};
    return true;
}

/* The file ---------------------------------------------------------------------------------- */

/* "key = value", without the quotes around the value. */
static bool
take_line(FiscConfig *config, char *line, const char *place, GError **error)
{
    char *equals = strchr(line, '=');
    if (equals == NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "%s: \"%s\" is no `key = value`", place, line);
    }
    *equals = '\0';
    const char *name = g_strstrip(line);
    char *value = g_strstrip(equals + 1);
    gsize length = strlen(value);
    if (length >= 2 && value[0] == '"' && value[length - 1] == '"') {
        value[length - 1] = '\0';
        value++;
    }
    int at = find_setting(name);
    if (at < 0) {
        return fisc_fail(error, FISC_ERROR_USAGE, "%s: there is no setting \"%s\"", place, name);
    }
    if (config->values[at].origin == FISC_FROM_FILE) {
        return fisc_fail(error, FISC_ERROR_USAGE, "%s: \"%s\" is set twice", place, name);
    }
    return set_value(config, at, value, FISC_FROM_FILE, place, error);
}

static bool
read_file(FiscConfig *config, const char *path, GError **error)
{
    g_autofree char *text = NULL;
    gsize length = 0;
    g_autoptr(GError) failure = NULL;
    if (!g_file_get_contents(path, &text, &length, &failure)) {
        return fisc_fail(error, FISC_ERROR_USAGE, "the configuration: %s", failure->message);
    }
    if (length > FILE_BYTES_MAX || memchr(text, '\0', length) != NULL ||
        !g_utf8_validate(text, (gssize)length, NULL)) {
        return fisc_fail(error, FISC_ERROR_USAGE, "%s is no configuration: it is no short text",
                         path);
    }
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (int i = 0; lines[i] != NULL; i++) {
        char *line = g_strstrip(lines[i]);
        g_autofree char *place = g_strdup_printf("%s, line %d", path, i + 1);
        if (*line != '\0' && *line != '#' && !take_line(config, line, place, error)) {
            return false;
        }
    }
    config->file = g_strdup(path);
    return true;
}

/* Above the file ------------------------------------------------------------------------------ */

static char *
environment_name(const char *name)
{
    g_autofree char *upper = g_ascii_strup(name, -1);
    return g_strconcat("FISC_", g_strdelimit(upper, "-", '_'), NULL);
}

/* FISC_LOG is also how much a command says, in words that are no form of a line. */
static bool
is_level(const char *name, const char *value)
{
    return strcmp(name, "log") == 0 && is_choice("error warn info debug", value);
}

static bool
read_environment(FiscConfig *config, GError **error)
{
    for (gsize i = 0; i < SETTING_COUNT; i++) {
        g_autofree char *name = environment_name(fisc_settings[i].name);
        const char *value = g_getenv(name);
        if (value != NULL && *value != '\0' && !is_level(fisc_settings[i].name, value) &&
            !set_value(config, (int)i, value, FISC_FROM_ENVIRONMENT, name, error)) {
            return false;
        }
    }
    return true;
}

static bool
read_options(FiscConfig *config, const char *(*option)(const char *, const void *),
             const void *data, GError **error)
{
    for (gsize i = 0; i < SETTING_COUNT; i++) {
        const char *value = option(fisc_settings[i].name, data);
        g_autofree char *place = g_strconcat("--", fisc_settings[i].name, NULL);
        if (value != NULL && *value == '\0' && fisc_settings[i].kind == FISC_SETTING_SWITCH) {
            value = "true";
        }
        if (value != NULL && !set_value(config, (int)i, value, FISC_FROM_OPTION, place, error)) {
            return false;
        }
    }
    return true;
}

/* What one source says of where the books are replaces what a lower one said. */
static bool
settle_place(FiscConfig *config, GError **error)
{
    Value *data = &config->values[find_setting("data")];
    Value *db = &config->values[find_setting("db")];
    if (data->text == NULL || db->text == NULL) {
        return true;
    }
    if (data->origin == db->origin) {
        return fisc_fail(error, FISC_ERROR_USAGE, "data and db exclude each other");
    }
    Value *lower = data->origin < db->origin ? data : db;
    g_clear_pointer(&lower->text, g_free);
    lower->origin = FISC_FROM_DEFAULT;
    return true;
}

static bool
check_pairs(const FiscConfig *config, GError **error)
{
    bool has_cert = fisc_config_text(config, "tls-cert") != NULL;
    bool has_key = fisc_config_text(config, "tls-key") != NULL;
    if (has_cert != has_key) {
        return fisc_fail(error, FISC_ERROR_USAGE, "tls-cert and tls-key need each other");
    }
    if (fisc_config_text(config, "tls-client-ca") != NULL && !has_cert) {
        return fisc_fail(error, FISC_ERROR_USAGE, "tls-client-ca needs tls-cert and tls-key");
    }
    return true;
}

bool
fisc_config_load(const char *file, const char *(*option)(const char *name, const void *data),
                 const void *data, FiscConfig **out_config, GError **error)
{
    g_autoptr(FiscConfig) config = g_new0(FiscConfig, 1);
    for (gsize i = 0; i < SETTING_COUNT; i++) {
        config->values[i].text = g_strdup(fisc_settings[i].usual);
    }
    bool has_file = file != NULL || g_file_test(FISC_CONFIG_FILE, G_FILE_TEST_EXISTS);
    if ((has_file && !read_file(config, file != NULL ? file : FISC_CONFIG_FILE, error)) ||
        !read_environment(config, error) || !read_options(config, option, data, error) ||
        !settle_place(config, error) || !check_pairs(config, error)) {
        return false;
    }
    *out_config = g_steal_pointer(&config);
    return true;
}

void
fisc_config_free(FiscConfig *config)
{
    if (config == NULL) {
        return;
    }
    for (gsize i = 0; i < SETTING_COUNT; i++) {
        g_free(config->values[i].text);
    }
    g_free(config->file);
    g_free(config);
}

/* Asking -------------------------------------------------------------------------------------- */

static const Value *
value_of(const FiscConfig *config, const char *name)
{
    int at = find_setting(name);
    g_assert(at >= 0);
    return &config->values[at];
}

const char *
fisc_config_text(const FiscConfig *config, const char *name)
{
    return value_of(config, name)->text;
}

int64_t
fisc_config_number(const FiscConfig *config, const char *name)
{
    const char *text = fisc_config_text(config, name);
    return text != NULL ? g_ascii_strtoll(text, NULL, 10) : 0;
}

bool
fisc_config_is_on(const FiscConfig *config, const char *name)
{
    return g_strcmp0(fisc_config_text(config, name), "true") == 0;
}

FiscConfigOrigin
fisc_config_origin(const FiscConfig *config, const char *name)
{
    return value_of(config, name)->origin;
}

const char *
fisc_config_origin_word(FiscConfigOrigin origin)
{
    static const char *const words[] = {"default", "file", "environment", "option"};
    return words[origin];
}

char *
fisc_config_shown(const FiscConfig *config, const char *name)
{
    const FiscSetting *setting = &fisc_settings[find_setting(name)];
    const char *text = fisc_config_text(config, name);
    if (setting->kind == FISC_SETTING_SECRET) {
        return g_strdup(text != NULL ? "set" : "not set");
    }
    return g_strdup(text != NULL ? text : "not set");
}

const char *
fisc_config_file(const FiscConfig *config)
{
    return config->file;
}
