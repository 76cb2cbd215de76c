/* profile.h: an importer profile: what a published file means, as data. Private to integrations/.
 *
 * profile.c reads and checks profiles, profile_entry.c their entry templates; profile_run.c applies
 * them to the rows of the file; profile_tree.c tells rows from sums of rows, profile_plan.c makes
 * lines of a budget. The format is described in docs/profile-format.md. */
#ifndef FISC_INTEGRATIONS_PROFILE_H
#define FISC_INTEGRATIONS_PROFILE_H

#include "integrations/mapping.h"
#include "integrations/template.h"

typedef struct {
    char *name;      /* ours */
    char *published; /* in the header, or the number of the field as text */
    int width;       /* codes are padded with zeros on the left to this; 0 = as they are */
    char **skip;     /* a row is skipped when the field has one of these prefixes; NULL = none */
    int amount;      /* position among the amounts; -1: not an amount */
    int above_line, above_field; /* it stands above the header, for all rows; 0: in each row */
    bool is_minus;               /* the publisher shows it with the other sign */
    bool has_expected;
    int64_t expected; /* the control total */
    bool is_rounded;  /* profile_round.c: then the control total is of the file before rounding */
    __int128 fine_expected;
    int expected_decimals;
} FiscProfileColumn;

/* The slots of a row: columns, then these, then the computed values in order. */
typedef enum { FISC_SLOT_FILE, FISC_SLOT_ROW, FISC_SLOT_LINE, FISC_SLOT_BUILT_IN_COUNT } FiscSlot;

typedef struct {
    int slot;
    char **prefixes;
} FiscProfileCondition;

/* An amount that is a column's in some rows, and nothing in the others: profile_part.c. */
typedef struct {
    char *name;
    int of;        /* position of the column's amount */
    int amount;    /* its own */
    GArray *only;  /* of FiscProfileCondition: rows where all hold */
    GArray *minus; /* the same: with the other sign there; empty: nowhere */
} FiscProfilePart;

typedef struct {
    char *name;
    char *group;
    char *label;          /* "gastos.profile [value gfs] ": before the key, in refusals of rows */
    FiscTemplate *text;   /* the value, or the code that is looked up */
    FiscMapping *mapping; /* NULL: none */
    FiscTemplate *title;  /* what the source calls the code; NULL: nothing says it */
    bool may_be_missing;  /* a code that no prefix knows gives "" and is not refused */
    char *suspense;       /* what such a code gives, and is counted; NULL = none */
    int weigh;            /* then: the amount by which value is counted */
    bool is_cash_row;     /* text is a GFS code, the value its row of the cash statement */
    GArray *conditions;   /* of FiscProfileCondition: "" unless all hold */
    GArray *exceptions;   /* of FiscProfileCondition: "" when one holds */
} FiscProfileValue;

typedef struct {
    char *name;
    FiscTemplate *dim[FISC_DIM_COUNT]; /* NULL = not given */
} FiscProfileDimensions;

/* Where the amount of an entry comes from. */
typedef enum {
    FISC_PROFILE_TERMS,     /* columns of the row */
    FISC_PROFILE_EXCESS,    /* of the relief */
    FISC_PROFILE_CANCELLED, /* what cancels among rows */
    FISC_PROFILE_REST,      /* what does not */
} FiscProfileAmount;

typedef struct {
    char *name;
    char *group;
    char *label; /* as above */
    int step;    /* position in steps */
    FiscProfileAmount given;
    FiscTemplate *reference, *entity, *date;
    FiscTemplate *memo, *document, *transfer, *when; /* NULL = none */
    GArray *amount;                                  /* of FiscTerm; NULL: not of the row alone */
    FiscStage from, to;                              /* NONE: no budgetary move */
    FiscTemplate *debit, *credit;                    /* both or none */
    FiscTemplate *side; /* then rows of one reference make one entry, each a side of it */
    const FiscProfileDimensions *move_dimensions, *debit_dimensions, *credit_dimensions;
    const FiscProfileDimensions *side_dimensions;
    bool relieves; /* the move takes no more than what is left of its key */
    bool
        keeps_zero; /* without an amount, the budget line of the move goes on record all the same */
} FiscProfileEntry;

/* A column of the budget line that a row becomes: a template, or a sum of amounts. */
typedef struct {
    char *column;
    FiscTemplate *text; /* NULL: an amount */
    GArray *amount;     /* of FiscTerm */
} FiscProfileCell;

/* What makes a line of a budget that is being prepared of a row. */
typedef struct {
    char *name;
    char *group;
    char *label;               /* as above */
    FiscTemplate *when, *year; /* NULL = none */
    FiscTemplate *line_name, *entity;
    GPtrArray *cells; /* of FiscProfileCell: the other columns */
} FiscProfileLine;

/* Rows that are sums of other rows: which of them are taken, so that each amount counts once. */
typedef struct {
    FiscTemplate *within; /* names the tree a row belongs to; NULL: the file has no tree */
    GPtrArray *levels;    /* of FiscTemplate, from the top: a level like the one above is none */
    int depth;       /* of the rows taken, or of those above that have none below; leaves: MAX */
    GArray *amounts; /* of int: positions of those that must be the sums of their parts */
    bool is_refused; /* when they are not */
} FiscProfileTree;

#define FISC_PROFILE_LEAVES G_MAXINT

/* Amounts that count from the beginning of a year: what a row adds is posted. */
typedef struct {
    FiscTemplate *within;  /* rows with the same text are one line; NULL: amounts are as they are */
    FiscTemplate *restart; /* where it changes, counting begins again: the year */
    int by;                /* the column that orders the rows of a line */
} FiscProfileCumulative;

/* An identity of the publisher's own figures. */
typedef struct {
    char *name;
    char *group;
    GArray *terms;        /* should be zero */
    FiscTemplate *within; /* the sum over rows with the same text should be; NULL: each row's */
    bool is_refused;
    char *text;
    FiscTemplate *unit; /* whose budget book shows it; NULL = none */
} FiscProfileCheck;

/* What another file lists one by one: its sums are amounts of the rows of this one. */
typedef struct {
    char *profile; /* NULL: nothing is listed elsewhere */
    char *amount;  /* name of the other profile's amount */
    FiscTemplate *key;
} FiscProfileListed;

/* A sum over the file that should equal one of another profile's file. */
typedef struct {
    char *group;
    int amount;
    char *profile, *other_amount;
    char *text;
    char *unit; /* as above */
} FiscProfileCompare;

/* What another file says may be paid: amounts by key, in file order. */
typedef struct {
    char *profile; /* NULL: no relief */
    char *amount;  /* name of the other profile's amount */
    FiscTemplate *key;
    int excess_entry; /* the template of what exceeds it, one entry for each key */
} FiscProfileRelief;

/* Amounts that cancel among rows: one entry of what does, and one of each row's rest. */
typedef struct {
    GArray *amount;       /* of FiscTerm */
    FiscTemplate *within; /* rows with the same text; NULL: nothing cancels */
    int together, rest;   /* templates */
} FiscProfileCancel;

typedef struct {
    bool is_borrowed;   /* all but what it comes to is another's */
    char *profile_name; /* "gastos.profile" */
    char *path;         /* of the published file, from the folder */
    char *file;         /* its name */
    char *source;
    int order;
    char *encoding; /* NULL = UTF-8 */
    char separator, decimal_mark, group_mark;
    bool has_header, has_comments;
    int field_count; /* without header */
    int above_count; /* lines above the header */
    char *currency;
    int decimals;
    FiscTemplate *key;    /* NULL = none */
    FiscTemplate *sum_by; /* other profiles may ask for sums by this text; NULL = they may not */
    char **steps;
    int64_t rows_expected; /* -1: not told */
    GPtrArray *columns;    /* of FiscProfileColumn */
    int total_column;   /* a row with one of these beginnings there is the publisher's sum of the */
    char **total_words; /* rows above; NULL = there is none */
    int amount_count;
    GPtrArray *parts;      /* of FiscProfilePart */
    GPtrArray *values;     /* of FiscProfileValue */
    GPtrArray *dimensions; /* of FiscProfileDimensions */
    GPtrArray *entries;    /* of FiscProfileEntry */
    GPtrArray *lines;      /* of FiscProfileLine; the profile prepares a budget when it has any */
    GPtrArray *checks;     /* of FiscProfileCheck */
    GPtrArray *compares;   /* of FiscProfileCompare */
    FiscProfileRelief relief;
    FiscProfileListed listed;
    FiscProfileCancel cancel;
    FiscProfileTree tree;
    FiscProfileCumulative cumulative;
    /* after it ran: what other profiles may ask */
    GHashTable *amounts_by_key; /* key -> int64_t[amount_count] */
    GHashTable *sums_by_key;    /* text of sum_by -> int64_t[amount_count] */
    __int128 *sums;             /* by amount */
} FiscProfile;

/* A profile being read: the text by groups and keys, and which of them were understood. */
typedef struct {
    FiscReader *reader;
    FiscProfile *profile;
    GKeyFile *keys;
    GHashTable *lines; /* "group\nkey" -> line of the text */
    GHashTable *used;  /* "group\nkey" */
} FiscProfileParser;

/** The value, or NULL when there is none; the key counts as understood. Caller frees. */
char *fisc_profile_get(FiscProfileParser *parser, const char *group, const char *key);
/** The same, refused when missing or empty. */
char *fisc_profile_require(FiscProfileParser *parser, const char *group, const char *key);
bool fisc_profile_refuse(FiscProfileParser *parser, const char *group, const char *key,
                         FiscError code, const char *format, ...) G_GNUC_PRINTF(5, 6);
/** A template of a key; NULL when missing (refused if @is_required) or wrong (refused). */
FiscTemplate *fisc_profile_template(FiscProfileParser *parser, const char *group, const char *key,
                                    bool is_required);
GArray *fisc_profile_terms(FiscProfileParser *parser, const char *group, const char *key);
/** yes or no; @absent when there is no such key. */
bool fisc_profile_flag(FiscProfileParser *parser, const char *group, const char *key, bool absent);
/** The words of a list, parted by ';' and stripped; NULL when there is no such key. */
char **fisc_profile_list(FiscProfileParser *parser, const char *group, const char *key);
int fisc_profile_amount(const FiscProfile *profile, const char *name); /* -1: none */
int fisc_profile_column(const FiscProfile *profile, const char *name); /* -1: none */

/** For templates of all but columns: a slot by its name, -1 when a profile (@data) has none so far.
 */
int fisc_profile_slot(const char *name, void *data);
/** Where a key stands, or with NULL its group. */
FiscPlace fisc_profile_place(const FiscProfileParser *parser, const char *group, const char *key);

/** The groups that say what rows mean. False when a map cannot be read. */
bool fisc_profile_parse_value(FiscProfileParser *parser, const char *group, const char *name,
                              GError **error);
void fisc_profile_parse_check(FiscProfileParser *parser, const char *group, const char *name);
void fisc_profile_parse_compare(FiscProfileParser *parser, const char *group);
/** Keys of the form "only NAME" (@word with its blank): prefixes of a column or an earlier value,
 * of FiscProfileCondition. */
GArray *
fisc_profile_parse_conditions(FiscProfileParser *parser, const char *group, const char *word);
void fisc_profile_conditions_free(GArray *conditions);
/** Amounts of some rows; before values, after columns. */
void fisc_profile_parse_part(FiscProfileParser *parser, const char *group, const char *name);
void fisc_profile_part_free(FiscProfilePart *part);
/** What stands above the header; after all groups of columns, which do not know it. */
void fisc_profile_parse_above(FiscProfileParser *parser);
void fisc_profile_value_free(FiscProfileValue *value);
void fisc_profile_check_free(FiscProfileCheck *check);
void fisc_profile_compare_free(FiscProfileCompare *compare);
/** The groups that make entries: dimensions, entry, relief. */
void fisc_profile_parse_dimensions(FiscProfileParser *parser, const char *group, const char *name);
void fisc_profile_parse_entry(FiscProfileParser *parser, const char *group, const char *name);
void fisc_profile_parse_relief(FiscProfileParser *parser);
/** The group that takes sums from another profile's file; before checks and entries. */
void fisc_profile_parse_listed(FiscProfileParser *parser);
/** The group that names the publisher's own total row. */
void fisc_profile_parse_total_row(FiscProfileParser *parser);
void fisc_profile_dimensions_free(FiscProfileDimensions *dimensions);
void fisc_profile_entry_free(FiscProfileEntry *entry);
/** The group that says which amounts cancel. */
void fisc_profile_parse_cancel(FiscProfileParser *parser);
void fisc_profile_cancel_clear(FiscProfileCancel *cancel);
/** The group that says that amounts count from the beginning of the year; after [cancel]. */
void fisc_profile_parse_cumulative(FiscProfileParser *parser);
void fisc_profile_cumulative_clear(FiscProfileCumulative *cumulative);
/** The group that makes a line of a budget, and the group that says which rows are sums of others.
 */
void fisc_profile_parse_line(FiscProfileParser *parser, const char *group, const char *name);
void fisc_profile_parse_tree(FiscProfileParser *parser);
void fisc_profile_line_free(FiscProfileLine *line);
void fisc_profile_tree_clear(FiscProfileTree *tree);

/** Where readers note the codes that profiles look up: file, value and code -> FiscLookup. */
GHashTable *fisc_profile_lookups_new(void);
/** Takes them out, by file, value and code: of FiscLookup, owned. */
GPtrArray *fisc_profile_lookups_take(GHashTable *lookups);

/** Reads one profile. *out_profile stays NULL after refusals. */
bool
fisc_profile_read(FiscReader *reader, const char *name, FiscProfile **out_profile, GError **error);
/** One that may run while others run by the same, which has to outlive it and never runs itself. */
FiscProfile *fisc_profile_borrow(const FiscProfile *profile);
void fisc_profile_free(FiscProfile *profile);
/** Applies it to its file: steps, totals, remarks and refusals go to the reader's package.
 *  @earlier: of FiscProfile, those that ran before. */
bool fisc_profile_run(FiscReader *reader, FiscProfile *profile, const GPtrArray *earlier,
                      GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscProfile, fisc_profile_free)

#endif
