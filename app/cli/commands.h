/* commands.h: the functions behind the table of commands. Each checks its own words, calls one flow
 * and prints what came of it. */
#ifndef FISC_APP_CLI_COMMANDS_H
#define FISC_APP_CLI_COMMANDS_H

#include "app/cli/cli.h"

bool fisc_command_audit(FiscCli *cli, int *out_status, GError **error);
/** What `audit` does: pairs verb, description. */
const char *const *fisc_audit_verbs(void);
bool fisc_command_backup(FiscCli *cli, int *out_status, GError **error);
bool fisc_command_restore(FiscCli *cli, int *out_status, GError **error);
bool fisc_command_bench(FiscCli *cli, int *out_status, GError **error);
bool fisc_command_budget(FiscCli *cli, int *out_status, GError **error);
bool fisc_command_doc(FiscCli *cli, int *out_status, GError **error);
bool fisc_command_drill(FiscCli *cli, int *out_status, GError **error);
bool fisc_command_doctor(FiscCli *cli, int *out_status, GError **error);
bool fisc_command_funds(FiscCli *cli, int *out_status, GError **error);
bool fisc_command_export(FiscCli *cli, int *out_status, GError **error);
bool fisc_command_head(FiscCli *cli, int *out_status, GError **error);
bool fisc_command_hold(FiscCli *cli, int *out_status, GError **error);
/** What `hold` does: pairs verb, description. */
const char *const *fisc_hold_verbs(void);
bool fisc_command_init(FiscCli *cli, int *out_status, GError **error);
bool fisc_command_feeder(FiscCli *cli, int *out_status, GError **error);
/** What `feeder` does: pairs verb, description. */
const char *const *fisc_feeder_verbs(void);
bool fisc_command_agent(FiscCli *cli, int *out_status, GError **error);
bool fisc_command_pull(FiscCli *cli, int *out_status, GError **error);
bool fisc_command_layout(FiscCli *cli, int *out_status, GError **error);
/** What `layout` does: pairs verb, description. */
const char *const *fisc_layout_verbs(void);
bool fisc_command_load(FiscCli *cli, int *out_status, GError **error);
bool fisc_command_period(FiscCli *cli, int *out_status, GError **error);
bool fisc_command_person(FiscCli *cli, int *out_status, GError **error);
/** What `person` does: pairs verb, description. */
const char *const *fisc_person_verbs(void);
/** Verbs of `person` about signing in: command_signin.c. */
bool fisc_person_password(FiscCli *cli, int *out_status, GError **error);
bool fisc_person_totp(FiscCli *cli, int *out_status, GError **error);
bool fisc_person_token(FiscCli *cli, int *out_status, GError **error);
bool fisc_person_tokens(FiscCli *cli, int *out_status, GError **error);
bool fisc_person_sessions(FiscCli *cli, int *out_status, GError **error);
bool fisc_person_sign_ins(FiscCli *cli, int *out_status, GError **error);
bool fisc_person_certificate(FiscCli *cli, int *out_status, GError **error);
bool fisc_person_passkeys(FiscCli *cli, int *out_status, GError **error);
bool fisc_person_provider(FiscCli *cli, int *out_status, GError **error);
bool fisc_command_post(FiscCli *cli, int *out_status, GError **error);
bool fisc_command_proof(FiscCli *cli, int *out_status, GError **error);
bool fisc_command_question(FiscCli *cli, int *out_status, GError **error);
/** What `question` does: pairs verb, description. */
const char *const *fisc_question_verbs(void);
bool fisc_command_report(FiscCli *cli, int *out_status, GError **error);
/** The query that the options of `report` spell. Strings are borrowed. */
FiscReportQuery fisc_cli_report_query(const FiscCli *cli, const char *name);
bool fisc_command_publish(FiscCli *cli, int *out_status, GError **error);
/** What `publish` does: pairs verb, description. */
const char *const *fisc_publish_verbs(void);
/** `report --reproduce ID`: command_publish.c. */
bool fisc_report_reproduce(FiscCli *cli, GError **error);
bool fisc_command_reverse(FiscCli *cli, int *out_status, GError **error);
bool fisc_command_serve(FiscCli *cli, int *out_status, GError **error);
bool fisc_command_sql(FiscCli *cli, int *out_status, GError **error);
bool fisc_command_stop(FiscCli *cli, int *out_status, GError **error);
bool fisc_command_trace(FiscCli *cli, int *out_status, GError **error);
bool fisc_command_try(FiscCli *cli, int *out_status, GError **error);
bool fisc_command_unit(FiscCli *cli, int *out_status, GError **error);
/** What `unit` does: pairs verb, description. */
const char *const *fisc_unit_verbs(void);
bool fisc_command_verify(FiscCli *cli, int *out_status, GError **error);

/* ... and with what was tabled, or was not in time: command_enact.c. */
bool fisc_budget_enact_version(FiscCli *cli, int *out_status, GError **error);
bool fisc_budget_interim(FiscCli *cli, int *out_status, GError **error);

/** What `doc` and `budget` do: pairs verb, description. */
const char *const *fisc_doc_verbs(void);
const char *const *fisc_budget_verbs(void);
/* What `budget` does with versions: command_plan.c. */
bool fisc_budget_import(FiscCli *cli, int *out_status, GError **error);
bool fisc_budget_consolidated(FiscCli *cli, int *out_status, GError **error);
bool fisc_budget_law(FiscCli *cli, int *out_status, GError **error);
bool fisc_budget_open(FiscCli *cli, int *out_status, GError **error);
bool fisc_budget_branch(FiscCli *cli, int *out_status, GError **error);
bool fisc_budget_versions(FiscCli *cli, int *out_status, GError **error);
bool fisc_budget_put(FiscCli *cli, int *out_status, GError **error);
bool fisc_budget_get(FiscCli *cli, int *out_status, GError **error);
bool fisc_budget_step(FiscCli *cli, int *out_status, GError **error);
bool fisc_budget_history(FiscCli *cli, int *out_status, GError **error);
/* What `budget` holds back, and what a reserve gives: command_block.c. */
bool fisc_budget_block_lines(FiscCli *cli, int *out_status, GError **error);
bool fisc_budget_unblock_lines(FiscCli *cli, int *out_status, GError **error);
bool fisc_budget_draw_reserve(FiscCli *cli, int *out_status, GError **error);
/* Versions beside each other: command_compare.c. */
bool fisc_budget_compare(FiscCli *cli, int *out_status, GError **error);
bool fisc_budget_merge(FiscCli *cli, int *out_status, GError **error);
bool fisc_budget_baseline(FiscCli *cli, int *out_status, GError **error);
bool fisc_budget_ceilings(FiscCli *cli, int *out_status, GError **error);
bool fisc_budget_performance(FiscCli *cli, int *out_status, GError **error);
bool fisc_budget_tags(FiscCli *cli, int *out_status, GError **error);
/** Prints what became of the parts of a version, and why not when they were refused. Returns the
 * exit status. */
int fisc_cli_print_plan_done(const FiscCli *cli, const char *path, const FiscPlanDone *done,
                             const FiscRefusals *refusals, const FiscReceipt *receipt);

/** Prints what became of a document, and why not when it was refused. Returns the exit status. */
int fisc_cli_print_document(const FiscCli *cli, const char *id, const char *state,
                            const FiscReceipt *receipt);

/* The end of a budget year: command_year_end.c. */
bool fisc_budget_open_year(FiscCli *cli, int *out_status, GError **error);
bool fisc_budget_year_end(FiscCli *cli, int *out_status, GError **error);
/** Control totals of what was read, of FiscControlTotal. Caller frees. */
FiscTable *fisc_cli_totals_table(const GPtrArray *totals);

/** The file of the key that signs heads: --key, or keys/head.key beside the embedded database.
 * Caller frees; NULL with @error. */
char *fisc_cli_head_key(const FiscCli *cli, GError **error);

#endif
