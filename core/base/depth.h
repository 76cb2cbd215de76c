/* depth.h: how deep JSON may lie before a parser sees it: what nests without end costs its stack.
 */
#ifndef FISC_BASE_DEPTH_H
#define FISC_BASE_DEPTH_H

#include <glib.h>
#include <stdbool.h>

#define FISC_JSON_DEPTH_MAX 32

/** Whether objects and lists of a text lie in one another deeper than that. A text that is no JSON
 * may be called either; the parser says so. */
bool fisc_json_is_deep(const char *text, gsize length);

#endif
