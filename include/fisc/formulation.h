/* formulation.h: a budget before it is law: versions, their parts, and the lines in them.
 *
 * A *version* is a budget of one fiscal year and its outer years: "2019-draft". It consists of
 * *parts*: the lines of one entity, and tables of the whole version (ceilings, assumptions,
 * programmes, indicators, circular). The content of a part is a text of CSV in one canonical form,
 * kept under its SHA-256; which content a part has, who gave it that and why, is a step of the
 * part's *case* in the chain (ledger/engine_case.c). So a branch copies nothing, two versions are
 * compared digest by digest before anything is read, and every state a version ever had is there.
 *
 * Everything on this page but the store is pure. Amounts are minor units of the version's currency.
 */
#ifndef FISC_FORMULATION_H
#define FISC_FORMULATION_H

#include "fisc/db.h"
#include "fisc/entry.h"
#include "fisc/nation.h"

/* The kinds of parts. X(NAME, word, whether each entity has one of its own, what it is) */
#define FISC_PART_KINDS(X)                                                                         \
    X(LINES, "lines", true, "spending and revenue, line by line")                                  \
    X(CEILINGS, "ceilings", false, "the most that may be requested")                               \
    X(ASSUMPTIONS, "assumptions", false, "growth, prices, exchange rates ... by year")             \
    X(PROGRAMMES, "programmes", false, "programmes with their objectives")                         \
    X(INDICATORS, "indicators", false, "what programmes shall reach, and have reached")            \
    X(CIRCULAR, "circular", false, "the calendar of the call: what is due when, from whom")

typedef enum {
#define X(name, word, of_entity, meaning) FISC_PART_##name,
    FISC_PART_KINDS(X)
#undef X
        FISC_PART_KIND_COUNT
} FiscPartKind;

const char *fisc_part_word(FiscPartKind kind);
/** -1 when the word is no kind. */
int fisc_part_find(const char *word);
bool fisc_part_is_of_entity(FiscPartKind kind);

#define FISC_PLAN_YEARS_MAX 10 /* the budget year and nine outer years */

/* What all parts of a version share. */
typedef struct {
    const char *version; /* code: no spaces, no '/' */
    int year;            /* the budget year */
    int years;           /* with the outer years: 4 = the year and three more */
    int decimals;        /* of its currency */
} FiscPlanFrame;

/* The figures that stand beside each other on a line, each for every year of the frame. Later ones
 * prevail: what is proposed is the amendment, or the mark, or the request.
 * X(NAME, column prefix, what it is) */
#define FISC_FIGURES(X)                                                                            \
    X(BASELINE, "baseline", "what the law of the year before comes to, carried forward")           \
    X(REQUEST, "request", "what the agency asks for")                                              \
    X(MARK, "mark", "what the ministry of finance makes of it")                                    \
    X(AMENDMENT, "amendment", "what the legislature makes of it")

typedef enum {
#define X(name, prefix, meaning) FISC_FIGURE_##name,
    FISC_FIGURES(X)
#undef X
        FISC_FIGURE_COUNT
} FiscFigureKind;

const char *fisc_figure_word(FiscFigureKind figure);

typedef struct {
    bool is_given;
    int64_t amount[FISC_PLAN_YEARS_MAX];
} FiscFigure;

typedef enum { FISC_SIDE_EXPENDITURE, FISC_SIDE_REVENUE } FiscPlanSide;

/* One line of a budget. Strings are never NULL, "" = not given; owned by the lines. */
typedef struct {
    const char *line; /* its name inside the entity, the same in every version */
    const char *entity;
    FiscPlanSide side;
    const char
        *dim[FISC_DIM_COUNT]; /* the budget line; counterparty of a transfer, too. "" = none */
    const char *title, *justification;
    const char *nature;   /* "continuing" or "new": a policy that goes on, or a new one */
    const char *quantity; /* decimal numbers as text: what the request is made of */
    const char *unit_price;
    const char *total_cost; /* of the whole project, over all years, as text */
    const char *tags; /* "climate:40 gender": names with the percent that counts, 100 without */
    FiscFigure figure[FISC_FIGURE_COUNT];
    const char *mark_reason, *amendment_reason;
    const char *article, *annex; /* of the law that will enact it */
    int row;                     /* of the file it was read from; 0 = none */
} FiscPlanLine;

typedef struct {
    FiscPlanFrame frame;
    GPtrArray *lines; /* of FiscPlanLine */
    GStringChunk *chunk;
} FiscPlanLines;

FiscPlanLines *fisc_plan_lines_new(const FiscPlanFrame *frame);
void fisc_plan_lines_free(FiscPlanLines *lines);
/** Appends an empty line. */
FiscPlanLine *fisc_plan_lines_add(FiscPlanLines *lines);
/** Appends a copy of a line, whose texts it makes its own. */
FiscPlanLine *fisc_plan_lines_copy(FiscPlanLines *into, const FiscPlanLine *line);
/** Copies @text; NULL becomes "". */
const char *fisc_plan_lines_text(FiscPlanLines *lines, const char *text);
/** What is proposed for a year of the frame (0 = the budget year): the last figure given, or 0. */
int64_t fisc_plan_line_amount(const FiscPlanLine *line, int year);

/** Reads lines as CSV (docs/budget-format.md): any order of columns, those that are not needed may
 * be missing. @entity: whose part it is, then the column may be missing and no other may stand
 * there; NULL = a file of several entities. NULL with refusals that name file, row and column. */
FiscPlanLines *fisc_plan_lines_read(const FiscPlanFrame *frame, const char *name, const char *data,
                                    gsize length, const char *entity, FiscRefusals *refusals);
/** A text that says only some things: those columns of those lines become what it says, an empty
 * cell too; everything else, and every other line, stays as it is in @base. Lines that @base has
 * not are added. NULL with refusals, which name rows of the text. */
FiscPlanLines *fisc_plan_lines_patch(const FiscPlanLines *base, const char *name, const char *data,
                                     gsize length, const char *entity, FiscRefusals *refusals);
/** The canonical text: all columns, lines in order of their names; the same lines, the same bytes.
 * Caller frees. */
char *fisc_plan_lines_write(const FiscPlanLines *lines);

/** Brings a text of any kind into its canonical form, or refuses it; lines with
 * fisc_plan_lines_read() and _write(). NULL with refusals. Caller frees. */
char *fisc_part_canonical(FiscPartKind kind, const FiscPlanFrame *frame, const char *entity,
                          const char *name, const char *data, gsize length, FiscRefusals *refusals);
/** What a step may change in a part of lines: columns of @changes ("request", "mark",
 * "amendment", "all") and nothing else; lines may be added or taken away only by who may change the
 * request, or (with an amendment) the amendment. @before NULL: the part is new. False with
 * refusals that name the line and the column. */
bool fisc_plan_change_check(const FiscPlanLines *before, const FiscPlanLines *after,
                            const char *changes, FiscRefusals *refusals);

/** Whether what is proposed keeps the ceilings (a canonical text of that kind) that speak of these
 * lines, which are all of their entity. False with CEILING_EXCEEDED: ceiling, key, year, limit,
 * requested, shortfall. */
bool
fisc_plan_ceilings_check(const FiscPlanLines *lines, const char *ceilings, FiscRefusals *refusals);

/* What became of one line between two states of a part. */
typedef struct {
    const char *entity, *line;
    char *what;   /* "added" "removed" or the column that changed: "mark_2019" */
    char *before; /* as text; "" = none */
    char *after;
} FiscPlanChange;

/** Every difference, in order of entity, line and column: of FiscPlanChange. Strings entity and
 * line are borrowed from the two. Caller unrefs. */
GPtrArray *fisc_plan_compare(const FiscPlanLines *before, const FiscPlanLines *after);
/** Three ways: what @ours and @theirs made of @base (NULL = nothing), column by column. What both
 * changed differently is a conflict: of FiscPlanChange with ours as before and theirs as after; the
 * merged lines keep ours there. */
FiscPlanLines *fisc_plan_merge(const FiscPlanLines *base, const FiscPlanLines *ours,
                               const FiscPlanLines *theirs, GPtrArray **out_conflicts);

/* The store: budget/content.c, part.c, part_step.c -------------------------------------------- */

/** SHA-256 of a text in hex: the name under which it is kept. Caller frees. */
char *fisc_content_digest(const char *text);
/** Keeps texts under their digests; a text that is kept already is nothing new. Nobody sees them
 * until an event names them, so this is done before, in a transaction of its own. */
bool fisc_content_keep(FiscTx *tx, const char *const *texts, guint text_count, GError **error);
/** The text kept under a digest (hex). NOT_FOUND. Caller frees. */
bool fisc_content_load(FiscTx *tx, const char *digest, char **out_text, GError **error);
/** The same of several, digest -> text (owned); equal ones once. NOT_FOUND when one is missing. */
bool fisc_contents_load(FiscTx *tx, const char *const *digests, guint digest_count,
                        GHashTable **out_texts, GError **error);

/** Subjects of cases: "budget_version/2019-draft", "budget_part/2019-draft/lines/MIN",
 * "budget_table/2019-draft/ceilings". @entity is not read for a table. Caller frees. */
char *fisc_version_subject(const char *version);
char *fisc_part_subject(const char *version, FiscPartKind kind, const char *entity);

/* A part of a version as it is on record. */
typedef struct {
    char *subject; /* of its case: "budget_part/2019-draft/lines/MIN" */
    FiscPartKind kind;
    char *entity;  /* "" for a table of the whole version */
    char *state;   /* "open" "submitted" ... */
    char *content; /* SHA-256 of the canonical text, in hex */
    char *text;    /* NULL until it is read */
    char **fields; /* of its newest step: name, value ... */
} FiscPart;

typedef struct {
    FiscPlanFrame frame; /* its version is the string below */
    char *version, *title, *state;
    char *parent;   /* the version it was branched from; "" = none */
    char *children; /* SHA-256 over its parts as they are now, in hex: what is agreed and enacted */
    char *law;      /* that enacted it; "" = none */
    int round;      /* of review, 1 ...; 0 = none yet */
    GPtrArray *parts; /* of FiscPart, in order of kind and entity */
    char **fields;    /* of its newest step: name, value ... */
} FiscVersion;

/** A version and its parts, without their texts. NOT_FOUND. */
bool fisc_version_load(FiscTx *tx, int book_id, const char *version, FiscVersion **out_version,
                       GError **error);
/** The same as it stood when the version's own case took its @step_no-th step, 1 = it was opened;
 * 0 = now. NOT_FOUND when it has not taken so many. */
bool fisc_version_load_at(FiscTx *tx, int book_id, const char *version, int step_no,
                          FiscVersion **out_version, GError **error);
void fisc_version_free(FiscVersion *version);
/** NULL when there is none. @entity is not read for a table. */
const FiscPart *
fisc_version_part(const FiscVersion *version, FiscPartKind kind, const char *entity);
/** All lines of a version, or of one entity (NULL = all). */
bool fisc_version_lines(FiscTx *tx, const FiscVersion *version, const char *entity,
                        FiscPlanLines **out_lines, GError **error);

/* Procedures: which step leads where, and what it takes. On record as events of the kind
 * "procedure"; see docs/formulation.md. */

/** Appends the procedures that the program ships, as events. */
void fisc_procedure_events(FiscSubmission *submission);

/* What a step says. */
typedef struct {
    char *const *before; /* fields of the step before; NULL: the case begins */
    char *const *rule;   /* fields of the procedure's step, as on record */
    const char *step, *actor;
    const char
        *on_behalf;      /* NULL: the actor's own duty. Not said by a step that takes a document */
    const char *content; /* NULL: stays as it is */
    const char *base;    /* NULL: for a step that edits what @before has; "" = none */
    const char *children, *requires_, *reason; /* NULL = not said */
} FiscCaseWords;

/** Appends a step of a case: what the case is, repeated from @before, and what the step says. */
FiscEvent *
fisc_case_event(FiscSubmission *submission, const char *subject, const FiscCaseWords *words);
/** Lets the event say more of what the case is: "law", "year"; nothing for NULL or "". */
void fisc_case_event_add(FiscSubmission *submission, FiscEvent *event, const char *name,
                         const char *value);

/* One step of a case. No word is NULL. */
typedef struct {
    int64_t batch_no;
    char *posted_at; /* "2024-06-30 12:00", UTC */
    char *person, *on_behalf;
    char *subject, *step;
    char *from, *to; /* states; from "-" when the case began */
    char *reason, *content;
    char **fields; /* all of it: name, value ... */
} FiscCaseStep;

/** The steps of cases in the order of the chain: an array of FiscCaseStep. Caller unrefs. */
bool fisc_case_steps_load(FiscTx *tx, int book_id, const char *const *subjects, guint subject_count,
                          GArray **out_steps, GError **error);
/** The value among name, value pairs; "" when it is not there. */
const char *fisc_case_field(char *const *fields, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscPlanLines, fisc_plan_lines_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscVersion, fisc_version_free)

#endif
