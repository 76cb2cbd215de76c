/* nursery.h: programs that wait to be asked. To start a program anew for each document costs more
 * than to read it: libraries are looked for and linked, the filter is made. So a program is started
 * once and stays as it is when it begins, before it has seen a byte of anybody; for each document
 * it makes a copy of itself, which works and ends. What one document does to its reader dies with
 * it.
 *
 * A nursery is of one thread. Its programs end with it, and with the thread. */
#ifndef FISC_SANDBOX_NURSERY_H
#define FISC_SANDBOX_NURSERY_H

#include <glib.h>
#include <stdbool.h>

typedef struct _FiscNursery FiscNursery;
FiscNursery *fisc_nursery_new(void);
void fisc_nursery_free(FiscNursery *nursery); /* NULL does nothing */

/* For child.c: one copy at a time. @descriptors: its request, its answer, its document. */
bool fisc_nursery_begin(FiscNursery *nursery, const char *program, const int descriptors[3],
                        GError **error);
/** Waits for its end; who has not ended by then is ended. *out_status as of waitpid(). */
void fisc_nursery_wait(FiscNursery *nursery, const char *program, gint64 until_us, int *out_status);
/** Ends it now. */
void fisc_nursery_kill(FiscNursery *nursery, const char *program);

/** The program's side: true when it was started to wait. */
bool fisc_nursery_is_asked(void);
/** Makes a copy for each that is asked for; in it @work is done, with the descriptors of child.h,
 * and tells the exit status. Returns when nobody asks any more. This process has one thread. */
int fisc_nursery_serve(int (*work)(gconstpointer data), gconstpointer data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscNursery, fisc_nursery_free)

#endif
