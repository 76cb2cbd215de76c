/* parse.h: documents of outside systems read by a process that may do nothing else (app/parse,
 * core/sandbox, decision 25). What comes back is rows of cells with their lengths; no parser of
 * ours runs over the bytes of a stranger in a process that has keys and a database.
 *
 *   parse_wire.c   the two languages: what is asked, what is answered
 *   parse_ask.c    our side
 *   parse_work.c   the reader's side
 *
 * Private to integrations/ and the walks of outside books (app/flows). Any thread may ask. */
#ifndef FISC_INTEGRATIONS_PARSE_H
#define FISC_INTEGRATIONS_PARSE_H

#include "core/sandbox/sandbox.h"
#include "fisc/csv.h"
#include "integrations/convert.h"

/** As fisc_csv_parse(). A reader that had to be stopped is a refusal, READER_STOPPED; one that
 * cannot be run is an error, SETUP. */
bool fisc_parse_csv(const char *name, GBytes *document, const FiscCsvOptions *options,
                    FiscCsv **out_csv, FiscRefusals *refusals, GError **error);
/** As the connector's own convert(). *out_text stays NULL with refusals. */
bool fisc_parse_convert(const FiscFeeder *feeder, const char *document, GBytes *body,
                        GBytes **out_text, FiscRefusals *refusals, GError **error);
/** Runs a reader once, to see whether it can be, and how far it is fenced in. */
bool fisc_parse_try(FiscSandboxState *out_state, GError **error);
/** Whether some reader since this program began ran without the filter of system calls. */
bool fisc_parse_lacked_filter(void);

/** Between these two this thread has many documents read: the program is started once, and a copy
 * of it, made before it has seen a byte of any, reads each. */
void fisc_parse_begin(void);
void fisc_parse_end(void);
/** Between these two, within the two above, the documents are of one source: one copy reads the
 * small ones in turn, as long as it lasts. What it does not get to the end of, a copy of its own
 * reads. */
void fisc_parse_turns_begin(void);
void fisc_parse_turns_end(void);

/** The reader's side, as a program: takes its request and document from the descriptors of
 * core/sandbox/child.h, enters the sandbox, answers. Returns the exit status. */
int fisc_parse_work(const FiscReaderKind *kind);

#endif
