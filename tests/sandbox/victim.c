/* victim.c: a program that enters the sandbox and then does what it must not. Its request says
 * what; its answer begins with how far it is fenced in. What is not stopped ends with "free". */
#include "core/sandbox/child.h"
#include "core/sandbox/sandbox.h"
#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MEGABYTE (1024 * 1024)

static void
say(const void *data, gsize length)
{
    if (write(FISC_CHILD_ANSWER, data, length) < 0) {
        _exit(3);
    }
}

static void
do_nothing(void)
{
}

static void
open_file(void)
{
    int fd = open("/etc/passwd", O_RDONLY);
    (void)fd;
}

static void
make_file(void)
{
    int fd = open("/tmp/fisc-victim", O_RDWR | O_CREAT, 0600);
    (void)fd;
}

static void
open_socket(void)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    (void)fd;
}

static void
run_program(void)
{
    execl("/bin/true", "true", NULL);
}

static void
make_process(void)
{
    pid_t pid = fork();
    (void)pid;
}

static void
trace(void)
{
    ptrace(PTRACE_ATTACH, getppid(), NULL, NULL);
}

static void
kill_parent(void)
{
    kill(1, 0);
}

static void
let_go(void)
{
    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}

static void
run_memory(void)
{
    void *code =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    (void)code;
}

static void
make_runnable(void)
{
    void *code = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    mprotect(code, 4096, PROT_READ | PROT_EXEC);
}

/* As a document that unfolds: piece after piece. */
static void
take_memory(void)
{
    for (int i = 0; i < 1024; i++) {
        memset(g_malloc(4 * MEGABYTE), 1, 4 * MEGABYTE);
    }
}

static void
take_time(void)
{
    for (volatile guint64 i = 0;; i++) {
    }
}

static void
wait_forever(void)
{
    static int never;
    syscall(SYS_futex, &never, FUTEX_WAIT, 0, NULL, NULL, 0);
}

static void
say_much(void)
{
    static const char block[4096];
    for (;;) {
        say(block, sizeof(block));
    }
}

static void
crash(void)
{
    __builtin_trap();
}

/* Says whether somebody was here before, and that it was. */
static void
leave_mark(void)
{
    static bool is_marked;
    say(is_marked ? "marked " : "unmarked ", is_marked ? 7 : 9);
    is_marked = true;
}

static const struct {
    const char *word;
    void (*act)(void);
} deeds[] = {
    {"nothing", do_nothing},    {"open", open_file},         {"make-file", make_file},
    {"socket", open_socket},    {"execve", run_program},     {"fork", make_process},
    {"ptrace", trace},          {"kill", kill_parent},       {"prctl", let_go},
    {"run-memory", run_memory}, {"mprotect", make_runnable}, {"memory", take_memory},
    {"time", take_time},        {"wait", wait_forever},      {"length", say_much},
    {"crash", crash},           {"mark", leave_mark},
};

/* The deed is what it is asked for, as readers are. */
static int
do_deed(gconstpointer unused)
{
    const FiscSandboxLimits limits = {.memory_bytes = 256 * MEGABYTE, .cpu_s = 1};
    FiscSandboxState state;
    char deed[32] = "";
    gssize length = read(FISC_CHILD_REQUEST, deed, sizeof deed - 1);
    (void)unused;
    if (length <= 0 || !fisc_sandbox_enter(FISC_CHILD_DESCRIPTORS, &limits, &state, NULL)) {
        return FISC_SANDBOX_EXIT_SETUP;
    }
    char letter = (char)state;
    say(&letter, 1);
    for (gsize i = 0; i < G_N_ELEMENTS(deeds); i++) {
        if (strcmp(deeds[i].word, deed) == 0) {
            deeds[i].act();
        }
    }
    say("free", 4);
    return 0;
}

int
main(void)
{
    _exit(fisc_nursery_is_asked() ? fisc_nursery_serve(do_deed, NULL) : do_deed(NULL));
}
