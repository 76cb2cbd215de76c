/* replay.c: see replay.h. Knows nothing of the engine: only accounts B11 and B12 make a limit, B21
 * to B24 use it, and a key may be lowered only as far as it reaches. */
#include "tests/fault/replay.h"
#include <libpq-fe.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define COMPLAINTS_BYTES_MAX 4000
#define LINES_MAX 16

typedef struct {
    int64_t limit, consumed;
    bool is_budgeted;
} Key;

typedef struct {
    char *entity, *account, *programme;
} Coding;

typedef struct {
    FaultReplay *replay;
    GHashTable *keys;   /* text -> Key */
    GPtrArray *codings; /* of Coding, by number */
} Reading;

static void G_GNUC_PRINTF(2, 3) complain(Reading *reading, const char *format, ...)
{
    if (reading->replay->complaints->len > COMPLAINTS_BYTES_MAX) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    g_string_append_vprintf(reading->replay->complaints, format, arguments);
    g_string_append_c(reading->replay->complaints, '\n');
    va_end(arguments);
}

static void
coding_free(gpointer data)
{
    Coding *coding = data;
    if (coding != NULL) {
        g_free(coding->entity);
        g_free(coding->account);
        g_free(coding->programme);
        g_free(coding);
    }
}

static PGresult *
run(PGconn *connection, const char *sql)
{
    PGresult *result = PQexec(connection, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
        g_error("replay: %s", PQerrorMessage(connection));
    }
    return result;
}

static void
read_codings(Reading *reading, PGconn *connection)
{
    PGresult *rows =
        run(connection, "select c.coding_id, e.subject, a.subject, c.programme from ledger.coding c"
                        " join ledger.master e on e.kind = 'entity' and e.number = c.entity_id"
                        " join ledger.master a on a.kind = 'account' and a.number = c.account_id"
                        " order by 1");
    for (int i = 0; i < PQntuples(rows); i++) {
        Coding *coding = g_new0(Coding, 1);
        coding->entity = g_strdup(PQgetvalue(rows, i, 1));
        coding->account = g_strdup(PQgetvalue(rows, i, 2));
        coding->programme = g_strdup(PQgetvalue(rows, i, 3));
        g_ptr_array_set_size(reading->codings, atoi(PQgetvalue(rows, i, 0)) + 1);
        reading->codings->pdata[reading->codings->len - 1] = coding;
    }
    PQclear(rows);
}

static Key *
find_key(Reading *reading, const char *text)
{
    Key *key = g_hash_table_lookup(reading->keys, text);
    if (key == NULL) {
        key = g_new0(Key, 1);
        g_hash_table_insert(reading->keys, g_strdup(text), key);
    }
    return key;
}

static bool
is_one_of(const char *account, const char *const *accounts, int count)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(account, accounts[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* The key that a line belongs to, after the line; NULL for a line that touches no funds. */
static Key *
fold_line(Reading *reading, const Coding *coding, const char *year, int64_t amount)
{
    static const char *const limits[] = {"B11", "B12"};
    static const char *const uses[] = {"B21", "B22", "B23", "B24"};
    bool makes_limit = is_one_of(coding->account, limits, G_N_ELEMENTS(limits));
    if (!makes_limit && !is_one_of(coding->account, uses, G_N_ELEMENTS(uses))) {
        return NULL;
    }
    g_autofree char *text =
        g_strdup_printf("entity=%s programme=%s year=%s", coding->entity, coding->programme, year);
    Key *key = find_key(reading, text);
    if (makes_limit) {
        key->limit += amount;
        key->is_budgeted = true;
    } else {
        key->consumed -= amount;
    }
    return key;
}

/* The elements of "{1,2,3}". Caller frees. */
static char **
split_array(const char *text)
{
    g_autofree char *inside = g_strndup(text + 1, strlen(text) - 2);
    return g_strsplit(inside, ",", -1);
}

static void
read_entry(Reading *reading, const char *name, const char *year, const char *coding_text,
           const char *amount_text)
{
    g_auto(GStrv) codings = split_array(coding_text);
    g_auto(GStrv) amounts = split_array(amount_text);
    Key *touched[LINES_MAX] = {NULL};
    int64_t before[LINES_MAX];
    int count = 0;
    reading->replay->entries++;
    for (int i = 0; codings[i] != NULL; i++) {
        const Coding *coding = reading->codings->pdata[atoi(codings[i])];
        Key *key = fold_line(reading, coding, year, 0);
        if (key != NULL) {
            g_assert(count < LINES_MAX);
            before[count] = key->limit - key->consumed;
            touched[count++] = key;
            fold_line(reading, coding, year, g_ascii_strtoll(amounts[i], NULL, 10));
        }
    }
    for (int i = 0; i < count; i++) {
        int64_t available = touched[i]->limit - touched[i]->consumed;
        if (available < 0 && available < before[i]) {
            complain(reading, "entry %s takes a line %" G_GINT64_FORMAT " below zero", name,
                     -available);
        } else if (!touched[i]->is_budgeted && available < before[i]) {
            complain(reading, "entry %s takes from a line without a budget", name);
        }
    }
}

static void
read_reason(Reading *reading, const char *name, const char *code, const char *key_text,
            int64_t limit, int64_t consumed, int64_t requested)
{
    if (strcmp(code, "PERIOD_NOT_OPEN") == 0) {
        return; /* judged with the periods, by SQL */
    }
    const Key *key = find_key(reading, key_text);
    if (key->limit != limit || key->consumed != consumed) {
        complain(reading,
                 "refusal of %s says limit %" G_GINT64_FORMAT " and consumed %" G_GINT64_FORMAT
                 " of %s; the lines say %" G_GINT64_FORMAT " and %" G_GINT64_FORMAT,
                 name, limit, consumed, key_text, key->limit, key->consumed);
    }
    if (key->is_budgeted && requested <= key->limit - key->consumed) {
        complain(reading, "refusal of %s is wrong: %" G_GINT64_FORMAT " of %s were left", name,
                 key->limit - key->consumed, key_text);
    }
}

/* Keys hold no commas here, so their array splits like numbers; quotes go. */
static void
read_refusal(Reading *reading, const char *name, PGresult *rows, int row)
{
    g_auto(GStrv) codes = split_array(PQgetvalue(rows, row, 5));
    g_auto(GStrv) keys = split_array(PQgetvalue(rows, row, 6));
    g_auto(GStrv) limits = split_array(PQgetvalue(rows, row, 7));
    g_auto(GStrv) consumed = split_array(PQgetvalue(rows, row, 8));
    g_auto(GStrv) requested = split_array(PQgetvalue(rows, row, 9));
    reading->replay->refusals++;
    for (int i = 0; codes[i] != NULL; i++) {
        g_autofree char *key = g_strdup(keys[i]);
        g_strdelimit(key, "\"", ' ');
        read_reason(reading, name, codes[i], g_strstrip(key), g_ascii_strtoll(limits[i], NULL, 10),
                    g_ascii_strtoll(consumed[i], NULL, 10),
                    g_ascii_strtoll(requested[i], NULL, 10));
    }
}

static void
read_items(Reading *reading, PGconn *connection)
{
    PQclear(run(connection,
                "declare items cursor for"
                " select item_id, reference, period / 100, coding::text, amount::text, null, null,"
                " null, null, null from ledger.entry"
                " union all select item_id, reference, null, null, null, code::text, key::text,"
                " ceiling::text, consumed::text, requested::text from ledger.refusal order by 1"));
    int count = 0;
    do {
        PGresult *rows = run(connection, "fetch 20000 from items");
        count = PQntuples(rows);
        for (int i = 0; i < count; i++) {
            const char *name = PQgetvalue(rows, i, 1);
            if (PQgetisnull(rows, i, 5)) {
                read_entry(reading, name, PQgetvalue(rows, i, 2), PQgetvalue(rows, i, 3),
                           PQgetvalue(rows, i, 4));
            } else {
                read_refusal(reading, name, rows, i);
            }
        }
        PQclear(rows);
    } while (count > 0);
}

static void
sum_up(Reading *reading)
{
    GHashTableIter iter;
    gpointer text;
    gpointer key;
    g_hash_table_iter_init(&iter, reading->keys);
    while (g_hash_table_iter_next(&iter, &text, &key)) {
        int64_t *available = g_new(int64_t, 1);
        *available = ((Key *)key)->limit - ((Key *)key)->consumed;
        g_hash_table_insert(reading->replay->available, g_strdup(text), available);
    }
}

FaultReplay *
fault_replay(const char *admin_uri)
{
    FaultReplay *replay = g_new0(FaultReplay, 1);
    replay->available = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    replay->complaints = g_string_new(NULL);
    Reading reading = {.replay = replay,
                       .keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
                       .codings = g_ptr_array_new_with_free_func(coding_free)};
    PGconn *connection = PQconnectdb(admin_uri);
    PQclear(run(connection, "begin isolation level repeatable read read only"));
    read_codings(&reading, connection);
    read_items(&reading, connection);
    PQclear(run(connection, "commit"));
    PQfinish(connection);
    sum_up(&reading);
    g_hash_table_unref(reading.keys);
    g_ptr_array_unref(reading.codings);
    return replay;
}

void
fault_replay_free(FaultReplay *replay)
{
    if (replay != NULL) {
        g_hash_table_unref(replay->available);
        g_string_free(replay->complaints, TRUE);
        g_free(replay);
    }
}
