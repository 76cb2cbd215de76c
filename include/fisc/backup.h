/* backup.h: backups of the embedded cluster: a copy of its files, and every piece of its log since.
 *
 * A folder of backups holds
 *   base-20261122T073000Z/         the files, with PostgreSQL's manifest of checksums
 *   base-20261122T073000Z.json     what it holds, as the caller says (app/cli/command_backup.c)
 *   base-20261122T073000Z.head     the signed head of the book at that moment
 *   wal/                           the log: one file for each 16 MB or each minute, with its
 * SHA-256 From a base and the log after it any later moment is restored. Nothing here knows of
 * batches. */
#ifndef FISC_BACKUP_H
#define FISC_BACKUP_H

#include "fisc/error.h"

typedef struct {
    char *name;      /* "base-20261122T073000Z" */
    char *path;      /* of the folder */
    char *first_wal; /* the log file in which it begins */
    char *last_wal;  /* ... and ends: what is archived has to go on from here */
} FiscBackup;

/** Copies the running cluster of @data_dir into a new base of @dir, which is made, and archives the
 * log there from now on. Returns when all that was committed before is in @dir. SETUP when the
 * cluster has to be restarted for it and somebody is connected. *out_name: owned. */
bool fisc_backup_take(const char *data_dir, const char *dir, char **out_name, GError **error);
/** The bases of a folder, oldest first; of FiscBackup. */
bool fisc_backup_list(const char *dir, GPtrArray **out_backups, GError **error);
void fisc_backup_free(FiscBackup *backup);
/** Every file of a base and of the log behind it against its checksum. TAMPERED names the file that
 * is not what was written, NOT_FOUND the one that is missing. *out_last_wal (owned; NULL = not
 * wanted): the newest log file that follows without a gap. */
bool
fisc_backup_check(const char *dir, const FiscBackup *backup, char **out_last_wal, GError **error);

typedef enum {
    FISC_RESTORE_LATEST, /* all there is */
    FISC_RESTORE_TIME,   /* what was committed up to then */
    FISC_RESTORE_COMMIT, /* up to and with this transaction */
} FiscRestoreKind;

typedef struct {
    FiscRestoreKind kind;
    const char *time;   /* "2026-11-22 07:30:00+00" */
    const char *commit; /* a transaction's number, in decimal */
} FiscRestoreTarget;

/** Makes the new data folder @new_dir, which must not exist or be empty, from a base and the log
 * behind it, and leaves its cluster down. What is half done is swept away. NOT_FOUND when the log
 * ends before the target, when it lies before the base, or when a piece of the log is missing;
 * TAMPERED when a file is damaged. The folder of backups is not touched: the new cluster archives
 * nothing until it is backed up itself. */
bool fisc_backup_restore(const char *dir, const FiscBackup *backup, const FiscRestoreTarget *target,
                         const char *new_dir, GError **error);

/** Removes a folder and all in it; what cannot go stays. */
void fisc_folder_remove(const char *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscBackup, fisc_backup_free)

#endif
