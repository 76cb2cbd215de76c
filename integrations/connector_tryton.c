/* connector_tryton.c: the posted moves of a Tryton (6.0), by its JSON-RPC. Each of its periods is a
 * document, whole: what was corrected or is gone is missing there, and settling with the books does
 * the rest.
 *
 * A document is read in steps: the stamps (id, time of the last change) of everything in it, then
 * the records themselves by id, some hundred at a time, then the stamps again. What answers other
 * ids than it was asked for, or changed meanwhile, is read anew or given up: there are no pages
 * that could be missing, twice or out of order. tryton_rows.c makes rows of it. */
#include "integrations/connector.h"
#include "integrations/tryton.h"
#include <string.h>

#define BATCH 500
#define READINGS_MAX 3

/* What the rows need, by model: asked for by fields_get before anything is read, because an unknown
 * field of an empty period would be no error. */
static const struct {
    const char *model;
    const char *fields[8];
} needed[] = {
    {"account.period", {"start_date", "company", NULL}},
    {"account.move", {"period", "state", "date", "number", "description", NULL}},
    {"account.move.line", {"move", "account", "debit", "credit", "party", "description", NULL}},
    {"account.account", {"code", "name", NULL}},
};

typedef struct {
    FiscDoor *door;
    char *url;
    int id; /* of the next request */
} Talk;

/* ---- one call ---- */

static bool
fail_answer(const Talk *talk, const char *method, const char *reason, GError **error)
{
    return fisc_fail(error, FISC_ERROR_PEER_FAULT, "%s: %s: %s", talk->url, method, reason);
}

/* The result of an answer; errors come with HTTP 200. */
static json_t *
take_result(const Talk *talk, const char *method, GBytes *body, GError **error)
{
    gsize length = 0;
    const char *text = g_bytes_get_data(body, &length);
    json_t *answer = json_loadb(text != NULL ? text : "", length, JSON_REJECT_DUPLICATES, NULL);
    json_t *result = json_object_get(answer, "result");
    json_t *said = json_object_get(answer, "error");
    bool is_error = said != NULL && !json_is_null(said);
    if (is_error) {
        const char *first = json_string_value(json_array_get(said, 0));
        fisc_fail(error, FISC_ERROR_PEER_FORBIDDEN, "%s: %s: %s", talk->url, method,
                  first != NULL ? first : "an error without words");
    } else if (result == NULL || json_integer_value(json_object_get(answer, "id")) != talk->id) {
        fail_answer(talk, method, "no answer to this question", error);
        result = NULL;
    }
    json_t *taken = !is_error ? json_incref(result) : NULL;
    json_decref(answer);
    return taken;
}

/* A question changes nothing, so that one whose answer is lost is an outage like any other. */
static bool
ask_bytes(Talk *talk, const char *text, FiscFetchReply **out_reply, GError **error)
{
    g_autoptr(GError) failure = NULL;
    g_autoptr(GBytes) body = g_bytes_new(text, strlen(text));
    const char *const headers[] = {"Content-Type: application/json", talk->door->session, NULL};
    const FiscFetchRequest request = {.method = "POST",
                                      .url = talk->url,
                                      .headers = headers,
                                      .body = body,
                                      .should_stop = talk->door->should_stop,
                                      .stop_data = talk->door->stop_data};
    if (fisc_door_fetch(talk->door, &request, out_reply, &failure)) {
        return true;
    }
    if (g_error_matches(failure, FISC_ERROR, FISC_ERROR_OUTCOME_UNKNOWN)) {
        return fisc_fail(error, FISC_ERROR_PEER_UNAVAILABLE, "%s", failure->message);
    }
    g_propagate_error(error, g_steal_pointer(&failure));
    return false;
}

/* Takes @params. NULL with @error. */
static json_t *
call(Talk *talk, const char *method, json_t *params, GError **error)
{
    g_autoptr(FiscFetchReply) reply = NULL;
    json_t *question =
        json_pack("{s:i, s:s, s:o}", "id", ++talk->id, "method", method, "params", params);
    char *text = json_dumps(question, JSON_COMPACT);
    json_decref(question);
    bool is_done = text != NULL && ask_bytes(talk, text, &reply, error);
    free(text);
    return is_done ? take_result(talk, method, reply->body, error) : NULL;
}

/* Every call ends with a context; what is out of use is asked for, too. */
static json_t *
context(void)
{
    return json_pack("{s:b}", "active_test", 0);
}

/* All records of a domain, by id. Takes @domain and @fields. */
static json_t *
search(Talk *talk, const char *model, json_t *domain, json_t *fields, GError **error)
{
    g_autofree char *method = g_strconcat("model.", model, ".search_read", NULL);
    json_t *result = call(
        talk, method,
        json_pack("[o, i, n, [[s, s]], O, o]", domain, 0, "id", "ASC", fields, context()), error);
    bool is_good = result != NULL && fisc_tryton_are_records(result, fields);
    if (result != NULL && !is_good) {
        fail_answer(talk, method, "no list of records with what was asked for", error);
        json_decref(result);
    }
    json_decref(fields);
    return is_good ? result : NULL;
}

/* ---- coming and going ---- */

static char *
read_secret(const FiscDoor *door, GError **error)
{
    const char *name = g_hash_table_lookup(door->feeder->trust, "secret");
    g_autofree char *path = name != NULL && door->secrets_dir != NULL && strchr(name, '/') == NULL
                                ? g_build_filename(door->secrets_dir, name, NULL)
                                : NULL;
    char *text = NULL;
    if (path == NULL || !g_file_get_contents(path, &text, NULL, NULL)) {
        fisc_fail(error, FISC_ERROR_SETUP,
                  "feeder %s: Tryton wants user= and secret=, the name of a file with the password "
                  "in the folder of secrets",
                  door->feeder->name);
        return NULL;
    }
    return g_strchomp(text);
}

static bool
sign_in(Talk *talk, GError **error)
{
    const char *user = g_hash_table_lookup(talk->door->feeder->trust, "user");
    g_autofree char *password = read_secret(talk->door, error);
    if (password == NULL) {
        return false;
    }
    json_t *result =
        call(talk, "common.db.login",
             json_pack("[s, {s:s}]", user != NULL ? user : "", "password", password), error);
    const char *session = json_string_value(json_array_get(result, 1));
    if (session != NULL) {
        g_autofree char *plain =
            g_strdup_printf("%s:%" JSON_INTEGER_FORMAT ":%s", user != NULL ? user : "",
                            json_integer_value(json_array_get(result, 0)), session);
        g_autofree char *packed = g_base64_encode((const guchar *)plain, strlen(plain));
        talk->door->session = g_strconcat("Authorization: Session ", packed, NULL);
    } else if (result != NULL) {
        fisc_fail(error, FISC_ERROR_PEER_FORBIDDEN, "%s does not let %s in", talk->url,
                  user != NULL ? user : "nobody");
    }
    json_decref(result);
    return talk->door->session != NULL;
}

static bool
talk_begin(Talk *talk, FiscDoor *door, GError **error)
{
    const char *at = door->feeder->at;
    *talk =
        (Talk){.door = door, .url = g_strconcat(at, g_str_has_suffix(at, "/") ? "" : "/", NULL)};
    return door->session != NULL || sign_in(talk, error);
}

/* The session is the door's, for the next document; a while after the last one Tryton ends it. */
static void
talk_end(Talk *talk)
{
    g_clear_pointer(&talk->url, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Talk, talk_end)

/* ---- which documents there are ---- */

static bool
check_fields(Talk *talk, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(needed); i++) {
        json_t *names = json_array();
        for (int k = 0; needed[i].fields[k] != NULL; k++) {
            json_array_append_new(names, json_string(needed[i].fields[k]));
        }
        g_autofree char *method = g_strconcat("model.", needed[i].model, ".fields_get", NULL);
        json_t *known = call(talk, method, json_pack("[o, o]", names, context()), error);
        if (known == NULL) {
            return false;
        }
        for (int k = 0; needed[i].fields[k] != NULL; k++) {
            if (json_object_get(known, needed[i].fields[k]) == NULL) {
                json_decref(known);
                return fail_answer(talk, method, needed[i].fields[k], error);
            }
        }
        json_decref(known);
    }
    return true;
}

/* "moves-2024-01-01-7.json": the day on which the period begins, and its id. */
static bool
add_period(const Talk *talk, json_t *period, GPtrArray *found, GError **error)
{
    char day[TRYTON_DAY_TEXT];
    json_int_t id = json_integer_value(json_object_get(period, "id"));
    if (id <= 0 || !fisc_tryton_day(json_object_get(period, "start_date"), day)) {
        return fail_answer(talk, "account.period", "a period without id or first day", error);
    }
    g_autofree char *name = g_strdup_printf("moves-%s-%" JSON_INTEGER_FORMAT ".json", day, id);
    if (fisc_feeder_profile_name(talk->door->feeder, name) != NULL) {
        g_ptr_array_add(found, fisc_found_new(name, "", -1));
    }
    return true;
}

static bool
list_periods(Talk *talk, GPtrArray *found, GError **error)
{
    json_t *periods = search(talk, "account.period", json_array(),
                             json_pack("[s, s]", "start_date", "company"), error);
    json_t *company = json_object_get(json_array_get(periods, 0), "company");
    bool is_done = periods != NULL;
    gsize index;
    json_t *period;
    json_array_foreach(periods, index, period)
    {
        if (is_done && !json_equal(json_object_get(period, "company"), company)) {
            is_done = fisc_fail(error, FISC_ERROR_PEER_FORBIDDEN,
                                "%s: the user sees the books of several companies: give the feeder "
                                "a user of one",
                                talk->url);
        }
        is_done = is_done && add_period(talk, period, found, error);
    }
    json_decref(periods);
    return is_done;
}

bool
fisc_tryton_list(FiscDoor *door, GPtrArray *found, GError **error)
{
    g_auto(Talk) talk = {0};
    if (door->feeder->is_together) {
        return fisc_fail(error, FISC_ERROR_VALUE_INVALID,
                         "feeder %s: Tryton gives a document for each period: say read = each and "
                         "documents = moves-*.json=NAME",
                         door->feeder->name);
    }
    return talk_begin(&talk, door, error) && check_fields(&talk, error) &&
           list_periods(&talk, found, error);
}

/* ---- one document ---- */

/* A domain of what belongs to the posted moves of a period; @path leads to the move. */
static json_t *
domain_of(const char *path, json_int_t period)
{
    g_autofree char *of_period = g_strconcat(path, "period", NULL);
    g_autofree char *of_state = g_strconcat(path, "state", NULL);
    return json_pack("[[s, s, I], [s, s, s]]", of_period, "=", period, of_state, "=", "posted");
}

/* Ids and times of the last change of everything that the document is made of. */
static json_t *
read_stamps(Talk *talk, json_int_t period, GError **error)
{
    json_t *stamps = json_object();
    json_t *moves = search(talk, "account.move", domain_of("", period),
                           json_pack("[s, s]", "create_date", "write_date"), error);
    json_t *lines = moves == NULL ? NULL
                                  : search(talk, "account.move.line", domain_of("move.", period),
                                           json_pack("[s, s]", "create_date", "write_date"), error);
    json_t *accounts = lines == NULL ? NULL
                                     : search(talk, "account.account", json_array(),
                                              json_pack("[s, s]", "code", "name"), error);
    if (accounts != NULL && json_array_size(accounts) == 0) {
        /* Who may see nothing is told nothing, which is not the same as that there is nothing. */
        fail_answer(talk, "account.account", "no accounts: has the user the right to read them?",
                    error);
        g_clear_pointer(&accounts, json_decref);
    }
    if (accounts == NULL) {
        json_decref(moves);
        json_decref(lines);
        json_decref(stamps);
        return NULL;
    }
    json_object_set_new(stamps, "moves", moves);
    json_object_set_new(stamps, "lines", lines);
    json_object_set_new(stamps, "accounts", accounts);
    return stamps;
}

/* Appends the records of @batch to @records; what has other ids than were asked for is refused. */
static bool
read_batch(Talk *talk, const char *method, json_t *batch, json_t *fields, json_t *records,
           GError **error)
{
    json_t *answer = call(talk, method, json_pack("[O, O, o]", batch, fields, context()), error);
    bool is_whole = answer != NULL && fisc_tryton_are_records(answer, fields) &&
                    json_array_size(answer) == json_array_size(batch);
    g_autoptr(GHashTable) by_id = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    gsize index;
    json_t *item;
    json_array_foreach(answer, index, item)
    {
        int64_t id = json_integer_value(json_object_get(item, "id"));
        is_whole = g_hash_table_insert(by_id, g_memdup2(&id, sizeof id), item) && is_whole;
    }
    json_array_foreach(batch, index, item)
    {
        int64_t id = json_integer_value(item);
        json_t *record = g_hash_table_lookup(by_id, &id);
        is_whole = is_whole && record != NULL;
        json_array_append(records, record);
    }
    if (answer != NULL && !is_whole) {
        fail_answer(talk, method, "other records than were asked for, or other fields", error);
    }
    json_decref(answer);
    return is_whole;
}

/* The records of @stamps in their order. Takes @fields. NULL with @error. */
static json_t *
read_records(Talk *talk, const char *model, json_t *stamps, json_t *fields, GError **error)
{
    g_autofree char *method = g_strconcat("model.", model, ".read", NULL);
    json_t *records = json_array();
    bool is_done = true;
    for (gsize from = 0; is_done && from < json_array_size(stamps); from += BATCH) {
        json_t *batch = json_array();
        for (gsize i = from; i < MIN(from + BATCH, json_array_size(stamps)); i++) {
            json_array_append(batch, json_object_get(json_array_get(stamps, i), "id"));
        }
        is_done = read_batch(talk, method, batch, fields, records, error);
        json_decref(batch);
    }
    json_decref(fields);
    if (!is_done) {
        json_decref(records);
    }
    return is_done ? records : NULL;
}

/* The currency of the books: that of the company. */
static json_t *
read_currency(Talk *talk, json_int_t period, GError **error)
{
    json_t *found = search(talk, "account.period", json_pack("[[s, s, I]]", "id", "=", period),
                           json_pack("[s]", "company"), error);
    json_t *company = json_object_get(json_array_get(found, 0), "company");
    json_t *companies = found == NULL ? NULL
                                      : search(talk, "company.company",
                                               json_pack("[[s, s, O?]]", "id", "=", company),
                                               json_pack("[s]", "currency.code"), error);
    json_t *code =
        json_object_get(json_object_get(json_array_get(companies, 0), "currency."), "code");
    json_incref(code);
    if (companies != NULL && !json_is_string(code)) {
        fail_answer(talk, "company.company", "a company without currency", error);
        json_decref(code);
        code = NULL;
    }
    json_decref(found);
    json_decref(companies);
    return code;
}

/* One reading: a document of which nothing says that it is whole. Its stamps: *out_stamps. */
static json_t *
read_once(Talk *talk, json_int_t period, json_t *stamps, GError **error)
{
    json_t *currency = read_currency(talk, period, error);
    json_t *moves =
        currency == NULL
            ? NULL
            : read_records(talk, "account.move", json_object_get(stamps, "moves"),
                           json_pack("[s, s, s]", "date", "number", "description"), error);
    json_t *lines = moves == NULL
                        ? NULL
                        : read_records(talk, "account.move.line", json_object_get(stamps, "lines"),
                                       json_pack("[s, s, s, s, s, s]", "move", "account", "debit",
                                                 "credit", "description", "party.rec_name"),
                                       error);
    if (lines == NULL) {
        json_decref(currency);
        json_decref(moves);
        return NULL;
    }
    return json_pack("{s:o, s:O, s:o, s:o}", "currency", currency, "accounts",
                     json_object_get(stamps, "accounts"), "moves", moves, "lines", lines);
}

/* Reads until the stamps before and after are the same. NULL with @error. */
static json_t *
read_whole(Talk *talk, json_int_t period, json_t **stamps, GError **error)
{
    for (int reading = 0; reading < READINGS_MAX; reading++) {
        json_t *document = read_once(talk, period, *stamps, error);
        json_t *after = document != NULL ? read_stamps(talk, period, error) : NULL;
        if (after == NULL) {
            json_decref(document);
            return NULL;
        }
        bool is_same = json_equal(*stamps, after) != 0;
        json_decref(*stamps);
        *stamps = after;
        if (is_same) {
            return document;
        }
        json_decref(document);
    }
    fail_answer(talk, "account.move", "the period changes while it is read", error);
    return NULL;
}

static char *
tag_of(json_t *stamps)
{
    char *text = json_dumps(stamps, JSON_SORT_KEYS | JSON_COMPACT);
    char *tag = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text != NULL ? text : "", -1);
    free(text);
    return tag;
}

/* "moves-2024-01-01-7.json" -> 7 */
static json_int_t
period_of(const char *name)
{
    const char *dash = strrchr(name, '-');
    return dash != NULL ? g_ascii_strtoll(dash + 1, NULL, 10) : 0;
}

bool
fisc_tryton_get(FiscDoor *door, const FiscFound *found, const char *known_tag, GBytes **out_body,
                char **out_tag, GError **error)
{
    g_auto(Talk) talk = {0};
    json_int_t period = period_of(found->name);
    json_t *stamps = talk_begin(&talk, door, error) ? read_stamps(&talk, period, error) : NULL;
    if (stamps == NULL) {
        return false;
    }
    *out_tag = tag_of(stamps);
    if (known_tag != NULL && strcmp(known_tag, *out_tag) == 0) {
        json_decref(stamps);
        return true;
    }
    json_t *document = read_whole(&talk, period, &stamps, error);
    if (document != NULL) {
        char *text = json_dumps(document, JSON_SORT_KEYS | JSON_INDENT(1));
        *out_body = g_bytes_new_with_free_func(text, strlen(text), free, text);
        g_free(*out_tag);
        *out_tag = tag_of(stamps);
    }
    json_decref(document);
    json_decref(stamps);
    return *out_body != NULL;
}
