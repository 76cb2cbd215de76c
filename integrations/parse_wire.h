/* parse_wire.h: what a reader of documents is asked, and what it answers. Private to
 * integrations/parse_*.c and their tests.
 *
 * An answer is a letter for how far the reader is fenced in (FiscSandboxState), then frames, each
 * begun by a letter:
 *
 *   R   a refusal: code, dropped, line, file, field, detail, hint
 *   T   the text that a document became
 *   H   the line of the header, the names of the columns
 *   P   what stands above the header: how many cells, its line, the cells
 *   L   a row: its line, a cell for each column
 *   E   the end; what lacks it was cut off */
#ifndef FISC_INTEGRATIONS_PARSE_WIRE_H
#define FISC_INTEGRATIONS_PARSE_WIRE_H

#include "core/sandbox/frame.h"
#include "integrations/parse.h"

typedef enum { FISC_PARSE_CSV = 'C', FISC_PARSE_CONVERT = 'V' } FiscParseKind;

typedef struct {
    FiscParseKind kind;
    const char *name; /* of the document, for refusals */
    FiscSandboxLimits limits;
    FiscCsvOptions options;   /* of CSV */
    const FiscFeeder *feeder; /* of CONVERT */
} FiscParseRequest;

/* Our side: */
GBytes *fisc_parse_write_request(const FiscParseRequest *request);
/** False when the answer is none: then @refusals are as before. *out_csv and *out_text: what there
 * was; NULL with refusals. @name: of the document. */
bool fisc_parse_read_answer(GBytes *answer, const char *name, FiscSandboxState *out_state,
                            FiscCsv **out_csv, GBytes **out_text, FiscRefusals *refusals);

/* The reader's side: */
/** False when it is a request of another version of the program. What it has is never freed: the
 * reader's process is for this one request. */
bool fisc_parse_read_request(GBytes *bytes, FiscParseRequest *out_request);
void fisc_parse_put_state(FiscFrameOut *out, FiscSandboxState state);
void fisc_parse_put_refusals(FiscFrameOut *out, const FiscRefusals *refusals);
void fisc_parse_put_text(FiscFrameOut *out, GBytes *text);
void fisc_parse_put_csv(FiscFrameOut *out, const FiscCsv *csv);
void fisc_parse_put_end(FiscFrameOut *out);

#endif
