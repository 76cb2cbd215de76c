/* feeder.c: a feeder's words, as they stand in feeders.csv and in the chain, taken apart and held
 * against what its connector needs. */
#include "core/base/sign.h"
#include "fisc/fact.h"
#include "integrations/connector.h"
#include "integrations/ifix.h"
#include "integrations/sealed_json.h"
#include <string.h>

#define FILE_NAME "feeders.csv"

/* What `trust` may say. */
static const char *const trust_words[] = {
    "ca",        /* file with the authorities that are believed, PEM */
    "pin",       /* sha256//BASE64 of the server's public key */
    "hostkey",   /* SHA-256 of the SSH host key, as ssh-keygen -lf prints it */
    "user",      /* of SSH, or of the source */
    "key",       /* file with the private key */
    "cert",      /* file with the client certificate */
    "secret",    /* name of a file with a password or a token */
    "agent",     /* public key of the unit's agent, as `fisc agent --new-key` prints it */
    "seal",      /* public keys of another fisc, parted by blanks, that sign its heads */
    "units",     /* what another fisc calls the entities, parted by blanks */
    "tenant",    /* of iFIX: whose events they are */
    "zone",      /* of iFIX: by which its days begin, +05:30 when it is not said */
    "publisher", /* of iFIX: the person by whose token events are published to us */
    "private",   /* networks or host:port that are not public and meant */
    "http",      /* yes: without TLS, by somebody's decision */
    "max_mb",    /* the largest document that is taken */
    "total_s",   /* for a document, at the longest */
    NULL,
};

const FiscConnector *
fisc_connector_find(const char *name)
{
    for (const FiscConnector *row = fisc_connectors; row->name != NULL; row++) {
        if (strcmp(row->name, name) == 0) {
            return row;
        }
    }
    return NULL;
}

void
fisc_feeder_free(FiscFeeder *feeder)
{
    if (feeder != NULL) {
        g_free(feeder->name);
        g_free(feeder->connector);
        g_strfreev(feeder->entities);
        g_free(feeder->at);
        g_strfreev(feeder->documents);
        g_clear_pointer(&feeder->trust, g_hash_table_unref);
        g_free(feeder->state);
        g_free(feeder);
    }
}

static void refuse(FiscRefusals *refusals, const char *feeder, const char *field, FiscError code,
                   const char *format, ...) G_GNUC_PRINTF(5, 6);

static void
refuse(FiscRefusals *refusals, const char *feeder, const char *field, FiscError code,
       const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *detail = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    fisc_refusals_add(refusals, code, FILE_NAME, 0, field, "feeder %s: %s", feeder, detail);
}

/* Words parted by blanks or ';', trimmed, without empty ones. */
static char **
split(const char *text, const char *separators)
{
    g_auto(GStrv) pieces = g_strsplit_set(text, separators, -1);
    GPtrArray *words = g_ptr_array_new();
    for (int i = 0; pieces[i] != NULL; i++) {
        g_strstrip(pieces[i]);
        if (*pieces[i] != '\0') {
            g_ptr_array_add(words, g_strdup(pieces[i]));
        }
    }
    g_ptr_array_add(words, NULL);
    return (char **)g_ptr_array_free(words, FALSE);
}

static void
read_trust(FiscFeeder *feeder, const char *text, FiscRefusals *refusals)
{
    g_auto(GStrv) words = split(text, ";");
    feeder->trust = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (int i = 0; words[i] != NULL; i++) {
        char *value = strchr(words[i], '=');
        if (value != NULL) {
            *value++ = '\0';
        }
        char *key = g_strstrip(words[i]);
        if (value == NULL || !g_strv_contains(trust_words, key)) {
            refuse(refusals, feeder->name, "trust", FISC_ERROR_VALUE_INVALID,
                   "\"%s\" is no word=value that is known here", key);
        } else if (!g_hash_table_insert(feeder->trust, g_strdup(key),
                                        g_strdup(g_strstrip(value)))) {
            refuse(refusals, feeder->name, "trust", FISC_ERROR_DUPLICATE_ROW, "%s is said twice",
                   key);
        }
    }
}

/* Documents become files of a folder: names are names and no paths. */
static void
check_documents(const FiscFeeder *feeder, FiscRefusals *refusals)
{
    for (int i = 0; feeder->documents[i] != NULL; i++) {
        const char *name = strchr(feeder->documents[i], '=');
        name = name != NULL ? name + 1 : feeder->documents[i];
        bool is_pattern = strpbrk(name, "*?") != NULL;
        if (strpbrk(feeder->documents[i], "/\\") != NULL || name[0] == '.' || name[0] == '\0' ||
            (is_pattern && name != feeder->documents[i])) {
            refuse(refusals, feeder->name, "documents", FISC_ERROR_VALUE_INVALID,
                   "\"%s\" is no PATTERN or PATTERN=NAME of a file without folders",
                   feeder->documents[i]);
        }
        if (is_pattern && feeder->is_together) {
            refuse(refusals, feeder->name, "documents", FISC_ERROR_VALUE_INVALID,
                   "documents that are read together are named, or matched as PATTERN=NAME: "
                   "\"%s\"",
                   feeder->documents[i]);
        }
    }
    if (feeder->documents[0] == NULL) {
        refuse(refusals, feeder->name, "documents", FISC_ERROR_VALUE_MISSING, "none is named");
    }
}

static void
check_agent(const FiscFeeder *feeder, FiscRefusals *refusals)
{
    const char *text = g_hash_table_lookup(feeder->trust, "agent");
    g_autoptr(FiscSignKey) key = NULL;
    g_autoptr(GError) reason = NULL;
    if (text == NULL) {
        refuse(refusals, feeder->name, "trust", FISC_ERROR_VALUE_MISSING,
               "an agent is known by its key: agent=... (fisc agent --new-key)");
    } else if (!fisc_sign_key_read(text, &key, &reason)) {
        refuse(refusals, feeder->name, "trust", FISC_ERROR_VALUE_INVALID, "%s", reason->message);
    }
}

static void
check_seal(const FiscFeeder *feeder, FiscRefusals *refusals)
{
    g_autoptr(GPtrArray) keys = NULL;
    g_autoptr(GError) reason = NULL;
    if (!fisc_sealed_keys(feeder->trust, &keys, &reason)) {
        refuse(refusals, feeder->name, "trust", (FiscError)reason->code, "%s", reason->message);
    }
}

static void
check_ifix(const FiscFeeder *feeder, FiscRefusals *refusals)
{
    int minutes = 0;
    bool is_published = g_str_has_prefix(feeder->at, FISC_IFIX_PUBLISHED);
    if (!g_hash_table_contains(feeder->trust, "tenant")) {
        refuse(refusals, feeder->name, "trust", FISC_ERROR_VALUE_MISSING,
               "events are of a tenant: tenant=...");
    }
    if (is_published && !g_hash_table_contains(feeder->trust, "publisher")) {
        refuse(refusals, feeder->name, "trust", FISC_ERROR_VALUE_MISSING,
               "events are published by somebody: publisher=..., the person whose token it is");
    }
    if (!fisc_ifix_zone(g_hash_table_lookup(feeder->trust, "zone"), &minutes)) {
        refuse(refusals, feeder->name, "trust", FISC_ERROR_VALUE_INVALID,
               "a zone is written +05:30");
    }
    if (feeder->is_together) {
        refuse(refusals, feeder->name, "read", FISC_ERROR_VALUE_INVALID,
               "each event is a document by itself: say read = each and documents = *.json=NAME");
    }
}

static void
check_connector(const FiscFeeder *feeder, FiscRefusals *refusals)
{
    const FiscConnector *connector = fisc_connector_find(feeder->connector);
    if (connector == NULL) {
        refuse(refusals, feeder->name, "connector", FISC_ERROR_VALUE_INVALID,
               "\"%s\" is no connector: `fisc feeder connectors` lists them", feeder->connector);
        return;
    }
    bool is_good = connector->schemes[0] == NULL;
    for (int i = 0; connector->schemes[i] != NULL && !is_good; i++) {
        is_good = g_str_has_prefix(feeder->at, connector->schemes[i]);
    }
    if (!is_good) {
        refuse(refusals, feeder->name, "at", FISC_ERROR_VALUE_INVALID,
               "\"%s\" does not begin with %s, as connector %s wants", feeder->at,
               connector->schemes[0], feeder->connector);
    }
    if (g_str_has_prefix(feeder->at, "http:") &&
        g_strcmp0(g_hash_table_lookup(feeder->trust, "http"), "yes") != 0) {
        refuse(refusals, feeder->name, "at", FISC_ERROR_VALUE_INVALID,
               "without TLS anybody on the way could alter it; whoever wants that says http=yes "
               "in `trust`");
    }
    if (strcmp(feeder->connector, "agent") == 0) {
        check_agent(feeder, refusals);
    }
    if (strcmp(feeder->connector, "ifix") == 0) {
        check_ifix(feeder, refusals);
    }
    if (strcmp(feeder->connector, "fisc") == 0) {
        check_seal(feeder, refusals);
    }
    if (g_str_has_prefix(feeder->at, "sftp:") && !g_hash_table_contains(feeder->trust, "hostkey")) {
        refuse(refusals, feeder->name, "trust", FISC_ERROR_VALUE_MISSING,
               "an SSH server is known by its key: hostkey=SHA256:... (ssh-keygen -lf)");
    }
}

FiscFeeder *
fisc_feeder_read(const FiscFact *fact, FiscRefusals *refusals)
{
    guint before = refusals->len;
    g_autoptr(FiscFeeder) feeder = g_new0(FiscFeeder, 1);
    const char *state = fisc_fact_field(fact, "state");
    feeder->name = g_strdup(fisc_fact_field(fact, "feeder"));
    feeder->connector = g_strdup(fisc_fact_field(fact, "connector"));
    feeder->entities = split(fisc_fact_field(fact, "entities"), " ");
    feeder->at = g_strdup(fisc_fact_field(fact, "at"));
    feeder->documents = split(fisc_fact_field(fact, "documents"), ";");
    feeder->is_together = strcmp(fisc_fact_field(fact, "read"), "each") != 0;
    feeder->state = g_strdup(*state != '\0' ? state : "active");
    read_trust(feeder, fisc_fact_field(fact, "trust"), refusals);
    check_documents(feeder, refusals);
    check_connector(feeder, refusals);
    return refusals->len > before ? NULL : g_steal_pointer(&feeder);
}

const char *
fisc_feeder_profile_name(const FiscFeeder *feeder, const char *document)
{
    for (int i = 0; feeder->documents[i] != NULL; i++) {
        const char *equals = strchr(feeder->documents[i], '=');
        g_autofree char *pattern =
            equals != NULL ? g_strndup(feeder->documents[i], (gsize)(equals - feeder->documents[i]))
                           : g_strdup(feeder->documents[i]);
        if (g_pattern_match_simple(pattern, document)) {
            return equals != NULL ? equals + 1 : document;
        }
    }
    return NULL;
}

FiscFound *
fisc_found_new(const char *name, const char *tag, int64_t bytes)
{
    FiscFound *found = g_new0(FiscFound, 1);
    found->name = g_strdup(name);
    found->tag = g_strdup(tag);
    found->declared = g_strdup("");
    found->signer = g_strdup("");
    found->bytes = bytes;
    return found;
}

void
fisc_found_free(FiscFound *found)
{
    if (found != NULL) {
        g_free(found->name);
        g_free(found->tag);
        g_free(found->declared);
        g_free(found->signer);
        g_free(found);
    }
}
