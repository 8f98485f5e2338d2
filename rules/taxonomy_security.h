/* SPDX-License-Identifier: Apache-2.0 */
/* taxonomy_security — the names of what an event says about a request's sender and about security:
 * who, from where, what happened, and reports of a Content-Security-Policy. Private to the
 * taxonomy, whose table lists them.
 */
#pragma once
#include "rules/taxonomy.h"

taxonomy_get taxonomy_get_user_name; /* name, else e-mail, id, the action's subject */
taxonomy_get taxonomy_get_source;    /* user's address, else what the server or a proxy says */
taxonomy_get taxonomy_get_geo;       /* source.geo.*, from `user.geo` */
taxonomy_get taxonomy_get_action;    /* event.action: the word before the arguments */
taxonomy_get taxonomy_get_stated;    /* any other name that an event may state itself */
taxonomy_get taxonomy_get_status;    /* http.response.status_code */
taxonomy_get taxonomy_get_csp;       /* csp.*: report-uri's dashes and Reporting API's camelCase */
taxonomy_get taxonomy_get_decoded;   /* http.request.decoded: path, query, body, headers */

/* The first header of a name, in any case; empty when there is none. */
struct slice taxonomy_header(const struct event *event, struct slice name);
