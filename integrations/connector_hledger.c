/* connector_hledger.c: a plain text journal as hledger-web serves it (hledger-web --serve-api). Its
 * one document is the whole journal: what was corrected or struck out at the source is missing
 * there, and settling with the books does the rest. hledger_rows.c makes rows of it. */
#include "integrations/connector.h"
#include <jansson.h>
#include <string.h>

#define ACCEPTED "Accept: application/json"
#define DOCUMENT "transactions.json"

/* ---- taking it ---- */

/* Whether there is a hledger-web at all: it says its version as a JSON text. */
static bool
check_version(FiscDoor *door, GError **error)
{
    g_autoptr(FiscFetchReply) reply = NULL;
    gsize length = 0;
    if (!fisc_door_ask(door, "version", ACCEPTED, &reply, error)) {
        return false;
    }
    const char *text = g_bytes_get_data(reply->body, &length);
    json_t *version = json_loadb(text != NULL ? text : "", length, JSON_DECODE_ANY, NULL);
    bool is_it = json_is_string(version);
    json_decref(version);
    return is_it || fisc_fail(error, FISC_ERROR_PEER_FAULT,
                              "%s does not answer as hledger-web does: its version is no text",
                              door->feeder->at);
}

bool
fisc_hledger_list(FiscDoor *door, GPtrArray *found, GError **error)
{
    if (fisc_feeder_profile_name(door->feeder, DOCUMENT) == NULL) {
        return fisc_fail(error, FISC_ERROR_VALUE_INVALID,
                         "feeder %s: the document of hledger-web is " DOCUMENT
                         ": say documents = " DOCUMENT "=NAME",
                         door->feeder->name);
    }
    if (!check_version(door, error)) {
        return false;
    }
    g_ptr_array_add(found, fisc_found_new(DOCUMENT, "", -1));
    return true;
}

bool
fisc_hledger_get(FiscDoor *door, const FiscFound *found, const char *known_tag, GBytes **out_body,
                 char **out_tag, GError **error)
{
    g_autoptr(FiscFetchReply) reply = NULL;
    (void)found;
    (void)known_tag; /* it tells no versions apart: whoever keeps the bytes does */
    if (!fisc_door_ask(door, "transactions", ACCEPTED, &reply, error)) {
        return false;
    }
    if (reply->status == 304) {
        return fisc_fail(error, FISC_ERROR_PEER_FAULT, "%s: 304 to a question without condition",
                         door->feeder->at);
    }
    *out_tag = g_strdup("");
    *out_body = g_bytes_ref(reply->body);
    return true;
}
