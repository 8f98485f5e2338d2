/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/deliver/signature.h"
#include "ingest/base/hash.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include <inttypes.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void add_base64(const uint8_t *bytes, size_t size, struct buffer *out)
{
    for (size_t i = 0; i < size; i += 3) {
        uint32_t group = (uint32_t)bytes[i] << 16;
        group |= i + 1 < size ? (uint32_t)bytes[i + 1] << 8 : 0;
        group |= i + 2 < size ? bytes[i + 2] : 0;
        buffer_byte(out, digits[group >> 18]);
        buffer_byte(out, digits[group >> 12 & 63]);
        buffer_byte(out, i + 1 < size ? digits[group >> 6 & 63] : '=');
        buffer_byte(out, i + 2 < size ? digits[group & 63] : '=');
    }
}

/* Six bits; 64 for a character that is no digit. */
static uint32_t digit_of(char c)
{
    const char *at = c != '\0' ? strchr(digits, c) : NULL;
    MUST(at == NULL || at - digits < 64);
    return at != NULL ? (uint32_t)(at - digits) : 64;
}

bool secret_parse(struct slice text, struct secret *out)
{
    struct secret secret = {.len = 0};
    uint32_t bits = 0;
    uint32_t held = 0; /* bits of it not yet written */
    if (!slice_starts(text, SLICE("whsec_"))) {
        return false;
    }
    text = slice_from(text, 6);
    for (unsigned pad = 0; pad < 2 && slice_ends(text, SLICE("=")); pad++) {
        text.len--;
    }
    for (size_t i = 0; i < text.len; i++) {
        uint32_t digit = digit_of(text.at[i]);
        if (digit == 64 || secret.len == SECRET_BYTES_MAX) {
            return false;
        }
        bits = (bits << 6 | digit) & 0xFFFFu;
        held += 6;
        if (held >= 8) {
            held -= 8;
            secret.bytes[secret.len++] = (uint8_t)(bits >> held);
        }
    }
    bool is_whole = held < 6 && (bits & ((1u << held) - 1)) == 0;
    if (!is_whole || secret.len < SECRET_BYTES_MIN) {
        return false;
    }
    MUST(secret.len <= SECRET_BYTES_MAX);
    *out = secret;
    return true;
}

void signature_v1(const struct secret *secret, struct slice id, int64_t timestamp_s,
                  struct slice body, struct buffer *out)
{
    struct buffer signed_bytes;
    uint8_t mac[32];
    MUST(secret->len >= SECRET_BYTES_MIN && secret->len <= SECRET_BYTES_MAX);
    MUST(slice_find(id, '.') == id.len);
    buffer_init(&signed_bytes, NOTICE_BODY_BYTES_MAX + 256);
    buffer_add(&signed_bytes, id);
    buffer_printf(&signed_bytes, ".%" PRId64 ".", timestamp_s);
    buffer_add(&signed_bytes, body);
    hash_hmac_sha256(slice_of((const char *)secret->bytes, secret->len),
                     buffer_slice(&signed_bytes), mac);
    /* Without memory the signature is wrong and the receiver refuses it: never sent unsigned. */
    buffer_add(out, SLICE("v1,"));
    add_base64(mac, sizeof(mac), out);
    buffer_done(&signed_bytes);
}
