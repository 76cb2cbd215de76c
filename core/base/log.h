/* log.h: one structured line to stderr, for flows and edges only. Code below them returns errors.
 *
 * FISC_LOG=error|warn|info|debug chooses how much is said; warn by default. */
#ifndef FISC_BASE_LOG_H
#define FISC_BASE_LOG_H

#include <glib.h>
#include <stdbool.h>

typedef enum {
    FISC_LOG_ERROR,
    FISC_LOG_WARN,
    FISC_LOG_INFO,
    FISC_LOG_DEBUG,
} FiscLogLevel;

/** True when a line of this level would be written. */
bool fisc_log_is_on(FiscLogLevel level);
/** Writes `level=warn message="..." key=value ...`. @... are pairs of strings ended by NULL; a NULL
 *  value skips its pair. Whatever a value holds, the line stays one line. */
void fisc_log(FiscLogLevel level, const char *message, ...) G_GNUC_NULL_TERMINATED;
/** The line itself, with its line feed. Caller frees. */
char *fisc_log_format(FiscLogLevel level, const char *message, ...) G_GNUC_NULL_TERMINATED;

#endif
