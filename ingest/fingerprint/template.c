/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "ingest/fingerprint/ways.h"

void way_template(struct parts *parts, const struct event *event)
{
    const struct value *template = value_get(event->root, SLICE("template"));
    if (template == NULL) {
        template = value_get(event->root, SLICE("sentry.interfaces.Template"));
    }
    if (!value_is(template, VALUE_MAP)) {
        return;
    }
    struct slice file = value_text(value_get(template, SLICE("filename")));
    if (file.len == 0) {
        file = value_text(value_get(template, SLICE("abs_path")));
    }
    struct part *part = parts_open(parts, "template");
    (void)parts_leaf(parts, "filename", file);
    (void)parts_leaf(parts, "context_line", value_text(value_get(template, SLICE("context_line"))));
    unsigned counts = parts_close(parts, part);
    MUST(counts == 0 || counts == VARIANT_BOTH);
}
