/* doctor_database.c: what a database server says of itself that may cost somebody his books: writes
 * that are not durable, an archive that stands still, a clock that is wrong, a replica left behind.
 */
#include "app/cli/doctor.h"
#include <stdlib.h>
#include <string.h>

#define CLOCK_SECONDS_MAX 5
#define BEHIND_SECONDS_MAX 60

/* Settings that have one safe value. */
static const struct {
    const char *name, *safe, *remedy;
} settings[] = {
    {"fsync", "on", "set fsync = on: else a power cut destroys the books"},
    {"full_page_writes", "on", "set full_page_writes = on: else a power cut tears pages"},
    {"synchronous_commit", "on",
     "set synchronous_commit = on: else an acknowledged entry may be lost"},
    {"data_checksums", "on", "pg_checksums --enable, while it is down: else bad disks go unseen"},
};

static void
examine_setting(FiscFindings *findings, const char *name, const char *value)
{
    for (gsize i = 0; i < G_N_ELEMENTS(settings); i++) {
        if (strcmp(settings[i].name, name) == 0) {
            bool is_safe = strcmp(value, settings[i].safe) == 0 ||
                           g_str_has_prefix(value, "remote_"); /* and stricter ones */
            bool is_grave = strcmp(name, "data_checksums") != 0;
            fisc_doctor_say(findings, name,
                            is_safe    ? FISC_DOCTOR_OK
                            : is_grave ? FISC_DOCTOR_MISSING
                                       : FISC_DOCTOR_ATTENTION,
                            is_safe ? NULL : settings[i].remedy, "%s", value);
        }
    }
}

static void
examine_clock(FiscFindings *findings, const char *value)
{
    int64_t seconds = llabs(g_ascii_strtoll(value, NULL, 10) - g_get_real_time()) / G_USEC_PER_SEC;
    bool is_right = seconds <= CLOCK_SECONDS_MAX;
    fisc_doctor_say(findings, "clock of the database",
                    is_right ? FISC_DOCTOR_OK : FISC_DOCTOR_ATTENTION,
                    is_right ? NULL : "let both machines follow one time server (NTP)",
                    "%" G_GINT64_FORMAT " seconds from this machine's", seconds);
}

static void
examine_row(FiscFindings *findings, const char *name, const char *value)
{
    if (strcmp(name, "clock_us") == 0) {
        examine_clock(findings, value);
    } else if (strcmp(name, "archiver") == 0) {
        bool is_well = strcmp(value, "works") == 0;
        fisc_doctor_say(findings, "archive of the log",
                        is_well ? FISC_DOCTOR_OK : FISC_DOCTOR_MISSING,
                        is_well ? NULL
                                : "make room in the folder of the backups, see the database's log: "
                                  "the disk fills until it works",
                        is_well ? "%s" : "%s could not be archived", value);
    } else if (strcmp(name, "server_version") == 0) {
        fisc_doctor_say(findings, "postgresql", FISC_DOCTOR_OK, NULL, "%s", value);
    } else {
        examine_setting(findings, name, value);
    }
}

static bool
examine_server(FiscFindings *findings, FiscTx *tx, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_tx_query(tx, FISC_SQL_LEDGER_SERVER_SETTINGS, FISC_NO_ARGS, &rows, error)) {
        return false;
    }
    for (int i = 0; i < fisc_rows_count(rows); i++) {
        examine_row(findings, fisc_rows_text(rows, i, 0), fisc_rows_text(rows, i, 1));
    }
    return true;
}

static bool
examine_books(FiscFindings *findings, FiscTx *tx, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_tx_query(tx, FISC_SQL_LEDGER_FRESHNESS, FISC_ARGS(fisc_int4(FISC_CLI_BOOK)), &rows,
                       error)) {
        return false;
    }
    if (fisc_rows_count(rows) == 0) {
        return true;
    }
    int64_t ahead = fisc_rows_int8(rows, 0, 2) - g_get_real_time();
    bool is_ahead = ahead > CLOCK_SECONDS_MAX * G_USEC_PER_SEC;
    fisc_doctor_say(findings, "newest batch", is_ahead ? FISC_DOCTOR_ATTENTION : FISC_DOCTOR_OK,
                    is_ahead ? "it is dated in the future: set the clock of this machine" : NULL,
                    "%" G_GINT64_FORMAT, fisc_rows_int8(rows, 0, 0));
    if (fisc_rows_int4(rows, 0, 3) != 0) {
        int64_t behind = fisc_rows_int8(rows, 0, 4) / 1000;
        bool is_stale = behind > BEHIND_SECONDS_MAX;
        fisc_doctor_say(findings, "replica", is_stale ? FISC_DOCTOR_ATTENTION : FISC_DOCTOR_OK,
                        is_stale ? "see that the primary runs and that this server reaches it"
                                 : NULL,
                        "%" G_GINT64_FORMAT " seconds behind", behind);
    }
    return true;
}

void
fisc_doctor_database(FiscFindings *findings, const char *uri, const char *role)
{
    g_autoptr(FiscPool) pool = NULL;
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(GError) error = NULL;
    if (!fisc_pool_open(uri, role, 1, &pool, &error) ||
        !fisc_tx_begin(pool, FISC_TX_AUTO, &tx, &error) || !examine_server(findings, tx, &error) ||
        !examine_books(findings, tx, &error)) {
        fisc_doctor_say(findings, "database", FISC_DOCTOR_ATTENTION, "fisc init", "%s",
                        error->message);
    }
    g_clear_pointer(&tx, fisc_tx_rollback); /* before the pool it came from */
}
