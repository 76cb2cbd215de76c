/* doctor_machine.c: what this machine has for a server: settings, a free port, room, a clock, keys
 * that only their owner reads, certificates that last, a backup and a verification that are not
 * old.
 */
#include "app/cli/backups.h"
#include "app/cli/doctor.h"
#include "core/base/certificate.h"
#include "fisc/feeder.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#define SPACE_MIN_MB 2048
#define CERTIFICATE_DAYS_MIN 21
#define BACKUP_DAYS_MAX 2
#define VERIFY_DAYS_MAX 31
#define DAY_S 86400

static void
examine_settings(FiscFindings *findings, const FiscConfig *config)
{
    const char *file = fisc_config_file(config);
    fisc_doctor_say(findings, "settings", FISC_DOCTOR_OK, NULL, "%s",
                    file != NULL ? file : "no file: options, environment and defaults");
}

/* Only of an IPv4 address: that is what the default is. */
static void
examine_port(FiscFindings *findings, const FiscConfig *config)
{
    const char *listen = fisc_config_text(config, "listen");
    const char *colon = strrchr(listen, ':');
    g_autofree char *host =
        colon != NULL ? g_strndup(listen, (gsize)(colon - listen)) : g_strdup("");
    struct sockaddr_in address = {.sin_family = AF_INET};
    int yes = 1;
    if (colon == NULL || inet_pton(AF_INET, host, &address.sin_addr) != 1) {
        return;
    }
    address.sin_port = htons((uint16_t)g_ascii_strtoll(colon + 1, NULL, 10));
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    bool is_free = fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0;
    if (fd >= 0) {
        close(fd);
    }
    fisc_doctor_say(findings, "port", FISC_DOCTOR_OK,
                    is_free ? NULL : "if that is not fisc serve, give another --listen", "%s is %s",
                    listen, is_free ? "free" : "taken");
}

/* Of the folder, or of the nearest one above it that is there. */
static void
examine_space(FiscFindings *findings, const FiscCli *cli)
{
    g_autofree char *path = fisc_cli_data_dir(cli);
    struct statvfs state;
    while (statvfs(path, &state) != 0 && strcmp(path, "/") != 0 && strcmp(path, ".") != 0) {
        char *parent = g_path_get_dirname(path);
        g_free(path);
        path = parent;
    }
    guint64 free_mb = (guint64)state.f_bavail * state.f_frsize / (1024 * 1024);
    bool is_enough = free_mb >= SPACE_MIN_MB;
    fisc_doctor_say(findings, "space", is_enough ? FISC_DOCTOR_OK : FISC_DOCTOR_ATTENTION,
                    is_enough ? NULL : "make room: a database on a full disk stops",
                    "%" G_GUINT64_FORMAT " MB free in %s", free_mb, path);
}

static void
examine_clock(FiscFindings *findings)
{
    struct timex clock = {.modes = 0};
    bool is_kept = adjtimex(&clock) >= 0 && (clock.status & STA_UNSYNC) == 0;
    fisc_doctor_say(findings, "clock", is_kept ? FISC_DOCTOR_OK : FISC_DOCTOR_ATTENTION,
                    is_kept ? NULL : "let it follow a time server (NTP): batches carry its time",
                    is_kept ? "follows a time server" : "nobody keeps it right");
}

static void
examine_libraries(FiscFindings *findings)
{
    fisc_doctor_say(findings, "libraries", FISC_DOCTOR_OK, NULL, "glib %u.%u.%u, jansson %s",
                    glib_major_version, glib_minor_version, glib_micro_version,
                    jansson_version_str());
}

/* Who reads what outside systems send. */
static void
examine_reader(FiscFindings *findings)
{
    const char *words = NULL;
    bool is_filtered = false;
    g_autoptr(GError) error = NULL;
    if (!fisc_flow_feeder_reader(&words, &is_filtered, &error)) {
        fisc_doctor_say(findings, "reader", FISC_DOCTOR_MISSING,
                        "install fisc-parse beside fisc: nothing can be pulled without it", "%s",
                        error->message);
        return;
    }
    fisc_doctor_say(findings, "reader", is_filtered ? FISC_DOCTOR_OK : FISC_DOCTOR_ATTENTION,
                    is_filtered ? NULL
                                : "let the container have seccomp, or pull on a machine that "
                                  "has it",
                    "%s", words);
}

static void
examine_key(FiscFindings *findings, const char *what, const char *path)
{
    struct stat state;
    if (path == NULL || stat(path, &state) != 0) {
        return;
    }
    bool is_private = (state.st_mode & (S_IRWXG | S_IRWXO)) == 0;
    g_autofree char *remedy = g_strdup_printf("chmod 600 %s", path);
    fisc_doctor_say(findings, what, is_private ? FISC_DOCTOR_OK : FISC_DOCTOR_MISSING,
                    is_private ? NULL : remedy, "%s%s", path,
                    is_private ? "" : ": others may read it");
}

static void
examine_keys(FiscFindings *findings, const FiscCli *cli, const FiscConfig *config)
{
    static const char *const names[] = {"metrics-token", "provider-secret", "pull-key",
                                        "secret-key", "tls-key"};
    for (gsize i = 0; config != NULL && i < G_N_ELEMENTS(names); i++) {
        examine_key(findings, names[i], fisc_config_text(config, names[i]));
    }
    g_autofree char *data_dir = fisc_cli_data_dir(cli);
    g_autofree char *keys = g_build_filename(data_dir, "keys", NULL);
    g_autoptr(GDir) folder = g_dir_open(keys, 0, NULL);
    const char *name = NULL;
    while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
        g_autofree char *path = g_build_filename(keys, name, NULL);
        if (!g_str_has_suffix(name, ".pub")) {
            examine_key(findings, "key", path);
        }
    }
}

static void
examine_certificate(FiscFindings *findings, const char *path)
{
    int64_t left = 0;
    g_autoptr(GError) error = NULL;
    if (path == NULL) {
        return;
    }
    if (!fisc_certificate_left(path, &left, &error)) {
        fisc_doctor_say(findings, "certificate", FISC_DOCTOR_MISSING, "give the right --tls-cert",
                        "%s", error->message);
        return;
    }
    fisc_doctor_say(findings, "certificate",
                    left < 0                                       ? FISC_DOCTOR_MISSING
                    : left < (int64_t)CERTIFICATE_DAYS_MIN * DAY_S ? FISC_DOCTOR_ATTENTION
                                                                   : FISC_DOCTOR_OK,
                    left < (int64_t)CERTIFICATE_DAYS_MIN * DAY_S ? "renew it" : NULL,
                    "%s: %s %" G_GINT64_FORMAT " days", path, left < 0 ? "expired for" : "good for",
                    (left < 0 ? -left : left) / DAY_S);
}

/* A file whose last line is a time: how long ago, and whether that is long. */
static void
examine_record(FiscFindings *findings, const FiscCli *cli, const char *name, const char *what,
               int days_max, const char *remedy)
{
    g_autofree char *data_dir = fisc_cli_data_dir(cli);
    g_autofree char *path = g_build_filename(data_dir, name, NULL);
    struct stat state;
    if (stat(path, &state) != 0) {
        fisc_doctor_say(findings, what, FISC_DOCTOR_ATTENTION, remedy, "never");
        return;
    }
    int64_t days = (g_get_real_time() / G_USEC_PER_SEC - state.st_mtime) / DAY_S;
    bool is_old = days > days_max;
    fisc_doctor_say(findings, what, is_old ? FISC_DOCTOR_ATTENTION : FISC_DOCTOR_OK,
                    is_old ? remedy : NULL, "%" G_GINT64_FORMAT " days ago", days);
}

void
fisc_doctor_machine(FiscFindings *findings, const FiscCli *cli, const FiscConfig *config)
{
    if (config != NULL) {
        examine_settings(findings, config);
        examine_port(findings, config);
        examine_certificate(findings, fisc_config_text(config, "tls-cert"));
    }
    examine_keys(findings, cli, config);
    examine_clock(findings);
    examine_libraries(findings);
    examine_reader(findings);
    if (!fisc_cli_has(cli, "db")) {
        examine_space(findings, cli);
        examine_record(findings, cli, FISC_LAST_BACKUP, "last backup", BACKUP_DAYS_MAX,
                       "fisc backup DIR, from a timer");
        examine_record(findings, cli, FISC_LAST_VERIFICATION, "last verification", VERIFY_DAYS_MAX,
                       "fisc verify, from a timer");
    }
}
