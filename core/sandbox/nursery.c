/* nursery.c: see nursery.h. Both sides speak over a socket that keeps messages apart: three
 * descriptors go one way, a status comes back. The program that waits never reads a document: what
 * it is sent it only hands to its copy. Before anything it says that it is ready. It is killed with
 * the copy that has to be: a reader dies with who made it (core/sandbox/sandbox.c). */
#include "core/sandbox/nursery.h"
#include "core/sandbox/child.h"
#include "core/sandbox/sandbox.h"
#include "fisc/error.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define DESCRIPTORS 3 /* request, answer, document */
#define READY 'b'     /* said once by the program: it can be asked */
#define ASKED 'r'
#define READY_S 60 /* it is prepared in milliseconds; a machine may be busy */

/* Room for them beside a message, aligned as the kernel wants it. */
typedef union {
    char bytes[CMSG_SPACE(DESCRIPTORS * sizeof(int))];
    struct cmsghdr align;
} Beside;

/* ---- who asks ---- */

typedef struct {
    pid_t pid;
    int socket;
} Nurse;

struct _FiscNursery {
    GHashTable *nurses; /* program -> Nurse */
};

static void
nurse_free(gpointer data)
{
    Nurse *nurse = data;
    close(nurse->socket);
    kill(nurse->pid, SIGKILL); /* it has nothing to put in order */
    while (waitpid(nurse->pid, NULL, 0) < 0 && errno == EINTR) {
    }
    g_free(nurse);
}

FiscNursery *
fisc_nursery_new(void)
{
    FiscNursery *nursery = g_new0(FiscNursery, 1);
    nursery->nurses = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, nurse_free);
    return nursery;
}

void
fisc_nursery_free(FiscNursery *nursery)
{
    if (nursery != NULL) {
        g_hash_table_unref(nursery->nurses);
        g_free(nursery);
    }
}

/* One message of that length, in time. */
static bool
receive(const Nurse *nurse, gint64 until_us, void *out_message, gsize length)
{
    for (;;) {
        gint64 left_ms = MAX((until_us - g_get_monotonic_time()) / 1000, 1);
        struct pollfd poll_for = {.fd = nurse->socket, .events = POLLIN};
        int ready = poll(&poll_for, 1, (int)MIN(left_ms, G_MAXINT));
        if (ready > 0) {
            return recv(nurse->socket, out_message, length, 0) == (gssize)length;
        }
        if (ready == 0 || errno != EINTR) {
            return false;
        }
    }
}

/* A program that cannot begin is told apart from one that breaks down over a document: the first
 * is ours to mend, the second is the document's fault. */
static Nurse *
start(const char *program, GError **error)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
        fisc_fail(error, FISC_ERROR_SETUP, "socketpair: %s", g_strerror(errno));
        return NULL;
    }
    pid_t pid = 0;
    int theirs = fcntl(ends[1], F_DUPFD_CLOEXEC, FISC_CHILD_DESCRIPTORS);
    int failed = theirs < 0 ? errno : fisc_child_spawn(program, theirs, -1, -1, &pid);
    close(ends[1]);
    if (theirs >= 0) {
        close(theirs);
    }
    if (failed != 0) {
        close(ends[0]);
        fisc_fail(error, FISC_ERROR_SETUP, "%s cannot be run: %s", program, g_strerror(failed));
        return NULL;
    }
    Nurse *nurse = g_new0(Nurse, 1);
    *nurse = (Nurse){.pid = pid, .socket = ends[0]};
    char word = 0;
    if (!receive(nurse, g_get_monotonic_time() + READY_S * G_USEC_PER_SEC, &word, sizeof word) ||
        word != READY) {
        nurse_free(nurse);
        fisc_fail(error, FISC_ERROR_SETUP, "%s cannot be run: it ends before it can be asked",
                  program);
        return NULL;
    }
    return nurse;
}

static bool
send_job(const Nurse *nurse, const int descriptors[DESCRIPTORS])
{
    char word = ASKED;
    Beside beside = {{0}};
    struct iovec part = {.iov_base = &word, .iov_len = 1};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = beside.bytes,
                             .msg_controllen = sizeof beside.bytes};
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(DESCRIPTORS * sizeof(int));
    memcpy(CMSG_DATA(head), descriptors, DESCRIPTORS * sizeof(int));
    gssize sent;
    while ((sent = sendmsg(nurse->socket, &message, MSG_NOSIGNAL)) < 0 && errno == EINTR) {
    }
    return sent == 1;
}

/* One that somebody ended since is replaced. */
bool
fisc_nursery_begin(FiscNursery *nursery, const char *program, const int descriptors[DESCRIPTORS],
                   GError **error)
{
    for (int attempt = 1; attempt <= 2; attempt++) {
        Nurse *nurse = g_hash_table_lookup(nursery->nurses, program);
        if (nurse == NULL) {
            nurse = start(program, error);
            if (nurse == NULL) {
                return false;
            }
            g_hash_table_replace(nursery->nurses, g_strdup(program), nurse);
        }
        if (send_job(nurse, descriptors)) {
            return true;
        }
        fisc_nursery_kill(nursery, program);
    }
    return fisc_fail(error, FISC_ERROR_SETUP, "%s cannot be run: it ends before it is asked",
                     program);
}

void
fisc_nursery_wait(FiscNursery *nursery, const char *program, gint64 until_us, int *out_status)
{
    const Nurse *nurse = g_hash_table_lookup(nursery->nurses, program);
    if (!receive(nurse, until_us, out_status, sizeof *out_status)) {
        fisc_nursery_kill(nursery, program);
        *out_status = SIGKILL;
    }
}

void
fisc_nursery_kill(FiscNursery *nursery, const char *program)
{
    g_hash_table_remove(nursery->nurses, program);
}

/* ---- the program ---- */

bool
fisc_nursery_is_asked(void)
{
    struct stat state;
    return fstat(FISC_CHILD_REQUEST, &state) == 0 && S_ISSOCK(state.st_mode);
}

/* False when nobody asks any more. */
static bool
receive_job(int out_descriptors[DESCRIPTORS])
{
    char word = 0;
    Beside beside = {{0}};
    struct iovec part = {.iov_base = &word, .iov_len = 1};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = beside.bytes,
                             .msg_controllen = sizeof beside.bytes};
    gssize got;
    while ((got = recvmsg(FISC_CHILD_REQUEST, &message, 0)) < 0 && errno == EINTR) {
    }
    const struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    if (got != 1 || word != ASKED || head == NULL || head->cmsg_type != SCM_RIGHTS ||
        head->cmsg_len != CMSG_LEN(DESCRIPTORS * sizeof(int))) {
        return false;
    }
    memcpy(out_descriptors, CMSG_DATA(head), DESCRIPTORS * sizeof(int));
    return true;
}

/* What came has higher numbers than these, or its own. The socket is gone with the first. */
static bool
take_places(const int descriptors[DESCRIPTORS])
{
    static const int places[DESCRIPTORS] = {FISC_CHILD_REQUEST, FISC_CHILD_ANSWER,
                                            FISC_CHILD_DOCUMENT};
    for (gsize i = 0; i < DESCRIPTORS; i++) {
        if (dup2(descriptors[i], places[i]) < 0) {
            return false;
        }
    }
    return true;
}

static int
make_copy(const int descriptors[DESCRIPTORS], int (*work)(gconstpointer data), gconstpointer data)
{
    pid_t pid = fork();
    if (pid == 0) {
        _exit(take_places(descriptors) ? work(data) : FISC_SANDBOX_EXIT_SETUP);
    }
    for (gsize i = 0; i < DESCRIPTORS; i++) {
        close(descriptors[i]);
    }
    int status = W_EXITCODE(FISC_SANDBOX_EXIT_SETUP, 0);
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
}

int
fisc_nursery_serve(int (*work)(gconstpointer data), gconstpointer data)
{
    int descriptors[DESCRIPTORS];
    const char word = READY;
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    fisc_sandbox_prepare();
    bool is_heard = send(FISC_CHILD_REQUEST, &word, sizeof word, MSG_NOSIGNAL) == sizeof word;
    while (is_heard && receive_job(descriptors)) {
        int status = make_copy(descriptors, work, data);
        if (send(FISC_CHILD_REQUEST, &status, sizeof status, MSG_NOSIGNAL) !=
            (gssize)sizeof status) {
            break;
        }
    }
    return 0;
}
