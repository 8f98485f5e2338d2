/* SPDX-License-Identifier: Apache-2.0 */
/* policy — when an alert fires, when it is over, and when somebody is told.
 *
 *            a rule held              acknowledged by a person
 *   none ───────────────▶ firing ───────────────────────────▶ acknowledged
 *                         ▲  │   a regression                  │   │
 *           a rule held   │  └──────────◀─────────────────────┘   │  its issue resolved or
 *           (a new period)│              │ quiet for resolve_after │  ignored
 *                         └── resolved ◀─┴─────────────────────────┘
 *
 * Two pure steps. `alert_step`: (alert, input, now) → alert. `group_decide`: (group of alerts as
 * they now are, settings, now) → tell or not, why, and when to look again. Both are asked after
 * every single fact, so that the answer does not depend on how facts were batched. No clock, no
 * I/O, no allocation; each answer carries a reason a person can read.
 *
 * The decision is Alertmanager's (its dedup stage), with three holes closed: a group that is over
 * is told at once, not a group_interval later; an alert that was resolved and fires again between
 * two notices is new, not unchanged; and a repeat needs news, so nobody is told twice of silence.
 */
#pragma once
#include "alerting/policy/route.h"

/* A detection is over when its rule has not held for this long: longer than the gaps of a slow
 * scan or an hourly job, short enough that tomorrow's attack pages again. */
#define RESOLVE_AFTER_US (INT64_C(3600) * 1000000)

#define ALERT_STATES(X)                                                                            \
    X(ALERT_NONE, "none") /* nothing known */                                                      \
    X(ALERT_FIRING, "firing")                                                                      \
    X(ALERT_ACKNOWLEDGED, "acknowledged")                                                          \
    X(ALERT_RESOLVED, "resolved")

enum alert_state {
#define ALERT_ENUM(constant, name) constant,
    ALERT_STATES(ALERT_ENUM)
#undef ALERT_ENUM
        ALERT_STATE_COUNT
};
const char *alert_state_name(enum alert_state state);

/* One (rule, group values). Texts and sets belong to whoever made it. */
struct alert {
    struct slice key;          /* names it: rule and group values, nothing that drifts */
    struct labels labels;      /* constant over a firing period */
    struct labels annotations; /* as of the last fact */
    struct slice issue;        /* decimal id, for links */
    enum alert_state state;
    bool is_muted;      /* its issue is ignored: facts count, but do not fire */
    uint32_t period;    /* firing periods so far, this one included */
    uint64_t events;    /* counted in this period */
    int64_t starts_us;  /* of this period: time of the event that began it */
    int64_t ends_us;    /* 0 while firing */
    int64_t news_us;    /* our time of the last fact that kept it firing */
    int64_t resolve_us; /* over when quiet until then; 0: only when its issue is */
};

enum alert_input_kind {
    ALERT_HELD,      /* its rule held */
    ALERT_REGRESSED, /* its rule held for an issue that came back: an acknowledgement ends */
    ALERT_ISSUE_RESOLVED,
    ALERT_ISSUE_IGNORED,
    ALERT_ISSUE_UNRESOLVED, /* a person reopened the issue */
    ALERT_ACKNOWLEDGE,
    ALERT_TICK
};

struct alert_input {
    enum alert_input_kind kind;
    int64_t at_us;            /* event time; HELD and REGRESSED */
    uint64_t events;          /* how many events it stands for; HELD and REGRESSED */
    int64_t resolve_after_us; /* 0: never by itself; HELD and REGRESSED */
};

struct alert_change {
    bool has_fired;    /* a new period began */
    bool has_resolved; /* the period ended */
    const char *why;   /* literal: what happened, or why nothing did */
};

/* Brings the alert up to date. */
struct alert_change alert_step(struct alert *alert, const struct alert_input *input,
                               int64_t now_us);

/* An alert in a group, and what the receiver was last told of it. */
struct group_member {
    struct alert *alert;
    uint32_t told_period; /* the period last shown as firing; 0: none, or shown as resolved */
};

/* The alerts one receiver hears of together. */
struct group {
    int64_t opened_us;            /* when it began; 0: not yet */
    int64_t told_us;              /* the last notice; 0: none */
    uint32_t notices;             /* so far */
    struct group_member *members; /* room for GROUP_ALERTS_MAX */
    uint32_t count;
    uint64_t left_out; /* alerts past that, since the group began */
};

/* Alertmanager's notification_reason, its strings. */
#define NOTICE_REASONS(X)                                                                          \
    X(REASON_NONE, "none")                                                                         \
    X(REASON_FIRST, "first notification")                                                          \
    X(REASON_NEW_ALERTS, "new alerts added")                                                       \
    X(REASON_SOME_RESOLVED, "some alerts resolved")                                                \
    X(REASON_ALL_RESOLVED, "all alerts resolved")                                                  \
    X(REASON_REPEAT, "repeat interval elapsed")

enum notice_reason {
#define REASON_ENUM(constant, name) constant,
    NOTICE_REASONS(REASON_ENUM)
#undef REASON_ENUM
        NOTICE_REASON_COUNT
};
const char *notice_reason_name(enum notice_reason reason);

struct verdict {
    enum notice_reason reason; /* REASON_NONE: nobody is told */
    bool is_over;              /* nothing fires any more: the group can be forgotten */
    const char *why;           /* literal: in words, also why not */
    int64_t due_us;            /* ask again then, should no fact come first; 0: no need to */
};

/* Makes a firing alert a member, if it is none yet. Borrows the alert. */
void group_join(struct group *group, struct alert *alert, int64_t now_us);

struct verdict group_decide(const struct group *group, const struct route *settings,
                            bool send_resolved, int64_t now_us);

/* Whether a notice shows this member: it fires, or it is over and was last shown firing. */
bool group_member_is_shown(const struct group_member *member, bool send_resolved);

/* Notes that the verdict was carried out: who was told of what, and drops members that are over;
 * all of them when the group is. A verdict that tells nobody changes nothing, unless the group is
 * over. */
void group_told(struct group *group, const struct verdict *verdict, int64_t now_us);
