/* target.c: where a fetch goes, and whether it may. A name is only a name here: its addresses are
 * looked at one by one when the connection is made, the moment at which they cannot change any
 * more. */
#include "core/net/target.h"
#include "core/net/address.h"
#include <arpa/inet.h>
#include <string.h>

#define URL_LENGTH_MAX 8192
#define METADATA_NETWORK_BITS 128

static const struct {
    const char *name;
    FiscScheme scheme;
} schemes[] = {
    {"https", FISC_SCHEME_HTTPS},
    {"http", FISC_SCHEME_HTTP},
    {"sftp", FISC_SCHEME_SFTP},
};

void
fisc_target_free(FiscTarget *target)
{
    if (target == NULL) {
        return;
    }
    curl_url_cleanup(target->url);
    g_free(target->host);
    g_free(target->name);
    g_free(target);
}

/* A part of the URL; NULL when it has none. Caller frees. */
static char *
get_part(CURLU *url, CURLUPart part, unsigned flags)
{
    char *text = NULL;
    if (curl_url_get(url, part, &text, flags) != CURLUE_OK) {
        return NULL;
    }
    char *copy = g_strdup(text);
    curl_free(text);
    return copy;
}

static bool
has_part(CURLU *url, CURLUPart part)
{
    g_autofree char *text = get_part(url, part, 0);
    return text != NULL;
}

/* What makes two readers of one URL disagree is refused, not understood. */
static bool
check_text(const char *url, GError **error)
{
    gsize length = strlen(url);
    if (length == 0 || length > URL_LENGTH_MAX) {
        return fisc_fail(error, FISC_ERROR_VALUE_INVALID, "a URL has 1 to %d bytes, not %zu",
                         URL_LENGTH_MAX, length);
    }
    for (gsize i = 0; i < length; i++) {
        if (!g_ascii_isgraph(url[i]) || url[i] == '\\') {
            return fisc_fail(error, FISC_ERROR_VALUE_INVALID,
                             "byte %zu of the URL has to be written as %%%02X", i + 1,
                             (guint8)url[i]);
        }
    }
    return true;
}

static bool
parse(FiscTarget *target, const char *url, GError **error)
{
    if (strstr(url, ":///") != NULL) {
        return fisc_fail(error, FISC_ERROR_VALUE_INVALID, "the URL names no host");
    }
    CURLUcode code = curl_url_set(target->url, CURLUPART_URL, url, 0);
    if (code != CURLUE_OK) {
        return fisc_fail(error, FISC_ERROR_VALUE_INVALID, "the URL cannot be read: %s",
                         curl_url_strerror(code));
    }
    if (has_part(target->url, CURLUPART_USER) || has_part(target->url, CURLUPART_PASSWORD)) {
        return fisc_fail(error, FISC_ERROR_VALUE_INVALID,
                         "a URL carries no user and no password: they have settings of their own");
    }
    if (has_part(target->url, CURLUPART_FRAGMENT) || has_part(target->url, CURLUPART_ZONEID)) {
        return fisc_fail(error, FISC_ERROR_VALUE_INVALID,
                         "a URL that is fetched has no fragment and no zone");
    }
    return true;
}

static bool
take_host(FiscTarget *target, GError **error)
{
    g_autofree char *host = get_part(target->url, CURLUPART_HOST, 0);
    g_autofree char *port = get_part(target->url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
    if (host == NULL || *host == '\0' || strcmp(host, ".") == 0 || port == NULL) {
        return fisc_fail(error, FISC_ERROR_VALUE_INVALID, "the URL names no host");
    }
    target->host = g_ascii_strdown(host, -1);
    if (g_str_has_suffix(target->host, ".")) {
        target->host[strlen(target->host) - 1] = '\0';
    }
    target->name = g_strdup_printf("%s:%s", target->host, port);
    return true;
}

static bool
take_scheme(FiscTarget *target, const FiscFetchRules *rules, GError **error)
{
    guint allowed = rules->schemes != 0 ? rules->schemes : FISC_SCHEME_HTTPS;
    g_autofree char *name = get_part(target->url, CURLUPART_SCHEME, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(schemes); i++) {
        if (g_strcmp0(schemes[i].name, name) == 0 && (schemes[i].scheme & allowed) != 0) {
            target->scheme = schemes[i].scheme;
            return true;
        }
    }
    return fisc_fail(error, FISC_ERROR_PEER_FORBIDDEN, "%s: \"%s\" is not allowed here",
                     target->name, name != NULL ? name : "");
}

static bool
is_named(const char *const *hosts, const char *name)
{
    for (gsize i = 0; hosts != NULL && hosts[i] != NULL; i++) {
        if (g_ascii_strcasecmp(hosts[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* A slip in a rule must not pass for a rule that nothing meets. */
static bool
check_private_addresses(const FiscFetchRules *rules, GError **error)
{
    for (gsize i = 0; rules->private_addresses != NULL && rules->private_addresses[i] != NULL;
         i++) {
        const char *text = rules->private_addresses[i];
        FiscNetwork network;
        const char *colon = strrchr(text, ':');
        bool has_port = colon != NULL && colon != text && colon[1] != '\0' &&
                        strspn(colon + 1, "0123456789") == strlen(colon + 1);
        if (!fisc_network_from_text(text, &network) && (!has_port || strchr(text, '/') != NULL)) {
            return fisc_fail(error, FISC_ERROR_VALUE_INVALID,
                             "\"%s\" is no network (10.20.0.0/16) and no host:port", text);
        }
    }
    return true;
}

bool
fisc_target_read(const FiscFetchRules *rules, const char *url, FiscTarget **out_target,
                 GError **error)
{
    g_autoptr(FiscTarget) target = g_new0(FiscTarget, 1);
    target->url = curl_url();
    if (!check_text(url, error) || !parse(target, url, error) || !take_host(target, error) ||
        !take_scheme(target, rules, error) || !check_private_addresses(rules, error)) {
        return false;
    }
    if (rules->hosts != NULL && !is_named(rules->hosts, target->name)) {
        return fisc_fail(error, FISC_ERROR_PEER_FORBIDDEN, "%s is not among the hosts allowed",
                         target->name);
    }
    if (target->scheme == FISC_SCHEME_SFTP &&
        (rules->ssh_host_keys == NULL || rules->ssh_host_keys[0] == NULL ||
         rules->ssh_user == NULL || rules->ssh_key_file == NULL)) {
        return fisc_fail(error, FISC_ERROR_SETUP,
                         "%s: SFTP needs the key of the host, a user and a file with a private key",
                         target->name);
    }
    *out_target = g_steal_pointer(&target);
    return true;
}

static char *
format_address(const struct sockaddr *socket_address)
{
    char text[INET6_ADDRSTRLEN] = "?";
    if (socket_address->sa_family == AF_INET) {
        struct sockaddr_in ipv4;
        memcpy(&ipv4, socket_address, sizeof ipv4);
        inet_ntop(AF_INET, &ipv4.sin_addr, text, sizeof text);
    } else if (socket_address->sa_family == AF_INET6) {
        struct sockaddr_in6 ipv6;
        memcpy(&ipv6, socket_address, sizeof ipv6);
        inet_ntop(AF_INET6, &ipv6.sin6_addr, text, sizeof text);
    }
    return g_strdup(text);
}

/* A metadata service has to be named alone: no network that was meant for something else, and no
 * name, leads there. */
static bool
is_in_named_network(const FiscFetchRules *rules, const FiscAddress *address)
{
    bool is_metadata = fisc_address_is_metadata(address);
    for (gsize i = 0; rules->private_addresses != NULL && rules->private_addresses[i] != NULL;
         i++) {
        FiscNetwork network;
        if (fisc_network_from_text(rules->private_addresses[i], &network) &&
            fisc_network_has(&network, address) &&
            (!is_metadata || network.bits == METADATA_NETWORK_BITS)) {
            return true;
        }
    }
    return false;
}

bool
fisc_target_admits(const FiscTarget *target, const FiscFetchRules *rules,
                   const struct sockaddr *socket_address, char **out_address)
{
    *out_address = format_address(socket_address);
    FiscAddress address;
    if (!fisc_address_from_socket(socket_address, &address)) {
        return false;
    }
    return fisc_address_is_public(&address) || is_in_named_network(rules, &address) ||
           (is_named(rules->private_addresses, target->name) &&
            !fisc_address_is_metadata(&address));
}
