/* SPDX-License-Identifier: Apache-2.0 */
/* tell — who hears of an alert that changed: routes, groups, and the notices that follow.
 *
 *   alert ─▶ routes that take it ─▶ endpoints of their receivers ─▶ one group each ─▶ verdict
 *                                                                    └▶ notice, rendered, on the
 * board
 *
 * A group is one (route, group labels, endpoint), so that an endpoint's own settings decide what it
 * is told. Works on the board alone: nothing is said until the board is committed.
 */
#pragma once
#include "alerting/board.h"
#include "alerting/config.h"

struct tell {
    struct board *board;                  /* borrowed */
    const struct alerting_config *config; /* NULL: nobody hears of anything */
    struct regex_scratch *regex;
    uint32_t notices;    /* put on the board */
    uint32_t suppressed; /* ends that an endpoint does not want to hear of */
};

/* Wants the groups an alert with these labels would be in, so that one board_load gets them all. */
MUST_USE bool tell_prepare(struct tell *tell, const struct labels *labels);

/* The alert fires, has news, or is over: joins its groups and asks each for its verdict. False when
 * Redis broke or the arena is full. */
MUST_USE bool tell_alert(struct tell *tell, struct alert *alert);

/* A group's timer went off. A group that no route leads to any more is forgotten. */
MUST_USE bool tell_group(struct tell *tell, struct board_group *group);
