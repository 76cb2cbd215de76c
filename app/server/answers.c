/* answers.c: see answers.h. */
#include "app/server/answers.h"
#include "core/base/log.h"
#include <string.h>

#define CACHE_BYTES (8 * 1024 * 1024) /* who asks again does so within moments */
#define CACHE_BODY_MAX (256 * 1024)   /* longer ones are read again from the database */
#define SLOT_LINKS 64                 /* of a slot: its places in the table and in the queue */
#define BLOCK_OVERHEAD 16             /* of an allocation */
#define FORGET_SECONDS 3600

typedef enum { ASKING, RUNNING, DONE } SlotState;

/* A key. In the table while it is looked up, while its request runs, while its answer waits to be
 * kept, and then as long as the cache has room. */
typedef struct {
    char *name; /* person "\x1f" key */
    char *person, *key;
    SlotState state;
    FiscAnswer answer;
    bool is_durable, is_waiting; /* to be kept */
    bool is_found;               /* the lookup brought it */
    GError *failure;             /* of the lookup */
    GCond *told;                 /* of who waits; NULL */
} Slot;

struct _FiscAnswers {
    FiscPool *pool;
    int book_id;
    GMutex mutex;      /* guards what follows */
    GHashTable *slots; /* name -> Slot */
    GPtrArray *asked;  /* of Slot: to be looked up */
    GPtrArray *given;  /* of Slot: to be kept */
    GQueue cached;     /* of Slot: DONE and kept, oldest first */
    gsize cached_bytes;
    GCond work;
    bool is_ending;
    GThread *thread;
};

void
fisc_answer_clear(FiscAnswer *answer)
{
    g_clear_pointer(&answer->head, g_free);
    g_clear_pointer(&answer->body, g_free);
}

static void
slot_free(gpointer data)
{
    Slot *slot = data;
    g_free(slot->name);
    g_free(slot->person);
    g_free(slot->key);
    g_clear_error(&slot->failure);
    fisc_answer_clear(&slot->answer);
    g_free(slot);
}

static Slot *
slot_new(const char *person, const char *key, const char *digest)
{
    Slot *slot = g_new0(Slot, 1);
    slot->name = g_strconcat(person, "\x1f", key, NULL);
    slot->person = g_strdup(person);
    slot->key = g_strdup(key);
    g_strlcpy(slot->answer.digest, digest, sizeof slot->answer.digest);
    return slot;
}

/* What it takes in memory: its texts, and what the allocator and the tables add to each. */
static gsize
slot_size(const Slot *slot)
{
    const char *const texts[] = {slot->name, slot->person, slot->key, slot->answer.head,
                                 slot->answer.body};
    gsize size = sizeof *slot + SLOT_LINKS;
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        size += strlen(texts[i]) + BLOCK_OVERHEAD;
    }
    return size;
}

/* The cache --------------------------------------------------------------------------------- */

/* With the mutex held: the slot is in the database; it stays here while there is room. */
static void
cache(FiscAnswers *answers, Slot *slot)
{
    if (strlen(slot->answer.body) > CACHE_BODY_MAX) {
        g_hash_table_remove(answers->slots, slot->name);
        return;
    }
    g_queue_push_tail(&answers->cached, slot);
    answers->cached_bytes += slot_size(slot);
    while (answers->cached_bytes > CACHE_BYTES) {
        Slot *oldest = g_queue_pop_head(&answers->cached);
        answers->cached_bytes -= slot_size(oldest);
        g_hash_table_remove(answers->slots, oldest->name);
    }
}

/* Speaking to the database ------------------------------------------------------------------ */

static bool
look_up(FiscAnswers *answers, const GPtrArray *asked, FiscRows **out_rows, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(GPtrArray) persons = g_ptr_array_new();
    g_autoptr(GPtrArray) keys = g_ptr_array_new();
    for (guint i = 0; i < asked->len; i++) {
        const Slot *slot = asked->pdata[i];
        g_ptr_array_add(persons, slot->person);
        g_ptr_array_add(keys, slot->key);
    }
    return fisc_tx_begin(answers->pool, FISC_TX_AUTO, &tx, error) &&
           fisc_tx_query(
               tx, FISC_SQL_SERVER_ANSWERS,
               FISC_ARGS(fisc_int4(answers->book_id),
                         fisc_text_array((const char *const *)persons->pdata, (int)persons->len),
                         fisc_text_array((const char *const *)keys->pdata, (int)keys->len)),
               out_rows, error) &&
           fisc_tx_commit(g_steal_pointer(&tx), error);
}

/* With the mutex held. */
static void
take_row(FiscAnswers *answers, const FiscRows *rows, int row)
{
    g_autofree char *name =
        g_strconcat(fisc_rows_text(rows, row, 0), "\x1f", fisc_rows_text(rows, row, 1), NULL);
    Slot *slot = g_hash_table_lookup(answers->slots, name);
    slot->is_found = true;
    slot->state = DONE;
    g_strlcpy(slot->answer.digest, fisc_rows_text(rows, row, 2), sizeof slot->answer.digest);
    slot->answer.status = fisc_rows_int4(rows, row, 3);
    slot->answer.head = g_strdup(fisc_rows_text(rows, row, 4));
    slot->answer.body = g_strdup(fisc_rows_text(rows, row, 5));
}

static void
serve_asked(FiscAnswers *answers, GPtrArray *asked)
{
    g_autoptr(GError) failure = NULL;
    g_autoptr(FiscRows) rows = NULL;
    bool is_told = look_up(answers, asked, &rows, &failure);
    g_mutex_lock(&answers->mutex);
    for (int i = 0; is_told && i < fisc_rows_count(rows); i++) {
        take_row(answers, rows, i);
    }
    for (guint i = 0; i < asked->len; i++) {
        Slot *slot = asked->pdata[i];
        if (!is_told) {
            slot->failure = g_error_copy(failure);
        }
        slot->state = slot->is_found ? DONE : RUNNING;
        g_cond_signal(slot->told);
    }
    g_mutex_unlock(&answers->mutex);
}

static bool
keep(FiscAnswers *answers, const GPtrArray *given, bool is_durable, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    GPtrArray *text[5];
    for (guint k = 0; k < G_N_ELEMENTS(text); k++) {
        text[k] = g_ptr_array_new();
    }
    g_autoptr(GArray) statuses = g_array_new(FALSE, FALSE, sizeof(int32_t));
    for (guint i = 0; i < given->len; i++) {
        Slot *slot = given->pdata[i];
        char *const texts[] = {slot->person, slot->key, slot->answer.digest, slot->answer.head,
                               slot->answer.body};
        for (guint k = 0; k < G_N_ELEMENTS(texts); k++) {
            g_ptr_array_add(text[k], texts[k]);
        }
        g_array_append_val(statuses, slot->answer.status);
    }
#define TEXTS(k) fisc_text_array((const char *const *)text[k]->pdata, (int)text[k]->len)
    bool is_kept =
        fisc_tx_begin(answers->pool, FISC_TX_AUTO, &tx, error) &&
        fisc_tx_query(tx, FISC_SQL_SERVER_KEEP_ANSWERS,
                      FISC_ARGS(fisc_int4(answers->book_id), TEXTS(0), TEXTS(1), TEXTS(2),
                                fisc_int4_array((const int32_t *)(const void *)statuses->data,
                                                (int)statuses->len),
                                TEXTS(3), TEXTS(4), fisc_bool(is_durable)),
                      NULL, error) &&
        fisc_tx_commit(g_steal_pointer(&tx), error);
#undef TEXTS
    for (guint k = 0; k < G_N_ELEMENTS(text); k++) {
        g_ptr_array_unref(text[k]);
    }
    return is_kept;
}

/* A connection that died while it was idle shows only now. The first answer of a key stands, so
 * keeping again is safe. */
static bool
keep_surely(FiscAnswers *answers, const GPtrArray *given, bool is_durable, GError **error)
{
    g_autoptr(GError) failure = NULL;
    return keep(answers, given, is_durable, &failure) || keep(answers, given, is_durable, error);
}

static void
serve_given(FiscAnswers *answers, GPtrArray *given)
{
    g_autoptr(GError) failure = NULL;
    bool is_durable = false;
    for (guint i = 0; i < given->len; i++) {
        is_durable |= ((const Slot *)given->pdata[i])->is_durable;
    }
    if (!keep_surely(answers, given, is_durable, &failure)) {
        /* The chain still tells what was posted; of the rest a repetition finds it done. */
        fisc_log(FISC_LOG_WARN, "answers could not be kept", "error", failure->message, NULL);
    }
    g_mutex_lock(&answers->mutex);
    for (guint i = 0; i < given->len; i++) {
        Slot *slot = given->pdata[i];
        slot->is_waiting = false;
        if (slot->told != NULL) {
            g_cond_signal(slot->told); /* it caches the slot itself, when it has seen it */
        } else {
            cache(answers, slot);
        }
    }
    g_mutex_unlock(&answers->mutex);
}

static void
forget(FiscAnswers *answers)
{
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(GError) failure = NULL;
    bool is_done =
        fisc_tx_begin(answers->pool, FISC_TX_WRITE, &tx, &failure) &&
        fisc_tx_query(tx, FISC_SQL_SERVER_FORGET_ANSWERS, FISC_NO_ARGS, NULL, &failure) &&
        fisc_tx_commit(g_steal_pointer(&tx), &failure);
    if (!is_done) {
        fisc_log(FISC_LOG_WARN, "old answers were not forgotten", "error", failure->message, NULL);
    }
}

static gpointer
serve(gpointer data)
{
    FiscAnswers *answers = data;
    int64_t forget_at = 0;
    g_mutex_lock(&answers->mutex);
    while (!answers->is_ending || answers->given->len > 0) {
        if (answers->asked->len == 0 && answers->given->len == 0) {
            g_cond_wait_until(&answers->work, &answers->mutex,
                              g_get_monotonic_time() + 60 * G_USEC_PER_SEC);
        }
        g_autoptr(GPtrArray) asked = g_steal_pointer(&answers->asked);
        g_autoptr(GPtrArray) given = g_steal_pointer(&answers->given);
        answers->asked = g_ptr_array_new();
        answers->given = g_ptr_array_new();
        g_mutex_unlock(&answers->mutex);
        if (asked->len > 0) {
            serve_asked(answers, asked);
        }
        if (given->len > 0) {
            serve_given(answers, given);
        }
        if (g_get_monotonic_time() > forget_at) {
            forget_at = g_get_monotonic_time() + (int64_t)FORGET_SECONDS * G_USEC_PER_SEC;
            forget(answers);
        }
        g_mutex_lock(&answers->mutex);
    }
    g_mutex_unlock(&answers->mutex);
    return NULL;
}

/* What requests call ------------------------------------------------------------------------- */

FiscAnswers *
fisc_answers_new(FiscPool *posters, int book_id)
{
    FiscAnswers *answers = g_new0(FiscAnswers, 1);
    answers->pool = posters;
    answers->book_id = book_id;
    g_mutex_init(&answers->mutex);
    g_cond_init(&answers->work);
    answers->slots = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, slot_free);
    answers->asked = g_ptr_array_new();
    answers->given = g_ptr_array_new();
    g_queue_init(&answers->cached);
    answers->thread = g_thread_new("fisc-answers", serve, answers);
    return answers;
}

void
fisc_answers_free(FiscAnswers *answers)
{
    if (answers == NULL) {
        return;
    }
    g_mutex_lock(&answers->mutex);
    answers->is_ending = true;
    g_cond_signal(&answers->work);
    g_mutex_unlock(&answers->mutex);
    g_thread_join(answers->thread);
    g_queue_clear(&answers->cached);
    g_hash_table_unref(answers->slots);
    g_ptr_array_unref(answers->asked);
    g_ptr_array_unref(answers->given);
    g_mutex_clear(&answers->mutex);
    g_cond_clear(&answers->work);
    g_free(answers);
}

/* With the mutex held: a slot that is known. */
static FiscAnswerState
state_of(const Slot *slot, const char *digest, FiscAnswer *out_answer)
{
    if (strcmp(slot->answer.digest, digest) != 0) {
        return FISC_ANSWER_OTHER;
    }
    if (slot->state != DONE) {
        return FISC_ANSWER_IN_FLIGHT;
    }
    *out_answer = (FiscAnswer){.status = slot->answer.status,
                               .head = g_strdup(slot->answer.head),
                               .body = g_strdup(slot->answer.body)};
    return FISC_ANSWER_KEPT;
}

/* With the mutex held, which is let go of while the database is asked. */
static void
ask(FiscAnswers *answers, Slot *slot)
{
    GCond told;
    g_cond_init(&told);
    slot->told = &told;
    g_ptr_array_add(answers->asked, slot);
    g_cond_signal(&answers->work);
    while (slot->state == ASKING) {
        g_cond_wait(&told, &answers->mutex);
    }
    slot->told = NULL;
    g_cond_clear(&told);
}

bool
fisc_answers_find(FiscAnswers *answers, const char *person, const char *key, const char *digest,
                  FiscAnswerState *out_state, FiscAnswer *out_answer, GError **error)
{
    g_autofree char *name = g_strconcat(person, "\x1f", key, NULL);
    g_mutex_lock(&answers->mutex);
    Slot *slot = g_hash_table_lookup(answers->slots, name);
    bool is_known = true;
    if (slot != NULL) {
        *out_state = state_of(slot, digest, out_answer);
    } else {
        slot = slot_new(person, key, digest);
        g_hash_table_insert(answers->slots, slot->name, slot);
        ask(answers, slot);
        if (slot->failure != NULL) {
            g_propagate_error(error, g_steal_pointer(&slot->failure));
            g_hash_table_remove(answers->slots, name);
            is_known = false;
        } else if (slot->is_found) {
            *out_state = state_of(slot, digest, out_answer);
            cache(answers, slot);
        } else {
            *out_state = FISC_ANSWER_NONE;
        }
    }
    g_mutex_unlock(&answers->mutex);
    return is_known;
}

void
fisc_answers_keep(FiscAnswers *answers, const char *person, const char *key, FiscAnswer *answer,
                  bool is_durable)
{
    g_autofree char *name = g_strconcat(person, "\x1f", key, NULL);
    g_mutex_lock(&answers->mutex);
    Slot *slot = g_hash_table_lookup(answers->slots, name);
    slot->answer.status = answer->status;
    slot->answer.head = g_steal_pointer(&answer->head);
    slot->answer.body = g_steal_pointer(&answer->body);
    slot->state = DONE;
    slot->is_waiting = true;
    slot->is_durable = is_durable;
    g_ptr_array_add(answers->given, slot);
    g_cond_signal(&answers->work);
    if (is_durable) {
        GCond told;
        g_cond_init(&told);
        slot->told = &told;
        while (slot->is_waiting) {
            g_cond_wait(&told, &answers->mutex);
        }
        slot->told = NULL;
        g_cond_clear(&told);
        cache(answers, slot);
    }
    g_mutex_unlock(&answers->mutex);
}

void
fisc_answers_let_go(FiscAnswers *answers, const char *person, const char *key)
{
    g_autofree char *name = g_strconcat(person, "\x1f", key, NULL);
    g_mutex_lock(&answers->mutex);
    g_hash_table_remove(answers->slots, name);
    g_mutex_unlock(&answers->mutex);
}
