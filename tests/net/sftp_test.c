/* sftp_test.c: files and listings from a real OpenSSH server, and servers that are not the agreed
 * one. Without that package the tests say so and check nothing but that SFTP needs its settings. */
#include "tests/net/evil.h"
#include "tests/net/sshd.h"
#include "tests/support/suite.h"
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <utime.h>

extern const FiscTest fisc_sftp_tests[];
int fisc_sftp_set_up(void);
int fisc_sftp_tear_down(void);

#define TEXT "code,amount\r\n2211,400.00\r\n"
#define MODIFIED_S 1700000000 /* more than half a year ago: a listing would say no time of day */
#define LARGE (3 * 1024 * 1024 + 17)
#define OTHER_KEY "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static FiscSshd *sshd;

int
fisc_sftp_set_up(void)
{
    const char *missing = fisc_sshd_missing();
    if (missing != NULL) {
        printf("\n    SFTP is not tested: %s\n", missing);
        return 0;
    }
    sshd = fisc_sshd_start();
    return sshd != NULL ? 0 : 1;
}

int
fisc_sftp_tear_down(void)
{
    g_clear_pointer(&sshd, fisc_sshd_free);
    return 0;
}

typedef struct {
    FiscFetchRules rules;
    const char *keys[3];
    const char *addresses[2];
    char *key_file;
} Login;

static void
init_login(Login *login)
{
    login->keys[0] = sshd->host_key;
    login->keys[1] = NULL;
    login->addresses[0] = "127.0.0.1";
    login->addresses[1] = NULL;
    login->key_file = g_build_filename(sshd->folder, "client", NULL);
    login->rules = (FiscFetchRules){
        .schemes = FISC_SCHEME_SFTP,
        .private_addresses = login->addresses,
        .ssh_host_keys = login->keys,
        .ssh_user = g_get_user_name(),
        .ssh_key_file = login->key_file,
        .stall_s = 30,
    };
}

static void
write_file(const char *name, const void *bytes, gsize length)
{
    g_autofree char *path = g_build_filename(sshd->folder, "files", name, NULL);
    CU_ASSERT_TRUE_FATAL(g_file_set_contents(path, bytes, (gssize)length, NULL));
    const struct utimbuf times = {MODIFIED_S, MODIFIED_S};
    utime(path, &times);
}

static const char *
get_file(const Login *login, const char *name, FiscFetchReply **out_reply, char **out_message)
{
    g_autofree char *url =
        g_strdup_printf("sftp://127.0.0.1:%d%s/files/%s", sshd->port, sshd->folder, name);
    const FiscFetchRequest request = {.url = url};
    g_autoptr(GError) error = NULL;
    fisc_fetch(&login->rules, &request, out_reply, &error);
    *out_message = g_strdup(error != NULL ? error->message : "");
    return fisc_evil_code(error);
}

static void
check_file(const Login *login, const char *name, const char *code, const char *part)
{
    g_autoptr(FiscFetchReply) reply = NULL;
    g_autofree char *message = NULL;
    const char *actual = get_file(login, name, &reply, &message);
    FISC_ASSERT_TEXT(actual, code);
    FISC_ASSERT_CONTAINS(message, part);
}

static void
test_needs_its_settings(void)
{
    static const char *const keys[] = {OTHER_KEY, NULL};
    static const char *const none[] = {NULL};
    const FiscFetchRequest request = {.url = "sftp://127.0.0.1:1/"};
    FiscFetchRules rules = {.schemes = FISC_SCHEME_SFTP, .ssh_user = "u", .ssh_key_file = "k"};
    for (int i = 0; i < 4; i++) {
        rules.ssh_host_keys = i == 0 ? NULL : (i == 1 ? none : keys);
        rules.ssh_user = i == 2 ? NULL : "u";
        rules.ssh_key_file = i == 3 ? NULL : "k";
        g_autoptr(FiscFetchReply) reply = NULL;
        g_autoptr(GError) error = NULL;
        CU_ASSERT_FALSE(fisc_fetch(&rules, &request, &reply, &error));
        FISC_ASSERT_TEXT(fisc_evil_code(error), "SETUP");
    }
    g_autoptr(GPtrArray) entries = NULL;
    g_autoptr(GError) error = NULL;
    CU_ASSERT_FALSE(fisc_fetch_list(&rules, "sftp://127.0.0.1:1/file", 10, &entries, &error));
    FISC_ASSERT_TEXT(fisc_evil_code(error), "VALUE_INVALID");
}

static void
test_gets_files_byte_for_byte(void)
{
    if (sshd == NULL) {
        return;
    }
    Login login;
    init_login(&login);
    g_autofree char *large = g_malloc(LARGE);
    for (gsize i = 0; i < LARGE; i++) {
        large[i] = (char)(i * 7 + i / 256);
    }
    const struct {
        const char *name;
        const char *bytes;
        gsize length;
    } cases[] = {
        {"list.csv", TEXT, strlen(TEXT)},
        {"empty.csv", "", 0},
        {"a name with spaces.csv", "1", 1},
        {"large.bin", large, LARGE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        write_file(cases[i].name, cases[i].bytes, cases[i].length);
        g_autofree char *escaped = g_uri_escape_string(cases[i].name, NULL, FALSE);
        g_autoptr(FiscFetchReply) reply = NULL;
        g_autofree char *message = NULL;
        FISC_ASSERT_TEXT(get_file(&login, escaped, &reply, &message), "none");
        CU_ASSERT_PTR_NOT_NULL_FATAL(reply);
        FISC_ASSERT_TEXT(reply->key_seen, sshd->host_key);
        FISC_ASSERT_INT(reply->bytes, cases[i].length);
        gsize length = 0;
        const char *body = g_bytes_get_data(reply->body, &length);
        CU_ASSERT_TRUE(length == cases[i].length &&
                       (length == 0 || memcmp(body, cases[i].bytes, length) == 0));
    }
    login.rules.bytes_max = LARGE - 1;
    check_file(&login, "large.bin", "PEER_FAULT", "more than the");
    check_file(&login, "missing.csv", "NOT_FOUND", "no such file");
    g_free(login.key_file);
}

static void
test_lists_a_directory(void)
{
    if (sshd == NULL) {
        return;
    }
    static const struct {
        const char *name;
        int64_t bytes;
        bool is_folder;
    } expected[] = {
        {" leading space", 2, false}, {"10 Nov 22 11:00 x", 3, false}, {"b.csv", 26, false},
        {"folder", -1, true},         {"z\xc3\xa9ro", 0, false},
    };
    Login login;
    init_login(&login);
    g_autofree char *command = g_strdup_printf("%s/files/list/folder", sshd->folder);
    g_mkdir_with_parents(command, 0755);
    write_file("list/b.csv", TEXT, strlen(TEXT));
    write_file("list/ leading space", "12", 2);
    write_file("list/10 Nov 22 11:00 x", "123", 3);
    write_file("list/z\xc3\xa9ro", "", 0);
    g_autofree char *link = g_strdup_printf("%s/files/list/link", sshd->folder);
    CU_ASSERT_EQUAL(symlink("/etc/passwd", link), 0);
    g_autofree char *url =
        g_strdup_printf("sftp://127.0.0.1:%d%s/files/list/", sshd->port, sshd->folder);
    g_autoptr(GPtrArray) entries = NULL;
    g_autoptr(GError) error = NULL;
    CU_ASSERT_TRUE_FATAL(fisc_fetch_list(&login.rules, url, 5, &entries, &error));
    FISC_ASSERT_INT(entries->len, G_N_ELEMENTS(expected));
    for (guint i = 0; i < MIN(entries->len, G_N_ELEMENTS(expected)); i++) {
        const FiscFetchEntry *entry = entries->pdata[i];
        FISC_ASSERT_TEXT(entry->name, expected[i].name);
        FISC_ASSERT_INT(entry->is_folder, expected[i].is_folder);
        if (!entry->is_folder) {
            FISC_ASSERT_INT(entry->bytes, expected[i].bytes);
            FISC_ASSERT_INT(entry->modified_s, MODIFIED_S);
        } else {
            CU_ASSERT_TRUE(entry->modified_s > MODIFIED_S);
        }
    }
    g_autoptr(GPtrArray) too_many = NULL;
    CU_ASSERT_FALSE(fisc_fetch_list(&login.rules, url, 4, &too_many, &error));
    FISC_ASSERT_TEXT(fisc_evil_code(error), "PEER_FAULT");
    CU_ASSERT_PTR_NULL(too_many);
    g_free(login.key_file);
}

/* A row of a listing is a line, so a name with a line feed could say anything. */
static void
test_refuses_a_listing_that_cannot_be_read(void)
{
    if (sshd == NULL) {
        return;
    }
    static const char *const names[] = {"a\nb", "caf\xe9"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        Login login;
        init_login(&login);
        g_autofree char *folder = g_strdup_printf("%s/files/odd%zu", sshd->folder, i);
        g_mkdir_with_parents(folder, 0755);
        g_autofree char *name = g_strdup_printf("odd%zu/%s", i, names[i]);
        write_file(name, "1", 1);
        g_autofree char *url = g_strdup_printf("sftp://127.0.0.1:%d%s/", sshd->port, folder);
        g_autoptr(GPtrArray) entries = NULL;
        g_autoptr(GError) error = NULL;
        CU_ASSERT_FALSE(fisc_fetch_list(&login.rules, url, 100, &entries, &error));
        FISC_ASSERT_TEXT(fisc_evil_code(error), "PEER_FAULT");
        g_free(login.key_file);
    }
}

static void
test_lets_in_only_with_the_key(void)
{
    if (sshd == NULL) {
        return;
    }
    Login login;
    init_login(&login);
    write_file("list.csv", TEXT, strlen(TEXT));
    g_autofree char *stranger = g_build_filename(sshd->folder, "host", NULL); /* another key */
    login.rules.ssh_key_file = stranger;
    check_file(&login, "list.csv", "PEER_FORBIDDEN", "does not let us in");
    login.rules.ssh_key_file = "/nonexistent/key";
    check_file(&login, "list.csv", "PEER_FORBIDDEN", "does not let us in");
    login.rules.ssh_key_file = login.key_file;
    check_file(&login, "list.csv", "none", "");
    login.rules.private_addresses = NULL;
    check_file(&login, "list.csv", "PEER_FORBIDDEN", "not public");
    g_free(login.key_file);
}

static void
test_holds_the_host_to_its_key(void)
{
    if (sshd == NULL) {
        return;
    }
    Login login;
    init_login(&login);
    write_file("list.csv", TEXT, strlen(TEXT));
    login.keys[0] = OTHER_KEY;
    check_file(&login, "list.csv", "PEER_FORBIDDEN", sshd->host_key); /* says which it saw */
    login.keys[1] = sshd->host_key + strlen("SHA256:"); /* a second one, as while it changes */
    login.keys[2] = NULL;
    check_file(&login, "list.csv", "none", "");

    g_autofree char *agreed = g_strdup(sshd->host_key);
    login.keys[0] = agreed;
    login.keys[1] = NULL;
    CU_ASSERT_TRUE_FATAL(fisc_sshd_restart_with_other_key(sshd));
    check_file(&login, "list.csv", "PEER_FORBIDDEN", "not the agreed one");
    login.keys[0] = sshd->host_key;
    check_file(&login, "list.csv", "none", ""); /* the control: it is the key that matters */
    g_free(login.key_file);
}

static void
test_says_when_the_server_is_gone(void)
{
    if (sshd == NULL) {
        return;
    }
    Login login;
    init_login(&login);
    fisc_sshd_kill(sshd);
    check_file(&login, "list.csv", "PEER_UNAVAILABLE", "takes no connection");
    g_autofree char *url = g_strdup_printf("sftp://127.0.0.1:%d/", sshd->port);
    g_autoptr(GPtrArray) entries = NULL;
    g_autoptr(GError) error = NULL;
    CU_ASSERT_FALSE(fisc_fetch_list(&login.rules, url, 10, &entries, &error));
    FISC_ASSERT_TEXT(fisc_evil_code(error), "PEER_UNAVAILABLE");
    g_free(login.key_file);
}

/* Three megabytes, cut at the handshake, at the login, within the file. */
static void
test_never_takes_a_part_of_a_file_for_the_whole(void)
{
    if (sshd == NULL) {
        return;
    }
    static const int cuts[] = {0, 10, 500, 1500, 2500, 100000, LARGE / 2, LARGE - 1};
    Login login;
    init_login(&login);
    g_autofree char *large = g_malloc0(LARGE);
    write_file("large.bin", large, LARGE);
    for (gsize i = 0; i < G_N_ELEMENTS(cuts); i++) {
        int port = fisc_evil_open_cutter(sshd->port, cuts[i]);
        g_autofree char *url =
            g_strdup_printf("sftp://127.0.0.1:%d%s/files/large.bin", port, sshd->folder);
        const FiscFetchRequest request = {.url = url};
        g_autoptr(FiscFetchReply) reply = NULL;
        g_autoptr(GError) error = NULL;
        CU_ASSERT_FALSE(fisc_fetch(&login.rules, &request, &reply, &error));
        CU_ASSERT_TRUE(g_str_has_prefix(fisc_evil_code(error), "PEER_"));
        CU_ASSERT_PTR_NULL(reply);
    }
    g_free(login.key_file);
}

/* What answers is no SSH at all. */
static void
test_refuses_what_does_not_speak_ssh(void)
{
    if (sshd == NULL) {
        return;
    }
    Login login;
    init_login(&login);
    login.rules.total_ms = 3000; /* the peer waits for a request: HTTP speaks second */
    g_autofree char *url = g_strdup_printf("sftp://127.0.0.1:%d/x", fisc_evil_port("http"));
    const FiscFetchRequest request = {.url = url};
    g_autoptr(FiscFetchReply) reply = NULL;
    g_autoptr(GError) error = NULL;
    CU_ASSERT_FALSE(fisc_fetch(&login.rules, &request, &reply, &error));
    FISC_ASSERT_TEXT(fisc_evil_code(error), "PEER_UNAVAILABLE");
    g_free(login.key_file);
}

const FiscTest fisc_sftp_tests[] = {
    {"needs the host's key, a user and a key", test_needs_its_settings},
    {"gets files byte for byte, and no more than its bound", test_gets_files_byte_for_byte},
    {"lists a directory: names, sizes, times to the second, no links", test_lists_a_directory},
    {"refuses a listing in which a name could pass for a row",
     test_refuses_a_listing_that_cannot_be_read},
    {"gets in with its key only, and only where it may", test_lets_in_only_with_the_key},
    {"holds a host to its key, also when it changes", test_holds_the_host_to_its_key},
    {"never takes a part of a file for the whole when the line is cut",
     test_never_takes_a_part_of_a_file_for_the_whole},
    {"refuses what does not speak SSH", test_refuses_what_does_not_speak_ssh},
    {"says when the server is gone", test_says_when_the_server_is_gone},
    {NULL, NULL},
};
