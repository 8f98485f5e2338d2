/* SPDX-License-Identifier: Apache-2.0 */
/* facets — the logsources an SDK's event counts as. A set, since an error of a Django application
 * that broke in the database while it served a request is all of these:
 *
 *   application/python  application/django  application/sql  webserver
 */
#pragma once
#include "rules/subject.h"

/* Fills the subject's facets, at most FACETS_MAX. Borrows the event. */
void facets_of_event(const struct event *event, struct subject *subject);
