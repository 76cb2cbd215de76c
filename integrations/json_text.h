/* json_text.h: what JSON says of its own text: numbers as they were written, and where the elements
 * of a list lie. A number that a parser reads becomes a float, which no amount may ever be. Private
 * to integrations/. */
#ifndef FISC_INTEGRATIONS_JSON_TEXT_H
#define FISC_INTEGRATIONS_JSON_TEXT_H

#include <glib.h>
#include <jansson.h>

/** JSON read with every number as a text of the same letters. NULL with *out_reason (caller frees):
 * it is none, or too deep. */
json_t *fisc_json_read_texts(const char *text, gsize length, char **out_reason);

typedef struct {
    gsize from, length;
} FiscJsonSpan;
/** The elements of the list that is member @name of the outermost object, of FiscJsonSpan, in their
 * order; NULL: there is no such list. @text was read by fisc_json_read_texts(). */
GArray *fisc_json_elements(const char *text, gsize length, const char *name);

/** "1.2300e2", "-5" and the like -> "123", "-5": a decimal without exponent, sign "+", or what says
 * nothing. NULL: no number, or more than 18 digits on a side of its point. Caller frees. */
char *fisc_json_decimal(const char *text);

#endif
