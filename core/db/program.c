/* program.c: finds the programs of PostgreSQL, runs them under the right account, and tells which
 * processes are whose.
 *
 * A process id alone proves nothing: ids are used again, above all after a container restarts. So a
 * process counts as a cluster's own only when /proc says that it is a postgres working in that
 * cluster's folder. What the programs are run for is decided in initdb.c and server.c. */
#include "core/db/program.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define ACCOUNT_FOR_ROOT "postgres"
#define DEBIAN_FOLDER "/usr/lib/postgresql/" FISC_PG_VERSION "/bin"
#define RUN_SECONDS_MAX 180

/* What a program inherits: nothing of the caller's, so PGDATA, LANG or LD_PRELOAD change nothing.
 */
static char *const program_environment[] = {
    (char *)"PATH=/usr/bin:/bin",
    (char *)"LC_ALL=C.UTF-8",
    (char *)"TZ=UTC",
    NULL,
};

bool
fisc_account_find(FiscAccount *out_account, GError **error)
{
    bool is_root = geteuid() == 0;
    const struct passwd *entry = is_root ? getpwnam(ACCOUNT_FOR_ROOT) : getpwuid(geteuid());
    if (entry == NULL && is_root) {
        return fisc_fail(error, FISC_ERROR_SETUP,
                         "there is no account \"%s\" to run the database as: install postgresql-%s",
                         ACCOUNT_FOR_ROOT, FISC_PG_VERSION);
    }
    if (entry == NULL) {
        return fisc_fail(error, FISC_ERROR_SETUP,
                         "user id %u has no name on this machine, and PostgreSQL needs one",
                         (unsigned)geteuid());
    }
    *out_account = (FiscAccount){
        .uid = entry->pw_uid,
        .gid = entry->pw_gid,
        .name = g_strdup(entry->pw_name),
        .is_other = is_root,
    };
    return true;
}

void
fisc_account_clear(FiscAccount *account)
{
    g_clear_pointer(&account->name, g_free);
}

bool
fisc_account_become(const FiscAccount *account)
{
    if (!account->is_other) {
        return true;
    }
    return setgroups(1, &account->gid) == 0 && setgid(account->gid) == 0 &&
           setuid(account->uid) == 0;
}

static bool
is_right_version(const char *path)
{
    char *argv[] = {(char *)path, (char *)"--version", NULL};
    g_autofree char *output = NULL;
    int status = -1;
    return g_spawn_sync("/", argv, (char **)program_environment, G_SPAWN_STDERR_TO_DEV_NULL, NULL,
                        NULL, &output, NULL, &status, NULL) &&
           status == 0 && strstr(output, "(PostgreSQL) " FISC_PG_VERSION ".") != NULL;
}

bool
fisc_program_find(const char *name, char **out_path, GError **error)
{
    const char *asked = g_getenv("FISC_PG_BIN");
    g_autofree char *in_asked = asked != NULL ? g_build_filename(asked, name, NULL) : NULL;
    g_autofree char *in_debian = g_build_filename(DEBIAN_FOLDER, name, NULL);
    g_autofree char *on_path = g_find_program_in_path(name);
    char *candidates[] = {in_asked, in_debian, on_path};
    for (gsize i = 0; i < G_N_ELEMENTS(candidates); i++) {
        if (candidates[i] != NULL && is_right_version(candidates[i])) {
            *out_path = g_canonicalize_filename(candidates[i], NULL);
            return true;
        }
    }
    return fisc_fail(
        error, FISC_ERROR_SETUP,
        "the program \"%s\" of PostgreSQL %s was not found in $FISC_PG_BIN, %s or on the "
        "PATH: install postgresql-%s",
        name, FISC_PG_VERSION, DEBIAN_FOLDER, FISC_PG_VERSION);
}

typedef struct {
    const FiscAccount *account;
    unsigned seconds_max;
} Bounds;

/* Runs in the child, between fork and exec. The alarm survives exec and so bounds the program; the
 * death signal is set last, because a change of user clears it. */
static void
prepare_bounded_child(gpointer data)
{
    const Bounds *bounds = data;
    if (!fisc_account_become(bounds->account)) {
        _exit(126);
    }
    umask(077);
    alarm(bounds->seconds_max);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

bool
fisc_program_run(const FiscAccount *account, const char *const *argv, GError **error)
{
    return fisc_program_run_for(account, argv, RUN_SECONDS_MAX, error);
}

bool
fisc_program_run_for(const FiscAccount *account, const char *const *argv, int seconds_max,
                     GError **error)
{
    const Bounds bounds = {account, (unsigned)seconds_max};
    g_autofree char *output = NULL;
    g_autofree char *complaint = NULL;
    g_autoptr(GError) spawn_error = NULL;
    int status = -1;
    if (!g_spawn_sync("/", (char **)argv, (char **)program_environment, G_SPAWN_DEFAULT,
                      prepare_bounded_child, (gpointer)&bounds, &output, &complaint, &status,
                      &spawn_error)) {
        return fisc_fail(error, FISC_ERROR_SETUP, "could not run %s: %s", argv[0],
                         spawn_error->message);
    }
    if (status != 0) {
        return fisc_fail(error, FISC_ERROR_SETUP, "%s failed: %s", argv[0],
                         complaint[0] != '\0' ? g_strchomp(complaint) : g_strchomp(output));
    }
    return true;
}

void
fisc_process_forget_signals(void)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (int number = 1; number < NSIG; number++) {
        signal(number, SIG_DFL); /* fails for the two that cannot change, which is fine */
    }
}

static void G_GNUC_NORETURN
execute_detached(const FiscAccount *account, const char *const *argv, int log_fd)
{
    int null_fd = open("/dev/null", O_RDONLY);
    if (null_fd < 0 || dup2(null_fd, STDIN_FILENO) < 0 || dup2(log_fd, STDOUT_FILENO) < 0 ||
        dup2(log_fd, STDERR_FILENO) < 0) {
        _exit(126);
    }
    close_range(STDERR_FILENO + 1, ~0U, 0);
    fisc_process_forget_signals();
    umask(077);
    if (chdir("/") == 0 && fisc_account_become(account)) {
        execve(argv[0], (char *const *)argv, program_environment);
    }
    dprintf(STDERR_FILENO, "could not run %s: %s\n", argv[0], strerror(errno));
    _exit(127);
}

/* Two forks: the one in between leads the new session and ends at once, so the program belongs to
 * init, leaves the caller no zombie, and can never gain a terminal. It reports the id on the pipe.
 */
bool
fisc_program_start(const FiscAccount *account, const char *const *argv, int log_fd, pid_t *out_pid,
                   GError **error)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return fisc_fail(error, FISC_ERROR_FAILED, "could not make a pipe: %s", strerror(errno));
    }
    pid_t between = fork();
    if (between == 0) {
        setsid();
        pid_t program = fork();
        if (program == 0) {
            execute_detached(account, argv, log_fd);
        }
        bool is_told = write(ends[1], &program, sizeof(program)) == sizeof(program);
        _exit(is_told ? 0 : 1);
    }
    close(ends[1]);
    pid_t program = -1;
    bool is_started =
        between > 0 && read(ends[0], &program, sizeof(program)) == sizeof(program) && program > 0;
    close(ends[0]);
    if (between > 0) {
        waitpid(between, NULL, 0);
    }
    if (!is_started) {
        return fisc_fail(error, FISC_ERROR_FAILED, "could not start a process for %s", argv[0]);
    }
    *out_pid = program;
    return true;
}

bool
fisc_process_is_alive(pid_t pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/stat", (int)pid);
    g_autofree char *text = NULL;
    if (pid <= 0 || !g_file_get_contents(path, &text, NULL, NULL)) {
        return false;
    }
    /* "pid (name) state ...": the name may hold anything, so the state is after the last bracket.
     */
    const char *bracket = strrchr(text, ')');
    return bracket != NULL && bracket[1] == ' ' && strchr("ZXx", bracket[2]) == NULL;
}

static char *
read_process_link(pid_t pid, const char *name)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/%s", (int)pid, name);
    return g_file_read_link(path, NULL);
}

bool
fisc_process_is_postgres_in(pid_t pid, const char *folder)
{
    if (!fisc_process_is_alive(pid)) {
        return false;
    }
    g_autofree char *working_folder = read_process_link(pid, "cwd");
    g_autofree char *program = read_process_link(pid, "exe");
    if (working_folder == NULL || program == NULL || strcmp(working_folder, folder) != 0) {
        return false;
    }
    /* An upgraded package leaves "postgres (deleted)" running, which is still one. */
    g_autofree char *name = g_path_get_basename(program);
    return g_str_has_prefix(name, "postgres");
}

pid_t
fisc_process_find_postgres_in(const char *folder)
{
    g_autoptr(GDir) processes = g_dir_open("/proc", 0, NULL);
    const char *name = NULL;
    while (processes != NULL && (name = g_dir_read_name(processes)) != NULL) {
        pid_t pid = (pid_t)g_ascii_strtoll(name, NULL, 10);
        if (pid > 0 && fisc_process_is_postgres_in(pid, folder)) {
            return pid;
        }
    }
    return 0;
}
