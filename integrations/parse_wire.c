/* parse_wire.c: requests and answers of readers of documents, written and read. A request is ours
 * and believed. An answer may have been written by whoever wrote the document: nothing in it is
 * believed, everything in it is bounded by the bytes there are. */
#include "integrations/parse_wire.h"
#include <string.h>

#define VERSION 1 /* of both languages: a reader that was installed anew knows an old program */
#define COLUMNS_MAX FISC_CSV_LINE_MAX
#define CHUNK_BYTES (64 * 1024)

/* ---- requests ---- */

static char **
words_of_trust(GHashTable *trust)
{
    GPtrArray *words = g_ptr_array_new();
    GHashTableIter each;
    gpointer key, value;
    g_hash_table_iter_init(&each, trust);
    while (g_hash_table_iter_next(&each, &key, &value)) {
        g_ptr_array_add(words, g_strdup(key));
        g_ptr_array_add(words, g_strdup(value));
    }
    g_ptr_array_add(words, NULL);
    return (char **)g_ptr_array_free(words, FALSE);
}

static void
put_feeder(FiscFrameOut *out, const FiscFeeder *feeder)
{
    g_auto(GStrv) trust = words_of_trust(feeder->trust);
    fisc_frame_put_text(out, feeder->name);
    fisc_frame_put_text(out, feeder->connector);
    fisc_frame_put_text(out, feeder->at);
    fisc_frame_put_text(out, feeder->state);
    fisc_frame_put_number(out, feeder->is_together);
    fisc_frame_put_texts(out, (const char *const *)feeder->entities);
    fisc_frame_put_texts(out, (const char *const *)feeder->documents);
    fisc_frame_put_texts(out, (const char *const *)trust);
}

static FiscFeeder *
take_feeder(FiscFrameIn *in)
{
    FiscFeeder *feeder = g_new0(FiscFeeder, 1);
    feeder->name = fisc_frame_text(in);
    feeder->connector = fisc_frame_text(in);
    feeder->at = fisc_frame_text(in);
    feeder->state = fisc_frame_text(in);
    feeder->is_together = fisc_frame_number_below(in, 1) == 1;
    feeder->entities = fisc_frame_texts(in);
    feeder->documents = fisc_frame_texts(in);
    feeder->trust = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_auto(GStrv) trust = fisc_frame_texts(in);
    for (int i = 0; trust != NULL && trust[i] != NULL && trust[i + 1] != NULL; i += 2) {
        g_hash_table_insert(feeder->trust, g_strdup(trust[i]), g_strdup(trust[i + 1]));
    }
    return feeder;
}

static void
put_options(FiscFrameOut *out, const FiscCsvOptions *options)
{
    fisc_frame_put_text(out, options->encoding);
    fisc_frame_put_byte(out, (guint8)options->separator);
    fisc_frame_put_byte(out, options->no_header);
    fisc_frame_put_byte(out, options->allow_unknown);
    fisc_frame_put_byte(out, options->allow_comments);
    fisc_frame_put_number(out, (guint64)MAX(options->preamble, 0));
    fisc_frame_put_texts(out, options->columns);
    fisc_frame_put_texts(out, options->required);
}

static void
take_options(FiscFrameIn *in, FiscCsvOptions *options)
{
    options->encoding = fisc_frame_text(in);
    options->separator = (char)fisc_frame_byte(in);
    options->no_header = fisc_frame_byte(in) != 0;
    options->allow_unknown = fisc_frame_byte(in) != 0;
    options->allow_comments = fisc_frame_byte(in) != 0;
    options->preamble = (int)fisc_frame_number_below(in, G_MAXINT);
    options->columns = (const char *const *)fisc_frame_texts(in);
    options->required = (const char *const *)fisc_frame_texts(in);
}

GBytes *
fisc_parse_write_request(const FiscParseRequest *request)
{
    FiscFrameOut out;
    fisc_frame_open(&out, -1);
    fisc_frame_put_number(&out, VERSION);
    fisc_frame_put_byte(&out, (guint8)request->kind);
    fisc_frame_put_text(&out, request->name);
    fisc_frame_put_number(&out, request->limits.memory_bytes);
    fisc_frame_put_number(&out, request->limits.cpu_s);
    if (request->kind == FISC_PARSE_CSV) {
        put_options(&out, &request->options);
    } else {
        put_feeder(&out, request->feeder);
    }
    GBytes *bytes = g_bytes_new(out.bytes->data, out.bytes->len);
    fisc_frame_close(&out);
    return bytes;
}

bool
fisc_parse_read_request(GBytes *bytes, FiscParseRequest *out_request)
{
    FiscFrameIn in;
    fisc_frame_read(&in, bytes);
    *out_request = (FiscParseRequest){0};
    if (fisc_frame_number(&in) != VERSION) {
        return false;
    }
    out_request->kind = (FiscParseKind)fisc_frame_byte(&in);
    out_request->name = fisc_frame_text(&in);
    out_request->limits.memory_bytes = fisc_frame_number(&in);
    out_request->limits.cpu_s = (guint)fisc_frame_number_below(&in, G_MAXUINT - 1);
    if (out_request->kind == FISC_PARSE_CSV) {
        take_options(&in, &out_request->options);
    } else {
        out_request->feeder = take_feeder(&in);
    }
    return !in.is_broken && in.left == 0 && out_request->name != NULL;
}

/* ---- answers, written ---- */

void
fisc_parse_put_state(FiscFrameOut *out, FiscSandboxState state)
{
    fisc_frame_put_byte(out, (guint8)state);
}

void
fisc_parse_put_refusals(FiscFrameOut *out, const FiscRefusals *refusals)
{
    for (guint i = 0; i < refusals->len; i++) {
        const FiscRefusal *refusal = refusals->pdata[i];
        fisc_frame_put_byte(out, 'R');
        fisc_frame_put_number(out, refusal->code);
        fisc_frame_put_number(out, (guint64)MAX(refusal->dropped, 0));
        fisc_frame_put_number(out, (guint64)MAX(refusal->line, 0));
        fisc_frame_put_text(out, refusal->file);
        fisc_frame_put_text(out, refusal->field);
        fisc_frame_put_text(out, refusal->detail);
        fisc_frame_put_text(out, refusal->hint);
    }
}

void
fisc_parse_put_text(FiscFrameOut *out, GBytes *text)
{
    gsize length = 0;
    const char *bytes = g_bytes_get_data(text, &length);
    fisc_frame_put_byte(out, 'T');
    fisc_frame_put_bytes(out, bytes != NULL ? bytes : "", length);
}

/* What stands above the header has as many cells as it has. */
static void
put_above(FiscFrameOut *out, const FiscCsv *csv)
{
    for (guint i = 0; i < csv->preamble->len; i++) {
        const FiscCsvRow *row = &g_array_index(csv->preamble, FiscCsvRow, i);
        guint count = g_strv_length((char **)row->fields);
        fisc_frame_put_byte(out, 'P');
        fisc_frame_put_number(out, count);
        fisc_frame_put_number(out, (guint64)row->line);
        for (guint k = 0; k < count; k++) {
            fisc_frame_put_text(out, row->fields[k]);
        }
    }
}

void
fisc_parse_put_csv(FiscFrameOut *out, const FiscCsv *csv)
{
    fisc_frame_put_byte(out, 'H');
    fisc_frame_put_number(out, (guint64)csv->header_line);
    fisc_frame_put_number(out, csv->columns->len);
    for (guint i = 0; i < csv->columns->len; i++) {
        fisc_frame_put_text(out, csv->columns->pdata[i]);
    }
    put_above(out, csv);
    for (guint i = 0; i < csv->rows->len; i++) {
        const FiscCsvRow *row = &g_array_index(csv->rows, FiscCsvRow, i);
        fisc_frame_put_byte(out, 'L');
        fisc_frame_put_number(out, (guint64)row->line);
        for (guint k = 0; k < csv->columns->len; k++) {
            fisc_frame_put_text(out, row->fields[k]);
        }
    }
}

void
fisc_parse_put_end(FiscFrameOut *out)
{
    fisc_frame_put_byte(out, 'E');
}

/* ---- answers, read ---- */

typedef struct {
    FiscFrameIn in;
    const char *name;
    FiscRefusals *refusals;
    FiscCsv *csv;
    GBytes *text;
    bool is_whole;
} Answer;

static void
take_refusal(Answer *answer)
{
    FiscError code = (FiscError)fisc_frame_number_below(&answer->in, FISC_ERROR_COUNT - 1);
    int dropped = (int)fisc_frame_number_below(&answer->in, G_MAXINT / 2);
    int line = (int)fisc_frame_number_below(&answer->in, G_MAXINT);
    g_autofree char *file = fisc_frame_text(&answer->in);
    g_autofree char *field = fisc_frame_text(&answer->in);
    g_autofree char *detail = fisc_frame_text(&answer->in);
    g_autofree char *hint = fisc_frame_text(&answer->in);
    if (answer->in.is_broken) {
        return;
    }
    FiscRefusal *refusal = fisc_refusals_add(answer->refusals, code, file, line, field, "%s",
                                             detail != NULL ? detail : "");
    if (refusal->dropped == 0) {
        refusal->hint = g_steal_pointer(&hint);
    } else if (dropped > 1) {
        refusal->dropped = MIN(refusal->dropped, G_MAXINT / 2) + dropped - 1;
        g_free(refusal->detail);
        refusal->detail =
            g_strdup_printf("%d more of this and other kinds are not listed", refusal->dropped);
    }
}

/* A cell as the rest of fisc takes it for granted: UTF-8 without NUL. NULL: broken. */
static const char *
take_cell(Answer *answer)
{
    gsize length;
    const char *bytes = fisc_frame_bytes(&answer->in, &length);
    if (bytes == NULL || !g_utf8_validate_len(bytes, length, NULL)) {
        answer->in.is_broken = true;
        return NULL;
    }
    return g_string_chunk_insert_len(answer->csv->chunk, bytes, (gssize)length);
}

static void
take_header(Answer *answer)
{
    if (answer->csv != NULL) {
        answer->in.is_broken = true; /* a table has one */
        return;
    }
    FiscCsv *csv = g_new0(FiscCsv, 1);
    answer->csv = csv;
    csv->file = g_strdup(answer->name);
    csv->columns = g_ptr_array_new();
    csv->rows = g_array_new(FALSE, FALSE, sizeof(FiscCsvRow));
    csv->preamble = g_array_new(FALSE, FALSE, sizeof(FiscCsvRow));
    csv->chunk = g_string_chunk_new(CHUNK_BYTES);
    csv->header_line = (int)fisc_frame_number_below(&answer->in, G_MAXINT);
    guint64 count = fisc_frame_number_below(&answer->in, COLUMNS_MAX);
    for (guint64 i = 0; i < count && !answer->in.is_broken; i++) {
        g_ptr_array_add(csv->columns, (gpointer)take_cell(answer));
    }
}

/* @count cells, and the NULL that ends what stands above; a broken row is freed with the table. */
static void
take_cells(Answer *answer, guint count, GArray *into)
{
    int line = (int)fisc_frame_number_below(&answer->in, G_MAXINT);
    FiscCsvRow row = {.line = line, .fields = g_new0(const char *, (gsize)count + 1)};
    for (guint i = 0; i < count && !answer->in.is_broken; i++) {
        row.fields[i] = take_cell(answer);
    }
    g_array_append_val(into, row);
}

static void
take_row(Answer *answer)
{
    guint count = answer->csv != NULL ? answer->csv->columns->len : 0;
    if (count == 0 || answer->csv->rows->len == G_MAXINT) {
        answer->in.is_broken = true;
    } else {
        take_cells(answer, count, answer->csv->rows);
    }
}

static void
take_above(Answer *answer)
{
    guint64 count = fisc_frame_number_below(&answer->in, MIN(COLUMNS_MAX, answer->in.left));
    if (answer->csv == NULL || answer->csv->preamble->len == G_MAXINT) {
        answer->in.is_broken = true;
    } else {
        take_cells(answer, (guint)count, answer->csv->preamble);
    }
}

static void
take_text(Answer *answer)
{
    gsize length;
    const char *bytes = fisc_frame_bytes(&answer->in, &length);
    if (bytes == NULL || answer->text != NULL) {
        answer->in.is_broken = true;
    } else {
        answer->text = g_bytes_new(bytes, length);
    }
}

static void
take_frame(Answer *answer)
{
    switch (fisc_frame_byte(&answer->in)) {
    case 'R':
        take_refusal(answer);
        break;
    case 'H':
        take_header(answer);
        break;
    case 'P':
        take_above(answer);
        break;
    case 'L':
        take_row(answer);
        break;
    case 'T':
        take_text(answer);
        break;
    case 'E':
        answer->is_whole = answer->in.left == 0;
        answer->in.is_broken = !answer->is_whole;
        break;
    default:
        answer->in.is_broken = true;
    }
}

static bool
is_state(guint8 letter)
{
    return letter == FISC_SANDBOX_FILTERED || letter == FISC_SANDBOX_LIMITED ||
           letter == FISC_SANDBOX_SANITIZED;
}

bool
fisc_parse_read_answer(GBytes *bytes, const char *name, FiscSandboxState *out_state,
                       FiscCsv **out_csv, GBytes **out_text, FiscRefusals *refusals)
{
    guint before = refusals->len;
    Answer answer = {.name = name, .refusals = refusals};
    fisc_frame_read(&answer.in, bytes);
    guint8 state = fisc_frame_byte(&answer.in);
    answer.in.is_broken = answer.in.is_broken || !is_state(state);
    while (!answer.in.is_broken && !answer.is_whole) {
        take_frame(&answer);
    }
    bool is_refused = refusals->len > before;
    if (!answer.is_whole || is_refused) {
        g_clear_pointer(&answer.csv, fisc_csv_free);
        g_clear_pointer(&answer.text, g_bytes_unref);
    }
    if (!answer.is_whole) {
        g_ptr_array_set_size(refusals, (int)before);
        return false;
    }
    *out_state = (FiscSandboxState)state;
    *out_csv = answer.csv;
    *out_text = answer.text;
    return true;
}
