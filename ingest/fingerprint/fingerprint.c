/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/fingerprint/fingerprint.h"
#include "ingest/base/must.h"
#include "ingest/fingerprint/custom.h"
#include "ingest/fingerprint/ways.h"

/* What was found out about an event, before it is hashed. */
struct answer {
    struct parts parts;
    struct custom custom;
    enum fingerprint_method method;
    struct slice whole; /* a checksum that is a hash already, or empty */
    const char *names[2];
    unsigned variants[2]; /* one of VARIANT_* each */
    uint32_t count;
};

static const struct {
    enum fingerprint_method method;
    way_fn *add;
} ways[] = {
    {FINGERPRINT_EXCEPTION, way_exceptions},  {FINGERPRINT_THREADS, way_threads},
    {FINGERPRINT_STACKTRACE, way_stacktrace}, {FINGERPRINT_TEMPLATE, way_template},
    {FINGERPRINT_SECURITY, way_security},     {FINGERPRINT_MESSAGE, way_message},
};

const char *fingerprint_method_name(enum fingerprint_method method)
{
    static const char *const names[] = {
#define FINGERPRINT_NAME(constant, name) name,
        FINGERPRINT_METHODS(FINGERPRINT_NAME)
#undef FINGERPRINT_NAME
    };
    MUST(method < FINGERPRINT_METHOD_COUNT);
    return names[method];
}

static void add_variant(struct answer *answer, const char *name, unsigned variant)
{
    MUST(answer->count < 2);
    answer->names[answer->count] = name;
    answer->variants[answer->count++] = variant;
}

/* With a stack trace of the application: that, and all frames if they differ. With frames of others
 * only: those. Without any there is but one way to see it. */
static void choose_variants(struct answer *answer)
{
    unsigned stacks = answer->parts.stacks;
    if ((stacks & VARIANT_APP) != 0) {
        add_variant(answer, "app", VARIANT_APP);
    }
    if ((stacks & VARIANT_SYSTEM) != 0 && (answer->count == 0 || !parts_are_same(&answer->parts))) {
        add_variant(answer, "system", VARIANT_SYSTEM);
    }
    if (answer->count == 0 && !parts_are_same(&answer->parts)) {
        add_variant(answer, "app", VARIANT_APP); /* a chain of which only some have frames */
        add_variant(answer, "system", VARIANT_SYSTEM);
    } else if (answer->count == 0) {
        add_variant(answer, "default", VARIANT_SYSTEM);
    }
    MUST(answer->count >= 1 && answer->variants[0] != answer->variants[1]);
}

/* A later way starts afresh, but what the earlier ones had to say stays to be explained. */
static void try_ways(const struct event *event, struct answer *answer)
{
    answer->method = FINGERPRINT_NOTHING;
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        ways[i].add(&answer->parts, event);
        MUST(answer->parts.depth == 0);
        for (const struct part *at = answer->parts.first; at != NULL; at = at->next) {
            if (at->counts != 0 && at->text.len != 0) {
                answer->method = ways[i].method;
                return;
            }
        }
    }
}

static bool is_hash(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (memchr("0123456789abcdef", text.at[i], 16) == NULL) {
            return false;
        }
    }
    return text.len == ID_HEX_BYTES;
}

/* A checksum is the hash, or what is hashed. */
static void take_checksum(const struct event *event, struct answer *answer)
{
    struct slice text = event->checksum;
    MUST(text.len != 0 && answer->parts.first == NULL);
    answer->method = FINGERPRINT_CHECKSUM;
    (void)parts_leaf(&answer->parts, "checksum", text);
    answer->whole = is_hash(text) ? text : slice_of(NULL, 0);
    add_variant(answer, "checksum", VARIANT_SYSTEM);
}

static void find_answer(struct arena *scratch, const struct event *event, struct answer *answer)
{
    *answer = (struct answer){.method = FINGERPRINT_NOTHING};
    parts_init(&answer->parts, scratch);
    if (slice_trim(event->checksum).len != 0) {
        take_checksum(event, answer);
        return;
    }
    custom_read(scratch, event, &answer->custom);
    if (answer->custom.count == 0 || answer->custom.has_default) {
        try_ways(event, answer);
        choose_variants(answer);
    } else {
        for (uint32_t i = 0; i < answer->custom.count; i++) {
            (void)parts_leaf(&answer->parts, "fingerprint", answer->custom.parts[i]);
        }
        add_variant(answer, "fingerprint", VARIANT_SYSTEM);
    }
    answer->method = answer->custom.count != 0 ? FINGERPRINT_CUSTOM : answer->method;
}

static struct id hash_variant(const struct answer *answer, unsigned variant)
{
    struct hash_md5 hash;
    struct id whole;
    if (id_parse(answer->whole, &whole) && !id_is_none(whole)) {
        return whole;
    }
    MUST(!answer->custom.has_default || answer->custom.count > 0);
    hash_md5_init(&hash);
    if (!answer->custom.has_default) {
        parts_hash(&answer->parts, variant, &hash);
        return hash_md5_done(&hash);
    }
    for (uint32_t i = 0; i < answer->custom.count; i++) {
        if (answer->custom.parts[i].at == NULL) {
            parts_hash(&answer->parts, variant, &hash);
        } else {
            hash_md5_add(&hash, answer->custom.parts[i]);
        }
    }
    return hash_md5_done(&hash);
}

static void hash_answer(const struct answer *answer, struct fingerprint *out)
{
    *out =
        (struct fingerprint){.method = answer->method,
                             .is_hybrid = answer->custom.count != 0 && answer->custom.has_default};
    for (uint32_t i = 0; i < answer->count; i++) {
        out->hashes[out->count++] = hash_variant(answer, answer->variants[i]);
    }
    out->own = out->count;
    MUST(out->count > 0 && out->count <= FINGERPRINT_HASHES_MAX);
}

static bool has_hash(const struct fingerprint *fingerprint, struct id hash)
{
    for (uint32_t i = 0; i < fingerprint->count; i++) {
        if (id_eq(fingerprint->hashes[i], hash)) {
            return true;
        }
    }
    return false;
}

void fingerprint_add_older(struct fingerprint *fingerprint, const struct id *hashes, uint32_t count)
{
    MUST(fingerprint->own > 0 && fingerprint->own <= fingerprint->count);
    for (uint32_t i = 0; i < count && fingerprint->count < FINGERPRINT_HASHES_MAX; i++) {
        if (!has_hash(fingerprint, hashes[i])) {
            fingerprint->hashes[fingerprint->count++] = hashes[i];
        }
    }
}

void fingerprint_of(struct arena *scratch, const struct event *event, struct fingerprint *out)
{
    struct answer answer;
    find_answer(scratch, event, &answer);
    hash_answer(&answer, out);
}

static void write_hash(struct json *json, struct id hash)
{
    char hex[ID_HEX_BYTES + 1];
    id_format(hash, hex);
    json_string(json, slice_of(hex, ID_HEX_BYTES));
}

static void write_values(const struct custom *custom, struct json *json)
{
    json_key(json, "fingerprint");
    json_list(json);
    for (uint32_t i = 0; i < custom->count; i++) {
        bool is_default = custom->parts[i].at == NULL;
        json_string(json, is_default ? SLICE("{{ default }}") : custom->parts[i]);
    }
    json_list_end(json);
}

static void write_answer(const struct answer *answer, const struct fingerprint *fingerprint,
                         struct slice rule, struct json *json)
{
    MUST(fingerprint->own == answer->count);
    json_map(json);
    json_member_integer(json, "version", FINGERPRINT_VERSION);
    if (rule.len != 0) {
        json_member_string(json, "rule", rule);
    }
    json_member_string(json, "method", slice_str(fingerprint_method_name(answer->method)));
    json_key(json, "hashes");
    json_list(json);
    for (uint32_t i = 0; i < fingerprint->count; i++) {
        write_hash(json, fingerprint->hashes[i]);
    }
    json_list_end(json);
    if (fingerprint->is_hybrid) {
        write_values(&answer->custom, json);
    }
    json_key(json, "variants");
    json_list(json);
    for (uint32_t i = 0; i < answer->count; i++) {
        json_map(json);
        json_member_string(json, "name", slice_str(answer->names[i]));
        json_key(json, "hash");
        write_hash(json, fingerprint->hashes[i]);
        json_key(json, "parts");
        parts_write(&answer->parts, answer->variants[i], json);
        json_map_end(json);
    }
    json_list_end(json);
    json_map_end(json);
}

void fingerprint_explain(struct arena *scratch, const struct event *event, struct fingerprint *out,
                         struct json *json)
{
    struct answer answer;
    find_answer(scratch, event, &answer);
    hash_answer(&answer, out);
    write_answer(&answer, out, event->fingerprint_rule, json);
}
