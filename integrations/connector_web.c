/* connector_web.c: files below an address, by HTTPS or SFTP. */
#include "integrations/connector.h"
#include <string.h>

#define ENTRIES_MAX 100000

static bool
is_sftp(const FiscDoor *door)
{
    return g_str_has_prefix(door->feeder->at, "sftp:");
}

static bool
list_sftp(FiscDoor *door, GPtrArray *found, GError **error)
{
    g_auto(FiscDoorRules) rules = {{0}};
    g_autoptr(GPtrArray) entries = NULL;
    g_autofree char *url = fisc_door_url(door, NULL);
    if (!fisc_door_rules(door, &rules, error) ||
        !fisc_fetch_list(&rules.rules, url, ENTRIES_MAX, &entries, error)) {
        return false;
    }
    for (guint i = 0; i < entries->len; i++) {
        const FiscFetchEntry *entry = entries->pdata[i];
        if (!entry->is_folder && fisc_feeder_profile_name(door->feeder, entry->name) != NULL) {
            g_autofree char *tag = g_strdup_printf("%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT,
                                                   entry->modified_s, entry->bytes);
            g_ptr_array_add(found, fisc_found_new(entry->name, tag, entry->bytes));
        }
    }
    return true;
}

/* The web has no folders: what is to be there is named. */
bool
fisc_web_list(FiscDoor *door, GPtrArray *found, GError **error)
{
    if (is_sftp(door)) {
        return list_sftp(door, found, error);
    }
    for (int i = 0; door->feeder->documents[i] != NULL; i++) {
        g_auto(GStrv) sides = g_strsplit(door->feeder->documents[i], "=", 2);
        if (strpbrk(sides[0], "*?") != NULL) {
            return fisc_fail(error, FISC_ERROR_VALUE_INVALID,
                             "feeder %s: \"%s\": the web lists no folders, so documents are named",
                             door->feeder->name, sides[0]);
        }
        g_ptr_array_add(found, fisc_found_new(sides[0], "", -1));
    }
    return true;
}

bool
fisc_web_get(FiscDoor *door, const FiscFound *found, const char *known_tag, GBytes **out_body,
             char **out_tag, GError **error)
{
    g_autofree char *path = g_uri_escape_string(found->name, NULL, FALSE);
    g_autofree char *condition = NULL;
    g_autoptr(FiscFetchReply) reply = NULL;
    bool knows = known_tag != NULL && *known_tag != '\0';
    if (is_sftp(door) && knows && strcmp(known_tag, found->tag) == 0) {
        *out_tag = g_strdup(found->tag);
        return true;
    }
    if (!is_sftp(door) && knows) {
        condition = g_strconcat("If-None-Match: ", known_tag, NULL);
    }
    if (!fisc_door_ask(door, path, condition, &reply, error)) {
        return false;
    }
    const char *etag = fisc_fetch_header(reply, "etag");
    *out_tag = g_strdup(is_sftp(door) ? found->tag : etag != NULL ? etag : "");
    if (reply->status != 304) {
        *out_body = g_bytes_ref(reply->body);
    } else if (!knows) {
        return fisc_fail(error, FISC_ERROR_PEER_FAULT,
                         "%s: %s: 304 to a question without condition", door->feeder->at,
                         found->name);
    }
    return true;
}
