/* parse_ask.c: a document given to a reader of its own process, and what came of it. */
#include "core/sandbox/child.h"
#include "core/sandbox/turns.h"
#include "integrations/parse_wire.h"
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
#define TURN_BYTES (256 * 1024) /* of a document that is read in turn with others of its source */

static gint lacked_filter; /* atomic */

/* Of a thread that has many documents read. */
typedef struct {
    FiscNursery *nursery;
    FiscTurns *turns; /* NULL: each document is read alone */
} Readers;

static void
readers_free(gpointer data)
{
    Readers *readers = data;
    fisc_turns_free(readers->turns);
    fisc_nursery_free(readers->nursery);
    g_free(readers);
}

static GPrivate own_readers = G_PRIVATE_INIT(readers_free);

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
    Readers *readers = g_new0(Readers, 1);
    readers->nursery = fisc_nursery_new();
    g_private_replace(&own_readers, readers);
}

void
fisc_parse_end(void)
{
    g_private_replace(&own_readers, NULL);
}

void
fisc_parse_turns_begin(void)
{
    Readers *readers = g_private_get(&own_readers);
    if (readers != NULL && readers->turns == NULL) {
        readers->turns = fisc_turns_new(readers->nursery);
    }
}

void
fisc_parse_turns_end(void)
{
    Readers *readers = g_private_get(&own_readers);
    if (readers != NULL) {
        g_clear_pointer(&readers->turns, fisc_turns_free);
    }
}

/* What a reader gave: one of both, or neither with refusals. */
typedef struct {
    FiscSandboxState state;
    FiscCsv *csv;
    GBytes *text;
} Given;

static gsize
answer_max(guint64 bytes)
{
    return ANSWER_MB * MEGABYTE + ANSWER_PER_BYTE * bytes;
}

static bool
take_answer(const FiscParseRequest *request, GBytes *answer, Given *given, FiscRefusals *refusals)
{
    if (!fisc_parse_read_answer(answer, request->name, &given->state, &given->csv, &given->text,
                                refusals)) {
        return false;
    }
    note_state(given->state);
    return true;
}

/* By a reader of its own: what becomes of that, becomes of the document. */
static bool
ask_alone(FiscParseRequest *request, const char *program, GBytes *document, Given *given,
          FiscRefusals *refusals, GError **error)
{
    const Readers *readers = g_private_get(&own_readers);
    guint64 bytes = g_bytes_get_size(document);
    int file = fisc_child_file(document, error);
    if (file < 0) {
        return false;
    }
    request->limits = limits_for(bytes);
    g_autoptr(GBytes) asked = fisc_parse_write_request(request);
    g_autoptr(GBytes) answer = NULL;
    FiscChildEnd end = FISC_CHILD_CRASHED;
    const FiscChildOrder order = {.program = program,
                                  .request = asked,
                                  .document = file,
                                  .nursery = readers != NULL ? readers->nursery : NULL,
                                  .wall_s = request->limits.cpu_s * WALL_PER_CPU,
                                  .answer_max = answer_max(bytes)};
    bool is_done = fisc_child_run(&order, &end, &answer, error);
    close(file);
    if (is_done && (end != FISC_CHILD_DONE || !take_answer(request, answer, given, refusals))) {
        g_autofree char *reason = tell_end(end, &request->limits, order.answer_max);
        fisc_refusals_add(refusals, FISC_ERROR_READER_STOPPED, request->name, 0, NULL,
                          "the reader of this document was stopped: %s", reason);
    }
    return is_done;
}

/* What a reader is prepared for before it goes behind its fence. */
static char *
kind_of(const FiscParseRequest *request)
{
    const char *what = request->kind == FISC_PARSE_CONVERT ? request->feeder->connector
                                                           : request->options.encoding;
    return g_strdup_printf("%c%s", request->kind, what != NULL ? what : "");
}

/* With others of its source. False: it has to be read alone. */
static bool
ask_in_turn(FiscParseRequest *request, const char *program, GBytes *document, Given *given,
            FiscRefusals *refusals)
{
    const Readers *readers = g_private_get(&own_readers);
    if (readers == NULL || readers->turns == NULL) {
        return false;
    }
    if (g_bytes_get_size(document) > TURN_BYTES) {
        fisc_turns_stop(readers->turns);
        return false;
    }
    request->limits = limits_for(TURN_BYTES);
    g_autofree char *kind = kind_of(request);
    g_autoptr(GBytes) asked = fisc_parse_write_request(request);
    g_autoptr(GBytes) answer = NULL;
    const FiscTurn turn = {.program = program,
                           .kind = kind,
                           .request = asked,
                           .document = document,
                           .wall_s = request->limits.cpu_s * WALL_PER_CPU,
                           .answer_max = answer_max(g_bytes_get_size(document))};
    if (fisc_turns_ask(readers->turns, &turn, &answer) &&
        take_answer(request, answer, given, refusals)) {
        return true;
    }
    fisc_turns_stop(readers->turns);
    return false;
}

static bool
ask(FiscParseRequest *request, GBytes *document, Given *given, FiscRefusals *refusals,
    GError **error)
{
    g_autofree char *program = find_program(request);
    return ask_in_turn(request, program, document, given, refusals) ||
           ask_alone(request, program, document, given, refusals, error);
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

bool
fisc_parse_csv(const char *name, GBytes *document, const FiscCsvOptions *options, FiscCsv **out_csv,
               FiscRefusals *refusals, GError **error)
{
    guint before = refusals->len;
    FiscParseRequest request = {.kind = FISC_PARSE_CSV, .name = name, .options = *options};
    Given given = {0};
    if (!ask(&request, document, &given, refusals, error)) {
        return false;
    }
    g_clear_pointer(&given.text, g_bytes_unref);
    *out_csv = given.csv;
    return check_given(given.csv != NULL, name, refusals, before);
}

bool
fisc_parse_convert(const FiscFeeder *feeder, const char *document, GBytes *body, GBytes **out_text,
                   FiscRefusals *refusals, GError **error)
{
    guint before = refusals->len;
    FiscParseRequest request = {.kind = FISC_PARSE_CONVERT, .name = document, .feeder = feeder};
    Given given = {0};
    if (!ask(&request, body, &given, refusals, error)) {
        return false;
    }
    fisc_csv_free(given.csv);
    *out_text = given.text;
    return check_given(given.text != NULL, document, refusals, before);
}

bool
fisc_parse_try(FiscSandboxState *out_state, GError **error)
{
    static const char text[] = "a\n1\n";
    const FiscCsvOptions options = {.allow_unknown = true};
    FiscParseRequest request = {.kind = FISC_PARSE_CSV, .name = "try", .options = options};
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(GBytes) body = g_bytes_new_static(text, sizeof(text) - 1);
    Given given = {0};
    bool is_done = ask(&request, body, &given, refusals, error);
    if (is_done && given.csv == NULL) {
        check_given(false, request.name, refusals, 0);
        const FiscRefusal *refusal = refusals->pdata[0];
        is_done = fisc_fail(error, FISC_ERROR_SETUP, "%s", refusal->detail);
    }
    fisc_csv_free(given.csv);
    g_clear_pointer(&given.text, g_bytes_unref);
    *out_state = given.state;
    return is_done;
}
