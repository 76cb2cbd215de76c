/* program.h: other programs and processes: as whom they run, where they are, whether they live.
 *
 * Internal to core/db. Arguments are arrays and no shell is ever involved, so a path with a space
 * or a quote in it is only a path. */
#ifndef FISC_CORE_DB_PROGRAM_H
#define FISC_CORE_DB_PROGRAM_H

#include "fisc/error.h"
#include <sys/types.h>

#define FISC_PG_VERSION "15"

/** As whom a program runs. */
typedef struct {
    uid_t uid;
    gid_t gid;
    char *name;
    bool is_other; /* not the caller: root steps down to it */
} FiscAccount;

/** The account a cluster runs as: the caller's own, or "postgres" when the caller is root, since
 *  PostgreSQL refuses to run as root. SETUP when there is no such account. */
bool fisc_account_find(FiscAccount *out_account, GError **error);
void fisc_account_clear(FiscAccount *account);
/** Steps down to @account for good. Only system calls: may be called between fork and exec. */
bool fisc_account_become(const FiscAccount *account);

/** Path of a program of PostgreSQL 15: in $FISC_PG_BIN, where Debian keeps it, or on the PATH.
 *  SETUP when none of that version is found. */
bool fisc_program_find(const char *name, char **out_path, GError **error);
/** Runs a program to its end, which is bounded in time. A status other than 0 is a SETUP error that
 *  holds what the program said. It does not outlive the caller. */
bool fisc_program_run(const FiscAccount *account, const char *const *argv, GError **error);
/** The same with a bound of its own, for what takes long. */
bool fisc_program_run_for(const FiscAccount *account, const char *const *argv, int seconds_max,
                          GError **error);
/** Starts a program that outlives the caller, in a session of its own, with nothing of the caller's
 *  but @log_fd as its output. */
bool fisc_program_start(const FiscAccount *account, const char *const *argv, int log_fd,
                        pid_t *out_pid, GError **error);

/** Undoes what a process inherited: blocked, ignored and handled signals. */
void fisc_process_forget_signals(void);
/** True for a process that runs; a zombie does not. */
bool fisc_process_is_alive(pid_t pid);
/** True when @pid is a live "postgres" whose working folder is @folder (a real path). */
bool fisc_process_is_postgres_in(pid_t pid, const char *folder);
/** Any live "postgres" that works in @folder, or 0. */
pid_t fisc_process_find_postgres_in(const char *folder);

#endif
