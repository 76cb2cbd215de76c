/* input.c: what a command reads: a file or standard input, and the day it is about. */
#include "app/cli/cli.h"
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

const char *
fisc_cli_input_name(const char *path)
{
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

bool
fisc_cli_read_input(const char *path, GByteArray *bytes, GError **error)
{
    if (strcmp(path, "-") == 0) {
        return read_all(STDIN_FILENO, fisc_cli_input_name(path), bytes, error);
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

static FiscDate
today(void)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    return fisc_date_make(g_date_time_get_year(now), g_date_time_get_month(now),
                          g_date_time_get_day_of_month(now));
}

bool
fisc_cli_date(const FiscCli *cli, const char *name, FiscDate *out_date, GError **error)
{
    const char *text = fisc_cli_option(cli, name);
    if (text == NULL) {
        *out_date = today();
        return true;
    }
    return fisc_date_parse(text, out_date) ||
           fisc_fail(error, FISC_ERROR_USAGE, "--%s is a day like 2024-06-30, not \"%s\"", name,
                     text);
}

const char *
fisc_cli_source(const FiscCli *cli)
{
    const char *source = fisc_cli_option(cli, "source");
    return source != NULL ? source : FISC_SOURCE_PACKAGE;
}
