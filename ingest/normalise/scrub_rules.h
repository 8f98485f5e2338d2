/* SPDX-License-Identifier: Apache-2.0 */
/* scrub_rules — what is sensitive: which names, which words. Private to ingest/normalise. */
#pragma once
#include "ingest/normalise/scrub.h"
#include "ingest/normalise/scrub_words.h"

/* Why something went, and how the field's tools name that. */
#define SCRUB_REASONS(X)                                                                           \
    X(SCRUB_NONE, "")                                                                              \
    X(SCRUB_PASSWORD, "@password:filter")                                                          \
    X(SCRUB_FIELD, "strip-fields")                                                                 \
    X(SCRUB_COOKIE, "@anything:filter")                                                            \
    X(SCRUB_CARD, "@creditcard:filter")                                                            \
    X(SCRUB_IBAN, "@iban:filter")                                                                  \
    X(SCRUB_SSN, "@usssn:filter")                                                                  \
    X(SCRUB_PEM, "@pemkey:filter")                                                                 \
    X(SCRUB_BEARER, "@bearer:filter")                                                              \
    X(SCRUB_URL, "@urlauth:filter")                                                                \
    X(SCRUB_ADDRESS, "@ip:replace")

enum scrub_reason {
#define SCRUB_REASON(constant, name) constant,
    SCRUB_REASONS(SCRUB_REASON)
#undef SCRUB_REASON
};

const char *scrub_reason_name(enum scrub_reason reason);

/* What a word means where it is found. */
enum scrub_word {
    WORD_SECRET, /* password: in a name; in data the text around it; in messages "password=…" */
    WORD_MARK,   /* token, auth: in a name; in any text what follows "token=" */
    WORD_FIELD,  /* a project's own: as WORD_SECRET */
    WORD_BEARER, /* "bearer abc"; also in a name */
    WORD_BASIC,  /* "basic dXNlcjpwYXNz" */
    WORD_PEM,    /* "-----begin" */
    WORD_JWT,    /* "eyjhbgci": {"alg" in base64 */
};

struct scrub_rules {
    struct scrub_words words;
    struct slice *exact; /* whole names of the project, folded */
    uint32_t exact_count;
    struct slice *safe; /* folded */
    uint32_t safe_count;
    bool has_defaults;
    bool remove_addresses;
};

/* Why the value of this name goes; SCRUB_NONE when it stays. */
enum scrub_reason scrub_name(const struct scrub_rules *rules, struct slice name);
enum scrub_reason scrub_cookie_name(const struct scrub_rules *rules, struct slice name);

/* The project says that it stays. */
bool scrub_is_safe(const struct scrub_rules *rules, struct slice name);

/* True for "auth" that is the start of "author" and not of "authorization". */
bool scrub_is_author(struct slice text, const struct scrub_hit *hit);
