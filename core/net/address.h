/* address.h: which internet addresses are public, and which lie in a network that was named. Pure.
 *
 * An address is sixteen bytes; one of IPv4 is written as ::ffff:a.b.c.d, so there is one form. */
#ifndef FISC_NET_ADDRESS_H
#define FISC_NET_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

typedef struct {
    uint8_t bytes[16];
} FiscAddress;

/** False for what is neither IPv4 nor IPv6. */
bool fisc_address_from_socket(const struct sockaddr *socket_address, FiscAddress *out_address);
bool fisc_address_from_text(const char *text, FiscAddress *out_address);

/** Anybody on the internet could have it. Addresses that carry another inside (6to4, NAT64) are as
 * public as the one inside. */
bool fisc_address_is_public(const FiscAddress *address);
/** Where machines of a cloud ask for their own secrets. */
bool fisc_address_is_metadata(const FiscAddress *address);

typedef struct {
    FiscAddress address;
    unsigned bits; /* of 128 */
} FiscNetwork;

/** "10.20.0.0/16", "fd00::/8"; an address alone is a network of one. False for anything else, also
 * when bits are set behind the prefix: that is a slip of somebody's hand. */
bool fisc_network_from_text(const char *text, FiscNetwork *out_network);
bool fisc_network_has(const FiscNetwork *network, const FiscAddress *address);

#endif
