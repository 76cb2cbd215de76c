/* address_test.c: which addresses are public, and which networks have them. */
#include "core/net/address.h"
#include "tests/support/suite.h"
#include <glib.h>

extern const FiscTest fisc_address_tests[];

static void
test_knows_public_addresses(void)
{
    static const struct {
        const char *text;
        bool is_public;
    } cases[] = {
        {"8.8.8.8", true},
        {"1.1.1.1", true},
        {"172.15.255.255", true},
        {"172.32.0.0", true},
        {"100.63.255.255", true},
        {"100.128.0.0", true},
        {"192.167.255.255", true},
        {"223.255.255.255", true},
        {"2606:4700:4700::1111", true},
        {"2a00:1450::1", true},
        {"2002:808:808::1", true},  /* 6to4 of 8.8.8.8 */
        {"64:ff9b::808:808", true}, /* NAT64 of 8.8.8.8 */
        {"0.0.0.0", false},
        {"10.0.0.1", false},
        {"100.64.0.1", false},
        {"127.0.0.1", false},
        {"127.255.255.255", false},
        {"169.254.169.254", false},
        {"172.16.0.1", false},
        {"172.31.255.255", false},
        {"192.0.0.8", false},
        {"192.0.2.1", false},
        {"192.88.99.1", false},
        {"192.168.1.1", false},
        {"198.18.0.1", false},
        {"198.51.100.1", false},
        {"203.0.113.1", false},
        {"224.0.0.1", false},
        {"240.0.0.1", false},
        {"255.255.255.255", false},
        {"::", false},
        {"::1", false},
        {"::ffff:127.0.0.1", false}, /* the same in other words */
        {"::ffff:10.0.0.1", false},
        {"::7f00:1", false},         /* "compatible", given up long ago */
        {"2002:7f00:1::1", false},   /* 6to4 of 127.0.0.1 */
        {"2002:a9fe:a9fe::", false}, /* ... of a metadata service */
        {"64:ff9b::7f00:1", false},
        {"64:ff9b:1::1", false},
        {"2001::1", false}, /* Teredo */
        {"2001:db8::1", false},
        {"3fff::1", false},
        {"fc00::1", false},
        {"fd00:ec2::254", false},
        {"fe80::1", false},
        {"fec0::1", false},
        {"ff02::1", false},
        {"4000::1", false}, /* given to nobody */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        FiscAddress address;
        CU_ASSERT_TRUE(fisc_address_from_text(cases[i].text, &address));
        if (fisc_address_is_public(&address) != cases[i].is_public) {
            FISC_ASSERT_TEXT(cases[i].text, cases[i].is_public ? "public" : "not public");
        }
    }
}

static void
test_knows_metadata_services(void)
{
    static const struct {
        const char *text;
        bool is_metadata;
    } cases[] = {
        {"169.254.169.254", true}, {"::ffff:169.254.169.254", true}, {"2002:a9fe:a9fe::1", true},
        {"100.100.100.200", true}, {"fd00:ec2::254", true},          {"169.254.169.253", false},
        {"127.0.0.1", false},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        FiscAddress address;
        CU_ASSERT_TRUE(fisc_address_from_text(cases[i].text, &address));
        FISC_ASSERT_INT(fisc_address_is_metadata(&address), cases[i].is_metadata);
    }
}

static void
test_reads_networks(void)
{
    static const struct {
        const char *network;
        const char *address;
        bool has;
    } cases[] = {
        {"10.20.0.0/16", "10.20.255.255", true},
        {"10.20.0.0/16", "10.21.0.0", false},
        {"127.0.0.1", "127.0.0.1", true},
        {"127.0.0.1", "127.0.0.2", false},
        {"127.0.0.1", "::ffff:127.0.0.1", true},
        {"10.0.0.0/8", "::a00:1", false},
        {"::1/128", "::1", true},
        {"::1", "127.0.0.1", false},
        {"fd00::/8", "fd12:3456::1", true},
        {"fd00::/8", "fe80::1", false},
        {"0.0.0.0/0", "255.1.2.3", true},
        {"0.0.0.0/0", "::1", false},
        {"::/0", "127.0.0.1", true},
        {"192.168.0.128/25", "192.168.0.127", false},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        FiscNetwork network;
        FiscAddress address;
        CU_ASSERT_TRUE(fisc_network_from_text(cases[i].network, &network));
        CU_ASSERT_TRUE(fisc_address_from_text(cases[i].address, &address));
        FISC_ASSERT_INT(fisc_network_has(&network, &address), cases[i].has);
    }
}

static void
test_refuses_what_is_no_network(void)
{
    static const char *const texts[] = {
        "",          "10.0.0.0/33", "10.0.0.0/",   "10.0.0.0/-1", "10.0.0.0/08x", "10.1.0.0/8",
        "localhost", "10.0.0",      "0x7f.0.0.1",  "::/129",      "fd00::1/8",    "10.0.0.0/8/8",
        "/8",        "127.1",       "010.0.0.0.1", "1.2.3.4 ",    "fe80::1%eth0",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        FiscNetwork network;
        if (fisc_network_from_text(texts[i], &network)) {
            FISC_ASSERT_TEXT(texts[i], "refused");
        }
    }
}

const FiscTest fisc_address_tests[] = {
    {"knows public addresses from those that are somebody's own", test_knows_public_addresses},
    {"knows the addresses of metadata services, whatever their dress",
     test_knows_metadata_services},
    {"reads networks and finds addresses in them", test_reads_networks},
    {"refuses what is no network, also one with bits behind its prefix",
     test_refuses_what_is_no_network},
    {NULL, NULL},
};
