/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/http/guard.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/http/counters.h"

/* Prices in credits. A request is 2 to 6, so an answer brings 8; a stream reset costs as much as
 * its request would have brought twice over: a client may cancel every fifth request at any rate,
 * and 20 a second besides. */
#define PRICE_ANSWER   8u
#define PRICE_RESET    20u
#define PRICE_SETTINGS 10u

static const uint32_t prices[] = {
    [GUARD_FRAME_DATA] = 0, /* 1 when nearly empty */
    [GUARD_FRAME_HEADERS] = 2,
    [GUARD_FRAME_PRIORITY] = 1,
    [GUARD_FRAME_RST_STREAM] = PRICE_RESET,
    [GUARD_FRAME_SETTINGS] = PRICE_SETTINGS,
    [GUARD_FRAME_PUSH_PROMISE] = 1,
    [GUARD_FRAME_PING] = 1,
    [GUARD_FRAME_GOAWAY] = 10,
    [GUARD_FRAME_WINDOW_UPDATE] = 1,
    [GUARD_FRAME_CONTINUATION] = 4,
    [GUARD_FRAME_UNKNOWN] = 1,
};

/* Each setting of a SETTINGS frame is carried out, those of the windows for every open stream: one
 * credit more each. Clients send 3 to 10 of them; a frame of 16 KB has room for 2730. */
#define SETTING_BYTES 6u

/* DATA frames at least this long are paid for by the bytes they had to send. */
#define DATA_BYTES_FREE 64u

void guard_init(struct guard *guard, struct guard_budget *budget, uint64_t now_ms)
{
    MUST(budget != NULL);
    *guard = (struct guard){.budget = budget,
                            .credits = HTTP_CREDITS_MAX * 1000u,
                            .credit_ms = now_ms,
                            .now_ms = now_ms};
}

static void hold(struct guard *guard, size_t bytes)
{
    guard->body_bytes += bytes;
    guard->budget->body_bytes += bytes;
}

static void release(struct guard *guard, size_t bytes)
{
    MUST(guard->body_bytes >= bytes);
    MUST(guard->budget->body_bytes >= bytes);
    guard->body_bytes -= bytes;
    guard->budget->body_bytes -= bytes;
}

void guard_done(struct guard *guard)
{
    release(guard, guard->body_bytes);
    MUST(guard->body_bytes == 0);
    free(guard->streams);
    guard->streams = NULL;
}

enum guard_reason guard_kill(struct guard *guard, enum guard_reason reason)
{
    MUST(reason > GUARD_FINE && reason < GUARD_REASON_COUNT);
    if (guard->reason == GUARD_FINE) {
        guard->reason = reason;
        if (guard->budget->killed[reason] != NULL) {
            http_count(guard->budget->killed[reason], 1);
        }
    }
    return guard->reason;
}

void guard_begin_http2(struct guard *guard)
{
    MUST(!guard->is_http2);
    guard->is_http2 = true;
    release(guard, guard->body_bytes);
    guard->streams = malloc(GUARD_STREAMS_MAX * sizeof *guard->streams);
    MUST(guard->streams != NULL);
}

static void earn(struct guard *guard, uint64_t thousandths)
{
    MUST(guard->credits <= HTTP_CREDITS_MAX * 1000u);
    uint64_t credits = guard->credits + thousandths;
    uint64_t full = HTTP_CREDITS_MAX * UINT64_C(1000);
    guard->credits = (uint32_t)(credits < full ? credits : full);
}

static void charge(struct guard *guard, uint32_t price, enum guard_reason reason)
{
    uint64_t elapsed = guard->now_ms - guard->credit_ms;
    MUST(guard->now_ms >= guard->credit_ms);
    earn(guard, (elapsed < 10000 ? elapsed : 10000) * HTTP_CREDITS_PER_S);
    guard->credit_ms = guard->now_ms;
    if (guard->credits < price * UINT64_C(1000)) {
        guard_kill(guard, reason);
    } else {
        guard->credits -= price * 1000u;
    }
}

/* A header block is a HEADERS frame and CONTINUATIONs until one says END_HEADERS. */
static void follow_block(struct guard *guard, struct guard_frame frame)
{
    if (frame.type == GUARD_FRAME_HEADERS) {
        guard->block_bytes = 0;
        guard->block_frames = 0;
    }
    guard->block_bytes += frame.length;
    guard->block_frames++;
    if (guard->block_bytes > HTTP_BLOCK_BYTES_MAX || guard->block_frames > HTTP_BLOCK_FRAMES_MAX) {
        guard_kill(guard, GUARD_BLOCK);
    }
    MUST(guard->block_frames > 0 && guard->block_bytes >= frame.length);
    if (frame.flags & GUARD_FLAG_END_HEADERS) {
        guard->block_frames = 0;
    }
}

enum guard_reason guard_frame(struct guard *guard, struct guard_frame frame)
{
    unsigned type = frame.type < GUARD_FRAME_UNKNOWN ? frame.type : GUARD_FRAME_UNKNOWN;
    uint32_t price = prices[type];
    if (type == GUARD_FRAME_DATA && frame.length < DATA_BYTES_FREE) {
        price = 1;
    } else if (type == GUARD_FRAME_SETTINGS) {
        bool is_ack = (frame.flags & GUARD_FLAG_ACK) != 0;
        price = (is_ack ? 1 : PRICE_SETTINGS) + frame.length / SETTING_BYTES;
    }
    charge(guard, price, type == GUARD_FRAME_RST_STREAM ? GUARD_RESETS : GUARD_FRAMES);
    if (type == GUARD_FRAME_HEADERS || type == GUARD_FRAME_CONTINUATION) {
        follow_block(guard, frame);
    }
    return guard->reason;
}

enum guard_reason guard_fields(struct guard *guard, size_t count)
{
    if (count > HTTP_FIELDS_MAX) {
        guard_kill(guard, GUARD_FIELDS);
    }
    return guard->reason;
}

enum guard_reason guard_window(struct guard *guard, uint32_t bytes)
{
    if (bytes < HTTP_WINDOW_BYTES_MIN) {
        guard_kill(guard, GUARD_WINDOW);
    }
    return guard->reason;
}

void guard_reset_sent(struct guard *guard)
{
    charge(guard, PRICE_RESET, GUARD_RESETS);
}

void guard_answered(struct guard *guard)
{
    if (guard->is_http2) {
        earn(guard, PRICE_ANSWER * 1000u);
    }
}

static struct guard_stream *find_stream(struct guard *guard, uint32_t id)
{
    MUST(guard->stream_count <= GUARD_STREAMS_MAX);
    for (uint32_t i = guard->stream_count; i-- > 0;) {
        if (guard->streams[i].id == id) {
            return &guard->streams[i];
        }
    }
    return NULL;
}

void guard_stream_open(struct guard *guard, uint32_t id)
{
    MUST(guard->is_http2);
    if (guard->stream_count == GUARD_STREAMS_MAX) {
        guard_kill(guard, GUARD_RESETS);
        return;
    }
    guard->streams[guard->stream_count++] = (struct guard_stream){id, 0};
}

void guard_stream_close(struct guard *guard, uint32_t id)
{
    MUST(guard->is_http2);
    struct guard_stream *stream = find_stream(guard, id);
    if (stream != NULL) {
        release(guard, stream->body_bytes);
        MUST(guard->stream_count > 0);
        *stream = guard->streams[--guard->stream_count];
    }
}

static void check_budgets(struct guard *guard)
{
    if ((guard->is_http2 && guard->body_bytes > HTTP_CONNECTION_BODY_BYTES_MAX) ||
        guard->budget->body_bytes > guard->budget->body_bytes_max) {
        guard_kill(guard, GUARD_BODY);
    }
}

size_t guard_body(struct guard *guard, uint32_t id, size_t bytes)
{
    struct guard_stream *stream = find_stream(guard, id);
    if (stream == NULL) {
        return bytes; /* libh2o resets it */
    }
    MUST(stream->body_bytes <= guard->budget->body_bytes_of_one_max + 1);
    size_t room = guard->budget->body_bytes_of_one_max + 1 - stream->body_bytes;
    size_t kept = bytes < room ? bytes : room;
    stream->body_bytes += (uint32_t)kept;
    hold(guard, kept);
    check_budgets(guard);
    return kept;
}

enum guard_reason guard_held(struct guard *guard, size_t bytes)
{
    MUST(!guard->is_http2);
    release(guard, guard->body_bytes);
    hold(guard, bytes);
    check_budgets(guard);
    return guard->reason;
}
