/* map.h: a map at hand: profiles and tables under the paths they go by, out of the one text they
 * are kept as (app/flows/intake_map.c), and the documents that they read. None of it lies in a
 * folder on a disk: a document is read from where it is, and what a source sends takes nobody's
 * place there. Private to integrations/ and the walks of outside books.
 *
 * A map does not change, but that its profiles are understood once, for whoever comes first. Any
 * number of threads read by it. */
#ifndef FISC_INTEGRATIONS_MAP_H
#define FISC_INTEGRATIONS_MAP_H

#include <glib.h>
#include <stdbool.h>

typedef struct _FiscMap FiscMap;

/** TAMPERED when it is no such text. */
bool fisc_map_open(GBytes *packed, FiscMap **out_map, GError **error);
FiscMap *fisc_map_ref(FiscMap *map);
void fisc_map_unref(FiscMap *map); /* does nothing with NULL */

/** A profile or a table by its path. NULL: there is none. Borrowed. */
GBytes *fisc_map_file(const FiscMap *map, const char *path);
/** Names of its profiles, sorted: of const char *. Borrowed. */
const GPtrArray *fisc_map_profiles(const FiscMap *map);

/* Documents as the map's profiles look for them. */
typedef struct {
    GHashTable *files; /* path -> GBytes */
    bool is_spoiled;   /* one of them has the name of a file of the map */
} FiscMapDocuments;
void fisc_map_documents_clear(FiscMapDocuments *documents);
/** Puts a document to where the map's profiles look for it. */
void
fisc_map_place(const FiscMap *map, FiscMapDocuments *documents, const char *name, GBytes *bytes);

/* What the reader of packages has understood of the profiles: integrations/package_profile.c. */
typedef void (*FiscMapForget)(gpointer understood);
/** Held while it is looked for, and made once. */
void fisc_map_lock(FiscMap *map);
void fisc_map_unlock(FiscMap *map);
gpointer fisc_map_understood(const FiscMap *map); /* NULL: nobody came so far */
void fisc_map_understand(FiscMap *map, gpointer understood, FiscMapForget forget);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscMap, fisc_map_unref)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiscMapDocuments, fisc_map_documents_clear)

#endif
