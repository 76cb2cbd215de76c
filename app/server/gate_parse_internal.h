/* gate_parse_internal.h: what the readers of heads and of bodies share. */
#ifndef FISC_SERVER_GATE_PARSE_INTERNAL_H
#define FISC_SERVER_GATE_PARSE_INTERNAL_H

#include "app/server/gate_parse.h"

typedef enum {
    IN_HEAD,
    HEAD_IS_WHOLE, /* FISC_GATE_HEAD was said; the body begins */
    IN_BODY,       /* @left bytes of a body with a length */
    IN_SIZE,       /* of a chunk */
    IN_EXTENSION,
    AT_SIZE_LF,
    IN_CHUNK, /* @left bytes of a chunk */
    AT_CHUNK_CR,
    AT_CHUNK_LF,
    AT_LAST_CR, /* after the chunk of size 0: no trailers */
    AT_LAST_LF,
    IS_REFUSED,
} FiscGateState;

struct _FiscGateParser {
    FiscGateState state;
    GString *line;
    gsize head_size; /* bytes of the head so far */
    char *method, *target;
    int minor;          /* HTTP/1.minor */
    GPtrArray *headers; /* of char *: name, value ... */
    char *origin, *path, *authority;
    FiscGateHead head;
    bool has_body;
    uint64_t left;
    int digits;
    gsize extensions;
    uint64_t body_size, body_max;
    FiscGateRefusal refusal;
};

/** Ends the request: it is answered with this and nothing of it is handed on any more. */
FiscGateStep
fisc_gate_refuse(FiscGateParser *parser, int status, const char *code, const char *detail);
/** The same for what has no single reading: 400. */
FiscGateStep fisc_gate_refuse_form(FiscGateParser *parser, const char *detail);
void fisc_gate_append(GByteArray *out, const char *text);

/** gate_head.c: one byte of a head. */
FiscGateStep fisc_gate_head_take(FiscGateParser *parser, char byte, GByteArray *out);

#endif
