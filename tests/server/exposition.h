/* exposition.h: a reader of Prometheus' text exposition that forgives nothing, so that what passes
 * here is read by every scraper. */
#ifndef FISC_TEST_EXPOSITION_H
#define FISC_TEST_EXPOSITION_H

#include <glib.h>

typedef struct {
    GHashTable *samples; /* "name{labels}" as written -> value as text */
    GHashTable *types;   /* family -> "counter" ... */
    char *complaint;     /* the first thing that is wrong, with its line; NULL when nothing is */
} Exposition;

Exposition *exposition_read(const char *text);
void exposition_free(Exposition *exposition);
/** The value of a sample, as written; "" when there is none. */
const char *exposition_value(const Exposition *exposition, const char *sample);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Exposition, exposition_free)

#endif
