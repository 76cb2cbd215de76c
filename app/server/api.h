/* api.h: the HTTP API as tables: what can be asked, by whom, with which words, and what answers.
 *
 * A resource is a file in app/server/api/ with one table of routes. The tables drive everything:
 * which handler runs, what is checked before it runs, docs/openapi.yaml, the matrix of who may ask
 * what, and the generated requests of the tests. A handler takes values and calls one flow. */
#ifndef FISC_SERVER_API_H
#define FISC_SERVER_API_H

#include "app/server/http.h"
#include "fisc/flow.h"
#include "fisc/scope.h"
#include <jansson.h>

typedef struct _FiscServer FiscServer;

typedef enum {
    FISC_API_TEXT,
    FISC_API_INTEGER,
    FISC_API_BOOLEAN,
    FISC_API_AMOUNT, /* a decimal string; a JSON number is refused */
    FISC_API_DATE,   /* "2024-06-30" */
    FISC_API_PERIOD, /* "2024", "2024-Q3", "2024-06", "2024-01..2024-07" */
    FISC_API_OBJECT, /* of @fields; without fields any object */
    FISC_API_LIST,   /* of objects of @fields; without fields of texts */
    FISC_API_ANY,
    FISC_API_NUMBERS, /* of an answer: a list of whole numbers */
    FISC_API_TABLE,   /* of an answer: a table, or null */
} FiscApiType;

typedef enum { FISC_IN_PATH, FISC_IN_QUERY, FISC_IN_BODY } FiscApiPlace;

typedef struct _FiscApiField {
    const char *name;   /* NULL ends a list */
    FiscApiPlace place; /* without meaning in answers */
    FiscApiType type;
    bool is_required;
    const char *meaning; /* one sentence without a full stop */
    const char *example; /* as it would be written in JSON without quotes; NULL = none */
    const char *choices; /* "open closed sealed": the only values; NULL = any */
    const struct _FiscApiField *fields;
} FiscApiField;

/* A field of a path, in a line. */
#define FISC_PATH(word, what, sample)                                                              \
    {                                                                                              \
        .name = word, .place = FISC_IN_PATH, .is_required = true, .meaning = what,                 \
        .example = sample,                                                                         \
    }

/* A named object of an answer. */
typedef struct {
    const char *name; /* "Receipt": the schema's name */
    const char *meaning;
    const FiscApiField *fields;
} FiscApiShape;

typedef enum {
    FISC_BODY_NONE,
    FISC_BODY_JSON,    /* one object, of the fields that stand in the body */
    FISC_BODY_ENTRIES, /* journals.csv, NDJSON, a JSON array or one JSON object */
    FISC_BODY_TEXT,    /* text/csv, text/plain or a spreadsheet, as it is */
} FiscApiBody;

/* Who may ask. What an answer holds is cut to what the person may see, whatever stands here. */
typedef enum {
    FISC_ACCESS_ANYONE, /* without signing in */
    FISC_ACCESS_PERSON, /* whoever has signed in; of a write the engine says who may */
    FISC_ACCESS_ENTITY, /* and may see the unit in the field "entity" or "unit": else not found */
    FISC_ACCESS_BOOK,   /* who may see the whole book */
} FiscAccess;

/* A request that docs and tests show: it is executed as it stands. */
typedef struct {
    const char *title; /* NULL ends a list */
    const char *path;  /* with query: "/v1/funds?entity=001&period=2018" */
    const char *body;  /* NULL = none */
    int status;
} FiscApiExample;

typedef struct _FiscCall FiscCall;

typedef struct {
    const char *method;    /* NULL ends a table; HEAD goes where GET goes */
    const char *path;      /* "/v1/documents/{document}/approve" */
    const char *operation; /* "approveDocument": unique */
    const char *summary;   /* one line */
    FiscAccess access;
    FiscHttpLane lane;
    const FiscApiField *fields;
    bool takes_more;    /* another system writes the query: parameters that are no fields are passed
                           over */
    bool is_repeatable; /* a write that changes nothing the second time, from programs that know of
                           no Idempotency-Key: it needs none */
    FiscApiBody body;
    gsize body_max;              /* 0: the usual limit */
    const FiscApiShape *answer;  /* NULL: a table, in the format that is asked for */
    const FiscApiShape *pending; /* of status 202: something is still to come; or NULL */
    const char *type;            /* of an answer that is neither: "text/csv"; else NULL */
    int status;                  /* of an answer that went well; 0: 200 */
    bool (*run)(FiscCall *call, GError **error);
    const FiscApiExample *examples;
} FiscRoute;

typedef struct {
    const char *tag; /* NULL ends the list */
    const char *meaning;
    const FiscRoute *routes;
} FiscResource;

/* shapes.c: objects that several answers have. In an answer every member stands; what is not
 * required may be null. */
extern const FiscApiField fisc_refusal_fields[];
extern const FiscApiField fisc_result_fields[];
extern const FiscApiField fisc_problem_fields[]; /* those that every problem has */
/** Schemas that no route names, ended by a NULL name. */
extern const FiscApiShape fisc_shared_shapes[];

/* problems.c: the codes of problems that are not of fisc/error.h: what goes wrong on the way. */
typedef struct {
    const char *code; /* NULL ends the list */
    int status;
    const char *meaning;
} FiscApiProblem;
extern const FiscApiProblem fisc_api_problems[];

/** app/server/resources.c: every resource there is. */
extern const FiscResource fisc_resources[];

/* Who asks. */
typedef struct {
    char *person;    /* NULL: nobody has signed in */
    char *on_behalf; /* by delegation; NULL: himself */
    FiscScope *scope;
    char *session;       /* id of the session or token, for the log; NULL */
    uint8_t holder[32];  /* digest of what was shown: confirmations are bound to it */
    unsigned uses;       /* FISC_USE_... of fisc/signin.h: all, unless a token says less */
    char *entity;        /* the only one a token is good for; NULL: all */
    char *expires_at;    /* of a session; NULL */
    bool is_session;     /* by cookie: writes need the header against forgery */
    bool is_strong;      /* signed in with a second factor */
    bool is_certificate; /* of a client, by TLS */
    bool is_operator;    /* of the machine, at its socket: needs no second factor */
} FiscPrincipal;

void fisc_principal_clear(FiscPrincipal *principal);

/* A request on its way through a handler. */
struct _FiscCall {
    FiscServer *server;
    const FiscHttpRequest *request;
    FiscHttpReply *reply;
    const FiscRoute *route;
    GPtrArray *words; /* of char *: name, value of path and query */
    json_t *body;     /* of FISC_BODY_JSON; else NULL */
    FiscPrincipal principal;
    FiscContext context; /* of the person, with his scope: what flows are called with */
    FiscPool *own_pool;  /* of reads: what the person may see; access.c closes it */
    int64_t row_count;   /* of the tables in the answer */
    int64_t batch;       /* the newest that the answer may know: ops.h */
    char code[40];       /* of the problem that is answered; "" */
};

/** The value of a field in path, query or body, as text; NULL when it was not given. */
const char *fisc_call_text(const FiscCall *call, const char *name);
bool fisc_call_flag(const FiscCall *call, const char *name);
/** An integer that was checked; @fallback when it was not given. */
int64_t fisc_call_integer(const FiscCall *call, const char *name, int64_t fallback);
/** A value of the body; NULL when it was not given. Borrowed. */
const json_t *fisc_call_value(const FiscCall *call, const char *name);
/** The codes of the dimensions (fisc_dimension_column) that were given. */
void fisc_call_dimensions(const FiscCall *call, const char *out_dim[FISC_DIM_COUNT]);

/* Answers. They take what they are given. */
void fisc_call_answer_json(FiscCall *call, int status, json_t *value);
/** In the format that ?format= or Accept ask for: json, csv, xlsx, table. Frees the table. */
bool fisc_call_answer_table(FiscCall *call, FiscTable *table, GError **error);
/** The same of one page. @next: the key behind which the next page begins; taken; NULL = the end.
 */
bool fisc_call_answer_page(FiscCall *call, FiscTable *table, char *next, GError **error);
/** Bytes in a format of negotiate.c. @name: of the file, without ending, or NULL: shown in place.
 */
void
fisc_call_answer_bytes(FiscCall *call, const char *format, const char *name, const GString *bytes);
/** Whether who asks has this very answer: then the reply is 304. @words: all that determines it. */
bool fisc_call_is_unchanged(FiscCall *call, const char *words);
/** {"results":[...],"posted","repeated","refused","events","batch","dry_run"}; 201 when something
 * was written, 200 when it had been before or would be, 422, 409 or 403 when all was refused: then
 * a problem with the same members. @more: further members, or NULL. Frees both. */
void fisc_call_answer_receipt(FiscCall *call, FiscReceipt *receipt, json_t *more);
/** A problem (RFC 9457) that lists refusals; its status is that of the gravest. */
void fisc_call_refuse(FiscCall *call, const FiscRefusals *refusals);
/** A problem from a failure. */
void fisc_call_fail(FiscCall *call, const GError *error);
/** A problem with words of its own. @pointer: where in the body or which parameter; NULL. */
void fisc_call_problem(FiscCall *call, int status, const char *code, const char *pointer,
                       const char *format, ...) G_GNUC_PRINTF(5, 6);

/* negotiate.c */
/** The format that ?format= or Accept ask for, of those the route has; NULL: none of them will do.
 */
const char *fisc_call_format(const FiscCall *call);
/** Its media type; NULL: there is no such format. */
const char *fisc_format_type(const char *format);
/** The formats of a route, separated by blanks. */
const char *fisc_route_formats(const FiscRoute *route);
/** The reply is 406 when the route has nothing that is accepted. */
bool fisc_call_check_accept(FiscCall *call);

/* cursor.c */
/** Pure: the word for @key in a cursor of an operation; and the key in a word, NULL when we did not
 * write it for this operation. Caller frees. */
char *fisc_cursor_word(const char *operation, const char *key);
char *fisc_cursor_key(const char *operation, const char *word);
/** The cursor of this route behind @key. Caller frees. */
char *fisc_cursor_write(const FiscCall *call, const char *key);
/** *out_key (owned): the key in ?cursor=, NULL without one. False: the reply is a problem. */
bool fisc_cursor_read(FiscCall *call, char **out_key);

/* examples.c */
/** The examples of a route: its own, or those of examples.c; NULL when it has none. */
const FiscApiExample *fisc_route_examples(const FiscRoute *route);

/* openapi.c */
/** The description of the whole API, as OpenAPI 3.1. The caller owns it. */
json_t *fisc_openapi_value(void);

/* route.c */
/** The field of that name and place; NULL. */
const FiscApiField *
fisc_api_field(const FiscApiField *fields, FiscApiPlace place, const char *name);
/** The route of a method and path. NULL with *out_status 404 or 405; *out_allow (owned): the
 * methods there are. @words: name, value pairs of the path are appended; NULL: not wanted. */
const FiscRoute *fisc_route_find(const char *method, const char *path, GPtrArray *words,
                                 int *out_status, char **out_allow);
/** Whether a route may change something: it is no GET. */
bool fisc_route_is_write(const FiscRoute *route);
/** Checks query and body against the route's fields. False: the reply is a problem. */
bool fisc_route_check(FiscCall *call);

#endif
