/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/normalise/stack_rule.h"

#define AT(name, families, actions)                                                                \
    {                                                                                              \
        SLICE_INIT(name), families, CATEGORY_NONE, actions, SLICE_INIT("")                         \
    }
#define QUIET (RULE_NOT_APP | RULE_IGNORE)

/* Where package managers put other people's code. */
static const struct stack_rule folders[] = {
    AT("vendor/", 0, RULE_NOT_APP),
    AT("site-packages/", 0, RULE_NOT_APP),
    AT("dist-packages/", 0, RULE_NOT_APP),
    AT("node_modules/", 0, RULE_NOT_APP),
    AT("go/pkg/mod/", 0, RULE_NOT_APP),
    AT(".local/share/", 0, RULE_NOT_APP),
    AT(".pub-cache/", FAMILY_NATIVE, RULE_NOT_APP),
    AT("packages/flutter/", FAMILY_NATIVE, RULE_NOT_APP),
    AT("https://unpkg.com/", 0, RULE_NOT_APP),
    AT("https://cdnjs.cloudflare.com/", 0, RULE_NOT_APP),
    AT("https://cdn.jsdelivr.net/", 0, RULE_NOT_APP),
    AT("https://esm.run/", 0, RULE_NOT_APP),
};

/* From the beginning of the path. */
static const struct stack_rule paths[] = {
    AT("/usr/local/lib/**", 0, RULE_NOT_APP),
    AT("/usr/local/cellar/**", 0, RULE_NOT_APP),
    AT("org-dartlang-sdk:///**", FAMILY_JAVASCRIPT, QUIET),
    AT("lib/ui/hooks.dart", FAMILY_NATIVE, RULE_NOT_APP),
    AT("lib/ui/platform_dispatcher.dart", FAMILY_NATIVE, RULE_NOT_APP),
    AT("third_party/dart/sdk/**", FAMILY_NATIVE, RULE_NOT_APP),
    AT("package:sentry/**", 0, QUIET),
    AT("package:sentry_*/**", 0, QUIET),
};

/* Other people's crash reporters: in the name of a folder, anywhere in the path. */
static const struct stack_rule reporters[] = {
    AT("newrelic", 0, QUIET),
    AT("logrocket", 0, QUIET),
};

const struct stack_rule_table stack_rules_reporter = {reporters,
                                                      sizeof(reporters) / sizeof(reporters[0])};
const struct stack_rule_table stack_rules_folder = {folders, sizeof(folders) / sizeof(folders[0])};
const struct stack_rule_table stack_rules_path = {paths, sizeof(paths) / sizeof(paths[0])};
