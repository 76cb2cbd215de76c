/* notify.h: tells the service manager how the server is (sd_notify(3)), without its library.
 *
 * Nothing happens, and nothing is an error, when no service manager waits for it. */
#ifndef FISC_APP_CLI_NOTIFY_H
#define FISC_APP_CLI_NOTIFY_H

#include <glib.h>
#include <stdbool.h>

/** Sends lines like "READY=1\nSTATUS=..." to $NOTIFY_SOCKET. */
void fisc_notify(const char *format, ...) G_GNUC_PRINTF(1, 2);
/** Half of the time in which the service manager wants to hear WATCHDOG=1; 0: it does not. */
int fisc_notify_watchdog_ms(void);

#endif
