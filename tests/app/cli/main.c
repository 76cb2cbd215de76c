/* main.c: the tests of app/cli. */
#include "tests/support/database.h"
#include "tests/support/suite.h"

extern const FiscTest fisc_arguments_tests[];
extern const FiscTest fisc_backup_command_tests[];
extern const FiscTest fisc_program_tests[];
extern const FiscTest fisc_commands_tests[];
extern const FiscTest fisc_document_command_tests[];
extern const FiscTest fisc_manual_tests[];
extern const FiscTest fisc_readme_tests[];
extern const FiscTest fisc_open_year_command_tests[];
extern const FiscTest fisc_import_command_tests[];
extern const FiscTest fisc_person_command_tests[];
extern const FiscTest fisc_enact_command_tests[];
extern const FiscTest fisc_plan_command_tests[];
extern const FiscTest fisc_pull_command_tests[];
extern const FiscTest fisc_compare_command_tests[];
extern const FiscTest fisc_sheet_command_tests[];
extern const FiscTest fisc_publish_command_tests[];

int fisc_backup_command_up(void);
int fisc_backup_command_down(void);

/* clang-format off */
static const FiscSuite suites[] = {
    {"arguments", fisc_arguments_tests, NULL, NULL},
    {"program", fisc_program_tests, NULL, NULL},
    {"backups", fisc_backup_command_tests, fisc_backup_command_up, fisc_backup_command_down},
    {"documents", fisc_document_command_tests, NULL, NULL},
    {"budgets from files", fisc_import_command_tests, NULL, NULL},
    {"manual", fisc_manual_tests, NULL, NULL},
    {"readme", fisc_readme_tests, NULL, NULL},
    {"openings", fisc_open_year_command_tests, NULL, NULL},
    {"persons", fisc_person_command_tests, NULL, NULL},
    {"versions of a budget", fisc_plan_command_tests, NULL, NULL},
    {"pulling", fisc_pull_command_tests, NULL, NULL},
    {"versions beside each other", fisc_compare_command_tests, NULL, NULL},
    {"laws of a budget", fisc_enact_command_tests, NULL, NULL},
    {"publications", fisc_publish_command_tests, NULL, NULL},
    {"spreadsheets", fisc_sheet_command_tests, NULL, NULL},
    {"commands", fisc_commands_tests, NULL, fisc_test_cluster_down},
    {NULL, NULL, NULL, NULL},
};
/* clang-format on */

int
main(int argc, char **argv)
{
    return fisc_suite_main("cli", suites, argc, argv);
}
