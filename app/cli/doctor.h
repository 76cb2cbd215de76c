/* doctor.h: what the parts of `fisc doctor` share: findings, each with what to do about it. */
#ifndef FISC_APP_CLI_DOCTOR_H
#define FISC_APP_CLI_DOCTOR_H

#include "app/cli/cli.h"
#include "app/server/config.h"

typedef enum {
    FISC_DOCTOR_OK,
    FISC_DOCTOR_ATTENTION, /* somebody should look; nothing is broken */
    FISC_DOCTOR_MISSING,   /* it will not work, or not safely: the exit status tells */
} FiscDoctorState;

typedef struct {
    FiscTable *table;
    bool is_sound;
} FiscFindings;

/** @remedy: what to do; NULL when nothing. */
void fisc_doctor_say(FiscFindings *findings, const char *what, FiscDoctorState state,
                     const char *remedy, const char *format, ...) G_GNUC_PRINTF(5, 6);

/** doctor_machine.c: settings, port, space, clock, libraries, certificates, keys, last backup and
 * verification. @config: NULL when it cannot be read. */
void fisc_doctor_machine(FiscFindings *findings, const FiscCli *cli, const FiscConfig *config);
/** doctor_database.c: durability, archive, checksums, clock and replication of a server. */
void fisc_doctor_database(FiscFindings *findings, const char *uri, const char *role);

#endif
