/* commands.c: the table of commands and their options: what fisc can do from a terminal. */
#include "app/cli/commands.h"

/* clang-format off */
const FiscCliOption fisc_cli_globals[] = {
    {"data", "DIR", "where the embedded database is kept"},
    {"db", "URI", "use this PostgreSQL instead of the embedded one"},
    {"actor", "PERSON", "who answers for what is written (or FISC_ACTOR)"},
    {"json", NULL, "results as JSON"},
    {"version", NULL, "print the version"},
    {"help", NULL, "print this page"},
    {NULL, NULL, NULL},
};

#define FORMAT_OPTION {"format", "FORMAT", "table, csv or json"}
#define SOURCE_OPTION {"source", "S", "where the references are unique; \"" FISC_CLI_SOURCE "\" when not given"}
#define END {NULL, NULL, NULL}

static const FiscCliOption post_options[] = {
    SOURCE_OPTION,
    {"atomic", NULL, "all entries or none"},
    {"dry-run", NULL, "decide, but write nothing"},
    END,
};

static const FiscCliOption funds_options[] = {
    {"entity", "E", "whose funds"},
    {"period", "P", "the year; this year when not given"},
#define X(name, column, meaning) {column, "CODE", meaning},
    FISC_DIMENSIONS(X)
#undef X
    FORMAT_OPTION,
    END,
};

static const FiscCliOption report_options[] = {
    {"unit", "U", "an entity or a group"},
    {"period", "P", "2024, 2024-Q3 or 2024-06"},
    {"as-of", "DATE", "only entries effective by then"},
    {"known-at", "BATCH", "only what was posted by then"},
    {"standard", "S", "gfsm2014"},
    {"by", "COLUMNS", "of budget-stages: \"entity,programme:1\""},
    {"revenue", NULL, "of budget-stages: revenue instead of spending"},
    {"over", NULL, "of budget-stages: only where authorized exceeds final"},
    {"unconsolidated", NULL, "add the members up, eliminate nothing"},
    FORMAT_OPTION,
    END,
};

static const FiscCliOption reverse_options[] = {
    SOURCE_OPTION,
    {"date", "D", "the day of the reversal; today when not given"},
    {"reason", "TEXT", "why"},
    END,
};

static const FiscCliOption table_options[] = {
    FORMAT_OPTION,
    END,
};

const FiscCliCommand fisc_cli_commands[] = {
    {"init", "", "create the database, or bring its schema up to date",
     NULL, 0, 0, NULL, false, fisc_command_init},
    {"load", "DIR", "a nation package, or published files with their profile",
     NULL, 1, 1, NULL, false, fisc_command_load},
    {"post", "FILE|- [--source S] [--atomic] [--dry-run]",
     "entries as journals.csv or NDJSON; one JSON result for each",
     post_options, 1, 1, NULL, false, fisc_command_post},
    {"reverse", "REFERENCE [--source S] [--date D] --reason TEXT", "the exact reversal of an entry",
     reverse_options, 1, 1, NULL, false, fisc_command_reverse},
    {"funds", "--entity E [--SEGMENT CODE ...] [--period P] [--format F]",
     "budget, released, reserved, committed, accrued, paid, available",
     funds_options, 0, 0, NULL, false, fisc_command_funds},
    {"report", "NAME --period P [--unit U] [OPTIONS] [--format F]",
     "statements and lists, from the books as they are or were",
     report_options, 1, 1, fisc_flow_report_names, false, fisc_command_report},
    {"trace", "REF [--format F]", "one reference, document or transfer through the books",
     table_options, 1, 1, NULL, false, fisc_command_trace},
    {"period", "list|open|close|seal [PERIOD]", "which periods take entries",
     table_options, 1, 2, NULL, false, fisc_command_period},
    {"stop", "", "stop the embedded database",
     NULL, 0, 0, NULL, false, fisc_command_stop},
    {"doctor", "[--format F]", "what is here, and what is missing",
     table_options, 0, 0, NULL, false, fisc_command_doctor},
    {"sql", "[PSQL ARGUMENTS ...]", "psql on the books, read-only",
     NULL, 0, G_MAXINT, NULL, true, fisc_command_sql},
    {NULL, NULL, NULL, NULL, 0, 0, NULL, false, NULL},
};
/* clang-format on */
