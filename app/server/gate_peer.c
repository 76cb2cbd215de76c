/* gate_peer.c: addresses of peers, and the list of trusted proxies. */
#include "app/server/gate_peer.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

/* IPv4 stands in it as ::ffff:a.b.c.d, so that one comparison serves both. */
typedef struct {
    struct in6_addr address;
    int bits;
} Network;

struct _FiscProxies {
    GArray *networks; /* of Network */
    bool has_unix;
};

static bool
read_address(const char *text, struct in6_addr *out_address, int *out_bits_before)
{
    struct in_addr four;
    if (inet_pton(AF_INET, text, &four) == 1) {
        memset(out_address, 0, sizeof(*out_address));
        out_address->s6_addr[10] = out_address->s6_addr[11] = 0xff;
        memcpy(out_address->s6_addr + 12, &four, sizeof(four));
        *out_bits_before = 96;
        return true;
    }
    *out_bits_before = 0;
    return inet_pton(AF_INET6, text, out_address) == 1;
}

static bool
read_network(const char *text, Network *out_network)
{
    g_auto(GStrv) parts = g_strsplit(text, "/", 2);
    int before = 0;
    guint64 bits = 0;
    if (!read_address(parts[0], &out_network->address, &before)) {
        return false;
    }
    out_network->bits = 128;
    if (parts[1] != NULL) {
        if (!g_ascii_string_to_unsigned(parts[1], 10, 0, (guint64)(128 - before), &bits, NULL)) {
            return false;
        }
        out_network->bits = before + (int)bits;
    }
    return true;
}

bool
fisc_proxies_read(const char *text, FiscProxies **out_proxies, GError **error)
{
    FiscProxies *proxies = g_new0(FiscProxies, 1);
    proxies->networks = g_array_new(FALSE, FALSE, sizeof(Network));
    g_auto(GStrv) words = g_strsplit_set(text != NULL ? text : "", ", ", -1);
    for (char **word = words; *word != NULL; word++) {
        Network network = {0};
        if (**word == '\0') {
            continue;
        }
        if (strcmp(*word, "unix") == 0) {
            proxies->has_unix = true;
        } else if (read_network(*word, &network)) {
            g_array_append_val(proxies->networks, network);
        } else {
            fisc_proxies_free(proxies);
            return fisc_fail(error, FISC_ERROR_USAGE,
                             "\"%s\" is no address of a proxy: 10.0.0.1, 10.0.0.0/8, unix", *word);
        }
    }
    *out_proxies = proxies;
    return true;
}

void
fisc_proxies_free(FiscProxies *proxies)
{
    if (proxies != NULL) {
        g_array_unref(proxies->networks);
        g_free(proxies);
    }
}

static bool
is_within(const Network *network, const struct in6_addr *address)
{
    int whole = network->bits / 8, rest = network->bits % 8;
    if (memcmp(network->address.s6_addr, address->s6_addr, (gsize)whole) != 0) {
        return false;
    }
    int mask = 0xff00 >> rest & 0xff;
    return rest == 0 || ((network->address.s6_addr[whole] ^ address->s6_addr[whole]) & mask) == 0;
}

bool
fisc_proxies_has(const FiscProxies *proxies, const char *address)
{
    struct in6_addr binary;
    int before = 0;
    if (strcmp(address, "unix") == 0) {
        return proxies->has_unix;
    }
    if (!read_address(address, &binary, &before)) {
        return false;
    }
    for (guint i = 0; i < proxies->networks->len; i++) {
        if (is_within(&g_array_index(proxies->networks, Network, i), &binary)) {
            return true;
        }
    }
    return false;
}

char *
fisc_proxies_client(const FiscProxies *proxies, const char *forwarded_for)
{
    g_auto(GStrv) words = g_strsplit(forwarded_for, ",", -1);
    for (guint i = g_strv_length(words); i > 0; i--) {
        const char *word = g_strstrip(words[i - 1]);
        struct in6_addr binary;
        int before = 0;
        if (!read_address(word, &binary, &before)) {
            return NULL;
        }
        if (i == 1 || !fisc_proxies_has(proxies, word)) {
            return g_strdup(word);
        }
    }
    return NULL;
}

/* "::ffff:10.0.0.1" is 10.0.0.1, by whichever socket it came. */
static void
write_address(const struct sockaddr_storage *socket_address, char *out_address)
{
    const struct sockaddr_in6 *six = (const void *)socket_address;
    const struct sockaddr_in *four = (const void *)socket_address;
    g_strlcpy(out_address, "unix", FISC_ADDRESS_SIZE);
    if (socket_address->ss_family == AF_INET) {
        inet_ntop(AF_INET, &four->sin_addr, out_address, FISC_ADDRESS_SIZE);
    } else if (socket_address->ss_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&six->sin6_addr)) {
        inet_ntop(AF_INET, six->sin6_addr.s6_addr + 12, out_address, FISC_ADDRESS_SIZE);
    } else if (socket_address->ss_family == AF_INET6) {
        inet_ntop(AF_INET6, &six->sin6_addr, out_address, FISC_ADDRESS_SIZE);
    }
}

static int64_t
user_of(int socket)
{
    struct ucred credentials = {0};
    socklen_t size = sizeof(credentials);
    bool is_known = getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0 &&
                    credentials.pid > 0;
    return is_known ? (int64_t)credentials.uid : -1;
}

FiscGatePeer *
fisc_gate_peer_new(uint64_t id, int socket, const FiscProxies *proxies)
{
    FiscGatePeer *peer = g_new0(FiscGatePeer, 1);
    struct sockaddr_storage address = {0};
    socklen_t size = sizeof(address);
    getpeername(socket, (struct sockaddr *)&address, &size);
    peer->id = id;
    peer->holds = 1;
    write_address(&address, peer->address);
    peer->user = address.ss_family == AF_UNIX ? user_of(socket) : -1;
    peer->is_proxy = fisc_proxies_has(proxies, peer->address);
    return peer;
}

FiscGatePeer *
fisc_gate_peer_ref(FiscGatePeer *peer)
{
    g_atomic_int_inc(&peer->holds);
    return peer;
}

void
fisc_gate_peer_unref(FiscGatePeer *peer)
{
    if (peer != NULL && g_atomic_int_dec_and_test(&peer->holds)) {
        g_free(peer->subject);
        g_free(peer);
    }
}

char *
fisc_gate_peer_origin(const FiscGatePeer *peer)
{
    struct in6_addr six;
    char text[FISC_ADDRESS_SIZE];
    if (peer->is_proxy || strcmp(peer->address, "unix") == 0) {
        return NULL;
    }
    if (inet_pton(AF_INET6, peer->address, &six) != 1) {
        return g_strdup(peer->address);
    }
    memset(six.s6_addr + 8, 0, 8);
    return g_strdup(inet_ntop(AF_INET6, &six, text, sizeof(text)));
}
