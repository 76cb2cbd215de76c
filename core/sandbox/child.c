/* child.c: a program spawned, listened to until it ends, and judged by how it ended. */
#include "core/sandbox/child.h"
#include "core/sandbox/sandbox.h"
#include "fisc/error.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define BLOCK_BYTES (64 * 1024)
#define ENDING_US 100 /* between a program's last word and its end there is hardly anything */

/* Nothing of ours: no name of a database, no secret. */
static char *const environment[] = {(char *)"LC_ALL=C.UTF-8", (char *)"PATH=/usr/bin:/bin",
                                    (char *)"ASAN_OPTIONS=detect_leaks=0", NULL};

static void
close_fd(int *fd)
{
    if (*fd >= 0) {
        close(*fd);
        *fd = -1;
    }
}

int
fisc_child_file(GBytes *bytes, GError **error)
{
    gsize left = 0;
    const char *at = g_bytes_get_data(bytes, &left);
    int fd = memfd_create("fisc-document", MFD_CLOEXEC);
    while (fd >= 0 && left > 0) {
        gssize taken = write(fd, at, left);
        if (taken < 0 && errno != EINTR) {
            int reason = errno;
            close_fd(&fd);
            errno = reason;
        }
        at += MAX(taken, 0);
        left -= (gsize)MAX(taken, 0);
    }
    if (fd < 0 || lseek(fd, 0, SEEK_SET) != 0) {
        fisc_fail(error, FISC_ERROR_SETUP, "a file of memory: %s", g_strerror(errno));
        close_fd(&fd);
    }
    return fd;
}

/* ---- spawning ---- */

/* Signals as a new program has them, and a process group of its own: Ctrl-C at the terminal ends
 * us, and us alone; nobody takes that for a document that cannot be read. */
static int
set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int failed = posix_spawnattr_setsigmask(attributes, &none);
    failed = failed != 0 ? failed : posix_spawnattr_setsigdefault(attributes, &all);
    failed = failed != 0 ? failed : posix_spawnattr_setpgroup(attributes, 0);
    return failed != 0 ? failed
                       : posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK |
                                                                  POSIX_SPAWN_SETSIGDEF |
                                                                  POSIX_SPAWN_SETPGROUP);
}

/* Ours are all closed when a program begins, and may have any of the program's numbers: so each is
 * moved out of their way first. */
static int
move_away(int fd)
{
    return fcntl(fd, F_DUPFD_CLOEXEC, FISC_CHILD_DESCRIPTORS);
}

static int
set_descriptors(posix_spawn_file_actions_t *actions, int request, int answer, int document)
{
    int failed = posix_spawn_file_actions_adddup2(actions, request, FISC_CHILD_REQUEST);
    failed = failed != 0   ? failed
             : answer >= 0 ? posix_spawn_file_actions_adddup2(actions, answer, FISC_CHILD_ANSWER)
                           : posix_spawn_file_actions_addopen(actions, FISC_CHILD_ANSWER,
                                                              "/dev/null", O_WRONLY, 0);
    failed = failed != 0 || document < 0
                 ? failed
                 : posix_spawn_file_actions_adddup2(actions, document, FISC_CHILD_DOCUMENT);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    failed = failed != 0 ? failed
                         : posix_spawn_file_actions_addopen(actions, STDERR_FILENO, "/dev/null",
                                                            O_WRONLY, 0);
#endif
    return failed;
}

int
fisc_child_spawn(const char *program, int request, int answer, int document, pid_t *out_pid)
{
    char *const arguments[] = {(char *)program, NULL};
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_init(&actions);
    int failed = set_attributes(&attributes);
    failed = failed != 0 ? failed : set_descriptors(&actions, request, answer, document);
    failed = failed != 0
                 ? failed
                 : posix_spawn(out_pid, program, &actions, &attributes, arguments, environment);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return failed;
}

static bool
begin(const FiscChildOrder *order, int request, int answer, int document, pid_t *out_pid,
      GError **error)
{
    if (order->nursery != NULL) {
        const int descriptors[] = {request, answer, document};
        return fisc_nursery_begin(order->nursery, order->program, descriptors, error);
    }
    int failed = fisc_child_spawn(order->program, request, answer, document, out_pid);
    return failed == 0 || fisc_fail(error, FISC_ERROR_SETUP, "%s cannot be run: %s", order->program,
                                    g_strerror(failed));
}

/* Starts it; *out_answer is the end of the pipe to listen at. */
static bool
start(const FiscChildOrder *order, pid_t *out_pid, int *out_answer, GError **error)
{
    int ends[2] = {-1, -1};
    int asked = fisc_child_file(order->request, error);
    if (asked < 0) {
        return false;
    }
    int failed = pipe2(ends, O_CLOEXEC) == 0 ? 0 : errno;
    int request = move_away(asked), answer = failed == 0 ? move_away(ends[1]) : -1;
    int document = move_away(order->document);
    if (failed == 0 && (request < 0 || answer < 0 || document < 0)) {
        failed = errno;
    }
    if (failed == 0 && lseek(document, 0, SEEK_SET) != 0) {
        failed = errno;
    }
    bool is_begun = failed != 0 ? fisc_fail(error, FISC_ERROR_SETUP, "%s cannot be run: %s",
                                            order->program, g_strerror(failed))
                                : begin(order, request, answer, document, out_pid, error);
    int *const ours[] = {&asked, &request, &answer, &document, &ends[1]};
    for (gsize i = 0; i < G_N_ELEMENTS(ours); i++) {
        close_fd(ours[i]);
    }
    if (!is_begun) {
        close_fd(&ends[0]);
        return false;
    }
    *out_answer = ends[0];
    return true;
}

/* ---- listening ---- */

/* Waits for more to read, until the time is over. */
static bool
has_more(int fd, gint64 until_us)
{
    struct pollfd poll_for = {.fd = fd, .events = POLLIN};
    for (;;) {
        gint64 left_ms = (until_us - g_get_monotonic_time()) / 1000;
        if (left_ms <= 0) {
            return false;
        }
        int ready = poll(&poll_for, 1, (int)MIN(left_ms, G_MAXINT));
        if (ready > 0 || (ready < 0 && errno != EINTR)) {
            return true; /* what is wrong, reading tells */
        }
    }
}

/* All that it says, until it says no more. */
static FiscChildEnd
listen_to(const FiscChildOrder *order, int fd, gint64 until_us, GString *answer)
{
    g_autofree char *block = g_malloc(BLOCK_BYTES);
    for (;;) {
        if (!has_more(fd, until_us)) {
            return FISC_CHILD_TIME;
        }
        gssize got = read(fd, block, BLOCK_BYTES);
        if (got == 0) {
            return FISC_CHILD_DONE;
        }
        if (got < 0 && errno != EINTR) {
            return FISC_CHILD_CRASHED;
        }
        g_string_append_len(answer, block, MAX(got, 0));
        if (answer->len > order->answer_max) {
            return FISC_CHILD_LENGTH;
        }
    }
}

/* ---- how it ended ---- */

static FiscChildEnd
judge(int status)
{
    if (WIFEXITED(status)) {
        int code = WEXITSTATUS(status);
        return code == 0                          ? FISC_CHILD_DONE
               : code == FISC_SANDBOX_EXIT_MEMORY ? FISC_CHILD_MEMORY
                                                  : FISC_CHILD_CRASHED;
    }
    switch (WTERMSIG(status)) {
    case SIGXCPU:
        return FISC_CHILD_TIME;
    case SIGSYS:
    case SIGXFSZ:
        return FISC_CHILD_FORBIDDEN;
    default:
        return FISC_CHILD_CRASHED;
    }
}

/* Its status. It has said all, or was killed, so it is about to end; who does not is made to. */
static bool
wait_for(pid_t pid, gint64 until_us, int *out_status, GError **error)
{
    pid_t ended;
    while ((ended = waitpid(pid, out_status, WNOHANG)) == 0 || (ended < 0 && errno == EINTR)) {
        if (g_get_monotonic_time() > until_us) {
            kill(pid, SIGKILL);
        }
        g_usleep(ENDING_US);
    }
    return ended == pid || fisc_fail(error, FISC_ERROR_SETUP, "waitpid: %s: is SIGCHLD ignored?",
                                     g_strerror(errno));
}

/* @is_over: it has to end now, whatever it does. */
static bool
finish(const FiscChildOrder *order, pid_t pid, bool is_over, gint64 until_us, int *out_status,
       GError **error)
{
    if (order->nursery == NULL) {
        if (is_over) {
            kill(pid, SIGKILL);
        }
        return wait_for(pid, until_us, out_status, error);
    }
    if (is_over) {
        fisc_nursery_kill(order->nursery, order->program);
        *out_status = SIGKILL;
    } else {
        fisc_nursery_wait(order->nursery, order->program, until_us, out_status);
    }
    return true;
}

bool
fisc_child_run(const FiscChildOrder *order, FiscChildEnd *out_end, GBytes **out_answer,
               GError **error)
{
    pid_t pid = 0;
    int fd = -1, status = 0;
    if (!start(order, &pid, &fd, error)) {
        return false;
    }
    gint64 until_us = g_get_monotonic_time() + (gint64)order->wall_s * G_USEC_PER_SEC;
    GString *answer = g_string_new(NULL);
    FiscChildEnd end = listen_to(order, fd, until_us, answer);
    close(fd);
    bool is_done = finish(order, pid, end != FISC_CHILD_DONE, until_us, &status, error);
    if (is_done && WIFEXITED(status) && WEXITSTATUS(status) == FISC_SANDBOX_EXIT_SETUP) {
        is_done = fisc_fail(error, FISC_ERROR_SETUP, "%s could not begin: %.*s", order->program,
                            (int)MIN(answer->len, 200), answer->str);
    }
    *out_end = end == FISC_CHILD_DONE ? judge(status) : end;
    if (is_done && *out_end == FISC_CHILD_DONE) {
        *out_answer = g_string_free_to_bytes(answer);
    } else {
        g_string_free(answer, TRUE);
    }
    return is_done;
}
