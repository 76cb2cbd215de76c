/* readme_test.c: the session with the server in the README, typed again in one shell, with another
 * folder and another port. */
#include "tests/app/cli/manual.h"
#include "tests/app/cli/run.h"
#include "tests/support/suite.h"
#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

extern const FiscTest fisc_readme_tests[];

#define FOLDER "/tmp/arda"
#define PORT "8701"
#define MARK "-- end of step --\n"

/* A port that nobody listens on at this moment. Caller frees. */
static char *
free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    g_assert(bind(fd, (struct sockaddr *)&address, length) == 0);
    g_assert(getsockname(fd, (struct sockaddr *)&address, &length) == 0);
    close(fd);
    return g_strdup_printf("%d", ntohs(address.sin_port));
}

static char *
replaced(const char *text, const char *what, const char *by)
{
    g_auto(GStrv) parts = g_strsplit(text, what, -1);
    return g_strjoinv(by, parts);
}

/* The section of the README, with the folder and the port of this run. */
static char *
read_section(const char *folder, const char *port)
{
    g_autofree char *path = g_build_filename(g_getenv("FISC_DOCS"), "..", "README.md", NULL);
    g_autofree char *page = NULL;
    CU_ASSERT_TRUE_FATAL(g_file_get_contents(path, &page, NULL, NULL));
    const char *begin = strstr(page, "\n## The server\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(begin);
    const char *end = strstr(begin + 1, "\n## ");
    g_autofree char *section = g_strndup(begin, end != NULL ? (gsize)(end - begin) : strlen(begin));
    g_autofree char *moved = replaced(section, FOLDER, folder);
    return replaced(moved, PORT, port);
}

/* The sources and the program as the README's reader has them; the books' folder is open to the
 * account that the database runs as. */
static char *
prepare_folder(void)
{
    char *folder = g_dir_make_tmp("fisc-readme-XXXXXX", NULL);
    g_autofree char *quoted = g_shell_quote(folder);
    g_autofree char *program = g_shell_quote(g_getenv("FISC_PROGRAM"));
    g_autofree char *docs = g_shell_quote(g_getenv("FISC_DOCS"));
    g_autofree char *line = g_strdup_printf(
        "chmod 755 %1$s && cd %1$s && mkdir build books && ln -s %2$s build/fisc && "
        "ln -s %3$s/../tests tests",
        quoted, program, docs);
    g_auto(FiscRun) run = fisc_run_shell(line);
    FISC_ASSERT_INT(run.status, 0);
    return folder;
}

static void
test_server_session(void)
{
    g_autofree char *folder = prepare_folder();
    g_autofree char *books = g_build_filename(folder, "books", NULL);
    g_autofree char *port = free_port();
    g_autofree char *section = read_section(books, port);
    g_autoptr(GPtrArray) steps = fisc_manual_parse(section);
    g_autofree char *quoted = g_shell_quote(folder);
    g_autoptr(GString) script = g_string_new(NULL);
    g_string_append_printf(script, "cd %s; unset FISC_ACTOR FISC_ON_BEHALF; exec 2>&1\n", quoted);
    for (guint i = 0; i < steps->len; i++) {
        g_string_append_printf(script, "%secho '" MARK "'\n",
                               ((const FiscManualStep *)steps->pdata[i])->command);
    }
    g_string_append_printf(script, "cd /; rm -rf %s\n", quoted);
    g_auto(FiscRun) run = fisc_run_shell(script->str);
    g_auto(GStrv) outputs = g_strsplit(run.out, MARK "\n", -1);
    FISC_ASSERT_INT(g_strv_length(outputs), steps->len + 1);
    for (guint i = 0; i < steps->len && outputs[i] != NULL; i++) {
        const FiscManualStep *step = steps->pdata[i];
        if (!fisc_manual_matches(step->expected, outputs[i])) {
            fisc_assert_text(outputs[i], step->expected, step->command, __FILE__, __LINE__);
        }
    }
    CU_ASSERT(steps->len > 8);
}

const FiscTest fisc_readme_tests[] = {
    {"types the session with the server of the README", test_server_session},
    {NULL, NULL},
};
