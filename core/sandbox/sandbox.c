/* sandbox.c: what a process gives up before it reads bytes of strangers.
 *
 * The filter lists what is allowed. It is short because the readers are given everything open: they
 * read, write, ask for memory, and end. */
#include "core/sandbox/sandbox.h"
#include "fisc/error.h"
#include <errno.h>
#include <grp.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#define NOBODY 65534 /* of Debian and all others */

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_SANITIZED 1
#else
#define IS_SANITIZED 0
#endif

/* GLib ends a program that gets no memory by g_error(); nothing else of ours calls it here. */
static void
end_by_log(const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
    (void)domain;
    (void)message;
    (void)data;
    if ((level & G_LOG_LEVEL_ERROR) != 0) {
        _exit(FISC_SANDBOX_EXIT_MEMORY);
    }
}

/* A kernel or a container may refuse each of these; the filter does not depend on them. */
static void
let_go_of_root(void)
{
    if (geteuid() == 0 && setgroups(0, NULL) == 0 && setgid(NOBODY) == 0 && setuid(NOBODY) != 0) {
        _exit(FISC_SANDBOX_EXIT_SETUP); /* half of it would be a state that nobody thought of */
    }
}

static bool
limit(int resource, rlim_t soft, rlim_t hard, GError **error)
{
    struct rlimit now;
    if (getrlimit((__rlimit_resource_t)resource, &now) != 0) {
        return fisc_fail(error, FISC_ERROR_SETUP, "getrlimit: %s", g_strerror(errno));
    }
    now.rlim_max = MIN(now.rlim_max, hard); /* somebody may have given us less */
    now.rlim_cur = MIN(now.rlim_max, soft);
    return setrlimit((__rlimit_resource_t)resource, &now) == 0 ||
           fisc_fail(error, FISC_ERROR_SETUP, "setrlimit: %s", g_strerror(errno));
}

static bool
set_limits(const FiscSandboxLimits *limits, guint descriptors, GError **error)
{
    /* At the soft limit of time SIGXCPU comes, at the hard one SIGKILL. */
    bool is_done = limit(RLIMIT_CPU, limits->cpu_s, (rlim_t)limits->cpu_s + 1, error) &&
                   limit(RLIMIT_CORE, 0, 0, error) &&
                   limit(RLIMIT_NOFILE, descriptors, descriptors, error) &&
                   limit(RLIMIT_NPROC, 0, 0, error);
    if (IS_SANITIZED) {
        return is_done; /* shadow memory is terabytes, and reports may go to a file */
    }
    return is_done && limit(RLIMIT_FSIZE, 0, 0, error) &&
           limit(RLIMIT_AS, limits->memory_bytes, limits->memory_bytes, error);
}

/* What needs no look at its arguments. */
static const int allowed[] = {
    SCMP_SYS(read),      SCMP_SYS(write),        SCMP_SYS(brk),   SCMP_SYS(munmap),
    SCMP_SYS(mremap),    SCMP_SYS(madvise),      SCMP_SYS(futex), SCMP_SYS(clock_gettime),
    SCMP_SYS(getrandom), SCMP_SYS(rt_sigreturn), SCMP_SYS(exit),  SCMP_SYS(exit_group),
};

/* Memory, but none that could be run, and none that is a file. */
static int
allow_memory(scmp_filter_ctx filter)
{
    const struct scmp_arg_cmp no_code = SCMP_A2_64(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
    const struct scmp_arg_cmp no_file =
        SCMP_A3_64(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS);
    int failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, no_code);
    return failed != 0
               ? failed
               : seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2, no_code, no_file);
}

/* NULL when it cannot be made. */
static scmp_filter_ctx
make_filter(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (filter == NULL) {
        return NULL;
    }
    /* Calls of another architecture would have other numbers. */
    int failed = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    for (gsize i = 0; i < G_N_ELEMENTS(allowed) && failed == 0; i++) {
        failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
    }
    failed = failed != 0 ? failed : allow_memory(filter);
    if (failed != 0) {
        seccomp_release(filter);
        return NULL;
    }
    return filter;
}

/* The filter as the kernel takes it; len 0: none was prepared. */
static struct sock_fprog prepared;

void
fisc_sandbox_prepare(void)
{
    scmp_filter_ctx filter = make_filter();
    int file = filter != NULL ? memfd_create("fisc-filter", MFD_CLOEXEC) : -1;
    off_t size = file >= 0 && seccomp_export_bpf(filter, file) == 0 ? lseek(file, 0, SEEK_END) : 0;
    if (size > 0 && size % (off_t)sizeof(struct sock_filter) == 0) {
        struct sock_filter *steps = g_malloc((gsize)size);
        if (pread(file, steps, (gsize)size, 0) == size) {
            prepared = (struct sock_fprog){
                .len = (unsigned short)((gsize)size / sizeof(struct sock_filter)), .filter = steps};
        } else {
            g_free(steps);
        }
    }
    if (file >= 0) {
        close(file);
    }
    if (filter != NULL) {
        seccomp_release(filter);
    }
}

/* False when the kernel gives no filter, for whatever reason. */
static bool
set_filter(void)
{
    if (prepared.len > 0) {
        return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prepared, 0, 0) == 0;
    }
    scmp_filter_ctx filter = make_filter();
    if (filter == NULL) {
        return false;
    }
    int failed = seccomp_load(filter);
    seccomp_release(filter);
    return failed == 0;
}

bool
fisc_sandbox_enter(guint descriptors, const FiscSandboxLimits *limits, FiscSandboxState *out_state,
                   GError **error)
{
    if (close_range(descriptors, ~0U, 0) != 0) {
        return fisc_fail(error, FISC_ERROR_SETUP, "close_range: %s", g_strerror(errno));
    }
    let_go_of_root();
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl(PR_SET_DUMPABLE, IS_SANITIZED, 0, 0, 0) != 0 ||
        prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) {
        return fisc_fail(error, FISC_ERROR_SETUP, "prctl: %s", g_strerror(errno));
    }
    g_log_set_default_handler(end_by_log, NULL);
    if (!set_limits(limits, descriptors, error)) {
        return false;
    }
    *out_state = IS_SANITIZED   ? FISC_SANDBOX_SANITIZED
                 : set_filter() ? FISC_SANDBOX_FILTERED
                                : FISC_SANDBOX_LIMITED;
    return true;
}
