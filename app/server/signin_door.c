/* signin_door.c: what the server remembers of who asks. Bounded, and never older than a second. */
#include "app/flows/person.h"
#include "app/server/server_internal.h"
#include "app/server/signin.h"
#include <string.h>

#define FRESH_US G_USEC_PER_SEC
#define BEARERS_MAX 4096

struct _FiscRoll {
    FiscRegistry *registry;
    FiscDate today;
    GMutex lock;
    GHashTable *scopes; /* person -> FiscScope */
};

typedef struct {
    FiscBearer bearer;
    int64_t found_at_us;
} Known;

struct _FiscDoor {
    FiscHasher *hasher;
    GMutex lock;         /* of @known */
    GHashTable *known;   /* key of what was shown -> Known */
    int64_t swept_at_us; /* when the old ones were dropped from it last */
    GMutex roll_lock;    /* of all below; held while the chain is asked */
    FiscRoll *roll;      /* NULL: not read yet */
    int64_t batch;       /* it is as of this one */
    int64_t asked_at_us; /* when the chain was asked last */
};

/* Opening -------------------------------------------------------------------------------------- */

static void
known_free(gpointer data)
{
    Known *known = data;
    fisc_bearer_clear(&known->bearer);
    g_free(known);
}

bool
fisc_door_open(FiscServer *server, GError **error)
{
    FiscDoor *door = g_new0(FiscDoor, 1);
    g_mutex_init(&door->lock);
    g_mutex_init(&door->roll_lock);
    door->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, known_free);
    door->hasher = fisc_hasher_new();
    server->door = door;
    g_autoptr(FiscRoll) roll = NULL;
    return fisc_door_roll(server, &roll, error);
}

void
fisc_door_close(FiscServer *server)
{
    FiscDoor *door = server->door;
    if (door == NULL) {
        return;
    }
    g_clear_pointer(&door->roll, fisc_roll_release);
    g_hash_table_unref(door->known);
    fisc_hasher_free(door->hasher);
    g_mutex_clear(&door->lock);
    g_mutex_clear(&door->roll_lock);
    g_clear_pointer(&server->door, g_free);
}

FiscHasher *
fisc_door_hasher(FiscServer *server)
{
    return server->door->hasher;
}

static FiscContext
asking(FiscServer *server)
{
    return (FiscContext){.pool = server->posters, .book_id = server->options.book_id};
}

/* The roll ------------------------------------------------------------------------------------- */

static void
roll_clear(gpointer data)
{
    FiscRoll *roll = data;
    fisc_registry_free(roll->registry);
    g_hash_table_unref(roll->scopes);
    g_mutex_clear(&roll->lock);
}

void
fisc_roll_release(FiscRoll *roll)
{
    if (roll != NULL) {
        g_atomic_rc_box_release_full(roll, roll_clear);
    }
}

const FiscRegistry *
fisc_roll_registry(const FiscRoll *roll)
{
    return roll->registry;
}

static FiscRoll *
roll_new(FiscRegistry *registry)
{
    FiscRoll *roll = g_atomic_rc_box_new0(FiscRoll);
    g_mutex_init(&roll->lock);
    roll->registry = registry;
    roll->today = fisc_flow_today();
    roll->scopes =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)fisc_scope_free);
    return roll;
}

/* Asks the chain at most once a second; reads the registry again when it has news, or a new day has
 * begun: grants begin and end with days. */
static bool
refresh(FiscServer *server, GError **error)
{
    FiscDoor *door = server->door;
    FiscContext ctx = asking(server);
    int64_t batch = 0, now_us = g_get_monotonic_time();
    bool is_changed = false;
    if (door->roll != NULL && now_us - door->asked_at_us < FRESH_US) {
        return true;
    }
    if (!fisc_flow_identity_news(&ctx, door->batch, &batch, &is_changed, error)) {
        return false;
    }
    if (door->roll == NULL || is_changed || batch < door->batch ||
        door->roll->today != fisc_flow_today()) {
        FiscRegistry *registry = NULL;
        if (!fisc_flow_registry(&ctx, &registry, error)) {
            return false;
        }
        g_clear_pointer(&door->roll, fisc_roll_release);
        door->roll = roll_new(registry);
    }
    door->batch = batch;
    door->asked_at_us = now_us;
    return true;
}

bool
fisc_door_roll(FiscServer *server, FiscRoll **out_roll, GError **error)
{
    FiscDoor *door = server->door;
    g_mutex_lock(&door->roll_lock);
    bool is_fresh = refresh(server, error);
    if (is_fresh) {
        *out_roll = g_atomic_rc_box_acquire(door->roll);
    }
    g_mutex_unlock(&door->roll_lock);
    return is_fresh;
}

static FiscScope *
narrow(const FiscScope *scope, const char *entity)
{
    FiscScope *own = fisc_scope_new();
    if (fisc_scope_has(scope, entity)) {
        fisc_scope_add(own, entity);
    }
    return own;
}

FiscScope *
fisc_roll_scope(FiscRoll *roll, const char *person, const char *entity)
{
    g_mutex_lock(&roll->lock);
    const FiscScope *scope = g_hash_table_lookup(roll->scopes, person);
    if (scope == NULL) {
        scope = fisc_registry_scope(roll->registry, person, roll->today);
        g_hash_table_insert(roll->scopes, g_strdup(person), (gpointer)scope);
    }
    FiscScope *own = entity != NULL ? narrow(scope, entity) : fisc_scope_copy(scope);
    g_mutex_unlock(&roll->lock);
    return own;
}

/* Bearers -------------------------------------------------------------------------------------- */

static void
copy_bearer(const FiscBearer *from, FiscBearer *out)
{
    *out = *from;
    out->person = g_strdup(from->person);
    out->entity = g_strdup(from->entity);
    out->expires_at = g_strdup(from->expires_at);
}

static bool
recall(FiscDoor *door, const char *key, FiscBearer *out_bearer)
{
    g_mutex_lock(&door->lock);
    const Known *known = g_hash_table_lookup(door->known, key);
    int64_t age_us = known != NULL ? g_get_monotonic_time() - known->found_at_us : G_MAXINT64;
    bool is_fresh = known != NULL && age_us < MIN(FRESH_US, known->bearer.expires_s * FRESH_US);
    if (is_fresh) {
        copy_bearer(&known->bearer, out_bearer);
    }
    g_mutex_unlock(&door->lock);
    return is_fresh;
}

static gboolean
is_stale(gpointer key, gpointer value, gpointer now_us)
{
    (void)key;
    return *(int64_t *)now_us - ((Known *)value)->found_at_us >= FRESH_US;
}

/* With the lock held. What is old opens nothing any more: it is not kept until the table is full.
 */
static void
sweep(FiscDoor *door)
{
    int64_t now_us = g_get_monotonic_time();
    if (now_us - door->swept_at_us >= FRESH_US) {
        g_hash_table_foreach_remove(door->known, is_stale, &now_us);
        door->swept_at_us = now_us;
    }
}

static void
remember(FiscDoor *door, const char *key, const FiscBearer *bearer, int64_t found_at_us)
{
    Known *known = g_new0(Known, 1);
    copy_bearer(bearer, &known->bearer);
    known->found_at_us = found_at_us;
    g_mutex_lock(&door->lock);
    sweep(door);
    if (g_hash_table_size(door->known) >= BEARERS_MAX) {
        g_hash_table_remove_all(door->known);
    }
    g_hash_table_insert(door->known, g_strdup(key), known);
    g_mutex_unlock(&door->lock);
}

static bool
look_up(FiscServer *server, FiscDoorKind kind, const char *secret,
        const uint8_t digest[FISC_DIGEST_SIZE], FiscBearer *out_bearer, GError **error)
{
    FiscContext ctx = asking(server);
    bool may_write = !server->options.is_read_only;
    switch (kind) {
    case FISC_DOOR_SESSION:
        return fisc_flow_find_session(&ctx, digest, may_write, out_bearer, error);
    case FISC_DOOR_TOKEN:
        return fisc_flow_find_token(&ctx, digest, may_write, out_bearer, error);
    case FISC_DOOR_CERTIFICATE:
        return fisc_flow_find_certificate(&ctx, secret, out_bearer, error);
    }
    return false;
}

/* What opened nothing is not remembered: it could be anything, and any number of things. */
bool
fisc_door_find(FiscServer *server, FiscDoorKind kind, const char *secret, FiscBearer *out_bearer,
               GError **error)
{
    uint8_t digest[FISC_DIGEST_SIZE] = {0};
    char hex[FISC_DIGEST_HEX];
    const char *prefix = kind == FISC_DOOR_TOKEN ? FISC_TOKEN_PREFIX : "";
    *out_bearer = (FiscBearer){0};
    if (kind != FISC_DOOR_CERTIFICATE && !fisc_secret_digest(prefix, secret, digest)) {
        return true;
    }
    g_autofree char *key = g_strdup_printf(
        "%d %s", kind, kind == FISC_DOOR_CERTIFICATE ? secret : fisc_digest_format(digest, hex));
    if (recall(server->door, key, out_bearer)) {
        return true;
    }
    int64_t now_us = g_get_monotonic_time();
    if (!look_up(server, kind, secret, digest, out_bearer, error)) {
        return false;
    }
    if (out_bearer->person != NULL) {
        remember(server->door, key, out_bearer, now_us);
    }
    return true;
}

static gboolean
is_of(gpointer key, gpointer value, gpointer person)
{
    (void)key;
    return person == NULL || g_strcmp0(((Known *)value)->bearer.person, person) == 0;
}

void
fisc_door_forget(FiscServer *server, const char *person)
{
    g_mutex_lock(&server->door->lock);
    g_hash_table_foreach_remove(server->door->known, is_of, (gpointer)person);
    g_mutex_unlock(&server->door->lock);
}
