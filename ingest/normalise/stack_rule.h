/* SPDX-License-Identifier: Apache-2.0 */
/* stack_rule — what is known of frames of the world's libraries: which are the application's, and
 * which say nothing about what went wrong.
 *
 * A rule is a row: where to look, a pattern, and what follows. A category is a first guess at what
 * a frame does; neighbours then correct each other ("a system function called by a system function
 * is internal to it"), and what is left decides. Rows of stack_rules_*.c follow Sentry's published
 * default stack trace rules of 2026-01-20 in what they know, for the same reason as the hashes:
 * events must end up where people had them.
 *
 * Private to ingest/normalise. Immutable tables.
 */
#pragma once
#include "ingest/event/family.h"

/* In order of strength: where rows disagree, the higher is right. */
enum category {
    CATEGORY_NONE,
    CATEGORY_SYSTEM,
    CATEGORY_STD,
    CATEGORY_OS, /* becomes SYSTEM: stronger than STD is */
    CATEGORY_UI,
    CATEGORY_RUNTIME,
    CATEGORY_AV,
    CATEGORY_INTERNALS,
    CATEGORY_THREADBASE,
    CATEGORY_MALLOC,
    CATEGORY_INDIRECTION,
    CATEGORY_DTOR,
    CATEGORY_SHUTDOWN,
    CATEGORY_HANDLER,
    CATEGORY_THROW,
    CATEGORY_DRIVER,
    CATEGORY_FREE,
    CATEGORY_GL,
    CATEGORY_TELEMETRY,
    CATEGORY_LOAD,
    CATEGORY_LOCK,
    CATEGORY_FRAMEWORK,
};

/* What a row or category does. ABOVE: the frames it called, BELOW: those that led to it. */
#define RULE_APP          0x001u
#define RULE_NOT_APP      0x002u
#define RULE_IGNORE       0x004u
#define RULE_NOT_APP_UP   0x008u /* ABOVE */
#define RULE_IGNORE_UP    0x010u
#define RULE_IGNORE_DOWN  0x020u /* BELOW */
#define RULE_APP_DOWN     0x040u
#define RULE_BORDER       (RULE_NOT_APP | RULE_NOT_APP_UP | RULE_IGNORE | RULE_IGNORE_UP)
#define RULE_APP_BORDER   (RULE_NOT_APP | RULE_NOT_APP_UP)
#define RULE_RAISED_BELOW (RULE_APP_DOWN | RULE_NOT_APP | RULE_NOT_APP_UP)

/* A pattern is literal but for '*' (any bytes) and '?' (one byte). */
struct stack_rule {
    struct slice pattern;
    unsigned families; /* of FAMILY_*; 0: all */
    enum category category;
    unsigned actions;
    struct slice with; /* a second pattern, for the function; empty: any */
};

struct stack_rule_table {
    const struct stack_rule *rows;
    size_t count;
};

/* Matched with the function's name: of native frames, and of others. */
extern const struct stack_rule_table stack_rules_native;
extern const struct stack_rule_table stack_rules_script;
extern const struct stack_rule_table stack_rules_module;

/* Matched with package and path, as paths; in lower case. */
extern const struct stack_rule_table stack_rules_package;
extern const struct stack_rule_table stack_rules_path;

/* Literals that begin at a folder's name, anywhere in the path: "node_modules/". */
extern const struct stack_rule_table stack_rules_folder;

/* Literals in a folder's name, anywhere in the path. */
extern const struct stack_rule_table stack_rules_reporter;

/* True when all of `text` matches `pattern`. Only MATCH_BYTES_MAX of `text` are looked at. */
#define MATCH_BYTES_MAX 1024u
bool stack_rule_matches(struct slice pattern, struct slice text);

/* Fills `out` with at most MATCH_BYTES_MAX of `path` in lower case, '\\' as '/': paths are matched
 * without regard to either. Borrows `out`. */
struct slice stack_rule_fold(struct slice path, char out[static MATCH_BYTES_MAX]);

/* As stack_rule_matches for a path that was folded and a pattern in lower case. '*' stops at '/'
 * unless doubled, and a relative path is also tried as if it began with '/'. */
bool stack_rule_matches_path(struct slice pattern, struct slice path);

/* What the tables say of one frame by itself. */
struct stack_mark {
    enum category category;
    unsigned actions;
};

struct stack_mark stack_rule_mark(const struct event *event, const struct frame *frame);
