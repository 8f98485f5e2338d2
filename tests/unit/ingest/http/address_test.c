/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/http/address.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

static struct address_key key_of(const char *text, char out[static INET6_ADDRSTRLEN])
{
    struct sockaddr_in in = {.sin_family = AF_INET};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &in.sin_addr) == 1) {
        return address_key((const struct sockaddr *)&in, out);
    }
    cr_assert_eq(inet_pton(AF_INET6, text, &in6.sin6_addr), 1);
    return address_key((const struct sockaddr *)&in6, out);
}

static struct address_key key(const char *text)
{
    char out[INET6_ADDRSTRLEN];
    return key_of(text, out);
}

static bool is_same(const char *a, const char *b)
{
    struct address_key one = key(a);
    struct address_key other = key(b);
    return memcmp(&one, &other, sizeof one) == 0;
}

Test(address, takes_an_ipv6_network_for_one_client_and_ipv4_as_it_is)
{
    char text[INET6_ADDRSTRLEN];
    key_of("::ffff:192.0.2.7", text);
    cr_expect_str_eq(text, "192.0.2.7");
    key_of("2001:db8::1", text);
    cr_expect_str_eq(text, "2001:db8::1");
    cr_expect(is_same("::ffff:192.0.2.7", "192.0.2.7"));
    cr_expect(!is_same("192.0.2.8", "192.0.2.7"));
    cr_expect(is_same("2001:db8::1", "2001:db8::ffff:0:0:2"));
    cr_expect(!is_same("2001:db8:0:1::1", "2001:db8::1"));
    struct sockaddr local = {.sa_family = AF_UNIX};
    address_key(&local, text);
    cr_expect_str_eq(text, "");
}

Test(address, admits_so_many_at_once)
{
    struct address_table *table = address_table_new(10, 2, 100);
    cr_expect_eq(address_enter(table, key("192.0.2.1"), 0), ADDRESS_ADMITTED);
    cr_expect_eq(address_enter(table, key("192.0.2.1"), 0), ADDRESS_ADMITTED);
    cr_expect_eq(address_enter(table, key("192.0.2.1"), 0), ADDRESS_TOO_MANY);
    cr_expect_eq(address_enter(table, key("192.0.2.2"), 0), ADDRESS_ADMITTED);
    address_leave(table, key("192.0.2.1"));
    cr_expect_eq(address_enter(table, key("192.0.2.1"), 0), ADDRESS_ADMITTED);
    address_table_free(table);
}

Test(address, admits_so_many_a_second)
{
    struct address_table *table = address_table_new(100, 100, 5);
    for (int i = 0; i < 5; i++) {
        cr_expect_eq(address_enter(table, key("192.0.2.1"), 1000), ADDRESS_ADMITTED);
        address_leave(table, key("192.0.2.1"));
    }
    cr_expect_eq(address_enter(table, key("192.0.2.1"), 1000), ADDRESS_TOO_FAST);
    cr_expect_eq(address_enter(table, key("192.0.2.1"), 1199), ADDRESS_TOO_FAST);
    cr_expect_eq(address_enter(table, key("192.0.2.1"), 1200), ADDRESS_ADMITTED);
    cr_expect_eq(address_enter(table, key("192.0.2.1"), 1200), ADDRESS_TOO_FAST);
    address_table_free(table);
}

Test(address, forgets_old_addresses_but_none_with_connections)
{
    struct address_table *table = address_table_new(16, 1, 1);
    cr_assert_eq(address_enter(table, key("2001:db8::"), 0), ADDRESS_ADMITTED);
    for (unsigned i = 1; i < 10000; i++) {
        char text[INET6_ADDRSTRLEN];
        snprintf(text, sizeof text, "2001:db8:0:%x::", i);
        cr_assert_eq(address_enter(table, key(text), i / 100), ADDRESS_ADMITTED, "%s", text);
        address_leave(table, key(text));
    }
    cr_expect_eq(address_enter(table, key("2001:db8::"), 5000), ADDRESS_TOO_MANY);
    address_leave(table, key("2001:db8::"));
    cr_expect_eq(address_enter(table, key("2001:db8::"), 5000), ADDRESS_ADMITTED);
    address_table_free(table);
    address_table_free(NULL);
}
