/* template.h: text with names in braces: "{unit}/{programme:1}", filled from the slots of a row.
 *
 * {name} is a slot whole, {name:2} its first two characters, {name:4-6} its fourth to sixth,
 * {name@3} its third word, {name@3:2} that word's first two characters; "{{" is a brace. Names
 * become slot numbers once, so that filling is only copying. Private to integrations/. */
#ifndef FISC_INTEGRATIONS_TEMPLATE_H
#define FISC_INTEGRATIONS_TEMPLATE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct _FiscTemplate FiscTemplate;

/** The slot of a name, -1 when there is none. */
typedef int (*FiscSlotFind)(const char *name, void *data);

/** NULL when the text is wrong; then *out_wrong says why, and the caller frees it. */
FiscTemplate *
fisc_template_compile(const char *text, FiscSlotFind find, void *data, char **out_wrong);
void fisc_template_free(FiscTemplate *template_);
/** Replaces what @out holds. */
void fisc_template_fill(const FiscTemplate *template_, const char *const *slots, GString *out);

/** A sum of amounts: "final - initial". */
typedef struct {
    int slot;
    bool is_minus;
} FiscTerm;
/** An array of FiscTerm; NULL as above. */
GArray *fisc_terms_compile(const char *text, FiscSlotFind find, void *data, char **out_wrong);
/** False when the sum does not fit. */
bool fisc_terms_sum(const GArray *terms, const int64_t *amounts, int64_t *out_sum);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscTemplate, fisc_template_free)

#endif
