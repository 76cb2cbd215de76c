/* gate_parse.c: the steps of a request, and the framing of its body; see gate_parse.h for why. */
#include "app/server/gate_parse_internal.h"
#include <string.h>

#define SIZE_DIGITS_MAX 15 /* hexadecimal; less than 2^63 */

FiscGateParser *
fisc_gate_parser_new(void)
{
    FiscGateParser *parser = g_new0(FiscGateParser, 1);
    parser->line = g_string_new(NULL);
    parser->headers = g_ptr_array_new_with_free_func(g_free);
    parser->body_max = UINT64_MAX;
    return parser;
}

/* Forgets the request, so that the next one can begin. */
static void
reset(FiscGateParser *parser)
{
    g_clear_pointer(&parser->method, g_free);
    g_clear_pointer(&parser->target, g_free);
    g_clear_pointer(&parser->origin, g_free);
    g_clear_pointer(&parser->path, g_free);
    g_clear_pointer(&parser->authority, g_free);
    g_string_truncate(parser->line, 0);
    g_ptr_array_set_size(parser->headers, 0);
    parser->state = IN_HEAD;
    parser->head = (FiscGateHead){0};
    parser->head_size = parser->extensions = 0;
    parser->has_body = false;
    parser->left = parser->body_size = 0;
    parser->digits = 0;
    parser->body_max = UINT64_MAX;
}

void
fisc_gate_parser_free(FiscGateParser *parser)
{
    if (parser != NULL) {
        reset(parser);
        g_string_free(parser->line, TRUE);
        g_ptr_array_unref(parser->headers);
        g_free(parser);
    }
}

const FiscGateHead *
fisc_gate_parser_head(const FiscGateParser *parser)
{
    return &parser->head;
}

void
fisc_gate_parser_limit(FiscGateParser *parser, uint64_t body_max)
{
    parser->body_max = body_max;
}

const FiscGateRefusal *
fisc_gate_parser_refusal(const FiscGateParser *parser)
{
    return &parser->refusal;
}

bool
fisc_gate_parser_is_idle(const FiscGateParser *parser)
{
    return parser->state == IN_HEAD && parser->head_size == 0;
}

FiscGateStep
fisc_gate_refuse(FiscGateParser *parser, int status, const char *code, const char *detail)
{
    parser->state = IS_REFUSED;
    parser->refusal = (FiscGateRefusal){status, code, detail};
    return FISC_GATE_REFUSED;
}

FiscGateStep
fisc_gate_refuse_form(FiscGateParser *parser, const char *detail)
{
    return fisc_gate_refuse(parser, 400, "REQUEST_INVALID", detail);
}

void
fisc_gate_append(GByteArray *out, const char *text)
{
    g_byte_array_append(out, (const guint8 *)text, (guint)strlen(text));
}

/* Bodies --------------------------------------------------------------------------------------- */

static FiscGateStep
end_request(FiscGateParser *parser)
{
    reset(parser);
    return FISC_GATE_END;
}

static FiscGateStep
refuse_size(FiscGateParser *parser)
{
    return fisc_gate_refuse(parser, 413, "BODY_TOO_LARGE", "The body is longer than the limit");
}

static FiscGateStep
begin_body(FiscGateParser *parser)
{
    if (!parser->has_body) {
        return end_request(parser);
    }
    if (parser->head.length > parser->body_max) {
        return refuse_size(parser);
    }
    parser->left = parser->head.length;
    parser->state = parser->head.is_chunked ? IN_SIZE : IN_BODY;
    return FISC_GATE_MORE;
}

/* The line of a chunk's size is whole: writes it anew, without what stood behind the number. */
static FiscGateStep
end_size(FiscGateParser *parser, GByteArray *out)
{
    if (parser->left > parser->body_max - MIN(parser->body_max, parser->body_size)) {
        return refuse_size(parser);
    }
    parser->body_size += parser->left;
    g_autofree char *size = g_strdup_printf("%" G_GINT64_MODIFIER "x\r\n", parser->left);
    fisc_gate_append(out, size);
    parser->digits = 0;
    parser->state = parser->left > 0 ? IN_CHUNK : AT_LAST_CR;
    return FISC_GATE_MORE;
}

static FiscGateStep
take_size_byte(FiscGateParser *parser, char byte)
{
    if (g_ascii_isxdigit(byte)) {
        parser->left = parser->left * 16 + (uint64_t)g_ascii_xdigit_value(byte);
        return ++parser->digits <= SIZE_DIGITS_MAX
                   ? FISC_GATE_MORE
                   : fisc_gate_refuse_form(parser, "The size of a chunk is no size");
    }
    if (parser->digits == 0 || (byte != '\r' && byte != ';')) {
        return fisc_gate_refuse_form(parser, "The size of a chunk is no size");
    }
    parser->state = byte == '\r' ? AT_SIZE_LF : IN_EXTENSION;
    return FISC_GATE_MORE;
}

static FiscGateStep
take_extension_byte(FiscGateParser *parser, char byte)
{
    if (byte == '\r') {
        parser->state = AT_SIZE_LF;
        return FISC_GATE_MORE;
    }
    if (g_ascii_iscntrl(byte) && byte != '\t') {
        return fisc_gate_refuse_form(parser, "There is a control character in a chunk extension");
    }
    return ++parser->extensions <= FISC_GATE_EXTENSIONS_MAX
               ? FISC_GATE_MORE
               : fisc_gate_refuse_form(parser, "The chunk extensions are longer than 1 KB");
}

/* One byte of the line ends around chunks: which one has to come, and what follows it. */
static FiscGateStep
take_line_end_byte(FiscGateParser *parser, char byte, GByteArray *out)
{
    bool is_cr = parser->state == AT_CHUNK_CR || parser->state == AT_LAST_CR;
    if (byte != (is_cr ? '\r' : '\n')) {
        return fisc_gate_refuse_form(parser, parser->state == AT_LAST_CR
                                                 ? "Trailers are not taken"
                                                 : "A chunk does not end in CR LF");
    }
    switch (parser->state) {
    case AT_SIZE_LF:
        return end_size(parser, out);
    case AT_CHUNK_CR:
        parser->state = AT_CHUNK_LF;
        return FISC_GATE_MORE;
    case AT_CHUNK_LF:
        fisc_gate_append(out, "\r\n");
        parser->state = IN_SIZE;
        return FISC_GATE_MORE;
    case AT_LAST_CR:
        parser->state = AT_LAST_LF;
        return FISC_GATE_MORE;
    default:
        fisc_gate_append(out, "\r\n");
        return end_request(parser);
    }
}

/* Bytes of a body or a chunk, as many as there are. */
static FiscGateStep
take_data(FiscGateParser *parser, const char *data, gsize length, gsize *at, GByteArray *out)
{
    gsize count = (gsize)MIN(parser->left, (uint64_t)(length - *at));
    g_byte_array_append(out, (const guint8 *)data + *at, (guint)count);
    *at += count;
    parser->left -= count;
    if (parser->left > 0) {
        return FISC_GATE_MORE;
    }
    if (parser->state == IN_BODY) {
        return end_request(parser);
    }
    parser->state = AT_CHUNK_CR;
    return FISC_GATE_MORE;
}

/* The next step, of at least one byte. */
static FiscGateStep
take(FiscGateParser *parser, const char *data, gsize length, gsize *at, GByteArray *out)
{
    switch (parser->state) {
    case IN_BODY:
    case IN_CHUNK:
        return take_data(parser, data, length, at, out);
    case IN_HEAD:
        return fisc_gate_head_take(parser, data[(*at)++], out);
    case IN_SIZE:
        return take_size_byte(parser, data[(*at)++]);
    case IN_EXTENSION:
        return take_extension_byte(parser, data[(*at)++]);
    default:
        return take_line_end_byte(parser, data[(*at)++], out);
    }
}

gsize
fisc_gate_parser_feed(FiscGateParser *parser, const char *data, gsize length, GByteArray *out,
                      FiscGateStep *out_step)
{
    gsize at = 0;
    FiscGateStep step = parser->state == IS_REFUSED      ? FISC_GATE_REFUSED
                        : parser->state == HEAD_IS_WHOLE ? begin_body(parser)
                                                         : FISC_GATE_MORE;
    while (step == FISC_GATE_MORE && at < length) {
        step = take(parser, data, length, &at, out);
    }
    *out_step = step;
    return at;
}
