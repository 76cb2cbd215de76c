/* csv.c: delimited text, read strictly and written safely.
 *
 * libcsv splits records into fields; this file feeds it one line at a time, so that every complaint
 * can name the line, and checks what libcsv does not: encoding, NUL bytes, the length of a record.
 * Text streams through in blocks: a record over the limit is refused before it is kept. The header
 * and the number of fields are csv_rows.c's; what the fields mean is left to the caller. */
#include "fisc/csv.h"
#include "core/formats/csv_rows.h"

#include <csv.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define BLOCK_BYTES (64 * 1024)
/* What an encoding can leave unfinished at the end of a block. */
#define CARRY_BYTES 16

typedef struct {
    const FiscCsvOptions *options;
    FiscCsvRows rows;
    struct csv_parser parser;
    /* where we are in the text */
    int line;           /* of the byte that comes next, 1-based */
    int64_t offset;     /* of the block's first byte in the file, before decoding */
    bool after_cr;      /* a LF that comes next belongs to the CR before it */
    bool is_line_begin; /* the next byte begins a line */
    bool in_comment;
    bool at_text_begin; /* a byte order mark may come next */
    bool is_stopped;    /* a refusal that makes the rest meaningless */
    /* the record being read */
    bool in_record;
    int record_line;
    gsize record_bytes;
    int fields_closed; /* of the whole text: tells a new open quote from an old one */
    int quote_line;    /* where the quoted field that is open began */
    GPtrArray *fields;
    /* decoding */
    GIConv iconv; /* (GIConv)-1: UTF-8, only validated */
    char carry[CARRY_BYTES];
    gsize carry_length;
} Reader;

static int
never_space(unsigned char byte)
{
    /* libcsv trims what this calls a space; a field is kept as it was published. */
    (void)byte;
    return 0;
}

/* For what makes the rest of the text meaningless. */
static void
refuse_and_stop(Reader *reader, FiscError code, int line, const char *hint, const char *detail)
{
    fisc_csv_rows_refuse(&reader->rows, code, line, NULL, hint, "%s", detail);
    reader->is_stopped = true;
}

/* ---- records ---- */

static void
on_field(void *text, size_t length, void *data)
{
    Reader *reader = data;
    reader->fields_closed++;
    g_ptr_array_add(reader->fields,
                    g_string_chunk_insert_len(reader->rows.csv->chunk, text, (gssize)length));
}

static void
on_record(int terminator, void *data)
{
    (void)terminator;
    Reader *reader = data;
    if (fisc_csv_rows_is_above(&reader->rows)) {
        fisc_csv_rows_keep_above(&reader->rows, reader->record_line, reader->fields);
    } else if (reader->rows.has_header) {
        fisc_csv_rows_take(&reader->rows, reader->record_line, reader->fields);
    } else {
        reader->is_stopped =
            !fisc_csv_rows_header(&reader->rows, reader->record_line, reader->fields);
    }
    g_ptr_array_set_size(reader->fields, 0);
    reader->in_record = false;
    reader->record_bytes = 0;
}

/* ---- lines ---- */

static bool
is_in_quotes(const Reader *reader)
{
    return reader->in_record && reader->parser.quoted != 0;
}

static void
refuse_open_quote(Reader *reader)
{
    refuse_and_stop(reader, FISC_ERROR_QUOTE_UNBALANCED, reader->quote_line,
                    "double a quotation mark that belongs to the text",
                    "a quoted field begins here and does not end");
}

static void
refuse_long_record(Reader *reader)
{
    /* A forgotten quote swallows what follows: then the quote is the fault, not the length. */
    if (is_in_quotes(reader) && reader->line > reader->quote_line) {
        refuse_open_quote(reader);
        return;
    }
    g_autofree char *detail =
        g_strdup_printf("the record is longer than %d bytes", FISC_CSV_LINE_MAX);
    refuse_and_stop(reader, FISC_ERROR_LINE_TOO_LONG, reader->record_line, NULL, detail);
}

/* Feeds a piece of one line, its line end included if it has one. */
static void
feed_piece(Reader *reader, const char *piece, gsize length)
{
    bool was_in_quotes = is_in_quotes(reader);
    int closed_before = reader->fields_closed;
    if (!reader->in_record && piece[0] != '\n' && piece[0] != '\r') {
        reader->in_record = true;
        reader->record_line = reader->line;
    }
    reader->record_bytes += length;
    if (reader->record_bytes > FISC_CSV_LINE_MAX) {
        refuse_long_record(reader);
        return;
    }
    size_t taken = csv_parse(&reader->parser, piece, length, on_field, on_record, reader);
    if (taken != length) {
        refuse_and_stop(reader, FISC_ERROR_QUOTE_UNBALANCED, reader->line,
                        "quote the whole field and double the quotation marks inside it",
                        "a quotation mark stands inside a field");
        return;
    }
    if (is_in_quotes(reader) && (!was_in_quotes || reader->fields_closed > closed_before)) {
        reader->quote_line = reader->line;
    }
    if (!reader->in_record) {
        reader->record_bytes = 0; /* a blank line */
    }
}

/* The length of the piece up to and including the line end, or all there is. */
static gsize
piece_length(const char *text, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        if (text[i] == '\n' || text[i] == '\r') {
            return i + 1;
        }
    }
    return length;
}

static void
take_piece(Reader *reader, const char *piece, gsize length)
{
    if (reader->options->allow_comments && reader->is_line_begin && !reader->in_record &&
        piece[0] == '#') {
        reader->in_comment = true;
    }
    if (!reader->in_comment) {
        feed_piece(reader, piece, length);
    }
}

/* Splits decoded text into lines. CR, LF and CR LF each end one line. */
static void
feed_text(Reader *reader, const char *text, gsize length)
{
    while (length > 0 && !reader->is_stopped) {
        gsize taken = piece_length(text, length);
        char last = text[taken - 1];
        bool is_second_half = reader->after_cr && taken == 1 && last == '\n';
        /* The LF of a CR LF is given to libcsv too, which knows when it is inside quotes. */
        take_piece(reader, text, taken);
        reader->after_cr = last == '\r';
        reader->is_line_begin = last == '\n' || last == '\r';
        if (reader->is_line_begin) {
            reader->in_comment = false;
            reader->line += is_second_half ? 0 : 1;
        }
        text += taken;
        length -= taken;
    }
}

/* ---- decoding ---- */

static void
refuse_encoding(Reader *reader, int64_t offset, unsigned char byte)
{
    const char *encoding = reader->options->encoding != NULL ? reader->options->encoding : "UTF-8";
    g_autofree char *detail = g_strdup_printf(
        "byte 0x%02X at offset %" G_GINT64_FORMAT " is not valid %s", byte, offset, encoding);
    refuse_and_stop(reader, FISC_ERROR_ENCODING_INVALID, reader->line,
                    "convert the file, or name its encoding", detail);
}

/* Hands on decoded text; stops at a NUL, which no C string can carry. */
static void
take_text(Reader *reader, const char *text, gsize length)
{
    if (reader->at_text_begin && length > 0) {
        reader->at_text_begin = false;
        if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
            text += 3;
            length -= 3;
        }
    }
    const char *nul = length > 0 ? memchr(text, '\0', length) : NULL;
    feed_text(reader, text, nul != NULL ? (gsize)(nul - text) : length);
    if (nul != NULL && !reader->is_stopped) {
        refuse_and_stop(reader, FISC_ERROR_NUL_BYTE, reader->line,
                        "is this a text file, and in the expected encoding?",
                        "the line contains a NUL byte");
    }
}

static void
keep_carry(Reader *reader, const char *rest, gsize length)
{
    g_assert(length <= CARRY_BYTES);
    memmove(reader->carry, rest, length);
    reader->carry_length = length;
}

/* Validates UTF-8 that may end within a character. */
static void
decode_utf8(Reader *reader, const char *block, gsize length, bool is_last)
{
    const char *bad = block;
    bool is_valid = g_utf8_validate_len(block, length, &bad);
    gsize rest = length - (gsize)(bad - block);
    take_text(reader, block, length - rest);
    reader->offset += bad - block;
    if (is_valid || reader->is_stopped) {
        return;
    }
    if (*bad == '\0') {
        take_text(reader, bad, 1); /* refuses it */
    } else if (!is_last && g_utf8_get_char_validated(bad, (gssize)rest) == (gunichar)-2) {
        keep_carry(reader, bad, rest); /* the character continues in the next block */
    } else {
        refuse_encoding(reader, reader->offset, (unsigned char)*bad);
    }
}

/* Decodes other encodings with iconv; each turn fills @text at most once. */
static void
decode_other(Reader *reader, const char *block, gsize length, bool is_last)
{
    char *input = (char *)block;
    gsize left = length;
    while (left > 0 && !reader->is_stopped) {
        char text[BLOCK_BYTES];
        char *output = text;
        gsize room = sizeof(text);
        gsize converted = g_iconv(reader->iconv, &input, &left, &output, &room);
        int reason = errno;
        take_text(reader, text, sizeof(text) - room);
        if (converted != (gsize)-1 || reason == E2BIG || reader->is_stopped) {
            continue;
        }
        if (reason == EINVAL && !is_last && left <= CARRY_BYTES) {
            break; /* the character continues in the next block */
        }
        refuse_encoding(reader, reader->offset + (input - block), (unsigned char)*input);
        return;
    }
    reader->offset += input - block;
    keep_carry(reader, input, reader->is_stopped ? 0 : left);
}

static void
take_block(Reader *reader, const char *block, gsize length, bool is_last)
{
    if (reader->iconv != (GIConv)-1) {
        decode_other(reader, block, length, is_last);
    } else {
        decode_utf8(reader, block, length, is_last);
    }
}

/* ---- begin and end ---- */

static bool
open_decoder(Reader *reader)
{
    const char *encoding = reader->options->encoding;
    reader->iconv = (GIConv)-1;
    if (encoding == NULL || g_ascii_strcasecmp(encoding, "UTF-8") == 0) {
        return true;
    }
    reader->iconv = g_iconv_open("UTF-8", encoding);
    if (reader->iconv == (GIConv)-1) {
        g_autofree char *detail = g_strdup_printf("there is no encoding \"%s\"", encoding);
        refuse_and_stop(reader, FISC_ERROR_VALUE_INVALID, 0, NULL, detail);
        return false;
    }
    return true;
}

static void
reader_begin(Reader *reader, const char *name, const FiscCsvOptions *options,
             FiscRefusals *refusals)
{
    *reader = (Reader){.options = options,
                       .line = 1,
                       .is_line_begin = true,
                       .at_text_begin = true,
                       .fields = g_ptr_array_new()};
    fisc_csv_rows_begin(&reader->rows, name, options, refusals);
    if (csv_init(&reader->parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL) != 0) {
        g_error("libcsv: out of memory");
    }
    csv_set_delim(&reader->parser,
                  (unsigned char)(options->separator != '\0' ? options->separator : ','));
    csv_set_space_func(&reader->parser, never_space);
    csv_set_blk_size(&reader->parser, BLOCK_BYTES); /* long fields grow in few steps */
    open_decoder(reader);
}

static void
check_end(Reader *reader)
{
    if (reader->is_stopped) {
        return;
    }
    /* Strict: fails when a quoted field is still open. */
    if (csv_fini(&reader->parser, on_field, on_record, reader) != 0) {
        refuse_open_quote(reader);
        return;
    }
    bool is_empty =
        reader->options->no_header ? reader->rows.csv->rows->len == 0 : !reader->rows.has_header;
    if (is_empty && !reader->rows.is_refused) {
        refuse_and_stop(reader, FISC_ERROR_FILE_EMPTY, 0, NULL, "the file has no rows");
    }
}

/* Gives the table when nothing was refused. */
static void
reader_end(Reader *reader, FiscCsv **out_csv)
{
    csv_free(&reader->parser);
    g_ptr_array_unref(reader->fields);
    if (reader->iconv != (GIConv)-1) {
        g_iconv_close(reader->iconv);
    }
    *out_csv = fisc_csv_rows_end(&reader->rows);
}

bool
fisc_csv_parse(const char *name, const char *data, gsize length, const FiscCsvOptions *options,
               FiscCsv **out_csv, FiscRefusals *refusals)
{
    Reader reader;
    reader_begin(&reader, name, options, refusals);
    if (!reader.is_stopped) {
        take_block(&reader, data, length, true);
    }
    check_end(&reader);
    reader_end(&reader, out_csv);
    return true;
}

/* Reads block after block; the bytes an encoding left unfinished go before the next block. */
static bool
read_blocks(Reader *reader, FILE *file, const char *path, GError **error)
{
    g_autofree char *block = g_malloc(CARRY_BYTES + BLOCK_BYTES);
    int64_t total = 0;
    bool is_last = false;
    while (!is_last && !reader->is_stopped) {
        gsize carried = reader->carry_length;
        memcpy(block, reader->carry, carried);
        gsize got = fread(block + carried, 1, BLOCK_BYTES, file);
        if (ferror(file)) {
            return fisc_fail(error, FISC_ERROR_IO, "%s: %s", path, g_strerror(errno));
        }
        total += (int64_t)got;
        is_last = got < BLOCK_BYTES;
        reader->carry_length = 0;
        if (total > FISC_CSV_FILE_MAX) {
            refuse_and_stop(reader, FISC_ERROR_LINE_TOO_LONG, reader->line, NULL,
                            "the file is longer than 2 GB");
        } else {
            take_block(reader, block, carried + got, is_last);
        }
    }
    return true;
}

bool
fisc_csv_read(const char *path, const FiscCsvOptions *options, FiscCsv **out_csv,
              FiscRefusals *refusals, GError **error)
{
    FILE *file = fopen(path, "rbe");
    if (file == NULL) {
        return fisc_fail(error, FISC_ERROR_IO, "%s: %s", path, g_strerror(errno));
    }
    g_autofree char *name = g_path_get_basename(path);
    Reader reader;
    reader_begin(&reader, name, options, refusals);
    bool is_read = read_blocks(&reader, file, path, error);
    fclose(file);
    if (is_read) {
        check_end(&reader);
    }
    FiscCsv *csv = NULL;
    reader_end(&reader, &csv);
    if (!is_read) {
        fisc_csv_free(csv);
        return false;
    }
    *out_csv = csv;
    return true;
}

void
fisc_csv_free(FiscCsv *csv)
{
    if (csv == NULL) {
        return;
    }
    GArray *parts[] = {csv->rows, csv->preamble};
    for (guint k = 0; k < G_N_ELEMENTS(parts); k++) {
        for (guint i = 0; i < parts[k]->len; i++) {
            g_free(g_array_index(parts[k], FiscCsvRow, i).fields);
        }
        g_array_unref(parts[k]);
    }
    g_ptr_array_unref(csv->columns);
    g_string_chunk_free(csv->chunk);
    g_clear_pointer(&csv->letters, g_array_unref);
    g_free(csv->sheet);
    g_free(csv->file);
    g_free(csv);
}

int
fisc_csv_column(const FiscCsv *csv, const char *name)
{
    for (guint i = 0; i < csv->columns->len; i++) {
        if (strcmp(csv->columns->pdata[i], name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

const char *
fisc_csv_field(const FiscCsv *csv, const FiscCsvRow *row, int column)
{
    g_assert(column < (int)csv->columns->len);
    return column < 0 ? "" : row->fields[column];
}

void
fisc_csv_append(GString *out, const char *field)
{
    /* Leading and trailing spaces are quoted too: some readers trim what is not quoted. */
    gsize length = strlen(field);
    bool needs_quotes = strpbrk(field, ",;\"\r\n\t") != NULL ||
                        (length > 0 && (field[0] == ' ' || field[length - 1] == ' '));
    if (!needs_quotes) {
        g_string_append(out, field);
        return;
    }
    g_string_append_c(out, '"');
    for (const char *cursor = field; *cursor != '\0'; cursor++) {
        if (*cursor == '"') {
            g_string_append_c(out, '"');
        }
        g_string_append_c(out, *cursor);
    }
    g_string_append_c(out, '"');
}
