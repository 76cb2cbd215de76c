/* gate_parse.h: the strict reader of request heads and body framing that stands before
 * libmicrohttpd.
 *
 * libmicrohttpd 0.9.75 accepts what two readers may understand differently: Content-Length twice,
 * or beside Transfer-Encoding, "Name :", folded lines, bare line feeds. Whoever stands in front of
 * us may have understood the other thing. So each byte is read here first, by rules that leave one
 * meaning; what has more than one is refused, and what has one is written anew in a plain form.
 *
 * Pure: bytes in, bytes and steps out. Fed in whatever pieces, the result is the same. */
#ifndef FISC_SERVER_GATE_PARSE_H
#define FISC_SERVER_GATE_PARSE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define FISC_GATE_TARGET_MAX 8192     /* bytes of a request's target */
#define FISC_GATE_HEAD_MAX 32768      /* bytes of a head, from the method to the empty line */
#define FISC_GATE_HEADERS_MAX 100     /* header lines */
#define FISC_GATE_EXTENSIONS_MAX 1024 /* bytes of chunk extensions in one body */

typedef struct _FiscGateParser FiscGateParser;

typedef enum {
    FISC_GATE_MORE,    /* all bytes are taken, and the request goes on */
    FISC_GATE_HEAD,    /* the head is whole: look at it, then feed what follows */
    FISC_GATE_END,     /* the request is whole: the next feed begins another one */
    FISC_GATE_REFUSED, /* it has no single meaning: answer the refusal and close */
} FiscGateStep;

typedef struct {
    int status;         /* 400 */
    const char *code;   /* "REQUEST_INVALID" */
    const char *detail; /* a fixed sentence: nothing of the request is repeated */
} FiscGateRefusal;

typedef struct {
    const char *method;
    const char *path; /* decoded, without the query */
    bool is_chunked;
    uint64_t length;     /* of the body, when it is not chunked */
    bool wants_continue; /* it waits for "100 Continue" before it sends the body */
    bool is_last;        /* the connection closes after the answer */
} FiscGateHead;

FiscGateParser *fisc_gate_parser_new(void);
void fisc_gate_parser_free(FiscGateParser *parser);

/** Takes bytes up to the next step and returns how many. What may be handed on is appended to
 * @out. After FISC_GATE_HEAD and FISC_GATE_END feed the rest, and be it empty: a request without a
 * body ends then. After FISC_GATE_REFUSED nothing more is taken. */
gsize fisc_gate_parser_feed(FiscGateParser *parser, const char *data, gsize length, GByteArray *out,
                            FiscGateStep *out_step);
/** After FISC_GATE_HEAD, until the request ends. */
const FiscGateHead *fisc_gate_parser_head(const FiscGateParser *parser);
/** The longest body; whoever says or sends more is refused. Asked for after FISC_GATE_HEAD;
 * without it there is no limit. */
void fisc_gate_parser_limit(FiscGateParser *parser, uint64_t body_max);
/** After FISC_GATE_REFUSED. */
const FiscGateRefusal *fisc_gate_parser_refusal(const FiscGateParser *parser);
/** Whether nothing of the next request has come. */
bool fisc_gate_parser_is_idle(const FiscGateParser *parser);

/* gate_target.c */
/** What is wrong with a request's target; NULL when nothing is: then @out_origin is its
 * origin-form as sent ("/v1/funds?entity=001"), @out_path its path decoded, @out_authority the
 * host of an absolute-form or NULL. All owned by the caller. */
const char *
fisc_gate_target_read(const char *target, char **out_origin, char **out_path, char **out_authority);
/** "fisc.example:8443", "[::1]". */
bool fisc_gate_host_is_valid(const char *host);

#endif
