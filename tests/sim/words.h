/* words.h: what a random nation can say: a small vocabulary, and items made of it.
 *
 * An item is told twice: to the engine as a submission, to the model as the plain structs below.
 * Everything is an index into the vocabulary, so the model compares numbers where the engine
 * interns texts. Small on purpose: the same keys, references and subjects must meet often. */
#ifndef FISC_SIM_WORDS_H
#define FISC_SIM_WORDS_H

#include "fisc/entry.h"

#define SIM_LINES_MAX 10
#define SIM_EVENTS_MAX 6
#define SIM_ENTRIES_MAX 5
#define SIM_KEY_PARTS_MAX 4
#define SIM_KEY_TEXT 112

/* The dimensions used; index 0 of each is "not given". */
typedef enum { SIM_PROGRAMME, SIM_ECONOMIC, SIM_FUND, SIM_DIM_COUNT } SimDim;

/* What a line can name: a code as posted, the account behind it, and how. */
typedef struct {
    const char *code;    /* on the line */
    const char *account; /* subject of the account event; NULL: no such account can be */
    const char *class_;
    const char *gfs;
    bool is_national;
    int flow, kind;
    FiscStage stage; /* NONE: financial */
} SimAccount;

extern const SimAccount sim_accounts[];
extern const int sim_account_count;
#define SIM_ACCOUNT_UNKNOWN 0
/** The line account of a stage. */
int sim_account_of(FiscStage stage);
/** The first row with the same account: what an account event is about. */
int sim_account_base(int account);

#define SIM_ENTITY_COUNT 5 /* entities of the vocabulary; not all are registered */
#define SIM_PARTY_COUNT 8  /* 0 none, 1-5 the entities, 6 a group, 7 nobody */
#define SIM_PARTY_GROUP 6
#define SIM_CONTROL_COUNT 5
#define SIM_BUDGET_LINE_COUNT 4
#define SIM_OVERRIDE_COUNT 4
#define SIM_COVER_COUNT 3
#define SIM_GROWTH_COUNT 3
#define SIM_ACTOR_COUNT 3
#define SIM_SOURCE_COUNT 2
#define SIM_ITEM_COUNT 30    /* names of open items; 0 is none */
#define SIM_CURRENCY_COUNT 3 /* 0 is the entity's own */

typedef struct {
    int account;
    int flow; /* 0 = the account's own */
    int64_t amount;
    int dim[SIM_DIM_COUNT];
    int party;
    bool if_budgeted;
    int item, relieves; /* 0 none */
    bool is_final;
    int currency;
    int64_t foreign;
} SimLine;

/* Zeroed before it is filled, so that equal entries are equal bytes. */
typedef struct {
    int entity;    /* -1: not given */
    int reference; /* 0: not given */
    bool is_reversal_reference;
    FiscDate effective;
    FiscPeriod period;
    int corrects; /* a reference; 0 none */
    bool reverses;
    int line_count;
    SimLine line[SIM_LINES_MAX];
} SimEntry;

typedef enum {
    SIM_EVENT_ENTITY,
    SIM_EVENT_GROUP,
    SIM_EVENT_ACCOUNT,
    SIM_EVENT_PERIOD,
    SIM_EVENT_CONTROL,
    SIM_EVENT_BUDGET_LINE,
    SIM_EVENT_SEGMENT,
    SIM_EVENT_OVERRIDE,
    SIM_EVENT_COVER,
    SIM_EVENT_GROWTH,
    SIM_EVENT_PERSON, /* these two are made by the engine itself */
    SIM_EVENT_SOURCE,
} SimEventKind;

typedef enum { SIM_OPEN, SIM_CLOSED, SIM_SEALED, SIM_NONSENSE } SimPeriodState;
typedef enum {
    SIM_LEVEL_NONE,
    SIM_LEVEL_TRACK,
    SIM_LEVEL_ADVISORY,
    SIM_LEVEL_ABSOLUTE,
    SIM_LEVEL_BAD
} SimLevel;
typedef enum { SIM_ABSENT_REFUSE, SIM_ABSENT_ZERO, SIM_ABSENT_NONE, SIM_ABSENT_BAD } SimAbsent;

/* How long sums run. In this order, so that a longer one is greater. */
typedef enum { SIM_SPAN_DEFAULT, SIM_SPAN_PERIOD, SIM_SPAN_QUARTER, SIM_SPAN_YEAR } SimSpan;
/* Which field of a control is nonsense. */
typedef enum {
    SIM_GOOD,
    SIM_BAD_KEY,
    SIM_BAD_LIMIT,
    SIM_BAD_INTERVAL,
    SIM_BAD_TOLERANCE,
    SIM_BAD_FROM,
    SIM_BAD_OVERRIDABLE,
    SIM_BAD_COUNT
} SimBad;

/* Every field 0 = not given, but level and absent, which always are. */
typedef struct {
    SimLevel level;
    SimAbsent absent;
    unsigned entities;             /* bit set; 0 = all */
    int part_count;                /* behind the entity, which always leads */
    int part[SIM_KEY_PARTS_MAX];   /* SimDim, or SIM_PART_ACCOUNT */
    int length[SIM_KEY_PARTS_MAX]; /* first so many characters; 0 = all of the word */
    int depth[SIM_KEY_PARTS_MAX];  /* the ancestor there; 0 = no tree is asked */
    unsigned limit, consume;       /* bit sets of FiscStage */
    unsigned accounts;             /* bit set of accounts: then there are no stages */
    int side;                      /* 1 credit, 2 debit */
    SimSpan interval, boundary;
    int tolerance; /* per mille */
    int cap;       /* minor units */
    int warn;      /* per mille */
    FiscDate from, to;
    int article;
    int overridable; /* 1 yes, 2 no */
    SimBad bad;
} SimControl;
#define SIM_PART_ACCOUNT SIM_DIM_COUNT

/* Zeroed before it is filled, too. Which fields count depends on the kind. */
typedef struct {
    SimEventKind kind;
    int subject; /* index; a period is its number */
    int name;    /* entity, group: version of the name */
    int currency;
    int class_; /* account: 0 its own class, 1 another one, 2 no class at all */
    SimPeriodState state;
    SimControl control;
    /* budget line */
    int entity; /* -1: not given */
    int year;
    int dim[SIM_DIM_COUNT];
    int parent; /* segment: a word of the same dimension; 0 = none */
    /* override, cover, growth */
    int of_control;
    char key[SIM_KEY_TEXT];   /* a cover's receiver */
    char donor[SIM_KEY_TEXT]; /* of a cover */
    bool is_reciprocal;
    int64_t amount; /* of an override; 0: not given */
    bool has_reason;
    FiscDate expires; /* 0: not given */
    /* growth: of_control and key, and besides */
    int payer;         /* entity */
    int revenue;       /* economic class; 0 = any */
    bool is_prefix;    /* and all that begin with it */
    int share;         /* per mille; 0: not given */
    int cap;           /* minor units; 0: none */
    unsigned of, base; /* bit sets of FiscStage; 0 = the ordinary ones */
} SimEvent;

/** What a segment event is about: the subject is SIM_SEGMENT(dimension, word). */
#define SIM_SEGMENT(dim, word) ((dim)*16 + (word))

/* One submission: all or nothing. */
typedef struct {
    int actor;
    int source;
    bool records_refusals;
    int event_count;
    SimEvent event[SIM_EVENTS_MAX];
    int entry_count;
    SimEntry entry[SIM_ENTRIES_MAX];
    int memo[SIM_ENTRIES_MAX]; /* 0 none; not part of what an entry's digest covers */
} SimUnit;

const char *sim_word(SimDim dim, int index);
int sim_word_count(SimDim dim);
FiscDimension sim_dimension(SimDim dim);
const char *sim_entity_code(int entity);
const char *sim_party_code(int party);
const char *sim_control_name(int control);
/** "art. 3"; NULL for 0. */
const char *sim_article(int article);
const char *sim_item(int item);
const char *sim_currency(int currency);
/** The flow of a line: its own, or its account's. */
int sim_line_flow(const SimLine *line);
FiscStage sim_line_stage(const SimLine *line);
const char *sim_event_kind_word(SimEventKind kind);
/** The subject of an event as text; @buffer of SIM_SUBJECT bytes. */
#define SIM_SUBJECT 32
const char *sim_event_subject(const SimEvent *event, char *buffer);
const char *sim_actor(int actor);
const char *sim_source(int source);
/** "R7" or "R7/reversal"; @buffer of SIM_SUBJECT bytes. */
const char *sim_reference(int number, bool is_reversal, char *buffer);

/** The unit as the engine takes it. Caller frees. */
FiscSubmission *sim_unit_to_submission(const SimUnit *unit);
/** One line for people, for the trace of a failure. Caller frees. */
char *sim_unit_to_text(const SimUnit *unit);

#endif
