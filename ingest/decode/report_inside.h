/* SPDX-License-Identifier: Apache-2.0 */
/* report_inside — for the files that make one kind of report into an event tree each.
 *
 * They fill `event`, a MAP that has what the request says already, and give false when what they
 * were given is no such report. `*url` is the page it is about, as the Reporting API's element
 * says; those that know better change it.
 */
#pragma once
#include "ingest/decode/report.h"
#include "ingest/decode/tree.h"

typedef bool report_fn(struct arena *arena, const struct value *body, struct value *event,
                       struct slice *url);

report_fn report_csp; /* report_csp.c: dashed or camelCase names */
report_fn report_nel; /* report_nel.c: the whole element of the Reporting API */
report_fn report_ct;  /* report_host.c, these three: about the certificates of a host */
report_fn report_staple;
report_fn report_hpkp;

/* The host (and port) of a URL; the empty slice when it has none. */
struct slice report_host(struct slice url);
