/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/fingerprint/parameter.h"
#include "tests/unit/ingest/fingerprint/parameters.h"

#define CHECK(rows) parameters_check(rows, sizeof(rows) / sizeof((rows)[0]))

Test(parameter_net, mail_addresses)
{
    static const struct parameters_row rows[] = {
        {"ann@example.com", "<email>"},
        {"ann.b-c+tag@mail.example.co.uk", "<email>"},
        {"ann@localhost", "<email>"},
        {"<ann@example.com>", "<<email>>"},
        {"ann@example.com.", "<email>."},
        {"@ann", NULL},
        {"ann@", NULL},
        {"a @ b", NULL},
    };
    CHECK(rows);
}

Test(parameter_net, urls_of_any_scheme)
{
    static const struct parameters_row rows[] = {
        {"http://example.com", "<url>"},
        {"https://user:secret@example.com:8443/a/b.js?x=1&y=2#part", "<url>"},
        {"http://127.0.0.1:8000/", "<url>"},
        {"http://[2001:db8::7]:80", "<url>"},
        {"http://localhost:8000", "<url>"},
        {"postgresql://db.internal:5432/shop", "<url>"},
        {"ws://example.com/socket", "<url>"},
        {"(https://example.com/a)", "(<url>"},
        {"\"https://example.com/a\"", "\"<url>\""},
        {"see https://example.com/a.", "see <url>."},
        {"://", NULL},
        {"https://", NULL},
    };
    CHECK(rows);
}

Test(parameter_net, names_that_end_in_a_top_domain_are_hosts)
{
    static const struct parameters_row rows[] = {
        {"example.com", "<hostname>"},   {"db-7.shop.example.net:5432", "<hostname>:<int>"},
        {"EXAMPLE.ORG", "<hostname>"},   {"java.lang.String", NULL},
        {"example.Com", NULL},           {"index.js", NULL},
        {"com.example.shop.Cart", NULL}, {"example.com_x", NULL},
    };
    CHECK(rows);
}

Test(parameter_net, addresses)
{
    static const struct parameters_row rows[] = {
        {"192.0.2.7", "<ip>"},
        {"192.0.2.7:443", "<ip>:<int>"},
        {"::", "<ip>"},
        {"::1", "<ip>"},
        {"fe80::1%eth0", "<ip>"},
        {"2001:db8::8a2e:370:7334", "<ip>"},
        {"2001:0db8:0000:0042:0000:8a2e:0370:7334", "<ip>"},
        {"::ffff:192.0.2.7", "<ip>"},
        {"fd00::/8", "<ip>"},
        {"192.0.2.256", "<float>.<float>"},
        {"std::string", NULL},
        {"Bad::feed()", NULL},
        {"Abe::add()", NULL},
        {"1:2:3", "<int>:<int>:<int>"},
        {"12345:6:789", "<int>:<int>:<int>"},
    };
    CHECK(rows);
}

Test(parameter_net, hardware_addresses)
{
    static const struct parameters_row rows[] = {
        {"00:1b:44:11:3a:b7", "<mac_addr>"},
        {"00-1B-44-11-3A-B7", "<mac_addr>"},
        {"001b.4411.3ab7", "<mac_addr>"},
        {"00:1b:44:11:3a", NULL},
    };
    parameters_check(rows, 3);
    cr_expect_eq(parameter_mac(slice_str(rows[3].text), 0), 0);
}

Test(parameter_net, values_found_by_their_middle_begin_after_what_was_taken)
{
    struct slice text = SLICE("a@b.com@c.com");
    size_t start = 99;
    size_t end = 99;
    cr_assert(parameter_email(text, 0, &start, &end));
    cr_expect(start == 0 && end == 7);
    cr_assert_not(parameter_email(text, 7, &start, &end));
    cr_assert(parameter_email(text, 2, &start, &end));
    cr_expect(start == 2 && end == 13, "%zu %zu", start, end);
    cr_assert_not(parameter_url(SLICE("http://"), 0, &start, &end));
}
