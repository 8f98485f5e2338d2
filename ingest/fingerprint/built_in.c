/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/fingerprint/fingerprint_rule.h"

#define OF_SCRIPTS                                                                                 \
    {                                                                                              \
        .key = KEY_FAMILY, .pattern = SLICE_INIT("javascript")                                     \
    }
#define OF_A_PAGE                                                                                  \
    {                                                                                              \
        .key = KEY_TAG, .pattern = SLICE_INIT("*"), .tag = SLICE_INIT("transaction")               \
    }

/* A part of a web application that is not there any more: its browser has an older version. */
static const struct matcher chunk_type[] = {
    OF_SCRIPTS, {.key = KEY_TYPE, .pattern = SLICE_INIT("ChunkLoadError")}};
static const struct matcher chunk_value[] = {
    OF_SCRIPTS, {.key = KEY_VALUE, .pattern = SLICE_INIT("ChunkLoadError*")}};
static const struct slice chunk[] = {SLICE_INIT("chunkloaderror")};

/* React says in many ways that the server's page and the browser's differ: one issue a page. */
#define HYDRATION(name, text)                                                                      \
    static const struct matcher name[] = {                                                         \
        OF_SCRIPTS, OF_A_PAGE, {.key = KEY_MESSAGE, .pattern = SLICE_INIT(text)}}
HYDRATION(
    hydration_initial,
    "Hydration failed because the initial UI does not match what was rendered on the server.");
HYDRATION(hydration_server, "The server could not finish this Suspense boundary, likely due to an "
                            "error during server rendering. Switched to client rendering.");
HYDRATION(hydration_inside, "There was an error while hydrating this Suspense boundary. Switched "
                            "to client rendering.");
HYDRATION(hydration_outside,
          "There was an error while hydrating. Because the error happened outside of a Suspense "
          "boundary, the entire root will switch to client rendering.");
HYDRATION(hydration_text, "Text content does not match server-rendered HTML.");
static const struct slice hydration[] = {SLICE_INIT("hydrationerror"),
                                         SLICE_INIT("{{ tags.transaction }}")};

#define RULE(matchers, values, line)                                                               \
    {                                                                                              \
        matchers, sizeof(matchers) / sizeof((matchers)[0]), values,                                \
            sizeof(values) / sizeof((values)[0]), SLICE_INIT(""), SLICE_INIT(line), NULL           \
    }

const struct fingerprint_rule built_in_rules[] = {
    RULE(chunk_type, chunk, "built in: parts of a web application that are gone"),
    RULE(chunk_value, chunk, "built in: parts of a web application that are gone"),
    RULE(hydration_initial, hydration, "built in: React's hydration errors, by page"),
    RULE(hydration_server, hydration, "built in: React's hydration errors, by page"),
    RULE(hydration_inside, hydration, "built in: React's hydration errors, by page"),
    RULE(hydration_outside, hydration, "built in: React's hydration errors, by page"),
    RULE(hydration_text, hydration, "built in: React's hydration errors, by page"),
};

const uint32_t built_in_rules_count = sizeof(built_in_rules) / sizeof(built_in_rules[0]);
