/* parse_work.c: the reader's side. What it needs of the machine it takes before it enters the
 * sandbox, and it looks at no byte of the document before it is in there. */
#include "core/sandbox/child.h"
#include "core/sandbox/turns.h"
#include "integrations/convert.h"
#include "integrations/parse_wire.h"
#include <errno.h>
#include <jansson.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A reader that cannot begin says why, instead of an answer. */
static int
fail_setup(const char *reason)
{
    gssize written = write(FISC_CHILD_ANSWER, reason, strlen(reason));
    (void)written; /* the exit status says it, too */
    return FISC_SANDBOX_EXIT_SETUP;
}

/* All that a descriptor has, of about @size bytes. NULL: it cannot be read. */
static GBytes *
read_all(int fd, gsize size)
{
    gsize room = size + 1, length = 0;
    char *data = g_malloc(room);
    for (;;) {
        gssize got = read(fd, data + length, room - length);
        if (got == 0) {
            return g_bytes_new_take(data, length);
        }
        if (got < 0 && errno != EINTR) {
            g_free(data);
            return NULL;
        }
        length += (gsize)MAX(got, 0);
        if (length == room) {
            room *= 2;
            data = g_realloc(data, room);
        }
    }
}

static gsize
size_of(int fd)
{
    struct stat state;
    return fstat(fd, &state) == 0 ? (gsize)state.st_size : 0;
}

/* Tables of encodings are files: one that is open stays loaded, and is opened again without them.
 * An encoding that there is not is refused here: looking for it again would take files. */
static void
load_encoding(const FiscParseRequest *request, FiscRefusals *refusals)
{
    const char *encoding = request->options.encoding;
    if (encoding != NULL && g_iconv_open("UTF-8", encoding) == (GIConv)-1) {
        g_autoptr(FiscCsv) csv = NULL;
        fisc_csv_parse(request->name, "", 0, &request->options, &csv, refusals);
    }
}

static void
read_csv(const FiscParseRequest *request, GBytes *document, FiscRefusals *refusals,
         FiscFrameOut *out)
{
    g_autoptr(FiscCsv) csv = NULL;
    gsize length = 0;
    const char *text = g_bytes_get_data(document, &length);
    fisc_csv_parse(request->name, text != NULL ? text : "", length, &request->options, &csv,
                   refusals);
    if (csv != NULL) {
        fisc_parse_put_csv(out, csv);
    }
}

static void
convert(const FiscParseRequest *request, const FiscReaderKind *kind, GBytes *document,
        FiscRefusals *refusals, FiscFrameOut *out)
{
    g_autoptr(GBytes) text = NULL;
    FiscConvert converter = kind->find(request->feeder->connector);
    if (converter == NULL) {
        fisc_refusals_add(refusals, FISC_ERROR_READER_STOPPED, request->name, 0, NULL,
                          "the reader knows no documents of connector %s",
                          request->feeder->connector);
    } else if (converter(request->feeder, request->name, document, &text, refusals)) {
        fisc_parse_put_text(out, text);
    }
}

static void
answer(const FiscParseRequest *request, const FiscReaderKind *kind, GBytes *document,
       FiscRefusals *refusals, FiscFrameOut *out)
{
    if (refusals->len == 0 && request->kind == FISC_PARSE_CSV) {
        read_csv(request, document, refusals, out);
    } else if (refusals->len == 0) {
        convert(request, kind, document, refusals, out);
    }
    fisc_parse_put_refusals(out, refusals);
    fisc_parse_put_end(out);
}

/* Takes of the machine what is needed, and gives up the rest. */
static bool
enter(const FiscParseRequest *request, const FiscReaderKind *kind, FiscRefusals *refusals,
      FiscSandboxState *out_state, GError **error)
{
    json_set_alloc_funcs(g_malloc, g_free); /* no memory is an end, not a fault of the document */
    json_object_seed(0);                    /* reads random numbers from a file */
    load_encoding(request, refusals);
    if (kind->prepare != NULL) {
        kind->prepare();
    }
    return fisc_sandbox_enter(FISC_CHILD_DESCRIPTORS, &request->limits, out_state, error);
}

static int
fail_version(void)
{
    return fail_setup("it is run by another version of fisc: start that anew");
}

/* For one document. */
static int
read_alone(const FiscReaderKind *kind)
{
    g_autoptr(GBytes) asked = read_all(FISC_CHILD_REQUEST, size_of(FISC_CHILD_REQUEST));
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(GError) error = NULL;
    FiscParseRequest request;
    FiscSandboxState state;
    FiscFrameOut out;
    if (asked == NULL || !fisc_parse_read_request(asked, &request)) {
        return fail_version();
    }
    gsize size = size_of(FISC_CHILD_DOCUMENT);
    if (!enter(&request, kind, refusals, &state, &error)) {
        return fail_setup(error->message);
    }
    g_autoptr(GBytes) document = read_all(FISC_CHILD_DOCUMENT, size);
    if (document == NULL) {
        return 1;
    }
    fisc_frame_open(&out, FISC_CHILD_ANSWER);
    fisc_parse_put_state(&out, state);
    answer(&request, kind, document, refusals, &out);
    return fisc_frame_close(&out) ? 0 : 1;
}

/* False when it cannot go on. The fence is put up once, before the first document comes. */
static bool
take_turn(const FiscReaderKind *kind, GBytes *asked, guint64 length, bool is_first,
          FiscSandboxState *state)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscParseRequest request;
    FiscFrameOut out;
    if (!fisc_parse_read_request(asked, &request) ||
        (is_first && !enter(&request, kind, refusals, state, NULL))) {
        return false;
    }
    bool is_last = refusals->len > 0; /* an encoding that there is not is looked for once */
    g_autoptr(GBytes) document = fisc_turns_document(length);
    if (document == NULL) {
        return false;
    }
    fisc_frame_open(&out, -1);
    fisc_parse_put_state(&out, *state);
    answer(&request, kind, document, refusals, &out);
    bool is_said = fisc_turns_answer(out.bytes);
    fisc_frame_close(&out);
    return is_said && !is_last;
}

/* For documents of one source, as long as it lasts: who asks knows what to do when it ends. */
static int
read_in_turn(const FiscReaderKind *kind)
{
    FiscSandboxState state;
    GBytes *asked = NULL;
    guint64 length = 0;
    bool is_first = true, goes_on = true;
    while (goes_on && fisc_turns_request(&asked, &length)) {
        goes_on = take_turn(kind, asked, length, is_first, &state);
        is_first = false;
        g_bytes_unref(asked);
    }
    return 0;
}

static int
read_one(gconstpointer data)
{
    return fisc_turns_are_asked() ? read_in_turn(data) : read_alone(data);
}

int
fisc_parse_work(const FiscReaderKind *kind)
{
    return fisc_nursery_is_asked() ? fisc_nursery_serve(read_one, kind) : read_one(kind);
}
