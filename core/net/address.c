/* address.c: which internet addresses are public (the registries of special addresses of IANA, RFC
 * 6890 and what came after), and which lie in a network. */
#include "core/net/address.h"
#include <arpa/inet.h>
#include <glib.h>
#include <netinet/in.h>
#include <string.h>

#define BITS 128
#define BITS_BEFORE_IPV4 96

static const uint8_t mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static const char *const special_ipv4[] = {
    "0.0.0.0/8",       /* this host */
    "10.0.0.0/8",      /* private */
    "100.64.0.0/10",   /* shared by carriers */
    "127.0.0.0/8",     /* loopback */
    "169.254.0.0/16",  /* link-local; metadata services */
    "172.16.0.0/12",   /* private */
    "192.0.0.0/24",    /* protocol assignments */
    "192.0.2.0/24",    /* documentation */
    "192.88.99.0/24",  /* relays that were given up */
    "192.168.0.0/16",  /* private */
    "198.18.0.0/15",   /* benchmarks */
    "198.51.100.0/24", /* documentation */
    "203.0.113.0/24",  /* documentation */
    "224.0.0.0/4",     /* multicast */
    "240.0.0.0/4",     /* reserved, broadcast */
};

/* Of IPv6 only 2000::/3 was given out; these parts of it are nobody's. */
static const char *const special_ipv6[] = {
    "2001::/23",     /* protocol assignments, Teredo among them */
    "2001:db8::/32", /* documentation */
    "3fff::/20",     /* documentation */
};

static const char *const metadata[] = {
    "169.254.169.254",
    "169.254.170.2",
    "100.100.100.200",
    "fd00:ec2::254",
};

static FiscAddress
map_ipv4(const uint8_t ipv4[4])
{
    FiscAddress address;
    memcpy(address.bytes, mapped_prefix, sizeof mapped_prefix);
    memcpy(address.bytes + sizeof mapped_prefix, ipv4, 4);
    return address;
}

static bool
is_ipv4(const FiscAddress *address)
{
    return memcmp(address->bytes, mapped_prefix, sizeof mapped_prefix) == 0;
}

bool
fisc_address_from_socket(const struct sockaddr *socket_address, FiscAddress *out_address)
{
    if (socket_address->sa_family == AF_INET) {
        struct sockaddr_in ipv4;
        memcpy(&ipv4, socket_address, sizeof ipv4);
        *out_address = map_ipv4((const uint8_t *)&ipv4.sin_addr);
        return true;
    }
    if (socket_address->sa_family == AF_INET6) {
        struct sockaddr_in6 ipv6;
        memcpy(&ipv6, socket_address, sizeof ipv6);
        memcpy(out_address->bytes, &ipv6.sin6_addr, sizeof out_address->bytes);
        return true;
    }
    return false;
}

bool
fisc_address_from_text(const char *text, FiscAddress *out_address)
{
    uint8_t ipv4[4];
    if (inet_pton(AF_INET, text, ipv4) == 1) {
        *out_address = map_ipv4(ipv4);
        return true;
    }
    FiscAddress address;
    if (inet_pton(AF_INET6, text, address.bytes) != 1) {
        return false;
    }
    *out_address = address;
    return true;
}

static bool
get_bit(const FiscAddress *address, unsigned bit)
{
    return (address->bytes[bit / 8] >> (7 - bit % 8)) & 1;
}

static bool
is_zero_from(const FiscAddress *address, unsigned first_bit)
{
    for (unsigned bit = first_bit; bit < BITS; bit++) {
        if (get_bit(address, bit)) {
            return false;
        }
    }
    return true;
}

bool
fisc_network_from_text(const char *text, FiscNetwork *out_network)
{
    g_auto(GStrv) parts = g_strsplit(text, "/", 2);
    FiscNetwork network = {.bits = BITS};
    if (parts[0] == NULL || !fisc_address_from_text(parts[0], &network.address)) {
        return false;
    }
    if (parts[1] != NULL) {
        unsigned before = strchr(parts[0], ':') == NULL ? BITS_BEFORE_IPV4 : 0;
        guint64 bits = 0;
        if (!g_ascii_string_to_unsigned(parts[1], 10, 0, BITS - before, &bits, NULL)) {
            return false;
        }
        network.bits = (unsigned)bits + before;
    }
    if (!is_zero_from(&network.address, network.bits)) {
        return false;
    }
    *out_network = network;
    return true;
}

bool
fisc_network_has(const FiscNetwork *network, const FiscAddress *address)
{
    for (unsigned bit = 0; bit < network->bits; bit++) {
        if (get_bit(&network->address, bit) != get_bit(address, bit)) {
            return false;
        }
    }
    return true;
}

static bool
is_in_any(const FiscAddress *address, const char *const *networks, gsize count)
{
    for (gsize i = 0; i < count; i++) {
        FiscNetwork network;
        bool is_network = fisc_network_from_text(networks[i], &network);
        g_assert(is_network);
        if (fisc_network_has(&network, address)) {
            return true;
        }
    }
    return false;
}

/* 6to4 (2002:a.b.c.d::/48) and NAT64 (64:ff9b::a.b.c.d) lead to the IPv4 address they carry. */
static bool
find_carried_ipv4(const FiscAddress *address, FiscAddress *out_ipv4)
{
    static const uint8_t nat64[12] = {0x00, 0x64, 0xff, 0x9b};
    if (address->bytes[0] == 0x20 && address->bytes[1] == 0x02) {
        *out_ipv4 = map_ipv4(address->bytes + 2);
        return true;
    }
    if (memcmp(address->bytes, nat64, sizeof nat64) == 0) {
        *out_ipv4 = map_ipv4(address->bytes + sizeof nat64);
        return true;
    }
    return false;
}

bool
fisc_address_is_public(const FiscAddress *address)
{
    FiscAddress carried;
    if (find_carried_ipv4(address, &carried)) {
        address = &carried;
    }
    if (is_ipv4(address)) {
        return !is_in_any(address, special_ipv4, G_N_ELEMENTS(special_ipv4));
    }
    return address->bytes[0] >> 5 == 1 &&
           !is_in_any(address, special_ipv6, G_N_ELEMENTS(special_ipv6));
}

bool
fisc_address_is_metadata(const FiscAddress *address)
{
    FiscAddress carried;
    if (find_carried_ipv4(address, &carried)) {
        address = &carried;
    }
    return is_in_any(address, metadata, G_N_ELEMENTS(metadata));
}
