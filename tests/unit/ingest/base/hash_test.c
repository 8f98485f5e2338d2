/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/hash.h"
#include <criterion/criterion.h>

static struct slice repeated(char *room, size_t count, char byte)
{
    memset(room, byte, count);
    return slice_of(room, count);
}

static void hex_of(const uint8_t digest[static 32], char out[static 65])
{
    id_hex(digest, 32, out);
}

static struct id md5(struct slice text)
{
    struct hash_md5 hash;
    hash_md5_init(&hash);
    hash_md5_add(&hash, text);
    return hash_md5_done(&hash);
}

Test(hash, md5_gives_what_rfc_1321_prints)
{
    static const struct {
        const char *text;
        const char *expected;
    } cases[] = {
        {"", "d41d8cd98f00b204e9800998ecf8427e"},
        {"a", "0cc175b9c0f1b6a831c399e269772661"},
        {"abc", "900150983cd24fb0d6963f7d28e17f72"},
        {"message digest", "f96b697d7cb7938d525a2f31aaf161d0"},
        {"12345678901234567890123456789012345678901234567890123456789012345678901234567890",
         "57edf4a22be3c955ac49da2e2107b67a"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char hex[ID_HEX_BYTES + 1];
        id_format(md5(slice_str(cases[i].text)), hex);
        cr_expect_str_eq(hex, cases[i].expected, "of '%s'", cases[i].text);
    }
}

Test(hash, md5_does_not_depend_on_where_the_text_was_cut)
{
    char room[200];
    struct slice text = repeated(room, sizeof(room), 'x');
    struct id whole = md5(text);
    for (size_t cut = 0; cut <= text.len; cut++) {
        struct hash_md5 hash;
        hash_md5_init(&hash);
        hash_md5_add(&hash, slice_head(text, cut));
        hash_md5_add(&hash, slice_from(text, cut));
        cr_expect(id_eq(hash_md5_done(&hash), whole), "cut at %zu", cut);
    }
}

Test(hash, fnv1a_gives_what_its_authors_print)
{
    static const struct {
        const char *text;
        uint64_t expected;
    } cases[] = {{"", UINT64_C(0xcbf29ce484222325)},
                 {"a", UINT64_C(0xaf63dc4c8601ec8c)},
                 {"foobar", UINT64_C(0x85944171f73967e8)},
                 {"\xff", UINT64_C(0xaf64724c8602eb6e)}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint64_t hash = hash_fnv1a(HASH_FNV1A_START, slice_str(cases[i].text));
        cr_expect_eq(hash, cases[i].expected, "of '%s': %llx", cases[i].text,
                     (unsigned long long)hash);
    }
    uint64_t in_two = hash_fnv1a(hash_fnv1a(HASH_FNV1A_START, SLICE("foo")), SLICE("bar"));
    cr_expect_eq(in_two, cases[2].expected);
}

Test(hash, crc32_is_that_of_ieee_802_3_and_goes_on)
{
    cr_expect_eq(hash_crc32(0, SLICE("123456789")), 0xcbf43926u);
    cr_expect_eq(hash_crc32(hash_crc32(0, SLICE("1234")), SLICE("56789")), 0xcbf43926u);
    cr_expect_eq(hash_crc32(0xcbf43926u, slice_of(NULL, 0)), 0xcbf43926u, "nothing adds nothing");
    cr_expect_eq(hash_crc32(0, slice_of(NULL, 0)), 0u);
}

Test(hash, sha256_gives_what_fips_180_prints)
{
    static const struct {
        const char *text;
        const char *expected;
    } cases[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint8_t digest[32];
        char hex[65];
        hash_sha256(slice_str(cases[i].text), digest);
        hex_of(digest, hex);
        cr_expect_str_eq(hex, cases[i].expected, "of '%s'", cases[i].text);
    }
}

/* RFC 4231's cases 1, 2, 3, 6 and 7; the last two have keys longer than a block. */
Test(hash, hmac_gives_what_rfc_4231_prints)
{
    char key_0b[20];
    char key_aa[131];
    char data_dd[50];
    const struct {
        struct slice key;
        struct slice data;
        const char *expected;
    } cases[] = {
        {repeated(key_0b, 20, '\x0b'), SLICE("Hi There"),
         "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {SLICE("Jefe"), SLICE("what do ya want for nothing?"),
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {repeated(key_aa, 20, '\xaa'), repeated(data_dd, 50, '\xdd'),
         "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
        {repeated(key_aa, 131, '\xaa'),
         SLICE("Test Using Larger Than Block-Size Key - Hash Key First"),
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
        {repeated(key_aa, 131, '\xaa'),
         SLICE("This is a test using a larger than block-size key and a larger than block-size "
               "data. The key needs to be hashed before being used by the HMAC algorithm."),
         "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint8_t digest[32];
        char hex[65];
        hash_hmac_sha256(cases[i].key, cases[i].data, digest);
        hex_of(digest, hex);
        cr_expect_str_eq(hex, cases[i].expected, "case %zu", i);
    }
}

Test(hash, hmac_takes_a_key_of_one_block_as_it_is_and_hashes_a_longer_one)
{
    char room[65];
    uint8_t hashed_key[32];
    uint8_t with_long[32];
    uint8_t with_hash[32];
    uint8_t with_block[32];
    struct slice longer = repeated(room, 65, 'k');
    hash_sha256(longer, hashed_key);

    hash_hmac_sha256(longer, SLICE("text"), with_long);
    hash_hmac_sha256(slice_of((const char *)hashed_key, 32), SLICE("text"), with_hash);
    hash_hmac_sha256(slice_head(longer, 64), SLICE("text"), with_block);

    cr_expect_eq(memcmp(with_long, with_hash, 32), 0);
    hash_sha256(slice_head(longer, 64), hashed_key);
    hash_hmac_sha256(slice_of((const char *)hashed_key, 32), SLICE("text"), with_hash);
    cr_expect_neq(memcmp(with_block, with_hash, 32), 0);
}

Test(hash, hmac_of_an_empty_key_and_text_is_defined)
{
    uint8_t digest[32];
    char hex[65];

    hash_hmac_sha256(slice_of(NULL, 0), slice_of(NULL, 0), digest);

    hex_of(digest, hex);
    cr_expect_str_eq(hex, "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}
