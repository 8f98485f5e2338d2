/* SPDX-License-Identifier: Apache-2.0 */
/* body — the bodies of all endpoints as one thing: an envelope of items.
 *
 *   /envelope/     as it is                    /minidump/  form: event of its fields, attachments
 *   /store/        one event                   /events/{id}/attachments/  form: attachments
 *   /security/ /csp-report/ /nel/  reports     /cron/{slug}/  one check-in
 *
 * So everything behind reads items and knows no endpoint. Everything borrows the body and the
 * arena. Pure.
 */
#pragma once
#include "ingest/decode/envelope.h"
#include "ingest/decode/inflate.h"

struct body {
    struct inflate_scratch *inflate;
    struct slice plain; /* after its Content-Encoding */
    struct slice content_type;
    struct slice parameters; /* name=value&… */
};

/* Fills `out`. Faults: MALFORMED, TOO_BIG, with the offset in the plain body. */
typedef struct fault body_fn(struct arena *arena, const struct body *body, struct envelope *out);

body_fn body_envelope;
body_fn body_store;
body_fn body_reports;
body_fn body_minidump; /* a form, or the dump alone */
body_fn body_attachments;
body_fn body_check_in;
