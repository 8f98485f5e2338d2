/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/command/explain.h"
#include "ingest/base/must.h"
#include <inttypes.h>
#include <stdio.h>

#define TEXT_SHOWN_BYTES 120u

/* On one line, whatever the sender wrote. */
static void print_text(struct slice text)
{
    struct slice shown = slice_cut_utf8(text, TEXT_SHOWN_BYTES);
    fputs(" \"", stdout);
    for (size_t i = 0; i < shown.len; i++) {
        putchar((unsigned char)shown.at[i] < 0x20 ? ' ' : shown.at[i]);
    }
    fputs(shown.len < text.len ? "…\"" : "\"", stdout);
}

static void print_part(const struct value *part)
{
    int64_t depth = 0;
    bool counts = value_is(value_get(part, SLICE("counts")), VALUE_TRUE);
    struct slice text = value_text_at(part, "text");
    struct slice why = value_text_at(part, "why");
    (void)value_integer(value_get(part, SLICE("depth")), &depth);
    MUST(depth >= 0 && depth < 32);
    printf("%*s%c %.*s", (int)(2 + 2 * depth), "", counts ? '+' : '-',
           SLICE_ARG(value_text_at(part, "part")));
    if (text.len != 0) {
        print_text(text);
    }
    if (why.len != 0) {
        printf("   %.*s", SLICE_ARG(why));
    }
    putchar('\n');
}

void explain_print(const struct value *explanation)
{
    struct slice rule = value_text_at(explanation, "rule");
    printf("grouped by %.*s", SLICE_ARG(value_text_at(explanation, "method")));
    if (rule.len != 0) {
        printf(", set by the rule %.*s", SLICE_ARG(rule));
    }
    putchar('\n');
    const struct value *value = value_first(value_get(explanation, SLICE("fingerprint")));
    for (; value != NULL; value = value->next) {
        printf("  = %.*s\n", SLICE_ARG(value_text(value)));
    }
    const struct value *variant = value_first(value_get(explanation, SLICE("variants")));
    for (; variant != NULL; variant = variant->next) {
        printf("%.*s %.*s\n", SLICE_ARG(value_text_at(variant, "name")),
               SLICE_ARG(value_text_at(variant, "hash")));
        const struct value *part = value_first(value_get(variant, SLICE("parts")));
        for (; part != NULL; part = part->next) {
            print_part(part);
        }
    }
}
