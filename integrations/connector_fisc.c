/* connector_fisc.c: the entries of another fisc, sealed by it (GET /v1/sealed). A document is a
 * part of a unit's period: at most so many entries, in the order in which they were posted. A full
 * part never changes; a correction at the source is one more entry, in a later part or period.
 *
 * What is received is believed when it is sealed by the key that `trust` pins: the list of what
 * there is, and each document, checked as a whole by the reader of documents (sealed_rows.c) before
 * it is kept. All documents of one pull are under one head, and that head continues every head
 * under which something was taken before: a source cannot take back or alter what it has once
 * shown. */
#include "core/base/hash.h"
#include "integrations/connector.h"
#include "integrations/parse.h"
#include "integrations/sealed_json.h"
#include <string.h>

#define ACCEPTED "Accept: application/json, text/plain"
#define LIST_MAX (64 * 1024 * 1024)

/* The head that this pull is under. In FiscDoor.session as "size root seen seen ...": sizes of
 * heads that were found to be continued by it. */
typedef struct {
    int64_t size;
    char root[FISC_HASH_TEXT];
} Under;

static bool
fail_answer(const FiscDoor *door, const char *what, const char *reason, GError **error)
{
    return fisc_fail(error, FISC_ERROR_PEER_FAULT, "%s: %s: %s", door->feeder->at, what, reason);
}

/* An answer that is a text, without a byte that ends it early. */
static bool
ask_text(FiscDoor *door, const char *path, char **out_text, GError **error)
{
    g_autoptr(FiscFetchReply) reply = NULL;
    gsize length = 0;
    if (!fisc_door_ask(door, path, ACCEPTED, &reply, error)) {
        return false;
    }
    const char *bytes = g_bytes_get_data(reply->body, &length);
    if (length == 0 || length > LIST_MAX || memchr(bytes, '\0', length) != NULL) {
        return fail_answer(door, path, "no text", error);
    }
    *out_text = g_strndup(bytes, length);
    return true;
}

/* What the source calls the units. */
static char **
units_of(const FiscFeeder *feeder)
{
    const char *text = g_hash_table_lookup(feeder->trust, "units");
    return text != NULL ? g_strsplit(text, " ", -1) : g_strdupv(feeder->entities);
}

/* ---- which documents there are ---- */

static bool
read_list(FiscDoor *door, char **units, FiscSealedList **out_list, GError **error)
{
    g_autoptr(GPtrArray) keys = NULL;
    g_autoptr(GError) failure = NULL;
    g_autofree char *joined = g_strjoinv(" ", units);
    g_autofree char *escaped = g_uri_escape_string(joined, NULL, TRUE);
    g_autofree char *path = g_strconcat("v1/sealed?entities=", escaped, NULL);
    g_autofree char *text = NULL;
    if (!fisc_sealed_keys(door->feeder->trust, &keys, error) ||
        !ask_text(door, path, &text, error)) {
        return false;
    }
    return fisc_sealed_list_read(text, keys, out_list, &failure) ||
           fail_answer(door, path, failure->message, error);
}

/* The parts of a period: all but the last are full. */
static void
add_parts(const FiscDoor *door, const FiscSealedPeriod *period, GPtrArray *found)
{
    int64_t left = period->entries;
    for (int part = 1; left > 0; part++, left -= FISC_SEALED_PART_ENTRIES) {
        g_autofree char *name = fisc_sealed_document_name(period->entity, period->period, part);
        g_autofree char *tag =
            g_strdup_printf("entries %" G_GINT64_FORMAT, MIN(left, FISC_SEALED_PART_ENTRIES));
        if (fisc_feeder_profile_name(door->feeder, name) != NULL) {
            g_ptr_array_add(found, fisc_found_new(name, tag, -1));
        }
    }
}

bool
fisc_fisc_list(FiscDoor *door, GPtrArray *found, GError **error)
{
    g_autoptr(FiscSealedList) list = NULL;
    g_auto(GStrv) units = units_of(door->feeder);
    char root[FISC_HASH_TEXT];
    if (door->feeder->is_together) {
        return fisc_fail(error, FISC_ERROR_VALUE_INVALID,
                         "feeder %s: another fisc gives a document for each part of a period: say "
                         "read = each and documents = sealed-*.json=NAME",
                         door->feeder->name);
    }
    if (!read_list(door, units, &list, error)) {
        return false;
    }
    for (guint i = 0; i < list->periods->len; i++) {
        const FiscSealedPeriod *period = list->periods->pdata[i];
        if (g_strv_contains((const char *const *)units, period->entity)) {
            add_parts(door, period, found);
        }
    }
    g_free(door->session);
    door->session =
        g_strdup_printf("%" G_GINT64_FORMAT " %s ", list->size, fisc_hash_format(list->root, root));
    return true;
}

/* ---- the past ---- */

static bool
read_under(const FiscDoor *door, Under *out_under, GError **error)
{
    g_auto(GStrv) words = g_strsplit(door->session != NULL ? door->session : "", " ", 3);
    if (g_strv_length(words) < 2 || strlen(words[1]) != FISC_HASH_TEXT - 1) {
        return fisc_fail(error, FISC_ERROR_FAILED, "documents of %s were not listed",
                         door->feeder->name);
    }
    out_under->size = g_ascii_strtoll(words[0], NULL, 10);
    g_strlcpy(out_under->root, words[1], sizeof out_under->root);
    return true;
}

/* "entries 500 size 78 root ab..": what was known of a document when it was taken. False: nothing.
 */
static bool
read_tag(const char *tag, int64_t *out_entries, Under *out_under)
{
    g_auto(GStrv) words = g_strsplit(tag != NULL ? tag : "", " ", -1);
    if (g_strv_length(words) != 6 || strlen(words[5]) != FISC_HASH_TEXT - 1) {
        return false;
    }
    *out_entries = g_ascii_strtoll(words[1], NULL, 10);
    out_under->size = g_ascii_strtoll(words[3], NULL, 10);
    g_strlcpy(out_under->root, words[5], sizeof out_under->root);
    return true;
}

static bool
check_head(const FiscDoor *door, const FiscHead *head, const Under *before, const Under *now)
{
    g_autoptr(GPtrArray) keys = NULL;
    char root[FISC_HASH_TEXT];
    FiscMerkleHash old = {0};
    bool is_signed = false;
    if (!fisc_sealed_keys(door->feeder->trust, &keys, NULL)) {
        return false;
    }
    for (guint i = 0; i < keys->len && !is_signed; i++) {
        is_signed = fisc_head_is_signed(head, FISC_SIGNER_HEAD, keys->pdata[i]);
    }
    for (gsize i = 0; i < sizeof old; i++) {
        old[i] = (uint8_t)(g_ascii_xdigit_value(before->root[2 * i]) << 4 |
                           g_ascii_xdigit_value(before->root[2 * i + 1]));
    }
    return is_signed && head->size == now->size && head->from == before->size &&
           strcmp(fisc_hash_format(head->root, root), now->root) == 0 &&
           fisc_merkle_check_consistency((uint64_t)before->size, old, (uint64_t)now->size,
                                         head->root, head->path);
}

static bool
fail_past(const FiscDoor *door, const Under *before, GError **error)
{
    return fisc_fail(error, FISC_ERROR_PEER_FAULT,
                     "%s: its books do not continue those of %" G_GINT64_FORMAT
                     " batches that were taken before: they were altered, or are other ones",
                     door->feeder->at, before->size);
}

/* That the head of this pull continues an earlier one; asked once for each. */
static bool
check_past(FiscDoor *door, const Under *before, const Under *now, GError **error)
{
    g_autofree char *mark = g_strdup_printf(" %" G_GINT64_FORMAT " ", before->size);
    g_autofree char *text = NULL;
    g_autoptr(GPtrArray) heads = NULL;
    if (before->size >= now->size) {
        return (before->size == now->size && strcmp(before->root, now->root) == 0) ||
               fail_past(door, before, error);
    }
    if (strstr(door->session, mark) != NULL) {
        return true;
    }
    g_autofree char *path = g_strdup_printf(
        "v1/head?from=%" G_GINT64_FORMAT "&size=%" G_GINT64_FORMAT, before->size, now->size);
    if (!ask_text(door, path, &text, error)) {
        return false;
    }
    if (!fisc_heads_parse(text, &heads, NULL) || heads->len != 1 ||
        !check_head(door, heads->pdata[0], before, now)) {
        return fail_past(door, before, error);
    }
    char *session = g_strconcat(door->session, mark, NULL);
    g_free(door->session);
    door->session = session;
    return true;
}

/* ---- a document ---- */

/* "sealed-CITY-2024-03-1.json" -> "v1/sealed/CITY/2024-03/1?size=78" */
static char *
path_of(const char *name, const Under *under)
{
    const char *begin = name + strlen("sealed-");
    const char *part = strrchr(name, '-');
    const char *period = part - strlen("2024-03");
    g_autofree char *entity = g_strndup(begin, (gsize)(period - 1 - begin));
    g_autofree char *escaped = g_uri_escape_string(entity, NULL, TRUE);
    return g_strdup_printf("v1/sealed/%s/%.7s/%.*s?size=%" G_GINT64_FORMAT, escaped, period,
                           (int)(strlen(part + 1) - strlen(".json")), part + 1, under->size);
}

/* Read as a run will read it, and held against this pull's head; nothing that fails is kept. */
static bool
check_document(FiscDoor *door, const char *name, GBytes *body, const Under *under, GError **error)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(GBytes) text = NULL;
    FiscFeeder expecting = *door->feeder;
    expecting.trust = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    GHashTableIter each;
    gpointer word, value;
    g_hash_table_iter_init(&each, door->feeder->trust);
    while (g_hash_table_iter_next(&each, &word, &value)) {
        g_hash_table_insert(expecting.trust, g_strdup(word), g_strdup(value));
    }
    g_hash_table_insert(expecting.trust, g_strdup(FISC_SEALED_UNDER), g_strdup(under->root));
    bool is_done = fisc_parse_convert(&expecting, name, body, &text, refusals, error);
    g_hash_table_unref(expecting.trust);
    if (is_done && refusals->len > 0) {
        return fail_answer(door, name, ((const FiscRefusal *)refusals->pdata[0])->detail, error);
    }
    return is_done;
}

bool
fisc_fisc_get(FiscDoor *door, const FiscFound *found, const char *known_tag, GBytes **out_body,
              char **out_tag, GError **error)
{
    g_autoptr(FiscFetchReply) reply = NULL;
    Under before = {0}, now = {0};
    int64_t entries = 0;
    if (!read_under(door, &now, error)) {
        return false;
    }
    if (read_tag(known_tag, &entries, &before)) {
        g_autofree char *known = g_strdup_printf("entries %" G_GINT64_FORMAT, entries);
        if (!check_past(door, &before, &now, error)) {
            return false;
        }
        if (strcmp(known, found->tag) == 0) {
            *out_tag = g_strdup(known_tag);
            return true;
        }
    }
    g_autofree char *path = path_of(found->name, &now);
    if (!fisc_door_ask(door, path, ACCEPTED, &reply, error) ||
        !check_document(door, found->name, reply->body, &now, error)) {
        return false;
    }
    *out_tag =
        g_strdup_printf("%s size %" G_GINT64_FORMAT " root %s", found->tag, now.size, now.root);
    *out_body = g_bytes_ref(reply->body);
    return true;
}
