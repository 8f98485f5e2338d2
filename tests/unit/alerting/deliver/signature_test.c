/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/deliver/signature.h"
#include <criterion/criterion.h>
#include <stdio.h>

/* The vector of the Standard Webhooks reference libraries. */
Test(signature, is_standard_webhooks)
{
    struct secret secret;
    struct buffer out;
    buffer_init(&out, 256);
    cr_assert(secret_parse(SLICE("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), &secret));

    signature_v1(&secret, SLICE("msg_p5jXN8AQM9LWM0D4loKWxJek"), 1614265330,
                 SLICE("{\"test\": 2432232314}"), &out);

    cr_expect_eq(secret.len, 24);
    cr_expect(
        slice_eq(buffer_slice(&out), SLICE("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")),
        "%.*s", SLICE_ARG(buffer_slice(&out)));
    buffer_done(&out);
}

/* "whsec_" and `count` digits 'A', padded as base64 wants. */
static bool parses(size_t bytes, struct secret *out)
{
    char text[256] = "whsec_";
    size_t digits = (bytes * 8 + 5) / 6;
    memset(text + 6, 'A', digits);
    memset(text + 6 + digits, '=', (4 - digits % 4) % 4);
    return secret_parse(slice_str(text), out);
}

Test(signature, secret_is_24_to_64_bytes)
{
    struct secret secret = {.len = 99};

    cr_expect_not(parses(SECRET_BYTES_MIN - 1, &secret));
    cr_expect_not(parses(SECRET_BYTES_MAX + 1, &secret));
    cr_expect_eq(secret.len, 99);
    for (size_t bytes = SECRET_BYTES_MIN; bytes <= SECRET_BYTES_MAX; bytes++) {
        cr_expect(parses(bytes, &secret), "%zu", bytes);
        cr_expect_eq(secret.len, bytes);
    }
}

Test(signature, what_is_no_secret_is_refused)
{
    static const char *const cases[] = {
        "",
        "whsec_",
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa w",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwx",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwxB==",
        "whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct secret secret;
        cr_expect_not(secret_parse(slice_str(cases[i]), &secret), "%s", cases[i]);
    }
}
