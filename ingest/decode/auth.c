/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/auth.h"
#include "ingest/base/must.h"
#include "ingest/decode/base64.h"
#include "ingest/decode/percent.h"

#define KEY_BYTES 32u

/* The sentry_… values of one credential, not yet decoded. */
struct fields {
    struct slice key;
    struct slice version;
    struct slice client;
    struct slice release;
    struct slice environment;
};

static const struct slice scheme_sentry = SLICE_INIT("sentry ");
static const struct slice scheme_basic = SLICE_INIT("basic ");

static bool starts_nocase(struct slice text, struct slice prefix)
{
    return text.len >= prefix.len && slice_eq_nocase(slice_head(text, prefix.len), prefix);
}

static bool is_hex(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (strchr("0123456789abcdefABCDEF", text.at[i]) == NULL || text.at[i] == '\0') {
            return false;
        }
    }
    return true;
}

/* Without its flag suffix (".no-cache"); the empty slice when it is no key. */
static struct slice bare_key(struct slice key)
{
    struct slice bare = slice_head(key, slice_find(key, '.'));
    return bare.len == KEY_BYTES && is_hex(bare) ? bare : slice_of(NULL, 0);
}

/* Fills the fields that `pairs` has; the first of a repeated one counts. Gives the number of
 * fields that only a credential has. */
static uint32_t read_fields(struct slice pairs, char separator, struct fields *out)
{
    struct {
        struct slice name;
        struct slice *field;
        uint32_t is_credential;
    } rows[] = {
        {SLICE("sentry_key"), &out->key, 1},
        {SLICE("sentry_version"), &out->version, 1},
        {SLICE("sentry_client"), &out->client, 1},
        {SLICE("sentry_secret"), NULL, 1},
        {SLICE("sentry_timestamp"), NULL, 1},
        {SLICE("sentry_release"), &out->release, 0},
        {SLICE("sentry_environment"), &out->environment, 0},
    };
    struct slice name;
    struct slice value;
    uint32_t credentials = 0;
    while (percent_next_pair(&pairs, separator, &name, &value)) {
        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
            if (!slice_eq(name, rows[i].name)) {
                continue;
            }
            credentials += rows[i].is_credential;
            if (rows[i].field != NULL && rows[i].field->len == 0) {
                *rows[i].field = value;
            }
        }
    }
    return credentials;
}

/* The user part of Basic credentials when it is a key ("key:" or "key:secret"), in `arena`. */
static struct slice basic_key(struct arena *arena, struct slice authorization)
{
    struct slice plain;
    if (!starts_nocase(authorization, scheme_basic)) {
        return slice_of(NULL, 0);
    }
    struct slice text = slice_trim(slice_from(authorization, scheme_basic.len));
    if (fault_is(base64_decode(arena, text, &plain))) {
        return slice_of(NULL, 0);
    }
    struct slice user = slice_head(plain, slice_find(plain, ':'));
    return bare_key(user).len != 0 ? user : slice_of(NULL, 0);
}

static bool is_basic_given(struct slice authorization)
{
    char bytes[256]; /* a key with its secret is 65 characters; what is longer is none of ours */
    struct arena arena;
    arena_over(&arena, bytes, sizeof(bytes));
    return basic_key(&arena, authorization).len != 0;
}

/* How many credentials the request itself presents. */
static uint32_t count_given(const struct auth_sources *sources)
{
    struct fields ignored = {0};
    uint32_t count = 0;
    count += slice_trim(sources->x_sentry_auth).len != 0;
    count += starts_nocase(sources->authorization, scheme_sentry) ||
             is_basic_given(sources->authorization);
    count += read_fields(sources->query, '&', &ignored) != 0;
    count += sources->path_key.len != 0;
    return count;
}

bool auth_is_given(const struct auth_sources *sources)
{
    MUST(sources != NULL);
    return count_given(sources) != 0;
}

/* Fills the fields of the one credential there is. */
static struct fault read_credential(struct arena *arena, const struct auth_sources *sources,
                                    struct fields *out)
{
    struct slice header = slice_trim(sources->x_sentry_auth);
    if (header.len != 0 && !starts_nocase(header, scheme_sentry)) {
        return fault_make(FAULT_UNAUTHORISED,
                          "auth: X-Sentry-Auth does not start with \"Sentry \"");
    }
    if (header.len == 0 && starts_nocase(sources->authorization, scheme_sentry)) {
        header = sources->authorization;
    }
    if (header.len != 0) {
        (void)read_fields(slice_from(header, scheme_sentry.len), ',', out);
        return FAULT_OK;
    }
    if (read_fields(sources->query, '&', out) != 0) {
        return FAULT_OK;
    }
    out->key =
        sources->path_key.len != 0 ? sources->path_key : basic_key(arena, sources->authorization);
    return FAULT_OK;
}

static struct fault read_version(struct slice text, uint32_t *out)
{
    uint32_t version = 0;
    for (size_t i = 0; i < text.len && i < 9; i++) {
        if (text.at[i] < '0' || text.at[i] > '9') {
            return fault_make(FAULT_MALFORMED, "auth: sentry_version is not a number");
        }
        version = version * 10 + (uint32_t)(text.at[i] - '0');
    }
    if (text.len != 0 && (version == 0 || version > AUTH_VERSION_NEWEST || text.len > 9)) {
        return fault_make(FAULT_MALFORMED, "auth: unsupported protocol version");
    }
    *out = text.len != 0 ? version : AUTH_VERSION_NEWEST;
    return FAULT_OK;
}

/* Fills 32 lower-case digits; keys are compared byte by byte further on. */
static struct fault read_key(struct arena *arena, struct slice text, struct slice *out)
{
    MUST(out != NULL);
    struct slice key = bare_key(text);
    if (text.len == 0) {
        return fault_make(FAULT_UNAUTHORISED, "auth: no sentry_key");
    }
    if (key.len == 0) {
        return fault_make(FAULT_UNAUTHORISED, "auth: sentry_key is not 32 hex digits");
    }
    char *lower = arena_bytes(arena, key.len);
    if (lower == NULL) {
        return fault_make(FAULT_TOO_BIG, "auth: no memory left");
    }
    for (size_t i = 0; i < key.len; i++) {
        lower[i] = (char)(key.at[i] | 0x20); /* digits have that bit already */
    }
    *out = slice_of(lower, key.len);
    return FAULT_OK;
}

static struct fault fill(struct arena *arena, const struct fields *fields, struct auth *out)
{
    MUST(fields != NULL && out != NULL);
    struct slice key = percent_decode(arena, fields->key, false);
    struct fault fault = read_key(arena, key, &out->key);
    if (fault_is(fault)) {
        return fault;
    }
    out->client = percent_decode(arena, fields->client, false);
    out->release = percent_decode(arena, fields->release, true);
    out->environment = percent_decode(arena, fields->environment, true);
    return read_version(percent_decode(arena, fields->version, false), &out->version);
}

/* The envelope's dsn stands in for credentials, or has to name the same key. */
static struct fault agree(struct arena *arena, const struct dsn *dsn, struct auth *auth)
{
    MUST(auth->key.len == 0 || auth->key.len == KEY_BYTES);
    if (auth->key.len == 0) {
        struct fault fault = read_key(arena, dsn->key, &auth->key);
        if (fault_is(fault)) {
            return fault;
        }
        auth->version = AUTH_VERSION_NEWEST;
    }
    if (!slice_eq_nocase(dsn->key, auth->key)) {
        return fault_make(FAULT_MALFORMED,
                          "auth: the envelope's dsn has another key than the request");
    }
    auth->project = auth->project != 0 ? auth->project : dsn->project;
    auth->dsn_project = dsn->project;
    return FAULT_OK;
}

struct fault auth_read(struct arena *arena, const struct auth_sources *sources, struct auth *out)
{
    MUST(arena != NULL && sources != NULL && out != NULL);
    struct auth auth = {.project = sources->project};
    struct fields fields = {0};
    struct fault fault = FAULT_OK;
    uint32_t given = count_given(sources);
    if (given > 1) {
        return fault_make(FAULT_UNAUTHORISED, "auth: multiple authorization payloads detected");
    }
    if (given == 0 && sources->dsn.len == 0) {
        return fault_make(FAULT_UNAUTHORISED, "auth: missing authorization information");
    }
    if (given == 1) {
        fault = read_credential(arena, sources, &fields);
        if (!fault_is(fault)) {
            fault = fill(arena, &fields, &auth);
        }
    }
    if (!fault_is(fault) && sources->dsn.len != 0) {
        struct dsn dsn;
        fault = dsn_parse(sources->dsn, &dsn);
        if (!fault_is(fault)) {
            fault = agree(arena, &dsn, &auth);
        }
    }
    if (fault_is(fault)) {
        return fault;
    }
    MUST(auth.key.len == KEY_BYTES && auth.version != 0);
    *out = auth;
    return FAULT_OK;
}

/* Digits only, from 1, and within the 32 bits a project id has. */
static bool read_project(struct slice text, uint32_t *out)
{
    uint64_t number = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9' || number > UINT32_MAX) {
            return false;
        }
        number = number * 10 + (uint64_t)(text.at[i] - '0');
    }
    *out = (uint32_t)number;
    return number != 0 && number <= UINT32_MAX;
}

static size_t find_last(struct slice text, char byte)
{
    const char *hit = text.len != 0 ? memrchr(text.at, byte, text.len) : NULL;
    return hit != NULL ? (size_t)(hit - text.at) : text.len;
}

struct fault dsn_parse(struct slice text, struct dsn *out)
{
    MUST(out != NULL);
    struct dsn dsn = {0};
    size_t mark = slice_search(text, SLICE("://"));
    dsn.scheme = slice_head(text, mark);
    struct slice rest = slice_from(text, mark + 3);
    if (!slice_eq_nocase(dsn.scheme, SLICE("http")) &&
        !slice_eq_nocase(dsn.scheme, SLICE("https"))) {
        return fault_at(FAULT_MALFORMED, "dsn: does not start with http:// or https://", 0);
    }
    struct slice user = slice_head(rest, slice_find(rest, '@'));
    dsn.key = bare_key(slice_head(user, slice_find(user, ':')));
    if (dsn.key.len == 0) {
        return fault_at(FAULT_MALFORMED, "dsn: key is not 32 hex digits", mark + 3);
    }
    rest = slice_from(rest, user.len + 1);
    size_t slash = slice_find(rest, '/');
    size_t last = find_last(rest, '/');
    dsn.host = slice_head(rest, slash);
    if (dsn.host.len == 0) {
        return fault_at(FAULT_MALFORMED, "dsn: no host", text.len - rest.len);
    }
    if (!read_project(slice_from(rest, last + 1), &dsn.project)) {
        return fault_at(FAULT_MALFORMED, "dsn: no project number at the end", text.len);
    }
    dsn.path = slice_of(rest.at + slash, last - slash);
    *out = dsn;
    return FAULT_OK;
}
