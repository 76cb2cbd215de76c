/* parse_ask.c: a document given to a reader of its own process, and what came of it. */
#include "core/sandbox/child.h"
#include "integrations/parse_wire.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define PROGRAM "fisc-parse"
#define SEALED "-sealed" /* the reader of sealed documents is called so behind it */
#define MEGABYTE ((guint64)1024 * 1024)
/* What a reader is given. Values of JSON take some forty times their bytes, cells of CSV twenty. */
#define MEMORY_MB 256
#define MEMORY_PER_BYTE 32
#define MEMORY_MAX_MB 4096
#define CPU_S 30       /* and a second for each megabyte */
#define WALL_PER_CPU 4 /* on a machine that has other things to do */
#define ANSWER_MB 16
#define ANSWER_PER_BYTE 16

static gint lacked_filter;                                                   /* atomic */
static GPrivate nursery = G_PRIVATE_INIT((GDestroyNotify)fisc_nursery_free); /* of this thread */

/* Beside the program that runs, or where FISC_PARSE says: for programs that lie elsewhere. */
static char *
find_program(const FiscParseRequest *request)
{
    bool is_sealed =
        request->kind == FISC_PARSE_CONVERT && fisc_convert_is_sealed(request->feeder->connector);
    const char *told = g_getenv("FISC_PARSE");
    g_autofree char *self = told == NULL ? g_file_read_link("/proc/self/exe", NULL) : NULL;
    g_autofree char *folder = self != NULL ? g_path_get_dirname(self) : NULL;
    g_autofree char *program =
        told != NULL ? g_strdup(told)
                     : g_build_filename(folder != NULL ? folder : "/usr/bin", PROGRAM, NULL);
    return g_strconcat(program, is_sealed ? SEALED : "", NULL);
}

static FiscSandboxLimits
limits_for(guint64 bytes)
{
    guint64 memory = MEMORY_MB * MEGABYTE + MEMORY_PER_BYTE * bytes;
    return (FiscSandboxLimits){
        .memory_bytes = MIN(memory, MEMORY_MAX_MB * MEGABYTE),
        .cpu_s = CPU_S + (guint)MIN(bytes / MEGABYTE, 100000),
    };
}

static char *
tell_end(FiscChildEnd end, const FiscSandboxLimits *limits, gsize answer_max)
{
    switch (end) {
    case FISC_CHILD_TIME:
        return g_strdup_printf("it took more than %u s", limits->cpu_s);
    case FISC_CHILD_MEMORY:
        return g_strdup_printf("it wanted more than %u MB of memory",
                               (guint)(limits->memory_bytes / MEGABYTE));
    case FISC_CHILD_LENGTH:
        return g_strdup_printf("it made more than %u MB of it", (guint)(answer_max / MEGABYTE));
    case FISC_CHILD_FORBIDDEN:
        return g_strdup("it tried what a reader may not; who made the document may have meant it");
    case FISC_CHILD_DONE:
        return g_strdup("what it says of it makes no sense");
    default:
        return g_strdup("it broke down over it, or the system ended it");
    }
}

static void
note_state(FiscSandboxState state)
{
    if (state == FISC_SANDBOX_LIMITED) {
        g_atomic_int_set(&lacked_filter, 1);
    }
}

bool
fisc_parse_lacked_filter(void)
{
    return g_atomic_int_get(&lacked_filter) != 0;
}

void
fisc_parse_begin(void)
{
    g_private_replace(&nursery, fisc_nursery_new());
}

void
fisc_parse_end(void)
{
    g_private_replace(&nursery, NULL);
}

/* What a reader gave: one of both, or neither with refusals. */
typedef struct {
    FiscSandboxState state;
    FiscCsv *csv;
    GBytes *text;
} Given;

static bool
ask(FiscParseRequest *request, int document, guint64 bytes, Given *given, FiscRefusals *refusals,
    GError **error)
{
    request->limits = limits_for(bytes);
    g_autofree char *program = find_program(request);
    g_autoptr(GBytes) asked = fisc_parse_write_request(request);
    g_autoptr(GBytes) answer = NULL;
    FiscChildEnd end = FISC_CHILD_CRASHED;
    const FiscChildOrder order = {.program = program,
                                  .request = asked,
                                  .document = document,
                                  .nursery = g_private_get(&nursery),
                                  .wall_s = request->limits.cpu_s * WALL_PER_CPU,
                                  .answer_max = ANSWER_MB * MEGABYTE + ANSWER_PER_BYTE * bytes};
    if (!fisc_child_run(&order, &end, &answer, error)) {
        return false;
    }
    if (end == FISC_CHILD_DONE && fisc_parse_read_answer(answer, request->name, &given->state,
                                                         &given->csv, &given->text, refusals)) {
        note_state(given->state);
        return true;
    }
    g_autofree char *reason = tell_end(end, &request->limits, order.answer_max);
    fisc_refusals_add(refusals, FISC_ERROR_READER_STOPPED, request->name, 0, NULL,
                      "the reader of this document was stopped: %s", reason);
    return true;
}

/* What nobody refused and is not there either: the answer to something else. */
static bool
check_given(bool is_given, const char *name, FiscRefusals *refusals, guint before)
{
    if (!is_given && refusals->len == before) {
        fisc_refusals_add(refusals, FISC_ERROR_READER_STOPPED, name, 0, NULL,
                          "the reader of this document said nothing of it");
    }
    return true;
}

static bool
ask_csv(const char *path, int document, guint64 bytes, const FiscCsvOptions *options, Given *given,
        FiscRefusals *refusals, GError **error)
{
    guint before = refusals->len;
    g_autofree char *name = g_path_get_basename(path);
    FiscParseRequest request = {.kind = FISC_PARSE_CSV, .name = name, .options = *options};
    bool is_done = ask(&request, document, bytes, given, refusals, error);
    g_clear_pointer(&given->text, g_bytes_unref);
    return is_done && check_given(given->csv != NULL, name, refusals, before);
}

bool
fisc_parse_csv(const char *path, const FiscCsvOptions *options, FiscCsv **out_csv,
               FiscRefusals *refusals, GError **error)
{
    struct stat state;
    int document = open(path, O_RDONLY | O_CLOEXEC);
    if (document < 0 || fstat(document, &state) != 0) {
        int reason = errno;
        if (document >= 0) {
            close(document);
        }
        return fisc_fail(error, FISC_ERROR_IO, "%s: %s", path, g_strerror(reason));
    }
    Given given = {0};
    bool is_done =
        ask_csv(path, document, (guint64)state.st_size, options, &given, refusals, error);
    close(document);
    if (is_done) {
        *out_csv = given.csv;
    }
    return is_done;
}

bool
fisc_parse_convert(const FiscFeeder *feeder, const char *document, GBytes *body, GBytes **out_text,
                   FiscRefusals *refusals, GError **error)
{
    guint before = refusals->len;
    FiscParseRequest request = {.kind = FISC_PARSE_CONVERT, .name = document, .feeder = feeder};
    Given given = {0};
    int file = fisc_child_file(body, error);
    if (file < 0) {
        return false;
    }
    bool is_done = ask(&request, file, g_bytes_get_size(body), &given, refusals, error);
    close(file);
    fisc_csv_free(given.csv);
    if (!is_done) {
        return false;
    }
    *out_text = given.text;
    return check_given(given.text != NULL, document, refusals, before);
}

bool
fisc_parse_try(FiscSandboxState *out_state, GError **error)
{
    static const char text[] = "a\n1\n";
    const FiscCsvOptions options = {.allow_unknown = true};
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(GBytes) body = g_bytes_new_static(text, sizeof(text) - 1);
    Given given = {0};
    int file = fisc_child_file(body, error);
    bool is_done =
        file >= 0 && ask_csv("try", file, sizeof(text), &options, &given, refusals, error);
    if (file >= 0) {
        close(file);
    }
    if (is_done && given.csv == NULL) {
        const FiscRefusal *refusal = refusals->pdata[0];
        is_done = fisc_fail(error, FISC_ERROR_SETUP, "%s", refusal->detail);
    }
    fisc_csv_free(given.csv);
    *out_state = given.state;
    return is_done;
}
