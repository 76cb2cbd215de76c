/* fz_package.c: a folder as somebody hands it in: profiles, maps, tables, journals. Either a
 * package or refusals. The input is the files, each behind a line "=== NAME". */
#include "fisc/package.h"
#include "tests/fuzz/fuzz.h"
#include <glib/gstdio.h>
#include <string.h>

#define MARK "=== "

static char *folder;

/* It lies in memory, and goes with the last of its files. */
static void
empty_folder(void)
{
    GDir *dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_unlink(path);
    }
    g_clear_pointer(&dir, g_dir_close);
}

static void
remove_folder(void)
{
    empty_folder();
    g_rmdir(folder);
}

static void
make_folder(void)
{
    g_autofree char *pattern =
        g_strdup(g_file_test("/dev/shm", G_FILE_TEST_IS_DIR) ? "/dev/shm/fisc-fuzz-XXXXXX"
                                                             : "/tmp/fisc-fuzz-XXXXXX");
    folder = g_strdup(g_mkdtemp(pattern));
    FUZZ_HOLDS(folder != NULL);
    atexit(remove_folder);
}

/* A name that stays in the folder. */
static bool
is_plain(const char *name)
{
    return *name != '\0' && *name != '.' && strlen(name) < 100 && strchr(name, '/') == NULL;
}

static void
write_files(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data, *end = text + size;
    const char *at = g_strstr_len(text, (gssize)size, MARK);
    while (at != NULL) {
        const char *line = memchr(at, '\n', (gsize)(end - at));
        if (line == NULL) {
            return;
        }
        const char *next = g_strstr_len(line, end - line, "\n" MARK);
        g_autofree char *name = g_strndup(at + strlen(MARK), (gsize)(line - at) - strlen(MARK));
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (is_plain(name)) {
            const char *stop = next != NULL ? next + 1 : end;
            g_file_set_contents_full(path, line + 1, stop - line - 1, G_FILE_SET_CONTENTS_NONE,
                                     0600, NULL);
        }
        at = next != NULL ? next + 1 : NULL;
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(FiscPackage) package = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(GError) error = NULL;
    if (folder == NULL) {
        make_folder();
    }
    empty_folder();
    write_files(data, size);
    if (fisc_package_read(folder, NULL, "fuzz", &package, refusals, &error)) {
        FUZZ_HOLDS((package == NULL) == (refusals->len > 0));
    } else {
        FUZZ_HOLDS(error != NULL && package == NULL);
    }
    return 0;
}
