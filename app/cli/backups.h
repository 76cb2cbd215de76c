/* backups.h: what `fisc backup` writes beside a base, and `fisc restore` reads: what the books were
 * at that moment. */
#ifndef FISC_APP_CLI_BACKUPS_H
#define FISC_APP_CLI_BACKUPS_H

#include "app/cli/cli.h"
#include "fisc/backup.h"

typedef struct {
    int64_t batch;       /* the newest */
    char hash[65];       /* of it */
    int64_t taken_at_us; /* when the copy was whole */
    int64_t posted_at_us;
} FiscBooksAt;

/** What the books of the open database are. */
bool fisc_cli_books_now(const FiscCli *cli, FiscBooksAt *out_books, GError **error);
bool fisc_cli_books_write(const char *path, const FiscBooksAt *books, GError **error);
/** NOT_FOUND when there is no such file: then the backup was not finished. */
bool fisc_cli_books_read(const char *path, FiscBooksAt *out_books, GError **error);
/** "DIR/base-...json", "...head". Caller frees. */
char *fisc_cli_beside(const char *dir, const char *name, const char *ending);
/** "2026-11-22T07:30:00Z". Caller frees. */
char *fisc_cli_time_text(int64_t time_us);

/* The file in a data folder that tells `fisc doctor` of the last backup: its folder, its time. */
#define FISC_LAST_BACKUP "last-backup"
/* ... of the last verification of the whole book that found nothing. */
#define FISC_LAST_VERIFICATION "last-verification"

#endif
