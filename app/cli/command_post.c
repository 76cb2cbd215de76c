/* command_post.c: `fisc post` and `fisc reverse`: entries into the books, a JSON object for each.
 */
#include "app/cli/commands.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* An input of more than this belongs into a package, where it is read in steps. */
#define INPUT_BYTES_MAX (512 * 1024 * 1024)
#define READ_BYTES (256 * 1024)

static bool
read_all(int fd, const char *name, GByteArray *bytes, GError **error)
{
    for (;;) {
        guint before = bytes->len;
        if (before > INPUT_BYTES_MAX) {
            return fisc_fail(error, FISC_ERROR_IO, "%s is larger than %d MB: load it as a package",
                             name, INPUT_BYTES_MAX / (1024 * 1024));
        }
        g_byte_array_set_size(bytes, before + READ_BYTES);
        ssize_t got = read(fd, bytes->data + before, READ_BYTES);
        g_byte_array_set_size(bytes, before + (guint)MAX(got, 0));
        if (got == 0) {
            return true;
        }
        if (got < 0 && errno != EINTR) {
            return fisc_fail(error, FISC_ERROR_IO, "could not read %s: %s", name, strerror(errno));
        }
    }
}

static bool
read_input(const char *path, GByteArray *bytes, GError **error)
{
    if (strcmp(path, "-") == 0) {
        return read_all(STDIN_FILENO, "standard input", bytes, error);
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return fisc_fail(error, errno == ENOENT ? FISC_ERROR_NOT_FOUND : FISC_ERROR_IO,
                         "could not open %s: %s", path, strerror(errno));
    }
    bool is_read = read_all(fd, path, bytes, error);
    close(fd);
    return is_read;
}

static const char *
source_of(const FiscCli *cli)
{
    const char *source = fisc_cli_option(cli, "source");
    return source != NULL ? source : FISC_CLI_SOURCE;
}

bool
fisc_command_post(FiscCli *cli, int *out_status, GError **error)
{
    const char *path = fisc_cli_argument(cli, 0);
    const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    if (!read_input(path, bytes, error) || !fisc_cli_open(cli, error)) {
        return false;
    }
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscReceipt) receipt = NULL;
    bool is_dry_run = fisc_cli_has(cli, "dry-run");
    bool is_answered = fisc_flow_post_text(&cli->context, name, (const char *)bytes->data,
                                           bytes->len, source_of(cli), fisc_cli_has(cli, "atomic"),
                                           is_dry_run, &receipt, refusals, error);
    fisc_cli_progress_end(&cli->progress);
    if (!is_answered) {
        return false;
    }
    *out_status = refusals->len > 0 ? fisc_cli_print_refused_text(refusals)
                                    : fisc_cli_print_receipt(receipt, is_dry_run);
    return true;
}

static FiscDate
today(void)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    return fisc_date_make(g_date_time_get_year(now), g_date_time_get_month(now),
                          g_date_time_get_day_of_month(now));
}

bool
fisc_command_reverse(FiscCli *cli, int *out_status, GError **error)
{
    const char *reason = fisc_cli_require(cli, "reason", error);
    const char *date_text = fisc_cli_option(cli, "date");
    FiscDate date = today();
    if (reason == NULL) {
        return false;
    }
    if (date_text != NULL && !fisc_date_parse(date_text, &date)) {
        return fisc_fail(error, FISC_ERROR_USAGE, "--date is a day like 2024-06-30, not \"%s\"",
                         date_text);
    }
    g_autoptr(FiscReceipt) receipt = NULL;
    if (!fisc_cli_open(cli, error) ||
        !fisc_flow_reverse(&cli->context, source_of(cli), fisc_cli_argument(cli, 0), date, reason,
                           &receipt, error)) {
        return false;
    }
    *out_status = fisc_cli_print_receipt(receipt, false);
    return true;
}
