/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/event/filter.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

bool filter_matches(struct slice pattern, struct slice text)
{
    size_t p = 0;
    size_t t = 0;
    size_t star = SIZE_MAX; /* behind the last '*' seen */
    size_t from = 0;        /* where its text may go on */
    while (t < text.len) {
        if (p < pattern.len && pattern.at[p] == '*') {
            star = ++p;
            from = t;
        } else if (p < pattern.len && lower(pattern.at[p]) == lower(text.at[t])) {
            p++;
            t++;
        } else if (star != SIZE_MAX) {
            p = star;
            t = ++from;
        } else {
            return false;
        }
    }
    while (p < pattern.len && pattern.at[p] == '*') {
        p++;
    }
    return p == pattern.len;
}

static bool any(struct patterns patterns, struct slice text)
{
    MUST(patterns.count <= FILTER_PATTERNS_MAX);
    for (uint32_t i = 0; i < patterns.count && text.len != 0; i++) {
        if (filter_matches(patterns.list[i], text)) {
            return true;
        }
    }
    return false;
}

static bool contains(struct slice text, const struct slice *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (slice_search(text, words[i]) < text.len) {
            return true;
        }
    }
    return false;
}

/* The message, and each exception as "Type: value", are what people see and write patterns for. */
static bool is_unwanted_message(struct patterns patterns, const struct event *event)
{
    char text[MESSAGE_BYTES_MAX];
    if (patterns.count == 0) {
        return false;
    }
    struct slice message = event->formatted.len != 0 ? event->formatted : event->message;
    if (any(patterns, message)) {
        return true;
    }
    for (uint32_t i = 0; i < event->exception_count; i++) {
        const struct exception *exception = &event->exceptions[i];
        struct slice type = slice_head(exception->type, 512);
        struct slice value = slice_head(exception->value, sizeof(text) - 520);
        int length = snprintf(text, sizeof(text), "%.*s: %.*s", (int)type.len,
                              type.at != NULL ? type.at : "", (int)value.len,
                              value.at != NULL ? value.at : "");
        if (any(patterns, slice_of(text, (size_t)length)) || any(patterns, exception->value)) {
            return true;
        }
    }
    return false;
}

static bool is_local_host(struct slice url)
{
    size_t mark = slice_search(url, SLICE("://"));
    struct slice host = mark < url.len ? slice_from(url, mark + 3) : url;
    host = slice_head(host, slice_find(host, '/'));
    static const struct slice names[] = {SLICE_INIT("localhost"), SLICE_INIT("127.0.0.1"),
                                         SLICE_INIT("[::1]")};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct slice rest = slice_from(host, names[i].len);
        if (slice_eq_nocase(slice_head(host, names[i].len), names[i]) &&
            (rest.len == 0 || rest.at[0] == ':')) {
            return true;
        }
    }
    return slice_ends(slice_head(host, slice_find(host, ':')), SLICE(".localhost"));
}

static bool is_local(const struct event *event)
{
    return is_local_host(event->request.url) ||
           slice_eq(event->user.ip_address, SLICE("127.0.0.1")) ||
           slice_eq(event->user.ip_address, SLICE("::1"));
}

static bool is_extension(const struct event *event)
{
    static const struct slice places[] = {SLICE_INIT("chrome-extension://"),
                                          SLICE_INIT("moz-extension://"),
                                          SLICE_INIT("safari-extension://"),
                                          SLICE_INIT("safari-web-extension://"),
                                          SLICE_INIT("ms-browser-extension://"),
                                          SLICE_INIT("chrome://"),
                                          SLICE_INIT("resource://"),
                                          SLICE_INIT("webkit-masked-url://"),
                                          SLICE_INIT("kaspersky-labs.com"),
                                          SLICE_INIT("superfish.com"),
                                          SLICE_INIT("metrics.itunes.apple.com.edgesuite.net")};
    static const struct slice texts[] = {SLICE_INIT("top.GLOBALS"),
                                         SLICE_INIT("originalCreateNotification"),
                                         SLICE_INIT("canvas.contentDocument"),
                                         SLICE_INIT("MyApp_RemoveAllHighlights"),
                                         SLICE_INIT("Can't find variable: ZiteReader"),
                                         SLICE_INIT("jigsaw is not defined"),
                                         SLICE_INIT("ComboSearch is not defined"),
                                         SLICE_INIT("conduitPage"),
                                         SLICE_INIT("Extension context invalidated"),
                                         SLICE_INIT("plugin.setSuspendState")};
    for (uint32_t i = 0; i < event->exception_count; i++) {
        const struct exception *exception = &event->exceptions[i];
        if (contains(exception->value, texts, sizeof(texts) / sizeof(texts[0]))) {
            return true;
        }
        for (uint32_t f = 0; f < exception->stacktrace.count; f++) {
            const struct frame *frame = &exception->stacktrace.frames[f];
            struct slice path = frame->abs_path.len != 0 ? frame->abs_path : frame->filename;
            if (contains(path, places, sizeof(places) / sizeof(places[0]))) {
                return true;
            }
        }
    }
    return false;
}

static struct slice user_agent_of(const struct event *event, struct slice sent_by)
{
    for (const struct value *at = value_first(event->request.headers); at != NULL; at = at->next) {
        const struct value *name = value_first(at);
        if (name != NULL && slice_eq_nocase(value_string(name), SLICE("user-agent"))) {
            return value_string(name->next);
        }
    }
    return sent_by;
}

static bool is_crawler(struct slice user_agent)
{
    static const struct slice names[] = {
        SLICE_INIT("*googlebot*"),      SLICE_INIT("*bingbot*"),
        SLICE_INIT("*bingpreview*"),    SLICE_INIT("*slurp*"),
        SLICE_INIT("*baiduspider*"),    SLICE_INIT("*yandex*bot*"),
        SLICE_INIT("*duckduckbot*"),    SLICE_INIT("*facebookexternalhit*"),
        SLICE_INIT("*twitterbot*"),     SLICE_INIT("*applebot*"),
        SLICE_INIT("*petalbot*"),       SLICE_INIT("*semrushbot*"),
        SLICE_INIT("*ahrefsbot*"),      SLICE_INIT("*mj12bot*"),
        SLICE_INIT("*gptbot*"),         SLICE_INIT("*claudebot*"),
        SLICE_INIT("*adsbot*"),         SLICE_INIT("*mediapartners*"),
        SLICE_INIT("*crawler*"),        SLICE_INIT("*spider*"),
        SLICE_INIT("*headlesschrome*"), SLICE_INIT("*lighthouse*"),
        SLICE_INIT("*slackbot*")};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && user_agent.len != 0; i++) {
        if (filter_matches(names[i], user_agent)) {
            return true;
        }
    }
    return false;
}

const char *filter_event(const struct filter *filter, const struct event *event,
                         struct slice user_agent)
{
    if (any(filter->releases, event->release)) {
        return "release-version";
    }
    if (any(filter->environments, event->environment)) {
        return "environment";
    }
    if (is_unwanted_message(filter->messages, event)) {
        return "error-message";
    }
    if (filter->localhost && is_local(event)) {
        return "localhost";
    }
    if (filter->browser_extensions && is_extension(event)) {
        return "browser-extensions";
    }
    if (filter->crawlers && is_crawler(slice_head(user_agent_of(event, user_agent), 512))) {
        return "web-crawlers";
    }
    return NULL;
}
