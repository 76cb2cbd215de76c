/* cli.h: what the parts of the command line share: a command as data, the words it was given, its
 * database, its output.
 *
 * An edge: words in, one flow, words out. Results go to stdout, all else to stderr, and what could
 * not be written is a failure. Exit statuses are those of fisc/error.h. */
#ifndef FISC_APP_CLI_H
#define FISC_APP_CLI_H

#include "app/flows/receipt_json.h"
#include "fisc/cluster.h"
#include "fisc/flow.h"
#include "fisc/table.h"
#include "fisc/xlsx.h"
#include <jansson.h>

typedef struct _FiscCli FiscCli;

typedef struct {
    const char *name;    /* "unit": given as --unit; '-' and '_' are the same */
    const char *value;   /* "ENTITY" in the usage; NULL for a switch */
    const char *meaning; /* one line */
} FiscCliOption;

typedef struct {
    const char *name;
    const char *usage;                 /* what follows the name: "FILE|- [--source S]" */
    const char *summary;               /* one line */
    const FiscCliOption *options;      /* ended by a NULL name; NULL when there are none */
    int arguments_min, arguments_max;  /* words that are no options */
    const char *const *(*names)(void); /* what the first may be: pairs name, description; or NULL */
    bool is_raw;                       /* every word after the name is an argument, options too */
    /** False with @error when the system failed or the words make no sense; else *out_status. */
    bool (*run)(FiscCli *cli, int *out_status, GError **error);
} FiscCliCommand;

/* The words of a command line, taken apart. All strings are borrowed from argv but the names. */
typedef struct {
    const FiscCliCommand *command; /* NULL: none was named */
    GHashTable *options;           /* name -> value, "" for a switch */
    GPtrArray *arguments;          /* of const char *, without the command's name */
} FiscCliWords;

/* What is shown on the terminal while something takes long. */
typedef struct {
    char *what;
    int64_t begun_at_us;
    int64_t shown_at_us; /* 0: nothing of this step was shown */
} FiscCliProgress;

struct _FiscCli {
    FiscCliWords *words;
    const char *actor;
    const char *on_behalf; /* NULL: the actor acts for himself */
    FiscCluster *cluster;  /* NULL with --db, or before the database is open */
    int connections;       /* of its pool at most; 0: the few that one flow needs */
    FiscContext context;   /* pool NULL before the database is open */
    FiscCliProgress progress;
};

/** All commands, ended by a NULL name. */
extern const FiscCliCommand fisc_cli_commands[];
/** The options every command takes, ended by a NULL name. */
extern const FiscCliOption fisc_cli_globals[];

/* arguments.c */

FiscCliWords *fisc_cli_words_new(void);
/** USAGE when an option is unknown, lacks its value, or stands twice; words->command then tells how
 * far it came. A word that is no command leaves it NULL, with the word as the first argument. */
bool fisc_cli_words_parse(FiscCliWords *words, int argc, char **argv, GError **error);
void fisc_cli_words_free(FiscCliWords *words);
/** The value of an option, "" for a switch; NULL when it was not given. */
const char *fisc_cli_option(const FiscCli *cli, const char *name);
bool fisc_cli_has(const FiscCli *cli, const char *name);
/** The value of an option, or a USAGE error that names it. */
const char *fisc_cli_require(const FiscCli *cli, const char *name, GError **error);
const char *fisc_cli_argument(const FiscCli *cli, guint index); /* NULL beyond the last */

/* usage.c */

/** The page of a command, or with NULL the list of commands. Caller frees. */
char *fisc_cli_usage(const FiscCliCommand *command);
/** What to say below a usage error: the command's line, or with NULL the list. Caller frees. */
char *fisc_cli_usage_hint(const FiscCliCommand *command);
const FiscCliCommand *fisc_cli_command_find(const char *name);
/** The command whose name is most like @word; NULL when none is close. */
const char *fisc_cli_nearest(const char *word);

/* connection.c */

#define FISC_CLI_BOOK 1 /* the book of the database */

/** Opens the database that the options name, migrates it when it is not of this program, and
 * readies cli->context. */
bool fisc_cli_open(FiscCli *cli, GError **error);
/** Starts the embedded cluster, unless --db names another database. Its schema stays as it is. */
bool fisc_cli_find(FiscCli *cli, GError **error);
/** Creates or migrates the schema, whatever its state. */
bool fisc_cli_migrate(FiscCli *cli, GError **error);
void fisc_cli_close(FiscCli *cli);
/** The folder of the embedded cluster. Caller frees. */
char *fisc_cli_data_dir(const FiscCli *cli);
/** --secret-key, or a file in the data folder; NULL with --db, which has none. Caller frees. */
char *fisc_cli_secret_key(const FiscCli *cli);
/** True when the schema of the database at @uri is this program's. */
bool fisc_cli_is_current(const char *uri, bool *out_current, GError **error);
/** Path of a program of PostgreSQL; NULL when there is none. Caller frees. */
char *fisc_cli_postgres_program(const char *name);

/* input.c */

/** What messages call an input: "-" is standard input. */
const char *fisc_cli_input_name(const char *path);
/** Appends all of a file, or of standard input for "-". */
bool fisc_cli_read_input(const char *path, GByteArray *bytes, GError **error);
/** The day that an option names; today when it is not given. */
bool fisc_cli_date(const FiscCli *cli, const char *name, FiscDate *out_date, GError **error);
/** --source, or FISC_SOURCE_PACKAGE. */
const char *fisc_cli_source(const FiscCli *cli);

/* sheet.c */

/* What a command read for a flow that takes text. */
typedef struct {
    GByteArray *bytes;
    FiscSheetText *sheet; /* it was a spreadsheet; else NULL */
    const char *data;     /* the text */
    gsize length;
} FiscCliText;

/** Reads a text, or a sheet of a spreadsheet as text: the one that --sheet names, else the one
 * called @usual, else the first. What cannot be read of a sheet comes in @refusals. */
bool fisc_cli_read_text(const FiscCli *cli, const char *path, const char *usual,
                        FiscCliText *out_text, FiscRefusals *refusals, GError **error);
/** Makes what was refused of the text name row and column of the sheet, if it was one. */
void fisc_cli_place_refusals(const FiscCliText *text, FiscRefusals *refusals);
void fisc_cli_text_clear(FiscCliText *text);

/* output.c */

void fisc_cli_print(const char *format, ...) G_GNUC_PRINTF(1, 2);
/** Prints what was done: @sentence, or with --json an object of the name, value pairs that end with
 *  NULL; a NULL value is null. */
void fisc_cli_print_done(const FiscCli *cli, const char *sentence, ...) G_GNUC_NULL_TERMINATED;
/** Prints a table in the format that --format or --json names; @fallback without them. --columns
 *  and --depth take other columns and deeper rows out of @table first. */
bool
fisc_cli_print_table(const FiscCli *cli, FiscTable *table, FiscFormat fallback, GError **error);
/** USAGE when --format names none, or a spreadsheet would go to a terminal. */
bool
fisc_cli_format(const FiscCli *cli, FiscFormat fallback, FiscFormat *out_format, GError **error);
/** One line on stderr for each. Returns the exit status that they make. */
int fisc_cli_print_refusals(const FiscRefusals *refusals);
/** Sees that everything printed has arrived. */
bool fisc_cli_flush(GError **error);

/* receipt.c */

/** One JSON object a line for each result, and each refusal as a line on stderr. After a dry run,
 * what would be posted has no entry, batch or receipt. Returns the exit status. */
int fisc_cli_print_receipt(const FiscReceipt *receipt, bool was_dry_run);
/** The same for what could not be taken apart into entries. */
int fisc_cli_print_refused_text(const FiscRefusals *refusals);

/* progress.c */

/** FiscContext.progress: a line on stderr that is rewritten, once a step takes over a second.
 * Nothing when stderr is no terminal. */
void fisc_cli_progress(const char *what, int64_t done, int64_t total, void *progress);
/** Takes the line away. */
void fisc_cli_progress_end(FiscCliProgress *progress);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscCliWords, fisc_cli_words_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiscCliText, fisc_cli_text_clear)

#endif
