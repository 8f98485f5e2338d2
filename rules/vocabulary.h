/* SPDX-License-Identifier: Apache-2.0 */
/* vocabulary — security events in the words of the OWASP Logging Vocabulary Cheat Sheet.
 *
 *   authn_login_fail:joebob1          authz_fail:joebob1,/admin session_use_after_expire:joe └──
 * action ────┘ └─ subject       the first argument is who it is about, of most actions
 *
 * An application states one as tag `event.action`, context `event: {action: …}`, extra of the same
 * name, as the vocabulary's own `event` in `extra` or in the contexts `security` and `owasp`, or as
 * the message. Everything else an event states by an ECS name is looked up the same way.
 */
#pragma once
#include "ingest/event/event.h"

struct vocabulary {
    struct slice action;  /* "authn_login_fail"; empty: the event states none */
    struct slice subject; /* "joebob1"; empty when the action is about no user, or names none */
};

/* Gives what the event states; borrows it. */
struct vocabulary vocabulary_of(const struct event *event);

/* Gives the text of an ECS name that the event states: tag `name`, the context or extra of its
 * first part, extra `name`. Empty when none does. */
struct slice vocabulary_stated(const struct event *event, struct slice name);

/* True when the action is about logins, sessions, users or their rights. */
bool vocabulary_is_authentication(struct slice action);
