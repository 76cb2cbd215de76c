/* backup_internal.h: what taking, checking and restoring of backups share. Internal to core/db. */
#ifndef FISC_CORE_DB_BACKUP_INTERNAL_H
#define FISC_CORE_DB_BACKUP_INTERNAL_H

#include "core/db/place.h"
#include "fisc/backup.h"

#define BACKUP_PREFIX "base-"
#define BACKUP_LOG "wal"
#define WAL_NAME 24 /* hex digits: timeline, and place in the log */

/** The newest log file in a folder below @path; NULL when there is none. Caller frees. */
char *fisc_backup_newest_wal(const char *path, const char *folder);
/** The log files of an archive, of char *, in order. */
GPtrArray *fisc_backup_list_wal(const char *wal_dir);

#endif
