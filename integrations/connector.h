/* connector.h: how documents are taken from outside systems: one table row for each way. Private to
 * integrations/ and the walk that pulls (app/flows/pull.c).
 *
 * A feeder is an outside system whose books we take: a fact of the chain (ledger/fact.c), put there
 * by two persons. A connector asks it for its documents and hands over their bytes as they are;
 * what they mean, profiles say. A connector keeps nothing: what came before is told by whoever
 * calls. */
#ifndef FISC_INTEGRATIONS_CONNECTOR_H
#define FISC_INTEGRATIONS_CONNECTOR_H

#include "fisc/fetch.h"
#include "fisc/package.h"

/* A feeder as words; owned. */
typedef struct {
    char *name;
    char *connector;
    char **entities;   /* whose books it brings, and nobody else's */
    char *at;          /* URL or folder */
    char **documents;  /* "gastos.csv", "tb-*.csv=tb.csv": a pattern, and what profiles call it */
    bool is_together;  /* documents are read together; else each alone */
    GHashTable *trust; /* "pin" -> "sha256//..." */
    char *state;       /* active, paused, retired */
} FiscFeeder;

/** The feeder of a fact of the kind "feeder". Refusals name the field. NULL with refusals. */
FiscFeeder *fisc_feeder_read(const FiscFact *fact, FiscRefusals *refusals);
void fisc_feeder_free(FiscFeeder *feeder);
/** What profiles call a document; NULL: no pattern has it. */
const char *fisc_feeder_profile_name(const FiscFeeder *feeder, const char *document);

/* A document that the source has. */
typedef struct {
    char *name;
    char *tag; /* by which its versions are told apart without reading it; "" = there is none */
    char *declared; /* the version that the source itself names; "" */
    char *signer;   /* who certified it; "": it is provisional */
    int64_t bytes;  /* -1: not known */
} FiscFound;
FiscFound *fisc_found_new(const char *name, const char *tag, int64_t bytes);
void fisc_found_free(FiscFound *found);

/* What a connector is given. */
typedef struct {
    const FiscFeeder *feeder;
    const char *secrets_dir; /* where secrets lie by name; NULL: there are none */
    const char *cursor;      /* where the last pull ended; "" = never pulled */
    char *next_cursor;       /* out, owned; NULL = as before */
    guint tries;             /* how often a request is tried; 0: 4 times */
    char *session;           /* of the connector's own, from list to the last get; NULL. Owned */
    GHashTable *brought;     /* the same: document -> GBytes that came with the list; NULL */
    bool (*should_stop)(gpointer data);
    gpointer stop_data;
} FiscDoor;

typedef struct {
    const char *name;
    const char *meaning;
    /* What @at has to begin with, for a feeder's check; ended by NULL. */
    const char *schemes[5];
    /** The documents that the source has, of FiscFound, by name. */
    bool (*list)(FiscDoor *door, GPtrArray *found, GError **error);
    /** The bytes of one, whole. *out_body stays NULL when it is what @known_tag says; *out_tag
     * (owned) as in FiscFound. */
    bool (*get)(FiscDoor *door, const FiscFound *found, const char *known_tag, GBytes **out_body,
                char **out_tag, GError **error);
    /** From bytes to text that a profile reads; NULL: they are that already. @refusals name the
     * document. */
    bool (*convert)(const FiscFeeder *feeder, const char *document, GBytes *body, GBytes **out_text,
                    FiscRefusals *refusals);
} FiscConnector;

/** Ended by a NULL name. */
extern const FiscConnector fisc_connectors[];
const FiscConnector *fisc_connector_find(const char *name); /* NULL: none */

/** The rules of fetching from the feeder's own address, and from nowhere else. Filled from @trust;
 * borrows from @door and *storage, which the caller frees with fisc_door_rules_clear(). */
typedef struct {
    FiscFetchRules rules;
    char *host;
    const char *hosts[2];
    char **private_addresses, **host_keys;
} FiscDoorRules;
bool fisc_door_rules(const FiscDoor *door, FiscDoorRules *out_rules, GError **error);
void fisc_door_rules_clear(FiscDoorRules *rules);
/** One request to the feeder, repeated on outages as fisc_backoff_ms() says, within two minutes; an
 * answer other than 2xx or 304 is an error. */
bool fisc_door_fetch(FiscDoor *door, const FiscFetchRequest *request, FiscFetchReply **out_reply,
                     GError **error);

/** The address of @path, escaped as it must be, below that of the feeder; NULL: that itself. Caller
 * frees. */
char *fisc_door_url(const FiscDoor *door, const char *path);
/** GET of @path below the feeder's address, with the feeder's secret and, unless NULL, one more
 * @header; otherwise as fisc_door_fetch(). */
bool fisc_door_ask(FiscDoor *door, const char *path, const char *header, FiscFetchReply **out_reply,
                   GError **error);
/** The same by POST, of a question in JSON that changes nothing: one whose answer is lost is an
 * outage like any other. */
bool fisc_door_ask_json(FiscDoor *door, const char *path, GBytes *question,
                        FiscFetchReply **out_reply, GError **error);

/* connector_folder.c, connector_web.c, connector_hledger.c, connector_tryton.c, tryton_rows.c,
 * connector_camt.c, camt_rows.c */
bool fisc_folder_list(FiscDoor *door, GPtrArray *found, GError **error);
bool fisc_folder_get(FiscDoor *door, const FiscFound *found, const char *known_tag,
                     GBytes **out_body, char **out_tag, GError **error);
bool fisc_web_list(FiscDoor *door, GPtrArray *found, GError **error);
bool fisc_web_get(FiscDoor *door, const FiscFound *found, const char *known_tag, GBytes **out_body,
                  char **out_tag, GError **error);
bool fisc_hledger_list(FiscDoor *door, GPtrArray *found, GError **error);
bool fisc_hledger_get(FiscDoor *door, const FiscFound *found, const char *known_tag,
                      GBytes **out_body, char **out_tag, GError **error);
bool fisc_hledger_convert(const FiscFeeder *feeder, const char *document, GBytes *body,
                          GBytes **out_text, FiscRefusals *refusals);
bool fisc_tryton_list(FiscDoor *door, GPtrArray *found, GError **error);
bool fisc_tryton_get(FiscDoor *door, const FiscFound *found, const char *known_tag,
                     GBytes **out_body, char **out_tag, GError **error);
bool fisc_tryton_convert(const FiscFeeder *feeder, const char *document, GBytes *body,
                         GBytes **out_text, FiscRefusals *refusals);

bool fisc_camt_list(FiscDoor *door, GPtrArray *found, GError **error);
bool fisc_camt_get(FiscDoor *door, const FiscFound *found, const char *known_tag, GBytes **out_body,
                   char **out_tag, GError **error);
bool fisc_camt_convert(const FiscFeeder *feeder, const char *document, GBytes *body,
                       GBytes **out_text, FiscRefusals *refusals);

/* connector_ifix.c, ifix_rows.c */
bool fisc_ifix_list(FiscDoor *door, GPtrArray *found, GError **error);
bool fisc_ifix_get(FiscDoor *door, const FiscFound *found, const char *known_tag, GBytes **out_body,
                   char **out_tag, GError **error);
bool fisc_ifix_convert(const FiscFeeder *feeder, const char *document, GBytes *body,
                       GBytes **out_text, FiscRefusals *refusals);

/* connector_fisc.c, sealed_rows.c */
bool fisc_fisc_list(FiscDoor *door, GPtrArray *found, GError **error);
bool fisc_fisc_get(FiscDoor *door, const FiscFound *found, const char *known_tag, GBytes **out_body,
                   char **out_tag, GError **error);
bool fisc_fisc_convert(const FiscFeeder *feeder, const char *document, GBytes *body,
                       GBytes **out_text, FiscRefusals *refusals);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscFeeder, fisc_feeder_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscFound, fisc_found_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiscDoorRules, fisc_door_rules_clear)

#endif
