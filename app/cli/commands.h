/* commands.h: the functions behind the table of commands. Each checks its own words, calls one flow
 * and prints what came of it. */
#ifndef FISC_APP_CLI_COMMANDS_H
#define FISC_APP_CLI_COMMANDS_H

#include "app/cli/cli.h"

bool fisc_command_bench(FiscCli *cli, int *out_status, GError **error);
bool fisc_command_budget(FiscCli *cli, int *out_status, GError **error);
bool fisc_command_doc(FiscCli *cli, int *out_status, GError **error);
bool fisc_command_doctor(FiscCli *cli, int *out_status, GError **error);
bool fisc_command_funds(FiscCli *cli, int *out_status, GError **error);
bool fisc_command_head(FiscCli *cli, int *out_status, GError **error);
bool fisc_command_init(FiscCli *cli, int *out_status, GError **error);
bool fisc_command_load(FiscCli *cli, int *out_status, GError **error);
bool fisc_command_period(FiscCli *cli, int *out_status, GError **error);
bool fisc_command_person(FiscCli *cli, int *out_status, GError **error);
/** What `person` does: pairs verb, description. */
const char *const *fisc_person_verbs(void);
bool fisc_command_post(FiscCli *cli, int *out_status, GError **error);
bool fisc_command_proof(FiscCli *cli, int *out_status, GError **error);
bool fisc_command_report(FiscCli *cli, int *out_status, GError **error);
bool fisc_command_reverse(FiscCli *cli, int *out_status, GError **error);
bool fisc_command_sql(FiscCli *cli, int *out_status, GError **error);
bool fisc_command_stop(FiscCli *cli, int *out_status, GError **error);
bool fisc_command_trace(FiscCli *cli, int *out_status, GError **error);
bool fisc_command_try(FiscCli *cli, int *out_status, GError **error);
bool fisc_command_verify(FiscCli *cli, int *out_status, GError **error);

/** What `doc` and `budget` do: pairs verb, description. */
const char *const *fisc_doc_verbs(void);
const char *const *fisc_budget_verbs(void);
/** Prints what became of a document, and why not when it was refused. Returns the exit status. */
int fisc_cli_print_document(const FiscCli *cli, const char *id, const char *state,
                            const FiscReceipt *receipt);

/** The file of the key that signs heads: --key, or keys/head.key beside the embedded database.
 * Caller frees; NULL with @error. */
char *fisc_cli_head_key(const FiscCli *cli, GError **error);

#endif
