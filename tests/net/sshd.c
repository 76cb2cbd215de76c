/* sshd.c: starts OpenSSH's server in the foreground on a free port of the loopback, with its own
 * configuration; /etc/ssh is not read and not touched. */
#include "tests/net/sshd.h"
#include "tests/support/suite.h"
#include <arpa/inet.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <shadow.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define PROGRAM "/usr/sbin/sshd"
#define SEPARATION_FOLDER "/run/sshd" /* compiled into it; systemd would make it */
#define WAIT_STEPS 200
#define WAIT_STEP_US (50 * 1000)

/* Without PAM the server lets nobody in whose account is locked, by key neither. Only root can see
 * that, and only for root does the server look. */
static bool
is_locked(void)
{
    const struct spwd *account = geteuid() == 0 ? getspnam(g_get_user_name()) : NULL;
    return account != NULL && account->sp_pwdp != NULL && account->sp_pwdp[0] == '!';
}

const char *
fisc_sshd_missing(void)
{
    g_autofree char *keygen = g_find_program_in_path("ssh-keygen");
    if (access(PROGRAM, X_OK) != 0 || keygen == NULL) {
        return "there is no OpenSSH server (package openssh-server)";
    }
    if (is_locked()) {
        return "this account is locked, and nobody can log in to it";
    }
    if (geteuid() == 0 && g_mkdir_with_parents(SEPARATION_FOLDER, 0755) != 0) {
        return SEPARATION_FOLDER " cannot be made";
    }
    return NULL;
}

static bool
run(const char *folder, const char *command, char **out_text)
{
    const char *const words[] = {"sh", "-c", command, NULL};
    int status = -1;
    return g_spawn_sync(folder, (char **)words, NULL,
                        G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, out_text,
                        NULL, &status, NULL) &&
           status == 0;
}

/* Free at this moment; who takes it in between makes the start fail, and it is tried again. */
static int
find_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool is_bound = fd >= 0 && bind(fd, (struct sockaddr *)&address, length) == 0 &&
                    getsockname(fd, (struct sockaddr *)&address, &length) == 0;
    close(fd);
    return is_bound ? ntohs(address.sin_port) : -1;
}

static bool
write_configuration(FiscSshd *sshd)
{
    g_autofree char *path = g_build_filename(sshd->folder, "sshd_config", NULL);
    g_autofree char *text = g_strdup_printf("ListenAddress 127.0.0.1\n"
                                            "Port %d\n"
                                            "HostKey %s/host\n"
                                            "AuthorizedKeysFile %s/client.pub\n"
                                            "AuthenticationMethods publickey\n"
                                            "PidFile none\n"
                                            "StrictModes no\n"
                                            "UsePAM no\n"
                                            "PermitRootLogin prohibit-password\n"
                                            "Subsystem sftp internal-sftp\n"
                                            "ForceCommand internal-sftp -d %s/files\n",
                                            sshd->port, sshd->folder, sshd->folder, sshd->folder);
    return g_file_set_contents(path, text, -1, NULL);
}

static bool
make_host_key(FiscSshd *sshd)
{
    g_autofree char *text = NULL;
    if (!run(sshd->folder,
             "rm -f host host.pub && ssh-keygen -q -t ed25519 -N '' -f host && "
             "ssh-keygen -lf host.pub",
             &text)) {
        return false;
    }
    g_auto(GStrv) words = g_strsplit(text, " ", 3); /* "256 SHA256:... comment" */
    g_free(sshd->host_key);
    sshd->host_key = g_strdup(words[1]);
    return true;
}

static bool
is_answering(const FiscSshd *sshd)
{
    g_autoptr(GSocketClient) client = g_socket_client_new();
    g_autoptr(GSocketConnection) connection =
        g_socket_client_connect_to_host(client, "127.0.0.1", (guint16)sshd->port, NULL, NULL);
    char banner[4] = "";
    return connection != NULL &&
           g_input_stream_read(g_io_stream_get_input_stream(G_IO_STREAM(connection)), banner,
                               sizeof banner, NULL, NULL) == sizeof banner &&
           memcmp(banner, "SSH-", sizeof banner) == 0;
}

/* When the test dies, so does the server. */
static void
end_with_parent(gpointer data)
{
    (void)data;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
}

static bool
launch(FiscSshd *sshd)
{
    g_autofree char *path = g_build_filename(sshd->folder, "sshd_config", NULL);
    g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(
        G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
    g_subprocess_launcher_set_child_setup(launcher, end_with_parent, NULL, NULL);
    sshd->process =
        g_subprocess_launcher_spawn(launcher, NULL, PROGRAM, "-D", "-e", "-f", path, NULL);
    for (int i = 0; sshd->process != NULL && i < WAIT_STEPS; i++) {
        if (is_answering(sshd)) {
            return true;
        }
        g_usleep(WAIT_STEP_US);
    }
    fisc_sshd_kill(sshd);
    return false;
}

FiscSshd *
fisc_sshd_start(void)
{
    FiscSshd *sshd = g_new0(FiscSshd, 1);
    sshd->folder = g_dir_make_tmp("fisc-sshd-XXXXXX", NULL);
    bool is_ready =
        run(sshd->folder, "ssh-keygen -q -t ed25519 -N '' -f client && mkdir files", NULL) &&
        make_host_key(sshd);
    for (int i = 0; is_ready && i < 3; i++) {
        sshd->port = find_port();
        if (write_configuration(sshd) && launch(sshd)) {
            return sshd;
        }
    }
    fisc_sshd_free(sshd);
    return NULL;
}

void
fisc_sshd_kill(FiscSshd *sshd)
{
    if (sshd->process != NULL) {
        g_subprocess_send_signal(sshd->process, SIGTERM);
        g_subprocess_wait(sshd->process, NULL, NULL);
        g_object_unref(sshd->process);
        sshd->process = NULL;
    }
}

bool
fisc_sshd_restart_with_other_key(FiscSshd *sshd)
{
    fisc_sshd_kill(sshd);
    return make_host_key(sshd) && launch(sshd);
}

void
fisc_sshd_free(FiscSshd *sshd)
{
    if (sshd == NULL) {
        return;
    }
    fisc_sshd_kill(sshd);
    run(sshd->folder, "rm -rf files && rm -f *", NULL);
    g_rmdir(sshd->folder);
    g_free(sshd->folder);
    g_free(sshd->host_key);
    g_free(sshd);
}
