/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "tests/unit/alerting/config_text.h"
#include <stdlib.h>

#define TEXT_BYTES (1u << 20)

struct text {
    char *bytes;
    size_t length;
};

static struct text text_new(void)
{
    struct text text = {malloc(TEXT_BYTES), 0};
    cr_assert_not_null(text.bytes);
    return text;
}

static void add(struct text *text, const char *part)
{
    size_t length = strlen(part);
    cr_assert_lt(text->length + length, TEXT_BYTES);
    memcpy(text->bytes + text->length, part, length + 1);
    text->length += length;
}

/* Whether the text is taken; it must say `said` when it is not. Frees the text. */
static bool takes(struct text *text, const char *said)
{
    struct config_text read;
    config_text_read(&read, text->bytes);
    bool is_taken = read.config != NULL;
    cr_expect(is_taken || strstr(read.said, said) != NULL, "%s", read.said);
    config_text_done(&read);
    free(text->bytes);
    return is_taken;
}

static bool takes_receivers(uint32_t count)
{
    struct text text = text_new();
    char line[64];
    add(&text, "route: {receiver: r0}\nreceivers:\n");
    for (uint32_t i = 0; i < count; i++) {
        snprintf(line, sizeof(line), "  - {name: r%u}\n", i);
        add(&text, line);
    }
    return takes(&text, "at most 1024 receivers");
}

static bool takes_places(uint32_t count)
{
    struct text text = text_new();
    add(&text, "route: {receiver: r}\nreceivers:\n  - name: r\n    webhook_configs:\n");
    for (uint32_t i = 0; i < count; i++) {
        add(&text, "      - {url: 'http://h/'}\n");
    }
    return takes(&text, "at most 32 places");
}

static bool takes_name(uint32_t bytes)
{
    struct text text = text_new();
    char name[RECEIVER_NAME_BYTES_MAX + 2];
    memset(name, 'n', bytes);
    name[bytes] = '\0';
    add(&text, "route: {receiver: ");
    add(&text, name);
    add(&text, "}\nreceivers: [{name: ");
    add(&text, name);
    add(&text, "}]\n");
    return takes(&text, "a receiver needs a 'name' of 1 to 128 bytes");
}

static bool takes_routes(uint32_t count)
{
    struct text text = text_new();
    add(&text, "receivers: [{name: r}]\nroute:\n  receiver: r\n  routes:\n");
    for (uint32_t i = 1; i < count; i++) {
        add(&text, "    - {matchers: [a=b]}\n");
    }
    return takes(&text, "more than 1024 routes");
}

static bool takes_depth(uint32_t depth)
{
    struct text text = text_new();
    add(&text, "receivers: [{name: r}]\nroute: {receiver: r");
    for (uint32_t i = 1; i < depth; i++) {
        add(&text, ", routes: [{group_wait: 1s");
    }
    for (uint32_t i = 1; i < depth; i++) {
        add(&text, "}]");
    }
    add(&text, "}\n");
    return takes(&text, "routes nest at most 16 deep");
}

static bool takes_matchers(uint32_t count)
{
    struct text text = text_new();
    add(&text, "receivers: [{name: r}]\nroute:\n  receiver: r\n  routes:\n    - matchers: [");
    for (uint32_t i = 0; i < count; i++) {
        add(&text, i != 0 ? ", a=b" : "a=b");
    }
    add(&text, "]\n");
    return takes(&text, "matcher");
}

static bool takes_group_by(uint32_t count)
{
    struct text text = text_new();
    char name[16];
    add(&text, "receivers: [{name: r}]\nroute: {receiver: r, group_by: [");
    for (uint32_t i = 0; i < count; i++) {
        snprintf(name, sizeof(name), i != 0 ? ", l%u" : "l%u", i);
        add(&text, name);
    }
    add(&text, "]}\n");
    return takes(&text, "at most 32 label names");
}

Test(config, each_limit_holds_at_it_and_one_past_it)
{
    const struct {
        const char *name;
        bool (*takes)(uint32_t count);
        uint32_t most;
    } cases[] = {
        {"receivers", takes_receivers, RECEIVERS_MAX},  {"places", takes_places, ENDPOINTS_MAX},
        {"name", takes_name, RECEIVER_NAME_BYTES_MAX},  {"routes", takes_routes, ROUTES_MAX},
        {"depth", takes_depth, ROUTE_DEPTH_MAX},        {"matchers", takes_matchers, MATCHERS_MAX},
        {"group_by", takes_group_by, ALERT_LABELS_MAX},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        cr_expect(cases[i].takes(cases[i].most), "%s at its limit", cases[i].name);
        cr_expect_not(cases[i].takes(cases[i].most + 1), "%s past its limit", cases[i].name);
    }
}
