/* kill_point.c: see kill_point.h. The environment is read once: points are passed in every batch.
 * The one place with state of its own, because the passes of a whole process are counted. */
#include "core/base/kill_point.h"
#include <glib.h>
#include <signal.h>
#include <string.h>

static struct {
    char *name; /* NULL: no point kills */
    gint passes_left;
} order;

static void
read_order(void)
{
    const char *text = g_getenv("FISC_KILL_AT");
    const char *colon = text != NULL ? strrchr(text, ':') : NULL;
    if (colon != NULL) {
        order.passes_left = (gint)g_ascii_strtoll(colon + 1, NULL, 10);
        order.name = g_strndup(text, (gsize)(colon - text));
    }
}

void
fisc_kill_point(const char *name)
{
    static gsize is_read;
    if (g_once_init_enter(&is_read)) {
        read_order();
        g_once_init_leave(&is_read, 1);
    }
    if (order.name != NULL && strcmp(order.name, name) == 0 &&
        g_atomic_int_dec_and_test(&order.passes_left)) {
        raise(SIGKILL);
    }
}
