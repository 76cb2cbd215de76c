/* cluster_test.c: the embedded cluster under every ill treatment a command line brings: killed
 * starters, killed servers, two commands at once, closed folders, nobody at home. */
#include "fisc/cluster.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <libpq-fe.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define UNPRIVILEGED "nobody"
#define WAIT_SECONDS_MAX 120 /* a bound for what never comes */
#define MOMENTS 8
#define TRIES_MAX 20
/* Spaces, quotes and a percent sign: no shell, no URI and no configuration file may stumble. */
#define AWKWARD_NAME "the \"books\" of a 100% real town's council"

int fisc_cluster_tests_up(void);
int fisc_cluster_tests_down(void);

static char *root_folder; /* all folders of these tests are in it */
static char *main_folder; /* the data folder that most tests share */

int
fisc_cluster_tests_up(void)
{
    root_folder = fisc_test_folder_new();
    main_folder = g_build_filename(root_folder, AWKWARD_NAME, NULL);
    return 0;
}

int
fisc_cluster_tests_down(void)
{
    fisc_cluster_stop(main_folder, NULL);
    fisc_test_folder_remove(root_folder);
    g_clear_pointer(&root_folder, g_free);
    g_clear_pointer(&main_folder, g_free);
    return 0;
}

static char *
new_data_folder(const char *name)
{
    return g_build_filename(root_folder, name, NULL);
}

/* ---- looking at a cluster from outside ---- */

static FiscCluster *
open_or_fail(const char *folder)
{
    g_autoptr(GError) error = NULL;
    FiscCluster *cluster = NULL;
    bool is_open = fisc_cluster_open(folder, &cluster, &error);
    FISC_ASSERT_TEXT(is_open ? "open" : error->message, "open");
    CU_ASSERT_FATAL(is_open);
    return cluster;
}

static char *
ask(const char *uri, const char *query)
{
    PGconn *connection = PQconnectdb(uri);
    if (PQstatus(connection) != CONNECTION_OK) {
        char *complaint = g_strdup(PQerrorMessage(connection));
        PQfinish(connection);
        return complaint;
    }
    PGresult *result = PQexec(connection, query);
    char *answer = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1
                       ? g_strdup(PQgetvalue(result, 0, 0))
                       : g_strdup(PQerrorMessage(connection));
    PQclear(result);
    PQfinish(connection);
    return answer;
}

static pid_t
read_number(const char *folder, const char *file)
{
    g_autofree char *path = g_build_filename(folder, file, NULL);
    g_autofree char *text = NULL;
    return g_file_get_contents(path, &text, NULL, NULL) ? atoi(text) : 0;
}

static pid_t
server_pid(const char *folder)
{
    return read_number(folder, "postgres/postmaster.pid");
}

static bool
has_keeper(const char *folder)
{
    g_autofree char *path = g_build_filename(folder, "keeper.lock", NULL);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    bool is_held = fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0;
    if (fd >= 0) {
        close(fd);
    }
    return is_held;
}

/* Looks at the file only: a question to the server would count as a client. */
static bool
is_stopped(const char *folder)
{
    return server_pid(folder) == 0;
}

static bool
has_no_keeper(const char *folder)
{
    return !has_keeper(folder);
}

static bool
wait_until(bool (*is_so)(const char *folder), const char *folder)
{
    for (int i = 0; i < WAIT_SECONDS_MAX * 50; i++) {
        if (is_so(folder)) {
            return true;
        }
        g_usleep(20 * 1000);
    }
    return false;
}

/* ---- other processes ---- */

static pid_t
start_child(int (*run)(const char *folder), const char *folder)
{
    pid_t child = fork();
    if (child == 0) {
        setpgid(0, 0);      /* with what it starts, so that all of it can be killed at once */
        _exit(run(folder)); /* not exit: the program's own clean-up is the parent's */
    }
    return child;
}

static int
wait_for_child(pid_t child)
{
    int status = -1;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static int
open_in_child(const char *folder)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(FiscCluster) cluster = NULL;
    if (!fisc_cluster_open(folder, &cluster, &error)) {
        fprintf(stderr, "%s\n", error->message);
        return 1;
    }
    g_autofree char *role = ask(cluster->poster_uri, "select current_user");
    return strcmp(role, "fisc_poster") == 0 ? 0 : 2;
}

static int
open_and_be_killed(const char *folder)
{
    int status = open_in_child(folder);
    if (status == 0) {
        raise(SIGKILL);
    }
    return status;
}

/* ---- the tests ---- */

static void
makes_a_durable_cluster(void)
{
    static const struct {
        const char *setting;
        const char *expected;
    } cases[] = {
        {"fsync", "on"},           {"synchronous_commit", "on"}, {"full_page_writes", "on"},
        {"data_checksums", "on"},  {"listen_addresses", ""},     {"server_encoding", "UTF8"},
        {"lc_collate", "C.UTF-8"}, {"TimeZone", "UTC"},          {"jit", "off"},
        {"max_connections", "60"}, {"shared_buffers", "256MB"},  {"logging_collector", "off"},
    };
    g_autoptr(FiscCluster) cluster = open_or_fail(main_folder);
    FISC_ASSERT_TEXT(cluster->data_dir, main_folder);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *query = g_strconcat("show ", cases[i].setting, NULL);
        g_autofree char *actual = ask(cluster->admin_uri, query);
        FISC_ASSERT_TEXT(actual, cases[i].expected);
    }
}

static void
lets_only_its_own_roles_in(void)
{
    g_autoptr(FiscCluster) cluster = open_or_fail(main_folder);
    g_autofree char *admin = ask(cluster->admin_uri, "select current_user || current_database()");
    FISC_ASSERT_TEXT(admin, "fisc_adminfisc");
    g_autofree char *poster = ask(cluster->poster_uri, "select current_user || current_database()");
    FISC_ASSERT_TEXT(poster, "fisc_posterfisc");
    g_autofree char *privileged =
        ask(cluster->admin_uri,
            "select count(*) from pg_roles where rolsuper and rolname <> 'fisc_admin'");
    FISC_ASSERT_TEXT(privileged, "0");
    g_autofree char *reader_uri = fisc_test_reader_uri(cluster->admin_uri);
    g_autofree char *reader = ask(reader_uri, "select current_user");
    FISC_ASSERT_TEXT(reader, "fisc_reader");
    g_autofree char *made = ask(cluster->admin_uri, "create role fisc_stranger login");
    g_autofree char *stranger_uri = fisc_test_uri_as(cluster->admin_uri, "fisc_stranger");
    g_autofree char *stranger = ask(stranger_uri, "select current_user");
    FISC_ASSERT_CONTAINS(stranger, "Peer authentication failed");
}

static void
keeps_its_socket_private(void)
{
    g_autoptr(FiscCluster) cluster = open_or_fail(main_folder);
    g_autofree char *folder = ask(cluster->admin_uri, "show unix_socket_directories");
    struct stat state;
    FISC_ASSERT_INT(stat(folder, &state), 0);
    FISC_ASSERT_INT(state.st_mode & 0777, 0700);
    CU_ASSERT(strlen(folder) + strlen("/.s.PGSQL.5432") <= 107);
}

static void
adopts_a_running_cluster(void)
{
    g_autoptr(FiscCluster) first = open_or_fail(main_folder);
    pid_t pid = server_pid(main_folder);
    CU_ASSERT(pid > 0);
    g_autoptr(FiscCluster) second = open_or_fail(main_folder);
    FISC_ASSERT_INT(server_pid(main_folder), pid);
    FISC_ASSERT_TEXT(second->admin_uri, first->admin_uri);
}

static void
stops_and_starts_again(void)
{
    g_autoptr(FiscCluster) first = open_or_fail(main_folder);
    CU_ASSERT(fisc_cluster_is_running(main_folder));
    CU_ASSERT(fisc_cluster_stop(main_folder, NULL));
    CU_ASSERT(!fisc_cluster_is_running(main_folder));
    CU_ASSERT(fisc_cluster_stop(main_folder, NULL)); /* down already, which is fine */
    CU_ASSERT(wait_until(has_no_keeper, main_folder));
    g_autoptr(FiscCluster) second = open_or_fail(main_folder);
    CU_ASSERT(fisc_cluster_is_running(main_folder));
    CU_ASSERT(has_keeper(main_folder));
}

static void
says_when_there_is_nothing_to_stop(void)
{
    g_autofree char *folder = new_data_folder("nothing here");
    g_autoptr(GError) error = NULL;
    CU_ASSERT(!fisc_cluster_stop(folder, &error));
    CU_ASSERT(g_error_matches(error, FISC_ERROR, FISC_ERROR_NOT_FOUND));
    CU_ASSERT(!fisc_cluster_is_running(folder));
    CU_ASSERT(!g_file_test(folder, G_FILE_TEST_EXISTS)); /* asking makes nothing */
}

static void
adopts_a_cluster_whose_starter_was_killed(void)
{
    CU_ASSERT(fisc_cluster_stop(main_folder, NULL));
    CU_ASSERT(wait_until(has_no_keeper, main_folder));
    FISC_ASSERT_INT(wait_for_child(start_child(open_and_be_killed, main_folder)), -SIGKILL);
    CU_ASSERT(fisc_cluster_is_running(main_folder));
    CU_ASSERT(has_keeper(main_folder));
    pid_t pid = server_pid(main_folder);
    g_autoptr(FiscCluster) cluster = open_or_fail(main_folder);
    FISC_ASSERT_INT(server_pid(main_folder), pid);
}

static void
replaces_a_killed_keeper(void)
{
    g_autoptr(FiscCluster) first = open_or_fail(main_folder);
    pid_t keeper = read_number(main_folder, "keeper.lock");
    CU_ASSERT_FATAL(keeper > 1);
    kill(keeper, SIGKILL);
    CU_ASSERT(wait_until(has_no_keeper, main_folder));
    g_autoptr(FiscCluster) second = open_or_fail(main_folder);
    CU_ASSERT(has_keeper(main_folder));
    CU_ASSERT(fisc_cluster_is_running(main_folder));
}

static void
recovers_a_killed_server(void)
{
    g_autoptr(FiscCluster) first = open_or_fail(main_folder);
    g_autofree char *made = ask(first->admin_uri, "create table kept as select 7 as number");
    pid_t pid = server_pid(main_folder);
    CU_ASSERT_FATAL(pid > 1);
    kill(pid, SIGKILL);
    g_autoptr(FiscCluster) second = open_or_fail(main_folder);
    CU_ASSERT(server_pid(main_folder) != pid);
    g_autofree char *number = ask(second->admin_uri, "select number from kept");
    FISC_ASSERT_TEXT(number, "7");
}

/* After a restart of the machine or container, the old server's id may be anybody's. */
static void
starts_although_a_stranger_has_the_old_id(void)
{
    CU_ASSERT(fisc_cluster_stop(main_folder, NULL));
    g_autofree char *path = g_build_filename(main_folder, "postgres", "postmaster.pid", NULL);
    g_autofree char *text =
        g_strdup_printf("%d\n%s/postgres\n1\n5432\n/tmp\n\n", (int)getpid(), main_folder);
    CU_ASSERT(g_file_set_contents(path, text, -1, NULL));
    CU_ASSERT(!fisc_cluster_is_running(main_folder));
    g_autoptr(FiscCluster) cluster = open_or_fail(main_folder);
    CU_ASSERT(server_pid(main_folder) != getpid());
    CU_ASSERT(fisc_cluster_is_running(main_folder));
}

/* Whoever reads a command's output waits for its end; the server and the keeper must not hold it.
 */
static void
leaves_the_output_of_its_caller_alone(void)
{
    CU_ASSERT(fisc_cluster_stop(main_folder, NULL));
    CU_ASSERT(wait_until(has_no_keeper, main_folder));
    int ends[2];
    CU_ASSERT_FATAL(pipe(ends) == 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        _exit(open_in_child(main_folder));
    }
    close(ends[1]);
    FISC_ASSERT_INT(wait_for_child(child), 0);
    struct pollfd output = {.fd = ends[0], .events = POLLIN};
    FISC_ASSERT_INT(poll(&output, 1, WAIT_SECONDS_MAX * 1000), 1);
    char byte = 0;
    FISC_ASSERT_INT(read(ends[0], &byte, 1), 0); /* the end */
    close(ends[0]);
    CU_ASSERT(fisc_cluster_is_running(main_folder));
    CU_ASSERT(has_keeper(main_folder));
}

static void
starts_once_for_two_commands(void)
{
    g_autofree char *folder = new_data_folder("two");
    pid_t first = start_child(open_in_child, folder);
    pid_t second = start_child(open_in_child, folder);
    FISC_ASSERT_INT(wait_for_child(first), 0);
    FISC_ASSERT_INT(wait_for_child(second), 0);
    CU_ASSERT(fisc_cluster_is_running(folder));
    CU_ASSERT(fisc_cluster_stop(folder, NULL));
}

/* Who connects later than the keeper's patience finds nobody, and opens the cluster once more. */
static PGconn *
connect_before_it_stops(const char *folder)
{
    PGconn *client = NULL;
    for (int i = 0; i < TRIES_MAX && PQstatus(client) != CONNECTION_OK; i++) {
        PQfinish(client);
        g_autoptr(FiscCluster) cluster = open_or_fail(folder);
        client = PQconnectdb(cluster->poster_uri);
    }
    return client;
}

static void
stops_when_idle_but_not_under_a_client(void)
{
    g_autofree char *folder = new_data_folder("idle");
    g_setenv("FISC_IDLE_SECONDS", "2", true);
    PGconn *client = connect_before_it_stops(folder);
    FISC_ASSERT_INT(PQstatus(client), CONNECTION_OK);
    g_usleep(4 * G_USEC_PER_SEC);
    CU_ASSERT(fisc_cluster_is_running(folder));
    PQfinish(client);
    CU_ASSERT(wait_until(is_stopped, folder));
    CU_ASSERT(wait_until(has_no_keeper, folder));
    g_unsetenv("FISC_IDLE_SECONDS"); /* the new keeper is patient */
    g_autoptr(FiscCluster) again = open_or_fail(folder);
    CU_ASSERT(fisc_cluster_is_running(folder));
    CU_ASSERT(fisc_cluster_stop(folder, NULL));
}

/* A command that a slow machine lets sleep for longer than the keeper's second may find the cluster
 * stopped again; one that was quicker must be served. */
static int
open_within_a_second(const char *folder)
{
    int status = 0;
    int64_t begun_us = 0;
    do {
        begun_us = g_get_monotonic_time();
        status = open_in_child(folder);
    } while (status == 2 && g_get_monotonic_time() - begun_us >= G_USEC_PER_SEC);
    return status;
}

/* Commands that come just when the keeper stops the cluster, again and again: each must be served.
 */
static void
serves_a_command_at_the_moment_of_the_stop(void)
{
    g_autofree char *folder = new_data_folder("idle");
    g_setenv("FISC_IDLE_SECONDS", "1", true);
    for (int i = 0; i < MOMENTS; i++) {
        FISC_ASSERT_INT(wait_for_child(start_child(open_within_a_second, folder)), 0);
        g_usleep((gulong)(1000 + 125 * i) * 1000);
    }
    g_unsetenv("FISC_IDLE_SECONDS");
    fisc_cluster_stop(folder, NULL);
}

static int
open_as_unprivileged(const char *folder)
{
    const struct passwd *account = getpwnam(UNPRIVILEGED);
    if (geteuid() == 0 && (account == NULL || setgroups(1, &account->pw_gid) != 0 ||
                           setgid(account->pw_gid) != 0 || setuid(account->pw_uid) != 0)) {
        return 3;
    }
    g_unsetenv("XDG_RUNTIME_DIR");
    int status = open_in_child(folder);
    if (status != 0) {
        return status;
    }
    return fisc_cluster_stop(folder, NULL) ? 0 : 4;
}

static void
serves_a_user_without_privileges(void)
{
    g_autofree char *home = new_data_folder("home");
    FISC_ASSERT_INT(mkdir(home, 0700), 0);
    const struct passwd *account = getpwnam(UNPRIVILEGED);
    CU_ASSERT_FATAL(account != NULL);
    uid_t owner = geteuid() == 0 ? account->pw_uid : geteuid();
    FISC_ASSERT_INT(chown(home, owner, (gid_t)-1), 0);
    g_autofree char *folder = g_build_filename(home, "fisc", NULL);
    FISC_ASSERT_INT(wait_for_child(start_child(open_as_unprivileged, folder)), 0);
    g_autofree char *postgres = g_build_filename(folder, "postgres", NULL);
    struct stat state;
    FISC_ASSERT_INT(stat(postgres, &state), 0);
    FISC_ASSERT_INT(state.st_uid, owner);
}

/* Root's cluster runs as another account, which must reach it; anybody else must be able to write.
 */
static void
names_the_folder_that_shuts_it_out(void)
{
    g_autofree char *closed = new_data_folder("closed");
    FISC_ASSERT_INT(mkdir(closed, geteuid() == 0 ? 0700 : 0500), 0);
    g_autofree char *folder = g_build_filename(closed, "deep", "fisc", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(FiscCluster) cluster = NULL;
    CU_ASSERT_FATAL(!fisc_cluster_open(folder, &cluster, &error));
    CU_ASSERT(cluster == NULL);
    FISC_ASSERT_CONTAINS(error->message, closed);
    FISC_ASSERT_INT(error->code, geteuid() == 0 ? FISC_ERROR_SETUP : FISC_ERROR_IO);
    FISC_ASSERT_CONTAINS(error->message, geteuid() == 0 ? "chmod o+x" : "Permission denied");
    CU_ASSERT(!g_file_test(folder, G_FILE_TEST_EXISTS)); /* nothing half done */
}

static void
refuses_a_cluster_of_another_version(void)
{
    g_autofree char *folder = new_data_folder("version");
    g_autoptr(FiscCluster) cluster = open_or_fail(folder);
    CU_ASSERT(fisc_cluster_stop(folder, NULL));
    g_autofree char *path = g_build_filename(folder, "postgres", "PG_VERSION", NULL);
    CU_ASSERT(g_file_set_contents(path, "13\n", -1, NULL));
    g_autoptr(GError) error = NULL;
    g_autoptr(FiscCluster) refused = NULL;
    CU_ASSERT_FATAL(!fisc_cluster_open(folder, &refused, &error));
    FISC_ASSERT_INT(error->code, FISC_ERROR_SETUP);
    FISC_ASSERT_CONTAINS(error->message, "PostgreSQL 13");
}

static void
refuses_a_folder_that_is_no_cluster(void)
{
    g_autofree char *folder = new_data_folder("foreign");
    g_autofree char *path = g_build_filename(folder, "postgres", "letters", NULL);
    FISC_ASSERT_INT(g_mkdir_with_parents(path, 0755), 0);
    g_autoptr(GError) error = NULL;
    g_autoptr(FiscCluster) refused = NULL;
    CU_ASSERT_FATAL(!fisc_cluster_open(folder, &refused, &error));
    FISC_ASSERT_INT(error->code, FISC_ERROR_SETUP);
    CU_ASSERT(g_file_test(path, G_FILE_TEST_IS_DIR)); /* untouched */
}

/* Says why a start failed with the server's own words. */
static void
shows_the_log_when_the_server_does_not_start(void)
{
    g_autofree char *folder = new_data_folder("version");
    g_autofree char *version = g_build_filename(folder, "postgres", "PG_VERSION", NULL);
    g_autofree char *settings = g_build_filename(folder, "postgres", "postgresql.conf", NULL);
    CU_ASSERT(g_file_set_contents(version, "15\n", -1, NULL));
    FILE *file = fopen(settings, "a");
    CU_ASSERT_FATAL(file != NULL);
    fputs("no_such_setting = 1\n", file);
    fclose(file);
    g_autoptr(GError) error = NULL;
    g_autoptr(FiscCluster) refused = NULL;
    CU_ASSERT_FATAL(!fisc_cluster_open(folder, &refused, &error));
    FISC_ASSERT_INT(error->code, FISC_ERROR_SETUP);
    FISC_ASSERT_CONTAINS(error->message, "no_such_setting");
}

static char *
find_unfinished(const char *folder)
{
    g_autoptr(GDir) names = g_dir_open(folder, 0, NULL);
    const char *name = NULL;
    while (names != NULL && (name = g_dir_read_name(names)) != NULL) {
        if (g_str_has_prefix(name, "postgres.new-")) {
            return g_build_filename(folder, name, NULL);
        }
    }
    return NULL;
}

static bool
is_made(const char *folder)
{
    g_autofree char *postgres = g_build_filename(folder, "postgres", NULL);
    return g_file_test(postgres, G_FILE_TEST_EXISTS);
}

/* Far enough to look like a cluster: the version file is among the first that initdb writes. */
static bool
is_half_made(const char *folder)
{
    g_autofree char *unfinished = find_unfinished(folder);
    g_autofree char *version =
        unfinished != NULL ? g_build_filename(unfinished, "PG_VERSION", NULL) : NULL;
    return version != NULL && g_file_test(version, G_FILE_TEST_EXISTS);
}

static bool
is_half_made_or_whole(const char *folder)
{
    return is_half_made(folder) || is_made(folder);
}

/* False when the making was over before it could be killed: then the folder is swept again. */
static bool
leave_half_made(const char *folder)
{
    pid_t child = start_child(open_in_child, folder);
    CU_ASSERT(wait_until(is_half_made_or_whole, folder));
    /* With initdb, as when the machine stops: one that is left behind goes on writing while the
     * next opener sweeps. */
    kill(-child, SIGKILL);
    bool is_killed = wait_for_child(child) == -SIGKILL;
    if (is_killed && is_half_made(folder) && !is_made(folder)) {
        return true;
    }
    fisc_cluster_stop(folder, NULL);
    fisc_test_folder_remove(folder);
    return false;
}

static void
does_not_adopt_a_half_made_cluster(void)
{
    g_autofree char *folder = new_data_folder("half");
    int tries = 1;
    while (!leave_half_made(folder) && tries < TRIES_MAX) {
        tries++;
    }
    CU_ASSERT_FATAL(is_half_made(folder));
    FISC_ASSERT_INT(wait_for_child(start_child(open_in_child, folder)), 0);
    g_autofree char *leftover = find_unfinished(folder);
    FISC_ASSERT_TEXT(leftover != NULL ? leftover : "nothing", "nothing");
    CU_ASSERT(fisc_cluster_stop(folder, NULL));
}

const FiscTest fisc_cluster_tests[] = {
    {"makes a durable cluster in a folder with an awkward name", makes_a_durable_cluster},
    {"lets only its own roles in", lets_only_its_own_roles_in},
    {"keeps its socket in a short private folder", keeps_its_socket_private},
    {"adopts a running cluster", adopts_a_running_cluster},
    {"stops, and starts again", stops_and_starts_again},
    {"says when there is nothing to stop", says_when_there_is_nothing_to_stop},
    {"adopts a cluster whose starter was killed", adopts_a_cluster_whose_starter_was_killed},
    {"replaces a killed keeper", replaces_a_killed_keeper},
    {"recovers a killed server with all that was committed", recovers_a_killed_server},
    {"starts although a stranger has the old server's id",
     starts_although_a_stranger_has_the_old_id},
    {"leaves the output of its caller alone", leaves_the_output_of_its_caller_alone},
    {"starts once for two commands at once", starts_once_for_two_commands},
    {"stops when idle, but not under a client", stops_when_idle_but_not_under_a_client},
    {"serves a command that comes at the moment of the stop",
     serves_a_command_at_the_moment_of_the_stop},
    {"serves a user without privileges", serves_a_user_without_privileges},
    {"names the folder that shuts it out", names_the_folder_that_shuts_it_out},
    {"refuses a cluster of another version", refuses_a_cluster_of_another_version},
    {"refuses a folder that is no cluster", refuses_a_folder_that_is_no_cluster},
    {"shows the log when the server does not start", shows_the_log_when_the_server_does_not_start},
    {"does not adopt a half made cluster", does_not_adopt_a_half_made_cluster},
    {NULL, NULL},
};
